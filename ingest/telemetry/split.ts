/**
 * Splits what a sender calls telemetry into events, and settles whose each one is, without decoding it: that is the
 * engine's to do, so that what arrived can be replayed under another schema. Whatever is refused here is refused before
 * any of it was offered to the log.
 */
import { quoted as quotedInput } from '../../engine/kernel/quoted.ts';
import { isUtf8 } from 'node:buffer';
import { timingSafeEqual } from 'node:crypto';
import { EVENT_BYTES_MAX, EVENT_TIME_MS_MIN } from '../../engine/kernel/limits.ts';
import { TelemetryBatchReader, TelemetrySampleReader } from '../../schemas/gen/lean.ts';
import type { DeviceDirectory } from '../registry/device-directory.ts';
import type { EventList } from './event-list.ts';
import { JsonScanner } from './json-scan.ts';
import type { Principal } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** The longest name that a device can be called by: an external id. */
const NAME_BYTES_MAX = 128;
/** A refusal repeats what it refuses, but no more than a line of it. */
const QUOTED_CHARS_MAX = 64;

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What of a principal matters not here: it was looked at before. */
type Unasked = 'credential' | 'group' | 'grants';

/** Whose request it is. */
export interface Sender {
  readonly principal: Omit<Extract<Principal, { kind: 'device' }>, Unasked> | Omit<Extract<Principal, { kind: 'key' }>, Unasked>;
  /** The token that the request came with; an event may repeat it, and is stored without it. */
  readonly token: string;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export class TelemetrySplitter {
  readonly #directory: DeviceDirectory;
  readonly #scanner = new JsonScanner();
  readonly #batch = new TelemetryBatchReader();
  readonly #sample = new TelemetrySampleReader();

  constructor(directory: DeviceDirectory) {
    this.#directory = directory;
  }

  /** Whether a device of this id is registered, and may send. */
  maySend(tenant: string, id: string): boolean {
    return this.#directory.maySend(tenant, id);
  }

  /** One JSON object, or an array of them. */
  json(body: Uint8Array, sender: Sender, list: EventList): Refusal | undefined {
    if (!isUtf8(body)) return refusal('malformed', 'the body is not UTF-8');
    this.#directory.begin();
    const scanner = this.#scanner;
    const end = body.length;
    let at = scanner.skipSpace(body, 0, end);
    if (at === end) return refusal('malformed', 'the body is empty; an event is a JSON object such as {"t":21.5}');
    if (body[at] !== OPEN_ARRAY) {
      const { next, refused } = this.#jsonEvent(body, { start: at, end }, { sender, list, pointer: '' });
      return refused ?? this.#trailing(body, next);
    }
    at = scanner.skipSpace(body, at + 1, end);
    if (at < end && body[at] === CLOSE_ARRAY) return refusal('malformed', 'the array holds no event');
    for (let i = 0; ; i++) {
      const { next, refused } = this.#jsonEvent(body, { start: at, end }, { sender, list, pointer: `/${i}` });
      if (refused !== undefined) return refused;
      at = scanner.skipSpace(body, next, end);
      if (at >= end || body[at] !== COMMA) break;
      at = scanner.skipSpace(body, at + 1, end);
    }
    if (at >= end || body[at] !== CLOSE_ARRAY) return malformed(body, at, 'expected "," or "]"');
    return this.#trailing(body, at + 1);
  }

  /** Lines of one JSON object each, all of them whole; empty lines are skipped. `line` is the number of the first. */
  lines(
    body: Uint8Array,
    span: Span,
    request: { readonly sender: Sender; readonly list: EventList; readonly line: number },
  ): { readonly refused?: Refusal; readonly line: number } {
    this.#directory.begin();
    let line = request.line;
    if (!isUtf8(body.subarray(span.start, span.end))) return { refused: refusal('malformed', `not UTF-8, in line ${line} or later`), line };
    let at = span.start;
    while (at < span.end) {
      const newline = body.indexOf(NEWLINE, at);
      const end = newline < 0 || newline > span.end ? span.end : newline;
      const start = this.#scanner.skipSpace(body, at, end);
      if (start < end) {
        const { next, refused } = this.#jsonEvent(body, { start, end }, { sender: request.sender, list: request.list, pointer: '' });
        if (next < 0)
          return {
            refused: refusal(
              'malformed',
              `malformed JSON in line ${line}, at its byte ${this.#scanner.errorAt - at}: ${this.#scanner.error}`,
            ),
            line,
          };
        if (refused !== undefined) return { refused: { ...refused, detail: `line ${line}: ${refused.detail}` }, line };
        const rest = this.#scanner.skipSpace(body, next, end);
        if (rest < end)
          return {
            refused: refusal('malformed', `malformed JSON in line ${line}, at its byte ${rest - at}: something follows the object`),
            line,
          };
      }
      at = end + 1;
      line++;
    }
    return { line };
  }

  /** A Protobuf `TelemetryBatch`: one event a sample. */
  protobuf(body: Uint8Array, sender: Sender, list: EventList): Refusal | undefined {
    this.#directory.begin();
    const batch = this.#batch;
    if (!batch.read(body, 0, body.length)) return refusal('malformed', 'the body is no TelemetryBatch');
    if (batch.samplesCount === 0) return refusal('malformed', 'the TelemetryBatch holds no sample');
    const { principal } = sender;
    const own = principal.kind === 'device' ? this.#directory.findByName(principal.tenant, principal.device) : 0;
    const sample = this.#sample;
    for (let i = 0; i < batch.samplesCount; i++) {
      const start = batch.samplesStarts[i] ?? 0;
      const end = batch.samplesEnds[i] ?? 0;
      if (end - start > EVENT_BYTES_MAX) return tooLarge(`/samples/${i}`);
      if (!sample.read(body, start, end)) return refusal('malformed', `sample ${i} is no TelemetrySample`, { pointer: `/samples/${i}` });
      if (sample.hasTs && sample.ts < EVENT_TIME_MS_MIN) return inSeconds(String(sample.ts), `/samples/${i}/ts`);
      const { deviceStart, deviceEnd } = sample;
      let device = own;
      if (deviceEnd > deviceStart || own === 0) {
        device = this.#ofKey(principal, body, { start: deviceStart, end: deviceEnd });
        if (device === 0) {
          const found = this.#whose(body, { start: deviceStart, end: deviceEnd }, { principal, pointer: `/samples/${i}/device` });
          if (typeof found !== 'number') return found;
          device = found;
        }
      }
      list.entries = this.#directory.entries.bytes;
      list.add(device, body, { start, end });
    }
    return undefined;
  }

  /** Whether the bytes are one `TelemetrySample` and no batch of them: a batch has no field but its samples. */
  isSample(bytes: Uint8Array): boolean {
    const sample = this.#sample;
    if (!sample.read(bytes, 0, bytes.length)) return false;
    return sample.metricsCount > 0 || sample.hasTs || sample.hasSeq || sample.hasBoot || sample.idEnd > sample.idStart;
  }

  #jsonEvent(
    body: Uint8Array,
    span: Span,
    request: { readonly sender: Sender; readonly list: EventList; readonly pointer: string },
  ): { readonly next: number; readonly refused?: Refusal } {
    const scanner = this.#scanner;
    const next = scanner.event(body, span.start, span.end);
    if (next < 0) return { next, refused: malformed(body, scanner.errorAt, scanner.error) };
    if (next - span.start > EVENT_BYTES_MAX) return { next, refused: tooLarge(request.pointer) };
    if (scanner.repeated !== '')
      return { next, refused: refusal('malformed', `"${scanner.repeated}" stands there twice`, { pointer: request.pointer }) };
    if (scanner.secondsStart >= 0) {
      const text = Buffer.from(body.buffer, body.byteOffset + scanner.secondsStart, scanner.secondsEnd - scanner.secondsStart);
      return { next, refused: inSeconds(text.toString('latin1'), `${request.pointer}${'/payload'.repeat(scanner.secondsDepth)}/ts`) };
    }
    const device = this.#deviceOfJson(body, request.sender, request.pointer);
    if (typeof device !== 'number') return { next, refused: device };
    request.list.entries = this.#directory.entries.bytes;
    if (scanner.tokenStart < 0) {
      request.list.add(device, body, { start: span.start, end: next });
      return { next };
    }
    const payload = this.#withoutToken(body, { start: span.start, end: next }, request);
    if ('code' in payload) return { next, refused: payload };
    request.list.add(device, payload, { start: 0, end: payload.length });
    return { next };
  }

