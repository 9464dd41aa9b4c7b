/** An edge or an engine as a process of its own, told what a supervisor would tell it, that a test may kill. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClickHouseAccess, ProcessConfig, ReadyMessage } from '../../engine/config/process-config.ts';
import type { TestNats } from './servers.ts';

export interface Child {
  readonly ready: ReadyMessage;
  /** Of an edge. */
  readonly url: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, upon which it drains; resolves when it is gone. */
  end(): Promise<void>;
}

export interface ChildFacts {
  readonly role: ProcessConfig['role'];
  readonly name: string;
  readonly folder: string;
  readonly nats: TestNats;
  /** Absent: nothing answers there. */
  readonly clickhouse?: ClickHouseAccess;
  /** What differs from the usual: no MQTT, two partitions, an administrator's token that the edge makes. */
  readonly config?: Partial<ProcessConfig>;
}

const NO_CLICKHOUSE: ClickHouseAccess = { url: 'http://127.0.0.1:1', user: 'nobody', password: '', database: 'twinfold' };

export async function startChild(facts: ChildFacts): Promise<Child> {
  const { role, name, folder, clickhouse = NO_CLICKHOUSE, nats } = facts;
  const config: ProcessConfig = {
    role,
    data: folder,
    node: name,
    host: '127.0.0.1',
    httpPort: 0,
    mqttPort: 'off',
    httpsPort: 'off',
    mqttsPort: 'off',
    secretKeyFile: { file: join(folder, `${name}-secret-key`), isGiven: false },
    natsUrl: nats.url,
    natsToken: nats.token,
    clickhouse,
    partitions: 2,
    partitionsAreChosen: false,
    durability: 'process',
    workers: 1,
    logRetentionMs: 3_600_000,
    snapshotIntervalMs: 1_000,
    logMaxBytes: 64 * 1024 * 1024,
    topicRetentionMs: 3_600_000,
    topicMaxBytes: 64 * 1024 * 1024,
    retainedMax: 100_000,
    eventsRetentionDays: 1,
    adminTokenFile: join(folder, `${name}-admin-token`),
    edgeName: `${name}-edge`,
    version: '0.0.0-test',
    ...facts.config,
  };
  const main = role === 'edge' ? '../../ingest/main.ts' : '../../engine/main.ts';
  const child = fork(fileURLToPath(new URL(main, import.meta.url)), { stdio: ['pipe', 'ignore', 'inherit', 'ipc'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<ReadyMessage>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${name} ended`)));
    child.on('message', (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready')
        resolve(message as ReadyMessage);
    });
    child.send({ type: 'start', config });
  });
  return {
    ready,
    url: `http://127.0.0.1:${ready.ports.http}`,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    end: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
