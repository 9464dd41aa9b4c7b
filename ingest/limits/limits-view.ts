/**
 * What limits a sender and how much of it is used, over all edges and the shared accounts: the answers of
 * `GET /v1/devices/{id}/limits` and `GET /v1/quotas/usage`.
 */
import { MEASURES } from '../../engine/domain/limits-doc.ts';
import { groupOfScope, type QuotaAccountView } from '../../engine/domain/quota-lease.ts';
import { isId } from '../../engine/kernel/ids.ts';
import type { EdgeCalls } from '../../engine/ports/edge-calls.ts';
import type { Admission } from '../admit.ts';
import type { BanBook, BanView } from './ban-book.ts';
import type { Sender } from './gate.ts';
import type { QuotaDesk } from './quota-desk.ts';

export interface RefusedBy {
  readonly edge: string;
  readonly count: number;
  readonly since: string;
  readonly last: string;
}

const POINTS = MEASURES.indexOf('points');

export interface LimitView {
  readonly limit: string;
  readonly window: string;
  readonly used: number;
  readonly allowed: number;
  readonly since: string;
  readonly resets?: string;
  /** When 80 % of a volume were used. */
  readonly warned?: string;
  /** Which group's it is. */
  readonly group?: string;
  readonly refused: number;
  readonly refusedBy: readonly RefusedBy[];
}

export interface UsageView {
  readonly tenant: string;
  readonly limits: readonly LimitView[];
  /** As edges reported them: messages, bytes, points that were taken. */
  readonly spent: { readonly day: Readonly<Record<string, number>>; readonly month: Readonly<Record<string, number>> };
  /** Which edges hold leases; one that is gone is named by its number. */
  readonly edges: readonly { readonly edge: string; readonly lease: number; readonly refused: number; readonly at: string }[];
}

/** What each session of a device may have, and what the one that has most has. */
export interface SessionUse {
  readonly limit: SessionLimit;
  readonly used: number;
  readonly allowed: number;
  /** When that was looked at. */
  readonly sinceMs: number;
}

const SESSION_LIMITS = ['session-expiry', 'subscriptions', 'in-flight'] as const;
type SessionLimit = (typeof SESSION_LIMITS)[number];

type Question = { readonly tenant: string; readonly device?: string } | { readonly bans: true };

/** A ban as one edge knows it. */
export interface EdgeBan extends BanView {
  readonly edge: string;
}

interface EdgeAnswer {
  readonly edge: string;
  /** As leases name it. */
  readonly epoch: number;
  /** Only to who asked for them. */
  readonly bans?: readonly BanView[];
  readonly limits: readonly {
    readonly limit: string;
    readonly window: string;
    readonly used: number;
    readonly allowed: number;
    readonly sinceMs: number;
  }[];
  readonly refused: readonly {
    readonly limit: string;
    readonly window: string;
    readonly count: number;
    readonly sinceMs: number;
    readonly lastMs: number;
  }[];
}

export interface LimitsViewParts {
  readonly edge: string;
  readonly admission: Admission;
  readonly desk: QuotaDesk;
  readonly calls: EdgeCalls;
  /** Absent: this edge bans nobody. */
  readonly bans?: BanBook | undefined;
  /** Of a device's sessions at this edge. */
  readonly sessions: (tenant: string, device: string) => readonly SessionUse[];
}

export class LimitsView {
  readonly #parts: LimitsViewParts;
  readonly #service: { stop(): void };

  constructor(parts: LimitsViewParts) {
    this.#parts = parts;
    this.#service = parts.calls.serve((question) => this.#answer(question));
  }

  stop(): void {
    this.#service.stop();
  }

