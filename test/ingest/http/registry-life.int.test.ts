import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { encodeEntry } from '../../../ingest/registry/codec.ts';
import { groupSubject } from '../../../ingest/registry/entries.ts';
import { verifyWebhook } from '../../../ingest/registry/webhook.ts';
import { type Answer, assertProblem, type Edge, makeTenant, send, startEdge, type Tenant } from './edge.ts';

let edge: Edge;
let tenant: Tenant;

before(async () => {
  edge = await startEdge();
  tenant = await makeTenant(edge, 'demo', 2);
});
after(async () => edge.stop());

const api = async (
  path: string,
  method: string,
  ...sent: readonly [json?: unknown, headers?: Readonly<Record<string, string>>]
): Promise<Answer> => {
  const [json, headers = {}] = sent;
  return send(edge, path, { method, token: tenant.key, headers, ...(json === undefined ? {} : { json }) });
};

const register = async (token: string | undefined, json: unknown): Promise<Answer> => send(edge, '/register', { json, token });

async function provisioningKey(group: string, settings: object = {}): Promise<string> {
  const made = await api('/v1/groups', 'POST', { id: group, provisioning: settings });
  assert.equal(made.status, 201, made.text);
  const key = await api('/v1/keys', 'POST', { kind: 'provisioning', group });
  assert.equal(key.status, 201, key.text);
  assert.match(String(key.body['key']), new RegExp(`^tfp_demo\\.${group}\\.[A-Za-z0-9_-]{43}$`));
  return String(key.body['key']);
}

const isLetIn = async (token: unknown): Promise<boolean> =>
  (await send(edge, '/telemetry', { json: { t: 1 }, token: String(token) })).status === 202;

