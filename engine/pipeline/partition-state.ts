/**
 * All that a partition remembers, and how an accepted event changes it. `decide` looks and changes nothing, `evolve`
 * changes what was decided: the live fold does one after the other, recovery only the second, so both end in one state.
 */
import { EdgeGoneReader } from '../../schemas/gen/lean.ts';
import { KIND } from '../../schemas/envelope.ts';
import { readText } from '../../schemas/wire.ts';
import { ClaimedIds } from '../domain/claimed-ids.ts';
import { checkSequence, markSequence } from '../domain/deduplication.ts';
import { Erasures } from '../domain/erasures.ts';
import { Quotas } from '../domain/quota.ts';
import { SCRATCH_BASE } from '../domain/telemetry-sample.ts';
import type { TelemetrySample } from '../domain/telemetry-sample.ts';
import { PAGE_UNITS_MASK } from '../domain/twin-arena.ts';
import { eraseTwin } from '../domain/twin-erase.ts';
import { TwinLatest } from '../domain/twin-latest.ts';
import type { Stamp } from '../domain/twin-latest.ts';
import { FIRST_SEQ, LAST_INDEX, LAST_SEQ, TwinStore } from '../domain/twin-store.ts';
import { NO_REASON } from '../domain/validation.ts';
import { Writers } from '../domain/writers.ts';
import { ACCEPTED, DUPLICATE, QUARANTINED, reasonCode, REJECTED } from '../kernel/outcome.ts';
import type { EventView } from './event-view.ts';
import type { EventOutcome } from './outcomes.ts';

/** Raised when the same events could fold to something else than before. */
export const FOLD_VERSION = 1;

const REPEATED_SEQUENCE = reasonCode('repeated-sequence');
const REPEATED_ID = reasonCode('repeated-id');
const BELOW_WINDOW = reasonCode('below-window');
const MALFORMED_PAYLOAD = reasonCode('malformed-payload');
const ERASED = reasonCode('erased');
const TOO_MANY_ERASURES = reasonCode('too-many-erasures');
const TWIN_TOO_LARGE = reasonCode('twin-too-large');

/** A message of the log, well enough described to know it again. */
export interface LastMessage {
  readonly seq: number;
  readonly timestampMs: number;
  readonly edgeEpoch: number;
  readonly counter: number;
}

/** Where an event stands: message, index, log time. Filled again and again. */
export interface EventPlace {
  seq: number;
  index: number;
  logMs: number;
}

export class PartitionState {
  readonly partition: number;
  readonly partitions: number;
  readonly twins = new TwinStore();
  readonly claimedIds = new ClaimedIds(this.twins);
  readonly writers = new Writers();
  readonly quotas = new Quotas();
  readonly erasures = new Erasures();
  last: LastMessage = { seq: 0, timestampMs: 0, edgeEpoch: 0, counter: 0 };
  logMs = 0;
  readonly #latest = new TwinLatest(this.twins);
  readonly #edgeGone = new EdgeGoneReader();
  readonly #stamp: Stamp = { ms: 0, seq: 0, index: 0, item: 0 };

  constructor(partition: number, partitions: number) {
    this.partition = partition;
    this.partitions = partitions;
  }

