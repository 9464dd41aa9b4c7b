/** The life of a long-running part, and what its loop sleeps on. */

/** `run` resolves when it was stopped and rejects when it broke; `stop` asks it to end. */
export interface Service {
  run(): Promise<void>;
  stop(): void;
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
