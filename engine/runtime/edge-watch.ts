/**
 * Watches, once a process, over the edges that hold connections of its partitions. One is declared dead when its key was
 * missing at every look for as long as it takes to be sure, over a connection that never broke meanwhile: when NATS was
 * away, it is the watcher who saw nothing. Declared is it by a key that lasts, which the edge itself finds if it lives.
 */
import type { Clock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../observability/log.ts';
import type { EdgeLives } from '../ports/edge-life.ts';

const LOOK_EVERY_MS = 1_000;
const MISSING_MS_MIN = 8_000;
/** Between two looks: after a longer one, such as of a process that was stopped, watching begins anew. */
const GAP_MS_MAX = 3_000;

export interface EdgeWatchParts {
  readonly lives: EdgeLives;
  /** Those that hold connections of partitions that this process owns. */
  readonly watched: () => ReadonlySet<number>;
  readonly clock: Clock;
  readonly log: Log;
  /** How often it looks; `LOOK_EVERY_MS` where nothing is said. */
  readonly everyMs?: number;
}

interface Missing {
  readonly sinceMs: number;
  lastMs: number;
}

export class EdgeWatch {
  readonly #parts: EdgeWatchParts;
  readonly #missing = new Map<number, Missing>();
  readonly #gone = new Set<number>();
  #breaks = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: EdgeWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.look().then(() => {
        if (!this.#isStopped) this.start();
      });
    }, this.#parts.everyMs ?? LOOK_EVERY_MS);
  }

  /** Resolves when it looks no more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Whether the edge is dead, as far as this process knows. */
  isGone(epoch: number): boolean {
    return this.#gone.has(epoch);
  }

  /** The connection to NATS broke, or came back: what was missing may only not have been seen. */
  connectionBroke(): void {
    this.#breaks++;
    this.#missing.clear();
  }

  /** Never rejects. */
  async look(): Promise<void> {
    const watched = this.#parts.watched();
    for (const epoch of this.#missing.keys()) if (!watched.has(epoch)) this.#missing.delete(epoch);
    for (const epoch of this.#gone) if (!watched.has(epoch)) this.#gone.delete(epoch);
    const unsure = [...watched].filter((epoch) => !this.#gone.has(epoch));
    await Promise.all(unsure.map(async (epoch) => this.#lookAt(epoch)));
  }

  async #lookAt(epoch: number): Promise<void> {
    const { clock, lives, log } = this.#parts;
    const breaks = this.#breaks;
    try {
      const isAlive = await lives.isAlive(epoch);
      if (breaks !== this.#breaks) return;
      if (isAlive) {
        this.#missing.delete(epoch);
        return;
      }
      const nowMs = clock.monotonic();
      const missing = this.#missing.get(epoch);
      if (missing === undefined || nowMs - missing.lastMs > GAP_MS_MAX) {
        this.#missing.set(epoch, { sinceMs: nowMs, lastMs: nowMs });
        // Another process may have been sure of it already.
        if (await lives.isGone(epoch)) this.#gone.add(epoch);
        return;
      }
      missing.lastMs = nowMs;
      if (nowMs - missing.sinceMs < MISSING_MS_MIN) return;
      await lives.declareGone(epoch);
      this.#gone.add(epoch);
      log.warn('edge-declared-gone', { edge: epoch, missingMs: Math.round(nowMs - missing.sinceMs) });
    } catch (error) {
      // No answer says nothing about the edge.
      this.#missing.delete(epoch);
      log.warn('edge-watch-failed', { edge: epoch, error: messageOf(error) });
    }
  }
}
