/** The API's way to a partition's owner: questions and answers of `ask.proto` over core NATS. */
import type { NatsConnection } from '@nats-io/transport-node';
import { ANSWER_CODE, type Answer, type AskInit } from '../../schemas/envelope.ts';
import { OUTCOMES, REASONS } from '../kernel/outcome.ts';
import type { AskClient, Asked, AskedEvent, AskFailure, AskOptions, EventOutcome } from '../ports/ask.ts';
import { askOwner } from './ask.ts';

export class NatsAskClient implements AskClient {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  async outcomes(partition: number, events: readonly AskedEvent[], options: AskOptions): Promise<Asked<readonly EventOutcome[]>> {
    const ask = { minSeq: options.minSeq, outcomes: { seq: events.map(({ seq }) => seq), index: events.map(({ index }) => index) } };
    const asked = await this.#ask(partition, ask, options);
    if (!asked.ok) return asked;
    // Too long ago for the owner to remember: the caller finds it in ClickHouse.
    if (asked.value.code === ANSWER_CODE.notFound) return { ok: false, why: 'behind' };
    return { ...asked, value: events.map((_, i) => outcomeAt(partition, asked.value, i)) };
  }

  async twin(
    partition: number,
    device: { readonly tenant: string; readonly device: string },
    options: AskOptions,
  ): Promise<Asked<Uint8Array | undefined>> {
    const asked = await this.#ask(partition, { minSeq: options.minSeq, twin: device }, options);
    if (!asked.ok) return asked;
    return { ...asked, value: asked.value.code === ANSWER_CODE.notFound ? undefined : asked.value.body };
  }

  async session(
    partition: number,
    session: { readonly tenant: string; readonly session: string },
    options: AskOptions,
  ): Promise<Asked<Uint8Array | undefined>> {
    const asked = await this.#ask(partition, { minSeq: options.minSeq, session }, options);
    if (!asked.ok) return asked;
    return { ...asked, value: asked.value.code === ANSWER_CODE.notFound ? undefined : asked.value.body };
  }

  async status(partition: number, options: AskOptions): Promise<Asked<Uint8Array>> {
    const asked = await this.#ask(partition, { minSeq: options.minSeq, status: {} }, options);
    return asked.ok ? { ...asked, value: asked.value.body } : asked;
  }

  /**
   * Whether the owner has made sure that the log still ends where it last ended. `ackedSeq` is the last message that the
   * asker was acknowledged: should the log end below it, the owner mends that first. `behind`: there is an owner, and it
   * can't say so yet.
   */
  async confirmEnd(partition: number, writer: { readonly serverId: string; readonly ackedSeq: number }): Promise<'confirmed' | AskFailure> {
    const { ackedSeq, serverId } = writer;
    const asked = await this.#ask(
      partition,
      { minSeq: ackedSeq, end: { server: serverId } },
      { minSeq: ackedSeq, timeoutMs: CONFIRM_MS_MAX },
    );
    return asked.ok ? 'confirmed' : asked.why;
  }

  async #ask(partition: number, ask: AskInit, options: AskOptions): Promise<Asked<Answer>> {
    const reply = await askOwner(this.#connection, partition, { ask, timeoutMs: options.timeoutMs });
    if (reply.kind === 'no-owner') return { ok: false, why: 'no-owner' };
    const { answer } = reply;
    if (answer.code === ANSWER_CODE.behind) return { ok: false, why: 'behind' };
    return { ok: true, value: answer, epoch: answer.epoch, checkpoint: answer.checkpoint };
  }
}

const CONFIRM_MS_MAX = 2_000;

function outcomeAt(partition: number, answer: Answer, i: number): EventOutcome {
  const outcome = OUTCOMES[answer.outcome[i] ?? 0] ?? 'accepted';
  const reason = REASONS[answer.reason[i] ?? 0] ?? 'none';
  const seq = answer.originalSeq[i] ?? 0;
  return seq === 0 ? { outcome, reason } : { outcome, reason, original: { partition, seq, index: answer.originalIndex[i] ?? 0 } };
}
