/**
 * What may be said about how much somebody may send: the document, what is wrong with one, and the form in which it is
 * enforced. The same document stands on tenants, groups, keys, devices, listeners and address prefixes.
 */
import { CLIENT_INFLIGHT_MAX, EVENT_BYTES_MAX, METRICS_MAX, SESSION_EXPIRY_S_CAP, SUBSCRIPTIONS_CAP } from '../kernel/limits.ts';
import { parseRate, type RateWindow } from './rate.ts';

export const MEASURES = ['messages', 'bytes', 'points'] as const;
export type Measure = (typeof MEASURES)[number];

export const PERIODS = ['perDay', 'perMonth'] as const;
export type Period = (typeof PERIODS)[number];

export type Volumes = Partial<Readonly<Record<Measure, number>>>;

/** What each MQTT session of whoever has the document may have; where nothing is said, the next wider document or an option does. */
export interface SessionLimitsDoc {
  /** How long it outlives its connection; 0: not at all. */
  readonly sessionExpiryS?: number;
  readonly subscriptions?: number;
  /** Messages that were sent and are not acknowledged. */
  readonly inFlight?: number;
}

export interface LimitsDoc extends SessionLimitsDoc {
  readonly messages?: string;
  /** Of payloads. */
  readonly bytes?: string;
  /** Data points: scalar members of payloads. */
  readonly points?: string;
  /** Open at once, at one edge. */
  readonly connections?: number;
  /** How often connections may be made. */
  readonly connectRate?: string;
  /** Volumes by calendar day and month, UTC. For tenants and groups. */
  readonly perDay?: Volumes;
  readonly perMonth?: Volumes;
  /** Of a tenant or group: what each device of it may, where the device says nothing itself. */
  readonly eachDevice?: Omit<LimitsDoc, 'eachDevice' | 'perDay' | 'perMonth'>;
}

export interface LimitsProblem {
  /** A JSON pointer into the document. */
  readonly pointer: string;
  readonly detail: string;
}

/** One window of one measure, by the numbers that a bucket needs: see `BucketTable`. */
export interface CompiledRate {
  /** Index into `MEASURES`. */
  readonly measure: number;
  readonly window: RateWindow;
  /** Milliseconds in which one accrues. */
  readonly emissionMs: number;
  /** What may be owed: the burst, in milliseconds. */
  readonly toleranceMs: number;
}

export interface CompiledVolume {
  readonly measure: number;
  readonly period: Period;
  readonly max: number;
}

export interface CompiledLimits {
  readonly doc: LimitsDoc;
  readonly rates: readonly CompiledRate[];
  readonly volumes: readonly CompiledVolume[];
  /** 0: as many as there is room for. */
  readonly connections: number;
  readonly connectRates: readonly CompiledRate[];
  readonly eachDevice: CompiledLimits | undefined;
  /** Somebody has to count data points. */
  readonly countsPoints: boolean;
}

/** The dearest single message, by measure: no burst may be smaller. */
export const COST_MAX: readonly number[] = [1, EVENT_BYTES_MAX, METRICS_MAX];
const COUNT_MAX = Number.MAX_SAFE_INTEGER;
const CONNECTIONS_MAX = 1_000_000;
/** The least and the most of each, whole numbers. */
const OF_SESSIONS = {
  sessionExpiryS: [0, SESSION_EXPIRY_S_CAP],
  subscriptions: [1, SUBSCRIPTIONS_CAP],
  inFlight: [1, CLIENT_INFLIGHT_MAX],
} as const satisfies Record<keyof SessionLimitsDoc, readonly [number, number]>;
const KNOWN: ReadonlySet<string> = new Set([
  ...MEASURES,
  ...PERIODS,
  'connections',
  'connectRate',
  ...Object.keys(OF_SESSIONS),
  'eachDevice',
]);
/** Who may be given a volume: only an account that all edges share can keep one. */
export type LimitsHolder = 'shared' | 'single';

