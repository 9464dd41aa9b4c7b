/**
 * The keeper of one topic partition: follows its log, keeps the last retained message of each topic and answers for them,
 * writes them and the index beside the log, and purges the log. There is one beside the owner of the input log's partition of
 * the same number. Two at once do no harm: what they write is fenced, and whoever is refused starts over.
 *
 * What stands beside the log is written together with the checkpoint that says how far it reflects the log, so a keeper starts
 * from there, whatever became of the one before.
 */
import { ANSWER_CODE, readBatchIdentity } from '../../../schemas/envelope.ts';
import type { AskRetained, RetainedAnswerInit, TopicCheckpoint } from '../../../schemas/gen/lean.ts';
import { errorOf, messageOf, TwinfoldError } from '../../kernel/errors.ts';
import type { LogFollower, LogMessage } from '../../ports/input-log.ts';
import { WaitingRoom } from '../answers.ts';
import { Wakeup, type Service } from '../service.ts';
import { IndexWriter } from './index-writer.ts';
import { MessageApplier } from './message-applier.ts';
import { RetainedAnswers } from './retained-answers.ts';
import { RetainedState } from './retained-state.ts';
import { RetainedWriter } from './retained-writer.ts';
import { checkTopicEnd, moveTopicEnd, type CoveredTopic } from './topic-end.ts';
import type { TopicKeeperParts } from './topic-parts.ts';
import { TopicPurge } from './topic-purge.ts';
import { WritersSeen } from './writers-seen.ts';

/** Between two writes: what changes meanwhile goes together, and of a topic only the last. Answers don't wait for them. */
const WRITE_MS = 20;
const WRITE_AT_ONCE = 500;
/** A checkpoint by itself: how much a keeper may have to read again. */
const CHECKPOINT_MS = 2_000;
/** Changes that may wait; beyond, reading does. */
const CHANGES_MAX = 20_000;
const CHANGED_BYTES_MAX = 16 * 1024 * 1024;
const ASK_MS_MAX = 5_000;
const TICK_MS = 250;
const TIDY_MS = 10_000;
const INDEX_LOOK_MS = 600_000;

export type KeeperState = 'loading' | 'following' | 'stopped';

export interface KeeperStatus {
  readonly partition: number;
  readonly state: KeeperState;
  readonly appliedSeq: number;
  readonly checkpointSeq: number;
  readonly lagMessages: number;
  readonly retained: number;
  /** Retained messages that their tenant had no room for. */
  readonly refused: number;
  readonly written: number;
  readonly purgedByNeed: number;
  readonly indexedTo: number;
  readonly segments: number;
}

export class TopicKeeper implements Service {
  readonly partition: number;
  readonly #parts: TopicKeeperParts;
  readonly #state: RetainedState;
  readonly #writer: RetainedWriter;
  readonly #index: IndexWriter;
  readonly #writers = new WritersSeen();
  readonly #applier: MessageApplier;
  readonly #answers: RetainedAnswers;
  readonly #purge: TopicPurge;
  readonly #waiting = new WaitingRoom<(covered: boolean) => void>();
  readonly #wake = new Wakeup();
  readonly #room = new Wakeup();
  #phase: KeeperState = 'loading';
  #stopping = false;
  #broken: Error | undefined;
  #follower: LogFollower | undefined;
  #reading = false;
  #last = placeOnly(0);
  #logSeq = 0;
  #confirmedServer: string | undefined;
  #wroteMs = 0;
  #checkpointMs = 0;
  #tidiedMs = Number.NEGATIVE_INFINITY;
  #indexLookedMs: number;

  constructor(parts: TopicKeeperParts) {
    this.#parts = parts;
    this.partition = parts.partition;
    this.#state = new RetainedState(parts.retainedMax);
    this.#writer = new RetainedWriter(parts, this.#state);
    this.#index = new IndexWriter({ ...parts, store: parts.index });
    this.#applier = new MessageApplier({ state: this.#state, writers: this.#writers, index: this.#index });
    this.#answers = new RetainedAnswers(this.#state, async (name) => this.#writer.fetch(name));
    this.#purge = new TopicPurge({ ...parts, written: async (seq) => this.#written(seq) });
    this.#indexLookedMs = parts.clock.monotonic();
  }

