/** Wills (MQTT 5 §3.1.2.5, §3.1.3.2, §3.14): each exactly once, and only when it is due. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { inWorld, type BrokerWorld } from '../../support/memory-broker.ts';
import { userProperties, type MqttPeer, type PeerOptions } from '../../support/mqtt-peer.ts';

const T = { timeout: 20_000 };
/** An edge that was taken for dead gets so long to be wrong about it. */
const GRACE_MS = 10_000;

function will(payload: string, delayS = 0): Pick<PeerOptions, 'will'> {
  return { will: { topic: 'wills', payload: Buffer.from(payload), qos: 1, retain: false, properties: { willDelayInterval: delayS } } };
}

async function watcher(world: BrokerWorld, edge = 0): Promise<MqttPeer> {
  const peer = await world.peer({ clientId: 'watcher', edge });
  await peer.subscribe('wills', { qos: 2 });
  return peer;
}

/** What came, once nothing more does. */
async function heard(world: BrokerWorld, peer: MqttPeer): Promise<readonly string[]> {
  await world.settled();
  return peer.payloads;
}

test(
  'a will is sent when the connection breaks, when it is ended for a fault, and at DISCONNECT 0x04; not at 0x00',
  T,
  inWorld({}, async (world) => {
    const w = await watcher(world);
    const a = await world.peer({ clientId: 'a', ...will('dropped') });
    a.destroy();
    assert.deepEqual(await heard(world, w), ['dropped']);
    const b = await world.peer({ clientId: 'b', ...will('faulty') });
    b.sendBytes(Buffer.from([0xf0, 0x01, 0xff]));
    assert.ok(await b.ends());
    assert.deepEqual(await heard(world, w), ['dropped', 'faulty']);
    const c = await world.peer({ clientId: 'c', ...will('asked') });
    await c.leave(REASON.DISCONNECT_WITH_WILL);
    assert.deepEqual(await heard(world, w), ['dropped', 'faulty', 'asked']);
    const d = await world.peer({ clientId: 'd', ...will('silent') });
    await d.leave();
    const old = await world.peer({ level: 4, clientId: 'e', ...will('old') });
    await old.leave();
    assert.deepEqual(await heard(world, w), ['dropped', 'faulty', 'asked']);
  }),
);

test(
  'a will is sent when the keep-alive is over, and when the credential is revoked',
  T,
  inWorld({}, async (world) => {
    const w = await watcher(world);
    const a = await world.peer({ clientId: 'a', keepalive: 5, ...will('late') });
    await world.settled();
    world.clock.pass(9_000);
    assert.ok(await a.ends());
    const b = await world.peer({ clientId: 'b', password: 'may:telemetry:write topic:wills:pub', ...will('revoked') });
    world.authenticator.revoke('may:telemetry:write topic:wills:pub');
    assert.ok(await b.ends());
    assert.deepEqual(await heard(world, w), ['late', 'revoked']);
  }),
);

test(
  'will delay: not before it is over, and exactly once',
  T,
  inWorld({}, async (world) => {
    const w = await watcher(world);
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 100, ...will('gone', 20) });
    a.destroy();
    await world.pass(19_000);
    assert.deepEqual(await heard(world, w), []);
    await world.pass(2_000);
    assert.deepEqual(await heard(world, w), ['gone']);
    await world.pass(200_000);
    assert.deepEqual(await heard(world, w), ['gone']);
  }),
);

test(
  'will delay is capped by the session’s expiry: with the session’s end it is sent',
  T,
  inWorld({}, async (world) => {
    const w = await watcher(world);
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 10, ...will('short', 1_000) });
    a.destroy();
    const b = await world.peer({ clientId: 'b', clean: true, expiryS: 0, ...will('at once', 1_000) });
    b.destroy();
    assert.deepEqual(await heard(world, w), ['at once']);
    await world.pass(11_000);
    assert.deepEqual(await heard(world, w), ['at once', 'short']);
  }),
);

for (const edge of [0, 1]) {
  test(
    `a will that waits is cancelled when the session is taken up again ${edge === 0 ? 'here' : 'at another edge'}`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const w = await watcher(world);
      const a = await world.peer({ clientId: 'a', clean: false, expiryS: 100, ...will('gone', 20) });
      a.destroy();
      await world.pass(10_000);
      const again = await world.peer({ clientId: 'a', clean: false, expiryS: 100, edge });
      assert.equal(again.sessionPresent, true);
      await world.pass(200_000);
      assert.deepEqual(await heard(world, w), []);
    }),
  );

  test(
    `at a take-over ${edge === 0 ? 'here' : 'at another edge'}: the will is sent unless the session goes on and a delay runs`,
    T,
    inWorld({ edges: 2 }, async (world) => {
      const w = await watcher(world);
      for (const [name, clean, delayS, isSent] of [
        ['goes-on', false, 20, false],
        ['goes-on-without-delay', false, 0, true],
        ['clean', true, 20, true],
        ['clean-without-delay', true, 0, true],
      ] as const) {
        const before = w.payloads.length;
        await world.peer({ clientId: name, clean: false, expiryS: 100, ...will(name, delayS) });
        const next = await world.peer({ clientId: name, clean, expiryS: 100, edge });
        await world.settled();
        assert.deepEqual(w.payloads.slice(before), isSent ? [name] : [], name);
        await next.leave();
      }
      await world.pass(200_000);
      assert.equal((await heard(world, w)).length, 3);
    }),
  );
}

