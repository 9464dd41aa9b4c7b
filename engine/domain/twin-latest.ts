/**
 * The section `latest`: of each metric and attribute the newest value by event time (by position where times are equal),
 * with its time and the event that brought it. An older sample never overwrites a newer one.
 *
 * A device that always sends the same leaves has one stamp (time and cause) for all of them; only when leaves differ does
 * each get its own. Leaves keep the order in which they first came, so the k-th leaf of a sample is nearly always the k-th
 * of the twin.
 */
import { TWIN_SECTION_BYTES_MAX, METRICS_MAX } from '../kernel/limits.ts';
import { blockUnits, PAGE_UNITS_LOG2, PAGE_UNITS_MASK } from './twin-arena.ts';
import { LEAF_DIGITS, LEAF_TEXT, SCRATCH_BASE } from './telemetry-sample.ts';
import type { TelemetrySample } from './telemetry-sample.ts';
import { jsonTextBytes, LEAF_FRAME_JSON_BYTES, SCALAR_JSON_BYTES, SECTION_FRAME_JSON_BYTES } from './twin-size.ts';
import {
  FLAG_BITS,
  FLAG_MIXED,
  FLAGS,
  LEAF_CAPACITY,
  LEAF_COUNT,
  LEAVES,
  SECTION_SHIFT,
  STAMP_INDEX,
  STAMP_ITEM,
  STAMP_MS,
  STAMP_SEQ,
} from './twin-store.ts';
import type { TwinStore } from './twin-store.ts';
import { releaseText, replaceText, storeText, textOf } from './twin-text.ts';

/** A leaf: its value (a double, or a text's address and length), its name's number and its type. */
export const LEAF_UNITS = 2;
/** A leaf's own stamp: event time, message, index and item. All stamps follow all leaves of a block. */
export const STAMP_UNITS = 3;

/** Where a value comes from: event time and position. Filled again and again. */
export interface Stamp {
  ms: number;
  seq: number;
  index: number;
  item: number;
}

export class TwinLatest {
  readonly #store: TwinStore;
  /** For each leaf of the sample the twin's leaf, or -1 for a new one; made by `fits`, used by `apply`. */
  readonly #targets = new Int32Array(METRICS_MAX);
  #added = 0;
  #growth = 0;

  constructor(store: TwinStore) {
    this.#store = store;
  }

