/**
 * Time for work that waits for nothing: whoever does such work asks after each piece whether the slice is over, and waits for
 * the next one then, so that sockets and timers have their turn. All share one slice, however many they are.
 */

/** What a client waits for at most, each time the loop turns, while others are brought to the head. */
const SLICE_MS = 5;

export class Slices {
  #endsMs = 0;
  #next: Promise<void> | undefined;

  get isOver(): boolean {
    return performance.now() >= this.#endsMs;
  }

  async next(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#next = undefined;
        this.#endsMs = performance.now() + SLICE_MS;
        resolve();
      });
    });
    return this.#next;
  }
}
