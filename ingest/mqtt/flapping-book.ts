/** Sessions that connect again and again: refused for a while, where the operator wants it so, before they cost the log more. */
import { FLAPPING_CONNECTS, FLAPPING_MS } from '../../engine/domain/presence-news.ts';

/** Sessions that are remembered at once, some 200 B each; beyond these, who connected longest ago is forgotten. */
const SESSIONS_MAX = 65_536;

interface Record {
  /** The oldest first; at most as many as make a session flap, less one. */
  times: number[];
  bannedUntilMs: number;
}

export class FlappingBook {
  readonly #banMs: number;
  readonly #sessionsMax: number;
  /** Who connected last at the end. */
  readonly #records = new Map<string, Record>();

  constructor(banMs: number, sessionsMax: number = SESSIONS_MAX) {
    this.#banMs = banMs;
    this.#sessionsMax = sessionsMax;
  }

  get size(): number {
    return this.#records.size;
  }

  /**
   * How long the session's client has to wait; undefined: it may connect, and that it did is noted. `nowMs` on a clock that
   * never goes back. A connect that is refused counts for nothing: who waits gets in.
   */
  connects({ session, tenant }: { readonly tenant: string; readonly session: string }, nowMs: number): number | undefined {
    const key = `${tenant}/${session}`;
    const record = this.#records.get(key) ?? { times: [], bannedUntilMs: 0 };
    if (nowMs < record.bannedUntilMs) return record.bannedUntilMs - nowMs;
    this.#records.delete(key);
    this.#records.set(key, record);
    const [oldest] = this.#records.keys();
    if (this.#records.size > this.#sessionsMax && oldest !== undefined) this.#records.delete(oldest);
    record.times = record.times.filter((ms) => nowMs - ms < FLAPPING_MS);
    if (record.times.length < FLAPPING_CONNECTS) {
      record.times.push(nowMs);
      return undefined;
    }
    record.times = [];
    record.bannedUntilMs = nowMs + this.#banMs;
    return this.#banMs;
  }
}
