/** Kept answers in JetStream: one message a subject, which the server forgets when it is a day old. */
import { DiscardPolicy, jetstreamManager, type JetStreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import type { KeptAnswers, KeptEntry } from '../ports/kept-answers.ts';
import type { AckedPublisher, PublishAnswer } from './acked-publisher.ts';

export const KEPT_ANSWERS_STREAM = 'IDEM';
const PREFIX = 'idem.';
const KEPT_MS = 86_400_000;
const NS_A_MS = 1_000_000;
/**
 * About 300 MB, at a kilobyte and a half an answer. A number, because bytes would be reserved, and small disks have none to
 * spare. A full stream refuses: to forget early would let a repeat through.
 */
const ENTRIES_MAX = 200_000;
const EXPECTED_LAST_SUBJECT_SEQUENCE = 'Nats-Expected-Last-Subject-Sequence';
const WRONG_LAST_SEQUENCE = 10071;

export class NatsKeptAnswers implements KeptAnswers {
  readonly #manager: JetStreamManager;
  readonly #publisher: AckedPublisher;

  private constructor(manager: JetStreamManager, publisher: AckedPublisher) {
    this.#manager = manager;
    this.#publisher = publisher;
  }

  static async on(connection: NatsConnection, publisher: AckedPublisher, replicas: number): Promise<NatsKeptAnswers> {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({
      name: KEPT_ANSWERS_STREAM,
      subjects: [`${PREFIX}>`],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      max_msgs_per_subject: 1,
      max_age: KEPT_MS * NS_A_MS,
      max_msgs: ENTRIES_MAX,
      num_replicas: replicas,
    });
    return new NatsKeptAnswers(manager, publisher);
  }

  async put(key: string, data: Uint8Array, expectedSeq: number): Promise<number> {
    const fence = headers();
    fence.set(EXPECTED_LAST_SUBJECT_SEQUENCE, String(expectedSeq));
    return new Promise((resolve, reject) => {
      this.#publisher.publish({ subject: PREFIX + key, data, headers: fence }, (answer) => {
        if (answer.kind === 'stored') resolve(answer.seq);
        else reject(errorOf(answer));
      });
    });
  }

  async last(key: string): Promise<KeptEntry | undefined> {
    const stored = await this.#manager.streams.getMessage(KEPT_ANSWERS_STREAM, { last_by_subj: PREFIX + key });
    if (stored === null) return undefined;
    // What the server says of a stream carries the server's time, which the library's type leaves out.
    const info: object = await this.#manager.streams.info(KEPT_ANSWERS_STREAM);
    if (!('ts' in info) || typeof info.ts !== 'string')
      throw new TwinfoldError('server-unfit', 'nats-server does not say what time it is', { domain: 'external', retryable: false });
    return { seq: stored.seq, data: stored.data, ageMs: Date.parse(info.ts) - stored.time.getTime() };
  }

  async forget(seq: number): Promise<void> {
    try {
      await this.#manager.streams.deleteMessage(KEPT_ANSWERS_STREAM, seq, false);
    } catch (error) {
      // The server has one code for all that may go wrong with a deletion.
      if ((await this.#manager.streams.getMessage(KEPT_ANSWERS_STREAM, { seq })) !== null) throw error;
    }
  }
}

function errorOf(answer: Exclude<PublishAnswer, { kind: 'stored' }>): TwinfoldError {
  if (answer.kind !== 'refused')
    return new TwinfoldError('unknown-outcome', 'no answer came: it may have been kept', { domain: 'external', retryable: true });
  return answer.code === WRONG_LAST_SEQUENCE
    ? new TwinfoldError('conflict', 'somebody else was there before', { domain: 'device', retryable: true })
    : new TwinfoldError('log-full', `it was not kept: ${answer.description}`, { domain: 'external', retryable: true });
}
