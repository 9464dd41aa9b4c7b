/**
 * Partition 0 of one, on logs in memory that outlive their owners. Owners are started, stopped and killed at any call of a
 * port; what counts afterwards is what the logs, the twins and the analytics store hold.
 */
import assert from 'node:assert/strict';
import { ANSWER_CODE, decodeAsk, decodeControlRecord, encodeAsk } from '../../schemas/envelope.ts';
import type { Answer, AskInit, ControlRecord, EventInit } from '../../schemas/envelope.ts';
import type { Clock } from '../../engine/kernel/clock.ts';
import { MemoryAnalyticsSink } from '../../engine/memory/memory-analytics-sink.ts';
import { MemoryControlLog } from '../../engine/memory/memory-control-log.ts';
import { MemoryDownlinks } from '../../engine/memory/memory-downlinks.ts';
import { MemoryInputLog } from '../../engine/memory/memory-input-log.ts';
import { MemorySnapshots } from '../../engine/memory/memory-snapshots.ts';
import { MemoryTopicEffects } from '../../engine/memory/memory-topic-effects.ts';
import type { Log, LogFacts } from '../../engine/observability/log.ts';
import type { FoldPool } from '../../engine/ports/fold-pool.ts';
import type { BatchAppender } from '../../engine/ports/input-log.ts';
import { KnownEnds } from '../../engine/runtime/log-ends.ts';
import { OwnEvents } from '../../engine/runtime/own-events.ts';
import type { OwnerParts } from '../../engine/runtime/owner-parts.ts';
import { PartitionOwner } from '../../engine/runtime/owner.ts';
import type { SinkLimits } from '../../engine/runtime/sink-limits.ts';
import { Sink } from '../../engine/runtime/sink.ts';
import { inProcessFoldPool } from '../../workers/pool.ts';
import { hooked, type Hook } from './hooked-port.ts';
import { batchOf } from './log-frames.ts';
import { until } from './processes.ts';

/** The product's are made for real servers; in memory nobody needs to wait that long. */
export const QUICK_LIMITS: Partial<SinkLimits> = { flushMs: 5, departMs: 10, closeMs: 10, retryMsMin: 2, retryMsMax: 10, tickMs: 1 };
/** A moment far from the end of its day. */
export const MORNING_MS = Date.UTC(2026, 10, 23, 6);
export const DAY_MS = 86_400_000;
/** Writer numbers of engines; those of edges in tests are small. */
export const OWN_EPOCH = 1_000;
/** So long that only tests of the retention see it. */
const RETENTION_MS = 3_650 * DAY_MS;

export interface StartOptions {
  readonly node?: string;
  readonly hook?: Hook;
  readonly pool?: FoldPool;
  readonly leaseFresh?: () => boolean;
  readonly killers?: OwnerParts['killers'];
  readonly logRetentionMs?: number;
  readonly isEdgeGone?: OwnerParts['isEdgeGone'];
  /** Of a process that has had owners of the partition before. */
  readonly ends?: KnownEnds;
}

/** Real time that a test can push ahead. */
export class PushedClock implements Clock {
  aheadMs = 0;

  now(): number {
    return Math.floor(MORNING_MS + this.monotonic());
  }

  monotonic(): number {
    return performance.now() + this.aheadMs;
  }
}

/** Writes batches as one edge does: numbered, and sent again unchanged. */
export class TestEdge {
  readonly #world: World;
  readonly #epoch: number;
  #counter = 0;
  #last: Uint8Array = new Uint8Array(0);

  constructor(world: World, epoch: number) {
    this.#world = world;
    this.#epoch = epoch;
  }

  send(events: readonly EventInit[], timeMs?: number): number {
    this.#last = batchOf({ edgeEpoch: this.#epoch, counter: ++this.#counter, events });
    return this.sendAgain(timeMs);
  }

  sendAgain(timeMs = this.#world.nextMs++): number {
    return this.#world.input.append(0, this.#last, timeMs);
  }
}

/** One life of an owner, with a pool and a sink of its own, as a process has them. */
export class StartedOwner {
  readonly owner: PartitionOwner;
  readonly sink: Sink;
  /** How `run` ended: undefined when it was stopped. */
  readonly ended: Promise<unknown>;
  readonly #die: () => void;
  #over = false;

