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
import { controlStream, controlSubject, inputStream, inputSubject, REGISTRY_STREAM, REGISTRY_SUBJECTS } from './names.ts';

export interface StreamSizes {
  readonly partitions: number;
  readonly replicas: number;
  /** Over all input streams together; JetStream reserves it. */
  readonly logBytesMax: number;
}

/** Three copies on a cluster of three or more, one on a single server. */
export function replicasOf(connection: NatsConnection): number {
  const servers = 1 + (connection.info?.connect_urls?.length ?? 0);
  return connection.info?.cluster === undefined || servers < 3 ? 1 : 3;
}

type Wanted = Pick<StreamConfig, 'name' | 'subjects' | 'max_bytes' | 'num_replicas'> & Partial<StreamConfig>;

export async function ensureStreams(connection: NatsConnection, sizes: StreamSizes): Promise<void> {
  const manager = await jetstreamManager(connection);
  const each = Math.floor(sizes.logBytesMax / sizes.partitions);
  const wanted: Wanted[] = [
    { name: REGISTRY_STREAM, subjects: [REGISTRY_SUBJECTS], max_bytes: -1, num_replicas: sizes.replicas, allow_atomic: true },
  ];
  for (let p = 0; p < sizes.partitions; p++) {
    wanted.push({ name: inputStream(p), subjects: [inputSubject(p)], max_bytes: each, num_replicas: sizes.replicas });
    wanted.push({ name: controlStream(p), subjects: [controlSubject(p)], max_bytes: -1, num_replicas: sizes.replicas });
  }
  await Promise.all(wanted.map((stream) => ensureStream(manager, stream)));
}

async function ensureStream(manager: JetStreamManager, wanted: Wanted): Promise<void> {
  const config = {
    ...wanted,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_msgs: -1,
    max_age: 0,
    allow_direct: false,
    deny_delete: true,
  };
  const found = await manager.streams.info(wanted.name).catch(() => undefined);
  if (found === undefined) {
    await manager.streams.add(config);
    return;
  }
  const is = found.config;
  if (is.storage !== config.storage || is.discard !== config.discard || is.max_age !== 0) {
    throw new TwinfoldError(
      'server-unfit',
      `stream ${wanted.name} was made otherwise: it must use file storage, discard: new and no max_age`,
      { domain: 'external', retryable: false },
    );
  }
  // A registry that was made before imports had batches; a server that knows none ignores it.
  if (wanted.allow_atomic === true && is.allow_atomic !== true) await manager.streams.update(wanted.name, { allow_atomic: true });
  if (is.max_bytes !== wanted.max_bytes) await manager.streams.update(wanted.name, { max_bytes: wanted.max_bytes });
}
