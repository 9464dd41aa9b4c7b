/**
 * Reads JSON (RFC 8259) token by token out of bytes, for payloads that are looked at once: no string, object or number
 * object is made. What a token says is left in the scanner's fields. Numbers are exact: short ones are computed, long
 * ones go through the platform's parser; an integer beyond 2^53 is left as its digits.
 */
import { readText } from '../../schemas/wire.ts';
import { SCRATCH_BASE } from './telemetry-sample.ts';
import type { TelemetrySample } from './telemetry-sample.ts';
import { utf8Length } from './validation.ts';

export const QUOTE = 0x22;
export const BRACE_OPEN = 0x7b;
export const BRACE_CLOSE = 0x7d;
export const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const LOWER_E = 0x65;
const LOWER_U = 0x75;

/** Integers of this many digits are exact in a double, and so is a power of ten up to the 22nd: their quotient is too. */
const EXACT_DIGITS_MAX = 15;
const EXACT_POWERS = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/** Longest exponent worth adding up; a longer one is zero or infinite whatever it says. */
const EXPONENT_DIGITS_MAX = 6;

/** What stands for `\b`, `\n` and the like, by the letter. */
const ESCAPES = new Uint8Array(128);
ESCAPES[QUOTE] = QUOTE;
ESCAPES[BACKSLASH] = BACKSLASH;
ESCAPES[0x2f] = 0x2f;
ESCAPES[0x62] = 0x08;
ESCAPES[0x66] = 0x0c;
ESCAPES[0x6e] = 0x0a;
ESCAPES[0x72] = 0x0d;
ESCAPES[0x74] = 0x09;

export type Literal = 'true' | 'false' | 'null';

export class JsonScanner {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  /** Of the last string: its text as a span of the sample. `lone`: half a surrogate pair is in it, so it is no text. */
  start = 0;
  stop = 0;
  lone = false;
  /** Of the last number. `digits`: it is an integer beyond 2^53, whose text is the span. */
  number = 0;
  digits = false;
  /** Unescaped text goes to its scratch bytes. */
  readonly #sample: TelemetrySample;

  constructor(sample: TelemetrySample) {
    this.#sample = sample;
  }