test(
  'a clean start while a will waits ends the session, so the will is sent then, once',
  T,
  inWorld({}, async (world) => {
    const w = await watcher(world);
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 100, ...will('gone', 50) });
    a.destroy();
    await world.settled();
    await world.peer({ clientId: 'a', clean: true });
    assert.deepEqual(await heard(world, w), ['gone']);
    await world.pass(100_000);
    assert.deepEqual(await heard(world, w), ['gone']);
  }),
);

test(
  'a will’s properties go on, its expiry counts from when it is sent, and it may be retained',
  T,
  inWorld({}, async (world) => {
    const w = await watcher(world);
    const properties = {
      willDelayInterval: 30,
      messageExpiryInterval: 60,
      contentType: 'text/plain',
      responseTopic: 'answers',
      correlationData: Buffer.from('c'),
      userProperties: { k: ['1', '2'] },
    };
    const a = await world.peer({
      clientId: 'a',
      clean: false,
      expiryS: 100,
      will: { topic: 'wills', payload: Buffer.from('gone'), qos: 2, retain: true, properties },
    });
    a.destroy();
    await world.pass(40_000);
    await w.gets(1);
    const [message] = w.messages;
    assert.equal(message?.qos, 2);
    assert.equal(message?.retain, false);
    assert.equal(message?.properties?.contentType, 'text/plain');
    assert.equal(message?.properties?.responseTopic, 'answers');
    assert.deepEqual({ ...(message === undefined ? {} : userProperties(message)) }, { k: ['1', '2'] });
    const left = message?.properties?.messageExpiryInterval ?? 0;
    // It was due ten seconds ago.
    assert.ok(left >= 48 && left <= 60, `${left}`);
    const late = await world.peer({ clientId: 'late' });
    await late.subscribe('wills');
    await late.gets(1);
    assert.deepEqual(
      late.messages.map(({ payload, retain }) => [payload.toString(), retain]),
      [['gone', true]],
    );
  }),
);

test(
  'a will without its subscribers waits for those whose sessions are kept',
  T,
  inWorld({}, async (world) => {
    const kept = await world.peer({ clientId: 'k', clean: false, expiryS: 1_000 });
    await kept.subscribe('wills', { qos: 1 });
    await kept.leave();
    const a = await world.peer({ clientId: 'a', ...will('gone') });
    a.destroy();
    await world.settled();
    const again = await world.peer({ clientId: 'k', clean: false, expiryS: 1_000 });
    assert.deepEqual(await again.gets(1), ['gone']);
  }),
);

test(
  'an edge dies: its clients’ wills are sent after the grace, once each, and not for those who came back',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const w = await watcher(world, 1);
    for (const name of ['stays-away', 'comes-back', 'clean-comes-back']) {
      await world.peer({ clientId: name, clean: false, expiryS: 1_000, ...will(name, 5) });
    }
    await world.peer({ clientId: 'short', clean: true, expiryS: 0, ...will('short') });
    await world.settled();
    const { epoch } = world.edge(0);
    await world.kill(0);
    await world.engine.edgeGone(epoch);
    await world.pass(GRACE_MS - 2_000);
    assert.deepEqual(await heard(world, w), []);
    await world.peer({ clientId: 'comes-back', clean: false, expiryS: 1_000, edge: 1 });
    await world.peer({ clientId: 'clean-comes-back', clean: true, edge: 1 });
    assert.deepEqual(await heard(world, w), ['clean-comes-back']);
    await world.pass(3_000);
    assert.deepEqual((await heard(world, w)).toSorted(), ['clean-comes-back', 'short']);
    await world.pass(60_000);
    // Said twice, done once.
    await world.engine.edgeGone(epoch);
    await world.pass(60_000);
    assert.deepEqual((await heard(world, w)).toSorted(), ['clean-comes-back', 'short', 'stays-away']);
  }),
);

test(
  'an edge that drains takes leave of its clients with 0x8B, and no will is sent',
  T,
  inWorld({ edges: 2 }, async (world) => {
    const w = await watcher(world, 1);
    const a = await world.peer({ clientId: 'a', ...will('gone') });
    await world.edge(0).listener.drain();
    assert.ok(await a.ends());
    assert.equal(a.leaveReason, REASON.SERVER_SHUTTING_DOWN);
    await world.engine.edgeGone(world.edge(0).epoch, true);
    await world.pass(60_000);
    assert.deepEqual(await heard(world, w), []);
  }),
);

test(
  'a will that fell due while the engine was away is sent once when it is back',
  T,
  inWorld({}, async (world) => {
    const w = await watcher(world);
    const a = await world.peer({ clientId: 'a', clean: false, expiryS: 100, ...will('gone', 5) });
    a.destroy();
    await world.settled();
    await world.engine.stop();
    await world.pass(30_000);
    assert.deepEqual(await heard(world, w), []);
    world.engine.start();
    assert.deepEqual(await w.gets(1), ['gone']);
    await world.engine.stop();
    world.engine.start();
    await world.pass(30_000);
    assert.deepEqual(await heard(world, w), ['gone']);
  }),
);

test(
  'a will that the policy doesn’t grant is refused at CONNECT',
  T,
  inWorld({}, async (world) => {
    const password = 'may:telemetry:write topic:mine/#:pubsub';
    const refused = await world.knock({ clientId: 'a', password, ...will('gone') });
    assert.equal(refused.connack?.reasonCode, REASON.NOT_AUTHORIZED);
  }),
);
