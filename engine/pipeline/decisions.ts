/**
 * What the fold decided beside outcomes: collected while a task is folded, kept in its control record, and encoded as rows
 * of the table `decisions`. A row is a function of the recorded decision, its event's place and the record's; that an event
 * was refused for its device's state is told by its outcome alone, so it takes no room in the record.
 */
import { encodeEvent } from '../../schemas/gen/lean.ts';
import type { DecisionInit, EffectInit } from '../../schemas/gen/lean.ts';
import { readText } from '../../schemas/wire.ts';
import { reasonCode, REASONS } from '../kernel/outcome.ts';
import type { OutboxMessage } from '../domain/outbox.ts';
import type { RowBlock, TaskEffect } from '../../workers/protocol.ts';
import type { EventView } from './event-view.ts';
import type { MessageReader } from './message-reader.ts';
import { RowBuffer } from './row-buffer.ts';

/**
 * `lifecycle`: a device's state changed. `quota`: an account granted credit. `refused`: an event came too late. `presence`:
 * a device's client came or went; `session`: an application's.
 */
export type DecisionKind = 'lifecycle' | 'quota' | 'refused' | 'presence' | 'session';

/** What a record says of the messages that go to topic partitions: effects, of which the events' own rows tell. */
const PUBLISH = 'publish';

/** The section of a twin that the state is in. */
export const LIFECYCLE_SECTION = 'lifecycle';

const REFUSING: ReadonlySet<number> = new Set([reasonCode('disabled'), reasonCode('decommissioned'), reasonCode('deleted')]);

/** Whether the event is refused for the state that its device is in. */
export function isRefusedByState(reason: number): boolean {
  return REFUSING.has(reason);
}

/** As the fold's state decides it: the event that it is about is known to whoever collects. */
export type Decided = Pick<DecisionInit, 'section' | 'path' | 'oldValue' | 'newValue' | 'version' | 'state' | 'actor' | 'body'> & {
  readonly kind: DecisionKind;
};

/** A decision that no event made: something was due. It says itself who it is about. */
export type TimedDecision = Decided & { readonly tenant: string; readonly device: string };

/** Whether a decision is a row; the others are for who dispatches effects. */
export function isRow({ kind }: DecisionInit): boolean {
  return kind !== PUBLISH;
}

/** Takes decisions in as they are made. */
export interface DecisionSink {
  /** The name of the edge that wrote the event at hand. */
  edge(): string;
  add(decided: Decided): void;
  /** One whose row is completed from the event at hand. */
  brief(decided: Pick<Decided, 'kind' | 'state' | 'version' | 'newValue'>): void;
  /** One that is about somebody else than the event at hand. */
  timed(decided: TimedDecision): void;
  publish(messages: readonly OutboxMessage[]): void;
}

/** What a task decided. */
export class TaskDecisions implements DecisionSink {
  readonly #message: MessageReader;
  readonly #view: EventView;
  #made: DecisionInit[] = [];
  #effects: TaskEffect[] = [];
  #origin = { partition: 0, recordSeq: 0 };
  /** About what they take in the record. */
  bytes = 0;
  /** Where the event at hand is in its message. */
  index = 0;

  constructor(message: MessageReader, view: EventView) {
    this.#message = message;
    this.#view = view;
  }

  get count(): number {
    return this.#made.length;
  }

  /** `recordSeq` is the sequence that the task's record will have. */
  begin(origin: { readonly partition: number; readonly recordSeq: number }): void {
    this.#made = [];
    this.#effects = [];
    this.#origin = origin;
    this.bytes = 0;
  }

  /** In the order of their index, which counts within the record. */
  effects(): readonly TaskEffect[] {
    return this.#effects;
  }

  all(): readonly DecisionInit[] {
    return this.#made;
  }

  /** Those after the first `count`. */
  since(count: number): readonly DecisionInit[] {
    return this.#made.slice(count);
  }

  edge(): string {
    const { bytes, edgeEnd, edgeStart } = this.#message;
    return readText(bytes, edgeStart, edgeEnd);
  }

  add(decided: Decided): void {
    const { bytes, event } = this.#view;
    const tenant = readText(bytes, event.tenantStart, event.tenantEnd);
    const device = readText(bytes, event.deviceStart, event.deviceEnd);
    this.#made.push({ ...decided, tenant, device, causeSeq: this.#message.seq, causeIndex: this.index });
    this.bytes += DECISION_BYTES + tenant.length + device.length + (decided.body?.length ?? 0);
  }

  brief(decided: Pick<Decided, 'kind' | 'state' | 'version' | 'newValue'>): void {
    this.#made.push({ ...decided, causeSeq: this.#message.seq, causeIndex: this.index });
    this.bytes += BRIEF_BYTES + (decided.newValue?.length ?? 0);
  }

