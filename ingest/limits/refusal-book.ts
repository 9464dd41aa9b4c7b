/**
 * Whom this edge refused lately, by which limit and how often: what `GET /v1/devices/{id}/limits` tells. The log knows
 * nothing of what was refused, so edges are asked. Bounded: who was refused longest ago is forgotten first.
 */
import type { Clock } from '../../engine/kernel/clock.ts';

const SUBJECTS_MAX = 10_000;
/** Distinct limits remembered of one sender: more than there are levels and measures that fire together. */
const LIMITS_MAX = 16;

export interface RefusalCount {
  readonly limit: string;
  readonly window: string;
  count: number;
  readonly sinceMs: number;
  lastMs: number;
}

interface Refused {
  readonly tenant: string;
  readonly device: string | undefined;
}

export class RefusalBook {
  readonly #clock: Clock;
  readonly #subjects = new Map<string, Map<string, RefusalCount>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  count(sender: Refused, hit: { readonly limit: string; readonly window: string }, times: number): void {
    const nowMs = this.#clock.now();
    this.#add(nameOf(sender), hit, { times, nowMs });
    if (sender.device !== undefined) this.#add(nameOf({ tenant: sender.tenant, device: undefined }), hit, { times, nowMs });
  }

  /** Of a device, or of a tenant with all its devices. */
  of(sender: Refused): readonly RefusalCount[] {
    return [...(this.#subjects.get(nameOf(sender))?.values() ?? [])];
  }

  #add(
    name: string,
    hit: { readonly limit: string; readonly window: string },
    at: { readonly times: number; readonly nowMs: number },
  ): void {
    const limits = this.#subjects.get(name) ?? new Map<string, RefusalCount>();
    // Put last again, so that the first is who was refused longest ago.
    this.#subjects.delete(name);
    this.#subjects.set(name, limits);
    if (this.#subjects.size > SUBJECTS_MAX) this.#subjects.delete(this.#subjects.keys().next().value ?? '');
    const key = `${hit.limit} ${hit.window}`;
    const known = limits.get(key);
    if (known !== undefined) {
      known.count += at.times;
      known.lastMs = at.nowMs;
    } else if (limits.size < LIMITS_MAX) {
      const { limit, window } = hit;
      limits.set(key, { limit, window, count: at.times, sinceMs: at.nowMs, lastMs: at.nowMs });
    }
  }
}

function nameOf({ tenant, device }: Refused): string {
  return `${tenant}/${device ?? ''}`;
}
