/** Shared subscriptions (MQTT 5 §4.8.2), over edges that come and go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { inWorld, until } from '../../support/memory-broker.ts';
import { decodeEventBatch, KIND } from '../../../schemas/gen/lean.ts';
import { agreed, beginsAnew, got, MANY, publishMany, SHARE, sorted } from './share-members.ts';

const T = { timeout: 30_000 };
const KEPT = { clean: false, expiryS: 1_000 } as const;

for (const qos of [0, 1, 2] as const) {
  test(
    `QoS ${qos}: of each message one member gets a copy, and all get their part, over two edges`,
    T,
    inWorld({ edges: 2, partitions: 4 }, async (world) => {
      const members = await Promise.all([0, 0, 1].map(async (edge, i) => world.peer({ clientId: `m${i}`, edge })));
      for (const member of members) assert.deepEqual(await member.subscribe(SHARE, { qos }), [qos]);
      await agreed(world);
      const texts = await publishMany(world, { qos: qos === 0 ? 0 : 1 });
      await got(members, MANY);
      await world.settled();
      assert.deepEqual(sorted(members), texts);
      // A partition is read at one edge, and given in turns there.
      assert.ok(members.filter(({ payloads }) => payloads.length > 0).length >= 2);
    }),
  );
}

test(
  'each group gets its copy, and so does a subscription of one’s own',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    const b = await world.peer({ clientId: 'b' });
    await a.subscribe([SHARE, 'x/#']);
    await b.subscribe('$share/h/x/#');
    await agreed(world);
    await publishMany(world);
    await a.gets(2 * MANY);
    await got([b], MANY);
    await world.settled();
    assert.equal(a.payloads.length, 2 * MANY);
    assert.equal(b.payloads.length, MANY);
  }),
);

test(
  'No Local in a shared subscription is a protocol error; retained messages are not sent for one',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x/1', 'kept', { retain: true });
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe(SHARE);
    await agreed(world);
    assert.deepEqual(a.payloads, []);
    const c = await world.peer({ clientId: 'c' });
    await c.subscribe(SHARE, { nl: true });
    assert.ok(await c.ends());
    assert.equal(c.leaveReason, REASON.PROTOCOL_ERROR);
  }),
);

test(
  'what a member held when it left goes to another one',
  T,
  inWorld({}, async (world) => {
    const silent = await world.peer({ clientId: 'silent', acks: 'manual' });
    const busy = await world.peer({ clientId: 'busy' });
    for (const member of [silent, busy]) await member.subscribe(SHARE, { qos: 2 });
    await agreed(world);
    const texts = await publishMany(world);
    await got([silent, busy], MANY);
    const held = silent.payloads.length;
    assert.ok(held > 0 && busy.payloads.length + held === MANY);
    silent.destroy();
    await busy.gets(MANY);
    assert.deepEqual(sorted([busy]), texts);
  }),
);

test(
  'a QoS 2 message that was sent is its member’s, if the member’s session is kept',
  T,
  inWorld({}, async (world) => {
    const silent = await world.peer({ clientId: 'silent', acks: 'manual', ...KEPT });
    const busy = await world.peer({ clientId: 'busy', ...KEPT });
    for (const member of [silent, busy]) await member.subscribe(SHARE, { qos: 2 });
    await agreed(world);
    const b = await world.peer({ clientId: 'b' });
    for (let i = 0; i < 20; i++) await b.publish('x/1', `${i}`, { qos: 2 });
    await got([silent, busy], 20);
    const held = silent.payloads;
    silent.destroy();
    await world.settled();
    assert.equal(busy.payloads.length + held.length, 20);
    const again = await world.peer({ clientId: 'silent', ...KEPT });
    await again.gets(held.length);
    await world.settled();
    assert.deepEqual(again.payloads.toSorted(), held.toSorted());
  }),
);

test(
  'a kept member that goes while QoS 2 messages become its own has them when it is back, and nobody else has them too',
  T,
  inWorld({}, async (world) => {
    const leaving = await world.peer({ clientId: 'leaving', ...KEPT });
    const staying = await world.peer({ clientId: 'staying', ...KEPT });
    for (const member of [leaving, staying]) await member.subscribe(SHARE, { qos: 2 });
    await agreed(world);
    // What they may have is told to the log, which does not answer.
    const tells = (data: Uint8Array): boolean => decodeEventBatch(data)?.events.some(({ kind }) => kind === KIND.session) === true;
    world.weather = ({ data, log }) => ({ kind: log === 'input' && tells(data) ? 'hold' : 'store' });
    const texts = await publishMany(world, { qos: 2 });
    await world.settled();
    assert.deepEqual(sorted([leaving, staying]), []);
    leaving.destroy();
    await world.settled();
    world.weather = () => ({ kind: 'store' });
    world.release();
    const again = await world.peer({ clientId: 'leaving', ...KEPT });
    await got([leaving, staying, again], MANY);
    await world.settled();
    assert.deepEqual([...new Set(sorted([leaving, staying, again]))], texts);
    const both = staying.payloads.filter((text) => leaving.payloads.includes(text) || again.payloads.includes(text));
    assert.deepEqual(both, []);
  }),
);

test(
  'nobody has room: what is more waits in the log, and comes as members acknowledge',
  T,
  inWorld({}, async (world) => {
    const members = await Promise.all(
      [1, 2].map(async (i) => world.peer({ clientId: `m${i}`, acks: 'manual', properties: { receiveMaximum: 2 } })),
    );
    for (const member of members) await member.subscribe(SHARE);
    await agreed(world);
    const b = await world.peer({ clientId: 'b' });
    // More than waits in memory for two clients.
    for (let i = 0; i < MANY; i++) b.sendPublish('x/1', `${i}`.padEnd(20_000), { qos: 1, packetId: i + 1 });
    await until(() => b.packets.filter(({ cmd }) => cmd === 'puback').length === MANY);
    await world.settled();
    assert.ok(sorted(members).length <= 4);
    for (const member of members) {
      member.acks = 'auto';
      for (const message of member.messages) member.ack(message);
    }
    await got(members, MANY);
    await world.settled();
    assert.deepEqual(
      sorted(members).map((text) => text.trim()),
      Array.from({ length: MANY }, (_, i) => `${i}`),
    );
  }),
);

test(
  'a partition goes over to another edge when its edge dies, and nothing is lost',
  T,
  inWorld({ edges: 2, partitions: 4 }, async (world) => {
    const dying = await world.peer({ clientId: 'dying', acks: 'manual' });
    const living = await world.peer({ clientId: 'living', edge: 1 });
    await dying.subscribe(SHARE);
    await living.subscribe(SHARE);
    await agreed(world, SHARE, ['edge-1', 'edge-2']);
    const first = await publishMany(world, { edge: 1 });
    await got([dying, living], MANY);
    assert.ok(dying.payloads.length > 0);
    const { epoch } = world.edge(0);
    await world.kill(0);
    await world.engine.edgeGone(epoch);
    // Until it is noticed that the other edge says nothing any more.
    await until(() => living.payloads.length >= MANY, 'what the dead held comes to the living');
    const second = await publishMany(world, { edge: 1, from: 1_000 });
    await got([living], 2 * MANY);
    assert.deepEqual([...new Set(sorted([living]))], [...first, ...second]);
  }),
);

test(
  'a partition goes over to an edge that gets members, and back when it has none any more: one copy each',
  T,
  inWorld({ edges: 2, partitions: 4 }, async (world) => {
    const stays = await world.peer({ clientId: 'stays' });
    await stays.subscribe(SHARE);
    await agreed(world);
    const all = [...(await publishMany(world, { from: 0 }))];
    const comes = await world.peer({ clientId: 'comes', edge: 1 });
    await comes.subscribe(SHARE);
    await agreed(world, SHARE, ['edge-1', 'edge-2']);
    all.push(...(await publishMany(world, { from: 100, edge: 1 })));
    await got([stays, comes], 2 * MANY);
    assert.ok(comes.payloads.length > 0 && comes.payloads.length < MANY);
    await comes.leave();
    await agreed(world);
    all.push(...(await publishMany(world, { from: 200 })));
    await got([stays, comes], 3 * MANY);
    await world.settled();
    assert.deepEqual(sorted([stays, comes]), all);
  }),
);

test(
  'while all are away, messages wait for a member whose session is kept, whatever edge it comes back to',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe(SHARE, { qos: 2 });
    await agreed(world);
    const early = await publishMany(world);
    await got([a], MANY);
    await a.leave();
    const late = await publishMany(world, { from: 1_000, edge: 1 });
    const again = await world.peer({ clientId: 'a', edge: 1, ...KEPT });
    await got([a, again], 2 * MANY);
    await world.settled();
    assert.deepEqual(sorted([a, again]), [...early, ...late]);
  }),
);

test(
  'messages of a group whose members’ sessions are over are nobody’s',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    await a.subscribe(SHARE);
    await agreed(world);
    await a.leave();
    await world.settled();
    await beginsAnew(world, 'a');
  }),
);

test(
  'messages from after the last UNSUBSCRIBE are nobody’s, also where the member’s session is kept',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe(SHARE);
    await agreed(world);
    assert.deepEqual(await a.unsubscribe(SHARE), [0]);
    await world.settled();
    await publishMany(world);
    await a.subscribe(SHARE);
    await agreed(world);
    const later = await publishMany(world, { from: 1_000 });
    await got([a], MANY);
    await world.settled();
    assert.deepEqual(sorted([a]), later);
  }),
);

test(
  'subscribed again, a member stays one, with the new options',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', acks: 'manual' });
    await a.subscribe(SHARE, { qos: 1 });
    await agreed(world);
    await publishMany(world);
    await got([a], MANY);
    await a.subscribe(SHARE, { qos: 2, id: 9 });
    const b = await world.peer({ clientId: 'b' });
    a.acks = 'auto';
    for (const message of a.messages) a.ack(message);
    await b.publish('x/1', 'last', { qos: 2 });
    await a.gets(MANY + 1);
    const last = a.messages.at(-1);
    assert.deepEqual([last?.payload.toString(), last?.qos, [last?.properties?.subscriptionIdentifier].flat()], ['last', 2, [9]]);
  }),
);

test(
  'what was stored after SUBACK of a kept member is not lost though its edge dies at once',
  T,
  inWorld({ edges: 2 }, async (world) => {
    await publishMany(world, { edge: 1, from: 5_000 });
    const a = await world.peer({ clientId: 'a', acks: 'manual', ...KEPT });
    await a.subscribe(SHARE);
    const texts = await publishMany(world, { edge: 1 });
    const { epoch } = world.edge(0);
    await world.kill(0);
    await world.engine.edgeGone(epoch);
    const again = await world.peer({ clientId: 'a', edge: 1, ...KEPT });
    await got([again], MANY);
    assert.deepEqual([...new Set(sorted([again]))], texts);
  }),
);
