/** SUBSCRIBEs of kept sessions that the log doesn't take (MQTT 5 §3.8.4): what held before holds again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWorld, until, type BrokerWorld, type Weather } from '../../support/memory-broker.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import type { MqttPeer } from '../../support/mqtt-peer.ts';

const T = { timeout: 20_000 };
const KEPT = { clean: false, expiryS: 1_000 } as const;
const FULL: Weather = () => ({ kind: 'refuse', why: 'full' });
const FINE: Weather = () => ({ kind: 'store' });

/** Answers to SUBSCRIBEs, in order. */
function subacks(peer: MqttPeer): readonly (readonly unknown[])[] {
  return peer.packets.flatMap((packet) => (packet.cmd === 'suback' ? [packet.granted] : []));
}

function send(peer: MqttPeer, messageId: number, qos: 0 | 1 | 2): void {
  peer.send({ cmd: 'subscribe', messageId, subscriptions: [{ topic: 'x', qos }] });
}

async function qosOf(world: BrokerWorld, peer: MqttPeer): Promise<number | undefined> {
  const before = peer.messages.length;
  const b = await world.peer({ clientId: 'b' });
  await b.publish('x', 'one', { qos: 2 });
  await peer.gets(before + 1);
  await b.leave();
  return peer.messages.at(-1)?.qos;
}

// It was dropped: the client, told that its new options had failed, believed that it had the old ones, and got nothing.
test(
  'a subscription that was to be replaced holds as it was, here and for whoever goes on',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    assert.deepEqual(await a.subscribe('x', { qos: 1 }), [1]);
    world.weather = FULL;
    assert.deepEqual(await a.subscribe(['x', 'y'], { qos: 2 }), [REASON.QUOTA_EXCEEDED, REASON.QUOTA_EXCEEDED]);
    world.weather = FINE;
    assert.ok(!a.hasEnded);
    assert.equal(await qosOf(world, a), 1);
    const b = await world.peer({ clientId: 'b' });
    await b.publish('y', 'two');
    await world.settled();
    assert.deepEqual(a.payloads, ['one']);
    await a.leave();
    const again = await world.peer({ clientId: 'a', ...KEPT });
    assert.equal(await qosOf(world, again), 1);
  }),
);

test(
  'of several on their way the last that the log took holds',
  T,
  inWorld({}, async (world) => {
    const a = await world.peer({ clientId: 'a', ...KEPT });
    assert.deepEqual(await a.subscribe('x', { qos: 0 }), [0]);
    let appends = 0;
    world.weather = ({ log }) => (log === 'input' && ++appends === 2 ? { kind: 'refuse', why: 'full' } : { kind: 'store' });
    for (const [messageId, qos] of [[11, 1] as const, [12, 2] as const]) {
      send(a, messageId, qos);
      await until(() => appends === messageId - 10);
    }
    await until(() => subacks(a).length === 3);
    assert.deepEqual(subacks(a).slice(1), [[1], [REASON.QUOTA_EXCEEDED]]);
    assert.equal(await qosOf(world, a), 1);
  }),
);
