/** Shared subscriptions with members of kept and of clean sessions, over edges: what is waited for, and what is nobody's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWorld, until, type BrokerWorld } from '../../support/memory-broker.ts';
import type { MqttPeer } from '../../support/mqtt-peer.ts';
import { ackAll, BREAKS, comeBack, facts, KEPT, SILENT } from '../mqtt/redelivery.ts';
import { agreed, beginsAnew, got, MANY, publishMany, SHARE, sorted } from './share-members.ts';

const T = { timeout: 40_000 };

/** The edge that reads the only partition, and the other one. */
function readerAndOther(world: BrokerWorld): readonly [number, number] {
  const reads = (world.edge(0).side.shares.find('demo', `s:${SHARE}#0`)?.connection ?? 0) > 0;
  return reads ? [0, 1] : [1, 0];
}

// The edge of the clean member did not know of the kept one, which was never where the partition is read: it ended the group
// with its own last member, and the kept one began again with the first message after it had subscribed.
test(
  'the group waits for a kept member that was at another edge than its partitions',
  T,
  inWorld({ edges: 2, partitions: 1 }, async (world) => {
    const members = [await world.peer({ clientId: 'c0' }), await world.peer({ clientId: 'c1', edge: 1 })];
    for (const member of members) await member.subscribe(SHARE);
    await agreed(world);
    const [reader, other] = readerAndOther(world);
    const kept = await world.peer({ clientId: 'kept', edge: other, ...KEPT });
    await kept.subscribe(SHARE);
    await members[other]?.leave();
    const early = await publishMany(world);
    await got([...members, kept], MANY);
    await kept.leave();
    await world.settled();
    await members[reader]?.leave();
    await world.settled();
    const late = await publishMany(world, { from: 1_000 });
    const again = await world.peer({ clientId: 'kept', edge: other, ...KEPT });
    await got([again], MANY);
    await agreed(world);
    await world.settled();
    assert.deepEqual(sorted([...members, kept]), early);
    assert.deepEqual(sorted([again]), late);
  }),
);

test(
  'the group waits for a kept member whose edge has died, when the others leave',
  T,
  inWorld({ edges: 2, partitions: 2 }, async (world) => {
    const kept = await world.peer({ clientId: 'kept', ...KEPT });
    const clean = await world.peer({ clientId: 'clean', edge: 1 });
    for (const member of [kept, clean]) await member.subscribe(SHARE);
    await agreed(world);
    const early = await publishMany(world, { edge: 1 });
    await got([kept, clean], MANY);
    await world.settled();
    const { epoch } = world.edge(0);
    await world.kill(0);
    await world.engine.edgeGone(epoch);
    await agreed(world);
    const before = sorted([kept, clean]);
    assert.deepEqual([...new Set(before)], early);
    await clean.leave();
    await world.settled();
    const late = await publishMany(world, { from: 1_000, edge: 1 });
    const again = await world.peer({ clientId: 'kept', edge: 1, ...KEPT });
    await got([again], MANY);
    await agreed(world);
    await world.settled();
    assert.deepEqual(sorted([again]), late);
  }),
);

test(
  'messages of a group of clean members are nobody’s when the last has left, at whichever edge',
  T,
  inWorld({ edges: 2, partitions: 4 }, async (world) => {
    const one = await world.peer({ clientId: 'one' });
    const two = await world.peer({ clientId: 'two', edge: 1 });
    for (const member of [one, two]) await member.subscribe(SHARE);
    await agreed(world, SHARE, ['edge-1', 'edge-2']);
    await one.leave();
    await agreed(world, SHARE, ['edge-2']);
    await two.leave();
    await world.settled();
    await beginsAnew(world, 'one');
  }),
);

// Its partitions were another edge's meanwhile, and nobody told it so: it went on giving out, and what it said of that was not
// heard, so the next one began where it had been cut off.
test(
  'an edge that was cut off for so long that others took its partitions begins with them again',
  T,
  inWorld({ edges: 2, partitions: 4 }, async (world) => {
    const one = await world.peer({ clientId: 'one' });
    const two = await world.peer({ clientId: 'two', edge: 1 });
    for (const member of [one, two]) await member.subscribe(SHARE);
    await agreed(world, SHARE, ['edge-1', 'edge-2']);
    const readsAll = (edge: number): boolean =>
      Array.from({ length: 4 }, (_, p) => world.edge(edge).side.shares.find('demo', `s:${SHARE}#${p}`)?.connection ?? 0).every(
        (c) => c > 0,
      );
    world.edge(0).isCutOff = true;
    await until(() => readsAll(1), 'the other edge has them all');
    world.edge(0).reconnect();
    await agreed(world, SHARE, ['edge-1', 'edge-2']);
    const first = await publishMany(world, { edge: 1 });
    await got([one, two], MANY);
    await world.settled();
    assert.deepEqual(sorted([one, two]), first);
    // What was given out since is known to whoever goes on.
    await one.leave();
    await agreed(world, SHARE, ['edge-2']);
    const second = await publishMany(world, { edge: 1, from: 1_000 });
    await got([one, two], 2 * MANY);
    await world.settled();
    assert.deepEqual(sorted([one, two]), [...first, ...second]);
  }),
);

test(
  'a member that ends its session when it takes leave is not waited for',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe(SHARE);
    await agreed(world);
    await a.leave(0, 0);
    await world.settled();
    await beginsAnew(world, 'c');
  }),
);

test(
  'QoS 2 that a member was sent is no other’s when its session ends (MQTT-4.8.2-5)',
  T,
  inWorld({}, async (world) => {
    const one = await world.peer({ clientId: 'one', acks: 'manual' });
    await one.subscribe(SHARE, { qos: 2 });
    await agreed(world);
    const b = await world.peer({ clientId: 'b' });
    for (const text of ['sent', 'received']) await b.publish('x/1', text, { qos: 2 });
    await one.gets(2);
    const two = await world.peer({ clientId: 'two' });
    await two.subscribe(SHARE, { qos: 2 });
    const [, received] = one.messages;
    if (received !== undefined) one.ack(received);
    await one.next(({ cmd }) => cmd === 'pubrel', true);
    one.destroy();
    await world.settled();
    await b.publish('x/1', 'last', { qos: 2 });
    await two.gets(1);
    assert.deepEqual(two.payloads, ['last']);
  }),
);

for (const how of [...BREAKS, 'dies'] as const) {
  test(
    `${how}: QoS 2 that a session has by its own subscription and by shared ones is as many messages, each with its identifier`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const a = await world.peer(SILENT);
      const other = SHARE.replace('/g/', '/h/');
      await a.subscribe(SHARE, { qos: 2, id: 7 });
      await a.subscribe(other, { qos: 2, id: 8 });
      await a.subscribe('x/#', { qos: 2, id: 9 });
      await agreed(world);
      await agreed(world, other);
      const b = await world.peer({ clientId: 'b', edge: 1 });
      await b.publish('x/1', 'm', { qos: 2 });
      await a.gets(3);
      await world.settled();
      const again = await comeBack(world, how, a);
      await again.gets(3);
      await world.settled();
      assert.deepEqual(facts(again), facts(a));
      const ids = ({ messages }: MqttPeer): unknown => messages.map(({ properties }) => properties?.subscriptionIdentifier);
      assert.deepEqual(ids(again), ids(a));
      ackAll(again);
      await world.settled();
      const last = await comeBack(world, how === 'dies' ? 'drops' : how, again);
      await world.settled();
      assert.deepEqual(last.messages, []);
    }),
  );
}
