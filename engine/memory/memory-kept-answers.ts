/** Kept answers in memory: the reference for the port's contract, and for tests of edges. */
import type { Clock } from '../kernel/clock.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import type { KeptAnswers, KeptEntry } from '../ports/kept-answers.ts';

export class MemoryKeptAnswers implements KeptAnswers {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { readonly seq: number; readonly data: Uint8Array; readonly atMs: number }>();
  #seq = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put(key: string, data: Uint8Array, expectedSeq: number): Promise<number> {
    const last = this.#entries.get(key)?.seq ?? 0;
    if (last !== expectedSeq)
      return Promise.reject(
        new TwinfoldError('conflict', `${key} is at ${last}, not ${expectedSeq}`, { domain: 'device', retryable: true }),
      );
    this.#entries.set(key, { seq: ++this.#seq, data: data.slice(), atMs: this.#clock.monotonic() });
    return Promise.resolve(this.#seq);
  }

  last(key: string): Promise<KeptEntry | undefined> {
    const entry = this.#entries.get(key);
    return Promise.resolve(
      entry === undefined ? undefined : { seq: entry.seq, data: entry.data, ageMs: this.#clock.monotonic() - entry.atMs },
    );
  }

  forget(seq: number): Promise<void> {
    for (const [key, entry] of this.#entries) if (entry.seq === seq) this.#entries.delete(key);
    return Promise.resolve();
  }
}
