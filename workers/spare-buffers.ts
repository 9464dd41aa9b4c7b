/**
 * Large buffers that are used again. A block of rows that ClickHouse has becomes the frames of a later task; the worker
 * makes its next block of rows in the frames that it has folded. So the same few buffers go round, and neither the
 * garbage collector, which is paced by bytes, nor the kernel, which clears every new page, has to do with each event.
 */

/** Smaller ones are cheap. */
const BUFFER_BYTES_MIN = 64 * 1024;
/** What lies here unused: a block's worth of rows. */
const SPARE_BYTES_MAX = 48 * 1024 * 1024;
/** New buffers are a little larger than asked for, so that more requests fit them. */
const ROUND_BYTES = 64 * 1024;
/** A buffer isn't used for so much less than it holds. */
const WASTE_MAX = 4;

export class SpareBuffers {
  readonly #free: ArrayBuffer[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** A buffer of at least `bytes`; what is in it is undefined. */
  take(bytes: number): ArrayBuffer {
    let best = -1;
    for (const [i, { byteLength }] of this.#free.entries()) {
      if (byteLength < bytes || byteLength > Math.max(bytes, BUFFER_BYTES_MIN) * WASTE_MAX) continue;
      if (best < 0 || byteLength < (this.#free[best]?.byteLength ?? 0)) best = i;
    }
    const [found] = best < 0 ? [] : this.#free.splice(best, 1);
    if (found === undefined) return new ArrayBuffer(Math.ceil(Math.max(bytes, BUFFER_BYTES_MIN) / ROUND_BYTES) * ROUND_BYTES);
    this.#bytes -= found.byteLength;
    return found;
  }

  /** Takes a buffer over, for good: nobody reads or writes what was in it any more. */
  give(buffer: ArrayBufferLike): void {
    if (!(buffer instanceof ArrayBuffer) || buffer.detached || buffer.byteLength < BUFFER_BYTES_MIN) return;
    this.#free.push(buffer);
    this.#bytes += buffer.byteLength;
    // The oldest go first: they were of a size that nobody asked for.
    while (this.#bytes > SPARE_BYTES_MAX) this.#bytes -= this.#free.shift()?.byteLength ?? 0;
  }
}
