import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { FEED_LOST_MS_MAX } from '../../../ingest/registry/cache.ts';
import { encodeTelemetryBatch } from '../../../schemas/gen/lean.ts';
import { type Answer, assertProblem, type Edge, makeTenant, send, type Sent, startEdge, storedBy, type Tenant } from './edge.ts';

let edge: Edge;
let tenant: Tenant;
let token: string;

before(async () => {
  edge = await startEdge();
  tenant = await makeTenant(edge, 'demo', 20);
  token = tenant.devices[0]?.token ?? '';
});

after(() => edge.stop());

function post(sent: Sent, path = '/telemetry'): Promise<Answer> {
  return send(edge, path, { method: 'POST', token, ...sent });
}

const ndjson = { 'content-type': 'application/x-ndjson' };
const protobuf = { 'content-type': 'application/x-protobuf' };

describe('POST /telemetry from a device', () => {
  it('stores one event raw and answers its position', async () => {
    const { answer, stored } = await storedBy(edge, () => post({ body: '{ "t": 21.5 }' }));
    assert.equal(answer.status, 202, answer.text);
    assert.equal(answer.body['count'], 1);
    const position = String(answer.body['position']);
    assert.match(position, /^\d\.\d+\.0$/);
    assert.equal(answer.headers.get('twinfold-position'), position);
    assert.equal(answer.headers.get('location'), `/v1/events/${position}`);
    assert.deepEqual(stored, [{ device: 'dev-1', payload: '{ "t": 21.5 }' }]);
  });

  it('takes what curl -d sends by default', async () => {
    const answer = await post({ body: '{"t":1}', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal(answer.status, 202);
  });

  it('splits an array into an event an element', async () => {
    const { answer, stored } = await storedBy(edge, () => post({ body: '[{"t":1}, {"t":2},\n{"t":3}]' }));
    assert.equal(answer.body['count'], 3);
    assert.deepEqual(
      stored.map(({ payload }) => payload),
      ['{"t":1}', '{"t":2}', '{"t":3}'],
    );
  });

  it('splits lines, skipping empty ones', async () => {
    const { answer, stored } = await storedBy(edge, () => post({ body: '{"t":1}\r\n\n {"t":2} \n{"t":3}', headers: ndjson }));
    assert.equal(answer.status, 202, answer.text);
    assert.deepEqual(
      stored.map(({ payload }) => payload),
      ['{"t":1}', '{"t":2}', '{"t":3}'],
    );
  });

  it('splits a TelemetryBatch, keeping the bytes of each sample', async () => {
    const body = encodeTelemetryBatch({
      samples: [
        { seq: 1, metrics: [{ name: 't', number: 1 }] },
        { device: 'dev-1', seq: 2, metrics: [] },
      ],
    });
    const { answer, stored } = await storedBy(edge, () => post({ body, headers: protobuf }));
    assert.equal(answer.status, 202, answer.text);
    assert.equal(stored.length, 2);
    assert.ok(stored.every(({ device }) => device === 'dev-1'));
  });

  it('reads gzip and zstd', async () => {
    for (const [encoding, compress] of [
      ['gzip', gzipSync],
      ['zstd', zstdCompressSync],
    ] as const) {
      const { answer, stored } = await storedBy(edge, () =>
        post({ body: compress('[{"z":1},{"z":2}]'), headers: { 'content-type': 'application/json', 'content-encoding': encoding } }),
      );
      assert.equal(answer.status, 202, answer.text);
      assert.equal(stored.length, 2);
    }
    const lines = await post({ body: gzipSync('{"z":1}\n{"z":2}\n'), headers: { ...ndjson, 'content-encoding': 'gzip' } });
    assert.equal(lines.body['count'], 2, lines.text);
  });

  it('keeps the trace context in the event', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await post({ body: '{"t":1}', headers: { traceparent } });
    assert.ok(edge.events().some((event) => event.traceparent === traceparent));
  });

  it('strips its own token out of what is stored', async () => {
    const { answer, stored } = await storedBy(edge, () => post({ json: { token, payload: { t: 1 } } }));
    assert.equal(answer.status, 202, answer.text);
    assert.equal(stored[0]?.payload, '{"payload":{"t":1}}');
    const flat = await storedBy(edge, () => post({ json: { t: 1, token } }));
    assert.equal(flat.stored[0]?.payload, '{"t":1}');
    assertProblem(await post({ json: { token: tenant.devices[1]?.token, payload: { t: 1 } } }), 'forbidden');
  });

  it('speaks for itself only', async () => {
    assert.equal((await post({ json: { device: 'dev-1', metrics: { t: 1 } } })).status, 202);
    assert.equal((await post({ json: { device: 'urn:dev:1', metrics: { t: 1 } } })).status, 202);
    for (const device of ['dev-2', 'urn:dev:2', 'nobody']) assertProblem(await post({ json: { device, metrics: { t: 1 } } }), 'forbidden');
    assertProblem(
      await post({ body: encodeTelemetryBatch({ samples: [{ device: 'dev-2', metrics: [] }] }), headers: protobuf }),
      'forbidden',
    );
  });

  it('gets no position where nobody waits for the log', async () => {
    edge.fate = () => ({ kind: 'hold' });
    const answer = await post({ body: '[{"t":1},{"t":2}]' }, '/telemetry?qos=0');
    edge.fate = undefined;
    edge.appender.release();
    assert.equal(answer.status, 202);
    assert.deepEqual(answer.body, { count: 2 });
    assert.equal(answer.headers.get('twinfold-position'), null);
  });
});

describe('POST /telemetry under an API key', () => {
  const many = (count: number): Record<string, unknown>[] =>
    Array.from({ length: count }, (_, i) => ({ device: `dev-${(i % 20) + 1}`, metrics: { n: i } }));

  it('carries events of many devices, and answers ranges', async () => {
    const answer = await send(edge, '/telemetry', { json: many(60), token: tenant.key });
    assert.equal(answer.status, 202, answer.text);
    assert.equal(answer.body['count'], 60);
    const ranges = answer.body['positions'] as { first: string; last: string }[];
    const events = ranges.reduce((sum, { first, last }) => sum + Number(last.split('.')[2]) - Number(first.split('.')[2]) + 1, 0);
    assert.equal(events, 60);
    assert.equal(answer.headers.get('twinfold-position')?.split(', ').length, new Set(ranges.map(({ first }) => first.split('.')[0])).size);
  });

  it('keeps the events of a device in order and together', async () => {
    const mark = edge.mark();
    await send(edge, '/telemetry', {
      body: many(200)
        .map((event) => JSON.stringify(event))
        .join('\n'),
      headers: ndjson,
      token: tenant.key,
    });
    const byDevice = new Map<string, number[]>();
    for (const event of edge.events(mark)) {
      const seen = byDevice.get(event.device) ?? [];
      byDevice.set(event.device, seen);
      seen.push((JSON.parse(Buffer.from(event.payload).toString()) as { metrics: { n: number } }).metrics.n);
    }
    assert.equal(byDevice.size, 20);
    for (const numbers of byDevice.values())
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
      );
  });

  it('names devices by external ids too', async () => {
    const { answer, stored } = await storedBy(edge, () =>
      send(edge, '/telemetry', { json: { device: 'urn:dev:3', metrics: { t: 1 } }, token: tenant.key }),
    );
    assert.equal(answer.status, 202, answer.text);
    assert.equal(stored[0]?.device, 'dev-3');
  });

  it('stores nothing when one device is unknown, and names it', async () => {
    for (const sent of [
      { json: [...many(3), { device: 'ghost', metrics: { t: 1 } }] },
      { body: `${JSON.stringify(many(1)[0])}\n{"device":"gho\\u0073t","metrics":{}}`, headers: ndjson },
      {
        body: encodeTelemetryBatch({
          samples: [
            { device: 'dev-1', metrics: [] },
            { device: 'ghost', metrics: [] },
          ],
        }),
        headers: protobuf,
      },
    ]) {
      const { answer, stored } = await storedBy(edge, () => send(edge, '/telemetry', { ...sent, token: tenant.key }));
      assertProblem(answer, 'unknown-device');
      assert.match(String(answer.body['detail']), /"ghost"/);
      assert.deepEqual(stored, []);
    }
  });

  it('needs an envelope that names the device', async () => {
    for (const json of [
      { t: 1 },
      { metrics: { t: 1 } },
      { device: 'dev-1', t: 1 },
      { device: 5, metrics: {} },
      { device: '', metrics: {} },
    ]) {
      assertProblem(await send(edge, '/telemetry', { json, token: tenant.key }), 'malformed');
    }
    const nameless = encodeTelemetryBatch({ samples: [{ metrics: [] }] });
    assertProblem(await send(edge, '/telemetry', { body: nameless, headers: protobuf, token: tenant.key }), 'malformed');
  });

  it('reaches no other tenant', async () => {
    const other = await makeTenant(edge, 'other', 1);
    await edge.commands.registerDevice('other', { id: 'only-there', externalIds: [] });
    assertProblem(await send(edge, '/telemetry', { json: { device: 'only-there', metrics: {} }, token: tenant.key }), 'unknown-device');
    assert.equal((await send(edge, '/telemetry', { json: { device: 'only-there', metrics: {} }, token: other.key })).status, 202);
  });
});

