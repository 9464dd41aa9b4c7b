/** What a client has under its filters, against a map. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FilterMap } from '../../../ingest/mqtt/filter-map.ts';

const filter = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(fc.record({ op: fc.constant('set' as const), filter }), fc.record({ op: fc.constant('delete' as const), filter }));

test('it holds what a map holds, in the same order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const map = new FilterMap<{ readonly filter: string; readonly n: number }>();
      const model = new Map<string, { readonly filter: string; readonly n: number }>();
      for (const [n, one] of steps.entries()) {
        if (one.op === 'set') {
          map.set({ filter: one.filter, n });
          model.set(one.filter, { filter: one.filter, n });
        } else {
          map.delete(one.filter);
          model.delete(one.filter);
        }
        assert.equal(map.size, model.size);
        assert.deepEqual([...map.values()], [...model.values()]);
        for (const name of ['a', 'b', 'c']) assert.deepEqual(map.get(name), model.get(name));
      }
    }),
  );
});
