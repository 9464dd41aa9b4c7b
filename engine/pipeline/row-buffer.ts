/**
 * Bytes of a block under construction, in ClickHouse's RowBinary. A block is given away in the buffer it was made in,
 * because it is transferred to another thread; the next one is made in a buffer that came back, if there is one.
 */
import { SpareBuffers } from '../kernel/spare-buffers.ts';

/** Bytes of rows to bytes of the events they are made of, at most, as a rule. */
export const ROWS_PER_FRAMES = 2.5;

/** What a thread keeps for its next blocks. */
const SPARE_BYTES_MAX = 16 * 1024 * 1024;
/** Up to here copying byte by byte is fastest, and up to the second, four bytes at a time; beyond, the platform's way. */
const BYTE_COPY_BYTES_MAX = 24;
const WORD_COPY_BYTES_MAX = 1024;
const TWO_32 = 2 ** 32;
const NO_BUFFER = new ArrayBuffer(0);

export class RowBuffer {
  length = 0;
  #bytes = new Uint8Array(NO_BUFFER);
  #view: DataView = new DataView(NO_BUFFER);
  readonly #spares = new SpareBuffers(SPARE_BYTES_MAX);
  /** What was copied from last, as words; nearly always the frames of the task. */
  #source: Uint8Array = this.#bytes;
  #sourceView: DataView = this.#view;

  /** Starts a block of about so many bytes. */
  begin(expectedBytes: number): void {
    this.length = 0;
    const { length } = this.#bytes;
    // A block of few bytes in a large buffer would have to be copied out of it.
    if (length >= expectedBytes && length > 0 && length <= expectedBytes * 2) return;
    this.#spares.give(this.#bytes.buffer);
    this.#use(this.#spares.take(expectedBytes));
  }

  /** Makes room for `more` bytes; the writers below don't check. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#bytes.length) return;
    const old = this.#bytes;
    this.#use(this.#spares.take(Math.max(needed, old.length * 2)));
    this.#bytes.set(old.subarray(0, this.length));
    this.#spares.give(old.buffer);
  }

  /** The bytes so far, in a buffer of their own; this one starts again, empty. */
  take(): Uint8Array<ArrayBuffer> {
    const { length } = this;
    const bytes = this.#bytes;
    // A view of a mostly empty buffer would hold memory that nobody uses.
    const isCopied = length * 2 < bytes.length;
    const taken = isCopied ? bytes.slice(0, length) : bytes.subarray(0, length);
    if (!isCopied) this.#use(NO_BUFFER);
    this.length = 0;
    // A task's frames must not outlive the task here.
    this.#source = this.#bytes;
    this.#sourceView = this.#view;
    return taken;
  }

  /** Takes a buffer over, for later blocks. */
  reuse(buffer: ArrayBuffer): void {
    this.#spares.give(buffer);
  }

  #use(buffer: ArrayBuffer): void {
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  u8(value: number): void {
    this.#bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.#view.setUint16(this.length, value, true);
    this.length += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** An integer of -2^53 to 2^53 in 64 bits. */
  i64(value: number): void {
    const high = Math.floor(value / TWO_32);
    this.#view.setUint32(this.length, value - high * TWO_32, true);
    this.#view.setInt32(this.length + 4, high, true);
    this.length += 8;
  }

  f64(value: number): void {
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.length++] = rest;
  }

  /** A string: its length and its bytes, which are `source[start, end)`. */
  string(source: Uint8Array, start: number, end: number): void {
    this.varint(end - start);
    this.raw(source, start, end);
  }

  raw(source: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes;
    let at = this.length;
    let from = start;
    if (end - start > WORD_COPY_BYTES_MAX) {
      bytes.set(source.subarray(start, end), at);
      this.length = at + end - start;
      return;
    }
    if (end - start > BYTE_COPY_BYTES_MAX) {
      if (this.#source !== source) {
        this.#source = source;
        this.#sourceView = new DataView(source.buffer, source.byteOffset, source.byteLength);
      }
      const view = this.#view;
      const sourceView = this.#sourceView;
      for (; from + 4 <= end; from += 4, at += 4) view.setInt32(at, sourceView.getInt32(from, true), true);
    }
    for (; from < end; from++) bytes[at++] = source[from] as number;
    this.length = at;
  }
}
