/**
 * Encodes rows of the table `events`, one an event, in the order and types of `EVENT_COLUMNS`. A row is a function of the
 * event's bytes, its outcome, log time and the epoch; never of twin state. Also sums up the block's digest.
 */
import { CONTENT_TYPE, VIA } from '../../schemas/envelope.ts';
import { readShortVarint, skipField, textSize, varintSize, writeText } from '../../schemas/wire.ts';
import { LEAF_TEXT, SCRATCH_BASE, TIME_FROM_LOG } from '../domain/telemetry-sample.ts';
import type { TelemetrySample } from '../domain/telemetry-sample.ts';
import { ACCEPTED, DUPLICATE, REASONS } from '../kernel/outcome.ts';
import type { RowBlock } from '../../workers/protocol.ts';
import { KIND_MAX } from './event-view.ts';
import type { EventView } from './event-view.ts';
import type { MessageReader } from './message-reader.ts';
import { isDecoded, isOpaque } from './outcomes.ts';
import type { EventOutcome } from './outcomes.ts';
import { RowBuffer } from './row-buffer.ts';

/** Enum columns know these values and fail a whole block for another one, so an unknown value is written as 0. */
const VIA_MAX = Math.max(...Object.values(VIA));
const CONTENT_TYPE_MAX = Math.max(...Object.values(CONTENT_TYPE));

/** Fields of `Event` with columns of their own, by number; all others are kept in `extra`. */
const FIELD_KIND = 3;
const FIELD_CONTENT_TYPE = 5;
const FIELD_VIA = 6;
const COLUMN_FIELDS: ReadonlySet<number> = new Set([1, 2, FIELD_KIND, 4, FIELD_CONTENT_TYPE, FIELD_VIA, 7]);

/** The columns of fixed width, and the lengths of the others. */
const ROW_FIXED_BYTES_MAX = 256;
/** Of each leaf: the length of its name, and a number or the length of its text. */
const LEAF_FIXED_BYTES_MAX = 16;

/** Each reason as a string of RowBinary; none is the empty one. */
const REASON_BYTES: readonly Uint8Array[] = REASONS.map((reason, code) => {
  if (code === 0) return new Uint8Array(1);
  const bytes = new Uint8Array(1 + textSize(reason));
  writeText(bytes, 0, reason);
  return bytes;
});

const DIGEST_SEQ = 1_000_003n;
const DIGEST_INDEX = 1009;

/** What all rows of a task share. */
export interface RowOrigin {
  readonly partition: number;
  readonly epoch: number;
}

/** Of one row: the event's index in its message, log time, what became of it. Callers may keep one and fill it again. */
export interface RowFacts {
  readonly index: number;
  readonly logMs: number;
  readonly outcome: EventOutcome;
}

export class EventRows {
  rows = 0;
  readonly #buffer = new RowBuffer();
  #origin: RowOrigin = { partition: 0, epoch: 0 };
  #digest = 0n;
  /** The part of the digest that stays small: 1009 * index + outcome, and rows of the message at hand. */
  #smallDigest = 0;
  #messageSeq = 0;
  #messageRows = 0;

  /** Starts a block; `expectedBytes` is a guess at how long it gets. */
  begin(origin: RowOrigin, expectedBytes = 0): void {
    this.#origin = origin;
    this.#buffer.begin(expectedBytes);
    this.rows = 0;
    this.#digest = 0n;
    this.#smallDigest = 0;
    this.#messageSeq = 0;
    this.#messageRows = 0;
  }

