/**
 * What everybody imports to read and write messages: the records and codecs of the control plane, and the hot way of an
 * event into a batch. An event is written as three spans that are made at different times: the prefix (what doesn't change
 * over a session: tenant, device, how it came), the extra (what only some events have), and the payload, which is copied
 * once, straight into the batch. Protobuf lets fields stand in any order, so the spans are simply put one after the other.
 *
 * Readers ignore fields that they don't know, so an older process reads what a newer one wrote.
 */
import {
  decodeAnswer as answerOf,
  decodeAsk as askOf,
  decodeControlRecord as controlRecordOf,
  decodeTwinSnapshot as twinSnapshotOf,
  encodeEvent,
  EventBatchReader,
  sizeEventBatch,
  writeEventBatch,
} from './gen/lean.ts';
import type { Answer, Ask, ControlRecord, EventInit, TwinSnapshot } from './gen/lean.ts';
import { NO_BYTES, tagOf, varintSize, WIRE_BYTES, WIRE_VARINT, writeVarint } from './wire.ts';

export { ANSWER_CODE, CONTENT_TYPE, KIND, RECORD_KIND, VIA } from './gen/lean.ts';
export { encodeAnswer, encodeAsk, encodeControlRecord, encodeTwinSnapshot } from './gen/lean.ts';
export type {
  Answer,
  AnswerInit,
  Ask,
  AskInit,
  Claim,
  ControlRecord,
  ControlRecordInit,
  CoveredMessage,
  Decision,
  Effect,
  Event,
  EventBatch,
  EventInit,
  Intent,
  OutcomeRuns,
  Repair,
  SinkState,
  TableIntent,
  Timer,
  TwinSnapshot,
  TwinSnapshotInit,
} from './gen/lean.ts';

/** Bytes that only this program writes do not decode: the store is damaged, or of another program. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';

  constructor(message: string, byteLength: number) {
    super(`${byteLength} bytes are no ${message}`);
  }
}

/** Throws MalformedMessageError. What devices send is read with the readers of `gen/lean.ts`, which never throw. */
export function decodeControlRecord(bytes: Uint8Array): ControlRecord {
  return decoded('ControlRecord', bytes, controlRecordOf(bytes));
}

/** Throws MalformedMessageError. */
export function decodeTwinSnapshot(bytes: Uint8Array): TwinSnapshot {
  return decoded('TwinSnapshot', bytes, twinSnapshotOf(bytes));
}

/** Throws MalformedMessageError. */
export function decodeAsk(bytes: Uint8Array): Ask {
  return decoded('Ask', bytes, askOf(bytes));
}

/** Throws MalformedMessageError. */
export function decodeAnswer(bytes: Uint8Array): Answer {
  return decoded('Answer', bytes, answerOf(bytes));
}

function decoded<T>(message: string, bytes: Uint8Array, value: T | undefined): T {
  if (value === undefined) throw new MalformedMessageError(message, bytes.length);
  return value;
}

/** Field numbers of event.proto that are written by hand here; a test compares them with the schema. */
export const EVENT_PAYLOAD_FIELD = 4;
export const EVENT_RECEIVED_MS_FIELD = 7;
export const BATCH_EVENTS_FIELD = 5;

const PAYLOAD_TAG = tagOf(EVENT_PAYLOAD_FIELD, WIRE_BYTES);
const RECEIVED_MS_TAG = tagOf(EVENT_RECEIVED_MS_FIELD, WIRE_VARINT);
const EVENTS_TAG = tagOf(BATCH_EVENTS_FIELD, WIRE_BYTES);
/** Each of these tags is below 128. */
const TAG_BYTES = 1;
/** Up to here, and for prefixes, which are short, copying byte by byte is fastest. */
const LOOP_COPY_BYTES_MAX = 40;

/** What stays the same for all events of a session: everything but the payload and the time of arrival. */
export type EventPrefixInit = Omit<EventInit, 'payload' | 'receivedMs'>;

