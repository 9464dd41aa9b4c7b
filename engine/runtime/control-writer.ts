/**
 * Writes a partition's control log: one record in flight, never more. Each record carries on the sink's state, what was
 * dispatched, and who holds the partition, so that a taker has to read only the last one.
 *
 * Invariant: `state` is what the last *committed* record says; `nextSeq` is where the next record will land, because
 * nobody else can write without this owner's next append being refused.
 */
import { encodeControlRecord, type CoveredMessage, type SinkState } from '../../schemas/envelope.ts';
import { errorOf, TwinfoldError } from '../kernel/errors.ts';
import { failpoint } from '../observability/failpoint.ts';
import type { ControlLog } from '../ports/control-log.ts';
import type { Member } from '../ports/leases.ts';
import type { ControlState } from './claim.ts';

/** Of records that fold nothing: any fold reads them. */
const FOLD_VERSION_MIN = 1;

export interface RecordToWrite {
  /** An encoded `ControlRecord` without sink, outbox and claim. */
  readonly bytes: Uint8Array;
  readonly last: CoveredMessage;
  readonly logMs: number;
  readonly committed: (recordSeq: number) => void;
}

interface SinkWish {
  readonly state: SinkState;
  readonly resolve: (recordSeq: number) => void;
  readonly reject: (error: unknown) => void;
}

export interface ControlWriterParts {
  readonly partition: number;
  readonly member: Member;
  readonly control: ControlLog;
  /** All effects of records up to this one are dispatched, given that records up to `committedSeq` are committed. */
  readonly dispatched: (committedSeq: number) => number;
  /** An append failed: nothing more will be written, and the worker's state is ahead of what is committed. */
  readonly onBroken: (error: Error) => void;
}

export class ControlWriter {
  readonly #parts: ControlWriterParts;
  #state: ControlState;
  #inFlight: Promise<void> | undefined;
  #broken: Error | undefined;
  #wishes: SinkWish[] = [];

  constructor(parts: ControlWriterParts, claimed: ControlState) {
    this.#parts = parts;
    this.#state = claimed;
  }

  get state(): ControlState {
    return this.#state;
  }

  get nextSeq(): number {
    return this.#state.recordSeq + (this.#inFlight === undefined ? 1 : 2);
  }

  get busy(): boolean {
    return this.#inFlight !== undefined;
  }

  /** Whether the sink waits for a record to carry its state. */
  get wished(): boolean {
    return this.#wishes.length > 0;
  }

  /** The sink's new state goes with the next record; resolves with that record's sequence when it is committed. */
  wish(state: SinkState): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#broken === undefined) this.#wishes.push({ state, resolve, reject });
      else reject(this.#broken);
    });
  }

  /** Waits until nothing is in flight; rejects if the last append failed. */
  async settle(): Promise<void> {
    await this.#inFlight;
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Sends the record once the one before is committed. Resolves when it is sent, not when it is committed. */
  async write(record: RecordToWrite): Promise<void> {
    await this.settle();
    const wishes = this.#wishes;
    this.#wishes = [];
    const sink = wishes.at(-1)?.state ?? this.#state.sink;
    // Whoever commits a sink state has fenced ClickHouse: nobody older is left to be killed.
    const unfenced = wishes.length > 0 ? [] : this.#state.unfenced;
    const { repair, ...state } = this.#state;
    const outboxDone = Math.max(state.outboxDone, this.#parts.dispatched(state.recordSeq));
    // Until messages beyond a repair are covered, whoever takes over must know where the log goes on.
    const carried = repair === undefined || record.last.seq !== state.last.seq ? state : { ...state, repair };
    const { last, logMs } = record;
    const next: ControlState = { ...carried, recordSeq: state.recordSeq + 1, last, logMs, sink, unfenced, outboxDone };
    const bytes = Buffer.concat([record.bytes, this.#carriedOn(next)]);
    this.#inFlight = this.#append(bytes, next)
      .then(() => {
        this.#inFlight = undefined;
        failpoint('owner.record-committed');
        record.committed(next.recordSeq);
        for (const wish of wishes) wish.resolve(next.recordSeq);
      })
      .catch((error: unknown) => {
        this.#inFlight = undefined;
        this.#break(errorOf(error), wishes);
        this.#parts.onBroken(errorOf(error));
      });
  }

  /** Writes nothing more; whoever waits for a record is told why. */
  abandon(error: Error): void {
    this.#break(error, []);
  }

  /** What the control log forgot of the sink; the next record says so again. Only when nothing is in flight. */
  mend(sink: SinkState): void {
    this.#state = { ...this.#state, sink };
  }

  /** After a new claim of the same process. */
  reclaimed(state: ControlState): void {
    this.#state = state;
  }

  #carriedOn(next: ControlState): Uint8Array {
    const { node, instance } = this.#parts.member;
    const claim = { node, instance, previousInstance: next.unfenced.join(' ') };
    return encodeControlRecord({ sink: next.sink, outboxDone: next.outboxDone, claim, repair: next.repair });
  }

  async #append(bytes: Uint8Array, next: ControlState): Promise<void> {
    failpoint('owner.record-sent');
    const { control, partition } = this.#parts;
    const seq = await control.append(partition, bytes, this.#state.recordSeq);
    if (seq !== next.recordSeq) {
      throw new TwinfoldError('fenced', `partition ${partition}: the record landed at ${seq}, not at ${next.recordSeq}`, {
        domain: 'internal',
        retryable: true,
      });
    }
    this.#state = next;
  }

  #break(error: Error, wishes: readonly SinkWish[]): void {
    this.#broken ??= error;
    for (const wish of [...wishes, ...this.#wishes]) wish.reject(this.#broken);
    this.#wishes = [];
  }
}

/** A record that covers nothing, to carry what the sink has to say. */
export function emptyRecord(state: ControlState): Uint8Array {
  return encodeControlRecord({
    epoch: state.epoch,
    foldVersion: FOLD_VERSION_MIN,
    fromSeq: state.last.seq + 1,
    toSeq: state.last.seq,
    last: state.last,
    logMsBefore: state.logMs,
    logMs: state.logMs,
  });
}
