/** Positions as text and back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { comparePositions, formatPosition, parsePosition } from '../../../engine/kernel/position.ts';

test('a position survives its text', () => {
  fc.assert(
    fc.property(
      fc.record({ partition: fc.nat(65_535), seq: fc.integer({ min: 1, max: 2 ** 52 }), index: fc.nat(99_999) }, { noNullPrototype: true }),
      (position) => {
        assert.deepEqual(parsePosition(formatPosition(position)), position);
      },
    ),
  );
});

test('what is no position is told apart', () => {
  for (const text of ['', '1', '1.2', '1.2.3.4', '01.2.3', '1.0.3', '-1.2.3', '1.2.x', ' 1.2.3', '1.2.3 ', '1.9999999999999999.0']) {
    assert.equal(parsePosition(text), undefined, text);
  }
});

test('positions are ordered by message, then by index, not by their text', () => {
  const at = (seq: number, index: number) => ({ partition: 0, seq, index });
  assert.ok(comparePositions(at(9, 0), at(10, 0)) < 0);
  assert.ok(comparePositions(at(10, 2), at(10, 10)) < 0);
  assert.equal(comparePositions(at(10, 2), at(10, 2)), 0);
});
