/** Rows of `events` as ClickHouse answers them, in the log's order, page by page so that any number fits. */
import { textOf } from '../product/clickhouse.ts';
import type { Cell, ClickHouseReader } from '../product/clickhouse.ts';
import type { RecordedRow, RowOutcome } from './facts.ts';

/** Rows asked for at a time: some 20 MB of text. */
const PAGE_ROWS = 50_000;

const COLUMNS =
  'log_seq, batch_index, item, toString(outcome), reason, tenant, device, boot_id, device_seq, toUnixTimestamp64Milli(event_time), metrics, attrs';

export interface RowSource {
  /** `events`, or a copy of it. */
  readonly table: string;
  readonly partition: number;
  readonly fromSeq?: number;
}

/**
 * A page ends between two messages of the log: the last message of a full page is asked for again whole, so rows that are
 * there twice stay side by side.
 */
export async function* readRows(clickhouse: ClickHouseReader, source: RowSource): AsyncGenerator<RecordedRow> {
  let fromSeq = source.fromSeq ?? 0;
  let pageRows = PAGE_ROWS;
  for (;;) {
    const cells = await clickhouse.rows(
      `SELECT ${COLUMNS} FROM ${source.table} WHERE partition = ${source.partition} AND log_seq >= ${fromSeq} ORDER BY log_seq, batch_index, item LIMIT ${pageRows}`,
    );
    const rows = cells.map((row) => rowOf(source.partition, row));
    if (rows.length < pageRows) {
      yield* rows;
      return;
    }
    const lastSeq = rows.at(-1)?.seq ?? 0;
    if (lastSeq === fromSeq) {
      // One message alone fills the page: a larger page is the only way on.
      pageRows *= 2;
      continue;
    }
    for (const row of rows) if (row.seq < lastSeq) yield row;
    fromSeq = lastSeq;
    pageRows = PAGE_ROWS;
  }
}

function rowOf(partition: number, cells: readonly Cell[]): RecordedRow {
  const [seq, index, item, outcome, reason, tenant, device, boot, n, eventMs, metrics, attrs] = cells;
  return {
    partition,
    seq: Number(seq),
    index: Number(index),
    item: Number(item),
    outcome: textOf(outcome) as RowOutcome,
    reason: textOf(reason),
    tenant: textOf(tenant),
    device: textOf(device),
    boot: Number(boot),
    n: Number(n),
    eventMs: Number(eventMs),
    metrics: metrics as unknown as Readonly<Record<string, number>>,
    attrs: attrs as unknown as Readonly<Record<string, string>>,
  };
}
