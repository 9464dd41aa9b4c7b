/**
 * A connection to a broker at the least cost: all sockets of the process read into one buffer, whole packets are handed out
 * where they lie in it, and only what was cut is copied. Nothing is allocated for a read.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { CONNACK_TYPE, connectBytes } from './packets.ts';
import type { ConnectFacts } from './packets.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface RawHandlers {
  /** After CONNACK and before any packet behind it, which may come in the same read. */
  opened?(client: RawClient): void;
  /** A whole packet but CONNACK: its first byte, and where its body lies. The bytes are the next read's right after. */
  packet(first: number, bytes: Buffer, body: { readonly start: number; readonly end: number }): void;
  /** After the last whole packet of a read: the time to answer them in one write. */
  readEnd?(): void;
  /** Whatever ended it, once; undefined: the server closed in order. Not called after `close`, `reset` or a failed `open`. */
  ended?(error: Error | undefined): void;
}

const READ_BUFFER = Buffer.allocUnsafe(262_144);
const CONNACK_MS_MAX = 60_000;
const LENGTH_BYTES_MAX = 4;

/** Mutable, so that nothing is made for a packet. */
const BODY = { start: 0, end: 0 };

export class RawClient {
  readonly socket: Socket;
  /** Whether the server had kept the session; known when open. */
  sessionPresent = false;
  #handlers: RawHandlers | undefined;
  #cut: Buffer | undefined;
  #isOver = false;
  #onConnack: ((code: number) => void) | undefined;

  private constructor(address: Address) {
    const callback = (length: number): boolean => {
      this.#read(READ_BUFFER.subarray(0, length));
      return true;
    };
    this.socket = connect({ ...address, noDelay: true, onread: { buffer: READ_BUFFER, callback } });
  }

  /** Resolves after a CONNACK of 0; rejects with what came instead. */
  static open(address: Address, facts: ConnectFacts, handlers: RawHandlers): Promise<RawClient> {
    const client = new RawClient(address);
    const { socket } = client;
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(limit);
        client.reset();
        reject(new Error(`${facts.clientId}: ${why}`));
      };
      const limit = setTimeout(() => fail('no CONNACK'), CONNACK_MS_MAX);
      const onError = (error: Error): void => fail(error.message);
      const onClose = (): void => fail('closed before CONNACK');
      socket.once('error', onError);
      socket.once('close', onClose);
      socket.once('connect', () => socket.write(connectBytes(facts)));
      client.#onConnack = (code) => {
        clearTimeout(limit);
        socket.off('error', onError);
        socket.off('close', onClose);
        if (code !== 0) {
          fail(`CONNACK ${code}`);
          return;
        }
        client.#handlers = handlers;
        socket.on('error', (error) => client.#end(error));
        socket.on('end', () => client.#end(undefined));
        socket.on('close', () => client.#end(undefined));
        handlers.opened?.(client);
        resolve(client);
      };
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** A no-op after the end. The bytes must not change afterwards. */
  send(bytes: Uint8Array): void {
    if (!this.#isOver) this.socket.write(bytes);
  }

  /** Ends it without a word, and without leaving the port in TIME_WAIT. */
  reset(): void {
    this.#isOver = true;
    this.socket.removeAllListeners();
    this.socket.on('error', () => undefined);
    this.socket.resetAndDestroy();
  }

  /** Sends the goodbye and resolves when the server has closed, or after so long. */
  leave(goodbye: Uint8Array, limitMs: number): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const { socket } = this;
      const done = (): void => {
        clearTimeout(limit);
        this.reset();
        resolve();
      };
      this.#isOver = true;
      socket.removeAllListeners();
      const limit = setTimeout(done, limitMs);
      socket.once('error', done);
      socket.once('end', done);
      socket.once('close', done);
      socket.write(goodbye);
    });
  }

  #end(error: Error | undefined): void {
    if (this.#isOver) return;
    this.reset();
    this.#handlers?.ended?.(error);
  }

  #read(chunk: Buffer): void {
    const bytes = this.#cut === undefined ? chunk : Buffer.concat([this.#cut, chunk]);
    this.#cut = undefined;
    let at = 0;
    while (!this.#isOver) {
      const end = packetEnd(bytes, at);
      if (end < 0 || end > bytes.length) break;
      const first = bytes[at] ?? 0;
      if (this.#handlers === undefined) this.#connack(first, bytes, BODY.start);
      else this.#handlers.packet(first, bytes, BODY);
      at = end;
    }
    if (at < bytes.length && !this.#isOver) this.#cut = Buffer.from(bytes.subarray(at));
    this.#handlers?.readEnd?.();
  }

  #connack(first: number, bytes: Buffer, start: number): void {
    this.sessionPresent = bytes[start] === 1;
    this.#onConnack?.(first >> 4 === CONNACK_TYPE ? (bytes[start + 1] ?? 0xff) : 0xff);
  }
}

/** Where the packet at `at` ends, which may be beyond what is there; -1 where even its length is cut. Sets BODY. */
function packetEnd(bytes: Buffer, at: number): number {
  let length = 0;
  for (let place = 1; place <= LENGTH_BYTES_MAX; place++) {
    if (at + place >= bytes.length) return -1;
    const byte = bytes[at + place] ?? 0;
    length += (byte & 0x7f) * 128 ** (place - 1);
    if (byte < 0x80) {
      BODY.start = at + place + 1;
      BODY.end = BODY.start + length;
      return BODY.end;
    }
  }
  throw new RangeError('malformed remaining length');
}
