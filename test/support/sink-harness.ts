/** A partition's log and control log in memory with owners that may be replaced, and a store whose inserts fail on demand. */
import { TwinfoldError } from '../../engine/kernel/errors.ts';
import { INITIAL_SINK_STATE, type SinkState } from '../../engine/domain/sink-state.ts';
import type { MemoryAnalyticsSink } from '../../engine/memory/memory-analytics-sink.ts';
import type { AnalyticsSink, FenceClaim, SinkCount, SinkRange, SinkTable } from '../../engine/ports/analytics-sink.ts';
import type { Sink } from '../../engine/runtime/sink.ts';
import type { RebuiltRows, SinkPartition, SinkStatus } from '../../engine/runtime/sink-partition.ts';
import type { SinkLimits } from '../../engine/runtime/sink-limits.ts';
import { decisionRow, rowBlock, type RowFacts } from './sink-rows.ts';

/** Everything at once, so that tests needn't wait. */
export const QUICK: Partial<SinkLimits> = { flushMs: 1, closeMs: 2, departMs: 5, retryMsMin: 1, retryMsMax: 4, tickMs: 1 };

interface TestRecord {
  readonly epoch: number;
  readonly sink: SinkState;
  readonly rows: readonly RowFacts[];
  readonly decisions: readonly RowFacts[];
  readonly fromLogSeq: number;
  readonly toLogSeq: number;
}

export class TestLog {
  readonly partition: number;
  readonly records: TestRecord[] = [];
  logSeq = 0;
  instance = '';
  rebuilds = 0;

  constructor(partition: number) {
    this.partition = partition;
  }

  get last(): TestRecord | undefined {
    return this.records.at(-1);
  }

  /** What the records say should be in ClickHouse. */
  expected(): readonly string[] {
    return this.records.flatMap((record) => record.rows.map((row) => keyOf(row))).toSorted();
  }
}

export function keyOf(row: { readonly partition: number; readonly logSeq: number; readonly batchIndex?: number }): string {
  return `${row.partition}.${row.logSeq}.${row.batchIndex ?? 0}`;
}

/** Owns a partition until somebody else claims it. Commits take a turn of the event loop. */
export class TestOwner implements SinkPartition {
  readonly partition: number;
  stopped: TwinfoldError | undefined;
  /** How often the sink said that ClickHouse knows no more than the control log. */
  agreements = 0;
  /** While set, control records wait. */
  hold: Promise<void> | undefined;
  readonly #log: TestLog;
  readonly #sink: Sink;
  readonly #instance: string;
  #epoch = 0;
  #known = 0;

  constructor(log: TestLog, sink: Sink, instance: string) {
    this.partition = log.partition;
    this.#log = log;
    this.#sink = sink;
    this.#instance = instance;
  }

