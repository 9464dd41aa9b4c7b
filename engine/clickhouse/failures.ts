/**
 * What an error from ClickHouse means for a block: it was refused by the fence, it was certainly not written, or nobody
 * can say. Only errors that are raised before a block is taken count as certain; whatever isn't listed is unknown, which
 * is always safe and costs a new claim.
 */
import { ClickHouseError } from '@clickhouse/client';
import { TwinfoldError, messageOf } from '../kernel/errors.ts';

/** The CHECK constraint said no. One INSERT is one block, so nothing of it was written. */
const VIOLATED_CONSTRAINT = '469';

/** Raised before the server looks at the rows. */
const NOT_BEGUN: ReadonlySet<string> = new Set([
  '16', // NO_SUCH_COLUMN_IN_TABLE
  '60', // UNKNOWN_TABLE
  '62', // SYNTAX_ERROR
  '81', // UNKNOWN_DATABASE
  '115', // UNKNOWN_SETTING
  '164', // READONLY
  '192', // UNKNOWN_USER
  '193', // WRONG_PASSWORD
  '202', // TOO_MANY_SIMULTANEOUS_QUERIES
  '216', // QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING
  '242', // TABLE_IS_READ_ONLY
  '252', // TOO_MANY_PARTS: the server asks for a pause, or a block of two log days was refused whole
  '497', // ACCESS_DENIED
  '516', // AUTHENTICATION_FAILED
]);

/** No connection was made, so no byte was sent. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** Of an insert. */
export function insertFailure(error: unknown): TwinfoldError {
  if (error instanceof TwinfoldError) return error;
  const about = { domain: 'external', retryable: true, cause: error } as const;
  const message = messageOf(error);
  if (error instanceof ClickHouseError) {
    if (error.code === VIOLATED_CONSTRAINT)
      return new TwinfoldError('sink-fenced', `ClickHouse refused a block of an older epoch: ${message}`, about);
    if (NOT_BEGUN.has(error.code)) return new TwinfoldError('sink-unavailable', `ClickHouse did not take the block: ${message}`, about);
    return new TwinfoldError('sink-unknown', `the block failed in ClickHouse: ${message}`, about);
  }
  if (NOT_CONNECTED.has(codeOf(error))) return new TwinfoldError('sink-unavailable', `ClickHouse can't be reached: ${message}`, about);
  return new TwinfoldError('sink-unknown', `no answer from ClickHouse: ${message}`, about);
}

/** Of anything that writes no rows: it may simply be tried again. */
export function callFailure(error: unknown): TwinfoldError {
  if (error instanceof TwinfoldError) return error;
  return new TwinfoldError('sink-unavailable', `ClickHouse: ${messageOf(error)}`, { domain: 'external', retryable: true, cause: error });
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
