/** Certificate signing requests (RFC 2986): whose key it is, and that whoever asks holds it. What else a request wants is not looked at. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { bufferOf } from './issue.ts';
import { checkSignature, isWeakKey } from './signatures.ts';

/** With an RSA key of 4,096 bits one has 2 KB. */
export const CSR_BYTES_MAX = 16 * 1024;
export type CsrFault = 'malformed' | 'unsupported-signature' | 'weak-key' | 'wrong-signature';

export type CsrResult = { readonly ok: true; readonly publicKey: KeyObject } | { readonly ok: false; readonly why: CsrFault };

export function readCsr(pem: string): CsrResult {
  const [, base64] =
    /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----/.exec(pem) ?? [];
  if (base64 === undefined || pem.length > CSR_BYTES_MAX) return { ok: false, why: 'malformed' };
  try {
    const request = AsnConvert.parse(bufferOf(Buffer.from(base64, 'base64')), CertificationRequest);
    const info = request.certificationRequestInfoRaw;
    if (info === undefined) return { ok: false, why: 'malformed' };
    const spki = Buffer.from(AsnConvert.serialize(request.certificationRequestInfo.subjectPKInfo));
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    if (isWeakKey(publicKey)) return { ok: false, why: 'weak-key' };
    const signed = {
      bytes: new Uint8Array(info),
      algorithm: request.signatureAlgorithm.algorithm,
      signature: new Uint8Array(request.signature),
    };
    const checked = checkSignature(signed, publicKey);
    if (checked === 'good') return { ok: true, publicKey };
    return { ok: false, why: checked === 'wrong' ? 'wrong-signature' : 'unsupported-signature' };
  } catch {
    return { ok: false, why: 'malformed' };
  }
}
