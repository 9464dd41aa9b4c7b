/** `v1/errors` of events that were acknowledged, and that the fold did not accept: who is told, what, and who isn't. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IPubackPacket } from 'mqtt-packet';
import { decodeDownlink, DOWNLINK_CODE, encodeDownlink, type DownlinkInit } from '../../../schemas/gen/lean.ts';
import { inWorld, until, type BrokerWorld } from '../../support/memory-broker.ts';
import { userProperties, type MqttPeer } from '../../support/mqtt-peer.ts';

const T = { timeout: 20_000 };
const DEVICE = { clientId: 'dev-1', password: 'device:dev-1' } as const;
/** An object goes into the log unread. */
const BAD = '{"t":[1,2]}';
const ERRORS = 'v1/errors';

type Body = Readonly<Record<string, unknown>>;

function reports(peer: MqttPeer): readonly { readonly topic: string; readonly qos: number; readonly body: Body }[] {
  return peer.messages.map(({ payload, qos, topic }) => ({ topic, qos, body: JSON.parse(payload.toString()) as Body }));
}

/** Position, as a row has it, of each event that was not accepted. */
function exceptions(world: BrokerWorld): number {
  return world.engine.exceptions().reduce((sum, { count }) => sum + count, 0);
}

for (const level of [4, 5] as const) {
  for (const qos of [0, 1, 2] as const) {
    test(
      `an event of QoS ${qos} that passes the edge and not the fold is acknowledged, and told with its position, in ${level}`,
      T,
      inWorld({ partitions: 3 }, async (world) => {
        const peer = await world.peer({ ...DEVICE, level });
        await peer.subscribe(ERRORS, { qos: 1 });
        assert.equal(await peer.publish('v1/telemetry', '{"t":1}', { qos }), 0);
        assert.equal(await peer.publish('v1/telemetry', BAD, { qos }), 0);
        await until(() => reports(peer).length > 0);
        await world.settled();
        const [{ body, ...sent }, ...more] = reports(peer) as [ReturnType<typeof reports>[number]];
        assert.deepEqual([sent, more], [{ topic: ERRORS, qos: 1 }, []]);
        const { position, ...said } = body;
        assert.deepEqual(said, { topic: 'v1/telemetry', code: 'unsupported-value' });
        const acks = peer.packets.filter((packet) => packet.cmd === (qos === 2 ? 'pubrec' : 'puback'));
        if (level === 5 && qos > 0) assert.equal(userProperties(acks[1] as IPubackPacket)?.['position'], position);
        const [exception] = world.engine.exceptions();
        assert.match(String(position), new RegExp(`^\\d\\.${exception?.seq}\\.${exception?.index}$`));
        assert.equal(exceptions(world), 1);
      }),
    );
  }
}

test(
  'of several events in one message each is told that was not accepted',
  T,
  inWorld({}, async (world) => {
    const peer = await world.peer({ ...DEVICE, level: 4 });
    await peer.subscribe(ERRORS, { qos: 0 });
    assert.equal(await peer.publish('v1/telemetry/json', `[{"t":1},${BAD},{}]`), 0);
    await until(() => reports(peer).length === 2);
    const told = reports(peer);
    assert.ok(told.every(({ qos }) => qos === 0));
    assert.deepEqual(
      told.map(({ body }) => [body['topic'], body['code'], String(body['position']).split('.').at(-1)]),
      [
        ['v1/telemetry', 'unsupported-value', '1'],
        ['v1/telemetry', 'no-metrics', '2'],
      ],
    );
  }),
);

test(
  'who doesn’t listen, or listens no more, isn’t told, and neither are others',
  T,
  inWorld({}, async (world) => {
    const other = await world.peer({ clientId: 'dev-2', password: 'device:dev-2' });
    await other.subscribe(ERRORS);
    const peer = await world.peer(DEVICE);
    assert.equal(await peer.publish('v1/telemetry', BAD), 0);
    await peer.subscribe(ERRORS);
    await world.settled();
    assert.equal(await peer.publish('v1/telemetry', BAD), 0);
    await until(() => reports(peer).length === 1);
    await peer.unsubscribe(ERRORS);
    assert.equal(await peer.publish('v1/telemetry', BAD), 0);
    await world.settled();
    assert.deepEqual([reports(peer).length, reports(other).length, exceptions(world)], [1, 0, 3]);
    assert.deepEqual(world.edge().unsent, []);
  }),
);

