/**
 * What a control record and the messages that it covers give: items, in the order of the log. Accepted telemetry comes from
 * the messages, where the record makes no exception of it; decisions come from the record, each with the event that caused it.
 * A function of the two logs alone, whatever the records' borders are.
 */
import type { LogMessage } from '../../engine/ports/input-log.ts';
import { CONTENT_TYPE, type ControlRecord, decodeControlRecord, type Decision, KIND } from '../../schemas/envelope.ts';
import { EventBatchReader, EventReader, type DecisionInit } from '../../schemas/gen/lean.ts';
import { readText } from '../../schemas/wire.ts';
import { completed, isBrief } from '../../engine/domain/presence-news.ts';
import { type DecisionFacts, FeedItem, kindMask, type KindMask, kindOfDecision } from './feed-item.ts';
import { slotOf } from './place.ts';

/** Whoever wants items: everybody at the head, or one who reads alone. */
export interface Audience {
  /** Undefined: nobody wants anything of the tenant. */
  of(tenant: string): TenantAudience | undefined;
}

export interface TenantAudience {
  /** Items of other kinds needn't be made. */
  readonly kinds: KindMask;
  /** Whether anybody may want an item of the device. */
  hears(device: string): boolean;
  /** False: no more is taken. */
  take(item: FeedItem): boolean;
}

/** A decision and the place where it is told: that of its cause, or of what was folded when it was made, if the cause is older. */
interface PlacedDecision {
  readonly decision: Decision;
  readonly index: number;
}

/** A record that covers messages. */
export class CoveringRecord {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly #exceptions: ControlRecord['exceptions'];
  readonly #decisions = new Map<number, PlacedDecision[]>();
  /** Log time of the last message that was looked at. */
  #logMs: number;

  private constructor(record: ControlRecord) {
    this.fromSeq = record.fromSeq;
    this.toSeq = record.toSeq;
    this.#logMs = record.logMsBefore;
    this.#exceptions = record.exceptions;
    let seq = record.fromSeq;
    let index = 0;
    for (const decision of record.decisions) {
      const { causeSeq, causeIndex } = decision;
      if (causeSeq > seq && causeSeq <= record.toSeq) {
        seq = causeSeq;
        index = causeIndex;
      } else if (causeSeq === seq) index = Math.max(index, causeIndex);
      const placed = this.#decisions.get(seq) ?? [];
      this.#decisions.set(seq, placed);
      placed.push({ decision, index });
    }
  }

  /** Undefined: the record covers nothing. Throws where the bytes are no record. */
  static read(data: Uint8Array): CoveringRecord | undefined {
    const record = decodeControlRecord(data);
    return record.toSeq < record.fromSeq ? undefined : new CoveringRecord(record);
  }

  /** Log time of the message; to be asked in the order of the log. */
  logMsAt(message: LogMessage): number {
    this.#logMs = Math.max(this.#logMs, message.timeMs);
    return this.#logMs;
  }

  decisionsOf(seq: number): readonly PlacedDecision[] {
    return this.#decisions.get(seq) ?? NO_DECISIONS;
  }

