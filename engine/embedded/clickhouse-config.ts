/**
 * The two configuration files of the embedded ClickHouse: the server's and its users'. Everything that keeps a small
 * machine alive is explicit here: per-query and per-user limits lie well below the server's own, because the server
 * may die of reaching that one.
 *
 * Users can't be made by SQL in the embedded form, so all of them are here:
 * - `twinfold`, the product: everything in database `twinfold`.
 * - the analyst: reads the tables and views of database `twinfold` that are made for analysts, nothing else: no
 *   housekeeping of ours, no files, no addresses, no other database.
 * - `default`, which the engine itself runs as and dictionaries read as. It can't have a password. It may have one
 *   session, and the engine holds that one from before the listener opens, so nobody can log in as it.
 */

import { ANALYST_TABLES } from '../../schemas/tables.ts';

export const DATABASE = 'twinfold';

export interface ClickHouseUser {
  readonly name: string;
  readonly passwordSha256: string;
}

export interface ClickHouseSizing {
  /** All of the server's memory. */
  readonly memoryBytesMax: number;
  readonly cpus: number;
}

const MEBIBYTE = 1024 * 1024;
/** Shares of the server's memory. All analysts together may take a third, so that inserts always find room. */
const ANALYST_QUERY_SHARE = 0.15;
const ANALYST_USER_SHARE = 0.3;
const APP_QUERY_SHARE = 0.35;
const APP_USER_SHARE = 0.6;
/** Beyond this share of a query's limit, grouping and sorting go to disk. */
const SPILL_SHARE = 0.5;
const ANALYST_QUERY_S_MAX = 60;
const ANALYST_QUERIES_AT_ONCE = 8;
const APP_QUERY_S_MAX = 600;
const QUERIES_AT_ONCE = 64;
const CACHE_SHARE = 0.05;
/** Two merge threads leave a small machine room for inserts; measured with 50k-row blocks. */
const MERGE_THREADS_MAX = 4;
const THREADS_MAX = 400;
const QUERY_LOG_DAYS = 3;
/**
 * A client that stops sending in the middle of an insert loses its connection after this; killing such a query does not
 * end it. The server reads the value from the default profile, whatever the query's own settings say.
 */
const RECEIVE_S_MAX = 5;

export function serverConfig(options: { readonly usersFile: string; readonly sizing: ClickHouseSizing }): string {
  const { memoryBytesMax, cpus } = options.sizing;
  const merges = Math.min(Math.max(cpus, 2), MERGE_THREADS_MAX);
  const cacheBytes = Math.floor(memoryBytesMax * CACHE_SHARE);
  return `<!-- Written at every start; changes are lost. -->
<clickhouse>
  <users_config>${escapeXml(options.usersFile)}</users_config>
  <logger><console>1</console><console_log_level>warning</console_log_level></logger>
  <max_server_memory_usage>${memoryBytesMax}</max_server_memory_usage>
  <mark_cache_size>${cacheBytes}</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_mark_cache_size>${Math.floor(cacheBytes / 4)}</index_mark_cache_size>
  <mmap_cache_size>64</mmap_cache_size>
  <max_concurrent_queries>${QUERIES_AT_ONCE}</max_concurrent_queries>
  <max_thread_pool_size>${THREADS_MAX}</max_thread_pool_size>
  <max_thread_pool_free_size>8</max_thread_pool_free_size>
  <background_pool_size>${merges}</background_pool_size>
  <background_merges_mutations_concurrency_ratio>2</background_merges_mutations_concurrency_ratio>
  <background_common_pool_size>2</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
  <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
  <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
  <tables_loader_foreground_pool_size>2</tables_loader_foreground_pool_size>
  <tables_loader_background_pool_size>1</tables_loader_background_pool_size>
  <merge_tree>
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
  <query_log>
    <database>system</database>
    <table>query_log</table>
    <engine>ENGINE = MergeTree PARTITION BY event_date ORDER BY (event_date, event_time) TTL event_date + INTERVAL ${QUERY_LOG_DAYS} DAY DELETE</engine>
    <flush_interval_milliseconds>7500</flush_interval_milliseconds>
    <max_size_rows>65536</max_size_rows>
    <reserved_size_rows>1024</reserved_size_rows>
    <buffer_size_rows_flush_threshold>32768</buffer_size_rows_flush_threshold>
  </query_log>
</clickhouse>
`;
}

export interface UsersOptions {
  readonly app: ClickHouseUser;
  readonly analyst: ClickHouseUser;
  readonly sizing: ClickHouseSizing;
}

