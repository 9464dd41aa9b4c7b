import assert from 'node:assert/strict';
import { createPublicKey, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { compilePolicy } from '../../../engine/domain/policy.ts';
import { authenticateEither } from '../../../ingest/credentials/certificate-door.ts';
import type { Authenticator, AuthResult, CertificateHint, PeerCertificate } from '../../../ingest/message.ts';
import { issueCertificate } from '../../../ingest/tls/issue.ts';
import { until } from '../mqtt/fixtures.ts';
import { DAY_MS, factsOf, type Holder, makeCa, makeCrl, makeDevice, NOW, peerOf, urn } from '../tls/pki.ts';
import { acmeCa, evilCa, outcome, type Rig, rig } from './x509-rig.ts';

/** The one CA's name and key, as if it stood below the other. */
function crossSigned(ca: Holder, above: Holder, commonName: string): Holder {
  const draft = { commonName, publicKey: createPublicKey(ca.key), nowMs: NOW, validMs: 30 * DAY_MS, ca: { pathLength: 0 } };
  return { ...ca, pem: issueCertificate(draft, { certificatePem: above.pem, key: above.key }, randomBytes) };
}

/** By then everything that was to be looked at again has been. */
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('who a certificate is', () => {
  const cases: readonly (readonly [
    string,
    string,
    (rig: Rig) => Promise<readonly [PeerCertificate, CertificateHint?]> | readonly [PeerCertificate, CertificateHint?],
  ])[] = [
    ['the device that its SAN names, under the CA of its tenant', 'acme/dev-1', () => [peerOf(makeDevice(acmeCa, urn('acme', 'dev-1')))]],
    ['nobody: the SAN is of another tenant than the CA', 'other-tenant', () => [peerOf(makeDevice(evilCa, urn('acme', 'dev-1')))]],
    ['nobody: no CA that is known', 'chain-incomplete', () => [peerOf(makeDevice(makeCa('stranger'), urn('acme', 'dev-1')))]],
    ['nobody: the device is not registered', 'unknown-device', () => [peerOf(makeDevice(acmeCa, urn('acme', 'dev-9')))]],
    ['nobody: a name outside of the grammar', 'bad-identity', () => [peerOf(makeDevice(acmeCa, 'urn:twinfold:acme:dev/1'))]],
    ['nobody: a name with a part too many', 'bad-identity', () => [peerOf(makeDevice(acmeCa, 'urn:twinfold:acme:dev-1:x'))]],
    [
      'nobody: two names',
      'ambiguous-identity',
      () => [peerOf(makeDevice(acmeCa, urn('acme', 'dev-1'), { uris: [urn('acme', 'dev-1'), urn('acme', 'dev-2')] }))],
    ],
    ['nobody: a subject is no identity', 'no-identity', () => [peerOf(makeDevice(acmeCa, undefined, { commonName: 'dev-1' }))]],
    ['the device whose external id it names', 'acme/dev-2', () => [peerOf(makeDevice(acmeCa, 'urn:mac:acme-dev-2'))]],
    ['nobody: the external id is of a device in another tenant', 'no-identity', () => [peerOf(makeDevice(acmeCa, 'urn:mac:evil-dev-2'))]],
    ['nobody: bytes', 'malformed', () => [{ fingerprint: 'x', leaf: Buffer.from('no certificate'), intermediates: [] }]],
    [
      'the device that it is pinned to, though nobody signed it',
      'acme/dev-1',
      async ({ pin }) => {
        const own = makeDevice(undefined, undefined);
        await pin('acme', 'dev-1', own);
        return [peerOf(own)];
      },
    ],
    [
      'the device that its key is pinned to',
      'acme/dev-2',
      async ({ pin }) => {
        const own = makeDevice(undefined, undefined);
        await pin('acme', 'dev-2', { spki: factsOf(own.pem).spki });
        return [peerOf(own)];
      },
    ],
    [
      'who its tenant says it is, not who another tenant pinned it to',
      'acme/dev-1',
      async ({ pin }) => {
        const device = makeDevice(acmeCa, urn('acme', 'dev-1'));
        await pin('evil', 'dev-1', device);
        return [peerOf(device)];
      },
    ],
    [
      'nobody: it is pinned to another device than it names',
      'other-device',
      async ({ pin }) => {
        const device = makeDevice(acmeCa, urn('acme', 'dev-1'));
        await pin('acme', 'dev-2', device);
        return [peerOf(device)];
      },
    ],
    [
      'nobody: two devices of a tenant have it, and it says nothing',
      'ambiguous-identity',
      async ({ pin, pinUnseen }) => {
        const own = makeDevice(undefined, undefined);
        await pin('acme', 'dev-1', own);
        await pinUnseen('acme', 'dev-2', own);
        return [peerOf(own)];
      },
    ],
    [
      'whom it says it is, of the two that it is pinned to',
      'acme/dev-1',
      async ({ pin, pinUnseen }) => {
        const own = makeDevice(undefined, undefined);
        await pin('acme', 'dev-1', own);
        await pinUnseen('acme', 'dev-2', own);
        return [peerOf(own), { tenant: 'acme', device: 'dev-1' }];
      },
    ],
    [
      'the device of the tenant that pinned it first, where two did at once',
      'acme/dev-1',
      async ({ pin, pinUnseen }) => {
        const own = makeDevice(undefined, undefined);
        await pin('acme', 'dev-1', own);
        await pinUnseen('evil', 'dev-1', own);
        return [peerOf(own)];
      },
    ],
    [
      'the same, whatever the later tenant says by the user name',
      'acme/dev-1',
      async ({ pin, pinUnseen }) => {
        const own = makeDevice(undefined, undefined);
        await pin('acme', 'dev-1', own);
        await pinUnseen('evil', 'dev-2', own);
        return [peerOf(own), { tenant: 'evil', device: 'dev-2' }];
      },
    ],
    [
      'the same, where the later tenant pinned its key',
      'acme/dev-1',
      async ({ commands, pin }) => {
        const own = makeDevice(undefined, undefined);
        await pin('acme', 'dev-1', own);
        await pin('evil', 'dev-1', { spki: factsOf(own.pem).spki });
        await commands.updateDevice('acme', 'dev-1', { patch: { model: 'newer entries do not make a pin newer' } });
        return [peerOf(own)];
      },
    ],
    [
      'the device of the next tenant, where the first one gave it up',
      'evil/dev-1',
      async ({ commands, pin }) => {
        const own = makeDevice(undefined, undefined);
        await commands.revokeCredential('acme', 'dev-1', await pin('acme', 'dev-1', own));
        await pin('evil', 'dev-1', own);
        return [peerOf(own)];
      },
    ],
    [
      'its own tenant’s by its CA, though another pinned it, and before',
      'acme/dev-2',
      async ({ pin }) => {
        const device = makeDevice(acmeCa, 'urn:mac:acme-dev-2');
        await pin('evil', 'dev-1', device);
        return [peerOf(device)];
      },
    ],
    [
      'nobody: its CA revoked it, though another tenant pinned it',
      'revoked',
      async ({ cas, commands, ids, pin }) => {
        const device = makeDevice(acmeCa, undefined);
        await pin('evil', 'dev-1', device);
        await cas.setCrl(commands, 'acme', { id: ids.acme, crl: makeCrl(acmeCa, [device]) });
        return [peerOf(device)];
      },
    ],
    [
      'nobody: its CA revoked it, though its tenant pinned it',
      'revoked',
      async ({ cas, commands, ids, pin }) => {
        const device = makeDevice(acmeCa, undefined);
        await pin('acme', 'dev-1', device);
        await cas.setCrl(commands, 'acme', { id: ids.acme, crl: makeCrl(acmeCa, [device]) });
        return [peerOf(device)];
      },
    ],
    [
      'its own tenant’s, though a CA of another cross-signed the CA',
      'acme/dev-2',
      async ({ commands }) => {
        await commands.registerDevice('evil', { id: 'dev-3', externalIds: ['urn:mac:acme-dev-2'] });
        const device = makeDevice(acmeCa, 'urn:mac:acme-dev-2');
        return [peerOf(device, crossSigned(acmeCa, evilCa, 'acme root'))];
      },
    ],
    [
      'the same, where the other named a CA of that name before',
      'acme/dev-2',
      async ({ add, commands }) => {
        const late = makeCa('late root');
        await add('evil', makeCa('late root'));
        await add('acme', late);
        await commands.registerDevice('evil', { id: 'dev-3', externalIds: ['urn:mac:acme-dev-2'] });
        return [peerOf(makeDevice(late, 'urn:mac:acme-dev-2'), crossSigned(late, evilCa, 'late root'))];
      },
    ],
    [
      'the device that it is pinned to, though another tenant’s CA has the name of its issuer, and what was sent with it is no CA',
      'acme/dev-1',
      async ({ add, pin }) => {
        const vendor = makeCa('vendor', { nowMs: NOW - 10 * DAY_MS, validMs: DAY_MS });
        await add('evil', makeCa('vendor'));
        const device = makeDevice(vendor, undefined);
        await pin('acme', 'dev-1', device);
        return [peerOf(device, vendor)];
      },
    ],
    [
      'nobody: the pin was revoked',
      'revoked',
      async ({ pin, commands }) => {
        const own = makeDevice(undefined, undefined);
        await commands.revokeCredential('acme', 'dev-1', await pin('acme', 'dev-1', own));
        return [peerOf(own)];
      },
    ],
    [
      'nobody: the pin was revoked, and a CA signed it too',
      'revoked',
      async ({ pin, commands }) => {
        const device = makeDevice(acmeCa, urn('acme', 'dev-1'));
        await commands.revokeCredential('acme', 'dev-1', await pin('acme', 'dev-1', device));
        return [peerOf(device)];
      },
    ],
    [
      'nobody: its device is disabled',
      'disabled',
      async ({ commands }) => {
        await commands.disableDevice('acme', 'dev-1');
        return [peerOf(makeDevice(acmeCa, urn('acme', 'dev-1')))];
      },
    ],
    [
      'the device of the tenant that it names, where two tenants named one CA',
      'evil/dev-1',
      async ({ add }) => {
        await add('evil', acmeCa);
        return [peerOf(makeDevice(acmeCa, urn('evil', 'dev-1')))];
      },
    ],
  ];
  for (const [who, expected, make] of cases) {
    it(who, async () => {
      const made = await rig();
      const [peer, hint] = await make(made);
      assert.equal(outcome(made.sessions.authenticate(peer, hint)), expected);
      // What is remembered says the same.
      assert.equal(outcome(made.sessions.authenticate(peer, hint)), expected);
    });
  }

  it('a resumed session is known by the intermediates that were seen', async () => {
    const { sessions } = await rig();
    const middle = makeCa('acme middle', { issuer: acmeCa });
    const device = makeDevice(middle, urn('acme', 'dev-1'));
    assert.equal(outcome(sessions.authenticate(peerOf(makeDevice(middle, urn('acme', 'dev-2'))))), 'chain-incomplete');
    assert.equal(outcome(sessions.authenticate(peerOf(device, middle))), 'acme/dev-1');
    assert.equal(outcome(sessions.authenticate(peerOf(makeDevice(middle, urn('acme', 'dev-1'))))), 'acme/dev-1');
  });
});

describe('a session by certificate ends', () => {
  const endings: readonly (readonly [string, (rig: Rig, device: Holder) => Promise<unknown>])[] = [
    [
      'when its CA revokes it',
      async ({ cas, commands, ids }, device) => cas.setCrl(commands, 'acme', { id: ids.acme, crl: makeCrl(acmeCa, [device]) }),
    ],
    ['when its CA is removed', async ({ cas, commands, ids }) => cas.remove(commands, 'acme', ids.acme)],
    ['when its device is disabled', async ({ commands }) => commands.disableDevice('acme', 'dev-1')],
    ['when its device is deleted', async ({ commands }) => commands.deleteDevice('acme', 'dev-1')],
    ['when its device is decommissioned', async ({ commands }) => commands.decommissionDevice('acme', 'dev-1')],
    [
      'when it goes out of time',
      async ({ advance, sessions }) => {
        advance(31 * DAY_MS);
        sessions.endExpired();
        return Promise.resolve();
      },
    ],
  ];
  for (const [when, end] of endings) {
    it(when, async () => {
      const made = await rig();
      const device = makeDevice(acmeCa, urn('acme', 'dev-1'));
      const peer = peerOf(device);
      const result = made.sessions.authenticate(peer);
      assert.ok(result.ok);
      let ended = 0;
      made.sessions.onRevoked(result.principal.credential, () => void ended++);
      await end(made, device);
      await until(() => ended > 0);
      await turns();
      assert.equal(ended, 1);
      assert.equal(made.sessions.live, 0);
      assert.equal(made.sessions.authenticate(peer).ok, false);
    });
  }

  it('not when it concerns others', async () => {
    const made = await rig();
    const result = made.sessions.authenticate(peerOf(makeDevice(acmeCa, urn('acme', 'dev-1'))));
    assert.ok(result.ok);
    let ended = 0;
    const leave = made.sessions.onRevoked(result.principal.credential, () => void ended++);
    const another = makeDevice(acmeCa, urn('acme', 'dev-2'));
    await made.cas.setCrl(made.commands, 'acme', { id: made.ids.acme, crl: makeCrl(acmeCa, [another]) });
    await made.commands.disableDevice('acme', 'dev-2');
    await made.cas.remove(made.commands, 'evil', made.ids.evil);
    await turns();
    assert.deepEqual([ended, made.sessions.live], [0, 1]);
    leave();
    assert.equal(made.sessions.live, 0);
  });
});

describe('a token and a certificate together', () => {
  const principal = (tenant: string, device: string): AuthResult => ({
    ok: true,
    principal: {
      kind: 'device',
      tenant,
      device,
      credential: 'c',
      group: undefined,
      grants: compilePolicy([{ source: 'test', doc: { allow: ['telemetry:write'] } }], { tenant }),
    },
  });
  const peer: PeerCertificate = { fingerprint: '', leaf: new Uint8Array(), intermediates: [] };
  const door = (token: AuthResult, certificate: AuthResult): Authenticator => ({
    authenticate: () => token,
    authenticateCertificate: () => certificate,
    onRevoked: () => () => undefined,
  });
  const own = principal('acme', 'dev-1');
  const bad: AuthResult = { ok: false, why: 'bad-certificate', fault: 'expired' };
  const ask = (token: string | undefined, mode: 'optional' | 'required' | 'bare', of: Authenticator): string => {
    const secure = mode === 'bare' ? ({ mode: 'optional', peer: undefined } as const) : { mode, peer };
    const result = authenticateEither(of, { token, secure });
    return result === undefined ? 'nothing' : outcome(result);
  };

  it('the token says who it is, and a certificate will do without', () => {
    assert.equal(ask('t', 'optional', door(own, bad)), 'acme/dev-1');
    assert.equal(ask(undefined, 'optional', door(bad, own)), 'acme/dev-1');
    assert.equal(ask(undefined, 'bare', door(own, own)), 'nothing');
  });

  it('where certificates are required, both must be good, and of one device', () => {
    assert.equal(ask('t', 'required', door(own, own)), 'acme/dev-1');
    assert.equal(ask('t', 'required', door(own, bad)), 'expired');
    assert.equal(ask('t', 'required', door(own, principal('acme', 'dev-2'))), 'other-device');
    assert.equal(ask('t', 'required', door(own, principal('evil', 'dev-1'))), 'other-tenant');
  });
});
