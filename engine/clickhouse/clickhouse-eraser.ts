/**
 * Erasure in ClickHouse: positions of a device's rows are copied into a table of positions, then the rows are deleted by
 * a mutation, which writes their parts anew without them. A mutation runs on in the server, whatever becomes of us; it is
 * asked for again only when none is under way and rows are still there.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import type { AnalyticsEraser, ErasedDevice } from '../ports/analytics-eraser.ts';
import type { SinkTable } from '../ports/analytics-sink.ts';
import { ERASED_TABLE, ERASURES_TABLE } from '../../schemas/tables.ts';
import { rows, run } from './client.ts';
import { callFailure } from './failures.ts';

const TABLES: readonly SinkTable[] = ['events', 'decisions'];
/** The event that says that a device was erased names it, and stays: it is the proof. */
const OF_DEVICE = `tenant = {tenant:String} AND device = {device:String} AND partition = {partition:UInt16} AND log_seq <= {through:UInt64} AND kind != 'erased'`;

export class ClickHouseEraser implements AnalyticsEraser {
  readonly #client: ClickHouseClient;
  readonly #database: string;

  constructor(client: ClickHouseClient, database: string) {
    this.#client = client;
    this.#database = database;
  }

  async erase(device: ErasedDevice): Promise<boolean> {
    let isDone = true;
    for (const table of TABLES) if (!(await this.#call(async () => this.#eraseFrom(table, device)))) isDone = false;
    return isDone;
  }

  async finish(erasure: Parameters<AnalyticsEraser['finish']>[0]): Promise<void> {
    await this.#call(async () =>
      run(
        this.#client,
        `INSERT INTO ${this.#database}.${ERASURES_TABLE} (partition, log_seq, batch_index, tenant, device, done)
         SELECT {partition:UInt16}, {seq:UInt64}, {index:UInt32}, {tenant:String}, {device:String}, now64(3, 'UTC')`,
        { params: { ...erasure }, settings: { async_insert: 0 } },
      ),
    );
  }

  async finished(partition: number): Promise<ReadonlySet<number>> {
    const found = await this.#call(async () =>
      rows<{ seq: string }>(
        this.#client,
        `SELECT log_seq AS seq FROM ${this.#database}.${ERASURES_TABLE} WHERE partition = {partition:UInt16}`,
        { params: { partition } },
      ),
    );
    return new Set(found.map(({ seq }) => Number(seq)));
  }

  async #eraseFrom(table: SinkTable, of: ErasedDevice): Promise<boolean> {
    const { throughLogSeq: through, ...named } = of;
    const params = { ...named, through };
    const where = { params, settings: { select_sequential_consistency: '1' } } as const;
    const name = `${this.#database}.${table}`;
    const [running] = await rows<{ n: string }>(
      this.#client,
      'SELECT count() AS n FROM system.mutations WHERE database = {database:String} AND table = {table:String} AND NOT is_done',
      { params: { database: this.#database, table } },
    );
    if (Number(running?.n ?? 0) > 0) return false;
    const [left] = await rows<{ n: string }>(this.#client, `SELECT count() AS n FROM ${name} WHERE ${OF_DEVICE}`, where);
    if (Number(left?.n ?? 0) === 0) return true;
    const outcome = table === 'events' ? 'toInt8(outcome)' : '0';
    // Before the rows go; what is copied twice counts once.
    await run(
      this.#client,
      `INSERT INTO ${this.#database}.${ERASED_TABLE} (of, partition, log_seq, batch_index, item, outcome, log_time)
       SELECT '${table}', partition, log_seq, batch_index, item, ${outcome}, log_time FROM ${name} WHERE ${OF_DEVICE}`,
      { params, settings: { async_insert: 0, max_partitions_per_insert_block: '0' } },
    );
    await run(this.#client, `ALTER TABLE ${name} DELETE WHERE ${OF_DEVICE}`, { params, settings: { mutations_sync: '0' } });
    return false;
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw callFailure(error);
    }
  }
}
