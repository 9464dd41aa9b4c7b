/**
 * Cuts a byte stream into MQTT packets. A packet's size is checked as soon as its fixed header is there, before a byte of
 * its body is kept, and what is kept grows only with what has arrived: a declared length costs nothing.
 */
import { Buffer } from 'node:buffer';

/** One packet as it stands in a chunk; reused, so nobody keeps it. */
export interface Frame {
  /** Type and flags. */
  first: number;
  buffer: Buffer;
  /** The body is `buffer[start, end)`. */
  start: number;
  end: number;
}

/** How a run over the bytes at hand ended. `blocked`: the handler didn't take a packet, which will be offered again. */
export type FramerResult = 'ok' | 'blocked' | 'too-large' | 'bad-length' | 'bad-type';

/** Answers whether it took the packet. */
export type FrameHandler = (frame: Frame) => boolean;

/** First allocation for a packet cut off by the end of a chunk; doubles from there. */
const KEPT_BYTES_MIN = 256;
const NOTHING = Buffer.alloc(0);

export class Framer {
  /** Largest packet, fixed header included. */
  packetBytesMax: number;
  readonly #handler: FrameHandler;
  readonly #frame: Frame = { first: 0, buffer: NOTHING, start: 0, end: 0 };
  #kept = NOTHING;
  #keptBytes = 0;
  #result: FramerResult = 'ok';

  constructor(packetBytesMax: number, handler: FrameHandler) {
    this.packetBytesMax = packetBytesMax;
    this.#handler = handler;
  }

  /** Memory held for what is not yet handled. */
  get keptCapacity(): number {
    return this.#kept.length;
  }

  /** Handles all whole packets of `chunk[0, length)`; copies what remains, so the chunk is free afterwards. */
  push(chunk: Buffer, length: number = chunk.length): FramerResult {
    if (this.#keptBytes > 0) {
      this.#keep(chunk, 0, length);
      return this.resume();
    }
    const used = this.#run(chunk, length);
    if (used < length) this.#keep(chunk, used, length);
    return this.#result;
  }

  /** Adds bytes without handling any: for a reader that is blocked. */
  hold(chunk: Buffer, length: number = chunk.length): void {
    this.#keep(chunk, 0, length);
  }

  /** Goes on with what was kept. */
  resume(): FramerResult {
    const used = this.#run(this.#kept, this.#keptBytes);
    this.#keptBytes -= used;
    if (this.#keptBytes <= 0) this.clear();
    else if (used > 0) this.#kept.copyWithin(0, used, used + this.#keptBytes);
    return this.#result;
  }

  /** Forgets everything, also from within the handler. */
  clear(): void {
    this.#kept = NOTHING;
    this.#keptBytes = 0;
  }

  /** The number of bytes handled; how it ended is in `#result`. */
  #run(buffer: Buffer, end: number): number {
    const frame = this.#frame;
    let at = 0;
    this.#result = 'ok';
    while (at < end) {
      const first = buffer[at] ?? 0;
      if (first < 0x10) return this.#stop('bad-type', end);
      if (at + 1 >= end) break;
      // The common header has two bytes.
      let length = buffer[at + 1] ?? 0;
      let body = at + 2;
      if (length > 0x7f) {
        length &= 0x7f;
        for (let shift = 7; ; shift += 7) {
          if (body >= end) return this.#rest(at);
          const byte = buffer[body++] ?? 0;
          length |= (byte & 0x7f) << shift;
          if (byte < 0x80) {
            // Longer than needed is malformed (MQTT 5 §1.5.5).
            if (byte === 0) return this.#stop('bad-length', end);
            break;
          }
          if (shift === 21) return this.#stop('bad-length', end);
        }
      }
      const next = body + length;
      if (next - at > this.packetBytesMax) return this.#stop('too-large', end);
      if (next > end) return this.#rest(at);
      frame.first = first;
      frame.buffer = buffer;
      frame.start = body;
      frame.end = next;
      if (!this.#handler(frame)) {
        this.#result = 'blocked';
        break;
      }
      at = next;
    }
    frame.buffer = NOTHING;
    return at;
  }

  #rest(at: number): number {
    this.#frame.buffer = NOTHING;
    return at;
  }

  /** What follows a broken frame can't be read: all of it counts as handled. */
  #stop(result: FramerResult, end: number): number {
    this.#result = result;
    this.#frame.buffer = NOTHING;
    return end;
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const needed = this.#keptBytes + end - start;
    if (needed > this.#kept.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(KEPT_BYTES_MIN, this.#kept.length * 2, needed));
      this.#kept.copy(grown, 0, 0, this.#keptBytes);
      this.#kept = grown;
    }
    chunk.copy(this.#kept, this.#keptBytes, start, end);
    this.#keptBytes = needed;
  }
}
