/**
 * The one error class for what can go wrong without the program being wrong. `domain` says who must act: the device that
 * sent something, the operator of something outside (NATS, ClickHouse, the disk), or us. `retryable` says whether the
 * same call may succeed later. Callers branch on `code`, never on the message.
 */

export type ErrorDomain = 'device' | 'external' | 'internal';

/** Closed list: a code that users or callers branch on. */
export type ErrorCode =
  | 'malformed'
  | 'too-large'
  | 'unsupported-media-type'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'precondition-failed'
  | 'rate-limited'
  | 'log-full'
  | 'log-unavailable'
  | 'unknown-outcome'
  | 'no-owner'
  | 'behind'
  | 'draining'
  | 'fenced'
  | 'sink-fenced'
  | 'sink-unknown'
  | 'sink-unavailable'
  | 'log-lost-its-end'
  | 'log-hole'
  | 'worker-died'
  | 'server-missing'
  | 'server-unfit'
  | 'data-locked'
  | 'bad-option'
  | 'corrupt';

export interface ErrorFacts {
  readonly domain: ErrorDomain;
  readonly retryable: boolean;
  readonly cause?: unknown;
}

export class TwinfoldError extends Error {
  override readonly name = 'TwinfoldError';
  readonly code: ErrorCode;
  readonly domain: ErrorDomain;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.domain = facts.domain;
    this.retryable = facts.retryable;
  }
}

export function hasCode(error: unknown, code: ErrorCode): error is TwinfoldError {
  return error instanceof TwinfoldError && error.code === code;
}

/** A message fit for a log line from whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whatever was thrown, as an error that can be thrown on. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}
