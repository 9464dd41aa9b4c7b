/** Retained messages that a session was not rid of when its connection ended (MQTT 5 §3.3.1.3, §4.4): one test a clause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SWEEP_MS } from '../../../ingest/mqtt/announced.ts';
import { type BrokerWorld, inWorld, until } from '../../support/memory-broker.ts';
import { ackAll, BREAKS, comeBack, factOf, KEPT, SAID_MS, SILENT } from './redelivery.ts';

const T = { timeout: 20_000 };

async function retain(world: BrokerWorld, texts: readonly string[], qos: 1 | 2 = 1): Promise<void> {
  const b = await world.peer({ clientId: 'b', edge: 1 });
  for (const text of texts) await b.publish(`r/${text}`, text, { qos, retain: true });
  await world.settled();
  await b.leave();
}

async function purge(world: BrokerWorld): Promise<void> {
  for (let partition = 0; partition < world.partitions; partition++) {
    await world.topics.purge(partition, (await world.topics.bounds(partition)).lastSeq + 1);
  }
}

test(
  'who retains at QoS 0 and subscribes without a pause gets every message as retained, though nobody acknowledged them',
  T,
  inWorld({ edges: 1 }, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    const topics = Array.from({ length: 40 }, (_, i) => `q/${i}`);
    for (const topic of topics) a.send({ cmd: 'publish', topic, payload: topic, qos: 0, retain: true, dup: false });
    a.send({ cmd: 'subscribe', messageId: 900, subscriptions: [{ topic: 'q/#', qos: 0 }] });
    await a.gets(topics.length);
    await world.settled();
    assert.deepEqual(a.payloads.toSorted(), topics.toSorted());
    assert.ok(a.messages.every(({ retain: isRetained }) => isRetained));
  }),
);

test(
  'what came live after a SUBSCRIBE does not come again as retained, however long its filters wait for their turn',
  T,
  inWorld({ edges: 1 }, async (world) => {
    const { broker } = world.edge(0).side;
    const turns = await Promise.all(Array.from({ length: 8 }, () => broker.searchTurn('demo')));
    const a = await world.peer({ clientId: 'a' });
    const b = await world.peer({ clientId: 'b' });
    await b.publish('s/old', 'old', { qos: 1, retain: true });
    await a.subscribe(['r/#', 's/#']);
    await b.publish('s/new', 'new', { qos: 1, retain: true });
    await a.gets(1);
    for (const over of turns) over();
    await a.gets(2);
    await world.settled();
    assert.deepEqual(
      a.messages.map(({ payload, retain: isRetained }) => [payload.toString(), isRetained]),
      [
        ['new', false],
        ['old', true],
      ],
    );
  }),
);

test(
  'an ordinary message to the topic does not take the place of the retained one',
  T,
  inWorld({ edges: 1 }, async (world) => {
    const { broker } = world.edge(0).side;
    const turns = await Promise.all(Array.from({ length: 8 }, () => broker.searchTurn('demo')));
    const a = await world.peer({ clientId: 'a' });
    const b = await world.peer({ clientId: 'b' });
    await b.publish('s/lamp', 'state', { qos: 1, retain: true });
    await a.subscribe('s/#');
    await b.publish('s/lamp', 'event', { qos: 1 });
    await a.gets(1);
    for (const over of turns) over();
    await a.gets(2);
    await world.settled();
    assert.deepEqual(
      a.messages.map(({ payload, retain: isRetained }) => [payload.toString(), isRetained]),
      [
        ['event', false],
        ['state', true],
      ],
    );
  }),
);

for (const how of [...BREAKS, 'dies'] as const) {
  test(
    `${how} before retained messages of QoS 1 were acknowledged: they come again, purged from the log or not; afterwards they don’t`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      await retain(world, ['one', 'two', 'three']);
      const a = await world.peer({ ...SILENT, properties: { receiveMaximum: 2 } });
      await a.subscribe('r/#');
      await a.gets(2);
      if (how === 'drops') await purge(world);
      await world.settled();
      const again = await comeBack(world, how, a);
      await again.gets(3);
      assert.deepEqual(again.payloads.toSorted(), ['one', 'three', 'two']);
      assert.ok(again.messages.every(({ retain: isRetained }) => isRetained));
      ackAll(again);
      await world.settled();
      const last = await comeBack(world, how === 'dies' ? 'drops' : how, again);
      await world.settled();
      assert.deepEqual(last.payloads, []);
    }),
  );

  test(
    `${how} in the midst of retained messages of QoS 2: what the client has doesn’t come again, the rest does, each once`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      await retain(world, ['one', 'two', 'three', 'four', 'five'], 2);
      const a = await world.peer({ ...SILENT, properties: { receiveMaximum: 3 } });
      await a.subscribe('r/#', { qos: 2 });
      await a.gets(3);
      const [complete, received, sent] = a.messages;
      assert.ok(complete !== undefined && received !== undefined && sent !== undefined);
      a.ack(complete);
      await a.next((packet) => packet.cmd === 'pubrel', true);
      a.send({ cmd: 'pubcomp', messageId: complete.messageId ?? 0 });
      await a.gets(4);
      a.ack(received);
      await a.next((packet) => packet.cmd === 'pubrel' && packet.messageId === received.messageId, true);
      await world.settled();
      if (how === 'drops') await purge(world);
      const again = await comeBack(world, how, a);
      again.acks = 'auto';
      await until(() => again.packets.some(({ cmd }) => cmd === 'pubrel'));
      await again.gets(3);
      await world.settled();
      const [, , , fourth] = a.messages;
      assert.ok(fourth !== undefined);
      const open = new Set([sent, fourth].map(factOf));
      for (const message of again.messages) assert.equal(message.dup, open.delete(factOf(message)), factOf(message));
      assert.deepEqual([...open], []);
      const all = [complete, received].map(({ payload }) => payload.toString()).concat(again.payloads);
      assert.deepEqual(all.toSorted(), ['five', 'four', 'one', 'three', 'two']);
      assert.ok(again.messages.every(({ retain: isRetained }) => isRetained));
      const last = await comeBack(world, how === 'dies' ? 'drops' : how, again);
      await world.settled();
      assert.deepEqual(last.payloads, []);
      assert.ok(world.engine.known('demo', 'a:a')?.outgoing.every(({ retained }) => !retained));
    }),
  );
}

test(
  'what is retained after the subscription comes by itself, though retained messages are due when the session is taken up',
  T,
  inWorld({ edges: 2 }, async (world) => {
    await retain(world, ['old'], 2);
    const a = await world.peer(SILENT);
    await a.subscribe('r/#', { qos: 2 });
    await a.gets(1);
    a.destroy();
    await world.settled();
    await retain(world, ['new'], 2);
    const again = await world.peer({ ...SILENT, acks: 'auto', edge: 1 });
    await again.gets(2);
    await world.settled();
    const got = again.messages.map(({ payload, retain: isRetained }) => `${payload.toString()} ${isRetained}`);
    assert.deepEqual(
      got.toSorted((x, y) => x.localeCompare(y)),
      ['new false', 'old true'],
    );
  }),
);

test(
  'retained messages that are due come once more, and not twice, where the client subscribes again if it has to',
  T,
  inWorld({ edges: 2 }, async (world) => {
    await retain(world, ['one', 'two']);
    const a = await world.peer(SILENT);
    await a.subscribe('r/#');
    await a.gets(2);
    const again = await comeBack(world, 'drops', a);
    await again.subscribe('r/#', { rh: 1 });
    await again.gets(2);
    await world.settled();
    assert.deepEqual(again.payloads.toSorted(), ['one', 'two']);
    // It is still due, by a subscription that brings none.
    const third = await comeBack(world, 'drops', again);
    await third.gets(2);
    await third.unsubscribe('r/#');
    await world.settled();
    const last = await comeBack(world, 'drops', third);
    await world.settled();
    assert.deepEqual(last.payloads, []);
  }),
);

test(
  'the log hears within a while that no retained message is due any more',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b', keepalive: 1_000 });
    await b.publish('r/one', 'one', { retain: true });
    const a = await world.peer({ ...KEPT, clientId: 'a', keepalive: 1_000 });
    const isDue = (): boolean | undefined => world.engine.known('demo', 'a:a')?.subscriptions.some(({ retainedDue }) => retainedDue);
    await a.subscribe(['r/#', 'nothing', 'zero'], { qos: 1 });
    await a.gets(1);
    await world.settled();
    assert.equal(isDue(), true);
    world.clock.pass(SAID_MS);
    await until(() => isDue() === false);
    const { lastSeq } = await world.input.bounds(0);
    world.clock.pass(SAID_MS);
    await new Promise((resolve) => setTimeout(resolve, 2 * SWEEP_MS));
    assert.equal((await world.input.bounds(0)).lastSeq, lastSeq);
  }),
);

for (const how of [...BREAKS, 'dies'] as const) {
  for (const qos of [1, 2] as const) {
    test(
      `${how} before what a subscription brought that was made again was acknowledged: it comes again, waiting or sent; QoS ${qos}`,
      T,
      inWorld({ edges: 2 }, async (world) => {
        const a = await world.peer({ ...SILENT, acks: 'auto' });
        await a.subscribe('r/#', { qos });
        await retain(world, ['one', 'two', 'three'], qos);
        await a.gets(3);
        await world.settled();
        const edge = how === 'dies' ? 0 : 1;
        a.destroy();
        await world.settled();
        const second = await world.peer({ ...SILENT, edge, properties: { receiveMaximum: 1 } });
        await second.subscribe('r/#', { qos });
        await second.gets(1);
        await world.settled();
        const third = await comeBack(world, how, second);
        ackAll(third);
        await third.gets(3);
        await world.settled();
        assert.deepEqual(third.payloads.toSorted(), ['one', 'three', 'two']);
        assert.ok(third.messages.every(({ retain: isRetained }) => isRetained));
        const last = await comeBack(world, how === 'dies' ? 'drops' : how, third);
        await world.settled();
        assert.deepEqual(last.payloads, []);
      }),
    );
  }
}
