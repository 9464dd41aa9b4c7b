/** What the sink asks of ClickHouse. */

export interface FenceClaim {
  readonly partition: number;
  readonly epoch: number;
}

export interface SinkRange {
  readonly partition: number;
  readonly fromLogSeq: number;
  readonly toLogSeq: number;
}

export interface SinkCount {
  readonly rows: number;
  readonly digest: bigint;
}

export type SinkTable = 'events' | 'decisions';

export interface AnalyticsSink {
  /**
   * Raises the partitions' epochs where ClickHouse checks them, and waits until every insert that began before, of any
   * process, has ended; those of the named instances are killed when they don't end soon. When it resolves, no row of an
   * older epoch of these partitions can appear any more.
   */
  fence(claims: readonly FenceClaim[], instances: readonly string[]): Promise<void>;
  /**
   * One INSERT, one block. Rejects with `sink-fenced` when a row's epoch is stale (nothing was written), with
   * `sink-unknown` when it may or may not have been written, now or later, and with `sink-unavailable` when it certainly
   * was not and will not be.
   */
  insert(table: SinkTable, block: readonly Uint8Array[], queryId: string): Promise<void>;
  /** Rows of a range of the log that are there, of any epoch. */
  count(table: SinkTable, range: SinkRange): Promise<SinkCount>;
  /** Highest log sequence of a partition's events that is above the given one, 0 for none. */
  maxLogSeq(partition: number, above: number): Promise<number>;
}
