/** The last batch of each edge in a topic partition, so that one that was sent again is known. */

/** Edges of which that is remembered; whoever writes moves to the end. */
const WRITERS_MAX = 1_024;

export class WritersSeen {
  readonly #counters = new Map<number, number>();

  /** False: it was there before. Batches that the engine appends itself (epoch 0) are fenced another way. */
  isNew(edgeEpoch: number, counter: number): boolean {
    if (edgeEpoch === 0) return true;
    if ((this.#counters.get(edgeEpoch) ?? -1) >= counter) return false;
    this.#counters.delete(edgeEpoch);
    this.#counters.set(edgeEpoch, counter);
    if (this.#counters.size > WRITERS_MAX) {
      const [oldest] = this.#counters.keys();
      if (oldest !== undefined) this.#counters.delete(oldest);
    }
    return true;
  }

  restore(epochs: readonly number[], counters: readonly number[]): void {
    for (const [i, epoch] of epochs.entries()) this.#counters.set(epoch, counters[i] ?? 0);
  }

  list(): { readonly writer: readonly number[]; readonly writerCounter: readonly number[] } {
    return { writer: [...this.#counters.keys()], writerCounter: [...this.#counters.values()] };
  }
}
