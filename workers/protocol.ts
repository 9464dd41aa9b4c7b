/**
 * What crosses the border between a partition's owner (main thread) and the worker that holds the partition's state:
 * bytes and plain records only. Buffers are transferred, never cloned; whoever sends one must not touch it again.
 *
 * A partition's life in a worker: `open` (from a snapshot or from nothing), `recover` as often as it takes (evolve by what
 * records say was decided), then `fold` (decide), `snapshot` now and then, `close`. Tasks of one partition are sent one
 * at a time and in order.
 */

/** Consecutive messages of one partition's input log, packed. Message i is `bytes[ends[i-1], ends[i])`. */
export interface MessageFrames {
  readonly count: number;
  readonly seqs: Float64Array;
  /** JetStream's timestamps, milliseconds. */
  readonly timesMs: Float64Array;
  readonly ends: Uint32Array;
  readonly bytes: Uint8Array;
  /** The whole buffer behind `bytes` goes with the task; the worker may use it again when the task is done. */
  readonly handedOver?: boolean;
}

/** An event that killed the fold too often: its outcome is settled as `quarantined: killer` without looking into it. */
export interface Killer {
  readonly seq: number;
  readonly index: number;
}

export interface TwinRead {
  readonly id: number;
  readonly tenant: string;
  readonly device: string;
}

/** A question about a session; answered with an encoded `SessionState`. */
export interface SessionRead {
  readonly id: number;
  readonly tenant: string;
  /** As `Event.session`. */
  readonly session: string;
}

/** An effect of a decision of this task, to be dispatched when its record is committed; `index` counts within the record. */
export interface TaskEffect {
  readonly index: number;
  /** `publish`: append `body`, an encoded `Event` of KIND_PUBLISHED, to topic partition `target`. */
  readonly kind: 'publish';
  readonly target: string;
  readonly body: Uint8Array;
}

/** An event that a device was acknowledged for, and that was quarantined or rejected: what it is told of it. */
export interface EventReport {
  /** As the device publishes it itself, but for a format at its end. */
  readonly topic: string;
  /** A name of `REASONS`. */
  readonly code: string;
  readonly position: string;
}

/** What is to be said to a connection when the task's record is committed. Said once, or not at all. */
export interface Notice {
  readonly tenant: string;
  /** As `Event.session`. */
  readonly session: string;
  /** The connection's number. */
  readonly connection: number;
  /** The edge that holds it. */
  readonly edgeEpoch: number;
  readonly reports: readonly EventReport[];
}

export interface OpenTask {
  readonly op: 'open';
  readonly partition: number;
  readonly partitions: number;
  /** An encoded `TwinSnapshot`. */
  readonly snapshot?: Uint8Array;
}

/** Evolves by recorded outcomes and decisions; answers no rows. `records` are encoded `ControlRecord`s, in order. */
export interface RecoverTask {
  readonly op: 'recover';
  readonly partition: number;
  readonly records: readonly Uint8Array[];
  /** Exactly the messages that the records cover, together. */
  readonly frames: MessageFrames;
}

export interface FoldTask {
  readonly op: 'fold';
  readonly partition: number;
  /** Sequence in RS that the record will have if it is accepted: the owner lets no other record come between. */
  readonly recordSeq: number;
  /** Every row carries it; it changes when the owner claims anew. */
  readonly epoch: number;
  readonly frames: MessageFrames;
  readonly reads: readonly TwinRead[];
  readonly sessionReads: readonly SessionRead[];
  readonly killers: readonly Killer[];
}

/** Rows of records that are committed already, built again: a pure function of the log's range and the records. */
export interface RowsTask {
  readonly op: 'rows';
  readonly partition: number;
  readonly partitions: number;
  readonly epoch: number;
  readonly records: readonly Uint8Array[];
  /** Sequence in RS of each record. */
  readonly recordSeqs: readonly number[];
  readonly frames: MessageFrames;
  /** Rows of messages before and after these are left out. */
  readonly rowsFromSeq: number;
  readonly rowsToSeq: number;
}

export interface SnapshotTask {
  readonly op: 'snapshot';
  readonly partition: number;
  /** Sequence of the last committed record, which the state reflects: the owner asks only when nothing is in flight. */
  readonly recordSeq: number;
}

export interface CloseTask {
  readonly op: 'close';
  readonly partition: number;
}

export type FoldWorkerTask = OpenTask | RecoverTask | FoldTask | RowsTask | SnapshotTask | CloseTask;

/** Rows for one table, encoded as RowBinary, of one log day. */
export interface RowBlock {
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** As `TableIntent.digest`. */
  readonly digest: bigint;
}

export interface TwinReply {
  readonly id: number;
  /** The twin as JSON, or undefined when the device was never heard of. */
  readonly body: Uint8Array | undefined;
}

export interface OutcomeCounts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly rejected: number;
}

/** A run of events whose outcome isn't `accepted`; as `OutcomeRuns` says. */
export interface OutcomeRun {
  readonly seq: number;
  readonly index: number;
  readonly count: number;
  readonly outcome: number;
  readonly reason: number;
  readonly originalSeq: number;
  readonly originalIndex: number;
}

export interface FoldResult {
  readonly op: 'fold';
  /** How many messages were folded; the rest are of another log day and come again as the next task. */
  readonly consumed: number;
  /**
   * The encoded `ControlRecord` but for `sink` and `outbox_done`, which the owner appends (fields of one message may be
   * concatenated). Covers no message when `consumed` is 0.
   */
  readonly record: Uint8Array;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly logMs: number;
  /** Days since the epoch of the log time of all rows. */
  readonly logDay: number;
  readonly counts: OutcomeCounts;
  /** How many devices the state knows afterwards. */
  readonly devices: number;
  readonly exceptions: readonly OutcomeRun[];
  readonly events: RowBlock;
  /** Rows of `decisions`, keyed by the event that caused each decision. */
  readonly decisions: RowBlock;
  /** To twin reads and session reads; their ids are of one series. */
  readonly replies: readonly TwinReply[];
  /** In the order of their index. The record has them too, for whoever takes over. */
  readonly effects: readonly TaskEffect[];
  readonly notices: readonly Notice[];
  /** Reports that are in no notice, because there were too many. */
  readonly untold: number;
  /** Log time at which the next timer is due; 0 where none runs. */
  readonly nextDueMs: number;
  /** Epochs of edges that hold connections of this partition, as far as it knows. */
  readonly edges: readonly number[];
}

export interface RowsResult {
  readonly op: 'rows';
  readonly events: RowBlock;
  readonly decisions: RowBlock;
}

export interface SnapshotResult {
  readonly op: 'snapshot';
  readonly bytes: Uint8Array;
  readonly devices: number;
}

/** State after `open` or `recover`. */
export interface OpenResult {
  readonly op: 'open';
  /** The control record that the snapshot covered (0 without one), for `open`. */
  readonly recordSeq: number;
  /** Last message of the input log that the state reflects, 0 for none. */
  readonly lastSeq: number;
  readonly logMs: number;
  readonly devices: number;
}

export interface CloseResult {
  readonly op: 'close';
}

export type FoldWorkerResult = FoldResult | RowsResult | SnapshotResult | OpenResult | CloseResult;

/**
 * Where a worker stands, in memory shared with the main thread, written before an event is looked at: when the worker
 * dies, the owner reads which event killed it. Float64 slots: partition, seq, index; partition is -1 between tasks.
 */
export const MARKER_SLOTS = 3;
