/** QoS 2 both ways (MQTT 5 §4.3.3, §4.4), in every state in which a connection may break: exactly once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { inWorld, until, type BrokerWorld } from '../../support/memory-broker.ts';
import { reasonOf, type MqttPeer } from '../../support/mqtt-peer.ts';

const T = { timeout: 20_000 };
const KEPT = { clean: false, expiryS: 1_000 } as const;

/** How a connection breaks: `dies` takes its edge with it. */
const BREAKS = ['drops', 'is taken over', 'dies with its edge'] as const;
type Break = (typeof BREAKS)[number];

async function comeBack(world: BrokerWorld, how: Break, peer: MqttPeer): Promise<MqttPeer> {
  if (how === 'drops') {
    peer.destroy();
    await world.settled();
  }
  if (how === 'dies with its edge') await world.kill(0);
  const next = await world.peer({ clientId: peer.clientId, edge: 1, ...KEPT });
  assert.equal(next.sessionPresent, true);
  return next;
}

async function answer(peer: MqttPeer, cmd: 'pubrec' | 'pubcomp', packetId: number): Promise<number | undefined> {
  const found = await peer.next((packet) => packet.cmd === cmd && packet.messageId === packetId, true);
  return found === undefined ? undefined : reasonOf(found);
}

for (const how of BREAKS) {
  test(
    `towards the server, ${how} before PUBREC: the same PUBLISH again is taken once`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const a = await world.peer({ clientId: 'a', edge: 1 });
      await a.subscribe('x', { qos: 2 });
      const b = await world.peer({ clientId: 'b', ...KEPT });
      await world.settled();
      b.sendPublish('x', 'once', { qos: 2, packetId: 7 });
      // Stored, or not: it isn't known.
      const again = await comeBack(world, how, b);
      again.sendPublish('x', 'once', { qos: 2, packetId: 7, dup: true });
      assert.equal(await answer(again, 'pubrec', 7), 0);
      assert.equal(await again.release(7), 0);
      await a.gets(1);
      await world.settled();
      assert.deepEqual(a.payloads, ['once']);
    }),
  );

  test(
    `towards the server, ${how} after PUBREC: PUBREL is answered, the identifier is free again and not before`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const a = await world.peer({ clientId: 'a', edge: 1 });
      await a.subscribe('x', { qos: 2 });
      const b = await world.peer({ clientId: 'b', ...KEPT });
      b.sendPublish('x', 'one', { qos: 2, packetId: 7 });
      assert.equal(await answer(b, 'pubrec', 7), 0);
      const again = await comeBack(world, how, b);
      again.sendPublish('x', 'one', { qos: 2, packetId: 7, dup: true });
      assert.equal(await answer(again, 'pubrec', 7), 0);
      assert.equal(await again.release(7), 0);
      assert.equal(await again.publish('x', 'two', { qos: 2, packetId: 7 }), 0);
      await a.gets(2);
      await world.settled();
      assert.deepEqual(a.payloads, ['one', 'two']);
    }),
  );

  test(
    `towards the server, ${how} after PUBREL: PUBREL again is answered, and the identifier is free`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const a = await world.peer({ clientId: 'a', edge: 1 });
      await a.subscribe('x', { qos: 2 });
      const b = await world.peer({ clientId: 'b', ...KEPT });
      assert.equal(await b.publish('x', 'one', { qos: 2, packetId: 7 }), 0);
      const again = await comeBack(world, how, b);
      assert.equal(await again.release(7), REASON.PACKET_ID_NOT_FOUND);
      assert.equal(await again.publish('x', 'two', { qos: 2, packetId: 7 }), 0);
      await a.gets(2);
      await world.settled();
      assert.deepEqual(a.payloads, ['one', 'two']);
    }),
  );

  test(
    `towards the client, ${how} before PUBREC: PUBLISH comes again with DUP and the same identifier`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const a = await world.peer({ clientId: 'a', acks: 'manual', ...KEPT });
      await a.subscribe('x', { qos: 2 });
      const b = await world.peer({ clientId: 'b', edge: 1 });
      for (const text of ['one', 'two']) await b.publish('x', text, { qos: 2 });
      await a.gets(2);
      const again = await comeBack(world, how, a);
      await again.gets(2);
      await world.settled();
      const facts = (peer: MqttPeer) => peer.messages.map(({ messageId, payload }) => `${messageId} ${payload.toString()}`);
      assert.deepEqual(facts(again), facts(a));
      assert.ok(again.messages.every(({ dup }) => dup));
      const released = again.packets.filter(({ cmd }) => cmd === 'pubrel');
      assert.equal(released.length, 2);
    }),
  );

  test(
    `towards the client, ${how} after PUBREC: PUBREL comes, and the message doesn’t`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const a = await world.peer({ clientId: 'a', acks: 'manual', ...KEPT });
      await a.subscribe('x', { qos: 2 });
      const b = await world.peer({ clientId: 'b', edge: 1 });
      await b.publish('x', 'one', { qos: 2 });
      await a.gets(1);
      const [message] = a.messages;
      if (message !== undefined) a.ack(message);
      assert.ok((await a.next(({ cmd }) => cmd === 'pubrel', true)) !== undefined);
      const again = await comeBack(world, how, a);
      const released = await again.next(({ cmd }) => cmd === 'pubrel', true);
      assert.equal(released?.cmd === 'pubrel' && released.messageId, message?.messageId);
      await b.publish('x', 'two', { qos: 2 });
      await again.gets(1);
      await world.settled();
      assert.deepEqual(again.payloads, ['two']);
    }),
  );

  test(
    `towards the client, ${how} after PUBCOMP: nothing comes again`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const a = await world.peer({ clientId: 'a', ...KEPT });
      await a.subscribe('x', { qos: 2 });
      const b = await world.peer({ clientId: 'b', edge: 1 });
      for (const text of ['one', 'two', 'three']) await b.publish('x', text, { qos: 2 });
      await a.gets(3);
      await until(() => a.packets.filter(({ cmd }) => cmd === 'pubrel').length === 3);
      await world.settled();
      const again = await comeBack(world, how, a);
      await world.settled();
      assert.deepEqual(again.payloads, []);
    }),
  );
}

