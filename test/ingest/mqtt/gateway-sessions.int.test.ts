/** Devices that a gateway speaks for, as the fold knows them: over edges that die, connections that break, and messages that come again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEvent, DOWNLINK_CODE, EventBatchReader, KIND, type Event } from '../../../schemas/gen/lean.ts';
import { inWorld, until, type BrokerWorld } from '../../support/memory-broker.ts';
import type { MqttPeer, PeerOptions } from '../../support/mqtt-peer.ts';

const T = { timeout: 20_000 };
const GATEWAY = { clientId: 'gw', password: 'device:gw+gateway:dev-*' } as const;
const KEPT = { ...GATEWAY, clean: false, expiryS: 1_000 } as const;
const TOPIC = 'v1/gateway/dev-1/telemetry';
const SUB = ['demo', 'd:dev-1@gw'] as const;

async function open(world: BrokerWorld, options: PeerOptions & { readonly edge?: number } = {}): Promise<MqttPeer> {
  return world.peer({ ...KEPT, ...options });
}

/** Telemetry in the log, accepted or not. */
async function stored(world: BrokerWorld): Promise<readonly Event[]> {
  const events: Event[] = [];
  const batch = new EventBatchReader();
  for (let partition = 0; partition < world.partitions; partition++) {
    const { lastSeq } = await world.input.bounds(partition);
    for (let seq = 1; seq <= lastSeq; seq++) {
      const data = (await world.input.get(partition, seq))?.data ?? new Uint8Array(0);
      assert.ok(batch.read(data, 0, data.length));
      for (let i = 0; i < batch.eventsCount; i++) {
        const event = decodeEvent(data, batch.eventsStarts[i] ?? 0, batch.eventsEnds[i] ?? 0);
        if (event?.kind === KIND.telemetry) events.push(event);
      }
    }
  }
  return events;
}

/** How many events the fold did not take for new ones. */
function notAccepted(world: BrokerWorld): number {
  return world.engine.exceptions().reduce((sum, { count }) => sum + count, 0);
}

async function received(peer: MqttPeer, packetId: number): Promise<void> {
  assert.ok(await peer.next((packet) => packet.cmd === 'pubrec' && packet.messageId === packetId, true), `PUBREC ${packetId}`);
}

test(
  'what an event of such a device says: whose it is, and who spoke',
  T,
  inWorld({}, async (world) => {
    const gateway = await open(world);
    assert.equal(await gateway.publish(TOPIC, '{"t":1}'), 0);
    assert.equal(await gateway.publish('v1/telemetry', '{"t":2}'), 0);
    await world.settled();
    const events = (await stored(world)).map(({ device, gateway: spoke, session }) => [device, spoke, session]);
    assert.deepEqual(
      events.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      [
        ['dev-1', 'gw', ''],
        ['gw', '', ''],
      ],
    );
    assert.equal(notAccepted(world), 0);
  }),
);

for (const [how, payload, events] of [
  ['one event', '{"t":1}', 1],
  ['several', '[{"t":1},{"t":2},{"t":3}]', 3],
] as const) {
  test(
    `a QoS 2 message of ${how} that comes again in the next connection counts once`,
    T,
    inWorld({}, async (world) => {
      const before = await open(world);
      before.sendPublish(TOPIC, payload, { qos: 2, packetId: 5 });
      await received(before, 5);
      before.destroy();
      await until(() => world.edge().listener.connections() === 0);
      const again = await open(world);
      assert.ok(again.sessionPresent);
      again.sendPublish(TOPIC, payload, { qos: 2, packetId: 5, dup: true });
      await received(again, 5);
      assert.ok((await again.release(5)) !== undefined);
      await world.settled();
      assert.equal((await stored(world)).length, 2 * events);
      assert.equal(notAccepted(world), events, 'the repeat is a duplicate');
      assert.equal(await again.publish(TOPIC, payload, { qos: 2, packetId: 5 }), 0);
      await world.settled();
      assert.equal(notAccepted(world), events, 'a new message that says the same is none');
    }),
  );
}

test(
  'a QoS 2 message counts once over the death of the edge that took it',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const before = await open(world);
    before.sendPublish(TOPIC, '{"t":1}', { qos: 2, packetId: 5 });
    await received(before, 5);
    await world.kill(0);
    const again = await open(world, { edge: 1 });
    again.sendPublish(TOPIC, '{"t":1}', { qos: 2, packetId: 5, dup: true });
    await received(again, 5);
    await world.settled();
    assert.equal((await stored(world)).length, 2);
    assert.equal(notAccepted(world), 1);
  }),
);

