/**
 * Who failed to log in too often lately: failures by address prefix and by the credential that was named. Past so many in a
 * window, a ban begins, and until it ends further failures are answered as being over a limit. A ban stands between nobody
 * and a right credential: those are proven first, whoever else fails behind the same address or under the same name.
 *
 * Bound: two generations of `NAMES_MAX` names for prefixes and as many for credentials, some 300 bytes each; names of one kind
 * never push out those of the other. Who fails again is kept; who has been silent longest is forgotten first.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { prefixOf } from './address-prefix.ts';

export type BanScope = 'prefix' | 'credential';

/** The closed list of names by which bans are told and counted. */
export type BanLimit = `${BanScope}-failures`;

export interface BanRule {
  /** The failure that reaches this number within the window begins the ban. */
  readonly failures: number;
  readonly windowMs: number;
  readonly banMs: number;
}

export type BanRules = Readonly<Record<BanScope, BanRule>>;

/**
 * A device with a wrong token that tries every five seconds is told to wait; one that is being rotated is not. A prefix may
 * have a site of devices behind it, some of which were disabled.
 */
export const BAN_RULES: BanRules = {
  prefix: { failures: 300, windowMs: 60_000, banMs: 60_000 },
  credential: { failures: 10, windowMs: 60_000, banMs: 60_000 },
};

/** More than attack at once from one edge's view; about 10 MB where all of it is used. */
const NAMES_MAX = 8_192;

/** What a failure under a ban is told. */
export interface Ban {
  readonly limit: BanLimit;
  /** `10 failures in 60 s`. */
  readonly window: string;
  readonly used: number;
  readonly allowed: number;
  readonly perMs: number;
  readonly retryAfterMs: number;
}

/** What an operator is told of a ban that is in force. */
export interface BanView {
  readonly scope: BanScope;
  /** The prefix, or the credential's name without its secret. */
  readonly name: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Failures that were refused by it, and when the last of them was. */
  readonly refused: number;
  readonly lastMs: number;
  readonly window: string;
  readonly allowed: number;
}

interface Failures {
  count: number;
  /** On the clock that never goes back. */
  windowAtMs: number;
  bannedUntilMs: number;
  refused: number;
  refusedAtMs: number;
}

/** Where no ban ever was. */
const NEVER = Number.NEGATIVE_INFINITY;

export class BanBook {
  readonly #clock: Clock;
  readonly #rules: BanRules;
  readonly #prefixes: Names;
  readonly #credentials: Names;
  readonly #onBan: (scope: BanScope, name: string) => void;

  /** `onBan` is told of each ban as it begins. */
  constructor(clock: Clock, options: { readonly rules?: BanRules; readonly onBan?: (scope: BanScope, name: string) => void } = {}) {
    this.#clock = clock;
    this.#rules = options.rules ?? BAN_RULES;
    this.#onBan = options.onBan ?? nobody;
    this.#prefixes = new Names();
    this.#credentials = new Names();
  }

  /** Names that are remembered. */
  get size(): number {
    return this.#prefixes.size + this.#credentials.size;
  }

  /**
   * To be called once for each attempt that let nobody in; `credential` is its name without its secret, where it named one.
   * Answers the ban that the attempt falls under, of the two the credential's, which says more.
   */
  failed(address: string | undefined, credential: string | undefined): Ban | undefined {
    const byPrefix = address === undefined ? undefined : this.#count('prefix', prefixOf(address));
    const byCredential = credential === undefined ? undefined : this.#count('credential', credential);
    return byCredential ?? byPrefix;
  }

  /** Bans in force, those that end first at the front. */
  list(): readonly BanView[] {
    const nowMs = this.#clock.monotonic();
    const wallMs = this.#clock.now();
    return SCOPES.flatMap((scope) =>
      this.#namesOf(scope).collect((name, { bannedUntilMs, refused, refusedAtMs }) => {
        if (bannedUntilMs <= nowMs) return undefined;
        const rule = this.#rules[scope];
        const untilMs = wallMs + bannedUntilMs - nowMs;
        const sinceMs = untilMs - rule.banMs;
        const lastMs = refused === 0 ? sinceMs : wallMs + refusedAtMs - nowMs;
        return { scope, name, sinceMs, untilMs, refused, lastMs, window: windowText(rule), allowed: rule.failures };
      }),
    ).toSorted((a, b) => a.untilMs - b.untilMs);
  }

  #count(scope: BanScope, name: string): Ban | undefined {
    const rule = this.#rules[scope];
    const nowMs = this.#clock.monotonic();
    const entry = this.#namesOf(scope).entry(name);
    if (nowMs < entry.bannedUntilMs) {
      entry.refused++;
      entry.refusedAtMs = nowMs;
      return banOf(scope, rule, entry.bannedUntilMs - nowMs);
    }
    if (nowMs - entry.windowAtMs >= rule.windowMs) {
      entry.windowAtMs = nowMs;
      entry.count = 0;
    }
    if (++entry.count < rule.failures) return undefined;
    // The failure that fills the window is still told what it is; the next one is refused by the ban.
    entry.bannedUntilMs = nowMs + rule.banMs;
    entry.windowAtMs = NEVER;
    entry.refused = 0;
    this.#onBan(scope, name);
    return undefined;
  }

  #namesOf(scope: BanScope): Names {
    return scope === 'prefix' ? this.#prefixes : this.#credentials;
  }
}

const SCOPES: readonly BanScope[] = ['prefix', 'credential'];

/** Failures by name, in two generations: the older one goes when the younger is full. */
class Names {
  #young = new Map<string, Failures>();
  #old = new Map<string, Failures>();

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  entry(name: string): Failures {
    const known = this.#young.get(name);
    if (known !== undefined) return known;
    const entry = this.#old.get(name) ?? { count: 0, windowAtMs: NEVER, bannedUntilMs: NEVER, refused: 0, refusedAtMs: NEVER };
    this.#old.delete(name);
    if (this.#young.size >= NAMES_MAX) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, entry);
    return entry;
  }

  collect<T>(of: (name: string, entry: Failures) => T | undefined): readonly T[] {
    const found: T[] = [];
    for (const names of [this.#old, this.#young]) {
      for (const [name, entry] of names) {
        const value = of(name, entry);
        if (value !== undefined) found.push(value);
      }
    }
    return found;
  }
}

function banOf(scope: BanScope, rule: BanRule, leftMs: number): Ban {
  return {
    limit: `${scope}-failures`,
    window: windowText(rule),
    used: rule.failures,
    allowed: rule.failures,
    perMs: rule.windowMs,
    retryAfterMs: Math.ceil(leftMs),
  };
}

function windowText({ failures, windowMs }: BanRule): string {
  return `${failures} failures in ${windowMs / 1_000} s`;
}

function nobody(): void {
  // Nobody wants to be told.
}
