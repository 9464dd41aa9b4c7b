/**
 * The messages of one connection that are not acknowledged yet, in the order of their PUBLISH. The log may settle them in
 * any order across partitions; acknowledgements leave in this one, so an acknowledged message means that all before it
 * are settled too.
 */
import { CLIENT_INFLIGHT_MAX } from '../../engine/kernel/limits.ts';

/** States beside the reason codes, which stand for themselves; both numbers mean nothing as a reason of PUBACK. */
export const PENDING = 0;
export const STORED = 1;

/** A power of two, so that a tag finds its slot by its low bits. Most devices have one message in flight. */
const SLOTS_MIN = 4;

export class AckRing {
  #ids = new Uint16Array(SLOTS_MIN);
  #states = new Uint8Array(SLOTS_MIN);
  #seqs = new Float64Array(SLOTS_MIN);
  #indexes = new Uint32Array(SLOTS_MIN);
  #mask = SLOTS_MIN - 1;
  #head = 0;
  #tail = 0;

  get size(): number {
    return this.#tail - this.#head;
  }

  get isFull(): boolean {
    return this.#tail - this.#head >= CLIENT_INFLIGHT_MAX;
  }

  /** Whether the oldest message is settled. */
  get isReady(): boolean {
    return this.#head < this.#tail && this.#states[this.#head & this.#mask] !== PENDING;
  }

  get headTag(): number {
    return this.#head;
  }
  get headId(): number {
    return this.#ids[this.#head & this.#mask] ?? 0;
  }
  get headState(): number {
    return this.#states[this.#head & this.#mask] ?? PENDING;
  }
  get headSeq(): number {
    return this.#seqs[this.#head & this.#mask] ?? 0;
  }
  get headIndex(): number {
    return this.#indexes[this.#head & this.#mask] ?? 0;
  }

  has(packetId: number): boolean {
    for (let at = this.#head; at < this.#tail; at++) {
      if (this.#ids[at & this.#mask] === packetId) return true;
    }
    return false;
  }

  /** A pending message at the end; the tag names it for `settle`. The caller has looked at `isFull`. */
  push(packetId: number): number {
    if (this.#tail - this.#head > this.#mask) this.#grow();
    const tag = this.#tail++;
    const slot = tag & this.#mask;
    this.#ids[slot] = packetId;
    this.#states[slot] = PENDING;
    return tag;
  }

  /** Takes the last `push` back. */
  unpush(): void {
    this.#tail--;
  }

  settle(tag: number, state: number): void {
    this.#states[tag & this.#mask] = state;
  }

  settleStored(tag: number, seq: number, index: number): void {
    const slot = tag & this.#mask;
    this.#states[slot] = STORED;
    this.#seqs[slot] = seq;
    this.#indexes[slot] = index;
  }

  /** Lets go of the oldest. */
  shift(): void {
    this.#head++;
  }

  #grow(): void {
    const slots = (this.#mask + 1) * 2;
    const mask = slots - 1;
    const ids = new Uint16Array(slots);
    const states = new Uint8Array(slots);
    const seqs = new Float64Array(slots);
    const indexes = new Uint32Array(slots);
    for (let at = this.#head; at < this.#tail; at++) {
      const from = at & this.#mask;
      const to = at & mask;
      ids[to] = this.#ids[from] ?? 0;
      states[to] = this.#states[from] ?? PENDING;
      seqs[to] = this.#seqs[from] ?? 0;
      indexes[to] = this.#indexes[from] ?? 0;
    }
    this.#ids = ids;
    this.#states = states;
    this.#seqs = seqs;
    this.#indexes = indexes;
    this.#mask = mask;
  }
}
