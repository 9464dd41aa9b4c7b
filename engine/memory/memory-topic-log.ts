/** A topic log, what stands beside it, and the ways to ask about it, in memory: the reference for the ports' contracts. */
import {
  ANSWER_CODE,
  decodeAskRetained,
  decodeRetainedAnswer,
  encodeAskRetained,
  encodeRetainedAnswer,
  type AskRetainedInit,
  type RetainedAnswer,
} from '../../schemas/gen/lean.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import type { AskFailure } from '../ports/ask.ts';
import { findCandidates } from '../ports/index-search.ts';
import { findRetained } from '../ports/retained-search.ts';
import type {
  Candidacy,
  Candidates,
  QuickMessages,
  RetainedAsk,
  RetainedEvent,
  RetainedHandler,
  RetainedMessages,
  TopicLogKeeper,
  TopicLogReader,
} from '../ports/topic-log.ts';
import { STORE_APPEND_MAX, type StoredEntry, type StoreEntry, type StoreRead, type TopicStore } from '../ports/topic-store.ts';
import { MemoryInputLog } from './memory-input-log.ts';

export class MemoryTopicLog extends MemoryInputLog implements TopicLogReader, TopicLogKeeper {
  readonly partitions: number;
  readonly #index: TopicStore;

  constructor(partitions: number, index: TopicStore) {
    super();
    this.partitions = partitions;
    this.#index = index;
  }

  async candidates(partition: number, wanted: Candidates): Promise<Candidacy> {
    return findCandidates(this.#index, partition, wanted);
  }

  async appendAll(partition: number, batches: readonly Uint8Array[]): Promise<boolean> {
    for (const batch of batches) this.append(partition, batch, Date.now());
    return Promise.resolve(true);
  }
}

interface Stored extends StoredEntry {
  readonly endsMs: number;
}

export class MemoryTopicStore implements TopicStore {
  readonly #entries = new Map<number, Stored[]>();
  readonly #lastSeqs = new Map<number, number>();
  readonly #keepsLast: boolean;
  readonly #nowMs: () => number;

  /** `keepsLast`: of each name only the last entry. */
  constructor(options: { readonly keepsLast: boolean; readonly nowMs?: () => number }) {
    this.#keepsLast = options.keepsLast;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  lastSeq(partition: number): Promise<number> {
    return Promise.resolve(this.#lastSeqs.get(partition) ?? 0);
  }

  append(partition: number, entries: readonly StoreEntry[], expectedLastSeq: number): Promise<number> {
    let seq = this.#lastSeqs.get(partition) ?? 0;
    if (entries.length > STORE_APPEND_MAX) return Promise.reject(refusal('unknown-outcome', 'too many entries'));
    if (seq !== expectedLastSeq) return Promise.reject(refusal('fenced', `the store is at ${seq}, not at ${expectedLastSeq}`));
    let stored = this.#of(partition);
    for (const { name, data, ttlS } of entries) {
      if (this.#keepsLast) stored = stored.filter((entry) => entry.name !== name);
      const endsMs = ttlS === undefined ? Number.POSITIVE_INFINITY : this.#nowMs() + ttlS * 1_000;
      stored.push({ seq: ++seq, name, data: data.slice(), endsMs });
    }
    this.#entries.set(partition, stored);
    this.#lastSeqs.set(partition, seq);
    return Promise.resolve(seq);
  }

  async *read(partition: number, wanted: StoreRead): AsyncIterable<StoredEntry> {
    const fits = filterOf(wanted.filter);
    const { fromSeq = 1, untilSeq = Number.POSITIVE_INFINITY } = wanted;
    for (const { seq, name, data } of this.#of(partition).filter((entry) => fits(entry.name)))
      if (seq >= fromSeq && seq <= untilSeq) yield { seq, name, data };
    await Promise.resolve();
  }

  counts(partition: number, filter: string): Promise<ReadonlyMap<string, number>> {
    const fits = filterOf(filter);
    const counts = new Map<string, number>();
    for (const { name } of this.#of(partition)) if (fits(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    return Promise.resolve(counts);
  }

  purge(partition: number, filter: string, beforeSeq: number): Promise<void> {
    const fits = filterOf(filter);
    const kept = this.#of(partition).filter(({ name, seq }) => seq >= beforeSeq || !fits(name));
    this.#entries.set(partition, kept);
    return Promise.resolve();
  }

  /** Damages what stands there, as a bad disk would. */
  tamper(partition: number, change: (entry: StoredEntry) => StoredEntry | undefined): void {
    const kept = this.#of(partition).flatMap((entry) => {
      const changed = change(entry);
      return changed === undefined ? [] : [{ ...entry, ...changed }];
    });
    this.#entries.set(partition, kept);
  }

  #of(partition: number): Stored[] {
    return (this.#entries.get(partition) ?? []).filter(({ endsMs }) => endsMs > this.#nowMs());
  }
}

function filterOf(filter: string): (name: string) => boolean {
  const pattern = filter.replaceAll('.', '\\.').replace(/>$/, '.+').replaceAll('*', '[^.]+');
  const expression = new RegExp(`^${pattern}$`);
  return (name) => expression.test(name);
}

function refusal(code: 'fenced' | 'unknown-outcome', message: string): TwinfoldError {
  return new TwinfoldError(code, message, { domain: 'internal', retryable: true });
}

export class MemoryQuickMessages implements QuickMessages {
  readonly #callbacks = new Set<(batch: Uint8Array) => void>();

  send(batch: Uint8Array): boolean {
    const copy = batch.slice();
    setImmediate(() => {
      for (const callback of this.#callbacks) callback(copy);
    });
    return true;
  }

  receive(callback: (batch: Uint8Array) => void): { stop(): void } {
    this.#callbacks.add(callback);
    return { stop: () => this.#callbacks.delete(callback) };
  }
}

const RETRY_MS = 5;
const CONFIRM_MS_MAX = 2_000;

/** Asks handlers of the same process, as over a network: what they are given and give are bytes. */
export class MemoryRetained implements RetainedMessages {
  readonly #partitions: number;
  readonly #handlers = new Map<number, RetainedHandler>();

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  serve(partition: number, handler: RetainedHandler): { stop(): void } {
    this.#handlers.set(partition, handler);
    return { stop: () => void (this.#handlers.get(partition) === handler && this.#handlers.delete(partition)) };
  }

  find(ask: RetainedAsk): AsyncIterable<readonly RetainedEvent[]> {
    return findRetained(ask, {
      partitions: this.#partitions,
      ask: async (partition, question, deadlineMs) => this.#ask(partition, question, deadlineMs),
      nowMs: () => performance.now(),
    });
  }

  async confirmEnd(partition: number, known: { readonly serverId: string; readonly ackedSeq: number }): Promise<'confirmed' | AskFailure> {
    const question = { server: known.serverId, minSeq: known.ackedSeq };
    const answer = await this.#ask(partition, question, performance.now() + CONFIRM_MS_MAX);
    if (answer === undefined) return 'no-owner';
    return answer.code === ANSWER_CODE.ok ? 'confirmed' : 'behind';
  }

  async #ask(partition: number, question: AskRetainedInit, deadlineMs: number): Promise<RetainedAnswer | undefined> {
    const ask = decodeAskRetained(encodeAskRetained(question));
    while (ask !== undefined && performance.now() < deadlineMs) {
      const answer = await this.#handlers.get(partition)?.ask(ask);
      if (answer !== undefined && answer.code !== ANSWER_CODE.notOwner) return decodeRetainedAnswer(encodeRetainedAnswer(answer));
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    return undefined;
  }
}
