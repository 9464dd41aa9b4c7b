/** The registry's stream: decisions fenced by their subject's last sequence, followed by whoever caches them. */
import { DeliverPolicy, jetstream, type ConsumerMessages } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import type { RegistryEntry, RegistryLog } from '../ports/registry.ts';
import type { AckedPublisher } from './acked-publisher.ts';
import { watchConnection } from './connection.ts';
import { REGISTRY_STREAM } from './names.ts';

const EXPECTED_LAST_SUBJECT_SEQUENCE = 'Nats-Expected-Last-Subject-Sequence';
const WRONG_LAST_SEQUENCE = 10071;
const AHEAD_MESSAGES = 1_000;
const RETRY_MS = 200;

export class NatsRegistryLog implements RegistryLog {
  readonly #connection: NatsConnection;
  readonly #publisher: AckedPublisher;

  constructor(connection: NatsConnection, publisher: AckedPublisher) {
    this.#connection = connection;
    this.#publisher = publisher;
  }

  async append(subject: string, data: Uint8Array, expectedLastSeq: number): Promise<number> {
    const fence = headers();
    fence.set(EXPECTED_LAST_SUBJECT_SEQUENCE, String(expectedLastSeq));
    return new Promise((resolve, reject) => {
      this.#publisher.publish({ subject, data, headers: fence }, (answer) => {
        if (answer.kind === 'stored') resolve(answer.seq);
        else if (answer.kind === 'refused' && answer.code === WRONG_LAST_SEQUENCE) {
          reject(new TwinfoldError('conflict', `${subject} was changed by somebody else`, { domain: 'device', retryable: true }));
        } else if (answer.kind === 'refused') {
          reject(
            new TwinfoldError('log-full', `the registry refused the write: ${answer.description}`, { domain: 'external', retryable: true }),
          );
        } else {
          reject(
            new TwinfoldError('unknown-outcome', 'the registry did not answer: the change may have been made', {
              domain: 'external',
              retryable: true,
            }),
          );
        }
      });
    });
  }

  follow(onEntry: (entry: RegistryEntry) => void, caughtUp: () => void): { stop(): Promise<void> } {
    const follower = new RegistryFollower(this.#connection, onEntry, caughtUp);
    const done = follower.run();
    return {
      stop: async () => {
        follower.stop();
        await done;
      },
    };
  }
}

class RegistryFollower {
  readonly #connection: NatsConnection;
  readonly #onEntry: (entry: RegistryEntry) => void;
  readonly #caughtUp: () => void;
  #messages: ConsumerMessages | undefined;
  #next = 1;
  #stopped = false;

  constructor(connection: NatsConnection, onEntry: (entry: RegistryEntry) => void, caughtUp: () => void) {
    this.#connection = connection;
    this.#onEntry = onEntry;
    this.#caughtUp = caughtUp;
    void watchConnection(connection, { onReconnect: () => this.#messages?.stop() });
  }

  stop(): void {
    this.#stopped = true;
    this.#messages?.stop();
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#consume();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async #consume(): Promise<void> {
    const consumer = await jetstream(this.#connection).consumers.get(REGISTRY_STREAM, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#next,
    });
    if ((await consumer.info()).num_pending === 0) this.#caughtUp();
    const messages = await consumer.consume({ max_messages: AHEAD_MESSAGES });
    this.#messages = messages;
    if (this.#stopped) messages.stop();
    for await (const message of messages) {
      if (message.seq >= this.#next) {
        this.#next = message.seq + 1;
        this.#onEntry({ seq: message.seq, subject: message.subject, data: message.data });
      }
      if (message.info.pending === 0) this.#caughtUp();
    }
  }
}