  space(): void {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end) {
      const c = bytes[at] as number;
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) break;
      at += 1;
    }
    this.at = at;
  }

  /** The byte at hand, or 0 at the end. */
  peek(): number {
    return this.at < this.end ? (this.bytes[this.at] as number) : 0;
  }

  /** Into an object: true when it has a first member. Stands at the brace; then at the first member's name, or behind. */
  open(): boolean {
    this.at += 1;
    this.space();
    if (this.peek() !== BRACE_CLOSE) return true;
    this.at += 1;
    return false;
  }

  /** A member's name, its colon, and up to its value. */
  memberName(): boolean {
    if (!this.string()) return false;
    this.space();
    if (this.peek() !== COLON) return false;
    this.at += 1;
    this.space();
    return true;
  }

  /** After a value: 1 when another member follows (and stands at it), 0 when `close` did, -1 when neither. */
  next(close: typeof BRACE_CLOSE | typeof BRACKET_CLOSE = BRACE_CLOSE): -1 | 0 | 1 {
    this.space();
    const c = this.peek();
    this.at += 1;
    if (c === close) return 0;
    if (c !== COMMA) return -1;
    this.space();
    return 1;
  }

  /** Reads a string; false when there is none, or it isn't one. */
  string(): boolean {
    const { bytes, end } = this;
    if (this.peek() !== QUOTE) return false;
    let at = this.at + 1;
    const start = at;
    this.lone = false;
    while (at < end) {
      const c = bytes[at] as number;
      if (c === QUOTE) {
        this.start = start;
        this.stop = at;
        this.at = at + 1;
        return true;
      }
      if (c === BACKSLASH) return this.#escapedString(start, at);
      if (c < 0x20) return false;
      const length = c < 0x80 ? 1 : utf8Length(bytes, at, end);
      if (length === 0) return false;
      at += length;
    }
    return false;
  }

  /** Goes on with a string whose first backslash is at `escape`, copying it. */
  #escapedString(start: number, escape: number): boolean {
    const { bytes, end } = this;
    const sample = this.#sample;
    // Unescaped text is never longer than escaped text.
    sample.reserveScratch(end - start);
    const scratch = sample.scratch;
    const from = sample.scratchLength;
    let to = from;
    for (let i = start; i < escape; i++) scratch[to++] = bytes[i] as number;
    let at = escape;
    while (at < end) {
      const c = bytes[at] as number;
      if (c === QUOTE) {
        this.start = SCRATCH_BASE + from;
        this.stop = SCRATCH_BASE + to;
        sample.scratchLength = to;
        this.at = at + 1;
        return true;
      }
      if (c === BACKSLASH) {
        const letter = at + 1 < end ? (bytes[at + 1] as number) : 0;
        if (letter === LOWER_U) {
          this.at = at;
          to = this.#unicodeEscape(scratch, to);
          if (to < 0) return false;
          at = this.at;
          continue;
        }
        const plain = letter < 0x80 ? (ESCAPES[letter] as number) : 0;
        if (plain === 0) return false;
        scratch[to++] = plain;
        at += 2;
        continue;
      }
      if (c < 0x20) return false;
      const length = c < 0x80 ? 1 : utf8Length(bytes, at, end);
      if (length === 0) return false;
      for (let i = 0; i < length; i++) scratch[to++] = bytes[at + i] as number;
      at += length;
    }
    return false;
  }

  /** Writes what the escape at `this.at` (and, of a pair, the one after it) stands for; answers where it ends, or -1. */
  #unicodeEscape(scratch: Uint8Array, to: number): number {
    let code = this.#hex4(this.at + 2);
    if (code < 0) return -1;
    this.at += 6;
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 && this.bytes[this.at] === BACKSLASH && this.bytes[this.at + 1] === LOWER_U ? this.#hex4(this.at + 2) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        this.at += 6;
      } else this.lone = true;
    }
    return writeUtf8(scratch, to, code);
  }

  #hex4(at: number): number {
    if (at + 4 > this.end) return -1;
    let code = 0;
    for (let i = 0; i < 4; i++) {
      const c = this.bytes[at + i] as number;
      const lower = c | 0x20;
      const digit = isDigit(c) ? c - ZERO : lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
      if (digit < 0) return -1;
      code = code * 16 + digit;
    }
    return code;
  }

  /** Reads a number; false when there is none, or it isn't one. */
  readNumber(): boolean {
    const { bytes, end } = this;
    const start = this.at;
    let at = start;
    const negative = bytes[at] === MINUS;
    if (negative) at += 1;
    let mantissa = 0;
    const first = at;
    for (; at < end && isDigit(bytes[at] as number); at++) mantissa = mantissa * 10 + (bytes[at] as number) - ZERO;
    let digits = at - first;
    if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return false;
    let power = 0;
    let whole = true;
    if (at < end && bytes[at] === POINT) {
      whole = false;
      at += 1;
      const fraction = at;
      for (; at < end && isDigit(bytes[at] as number); at++) mantissa = mantissa * 10 + (bytes[at] as number) - ZERO;
      power = fraction - at;
      if (power === 0) return false;
      digits -= power;
    }
    if (at < end && ((bytes[at] as number) | 0x20) === LOWER_E) {
      whole = false;
      this.at = at + 1;
      const exponent = this.#exponent();
      if (Number.isNaN(exponent)) return false;
      power += exponent;
      at = this.at;
    }
    this.at = at;
    this.start = start;
    this.stop = at;
    this.digits = false;
    if (digits <= EXACT_DIGITS_MAX && power <= 22 && power >= -22) {
      const value = power < 0 ? mantissa / (EXACT_POWERS[-power] as number) : mantissa * (EXACT_POWERS[power] as number);
      this.number = negative ? -value : value;
      return true;
    }
    this.number = Number(readText(bytes, start, at));
    this.digits = whole && !Number.isSafeInteger(this.number);
    return true;
  }

  /** The exponent that stands at `this.at`, or NaN; moves behind it. */
  #exponent(): number {
    const { bytes, end } = this;
    let at = this.at;
    const negative = bytes[at] === MINUS;
    if (at < end && (negative || bytes[at] === PLUS)) at += 1;
    const first = at;
    let exponent = 0;
    for (; at < end && isDigit(bytes[at] as number); at++) {
      if (at - first < EXPONENT_DIGITS_MAX || exponent === 0) exponent = exponent * 10 + (bytes[at] as number) - ZERO;
    }
    if (at === first) return NaN;
    this.at = at;
    return negative ? -exponent : exponent;
  }

  /** Reads exactly this literal; false when something else stands there. */
  literal(literal: Literal): boolean {
    const { bytes, at } = this;
    if (at + literal.length > this.end) return false;
    for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal.charCodeAt(i)) return false;
    this.at = at + literal.length;
    return true;
  }

  /** Goes over any value of at most `depth` levels: 1 when it did, 0 when it is deeper, -1 when it isn't JSON. */
  skip(depth: number): -1 | 0 | 1 {
    const c = this.peek();
    if (c === QUOTE) return this.string() ? 1 : -1;
    if (c === BRACE_OPEN || c === BRACKET_OPEN) return depth > 0 ? this.#skipNested(depth) : 0;
    if (c === 0x74) return this.literal('true') ? 1 : -1;
    if (c === 0x66) return this.literal('false') ? 1 : -1;
    if (c === 0x6e) return this.literal('null') ? 1 : -1;
    return this.readNumber() ? 1 : -1;
  }

  #skipNested(depth: number): -1 | 0 | 1 {
    const isObject = this.peek() === BRACE_OPEN;
    const close = isObject ? BRACE_CLOSE : BRACKET_CLOSE;
    this.at += 1;
    this.space();
    if (this.peek() === close) {
      this.at += 1;
      return 1;
    }
    for (;;) {
      if (isObject && !this.memberName()) return -1;
      const skipped = this.skip(depth - 1);
      if (skipped !== 1) return skipped;
      const more = this.next(close);
      if (more !== 1) return more === 0 ? 1 : -1;
    }
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

function writeUtf8(bytes: Uint8Array, at: number, code: number): number {
  let to = at;
  if (code < 0x80) {
    bytes[to++] = code;
    return to;
  }
  if (code < 0x800) bytes[to++] = 0xc0 | (code >> 6);
  else {
    if (code < 0x10000) bytes[to++] = 0xe0 | (code >> 12);
    else {
      bytes[to++] = 0xf0 | (code >> 18);
      bytes[to++] = 0x80 | ((code >> 12) & 0x3f);
    }
    bytes[to++] = 0x80 | ((code >> 6) & 0x3f);
  }
  bytes[to++] = 0x80 | (code & 0x3f);
  return to;
}
