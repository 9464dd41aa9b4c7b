/**
 * Makes the streams of a deployment, and checks that the ones that are there are what the promises need. A stream that
 * differs is not altered behind the operator's back, except for its size.
 */
import {
  DiscardPolicy,
  jetstreamManager,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import {
  controlStream,
  controlSubject,
  inputStream,
  inputSubject,
  REGISTRY_STREAM,
  REGISTRY_SUBJECTS,
  retainedStream,
  retainedSubject,
  topicEffectSubject,
  topicIndexStream,
  topicIndexSubject,
  topicStream,
  topicSubject,
} from './names.ts';

export interface StreamSizes {
  readonly partitions: number;
  readonly replicas: number;
  /** Over all input streams together; JetStream reserves it. */
  readonly logBytesMax: number;
  /** Over all streams of the topic trees' messages; reserved too. Absent: a quarter of the log's. */
  readonly topicBytesMax?: number;
}

const TOPIC_SHARE = 0.25;

/** Three copies on a cluster of three or more, one on a single server. */
export function replicasOf(connection: NatsConnection): number {
  const servers = 1 + (connection.info?.connect_urls?.length ?? 0);
  return connection.info?.cluster === undefined || servers < 3 ? 1 : 3;
}

type Wanted = Pick<StreamConfig, 'name' | 'subjects' | 'max_bytes' | 'num_replicas'> & Partial<StreamConfig>;

/** What a stream may be given later, because a server that gives it takes nothing away. */
const ADDITIONS = ['allow_atomic', 'allow_direct', 'allow_msg_ttl'] as const satisfies readonly (keyof StreamConfig)[];

export async function ensureStreams(connection: NatsConnection, sizes: StreamSizes): Promise<void> {
  const manager = await jetstreamManager(connection);
  const each = Math.floor(sizes.logBytesMax / sizes.partitions);
  const wanted: Wanted[] = [
    { name: REGISTRY_STREAM, subjects: [REGISTRY_SUBJECTS], max_bytes: -1, num_replicas: sizes.replicas, allow_atomic: true },
  ];
  for (let p = 0; p < sizes.partitions; p++) {
    wanted.push({ name: inputStream(p), subjects: [inputSubject(p)], max_bytes: each, num_replicas: sizes.replicas });
    wanted.push({ name: controlStream(p), subjects: [controlSubject(p)], max_bytes: -1, num_replicas: sizes.replicas });
    wanted.push(...topicStreams(p, sizes));
  }
  await Promise.all(wanted.map((stream) => ensureStream(manager, stream)));
}

/**
 * A topic partition's messages, its index and its retained messages. The latter two have no size of their own: the index is a
 * twentieth of the log that it is about, and how many messages a tenant may have retained is limited. A retained message
 * replaces the one before it, which a stream that refuses when it is full does for each subject.
 */
function topicStreams(p: number, sizes: StreamSizes): readonly Wanted[] {
  const each = Math.floor((sizes.topicBytesMax ?? sizes.logBytesMax * TOPIC_SHARE) / sizes.partitions);
  const both = { num_replicas: sizes.replicas, allow_atomic: true, allow_direct: true };
  const effects = topicEffectSubject(p, 0).replace(/\d+$/, '*');
  return [
    { name: topicStream(p), subjects: [topicSubject(p), effects], max_bytes: each, ...both },
    { name: topicIndexStream(p), subjects: [topicIndexSubject(p, '>')], max_bytes: -1, ...both },
    {
      name: retainedStream(p),
      subjects: [retainedSubject(p, '>')],
      max_bytes: -1,
      max_msgs_per_subject: 1,
      allow_msg_ttl: true,
      ...both,
    },
  ];
}

async function ensureStream(manager: JetStreamManager, wanted: Wanted): Promise<void> {
  const config = {
    allow_direct: false,
    max_msgs_per_subject: -1,
    ...wanted,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_msgs: -1,
    max_age: 0,
    deny_delete: true,
  };
  const found = await manager.streams.info(wanted.name).catch(() => undefined);
  if (found === undefined) {
    await manager.streams.add(config);
    return;
  }
  const is = found.config;
  if (
    is.storage !== config.storage ||
    is.discard !== config.discard ||
    is.max_age !== 0 ||
    is.max_msgs_per_subject !== config.max_msgs_per_subject
  ) {
    const each = config.max_msgs_per_subject === 1 ? ', one message a subject' : '';
    throw new TwinfoldError(
      'server-unfit',
      `stream ${wanted.name} was made otherwise: it must use file storage, discard: new${each} and no max_age`,
      { domain: 'external', retryable: false },
    );
  }
  // Made by an earlier version; a server that knows none of these ignores them.
  const missing = ADDITIONS.filter((name) => wanted[name] === true && is[name] !== true);
  const size = is.max_bytes === wanted.max_bytes ? {} : { max_bytes: wanted.max_bytes };
  const changes = { ...Object.fromEntries(missing.map((name) => [name, true])), ...size };
  if (Object.keys(changes).length > 0) await manager.streams.update(wanted.name, changes);
}
