/**
 * Keeps one child process alive: starts it, waits until it serves, starts it again when it ends by itself, and ends it
 * when asked. The first restart is immediate; a child that keeps dying is started less and less often.
 */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { TwinfoldError, messageOf } from '../kernel/errors.ts';

const RESTART_DELAY_MS_MIN = 100;
const RESTART_DELAY_MS_MAX = 5_000;
/** A child that served this long has recovered: its next death is a first one again. */
const HEALTHY_AFTER_MS = 10_000;

export type ProcessChange =
  | { readonly kind: 'up'; readonly pid: number; readonly restarts: number }
  | { readonly kind: 'down'; readonly how: string }
  | { readonly kind: 'failed'; readonly why: string; readonly retryInMs: number };

export interface KeptProcessSpec {
  readonly name: string;
  start(): ChildProcess;
  /** Resolves when the child serves; rejects when it never will. Aborted when the child ends or time is up. */
  ready(child: ChildProcess, signal: AbortSignal): Promise<void>;
  /** Asks the child to end by itself. */
  end(child: ChildProcess): void;
  readonly readyMsMax: number;
  readonly endMsMax: number;
  onChange?(change: ProcessChange): void;
}

export interface KeptProcess {
  /** Undefined while it is down. */
  pid(): number | undefined;
  restarts(): number;
  /** Sends to the child over its IPC channel, if it has one and is up. */
  send(message: object): void;
  /** Ends the child, by force when it takes longer than `endMsMax`. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends the child by force, at once. */
  kill(): void;
}

/** Resolves when the child serves for the first time. A child that can't is reported by rejection and not retried. */
export async function keepProcess(spec: KeptProcessSpec): Promise<KeptProcess> {
  const keeper = new Keeper(spec);
  await keeper.startFirst();
  return keeper;
}

class Keeper implements KeptProcess {
  readonly #spec: KeptProcessSpec;
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #exited: Promise<string> = Promise.resolve('never started');
  #restarts = 0;
  #watch: Promise<void> = Promise.resolve();

  constructor(spec: KeptProcessSpec) {
    this.#spec = spec;
  }

  pid(): number | undefined {
    return this.#child?.pid;
  }

  restarts(): number {
    return this.#restarts;
  }

  send(message: object): void {
    const child = this.#child;
    // The channel may close at any moment because the child died; its death is handled elsewhere.
    if (child?.connected === true) child.send(message, () => undefined);
  }

  async startFirst(): Promise<void> {
    await this.#startOnce();
    this.#watch = this.#keepAlive();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#endChild();
    await this.#watch;
    // A restart that was under way when stop was called may have left a newer child.
    await this.#endChild();
  }

  kill(): void {
    this.#stopping.abort();
    this.#child?.kill('SIGKILL');
  }

  async #endChild(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#spec.end(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#spec.endMsMax);
    await this.#exited;
    clearTimeout(timer);
  }

  async #startOnce(): Promise<void> {
    const child = this.#spec.start();
    const gone = new AbortController();
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      const ended = (how: string): void => {
        if (this.#child === child) this.#child = undefined;
        gone.abort(
          new TwinfoldError('server-unfit', `${this.#spec.name} ended (${how}) before it was ready`, {
            domain: 'external',
            retryable: true,
          }),
        );
        resolve(how);
      };
      child.once('error', (error) => ended(messageOf(error)));
      child.once('exit', (code, signal) => ended(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    const timer = setTimeout(() => {
      const message = `${this.#spec.name} was not ready within ${this.#spec.readyMsMax} ms`;
      gone.abort(new TwinfoldError('server-unfit', message, { domain: 'external', retryable: true }));
    }, this.#spec.readyMsMax);
    try {
      await Promise.race([this.#spec.ready(child, gone.signal), rejectOn(gone.signal)]);
    } catch (error) {
      child.kill('SIGKILL');
      await this.#exited;
      throw error;
    } finally {
      clearTimeout(timer);
    }
    if (child.pid !== undefined) this.#spec.onChange?.({ kind: 'up', pid: child.pid, restarts: this.#restarts });
  }

  async #keepAlive(): Promise<void> {
    let delayMs = 0;
    while (!this.#stopping.signal.aborted) {
      const upSince = performance.now();
      const how = await this.#exited;
      if (this.#stopping.signal.aborted) return;
      this.#spec.onChange?.({ kind: 'down', how });
      if (performance.now() - upSince > HEALTHY_AFTER_MS) delayMs = 0;
      delayMs = await this.#restart(delayMs);
    }
  }

  /** Tries until the child serves again or we are stopped. Returns the delay before the next restart. */
  async #restart(firstDelayMs: number): Promise<number> {
    let delayMs = firstDelayMs;
    for (;;) {
      await sleep(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return delayMs;
      delayMs = Math.min(Math.max(delayMs * 2, RESTART_DELAY_MS_MIN), RESTART_DELAY_MS_MAX);
      this.#restarts++;
      try {
        await this.#startOnce();
        return delayMs;
      } catch (error) {
        if (this.#stopping.signal.aborted) return delayMs;
        this.#spec.onChange?.({ kind: 'failed', why: messageOf(error), retryInMs: delayMs });
      }
    }
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

/** Calls `probe` until it answers true; rejects with the signal's reason once that is aborted. */
export async function pollUntil(
  probe: () => Promise<boolean>,
  options: { readonly everyMs: number; readonly signal: AbortSignal },
): Promise<void> {
  while (!(await probe())) {
    options.signal.throwIfAborted();
    await sleep(options.everyMs);
  }
}
