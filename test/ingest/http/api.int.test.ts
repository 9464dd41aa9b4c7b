import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { PROBLEMS } from '../../../schemas/http/problems.ts';
import { readExposition, valueOf } from '../../support/exposition-check.ts';
import { assertProblem, type Edge, makeTenant, PARTITIONS, send, startEdge, type Tenant } from './edge.ts';

let edge: Edge;
let tenant: Tenant;

before(async () => {
  edge = await startEdge();
  tenant = await makeTenant(edge, 'demo', 3);
});

after(() => edge.stop());

const asAdmin = (): { token: string; headers: Record<string, string> } => ({ token: edge.admin, headers: { 'twinfold-tenant': 'demo' } });

describe('tenants and keys', () => {
  it('are made by the administrator', async () => {
    const made = await send(edge, '/v1/tenants', { json: { id: 'acme' }, token: edge.admin });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body['id'], 'acme');
    assertProblem(await send(edge, '/v1/tenants', { json: { id: 'acme' }, token: edge.admin }), 'already-registered');
    const key = await send(edge, '/v1/keys', {
      json: { kind: 'api', scopes: ['telemetry:write', 'topic:plant/#:sub'] },
      token: edge.admin,
      headers: { 'twinfold-tenant': 'acme' },
    });
    assert.equal(key.status, 201, key.text);
    assert.match(String(key.body['key']), /^tfk_acme\./);
    assert.deepEqual(key.body['scopes'], ['telemetry:write', 'topic:plant/#:sub']);
    const gone = await send(edge, `/v1/keys/${String(key.body['id'])}`, {
      method: 'DELETE',
      token: edge.admin,
      headers: { 'twinfold-tenant': 'acme' },
    });
    assert.equal(gone.status, 204);
    assertProblem(await send(edge, '/telemetry', { json: {}, token: String(key.body['key']) }), 'unauthorized');
    assertProblem(
      await send(edge, `/v1/keys/${String(key.body['id'])}`, {
        method: 'DELETE',
        token: edge.admin,
        headers: { 'twinfold-tenant': 'acme' },
      }),
      'not-found',
    );
  });

  it('need a tenant that exists, and one that is named', async () => {
    assertProblem(await send(edge, '/v1/keys', { json: { kind: 'api', scopes: ['twin:read'] }, token: edge.admin }), 'tenant-required');
    assertProblem(
      await send(edge, '/v1/keys', {
        json: { kind: 'api', scopes: ['twin:read'] },
        token: edge.admin,
        headers: { 'twinfold-tenant': 'nobody' },
      }),
      'unknown-tenant',
    );
    assertProblem(
      await send(edge, '/v1/keys', {
        json: { kind: 'api', scopes: ['twin:read'] },
        token: edge.admin,
        headers: { 'twinfold-tenant': 'no.body' },
      }),
      'malformed',
    );
  });

  it('grant no more than the key that makes them has', async () => {
    assertProblem(await send(edge, '/v1/keys', { json: { kind: 'api', scopes: ['command:send'] }, token: tenant.key }), 'forbidden');
    assert.equal((await send(edge, '/v1/keys', { json: { kind: 'api', scopes: ['twin:read'] }, token: tenant.key })).status, 201);
    const unknown = await send(edge, '/v1/keys', { json: { kind: 'api', scopes: ['twin:read', 'all'] }, token: tenant.key });
    assertProblem(unknown, 'malformed');
    assert.deepEqual((unknown.body['errors'] as { pointer: string }[])[0]?.pointer, '/scopes/1');
  });
});

