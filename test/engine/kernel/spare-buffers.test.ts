import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SPARE_BYTES_MIN, SpareBuffers } from '../../../engine/kernel/spare-buffers.ts';

const MEBIBYTE = 1024 * 1024;

describe('spare buffers', () => {
  it('are long enough, not twice as long, and never in two hands', () => {
    const step = fc.oneof(fc.integer({ min: 1, max: 12 * MEBIBYTE }), fc.constant('give' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const spares = new SpareBuffers(16 * MEBIBYTE);
        const held: ArrayBuffer[] = [];
        for (const one of steps) {
          if (one === 'give') {
            const given = held.shift();
            if (given !== undefined) spares.give(given);
          } else {
            const taken = spares.take(one);
            assert.ok(taken.byteLength >= one);
            assert.ok(taken.byteLength <= 2 * Math.max(one, SPARE_BYTES_MIN));
            assert.ok(!held.includes(taken));
            held.push(taken);
          }
          assert.ok(spares.bytes >= 0 && spares.bytes <= 16 * MEBIBYTE);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('come back for the same length, and for a little less', () => {
    const spares = new SpareBuffers(MEBIBYTE);
    const first = spares.take(300_000);
    spares.give(first);
    assert.equal(spares.take(300_000), first);
    spares.give(first);
    assert.equal(spares.take(250_000), first);
    assert.equal(spares.bytes, 0);
  });

  it('does not keep what is of no use: small, huge, odd or gone', () => {
    const spares = new SpareBuffers(64 * MEBIBYTE);
    const moved = spares.take(MEBIBYTE);
    structuredClone(moved, { transfer: [moved] });
    for (const buffer of [
      new ArrayBuffer(1000),
      new ArrayBuffer(16 * MEBIBYTE),
      new ArrayBuffer(MEBIBYTE + 1),
      moved,
      new SharedArrayBuffer(MEBIBYTE),
    ])
      spares.give(buffer);
    assert.equal(spares.bytes, 0);
  });
});
