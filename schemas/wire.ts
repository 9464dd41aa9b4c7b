/**
 * The Protobuf wire format, byte by byte: what the generated readers and writers (`gen/lean.ts`) are made of. Reading
 * functions never read outside [at, end) and say "malformed" by a negative number or `false`; they never throw. A number
 * is exact or malformed: 64-bit integers beyond 2^53 - 1 are refused, but for the halves and bigints that say otherwise.
 */

/** Bits of an integer that its low word holds while a varint is read: four groups of seven. */
const LOW_WORD = 0x10000000;
/** What may stand above the low word, so that the whole stays a safe integer: 2^53 = 2^28 * 2^25. */
const HIGH_WORD_MAX = 0x1ffffff;
/** A tag or a length has 32 bits, which take five bytes at most. */
const SHORT_VARINT_BYTES_MAX = 5;
const UINT32_MAX = 0xffffffff;
const TWO_32 = 0x100000000;
/** Zigzag doubles a number; below this the double is still a safe integer. */
const ZIGZAG_NUMBER_MAX = 2 ** 52 - 1;
/** Up to here, text is put together from characters; beyond, the platform's decoder is faster. */
const SHORT_TEXT_BYTES_MAX = 32;

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_FIXED32 = 5;

/**
 * Where the last multi-byte read ended, and the halves it found. Shared by all readers of a thread: it is read at once
 * after each call, so nothing is allocated for the second result of a function.
 */
export const cursor = { at: 0, low: 0, high: 0 };

/** For arrays that grow on first use. */
export const NO_OFFSETS = new Uint32Array(0);
export const NO_NUMBERS = new Float64Array(0);
export const NO_BYTES = new Uint8Array(0);

const GROWN_ENTRIES_MIN = 16;

export function growOffsets(offsets: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(Math.max(GROWN_ENTRIES_MIN, offsets.length * 2));
  grown.set(offsets);
  return grown;
}

export function growNumbers(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(Math.max(GROWN_ENTRIES_MIN, numbers.length * 2));
  grown.set(numbers);
  return grown;
}

/** An unsigned varint, or -1 when it is cut off, longer than ten bytes or above 2^53 - 1. The end is in `cursor.at`. */
export function readVarint(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let low = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    if (at >= end) return -1;
    const byte = bytes[at++] as number;
    low |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      cursor.at = at;
      return low;
    }
  }
  let high = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    if (at >= end) return -1;
    const byte = bytes[at++] as number;
    high |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (high > HIGH_WORD_MAX) return -1;
      cursor.at = at;
      return high * LOW_WORD + low;
    }
  }
  if (high > HIGH_WORD_MAX) return -1;
  // The ninth and tenth byte may only pad.
  for (let i = 0; i < 2; i++) {
    if (at >= end) return -1;
    const byte = bytes[at++] as number;
    if ((byte & 0x7f) !== 0) return -1;
    if (byte < 0x80) {
      cursor.at = at;
      return high * LOW_WORD + low;
    }
  }
  return -1;
}

/** A tag or a length: at most five bytes and 32 bits, else -1. The end is in `cursor.at`. */
export function readShortVarint(bytes: Uint8Array, start: number, end: number): number {
  const value = readVarint(bytes, start, end);
  return value > UINT32_MAX || cursor.at - start > SHORT_VARINT_BYTES_MAX ? -1 : value;
}