test(
  'a client that has come again is not told of what it said before, nor is one that comes later',
  T,
  inWorld({}, async (world) => {
    const peer = await world.peer({ ...DEVICE, clean: false, expiryS: 600 });
    await peer.subscribe(ERRORS);
    await world.settled();
    await world.engine.stop();
    assert.equal(await peer.publish('v1/telemetry', BAD), 0);
    peer.destroy();
    await until(() => world.edge().listener.connections() === 0);
    world.engine.start();
    await world.settled();
    const again = await world.peer({ ...DEVICE, clean: false, expiryS: 600 });
    assert.ok(again.sessionPresent);
    assert.equal(await again.publish('v1/telemetry', BAD), 0);
    await until(() => reports(again).length > 0);
    await world.settled();
    assert.deepEqual([reports(again).length, exceptions(world)], [1, 2]);
  }),
);

test(
  'a gateway is told of what it said for another device, under that device where it listens there',
  T,
  inWorld({ partitions: 5 }, async (world) => {
    const gateway = await world.peer({ clientId: 'gw', password: 'device:gw+gateway:dev-*', level: 4 });
    const device = await world.peer(DEVICE);
    await device.subscribe(ERRORS);
    await gateway.subscribe(ERRORS);
    await gateway.subscribe('v1/gateway/dev-1/errors');
    for (const id of ['dev-1', 'dev-2']) assert.equal(await gateway.publish(`v1/gateway/${id}/telemetry`, BAD), 0);
    assert.equal(await gateway.publish('v1/telemetry', BAD), 0);
    await until(() => reports(gateway).length === 3);
    assert.deepEqual(
      reports(gateway)
        .map(({ body, topic }) => [topic, body['topic'], body['code']].join(' '))
        .toSorted(),
      [
        'v1/errors v1/gateway/dev-2/telemetry unsupported-value',
        'v1/errors v1/telemetry unsupported-value',
        'v1/gateway/dev-1/errors v1/gateway/dev-1/telemetry unsupported-value',
      ],
    );
    await world.settled();
    assert.deepEqual(reports(device), [], 'the device itself said nothing');
  }),
);

test(
  'a flood is told of so often a second, with what was refused, and more is counted',
  T,
  inWorld({}, async (world) => {
    const peer = await world.peer({ ...DEVICE, level: 4 });
    await peer.subscribe(ERRORS, { qos: 0 });
    for (let n = 0; n < 20; n++) await peer.publish('plant/x', '1', { qos: 0 });
    for (let n = 0; n < 100; n++) await peer.publish('v1/telemetry', BAD, { qos: 0 });
    await until(() => exceptions(world) === 100);
    await world.settled();
    const { unsent } = world.edge();
    assert.equal(reports(peer).length + unsent.length + world.engine.untold, 120);
    assert.ok(unsent.length > 0 && unsent.every((why) => why === 'slow-client'), String(unsent.length));
    assert.ok(reports(peer).length >= 50);
  }),
);

test(
  'what an older owner says, what comes too late, and what is for another connection isn’t told',
  T,
  inWorld({ partitions: 1 }, async (world) => {
    const peer = await world.peer(DEVICE);
    await peer.subscribe(ERRORS);
    await world.settled();
    const session = world.engine.known('demo', 'd:dev-1');
    const edgeEpoch = session?.edgeEpoch ?? 0;
    const send = async (more: DownlinkInit): Promise<number | undefined> => {
      const about = { tenant: 'demo', session: 'd:dev-1', connection: session?.connection ?? 0, partition: 0, ownerEpoch: 9 };
      const reported = { reports: { reports: [{ topic: 'v1/telemetry', code: 'too-deep', position: '0.9.9' }] } };
      const downlink = decodeDownlink(encodeDownlink({ ...about, deadlineMs: world.clock.now() + 1_000, ...reported, ...more }));
      assert.ok(downlink !== undefined);
      const answer = await world.downlinks.send(edgeEpoch, downlink, 1_000);
      return answer.kind === 'reply' ? answer.reply.code : undefined;
    };
    assert.equal(await send({}), DOWNLINK_CODE.ok);
    assert.equal(await send({ ownerEpoch: 8 }), DOWNLINK_CODE.staleOwner);
    assert.equal(await send({ deadlineMs: world.clock.now() - 1 }), DOWNLINK_CODE.tooLate);
    assert.equal(await send({ connection: 1 }), DOWNLINK_CODE.offline);
    await peer.unsubscribe(ERRORS);
    assert.equal(await send({}), DOWNLINK_CODE.notSubscribed);
    await world.settled();
    assert.deepEqual(
      reports(peer).map(({ body }) => body),
      [{ topic: 'v1/telemetry', code: 'too-deep', position: '0.9.9' }],
    );
  }),
);
