/** Pre-shared keys, from the call that makes one to the handshake that asks for it, on two edges over a real log. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { must } from '../../../engine/kernel/assert.ts';
import type { FoundPsk, PskLookup } from '../../../ingest/credentials/psk.ts';
import { SecretKey } from '../../../ingest/credentials/secret-key.ts';
import { type Answer, assertProblem, makeTenant, send, type Tenant } from './edge.ts';
import { type EdgePair, startPair } from './edge-pair.ts';

const MINUTE_MS = 60_000;

let pair: EdgePair;
let tenant: Tenant;

before(async () => {
  pair = await startPair();
  tenant = await makeTenant(pair.a, 'demo', 1);
});
after(async () => pair.stop());

const api = async (path: string, method: string, json?: unknown): Promise<Answer> =>
  send(pair.a, path, { method, token: tenant.key, ...(json === undefined ? {} : { json }) });
const add = async (device: string, json: object = {}): Promise<Answer> =>
  api(`/v1/devices/${device}/credentials`, 'POST', { type: 'psk', ...json });

async function made(device: string, json: object = {}): Promise<{ readonly id: string; readonly key: string }> {
  const answer = await add(device, json);
  assert.equal(answer.status, 201, answer.text);
  return { id: String(answer.body['id']), key: String(answer.body['key']) };
}

async function newDevice(id: string): Promise<void> {
  assert.equal((await api('/v1/devices', 'POST', { id })).status, 201);
}

/** As the other edge sees it. */
async function lookUp(identity: string): Promise<PskLookup> {
  await pair.level();
  return pair.b.psks.lookUp(identity);
}

const hexOf = ({ psk }: FoundPsk): string => Buffer.from(psk.bytes()).toString('hex');

async function keysOf(identity: string): Promise<readonly string[]> {
  const found = await lookUp(identity);
  assert.ok(found.ok, JSON.stringify(found));
  return found.keys.map(hexOf);
}

async function whyNot(identity: string): Promise<string> {
  const found = await lookUp(identity);
  return found.ok ? 'found' : found.why;
}

