/** The crash suite's options: defaults, and every error at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BadUsage, faultOptions } from '../../../loadtest/faults/options.ts';

test('defaults: thirty kills, seed by the clock, durability as the product has it', () => {
  const { durability, kills, minutes, only, scenario, seed } = faultOptions([], 1_234_567);
  assert.deepEqual(
    { durability, kills, minutes, only, scenario, seed },
    { durability: 'disk', kills: 30, minutes: undefined, only: undefined, scenario: 'kills', seed: 234_567 },
  );
});

test('all options are taken', () => {
  const args =
    '--kills 300 --seed 9 --only engine --scenario zombie --minutes 2 --duration 60 --rate 10 --durability process --json out.json --keep'.split(
      ' ',
    );
  assert.deepEqual(faultOptions(args, 0), {
    scenario: 'zombie',
    kills: 300,
    seed: 9,
    only: 'engine',
    durationMs: 60_000,
    minutes: 2,
    eventsPerS: 10,
    durability: 'process',
    json: 'out.json',
    keep: true,
  });
});

test('every error is told at once', () => {
  assert.throws(
    () => faultOptions(['--kills', 'many', '--scenario', 'flood', '--rate', '0', '--durability', 'hope'], 0),
    (error: unknown) =>
      error instanceof BadUsage && ['--kills', '--scenario', '--rate', '--durability'].every((name) => error.message.includes(name)),
  );
  assert.throws(() => faultOptions(['--kill', '3'], 0), BadUsage);
});
