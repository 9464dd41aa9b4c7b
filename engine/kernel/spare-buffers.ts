/**
 * Large buffers that are used again. A block of rows that ClickHouse has becomes the frames of a later task; the worker
 * makes a later block of rows in the frames that it has folded. So the same buffers go round, and neither the garbage
 * collector, which is paced by bytes, nor the kernel, which clears every new page, has to do with each event.
 *
 * Sizes are of few classes, two an octave, so that what comes back fits what is asked for.
 */

/** Smaller ones are cheap, and larger ones rare. */
export const SPARE_BYTES_MIN = 128 * 1024;
const BUFFER_BYTES_MAX = 8 * 1024 * 1024;

export class SpareBuffers {
  readonly #free = new Map<number, ArrayBuffer[]>();
  readonly #bytesMax: number;
  #bytes = 0;

  /** `bytesMax` bounds what lies here unused. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes that lie here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A buffer of at least `bytes`, and at most twice as many where these are not few; what is in it is undefined. */
  take(bytes: number): ArrayBuffer {
    const size = sizeFor(bytes);
    const found = this.#free.get(size)?.pop() ?? this.#free.get(sizeFor(size + 1))?.pop();
    if (found === undefined) return new ArrayBuffer(size);
    this.#bytes -= found.byteLength;
    return found;
  }

  /** Takes a buffer over, for good: nobody reads or writes what was in it any more. */
  give(buffer: ArrayBufferLike): void {
    if (!(buffer instanceof ArrayBuffer) || buffer.detached) return;
    const size = buffer.byteLength;
    if (size < SPARE_BYTES_MIN || size > BUFFER_BYTES_MAX || size !== sizeFor(size) || this.#bytes + size > this.#bytesMax) return;
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [buffer]);
    else free.push(buffer);
    this.#bytes += size;
  }
}

/** The smallest power of two that is enough, or three quarters of it. */
function sizeFor(bytes: number): number {
  let size = SPARE_BYTES_MIN;
  while (size < bytes) size *= 2;
  return size > SPARE_BYTES_MIN && (size / 4) * 3 >= bytes ? (size / 4) * 3 : size;
}
