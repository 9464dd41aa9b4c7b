/**
 * Dispatches what a partition's fold decided to say into topic partitions, once the record that says so is committed: one
 * message in flight a target, several effects in it where more wait. Each append names the message that it expects to
 * follow, so an effect is there exactly once, whoever takes the partition over in between: the first thing that is asked of
 * a target is how far the owner before came.
 *
 * Where the control log has lost its end, its numbers are given away again; then effects of messages that are folded anew
 * may be there twice, and none is missing.
 */
import type { TaskEffect } from '../../workers/protocol.ts';
import { must } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import { errorOf, messageOf, TwinfoldError } from '../kernel/errors.ts';
import { BATCH_BYTES_MAX } from '../kernel/limits.ts';
import { failpoint } from '../observability/failpoint.ts';
import type { Log } from '../observability/log.ts';
import type { ControlLog } from '../ports/control-log.ts';
import type { Member } from '../ports/leases.ts';
import type { LastEffects, TopicEffects } from '../ports/topic-effects.ts';
import { encodeEffects, isBehind, lastPlaceOf, type EffectPlace, type PlacedEffect } from './effect-batch.ts';
import { Wakeup } from './service.ts';

/** Bodies that wait. Beyond it nothing more is folded: what a task decides comes on top. */
const EFFECTS_BYTES_MAX = 4 * 1024 * 1024;
const RETRY_FIRST_MS = 50;
const RETRY_MS_MAX = 2_000;
/** A part of the time that a process has to end. */
const DRAIN_MS_MAX = 1_000;
/** An idle partition says how far it came after this, rather than leave a taker to find out. */
const SAY_AFTER_MS = 1_000;

export interface EffectsParts {
  readonly partition: number;
  readonly member: Member;
  readonly control: ControlLog;
  readonly topicEffects: TopicEffects;
  readonly clock: Clock;
  readonly log: Log;
}

export interface EffectsUse {
  /** The owner's claim: owners before it dispatched effects of lower records only. */
  readonly epoch: number;
  /** Sequence of the last record that is known to be committed. */
  readonly committedSeq: () => number;
  /** There is more room, or nothing is left. */
  readonly onProgress: () => void;
  /** Somebody else dispatches, or what stands in a topic partition can't be read. */
  readonly onBroken: (error: Error) => void;
}

interface Target {
  readonly number: number;
  readonly queue: PlacedEffect[];
  /** Sequence of the pair's last message; undefined until it is read. */
  endSeq: number | undefined;
  /** As far as it was known before an answer was missing. */
  knownSeq: number;
  /** Last effect of a message that may yet land, or have landed. */
  unsure: EffectPlace | undefined;
  wasRead: boolean;
  isRunning: boolean;
  retryMs: number;
}

export class Effects {
  readonly #parts: EffectsParts;
  readonly #use: EffectsUse;
  readonly #targets = new Map<number, Target>();
  /** How many effects of each record are not dispatched yet, by the record's sequence, ascending. */
  readonly #open = new Map<number, number>();
  readonly #sleeping = new Set<() => void>();
  readonly #progress = new Wakeup();
  #finishedSeq = 0;
  #finishedMs = 0;
  #bytes = 0;
  #isEnded = false;

  constructor(parts: EffectsParts, use: EffectsUse) {
    this.#parts = parts;
    this.#use = use;
  }

  /** Whether so much waits that the fold should. */
  get full(): boolean {
    return this.#bytes >= EFFECTS_BYTES_MAX;
  }

