/**
 * Token buckets, packed: how much each of very many subjects (devices, keys, addresses) has used of its rates. A bucket is
 * one number, the time at which what was taken will have accrued again: so a full bucket holds nothing, a subject that has
 * been silent long enough is the same as one never seen, and forgetting it changes no answer.
 *
 * Bound: 12 bytes and 8 a window for each slot, and no more slots than `capacity`; what doesn't fit shares one bucket.
 */
import { fnv1a32 } from '../engine/kernel/partition.ts';
import type { CompiledRate } from '../engine/domain/limits-doc.ts';

/** Whose bucket it is, as numbers: two hashes of the name, and an owner, so that tenants never meet in one slot. */
export interface BucketKey {
  readonly owner: number;
  readonly high: number;
  readonly low: number;
}

const SLOTS_MIN = 64;
/** Devices that one edge can know. */
const CAPACITY_MAX = 1_000_000;
const KEY_WORDS = 3;
/** The slot that all share for whom there is no room. Never forgotten, never found by a key. */
const SHARED = 0;
const SECOND_SEED = 0x9747b28c;
/** Times are sums of many small steps: a step that is late by less than this is not late. */
const ROUNDING_MS = 1e-6;

/** The same name gives the same key, in this process. */
export function bucketKey(owner: number, name: string): BucketKey {
  return { owner: owner + 1, high: fnv1a32(name), low: fnv1a32(name, SECOND_SEED) };
}

/** Buckets of subjects whose limits have the same number of windows. */
export class BucketTable {
  /** Raised when slots have moved: a slot found before means nothing. */
  generation = 0;
  readonly windows: number;
  readonly #capacity: number;
  #keys = new Uint32Array(SLOTS_MIN * KEY_WORDS);
  #dueMs: Float64Array;
  #mask = SLOTS_MIN - 1;
  #used = 0;

  constructor(windows: number, capacity: number = CAPACITY_MAX) {
    this.windows = windows;
    this.#capacity = capacity;
    this.#dueMs = new Float64Array(SLOTS_MIN * windows);
  }

  /** Subjects that are remembered. */
  get size(): number {
    return this.#used;
  }

  get bytes(): number {
    return this.#keys.byteLength + this.#dueMs.byteLength;
  }

  /** The slot of the subject, made if there is none; good until `generation` changes. */
  slotOf(key: BucketKey, nowMs: number): number {
    const found = this.#look(key);
    if (found > 0) return found;
    if ((this.#used + 1) * 2 > this.#mask) this.#rebuild(nowMs);
    if (this.#used >= this.#capacity) return SHARED;
    const slot = -this.#look(key);
    const word = slot * KEY_WORDS;
    this.#keys[word] = key.owner;
    this.#keys[word + 1] = key.high;
    this.#keys[word + 2] = key.low;
    this.#used++;
    return slot;
  }

  /**
   * Milliseconds until `cost` may be taken from window `window`; 0: now; infinite: never, it is more than the burst.
   * Numbers and no record, here and below, because they are passed for every message.
   */
  // oxlint-disable-next-line max-params
  waitMs(slot: number, window: number, rate: CompiledRate, cost: number, nowMs: number): number {
    const due = this.#dueMs[slot * this.windows + window] as number;
    const owed = (due > nowMs ? due - nowMs : 0) + cost * rate.emissionMs;
    if (owed <= rate.toleranceMs + ROUNDING_MS) return 0;
    return cost > rate.window.burst ? Number.POSITIVE_INFINITY : owed - rate.toleranceMs;
  }

  // oxlint-disable-next-line max-params
  take(slot: number, window: number, rate: CompiledRate, cost: number, nowMs: number): void {
    const at = slot * this.windows + window;
    const due = this.#dueMs[at] as number;
    this.#dueMs[at] = (due > nowMs ? due : nowMs) + cost * rate.emissionMs;
  }

  /** What may be taken now. */
  // oxlint-disable-next-line max-params
  available(slot: number, window: number, rate: CompiledRate, nowMs: number): number {
    const due = this.#dueMs[slot * this.windows + window] as number;
    return Math.floor((rate.toleranceMs - Math.max(0, due - nowMs) + ROUNDING_MS) / rate.emissionMs);
  }

  /** Forgets whose buckets are full again. To be called now and then. */
  sweep(nowMs: number): void {
    if (this.#used > 0) this.#rebuild(nowMs);
  }

  /** The slot, or the free one where it belongs, negative. Slot 0 is never answered. */
  #look(key: BucketKey): number {
    const keys = this.#keys;
    const mask = this.#mask;
    for (let slot = (key.high ^ Math.imul(key.owner, 0x9e3779b1)) & mask; ; slot = (slot + 1) & mask) {
      if (slot === SHARED) continue;
      const word = slot * KEY_WORDS;
      if (keys[word] === 0) return -slot;
      if (keys[word + 2] === key.low && keys[word + 1] === key.high && keys[word] === key.owner) return slot;
    }
  }

  /** Into arrays of the right size, without those that owe nothing. */
  #rebuild(nowMs: number): void {
    const { windows } = this;
    const keys = this.#keys;
    const dueMs = this.#dueMs;
    const owing: number[] = [];
    for (let slot = 1; slot <= this.#mask; slot++) {
      if (keys[slot * KEY_WORDS] === 0) continue;
      for (let window = 0; window < windows; window++) {
        if ((dueMs[slot * windows + window] as number) <= nowMs) continue;
        owing.push(slot);
        break;
      }
    }
    let slots = SLOTS_MIN;
    while (slots < (owing.length + 1) * 4 && slots < this.#capacity * 4) slots *= 2;
    this.#keys = new Uint32Array(slots * KEY_WORDS);
    this.#dueMs = new Float64Array(slots * windows);
    this.#mask = slots - 1;
    this.#used = owing.length;
    this.generation++;
    for (let window = 0; window < windows; window++) this.#dueMs[window] = dueMs[window] as number;
    for (const old of owing) {
      const from = old * KEY_WORDS;
      const key = { owner: keys[from] as number, high: keys[from + 1] as number, low: keys[from + 2] as number };
      const slot = -this.#look(key);
      this.#keys.set(keys.subarray(from, from + KEY_WORDS), slot * KEY_WORDS);
      this.#dueMs.set(dueMs.subarray(old * windows, (old + 1) * windows), slot * windows);
    }
  }
}

/** One table for each number of windows that some limits have. */
export class BucketTables {
  readonly #tables: (BucketTable | undefined)[] = [];
  readonly #capacity: number | undefined;

  constructor(capacity?: number) {
    this.#capacity = capacity;
  }

  of(windows: number): BucketTable {
    const known = this.#tables[windows];
    if (known !== undefined) return known;
    const table = new BucketTable(windows, this.#capacity);
    this.#tables[windows] = table;
    return table;
  }

  get size(): number {
    return this.#tables.reduce((sum, table) => sum + (table?.size ?? 0), 0);
  }

  get bytes(): number {
    return this.#tables.reduce((sum, table) => sum + (table?.bytes ?? 0), 0);
  }

  sweep(nowMs: number): void {
    for (const table of this.#tables) table?.sweep(nowMs);
  }
}
