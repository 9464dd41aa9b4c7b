import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { anyFreePort, isPortFree, keepPort, nextFreePort, portHolder } from '../../../engine/embedded/ports.ts';

const HOST = '127.0.0.1';

describe('ports', () => {
  let folder = '';
  const servers: Server[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twinfold-ports-'));
  });
  after(async () => {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function hold(): Promise<number> {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, HOST, () => resolve());
    });
    const address = server.address();
    assert(address !== null && typeof address === 'object');
    return address.port;
  }

  it('a held port is not free, and the next free one is above it', async () => {
    const held = await hold();
    assert.equal(await isPortFree(held, HOST), false);
    const next = await nextFreePort(held, HOST);
    assert(next !== held && (await isPortFree(next, HOST)));
  });

  it('names who holds a port, where the system tells', async () => {
    const holder = await portHolder(await hold());
    if (process.platform !== 'linux') return assert.equal(holder, undefined);
    assert.equal(holder?.pid, process.pid);
    assert(holder.command.includes('ports.test.ts') || holder.command.includes('node'));
    assert.equal(await portHolder(await anyFreePort(HOST)), undefined);
  });

  it('keeps the port of the start before while it is free, and finds another when a stranger has it', async () => {
    const file = join(folder, 'port');
    const options = { host: HOST, file, wanted: 0, predecessor: 'no such command line', waitMsMax: 1_000 };
    const first = await keepPort(options);
    assert.equal(await keepPort(options), first);
    assert.equal(await keepPort({ ...options, wanted: 1 }), first);
    const stranger = createServer().listen(first, HOST);
    servers.push(stranger);
    await new Promise((resolve) => {
      stranger.once('listening', resolve);
    });
    const second = await keepPort(options);
    assert.notEqual(second, first);
    assert.equal((await readFile(file, 'utf8')).trim(), String(second));
  });
});
