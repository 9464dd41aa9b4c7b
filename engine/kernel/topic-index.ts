/**
 * The topic index as bytes. A segment says for a range of a topic partition's messages which of them hold a topic of which
 * key; it is cut by the keys' upper bits into `INDEX_PARTS` parts, so that who looks for a key reads one of them. A part is
 * 32 bytes of header and six bytes an entry: the key's lower 23 bits, and where the message stands in the segment.
 */
import { fnv1a32Bytes } from './partition.ts';

const PART_BITS = 9;
export const INDEX_PARTS = 1 << PART_BITS;
const KEY_BITS = 32 - PART_BITS;
const OFFSET_BITS = 25;
const OFFSETS = 2 ** OFFSET_BITS;
/** Messages that a segment may span. */
export const SEGMENT_SPAN_MAX = OFFSETS;

const VERSION = 1;
const HEADER_BYTES = 32;
const ENTRY_BYTES = 6;
const LOW_BITS = 24;
const LOW = 2 ** LOW_BITS;

/** What a part covers: messages of [fromSeq, toSeq]. */
export interface IndexRange {
  readonly fromSeq: number;
  readonly toSeq: number;
}

export interface IndexPart extends IndexRange {
  /** Sorted entries, as `entryOf` makes them with sequences from `fromSeq` on. */
  readonly entries: Float64Array;
}

export function partOfKey(key: number): number {
  return key >>> KEY_BITS;
}

/** A key of the part and an offset of a message as one number, 48 bits; sorted by key, then by message. */
export function entryOf(key: number, offset: number): number {
  return (key & (2 ** KEY_BITS - 1)) * OFFSETS + offset;
}

export function offsetOfEntry(entry: number): number {
  return entry % OFFSETS;
}

export function encodeIndexPart(part: IndexPart): Uint8Array<ArrayBuffer> {
  const { entries, fromSeq, toSeq } = part;
  const bytes = new Uint8Array(HEADER_BYTES + entries.length * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, VERSION);
  view.setUint32(4, entries.length);
  view.setFloat64(8, fromSeq);
  view.setFloat64(16, toSeq);
  let at = HEADER_BYTES;
  for (const entry of entries) {
    const high = Math.floor(entry / LOW);
    const low = entry % LOW;
    bytes[at] = high >>> 16;
    bytes[at + 1] = high >>> 8;
    bytes[at + 2] = high;
    bytes[at + 3] = low >>> 16;
    bytes[at + 4] = low >>> 8;
    bytes[at + 5] = low;
    at += ENTRY_BYTES;
  }
  view.setUint32(24, checksum(bytes));
  return bytes;
}

/** The part, or undefined when these bytes are none, or damaged. */
export function decodeIndexPart(bytes: Uint8Array): IndexPart | undefined {
  const read = readPart(bytes);
  if (read === undefined) return undefined;
  const entries = new Float64Array(read.count);
  for (let i = 0; i < read.count; i++) entries[i] = entryAt(bytes, i);
  return { fromSeq: read.fromSeq, toSeq: read.toSeq, entries };
}

/**
 * Adds to `seqs` the messages in [from, to] that may hold a topic of the key, and answers what the part covers; undefined when
 * it is damaged. A key of another part has no entry here.
 */
export function searchIndexPart(
  bytes: Uint8Array,
  wanted: { readonly keys: readonly number[]; readonly from: number; readonly to: number },
  seqs: Set<number>,
): IndexRange | undefined {
  const read = readPart(bytes);
  if (read === undefined) return undefined;
  const { count, fromSeq, toSeq } = read;
  if (toSeq < wanted.from || fromSeq > wanted.to) return read;
  for (const key of wanted.keys) {
    const end = entryOf(key, 0) + OFFSETS;
    for (let i = firstAtLeast(bytes, count, entryOf(key, 0)); i < count; i++) {
      const entry = entryAt(bytes, i);
      if (entry >= end) break;
      const seq = fromSeq + offsetOfEntry(entry);
      if (seq >= wanted.from && seq <= wanted.to) seqs.add(seq);
    }
  }
  return read;
}

function readPart(bytes: Uint8Array): (IndexRange & { readonly count: number }) | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint32(4);
  const fromSeq = view.getFloat64(8);
  const toSeq = view.getFloat64(16);
  if (view.getUint32(0) !== VERSION || bytes.length !== HEADER_BYTES + count * ENTRY_BYTES) return undefined;
  if (view.getUint32(24) !== checksum(bytes)) return undefined;
  return { count, fromSeq, toSeq };
}

/** Over the entries and the header's first 24 bytes. */
function checksum(bytes: Uint8Array): number {
  return fnv1a32Bytes(bytes, {
    start: HEADER_BYTES,
    end: bytes.length,
    seed: fnv1a32Bytes(bytes, { start: 0, end: 24 }),
  });
}

function entryAt(bytes: Uint8Array, i: number): number {
  const at = HEADER_BYTES + i * ENTRY_BYTES;
  const high = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
  return high * LOW + (((bytes[at + 3] as number) << 16) | ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number));
}

function firstAtLeast(bytes: Uint8Array, count: number, wanted: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entryAt(bytes, middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How far the ranges cover messages from `from` on without a gap; `from - 1` where none begins at or before it. Ranges may
 * overlap, as a segment and those that it was merged from do.
 */
export function coveredTo(from: number, ranges: readonly IndexRange[]): number {
  let covered = from - 1;
  for (const { fromSeq, toSeq } of ranges.toSorted((a, b) => a.fromSeq - b.fromSeq || a.toSeq - b.toSeq)) {
    if (fromSeq > covered + 1) break;
    covered = Math.max(covered, toSeq);
  }
  return covered;
}
