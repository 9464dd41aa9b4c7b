/**
 * An edge's purse for one account that all edges share: a tenant's, or a group's. Credit comes in leases from the account's
 * fold; messages spend it; when half is gone the next lease is asked for, so that a sender within its limit never waits.
 *
 * Invariant: what is spent is never more than what was granted, except while nobody answers for the account: then an
 * account that has rates only goes on with this edge's share of them. Volumes never do.
 */
import { COST_MAX, MEASURES, type CompiledLimits } from '../../engine/domain/limits-doc.ts';
import type { Amounts, EdgeGrant, QuotaAsk, QuotaShortage } from '../../engine/domain/quota-lease.ts';
import { encodeEventPrefix } from '../../schemas/envelope.ts';
import type { SharedLimits } from './limits-book.ts';

/** Of a minute's quota, what all edges together may hold without having spent it: half of what may ever be overshot. */
/** A millisecond's worth of requests. */
const WAITERS_A_TURN = 4;
const LEASE_SHARE = 0.005;
const MINUTE_MS = 60_000;
/** Of a volume: small enough to lose, large enough to be asked for rarely. */
const VOLUME_SHARE = 0.01;
/** A lease is to last so long at the pace of the last one. */
const LEASE_LASTS_MS = 1_000;
/** Who is over the rate asks no more often: each ask is an event, and the bucket fills meanwhile all the same. */
const SHORT_MS_MIN = 100;
/** After an ask that nobody answered. */
const NO_ANSWER_RETRY_MS = 1_000;
const NONE = [0, 0, 0] as const;

/** What an account asks of its home: a grant for exactly this ask, or undefined when nobody answered in time. */
export interface LeaseDesk {
  ask(tenant: string, ask: QuotaAsk): Promise<LeaseAnswer | undefined>;
}

export interface LeaseAnswer {
  readonly grant: EdgeGrant;
  /** Edges that share the quota now. */
  readonly edges: number;
  readonly warned: readonly QuotaWarning[];
}

/** Most of a volume is used. */
export interface QuotaWarning {
  readonly measure: number;
  readonly window: string;
  readonly used: number;
  readonly allowed: number;
  readonly warnedMs: number;
}

export interface AccountInit {
  readonly tenant: string;
  readonly scope: string;
  readonly edge: number;
  readonly desk: LeaseDesk;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
  /** Once in each period for each volume of which 80 % are used. */
  readonly onWarning: (account: LeasedAccount, warning: QuotaWarning) => void;
}

export class LeasedAccount {
  readonly tenant: string;
  readonly scope: string;
  limits: CompiledLimits;
  /** The last lease, as an encoded field of an event: events say under which they were admitted. */
  leaseField: Uint8Array = new Uint8Array(0);
  refused = 0;
  lastUsedMs: number;
  /** Whether the last ask was answered. */
  isAnswered = true;
  /** What is short, and until when. */
  shortage: QuotaShortage | undefined;
  blockedUntilMs = 0;
  readonly #init: AccountInit;
  readonly #isLimited: boolean[] = [];
  readonly #credit = [0, 0, 0];
  readonly #low = [0, 0, 0];
  readonly #spent = [0, 0, 0];
  readonly #spentAtAsk = [0, 0, 0];
  readonly #needed = [0, 0, 0];
  readonly #back = [0, 0, 0];
  /** Volumes of which a warning was told, and when it was due. */
  readonly #warned = new Map<string, number>();
  #reported: Amounts = NONE;
  #rev = 0;
  #n = 0;
  #day = 0;
  #edges = 1;
  #expiresMs = Number.POSITIVE_INFINITY;
  #askedMs: number;
  #asking: Promise<void> | undefined;
  /** An ask without an answer: it may be granted, so the same is asked again. */
  #open: QuotaAsk | undefined;
  #waiters: (() => void)[] = [];

  constructor(init: AccountInit, shared: SharedLimits) {
    this.#init = init;
    this.tenant = init.tenant;
    this.scope = init.scope;
    this.limits = shared.limits;
    this.lastUsedMs = init.monotonic();
    this.#askedMs = this.lastUsedMs;
    this.adopt(shared);
  }

  get isAsking(): boolean {
    return this.#asking !== undefined;
  }

