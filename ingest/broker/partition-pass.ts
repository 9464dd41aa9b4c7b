/**
 * The pass that brings the sessions that are behind in a partition to its head: one ascending pass for all of them, however
 * many. Each message is read once and matched against the filters of those who are behind it; who has no room falls out and
 * joins a later pass; who reaches the head is live from then on, without a gap and without a double. Where only few messages
 * concern them, the index says which (decision 0017).
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { messageOf } from '../../engine/kernel/errors.ts';
import { placeOf, seqOfPlace } from '../../engine/kernel/position.ts';
import { filterKeyOf } from '../../engine/kernel/topic-key.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { LogMessage } from '../../engine/ports/input-log.ts';
import type { TopicLogReader } from '../../engine/ports/topic-log.ts';
import { ResentBatches } from './resent-batches.ts';
import type { Slices } from './slices.ts';
import { innerFilter, type Subscribed } from './subscriber.ts';
import { type Straggler, Takers } from './takers.ts';
import { forEachMessage, type TopicFeed } from './topic-feed.ts';

export interface PassParts {
  readonly reader: TopicLogReader;
  readonly feed: TopicFeed;
  readonly log: Log;
  /** Whose cursor was older than the first message there is. */
  readonly gapped: { note(straggler: Straggler): void };
  readonly slices: Slices;
}

const RETRY_MS = 500;
/** The index is asked where it may spare most of the reading: for so few keys, and so many messages. */
const KEYS_MAX = 256;
const STRAGGLERS_INDEXED_MAX = 16;
/** Between two passes, in passes: one takes a quarter of the time, but where it is long. */
const REST_SHARE = 3;
const REST_FROM_MS = 20;
const REST_MS_MAX = 500;
/** Others come when in so long one does. */
const GATHER_STEP_MS = 50;
const GATHER_FROM_MS = 200;
const GATHER_MS_MAX = 10_000;
/** What a message of the log takes, before a pass has shown it; and how many it has to read to show it. */
const MESSAGE_MS = 1;
const PASS_MESSAGES_MIN = 1_000;
const INDEXED_MESSAGES_MIN = 256;
const SPARSE_SHARE = 0.25;
/** Sparse messages that are asked for together: each may make the server load a block. */
const TOGETHER = 8;

type Reading = AsyncIterable<LogMessage>;

export class PartitionPass {
  readonly #partition: number;
  readonly #parts: PassParts;
  /** Who waits for a pass, and the place behind which each goes on. */
  readonly #waiting = new Map<Straggler, number>();
  /** Of those who wait: who came since it was last looked whether the pass can take them in. */
  #fresh = new Set<Straggler>();
  readonly #takers: Takers;
  /** Who was further at another edge than the feed is here: what comes until then it has. */
  readonly #ahead = new Map<Straggler, number>();
  /** The next message that the pass will look at. */
  #next = 0;
  /** Keys of the messages that are read now; undefined: all are. */
  #keys: ReadonlySet<number> | undefined;
  /** Of the pass at hand: whoever fell out of it begins anew in the next. */
  readonly #resent = new ResentBatches();
  /** Who came, ever. */
  #joined = 0;
  /** Where the pass began, and what a message of the log took in the last one. */
  #begun = 0;
  #messageMs = MESSAGE_MS;
  #isRunning = false;
  #isStopped = false;

  constructor(partition: number, parts: PassParts) {
    this.#partition = partition;
    this.#parts = parts;
    this.#takers = new Takers(partition);
  }

  get size(): number {
    return this.#waiting.size + this.#takers.size + this.#ahead.size;
  }

