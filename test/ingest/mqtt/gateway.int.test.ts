/**
 * A gateway over MQTT with everything behind it: a real log, an edge, an engine. One connection speaks for several devices,
 * each of which is itself: its order, its positions, its twin, and whether it is there.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { NatsAskClient } from '../../../engine/nats/ask-client.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { NatsDownlinks } from '../../../engine/nats/downlink.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import { partitionOf } from '../../../engine/kernel/partition.ts';
import { decodeSessionState, DOWNLINK_CODE } from '../../../schemas/gen/lean.ts';
import { startChild, type Child } from '../../support/child-process.ts';
import { withClickHouse, withNats, type TestClickHouse, type TestNats } from '../../support/servers.ts';
import { ADMIN_TOKEN, call, type Called, type EdgeProcess } from '../edge-process.ts';

const PARTITIONS = 2;
const DEVICES = ['gw-a', 'gw-b', 'gw-c'] as const;
const UNTIL_MS_MAX = 20_000;

let folder: string;
let nats: TestNats;
let clickhouse: TestClickHouse;
let engine: Child | undefined;
let edge: EdgeProcess | undefined;
let gateway = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twinfold-gateway-'));
  [nats, clickhouse] = await Promise.all([withNats(), withClickHouse()]);
  engine = await startChild({ role: 'engine', name: 'gateway-engine', folder, nats, clickhouse });
  const config = { mqttPort: 0, adminToken: ADMIN_TOKEN };
  const child = await startChild({ role: 'edge', name: 'gateway', folder, nats, clickhouse, config });
  edge = { ...child, mqttPort: child.ready.ports.mqtt ?? 0 };
  assert.equal((await api('/v1/tenants', { id: 'demo' })).status, 201);
  const policy = { allow: ['gateway:${device}-*'], deny: ['gateway:gw-secret'] };
  gateway = String((await api('/v1/devices', { id: 'gw', policy })).body['token']);
  for (const id of [...DEVICES, 'gw-secret', 'stranger']) assert.equal((await api('/v1/devices', { id })).status, 201);
});

after(async () => {
  await Promise.all([engine?.kill(), edge?.kill()]);
  await Promise.all([nats.stop(), clickhouse.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function api(path: string, json?: unknown, method?: string): Promise<Called> {
  assert.ok(edge !== undefined);
  return call(edge, path, { token: ADMIN_TOKEN, tenant: 'demo', json, ...(method === undefined ? {} : { method }) });
}

async function open(options: IClientOptions = {}): Promise<MqttClient> {
  const defaults = { protocolVersion: 5, clientId: 'gw', username: 'demo/gw', password: gateway, reconnectPeriod: 0 } as const;
  return mqtt.connectAsync(`mqtt://127.0.0.1:${edge?.mqttPort}`, { ...defaults, ...options });
}

async function publish(client: MqttClient, device: string, value: unknown): Promise<void> {
  await client.publishAsync(`v1/gateway/${device}/telemetry`, JSON.stringify(value), { qos: 1 });
}

interface Twin {
  readonly latest?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly presence?: {
    readonly connected: boolean;
    readonly connection: number;
    readonly clients: readonly {
      readonly clientId: string;
      readonly gateway?: string;
      readonly connected: boolean;
      readonly why?: string;
    }[];
  };
}

async function twinOf(device: string): Promise<Twin> {
  const { body } = await api(`/v1/devices/${device}/twin`);
  return body;
}

async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + UNTIL_MS_MAX;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > deadline) assert.fail(`never came true: ${holds.toString()}: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('each device has its own positions, order, twin and presence, and nobody else is spoken for', { timeout: 60_000 }, async () => {
  const client = await open();
  const positions: string[] = [];
  client.on('packetreceive', (packet) => {
    if (packet.cmd === 'puback') positions.push(String(packet.properties?.userProperties?.['position']));
  });
  try {
    for (let n = 1; n <= 5; n++) for (const device of DEVICES) await publish(client, device, { n, [`own-${device}`]: n });
    for (const [i, position] of positions.entries()) {
      const device = DEVICES[i % DEVICES.length] ?? '';
      assert.equal(position.split('.')[0], String(partitionOf('demo', device, PARTITIONS)), device);
    }
    for (const device of DEVICES) {
      const own = positions.filter((_, i) => DEVICES[i % DEVICES.length] === device).map((position) => Number(position.split('.')[1]));
      assert.deepEqual(
        own,
        own.toSorted((a, b) => a - b),
        'in the order of their sending',
      );
      const twin = await until(
        () => twinOf(device),
        ({ latest }) => latest?.['n']?.value === 5,
      );
      assert.deepEqual(Object.keys(twin.latest ?? {}).toSorted(), ['n', `own-${device}`]);
      assert.equal(twin.presence?.connected, true);
      const [there] = twin.presence?.clients ?? [];
      assert.deepEqual([there?.clientId, there?.gateway, twin.presence?.clients.length], [`${device}@gw`, 'gw', 1]);
    }
    for (const device of ['gw-secret', 'stranger', 'gw-unregistered'])
      await assert.rejects(publish(client, device, { n: 1 }), /Not authorized/i, device);
    for (const device of ['gw-secret', 'stranger']) assert.equal((await twinOf(device)).presence, undefined);
    assert.equal((await twinOf('gw')).latest?.['n'], undefined, 'it spoke for others only');
  } finally {
    await client.endAsync();
  }
  for (const device of DEVICES) {
    const twin = await until(
      () => twinOf(device),
      ({ presence }) => presence?.connected === false,
    );
    assert.equal(twin.presence?.clients[0]?.why, 'client');
  }
});

test('a device that may not send any more is not spoken for, and is gone', { timeout: 60_000 }, async () => {
  assert.equal((await api('/v1/devices', { id: 'gw-d' })).status, 201);
  const client = await open();
  try {
    await publish(client, 'gw-d', { n: 1 });
    await until(
      () => twinOf('gw-d'),
      ({ presence }) => presence?.connected === true,
    );
    assert.equal((await api('/v1/devices/gw-d:disable', {})).status, 200);
    await assert.rejects(publish(client, 'gw-d', { n: 2 }), /Not authorized/i);
    await publish(client, 'gw-a', { n: 6 });
    await until(
      () => twinOf('gw-d'),
      ({ presence }) => presence?.connected === false,
    );
  } finally {
    await client.endAsync();
  }
});

test('what is said to a device goes to its gateway, under the device’s name', { timeout: 60_000 }, async () => {
  const client = await open();
  const connection = await connectNats({ url: nats.url, token: nats.token, name: 'gateway-test' });
  try {
    const granted = await client.subscribeAsync('v1/gateway/+/commands/#', { qos: 1 });
    assert.deepEqual(
      granted.map(({ qos }) => qos),
      [1],
    );
    await assert.rejects(client.subscribeAsync('v1/gateway/stranger/commands/#', { qos: 1 }), /Not authorized/i);
    const heard: string[] = [];
    client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    await publish(client, 'gw-b', { n: 7 });
    const partition = partitionOf('demo', 'gw-b', PARTITIONS);
    const named = { tenant: 'demo', session: 'd:gw-b@gw' };
    const ask = new NatsAskClient(connection);
    const state = await until(
      async () => {
        const asked = await ask.session(partition, named, { minSeq: 0, timeoutMs: 5_000 });
        return asked.ok && asked.value !== undefined ? decodeSessionState(asked.value) : undefined;
      },
      (known) => known?.connected === true,
    );
    assert.deepEqual([state?.device, state?.gateway], ['gw-b', 'gw']);
    const edgeEpoch = state?.edgeEpoch ?? 0;
    const downlink = { ...named, connection: state?.connection ?? 0, deadlineMs: Date.now() + 10_000 };
    const publishOne = { topic: 'v1/commands/c1/request', payload: Buffer.from('{"action":"blink"}'), qos: 1 };
    const answer = await new NatsDownlinks(connection, silentLog).send(edgeEpoch, { ...downlink, publish: publishOne }, 5_000);
    assert.deepEqual(answer.kind === 'reply' ? answer.reply.code : answer.kind, DOWNLINK_CODE.ok);
    await until(
      () => Promise.resolve(heard),
      (all) => all.length > 0,
    );
    assert.deepEqual(heard, ['v1/gateway/gw-b/commands/c1/request {"action":"blink"}']);
    const another = { ...downlink, session: 'd:gw-c@gw', publish: publishOne };
    const nobody = await new NatsDownlinks(connection, silentLog).send(edgeEpoch, another, 5_000);
    assert.deepEqual(
      nobody.kind === 'reply' ? nobody.reply.code : nobody.kind,
      DOWNLINK_CODE.offline,
      'it was not used in this connection',
    );
  } finally {
    await connection.close();
    await client.endAsync();
  }
});

test('of an event that was acknowledged and not accepted the client is told, with its position', { timeout: 60_000 }, async () => {
  const client = await open();
  try {
    await client.subscribeAsync({ 'v1/errors': { qos: 1 }, 'v1/gateway/gw-c/errors': { qos: 1 } });
    const positions: unknown[] = [];
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'puback') positions.push(packet.properties?.userProperties?.['position']);
    });
    const heard: unknown[] = [];
    client.on('message', (topic, payload) => heard.push([topic, JSON.parse(payload.toString())]));
    const report = (topic: string, position: unknown): unknown => ({ topic, code: 'unsupported-value', position });
    const topics = ['v1/telemetry', 'v1/gateway/gw-b/telemetry', 'v1/gateway/gw-c/telemetry'] as const;
    for (const [i, topic] of topics.entries()) {
      await client.publishAsync(topic, '{"t":[1,2]}', { qos: 1 });
      await until(
        () => Promise.resolve(heard),
        (all) => all.length > i,
      );
    }
    assert.deepEqual(heard, [
      ['v1/errors', report(topics[0], positions[0])],
      ['v1/errors', report(topics[1], positions[1])],
      ['v1/gateway/gw-c/errors', report(topics[2], positions[2])],
    ]);
  } finally {
    await client.endAsync();
  }
});