test(
  'towards the server: a PUBLISH again on the same connection, before PUBREL, is answered and not stored again',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe('x', { qos: 2 });
    for (const clean of [true, false]) {
      const b = await world.peer({ clientId: `b${clean}`, ...(clean ? {} : KEPT) });
      for (const dup of [false, true, true]) {
        b.packets.length = 0;
        b.sendPublish('x', `once ${clean}`, { qos: 2, packetId: 7, dup });
        assert.equal(await answer(b, 'pubrec', 7), 0);
      }
      assert.equal(await b.release(7), 0);
    }
    await world.settled();
    assert.deepEqual(a.payloads, ['once true', 'once false']);
  }),
);

test(
  'towards the server: PUBREL of what is not known is answered with 0x92; again, with 0x92 again',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b', ...KEPT });
    assert.equal(await b.release(9), REASON.PACKET_ID_NOT_FOUND);
    assert.equal(await b.publish('x', 'm', { qos: 2, packetId: 9 }), 0);
    assert.equal(await b.release(9), REASON.PACKET_ID_NOT_FOUND);
  }),
);

test(
  'a packet identifier of 0 is a protocol error, one in use is refused with 0x91',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    world.weather = ({ log }) => ({ kind: log === 'topics' ? 'hold' : 'store' });
    for (const text of ['one', 'two']) b.sendPublish('x', text, { qos: 1, packetId: 3 });
    await world.settled();
    world.weather = () => ({ kind: 'store' });
    world.release();
    await until(() => b.packets.filter(({ cmd }) => cmd === 'puback').length === 2);
    assert.deepEqual(
      b.packets.filter(({ cmd }) => cmd === 'puback').map((packet) => reasonOf(packet)),
      [0, REASON.PACKET_ID_IN_USE],
    );
    b.sendBytes(Buffer.from([0x32, 0x06, 0x00, 0x01, 0x78, 0x00, 0x00, 0x00]));
    assert.ok(await b.ends());
    assert.ok(b.leaveReason === REASON.PROTOCOL_ERROR || b.leaveReason === REASON.MALFORMED_PACKET);
  }),
);