describe('a device that registers itself', () => {
  it('gets what it needs to begin, by its group’s key', async () => {
    const key = await provisioningKey('line-1', { tokenDays: 30 });
    const answer = await register(key, { id: 'self-1', model: 'm1' });
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(Object.keys(answer.body['topics'] as object), ['telemetry', 'twin', 'commands', 'firmware', 'errors']);
    assert.deepEqual(answer.body['endpoints'], { http: edge.url });
    assert.ok(Date.parse(String(answer.body['notAfter'])) > Date.now() + 29 * 86_400_000);
    assert.equal(await isLetIn(answer.body['token']), true);
    const seen = await api('/v1/devices/self-1', 'GET');
    assert.deepEqual([seen.body['group'], seen.body['model'], seen.body['tenant']], ['line-1', 'm1', 'demo']);
  });

  it('proves itself when it comes again, and keeps its old token for ten minutes', async () => {
    const key = await provisioningKey('line-2');
    const first = await register(key, { id: 'self-2' });
    assertProblem(await register(key, { id: 'self-2' }), 'already-registered');
    const again = await register(String(first.body['token']), { id: 'self-2' });
    assert.equal(again.status, 200, again.text);
    assert.notEqual(again.body['token'], first.body['token']);
    // The answer was lost: the same token must still do.
    const third = await register(String(first.body['token']), { id: 'self-2' });
    assert.equal(third.status, 200, third.text);
    assert.deepEqual([await isLetIn(first.body['token']), await isLetIn(third.body['token'])], [true, true]);
    assert.equal(await isLetIn(again.body['token']), false, 'the one in between is replaced');
    const [old] = (await api('/v1/devices/self-2', 'GET')).body['credentials'] as { notAfter?: string; revokedAt?: string }[];
    assert.ok(old?.revokedAt !== undefined || Date.parse(old?.notAfter ?? '') <= Date.now() + 600_000);
    assertProblem(await register(String(third.body['token']), { id: 'self-1' }), 'forbidden');
  });

  it('is reclaimed by a key alone where the group lets it, and then its old token is dead', async () => {
    const key = await provisioningKey('line-3', { reclaim: true });
    const first = await register(key, { id: 'self-3' });
    const again = await register(key, { id: 'self-3' });
    assert.equal(again.status, 200, again.text);
    assert.deepEqual([await isLetIn(first.body['token']), await isLetIn(again.body['token'])], [false, true]);
    const other = await provisioningKey('line-4', { reclaim: true });
    assertProblem(await register(other, { id: 'self-3' }), 'already-registered');
  });

  it('is refused with anything else', async () => {
    assertProblem(await register(tenant.key, { id: 'x' }), 'forbidden');
    assertProblem(await register(undefined, { id: 'x' }), 'unauthorized');
    assertProblem(await register(`tfp_demo.line-1.${'a'.repeat(43)}`, { id: 'x' }), 'unauthorized');
    const key = await provisioningKey('line-5');
    for (const json of [{}, { id: 'a.b' }, { id: 'x', cert: 'no pem' }, { id: 'x', csr: 'x' }, { id: 'x', more: 1 }, [], 'x']) {
      assertProblem(await register(key, json), 'malformed');
    }
    assertProblem(await send(edge, '/v1/devices', { token: key }), 'forbidden');
    assertProblem(await send(edge, '/telemetry', { token: key, json: { t: 1 } }), 'forbidden');
    assertProblem(await api('/v1/groups/line-5', 'DELETE'), 'group-in-use');
    // As two edges leave it that make a key and delete its group at once.
    const gone = { kind: 'group', tenant: 'demo', id: 'line-5', createdMs: 1, deletedMs: 2, at: 2, actor: 'tfa', did: 'deleted' } as const;
    await edge.registryLog.append(groupSubject('demo', 'line-5'), encodeEntry(gone), edge.registry.groupSeq('demo', 'line-5'));
    const orphan = await register(key, { id: 'x' });
    assertProblem(orphan, 'unknown-group');
    assert.match(String(orphan.body['detail']), /line-5/);
  });

  it('is asked for at the group’s hook, which refuses or adds tags', async () => {
    const secret = 'a secret of the hook';
    let answer: unknown = { allow: true, tags: { site: 'ulm' } };
    const bodies: string[] = [];
    const hook = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        bodies.push(body.toString());
        const signature = String(request.headers['twinfold-signature']);
        const idempotencyKey = String(request.headers['idempotency-key']);
        const isOurs = verifyWebhook({ signature, idempotencyKey, body }, secret, { now: Date.now });
        response.writeHead(isOurs ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
      const key = await provisioningKey('hooked', { hook: { url, secret } });
      assert.equal((await api('/v1/groups/hooked', 'GET')).text.includes(secret), false);
      assert.equal((await register(key, { id: 'hooked-1' })).status, 201);
      assert.deepEqual((await api('/v1/devices/hooked-1', 'GET')).body['tags'], { site: 'ulm' });
      assert.deepEqual(JSON.parse(bodies[0] ?? ''), { type: 'device.register', tenant: 'demo', group: 'hooked', id: 'hooked-1' });
      answer = { allow: false, reason: 'not on the list' };
      const refused = await register(key, { id: 'hooked-2' });
      assertProblem(refused, 'refused-by-hook');
      assert.match(String(refused.body['detail']), /not on the list/);
      answer = { hello: 1 };
      assertProblem(await register(key, { id: 'hooked-2' }), 'hook-unavailable');
      assertProblem(await api('/v1/devices/hooked-2', 'GET'), 'not-found');
    } finally {
      hook.closeAllConnections();
      await new Promise((resolve) => hook.close(resolve));
    }
  });
});

