/**
 * Outcomes between the fold and the control record: what isn't accepted is written down as runs, and read back in the
 * same order, event by event.
 */
import type { OutcomeRuns } from '../../schemas/envelope.ts';
import { ACCEPTED, DUPLICATE, QUARANTINED, reasonCode, REJECTED } from '../kernel/outcome.ts';
import type { OutcomeCounts, OutcomeRun } from '../../workers/protocol.ts';

/** What became of one event. Filled again and again. */
export interface EventOutcome {
  outcome: number;
  reason: number;
  /** Where it is a duplicate: the event that it repeats; 0 where that is unknown. */
  originalSeq: number;
  originalIndex: number;
}

/** Reasons of events whose payload decodes: they were turned down for what was known before. */
const DECODED_REASONS: ReadonlySet<number> = new Set([
  reasonCode('repeated-sequence'),
  reasonCode('repeated-id'),
  reasonCode('below-window'),
  reasonCode('twin-too-large'),
  reasonCode('disabled'),
  reasonCode('decommissioned'),
  reasonCode('deleted'),
  reasonCode('repeated-packet-id'),
]);
/** Reasons of events whose envelope can't be trusted: their row keeps the whole event, and says nothing more. */
const OPAQUE_REASONS: ReadonlySet<number> = new Set([reasonCode('bad-identity')]);

/** Whether the payload of a telemetry event with this outcome is known to decode. */
export function isDecoded(outcome: EventOutcome): boolean {
  return outcome.outcome === ACCEPTED || DECODED_REASONS.has(outcome.reason);
}

export function isOpaque(outcome: EventOutcome): boolean {
  return outcome.outcome !== ACCEPTED && OPAQUE_REASONS.has(outcome.reason);
}

interface MutableRun extends OutcomeRun {
  count: number;
}

/** Collects a task's outcomes. */
export class OutcomeLedger {
  readonly runs: MutableRun[] = [];
  events = 0;
  duplicate = 0;
  quarantined = 0;
  rejected = 0;
  #last: MutableRun | undefined;

  /** The next event, in log order. */
  add(seq: number, index: number, outcome: EventOutcome): void {
    this.events += 1;
    if (outcome.outcome === ACCEPTED) return;
    if (outcome.outcome === DUPLICATE) this.duplicate += 1;
    else if (outcome.outcome === QUARANTINED) this.quarantined += 1;
    else if (outcome.outcome === REJECTED) this.rejected += 1;
    const last = this.#last;
    if (last !== undefined && last.seq === seq && last.index + last.count === index && continues(last, outcome)) {
      last.count += 1;
      return;
    }
    this.#last = { seq, index, count: 1, ...outcome };
    this.runs.push(this.#last);
  }

  counts(): OutcomeCounts {
    const { events, duplicate, quarantined, rejected } = this;
    return { accepted: events - duplicate - quarantined - rejected, duplicate, quarantined, rejected };
  }

  /** As a control record holds them; undefined when all were accepted. */
  encodable(fromSeq: number): OutcomeRuns | undefined {
    const { runs } = this;
    if (runs.length === 0) return undefined;
    return {
      seqDelta: runs.map((run) => run.seq - fromSeq),
      index: runs.map((run) => run.index),
      count: runs.map((run) => run.count),
      outcome: runs.map((run) => run.outcome),
      reason: runs.map((run) => run.reason),
      originalSeq: runs.map((run) => run.originalSeq),
      originalIndex: runs.map((run) => run.originalIndex),
    };
  }
}

/** Whether the event after the run is one of its kind: an unknown original stays unknown, a known one moves on by one. */
function continues(run: OutcomeRun, next: EventOutcome): boolean {
  if (run.outcome !== next.outcome || run.reason !== next.reason || run.originalSeq !== next.originalSeq) return false;
  return next.originalIndex === (run.originalSeq === 0 ? 0 : run.originalIndex + run.count);
}

const NO_RUNS: OutcomeRuns = { seqDelta: [], index: [], count: [], outcome: [], reason: [], originalSeq: [], originalIndex: [] };

/** Reads a record's outcomes back. Asked in log order. */
export class RecordedOutcomes {
  readonly #runs: OutcomeRuns;
  readonly #fromSeq: number;
  #next = 0;

  constructor(fromSeq: number, runs: OutcomeRuns | undefined) {
    this.#runs = runs ?? NO_RUNS;
    this.#fromSeq = fromSeq;
  }

  /** Fills in what became of the event. */
  of(seq: number, index: number, into: EventOutcome): void {
    const runs = this.#runs;
    into.outcome = ACCEPTED;
    into.reason = 0;
    into.originalSeq = 0;
    into.originalIndex = 0;
    for (; this.#next < runs.seqDelta.length; this.#next++) {
      const i = this.#next;
      const runSeq = this.#fromSeq + (runs.seqDelta[i] ?? 0);
      const first = runs.index[i] ?? 0;
      if (runSeq > seq || (runSeq === seq && first > index)) return;
      if (runSeq < seq || first + (runs.count[i] ?? 0) <= index) continue;
      into.outcome = runs.outcome[i] ?? 0;
      into.reason = runs.reason[i] ?? 0;
      into.originalSeq = runs.originalSeq[i] ?? 0;
      into.originalIndex = into.originalSeq === 0 ? 0 : (runs.originalIndex[i] ?? 0) + index - first;
      return;
    }
  }
}