  /** Of a device, with what its groups and tenant share; undefined when the quota account doesn't answer. */
  async device(tenant: string, device: string): Promise<readonly LimitView[] | undefined> {
    const groups = this.#parts.admission.book.groupsOf(tenant, device);
    const [answers, accounts] = await Promise.all([this.#askEdges({ tenant, device }), this.#accounts(tenant)]);
    if (accounts === undefined) return undefined;
    const concerned = accounts.filter(({ scope }) => {
      const group = groupOfScope(scope);
      return group === undefined || groups.includes(group);
    });
    return merge(answers, concerned);
  }

  async usage(tenant: string): Promise<UsageView | undefined> {
    const [answers, accounts] = await Promise.all([this.#askEdges({ tenant }), this.#accounts(tenant)]);
    if (accounts === undefined) return undefined;
    const whole = accounts.find(({ scope }) => groupOfScope(scope) === undefined);
    // Points are counted only where somebody limits them.
    const isCounted = (measure: number): boolean => measure !== POINTS || (whole?.windows.some((one) => one.measure === POINTS) ?? false);
    const nameOf = (epoch: number): string => answers.find((answer) => answer.epoch === epoch)?.edge ?? `ended (${epoch})`;
    return {
      tenant,
      limits: merge(answers, accounts),
      spent: { day: named(whole?.spentDay, isCounted), month: named(whole?.spentMonth, isCounted) },
      edges: (whole?.edges ?? []).map(({ edge, n, refused, atMs }) => ({ edge: nameOf(edge), lease: n, refused, at: iso(atMs) })),
    };
  }

  /** All that are in force, of every edge. */
  async bans(): Promise<readonly EdgeBan[]> {
    const answers = await this.#askEdges({ bans: true });
    return answers.flatMap(({ bans = [], edge }) => bans.map((ban) => ({ ...ban, edge })));
  }

  /** Undefined: nobody answers for it. Without shared limits there is nothing to ask for. */
  async #accounts(tenant: string): Promise<readonly QuotaAccountView[] | undefined> {
    const { admission, desk } = this.#parts;
    for (const shared of admission.book.shared()) {
      if (shared.tenant === tenant && shared.shared.limits.rates.length + shared.shared.limits.volumes.length > 0)
        return desk.accounts(tenant);
    }
    return [];
  }

  async #askEdges(question: Question): Promise<readonly EdgeAnswer[]> {
    const answers = await this.#parts.calls.callAll(Buffer.from(JSON.stringify(question)));
    return answers.flatMap((bytes) => {
      // Written by an edge of the same deployment.
      const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
      return typeof value === 'object' && value !== null && 'edge' in value ? [value as EdgeAnswer] : [];
    });
  }

  #answer(bytes: Uint8Array): Uint8Array | undefined {
    const question = questionOf(bytes);
    if (question === undefined) return undefined;
    const { admission, bans, edge, sessions } = this.#parts;
    const { epoch } = admission;
    if ('bans' in question) return bytesOf({ edge, epoch, limits: [], refused: [], bans: bans?.list() ?? [] });
    const { tenant, device } = question;
    const sender: Sender = { tenant, device, key: undefined, listener: '', address: undefined };
    const limits = device === undefined ? [] : admission.describe(sender).filter(({ limit }) => limit.startsWith('device-'));
    const own = device === undefined ? [] : this.#bansOf(tenant, device);
    const ofSessions = device === undefined ? [] : sessions(tenant, device).map((one) => ({ ...one, window: '' }));
    return bytesOf({
      edge,
      epoch,
      limits: [...limits, ...ofSessions, ...own],
      refused: [...admission.refusals.of({ tenant, device }), ...own],
    });
  }

  /** Bans of the device's credentials, as limits. */
  #bansOf(tenant: string, device: string): readonly (EdgeAnswer['limits'][number] & EdgeAnswer['refused'][number])[] {
    const bans = this.#parts.bans?.list() ?? [];
    return bans
      .filter(({ name, scope }) => scope === 'credential' && name.startsWith(`tfd_${tenant}.${device}.`))
      .map(({ allowed, lastMs, refused, scope, sinceMs, window }) => {
        return { limit: `${scope}-failures`, window, used: allowed, allowed, sinceMs, count: refused, lastMs };
      });
  }
}

function bytesOf(answer: EdgeAnswer): Uint8Array {
  return Buffer.from(JSON.stringify(answer));
}

function questionOf(bytes: Uint8Array): Question | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value === 'object' && value !== null && 'bans' in value && value.bans === true) return { bans: true };
    if (typeof value !== 'object' || value === null || !('tenant' in value) || typeof value.tenant !== 'string' || !isId(value.tenant))
      return undefined;
    return 'device' in value && typeof value.device === 'string'
      ? { tenant: value.tenant, device: value.device }
      : { tenant: value.tenant };
  } catch {
    return undefined;
  }
}

/** One line a limit: what is used over all edges, and who refused by it. What each session may have doesn't add up. */
function merge(answers: readonly EdgeAnswer[], accounts: readonly QuotaAccountView[]): readonly LimitView[] {
  const views = new Map<string, LimitView>();
  const put = (view: Omit<LimitView, 'refused' | 'refusedBy'>): void => {
    const key = `${view.limit} ${view.window}`;
    const known = views.get(key);
    if (known === undefined) views.set(key, { ...view, refused: 0, refusedBy: [] });
    else views.set(key, { ...known, used: isOfEach(view.limit) ? Math.max(known.used, view.used) : known.used + view.used });
  };
  for (const { scope, windows } of accounts) {
    const group = groupOfScope(scope);
    for (const { measure, window, used, allowed, sinceMs, resetsMs, warnedMs } of windows) {
      const isVolume = resetsMs !== undefined;
      put({
        limit: `${group === undefined ? 'tenant' : 'group'}-${MEASURES[measure] ?? ''}${isVolume ? `-${window}` : ''}`,
        window,
        used,
        allowed,
        since: iso(sinceMs),
        ...(resetsMs === undefined ? {} : { resets: iso(resetsMs) }),
        ...(warnedMs === undefined ? {} : { warned: iso(warnedMs) }),
        ...(group === undefined ? {} : { group }),
      });
    }
  }
  for (const { limits } of answers) {
    for (const { limit, window, used, allowed, sinceMs } of limits) put({ limit, window, used, allowed, since: iso(sinceMs) });
  }
  for (const { edge, refused } of answers) {
    for (const { limit, window, count, sinceMs, lastMs } of refused) {
      const key = `${limit} ${window}`;
      const known = views.get(key) ?? { limit, window, used: 0, allowed: 0, since: iso(sinceMs), refused: 0, refusedBy: [] };
      const by = { edge, count, since: iso(sinceMs), last: iso(lastMs) };
      views.set(key, { ...known, refused: known.refused + count, refusedBy: [...known.refusedBy, by] });
    }
  }
  return [...views.values()];
}

function isOfEach(limit: string): boolean {
  return SESSION_LIMITS.some((name) => name === limit);
}

function named(amounts: readonly number[] | undefined, isCounted: (measure: number) => boolean): Readonly<Record<string, number>> {
  return Object.fromEntries(MEASURES.flatMap((measure, i) => (isCounted(i) ? [[measure, amounts?.[i] ?? 0]] : [])));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
