/** The embedded ClickHouse with other users than the product's: for what a server of somebody else's would let them do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverConfig } from '../../engine/embedded/clickhouse-config.ts';
import { findLibrary } from '../../engine/embedded/clickhouse-server.ts';
import { until } from './processes.ts';

const MEMORY_BYTES = 2 * 1024 ** 3;

export interface ClickHouseOfUsers {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** `users`: the whole of a users file. */
export async function withClickHouseOf(users: string): Promise<ClickHouseOfUsers> {
  const folder = await mkdtemp(join(tmpdir(), 'twinfold-clickhouse-of-'));
  const [usersFile, configFile] = [join(folder, 'users.xml'), join(folder, 'config.xml')];
  await writeFile(usersFile, users);
  await writeFile(configFile, serverConfig({ usersFile, sizing: { memoryBytesMax: MEMORY_BYTES, cpus: 2 } }));
  const port = await freePort();
  const script = fileURLToPath(new URL('../../engine/embedded/clickhouse-child.ts', import.meta.url));
  const flags = [
    '--library',
    findLibrary(),
    '--path',
    join(folder, 'store'),
    '--config',
    configFile,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
  ];
  const log = await open(join(folder, 'log'), 'w');
  const child = spawn(process.execPath, [script, ...flags], { stdio: ['pipe', log.fd, log.fd, 'ipc'] });
  await log.close();
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(
      async () => (await fetch(`${url}/ping`, { headers: { connection: 'close' } }).catch(() => undefined))?.ok === true,
      'the server',
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, port, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
