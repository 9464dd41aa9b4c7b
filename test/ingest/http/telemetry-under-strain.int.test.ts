import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { WAIT_EVENTS_MAX } from '../../../ingest/http/telemetry-exchange.ts';
import { encodeTelemetryBatch } from '../../../schemas/gen/lean.ts';
import { PROBLEMS } from '../../../schemas/http/problems.ts';
import { type Answer, assertProblem, type Edge, makeTenant, send, type Sent, startEdge, storedBy } from './edge.ts';

let edge: Edge;
let token: string;

before(async () => {
  edge = await startEdge();
  const tenant = await makeTenant(edge, 'demo', 1);
  token = tenant.devices[0]?.token ?? '';
});

after(() => edge.stop());

function post(sent: Sent, path = '/telemetry'): Promise<Answer> {
  return send(edge, path, { method: 'POST', token, ...sent });
}

const ndjson = { 'content-type': 'application/x-ndjson' };
const protobuf = { 'content-type': 'application/x-protobuf' };

describe('an open-ended stream of lines', () => {
  it('is stored as it comes', { timeout: 20_000 }, async () => {
    const stored = edge.events().length;
    const { request, answered } = openStream();
    request.write('{"n":1}\n{"n":2}\n{"n"');
    for (let i = 0; i < 100 && edge.events().length < stored + 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(edge.events().length, stored + 2, 'before the stream has ended');
    request.end(':3}\n{"n":4}');
    const { status, body } = await answered;
    assert.equal(status, 202);
    assert.equal(body['count'], 4);
    assert.equal((body['positions'] as unknown[]).length, 2);
  });

  it('that breaks off in the middle tells what was stored', { timeout: 20_000 }, async () => {
    const stored = edge.events().length;
    const { request, answered } = openStream();
    request.write('{"n":1}\n');
    for (let i = 0; i < 100 && edge.events().length < stored + 1; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    request.end('{"n":}\n');
    const { status, body } = await answered;
    assert.equal(status, 400);
    assert.equal(body['count'], 1);
    assert.equal(typeof body['position'], 'string');
    assert.match(String(body['detail']), /line 2/);
  });

  it('of any length goes through a lane that is slow', { timeout: 60_000 }, async () => {
    const line = `{"n":1,"pad":"${'x'.repeat(1_000)}"}\n`;
    const body = line.repeat(10_000);
    const { answer, stored } = await storedBy(edge, () => post({ body, headers: ndjson }));
    assert.equal(answer.status, 202, answer.text);
    assert.equal(answer.body['count'], 10_000);
    assert.equal(stored.length, 10_000);
  });

  function openStream(): {
    readonly request: ReturnType<typeof httpRequest>;
    readonly answered: Promise<{ status: number; body: Readonly<Record<string, unknown>> }>;
  } {
    const request = httpRequest(`${edge.url}/telemetry`, {
      method: 'POST',
      headers: { ...ndjson, authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' },
    });
    const answered = new Promise<{ status: number; body: Readonly<Record<string, unknown>> }>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Readonly<Record<string, unknown>> }),
        );
      });
    });
    return { request, answered };
  }
});

describe('lines of one device, more than a batch holds', () => {
  const count = 700;
  const text = Array.from({ length: count }, (_, n) => `{"n":${n},"pad":"${randomBytes(500).toString('hex')}"}\n`).join('');

  // Compressed lines, and lines of a known length, were once refused where the same lines in chunks were taken.
  it('are stored in their order, however they come', { timeout: 30_000 }, async () => {
    const gzip = { ...ndjson, 'content-encoding': 'gzip' };
    for (const sent of [
      { body: text, headers: ndjson },
      { body: new Blob([text]).stream(), headers: ndjson },
      { body: gzipSync(text), headers: gzip },
      { body: new Blob([gzipSync(text)]).stream(), headers: gzip },
      { body: gzipSync(text), headers: { ...gzip, prefer: 'wait=5' } },
    ]) {
      const { answer, stored } = await storedBy(edge, () => post(sent));
      assert.equal(answer.status, 'prefer' in sent.headers ? 200 : 202, answer.text.slice(0, 500));
      assert.equal(answer.body['count'], count);
      assert.deepEqual(
        stored.map(({ payload }) => (JSON.parse(payload) as { n: number }).n),
        Array.from({ length: count }, (_, n) => n),
      );
    }
  });

  it('are checked as a whole before the first is stored, where they can be held', async () => {
    for (const headers of [ndjson, { ...ndjson, 'content-encoding': 'gzip' }]) {
      const bad = `${text}{"n":}\n`;
      const { answer, stored } = await storedBy(edge, () => post({ body: headers === ndjson ? bad : gzipSync(bad), headers }));
      assertProblem(answer, 'malformed');
      assert.deepEqual(stored, []);
    }
  });
});

