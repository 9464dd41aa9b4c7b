/**
 * The quota accounts of tenants and their groups: what was granted to whom, by which limits. A fold over asks in the order
 * of the log and on log time, so any number in it can be computed again from the log, and a crash resets nothing.
 *
 * Invariant: what is granted within a period never exceeds its volume, and what is granted within any time never exceeds
 * the rate over that time and its burst. Credit that an edge loses is not granted again: it was used.
 */
import { compileLimits, MEASURES, type CompiledLimits, type CompiledRate, type LimitsDoc, type Period } from './limits-doc.ts';
import { DAY_MS, formatRfc3339 } from './civil-time.ts';
import type { QuotaGranted } from './quota-decision.ts';
import {
  NOTHING,
  type Amounts,
  type EdgeGrant,
  type QuotaAccountView,
  type QuotaAsk,
  type QuotaShortage,
  type QuotaWindowView,
} from './quota-lease.ts';

/** Credit lapses when nobody spends it: an edge that comes back after a pause must not spend what is long gone. */
const LEASE_MS_MAX = 60_000;
/** An edge that was silent for so long asks as a new one. */
const EDGE_FORGOTTEN_MS = 3_600_000;
/** More edges than a deployment has; the longest silent go first. */
const EDGES_MAX = 256;
const WARN_SHARE = 0.8;
const ROUNDING_MS = 1e-6;

interface Account {
  rev: number;
  limitsText: string;
  limits: CompiledLimits;
  /** A bucket a rate: when what was granted will have accrued again. */
  dueMs: number[];
  day: number;
  month: number;
  usedDay: number[];
  usedMonth: number[];
  spentDay: number[];
  spentMonth: number[];
  /** Log time of the warning, by volume; 0: not yet in this period. */
  warnedMs: number[];
  refused: number;
  edges: EdgeGrant[];
}

/** The accounts of one partition. */
export class Quotas {
  readonly #tenants = new Map<string, Map<string, Account>>();

  get count(): number {
    let sum = 0;
    for (const accounts of this.#tenants.values()) sum += accounts.size;
    return sum;
  }

  /** What was granted; undefined where the ask came before. */
  apply(tenant: string, ask: QuotaAsk, logMs: number): QuotaGranted | undefined {
    const account = this.#account(tenant, ask);
    adopt(account, ask);
    roll(account, logMs);
    const before = account.edges.find(({ edge }) => edge === ask.edge);
    if (before !== undefined && ask.n <= before.n) return undefined;
    const held = heldBefore(account, ask, before);
    takeBack(account, ask, held);
    const refused = Math.max(0, ask.refused - (before?.refused ?? 0));
    account.refused += refused;
    for (const measure of MEASURES.keys()) {
      const spent = Math.max(0, at(ask.spent, measure) - at(before?.spent ?? NOTHING, measure));
      add(account.spentDay, measure, spent);
      add(account.spentMonth, measure, spent);
    }
    const grant = grantTo(account, ask, { held, logMs });
    const others = account.edges.filter(({ edge, atMs }) => edge !== ask.edge && logMs - atMs < EDGE_FORGOTTEN_MS);
    account.edges = [...others.slice(1 - EDGES_MAX), grant];
    warn(account, logMs);
    return { grant, refused };
  }

  /** The account at a log time; undefined where nobody asked it yet. */
  view(tenant: string, scope: string, logMs: number): QuotaAccountView | undefined {
    const account = this.#tenants.get(tenant)?.get(scope);
    return account === undefined ? undefined : viewOf(scope, account, logMs);
  }

  edgeGone(epoch: number): void {
    for (const accounts of this.#tenants.values()) {
      for (const account of accounts.values()) account.edges = account.edges.filter(({ edge }) => edge !== epoch);
    }
  }

  /** What the owner answers; undefined where the tenant never asked. */
  json(tenant: string, logMs: number): string | undefined {
    const accounts = this.#tenants.get(tenant);
    if (accounts === undefined) return undefined;
    const views = [...accounts].toSorted(byName).map(([scope, account]) => viewOf(scope, account, logMs));
    return JSON.stringify({ tenant, accounts: views });
  }

  /** In one order, whatever way they came to be. */
  states(): readonly { readonly tenant: string; readonly id: string; readonly version: number; readonly body: string }[] {
    return [...this.#tenants].toSorted(byName).flatMap(([tenant, accounts]) =>
      [...accounts].toSorted(byName).map(([id, account]) => {
        const { limits: _compiled, ...kept } = account;
        return { tenant, id, version: account.rev, body: JSON.stringify(kept) };
      }),
    );
  }

  /** Takes in what `states` gave; false where it is none of that. */
  restore(tenant: string, id: string, body: string): boolean {
    try {
      const kept = JSON.parse(body) as Omit<Account, 'limits'>;
      const limits = compileLimits(JSON.parse(kept.limitsText) as LimitsDoc);
      if (limits.rates.length !== kept.dueMs.length) return false;
      this.#accountsOf(tenant).set(id, { ...kept, limits });
      return true;
    } catch {
      return false;
    }
  }

  #accountsOf(tenant: string): Map<string, Account> {
    const known = this.#tenants.get(tenant);
    if (known !== undefined) return known;
    const accounts = new Map<string, Account>();
    this.#tenants.set(tenant, accounts);
    return accounts;
  }

