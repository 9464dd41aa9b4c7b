/** What a data folder remembers and who may use it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openDeployment } from '../../../engine/cli/deployment.ts';
import { chooseEdgePorts } from '../../../engine/cli/edge-ports.ts';
import { askInstance, lockInstance } from '../../../engine/cli/instance-lock.ts';
import { readSettings, type Command } from '../../../engine/config/options.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { until } from '../../support/processes.ts';

const read = (command: Command, ...argv: readonly string[]) => readSettings(command, { argv, env: {}, readFile: () => '' });

describe('a data folder', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twinfold-folder-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('has one holder, who tells others about itself, under any name of the folder', async () => {
    const first = await lockInstance(folder);
    assert(first.held);
    try {
      first.lock.tell({ state: 'running', pid: 7 });
      await symlink(folder, join(folder, 'alias'));
      for (const name of [folder, join(folder, 'alias'), `${folder}/../${folder.split('/').at(-1)}`]) {
        assert.deepEqual(await lockInstance(name), { held: false, holder: { state: 'running', pid: 7 } });
        assert.deepEqual(await askInstance(name), { state: 'running', pid: 7 });
      }
    } finally {
      await first.lock.release();
    }
    assert.equal(await askInstance(folder), undefined);
  });

  it('is free again when its holder was killed', async () => {
    const module = new URL('../../../engine/cli/instance-lock.ts', import.meta.url).href;
    const script = `const { lockInstance } = await import(${JSON.stringify(module)}); await lockInstance(${JSON.stringify(folder)}); console.log('held');`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => {
      holder.stdout.once('data', resolve);
    });
    assert.equal((await lockInstance(folder)).held, false);
    holder.kill('SIGKILL');
    await until(async () => (await askInstance(folder)) === undefined, 'the end of the holder');
    const taken = await lockInstance(folder);
    assert(taken.held);
    await taken.lock.release();
  });

  it('remembers its node and its partitions, and makes no token by itself', async () => {
    const first = await openDeployment({ data: folder, ...read('dev', '--partitions', '8') });
    const second = await openDeployment({ data: folder, ...read('dev') });
    assert.deepEqual(second, { ...first, partitionsAreChosen: false });
    assert.equal(second.partitions, 8);
    assert.equal(first.adminTokenFile, join(folder, 'admin-token'));
    assert.equal(existsSync(first.adminTokenFile), false);
    await assert.rejects(openDeployment({ data: folder, ...read('dev', '--partitions', '4') }), (error) => hasCode(error, 'bad-option'));
  });

  it('that is damaged is not guessed at', async () => {
    const damaged = await mkdtemp(join(tmpdir(), 'twinfold-folder-'));
    await writeFile(join(damaged, 'deployment.json'), '{"node":');
    await assert.rejects(openDeployment({ data: damaged, ...read('dev') }), (error) => hasCode(error, 'corrupt'));
    await rm(damaged, { recursive: true });
  });
});

describe('a busy port', () => {
  const held = createServer();
  let port = 0;
  before(async () => {
    await new Promise<void>((resolve) => {
      held.listen(0, '127.0.0.1', () => resolve());
    });
    const address = held.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  after(() => held.close());

  it('that was asked for is refused, with every other one, naming the holder', async () => {
    const asked = read('dev', '--http-port', String(port), '--mqtt-port', String(port));
    await assert.rejects(chooseEdgePorts(asked), (error) => {
      assert(hasCode(error, 'bad-option'));
      assert(error.message.includes(`--http-port ${port}`) && error.message.includes(`--mqtt-port ${port}`));
      return process.platform !== 'linux' || error.message.includes(`pid ${process.pid}`);
    });
  });

  it('that is a default is replaced in dev and refused in serve', async () => {
    const asDefault = (command: Command) => {
      const asked = read(command, '--http-port', String(port), '--mqtt-port', '0', '--host', '127.0.0.1');
      return { ...asked, sources: { ...asked.sources, 'http-port': 'default' as const } };
    };
    const { http, mqtt } = await chooseEdgePorts(asDefault('dev'));
    assert(typeof http.port === 'number' && http.port !== port);
    assert.equal(http.insteadOf?.port, port);
    assert.deepEqual(mqtt, { port: 0 });
    await assert.rejects(chooseEdgePorts(asDefault('serve')), (error) => hasCode(error, 'bad-option'));
  });

  it('is no matter when the edge is off or has no MQTT', async () => {
    const off = await chooseEdgePorts(
      read('serve', '--host', '127.0.0.1', '--http-port', 'off', '--mqtt-port', String(port), '--roles', 'api'),
    );
    const none = { port: 'off' };
    assert.deepEqual(off, { http: none, https: none, mqtt: none, mqtts: none });
  });
});
