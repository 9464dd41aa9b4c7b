/**
 * All that a partition remembers, and how an accepted event changes it. `decide` looks and changes nothing, `evolve`
 * changes what was decided: the live fold does one after the other, recovery only the second, so both end in one state.
 */
import { KIND } from '../../schemas/envelope.ts';
import { readText } from '../../schemas/wire.ts';
import { ClaimedIds } from '../domain/claimed-ids.ts';
import { checkSequence, markSequence } from '../domain/deduplication.ts';
import { Erasures } from '../domain/erasures.ts';
import { quotaDecisionBody } from '../domain/quota-decision.ts';
import type { Outbox } from '../domain/outbox.ts';
import { Quotas } from '../domain/quota.ts';
import { isBarred } from '../domain/registry-fact.ts';
import type { Sessions } from '../domain/sessions.ts';
import { SCRATCH_BASE } from '../domain/telemetry-sample.ts';
import type { TelemetrySample } from '../domain/telemetry-sample.ts';
import { PAGE_UNITS_MASK } from '../domain/twin-arena.ts';
import { eraseTwin } from '../domain/twin-erase.ts';
import { TwinLatest } from '../domain/twin-latest.ts';
import type { Stamp } from '../domain/twin-latest.ts';
import { barringState, lifecycleOf, setLifecycle } from '../domain/twin-lifecycle.ts';
import { FIRST_SEQ, LAST_INDEX, LAST_SEQ, TwinStore } from '../domain/twin-store.ts';
import { NO_REASON } from '../domain/validation.ts';
import { Writers } from '../domain/writers.ts';
import { ACCEPTED, DUPLICATE, QUARANTINED, reasonCode, REJECTED } from '../kernel/outcome.ts';
import { LIFECYCLE_SECTION, type DecisionSink } from './decisions.ts';
import type { EventPlace, EventView } from './event-view.ts';
import type { MessageReader } from './message-reader.ts';
import type { EventOutcome } from './outcomes.ts';
import { SessionFold } from './session-fold.ts';

/** Raised when the same events could fold to something else than before. */
export const FOLD_VERSION = 4;

const REPEATED_SEQUENCE = reasonCode('repeated-sequence');
const REPEATED_ID = reasonCode('repeated-id');
const BELOW_WINDOW = reasonCode('below-window');
const MALFORMED_PAYLOAD = reasonCode('malformed-payload');
const ERASED = reasonCode('erased');
const TOO_MANY_ERASURES = reasonCode('too-many-erasures');
const TWIN_TOO_LARGE = reasonCode('twin-too-large');
const DISABLED = reasonCode('disabled');
const DECOMMISSIONED = reasonCode('decommissioned');
const DELETED = reasonCode('deleted');
const REPEATED_PACKET_ID = reasonCode('repeated-packet-id');
const UTF8 = new TextEncoder();

/** A message of the log, well enough described to know it again. */
export interface LastMessage {
  readonly seq: number;
  readonly timestampMs: number;
  readonly edgeEpoch: number;
  readonly counter: number;
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
  readonly #sessionFold: SessionFold;
  readonly #stamp: Stamp = { ms: 0, seq: 0, index: 0, item: 0 };

  constructor(partition: number, partitions: number) {
    this.partition = partition;
    this.partitions = partitions;
    this.#sessionFold = new SessionFold(partition, partitions);
  }

  get sessions(): Sessions {
    return this.#sessionFold.sessions;
  }

  /** Messages for topic partitions that were not said yet. */
  get outbox(): Outbox {
    return this.#sessionFold.outbox;
  }

  /** Log time at which something is due without an event; 0 where nothing is. */
  get nextDueMs(): number {
    return this.#sessionFold.nextDueMs(this.logMs);
  }

  /** A message is about to be looked at: what was due by its log time happens. */
  begin(message: MessageReader, logMs: number, decided?: DecisionSink): void {
    this.#sessionFold.begin(message, logMs, decided);
  }