describe('devices', () => {
  it('are registered, read, listed and deleted', async () => {
    assert.equal((await send(edge, '/v1/groups', { json: { id: 'pumps' }, token: tenant.key })).status, 201);
    const made = await send(edge, '/v1/devices', {
      json: { id: 'pump-1', externalIds: ['00:11:22'], group: 'pumps', tags: { site: 'north', floor: 2 } },
      token: tenant.key,
    });
    assert.equal(made.status, 201, made.text);
    assert.match(String(made.body['token']), /^tfd_demo\.pump-1\./);
    assert.equal(made.headers.get('location'), '/v1/devices/pump-1');
    assert.equal((await send(edge, '/telemetry', { json: { t: 1 }, token: String(made.body['token']) })).status, 202);
    const read = await send(edge, '/v1/devices/00:11:22', { token: tenant.key });
    assert.equal(read.status, 200, read.text);
    const { token: _token, ...device } = made.body;
    assert.deepEqual(read.body, device);
    assert.deepEqual(read.body['tags'], { site: 'north', floor: 2 });
    assert.ok(!read.text.includes('hash'), 'no hash leaves the registry');
    assertProblem(await send(edge, '/v1/devices', { json: { id: 'pump-1' }, token: tenant.key }), 'already-registered');
    assertProblem(
      await send(edge, '/v1/devices', { json: { id: 'pump-2', externalIds: ['00:11:22'] }, token: tenant.key }),
      'external-id-taken',
    );
    assert.equal((await send(edge, '/v1/devices/pump-1', { method: 'DELETE', token: tenant.key })).status, 204);
    assertProblem(await send(edge, '/v1/devices/pump-1', { token: tenant.key }), 'not-found');
    assertProblem(await send(edge, '/telemetry', { json: { t: 1 }, token: String(made.body['token']) }), 'unauthorized');
  });

  it('come in pages', async () => {
    const first = await send(edge, '/v1/devices?limit=2', { token: tenant.key });
    assert.deepEqual(
      (first.body['items'] as { id: string }[]).map(({ id }) => id),
      ['dev-1', 'dev-2'],
    );
    const rest = await send(edge, `/v1/devices?limit=2&cursor=${String(first.body['nextCursor'])}`, asAdmin());
    assert.deepEqual(
      (rest.body['items'] as { id: string }[]).map(({ id }) => id),
      ['dev-3'],
    );
    assert.equal('nextCursor' in rest.body, false);
    for (const limit of ['0', '1001', 'x', '1.5'])
      assertProblem(await send(edge, `/v1/devices?limit=${limit}`, { token: tenant.key }), 'malformed');
  });

  it('change their tokens', async () => {
    const second = await send(edge, '/v1/devices/dev-3/credentials', { json: { notAfter: '2100-01-01T00:00:00Z' }, token: tenant.key });
    assert.equal(second.status, 201, second.text);
    assert.equal(second.body['notAfter'], '2100-01-01T00:00:00.000Z');
    assertProblem(await send(edge, '/v1/devices/dev-3/credentials', { method: 'POST', token: tenant.key }), 'too-many-credentials');
    const old = tenant.devices[2]?.token ?? '';
    const id = old.split('.')[2] ?? '';
    assert.equal((await send(edge, `/v1/devices/dev-3/credentials/${id}`, { method: 'DELETE', token: tenant.key })).status, 204);
    assertProblem(await send(edge, '/telemetry', { json: { t: 1 }, token: old }), 'unauthorized');
    assert.equal((await send(edge, '/telemetry', { json: { t: 1 }, token: String(second.body['token']) })).status, 202);
    assertProblem(await send(edge, `/v1/devices/dev-3/credentials/${id}`, { method: 'DELETE', token: tenant.key }), 'not-found');
    assertProblem(await send(edge, '/v1/devices/dev-3/credentials', { json: { notAfter: 'tomorrow' }, token: tenant.key }), 'malformed');
  });

  it('are refused with the place of the fault', async () => {
    for (const [json, pointer] of [
      [{}, '/id'],
      [{ id: 'a.b' }, '/id'],
      [{ id: 'x'.repeat(65) }, '/id'],
      [{ id: 5 }, '/id'],
      [{ id: 'ok', externalIds: ['a', 'b', 'c', 'd', 'e'] }, '/externalIds'],
      [{ id: 'ok', externalIds: ['é'.repeat(65)] }, '/externalIds/0'],
      [{ id: 'ok', unknown: 1 }, '/unknown'],
    ] as const) {
      const answer = await send(edge, '/v1/devices', { json, token: tenant.key });
      assertProblem(answer, 'malformed');
      assert.equal((answer.body['errors'] as { pointer: string }[])[0]?.pointer, pointer, answer.text);
    }
    assertProblem(
      await send(edge, '/v1/devices', { body: '{', headers: { 'content-type': 'application/json' }, token: tenant.key }),
      'malformed',
    );
    assertProblem(
      await send(edge, '/v1/devices', {
        body: '{"__proto__":{"x":1},"id":"a"}',
        headers: { 'content-type': 'application/json' },
        token: tenant.key,
      }),
      'malformed',
    );
    assertProblem(
      await send(edge, '/v1/devices', { body: 'id: x', headers: { 'content-type': 'application/yaml' }, token: tenant.key }),
      'unsupported-media-type',
    );
    assertProblem(await send(edge, '/v1/devices', { json: { id: 'a', tags: { x: 'x'.repeat(70_000) } }, token: tenant.key }), 'too-large');
  });
});

