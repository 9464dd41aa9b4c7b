/** What a scenario answers: statements that hold or don't, and figures for the record. */
import type { FaultRun, RunEnd, RunWish } from './fault-run.ts';
import type { FaultOptions } from './options.ts';

export interface Statement {
  readonly says: string;
  readonly holds: boolean;
}

export interface ScenarioEnd {
  readonly statements: readonly Statement[];
  readonly figures: Readonly<Record<string, number | string>>;
}

export interface Scenario {
  /** What the product needs to be started with. */
  prepare?(options: FaultOptions): RunWish;
  /** Does the damage while the fleet runs. */
  run(run: FaultRun): Promise<ScenarioEnd>;
  /** Judges what the final check found, where a scenario allows for more than nothing. */
  judge?(end: RunEnd): readonly Statement[];
  /** Undoes `prepare`, whatever happened. */
  release?(): void;
}

/** Acknowledged events a second over the last stretch. */
export class Meter {
  readonly #count: () => number;
  #last: number;
  #lastMs = performance.now();

  constructor(count: () => number) {
    this.#count = count;
    this.#last = count();
  }

  /** The rate since the last call. */
  rate(): number {
    const nowMs = performance.now();
    const now = this.#count();
    const rate = ((now - this.#last) * 1_000) / Math.max(1, nowMs - this.#lastMs);
    this.#last = now;
    this.#lastMs = nowMs;
    return Math.round(rate);
  }
}
