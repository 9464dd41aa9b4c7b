/** What is wrong in a request is told by its place, its name, and what is allowed there; what is misspelt is never passed over. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ProblemCode } from '../../../schemas/http/problems.ts';
import { type Answer, assertProblem, type Edge, makeTenant, send, startEdge, type Tenant } from './edge.ts';

let edge: Edge;
let tenant: Tenant;

before(async () => {
  edge = await startEdge();
  tenant = await makeTenant(edge, 'demo', 2);
});

after(() => edge.stop());

async function api(path: string, method: string, json?: unknown): Promise<Answer> {
  return send(edge, path, { method, token: tenant.key, ...(json === undefined ? {} : { json }) });
}

/** The code, and the first place with what is said of it. */
function assertPlace(answer: Answer, code: ProblemCode, place: readonly [pointer: string, detail: RegExp]): void {
  assertProblem(answer, code);
  const [first] = answer.body['errors'] as { pointer: string; detail: string }[];
  assert.equal(first?.pointer, place[0], answer.text);
  assert.match(first.detail, place[1]);
  assert.equal(answer.body['detail'], first.detail);
}

async function made(path: string, json: unknown): Promise<Answer> {
  const answer = await api(path, 'POST', json);
  assert.equal(answer.status, 201, answer.text);
  return answer;
}

