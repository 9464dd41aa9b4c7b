/** One kept-alive HTTP connection with one prebuilt request in flight, on a bare socket: what a load generator can afford. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface LaneAnswer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

export class HttpLane {
  readonly #socket: Socket;
  #rest = '';
  #done: ((answer: LaneAnswer) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** `onLost` is called when the connection ends, for whatever reason. */
  static open(url: string, onLost: (error: Error) => void): Promise<HttpLane> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.on('error', onLost);
        socket.on('close', () => onLost(new Error('the server closed the connection')));
        resolve(new HttpLane(socket));
      });
    });
  }

  /** Writes a whole request; its bytes must stay as they are until the answer came. */
  send(head: Buffer, body: Buffer, done: (answer: LaneAnswer) => void): void {
    this.#done = done;
    this.#socket.cork();
    this.#socket.write(head);
    this.#socket.write(body);
    this.#socket.uncork();
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#rest += chunk.toString('latin1');
    const headEnd = this.#rest.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#rest.slice(0, headEnd + 2))?.[1];
    const total = headEnd + HEAD_END.length + Number(length ?? 0);
    if (this.#rest.length < total) return;
    const answer = { status: Number(this.#rest.slice(9, 12)), body: this.#rest.slice(headEnd + HEAD_END.length, total) };
    this.#rest = this.#rest.slice(total);
    const done = this.#done;
    this.#done = undefined;
    done?.(answer);
  }
}

export function requestHead(url: string, facts: { readonly token: string; readonly contentType: string; readonly length: number }): Buffer {
  const { host } = new URL(url);
  return Buffer.from(
    `POST /telemetry HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${facts.token}\r\ncontent-type: ${facts.contentType}\r\ncontent-length: ${facts.length}${HEAD_END}`,
    'latin1',
  );
}
