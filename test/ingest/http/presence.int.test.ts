/** Which of a device's clients are connected: the section of its twin, for those who may see it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertProblem, type Edge, makeTenant, PARTITIONS, send, startEdge, type Tenant } from './edge.ts';

const PATH = '/v1/devices/dev-1/presence';
const CLIENT = {
  clientId: 'dev-1',
  connected: true,
  since: '2026-11-23T06:00:00.000Z',
  cause: '0.3.1',
  connection: 196_609,
  edge: 'node-1-edge',
  via: 'mqtt',
  keepAliveS: 60,
  sessionExpiryS: 3_600,
};
const PRESENCE = { connected: true, since: CLIENT.since, cause: CLIENT.cause, connection: CLIENT.connection, clients: [CLIENT] };

let edge: Edge;
let tenant: Tenant;

before(async () => {
  edge = await startEdge();
  tenant = await makeTenant(edge, 'demo', 2);
});

after(() => edge.stop());

function twinHas(presence: unknown): void {
  edge.ask.twins.set('demo/dev-1', JSON.stringify({ device: 'dev-1', latest: {}, presence }));
}

test('presence is the twin’s section, reflecting what this process acknowledged', async () => {
  twinHas(PRESENCE);
  const stored = await send(edge, '/telemetry', { json: { t: 1 }, token: tenant.devices[0]?.token });
  const [partition, seq] = String(stored.body['position']).split('.').map(Number);
  const told = await send(edge, PATH, { token: tenant.key });
  assert.equal(told.status, 200, told.text);
  assert.deepEqual(told.body, PRESENCE);
  assert.deepEqual(edge.ask.asked.at(-1), { partition, minSeq: seq });
  const elsewhere = ((partition ?? 0) + 1) % PARTITIONS;
  const headers = { 'twinfold-position': `${partition}.7.0, ${elsewhere}.99.0` };
  await send(edge, '/v1/devices/urn:dev:1/presence', { token: tenant.key, headers });
  assert.deepEqual(edge.ask.asked.at(-1), { partition, minSeq: 7 });
  assertProblem(await send(edge, PATH, { token: tenant.key, headers: { 'twinfold-position': 'x' } }), 'malformed');
});

test('where no client was ever connected, or nothing was heard of the device, nobody is there', async () => {
  const never = { connected: false, clients: [] };
  twinHas(undefined);
  assert.deepEqual((await send(edge, PATH, { token: tenant.key })).body, never);
  assert.deepEqual((await send(edge, '/v1/devices/dev-2/presence', { token: tenant.key })).body, never);
});

test('of a device that is unknown there is no presence', async () => {
  assertProblem(await send(edge, '/v1/devices/ghost/presence', { token: tenant.key }), 'not-found');
});

test('presence cannot be read while nobody owns it', async () => {
  for (const silent of ['no-owner', 'behind'] as const) {
    edge.ask.silent = silent;
    const answer = await send(edge, PATH, { token: tenant.key });
    edge.ask.silent = undefined;
    assertProblem(answer, silent);
    assert.equal(answer.headers.get('retry-after'), '1');
  }
});

test('presence is told to those who were granted it, and as much of it', async () => {
  twinHas(PRESENCE);
  const keyWith = async (allow: string): Promise<string> => {
    const json = { kind: 'api', scopes: ['telemetry:read'], policy: { allow: [allow] } };
    const made = await send(edge, '/v1/keys', { json, token: edge.admin, headers: { 'twinfold-tenant': 'demo' } });
    assert.equal(made.status, 201, made.text);
    return String(made.body['key']);
  };
  for (const [allow, told] of [
    ['twin:read', PRESENCE],
    ['twin:read:presence', PRESENCE],
    ['twin:read:presence.connected', { connected: true }],
  ] as const)
    assert.deepEqual((await send(edge, PATH, { token: await keyWith(allow) })).body, told, allow);
  assertProblem(await send(edge, PATH, { token: await keyWith('twin:read:latest') }), 'forbidden');
  assertProblem(await send(edge, PATH, { token: tenant.devices[0]?.token }), 'forbidden');
  assertProblem(await send(edge, PATH, {}), 'unauthorized');
  const told = await send(edge, PATH, { token: edge.admin, headers: { 'twinfold-tenant': 'demo' } });
  assert.deepEqual(told.body, PRESENCE);
});
