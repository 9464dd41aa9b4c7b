/**
 * The input log in memory: the reference for what writers may expect of it, and the log of tests. Appends are answered on
 * a later turn, as over a network. A script may decide the fate of attempts: refuse them, or lose their answers.
 */
import type { AppendResult, BatchAppender, LogMessage } from '../ports/input-log.ts';

export type Fate =
  | { readonly kind: 'store' }
  | { readonly kind: 'refuse'; readonly why: 'full' | 'too-large' | 'no-stream' | 'busy' }
  /** Stored, but the answer is lost. */
  | { readonly kind: 'store-silently' }
  /** Lost on the way. */
  | { readonly kind: 'lose' }
  /** No answer at all, until `release`. */
  | { readonly kind: 'hold' };

export interface MemoryAppenderOptions {
  readonly partitions: number;
  /** Decides what becomes of each attempt; all are stored without it. */
  readonly fate?: (partition: number, data: Uint8Array) => Fate;
  /** When answers come; by default as soon as what runs now is done. */
  readonly later?: (callback: () => void) => void;
  readonly now?: () => number;
}

export class MemoryAppender implements BatchAppender {
  /** What the log holds, by partition, in order. */
  readonly logs: readonly LogMessage[][];

  readonly #options: MemoryAppenderOptions;
  readonly #reconnectCallbacks: ((serverId: string) => void)[] = [];
  #held: (() => void)[] = [];
  #isConnected = true;

  constructor(options: MemoryAppenderOptions) {
    this.#options = options;
    this.logs = Array.from({ length: options.partitions }, () => []);
  }

  append(partition: number, data: Uint8Array, done: (result: AppendResult) => void): void {
    const answer = (result: AppendResult): void => (this.#options.later ?? setImmediate)(() => done(result));
    if (!this.#isConnected) {
      answer({ ok: false, why: 'unknown' });
      return;
    }
    const fate = this.#options.fate?.(partition, data) ?? { kind: 'store' };
    switch (fate.kind) {
      case 'store':
        answer({ ok: true, seq: this.#store(partition, data) });
        break;
      case 'store-silently':
        this.#store(partition, data);
        answer({ ok: false, why: 'unknown' });
        break;
      case 'lose':
        answer({ ok: false, why: 'unknown' });
        break;
      case 'refuse':
        answer({ ok: false, why: fate.why });
        break;
      case 'hold':
        this.#held.push(() => answer({ ok: true, seq: this.#store(partition, data) }));
        break;
    }
  }

  /** Stores and answers what was held. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const store of held) store();
  }

  connected(): boolean {
    return this.#isConnected;
  }

  onReconnect(callback: (serverId: string) => void): void {
    this.#reconnectCallbacks.push(callback);
  }

  disconnect(): void {
    this.#isConnected = false;
  }

  reconnect(serverId: string): void {
    this.#isConnected = true;
    for (const callback of this.#reconnectCallbacks) callback(serverId);
  }

  get(partition: number, seq: number): Promise<LogMessage | undefined> {
    return Promise.resolve(this.logs[partition]?.[seq - 1]);
  }

  #store(partition: number, data: Uint8Array): number {
    const log = this.logs[partition] ?? [];
    // A copy, as a network makes: the sender's buffer is used again.
    log.push({ seq: log.length + 1, timeMs: (this.#options.now ?? Date.now)(), data: data.slice() });
    return log.length;
  }
}
