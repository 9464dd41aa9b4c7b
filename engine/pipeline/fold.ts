/**
 * The live fold: decides what becomes of each event of a task, evolves the partition's state, and says both in one
 * control record and one block of rows. Pure: the same state and messages give the same bytes.
 */
import { encodeControlRecord, RECORD_KIND } from '../../schemas/envelope.ts';
import { dayOf } from '../domain/civil-time.ts';
import { ERASURES_DEVICE } from '../kernel/erasure.ts';
import { QUOTA_DEVICE } from '../domain/quota-lease.ts';
import { DeviceKey } from '../domain/twin-store.ts';
import { twinJson } from '../domain/twin-reading.ts';
import { isId } from '../kernel/ids.ts';
import { ACCEPTED, DUPLICATE, QUARANTINED, reasonCode } from '../kernel/outcome.ts';
import type { FoldResult, FoldTask, Killer, SessionRead, TwinRead, TwinReply } from '../../workers/protocol.ts';
import { DecisionRows, isRefusedByState, isRow, TaskDecisions } from './decisions.ts';
import { EventRows } from './event-rows.ts';
import { EventView } from './event-view.ts';
import type { EventPlace } from './event-view.ts';
import { MessageReader } from './message-reader.ts';
import { TaskNotices } from './notices.ts';
import { OutcomeLedger } from './outcomes.ts';
import type { EventOutcome } from './outcomes.ts';
import { FOLD_VERSION } from './partition-state.ts';
import { completed, isBrief } from '../domain/presence-news.ts';
import { newsOf } from './presence-rows.ts';
import { ROWS_PER_FRAMES } from './row-buffer.ts';
import type { PartitionState } from './partition-state.ts';

const RESENT_BATCH = reasonCode('resent-batch');
const KILLER = reasonCode('killer');

/** Where the fold stands, written before an event is looked at: partition, message, index; partition -1 between tasks. */
export type FoldMarker = Float64Array;

/** A task ends behind a message with which it decided so much, so that its record stays far below the largest message. */
const DECISION_BYTES_MAX = 256 * 1024;

/** Buffers that are used again for every task; one is enough for all partitions of a thread. */
export class Folder {
  readonly #message = new MessageReader();
  readonly #view = new EventView();
  readonly #rows = new EventRows();
  readonly #decisions = new TaskDecisions(this.#message, this.#view);
  readonly #decisionRows = new DecisionRows();
  readonly #notices = new TaskNotices();
  readonly #outcome: EventOutcome = { outcome: ACCEPTED, reason: 0, originalSeq: 0, originalIndex: 0 };
  readonly #row = { index: 0, logMs: 0, outcome: this.#outcome };
  readonly #place: EventPlace & { recordSeq: number } = { seq: 0, index: 0, logMs: 0, recordSeq: 0 };
  readonly #key = new DeviceKey();
  readonly #marker: FoldMarker;

  constructor(marker: FoldMarker) {
    this.#marker = marker;
    marker[0] = -1;
  }

  /** Takes a buffer over, to make the rows of a later task in. */
  reuse(buffer: ArrayBuffer): void {
    this.#rows.reuse(buffer);
  }