export function usersConfig(options: UsersOptions): string {
  const { app, analyst, sizing } = options;
  return `<!-- Written at every start; changes are lost. -->
<clickhouse>
  <profiles>
    <default>
      <implicit_select>0</implicit_select>
      <http_receive_timeout>${RECEIVE_S_MAX}</http_receive_timeout>
    </default>
    <engine>
      <implicit_select>0</implicit_select>
      <max_sessions_for_user>1</max_sessions_for_user>
    </engine>
    <app>
      <implicit_select>0</implicit_select>
      <log_queries>1</log_queries>
      ${limits(sizing, { queryShare: APP_QUERY_SHARE, userShare: APP_USER_SHARE, seconds: APP_QUERY_S_MAX })}
    </app>
    <analyst>
      <readonly>2</readonly>
      <implicit_select>0</implicit_select>
      <asterisk_include_alias_columns>1</asterisk_include_alias_columns>
      <log_queries>1</log_queries>
      <cancel_http_readonly_queries_on_client_close>1</cancel_http_readonly_queries_on_client_close>
      <max_concurrent_queries_for_user>${ANALYST_QUERIES_AT_ONCE}</max_concurrent_queries_for_user>
      <max_result_rows>1000000</max_result_rows>
      <max_result_bytes>${256 * MEBIBYTE}</max_result_bytes>
      ${limits(sizing, { queryShare: ANALYST_QUERY_SHARE, userShare: ANALYST_USER_SHARE, seconds: ANALYST_QUERY_S_MAX })}
      <constraints>
        ${analystConstraints(sizing)}
      </constraints>
    </analyst>
  </profiles>
  <quotas><unlimited></unlimited></quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>engine</profile>
      <quota>unlimited</quota>
      ${grants(['SYSTEM LISTEN ON *.*', 'READ ON FILE', 'CREATE TEMPORARY TABLE ON *.*', `SELECT ON ${DATABASE}.*`])}
    </default>
    <${app.name}>
      <password_sha256_hex>${app.passwordSha256}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>app</profile>
      <quota>unlimited</quota>
      ${grants([
        `ALL ON ${DATABASE}.*`,
        'TABLE ENGINE ON *',
        'SELECT ON system.*',
        'SHOW ON *.*',
        'KILL QUERY ON *.*',
        'SYSTEM RELOAD DICTIONARY ON *.*',
        'SYSTEM FLUSH LOGS ON *.*',
        'CREATE TEMPORARY TABLE ON *.*',
      ])}
    </${app.name}>
    <${analyst.name}>
      <password_sha256_hex>${analyst.passwordSha256}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>analyst</profile>
      <quota>unlimited</quota>
      <default_database>${DATABASE}</default_database>
      ${grants(ANALYST_TABLES.map((table) => `SELECT ON ${DATABASE}.${table}`))}
    </${analyst.name}>
  </users>
</clickhouse>
`;
}

interface Limits {
  readonly queryShare: number;
  readonly userShare: number;
  readonly seconds: number;
}

function limits(sizing: ClickHouseSizing, of: Limits): string {
  const queryBytes = Math.floor(sizing.memoryBytesMax * of.queryShare);
  const spillBytes = Math.floor(queryBytes * SPILL_SHARE);
  return `<max_memory_usage>${queryBytes}</max_memory_usage>
      <max_memory_usage_for_user>${Math.floor(sizing.memoryBytesMax * of.userShare)}</max_memory_usage_for_user>
      <max_execution_time>${of.seconds}</max_execution_time>
      <max_threads>${sizing.cpus}</max_threads>
      <max_bytes_before_external_group_by>${spillBytes}</max_bytes_before_external_group_by>
      <max_bytes_before_external_sort>${spillBytes}</max_bytes_before_external_sort>`;
}

/** `readonly=2` lets a query change its settings; these it may lower but not raise. */
function analystConstraints(sizing: ClickHouseSizing): string {
  const queryBytes = Math.floor(sizing.memoryBytesMax * ANALYST_QUERY_SHARE);
  const fixed = [
    'readonly',
    'max_memory_usage_for_user',
    'max_concurrent_queries_for_user',
    'cancel_http_readonly_queries_on_client_close',
    'log_queries',
  ];
  const capped: readonly (readonly [string, number])[] = [
    ['max_memory_usage', queryBytes],
    ['max_execution_time', ANALYST_QUERY_S_MAX],
    ['max_threads', sizing.cpus],
  ];
  return [
    ...fixed.map((name) => `<${name}><readonly/></${name}>`),
    // 0 means "no limit" for these, so a floor is as necessary as a ceiling.
    ...capped.map(([name, max]) => `<${name}><min>1</min><max>${max}</max></${name}>`),
  ].join('\n        ');
}

function grants(of: readonly string[]): string {
  return `<grants>${of.map((grant) => `<query>GRANT ${grant}</query>`).join('')}</grants>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