describe('waiting for the fold', () => {
  const wait = { prefer: 'wait=2' };

  it('answers an outcome for each event, in order', async () => {
    edge.ask.outcomeOf = ({ index }) =>
      index === 1 ? { outcome: 'quarantined', reason: 'no-metrics' } : { outcome: 'accepted', reason: 'none' };
    const answer = await post({ body: '[{"t":1},{},{"t":2}]', headers: wait });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get('preference-applied'), 'wait=2');
    const outcomes = answer.body['outcomes'] as { position: string; outcome: string; reason?: string }[];
    assert.deepEqual(
      outcomes.map(({ outcome, reason }) => [outcome, reason]),
      [
        ['accepted', undefined],
        ['quarantined', 'no-metrics'],
        ['accepted', undefined],
      ],
    );
    assert.equal(outcomes[0]?.position, answer.body['position']);
  });

  it('is 422 when all failed, and says of each event where it is and why', async () => {
    edge.ask.outcomeOf = ({ index }) => ({ outcome: 'quarantined', reason: index === 0 ? 'unsupported-value' : 'too-deep' });
    const answer = await post({ body: '[{"t":[1]},{"t":2}]', headers: wait });
    assertProblem(answer, 'all-failed');
    const [first, second] = answer.body['outcomes'] as Record<string, string>[];
    assert.deepEqual(
      [first?.['position'], first?.['outcome'], first?.['reason']],
      [answer.body['position'], 'quarantined', 'unsupported-value'],
    );
    assert.match(first?.['detail'] ?? '', /array/);
    const errors = answer.body['errors'] as Record<string, string>[];
    assert.deepEqual(errors, [
      { pointer: '/0', position: first?.['position'], code: 'unsupported-value', detail: first?.['detail'] },
      { pointer: '/1', position: second?.['position'], code: 'too-deep', detail: 'objects are nested deeper than 8' },
    ]);
    assert.match(String(answer.body['detail']), /^none of 2 events was accepted; the first: unsupported-value, /);
    const one = await post({ body: encodeTelemetryBatch({ samples: [{ metrics: [] }] }), headers: { ...protobuf, ...wait } });
    assert.match(String(one.body['detail']), /^the event was not accepted; unsupported-value, /);
    assert.equal((one.body['errors'] as { pointer: string }[])[0]?.pointer, '/samples/0');
  });

  it('is for so many events and no more, and nothing is stored of a request that has more', async () => {
    edge.ask.outcomeOf = () => ({ outcome: 'accepted', reason: 'none' });
    const many = (count: number): string => `{}\n`.repeat(count);
    const array = (count: number): string => `[${'{},'.repeat(count - 1)}{}]`;
    for (const sent of [
      { body: many(WAIT_EVENTS_MAX + 1), headers: { ...ndjson, ...wait } },
      { body: array(WAIT_EVENTS_MAX + 1), headers: wait },
    ]) {
      const { answer, stored } = await storedBy(edge, () => post(sent));
      assertProblem(answer, 'too-large');
      assert.equal(answer.body['limit'], 'wait-events');
      assert.match(String(answer.body['detail']), /at most 10000 events, this one has 10001: .*leave Prefer out/);
      assert.deepEqual(stored, []);
    }
    const most = await post({ body: many(WAIT_EVENTS_MAX), headers: { ...ndjson, ...wait } });
    assert.equal(most.status, 200, most.text.slice(0, 500));
    assert.equal((most.body['outcomes'] as unknown[]).length, WAIT_EVENTS_MAX);
    assert.equal((await post({ body: many(WAIT_EVENTS_MAX + 1), headers: ndjson })).status, 202);
  });

  it('counts a duplicate as taken, and names the original', async () => {
    edge.ask.outcomeOf = ({ partition }) => ({
      outcome: 'duplicate',
      reason: 'repeated-sequence',
      original: { partition, seq: 1, index: 0 },
    });
    const answer = await post({ body: '{"t":1}', headers: wait });
    assert.equal(answer.status, 200);
    assert.match(JSON.stringify(answer.body['outcomes']), /"original":"\d\.1\.0"/);
  });

  it('is 202 when nobody answers in time', async () => {
    edge.ask.silent = 'behind';
    const answer = await post({ body: '{"t":1}', headers: wait });
    edge.ask.silent = undefined;
    edge.ask.outcomeOf = () => ({ outcome: 'accepted', reason: 'none' });
    assert.equal(answer.status, 202);
    assert.equal(typeof answer.body['position'], 'string');
  });
});