  join(straggler: Straggler, after: number): void {
    const { feed } = this.#parts;
    this.leave(straggler);
    if (feed.isRunning && after >= feed.placeIn(this.#partition)) {
      if (this.#isAhead(after)) this.#ahead.set(straggler, after);
      else straggler.caughtUp(this.#partition);
      return;
    }
    this.#waiting.set(straggler, after);
    this.#fresh.add(straggler);
    this.#joined++;
    if (this.#isRunning || this.#isStopped) return;
    this.#isRunning = true;
    // Who comes in the same turn shares the pass from its start.
    setImmediate(() => void this.#run());
  }

  moved(): void {
    for (const [straggler, after] of this.#ahead) if (!this.#isAhead(after)) this.join(straggler, after);
  }

  leave(straggler: Straggler): void {
    this.#ahead.delete(straggler);
    this.#waiting.delete(straggler);
    this.#fresh.delete(straggler);
    this.#takers.remove(straggler);
  }

  changed(straggler: Straggler, subscribed: Subscribed, isNew: boolean): void {
    this.#takers.changed(straggler, subscribed, isNew);
  }

  stop(): void {
    this.#isStopped = true;
    this.#ahead.clear();
    this.#waiting.clear();
    this.#fresh.clear();
    this.#takers.clear();
  }

  #isAhead(after: number): boolean {
    return seqOfPlace(after) > (this.#parts.feed.seqs[this.#partition] ?? 0);
  }

  get #isWanted(): boolean {
    return !this.#isStopped && this.#waiting.size + this.#takers.size > 0;
  }

  async #run(): Promise<void> {
    await this.#parts.feed.start();
    while (this.#isWanted) {
      try {
        await this.#gather();
        const startedMs = performance.now();
        await this.#pass();
        const tookMs = performance.now() - startedMs;
        this.#messageMs = tookMs / Math.max(PASS_MESSAGES_MIN, this.#next - this.#begun);
        if (tookMs >= REST_FROM_MS) await sleep(Math.min(REST_MS_MAX, tookMs * REST_SHARE));
      } catch (error) {
        this.#parts.log.warn('topic-pass-waits', { partition: this.#partition, error: messageOf(error) });
        await sleep(RETRY_MS);
      }
    }
    this.#isRunning = false;
    this.#takers.clear();
  }

  /** A pass costs about the same for one as for a thousand: a long one waits while others come, no longer than it will take. */
  async #gather(): Promise<void> {
    let lowest = Number.POSITIVE_INFINITY;
    for (const after of this.#waiting.values()) lowest = Math.min(lowest, after);
    for (const [, after] of this.#takers.places()) lowest = Math.min(lowest, after);
    const behind = (this.#parts.feed.seqs[this.#partition] ?? 0) - seqOfPlace(lowest);
    const mostMs = Math.min(GATHER_MS_MAX, behind * this.#messageMs);
    if (mostMs < GATHER_FROM_MS) return;
    const endMs = performance.now() + mostMs;
    for (let joined = -1; joined !== this.#joined && performance.now() < endMs && this.#isWanted;) {
      joined = this.#joined;
      await sleep(GATHER_STEP_MS);
    }
  }

  /** From the lowest place to the head, as it was at the start or when it was met. */
  async #pass(): Promise<void> {
    const { feed, reader, slices } = this.#parts;
    const partition = this.#partition;
    for (const [straggler, after] of this.#takers.places()) this.#waiting.set(straggler, Math.max(after, placeOf(this.#next, 0) - 1));
    this.#takers.clear();
    this.#resent.clear();
    const { firstSeq } = await reader.bounds(partition);
    let lowest = Number.POSITIVE_INFINITY;
    for (const [straggler, after] of this.#waiting) {
      if (this.#isAhead(after)) {
        this.join(straggler, after);
        continue;
      }
      // What was purged is nobody's any more.
      const from = Math.max(after, placeOf(firstSeq, 0) - 1);
      if (from > after) this.#waiting.set(straggler, from);
      if (from > after && firstSeq > 1) this.#parts.gapped.note(straggler);
      lowest = Math.min(lowest, from);
    }
    if (lowest === Number.POSITIVE_INFINITY) return;
    this.#next = Math.max(1, seqOfPlace(lowest));
    if (this.#next < firstSeq) this.#next = firstSeq;
    this.#begun = this.#next;
    while (this.#isWanted) {
      const head = feed.seqs[partition] ?? 0;
      if (this.#next > head) {
        // Who waits may be there already: of an empty log nothing is read.
        this.#admit(undefined);
        this.#finish();
        return;
      }
      for await (const message of await this.#read(head)) {
        this.#process(message);
        while (slices.isOver) await slices.next();
        if (this.#takers.size === 0) break;
      }
      if (this.#takers.size === 0) return;
    }
  }

  /** Messages from `#next` to `head` that may concern those who are active; says who that is. */
  async #read(head: number): Promise<Reading> {
    // Who comes while the index is asked is not among them, and joins a later pass.
    const whom = [...this.#waiting.keys(), ...this.#takers.all()];
    const keys = this.#keysOf(whom);
    const from = this.#next;
    if (keys !== undefined && head - from >= INDEXED_MESSAGES_MIN) {
      const found = await this.#parts.reader.candidates(this.#partition, { keys: [...keys], from, to: head }).catch(() => undefined);
      if (found !== undefined && found.seqs.length < (Math.min(found.indexedTo, head) - from) * SPARSE_SHARE) {
        this.#admit(keys, whom);
        return this.#sparse(found.seqs, Math.min(found.indexedTo, head));
      }
    }
    this.#admit(undefined);
    return this.#dense(head);
  }

  async *#dense(head: number): Reading {
    const { feed, reader } = this.#parts;
    const partition = this.#partition;
    while (this.#next <= head) {
      const recent = feed.recent(partition, this.#next);
      if (recent === undefined) {
        yield* reader.range(partition, this.#next, head);
        return;
      }
      yield recent;
    }
  }

  async *#sparse(seqs: readonly number[], indexedTo: number): Reading {
    const { reader } = this.#parts;
    const partition = this.#partition;
    for (let i = 0; i < seqs.length; i += TOGETHER) {
      const some = seqs.slice(i, i + TOGETHER);
      const messages = await Promise.all(some.map(async (seq) => reader.get(partition, seq)));
      for (const message of messages) if (message !== undefined) yield message;
    }
    this.#next = Math.max(this.#next, indexedTo + 1);
    this.#keys = undefined;
  }

  /** Keys of all of them; undefined: somebody wants everything, or they are too many. */
  #keysOf(whom: readonly Straggler[]): ReadonlySet<number> | undefined {
    if (whom.length > STRAGGLERS_INDEXED_MAX) return undefined;
    const keys = new Set<number>();
    for (const straggler of whom) {
      for (const { filter } of straggler.subscriptions()) {
        const key = filterKeyOf(straggler.tenant, innerFilter(filter));
        if (key === undefined || keys.size >= KEYS_MAX) return undefined;
        keys.add(key);
      }
    }
    return keys;
  }

  /** Whoever waits at or behind the place where the pass is takes part. */
  #admit(keys: ReadonlySet<number> | undefined, whom: Iterable<Straggler> = this.#waiting.keys()): void {
    this.#keys = keys;
    for (const straggler of whom) {
      const after = this.#waiting.get(straggler);
      if (after === undefined) continue;
      // Of the batch before, everything must be settled.
      if (after < placeOf(this.#next, 0) - 1) continue;
      this.#waiting.delete(straggler);
      this.#takers.add(straggler, after);
    }
  }

  #process(message: LogMessage): void {
    this.#next = message.seq;
    // In a dense stretch whoever came meanwhile, and is this far, joins in; the others are not looked at again.
    if (this.#keys === undefined && this.#fresh.size > 0) {
      const fresh = this.#fresh;
      this.#fresh = new Set();
      this.#admit(undefined, fresh);
    }
    const { seq } = message;
    forEachMessage(this.#partition, message, {
      each: (one) => this.#takers.deliver(one, seq),
      nominees: this.#takers.nominees,
      wants: this.#takers.wants,
      resent: this.#resent,
    });
    this.#next = message.seq + 1;
  }

  #finish(): void {
    const arrived = [...this.#takers.all()];
    this.#takers.clear();
    for (const straggler of arrived) straggler.caughtUp(this.#partition);
  }
}
