/** What stands beside the topic partitions' logs, in JetStream: streams TR_<pp> and TI_<pp>. */
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import type { StoredEntry, StoreEntry, StoreRead, TopicStore } from '../ports/topic-store.ts';
import type { AckedPublisher, PublishAnswer } from './acked-publisher.ts';
import { FULL_CODES } from './batch-appender.ts';
import { readDirectly } from './direct-read.ts';
import { retainedStream, retainedSubject, topicIndexStream, topicIndexSubject } from './names.ts';
import { publishBatch } from './store-batch.ts';

const WRONG_LAST_SEQUENCE = 10071;
/** A copy that lags behind its leader is asked again. */
const LAG_MS = 20;
const LAG_MS_MAX = 10_000;

const ALL = '>';

interface StoreNames {
  readonly stream: (partition: number) => string;
  readonly subject: (partition: number, name: string) => string;
}

const RETAINED: StoreNames = { stream: retainedStream, subject: retainedSubject };
const INDEX: StoreNames = { stream: topicIndexStream, subject: topicIndexSubject };

export class NatsTopicStore implements TopicStore {
  readonly #connection: NatsConnection;
  readonly #publisher: AckedPublisher;
  readonly #manager: Promise<JetStreamManager>;
  readonly #names: StoreNames;

  private constructor(connection: NatsConnection, publisher: AckedPublisher, names: StoreNames) {
    this.#connection = connection;
    this.#publisher = publisher;
    this.#names = names;
    this.#manager = jetstreamManager(connection, { checkAPI: false });
  }

  static retained(connection: NatsConnection, publisher: AckedPublisher): NatsTopicStore {
    return new NatsTopicStore(connection, publisher, RETAINED);
  }

  static index(connection: NatsConnection, publisher: AckedPublisher): NatsTopicStore {
    return new NatsTopicStore(connection, publisher, INDEX);
  }

  async lastSeq(partition: number): Promise<number> {
    const manager = await this.#manager;
    return (await manager.streams.info(this.#names.stream(partition))).state.last_seq;
  }

  async append(partition: number, entries: readonly StoreEntry[], expectedLastSeq: number): Promise<number> {
    const messages = entries.map(({ name, data, ttlS }) => ({ subject: this.#names.subject(partition, name), data, ttlS }));
    const answer = await publishBatch(this.#publisher, messages, expectedLastSeq);
    if (answer.kind === 'stored') return answer.seq;
    throw errorOf(this.#names.stream(partition), answer);
  }

  async *read(partition: number, wanted: StoreRead): AsyncIterable<StoredEntry> {
    const subject = wanted.filter === ALL ? undefined : this.#names.subject(partition, wanted.filter);
    const prefix = this.#names.subject(partition, '').length;
    let fromSeq = wanted.fromSeq ?? 1;
    const { untilSeq } = wanted;
    const giveUpMs = performance.now() + LAG_MS_MAX;
    for (;;) {
      const { messages, more } = await readDirectly(this.#connection, this.#names.stream(partition), { subject, fromSeq });
      for (const { seq, subject: of, data } of messages) {
        if (untilSeq !== undefined && seq > untilSeq) return;
        fromSeq = seq + 1;
        yield { seq, name: of.slice(prefix), data };
      }
      if (more) continue;
      if (untilSeq === undefined || fromSeq > untilSeq) return;
      if (performance.now() > giveUpMs) throw behind(this.#names.stream(partition), untilSeq);
      await new Promise((resolve) => setTimeout(resolve, LAG_MS));
    }
  }

  async counts(partition: number, filter: string): Promise<ReadonlyMap<string, number>> {
    const manager = await this.#manager;
    const prefix = this.#names.subject(partition, '').length;
    const options = { subjects_filter: this.#names.subject(partition, filter) };
    const { state } = await manager.streams.info(this.#names.stream(partition), options);
    return new Map(Object.entries(state.subjects ?? {}).map(([subject, count]) => [subject.slice(prefix), count]));
  }

  async purge(partition: number, filter: string, beforeSeq: number): Promise<void> {
    // To the server, a purge up to sequence 0 is one of everything.
    if (beforeSeq <= 1) return;
    const manager = await this.#manager;
    await manager.streams.purge(this.#names.stream(partition), { filter: this.#names.subject(partition, filter), seq: beforeSeq });
  }
}

function behind(stream: string, seq: number): TwinfoldError {
  return new TwinfoldError('log-unavailable', `stream ${stream}: no server gives what stands up to ${seq}`, {
    domain: 'external',
    retryable: true,
  });
}

function errorOf(stream: string, answer: Exclude<PublishAnswer, { kind: 'stored' }>): TwinfoldError {
  if (answer.kind === 'refused' && answer.code === WRONG_LAST_SEQUENCE)
    return new TwinfoldError('fenced', `${stream}: somebody else wrote (${answer.description})`, { domain: 'internal', retryable: true });
  if (answer.kind === 'refused' && FULL_CODES.has(answer.code))
    return new TwinfoldError('log-full', `${stream}: ${answer.description}`, { domain: 'external', retryable: true });
  const what = answer.kind === 'refused' ? `refused: ${answer.description} (${answer.code})` : answer.kind;
  return new TwinfoldError('unknown-outcome', `${stream}: an append is ${what}`, { domain: 'external', retryable: true });
}
