/**
 * The bytes of one connection, in and out. On plain TCP they pass by the stream machinery, which costs more than all we do
 * with a small message: reads land in one buffer that all sockets share, and a write goes straight to the socket's handle.
 * What the handle can't take at once, and everything where Node offers no such handle (TLS, or a Node with other insides),
 * goes the stream's way. Decision 0011 has the figures.
 */
import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';
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

/** What an accepted socket becomes; `forced` takes the stream's way though there is a faster one. */
export function openWire(accepted: Socket, listener: WireListener, forced: 'stream' | undefined): Wire {
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
  const options: object = { handle, onread, highWaterMark: accepted.writableHighWaterMark };
  const socket = new Socket(options);
  release(accepted);
  if (requestClass === undefined) watchForRequest(handle);
  return new Wire(socket, listener, { handle, secure: undefined });
}

export class Wire {
  /** What is known of the client beside its bytes; undefined: the connection isn't secure. */
  readonly secure: SecureFacts | undefined;
  readonly #socket: Socket;
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
    socket: Socket,
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

function handleOf(socket: Socket): Handle | undefined {
  const { _handle: handle } = socket as { readonly _handle?: Partial<Handle> | null };
  const known = typeof handle?.writeBuffer === 'function' && typeof handle.writeQueueSize === 'number';
  return known && typeof handle.useUserBuffer === 'function' ? (handle as Handle) : undefined;
}

/** The accepted socket lets its handle go, which another socket owns now, and closes for its server. */
function release(accepted: Socket): void {
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
