/** The clock of a world in memory: real time, plus what the test has let pass. */
import type { Clock } from '../../engine/kernel/clock.ts';

export class WorldClock implements Clock {
  #wallMs = 0;
  #monotonicMs = 0;

  now(): number {
    return Date.now() + this.#wallMs;
  }

  monotonic(): number {
    return performance.now() + this.#monotonicMs;
  }

  /** Of the wall clock alone, which is what logs go by: what waits for real timers beside it is not late by that. */
  passWall(ms: number): void {
    this.#wallMs += ms;
  }

  /** Of both: clients are silent for so long, too. */
  pass(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }
}