  claim(): void {
    const before = this.#log.last;
    const previous = this.#log.instance;
    this.#epoch = this.#append(
      { epoch: 0, sink: before?.sink ?? INITIAL_SINK_STATE, rows: [], decisions: [], fromLogSeq: 1, toLogSeq: 0 },
      this.#log.records.length,
    );
    this.#log.instance = this.#instance;
    this.#sink.attach(this, {
      sink: before?.sink ?? INITIAL_SINK_STATE,
      lastRecordSeq: this.#epoch,
      lastLogSeq: this.#log.logSeq,
      previousInstances: previous === '' ? [] : [previous],
    });
  }

  /** Folds a micro-batch: one record, one message of the log, so many events; released unless the test forgets to. */
  fold(events: number, options: { readonly decisions?: number; readonly release?: false; readonly logDay?: number } = {}): void {
    if (this.#known !== this.#log.records.length)
      throw new TwinfoldError('fenced', 'not the owner', { domain: 'internal', retryable: true });
    const logSeq = ++this.#log.logSeq;
    const rows = Array.from({ length: events }, (_, batchIndex) => ({ partition: this.partition, logSeq, batchIndex, epoch: this.#epoch }));
    const decisions = rows.slice(0, options.decisions ?? 0);
    const sink = this.#log.last?.sink ?? INITIAL_SINK_STATE;
    const recordSeq = this.#append({ epoch: this.#epoch, sink, rows, decisions, fromLogSeq: logSeq, toLogSeq: logSeq }, this.#known);
    if (options.release === false) return;
    this.#sink.released(this.partition, {
      recordSeq,
      fromLogSeq: logSeq,
      toLogSeq: logSeq,
      logDay: options.logDay ?? 0,
      events: rowBlock(rows),
      decisions: rowBlock(decisions, decisionRow),
    });
  }

  epoch(): number {
    return this.#epoch;
  }

  async commitSink(sink: SinkState): Promise<number> {
    await (this.hold ?? turn());
    return this.#append({ epoch: this.#epoch, sink, rows: [], decisions: [], fromLogSeq: 1, toLogSeq: 0 }, this.#known);
  }

  async reclaim(): Promise<number> {
    await turn();
    const sink = this.#log.last?.sink ?? INITIAL_SINK_STATE;
    this.#epoch = this.#append({ epoch: 0, sink, rows: [], decisions: [], fromLogSeq: 1, toLogSeq: 0 }, this.#known);
    return this.#epoch;
  }

  async rebuild(range: { readonly fromRecordSeq: number; readonly toRecordSeq: number; readonly bytesMax?: number }): Promise<RebuiltRows> {
    await turn();
    this.#log.rebuilds++;
    // With a bound it stops early, as an owner does, so that the rest has to be asked for.
    const end = range.bytesMax === undefined ? range.toRecordSeq : Math.min(range.toRecordSeq, range.fromRecordSeq + 1);
    const records = this.#log.records.slice(range.fromRecordSeq - 1, end).filter((record) => record.toLogSeq >= record.fromLogSeq);
    const stamped = (rows: readonly RowFacts[]): readonly RowFacts[] => rows.map((row) => ({ ...row, epoch: this.#epoch }));
    return {
      events: rowBlock(stamped(records.flatMap((record) => record.rows))),
      decisions: rowBlock(stamped(records.flatMap((record) => record.decisions)), decisionRow),
      fromLogSeq: records[0]?.fromLogSeq ?? 1,
      toLogSeq: records.at(-1)?.toLogSeq ?? 0,
      nextRecordSeq: end + 1,
      logDay: 0,
    };
  }

  agreed(): void {
    this.agreements++;
  }

  stop(reason: TwinfoldError): void {
    this.stopped = reason;
  }

  status(): SinkStatus {
    return this.#sink.status(this.partition);
  }

  #append(record: TestRecord, expected: number): number {
    if (this.#log.records.length !== expected) throw new TwinfoldError('fenced', 'not the owner', { domain: 'internal', retryable: true });
    this.#known = this.#log.records.push(record);
    return this.#known;
  }
}

/** How an insert goes wrong. `late`: it is unknown now and arrives later, if the fence lets it. */
export type InsertFault = 'unavailable' | 'lost' | 'answer-lost' | 'late' | 'stale';

/** Long enough for the sink to have claimed, fenced, asked and sent again before a late insert arrives. */
const LATE_TURNS = 25;

export class FaultyAnalytics implements AnalyticsSink {
  readonly #inner: MemoryAnalyticsSink;
  /** Faults of the next inserts, in order; afterwards all is well. */
  readonly faults: (InsertFault | undefined)[] = [];
  away = false;
  readonly queries: string[] = [];
  readonly #late: Promise<void>[] = [];

  constructor(inner: MemoryAnalyticsSink) {
    this.#inner = inner;
  }

  async fence(claims: readonly FenceClaim[], instances: readonly string[]): Promise<void> {
    await this.#reach();
    await this.#inner.fence(claims, instances);
  }

  async insert(table: SinkTable, block: readonly Uint8Array[], queryId: string): Promise<void> {
    await this.#reach();
    this.queries.push(`${queryId} ${table}`);
    const fault = this.faults.shift();
    if (fault === 'unavailable') throw failure('sink-unavailable');
    if (fault === 'stale') throw failure('sink-fenced');
    if (fault === 'lost') throw failure('sink-unknown');
    if (fault === 'late') {
      this.#late.push(
        turn(LATE_TURNS)
          .then(async () => this.#inner.insert(table, block, queryId))
          .catch(() => undefined),
      );
      throw failure('sink-unknown');
    }
    await this.#inner.insert(table, block, queryId);
    if (fault === 'answer-lost') throw failure('sink-unknown');
  }

  async count(table: SinkTable, range: SinkRange): Promise<SinkCount> {
    await this.#reach();
    return this.#inner.count(table, range);
  }

  async maxLogSeq(partition: number, above: number): Promise<number> {
    await this.#reach();
    return this.#inner.maxLogSeq(partition, above);
  }

  /** When nothing that was sent can arrive any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#late);
  }

  async #reach(): Promise<void> {
    await turn();
    if (this.away) throw failure('sink-unavailable');
  }
}

function failure(code: 'sink-unavailable' | 'sink-unknown' | 'sink-fenced'): TwinfoldError {
  return new TwinfoldError(code, `${code}, as the test wants it`, { domain: 'external', retryable: true });
}

export async function turn(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await new Promise((resolve) => setTimeout(resolve, 1));
}
