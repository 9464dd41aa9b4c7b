/**
 * What a simulated device measures: a pure function of (seed, device, n), so that whoever finds an event anywhere (in the
 * log, in a row, in a twin) can say what it should have said. Every number is an integer, so sums are exact in any order.
 */
import { mix } from './random.ts';

/** What all devices of a run share. `baseMs` is the event time of n = 0. */
export interface Plan {
  readonly seed: number;
  readonly baseMs: number;
}

export type Value = number | boolean | string;

export interface SimulatedEvent {
  readonly n: number;
  readonly boot: number;
  readonly tsMs: number;
  readonly metrics: Readonly<Record<string, Value>>;
}

/** Event time moves on by this much from one n to the next. */
const STEP_MS = 10;
/** A late sample is this much older than its neighbours: it must not overwrite them in the twin. */
const LATE_MS = 3_000;
/** A device starts anew after this many events: more than the window in which retries are recognised. */
const EVENTS_PER_BOOT = 2_000;
const MODES = ['idle', 'run', 'stop', 'wärmt'] as const;

/** The boot id under which n is sent; two neighbouring boots never share one. */
export function bootOf(plan: Plan, device: number, n: number): number {
  return (mix(plan.seed, device, 0x0b007) % 0x3fff_ffff) + 1 + Math.floor(n / EVENTS_PER_BOOT);
}

/** One event in sixteen has exactly the event time of the one before, so that only the position decides. */
function timeStep(n: number): number {
  return n % 16 === 5 ? n - 1 : n;
}

export function eventOf(plan: Plan, device: number, n: number): SimulatedEvent {
  const bits = mix(plan.seed, device, n);
  const step = timeStep(n);
  const late = mix(plan.seed, device, -step) % 8 === 0 ? LATE_MS : 0;
  const metrics: Record<string, Value> = {
    n,
    t: (bits % 20_001) - 10_000,
    p: (bits >>> 8) % 1_000,
    on: (bits & 1) === 1,
    mode: MODES[(bits >>> 3) % MODES.length] ?? 'idle',
  };
  if (bits % 3 === 0) metrics['rare'] = bits >>> 16;
  return { n, boot: bootOf(plan, device, n), tsMs: plan.baseMs + step * STEP_MS - late, metrics };
}

/** The event as an envelope; `device` is named only where the credential doesn't say it. */
export function envelopeOf(event: SimulatedEvent, device?: string): string {
  const named = device === undefined ? '' : `"device":"${device}",`;
  return `{${named}"ts":${event.tsMs},"boot":${event.boot},"seq":${event.n},"metrics":${JSON.stringify(event.metrics)}}`;
}

/** What the columns `metrics` and `attrs` must hold: booleans are 0 and 1, texts are attributes. */
export function columnsOf(event: SimulatedEvent): {
  readonly metrics: ReadonlyMap<string, number>;
  readonly attrs: ReadonlyMap<string, string>;
} {
  const metrics = new Map<string, number>();
  const attrs = new Map<string, string>();
  for (const [name, value] of Object.entries(event.metrics)) {
    if (typeof value === 'string') attrs.set(name, value);
    else metrics.set(name, Number(value));
  }
  return { metrics, attrs };
}
