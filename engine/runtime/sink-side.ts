/**
 * An owner as the sink sees it: its rows and its control log. What the sink asks for that takes an append of its own (a
 * new claim) waits here until the owner comes by between two micro-batches.
 */
import type { SinkState } from '../domain/sink-state.ts';
import type { TwinfoldError } from '../kernel/errors.ts';
import { claimPartition } from './claim.ts';
import type { ControlWriter } from './control-writer.ts';
import type { OwnerParts } from './owner-parts.ts';
import { rebuildRows } from './rebuild.ts';
import type { RebuiltRows, SinkPartition } from './sink-partition.ts';

/** What the sink's wishes do to the owner. */
export interface SinkSideOwner {
  /** Something waits to be written. */
  wake(): void;
  breakOff(error: TwinfoldError): void;
  clickhouseAgrees(): void;
}

interface Reclaim {
  readonly resolve: (epoch: number) => void;
  readonly reject: (error: unknown) => void;
}

export class SinkSide implements SinkPartition {
  readonly partition: number;
  readonly #parts: OwnerParts;
  readonly #writer: ControlWriter;
  readonly #owner: SinkSideOwner;
  #reclaims: Reclaim[] = [];
  #ended: TwinfoldError | undefined;

  constructor(parts: OwnerParts, writer: ControlWriter, owner: SinkSideOwner) {
    this.partition = parts.partition;
    this.#parts = parts;
    this.#writer = writer;
    this.#owner = owner;
  }

  /** Hands the partition's rows to the sink, from where the control log stands. */
  attach(previousInstances: readonly string[]): void {
    const { sink, recordSeq, last } = this.#writer.state;
    const lastLogSeq = Math.max(last.seq, sink.hwmLogSeq);
    this.#parts.sink.attach(this, { sink, lastRecordSeq: recordSeq, lastLogSeq, previousInstances });
  }

  epoch(): number {
    return this.#writer.state.epoch;
  }

  async commitSink(state: SinkState): Promise<number> {
    const committed = this.#writer.wish(state);
    this.#owner.wake();
    return committed;
  }

  async reclaim(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#ended === undefined) this.#reclaims.push({ resolve, reject });
      else reject(this.#ended);
      this.#owner.wake();
    });
  }

  async rebuild(range: { readonly fromRecordSeq: number; readonly toRecordSeq: number; readonly bytesMax?: number }): Promise<RebuiltRows> {
    const { epoch, sink } = this.#writer.state;
    return rebuildRows(this.#parts, { ...range, epoch, rowsFromSeq: sink.hwmLogSeq + 1 });
  }

  agreed(): void {
    this.#owner.clickhouseAgrees();
  }

  stop(error: TwinfoldError): void {
    // To be fenced is ordinary; the rest an operator must see.
    if (error.code !== 'fenced') this.#parts.log.error('partition-stopped', { partition: this.partition, error: error.message });
    this.#owner.breakOff(error);
  }

  get reclaimIsDue(): boolean {
    return this.#reclaims.length > 0;
  }

  /** Claims anew for all who asked for it; rejects when another process owns the partition. */
  async reclaimNow(): Promise<void> {
    const reclaims = this.#reclaims;
    this.#reclaims = [];
    try {
      await this.#writer.settle();
      const claimed = await claimPartition(this.#parts, this.#writer.state.recordSeq);
      this.#writer.reclaimed(claimed);
      for (const { resolve } of reclaims) resolve(claimed.epoch);
    } catch (error) {
      for (const { reject } of reclaims) reject(error);
      throw error;
    }
  }

  /** The owner is over: whoever waits is told so. */
  end(reason: TwinfoldError): void {
    this.#ended = reason;
    this.#parts.sink.detach(this.partition);
    for (const { reject } of this.#reclaims) reject(reason);
    this.#reclaims = [];
  }
}
