/**
 * Makes certificates: CAs, what they sign for servers and devices, and the answer to a signing request. Encoding is the
 * library's, signing is OpenSSL's; decided here is only what a certificate says. Keys are P-256 throughout.
 */
import { generateKeyPairSync, hash, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { RandomBytes } from '../credentials/credentials.ts';

const OID = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;

export const PURPOSE = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

/** RFC 5280 §4.1.2.2 allows 20; random, so that nobody can foresee what will be signed. */
const SERIAL_BYTES = 16;
/** Clocks of devices differ: a certificate made now is good a little before. */
const BACKDATE_MS = 3_600_000;

export interface CertificateDraft {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly nowMs: number;
  readonly validMs: number;
  /** For a CA; then `purposes` and names are left out as a rule. */
  readonly ca?: { readonly pathLength: number };
  readonly purposes?: readonly string[];
  readonly uris?: readonly string[];
  /** Host names and IP addresses. */
  readonly hosts?: readonly string[];
}

/** Who signs: a CA's certificate and key. */
export interface Issuer {
  readonly certificatePem: string;
  readonly key: KeyObject;
}

export function generateKeys(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

export function keyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A certificate as PEM; signed by itself where the issuer is a bare key. */
export function issueCertificate(draft: CertificateDraft, issuer: Issuer | KeyObject, randomBytes: RandomBytes): string {
  const subject = nameOf(draft.commonName);
  const publicInfo = bufferOf(draft.publicKey.export({ type: 'spki', format: 'der' }));
  const above = 'certificatePem' in issuer ? issuerOf(issuer.certificatePem) : { name: subject, publicInfo };
  const algorithm = new AlgorithmIdentifier({ algorithm: OID.ecdsaWithSha256 });
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialOf(randomBytes),
    signature: algorithm,
    issuer: above.name,
    validity: new Validity({ notBefore: new Date(draft.nowMs - BACKDATE_MS), notAfter: new Date(draft.nowMs + draft.validMs) }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(publicInfo, SubjectPublicKeyInfo),
    extensions: new Extensions(extensionsOf(draft, publicInfo, above.publicInfo)),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbs)), 'key' in issuer ? issuer.key : issuer);
  const certificate = new Certificate({ tbsCertificate: tbs, signatureAlgorithm: algorithm, signatureValue: bufferOf(signature) });
  return pemOf('CERTIFICATE', Buffer.from(AsnConvert.serialize(certificate)));
}

export function pemOf(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der.buffer, der.byteOffset, der.byteLength)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** An ArrayBuffer of its own, as the library wants them. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function issuerOf(pem: string): { readonly name: Name; readonly publicInfo: ArrayBuffer } {
  const x509 = new X509Certificate(pem);
  const { subject } = AsnConvert.parse(bufferOf(x509.raw), Certificate).tbsCertificate;
  return { name: subject, publicInfo: bufferOf(x509.publicKey.export({ type: 'spki', format: 'der' })) };
}

function extensionsOf(draft: CertificateDraft, publicInfo: ArrayBuffer, issuerInfo: ArrayBuffer): Extension[] {
  const { ca, purposes = [], uris = [], hosts = [] } = draft;
  const names = [
    ...uris.map((uri) => new GeneralName({ uniformResourceIdentifier: uri })),
    ...hosts.map((host) => (isIP(host) === 0 ? new GeneralName({ dNSName: host }) : new GeneralName({ iPAddress: host }))),
  ];
  const usage = ca === undefined ? KeyUsageFlags.digitalSignature : KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;
  const constraints = ca === undefined ? new BasicConstraints({}) : new BasicConstraints({ cA: true, pathLenConstraint: ca.pathLength });
  const keyId = (info: ArrayBuffer): ArrayBuffer => bufferOf(hash('sha1', new Uint8Array(info), 'buffer'));
  return [
    extension(OID.basicConstraints, constraints, true),
    extension(OID.keyUsage, new KeyUsage(usage), true),
    extension(OID.subjectKeyIdentifier, new SubjectKeyIdentifier(keyId(publicInfo))),
    extension(OID.authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyId(issuerInfo)) })),
    ...(purposes.length === 0 ? [] : [extension(OID.extendedKeyUsage, new ExtendedKeyUsage([...purposes]))]),
    ...(names.length === 0 ? [] : [extension(OID.subjectAltName, new SubjectAlternativeName(names))]),
  ];
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function nameOf(commonName: string): Name {
  const value = new AttributeValue({ utf8String: commonName });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: OID.commonName, value })])]);
}

/** Positive, and not zero (RFC 5280 §4.1.2.2). */
function serialOf(randomBytes: RandomBytes): ArrayBuffer {
  const bytes = Uint8Array.from(randomBytes(SERIAL_BYTES));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.buffer;
}
