/** The clock of a world in memory: real time, plus what the test has let pass. */
import type { Clock } from '../../engine/kernel/clock.ts';

export class WorldClock implements Clock {
  #passedMs = 0;

  now(): number {
    return Date.now() + this.#passedMs;
  }

  monotonic(): number {
    return performance.now() + this.#passedMs;
  }

  pass(ms: number): void {
    this.#passedMs += ms;
  }
}