  #account(tenant: string, ask: QuotaAsk): Account {
    const accounts = this.#accountsOf(tenant);
    const known = accounts.get(ask.scope);
    if (known !== undefined) return known;
    const account: Account = {
      rev: 0,
      limitsText: '{}',
      limits: compileLimits({}),
      dueMs: [],
      day: 0,
      month: 0,
      usedDay: [...NOTHING],
      usedMonth: [...NOTHING],
      spentDay: [...NOTHING],
      spentMonth: [...NOTHING],
      warnedMs: [],
      refused: 0,
      edges: [],
    };
    accounts.set(ask.scope, account);
    return account;
  }
}

/** Months are counted from year 0, so that each has one number. */
export function monthOf(ms: number): number {
  const text = formatRfc3339(ms);
  return Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;
}

/** The end of the period that the time lies in, UTC. */
export function endOf(period: Period, ms: number): number {
  const day = Math.floor(ms / DAY_MS);
  if (period === 'perDay') return (day + 1) * DAY_MS;
  const month = monthOf(ms);
  let next = day + 1;
  while (monthOf(next * DAY_MS) === month) next++;
  return next * DAY_MS;
}

function startOf(period: Period, ms: number): number {
  let day = Math.floor(ms / DAY_MS);
  if (period === 'perDay') return day * DAY_MS;
  const month = monthOf(ms);
  while (day > 0 && monthOf((day - 1) * DAY_MS) === month) day--;
  return day * DAY_MS;
}

/** Newer limits replace older ones; what a window that stays has granted stays with it. */
function adopt(account: Account, ask: QuotaAsk): void {
  if (ask.rev < account.rev) return;
  account.rev = ask.rev;
  const text = JSON.stringify(ask.limits);
  if (text === account.limitsText) return;
  const limits = compileLimits(ask.limits);
  const before = account.limits.rates;
  account.dueMs = limits.rates.map((rate) => {
    const same = before.findIndex(({ measure, window }) => measure === rate.measure && window.perMs === rate.window.perMs);
    return account.dueMs[same] ?? 0;
  });
  account.limitsText = text;
  account.limits = limits;
  account.warnedMs = limits.volumes.map(() => 0);
}

function roll(account: Account, logMs: number): void {
  const day = Math.floor(logMs / DAY_MS);
  const month = monthOf(logMs);
  const isNew = (period: Period): boolean => (period === 'perDay' ? day !== account.day : month !== account.month);
  account.warnedMs = account.limits.volumes.map(({ period }, i) => (isNew(period) ? 0 : (account.warnedMs[i] ?? 0)));
  if (day !== account.day) {
    account.usedDay = [...NOTHING];
    account.spentDay = [...NOTHING];
  }
  if (month !== account.month) {
    account.usedMonth = [...NOTHING];
    account.spentMonth = [...NOTHING];
  }
  account.day = day;
  account.month = month;
}

/** Yesterday's credit is nobody's any more. */
function heldBefore(account: Account, ask: QuotaAsk, before: EdgeGrant | undefined): number[] {
  if (before === undefined || before.day !== account.day) return [...NOTHING];
  return before.held.map((held, measure) => Math.max(0, held - Math.max(0, at(ask.spent, measure) - at(before.spent, measure))));
}

/** Only what the edge holds, and only into the period that it was taken from. */
function takeBack(account: Account, ask: QuotaAsk, held: number[]): void {
  if (ask.backDay !== account.day) return;
  for (const measure of MEASURES.keys()) {
    const back = Math.min(at(ask.back, measure), at(held, measure));
    add(held, measure, -back);
    add(account.usedDay, measure, -Math.min(back, at(account.usedDay, measure)));
    add(account.usedMonth, measure, -Math.min(back, at(account.usedMonth, measure)));
  }
}

