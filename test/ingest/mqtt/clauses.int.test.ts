/** Single clauses of MQTT that concern one connection, by raw packets: what may not be sent, who is sent away, who is not read. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { CLIENT_INFLIGHT_MAX } from '../../../engine/kernel/limits.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { inWorld, until } from '../../support/memory-broker.ts';
import { reasonOf, type MqttPeer } from '../../support/mqtt-peer.ts';
import { connectPacket, publishPacket, text } from './client-codec.ts';
import { startEdge } from './fixtures.ts';

const T = { timeout: 20_000 };
const KEPT = { clean: false, expiryS: 1_000 } as const;
/** A CONNACK that has to be sent is no larger. */
const NARROW_BYTES = 24;

function subscribePacket(packetId: number, filters: readonly string[]): Buffer {
  const body = Buffer.concat([
    Uint8Array.of(packetId >> 8, packetId & 0xff, 0),
    ...filters.flatMap((filter) => [text(filter), Uint8Array.of(0)]),
  ]);
  return Buffer.concat([Uint8Array.of(0x82, body.length), body]);
}

function unsubscribePacket(packetId: number, filters: readonly string[]): Buffer {
  const body = Buffer.concat([Uint8Array.of(packetId >> 8, packetId & 0xff, 0), ...filters.map((filter) => text(filter))]);
  return Buffer.concat([Uint8Array.of(0xa2, body.length), body]);
}

function countOf(peer: MqttPeer, cmd: string): number {
  return peer.packets.filter((packet) => packet.cmd === cmd).length;
}

const filters = Array.from({ length: NARROW_BYTES }, (_, i) => String(i % 10));

test(
  'a SUBACK or UNSUBACK that is larger than the client takes is not sent: 0x95, and nothing was subscribed to',
  T,
  inWorld({}, async (world) => {
    for (const packet of [subscribePacket(1, filters), unsubscribePacket(1, filters)]) {
      const a = await world.peer({ clientId: 'a', properties: { maximumPacketSize: NARROW_BYTES }, ...KEPT });
      a.sendBytes(packet);
      assert.ok(await a.ends());
      assert.equal(a.leaveReason, REASON.PACKET_TOO_LARGE);
      assert.equal(countOf(a, 'suback') + countOf(a, 'unsuback'), 0);
    }
    const again = await world.peer({ clientId: 'a', properties: { maximumPacketSize: NARROW_BYTES }, ...KEPT });
    again.sendBytes(subscribePacket(2, filters.slice(0, 3)));
    assert.deepEqual((await again.next(({ cmd }) => cmd === 'suback'))?.cmd, 'suback');
    const b = await world.peer({ clientId: 'b' });
    assert.equal(await b.publish('5', 'nobody subscribes'), 0);
    assert.equal(await b.publish('2', 'one'), 0);
    assert.deepEqual(await again.gets(1), ['one']);
  }),
);

test('Request Response Information may be asked for, and nothing is answered; what is no flag is a protocol error', T, async () => {
  const edge = await startEdge();
  try {
    for (const [value, reason, hasMore] of [
      [1, REASON.SUCCESS, true],
      [2, REASON.PROTOCOL_ERROR, false],
    ] as const) {
      const plain = await edge.connect();
      plain.send(connectPacket({ level: 5, password: 'device:d' }));
      const expected = await plain.packet();
      const wire = await edge.connect();
      wire.send(connectPacket({ level: 5, password: 'device:d', properties: Uint8Array.of(0x19, value) }));
      const connack = await wire.packet();
      assert.equal(connack?.[3], reason);
      if (hasMore) assert.deepEqual(connack, expected);
    }
  } finally {
    await edge.close();
  }
});

test('AUTH belongs to a method that was agreed on: none is, so it ends any connection', T, async () => {
  const edge = await startEdge();
  try {
    const opened = await edge.device(5, 'd');
    opened.send(Uint8Array.of(0xf0, 0));
    assert.deepEqual([...((await opened.packet()) ?? [])].slice(0, 3), [0xe0, 1, REASON.PROTOCOL_ERROR]);
    const first = await edge.connect();
    first.send(Uint8Array.of(0xf0, 0));
    assert.equal(await first.packet(), undefined);
    assert.ok(first.hasEnded);
    const dataOnly = await edge.connect();
    dataOnly.send(connectPacket({ level: 5, password: 'device:e', properties: Uint8Array.of(0x16, 0, 1, 0x78) }));
    assert.equal((await dataOnly.packet())?.[3], REASON.PROTOCOL_ERROR);
    const older = await edge.device(4, 'f');
    older.send(Uint8Array.of(0xf0, 0));
    assert.equal(await older.packet(), undefined);
    assert.ok(older.hasEnded);
  } finally {
    await edge.close();
  }
});

