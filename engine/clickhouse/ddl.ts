/**
 * The tables, views and the fence, as statements made from the column lists in schemas/tables.ts. Table settings were
 * chosen by what an event costs the server, merges included.
 */
import { ANALYST_LOGINS_TABLE, DECISION_COLUMNS, ERASED_TABLE, ERASURES_TABLE, EVENT_COLUMNS, type Column } from '../../schemas/tables.ts';
import type { SinkTable } from '../ports/analytics-sink.ts';

export const COLUMNS: Readonly<Record<SinkTable, readonly Column[]>> = { events: EVENT_COLUMNS, decisions: DECISION_COLUMNS };

/** Where epochs are raised, and the dictionary through which every insert is compared with them. */
export const FENCE_TABLE = 'sink_fence';
export const FENCE_DICTIONARY = 'sink_epochs';

export interface SchemaOptions {
  readonly database: string;
  /** Rows older than this are dropped, a log day at a time. */
  readonly retentionDays: number;
  /** Whether an insert is acknowledged only when its files are on the disk. */
  readonly fsync: boolean;
  /** A login for the fence's dictionary to read its table with, where the server doesn't trust itself. */
  readonly dictionaryLogin?: { readonly user: string; readonly password: string };
}

/** How an analyst names an event. Text, because it is copied from acknowledgements; made only when asked for. */
const POSITION = "concatWithSeparator('.', partition, log_seq, batch_index)";

/** As `quotaDecisionBody` writes them. */
const QUOTA_WINDOWS = 'Array(Tuple(measure String, window String, granted UInt64, used UInt64, allowed UInt64))';

const SORTED: Readonly<Record<SinkTable, string>> = {
  events: 'tenant, device, log_time',
  decisions: 'tenant, device, log_time, log_seq, batch_index',
};

/**
 * What an insert writes stays in one file for all columns, so a block costs (and syncs) a handful of files instead of
 * sixty; what merges write is by column as soon as it is large, which is what reads and further merges want. Merging at
 * least so many parts at a time writes each row about half as often, for some more parts to read.
 */
const PART_SETTINGS = {
  min_level_for_wide_part: '1',
  min_bytes_for_wide_part: '67108864',
  merge_selector_base: '16',
  min_parts_to_merge_at_once: '10',
  // Whole days go at once; nothing is rewritten to forget rows.
  ttl_only_drop_parts: '1',
  // Blocks are never told apart by their content: intents are what keeps them from being doubled.
  non_replicated_deduplication_window: '0',
} as const;

/** What may change after a table was made. */
export function tableSettings(options: SchemaOptions): Readonly<Record<string, string>> {
  const sync = options.fsync ? '1' : '0';
  return { ...PART_SETTINGS, fsync_after_insert: sync, fsync_part_directory: sync };
}

export function retention(options: SchemaOptions): string {
  return `toDateTime(log_time) + toIntervalDay(${options.retentionDays})`;
}

/** Statements that make what isn't there, in order. Running them again changes nothing. */
export function createStatements(options: SchemaOptions): readonly string[] {
  const { database } = options;
  return [
    `CREATE DATABASE IF NOT EXISTS ${database}`,
    `CREATE TABLE IF NOT EXISTS ${database}.${FENCE_TABLE} (partition UInt16, epoch SimpleAggregateFunction(max, UInt64))
     ENGINE = AggregatingMergeTree ORDER BY partition ${settingsClause(tableSettings({ ...options }), ['fsync_after_insert', 'fsync_part_directory'])}`,
    `CREATE DICTIONARY IF NOT EXISTS ${database}.${FENCE_DICTIONARY} (partition UInt64, epoch UInt64) PRIMARY KEY partition
     SOURCE(CLICKHOUSE(${login(options)}QUERY 'SELECT toUInt64(partition) AS partition, max(epoch) AS epoch FROM ${database}.${FENCE_TABLE} GROUP BY partition'))
     LAYOUT(FLAT()) LIFETIME(0)`,
    analystLoginsStatement(options),
    ...erasureStatements(options),
    createTable('events', options, [
      `position String ALIAS ${POSITION}`,
      // Finds an event by its position; 0.2 µs an event at insert and 4 bytes on disk.
      `PROJECTION by_position (SELECT _part_offset ORDER BY ${POSITION})`,
      // One entry a part, in effect: parts that can't hold a range of the log are not read.
      'INDEX log_range log_seq TYPE minmax GRANULARITY 1024',
    ]),
    createTable('decisions', options, [`position String ALIAS ${POSITION}`, 'INDEX log_range log_seq TYPE minmax GRANULARITY 1024']),
  ];
}

/** An entry gives a login the rows of a tenant; it's taken away by deleting it. The filters of `clickhouse-users.ts` read it. */
export function analystLoginsStatement({ database, fsync }: Pick<SchemaOptions, 'database' | 'fsync'>): string {
  const sync = fsync ? 1 : 0;
  return `CREATE TABLE IF NOT EXISTS ${database}.${ANALYST_LOGINS_TABLE} (login String, tenant String, created DateTime64(3, 'UTC'))
     ENGINE = MergeTree ORDER BY login SETTINGS fsync_after_insert = ${sync}, fsync_part_directory = ${sync}`;
}

