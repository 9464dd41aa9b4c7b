/** Logs that lost their end: what survived is folded once, positions are never used again, and a crash at any step changes nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ANSWER_CODE, RECORD_KIND } from '../../../schemas/envelope.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import type { LogMessage } from '../../../engine/ports/input-log.ts';
import { UNKNOWN_MESSAGES_MAX } from '../../../engine/runtime/log-ends.ts';
import type { Hook } from '../../support/hooked-port.ts';
import { jsonEvent } from '../../support/log-frames.ts';
import { assertMended, fill } from '../../support/lost-ends.ts';
import { assertRecordsContiguous, assertRowsOnce, Expected, messagesOf } from '../../support/owner-checks.ts';
import { World, type TestEdge } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';

const SNAPSHOT_AGE_MS = 130_000;
const STEPS_AT_ONCE = 12;

const noSink: Hook = (call) => {
  if (call === 'analytics.insert') throw new Error('ClickHouse is away');
};

const DEVICES = ['d1', 'd2', 'd3', 'd9'];

interface Loss {
  readonly world: World;
  readonly before: readonly LogMessage[];
  readonly keptSeq: number;
}

/**
 * Ten messages, of which the last record's are cut in the middle. `inserted` tells what ClickHouse has: everything, what
 * an intent said that is still open, or nothing.
 */
async function loss(inserted: 'all' | 'intent' | 'intent-unsent' | 'none'): Promise<Loss> {
  const world = new World();
  const edge = world.edge();
  if (inserted === 'none') await fill(world, edge, { batches: [2, 3, 5], hook: noSink });
  else if (inserted === 'all') await fill(world, edge, { batches: [2, 3, 5] });
  else await openIntent(world, edge, inserted === 'intent');
  const before = await messagesOf(world);
  const keptSeq = 8;
  world.input.cutEnd(0, keptSeq);
  return { world, before, keptSeq };
}

/** An intent of the first messages is open, and its block was, or wasn't, written; then the fold went on. */
async function openIntent(world: World, edge: TestEdge, sent: boolean): Promise<void> {
  let inserts = 0;
  let dead = false;
  const life = world.start({
    hook: (call) => {
      if (call === (sent ? 'analytics.insert:done' : 'analytics.insert')) {
        inserts++;
        dead = true;
      }
      if (dead && call.startsWith('analytics.')) throw new Error('ClickHouse is gone');
      if (dead && call === 'control.lastSeq') throw new Error('killed');
    },
  });
  await life.state('folding');
  edge.send([jsonEvent('d1', { n: 1 })]);
  edge.send([jsonEvent('d2', { n: 2 })]);
  await until(() => inserts === 1, 'the block');
  await life.crash();
  const noFence: Hook = (call) => {
    if (call === 'analytics.fence') throw new Error('ClickHouse is gone');
  };
  await fill(world, edge, { batches: [3, 5], hook: noFence });
}

for (const inserted of ['all', 'intent', 'intent-unsent', 'none'] as const) {
  test(`a log without its end is mended (ClickHouse has: ${inserted})`, async () => {
    const { world, before, keptSeq } = await loss(inserted);
    const life = world.start();
    await life.state('folding');
    assert.equal(world.times('log-lost-its-end'), 1);
    const edge = world.edge(2);
    assert.equal(
      edge.send([jsonEvent('d1', { n: 100 })]),
      before.length + 1 + UNKNOWN_MESSAGES_MAX,
      'positions go on far behind what was known',
    );
    await life.settled(world);
    edge.send([jsonEvent('d1', { n: 101 })]);
    await life.settled(world);
    await life.stop();
    const repair = (await world.records()).find((record) => record.kind === RECORD_KIND.repair)?.repair;
    assert.deepEqual([repair?.keptSeq, repair?.resumedSeq], [keptSeq, before.length + 1 + UNKNOWN_MESSAGES_MAX]);
    await assertMended(world, { before, keptSeq, devices: DEVICES });
  });

  test(`a crash at each step of mending ends in the same place (ClickHouse has: ${inserted})`, async () => {
    for (let step = 0, done = false; !done; step += STEPS_AT_ONCE) {
      assert.ok(step < 200, 'mending ends');
      const mended = await Promise.all(Array.from({ length: STEPS_AT_ONCE }, async (_, i) => crashedAt(step + i, inserted)));
      done = mended.some((whole) => whole);
    }
  });
}

/** Mending ends at its nth call of a port, and another owner takes over. Answers whether there was no such call. */
async function crashedAt(step: number, inserted: Parameters<typeof loss>[0]): Promise<boolean> {
  const { world, before, keptSeq } = await loss(inserted);
  let calls = 0;
  const first = world.start({
    hook: (call) => {
      if (calls++ !== step) return;
      first.owner.breakOff(new Error(`killed at ${call}`));
      throw new Error(`killed at ${call}`);
    },
  });
  const whole = await first.settledOrOver(world, keptSeq);
  await first.crash();
  const second = world.start();
  await second.state('folding');
  world.edge(2).send([jsonEvent('d1', { n: 100 })]);
  await second.settled(world);
  await second.stop();
  await assertMended(world, { before, keptSeq, devices: DEVICES });
  return whole;
}