test(
  'an identifier in use is refused with the acknowledgement of its QoS: PUBACK or PUBREC 0x91',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    world.weather = ({ log }) => ({ kind: log === 'topics' ? 'hold' : 'store' });
    for (const qos of [1, 2] as const) for (const payload of ['one', 'two']) b.sendPublish('x', payload, { qos, packetId: qos });
    await world.settled();
    world.weather = () => ({ kind: 'store' });
    world.release();
    await until(() => countOf(b, 'puback') === 2 && countOf(b, 'pubrec') === 2);
    const answers = b.packets.flatMap((packet) =>
      packet.cmd === 'puback' || packet.cmd === 'pubrec' ? [[packet.cmd, packet.messageId, reasonOf(packet)]] : [],
    );
    assert.deepEqual(answers, [
      ['puback', 1, 0],
      ['puback', 1, REASON.PACKET_ID_IN_USE],
      ['pubrec', 2, 0],
      ['pubrec', 2, REASON.PACKET_ID_IN_USE],
    ]);
  }),
);

// A 3.1.1 client has no receive maximum: it may write many PUBLISHes before it reads the first PUBREC, and each PUBREL stands
// behind all of them. A server that waits for a PUBREL before it reads on waits for ever.
test(
  'a 3.1.1 client may have many QoS 2 messages in use at once, and gets through; too many end its connection',
  T,
  inWorld({}, async (world) => {
    const listener = await world.peer({ clientId: 'a' });
    await listener.subscribe('x', { qos: 0 });
    for (const [round, clean] of [true, false].entries()) {
      const b = await world.peer({ level: 4, clientId: 'b', clean });
      const ids = Array.from({ length: 300 }, (_, i) => i + 1);
      b.sendBytes(
        Buffer.concat(ids.map((packetId) => publishPacket({ level: 4, topic: 'x', qos: 2, packetId, payload: String(packetId) }))),
      );
      await until(() => countOf(b, 'pubrec') === ids.length);
      for (const messageId of ids) b.send({ cmd: 'pubrel', messageId });
      await until(() => countOf(b, 'pubcomp') === ids.length);
      const got = await listener.gets(ids.length * (round + 1));
      assert.deepEqual(got.slice(ids.length * round), ids.map(String));
      await b.leave();
    }
    const greedy = await world.peer({ level: 4, clientId: 'c' });
    const many = Array.from({ length: 8_193 }, (_, i) => publishPacket({ level: 4, topic: 'y', qos: 2, packetId: i + 1, payload: '' }));
    greedy.sendBytes(Buffer.concat(many));
    assert.ok(await greedy.ends(10_000));
    // Some of them were not stored yet when the last came.
    const answered = countOf(greedy, 'pubrec');
    assert.ok(answered < many.length && answered >= many.length - 1 - CLIENT_INFLIGHT_MAX, String(answered));
  }),
);

test(
  'a client that changes its session faster than the log takes it is not read until it does, and all is answered in order',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('first');
    world.weather = ({ log }) => ({ kind: log === 'input' ? 'hold' : 'store' });
    const ids = Array.from({ length: 40 }, (_, i) => i + 100);
    for (const packetId of ids) a.sendBytes(subscribePacket(packetId, [String(packetId)]));
    a.send({ cmd: 'pingreq' });
    await world.settled();
    assert.equal(countOf(a, 'pingresp'), 0);
    world.weather = () => ({ kind: 'store' });
    world.release();
    await until(() => countOf(a, 'pingresp') === 1 && countOf(a, 'suback') === 1 + ids.length);
    assert.deepEqual(
      a.packets.flatMap((packet) => (packet.cmd === 'suback' && (packet.messageId ?? 0) >= 100 ? [packet.messageId] : [])),
      ids,
    );
  }),
);

test(
  'a PUBREL that comes again while the log is told of the first says nothing more, and is answered once',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b', ...KEPT });
    b.sendPublish('x', 'm', { qos: 2, packetId: 5 });
    await until(() => countOf(b, 'pubrec') === 1);
    world.weather = ({ log }) => ({ kind: log === 'input' ? 'hold' : 'store' });
    for (let i = 0; i < 5; i++) b.send({ cmd: 'pubrel', messageId: 5 });
    b.send({ cmd: 'pingreq' });
    await until(() => countOf(b, 'pingresp') === 1);
    assert.equal(countOf(b, 'pubcomp'), 0);
    world.weather = () => ({ kind: 'store' });
    world.release();
    await until(() => countOf(b, 'pubcomp') === 1);
    await world.settled();
    assert.equal(countOf(b, 'pubcomp'), 1);
    assert.equal(await b.release(5), REASON.PACKET_ID_NOT_FOUND);
  }),
);
