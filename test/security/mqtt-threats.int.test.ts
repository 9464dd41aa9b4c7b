/** Threats to the broker: what one client, or one tenant, can do to the memory, the messages and the sessions of others. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SUBSCRIPTIONS_APPLICATION_MAX, TOPIC_LEVELS_MAX } from '../../engine/kernel/limits.ts';
import { ENTER_MS_MAX, SWEEP_MS } from '../../ingest/mqtt/announced.ts';
import { REASON } from '../../ingest/mqtt/packets.ts';
import { inWorld, until, type BrokerWorld } from '../support/memory-broker.ts';
import type { MqttPeer } from '../support/mqtt-peer.ts';

const T = { timeout: 30_000 };
const KEPT = { clean: false, expiryS: 1_000 } as const;
const OTHERS = 'may@other:topic:#:pubsub';

/** How many PUBACKs have come. */
function acked(peer: MqttPeer): number {
  return peer.packets.filter(({ cmd }) => cmd === 'puback').length;
}

async function publishAll(peer: MqttPeer, topic: string, texts: readonly string[]): Promise<void> {
  const before = acked(peer);
  for (const [i, text] of texts.entries()) {
    peer.sendPublish(topic, text, { packetId: i + 1 });
    if (i % 50 === 49) await until(() => acked(peer) >= before + i + 1, 'a part of them is stored');
  }
  await until(() => acked(peer) === before + texts.length, 'all are stored');
}

describe('bombs of topics and filters', () => {
  const deep = 'a/'.repeat(TOPIC_LEVELS_MAX);
  const wide = Array.from({ length: TOPIC_LEVELS_MAX }, () => '+').join('/');

  it(
    'levels beyond the limit are refused for topics, filters and wills, and the connection goes on',
    T,
    inWorld({}, async (world) => {
      const peer = await world.peer({ clientId: 'p' });
      assert.equal(await peer.publish(`${deep}b`, 'x'), REASON.TOPIC_NAME_INVALID);
      assert.deepEqual(await peer.subscribe([`${deep}#`, `$share/g/${deep}#`, `$share/g/${wide}`, wide]), [
        REASON.TOPIC_FILTER_INVALID,
        REASON.TOPIC_FILTER_INVALID,
        1,
        1,
      ]);
      const knock = await world.knock({ clientId: 'w', will: { topic: `${deep}b`, payload: Buffer.from('x'), qos: 1, retain: false } });
      assert.equal(knock.connack?.reasonCode, REASON.TOPIC_NAME_INVALID);
      assert.equal(await peer.publish(deep.slice(0, -1), 'x'), 0);
      await until(() => peer.payloads.includes('x'), 'what is within the limit comes');
    }),
  );

  it(
    'as many overlapping filters as a client may have make one copy of a message, and one more is refused',
    T,
    inWorld({}, async (world) => {
      const peer = await world.peer({ clientId: 'p' });
      const ways = Array.from({ length: SUBSCRIPTIONS_APPLICATION_MAX }, (_, i) =>
        Array.from({ length: 10 }, (__, bit) => ((i >> bit) & 1 ? '+' : 'a')).join('/'),
      );
      for (let i = 0; i < ways.length; i += 64) {
        const codes = await peer.subscribe(ways.slice(i, i + 64), { id: i + 1 });
        assert.ok(codes?.every((code) => code === 1));
      }
      assert.deepEqual(await peer.subscribe('#'), [REASON.QUOTA_EXCEEDED]);
      await peer.publish('a/a/a/a/a/a/a/a/a/a', 'one');
      await peer.publish('a/a/a/a/a/a/a/a/a/a', 'two');
      await until(() => peer.payloads.includes('two'), 'both come');
      assert.deepEqual(peer.payloads, ['one', 'two']);
    }),
  );

  it(
    'groups of shared subscriptions are limited for a tenant, and another tenant has its own',
    T,
    inWorld({ partitions: 1 }, async (world) => {
      const peer = await world.peer({ clientId: 'p' });
      const filters = Array.from({ length: 600 }, (_, i) => `$share/g${i}/x`);
      const codes = (await Promise.all([0, 200, 400].map(async (i) => peer.subscribe(filters.slice(i, i + 200))))).flat();
      assert.equal(codes.filter((code) => code === 1).length, 512);
      assert.equal(codes.filter((code) => code === REASON.QUOTA_EXCEEDED).length, 88);
      const other = await world.peer({ clientId: 'p', password: OTHERS });
      assert.deepEqual(await other.subscribe('$share/g/x'), [1]);
      // Who leaves a group makes room.
      await peer.unsubscribe('$share/g0/x');
      assert.deepEqual(await peer.subscribe('$share/more/x'), [1]);
    }),
  );
});

