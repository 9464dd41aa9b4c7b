import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openLogFile, rotateLogFile, tailOf } from '../../../engine/embedded/log-file.ts';

describe('the log file of a child', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twinfold-log-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('keeps three files, and its writer goes on at the start of the current one', async () => {
    const path = join(folder, 'logs', 'a.log');
    const log = openLogFile(path);
    try {
      for (const round of ['first', 'second', 'third', 'fourth']) {
        writeSync(log.fd, `${round} ${'x'.repeat(100)}\n`);
        assert.equal(await rotateLogFile(path, 50), true);
        assert.equal(await rotateLogFile(path, 50), false);
      }
      writeSync(log.fd, 'now');
    } finally {
      log.close();
    }
    assert.equal(readFileSync(path, 'utf8'), 'now');
    assert.match(readFileSync(`${path}.1`, 'utf8'), /^fourth/);
    assert.match(readFileSync(`${path}.2`, 'utf8'), /^third/);
    assert.equal(existsSync(`${path}.3`), false);
  });

  it('quotes only what came after a given size, and no more than its end', async () => {
    const path = join(folder, 'b.log');
    const log = openLogFile(path);
    writeSync(log.fd, 'old\nnew\n');
    assert.equal(await tailOf(path, 4), 'new');
    writeSync(log.fd, `${'y'.repeat(10_000)}end`);
    log.close();
    const tail = await tailOf(path);
    assert(tail.endsWith('end') && tail.length < 5_000);
    assert.equal(await tailOf(join(folder, 'absent')), '');
  });
});
