/**
 * The registry's entries about devices, each handed out until somebody says that it is done with: a durable consumer that
 * all edges share, so that no entry is missed when one dies, and one edge alone does the work of each.
 */
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager, type ConsumerMessages } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { REGISTRY_STREAM } from './names.ts';
import { watchConnection } from './connection.ts';

const DURABLE = 'facts';
const SUBJECTS = 'reg.*.device.*';
/** Handed out and not done with, over all edges. */
const UNDER_WAY_MAX = 1_000;
const AHEAD_MESSAGES = 200;
/** Whoever has it and says nothing for so long is gone. */
const ACK_WAIT_MS = 30_000;
const RETRY_MS = 1_000;

export interface HandedEntry {
  readonly seq: number;
  readonly data: Uint8Array;
  done(): void;
  /** To be handed out again, after a while. */
  again(): void;
}

export class NatsRegistryFacts {
  readonly #connection: NatsConnection;
  readonly #onEntry: (entry: HandedEntry) => void;
  #messages: ConsumerMessages | undefined;
  #stopped = false;
  #done: Promise<void> = Promise.resolve();

  constructor(connection: NatsConnection, onEntry: (entry: HandedEntry) => void) {
    this.#connection = connection;
    this.#onEntry = onEntry;
    void watchConnection(connection, { onReconnect: () => this.#messages?.stop() });
  }

  start(): void {
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#messages?.stop();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#consume();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async #consume(): Promise<void> {
    const manager = await jetstreamManager(this.#connection);
    await manager.consumers.add(REGISTRY_STREAM, {
      durable_name: DURABLE,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      filter_subjects: [SUBJECTS],
      max_ack_pending: UNDER_WAY_MAX,
      ack_wait: nanos(ACK_WAIT_MS),
    });
    const consumer = await jetstream(this.#connection).consumers.get(REGISTRY_STREAM, DURABLE);
    const messages = await consumer.consume({ max_messages: AHEAD_MESSAGES });
    this.#messages = messages;
    if (this.#stopped) messages.stop();
    for await (const message of messages) {
      this.#onEntry({
        seq: message.seq,
        data: message.data,
        done: () => message.ack(),
        again: () => message.nak(RETRY_MS),
      });
    }
  }
}
