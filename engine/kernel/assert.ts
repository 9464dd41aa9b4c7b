/** Programmer errors: what must hold whatever a user or a device sends. */

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The compiler proves that this is never called: every member of a union was handled. */
export function unreachable(value: never, what: string): never {
  throw new AssertionError(`${what}: unexpected ${JSON.stringify(value)}`);
}

/** The value at hand, which cannot be absent unless the program is wrong. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AssertionError(`${what} is missing`);
  return value;
}

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}