function grantTo(account: Account, ask: QuotaAsk, { held, logMs }: { readonly held: Amounts; readonly logMs: number }): EdgeGrant {
  const { limits } = account;
  const grant = [...ask.want];
  let shortage: QuotaShortage | undefined;
  const lower = (measure: number, left: number, short: { readonly window: string; readonly retryMs: number }): void => {
    const wanted = at(ask.want, measure);
    grant[measure] = Math.max(0, Math.min(at(grant, measure), left));
    if (left < wanted && short.retryMs > (shortage?.retryMs ?? 0)) shortage = { measure, ...short };
  };
  for (const [i, rate] of limits.rates.entries()) {
    const owedMs = Math.max(0, (account.dueMs[i] ?? 0) - logMs);
    const wanted = Math.min(at(ask.want, rate.measure), rate.window.burst);
    const retryMs = Math.max(1, Math.ceil(owedMs + wanted * rate.emissionMs - rate.toleranceMs));
    lower(rate.measure, available(rate, owedMs), { window: rate.window.text, retryMs });
  }
  for (const { measure, period, max } of limits.volumes) {
    const used = at(period === 'perDay' ? account.usedDay : account.usedMonth, measure);
    lower(measure, max - used, { window: period === 'perDay' ? 'day' : 'month', retryMs: endOf(period, logMs) - logMs });
  }
  for (const [i, rate] of limits.rates.entries()) {
    account.dueMs[i] = Math.max(account.dueMs[i] ?? 0, logMs) + at(grant, rate.measure) * rate.emissionMs;
  }
  for (const measure of MEASURES.keys()) {
    add(account.usedDay, measure, at(grant, measure));
    add(account.usedMonth, measure, at(grant, measure));
  }
  const { day } = account;
  const expiresMs = Math.min(logMs + LEASE_MS_MAX, limits.volumes.length > 0 ? (day + 1) * DAY_MS : Number.POSITIVE_INFINITY);
  const { edge, n, spent, refused } = ask;
  return {
    edge,
    n,
    grant,
    held: held.map((amount, measure) => amount + at(grant, measure)),
    expiresMs,
    day,
    atMs: logMs,
    shortage,
    spent,
    refused,
  };
}

function available(rate: CompiledRate, owedMs: number): number {
  return Math.floor((rate.toleranceMs - owedMs + ROUNDING_MS) / rate.emissionMs);
}

function warn(account: Account, logMs: number): void {
  for (const [i, { measure, period, max }] of account.limits.volumes.entries()) {
    const used = at(period === 'perDay' ? account.usedDay : account.usedMonth, measure);
    if (account.warnedMs[i] === 0 && used >= max * WARN_SHARE) account.warnedMs[i] = logMs;
  }
}

function viewOf(scope: string, account: Account, logMs: number): QuotaAccountView {
  const rates = account.limits.rates.map(({ measure, window, emissionMs }, i): QuotaWindowView => {
    const owedMs = Math.max(0, (account.dueMs[i] ?? 0) - logMs);
    return {
      measure,
      window: window.text,
      used: Math.ceil(owedMs / emissionMs - ROUNDING_MS),
      allowed: window.burst,
      sinceMs: logMs - window.perMs,
    };
  });
  const current = { perDay: Math.floor(logMs / DAY_MS) === account.day, perMonth: monthOf(logMs) === account.month };
  const volumes = account.limits.volumes.map(({ measure, period, max }, i): QuotaWindowView => {
    const warnedMs = current[period] ? (account.warnedMs[i] ?? 0) : 0;
    return {
      measure,
      window: period === 'perDay' ? 'day' : 'month',
      used: current[period] ? at(period === 'perDay' ? account.usedDay : account.usedMonth, measure) : 0,
      allowed: max,
      sinceMs: startOf(period, logMs),
      resetsMs: endOf(period, logMs),
      ...(warnedMs === 0 ? {} : { warnedMs }),
    };
  });
  return {
    scope,
    logMs,
    windows: [...rates, ...volumes],
    edges: account.edges,
    spentDay: current.perDay ? account.spentDay : NOTHING,
    spentMonth: current.perMonth ? account.spentMonth : NOTHING,
    refused: account.refused,
  };
}

function at(amounts: Amounts, measure: number): number {
  return amounts[measure] ?? 0;
}

function add(amounts: number[], measure: number, more: number): void {
  amounts[measure] = at(amounts, measure) + more;
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
