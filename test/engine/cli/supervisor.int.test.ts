/** The supervisor with real servers and stand-ins for our own processes. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Endpoints } from '../../../engine/cli/endpoints.ts';
import { isAlive, until, untilGone } from '../../support/processes.ts';

const PROGRAM = fileURLToPath(new URL('supervised.ts', import.meta.url));
const PORTS = ['--http-port', '0', '--mqtt-port', '0'];

class Supervised {
  readonly data = mkdtempSync(join(tmpdir(), 'twinfold-supervisor-'));
  #child: ChildProcess | undefined;
  printed = '';

  async start(...argv: readonly string[]): Promise<Endpoints> {
    this.printed = '';
    const child = spawn(process.execPath, [PROGRAM, 'dev', '--data', this.data, ...PORTS, ...argv], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => (this.printed += chunk.toString('utf8')));
    await until(
      () => child.exitCode !== null || this.printed.includes('"what":"ready"') || this.printed.includes('ready in'),
      'the supervisor',
    );
    return this.endpoints();
  }

  endpoints(): Endpoints {
    return JSON.parse(readFileSync(join(this.data, 'endpoints.json'), 'utf8')) as Endpoints;
  }

  /** Everything that runs for it, itself last. */
  pids(): readonly number[] {
    const { processes, nats, clickhouse, pid } = this.endpoints();
    return [...Object.values(processes), nats.pid ?? 0, clickhouse.pid ?? 0, pid];
  }

  async end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
    const child = this.#child;
    assert(child !== undefined);
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => {
        child.once('close', resolve);
      });
      child.kill(signal);
      await ended;
    }
    return { code: child.exitCode, signal: child.signalCode };
  }

  async discard(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }
}

describe('a running Twinfold', () => {
  const twinfold = new Supervised();
  before(() => twinfold.start('--log-format', 'json'));
  after(() => twinfold.discard());

  it('says where everything is, in a file and on its first line', () => {
    const endpoints = twinfold.endpoints();
    const ready = JSON.parse(twinfold.printed.split('\n').find((line) => line.includes('"ready"')) ?? '') as Endpoints;
    assert.equal(ready.http, endpoints.http);
    assert.equal(endpoints.nats.durability, 'disk');
    assert(twinfold.pids().every(isAlive));
    assert.equal(endpoints.adminTokenFile, join(twinfold.data, 'admin-token'));
    assert.equal(statSync(endpoints.adminTokenFile).mode & 0o777, 0o600);
    assert.equal(statSync(join(twinfold.data, 'demo.json')).mode & 0o777, 0o600);
  });

  it('is told about, not started twice', () => {
    const second = spawnSync(process.execPath, [PROGRAM, 'dev', '--data', twinfold.data], { encoding: 'utf8' });
    assert.equal(second.status, 0);
    assert(second.stdout.includes(twinfold.endpoints().http ?? 'no http'), second.stdout);
    assert.match(second.stdout, /already runs/);
  });

  for (const part of ['edge', 'engine', 'nats', 'clickhouse'] as const) {
    it(`starts the ${part} again where it was when it is killed`, async () => {
      const earlier = twinfold.endpoints();
      const pidOf = (endpoints: Endpoints): number | undefined =>
        part === 'nats' || part === 'clickhouse' ? endpoints[part].pid : endpoints.processes[part];
      const pid = pidOf(earlier);
      assert(pid !== undefined);
      process.kill(pid, 'SIGKILL');
      await until(() => {
        const now = pidOf(twinfold.endpoints());
        return now !== undefined && now !== pid && isAlive(now);
      }, `a new ${part}`);
      const now = twinfold.endpoints();
      assert.deepEqual(
        [now.http, now.mqtt, now.nats.url, now.clickhouse.url],
        [earlier.http, earlier.mqtt, earlier.nats.url, earlier.clickhouse.url],
      );
      if (part === 'edge')
        await until(
          () =>
            fetch(`${now.http}/`).then(
              (response) => response.ok,
              () => false,
            ),
          'the edge on its port',
        );
    });
  }

  it('tells how the fleet fares', async () => {
    await until(() => twinfold.printed.includes('"what":"status"'), 'a status');
    assert.match(twinfold.printed, /"missing":0,"double":0/);
  });
});

describe('the end', () => {
  it('in order: exit code 0, everything gone, the folder free, the data kept', async () => {
    const twinfold = new Supervised();
    try {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        await twinfold.start();
        const pids = twinfold.pids();
        const http = twinfold.endpoints().http;
        assert.deepEqual(await twinfold.end(signal), { code: 0, signal: null });
        assert(pids.every((pid) => !isAlive(pid)));
        assert(!existsSync(join(twinfold.data, 'endpoints.json')));
        assert.match(twinfold.printed, /Data kept in/);
        assert(
          http !== undefined &&
            !(await fetch(http).then(
              () => true,
              () => false,
            )),
        );
      }
      assert(existsSync(join(twinfold.data, 'nats', 'store')));
    } finally {
      await twinfold.discard();
    }
  });

  it('by kill -9: everything ends too, and the next start goes on in the same folder with the same credentials', async () => {
    const twinfold = new Supervised();
    try {
      const first = await twinfold.start('--no-demo');
      const pids = twinfold.pids();
      const credentials = readFileSync(join(twinfold.data, 'demo.json'), 'utf8');
      await twinfold.end('SIGKILL');
      const second = await twinfold.start('--no-demo');
      await untilGone(...pids);
      assert.notEqual(second.pid, first.pid);
      assert.deepEqual([second.nats.url, second.clickhouse.url], [first.nats.url, first.clickhouse.url]);
      assert.equal(readFileSync(join(twinfold.data, 'demo.json'), 'utf8'), credentials);
      await twinfold.end('SIGTERM');
    } finally {
      await twinfold.discard();
    }
  });

  it('a failpoint kills the first process, not its successors', async () => {
    const twinfold = new Supervised();
    try {
      const { processes } = await twinfold.start('--no-demo', '--failpoints', 'owner.folded=kill@1');
      process.kill(processes['engine'] ?? 0, 'SIGKILL');
      const log = join(twinfold.data, 'logs', 'engine.log');
      await until(() => readFileSync(log, 'utf8').split('started').length === 3, 'the second engine');
      assert.deepEqual(
        [...readFileSync(log, 'utf8').matchAll(/failpoints: (\S+)/g)].map((match) => match[1]),
        ['owner.folded=kill@1', 'none'],
      );
      await twinfold.end('SIGTERM');
    } finally {
      await twinfold.discard();
    }
  });
});

describe('a start that can not succeed', () => {
  it('leaves nothing running and says why', () => {
    const data = mkdtempSync(join(tmpdir(), 'twinfold-supervisor-'));
    try {
      const { status, stdout } = spawnSync(
        process.execPath,
        [PROGRAM, 'dev', '--data', data, ...PORTS, '--clickhouse-url', 'http://127.0.0.1:1'],
        { encoding: 'utf8' },
      );
      assert.equal(status, 1);
      assert.match(stdout, /No ClickHouse answers at http:\/\/127\.0\.0\.1:1/);
      assert(!existsSync(join(data, 'endpoints.json')));
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});
