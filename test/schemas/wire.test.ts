import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeMetric, decodeOutcomeRuns, decodeTelemetrySample, EventReader, MetricReader } from '../../schemas/gen/lean.ts';
import {
  copyBytes,
  cursor,
  int64BigInt,
  int64Number,
  readExactText,
  readShortVarint,
  readText,
  readVarint,
  readZigzag,
  skipField,
  textSize,
  varintSize,
  writeText,
  writeVarint,
  writeZigzag,
  zigzagSize,
} from '../../schemas/wire.ts';

function bytesOf(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

describe('varints', () => {
  it('are as long as they say and come back, up to 2^53 - 1', () => {
    const edges = Array.from({ length: 54 }, (_, power) => [2 ** power - 1, 2 ** power]).flat();
    for (const value of edges.filter(Number.isSafeInteger)) {
      const bytes = new Uint8Array(10);
      const end = writeVarint(bytes, 0, value);
      assert.equal(end, varintSize(value), `size of ${value}`);
      assert.equal(readVarint(bytes, 0, end), value);
      assert.equal(cursor.at, end);
      assert.equal(readVarint(bytes, 0, end - 1), -1, `${value} cut short`);
    }
  });

  it('may be padded to ten bytes, and no further', () => {
    const padded = (zeros: number): Uint8Array => bytesOf(0x85, ...Array.from({ length: zeros }, () => 0x80), 0x00);
    assert.equal(readVarint(padded(8), 0, 10), 5);
    assert.equal(cursor.at, 10);
    assert.equal(readVarint(padded(9), 0, 11), -1);
  });

  it('are refused above 2^53 - 1', () => {
    const bytes = new Uint8Array(10);
    const above = [2n ** 53n, 2n ** 56n, 2n ** 63n, 2n ** 64n - 1n];
    for (const value of above) {
      let at = 0;
      let rest = value;
      for (; rest >= 0x80n; rest >>= 7n) bytes[at++] = Number(rest & 0x7fn) | 0x80;
      bytes[at++] = Number(rest);
      assert.equal(readVarint(bytes, 0, at), -1, String(value));
    }
  });

  it('of tags and lengths have five bytes and 32 bits at most', () => {
    assert.equal(readShortVarint(bytesOf(0xff, 0xff, 0xff, 0xff, 0x0f), 0, 5), 0xffffffff);
    assert.equal(readShortVarint(bytesOf(0xff, 0xff, 0xff, 0xff, 0x1f), 0, 5), -1);
    assert.equal(readShortVarint(bytesOf(0x81, 0x80, 0x80, 0x80, 0x80, 0x00), 0, 6), -1);
  });

  it('of what is no unsigned integer are a bug of the writer', () => {
    for (const value of [-1, 1.5, Number.NaN, Infinity, 2 ** 53]) assert.throws(() => varintSize(value), RangeError);
    for (const value of [2n ** 63n, -(2n ** 63n) - 1n]) assert.throws(() => zigzagSize(value), RangeError);
    for (const value of [0.5, 2 ** 60]) assert.throws(() => zigzagSize(value), RangeError);
  });

  it('with a sign keep all 64 bits', () => {
    const limits = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n, -(2n ** 53n), 2n ** 52n, -(2n ** 52n), 0n, -1n];
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...limits), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (value) => {
        const given = Number.isSafeInteger(Number(value)) ? Number(value) : value;
        const bytes = new Uint8Array(10);
        const end = writeZigzag(bytes, 0, given);
        assert.equal(end, zigzagSize(given));
        assert.equal(readZigzag(bytes, 0, end), true);
        assert.equal(int64BigInt(cursor.low, cursor.high), value);
        assert.equal(int64Number(cursor.low, cursor.high), Number(value));
      }),
    );
  });

  it('with a sign are refused beyond 64 bits', () => {
    const ten = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert.equal(readZigzag(bytesOf(...ten, 0x01), 0, 10), true);
    assert.equal(readZigzag(bytesOf(...ten, 0x02), 0, 10), false);
    assert.equal(readZigzag(bytesOf(...ten, 0x81, 0x00), 0, 11), false);
  });
});

