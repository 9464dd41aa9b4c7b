/**
 * Where a partition's input log ends, and where it must end at least: what the control log covers, what an owner has read,
 * what a writer was acknowledged, and what ClickHouse has rows of. An end below any of these was lost, and the positions
 * above it have been given away; `repair.ts` moves the log on behind them.
 *
 * Writers wait for an owner's word before they append to a log that may have lost its end. The word is given when the log
 * was compared with everything that is known, ClickHouse's rows among it: where the control log lost its end too, they
 * alone tell how far positions went.
 */
import type { Repair } from '../../schemas/envelope.ts';
import type { TwinfoldError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/clock.ts';
import type { InputLogReader } from '../ports/input-log.ts';
import { checkLogEnd, lostEnd, type ControlState, type EndCheck } from './claim.ts';

/** Positions and records that are gone. `log: 'control'` means that records over these messages were made again. */
export interface LogLoss {
  readonly partition: number;
  readonly log: 'input' | 'control';
  readonly fromSeq: number;
  /** Of what is known. Writers may have been acknowledged more than was ever covered, written or asked about. */
  readonly toSeq: number;
  /** Where the input log goes on: no position in between is given away again. */
  readonly resumedSeq?: number;
}

/**
 * When a log's end is lost, more may have been acknowledged than anybody remembers: what no record covered yet, what was
 * behind ClickHouse by as much as the sink was. So positions go on this far above the highest that is known: hours of one
 * lane's batches, and nothing against the 2^53 that there are.
 */
export const UNKNOWN_MESSAGES_MAX = 1_000_000;
/** An operator looks soon; losses beyond are in the log file and in the counters. */
const LOSSES_KEPT = 8;

/** What one process knows of the partitions' ends: it outlasts the owners, which start over when anything is unclear. */
export class KnownEnds {
  readonly #onLoss: (loss: LogLoss) => void;
  readonly #highest = new Map<number, number>();
  readonly #losses = new Map<number, readonly LogLoss[]>();

  constructor(onLoss: (loss: LogLoss) => void = () => undefined) {
    this.#onLoss = onLoss;
  }

  /** A message of that sequence was in the log. */
  know(partition: number, seq: number): void {
    if (seq > this.highest(partition)) this.#highest.set(partition, seq);
  }

  /** Highest sequence that is known to have been in the log, from other sources than the control log; 0 for none. */
  highest(partition: number): number {
    return this.#highest.get(partition) ?? 0;
  }

  /** An end was lost, and that was mended. */
  lost(loss: LogLoss): void {
    this.#remember(loss);
    this.#onLoss(loss);
  }

  /** What an earlier process mended, as the control log tells it. */
  recall(partition: number, repair: Repair): void {
    const { keptSeq, resumedSeq } = repair;
    const toSeq = Math.max(keptSeq, resumedSeq - 1 - UNKNOWN_MESSAGES_MAX);
    const loss: LogLoss = { partition, log: 'input', fromSeq: keptSeq + 1, toSeq, resumedSeq };
    if (!this.losses(partition).some(({ fromSeq, log }) => log === loss.log && fromSeq === loss.fromSeq)) this.#remember(loss);
  }

  /** The latest losses, oldest first. */
  losses(partition: number): readonly LogLoss[] {
    return this.#losses.get(partition) ?? [];
  }

  #remember(loss: LogLoss): void {
    this.#losses.set(loss.partition, [...this.losses(loss.partition), loss].slice(-LOSSES_KEPT));
  }
}

/**
 * Without ClickHouse the word is given after this: a server that has much to load is up by then, and one that stays away
 * must not keep devices from writing for good.
 */
const CLICKHOUSE_PATIENCE_MS = 120_000;

export interface EndWatchParts {
  readonly partition: number;
  readonly input: InputLogReader;
  readonly ends: KnownEnds;
  readonly clock: Clock;
}

/** One owner's watch over its log's end. */
export class EndWatch {
  readonly #parts: EndWatchParts;
  readonly #sinceMs: number;
  #confirmedServer: string | undefined;
  #clickhouseAgrees = false;
  /** Highest message that this owner was given. */
  readSeq = 0;

  constructor(parts: EndWatchParts) {
    this.#parts = parts;
    this.#sinceMs = parts.clock.monotonic();
  }

  /** Does the log still end where it must, or behind it? */
  async check(state: ControlState): Promise<EndCheck> {
    const { ends, input, partition } = this.#parts;
    const highest = Math.max(this.readSeq, ends.highest(partition));
    // What a repair has written down already is its own business, even if the log was not yet moved on.
    const knownSeq = highest < (state.repair?.resumedSeq ?? 0) ? 0 : highest;
    return checkLogEnd(input, { partition, covered: state.last, knownSeq });
  }

  /** The same on another server process. Answers what was lost; then this owner is over, and the next one mends it. */
  async checkOn(serverId: string, state: ControlState): Promise<TwinfoldError | undefined> {
    const end = await this.check(state);
    if (end.state === 'intact') {
      this.#confirmedServer = serverId;
      return undefined;
    }
    return this.#over(state, end);
  }

  /** The end was looked at while this server process served the log. */
  intactOn(serverId: string): void {
    this.#confirmedServer = serverId;
  }

  /** ClickHouse was asked, and has no row that the control log doesn't know of. */
  clickhouseAgrees(): void {
    this.#clickhouseAgrees = true;
  }

  /** ClickHouse has rows of messages up to this one. Answers what was lost when the log doesn't have it any more. */
  async clickhouseHas(seq: number, state: ControlState): Promise<TwinfoldError | undefined> {
    const { ends, partition } = this.#parts;
    ends.know(partition, seq);
    const end = await this.check(state);
    return end.state === 'intact' ? undefined : this.#over(state, end);
  }

  /**
   * A writer asks whether it may append, on a server process that it names; the log acknowledged it messages up to
   * `ackedSeq`. It may when everything was compared, which it is not while there is no state yet.
   */
  async mayWrite(
    writer: { readonly serverId: string; readonly ackedSeq: number },
    state: ControlState | undefined,
  ): Promise<boolean | TwinfoldError> {
    const { clock, ends, partition } = this.#parts;
    ends.know(partition, writer.ackedSeq);
    if (state === undefined || this.#confirmedServer !== writer.serverId) return false;
    if (!this.#clickhouseAgrees && clock.monotonic() - this.#sinceMs < CLICKHOUSE_PATIENCE_MS) return false;
    if (writer.ackedSeq <= Math.max(this.readSeq, state.last.seq)) return true;
    const end = await this.check(state);
    return end.state === 'intact' ? true : this.#over(state, end);
  }

  #over(state: ControlState, end: Exclude<EndCheck, { readonly state: 'intact' }>): TwinfoldError {
    const { ends, partition } = this.#parts;
    ends.know(partition, this.readSeq);
    return lostEnd(partition, Math.max(state.last.seq, ends.highest(partition)), end);
  }
}
