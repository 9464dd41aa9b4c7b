/** Recent outcomes, and questions that wait. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentOutcomes, WaitingRoom } from '../../../engine/runtime/answers.ts';

const run = { seq: 12, index: 3, count: 2, outcome: 1, reason: 1, originalSeq: 7, originalIndex: 3 };

test('an event without an exception was accepted', () => {
  const outcomes = new RecentOutcomes();
  outcomes.add({ fromSeq: 10, toSeq: 14, exceptions: [run] });
  assert.deepEqual(outcomes.find(12, 2), { outcome: 0, reason: 0, originalSeq: 0, originalIndex: 0 });
  assert.deepEqual(outcomes.find(11, 3), { outcome: 0, reason: 0, originalSeq: 0, originalIndex: 0 });
});

test('a run tells the outcome of each of its events, and the original of each', () => {
  const outcomes = new RecentOutcomes();
  outcomes.add({ fromSeq: 10, toSeq: 14, exceptions: [run] });
  assert.deepEqual(outcomes.find(12, 4), { outcome: 1, reason: 1, originalSeq: 7, originalIndex: 4 });
  assert.equal(outcomes.find(12, 5)?.outcome, 0);
});

test('what is not committed, or long ago, is unknown', () => {
  const outcomes = new RecentOutcomes();
  outcomes.add({ fromSeq: 10, toSeq: 14, exceptions: [] });
  outcomes.add({ fromSeq: 15, toSeq: 15, exceptions: [] });
  outcomes.add({ fromSeq: 16, toSeq: 15, exceptions: [] });
  assert.equal(outcomes.find(9, 0), undefined);
  assert.equal(outcomes.find(16, 0), undefined);
  assert.notEqual(outcomes.find(15, 0), undefined);
});

test('old records are forgotten, new ones found', () => {
  const outcomes = new RecentOutcomes();
  for (let seq = 1; seq <= 10_000; seq++) outcomes.add({ fromSeq: seq, toSeq: seq, exceptions: [] });
  assert.equal(outcomes.find(1, 0), undefined);
  assert.notEqual(outcomes.find(10_000, 0), undefined);
});

test('questions leave when they are covered or expired, once', () => {
  const room = new WaitingRoom<string>();
  room.add({ minSeq: 5, deadlineMs: 100, what: 'a' });
  room.add({ minSeq: 9, deadlineMs: 50, what: 'b' });
  assert.equal(room.hasCovered(4), false);
  assert.equal(room.hasCovered(5), true);
  assert.deepEqual(
    room.takeCovered(5).map(({ what }) => what),
    ['a'],
  );
  assert.deepEqual(room.takeCovered(5), []);
  assert.deepEqual(
    room.takeExpired(50).map(({ what }) => what),
    ['b'],
  );
  assert.equal(room.size, 0);
});

test('a full room takes no more', () => {
  const room = new WaitingRoom<number>();
  let taken = 0;
  while (taken < 20_000 && room.add({ minSeq: 1, deadlineMs: 1, what: taken })) taken++;
  assert.equal(taken, 10_000);
});
