/** Time that tests move: timers fire in order when it is their time, `soon` callbacks when what runs now is done. */
import type { Clock } from '../../engine/kernel/clock.ts';
import type { Timers } from '../../ingest/publish.ts';

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

export class VirtualTime implements Clock, Timers {
  #nowMs = 1_700_000_000_000;
  #order = 0;
  #due: Due[] = [];
  #soon: (() => void)[] = [];

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const due = { atMs: this.#nowMs + delayMs, order: this.#order++, callback };
    this.#due.push(due);
    return () => {
      this.#due = this.#due.filter((other) => other !== due);
    };
  }

  soon(callback: () => void): void {
    this.#soon.push(callback);
  }

  /** Runs all that is to run now, without moving time. */
  settle(): void {
    for (let callback = this.#soon.shift(); callback !== undefined; callback = this.#soon.shift()) callback();
  }

  /** Moves time on, firing what falls due on the way. */
  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (;;) {
      this.settle();
      const next = this.#due.filter((due) => due.atMs <= until).toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (next === undefined) break;
      this.#due = this.#due.filter((due) => due !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = until;
  }
}
