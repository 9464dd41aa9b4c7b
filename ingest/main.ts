/**
 * The edge process: HTTP and MQTT listeners over one intake, the registry's cache, and the API that asks the partitions'
 * owners. Here the adapters of NATS and ClickHouse meet the ports; nothing else is decided here.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { ClickHouseReader } from '../engine/clickhouse/reader.ts';
import type { ProcessConfig } from '../engine/config/process-config.ts';
import { liveUntilTold, startMessage, tellReady } from '../engine/config/supervised.ts';
import type { Clock } from '../engine/kernel/clock.ts';
import { watchConnection } from '../engine/nats/connection.ts';
import { NatsDownlinks } from '../engine/nats/downlink.ts';
import { NatsEdgeCalls } from '../engine/nats/edge-calls.ts';
import { NatsEdgeLife } from '../engine/nats/edge-life.ts';
import { NatsInputLog } from '../engine/nats/input-log.ts';
import { NatsKeptAnswers } from '../engine/nats/kept-answers.ts';
import { NatsRegistryLog } from '../engine/nats/registry-log.ts';
import { NatsRegistryFacts } from '../engine/nats/registry-facts.ts';
import { NatsUsedLog } from '../engine/nats/used-log.ts';
import { replicasOf } from '../engine/nats/streams.ts';
import { armFailpoints } from '../engine/observability/failpoint.ts';
import { createLog, type Log } from '../engine/observability/log.ts';
import { MetricsRegistry } from '../engine/observability/metrics.ts';
import { processMetrics } from '../engine/observability/process-metrics.ts';
import { VIA } from '../schemas/envelope.ts';
import { CertificateSessions } from './credentials/certificate-sessions.ts';
import { adminTokenPlace, settleAdminToken, type SettledAdminToken } from './credentials/admin-token.ts';
import type { Admission } from './admit.ts';
import { RegistryAuthenticator } from './credentials/authenticator.ts';
import { pepperOf } from './credentials/credentials.ts';
import type { LiveSessions } from './downlink/downlink-desk.ts';
import { startDownlinkSide } from './downlink/downlink-side.ts';
import { Tickets } from './credentials/tickets.ts';
import type { LogFeed } from './feed/log-feed.ts';
import { DeviceDirectory } from './registry/device-directory.ts';
import { DiskGuard } from './health/disk-guard.ts';
import { diskMetrics } from './health/disk-metrics.ts';
import { RegistryGrants } from './credentials/grants.ts';
import { bansOf, limitsOf, openAdmission, type EdgeAdmission } from './limits/edge-admission.ts';
import { certificateRegistration } from './http/certificate-proof.ts';
import { endpointsOf } from './http/endpoints.ts';
import { startHttp, type HttpServer } from './http/server.ts';
import type { LimitsBook } from './limits/limits-book.ts';
import type { LimitsView } from './limits/limits-view.ts';
import { openAnalysts, openFeed, openIntake, openLog, openTopics, type EdgeLog } from './adapters/main.ts';
import { brokerMetrics } from './broker/broker-metrics.ts';
import { deviceConnections } from './broker/device-connections.ts';
import { liveSessions } from './mqtt/live-sessions.ts';
import { mqttCounters } from './mqtt/metrics.ts';
import { startMqttListener, type MqttListener } from './mqtt/listener.ts';
import { sessionUses } from './mqtt/session-use.ts';
import { LastUsedBook } from './credentials/last-used.ts';
import { Psks } from './credentials/psk.ts';
import type { Principal } from './message.ts';
import type { LogPublisher } from './publish.ts';
import { fullnessText, readiness } from './health/readiness.ts';
import { RegistryCache } from './registry/cache.ts';
import { RegistryFacts } from './registry/facts.ts';
import { RegistryCommands } from './registry/commands.ts';
import { loadSecretKey, type SecretKey } from './credentials/secret-key.ts';
import { TelemetrySplitter } from './telemetry/split.ts';
import { TenantCas } from './credentials/tenant-cas.ts';
import { KnownIntermediates } from './tls/known-intermediates.ts';
import { startTlsListeners, type TlsDoors, type TlsListeners } from './tls/listeners.ts';
import { CertificateDirectory } from './credentials/x509-directory.ts';

const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
/** What is in flight is answered by then, or its sender is told that its outcome is unknown. */
const DRAIN_MS_MAX = 5_000;
/** Sessions whose credential runs out end so soon. */
const SESSIONS_LOOK_MS = 1_000;

