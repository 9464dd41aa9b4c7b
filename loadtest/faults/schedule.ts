/** Which process dies when: a function of the seed, the number of kills and the failpoints there are. */
import { randomOf } from '../simulator/random.ts';
import type { Random } from '../simulator/random.ts';

export const VICTIMS = ['engine', 'edge', 'nats', 'clickhouse', 'supervisor'] as const;
export type Victim = (typeof VICTIMS)[number];

export type Fault =
  /** SIGKILL after a random wait. */
  | { readonly kind: 'kill'; readonly victim: Victim; readonly waitMs: number }
  /** Everything is killed, started anew with the failpoint armed, and one process kills itself at the `pass`-th pass. */
  | { readonly kind: 'failpoint'; readonly name: string; readonly pass: number };

/** Between two kills: sometimes while the last one is still being recovered from. */
const WAIT_MS_MIN = 200;
const WAIT_MS_MAX = 2_500;
/** Early passes happen during recovery, later ones in full flight. */
const PASS_MAX = 40;
/** Places that telemetry never reaches: wills and QoS 2 do, in the scenario `broker`. */
const OF_TOPICS = ['owner.effects-'];
/** Only calls with an idempotency key do: a test of their own kills there. */
const OF_CALLS = ['edge.call-'];
/** The supervisor's, to arm it, and its own. */
const FAILPOINT_DEATHS = 2;
/** Once every place was reached, most kills come from outside: they are quicker. */
const FAILPOINT_SHARE = 0.25;

export interface ScheduleWish {
  readonly kills: number;
  readonly seed: number;
  readonly only: string | undefined;
  readonly failpoints: readonly string[];
}

/** Failpoints that the load of the kills reaches. */
export function placesOfTelemetry(failpoints: readonly string[]): readonly string[] {
  return failpoints.filter((name) => !isOneOf(name, OF_TOPICS) && !isOneOf(name, OF_CALLS));
}

/** Failpoints that only the load of the scenario `broker` reaches. */
export function placesOfTopics(failpoints: readonly string[]): readonly string[] {
  return failpoints.filter((name) => isOneOf(name, OF_TOPICS));
}

function isOneOf(failpoint: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => failpoint.startsWith(prefix));
}

/**
 * Each victim and each failpoint comes at least once if there are kills enough, in an order of chance; what is left over
 * goes to random victims. What dies on the way to a failpoint counts.
 */
export function scheduleOf(wish: ScheduleWish): readonly Fault[] {
  const random = randomOf(wish.seed);
  const places = placesOfTelemetry(wish.failpoints);
  const kill = (victim: Victim): Fault => ({ kind: 'kill', victim, waitMs: random.between(WAIT_MS_MIN, WAIT_MS_MAX) });
  // Claims, fences and snapshots are rare: a high pass would never come.
  const failpoint = (name: string): Fault => ({ kind: 'failpoint', name, pass: isRare(name) ? 1 : random.between(1, PASS_MAX) });
  const victim = VICTIMS.find((name) => name === wish.only);
  const { only } = wish;
  const faults: Fault[] = [];
  let left = wish.kills;
  const add = (fault: Fault): void => {
    if (left < deathsOf(fault)) return;
    left -= deathsOf(fault);
    faults.push(fault);
  };
  if (only === undefined) {
    for (const name of VICTIMS) add(kill(name));
    for (const name of places) add(failpoint(name));
  }
  while (left > 0) {
    if (only !== undefined && victim === undefined) add(left < FAILPOINT_DEATHS ? kill('supervisor') : failpoint(only));
    else if (victim !== undefined) add(kill(victim));
    else {
      const name = random.next() < FAILPOINT_SHARE ? places[random.between(0, places.length - 1)] : undefined;
      add(name === undefined ? kill(random.pick(VICTIMS)) : failpoint(name));
    }
  }
  return shuffled(faults, random);
}

export function deathsOf(fault: Fault): number {
  return fault.kind === 'kill' ? 1 : FAILPOINT_DEATHS;
}

/** Passed once a start or once in a while, not with every batch. */
export function isRare(failpoint: string): boolean {
  return /claimed|recovered|fence|snapshot|purged|asked/.test(failpoint);
}

function shuffled(faults: Fault[], random: Random): readonly Fault[] {
  for (let i = faults.length - 1; i > 0; i--) {
    const j = random.between(0, i);
    const [a, b] = [faults[i], faults[j]];
    if (a !== undefined && b !== undefined) [faults[i], faults[j]] = [b, a];
  }
  return faults;
}
