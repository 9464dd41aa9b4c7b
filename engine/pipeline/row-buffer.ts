/**
 * Bytes of a block under construction, in ClickHouse's RowBinary. It grows by doubling, and is given away whole, because
 * the block is transferred to another thread; the next one is made in a buffer that came back, or starts at the size
 * that the last one needed.
 */
const BYTES_MIN = 64 * 1024;
/** A block is given away in a buffer of up to so many times its length. */
const WASTE_MAX = 4;
/** Up to here copying byte by byte is fastest, and up to the second, four bytes at a time; beyond, the platform's way. */
const BYTE_COPY_BYTES_MAX = 24;
const WORD_COPY_BYTES_MAX = 1024;
const TWO_32 = 2 ** 32;

export class RowBuffer {
  length = 0;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  /** What the next block after this one is made in. */
  #spare: ArrayBuffer | undefined;
  /** What was copied from last, as words; nearly always the frames of the task. */
  #source: Uint8Array;
  #sourceView: DataView;

  constructor(capacity: number = BYTES_MIN) {
    this.#bytes = new Uint8Array(Math.max(capacity, BYTES_MIN));
    this.#view = new DataView(this.#bytes.buffer);
    this.#source = this.#bytes;
    this.#sourceView = this.#view;
  }

  /** Makes room for `more` bytes; the writers below don't check. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** The bytes so far, in a buffer of their own; this one starts again, empty. */
  take(): Uint8Array<ArrayBuffer> {
    const { length } = this;
    const bytes = this.#bytes;
    // A view of a mostly empty buffer would hold memory that nobody uses.
    const taken = length * WASTE_MAX < bytes.length ? bytes.slice(0, length) : bytes.subarray(0, length);
    if (taken.buffer === bytes.buffer) {
      this.#bytes = new Uint8Array(this.#spare ?? new ArrayBuffer(Math.max(BYTES_MIN, length + (length >>> 3))));
      this.#view = new DataView(this.#bytes.buffer);
      this.#spare = undefined;
    }
    this.length = 0;
    // A task's frames must not outlive the task here.
    this.#source = this.#bytes;
    this.#sourceView = this.#view;
    return taken;
  }

  /** Takes a buffer over for the block after the next. Of two, the larger is kept. */
  reuse(buffer: ArrayBuffer): void {
    if (buffer.byteLength >= BYTES_MIN && buffer.byteLength > (this.#spare?.byteLength ?? 0)) this.#spare = buffer;
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
