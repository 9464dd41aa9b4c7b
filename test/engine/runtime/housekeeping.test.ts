/** Snapshots are few and recent, and a purge never takes what somebody still needs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Housekeeper } from '../../../engine/runtime/housekeeping.ts';
import type { Hook } from '../../support/hooked-port.ts';
import { jsonEvent } from '../../support/log-frames.ts';
import { assertAsFolded, assertRowsOnce, Expected, messagesOf } from '../../support/owner-checks.ts';
import { MORNING_MS, World, type StartedOwner, type TestEdge } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';

const SNAPSHOT_AGE_MS = 130_000;
const PURGE_MS = 11_000;
const MEBIBYTE = 1024 * 1024;

/** Has `count` messages folded and a snapshot made, again and again. */
async function snapshots(
  world: World,
  life: StartedOwner,
  rounds: { readonly edge: TestEdge; readonly count: number; readonly times: number },
): Promise<void> {
  for (let i = 0; i < rounds.times; i++) {
    for (let n = 0; n < rounds.count; n++) rounds.edge.send([jsonEvent('d1', { n })]);
    const { lastSeq } = await world.input.bounds(0);
    await until(() => life.owner.status()['checkpoint'] === lastSeq, 'the messages to be covered');
    await snapshotOf(world, life, lastSeq);
  }
}

async function snapshotOf(world: World, life: StartedOwner, logSeq: number): Promise<void> {
  await until(async () => {
    world.clock.aheadMs += SNAPSHOT_AGE_MS;
    await life.twin('d1');
    return (await world.snapshots.list(0)).some((name) => name.logSeq === logSeq);
  }, `a snapshot of message ${logSeq}`);
}

async function firstSeqs(world: World): Promise<{ readonly input: number; readonly control: number }> {
  const last = await world.control.lastSeq(0);
  let control = last + 1;
  while (control > 1 && (await world.control.get(0, control - 1)) !== undefined) control--;
  return { input: (await world.input.bounds(0)).firstSeq, control };
}

const noInserts: Hook = (call) => {
  if (call === 'analytics.insert') throw new Error('ClickHouse is away');
};

test('three snapshots are kept, the logs from the oldest of them on, and that is enough for the next owner', async () => {
  const world = new World();
  const life = world.start({ logRetentionMs: 0 });
  await life.state('folding');
  await snapshots(world, life, { edge: world.edge(), count: 2, times: 5 });
  await life.drained();
  await until(async () => {
    world.clock.aheadMs += PURGE_MS;
    await life.twin('d1');
    return (await firstSeqs(world)).input === 7;
  }, 'a purge up to the oldest snapshot');
  const kept = await world.snapshots.list(0);
  assert.deepEqual(
    kept.map(({ logSeq }) => logSeq),
    [6, 8, 10],
  );
  await until(async () => (await firstSeqs(world)).control === kept[0]?.recordSeq, 'the control log’s purge');
  await life.stop();
  const rows = world.analytics.rows('events').length;
  assert.equal(rows, 10);
  const next = world.start();
  await next.state('folding');
  assert.match(JSON.stringify(await next.twin('d1')), /"0\.10\.0"/);
  await next.stop();
  assert.equal(world.analytics.rows('events').length, rows);
});

test('nothing is purged that ClickHouse still lacks; when it is back, every row gets there', async () => {
  const world = new World();
  let away = true;
  const life = world.start({ logRetentionMs: 0, hook: (call) => (away ? noInserts(call) : undefined) });
  await life.state('folding');
  await snapshots(world, life, { edge: world.edge(), count: 2, times: 5 });
  const first = await firstSeqs(world);
  assert.deepEqual([first.input, first.control], [1, 1]);
  const expected = new Expected(await messagesOf(world)).rows;
  await life.crash();
  away = false;
  const next = world.start({ logRetentionMs: 0 });
  await next.settled(world);
  assertRowsOnce(world, expected);
  await until(async () => {
    world.clock.aheadMs += PURGE_MS;
    await next.twin('d1');
    return (await firstSeqs(world)).input > 1;
  }, 'a purge');
  await next.stop();
});

test('within its retention the log is kept, although nobody needs it', async () => {
  const world = new World();
  const edge = world.edge();
  const life = world.start({ logRetentionMs: 3_600_000 });
  await life.state('folding');
  for (let n = 1; n <= 4; n++) edge.send([jsonEvent('d1', { n })], MORNING_MS - 7_200_000 + n);
  for (let n = 5; n <= 8; n++) edge.send([jsonEvent('d1', { n })], MORNING_MS + n);
  await life.settled(world);
  await snapshots(world, life, { edge, count: 1, times: 3 });
  await life.drained();
  await until(async () => {
    world.clock.aheadMs += PURGE_MS;
    await life.twin('d1');
    return (await firstSeqs(world)).input === 5;
  }, 'a purge of what is too old');
  await life.stop();
});

