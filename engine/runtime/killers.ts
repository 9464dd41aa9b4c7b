/**
 * Events that end the worker that looks at them. Each death is counted against the event that the worker was in; after
 * the third it is quarantined as `killer`, unseen, and the partition goes on.
 */
import type { Killer } from '../../workers/protocol.ts';

const DEATHS_MAX = 3;
/** Suspects remembered; an event that kills comes again at once, so old ones can be forgotten. */
const SUSPECTS_MAX = 1_000;

export class Killers {
  readonly #deaths = new Map<string, { readonly partition: number; readonly seq: number; readonly index: number; deaths: number }>();

  died(partition: number, at: Killer): number {
    const key = `${partition}.${at.seq}.${at.index}`;
    const suspect = this.#deaths.get(key) ?? { partition, seq: at.seq, index: at.index, deaths: 0 };
    suspect.deaths++;
    this.#deaths.delete(key);
    this.#deaths.set(key, suspect);
    for (const oldest of this.#deaths.keys()) {
      if (this.#deaths.size <= SUSPECTS_MAX) break;
      this.#deaths.delete(oldest);
    }
    return suspect.deaths;
  }

  of(partition: number): readonly Killer[] {
    const killers: Killer[] = [];
    for (const suspect of this.#deaths.values()) {
      if (suspect.partition === partition && suspect.deaths >= DEATHS_MAX) killers.push({ seq: suspect.seq, index: suspect.index });
    }
    return killers;
  }
}
