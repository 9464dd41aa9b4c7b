import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FillRate, fillingText, soonest } from '../../../ingest/health/fill-rate.ts';

const MINUTE_MS = 60_000;

function filled(...samples: readonly (readonly [atMs: number, bytes: number])[]): FillRate {
  const rate = new FillRate();
  for (const [atMs, bytes] of samples) rate.add(atMs, bytes);
  return rate;
}

describe('the time until something is full', () => {
  it('is not known from one look', () => {
    assert.deepEqual(filled().toFull(100), { kind: 'unknown' });
    assert.deepEqual(filled([0, 50]).toFull(100), { kind: 'unknown' });
    assert.deepEqual(filled([5, 50], [5, 60]).toFull(100), { kind: 'unknown' });
  });

  it('is what is free by what came', () => {
    assert.deepEqual(filled([0, 100], [10_000, 200]).toFull(1_000), { kind: 'in', ms: 100_000 });
    assert.deepEqual(filled([0, 100], [10_000, 200]).toFull(-5), { kind: 'in', ms: 0 });
  });

  it('is flat where nothing comes, more goes than comes, or it would take for ever', () => {
    assert.deepEqual(filled([0, 100], [10_000, 100]).toFull(1_000), { kind: 'flat' });
    assert.deepEqual(filled([0, 100], [10_000, 20]).toFull(1_000), { kind: 'flat' });
    assert.deepEqual(filled([0, 100], [10_000, 101]).toFull(1e9), { kind: 'flat' });
  });

  it('looks at the last minutes: a purge within them counts, what was before does not', () => {
    const sawtooth = filled([0, 0], [MINUTE_MS, 600], [2 * MINUTE_MS, 100], [3 * MINUTE_MS, 300]);
    assert.deepEqual(sawtooth.toFull(100), { kind: 'in', ms: MINUTE_MS });
    const rate = new FillRate();
    for (let minute = 0; minute <= 20; minute++) rate.add(minute * MINUTE_MS, minute < 10 ? minute * 1_000 : 10_000);
    assert.deepEqual(rate.toFull(100), { kind: 'flat' });
  });
});

describe('in words', () => {
  it('it has a unit that fits', () => {
    const text = (ms: number): string => fillingText({ kind: 'in', ms });
    assert.equal(text(0), 'full in about 0 s');
    assert.equal(text(119_000), 'full in about 119 s');
    assert.equal(text(12 * MINUTE_MS), 'full in about 12 min');
    assert.equal(text(3 * 3_600_000), 'full in about 3 h');
    assert.equal(text(20 * 86_400_000), 'full in about 20 d');
    assert.equal(fillingText({ kind: 'flat' }), 'not filling');
    assert.equal(fillingText({ kind: 'unknown' }), 'how fast it fills is not known yet');
  });

  it('of several the first to be full counts, then what is not known', () => {
    const late = { kind: 'in', ms: 9 } as const;
    const flat = { kind: 'flat' } as const;
    assert.deepEqual(soonest([flat, late, { kind: 'in', ms: 4 }]), { kind: 'in', ms: 4 });
    assert.deepEqual(soonest([flat, { kind: 'unknown' }]), { kind: 'unknown' });
    assert.deepEqual(soonest([flat, flat]), flat);
    assert.deepEqual(soonest([]), { kind: 'unknown' });
  });
});
