/** Breadth-first search over every state that the sink's world can reach. */
import type { SinkPlan } from '../../../engine/domain/sink-plan.ts';
import { initialWorld, steps, violation } from './sink-world.ts';
import type { Step, World, WorldOptions } from './sink-world-types.ts';

/** The search is meant to end in seconds; a model that grows beyond this must be made smaller. */
const STATES_MAX = 3_000_000;

export interface Found {
  readonly states: number;
  /** The shortest way to a violation, and what it is; undefined when there is none. */
  readonly violation: { readonly what: string; readonly path: readonly string[] } | undefined;
  /** States from which nothing more can happen. */
  readonly ends: readonly World[];
}

export function search(options: WorldOptions): Found {
  const first = initialWorld(options);
  const identity = new Identity();
  const seen = new Set<string>([identity.of(first)]);
  // Parallel arrays: the state, where it came from, and by which step.
  const worlds: (World | undefined)[] = [first];
  const parents: number[] = [-1];
  const labels: string[] = [''];
  const ends: World[] = [];
  for (let at = 0; at < worlds.length; at++) {
    const world = worlds[at];
    if (world === undefined) break;
    worlds[at] = undefined;
    const next: readonly Step[] = steps(world, options);
    if (next.length === 0) ends.push(world);
    for (const step of next) {
      const key = identity.of(step.next);
      if (seen.has(key)) continue;
      seen.add(key);
      worlds.push(step.next);
      parents.push(at);
      labels.push(step.label);
      const what = violation(step.next);
      if (what !== undefined) return { states: seen.size, violation: { what, path: pathTo(worlds.length - 1, parents, labels) }, ends };
    }
    if (seen.size > STATES_MAX) throw new Error(`more than ${STATES_MAX} states`);
  }
  return { states: seen.size, violation: undefined, ends };
}

function pathTo(end: number, parents: readonly number[], labels: readonly string[]): readonly string[] {
  const path: string[] = [];
  for (let at = end; at > 0; at = parents[at] ?? -1) path.unshift(labels[at] ?? '');
  return path;
}

/** Names equal states equally. Parts that many states share are written down once, by object and by content. */
class Identity {
  readonly #byObject = new WeakMap<object, number>();
  readonly #byText = new Map<string, number>();

  of(world: World): string {
    const { logs, clickhouse, processes } = world;
    const parts = [
      ...logs.map((log) => this.#part(log)),
      this.#part(clickhouse.fence),
      this.#part(clickhouse.rows),
      ...clickhouse.inserts.map((insert) => this.#part(insert)).toSorted((a, b) => a - b),
      '|',
      ...processes.map(
        (p) =>
          `${this.#plan(p.plan)}.${p.operations
            .map((o) => this.#part(o))
            .toSorted((a, b) => a - b)
            .join('+')}.${p.known.join('+')}`,
      ),
    ];
    const past = world.lossesLeft === 0 ? '' : world.past.map((states) => states.map((state) => this.#part(state)).join('+')).join('/');
    return `${parts.join(',')}|${past}|${world.hasLost}.${world.lossesLeft}.${world.claimsLeft}.${world.crashesLeft}.${world.lostLeft}.${world.refusalsLeft}.${world.alarm}`;
  }

  #plan({ partitions, block, waiting, departing, instance }: SinkPlan): string {
    const owned = partitions.map((p) => this.#part(p)).join('+');
    return `${instance}/${owned}/${block === undefined ? '' : this.#part(block)}/${waiting}/${departing}`;
  }

  #part(value: object): number {
    const known = this.#byObject.get(value);
    if (known !== undefined) return known;
    const text = textOf(value);
    const id = this.#byText.get(text) ?? this.#byText.size;
    this.#byText.set(text, id);
    this.#byObject.set(value, id);
    return id;
  }
}

/** The values of a record in the order of its fields, which is the same for all records of a kind. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? `"${value}"` : String(value);
  let text = '{';
  for (const field of Object.values(value)) text += `${textOf(field)},`;
  return `${text}}`;
}