  async run(): Promise<void> {
    try {
      await this.#begin();
      await this.#keepUntilStopped();
    } catch (error) {
      this.#broken ??= errorOf(error);
      throw error;
    } finally {
      this.#phase = 'stopped';
      this.#follower?.stop();
      this.#room.raise();
      for (const { what } of this.#waiting.takeAll()) what(false);
      await this.#purge.done();
    }
  }

  /** Ends after what was read is written. */
  stop(): void {
    this.#stopping = true;
    this.#wakeAll();
  }

  breakOff(reason: unknown): void {
    this.#broken ??= errorOf(reason);
    this.#wakeAll();
  }

  status(): KeeperStatus {
    return {
      partition: this.partition,
      state: this.#phase,
      appliedSeq: this.#last.seq,
      checkpointSeq: this.#writer.checkpoint.seq,
      lagMessages: Math.max(0, this.#logSeq - this.#last.seq),
      retained: this.#state.count,
      refused: this.#state.refused,
      written: this.#writer.written,
      purgedByNeed: this.#purge.byNeed,
      indexedTo: this.#index.nextSeq - 1,
      segments: this.#index.segments,
    };
  }

  async ask(ask: AskRetained): Promise<RetainedAnswerInit> {
    if (ask.server !== '') return this.#answer({ code: await this.#mayWrite(ask.server, ask.minSeq) });
    if (this.#phase !== 'following' || !this.#parts.leaseFresh()) return this.#answer({ code: ANSWER_CODE.notOwner });
    if (ask.minSeq > this.#last.seq && !(await this.#covered(ask.minSeq)))
      return this.#answer({ code: this.#isOver() ? ANSWER_CODE.notOwner : ANSWER_CODE.behind });
    const { clock } = this.#parts;
    const page = await this.#answers.page(ask, { wallMs: clock.now(), monotonicMs: clock.monotonic() });
    return this.#answer(this.#parts.leaseFresh() ? page : { code: ANSWER_CODE.notOwner });
  }

  /** The connection came back, perhaps to a server that restarted: does the log still end where it ended? */
  async reconnected(serverId: string): Promise<void> {
    if (this.#phase === 'loading') this.breakOff(new Error('the server changed before everything was loaded'));
    if (this.#phase !== 'following') return;
    const end = await checkTopicEnd(this.#parts, this.#last, 0);
    if (end.state === 'intact') {
      this.#confirmedServer = serverId;
      return;
    }
    this.#parts.ends.know(this.partition, end.knownSeq);
    const what = `topic partition ${this.partition}: its log ends at ${end.lastSeq}, and ${end.knownSeq} was there (${end.state})`;
    this.breakOff(new TwinfoldError('log-lost-its-end', what, { domain: 'external', retryable: true }));
  }

  async #mayWrite(serverId: string, ackedSeq: number): Promise<number> {
    const { ends, leaseFresh } = this.#parts;
    ends.know(this.partition, ackedSeq);
    if (this.#isOver() || !leaseFresh()) return ANSWER_CODE.notOwner;
    if (this.#phase !== 'following' || this.#confirmedServer !== serverId) return ANSWER_CODE.behind;
    if (ackedSeq > this.#last.seq) await this.reconnected(serverId);
    return this.#isOver() ? ANSWER_CODE.notOwner : ANSWER_CODE.ok;
  }

  // From the start to following.

  async #begin(): Promise<void> {
    const { clock, log, partition, topics } = this.#parts;
    const startedMs = clock.monotonic();
    const serverId = this.#parts.serverId();
    await this.#writer.load();
    const { checkpoint } = this.#writer;
    this.#writers.restore(checkpoint.writer, checkpoint.writerCounter);
    this.#last = checkpoint;
    const { firstSeq } = await topics.bounds(partition);
    await this.#index.open(firstSeq);
    const end = await checkTopicEnd(this.#parts, checkpoint, this.#index.nextSeq - 1);
    if (end.state === 'different') await this.#startAgain(firstSeq);
    await this.#catchUp(end.lastSeq);
    if (end.state !== 'intact') {
      log.error('topic-log-lost-its-end', { partition, endsAt: end.lastSeq, known: end.knownSeq, found: end.state });
      await this.#writeAll();
      await moveTopicEnd(this.#parts, end);
      // What stands in that place now, if anything, is not what was read.
      this.#last = placeOnly(this.#last.seq);
    }
    // What is gone from the log, by a purge of that kind too, was reflected, or can't be.
    const first = (await topics.bounds(partition)).firstSeq;
    if (this.#last.seq < first - 1) this.#last = placeOnly(first - 1);
    await this.#writeAll();
    this.#goOn();
    this.#confirmedServer = serverId;
    this.#phase = 'following';
    if (this.#parts.serverId() !== serverId) await this.reconnected(this.#parts.serverId());
    const { retained, segments } = this.status();
    const ms = Math.round(clock.monotonic() - startedMs);
    log.info('topics-kept', { partition, from: this.#last.seq + 1, retained, segments, ms });
    if (!this.#stopping) void this.#read(this.#last.seq + 1);
  }

  /** Other messages stand in the log than those that were reflected: all that there are count, and newer places win. */
  async #startAgain(firstSeq: number): Promise<void> {
    this.#writer.forgetCheckpoint();
    this.#last = placeOnly(firstSeq - 1);
    await this.#index.drop();
    await this.#index.open(firstSeq);
  }

  async #catchUp(lastSeq: number): Promise<void> {
    const { partition, topics } = this.#parts;
    const { firstSeq } = await topics.bounds(partition);
    const from = Math.max(firstSeq, Math.min(this.#last.seq + 1, this.#index.nextSeq));
    if (from > lastSeq) return;
    const follower = this.#follow(from);
    try {
      for await (const message of follower) {
        await this.#apply(message);
        if (this.#isCrowded()) await this.#writeAll();
        this.#goOn();
        if (message.seq >= lastSeq) return;
      }
    } finally {
      follower.stop();
    }
  }

  // Following.

  #follow(from: number): LogFollower {
    const follower = this.#parts.topics.follow(this.partition, from);
    this.#follower = follower;
    if (this.#isOver()) follower.stop();
    return follower;
  }

  async #read(from: number): Promise<void> {
    this.#reading = true;
    try {
      for await (const message of this.#follow(from)) {
        await this.#apply(message);
        if (this.#waiting.size > 0) for (const { what } of this.#waiting.takeCovered(message.seq)) what(true);
        if (this.#purge.saw(message.data.length) || this.#state.changed >= WRITE_AT_ONCE) this.#wake.raise();
        while (this.#isCrowded() && !this.#isOver()) await this.#room.wait(TICK_MS);
      }
    } catch (error) {
      this.breakOff(error);
    } finally {
      this.#reading = false;
      this.#wake.raise();
    }
  }

  async #apply(message: LogMessage): Promise<void> {
    await this.#applier.apply(message, this.#last.seq + 1, this.#parts.clock.now());
    if (message.seq <= this.#last.seq) return;
    this.#last = { seq: message.seq, timestampMs: message.timeMs, ...readBatchIdentity(message.data) };
    this.#logSeq = Math.max(this.#logSeq, message.seq);
    this.#parts.ends.know(this.partition, message.seq);
  }

  #isCrowded(): boolean {
    return this.#state.changed >= CHANGES_MAX || this.#state.changedBytes >= CHANGED_BYTES_MAX;
  }

  async #keepUntilStopped(): Promise<void> {
    for (;;) {
      this.#goOn();
      const nowMs = this.#parts.clock.monotonic();
      const due = this.#purge.due(nowMs);
      for (const { what } of this.#waiting.takeExpired(nowMs)) what(false);
      const isEnd = this.#stopping && !this.#reading;
      const isAhead = this.#last.seq > this.#writer.checkpoint.seq;
      if (this.#state.changed > 0 && (isEnd || nowMs - this.#wroteMs >= WRITE_MS)) await this.#write();
      else if (isAhead && (isEnd || nowMs - this.#checkpointMs >= CHECKPOINT_MS)) await this.#write();
      else if (isEnd) return;
      else if (due !== undefined) await this.#look(due);
      else if (nowMs - this.#tidiedMs >= TIDY_MS) await this.#tidy(nowMs);
      else await this.#wake.wait(this.#state.changed > 0 ? WRITE_MS : TICK_MS);
    }
  }

  async #writeAll(): Promise<void> {
    do await this.#write();
    while (this.#state.changed > 0);
  }

  async #write(): Promise<void> {
    const here: Omit<TopicCheckpoint, 'instance'> = { ...this.#last, ...this.#writers.list() };
    const isAll = await this.#writer.write(here);
    this.#wroteMs = this.#parts.clock.monotonic();
    if (isAll) this.#checkpointMs = this.#wroteMs;
    this.#room.raise();
  }

  async #look(due: 'now' | 'filling'): Promise<void> {
    const { log, partition } = this.#parts;
    try {
      const { lastSeq } = await this.#purge.look(due);
      this.#logSeq = Math.max(this.#logSeq, lastSeq);
    } catch (error) {
      log.warn('topic-housekeeping-failed', { partition, error: messageOf(error) });
    }
  }

  /** Where more has to go than is reflected beside the log, that is written first. */
  async #written(seq: number): Promise<number> {
    if (seq > this.#writer.checkpoint.seq && this.#last.seq > this.#writer.checkpoint.seq) await this.#write();
    return this.#writer.checkpoint.seq;
  }

  async #tidy(nowMs: number): Promise<void> {
    const { clock, log, partition, topics } = this.#parts;
    this.#tidiedMs = nowMs;
    this.#answers.tidy(nowMs);
    this.#state.expire(clock.now());
    try {
      await this.#index.forget((await topics.bounds(partition)).firstSeq);
      if (nowMs - this.#indexLookedMs < INDEX_LOOK_MS) return;
      this.#indexLookedMs = nowMs;
      // Opening finds the damage again, drops the index, and builds another.
      if (!(await this.#index.isWhole())) this.breakOff(new Error(`topic partition ${partition}: its index is not whole`));
    } catch (error) {
      log.warn('topic-housekeeping-failed', { partition, error: messageOf(error) });
    }
  }

  async #covered(seq: number): Promise<boolean> {
    const deadlineMs = this.#parts.clock.monotonic() + ASK_MS_MAX;
    return new Promise((resolve) => {
      if (!this.#waiting.add({ minSeq: seq, deadlineMs, what: resolve })) resolve(false);
    });
  }

  #answer(answer: RetainedAnswerInit): RetainedAnswerInit {
    return { ...answer, checkpoint: this.#last.seq };
  }

  #isOver(): boolean {
    return this.#phase === 'stopped' || this.#broken !== undefined || this.#stopping;
  }

  #wakeAll(): void {
    this.#follower?.stop();
    this.#room.raise();
    this.#wake.raise();
  }

  #goOn(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }
}

function placeOnly(seq: number): CoveredTopic {
  return { seq, timestampMs: 0, edgeEpoch: 0, counter: 0 };
}
