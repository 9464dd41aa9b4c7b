/** What is delivered, and how (MQTT 5 §3.3, §4.6, §4.9): one test a clause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_TOPIC_ALIAS_MAX } from '../../../engine/kernel/limits.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { inWorld, until } from '../../support/memory-broker.ts';
import { userProperties } from '../../support/mqtt-peer.ts';

const T = { timeout: 20_000 };
const KEPT = { clean: false, expiryS: 1_000 } as const;

test(
  'QoS: a message comes with the lower of its own and the subscription’s',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const b = await world.peer({ clientId: 'b', edge: 1 });
    for (const granted of [0, 1, 2] as const) {
      const a = await world.peer({ clientId: `a${granted}` });
      assert.deepEqual(await a.subscribe('x', { qos: granted }), [granted]);
      for (const qos of [0, 1, 2] as const) await b.publish('x', `${qos}`, { qos });
      await a.gets(3);
      const expected = [0, 1, 2].map((qos) => `${qos}:${Math.min(qos, granted)}`);
      assert.deepEqual(a.messages.map(({ payload, qos }) => `${payload.toString()}:${qos}`).toSorted(), expected);
      await a.leave();
    }
  }),
);

test(
  'ordering: messages of one publisher, topic and QoS come in order, over edges',
  T,
  inWorld({ edges: 2, partitions: 4 }, async (world) => {
    const a = await world.peer({ clientId: 'a', edge: 1 });
    await a.subscribe('x/#', { qos: 2 });
    const b = await world.peer({ clientId: 'b' });
    const topics = ['x/1', 'x/2', 'x/3'];
    for (let i = 0; i < 60; i++) {
      const qos = ([0, 1, 2] as const)[i % 3] ?? 0;
      b.sendPublish(topics[i % 7] ?? 'x/4', `${i}`, { qos, packetId: i + 1 });
    }
    b.packets.length = 0;
    await until(() => b.packets.filter(({ cmd }) => cmd === 'pubrec').length === 20);
    for (let i = 2; i < 60; i += 3) b.send({ cmd: 'pubrel', messageId: i + 1 });
    await a.gets(60);
    await world.settled();
    assert.equal(a.messages.length, 60);
    const ways = new Map<string, number[]>();
    for (const { payload, qos, topic } of a.messages) {
      const way = `${topic} ${qos}`;
      ways.set(way, [...(ways.get(way) ?? []), Number(payload)]);
    }
    for (const [way, numbers] of ways)
      assert.deepEqual(
        numbers,
        numbers.toSorted((p, q) => p - q),
        way,
      );
  }),
);

test(
  'acknowledgements come in the order of what they acknowledge, even where partitions answer in another',
  T,
  inWorld({ partitions: 4 }, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    let isFirst = true;
    world.weather = ({ log }) => {
      if (log !== 'topics' || !isFirst) return { kind: 'store' };
      isFirst = false;
      return { kind: 'hold' };
    };
    for (let i = 1; i <= 20; i++) b.sendPublish(`x/${i}`, `${i}`, { qos: 1, packetId: i });
    await world.settled();
    world.release();
    await until(() => b.packets.filter(({ cmd }) => cmd === 'puback').length === 20);
    const acked = b.packets.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId] : []));
    assert.deepEqual(
      acked,
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  }),
);

test(
  'topic alias of the client: topics are left out, and reach who subscribes to them; an alias can be set anew',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe('#');
    const b = await world.peer({ clientId: 'b' });
    assert.equal(b.connack?.properties?.topicAliasMaximum, CLIENT_TOPIC_ALIAS_MAX);
    const properties = { topicAlias: 1 };
    for (const [topic, text] of [
      ['x', '1'],
      ['', '2'],
      ['y', '3'],
      ['', '4'],
    ] as const) {
      assert.equal(await b.publish(topic, text, { properties }), 0);
    }
    await a.gets(4);
    assert.deepEqual(a.messages.map(({ payload, topic }) => `${topic}${payload.toString()}`).toSorted(), ['x1', 'x2', 'y3', 'y4']);
    assert.ok(a.messages.every((message) => message.properties?.topicAlias === undefined));
  }),
);

test(
  'topic alias 0, or above what is allowed: 0x94; one that was never set: a protocol error; none outlives the connection',
  T,
  inWorld({}, async (world) => {
    const say = async (topic: string, topicAlias: number, before = false): Promise<number | undefined> => {
      const b = await world.peer({ clientId: 'b', ...KEPT });
      if (before) {
        assert.equal(await b.publish('x', 'set', { properties: { topicAlias } }), 0);
        b.destroy();
        await world.settled();
        return say(topic, topicAlias);
      }
      b.sendPublish(topic, 'm', { qos: 1, packetId: 1, properties: { topicAlias } });
      assert.ok(await b.ends());
      return b.leaveReason;
    };
    assert.equal(await say('x', 0), REASON.TOPIC_ALIAS_INVALID);
    assert.equal(await say('x', CLIENT_TOPIC_ALIAS_MAX + 1), REASON.TOPIC_ALIAS_INVALID);
    assert.equal(await say('', 2), REASON.PROTOCOL_ERROR);
    assert.equal(await say('', 3, true), REASON.PROTOCOL_ERROR);
  }),
);

test(
  'topic aliases towards the client: no more than it takes, each said with its topic first; none where it takes none',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', properties: { topicAliasMaximum: 2 } });
    const plain = await world.peer({ clientId: 'c' });
    for (const peer of [a, plain]) await peer.subscribe('#');
    const b = await world.peer({ clientId: 'b' });
    for (const topic of ['x', 'y', 'z', 'x', 'y', 'z']) await b.publish(topic, topic);
    await Promise.all([a.gets(6), plain.gets(6)]);
    const known = new Map<number, string>();
    for (const { payload, properties, topic } of a.messages) {
      const alias = properties?.topicAlias;
      if (alias !== undefined && topic !== '') known.set(alias, topic);
      assert.equal(alias === undefined || topic !== '' ? topic : known.get(alias), payload.toString());
      assert.ok(alias === undefined || (alias >= 1 && alias <= 2));
    }
    assert.equal(a.messages.filter(({ topic }) => topic === '').length, 2);
    assert.ok(plain.messages.every(({ properties, topic }) => topic !== '' && properties?.topicAlias === undefined));
  }),
);

test(
  'user properties, payload format, content type, response topic and correlation data go on unchanged and in order',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'answers/here',
      correlationData: Buffer.from([1, 2, 3]),
      userProperties: { b: ['2', '1'], a: 'x' },
    };
    const b = await world.peer({ clientId: 'b', edge: 1 });
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x', { qos: 2 });
    await a.leave();
    await b.publish('x', 'waits', { properties, qos: 1 });
    await b.publish('x', 'folded', { properties, qos: 2 });
    const again = await world.peer({ clientId: 'a', ...KEPT });
    await again.gets(2);
    await b.publish('x', 'quick', { properties, qos: 0 });
    await again.gets(3);
    assert.deepEqual(again.payloads, ['waits', 'folded', 'quick']);
    for (const message of again.messages) {
      const { contentType, correlationData, payloadFormatIndicator, responseTopic } = message.properties ?? {};
      assert.deepEqual(
        { contentType, responseTopic, payloadFormatIndicator },
        { contentType: 'text/plain', responseTopic: 'answers/here', payloadFormatIndicator: true },
      );
      assert.deepEqual([...(correlationData ?? [])], [1, 2, 3]);
      assert.deepEqual({ ...userProperties(message) }, { b: ['2', '1'], a: 'x' });
    }
  }),
);

test(
  'message expiry: the seconds that are left go on with it, and when they are over nobody gets it',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x', { qos: 2 });
    await a.leave();
    const b = await world.peer({ clientId: 'b' });
    for (const [text, messageExpiryInterval] of [
      ['short', 10],
      ['long', 100],
    ] as const) {
      for (const qos of [1, 2] as const) await b.publish('x', `${text} ${qos}`, { qos, properties: { messageExpiryInterval } });
    }
    await b.publish('x', 'ever', { qos: 1 });
    await world.pass(30_000);
    const again = await world.peer({ clientId: 'a', ...KEPT });
    await again.gets(3);
    await world.settled();
    assert.deepEqual(again.payloads.toSorted(), ['ever', 'long 1', 'long 2']);
    for (const message of again.messages) {
      const left = message.properties?.messageExpiryInterval;
      if (message.payload.toString() === 'ever') assert.equal(left, undefined);
      else assert.ok(left !== undefined && left >= 68 && left <= 70, `${left}`);
    }
  }),
);

test(
  'message expiry also ends messages that wait for the client’s window',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', acks: 'manual', properties: { receiveMaximum: 1 } });
    await a.subscribe('x');
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'first');
    await b.publish('x', 'expires', { properties: { messageExpiryInterval: 5 } });
    await b.publish('x', 'last');
    await a.gets(1);
    await world.pass(6_000);
    const [first] = a.messages;
    if (first !== undefined) a.ack(first);
    assert.deepEqual(await a.gets(2), ['first', 'last']);
  }),
);

test(
  'DUP is not passed on, and Retain only where it is asked for',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe('x');
    const rap = await world.peer({ clientId: 'r' });
    await rap.subscribe('x', { rap: true });
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'm', { dup: true, retain: true });
    await b.publish('x', 'n', {});
    await Promise.all([a.gets(2), rap.gets(2)]);
    assert.deepEqual(
      a.messages.map(({ dup, retain }) => [dup, retain]),
      [
        [false, false],
        [false, false],
      ],
    );
    assert.deepEqual(
      rap.messages.map(({ dup, retain }) => [dup, retain]),
      [
        [false, true],
        [false, false],
      ],
    );
  }),
);