describe('waiting for the fold of a stream of lines', () => {
  const headers = { ...ndjson, prefer: 'wait=2' };
  const line = `{"n":1,"pad":"${'x'.repeat(1_000)}"}\n`;
  /** Without a length: fetch sends streams in chunks. */
  const chunked = (text: Uint8Array | string): ReadableStream => new Blob([text]).stream();

  function assertNotWaited(answer: Answer, count: number): void {
    assert.equal(answer.status, 202, answer.text);
    assert.equal(answer.headers.get('preference-applied'), null);
    assert.equal(answer.body['count'], count);
    assert.equal(answer.body['outcomes'], undefined);
    assert.ok('position' in answer.body || 'positions' in answer.body, answer.text);
  }

  it('is granted where the length is known, and where compressed lines stay few', async () => {
    const known = await post({ body: '{"n":1}\n{"n":2}\n', headers });
    assert.equal(known.status, 200, known.text);
    assert.equal(known.headers.get('preference-applied'), 'wait=2');
    const gzip = { ...headers, 'content-encoding': 'gzip' };
    for (const body of [gzipSync('{"n":1}\n{"n":2}\n'), chunked(gzipSync('{"n":1}\n{"n":2}\n'))]) {
      const answer = await post({ body, headers: gzip });
      assert.equal(answer.status, 200, answer.text);
      assert.equal((answer.body['outcomes'] as unknown[]).length, 2);
    }
  });

  it('is passed over where nobody knows the length, and nobody is asked', async () => {
    const asked = edge.ask.asked.length;
    assertNotWaited(await post({ body: chunked('{"n":1}\n{"n":2}\n'), headers }), 2);
    assert.equal(edge.ask.asked.length, asked);
  });

  it('is passed over beyond 8 MB, as they come or decompressed', { timeout: 60_000 }, async () => {
    const asked = edge.ask.asked.length;
    const long = line.repeat(9_000);
    assertNotWaited(await post({ body: long, headers }), 9_000);
    const own = gzipSync(Array.from({ length: 9_000 }, () => `{"n":1,"pad":"${randomBytes(500).toString('hex')}"}\n`).join(''));
    assertNotWaited(await post({ body: own, headers: { ...headers, 'content-encoding': 'gzip' } }), 9_000);
    const many = await makeTenant(edge, 'many', 60);
    const pad = (): string => randomBytes(500).toString('hex');
    const mixed = gzipSync(
      Array.from({ length: 9_000 }, (_, i) => `{"device":"dev-${(i % 60) + 1}","metrics":{"n":1,"pad":"${pad()}"}}\n`).join(''),
    );
    assertNotWaited(await post({ body: mixed, token: many.key, headers: { ...headers, 'content-encoding': 'gzip' } }), 9_000);
    assert.equal(edge.ask.asked.length, asked);
  });
});

