/**
 * The registry (stream REG): who exists and what proves it. One append a decision, fenced by the subject's last sequence;
 * whoever needs to know follows the stream into a cache.
 */

export interface RegistryEntry {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
}

export interface RegistryLog {
  /** Appends if the subject's last sequence is as expected (0: no entry yet), else rejects with `conflict`. */
  append(subject: string, data: Uint8Array, expectedLastSeq: number): Promise<number>;
  /** Everything there, then everything new, for ever and over reconnects. `caughtUp` is called when the past is read. */
  follow(onEntry: (entry: RegistryEntry) => void, caughtUp: () => void): { stop(): Promise<void> };
}
