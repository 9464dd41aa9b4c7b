/** How the sink reads what ClickHouse throws, and the errors with which it ends a partition. */
import type { SinkFailure } from '../domain/sink-plan.ts';
import { TwinfoldError, hasCode } from '../kernel/errors.ts';

/** What an insert's error says of its rows. */
export function failureOf(error: unknown): 'unavailable' | 'stale' | 'unknown' {
  if (hasCode(error, 'sink-unavailable')) return 'unavailable';
  return hasCode(error, 'sink-fenced') ? 'stale' : 'unknown';
}

/** Another process owns the partition: ordinary, and the owner starts over. */
export function notOursError(partition: number): TwinfoldError {
  return new TwinfoldError('fenced', `partition ${partition} is no longer this process's to write`, {
    domain: 'internal',
    retryable: true,
  });
}

/** Something that must not be: an operator has to look. */
export function alarmError(partition: number, why: SinkFailure, maxLogSeq: number): TwinfoldError {
  const code = why === 'lost-end' ? 'log-lost-its-end' : 'corrupt';
  const message =
    why === 'lost-end'
      ? `ClickHouse has rows up to ${maxLogSeq} that its control log doesn't know`
      : `ClickHouse's rows aren't those of its open intent (${why})`;
  return new TwinfoldError(code, `partition ${partition}: ${message}`, { domain: 'external', retryable: false });
}