  /** All its events were looked at. */
  end(logMs: number, decided?: DecisionSink): void {
    this.#sessionFold.end(logMs, decided);
  }

  /** What becomes of the event in view. Afterwards the view is identified and, if it is accepted telemetry, decoded. */
  decide(view: EventView, logMs: number, outcome: EventOutcome): void {
    outcome.outcome = ACCEPTED;
    outcome.reason = NO_REASON;
    outcome.originalSeq = 0;
    outcome.originalIndex = 0;
    let reason = view.identify(this.partition, this.partitions);
    if (reason !== NO_REASON || !view.isTelemetry()) {
      if (reason !== NO_REASON) quarantine(outcome, reason);
      else this.#decideOther(view, logMs, outcome);
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
    if (view.event.packetId !== 0 && this.#isRepeatedPacket(view, logMs, outcome)) return;
    const { sample } = view;
    const device = this.twins.find(view.key);
    if (device !== 0 && (this.#isKnown(device, sample, outcome) || this.#isTooLate(device, outcome))) return;
    if (!view.event.backfill && !this.#latest.fits(device, sample)) quarantine(outcome, TWIN_TOO_LARGE);
  }

  /** Of a sound event that is no telemetry. */
  #decideOther(view: EventView, logMs: number, outcome: EventOutcome): void {
    if (isAboutSession(view.event.kind)) this.#decideSession(view, logMs, outcome);
    else if (view.isQuotaAsk() && view.quotaAsk() === undefined) quarantine(outcome, MALFORMED_PAYLOAD);
    else if (view.isRegistryFact() && view.registryFact() === undefined) quarantine(outcome, MALFORMED_PAYLOAD);
    else if (view.isErasure() && !this.erasures.hasRoom(view.key)) reject(outcome, TOO_MANY_ERASURES);
  }

  /** Of a connection, a session, or a message for a topic. */
  #decideSession(view: EventView, logMs: number, outcome: EventOutcome): void {
    const { deviceEnd, deviceStart, kind, packetId } = view.event;
    const reason = this.#sessionFold.decide(view, kind);
    if (reason !== NO_REASON) {
      quarantine(outcome, reason);
      return;
    }
    const isOfDevice = deviceEnd > deviceStart;
    const comes = kind === KIND.connected || kind === KIND.published;
    if (comes && isOfDevice && this.erasures.covers(view.key, logMs)) reject(outcome, ERASED);
    if (kind !== KIND.published || outcome.outcome !== ACCEPTED) return;
    if (packetId !== 0 && this.#isRepeatedPacket(view, logMs, outcome)) return;
    const device = isOfDevice ? this.twins.find(view.key) : 0;
    if (device !== 0) this.#isTooLate(device, outcome);
  }

  #isRepeatedPacket(view: EventView, logMs: number, outcome: EventOutcome): boolean {
    if (!this.#sessionFold.isRepeated(view, logMs)) return false;
    outcome.outcome = DUPLICATE;
    outcome.reason = REPEATED_PACKET_ID;
    return true;
  }

  /** Folds the event that `decide` has just accepted; `decided` hears what else that decides, where somebody wants to know. */
  evolve(view: EventView, place: EventPlace, decided?: DecisionSink): void {
    if (!view.isTelemetry()) {
      this.#evolveByOther(view, place, decided);
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
    if (view.event.packetId !== 0) this.#sessionFold.receive(view, place, decided);
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

  #evolveByOther(view: EventView, place: EventPlace, decided: DecisionSink | undefined): void {
    if (isAboutSession(view.event.kind)) this.#evolveSession(view, place, decided);
    else if (view.event.kind === KIND.edgeGone) this.#edgeIsGone(view, place);
    else if (view.isQuotaAsk()) this.#quotaAsked(view, place.logMs, decided);
    else if (view.isErasure()) this.#erase(view, place);
    else if (view.isRegistryFact()) this.#learn(view, place, decided);
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

  /** Whether the registry had barred the device, as far as this partition was told, before the event came. */
  #isTooLate(device: number, outcome: EventOutcome): boolean {
    const state = barringState(this.twins, device);
    if (state === undefined) return false;
    if (state === 'disabled') quarantine(outcome, DISABLED);
    else reject(outcome, state === 'deleted' ? DELETED : DECOMMISSIONED);
    return true;
  }

  /** Facts may come twice, and in any order: the one with the higher sequence holds. */
  #learn(view: EventView, place: EventPlace, decided: DecisionSink | undefined): void {
    const { twins } = this;
    const fact = view.registryFact();
    if (fact === undefined) return;
    let device = twins.find(view.key);
    if (device === 0) {
      // Of a device that was erased only its registration anew is remembered, not what was still on its way.
      if (fact.state !== 'registered' && this.erasures.has(view.key)) return;
      device = twins.create(view.key);
      twins.doublesAt(device)[(device & PAGE_UNITS_MASK) + FIRST_SEQ] = place.seq;
    }
    const known = lifecycleOf(twins, device);
    if (known !== undefined && fact.seq <= known.registrySeq) return;
    const { seq: registrySeq, state } = fact;
    const isSame = known?.state === state;
    const since = isSame ? known.since : { ms: place.logMs, seq: place.seq, index: place.index };
    setLifecycle(twins, device, { state, registrySeq, since });
    // That a device was registered, or is active, is no news.
    if (isSame || (!isBarred(state) && !isBarred(known?.state))) return;
    const actor = readText(view.bytes, view.event.actorStart, view.event.actorEnd);
    decided?.add({
      kind: 'lifecycle',
      section: LIFECYCLE_SECTION,
      path: 'state',
      oldValue: known?.state ?? '',
      newValue: state,
      version: registrySeq,
      state,
      actor,
    });
  }

  #erase(view: EventView, place: EventPlace): void {
    eraseTwin(this.twins, view.key);
    const { bytes, event } = view;
    this.sessions.eraseDevice(readText(bytes, event.tenantStart, event.tenantEnd), readText(bytes, event.deviceStart, event.deviceEnd));
    this.erasures.note(view.key, place);
  }

  #evolveSession(view: EventView, place: EventPlace, decided: DecisionSink | undefined): void {
    const fold = this.#sessionFold;
    switch (view.event.kind) {
      case KIND.connected:
        fold.connected(view, place, decided);
        return;
      case KIND.disconnected:
        fold.disconnected(view, place, decided);
        return;
      case KIND.session:
        fold.changed(view, place, decided);
        return;
      default:
        if (view.event.packetId !== 0) fold.receive(view, place, decided);
        fold.published(view, place);
    }
  }

  #edgeIsGone(view: EventView, place: EventPlace): void {
    const epoch = this.#sessionFold.edgeIsGone(view, place);
    if (epoch === 0) return;
    this.writers.gone(epoch, place.logMs);
    this.quotas.edgeGone(epoch);
  }

  #quotaAsked(view: EventView, logMs: number, decided: DecisionSink | undefined): void {
    const ask = view.quotaAsk();
    if (ask === undefined) return;
    const tenant = readText(view.bytes, view.event.tenantStart, view.event.tenantEnd);
    const granted = this.quotas.apply(tenant, ask, logMs);
    if (decided === undefined || granted === undefined) return;
    const account = this.quotas.view(tenant, ask.scope, logMs);
    if (account === undefined) return;
    const body = UTF8.encode(quotaDecisionBody(granted, account, decided.edge()));
    decided.add({ kind: 'quota', section: ask.scope, version: ask.n, body });
  }
}

function isAboutSession(kind: number): boolean {
  return kind === KIND.connected || kind === KIND.disconnected || kind === KIND.session || kind === KIND.published;
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
