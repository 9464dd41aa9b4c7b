/**
 * The second implementation of `latest`, written from its rule alone: of all accepted samples of a metric the one with the
 * newest event time counts; where two have the same, the one with the later position.
 */
import { comparePlaces, placeText } from './facts.ts';
import type { LoggedSample, MetricValue, Place, TwinLeaf, TwinLeaves } from './facts.ts';

interface Kept {
  readonly value: MetricValue;
  readonly timeMs: number;
  readonly place: Place;
}

export class LatestFold {
  readonly #devices = new Map<string, Map<string, Kept>>();

  accept(device: string, sample: LoggedSample, place: Place): void {
    let leaves = this.#devices.get(device);
    if (leaves === undefined) this.#devices.set(device, (leaves = new Map<string, Kept>()));
    for (const [name, value] of Object.entries(sample.metrics)) {
      const kept = leaves.get(name);
      const newer =
        kept === undefined || sample.tsMs > kept.timeMs || (sample.tsMs === kept.timeMs && comparePlaces(place, kept.place) > 0);
      if (newer)
        leaves.set(name, { value, timeMs: sample.tsMs, place: { partition: place.partition, seq: place.seq, index: place.index } });
    }
  }

  devices(): Iterable<string> {
    return this.#devices.keys();
  }

  leaves(device: string): TwinLeaves {
    const found: Record<string, TwinLeaf> = {};
    for (const [name, kept] of this.#devices.get(device) ?? []) {
      found[name] = { value: kept.value, timeMs: kept.timeMs, cause: placeText(kept.place) };
    }
    return found;
  }
}

/** What differs between the fold and a twin as the product tells it; empty when nothing does. */
export function differences(expected: TwinLeaves, actual: TwinLeaves | undefined): readonly string[] {
  if (actual === undefined) return Object.keys(expected).length === 0 ? [] : ['no twin'];
  const found: string[] = [];
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const want = JSON.stringify(leafText(expected[name]));
    const have = JSON.stringify(leafText(actual[name]));
    if (want !== have) found.push(`${name}: fold says ${want}, twin says ${have}`);
  }
  return found;
}

function leafText(leaf: TwinLeaf | undefined): unknown {
  return leaf === undefined ? 'nothing' : [leaf.value, leaf.timeMs, leaf.cause];
}
