/**
 * What edges and a tenant's quota account say to each other: an edge appends an ask for credit (an event of kind
 * `quota-lease` about the device `$quota`), the account's fold grants, and whoever asks the partition's owner reads the
 * account. Owns the two documents and how they are read; the granting is in `quota.ts`.
 */
import { limitsProblems, MEASURES, type LimitsDoc } from './limits-doc.ts';

/** The name under which a tenant's account stands where devices have theirs; no device can be called so. */
export const QUOTA_DEVICE = '$quota';
/** The account of the whole tenant; those of groups are `group/<id>`. */
export const TENANT_SCOPE = 'tenant';
const GROUP_SCOPE = 'group/';
const SCOPE = /^(?:tenant|group\/[A-Za-z0-9_-]{1,64})$/;

/** One number a measure, in the order of `MEASURES`. */
export type Amounts = readonly number[];

export interface QuotaAsk {
  readonly scope: string;
  /** The edge's epoch. */
  readonly edge: number;
  /** 1, 2, 3 … of this edge for this account: an ask that comes twice is granted once. */
  readonly n: number;
  /** Sequence of the registry entry that the limits are from: older ones don't replace newer ones. */
  readonly rev: number;
  /** Rates of the three measures, and volumes. */
  readonly limits: LimitsDoc;
  readonly want: Amounts;
  /** Credit that was granted on `backDay` and will not be spent. */
  readonly back: Amounts;
  readonly backDay: number;
  /** Spent since the edge began, and how often it refused since. */
  readonly spent: Amounts;
  readonly refused: number;
}

/** Why less was granted than was wanted. */
export interface QuotaShortage {
  readonly measure: number;
  /** `day`, `month` or a window of the rate. */
  readonly window: string;
  /** From the ask on. */
  readonly retryMs: number;
}

export interface EdgeGrant {
  readonly edge: number;
  readonly n: number;
  readonly grant: Amounts;
  /** What the edge may hold of this day's credit without having said that it spent it. */
  readonly held: Amounts;
  /** Log time at which it lapses, and the day that it counts for. */
  readonly expiresMs: number;
  readonly day: number;
  readonly atMs: number;
  readonly shortage: QuotaShortage | undefined;
  readonly spent: Amounts;
  readonly refused: number;
}

export interface QuotaWindowView {
  readonly measure: number;
  /** `day`, `month`, or a window such as `20/s burst 60`. */
  readonly window: string;
  readonly used: number;
  readonly allowed: number;
  readonly sinceMs: number;
  readonly resetsMs?: number;
  /** When 80 % were used, log time; of volumes. */
  readonly warnedMs?: number;
}

export interface QuotaAccountView {
  readonly scope: string;
  readonly logMs: number;
  readonly windows: readonly QuotaWindowView[];
  readonly edges: readonly EdgeGrant[];
  /** Reported as spent by edges, today and this month. */
  readonly spentDay: Amounts;
  readonly spentMonth: Amounts;
  readonly refused: number;
}

export const NOTHING: Amounts = [0, 0, 0];

export function groupScope(group: string): string {
  return GROUP_SCOPE + group;
}

/** The group of a group's scope. */
export function groupOfScope(scope: string): string | undefined {
  return scope.startsWith(GROUP_SCOPE) ? scope.slice(GROUP_SCOPE.length) : undefined;
}

export function encodeQuotaAsk(ask: QuotaAsk): string {
  return JSON.stringify({ v: 1, ...ask });
}

/** Undefined where the payload is no ask, whatever else it is. */
export function parseQuotaAsk(text: string): QuotaAsk | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['v'] !== 1) return undefined;
  const { scope, limits } = value;
  if (typeof scope !== 'string' || !SCOPE.test(scope) || !isRecord(limits) || limitsProblems(limits).length > 0) return undefined;
  const [edge, n, rev, backDay, refused] = ['edge', 'n', 'rev', 'backDay', 'refused'].map((name) => countOf(value[name]));
  const [want, back, spent] = ['want', 'back', 'spent'].map((name) => amountsOf(value[name]));
  if (edge === undefined || n === undefined || rev === undefined || backDay === undefined || refused === undefined) return undefined;
  if (want === undefined || back === undefined || spent === undefined) return undefined;
  return { scope, edge, n, rev, limits, want, back, backDay, spent, refused };
}

/** The account as its owner tells it; undefined where there is none, or the text is none of ours. */
export function readQuotaAccounts(text: string): readonly QuotaAccountView[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // Written by `Quotas.json` of the same release, read over the deployment's own connection.
  return isRecord(value) && Array.isArray(value['accounts']) ? (value['accounts'] as readonly QuotaAccountView[]) : undefined;
}

function amountsOf(value: unknown): Amounts | undefined {
  if (!Array.isArray(value) || value.length !== MEASURES.length) return undefined;
  const amounts = value.map(countOf);
  return amounts.every((amount) => amount !== undefined) ? amounts : undefined;
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