test(
  'messages that say the same, under the same identifier, are as many as were sent',
  T,
  inWorld({}, async (world) => {
    const gateway = await open(world);
    for (let i = 0; i < 5; i++) assert.equal(await gateway.publish(TOPIC, '{"t":1}', { qos: 2, packetId: 1 }), 0);
    await world.settled();
    assert.equal((await stored(world)).length, 5);
    assert.equal(notAccepted(world), 0);
  }),
);

test(
  'a device is there from its first message until its gateway leaves',
  T,
  inWorld({}, async (world) => {
    const gateway = await world.peer(GATEWAY);
    await world.settled();
    assert.equal(world.engine.known(...SUB), undefined, 'not before it is used');
    await gateway.publish(TOPIC, '{"t":1}');
    await world.settled();
    const there = world.engine.known(...SUB);
    assert.deepEqual([there?.connected, there?.device, there?.gateway, there?.expiryS], [true, 'dev-1', 'gw', 0]);
    assert.equal(world.engine.known('demo', 'd:dev-2@gw'), undefined);
    await gateway.publish(TOPIC, '{"t":2}');
    await world.settled();
    assert.equal(world.engine.known(...SUB)?.connection, there?.connection, 'it is told once');
    await gateway.leave();
    await world.settled();
    assert.notEqual(world.engine.known(...SUB)?.connected, true);
  }),
);

test(
  'a gateway that connects anew takes its devices with it, and the end of the old connection means nothing',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const before = await open(world);
    await before.publish(TOPIC, '{"t":1}');
    await world.settled();
    const first = world.engine.known(...SUB)?.connection ?? 0;
    const next = await open(world, { edge: 1 });
    await next.publish(TOPIC, '{"t":2}');
    assert.ok(await before.ends());
    await world.settled();
    const now = world.engine.known(...SUB);
    assert.ok(now?.connected === true && now.connection !== first);
  }),
);

test(
  'devices of a gateway whose edge is gone are gone when the grace is over',
  T,
  inWorld({}, async (world) => {
    const gateway = await open(world);
    await gateway.publish(TOPIC, '{"t":1}');
    await world.settled();
    await world.kill();
    await world.engine.edgeGone(1);
    await world.settled();
    assert.equal(world.engine.known(...SUB)?.connected, true);
    await world.pass(11_000);
    assert.notEqual(world.engine.known(...SUB)?.connected, true);
  }),
);

test(
  'what is said to a device reaches its gateway, while it may speak for it and the connection is the one meant',
  T,
  inWorld({}, async (world) => {
    const gateway = await world.peer(GATEWAY);
    await gateway.subscribe(['v1/gateway/+/commands/#', 'v1/commands/#']);
    await gateway.publish(TOPIC, '{"t":1}');
    await world.settled();
    const connection = world.engine.known(...SUB)?.connection ?? 0;
    const say = async (session: string, about: { readonly connection: number; readonly topic: string }) => {
      const publish = { topic: about.topic, payload: Buffer.from('{}'), qos: 1 };
      const answer = await world.downlinks.send(1, { tenant: 'demo', session, connection: about.connection, publish }, 1_000);
      return answer.kind === 'reply' ? answer.reply.code : answer.kind;
    };
    const topic = 'v1/commands/c1/request';
    assert.equal(await say('d:dev-1@gw', { connection, topic }), DOWNLINK_CODE.ok);
    await gateway.gets(1);
    assert.deepEqual(
      gateway.messages.map((message) => message.topic),
      ['v1/gateway/dev-1/commands/c1/request'],
    );
    assert.equal(await say('d:dev-1@gw', { connection, topic: 'v1/twin/desired' }), DOWNLINK_CODE.notSubscribed);
    for (const [session, meant] of [
      ['d:dev-1@gw', connection + 1],
      ['d:dev-2@gw', connection],
      ['d:dev-1@other', connection],
    ] as const)
      assert.equal(await say(session, { connection: meant, topic }), DOWNLINK_CODE.offline, session);
    const over = await world.downlinks.send(1, { tenant: 'demo', session: 'd:dev-1@gw', connection, takeOver: true }, 1_000);
    assert.equal(over.kind === 'reply' ? over.reply.code : over.kind, DOWNLINK_CODE.ok);
    assert.equal(await say('d:dev-1@gw', { connection, topic }), DOWNLINK_CODE.offline);
    assert.equal(gateway.hasEnded, false, 'the gateway itself stays');
  }),
);
