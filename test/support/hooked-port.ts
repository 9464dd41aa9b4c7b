/** A port in whose calls a test takes part: it may fail them, before or after they had their effect, or hold them up. */

/** Called with `port.method` before a call and with `port.method:done` after it. Throws to fail it, or answers what it waits for. */
export type Hook = (call: string) => Promise<void> | void;

/** Calls that answer at once, with something to iterate over. */
const STREAMING: ReadonlySet<string> = new Set(['follow', 'range']);

export function hooked<T extends object>(name: string, port: T, hook: Hook): T {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || typeof key !== 'string') return value;
      const call = `${name}.${key}`;
      const run = (args: readonly unknown[]): unknown => Reflect.apply(value, target, args);
      if (STREAMING.has(key)) {
        return (...args: readonly unknown[]): unknown => {
          void hook(call);
          return run(args);
        };
      }
      if (key === 'takeKiller' || key === 'ttlMs') return (...args: readonly unknown[]): unknown => run(args);
      return async (...args: readonly unknown[]): Promise<unknown> => {
        await hook(call);
        const result = await run(args);
        await hook(`${call}:done`);
        return result;
      };
    },
  });
}

/** A hook that holds calls up until they are let go. */
export class Gate {
  readonly #call: string;
  #open: (() => void) | undefined;
  #held: Promise<void> | undefined;
  #reached: (() => void) | undefined;

  constructor(call: string) {
    this.#call = call;
  }

  readonly hook: Hook = async (call) => {
    if (call !== this.#call || this.#held === undefined) return;
    this.#reached?.();
    await this.#held;
  };

  /** From now on calls wait. Resolves when one does. */
  close(): Promise<void> {
    this.#held = new Promise((resolve) => {
      this.#open = resolve;
    });
    return new Promise((resolve) => {
      this.#reached = resolve;
    });
  }

  open(): void {
    this.#held = undefined;
    this.#open?.();
  }
}
