/**
 * The input log read from JetStream: ordered consumers from our own checkpoint, made anew at once after a reconnect
 * (a server that restarted has forgotten them, and the client's own heartbeat would notice only after half a minute).
 */
import {
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import type { InputLogKeeper, InputLogReader, LogBounds, LogFollower, LogMessage } from '../ports/input-log.ts';
import { watchConnection } from './connection.ts';
import { inputStream } from './names.ts';

/** Messages asked for ahead; a batch is at most half a megabyte, so this bounds what the client buffers. */
const AHEAD_MESSAGES_MAX = 64;
const RETRY_MS = 200;

export class NatsInputLog implements InputLogReader, InputLogKeeper {
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #open = new Set<StreamFollower>();

  private constructor(connection: NatsConnection, manager: JetStreamManager) {
    this.#manager = manager;
    this.#client = jetstream(connection);
    void watchConnection(connection, {
      onReconnect: () => {
        for (const follower of this.#open) follower.renew();
      },
    });
  }

  static async on(connection: NatsConnection): Promise<NatsInputLog> {
    return new NatsInputLog(connection, await jetstreamManager(connection));
  }

  follow(partition: number, from: number, ahead?: number): LogFollower {
    return this.followStream(inputStream(partition), from, ahead);
  }

  /** The same for any stream; the control log reads through it too. */
  followStream(stream: string, from: number, ahead: number = AHEAD_MESSAGES_MAX): LogFollower {
    const follower = new StreamFollower(this.#client, stream, { from, ahead, closed: () => this.#open.delete(follower) });
    this.#open.add(follower);
    return follower;
  }

  async *range(partition: number, from: number, to: number): AsyncIterable<LogMessage> {
    yield* this.rangeOfStream(inputStream(partition), from, to);
  }

  async *rangeOfStream(stream: string, from: number, to: number): AsyncIterable<LogMessage> {
    if (from > to) return;
    // Who reads three messages isn't sent sixty.
    const follower = this.followStream(stream, from, Math.min(AHEAD_MESSAGES_MAX, to - from + 1));
    try {
      for await (const message of follower) {
        yield message;
        if (message.seq >= to) return;
      }
    } finally {
      follower.stop();
    }
  }

  async get(partition: number, seq: number): Promise<LogMessage | undefined> {
    return this.getOfStream(inputStream(partition), seq);
  }

  async getOfStream(stream: string, seq: number): Promise<LogMessage | undefined> {
    if (seq <= 0) return undefined;
    const stored = await this.#manager.streams.getMessage(stream, { seq });
    return stored === null ? undefined : { seq: stored.seq, timeMs: stored.time.getTime(), data: stored.data };
  }

  async bounds(partition: number): Promise<LogBounds> {
    return this.boundsOfStream(inputStream(partition));
  }

  async boundsOfStream(stream: string): Promise<LogBounds> {
    const { state, config } = await this.#manager.streams.info(stream);
    const firstSeq = state.messages === 0 ? state.last_seq + 1 : state.first_seq;
    return { firstSeq, lastSeq: state.last_seq, bytes: state.bytes, bytesMax: config.max_bytes };
  }

  async purge(partition: number, seq: number): Promise<void> {
    await this.purgeStream(inputStream(partition), seq);
  }

  async purgeStream(stream: string, seq: number): Promise<void> {
    // To the server, a purge up to sequence 0 is one of everything.
    if (seq <= 1) return;
    await this.#manager.streams.purge(stream, { seq });
  }
}

class StreamFollower implements LogFollower {
  readonly #client: JetStreamClient;
  readonly #stream: string;
  readonly #closed: () => void;
  readonly #ahead: number;
  #next: number;
  #messages: ConsumerMessages | undefined;
  #stopped = false;
  #giveUp: () => void = () => undefined;

  constructor(
    client: JetStreamClient,
    stream: string,
    life: { readonly from: number; readonly ahead: number; readonly closed: () => void },
  ) {
    this.#client = client;
    this.#stream = stream;
    this.#next = life.from;
    this.#ahead = life.ahead;
    this.#closed = life.closed;
  }

  stop(): void {
    this.#stopped = true;
    this.#closed();
    this.renew();
  }

  /** The consumer may be gone, and so may a request for one: leave it and make another from the same place. */
  renew(): void {
    this.#messages?.stop();
    this.#giveUp();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<LogMessage> {
    while (!this.#stopped) {
      const messages = await this.#consume();
      if (messages === undefined) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        continue;
      }
      for await (const message of messages) {
        if (this.#stopped) break;
        if (message.seq < this.#next) continue;
        if (message.seq > this.#next) throw this.#hole(message.seq);
        this.#next++;
        yield logMessage(message);
      }
    }
  }

  /** Undefined when it could not be had now. */
  async #consume(): Promise<ConsumerMessages | undefined> {
    let abandoned = false;
    const givenUp = new Promise<undefined>((resolve) => {
      this.#giveUp = () => {
        abandoned = true;
        resolve(undefined);
      };
    });
    const consuming = (async () => {
      const consumer = await this.#client.consumers.get(this.#stream, {
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: this.#next,
      });
      const messages = await consumer.consume({ max_messages: this.#ahead });
      if (this.#stopped || abandoned) messages.stop();
      return messages;
    })().catch(() => undefined);
    this.#messages = await Promise.race([consuming, givenUp]);
    return this.#messages;
  }

  #hole(found: number): TwinfoldError {
    return new TwinfoldError('log-hole', `stream ${this.#stream} has no message ${this.#next}, the next one is ${found}`, {
      domain: 'external',
      retryable: false,
    });
  }
}

function logMessage(message: JsMsg): LogMessage {
  return { seq: message.seq, timeMs: Math.floor(message.info.timestampNanos / 1e6), data: message.data };
}
