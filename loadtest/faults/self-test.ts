/**
 * The checker's own test on real data: rows are copied into a table beside `events`, one bug is planted, and the checker
 * must find it. Runs on a part of the fleet, so that it stays quick after a long run.
 */
import { Checker } from '../checker/check.ts';
import type { LoggedEvent, RecordedRow, TwinLeaves } from '../checker/facts.ts';
import { Obligations } from '../checker/obligations.ts';
import { FOUND_AS, plant, PLANTED } from '../checker/planted.ts';
import type { Planted, ReadFacts } from '../checker/planted.ts';
import { boundsOf, inputStreamOf, partitionsOf, readEvents } from '../checker/read-log.ts';
import { readRows } from '../checker/read-rows.ts';
import { readTwins } from '../checker/read-twins.ts';
import type { CheckAccess } from '../checker/run.ts';
import type { Report } from '../checker/report.ts';
import { readHistory, readHistoryHead } from '../simulator/history.ts';

/** Devices whose events are looked at; with every way in among them. */
const EVERY_NTH_DEVICE = 9;
const COPY = 'faults_planted';

export interface SelfTest {
  readonly bug: Planted | 'none';
  readonly caught: boolean;
}

interface Sample {
  readonly obligations: Obligations;
  readonly partitions: readonly { readonly partition: number; readonly firstSeq: number; readonly events: readonly LoggedEvent[] }[];
  readonly twins: ReadonlyMap<string, TwinLeaves | undefined>;
}

/** Answers for each planted bug whether it was caught; the first entry says whether the sample is clean without one. */
export async function selfTest(access: CheckAccess, historyPath: string): Promise<readonly SelfTest[]> {
  const sample = await readSample(access, historyPath);
  const results: SelfTest[] = [];
  await copyRows(access, sample);
  const rows: RecordedRow[] = [];
  for (const { partition } of sample.partitions)
    for await (const row of readRows(access.clickhouse, { table: COPY, partition })) rows.push(row);
  const clean = await verdictOf(access, sample, { bug: 'none', rows });
  results.push({ bug: 'none', caught: clean.violations() === 0 });
  for (const bug of PLANTED) {
    const report = await verdictOf(access, sample, { bug, rows });
    results.push({ bug, caught: report.findings[FOUND_AS[bug]] > clean.findings[FOUND_AS[bug]] });
  }
  await access.clickhouse.run(`DROP TABLE IF EXISTS ${COPY}`);
  return results;
}

async function readSample(access: CheckAccess, historyPath: string): Promise<Sample> {
  const head = readHistoryHead(historyPath);
  const chosen = new Set(head.devices.flatMap((name, number) => (number % EVERY_NTH_DEVICE === 0 ? [name] : [])));
  const numbers = new Set(head.devices.flatMap((name, number) => (chosen.has(name) ? [number] : [])));
  const obligations = new Obligations(head, filtered(readHistory(historyPath), numbers));
  const partitions = [];
  const count = await partitionsOf(access.nats);
  for (let partition = 0; partition < count; partition++) {
    const { firstSeq } = await boundsOf(access.nats, inputStreamOf(partition));
    const events: LoggedEvent[] = [];
    for await (const event of readEvents(access.nats, partition))
      if (event.tenant === head.tenant && chosen.has(event.device)) events.push(event);
    partitions.push({ partition, firstSeq, events });
  }
  return { obligations, partitions, twins: await readTwins(access.api, [...chosen]) };
}

function* filtered<T extends { readonly device: number }>(entries: Iterable<T>, numbers: ReadonlySet<number>): Generator<T> {
  for (const entry of entries) if (numbers.has(entry.device)) yield entry;
}

async function copyRows(access: CheckAccess, sample: Sample): Promise<void> {
  const { head } = sample.obligations;
  const names = [...sample.twins.keys()].map((name) => `'${name}'`).join(',');
  await access.clickhouse.run(`DROP TABLE IF EXISTS ${COPY}`);
  await access.clickhouse.run(
    `CREATE TABLE ${COPY} ENGINE = MergeTree ORDER BY (partition, log_seq, batch_index, item) AS
       SELECT * FROM events WHERE tenant = '${head.tenant}' AND device IN (${names})`,
  );
}

/** Bugs in rows are planted in ClickHouse itself, the others in what was read of log and twins. */
async function verdictOf(
  access: CheckAccess,
  sample: Sample,
  { bug, rows }: { readonly bug: Planted | 'none'; readonly rows: readonly RecordedRow[] },
): Promise<Report> {
  const events = sample.partitions.flatMap((partition) => partition.events);
  const facts: ReadFacts = { events, rows, twins: sample.twins };
  const { tenant } = sample.obligations.head;
  const spoilt = bug === 'none' ? facts : plant(bug, facts, { tenant, pick: 0.5 });
  const back = bug === 'none' ? spoilt.rows : await throughClickHouse(access, facts.rows, spoilt.rows);
  const checker = new Checker(sample.obligations);
  for (const { firstSeq, partition } of sample.partitions) {
    await checker.partition({
      partition,
      firstSeq,
      events: spoilt.events.filter((event) => event.partition === partition),
      control: [],
      rows: back.filter((row) => row.partition === partition),
    });
  }
  for (const [device, leaves] of spoilt.twins) if (leaves !== undefined) checker.twin(device, leaves);
  return checker.finish();
}

/** Makes the copy in ClickHouse differ as the spoilt rows do, reads it back, and mends it. */
async function throughClickHouse(
  access: CheckAccess,
  whole: readonly RecordedRow[],
  spoilt: readonly RecordedRow[],
): Promise<readonly RecordedRow[]> {
  const before = new Set(whole);
  const counts = new Map<RecordedRow, number>();
  for (const row of spoilt) counts.set(row, (counts.get(row) ?? 0) + 1);
  const gone = whole.filter((row) => !counts.has(row));
  const added = [...counts].flatMap(([row, count]) => (before.has(row) ? Array.from({ length: count - 1 }, () => row) : [row]));
  if (gone.length === 0 && added.length === 0) return whole;
  const scratch = `${COPY}_spoilt`;
  await access.clickhouse.run(`DROP TABLE IF EXISTS ${scratch}`);
  const dropped = gone.map((row) => `(partition = ${row.partition} AND log_seq = ${row.seq} AND batch_index = ${row.index})`).join(' OR ');
  await access.clickhouse.run(
    `CREATE TABLE ${scratch} ENGINE = MergeTree ORDER BY (partition, log_seq, batch_index, item) AS SELECT * FROM ${COPY} ${dropped === '' ? '' : `WHERE NOT (${dropped})`}`,
  );
  for (const row of added) {
    const metrics = Object.entries(row.metrics).flatMap(([name, value]) => [`'${name}'`, String(value)]);
    await access.clickhouse.run(
      `INSERT INTO ${scratch} SELECT * REPLACE (${row.seq} AS log_seq, ${row.index} AS batch_index, ${row.n} AS device_seq, CAST(map(${metrics.join(',')}), 'Map(LowCardinality(String), Float64)') AS metrics)
         FROM ${COPY} WHERE device = '${row.device}' AND outcome = 'accepted' AND (device_seq = ${row.n} OR ${row.n} >= 1000000) LIMIT 1`,
    );
  }
  const back: RecordedRow[] = [];
  for (const partition of new Set(whole.map((row) => row.partition))) {
    for await (const row of readRows(access.clickhouse, { table: scratch, partition })) back.push(row);
  }
  await access.clickhouse.run(`DROP TABLE ${scratch}`);
  return back;
}
