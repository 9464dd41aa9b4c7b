/**
 * Retained messages of QoS 0 that were taken here, and that the log does not have yet: nobody acknowledges them, but who
 * subscribes after them, on the same connection or after an answer to it, is to find them.
 */
import type { EventDraft, Intake, Receipt } from '../message.ts';

/** A lane that gets nowhere for so long is in an outage: a search goes on without what lies in it. */
const WAIT_MS_MAX = 2_000;

interface Waiter {
  readonly until: readonly number[];
  readonly done: () => void;
}

export class Unstored implements Receipt {
  readonly #taken: number[];
  /** A lane settles in the order in which it took. */
  readonly #settled: number[];
  #waiters: Waiter[] = [];

  constructor(partitions: number) {
    this.#taken = Array.from({ length: partitions }, () => 0);
    this.#settled = Array.from({ length: partitions }, () => 0);
  }

  /** Where the lane has no room it is lost, as QoS 0 may be. */
  offer(draft: EventDraft, intake: Intake): void {
    const { partition } = draft;
    if (intake.offer(draft, this, partition)) this.#taken[partition] = (this.#taken[partition] ?? 0) + 1;
  }

  stored(partition: number): void {
    this.#settle(partition);
  }

  failed(partition: number): void {
    this.#settle(partition);
  }

  /** Resolves when everything that was taken until now is settled, or after a while. */
  async settled(): Promise<void> {
    if (this.#isSettled(this.#taken)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((waiter) => waiter !== own);
        resolve();
      }, WAIT_MS_MAX);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const own = { until: [...this.#taken], done };
      this.#waiters.push(own);
    });
  }

  #settle(partition: number): void {
    this.#settled[partition] = (this.#settled[partition] ?? 0) + 1;
    if (this.#waiters.length === 0) return;
    const isOver = ({ until }: Waiter): boolean => this.#isSettled(until);
    const over = this.#waiters.filter(isOver);
    if (over.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !isOver(waiter));
    for (const { done } of over) done();
  }

  #isSettled(until: readonly number[]): boolean {
    return until.every((count, partition) => (this.#settled[partition] ?? 0) >= count);
  }
}
