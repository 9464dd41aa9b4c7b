/**
 * Whether what somebody sends is taken now: one answer for every protocol, given after size, credential and policy and
 * before the log. Each sender passes a gate with several levels: its listener, its address, its key or device, its group
 * and its tenant. All have to have room, then all are charged; one that refuses is named.
 *
 * The levels of one edge are buckets in packed tables. Those of tenants and groups that have rates or volumes are shared
 * by all edges, and spent from leases. Nothing here allocates for what is taken.
 */
import { type CompiledLimits, type CompiledRate, MEASURES } from '../engine/domain/limits-doc.ts';
import type { Clock } from '../engine/kernel/clock.ts';
import { AccountBook } from './limits/account-book.ts';
import { prefixOf } from './limits/address-prefix.ts';
import { ConnectionCounts } from './limits/connection-counts.ts';
import { Gate, type Level, levelOf, type Sender, slotOf } from './limits/gate.ts';
import type { LeaseDesk, LeasedAccount, QuotaWarning } from './limits/leased-account.ts';
import { bucketKey, BucketTables } from './limits.ts';
import { limitName, type LimitHit, LimitHits, type LimitScope } from './limits/limit-hit.ts';
import type { LimitsBook } from './limits/limits-book.ts';
import { RefusalBook } from './limits/refusal-book.ts';

export interface AdmissionOptions {
  readonly book: LimitsBook;
  readonly clock: Clock;
  readonly edge: { readonly name: string; readonly epoch: number };
  readonly desk: LeaseDesk;
  readonly listener?: CompiledLimits | undefined;
  readonly prefix?: CompiledLimits | undefined;
  readonly onWarning?: (account: LeasedAccount, warning: QuotaWarning) => void;
}

/** Address prefixes that are remembered at once; a flood from more than these shares one bucket. */
const PREFIXES_MAX = 65_536;
const SWEEP_MS = 10_000;
const NO_FIELD = new Uint8Array(0);
const NO_LEVELS: readonly Level[] = [];
const NO_ACCOUNTS: readonly LeasedAccount[] = [];

