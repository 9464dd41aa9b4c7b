/**
 * The bytes of one connection, in and out. On plain TCP they pass by the stream machinery, which costs more than all we do
 * with a small message: reads land in one buffer that all sockets share, and a write goes straight to the socket's handle.
 * What the handle can't take at once, and everything where Node offers no such handle (TLS, or a Node with other insides),
 * goes the stream's way. Decision 0012 has the figures.
 */
import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureFacts, secureFactsOf } from '../tls/peer.ts';

export interface WireListener {
  /** `bytes[0, length)` is new; the buffer is used again as soon as this returns. */
  onData(bytes: Buffer, length: number): void;
  /** What was held up in a write that answered false has left. */
  onDrain(): void;
  /** The socket is closed, whoever did it. Called once, last. */
  onClose(): void;
}

/** What of a libuv stream handle is used (`lib/net.js` and `lib/internal/stream_base_commons.js` of Node 20 to 24). */
interface Handle {
  writeBuffer(request: WriteRequest, bytes: Buffer): number;
  readonly writeQueueSize: number;
  useUserBuffer(buffer: Uint8Array): void;
}

interface WriteRequest {
  oncomplete: () => void;
  /** Keeps the bytes from being collected while libuv has them. */
  buffer?: Buffer;
}

type RequestClass = new () => WriteRequest;

/** As much as libuv reads at once. */
const READ_BYTES = 64 * 1024;

const shared = Buffer.allocUnsafeSlow(READ_BYTES);
/** The class of Node's own write requests, seen at the first write that went the stream's way. */
let requestClass: RequestClass | undefined;
/** Used again after each write that was done at once; libuv then keeps nothing of it. */
let idleRequest: WriteRequest | undefined;

/** A TCP or TLS socket, or a stream of bytes over something else. */
export type ByteSocket = Duplex & { readonly remoteAddress?: string | undefined };

/** What an accepted socket becomes; `forced` takes the stream's way though there is a faster one. */
export function openWire(accepted: ByteSocket, listener: WireListener, forced: 'stream' | undefined): Wire {
  const secure = secureFactsOf(accepted);
  // The handle below TLS carries what is encrypted already.
  const handle = forced === undefined && secure === undefined ? handleOf(accepted) : undefined;
  if (handle === undefined) {
    accepted.on('data', (chunk: Buffer) => listener.onData(chunk, chunk.length));
    accepted.resume();
    return new Wire(accepted, listener, { handle: undefined, secure });
  }
  const onread = {
    buffer: shared,
    callback: (length: number): boolean => {
      listener.onData(shared, length);
      return true;
    },
  };
  const options: object = { handle, onread, highWaterMark: accepted.writableHighWaterMark, allowHalfOpen: true };
  const socket = new PlainSocket(options);
  // MQTT has no half of a connection: who says no more reads no more, but what was written before.
  socket.on('end', () => (socket.writableLength > 0 ? socket.end() : socket.destroy()));
  release(accepted);
  if (requestClass === undefined) watchForRequest(handle);
  return new Wire(socket, listener, { handle, secure: undefined });
}

/**
 * Closing a socket costs as much as two messages, and when a network breaks, ten thousand close at once: libuv hands them
 * all over in one turn of the loop, in which nobody else is served. So a turn closes some, and the others wait.
 */
class PlainSocket extends Socket {
  /** Null: the client reads no more, or is gone. */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk !== null) return super.push(chunk, encoding);
    closings.add(() => {
      super.push(null);
      // As Node does after it: nothing else asks, and an end shows only to who asks.
      super.read(0);
    });
    return false;
  }

  // oxlint-disable-next-line no-underscore-dangle
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // oxlint-disable-next-line no-underscore-dangle
    closings.add(() => super._destroy(error, callback));
  }
}

/** Half a millisecond's worth; where turns are long, a fifth of the time. */
const CLOSINGS_A_TURN = 16;
const CLOSINGS_A_MS = 6;

class Closings {
  #waiting: (() => void)[] = [];
  #closed = 0;
  #isArmed = false;
  #turnedMs = 0;

