/**
 * The registry (stream REG): who exists and what proves it. One append a decision, fenced by the subject's last sequence;
 * whoever needs to know follows the stream into a cache.
 */

export interface RegistryEntry {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
}

export interface RegistryAppend {
  readonly subject: string;
  readonly data: Uint8Array;
  /** 0: no entry yet. */
  readonly expectedLastSeq: number;
}

/** What became of one of several: its sequence, or why not. `unknown`: it may have been stored. */
export type AppendOutcome = { readonly ok: true; readonly seq: number } | { readonly ok: false; readonly why: 'conflict' | 'unknown' };

/** More would be refused by the server as one batch. */
export const APPEND_MANY_MAX = 1_000;

export interface RegistryLog {
  /** Appends if the subject's last sequence is as expected (0: no entry yet), else rejects with `conflict`. */
  append(subject: string, data: Uint8Array, expectedLastSeq: number): Promise<number>;
  /**
   * Several entries of different subjects at once, up to `APPEND_MANY_MAX`; each stands for itself, so some may be stored
   * and others not. Never rejects.
   */
  appendMany(entries: readonly RegistryAppend[]): Promise<readonly AppendOutcome[]>;
  /** The subject's last entry; undefined: it has none. Rejects when the log can't be asked. */
  last(subject: string): Promise<RegistryEntry | undefined>;
  /** Entries below the sequence `before` whose subject fits the filter (`*` one token, `>` the rest), newest first. */
  history(filter: string, before: number, limit: number): Promise<readonly RegistryEntry[]>;
  /** Everything there, then everything new, for ever and over reconnects. `caughtUp` is called when the past is read. */
  follow(onEntry: (entry: RegistryEntry) => void, caughtUp: () => void): { stop(): Promise<void> };
}
