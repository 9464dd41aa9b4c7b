/**
 * What MQTT calls a UTF-8 Encoded String (MQTT 5 §1.5.4): well-formed, no surrogates, no U+0000. Overlong forms and code
 * points above U+10FFFF are ill-formed. U+FEFF is an ordinary character.
 */
import { isUtf8 } from 'node:buffer';

/** Whether a payload is UTF-8, as its Payload Format Indicator may say (§3.3.2.3.2); any character will do there. */
export function isUtf8Payload(bytes: Uint8Array, start: number, end: number): boolean {
  return isUtf8(bytes.subarray(start, end));
}

/**
 * Whether `bytes[start, end)` is such a string. `names` are stricter: control characters are refused too, as §1.5.4
 * allows, because topics, client ids and user names are written to logs and shown to people.
 */
export function isMqttText(bytes: Uint8Array, span: { readonly start: number; readonly end: number }, names: boolean): boolean {
  const end = span.end;
  let at = span.start;
  while (at < end) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      if (first === 0 || (names && (first < 0x20 || first === 0x7f))) return false;
      at++;
      continue;
    }
    const length = sequenceLength(bytes, at, end);
    if (length === 0) return false;
    // U+0080 to U+009F, the C1 controls.
    if (names && first === 0xc2 && (bytes[at + 1] ?? 0) < 0xa0) return false;
    at += length;
  }
  return true;
}

/** Bytes of the well-formed multi-byte sequence at `at` (Unicode table 3-7), or 0. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + length > end) return 0;
  const second = bytes[at + 1] ?? 0;
  // The second byte's range closes overlong forms, surrogates and what lies above U+10FFFF.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}
