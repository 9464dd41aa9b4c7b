/**
 * What the edge has of NATS and ClickHouse: here their adapters are made. Nothing else is decided here; `../main.ts` puts the
 * edge together from it.
 */
import type { NatsConnection } from '@nats-io/transport-node';
import { EmbeddedAnalysts } from '../../engine/clickhouse/embedded-analysts.ts';
import { ExternalAnalysts } from '../../engine/clickhouse/external-analysts.ts';
import { HttpAnalystQueries } from '../../engine/clickhouse/analyst-queries.ts';
import type { ProcessConfig } from '../../engine/config/process-config.ts';
import { AnalystPool } from '../../engine/embedded/analyst-pool.ts';
import type { Clock } from '../../engine/kernel/clock.ts';
import { AckedPublisher } from '../../engine/nats/acked-publisher.ts';
import { NatsAskClient } from '../../engine/nats/ask-client.ts';
import { NatsBatchAppender } from '../../engine/nats/batch-appender.ts';
import { connectNats } from '../../engine/nats/connection.ts';
import { DeploymentStore, type Deployment } from '../../engine/nats/deployment.ts';
import { NatsDownlinks } from '../../engine/nats/downlink.ts';
import { NatsEdgeGossip } from '../../engine/nats/edge-gossip.ts';
import type { NatsInputLog } from '../../engine/nats/input-log.ts';
import { topicSubject } from '../../engine/nats/names.ts';
import { NatsRecordLog } from '../../engine/nats/record-log.ts';
import { ensureStreams, replicasOf } from '../../engine/nats/streams.ts';
import { NatsRetained } from '../../engine/nats/topic-ask.ts';
import { NatsQuickMessages, NatsTopicLog } from '../../engine/nats/topic-log.ts';
import { NatsTopicStore } from '../../engine/nats/topic-store.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { MetricsRegistry } from '../../engine/observability/metrics.ts';
import { openBroker, type BrokerSide } from '../broker/open-broker.ts';
import { LogFeed } from '../feed/log-feed.ts';
import { laneMetrics } from '../lanes/lane-metrics.ts';
import { openWhenConfirmed } from '../lanes/open-lanes.ts';
import { LogPublisher, type ConfirmEnd } from '../publish.ts';

const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export interface EdgeLog {
  readonly connection: NatsConnection;
  readonly publisher: AckedPublisher;
  readonly ask: NatsAskClient;
  readonly store: DeploymentStore;
  readonly deployment: Deployment;
  readonly edgeEpoch: number;
}

export async function openLog(config: ProcessConfig): Promise<EdgeLog> {
  const target = { url: config.natsUrl, name: config.edgeName, ...(config.natsToken === undefined ? {} : { token: config.natsToken }) };
  const connection = await connectNats(target);
  const replicas = replicasOf(connection);
  const store = await DeploymentStore.on(connection, replicas);
  const partitions = config.partitionsAreChosen ? config.partitions : undefined;
  const deployment = await store.ensure({ partitions, partitionsDefault: config.partitions });
  await ensureStreams(connection, {
    partitions: deployment.partitions,
    replicas,
    logBytesMax: config.logMaxBytes,
    topicBytesMax: config.topicMaxBytes,
  });
  const edgeEpoch = await store.nextWriterEpoch(clock.now());
  return { connection, publisher: new AckedPublisher(connection), ask: new NatsAskClient(connection), store, deployment, edgeEpoch };
}

export function openIntake(config: ProcessConfig, edgeLog: EdgeLog, metrics: MetricsRegistry): LogPublisher {
  const { ask, connection, deployment, edgeEpoch, publisher } = edgeLog;
  const lanes = laneMetrics(metrics);
  const serverId = connection.info?.server_id ?? '';
  const mayLose = config.durability !== 'disk';
  const confirmEnd: ConfirmEnd = async (partition, writer) => {
    const answer = await ask.confirmEnd(partition, writer);
    if (answer !== 'confirmed') throw new Error(`partition ${partition}: its owner has not confirmed the log's end: ${answer}`);
  };
  const intake = new LogPublisher({
    partitions: deployment.partitions,
    edgeEpoch,
    edge: config.edgeName,
    appender: new NatsBatchAppender(publisher),
    clock,
    observer: lanes.observer,
    serverId,
    ...(mayLose ? { confirmEnd } : {}),
  });
  lanes.watch(() => intake.gauges());
  openWhenConfirmed(intake, ask, { serverId, mayLose, clock });
  return intake;
}

/** The topic trees, with lanes of their own: what is published there doesn't wait for telemetry. */
export function openTopics(
  config: ProcessConfig,
  { connection, ask, deployment, edgeEpoch, publisher }: EdgeLog,
  parts: { readonly input: NatsInputLog; readonly intake: LogPublisher; readonly log: Log },
): BrokerSide & { readonly topicIntake: LogPublisher } {
  const { input, intake, log } = parts;
  const { partitions } = deployment;
  const retained = new NatsRetained(connection, partitions);
  const serverId = connection.info?.server_id ?? '';
  const mayLose = config.durability !== 'disk';
  const confirmEnd: ConfirmEnd = async (partition, writer) => {
    const answer = await retained.confirmEnd(partition, writer);
    if (answer !== 'confirmed') throw new Error(`topics ${partition}: the owner has not confirmed the end of the stream: ${answer}`);
  };
  const topicIntake = new LogPublisher({
    partitions,
    edgeEpoch,
    edge: config.edgeName,
    appender: new NatsBatchAppender(publisher, topicSubject),
    clock,
    serverId,
    ...(mayLose ? { confirmEnd } : {}),
  });
  openWhenConfirmed(topicIntake, retained, { serverId, mayLose, clock });
  const index = NatsTopicStore.index(connection, publisher);
  const side = openBroker({
    reader: new NatsTopicLog({ partitions, connection, publisher, reader: input, index }),
    retained,
    quick: new NatsQuickMessages(connection, publisher),
    intake,
    isLaneOpen: (partition) => intake.isLaneOpen(partition),
    topicIntake,
    ask,
    downlinks: new NatsDownlinks(connection, log),
    gossip: new NatsEdgeGossip(connection, publisher),
    edge: { name: config.edgeName, epoch: edgeEpoch },
    clock,
    log,
  });
  return { ...side, topicIntake };
}

/** Logins for tenants' analysts: made in advance in the embedded ClickHouse, by SQL in another. */
export function openAnalysts({ clickhouse, durability }: ProcessConfig, pepper: string) {
  const { analyst: login, analystPoolFile, database, operator: shown } = clickhouse;
  const logins =
    analystPoolFile === undefined
      ? new ExternalAnalysts(clickhouse, pepper)
      : new EmbeddedAnalysts({ target: clickhouse, pool: new AnalystPool(analystPoolFile), fsync: durability === 'disk' });
  const operator = login === undefined || shown === undefined ? {} : { operator: { shown, login } };
  return { logins, queries: new HttpAnalystQueries(clickhouse), database, ...operator };
}

/** Follows nothing until somebody listens. */
export function openFeed({ deployment }: EdgeLog, input: NatsInputLog, log: Log): LogFeed {
  return new LogFeed({ input, records: new NatsRecordLog(input), partitions: deployment.partitions, clock, log });
}
