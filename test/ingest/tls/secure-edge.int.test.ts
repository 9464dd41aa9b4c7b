/** Devices with certificates, over HTTPS and MQTTS with real clients: the same identity on both, and the same refusals. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Extension } from '@peculiar/asn1-x509';
import { OctetString } from '@peculiar/asn1-schema';
import mqtt, { type MqttClient } from 'mqtt';
import type { CertificateFault } from '../../../ingest/credentials/certificate-faults.ts';
import { pemOf, PURPOSE } from '../../../ingest/tls/issue.ts';
import { type LogMark, makeTenant, send, type Tenant } from '../http/edge.ts';
import { until } from '../mqtt/fixtures.ts';
import { DAY_MS, type Holder, makeCa, makeCrl, makeDevice, NOW, resigned, urn } from './pki.ts';
import { ask, clientOptions, closed, secureSocket, type SecureEdge, startSecureEdge } from './secure-edge.ts';

const TIMEOUT = { timeout: 20_000 };
/** A credential that was revoked closes its sessions by then. */
const REVOKED_MS_MAX = 5_000;

const acmeCa = makeCa('acme root');
const evilCa = makeCa('evil root');

let secure: SecureEdge;
let acme: Tenant;
let acmeCaId: string;

before(async () => {
  secure = await startSecureEdge();
  acme = await makeTenant(secure.edge, 'acme', 3);
  await makeTenant(secure.edge, 'evil', 3);
  acmeCaId = await secure.edge.addCa('acme', acmeCa.pem);
  await secure.edge.addCa('evil', evilCa.pem);
});
after(async () => secure.stop());

async function mqttClient(chain: readonly Holder[], more: Partial<mqtt.IClientOptions> = {}): Promise<MqttClient> {
  const { ca, cert, key } = clientOptions(secure, chain);
  const tls = { ca: ca as string, ...(cert === undefined ? {} : { cert: cert as string, key: key as string }) };
  return mqtt.connectAsync(`mqtts://localhost:${secure.mqtts.port}`, {
    ...tls,
    protocolVersion: 5,
    clientId: '',
    reconnectPeriod: 0,
    host: '127.0.0.1',
    servername: 'localhost',
    ...more,
  });
}

function senders(mark: LogMark): readonly string[] {
  return secure.edge.events(mark).map(({ device, tenant }) => `${tenant}/${device}`);
}

