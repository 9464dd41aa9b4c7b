/** A change of policy, on two edges over one real nats-server: live MQTT sessions and HTTP feel it within two seconds. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, it } from 'node:test';
import type { NatsConnection } from '@nats-io/transport-node';
import mqtt, { type MqttClient } from 'mqtt';
import type { PolicyDoc } from '../../../engine/domain/policy.ts';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { NatsRegistryLog } from '../../../engine/nats/registry-log.ts';
import { ensureStreams } from '../../../engine/nats/streams.ts';
import { hashToken, mintToken, pepperOf } from '../../../ingest/credentials/credentials.ts';
import { DeviceDirectory } from '../../../ingest/registry/device-directory.ts';
import { loneBrokerParts } from '../mqtt/lone-broker.ts';
import { startMqttListener, type MqttListener } from '../../../ingest/mqtt/listener.ts';
import { encodeEntry } from '../../../ingest/registry/codec.ts';
import { deviceSubject, groupSubject, type RegistryFact, tenantSubject } from '../../../ingest/registry/entries.ts';
import { TelemetrySplitter } from '../../../ingest/telemetry/split.ts';
import { VIA } from '../../../schemas/envelope.ts';
import { withNats, type TestNats } from '../../support/servers.ts';
import { type Edge, PARTITIONS, send, startEdge, systemClock } from '../http/edge.ts';

/** Promised; a change is there a thousand times sooner, but the machine may be busy. */
const FELT_MS_MAX = 2_000;
const LOG_BYTES = 64 * 1024 * 1024;

const shared = { pepper: pepperOf(randomBytes(32).toString('base64url')), admin: mintToken({ kind: 'admin' }, randomBytes) };
let nats: TestNats;
const connections: NatsConnection[] = [];
const publishers: AckedPublisher[] = [];
const edges: Edge[] = [];
const listeners: MqttListener[] = [];
const clients: MqttClient[] = [];
const stops: (() => void)[] = [];

async function openLog(): Promise<NatsRegistryLog> {
  const connection = await connectNats({ url: nats.url, token: nats.token, name: `edge-${connections.length}` });
  connections.push(connection);
  await ensureStreams(connection, { partitions: PARTITIONS, replicas: 1, logBytesMax: LOG_BYTES });
  const publisher = new AckedPublisher(connection);
  publishers.push(publisher);
  return new NatsRegistryLog(connection, publisher);
}

before(async () => {
  nats = await withNats();
  for (let i = 0; i < 2; i++) {
    const edge = await startEdge({ shared: { ...shared, log: await openLog() } });
    edges.push(edge);
    const lone = loneBrokerParts(edge.publisher, systemClock);
    stops.push(lone.stop);
    listeners.push(
      await startMqttListener({
        host: '127.0.0.1',
        port: 0,
        authenticator: edge.authenticator,
        intake: edge.publisher,
        ...lone.parts,
        splitter: new TelemetrySplitter(new DeviceDirectory({ registry: edge.registry, partitions: PARTITIONS, via: VIA.mqtt })),
        edge: `edge-${i}`,
        clock: systemClock,
        counters: { count: () => undefined, stored: () => undefined, acknowledged: () => undefined, unsent: () => undefined },
      }),
    );
  }
});

after(async () => {
  for (const client of clients) client.end(true);
  for (const listener of listeners) await listener.close();
  for (const stop of stops) stop();
  for (const edge of edges) await edge.stop();
  for (const publisher of publishers) publisher.close();
  for (const connection of connections) await connection.close();
  await nats.stop();
});

async function until(holds: () => Promise<boolean>, startedMs: number): Promise<number> {
  for (;;) {
    if (await holds()) return performance.now() - startedMs;
    assert.ok(performance.now() - startedMs < FELT_MS_MAX, 'not felt in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const publishes = async (client: MqttClient, topic = 'v1/telemetry'): Promise<string> =>
  client.publishAsync(topic, '{"t":1}', { qos: 1 }).then(
    () => 'stored',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );

it('reaches sessions that are open, on every edge', { timeout: 60_000 }, async () => {
  const log = await openLog();
  const change = async (subject: string, fact: RegistryFact): Promise<number> => {
    const seq = (await log.last(subject))?.seq ?? 0;
    const startedMs = performance.now();
    await log.append(subject, encodeEntry(fact), seq);
    return startedMs;
  };
  const token = mintToken({ kind: 'device', tenant: 'demo', device: 'dev-1', id: 'c1' }, randomBytes);
  const credentials = [{ id: 'c1', hash: hashToken(token, shared.pepper), createdMs: 1 }];
  const device = { kind: 'device', tenant: 'demo', id: 'dev-1', externalIds: [], createdMs: 1, credentials, group: 'plant' } as const;
  await change(tenantSubject('demo'), { kind: 'tenant', tenant: 'demo', createdMs: 1 });
  const registeredMs = await change(deviceSubject('demo', 'dev-1'), device);
  await until(async () => Promise.resolve(edges.every((edge) => edge.authenticator.authenticate(token).ok)), registeredMs);
  const group = async (policy: PolicyDoc): Promise<number> =>
    change(groupSubject('demo', 'plant'), { kind: 'group', tenant: 'demo', id: 'plant', createdMs: 1, policy });

  const sessions: MqttClient[] = [];
  for (const [i, listener] of listeners.entries()) {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${listener.port}`, {
      protocolVersion: 5,
      clientId: `dev-1:s${i}`,
      username: 'any',
      password: token,
      reconnectPeriod: 0,
    });
    clients.push(client);
    sessions.push(client);
    assert.equal(await publishes(client), 'stored');
    assert.match(await publishes(client, 'plant/a'), /Not authorized/i);
  }
  const both = async (judge: (client: MqttClient) => Promise<boolean>): Promise<boolean> =>
    (await Promise.all(sessions.map(judge))).every(Boolean);
  const answers = async (status: number): Promise<boolean> => {
    const told = await Promise.all(edges.map(async (edge) => send(edge, '/telemetry', { token, json: { t: 1 } })));
    return told.every((answer) => answer.status === status);
  };

  let startedMs = await group({ allow: ['topic:plant/#:pub'], deny: ['telemetry:write'] });
  await until(async () => both(async (client) => /Not authorized/i.test(await publishes(client))), startedMs);
  await until(async () => answers(403), startedMs);
  await until(async () => both(async (client) => (await publishes(client, 'plant/a')) === 'stored'), startedMs);

  startedMs = await group({ allow: [] });
  await until(async () => both(async (client) => (await publishes(client)) === 'stored'), startedMs);
  await until(async () => answers(202), startedMs);

  startedMs = await change(tenantSubject('demo'), {
    kind: 'tenant',
    tenant: 'demo',
    createdMs: 1,
    policy: { allow: [], deny: ['telemetry:write'] },
  });
  await until(async () => both(async (client) => /Not authorized/i.test(await publishes(client))), startedMs);
  await until(async () => answers(403), startedMs);
  assert.ok(
    sessions.every((client) => client.connected),
    'nobody was sent away for it',
  );
});
