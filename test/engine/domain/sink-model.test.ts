/**
 * The promise "exactly once into ClickHouse, after any crash, pause or takeover", checked in every state that the
 * production planner can get into in a small world; and the proof that the check has teeth: each protection that is
 * taken away leads to a row that is doubled or lost, or to an alarm.
 */
import assert from 'node:assert/strict';
import { type TestContext, describe, it } from 'node:test';
import { type Found, search } from './sink-search.ts';
import type { Ablation, World, WorldOptions } from './sink-world-types.ts';

const TWO_PARTITIONS: WorldOptions = { rows: [1, 1], claims: 2, crashes: 1, lostReplies: 1, refusals: 0 };
const TWO_BLOCKS: WorldOptions = { rows: [2], claims: 2, crashes: 1, lostReplies: 1, refusals: 1 };
const LOST_END: WorldOptions = { rows: [2], claims: 2, crashes: 0, lostReplies: 1, refusals: 0, losses: 1 };
const LOST_TWICE: WorldOptions = { rows: [2], claims: 3, crashes: 0, lostReplies: 0, refusals: 0, losses: 2 };
const MANY_TAKEOVERS: WorldOptions = { rows: [1], claims: 4, crashes: 2, lostReplies: 2, refusals: 0 };

function report(t: TestContext, found: Found): void {
  t.diagnostic(`${found.states} states`);
  if (found.violation !== undefined) t.diagnostic(`${found.violation.what}, after: ${found.violation.path.join('; ')}`);
}

/** Where nothing more can happen, only a lack of permitted claims may keep a partition from being served to the end. */
function assertServed(world: World): void {
  for (const [partition, log] of world.logs.entries()) {
    const owners = world.processes.flatMap((p) => p.plan.partitions).filter((p) => p.partition === partition && p.epoch === log.epoch);
    const [owner] = owners;
    if (owner?.phase !== 'armed') {
      assert.equal(world.claimsLeft, 0, `partition ${partition} is stuck as ${owner?.phase ?? "nobody's"}`);
      continue;
    }
    assert.ok(
      world.clickhouse.rows[partition]?.every((times) => times === 1),
      `partition ${partition} rests with rows missing`,
    );
    // What a mended partition knows goes with its next record.
    assert.equal(
      world.hasLost ? owner.hwm : log.hwm,
      world.clickhouse.rows[partition]?.length,
      `partition ${partition} rests below its end`,
    );
  }
}

describe('the sink as designed: no row twice, none missing below the high-water mark, no false alarm', () => {
  for (const [name, options] of Object.entries({ TWO_PARTITIONS, TWO_BLOCKS, MANY_TAKEOVERS, LOST_END, LOST_TWICE })) {
    it(`in ${name.toLowerCase().replaceAll('_', ' ')}`, (t) => {
      const found = search(options);
      report(t, found);
      assert.equal(found.violation, undefined);
      assert.ok(found.states > 10_000, 'the world is too small to prove anything');
      assert.ok(found.ends.length > 0);
      found.ends.forEach(assertServed);
    });
  }
});

describe('the sink without one of its protections', () => {
  const ablations: readonly (readonly [string, Ablation, WorldOptions])[] = [
    ['without the fence', { fence: false }, TWO_PARTITIONS],
    ['without waiting for older inserts', { wait: false }, TWO_PARTITIONS],
    ['waiting only for inserts of the last owner, not of those before', { wait: 'previous' }, MANY_TAKEOVERS],
    ['without a new epoch after an unknown result', { newEpoch: false }, TWO_PARTITIONS],
    ['without intents', { intent: false }, TWO_PARTITIONS],
    ['without asking before sending again', { ask: false }, TWO_PARTITIONS],
  ];
  for (const [name, ablation, options] of ablations) {
    it(`${name}: a violation is found`, (t) => {
      const found = search({ ...options, ...ablation });
      report(t, found);
      assert.ok(found.violation !== undefined, 'the protection seems not to be needed, or the model not to test it');
      assert.ok(found.violation.path.length <= 20, 'the shortest way to it is short');
    });
  }
});
