/** What an owner says to a connection names the owner; once a newer one has spoken to the edge, an older one is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOWNLINK_CODE, type Downlink, type DownlinkReplyInit } from '../../../schemas/gen/lean.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { MemoryDownlinks } from '../../../engine/memory/memory-downlinks.ts';
import { Downlinks, type DownlinkCall } from '../../../engine/runtime/downlinks.ts';
import { DownlinkDesk } from '../../../ingest/downlink/downlink-desk.ts';
import { downlinksContract } from '../../contract/downlinks.ts';
import { World } from '../../support/owner-harness.ts';

const EDGE = 77;
const NOW_MS = 1_000_000;

downlinksContract('downlinks in memory', async (use) => use(new MemoryDownlinks()));

const call = (more: Partial<DownlinkCall> = {}): DownlinkCall => ({
  tenant: 't',
  session: 'd:c',
  connection: 65_536,
  edgeEpoch: EDGE,
  what: { publish: { topic: 'v1/commands/1/request' } },
  deadlineMs: NOW_MS + 1_000,
  ...more,
});

interface Rig {
  readonly bus: MemoryDownlinks;
  readonly heard: Downlink[];
  readonly stale: number[];
  owner(epoch: number | undefined): Downlinks;
}

function rig(): Rig {
  const bus = new MemoryDownlinks();
  const heard: Downlink[] = [];
  const stale: number[] = [];
  const clock = { now: () => NOW_MS, monotonic: () => 0 };
  const session = { connection: 65_536, publish: async () => DOWNLINK_CODE.ok, takeOver: async () => ({}), close: () => undefined };
  const desk = new DownlinkDesk({ find: () => session }, clock);
  bus.serve(EDGE, async (downlink): Promise<DownlinkReplyInit> => {
    heard.push(downlink);
    return desk.take(downlink);
  });
  return {
    bus,
    heard,
    stale,
    owner: (epoch) => new Downlinks({ partition: 3, sender: bus, clock, epoch: () => epoch, onStale: () => void stale.push(epoch ?? 0) }),
  };
}

test('it names its partition, its epoch and a deadline', async () => {
  const { heard, owner } = rig();
  const answer = await owner(9).send(call());
  assert.equal(answer.kind === 'reply' ? answer.reply.code : answer.kind, DOWNLINK_CODE.ok);
  const [downlink] = heard;
  assert.deepEqual(
    [downlink?.partition, downlink?.ownerEpoch, downlink?.deadlineMs, downlink?.connection, downlink?.publish?.topic],
    [3, 9, NOW_MS + 1_000, 65_536, 'v1/commands/1/request'],
  );
});

test('a zombie is refused once its successor has spoken, and learns it', async () => {
  const { owner, stale } = rig();
  const zombie = owner(9);
  const successor = owner(12);
  const before = await zombie.send(call());
  assert.equal(before.kind === 'reply' ? before.reply.code : before.kind, DOWNLINK_CODE.ok);
  await successor.send(call());
  const after = await zombie.send(call());
  assert.equal(after.kind === 'reply' ? after.reply.code : after.kind, DOWNLINK_CODE.staleOwner);
  assert.deepEqual(stale, [9]);
});

test('an edge that nobody serves is offline, and who isn’t in charge sends nothing', async () => {
  const { heard, owner } = rig();
  assert.deepEqual(await owner(9).send(call({ edgeEpoch: 78 })), { kind: 'offline' });
  assert.deepEqual(await owner(undefined).send(call()), { kind: 'not-owner' });
  assert.deepEqual(heard, []);
});

test('an owner that an edge refuses as stale ends', async () => {
  const world = new World();
  world.downlinks.serve(EDGE, async () => ({ code: DOWNLINK_CODE.staleOwner }));
  const life = world.start();
  assert.deepEqual(await life.owner.downlinks.send(call()), { kind: 'not-owner' }, 'not before it folds');
  await life.state('folding');
  const answer = await life.owner.downlinks.send(call({ deadlineMs: world.clock.now() + 1_000 }));
  assert.equal(answer.kind, 'reply');
  assert.ok(hasCode(await life.ended, 'fenced'));
});