describe('a device with a certificate', () => {
  it('is the same device over MQTT and HTTP', TIMEOUT, async () => {
    const mark = secure.edge.mark();
    const chain = [makeDevice(acmeCa, urn('acme', 'dev-1'))];
    const client = await mqttClient(chain);
    await client.publishAsync('v1/telemetry', '{"t":1}', { qos: 1 });
    const socket = await secureSocket(secure.https.port, clientOptions(secure, chain));
    for (let i = 0; i < 3; i++) assert.equal((await ask(socket, { path: '/telemetry', body: { t: i } })).status, 202);
    assert.deepEqual(
      senders(mark),
      Array.from({ length: 4 }, () => 'acme/dev-1'),
    );
    const another = await ask(socket, { path: '/telemetry', body: { device: 'dev-2', metrics: { t: 1 } } });
    assert.equal(another.status, 403);
    socket.destroy();
    await client.endAsync();
  });

  it('that is pinned to it is said to be used on both, under the name that the device lists it by', TIMEOUT, async () => {
    const { edge } = secure;
    const usedOf = async (id: string): Promise<unknown> => {
      const listed = await send(edge, '/v1/devices/dev-3/credentials', { token: acme.key });
      const items = listed.body['items'] as readonly { readonly id: string; readonly lastUsedAt?: string }[];
      return items.find((one) => one.id === id)?.lastUsedAt;
    };
    const ways: readonly ((holder: Holder) => Promise<void>)[] = [
      async (holder) => (await mqttClient([holder])).endAsync(),
      async (holder) => {
        const socket = await secureSocket(secure.https.port, clientOptions(secure, [holder]));
        for (let i = 0; i < 3; i++) assert.equal((await ask(socket, { path: '/telemetry', body: { t: i } })).status, 202);
        socket.destroy();
      },
    ];
    for (const way of ways) {
      const holder = makeDevice(makeCa('nobody’s root'), undefined);
      const fingerprint = new X509Certificate(holder.pem).fingerprint256.replaceAll(':', '').toLowerCase();
      const added = await edge.commands.as('test').addCredential('acme', 'dev-3', { type: 'x509', fingerprint });
      assert.ok(added.ok, JSON.stringify(added));
      const { id } = added.value.credential;
      assert.equal(await usedOf(id), undefined);
      const startedMs = Date.now();
      await way(holder);
      assert.ok(Math.abs(Date.parse(String(await usedOf(id))) - startedMs) < 120_000, 'to the minute');
    }
  });

  it('may use a token instead, and then is who that says', TIMEOUT, async () => {
    const mark = secure.edge.mark();
    const [, second] = acme.devices;
    const client = await mqttClient([makeDevice(acmeCa, urn('acme', 'dev-1'))], {
      clientId: 'dev-2',
      username: 'x',
      password: second?.token ?? '',
    });
    await client.publishAsync('v1/telemetry', '{"t":2}', { qos: 1 });
    assert.deepEqual(senders(mark), ['acme/dev-2']);
    await client.endAsync();
    const bare = await mqttClient([], { clientId: 'dev-2', username: 'x', password: second?.token ?? '' });
    await bare.endAsync();
    await assert.rejects(mqttClient([]), /Not authorized/i);
  });

  it('takes no session of another device by its client id', TIMEOUT, async () => {
    await assert.rejects(mqttClient([makeDevice(acmeCa, urn('acme', 'dev-1'))], { clientId: 'dev-2' }), /Client Identifier not valid/i);
  });
});

describe('who shows a certificate that is not good', () => {
  const middle = makeCa('acme middle', { issuer: acmeCa });
  const unknown = new Extension({ extnID: '1.2.3.4', critical: true, extnValue: new OctetString(new Uint8Array([5, 0])) });
  const good = makeDevice(acmeCa, urn('acme', 'dev-1'));
  const cases: readonly (readonly [CertificateFault, readonly Holder[]])[] = [
    ['chain-incomplete', [makeDevice(middle, urn('acme', 'dev-1'))]],
    ['chain-incomplete', [makeDevice(makeCa('stranger'), urn('acme', 'dev-1'))]],
    ['chain-incomplete', [resigned(good, evilCa, () => undefined)]],
    ['wrong-usage', [makeDevice(acmeCa, urn('acme', 'dev-1'), { purposes: [PURPOSE.server] })]],
    ['expired', [makeDevice(acmeCa, urn('acme', 'dev-1'), { nowMs: NOW - 10 * DAY_MS, validMs: DAY_MS })]],
    ['not-yet-valid', [makeDevice(acmeCa, urn('acme', 'dev-1'), { nowMs: NOW + 10 * DAY_MS })]],
    ['other-tenant', [makeDevice(evilCa, urn('acme', 'dev-1'))]],
    ['bad-identity', [makeDevice(acmeCa, 'urn:twinfold:acme')]],
    ['no-identity', [makeDevice(acmeCa, 'https://example.org/dev-1')]],
    ['unknown-device', [makeDevice(acmeCa, urn('acme', 'dev-99'))]],
    ['is-a-ca', [makeCa('dev-1', { issuer: acmeCa, purposes: [PURPOSE.client], uris: [urn('acme', 'dev-1')] })]],
    ['unknown-critical-extension', [resigned(good, acmeCa, ({ tbsCertificate }) => tbsCertificate.extensions?.push(unknown))]],
  ];
  for (const [fault, chain] of cases) {
    it(`is refused with the reason: ${fault}`, TIMEOUT, async () => {
      const mark = secure.edge.mark();
      const from = secure.mqttRefused.length;
      const socket = await secureSocket(secure.https.port, clientOptions(secure, chain));
      const { body, status } = await ask(socket, { path: '/telemetry', body: { t: 1 } });
      assert.deepEqual([status, body['code'], body['limit']], [401, 'bad-certificate', `certificate-${fault}`]);
      socket.destroy();
      await assert.rejects(mqttClient(chain, { clientId: 'dev-1' }), /Not authorized/i);
      assert.deepEqual(secure.mqttRefused.slice(from), [`certificate-${fault}`]);
      assert.deepEqual(secure.edge.events(mark), []);
    });
  }
});

