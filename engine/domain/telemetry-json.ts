/**
 * Decodes a telemetry event in JSON into the columns of a sample. An object with `metrics` or `payload` is an envelope
 * (`ts`, `seq`, `boot`, `id`, `metrics`, `attrs`, `payload`; other members are passed over), in any order of members; in
 * any other object every member is a leaf. `payload` holds an event of the same grammar.
 *
 * Leaves: numbers and booleans are metrics, text and integers beyond 2^53 are attributes, wherever they stand. Objects
 * flatten with `.`. `null` says nothing, so it makes no leaf. An array has no single value: `unsupported-value`. Two
 * leaves of one name contradict each other: `repeated-metric`.
 */
import { EVENT_ID_BYTES_MAX, METRIC_NAME_BYTES_MAX, METRICS_MAX, PAYLOAD_DEPTH_MAX } from '../kernel/limits.ts';
import { reasonCode } from '../kernel/outcome.ts';
import { parseRfc3339 } from './civil-time.ts';
import { BRACE_OPEN, BRACKET_OPEN, JsonScanner, QUOTE } from './json-scanner.ts';
import { LEAF_BOOLEAN, LEAF_DIGITS, LEAF_NUMBER, LEAF_TEXT, SCRATCH_BASE } from './telemetry-sample.ts';
import type { TelemetrySample } from './telemetry-sample.ts';
import { checkName, NO_REASON, takeTimeNumber } from './validation.ts';

const MALFORMED_PAYLOAD = reasonCode('malformed-payload');
const TOO_MANY_METRICS = reasonCode('too-many-metrics');
const METRIC_NAME_TOO_LONG = reasonCode('metric-name-too-long');
const BAD_METRIC_NAME = reasonCode('bad-metric-name');
const VALUE_NOT_FINITE = reasonCode('value-not-finite');
const UNSUPPORTED_VALUE = reasonCode('unsupported-value');
const TOO_DEEP = reasonCode('too-deep');
const TOO_LARGE = reasonCode('too-large');
const BAD_TIMESTAMP = reasonCode('bad-timestamp');

/** Not a reason: a member was met that makes the object an envelope. */
const ENVELOPE_MET = -1;
const POINT = 0x2e;

const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;

type EnvelopeWord = 'ts' | 'seq' | 'boot' | 'id' | 'metrics' | 'attrs' | 'payload' | 'device' | 'token';
const ENVELOPE_WORDS: readonly EnvelopeWord[] = ['ts', 'seq', 'boot', 'id', 'metrics', 'attrs', 'payload', 'device', 'token'];
/** The words by their length, so that most names are told apart by that alone. */
const WORDS_BY_LENGTH: readonly (readonly EnvelopeWord[])[] = Array.from({ length: 8 }, (_, length) =>
  ENVELOPE_WORDS.filter((word) => word.length === length),
);

export class JsonTelemetry {
  readonly #scanner: JsonScanner;
  readonly #sample: TelemetrySample;
  /** Names of the objects around the one at hand, each with its point. */
  readonly #prefix = new Uint8Array(METRIC_NAME_BYTES_MAX);
  #prefixLength = 0;
  /** Whether the envelope at hand has shown that it is one. */
  #marked = false;

  /** Always decodes into this sample. */
  constructor(sample: TelemetrySample) {
    this.#sample = sample;
    this.#scanner = new JsonScanner(sample);
  }

  /** Adds `sample.source[start, end)` to the sample, which was reset; answers a reason's code. */
  decode(start: number, end: number): number {
    const scanner = this.#scanner;
    scanner.bytes = this.#sample.source;
    scanner.at = start;
    scanner.end = end;
    this.#prefixLength = 0;
    scanner.space();
    const reason = this.#event(1);
    if (reason !== NO_REASON) return reason;
    scanner.space();
    return scanner.at === end ? NO_REASON : MALFORMED_PAYLOAD;
  }

