/** Where a running product listens and which processes it is made of: `<data>/endpoints.json`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Endpoints {
  /** The supervisor. */
  readonly pid: number;
  readonly processes: Readonly<Record<string, number>>;
  readonly version: string;
  readonly http: string;
  readonly mqtt: string;
  readonly nats: {
    readonly url: string;
    readonly embedded: boolean;
    readonly pid?: number;
    readonly version?: string;
    readonly durability?: string;
  };
  readonly clickhouse: {
    readonly url: string;
    readonly embedded: boolean;
    readonly pid?: number;
    readonly version?: string;
    readonly user: string;
    readonly passwordFile: string;
  };
  readonly adminTokenFile: string;
}

/** Undefined while there is none, or while it is being written. */
export function readEndpoints(data: string): Endpoints | undefined {
  const path = join(data, 'endpoints.json');
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Endpoints;
  } catch {
    return undefined;
  }
}

export function readSecret(path: string): string {
  return readFileSync(path, 'utf8').trim();
}

export function mqttAddress(url: string): { readonly host: string; readonly port: number } {
  const parsed = new URL(url);
  return { host: parsed.hostname, port: Number(parsed.port === '' ? 1883 : parsed.port) };
}
