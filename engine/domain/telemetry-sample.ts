/**
 * One decoded telemetry sample, as columns that are filled again for every event: no object and no string is made. Text
 * (names, values, the id) is a span; a span points into the bytes that were decoded, or, where it had to be put together
 * (escapes, nested names), into the scratch bytes, and then starts at SCRATCH_BASE or above.
 */
import { assert } from '../kernel/assert.ts';
import { METRICS_MAX } from '../kernel/limits.ts';

/** Above every offset into a task's frames, below what an Int32Array holds. */
export const SCRATCH_BASE = 2 ** 30;

export const LEAF_NUMBER = 0;
export const LEAF_BOOLEAN = 1;
export const LEAF_TEXT = 2;
/** An integer beyond 2^53, as its decimal digits. */
export const LEAF_DIGITS = 3;

/** Event time was taken from the log, from the device, or from the log because the device's was out of range. */
export const TIME_FROM_LOG = 0;
export const TIME_FROM_DEVICE = 1;
export const TIME_OUT_OF_RANGE = 2;

/** Up to this many names are compared with each other; more go through a table. */
const PAIRWISE_NAMES_MAX = 12;
/** Open addressing at a load of a quarter. */
const NAME_SLOTS = METRICS_MAX * 4;

export class TelemetrySample {
  source: Uint8Array = new Uint8Array(0);
  scratch = new Uint8Array(1024);
  scratchLength = 0;

  /** Leaves, in the order in which they were sent; and how many of them are numbers or booleans. */
  count = 0;
  numericCount = 0;
  readonly nameStart = new Int32Array(METRICS_MAX);
  readonly nameEnd = new Int32Array(METRICS_MAX);
  readonly nameHash = new Int32Array(METRICS_MAX);
  readonly type = new Uint8Array(METRICS_MAX);
  /** Numbers, and booleans as 0 and 1. */
  readonly number = new Float64Array(METRICS_MAX);
  readonly textStart = new Int32Array(METRICS_MAX);
  readonly textEnd = new Int32Array(METRICS_MAX);

  hasTs = false;
  ts = 0;
  hasBoot = false;
  boot = 0;
  hasSeq = false;
  seq = 0;
  idStart = 0;
  idEnd = 0;

  eventMs = 0;
  timeSource = TIME_FROM_LOG;

  readonly #slots = new Int16Array(NAME_SLOTS);

  reset(source: Uint8Array): void {
    assert(source.length < SCRATCH_BASE, 'frames are too large for spans');
    this.source = source;
    this.scratchLength = 0;
    this.count = 0;
    this.numericCount = 0;
    this.hasTs = false;
    this.ts = 0;
    this.hasBoot = false;
    this.boot = 0;
    this.hasSeq = false;
    this.seq = 0;
    this.idStart = 0;
    this.idEnd = 0;
  }

  /** What a span that starts there points into; the offset in it is `start & ~SCRATCH_BASE`. */
  bytesOf(start: number): Uint8Array {
    return start >= SCRATCH_BASE ? this.scratch : this.source;
  }

  /** Makes room for `length` more scratch bytes. */
  reserveScratch(length: number): void {
    const needed = this.scratchLength + length;
    if (needed <= this.scratch.length) return;
    const grown = new Uint8Array(Math.max(needed, this.scratch.length * 2));
    grown.set(this.scratch.subarray(0, this.scratchLength));
    this.scratch = grown;
  }

  /** The span becomes the next leaf's name; its value is set by one of the two below. There must be room for one more. */
  name(start: number, end: number, hash: number): void {
    const k = this.count;
    this.nameStart[k] = start;
    this.nameEnd[k] = end;
    this.nameHash[k] = hash;
  }

  addNumber(type: typeof LEAF_NUMBER | typeof LEAF_BOOLEAN, value: number): void {
    const k = this.count;
    this.type[k] = type;
    this.number[k] = value;
    this.numericCount += 1;
    this.count = k + 1;
  }

  addText(type: typeof LEAF_TEXT | typeof LEAF_DIGITS, start: number, end: number): void {
    const k = this.count;
    this.type[k] = type;
    this.textStart[k] = start;
    this.textEnd[k] = end;
    this.count = k + 1;
  }

  /** Whether two leaves have one name. */
  hasRepeatedName(): boolean {
    return this.count <= PAIRWISE_NAMES_MAX ? this.#repeatsPairwise() : this.#repeatsInTable();
  }

  #repeatsPairwise(): boolean {
    const hashes = this.nameHash;
    for (let k = 1; k < this.count; k++) {
      const hash = hashes[k] as number;
      for (let j = 0; j < k; j++) {
        if (hashes[j] === hash && this.#sameName(j, k)) return true;
      }
    }
    return false;
  }

  #repeatsInTable(): boolean {
    const slots = this.#slots.fill(-1);
    for (let k = 0; k < this.count; k++) {
      const hash = this.nameHash[k] as number;
      let slot = hash & (NAME_SLOTS - 1);
      for (let j = slots[slot] as number; j !== -1; j = slots[slot] as number) {
        if (this.nameHash[j] === hash && this.#sameName(j, k)) return true;
        slot = (slot + 1) & (NAME_SLOTS - 1);
      }
      slots[slot] = k;
    }
    return false;
  }

  #sameName(j: number, k: number): boolean {
    const start = this.nameStart[j] as number;
    const other = this.nameStart[k] as number;
    const length = (this.nameEnd[j] as number) - start;
    if (length !== (this.nameEnd[k] as number) - other) return false;
    const a = this.bytesOf(start);
    const b = this.bytesOf(other);
    const from = start & ~SCRATCH_BASE;
    const otherFrom = other & ~SCRATCH_BASE;
    for (let i = 0; i < length; i++) if (a[from + i] !== b[otherFrom + i]) return false;
    return true;
  }
}
