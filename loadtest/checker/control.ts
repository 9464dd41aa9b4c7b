/**
 * Reads a partition's control log as any reader must: records cover the input log without a gap, an epoch never comes
 * back, and what they decide is what the rows say.
 */
import type { ControlFact, ControlRun, Place, RowOutcome } from './facts.ts';
import type { Report } from './report.ts';

export class ControlView {
  readonly #report: Report;
  readonly #partition: number;
  readonly #runs: ControlRun[] = [];
  readonly repairs: ControlFact[] = [];
  #coveredTo: number | undefined;
  #coveredFrom: number | undefined;
  #epoch = 0;
  #cursor = 0;

  constructor(partition: number, report: Report) {
    this.#partition = partition;
    this.#report = report;
  }

  /** The next record, in the order of the stream. */
  take(fact: ControlFact): void {
    const where = `control record ${this.#partition}/${fact.seq}`;
    if (fact.kind === 'claim') {
      this.#epoch = fact.seq;
      return;
    }
    if (fact.epoch < this.#epoch)
      this.#report.violate('controlMismatch', () => `${where} of epoch ${fact.epoch} stands behind the claim ${this.#epoch}`);
    if (fact.kind === 'repair') {
      this.repairs.push(fact);
      this.#coveredTo = fact.resumedSeq - 1;
      return;
    }
    if (this.#coveredTo !== undefined && fact.fromSeq !== this.#coveredTo + 1) {
      this.#report.violate('controlMismatch', () => `${where} covers from ${fact.fromSeq}, the one before ended at ${this.#coveredTo}`);
    }
    this.#coveredFrom ??= fact.fromSeq;
    this.#coveredTo = fact.toSeq;
    this.#runs.push(...fact.runs);
  }

  /** Whether the records read cover this message. */
  covers(seq: number): boolean {
    return this.#coveredFrom !== undefined && this.#coveredTo !== undefined && seq >= this.#coveredFrom && seq <= this.#coveredTo;
  }

  /** What was decided of an event; ask in the log's order. */
  outcomeOf(place: Place): RowOutcome {
    for (let run = this.#runs[this.#cursor]; run !== undefined; run = this.#runs[++this.#cursor]) {
      if (run.seq > place.seq || (run.seq === place.seq && run.index > place.index)) return 'accepted';
      if (run.seq === place.seq && place.index < run.index + run.count) return run.outcome;
    }
    return 'accepted';
  }
}