describe('scopes', () => {
  it('are denied by default', async () => {
    const none = await edge.commands.createKey('demo', ['topic:x:pub']);
    assert.ok(none.ok);
    const device = tenant.devices[0]?.token ?? '';
    const calls: readonly (readonly [string, string])[] = [
      ['POST', '/v1/keys'],
      ['DELETE', '/v1/keys/x'],
      ['POST', '/v1/devices'],
      ['GET', '/v1/devices'],
      ['GET', '/v1/devices/dev-1'],
      ['DELETE', '/v1/devices/dev-1'],
      ['POST', '/v1/devices/dev-1/credentials'],
      ['DELETE', '/v1/devices/dev-1/credentials/x'],
      ['GET', '/v1/devices/dev-1/twin'],
      ['GET', '/v1/events/0.1.0'],
      ['GET', '/v1/partitions'],
      ['POST', '/v1/tenants'],
    ];
    const bodies: Readonly<Record<string, unknown>> = {
      '/v1/keys': { kind: 'api', scopes: ['twin:read'] },
      '/v1/devices': { id: 'z' },
      '/v1/tenants': { id: 'z' },
    };
    for (const [method, path] of calls) {
      const json = method === 'POST' ? (bodies[path] ?? {}) : undefined;
      for (const token of [none.value.token, device])
        assertProblem(await send(edge, path, { method, token, ...(json === undefined ? {} : { json }) }), 'forbidden');
      assertProblem(await send(edge, path, { method, ...(json === undefined ? {} : { json }) }), 'unauthorized');
    }
    assertProblem(await send(edge, '/v1/tenants', { json: { id: 'z' }, token: tenant.key }), 'forbidden');
    assertProblem(await send(edge, '/v1/devices', { token: tenant.key, headers: { 'twinfold-tenant': 'acme' } }), 'forbidden');
  });
});

