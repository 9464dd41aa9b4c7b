/** How much may be under way, and what is said when it is refused (MQTT 5 §3.1.2.11, §4.9): one test a clause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_INFLIGHT_MAX, EVENT_BYTES_MAX } from '../../../engine/kernel/limits.ts';
import { PACKET_BYTES_MAX } from '../../../ingest/mqtt/announced.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { inWorld, until } from '../../support/memory-broker.ts';
import { userProperties } from '../../support/mqtt-peer.ts';

const T = { timeout: 20_000 };
const KEPT = { clean: false, expiryS: 1_000 } as const;

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
