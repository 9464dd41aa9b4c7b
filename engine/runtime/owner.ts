/**
 * The owner of one partition: claims it, recovers its state, and then folds what the input log brings, one micro-batch at
 * a time. While a record is on its way the next batch is folded and grows; its own record waits for the one before. Rows
 * are released and questions answered only when the record that covers them is committed.
 *
 * Anything unexpected (a fence, an unknown outcome, a dead worker) ends `run` with an error: forget everything, start
 * over from the control log.
 */
import { ANSWER_CODE, encodeControlRecord, readBatchIdentity, type Answer, type Ask, type ControlRecord } from '../../schemas/envelope.ts';
import type { FoldResult, TwinReply } from '../../workers/protocol.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import { failpoint } from '../observability/failpoint.ts';
import type { LogFollower, LogMessage } from '../ports/input-log.ts';
import { RecentOutcomes, WaitingRoom } from './answers.ts';
import { checkLogEnd, claimPartition, type ControlState, type EndCheck } from './claim.ts';
import { ControlWriter } from './control-writer.ts';
import { packFrames } from './frames.ts';
import { Housekeeper } from './housekeeping.ts';
import type { OwnerParts } from './owner-parts.ts';
import { PendingMessages } from './pending-messages.ts';
import { recoverPartition } from './recovery.ts';
import { exceptionsOf, rebuildRows } from './rebuild.ts';
import { Wakeup, type Service } from './service.ts';
import type { SinkPartition } from './sink.ts';

/** Between two micro-batches, unless somebody waits or much has come: each costs a record, and with it an fsync. */
const BATCH_INTERVAL_MS = 8;
const BATCH_AT_ONCE_BYTES = 256 * 1024;
/** How long a question waits for its message to be covered. */
const ASK_MS_MAX = 5_000;
const EXPIRE_EVERY_MS = 250;
const FOLD_VERSION = 1;
const NO_BODY = new Uint8Array(0);

interface Reclaim {
  readonly resolve: (epoch: number) => void;
  readonly reject: (error: unknown) => void;
}

interface Asked {
  readonly question: Question;
  readonly reply: TwinReply | undefined;
}

interface Question {
  readonly ask: Ask;
  readonly answer: (answer: Answer) => void;
}

export type OwnerState = 'claiming' | 'recovering' | 'folding' | 'stopped';

export class PartitionOwner implements Service {
  readonly partition: number;
  readonly #parts: OwnerParts;
  readonly #pending = new PendingMessages();
  readonly #questions = new WaitingRoom<Question>();
  readonly #outcomes = new RecentOutcomes();
  readonly #wake = new Wakeup();
  readonly #housekeeper: Housekeeper;
  #writer: ControlWriter | undefined;
  #follower: LogFollower | undefined;
  #state: OwnerState = 'claiming';
  #stopping = false;
  #broken: unknown;
  #reclaims: Reclaim[] = [];
  #confirmedServer: string | undefined;
  #lastFoldMs = 0;
  #foldedSeq = 0;
  #devices = 0;
  #events = 0;
  #nextReadId = 1;

  constructor(parts: OwnerParts) {
    this.#parts = parts;
    this.partition = parts.partition;
    this.#housekeeper = new Housekeeper(parts);
  }

  async run(): Promise<void> {
    try {
      const writer = await this.#begin();
      await this.#foldUntilStopped(writer);
    } catch (error) {
      this.#broken ??= error;
      throw error;
    } finally {
      await this.#end();
    }
  }

  /** Ends after what was read is folded and committed. */
  stop(): void {
    this.#stopping = true;
    this.#follower?.stop();
    this.#wake.raise();
  }

  /** Ends as if it had crashed: nothing more is folded or written. */
  breakOff(reason: unknown): void {
    this.#broken ??= reason;
    this.#follower?.stop();
    this.#wake.raise();
  }