describe('a certificate that is taken back', () => {
  it('by its CA ends the session that is open, and lets nobody in again', TIMEOUT, async () => {
    const { edge } = secure;
    const device = makeDevice(acmeCa, urn('acme', 'dev-3'));
    const client = await mqttClient([device]);
    const other = await mqttClient([makeDevice(acmeCa, urn('acme', 'dev-2'))]);
    const socket = await secureSocket(secure.https.port, clientOptions(secure, [device]));
    assert.equal((await ask(socket, { path: '/telemetry', body: { t: 1 } })).status, 202);
    const reasons: (number | undefined)[] = [];
    client.on('disconnect', ({ reasonCode }) => void reasons.push(reasonCode));
    const path = `/v1/tenants/acme/cas/${acmeCaId}`;
    const patched = await send(edge, path, { method: 'PATCH', token: acme.key, json: { crl: makeCrl(acmeCa, [device]) } });
    assert.equal(patched.status, 200, patched.text);
    const told = performance.now();
    await until(() => !client.connected);
    assert.ok(performance.now() - told < REVOKED_MS_MAX);
    assert.deepEqual(reasons, [0x87]);
    const again = await ask(socket, { path: '/telemetry', body: { t: 2 } });
    assert.deepEqual([again.status, again.body['limit']], [401, 'certificate-revoked']);
    await assert.rejects(mqttClient([device]), /Not authorized/i);
    assert.ok(other.connected);
    socket.destroy();
    await other.endAsync();
    client.end(true);
  });

  it('takes no list of another CA, a changed one, a part of one, or an older one', TIMEOUT, async () => {
    const { edge } = secure;
    const patch = async (crl: string): Promise<string> =>
      String((await send(edge, `/v1/tenants/acme/cas/${acmeCaId}`, { method: 'PATCH', token: acme.key, json: { crl } })).body['detail']);
    const delta = new Extension({ extnID: '2.5.29.27', critical: true, extnValue: new OctetString(new Uint8Array([2, 1, 1])) });
    assert.match(await patch(makeCrl(evilCa, [])), /of another CA/);
    assert.match(await patch(makeCrl(acmeCa, [], { signer: evilCa })), /not signed by this CA/);
    assert.match(await patch(makeCrl(acmeCa, [], { extensions: [delta] })), /must be whole/);
    assert.match(await patch(makeCrl(acmeCa, [], { thisUpdateMs: NOW - DAY_MS })), /newer list/);
    assert.match(await patch('nonsense'), /no X.509 revocation list/);
  });
});

describe('the CAs of a tenant', () => {
  it('are named, listed and removed by its own keys alone', TIMEOUT, async () => {
    const { edge } = secure;
    const ca = makeCa('another');
    const made = await send(edge, '/v1/tenants/acme/cas', { token: acme.key, json: { pem: ca.pem } });
    assert.equal(made.status, 201, made.text);
    const id = String(made.body['id']);
    const listed = await send(edge, '/v1/tenants/acme/cas', { token: acme.key });
    assert.ok(JSON.stringify(listed.body).includes(id));
    assert.equal((await send(edge, '/v1/tenants/evil/cas', { token: acme.key })).status, 403);
    assert.equal((await send(edge, '/v1/tenants/evil/cas', { token: acme.key, json: { pem: ca.pem } })).status, 403);
    assert.equal((await send(edge, '/v1/tenants/acme/cas', { token: acme.key, json: { pem: ca.pem } })).status, 409);
    assert.equal((await send(edge, `/v1/tenants/acme/cas/${id}`, { method: 'DELETE', token: acme.key })).status, 204);
    assert.equal((await send(edge, `/v1/tenants/acme/cas/${id}`, { token: acme.key })).status, 404);
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
