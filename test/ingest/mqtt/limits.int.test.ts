/** What clients of both versions are told when a limit has no room: mqtt.js, and raw sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { LimitsDoc } from '../../../engine/domain/limits-doc.ts';
import { compileLimits } from '../../../engine/domain/limits-doc.ts';
import { Admission } from '../../../ingest/admit.ts';
import { LimitsBook } from '../../../ingest/limits/limits-book.ts';
import { connectPacket, publishPacket } from './client-codec.ts';
import { type Edge, startEdge, systemClock, testSplitter, until } from './fixtures.ts';

interface Limited {
  readonly edge: Edge;
  readonly admission: Admission;
  readonly close: () => Promise<void>;
}

/** Stores at once; nobody answers for shared accounts. */
async function startLimited(device: LimitsDoc, listener: LimitsDoc = {}): Promise<Limited> {
  const book = new LimitsBook(() => []);
  book.apply({ kind: 'device', tenant: 'demo', id: 'dev-1', limits: device }, 1);
  const admission = new Admission({
    book,
    clock: systemClock,
    edge: { name: 'edge-1', epoch: 1 },
    desk: { ask: () => Promise.resolve(undefined) },
    listener: compileLimits(listener),
  });
  const edge = await startEdge({ admission });
  const timer = setInterval(() => edge.intake.storeAll(), 2);
  return {
    edge,
    admission,
    close: async () => {
      clearInterval(timer);
      await edge.close();
    },
  };
}

async function open(edge: Edge, options: IClientOptions): Promise<MqttClient> {
  const defaults = { username: 'demo/dev-1', clientId: 'dev-1', password: 'device:dev-1', reconnectPeriod: 0 };
  return mqtt.connectAsync(`mqtt://127.0.0.1:${edge.listener.port}`, { ...defaults, ...options });
}

test('MQTT 5 is told the limit, its window and when to try again, and stays connected', { timeout: 20_000 }, async () => {
  const { edge, admission, close } = await startLimited({ messages: '2/h, 1/s burst 50' });
  const client = await open(edge, { protocolVersion: 5 });
  try {
    const acks: { readonly reason: number | undefined; readonly said: unknown }[] = [];
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'puback') acks.push({ reason: packet.reasonCode, said: packet.properties?.userProperties });
    });
    for (let i = 0; i < 2; i++) await client.publishAsync('v1/telemetry', `{"n":${i}}`, { qos: 1 });
    await assert.rejects(client.publishAsync('v1/telemetry', '{"n":2}', { qos: 1 }), /Quota exceeded/i);
    assert.equal(acks[2]?.reason, 0x97);
    const { limit, window, ...rest } = (acks[2]?.said ?? {}) as Readonly<Record<string, string>>;
    assert.deepEqual([limit, window], ['device-messages', '2/h']);
    const retryAfterMs = Number(rest['retry-after-ms']);
    assert.ok(retryAfterMs > 1_700_000 && retryAfterMs <= 1_800_000, String(retryAfterMs));
    assert.ok(client.connected);
    assert.deepEqual(edge.refusals, ['device-messages']);
    assert.equal(admission.refusals.of({ tenant: 'demo', device: 'dev-1' })[0]?.count, 1);
    assert.equal(edge.intake.events.length, 2);
  } finally {
    client.end(true);
    await close();
  }
});

test('MQTT 3.1.1 waits for its acknowledgement and is never cut off', { timeout: 20_000 }, async () => {
  const { edge, close } = await startLimited({ messages: '20/s burst 5' });
  const client = await open(edge, { protocolVersion: 4 });
  try {
    let closed = 0;
    client.on('close', () => closed++);
    await Promise.all(Array.from({ length: 25 }, (_, i) => client.publishAsync('v1/telemetry', `{"n":${i}}`, { qos: 1 })));
    assert.equal(closed, 0);
    assert.deepEqual(
      edge.intake.events.map((event) => event.payload),
      Array.from({ length: 25 }, (_, i) => `{"n":${i}}`),
    );
    assert.ok(edge.refusals.length > 0 && edge.refusals.every((why) => why === 'device-messages'), edge.refusals.join());
  } finally {
    client.end(true);
    await close();
  }
});