  /** The runs of a message's exceptions, from the first on. */
  exceptionsFrom(seq: number): number {
    const deltas = this.#exceptions?.seqDelta ?? [];
    let low = 0;
    let high = deltas.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.fromSeq + (deltas[middle] ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The run's first event and the one after its last, in the message; undefined: the message has no such run. */
  runOf(seq: number, run: number): { readonly first: number; readonly end: number } | undefined {
    const runs = this.#exceptions;
    if (runs === undefined || run >= runs.seqDelta.length || this.fromSeq + (runs.seqDelta[run] ?? 0) !== seq) return undefined;
    const first = runs.index[run] ?? 0;
    return { first, end: first + (runs.count[run] ?? 0) };
  }
}

const NO_BODY = new Uint8Array(0);
const NO_DECISIONS: readonly PlacedDecision[] = [];

/** A message of the log with the record that covers it. */
export interface CoveredEntry {
  readonly seq: number;
  readonly data: Uint8Array;
  readonly logMs: number;
  readonly record: CoveringRecord;
}

/** Sees that most events of a batch have the tenant of the one before. */
class TenantMemo {
  #bytes: Uint8Array = new Uint8Array(0);
  #text = '';

  read(bytes: Uint8Array, start: number, end: number): string {
    const known = this.#bytes;
    let isSame = known.length === end - start;
    for (let i = 0; isSame && i < known.length; i++) isSame = known[i] === bytes[start + i];
    if (isSame) return this.#text;
    this.#bytes = bytes.slice(start, end);
    this.#text = readText(bytes, start, end);
    return this.#text;
  }
}

export class RecordWalk {
  readonly #partition: number;
  readonly #batch = new EventBatchReader();
  readonly #event = new EventReader();
  readonly #tenants = new TenantMemo();

  constructor(partition: number) {
    this.#partition = partition;
  }

  /** Hands the items of one message to the audience. False: it took no more. */
  message(entry: CoveredEntry, audience: Audience): boolean {
    const { data, record, seq } = entry;
    const batch = this.#batch;
    const decisions = record.decisionsOf(seq);
    // What no writer of ours appended counts as one event, which is in quarantine; decisions may be told there all the same.
    const count = batch.read(data, 0, data.length) ? batch.eventsCount : 0;
    const last = Math.max(count, 1) - 1;
    let nextDecision = 0;
    let run = record.exceptionsFrom(seq);
    let exception = record.runOf(seq, run);
    for (let index = 0; index <= last; index++) {
      while (exception !== undefined && exception.end <= index) exception = record.runOf(seq, ++run);
      const isAccepted = index < count && (exception === undefined || index < exception.first);
      let items = 0;
      if (isAccepted) {
        const taken = this.#telemetry(entry, index, audience);
        if (taken === 'full') return false;
        items = taken;
      }
      for (; nextDecision < decisions.length; nextDecision++) {
        const placed = decisions[nextDecision];
        if (placed === undefined || (placed.index > index && index < last)) break;
        if (!this.#decision(entry, { decision: placed.decision, slot: slotOf(index, items) }, audience)) return false;
        items++;
      }
    }
    return true;
  }

  /** How many items the event gives: 1 where it is telemetry, wanted or not. */
  #telemetry({ data, logMs, seq }: CoveredEntry, index: number, audience: Audience): 0 | 1 | 'full' {
    const event = this.#event;
    const batch = this.#batch;
    if (!event.read(data, batch.eventsStarts[index] as number, batch.eventsEnds[index] as number)) return 0;
    if (event.kind !== KIND.telemetry) return 0;
    const tenant = this.#tenants.read(data, event.tenantStart, event.tenantEnd);
    const heard = audience.of(tenant);
    if (heard === undefined || (heard.kinds & TELEMETRY) === 0) return 1;
    const device = readText(data, event.deviceStart, event.deviceEnd);
    if (!heard.hears(device)) return 1;
    const item = new FeedItem(
      { partition: this.#partition, seq, slot: slotOf(index, 0), causeSeq: seq, causeIndex: index, logMs },
      {
        kind: 'telemetry',
        tenant,
        device,
        payload: data.subarray(event.payloadStart, event.payloadEnd),
        contentType: event.contentType,
        via: event.via,
        topic: event.topicEnd > event.topicStart ? readText(data, event.topicStart, event.topicEnd) : '',
        eventMs: event.hasEventMs ? event.eventMs : undefined,
        decision: undefined,
      },
    );
    return heard.take(item) ? 1 : 'full';
  }

  #decision(
    { data, logMs, seq }: CoveredEntry,
    { decision: said, slot }: { readonly decision: Decision; readonly slot: number },
    audience: Audience,
  ): boolean {
    const decision = isBrief(said) ? this.#completed(said, { data, seq, logMs }) : said;
    const kind = kindOfDecision(decision);
    if (kind === undefined) return true;
    const { tenant, device } = decision;
    const heard = audience.of(tenant);
    if (heard === undefined || (heard.kinds & kindMask(kind)) === 0 || !heard.hears(device)) return true;
    const item = new FeedItem(
      { partition: this.#partition, seq, slot, causeSeq: decision.causeSeq, causeIndex: decision.causeIndex, logMs },
      {
        kind,
        tenant,
        device,
        payload: decision.body,
        contentType: CONTENT_TYPE.json,
        via: 0,
        topic: '',
        eventMs: undefined,
        decision: factsOf(decision),
      },
    );
    return heard.take(item);
  }

  /** The record keeps two words of what the event says itself. */
  #completed(decision: Decision, { data, logMs, seq }: Pick<CoveredEntry, 'data' | 'logMs' | 'seq'>): Decision {
    const batch = this.#batch;
    const event = this.#event;
    const { causeIndex: index } = decision;
    if (index >= batch.eventsCount || !event.read(data, batch.eventsStarts[index] as number, batch.eventsEnds[index] as number))
      return decision;
    const edge = readText(data, batch.edgeStart, batch.edgeEnd);
    return { ...decision, ...wholeOf(completed(decision, { bytes: data, event, edge, seq, index, logMs })) };
  }
}
const TELEMETRY = kindMask('telemetry');

/** Without what holds on to the record's bytes. */
function factsOf({ section, document, path, oldValue, newValue, version, saga, state, actor }: Decision): DecisionFacts {
  return { section, document, path, oldValue, newValue, version, saga, state, actor };
}

function wholeOf({ body = NO_BODY, device = '', path = '', section = '', tenant = '', version = 0 }: DecisionInit): Partial<Decision> {
  return { tenant, device, section, path, version, body };
}
