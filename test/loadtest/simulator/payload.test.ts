/** Simulated payloads: functions of (seed, device, n) alone, and readable by the product's own decoders. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { bootOf, columnsOf, envelopeOf, eventOf } from '../../../loadtest/simulator/payload.ts';
import { encodeBatch, encodeSample, WireWriter } from '../../../loadtest/simulator/telemetry-proto.ts';
import { decodeTelemetryBatch, decodeTelemetrySample } from '../../../schemas/gen/lean.ts';

const plan = { seed: 42, baseMs: 1_790_000_000_000 };
const places = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 100_000 }));

test('the same n is the same event, another n or device another', () => {
  fc.assert(
    fc.property(places, ([device, n]) => {
      assert.deepEqual(eventOf(plan, device, n), eventOf(plan, device, n));
      assert.notDeepEqual(eventOf(plan, device, n).metrics, eventOf(plan, device, n + 1).metrics);
      assert.equal(eventOf(plan, device, n).boot, bootOf(plan, device, n));
    }),
  );
});

test('numbers are integers, so sums are exact in any order', () => {
  fc.assert(
    fc.property(places, ([device, n]) => {
      for (const value of columnsOf(eventOf(plan, device, n)).metrics.values()) assert.ok(Number.isSafeInteger(value));
    }),
  );
});

test('some samples are late and some share the time of the one before: both rules of `latest` are needed', () => {
  let late = 0;
  let ties = 0;
  for (let n = 2; n < 500; n++) {
    const before = eventOf(plan, 1, n - 1).tsMs;
    const now = eventOf(plan, 1, n).tsMs;
    if (now < before) late += 1;
    if (now === before) ties += 1;
  }
  assert.ok(late > 10 && ties > 10, `${late} late, ${ties} ties`);
});

test('the envelope is JSON of what was measured', () => {
  const event = eventOf(plan, 3, 7);
  assert.deepEqual(JSON.parse(envelopeOf(event)), { ts: event.tsMs, boot: event.boot, seq: 7, metrics: event.metrics });
  assert.equal((JSON.parse(envelopeOf(event, 'sim-3')) as { device: string }).device, 'sim-3');
});

test('the Protobuf sample says the same', () => {
  fc.assert(
    fc.property(places, ([device, n]) => {
      const event = eventOf(plan, device, n);
      const sample = decodeTelemetrySample(encodeSample(event, 'sim-9'));
      assert.ok(sample !== undefined);
      assert.deepEqual([sample.device, sample.ts, sample.boot, sample.seq], ['sim-9', event.tsMs, event.boot, n]);
      const metrics = sample.metrics.map((metric) => [metric.name, metric.number ?? metric.boolean ?? metric.text]);
      assert.deepEqual(Object.fromEntries(metrics), event.metrics);
    }),
  );
});

test('a batch holds its samples in order', () => {
  const samples = [1, 2, 3].map((n) => encodeSample(eventOf(plan, 0, n), `sim-${n}`));
  assert.deepEqual(
    decodeTelemetryBatch(encodeBatch(samples))?.samples.map(({ device, seq }) => [device, seq]),
    [
      ['sim-1', 1],
      ['sim-2', 2],
      ['sim-3', 3],
    ],
  );
});

test('varints of any size are as long as they must be', () => {
  const lengthOf = (value: number): number => {
    const writer = new WireWriter();
    writer.varint(value);
    return writer.length;
  };
  assert.deepEqual([0, 127, 128, 2_097_151, 2_097_152, 268_435_455, Number.MAX_SAFE_INTEGER].map(lengthOf), [1, 1, 2, 3, 4, 4, 8]);
});
