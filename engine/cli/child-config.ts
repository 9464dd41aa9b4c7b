/** What a child process is told at its start: the options, in the words of a process, and where its servers are. */
import { join } from 'node:path';
import { edgeLimits } from '../config/limit-options.ts';
import { mqttLimits } from '../config/mqtt-options.ts';
import type { Settings } from '../config/options.ts';
import type { PortChoice } from '../config/option-kinds.ts';
import type { ProcessConfig, ProcessRole, ReadyMessage } from '../config/process-config.ts';
import { tlsConfigOf } from '../config/tls-settings.ts';
import type { Deployment } from './deployment.ts';
import type { ChosenPorts } from './edge-ports.ts';
import { maybe } from './endpoints.ts';
import type { RunningClickHouse, RunningNats } from './servers.ts';

const DAY_MS = 86_400_000;
/** The log's own share is a fifth of the disk, and JetStream may have four fifths: both are reserved, and fit. */
const TOPIC_SHARE_OF_LOG = 0.25;

export interface ChildFacts {
  readonly role: ProcessRole;
  readonly settings: Settings;
  readonly version: string;
  /** Absolute. */
  readonly data: string;
  readonly deployment: Deployment;
  readonly nats: RunningNats;
  readonly clickhouse: RunningClickHouse;
  readonly ports: { readonly chosen: ChosenPorts; readonly actual: ReadyMessage['ports'] };
  readonly logMaxBytes: number;
  /** Whether it is started for the first time. */
  readonly isFirst: boolean;
}

export function childConfig(facts: ChildFacts): ProcessConfig {
  const { settings, deployment, nats, clickhouse, data, ports } = facts;
  const { chosen, actual } = ports;
  const { node } = deployment;
  return {
    role: facts.role,
    data,
    node,
    host: settings.host,
    httpPort: keep(chosen.http.port, actual.http),
    httpsPort: keep(chosen.https.port, actual.https),
    mqttPort: keep(chosen.mqtt.port, actual.mqtt),
    mqttsPort: keep(chosen.mqtts.port, actual.mqtts),
    ...maybe('tls', tlsConfigOf(settings)),
    secretKeyFile: { file: settings['secret-key-file'] || join(data, 'secret-key'), isGiven: settings['secret-key-file'] !== '' },
    natsUrl: nats.url,
    ...(nats.token === undefined ? {} : { natsToken: nats.token }),
    clickhouse: clickhouse.access,
    partitions: deployment.partitions,
    partitionsAreChosen: deployment.partitionsAreChosen,
    durability: settings.durability,
    ...maybe('durabilityInForce', nats.facts().durability),
    workers: settings.workers,
    logRetentionMs: settings['log-retention'],
    snapshotIntervalMs: settings['snapshot-interval'],
    logMaxBytes: facts.logMaxBytes,
    topicRetentionMs: settings['topic-retention'],
    topicMaxBytes: settings['topic-max-bytes'] || Math.floor(facts.logMaxBytes * TOPIC_SHARE_OF_LOG),
    retainedMax: settings['retained-max'],
    eventsRetentionDays: settings['events-retention'] / DAY_MS,
    adminTokenFile: deployment.adminTokenFile,
    ...(settings['admin-token'] === '' ? {} : { adminToken: settings['admin-token'] }),
    limits: edgeLimits(settings),
    mqttLimits: mqttLimits(settings),
    ...(settings['mqtt-anonymous-tenant'] === '' ? {} : { mqttAnonymousTenant: settings['mqtt-anonymous-tenant'] }),
    ...(settings['server-reference'] === '' ? {} : { serverReference: settings['server-reference'] }),
    ...(settings['flapping-ban'] === 0 ? {} : { flappingBanMs: settings['flapping-ban'] }),
    // A failpoint that killed the child must not kill every successor too.
    ...(settings.failpoints === '' || !facts.isFirst ? {} : { failpoints: settings.failpoints }),
    edgeName: `${node}-edge`,
    version: facts.version,
  };
}

/** A port that the system chose is asked for by number from then on. */
function keep(chosen: PortChoice, actual: number | undefined): PortChoice {
  return chosen === 0 ? (actual ?? 0) : chosen;
}
