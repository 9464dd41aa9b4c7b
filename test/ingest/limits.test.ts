import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { compileRate } from '../../engine/domain/limits-doc.ts';
import { prefixOf } from '../../ingest/limits/address-prefix.ts';
import { bucketKey, BucketTable } from '../../ingest/limits.ts';

/** A bucket as a textbook has it: a level that fills with time, in whole numbers of 1/perMs so that nothing is rounded. */
class Textbook {
  #level: number;
  #atMs = 0;
  readonly #count: number;
  readonly #perMs: number;
  readonly #burst: number;

  constructor(count: number, perMs: number, burst: number) {
    this.#count = count;
    this.#perMs = perMs;
    this.#burst = burst;
    this.#level = burst * perMs;
  }

  take(cost: number, nowMs: number): boolean {
    this.#level = Math.min(this.#burst * this.#perMs, this.#level + (nowMs - this.#atMs) * this.#count);
    this.#atMs = nowMs;
    if (this.#level < cost * this.#perMs) return false;
    this.#level -= cost * this.#perMs;
    return true;
  }
}

const RATES = fc.record({
  count: fc.integer({ min: 1, max: 500 }),
  perMs: fc.integer({ min: 1, max: 5_000 }),
  burst: fc.integer({ min: 1, max: 200 }),
});
const OFFERS = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), cost: fc.integer({ min: 1, max: 30 }) }), {
  maxLength: 200,
});

function rateOf({
  count,
  perMs,
  burst,
}: {
  readonly count: number;
  readonly perMs: number;
  readonly burst: number;
}): ReturnType<typeof compileRate> {
  return compileRate(0, { count, perMs, burst, text: '' });
}

function tryTake(
  table: BucketTable,
  slot: number,
  { rate, cost, nowMs }: { readonly rate: ReturnType<typeof compileRate>; readonly cost: number; readonly nowMs: number },
): boolean {
  if (table.waitMs(slot, 0, rate, cost, nowMs) > 0) return false;
  table.take(slot, 0, rate, cost, nowMs);
  return true;
}

describe('buckets', () => {
  it('take exactly what a textbook bucket takes', () => {
    fc.assert(
      fc.property(RATES, OFFERS, (window, offers) => {
        const table = new BucketTable(1);
        const rate = rateOf(window);
        const textbook = new Textbook(window.count, window.perMs, window.burst);
        let nowMs = 1_000_000;
        textbook.take(0, nowMs);
        for (const { afterMs, cost } of offers) {
          nowMs += afterMs;
          const slot = table.slotOf(bucketKey(1, 'a'), nowMs);
          assert.equal(tryTake(table, slot, { rate, cost, nowMs }), textbook.take(cost, nowMs));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never take more than rate x time + burst in any stretch, and the whole rate when enough is offered', () => {
    fc.assert(
      fc.property(RATES, fc.integer({ min: 1, max: 50 }), (window, everyMs) => {
        const table = new BucketTable(1);
        const rate = rateOf(window);
        const slot = table.slotOf(bucketKey(1, 'a'), 0);
        const taken: number[] = [];
        const lastMs = everyMs * 300;
        for (let nowMs = 0; nowMs <= lastMs; nowMs += everyMs) {
          while (taken.length < 3_000 && tryTake(table, slot, { rate, cost: 1, nowMs })) taken.push(nowMs);
        }
        const perMs = window.count / window.perMs;
        for (let from = 0; from < taken.length; from += 7) {
          const count = taken.length - from;
          const stretchMs = (taken.at(-1) ?? 0) - (taken[from] ?? 0);
          assert.ok(count <= stretchMs * perMs + window.burst + 1e-6, `${count} in ${stretchMs} ms`);
        }
        // What accrues while a bucket is full is lost: only where one look brings no more than the burst is all of it taken.
        if (everyMs * perMs <= window.burst - 1 && taken.length < 3_000) {
          assert.ok(taken.length >= Math.floor(lastMs * perMs + window.burst) - 1, `${taken.length} in ${lastMs} ms`);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('tells how long to wait: not a millisecond earlier is there room', () => {
    fc.assert(
      fc.property(RATES, fc.integer({ min: 1, max: 200 }), (window, cost) => {
        const table = new BucketTable(1);
        const rate = rateOf(window);
        const slot = table.slotOf(bucketKey(1, 'a'), 0);
        while (tryTake(table, slot, { rate, cost: 1, nowMs: 0 }));
        const waitMs = table.waitMs(slot, 0, rate, cost, 0);
        if (cost > window.burst) assert.equal(waitMs, Number.POSITIVE_INFINITY);
        else {
          assert.equal(table.waitMs(slot, 0, rate, cost, waitMs), 0);
          assert.ok(waitMs <= 1 || table.waitMs(slot, 0, rate, cost, waitMs - 1) > 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('forget who is idle, and keep what is owed', () => {
    const table = new BucketTable(1);
    const rate = rateOf({ count: 1, perMs: 1_000, burst: 5 });
    for (let i = 0; i < 5_000; i++) {
      const slot = table.slotOf(bucketKey(1, `device-${i}`), i);
      table.take(slot, 0, rate, i % 2 === 0 ? 1 : 5, i);
    }
    const before = table.bytes;
    table.sweep(7_000);
    // Of even ones one second is owed, of odd ones five.
    assert.ok(table.size > 400 && table.size < 2_600, String(table.size));
    assert.equal(table.waitMs(table.slotOf(bucketKey(1, 'device-4999'), 7_000), 0, rate, 5, 7_000), 4_999 + 5_000 - 7_000);
    table.sweep(1e6);
    assert.equal(table.size, 0);
    assert.ok(table.bytes < before / 20, `${table.bytes} of ${before}`);
  });

  it('keep subjects and owners apart, and share one bucket beyond the capacity', () => {
    const table = new BucketTable(1, 100);
    const rate = rateOf({ count: 1, perMs: 1_000, burst: 1 });
    const slots = new Set<number>();
    for (let i = 0; i < 100; i++) {
      const slot = table.slotOf(bucketKey(i % 2, `device-${i >> 1}`), 0);
      table.take(slot, 0, rate, 1, 0);
    }
    for (let i = 0; i < 100; i++) slots.add(table.slotOf(bucketKey(i % 2, `device-${i >> 1}`), 0));
    assert.equal(slots.size, 100);
    assert.equal(table.slotOf(bucketKey(9, 'one more'), 0), table.slotOf(bucketKey(9, 'and another'), 0));
    assert.equal(table.size, 100);
  });
});

describe('the prefix of an address', () => {
  it('is /24 or /64', () => {
    assert.equal(prefixOf('192.0.2.77'), '192.0.2.0/24');
    assert.equal(prefixOf('::ffff:192.0.2.77'), '192.0.2.0/24');
    assert.equal(prefixOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
    assert.equal(prefixOf('2001:DB8::1'), '2001:db8:0:0::/64');
    assert.equal(prefixOf('::1'), '0:0:0:0::/64');
    assert.equal(prefixOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
  });
});
