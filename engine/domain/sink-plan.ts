/**
 * The sink planner's vocabulary: what one process knows of the sink of its partitions (`SinkPlan`), what it is told
 * (`SinkInput`) and what it has done (`SinkAction`). Plain records only, so that a state can be written down, compared
 * and searched.
 */
import type { Intent, SinkState, SinkTableName, TableIntent } from './sink-state.ts';

/**
 * Where a partition stands between its claim and its next block.
 *
 * unfenced → fencing → unasked → asking → (open intent: unbuilt → rebuilding → resend → sent) → armed
 * armed → due → committing → intended → sent → armed
 * sent, and the outcome isn't known → unsure → reclaiming → unfenced
 * asking or rebuilding, and something is wrong → due → committing → failed
 */
export type SinkPhase =
  | 'unfenced'
  | 'fencing'
  | 'unasked'
  | 'asking'
  | 'unbuilt'
  | 'rebuilding'
  | 'resend'
  | 'armed'
  | 'due'
  | 'committing'
  | 'intended'
  | 'sent'
  | 'unsure'
  | 'reclaiming'
  | 'lost'
  | 'failed';

export type SinkFailure = 'count-differs' | 'rows-differ' | 'lost-end';

export interface PartitionPlan {
  readonly partition: number;
  /** Sequence of the claim record under which this process owns the partition. */
  readonly epoch: number;
  readonly phase: SinkPhase;
  readonly hwm: number;
  readonly hwmLogSeq: number;
  /** The high-water mark moved since it was last written to the control log. */
  readonly unwritten: boolean;
  readonly intent: Intent | undefined;
  /** Tables that still lack the open intent's rows. */
  readonly missing: readonly SinkTableName[];
  /** Days since the epoch of the log time of the open intent's rows; -1 where it isn't known, in a resend. */
  readonly logDay: number;
  /** Processes that may have inserts with rows of this partition under way. */
  readonly suspects: readonly string[];
  readonly failure: SinkFailure | undefined;
  /** What ClickHouse answered to the last question about its end. */
  readonly maxLogSeq: number;
}

export interface BlockPart {
  readonly partition: number;
  readonly epoch: number;
}

/** The one block that a process has under way. */
export interface BlockPlan {
  readonly parts: readonly BlockPart[];
  /** Tables not yet written, in order. */
  readonly tables: readonly SinkTableName[];
  readonly sent: boolean;
}

export interface SinkPlan {
  /** Names this process's inserts. */
  readonly instance: string;
  /** Ascending by partition. */
  readonly partitions: readonly PartitionPlan[];
  readonly block: BlockPlan | undefined;
  /** ClickHouse or the log couldn't be reached: nothing is asked of them before `retry`. */
  readonly waiting: boolean;
  /** The next block leaves without the partitions whose intents are still on their way. */
  readonly departing: boolean;
}

/** Rows in hand that an intent could be made of: those of the control records [from, to], of one log day. */
export interface SinkBatch {
  readonly partition: number;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  readonly tables: readonly TableIntent[];
  readonly fromLogSeq: number;
  readonly toLogSeq: number;
  readonly logDay: number;
}

export interface TableCount {
  readonly table: SinkTableName;
  readonly rows: number;
  readonly digest: bigint;
}

export type SinkInput =
  /** This process claimed a partition; `sink` is what the control log says. */
  | {
      readonly kind: 'attached';
      readonly partition: number;
      readonly epoch: number;
      readonly sink: SinkState;
      readonly previousInstances: readonly string[];
    }
  | { readonly kind: 'detached'; readonly partition: number }
  /** It is time for a block. */
  | { readonly kind: 'flush'; readonly batches: readonly SinkBatch[] }
  /** Waiting for slow control logs is over. */
  | { readonly kind: 'depart' }
  /** It is time for moved high-water marks of these partitions to be written, even without new rows. */
  | { readonly kind: 'close'; readonly partitions: readonly number[] }
  | { readonly kind: 'retry' }
  | { readonly kind: 'committed'; readonly partition: number; readonly epoch: number }
  /** Another process owns the partition, or its control log can't be relied on. */
  | { readonly kind: 'commit-refused'; readonly partition: number; readonly epoch: number }
  | { readonly kind: 'fenced'; readonly claims: readonly BlockPart[] }
  | { readonly kind: 'fence-failed'; readonly claims: readonly BlockPart[] }
  | {
      readonly kind: 'asked';
      readonly partition: number;
      readonly epoch: number;
      readonly maxLogSeq: number;
      readonly counts: readonly TableCount[];
    }
  | { readonly kind: 'ask-failed'; readonly partition: number; readonly epoch: number }
  | { readonly kind: 'rebuilt'; readonly partition: number; readonly epoch: number; readonly tables: readonly TableIntent[] }
  | { readonly kind: 'rebuild-failed'; readonly partition: number; readonly epoch: number }
  | { readonly kind: 'inserted' }
  /** `unavailable`: certainly not written, now or later. `stale`: refused by the fence. `unknown`: anything may be. */
  | { readonly kind: 'insert-failed'; readonly why: 'unavailable' | 'stale' | 'unknown' }
  | { readonly kind: 'reclaimed'; readonly partition: number; readonly epoch: number; readonly newEpoch: number }
  | { readonly kind: 'reclaim-refused'; readonly partition: number; readonly epoch: number };

export type SinkAction =
  /** Append this to the partition's control log, with its next record. */
  | { readonly kind: 'commit'; readonly partition: number; readonly epoch: number; readonly sink: SinkState }
  | { readonly kind: 'fence'; readonly claims: readonly BlockPart[]; readonly instances: readonly string[] }
  | { readonly kind: 'ask'; readonly partition: number; readonly epoch: number; readonly intent: Intent | undefined }
  /** Build the rows of control records [from, to] again; they must be what `tables` says. */
  | { readonly kind: 'rebuild'; readonly partition: number; readonly epoch: number; readonly from: number; readonly to: number }
  /** One INSERT with the rows of the open intents of these partitions. */
  | {
      readonly kind: 'insert';
      readonly table: SinkTableName;
      readonly tables: readonly SinkTableName[];
      readonly parts: readonly BlockPart[];
    }
  | { readonly kind: 'reclaim'; readonly partition: number; readonly epoch: number }
  /** Forget the partition: another process owns it. */
  | { readonly kind: 'drop'; readonly partition: number }
  /** Forget the partition and raise an alarm. */
  | { readonly kind: 'stop'; readonly partition: number; readonly why: SinkFailure; readonly maxLogSeq: number };
