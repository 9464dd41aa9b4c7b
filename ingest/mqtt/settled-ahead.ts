/**
 * QoS 2 messages that a client has settled while an older one is not: the cursor can't pass them yet, so they are remembered,
 * here and in the session's state.
 */

/** A session's state holds 1,400; what is in flight besides, and what was retained, is among them. */
const PLACES_MAX = 800;

interface Place {
  readonly partition: number;
  readonly place: number;
}

export class SettledAhead {
  readonly #places = new Map<string, Place>();

  /** Beyond it a client gets one message at a time. */
  get isFull(): boolean {
    return this.#places.size >= PLACES_MAX;
  }

  all(): Iterable<Place> {
    return this.#places.values();
  }

  has(partition: number, place: number): boolean {
    return this.#places.size > 0 && this.#places.has(placeKey(partition, place));
  }

  add(partition: number, place: number): void {
    this.#places.set(placeKey(partition, place), { partition, place });
  }

  /** The cursor has: nothing has to be remembered of these any more. */
  passed(partition: number, cursor: number): void {
    for (const [key, at] of this.#places) if (at.partition === partition && at.place <= cursor) this.#places.delete(key);
  }
}

export function placeKey(partition: number, place: number): string {
  return `${partition}:${place}`;
}
