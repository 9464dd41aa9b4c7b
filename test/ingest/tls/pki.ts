/** Certificates of every kind for tests: good ones, and such as nobody should take. */
import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  Certificate,
  CertificateList,
  type Extension,
  RevokedCertificate,
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import type { PeerCertificate } from '../../../ingest/message.ts';
import { readCertificates } from '../../../ingest/tls/certificate.ts';
import { bufferOf, type CertificateDraft, generateKeys, issueCertificate, keyPem, pemOf, PURPOSE } from '../../../ingest/tls/issue.ts';

export const DAY_MS = 86_400_000;
export const NOW = Date.now();

export interface Holder {
  readonly pem: string;
  readonly key: KeyObject;
  readonly keyPem: string;
}

type Draft = Partial<Omit<CertificateDraft, 'publicKey'>>;

function issue(draft: Draft & { readonly commonName: string }, issuer: Holder | undefined): Holder {
  const { privateKey, publicKey } = generateKeys();
  const whole = { nowMs: NOW, validMs: 30 * DAY_MS, ...draft, publicKey };
  const pem = issueCertificate(whole, issuer === undefined ? privateKey : { certificatePem: issuer.pem, key: issuer.key }, randomBytes);
  return { pem, key: privateKey, keyPem: keyPem(privateKey) };
}

export function makeCa(commonName: string, options: Draft & { readonly issuer?: Holder } = {}): Holder {
  const { issuer, ...draft } = options;
  return issue({ commonName, ca: { pathLength: 3 }, ...draft }, issuer);
}

export function makeDevice(issuer: Holder | undefined, uri: string | undefined, draft: Draft = {}): Holder {
  return issue({ commonName: 'device', purposes: [PURPOSE.client], ...(uri === undefined ? {} : { uris: [uri] }), ...draft }, issuer);
}

export function makeServer(issuer: Holder, hosts: readonly string[] = ['localhost', '127.0.0.1']): Holder {
  return issue({ commonName: 'server', purposes: [PURPOSE.server], hosts }, issuer);
}

/** That its holder has the CA's key, for the tenant. */
export function makeProof(ca: Holder, tenant: string, draft: Draft = {}): string {
  return issue({ commonName: `twinfold:${tenant}`, ...draft }, ca).pem;
}

export function urn(tenant: string, device: string): string {
  return `urn:twinfold:${tenant}:${device}`;
}

/** What a handshake would have brought. */
export function peerOf(holder: Holder, ...above: readonly Holder[]): PeerCertificate {
  const [leaf, ...intermediates] = [holder, ...above].map(({ pem }) => factsOf(pem));
  if (leaf === undefined) throw new Error('no certificate');
  return { fingerprint: leaf.fingerprint, leaf: leaf.x509.raw, intermediates: intermediates.map(({ x509 }) => x509.raw) };
}

export function factsOf(pem: string): NonNullable<ReturnType<typeof readCertificates>>[number] {
  const [facts] = readCertificates(pem) ?? [];
  if (facts === undefined) throw new Error('no certificate');
  return facts;
}

/** A certificate as another one: what it says is changed, and the issuer signs that. */
export function resigned(holder: Holder, issuer: Holder, change: (certificate: Certificate) => void): Holder {
  const certificate = AsnConvert.parse(bufferOf(factsOf(holder.pem).x509.raw), Certificate);
  change(certificate);
  // The library would serialise what it read.
  delete certificate.tbsCertificateRaw;
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(certificate.tbsCertificate)), issuer.key);
  certificate.signatureValue = bufferOf(signature);
  return { ...holder, pem: pemOf('CERTIFICATE', Buffer.from(AsnConvert.serialize(certificate))) };
}

export interface CrlOptions {
  readonly thisUpdateMs?: number;
  readonly nextUpdateMs?: number;
  readonly extensions?: readonly Extension[];
  readonly signer?: Holder;
}

export function makeCrl(issuer: Holder, revoked: readonly Holder[], options: CrlOptions = {}): string {
  const { tbsCertificate } = AsnConvert.parse(bufferOf(factsOf(issuer.pem).x509.raw), Certificate);
  const algorithm = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });
  const thisUpdate = new Date(options.thisUpdateMs ?? NOW);
  const tbs = new TBSCertList({
    version: Version.v2,
    signature: algorithm,
    issuer: tbsCertificate.subject,
    thisUpdate: new Time(thisUpdate),
    nextUpdate: new Time(new Date(options.nextUpdateMs ?? thisUpdate.getTime() + 7 * DAY_MS)),
    ...(revoked.length === 0
      ? {}
      : {
          revokedCertificates: revoked.map(
            ({ pem }) =>
              new RevokedCertificate({
                userCertificate: AsnConvert.parse(bufferOf(factsOf(pem).x509.raw), Certificate).tbsCertificate.serialNumber,
                revocationDate: new Time(thisUpdate),
              }),
          ),
        }),
    ...(options.extensions === undefined ? {} : { crlExtensions: [...options.extensions] }),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbs)), (options.signer ?? issuer).key);
  const list = new CertificateList({ tbsCertList: tbs, signatureAlgorithm: algorithm, signature: bufferOf(signature) });
  return pemOf('X509 CRL', Buffer.from(AsnConvert.serialize(list)));
}
