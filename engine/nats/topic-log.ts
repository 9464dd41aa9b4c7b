/** The topic trees' streams as edges read them, the writers' way in, and messages of QoS 0, which pass by any stream. */
import type { NatsConnection } from '@nats-io/transport-node';
import type { LogBounds, LogFollower, LogMessage } from '../ports/input-log.ts';
import { findCandidates } from '../ports/index-search.ts';
import type { Candidacy, Candidates, QuickMessages, TopicLogKeeper, TopicLogReader } from '../ports/topic-log.ts';
import type { TopicStore } from '../ports/topic-store.ts';
import type { AckedPublisher } from './acked-publisher.ts';
import { NatsBatchAppender } from './batch-appender.ts';
import { getDirectly } from './direct-read.ts';
import type { NatsInputLog } from './input-log.ts';
import { QOS_0_SUBJECT, topicStream, topicSubject } from './names.ts';
import { publishBatch } from './store-batch.ts';

export interface NatsTopicLogParts {
  readonly partitions: number;
  readonly connection: NatsConnection;
  readonly publisher: AckedPublisher;
  readonly reader: NatsInputLog;
  readonly index: TopicStore;
}

export class NatsTopicLog implements TopicLogReader, TopicLogKeeper {
  readonly partitions: number;
  readonly #parts: NatsTopicLogParts;

  constructor(parts: NatsTopicLogParts) {
    this.partitions = parts.partitions;
    this.#parts = parts;
  }

  follow(partition: number, from: number, ahead?: number): LogFollower {
    return this.#parts.reader.followStream(topicStream(partition), from, ahead);
  }

  async *range(partition: number, from: number, to: number): AsyncIterable<LogMessage> {
    yield* this.#parts.reader.rangeOfStream(topicStream(partition), from, to);
  }

  /** A copy that lags behind the leader may lack it: then the leader is asked. */
  async get(partition: number, seq: number): Promise<LogMessage | undefined> {
    if (seq <= 0) return undefined;
    const stream = topicStream(partition);
    const found = await getDirectly(this.#parts.connection, stream, seq).catch(() => undefined);
    return found ?? this.#parts.reader.getOfStream(stream, seq);
  }

  async bounds(partition: number): Promise<LogBounds> {
    return this.#parts.reader.boundsOfStream(topicStream(partition));
  }

  async candidates(partition: number, wanted: Candidates): Promise<Candidacy> {
    return findCandidates(this.#parts.index, partition, wanted);
  }

  async purge(partition: number, seq: number): Promise<void> {
    await this.#parts.reader.purgeStream(topicStream(partition), seq);
  }

  async appendAll(partition: number, batches: readonly Uint8Array[]): Promise<boolean> {
    const messages = batches.map((data) => ({ subject: topicSubject(partition), data }));
    return (await publishBatch(this.#parts.publisher, messages)).kind === 'stored';
  }
}

/** Appends edges' batches to the topic trees' streams. */
export function topicAppender(publisher: AckedPublisher): NatsBatchAppender {
  return new NatsBatchAppender(publisher, topicSubject);
}

export class NatsQuickMessages implements QuickMessages {
  readonly #connection: NatsConnection;
  readonly #publisher: AckedPublisher;

  constructor(connection: NatsConnection, publisher: AckedPublisher) {
    this.#connection = connection;
    this.#publisher = publisher;
  }

  send(batch: Uint8Array): boolean {
    return this.#publisher.send({ subject: QOS_0_SUBJECT, data: batch });
  }

  receive(callback: (batch: Uint8Array) => void): { stop(): void } {
    const subscription = this.#connection.subscribe(QOS_0_SUBJECT, {
      callback: (error, message) => {
        if (error === null) callback(message.data);
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }
}