describe('text', () => {
  it('has the bytes that the platform says, and comes back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 })), (text) => {
        const wanted = new TextEncoder().encode(text);
        const bytes = new Uint8Array(textSize(text) + 2);
        const end = writeText(bytes, 0, text);
        const start = end - wanted.length;
        assert.deepEqual(bytes.slice(start, end), wanted);
        assert.equal(readText(bytes, start, end), text);
        assert.equal(readExactText(bytes, start, end), text);
      }),
    );
  });

  it('keeps a byte order mark', () => {
    const text = '\uFEFFtemperature';
    const bytes = new TextEncoder().encode(text);
    assert.equal(readText(bytes, 0, bytes.length), text);
    assert.equal(readExactText(bytes, 0, bytes.length), text);
  });

  it('writes half a surrogate pair as the replacement character', () => {
    const bytes = new Uint8Array(8);
    const end = writeText(bytes, 0, 'a\uD800b');
    assert.equal(end, 1 + textSize('a\uD800b'));
    assert.equal(readExactText(bytes, 1, end), 'a\uFFFDb');
  });

  it('that is not UTF-8 is replaced, or refused', () => {
    const bytes = bytesOf(0x61, 0xc0, 0xaf);
    assert.equal(readText(bytes, 0, 3), 'a\uFFFD\uFFFD');
    assert.equal(readExactText(bytes, 0, 3), undefined);
  });
});

describe('malformed messages', () => {
  const refused = (bytes: Uint8Array): void => {
    assert.equal(new EventReader().read(bytes, 0, bytes.length), false);
  };

  it('are refused for a tag that cannot be', () => {
    refused(bytesOf(0x00, 0x00)); // Field 0.
    refused(bytesOf(0x80)); // Cut off.
    refused(bytesOf(0x80, 0x80, 0x80, 0x80, 0x80, 0x01)); // Too long.
    for (const wireType of [3, 4, 6, 7]) refused(bytesOf(0xf8 | wireType, 0x07)); // Groups and unassigned types, of field 127.
  });

  it('are refused for a known field of another wire type', () => {
    for (let field = 1; field <= 27; field++) {
      const bytes = new Uint8Array(8);
      const end = writeVarint(bytes, 0, field * 8 + 5) + 4;
      refused(bytes.subarray(0, end));
    }
  });

  it('are refused for lengths beyond the end', () => {
    refused(bytesOf(0x0a));
    refused(bytesOf(0x0a, 0x02, 0x61));
    refused(bytesOf(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x61));
    refused(bytesOf(0xfa, 0x07, 0x02, 0x61)); // Of an unknown field.
  });

  it('are refused for bounds outside the bytes', () => {
    const reader = new EventReader();
    const bytes = bytesOf(0x0a, 0x01, 0x61);
    assert.equal(reader.read(bytes, 0, 3), true);
    for (const [start, end] of [
      [0, 4],
      [-1, 3],
      [2, 1],
      [Number.NaN, 3],
    ] as const)
      assert.equal(reader.read(bytes, start, end), false);
  });

  it('skip an unknown varint of ten bytes', () => {
    const bytes = bytesOf(0xf8, 0x07, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    assert.equal(skipField(bytes, 0, bytes.length), bytes.length);
  });
});

describe('readers', () => {
  it('take the last member of a oneof', () => {
    const metric = decodeMetric(bytesOf(0x18, 0x01, 0x28, 0x03));
    assert.deepEqual([metric?.boolean, metric?.integer], [undefined, -2]);
  });

  it('keep an integer beyond 2^53 in its halves', () => {
    const bytes = new Uint8Array(11);
    bytes[0] = 0x28;
    const end = writeZigzag(bytes, 1, -(2n ** 60n) - 1n);
    const reader = new MetricReader();
    assert.equal(reader.read(bytes, 0, end), true);
    assert.equal(Number.isSafeInteger(reader.integer), false);
    assert.equal(int64BigInt(reader.integerLow, reader.integerHigh), -(2n ** 60n) - 1n);
    assert.equal(decodeMetric(bytes, 0, end)?.integer, -(2n ** 60n) - 1n);
  });

  it('take repeated numbers in runs, singly and mixed, and no number over the end of its run', () => {
    assert.deepEqual(decodeOutcomeRuns(bytesOf(0x0a, 0x02, 0x01, 0x02, 0x08, 0x03, 0x0a, 0x01, 0x04))?.seqDelta, [1, 2, 3, 4]);
    assert.equal(decodeOutcomeRuns(bytesOf(0x0a, 0x01, 0x80, 0x01)), undefined);
  });

  it('tell an absent optional from its default', () => {
    assert.equal(decodeTelemetrySample(bytesOf(0x10, 0x00))?.ts, 0);
    assert.equal(decodeTelemetrySample(bytesOf())?.ts, undefined);
  });

  it('copy bytes that nobody else can change', () => {
    const source = Buffer.from([1, 2, 3]);
    const copy = copyBytes(source, 1, 3);
    source.fill(9);
    assert.deepEqual(copy, bytesOf(2, 3));
  });
});
