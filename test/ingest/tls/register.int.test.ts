/** Whose a tenant's CAs are, and devices that register by certificates, signing requests and keys, over real TLS ports. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { pemOf } from '../../../ingest/tls/issue.ts';
import { type LogMark, makeTenant, send, type Tenant } from '../http/edge.ts';
import { DAY_MS, type Holder, makeCa, makeCrl, makeDevice, makeProof, NOW, urn } from './pki.ts';
import { ask, clientOptions, closed, mqttClientOf, secureSocket, type SecureEdge, startSecureEdge } from './secure-edge.ts';

const TIMEOUT = { timeout: 20_000 };

const acmeCa = makeCa('acme root');
const evilCa = makeCa('evil root');

let secure: SecureEdge;
let acme: Tenant;

before(async () => {
  secure = await startSecureEdge();
  acme = await makeTenant(secure.edge, 'acme', 3);
  await makeTenant(secure.edge, 'evil', 3);
  await secure.edge.addCa('acme', acmeCa.pem);
  await secure.edge.addCa('evil', evilCa.pem);
});
after(async () => secure.stop());

function senders(mark: LogMark): readonly string[] {
  return secure.edge.events(mark).map(({ device, tenant }) => `${tenant}/${device}`);
}

function pointerOf({ errors }: Readonly<Record<string, unknown>>): string | undefined {
  return (errors as readonly { readonly pointer: string }[] | undefined)?.[0]?.pointer;
}

describe('the CAs of a tenant', () => {
  it('are named, listed and removed by its own keys alone', TIMEOUT, async () => {
    const { edge } = secure;
    const ca = makeCa('another');
    const json = { pem: ca.pem, proof: makeProof(ca, 'acme') };
    const made = await send(edge, '/v1/tenants/acme/cas', { token: acme.key, json });
    assert.equal(made.status, 201, made.text);
    const id = String(made.body['id']);
    const listed = await send(edge, '/v1/tenants/acme/cas', { token: acme.key });
    assert.ok(JSON.stringify(listed.body).includes(id));
    assert.equal((await send(edge, '/v1/tenants/evil/cas', { token: acme.key })).status, 403);
    assert.equal((await send(edge, '/v1/tenants/evil/cas', { token: acme.key, json })).status, 403);
    assert.equal((await send(edge, '/v1/tenants/acme/cas', { token: acme.key, json })).status, 409);
    assert.equal((await send(edge, `/v1/tenants/acme/cas/${id}`, { method: 'DELETE', token: acme.key })).status, 204);
    assert.equal((await send(edge, `/v1/tenants/acme/cas/${id}`, { token: acme.key })).status, 404);
  });

  it('are named by its own keys with a proof, and by the administrator without', TIMEOUT, async () => {
    const { edge } = secure;
    const ca = makeCa('public');
    const post = async (token: string, json: object): Promise<readonly unknown[]> => {
      const { body, status } = await send(edge, '/v1/tenants/acme/cas', { token, json });
      return status === 201 ? [201] : [status, body['code'], pointerOf(body), /openssl line/.test(String(body['detail']))];
    };
    const refused = [400, 'malformed', '/proof', true];
    assert.deepEqual(await post(acme.key, { pem: ca.pem }), refused);
    assert.equal((await post(acme.key, { pem: ca.pem, isVouchedFor: true }))[0], 400);
    assert.deepEqual(await post(acme.key, { pem: ca.pem, proof: makeProof(ca, 'evil') }), refused);
    assert.deepEqual(await post(acme.key, { pem: ca.pem, proof: makeProof(evilCa, 'acme') }), refused);
    assert.deepEqual(await post(edge.admin, { pem: ca.pem, proof: makeProof(evilCa, 'acme') }), refused);
    assert.deepEqual(await post(edge.admin, { pem: ca.pem }), [201]);
  });

  it('are proven by what the openssl line of the documentation makes', TIMEOUT, async () => {
    const text = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    const line = /^openssl req .*(?:\n {2}.*)*/m.exec(text)?.[0] ?? '';
    assert.match(line, /twinfold:acme/);
    const folder = await mkdtemp(join(tmpdir(), 'twinfold-proof-'));
    try {
      const ca = makeCa('documented');
      await writeFile(join(folder, 'ca.pem'), ca.pem);
      await writeFile(join(folder, 'ca.key'), ca.keyPem);
      await promisify(execFile)('sh', ['-ec', line], { cwd: folder, timeout: 10_000 });
      const proof = await readFile(join(folder, 'proof.pem'), 'utf8');
      const made = await send(secure.edge, '/v1/tenants/acme/cas', { token: acme.key, json: { pem: ca.pem, proof } });
      assert.equal(made.status, 201, made.text);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('are none that could not sign for devices', TIMEOUT, async () => {
    const post = async (pem: string): Promise<string> =>
      String((await send(secure.edge, '/v1/tenants/acme/cas', { token: acme.key, json: { pem } })).body['detail']);
    assert.match(await post('nonsense'), /no X.509 certificate/);
    assert.match(await post(makeDevice(acmeCa, undefined).pem), /is no CA/);
    assert.match(await post(makeCa('a').pem + makeCa('b').pem), /several/);
    assert.match(await post(makeCa('old', { nowMs: NOW - 10 * DAY_MS, validMs: DAY_MS }).pem), /past its notAfter/);
  });
});