/** All 64 bits of a varint as two unsigned halves in `cursor`; false when malformed. */
function readHalves(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  let low = 0;
  let high = 0;
  for (let group = 0; group < 10; group++) {
    if (at >= end) return false;
    const byte = bytes[at++] as number;
    const bits = byte & 0x7f;
    if (group < 4) low |= bits << (group * 7);
    else if (group === 4) {
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (group * 7 - 32);
    if (byte < 0x80) {
      cursor.at = at;
      cursor.low = low >>> 0;
      cursor.high = high >>> 0;
      // The tenth byte has room for one bit only.
      return group < 9 || bits <= 1;
    }
  }
  return false;
}

/**
 * A zigzag varint of 64 bits: its two's complement in `cursor.low` and `cursor.high`, its end in `cursor.at`. False when
 * malformed. `int64Number` and `int64BigInt` make a value of the halves.
 */
export function readZigzag(bytes: Uint8Array, start: number, end: number): boolean {
  if (!readHalves(bytes, start, end)) return false;
  const sign = -(cursor.low & 1);
  const low = ((cursor.low >>> 1) | (cursor.high << 31)) ^ sign;
  cursor.high = ((cursor.high >>> 1) ^ sign) >>> 0;
  cursor.low = low >>> 0;
  return true;
}

/** The nearest number: exact if it is a safe integer, and not a safe integer otherwise. */
export function int64Number(low: number, high: number): number {
  return (high | 0) * TWO_32 + low;
}

export function int64BigInt(low: number, high: number): bigint {
  return (BigInt(high | 0) << 32n) | BigInt(low);
}

export function uint64BigInt(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** The number where it is exact, else the bigint. */
export function int64Exact(low: number, high: number): number | bigint {
  const nearest = int64Number(low, high);
  return Number.isSafeInteger(nearest) ? nearest : int64BigInt(low, high);
}

/** Four bytes as an unsigned number; the caller has checked that they are there. */
export function readFixed32(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
  return (low | ((bytes[at + 3] as number) << 24)) >>> 0;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Eight bytes as a double; the caller has checked that they are there. */
export function readDouble(bytes: Uint8Array, at: number): number {
  scratch.setUint32(0, readFixed32(bytes, at), true);
  scratch.setUint32(4, readFixed32(bytes, at + 4), true);
  return scratch.getFloat64(0, true);
}

/** Where the field ends whose tag starts at `tagStart`, or -1: field 0, a group, an unknown wire type, out of bounds. */
export function skipField(bytes: Uint8Array, tagStart: number, end: number): number {
  const tag = readShortVarint(bytes, tagStart, end);
  if (tag < 8) return -1;
  const at = cursor.at;
  switch (tag & 7) {
    case WIRE_VARINT:
      return readHalves(bytes, at, end) ? cursor.at : -1;
    case WIRE_FIXED64:
      return end - at >= 8 ? at + 8 : -1;
    case WIRE_BYTES: {
      const length = readShortVarint(bytes, at, end);
      return length < 0 || length > end - cursor.at ? -1 : cursor.at + length;
    }
    case WIRE_FIXED32:
      return end - at >= 4 ? at + 4 : -1;
    default:
      return -1;
  }
}

/** Bytes that a varint takes. Throws for what is no integer of 0 to 2^53 - 1: a bug of the writer, never bad input. */
export function varintSize(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not an unsigned integer below 2^53: ${value}`);
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  if (value < 0x800000000) return 5;
  if (value < 0x40000000000) return 6;
  return value < 0x2000000000000 ? 7 : 8;
}

/** Writes a varint of 0 to 2^53 - 1 and returns where it ends. Bytes beyond the array's end are lost: check sizes first. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest >= LOW_WORD) {
    bytes[next++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest >= 0x80) {
    bytes[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[next++] = rest;
  return next;
}

export function tagOf(field: number, wireType: number): number {
  return field * 8 + wireType;
}

/** Bytes of a signed integer as a zigzag varint; a bigint where it needs more than 53 bits. */
export function zigzagSize(value: number | bigint): number {
  if (isSmall(value)) return varintSize(zigzag(value));
  let rest = bigZigzag(value);
  let size = 1;
  for (; rest >= 0x80n; rest >>= 7n) size++;
  return size;
}

export function writeZigzag(bytes: Uint8Array, at: number, value: number | bigint): number {
  if (isSmall(value)) return writeVarint(bytes, at, zigzag(value));
  let rest = bigZigzag(value);
  let next = at;
  for (; rest >= 0x80n; rest >>= 7n) bytes[next++] = Number(rest & 0x7fn) | 0x80;
  bytes[next++] = Number(rest);
  return next;
}

function isSmall(value: number | bigint): value is number {
  return Number.isSafeInteger(value) && Math.abs(Number(value)) <= ZIGZAG_NUMBER_MAX;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function bigZigzag(value: number | bigint): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`not an exact integer: ${value}`);
  const wide = BigInt(value);
  if (BigInt.asIntN(64, wide) !== wide) throw new RangeError(`not an integer of 64 bits: ${wide}`);
  return BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n));
}

export function writeFixed32(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
  return at + 4;
}

/** Writes the low 64 bits of a bigint. */
export function writeFixed64(bytes: Uint8Array, at: number, value: bigint): number {
  const low = Number(BigInt.asUintN(32, value));
  return writeFixed32(bytes, writeFixed32(bytes, at, low), Number(BigInt.asUintN(32, value >> 32n)));
}

export function writeDouble(bytes: Uint8Array, at: number, value: number): number {
  scratch.setFloat64(0, value, true);
  return writeFixed32(bytes, writeFixed32(bytes, at, scratch.getUint32(0, true)), scratch.getUint32(4, true));
}

/** Bytes of a run of varints, without its length. */
export function sizeVarints(values: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < values.length; i++) size += varintSize(values[i] as number);
  return size;
}

/** Writes a length and the varints. */
export function writeVarints(bytes: Uint8Array, at: number, values: ArrayLike<number>): number {
  let next = writeVarint(bytes, at, sizeVarints(values));
  for (let i = 0; i < values.length; i++) next = writeVarint(bytes, next, values[i] as number);
  return next;
}

/** Writes a length and the bytes. */
export function writeBytes(bytes: Uint8Array, at: number, value: Uint8Array): number {
  const start = writeVarint(bytes, at, value.length);
  bytes.set(value, start);
  return start + value.length;
}

/** UTF-8 bytes of a text; half a surrogate pair counts as the replacement character that stands for it. */
export function textSize(text: string): number {
  let size = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    size += unit < 0x800 ? 1 : 2;
    // A whole pair is two units and four bytes.
    if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
  }
  return size;
}

const encoder = new TextEncoder();

/** Writes a length and the text's UTF-8. */
export function writeText(bytes: Uint8Array, at: number, text: string): number {
  const size = textSize(text);
  const start = writeVarint(bytes, at, size);
  if (size !== text.length || size > SHORT_TEXT_BYTES_MAX) encoder.encodeInto(text, bytes.subarray(start));
  else for (let i = 0; i < size; i++) bytes[start + i] = text.charCodeAt(i);
  return start + size;
}

const looseDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Bytes as text; what isn't UTF-8 becomes the replacement character. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  return readAscii(bytes, start, end) ?? looseDecoder.decode(bytes.subarray(start, end));
}

/** Bytes as text, or undefined when they aren't UTF-8. */
export function readExactText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const ascii = readAscii(bytes, start, end);
  if (ascii !== undefined) return ascii;
  try {
    return strictDecoder.decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}

function readAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > SHORT_TEXT_BYTES_MAX) return undefined;
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** A copy of its own, whatever kind of view `bytes` is. */
export function copyBytes(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(end - start);
  copy.set(bytes.subarray(start, end));
  return copy;
}
