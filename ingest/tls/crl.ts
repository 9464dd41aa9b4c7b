/**
 * Revocation lists (RFC 5280 §5): which serials a CA took back, if it was that CA that said so. Read element by element:
 * a list may have thousands of entries, and every edge reads it.
 */
import { Buffer } from 'node:buffer';
import type { CertificateFacts } from './certificate.ts';
import { certificateBody, contentOf, elementAt, elementsOf, hexOf, sequenceOf, serialText, TAG, type Element } from './der.ts';
import { checkSignature } from './signatures.ts';

/** Some 6,000 entries: a list lies in one registry entry. Beyond that, let certificates live shorter. */
export const CRL_BYTES_MAX = 256 * 1024;

export interface RevocationList {
  readonly revoked: ReadonlySet<string>;
  readonly thisUpdateMs: number;
  /** When the CA promised the next one; absent: it didn't. */
  readonly nextUpdateMs: number | undefined;
}

export type CrlFault = 'malformed' | 'another-issuer' | 'wrong-signature' | 'unsupported' | 'too-large';

export type CrlResult = { readonly ok: true; readonly list: RevocationList } | { readonly ok: false; readonly why: CrlFault };

/** 2.5.29.27 and 2.5.29.28: lists that say only what changed, or only a part. */
const DELTA = '551d1b';
const PART = '551d1c';
const EXTENSIONS = 0xa0;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** A list that this CA signed itself, and that is whole. */
export function readCrl(pem: string, ca: CertificateFacts): CrlResult {
  if (pem.length > CRL_BYTES_MAX) return { ok: false, why: 'too-large' };
  const [, base64] = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/.exec(pem) ?? [];
  const der = Buffer.from(base64 ?? '', 'base64');
  const outer = sequenceOf(der);
  const [tbs, algorithm, signature] = outer ?? [];
  if (outer?.length !== 3 || tbs?.tag !== TAG.sequence || algorithm === undefined || signature?.tag !== TAG.bitString) return malformed();
  const read = readList(der, tbs);
  if (read === undefined) return malformed();
  if (read.isPartial) return { ok: false, why: 'unsupported' };
  const subject = certificateBody(ca.x509.raw)?.subject;
  if (subject === undefined || Buffer.compare(read.issuer, subject) !== 0 || !ca.maySignLists) return { ok: false, why: 'another-issuer' };
  const name = elementAt(der, algorithm.start, algorithm.end);
  const signed = {
    bytes: der.subarray(tbs.at, tbs.end),
    algorithm: name === undefined ? '' : hexOf(contentOf(der, name)),
    // The first byte of a bit string counts the bits that are not used: none, here.
    signature: der.subarray(signature.start + 1, signature.end),
  };
  try {
    const checked = checkSignature(signed, ca.x509.publicKey);
    if (checked !== 'good') return { ok: false, why: checked === 'wrong' ? 'wrong-signature' : 'unsupported' };
  } catch {
    return { ok: false, why: 'wrong-signature' };
  }
  return { ok: true, list: read.list };
}

function malformed(): CrlResult {
  return { ok: false, why: 'malformed' };
}

interface ReadList {
  readonly issuer: Uint8Array;
  readonly list: RevocationList;
  readonly isPartial: boolean;
}

/** TBSCertList: version?, signature, issuer, thisUpdate, nextUpdate?, revokedCertificates?, extensions? */
function readList(der: Uint8Array, tbs: Element): ReadList | undefined {
  const fields = [...(elementsOf(der, tbs.start, tbs.end) ?? [])];
  if (fields[0]?.tag === TAG.integer) fields.shift();
  const [algorithm, issuer, thisUpdate, ...rest] = fields;
  if (algorithm?.tag !== TAG.sequence || issuer?.tag !== TAG.sequence || thisUpdate === undefined) return undefined;
  const thisUpdateMs = timeOf(der, thisUpdate);
  const nextUpdateMs = rest[0] === undefined ? undefined : timeOf(der, rest[0]);
  if (thisUpdateMs === undefined) return undefined;
  const entries = rest.find(({ tag }) => tag === TAG.sequence);
  const revoked = entries === undefined ? new Set<string>() : serialsOf(der, entries);
  const extensions = rest.find(({ tag }) => tag === EXTENSIONS);
  const isPartial = extensions === undefined ? false : saysPartial(contentOf(der, extensions));
  if (revoked === undefined || isPartial === undefined) return undefined;
  return { issuer: der.subarray(issuer.at, issuer.end), list: { revoked, thisUpdateMs, nextUpdateMs }, isPartial };
}

function serialsOf(der: Uint8Array, list: Element): ReadonlySet<string> | undefined {
  const entries = elementsOf(der, list.start, list.end);
  if (entries === undefined) return undefined;
  const serials = new Set<string>();
  for (const entry of entries) {
    const serial = entry.tag === TAG.sequence ? elementAt(der, entry.start, entry.end) : undefined;
    if (serial?.tag !== TAG.integer) return undefined;
    serials.add(serialText(contentOf(der, serial)));
  }
  return serials;
}

/** Whether an extension says that the list is not all there is, or something critical that isn't understood. */
function saysPartial(list: Uint8Array): boolean | undefined {
  const elements = sequenceOf(list);
  if (elements === undefined) return undefined;
  return elements.some((element) => {
    const [oid, second] = elementsOf(list, element.start, element.end) ?? [];
    if (oid?.tag !== TAG.oid) return true;
    const name = hexOf(contentOf(list, oid));
    return name === DELTA || name === PART || (second?.tag === TAG.boolean && list[second.start] !== 0);
  });
}

/** UTCTime counts from 1950 to 2049, GeneralizedTime says the century (RFC 5280 §4.1.2.5). */
function timeOf(der: Uint8Array, element: Element): number | undefined {
  const text = Buffer.from(contentOf(der, element)).toString('latin1');
  const full = element.tag === UTC_TIME ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? [];
  if ((element.tag !== UTC_TIME && element.tag !== GENERALIZED_TIME) || second === undefined) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
