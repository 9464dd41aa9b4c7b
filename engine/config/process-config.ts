/**
 * What the supervisor tells a child process: one message at its start, in place of options and environment, so that no
 * secret ever stands in a command line and all processes of a deployment agree.
 *
 * The contract: the child gets `{type: 'start', config}` over IPC, answers `{type: 'ready', ports, …}` once it serves, may
 * send `{type: 'status', …}` at any time, drains and exits with 0 on SIGTERM, and exits when stdin ends or the IPC
 * channel closes, because then the supervisor is gone.
 */
import type { Durability } from '../kernel/durability.ts';
import type { EdgeLimits } from './limit-options.ts';
import type { MqttLimits } from './mqtt-options.ts';
import type { PortChoice } from './option-kinds.ts';

export type ProcessRole = 'edge' | 'engine';

export interface ClickHouseAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** The read-only login behind the gate, of analysts who may see all tenants; absent with an external server. */
  readonly analyst?: { readonly user: string; readonly password: string };
  /** What people show at the gate to be such an analyst; absent with an external server. */
  readonly operator?: { readonly user: string; readonly password: string };
  /** File of the logins that may be given to tenants' analysts; absent with an external server. */
  readonly analystPoolFile?: string;
}

/** Whether clients are asked for a certificate, and let in without one. */
export type ClientCertificates = 'off' | 'optional' | 'required';

export interface TlsConfig {
  /** The server's certificates and keys; none: the edge makes its own, to try with. */
  readonly pairs: readonly { readonly cert: string; readonly key: string }[];
  readonly httpsClientCertificates: ClientCertificates;
  readonly mqttsClientCertificates: ClientCertificates;
}

export interface ProcessConfig {
  readonly role: ProcessRole;
  /** Absolute path of the data folder. */
  readonly data: string;
  /** Names this machine's part of the deployment; kept in the data folder, so it survives restarts. */
  readonly node: string;
  readonly host: string;
  readonly httpPort: PortChoice;
  readonly mqttPort: PortChoice;
  readonly httpsPort: PortChoice;
  readonly mqttsPort: PortChoice;
  /** Absent: no TLS, and both of those ports are off. */
  readonly tls?: TlsConfig;
  /** Seals secrets that must be had back. */
  readonly secretKeyFile: { readonly file: string; readonly isGiven: boolean };
  readonly natsUrl: string;
  /** Absent where the external server asks for none, or it stands in the URL. */
  readonly natsToken?: string;
  readonly clickhouse: ClickHouseAccess;
  readonly partitions: number;
  /** The operator named that number; otherwise it is only what a new deployment gets. */
  readonly partitionsAreChosen: boolean;
  readonly durability: Durability;
  /** What the log's server really does; absent where it doesn't say. */
  readonly durabilityInForce?: Durability;
  /** Worker threads of the engine's fold. */
  readonly workers: number;
  readonly logRetentionMs: number;
  readonly snapshotIntervalMs: number;
  /** Over all streams of the deployment. */
  readonly logMaxBytes: number;
  /** Of the topic trees' messages. */
  readonly topicRetentionMs: number;
  /** Over all streams of the topic trees' messages. */
  readonly topicMaxBytes: number;
  /** Retained messages a tenant may have. */
  readonly retainedMax: number;
  readonly eventsRetentionDays: number;
  /** Where the administrator's token is kept, if it is made here. */
  readonly adminTokenFile: string;
  /** What the operator named as the administrator's token. */
  readonly adminToken?: string;
  /** Clients without credentials become applications of this tenant, on loopback only. */
  readonly mqttAnonymousTenant?: string;
  /** Where MQTT clients find another server when this one ends. */
  readonly serverReference?: string;
  /** Absent: MQTT sessions that flap are let in. */
  readonly flappingBanMs?: number;
  /** What one listener and one address prefix may send, at each edge; absent: all that comes. */
  readonly limits?: EdgeLimits;
  /** What MQTT clients may ask for; absent: the defaults. */
  readonly mqttLimits?: MqttLimits;
  /** Names of the points at which this process is to die; tests set it. */
  readonly failpoints?: string;
  readonly edgeName: string;
  readonly version: string;
}

export interface StartMessage {
  readonly type: 'start';
  readonly config: ProcessConfig;
}

/** In the file of this data folder, or somewhere else, in words. */
export type AdminTokenPlace = { readonly file: string } | { readonly elsewhere: string };

export interface ReadyMessage {
  readonly type: 'ready';
  readonly ports: { readonly http?: number; readonly https?: number; readonly mqtt?: number; readonly mqtts?: number };
  /** The CA that was made to try with. */
  readonly tlsCaFile?: string;
  /** Where the administrator's token is; absent where this process has nothing to do with it. */
  readonly adminToken?: AdminTokenPlace;
}

/** What the demonstration fleet says once a second. */
export interface FleetStatus {
  readonly type: 'status';
  readonly devices: number;
  readonly eventsPerS: number;
  readonly acked: number;
  readonly rows: number;
  readonly missing: number;
  readonly double: number;
  readonly lagMs: number;
}
