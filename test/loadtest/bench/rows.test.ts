/** The performance table: marks, text and JSON. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { benchOptions } from '../../../loadtest/bench/options.ts';
import { jsonOf, markOf, percentile, ROWS, tableOf } from '../../../loadtest/bench/rows.ts';
import type { Measured, RowName } from '../../../loadtest/bench/rows.ts';

const rowOf = (name: RowName) => ROWS.find((row) => row.name === name) ?? assert.fail(name);

test('a mark is by the row’s own direction', () => {
  const throughput = rowOf('proto-to-row-process');
  assert.deepEqual(
    [200_000, 199_999, 120_000, 119_999].map((value) => markOf(throughput, { value, detail: '' })),
    ['target', 'floor', 'floor', 'below'],
  );
  const latency = rowOf('ack-p99-at-100');
  assert.deepEqual(
    [25, 25.1, 60, 60.1].map((value) => markOf(latency, { value, detail: '' })),
    ['target', 'floor', 'floor', 'below'],
  );
  assert.equal(markOf(latency, { notMeasured: 'no disk' }), 'not measured');
  assert.equal(markOf(latency, undefined), 'not measured');
  assert.equal(markOf(latency, { value: Number.NaN, detail: '' }), 'below');
});

test('no floor is beyond its target', () => {
  for (const { better, floor, name, target } of ROWS) assert.ok(better === 'more' ? floor <= target : floor >= target, name);
});

test('table and JSON show what was measured and why something was not', () => {
  const results = new Map<RowName, Measured>([
    ['proto-to-row-disk', { value: 90_000, detail: 'counted' }],
    ['edge-cpu-vs-mosquitto-1', { notMeasured: 'mosquitto is not installed' }],
  ]);
  const text = tableOf(results).join('\n');
  assert.match(text, /90,000 +80,000 +140,000 +events\/s +floor +counted/);
  assert.match(text, /not measured +mosquitto is not installed/);
  const json = jsonOf(results);
  assert.deepEqual(Object.keys(json), ['proto-to-row-disk', 'edge-cpu-vs-mosquitto-1']);
  assert.partialDeepStrictEqual(json, {
    'proto-to-row-disk': { value: 90_000, unit: 'events/s', floor: 80_000, target: 140_000, mark: 'floor' },
  });
});

test('percentiles', () => {
  const samples = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.equal(percentile(samples, 0.5), 51);
  assert.equal(percentile(samples, 0.99), 100);
  assert.equal(percentile([7], 0.99), 7);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});

test('--only takes whole names and beginnings', () => {
  assert.deepEqual([...benchOptions(['--only', 'ack-p50-at-100,log-cost']).only], ['log-cost-process', 'log-cost-disk', 'ack-p50-at-100']);
  assert.equal(benchOptions([]).only.size, ROWS.length);
  assert.throws(() => benchOptions(['--only', 'warp']), /names no row/);
  assert.throws(() => benchOptions(['--seconds', '0']), /seconds/);
  assert.throws(() => benchOptions(['--fast']), /fast/);
  assert.throws(() => benchOptions(['--mqtt-in-flight', '101']), /from 1 to 100/);
});
