/** Waiting with an end: every loop of these tools is bounded in time. */

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

export interface WaitOptions {
  readonly what: string;
  readonly limitMs: number;
  readonly everyMs?: number;
}

/** Thrown by a probe that knows that waiting is in vain. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/** The first value that `probe` answers other than undefined or false; rejects with TimedOut. A probe that fails is asked again. */
export async function waitFor<T>(probe: () => T | undefined | false | Promise<T | undefined | false>, options: WaitOptions): Promise<T> {
  const end = performance.now() + options.limitMs;
  let last = '';
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() > end) throw new TimedOut(`${options.what}: not within ${options.limitMs} ms${last}`);
    await sleep(options.everyMs ?? 50);
  }
}
