/** What comes again when a session is taken up again (MQTT 5 §4.4, §4.6, §4.9): one test a clause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWorld, until } from '../../support/memory-broker.ts';
import { ackAll, BREAKS, comeBack, comeBackAs, factOf, facts, isAgain, KEPT, SAID_MS, SILENT } from './redelivery.ts';

const T = { timeout: 20_000 };
for (const how of BREAKS) {
  test(
    `${how}: what is not acknowledged comes again, with DUP and its identifier, in the order of sending, before what is new`,
    T,
    inWorld({ edges: 2, partitions: 4 }, async (world) => {
      const a = await world.peer(SILENT);
      await a.subscribe('x/#', { qos: 2 });
      const b = await world.peer({ clientId: 'b' });
      for (let i = 0; i < 12; i++) {
        await b.publish(`x/${i % 5}`, `${i}`, { qos: i % 3 === 0 ? 2 : 1 });
        await a.gets(i + 1);
      }
      const acked = a.messages.filter(({ qos }, i) => qos === 1 && i < 6);
      for (const message of acked) a.ack(message);
      await world.settled();
      const again = await comeBack(world, how, a);
      await b.publish('x/0', 'new', { qos: 1 });
      await again.gets(9);
      await world.settled();
      const owed = facts(a).filter((fact) => !acked.map(factOf).includes(fact));
      assert.deepEqual(facts(again).slice(0, -1), owed);
      assert.deepEqual(again.messages.map(isAgain), [...owed.map(() => true), false]);
      assert.deepEqual(again.payloads.at(-1), 'new');
      assert.ok(!a.messages.some(({ messageId }) => messageId === again.messages.at(-1)?.messageId));
    }),
  );

  test(
    `${how}, and once more: still the same identifiers, until all is acknowledged`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const a = await world.peer(SILENT);
      await a.subscribe('x', { qos: 1, id: 7 });
      const b = await world.peer({ clientId: 'b' });
      for (const text of ['one', 'two', 'three']) await b.publish('x', text);
      await a.gets(3);
      const second = await comeBack(world, how, a);
      await second.gets(3);
      const [first] = second.messages;
      if (first !== undefined) second.ack(first);
      await world.settled();
      const third = await comeBack(world, how, second);
      await third.gets(2);
      assert.deepEqual(facts(third), facts(a).slice(1));
      assert.ok(third.messages.every(({ dup, properties }) => dup && properties?.subscriptionIdentifier === 7));
      ackAll(third);
      await world.settled();
      const last = await comeBack(world, how, third);
      await b.publish('x', 'new');
      await last.gets(1);
      await world.settled();
      assert.deepEqual(last.payloads, ['new']);
    }),
  );

  test(
    `${how}: what was acknowledged does not come again because an older message of QoS 2 was not`,
    T,
    inWorld({ edges: 2, partitions: 1 }, async (world) => {
      const a = await world.peer(SILENT);
      await a.subscribe('x', { qos: 2 });
      const b = await world.peer({ clientId: 'b' });
      for (const qos of [2, 1] as const) await b.publish('x', `of ${qos}`, { qos });
      await a.gets(2);
      for (const message of a.messages) if (message.qos === 1) a.ack(message);
      await world.settled();
      const again = await comeBack(world, how, a);
      await again.gets(1);
      ackAll(again);
      await world.settled();
      assert.deepEqual(facts(again), facts(a).slice(0, 1));
    }),
  );
}

test(
  'a message that an older one holds up is not sent again when it was acknowledged',
  T,
  inWorld({ edges: 2, partitions: 1 }, async (world) => {
    const a = await world.peer(SILENT);
    await a.subscribe('x');
    const b = await world.peer({ clientId: 'b' });
    for (const text of ['one', 'two', 'three']) await b.publish('x', text);
    await a.gets(3);
    for (const message of a.messages.slice(1)) a.ack(message);
    await world.settled();
    const again = await comeBack(world, 'drops', a);
    await again.gets(1);
    await world.settled();
    assert.deepEqual(facts(again), facts(a).slice(0, 1));
  }),
);

test(
  'MQTT 3.1.1: the same identifiers and DUP',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer({ level: 4, clientId: 'a', clean: false, acks: 'manual' });
    await a.subscribe('x');
    const b = await world.peer({ clientId: 'b' });
    for (const text of ['one', 'two']) await b.publish('x', text);
    await a.gets(2);
    const again = await comeBackAs(world, 'drops', { peer: a, options: { level: 4 } });
    await again.gets(2);
    assert.deepEqual([facts(again), again.messages.map(isAgain)], [facts(a), [true, true]]);
  }),
);

test(
  'a smaller receive maximum, and messages that wait: no more than that is in flight, and all come in order',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer({ ...SILENT, properties: { receiveMaximum: 5 } });
    await a.subscribe('x', { qos: 2 });
    const b = await world.peer({ clientId: 'b' });
    for (let i = 0; i < 8; i++) await b.publish('x', `${i}`, { qos: i < 3 ? 2 : 1 });
    await a.gets(5);
    const again = await comeBackAs(world, 'drops', { peer: a, options: { properties: { receiveMaximum: 2 } } });
    await again.gets(2);
    await world.settled();
    assert.equal(again.messages.length, 2);
    ackAll(again);
    await again.gets(8);
    await world.settled();
    assert.deepEqual(facts(again).slice(0, 5), facts(a));
    assert.deepEqual(again.payloads, ['0', '1', '2', '3', '4', '5', '6', '7']);
  }),
);

test(
  'a packet that is too large for the new connection is dropped, and the session goes on',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer(SILENT);
    await a.subscribe('x', { qos: 2 });
    const b = await world.peer({ clientId: 'b' });
    for (const qos of [1, 2] as const) await b.publish('x', 'x'.repeat(500), { qos });
    await b.publish('x', 'small');
    await a.gets(3);
    const again = await comeBackAs(world, 'drops', { peer: a, options: { properties: { maximumPacketSize: 200 } } });
    await again.gets(1);
    await world.settled();
    assert.deepEqual(again.payloads, ['small']);
  }),
);

test(
  'what was unsubscribed from is completed all the same',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer(SILENT);
    await a.subscribe('x');
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'one');
    await a.gets(1);
    await a.unsubscribe('x');
    const again = await comeBack(world, 'drops', a);
    await again.gets(1);
    assert.deepEqual([facts(again), again.messages.map(isAgain)], [facts(a), [true]]);
    ackAll(again);
    await world.settled();
    const last = await comeBack(world, 'drops', again);
    await world.settled();
    assert.deepEqual(last.payloads, []);
  }),
);

test(
  'what the policy doesn’t allow any more, or the log doesn’t hold, is not sent again, and holds nothing up',
  T,
  inWorld({ edges: 2, partitions: 1 }, async (world) => {
    const a = await world.peer(SILENT);
    await a.subscribe('#');
    const b = await world.peer({ clientId: 'b' });
    for (const topic of ['y', 'x', 'z']) await b.publish(topic, topic);
    await a.gets(3);
    a.destroy();
    await world.settled();
    await world.topics.purge(0, 2);
    const again = await world.peer({ ...SILENT, edge: 1, password: 'may:telemetry:write topic:z:pubsub' });
    await again.gets(1);
    await world.settled();
    assert.deepEqual(again.payloads, ['z']);
    assert.deepEqual(facts(again), facts(a).slice(2));
    assert.deepEqual(world.edge(1).unsent, ['forbidden']);
  }),
);

test(
  'an edge that dies: nothing is lost, and no identifier that the client may know stands for another message',
  T,
  inWorld({ edges: 2, partitions: 4 }, async (world) => {
    const a = await world.peer(SILENT);
    await a.subscribe('x/#', { qos: 2 });
    const b = await world.peer({ clientId: 'b', edge: 1 });
    for (let i = 0; i < 10; i++) await b.publish(`x/${i % 4}`, `${i}`, { qos: i % 4 === 0 ? 2 : 1 });
    await a.gets(10);
    const again = await comeBack(world, 'dies', a);
    await again.gets(10);
    await world.settled();
    assert.deepEqual(again.payloads.toSorted(), a.payloads.toSorted());
    const known = new Map(a.messages.map(({ messageId, payload }) => [messageId, payload.toString()]));
    for (const { messageId, payload } of again.messages) assert.ok([undefined, payload.toString()].includes(known.get(messageId)));
    assert.equal(new Set(again.messages.map(({ messageId }) => messageId)).size, 10);
    // Those of QoS 2 are known one by one.
    assert.deepEqual(
      facts(again).slice(0, 3),
      facts(a).filter((fact) => / 2 /.test(fact)),
    );
  }),
);

test(
  'an edge that dies a while after it said what is in flight: that comes with its identifiers, what followed with others',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer({ ...SILENT, keepalive: 1_000 });
    await a.subscribe('x');
    const b = await world.peer({ clientId: 'b', edge: 1, keepalive: 1_000 });
    for (const text of ['one', 'two', 'three']) await b.publish('x', text);
    await a.gets(3);
    world.clock.pass(SAID_MS);
    await until(() => world.engine.known('demo', 'a:a')?.inFlight?.packetId.length === 3);
    for (const text of ['four', 'five']) await b.publish('x', text);
    await a.gets(5);
    const [, second] = a.messages;
    if (second !== undefined) a.ack(second);
    await world.settled();
    const again = await comeBack(world, 'dies', a);
    await again.gets(5);
    await world.settled();
    assert.deepEqual(facts(again).slice(0, 3), facts(a).slice(0, 3));
    assert.deepEqual(again.messages.map(isAgain), [true, true, true, false, false]);
    assert.deepEqual(again.payloads, a.payloads);
    const known = a.messages.map(({ messageId }) => messageId);
    assert.ok(again.messages.slice(3).every(({ messageId }) => !known.includes(messageId)));
  }),
);

test(
  'a session that was sent nothing says nothing of what is in flight, and nothing is said of each delivery',
  T,
  inWorld({ partitions: 1 }, async (world) => {
    const a = await world.peer({ ...KEPT, clientId: 'a' });
    await a.subscribe('x');
    await a.leave();
    await world.settled();
    assert.equal(world.engine.known('demo', 'a:a')?.inFlight, undefined);
    const b = await world.peer({ clientId: 'b' });
    const again = await world.peer({ ...KEPT, clientId: 'a' });
    await world.settled();
    const before = (await world.input.bounds(0)).lastSeq;
    for (let i = 0; i < 5; i++) await b.publish('x', `${i}`);
    await again.gets(5);
    await world.settled();
    assert.equal((await world.input.bounds(0)).lastSeq, before);
  }),
);

test(
  'what was acknowledged while the log was still to hear of an older message of QoS 2 does not come again',
  T,
  inWorld({ edges: 2, partitions: 1 }, async (world) => {
    const a = await world.peer(SILENT);
    await a.subscribe('x', { qos: 2 });
    const b = await world.peer({ clientId: 'b', edge: 1 });
    await world.settled();
    world.weather = ({ edge, log }) => ({ kind: log === 'input' && edge === 'edge-1' ? 'hold' : 'store' });
    await b.publish('x', 'two', { qos: 2 });
    await b.publish('x', 'one', { qos: 1 });
    await a.gets(1);
    assert.deepEqual(a.payloads, ['one']);
    ackAll(a);
    await new Promise((resolve) => setTimeout(resolve, 100));
    a.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    world.weather = () => ({ kind: 'store' });
    world.release();
    await world.settled();
    const again = await world.peer({ ...SILENT, edge: 1 });
    await again.gets(1);
    await world.settled();
    assert.deepEqual(again.payloads, ['two']);
  }),
);

test(
  'what a client published itself comes again by the subscriptions that wanted it',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer(SILENT);
    await a.subscribe('x', { qos: 1, id: 1, nl: true });
    await a.subscribe('+', { qos: 1, id: 2 });
    await a.publish('x', 'm');
    await a.gets(1);
    assert.equal(a.messages[0]?.properties?.subscriptionIdentifier, 2);
    const again = await comeBack(world, 'drops', a);
    await again.gets(1);
    assert.equal(again.messages[0]?.properties?.subscriptionIdentifier, 2);
  }),
);
