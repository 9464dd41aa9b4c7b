import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { describe, it } from 'node:test';
import { keepProcess, type KeptProcessSpec, type ProcessChange } from '../../../engine/embedded/kept-process.ts';
import { TwinfoldError } from '../../../engine/kernel/errors.ts';
import { isAlive, until, untilGone } from '../../support/processes.ts';

function sh(script: string): ChildProcess {
  return spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
}

const LIVES = 'echo up; exec sleep 600';

/** Ready as soon as the child has said something. */
function spec(options: Partial<KeptProcessSpec> & Pick<KeptProcessSpec, 'start'>): KeptProcessSpec {
  return {
    name: 'child',
    ready: (child) =>
      new Promise((resolve) => {
        child.stdout?.once('data', () => resolve());
      }),
    end: (child) => child.kill('SIGTERM'),
    readyMsMax: 20_000,
    endMsMax: 5_000,
    ...options,
  };
}

describe('a kept process', () => {
  it('is started again when it is killed, and said to be down and up', async () => {
    const changes: ProcessChange[] = [];
    const kept = await keepProcess(spec({ start: () => sh(LIVES), onChange: (change) => changes.push(change) }));
    try {
      for (const restarts of [1, 2, 3]) {
        const pid = kept.pid();
        assert(pid !== undefined);
        process.kill(pid, 'SIGKILL');
        await until(() => changes.some((change) => change.kind === 'up' && change.restarts === restarts), `restart ${restarts}`);
        assert.notEqual(kept.pid(), pid);
      }
      assert.equal(kept.restarts(), 3);
      assert.deepEqual(
        changes.map(({ kind }) => kind),
        ['up', 'down', 'up', 'down', 'up', 'down', 'up'],
      );
    } finally {
      await kept.stop();
    }
  });

  it('is gone after stop, and stays so', async () => {
    let starts = 0;
    const kept = await keepProcess(
      spec({
        start: () => {
          starts++;
          return sh(LIVES);
        },
      }),
    );
    const pid = kept.pid();
    assert(pid !== undefined);
    await kept.stop();
    assert(!isAlive(pid));
    assert.equal(kept.pid(), undefined);
    assert.equal(starts, 1);
  });

  it('is ended by force when it does not end by itself', async () => {
    const kept = await keepProcess(
      spec({ start: () => sh(`trap '' TERM; ${LIVES.replace('exec sleep 600', 'while :; do sleep 1; done')}`), endMsMax: 50 }),
    );
    const pid = kept.pid();
    assert(pid !== undefined);
    await kept.stop();
    await untilGone(pid);
  });

  it('that ends before it is ready is reported once, not retried', async () => {
    let starts = 0;
    const start = (): ChildProcess => {
      starts++;
      return sh('exit 7');
    };
    await assert.rejects(keepProcess(spec({ start })), (error) => error instanceof TwinfoldError && /exit code 7/.test(error.message));
    assert.equal(starts, 1);
  });

  it('that can not be started at all is reported', async () => {
    await assert.rejects(keepProcess(spec({ start: () => spawn('/no/such/program') })), /ENOENT/);
  });

  it('that is never ready is killed', async () => {
    const children: ChildProcess[] = [];
    const start = (): ChildProcess => {
      const child = sh('exec sleep 600');
      children.push(child);
      return child;
    };
    await assert.rejects(keepProcess(spec({ start, readyMsMax: 50 })), /not ready within 50 ms/);
    const pid = children[0]?.pid;
    assert(pid !== undefined);
    await untilGone(pid);
  });

  it('that fails to restart is tried again until it serves', async () => {
    let starts = 0;
    const changes: ProcessChange[] = [];
    const kept = await keepProcess(
      spec({
        start: () => {
          starts++;
          return sh(starts === 2 || starts === 3 ? 'exit 1' : LIVES);
        },
        onChange: (change) => changes.push(change),
      }),
    );
    try {
      process.kill(kept.pid() ?? 0, 'SIGKILL');
      await until(() => changes.filter(({ kind }) => kind === 'up').length === 2, 'the second time up');
      assert.equal(starts, 4);
      assert.deepEqual(
        changes.map(({ kind }) => kind),
        ['up', 'down', 'failed', 'failed', 'up'],
      );
    } finally {
      await kept.stop();
    }
  });
});
