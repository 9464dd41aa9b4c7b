/** The signature algorithms that are taken, and keys that are too weak to sign with. SHA-1 and MD5 are not among them. */
import { type KeyObject, verify } from 'node:crypto';

const RSA_BITS_MIN = 2_048;
const CURVES: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/** Digest by algorithm, named as in certificates and as its encoded bytes; null: the algorithm has its own. */
const DIGESTS: ReadonlyMap<string, string | null> = new Map([
  // ECDSA
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['2a8648ce3d040302', 'sha256'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
  // RSA, PKCS #1 v1.5
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['2a864886f70d01010b', 'sha256'],
  ['2a864886f70d01010c', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  // Ed25519
  ['1.3.101.112', null],
  ['2b6570', null],
]);

/** What certificates may be signed with, by its encoded bytes: the same, and RSA-PSS by its digest. */
export const SIGNATURES: ReadonlySet<string> = new Set([...DIGESTS.keys()].filter((name) => !name.includes('.')).concat('2b6571'));
export const RSA_PSS = '2a864886f70d01010a';

export interface Signed {
  readonly bytes: Uint8Array;
  /** Dotted, or its encoded bytes as hex. */
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

/** May throw where the key is none for the algorithm. */
export function checkSignature({ bytes, algorithm, signature }: Signed, key: KeyObject): 'good' | 'wrong' | 'unsupported' {
  const digest = DIGESTS.get(algorithm);
  if (digest === undefined) return 'unsupported';
  return verify(digest, bytes, key, signature) ? 'good' : 'wrong';
}

export function isWeakKey(key: KeyObject): boolean {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return modulusLength < RSA_BITS_MIN;
    case 'ec':
      return !CURVES.includes(namedCurve);
    case 'ed25519':
    case 'ed448':
      return false;
    default:
      return true;
  }
}