describe('a pre-shared key', () => {
  it('is made, shown once with its identity, and had back at every edge', async () => {
    await newDevice('minted');
    const answer = await add('minted');
    assert.equal(answer.status, 201, answer.text);
    assert.match(String(answer.body['key']), /^[0-9a-f]{64}$/);
    assert.deepEqual([answer.body['identity'], answer.body['type'], answer.body['device']], ['demo/minted', 'psk', 'minted']);
    assert.equal(answer.body['token'], undefined);
    const found = await lookUp('demo/minted');
    assert.ok(found.ok);
    assert.deepEqual([found.tenant, found.device, found.keys.length], ['demo', 'minted', 1]);
    assert.deepEqual(found.keys.map(hexOf), [answer.body['key']]);
    assert.equal(found.keys[0]?.name, `tfd_demo.minted.${String(answer.body['id'])}`);
    const told = await Promise.all(
      ['/v1/devices/minted/credentials', '/v1/devices/minted', '/v1/devices', '/v1/audit?kind=device&id=minted'].map(async (path) =>
        api(path, 'GET'),
      ),
    );
    for (const { status, text } of told) {
      assert.equal(status, 200, text);
      assert.ok(!text.includes(String(answer.body['key'])) && !text.includes('sealed'), text);
    }
    const [list, , , audit] = told;
    const items = must(list, 'the list').body['items'] as Readonly<Record<string, unknown>>[];
    const listed = items.find(({ type }) => type === 'psk');
    assert.deepEqual([listed?.['id'], listed?.['identity']], [answer.body['id'], 'demo/minted']);
    assert.match(audit?.text ?? '', /credential-added/);
  });

  it('may be the caller’s own, and is refused with the reason where it is no good', async () => {
    await newDevice('own');
    const own = randomBytes(16).toString('hex');
    assert.equal((await made('own', { key: own.toUpperCase() })).key, own);
    const longest = randomBytes(64).toString('hex');
    await made('own', { key: longest });
    assert.deepEqual(await keysOf('demo/own'), [longest, own]);
    const canary = 'cafe5eed';
    for (const key of ['', canary, `${canary.repeat(4)}0`, canary.repeat(17), `${canary.repeat(4)}xy`, ` ${canary.repeat(4)} `]) {
      const answer = await add('own', { key });
      assertProblem(answer, 'malformed');
      assert.deepEqual([answer.body['limit'], (answer.body['errors'] as { pointer: string }[])[0]?.pointer], ['psk-bytes', '/key']);
      assert.ok(!answer.text.includes(canary), answer.text);
    }
    for (const json of [
      { key: 7 },
      { type: 'token', key: own },
      { type: 'x509', key: own },
      { fingerprint: 'a'.repeat(64) },
      { key: own, odd: 1 },
      { type: 'secret' },
    ]) {
      const answer = await add('own', json);
      assertProblem(answer, 'malformed');
      assert.ok(!answer.text.includes(own), answer.text);
    }
    assertProblem(await add('nobody'), 'not-found');
    assertProblem(await add('own'), 'too-many-credentials');
    // Other types have a room of their own.
    assert.equal((await api('/v1/devices/own/credentials', 'POST', {})).status, 201);
  });

  it('is good in its time alone', async () => {
    await newDevice('timed');
    const now = Date.now();
    await made('timed', { notBefore: new Date(now + MINUTE_MS).toISOString() });
    assert.equal(await whyNot('demo/timed'), 'not-yet-valid');
    const good = await made('timed', { notAfter: new Date(now + MINUTE_MS).toISOString() });
    assert.deepEqual(await keysOf('demo/timed'), [good.key]);
    await newDevice('past');
    assertProblem(await add('past', { notAfter: new Date(now - 1).toISOString() }), 'malformed');
    const id = pair.a.commands.registryWriter.mintId();
    const { sealed } = pair.a.psks.make({ tenant: 'demo', device: 'past', credential: id }, undefined);
    assert.equal((await pair.a.commands.addCredential('demo', 'past', { id, type: 'psk', sealed, notAfterMs: now - 1 })).ok, true);
    assert.equal(await whyNot('demo/past'), 'expired');
  });

  it('is rotated with an overlap, or without, and revoked', async () => {
    await newDevice('turned');
    const first = await made('turned');
    const rotate = async (id: string, json: object): Promise<Answer> => api(`/v1/devices/turned/credentials/${id}:rotate`, 'POST', json);
    const second = await rotate(first.id, { overlapS: 60 });
    assert.equal(second.status, 200, second.text);
    assert.deepEqual([second.body['type'], second.body['identity']], ['psk', 'demo/turned']);
    assert.deepEqual(await keysOf('demo/turned'), [second.body['key'], first.key]);
    const own = randomBytes(32).toString('hex');
    const third = await rotate(String(second.body['id']), { overlapS: 0, key: own });
    assert.equal(third.body['key'], own);
    assert.deepEqual(await keysOf('demo/turned'), [own]);
    assertProblem(await rotate(String(second.body['id']), {}), 'not-found');
    assertProblem(await rotate(String(third.body['id']), { key: 'ab' }), 'malformed');
    assert.equal((await api(`/v1/devices/turned/credentials/${String(third.body['id'])}`, 'DELETE')).status, 204);
    assert.equal(await whyNot('demo/turned'), 'revoked');
    // Its token was no part of it.
    const { credentials } = must(pair.b.registry.device('demo', 'turned'), 'the device').entry;
    assert.ok(credentials.some(({ revokedMs, type }) => type !== 'psk' && revokedMs === undefined));
    assert.ok(
      credentials.every(({ revokedMs, sealed }) => revokedMs === undefined || sealed === undefined),
      'what is dead is not kept',
    );
    assert.match((await api('/v1/audit?kind=device&id=turned', 'GET')).text, /credential-rotated[^]*credential-added/);
  });

  it('dies with its device', async () => {
    for (const id of ['off', 'retired', 'deleted']) {
      await newDevice(id);
      await made(id);
    }
    const off = await api('/v1/devices/off:disable', 'POST');
    assert.equal(off.status, 200, off.text);
    assert.equal(await whyNot('demo/off'), 'disabled');
    await api('/v1/devices/off:enable', 'POST');
    assert.equal(await whyNot('demo/off'), 'found');
    await api('/v1/devices/retired:decommission', 'POST');
    assert.equal(await whyNot('demo/retired'), 'decommissioned');
    await api('/v1/devices/deleted', 'DELETE');
    assert.equal(await whyNot('demo/deleted'), 'unknown-credential');
    await newDevice('deleted');
    assert.equal(await whyNot('demo/deleted'), 'unknown-credential', 'the next device of that id has none of it');
    for (const id of ['retired', 'deleted'])
      assert.ok(pair.b.registry.device('demo', id)?.entry.credentials.every(({ sealed }) => sealed === undefined) ?? true, id);
  });

  it('is found by the device’s id alone, and not by what looks like one', async () => {
    await api('/v1/devices', 'POST', { id: 'named', externalIds: ['other-name'] });
    await made('named');
    assert.equal(await whyNot('demo/named'), 'found');
    assert.equal(await whyNot('demo/other-name'), 'unknown-credential');
    assert.equal(await whyNot('demo/dev-1'), 'unknown-credential');
    assert.equal(await whyNot('nobody/named'), 'unknown-credential');
    for (const identity of ['', 'demo', 'demo/named/x', 'demo/na med', `demo/${'x'.repeat(65)}`])
      assert.equal(await whyNot(identity), 'malformed', identity);
  });

  it('stays sealed at an edge with another secret key, and on old knowledge', async () => {
    await newDevice('sealed');
    await made('sealed');
    const stranger = await pair.more({ secretKey: new SecretKey(randomBytes(32), randomBytes), name: 'edge-c', epoch: 3 });
    assert.deepEqual(stranger.psks.lookUp('demo/sealed'), { ok: false, why: 'another-key' });
    stranger.registry.feedLost();
    stranger.aheadMs = MINUTE_MS;
    assert.deepEqual(stranger.psks.lookUp('demo/sealed'), { ok: false, why: 'registry-behind' });
  });

  it('is no business of who may not administer the registry', async () => {
    const device = tenant.devices[0]?.token;
    assertProblem(await send(pair.a, '/v1/devices/dev-1/credentials', { json: { type: 'psk' }, token: device }), 'forbidden');
    assertProblem(await send(pair.a, '/v1/devices/dev-1/credentials', { json: { type: 'psk' } }), 'unauthorized');
    assert.equal(await whyNot('demo/dev-1'), 'unknown-credential');
  });
});
