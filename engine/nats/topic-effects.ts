/**
 * Effects into topic partitions in JetStream: a subject for each pair of target and source, whose last sequence an append
 * names, so that of two who would go on behind the same message only one does.
 */
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { EffectsAppended, EffectsToAppend, LastEffects, TopicEffects } from '../ports/topic-effects.ts';
import type { AckedPublisher, PublishAnswer } from './acked-publisher.ts';
import { FULL_CODES } from './batch-appender.ts';
import { topicEffectSubject, topicStream } from './names.ts';

const EXPECTED_LAST_SUBJECT_SEQUENCE = 'Nats-Expected-Last-Subject-Sequence';
const WRONG_LAST_SEQUENCE = 10071;

export class NatsTopicEffects implements TopicEffects {
  readonly #manager: JetStreamManager;
  readonly #publisher: AckedPublisher;

  private constructor(manager: JetStreamManager, publisher: AckedPublisher) {
    this.#manager = manager;
    this.#publisher = publisher;
  }

  static async on(connection: NatsConnection, publisher: AckedPublisher): Promise<NatsTopicEffects> {
    return new NatsTopicEffects(await jetstreamManager(connection), publisher);
  }

  async last(target: number, source: number): Promise<LastEffects | undefined> {
    const stored = await this.#manager.streams.getMessage(topicStream(target), { last_by_subj: topicEffectSubject(target, source) });
    return stored === null ? undefined : { seq: stored.seq, data: stored.data };
  }

  async append({ data, expectedSeq, source, target }: EffectsToAppend): Promise<EffectsAppended> {
    const fence = headers();
    fence.set(EXPECTED_LAST_SUBJECT_SEQUENCE, String(expectedSeq));
    return new Promise((resolve) => {
      this.#publisher.publish({ subject: topicEffectSubject(target, source), data, headers: fence }, (answer) =>
        resolve(appendedOf(answer)),
      );
    });
  }
}

function appendedOf(answer: PublishAnswer): EffectsAppended {
  switch (answer.kind) {
    case 'stored':
      return answer;
    case 'unknown':
      return answer;
    case 'no-stream':
      return { kind: 'refused', why: 'no-stream' };
    case 'refused':
      if (answer.code === WRONG_LAST_SEQUENCE) return { kind: 'fenced' };
      // Anything else is the server in trouble: it may yet have been stored.
      return FULL_CODES.has(answer.code) ? { kind: 'refused', why: answer.description } : { kind: 'unknown' };
  }
}
