/** Real edge processes on a real log, told what a supervisor would tell them, and killed without a word. */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProcessConfig, ReadyMessage } from '../../engine/config/process-config.ts';
import type { TestNats } from '../support/servers.ts';

export const ADMIN_TOKEN = `tfa_${randomBytes(24).toString('base64url')}`;

export interface EdgeProcess {
  readonly url: string;
  readonly mqttPort: number;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface EdgePlace {
  readonly nats: TestNats;
  readonly folder: string;
  readonly name: string;
}

export async function startEdgeProcess({ folder, name, nats }: EdgePlace): Promise<EdgeProcess> {
  const config: ProcessConfig = {
    role: 'edge',
    data: folder,
    node: name,
    host: '127.0.0.1',
    httpPort: 0,
    mqttPort: 0,
    httpsPort: 'off',
    mqttsPort: 'off',
    secretKeyFile: { file: join(folder, `${name}-secret-key`), isGiven: false },
    natsUrl: nats.url,
    natsToken: nats.token,
    clickhouse: { url: 'http://127.0.0.1:1', user: 'nobody', password: '', database: 'twinfold' },
    partitions: 2,
    partitionsAreChosen: false,
    durability: 'process',
    workers: 1,
    logRetentionMs: 3_600_000,
    snapshotIntervalMs: 120_000,
    logMaxBytes: 64 * 1024 * 1024,
    eventsRetentionDays: 1,
    adminToken: ADMIN_TOKEN,
    adminTokenFile: join(folder, 'admin-token'),
    edgeName: `${name}-edge`,
    version: '0.0.0-test',
  };
  const child = fork(fileURLToPath(new URL('../../ingest/main.ts', import.meta.url)), { stdio: ['pipe', 'ignore', 'inherit', 'ipc'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<ReadyMessage>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the edge ended')));
    child.on('message', (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready')
        resolve(message as ReadyMessage);
    });
    child.send({ type: 'start', config });
  });
  return {
    url: `http://127.0.0.1:${ready.ports.http}`,
    mqttPort: ready.ports.mqtt ?? 0,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export interface Called {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Rejects when the edge doesn't answer. */
export async function call(
  edge: EdgeProcess,
  path: string,
  options: { readonly token: string; readonly method?: string; readonly json?: unknown; readonly tenant?: string },
): Promise<Called> {
  const response = await fetch(edge.url + path, {
    method: options.method ?? (options.json === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${options.token}`,
      connection: 'close',
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.tenant === undefined ? {} : { 'twinfold-tenant': options.tenant }),
    },
    ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : {} };
}
