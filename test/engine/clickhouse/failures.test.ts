/** What each error of ClickHouse and of the network is taken for: only what is certain counts as not written. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClickHouseError } from '@clickhouse/client';
import { callFailure, insertFailure } from '../../../engine/clickhouse/failures.ts';
import { isWiderEnum } from '../../../engine/clickhouse/migrate.ts';
import { TwinfoldError } from '../../../engine/kernel/errors.ts';

const server = (code: string): Error => new ClickHouseError({ message: 'no', code, type: 'T' });
const network = (code: string): Error => Object.assign(new Error('no'), { code });

describe('a failed insert', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['the constraint of the fence', server('469'), 'sink-fenced'],
    ['no such table', server('60'), 'sink-unavailable'],
    ['a wrong password', server('516'), 'sink-unavailable'],
    ['too many queries at once', server('202'), 'sink-unavailable'],
    ['too many parts, or more than one log day', server('252'), 'sink-unavailable'],
    ['out of memory', server('241'), 'sink-unknown'],
    ['a killed query', server('394'), 'sink-unknown'],
    ['a time-out in the server', server('159'), 'sink-unknown'],
    ['a connection that was refused', network('ECONNREFUSED'), 'sink-unavailable'],
    ['a name that is not known', network('ENOTFOUND'), 'sink-unavailable'],
    ['a connection that broke', network('ECONNRESET'), 'sink-unknown'],
    ['a pipe that broke', network('EPIPE'), 'sink-unknown'],
    ['a time-out', new Error('Timeout error.'), 'sink-unknown'],
    ['something odd', 'what', 'sink-unknown'],
    ['a code that is no text', { code: 7 }, 'sink-unknown'],
  ];
  for (const [what, error, code] of cases) {
    it(`is ${code} after ${what}`, () => {
      const failure = insertFailure(error);
      assert.deepEqual([failure.code, failure.cause, failure.retryable], [code, error, true]);
    });
  }

  it('keeps what was known already', () => {
    const known = new TwinfoldError('sink-unknown', 'x', { domain: 'external', retryable: true });
    assert.equal(insertFailure(known), known);
    assert.equal(callFailure(known), known);
  });

  it('is nothing but a call that may be repeated where no rows were written', () => {
    assert.equal(callFailure(network('ECONNRESET')).code, 'sink-unavailable');
  });
});

describe('an enum', () => {
  it('may grow and may not change', () => {
    const one = "Enum8('a' = 0)";
    const two = "Enum8('a' = 0, 'b' = 1)";
    assert.deepEqual(
      [isWiderEnum(one, two), isWiderEnum(two, one), isWiderEnum("Enum8('a' = 1)", two), isWiderEnum('String', two)],
      [true, false, false, false],
    );
  });
});
