/** What the API reads from the analytics store. */
import type { ClickHouseClient } from '@clickhouse/client';
import { ERASED_TABLE, ERASURES_TABLE } from '../../schemas/tables.ts';
import { formatPosition, type Position } from '../kernel/position.ts';
import { connect, rows, type ClickHouseTarget } from './client.ts';

export type Row = Readonly<Record<string, unknown>>;

/** An answer that takes longer is as good as none to whoever waits for it. */
const READ_S_MAX = 10;
/** A position has one row, or one an item of a batch payload. */
const ROWS_MAX = 1_000;

export class ClickHouseReader {
  readonly #client: ClickHouseClient;
  readonly #database: string;

  constructor(target: ClickHouseTarget) {
    this.#client = connect(target);
    this.#database = target.database;
  }

  /** The rows of one event, by item, 64-bit integers as text; undefined when ClickHouse doesn't answer. */
  async eventByPosition(position: Position): Promise<readonly Row[] | undefined> {
    return this.#read(async () =>
      rows<Row>(
        this.#client,
        `SELECT *, position FROM ${this.#database}.events WHERE position = {position:String} ORDER BY item LIMIT ${ROWS_MAX}`,
        {
          params: { position: formatPosition(position) },
          // One row is looked for: the index decides, whatever the size of the table, and more threads would only start.
          settings: { max_execution_time: READ_S_MAX, max_threads: 1, min_table_rows_to_use_projection_index: '0' },
        },
      ),
    );
  }

  /** Whether the event had a row that was erased; undefined when ClickHouse doesn't answer. */
  async isErased({ index, partition, seq }: Position): Promise<boolean | undefined> {
    const found = await this.#read(async () =>
      rows<{ n: string }>(
        this.#client,
        `SELECT count() AS n FROM ${this.#database}.${ERASED_TABLE}
         WHERE of = 'events' AND partition = {partition:UInt16} AND log_seq = {seq:UInt64} AND batch_index = {index:UInt32}`,
        { params: { partition, seq, index }, settings: { max_execution_time: READ_S_MAX, max_threads: 1 } },
      ),
    );
    return found === undefined ? undefined : Number(found[0]?.n ?? 0) > 0;
  }

  /** When the erasure that this event asked for was finished; undefined while it isn't. */
  async erasureDoneMs(partition: number, seq: number): Promise<number | undefined> {
    const found = await this.#read(async () =>
      rows<{ ms: string }>(
        this.#client,
        `SELECT toUnixTimestamp64Milli(min(done)) AS ms FROM ${this.#database}.${ERASURES_TABLE}
         WHERE partition = {partition:UInt16} AND log_seq = {seq:UInt64} HAVING count() > 0`,
        { params: { partition, seq }, settings: { max_execution_time: READ_S_MAX, max_threads: 1 } },
      ),
    );
    const ms = found?.[0]?.ms;
    return ms === undefined ? undefined : Number(ms);
  }

  async ping(): Promise<boolean> {
    const answer = await this.#read(async () => this.#client.ping());
    return answer?.success === true;
  }

  /** Undefined when ClickHouse doesn't answer. */
  async serverVersion(): Promise<string | undefined> {
    const found = await this.#read(async () => rows<{ version: string }>(this.#client, 'SELECT version() AS version'));
    return found?.[0]?.version;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #read<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch {
      return undefined;
    }
  }
}
