import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtobufTelemetry } from '../../../engine/domain/telemetry-protobuf.ts';
import { TelemetrySample } from '../../../engine/domain/telemetry-sample.ts';
import type { Reason } from '../../../engine/kernel/outcome.ts';
import { encodeTelemetrySample } from '../../../schemas/gen/lean.ts';
import type { MetricInit, TelemetrySampleInit } from '../../../schemas/gen/lean.ts';
import { plainSample } from '../../support/decoded-sample.ts';
import type { PlainSample } from '../../support/decoded-sample.ts';

function decodeBytes(payload: Uint8Array): PlainSample {
  const source = new Uint8Array(payload.length + 5).fill(0xff);
  source.set(payload, 2);
  const sample = new TelemetrySample();
  sample.reset(source);
  return plainSample(sample, new ProtobufTelemetry().decode(sample, 2, 2 + payload.length));
}

function decode(init: TelemetrySampleInit): PlainSample {
  return decodeBytes(encodeTelemetrySample(init));
}

test('every kind of value, and the retry identity', () => {
  const metrics: readonly MetricInit[] = [
    { name: 't', number: -2.5 },
    { name: 'on', boolean: true },
    { name: 'off', boolean: false },
    { name: 'fw', text: 'grün' },
    { name: 'n', integer: -3 },
    { name: 'safe', integer: Number.MAX_SAFE_INTEGER },
    { name: 'big', integer: 2n ** 63n - 1n },
    { name: 'low', integer: -(2n ** 63n) },
  ];
  assert.deepEqual(decode({ ts: 1_790_000_000_000, boot: 4, seq: 0, id: 'e-1', metrics }), {
    reason: 'none',
    leaves: [
      ['t', -2.5],
      ['on', true],
      ['off', false],
      ['fw', 'grün'],
      ['n', -3],
      ['safe', Number.MAX_SAFE_INTEGER],
      ['big', { digits: '9223372036854775807' }],
      ['low', { digits: '-9223372036854775808' }],
    ],
    ts: 1_790_000_000_000,
    boot: 4,
    seq: 0,
    id: 'e-1',
  });
  assert.deepEqual(decode({ metrics: [{ name: 'x', number: 1 }] }), { reason: 'none', leaves: [['x', 1]] });
});

test('what is quarantined, and why', () => {
  const one = (metric: MetricInit): TelemetrySampleInit => ({ metrics: [metric] });
  const refused: readonly (readonly [TelemetrySampleInit, Reason])[] = [
    [one({ name: 'a' }), 'unsupported-value'],
    [one({ name: 'a', number: NaN }), 'value-not-finite'],
    [one({ name: 'a', number: -Infinity }), 'value-not-finite'],
    [one({ name: '', number: 1 }), 'bad-metric-name'],
    [one({ name: 'a\nb', number: 1 }), 'bad-metric-name'],
    [one({ name: 'a\u0090', number: 1 }), 'bad-metric-name'],
    [one({ name: 'é'.repeat(65), number: 1 }), 'metric-name-too-long'],
    [{ ts: 0, metrics: [] }, 'timestamp-in-seconds'],
    [{ ts: 1_790_000_000, metrics: [] }, 'timestamp-in-seconds'],
    [{ id: 'i'.repeat(65), metrics: [] }, 'too-large'],
    [{ metrics: Array.from({ length: 257 }, (_, i) => ({ name: `m${i}`, number: i })) }, 'too-many-metrics'],
  ];
  for (const [init, reason] of refused) assert.equal(decode(init).reason, reason, JSON.stringify(init).slice(0, 80));
});

test('text that is no UTF-8 is no text', () => {
  const replaced = (init: TelemetrySampleInit): Uint8Array => encodeTelemetrySample(init).map((byte) => (byte === 0x7e ? 0xff : byte));
  assert.equal(decodeBytes(replaced({ metrics: [{ name: 'a', text: 'x~' }] })).reason, 'unsupported-value');
  assert.equal(decodeBytes(replaced({ metrics: [{ name: 'a~', number: 1 }] })).reason, 'bad-metric-name');
  assert.equal(decodeBytes(replaced({ id: '~', metrics: [] })).reason, 'malformed-payload');
});

test('any bytes decode or are refused, and never throw', () => {
  const good = encodeTelemetrySample({
    ts: 1_790_000_000_000,
    boot: 1,
    seq: 2,
    metrics: [
      { name: 't', number: 1 },
      { name: 's', text: 'abc' },
    ],
  });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(good.length), (noise, cut) => {
      decodeBytes(noise);
      const mixed = new Uint8Array([...good.subarray(0, cut), ...noise]);
      decodeBytes(mixed);
      if (cut < good.length) decodeBytes(good.subarray(0, cut));
    }),
  );
  assert.equal(decodeBytes(good.subarray(0, good.length - 1)).reason, 'malformed-payload');
});

test('metrics of a sample that are malformed make the sample malformed', () => {
  // Field 6 (metrics) with a name that is longer than the metric.
  assert.equal(decodeBytes(Uint8Array.of(0x32, 0x02, 0x0a, 0x05)).reason, 'malformed-payload');
});