  /** Folds messages up to the first one of another log day than the first message's, or until enough was decided. */
  fold(state: PartitionState, task: FoldTask): FoldResult {
    const { frames } = task;
    const { logMs: logMsBefore } = state;
    const fromSeq = frames.count === 0 ? state.last.seq + 1 : (frames.seqs[0] as number);
    const ledger = new OutcomeLedger();
    const rows = this.#rows;
    rows.begin({ partition: state.partition, epoch: task.epoch }, frames.bytes.length * ROWS_PER_FRAMES);
    this.#decisions.begin({ partition: state.partition, recordSeq: task.recordSeq });
    this.#decisionRows.begin({ partition: state.partition, epoch: task.epoch });
    this.#notices.begin(state.partition);
    this.#place.recordSeq = task.recordSeq;
    let logDay = dayOf(state.logMs);
    let consumed = 0;
    this.#marker[0] = state.partition;
    for (; consumed < frames.count; consumed++) {
      const logMs = Math.max(state.logMs, frames.timesMs[consumed] as number);
      const day = dayOf(logMs);
      if (consumed > 0 && (day !== logDay || this.#decisions.bytes > DECISION_BYTES_MAX)) break;
      logDay = day;
      this.#message.read(frames, consumed);
      this.#foldMessage({ state, ledger, killers: task.killers }, logMs);
    }
    this.#marker[0] = -1;
    const toSeq = consumed === 0 ? fromSeq - 1 : (frames.seqs[consumed - 1] as number);
    const events = rows.take();
    const record = encodeControlRecord({
      kind: RECORD_KIND.fold,
      epoch: task.epoch,
      foldVersion: FOLD_VERSION,
      fromSeq,
      toSeq,
      last: state.last,
      logMsBefore,
      logMs: state.logMs,
      exceptions: ledger.encodable(fromSeq),
      decisions: this.#decisions.all(),
      events: ledger.events,
      rows: events.rows,
    });
    return {
      op: 'fold',
      consumed,
      record,
      fromSeq,
      toSeq,
      logMs: state.logMs,
      logDay,
      counts: ledger.counts(),
      devices: state.twins.count,
      exceptions: ledger.runs,
      events,
      decisions: this.#decisionRows.take(),
      replies: [...task.reads.map((read) => this.#answer(state, read)), ...task.sessionReads.map((read) => answerSession(state, read))],
      effects: this.#decisions.effects(),
      notices: this.#notices.all(),
      untold: this.#notices.untold,
      nextDueMs: state.nextDueMs,
      edges: state.sessions.edges,
    };
  }

  #foldMessage(
    task: { readonly state: PartitionState; readonly ledger: OutcomeLedger; readonly killers: readonly Killer[] },
    logMs: number,
  ): void {
    const { state, ledger, killers } = task;
    const message = this.#message;
    const view = this.#view;
    const outcome = this.#outcome;
    const place = this.#place;
    const marker = this.#marker;
    const { seq } = message;
    const verdict = state.writers.note(message, { seq, logMs });
    marker[1] = seq;
    place.seq = seq;
    place.logMs = logMs;
    place.index = 0;
    marker[2] = 0;
    this.#atMessage(state, 'begin');
    const row = this.#row;
    row.logMs = logMs;
    for (let index = 0; index < message.count; index++) {
      marker[2] = index;
      place.index = index;
      view.read(message.bytes, message.eventStart(index), message.eventEnd(index));
      if (verdict.resent) resend(outcome, verdict.original, index);
      else if (isKiller(killers, seq, index)) settleKiller(outcome);
      else {
        state.decide(view, logMs, outcome);
        if (outcome.outcome === ACCEPTED) this.#evolve(state);
        else if (outcome.outcome !== DUPLICATE) this.#turnedDown(state);
      }
      ledger.add(seq, index, outcome);
      row.index = index;
      this.#rows.add(view, message, row);
    }
    this.#atMessage(state, 'end');
    state.logMs = logMs;
    state.last = { seq, timestampMs: message.timeMs, edgeEpoch: message.edgeEpoch, counter: message.counter };
  }

  #evolve(state: PartitionState): void {
    const place = this.#place;
    const decisions = this.#decisions;
    const made = decisions.count;
    decisions.index = place.index;
    state.evolve(this.#view, place, decisions);
    if (decisions.count !== made) this.#addRows(made);
  }

  #turnedDown(state: PartitionState): void {
    const { reason } = this.#outcome;
    if (isRefusedByState(reason)) this.#decisionRows.refused(this.#view, reason, this.#place);
    this.#notices.note({ view: this.#view, message: this.#message, place: this.#place, outcome: this.#outcome }, state.sessions);
  }

  /** What log time makes of the state before a message's events, and after them, stands with the first and the last of them. */
  #atMessage(state: PartitionState, when: 'begin' | 'end'): void {
    const decisions = this.#decisions;
    const made = decisions.count;
    decisions.index = this.#place.index;
    if (when === 'begin') state.begin(this.#message, this.#place.logMs, decisions);
    else state.end(this.#place.logMs, decisions);
    if (decisions.count !== made) this.#addRows(made);
  }

  #addRows(made: number): void {
    const event = { view: this.#view, message: this.#message };
    for (const decision of this.#decisions.since(made)) {
      if (!isRow(decision)) continue;
      this.#decisionRows.add(isBrief(decision) ? completed(decision, newsOf(event, this.#place)) : decision, this.#place);
    }
  }

  #answer(state: PartitionState, read: TwinRead): TwinReply {
    if (read.device === QUOTA_DEVICE) {
      const accounts = state.quotas.json(read.tenant, state.logMs);
      return { id: read.id, body: accounts === undefined ? undefined : new TextEncoder().encode(accounts) };
    }
    if (read.device === ERASURES_DEVICE) return { id: read.id, body: new TextEncoder().encode(JSON.stringify(state.erasures.list())) };
    if (!isId(read.tenant) || !isId(read.device)) return { id: read.id, body: undefined };
    this.#key.setText(read.tenant, read.device);
    return { id: read.id, body: twinJson(state, this.#key, state.partition) };
  }
}

function answerSession(state: PartitionState, read: SessionRead): TwinReply {
  return { id: read.id, body: state.sessions.read(read.tenant, read.session, state.logMs) };
}

function isKiller(killers: readonly Killer[], seq: number, index: number): boolean {
  for (const killer of killers) if (killer.seq === seq && killer.index === index) return true;
  return false;
}

function resend(outcome: EventOutcome, original: number, index: number): void {
  outcome.outcome = DUPLICATE;
  outcome.reason = RESENT_BATCH;
  outcome.originalSeq = original;
  outcome.originalIndex = original === 0 ? 0 : index;
}

function settleKiller(outcome: EventOutcome): void {
  outcome.outcome = QUARANTINED;
  outcome.reason = KILLER;
  outcome.originalSeq = 0;
  outcome.originalIndex = 0;
}
