/**
 * Says every second that this edge process is alive, and learns whether somebody has declared it dead: then its
 * connections were given up elsewhere, and it must not go on. That NATS was away is no reason: nobody is declared dead by
 * those who could not look.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { messageOf } from '../../engine/kernel/errors.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { EdgeMark } from '../../engine/ports/edge-life.ts';

/** A quarter of a key's life. */
const BEAT_MS = 1_000;
/** Failures are told of this often. */
const WARN_EVERY_MS = 60_000;
/** To take leave; a process that ends has better to do. */
const LEAVE_MS_MAX = 1_000;

export interface EdgeLifeParts {
  readonly mark: EdgeMark;
  readonly epoch: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once: this edge was declared dead. */
  readonly onGone: () => void;
  /** How often it says so; `BEAT_MS` where nothing is said. */
  readonly everyMs?: number;
}

export class EdgeLife {
  readonly #parts: EdgeLifeParts;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isGone = false;
  #warnedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: EdgeLifeParts) {
    this.#parts = parts;
  }

  start(): void {
    void this.beat().then(() => {
      if (this.#isStopped || this.#isGone) return;
      this.#timer = setTimeout(() => this.start(), this.#parts.everyMs ?? BEAT_MS);
    });
  }

  /** The edge ends: it is not alive any more. Never rejects. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const { epoch, mark } = this.#parts;
    let patience: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, LEAVE_MS_MAX);
    });
    await Promise.race([mark.leave(epoch).catch(() => undefined), late]);
    clearTimeout(patience);
  }

  /**
   * Never rejects. Makes the key first and looks then: who declares it dead after that look has seen no key for long, and
   * is seen at the next.
   */
  async beat(): Promise<void> {
    const { clock, epoch, log, mark, onGone } = this.#parts;
    try {
      await mark.beat(epoch);
      if (this.#isStopped || this.#isGone || !(await mark.isGone(epoch))) return;
      this.#isGone = true;
      log.error('edge-was-declared-gone', { edge: epoch });
      onGone();
    } catch (error) {
      if (clock.monotonic() - this.#warnedMs < WARN_EVERY_MS) return;
      this.#warnedMs = clock.monotonic();
      log.warn('edge-beat-failed', { edge: epoch, error: messageOf(error) });
    }
  }
}
