/** Questions to all edges, over core NATS: each answers from its memory, so whoever is silent for a moment has nothing to say. */
import type { NatsConnection } from '@nats-io/transport-node';
import type { EdgeCalls } from '../ports/edge-calls.ts';
import { EDGE_CALL_SUBJECT } from './names.ts';

const ANSWERS_MS_MAX = 1_000;
/** Between two answers; the first takes no longer either. */
const SILENCE_MS_MAX = 150;

export class NatsEdgeCalls implements EdgeCalls {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  async callAll(question: Uint8Array): Promise<readonly Uint8Array[]> {
    const answers: Uint8Array[] = [];
    try {
      const options = { strategy: 'stall', stall: SILENCE_MS_MAX, maxWait: ANSWERS_MS_MAX } as const;
      for await (const message of await this.#connection.requestMany(EDGE_CALL_SUBJECT, question, options)) answers.push(message.data);
    } catch {
      // Nobody there, or no connection: what came is what there is.
    }
    return answers;
  }

  serve(answer: (question: Uint8Array) => Uint8Array | undefined): { stop(): void } {
    const subscription = this.#connection.subscribe(EDGE_CALL_SUBJECT, {
      callback: (_error, message) => {
        const reply = answer(message.data);
        if (reply !== undefined) message.respond(reply);
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }
}
