/** Errors say who must act; assertions say what must hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as invariant, AssertionError, must } from '../../../engine/kernel/assert.ts';
import { hasCode, messageOf, TwinfoldError } from '../../../engine/kernel/errors.ts';
import { REASONS, reasonCode } from '../../../engine/kernel/outcome.ts';

test('an error is known by its code, whatever its message', () => {
  const error = new TwinfoldError('fenced', 'somebody else wrote', { domain: 'internal', retryable: true, cause: new Error('below') });
  assert.equal(hasCode(error, 'fenced'), true);
  assert.equal(hasCode(error, 'corrupt'), false);
  assert.equal(hasCode(new Error('fenced'), 'fenced'), false);
  assert.equal(messageOf(error), 'somebody else wrote');
  assert.equal(messageOf('thrown text'), 'thrown text');
  assert.ok(error.cause instanceof Error);
});

test('assertions throw what nobody catches by code', () => {
  assert.throws(() => invariant(false, 'must hold'), AssertionError);
  assert.throws(() => must(undefined, 'the thing'), /the thing is missing/);
  assert.equal(must(0, 'zero'), 0);
});

test('reasons keep their numbers: they are stored', () => {
  assert.equal(reasonCode('none'), 0);
  assert.equal(reasonCode('resent-batch'), 1);
  assert.equal(reasonCode('killer'), 20);
  assert.equal(new Set(REASONS).size, REASONS.length);
});
