/**
 * What is told of a limit that has no room: its name from a closed list, its window, what of it is used, and when to try
 * again. One object, filled anew for each refusal, because a flood is refused as often as it comes.
 */
import { type CompiledRate, MEASURES, type Measure } from '../../engine/domain/limits-doc.ts';
import type { LeasedAccount } from './leased-account.ts';

export type LimitScope = 'listener' | 'prefix' | 'key' | 'device' | 'group' | 'tenant';

/** The closed list of names by which these limits are told. */
export type RateLimitName = `${LimitScope}-${Measure | 'connections' | 'connect-rate'}` | `${LimitScope}-${Measure}-${'day' | 'month'}`;

/** Which limit has no room. One object, filled anew for each refusal: what has to outlive it copies it. */
export interface LimitHit {
  scope: LimitScope;
  limit: RateLimitName;
  /** `20/s burst 60`, `day`, `month`, or empty. */
  window: string;
  /** Until as much as was asked for may pass; infinite where it never may at once. */
  retryAfterMs: number;
  used: number;
  allowed: number;
  /** What the window gives in its time; 0 where that has no meaning. */
  quota: number;
  perMs: number;
  /** The shared account doesn't answer, so nobody knows whether there is room. */
  isUnanswered: boolean;
  /** Not refused: credit was asked for, and `whenCredit` tells when the answer is there. */
  account: LeasedAccount | undefined;
}

/** As headers tell a month: the calendar's may be shorter. */
const DAY_MS = 86_400_000;
const MONTH_MS = 31 * DAY_MS;
/** Places become free when somebody leaves: nobody knows when. */
const CONNECTIONS_RETRY_MS = 5_000;

export class LimitHits {
  readonly #hit: LimitHit = {
    scope: 'tenant',
    limit: 'tenant-messages',
    window: '',
    retryAfterMs: 0,
    used: 0,
    allowed: 0,
    quota: 0,
    perMs: 0,
    isUnanswered: false,
    account: undefined,
  };

  // oxlint-disable-next-line max-params
  over(scope: LimitScope, rate: CompiledRate, waitMs: number, available: number): LimitHit {
    const hit = this.#hit;
    hit.scope = scope;
    hit.limit = limitName(scope, rate);
    hit.window = rate.window.text;
    hit.retryAfterMs = Math.ceil(waitMs);
    hit.allowed = rate.window.burst;
    hit.used = rate.window.burst - Math.max(0, available);
    hit.quota = rate.window.count;
    hit.isUnanswered = false;
    hit.perMs = rate.window.perMs;
    hit.account = undefined;
    return hit;
  }

  tooMany(scope: LimitScope, open: number, allowed: number): LimitHit {
    const hit = this.#hit;
    hit.scope = scope;
    hit.limit = `${scope}-connections`;
    hit.window = '';
    hit.retryAfterMs = CONNECTIONS_RETRY_MS;
    hit.used = open;
    hit.isUnanswered = false;
    hit.quota = 0;
    hit.perMs = 0;
    hit.allowed = allowed;
    hit.account = undefined;
    return hit;
  }

  // oxlint-disable-next-line max-params
  short(account: LeasedAccount, measure: number, cost: number, nowMs: number): LimitHit {
    const hit = this.#hit;
    const scope = account.scope === 'tenant' ? 'tenant' : 'group';
    const { rates, volumes } = account.limits;
    const never = rates.find((rate) => rate.measure === measure && rate.window.burst < cost);
    const { shortage } = account;
    const window = never?.window.text ?? shortage?.window ?? '';
    const isBlocked = nowMs < account.blockedUntilMs;
    const rate = rates.find((one) => one.window.text === window && one.measure === (shortage?.measure ?? measure));
    hit.scope = scope;
    const name = MEASURES[shortage?.measure ?? measure] ?? 'messages';
    hit.limit = window === 'day' || window === 'month' ? `${scope}-${name}-${window}` : `${scope}-${name}`;
    hit.window = window;
    hit.retryAfterMs = never === undefined ? Math.max(1, Math.ceil(account.blockedUntilMs - nowMs)) : Number.POSITIVE_INFINITY;
    hit.allowed = rate?.window.burst ?? volumes.find(({ period }) => period === (window === 'day' ? 'perDay' : 'perMonth'))?.max ?? 0;
    hit.used = hit.allowed;
    hit.quota = rate?.window.count ?? hit.allowed;
    hit.perMs = rate?.window.perMs ?? (window === 'day' ? DAY_MS : MONTH_MS);
    hit.isUnanswered = isBlocked && !account.isAnswered;
    hit.account = isBlocked || never !== undefined ? undefined : account;
    return hit;
  }
}

export function limitName(scope: LimitScope, rate: CompiledRate): RateLimitName {
  return NAMES[scope][rate.measure] ?? `${scope}-messages`;
}

const NAMES: Readonly<Record<LimitScope, readonly RateLimitName[]>> = {
  listener: MEASURES.map((measure) => `listener-${measure}` as const),
  prefix: MEASURES.map((measure) => `prefix-${measure}` as const),
  key: MEASURES.map((measure) => `key-${measure}` as const),
  device: MEASURES.map((measure) => `device-${measure}` as const),
  group: MEASURES.map((measure) => `group-${measure}` as const),
  tenant: MEASURES.map((measure) => `tenant-${measure}` as const),
};
