/** The registry in memory: the reference for the port's contract, and the registry of tests. */
import { TwinfoldError } from '../kernel/errors.ts';
import type { RegistryEntry, RegistryLog } from '../ports/registry.ts';

export class MemoryRegistry implements RegistryLog {
  readonly #entries: RegistryEntry[] = [];
  readonly #lastSeqs = new Map<string, number>();
  readonly #followers = new Set<(entry: RegistryEntry) => void>();

  append(subject: string, data: Uint8Array, expectedLastSeq: number): Promise<number> {
    const last = this.#lastSeqs.get(subject) ?? 0;
    if (last !== expectedLastSeq) {
      return Promise.reject(
        new TwinfoldError('conflict', `${subject} is at ${last}, not ${expectedLastSeq}`, { domain: 'external', retryable: true }),
      );
    }
    const entry = { seq: this.#entries.length + 1, subject, data: data.slice() };
    this.#entries.push(entry);
    this.#lastSeqs.set(subject, entry.seq);
    for (const follower of this.#followers) queueMicrotask(() => this.#followers.has(follower) && follower(entry));
    return Promise.resolve(entry.seq);
  }

  follow(onEntry: (entry: RegistryEntry) => void, caughtUp: () => void): { stop(): Promise<void> } {
    const past = [...this.#entries];
    this.#followers.add(onEntry);
    queueMicrotask(() => {
      for (const entry of past) onEntry(entry);
      caughtUp();
    });
    return {
      stop: () => {
        this.#followers.delete(onEntry);
        return Promise.resolve();
      },
    };
  }
}
