/**
 * Going over history that was decided already: messages of the log with the control records that cover them. Recovery
 * evolves the state by what was recorded; rebuilding encodes the same rows again. Neither decides anything.
 */
import { decodeControlRecord } from '../../schemas/envelope.ts';
import type { ControlRecord, Decision } from '../../schemas/envelope.ts';
import { ACCEPTED } from '../kernel/outcome.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import type { MessageFrames, RowBlock, RowsTask } from '../../workers/protocol.ts';
import { DecisionRows, isRefusedByState, isRow } from './decisions.ts';
import { EventRows } from './event-rows.ts';
import { EventView } from './event-view.ts';
import { MessageReader } from './message-reader.ts';
import { isDecoded, isOpaque, RecordedOutcomes } from './outcomes.ts';
import type { EventOutcome } from './outcomes.ts';
import { FOLD_VERSION } from './partition-state.ts';
import type { PartitionState } from './partition-state.ts';
import { completed, isBrief } from '../domain/presence-news.ts';
import { newsOf } from './presence-rows.ts';

const NO_DECISIONS: readonly Decision[] = [];

interface Visitor {
  /** A record begins: what it decided, in the order of its events, and its place among the task's. */
  record(decisions: readonly Decision[], place: number): void;
  /** A message begins; `replay.message` and `replay.logMs` are its. */
  message(): void;
  /** An event of it, in view, and what became of it. */
  event(index: number): void;
  /** All its events were looked at. */
  settled(): void;
}

export class Replay {
  readonly message = new MessageReader();
  readonly view = new EventView();
  readonly outcome: EventOutcome = { outcome: ACCEPTED, reason: 0, originalSeq: 0, originalIndex: 0 };
  logMs = 0;
  readonly #rows = new EventRows();
  readonly #decisionRows = new DecisionRows();

  /** Evolves the state by records and exactly the messages that they cover. Throws `corrupt` where the two don't match. */
  recover(state: PartitionState, task: { readonly records: readonly Uint8Array[]; readonly frames: MessageFrames }): void {
    const place = { seq: 0, index: 0, logMs: 0 };
    const { message, view, outcome } = this;
    const logMsOf = (): number => state.logMs;
    const visitor: Visitor = {
      record: () => undefined,
      message: () => {
        if (message.seq <= state.last.seq) throw corrupt(`message ${message.seq} comes after ${state.last.seq}`);
        state.writers.note(message, { seq: message.seq, logMs: this.logMs });
        state.begin(message, this.logMs);
        state.logMs = this.logMs;
        state.last = { seq: message.seq, timestampMs: message.timeMs, edgeEpoch: message.edgeEpoch, counter: message.counter };
      },
      event: (index) => {
        if (outcome.outcome !== ACCEPTED) return;
        this.#prepare(state, message.seq, index);
        place.seq = message.seq;
        place.index = index;
        place.logMs = this.logMs;
        state.evolveAgain(view, place);
      },
      settled: () => state.end(this.logMs),
    };
    this.#walk(task, logMsOf, visitor);
  }