  constructor(life: { readonly owner: PartitionOwner; readonly sink: Sink; readonly die: () => void }) {
    this.owner = life.owner;
    this.sink = life.sink;
    this.#die = life.die;
    this.ended = life.owner
      .run()
      .then(
        () => undefined,
        (error: unknown) => error,
      )
      .finally(() => (this.#over = true));
  }

  async stop(): Promise<void> {
    this.owner.stop();
    assert.equal(await this.ended, undefined);
  }

  /** As by kill -9: from now on nothing it does has an effect. */
  async crash(): Promise<void> {
    this.#die();
    this.owner.breakOff(new Error('killed'));
    await this.ended;
  }

  async ask(ask: AskInit): Promise<Answer> {
    return this.owner.ask(decodeAsk(encodeAsk(ask)));
  }

  async twin(device: string, minSeq = 0): Promise<unknown> {
    const answer = await this.ask({ minSeq, twin: { tenant: 't', device } });
    if (answer.code === ANSWER_CODE.notFound) return undefined;
    assert.equal(answer.code, ANSWER_CODE.ok);
    return JSON.parse(Buffer.from(answer.body).toString());
  }

  async state(state: string): Promise<void> {
    await until(() => this.owner.status()['state'] === state, `an owner that is ${state}`);
  }

  /** Everything in the log is folded, committed and written. */
  async settled(world: World): Promise<void> {
    assert.ok(await this.settledOrOver(world), 'the owner ended');
  }

  /** False when the owner ended before that. `toSeq`: the last message to wait for, if not the log's last. */
  async settledOrOver(world: World, toSeq?: number): Promise<boolean> {
    const { lastSeq, firstSeq } = await world.input.bounds(0);
    const last = toSeq ?? (lastSeq < firstSeq ? 0 : lastSeq);
    await until(
      () => this.#over || (Number(this.owner.status()['checkpoint']) >= last && this.owner.status()['state'] === 'folding'),
      `message ${last} to be covered`,
    );
    await this.drained();
    return !this.#over;
  }

  /** Its sink has nothing left to do, which an owner that ended takes care of too. */
  async drained(): Promise<void> {
    let done = false;
    const draining = this.sink.drain().finally(() => (done = true));
    await until(() => done, 'the sink to be drained');
    await draining;
  }
}

export class World {
  readonly input = new MemoryInputLog();
  readonly control = new MemoryControlLog(() => MORNING_MS);
  readonly snapshots = new MemorySnapshots();
  readonly analytics = new MemoryAnalyticsSink();
  readonly topicEffects = new MemoryTopicEffects();
  readonly downlinks = new MemoryDownlinks();
  readonly clock = new PushedClock();
  /** What every owner's log said, in order. */
  readonly said: { readonly what: string; readonly facts: LogFacts }[] = [];
  /** Reports that owners had no room for. */
  untold = 0;
  serverId = 'server-1';
  nextMs = MORNING_MS;
  #instances = 0;

  edge(epoch = 1): TestEdge {
    return new TestEdge(this, epoch);
  }

  start(options: StartOptions = {}): StartedOwner {
    const { parts, die, heard } = this.parts(options);
    const owner = new PartitionOwner(parts);
    heard((maxLogSeq) => owner.lostControlEnd(maxLogSeq));
    return new StartedOwner({ owner, sink: parts.sink, die });
  }

  /** What an owner is made of. After `die` nothing has an effect any more; `heard` takes who listens to the sink's alarm. */
  parts(options: StartOptions = {}): {
    readonly parts: OwnerParts;
    readonly die: () => void;
    readonly heard: (listen: (maxLogSeq: number) => void) => void;
  } {
    const instance = `i${++this.#instances}`;
    let dead = false;
    const port = <T extends object>(name: string, real: T): T =>
      hooked(name, real, (call) => {
        if (dead) throw new Error('killed');
        return options.hook?.(call);
      });
    const analytics = port('analytics', this.analytics);
    const log = this.#log();
    const { clock } = this;
    let listen: (maxLogSeq: number) => void = () => undefined;
    const sink = new Sink({
      analytics,
      instance,
      clock,
      log,
      limits: QUICK_LIMITS,
      onLostEnd: (_partition, maxLogSeq) => listen(maxLogSeq),
    });
    const parts: OwnerParts = {
      partition: 0,
      partitions: 1,
      member: { node: options.node ?? 'n', instance },
      control: port('control', this.control),
      input: port('input', this.input),
      snapshots: port('snapshots', this.snapshots),
      pool: port('pool', options.pool ?? inProcessFoldPool()),
      sink,
      topicEffects: port('topicEffects', this.topicEffects),
      downlinks: port('downlinks', this.downlinks),
      ownEvents: new OwnEvents({ appender: this.#appender(() => dead), epoch: OWN_EPOCH + this.#instances, name: 'engine', clock }),
      isEdgeGone: options.isEdgeGone ?? (() => false),
      analytics,
      serverId: () => this.serverId,
      clock,
      log,
      logRetentionMs: options.logRetentionMs ?? RETENTION_MS,
      snapshotIntervalMs: 120_000,
      leaseFresh: options.leaseFresh ?? (() => true),
      killers: options.killers ?? (() => []),
      ends: options.ends ?? new KnownEnds(),
      onFolded: () => undefined,
      onUntold: (reports) => void (this.untold += reports),
    };
    return { parts, die: () => (dead = true), heard: (hears) => (listen = hears) };
  }

  /** Starts, lets everything settle, and stops. */
  async settle(options: StartOptions = {}): Promise<void> {
    const life = this.start(options);
    await life.settled(this);
    await life.stop();
  }

  /** How often something was said. */
  times(what: string): number {
    return this.said.filter((entry) => entry.what === what).length;
  }

  async records(): Promise<readonly ControlRecord[]> {
    const last = await this.control.lastSeq(0);
    const records: ControlRecord[] = [];
    for (let seq = last; seq > 0; seq--) {
      const entry = await this.control.get(0, seq);
      if (entry === undefined) break;
      records.unshift(decodeControlRecord(entry.data));
    }
    return records;
  }

  /** An owner's own way into the log; its server's clock is the owner's. */
  #appender(isDead: () => boolean): BatchAppender {
    return {
      append: (partition, data, done) => {
        if (isDead()) queueMicrotask(() => done({ ok: false, why: 'unknown' }));
        else {
          const seq = this.input.append(partition, data, this.clock.now());
          queueMicrotask(() => done({ ok: true, seq }));
        }
      },
      connected: () => !isDead(),
      onReconnect: () => undefined,
    };
  }

  #log(): Log {
    const say = (what: string, facts: LogFacts = {}): void => void this.said.push({ what, facts });
    return { info: say, warn: say, error: say };
  }
}
