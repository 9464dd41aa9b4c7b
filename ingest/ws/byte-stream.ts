/**
 * A WebSocket as a stream of bytes, for protocols that bring their own framing: where a frame begins and ends says nothing.
 * Reading and writing are held back as the stream's own bounds say.
 */
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE } from './context.ts';

/** What is buffered each way before the other side is held back. */
const BUFFER_BYTES = 16 * 1024;

export class WsByteStream extends Duplex {
  readonly remoteAddress: string | undefined;
  readonly #ws: WebSocket;

  constructor(ws: WebSocket, remoteAddress: string | undefined) {
    super({ highWaterMark: BUFFER_BYTES, allowHalfOpen: false });
    this.#ws = ws;
    this.remoteAddress = remoteAddress;
    ws.on('message', (data: Buffer, isBinary: boolean) => this.#message(data, isBinary));
    // What broke shows as `close`, which always follows.
    ws.on('error', () => undefined);
    ws.on('close', () => this.destroy());
  }

  #message(data: Buffer, isBinary: boolean): void {
    if (this.readableEnded || this.destroyed) return;
    if (isBinary) {
      if (!this.push(data)) this.#ws.pause();
      return;
    }
    // MQTT-6.0.0-1: data of another kind than binary ends the connection.
    this.#ws.close(CLOSE.unsupportedData, 'only binary frames');
    this.push(null);
  }

  // oxlint-disable-next-line no-underscore-dangle
  override _read(): void {
    this.#ws.resume();
  }

  // oxlint-disable-next-line no-underscore-dangle
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#ws.readyState !== this.#ws.OPEN) {
      done();
      return;
    }
    this.#ws.send(chunk, { binary: true }, (error) => done(error ?? null));
  }

  // oxlint-disable-next-line no-underscore-dangle
  override _final(done: (error?: Error | null) => void): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.close(CLOSE.normal);
    done();
  }

  // oxlint-disable-next-line no-underscore-dangle
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#ws.readyState === this.#ws.OPEN || this.#ws.readyState === this.#ws.CONNECTING) this.#ws.terminate();
    done(error);
  }
}
