import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AsnParser } from '@peculiar/asn1-schema';
import { BasicConstraints, Certificate, ExtendedKeyUsage, Extension } from '@peculiar/asn1-x509';
import fc from 'fast-check';
import { readCertificate } from '../../../ingest/tls/certificate.ts';
import { type Anchor, type ChainFault, verifyChain } from '../../../ingest/tls/chain.ts';
import { bufferOf, PURPOSE } from '../../../ingest/tls/issue.ts';
import { DAY_MS, factsOf, type Holder, makeCa, makeDevice, NOW, resigned, urn } from './pki.ts';

const root = makeCa('root');
const middle = makeCa('middle', { issuer: root, ca: { pathLength: 0 } });
const other = makeCa('other');
/** The same name as the root, and another key. */
const impostor = makeCa('root');
const NAME = urn('acme', 'dev-1');

function anchor(holder: Holder, revoked: readonly Holder[] = []): Anchor {
  return { id: 'ca', facts: factsOf(holder.pem), revoked: new Set(revoked.map(({ pem }) => factsOf(pem).serial)) };
}

function verdict(leaf: Holder, sent: readonly Holder[], anchors: readonly Anchor[]): ChainFault | 'ok' {
  return verdictAt(NOW, { leaf, sent, anchors });
}

function verdictAt(
  nowMs: number,
  { anchors, leaf, sent }: { readonly leaf: Holder; readonly sent: readonly Holder[]; readonly anchors: readonly Anchor[] },
): ChainFault | 'ok' {
  const found = verifyChain({ leaf: factsOf(leaf.pem), intermediates: sent.map(({ pem }) => factsOf(pem)), anchors, nowMs });
  return found.ok ? 'ok' : found.fault;
}

function withExtension(holder: Holder, issuer: Holder, extension: Extension): Holder {
  return resigned(holder, issuer, ({ tbsCertificate }) => tbsCertificate.extensions?.push(extension));
}

const good = makeDevice(root, NAME);
const deep = makeDevice(middle, NAME);
const unknown = new Extension({ extnID: '1.2.3.4.5', critical: true, extnValue: new OctetString(new Uint8Array([5, 0])) });

describe('a chain', () => {
  const cases: readonly (readonly [string, ChainFault | 'ok', () => ChainFault | 'ok'])[] = [
    ['straight from the CA', 'ok', () => verdict(good, [], [anchor(root)])],
    ['over an intermediate that was sent', 'ok', () => verdict(deep, [middle], [anchor(root)])],
    ['over an intermediate that the tenant named', 'ok', () => verdict(deep, [], [anchor(middle)])],
    ['with more sent than is needed', 'ok', () => verdict(deep, [other, root, middle], [anchor(root)])],
    ['half of it', 'chain-incomplete', () => verdict(deep, [], [anchor(root)])],
    ['to a CA that nobody named, though it was sent', 'chain-incomplete', () => verdict(good, [root], [anchor(other)])],
    ['to a CA of the same name and another key', 'chain-incomplete', () => verdict(good, [], [anchor(impostor)])],
    ['of itself', 'chain-incomplete', () => verdict(makeDevice(undefined, NAME), [], [anchor(root)])],
    ['without any CA', 'chain-incomplete', () => verdict(good, [], [])],
    ['after its time', 'expired', () => verdictAt(NOW + 31 * DAY_MS, { leaf: good, sent: [], anchors: [anchor(root)] })],
    ['before its time', 'not-yet-valid', () => verdictAt(NOW - DAY_MS, { leaf: good, sent: [], anchors: [anchor(root)] })],
    [
      'that outlives its CA',
      'issuer-expired',
      () => verdictAt(NOW + 40 * DAY_MS, { leaf: makeDevice(root, NAME, { validMs: 90 * DAY_MS }), sent: [], anchors: [anchor(root)] }),
    ],
    ['of a server', 'wrong-usage', () => verdict(makeDevice(root, NAME, { purposes: [PURPOSE.server] }), [], [anchor(root)])],
    ['for any use', 'ok', () => verdict(makeDevice(root, NAME, { purposes: [] }), [], [anchor(root)])],
    ['of a CA itself', 'is-a-ca', () => verdict(middle, [], [anchor(root)])],
    ['signed by a device', 'issuer-may-not-sign', () => verdict(makeDevice(good, NAME), [good], [anchor(root)])],
    [
      'deeper than the intermediate may sign',
      'issuer-may-not-sign',
      () => {
        const below = makeCa('below', { issuer: middle, ca: { pathLength: 0 } });
        return verdict(makeDevice(below, NAME), [below, middle], [anchor(root)]);
      },
    ],
    [
      'with a critical extension that nobody knows',
      'unknown-critical-extension',
      () => verdict(withExtension(good, root, unknown), [], [anchor(root)]),
    ],
    ['over a CA for servers alone', 'wrong-usage', () => verdict(...overServersOnly())],
    ['that its CA revoked', 'revoked', () => verdict(good, [], [anchor(root, [good])])],
    ['whose intermediate was revoked', 'revoked', () => verdict(deep, [middle], [anchor(root, [middle])])],
    ['that its CA revoked, with a way around it', 'revoked', () => verdict(deep, [middle], [anchor(root), anchor(middle, [deep])])],
    ['of five intermediates', 'chain-too-long', () => verdict(deep, [middle, middle, middle, middle, middle], [anchor(root)])],
    [
      'changed after it was signed',
      'chain-incomplete',
      () =>
        verdict(
          resigned(good, other, () => undefined),
          [],
          [anchor(root)],
        ),
    ],
  ];
  for (const [what, expected, ask] of cases) it(`${what}: ${expected}`, () => assert.equal(ask(), expected));

  it('ends with the first of its certificates', () => {
    const short = makeCa('short', { validMs: 10 * DAY_MS });
    const found = verifyChain({ leaf: factsOf(makeDevice(short, NAME).pem), intermediates: [], anchors: [anchor(short)], nowMs: NOW });
    assert.ok(found.ok);
    assert.equal(found.notAfterMs, factsOf(short.pem).notAfterMs);
  });

  it('is not searched for ever: many intermediates of one name', () => {
    const twins = Array.from({ length: 4 }, () => makeCa('twin', { issuer: makeCa('twin') }));
    assert.equal(verdict(makeDevice(twins[0], NAME), twins, [anchor(root)]), 'chain-incomplete');
  });
});

