/** The reference implementation of the analytics store: a fence, two tables, and inserts that are whole or nothing. */
import { RowWalker } from '../../schemas/row-binary.ts';
import { assert } from '../kernel/assert.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import type { AnalyticsSink, FenceClaim, SinkCount, SinkRange, SinkTable } from '../ports/analytics-sink.ts';
import { DECISION_COLUMNS, EVENT_COLUMNS, type Column } from '../../schemas/tables.ts';

const COLUMNS: Readonly<Record<SinkTable, readonly Column[]>> = { events: EVENT_COLUMNS, decisions: DECISION_COLUMNS };
const MODULUS = 1n << 64n;

/** What the sink and its tests look at of a row. */
export interface MemoryRow {
  readonly partition: number;
  readonly logSeq: number;
  readonly batchIndex: number;
  readonly item: number;
  readonly outcome: number;
  readonly epoch: number;
}

export class MemoryAnalyticsSink implements AnalyticsSink {
  readonly #epochs = new Map<number, number>();
  readonly #rows: Record<SinkTable, MemoryRow[]> = { events: [], decisions: [] };

  async fence(claims: readonly FenceClaim[], _instances: readonly string[]): Promise<void> {
    for (const { partition, epoch } of claims) this.#epochs.set(partition, Math.max(epoch, this.#epochs.get(partition) ?? 0));
  }

  async insert(table: SinkTable, block: readonly Uint8Array[], _queryId: string): Promise<void> {
    const rows = readRows(table, block);
    const stale = rows.find((row) => row.epoch < (this.#epochs.get(row.partition) ?? 0));
    if (stale !== undefined) {
      throw new TwinfoldError('sink-fenced', `epoch ${stale.epoch} of partition ${stale.partition} is over`, {
        domain: 'external',
        retryable: true,
      });
    }
    this.#rows[table].push(...rows);
  }

  async count(table: SinkTable, range: SinkRange): Promise<SinkCount> {
    const rows = this.#rows[table].filter(
      (row) => row.partition === range.partition && row.logSeq >= range.fromLogSeq && row.logSeq <= range.toLogSeq,
    );
    return { rows: rows.length, digest: rows.reduce((sum, row) => (sum + digestOf(row)) % MODULUS, 0n) };
  }

  async maxLogSeq(partition: number, above: number): Promise<number> {
    return this.#rows.events.reduce((max, row) => (row.partition === partition && row.logSeq > above ? Math.max(max, row.logSeq) : max), 0);
  }

  /** What is there, in the order of its arrival. */
  rows(table: SinkTable): readonly MemoryRow[] {
    return this.#rows[table];
  }
}

function digestOf(row: MemoryRow): bigint {
  return BigInt(row.logSeq) * 1_000_003n + BigInt(row.batchIndex) * 1_009n + BigInt(row.item) * 31n + BigInt(row.outcome);
}

function readRows(table: SinkTable, block: readonly Uint8Array[]): readonly MemoryRow[] {
  const columns = COLUMNS[table];
  const [partition, logSeq, batchIndex, item, epoch] = ['partition', 'log_seq', 'batch_index', 'item', '_epoch'].map((name) =>
    columns.findIndex((column) => column.name === name),
  );
  const outcome = columns.findIndex((column) => column.name === 'outcome');
  assert(
    partition !== undefined && logSeq !== undefined && batchIndex !== undefined && item !== undefined && epoch !== undefined,
    'the key columns',
  );
  const rows: MemoryRow[] = [];
  const walker = new RowWalker(Buffer.concat(block), columns);
  while (walker.next()) {
    const number = (column: number): number => Number(walker.number(column));
    rows.push({
      partition: number(partition),
      logSeq: number(logSeq),
      batchIndex: number(batchIndex),
      item: number(item),
      outcome: outcome < 0 ? 0 : number(outcome),
      epoch: number(epoch),
    });
  }
  return rows;
}