  /**
   * One event, which starts at the scanner. Whether it is an envelope may show only at its last member, so the first
   * member's name is taken as a hint, and where the hint was wrong the object is read once more.
   */
  #event(depth: number): number {
    const scanner = this.#scanner;
    if (scanner.peek() !== BRACE_OPEN) return MALFORMED_PAYLOAD;
    if (depth > PAYLOAD_DEPTH_MAX) return TOO_DEEP;
    const start = scanner.at;
    const { count, numericCount, hasTs, hasBoot, hasSeq, idEnd } = this.#sample;
    const likely = this.#firstNameIsEnvelopes();
    scanner.at = start;
    let reason = likely ? this.#envelope(depth) : this.#flat(depth, true);
    if (likely ? this.#marked : reason === NO_REASON) return reason;
    const isEnvelope = reason === ENVELOPE_MET || (reason !== NO_REASON && this.#hasMark(start));
    if (isEnvelope === likely) return reason;
    scanner.at = start;
    this.#prefixLength = 0;
    Object.assign(this.#sample, { count, numericCount, hasTs, hasBoot, hasSeq, idEnd });
    reason = isEnvelope ? this.#envelope(depth) : this.#flat(depth, true);
    return reason;
  }

  #firstNameIsEnvelopes(): boolean {
    const scanner = this.#scanner;
    return scanner.open() && scanner.string() && this.#word() !== undefined;
  }

  /** Whether the object at `start` has a member that makes it an envelope; false when it isn't JSON up to there. */
  #hasMark(start: number): boolean {
    const scanner = this.#scanner;
    scanner.at = start;
    if (!scanner.open()) return false;
    for (;;) {
      if (!scanner.memberName()) return false;
      const word = this.#word();
      if (word === 'metrics' || word === 'payload') return true;
      // Deeper than any limit on purpose: only the members' names matter here.
      if (scanner.skip(PAYLOAD_DEPTH_MAX * 2) !== 1 || scanner.next() !== 1) return false;
    }
  }

