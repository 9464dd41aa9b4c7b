/** When an erasure goes on, step by step, and that another owner goes on where one stopped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERASURE_GRACE_MS } from '../../../engine/domain/erasures.ts';
import type { Erasure } from '../../../engine/kernel/erasure.ts';
import { MemoryEraser } from '../../../engine/memory/memory-eraser.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import { ErasureKeeper, type ErasableOwner } from '../../../engine/runtime/erasure-keeper.ts';

const LOG_MS = 1_000_000;
const ERASURE: Erasure = { tenant: 't', device: 'd1', seq: 7, index: 0, logMs: LOG_MS };

interface Scene {
  nowMs: number;
  lastSeq: number;
  sinkLogSeq: number;
  snapshotsGone: boolean;
  isBroken: boolean;
  erasures: readonly Erasure[] | undefined;
}

function owned(scene: Scene, eraser: MemoryEraser, topics?: TopicMarks): ErasureKeeper {
  const owner: ErasableOwner = {
    partition: 0,
    erasures: () => (scene.isBroken ? Promise.reject(new Error('away')) : Promise.resolve(scene.erasures)),
    lastSeq: () => Promise.resolve(scene.lastSeq),
    sinkLogSeq: () => scene.sinkLogSeq,
    forgetSnapshots: () => Promise.resolve(scene.snapshotsGone),
  };
  const clock = { now: () => scene.nowMs, monotonic: () => scene.nowMs };
  return new ErasureKeeper({ eraser, topics, clock, log: silentLog, owners: () => [owner], marginMs: 100 });
}

/** Topic trees whose marks may fail, and be taken in late. */
class TopicMarks {
  readonly asked: string[] = [];
  isThere = true;
  isTakenIn = true;

  mark({ device, tenant }: { readonly tenant: string; readonly device: string }): Promise<readonly number[] | undefined> {
    this.asked.push(`mark ${tenant}/${device}`);
    return Promise.resolve(this.isThere ? [4, 5] : undefined);
  }

  isForgotten(_device: unknown, seqs: readonly number[]): Promise<boolean> {
    this.asked.push(`taken in ${seqs.join()}`);
    return Promise.resolve(this.isTakenIn);
  }
}

function ready(): Scene {
  return {
    nowMs: LOG_MS + ERASURE_GRACE_MS + 101,
    lastSeq: 20,
    sinkLogSeq: 20,
    snapshotsGone: true,
    isBroken: false,
    erasures: [ERASURE],
  };
}

test('an erasure waits for what is on its way, for its rows, for the store and for snapshots, in this order', async () => {
  const eraser = new MemoryEraser();
  const now = { ...ready(), nowMs: LOG_MS + ERASURE_GRACE_MS + 100, sinkLogSeq: 19, snapshotsGone: false };
  const keeper = owned(now, eraser);
  await keeper.look();
  now.nowMs += 1;
  await keeper.look();
  assert.deepEqual(eraser.asked, [], 'rows that are not written yet would stay');
  // What comes from now on is of another life of the device.
  now.lastSeq = 30;
  now.sinkLogSeq = 20;
  eraser.passesLeft = 1;
  await keeper.look();
  await keeper.look();
  const device = { partition: 0, tenant: 't', device: 'd1', throughLogSeq: 20 };
  assert.deepEqual(eraser.asked, [device, device]);
  assert.deepEqual([...(await eraser.finished(0))], [], 'a snapshot still knows it');
  now.snapshotsGone = true;
  await keeper.look();
  assert.deepEqual([...(await eraser.finished(0))], [7]);
  await keeper.look();
  assert.equal(eraser.asked.length, 3, 'what is done is done');
});

test('another process goes on where one stopped, and does nothing twice that is done', async () => {
  const eraser = new MemoryEraser();
  const now = ready();
  eraser.passesLeft = 1;
  await owned(now, eraser).look();
  assert.deepEqual([...(await eraser.finished(0))], []);
  await owned(now, eraser).look();
  assert.deepEqual([...(await eraser.finished(0))], [7]);
  await owned(now, eraser).look();
  assert.equal(eraser.asked.length, 2);
});

test('an owner that cannot say, and a failure, are tried again', async () => {
  const eraser = new MemoryEraser();
  const now = { ...ready(), isBroken: true };
  const keeper = owned(now, eraser);
  await keeper.look();
  now.isBroken = false;
  now.erasures = undefined;
  await keeper.look();
  assert.equal(eraser.asked.length, 0);
  now.erasures = [ERASURE];
  await keeper.look();
  assert.deepEqual([...(await eraser.finished(0))], [7]);
});

test('an erasure is done when every topic partition has forgotten the device; the marks are set once, and again after a crash', async () => {
  const eraser = new MemoryEraser();
  const now = ready();
  const topics = new TopicMarks();
  topics.isThere = false;
  eraser.passesLeft = 1;
  const keeper = owned(now, eraser, topics);
  await keeper.look();
  assert.deepEqual(topics.asked, [], 'what the fold publishes late would stay');
  await keeper.look();
  topics.isThere = true;
  topics.isTakenIn = false;
  await keeper.look();
  await keeper.look();
  assert.deepEqual(topics.asked, ['mark t/d1', 'mark t/d1', 'taken in 4,5', 'taken in 4,5']);
  assert.deepEqual([...(await eraser.finished(0))], []);
  const next = owned(now, eraser, topics);
  topics.isTakenIn = true;
  await next.look();
  await next.look();
  assert.deepEqual(topics.asked.slice(4), ['mark t/d1', 'taken in 4,5']);
  assert.deepEqual([...(await eraser.finished(0))], [7]);
});
