/**
 * Reads JSON without building it: whether it is well-formed (RFC 8259), where it ends, and which of the few members an edge
 * must know stand at the top of an event. One pass over the bytes; nothing is allocated, nothing is decoded. What is
 * accepted here, `JSON.parse` accepts (but for nesting beyond `NESTING_MAX`); that the bytes are UTF-8 is the caller's
 * to check, with `isUtf8`.
 */

import { EVENT_TIME_MS_MIN } from '../../engine/kernel/limits.ts';

/** Far above what the fold accepts, far below what would endanger the stack. */
export const NESTING_MAX = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_T = 0x74;
const LOWER_S = 0x73;
/** A whole number of as many digits is no less than `EVENT_TIME_MS_MIN`. */
const MILLISECONDS_DIGITS_MIN = 12;

const NAME_DEVICE = bytesOf('device');
const NAME_TOKEN = bytesOf('token');
const NAME_METRICS = bytesOf('metrics');
const NAME_PAYLOAD = bytesOf('payload');
const LITERAL_TRUE = bytesOf('true');
const LITERAL_FALSE = bytesOf('false');
const LITERAL_NULL = bytesOf('null');

/** A byte that ends the plain run of a string: quote, backslash, control characters. */
const STRING_STOP = new Uint8Array(256);
STRING_STOP.fill(1, 0, 0x20);
STRING_STOP[QUOTE] = 1;
STRING_STOP[BACKSLASH] = 1;

/** One scanner serves any number of bodies, one after the other. After each call the public fields tell what was seen. */
export class JsonScanner {
  /** Where and why the last scan that answered -1 stopped. */
  errorAt = 0;
  error = '';

  /** Members of the last event: `metrics` or `payload` make it an envelope. */
  isEnvelope = false;
  /** The value of `device`, quotes included when it is a string; -1 when there is none. */
  deviceStart = -1;
  deviceEnd = -1;
  /** The value of `token`, and the bytes to cut so that the member is gone; -1 when there is none. */
  tokenStart = -1;
  tokenEnd = -1;
  tokenCutStart = -1;
  tokenCutEnd = -1;
  /** A member that an edge acts on stands there twice: two readers could understand it differently. */
  repeated = '';
  /** An envelope's `ts` that looks like seconds, and in how many `payload`s it lies; -1 when there is none. */
  secondsStart = -1;
  secondsEnd = -1;
  secondsDepth = 0;

  #escaped = false;
  /** Objects and arrays that are open. */
  #depth = 0;

