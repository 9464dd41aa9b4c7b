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
/** Of one slot: packet id (with more, below), state, sequence and index. In one array: a message touches one or two cache lines. */
const STRIDE = 4;
const STATE = 1;
const SEQ = 2;
const INDEX = 3;
/** Beside a packet's id stand whether it is of QoS 2, and the partition that its position names, plus one. */
const ID_MASK = 0xffff;
const QOS_2 = 0x10000;
const PARTITION_UNIT = 0x20000;

/** Many connections never have a message to acknowledge. */
const NO_SLOTS = new Float64Array(0);

export class AckRing {
  #slots = NO_SLOTS;
  #mask = -1;
  #head = 0;
  #tail = 0;
  readonly #most: number;

  /** Holds up to `most` messages. */
  constructor(most: number = CLIENT_INFLIGHT_MAX) {
    this.#most = Math.min(most, CLIENT_INFLIGHT_MAX);
  }

  get size(): number {
    return this.#tail - this.#head;
  }

  get isFull(): boolean {
    return this.#tail - this.#head >= this.#most;
  }

  /** Whether the oldest message is settled. */
  get isReady(): boolean {
    return this.#head < this.#tail && this.headState !== PENDING;
  }

  get headTag(): number {
    return this.#head;
  }
  get headId(): number {
    return this.#headWord() & ID_MASK;
  }
  get headIsQos2(): boolean {
    return (this.#headWord() & QOS_2) !== 0;
  }
  /** -1: its position isn't told. */
  get headPartition(): number {
    return Math.floor(this.#headWord() / PARTITION_UNIT) - 1;
  }
  get headState(): number {
    return this.#slots[this.#at(this.#head) + STATE] ?? PENDING;
  }
  get headSeq(): number {
    return this.#slots[this.#at(this.#head) + SEQ] ?? 0;
  }
  get headIndex(): number {
    return this.#slots[this.#at(this.#head) + INDEX] ?? 0;
  }

  has(packetId: number): boolean {
    for (let tag = this.#head; tag < this.#tail; tag++) {
      if (((this.#slots[this.#at(tag)] ?? 0) & ID_MASK) === packetId) return true;
    }
    return false;
  }

  /** A pending message at the end; the tag names it for `settle`. The caller has looked at `isFull`. */
  push(packetId: number, partition: number, isQos2: boolean): number {
    if (this.#tail - this.#head > this.#mask) this.#grow();
    const tag = this.#tail++;
    const at = this.#at(tag);
    this.#slots[at] = packetId + (isQos2 ? QOS_2 : 0) + (partition + 1) * PARTITION_UNIT;
    this.#slots[at + STATE] = PENDING;
    return tag;
  }

  /** Takes the last `push` back. */
  unpush(): void {
    this.#tail--;
  }

  settle(tag: number, state: number): void {
    this.#slots[this.#at(tag) + STATE] = state;
  }

  settleStored(tag: number, seq: number, index: number): void {
    const at = this.#at(tag);
    this.#slots[at + STATE] = STORED;
    this.#slots[at + SEQ] = seq;
    this.#slots[at + INDEX] = index;
  }

  /** Lets go of the oldest. */
  shift(): void {
    this.#head++;
  }

  #headWord(): number {
    return this.#slots[this.#at(this.#head)] ?? 0;
  }

  #at(tag: number): number {
    return (tag & this.#mask) * STRIDE;
  }

  #grow(): void {
    const slots = new Float64Array(Math.max(SLOTS_MIN * STRIDE, this.#slots.length * 2));
    const mask = slots.length / STRIDE - 1;
    for (let tag = this.#head; tag < this.#tail; tag++) {
      const from = this.#at(tag);
      slots.set(this.#slots.subarray(from, from + STRIDE), (tag & mask) * STRIDE);
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}
