/** The analytics store as the sink sees it, over ClickHouse's HTTP interface. */
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { AnalyticsSink, FenceClaim, SinkCount, SinkRange, SinkTable } from '../ports/analytics-sink.ts';
import { ClickHouseEraser } from './clickhouse-eraser.ts';
import { rows, send } from './client.ts';
import { ERASED_TABLE } from '../../schemas/tables.ts';
import { insertStatement, type SchemaOptions } from './ddl.ts';
import { callFailure, insertFailure } from './failures.ts';
import { raiseFence } from './fence.ts';
import { migrate } from './migrate.ts';

/** More than any block holds, so that a block is never split: one INSERT, one part, all there or nothing. */
const BLOCK_ROWS_MAX = 16_777_216;
const BLOCK_BYTES_MAX = 4_294_967_296;
/** The server's own limit of an insert. How long it waits for a client that stops sending is set in its default profile. */
const INSERT_S_MAX = 40;

/**
 * On a cluster `insert_quorum` would be `auto` and the table the shard's local one, never a Distributed one; counts would
 * be read with `select_sequential_consistency`. On a single server they do nothing.
 */
const INSERT_SETTINGS: ClickHouseSettings = {
  async_insert: 0,
  wait_end_of_query: 1,
  insert_deduplicate: 0,
  deduplicate_blocks_in_dependent_materialized_views: 0,
  max_insert_block_size: `${BLOCK_ROWS_MAX}`,
  min_insert_block_size_rows: `${BLOCK_ROWS_MAX}`,
  min_insert_block_size_bytes: `${BLOCK_BYTES_MAX}`,
  max_insert_threads: '1',
  input_format_parallel_parsing: 0,
  // A block of two log days would be two parts; it is refused instead.
  max_partitions_per_insert_block: '1',
  throw_on_max_partitions_per_insert_block: 1,
  max_execution_time: INSERT_S_MAX,
};

const READ_SETTINGS: ClickHouseSettings = { select_sequential_consistency: '1' };

/** As `TableIntent.digest`: arithmetic of UInt64 wraps, and so does its sum. Decisions have no outcome. */
const DIGEST: Readonly<Record<SinkTable, string>> = {
  events: 'sum(log_seq * 1000003 + toUInt64(batch_index) * 1009 + toUInt64(item) * 31 + toUInt64(outcome))',
  decisions: 'sum(log_seq * 1000003 + toUInt64(batch_index) * 1009 + toUInt64(item) * 31)',
};

const IN_RANGE = 'partition = {partition:UInt16} AND log_seq BETWEEN {from:UInt64} AND {to:UInt64}';

export class ClickHouseSink implements AnalyticsSink {
  /** Over the same connections. */
  readonly eraser: ClickHouseEraser;
  readonly #client: ClickHouseClient;
  readonly #schema: SchemaOptions;
  #migrated: Promise<void> | undefined;

  constructor(client: ClickHouseClient, schema: SchemaOptions) {
    this.#client = client;
    this.#schema = schema;
    this.eraser = new ClickHouseEraser(client, schema.database);
  }

  /** Nothing is written before a fence, so this is where the tables are made, when ClickHouse first answers. */
  async fence(claims: readonly FenceClaim[], instances: readonly string[]): Promise<void> {
    await this.#tables();
    await this.#call(async () => raiseFence(this.#client, claims, { database: this.#schema.database, instances }));
  }

  async insert(table: SinkTable, block: readonly Uint8Array[], queryId: string): Promise<void> {
    try {
      await send(this.#client, insertStatement(this.#schema.database, table), { block, queryId, settings: INSERT_SETTINGS });
    } catch (error) {
      throw insertFailure(error);
    }
  }

  /** Rows that were erased count as if they were there, until they are. */
  async count(table: SinkTable, range: SinkRange): Promise<SinkCount> {
    const name = `${this.#schema.database}.${table}`;
    const [found] = await this.#rows<{ n: string; digest: string }>(
      `SELECT count() AS n, ${DIGEST[table]} AS digest FROM (
         SELECT log_seq, batch_index, item, ${table === 'events' ? 'toInt8(outcome)' : 'toInt8(0)'} AS outcome FROM ${name} WHERE ${IN_RANGE}
         UNION ALL
         SELECT log_seq, batch_index, item, outcome FROM ${this.#schema.database}.${ERASED_TABLE} FINAL
         WHERE of = '${table}' AND ${IN_RANGE} AND (log_seq, batch_index, item) NOT IN (SELECT log_seq, batch_index, item FROM ${name} WHERE ${IN_RANGE}))`,
      { partition: range.partition, from: range.fromLogSeq, to: range.toLogSeq },
    );
    return { rows: Number(found?.n ?? 0), digest: BigInt(found?.digest ?? 0) };
  }

  async maxLogSeq(partition: number, above: number): Promise<number> {
    const [found] = await this.#rows<{ highest: string }>(
      `SELECT greatest(
         (SELECT max(log_seq) FROM ${this.#schema.database}.events WHERE partition = {partition:UInt16} AND log_seq > {above:UInt64}),
         (SELECT max(log_seq) FROM ${this.#schema.database}.${ERASED_TABLE} WHERE of = 'events' AND partition = {partition:UInt16} AND log_seq > {above:UInt64})
       ) AS highest`,
      { partition, above },
    );
    return Number(found?.highest ?? 0);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #tables(): Promise<void> {
    this.#migrated ??= this.#call(async () => migrate(this.#client, this.#schema));
    try {
      await this.#migrated;
    } catch (error) {
      this.#migrated = undefined;
      throw error;
    }
  }

  async #rows<T>(query: string, params: Readonly<Record<string, unknown>>): Promise<readonly T[]> {
    return this.#call(async () => rows<T>(this.#client, query, { params, settings: READ_SETTINGS }));
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw callFailure(error);
    }
  }
}