  /** Index of the first byte that is not white space. */
  skipSpace(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      const c = bytes[at];
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) break;
      at++;
    }
    return at;
  }

  /** Scans the value that begins at `at`; answers the index after it, or -1. */
  value(bytes: Uint8Array, at: number, end: number): number {
    this.#depth = 0;
    return this.#value(bytes, at, end);
  }

  #value(bytes: Uint8Array, at: number, end: number): number {
    const c = at < end ? bytes[at] : undefined;
    switch (c) {
      case QUOTE:
        return this.#string(bytes, at + 1, end);
      case OPEN_OBJECT:
        return this.#object(bytes, at, end);
      case OPEN_ARRAY:
        return this.#array(bytes, at, end);
      case 0x74:
        return end - at < LITERAL_TRUE.length ? this.#fail(at, 'expected a value') : this.#literal(bytes, at, LITERAL_TRUE);
      case 0x66:
        return end - at < LITERAL_FALSE.length ? this.#fail(at, 'expected a value') : this.#literal(bytes, at, LITERAL_FALSE);
      case 0x6e:
        return end - at < LITERAL_NULL.length ? this.#fail(at, 'expected a value') : this.#literal(bytes, at, LITERAL_NULL);
      default:
        return this.#number(bytes, at, end);
    }
  }

  /** Scans the object that begins at `at` as an event, noting its members; answers the index after it, or -1. */
  event(bytes: Uint8Array, start: number, end: number): number {
    this.isEnvelope = false;
    this.deviceStart = this.deviceEnd = -1;
    this.tokenStart = this.tokenEnd = this.tokenCutStart = this.tokenCutEnd = -1;
    this.repeated = '';
    this.secondsStart = this.secondsEnd = -1;
    if (start >= end || bytes[start] !== OPEN_OBJECT) return this.#fail(start, 'an event is a JSON object');
    let at = this.skipSpace(bytes, start + 1, end);
    if (at < end && bytes[at] === CLOSE_OBJECT) return at + 1;
    let comma = -1;
    let tsStart = -1;
    let tsEnd = -1;
    for (;;) {
      if (at >= end || bytes[at] !== QUOTE) return this.#fail(at, 'expected a member name');
      const nameStart = at;
      this.#escaped = false;
      const nameEnd = this.#string(bytes, at + 1, end);
      if (nameEnd < 0) return -1;
      const name = this.#known(bytes, nameStart, nameEnd);
      at = this.skipSpace(bytes, nameEnd, end);
      if (at >= end || bytes[at] !== COLON) return this.#fail(at, 'expected ":"');
      const valueStart = this.skipSpace(bytes, at + 1, end);
      this.#depth = 1;
      const isInner = name === 'payload' && bytes[valueStart] === OPEN_OBJECT;
      const valueEnd = isInner ? this.#inner(bytes, valueStart, end) : this.#value(bytes, valueStart, end);
      if (valueEnd < 0) return -1;
      at = this.skipSpace(bytes, valueEnd, end);
      const more = at < end && bytes[at] === COMMA;
      if (name === 'ts') {
        tsStart = valueStart;
        tsEnd = valueEnd;
      } else if (name !== undefined)
        this.#note(name, {
          valueStart,
          valueEnd,
          cutStart: comma >= 0 ? comma : nameStart,
          cutEnd: comma >= 0 || !more ? valueEnd : at + 1,
        });
      if (!more) break;
      comma = at;
      at = this.skipSpace(bytes, at + 1, end);
    }
    if (at >= end || bytes[at] !== CLOSE_OBJECT) return this.#fail(at, 'expected "," or "}"');
    if (tsStart >= 0 && this.isEnvelope && looksLikeSeconds(bytes, tsStart, tsEnd)) this.#noteSeconds(tsStart, tsEnd, 0);
    return at + 1;
  }

  /** The event in a `payload`: as `#object`, but its `ts` is looked at where it is an envelope too. */
  #inner(bytes: Uint8Array, start: number, end: number): number {
    if (++this.#depth > NESTING_MAX) return this.#fail(start, `nested deeper than ${NESTING_MAX}`);
    const depth = this.#depth - 1;
    let isEnvelope = false;
    let tsStart = -1;
    let tsEnd = -1;
    let at = this.skipSpace(bytes, start + 1, end);
    if (at < end && bytes[at] === CLOSE_OBJECT) return this.#leave(at + 1);
    for (;;) {
      if (at >= end || bytes[at] !== QUOTE) return this.#fail(at, 'expected a member name');
      const nameStart = at;
      this.#escaped = false;
      const nameEnd = this.#string(bytes, at + 1, end);
      if (nameEnd < 0) return -1;
      const name = this.#known(bytes, nameStart, nameEnd);
      at = this.skipSpace(bytes, nameEnd, end);
      if (at >= end || bytes[at] !== COLON) return this.#fail(at, 'expected ":"');
      const valueStart = this.skipSpace(bytes, at + 1, end);
      const isInner = name === 'payload' && bytes[valueStart] === OPEN_OBJECT;
      const valueEnd = isInner ? this.#inner(bytes, valueStart, end) : this.#value(bytes, valueStart, end);
      if (valueEnd < 0) return -1;
      isEnvelope ||= name === 'metrics' || name === 'payload';
      if (name === 'ts') {
        tsStart = valueStart;
        tsEnd = valueEnd;
      }
      at = this.skipSpace(bytes, valueEnd, end);
      if (at >= end || bytes[at] !== COMMA) break;
      at = this.skipSpace(bytes, at + 1, end);
    }
    if (at >= end || bytes[at] !== CLOSE_OBJECT) return this.#fail(at, 'expected "," or "}"');
    if (tsStart >= 0 && isEnvelope && looksLikeSeconds(bytes, tsStart, tsEnd)) this.#noteSeconds(tsStart, tsEnd, depth);
    return this.#leave(at + 1);
  }

  #noteSeconds(start: number, end: number, depth: number): void {
    this.secondsStart = start;
    this.secondsEnd = end;
    this.secondsDepth = depth;
  }

  #note(name: string, span: { valueStart: number; valueEnd: number; cutStart: number; cutEnd: number }): void {
    if (name === 'device') {
      if (this.deviceStart >= 0) this.repeated = name;
      this.deviceStart = span.valueStart;
      this.deviceEnd = span.valueEnd;
    } else if (name === 'token') {
      if (this.tokenStart >= 0) this.repeated = name;
      this.tokenStart = span.valueStart;
      this.tokenEnd = span.valueEnd;
      this.tokenCutStart = span.cutStart;
      this.tokenCutEnd = span.cutEnd;
    } else {
      this.isEnvelope = true;
    }
  }

  /** The member's name if it is one that an edge acts on; a name spelled with escapes is the same name. */
  #known(bytes: Uint8Array, start: number, end: number): string | undefined {
    if (this.#escaped) {
      const name: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'));
      return name === 'ts' || name === 'device' || name === 'token' || name === 'metrics' || name === 'payload' ? name : undefined;
    }
    switch (end - start - 2) {
      case 2:
        return bytes[start + 1] === LOWER_T && bytes[start + 2] === LOWER_S ? 'ts' : undefined;
      case 5:
        return matches(bytes, start + 1, NAME_TOKEN) ? 'token' : undefined;
      case 6:
        return matches(bytes, start + 1, NAME_DEVICE) ? 'device' : undefined;
      case 7:
        if (matches(bytes, start + 1, NAME_METRICS)) return 'metrics';
        return matches(bytes, start + 1, NAME_PAYLOAD) ? 'payload' : undefined;
      default:
        return undefined;
    }
  }

  #object(bytes: Uint8Array, start: number, end: number): number {
    if (++this.#depth > NESTING_MAX) return this.#fail(start, `nested deeper than ${NESTING_MAX}`);
    let at = this.skipSpace(bytes, start + 1, end);
    if (at < end && bytes[at] === CLOSE_OBJECT) return this.#leave(at + 1);
    for (;;) {
      if (at >= end || bytes[at] !== QUOTE) return this.#fail(at, 'expected a member name');
      at = this.#string(bytes, at + 1, end);
      if (at < 0) return -1;
      if (at >= end || bytes[at] !== COLON) {
        at = this.skipSpace(bytes, at, end);
        if (at >= end || bytes[at] !== COLON) return this.#fail(at, 'expected ":"');
      }
      at = this.#value(bytes, this.skipSpace(bytes, at + 1, end), end);
      if (at < 0) return -1;
      at = this.skipSpace(bytes, at, end);
      if (at >= end || bytes[at] !== COMMA) break;
      at = this.skipSpace(bytes, at + 1, end);
    }
    if (at >= end || bytes[at] !== CLOSE_OBJECT) return this.#fail(at, 'expected "," or "}"');
    return this.#leave(at + 1);
  }

  #array(bytes: Uint8Array, start: number, end: number): number {
    if (++this.#depth > NESTING_MAX) return this.#fail(start, `nested deeper than ${NESTING_MAX}`);
    let at = this.skipSpace(bytes, start + 1, end);
    if (at < end && bytes[at] === CLOSE_ARRAY) return this.#leave(at + 1);
    for (;;) {
      at = this.#value(bytes, at, end);
      if (at < 0) return -1;
      at = this.skipSpace(bytes, at, end);
      if (at >= end || bytes[at] !== COMMA) break;
      at = this.skipSpace(bytes, at + 1, end);
    }
    if (at >= end || bytes[at] !== CLOSE_ARRAY) return this.#fail(at, 'expected "," or "]"');
    return this.#leave(at + 1);
  }

  /** An object or array ends before `at`. */
  #leave(at: number): number {
    this.#depth--;
    return at;
  }

  /** From after the opening quote to after the closing one. */
  #string(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    for (;;) {
      while (at < end && STRING_STOP[bytes[at] as number] === 0) at++;
      if (at >= end) return this.#fail(at, 'a string is not ended');
      const c = bytes[at] as number;
      if (c === QUOTE) return at + 1;
      if (c !== BACKSLASH) return this.#fail(at, 'a control character in a string');
      this.#escaped = true;
      const escape = at + 1 < end ? (bytes[at + 1] as number) : 0;
      if (escape === 0x75) {
        if (!areHexDigits(bytes, at + 2, end)) return this.#fail(at, 'an escape of a string is malformed');
        at += 6;
      } else if (isShortEscape(escape)) {
        at += 2;
      } else {
        return this.#fail(at, 'an escape of a string is malformed');
      }
    }
  }

  #number(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (at < end && bytes[at] === MINUS) at++;
    if (at < end && bytes[at] === ZERO) {
      at++;
    } else {
      const digits = skipDigits(bytes, at, end);
      if (digits === at) return this.#fail(at, at >= end ? 'the text ends too early' : 'expected a value');
      at = digits;
    }
    if (at < end && bytes[at] === 0x2e) {
      const digits = skipDigits(bytes, at + 1, end);
      if (digits === at + 1) return this.#fail(digits, 'a digit must follow "."');
      at = digits;
    }
    if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
      let from = at + 1;
      if (from < end && (bytes[from] === 0x2b || bytes[from] === MINUS)) from++;
      const digits = skipDigits(bytes, from, end);
      if (digits === from) return this.#fail(digits, 'a digit must follow the exponent');
      at = digits;
    }
    return at;
  }

  #literal(bytes: Uint8Array, at: number, literal: Uint8Array): number {
    if (!matches(bytes, at, literal)) return this.#fail(at, 'expected a value');
    return at + literal.length;
  }

  #fail(at: number, error: string): number {
    this.errorAt = at;
    this.error = error;
    return -1;
  }
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function matches(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
  return true;
}

function skipDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const c = bytes[at] as number;
    if (c < ZERO || c > NINE) break;
    at++;
  }
  return at;
}

/** Whether a JSON value that was accepted is a number that can only be seconds, as the fold judges it. */
function looksLikeSeconds(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] as number;
  if (first !== MINUS && (first < ZERO || first > NINE)) return false;
  // A whole number of JSON has no zero before it, so its length tells.
  if (first !== MINUS && end - start >= MILLISECONDS_DIGITS_MIN && skipDigits(bytes, start, end) === end) return false;
  return Number(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')) < EVENT_TIME_MS_MIN;
}

function isShortEscape(c: number): boolean {
  return c === QUOTE || c === BACKSLASH || c === 0x2f || c === 0x62 || c === 0x66 || c === 0x6e || c === 0x72 || c === 0x74;
}

function areHexDigits(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 4 > end) return false;
  for (let i = at; i < at + 4; i++) {
    const c = bytes[i] as number;
    const isDigit = c >= ZERO && c <= NINE;
    const lower = c | 0x20;
    if (!isDigit && !(lower >= 0x61 && lower <= 0x66)) return false;
  }
  return true;
}