describe('the life of a device', () => {
  it('is registered, active, disabled and enabled; each time its sessions follow', async () => {
    const made = await api('/v1/devices', 'POST', { id: 'life-1', externalIds: ['00:11:22'] });
    const token = String(made.body['token']);
    assert.equal(made.body['state'], 'registered');
    assert.equal(await isLetIn(token), true);
    assert.equal((await api('/v1/devices/00:11:22:disable', 'POST')).body['state'], 'disabled');
    const refused = await send(edge, '/telemetry', { json: { t: 1 }, token });
    assertProblem(refused, 'unauthorized');
    assert.match(String(refused.body['detail']), /disabled/);
    assertProblem(await send(edge, '/telemetry', { json: { device: 'life-1', metrics: { t: 1 } }, token: tenant.key }), 'unknown-device');
    assert.equal((await api('/v1/devices/life-1:disable', 'POST')).status, 200, 'twice is once');
    assert.equal((await api('/v1/devices/life-1:enable', 'POST')).body['state'], 'active');
    assert.equal(await isLetIn(token), true);
  });

  it('ends with its decommissioning, and its id is used up unless said so', async () => {
    const made = await api('/v1/devices', 'POST', { id: 'life-2', externalIds: ['mac-2'] });
    assert.equal((await api('/v1/devices/life-2:decommission', 'POST')).body['state'], 'decommissioned');
    const refused = await send(edge, '/telemetry', { json: { t: 1 }, token: String(made.body['token']) });
    assertProblem(refused, 'unauthorized');
    assert.match(String(refused.body['detail']), /decommissioned/);
    assertProblem(await api('/v1/devices', 'POST', { id: 'life-2' }), 'decommissioned');
    assertProblem(await api('/v1/devices/life-2', 'PATCH', { tags: { a: 1 } }), 'decommissioned');
    assertProblem(await api('/v1/devices/life-2/credentials', 'POST', {}), 'decommissioned');
    assertProblem(await api('/v1/devices/life-2:enable', 'POST'), 'decommissioned');
    const again = await api('/v1/devices', 'POST', { id: 'life-2', reuse: true });
    assert.equal(again.status, 201, again.text);
    assert.equal(await isLetIn(made.body['token']), false);
    assert.equal(await isLetIn(again.body['token']), true);
    await api('/v1/devices/life-2:decommission', 'POST', { reuse: true });
    assert.equal((await api('/v1/devices', 'POST', { id: 'life-2', externalIds: ['mac-2'] })).status, 201);
  });

  it('changes by merge patches, fenced by its version', async () => {
    const made = await api('/v1/devices', 'POST', { id: 'patched', tags: { a: 1, b: 2 }, group: 'line-1' });
    const etag = made.headers.get('etag') ?? '';
    const patched = await api(
      '/v1/devices/patched',
      'PATCH',
      { tags: { a: null, c: 'x' }, group: null, externalIds: ['p1'] },
      { 'if-match': etag },
    );
    assert.equal(patched.status, 200, patched.text);
    assert.deepEqual(patched.body['tags'], { b: 2, c: 'x' });
    assert.equal(patched.body['group'], undefined);
    assert.equal((await api('/v1/devices/by-external-id/p1', 'GET')).body['id'], 'patched');
    const stale = await api('/v1/devices/patched', 'PATCH', { tags: { z: 1 } }, { 'if-match': etag });
    assertProblem(stale, 'version-mismatch');
    assert.equal(`"${String(stale.body['version'])}"`, patched.headers.get('etag'));
    const same = await api('/v1/devices/patched', 'PATCH', { tags: { b: 2 } });
    assert.equal(same.headers.get('etag'), patched.headers.get('etag'), 'nothing changed: no decision');
    assertProblem(await api('/v1/devices/patched', 'PATCH', { externalIds: ['urn:dev:1'] }), 'external-id-taken');
    assertProblem(await api('/v1/devices/patched', 'PATCH', { policy: { allow: ['nonsense::'] } }), 'malformed');
    assertProblem(await api('/v1/devices/patched', 'PATCH', { tags: { long: 'x'.repeat(5_000) } }), 'malformed');
    assertProblem(await api('/v1/devices/nobody', 'PATCH', {}), 'not-found');
    assertProblem(await api('/v1/devices/patched', 'PATCH', {}, { 'if-match': 'x' }), 'malformed');
  });
});

