/** What a client may ask for, by the options of its edge and the documents of its tenant: told in CONNACK, and held to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_MQTT_LIMITS, type MqttLimits } from '../../../engine/config/mqtt-options.ts';
import type { LimitsDoc } from '../../../engine/domain/limits-doc.ts';
import { Admission } from '../../../ingest/admit.ts';
import { LimitsBook } from '../../../ingest/limits/limits-book.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { sessionUses } from '../../../ingest/mqtt/session-use.ts';
import { inWorld, until } from '../../support/memory-broker.ts';
import { systemClock } from './fixtures.ts';

const T = { timeout: 20_000 };
const OPTIONS: MqttLimits = {
  sessionExpiryS: 100,
  keepAliveS: 60,
  subscriptionsDevice: 2,
  subscriptionsApplication: 3,
  inFlight: 4,
  topicAliases: 5,
};
const DEVICE = { clientId: 'dev-1', password: 'device:dev-1+topic:#:pubsub' } as const;

function admissionOf(tenant: LimitsDoc, device?: LimitsDoc): Admission {
  const book = new LimitsBook(() => []);
  book.apply({ kind: 'tenant', tenant: 'demo', limits: tenant }, 1);
  if (device !== undefined) book.apply({ kind: 'device', tenant: 'demo', id: 'dev-1', limits: device }, 2);
  return new Admission({ book, clock: systemClock, edge: { name: 'e', epoch: 1 }, desk: { ask: () => Promise.resolve(undefined) } });
}

test(
  'the options of an edge are told in CONNACK',
  T,
  inWorld({ mqtt: OPTIONS }, async (world) => {
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 1_000, keepalive: 61 });
    const { receiveMaximum, serverKeepAlive, sessionExpiryInterval, topicAliasMaximum } = a.connack?.properties ?? {};
    assert.deepEqual([receiveMaximum, serverKeepAlive, sessionExpiryInterval, topicAliasMaximum], [4, 60, 100, 5]);
    const b = await world.peer({ clientId: 'b', clean: false, expiryS: 99, keepalive: 59 });
    assert.deepEqual([b.connack?.properties?.serverKeepAlive, b.connack?.properties?.sessionExpiryInterval], [undefined, undefined]);
    await b.leave(0, 5_000);
    await world.settled();
    assert.equal(world.engine.known('demo', 'a:b')?.expiryS, 100, 'DISCONNECT has no more either');
  }),
);

test(
  'a 3.1.1 session without Clean Session is kept as long as any',
  T,
  inWorld({ mqtt: OPTIONS }, async (world) => {
    const a = await world.peer({ clientId: 'a', level: 4, clean: false });
    await a.leave();
    await world.pass(99_000);
    const again = await world.peer({ clientId: 'a', level: 4, clean: false });
    assert.equal(again.sessionPresent, true);
    await again.leave();
    await world.pass(101_000);
    assert.equal((await world.peer({ clientId: 'a', level: 4, clean: false })).sessionPresent, false);
  }),
);

test(
  'subscriptions of devices and applications end where their option says, and what was refused is remembered',
  T,
  inWorld({ mqtt: OPTIONS, admission: admissionOf({}) }, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    assert.deepEqual(await a.subscribe(['1', '2', '3', '4']), [1, 1, 1, REASON.QUOTA_EXCEEDED]);
    const device = await world.peer(DEVICE);
    assert.deepEqual(await device.subscribe(['1', '2', '3']), [1, 1, REASON.QUOTA_EXCEEDED]);
    assert.deepEqual(world.edge().counted, ['subscriptions', 'subscriptions']);
    const [refused] = world.options.admission?.refusals.of({ tenant: 'demo', device: 'dev-1' }) ?? [];
    assert.deepEqual([refused?.limit, refused?.count], ['subscriptions', 1]);
  }),
);

for (const qos of [1, 2] as const) {
  test(
    `QoS ${qos}: who has more in flight than CONNACK said is sent away, 0x93`,
    T,
    inWorld({ mqtt: OPTIONS }, async (world) => {
      const a = await world.peer({ clientId: 'a' });
      world.weather = () => ({ kind: 'hold' });
      for (let i = 1; i <= 4; i++) a.sendPublish('x', 'm', { qos, packetId: i });
      await until(() => world.edge().listener.inFlight() === 4);
      assert.equal(world.edge().listener.connections(), 1);
      a.sendPublish('x', 'm', { qos, packetId: 5 });
      const answer = await a.next(({ cmd }) => cmd === 'disconnect', true);
      assert.equal(answer?.cmd === 'disconnect' && answer.reasonCode, REASON.RECEIVE_MAXIMUM_EXCEEDED);
    }),
  );
}

test(
  'a 3.1.1 client, which can’t be told, waits for its turn',
  T,
  inWorld({ mqtt: OPTIONS }, async (world) => {
    const a = await world.peer({ clientId: 'a', level: 4 });
    world.weather = () => ({ kind: 'hold' });
    for (let i = 1; i <= 10; i++) a.sendPublish('x', 'm', { qos: 1, packetId: i });
    await until(() => world.edge().listener.inFlight() === 4);
    await world.settled();
    assert.equal(world.edge().listener.inFlight(), 4);
    world.weather = () => ({ kind: 'store' });
    world.release();
    await until(() => a.packets.filter(({ cmd }) => cmd === 'puback').length === 10);
  }),
);

test(
  'topic aliases end where the option says',
  T,
  inWorld({ mqtt: OPTIONS }, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    a.sendPublish('x', 'm', { qos: 1, packetId: 1, properties: { topicAlias: 5 } });
    await until(() => a.packets.some(({ cmd }) => cmd === 'puback'));
    a.sendPublish('x', 'm', { qos: 1, packetId: 2, properties: { topicAlias: 6 } });
    const answer = await a.next(({ cmd }) => cmd === 'disconnect', true);
    assert.equal(answer?.cmd === 'disconnect' && answer.reasonCode, REASON.TOPIC_ALIAS_INVALID);
  }),
);

test(
  'a tenant may have less or more than the options say, and a device less or more than its tenant',
  T,
  inWorld(
    {
      mqtt: OPTIONS,
      admission: admissionOf({ sessionExpiryS: 2_000_000, subscriptions: 5, inFlight: 100 }, { subscriptions: 1, inFlight: 2 }),
    },
    async (world) => {
      const a = await world.peer({ clientId: 'a', clean: false, expiryS: 0xffff_ffff });
      assert.deepEqual([a.connack?.properties?.sessionExpiryInterval, a.connack?.properties?.receiveMaximum], [2_000_000, 100]);
      assert.deepEqual(await a.subscribe(['1', '2', '3', '4', '5', '6']), [1, 1, 1, 1, 1, REASON.QUOTA_EXCEEDED]);
      const device = await world.peer({ ...DEVICE, clean: false, expiryS: 50 });
      assert.deepEqual([device.connack?.properties?.sessionExpiryInterval, device.connack?.properties?.receiveMaximum], [undefined, 2]);
      assert.deepEqual(await device.subscribe(['1', '2']), [1, REASON.QUOTA_EXCEEDED]);
      await until(() => world.edge().listener.connectionsOf('demo', 'dev-1').length === 1);
      const { book } = world.options.admission ?? admissionOf({});
      const uses = sessionUses({ book, mqtt: OPTIONS, listener: () => world.edge().listener, clock: systemClock });
      const told = uses('demo', 'dev-1').map(({ allowed, limit, used }) => [limit, used, allowed]);
      assert.deepEqual(told, [
        ['session-expiry', 50, 2_000_000],
        ['subscriptions', 1, 1],
        ['in-flight', 0, 2],
      ]);
    },
  ),
);

test(
  'what an open session was granted it keeps; what its tenant has meanwhile counts for the next',
  T,
  inWorld({ mqtt: DEFAULT_MQTT_LIMITS, admission: admissionOf({ subscriptions: 1 }) }, async (world) => {
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 100 });
    world.options.admission?.book.apply({ kind: 'tenant', tenant: 'demo', limits: { subscriptions: 3 } }, 9);
    assert.deepEqual(await a.subscribe(['1', '2']), [1, REASON.QUOTA_EXCEEDED]);
    const again = await world.peer({ clientId: 'a', clean: false, expiryS: 100 });
    assert.deepEqual(await again.subscribe(['2', '3', '4']), [1, 1, REASON.QUOTA_EXCEEDED]);
    world.options.admission?.book.apply({ kind: 'tenant', tenant: 'demo', limits: { subscriptions: 1 } }, 10);
    const last = await world.peer({ clientId: 'a', clean: false, expiryS: 100 });
    assert.deepEqual(await last.subscribe(['1', '4']), [1, REASON.QUOTA_EXCEEDED], 'what it has it keeps');
  }),
);
