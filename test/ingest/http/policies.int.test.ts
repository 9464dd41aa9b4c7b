import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fastify } from 'fastify';
import { installRouteNeeds, ROUTE_NEEDS } from '../../../ingest/http/route-needs.ts';
import { encodeEntry } from '../../../ingest/registry/codec.ts';
import {
  type DeviceEntry,
  deviceSubject,
  type GroupEntry,
  groupSubject,
  type KeyEntry,
  keySubject,
} from '../../../ingest/registry/entries.ts';
import { assertProblem, type Answer, type Edge, makeTenant, send, startEdge, type Tenant } from './edge.ts';

let edge: Edge;
let tenant: Tenant;

before(async () => {
  edge = await startEdge();
  tenant = await makeTenant(edge, 'demo', 3);
  await makeTenant(edge, 'acme', 1);
});

after(async () => edge.stop());

async function append(subject: string, fact: DeviceEntry | GroupEntry | KeyEntry, seq: number): Promise<void> {
  await edge.registry.reached(await edge.registryLog.append(subject, encodeEntry(fact), seq));
}

async function setGroup(id: string, policy: NonNullable<GroupEntry['policy']>): Promise<void> {
  await append(groupSubject('demo', id), { kind: 'group', tenant: 'demo', id, createdMs: 1, policy }, edge.registry.groupSeq('demo', id));
}

async function changeDevice(id: string, change: Partial<DeviceEntry>): Promise<void> {
  const entry = edge.registry.device('demo', id)?.entry;
  assert.ok(entry !== undefined);
  await append(deviceSubject('demo', id), { ...entry, ...change }, edge.registry.deviceSeq('demo', id));
}

async function keyWith(scopes: readonly string[]): Promise<string> {
  const made = await edge.commands.createKey('demo', scopes);
  assert.ok(made.ok);
  return made.value.token;
}

const explain = async (json: object, token = tenant.key): Promise<Answer> => send(edge, '/v1/policies:explain', { json, token });

describe('what a device may send', () => {
  it('changes with the next entry of its group and its own', async () => {
    const [device] = tenant.devices;
    const report = async (): Promise<Answer> => send(edge, '/telemetry', { json: { t: 1 }, token: device?.token });
    assert.equal((await report()).status, 202);
    await changeDevice('dev-1', { group: 'g' });
    await setGroup('g', { allow: [], deny: ['telemetry:write'] });
    const refused = await report();
    assertProblem(refused, 'forbidden');
    assert.match(String(refused.body['detail']), /telemetry:write.*policies:explain/);
    await setGroup('g', { allow: [] });
    assert.equal((await report()).status, 202);
    await changeDevice('dev-1', { policy: { allow: ['telemetry:write'], deny: ['telemetry:write'] } });
    assertProblem(await report(), 'forbidden');
    await changeDevice('dev-1', { policy: { allow: ['telemetry:write'] } });
    assert.equal((await report()).status, 202);
  });
});

