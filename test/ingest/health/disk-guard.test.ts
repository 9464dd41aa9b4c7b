/** The guard refuses by the room that is really there, and measures how fast it goes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MetricsRegistry } from '../../../engine/observability/metrics.ts';
import { DiskGuard, fullest } from '../../../ingest/health/disk-guard.ts';
import { diskMetrics } from '../../../ingest/health/disk-metrics.ts';
import type { IntakeFailure } from '../../../ingest/message.ts';
import { readExposition, valueOf } from '../../support/exposition-check.ts';

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

test('how fast the log fills is measured a stream, and no faster than the samples are due', async () => {
  let nowMs = 0;
  let bytes = 500;
  let asked = 0;
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const bounds = (partition: number): Promise<{ bytes: number; bytesMax: number }> => {
    asked++;
    return Promise.resolve(partition === 0 ? { bytes, bytesMax: 1_000 } : { bytes: 850, bytesMax: 1_000 });
  };
  const guard = new DiskGuard('/nowhere/at/all', { refuse: () => undefined }, { partitions: 2, clock, bounds });
  await guard.sample();
  await guard.sample();
  assert.equal(asked, 2);
  assert.deepEqual(guard.streamToFull(0, 500), { kind: 'unknown' });
  nowMs = 10_000;
  bytes = 900;
  await guard.sample();
  assert.equal(asked, 4);
  assert.deepEqual(guard.streamToFull(0, 100), { kind: 'in', ms: 2_500 });
  assert.deepEqual(guard.streamToFull(1, 150), { kind: 'flat' });
  assert.deepEqual(guard.streamToFull(7, 1), { kind: 'unknown' });
  assert.deepEqual(fullest(guard.streams()), { share: 0.9, toFull: { kind: 'in', ms: 2_500 } });
  assert.equal(guard.disk(), undefined, 'no disk is watched');
  assert.equal(fullest([]), undefined);
});

test('a log that does not answer is asked again, one question at a time', async () => {
  let nowMs = 0;
  let asked = 0;
  let answer: (() => void) | undefined;
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const bounds = (): Promise<never> => {
    asked++;
    return new Promise((_, reject) => {
      answer = () => reject(new Error('no answer'));
    });
  };
  const guard = new DiskGuard('/nowhere/at/all', { refuse: () => undefined }, { partitions: 1, clock, bounds });
  const first = guard.sample();
  nowMs = 60_000;
  await guard.sample();
  assert.equal(asked, 1);
  answer?.();
  await first;
  const second = guard.sample();
  assert.equal(asked, 2);
  answer?.();
  await second;
  assert.deepEqual(guard.streams(), []);
});

test('a disk is told with its share, and shows in the metrics beside the streams', async () => {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const bounds = (): Promise<{ bytes: number; bytesMax: number }> => Promise.resolve({ bytes: 10 + nowMs, bytesMax: 100_000 });
  const guard = new DiskGuard(import.meta.dirname, { refuse: () => undefined }, { partitions: 1, clock, bounds });
  const metrics = new MetricsRegistry(clock);
  diskMetrics(metrics, guard);
  const empty = readExposition(metrics.render());
  assert.equal(empty.get('twinfold_disk_free_bytes')?.samples.length, 0);
  await guard.look();
  await guard.sample();
  nowMs = 10_000;
  await guard.sample();
  const disk = guard.disk();
  assert.ok(disk !== undefined && disk.share > 0 && disk.share < 1);
  const families = readExposition(metrics.render());
  assert.equal(valueOf(families, 'twinfold_disk_free_bytes'), guard.freeBytes);
  // Nothing was looked at between the samples, so nothing came.
  assert.equal(valueOf(families, 'twinfold_disk_time_to_full_seconds'), Number.POSITIVE_INFINITY);
  assert.equal(valueOf(families, 'twinfold_log_used_bytes', { partition: '0' }), 10_010);
  assert.equal(valueOf(families, 'twinfold_log_max_bytes', { partition: '0' }), 100_000);
  assert.equal(valueOf(families, 'twinfold_log_time_to_full_seconds', { partition: '0' }), 89.99);
});
