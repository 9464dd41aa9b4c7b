/**
 * As much of DER (X.690) as it takes to see what a certificate says about its own use: extensions with their critical
 * flag, which `node:crypto` doesn't tell. Reads what strangers send, so every length is checked against what is there, and
 * nothing is followed deeper than the structure goes. Signatures, names and keys are left to OpenSSL.
 */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  version: 0xa0,
  issuerUniqueId: 0x81,
  subjectUniqueId: 0x82,
  extensions: 0xa3,
  dnsName: 0x82,
  uri: 0x86,
} as const;

/** One element: its content is `bytes[start, end)`, the element itself `bytes[at, end)`. */
export interface Element {
  readonly tag: number;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

export interface Extension {
  /** The identifier's encoded bytes as hex: 2.5.29.19 is 551d13. */
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

export interface CertificateBody {
  /** Lower case hex, without leading zeros. */
  readonly serial: string;
  /** The algorithm that it was signed with, and its parameters, as hex. */
  readonly signature: string;
  /** The subject's whole name, as it is encoded. */
  readonly subject: Uint8Array;
  /** The whole SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** A length of more bytes than this would be of a certificate that nobody sends. */
const LENGTH_BYTES_MAX = 3;
/** Real certificates have a dozen. */
const EXTENSIONS_MAX = 32;

/** The element at `at`, if it lies within `end` as a whole. */
export function elementAt(bytes: Uint8Array, at: number, end: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > end || (tag & 0x1f) === 0x1f) return undefined;
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first - 0x80;
    if (count === 0 || count > LENGTH_BYTES_MAX || start + count > end) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
    // DER has one way to say a length (X.690 §10.1).
    if (length < 0x80 || (bytes[at + 2] ?? 0) === 0) return undefined;
  }
  return start + length > end ? undefined : { tag, at, start, end: start + length };
}

/** All elements of `bytes[start, end)`; undefined when they don't fill it exactly. */
export function elementsOf(bytes: Uint8Array, start: number, end: number): readonly Element[] | undefined {
  const found: Element[] = [];
  for (let at = start; at < end;) {
    const element = elementAt(bytes, at, end);
    if (element === undefined) return undefined;
    found.push(element);
    at = element.end;
  }
  return found;
}

/** The elements within the one SEQUENCE that `bytes` is; undefined when it is anything else. */
export function sequenceOf(bytes: Uint8Array): readonly Element[] | undefined {
  const outer = elementAt(bytes, 0, bytes.length);
  if (outer?.tag !== TAG.sequence || outer.end !== bytes.length) return undefined;
  return elementsOf(bytes, outer.start, outer.end);
}

export function contentOf(bytes: Uint8Array, element: Element): Uint8Array {
  return bytes.subarray(element.start, element.end);
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** For names and serials, which have a few bytes: sooner done than a call into the runtime. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte] ?? '';
  return text;
}

/** What a certificate (RFC 5280 §4.1) says beside names and signature; undefined when it is malformed. */
export function certificateBody(der: Uint8Array): CertificateBody | undefined {
  const outer = sequenceOf(der);
  const tbs = outer?.[0];
  if (outer?.length !== 3 || tbs?.tag !== TAG.sequence) return undefined;
  const fields = elementsOf(der, tbs.start, tbs.end);
  if (fields === undefined) return undefined;
  const from = fields[0]?.tag === TAG.version ? 1 : 0;
  const serial = fields[from];
  const signature = fields[from + 1];
  const subject = fields[from + 4];
  const spki = fields[from + 5];
  if (serial?.tag !== TAG.integer || signature?.tag !== TAG.sequence || subject?.tag !== TAG.sequence || spki?.tag !== TAG.sequence)
    return undefined;
  const rest = fields.slice(from + 6);
  if (!rest.every(({ tag }) => tag === TAG.issuerUniqueId || tag === TAG.subjectUniqueId || tag === TAG.extensions)) return undefined;
  const list = rest.find(({ tag }) => tag === TAG.extensions);
  const extensions = list === undefined ? [] : extensionsOf(contentOf(der, list));
  if (extensions === undefined) return undefined;
  return {
    serial: serialText(contentOf(der, serial)),
    signature: hexOf(contentOf(der, signature)),
    subject: der.subarray(subject.at, subject.end),
    spki: der.subarray(spki.at, spki.end),
    extensions,
  };
}

export function serialText(integer: Uint8Array): string {
  return hexOf(integer).replace(/^0+(?=.)/, '');
}

function extensionsOf(list: Uint8Array): readonly Extension[] | undefined {
  const elements = sequenceOf(list);
  if (elements === undefined || elements.length > EXTENSIONS_MAX) return undefined;
  const found: Extension[] = [];
  for (const element of elements) {
    const parts = element.tag === TAG.sequence ? elementsOf(list, element.start, element.end) : undefined;
    const [oid, second] = parts ?? [];
    const value = parts?.at(-1);
    if (parts === undefined || oid?.tag !== TAG.oid || value?.tag !== TAG.octetString || parts.length > 3) return undefined;
    if (parts.length === 3 && second?.tag !== TAG.boolean) return undefined;
    const critical = parts.length === 3 && second !== undefined && list[second.start] !== 0;
    const name = hexOf(contentOf(list, oid));
    // RFC 5280 §4.2: no extension twice. Otherwise two readers might each believe another one.
    if (found.some((one) => one.oid === name)) return undefined;
    found.push({ oid: name, critical, value: contentOf(list, value) });
  }
  return found;
}
