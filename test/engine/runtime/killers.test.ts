/** Deaths are counted by event; the third is the last. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Killers } from '../../../engine/runtime/killers.ts';

test('an event is a killer after three deaths in it, and only in its own partition', () => {
  const killers = new Killers();
  assert.equal(killers.died(1, { seq: 5, index: 2 }), 1);
  assert.equal(killers.died(1, { seq: 5, index: 3 }), 1);
  assert.equal(killers.died(2, { seq: 5, index: 2 }), 1);
  assert.equal(killers.died(1, { seq: 5, index: 2 }), 2);
  assert.deepEqual(killers.of(1), []);
  assert.equal(killers.died(1, { seq: 5, index: 2 }), 3);
  assert.deepEqual(killers.of(1), [{ seq: 5, index: 2 }]);
  assert.deepEqual(killers.of(2), []);
});

test('a thousand suspects are remembered, those that died last', () => {
  const killers = new Killers();
  for (const seq of [1, 2]) for (let death = 0; death < 3; death++) killers.died(0, { seq, index: 0 });
  for (let seq = 10; seq < 1_008; seq++) killers.died(0, { seq, index: 0 });
  killers.died(0, { seq: 1, index: 0 });
  killers.died(0, { seq: 9_999, index: 0 });
  assert.deepEqual(killers.of(0), [{ seq: 1, index: 0 }]);
});