async function imported(lines: readonly object[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const answer = await send(edge, '/v1/devices:import', {
    token: tenant.key,
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  });
  return answer.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

describe('a field', () => {
  it('is named with what it may be, whatever is wrong with it', async () => {
    for (const [path, json, pointer, detail] of [
      ['/v1/devices', { id: 'd2', foo: 1 }, '/foo', /^there is no field "foo"; there are id, group, model, reuse, externalIds, tags/],
      ['/v1/devices', { id: 'd2', 'a/b~c': 1 }, '/a~1b~0c', /"a\/b~c"/],
      ['/v1/devices', {}, '/id', /^id is missing: it has 1 to 64 of A-Z a-z 0-9 _ -$/],
      ['/v1/devices', { id: 'a.b' }, '/id', /^id has 1 to 64 of A-Z a-z 0-9 _ -$/],
      ['/v1/devices', { id: 7 }, '/id', /^id is a text$/],
      ['/v1/devices', [], '', /^the body is an object$/],
      ['/v1/devices', { id: 'x', externalIds: ['a', 'b', 'a'] }, '/externalIds', /^externalIds names nothing twice: members 0 and 2/],
      ['/v1/devices', { id: 'x', externalIds: ['a', 'b', 'c', 'd', 'e'] }, '/externalIds', /^externalIds has at most 4 members$/],
      ['/v1/devices', { id: 'x', externalIds: [''] }, '/externalIds/0', /^externalIds\.0 has at least 1 characters$/],
      ['/v1/devices', { id: 'x', model: 'm'.repeat(257) }, '/model', /^model has at most 256 characters$/],
      ['/v1/keys', { kind: 'zzz' }, '/kind', /^kind is one of api, provisioning$/],
      ['/v1/keys', {}, '/kind', /^kind is missing: it is one of api, provisioning$/],
      ['/v1/keys', { kind: 'api', notAfter: 'soon' }, '/notAfter', /^notAfter is a time of RFC 3339/],
      ['/v1/groups', { id: 'g', provisioning: { tokenDays: 0 } }, '/provisioning/tokenDays', /^provisioning\.tokenDays is at least 1$/],
      ['/v1/groups', { id: 'g', provisioning: { hook: { url: 'https://x' } } }, '/provisioning/hook/secret', /is missing: it is a text/],
      ['/v1/groups', { id: 'g', query: 5 }, '/query', /^query is an object or null$/],
      ['/v1/devices/dev-1/credentials', { spki: 'x' }, '/spki', /^spki is the SHA-256 of the public key/],
      ['/v1/devices/dev-1:decommission', { why: 1 }, '/why', /^there is no field "why"; there are reuse$/],
    ] as const)
      assertPlace(await api(path, 'POST', json), 'malformed', [pointer, detail]);
    await made('/v1/groups', { id: 'line' });
    const key = await made('/v1/keys', { kind: 'provisioning', group: 'line' });
    assertPlace(await send(edge, '/register', { token: String(key.body['key']), json: {} }), 'malformed', ['/id', /^id is missing/]);
  });

  it('of an imported line is too', async () => {
    const [unknown, group] = await imported([
      { id: 'i-1', foo: 1 },
      { id: 'i-2', group: 'none' },
    ]);
    assert.deepEqual([unknown?.['code'], unknown?.['pointer']], ['malformed', '/foo']);
    assert.match(String(unknown?.['detail']), /^there is no field "foo"; there are id, externalIds, group/);
    assert.deepEqual([group?.['code'], group?.['pointer']], ['unknown-group', '/group']);
    assertProblem(await api('/v1/devices/i-2', 'GET'), 'not-found');
  });
});

it('a method that a resource has not is told with those it has', async () => {
  for (const [method, path, allow] of [
    ['DELETE', '/v1/devices', 'GET, POST'],
    ['PUT', '/v1/devices/dev-1', 'GET, PATCH, DELETE'],
    ['POST', '/v1/groups/x', 'GET, PATCH, DELETE'],
    ['GET', '/v1/devices/dev-1/credentials/abc', 'DELETE'],
    ['GET', '/register', 'POST'],
  ] as const) {
    const answer = await api(path, method);
    assertProblem(answer, 'method-not-allowed');
    assert.equal(answer.headers.get('allow'), allow, path);
  }
  assertProblem(await api('/v1/nothing', 'PUT'), 'not-found');
});

describe('a query', () => {
  it('that names no parameter of the list is refused', async () => {
    for (const [path, known] of [
      ['/v1/devices', 'tag, group, state, prefix, limit, cursor'],
      ['/v1/keys', 'limit, cursor'],
      ['/v1/groups', 'limit, cursor'],
      ['/v1/audit', 'kind, id, actor, did, limit, cursor'],
    ] as const) {
      const answer = await api(`${path}?limit=5&bogus=xx`, 'GET');
      assertProblem(answer, 'malformed');
      assert.equal(answer.body['detail'], `there is no query parameter "bogus"; there are ${known}`);
      assert.equal((await api(`${path}?limit=5`, 'GET')).status, 200);
    }
    for (const path of ['/v1/devices/dev-1/credentials', '/v1/tenants/demo/cas'])
      assertProblem(await api(`${path}?bogus=1`, 'GET'), 'malformed');
    assertProblem(await send(edge, '/v1/tenants?bogus=1', { token: edge.admin }), 'malformed');
    assertProblem(await send(edge, '/v1/devices?bogus=1', {}), 'unauthorized');
  });

  it('of a tenant that there is not is answered as a write is', async () => {
    const ghost = { token: edge.admin, headers: { 'twinfold-tenant': 'ghost' } };
    for (const path of [
      '/v1/devices',
      '/v1/devices/dev-1',
      '/v1/devices/dev-1/twin',
      '/v1/keys',
      '/v1/groups',
      '/v1/audit',
      '/v1/events/0.1.0',
    ])
      assertProblem(await send(edge, path, ghost), 'unknown-tenant');
    assertProblem(await send(edge, '/v1/devices', { ...ghost, json: { id: 'x' } }), 'unknown-tenant');
    // What belongs to no tenant doesn't look at the header.
    assert.equal((await send(edge, '/v1/tenants', ghost)).status, 200);
    assert.equal((await send(edge, '/v1/devices', { token: edge.admin, headers: { 'twinfold-tenant': 'demo' } })).status, 200);
  });
});

describe('a group', () => {
  it('that is not there is no device’s', async () => {
    assertPlace(await api('/v1/devices', 'POST', { id: 'grouped', group: 'none' }), 'unknown-group', ['/group', /POST \/v1\/groups/]);
    assertProblem(await api('/v1/devices/grouped', 'GET'), 'not-found');
    assertPlace(await api('/v1/devices/dev-1', 'PATCH', { group: 'none' }), 'unknown-group', ['/group', /POST \/v1\/groups/]);
    assert.equal((await api('/v1/devices/dev-1', 'PATCH', { group: null })).status, 200);
  });

  it('stays while devices name it or keys provision into it', async () => {
    await made('/v1/groups', { id: 'used' });
    for (const id of ['u-1', 'u-2', 'u-3']) await made('/v1/devices', { id, group: 'used' });
    const key = await made('/v1/keys', { kind: 'provisioning', group: 'used' });
    const both = await api('/v1/groups/used', 'DELETE');
    assertProblem(both, 'group-in-use');
    assert.match(
      String(both.body['detail']),
      /^3 devices and 1 provisioning key name the group: first PATCH the devices .*DELETE its keys/,
    );
    assert.equal((await api(`/v1/keys/${String(key.body['id'])}`, 'DELETE')).status, 204);
    await api('/v1/devices/u-1', 'PATCH', { group: null });
    await api('/v1/devices/u-2', 'DELETE');
    assert.match(String((await api('/v1/groups/used', 'DELETE')).body['detail']), /^1 device name/);
    await api('/v1/devices/u-3:decommission', 'POST');
    assert.equal((await api('/v1/groups/used', 'DELETE')).status, 204);
    assertProblem(await api('/v1/groups/used', 'DELETE'), 'not-found');
  });
});

describe('a credential', () => {
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const path = '/v1/devices/dev-1/credentials';

  it('has times that are some good', async () => {
    assertPlace(await api(path, 'POST', { notAfter: at(-1_000) }), 'malformed', ['/notAfter', /^notAfter is past: it is .* now/]);
    const reversed = { notBefore: at(90_000), notAfter: at(60_000) };
    assertPlace(await api(path, 'POST', reversed), 'malformed', ['/notAfter', /^notAfter is not later than notBefore$/]);
    const same = at(60_000);
    assertProblem(await api(path, 'POST', { notBefore: same, notAfter: same }), 'malformed');
    const key = { kind: 'api', scopes: ['twin:read'], notAfter: at(-1_000) };
    assertPlace(await api('/v1/keys', 'POST', key), 'malformed', ['/notAfter', /is past/]);
  });

  it('has a fingerprint however OpenSSL prints it, and keeps it in one form', async () => {
    const bare = 'ab01'.repeat(16);
    const colons = (bare.toUpperCase().match(/../g) ?? []).join(':');
    await made('/v1/devices', { id: 'pins-1' });
    const first = await made('/v1/devices/pins-1/credentials', { type: 'x509', fingerprint: `sha256 Fingerprint=${colons}` });
    assert.equal(first.body['fingerprint'], bare);
    await made('/v1/devices', { id: 'pins-2' });
    const other = 'cd'.repeat(32);
    const second = await made('/v1/devices/pins-2/credentials', { type: 'x509', fingerprint: other.toUpperCase() });
    assert.equal(second.body['fingerprint'], other);
    for (const bad of ['', 'ab', 'g'.repeat(64), `${colons}:00`, colons.slice(0, 59), `SHA1 Fingerprint=${colons}`])
      assertPlace(await api('/v1/devices/pins-2/credentials', 'POST', { type: 'x509', fingerprint: bad }), 'malformed', [
        '/fingerprint',
        /64 hex digits, bare or as openssl x509 -noout -fingerprint -sha256 prints it/,
      ]);
  });
});

it('a name that is taken is told by its place', async () => {
  const taken = { id: 'names', externalIds: ['free-1', 'free-2', 'urn:dev:2'] };
  assertPlace(await api('/v1/devices', 'POST', taken), 'external-id-taken', ['/externalIds/2', /"urn:dev:2" belongs to another/]);
  assertPlace(await api('/v1/devices/dev-1', 'PATCH', { externalIds: ['urn:dev:1', 'urn:dev:2'] }), 'external-id-taken', [
    '/externalIds/1',
    /"urn:dev:2"/,
  ]);
  const [line] = await imported([taken]);
  assert.deepEqual([line?.['code'], line?.['pointer']], ['external-id-taken', '/externalIds/2']);
  assertPlace(await api('/v1/devices', 'POST', { id: 'dev-1' }), 'already-registered', ['/id', /taken/]);
});

it('a change that names another version than the current one is refused, and told it', async () => {
  await made('/v1/groups', { id: 'versions' });
  const key = await made('/v1/keys', { kind: 'api', scopes: ['twin:read'] });
  for (const [path, first, second] of [
    ['/v1/devices/dev-2', { model: 'a' }, { model: 'b' }],
    ['/v1/groups/versions', { description: 'a' }, { description: 'b' }],
    [`/v1/keys/${String(key.body['id'])}`, { policy: { allow: ['twin:read'] } }, { policy: null }],
    ['/v1/tenants/demo', { name: 'a' }, { name: 'b' }],
  ] as const) {
    const patch = async (json: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
      send(edge, path, { method: 'PATCH', token: edge.admin, json, headers: { 'twinfold-tenant': 'demo', ...headers } });
    const earlier = Number((await api(path, 'GET')).body['version']);
    const done = await patch({ ...first, version: earlier });
    assert.equal(done.status, 200, done.text);
    const version = Number(done.body['version']);
    assert.ok(version > earlier);
    assert.equal(done.headers.get('etag'), `"${version}"`);
    const stale = await patch({ ...second, version: earlier });
    assertPlace(stale, 'conflict', ['/version', new RegExp(`current one, which is ${version}$`)]);
    assert.equal(stale.body['version'], version);
    const missed = await patch(second, { 'if-match': `"${earlier}"` });
    assertProblem(missed, 'version-mismatch');
    assert.deepEqual([missed.body['version'], missed.headers.get('etag')], [version, `"${version}"`]);
    assertProblem(await patch({ ...second, version: earlier }, { 'if-match': `"${version}"` }), 'conflict');
    assert.equal((await api(path, 'GET')).body['version'], version, 'nothing was changed');
    assert.equal((await patch({ ...second, version }, { 'if-match': `"${version}"` })).status, 200);
    assertPlace(await patch({ version: 'x' }), 'malformed', ['/version', /^version is a whole number$/]);
  }
});

it('policies are explained for topics that can be', async () => {
  const ask = async (action: string, topic: string): Promise<Answer> =>
    api('/v1/policies:explain', 'POST', { device: 'dev-1', action, topic });
  for (const topic of ['a/#/b', 'a/+', '#']) assertPlace(await ask('publish', topic), 'malformed', ['/topic', /no \+ and no #/]);
  assertPlace(await ask('subscribe', 'a/#/b'), 'malformed', ['/topic', /# stands alone/]);
  assert.equal((await ask('subscribe', 'a/+')).status, 200);
  assert.equal((await ask('publish', 'a/b')).status, 200);
});