  /** What becomes of the event in view. Afterwards the view is identified and, if it is accepted telemetry, decoded. */
  decide(view: EventView, logMs: number, outcome: EventOutcome): void {
    outcome.outcome = ACCEPTED;
    outcome.reason = NO_REASON;
    outcome.originalSeq = 0;
    outcome.originalIndex = 0;
    let reason = view.identify(this.partition, this.partitions);
    if (reason !== NO_REASON || !view.isTelemetry()) {
      if (reason === NO_REASON && view.isQuotaAsk() && view.quotaAsk() === undefined) reason = MALFORMED_PAYLOAD;
      quarantine(outcome, reason);
      if (reason === NO_REASON && view.isErasure() && !this.erasures.hasRoom(view.key)) reject(outcome, TOO_MANY_ERASURES);
      return;
    }
    if (this.erasures.covers(view.key, logMs)) {
      reject(outcome, ERASED);
      return;
    }
    reason = view.decode(logMs);
    if (reason !== NO_REASON) {
      quarantine(outcome, reason);
      return;
    }
    const { sample } = view;
    const device = this.twins.find(view.key);
    if (device !== 0 && this.#isKnown(device, sample, outcome)) return;
    if (!view.event.backfill && !this.#latest.fits(device, sample)) quarantine(outcome, TWIN_TOO_LARGE);
  }

  /** Folds the event that `decide` has just accepted. */
  evolve(view: EventView, place: EventPlace): void {
    if (!view.isTelemetry()) {
      if (view.event.kind === KIND.edgeGone) this.#edgeIsGone(view, place.logMs);
      else if (view.isQuotaAsk()) this.#quotaAsked(view, place.logMs);
      else if (view.isErasure()) this.#erase(view, place);
      return;
    }
    const { twins } = this;
    const { sample } = view;
    let device = twins.find(view.key);
    if (device === 0) {
      device = twins.create(view.key);
      twins.doublesAt(device)[(device & PAGE_UNITS_MASK) + FIRST_SEQ] = place.seq;
    }
    twins.doublesAt(device)[(device & PAGE_UNITS_MASK) + LAST_SEQ] = place.seq;
    twins.wordsAt(device)[(device & PAGE_UNITS_MASK) * 2 + LAST_INDEX] = place.index;
    if (sample.hasSeq) markSequence(twins, device, sample);
    if (sample.idEnd > sample.idStart) this.claimedIds.claim(device, idOf(sample), place);
    if (view.event.backfill) return;
    const stamp = this.#stamp;
    stamp.ms = sample.eventMs;
    stamp.seq = place.seq;
    stamp.index = place.index;
    this.#latest.apply(device, sample, stamp);
  }

  /** The same for an event that was accepted earlier and is read again, for which nothing was decided just now. */
  evolveAgain(view: EventView, place: EventPlace): void {
    if (view.isTelemetry() && !view.event.backfill) this.#latest.fits(this.twins.find(view.key), view.sample);
    this.evolve(view, place);
  }

  #isKnown(device: number, sample: TelemetrySample, outcome: EventOutcome): boolean {
    if (sample.hasSeq) {
      const verdict = checkSequence(this.twins, device, sample);
      if (verdict === 'below-window') quarantine(outcome, BELOW_WINDOW);
      else if (verdict === 'repeated') {
        outcome.outcome = DUPLICATE;
        outcome.reason = REPEATED_SEQUENCE;
      }
      if (verdict !== 'new') return true;
    }
    if (sample.idEnd === sample.idStart) return false;
    const claim = this.claimedIds.find(device, idOf(sample));
    if (claim === undefined) return false;
    outcome.outcome = DUPLICATE;
    outcome.reason = REPEATED_ID;
    outcome.originalSeq = claim.seq;
    outcome.originalIndex = claim.index;
    return true;
  }

  #erase(view: EventView, place: EventPlace): void {
    eraseTwin(this.twins, view.key);
    this.erasures.note(view.key, place);
  }

  #edgeIsGone(view: EventView, logMs: number): void {
    const reader = this.#edgeGone;
    if (!reader.read(view.bytes, view.event.payloadStart, view.event.payloadEnd)) return;
    this.writers.gone(reader.edgeEpoch, logMs);
    this.quotas.edgeGone(reader.edgeEpoch);
  }

  #quotaAsked(view: EventView, logMs: number): void {
    const ask = view.quotaAsk();
    if (ask !== undefined) this.quotas.apply(readText(view.bytes, view.event.tenantStart, view.event.tenantEnd), ask, logMs);
  }
}

function quarantine(outcome: EventOutcome, reason: number): void {
  if (reason === NO_REASON) return;
  outcome.outcome = QUARANTINED;
  outcome.reason = reason;
}

function reject(outcome: EventOutcome, reason: number): void {
  outcome.outcome = REJECTED;
  outcome.reason = reason;
}

function idOf(sample: TelemetrySample): { readonly bytes: Uint8Array; readonly start: number; readonly end: number } {
  const start = sample.idStart & ~SCRATCH_BASE;
  return { bytes: sample.bytesOf(sample.idStart), start, end: start + sample.idEnd - sample.idStart };
}