function overServersOnly(): readonly [Holder, readonly Holder[], readonly Anchor[]] {
  const bare = makeCa('servers', { issuer: root });
  const usage = new Extension({
    extnID: '2.5.29.37',
    extnValue: new OctetString(AsnConvert.serialize(new ExtendedKeyUsage([PURPOSE.server]))),
  });
  const servers = withExtension(bare, root, usage);
  return [makeDevice(servers, NAME), [servers], [anchor(root)]];
}

describe('a certificate', () => {
  const holders = [root, middle, good, makeDevice(root, undefined, { hosts: ['a.test', '10.0.0.1'], purposes: [] })];

  it('is read as the library reads it', () => {
    for (const { pem } of holders) {
      const facts = factsOf(pem);
      const { tbsCertificate } = AsnParser.parse(bufferOf(facts.x509.raw), Certificate);
      const constraints = tbsCertificate.extensions?.find(({ extnID }) => extnID === '2.5.29.19');
      assert.ok(constraints !== undefined);
      const { cA, pathLenConstraint } = AsnParser.parse(constraints.extnValue, BasicConstraints);
      assert.equal(facts.isCa, cA);
      assert.equal(facts.pathLength, pathLenConstraint);
      assert.equal(facts.serial, Buffer.from(tbsCertificate.serialNumber).toString('hex').replace(/^0+/, ''));
      assert.equal(facts.serial, facts.x509.serialNumber.toLowerCase().replace(/^0+/, ''));
      assert.equal(facts.isCa, facts.x509.ca);
      assert.equal(facts.fingerprint, facts.x509.fingerprint256.replaceAll(':', '').toLowerCase());
    }
    assert.deepEqual(factsOf(good.pem).uris, [NAME]);
    assert.deepEqual(factsOf(holders[3]?.pem ?? '').dnsNames, ['a.test']);
  });

  it('that is damaged is none, and never an exception', () => {
    const der = factsOf(good.pem).x509.raw;
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(der.length), (at, flip, cut) => {
        const bytes = Buffer.from(der);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        for (const one of [bytes, der.subarray(0, Math.min(cut, der.length - 1))]) {
          const facts = readCertificate(one);
          // What can still be read is no longer signed by the CA.
          if (facts !== undefined)
            assert.notEqual(verifyChain({ leaf: facts, intermediates: [], anchors: [anchor(root)], nowMs: NOW }).ok, true);
        }
      }),
      { numRuns: 400 },
    );
    assert.equal(readCertificate(Buffer.alloc(0)), undefined);
    assert.equal(readCertificate(Buffer.alloc(20_000, 0x30)), undefined);
  });

  it('with an extension twice is none', () => {
    const twice = resigned(good, root, ({ tbsCertificate }) => {
      const [first] = tbsCertificate.extensions ?? [];
      if (first !== undefined) tbsCertificate.extensions?.push(first);
    });
    assert.throws(() => factsOf(twice.pem));
  });
});