describe('credentials', () => {
  it('are rotated with an overlap, and the replaced one dies with it', async () => {
    const made = await api('/v1/devices', 'POST', { id: 'rotor' });
    const [first] = made.body['credentials'] as { id: string }[];
    const path = `/v1/devices/rotor/credentials/${first?.id ?? ''}:rotate`;
    const kept = await api(path, 'POST', { overlapS: 60 });
    assert.equal(kept.status, 200, kept.text);
    assert.deepEqual([await isLetIn(made.body['token']), await isLetIn(kept.body['token'])], [true, true]);
    const cut = await api(path, 'POST', { overlapS: 0 });
    assert.deepEqual(
      [await isLetIn(made.body['token']), await isLetIn(kept.body['token']), await isLetIn(cut.body['token'])],
      [false, false, true],
    );
    assertProblem(await api(path, 'POST', {}), 'not-found');
    const listed = await api('/v1/devices/rotor/credentials', 'GET');
    assert.equal((listed.body['items'] as unknown[]).length, 3);
    assert.equal(listed.text.includes('hash'), false);
  });

  it('that are in use are not rotated away for the sake of another', async () => {
    const noting = await startEdge({ notesUse: true });
    try {
      const { key } = await makeTenant(noting, 'noting', 0);
      const call = async (path: string, json: unknown): Promise<Answer> => send(noting, path, { token: key, json });
      const made = await call('/v1/devices', { id: 'r' });
      const [first] = made.body['credentials'] as { id: string }[];
      const path = `/v1/devices/r/credentials/${first?.id ?? ''}:rotate`;
      const lost = await call(path, {});
      // The answer was lost: nobody ever used what it held.
      const second = await call(path, {});
      assert.equal(second.status, 200, second.text);
      assertProblem(await send(noting, '/telemetry', { json: { t: 1 }, token: String(lost.body['token']) }), 'unauthorized');
      assert.equal((await send(noting, '/telemetry', { json: { t: 1 }, token: String(second.body['token']) })).status, 202);
      const third = await call(path, {});
      assertProblem(third, 'too-many-credentials');
      assert.ok(String(third.body['detail']).includes(String(second.body['id'])), third.text);
      assert.equal((await call(`/v1/devices/r/credentials/${String(second.body['id'])}:rotate`, {})).status, 200);
    } finally {
      await noting.stop();
    }
  });

  it('are of several types, two valid of each', async () => {
    await api('/v1/devices', 'POST', { id: 'typed' });
    const pin = (fingerprint: string): Promise<Answer> => api('/v1/devices/typed/credentials', 'POST', { type: 'x509', fingerprint });
    assert.equal((await pin('a'.repeat(64))).status, 201);
    assert.equal((await pin('b'.repeat(64))).body['token'], undefined);
    assertProblem(await pin('c'.repeat(64)), 'too-many-credentials');
    assert.equal((await api('/v1/devices/typed/credentials', 'POST', {})).status, 201);
    assertProblem(await api('/v1/devices/typed/credentials', 'POST', { type: 'x509' }), 'malformed');
    assertProblem(await api('/v1/devices/typed/credentials', 'POST', { fingerprint: 'a'.repeat(64) }), 'malformed');
  });

  it('of applications are listed, changed, rotated and revoked', async () => {
    const made = await api('/v1/keys', 'POST', { kind: 'api', scopes: ['twin:read'] });
    const id = String(made.body['id']);
    assert.equal((await api(`/v1/keys/${id}`, 'GET')).body['key'], undefined);
    const rotated = await api(`/v1/keys/${id}:rotate`, 'POST', { overlapS: 60 });
    const may = async (key: unknown): Promise<number> => (await send(edge, '/v1/devices/dev-1/twin', { token: String(key) })).status;
    assert.notEqual(await may(made.body['key']), 401);
    assert.notEqual(await may(rotated.body['key']), 401);
    await api(`/v1/keys/${id}:rotate`, 'POST', { overlapS: 0 });
    assert.equal(await may(rotated.body['key']), 401);
    assertProblem(await api('/v1/keys', 'POST', { kind: 'api', scopes: ['rule:admin'] }), 'forbidden');
    assertProblem(await api(`/v1/keys/${id}`, 'PATCH', { scopes: ['rule:admin'] }), 'forbidden');
    assert.equal((await api(`/v1/keys/${id}`, 'PATCH', { scopes: ['telemetry:read'] })).status, 200);
    assert.equal((await api(`/v1/keys/${id}`, 'DELETE')).status, 204);
    assertProblem(await api(`/v1/keys/${id}`, 'DELETE'), 'not-found');
    const items = (await api('/v1/keys', 'GET')).body['items'] as { id: string; revokedAt?: string }[];
    assert.notEqual(items.find((key) => key.id === id)?.revokedAt, undefined);
    for (const json of [{ kind: 'provisioning' }, { kind: 'api' }, { kind: 'other', scopes: ['twin:read'] }]) {
      assertProblem(await api('/v1/keys', 'POST', json), 'malformed');
    }
    assertProblem(await api('/v1/keys', 'POST', { kind: 'provisioning', group: 'none' }), 'unknown-group');
  });
});