test('a log that is getting full keeps the newest snapshot only, and what comes after it', async () => {
  const world = new World();
  const edge = world.edge();
  const life = world.start();
  await life.state('folding');
  await snapshots(world, life, { edge, count: 2, times: 2 });
  assert.equal((await firstSeqs(world)).input, 1);
  world.input.bytesMax = 10;
  await life.settled(world);
  await until(async () => {
    world.clock.aheadMs += PURGE_MS;
    await life.twin('d1');
    return (await firstSeqs(world)).input === 5;
  }, 'a purge up to the newest snapshot');
  assert.deepEqual(
    (await world.snapshots.list(0)).map(({ logSeq }) => logSeq),
    [4],
  );
  await life.stop();
  world.edge(2).send([jsonEvent('d1', { n: 9 })]);
  const next = world.start();
  await next.settled(world);
  await next.stop();
});

test('a snapshot that can’t be stored is made again later', async () => {
  const world = new World();
  let failures = 1;
  const life = world.start({
    hook: (call) => {
      if (call === 'snapshots.put' && failures-- > 0) throw new Error('no room');
    },
  });
  await life.state('folding');
  world.edge().send([jsonEvent('d1', { n: 1 })]);
  await life.settled(world);
  await snapshotOf(world, life, 1);
  assert.equal(world.times('housekeeping-failed'), 1);
  await life.stop();
  await assertAsFolded(world, ['d1']);
});

test('under a load that never pauses, snapshots are made all the same, of what is committed', async () => {
  const world = new World();
  const edge = world.edge();
  let loaded = true;
  const life = world.start({
    hook: (call) => {
      // Whenever a batch is folded the next one has come.
      if (loaded && call === 'pool.fold') edge.send([jsonEvent('d1', { n: 1 })]);
    },
  });
  await life.state('folding');
  edge.send([jsonEvent('d1', { n: 0 })]);
  await until(() => Number(life.owner.status()['checkpoint']) > 3, 'some messages to be covered');
  world.clock.aheadMs += SNAPSHOT_AGE_MS;
  await until(async () => (await world.snapshots.list(0)).length > 0, 'a snapshot');
  loaded = false;
  await life.settled(world);
  await life.stop();
  await assertAsFolded(world, ['d1']);
});

test('what was recovered counts as tail: owners that come and go leave a snapshot one day', async () => {
  const world = new World();
  const edge = world.edge();
  for (let n = 0; n < 5; n++) edge.send([jsonEvent('d1', { n })]);
  await world.settle();
  const life = world.start();
  await life.state('folding');
  await snapshotOf(world, life, 5);
  await life.stop();
});

test('a snapshot is due by messages, by bytes, and rarer for a large state', async () => {
  const world = new World();
  const { parts } = world.parts();
  const state = {
    epoch: 1,
    recordSeq: 1,
    last: { seq: 1, timestampMs: 0, edgeEpoch: 0, counter: 0 },
    logMs: 0,
    sink: { hwm: 0, hwmLogSeq: 0, intent: undefined },
    outboxDone: 0,
    unfenced: [],
  };
  const byMessages = new Housekeeper(parts);
  byMessages.folded({ messages: 20_000, bytes: 1 });
  assert.equal(byMessages.due(), false);
  byMessages.folded({ messages: 1, bytes: 1 });
  assert.equal(byMessages.due(), true);
  const byBytes = new Housekeeper(parts);
  byBytes.folded({ messages: 1, bytes: 49 * MEBIBYTE });
  assert.equal(byBytes.snapshotDue(), true);
  const tidying = byBytes.tidy(state, 0, { name: { partition: 0, recordSeq: 1, logSeq: 1 }, bytes: new Uint8Array(60 * MEBIBYTE) });
  byBytes.folded({ messages: 1, bytes: 49 * MEBIBYTE });
  assert.equal(byBytes.due(), false, 'one at a time');
  await tidying;
  assert.equal(byBytes.snapshotDue(), false);
  byBytes.folded({ messages: 1, bytes: 12 * MEBIBYTE });
  assert.equal(byBytes.snapshotDue(), true);
  await Promise.all([byBytes.tidy(state, 0), byBytes.tidy(state, 0)]);
  world.clock.aheadMs += PURGE_MS;
  assert.equal(new Housekeeper(parts).due(), false, 'an empty partition needs neither');
});

test('snapshots before an erasure are let go, once there is one after it that can be read', async () => {
  const world = new World();
  const life = world.start();
  await life.state('folding');
  const edge = world.edge();
  await snapshots(world, life, { edge, count: 2, times: 2 });
  assert.equal(await life.owner.forgetSnapshots(1), true, 'none stands before the first message');
  edge.send([jsonEvent('d1', { n: 9 })]);
  await until(() => life.owner.status()['checkpoint'] === 5, 'the message to be covered');
  assert.equal(await life.owner.forgetSnapshots(5), false);
  await until(async () => life.owner.forgetSnapshots(5), 'the end of the old snapshots');
  assert.deepEqual(
    (await world.snapshots.list(0)).map(({ logSeq }) => logSeq),
    [5],
  );
  await life.stop();
  const next = world.start();
  await next.state('folding');
  assert.match(JSON.stringify(await next.twin('d1')), /"0\.5\.0"/);
  await next.stop();
});
