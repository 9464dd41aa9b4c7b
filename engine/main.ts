/**
 * The engine process: owns partitions, folds them in worker threads, writes ClickHouse. Here the adapters of NATS and
 * ClickHouse meet the ports; nothing else is decided here.
 */
import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { startFoldPool } from '../workers/pool.ts';
import { SpareBuffers } from './kernel/spare-buffers.ts';
import { openAnalytics } from './clickhouse/open.ts';
import type { ProcessConfig } from './config/process-config.ts';
import { liveUntilTold, startMessage, tellReady } from './config/supervised.ts';
import type { Clock } from './kernel/clock.ts';
import { AckedPublisher } from './nats/acked-publisher.ts';
import { serveAsks } from './nats/ask.ts';
import { NatsBatchAppender } from './nats/batch-appender.ts';
import { connectNats, watchConnection } from './nats/connection.ts';
import { NatsControlLog } from './nats/control-log.ts';
import { DeploymentStore } from './nats/deployment.ts';
import { NatsDownlinks } from './nats/downlink.ts';
import { NatsEdgeLife } from './nats/edge-life.ts';
import { NatsInputLog } from './nats/input-log.ts';
import { NatsLeases } from './nats/leases.ts';
import { NatsSnapshots } from './nats/snapshots.ts';
import { ensureStreams, replicasOf } from './nats/streams.ts';
import { NatsRetained, serveTopicAsks } from './nats/topic-ask.ts';
import { NatsTopicEffects } from './nats/topic-effects.ts';
import { NatsTopicLog } from './nats/topic-log.ts';
import { NatsTopicStore } from './nats/topic-store.ts';
import { armFailpoints } from './observability/failpoint.ts';
import { createLog, type Log } from './observability/log.ts';
import { MetricsRegistry } from './observability/metrics.ts';
import { processMetrics } from './observability/process-metrics.ts';
import { Engine } from './runtime/engine.ts';
import { OwnEvents } from './runtime/own-events.ts';
import { Sink } from './runtime/sink.ts';
import { TopicEraser } from './runtime/topics/topic-eraser.ts';
import { TopicKeepers, type TopicKeepersParts } from './runtime/topics/topic-keepers.ts';

const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
/** What the rest of the drain leaves of the supervisor's patience for ClickHouse. */
const FLUSH_MS_MAX = 4_000;
/** Buffers of rows that wait to be used again: about what one insert brings back. */
const SPARE_BYTES_MAX = 48 * 1024 * 1024;

function keepTopics(
  parts: Pick<TopicKeepersParts, 'instance' | 'log' | 'metrics' | 'partitions'>,
  at: {
    readonly config: ProcessConfig;
    readonly connection: NatsConnection;
    readonly publisher: AckedPublisher;
    readonly reader: NatsInputLog;
  },
): { readonly topics: TopicKeepers; readonly topicEraser: TopicEraser } {
  const { config, connection } = at;
  const index = NatsTopicStore.index(connection, at.publisher);
  const topicLog = new NatsTopicLog({ ...at, partitions: parts.partitions, index });
  const topics = new TopicKeepers({
    ...parts,
    topics: topicLog,
    retained: NatsTopicStore.retained(connection, at.publisher),
    index,
    clock,
    serverId: () => connection.info?.server_id ?? '',
    retentionMs: config.topicRetentionMs,
    retainedMax: config.retainedMax,
    serveAsks: (partition, handler) => serveTopicAsks(connection, partition, { handler, log: parts.log }),
  });
  return { topics, topicEraser: new TopicEraser({ topics: topicLog, retained: new NatsRetained(connection, parts.partitions) }) };
}

async function openLog(config: ProcessConfig, instance: string) {
  const target = {
    url: config.natsUrl,
    name: `engine-${instance}`,
    ...(config.natsToken === undefined ? {} : { token: config.natsToken }),
  };
  const connection = await connectNats(target);
  const replicas = replicasOf(connection);
  const store = await DeploymentStore.on(connection, replicas);
  const { partitions } = await store.ensure({
    partitions: config.partitionsAreChosen ? config.partitions : undefined,
    partitionsDefault: config.partitions,
  });
  await ensureStreams(connection, { partitions, replicas, logBytesMax: config.logMaxBytes, topicBytesMax: config.topicMaxBytes });
  return { connection, replicas, store, partitions };
}

async function serve(config: ProcessConfig, log: Log): Promise<() => Promise<void>> {
  const instance = `${config.node}-${randomBytes(6).toString('hex')}`;
  const { connection, replicas, store, partitions } = await openLog(config, instance);
  const metrics = new MetricsRegistry(clock, { process: `${config.node}-engine` });
  processMetrics(metrics, clock.now());
  const publisher = new AckedPublisher(connection);
  const input = await NatsInputLog.on(connection);
  const analytics = openAnalytics({ access: config.clickhouse, durability: config.durability, retentionDays: config.eventsRetentionDays });
  const writerEpoch = await store.nextWriterEpoch(clock.now());
  const pool = startFoldPool({ workers: config.workers });
  const spares = new SpareBuffers(SPARE_BYTES_MAX);
  const sink = new Sink({
    analytics,
    instance,
    clock,
    log,
    onLostEnd: (partition, maxLogSeq) => engine.lostControlEnd(partition, maxLogSeq),
    onFree: (rows) => spares.give(rows.buffer),
  });
  const { topics, topicEraser } = keepTopics({ instance, log, metrics, partitions }, { config, connection, publisher, reader: input });
  const engine: Engine = new Engine({
    member: { node: config.node, instance },
    partitions,
    control: new NatsControlLog(publisher, input),
    input,
    snapshots: await NatsSnapshots.on(connection, replicas),
    leases: new NatsLeases(connection, replicas),
    pool,
    sink,
    topicEffects: await NatsTopicEffects.on(connection, publisher),
    downlinks: new NatsDownlinks(connection, log),
    ownEvents: new OwnEvents({ appender: new NatsBatchAppender(publisher), epoch: writerEpoch, name: `${config.node}-engine`, clock }),
    edgeLives: new NatsEdgeLife(connection, replicas, store),
    spares,
    analytics,
    eraser: analytics.eraser,
    serverId: () => connection.info?.server_id ?? '',
    clock,
    log,
    metrics,
    logRetentionMs: config.logRetentionMs,
    snapshotIntervalMs: config.snapshotIntervalMs,
    serveAsks: (partition, handler) => serveAsks(connection, partition, { handler, log }),
    topicKeeper: (partition, leaseFresh) => topics.keeper(partition, leaseFresh),
    topicStatus: (partition) => topics.status(partition),
    topicEraser,
  });
  void watchConnection(connection, {
    onDisconnect: () => engine.disconnected(),
    onReconnect: (serverId) => {
      engine.reconnected(serverId);
      topics.reconnected(serverId);
    },
  });
  const running = engine.run();
  tellReady({});

  return async () => {
    await Promise.race([engine.flush(), new Promise((resolve) => setTimeout(resolve, FLUSH_MS_MAX))]);
    engine.stop();
    await running;
    await pool.end();
    await analytics.close();
    publisher.close();
    await connection.close();
  };
}

const config = await startMessage();
const log = createLog('engine', process.stdout, () => Date.now());
for (const bad of armFailpoints(config.failpoints ?? '')) log.warn('failpoint-unknown', { failpoint: bad });
process.exit(await liveUntilTold('engine', log, async () => serve(config, log)));
