/**
 * When credentials were used last, coarsely: to the hour, and told to the other edges in one message a minute. It costs four
 * bytes a device, so of a device's credentials the one that was used last is known; a session counts when it begins.
 *
 * A device that was registered, and now was seen, is active: that is decided here, a few at a time.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import type { Principal } from '../message.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryCommands } from '../registry/commands.ts';

export interface LastUsed {
  /** Milliseconds since the epoch, coarse; undefined: not that anybody knows. */
  of(credential: string): number | undefined;
}

/** Where edges tell each other. */
export interface UsedLog {
  append(data: Uint8Array): Promise<void>;
  /** Everything that is kept, then everything new. */
  follow(onEntry: (data: Uint8Array) => void): { stop(): Promise<void> };
}

/** Somebody who is in all the time is looked at again only after so long. */
const LOOKED_MS = 60_000;
/** A credential in use is told again only after so long. */
export const USED_RESOLUTION_MS = 3_600_000;
const TELL_MS = 60_000;
/** Names of one message: at most 200 bytes each. */
const NAMES_A_MESSAGE = 2_000;
/** What is not told in this minute is told when it is used next. */
const PENDING_MAX = 50_000;
const ACTIVATE_MS = 1_000;
/** Decisions of the registry in a second, beside those that people make. */
const ACTIVATIONS_A_TURN = 100;
const VERSION = 1;

export interface LastUsedOptions {
  readonly registry: RegistryCache;
  readonly commands: RegistryCommands;
  readonly log: UsedLog;
  readonly clock: Clock;
}

export class LastUsedBook implements LastUsed {
  readonly #options: LastUsedOptions;
  readonly #pending = new Map<string, number>();
  /** When it was looked at last, by monotonic time. */
  readonly #looked = new WeakMap<Principal, number>();
  readonly #seen = new Map<string, { readonly tenant: string; readonly device: string }>();
  readonly #feed: { stop(): Promise<void> };
  #timers: readonly NodeJS.Timeout[] = [];

  constructor(options: LastUsedOptions) {
    this.#options = options;
    this.#feed = options.log.follow((data) => this.#take(data));
  }

  start(): void {
    this.#timers = [setInterval(() => void this.tell(), TELL_MS), setInterval(() => void this.activate(), ACTIVATE_MS)];
  }

  /** Tells what is left to tell. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.tell();
    await this.#feed.stop();
  }

  of(credential: string): number | undefined {
    return this.#options.registry.usedMs(credential);
  }

  /** A credential let somebody in. Cheap: most of the time it is known already. */
  note(principal: Principal): void {
    if (principal.kind === 'admin') return;
    const { clock, registry } = this.#options;
    const lookedMs = this.#looked.get(principal);
    const monotonic = clock.monotonic();
    // Whoever comes with a certificate is the same principal at every call, and says so at every call.
    if (lookedMs !== undefined && monotonic - lookedMs < LOOKED_MS) return;
    this.#looked.set(principal, monotonic);
    const { tenant } = principal;
    const credential = principal.kind === 'device' ? (principal.listedAs ?? principal.credential) : principal.credential;
    const now = clock.now();
    if (now - (registry.usedMs(credential) ?? 0) >= USED_RESOLUTION_MS) {
      registry.noteUsed(credential, now);
      if (this.#pending.size < PENDING_MAX) this.#pending.set(credential, now);
    }
    if (principal.kind !== 'device' || this.#seen.size >= PENDING_MAX) return;
    if (registry.stateOf(tenant, principal.device) === 'registered') this.#seen.set(credential, { tenant, device: principal.device });
  }

  /** Never rejects: what can't be told is told when it is used next. */
  async tell(): Promise<void> {
    const entries = [...this.#pending];
    this.#pending.clear();
    for (let at = 0; at < entries.length; at += NAMES_A_MESSAGE) {
      const used = Object.fromEntries(entries.slice(at, at + NAMES_A_MESSAGE));
      await this.#options.log.append(Buffer.from(JSON.stringify({ v: VERSION, used }))).catch(() => undefined);
    }
  }

  async activate(): Promise<void> {
    const turn = [...this.#seen].slice(0, ACTIVATIONS_A_TURN);
    for (const [credential] of turn) this.#seen.delete(credential);
    const by = this.#options.commands.as('system:activation');
    await Promise.all(turn.map(async ([, { device, tenant }]) => by.activateDevice(tenant, device)));
  }

  #take(data: Uint8Array): void {
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
    } catch {
      return;
    }
    if (typeof value !== 'object' || value === null || !('used' in value) || typeof value.used !== 'object' || value.used === null) return;
    for (const [credential, ms] of Object.entries(value.used)) if (typeof ms === 'number') this.#options.registry.noteUsed(credential, ms);
  }
}