interface EdgeRegistry {
  readonly registry: RegistryCache;
  readonly grants: RegistryGrants;
  readonly authenticator: RegistryAuthenticator;
  readonly commands: RegistryCommands;
  readonly certificates: CertificateSessions;
  readonly cas: TenantCas;
  readonly secretKey: SecretKey;
  readonly psks: Psks;
  readonly lastUsed: LastUsedBook;
  readonly limits: LimitsBook;
  readonly admin: SettledAdminToken;
}

/** Resolves when the cache knows all that the registry says. */
async function openRegistry(config: ProcessConfig, { connection, deployment, publisher, store }: EdgeLog, log: Log): Promise<EdgeRegistry> {
  const registryLog = new NatsRegistryLog(connection, publisher);
  const registry = new RegistryCache(registryLog, clock);
  const directory = new CertificateDirectory();
  registry.onFact((fact, seq) => directory.apply(fact, seq));
  const limits = limitsOf(registry);
  void watchConnection(connection, { onDisconnect: () => registry.feedLost(), onReconnect: () => registry.feedRestored() });
  await registry.caughtUp();
  const pepper = pepperOf(deployment.pepper);
  const admin = await settleAdminToken(store, {
    file: config.adminTokenFile,
    given: config.adminToken,
    pepper,
    origin: { node: config.node, host: hostname(), folder: config.data, madeMs: clock.now() },
    randomBytes,
  });
  const grants = new RegistryGrants(registry);
  const secretKey = await loadSecretKey(config.secretKeyFile, randomBytes);
  const intermediates = new KnownIntermediates(join(config.data, 'tls', 'known-intermediates.pem'));
  await intermediates.load();
  const certificates = new CertificateSessions({ directory, registry, grants, clock, intermediates });
  certificates.start();
  const cas = new TenantCas({ registry, secretKey, clock, randomBytes });
  const psks = new Psks({ registry, secretKey, clock, randomBytes });
  const commands = new RegistryCommands({ log: registryLog, cache: registry, clock, randomBytes, pepper, pins: directory });
  const usedLog = await NatsUsedLog.on(connection, publisher, { edge: config.edgeName, replicas: replicasOf(connection) });
  const lastUsed = new LastUsedBook({ registry, commands, log: usedLog, clock });
  lastUsed.start();
  const onUsed = (principal: Principal): void => lastUsed.note(principal);
  const authenticator = new RegistryAuthenticator({
    registry,
    clock,
    pepper,
    grants,
    certificates,
    onUsed,
    bans: bansOf(clock, log),
    adminHash: admin.credential.hash,
  });
  return { registry, grants, authenticator, certificates, cas, secretKey, psks, commands, lastUsed, limits, admin };
}

interface EdgeParts extends EdgeRegistry {
  /** Ports by scheme, as soon as they are open. */
  readonly doors: Record<string, number>;
  readonly edgeLog: EdgeLog;
  readonly input: NatsInputLog;
  readonly intake: LogPublisher;
  readonly topics: ReturnType<typeof openTopics>;
  readonly feed: LogFeed;
  readonly disk: DiskGuard;
  readonly admission: Admission;
  readonly limitsView: LimitsView;
  readonly analytics: ClickHouseReader;
  readonly analysts: ReturnType<typeof openAnalysts>;
  readonly metrics: MetricsRegistry;
  readonly log: Log;
}

/** What opens after the HTTP server, and is asked for by it. */
interface LaterParts {
  readonly tlsNotAfterMs: () => number | undefined;
  readonly mqtt: () => MqttListener | undefined;
}