  /**
   * Whether the twin's section stays within its limit with this sample in it; `device` is a record's address, or 0 for a
   * device that is not there yet. Changes nothing.
   */
  fits(device: number, sample: TelemetrySample): boolean {
    this.#resolve(device, sample);
    if (this.#growth <= 0) return true;
    const size = device === 0 ? 0 : (this.#store.wordsAt(device)[(device & PAGE_UNITS_MASK) * 2 + FLAGS] as number) >>> SECTION_SHIFT;
    return size + this.#growth + SECTION_FRAME_JSON_BYTES <= TWIN_SECTION_BYTES_MAX;
  }

  /** Folds the sample into the record. `fits` was asked for the same sample just before, and nothing was changed since. */
  apply(device: number, sample: TelemetrySample, stamp: Stamp): void {
    const store = this.#store;
    const words = store.wordsAt(device);
    const word = (device & PAGE_UNITS_MASK) * 2;
    const count = words[word + LEAF_COUNT] as number;
    const added = this.#added;
    const mixed = ((words[word + FLAGS] as number) & FLAG_MIXED) !== 0;
    if (!mixed) {
      const doubles = store.doublesAt(device);
      const unit = device & PAGE_UNITS_MASK;
      const newer = count === 0 || stamp.ms >= (doubles[unit + STAMP_MS] as number);
      if (!newer && added === 0) return;
      // Names of a sample are distinct, so this many are all that the twin has.
      if (newer && sample.count === count + added) {
        if (added > 0) this.#reserve(device, count + added);
        this.#writeUniform(device, sample, count);
        doubles[unit + STAMP_MS] = stamp.ms;
        doubles[unit + STAMP_SEQ] = stamp.seq;
        words[word + STAMP_INDEX] = stamp.index;
        words[word + STAMP_ITEM] = stamp.item;
        words[word + FLAGS] = (words[word + FLAGS] as number) + (this.#growth << SECTION_SHIFT);
        return;
      }
      this.#giveStamps(device);
    }
    if (added > 0) this.#reserve(device, count + added);
    this.#writeMixed(device, sample, stamp);
  }

  #resolve(device: number, sample: TelemetrySample): void {
    const { names } = this.#store;
    const targets = this.#targets;
    let added = 0;
    let growth = 0;
    let words: Uint32Array | undefined;
    let leafWord = 0;
    let leaves = 0;
    if (device !== 0) {
      const record = this.#store.wordsAt(device);
      const word = (device & PAGE_UNITS_MASK) * 2;
      leaves = record[word + LEAF_COUNT] as number;
      if (leaves > 0) {
        const block = record[word + LEAVES] as number;
        words = this.#store.wordsAt(block);
        leafWord = (block & PAGE_UNITS_MASK) * 2;
      }
    }
    let expected = 0;
    for (let k = 0; k < sample.count; k++) {
      let target = -1;
      if (words !== undefined && expected < leaves && names.isNameOf(words[leafWord + expected * 4 + 2] as number, sample, k))
        target = expected;
      else if (words !== undefined) target = findLeaf({ words, word: leafWord, leaves }, names.find(sample, k));
      targets[k] = target;
      if (target === -1) {
        added += 1;
        growth += newLeafBytes(sample, k);
        continue;
      }
      expected = target + 1;
      if (words === undefined) continue;
      const type = words[leafWord + target * 4 + 3] as number;
      if (type >= LEAF_TEXT || (sample.type[k] as number) >= LEAF_TEXT)
        growth += sampleValueBytes(sample, k) - this.#valueBytes({ words, word: leafWord + target * 4 });
    }
    this.#added = added;
    this.#growth = growth;
  }

  #valueBytes(leaf: { readonly words: Uint32Array; readonly word: number }): number {
    const type = leaf.words[leaf.word + 3] as number;
    if (type < LEAF_TEXT) return SCALAR_JSON_BYTES;
    const text = textOf(this.#store.arena, leaf);
    return type === LEAF_DIGITS ? text.end - text.start : jsonTextBytes(text.bytes, text.start, text.end);
  }

  #writeUniform(device: number, sample: TelemetrySample, count: number): void {
    const store = this.#store;
    const words = store.wordsAt(device);
    const word = (device & PAGE_UNITS_MASK) * 2;
    const block = words[word + LEAVES] as number;
    const leafUnit = block & PAGE_UNITS_MASK;
    const leafDoubles = store.doublesAt(block);
    const leafWords = store.wordsAt(block);
    const targets = this.#targets;
    let leaves = count;
    for (let k = 0; k < sample.count; k++) {
      const target = targets[k] as number;
      if (target === -1) {
        this.#addLeaf({ words: leafWords, word: (leafUnit + leaves * LEAF_UNITS) * 2 }, sample, k);
        leaves += 1;
        continue;
      }
      const typeWord = (leafUnit + target * LEAF_UNITS) * 2 + 3;
      const type = sample.type[k] as number;
      if (type < LEAF_TEXT && (leafWords[typeWord] as number) < LEAF_TEXT) {
        leafDoubles[leafUnit + target * LEAF_UNITS] = sample.number[k] as number;
        leafWords[typeWord] = type;
      } else this.#writeValue({ words: leafWords, word: typeWord - 3 }, sample, k);
    }
    words[word + LEAF_COUNT] = leaves;
  }

  #writeMixed(device: number, sample: TelemetrySample, stamp: Stamp): void {
    const store = this.#store;
    const words = store.wordsAt(device);
    const word = (device & PAGE_UNITS_MASK) * 2;
    const block = words[word + LEAVES] as number;
    const unit = block & PAGE_UNITS_MASK;
    const doubles = store.doublesAt(block);
    const blockWords = store.wordsAt(block);
    const stamps = unit + (words[word + LEAF_CAPACITY] as number) * LEAF_UNITS;
    let leaves = words[word + LEAF_COUNT] as number;
    let size = (words[word + FLAGS] as number) >>> SECTION_SHIFT;
    for (let k = 0; k < sample.count; k++) {
      const target = this.#targets[k] as number;
      const at = target === -1 ? leaves++ : target;
      const stampUnit = stamps + at * STAMP_UNITS;
      const leaf = { words: blockWords, word: (unit + at * LEAF_UNITS) * 2 };
      if (target === -1) {
        size += newLeafBytes(sample, k);
        this.#addLeaf(leaf, sample, k);
      } else {
        if (stamp.ms < (doubles[stampUnit] as number)) continue;
        size += sampleValueBytes(sample, k) - this.#valueBytes(leaf);
        this.#writeValue(leaf, sample, k);
      }
      doubles[stampUnit] = stamp.ms;
      doubles[stampUnit + 1] = stamp.seq;
      blockWords[stampUnit * 2 + 4] = stamp.index;
      blockWords[stampUnit * 2 + 5] = stamp.item;
    }
    words[word + LEAF_COUNT] = leaves;
    words[word + FLAGS] = ((words[word + FLAGS] as number) & FLAG_BITS) | (size << SECTION_SHIFT);
  }