  timed(decided: TimedDecision): void {
    this.#made.push({ ...decided, causeSeq: this.#message.seq, causeIndex: this.index });
    this.bytes += DECISION_BYTES + (decided.body?.length ?? 0);
  }

  /** Each event says from which effect it came, so that whoever gets it twice knows it again. */
  publish(messages: readonly OutboxMessage[]): void {
    const { partition, recordSeq } = this.#origin;
    const effects: EffectInit[] = [];
    for (const { event, target } of messages) {
      const index = this.#effects.length;
      const source = encodeEvent({ effectSource: String(partition), effectVersion: recordSeq, effectIndex: index });
      const body = new Uint8Array(event.length + source.length);
      body.set(event);
      body.set(source, event.length);
      const effect = { kind: 'publish', target: String(target), body } as const;
      effects.push(effect);
      this.#effects.push({ index, ...effect });
      this.bytes += BRIEF_BYTES + body.length;
    }
    this.#made.push({ kind: PUBLISH, causeSeq: this.#message.seq, causeIndex: this.index, effects });
  }
}

/** Of a decision without its body and names: words of closed lists, an actor's name, numbers. */
const DECISION_BYTES = 256;
/** Of one that says little, and of an effect beside its event. */
const BRIEF_BYTES = 48;
const DIGEST_SEQ = 1_000_003n;
const DIGEST_INDEX = 1009n;
const DIGEST_ITEM = 31n;
const NO_BYTES = new Uint8Array(0);
const UTF8 = new TextEncoder();
/** The columns of fixed width, and the lengths of the others. */
const ROW_FIXED_BYTES_MAX = 256;

/** Where the event of decisions is, and the record that holds them. */
export interface DecisionPlace {
  readonly seq: number;
  readonly index: number;
  readonly logMs: number;
  readonly recordSeq: number;
}

/** Rows of `decisions`, in the order and types of `DECISION_COLUMNS`. */
export class DecisionRows {
  readonly #buffer = new RowBuffer();
  #origin = { partition: 0, epoch: 0 };
  #rows = 0;
  #digest = 0n;
  #seq = 0;
  #index = 0;
  #item = 0;

  begin(origin: { readonly partition: number; readonly epoch: number }): void {
    this.#origin = origin;
    if (this.#buffer.length > 0) this.#buffer.take();
    this.#rows = 0;
    this.#digest = 0n;
    this.#seq = 0;
  }

  /** An event that was refused for its device's state. */
  refused(view: EventView, reason: number, place: DecisionPlace): void {
    const { bytes, event } = view;
    const tenant = readText(bytes, event.tenantStart, event.tenantEnd);
    const device = readText(bytes, event.deviceStart, event.deviceEnd);
    this.add({ kind: 'refused', tenant, device, section: LIFECYCLE_SECTION, state: REASONS[reason] ?? '' }, place);
  }

  add(decision: DecisionInit, place: DecisionPlace): void {
    const isNext = place.seq === this.#seq && place.index === this.#index;
    this.#item = isNext ? this.#item + 1 : 0;
    this.#seq = place.seq;
    this.#index = place.index;
    const { body = NO_BYTES, version = 0, ...words } = decision;
    const texts = [words.section, words.document, words.path, words.oldValue, words.newValue].map(utf8);
    const more = [words.saga, words.state, words.actor].map(utf8);
    const who = [words.tenant, words.device, words.kind].map(utf8);
    const size = [...texts, ...more, ...who].reduce((sum, text) => sum + text.length, body.length);
    const buffer = this.#buffer;
    buffer.reserve(ROW_FIXED_BYTES_MAX + size);
    for (const text of who) buffer.string(text, 0, text.length);
    buffer.i64(place.logMs);
    buffer.u16(this.#origin.partition);
    buffer.i64(place.seq);
    buffer.u32(place.index);
    buffer.u16(this.#item);
    buffer.i64(place.recordSeq);
    for (const text of texts) buffer.string(text, 0, text.length);
    buffer.i64(version);
    for (const text of more) buffer.string(text, 0, text.length);
    buffer.string(body, 0, body.length);
    buffer.i64(this.#origin.epoch);
    this.#rows += 1;
    this.#digest += BigInt(place.seq) * DIGEST_SEQ + BigInt(place.index) * DIGEST_INDEX + BigInt(this.#item) * DIGEST_ITEM;
  }

  /** Ends the block; one without rows costs nothing. */
  take(): RowBlock {
    if (this.#rows === 0) return NO_ROWS;
    return { bytes: this.#buffer.take(), rows: this.#rows, digest: BigInt.asUintN(64, this.#digest) };
  }
}

const NO_ROWS: RowBlock = { bytes: NO_BYTES, rows: 0, digest: 0n };

function utf8(text = ''): Uint8Array {
  return text === '' ? NO_BYTES : UTF8.encode(text);
}
