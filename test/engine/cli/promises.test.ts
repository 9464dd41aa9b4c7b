import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeClickHouse, judgeNats } from '../../../engine/cli/promises.ts';
import type { NatsFacts } from '../../../engine/embedded/nats-facts.ts';
import type { Durability } from '../../../engine/kernel/durability.ts';

const FIT: NatsFacts = {
  version: '2.15.1',
  apiLevel: 5,
  serverId: 'N',
  jetstream: true,
  payloadBytesMax: 1024 * 1024,
  durability: 'disk',
  syncIntervalMs: 0,
};
const problems = (facts: Partial<NatsFacts>, wanted: Durability = 'disk') =>
  judgeNats({ ...FIT, ...facts }, wanted).filter(({ level }) => level === 'problem');

test('a server that is fit has no problem', () => {
  assert.deepEqual(problems({}), []);
});

test('each thing that breaks a promise is a problem with a remedy', () => {
  const broken: readonly Partial<NatsFacts>[] = [
    { version: '2.13.0' },
    { jetstream: false },
    { apiLevel: 0 },
    { payloadBytesMax: 65_536 },
    { durability: 'interval' },
    { durability: 'process' },
  ];
  for (const facts of broken) {
    const found = problems(facts);
    assert.equal(found.length, 1, JSON.stringify(facts));
    assert(found[0]?.remedy !== undefined);
  }
});

test('a server may do more than is promised, never less', () => {
  const strength: readonly Durability[] = ['process', 'interval', 'disk'];
  for (const [promised, wanted] of strength.entries()) {
    for (const [real, durability] of strength.entries())
      assert.equal(problems({ durability }, wanted).length, real < promised ? 1 : 0, `${durability} for ${wanted}`);
  }
});

test('what can not be seen is a warning, unless nothing was promised', () => {
  const levels = (wanted: Durability) => judgeNats({ ...FIT, durability: undefined }, wanted).map(({ level }) => level);
  assert.deepEqual(levels('disk'), ['warning']);
  assert.deepEqual(levels('process'), ['fine']);
});

test('ClickHouse is judged by its version', () => {
  assert.equal(judgeClickHouse('26.7.2.1').level, 'fine');
  assert.equal(judgeClickHouse('25.8.1').level, 'fine');
  for (const old of ['25.7.9', '18.16.1', '']) assert.equal(judgeClickHouse(old).level, 'problem', old);
});
