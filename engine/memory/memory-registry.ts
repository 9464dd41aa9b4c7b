/** The registry in memory: the reference for the port's contract, and the registry of tests. */
import { hasCode, TwinfoldError } from '../kernel/errors.ts';
import type { AppendOutcome, RegistryAppend, RegistryEntry, RegistryLog } from '../ports/registry.ts';

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

  async appendMany(entries: readonly RegistryAppend[]): Promise<readonly AppendOutcome[]> {
    const outcomes = entries.map(async ({ subject, data, expectedLastSeq }): Promise<AppendOutcome> => {
      try {
        return { ok: true, seq: await this.append(subject, data, expectedLastSeq) };
      } catch (error) {
        return { ok: false, why: hasCode(error, 'conflict') ? 'conflict' : 'unknown' };
      }
    });
    return Promise.all(outcomes);
  }

  last(subject: string): Promise<RegistryEntry | undefined> {
    return Promise.resolve(this.#entries[(this.#lastSeqs.get(subject) ?? 0) - 1]);
  }

  history(filter: string, before: number, limit: number): Promise<readonly RegistryEntry[]> {
    const fits = this.#entries.filter(({ seq, subject }) => seq < before && fitsFilter(subject, filter));
    return Promise.resolve(fits.toReversed().slice(0, limit));
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

function fitsFilter(subject: string, filter: string): boolean {
  const tokens = subject.split('.');
  const wanted = filter.split('.');
  if (wanted.at(-1) !== '>' && wanted.length !== tokens.length) return false;
  return wanted.every((token, i) => token === '>' || token === '*' || token === tokens[i]);
}
