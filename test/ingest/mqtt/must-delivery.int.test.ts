/** What is delivered, and how (MQTT 5 §3.3, §4.6, §4.9): one test a clause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_INFLIGHT_MAX, EVENT_BYTES_MAX } from '../../../engine/kernel/limits.ts';
import { CLIENT_TOPIC_ALIAS_MAX, PACKET_BYTES_MAX } from '../../../ingest/mqtt/announced.ts';
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
  'receive maximum of the client: no more than that is in flight to it, and the rest comes as it acknowledges',
  T,
  inWorld({}, async (world) => {
    for (const qos of [1, 2] as const) {
      const a = await world.peer({ clientId: `a${qos}`, acks: 'manual', properties: { receiveMaximum: 3 } });
      await a.subscribe('x', { qos });
      const b = await world.peer({ clientId: `b${qos}` });
      for (let i = 0; i < 8; i++) assert.equal(await b.publish('x', `${i}`, { qos }), 0);
      await world.settled();
      assert.deepEqual(a.payloads, ['0', '1', '2']);
      const [first] = a.messages;
      if (first !== undefined) a.ack(first);
      if (qos === 2) {
        // A message counts until PUBCOMP (§4.9).
        await world.settled();
        assert.equal(a.messages.length, 3);
        a.send({ cmd: 'pubcomp', messageId: first?.messageId ?? 0 });
      }
      await a.gets(4);
      await world.settled();
      assert.deepEqual(a.payloads, ['0', '1', '2', '3']);
      await a.leave();
    }
  }),
);

test(
  'a refusing PUBREC (0x80 and above) ends the flow, and makes room',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', acks: 'manual', properties: { receiveMaximum: 1 }, ...KEPT });
    await a.subscribe('x', { qos: 2 });
    const b = await world.peer({ clientId: 'b' });
    for (const text of ['one', 'two']) await b.publish('x', text, { qos: 2 });
    await a.gets(1);
    a.send({ cmd: 'pubrec', messageId: a.messages[0]?.messageId ?? 0, reasonCode: REASON.QUOTA_EXCEEDED });
    assert.deepEqual(await a.gets(2), ['one', 'two']);
    assert.ok(a.packets.every(({ cmd }) => cmd !== 'pubrel'));
  }),
);

test(
  'receive maximum of the server: said, and whoever goes beyond is sent away with 0x93',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    assert.equal(b.connack?.properties?.receiveMaximum, CLIENT_INFLIGHT_MAX);
    world.weather = ({ log }) => ({ kind: log === 'topics' ? 'hold' : 'store' });
    for (let i = 1; i <= CLIENT_INFLIGHT_MAX; i++) b.sendPublish('x', 'm', { qos: 1, packetId: i });
    await world.settled();
    assert.ok(!b.hasEnded);
    b.sendPublish('x', 'm', { qos: 1, packetId: CLIENT_INFLIGHT_MAX + 1 });
    assert.ok(await b.ends());
    assert.equal(b.leaveReason, REASON.RECEIVE_MAXIMUM_EXCEEDED);
  }),
);

test(
  'QoS 2 messages count against the server’s receive maximum until PUBREL',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    for (let i = 1; i <= CLIENT_INFLIGHT_MAX; i++) b.sendPublish('x', 'm', { qos: 2, packetId: i });
    await until(() => b.packets.filter(({ cmd }) => cmd === 'pubrec').length === CLIENT_INFLIGHT_MAX);
    assert.equal(await b.release(1), 0);
    assert.equal(await b.publish('x', 'm', { qos: 1, packetId: 900 }), 0);
    b.sendPublish('x', 'm', { qos: 2, packetId: 901 });
    await b.next((packet) => packet.cmd === 'pubrec' && packet.messageId === 901, true);
    b.sendPublish('x', 'm', { qos: 2, packetId: 902 });
    assert.ok(await b.ends());
    assert.equal(b.leaveReason, REASON.RECEIVE_MAXIMUM_EXCEEDED);
  }),
);

test(
  'packet size of the server: said, and a larger packet ends the connection with 0x95',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    assert.equal(b.connack?.properties?.maximumPacketSize, PACKET_BYTES_MAX);
    assert.equal(await b.publish('x', Buffer.alloc(EVENT_BYTES_MAX)), 0);
    b.sendPublish('x', Buffer.alloc(PACKET_BYTES_MAX), { qos: 1, packetId: 5 });
    assert.ok(await b.ends());
    assert.equal(b.leaveReason, REASON.PACKET_TOO_LARGE);
  }),
);

test(
  'a payload above what an event may have is refused with 0x97, and the connection stays',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    for (const qos of [1, 2] as const)
      assert.equal(await b.publish('x', Buffer.alloc(EVENT_BYTES_MAX + 1), { qos }), REASON.QUOTA_EXCEEDED);
    assert.equal(await b.publish('x', 'small'), 0);
  }),
);

test(
  'packet size of the client: a larger message is not sent, and the session goes on as if it had been',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', properties: { maximumPacketSize: 100, receiveMaximum: 1 }, ...KEPT });
    await a.subscribe('x', { qos: 2 });
    const b = await world.peer({ clientId: 'b' });
    for (const qos of [0, 1, 2] as const) {
      await b.publish('x', Buffer.alloc(200), { qos });
      await b.publish('x', `after ${qos}`, { qos });
    }
    await a.gets(3);
    await world.settled();
    assert.deepEqual(a.payloads.toSorted(), ['after 0', 'after 1', 'after 2']);
    assert.deepEqual(world.edge().unsent, ['packet-bytes', 'packet-bytes', 'packet-bytes']);
    await a.leave();
    // Nor does it come again.
    const again = await world.peer({ clientId: 'a', ...KEPT });
    await world.settled();
    assert.deepEqual(again.payloads, []);
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

test(
  'PUBACK and PUBREC say 0x87 where the policy doesn’t grant the topic; 3.1.1 is closed',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b', password: 'may:telemetry:write topic:mine/#:pubsub' });
    for (const qos of [1, 2] as const) {
      assert.equal(await b.publish('mine/x', 'm', { qos }), 0);
      assert.equal(await b.publish('yours/x', 'm', { qos }), REASON.NOT_AUTHORIZED);
    }
    const old = await world.peer({ level: 4, clientId: 'c', password: 'may:telemetry:write topic:mine/#:pubsub' });
    old.sendPublish('yours/x', 'm', { qos: 1, packetId: 1 });
    assert.ok(await old.ends());
  }),
);

test(
  'a full log is said with 0x97 and a time to try again, and nothing of it is delivered',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe('x');
    const b = await world.peer({ clientId: 'b' });
    world.weather = ({ log }) => (log === 'topics' ? { kind: 'refuse', why: 'full' } : { kind: 'store' });
    b.sendPublish('x', 'm', { qos: 1, packetId: 1 });
    const ack = await b.next((packet) => packet.cmd === 'puback', true);
    assert.ok(ack?.cmd === 'puback' && ack.reasonCode === REASON.QUOTA_EXCEEDED);
    assert.equal(userProperties(ack)?.['limit'], 'log-bytes');
    await world.settled();
    assert.deepEqual(a.payloads, []);
  }),
);

test(
  'a message is acknowledged only when the log has it, and delivered once though its batch was sent again',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer({ clientId: 'a', edge: 1 });
    await a.subscribe('x', { qos: 2 });
    const b = await world.peer({ clientId: 'b' });
    for (const qos of [1, 2] as const) {
      world.weather = ({ log }) => ({ kind: log === 'topics' ? 'hold' : 'store' });
      b.sendPublish('x', `held ${qos}`, { qos, packetId: 10 + qos });
      await world.settled();
      assert.ok(b.packets.every(({ cmd }) => cmd !== 'puback' && cmd !== 'pubrec'));
      world.weather = () => ({ kind: 'store' });
      world.release();
      await b.next((packet) => packet.cmd === 'puback' || packet.cmd === 'pubrec', true);
      b.packets.length = 0;
    }
    let lost = 0;
    world.weather = ({ log }) => ({ kind: log === 'topics' && lost++ < 2 ? 'store-silently' : 'store' });
    assert.equal(await b.publish('x', 'resent', { qos: 2 }), 0);
    assert.equal(lost, 3);
    await a.gets(3);
    await world.settled();
    assert.deepEqual(a.payloads, ['held 1', 'held 2', 'resent']);
  }),
);
