/** What an owner says into its own log: ticks where a timer is due and nothing else moves time, and edges that are gone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEdgeGone, decodeEventBatch, KIND, VIA, type Event } from '../../../schemas/gen/lean.ts';
import { OwnEvents } from '../../../engine/runtime/own-events.ts';
import { Upkeep } from '../../../engine/runtime/upkeep.ts';
import type { AppendResult } from '../../../engine/ports/input-log.ts';
import { jsonEvent } from '../../support/log-frames.ts';
import { messagesOf } from '../../support/owner-checks.ts';
import { OWN_EPOCH, World } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';
import { scriptedFoldPool } from '../../support/scripted-fold.ts';

interface Own {
  readonly edgeEpoch: number;
  readonly counter: number;
  readonly events: readonly Event[];
}

async function ownBatches(world: World): Promise<readonly Own[]> {
  return (await messagesOf(world)).flatMap(({ data }) => {
    const batch = decodeEventBatch(data);
    return batch === undefined || batch.edgeEpoch < OWN_EPOCH ? [] : [batch];
  });
}

test('where a timer is due and nothing else comes, log time is moved on until it has fired', async () => {
  const world = new World();
  let dueMs = 0;
  // As a fold whose log's clock is behind the owner's: the first tick doesn't reach the timer.
  let ticks = 0;
  const pool = scriptedFoldPool({
    onEvent: (event) => {
      if (event.kind === KIND.tick && ++ticks === 2) dueMs = 0;
    },
    foresees: () => ({ nextDueMs: dueMs }),
  });
  const life = world.start({ pool });
  await life.state('folding');
  dueMs = world.clock.now() + 60_000;
  world.edge().send([jsonEvent('d1', { t: 1 })]);
  await life.settled(world);
  world.clock.aheadMs += 59_000;
  await life.twin('d1');
  assert.deepEqual(await ownBatches(world), [], 'nothing is due yet');
  world.clock.aheadMs += 1_200;
  await until(async () => (await ownBatches(world)).length === 1, 'a tick');
  await life.settled(world);
  world.clock.aheadMs += 300;
  await until(() => ticks === 2, 'another one');
  await life.settled(world);
  world.clock.aheadMs += 10_000;
  await life.twin('d1');
  await life.stop();
  const own = await ownBatches(world);
  assert.deepEqual(
    own.map(({ counter, edgeEpoch, events }) => [edgeEpoch, counter, events.map(({ device, kind, via }) => [device, kind, via])]),
    [1, 2].map((counter) => [OWN_EPOCH + 1, counter, [['', KIND.tick, VIA.internal]]]),
  );
});

test('an owner that recovered asks what is due, although nothing comes', async () => {
  const world = new World();
  world.edge().send([jsonEvent('d1', { t: 1 })]);
  await world.settle();
  let ticked = false;
  const pool = scriptedFoldPool({
    onEvent: (event) => void (ticked ||= event.kind === KIND.tick),
    foresees: () => ({ nextDueMs: ticked ? 0 : 1 }),
  });
  const life = world.start({ pool });
  await until(() => ticked, 'a tick');
  await life.stop();
});

test('an edge that is gone is told of once by each owner whose partition it concerns', async () => {
  const world = new World();
  const gone = new Set<number>();
  let edges = [7, 8];
  const pool = scriptedFoldPool({ foresees: () => ({ edges }) });
  const life = world.start({ pool, isEdgeGone: (epoch) => gone.has(epoch) });
  await life.state('folding');
  world.edge().send([jsonEvent('d1', { t: 1 })]);
  await life.settled(world);
  assert.deepEqual([...life.owner.edges], [7, 8]);
  gone.add(8).add(9);
  await until(async () => (await ownBatches(world)).length === 1, 'the news');
  await life.settled(world);
  // The fold goes on naming it until its grace is over.
  world.clock.aheadMs += 5_000;
  world.edge(2).send([jsonEvent('d1', { t: 2 })]);
  await life.settled(world);
  edges = [7];
  await life.stop();
  const own = await ownBatches(world);
  assert.deepEqual(
    own.map(({ events }) => events.map(({ kind, payload }) => [kind, decodeEdgeGone(payload)])),
    [[[KIND.edgeGone, { edgeEpoch: 8, drained: false }]]],
  );
  // Another owner that finds it named says so again: the fold knows it.
  edges = [8];
  const next = world.start({ pool: scriptedFoldPool({ foresees: () => ({ edges }) }), isEdgeGone: (epoch) => gone.has(epoch) });
  await until(async () => (await ownBatches(world)).length === 2, 'the news once more');
  await next.stop();
});

test('an owner that is not sure of its lease says nothing', async () => {
  const world = new World();
  let fresh = false;
  const life = world.start({ pool: scriptedFoldPool({ foresees: () => ({ nextDueMs: 1 }) }), leaseFresh: () => fresh });
  await life.state('folding');
  world.edge().send([jsonEvent('d1', { t: 1 })]);
  await life.settled(world);
  for (let looks = 0; looks < 5; looks++) {
    world.clock.aheadMs += 2_000;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(await ownBatches(world), []);
  fresh = true;
  await until(async () => {
    world.clock.aheadMs += 2_000;
    return (await ownBatches(world)).length > 0;
  }, 'a tick');
  await life.crash();
});

class Rig {
  nowMs = 1_000_000;
  mayWrite: () => Promise<boolean> = async () => true;
  result: AppendResult = { ok: true, seq: 1 };
  readonly appended: Own[] = [];
  readonly upkeep: Upkeep;
  readonly own: OwnEvents;
  #answers: (() => void)[] = [];

  constructor() {
    const clock = { now: () => this.nowMs, monotonic: () => this.nowMs };
    const appender = {
      append: (_partition: number, data: Uint8Array, done: (result: AppendResult) => void) => {
        const batch = decodeEventBatch(data);
        if (batch !== undefined) this.appended.push(batch);
        this.#answers.push(() => done(this.result));
      },
      connected: () => true,
      onReconnect: () => undefined,
    };
    this.own = new OwnEvents({ appender, epoch: 5, name: 'e', clock });
    this.upkeep = new Upkeep({ partition: 0, clock, ownEvents: this.own, isEdgeGone: (epoch) => epoch === 9 }, async () => this.mayWrite());
  }

  async attend(hasTraffic = false): Promise<number> {
    this.upkeep.attend(hasTraffic);
    await new Promise((resolve) => setImmediate(resolve));
    return this.appended.length;
  }

  async answer(): Promise<void> {
    for (const answer of this.#answers.splice(0)) answer();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a tick waits for traffic that moves time as well, for its turn, and for the answer to the one before', async () => {
  const rig = new Rig();
  assert.equal(rig.upkeep.isInformed, false);
  assert.equal(await rig.attend(), 0, 'nothing is known yet');
  rig.upkeep.folded({ nextDueMs: rig.nowMs, edges: [] });
  assert.equal(await rig.attend(), 0, 'clocks differ a little');
  rig.nowMs += 100;
  assert.equal(await rig.attend(true), 0);
  assert.equal(await rig.attend(), 1);
  rig.nowMs += 10_000;
  assert.equal(await rig.attend(), 1, 'one is on its way');
  await rig.answer();
  rig.nowMs += 249;
  assert.equal(await rig.attend(), 1);
  rig.nowMs += 1;
  assert.equal(await rig.attend(), 2);
});

test('news that may not have been stored are told again, under the next number', async () => {
  const rig = new Rig();
  rig.upkeep.folded({ nextDueMs: 0, edges: [9] });
  rig.mayWrite = async () => Promise.reject(new Error('nobody can be asked'));
  assert.equal(await rig.attend(), 0);
  rig.mayWrite = async () => true;
  assert.equal(await rig.attend(), 0, 'not at once');
  rig.nowMs += 1_000;
  rig.result = { ok: false, why: 'unknown' };
  assert.equal(await rig.attend(), 1);
  await rig.answer();
  rig.nowMs += 1_000;
  rig.result = { ok: true, seq: 2 };
  assert.equal(await rig.attend(), 2);
  await rig.answer();
  rig.nowMs += 10_000;
  assert.equal(await rig.attend(), 2, 'stored, so nothing is left to be told');
  assert.deepEqual(
    rig.appended.map(({ counter, edgeEpoch }) => [edgeEpoch, counter]),
    [
      [5, 1],
      [5, 2],
    ],
  );
  rig.upkeep.folded({ nextDueMs: 0, edges: [] });
  rig.upkeep.folded({ nextDueMs: 0, edges: [9] });
  assert.equal(await rig.attend(), 3, 'it holds connections again');
});

test('each partition counts for itself, one batch at a time', async () => {
  const rig = new Rig();
  const first = rig.own.append(0, [{ kind: KIND.tick }]);
  assert.equal(await rig.own.append(0, [{ kind: KIND.tick }]), undefined, 'one is on its way');
  const other = rig.own.append(1, [{ kind: KIND.tick }]);
  await rig.answer();
  assert.deepEqual([await first, await other], [1, 1]);
  assert.deepEqual(
    rig.appended.map(({ counter }) => counter),
    [1, 1],
  );
});
