/**
 * The owner of one partition: claims it, recovers its state, and then folds what the input log brings, one micro-batch at
 * a time. While a record is on its way the next batch is folded and grows; its own record waits for the one before. Rows
 * are released and questions answered only when the record that covers them is committed.
 *
 * Anything unexpected (a fence, an unknown outcome, a dead worker) ends `run` with an error: forget everything, start
 * over from the control log.
 */
import { ANSWER_CODE, type Answer, type Ask } from '../../schemas/envelope.ts';
import { ERASURES_DEVICE, type Erasure } from '../kernel/erasure.ts';
import type { FoldResult } from '../../workers/protocol.ts';
import { errorOf, TwinfoldError } from '../kernel/errors.ts';
import { failpoint } from '../observability/failpoint.ts';
import type { LogFollower, LogMessage } from '../ports/input-log.ts';
import { bringUp } from './bring-up.ts';
import { claimPartition, coveredMessage } from './claim.ts';
import { ControlWriter, emptyRecord } from './control-writer.ts';
import { Downlinks } from './downlinks.ts';
import { Effects } from './effects.ts';
import { packFrames } from './frames.ts';
import { Housekeeper } from './housekeeping.ts';
import { EndWatch } from './log-ends.ts';
import type { OwnerParts, OwnerState } from './owner-parts.ts';
import { Notices } from './notices.ts';
import { PendingMessages } from './pending-messages.ts';
import { Questions, type Asked } from './questions.ts';
import { mendControlLog } from './repair.ts';
import { exceptionsOf } from './rebuild.ts';
import { Wakeup, type Service } from './service.ts';
import { SinkSide } from './sink-side.ts';
import { Upkeep } from './upkeep.ts';

/** Between two micro-batches, unless somebody waits or much has come: each costs a record, and with it an fsync. */
const BATCH_INTERVAL_MS = 20;
const BATCH_AT_ONCE_BYTES = 256 * 1024;
const EXPIRE_EVERY_MS = 250;

export class PartitionOwner implements Service {
  readonly partition: number;
  /** Its way to connections of its sessions. */
  readonly downlinks: Downlinks;
  readonly #notices: Notices;
  readonly #parts: OwnerParts;
  readonly #pending = new PendingMessages();
  readonly #questions: Questions;
  readonly #wake = new Wakeup();
  readonly #housekeeper: Housekeeper;
  readonly #upkeep: Upkeep;
  #effects: Effects | undefined;
  #writer: ControlWriter | undefined;
  #sinkSide: SinkSide | undefined;
  #follower: LogFollower | undefined;
  #state: OwnerState = 'claiming';
  #stopping = false;
  #broken: Error | undefined;
  readonly #ends: EndWatch;
  /** ClickHouse's rows up to this message are not in the control log; they are looked at when the fold has come that far. */
  #lostControlEnd: number | undefined;
  #lastFoldMs = 0;
  #foldedSeq = 0;
  #devices = 0;
  #events = 0;