describe('a twin', () => {
  it('is what its owner says, reflecting what this process acknowledged', async () => {
    edge.ask.twins.set('demo/dev-1', '{"device":"dev-1","latest":{}}');
    const stored = await send(edge, '/telemetry', { json: { t: 1 }, token: tenant.devices[0]?.token });
    const [partition, seq] = String(stored.body['position']).split('.').map(Number);
    const twin = await send(edge, '/v1/devices/dev-1/twin', { token: tenant.key });
    assert.equal(twin.status, 200, twin.text);
    assert.match(twin.headers.get('content-type') ?? '', /^application\/json/);
    assert.deepEqual(twin.body, { device: 'dev-1', latest: {} });
    assert.deepEqual(edge.ask.asked.at(-1), { partition, minSeq: seq });
    const elsewhere = ((partition ?? 0) + 1) % PARTITIONS;
    await send(edge, '/v1/devices/urn:dev:1/twin', {
      token: tenant.key,
      headers: { 'twinfold-position': `${partition}.7.0, ${elsewhere}.99.0` },
    });
    assert.deepEqual(edge.ask.asked.at(-1), { partition, minSeq: 7 });
    await send(edge, '/v1/devices/dev-1/twin', { token: tenant.key, headers: { 'twinfold-position': `${elsewhere}.99.0` } });
    assert.deepEqual(edge.ask.asked.at(-1), { partition, minSeq: seq });
    assertProblem(await send(edge, '/v1/devices/dev-1/twin', { token: tenant.key, headers: { 'twinfold-position': 'x' } }), 'malformed');
  });

  it('is not there for a device that is unknown, or was never heard of', async () => {
    assertProblem(await send(edge, '/v1/devices/ghost/twin', { token: tenant.key }), 'not-found');
    assertProblem(await send(edge, '/v1/devices/dev-2/twin', { token: tenant.key }), 'not-found');
  });

  it('cannot be read while nobody owns it', async () => {
    for (const [silent, code] of [
      ['no-owner', 'no-owner'],
      ['behind', 'behind'],
    ] as const) {
      edge.ask.silent = silent;
      const answer = await send(edge, '/v1/devices/dev-1/twin', { token: tenant.key });
      edge.ask.silent = undefined;
      assertProblem(answer, code);
      assert.equal(answer.headers.get('retry-after'), '1');
    }
  });
});

describe('an event', () => {
  it('is shown as it arrived, with its outcome and its rows', async () => {
    const stored = await send(edge, '/telemetry', {
      body: '{"t": 21.50}',
      headers: { 'content-type': 'application/json' },
      token: tenant.devices[0]?.token,
    });
    const position = String(stored.body['position']);
    const event = await send(edge, `/v1/events/${position}`, { token: tenant.key });
    assert.equal(event.status, 200, event.text);
    assert.equal(event.body['device'], 'dev-1');
    assert.equal(event.body['kind'], 'telemetry');
    assert.equal(event.body['via'], 'http');
    assert.equal(event.body['outcome'], 'accepted');
    assert.deepEqual(event.body['payload'], { t: 21.5 });
    assert.deepEqual(event.body['rows'], []);
    assert.equal((event.body['edge'] as { name: string }).name, 'edge-a');
    edge.rows.set(position, [{ tenant: 'demo', outcome: 'quarantined', reason: 'no-metrics', metrics: { t: 21.5 } }]);
    const later = await send(edge, `/v1/events/${position}`, asAdmin());
    assert.equal(later.body['outcome'], 'quarantined');
    assert.equal(later.body['reason'], 'no-metrics');
    assert.equal((later.body['rows'] as unknown[]).length, 1);
  });

  it('that left the log is told from its rows', async () => {
    edge.rows.set('0.999999.0', [{ tenant: 'demo', device: 'dev-9', kind: 'telemetry', outcome: 'accepted', reason: 'none' }]);
    const event = await send(edge, '/v1/events/0.999999.0', { token: tenant.key });
    assert.equal(event.status, 200, event.text);
    assert.equal(event.body['device'], 'dev-9');
  });

  it('of another tenant, or nowhere, is not found', async () => {
    const stored = await send(edge, '/telemetry', { json: { t: 1 }, token: tenant.devices[0]?.token });
    const other = await makeTenant(edge, 'elsewhere', 0);
    assertProblem(await send(edge, `/v1/events/${String(stored.body['position'])}`, { token: other.key }), 'not-found');
    for (const position of ['0.999998.0', '9.1.0', '0.1.9999'])
      assertProblem(await send(edge, `/v1/events/${position}`, { token: tenant.key }), 'not-found');
    for (const position of ['x', '1.2', '-1.1.1'])
      assertProblem(await send(edge, `/v1/events/${position}`, { token: tenant.key }), 'malformed');
  });
});