/** Nothing of a device is in the first but where its rows stood; the second says which erasures are done. */
function erasureStatements({ database, fsync, ...options }: SchemaOptions): readonly string[] {
  const settings = `SETTINGS fsync_after_insert = ${fsync ? 1 : 0}, fsync_part_directory = ${fsync ? 1 : 0}`;
  return [
    `CREATE TABLE IF NOT EXISTS ${database}.${ERASED_TABLE} (of LowCardinality(String), partition UInt16, log_seq UInt64 CODEC(Delta, ZSTD),
       batch_index UInt32, item UInt16, outcome Int8, log_time DateTime64(3, 'UTC') CODEC(Delta, ZSTD))
     ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(log_time) ORDER BY (of, partition, log_seq, batch_index, item)
     TTL ${retention({ database, fsync, ...options })} ${settings}`,
    `CREATE TABLE IF NOT EXISTS ${database}.${ERASURES_TABLE} (partition UInt16, log_seq UInt64, batch_index UInt32, tenant String, device String,
       done DateTime64(3, 'UTC')) ENGINE = ReplacingMergeTree ORDER BY (partition, log_seq, batch_index) ${settings}`,
  ];
}

/** Views are made anew at every start, so they always fit the program. */
export function viewStatements({ database }: SchemaOptions): readonly string[] {
  return [
    `CREATE OR REPLACE VIEW ${database}.telemetry AS
     SELECT tenant, device, event_time, metric, value, ${POSITION} AS position
     FROM ${database}.events ARRAY JOIN mapKeys(metrics) AS metric, mapValues(metrics) AS value
     WHERE outcome = 'accepted' AND kind = 'telemetry'`,
    `CREATE OR REPLACE VIEW ${database}.twin_changes AS
     SELECT tenant, device, log_time, section, document, path, old, new, version, actor, ${POSITION} AS position, ${POSITION} AS cause
     FROM ${database}.decisions WHERE kind = 'lifecycle'`,
    `CREATE OR REPLACE VIEW ${database}.presence AS
     SELECT tenant, device, log_time, fromUnixTimestamp64Milli(JSONExtractInt(body, 'ms'), 'UTC') AS time, state, path AS client_id,
       version AS connection, JSONExtractUInt(body, 'reason') AS reason, JSONExtractString(body, 'why') AS why,
       JSONExtractString(body, 'edge') AS edge, JSONExtractString(body, 'via') AS via, JSONExtractString(body, 'address') AS address,
       JSONExtractString(body, 'gateway') AS gateway, JSONExtractUInt(body, 'keepAliveS') AS keep_alive_s,
       JSONExtractUInt(body, 'sessionExpiryS') AS session_expiry_s, if(state = 'will', new, '') AS will_topic,
       ${POSITION} AS position, if(JSONHas(body, 'cause'), JSONExtractString(body, 'cause'), ${POSITION}) AS cause
     FROM ${database}.decisions WHERE kind = 'presence'`,
    `CREATE OR REPLACE VIEW ${database}.quota_decisions AS
     SELECT tenant, section AS scope, log_time, JSONExtractString(body, 'edge') AS edge, w.1 AS measure, w.2 AS window,
       w.3 AS granted, w.4 AS used, w.5 AS allowed, JSONExtractUInt(body, 'refused') AS refused,
       ${POSITION} AS position, ${POSITION} AS cause
     FROM ${database}.decisions ARRAY JOIN JSONExtract(body, 'windows', '${QUOTA_WINDOWS}') AS w
     WHERE kind = 'quota'`,
  ];
}

/** The column list of an INSERT; rows are encoded in this order. */
export function insertStatement(database: string, table: SinkTable): string {
  return `INSERT INTO ${database}.${table} (${COLUMNS[table].map((column) => quoted(column.name)).join(', ')}) FORMAT RowBinary`;
}

export function columnDefinition(column: Column): string {
  return `${quoted(column.name)} ${column.type}${column.codec === undefined ? '' : ` CODEC(${column.codec})`}`;
}

function createTable(table: SinkTable, options: SchemaOptions, more: readonly string[]): string {
  const fence = `CONSTRAINT fence CHECK _epoch >= dictGet('${options.database}.${FENCE_DICTIONARY}', 'epoch', toUInt64(partition))`;
  const parts = [...COLUMNS[table].map(columnDefinition), ...more, fence];
  // By log time, so that a block, whose rows are of one log day, makes one part: what is all there or not at all.
  return `CREATE TABLE IF NOT EXISTS ${options.database}.${table} (${parts.join(',\n')})
    ENGINE = MergeTree PARTITION BY toYYYYMMDD(log_time) ORDER BY (${SORTED[table]})
    TTL ${retention(options)} ${settingsClause(tableSettings(options))}`;
}

function settingsClause(settings: Readonly<Record<string, string>>, only?: readonly string[]): string {
  const chosen = Object.entries(settings).filter(([name]) => only === undefined || only.includes(name));
  return `SETTINGS ${chosen.map(([name, value]) => `${name} = ${value}`).join(', ')}`;
}

function login({ dictionaryLogin }: SchemaOptions): string {
  if (dictionaryLogin === undefined) return '';
  return `USER ${literal(dictionaryLogin.user)} PASSWORD ${literal(dictionaryLogin.password)} `;
}

function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export function quoted(name: string): string {
  return `\`${name}\``;
}
