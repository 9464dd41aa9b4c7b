/**
 * The configuration file of the embedded ClickHouse's server. Everything that keeps a small machine alive is explicit
 * here; what its users may take lies well below, because the server may die of reaching its own limits.
 */

export const DATABASE = 'twinfold';

export interface ClickHouseSizing {
  /** All of the server's memory. */
  readonly memoryBytesMax: number;
  readonly cpus: number;
}

const QUERIES_AT_ONCE = 64;
const CACHE_SHARE = 0.05;
/** Two merge threads leave a small machine room for inserts; measured with 50k-row blocks. */
const MERGE_THREADS_MAX = 4;
const THREADS_MAX = 400;
const QUERY_LOG_DAYS = 3;

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

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
