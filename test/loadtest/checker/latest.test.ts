/** The second fold of `latest`: newest event time, then position, in whatever order samples come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { differences, LatestFold } from '../../../loadtest/checker/latest.ts';

const sampleArb = fc.record({ tsMs: fc.integer({ min: 1, max: 5 }), seq: fc.integer({ min: 1, max: 50 }), value: fc.integer() });

test('of equal times the later position wins, whatever the order of arrival', () => {
  fc.assert(
    fc.property(fc.uniqueArray(sampleArb, { selector: ({ seq }) => seq, minLength: 1 }), (samples) => {
      const fold = new LatestFold();
      for (const { seq, tsMs, value } of samples)
        fold.accept('d', { boot: 1, n: seq, tsMs, metrics: { t: value } }, { partition: 0, seq, index: 2 });
      const best = samples.reduce((a, b) => (b.tsMs > a.tsMs || (b.tsMs === a.tsMs && b.seq > a.seq) ? b : a));
      assert.deepEqual(fold.leaves('d'), { t: { value: best.value, timeMs: best.tsMs, cause: `0.${best.seq}.2` } });
    }),
  );
});

test('every kind of difference is told', () => {
  const leaf = { value: 1, timeMs: 5, cause: '0.1.0' };
  assert.deepEqual(differences({ a: leaf }, { a: { ...leaf } }), []);
  assert.equal(differences({ a: leaf }, { a: { ...leaf, value: 2 } }).length, 1);
  assert.equal(differences({ a: leaf }, { a: { ...leaf, timeMs: 6 } }).length, 1);
  assert.equal(differences({ a: leaf }, { a: { ...leaf, cause: '0.2.0' } }).length, 1);
  assert.equal(differences({ a: leaf }, {}).length, 1);
  assert.equal(differences({}, { a: leaf }).length, 1);
  assert.equal(differences({ a: leaf }, { a: { ...leaf, value: true } }).length, 1);
  assert.deepEqual(differences({}, undefined), []);
  assert.equal(differences({ a: leaf }, undefined).length, 1);
});
