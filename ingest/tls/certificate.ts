/** What a certificate says, read once: OpenSSL's view of it, and what of its extensions decides over its use. */
import { Buffer } from 'node:buffer';
import { hash, X509Certificate } from 'node:crypto';
import { certificateBody, type CertificateBody, contentOf, elementAt, type Extension, hexOf, sequenceOf, TAG } from './der.ts';
import { isWeakKey, RSA_PSS, SIGNATURES } from './signatures.ts';

export interface CertificateFacts {
  readonly x509: X509Certificate;
  /** SHA-256 of the whole certificate, lower case hex. */
  readonly fingerprint: string;
  /** SHA-256 of its SubjectPublicKeyInfo, base64: outlives a renewal with the same key. */
  readonly spki: string;
  readonly serial: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly isCa: boolean;
  /** CA certificates that may follow below this one; absent: any number. */
  readonly pathLength: number | undefined;
  /** Whether it may be the client's in a handshake, by key usage and extended key usage; of a CA: whether what it signs may be. */
  readonly mayBeClient: boolean;
  /** Whether it may sign certificates, by key usage. */
  readonly maySign: boolean;
  /** Whether it may sign revocation lists. */
  readonly maySignLists: boolean;
  /** Names in subjectAltName. The subject's own name is nobody's identity. */
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  /** There is a critical extension that is not evaluated here: it must not be used (RFC 5280 §4.2). */
  readonly hasUnknownCritical: boolean;
  readonly isWeak: boolean;
}

/** A certificate with a 4,096 bit key and many names has 3 KB. */
export const CERTIFICATE_BYTES_MAX = 16 * 1024;
/** Names beyond this say that it is no device's. */
const NAMES_MAX = 64;

const OID = {
  keyUsage: '551d0f',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  extendedKeyUsage: '551d25',
  clientAuth: '2b06010505070302',
  anyUsage: '551d2500',
} as const;
const EVALUATED: ReadonlySet<string> = new Set([OID.keyUsage, OID.subjectAltName, OID.basicConstraints, OID.extendedKeyUsage]);
const DIGITAL_SIGNATURE = 0x80;
const KEY_CERT_SIGN = 0x04;
const CRL_SIGN = 0x02;

/** What is known of a certificate already: the same, read by OpenSSL, and its SHA-256. */
export interface Parsed {
  readonly x509: X509Certificate;
  readonly fingerprint: string;
}

/** Undefined when the bytes are no certificate, or one whose extensions can't be read. */
export function readCertificate(der: Uint8Array, parsed?: Parsed): CertificateFacts | undefined {
  if (der.length > CERTIFICATE_BYTES_MAX) return undefined;
  const body = certificateBody(der);
  if (body === undefined) return undefined;
  try {
    const x509 = parsed?.x509 ?? new X509Certificate(der);
    const usage = usageOf(body.extensions);
    if (usage === undefined) return undefined;
    return {
      x509,
      fingerprint: parsed?.fingerprint ?? hash('sha256', der, 'hex'),
      spki: hash('sha256', body.spki, 'base64'),
      serial: body.serial,
      notBeforeMs: x509.validFromDate.getTime(),
      notAfterMs: x509.validToDate.getTime(),
      ...usage,
      isWeak: isWeak(body, x509),
    };
  } catch {
    return undefined;
  }
}

/** The certificates of a PEM text, in order; undefined when one of them can't be read or there is none. */
export function readCertificates(pem: string): readonly CertificateFacts[] | undefined {
  const found: CertificateFacts[] = [];
  for (const [, base64 = ''] of pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)) {
    const facts = readCertificate(Buffer.from(base64, 'base64'));
    if (facts === undefined) return undefined;
    found.push(facts);
  }
  return found.length === 0 ? undefined : found;
}

type Usage = Pick<
  CertificateFacts,
  'isCa' | 'pathLength' | 'mayBeClient' | 'maySign' | 'maySignLists' | 'uris' | 'dnsNames' | 'hasUnknownCritical'
>;

function usageOf(extensions: readonly Extension[]): Usage | undefined {
  const valueOf = (oid: string): Uint8Array | undefined => extensions.find((one) => one.oid === oid)?.value;
  const constraints = basicConstraints(valueOf(OID.basicConstraints));
  const keyUsage = keyUsageBits(valueOf(OID.keyUsage));
  const purposes = oidsOf(valueOf(OID.extendedKeyUsage));
  const names = namesOf(valueOf(OID.subjectAltName));
  if (constraints === undefined || keyUsage === undefined || purposes === undefined || names === undefined) return undefined;
  const isForClients = purposes.length === 0 || purposes.includes(OID.clientAuth) || purposes.includes(OID.anyUsage);
  return {
    ...constraints,
    ...names,
    mayBeClient: isForClients && (constraints.isCa || (keyUsage & DIGITAL_SIGNATURE) !== 0),
    maySign: (keyUsage & KEY_CERT_SIGN) !== 0,
    maySignLists: (keyUsage & CRL_SIGN) !== 0,
    hasUnknownCritical: extensions.some(({ critical, oid }) => critical && !EVALUATED.has(oid)),
  };
}

function basicConstraints(value: Uint8Array | undefined): Pick<Usage, 'isCa' | 'pathLength'> | undefined {
  if (value === undefined) return { isCa: false, pathLength: undefined };
  const parts = sequenceOf(value);
  if (parts === undefined || parts.length > 2) return undefined;
  const flag = parts.find(({ tag }) => tag === TAG.boolean);
  const length = parts.find(({ tag }) => tag === TAG.integer);
  const isCa = flag !== undefined && value[flag.start] !== 0;
  if (length === undefined) return { isCa, pathLength: undefined };
  if (length.end - length.start !== 1) return undefined;
  return { isCa, pathLength: value[length.start] };
}

/** The first byte of the bit string; without the extension, every use is allowed. */
function keyUsageBits(value: Uint8Array | undefined): number | undefined {
  if (value === undefined) return 0xff;
  const bits = elementAt(value, 0, value.length);
  if (bits?.tag !== TAG.bitString || bits.end !== value.length || bits.end - bits.start < 2) return undefined;
  return value[bits.start + 1];
}

function oidsOf(value: Uint8Array | undefined): readonly string[] | undefined {
  if (value === undefined) return [];
  const parts = sequenceOf(value);
  if (parts === undefined || parts.length === 0) return undefined;
  return parts.every(({ tag }) => tag === TAG.oid) ? parts.map((part) => hexOf(contentOf(value, part))) : undefined;
}

function namesOf(value: Uint8Array | undefined): Pick<Usage, 'uris' | 'dnsNames'> | undefined {
  if (value === undefined) return { uris: [], dnsNames: [] };
  const parts = sequenceOf(value);
  if (parts === undefined || parts.length > NAMES_MAX) return undefined;
  const texts = (tag: number): readonly string[] =>
    parts.filter((part) => part.tag === tag).map((part) => Buffer.from(contentOf(value, part)).toString('latin1'));
  return { uris: texts(TAG.uri), dnsNames: texts(TAG.dnsName) };
}

/** Most devices have such a key; looking at it takes longer than all the rest. */
const P256 = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107', 'hex');

function isWeak({ signature, spki }: CertificateBody, x509: X509Certificate): boolean {
  const algorithm = signature.slice(4, 4 + 2 * Number.parseInt(signature.slice(2, 4), 16));
  const isSigned = algorithm === RSA_PSS ? /6086480165030402(01|02|03)/.test(signature) : SIGNATURES.has(algorithm);
  return !isSigned || (P256.compare(spki, 0, P256.length) !== 0 && isWeakKey(x509.publicKey));
}
