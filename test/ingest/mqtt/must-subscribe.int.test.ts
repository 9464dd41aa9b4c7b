/** What a subscription brings (MQTT 5 §3.8, §3.10, §4.7, §4.8): one test a clause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SUBSCRIPTIONS_APPLICATION_MAX, SUBSCRIPTIONS_DEVICE_MAX } from '../../../engine/kernel/limits.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { inWorld, type BrokerWorld } from '../../support/memory-broker.ts';
import type { MqttPeer } from '../../support/mqtt-peer.ts';

const T = { timeout: 20_000 };
const KEPT = { clean: false, expiryS: 1_000 } as const;

function textsOf(peer: MqttPeer): readonly string[] {
  return peer.messages.map(({ payload, retain, topic }) => `${topic}=${payload.toString()}${retain ? ' retained' : ''}`);
}

/** What it has once nothing more comes. */
async function allOf(world: BrokerWorld, peer: MqttPeer): Promise<readonly string[]> {
  await world.settled();
  return textsOf(peer);
}

test(
  'retained: a new subscription gets the last message of each topic, marked; an empty payload deletes it',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    for (const qos of [0, 1, 2] as const) {
      await b.publish(`x/${qos}`, 'old', { qos, retain: true });
      await b.publish(`x/${qos}`, 'new', { qos, retain: true });
    }
    await b.publish('x/gone', 'm', { retain: true });
    await b.publish('x/gone', '', { retain: true });
    await b.publish('x/plain', 'm');
    await world.settled();
    const a = await world.peer({ clientId: 'a', edge: 1 });
    await a.subscribe('x/#', { qos: 2 });
    await a.gets(3);
    assert.deepEqual((await allOf(world, a)).toSorted(), ['x/0=new retained', 'x/1=new retained', 'x/2=new retained']);
    assert.deepEqual(a.messages.map(({ qos }) => `${qos}`).toSorted(), ['0', '1', '2']);
  }),
);

test(
  'retained: one whose expiry is over is not there, one that isn’t says what is left',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x/1', 'short', { retain: true, properties: { messageExpiryInterval: 10 } });
    await b.publish('x/2', 'long', { retain: true, properties: { messageExpiryInterval: 100 } });
    await world.pass(20_000);
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe('x/#');
    assert.deepEqual(await allOf(world, a), ['x/2=long retained']);
    assert.ok((a.messages[0]?.properties?.messageExpiryInterval ?? 0) <= 80);
  }),
);

test(
  'retain handling 0 sends them with every SUBSCRIBE, 1 only for a new subscription, 2 never',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'm', { retain: true });
    for (const [rh, expected] of [
      [0, [1, 2]],
      [1, [1, 1]],
      [2, [0, 0]],
    ] as const) {
      const a = await world.peer({ clientId: `a${rh}` });
      for (const count of expected) {
        await a.subscribe('x', { rh });
        assert.equal((await allOf(world, a)).length, count, `retain handling ${rh}`);
      }
    }
  }),
);

test(
  'retain handling 1 knows the subscription of a session that goes on',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'm', { retain: true });
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x', { rh: 1 });
    assert.deepEqual(await allOf(world, a), ['x=m retained']);
    await a.leave();
    const again = await world.peer({ clientId: 'a', ...KEPT });
    await again.subscribe('x', { rh: 1 });
    assert.deepEqual(await allOf(world, again), []);
  }),
);

test(
  'retained messages are neither lost nor sent twice beside what is published meanwhile',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    for (let i = 0; i < 20; i++) await b.publish(`x/${i}`, 'old', { retain: true });
    const a = await world.peer({ clientId: 'a' });
    const subscribed = a.subscribe('x/#', { rap: true });
    for (let i = 0; i < 20; i += 2) b.sendPublish(`x/${i}`, 'new', { retain: true, qos: 1, packetId: 100 + i });
    await subscribed;
    await world.settled();
    const last = new Map(a.messages.map(({ payload, topic }) => [topic, payload.toString()]));
    for (let i = 0; i < 20; i++) assert.equal(last.get(`x/${i}`), i % 2 === 0 ? 'new' : 'old', `x/${i}`);
  }),
);

test(
  'retain as published: the flag goes on only where it is set, and never for what waited to be read otherwise',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('r', { rap: true });
    await a.subscribe('p', { rap: false });
    await a.leave();
    const b = await world.peer({ clientId: 'b' });
    for (const topic of ['r', 'p']) await b.publish(topic, 'm', { retain: true });
    const again = await world.peer({ clientId: 'a', ...KEPT });
    assert.deepEqual((await allOf(world, again)).toSorted(), ['p=m', 'r=m retained']);
  }),
);