describe('registering over a secure connection', () => {
  it('takes a signing request, and what it answers lets the device in until it is revoked', TIMEOUT, async () => {
    const { edge } = secure;
    const csr = CSR;
    const mark = edge.mark();
    const none = await send(edge, '/v1/devices/dev-1/certificates', { token: acme.key, json: { csr: csr.pem } });
    assert.equal(none.body['code'], 'no-signing-ca');
    const made = await send(edge, '/v1/tenants/acme/signing-ca', { method: 'POST', token: acme.key });
    assert.equal(made.status, 201, made.text);
    assert.doesNotMatch(JSON.stringify(edge.registry.tenant('acme')), /PRIVATE KEY/);
    const issued = await send(edge, '/v1/devices/dev-1/certificates', { token: acme.key, json: { csr: csr.pem, days: 30 } });
    assert.equal(issued.status, 201, issued.text);
    const holder: Holder = { pem: String(issued.body['certificate']), keyPem: csr.keyPem, key: acmeCa.key };
    const socket = await secureSocket(secure.https.port, clientOptions(secure, [holder]));
    assert.equal((await ask(socket, { path: '/telemetry', body: { t: 1 } })).status, 202);
    assert.deepEqual(senders(mark), ['acme/dev-1']);
    await send(edge, `/v1/devices/dev-1/credentials/${String(issued.body['id'])}`, { method: 'DELETE', token: acme.key });
    const later = await ask(socket, { path: '/telemetry', body: { t: 2 } });
    assert.deepEqual([later.status, later.body['limit']], [401, 'certificate-revoked']);
    socket.destroy();
    for (const [bad, why] of [
      ['nonsense', /no PKCS #10/],
      [forNobody(csr.pem), /not signed by its own key/],
    ] as const)
      assert.match(
        String((await send(edge, '/v1/devices/dev-1/certificates', { token: acme.key, json: { csr: bad } })).body['detail']),
        why,
      );
  });

  it('a provisioning key and a signing request make a device that needs no token', TIMEOUT, async () => {
    const { edge } = secure;
    await send(edge, '/v1/groups', { token: acme.key, json: { id: 'factory' } });
    const made = await send(edge, '/v1/keys', { token: acme.key, json: { kind: 'provisioning', group: 'factory' } });
    const bare = await secureSocket(secure.https.port, clientOptions(secure));
    const headers = [`authorization: Bearer ${String(made.body['key'])}`];
    const registered = await ask(bare, { path: '/register', body: { id: 'made-1', csr: CSR.pem }, headers });
    assert.equal(registered.status, 201, JSON.stringify(registered.body));
    bare.destroy();
    const holder: Holder = { pem: String(registered.body['cert']), keyPem: CSR.keyPem, key: acmeCa.key };
    const mark = edge.mark();
    const socket = await secureSocket(secure.https.port, clientOptions(secure, [holder]));
    assert.equal((await ask(socket, { path: '/telemetry', body: { t: 1 } })).status, 202);
    assert.deepEqual(senders(mark), ['acme/made-1']);
    socket.destroy();
  });

  it('a device whose certificate is under the tenant’s CA registers by that alone', TIMEOUT, async () => {
    const chain = [makeDevice(acmeCa, urn('acme', 'new-1'))];
    const socket = await secureSocket(secure.https.port, clientOptions(secure, chain));
    const registered = await ask(socket, { path: '/register', body: { id: 'new-1' } });
    assert.equal(registered.status, 201, JSON.stringify(registered.body));
    assert.match(String(registered.body['token']), /^tfd_acme\.new-1\./);
    assert.equal((await ask(socket, { path: '/telemetry', body: { t: 1 } })).status, 202);
    const foreign = await ask(socket, { path: '/register', body: { id: 'new-2' } });
    assert.equal(foreign.status, 403, JSON.stringify(foreign.body));
    socket.resume();
    socket.destroy();
    await closed(socket);
  });

  it('a certificate that names nobody is the first device that it registers, on every protocol, and no other', TIMEOUT, async () => {
    const own = [makeDevice(acmeCa, undefined)];
    const mark = secure.edge.mark();
    const socket = await secureSocket(secure.https.port, clientOptions(secure, own));
    const register = async (id: string): Promise<number> => (await ask(socket, { path: '/register', body: { id } })).status;
    assert.equal(await register('first-1'), 201);
    assert.equal(await register('first-2'), 403);
    assert.equal(await register('first-1'), 200);
    assert.equal(secure.edge.registry.device('acme', 'first-2'), undefined);
    assert.equal((await ask(socket, { path: '/telemetry', body: { t: 1 } })).status, 202);
    const client = await mqttClientOf(secure, own);
    await client.publishAsync('v1/telemetry', '{"t":2}', { qos: 1 });
    await client.endAsync();
    assert.deepEqual(senders(mark), ['acme/first-1', 'acme/first-1']);
    assert.equal((await secure.edge.commands.as('test').deleteDevice('acme', 'first-1')).ok, true);
    assert.equal(await register('first-2'), 201);
    assert.equal((await secure.edge.commands.as('test').decommissionDevice('acme', 'first-2')).ok, true);
    assert.equal(await register('first-3'), 401);
    socket.destroy();
  });

  it('certificates under a CA that names a group register devices of that group, by its rules, and reclaim none', TIMEOUT, async () => {
    const { edge } = secure;
    const ca = makeCa('line ca');
    const provisioning = { reclaim: true, tokenDays: 3 };
    await send(edge, '/v1/groups', { token: acme.key, json: { id: 'line-7', provisioning } });
    const json = { pem: ca.pem, proof: makeProof(ca, 'acme'), group: 'nowhere' };
    const none = await send(edge, '/v1/tenants/acme/cas', { token: acme.key, json });
    assert.deepEqual([none.status, none.body['code']], [404, 'unknown-group']);
    const made = await send(edge, '/v1/tenants/acme/cas', { token: acme.key, json: { ...json, group: 'line-7' } });
    assert.deepEqual([made.status, made.body['group']], [201, 'line-7'], made.text);
    const held = await send(edge, '/v1/groups/line-7', { method: 'DELETE', token: acme.key });
    assert.deepEqual(
      [held.status, String(held.body['detail']).startsWith('1 CA name the group: first DELETE its CAs')],
      [409, true],
      held.text,
    );
    const crl = makeCrl(ca, []);
    const patched = await send(edge, `/v1/tenants/acme/cas/${String(made.body['id'])}`, {
      method: 'PATCH',
      token: acme.key,
      json: { crl },
    });
    assert.equal(patched.body['group'], 'line-7', patched.text);
    const register = async (holder: Holder, id: string): Promise<{ status: number; body: Readonly<Record<string, unknown>> }> => {
      const socket = await secureSocket(secure.https.port, clientOptions(secure, [holder]));
      const answer = await ask(socket, { path: '/register', body: { id } });
      socket.destroy();
      return answer;
    };
    for (const [id, uri] of [
      ['line-a', undefined],
      ['line-b', urn('acme', 'line-b')],
    ] as const) {
      const { body, status } = await register(makeDevice(ca, uri), id);
      assert.equal(status, 201, JSON.stringify(body));
      assert.equal(edge.registry.device('acme', id)?.entry.group, 'line-7');
      assert.ok(Math.abs(Date.parse(String(body['notAfter'])) - Date.now() - 3 * DAY_MS) < 120_000);
    }
    assert.equal((await register(makeDevice(ca, undefined), 'line-a')).status, 409);
  });

  it('takes no certificate that is another device’s', TIMEOUT, async () => {
    const { edge } = secure;
    const evil = edge.commands.as('test');
    const own = makeDevice(undefined, undefined);
    const fingerprint = new X509Certificate(own.pem).fingerprint256.replaceAll(':', '').toLowerCase();
    assert.equal((await evil.addCredential('evil', 'dev-1', { type: 'x509', fingerprint })).ok, true);
    const taken = await send(edge, '/v1/devices/dev-2/credentials', { token: acme.key, json: { type: 'x509', fingerprint } });
    assert.deepEqual([taken.status, taken.body['code']], [409, 'certificate-taken'], taken.text);
    assert.doesNotMatch(taken.text, /evil/);
    const [, device] = acme.devices;
    const register = async (pem: string): Promise<readonly unknown[]> => {
      const { body, status } = await send(edge, '/register', { token: device?.token ?? '', json: { id: 'dev-2', cert: pem } });
      return [status, body['code']];
    };
    assert.deepEqual(await register(own.pem), [409, 'certificate-taken']);
    assert.deepEqual(await register(makeDevice(acmeCa, urn('acme', 'dev-1')).pem), [403, 'forbidden']);
  });

  it('a repeat with an idempotency key is told the same, and nobody else under the same CA', TIMEOUT, async () => {
    const headers = ['idempotency-key: the-same'];
    const register = async (chain: readonly Holder[]): Promise<readonly [number, unknown]> => {
      const socket = await secureSocket(secure.https.port, clientOptions(secure, chain));
      const { body, status } = await ask(socket, { path: '/register', body: { id: 'nameless' }, headers });
      socket.resume();
      socket.destroy();
      await closed(socket);
      return [status, body['token'] ?? body['code']];
    };
    const own = [makeDevice(acmeCa, undefined)];
    const first = await register(own);
    assert.equal(first[0], 201, String(first[1]));
    assert.deepEqual(await register(own), first);
    assert.deepEqual(await register([makeDevice(acmeCa, undefined)]), [409, 'already-registered']);
    assert.equal((await register([makeDevice(acmeCa, urn('acme', 'new-9'))]))[0], 403);
  });
});

/** The same request, for another name. */
function forNobody(pem: string): string {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
  der.write('nobody..', der.indexOf('anything'));
  return pemOf('CERTIFICATE REQUEST', der);
}

/** Made by `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=anything`. */
const CSR = {
  pem: `-----BEGIN CERTIFICATE REQUEST-----
MIHNMHUCAQAwEzERMA8GA1UEAwwIYW55dGhpbmcwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARk3Gu/BufEUVfxq+kSYfFNVW97oZs/U3UWaJcYsp/reqEgOlOevSlR
x2QwtuBKJpf9fZNRnCuyrL38yTNTe8zVoAAwCgYIKoZIzj0EAwIDSAAwRQIhAKw5
aK4dby1ZjRRpHW3D/XcoNCofprut9x9OpDoPtBq4AiBZsnTxy0hlpJl/4R2fK5Q1
wv4aYEs1C1+NJLDa7ilTOQ==
-----END CERTIFICATE REQUEST-----
`,
  keyPem: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzIB+GyzZFS7Hejy8
XzYzFXJx3Mrjybn4u4BqEMcTJXWhRANCAARk3Gu/BufEUVfxq+kSYfFNVW97oZs/
U3UWaJcYsp/reqEgOlOevSlRx2QwtuBKJpf9fZNRnCuyrL38yTNTe8zV
-----END PRIVATE KEY-----
`,
};
