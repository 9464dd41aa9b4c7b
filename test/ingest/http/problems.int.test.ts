/** Refusals that come of somebody else: another edge, the registry, a limit of the whole process, a part that broke. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { pepperOf } from '../../../ingest/credentials/credentials.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { RegistryCommands } from '../../../ingest/registry/commands.ts';
import { assertProblem, type Edge, type EdgeLimits, makeTenant, send, startEdge, systemClock, type Tenant } from './edge.ts';

async function withEdge(run: (edge: Edge, tenant: Tenant) => Promise<void>, limits: EdgeLimits = {}): Promise<void> {
  const edge = await startEdge(limits);
  try {
    await run(edge, await makeTenant(edge, 'demo', 1));
  } finally {
    await edge.stop();
  }
}

describe('the registry', () => {
  it('says conflict where another edge decided first', { timeout: 20_000 }, () =>
    withEdge(async (edge, tenant) => {
      const cache = new RegistryCache(edge.registryLog, systemClock);
      await cache.caughtUp();
      const pepper = pepperOf(randomBytes(32).toString('base64url'));
      const elsewhere = new RegistryCommands({ log: edge.registryLog, cache, clock: systemClock, randomBytes, pepper });
      // From here on this edge does not hear what others decide.
      await edge.registry.stop();
      assert.equal((await elsewhere.addCredential('demo', 'dev-1', {})).ok, true);
      const answer = await send(edge, '/v1/devices/dev-1', { method: 'DELETE', token: tenant.key });
      assertProblem(answer, 'conflict');
      await cache.stop();
    }),
  );

  it('that does not answer is told, and nothing is changed', { timeout: 20_000 }, () =>
    withEdge(async (edge, tenant) => {
      edge.registryLog.isLost = true;
      const register = { json: { id: 'dev-2' }, token: tenant.key };
      assertProblem(await send(edge, '/v1/devices', register), 'registry-unavailable');
      assertProblem(await send(edge, '/v1/devices/dev-1', { method: 'DELETE', token: tenant.key }), 'registry-unavailable');
      edge.registryLog.isLost = false;
      assert.equal((await send(edge, '/v1/devices/dev-1', { token: tenant.key })).status, 200);
      assert.equal((await send(edge, '/v1/devices', register)).status, 201);
    }),
  );

  it('takes no more devices than it may, and names the limit', { timeout: 20_000 }, () =>
    withEdge(
      async (edge, tenant) => {
        assert.equal((await send(edge, '/v1/devices', { json: { id: 'second' }, token: tenant.key })).status, 201);
        const third = await send(edge, '/v1/devices', { json: { id: 'third' }, token: tenant.key });
        assertProblem(third, 'too-many-devices');
        assert.equal(third.body['limit'], 'devices');
        assert.equal((await send(edge, '/v1/devices/second', { method: 'DELETE', token: tenant.key })).status, 204);
        assert.equal((await send(edge, '/v1/devices', { json: { id: 'third' }, token: tenant.key })).status, 201);
      },
      { devicesMax: 2 },
    ),
  );
});

describe('the process', () => {
  it('holds so many bytes of bodies and no more, and lets go of them', { timeout: 20_000 }, () =>
    withEdge(
      async (edge, tenant) => {
        const token = tenant.devices[0]?.token;
        const body = JSON.stringify(Array.from({ length: 200 }, (_, n) => ({ n })));
        const lines = body.slice(1, -1).replaceAll('},', '}\n');
        for (const sent of [{ body }, { body: lines, headers: { 'content-type': 'application/x-ndjson' } }]) {
          const answer = await send(edge, '/telemetry', { ...sent, token });
          assertProblem(answer, 'overloaded');
          assert.equal(answer.body['limit'], 'bodies-bytes');
          assert.match(String(answer.body['detail']), /1000 bytes/);
        }
        assert.deepEqual(edge.events(), []);
        assert.match(edge.metrics.render(), /twinfold_http_bodies_bytes 0\n/);
        assert.equal((await send(edge, '/telemetry', { json: { t: 1 }, token })).status, 202);
      },
      { bodiesBytesMax: 1_000 },
    ),
  );

  it('says that something broke, and not what', { timeout: 20_000 }, () =>
    withEdge(async (edge, tenant) => {
      edge.isUnreadable = true;
      const answer = await send(edge, '/v1/events/0.1.0', { token: tenant.key });
      assertProblem(answer, 'internal');
      assert.ok(!answer.text.includes('cannot be read'));
      edge.isUnreadable = false;
      assertProblem(await send(edge, '/v1/events/0.1.0', { token: tenant.key }), 'not-found');
    }),
  );
});
