/** Devices with certificates, over HTTPS and MQTTS with real clients: the same identity on both, and the same refusals. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Extension } from '@peculiar/asn1-x509';
import { OctetString } from '@peculiar/asn1-schema';
import type { IClientOptions, MqttClient } from 'mqtt';
import type { CertificateFault } from '../../../ingest/credentials/certificate-faults.ts';
import { PURPOSE } from '../../../ingest/tls/issue.ts';
import { type LogMark, makeTenant, send, type Tenant } from '../http/edge.ts';
import { until } from '../mqtt/fixtures.ts';
import { DAY_MS, type Holder, makeCa, makeCrl, makeDevice, NOW, resigned, urn } from './pki.ts';
import { ask, clientOptions, mqttClientOf, secureSocket, type SecureEdge, startSecureEdge } from './secure-edge.ts';

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

async function mqttClient(chain: readonly Holder[], more: Partial<IClientOptions> = {}): Promise<MqttClient> {
  return mqttClientOf(secure, chain, more);
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