test('owners that come and go after a repair, before anything new comes, know where the log goes on', async () => {
  const { world, before, keptSeq } = await loss('all');
  for (let lives = 0; lives < 3; lives++) {
    const life = world.start();
    await life.state('folding');
    const asked = await life.ask({ minSeq: before.length, twin: { tenant: 't', device: 'd9' } });
    assert.equal(asked.code, ANSWER_CODE.ok, 'nothing is to come at the positions that are gone');
    await life.crash();
  }
  world.edge(2).send([jsonEvent('d1', { n: 100 })]);
  await world.settle();
  assert.equal(world.times('log-lost-its-end'), 1);
  await assertMended(world, { before, keptSeq, devices: DEVICES });
});

test('an end that is lost twice goes on above both', async () => {
  const { world, before } = await loss('all');
  const first = world.start();
  await first.state('folding');
  await first.crash();
  // The purge that moved the log on is lost too, and more of its end.
  const cut = new World();
  for (const message of before.slice(0, 6)) cut.input.append(0, message.data, message.timeMs);
  Object.assign(world, { input: cut.input });
  const second = world.start();
  await second.state('folding');
  assert.equal(world.edge(2).send([jsonEvent('d1', { n: 100 })]), before.length + 1 + UNKNOWN_MESSAGES_MAX);
  await second.settled(world);
  await second.stop();
  await assertMended(world, { before, keptSeq: 6, devices: DEVICES });
});

test('a snapshot that reflects lost messages goes, and older history stands in for it', async () => {
  const world = new World();
  const edge = world.edge();
  await fill(world, edge, { batches: [2, 3] });
  const life = world.start();
  edge.send([jsonEvent('d1', { n: 50 })]);
  await life.settled(world);
  world.clock.aheadMs += SNAPSHOT_AGE_MS;
  await until(async () => (await world.snapshots.list(0)).length > 0, 'a snapshot');
  await life.crash();
  const before = await messagesOf(world);
  world.input.cutEnd(0, 5);
  await world.settle();
  assert.deepEqual(
    (await world.snapshots.list(0)).map(({ logSeq }) => logSeq),
    [5],
  );
  world.edge(2).send([jsonEvent('d1', { n: 100 })]);
  await world.settle();
  await assertMended(world, { before, keptSeq: 5, devices: DEVICES });
});

test('an end that is another one now stops the partition, and says so', async () => {
  const world = new World();
  const edge = world.edge();
  await fill(world, edge, { batches: [3] });
  world.input.cutEnd(0, 2);
  world.edge(7).send([jsonEvent('d1', { n: 5 })]);
  const life = world.start();
  const error = await life.ended;
  assert.ok(hasCode(error, 'log-lost-its-end') && !error.retryable);
  assert.equal(
    (await world.records()).some((record) => record.kind === RECORD_KIND.repair),
    false,
  );
});

for (const what of ['cut', 'different'] as const) {
  test(`a reconnect to a log whose end is ${what} ends the owner, which writes nothing more`, async () => {
    const world = new World();
    const edge = world.edge();
    const life = world.start();
    await life.state('folding');
    edge.send([jsonEvent('d1', { n: 1 })]);
    edge.send([jsonEvent('d1', { n: 2 })]);
    await life.settled(world);
    world.input.cutEnd(0, 1);
    if (what === 'different') world.edge(7).send([jsonEvent('d1', { n: 5 })]);
    const records = await world.control.lastSeq(0);
    await life.owner.reconnected('server-2');
    assert.ok(hasCode(await life.ended, 'log-lost-its-end'));
    assert.equal(await world.control.lastSeq(0), records);
  });
}

test('a control log without its end is mended when ClickHouse is ahead: no row twice, none missing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      fc.nat(12),
      fc.array(fc.nat(3), { maxLength: 3 }),
      async (batches, kept, later) => {
        const world = new World();
        const edge = world.edge();
        await fill(world, edge, { batches });
        const last = await world.control.lastSeq(0);
        world.control.cutEnd(0, Math.min(kept, last));
        for (const size of later) {
          for (let i = 0; i < size; i++) edge.send([jsonEvent('d1', { n: 500 + i })]);
          const life = world.start();
          await life.settledOrOver(world);
          await life.crash();
        }
        const life = world.start();
        edge.send([jsonEvent('d2', { n: 900 })]);
        await life.settled(world);
        await until(() => (life.owner.status()['sink'] as { state: string }).state === 'armed', 'the sink to be armed');
        await life.settled(world);
        assertRowsOnce(world, new Expected(await messagesOf(world)).rows);
        await life.stop();
        await assertRecordsContiguous(world);
      },
    ),
    { numRuns: 30 },
  );
});

test('rows in ClickHouse that the log does not give are not papered over', async () => {
  const world = new World();
  const edge = world.edge();
  await fill(world, edge, { batches: [2, 2] });
  world.control.cutEnd(0, 1);
  // Another message stands where one of ClickHouse's rows came from: same place, another outcome.
  const messages = await messagesOf(world);
  const first = messages[0];
  assert.ok(first !== undefined);
  const other = new World();
  for (const message of messages) other.input.append(0, message.seq === 3 ? first.data : message.data, message.timeMs);
  Object.assign(world, { input: other.input });
  const life = world.start();
  assert.ok(hasCode(await life.ended, 'corrupt'));
  assert.equal(world.times('control-log-lost-its-end'), 0);
});
