/** Prebuilt bodies say after each patch exactly what a fresh encoding would. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { FIRST_SEQ, gatewayBody, LAST_SEQ, valueOf, writeDigits } from '../../../loadtest/bench/gateway-bodies.ts';
import { decodeTelemetryBatch } from '../../../schemas/gen/lean.ts';

const devices = Array.from({ length: 7 }, (_, index) => ({ index, name: `gw-${String(index).padStart(6, '0')}` }));
const BOOT = 1_790_000_001;
const times = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
const seqs = fc.integer({ min: FIRST_SEQ, max: LAST_SEQ });

interface Line {
  readonly device: string;
  readonly boot: number;
  readonly seq: number;
  readonly ts: number;
  readonly metrics: Readonly<Record<string, number>>;
}

test('Protobuf: device, boot, sequence, time and value are as patched', () => {
  const body = gatewayBody('protobuf', devices, BOOT);
  fc.assert(
    fc.property(seqs, times, (seq, ts) => {
      const sum = body.patch(seq, ts);
      const samples = decodeTelemetryBatch(body.bytes)?.samples ?? [];
      assert.deepEqual(
        samples.map((sample) => [sample.device, sample.boot, sample.seq, sample.ts]),
        devices.map(({ name }) => [name, BOOT, seq, ts]),
      );
      assert.ok(samples.every(({ metrics }) => metrics.length === 5));
      const values = samples.map(({ metrics }) => metrics.find(({ name }) => name === 'v')?.number ?? 0);
      assert.deepEqual(
        values,
        devices.map(({ index }) => valueOf(index, seq)),
      );
      assert.equal(
        sum,
        values.reduce((a, b) => a + b, 0),
      );
    }),
  );
});

test('NDJSON: the same', () => {
  const body = gatewayBody('ndjson', devices, BOOT);
  fc.assert(
    fc.property(seqs, times, (seq, ts) => {
      const sum = body.patch(seq, ts);
      const lines = body.bytes
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      assert.deepEqual(
        lines.map((line) => [line.device, line.boot, line.seq, line.ts]),
        devices.map(({ name }) => [name, BOOT, seq, ts]),
      );
      assert.deepEqual(
        lines.map(({ metrics }) => metrics['v']),
        devices.map(({ index }) => valueOf(index, seq)),
      );
      assert.ok(lines.every(({ metrics }) => Object.keys(metrics).length === 5));
      assert.equal(
        sum,
        lines.reduce((total, { metrics }) => total + (metrics['v'] ?? 0), 0),
      );
    }),
  );
});

test('values have four digits, and digits are written to the end', () => {
  fc.assert(
    fc.property(fc.nat(100_000), seqs, (device, seq) => {
      const value = valueOf(device, seq);
      assert.ok(value >= 1_000 && value <= 9_999);
      const bytes = Buffer.from('xxxxxxx');
      writeDigits(bytes, 6, value);
      assert.equal(bytes.toString(), `xx${value}x`);
    }),
  );
});
