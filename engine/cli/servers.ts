/**
 * The two servers a Twinfold stands on, embedded or external, under one face: where they are, what they really do, and
 * how the embedded ones are ended.
 */
import { join } from 'node:path';
import { type ClickHouseLogin, startClickHouse } from '../embedded/clickhouse-server.ts';
import type { ProcessChange } from '../embedded/kept-process.ts';
import { readNatsFacts, type NatsFacts } from '../embedded/nats-facts.ts';
import { startNatsServer } from '../embedded/nats-server.ts';
import { TwinfoldError, messageOf } from '../kernel/errors.ts';
import type { ClickHouseAccess } from '../config/process-config.ts';
import type { Settings } from '../config/options.ts';

const QUERY_MS_MAX = 10_000;
const DATABASE = 'twinfold';
const NATS_PORT = 4222;

export interface ServerFiles {
  /** Absolute path of the data folder. */
  readonly data: string;
  readonly natsLog: string;
  readonly clickhouseLog: string;
}

export interface ServerOptions {
  readonly settings: Settings;
  readonly files: ServerFiles;
  readonly env: Readonly<Record<string, string | undefined>>;
  say(line: string): void;
  onChange?(change: ProcessChange): void;
}

export interface RunningNats {
  readonly url: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly embedded: boolean;
  facts(): NatsFacts;
  pid(): number | undefined;
  stop(): Promise<void>;
  kill(): void;
}

export interface RunningClickHouse {
  readonly access: ClickHouseAccess;
  readonly passwordFile?: string;
  readonly embedded: boolean;
  readonly version: string;
  pid(): number | undefined;
  stop(): Promise<void>;
  kill(): void;
}

export async function openNats(options: ServerOptions): Promise<RunningNats> {
  const { settings, files } = options;
  if (settings['nats-url'] !== '') return externalNats(settings);
  const server = await startNatsServer({
    dataDir: join(files.data, 'nats'),
    durability: settings.durability,
    binary: settings['nats-server'] === '' ? undefined : settings['nats-server'],
    logFile: files.natsLog,
    env: options.env,
    say: (line) => options.say(line),
    onChange: (change) => options.onChange?.(change),
  });
  return {
    url: server.url,
    token: server.token,
    tokenFile: server.tokenFile,
    embedded: true,
    facts: () => server.facts,
    pid: () => server.pid(),
    stop: () => server.stop(),
    kill: () => server.kill(),
  };
}

async function externalNats(settings: Settings): Promise<RunningNats> {
  const facts = await readNatsFacts(natsAddress(settings['nats-url']));
  return {
    url: settings['nats-url'],
    ...(settings['nats-token'] === '' ? {} : { token: settings['nats-token'] }),
    embedded: false,
    facts: () => facts,
    pid: () => undefined,
    stop: () => Promise.resolve(),
    kill: () => undefined,
  };
}

/** Host and port of the first server that a URL list names. */
export function natsAddress(urls: string): { readonly host: string; readonly port: number } {
  const first = new URL(urls.split(',')[0] ?? urls);
  return { host: first.hostname.replace(/^\[(.*)\]$/, '$1'), port: first.port === '' ? NATS_PORT : Number(first.port) };
}

export async function openClickHouse(options: ServerOptions): Promise<RunningClickHouse> {
  const { settings, files } = options;
  if (settings['clickhouse-url'] !== '') return externalClickHouse(settings);
  const server = await startClickHouse({
    dataDir: join(files.data, 'clickhouse'),
    logFile: files.clickhouseLog,
    onChange: (change) => options.onChange?.(change),
  });
  const { url, user, password, database, analystPoolFile } = server;
  return {
    access: { url, user, password, database, analyst: loginOf(server.analyst), operator: loginOf(server.operator), analystPoolFile },
    passwordFile: server.passwordFile,
    embedded: true,
    version: server.version,
    pid: () => server.pid(),
    stop: () => server.stop(),
    kill: () => server.kill(),
  };
}

function loginOf({ user, password }: ClickHouseLogin): { readonly user: string; readonly password: string } {
  return { user, password };
}

async function externalClickHouse(settings: Settings): Promise<RunningClickHouse> {
  const access = clickHouseAccess(settings);
  return {
    access,
    embedded: false,
    version: await askClickHouse(access, 'SELECT version()'),
    pid: () => undefined,
    stop: () => Promise.resolve(),
    kill: () => undefined,
  };
}

export function clickHouseAccess(settings: Settings): ClickHouseAccess {
  return {
    url: settings['clickhouse-url'].replace(/\/+$/, ''),
    user: settings['clickhouse-user'] || 'default',
    password: settings['clickhouse-password'],
    database: DATABASE,
  };
}

/** One value from ClickHouse; errors name the address. */
export async function askClickHouse(access: ClickHouseAccess, sql: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(access.url, {
      method: 'POST',
      body: sql,
      headers: { 'X-ClickHouse-User': access.user, 'X-ClickHouse-Key': access.password, connection: 'close' },
      signal: AbortSignal.timeout(QUERY_MS_MAX),
    });
  } catch (error) {
    const why = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
    throw new TwinfoldError('server-missing', `No ClickHouse answers at ${access.url}: ${why}`, {
      domain: 'external',
      retryable: true,
      cause: error,
    });
  }
  const text = (await response.text()).trim();
  if (!response.ok) {
    throw new TwinfoldError('server-unfit', `ClickHouse at ${access.url} refuses: ${text.slice(0, 300)}`, {
      domain: 'external',
      retryable: false,
    });
  }
  return text;
}