describe('tenants', () => {
  it(
    'have nothing of each other, with the same topics, client ids, groups and retained messages',
    T,
    inWorld({ edges: 2 }, async (world) => {
      const peers = async (password: string | undefined): Promise<readonly MqttPeer[]> => {
        const who = password === undefined ? {} : { password };
        const all = [
          await world.peer({ clientId: 'same', ...KEPT, ...who }),
          await world.peer({ clientId: 'member', edge: 1, ...who }),
          await world.peer({ clientId: 'teller', edge: 1, ...who }),
        ];
        await all[0]?.subscribe('x/#', { qos: 2 });
        await all[1]?.subscribe('$share/g/x/#');
        return all;
      };
      const mine = await peers(undefined);
      const theirs = await peers(OTHERS);
      for (const qos of [0, 1, 2] as const) await mine[2]?.publish('x/1', `mine ${qos}`, { qos, retain: true });
      await mine[0]?.gets(3);
      await until(() => (mine[1]?.payloads.length ?? 0) >= 3, 'the member has its part');
      const late = await world.peer({ clientId: 'late', password: OTHERS });
      await late.subscribe('#');
      await world.settled();
      assert.deepEqual(
        [...theirs, late].flatMap(({ payloads }) => payloads),
        [],
      );
      // Nobody of another tenant takes a session over.
      assert.deepEqual(
        [...mine, ...theirs].map(({ hasEnded }) => hasEnded),
        Array.from({ length: 6 }, () => false),
      );
      mine[0]?.destroy();
      const again = await world.peer({ clientId: 'same', ...KEPT, password: OTHERS });
      assert.equal(again.sessionPresent, true);
      assert.deepEqual(again.payloads, []);
      await theirs[2]?.publish('x/1', 'theirs');
      assert.deepEqual(await again.gets(1), ['theirs']);
    }),
  );

  it(
    'names that mean something elsewhere are names here',
    T,
    inWorld({}, async (world) => {
      const names = [
        'a.b.>',
        '*',
        '$JS.API.>',
        'demo/a:x',
        's:$share/g/x',
        '../../etc',
        'ev.0',
        'a b c',
        '%00',
        '{}',
        '__proto__',
        'constructor',
      ];
      for (const name of names) {
        const peer = await world.peer({ clientId: name, ...KEPT });
        const group = name.replaceAll('/', '.');
        const topic = `t/${name}`;
        assert.deepEqual(await peer.subscribe([`t/${name}`, `$share/${group}/q/${name}`], { qos: 2 }), [2, 2], name);
        assert.equal(await peer.publish(topic, name, { retain: true, properties: { responseTopic: `r/${name}` } }), 0, name);
        await until(() => peer.payloads.includes(name), name);
        await peer.leave();
        const again = await world.peer({ clientId: name, ...KEPT });
        assert.equal(again.sessionPresent, true, name);
        await again.leave(0, 0);
      }
    }),
  );
});