describe('operations', () => {
  it('say whether it lives and is ready, and what durability is in force', async () => {
    assert.deepEqual((await send(edge, '/healthz')).body, { status: 'ok', version: '0.0.0-test' });
    const ready = await send(edge, '/readyz');
    assert.equal(ready.status, 200);
    assert.deepEqual(ready.body, { status: 'ok', parts: [{ name: 'log', status: 'ok' }], durability: { asked: 'disk', inForce: 'disk' } });
    const usual = edge.readiness;
    edge.readiness = {
      parts: [{ name: 'log', status: 'degraded', detail: '81 % full' }],
      durability: { asked: 'disk', inForce: 'interval' },
    };
    assert.deepEqual([(await send(edge, '/readyz')).status, (await send(edge, '/readyz')).body['status']], [200, 'degraded']);
    edge.readiness = { ...edge.readiness, parts: [{ name: 'log', status: 'down' }] };
    assert.equal((await send(edge, '/readyz')).status, 503);
    edge.readiness = usual;
  });

  it('count', async () => {
    await send(edge, '/telemetry', { json: { t: 1 } });
    const { text, headers } = await send(edge, '/metrics');
    assert.match(headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(text, /twinfold_events_total\{edge="http",outcome="stored"\} [1-9]/);
    assert.match(text, /twinfold_refusals_total\{edge="http",limit="unauthorized"\} [1-9]/);
    assert.match(text, /twinfold_ack_duration_seconds\{edge="http",quantile="0\.99"\} 0\.\d/);
    assert.ok(!text.includes('dev-1') && !text.includes('demo'), 'no tenant or device is a label');
    const families = readExposition(text);
    const refusals = (of: typeof families): number => valueOf(of, 'twinfold_refusals_total', { edge: 'http', limit: 'unauthorized' }) ?? 0;
    await send(edge, '/v1/devices');
    await send(edge, '/telemetry', { json: { t: 1 } });
    const later = readExposition((await send(edge, '/metrics')).text);
    assert.equal(refusals(later) - refusals(families), 2, 'each refusal once, whichever way it took');
    for (let partition = 0; partition < PARTITIONS; partition++)
      assert.equal(valueOf(families, 'twinfold_partition_owned', { partition: String(partition) }), 0, 'who answers, and does not fold');
  });

  it('tell the partitions', async () => {
    const answer = await send(edge, '/v1/partitions', { token: edge.admin });
    const items = answer.body['items'] as { partition: number; owner: string }[];
    assert.deepEqual(
      items.map(({ partition, owner }) => [partition, owner]),
      [0, 1, 2, 3].map((partition) => [partition, 'node-1']),
    );
    edge.ask.silent = 'no-owner';
    const lost = await send(edge, '/v1/partitions', { token: edge.admin });
    edge.ask.silent = undefined;
    assert.deepEqual((lost.body['items'] as unknown[])[0], { partition: 0, owner: null });
  });

  it('explain each problem', async () => {
    for (const code of Object.keys(PROBLEMS)) assert.equal((await send(edge, `/problems/${code}`)).body['code'], code);
    assertProblem(await send(edge, '/problems/none'), 'not-found');
  });

  it('close connections whose headers do not come', { timeout: 30_000 }, async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(edge.port, '127.0.0.1', () => socket.write('POST /telemetry HTTP/1.1\r\nhost: x\r\n'));
      let received = '';
      socket.on('data', (piece) => (received += piece.toString()));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    assert.match(text, /^HTTP\/1\.1 408 /);
    assert.match(text, /"code":"request-timeout"/);
  });

  it('know no other way', async () => {
    assertProblem(await send(edge, '/nowhere'), 'not-found');
    const wrong = await send(edge, '/telemetry');
    assertProblem(wrong, 'method-not-allowed');
    assert.equal(wrong.headers.get('allow'), 'POST');
  });
});
