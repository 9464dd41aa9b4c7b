/**
 * `<data>/endpoints.json`: where a running Twinfold listens and which processes it is made of. Scripts and tests rely on
 * it: it is written when every part is up, replaced whole when a part was restarted, removed at the end.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningClickHouse, RunningNats } from './servers.ts';
import { writeFileAtomic } from '../embedded/files.ts';
import type { ReadyMessage } from '../config/process-config.ts';
import type { Durability } from '../kernel/durability.ts';

export interface Endpoints {
  /** The supervisor. */
  readonly pid: number;
  readonly processes: Readonly<Record<string, number>>;
  readonly version: string;
  /** Absent where not started. */
  readonly http?: string;
  readonly https?: string;
  readonly mqtt?: string;
  readonly mqtts?: string;
  /** The CA that was made to try with (`--tls-dev`). */
  readonly tlsCaFile?: string;
  readonly nats: {
    readonly url: string;
    readonly embedded: boolean;
    readonly pid?: number;
    readonly version: string;
    /** What is really in force; absent where the server does not say. */
    readonly durability?: Durability;
    readonly tokenFile?: string;
  };
  readonly clickhouse: {
    readonly url: string;
    readonly embedded: boolean;
    readonly pid?: number;
    readonly version: string;
    readonly user: string;
    /** Of the embedded server only; an external one's password is the operator's. */
    readonly passwordFile?: string;
  };
  /** Absent where the deployment's token was made in another folder. */
  readonly adminTokenFile?: string;
}

export interface EndpointFacts {
  readonly processes: Readonly<Record<string, number>>;
  readonly version: string;
  readonly nats: RunningNats;
  readonly clickhouse: RunningClickHouse;
  readonly adminTokenFile: string | undefined;
  /** An address that clients on this machine can use. */
  readonly host: string;
  readonly ports: ReadyMessage['ports'];
  readonly tlsCaFile?: string | undefined;
}

export function describeEndpoints(of: EndpointFacts): Endpoints {
  const { nats, clickhouse, ports, host } = of;
  return {
    pid: process.pid,
    processes: of.processes,
    version: of.version,
    ...(ports.http === undefined ? {} : { http: `http://${host}:${ports.http}` }),
    ...(ports.https === undefined ? {} : { https: `https://${host}:${ports.https}` }),
    ...(ports.mqtt === undefined ? {} : { mqtt: `mqtt://${host}:${ports.mqtt}` }),
    ...(ports.mqtts === undefined ? {} : { mqtts: `mqtts://${host}:${ports.mqtts}` }),
    ...maybe('tlsCaFile', of.tlsCaFile),
    nats: {
      url: withoutPassword(nats.url),
      embedded: nats.embedded,
      ...maybe('pid', nats.pid()),
      version: nats.facts().version,
      ...maybe('durability', nats.facts().durability),
      ...maybe('tokenFile', nats.tokenFile),
    },
    clickhouse: {
      url: withoutPassword(clickhouse.access.url),
      embedded: clickhouse.embedded,
      ...maybe('pid', clickhouse.pid()),
      version: clickhouse.version,
      user: clickhouse.access.user,
      ...maybe('passwordFile', clickhouse.passwordFile),
    },
    ...maybe('adminTokenFile', of.adminTokenFile),
  };
}

/** Where a client on this machine reaches what listens on `host`. */
export function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** A property that is there only if its value is. */
export function maybe<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<Key, Value>>);
}

function withoutPassword(url: string): string {
  return url.replaceAll(/\/\/[^@/,]*@/g, '//');
}

export function endpointsFile(data: string): string {
  return join(data, 'endpoints.json');
}

export async function writeEndpoints(data: string, endpoints: Endpoints): Promise<void> {
  await writeFileAtomic(endpointsFile(data), `${JSON.stringify(endpoints, undefined, 2)}\n`);
}

export async function removeEndpoints(data: string): Promise<void> {
  await rm(endpointsFile(data), { force: true });
}