describe('a policy that changes while sessions live', () => {
  const KEY = 'may:topic:open/#:pubsub topic:secret/#:sub';

  /** What comes to a client that may read less than it has subscribed to. */
  async function after(world: BrokerWorld, peer: MqttPeer): Promise<readonly string[]> {
    const boss = await world.peer({ clientId: 'teller' });
    for (const qos of [0, 1, 2] as const) {
      await boss.publish('secret/1', `secret ${qos}`, { qos });
      await boss.publish('open/1', `open ${qos}`, { qos });
    }
    await until(() => peer.payloads.filter((text) => text.startsWith('open')).length >= 2, 'what is still granted comes');
    await world.settled();
    return peer.payloads.filter((text) => text.startsWith('secret'));
  }

  it(
    'at the head, of a group, and for subscriptions and retained messages asked for anew',
    T,
    inWorld({}, async (world) => {
      const boss = await world.peer({ clientId: 'boss' });
      await boss.publish('secret/kept', 'secret kept', { retain: true });
      const peer = await world.peer({ clientId: 'p', password: KEY });
      assert.deepEqual(await peer.subscribe(['secret/#', 'open/#', '$share/g/secret/#'], { qos: 2, rh: 2 }), [2, 2, 2]);
      world.authenticator.restrict(KEY, 'topic:open/#:pubsub');
      assert.deepEqual(await after(world, peer), []);
      assert.deepEqual(await peer.subscribe('secret/#'), [REASON.NOT_AUTHORIZED]);
      assert.equal(peer.hasEnded, false);
    }),
  );

  it(
    'for what waits for a client that acknowledges slowly, and what was sent and is sent again',
    T,
    inWorld({}, async (world) => {
      const boss = await world.peer({ clientId: 'boss' });
      const peer = await world.peer({ clientId: 'p', password: KEY, ...KEPT, acks: 'manual', properties: { receiveMaximum: 1 } });
      await peer.subscribe(['secret/#', 'open/#'], { qos: 2 });
      await boss.publish('secret/1', 'secret first', { qos: 2 });
      await peer.gets(1);
      await boss.publish('secret/1', 'secret second', { qos: 2 });
      await world.settled();
      world.authenticator.restrict(KEY, 'topic:open/#:pubsub');
      const [first] = peer.messages;
      assert.ok(first);
      peer.acks = 'auto';
      peer.destroy();
      const again = await world.peer({ clientId: 'p', password: KEY, ...KEPT });
      assert.equal(again.sessionPresent, true);
      assert.deepEqual(await after(world, again), []);
    }),
  );

  it(
    'for messages that wait in memory while the client holds what it has',
    T,
    inWorld({}, async (world) => {
      const boss = await world.peer({ clientId: 'boss' });
      const peer = await world.peer({ clientId: 'p', password: KEY, acks: 'manual', properties: { receiveMaximum: 1 } });
      await peer.subscribe(['secret/#', 'open/#']);
      await boss.publish('open/1', 'open first');
      await boss.publish('secret/1', 'secret waiting');
      await peer.gets(1);
      world.authenticator.restrict(KEY, 'topic:open/#:pubsub');
      peer.acks = 'auto';
      for (const message of peer.messages) peer.ack(message);
      assert.deepEqual(await after(world, peer), []);
    }),
  );

  it(
    'for a will: that it was granted at CONNECT is not enough',
    T,
    inWorld({}, async (world) => {
      const watcher = await world.peer({ clientId: 'watcher' });
      await watcher.subscribe('open/#');
      const will = { topic: 'open/gone', payload: Buffer.from('gone'), qos: 1, retain: false } as const;
      const peers = [await world.peer({ clientId: 'p', password: KEY, will })];
      const other = 'may:topic:open/#:pubsub';
      peers.push(await world.peer({ clientId: 'q', password: other, will: { ...will, payload: Buffer.from('gone too') } }));
      world.authenticator.restrict(KEY, 'topic:else/#:pubsub');
      for (const peer of peers) peer.destroy();
      await watcher.gets(1);
      await world.settled();
      assert.deepEqual(watcher.payloads, ['gone too']);
    }),
  );
});

