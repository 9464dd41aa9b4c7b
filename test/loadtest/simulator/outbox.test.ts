/** The buffer of a good device, held against a plain model of what was acknowledged and what is on the wire. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { Outbox } from '../../../loadtest/simulator/outbox.ts';

test('sends in order, at most a window at a time', () => {
  const outbox = new Outbox({ keptMax: 10, windowMax: 3 });
  for (let i = 0; i < 5; i++) assert.equal(outbox.produce(), true);
  assert.deepEqual(
    [outbox.take(), outbox.take(), outbox.take(), outbox.take()],
    [{ n: 1, again: false }, { n: 2, again: false }, { n: 3, again: false }, undefined],
  );
  assert.equal(outbox.acked(1), true);
  assert.deepEqual(outbox.take(), { n: 4, again: false });
});

test('after a lost connection everything unacknowledged comes again, oldest first, what was acknowledged not', () => {
  const outbox = new Outbox({ keptMax: 10, windowMax: 5 });
  for (let i = 0; i < 5; i++) outbox.produce();
  for (let i = 0; i < 4; i++) outbox.take();
  outbox.acked(2);
  assert.deepEqual([...outbox.onTheWire()], [1, 3, 4]);
  outbox.rewind();
  assert.deepEqual(
    [outbox.take(), outbox.take(), outbox.take(), outbox.take(), outbox.take()],
    [{ n: 1, again: true }, { n: 3, again: true }, { n: 4, again: true }, { n: 5, again: false }, undefined],
  );
});

test('a full buffer makes the device skip measurements, and counts them', () => {
  const outbox = new Outbox({ keptMax: 2, windowMax: 2 });
  assert.deepEqual([outbox.produce(), outbox.produce(), outbox.produce()], [true, true, false]);
  assert.equal(outbox.skipped, 1);
  outbox.take();
  outbox.acked(1);
  assert.equal(outbox.produce(), true);
});

test('an acknowledgement counts once, and only for what was sent', () => {
  const outbox = new Outbox({ keptMax: 5, windowMax: 5 });
  outbox.produce();
  assert.equal(outbox.acked(1), false);
  outbox.take();
  assert.equal(outbox.acked(1), true);
  assert.equal(outbox.acked(1), false);
  assert.equal(outbox.waiting, 0);
});

/** A number acknowledges what stands there on the wire. */
type Step = 'produce' | 'take' | 'rewind' | number;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(fc.constantFrom<Step[]>('produce', 'take', 'rewind'), fc.integer({ min: 0, max: 7 })),
  { maxLength: 200 },
);

test('whatever happens, nothing is forgotten, nothing acknowledged is sent again, and order is kept on each connection', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const outbox = new Outbox({ keptMax: 20, windowMax: 8 });
      const acked = new Set<number>();
      let wire: number[] = [];
      let last = 0;
      let produced = 0;
      for (const step of script) {
        if (step === 'produce') produced += outbox.produce() ? 1 : 0;
        else if (step === 'rewind') {
          outbox.rewind();
          wire = [];
          last = 0;
        } else if (step === 'take') {
          const next = outbox.take();
          if (next === undefined) continue;
          assert.ok(next.n > last && !acked.has(next.n));
          last = next.n;
          wire.push(next.n);
        } else {
          const n = wire[step];
          if (n !== undefined && outbox.acked(n)) acked.add(n);
        }
        assert.ok(outbox.waiting <= 20);
        assert.equal(outbox.waiting, produced - acked.size);
      }
      outbox.rewind();
      const again: number[] = [];
      for (let guard = 0; guard < 100 && outbox.waiting > 0; guard++) {
        const next = outbox.take();
        assert.ok(next !== undefined);
        again.push(next.n);
        outbox.acked(next.n);
      }
      const missing = Array.from({ length: produced }, (_, i) => i + 1).filter((n) => !acked.has(n));
      assert.deepEqual(again, missing);
    }),
  );
});