  adopt(shared: SharedLimits): void {
    if (shared.rev === this.#rev && shared.limits === this.limits && this.#isLimited.length > 0) return;
    this.limits = shared.limits;
    this.#rev = shared.rev;
    for (const measure of MEASURES.keys()) {
      this.#isLimited[measure] = [...shared.limits.rates, ...shared.limits.volumes].some((one) => one.measure === measure);
    }
    this.shortage = undefined;
    this.blockedUntilMs = 0;
  }

  /**
   * The first measure of which there is too little, or -1. Remembers what was needed, for the next ask. Numbers and no record,
   * here and below, because they are passed for every message.
   */
  // oxlint-disable-next-line max-params
  lacks(messages: number, bytes: number, points: number, nowMs: number): number {
    if (nowMs >= this.#expiresMs) this.#lapse();
    const credit = this.#credit;
    const limited = this.#isLimited;
    let lacking = -1;
    if (limited[2] === true && (credit[2] as number) < points) lacking = 2;
    if (limited[1] === true && (credit[1] as number) < bytes) lacking = 1;
    if (limited[0] === true && (credit[0] as number) < messages) lacking = 0;
    if (lacking < 0) return lacking;
    this.#need(0, messages);
    this.#need(1, bytes);
    this.#need(2, points);
    return lacking;
  }

  // oxlint-disable-next-line max-params
  spend(messages: number, bytes: number, points: number, nowMs: number): void {
    const credit = this.#credit;
    const spent = this.#spent;
    const low = this.#low;
    this.lastUsedMs = nowMs;
    credit[0] = (credit[0] as number) - messages;
    credit[1] = (credit[1] as number) - bytes;
    credit[2] = (credit[2] as number) - points;
    spent[0] = (spent[0] as number) + messages;
    spent[1] = (spent[1] as number) + bytes;
    spent[2] = (spent[2] as number) + points;
    if (this.#asking !== undefined || nowMs < this.blockedUntilMs) return;
    if (this.#isLow(0, low) || this.#isLow(1, low) || this.#isLow(2, low)) this.ask();
  }

  /** Calls back once, when the next ask was answered, or given up. */
  whenAnswered(callback: () => void): void {
    this.#waiters.push(callback);
    if (this.#asking === undefined) this.ask();
  }

  /** Asks for credit now, unless it does already; never rejects. */
  ask(): void {
    if (this.#asking !== undefined) return;
    const nowMs = this.#init.monotonic();
    const ask = this.#open ?? this.#nextAsk(nowMs);
    this.#open = ask;
    this.#asking = this.#init.desk
      .ask(this.tenant, ask)
      .catch(() => undefined)
      .then((answer) => {
        this.#asking = undefined;
        if (answer === undefined) this.#unanswered(nowMs);
        else this.#granted(ask, answer);
        const waiters = this.#waiters;
        this.#waiters = [];
        callSome(waiters);
      });
  }

  /** Tells the account what was spent, and gives back what has lapsed; to be called now and then. */
  settle(nowMs: number): void {
    if (nowMs >= this.#expiresMs) this.#lapse();
    if (this.#asking !== undefined) return;
    const isOpen = this.#open !== undefined;
    if (isOpen || this.#back.some((amount) => amount > 0) || this.#spent.some((amount, i) => amount > (this.#reported[i] ?? 0))) this.ask();
  }

  /** Resolves when nothing is asked any more. */
  async idle(): Promise<void> {
    await this.#asking;
  }

  #isLow(measure: number, low: readonly number[]): boolean {
    return this.#isLimited[measure] === true && (this.#credit[measure] as number) < (low[measure] as number);
  }

  #need(measure: number, amount: number): void {
    this.#needed[measure] = Math.max(this.#needed[measure] as number, amount);
  }

  #nextAsk(nowMs: number): QuotaAsk {
    const sinceMs = Math.max(1, nowMs - this.#askedMs);
    this.#askedMs = nowMs;
    const isWanted = nowMs - this.lastUsedMs < LEASE_LASTS_MS || this.#needed.some((amount) => amount > 0);
    const want = MEASURES.map((_, measure) => {
      if (this.#isLimited[measure] !== true || !isWanted) return 0;
      const pace = (((this.#spent[measure] as number) - (this.#spentAtAsk[measure] as number)) / sinceMs) * LEASE_LASTS_MS;
      const needed = Math.max(this.#needed[measure] as number, 1);
      return Math.ceil(Math.max(needed, Math.min(pace, leaseMax(this.limits, measure, this.#edges))));
    });
    for (const measure of MEASURES.keys()) {
      this.#spentAtAsk[measure] = this.#spent[measure] as number;
      this.#needed[measure] = 0;
    }
    const back = [...this.#back];
    this.#back.fill(0);
    const { rates, volumes } = this.limits;
    this.#n++;
    return {
      scope: this.scope,
      edge: this.#init.edge,
      n: this.#n,
      rev: this.#rev,
      limits: sharedPart(this.limits, rates.length + volumes.length),
      want,
      back,
      backDay: this.#day,
      spent: [...this.#spent],
      refused: this.refused,
    };
  }

  #granted(ask: QuotaAsk, answer: LeaseAnswer): void {
    const { grant, edges, warned } = answer;
    const nowMs = this.#init.monotonic();
    this.#open = undefined;
    this.isAnswered = true;
    this.leaseField = encodeEventPrefix({ lease: grant.n });
    this.#reported = ask.spent;
    this.#edges = Math.max(1, edges);
    // Yesterday's credit is not spent today.
    if (grant.day !== this.#day) this.#credit.fill(0);
    this.#day = grant.day;
    this.#expiresMs = nowMs + Math.max(0, grant.expiresMs - grant.atMs);
    for (const measure of MEASURES.keys()) {
      if (this.#isLimited[measure] !== true) continue;
      this.#credit[measure] = Math.max(0, this.#credit[measure] as number) + (grant.grant[measure] ?? 0);
      this.#low[measure] = (grant.grant[measure] ?? 0) / 2;
    }
    this.shortage = grant.shortage;
    this.blockedUntilMs = grant.shortage === undefined ? 0 : nowMs + Math.max(SHORT_MS_MIN, grant.shortage.retryMs);
    for (const warning of warned) {
      const name = `${warning.measure} ${warning.window}`;
      if (this.#warned.get(name) === warning.warnedMs) continue;
      this.#warned.set(name, warning.warnedMs);
      this.#init.onWarning(this, warning);
    }
  }

  #unanswered(askedMs: number): void {
    const nowMs = this.#init.monotonic();
    this.isAnswered = false;
    this.shortage = undefined;
    if (this.limits.volumes.length > 0) {
      this.blockedUntilMs = nowMs + NO_ANSWER_RETRY_MS;
      return;
    }
    // This edge's share of what has accrued meanwhile, at least one message.
    for (const measure of MEASURES.keys()) {
      if (this.#isLimited[measure] !== true) continue;
      let share = Number.POSITIVE_INFINITY;
      for (const rate of this.limits.rates) {
        if (rate.measure !== measure) continue;
        share = Math.min(share, rate.window.burst, (nowMs - askedMs) / rate.emissionMs / this.#edges);
      }
      this.#credit[measure] = Math.max(this.#credit[measure] as number, Math.floor(share), COST_MAX[measure] ?? 1);
    }
    this.blockedUntilMs = 0;
  }

  #lapse(): void {
    this.#expiresMs = Number.POSITIVE_INFINITY;
    for (const measure of MEASURES.keys()) {
      if (this.#isLimited[measure] !== true) continue;
      this.#back[measure] = (this.#back[measure] as number) + Math.max(0, this.#credit[measure] as number);
      this.#credit[measure] = 0;
    }
  }
}

/** Some a turn of the event loop: whoever waits for a spent account may be many, and others are not to wait for all of them. */
function callSome(waiters: (() => void)[]): void {
  for (const waiter of waiters.splice(0, WAITERS_A_TURN)) waiter();
  if (waiters.length > 0) setImmediate(callSome, waiters);
}

/** The most that a lease holds, so that what edges hold unspent stays a small part of the quota. */
export function leaseMax(limits: CompiledLimits, measure: number, edges: number): number {
  let max = Number.POSITIVE_INFINITY;
  for (const rate of limits.rates) {
    if (rate.measure === measure) max = Math.min(max, (LEASE_SHARE * MINUTE_MS) / rate.emissionMs / edges);
  }
  for (const volume of limits.volumes) if (volume.measure === measure) max = Math.min(max, (VOLUME_SHARE * volume.max) / edges);
  return Math.max(COST_MAX[measure] ?? 1, Math.floor(max));
}

/** What the account enforces; the rest is each edge's own. */
function sharedPart({ doc }: CompiledLimits, windows: number): QuotaAsk['limits'] {
  if (windows === 0) return {};
  const { messages, bytes, points, perDay, perMonth } = doc;
  return {
    ...(messages === undefined ? {} : { messages }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(points === undefined ? {} : { points }),
    ...(perDay === undefined ? {} : { perDay }),
    ...(perMonth === undefined ? {} : { perMonth }),
  };
}
