import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRate, rateText } from '../../../engine/domain/rate.ts';
import { compileLimits, limitsProblems } from '../../../engine/domain/limits-doc.ts';

function windows(text: string, burstMin = 1): readonly unknown[] {
  const parsed = parseRate(text, { burstMin });
  assert.ok(parsed.ok, text);
  return parsed.windows.map(({ count, perMs, burst }) => [count, perMs, burst]);
}

function problem(text: string, burstMin = 1): string {
  const parsed = parseRate(text, { burstMin });
  assert.ok(!parsed.ok, text);
  return parsed.problem;
}

describe('the grammar of rates', () => {
  it('reads windows with and without a burst', () => {
    assert.deepEqual(windows('20/s burst 60, 1000/h'), [
      [20, 1_000, 60],
      [1_000, 3_600_000, 1_000],
    ]);
    assert.deepEqual(windows('5/10s'), [[5, 10_000, 5]]);
    assert.deepEqual(windows('2M/min burst 3M'), [[2e6, 60_000, 3e6]]);
    assert.deepEqual(windows('1k/d'), [[1_000, 86_400_000, 1_000]]);
  });

  it('gives a burst that the dearest message fits', () => {
    assert.deepEqual(windows('10k/s', 65_536), [[10_000, 1_000, 65_536]]);
  });

  it('reads what it wrote', () => {
    const parsed = parseRate(' 20/s   burst 60 ,1000/h', { burstMin: 1 });
    assert.ok(parsed.ok);
    assert.equal(rateText(parsed.windows), '20/s burst 60, 1000/h');
  });

  it('names what is wrong', () => {
    assert.match(problem('fast'), /"fast" is no rate: write <count>/);
    assert.match(problem('20/s, 30/s'), /another window of the same length/);
    assert.match(problem('1/s,2/m,3/h,4/d,5/2d'), /at most 4 windows, this one has 5/);
    assert.match(problem('10/s burst 10', 100), /the burst is at least 100/);
    assert.match(problem('0/s'), /the count is between 1/);
    assert.match(problem(''), /no rate/);
    assert.match(problem('1/0s'), /between 1 s and 31 d/);
  });
});

describe('a limits document', () => {
  it('is without problems when all of it is known', () => {
    const doc = {
      messages: '20/s burst 60',
      bytes: '1M/s',
      points: '300/s',
      connections: 10,
      connectRate: '1/s',
      sessionExpiryS: 0,
      subscriptions: 1_024,
      inFlight: 100,
      perDay: { messages: 1_000 },
      perMonth: { bytes: 1e9 },
      eachDevice: { messages: '1/s', sessionExpiryS: 365 * 86_400, subscriptions: 1, inFlight: 1 },
    };
    assert.deepEqual(limitsProblems(doc), []);
    const limits = compileLimits(doc);
    assert.equal(limits.rates.length, 3);
    assert.equal(limits.volumes.length, 2);
    assert.equal(limits.eachDevice?.rates.length, 1);
    assert.equal(limits.countsPoints, true);
  });

  it('points at every problem', () => {
    const problems = limitsProblems({
      messages: 3,
      bytes: '1/s burst 5',
      speed: '1/s',
      connections: 0,
      sessionExpiryS: 365 * 86_400 + 1,
      subscriptions: 1_025,
      inFlight: 101,
      eachDevice: { sessionExpiryS: '7d', subscriptions: 0, inFlight: 1.5 },
      perDay: { messages: -1, calls: 1 },
    });
    assert.deepEqual(problems.map(({ pointer }) => pointer).toSorted(), [
      '/bytes',
      '/connections',
      '/eachDevice/inFlight',
      '/eachDevice/sessionExpiryS',
      '/eachDevice/subscriptions',
      '/inFlight',
      '/messages',
      '/perDay/calls',
      '/perDay/messages',
      '/sessionExpiryS',
      '/speed',
      '/subscriptions',
    ]);
  });

  it('has volumes and defaults for devices only where edges share them', () => {
    const problems = limitsProblems({ perDay: { messages: 1 }, eachDevice: {} }, 'single');
    assert.deepEqual(
      problems.map(({ pointer }) => pointer),
      ['/perDay', '/eachDevice'],
    );
    assert.equal(limitsProblems([]).length, 1);
    assert.equal(limitsProblems({ eachDevice: { perDay: {} } })[0]?.pointer, '/eachDevice/perDay');
  });
});