test(
  'No Local: not to the connection that published, whichever QoS; to others yes; retained ones all the same',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe('x', { nl: true, qos: 2 });
    const b = await world.peer({ clientId: 'b' });
    await b.subscribe('x', { qos: 2 });
    for (const qos of [0, 1, 2] as const) await a.publish('x', `${qos}`, { qos, retain: true });
    assert.deepEqual((await allOf(world, b)).toSorted(), ['x=0', 'x=1', 'x=2']);
    assert.deepEqual(textsOf(a), []);
  }),
);

test(
  'No Local holds for a session that goes on, too',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x', { nl: true, qos: 2 });
    for (const qos of [1, 2] as const) await a.publish('x', `${qos}`, { qos });
    await a.leave();
    const again = await world.peer({ clientId: 'a', edge: 1, ...KEPT });
    await again.publish('x', 'once more');
    assert.deepEqual(await allOf(world, again), []);
  }),
);

test(
  'No Local of one of several subscriptions: one’s own come as if it did not match, with neither its identifier nor its QoS',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe('x/+', { nl: true, qos: 2, rap: true, id: 1 });
    await a.subscribe('+/1', { qos: 1, id: 2 });
    const b = await world.peer({ clientId: 'b' });
    for (const peer of [a, b]) await peer.publish('x/1', peer === a ? 'own' : 'other', { qos: 2, retain: true });
    await a.gets(2);
    await world.settled();
    assert.deepEqual(
      a.messages.map(({ payload, properties, qos, retain }) => [
        payload.toString(),
        [properties?.subscriptionIdentifier].flat().map(String).toSorted(),
        qos,
        retain,
      ]),
      [
        ['own', ['2'], 1, false],
        ['other', ['1', '2'], 2, true],
      ],
    );
  }),
);

test(
  'subscription identifiers: all of the matching subscriptions, kept with the session; a new SUBSCRIBE replaces them',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x/+', { id: 1 });
    await a.subscribe('x/#', { id: 268_435_455 });
    await a.subscribe('+/1');
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x/1', 'live');
    await a.gets(1);
    await a.leave();
    await b.publish('x/1', 'waits');
    const again = await world.peer({ clientId: 'a', ...KEPT });
    await again.gets(1);
    for (const [message] of [a.messages, again.messages]) {
      const ids = message?.properties?.subscriptionIdentifier;
      assert.deepEqual([ids].flat().map(String).toSorted(), ['1', '268435455']);
    }
    await again.subscribe('x/+');
    await again.subscribe('x/#', { id: 7 });
    await b.publish('x/1', 'replaced');
    await again.gets(2);
    assert.deepEqual([again.messages[1]?.properties?.subscriptionIdentifier].flat(), [7]);
  }),
);

test(
  'a subscription identifier of 0 is a protocol error',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    a.sendBytes(Buffer.from([0x82, 0x09, 0x00, 0x01, 0x02, 0x0b, 0x00, 0x00, 0x01, 0x78, 0x01]));
    assert.ok(await a.ends());
    assert.equal(a.leaveReason, REASON.PROTOCOL_ERROR);
  }),
);

test(
  'overlapping filters: one copy, of the highest QoS',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe('x/1', { qos: 0 });
    await a.subscribe('x/+', { qos: 2 });
    await a.subscribe('#', { qos: 1 });
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x/1', 'm', { qos: 2 });
    assert.deepEqual(await allOf(world, a), ['x/1=m']);
    assert.equal(a.messages[0]?.qos, 2);
  }),
);

test(
  'the same filter again replaces its subscription, and what waited for it is not lost',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x', { qos: 2 });
    await a.leave();
    const b = await world.peer({ clientId: 'b' });
    // More than waits in memory for a client.
    for (let i = 0; i < 50; i++) b.sendPublish('x', `${i}`.padEnd(20_000), { qos: 1, packetId: i + 1 });
    await world.settled();
    // As clients do: they subscribe as soon as they are let in, whether their session was there or not.
    const again = await world.peer({ clientId: 'a', ...KEPT, properties: { receiveMaximum: 5 } });
    assert.deepEqual(await again.subscribe('x', { qos: 1 }), [1]);
    await b.publish('x', 'live');
    await again.gets(51);
    assert.deepEqual(
      again.payloads.map((text) => text.trim()),
      [...Array.from({ length: 50 }, (_, i) => `${i}`), 'live'],
    );
  }),
);

test(
  'a subscription of an earlier one’s filter, after UNSUBSCRIBE, brings nothing of between',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x');
    assert.deepEqual(await a.unsubscribe(['x', 'y']), [REASON.SUCCESS, REASON.NO_SUBSCRIPTION_EXISTED]);
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'between');
    await a.subscribe('x');
    await a.leave();
    const again = await world.peer({ clientId: 'a', ...KEPT });
    await b.publish('x', 'after');
    assert.deepEqual(await allOf(world, again), ['x=after']);
  }),
);

test(
  '`$` topics are not matched by filters that begin with a wildcard, and may not be published to',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe(['#', '+/x']);
    const b = await world.peer({ clientId: 'b' });
    assert.equal(await b.publish('$own/x', 'm'), REASON.NOT_AUTHORIZED);
    await b.publish('own/x', 'm');
    assert.deepEqual(await allOf(world, a), ['own/x=m']);
  }),
);

