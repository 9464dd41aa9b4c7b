/** What a session must be (MQTT 5 §3.1.2.4, §3.1.2.11.2, §3.14, §4.1; MQTT 3.1.1 §3.1.2.4): one test a clause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SWEEP_MS } from '../../../ingest/mqtt/announced.ts';
import { SESSION_EXPIRY_S_MAX } from '../../../engine/kernel/limits.ts';
import { inWorld, until } from '../../support/memory-broker.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';

const T = { timeout: 20_000 };
const KEPT = { clean: false, expiryS: 1_000 } as const;

test(
  'session present: 0 for a new session, 1 where it is gone on with, 0 after a clean start',
  T,
  inWorld({}, async (world) => {
    const first = await world.peer({ clientId: 'a', ...KEPT });
    assert.equal(first.sessionPresent, false);
    await first.leave();
    const second = await world.peer({ clientId: 'a', ...KEPT });
    assert.equal(second.sessionPresent, true);
    await second.leave();
    const third = await world.peer({ clientId: 'a', clean: true, expiryS: 1_000 });
    assert.equal(third.sessionPresent, false);
    await third.leave();
  }),
);

test(
  'a clean start discards the subscriptions, and what waited',
  T,
  inWorld({}, async (world) => {
    const before = await world.peer({ clientId: 'a', ...KEPT });
    await before.subscribe('x');
    await before.leave();
    const other = await world.peer({ clientId: 'b' });
    assert.equal(await other.publish('x', 'waits'), 0);
    const after = await world.peer({ clientId: 'a', clean: true, expiryS: 1_000 });
    assert.equal(await other.publish('x', 'later'), 0);
    await world.settled();
    assert.deepEqual(after.payloads, []);
  }),
);

test(
  'clean start and session expiry are separate: a session that began clean is kept for its expiry',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', clean: true, expiryS: 100 });
    await a.subscribe('x');
    await a.leave();
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'one');
    await world.pass(99_000);
    const again = await world.peer({ clientId: 'a', clean: false, expiryS: 100 });
    assert.equal(again.sessionPresent, true);
    assert.deepEqual(await again.gets(1), ['one']);
  }),
);

test(
  'a session whose expiry is over is gone',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 100 });
    await a.subscribe('x');
    await a.leave();
    await world.pass(101_000);
    const again = await world.peer({ clientId: 'a', clean: false, expiryS: 100 });
    assert.equal(again.sessionPresent, false);
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'one');
    await world.settled();
    assert.deepEqual(again.payloads, []);
  }),
);

test(
  'an expiry of 0 ends the session with its connection, clean start or not',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 0 });
    await a.subscribe('x');
    a.destroy();
    await until(() => world.edge().listener.connections() === 0);
    const again = await world.peer({ clientId: 'a', clean: false, expiryS: 1_000 });
    assert.equal(again.sessionPresent, false);
  }),
);

test(
  'an expiry above what is granted is lowered, and CONNACK says so',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 0xffff_ffff });
    assert.equal(a.connack?.properties?.sessionExpiryInterval, SESSION_EXPIRY_S_MAX);
    const b = await world.peer({ clientId: 'b', clean: false, expiryS: 5 });
    assert.equal(b.connack?.properties?.sessionExpiryInterval, undefined);
  }),
);

test(
  'DISCONNECT may shorten the expiry, even to nothing',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.leave(0, 10);
    await world.pass(11_000);
    const again = await world.peer({ clientId: 'a', ...KEPT });
    assert.equal(again.sessionPresent, false);
    await again.leave(0, 0);
    assert.equal((await world.peer({ clientId: 'a', ...KEPT })).sessionPresent, false);
  }),
);

test(
  'DISCONNECT may lengthen the expiry',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 5 });
    await a.leave(0, 500);
    await world.pass(400_000);
    assert.equal((await world.peer({ clientId: 'a', ...KEPT })).sessionPresent, true);
  }),
);

test(
  'DISCONNECT may not lengthen it beyond what is granted to anybody',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 5 });
    await a.leave(0, 0xffff_ffff);
    await world.settled();
    assert.equal(world.engine.known('demo', 'a:a')?.expiryS, SESSION_EXPIRY_S_MAX);
  }),
);

test(
  'DISCONNECT that raises an expiry of 0 is a protocol error, 0x82, and the will is sent',
  T,
  inWorld({}, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    await b.subscribe('w');
    const a = await world.peer({ clientId: 'a', will: { topic: 'w', payload: Buffer.from('gone'), qos: 1, retain: false } });
    a.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 5 } });
    assert.ok(await a.ends());
    assert.equal(a.leaveReason, REASON.PROTOCOL_ERROR);
    assert.deepEqual(await b.gets(1), ['gone']);
  }),
);

for (const edge of [0, 1]) {
  const where = edge === 0 ? 'the same edge' : 'another edge';
  test(
    `take-over at ${where}: the old connection gets 0x8E and is closed, the session goes on`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const old = await world.peer({ clientId: 'a', ...KEPT });
      await old.subscribe('x', { qos: 2 });
      const next = await world.peer({ clientId: 'a', ...KEPT, edge });
      assert.ok(await old.ends());
      assert.equal(old.leaveReason, REASON.SESSION_TAKEN_OVER);
      assert.equal(next.sessionPresent, true);
      const b = await world.peer({ clientId: 'b' });
      assert.equal(await b.publish('x', 'one', { qos: 2 }), 0);
      assert.deepEqual(await next.gets(1), ['one']);
      await world.settled();
      assert.deepEqual(next.payloads, ['one']);
      assert.deepEqual(old.payloads, []);
    }),
  );

  test(
    `take-over by a clean start at ${where}: 0x8E, and nothing is left of the session`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const old = await world.peer({ clientId: 'a', ...KEPT });
      await old.subscribe('x');
      const next = await world.peer({ clientId: 'a', clean: true, expiryS: 0, edge });
      assert.ok(await old.ends());
      assert.equal(old.leaveReason, REASON.SESSION_TAKEN_OVER);
      assert.equal(next.sessionPresent, false);
    }),
  );

  test(
    `take-over of a session that is not kept at ${where}: 0x8E, and session present 0`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const old = await world.peer({ clientId: 'a', clean: true, expiryS: 0 });
      const next = await world.peer({ clientId: 'a', ...KEPT, edge });
      assert.ok(await old.ends());
      assert.equal(old.leaveReason, REASON.SESSION_TAKEN_OVER);
      assert.equal(next.sessionPresent, false);
    }),
  );
}

test(
  'of connections that come for one session at once one is left, and it works',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const b = await world.peer({ clientId: 'b' });
    const all = await Promise.all(Array.from({ length: 6 }, async (_, i) => world.knock({ clientId: 'a', ...KEPT, edge: i % 2 })));
    await world.settled();
    const open = all.filter((peer) => !peer.hasEnded);
    assert.equal(open.length, 1);
    const [last] = open;
    assert.deepEqual(await last?.subscribe('x'), [1]);
    await b.publish('x', 'one');
    assert.deepEqual(await last?.gets(1), ['one']);
  }),
);

test(
  'an empty client id: one is assigned and said, never the same twice; kept sessions too',
  T,
  inWorld({}, async (world) => {
    const one = await world.peer({ clientId: '' });
    const other = await world.peer({ clientId: '' });
    const assigned = [one, other].map(({ connack }) => connack?.properties?.assignedClientIdentifier);
    assert.equal(new Set(assigned).size, 2);
    assert.ok(assigned.every((id) => typeof id === 'string' && id.length > 0));
    const kept = await world.peer({ clientId: '', ...KEPT });
    const name = kept.connack?.properties?.assignedClientIdentifier;
    await kept.leave();
    assert.equal((await world.peer({ ...(name === undefined ? {} : { clientId: name }), ...KEPT })).sessionPresent, true);
    // Who chose its name isn't told one.
    assert.equal((await world.peer({ clientId: 'a' })).connack?.properties?.assignedClientIdentifier, undefined);
  }),
);

test(
  'the client ids that edges assign differ over edges and their restarts',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const names: (string | undefined)[] = [];
    const ask = async (edge: number): Promise<void> => {
      names.push((await world.peer({ clientId: '', edge })).connack?.properties?.assignedClientIdentifier);
    };
    await ask(0);
    await ask(1);
    await world.restart(0);
    await ask(0);
    assert.equal(new Set(names).size, 3, names.join());
  }),
);

test(
  'MQTT 3.1.1: an empty client id without clean session is refused with 2, with clean session it is let in',
  T,
  inWorld({}, async (world) => {
    const refused = await world.knock({ level: 4, clientId: '', clean: false });
    assert.equal(refused.connack?.returnCode, 2);
    assert.ok(await refused.ends());
    assert.equal((await world.peer({ level: 4, clientId: '', clean: true })).sessionPresent, false);
  }),
);

test(
  'MQTT 3.1.1: a session without clean session is kept, one with it ends with the connection',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ level: 4, clientId: 'a', clean: false });
    assert.equal(a.sessionPresent, false);
    await a.subscribe('x');
    await a.leave();
    const b = await world.peer({ level: 4, clientId: 'b', clean: true });
    await b.publish('x', 'one');
    const again = await world.peer({ level: 4, clientId: 'a', clean: false });
    assert.equal(again.sessionPresent, true);
    assert.deepEqual(await again.gets(1), ['one']);
    await again.leave();
    const clean = await world.peer({ level: 4, clientId: 'a', clean: true });
    assert.equal(clean.sessionPresent, false);
    await clean.subscribe('x');
    await clean.leave();
    assert.equal((await world.peer({ level: 4, clientId: 'a', clean: false })).sessionPresent, false);
  }),
);

test(
  'a session goes over from 3.1.1 to 5 and back',
  T,
  inWorld({}, async (world) => {
    const old = await world.peer({ level: 4, clientId: 'a', clean: false });
    await old.subscribe('x', { qos: 2 });
    await old.leave();
    const b = await world.peer({ clientId: 'b' });
    await b.publish('x', 'one', { qos: 2 });
    const young = await world.peer({ level: 5, clientId: 'a', ...KEPT });
    assert.equal(young.sessionPresent, true);
    assert.deepEqual(await young.gets(1), ['one']);
    await world.settled();
    await young.leave();
    assert.equal((await world.peer({ level: 4, clientId: 'a', clean: false })).sessionPresent, true);
  }),
);

test(
  'keep alive: closed after one and a half of it, with 0x8D; pings keep it open',
  T,
  inWorld({}, async (world) => {
    const silent = await world.peer({ clientId: 'a', keepalive: 10 });
    const pinging = await world.peer({ clientId: 'b', keepalive: 10 });
    for (const ms of [9_000, 4_000]) {
      await world.settled();
      world.clock.pass(ms);
      // The next look at the deadlines.
      await new Promise((resolve) => setTimeout(resolve, SWEEP_MS + 50));
      pinging.send({ cmd: 'pingreq' });
      await world.settled();
      assert.ok(!silent.hasEnded && !pinging.hasEnded);
    }
    world.clock.pass(3_000);
    assert.ok(await silent.ends());
    assert.equal(silent.leaveReason, REASON.KEEP_ALIVE_TIMEOUT);
    assert.ok(!pinging.hasEnded);
  }),
);

test(
  'keep alive above what is granted, or off: Server Keep Alive says what holds',
  T,
  inWorld({}, async (world) => {
    for (const keepalive of [0, 60_000]) {
      const a = await world.peer({ clientId: `a${keepalive}`, keepalive });
      assert.equal(a.connack?.properties?.serverKeepAlive, 1_200);
    }
    assert.equal((await world.peer({ clientId: 'b', keepalive: 30 })).connack?.properties?.serverKeepAlive, undefined);
  }),
);

test(
  'a second CONNECT is a protocol error, 0x82',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a' });
    a.send({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clientId: 'a', clean: true, keepalive: 0 });
    assert.ok(await a.ends());
    assert.equal(a.leaveReason, REASON.PROTOCOL_ERROR);
  }),
);

test(
  'an error code in CONNACK goes with session present 0: nobody can say what the session was',
  { timeout: 20_000 },
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.leave();
    await world.settled();
    world.weather = () => ({ kind: 'refuse', why: 'full' });
    const refused = await world.knock({ clientId: 'a', ...KEPT });
    assert.equal(refused.connack?.reasonCode, REASON.SERVER_UNAVAILABLE);
    assert.equal(refused.sessionPresent, false);
  }),
);

test(
  'a session survives the death of its edge, and is there at another one and at the next',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x', { qos: 2 });
    await world.kill(0);
    const b = await world.peer({ clientId: 'b', edge: 1 });
    assert.equal(await b.publish('x', 'one', { qos: 2 }), 0);
    const at1 = await world.peer({ clientId: 'a', ...KEPT, edge: 1 });
    assert.equal(at1.sessionPresent, true);
    assert.deepEqual(await at1.gets(1), ['one']);
    await at1.leave();
    await b.publish('x', 'two', { qos: 2 });
    await world.restart(0);
    const at0 = await world.peer({ clientId: 'a', ...KEPT, edge: 0 });
    assert.deepEqual(await at0.gets(1), ['two']);
  }),
);

test(
  'a session survives that the engine is away, and whoever wants it waits for that',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    await a.subscribe('x');
    await a.leave();
    await world.engine.stop();
    const b = await world.peer({ clientId: 'b' });
    assert.equal(await b.publish('x', 'one'), 0);
    const again = world.peer({ clientId: 'a', ...KEPT });
    await world.settled();
    world.engine.start();
    assert.equal((await again).sessionPresent, true);
    assert.deepEqual(await (await again).gets(1), ['one']);
  }),
);
