/** Schedules of kills: repeatable, complete, and as long as asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { deathsOf, isRare, scheduleOf, VICTIMS } from '../../../loadtest/faults/schedule.ts';

const failpoints = ['edge.batch-sent', 'owner.claimed', 'owner.folded', 'sink.before-fence', 'sink.insert-done'];
const wishes = fc.record({ kills: fc.integer({ min: 0, max: 120 }), seed: fc.nat() });

test('the same seed gives the same schedule, another seed another', () => {
  const of = (seed: number) => scheduleOf({ kills: 40, seed, only: undefined, failpoints });
  assert.deepEqual(of(5), of(5));
  assert.notDeepEqual(of(5), of(6));
});

test('exactly as many kills as asked; each victim and each failpoint at least once if there are enough', () => {
  fc.assert(
    fc.property(wishes, ({ kills, seed }) => {
      const faults = scheduleOf({ kills, seed, only: undefined, failpoints });
      assert.equal(
        faults.reduce((sum, fault) => sum + deathsOf(fault), 0),
        kills,
      );
      if (kills < VICTIMS.length + 2 * failpoints.length) return;
      for (const victim of VICTIMS) assert.ok(faults.some((fault) => fault.kind === 'kill' && fault.victim === victim));
      for (const name of failpoints) assert.ok(faults.some((fault) => fault.kind === 'failpoint' && fault.name === name));
    }),
  );
});

test('--only kills nothing else', () => {
  const victims = scheduleOf({ kills: 10, seed: 1, only: 'edge', failpoints });
  assert.ok(victims.length === 10 && victims.every((fault) => fault.kind === 'kill' && fault.victim === 'edge'));
  const points = scheduleOf({ kills: 4, seed: 1, only: 'owner.folded', failpoints });
  assert.ok(points.length === 2 && points.every((fault) => fault.kind === 'failpoint' && fault.name === 'owner.folded'));
});

test('a place that is passed once a start is armed for its first pass', () => {
  fc.assert(
    fc.property(wishes, ({ kills, seed }) => {
      for (const fault of scheduleOf({ kills, seed, only: undefined, failpoints })) {
        if (fault.kind === 'failpoint' && isRare(fault.name)) assert.equal(fault.pass, 1);
      }
    }),
  );
});
