/**
 * An engine in memory for tests of brokers: folds the input log with the real fold, a message a task, appends what that
 * decides to say into the topic log exactly once, tells connections what was not accepted, answers questions about sessions,
 * lets time go on, and keeps the retained messages with the real keepers. It may stop for a while, and come back with nothing but the log.
 */
import { TICK, OwnEvents, edgeGoneEvent } from '../../engine/runtime/own-events.ts';
import { Downlinks } from '../../engine/runtime/downlinks.ts';
import { Notices } from '../../engine/runtime/notices.ts';
import { TopicKeeper } from '../../engine/runtime/topics/topic-keeper.ts';
import { KnownEnds } from '../../engine/runtime/log-ends.ts';
import { Folder } from '../../engine/pipeline/fold.ts';
import { PartitionState } from '../../engine/pipeline/partition-state.ts';
import type { MemoryInputLog } from '../../engine/memory/memory-input-log.ts';
import { MemoryTopicStore, type MemoryRetained, type MemoryTopicLog } from '../../engine/memory/memory-topic-log.ts';
import { silentLog } from '../../engine/observability/log.ts';
import type { AskClient } from '../../engine/ports/ask.ts';
import type { DownlinkSender } from '../../engine/ports/downlink.ts';
import type { BatchAppender, LogMessage } from '../../engine/ports/input-log.ts';
import type { FoldTask, OutcomeRun, TaskEffect } from '../../workers/protocol.ts';
import { MARKER_SLOTS } from '../../workers/protocol.ts';
import { encodeEffects } from '../../engine/runtime/effect-batch.ts';
import { decodeSessionState, encodeEdgeGone, KIND, VIA, type SessionState } from '../../schemas/gen/lean.ts';
import { must } from '../../engine/kernel/assert.ts';
import { framesOf } from './log-frames.ts';
import type { WorldClock } from './world-clock.ts';

export interface MemoryEngineParts {
  readonly partitions: number;
  readonly input: MemoryInputLog;
  readonly topics: MemoryTopicLog;
  /** As given to the topic log. */
  readonly index: MemoryTopicStore;
  readonly retained: MemoryRetained;
  readonly downlinks: DownlinkSender;
  readonly clock: WorldClock;
  /** Entries of a small segment of the topic index. */
  readonly segmentEntries?: number;
}

interface Folded {
  state: PartitionState;
  /** Last message that was folded since the engine started. */
  seq: number;
  /** Effects of messages up to this one stand in the topic log, whatever became of the engine. */
  saidSeq: number;
  isFolding: boolean;
  isAgain: boolean;
  readonly exceptions: OutcomeRun[];
  readonly notices: Notices;
}

/** No edge has these numbers. */
const ENGINE_EPOCH = 1_000_000;
const LOOK_MS = 5;
const RETENTION_MS = 24 * 3_600_000;

