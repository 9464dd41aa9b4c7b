/** The input log (streams EV_<pp>) as its readers and writers see it. */

export interface LogMessage {
  readonly seq: number;
  readonly timeMs: number;
  readonly data: Uint8Array;
}

export interface LogBounds {
  /** First and last sequence there; an empty log has last = first - 1. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly bytes: number;
  readonly bytesMax: number;
}

export interface InputLogReader {
  /**
   * Messages from `from` on, in order and without a hole, for ever; follows over reconnects. Ends when `stop` is called;
   * rejects with `log-hole` when a message is missing. `ahead` is how many messages may be asked for in advance; a batch has
   * up to half a megabyte.
   */
  follow(partition: number, from: number, ahead?: number): LogFollower;
  /** Messages in [from, to]; rejects with `log-hole` if one is missing. */
  range(partition: number, from: number, to: number): AsyncIterable<LogMessage>;
  get(partition: number, seq: number): Promise<LogMessage | undefined>;
  bounds(partition: number): Promise<LogBounds>;
}

export interface LogFollower extends AsyncIterable<LogMessage> {
  stop(): void;
}

export interface InputLogKeeper {
  /** Drops messages below `seq`. With `seq` above the end, the next message gets that sequence. */
  purge(partition: number, seq: number): Promise<void>;
}

export type AppendResult =
  | { readonly ok: true; readonly seq: number }
  /** The server said no: nothing was stored by this attempt. */
  | { readonly ok: false; readonly why: 'full' | 'too-large' | 'no-stream' | 'busy' }
  /** No answer in time, or the connection broke: it may be stored. */
  | { readonly ok: false; readonly why: 'unknown' };

/** Appends whole batches. Never buffers while disconnected: such an append is `unknown` at once. */
export interface BatchAppender {
  /** `done` is called exactly once. `data` must stay unchanged until then. */
  append(partition: number, data: Uint8Array, done: (result: AppendResult) => void): void;
  connected(): boolean;
  /** Calls back after each reconnect, with the identity of the server process that answered. */
  onReconnect(callback: (serverId: string) => void): void;
}