for (const level of [4, 5] as const) {
  test(
    `a QoS 0 message of MQTT ${level === 4 ? '3.1.1' : '5'} that is over a limit is dropped and counted`,
    { timeout: 20_000 },
    async () => {
      const { edge, close } = await startLimited({ messages: '1/h' });
      try {
        const wire = await edge.device(level, 'dev-1');
        for (let i = 0; i < 4; i++) wire.send(publishPacket({ level, qos: 0, payload: `{"n":${i}}` }));
        await until(() => edge.refusals.length === 3);
        assert.deepEqual(
          edge.intake.events.map((event) => event.payload),
          ['{"n":0}'],
        );
        wire.send(Uint8Array.of(0xc0, 0));
        assert.deepEqual(await wire.packet(), Buffer.of(0xd0, 0));
      } finally {
        await close();
      }
    },
  );
}

test('a payload of more events than the burst is refused for good, and told so', { timeout: 20_000 }, async () => {
  const { edge, close } = await startLimited({ messages: '2/s' });
  const client = await open(edge, { protocolVersion: 5 });
  try {
    await assert.rejects(client.publishAsync('v1/telemetry', '[{"n":1},{"n":2},{"n":3}]', { qos: 1 }), /Quota exceeded/i);
    await client.publishAsync('v1/telemetry', '[{"n":1},{"n":2}]', { qos: 1 });
    assert.equal(edge.intake.events.length, 2);
  } finally {
    client.end(true);
    await close();
  }
});

test('connections that come too fast are told: 0x9F and 0x97 in MQTT 5, 3 in 3.1.1', { timeout: 20_000 }, async () => {
  const { edge, close } = await startLimited({ connectRate: '1/h burst 2', connections: 1 }, { connectRate: '1/h burst 5' });
  try {
    const connack = async (level: 4 | 5): Promise<number | undefined> => {
      const wire = await edge.connect();
      wire.send(connectPacket({ level, clientId: 'dev-1', password: 'device:dev-1' }));
      const code = (await wire.packet())?.[3];
      if (code !== 0) assert.ok(await wire.ends(2_000));
      return code;
    };
    assert.equal(await connack(5), 0);
    assert.equal(await connack(5), 0x97);
    assert.equal(await connack(4), 3);
    const wires = edge.listener.connections();
    assert.ok(wires >= 1);
    // Two more of the listener's five, then it is the listener that refuses.
    assert.equal(await connack(5), 0x97);
    assert.equal(await connack(5), 0x97);
    assert.equal(await connack(5), 0x9f);
    assert.equal(await connack(4), 3);
    assert.deepEqual(edge.refusals.slice(-2), ['listener-connect-rate', 'listener-connect-rate']);
  } finally {
    await close();
  }
});

test(
  "a gateway's message is refused by the limits of the device that it is for, and by no other device's",
  { timeout: 20_000 },
  async () => {
    const book = new LimitsBook(() => []);
    book.apply({ kind: 'device', tenant: 'demo', id: 'sub-1', limits: { messages: '1/h' } }, 1);
    book.apply({ kind: 'device', tenant: 'demo', id: 'gw', limits: { messages: '4/h' } }, 2);
    const desk = { ask: () => Promise.resolve(undefined) };
    const admission = new Admission({ book, clock: systemClock, edge: { name: 'edge-1', epoch: 1 }, desk });
    const edge = await startEdge({ admission, splitter: await testSplitter(4, ['gw', 'sub-1', 'sub-2']) });
    const timer = setInterval(() => edge.intake.storeAll(), 2);
    const password = 'device:gw+gateway:sub-*';
    const client = await open(edge, { protocolVersion: 5, clientId: 'gw', password });
    const publish = async (device: string): Promise<unknown> =>
      client.publishAsync(`v1/gateway/${device}/telemetry`, '{"t":1}', { qos: 1 });
    try {
      await publish('sub-1');
      await assert.rejects(publish('sub-1'), /Quota exceeded/i);
      assert.equal(admission.refusals.of({ tenant: 'demo', device: 'sub-1' })[0]?.count, 1, 'of the device, not of its gateway');
      assert.equal(admission.refusals.of({ tenant: 'demo', device: 'gw' }).length, 0);
      for (let i = 0; i < 3; i++) await publish('sub-2');
      await assert.rejects(publish('sub-2'), /Quota exceeded/i);
      assert.equal(
        admission.refusals.of({ tenant: 'demo', device: 'gw' })[0]?.limit,
        'device-messages',
        "what was refused for sub-1 wasn't charged",
      );
      assert.equal(edge.intake.events.length, 4);
    } finally {
      clearInterval(timer);
      client.end(true);
      await edge.close();
    }
  },
);