  #deviceOfJson(body: Uint8Array, sender: Sender, pointer: string): number | Refusal {
    const { principal } = sender;
    const { deviceStart, deviceEnd, isEnvelope } = this.#scanner;
    const isText = deviceStart >= 0 && body[deviceStart] === QUOTE;
    if (deviceStart >= 0 && isEnvelope && !isText)
      return refusal('malformed', '"device" must be a string', { pointer: `${pointer}/device` });
    if (principal.kind === 'key' && !(isEnvelope && isText)) {
      return refusal('malformed', 'under an API key an event is an envelope that names its device: {"device":"…","metrics":{…}}', {
        pointer,
      });
    }
    if (!isText) return this.#own(principal);
    const span = { start: deviceStart + 1, end: deviceEnd - 1 };
    if (hasBackslash(body, span)) {
      const name = Buffer.from(textOf(body, { start: deviceStart, end: deviceEnd }));
      return this.#whose(name, { start: 0, end: name.length }, { principal, pointer: `${pointer}/device` });
    }
    const device = this.#ofKey(principal, body, span);
    return device !== 0 ? device : this.#whose(body, span, { principal, pointer: `${pointer}/device` });
  }

  /** The quick way of a gateway's events; 0 when it takes a second look to say whose it is, or why nobody's. */
  #ofKey(principal: Sender['principal'], bytes: Uint8Array, span: Span): number {
    if (principal.kind !== 'key' || span.end === span.start || span.end - span.start > NAME_BYTES_MAX) return 0;
    return this.#directory.find(principal.tenant, bytes, span);
  }

  #own(principal: Sender['principal']): number | Refusal {
    const device = principal.kind === 'device' ? this.#directory.findByName(principal.tenant, principal.device) : 0;
    return device !== 0 ? device : refusal('unknown-device', 'the device was deleted');
  }

  /** The device of that name, if the principal may speak for it. */
  #whose(bytes: Uint8Array, span: Span, who: { readonly principal: Sender['principal']; readonly pointer: string }): number | Refusal {
    const { principal, pointer } = who;
    if (span.end - span.start === 0) return refusal('malformed', 'under an API key each event names its device', { pointer });
    if (span.end - span.start > NAME_BYTES_MAX)
      return refusal('malformed', `a device's name has at most ${NAME_BYTES_MAX} bytes`, { pointer });
    const device = this.#directory.find(principal.tenant, bytes, span);
    if (principal.kind === 'device') {
      if (device !== 0 && this.#directory.idOf(device) === principal.device) return device;
      return refusal('forbidden', `the token is ${principal.device}'s own; it may not speak for ${quoted(bytes, span)}`, { pointer });
    }
    return device !== 0
      ? device
      : refusal('unknown-device', `no device ${quoted(bytes, span)} is registered in tenant ${principal.tenant}`, { pointer });
  }

  /** The event as it is stored: a secret does not go into the log. */
  #withoutToken(body: Uint8Array, span: Span, request: { readonly sender: Sender; readonly pointer: string }): Uint8Array | Refusal {
    const { tokenStart, tokenEnd, tokenCutStart, tokenCutEnd, isEnvelope } = this.#scanner;
    const isText = body[tokenStart] === QUOTE;
    const isOwn = isText && isEqual(textOf(body, { start: tokenStart, end: tokenEnd }), request.sender.token);
    if (!isOwn && isEnvelope) {
      return refusal('forbidden', '"token" in an event must be the token of the request itself', { pointer: `${request.pointer}/token` });
    }
    // In a flat event another "token" is a metric like any other.
    if (!isOwn) return body.slice(span.start, span.end);
    return Buffer.concat([body.subarray(span.start, tokenCutStart), body.subarray(tokenCutEnd, span.end)]);
  }

  #trailing(body: Uint8Array, at: number): Refusal | undefined {
    const rest = this.#scanner.skipSpace(body, at, body.length);
    if (rest === body.length) return undefined;
    return malformed(body, rest, 'something follows the JSON value (many events: an array, or lines as application/x-ndjson)');
  }
}