/** Nothing when the value is a `LimitsDoc`; `single` where volumes and `eachDevice` make no sense: devices, keys, addresses. */
export function limitsProblems(value: unknown, holder: LimitsHolder = 'shared', at = ''): readonly LimitsProblem[] {
  if (!isRecord(value)) return [{ pointer: at, detail: 'limits are an object, such as {"messages": "20/s burst 60, 1000/h"}' }];
  const problems: LimitsProblem[] = [];
  for (const key of Object.keys(value)) {
    if (!KNOWN.has(key))
      problems.push({ pointer: `${at}/${key.slice(0, 64)}`, detail: `unknown; a limit is one of ${[...KNOWN].join(', ')}` });
  }
  for (const [i, measure] of MEASURES.entries()) problems.push(...rateProblems(value[measure], `${at}/${measure}`, COST_MAX[i] ?? 1));
  problems.push(...rateProblems(value['connectRate'], `${at}/connectRate`, 1));
  const { connections } = value;
  if (connections !== undefined && !isCount(connections, CONNECTIONS_MAX))
    problems.push({ pointer: `${at}/connections`, detail: `a whole number from 1 to ${CONNECTIONS_MAX}` });
  for (const [key, [min, max]] of Object.entries(OF_SESSIONS)) {
    if (value[key] !== undefined && !isWhole(value[key], min, max))
      problems.push({ pointer: `${at}/${key}`, detail: `a whole number from ${min} to ${max}` });
  }
  for (const period of PERIODS) problems.push(...volumeProblems(value[period], `${at}/${period}`, holder));
  const each = value['eachDevice'];
  if (each === undefined) return problems;
  if (holder === 'single') return [...problems, { pointer: `${at}/eachDevice`, detail: 'stands on tenants and groups only' }];
  return [...problems, ...limitsProblems(each, 'single', `${at}/eachDevice`)];
}

/** The document must be without problems; a rate that can't be read is left out. */
export function compileLimits(doc: LimitsDoc): CompiledLimits {
  const rates = MEASURES.flatMap((name, measure) => ratesOf(doc[name], measure));
  const volumes = PERIODS.flatMap((period) =>
    MEASURES.flatMap((name, measure) => {
      const max = doc[period]?.[name];
      return max === undefined ? [] : [{ measure, period, max }];
    }),
  );
  const countsPoints = [...rates, ...volumes].some(({ measure }) => MEASURES[measure] === 'points');
  return {
    doc,
    rates,
    volumes,
    connections: doc.connections ?? 0,
    connectRates: ratesOf(doc.connectRate, 0),
    eachDevice: doc.eachDevice === undefined ? undefined : compileLimits(doc.eachDevice),
    countsPoints,
  };
}

function ratesOf(text: string | undefined, measure: number): readonly CompiledRate[] {
  if (text === undefined) return [];
  const parsed = parseRate(text, { burstMin: COST_MAX[measure] ?? 1 });
  return parsed.ok ? parsed.windows.map((window) => compileRate(measure, window)) : [];
}

export function compileRate(measure: number, window: RateWindow): CompiledRate {
  const emissionMs = window.perMs / window.count;
  return { measure, window, emissionMs, toleranceMs: window.burst * emissionMs };
}

function rateProblems(value: unknown, pointer: string, burstMin: number): readonly LimitsProblem[] {
  if (value === undefined) return [];
  if (typeof value !== 'string') return [{ pointer, detail: 'a rate is text, such as "20/s burst 60, 1000/h"' }];
  const parsed = parseRate(value, { burstMin });
  return parsed.ok ? [] : [{ pointer, detail: parsed.problem }];
}

function volumeProblems(value: unknown, pointer: string, holder: LimitsHolder): readonly LimitsProblem[] {
  if (value === undefined) return [];
  if (holder === 'single') return [{ pointer, detail: 'volumes by day and month stand on tenants and groups only' }];
  if (!isRecord(value)) return [{ pointer, detail: 'an object, such as {"messages": 1000000}' }];
  return Object.entries(value).flatMap(([key, max], i) => {
    const at = `${pointer}/${key.slice(0, 64)}`;
    if (!MEASURES.some((measure) => measure === key))
      return [{ pointer: at, detail: `unknown; a volume is one of ${MEASURES.join(', ')}` }];
    if (!isCount(max, COUNT_MAX)) return [{ pointer: at, detail: `a whole number from 1 to ${COUNT_MAX}` }];
    return i >= MEASURES.length ? [{ pointer: at, detail: 'too many members' }] : [];
  });
}

function isCount(value: unknown, max: number): boolean {
  return isWhole(value, 1, max);
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
