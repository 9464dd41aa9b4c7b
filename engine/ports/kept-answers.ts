/**
 * What was answered to requests that brought an idempotency key (stream IDEM): one entry a key, forgotten by itself a day
 * after it was last written.
 */

export interface KeptEntry {
  readonly seq: number;
  readonly data: Uint8Array;
  /** Since it was written, by the log's own clock, so that edges whose clocks differ judge alike. */
  readonly ageMs: number;
}

export interface KeptAnswers {
  /**
   * Stores if the key's last sequence is as expected (0: none), and answers the new one; else rejects with `conflict`. Also
   * rejects with `log-full`, when nothing was stored, and with `unknown-outcome`. `key`: 1 to 64 of A-Z a-z 0-9 _ -.
   */
  put(key: string, data: Uint8Array, expectedSeq: number): Promise<number>;
  /** The key's entry; undefined: it has none. Rejects when the log can't be asked. */
  last(key: string): Promise<KeptEntry | undefined>;
  /** Forgets an entry; one that was replaced stays replaced. Rejects when the log can't be asked. */
  forget(seq: number): Promise<void>;
}