function hasBackslash(bytes: Uint8Array, span: Span): boolean {
  for (let i = span.start; i < span.end; i++) if (bytes[i] === BACKSLASH) return true;
  return false;
}

function malformed(body: Uint8Array, at: number, what: string): Refusal {
  let line = 1;
  for (let i = body.indexOf(NEWLINE); i >= 0 && i < at; i = body.indexOf(NEWLINE, i + 1)) line++;
  return refusal('malformed', `malformed JSON at byte ${at}, line ${line}: ${what}`);
}

function tooLarge(pointer: string): Refusal {
  return refusal('too-large', `an event has at most ${EVENT_BYTES_MAX} bytes`, { pointer, limit: 'event-bytes' });
}

/** `text` is the number as it was sent. */
function inSeconds(text: string, pointer: string): Refusal {
  const number = text.slice(0, QUOTED_CHARS_MAX);
  return refusal('timestamp-in-seconds', `"ts" ${number} looks like seconds: send milliseconds since the epoch, or RFC 3339`, { pointer });
}

/** A JSON string that the scanner has accepted. */
function textOf(body: Uint8Array, span: Span): string {
  return String(JSON.parse(Buffer.from(body.buffer, body.byteOffset + span.start, span.end - span.start).toString('utf8')));
}

function quoted(bytes: Uint8Array, span: Span): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + span.start, span.end - span.start).toString('utf8');
  return quotedInput(text, QUOTED_CHARS_MAX);
}

function isEqual(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
