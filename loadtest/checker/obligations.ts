/**
 * What a run's history obliges the product to: every acknowledged event of every device, in compact form, so that
 * millions fit. Devices are numbered as in the history.
 */
import { FAIL, INFO, INVOKE, OK } from '../simulator/history.ts';
import type { AckedAt, HistoryEntry, HistoryHead } from '../simulator/history.ts';

/** A set of small integers that grows. */
export class NumberSet {
  #words = new Uint32Array(64);
  #size = 0;

  /** False when it was there already. */
  add(value: number): boolean {
    const word = value >>> 5;
    if (word >= this.#words.length) {
      const larger = new Uint32Array(Math.max(this.#words.length * 2, word + 1));
      larger.set(this.#words);
      this.#words = larger;
    }
    const before = this.#words[word] ?? 0;
    const after = before | (1 << (value & 31));
    if (after >>> 0 === before) return false;
    this.#words[word] = after;
    this.#size += 1;
    return true;
  }

  has(value: number): boolean {
    return ((this.#words[value >>> 5] ?? 0) & (1 << (value & 31))) !== 0;
  }

  get size(): number {
    return this.#size;
  }

  *values(): Generator<number> {
    for (const [word, bits] of this.#words.entries()) {
      if (bits === 0) continue;
      for (let bit = 0; bit < 32; bit++) if ((bits & (1 << bit)) !== 0) yield word * 32 + bit;
    }
  }
}

export interface DeviceObligations {
  readonly attempted: NumberSet;
  readonly acked: NumberSet;
  /** Definitely refused at least once: sent again later, so it may stand behind younger ones. */
  readonly refused: NumberSet;
  /** Unknown at least once. */
  readonly unknown: NumberSet;
}

export interface PlacedAck {
  readonly device: number;
  readonly n: number;
  readonly at: AckedAt;
}

export class Obligations {
  readonly head: HistoryHead;
  readonly devices: readonly DeviceObligations[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #placed = new Map<number, PlacedAck[]>();
  acked = 0;

  constructor(head: HistoryHead, history: Iterable<HistoryEntry>) {
    this.head = head;
    this.#numbers = new Map(head.devices.map((name, number) => [name, number]));
    this.devices = head.devices.map(() => ({
      attempted: new NumberSet(),
      acked: new NumberSet(),
      refused: new NumberSet(),
      unknown: new NumberSet(),
    }));
    for (const entry of history) this.#take(entry);
    for (const acks of this.#placed.values()) acks.sort((a, b) => a.at.seq - b.at.seq || a.at.index - b.at.index);
  }

  numberOf(device: string): number | undefined {
    return this.#numbers.get(device);
  }

  /** Acknowledgements that named a position in this partition, in the log's order. */
  placedIn(partition: number): readonly PlacedAck[] {
    return this.#placed.get(partition) ?? [];
  }

  #take(entry: HistoryEntry): void {
    const device = this.devices[entry.device];
    if (device === undefined) throw new RangeError(`history names device ${entry.device} of ${this.devices.length}`);
    switch (entry.step) {
      case INVOKE:
        device.attempted.add(entry.n);
        break;
      case OK:
        if (device.acked.add(entry.n)) this.acked += 1;
        if (entry.at.seq > 0) this.#place({ device: entry.device, n: entry.n, at: entry.at });
        break;
      case FAIL:
        device.refused.add(entry.n);
        break;
      case INFO:
        device.unknown.add(entry.n);
        break;
    }
  }

  #place(ack: PlacedAck): void {
    const acks = this.#placed.get(ack.at.partition);
    if (acks === undefined) this.#placed.set(ack.at.partition, [ack]);
    else acks.push(ack);
  }
}
