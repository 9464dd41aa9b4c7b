/**
 * The control log of a partition (stream RS_<pp>): only the owner writes, one record in flight, each fenced by the
 * sequence of the one before. What is stored here is what was decided; there is no second truth.
 */

export interface ControlEntry {
  readonly seq: number;
  readonly timeMs: number;
  readonly data: Uint8Array;
}

export interface ControlLog {
  /** The last sequence of the stream as its leader knows it, 0 when nothing was ever written. Never a stale read. */
  lastSeq(partition: number): Promise<number>;
  /** The entry at a sequence, undefined when purged or not there. */
  get(partition: number, seq: number): Promise<ControlEntry | undefined>;
  /** Entries in [from, to], in order, without a hole; rejects with `log-hole` if one is missing. */
  range(partition: number, from: number, to: number): AsyncIterable<ControlEntry>;
  /**
   * Appends if the stream's last sequence is `expectedLastSeq`, else rejects with `fenced`. Rejects with
   * `unknown-outcome` when no answer came: the caller must read again before going on.
   */
  append(partition: number, data: Uint8Array, expectedLastSeq: number): Promise<number>;
  /** Drops entries below `seq`. */
  purge(partition: number, seq: number): Promise<void>;
}
