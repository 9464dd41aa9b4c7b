/** `v1/errors`: what clients are told that can't be told otherwise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { LimitsDoc } from '../../../engine/domain/limits-doc.ts';
import { EVENT_BYTES_MAX } from '../../../engine/kernel/limits.ts';
import { Admission } from '../../../ingest/admit.ts';
import { LimitsBook } from '../../../ingest/limits/limits-book.ts';
import { type Edge, startEdge, systemClock, testSplitter, until } from './fixtures.ts';

interface Report {
  readonly topic: string;
  readonly qos: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Told {
  readonly client: MqttClient;
  readonly reports: readonly Report[];
}

async function listen(edge: Edge, filter: string, options: IClientOptions & { readonly qos?: 0 | 1 } = {}): Promise<Told> {
  const { qos = 1, ...more } = options;
  const defaults = { username: 'demo/dev-1', password: 'device:dev-1', clientId: 'dev-1', reconnectPeriod: 0, protocolVersion: 4 } as const;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${edge.listener.port}`, { ...defaults, ...more });
  const reports: Report[] = [];
  client.on('message', (topic, payload, packet) => {
    reports.push({ topic, qos: packet.qos, body: JSON.parse(payload.toString()) as Report['body'] });
  });
  await client.subscribeAsync(filter, { qos });
  return { client, reports };
}

async function withListener(
  options: Parameters<typeof listen>[2] & { readonly filter?: string; readonly admission?: Admission },
  use: (told: Told, edge: Edge) => Promise<void>,
): Promise<void> {
  const { admission, filter = 'v1/errors', ...more } = options;
  const splitter = await testSplitter(4, ['dev-1', 'sub-1']);
  const edge = await startEdge({ splitter, ...(admission === undefined ? {} : { admission }) });
  const timer = setInterval(() => edge.intake.storeAll(), 2);
  const told = await listen(edge, filter, more);
  try {
    await use(told, edge);
  } finally {
    clearInterval(timer);
    told.client.end(true);
    await edge.close();
  }
}

function limited(limits: LimitsDoc): Admission {
  const book = new LimitsBook(() => []);
  book.apply({ kind: 'device', tenant: 'demo', id: 'dev-1', limits }, 1);
  return new Admission({ book, clock: systemClock, edge: { name: 'edge-1', epoch: 1 }, desk: { ask: () => Promise.resolve(undefined) } });
}

for (const protocolVersion of [4, 5] as const) {
  test(`a QoS 0 message that is refused is told of, in ${protocolVersion}`, { timeout: 20_000 }, () =>
    withListener({ protocolVersion }, async ({ client, reports }) => {
      await client.publishAsync('plant/x', '1', { qos: 0 });
      await client.publishAsync('v1/nothing', '1', { qos: 0 });
      await client.publishAsync('v1/telemetry', 'x'.repeat(EVENT_BYTES_MAX + 1), { qos: 0 });
      await client.publishAsync('v1/telemetry', '[]', { qos: 0 });
      await client.publishAsync('v1/telemetry', '{"t":1}', { qos: 0 });
      await until(() => reports.length === 4);
      assert.deepEqual(
        reports.map(({ body }) => [body['topic'], body['code'], body['limit']]),
        [
          ['plant/x', 'forbidden', undefined],
          ['v1/nothing', 'unknown-topic', undefined],
          ['v1/telemetry', 'too-large', 'event-bytes'],
          ['v1/telemetry', 'malformed-payload', undefined],
        ],
      );
      assert.ok(reports.every(({ qos, topic }) => qos === 1 && topic === 'v1/errors'));
      assert.ok(client.connected);
    }),
  );
}

test('a 3.1.1 client is told before its connection ends without the acknowledgement', { timeout: 20_000 }, () =>
  withListener({}, async ({ client, reports }) => {
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.publish('plant/x', '1', { qos: 1 }, () => undefined);
    await closed;
    assert.deepEqual(
      reports.map(({ body }) => [body['topic'], body['code']]),
      [['plant/x', 'forbidden']],
    );
  }),
);

test('a MQTT 5 client is told in the acknowledgement, and there alone', { timeout: 20_000 }, () =>
  withListener({ protocolVersion: 5 }, async ({ client, reports }) => {
    await assert.rejects(client.publishAsync('plant/x', '1', { qos: 1 }), /Not authorized/i);
    await client.publishAsync('plant/y', '1', { qos: 0 });
    await until(() => reports.length > 0);
    assert.deepEqual(
      reports.map(({ body }) => body['topic']),
      ['plant/y'],
    );
  }),
);

test('a limit is told with its name and when to try again, with the QoS that was subscribed', { timeout: 20_000 }, () =>
  withListener({ qos: 0, admission: limited({ messages: '1/h' }) }, async ({ client, reports }) => {
    for (let n = 0; n < 2; n++) await client.publishAsync('v1/telemetry', `{"n":${n}}`, { qos: 0 });
    await until(() => reports.length > 0);
    const [report] = reports;
    assert.deepEqual([report?.qos, report?.body['code'], report?.body['limit']], [0, 'rate-limited', 'device-messages']);
    assert.ok(Number(report?.body['retryAfterMs']) > 0);
  }),
);

test('a flood of refusals is told of so often a second, and no more', { timeout: 20_000 }, () =>
  withListener({ qos: 0 }, async ({ client, reports }, edge) => {
    for (let n = 0; n < 300; n++) client.publish('plant/x', `${n}`, { qos: 0 });
    await until(() => edge.refusals.length === 300);
    await client.publishAsync('v1/telemetry', '{"t":1}', { qos: 1 });
    assert.ok(reports.length >= 50 && reports.length < 300, String(reports.length));
  }),
);

test('a refused message for another device goes to its errors, where the gateway listens to those', { timeout: 20_000 }, () =>
  withListener({ filter: 'v1/gateway/+/errors', password: 'device:dev-1+gateway:sub-*' }, async ({ client, reports }) => {
    await client.publishAsync('v1/gateway/sub-1/telemetry', '[]', { qos: 0 });
    await client.publishAsync('plant/x', '1', { qos: 0 });
    await client.subscribeAsync('v1/errors', { qos: 1 });
    await client.publishAsync('v1/gateway/sub-2/telemetry', '{"t":1}', { qos: 0 });
    await client.publishAsync('plant/x', '1', { qos: 0 });
    await until(() => reports.length === 3);
    assert.deepEqual(
      reports.map(({ body, topic }) => [topic, body['topic'], body['code']]),
      [
        ['v1/gateway/sub-1/errors', 'v1/gateway/sub-1/telemetry', 'malformed-payload'],
        ['v1/gateway/sub-2/errors', 'v1/gateway/sub-2/telemetry', 'forbidden'],
        ['v1/errors', 'plant/x', 'forbidden'],
      ],
    );
  }),
);