describe('an explanation', () => {
  it('names the grant and the document that allow', async () => {
    const answer = await explain({ device: 'dev-2', action: 'telemetry:write' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body['allowed'], true);
    assert.deepEqual(answer.body['by'], { source: 'default', grant: 'telemetry:write' });
    assert.equal(answer.body['denied'], undefined);
    const sources = (answer.body['documents'] as { source: string }[]).map(({ source }) => source);
    assert.deepEqual(sources, ['default']);
  });

  it('says for whom a gateway may speak', async () => {
    await changeDevice('dev-1', { policy: { allow: ['gateway:${device}-*'], deny: ['gateway:dev-1-x'] } });
    const asked = async (action: string): Promise<unknown> => (await explain({ device: 'dev-1', action })).body['allowed'];
    assert.deepEqual(
      await Promise.all(['gateway:dev-1-a', 'gateway:dev-1-a*', 'gateway:dev-1-x', 'gateway:dev-1-*', 'gateway:dev-2'].map(asked)),
      [true, true, false, false, false],
    );
    assertProblem(await explain({ device: 'dev-1', action: 'gateway:' }), 'malformed');
    await changeDevice('dev-1', { policy: { allow: ['telemetry:write'] } });
  });

  it('names the denial that wins, over topics with their variables', async () => {
    await changeDevice('dev-2', { group: 'plant', tags: { site: 'north' } });
    await setGroup('plant', { allow: ['topic:plant/${tags.site}/#:pubsub'], deny: ['topic:plant/+/secret:sub'] });
    const told = async (action: string, topic: string): Promise<Readonly<Record<string, unknown>>> => {
      const answer = await explain({ device: 'urn:dev:2', action, topic });
      assert.equal(answer.status, 200, answer.text);
      return answer.body;
    };
    const allowed = { source: 'group plant', grant: 'topic:plant/${tags.site}/#:pubsub' };
    assert.deepEqual((await told('publish', 'plant/north/secret'))['by'], allowed);
    assert.equal((await told('publish', 'plant/north/secret'))['allowed'], true);
    const denied = await told('subscribe', 'plant/north/+');
    assert.equal(denied['allowed'], false);
    assert.deepEqual(denied['by'], allowed);
    assert.deepEqual(denied['denied'], { source: 'group plant', grant: 'topic:plant/+/secret:sub' });
    assert.match(String(denied['detail']), /group plant denies/);
    assert.equal((await told('subscribe', '$share/g/plant/north/open'))['allowed'], true);
    assert.equal((await told('publish', 'plant/south/x'))['allowed'], false);
    assert.match(String((await told('publish', 'v1/telemetry'))['detail']), /telemetry:write/);
    assert.match(String((await told('subscribe', 'devices/+/twin'))['detail']), /reserved/);
  });

  it('is given of keys, and of credentials by their names', async () => {
    const token = await keyWith(['twin:read:reported.*']);
    const id = token.split('.')[1] ?? '';
    for (const who of [{ key: id }, { principal: `tfk_demo.${id}` }]) {
      const part = await explain({ ...who, action: 'twin:read:reported.a' });
      assert.deepEqual(part.body['by'], { source: `scopes of key ${id}`, grant: 'twin:read:reported.*' });
      assert.equal((await explain({ ...who, action: 'twin:read' })).body['allowed'], false);
    }
    assert.equal((await explain({ principal: 'tfd_demo.dev-3.any', action: 'command:respond' })).body['allowed'], true);
  });

  it('is for administrators of this tenant, about what there is', async () => {
    const asked = { device: 'dev-2', action: 'telemetry:write' };
    assertProblem(await explain(asked, await keyWith(['twin:read'])), 'forbidden');
    assertProblem(await explain(asked, tenant.devices[0]?.token), 'forbidden');
    assertProblem(await send(edge, '/v1/policies:explain', { json: asked }), 'unauthorized');
    assertProblem(await explain({ device: 'ghost', action: 'telemetry:write' }), 'not-found');
    assertProblem(await explain({ key: 'ghost', action: 'telemetry:write' }), 'not-found');
    assertProblem(await explain({ principal: 'tfd_acme.dev-1.c', action: 'telemetry:write' }), 'not-found');
    for (const bad of [
      { action: 'telemetry:write' },
      { device: 'dev-2', key: 'k', action: 'telemetry:write' },
      { principal: 'somebody', action: 'telemetry:write' },
      { device: 'dev-2', action: 'telemetry:everything' },
      { device: 'dev-2', action: 'topic:a:pub' },
      { device: 'dev-2', action: 'publish' },
      { device: 'dev-2', action: 'telemetry:write', topic: 'a' },
      { device: 'dev-2' },
    ])
      assertProblem(await explain(bad), 'malformed');
  });
});

describe('a key', () => {
  const forbidden = async (
    path: string,
    sent: { readonly method: string; readonly json: object; readonly token: string },
  ): Promise<void> => {
    const answer = await send(edge, path, sent);
    assertProblem(answer, 'forbidden');
    assert.match(String(answer.body['detail']), /gives only what it has itself/);
  };

  it('makes no key that may more than itself', async () => {
    const token = await keyWith(['registry:admin', 'twin:read:reported', 'topic:a/#:pubsub']);
    const make = async (body: object): Promise<Answer> => send(edge, '/v1/keys', { token, json: { kind: 'api', ...body } });
    assert.equal((await make({ scopes: ['twin:read:reported.a.*', 'topic:a/b:sub'] })).status, 201);
    for (const scope of ['twin:read', 'twin:read:latest', 'telemetry:write', 'topic:#:sub', 'topic:+/b:pub'])
      await forbidden('/v1/keys', { method: 'POST', token, json: { kind: 'api', scopes: ['registry:admin', scope] } });
    await forbidden('/v1/keys', {
      method: 'POST',
      token,
      json: { kind: 'api', scopes: ['registry:admin'], policy: { allow: ['command:send'] } },
    });
    for (const [scopes, pointer] of [
      [['twin:read:reported', 'all'], '/scopes/1'],
      [['topic:a#:pub'], '/scopes/0'],
      [['topic:v1/telemetry:pub'], '/scopes/0'],
    ] as const) {
      const refused = await make({ scopes });
      assertProblem(refused, 'malformed');
      assert.equal((refused.body['errors'] as { pointer: string }[])[0]?.pointer, pointer);
    }
  });

  it('changes no key, its own neither, so that it may more than itself', async () => {
    const made = await send(edge, '/v1/keys', {
      token: edge.admin,
      headers: { 'twinfold-tenant': 'demo' },
      json: { kind: 'api', scopes: ['registry:admin', 'twin:read'], policy: { allow: [], deny: ['twin:read:tags'] } },
    });
    assert.equal(made.status, 201, made.text);
    const [token, path] = [String(made.body['key']), `/v1/keys/${String(made.body['id'])}`];
    for (const json of [
      { policy: null },
      { policy: { allow: [] } },
      { scopes: ['registry:admin', 'telemetry:write'] },
      { policy: { allow: ['twin:write'], deny: ['twin:read:tags'] } },
    ])
      await forbidden(path, { method: 'PATCH', token, json });
    const more = await send(edge, path, {
      method: 'PATCH',
      token,
      json: { policy: { allow: [], deny: ['twin:read:tags', 'twin:read:latest'] } },
    });
    assert.equal(more.status, 200, more.text);
    const strong = (await keyWith(['command:send'])).split('.')[1] ?? '';
    await forbidden(`/v1/keys/${strong}:rotate`, { method: 'POST', token, json: {} });
    assert.equal((await send(edge, `/v1/keys/${strong}`, { method: 'DELETE', token })).status, 204);
  });

  it('gives devices and groups no more than it has, and what they have anyway', async () => {
    const token = await keyWith(['registry:admin', 'topic:a/#:pubsub']);
    const fine = { allow: ['telemetry:write', 'topic:a/${device}:pubsub'], deny: ['topic:a/b:sub', 'command:respond'] };
    const excess = { allow: ['topic:b/${device}:pub'] };
    const device = await send(edge, '/v1/devices', { token, json: { id: 'given', policy: fine } });
    assert.equal(device.status, 201, device.text);
    assert.deepEqual(device.body['policy'], fine);
    await forbidden('/v1/devices', { method: 'POST', token, json: { id: 'more', policy: excess } });
    await forbidden('/v1/devices/given', { method: 'PATCH', token, json: { policy: excess } });
    assert.equal((await send(edge, '/v1/groups', { token, json: { id: 'given', policy: fine } })).status, 201);
    await forbidden('/v1/groups', { method: 'POST', token, json: { id: 'more', policy: excess } });
    await forbidden('/v1/groups/given', { method: 'PATCH', token, json: { policy: excess } });
    await setGroup('kept-down', { allow: [], deny: ['topic:c/#:pubsub', 'telemetry:write'] });
    await forbidden('/v1/groups/kept-down', { method: 'PATCH', token, json: { policy: null } });
    const less = await send(edge, '/v1/groups/kept-down', {
      method: 'PATCH',
      token,
      json: { policy: { allow: [], deny: ['topic:c/#:pubsub'] } },
    });
    assert.equal(less.status, 200, less.text);
    const bad = await send(edge, '/v1/groups', { token, json: { id: 'bad', policy: { allow: ['telemetry:write', 'topic:a/#/b:pub'] } } });
    assertProblem(bad, 'malformed');
    assert.equal((bad.body['errors'] as { pointer: string }[])[0]?.pointer, '/policy/allow/1');
  });
});

describe('a twin', () => {
  it('is shown as far as it was granted', async () => {
    edge.ask.twins.set(
      'demo/dev-2',
      '{"device":"dev-2","latest":{"a":{"value":9007199254740993},"a.b":{"value":1},"c":{"value":2}},"tags":{"x":{"value":1}}}',
    );
    const shown = async (scopes: readonly string[]): Promise<Answer> =>
      send(edge, '/v1/devices/dev-2/twin', { token: await keyWith(scopes) });
    assert.match((await shown(['twin:read'])).text, /9007199254740993.*"c"/);
    assert.equal(
      (await shown(['twin:read:latest.a'])).text,
      '{"device":"dev-2","latest":{"a":{"value":9007199254740993},"a.b":{"value":1}}}',
    );
    assert.deepEqual((await shown(['twin:read:tags', 'twin:read:reported.*'])).body, { device: 'dev-2', tags: { x: { value: 1 } } });
    assert.deepEqual((await shown(['twin:read:reported'])).body, { device: 'dev-2' });
    assertProblem(await shown(['twin:write']), 'forbidden');
    const token = await keyWith(['twin:read']);
    const id = token.split('.')[1] ?? '';
    const record = edge.registry.key('demo', id);
    assert.ok(record !== undefined);
    await append(
      keySubject('demo', id),
      { ...record.entry, policy: { allow: [], deny: ['twin:read:latest.c', 'twin:read:tags'] } },
      record.seq,
    );
    assert.deepEqual((await send(edge, '/v1/devices/dev-2/twin', { token })).body['latest'], {
      a: { value: 9007199254740992 },
      'a.b': { value: 1 },
    });
  });
});

describe('a route', () => {
  it('stands in the table', () => {
    assert.ok(edge.http.routes.length > 10);
    for (const route of edge.http.routes) assert.ok(ROUTE_NEEDS.has(route), route);
  });

  it('lets nobody through without what the table says, before its body is looked at', async () => {
    const poor = await keyWith(['topic:x:pub']);
    for (const route of edge.http.routes) {
      const need = ROUTE_NEEDS.get(route);
      if (need === undefined || need === 'nothing' || need === 'handler') continue;
      const [method = '', path = ''] = route.split(' ');
      const call = async (token?: string): Promise<Answer> => {
        const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{"no', headers: { 'content-type': 'application/json' } };
        return send(edge, path.replaceAll(/:(?:id|ca|code|credential|position)/g, 'x'), { method, token, ...body });
      };
      assertProblem(await call(poor), 'forbidden');
      assertProblem(await call(), 'unauthorized');
      if (typeof need === 'string' || !('device' in need)) assertProblem(await call(tenant.devices[2]?.token), 'forbidden');
    }
  });

  it('of another tenant is not for this one’s keys', async () => {
    assertProblem(await send(edge, '/v1/devices', { token: tenant.key, headers: { 'twinfold-tenant': 'acme' } }), 'forbidden');
  });

  it('that the table does not name is for nobody', async () => {
    const app = fastify();
    installRouteNeeds(app, {
      authenticate: () => ({ ok: true, principal: { kind: 'admin', tenant: undefined, credential: 'tfa' } }),
      authenticateCertificate: () => ({ ok: false, why: 'unknown-credential' }),
      onRevoked: () => () => undefined,
    });
    app.get('/v1/unheard-of', () => 'secret');
    const answer = await app.inject({ method: 'GET', url: '/v1/unheard-of', headers: { authorization: 'Bearer tfa_x' } });
    await app.close();
    assert.equal(answer.statusCode, 403);
    assert.doesNotMatch(answer.body, /secret/);
  });
});