  /** The envelope's word that the last string is, if it is one. */
  #word(): EnvelopeWord | undefined {
    const { start, stop } = this.#scanner;
    const words = WORDS_BY_LENGTH[stop - start];
    if (words === undefined) return undefined;
    const bytes = this.#sample.bytesOf(start);
    const from = start & ~SCRATCH_BASE;
    for (const word of words) {
      let i = 0;
      while (i < word.length && bytes[from + i] === word.charCodeAt(i)) i++;
      if (i === word.length) return word;
    }
    return undefined;
  }

  #envelope(depth: number): number {
    const scanner = this.#scanner;
    this.#marked = false;
    if (!scanner.open()) return NO_REASON;
    let marked = false;
    for (;;) {
      if (!scanner.memberName()) return MALFORMED_PAYLOAD;
      const word = this.#word();
      marked ||= word === 'metrics' || word === 'payload';
      const reason = this.#member(word, depth);
      // An event within this one has used the field too.
      this.#marked = marked;
      if (reason !== NO_REASON) return reason;
      const more = scanner.next();
      if (more !== 1) return more === 0 ? NO_REASON : MALFORMED_PAYLOAD;
    }
  }

  #member(word: EnvelopeWord | undefined, depth: number): number {
    const scanner = this.#scanner;
    if (word === undefined || word === 'device' || word === 'token') {
      const skipped = scanner.skip(PAYLOAD_DEPTH_MAX - depth);
      return skipped === 1 ? NO_REASON : skipped === 0 ? TOO_DEEP : MALFORMED_PAYLOAD;
    }
    if (scanner.peek() === LOWER_N) return scanner.literal('null') ? NO_REASON : MALFORMED_PAYLOAD;
    switch (word) {
      case 'metrics':
      case 'attrs':
        return scanner.peek() === BRACE_OPEN ? this.#flat(depth + 1, false) : MALFORMED_PAYLOAD;
      case 'payload':
        return this.#event(depth + 1);
      case 'ts':
        return this.#time();
      case 'id':
        return this.#id();
      case 'seq':
      case 'boot':
        return this.#count(word);
    }
  }

  #time(): number {
    const scanner = this.#scanner;
    const sample = this.#sample;
    if (sample.hasTs) return MALFORMED_PAYLOAD;
    if (scanner.peek() !== QUOTE) return scanner.readNumber() ? takeTimeNumber(sample, scanner.number) : BAD_TIMESTAMP;
    if (!scanner.string()) return MALFORMED_PAYLOAD;
    const from = scanner.start & ~SCRATCH_BASE;
    const ms = parseRfc3339(sample.bytesOf(scanner.start), from, from + scanner.stop - scanner.start);
    if (Number.isNaN(ms)) return BAD_TIMESTAMP;
    sample.hasTs = true;
    sample.ts = ms;
    return NO_REASON;
  }

  #id(): number {
    const scanner = this.#scanner;
    const sample = this.#sample;
    if (sample.idEnd !== 0 || !scanner.string() || scanner.lone) return MALFORMED_PAYLOAD;
    if (scanner.stop - scanner.start > EVENT_ID_BYTES_MAX) return TOO_LARGE;
    // An empty id is none, as in Protobuf.
    sample.idStart = scanner.start;
    sample.idEnd = scanner.stop;
    return NO_REASON;
  }

  #count(word: 'seq' | 'boot'): number {
    const scanner = this.#scanner;
    const sample = this.#sample;
    const taken = word === 'seq' ? sample.hasSeq : sample.hasBoot;
    if (taken || !scanner.readNumber() || !(Number.isSafeInteger(scanner.number) && scanner.number >= 0)) return MALFORMED_PAYLOAD;
    // Adding zero makes a plain one of negative zero.
    const value = scanner.number + 0;
    if (word === 'seq') {
      sample.hasSeq = true;
      sample.seq = value;
    } else {
      sample.hasBoot = true;
      sample.boot = value;
    }
    return NO_REASON;
  }

  /** The members of the object at the scanner, as leaves; `top`: they are an event's own, so one may make it an envelope. */
  #flat(depth: number, top: boolean): number {
    const scanner = this.#scanner;
    if (depth > PAYLOAD_DEPTH_MAX) return TOO_DEEP;
    if (!scanner.open()) return NO_REASON;
    for (;;) {
      if (!scanner.memberName()) return MALFORMED_PAYLOAD;
      if (top && scanner.stop - scanner.start === 7) {
        const word = this.#word();
        if (word === 'metrics' || word === 'payload') return ENVELOPE_MET;
      }
      const reason = scanner.peek() === BRACE_OPEN ? this.#nested(depth) : this.#leaf();
      if (reason !== NO_REASON) return reason;
      const more = scanner.next();
      if (more !== 1) return more === 0 ? NO_REASON : MALFORMED_PAYLOAD;
    }
  }

  #nested(depth: number): number {
    const { start, stop, lone } = this.#scanner;
    const prefix = this.#prefix;
    const outer = this.#prefixLength;
    if (start === stop || lone) return BAD_METRIC_NAME;
    // A leaf's name has one byte more at least.
    if (outer + stop - start + 1 >= METRIC_NAME_BYTES_MAX) return METRIC_NAME_TOO_LONG;
    const bytes = this.#sample.bytesOf(start);
    const from = start & ~SCRATCH_BASE;
    for (let i = 0; i < stop - start; i++) prefix[outer + i] = bytes[from + i] as number;
    prefix[outer + stop - start] = POINT;
    this.#prefixLength = outer + stop - start + 1;
    const reason = this.#flat(depth + 1, false);
    this.#prefixLength = outer;
    return reason;
  }

  #leaf(): number {
    const scanner = this.#scanner;
    const sample = this.#sample;
    if (sample.count === METRICS_MAX) return TOO_MANY_METRICS;
    const named = this.#leafName();
    if (named !== NO_REASON) return named;
    switch (scanner.peek()) {
      case QUOTE:
        if (!scanner.string()) return MALFORMED_PAYLOAD;
        if (scanner.lone) return UNSUPPORTED_VALUE;
        sample.addText(LEAF_TEXT, scanner.start, scanner.stop);
        return NO_REASON;
      case LOWER_T:
        if (!scanner.literal('true')) return MALFORMED_PAYLOAD;
        sample.addNumber(LEAF_BOOLEAN, 1);
        return NO_REASON;
      case LOWER_F:
        if (!scanner.literal('false')) return MALFORMED_PAYLOAD;
        sample.addNumber(LEAF_BOOLEAN, 0);
        return NO_REASON;
      case LOWER_N:
        return scanner.literal('null') ? NO_REASON : MALFORMED_PAYLOAD;
      case BRACKET_OPEN:
        return UNSUPPORTED_VALUE;
      default:
        if (!scanner.readNumber()) return MALFORMED_PAYLOAD;
        if (scanner.digits) sample.addText(LEAF_DIGITS, scanner.start, scanner.stop);
        else if (!Number.isFinite(scanner.number)) return VALUE_NOT_FINITE;
        else sample.addNumber(LEAF_NUMBER, scanner.number);
        return NO_REASON;
    }
  }

  /** Makes the last string, with what is around it, the next leaf's name. */
  #leafName(): number {
    const { start, stop, lone } = this.#scanner;
    const sample = this.#sample;
    if (lone || start === stop) return BAD_METRIC_NAME;
    const length = stop - start;
    const outer = this.#prefixLength;
    if (outer + length > METRIC_NAME_BYTES_MAX) return METRIC_NAME_TOO_LONG;
    let nameStart = start;
    if (outer > 0) {
      sample.reserveScratch(outer + length);
      const { scratch, scratchLength } = sample;
      for (let i = 0; i < outer; i++) scratch[scratchLength + i] = this.#prefix[i] as number;
      const bytes = sample.bytesOf(start);
      const from = start & ~SCRATCH_BASE;
      for (let i = 0; i < length; i++) scratch[scratchLength + outer + i] = bytes[from + i] as number;
      nameStart = SCRATCH_BASE + scratchLength;
      sample.scratchLength = scratchLength + outer + length;
    }
    const from = nameStart & ~SCRATCH_BASE;
    const hash = checkName(sample.bytesOf(nameStart), from, from + outer + length);
    if (hash < 0) return -hash;
    sample.name(nameStart, nameStart + outer + length, hash);
    return NO_REASON;
  }
}