  /** Effects of a committed record; records come in order. */
  add(recordSeq: number, effects: readonly TaskEffect[]): void {
    if (effects.length === 0 || this.#isEnded) return;
    this.#open.set(recordSeq, effects.length);
    const touched = new Set<Target>();
    for (const { body, index, target } of effects) {
      const of = this.#target(Number(target));
      of.queue.push({ version: recordSeq, index, body });
      this.#bytes += body.length;
      touched.add(of);
    }
    for (const target of touched) if (!target.isRunning) void this.#run(target);
  }

  /** All effects of records up to this one are dispatched, given what is committed. */
  doneSeq(committedSeq: number): number {
    const [oldest] = this.#open.keys();
    return oldest === undefined ? committedSeq : oldest - 1;
  }

  /** Whether effects were dispatched a while ago, and no record says so yet. */
  unsaid(outboxDone: number): boolean {
    const doneSeq = Math.min(this.#finishedSeq, this.doneSeq(Number.POSITIVE_INFINITY));
    return doneSeq > outboxDone && this.#parts.clock.monotonic() - this.#finishedMs > SAY_AFTER_MS;
  }

  /** Resolves when nothing waits, or what does won't go soon: it is left to the next owner. */
  async drain(): Promise<void> {
    const { clock } = this.#parts;
    const giveUpAtMs = clock.monotonic() + DRAIN_MS_MAX;
    while (this.#open.size > 0 && !this.#isEnded) {
      const leftMs = giveUpAtMs - clock.monotonic();
      if (leftMs <= 0) return;
      await this.#progress.wait(leftMs);
    }
  }

  /** What is in flight may still land; nothing more is sent. */
  end(): void {
    this.#isEnded = true;
    this.#progress.raise();
    for (const wake of this.#sleeping) wake();
  }

  #target(number: number): Target {
    const found = this.#targets.get(number);
    if (found !== undefined) return found;
    const made: Target = {
      number,
      queue: [],
      endSeq: undefined,
      knownSeq: 0,
      unsure: undefined,
      wasRead: false,
      isRunning: false,
      retryMs: RETRY_FIRST_MS,
    };
    this.#targets.set(number, made);
    return made;
  }

  async #run(target: Target): Promise<void> {
    target.isRunning = true;
    try {
      while (!this.#isEnded && target.queue.length > 0) {
        const why = target.endSeq === undefined ? await this.#look(target) : await this.#send(target, target.endSeq);
        if (why !== undefined) await this.#retryLater(target, why);
      }
    } catch (error) {
      if (!this.#isEnded) this.#use.onBroken(errorOf(error));
      this.end();
    } finally {
      target.isRunning = false;
    }
  }

  /** Finds out where the pair ends, and what of the queue is there. Answers why it couldn't. */
  async #look(target: Target): Promise<string | undefined> {
    const { partition, topicEffects } = this.#parts;
    let last: LastEffects | undefined;
    try {
      last = await topicEffects.last(target.number, partition);
    } catch (error) {
      return messageOf(error);
    }
    if (this.#isEnded) return undefined;
    if (!target.wasRead) await this.#takeUp(target, last);
    else if (last !== undefined && last.seq > target.knownSeq) this.#compare(target, last);
    target.wasRead = true;
    // It may be less than it was: what is old is purged.
    target.endSeq = last?.seq ?? 0;
    target.knownSeq = target.endSeq;
    return undefined;
  }

  /** Owners before this one came as far as the last message says. */
  async #takeUp(target: Target, last: LastEffects | undefined): Promise<void> {
    if (last === undefined) return;
    const place = lastPlaceOf(last.data);
    if (place.version < this.#use.epoch) {
      this.#drop(target, place);
      return;
    }
    const { control, log, partition } = this.#parts;
    // Whoever has dispatched beyond this owner's claim has records beyond it, too: if there are none, they are lost.
    const endSeq = await control.lastSeq(partition);
    if (endSeq > this.#use.committedSeq() + 1) throw this.#fenced(target);
    log.error('effects-may-repeat', { partition, target: target.number, dispatched: place.version, epoch: this.#use.epoch });
  }

  /** Somebody appended: this owner itself, with a message whose answer was lost, or another one. */
  #compare(target: Target, last: LastEffects): void {
    const place = lastPlaceOf(last.data);
    const { queue, unsure } = target;
    const first = must(queue[0], 'first effect');
    if (unsure === undefined || isBehind(place, unsure) || isBehind(first, place)) throw this.#fenced(target);
    this.#drop(target, place);
  }

  /** Sends what waits, as much as goes into one message. Answers why it is to be sent again. */
  async #send(target: Target, endSeq: number): Promise<string | undefined> {
    const { clock, member, partition, topicEffects } = this.#parts;
    const effects = firstOf(target.queue);
    const last = must(effects.at(-1), 'last effect');
    const data = encodeEffects(effects, { source: partition, edge: member.node, openedMs: clock.now() });
    failpoint('owner.effects-sent');
    const answer = await topicEffects.append({ target: target.number, source: partition, data, expectedSeq: endSeq });
    if (this.#isEnded) return undefined;
    switch (answer.kind) {
      case 'stored':
        failpoint('owner.effects-stored');
        target.endSeq = answer.seq;
        target.knownSeq = answer.seq;
        target.unsure = undefined;
        target.retryMs = RETRY_FIRST_MS;
        this.#drop(target, last);
        return undefined;
      case 'refused':
        return answer.why;
      case 'fenced':
        target.endSeq = undefined;
        return 'the end is another one';
      case 'unknown':
        if (target.unsure === undefined || isBehind(last, target.unsure)) target.unsure = { version: last.version, index: last.index };
        target.endSeq = undefined;
        return 'no answer came';
    }
  }

  /** Everything up to the place is there. */
  #drop(target: Target, place: EffectPlace): void {
    const { queue } = target;
    let count = 0;
    for (const effect of queue) {
      if (isBehind(effect, place)) break;
      count++;
      this.#bytes -= effect.body.length;
      this.#settle(effect.version);
    }
    queue.splice(0, count);
    if (count === 0) return;
    this.#progress.raise();
    this.#use.onProgress();
  }

  #settle(recordSeq: number): void {
    const left = must(this.#open.get(recordSeq), 'open record') - 1;
    if (left > 0) {
      this.#open.set(recordSeq, left);
      return;
    }
    this.#open.delete(recordSeq);
    this.#finishedSeq = Math.max(this.#finishedSeq, recordSeq);
    this.#finishedMs = this.#parts.clock.monotonic();
  }

  async #retryLater(target: Target, why: string): Promise<void> {
    const { log, partition } = this.#parts;
    if (target.retryMs === RETRY_FIRST_MS) log.warn('effects-wait', { partition, target: target.number, count: target.queue.length, why });
    const waitMs = target.retryMs;
    target.retryMs = Math.min(target.retryMs * 2, RETRY_MS_MAX);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#sleeping.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      this.#sleeping.add(wake);
    });
  }

  #fenced(target: Target): TwinfoldError {
    return new TwinfoldError(
      'fenced',
      `partition ${this.#parts.partition}: somebody else dispatches into topic partition ${target.number}`,
      {
        domain: 'internal',
        retryable: true,
      },
    );
  }
}

function firstOf(queue: readonly PlacedEffect[]): readonly PlacedEffect[] {
  let bytes = 0;
  const end = queue.findIndex(({ body }, i) => {
    bytes += body.length;
    return i > 0 && bytes > BATCH_BYTES_MAX;
  });
  return end < 0 ? queue.slice() : queue.slice(0, end);
}
