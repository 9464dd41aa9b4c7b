import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeIndexParts, SMALL_SPAN_MAX, TopicIndexBuilder, type Segment } from '../../../engine/domain/topic-index-builder.ts';
import {
  coveredTo,
  decodeIndexPart,
  encodeIndexPart,
  INDEX_PARTS,
  partOfKey,
  searchIndexPart,
} from '../../../engine/kernel/topic-index.ts';

interface Message {
  readonly seq: number;
  readonly keys: readonly number[];
}

const KEYS = [0, 1, 2 ** 23 - 1, 2 ** 23, 2 ** 32 - 1, 0xdeadbeef, 0xdeadbeee];

function segmentsOf(messages: readonly Message[], closeAfter: ReadonlySet<number>, fromSeq: number): readonly Segment[] {
  const builder = new TopicIndexBuilder(fromSeq);
  const segments: Segment[] = [];
  for (const { seq, keys } of messages) {
    builder.begin(seq);
    for (const key of keys) builder.add(key);
    if (closeAfter.has(seq)) segments.push(builder.close(seq));
  }
  segments.push(builder.close(messages.at(-1)?.seq ?? fromSeq));
  return segments.filter((segment) => segment.toSeq >= segment.fromSeq);
}

function search(
  segments: readonly Segment[],
  key: number,
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  const found = new Set<number>();
  for (const segment of segments) {
    const part = segment.parts[partOfKey(key)];
    assert.ok(part !== undefined);
    assert.deepEqual(searchIndexPart(part, { keys: [key], from, to }, found)?.fromSeq, segment.fromSeq);
  }
  return [...found].toSorted((a, b) => a - b);
}

function merged(segments: readonly Segment[]): Segment {
  const range = { fromSeq: segments[0]?.fromSeq ?? 0, toSeq: segments.at(-1)?.toSeq ?? 0 };
  const parts = Array.from({ length: INDEX_PARTS }, (_, part) => {
    const one = mergeIndexParts(
      segments.map((segment) => segment.parts[part] ?? new Uint8Array()),
      range,
    );
    assert.ok(one !== undefined);
    return one;
  });
  return { ...range, parts, entries: segments.reduce((sum, { entries }) => sum + entries, 0) };
}

test('segments, in any cut and merged, find what a scan finds', () => {
  const history = fc.record({
    fromSeq: fc.constantFrom(1, 7, 2 ** 40),
    keys: fc.array(fc.array(fc.constantFrom(...KEYS), { maxLength: 6 }), { minLength: 1, maxLength: 40 }),
    gaps: fc.array(fc.nat(3), { minLength: 40, maxLength: 40 }),
    cuts: fc.array(fc.nat(40)),
  });
  fc.assert(
    fc.property(history, fc.nat(60), fc.nat(60), ({ fromSeq, keys, gaps, cuts }, a, b) => {
      let seq = fromSeq;
      const messages = keys.map((of, i) => ({ seq: (seq += 1 + (gaps[i] ?? 0)), keys: of }));
      const closeAfter = new Set(cuts.map((cut) => messages[cut]?.seq ?? 0));
      const segments = segmentsOf(messages, closeAfter, fromSeq);
      const [from, to] = [fromSeq + Math.min(a, b), fromSeq + Math.max(a, b)];
      const last = messages.at(-1)?.seq ?? 0;
      assert.equal(coveredTo(fromSeq, segments), last);
      for (const key of KEYS) {
        const scanned = messages.filter((message) => message.keys.includes(key) && message.seq >= from && message.seq <= to);
        const wanted = scanned.map((message) => message.seq);
        assert.deepEqual(search(segments, key, { from, to }), wanted);
        assert.deepEqual(search([merged(segments)], key, { from, to }), wanted);
      }
    }),
    { numRuns: 100 },
  );
});

test('who builds a segment again builds the same', () => {
  const messages = Array.from({ length: 500 }, (_, i) => ({ seq: i + 1, keys: [Math.imul(i, 2_654_435_761) >>> 0, 5, 5] }));
  const [one] = segmentsOf(messages, new Set(), 1);
  const [again] = segmentsOf(messages, new Set(), 1);
  assert.equal(one?.entries, 1_000);
  assert.deepEqual(one, again);
});

test('a segment is closed before the log’s sequence jumps too far, and covers the jump', () => {
  const builder = new TopicIndexBuilder(1);
  builder.begin(1);
  builder.add(7);
  assert.equal(builder.isFull(SMALL_SPAN_MAX), false);
  const far = SMALL_SPAN_MAX * 1_000;
  assert.equal(builder.isFull(far), true);
  const first = builder.close(far - 1);
  builder.begin(far);
  builder.add(7);
  const second = builder.close(far);
  assert.deepEqual(search([first, second], 7, { from: 1, to: far }), [1, far]);
  assert.equal(coveredTo(1, [first, second]), far);
});

test('what is damaged is no part', () => {
  const whole = encodeIndexPart({ fromSeq: 1, toSeq: 9, entries: new Float64Array([1, 2, 3]) });
  assert.deepEqual([...(decodeIndexPart(whole)?.entries ?? [])], [1, 2, 3]);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      // The header's last bytes are spare.
      if (at >= 28 && at < 32) return;
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ change;
      assert.equal(decodeIndexPart(bytes), undefined);
      assert.equal(searchIndexPart(bytes, { keys: [0], from: 1, to: 9 }, new Set()), undefined);
    }),
  );
  for (let length = 0; length < whole.length; length++) assert.equal(decodeIndexPart(whole.subarray(0, length)), undefined);
  assert.equal(mergeIndexParts([whole, whole.subarray(1)], { fromSeq: 1, toSeq: 9 }), undefined);
});

test('coverage ends at the first gap, and overlaps do no harm', () => {
  const range = (fromSeq: number, toSeq: number) => ({ fromSeq, toSeq });
  assert.equal(coveredTo(5, []), 4);
  assert.equal(coveredTo(5, [range(6, 9)]), 4);
  assert.equal(coveredTo(5, [range(8, 9), range(1, 6)]), 6);
  assert.equal(coveredTo(5, [range(7, 9), range(1, 6), range(1, 4)]), 9);
});
