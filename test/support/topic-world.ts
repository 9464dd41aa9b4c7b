/**
 * A topic partition on logs in memory that outlive its keepers. Keepers are started, stopped and killed at any append; what
 * counts afterwards is what a keeper answers, and what stands beside the log.
 */
import assert from 'node:assert/strict';
import { KIND } from '../../schemas/envelope.ts';
import { decodeEvent, type EventInit } from '../../schemas/gen/lean.ts';
import { MemoryRetained, MemoryTopicLog, MemoryTopicStore } from '../../engine/memory/memory-topic-log.ts';
import type { LogFacts } from '../../engine/observability/log.ts';
import type { RetainedEvent } from '../../engine/ports/topic-log.ts';
import type { StoreEntry, StoreRead, TopicStore } from '../../engine/ports/topic-store.ts';
import { KnownEnds } from '../../engine/runtime/log-ends.ts';
import { TopicKeeper } from '../../engine/runtime/topics/topic-keeper.ts';
import type { TopicKeeperParts } from '../../engine/runtime/topics/topic-parts.ts';
import { batchOf } from './log-frames.ts';
import { PushedClock } from './owner-harness.ts';
import { until } from './processes.ts';

/** `before` may fail a call, `after` its answer; both may hold it up. */
export interface Turn {
  readonly before?: () => Promise<void> | void;
  readonly after?: () => Promise<void> | void;
}

/** A store in whose appends and purges a test takes part. */
class WatchedStore implements TopicStore {
  readonly #store: TopicStore;
  readonly #turn: () => Turn;

  constructor(store: TopicStore, turn: () => Turn) {
    this.#store = store;
    this.#turn = turn;
  }

  lastSeq(partition: number): Promise<number> {
    return this.#store.lastSeq(partition);
  }

  async append(partition: number, entries: readonly StoreEntry[], expectedLastSeq: number): Promise<number> {
    const turn = this.#turn();
    await turn.before?.();
    const seq = await this.#store.append(partition, entries, expectedLastSeq);
    await turn.after?.();
    return seq;
  }

  read(partition: number, wanted: StoreRead) {
    return this.#store.read(partition, wanted);
  }

  counts(partition: number, filter: string): Promise<ReadonlyMap<string, number>> {
    return this.#store.counts(partition, filter);
  }

  async purge(partition: number, filter: string, beforeSeq: number): Promise<void> {
    const turn = this.#turn();
    await turn.before?.();
    await this.#store.purge(partition, filter, beforeSeq);
    await turn.after?.();
  }
}

export interface StartKeeper extends Partial<Pick<TopicKeeperParts, 'retainedMax' | 'retentionMs' | 'leaseFresh' | 'ends'>> {
  readonly instance?: string;
  /** Takes part in every append and purge beside the log. */
  readonly turn?: () => Turn;
  /** Answers nobody. */
  readonly isSilent?: boolean;
}

export interface StartedKeeper {
  readonly keeper: TopicKeeper;
  /** How `run` ended: undefined when it was stopped. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
  /** As by kill -9: from now on nothing it does has an effect. */
  crash(): Promise<void>;
  /** It has taken in the whole log. */
  settled(): Promise<void>;
}

const SEGMENT_ENTRIES = 8;
const YEARS_MS = 1e12;

export class TopicWorld {
  readonly retained = new MemoryTopicStore({ keepsLast: true });
  readonly index = new MemoryTopicStore({ keepsLast: false });
  readonly topics = new MemoryTopicLog(1, this.index);
  readonly asks = new MemoryRetained(1);
  readonly clock = new PushedClock();
  readonly said: { readonly what: string; readonly facts: LogFacts }[] = [];
  serverId = 'server-1';
  #counter = 0;

  start(options: StartKeeper = {}): StartedKeeper {
    let dead = false;
    const watched = (store: TopicStore): TopicStore =>
      new WatchedStore(store, () => {
        if (dead) throw new Error('killed');
        return options.turn?.() ?? {};
      });
    const say = (what: string, facts: LogFacts = {}): void => void this.said.push({ what, facts });
    const keeper = new TopicKeeper({
      partition: 0,
      instance: options.instance ?? 'i',
      log: { info: say, warn: say, error: say },
      topics: this.topics,
      retained: watched(this.retained),
      index: watched(this.index),
      clock: this.clock,
      serverId: () => this.serverId,
      leaseFresh: options.leaseFresh ?? (() => true),
      ends: options.ends ?? new KnownEnds(),
      retainedMax: options.retainedMax ?? 10_000,
      retentionMs: options.retentionMs ?? YEARS_MS,
      segmentEntries: SEGMENT_ENTRIES,
    });
    const served = options.isSilent === true ? undefined : this.asks.serve(0, keeper);
    let isOver = false;
    const ended = keeper
      .run()
      .then(
        () => undefined,
        (error: unknown) => error,
      )
      .finally(() => {
        isOver = true;
        served?.stop();
      });
    return {
      keeper,
      ended,
      stop: async () => {
        keeper.stop();
        assert.equal(await ended, undefined);
      },
      crash: async () => {
        dead = true;
        keeper.breakOff(new Error('killed'));
        await ended;
      },
      settled: async () => {
        const { lastSeq } = await this.topics.bounds(0);
        const isSettled = (): boolean => keeper.status().state === 'following' && keeper.status().appliedSeq >= lastSeq;
        await until(() => isOver || isSettled(), 'a keeper that is through');
        assert.ok(!isOver, 'the keeper ended');
      },
    };
  }

  /** Appends a batch as an edge does; an edge of epoch 0 is the engine itself. */
  send(events: readonly EventInit[], edgeEpoch = 1, counter = ++this.#counter): number {
    return this.topics.append(0, batchOf({ edgeEpoch, counter, events }), this.clock.now());
  }

  times(what: string): number {
    return this.said.filter((entry) => entry.what === what).length;
  }

  async find(filter = '#', minSeq = 0, tenant = 't'): Promise<readonly string[]> {
    const pages = await Array.fromAsync(this.asks.find({ tenant, filter, minSeqs: [minSeq], timeoutMs: 8_000 }));
    return pages
      .flat()
      .map((event) => textOf(event))
      .toSorted();
  }

  /** What a keeper that starts now has from beside the log alone, and from the log. */
  async findAfterRestart(filter = '#'): Promise<readonly string[]> {
    const life = this.start({ instance: 'looks' });
    await life.settled();
    const found = await this.find(filter);
    await life.stop();
    return found;
  }
}

export function textOf({ seq, index, event }: RetainedEvent): string {
  const { topic, payload } = decodeEvent(event) ?? { topic: '?', payload: new Uint8Array() };
  return `${topic}=${Buffer.from(payload).toString().slice(0, 20)}@${seq}.${index}`;
}

export function retainedEvent(topic: string, payload: string, more: EventInit = {}): EventInit {
  return { tenant: 't', topic, kind: KIND.published, payload: Buffer.from(payload), publishFlags: 1 | 4, ...more };
}