  constructor(parts: OwnerParts) {
    this.#parts = parts;
    this.partition = parts.partition;
    this.#housekeeper = new Housekeeper(parts);
    this.#ends = new EndWatch(parts);
    this.#questions = new Questions({ clock: parts.clock, state: () => this.#writer?.state, leaseFresh: parts.leaseFresh });
    this.#upkeep = new Upkeep(parts, async () => (await this.#mayWrite(parts.serverId(), 0)) === ANSWER_CODE.ok);
    this.downlinks = new Downlinks({
      ...parts,
      sender: parts.downlinks,
      epoch: () => (this.#state === 'folding' ? this.#writer?.state.epoch : undefined),
      onStale: () => this.breakOff(this.#gone()),
    });
    this.#notices = new Notices(parts, this.downlinks);
  }

  /** Edges that hold connections of the partition. */
  get edges(): readonly number[] {
    return this.#upkeep.edges;
  }

  async run(): Promise<void> {
    try {
      const writer = await this.#begin();
      await this.#foldUntilStopped(writer);
    } catch (error) {
      this.#broken ??= errorOf(error);
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
    this.#broken ??= errorOf(reason);
    this.#follower?.stop();
    this.#wake.raise();
  }

  /** ClickHouse knows messages up to this one, and the control log doesn't. If the log has lost them too, it is mended first. */
  lostControlEnd(maxLogSeq: number): void {
    const writer = this.#writer;
    if (writer === undefined) return;
    this.#ends.clickhouseHas(maxLogSeq, writer.state).then(
      (lost) => {
        this.#lostControlEnd = maxLogSeq;
        if (lost === undefined) this.#wake.raise();
        else this.breakOff(lost);
      },
      (error: unknown) => this.breakOff(error),
    );
  }

  async ask(ask: Ask): Promise<Answer> {
    const questions = this.#questions;
    if (ask.status !== undefined) return questions.answer(ANSWER_CODE.ok, Buffer.from(JSON.stringify(this.status())));
    if (ask.end !== undefined) return questions.answer(await this.#mayWrite(ask.end.server, ask.minSeq));
    if (this.#state !== 'folding' || !this.#parts.leaseFresh()) return questions.answer(ANSWER_CODE.notOwner);
    const answer = questions.add(ask);
    this.#wake.raise();
    return answer;
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
      losses: this.#parts.ends.losses(this.partition),
      sink: this.#parts.sink.status(this.partition),
    };
  }

  /** Erased devices that the fold remembers; undefined while it can't be asked. */
  async erasures(): Promise<readonly Erasure[] | undefined> {
    const answer = await this.ask({ minSeq: 0, twin: { tenant: '', device: ERASURES_DEVICE } });
    if (answer.code !== ANSWER_CODE.ok) return undefined;
    return JSON.parse(Buffer.from(answer.body).toString('utf8')) as readonly Erasure[];
  }

  async lastSeq(): Promise<number> {
    return (await this.#parts.input.bounds(this.partition)).lastSeq;
  }

  sinkLogSeq(): number {
    return this.#writer?.state.sink.hwmLogSeq ?? 0;
  }

  async forgetSnapshots(beforeSeq: number): Promise<boolean> {
    const isDone = await this.#housekeeper.forgetSnapshots(beforeSeq);
    this.#wake.raise();
    return isDone;
  }

  /** The connection came back, perhaps to a server that restarted: does the log still end where it ended? */
  async reconnected(serverId: string): Promise<void> {
    if (this.#writer === undefined) return;
    const lost = await this.#ends.checkOn(serverId, this.#writer.state);
    if (lost !== undefined) this.breakOff(lost);
  }

  async #mayWrite(serverId: string, ackedSeq: number): Promise<number> {
    if (this.#state === 'stopped' || !this.#parts.leaseFresh()) return ANSWER_CODE.notOwner;
    const may = await this.#ends.mayWrite({ serverId, ackedSeq }, this.#writer?.state);
    if (typeof may === 'boolean') return may ? ANSWER_CODE.ok : ANSWER_CODE.behind;
    this.breakOff(may);
    return ANSWER_CODE.notOwner;
  }

  // The way of a micro-batch.

  async #begin(): Promise<ControlWriter> {
    const parts = this.#parts;
    const startedMs = parts.clock.monotonic();
    const serverId = parts.serverId();
    const claimed = await claimPartition(parts);
    failpoint('owner.claimed');
    this.#state = 'recovering';
    const { devices, effects, state, tail } = await bringUp(parts, claimed, {
      end: await this.#ends.check(claimed),
      onRecord: (_seq, record) =>
        this.#questions.remember({ fromSeq: record.fromSeq, toSeq: record.toSeq, exceptions: exceptionsOf(record) }),
    });
    failpoint('owner.recovered');
    this.#devices = devices;
    this.#housekeeper.folded(tail);
    const onBroken = (error: Error): void => this.breakOff(error);
    const dispatched = (committedSeq: number): number => this.#effects?.doneSeq(committedSeq) ?? 0;
    const writer = new ControlWriter({ ...parts, dispatched, onBroken }, state);
    const onProgress = (): void => this.#wake.raise();
    this.#effects = new Effects(parts, { epoch: claimed.epoch, committedSeq: () => writer.state.recordSeq, onProgress, onBroken });
    for (const { recordSeq, effects: waiting } of effects) this.#effects.add(recordSeq, waiting);
    const nextLogSeq = Math.max(state.last.seq + 1, state.repair?.resumedSeq ?? 0);
    this.#foldedSeq = nextLogSeq - 1;
    this.#writer = writer;
    this.#ends.intactOn(serverId);
    // It may have restarted since the end was looked at.
    if (parts.serverId() !== serverId) await this.reconnected(parts.serverId());
    this.#state = 'folding';
    parts.log.info('partition-owned', {
      partition: parts.partition,
      epoch: state.epoch,
      devices: this.#devices,
      ms: Math.round(parts.clock.monotonic() - startedMs),
    });
    this.#sinkSide = new SinkSide(parts, writer, {
      wake: () => this.#wake.raise(),
      breakOff: (error) => this.breakOff(error),
      clickhouseAgrees: () => this.#ends.clickhouseAgrees(),
    });
    this.#sinkSide.attach(state.unfenced);
    if (!this.#stopping) void this.#read(nextLogSeq);
    return writer;
  }

  async #mendControlLog(writer: ControlWriter, maxLogSeq: number): Promise<void> {
    await mendControlLog(this.#parts, writer, maxLogSeq);
    this.#lostControlEnd = undefined;
    this.#parts.sink.detach(this.partition);
    this.#sinkSide?.attach([]);
  }

  async #read(from: number): Promise<void> {
    try {
      const follower = this.#parts.input.follow(this.partition, from);
      this.#follower = follower;
      for await (const message of follower) {
        failpoint('owner.fetched');
        this.#ends.readSeq = message.seq;
        const room = this.#pending.add(message);
        this.#wake.raise();
        await room;
      }
    } catch (error) {
      this.breakOff(error);
    }
  }

  async #foldUntilStopped(writer: ControlWriter): Promise<void> {
    for (;;) {
      this.#goOn();
      this.#questions.expire();
      if (!this.#stopping) this.#upkeep.attend(this.#pending.count > 0);
      if (this.#sinkSide?.reclaimIsDue === true) await this.#sinkSide.reclaimNow();
      else if (this.#lostControlEnd !== undefined && writer.state.last.seq >= this.#lostControlEnd)
        await this.#mendControlLog(writer, this.#lostControlEnd);
      else if (this.#housekeeper.due()) await this.#keepHouse(writer);
      else if (this.#hasWork(writer)) await this.#foldOnce(writer);
      else if (this.#stopping && !writer.busy) return await this.#effects?.drain();
      else await this.#wake.wait(EXPIRE_EVERY_MS);
    }
  }

  #hasWork(writer: ControlWriter): boolean {
    const hasMessages = this.#pending.count > 0 && this.#effects?.full !== true;
    return hasMessages || writer.wished || this.#questions.ready(this.#foldedSeq) || !this.#upkeep.isInformed || this.#hasToSay(writer);
  }

  #hasToSay(writer: ControlWriter): boolean {
    return this.#effects?.unsaid(writer.state.outboxDone) === true;
  }

  async #foldOnce(writer: ControlWriter): Promise<void> {
    await this.#pace();
    const messages = this.#effects?.full === true ? [] : this.#pending.take();
    const asked = this.#questions.take(messages.at(-1)?.seq ?? this.#foldedSeq);
    const result = await this.#parts.pool.fold({
      op: 'fold',
      partition: this.partition,
      recordSeq: writer.nextSeq,
      epoch: writer.state.epoch,
      frames: packFrames(messages, this.#parts.spares),
      reads: this.#questions.readsOf(asked),
      sessionReads: this.#questions.sessionReadsOf(asked),
      killers: this.#parts.killers(this.partition),
    });
    failpoint('owner.folded');
    this.#goOn();
    this.#lastFoldMs = this.#parts.clock.monotonic();
    this.#upkeep.folded(result);
    this.#pending.putBack(messages.slice(result.consumed));
    const folded = messages.slice(0, result.consumed);
    this.#foldedSeq = Math.max(this.#foldedSeq, folded.at(-1)?.seq ?? 0);
    // The task may have been cut at a day's border before the message that a question waits for.
    this.#questions.putBack(asked.filter((question) => question.minSeq > this.#foldedSeq));
    const ready = asked.filter((question) => question.minSeq <= this.#foldedSeq);
    await this.#commit(writer, { result, folded, ready });
  }

  async #commit(
    writer: ControlWriter,
    batch: { readonly result: FoldResult; readonly folded: readonly LogMessage[]; readonly ready: readonly Asked[] },
  ): Promise<void> {
    const { result, folded, ready } = batch;
    const lastMessage = folded.at(-1);
    if (lastMessage === undefined && !writer.wished && !this.#hasToSay(writer)) {
      await writer.settle();
      this.#questions.settle(ready, result.replies);
      return;
    }
    // Only now is it settled what the record before this one said.
    await writer.settle();
    this.#goOn();
    const { last, logMs } = writer.state;
    const record =
      lastMessage === undefined
        ? { bytes: emptyRecord(writer.state), last, logMs }
        : { bytes: result.record, last: coveredMessage(lastMessage), logMs: result.logMs };
    await writer.write({
      ...record,
      committed: (recordSeq) => {
        if (lastMessage !== undefined) this.#committed(result, recordSeq, folded);
        this.#questions.settle(ready, result.replies);
        this.#wake.raise();
      },
    });
  }

  #committed(result: FoldResult, recordSeq: number, folded: readonly LogMessage[]): void {
    this.#questions.remember(result);
    this.#effects?.add(recordSeq, result.effects);
    this.#notices.tell(result);
    this.#devices = result.devices;
    const { accepted, duplicate, quarantined, rejected } = result.counts;
    this.#events += accepted + duplicate + quarantined + rejected;
    this.#parts.onFolded(result.counts);
    this.#housekeeper.folded({ messages: folded.length, bytes: folded.reduce((bytes, message) => bytes + message.data.length, 0) });
    this.#parts.sink.released(this.partition, {
      recordSeq,
      fromLogSeq: result.fromSeq,
      toLogSeq: result.toSeq,
      logDay: result.logDay,
      events: result.events,
      decisions: result.decisions,
    });
  }

