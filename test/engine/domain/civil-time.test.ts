import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayOf, formatRfc3339, parseRfc3339 } from '../../../engine/domain/civil-time.ts';

const encoder = new TextEncoder();
const YEAR_0_MS = -62_167_219_200_000;
const YEAR_9999_MS = 253_402_300_799_999;

function parse(text: string): number {
  const bytes = encoder.encode(`xx${text}yy`);
  return parseRfc3339(bytes, 2, bytes.length - 2);
}

test('times are written as the platform writes them, and read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: YEAR_0_MS, max: YEAR_9999_MS }), (ms) => {
      const text = formatRfc3339(ms);
      assert.equal(text, new Date(ms).toISOString());
      assert.equal(parse(text), ms);
      assert.equal(dayOf(ms), Math.floor(ms / 86_400_000));
    }),
  );
});

test('offsets, fractions and letters as RFC 3339 allows them', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['2026-07-28T12:00:00Z', '2026-07-28T12:00:00.000Z'],
    ['2026-07-28t12:00:00z', '2026-07-28T12:00:00.000Z'],
    ['2026-07-28 12:00:00.5Z', '2026-07-28T12:00:00.500Z'],
    ['2026-07-28T12:00:00.123456789Z', '2026-07-28T12:00:00.123Z'],
    ['2026-07-28T12:00:00+02:00', '2026-07-28T10:00:00.000Z'],
    ['2026-07-28T12:00:00-05:30', '2026-07-28T17:30:00.000Z'],
    ['2024-02-29T23:59:60Z', '2024-03-01T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
  ];
  for (const [text, expected] of cases) assert.equal(parse(text), Date.parse(expected), text);
});

test('what is no time is none', () => {
  const bad = [
    '',
    '2026-07-28',
    '2026-07-28T12:00:00',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:61Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00+2:00',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+02:60',
    '2026-01-01T00:00:00+02.00',
    '2026/01/01T00:00:00Z',
    '2026-01-01X00:00:00Z',
    '2026-01-01T00:00:00Q',
    '2026-01-01T00:00:00Zz',
    '2o26-01-01T00:00:00Z',
  ];
  for (const text of bad) assert(Number.isNaN(parse(text)), text);
});

test('a time that four digits of a year cannot say is a bug', () => {
  assert.throws(() => formatRfc3339(YEAR_9999_MS + 1), /years 0 to 9999/);
  assert.throws(() => formatRfc3339(YEAR_0_MS - 1), /years 0 to 9999/);
});