test(
  'towards the server: what a connection before has not released is not counted against Receive Maximum',
  T,
  inWorld({ edges: 1 }, async (world) => {
    const a = await world.peer({ ...KEPT, clientId: 'a' });
    for (let id = 1; id <= 60; id++) a.sendPublish('t', `${id}`, { qos: 2, packetId: id });
    await until(() => a.packets.filter(({ cmd }) => cmd === 'pubrec').length === 60);
    a.destroy();
    await world.settled();
    const again = await world.peer({ ...KEPT, clientId: 'a' });
    const most = again.connack?.properties?.receiveMaximum ?? 65_535;
    for (let id = 1; id <= 60; id++) again.send({ cmd: 'pubrel', messageId: id });
    for (let id = 61; id < 61 + most; id++) again.sendPublish('t', `${id}`, { qos: 1, packetId: id });
    await until(() => again.hasEnded || again.packets.filter(({ cmd }) => cmd === 'puback').length === most);
    assert.equal(again.leaveReason, undefined);
  }),
);

test(
  'PUBREL is durable before PUBCOMP: while the log is away there is none',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b', ...KEPT });
    b.sendPublish('x', 'm', { qos: 2, packetId: 5 });
    assert.equal(await answer(b, 'pubrec', 5), 0);
    world.weather = ({ log }) => ({ kind: log === 'input' ? 'hold' : 'store' });
    b.send({ cmd: 'pubrel', messageId: 5 });
    await world.settled();
    assert.ok(b.packets.every(({ cmd }) => cmd !== 'pubcomp'));
    world.weather = () => ({ kind: 'store' });
    world.release();
    assert.equal(await answer(b, 'pubcomp', 5), 0);
  }),
);

test(
  'of QoS 1, what was not acknowledged comes again to a session that goes on, in order',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer({ clientId: 'a', acks: 'manual', ...KEPT });
    await a.subscribe('x');
    const b = await world.peer({ clientId: 'b', edge: 1 });
    for (let i = 0; i < 10; i++) await b.publish('x', `${i}`);
    await a.gets(10);
    for (const message of a.messages.slice(0, 4)) a.ack(message);
    await world.settled();
    const again = await comeBack(world, 'drops', a);
    await again.gets(6);
    await world.settled();
    assert.deepEqual(again.payloads, ['4', '5', '6', '7', '8', '9']);
  }),
);

test(
  'of QoS 1, what was acknowledged does not come again to a session that is taken up at once at another edge',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const b = await world.peer({ clientId: 'b', edge: 1 });
    let a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x');
    const got: string[] = [];
    for (let round = 1; round <= 6; round++) {
      for (let i = 0; i < 5; i++) await b.publish('x', `${round}.${i}`);
      got.push(...(await a.gets(5)));
      a.send({ cmd: 'pingreq' });
      await a.next(({ cmd }) => cmd === 'pingresp', true);
      const from = (round + 1) % 2;
      // The log is slow for the edge that it leaves.
      world.weather = ({ edge, log }) => ({ kind: log === 'input' && edge === world.edge(from).name ? 'hold' : 'store' });
      a.destroy();
      await until(() => world.edge(from).listener.find('demo', 'a:a') === undefined);
      a = await world.peer({ clientId: 'a', edge: round % 2, ...KEPT });
      world.weather = () => ({ kind: 'store' });
      world.release();
    }
    await world.settled();
    assert.deepEqual(a.payloads, []);
    assert.equal(new Set(got).size, 30);
    assert.equal(got.length, 30);
  }),
);

test(
  'telemetry of QoS 2 whose PUBREC was lost is folded once',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer({ clientId: 'dev-1', password: 'device:dev-1', ...KEPT });
    a.sendPublish('v1/telemetry', '{"t":1}', { qos: 2, packetId: 4 });
    await answer(a, 'pubrec', 4);
    await world.kill(0);
    const again = await world.peer({ clientId: 'dev-1', password: 'device:dev-1', edge: 1, ...KEPT });
    again.sendPublish('v1/telemetry', '{"t":1}', { qos: 2, packetId: 4, dup: true });
    assert.equal(await answer(again, 'pubrec', 4), 0);
    assert.equal(await again.release(4), 0);
    await world.settled();
    // The edge that held the identifier answers by itself; one that didn't has the fold find out.
    assert.ok(world.engine.exceptions().length <= 1);
    assert.equal(await again.publish('v1/telemetry', '{"t":2}', { qos: 2, packetId: 4 }), 0);
    await world.settled();
    assert.ok(world.engine.exceptions().length <= 1);
  }),
);
