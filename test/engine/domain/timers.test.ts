import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Timers } from '../../../engine/domain/timers.ts';

test('timers are due in the order of time and then of their owner, whatever was set, moved and called off before', () => {
  const step = fc.record({
    slot: fc.nat(150),
    dueMs: fc.oneof({ weight: 3, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      // The owner's order is the other way round than that of the numbers.
      const timers = new Timers((a, b) => a > b);
      const plain = new Map<number, number>();
      for (const { dueMs, slot } of steps) {
        timers.set(slot, dueMs);
        if (dueMs === Number.POSITIVE_INFINITY) plain.delete(slot);
        else plain.set(slot, dueMs);
        assert.equal(timers.dueOf(slot), dueMs);
      }
      assert.equal(timers.count, plain.size, 'nothing that was called off stays');
      const order: number[] = [];
      for (; timers.next >= 0; timers.set(timers.next, Number.POSITIVE_INFINITY)) {
        assert.equal(timers.nextMs, plain.get(timers.next));
        order.push(timers.next);
      }
      assert.deepEqual(
        order,
        [...plain].toSorted(([a, aMs], [b, bMs]) => aMs - bMs || b - a).map(([slot]) => slot),
      );
      assert.deepEqual([timers.nextMs, timers.next, timers.dueOf(3), timers.dueOf(9_999)], [Infinity, -1, Infinity, Infinity]);
    }),
  );
});
