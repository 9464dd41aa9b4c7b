/** A whole engine on real servers, with connections of its own, in the test's process: a node that can be cut off. */
import type { NatsConnection } from '@nats-io/transport-node';
import { openAnalytics } from '../../engine/clickhouse/open.ts';
import type { Clock } from '../../engine/kernel/clock.ts';
import { AckedPublisher } from '../../engine/nats/acked-publisher.ts';
import { serveAsks } from '../../engine/nats/ask.ts';
import { NatsBatchAppender } from '../../engine/nats/batch-appender.ts';
import { connectNats, watchConnection } from '../../engine/nats/connection.ts';
import { NatsControlLog } from '../../engine/nats/control-log.ts';
import { DeploymentStore } from '../../engine/nats/deployment.ts';
import { NatsDownlinks } from '../../engine/nats/downlink.ts';
import { NatsEdgeLife } from '../../engine/nats/edge-life.ts';
import { NatsInputLog } from '../../engine/nats/input-log.ts';
import { NatsLeases } from '../../engine/nats/leases.ts';
import { NatsSnapshots } from '../../engine/nats/snapshots.ts';
import { NatsTopicEffects } from '../../engine/nats/topic-effects.ts';
import type { Log, LogFacts } from '../../engine/observability/log.ts';
import { MetricsRegistry } from '../../engine/observability/metrics.ts';
import { Engine } from '../../engine/runtime/engine.ts';
import { OwnEvents } from '../../engine/runtime/own-events.ts';
import { Sink } from '../../engine/runtime/sink.ts';
import { inProcessFoldPool } from '../../workers/pool.ts';
import type { TestClickHouse, TestNats } from './servers.ts';

const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
const RETENTION_MS = 3_600_000;

export interface EngineNode {
  readonly engine: Engine;
  readonly connection: NatsConnection;
  readonly said: readonly { readonly what: string; readonly facts: LogFacts }[];
  /** Drains and ends. */
  stop(): Promise<void>;
  /** Nothing it does has an effect from now on; its lease runs out. */
  cutOff(): Promise<void>;
}

export async function startEngineNode(
  node: string,
  servers: { readonly nats: TestNats; readonly clickhouse: TestClickHouse; readonly partitions: number },
): Promise<EngineNode> {
  const { nats, clickhouse, partitions } = servers;
  const instance = `${node}-${Math.random().toString(36).slice(2)}`;
  const said: { readonly what: string; readonly facts: LogFacts }[] = [];
  const say = (what: string, facts: LogFacts = {}): void => void said.push({ what, facts });
  const log: Log = { info: say, warn: say, error: say };
  const connection = await connectNats({ url: nats.url, token: nats.token, name: `engine-${instance}` });
  const publisher = new AckedPublisher(connection);
  const input = await NatsInputLog.on(connection);
  const analytics = openAnalytics({ access: clickhouse, durability: 'process', retentionDays: 30 });
  const store = await DeploymentStore.on(connection, 1);
  const epoch = await store.nextWriterEpoch(clock.now());
  const pool = inProcessFoldPool();
  const sink: Sink = new Sink({ analytics, instance, clock, log, onLostEnd: (partition, seq) => engine.lostControlEnd(partition, seq) });
  const engine: Engine = new Engine({
    member: { node, instance },
    partitions,
    control: new NatsControlLog(publisher, input),
    input,
    snapshots: await NatsSnapshots.on(connection, 1),
    leases: new NatsLeases(connection, 1),
    pool,
    sink,
    topicEffects: await NatsTopicEffects.on(connection, publisher),
    downlinks: new NatsDownlinks(connection, log),
    ownEvents: new OwnEvents({ appender: new NatsBatchAppender(publisher), epoch, name: instance, clock }),
    edgeLives: new NatsEdgeLife(connection, 1, store),
    analytics,
    eraser: analytics.eraser,
    serverId: () => connection.info?.server_id ?? '',
    clock,
    log,
    metrics: new MetricsRegistry(clock, { process: `${node}-engine` }),
    logRetentionMs: RETENTION_MS,
    snapshotIntervalMs: 120_000,
    serveAsks: (partition, handler) => serveAsks(connection, partition, { handler, log }),
  });
  void watchConnection(connection, {
    onDisconnect: () => engine.disconnected(),
    onReconnect: (serverId) => engine.reconnected(serverId),
  });
  const running = engine.run();
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    publisher.close();
    await analytics.close();
    await connection.close();
  };
  return {
    engine,
    connection,
    said,
    stop: async () => {
      await engine.flush();
      engine.stop();
      await running;
      await close();
    },
    cutOff: async () => {
      await close();
      engine.stop();
      await running;
    },
  };
}
