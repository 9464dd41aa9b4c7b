/** An edge says that it lives, and ends only when somebody declared it dead. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryEdgeLife } from '../../../engine/memory/memory-edge-life.ts';
import { MemoryDownlinks } from '../../../engine/memory/memory-downlinks.ts';
import { startDownlinkSide } from '../../../ingest/downlink/downlink-side.ts';
import { EdgeLife } from '../../../ingest/downlink/edge-life.ts';
import { DOWNLINK_CODE } from '../../../schemas/gen/lean.ts';
import { until } from '../../support/processes.ts';

const EDGE = 41;

class Rig {
  readonly mark = new MemoryEdgeLife();
  readonly said: string[] = [];
  gone = 0;
  nowMs = 0;
  readonly parts = {
    mark: this.mark,
    epoch: EDGE,
    clock: { now: () => 0, monotonic: () => this.nowMs },
    log: {
      info: (what: string) => void this.said.push(what),
      warn: (what: string) => void this.said.push(what),
      error: (what: string) => void this.said.push(what),
    },
    onGone: () => void this.gone++,
    everyMs: 1,
  };
}

test('a key that expired is made anew, and that is all', async () => {
  const rig = new Rig();
  const life = new EdgeLife(rig.parts);
  life.start();
  await until(async () => rig.mark.isAlive(EDGE), 'the key');
  rig.mark.expire(EDGE);
  await until(async () => rig.mark.isAlive(EDGE), 'the key anew');
  await life.stop();
  assert.equal(await rig.mark.isAlive(EDGE), false, 'it took leave');
  assert.equal(rig.gone, 0);
  assert.deepEqual(rig.said, []);
});

test('while NATS is away the edge goes on, and complains once a minute', async () => {
  const rig = new Rig();
  const life = new EdgeLife(rig.parts);
  rig.mark.isAway = true;
  await life.beat();
  await life.beat();
  rig.nowMs += 60_000;
  await life.beat();
  assert.deepEqual(rig.said, ['edge-beat-failed', 'edge-beat-failed']);
  rig.mark.isAway = false;
  await life.beat();
  assert.equal(await rig.mark.isAlive(EDGE), true);
  assert.equal(rig.gone, 0);
  rig.mark.isAway = true;
  await life.stop();
});

test('an edge that was declared dead says so once, even where its key was there all the time', async () => {
  const rig = new Rig();
  const life = new EdgeLife(rig.parts);
  life.start();
  await until(async () => rig.mark.isAlive(EDGE), 'the key');
  await rig.mark.declareGone(EDGE);
  await until(() => rig.gone > 0, 'the news');
  await life.beat();
  assert.equal(rig.gone, 1);
  assert.deepEqual(rig.said, ['edge-was-declared-gone']);
  await life.stop();
});

test('an edge whose end has begun isn’t told of its death', async () => {
  const rig = new Rig();
  const life = new EdgeLife(rig.parts);
  await rig.mark.declareGone(EDGE);
  await life.stop();
  await life.beat();
  assert.equal(rig.gone, 0);
});

test('an edge lives and is spoken to until it is stopped', async () => {
  const rig = new Rig();
  const receiver = new MemoryDownlinks();
  const session = { connection: 5, publish: async () => DOWNLINK_CODE.ok, takeOver: async () => ({}), close: () => undefined };
  const side = startDownlinkSide({ ...rig.parts, receiver, sessions: { find: () => session } });
  await until(async () => rig.mark.isAlive(EDGE), 'the key');
  const downlink = { tenant: 't', session: 'd:x', connection: 5, close: 1 };
  assert.equal((await receiver.send(EDGE, downlink, 1_000)).kind, 'reply');
  await side.stop();
  assert.equal((await receiver.send(EDGE, downlink, 1_000)).kind, 'offline');
  assert.equal(await rig.mark.isAlive(EDGE), false);
});