  #addLeaf(leaf: { readonly words: Uint32Array; readonly word: number }, sample: TelemetrySample, k: number): void {
    const { words, word } = leaf;
    words[word + 2] = this.#store.names.intern(sample, k);
    const type = sample.type[k] as number;
    words[word + 3] = type;
    if (type >= LEAF_TEXT) storeText(this.#store.arena, leaf, spanOf(sample, k));
    else writeNumber(leaf, sample.number[k] as number);
  }

  #writeValue(leaf: { readonly words: Uint32Array; readonly word: number }, sample: TelemetrySample, k: number): void {
    const { words, word } = leaf;
    const { arena } = this.#store;
    const wasText = (words[word + 3] as number) >= LEAF_TEXT;
    const type = sample.type[k] as number;
    words[word + 3] = type;
    if (type >= LEAF_TEXT) {
      if (wasText) replaceText(arena, leaf, spanOf(sample, k));
      else storeText(arena, leaf, spanOf(sample, k));
      return;
    }
    if (wasText) releaseText(arena, leaf);
    writeNumber(leaf, sample.number[k] as number);
  }

  /** Makes the leaf block large enough for `leaves`, in the form that the record's flags say. */
  #reserve(device: number, leaves: number): void {
    const words = this.#store.wordsAt(device);
    const word = (device & PAGE_UNITS_MASK) * 2;
    if (leaves <= (words[word + LEAF_CAPACITY] as number)) return;
    const mixed = ((words[word + FLAGS] as number) & FLAG_MIXED) !== 0;
    this.#move(device, leaves, mixed);
  }

  /** From one stamp for all leaves to a stamp each. */
  #giveStamps(device: number): void {
    const store = this.#store;
    const words = store.wordsAt(device);
    const word = (device & PAGE_UNITS_MASK) * 2;
    const unit = device & PAGE_UNITS_MASK;
    const record = store.doublesAt(device);
    this.#move(device, words[word + LEAF_CAPACITY] as number, true);
    words[word + FLAGS] = (words[word + FLAGS] as number) | FLAG_MIXED;
    const block = words[word + LEAVES] as number;
    const doubles = store.doublesAt(block);
    const blockWords = store.wordsAt(block);
    const stamps = (block & PAGE_UNITS_MASK) + (words[word + LEAF_CAPACITY] as number) * LEAF_UNITS;
    for (let i = 0; i < (words[word + LEAF_COUNT] as number); i++) {
      const stamp = stamps + i * STAMP_UNITS;
      doubles[stamp] = record[unit + STAMP_MS] as number;
      doubles[stamp + 1] = record[unit + STAMP_SEQ] as number;
      blockWords[stamp * 2 + 4] = words[word + STAMP_INDEX] as number;
      blockWords[stamp * 2 + 5] = words[word + STAMP_ITEM] as number;
    }
  }

  /** Copies leaves, and stamps if they had some, into a block for so many leaves, with room for stamps if `stamped`. */
  #move(device: number, leaves: number, stamped: boolean): void {
    const { arena } = this.#store;
    const words = this.#store.wordsAt(device);
    const word = (device & PAGE_UNITS_MASK) * 2;
    const old = words[word + LEAVES] as number;
    const oldCapacity = words[word + LEAF_CAPACITY] as number;
    const wasStamped = ((words[word + FLAGS] as number) & FLAG_MIXED) !== 0;
    const count = words[word + LEAF_COUNT] as number;
    // All that a block of this class has room for.
    const capacity = Math.floor(blockUnits(blockSize(leaves, stamped)) / blockSize(1, stamped));
    const block = arena.allocate(blockSize(capacity, stamped));
    const to = arena.doubles[block >>> PAGE_UNITS_LOG2] as Float64Array;
    const toUnit = block & PAGE_UNITS_MASK;
    if (old !== 0) {
      const from = arena.words[old >>> PAGE_UNITS_LOG2] as Uint32Array;
      const fromUnit = old & PAGE_UNITS_MASK;
      const toWords = arena.words[block >>> PAGE_UNITS_LOG2] as Uint32Array;
      // As words: a text's address and length may look like a double that is not a number, which need not keep its bits.
      toWords.set(from.subarray(fromUnit * 2, (fromUnit + count * LEAF_UNITS) * 2), toUnit * 2);
      if (wasStamped) {
        const stamps = fromUnit + oldCapacity * LEAF_UNITS;
        toWords.set(from.subarray(stamps * 2, (stamps + count * STAMP_UNITS) * 2), (toUnit + capacity * LEAF_UNITS) * 2);
      }
      arena.release(old, blockSize(oldCapacity, wasStamped));
    } else to.fill(0, toUnit, toUnit + blockSize(capacity, stamped));
    words[word + LEAVES] = block;
    words[word + LEAF_CAPACITY] = capacity;
  }
}

