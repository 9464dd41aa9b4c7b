/**
 * How large a twin's section counts as. A leaf counts with the widest number, time and cause that it could ever have, so
 * whether an event fits depends on names and texts only, and the section's JSON is never larger than what was counted.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A double takes 24 characters at most, as in -1.2345678901234567e-300. */
export const SCALAR_JSON_BYTES = 24;
/** `:{"value":`, `,"time":"2026-01-31T23:59:59.123Z"`, `,"cause":"65535.9007199254740991.999999"}` and a comma. */
export const LEAF_FRAME_JSON_BYTES = 10 + 34 + 41 + 1;
/** The braces. */
export const SECTION_FRAME_JSON_BYTES = 2;

/** Bytes of UTF-8 text as JSON, quotes included. */
export function jsonTextBytes(bytes: Uint8Array, start: number, end: number): number {
  let size = 2 + end - start;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    // As `\u0000` at the longest.
    if (byte < 0x20) size += 5;
    else if (byte === QUOTE || byte === BACKSLASH) size += 1;
  }
  return size;
}
