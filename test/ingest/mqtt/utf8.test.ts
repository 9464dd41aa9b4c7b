import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { isMqttText } from '../../../ingest/mqtt/utf8.ts';

/** Node replaces what is ill-formed, so only well-formed bytes come back as they were. */
function isWellFormed(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('utf8');
  return !text.includes('\u0000') && Buffer.from(text).equals(bytes);
}

function accepts(bytes: Uint8Array, names = false): boolean {
  return isMqttText(bytes, { start: 0, end: bytes.length }, names);
}

test('accepts what the decoder of Node finds well-formed, but for U+0000', () => {
  const nearText = fc.array(fc.oneof(fc.nat(0x7f), fc.integer({ min: 0x80, max: 0xff }), fc.constantFrom(0xc2, 0xe0, 0xed, 0xf0, 0xf4)), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(nearText, (numbers) => {
      const bytes = Uint8Array.from(numbers);
      assert.equal(accepts(bytes), isWellFormed(bytes));
    }),
    { numRuns: 5_000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = Buffer.from(text);
      assert.equal(accepts(bytes), !text.includes('\u0000'));
    }),
  );
});

test('every code point and every two-byte beginning is judged as the oracle does', () => {
  for (let first = 0x80; first <= 0xff; first++) {
    for (let second = 0; second <= 0xff; second++) {
      for (const tail of [[], [0x80], [0x80, 0x80], [0xbf, 0xbf]]) {
        const bytes = Uint8Array.of(first, second, ...tail);
        assert.equal(accepts(bytes), isWellFormed(bytes), Buffer.from(bytes).toString('hex'));
      }
    }
  }
});

test('names have no control characters, and keep U+FEFF and U+00A0', () => {
  for (const code of [1, 0x1f, 0x7f, 0x80, 0x9f]) {
    const bytes = Buffer.from(`a${String.fromCodePoint(code)}b`);
    assert.equal(accepts(bytes, true), false, `U+${code.toString(16)}`);
    assert.equal(accepts(bytes, false), true, `U+${code.toString(16)}`);
  }
  for (const code of [0x20, 0x7e, 0xa0, 0xfeff, 0x1f600]) {
    assert.equal(accepts(Buffer.from(String.fromCodePoint(code)), true), true, `U+${code.toString(16)}`);
  }
});

test('only the span counts', () => {
  const bytes = Uint8Array.of(0, 0x61, 0xc3, 0xa4, 0xff);
  assert.equal(isMqttText(bytes, { start: 1, end: 4 }, true), true);
  assert.equal(isMqttText(bytes, { start: 1, end: 3 }, true), false);
  assert.equal(isMqttText(bytes, { start: 1, end: 1 }, true), true);
});