/** The encoded fields of an `Event`, to stand before what `writeEventEntry` adds. Also makes the extra of single events. */
export function encodeEventPrefix(fields: EventPrefixInit): Uint8Array<ArrayBuffer> {
  return encodeEvent({ ...fields, payload: NO_BYTES, receivedMs: 0 });
}

/** One event in its spans. Callers may keep a single object and change it. */
export interface EventParts {
  /** From `encodeEventPrefix`. */
  readonly prefix: Uint8Array;
  /** Where it is in `prefix`; absent: it is all of it. */
  readonly prefixStart?: number;
  readonly prefixEnd?: number;
  /** From `encodeEventPrefix` too, of fields that the prefix doesn't have; or an empty array. */
  readonly extra: Uint8Array;
  /** The payload is `payload[start, end)`. */
  readonly payload: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly receivedMs: number;
}

/**
 * Bytes that an event of these lengths takes in a batch: what `writeEventEntry` will write. Four numbers and no record,
 * because it is asked for every event before anything is known about the room for it.
 */
// oxlint-disable-next-line max-params
export function eventSize(prefixLength: number, extraLength: number, payloadLength: number, receivedMs: number): number {
  const size = fieldsSize(prefixLength + extraLength, payloadLength, receivedMs);
  return TAG_BYTES + varintSize(size) + size;
}

function fieldsSize(encodedLength: number, payloadLength: number, receivedMs: number): number {
  const received = receivedMs === 0 ? 0 : TAG_BYTES + varintSize(receivedMs);
  const payload = payloadLength === 0 ? 0 : TAG_BYTES + varintSize(payloadLength) + payloadLength;
  return encodedLength + received + payload;
}

/** Writes the event as one more entry of an `EventBatch`, and returns where it ends; there must be room for it. */
export function writeEventEntry(target: Uint8Array, at: number, parts: EventParts): number {
  const { prefix, extra, payload, start, end, receivedMs } = parts;
  const { prefixStart = 0, prefixEnd = prefix.length } = parts;
  target[at] = EVENTS_TAG;
  let next = writeVarint(target, at + TAG_BYTES, fieldsSize(prefixEnd - prefixStart + extra.length, end - start, receivedMs));
  for (let i = prefixStart; i < prefixEnd; i++) target[next++] = prefix[i] as number;
  for (let i = 0; i < extra.length; i++) target[next++] = extra[i] as number;
  if (receivedMs !== 0) {
    target[next] = RECEIVED_MS_TAG;
    next = writeVarint(target, next + TAG_BYTES, receivedMs);
  }
  if (end === start) return next;
  target[next] = PAYLOAD_TAG;
  next = writeVarint(target, next + TAG_BYTES, end - start);
  if (end - start <= LOOP_COPY_BYTES_MAX) for (let i = start; i < end; i++) target[next++] = payload[i] as number;
  else {
    target.set(start === 0 && end === payload.length ? payload : payload.subarray(start, end), next);
    next += end - start;
  }
  return next;
}

/** The fields of an `EventBatch` before its events. */
export interface BatchHeader {
  readonly edgeEpoch: number;
  readonly counter: number;
  readonly edge: string;
  readonly openedMs: number;
}

/** Bytes that `writeBatchHeader` writes. */
export function batchHeaderSize(header: BatchHeader): number {
  return sizeEventBatch(header);
}

/** Writes the header and returns where it ends; entries follow at once, in any number. */
export function writeBatchHeader(target: Uint8Array, at: number, header: BatchHeader): number {
  return writeEventBatch(header, target, at);
}

/** By which a message of the log is known again. */
export interface BatchIdentity {
  readonly edgeEpoch: number;
  readonly counter: number;
}

/** The identity of an encoded `EventBatch`; zeros when it is malformed, which no writer's batch has. */
export function readBatchIdentity(bytes: Uint8Array): BatchIdentity {
  const reader = new EventBatchReader();
  if (!reader.read(bytes, 0, bytes.length)) return { edgeEpoch: 0, counter: 0 };
  return { edgeEpoch: reader.edgeEpoch, counter: reader.counter };
}