async function openHttp(config: ProcessConfig, parts: EdgeParts, later: LaterParts): Promise<HttpServer | undefined> {
  if (config.httpPort === 'off' && config.httpsPort === 'off') return undefined;
  const { analytics, disk, edgeLog, input, intake, secretKey } = parts;
  const { ask, connection, deployment, edgeEpoch, publisher } = edgeLog;
  const answers = await NatsKeptAnswers.on(connection, publisher, replicasOf(connection));
  return startHttp({
    ...parts,
    registration: {
      keys: parts.authenticator,
      ...certificateRegistration(parts.certificates, parts.cas),
      endpoints: (host) => endpointsOf(host, parts.doors),
    },
    idempotency: { answers, secretKey, edge: { name: config.edgeName, epoch: edgeEpoch } },
    host: config.host,
    port: config.httpPort,
    storedSeq: (partition) => intake.storedSeq(partition),
    ask,
    readers: {
      message: async (partition, seq) => input.get(partition, seq),
      rows: async (position) => analytics.eventByPosition(position),
      isErased: async (position) => analytics.isErased(position),
    },
    erasing: {
      logRetentionMs: config.logRetentionMs,
      topicRetentionMs: config.topicRetentionMs,
      snapshotIntervalMs: config.snapshotIntervalMs,
      doneMs: async (partition, seq) => analytics.erasureDoneMs(partition, seq),
    },
    readiness: readiness({
      config,
      connected: () => publisher.connected(),
      disk,
      input,
      analytics,
      ask,
      partitions: deployment.partitions,
      tlsNotAfterMs: later.tlsNotAfterMs,
      clock,
    }),
    live: {
      feed: parts.feed,
      connections: deviceConnections(parts.topics.desk, deployment.partitions),
      tickets: new Tickets({ pepper: pepperOf(deployment.pepper), clock, randomBytes }),
      mqtt: later.mqtt,
    },
    fullness: () => fullnessText(disk),
    clock,
    version: config.version,
  });
}

async function openMqtt(
  config: ProcessConfig,
  { admission, authenticator, feed, intake, log, metrics, registry, topics }: EdgeParts,
): Promise<MqttListener | undefined> {
  if (config.mqttPort === 'off' && config.mqttsPort === 'off') return undefined;
  brokerMetrics(metrics, topics.broker);
  return startMqttListener({
    host: config.host,
    port: config.mqttPort,
    authenticator,
    intake,
    broker: topics.broker,
    desk: topics.desk,
    shares: topics.shares,
    feed,
    log,
    splitter: new TelemetrySplitter(new DeviceDirectory({ registry, partitions: intake.partitions, via: VIA.mqtt })),
    edge: config.edgeName,
    clock,
    counters: mqttCounters(metrics),
    anonymousTenant: config.mqttAnonymousTenant,
    serverReference: config.serverReference,
    flappingBanMs: config.flappingBanMs,
    mqtt: config.mqttLimits,
    admission,
  });
}

function openDownlink({ connection, edgeEpoch, store }: EdgeLog, sessions: LiveSessions, log: Log): { stop(): Promise<void> } {
  return startDownlinkSide({
    epoch: edgeEpoch,
    mark: new NatsEdgeLife(connection, replicasOf(connection), store),
    receiver: new NatsDownlinks(connection, log),
    sessions,
    onGone: () => process.kill(process.pid, 'SIGTERM'),
    clock,
    log,
  });
}

/** A full disk concerns everything that is written. */
function both(one: LogPublisher, other: LogPublisher): Pick<LogPublisher, 'refuse'> {
  return {
    refuse: (failure) => {
      one.refuse(failure);
      other.refuse(failure);
    },
  };
}

function watchDisk(
  config: ProcessConfig,
  { edgeLog, input, intake, metrics }: Pick<EdgeParts, 'edgeLog' | 'input' | 'metrics'> & { readonly intake: Pick<LogPublisher, 'refuse'> },
): DiskGuard {
  const { partitions } = edgeLog.deployment;
  const disk = new DiskGuard(join(config.data, 'nats'), intake, {
    partitions,
    clock,
    bounds: async (partition) => input.bounds(partition),
  });
  diskMetrics(metrics, disk);
  disk.start();
  return disk;
}

function tlsDoors(http: HttpServer | undefined, mqtt: MqttListener | undefined): TlsDoors {
  return {
    https: http === undefined ? undefined : (socket: TLSSocket) => http.accept(socket),
    mqtts: mqtt === undefined ? undefined : (socket: TLSSocket) => mqtt.accept(socket),
  };
}

function plainPorts(config: ProcessConfig, http: HttpServer | undefined, mqtt: MqttListener | undefined): Readonly<Record<string, number>> {
  return {
    ...(http === undefined || config.httpPort === 'off' ? {} : { http: http.port }),
    ...(mqtt === undefined || config.mqttPort === 'off' ? {} : { mqtt: mqtt.port }),
  };
}

function tlsPorts(tls: TlsListeners | undefined): Readonly<Record<string, number>> {
  return {
    ...(tls?.https === undefined ? {} : { https: tls.https.port }),
    ...(tls?.mqtts === undefined ? {} : { mqtts: tls.mqtts.port }),
  };
}

