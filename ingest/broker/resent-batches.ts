/**
 * Knows batches that an edge sent again because it got no answer, though the log had them: they stand in a topic stream twice,
 * and are delivered once. Owns the counter of the last batch of each edge that was seen in one partition, read in order.
 *
 * Not known is one whose first copy was before the place where reading began.
 */

/** Edges of which that is remembered; whoever writes moves to the end. */
const EDGES_MAX = 1_024;

export class ResentBatches {
  readonly #counters = new Map<number, number>();

  /** Whether it was there before. What the engine itself appends (epoch 0) is there once. */
  has({ counter, edgeEpoch }: { readonly edgeEpoch: number; readonly counter: number }): boolean {
    if (edgeEpoch === 0) return false;
    const known = this.#counters.get(edgeEpoch);
    if (known !== undefined && known >= counter) return true;
    this.#counters.delete(edgeEpoch);
    this.#counters.set(edgeEpoch, counter);
    if (this.#counters.size > EDGES_MAX) {
      const [oldest] = this.#counters.keys();
      if (oldest !== undefined) this.#counters.delete(oldest);
    }
    return false;
  }

  clear(): void {
    this.#counters.clear();
  }
}
