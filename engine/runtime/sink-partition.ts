/** Between the sink and the owners of partitions: what each asks of the other. */
import type { SinkState } from '../domain/sink-state.ts';
import type { TwinfoldError } from '../kernel/errors.ts';
import type { ReleasedRows } from './sink-buffer.ts';

/** What the sink needs of a partition's owner. */
export interface SinkPartition {
  readonly partition: number;
  epoch(): number;
  /** Writes the state with the next control record, at once when idle; resolves when that is committed, else rejects. */
  commitSink(state: SinkState): Promise<number>;
  /** Claims anew; resolves with the new epoch, rejects when another process owns the partition. */
  reclaim(): Promise<number>;
  /** The rows of committed records, built again. May stop early, at the end of a log day or when it holds enough bytes. */
  rebuild(range: { readonly fromRecordSeq: number; readonly toRecordSeq: number; readonly bytesMax?: number }): Promise<RebuiltRows>;
  /** ClickHouse was asked, and has no row that the control log doesn't know of. */
  agreed(): void;
  /** Something is wrong that an operator must see; the partition must not go on. */
  stop(reason: TwinfoldError): void;
}

export interface RebuiltRows extends ReleasedRows {
  /** The first record that isn't in it. */
  readonly nextRecordSeq: number;
}

export interface SinkReleased extends ReleasedRows {
  readonly recordSeq: number;
}

export interface SinkAttachment {
  /** What the control log says. */
  readonly sink: SinkState;
  readonly lastRecordSeq: number;
  readonly lastLogSeq: number;
  /** Processes that may still have inserts under way. */
  readonly previousInstances: readonly string[];
}

export interface SinkStatus {
  /** Last control record, and last message of the input log, whose rows are all in ClickHouse. */
  readonly hwm: number;
  readonly hwmLogSeq: number;
  /** Age of the oldest rows that are not; 0 when there are none. */
  readonly lagMs: number;
  readonly bufferedBytes: number;
  readonly state: string;
}
