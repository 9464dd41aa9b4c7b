/** The checker of what a broker owes: nothing is found in a clean history, and every planted bug is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBroker, plantBug, PLANTED_BUGS } from '../../../loadtest/faults/broker-check.ts';
import type { BrokerFinding, BrokerHistory, Got, PlantedBug } from '../../../loadtest/faults/broker-check.ts';

const numbers = (topic: string, ...ns: readonly number[]): readonly Got[] => ns.map((n) => ({ topic, n }));

const CLEAN: BrokerHistory = {
  streams: [
    // 4 was on its way when everything stopped: it may have come or not.
    { topic: 'p/1', qos: 1, sent: 4, acked: new Set([1, 2, 3]) },
    { topic: 'p/2', qos: 2, sent: 4, acked: new Set([1, 2, 3]) },
  ],
  wills: [
    { topic: 'w', n: 1, due: 'once' },
    { topic: 'w', n: 2, due: 'never' },
    { topic: 'w', n: 3, due: 'maybe' },
  ],
  got: new Map([
    ['a', [...numbers('p/1', 1, 2, 1, 2, 3), ...numbers('p/2', 1, 2, 3, 4), ...numbers('w', 3, 1)]],
    ['b', [...numbers('w', 1), ...numbers('p/2', 1, 2, 3), ...numbers('p/1', 1, 2, 3, 4)]],
  ]),
  sessionsLost: [],
};

function found(history: BrokerHistory): Partial<Record<BrokerFinding, number>> {
  return Object.fromEntries(Object.entries(checkBroker(history).findings).filter(([, count]) => count > 0));
}

function withGot(got: readonly Got[]): BrokerHistory {
  return { ...CLEAN, got: new Map([['a', got]]) };
}

test('what may happen is no finding', () => {
  assert.deepEqual(found(CLEAN), {});
  assert.deepEqual(checkBroker(CLEAN).examples, []);
});

test('every planted bug is found, and as what it is', () => {
  for (const bug of Object.keys(PLANTED_BUGS) as PlantedBug[]) {
    const spoilt = plantBug(bug, CLEAN) ?? assert.fail(bug);
    assert.deepEqual(Object.keys(found(spoilt)), [PLANTED_BUGS[bug]], bug);
  }
  assert.equal(plantBug('a will dropped', { ...CLEAN, wills: [] }), undefined);
  assert.equal(plantBug('a message dropped', { ...CLEAN, got: new Map() }), undefined);
});

test('each finding is counted and its first is told', () => {
  const whole = [...numbers('p/1', 1, 2, 3), ...numbers('p/2', 1, 2, 3), ...numbers('w', 1)];
  assert.deepEqual(found(withGot(whole)), {});
  assert.deepEqual(found(withGot(whole.slice(1))), { lost: 1 });
  assert.deepEqual(found(withGot([...numbers('p/1', 1, 3, 2), ...numbers('p/2', 1, 2, 3), ...numbers('w', 1)])), { reordered: 1 });
  assert.deepEqual(found(withGot([...whole, ...numbers('p/2', 2)])), { doubled: 1 });
  assert.deepEqual(found(withGot([...whole, ...numbers('p/1', 5), ...numbers('elsewhere', 1)])), { invented: 2 });
  assert.deepEqual(found(withGot([...whole, ...numbers('w', 1, 2)])), { 'wills doubled': 1, 'wills unasked': 1 });
  assert.deepEqual(found({ ...CLEAN, sessionsLost: ['pub', 'pub'] }), { 'sessions lost': 2 });
  assert.deepEqual(checkBroker(withGot(whole.slice(1))).examples, ['lost: p/1 1 at a']);
});