describe('a refusal of POST /telemetry', () => {
  it('says who may not', async () => {
    assertProblem(await post({ body: '{}', token: undefined }), 'unauthorized');
    assert.equal((await post({ body: '{}', token: undefined })).headers.get('www-authenticate'), 'Bearer');
    assertProblem(await post({ body: '{}', token: 'nonsense' }), 'unauthorized');
    assertProblem(await post({ body: '{}', token: `${token.slice(0, -2)}xx` }), 'unauthorized');
    assertProblem(await post({ body: '{}', token: edge.admin }), 'forbidden');
    const reader = await edge.commands.createKey('demo', ['twin:read']);
    assert.ok(reader.ok);
    assertProblem(await post({ body: '{}', token: reader.value.token }), 'forbidden');
    assertProblem(await post({ body: '{}', token: undefined, headers: { authorization: 'Basic eDp5' } }), 'unauthorized');
  });

  it('of malformed JSON says where, and stores nothing', async () => {
    const bad = [
      '',
      ' ',
      '{',
      '[',
      '[]',
      '1',
      '"x"',
      'null',
      '{"t":1}x',
      '{"t":1}{"t":2}',
      '[{"t":1}',
      '[{"t":1},]',
      '[1]',
      '{"t":01}',
      '{"t":NaN}',
      "{'t':1}",
      '\ufeff{}',
      '{"t":"\u0001"}',
      '{"device":"dev-1","device":"dev-1","metrics":{}}',
    ];
    for (const body of bad) {
      const { answer, stored } = await storedBy(edge, () => post({ body, headers: { 'content-type': 'application/json' } }));
      assertProblem(answer, 'malformed');
      assert.deepEqual(stored, [], body);
    }
    assert.match(String((await post({ body: '[{"t":1},\n{"t":}]' })).body['detail']), /byte 15, line 2/);
    const lines = await storedBy(edge, () => post({ body: '{"t":1}\n{"t":\n', headers: ndjson }));
    assertProblem(lines.answer, 'malformed');
    assert.match(String(lines.answer.body['detail']), /line 2/);
    assert.deepEqual(lines.stored, []);
    assertProblem(await post({ body: '\n \n', headers: ndjson }), 'malformed');
    assertProblem(await post({ body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }), 'malformed');
  });

  it('of malformed Protobuf stores nothing', async () => {
    const good = encodeTelemetryBatch({ samples: [{ metrics: [{ name: 't', number: 1 }] }] });
    for (const body of [Buffer.from([0xff]), good.subarray(0, good.length - 3), Buffer.from('{"t":1}'), new Uint8Array(0)]) {
      const { answer, stored } = await storedBy(edge, () => post({ body, headers: protobuf }));
      assertProblem(answer, 'malformed');
      assert.deepEqual(stored, []);
    }
  });

  it('of a time in seconds names field, number and remedy, and stores nothing', async () => {
    const cases: readonly (readonly [Sent, string, number])[] = [
      [{ body: '{"ts":1790000000,"metrics":{"t":1}}' }, '/ts', 1_790_000_000],
      [{ body: '[{"t":1},{"metrics":{"t":2},"ts":17}]' }, '/1/ts', 17],
      [{ json: { token, payload: { ts: 99_999_999_999, metrics: {} } } }, '/payload/ts', 99_999_999_999],
      [{ body: '{"t":1}\n{"payload":{},"ts":-5}\n', headers: ndjson }, '/ts', -5],
      [
        {
          body: encodeTelemetryBatch({
            samples: [
              { ts: 1e11, metrics: [] },
              { ts: 1_790_000_000, metrics: [] },
            ],
          }),
          headers: protobuf,
        },
        '/samples/1/ts',
        1_790_000_000,
      ],
    ];
    for (const [sent, pointer, number] of cases) {
      const { answer, stored } = await storedBy(edge, () => post(sent));
      assertProblem(answer, 'timestamp-in-seconds');
      assert.match(String(answer.body['detail']), new RegExp(`"ts" ${number} .*milliseconds.*RFC 3339`));
      assert.equal((answer.body['errors'] as { pointer: string }[])[0]?.pointer, pointer);
      assert.deepEqual(stored, []);
    }
    assert.match(String((await post(cases[3]?.[0] ?? {})).body['detail']), /^line 2: /);
    for (const json of [
      { ts: 5, t: 1 },
      { ts: 1e11, metrics: { t: 1 } },
      { ts: '2026-01-01T00:00:00Z', metrics: { t: 1 } },
    ])
      assert.equal((await post({ json })).status, 202, JSON.stringify(json));
  });

  it('of a format says which are taken', async () => {
    for (const type of ['application/cbor', 'application/msgpack', 'application/senml+json', 'image/png']) {
      assertProblem(await post({ body: 'x', headers: { 'content-type': type } }), 'unsupported-media-type');
    }
    assertProblem(await post({ body: 'x', headers: { 'content-encoding': 'br' } }), 'unsupported-media-type');
    assertProblem(await post({ body: 'no gzip', headers: { 'content-encoding': 'gzip' } }), 'malformed');
    assertProblem(await post({ body: 'no zstd', headers: { ...ndjson, 'content-encoding': 'zstd' } }), 'malformed');
  });

  it('of size names the limit', async () => {
    const event = await post({ json: { t: 'x'.repeat(70_000) } });
    assertProblem(event, 'too-large');
    assert.equal(event.body['limit'], 'event-bytes');
    const together = await post({ json: Array.from({ length: 10 }, () => ({ t: 'x'.repeat(40_000) })) });
    assertProblem(together, 'too-large');
    assert.equal(together.body['limit'], 'together-bytes');
    const body = await post({ body: 'x'.repeat(8 * 1024 * 1024 + 1) });
    assertProblem(body, 'too-large');
    assert.equal(body.body['limit'], 'body-bytes');
    const line = await post({ body: endless(200_000), headers: ndjson });
    assertProblem(line, 'too-large');
    assert.equal(line.body['limit'], 'event-bytes');
  });

  it('of a bomb comes before it is blown up', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    for (const headers of [{ 'content-type': 'application/json' }, ndjson]) {
      const held = process.memoryUsage().arrayBuffers;
      assertProblem(await post({ body: bomb, headers: { ...headers, 'content-encoding': 'gzip' } }), 'too-large');
      assert.ok(process.memoryUsage().arrayBuffers - held < 32 * 1024 * 1024);
    }
  });

  it('because the log is full names the limit and says when to come again', async () => {
    edge.fate = () => ({ kind: 'refuse', why: 'full' });
    const answer = await post({ json: { t: 1 } });
    edge.fate = undefined;
    assertProblem(answer, 'log-full');
    assert.equal(answer.body['limit'], 'log-bytes');
    assert.equal(answer.headers.get('retry-after'), '5');
  });

  it('because the registry is lost lets nobody in', async () => {
    edge.registry.feedLost();
    assert.equal((await post({ json: { t: 1 } })).status, 202, 'not at once');
    edge.aheadMs = FEED_LOST_MS_MAX;
    assertProblem(await post({ json: { t: 1 } }), 'registry-behind');
    edge.registry.feedRestored();
    edge.aheadMs = 0;
    assert.equal((await post({ json: { t: 1 } })).status, 202);
  });
});

function endless(bytes: number): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from('{"t":"'));
      for (let i = 0; i < bytes; i += 10_000) controller.enqueue(Buffer.alloc(10_000, 0x61));
      controller.close();
    },
  });
}