describe('a log that does not answer', () => {
  it('is 503 unknown-outcome after ten seconds, and a lane without room 503 log-unavailable', { timeout: 30_000 }, async () => {
    edge.fate = () => ({ kind: 'hold' });
    const began = post({ json: { t: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    // Fills the open batch of the same lane behind the one in flight.
    const fill = Array.from({ length: 3 }, () => post({ json: Array.from({ length: 4 }, () => ({ t: 'x'.repeat(60_000) })) }));
    const [first, ...rest] = await Promise.all([began, ...fill]);
    edge.fate = undefined;
    edge.appender.release();
    assertProblem(first, 'unknown-outcome');
    assert.deepEqual(
      rest.map(({ body }) => String(body['code'])).toSorted((a, b) => a.localeCompare(b)),
      ['log-unavailable', 'unknown-outcome', 'unknown-outcome'],
    );
    for (const answer of rest) assertProblem(answer, answer.body['code'] === 'unknown-outcome' ? 'unknown-outcome' : 'log-unavailable');
    assert.equal((await post({ json: { t: 1 } })).status, 202);
  });
});

describe('whatever is sent', () => {
  it('2,000 mutated bodies: nothing breaks, each refusal has a code', { timeout: 120_000 }, async () => {
    const seeds = [
      {
        body: Buffer.from('[{"t":21.5,"on":true},{"ts":1700000000000,"metrics":{"a":{"b":[1,2]}}}]'),
        headers: { 'content-type': 'application/json' },
      },
      { body: Buffer.from('{"device":"dev-1","metrics":{"t":1}}\n{"device":"dev-1","payload":{"é":"\\u00e9"}}\n'), headers: ndjson },
      {
        body: Buffer.from(
          encodeTelemetryBatch({
            samples: [
              { device: 'dev-1', ts: 1_700_000_000_000, metrics: [{ name: 't', number: 1 }] },
              { seq: 2, metrics: [{ name: 'x', text: 'y' }] },
            ],
          }),
        ),
        headers: protobuf,
      },
      { body: gzipSync('{"t":1}'), headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
    ];
    let random = 12_345;
    const next = (below: number): number => {
      random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((random / 2 ** 32) * below);
    };
    const codes = new Map<string, number>();
    const one = async (n: number): Promise<void> => {
      const seed = seeds[n % seeds.length];
      assert.ok(seed !== undefined);
      const body = Buffer.from(seed.body);
      for (let i = 0; i <= next(4); i++) body[next(body.length)] = next(256);
      const cut = next(3) === 0 ? body.subarray(0, next(body.length)) : body;
      const answer = await post({ body: cut, headers: seed.headers });
      if (answer.status === 202) return;
      const code = String(answer.body['code']);
      assert.ok(code in PROBLEMS && answer.status < 500, `${answer.status} ${answer.text}`);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    };
    for (let n = 0; n < 2_000; n += 20) await Promise.all(Array.from({ length: 20 }, (_, i) => one(n + i)));
    assert.ok((codes.get('malformed') ?? 0) > 500, JSON.stringify([...codes]));
    assert.equal((await post({ json: { t: 1 } })).status, 202);
    assert.match(edge.metrics.render(), /twinfold_http_bodies_bytes 0\n/, 'no body is held for ever');
  });

  it('bytes that are no HTTP are told so', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(edge.port, '127.0.0.1', () => socket.write('\u0010\u0000MQTT nonsense\r\n\r\n'));
      let received = '';
      socket.on('data', (piece) => (received += piece.toString()));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    assert.match(text, /^HTTP\/1\.1 400 /);
    assert.match(text, /"code":"malformed"/);
  });
});

describe('draining', () => {
  it('answers what is open, refuses what is new', async () => {
    const own = await startEdge();
    try {
      const made = await makeTenant(own, 'demo', 1);
      own.fate = () => ({ kind: 'hold' });
      const open = send(own, '/telemetry', { json: { t: 1 }, token: made.devices[0]?.token });
      await new Promise((resolve) => setTimeout(resolve, 100));
      const drained = own.http.drain();
      assertProblem(await send(own, '/telemetry', { json: { t: 2 }, token: made.devices[0]?.token }), 'draining');
      assert.equal((await send(own, '/readyz')).status, 503);
      own.appender.release();
      assert.equal((await open).status, 202);
      await drained;
    } finally {
      await own.stop();
    }
  });
});
