/** Asking a partition's owner over core NATS: `q.<pp>`. No responder means that nobody owns the partition now. */
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  ANSWER_CODE,
  decodeAnswer,
  decodeAsk,
  encodeAnswer,
  encodeAsk,
  type Answer,
  type Ask,
  type AskInit,
} from '../../schemas/envelope.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../observability/log.ts';
import { askSubject } from './names.ts';

export interface AskHandler {
  ask(ask: Ask): Promise<Answer>;
}

/** Answers for one partition until stopped. */
export function serveAsks(
  connection: NatsConnection,
  partition: number,
  serve: { readonly handler: AskHandler; readonly log: Log },
): { stop(): void } {
  const subscription: Subscription = connection.subscribe(askSubject(partition), {
    callback: (_error, message) => {
      answer(message, serve.handler).catch((error: unknown) => serve.log.warn('ask-failed', { partition, error: messageOf(error) }));
    },
  });
  return { stop: () => subscription.unsubscribe() };
}

async function answer(message: Msg, handler: AskHandler): Promise<void> {
  const reply = await handler.ask(decodeAsk(message.data));
  message.respond(encodeAnswer(reply));
}

export type AskReply = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'no-owner' };

const RETRY_MS = 50;

/**
 * Asks until an owner answers or the time is over. An owner that is just being replaced answers `notOwner`; that, and no
 * responder at all, is tried again.
 */
export async function askOwner(
  connection: NatsConnection,
  partition: number,
  question: { readonly ask: AskInit; readonly timeoutMs: number },
): Promise<AskReply> {
  const deadlineMs = performance.now() + question.timeoutMs;
  const data = encodeAsk(question.ask);
  for (;;) {
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) return { kind: 'no-owner' };
    try {
      const message = await connection.request(askSubject(partition), data, { timeout: Math.max(1, Math.ceil(leftMs)) });
      const reply = decodeAnswer(message.data);
      if (reply.code !== ANSWER_CODE.notOwner) return { kind: 'answer', answer: reply };
    } catch {
      // No responder, or no answer in time: the loop's own deadline decides.
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(RETRY_MS, Math.max(0, deadlineMs - performance.now()))));
  }
}
