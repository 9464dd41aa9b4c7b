/**
 * Questions to a partition's owner, waiting until a committed record covers what the asker has appended, and the outcomes
 * of what was folded lately, so that most questions need no look into the past.
 */
import type { OutcomeRun } from '../../workers/protocol.ts';

export interface RecentRange {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly exceptions: readonly OutcomeRun[];
}

export interface KnownOutcome {
  readonly outcome: number;
  readonly reason: number;
  readonly originalSeq: number;
  readonly originalIndex: number;
}

/** Records remembered; older outcomes are in ClickHouse by then. */
const RECENT_RECORDS_MAX = 4_096;
const ACCEPTED: KnownOutcome = { outcome: 0, reason: 0, originalSeq: 0, originalIndex: 0 };

export class RecentOutcomes {
  readonly #ranges: RecentRange[] = [];

  /** Copies what it needs: who says it may hold megabytes of rows beside. */
  add({ fromSeq, toSeq, exceptions }: RecentRange): void {
    if (toSeq < fromSeq) return;
    this.#ranges.push({ fromSeq, toSeq, exceptions });
    if (this.#ranges.length > RECENT_RECORDS_MAX) this.#ranges.splice(0, RECENT_RECORDS_MAX / 4);
  }

  /** Undefined when it is too long ago, or not committed yet. */
  find(seq: number, index: number): KnownOutcome | undefined {
    const range = this.#rangeOf(seq);
    if (range === undefined) return undefined;
    for (const run of range.exceptions) {
      if (run.seq !== seq || index < run.index || index >= run.index + run.count) continue;
      const { outcome, reason, originalSeq } = run;
      return { outcome, reason, originalSeq, originalIndex: originalSeq === 0 ? 0 : run.originalIndex + (index - run.index) };
    }
    return ACCEPTED;
  }

  #rangeOf(seq: number): RecentRange | undefined {
    let low = 0;
    let high = this.#ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = this.#ranges[middle];
      if (range === undefined) return undefined;
      if (seq < range.fromSeq) high = middle - 1;
      else if (seq > range.toSeq) low = middle + 1;
      else return range;
    }
    return undefined;
  }
}

export interface Waiting<T> {
  readonly minSeq: number;
  readonly deadlineMs: number;
  readonly what: T;
}

/** How many may wait at a partition; more are told at once that the owner is behind. */
const WAITING_MAX = 10_000;

/** Questions in no particular order, taken out when their message is covered or their time is over. */
export class WaitingRoom<T> {
  #waiting: Waiting<T>[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** False when the room is full. */
  add(entry: Waiting<T>): boolean {
    if (this.#waiting.length >= WAITING_MAX) return false;
    this.#waiting.push(entry);
    return true;
  }

  hasCovered(seq: number): boolean {
    return this.#waiting.some((entry) => entry.minSeq <= seq);
  }

  takeCovered(seq: number): readonly Waiting<T>[] {
    return this.#take((entry) => entry.minSeq <= seq);
  }

  takeExpired(nowMs: number): readonly Waiting<T>[] {
    return this.#take((entry) => entry.deadlineMs <= nowMs);
  }

  takeAll(): readonly Waiting<T>[] {
    return this.#take(() => true);
  }

  #take(picks: (entry: Waiting<T>) => boolean): readonly Waiting<T>[] {
    if (this.#waiting.length === 0) return [];
    const taken: Waiting<T>[] = [];
    const kept: Waiting<T>[] = [];
    for (const entry of this.#waiting) (picks(entry) ? taken : kept).push(entry);
    this.#waiting = kept;
    return taken;
  }
}