  #goOn(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Ends early when somebody asks or much has come: both raise the wake-up, and so does every message. */
  async #pace(): Promise<void> {
    const dueMs = this.#lastFoldMs + BATCH_INTERVAL_MS;
    for (;;) {
      const waitMs = dueMs - this.#parts.clock.monotonic();
      if (waitMs <= 0 || this.#questions.waiting || this.#pending.bytes >= BATCH_AT_ONCE_BYTES) return;
      await this.#wake.wait(waitMs);
    }
  }

  /** Between two batches, or it would never come under load. What the worker holds is then what is committed. */
  async #keepHouse(writer: ControlWriter): Promise<void> {
    await writer.settle();
    await this.#housekeeper.keep(writer.state);
  }

  async #end(): Promise<void> {
    this.#state = 'stopped';
    this.#follower?.stop();
    this.#pending.clear();
    this.#effects?.end();
    this.#sinkSide?.end(this.#gone());
    this.#writer?.abandon(this.#gone());
    this.#questions.refuseAll();
    await this.#parts.pool.close({ op: 'close', partition: this.partition }).catch(() => undefined);
  }

  #gone(): TwinfoldError {
    return new TwinfoldError('fenced', `partition ${this.partition} is no longer owned by this process`, {
      domain: 'internal',
      retryable: true,
      cause: this.#broken,
    });
  }
}
