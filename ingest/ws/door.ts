/**
 * The door of WebSockets on the HTTP listeners: `/ws` for JSON and CBOR frames, `/mqtt` for MQTT. It says who comes in before
 * the upgrade where a header or a ticket tells, and owns all that are open.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { EVENT_BYTES_MAX } from '../../engine/kernel/limits.ts';
import { PROBLEMS } from '../../schemas/http/problems.ts';
import { problemBody, problemHeaders } from '../http/problem.ts';
import { type StreamCaller, streamCaller } from '../http/stream-caller.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { secureFactsOf, shareSecure } from '../tls/peer.ts';
import { WsByteStream } from './byte-stream.ts';
import { CODECS } from './codec.ts';
import { WsConnection } from './connection.ts';
import type { WsContext } from './context.ts';

/** An event, and what says what it is. */
const FRAME_BYTES_MAX = EVENT_BYTES_MAX + 4 * 1024;
/** Several MQTT packets may share a frame. */
const MQTT_FRAME_BYTES_MAX = 128 * 1024;
const MQTT_PROTOCOLS = ['mqtt', 'mqttv3.1'];
/** What one process serves within its memory. */
const CONNECTIONS_MAX = 10_000;
const SWEEP_MS = 1_000;

export interface WsDoorOptions {
  readonly context: WsContext;
  /** Takes a stream of MQTT's bytes; undefined: no MQTT here. */
  readonly mqtt: ((stream: WsByteStream) => void) | undefined;
  /** Why the connection may not go on, if it may not. */
  readonly refusedConnection: (socket: Socket) => Refusal | undefined;
}

/** Whether a request is for this door; others are served as if they had asked for no upgrade. */
export function isForDoor(request: IncomingMessage): boolean {
  const path = pathOf(request);
  return (path === '/ws' || path === '/mqtt') && request.headers.upgrade?.toLowerCase() === 'websocket';
}

export class WsDoor {
  readonly #options: WsDoorOptions;
  readonly #ws = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
    handleProtocols: (offered) => CODECS.find(({ protocol }) => offered.has(protocol))?.protocol ?? false,
  });
  readonly #mqtt = new WebSocketServer({
    noServer: true,
    maxPayload: MQTT_FRAME_BYTES_MAX,
    perMessageDeflate: false,
    handleProtocols: (offered) => MQTT_PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });
  readonly #connections = new Set<WsConnection>();
  readonly #streams = new Set<WsByteStream>();
  readonly #timer: NodeJS.Timeout;
  #isDraining = false;
  #onEmpty: (() => void) | undefined;

  constructor(server: Server, options: WsDoorOptions) {
    this.#options = options;
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  get connections(): number {
    return this.#connections.size + this.#streams.size;
  }

  /** Lets nobody in, and closes each when what it has in flight is answered; resolves then, or when the time is over. */
  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    this.#onEmpty = resolve;
    for (const connection of this.#connections) connection.drain();
    if (this.#connections.size > 0) await promise;
    clearTimeout(timer);
  }

  close(): void {
    this.#isDraining = true;
    clearInterval(this.#timer);
    for (const connection of this.#connections) connection.destroy();
    for (const stream of this.#streams) stream.destroy();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Of an HTTP server that listens on TCP or is handed TLS sockets it is one of those.
    const raw = socket as Socket;
    raw.on('error', () => undefined);
    const refused = this.#options.refusedConnection(raw) ?? this.#full();
    if (refused !== undefined) refuseUpgrade(raw, refused);
    else if (pathOf(request) === '/mqtt') this.#upgradeMqtt(request, raw, head);
    else this.#upgradeWs(request, raw, head);
  }

  #full(): Refusal | undefined {
    if (this.#isDraining) return refusal('draining', 'this process is shutting down', { retryAfterMs: 1_000 });
    if (this.connections < CONNECTIONS_MAX) return undefined;
    return refusal('too-many-connections', `this process has ${CONNECTIONS_MAX} WebSockets open`, {
      limit: 'connections',
      retryAfterMs: 5_000,
    });
  }

  #upgradeWs(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { context } = this.#options;
    const caller = callerBefore(request, context);
    if (caller !== undefined && 'code' in caller) {
      context.refused(caller.limit ?? caller.code);
      refuseUpgrade(socket, caller);
      return;
    }
    const offered = protocolsOf(request);
    if (offered.length > 0 && !CODECS.some(({ protocol }) => offered.includes(protocol))) {
      refuseUpgrade(
        socket,
        refusal('malformed', `there is no such subprotocol; there are ${CODECS.map(({ protocol }) => protocol).join(', ')}`),
      );
      return;
    }
    this.#ws.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      const codec = CODECS.find(({ protocol }) => protocol === ws.protocol);
      const connection = new WsConnection(ws, socket, {
        context,
        codec,
        caller,
        onClosed: () => {
          this.#connections.delete(connection);
          if (this.#connections.size === 0) this.#onEmpty?.();
        },
      });
      this.#connections.add(connection);
      if (this.#isDraining) connection.drain();
    });
  }

  #upgradeMqtt(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { mqtt } = this.#options;
    // MQTT-6.0.0-3: the client must offer it.
    if (!MQTT_PROTOCOLS.some((protocol) => protocolsOf(request).includes(protocol))) {
      refuseUpgrade(socket, refusal('malformed', 'the subprotocol of this path is mqtt'));
      return;
    }
    if (mqtt === undefined) {
      refuseUpgrade(socket, refusal('not-found', 'there is no MQTT here'));
      return;
    }
    this.#mqtt.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      const stream = new WsByteStream(ws, socket.remoteAddress);
      shareSecure(socket, stream);
      this.#streams.add(stream);
      stream.once('close', () => this.#streams.delete(stream));
      mqtt(stream);
    });
  }

  #sweep(): void {
    const nowMs = this.#options.context.clock.monotonic();
    for (const connection of this.#connections) connection.sweep(nowMs);
  }
}

/** Undefined: the client shows nothing yet, and says who it is in its first frame. */
function callerBefore(request: IncomingMessage, context: WsContext): StreamCaller | Refusal | undefined {
  const query = new URLSearchParams(request.url?.split('?', 2)[1] ?? '');
  const hasCertificate = secureFactsOf(request.socket)?.peer !== undefined;
  if (request.headers.authorization === undefined && !query.has('ticket') && !hasCertificate) return undefined;
  // A page of another site would send its visitor's cookie along, so a cookie opens no WebSocket.
  delete request.headers.cookie;
  return streamCaller(request, query, context);
}

function pathOf(request: IncomingMessage): string | undefined {
  return request.url?.split('?', 1)[0];
}

function protocolsOf(request: IncomingMessage): readonly string[] {
  const header = request.headers['sec-websocket-protocol'];
  return header === undefined ? [] : header.split(',').map((name) => name.trim());
}

function refuseUpgrade(socket: Socket, refused: Refusal): void {
  const body = JSON.stringify(problemBody(refused));
  const headers = { ...problemHeaders(refused), 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${PROBLEMS[refused.code].status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
