/**
 * Real servers for tests, each in a folder of its own under the system's temporary folder and on a port that the system
 * chose, so that tests run side by side. `stop()` ends the server and removes the folder.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startClickHouse, type ClickHouseOptions, type ClickHouseServer } from '../../engine/embedded/clickhouse-server.ts';
import type { Durability } from '../../engine/kernel/durability.ts';
import { startNatsServer, type NatsServer, type NatsServerOptions } from '../../engine/embedded/nats-server.ts';

const GIBIBYTE = 1024 ** 3;
/** Tests run several servers side by side on small machines. */
const TEST_MEMORY_BYTES = 2 * GIBIBYTE;
const TEST_STORE_BYTES = 4 * GIBIBYTE;

export interface TestNats extends NatsServer {
  readonly folder: string;
}

export interface TestClickHouse extends ClickHouseServer {
  readonly folder: string;
  /** Runs SQL as the product's user; throws ClickHouse's own text when it refuses. */
  query(sql: string): Promise<string>;
}

export interface NatsSupport extends Partial<Pick<NatsServerOptions, 'port' | 'storeBytesMax' | 'onChange'>> {
  readonly durability?: Durability;
  /** Use (and leave) this folder instead of a temporary one. */
  readonly folder?: string;
}

export async function withNats(options: NatsSupport = {}): Promise<TestNats> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'twinfold-nats-')));
  const discard = async (): Promise<void> => (options.folder === undefined ? rm(folder, { recursive: true, force: true }) : undefined);
  try {
    const server = await startNatsServer({ dataDir: folder, port: 0, durability: 'process', storeBytesMax: TEST_STORE_BYTES, ...options });
    return withStop(server, { folder }, discard);
  } catch (error) {
    await discard();
    throw error;
  }
}

export interface ClickHouseSupport extends Partial<Pick<ClickHouseOptions, 'port' | 'memoryBytesMax' | 'onChange'>> {
  readonly folder?: string;
}

export async function withClickHouse(options: ClickHouseSupport = {}): Promise<TestClickHouse> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'twinfold-clickhouse-')));
  const discard = async (): Promise<void> => (options.folder === undefined ? rm(folder, { recursive: true, force: true }) : undefined);
  try {
    const server = await startClickHouse({ dataDir: folder, port: 0, memoryBytesMax: TEST_MEMORY_BYTES, ...options });
    const query = (sql: string): Promise<string> => queryClickHouse(server.url, server, sql);
    return withStop(server, { folder, query }, discard);
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Runs SQL over HTTP as any user. */
export async function queryClickHouse(
  url: string,
  login: { readonly user: string; readonly password: string },
  sql: string,
): Promise<string> {
  const headers = { 'X-ClickHouse-User': login.user, 'X-ClickHouse-Key': login.password, connection: 'close' };
  const response = await fetch(url, { method: 'POST', body: sql, headers });
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim());
  return text.trimEnd();
}

/** Keeps the getters of a server live (its facts change with a restart) while adding to it. */
function withStop<S extends { stop(): Promise<void> }, E extends object>(server: S, extra: E, discard: () => Promise<void>): S & E {
  const stop = async (): Promise<void> => {
    await server.stop();
    await discard();
  };
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(server), ...Object.getOwnPropertyDescriptors({ ...extra, stop }) },
  ) as S & E;
}
