/**
 * The edge process: HTTP and MQTT listeners over one intake, the registry's cache, and the API that asks the partitions'
 * owners. Here the adapters of NATS and ClickHouse meet the ports; nothing else is decided here.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClickHouseReader } from '../engine/clickhouse/reader.ts';
import type { ProcessConfig } from '../engine/config/process-config.ts';
import { onEnd, startMessage, tellReady } from '../engine/config/supervised.ts';
import type { Clock } from '../engine/kernel/clock.ts';
import { messageOf } from '../engine/kernel/errors.ts';
import { AckedPublisher } from '../engine/nats/acked-publisher.ts';
import { NatsAskClient } from '../engine/nats/ask-client.ts';
import { NatsBatchAppender } from '../engine/nats/batch-appender.ts';
import { connectNats, watchConnection } from '../engine/nats/connection.ts';
import { DeploymentStore } from '../engine/nats/deployment.ts';
import { NatsInputLog } from '../engine/nats/input-log.ts';
import { NatsRegistryLog } from '../engine/nats/registry-log.ts';
import { ensureStreams, replicasOf } from '../engine/nats/streams.ts';
import { armFailpoints } from '../engine/observability/failpoint.ts';
import { createLog, type Log } from '../engine/observability/log.ts';
import { MetricsRegistry } from '../engine/observability/metrics.ts';
import { RegistryAuthenticator } from './authenticator.ts';
import { hashToken, pepperOf } from './credentials.ts';
import { DiskGuard } from './disk-guard.ts';
import { startHttp } from './http/server.ts';
import { laneMetrics } from './lane-metrics.ts';
import { mqttCounters } from './mqtt-metrics.ts';
import { startMqttListener } from './mqtt/listener.ts';
import { LogPublisher } from './publish.ts';
import { readiness } from './readiness.ts';
import { RegistryCache } from './registry-cache.ts';
import { RegistryCommands } from './registry-commands.ts';

const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
/** What is in flight is answered by then, or its sender is told that its outcome is unknown. */
const DRAIN_MS_MAX = 5_000;
/** A recovery takes seconds; an engine that is not there by then may be gone for long. */
const CONFIRM_MS_MAX = 15_000;
const CONFIRM_RETRY_MS = 50;

/**
 * Lanes open when the partitions' owners have made sure that the log ends where it should: what was restored or cut while
 * everything was down must be mended before anything is appended. Without an owner that stays down, they open all the
 * same: writes don't depend on the engine.
 */
function openWhenConfirmed(intake: LogPublisher, ask: NatsAskClient, serverId: string): void {
  intake.pauseLanes();
  const giveUpAtMs = clock.monotonic() + CONFIRM_MS_MAX;
  const confirm = async (partition: number): Promise<void> => {
    while (clock.monotonic() < giveUpAtMs) {
      const confirmed = await ask.confirmEnd(partition, serverId).then(
        () => true,
        () => false,
      );
      if (confirmed) break;
      await new Promise((resolve) => setTimeout(resolve, CONFIRM_RETRY_MS));
    }
    intake.openLane(partition);
  };
  for (let partition = 0; partition < intake.partitions; partition++) void confirm(partition);
}

async function serve(config: ProcessConfig, log: Log): Promise<() => Promise<void>> {
  const target = { url: config.natsUrl, name: config.edgeName, ...(config.natsToken === undefined ? {} : { token: config.natsToken }) };
  const connection = await connectNats(target);
  const replicas = replicasOf(connection);
  const store = await DeploymentStore.on(connection, replicas);
  const deployment = await store.ensure({ partitions: config.partitionsAreChosen ? config.partitions : undefined, partitionsDefault: config.partitions });
  await ensureStreams(connection, { partitions: deployment.partitions, replicas, logBytesMax: config.logMaxBytes });

  const metrics = new MetricsRegistry(clock);
  const publisher = new AckedPublisher(connection);
  const ask = new NatsAskClient(connection);
  const lanes = laneMetrics(metrics);
  const intake = new LogPublisher({
    partitions: deployment.partitions,
    edgeEpoch: await store.nextWriterEpoch(clock.now()),
    edge: config.edgeName,
    appender: new NatsBatchAppender(publisher),
    clock,
    observer: lanes.observer,
    serverId: connection.info?.server_id ?? '',
    ...(config.durability === 'disk'
      ? {}
      : { confirmEnd: async (partition: number, serverId: string) => ask.confirmEnd(partition, serverId) }),
  });
  lanes.watch(() => intake.gauges());
  const disk = new DiskGuard(join(config.data, 'nats'), intake);
  disk.start();
  openWhenConfirmed(intake, ask, connection.info?.server_id ?? '');

  const registryLog = new NatsRegistryLog(connection, publisher);
  const registry = new RegistryCache(registryLog, clock);
  void watchConnection(connection, { onDisconnect: () => registry.feedLost(), onReconnect: () => registry.feedRestored() });
  await registry.caughtUp();
  const pepper = pepperOf(deployment.pepper);
  const adminToken = (await readFile(config.adminTokenFile, 'utf8')).trim();
  const authenticator = new RegistryAuthenticator({ registry, clock, pepper, adminHash: hashToken(adminToken, pepper) });
  const commands = new RegistryCommands({ log: registryLog, cache: registry, clock, randomBytes, pepper });
  const analytics = new ClickHouseReader(config.clickhouse);
  const input = await NatsInputLog.on(connection);

  const http =
    config.httpPort === 'off'
      ? undefined
      : await startHttp({
          host: config.host,
          port: config.httpPort,
          intake,
          storedSeq: (partition) => intake.storedSeq(partition),
          authenticator,
          registry,
          commands,
          ask,
          readers: {
            message: async (partition, seq) => input.get(partition, seq),
            rows: async (position) => analytics.eventByPosition(position),
          },
          readiness: readiness({
            config,
            connected: () => publisher.connected(),
            disk,
            input,
            analytics,
            ask,
            partitions: deployment.partitions,
          }),
          metrics,
          clock,
          version: config.version,
          log,
        });
  const mqtt =
    config.mqttPort === 'off'
      ? undefined
      : await startMqttListener({
          host: config.host,
          port: config.mqttPort,
          authenticator,
          intake,
          edge: config.edgeName,
          clock,
          counters: mqttCounters(metrics),
          anonymousTenant: config.mqttAnonymousTenant,
        });
  tellReady({ ...(http === undefined ? {} : { http: http.port }), ...(mqtt === undefined ? {} : { mqtt: mqtt.port }) });

  return async () => {
    mqtt?.stopAccepting();
    await Promise.all([http?.drain(), mqtt?.drain()]);
    await intake.drain(DRAIN_MS_MAX);
    await Promise.all([http?.close(), mqtt?.close()]);
    disk.stop();
    await registry.stop();
    await analytics.close();
    publisher.close();
    await connection.close();
  };
}

const config = await startMessage();
const log = createLog('edge', process.stdout, () => Date.now());
for (const bad of armFailpoints(config.failpoints ?? '')) log.warn('failpoint-unknown', { failpoint: bad });
let drain: (() => Promise<void>) | undefined;
onEnd((reason) => {
  log.info('edge-ends', { reason });
  if (reason === 'supervisor-gone' || drain === undefined) process.exit(0);
  drain().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error('drain-failed', { error: messageOf(error) });
      process.exit(1);
    },
  );
});
try {
  drain = await serve(config, log);
  log.info('edge-ready');
} catch (error) {
  log.error('edge-failed', { error: messageOf(error) });
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
