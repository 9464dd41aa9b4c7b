/**
 * An intake in memory, for tests and measurements of the MQTT edge alone: it keeps what was offered, gives every partition a
 * bounded lane, and settles when it is told to or by a tick.
 */
import type { EventDraft, Intake, IntakeFailure, Receipt } from '../../../ingest/message.ts';

export interface Offered {
  readonly partition: number;
  readonly seq: number;
  readonly index: number;
  readonly prefix: Uint8Array;
  readonly payload: string;
}

interface Waiting {
  readonly receipt: Receipt;
  readonly tag: number;
  readonly seq: number;
  readonly index: number;
}

export interface MemoryIntakeOptions {
  readonly partitions: number;
  /** Events that a lane holds before it pushes back. */
  readonly laneEventsMax: number;
  /** Whether offered events are kept for inspection. */
  readonly keeps: boolean;
}

export class MemoryIntake implements Intake {
  readonly partitions: number;
  readonly events: Offered[] = [];
  readonly #options: MemoryIntakeOptions;
  readonly #lanes: Waiting[][];
  readonly #seqs: number[];
  readonly #whenRoom: (() => void)[][];
  offered = 0;
  refused = 0;

  constructor(options: Partial<MemoryIntakeOptions> = {}) {
    this.#options = { partitions: 4, laneEventsMax: 10_000, keeps: true, ...options };
    this.partitions = this.#options.partitions;
    this.#lanes = Array.from({ length: this.partitions }, () => []);
    this.#seqs = Array.from({ length: this.partitions }, () => 1);
    this.#whenRoom = Array.from({ length: this.partitions }, () => []);
  }

  get waiting(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.length, 0);
  }

  hasRoom(partition: number): boolean {
    return (this.#lanes[partition]?.length ?? 0) < this.#options.laneEventsMax;
  }

  offer(draft: EventDraft, receipt: Receipt, tag: number): boolean {
    const lane = this.#lanes[draft.partition];
    if (lane === undefined || lane.length >= this.#options.laneEventsMax) {
      this.refused++;
      return false;
    }
    const seq = this.#seqs[draft.partition] ?? 1;
    const index = lane.length;
    lane.push({ receipt, tag, seq, index });
    this.offered++;
    if (this.#options.keeps) {
      const payload = Buffer.from(draft.payload.subarray(draft.start, draft.end)).toString('latin1');
      this.events.push({ partition: draft.partition, seq, index, prefix: Uint8Array.from(draft.prefix), payload });
    }
    return true;
  }

  whenRoom(partition: number, callback: () => void): void {
    this.#whenRoom[partition]?.push(callback);
  }

  /** All that a partition's lane holds is stored. */
  store(partition: number): void {
    for (const { receipt, tag, seq, index } of this.#take(partition)) receipt.stored(tag, seq, index);
    this.#giveRoom(partition);
  }

  storeAll(): void {
    for (let partition = 0; partition < this.partitions; partition++) this.store(partition);
  }

  /** All that a partition's lane holds is refused. */
  fail(partition: number, failure: IntakeFailure): void {
    for (const { receipt, tag } of this.#take(partition)) receipt.failed(tag, failure);
    this.#giveRoom(partition);
  }

  failAll(failure: IntakeFailure): void {
    for (let partition = 0; partition < this.partitions; partition++) this.fail(partition, failure);
  }

  #take(partition: number): Waiting[] {
    const taken = this.#lanes[partition] ?? [];
    this.#lanes[partition] = [];
    this.#seqs[partition] = (this.#seqs[partition] ?? 0) + 1;
    return taken;
  }

  #giveRoom(partition: number): void {
    const callbacks = this.#whenRoom[partition] ?? [];
    this.#whenRoom[partition] = [];
    for (const callback of callbacks) callback();
  }
}