  /** What the sink may ask of this partition. */
  #sinkSide(writer: ControlWriter): SinkPartition {
    return {
      partition: this.partition,
      epoch: () => writer.state.epoch,
      commitSink: async (state) => {
        const committed = writer.wish(state);
        this.#wake.raise();
        return committed;
      },
      reclaim: async () =>
        new Promise((resolve, reject) => {
          if (this.#state !== 'folding') reject(this.#gone());
          else this.#reclaims.push({ resolve, reject });
          this.#wake.raise();
        }),
      rebuild: async (range) => rebuildRows(this.#parts, { ...range, epoch: writer.state.epoch }),
      stop: (error) => {
        this.#parts.log.error('partition-stopped', { partition: this.partition, error: error.message });
        this.breakOff(error);
      },
    };
  }

  async ask(ask: Ask): Promise<Answer> {
    if (ask.status !== undefined) return { ...this.#answer(ANSWER_CODE.ok), body: Buffer.from(JSON.stringify(this.status())) };
    if (this.#state !== 'folding' || !this.#parts.leaseFresh()) return this.#answer(ANSWER_CODE.notOwner);
    if (ask.end !== undefined) return this.#answer(this.#confirmedServer === ask.end.server ? ANSWER_CODE.ok : ANSWER_CODE.behind);
    return new Promise((resolve) => {
      const taken = this.#questions.add({ minSeq: ask.minSeq, deadlineMs: this.#parts.clock.monotonic() + ASK_MS_MAX, what: { ask, answer: resolve } });
      if (!taken) resolve(this.#answer(ANSWER_CODE.behind));
      this.#wake.raise();
    });
  }

  status(): Readonly<Record<string, unknown>> {
    const state = this.#writer?.state;
    const oldestMs = this.#pending.oldestMs;
    return {
      partition: this.partition,
      owner: this.#parts.member.node,
      instance: this.#parts.member.instance,
      state: this.#state,
      epoch: state?.epoch ?? 0,
      record: state?.recordSeq ?? 0,
      checkpoint: state?.last.seq ?? 0,
      logTimeMs: state?.logMs ?? 0,
      lagMessages: this.#pending.count,
      lagMs: oldestMs === undefined ? 0 : Math.max(0, this.#parts.clock.now() - oldestMs),
      devices: this.#devices,
      events: this.#events,
      sink: this.#parts.sink.status(this.partition),
    };
  }

  /** The connection came back, perhaps to a server that restarted: does the log still end where it ended? */
  async reconnected(serverId: string): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) return;
    const end = await checkLogEnd(this.#parts.input, this.partition, writer.state.last);
    if (end.state === 'intact') this.#confirmedServer = serverId;
    else this.breakOff(lostEnd(this.partition, writer.state, end));
  }

  // The way of a micro-batch.

  async #begin(): Promise<ControlWriter> {
    const parts = this.#parts;
    const claimed = await claimPartition(parts);
    failpoint('owner.claimed');
    const end = await checkLogEnd(parts.input, parts.partition, claimed.last);
    if (end.state !== 'intact') throw lostEnd(parts.partition, claimed, end);
    this.#state = 'recovering';
    const startedMs = parts.clock.monotonic();
    const recovered = await recoverPartition({ ...parts, onRecord: (_seq, record) => this.#remember(record) }, claimed);
    failpoint('owner.recovered');
    this.#devices = recovered.devices;
    this.#foldedSeq = claimed.last.seq;
    const writer = new ControlWriter(parts, claimed);
    this.#writer = writer;
    this.#state = 'folding';
    parts.log.info('partition-owned', { partition: parts.partition, epoch: claimed.epoch, devices: recovered.devices, messages: recovered.messages, ms: Math.round(parts.clock.monotonic() - startedMs) });
    parts.sink.attach(this.#sinkSide(writer), { sink: claimed.sink, lastRecordSeq: claimed.recordSeq, lastLogSeq: claimed.last.seq, previousInstances: claimed.unfenced });
    if (!this.#stopping) void this.#read(claimed.last.seq + 1);
    return writer;
  }

  async #read(from: number): Promise<void> {
    const follower = this.#parts.input.follow(this.partition, from);
    this.#follower = follower;
    try {
      for await (const message of follower) {
        failpoint('owner.fetched');
        const room = this.#pending.add(message);
        this.#wake.raise();
        await room;
      }
    } catch (error) {
      this.#broken ??= error;
      this.#wake.raise();
    }
  }

  async #foldUntilStopped(writer: ControlWriter): Promise<void> {
    for (;;) {
      if (this.#broken !== undefined) throw this.#broken;
      this.#expireQuestions();
      if (this.#reclaims.length > 0) await this.#reclaimNow(writer);
      else if (this.#hasWork(writer)) await this.#foldOnce(writer);
      else if (this.#stopping && !writer.busy) return;
      else if (this.#housekeeper.due() && !writer.busy) await this.#keepHouse(writer);
      else await this.#wake.wait(EXPIRE_EVERY_MS);
    }
  }

  #hasWork(writer: ControlWriter): boolean {
    return this.#pending.count > 0 || writer.wished || this.#questionsReady();
  }

  #questionsReady(): boolean {
    return this.#questions.size > 0 && this.#questions.hasCovered(this.#foldedSeq);
  }

  async #foldOnce(writer: ControlWriter): Promise<void> {
    await this.#pace();
    const messages = this.#pending.take();
    const asked = this.#questions.takeCovered(messages.at(-1)?.seq ?? this.#foldedSeq).map((waiting) => ({ ...waiting, id: this.#nextReadId++ }));
    const result = await this.#parts.pool.fold({
      op: 'fold',
      partition: this.partition,
      recordSeq: writer.nextSeq,
      epoch: writer.state.epoch,
      frames: packFrames(messages),
      reads: asked.flatMap(({ id, what: { ask } }) => (ask.twin === undefined ? [] : [{ id, tenant: ask.twin.tenant, device: ask.twin.device }])),
      killers: this.#parts.killers(this.partition),
    });
    failpoint('owner.folded');
    this.#lastFoldMs = this.#parts.clock.monotonic();
    this.#pending.putBack(messages.slice(result.consumed));
    const folded = messages.slice(0, result.consumed);
    this.#foldedSeq = Math.max(this.#foldedSeq, folded.at(-1)?.seq ?? 0);
    const replies = new Map(result.replies.map((reply) => [reply.id, reply]));
    const ready: Asked[] = [];
    for (const question of asked) {
      // The task was cut at a day's border before the message that this one waits for.
      if (question.minSeq > this.#foldedSeq) this.#questions.add(question);
      else ready.push({ question: question.what, reply: replies.get(question.id) });
    }
    await this.#commit(writer, { result, folded, ready });
  }

  async #commit(writer: ControlWriter, batch: { readonly result: FoldResult; readonly folded: readonly LogMessage[]; readonly ready: readonly Asked[] }): Promise<void> {
    const { result, folded, ready } = batch;
    const lastMessage = folded.at(-1);
    if (lastMessage === undefined && !writer.wished) {
      await writer.settle();
      this.#answerAll(ready);
      return;
    }
    // Only now is it settled what the record before this one said.
    await writer.settle();
    const before = writer.state;
    if (lastMessage === undefined) {
      await writer.write({ bytes: emptyRecord(before), last: before.last, logMs: before.logMs, committed: () => this.#answerAll(ready) });
      return;
    }
    await writer.write({
      bytes: result.record,
      last: { seq: lastMessage.seq, timestampMs: lastMessage.timeMs, ...readBatchIdentity(lastMessage.data) },
      logMs: result.logMs,
      committed: (recordSeq) => {
        this.#committed(result, recordSeq, folded);
        this.#answerAll(ready);
        this.#wake.raise();
      },
    });
  }

  #committed(result: FoldResult, recordSeq: number, folded: readonly LogMessage[]): void {
    this.#outcomes.add({ fromSeq: result.fromSeq, toSeq: result.toSeq, exceptions: result.exceptions });
    const { accepted, duplicate, quarantined, rejected } = result.counts;
    this.#events += accepted + duplicate + quarantined + rejected;
    this.#parts.onFolded(result.counts);
    this.#housekeeper.folded(result, folded.reduce((bytes, message) => bytes + message.data.length, 0));
    this.#parts.sink.released(this.partition, {
      recordSeq,
      fromLogSeq: result.fromSeq,
      toLogSeq: result.toSeq,
      logDay: result.logDay,
      events: result.events,
      decisions: result.decisions,
    });
  }

  async #pace(): Promise<void> {
    if (this.#questions.size > 0 || this.#pending.bytes >= BATCH_AT_ONCE_BYTES) return;
    const waitMs = this.#lastFoldMs + BATCH_INTERVAL_MS - this.#parts.clock.monotonic();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }

  async #reclaimNow(writer: ControlWriter): Promise<void> {
    const reclaims = this.#reclaims;
    this.#reclaims = [];
    try {
      await writer.settle();
      const claimed = await claimPartition(this.#parts);
      if (claimed.last.seq !== writer.state.last.seq) throw this.#gone();
      writer.reclaimed(claimed);
      for (const { resolve } of reclaims) resolve(claimed.epoch);
    } catch (error) {
      for (const { reject } of reclaims) reject(error);
      throw error;
    }
  }

  async #keepHouse(writer: ControlWriter): Promise<void> {
    const state = writer.state;
    const sinkLogSeq = state.sink.hwmLogSeq;
    if (!this.#housekeeper.snapshotDue()) {
      void this.#housekeeper.tidy(state, sinkLogSeq);
      return;
    }
    const { bytes, devices } = await this.#parts.pool.snapshot({ op: 'snapshot', partition: this.partition, recordSeq: state.recordSeq });
    this.#devices = devices;
    this.#housekeeper.copied();
    const name = { partition: this.partition, recordSeq: state.recordSeq, logSeq: state.last.seq };
    void this.#housekeeper.tidy(state, sinkLogSeq, { name, bytes });
  }

  #remember(record: ControlRecord): void {
    this.#outcomes.add({ fromSeq: record.fromSeq, toSeq: record.toSeq, exceptions: exceptionsOf(record) });
  }

  #answerAll(ready: readonly Asked[]): void {
    for (const { question, reply } of ready) {
      if (question.ask.outcomes !== undefined) question.answer(this.#outcomesAnswer(question.ask.outcomes));
      else if (reply?.body === undefined) question.answer(this.#answer(reply === undefined ? ANSWER_CODE.behind : ANSWER_CODE.notFound));
      else question.answer({ ...this.#answer(ANSWER_CODE.ok), body: reply.body });
    }
  }

  #outcomesAnswer(asked: NonNullable<Ask['outcomes']>): Answer {
    const found = Array.from(asked.seq, (seq, i) => this.#outcomes.find(seq, asked.index[i] ?? 0));
    const known = found.filter((outcome) => outcome !== undefined);
    if (known.length < found.length) return this.#answer(ANSWER_CODE.notFound);
    return {
      ...this.#answer(ANSWER_CODE.ok),
      outcome: known.map((one) => one.outcome),
      reason: known.map((one) => one.reason),
      originalSeq: known.map((one) => one.originalSeq),
      originalIndex: known.map((one) => one.originalIndex),
    };
  }

  #answer(code: number): Answer {
    const state = this.#writer?.state;
    return { code, epoch: state?.epoch ?? 0, checkpoint: state?.last.seq ?? 0, body: NO_BODY, outcome: [], reason: [], originalSeq: [], originalIndex: [] };
  }

  #expireQuestions(): void {
    for (const { what } of this.#questions.takeExpired(this.#parts.clock.monotonic())) what.answer(this.#answer(ANSWER_CODE.behind));
  }

  async #end(): Promise<void> {
    this.#state = 'stopped';
    this.#follower?.stop();
    this.#pending.clear();
    this.#parts.sink.detach(this.partition);
    this.#writer?.abandon(this.#gone());
    for (const { reject } of this.#reclaims) reject(this.#gone());
    for (const { what } of this.#questions.takeAll()) what.answer(this.#answer(ANSWER_CODE.notOwner));
    await this.#parts.pool.close({ op: 'close', partition: this.partition }).catch(() => undefined);
  }

  #gone(): TwinfoldError {
    return new TwinfoldError('fenced', `partition ${this.partition} is no longer owned by this process`, { domain: 'internal', retryable: true, cause: this.#broken });
  }
}

function lostEnd(partition: number, state: ControlState, end: EndCheck): TwinfoldError {
  const what = end.state === 'cut' ? `gone: the log ends at ${end.keptSeq}` : 'another one now';
  return new TwinfoldError('log-lost-its-end', `partition ${partition}: message ${state.last.seq}, which the control log covers, is ${what}`, { domain: 'external', retryable: false });
}

function emptyRecord(state: ControlState): Uint8Array {
  return encodeControlRecord({ epoch: state.epoch, foldVersion: FOLD_VERSION, fromSeq: state.last.seq + 1, toSeq: state.last.seq, last: state.last, logMsBefore: state.logMs, logMs: state.logMs });
}
