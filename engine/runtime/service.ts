/**
 * The life of a long-running part. `run` resolves when it was stopped and rejects when it broke; `stop` asks it to end.
 * Whatever keeps a service going after a failure is here, once: wait a little, longer each time, and start it over.
 */
import type { Log } from '../observability/log.ts';
import { messageOf } from '../kernel/errors.ts';

export interface Service {
  run(): Promise<void>;
  stop(): void;
}

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

const STEADY_MS = 10_000;

/**
 * Runs a service that is made anew after each failure, until `keepOn` answers false. A run that lasted forgets the
 * failures before it.
 */
export async function keepRunning(make: () => Service, options: { readonly name: string; readonly log: Log; readonly backoff: Backoff; readonly keepOn: () => boolean }): Promise<void> {
  let waitMs = options.backoff.firstMs;
  while (options.keepOn()) {
    const startedMs = performance.now();
    try {
      await make().run();
    } catch (error) {
      options.log.warn('service-failed', { service: options.name, error: messageOf(error), retryInMs: waitMs });
      if (performance.now() - startedMs > STEADY_MS) waitMs = options.backoff.firstMs;
      if (!options.keepOn()) return;
      await sleep(waitMs);
      waitMs = Math.min(waitMs * 2, options.backoff.maxMs);
    }
  }
}

export async function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A flag that a loop sleeps on. */
export class Wakeup {
  #raised = false;
  #resolve: (() => void) | undefined;

  raise(): void {
    this.#raised = true;
    this.#resolve?.();
    this.#resolve = undefined;
  }

  /** Resolves once raised since the last wait, or after the time-out. */
  async wait(timeoutMs?: number): Promise<void> {
    if (!this.#raised) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
        if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs);
      });
      clearTimeout(timer);
      this.#resolve = undefined;
    }
    this.#raised = false;
  }
}