export function blockSize(capacity: number, stamped: boolean): number {
  return capacity * (stamped ? LEAF_UNITS + STAMP_UNITS : LEAF_UNITS);
}

function findLeaf(block: { readonly words: Uint32Array; readonly word: number; readonly leaves: number }, name: number): number {
  if (name === -1) return -1;
  const { words, word, leaves } = block;
  for (let i = 0; i < leaves; i++) if (words[word + i * 4 + 2] === name) return i;
  return -1;
}

function newLeafBytes(sample: TelemetrySample, k: number): number {
  const start = sample.nameStart[k] as number;
  const from = start & ~SCRATCH_BASE;
  const name = jsonTextBytes(sample.bytesOf(start), from, from + (sample.nameEnd[k] as number) - start);
  return name + LEAF_FRAME_JSON_BYTES + sampleValueBytes(sample, k);
}

function sampleValueBytes(sample: TelemetrySample, k: number): number {
  const type = sample.type[k] as number;
  if (type < LEAF_TEXT) return SCALAR_JSON_BYTES;
  const { bytes, start, end } = spanOf(sample, k);
  return type === LEAF_DIGITS ? end - start : jsonTextBytes(bytes, start, end);
}

function spanOf(sample: TelemetrySample, k: number): { readonly bytes: Uint8Array; readonly start: number; readonly end: number } {
  const start = sample.textStart[k] as number;
  const from = start & ~SCRATCH_BASE;
  return { bytes: sample.bytesOf(start), start: from, end: from + (sample.textEnd[k] as number) - start };
}

const numberBits = new Float64Array(1);
const numberWords = new Uint32Array(numberBits.buffer);

function writeNumber(leaf: { readonly words: Uint32Array; readonly word: number }, value: number): void {
  numberBits[0] = value;
  leaf.words[leaf.word] = numberWords[0] as number;
  leaf.words[leaf.word + 1] = numberWords[1] as number;
}
