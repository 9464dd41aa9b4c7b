/**
 * From a hash to rows, by open addressing in an array of numbers. It grows without a pause: rows move into the wider array
 * a few at a time, with what is added, and until then both are looked into.
 */

const SLOTS_MIN = 16;
const EMPTY = 0;
/** Where a row was that was taken out. */
const GONE = 0xffff_ffff;
const FILLED_MAX = 0.75;
/** After growing; less than half of the above would waste memory. */
const FILLED_AFTER_MAX = 0.45;
/** Rows that move with each that is added; with two they'd be through before the next growth. */
const MOVES = 8;

export class RowIndex {
  readonly #hashesOf: (row: number) => readonly number[];
  #slots = new Uint32Array(SLOTS_MIN);
  /** Slots of them that aren't empty. */
  #filled = 0;
  #live = 0;
  #old: Uint32Array | undefined;
  /** Rows below this have moved, those from `#end` on were never in the old array. */
  #moved = 0;
  #end = 0;

  /** `hashesOf`: under which hashes a row is to be found. */
  constructor(hashesOf: (row: number) => readonly number[]) {
    this.#hashesOf = hashesOf;
  }

  get bytes(): number {
    return this.#slots.byteLength + (this.#old?.byteLength ?? 0);
  }

  /** The first row under the hash that fits, or -1. */
  find(hash: number, fits: (row: number) => boolean): number {
    const found = findIn(this.#slots, hash, fits);
    return found >= 0 || this.#old === undefined ? found : findIn(this.#old, hash, fits);
  }

  /** `rows`: how many rows there are, this one among them. */
  add(hash: number, row: number, rows: number): void {
    this.#live++;
    if (this.#filled + 1 > this.#slots.length * FILLED_MAX) this.#grow(rows);
    this.#place(hash, row);
    this.#move(MOVES);
  }

  /** Takes out every mention of the row that lies on the hash's way: call it for all hashes of the row together. */
  remove(hash: number, row: number): void {
    this.#live--;
    takeOut(this.#slots, hash, row);
    if (this.#old !== undefined) takeOut(this.#old, hash, row);
  }

  #grow(rows: number): void {
    this.#move(Number.POSITIVE_INFINITY);
    let length = SLOTS_MIN;
    while (this.#live + 1 > length * FILLED_AFTER_MAX) length *= 2;
    this.#old = this.#slots;
    this.#slots = new Uint32Array(length);
    this.#filled = 0;
    this.#moved = 0;
    this.#end = rows;
  }

  #move(count: number): void {
    if (this.#old === undefined) return;
    const end = Math.min(this.#end, this.#moved + count);
    for (; this.#moved < end; this.#moved++) for (const hash of this.#hashesOf(this.#moved)) this.#place(hash, this.#moved);
    if (this.#moved >= this.#end) this.#old = undefined;
  }

  #place(hash: number, row: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== EMPTY; slot = (slot + 1) & mask) if (this.#slots[slot] === row + 1) return;
    this.#slots[slot] = row + 1;
    this.#filled++;
  }
}

function findIn(slots: Uint32Array, hash: number, fits: (row: number) => boolean): number {
  const mask = slots.length - 1;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const found = slots[slot] ?? EMPTY;
    if (found === EMPTY) return -1;
    if (found !== GONE && fits(found - 1)) return found - 1;
  }
}

function takeOut(slots: Uint32Array, hash: number, row: number): void {
  const mask = slots.length - 1;
  for (let slot = hash & mask; slots[slot] !== EMPTY; slot = (slot + 1) & mask) if (slots[slot] === row + 1) slots[slot] = GONE;
}