  /** Adds the row of the event in view. Where its outcome says that the payload decodes, it was decoded. */
  add(view: EventView, message: MessageReader, row: RowFacts): void {
    const { index, logMs, outcome } = row;
    this.#count(message.seq, index, outcome.outcome);
    const buffer = this.#buffer;
    const { sample } = view;
    const opaque = !view.readable || isOpaque(outcome);
    const decoded = !opaque && view.isTelemetry() && isDecoded(outcome);
    const leafBytes = decoded ? sample.count * LEAF_FIXED_BYTES_MAX + sample.scratchLength : 0;
    // Fields of the event show up twice at most: as names and texts, and as payload or extra.
    buffer.reserve(ROW_FIXED_BYTES_MAX + (view.end - view.start) * 2 + message.edgeEnd - message.edgeStart + leafBytes);
    this.#identity(view, outcome, opaque);
    buffer.i64(decoded ? sample.eventMs : logMs);
    buffer.i64(logMs);
    buffer.i64(opaque ? 0 : view.event.receivedMs);
    buffer.u8(decoded ? sample.timeSource : TIME_FROM_LOG);
    this.#position(message, index, outcome);
    this.#retryIdentity(view, opaque, decoded);
    if (opaque) {
      buffer.u8(0);
      buffer.u8(0);
    } else {
      buffer.string(view.bytes, view.event.schemaStart, view.event.schemaEnd);
      buffer.u8(known(view.event.via, VIA_MAX));
    }
    buffer.string(message.bytes, message.edgeStart, message.edgeEnd);
    if (decoded && (outcome.outcome === ACCEPTED || outcome.outcome === DUPLICATE)) {
      this.#metrics(sample);
      this.#attrs(sample);
    } else buffer.u16(0);
    this.#payload(view, opaque);
    buffer.i64(this.#origin.epoch);
  }

  /** Takes a buffer over, for a later block. */
  reuse(buffer: ArrayBuffer): void {
    this.#buffer.reuse(buffer);
  }

  /** Ends the block. */
  take(): RowBlock {
    this.#closeMessage();
    const digest = BigInt.asUintN(64, this.#digest + BigInt(this.#smallDigest));
    const { rows } = this;
    return { bytes: this.#buffer.take(), rows, digest };
  }

  /** As `TableIntent.digest`; the term with the sequence needs more than 53 bits, so it is added once a message. */
  #count(seq: number, index: number, outcome: number): void {
    if (seq !== this.#messageSeq) this.#closeMessage();
    this.#messageSeq = seq;
    this.#messageRows += 1;
    this.#smallDigest += index * DIGEST_INDEX + outcome;
    this.rows += 1;
  }

  #closeMessage(): void {
    if (this.#messageRows === 0) return;
    this.#digest += BigInt(this.#messageSeq) * BigInt(this.#messageRows) * DIGEST_SEQ;
    this.#messageRows = 0;
  }

  #identity(view: EventView, outcome: EventOutcome, opaque: boolean): void {
    const buffer = this.#buffer;
    if (opaque) {
      buffer.u16(0);
      buffer.u8(0);
    } else {
      const { tenantStart, tenantEnd, deviceStart, deviceEnd, kind } = view.event;
      buffer.string(view.bytes, tenantStart, tenantEnd);
      buffer.string(view.bytes, deviceStart, deviceEnd);
      buffer.u8(known(kind, KIND_MAX));
    }
    buffer.u8(outcome.outcome);
    const reason = REASON_BYTES[outcome.reason] ?? NO_BYTES;
    buffer.raw(reason, 0, reason.length);
  }

  #position(message: MessageReader, index: number, outcome: EventOutcome): void {
    const buffer = this.#buffer;
    buffer.u16(this.#origin.partition);
    buffer.i64(message.seq);
    buffer.u32(index);
    // Every event is one sample, so far.
    buffer.u16(0);
    buffer.i64(outcome.originalSeq);
    buffer.u32(outcome.originalIndex);
    buffer.i64(message.edgeEpoch);
    buffer.i64(message.counter);
  }

  #retryIdentity(view: EventView, opaque: boolean, decoded: boolean): void {
    const buffer = this.#buffer;
    if (decoded) {
      buffer.i64(view.sample.boot);
      buffer.i64(view.sample.seq);
    } else {
      buffer.i64(opaque ? 0 : view.event.bootId);
      buffer.i64(opaque ? 0 : view.event.deviceSeq);
    }
  }

  #metrics(sample: TelemetrySample): void {
    const buffer = this.#buffer;
    buffer.varint(sample.numericCount);
    for (let k = 0; k < sample.count; k++) {
      if ((sample.type[k] as number) >= LEAF_TEXT) continue;
      this.#span(sample, sample.nameStart[k] as number, sample.nameEnd[k] as number);
      buffer.f64(sample.number[k] as number);
    }
  }

