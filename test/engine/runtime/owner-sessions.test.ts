/** Sessions as their partition's owner serves them: asked for, ended by time that nobody else moves, and their last wills said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANSWER_CODE } from '../../../schemas/envelope.ts';
import {
  decodeEventBatch,
  decodeSessionState,
  encodeConnected,
  encodeDisconnected,
  KIND,
  VIA,
  type ConnectedInit,
  type DisconnectedInit,
  type Event,
  type EventInit,
  type SessionState,
} from '../../../schemas/gen/lean.ts';
import { World, type StartedOwner } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';

const EDGE = 7;
const WILL = { topic: 'plant/1/status', payload: Buffer.from('lost'), flags: 1 };

const about = (kind: number, more: EventInit): EventInit => ({ tenant: 't', device: 'd1', session: 'd:d1', kind, via: VIA.mqtt, ...more });
const connected = (more: ConnectedInit): EventInit =>
  about(KIND.connected, { payload: encodeConnected({ keepAliveS: 60, level: 5, edgeConnection: 1, ...more }) });
const disconnected = (more: DisconnectedInit): EventInit =>
  about(KIND.disconnected, { payload: encodeDisconnected({ edgeConnection: 1, ...more }) });

async function sessionOf(life: StartedOwner, minSeq: number): Promise<SessionState | undefined> {
  const answer = await life.ask({ minSeq, session: { tenant: 't', session: 'd:d1' } });
  if (answer.code === ANSWER_CODE.notFound) return undefined;
  assert.equal(answer.code, ANSWER_CODE.ok);
  return decodeSessionState(answer.body);
}

const said = (world: World): readonly Event[] => world.topicEffects.messages(0).flatMap((data) => decodeEventBatch(data)?.events ?? []);

/** Sends at the time that the owner's clock shows, as a server would stamp it. */
const send = (world: World, event: EventInit): number => world.edge(EDGE).send([event], world.clock.now());

test('whoever has appended a CONNECTED asks what the session came to', async () => {
  const world = new World();
  const life = world.start();
  await life.state('folding');
  assert.equal(await sessionOf(life, 0), undefined);
  const seq = send(world, connected({ expiryS: 600 }));
  const state = await sessionOf(life, seq);
  assert.deepEqual([state?.connected, state?.connection, state?.edgeEpoch, state?.resumed], [true, seq * 65_536, EDGE, false]);
  await life.stop();
});

test('a will is said once, by whoever owns the partition when its delay is over', async () => {
  const world = new World();
  const edge = world.edge(EDGE);
  const first = world.start();
  await first.state('folding');
  edge.send([connected({ expiryS: 600, will: { ...WILL, delayS: 30 } })], world.clock.now());
  edge.send([disconnected({ sendWill: true, why: 'closed' })], world.clock.now());
  await first.settled(world);
  world.clock.aheadMs += 20_000;
  await first.stop();
  assert.deepEqual(said(world), [], 'its delay runs');
  world.clock.aheadMs += 11_000;
  const second = world.start();
  await until(() => said(world).length > 0, 'the will');
  await second.settled(world);
  await second.stop();
  const third = world.start();
  await third.settled(world);
  await third.stop();
  const events = said(world);
  assert.deepEqual(
    events.map(({ effectIndex, effectSource, kind, payload, tenant, topic }) => [
      tenant,
      topic,
      Buffer.from(payload).toString(),
      kind,
      effectSource,
      effectIndex,
    ]),
    [['t', WILL.topic, 'lost', KIND.published, '0', 0]],
  );
  const records = await world.records();
  assert.ok((records[(events[0]?.effectVersion ?? 0) - 1]?.decisions.length ?? 0) > 0, 'it names its record');
});

test('when an edge is gone its connections end, and their wills are said', async () => {
  const world = new World();
  let isGone = false;
  const life = world.start({ isEdgeGone: (epoch) => isGone && epoch === EDGE });
  await life.state('folding');
  const seq = send(world, connected({ expiryS: 600, will: WILL }));
  assert.equal((await sessionOf(life, seq))?.connected, true);
  await until(() => life.owner.edges.includes(EDGE), 'the edge to be known');
  isGone = true;
  await until(async () => (await sessionOf(life, 0))?.orphaned === true, 'the news');
  assert.deepEqual(said(world), [], 'its client may come again elsewhere');
  world.clock.aheadMs += 11_000;
  await until(() => said(world).length > 0, 'the will');
  const state = await sessionOf(life, 0);
  assert.deepEqual([state?.connected, state?.disconnectWhy], [false, 'edge-gone']);
  assert.equal(said(world).length, 1);
  await life.stop();
});
