/**
 * The tenants' topic trees as edges see them: streams TT_<pp> of `EventBatch` messages with events of KIND_PUBLISHED, the
 * index that finds a session's backlog, and the retained message of each topic.
 */
import type { AskRetained, RetainedAnswerInit } from '../../schemas/gen/lean.ts';
import type { AskFailure } from './ask.ts';
import type { LogBounds, LogFollower, LogMessage } from './input-log.ts';

export interface TopicLogReader {
  readonly partitions: number;
  /** As `InputLogReader`: messages from `from` on, in order and without a hole, for ever. */
  follow(partition: number, from: number, ahead?: number): LogFollower;
  range(partition: number, from: number, to: number): AsyncIterable<LogMessage>;
  get(partition: number, seq: number): Promise<LogMessage | undefined>;
  bounds(partition: number): Promise<LogBounds>;
  /**
   * Sequences in [from, to], ascending, of the messages that may hold a topic of one of the keys (`topicKeyOf`,
   * `filterKeyOf`); behind `indexedTo` (at most `to`) nothing is indexed yet, and every message may. Rejects where the index can't be read.
   */
  candidates(partition: number, wanted: Candidates): Promise<Candidacy>;
}

/** What only the partition's owner does to the log. */
export interface TopicLogKeeper {
  /** Drops messages below `seq`. With `seq` above the end, the next message gets that sequence. */
  purge(partition: number, seq: number): Promise<void>;
  /** Appends up to `STORE_APPEND_MAX` batches, all or none; false: it may have been done, or not. */
  appendAll(partition: number, batches: readonly Uint8Array[]): Promise<boolean>;
}

export interface Candidates {
  readonly keys: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface Candidacy {
  readonly seqs: readonly number[];
  readonly indexedTo: number;
}

/** A retained message and where it stands in TT_<pp>. */
export interface RetainedEvent {
  readonly partition: number;
  readonly seq: number;
  readonly index: number;
  /** An encoded `Event` of KIND_PUBLISHED. */
  readonly event: Uint8Array;
}

export interface RetainedAsk {
  readonly tenant: string;
  /** Without `$share/<group>/`. */
  readonly filter: string;
  /** By topic partition: the answer reflects this message and everything before it. */
  readonly minSeqs: readonly number[];
  readonly timeoutMs: number;
}

export interface RetainedMessages {
  /**
   * Pages of retained messages of topics that the filter matches, each topic once, in no order over topics. Ends early and
   * rejects with code `no-owner` or `behind` where a partition can't answer in time.
   */
  find(ask: RetainedAsk): AsyncIterable<readonly RetainedEvent[]>;
  /**
   * For writers and readers, where the log may lose its end: whether the owner has made sure that it doesn't end below what
   * is known, `ackedSeq` among it, on that server process. `behind`: there is an owner, and it can't say so yet.
   */
  confirmEnd(partition: number, known: { readonly serverId: string; readonly ackedSeq: number }): Promise<'confirmed' | AskFailure>;
}

/** Answers for a topic partition. */
export interface RetainedHandler {
  ask(ask: AskRetained): Promise<RetainedAnswerInit>;
}

/** Messages of QoS 0 pass from edge to edge without a log: what is lost is lost. */
export interface QuickMessages {
  /** An encoded `EventBatch`. False: there is no connection now. */
  send(batch: Uint8Array): boolean;
  /** Batches of all edges, this one's own among them. */
  receive(callback: (batch: Uint8Array) => void): { stop(): void };
}
