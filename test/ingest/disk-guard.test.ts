/** The guard refuses by the room that is really there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiskGuard } from '../../ingest/disk-guard.ts';
import type { IntakeFailure } from '../../ingest/message.ts';

test('a folder with room, or none at all, refuses nothing', async () => {
  const told: (IntakeFailure | undefined)[] = [];
  for (const folder of [import.meta.dirname, '/nowhere/at/all']) {
    const guard = new DiskGuard(folder, { refuse: (failure) => told.push(failure) });
    await guard.look();
    assert.equal(guard.isFull, false);
  }
  assert.deepEqual(told, []);
});

test('where nothing is free, everything is refused, once said, with the limit and a time', async (t) => {
  if (process.platform !== 'linux') {
    t.skip('only Linux has a file system without blocks that any user can look at: /proc');
    return;
  }
  const told: (IntakeFailure | undefined)[] = [];
  // A file system of the kernel's that has no blocks at all.
  const guard = new DiskGuard('/proc', { refuse: (failure) => told.push(failure) });
  await guard.look();
  await guard.look();
  assert.equal(guard.isFull, true);
  assert.equal(guard.freeBytes, 0);
  assert.deepEqual(told, [{ code: 'log-full', limit: 'log-bytes', retryAfterMs: 5_000 }]);
});
