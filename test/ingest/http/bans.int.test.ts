/** Who tries bad credentials without end is told to wait, under its own limit; who has a good one never is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderExposition } from '../../../engine/observability/exposition.ts';
import { BanBook } from '../../../ingest/limits/ban-book.ts';
import { VirtualTime } from '../virtual-time.ts';
import { assertProblem, type Edge, makeTenant, send, startEdge, type Tenant } from './edge.ts';

const SECRET = 'A'.repeat(43);
const TENANT = { 'twinfold-tenant': 't' };

async function withEdge(run: (edge: Edge, tenant: Tenant, time: VirtualTime) => Promise<void>): Promise<void> {
  const time = new VirtualTime();
  const edge = await startEdge({ bans: new BanBook(time) });
  try {
    await run(edge, await makeTenant(edge, 't', 2), time);
  } finally {
    await edge.stop();
  }
}

/** Another secret under the device's credential. */
function guess(token: string): string {
  return `${token.slice(0, token.lastIndexOf('.'))}.${SECRET}`;
}

describe('bad tokens over HTTP', () => {
  it('under a credential’s name are refused as over a limit, while the right one passes, until the ban is over', async () => {
    await withEdge(async (edge, tenant, time) => {
      const [device] = tenant.devices;
      assert(device !== undefined);
      const bad = { token: guess(device.token), json: { t: 1 } };
      for (let i = 0; i < 10; i++) assertProblem(await send(edge, '/telemetry', bad), 'unauthorized');
      time.advance(15_000);
      const refused = await send(edge, '/telemetry', bad);
      assertProblem(refused, 'rate-limited');
      assert.deepEqual(
        ['limit', 'window', 'used', 'allowed', 'retryAfterMs'].map((name) => refused.body[name]),
        ['credential-failures', '10 failures in 60 s', 10, 10, 45_000],
      );
      assert.match(String(refused.body['detail']), /the token is not known.*try again in 45 s/);
      assert.equal(refused.headers.get('retry-after'), '45');
      assert.equal(refused.headers.get('ratelimit-policy'), '"credential-failures";q=10;w=60');
      assert.equal(refused.headers.get('ratelimit'), '"credential-failures";r=0;t=45');

      // Never seen by this edge before: nothing is remembered of it but the failures of others.
      assert.equal((await send(edge, '/telemetry', { token: device.token, json: { t: 1 } })).status, 202);
      assert.equal((await send(edge, '/v1/devices/dev-1/twin', { token: guess(device.token) })).status, 429);
      assert.match(renderExposition(edge.metrics.collect()), /twinfold_refusals_total\{edge="http",limit="credential-failures"\} 2/);

      const admin = { token: edge.admin, headers: TENANT };
      const limits = await send(edge, '/v1/devices/dev-1/limits', admin);
      const all = limits.body['limits'] as readonly Readonly<Record<string, unknown>>[];
      const told = all.find(({ limit }) => limit === 'credential-failures');
      assert.deepEqual([told?.['limit'], told?.['window'], told?.['refused']], ['credential-failures', '10 failures in 60 s', 2]);
      const bans = await send(edge, '/v1/bans', { token: edge.admin });
      const until = new Date(time.now() + 45_000).toISOString();
      assert.deepEqual(bans.body['items'], [
        {
          edge: 'edge-a',
          limit: 'credential-failures',
          name: device.token.slice(0, device.token.lastIndexOf('.')),
          window: '10 failures in 60 s',
          allowed: 10,
          since: new Date(time.now() - 15_000).toISOString(),
          until,
          refused: 2,
          last: new Date(time.now()).toISOString(),
        },
      ]);
      assert.equal((await send(edge, '/v1/bans', { token: tenant.key })).status, 403, 'addresses are the operator’s to see');

      time.advance(45_000);
      assertProblem(await send(edge, '/telemetry', bad), 'unauthorized');
      assert.deepEqual((await send(edge, '/v1/bans', { token: edge.admin })).body['items'], []);
    });
  });

  it('of many names from one address are refused by the prefix, and who has a good one behind it gets in', async () => {
    await withEdge(async (edge, tenant, time) => {
      const names = Array.from({ length: 300 }, (_, i) => `tfd_t.dev-${i}.AAAAAAAA.${SECRET}`);
      for (const [i, token] of names.entries()) {
        // By every way in: a token, a provisioning key, and what is no token at all.
        const shown = i % 3 === 0 ? token : i % 3 === 1 ? `tfp_t.group-${i}.${SECRET}` : 'no-token';
        const answer =
          i % 3 === 1
            ? await send(edge, '/register', { token: shown, json: { id: 'x' } })
            : await send(edge, '/v1/me/limits', { token: shown });
        assertProblem(answer, 'unauthorized');
      }
      for (const token of ['no-token', `tfk_t.AAAAAAAA.${SECRET}`]) {
        const refused = await send(edge, '/v1/me/limits', { token });
        assertProblem(refused, 'rate-limited');
        assert.equal(refused.body['limit'], 'prefix-failures');
      }
      const refused = await send(edge, '/register', { token: `tfp_t.group.${SECRET}`, json: { id: 'x' } });
      assertProblem(refused, 'rate-limited');
      for (const { token } of tenant.devices) assert.equal((await send(edge, '/v1/me/limits', { token })).status, 200);
      assert.equal((await send(edge, '/v1/tenants', { token: edge.admin })).status, 200);
      const bans = (await send(edge, '/v1/bans', { token: edge.admin })).body['items'] as readonly Readonly<Record<string, unknown>>[];
      assert.deepEqual(
        bans.map(({ limit, name, refused: times }) => [limit, name, times]),
        [['prefix-failures', '127.0.0.0/24', 3]],
      );
      time.advance(60_000);
      assertProblem(await send(edge, '/v1/me/limits', { token: 'no-token' }), 'unauthorized');
    });
  });
});
