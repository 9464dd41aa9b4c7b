/**
 * What is due when, in log time: an indexed heap over small numbers (slots of whoever keeps timers here), one timer each.
 * A timer that is moved or called off leaves its place at once, so the heap is never larger than the timers that run. What
 * is due at one time comes in the order that its owner gives, so it doesn't depend on how the heap came to be.
 */

const CAPACITY_INITIAL = 64;

export class Timers {
  readonly #before: (a: number, b: number) => boolean;
  /** The heap: slots, the earliest first. */
  #heap = new Int32Array(CAPACITY_INITIAL);
  #count = 0;
  /** By slot: when it is due, and its place in the heap plus one; 0 where it isn't there. */
  #dueMs = new Float64Array(CAPACITY_INITIAL);
  #places = new Int32Array(CAPACITY_INITIAL);

  /** `before` orders slots whose timers are due at the same time; it must be a strict order. */
  constructor(before: (a: number, b: number) => boolean) {
    this.#before = before;
  }

  get count(): number {
    return this.#count;
  }

  /** Infinity where none runs. */
  get nextMs(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : (this.#dueMs[this.#heap[0] as number] as number);
  }

  /** The slot whose timer is due next, or -1. */
  get next(): number {
    return this.#count === 0 ? -1 : (this.#heap[0] as number);
  }

  /** Infinity where it has none. */
  dueOf(slot: number): number {
    return (this.#places[slot] ?? 0) === 0 ? Number.POSITIVE_INFINITY : (this.#dueMs[slot] as number);
  }

  /** Sets the slot's timer, or moves it; Infinity calls it off. */
  set(slot: number, dueMs: number): void {
    if (slot >= this.#places.length) this.#grow(slot + 1);
    const place = (this.#places[slot] as number) - 1;
    if (dueMs === Number.POSITIVE_INFINITY) {
      if (place >= 0) this.#remove(place);
      return;
    }
    if (place >= 0) {
      if (this.#dueMs[slot] === dueMs) return;
      this.#dueMs[slot] = dueMs;
      this.#settle(place);
      return;
    }
    this.#dueMs[slot] = dueMs;
    this.#put(this.#count, slot);
    this.#count += 1;
    this.#up(this.#count - 1);
  }

  #remove(place: number): void {
    const slot = this.#heap[place] as number;
    this.#places[slot] = 0;
    this.#count -= 1;
    if (place === this.#count) return;
    this.#put(place, this.#heap[this.#count] as number);
    this.#settle(place);
  }

  #settle(place: number): void {
    this.#down(this.#up(place));
  }

  #up(from: number): number {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isFirst(place, parent)) break;
      this.#swap(place, parent);
      place = parent;
    }
    return place;
  }

  #down(from: number): void {
    let place = from;
    for (;;) {
      const left = place * 2 + 1;
      if (left >= this.#count) return;
      const right = left + 1;
      const child = right < this.#count && this.#isFirst(right, left) ? right : left;
      if (!this.#isFirst(child, place)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  #isFirst(place: number, other: number): boolean {
    const a = this.#heap[place] as number;
    const b = this.#heap[other] as number;
    const aMs = this.#dueMs[a] as number;
    const bMs = this.#dueMs[b] as number;
    return aMs < bMs || (aMs === bMs && this.#before(a, b));
  }

  #swap(place: number, other: number): void {
    const slot = this.#heap[place] as number;
    this.#put(place, this.#heap[other] as number);
    this.#put(other, slot);
  }

  #put(place: number, slot: number): void {
    this.#heap[place] = slot;
    this.#places[slot] = place + 1;
  }

  #grow(needed: number): void {
    const capacity = Math.max(needed, this.#places.length * 2);
    const heap = new Int32Array(capacity);
    const dueMs = new Float64Array(capacity);
    const places = new Int32Array(capacity);
    heap.set(this.#heap);
    dueMs.set(this.#dueMs);
    places.set(this.#places);
    this.#heap = heap;
    this.#dueMs = dueMs;
    this.#places = places;
  }
}
