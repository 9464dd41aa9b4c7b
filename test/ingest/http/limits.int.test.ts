/** What HTTP says when a limit has no room. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { assertProblem, type Edge, makeTenant, send, startEdge, storedBy, type Tenant } from './edge.ts';

describe('limits over HTTP', () => {
  let edge: Edge;
  let tenant: Tenant;
  let quotaKey: string;

  before(async () => {
    edge = await startEdge();
    tenant = await makeTenant(edge, 'acme', 4);
    const made = await send(edge, '/v1/keys', {
      token: edge.admin,
      headers: { 'twinfold-tenant': 'acme' },
      json: { kind: 'api', scopes: ['quota:admin', 'registry:admin', 'telemetry:write'] },
    });
    quotaKey = String(made.body['key']);
    const limits = { eachDevice: { messages: '1/h burst 3', bytes: '100k/h', points: '1k/h' } };
    const put = await send(edge, '/v1/quotas', { method: 'PUT', token: quotaKey, json: limits });
    assert.equal(put.status, 200, put.text);
    assert.deepEqual(put.body, { tenant: 'acme', limits });
  });
  after(async () => edge.stop());

  it('says limit, window, what is used, and when to try again, in body and headers', async () => {
    const token = tenant.devices[0]?.token;
    for (let i = 0; i < 3; i++) assert.equal((await send(edge, '/telemetry', { token, json: { n: i } })).status, 202);
    const { answer, stored } = await storedBy(edge, async () => send(edge, '/telemetry', { token, json: { n: 3 } }));
    assertProblem(answer, 'rate-limited');
    const { limit, window, used, allowed, retryAfterMs } = answer.body;
    assert.deepEqual({ limit, window, used, allowed }, { limit: 'device-messages', window: '1/h burst 3', used: 3, allowed: 3 });
    assert.ok(Number(retryAfterMs) > 3_500_000 && Number(retryAfterMs) <= 3_600_000, String(retryAfterMs));
    assert.ok(Math.abs(Number(answer.headers.get('retry-after')) - Number(retryAfterMs) / 1_000) <= 1);
    assert.equal(answer.headers.get('ratelimit-policy'), '"device-messages";q=1;w=3600');
    assert.match(answer.headers.get('ratelimit') ?? '', /^"device-messages";r=0;t=\d+$/);
    assert.deepEqual(stored, []);
    const metrics = await send(edge, '/metrics');
    assert.match(metrics.text, /twinfold_refusals_total\{[^}]*limit="device-messages"[^}]*\} 1/);
  });

  it('takes all of a request or nothing, and says when it never can', async () => {
    const token = tenant.devices[1]?.token;
    assert.equal((await send(edge, '/telemetry', { token, json: [{ n: 1 }, { n: 2 }] })).status, 202);
    const two = await storedBy(edge, async () => send(edge, '/telemetry', { token, json: [{ n: 3 }, { n: 4 }] }));
    assertProblem(two.answer, 'rate-limited');
    assert.deepEqual(two.stored, []);
    const lines = { token, headers: { 'content-type': 'application/x-ndjson' }, body: '{"n":3}\n{"n":4}\n{"n":5}\n{"n":6}\n' };
    const four = await storedBy(edge, async () => send(edge, '/telemetry', lines));
    assertProblem(four.answer, 'too-large');
    assert.equal(four.answer.body['limit'], 'device-messages');
    assert.deepEqual(four.stored, []);
    assert.equal((await send(edge, '/telemetry', { token, json: { n: 3 } })).status, 202);
  });

  it('holds every device of a gateway to its own limit, and charges none when one has no room', async () => {
    const [, , third = { id: '' }, fourth = { id: '' }] = tenant.devices;
    const events = (counts: readonly (readonly [string, number])[]): unknown =>
      counts.flatMap(([device, count]) => Array.from({ length: count }, (_, n) => ({ device, metrics: { n } })));
    const call = async (counts: readonly (readonly [string, number])[]): Promise<number> =>
      (await send(edge, '/telemetry', { token: quotaKey, json: events(counts) })).status;
    assert.equal(await call([[third.id, 2]]), 202);
    assert.equal(
      await call([
        [fourth.id, 3],
        [third.id, 2],
      ]),
      429,
    );
    assert.equal(
      await call([
        [fourth.id, 3],
        [third.id, 1],
      ]),
      202,
    );
  });

  it('tells a device and its operator what limits it, and who refused how much', async () => {
    const device = tenant.devices[0];
    const asked = await send(edge, `/v1/devices/${device?.id}/limits`, { token: quotaKey });
    assert.equal(asked.status, 200, asked.text);
    const limits = asked.body['limits'] as readonly Readonly<Record<string, unknown>>[];
    const messages = limits.find(({ limit }) => limit === 'device-messages');
    assert.deepEqual([messages?.['window'], messages?.['used'], messages?.['allowed'], messages?.['refused']], ['1/h burst 3', 3, 3, 1]);
    const [by] = (messages?.['refusedBy'] ?? []) as readonly Readonly<Record<string, unknown>>[];
    assert.deepEqual([by?.['edge'], by?.['count']], ['edge-a', 1]);
    const rates = ['device-bytes', 'device-messages', 'device-points'];
    const ofSessions = ['in-flight', 'session-expiry', 'subscriptions'];
    assert.deepEqual(limits.map(({ limit }) => String(limit)).toSorted(), [...rates, ...ofSessions].toSorted());
    const mine = await send(edge, '/v1/me/limits', { token: device?.token });
    // Rates flow back between the two looks.
    const still = (all: typeof limits): unknown[] =>
      all.map(({ limit, window, allowed, refused }) => ({ limit, window, allowed, refused }));
    assert.deepEqual(still(mine.body['limits'] as typeof limits), still(limits));
    const usage = await send(edge, '/v1/quotas/usage', { token: quotaKey });
    assert.equal(usage.status, 200, usage.text);
    assert.ok((usage.body['limits'] as typeof limits).some(({ limit, refused }) => limit === 'device-messages' && Number(refused) >= 1));
    // Whoever sends may know why it is held up, and may not change it.
    const made = await send(edge, '/v1/keys', { token: quotaKey, json: { kind: 'api', scopes: ['telemetry:write'] } });
    const sender = String(made.body['key']);
    for (const path of ['/v1/quotas/usage', '/v1/quotas', '/v1/devices/dev-1/limits'])
      assert.notEqual((await send(edge, path, { token: sender })).status, 403, path);
    assertProblem(await send(edge, '/v1/quotas', { method: 'PUT', token: sender, json: {} }), 'forbidden');
  });

  it('tells what sessions may have: the options, or else the nearest document that says so', async () => {
    const device = tenant.devices[0];
    const allowed = async (): Promise<Readonly<Record<string, unknown>>> => {
      const { body } = await send(edge, '/v1/me/limits', { token: device?.token });
      const all = body['limits'] as readonly { readonly limit: string; readonly allowed: number; readonly used: number }[];
      const ofSessions = all.filter(({ limit }) => ['in-flight', 'session-expiry', 'subscriptions'].includes(limit));
      assert.ok(ofSessions.every(({ used }) => used === 0));
      return Object.fromEntries(ofSessions.map((one) => [one.limit, one.allowed]));
    };
    const put = async (json: unknown): Promise<void> => {
      const answer = await send(edge, '/v1/quotas', { method: 'PUT', token: quotaKey, json });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.body['limits'], json);
    };
    const usual = (await send(edge, '/v1/quotas', { token: quotaKey })).body['limits'];
    const defaults = { 'session-expiry': 604_800, subscriptions: 64, 'in-flight': 100 };
    assert.deepEqual(await allowed(), defaults);
    await put({ sessionExpiryS: 2_592_000, subscriptions: 200, eachDevice: { inFlight: 5 } });
    assert.deepEqual(await allowed(), { 'session-expiry': 2_592_000, subscriptions: 200, 'in-flight': 5 });
    const path = `/v1/devices/${device?.id}`;
    const patched = await send(edge, path, { method: 'PATCH', token: quotaKey, json: { limits: { subscriptions: 1 } } });
    assert.equal(patched.status, 200, patched.text);
    assert.deepEqual(await allowed(), { 'session-expiry': 2_592_000, subscriptions: 1, 'in-flight': 5 });
    const audit = await send(edge, '/v1/audit?kind=tenant', { token: quotaKey });
    assert.match(audit.text, /"sessionExpiryS":2592000/);
    assert.equal((await send(edge, path, { method: 'PATCH', token: quotaKey, json: { limits: null } })).status, 200);
    await put(usual);
    assert.deepEqual(await allowed(), defaults);
  });

  it('names every problem of a document', async () => {
    const bad = await send(edge, '/v1/quotas', {
      method: 'PUT',
      token: quotaKey,
      json: { messages: 'fast', perDay: { messages: -5 }, speed: 1 },
    });
    assertProblem(bad, 'malformed');
    const errors = bad.body['errors'] as readonly { readonly pointer: string }[];
    assert.deepEqual(errors.map(({ pointer }) => pointer).toSorted(), ['/messages', '/perDay/messages', '/speed']);
    const forbidden = await send(edge, '/v1/quotas', { method: 'PUT', token: tenant.devices[0]?.token, json: {} });
    assertProblem(forbidden, 'forbidden');
  });

  it('applies a change at once', async () => {
    const token = tenant.devices[0]?.token;
    assert.equal((await send(edge, '/telemetry', { token, json: { n: 9 } })).status, 429);
    assert.equal((await send(edge, '/v1/quotas', { method: 'PUT', token: quotaKey, json: {} })).status, 200);
    assert.equal((await send(edge, '/telemetry', { token, json: { n: 9 } })).status, 202);
    const got = await send(edge, '/v1/quotas', { token: quotaKey });
    assert.deepEqual(got.body, { tenant: 'acme', limits: {} });
  });

  it('says that a quota account is away, where a volume can not be kept', async () => {
    edge.ask.silent = 'no-owner';
    try {
      const put = await send(edge, '/v1/quotas', { method: 'PUT', token: quotaKey, json: { perDay: { messages: 100 } } });
      assert.equal(put.status, 200);
      assertProblem(await send(edge, '/telemetry', { token: tenant.devices[0]?.token, json: { n: 10 } }), 'quota-unavailable');
      assertProblem(await send(edge, '/v1/quotas/usage', { token: quotaKey }), 'quota-unavailable');
    } finally {
      edge.ask.silent = undefined;
      await send(edge, '/v1/quotas', { method: 'PUT', token: quotaKey, json: {} });
    }
  });
});

describe('connections over HTTP', () => {
  it('that come too fast, or are too many, are told so and ended', async () => {
    for (const [listener, code, limit] of [
      [{ connectRate: '1/h burst 2' }, 'rate-limited', 'listener-connect-rate'],
      [{ connections: 2 }, 'too-many-connections', 'listener-connections'],
    ] as const) {
      const edge = await startEdge({ listener });
      const held: Socket[] = [];
      try {
        for (let i = 0; i < 2; i++) {
          const socket = connect(edge.port, '127.0.0.1');
          held.push(socket);
          await new Promise((resolve) => socket.once('connect', resolve));
        }
        // The server has seen both when it answers one.
        const alive = new Promise<string>((resolve) => held[1]?.once('data', (bytes) => resolve(String(bytes))));
        held[1]?.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
        assert.match(await alive, /^HTTP\/1\.1 200/);
        const answer = await send(edge, '/healthz');
        assertProblem(answer, code);
        assert.equal(answer.body['limit'], limit);
        assert.equal(answer.headers.get('connection'), 'close');
        assert.ok(Number(answer.headers.get('retry-after')) >= 1);
      } finally {
        for (const socket of held) socket.destroy();
        await edge.stop();
      }
    }
  });
});