  add(close: () => void): void {
    if (this.#closed >= CLOSINGS_A_TURN) {
      this.#waiting.push(close);
    } else {
      this.#closed++;
      close();
    }
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.#turnedMs = performance.now();
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const nowMs = performance.now();
    const due = this.#waiting.splice(0, Math.max(CLOSINGS_A_TURN, (nowMs - this.#turnedMs) * CLOSINGS_A_MS));
    this.#turnedMs = nowMs;
    this.#closed = due.length;
    this.#isArmed = due.length > 0;
    if (this.#isArmed) setImmediate(this.#turn);
    for (const close of due) close();
  };
}

const closings = new Closings();

export class Wire {
  /** What is known of the client beside its bytes; undefined: the connection isn't secure. */
  readonly secure: SecureFacts | undefined;
  readonly #socket: ByteSocket;
  /** Undefined from the end on, and where there is none. */
  #handle: Handle | undefined;
  readonly #listener: WireListener;
  /** The handle has bytes of ours that the kernel didn't take yet. */
  #isWaiting = false;
  /** The stream may have some. */
  #isStreaming = false;
  /** Of the last `write`: whether its bytes are still needed. Where not, they may be written over. */
  isHolding = false;

  constructor(
    socket: ByteSocket,
    listener: WireListener,
    { handle, secure }: { readonly handle: Handle | undefined; readonly secure: SecureFacts | undefined },
  ) {
    this.secure = secure;
    this.#socket = socket;
    this.#handle = handle;
    this.#listener = listener;
    socket.on('drain', () => listener.onDrain());
    // What broke shows as `close`, which always follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#handle = undefined;
      listener.onClose();
    });
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  /** False: the client doesn't read as fast as we write; `onDrain` follows. The bytes must not change while `isHolding`. */
  write(bytes: Buffer): boolean {
    this.isHolding = true;
    const handle = this.#handle;
    if (handle === undefined || requestClass === undefined || this.#isWaiting || this.#streamHasBytes()) {
      this.#isStreaming = true;
      return this.#socket.write(bytes);
    }
    const request = idleRequest ?? newRequest(requestClass);
    idleRequest = request;
    if (handle.writeBuffer(request, bytes) !== 0) {
      this.#socket.destroy();
      return true;
    }
    if (handle.writeQueueSize === 0) {
      this.isHolding = false;
      return true;
    }
    idleRequest = undefined;
    request.buffer = bytes;
    request.oncomplete = () => {
      this.#isWaiting = false;
      this.#listener.onDrain();
    };
    this.#isWaiting = true;
    return false;
  }

  /** Asked only after a write that went the stream's way. */
  #streamHasBytes(): boolean {
    if (!this.#isStreaming) return false;
    this.#isStreaming = this.#socket.writableLength > 0;
    return this.#isStreaming;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Closes our side after the last bytes; theirs is read on. */
  end(last: Buffer | undefined): void {
    this.#handle = undefined;
    if (last === undefined) this.#socket.end();
    else this.#socket.end(last);
  }

  destroy(): void {
    this.#handle = undefined;
    this.#socket.destroy();
  }
}

function newRequest(made: RequestClass): WriteRequest {
  const request = new made();
  // Of a write that was done at once nothing more is heard.
  request.oncomplete = () => undefined;
  return request;
}

function handleOf(socket: ByteSocket): Handle | undefined {
  const { _handle: handle } = socket as { readonly _handle?: Partial<Handle> | null };
  const known = typeof handle?.writeBuffer === 'function' && typeof handle.writeQueueSize === 'number';
  return known && typeof handle.useUserBuffer === 'function' ? (handle as Handle) : undefined;
}

/** The accepted socket lets its handle go, which another socket owns now, and closes for its server. */
function release(accepted: ByteSocket): void {
  Reflect.set(accepted, '_handle', null);
  accepted.destroy();
}

/** The next write on the handle shows the class of its request; then the handle is as it was. */
function watchForRequest(handle: Handle): void {
  const write = handle.writeBuffer.bind(handle);
  handle.writeBuffer = (request, bytes) => {
    Reflect.deleteProperty(handle, 'writeBuffer');
    requestClass = request.constructor as RequestClass;
    return write(request, bytes);
  };
}