export class Admission {
  readonly book: LimitsBook;
  readonly accounts: AccountBook;
  readonly refusals: RefusalBook;
  readonly #options: AdmissionOptions;
  readonly #clock: Clock;
  readonly #tables = new BucketTables();
  readonly #prefixes = new BucketTables(PREFIXES_MAX);
  readonly #connections = new ConnectionCounts();
  readonly #hits = new LimitHits();
  #sweepAtMs = 0;
  #nowMs = 0;
  readonly #hasOwnRates: boolean;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.book = options.book;
    this.#hasOwnRates = (options.listener?.rates.length ?? 0) > 0 || (options.prefix?.rates.length ?? 0) > 0;
    this.accounts = new AccountBook({
      edge: options.edge.epoch,
      desk: options.desk,
      monotonic: () => this.#clock.monotonic(),
      onWarning: (account, warning) => options.onWarning?.(account, warning),
    });
    this.refusals = new RefusalBook(options.clock);
  }

  /** Buckets that are not full, over all levels, and the bytes of all tables. */
  get gauges(): { readonly buckets: number; readonly bytes: number } {
    return { buckets: this.#tables.size + this.#prefixes.size, bytes: this.#tables.bytes + this.#prefixes.bytes };
  }

  /** As leases name this edge. */
  get epoch(): number {
    return this.#options.edge.epoch;
  }

  /** Whether nothing limits what anybody of the tenant sends. */
  isFree(tenant: string): boolean {
    return !this.#hasOwnRates && !this.book.has(tenant);
  }

  /** Whether data points have to be counted for this sender. */
  countsPoints(gate: Gate): boolean {
    if (gate.generation !== this.book.generation) this.#resolve(gate);
    return gate.countsPoints;
  }

  /** Takes what is sent and answers undefined, or says what has no room, and takes nothing. Four numbers: it is asked for every message. */
  // oxlint-disable-next-line max-params
  event(gate: Gate, messages: number, bytes: number, points: number): LimitHit | undefined {
    if (gate.generation !== this.book.generation) this.#resolve(gate);
    if (gate.levels === NO_LEVELS && gate.accounts === NO_ACCOUNTS) return undefined;
    const nowMs = this.#clock.monotonic();
    const hit = this.#room(gate, messages, bytes, points, nowMs);
    if (hit === undefined) this.#charge(gate, messages, bytes, points, nowMs);
    return hit;
  }

  /** The same in two steps, for requests that pass several gates: all of them, or none. */
  // oxlint-disable-next-line max-params
  room(gate: Gate, messages: number, bytes: number, points: number): LimitHit | undefined {
    if (gate.generation !== this.book.generation) this.#resolve(gate);
    if (gate.levels === NO_LEVELS && gate.accounts === NO_ACCOUNTS) return undefined;
    this.#nowMs = this.#clock.monotonic();
    return this.#room(gate, messages, bytes, points, this.#nowMs);
  }

  /** The field that names the lease which the sender's events are admitted under: its tenant's, or its group's, or none. */
  leaseField(gate: Gate): Uint8Array {
    const { accounts } = gate;
    return accounts.length === 0 ? NO_FIELD : (accounts[accounts.length - 1] as LeasedAccount).leaseField;
  }

  /** Right after `room` found room. */
  // oxlint-disable-next-line max-params
  charge(gate: Gate, messages: number, bytes: number, points: number): void {
    if (gate.levels === NO_LEVELS && gate.accounts === NO_ACCOUNTS) return;
    this.#charge(gate, messages, bytes, points, this.#nowMs);
  }

  /** To be called for a hit that becomes a refusal: remembered, by limit and by whom. */
  refused(sender: Sender, hit: LimitHit, times = 1): void {
    this.refusals.count(sender, hit, times);
    for (const account of this.accounts.of(sender.tenant)) account.refused += times;
  }

  /** A connection that has not said who it is. It is charged when it is let in. */
  knock(listener: string, address: string | undefined): LimitHit | undefined {
    const { listener: ofListener, prefix: ofPrefix } = this.#options;
    const nowMs = this.#clock.monotonic();
    const levels: Level[] = [];
    if (ofListener !== undefined && ofListener.connectRates.length > 0)
      levels.push(levelOf('listener', ofListener.connectRates, this.#tables, bucketKey(CONNECTS, listener)));
    if (ofPrefix !== undefined && ofPrefix.connectRates.length > 0 && address !== undefined)
      levels.push(levelOf('prefix', ofPrefix.connectRates, this.#prefixes, bucketKey(CONNECTS, prefixOf(address))));
    return this.#connect(levels, nowMs);
  }

  /**
   * A connection of a known sender: its rate and number. `leave` must be called when it ends. `own`: its listener and address
   * have counted it already.
   */
  enter(sender: Sender, part: 'all' | 'own' = 'all'): { readonly hit: LimitHit | undefined; readonly leave: () => void } {
    const { tenant, device } = sender;
    const { book } = this;
    const groups = device === undefined ? [] : book.groupsOf(tenant, device);
    const number = book.numberOf(tenant);
    const subjects: readonly (readonly [LimitScope, string, CompiledLimits | undefined])[] = [
      ['listener', sender.listener, this.#options.listener],
      ['prefix', sender.address === undefined ? '' : prefixOf(sender.address), this.#options.prefix],
      ['device', `${tenant}/${device ?? ''}`, device === undefined ? undefined : book.device(tenant, device, groups)],
      ['key', `${tenant}/${sender.key ?? ''}`, sender.key === undefined ? undefined : book.key(tenant, sender.key)],
      ...groups.map((group) => ['group', `${tenant}/${group}`, book.group(tenant, group)?.limits] as const),
      ['tenant', tenant, book.tenant(tenant)?.limits],
    ];
    const isCounted = (scope: LimitScope): boolean => part === 'own' && (scope === 'listener' || scope === 'prefix');
    for (const [scope, name, limits] of subjects) {
      if (limits === undefined || limits.connections === 0 || isCounted(scope)) continue;
      const open = this.#connections.open(scope, name);
      if (open >= limits.connections) return { hit: this.#hits.tooMany(scope, open, limits.connections), leave: nothing };
    }
    const levels = subjects.flatMap(([scope, name, limits]) =>
      limits === undefined || limits.connectRates.length === 0 || scope === 'listener' || scope === 'prefix'
        ? []
        : [levelOf(scope, limits.connectRates, this.#tables, bucketKey(CONNECTS - number, `${scope} ${name}`))],
    );
    const hit = this.#connect(levels, this.#clock.monotonic());
    if (hit !== undefined) return { hit, leave: nothing };
    // The edge's own limits never change; others may be given a number later, which then counts who came since.
    const counted = subjects
      .filter(([scope, , limits]) => limits !== undefined && (limits.connections > 0 || (scope !== 'listener' && scope !== 'prefix')))
      .filter(([scope]) => !isCounted(scope))
      .map(([scope, name]) => ({ scope, name }));
    if (counted.length === 0) return { hit, leave: nothing };
    for (const { scope, name } of counted) this.#connections.add(scope, name, 1);
    return {
      hit,
      leave: () => {
        for (const { scope, name } of counted) this.#connections.add(scope, name, -1);
      },
    };
  }

  /** Calls back when it is worth trying again: once the account has answered, or after the time that the hit names. */
  whenCredit(hit: LimitHit, callback: () => void): () => void {
    let isWanted = true;
    const call = (): void => {
      if (isWanted) callback();
    };
    const cancel = (): void => {
      isWanted = false;
    };
    if (hit.account !== undefined) {
      hit.account.whenAnswered(call);
      return cancel;
    }
    const timer = setTimeout(call, Math.min(HOLD_MS_MAX, Math.ceil(hit.retryAfterMs)));
    return () => {
      cancel();
      clearTimeout(timer);
    };
  }

  /** What limits a sender here, and how much of it is used. */
  describe(sender: Sender): readonly {
    readonly limit: string;
    readonly window: string;
    readonly used: number;
    readonly allowed: number;
    readonly sinceMs: number;
  }[] {
    const gate = new Gate(sender);
    this.#resolve(gate);
    const nowMs = this.#clock.monotonic();
    return gate.levels.flatMap((level) => {
      const slot = slotOf(level, nowMs);
      return level.rates.map((rate, i) => ({
        limit: limitName(level.scope, rate),
        window: rate.window.text,
        used: rate.window.burst - level.table.available(slot, i, rate, nowMs),
        allowed: rate.window.burst,
        sinceMs: this.#clock.now() - rate.window.perMs,
      }));
    });
  }

  /** Forgets who is idle, and lets accounts settle; to be called about once a second. */
  sweep(): void {
    const nowMs = this.#clock.monotonic();
    this.accounts.sweep(nowMs, this.book);
    if (nowMs < this.#sweepAtMs) return;
    this.#sweepAtMs = nowMs + SWEEP_MS;
    this.#tables.sweep(nowMs);
    this.#prefixes.sweep(nowMs);
  }

  #resolve(gate: Gate): void {
    const { book } = this;
    const { tenant, device, key, listener, address } = gate.sender;
    const { listener: ofListener, prefix: ofPrefix } = this.#options;
    gate.generation = book.generation;
    // A listener and an address are not the tenant's own.
    let owner = 0;
    const levels: Level[] = [];
    const accounts: LeasedAccount[] = [];
    const level = (scope: LimitScope, limits: CompiledLimits | undefined, name: string): void => {
      if (limits === undefined || limits.rates.length === 0) return;
      levels.push(levelOf(scope, limits.rates, scope === 'prefix' ? this.#prefixes : this.#tables, bucketKey(owner, `${scope} ${name}`)));
    };
    const isRest = gate.part === 'all' || gate.part === 'rest';
    if (isRest) level('listener', ofListener, listener);
    if (isRest && address !== undefined) level('prefix', ofPrefix, prefixOf(address));
    if (book.has(tenant)) {
      owner = book.numberOf(tenant);
      const groups = device === undefined ? [] : book.groupsOf(tenant, device);
      if (isRest && key !== undefined) level('key', book.key(tenant, key), key);
      if (device !== undefined && gate.part !== 'group') level('device', book.device(tenant, device, groups), device);
      for (const group of gate.part === 'device' || gate.part === 'rest' ? [] : groups) {
        const ofGroup = book.group(tenant, group);
        if (ofGroup !== undefined && (gate.group ?? group) === group) accounts.push(...this.accounts.group(tenant, group, ofGroup));
      }
      const ofTenant = isRest ? book.tenant(tenant) : undefined;
      if (ofTenant !== undefined) accounts.push(...this.accounts.tenant(tenant, ofTenant));
    }
    gate.levels = levels.length === 0 ? NO_LEVELS : levels;
    gate.accounts = accounts.length === 0 ? NO_ACCOUNTS : accounts;
    gate.countsPoints = levels.some(({ rates }) => rates.some(isOfPoints)) || accounts.some(({ limits }) => limits.countsPoints);
  }

  // oxlint-disable-next-line max-params
  #room(gate: Gate, messages: number, bytes: number, points: number, nowMs: number): LimitHit | undefined {
    const { levels, accounts } = gate;
    for (let l = 0; l < levels.length; l++) {
      const level = levels[l] as Level;
      const slot = slotOf(level, nowMs);
      const { rates, table } = level;
      for (let i = 0; i < rates.length; i++) {
        const rate = rates[i] as CompiledRate;
        const cost = rate.measure === 0 ? messages : rate.measure === 1 ? bytes : points;
        const waitMs = table.waitMs(slot, i, rate, cost, nowMs);
        if (waitMs > 0) return this.#hits.over(level.scope, rate, waitMs, table.available(slot, i, rate, nowMs));
      }
    }
    for (let a = 0; a < accounts.length; a++) {
      const account = accounts[a] as LeasedAccount;
      const measure = account.lacks(messages, bytes, points, nowMs);
      if (measure >= 0) return this.#hits.short(account, measure, measure === 0 ? messages : measure === 1 ? bytes : points, nowMs);
    }
    return undefined;
  }

  // oxlint-disable-next-line max-params
  #charge(gate: Gate, messages: number, bytes: number, points: number, nowMs: number): void {
    const { levels, accounts } = gate;
    for (let l = 0; l < levels.length; l++) {
      const level = levels[l] as Level;
      const slot = slotOf(level, nowMs);
      const { rates, table } = level;
      for (let i = 0; i < rates.length; i++) {
        const rate = rates[i] as CompiledRate;
        table.take(slot, i, rate, rate.measure === 0 ? messages : rate.measure === 1 ? bytes : points, nowMs);
      }
    }
    for (let a = 0; a < accounts.length; a++) (accounts[a] as LeasedAccount).spend(messages, bytes, points, nowMs);
  }

  #connect(levels: readonly Level[], nowMs: number): LimitHit | undefined {
    for (const level of levels) {
      for (const [i, rate] of level.rates.entries()) {
        const waitMs = level.table.waitMs(slotOf(level, nowMs), i, rate, 1, nowMs);
        if (waitMs === 0) continue;
        const hit = this.#hits.over(level.scope, rate, waitMs, 0);
        hit.limit = `${level.scope}-connect-rate`;
        return hit;
      }
    }
    for (const level of levels) for (const [i, rate] of level.rates.entries()) level.table.take(slotOf(level, nowMs), i, rate, 1, nowMs);
    return undefined;
  }
}

/** Owner of the buckets that count connections: no tenant has this number. */
const CONNECTS = 0xffff_fff0;
/** Timers don't reach further than three weeks, and limits may be raised meanwhile. */
const HOLD_MS_MAX = 5_000;

function nothing(): void {
  // Nobody was let in.
}

function isOfPoints(rate: CompiledRate): boolean {
  return MEASURES[rate.measure] === 'points';
}