  #attrs(sample: TelemetrySample): void {
    const buffer = this.#buffer;
    buffer.varint(sample.count - sample.numericCount);
    if (sample.count === sample.numericCount) return;
    for (let k = 0; k < sample.count; k++) {
      if ((sample.type[k] as number) < LEAF_TEXT) continue;
      this.#span(sample, sample.nameStart[k] as number, sample.nameEnd[k] as number);
      this.#span(sample, sample.textStart[k] as number, sample.textEnd[k] as number);
    }
  }

  #span(sample: TelemetrySample, start: number, end: number): void {
    const from = start & ~SCRATCH_BASE;
    this.#buffer.string(sample.bytesOf(start), from, from + end - start);
  }

  #payload(view: EventView, opaque: boolean): void {
    const buffer = this.#buffer;
    if (opaque) {
      buffer.u8(0);
      buffer.string(view.bytes, view.start, view.end);
      buffer.u8(0);
      return;
    }
    const { event } = view;
    buffer.u8(known(event.contentType, CONTENT_TYPE_MAX));
    buffer.string(view.bytes, event.payloadStart, event.payloadEnd);
    if (hasColumnsOnly(view)) buffer.u8(0);
    else this.#extra(view);
  }

  /** The fields that have no column of their own, as they were encoded, in their order. */
  #extra(view: EventView): void {
    const buffer = this.#buffer;
    const { bytes, start, end } = view;
    let size = 0;
    for (let at = start; at < end; at = skipField(bytes, at, end)) if (isExtra(view, at)) size += skipField(bytes, at, end) - at;
    buffer.varint(size);
    for (let at = start; at < end; at = skipField(bytes, at, end)) if (isExtra(view, at)) buffer.raw(bytes, at, skipField(bytes, at, end));
  }
}

const NO_BYTES = new Uint8Array(1);

function known(value: number, max: number): number {
  return value <= max ? value : 0;
}

/** Whether the field whose tag is at `at` is lost unless it is kept in `extra`. */
function isExtra(view: EventView, at: number): boolean {
  const field = readShortVarint(view.bytes, at, view.end) >>> 3;
  if (field === FIELD_KIND) return view.event.kind > KIND_MAX;
  if (field === FIELD_VIA) return view.event.via > VIA_MAX;
  if (field === FIELD_CONTENT_TYPE) return view.event.contentType > CONTENT_TYPE_MAX;
  return !COLUMN_FIELDS.has(field);
}

/**
 * Whether the event's length is that of the fields with columns, encoded as writers do, so that there is nothing else in
 * it: a few additions spare most events a second walk over their fields.
 */
function hasColumnsOnly(view: EventView): boolean {
  const { event } = view;
  if (event.kind > KIND_MAX || event.via > VIA_MAX || event.contentType > CONTENT_TYPE_MAX) return false;
  const ids = spanSize(event.tenantStart, event.tenantEnd) + spanSize(event.deviceStart, event.deviceEnd);
  const enums = (event.kind === 0 ? 0 : 2) + (event.contentType === 0 ? 0 : 2) + (event.via === 0 ? 0 : 2);
  const received = event.receivedMs === 0 ? 0 : 1 + varintSize(event.receivedMs);
  return view.end - view.start === ids + enums + received + spanSize(event.payloadStart, event.payloadEnd);
}

function spanSize(start: number, end: number): number {
  const length = end - start;
  return length === 0 ? 0 : 1 + varintSize(length) + length;
}
