/** Clients that are sent elsewhere, or told to wait: an edge that ends and names another, and sessions that flap. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLAPPING_CONNECTS } from '../../../engine/domain/presence-news.ts';
import { MqttPeer } from '../../support/mqtt-peer.ts';
import { publishPacket } from './client-codec.ts';
import { type Edge, startEdge, until } from './fixtures.ts';

const T = { timeout: 20_000 };
const REFERENCE = 'b.example.com:8883';

async function knock(edge: Edge, device: string, level: 4 | 5 = 5): Promise<MqttPeer> {
  return MqttPeer.connect(edge.listener.port, { clientId: device, password: `device:${device}`, level });
}

/** The reason and the server reference that the server took leave with. */
async function leave(peer: MqttPeer): Promise<readonly unknown[]> {
  assert.ok(await peer.ends());
  const last = peer.packets.find((packet) => packet.cmd === 'disconnect');
  return last?.cmd === 'disconnect' ? [last.reasonCode, last.properties?.serverReference] : [];
}

test('an edge that ends tells its clients, and those who come meanwhile, where another server is', T, async () => {
  const edge = await startEdge({ serverReference: REFERENCE });
  try {
    const busy = await knock(edge, 'dev-1');
    const idle = await knock(edge, 'dev-2');
    const old = await knock(edge, 'dev-3', 4);
    busy.sendBytes(publishPacket({ level: 5, packetId: 3 }));
    await until(() => edge.intake.waiting === 1);
    edge.listener.stopAccepting();
    const early = await knock(edge, 'dev-4');
    assert.deepEqual([early.connack?.reasonCode, early.connack?.properties?.serverReference], [0x9c, REFERENCE]);
    assert.equal(idle.hasEnded, false, 'those who are there go on until it drains');
    const drained = edge.listener.drain();
    assert.deepEqual(await leave(idle), [0x9c, REFERENCE]);
    assert.deepEqual(await leave(old), [], '3.1.1 has no word for it');
    const late = await knock(edge, 'dev-5');
    assert.deepEqual([late.connack?.reasonCode, late.connack?.properties?.serverReference], [0x9c, REFERENCE]);
    const lateAndOld = await knock(edge, 'dev-6', 4);
    assert.equal(lateAndOld.connack?.returnCode, 3);
    edge.intake.storeAll();
    assert.deepEqual(await leave(busy), [0x9c, REFERENCE]);
    assert.ok(
      busy.packets.some((packet) => packet.cmd === 'puback' && packet.messageId === 3),
      'what was in flight is acknowledged first',
    );
    await drained;
    assert.equal(edge.listener.connections(), 0);
    await assert.rejects(knock(edge, 'dev-7'));
    assert.deepEqual([...new Set(edge.refusals)], ['draining']);
  } finally {
    await edge.close();
  }
});

test('an edge that ends without a client ends at once, also with somebody who says nothing', T, async () => {
  const edge = await startEdge({ serverReference: REFERENCE });
  try {
    const silent = await edge.connect();
    await until(() => edge.listener.connections() === 1);
    await edge.listener.drain();
    assert.ok(await silent.ends(1_000));
    assert.equal(edge.listener.connections(), 0);
  } finally {
    await edge.close();
  }
});

for (const level of [4, 5] as const) {
  test(`a session that flaps is refused for a while, if so wanted, and no other is: ${level}`, T, async () => {
    const edge = await startEdge({ flappingBanMs: 60_000 });
    try {
      for (let i = 0; i < FLAPPING_CONNECTS; i++) assert.equal(answerOf(await knock(edge, 'dev-1', level)), 0);
      const refused = await knock(edge, 'dev-1', level);
      assert.equal(answerOf(refused), level === 5 ? 0x8a : 5);
      if (level === 5) assert.match(String(refused.connack?.properties?.reasonString), /connects too often; try again in \d+ s/);
      assert.equal(answerOf(await knock(edge, 'dev-2', level)), 0);
      assert.equal(answerOf(await knock(edge, 'dev-1', level)), level === 5 ? 0x8a : 5);
      assert.deepEqual(
        edge.refusals.filter((why) => why === 'flapping'),
        ['flapping', 'flapping'],
      );
    } finally {
      await edge.close();
    }
  });
}

test('unless it is wanted, nobody is refused for connecting often', T, async () => {
  const edge = await startEdge();
  try {
    for (let i = 0; i < FLAPPING_CONNECTS + 5; i++) assert.equal(answerOf(await knock(edge, 'dev-1')), 0);
  } finally {
    await edge.close();
  }
});

function answerOf({ connack, level }: MqttPeer): number | undefined {
  return level === 5 ? connack?.reasonCode : connack?.returnCode;
}
