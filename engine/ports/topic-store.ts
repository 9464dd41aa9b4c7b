/**
 * What stands beside a topic partition's log: the retained messages (streams TR_<pp>) and the index (TI_<pp>). Entries have
 * names; one writer appends them, some at once and all or none, fenced by the last sequence that it knows. What is stored is a
 * function of the log, so that it can be made again.
 */

export interface StoreEntry {
  /** Words of A-Z a-z 0-9 with dots between. */
  readonly name: string;
  readonly data: Uint8Array;
  /** The store may forget the entry after so long. */
  readonly ttlS?: number;
}

export interface StoredEntry {
  readonly seq: number;
  readonly name: string;
  readonly data: Uint8Array;
}

export interface StoreRead {
  /** `*` stands for a word, `>` for the rest. */
  readonly filter: string;
  readonly fromSeq?: number;
  /** The read ends when everything up to this sequence was given; without it, at what the server that was asked has now. */
  readonly untilSeq?: number;
}

/** More would be refused by the server as one batch. */
export const STORE_APPEND_MAX = 1_000;

export interface TopicStore {
  /** The last sequence, as its leader knows it; 0 when nothing was ever written. */
  lastSeq(partition: number): Promise<number>;
  /**
   * Appends all of them if the last sequence is `expectedLastSeq`, and answers the new one; else rejects with `fenced`. Also
   * rejects with `log-full`, when nothing was stored, and with `unknown-outcome`.
   */
  append(partition: number, entries: readonly StoreEntry[], expectedLastSeq: number): Promise<number>;
  /** In the order of their sequences. Of names that keep their last entry only, that one. Rejects when the store can't be asked. */
  read(partition: number, wanted: StoreRead): AsyncIterable<StoredEntry>;
  /** How many entries each name has; for names that the filter fits, which should be few thousands. */
  counts(partition: number, filter: string): Promise<ReadonlyMap<string, number>>;
  /** Drops entries whose name the filter fits, below the sequence. */
  purge(partition: number, filter: string, beforeSeq: number): Promise<void>;
}

/** Names in the index: parts of small and of merged segments, and what each segment covers, stored with its parts. */
export type IndexLevel = 's' | 'm';
export const INDEX_LEVELS: readonly IndexLevel[] = ['s', 'm'];
export const partName = (level: IndexLevel, part: number): string => `${level}.${part}`;
export const segmentName = (level: IndexLevel): string => `${level}.end`;

/** Names among the retained messages, beside the topics' hashes. */
export const CHECKPOINT_NAME = 'checkpoint';
