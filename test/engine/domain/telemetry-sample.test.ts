import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LEAF_NUMBER, SCRATCH_BASE, TelemetrySample } from '../../../engine/domain/telemetry-sample.ts';
import { checkName, isIdSpan, isUtf8 } from '../../../engine/domain/validation.ts';
import { reasonCode } from '../../../engine/kernel/outcome.ts';

const encoder = new TextEncoder();

/** A sample with these names, every other one in the scratch bytes; hashes are cut so that different names share one. */
function sampleOf(names: readonly string[], hashBits: number): TelemetrySample {
  const sample = new TelemetrySample();
  const source = encoder.encode(names.join(''));
  sample.reset(source);
  sample.reserveScratch(source.length);
  sample.scratch.set(source);
  sample.scratchLength = source.length;
  let at = 0;
  for (const [k, name] of names.entries()) {
    const length = encoder.encode(name).length;
    const base = k % 2 === 0 ? 0 : SCRATCH_BASE;
    sample.name(base + at, base + at + length, checkName(source, at, at + length) & ((1 << hashBits) - 1));
    sample.addNumber(LEAF_NUMBER, k);
    at += length;
  }
  return sample;
}

test('two leaves of one name are found, however many there are and whatever their hashes', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { maxLength: 60, size: 'max' }),
      fc.integer({ min: 0, max: 20 }),
      fc.option(fc.nat(59)),
      (names, hashBits, again) => {
        assert.equal(sampleOf(names, hashBits).hasRepeatedName(), false);
        const repeated = again === null ? undefined : names[again];
        if (repeated !== undefined) assert.equal(sampleOf([...names, repeated], hashBits).hasRepeatedName(), true);
      },
    ),
  );
});

test('scratch bytes grow and keep what they hold', () => {
  const sample = new TelemetrySample();
  sample.reset(new Uint8Array(0));
  for (let i = 0; i < 5000; i++) {
    sample.reserveScratch(1);
    sample.scratch[sample.scratchLength++] = i & 0xff;
  }
  assert(sample.scratch.subarray(0, 5000).every((byte, i) => byte === (i & 0xff)));
});

test('names: UTF-8 of 1 to 128 bytes without control characters', () => {
  const verdict = (bytes: Uint8Array): number => checkName(bytes, 0, bytes.length);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 70 }).map((text) => encoder.encode(text)),
        fc.uint8Array({ maxLength: 8 }),
      ),
      (bytes) => {
        let text: string | undefined;
        try {
          text = decoder.decode(bytes);
        } catch {
          text = undefined;
        }
        assert.equal(isUtf8(bytes, 0, bytes.length), text !== undefined);
        const sound = text !== undefined && bytes.length >= 1 && bytes.length <= 128 && !/\p{Cc}/u.test(text);
        assert.equal(verdict(bytes) >= 0, sound, String(text));
      },
    ),
    { numRuns: 1000 },
  );
  assert.equal(verdict(encoder.encode('x'.repeat(129))), -reasonCode('metric-name-too-long'));
  assert.equal(verdict(encoder.encode('')), -reasonCode('bad-metric-name'));
});

test('ids of tenants and devices', () => {
  const isId = (text: string): boolean => isIdSpan(encoder.encode(text), 0, encoder.encode(text).length);
  for (const id of ['a', 'Z_9-', 'x'.repeat(64)]) assert.equal(isId(id), true, id);
  for (const id of ['', 'x'.repeat(65), 'a.b', 'a*', 'a b', 'é', '>', 'a/b']) assert.equal(isId(id), false, id);
});
