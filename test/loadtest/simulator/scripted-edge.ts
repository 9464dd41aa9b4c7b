/** A server of few words that loses connections and acknowledgements on purpose, to see what a device does about it. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

import { generate, parser } from 'mqtt-packet';
import type { IPublishPacket, Packet } from 'mqtt-packet';

export interface Heard {
  readonly n: number;
  readonly dup: boolean;
  readonly connection: number;
}

/** What to do with the k-th message of a connection. */
export type Answer = 'ack' | 'refuse' | 'drop-connection' | 'store-and-drop-connection';

const seqOf = (payload: string | Buffer): number => (JSON.parse(payload.toString()) as { seq: number }).seq;

export class ScriptedMqtt {
  readonly heard: Heard[] = [];
  readonly versions = new Set<number>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #connections = 0;

  private constructor(answer: (heard: Heard) => Answer) {
    this.#server = createServer((socket) => this.#serve(socket, answer));
  }

  static async listen(answer: (heard: Heard) => Answer): Promise<ScriptedMqtt> {
    const edge = new ScriptedMqtt(answer);
    edge.#server.listen(0, '127.0.0.1');
    await once(edge.#server, 'listening');
    return edge;
  }

  readonly address = (): { readonly host: string; readonly port: number } => ({
    host: '127.0.0.1',
    port: (this.#server.address() as AddressInfo).port,
  });

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket, answer: (heard: Heard) => Answer): void {
    const connection = ++this.#connections;
    const protocolVersion = { current: 4 };
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    const reader = parser();
    reader.on('packet', (packet: Packet) => {
      const options = { protocolVersion: protocolVersion.current };
      if (packet.cmd === 'connect') {
        protocolVersion.current = packet.protocolVersion ?? 4;
        this.versions.add(protocolVersion.current);
        socket.write(
          generate({ cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false }, { protocolVersion: protocolVersion.current }),
        );
      } else if (packet.cmd === 'publish') {
        this.#publish(socket, packet, { answer, connection, protocolVersion: options.protocolVersion });
      } else if (packet.cmd === 'pingreq') {
        socket.write(generate({ cmd: 'pingresp' }));
      }
    });
    socket.on('data', (chunk) => reader.parse(chunk));
  }

  #publish(
    socket: Socket,
    packet: IPublishPacket,
    at: { answer: (heard: Heard) => Answer; connection: number; protocolVersion: number },
  ): void {
    // What came in the same chunk behind a lost connection was never read.
    if (socket.destroyed) return;
    const heard = { n: seqOf(packet.payload), dup: packet.dup, connection: at.connection };
    const what = at.answer(heard);
    if (what !== 'drop-connection') this.heard.push(heard);
    if (what === 'drop-connection' || what === 'store-and-drop-connection') {
      socket.destroy();
      return;
    }
    const messageId = packet.messageId ?? 0;
    const properties =
      at.protocolVersion === 5 && what === 'ack' ? { properties: { userProperties: { position: `0.${this.heard.length}.0` } } } : {};
    socket.write(
      generate({ cmd: 'puback', messageId, reasonCode: what === 'ack' ? 0 : 0x97, ...properties }, { protocolVersion: at.protocolVersion }),
    );
  }
}

export interface HttpHeard {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Answers each request as the script says: a status, or no answer at all. */
export class ScriptedHttp {
  readonly heard: HttpHeard[] = [];
  readonly #server: HttpServer;

  private constructor(answer: (request: number) => number | 'hang-up') {
    let requests = 0;
    this.#server = createHttpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const what = answer(requests++);
        this.heard.push({ contentType: request.headers['content-type'] ?? '', body: Buffer.concat(chunks) });
        if (what === 'hang-up') {
          response.destroy();
          return;
        }
        const body = what === 202 ? '{"position":"1.5.0","count":1}' : '{"code":"log-full"}';
        response.writeHead(what, {
          'content-type': 'application/json',
          'content-length': body.length,
          'twinfold-position': '1.5.0',
          ...(what === 202 ? {} : { 'retry-after': '0' }),
        });
        response.end(body);
      });
    });
  }

  static async listen(answer: (request: number) => number | 'hang-up'): Promise<ScriptedHttp> {
    const edge = new ScriptedHttp(answer);
    edge.#server.listen(0, '127.0.0.1');
    await once(edge.#server, 'listening');
    return edge;
  }

  readonly url = (): string => `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
