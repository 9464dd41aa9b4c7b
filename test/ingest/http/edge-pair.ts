/** Two HTTP edges over one real nats-server: one registry, one store of kept answers, one secret key. */
import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { NatsKeptAnswers } from '../../../engine/nats/kept-answers.ts';
import { NatsRegistryLog } from '../../../engine/nats/registry-log.ts';
import { ensureStreams } from '../../../engine/nats/streams.ts';
import { mintToken, pepperOf } from '../../../ingest/credentials/credentials.ts';
import { SecretKey } from '../../../ingest/credentials/secret-key.ts';
import { type TestNats, withNats } from '../../support/servers.ts';
import { type Edge, type EdgeLimits, PARTITIONS, startEdge } from './edge.ts';

const LOG_BYTES = 64 * 1024 * 1024;

export interface EdgePair {
  readonly nats: TestNats;
  readonly a: Edge;
  readonly b: Edge;
  readonly secretKey: SecretKey;
  /** The store as another process sees it. */
  readonly answers: NatsKeptAnswers;
  /** One more edge. */
  more(keeping: NonNullable<EdgeLimits['keeping']>): Promise<Edge>;
  /** Resolves when every edge knows what the first one knows now. */
  level(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPair(keeping: NonNullable<EdgeLimits['keeping']> = {}): Promise<EdgePair> {
  const nats = await withNats();
  const shared = { pepper: pepperOf(randomBytes(32).toString('base64url')), admin: mintToken({ kind: 'admin' }, randomBytes) };
  const secretKey = new SecretKey(randomBytes(32), randomBytes);
  const connections: NatsConnection[] = [];
  const publishers: AckedPublisher[] = [];
  const edges: Edge[] = [];
  const open = async (): Promise<{ readonly connection: NatsConnection; readonly publisher: AckedPublisher }> => {
    const connection = await connectNats({ url: nats.url, token: nats.token, name: `test-${connections.length}` });
    connections.push(connection);
    const publisher = new AckedPublisher(connection);
    publishers.push(publisher);
    return { connection, publisher };
  };
  const own = await open();
  await ensureStreams(own.connection, { partitions: PARTITIONS, replicas: 1, logBytesMax: LOG_BYTES });
  const more = async (differing: NonNullable<EdgeLimits['keeping']>): Promise<Edge> => {
    const { connection, publisher } = await open();
    const edge = await startEdge({
      shared: { ...shared, log: new NatsRegistryLog(connection, publisher) },
      keeping: { secretKey, answers: await NatsKeptAnswers.on(connection, publisher, 1), ...keeping, ...differing },
    });
    edges.push(edge);
    return edge;
  };
  const answers = await NatsKeptAnswers.on(own.connection, own.publisher, 1);
  const a = await more({ name: 'edge-a', epoch: 1 });
  const b = await more({ name: 'edge-b', epoch: 2 });
  return {
    nats,
    a,
    b,
    secretKey,
    answers,
    more,
    async level() {
      const { seq } = a.registry;
      await Promise.all(edges.map(async ({ registry }) => registry.reached(seq)));
    },
    async stop() {
      for (const edge of edges) await edge.stop();
      for (const publisher of publishers) publisher.close();
      for (const connection of connections) await connection.close();
      await nats.stop();
    },
  };
}