describe('sessions', () => {
  it(
    'of two clients that fight for an id, one lives at a time, and what is sent to it comes',
    T,
    inWorld({ edges: 2 }, async (world) => {
      const teller = await world.peer({ clientId: 'teller' });
      let last = await world.peer({ clientId: 'same', ...KEPT });
      await last.subscribe('x', { qos: 1 });
      const all = [last];
      for (let i = 1; i <= 20; i++) {
        const before = last;
        last = await world.peer({ clientId: 'same', ...KEPT, edge: i % 2 });
        all.push(last);
        assert.ok(await before.ends());
        assert.equal(before.leaveReason, REASON.SESSION_TAKEN_OVER);
        await teller.publish('x', `${i}`);
        await until(() => last.payloads.includes(`${i}`), `message ${i}`);
      }
      assert.deepEqual(
        [...new Set(all.flatMap(({ payloads }) => payloads))].toSorted((a, b) => Number(a) - Number(b)),
        Array.from({ length: 20 }, (_, i) => `${i + 1}`),
      );
    }),
  );

  it(
    'a client that waits for its session while the log is away is sent away in time, and those after it get in',
    T,
    inWorld({}, async (world) => {
      world.weather = ({ log }) => (log === 'input' ? { kind: 'hold' } : { kind: 'store' });
      const waiting = world.knock({ clientId: 's', ...KEPT });
      await until(() => world.edge().listener.connections() === 1, 'it has come');
      await new Promise((resolve) => setTimeout(resolve, 2 * SWEEP_MS));
      // It begins to wait; then the time is over.
      world.clock.pass(ENTER_MS_MAX + 1_000);
      assert.equal((await waiting).connack?.reasonCode, REASON.SERVER_UNAVAILABLE);
      world.weather = () => ({ kind: 'store' });
      world.release();
      const again = await world.peer({ clientId: 's', ...KEPT });
      await again.subscribe('x');
      assert.equal(await again.publish('x', 'y'), 0);
      assert.deepEqual(await again.gets(1), ['y']);
    }),
  );

  it(
    'what waits for a session still waits when its client gave up before it heard what the session was',
    T,
    inWorld({}, async (world) => {
      const texts = Array.from({ length: 20 }, (_, i) => `${i}`);
      const away = await world.peer({ clientId: 's', ...KEPT });
      await away.subscribe('x');
      await away.leave();
      await publishAll(await world.peer({ clientId: 'p' }), 'x', texts);
      // Somebody else listens, so that the edge's feed is at its end.
      await (await world.peer({ clientId: 'q' })).subscribe('y');
      world.weather = ({ log }) => (log === 'input' ? { kind: 'hold' } : { kind: 'store' });
      const impatient = [world.knock({ clientId: 's', ...KEPT }), world.knock({ clientId: 's', ...KEPT })];
      const refused = await Promise.race(impatient);
      assert.equal(refused?.connack?.reasonCode, REASON.SERVER_UNAVAILABLE);
      world.weather = () => ({ kind: 'store' });
      world.release();
      await Promise.all(impatient);
      const again = await world.peer({ clientId: 's', ...KEPT });
      const all = (await Promise.all(impatient)).flatMap(({ payloads }) => payloads);
      await until(() => new Set([...all, ...again.payloads]).size === texts.length, 'all that waited');
    }),
  );

  it(
    'a backlog of a group comes once, however its members acknowledge',
    T,
    inWorld({}, async (world) => {
      const texts = Array.from({ length: 500 }, (_, i) => `${i}`);
      const away = await world.peer({ clientId: 'm', ...KEPT });
      await away.subscribe('$share/g/x');
      await away.leave();
      await publishAll(await world.peer({ clientId: 'p' }), 'x', texts);
      const member = await world.peer({ clientId: 'm', ...KEPT });
      await until(() => new Set(member.payloads).size === texts.length, 'all of it');
      await world.settled();
      assert.deepEqual(member.payloads, texts);
    }),
  );

  it(
    'a client that never settles one QoS 2 message gets so many others, and each once, whatever becomes of its edge',
    { timeout: 60_000 },
    inWorld({}, async (world) => {
      const texts = Array.from({ length: 1_300 }, (_, i) => `${i}`);
      const options = { clientId: 's', ...KEPT, acks: 'manual' } as const;
      const stubborn = await world.peer({
        ...options,
        onPacket: (packet, peer) => {
          if (packet.cmd === 'publish' && packet.payload.toString() !== '0') peer.ack(packet);
          if (packet.cmd === 'pubrel') peer.send({ cmd: 'pubcomp', messageId: packet.messageId ?? 0 });
        },
      });
      await stubborn.subscribe('x', { qos: 2 });
      const teller = await world.peer({ clientId: 'p' });
      for (const text of texts) assert.equal(await teller.publish('x', text, { qos: 2, packetId: 1 }), 0);
      await world.settled();
      const held = stubborn.payloads.length;
      assert.ok(held < 1_000, `${held} at once`);
      await world.restart(0);
      await world.pass(20_000);
      const again = await world.peer({ clientId: 's', ...KEPT });
      await until(() => again.payloads.length >= texts.length - held + 1, 'the rest');
      await world.settled();
      // But for the one that was held, which is sent again as what it is.
      assert.deepEqual(
        again.messages.filter(({ dup }) => dup).map(({ payload }) => payload.toString()),
        ['0'],
      );
      assert.deepEqual(again.payloads, ['0', ...texts.slice(held)]);
    }),
  );
});
