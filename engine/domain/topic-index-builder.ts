/**
 * Makes segments of the topic index out of what is read of the log, in order: which key stands in which message, once a
 * message; and one large segment out of several that follow each other. Segments are a function of the log and of where they
 * begin, so that whoever builds one again builds the same.
 */
import { assert } from '../kernel/assert.ts';
import {
  decodeIndexPart,
  encodeIndexPart,
  entryOf,
  INDEX_PARTS,
  offsetOfEntry,
  partOfKey,
  SEGMENT_SPAN_MAX,
  type IndexPart,
  type IndexRange,
} from '../kernel/topic-index.ts';

/** A small segment: some hundred entries a part, and what was not written yet is read again in a moment. */
export const SEGMENT_ENTRIES = 65_536;
/** Small segments that become a large one, of a million entries. */
export const MERGED_SEGMENTS = 16;
/** Messages of a small segment, so that sixteen of them can be one. */
export const SMALL_SPAN_MAX = SEGMENT_SPAN_MAX / MERGED_SEGMENTS;

export interface Segment extends IndexRange {
  readonly entries: number;
  /** `INDEX_PARTS` of them, in order. */
  readonly parts: readonly Uint8Array[];
}

export class TopicIndexBuilder {
  readonly #segmentEntries: number;
  #fromSeq: number;
  #keys = new Uint32Array(SEGMENT_ENTRIES);
  #offsets = new Uint32Array(SEGMENT_ENTRIES);
  #count = 0;
  #offset = 0;
  readonly #inMessage = new Set<number>();

  /** `fromSeq`: the first message that no segment covers. */
  constructor(fromSeq: number, segmentEntries: number = SEGMENT_ENTRIES) {
    this.#fromSeq = fromSeq;
    this.#segmentEntries = segmentEntries;
  }

  get fromSeq(): number {
    return this.#fromSeq;
  }

  get entries(): number {
    return this.#count;
  }

  /** Whether a segment must be closed before this message is added. */
  isFull(seq: number): boolean {
    return this.#count >= this.#segmentEntries || (seq - this.#fromSeq >= SMALL_SPAN_MAX && seq > this.#fromSeq);
  }

  /** The keys that follow are of this message; messages come in order. */
  begin(seq: number): void {
    this.#offset = seq - this.#fromSeq;
    assert(
      this.#offset >= 0 && (this.#offset < SMALL_SPAN_MAX || this.#count === 0),
      'messages come in order, and full segments are closed',
    );
    this.#inMessage.clear();
  }

  add(key: number): void {
    if (this.#inMessage.has(key)) return;
    this.#inMessage.add(key);
    if (this.#count === this.#keys.length) this.#grow();
    this.#keys[this.#count] = key;
    this.#offsets[this.#count++] = this.#offset;
  }

  /** The segment up to the message; the next one begins behind it. */
  close(toSeq: number): Segment {
    const count = this.#count;
    const starts = new Uint32Array(INDEX_PARTS + 1);
    for (let i = 0; i < count; i++) advance(starts, partOfKey(this.#keys[i] as number) + 1);
    for (let part = 0; part < INDEX_PARTS; part++) starts[part + 1] = (starts[part + 1] as number) + (starts[part] as number);
    const next = starts.slice();
    const sorted = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const key = this.#keys[i] as number;
      sorted[advance(next, partOfKey(key))] = entryOf(key, this.#offsets[i] as number);
    }
    const range = { fromSeq: this.#fromSeq, toSeq };
    const parts = Array.from({ length: INDEX_PARTS }, (_, part) =>
      encodeIndexPart({ ...range, entries: sorted.subarray(starts[part], starts[part + 1]).toSorted() }),
    );
    this.#fromSeq = toSeq + 1;
    this.#count = 0;
    return { ...range, entries: count, parts };
  }

  #grow(): void {
    const { length } = this.#keys;
    const keys = new Uint32Array(length * 2);
    const offsets = new Uint32Array(length * 2);
    keys.set(this.#keys);
    offsets.set(this.#offsets);
    this.#keys = keys;
    this.#offsets = offsets;
  }
}

/** Adds one, and answers what was there. */
function advance(counts: Uint32Array, at: number): number {
  const before = counts[at] as number;
  counts[at] = before + 1;
  return before;
}

/** One part out of the same part of segments that follow each other; undefined when one of them is damaged. */
export function mergeIndexParts(parts: readonly Uint8Array[], range: IndexRange): Uint8Array | undefined {
  const read: IndexPart[] = [];
  for (const bytes of parts) {
    const part = decodeIndexPart(bytes);
    if (part === undefined) return undefined;
    read.push(part);
  }
  const entries = new Float64Array(read.reduce((sum, part) => sum + part.entries.length, 0));
  let at = 0;
  for (const part of read) {
    // An entry's offset stands in its lower bits, so moving the message on is an addition.
    const ahead = part.fromSeq - range.fromSeq;
    assert(ahead >= 0, 'a part of the segment');
    for (const entry of part.entries) {
      assert(offsetOfEntry(entry) + ahead < SEGMENT_SPAN_MAX, 'a segment that is not too long');
      entries[at++] = entry + ahead;
    }
  }
  return encodeIndexPart({ ...range, entries: entries.toSorted() });
}
