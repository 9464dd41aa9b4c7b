/**
 * Questions to a partition's owner: twins, sessions, outcomes, and whether the log's end was confirmed. A question waits until the
 * message that it names is folded; it is answered when the record that covers it is committed.
 */
import { ANSWER_CODE, type Answer, type Ask } from '../../schemas/envelope.ts';
import type { OutcomeRun, SessionRead, TwinRead, TwinReply } from '../../workers/protocol.ts';
import type { Clock } from '../kernel/clock.ts';
import { RecentOutcomes, WaitingRoom } from './answers.ts';
import type { ControlState } from './claim.ts';

/** How long a question waits for its message to be covered. */
const ASK_MS_MAX = 5_000;
const NO_BODY = new Uint8Array(0);

interface Question {
  readonly ask: Ask;
  readonly answer: (answer: Answer) => void;
}

/** A question that a task was given. */
export interface Asked {
  readonly id: number;
  readonly minSeq: number;
  readonly deadlineMs: number;
  readonly what: Question;
}

export class Questions {
  readonly #clock: Clock;
  readonly #state: () => ControlState | undefined;
  readonly #leaseFresh: () => boolean;
  readonly #room = new WaitingRoom<Question>();
  readonly #outcomes = new RecentOutcomes();
  /** Taken by a task, and not answered yet. */
  readonly #taken = new Map<number, Asked>();
  #nextId = 1;

  constructor(parts: {
    readonly clock: Clock;
    /** What the last committed record says. */
    readonly state: () => ControlState | undefined;
    /** Without it another owner may be further already, and what is committed here an old answer. */
    readonly leaseFresh: () => boolean;
  }) {
    this.#clock = parts.clock;
    this.#state = parts.state;
    this.#leaseFresh = parts.leaseFresh;
  }

  get waiting(): boolean {
    return this.#room.size > 0;
  }

  async add(ask: Ask): Promise<Answer> {
    return new Promise((resolve) => {
      const taken = this.#room.add({
        minSeq: ask.minSeq,
        deadlineMs: this.#clock.monotonic() + ASK_MS_MAX,
        what: { ask, answer: resolve },
      });
      if (!taken) resolve(this.answer(ANSWER_CODE.behind));
    });
  }

  /** Whether a question could be answered by a state that reflects the message. */
  ready(foldedSeq: number): boolean {
    return this.waiting && this.#room.hasCovered(foldedSeq);
  }

  take(coveredSeq: number): readonly Asked[] {
    const asked = this.#room.takeCovered(coveredSeq).map((waiting) => ({ ...waiting, id: this.#nextId++ }));
    for (const question of asked) this.#taken.set(question.id, question);
    return asked;
  }

  readsOf(asked: readonly Asked[]): readonly TwinRead[] {
    return asked.flatMap(({ id, what: { ask } }) =>
      ask.twin === undefined ? [] : [{ id, tenant: ask.twin.tenant, device: ask.twin.device }],
    );
  }

  sessionReadsOf(asked: readonly Asked[]): readonly SessionRead[] {
    return asked.flatMap(({ id, what: { ask } }) =>
      ask.session === undefined ? [] : [{ id, tenant: ask.session.tenant, session: ask.session.session }],
    );
  }

  /** The task stopped before the message that these wait for. */
  putBack(asked: readonly Asked[]): void {
    for (const question of asked) {
      this.#taken.delete(question.id);
      if (!this.#room.add(question)) question.what.answer(this.answer(ANSWER_CODE.behind));
    }
  }

  remember(range: { readonly fromSeq: number; readonly toSeq: number; readonly exceptions: readonly OutcomeRun[] }): void {
    this.#outcomes.add(range);
  }

  /** Answers what is committed now. */
  settle(asked: readonly Asked[], replies: readonly TwinReply[]): void {
    const byId = new Map(replies.map((reply) => [reply.id, reply]));
    const fresh = this.#leaseFresh();
    for (const { id, what } of asked) {
      this.#taken.delete(id);
      if (!fresh) what.answer(this.answer(ANSWER_CODE.notOwner));
      else what.answer(what.ask.outcomes === undefined ? this.#read(byId.get(id)) : this.#outcomesOf(what.ask.outcomes));
    }
  }

  expire(): void {
    for (const { what } of this.#room.takeExpired(this.#clock.monotonic())) what.answer(this.answer(ANSWER_CODE.behind));
  }

  /** Tells everybody who still waits, those whose task will never come back too. */
  refuseAll(): void {
    for (const { what } of [...this.#room.takeAll(), ...this.#taken.values()]) what.answer(this.answer(ANSWER_CODE.notOwner));
    this.#taken.clear();
  }

  answer(code: number, body: Uint8Array = NO_BODY): Answer {
    const state = this.#state();
    return {
      code,
      epoch: state?.epoch ?? 0,
      checkpoint: state?.last.seq ?? 0,
      body,
      outcome: [],
      reason: [],
      originalSeq: [],
      originalIndex: [],
    };
  }

  /** A twin, or a session. */
  #read(reply: TwinReply | undefined): Answer {
    if (reply === undefined) return this.answer(ANSWER_CODE.behind);
    return reply.body === undefined ? this.answer(ANSWER_CODE.notFound) : this.answer(ANSWER_CODE.ok, reply.body);
  }

  #outcomesOf(asked: NonNullable<Ask['outcomes']>): Answer {
    const found = Array.from(asked.seq, (seq, i) => this.#outcomes.find(seq, asked.index[i] ?? 0));
    const known = found.filter((outcome) => outcome !== undefined);
    if (known.length < found.length) return this.answer(ANSWER_CODE.notFound);
    return {
      ...this.answer(ANSWER_CODE.ok),
      outcome: known.map((one) => one.outcome),
      reason: known.map((one) => one.reason),
      originalSeq: known.map((one) => one.originalSeq),
      originalIndex: known.map((one) => one.originalIndex),
    };
  }
}