describe('lists', () => {
  it('are filtered and come in pages with opaque cursors', async () => {
    await api('/v1/groups', 'POST', { id: 'lamps' });
    for (let i = 0; i < 7; i++) await api('/v1/devices', 'POST', { id: `l-${i}`, tags: { kind: 'lamp', n: i % 2 }, group: 'lamps' });
    await api('/v1/groups', 'POST', { id: 'odd-lamps', mode: 'continuous', query: { tags: { kind: 'lamp', n: 1 } } });
    const ids = async (query: string): Promise<readonly string[]> => {
      const all: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page = await api(`/v1/devices?limit=2&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`, 'GET');
        assert.equal(page.status, 200, page.text);
        all.push(...(page.body['items'] as { id: string }[]).map(({ id }) => id));
        cursor = page.body['nextCursor'] as string | undefined;
      }
      return all;
    };
    assert.deepEqual(await ids('tag=kind:lamp&tag=n:1'), ['l-1', 'l-3', 'l-5']);
    assert.deepEqual(await ids('tag=n:"1"'), []);
    assert.deepEqual(await ids('group=odd-lamps'), ['l-1', 'l-3', 'l-5']);
    assert.equal((await ids('group=lamps')).length, 7);
    assert.deepEqual(await ids('prefix=l-&state=registered&tag=n:0'), ['l-0', 'l-2', 'l-4', 'l-6']);
    assert.deepEqual((await api('/v1/devices/l-1', 'GET')).body['groups'], ['lamps', 'odd-lamps']);
    for (const bad of ['limit=0', 'limit=1001', 'state=odd', 'tag=x', 'cursor=!!', 'cursor=eA'])
      assertProblem(await api(`/v1/devices?${bad}`, 'GET'), 'malformed');
  });

  it('of groups and tenants are there too', async () => {
    assert.ok(((await api('/v1/groups', 'GET')).body['items'] as unknown[]).length > 2);
    assertProblem(await api('/v1/groups', 'POST', { id: 'lone', mode: 'continuous' }), 'malformed');
    assertProblem(await api('/v1/groups', 'POST', { id: 'odd-lamps' }), 'already-registered');
    assertProblem(
      await api('/v1/groups', 'POST', { id: 'h', provisioning: { hook: { url: 'http://10.0.0.1/', secret: 's'.repeat(16) } } }),
      'malformed',
    );
    const tenants = await send(edge, '/v1/tenants', { token: edge.admin });
    assert.deepEqual(
      (tenants.body['items'] as { id: string }[]).map(({ id }) => id),
      ['demo'],
    );
    assertProblem(await api('/v1/tenants', 'GET'), 'forbidden');
    const patched = await send(edge, '/v1/tenants/demo', {
      method: 'PATCH',
      token: edge.admin,
      json: { name: 'Demo', limits: { messages: '100/s' } },
    });
    assert.deepEqual([patched.body['name'], patched.body['limits']], ['Demo', { messages: '100/s' }]);
    assertProblem(
      await send(edge, '/v1/tenants/demo', { method: 'PATCH', token: edge.admin, json: { limits: { messages: 'lots' } } }),
      'malformed',
    );
  });
});

describe('the audit trail', () => {
  it('says who did what, newest first, and nothing secret', async () => {
    await api('/v1/devices', 'POST', { id: 'audited' });
    await api('/v1/devices/audited:disable', 'POST');
    await send(edge, '/v1/devices/audited:enable', { method: 'POST', token: edge.admin, headers: { 'twinfold-tenant': 'demo' } });
    const all = await api('/v1/audit?kind=device&id=audited', 'GET');
    assert.equal(all.status, 200, all.text);
    const items = all.body['items'] as { did: string; actor: string; at: string; kind: string; id: string }[];
    const actor = tenant.key.split('.').slice(0, 2).join('.');
    assert.deepEqual(
      items.map((one) => [one.did, one.actor]),
      [
        ['enabled', 'tfa'],
        ['disabled', actor],
        ['created', actor],
      ],
    );
    assert.equal(/hash|sealed|secret/.test(all.text), false);
    const page = await api('/v1/audit?limit=2', 'GET');
    const next = await api(`/v1/audit?limit=2&cursor=${String(page.body['nextCursor'])}`, 'GET');
    const seqs = [...(page.body['items'] as { seq: number }[]), ...(next.body['items'] as { seq: number }[])].map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      seqs.toSorted((a, b) => b - a),
    );
    assert.equal(new Set(seqs).size, 4);
    assert.ok(((await api(`/v1/audit?actor=tfa&did=enabled`, 'GET')).body['items'] as unknown[]).length === 1);
    for (const bad of ['kind=odd', 'id=a.b', 'did=odd', 'cursor=eA']) assertProblem(await api(`/v1/audit?${bad}`, 'GET'), 'malformed');
  });
});
