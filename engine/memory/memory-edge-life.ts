/** The life of edges in memory: the reference for the port. Keys last until a test lets them expire. */
import type { EdgeLives, EdgeMark } from '../ports/edge-life.ts';

export class MemoryEdgeLife implements EdgeMark, EdgeLives {
  readonly #alive = new Set<number>();
  readonly #gone = new Set<number>();
  /** Nothing can be said or asked. */
  isAway = false;

  async beat(epoch: number): Promise<void> {
    this.#reach();
    this.#alive.add(epoch);
  }

  async leave(epoch: number): Promise<void> {
    this.#reach();
    this.#alive.delete(epoch);
  }

  async isAlive(epoch: number): Promise<boolean> {
    this.#reach();
    return this.#alive.has(epoch);
  }

  async isGone(epoch: number): Promise<boolean> {
    this.#reach();
    return this.#gone.has(epoch);
  }

  async declareGone(epoch: number): Promise<void> {
    this.#reach();
    this.#gone.add(epoch);
  }

  /** As by the time to live of a key that was not renewed. */
  expire(epoch: number): void {
    this.#alive.delete(epoch);
  }

  #reach(): void {
    if (this.isAway) throw new Error('nobody answers');
  }
}
