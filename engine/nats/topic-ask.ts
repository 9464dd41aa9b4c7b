/** Asking topic partitions' owners over core NATS (`tq.<pp>`): what is retained, and whether a log still has its end. */
import type { NatsConnection } from '@nats-io/transport-node';
import {
  ANSWER_CODE,
  decodeAskRetained,
  decodeRetainedAnswer,
  encodeAskRetained,
  encodeRetainedAnswer,
  type AskRetainedInit,
  type RetainedAnswer,
} from '../../schemas/gen/lean.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../observability/log.ts';
import type { AskFailure } from '../ports/ask.ts';
import { findRetained, type AskPartition } from '../ports/retained-search.ts';
import type { RetainedAsk, RetainedEvent, RetainedHandler, RetainedMessages } from '../ports/topic-log.ts';
import { retainedAskSubject } from './names.ts';

/** Between two questions to a partition that has no owner, or one that is just being replaced. */
const RETRY_MS = 50;
const CONFIRM_MS_MAX = 2_000;

/** Answers for one partition until stopped. */
export function serveTopicAsks(
  connection: NatsConnection,
  partition: number,
  serve: { readonly handler: RetainedHandler; readonly log: Log },
): { stop(): void } {
  const subscription = connection.subscribe(retainedAskSubject(partition), {
    callback: (_error, message) => {
      const ask = decodeAskRetained(message.data);
      if (ask === undefined) return;
      serve.handler.ask(ask).then(
        (answer) => message.respond(encodeRetainedAnswer(answer)),
        (error: unknown) => serve.log.warn('topic-ask-failed', { partition, error: messageOf(error) }),
      );
    },
  });
  return { stop: () => subscription.unsubscribe() };
}

export class NatsRetained implements RetainedMessages {
  readonly #connection: NatsConnection;
  readonly #partitions: number;

  constructor(connection: NatsConnection, partitions: number) {
    this.#connection = connection;
    this.#partitions = partitions;
  }

  find(ask: RetainedAsk): AsyncIterable<readonly RetainedEvent[]> {
    const askPartition: AskPartition = (partition, question, deadlineMs) => this.#ask(partition, question, deadlineMs);
    return findRetained(ask, { partitions: this.#partitions, ask: askPartition, nowMs: () => performance.now() });
  }

  async confirmEnd(partition: number, known: { readonly serverId: string; readonly ackedSeq: number }): Promise<'confirmed' | AskFailure> {
    const question = { server: known.serverId, minSeq: known.ackedSeq };
    const answer = await this.#ask(partition, question, performance.now() + CONFIRM_MS_MAX);
    if (answer === undefined) return 'no-owner';
    return answer.code === ANSWER_CODE.ok ? 'confirmed' : 'behind';
  }

  /** Until an owner answers or the time is over. */
  async #ask(partition: number, question: AskRetainedInit, deadlineMs: number): Promise<RetainedAnswer | undefined> {
    const data = encodeAskRetained(question);
    for (;;) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) return undefined;
      try {
        const message = await this.#connection.request(retainedAskSubject(partition), data, { timeout: Math.max(1, Math.ceil(leftMs)) });
        const answer = decodeRetainedAnswer(message.data);
        if (answer !== undefined && answer.code !== ANSWER_CODE.notOwner) return answer;
      } catch {
        // No responder, or no answer in time: the loop's own deadline decides.
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(RETRY_MS, Math.max(0, deadlineMs - performance.now()))));
    }
  }
}