test(
  '`#` matches the parent level, `+` an empty one; levels may be empty',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe(['x/#', '+/+/z']);
    const b = await world.peer({ clientId: 'b' });
    for (const topic of ['x', 'x/', 'x/y/z', '//z', '/z', 'y']) await b.publish(topic, 'm');
    assert.deepEqual((await allOf(world, a)).toSorted(), ['//z=m', 'x/=m', 'x/y/z=m', 'x=m']);
  }),
);

test(
  'SUBACK has a code a filter: granted QoS, 0x87 where nothing is granted, and the rest goes on',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', password: 'may:telemetry:write topic:mine/#:pubsub' });
    const codes = await a.subscribe(['mine/+', 'yours', '#', 'mine/x/#', 'devices/+/telemetry', '$share/g/yours'], { qos: 2 });
    assert.deepEqual(codes, [2, 0x87, 0x87, 2, 0x87, 0x87]);
    const old = await world.peer({ level: 4, clientId: 'o', password: 'may:telemetry:write topic:mine/#:pubsub' });
    assert.deepEqual(await old.subscribe(['mine/+', 'yours'], { qos: 1 }), [1, 0x80]);
  }),
);

test(
  'filters with `#` or `+` in the wrong place end the connection',
  T,
  inWorld({}, async (world) => {
    for (const filter of ['x/#/y', 'x#', 'x+/y', '$share/g', '$share/+/x', '$share//x', '']) {
      const a = await world.peer({ clientId: 'a' });
      const bytes = Buffer.from(filter);
      const body = Buffer.concat([Buffer.from([0, 1, 0, 0, bytes.length]), bytes, Buffer.from([1])]);
      a.sendBytes(Buffer.concat([Buffer.from([0x82, body.length]), body]));
      assert.ok(await a.ends(), filter);
      assert.ok(
        [REASON.MALFORMED_PACKET, REASON.PROTOCOL_ERROR, REASON.TOPIC_FILTER_INVALID].some((code) => code === a.leaveReason),
        filter,
      );
    }
  }),
);

test(
  'limits of subscriptions: 0x97 beyond, replacing is no new one, and room comes with UNSUBSCRIBE',
  T,
  inWorld({}, async (world) => {
    const filters = (from: number, count: number): readonly string[] => Array.from({ length: count }, (_, i) => `f/${from + i}`);
    const a = await world.peer({ clientId: 'a' });
    const most = SUBSCRIPTIONS_APPLICATION_MAX;
    assert.ok((await a.subscribe(filters(0, most - 1)))?.every((code) => code === 1));
    assert.deepEqual(await a.subscribe(filters(most - 1, 2)), [1, REASON.QUOTA_EXCEEDED]);
    assert.deepEqual(await a.subscribe('f/0', { qos: 2 }), [2]);
    await a.unsubscribe('f/1');
    assert.deepEqual(await a.subscribe('f/more'), [1]);
    const device = await world.peer({ clientId: 'dev-1', password: 'device:dev-1' });
    const codes = await device.subscribe(Array.from({ length: SUBSCRIPTIONS_DEVICE_MAX + 1 }, (_, i) => `v1/twin/${i}`));
    assert.deepEqual(codes?.slice(-2), [1, REASON.QUOTA_EXCEEDED]);
  }),
);

test(
  'after UNSUBACK nothing more comes, but what was sent goes on to be acknowledged',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', acks: 'manual' });
    await a.subscribe('x', { qos: 2 });
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'before', { qos: 2 });
    await a.gets(1);
    await a.unsubscribe('x');
    for (const qos of [0, 1, 2] as const) await b.publish('x', 'after', { qos });
    await world.settled();
    assert.deepEqual(a.payloads, ['before']);
    a.acks = 'auto';
    const [message] = a.messages;
    if (message !== undefined) a.ack(message);
    assert.ok((await a.next(({ cmd }) => cmd === 'pubrel', true)) !== undefined);
  }),
);

test(
  'a policy that is narrower than it was holds at delivery: nobody gets what he may not have',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', password: 'may:topic:mine/#:pubsub topic:both/#:pubsub', ...KEPT });
    assert.deepEqual(await a.subscribe(['both/#', 'mine/#']), [1, 1]);
    await a.leave();
    const b = await world.peer({ clientId: 'b' });
    for (const topic of ['both/x', 'mine/x']) await b.publish(topic, 'm');
    const again = await world.peer({ clientId: 'a', password: 'may:topic:mine/#:pubsub', ...KEPT });
    for (const topic of ['both/y', 'mine/y']) await b.publish(topic, 'm');
    assert.deepEqual(await allOf(world, again), ['mine/x=m', 'mine/y=m']);
    assert.deepEqual(world.edge().unsent, ['forbidden', 'forbidden']);
  }),
);