  /** The rows of records, byte for byte as they were when the records were made, under the epoch given. */
  rows(task: RowsTask): { readonly events: RowBlock; readonly decisions: RowBlock } {
    const rows = this.#rows;
    const decisionRows = this.#decisionRows;
    const { partition, epoch, recordSeqs, rowsFromSeq, rowsToSeq } = task;
    const { message, view, outcome } = this;
    rows.begin({ partition, epoch });
    decisionRows.begin({ partition, epoch });
    let decisions = NO_DECISIONS;
    let nextDecision = 0;
    let recordSeq = 0;
    const decide = (index: number, isWanted: boolean): void => {
      const place = { seq: message.seq, index, logMs: this.logMs, recordSeq };
      const isRefused = isWanted && isRefusedByState(outcome.reason);
      // An event that is refused decides nothing itself: the rest was due, before the first event or after the last.
      if (isRefused && index > 0) decisionRows.refused(view, outcome.reason, place);
      for (; nextDecision < decisions.length; nextDecision++) {
        const decision = decisions[nextDecision];
        if (decision === undefined || decision.causeSeq !== message.seq || decision.causeIndex !== index) break;
        if (isWanted && isRow(decision))
          decisionRows.add(isBrief(decision) ? completed(decision, newsOf({ view, message }, place)) : decision, place);
      }
      if (isRefused && index === 0) decisionRows.refused(view, outcome.reason, place);
    };
    const visitor: Visitor = {
      record: (made, place) => {
        decisions = made;
        nextDecision = 0;
        recordSeq = recordSeqs[place] ?? 0;
      },
      message: () => {
        outcome.reason = 0;
        if (message.count === 0) decide(0, message.seq >= rowsFromSeq && message.seq <= rowsToSeq);
      },
      settled: () => undefined,
      event: (index) => {
        const isWanted = message.seq >= rowsFromSeq && message.seq <= rowsToSeq;
        decide(index, isWanted);
        if (!isWanted) return;
        if (view.isTelemetry() && !isOpaque(outcome) && isDecoded(outcome)) this.#prepare(task, message.seq, index);
        rows.add(view, message, { index, logMs: this.logMs, outcome });
      },
    };
    this.#walk(task, (record) => record.logMsBefore, visitor);
    return { events: rows.take(), decisions: decisionRows.take() };
  }

  #walk(
    task: { readonly records: readonly Uint8Array[]; readonly frames: MessageFrames },
    logMsBefore: (record: ControlRecord) => number,
    visitor: Visitor,
  ): void {
    const { frames } = task;
    const { message, view, outcome } = this;
    let next = 0;
    for (const [place, bytes] of task.records.entries()) {
      const record = readRecord(bytes);
      visitor.record(record.decisions, place);
      if (record.foldVersion > FOLD_VERSION)
        throw corrupt(`a record of fold version ${record.foldVersion}, which is newer than ${FOLD_VERSION}`);
      const recorded = new RecordedOutcomes(record.fromSeq, record.exceptions);
      if (record.toSeq >= record.fromSeq) this.logMs = logMsBefore(record);
      for (; next < frames.count && (frames.seqs[next] as number) <= record.toSeq; next++) {
        message.read(frames, next);
        if (message.seq < record.fromSeq)
          throw corrupt(`message ${message.seq} stands before the record of ${record.fromSeq} to ${record.toSeq}`);
        this.logMs = Math.max(this.logMs, message.timeMs);
        visitor.message();
        for (let index = 0; index < message.count; index++) {
          view.read(message.bytes, message.eventStart(index), message.eventEnd(index));
          recorded.of(message.seq, index, outcome);
          visitor.event(index);
        }
        visitor.settled();
      }
      const covered = next === 0 ? 0 : (frames.seqs[next - 1] as number);
      if (record.toSeq >= record.fromSeq && covered !== record.toSeq) throw corrupt(`message ${record.toSeq} is missing`);
    }
    if (next < frames.count) throw corrupt(`no record covers message ${frames.seqs[next]}`);
  }

  /** Brings the view to where `decide` had it. */
  #prepare(home: { readonly partition: number; readonly partitions: number }, seq: number, index: number): void {
    const { view } = this;
    const reason = view.identify(home.partition, home.partitions);
    if (reason !== 0 || (view.isTelemetry() && view.decode(this.logMs) !== 0))
      throw corrupt(`event ${home.partition}.${seq}.${index} was accepted once and can't be read now`);
  }
}

function readRecord(bytes: Uint8Array): ControlRecord {
  try {
    return decodeControlRecord(bytes);
  } catch (cause) {
    throw corrupt('a control record is damaged', cause);
  }
}

function corrupt(what: string, cause?: unknown): TwinfoldError {
  return new TwinfoldError('corrupt', what, { domain: 'internal', retryable: false, cause });
}