export class MemoryEngine implements Pick<AskClient, 'session'> {
  /** Events that nobody was told of, because there were too many. */
  untold = 0;
  readonly #parts: MemoryEngineParts;
  readonly #folded: readonly Folded[];
  readonly #folder = new Folder(new Float64Array(MARKER_SLOTS));
  readonly #own: OwnEvents;
  readonly #kept = new MemoryTopicStore({ keepsLast: true });
  readonly #ends = new KnownEnds();
  #keepers: readonly { readonly keeper: TopicKeeper; readonly run: Promise<void>; stop(): void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(parts: MemoryEngineParts) {
    const { clock, input, partitions } = parts;
    this.#parts = parts;
    this.#folded = Array.from({ length: partitions }, (_, partition) => this.#newFolded(partition));
    const appender: BatchAppender = {
      append: (partition, data, done) => done({ ok: true, seq: this.append(input, partition, data) }),
      connected: () => true,
      onReconnect: () => undefined,
    };
    this.#own = new OwnEvents({ appender, epoch: ENGINE_EPOCH, name: 'engine', clock });
    this.start();
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** With what the log says, and nothing else. */
  start(): void {
    if (this.#isRunning) return;
    const { partitions } = this.#parts;
    this.#isRunning = true;
    for (const [partition, folded] of this.#folded.entries()) {
      folded.state = new PartitionState(partition, partitions);
      folded.seq = 0;
      folded.exceptions.length = 0;
      this.#fold(partition);
    }
    this.#keepers = Array.from({ length: partitions }, (_, partition) => this.#startKeeper(partition));
    this.#timer = setInterval(() => void this.#tick(), LOOK_MS);
  }

  /** Nobody folds, answers or dispatches until it starts again. */
  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    clearInterval(this.#timer);
    for (const { stop } of this.#keepers) stop();
    await Promise.all(this.#keepers.map(async ({ run }) => run));
  }

  /** Appends to a log, of whichever kind, and has the input log folded. */
  append(log: MemoryInputLog, partition: number, data: Uint8Array): number {
    const seq = log.append(partition, data, this.#parts.clock.now());
    if (log === this.#parts.input) this.#fold(partition);
    return seq;
  }

  /** The edge is taken for dead, or says itself that it ends. */
  async edgeGone(epoch: number, drained = false): Promise<void> {
    const said = { kind: KIND.edgeGone, via: VIA.internal, payload: encodeEdgeGone({ edgeEpoch: epoch, drained: true }) };
    for (let partition = 0; partition < this.#parts.partitions; partition++) {
      await this.#own.append(partition, [drained ? said : edgeGoneEvent(epoch)]);
    }
  }

  async session(
    partition: number,
    { session, tenant }: { readonly tenant: string; readonly session: string },
    { minSeq, timeoutMs }: { readonly minSeq: number; readonly timeoutMs: number },
  ): ReturnType<AskClient['session']> {
    const untilMs = performance.now() + timeoutMs;
    const folded = must(this.#folded[partition], 'partition');
    while (!this.#isRunning || folded.seq < minSeq) {
      if (performance.now() > untilMs) return { ok: false, why: this.#isRunning ? 'behind' : 'no-owner' };
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    const value = folded.state.sessions.read(tenant, session, folded.state.logMs);
    return { ok: true, value, epoch: 1, checkpoint: folded.seq };
  }

  /** What the fold knows of a session now. */
  known(tenant: string, session: string): SessionState | undefined {
    for (const { state } of this.#folded) {
      const bytes = state.sessions.read(tenant, session, state.logMs);
      if (bytes !== undefined) return decodeSessionState(bytes);
    }
    return undefined;
  }

  /** Events that were not accepted. */
  exceptions(): readonly OutcomeRun[] {
    return this.#folded.flatMap(({ exceptions }) => exceptions);
  }

  #fold(partition: number): void {
    const folded = must(this.#folded[partition], 'partition');
    folded.isAgain = true;
    if (folded.isFolding) return;
    folded.isFolding = true;
    setImmediate(() => void this.#foldAll(partition, folded));
  }

  async #foldAll(partition: number, folded: Folded): Promise<void> {
    while (folded.isAgain && this.#isRunning) {
      folded.isAgain = false;
      for (;;) {
        const message = await this.#parts.input.get(partition, folded.seq + 1);
        if (message === undefined || !this.#isRunning) break;
        this.#foldOne(partition, folded, message);
      }
    }
    folded.isFolding = false;
  }

  #foldOne(partition: number, folded: Folded, message: LogMessage): void {
    const task: FoldTask = {
      op: 'fold',
      partition,
      recordSeq: message.seq,
      epoch: 1,
      frames: framesOf([message]),
      reads: [],
      sessionReads: [],
      killers: [],
    };
    const result = this.#folder.fold(folded.state, task);
    folded.exceptions.push(...result.exceptions);
    folded.seq = message.seq;
    if (message.seq <= folded.saidSeq) return;
    this.#say(partition, message.seq, result.effects);
    folded.saidSeq = message.seq;
    // The record is committed when the writer of the message has long been answered.
    setImmediate(() => folded.notices.tell(result));
  }

  #newFolded(partition: number): Folded {
    const { clock, downlinks: sender, partitions } = this.#parts;
    const epoch = (): number | undefined => (this.#isRunning ? 1 : undefined);
    const downlinks = new Downlinks({ partition, sender, clock, epoch, onStale: () => undefined });
    const notices = new Notices({ clock, onUntold: (reports) => void (this.untold += reports) }, downlinks);
    return {
      state: new PartitionState(partition, partitions),
      seq: 0,
      saidSeq: 0,
      isFolding: false,
      isAgain: false,
      exceptions: [],
      notices,
    };
  }

  #say(source: number, recordSeq: number, effects: readonly TaskEffect[]): void {
    const { clock, topics } = this.#parts;
    for (const target of new Set(effects.map((effect) => effect.target))) {
      const placed = effects.filter((effect) => effect.target === target).map(({ body, index }) => ({ version: recordSeq, index, body }));
      topics.append(Number(target), encodeEffects(placed, { source, edge: 'engine', openedMs: clock.now() }), clock.now());
    }
  }

  async #tick(): Promise<void> {
    const nowMs = this.#parts.clock.now();
    for (const [partition, { isFolding, state }] of this.#folded.entries()) {
      const { nextDueMs } = state;
      if (!isFolding && nextDueMs !== 0 && nextDueMs <= nowMs) await this.#own.append(partition, [TICK]);
    }
  }

  #startKeeper(partition: number): { readonly keeper: TopicKeeper; readonly run: Promise<void>; stop(): void } {
    const { clock, index, retained, segmentEntries, topics } = this.#parts;
    const keeper = new TopicKeeper({
      partition,
      instance: 'engine',
      log: silentLog,
      topics,
      retained: this.#kept,
      index,
      clock,
      serverId: () => 'memory',
      leaseFresh: () => this.#isRunning,
      ends: this.#ends,
      retainedMax: 100_000,
      retentionMs: RETENTION_MS,
      ...(segmentEntries === undefined ? {} : { segmentEntries }),
    });
    const serving = retained.serve(partition, keeper);
    const stop = (): void => {
      serving.stop();
      keeper.stop();
    };
    return { keeper, run: keeper.run(), stop };
  }
}
