/** A real client, mqtt.js, in both versions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { CLIENT_INFLIGHT_MAX } from '../../../engine/kernel/limits.ts';
import { startEdge, until } from './fixtures.ts';

async function open(port: number, options: IClientOptions): Promise<MqttClient> {
  return mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { username: 'demo/dev-1', clientId: 'dev-1', reconnectPeriod: 0, ...options });
}

for (const protocolVersion of [4, 5] as const) {
  test(`mqtt.js ${protocolVersion} publishes, is acknowledged when stored, pings and leaves`, { timeout: 20_000 }, async () => {
    const edge = await startEdge();
    const timer = setInterval(() => edge.intake.storeAll(), 2);
    let client: MqttClient | undefined;
    try {
      const opened = await open(edge.listener.port, { protocolVersion, password: 'device:dev-1', keepalive: 1 });
      client = opened;
      const positions: unknown[] = [];
      opened.on('packetreceive', (packet) => {
        if (packet.cmd === 'puback') positions.push(packet.properties?.userProperties?.['position']);
      });
      // This client doesn't look at Receive Maximum: at most so many at once.
      for (let first = 0; first < 250; first += CLIENT_INFLIGHT_MAX) {
        const count = Math.min(CLIENT_INFLIGHT_MAX, 250 - first);
        const publish = (_: unknown, i: number): Promise<unknown> => opened.publishAsync('v1/telemetry', `{"n":${first + i}}`, { qos: 1 });
        await Promise.all(Array.from({ length: count }, publish));
      }
      assert.deepEqual(
        edge.intake.events.map((event) => event.payload),
        Array.from({ length: 250 }, (_, i) => `{"n":${i}}`),
      );
      const stored = edge.intake.events.map((event) => `${event.partition}.${event.seq}.${event.index}`);
      assert.deepEqual(positions, protocolVersion === 5 ? stored : stored.map(() => undefined));
      await client.publishAsync('v1/telemetry/json', '{"n":-1}', { qos: 0 });
      // Longer than its keep-alive: it lives by its pings.
      await new Promise((resolve) => setTimeout(resolve, 2_200));
      assert.ok(client.connected);
      await client.endAsync();
      await until(() => edge.listener.connections() === 0);
      assert.equal(edge.intake.offered, 251);
      assert.deepEqual(edge.refusals, []);
    } finally {
      clearInterval(timer);
      client?.end(true);
      await edge.close();
    }
  });
}

test('mqtt.js is told why it may not', { timeout: 20_000 }, async () => {
  const edge = await startEdge();
  try {
    await assert.rejects(open(edge.listener.port, { protocolVersion: 4, password: 'bad' }), /Bad username or password/);
    await assert.rejects(open(edge.listener.port, { protocolVersion: 5, password: 'bad' }), /Bad User Name or Password/);
    const client = await open(edge.listener.port, { protocolVersion: 5, password: 'device:dev-1' });
    await assert.rejects(client.publishAsync('own/tree', 'x', { qos: 1 }), /Not authorized/i);
    await assert.rejects(client.subscribeAsync('own/tree', { qos: 1 }), /Not authorized|Unspecified|error/i);
    assert.ok(client.connected);
    await client.endAsync();
  } finally {
    await edge.close();
  }
});

test('mqtt.js sends again what was in flight when the connection broke', { timeout: 20_000 }, async () => {
  const edge = await startEdge();
  try {
    const client = await open(edge.listener.port, { protocolVersion: 4, password: 'device:dev-1', reconnectPeriod: 20 });
    const published = client.publishAsync('v1/telemetry', '{"n":1}', { qos: 1 });
    await until(() => edge.intake.waiting === 1);
    // What was not acknowledged may be stored all the same: at least once.
    edge.authenticator.revoke('device:dev-1');
    await until(() => edge.intake.waiting === 2);
    edge.intake.storeAll();
    await published;
    assert.deepEqual(
      edge.intake.events.map((event) => event.payload),
      ['{"n":1}', '{"n":1}'],
    );
    await client.endAsync();
  } finally {
    await edge.close();
  }
});