/** What the registry says of devices goes into their partitions. */
function openFacts(edgeLog: EdgeLog, intake: LogPublisher, registry: RegistryCache): NatsRegistryFacts {
  const facts = new RegistryFacts(intake, registry);
  const feed = new NatsRegistryFacts(edgeLog.connection, (entry) => facts.take(entry));
  feed.start();
  return feed;
}

function openLimits(
  config: ProcessConfig,
  parts: Pick<EdgeParts, keyof EdgeRegistry | 'edgeLog' | 'intake' | 'metrics' | 'log'>,
  mqtt: () => MqttListener | undefined,
): EdgeAdmission {
  const { edgeLog } = parts;
  return openAdmission(parts.limits, {
    ...parts,
    ask: edgeLog.ask,
    calls: new NatsEdgeCalls(edgeLog.connection),
    clock,
    edge: { name: config.edgeName, epoch: edgeLog.edgeEpoch },
    limits: config.limits ?? { listener: {}, prefix: {} },
    sessions: sessionUses({ book: parts.limits, mqtt: config.mqttLimits, listener: mqtt, clock }),
  });
}

async function serve(config: ProcessConfig, log: Log): Promise<() => Promise<void>> {
  const edgeLog = await openLog(config);
  const metrics = new MetricsRegistry(clock, { process: config.edgeName });
  processMetrics(metrics, clock.now());
  const intake = openIntake(config, edgeLog, metrics);
  const input = await NatsInputLog.on(edgeLog.connection);
  const topics = openTopics(config, edgeLog, { input, intake, log });
  const disk = watchDisk(config, { edgeLog, input, intake: both(intake, topics.topicIntake), metrics });
  const analytics = new ClickHouseReader(config.clickhouse);
  const analysts = openAnalysts(config, edgeLog.deployment.pepper);
  const opened = await openRegistry(config, edgeLog, log);
  let mqtt: MqttListener | undefined;
  const limits = openLimits(config, { ...opened, edgeLog, intake, metrics, log }, () => mqtt);
  const open: Record<string, number> = {};
  const parts: EdgeParts = {
    ...opened,
    doors: open,
    admission: limits.admission,
    limitsView: limits.view,
    edgeLog,
    input,
    intake,
    topics,
    feed: openFeed(edgeLog, input, log),
    disk,
    analytics,
    analysts,
    metrics,
    log,
  };
  let tls: TlsListeners | undefined;
  const http = await openHttp(config, parts, { tlsNotAfterMs: () => tls?.notAfterMs(), mqtt: () => mqtt });
  mqtt = await openMqtt(config, parts);
  tls = await startTlsListeners({ config, secretKey: opened.secretKey, clock, metrics, log, randomBytes }, tlsDoors(http, mqtt));
  Object.assign(open, { ...plainPorts(config, http, mqtt), ...tlsPorts(tls) });
  const downlink = openDownlink(edgeLog, liveSessions(mqtt, topics), log);
  const factFeed = openFacts(edgeLog, intake, opened.registry);
  const expiry = setInterval(() => opened.registry.expireSessions(), SESSIONS_LOOK_MS);
  tellReady(open, { ...adminTokenPlace(config, parts.admin, log), ...(tls?.caFile === undefined ? {} : { tlsCaFile: tls.caFile }) });

  return async () => {
    for (const listener of [tls, mqtt]) listener?.stopAccepting();
    await factFeed.stop();
    await Promise.all([http?.drain(), mqtt?.drain()]);
    limits.stop();
    topics.shares.stop();
    topics.sessionLog.drained(edgeLog.edgeEpoch);
    await Promise.all([intake.drain(DRAIN_MS_MAX), topics.topicIntake.drain(DRAIN_MS_MAX)]);
    topics.stop();
    await downlink.stop();
    await Promise.all([http?.close(), mqtt?.close(), tls?.close()]);
    parts.feed.close();
    opened.certificates.stop();
    clearInterval(expiry);
    await parts.lastUsed.stop();
    disk.stop();
    await parts.registry.stop();
    await Promise.all([analytics.close(), analysts.logins.close()]);
    edgeLog.publisher.close();
    await edgeLog.connection.close();
  };
}

const config = await startMessage();
const log = createLog('edge', process.stdout, () => Date.now());
for (const bad of armFailpoints(config.failpoints ?? '')) log.warn('failpoint-unknown', { failpoint: bad });
process.exit(await liveUntilTold('edge', log, async () => serve(config, log)));
