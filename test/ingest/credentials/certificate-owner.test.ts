/** One tenant can't take, or shut out, what is another's: pins, CAs and their proofs, and what happens at once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { until } from '../mqtt/fixtures.ts';
import { DAY_MS, factsOf, makeCa, makeDevice, makeProof, NOW, peerOf, urn } from '../tls/pki.ts';
import { acmeCa, evilCa, outcome, rig } from './x509-rig.ts';

describe('a certificate that another device has', () => {
  it('is refused as a pin, for as long as that one has it', async () => {
    const { commands, pin } = await rig();
    const own = makeDevice(undefined, undefined);
    const { fingerprint, spki } = factsOf(own.pem);
    const first = await pin('acme', 'dev-1', own);
    const byKey = await pin('acme', 'dev-1', { spki });
    const tryAll = async (): Promise<readonly string[]> => {
      const outcomes: string[] = [];
      for (const [tenant, device] of [
        ['evil', 'dev-1'],
        ['acme', 'dev-2'],
      ] as const)
        for (const draft of [{ fingerprint }, { spki }]) {
          const done = await commands.addCredential(tenant, device, { type: 'x509', ...draft });
          outcomes.push(done.ok ? 'taken in' : done.why);
        }
      const made = await commands.registerDevice('evil', { id: 'dev-9', externalIds: [] }, { pinned: [{ type: 'x509', fingerprint }] });
      return [...outcomes, made.ok ? 'taken in' : made.why];
    };
    assert.deepEqual(
      await tryAll(),
      Array.from({ length: 5 }, () => 'certificate-taken'),
    );
    await commands.revokeCredential('acme', 'dev-1', first);
    await commands.revokeCredential('acme', 'dev-1', byKey);
    assert.equal((await tryAll())[0], 'taken in');
  });

  it('is of one device, however many it registers at once at however many edges', async () => {
    const { commands, registry } = await rig();
    const { fingerprint, notAfterMs } = factsOf(makeDevice(acmeCa, undefined).pem);
    const shown = { type: 'x509', fingerprint, notAfterMs } as const;
    const ids = Array.from({ length: 8 }, (_, i) => `raced-${i}`);
    const done = await Promise.all(ids.map(async (id) => commands.registerDevice('acme', { id, externalIds: [] }, { shown })));
    assert.equal(done.filter(({ ok }) => ok).length, 1);
    assert.deepEqual(new Set(done.map((one) => (one.ok ? 'registered' : one.why))), new Set(['registered', 'certificate-taken']));
    assert.equal(ids.filter((id) => registry.device('acme', id) !== undefined).length, 1);
    const winner = ids.find((id) => registry.device('acme', id) !== undefined) ?? '';
    const again = async (): Promise<string> => {
      const later = await commands.registerDevice('acme', { id: 'after', externalIds: [] }, { shown });
      return later.ok ? 'registered' : later.why;
    };
    assert.equal(await again(), 'certificate-taken');
    await commands.decommissionDevice('acme', winner);
    assert.equal(await again(), 'certificate-taken');
    await commands.deleteDevice('acme', winner);
    assert.equal(await again(), 'registered');
  });

  it('ends the session that another tenant opened by it, when the tenant names its CA', async () => {
    const { add, pin, sessions } = await rig();
    const late = makeCa('late root');
    const device = makeDevice(late, undefined);
    await pin('evil', 'dev-1', device);
    const result = sessions.authenticate(peerOf(device));
    assert.ok(result.ok);
    let ended = 0;
    sessions.onRevoked(result.principal.credential, () => void ended++);
    await add('acme', late);
    await until(() => ended > 0);
    assert.equal(outcome(sessions.authenticate(peerOf(device))), 'no-identity');
  });
});

/** Whatever a tenant pins and names, in whatever order: a device under another's CA is never its, nor shut out by it. */
describe('what one tenant does about certificates', () => {
  it('changes nothing for devices under the CA of another', async () => {
    const named = makeDevice(acmeCa, urn('acme', 'dev-1'));
    const byExternal = makeDevice(acmeCa, 'urn:mac:acme-dev-2');
    const nameless = makeDevice(acmeCa, undefined);
    const deed = fc.constantFrom('pin named', 'pin external', 'pin nameless', 'pin a key', 'name the CA', 'name its namesake');
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 6 }), fc.nat(6), async (deeds, at) => {
        const { cas, commands, pin, sessions } = await rig();
        await commands.registerDevice('evil', { id: 'dev-3', externalIds: ['urn:mac:acme-dev-2'] });
        const look = (): readonly string[] => [named, byExternal, nameless].map((one) => outcome(sessions.authenticate(peerOf(one))));
        for (const [i, what] of deeds.entries()) {
          if (i === at) await pin('acme', 'dev-2', nameless).catch(() => undefined);
          const pinned = new Map([
            ['pin named', { fingerprint: factsOf(named.pem).fingerprint }],
            ['pin external', { fingerprint: factsOf(byExternal.pem).fingerprint }],
            ['pin nameless', { fingerprint: factsOf(nameless.pem).fingerprint }],
            ['pin a key', { spki: factsOf(byExternal.pem).spki }],
          ]).get(what);
          if (pinned !== undefined) await commands.addCredential('evil', 'dev-1', { type: 'x509', ...pinned });
          const proof = makeProof(evilCa, 'evil');
          if (what === 'name the CA') assert.equal((await cas.add(commands, 'evil', { pem: acmeCa.pem, proof })).ok, false);
          if (what === 'name its namesake') {
            const namesake = makeCa('acme root');
            await cas.add(commands, 'evil', { pem: namesake.pem, proof: makeProof(namesake, 'evil') });
          }
          const [first, second, third] = look();
          assert.deepEqual([first, second], ['acme/dev-1', 'acme/dev-2']);
          assert.ok(third === 'no-identity' || third === 'acme/dev-2', third);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the proof that a CA is the tenant’s', () => {
  const others = makeCa('another root');
  const cases: readonly (readonly [string, string | undefined, string])[] = [
    ['none', undefined, 'unproven'],
    ['no certificate', 'vouched-for', 'proof-malformed'],
    ['several', makeProof(others, 'acme') + makeProof(others, 'acme'), 'proof-malformed'],
    ['the CA’s own certificate', others.pem, 'proof-wrong-name'],
    ['for another tenant', makeProof(others, 'evil'), 'proof-wrong-name'],
    ['with a longer name', makeProof(others, 'acme2'), 'proof-wrong-name'],
    ['with the name in another part', makeProof(others, 'acme', { commonName: 'x\nCN=twinfold:acme' }), 'proof-wrong-name'],
    ['of a CA of the same name', makeProof(makeCa('another root'), 'acme'), 'proof-wrong-signature'],
    ['signed by itself', makeDevice(undefined, undefined, { commonName: 'twinfold:acme' }).pem, 'proof-wrong-signature'],
    ['that is over', makeProof(others, 'acme', { nowMs: NOW - 10 * DAY_MS, validMs: DAY_MS }), 'proof-out-of-time'],
    ['that is to come', makeProof(others, 'acme', { nowMs: NOW + 10 * DAY_MS }), 'proof-out-of-time'],
    ['that is a CA', makeCa('twinfold:acme', { issuer: others }).pem, 'proof-unusable'],
    ['that is good', makeProof(others, 'acme'), 'named'],
  ];
  for (const [which, proof, expected] of cases) {
    it(`${which}: ${expected}`, async () => {
      const { cas, commands } = await rig();
      const added = await cas.add(commands, 'acme', { pem: others.pem, proof });
      assert.equal(added.ok ? 'named' : 'fault' in added ? added.fault : added.why, expected);
      assert.equal(cas.list('acme').length, added.ok ? 2 : 1);
    });
  }

  it('is not asked of whoever runs the deployment', async () => {
    const { cas, commands } = await rig();
    assert.equal((await cas.add(commands, 'acme', { pem: others.pem, isVouchedFor: true })).ok, true);
  });
});
