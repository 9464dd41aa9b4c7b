import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CLIENT_INFLIGHT_MAX } from '../../../engine/kernel/limits.ts';
import type { IntakeFailure } from '../../../ingest/message.ts';
import { AckWriter } from '../../../ingest/mqtt/ack-writer.ts';
import { Acknowledgements, UNACKNOWLEDGED } from '../../../ingest/mqtt/acknowledgements.ts';
import type { MqttRefusal } from '../../../ingest/mqtt/counters.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';

const LOG_FULL: IntakeFailure = { code: 'log-full', limit: 'log-bytes', retryAfterMs: 700 };
const PARTITION = 3;
const UNKNOWN: IntakeFailure = { code: 'unknown-outcome', retryAfterMs: 1_000 };

interface Given {
  readonly acks: Acknowledgements;
  readonly counted: MqttRefusal[];
  readonly told: { readonly stored: number; readonly took: readonly number[] };
  ready(): number;
  /** Packet identifiers and reason codes that leave now, and whether the connection may go on. */
  flush(): { readonly out: [number, number][]; readonly goesOn: boolean; readonly text: string };
}

function given(level: 4 | 5, wantsProblemInfo = false): Given {
  const writer = new AckWriter();
  const counted: MqttRefusal[] = [];
  const told = { stored: 0, took: [] as number[] };
  let ready = 0;
  const acks = new Acknowledgements({
    limits: { level, packetBytesMax: 1_000, wantsProblemInfo },
    onReceived: () => undefined,
    counters: {
      count: (why) => void counted.push(why),
      stored: () => void told.stored++,
      acknowledged: (tookMs) => void told.took.push(tookMs),
      unsent: () => undefined,
    },
    onReady: () => void ready++,
  });
  return {
    acks,
    counted,
    told,
    ready: () => ready,
    flush: () => {
      writer.begin();
      const goesOn = acks.write(writer);
      const bytes = writer.take();
      const out: [number, number][] = [];
      for (let at = 0; at < bytes.length; at += 2 + (bytes[at + 1] ?? 0)) {
        assert.equal(bytes[at], 0x40);
        out.push([((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0), (bytes[at + 1] ?? 0) > 2 ? (bytes[at + 4] ?? 0) : 0]);
      }
      return { out, goesOn, text: bytes.toString('latin1') };
    },
  };
}

test('acknowledgements leave in the order of the PUBLISHes, however they are settled', () => {
  // Each step publishes as many as there is room for, settles some in any order, and flushes.
  const steps = fc.array(fc.record({ publishes: fc.nat(40), settles: fc.array(fc.nat(1_000), { maxLength: 40 }) }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.constantFrom<4 | 5>(4, 5), steps, (level, list) => {
      const { acks, flush, ready } = given(level, level === 5);
      const pending: number[] = [];
      const published: number[] = [];
      const acknowledged: number[] = [];
      const settledTags = new Set<number>();
      const tagOf: number[] = [];
      let nextId = 1;
      const settle = (tag: number): void => {
        const before = ready();
        acks.stored(tag, 10 + tag, tag % 7);
        settledTags.add(tag);
        // It says so exactly when the oldest is settled, so that nobody flushes in vain.
        const isOldest = tagOf[acknowledged.length] === tag;
        assert.equal(ready() - before, isOldest ? 1 : 0);
      };
      const run = (step: { publishes: number; settles: number[] }): void => {
        for (let i = 0; i < step.publishes && !acks.isFull; i++) {
          const id = nextId++;
          assert.equal(acks.has(id), false);
          const tag = acks.expect(id, 1, PARTITION);
          pending.push(tag);
          tagOf.push(tag);
          published.push(id);
          assert.equal(acks.has(id), true);
        }
        for (const pick of step.settles) {
          const [tag] = pending.splice(pick % Math.max(1, pending.length), 1);
          if (tag !== undefined) settle(tag);
        }
        const { out, goesOn } = flush();
        assert.ok(goesOn);
        acknowledged.push(...out.map(([id]) => id));
        // Exactly the finished prefix has left.
        const prefix = tagOf.findIndex((tag) => !settledTags.has(tag));
        assert.deepEqual(acknowledged, published.slice(0, prefix === -1 ? published.length : prefix));
        assert.equal(acks.inFlight, published.length - acknowledged.length);
        assert.ok(acks.inFlight <= CLIENT_INFLIGHT_MAX);
      };
      for (const step of list) run(step);
      run({ publishes: 0, settles: pending.map(() => 0) });
      assert.deepEqual(acknowledged, published);
    }),
  );
});

test('a position belongs to its message', () => {
  const { acks, flush } = given(5, true);
  const first = acks.expect(7, 1, PARTITION);
  const second = acks.expect(8, 1, PARTITION);
  acks.stored(second, 42, 1);
  assert.deepEqual(flush().out, []);
  acks.stored(first, 41, 0);
  const { text } = flush();
  assert.match(text, /position\0\x063\.41\.0.*position\0\x063\.42\.1/s);
});

test('a 5 client hears of a failure in its turn, with the limit and a time to come back', () => {
  const { acks, flush, counted } = given(5, true);
  const first = acks.expect(1, 1, PARTITION);
  const second = acks.expect(2, 1, PARTITION);
  const third = acks.expect(3, 1, PARTITION);
  acks.failed(second, LOG_FULL);
  acks.failed(third, UNKNOWN);
  assert.deepEqual(flush().out, []);
  acks.stored(first, 1, 0);
  const { out, goesOn, text } = flush();
  assert.ok(goesOn);
  assert.deepEqual(out, [
    [1, 0],
    [2, REASON.QUOTA_EXCEEDED],
    [3, REASON.IMPLEMENTATION_SPECIFIC],
  ]);
  assert.match(text, /limit\0\x09log-bytes.*retry-after-ms\0\x03700.*retry-after-ms\0\x041000/s);
  assert.deepEqual(counted, ['log-full', 'unknown-outcome']);
});

test('a 3.1.1 client is never acknowledged what failed: the connection ends in its turn', () => {
  const { acks, flush } = given(4);
  const first = acks.expect(1, 1, PARTITION);
  const second = acks.expect(2, 1, PARTITION);
  acks.stored(acks.expect(3, 1, PARTITION), 9, 0);
  acks.failed(second, LOG_FULL);
  assert.deepEqual(flush(), { out: [], goesOn: true, text: '' });
  acks.stored(first, 1, 0);
  const { out, goesOn } = flush();
  assert.deepEqual(out, [[1, 0]]);
  assert.equal(goesOn, false);
});

test('messages without acknowledgement, and settlements after the end, leave no trace', () => {
  const { acks, flush, ready, counted } = given(5);
  acks.stored(UNACKNOWLEDGED, 1, 0);
  acks.failed(UNACKNOWLEDGED, LOG_FULL);
  assert.equal(ready(), 0);
  assert.deepEqual(counted, ['log-full']);
  const tag = acks.expect(1, 1, PARTITION);
  acks.close();
  acks.stored(tag, 1, 0);
  acks.failed(tag, LOG_FULL);
  assert.equal(ready(), 0);
  assert.deepEqual(flush().out, []);
});

test('an offer that was not taken leaves the ring as it was', () => {
  const { acks, flush } = given(4);
  const first = acks.expect(1, 1, PARTITION);
  acks.expect(2, 1, PARTITION);
  acks.unexpect();
  assert.equal(acks.has(2), false);
  const again = acks.expect(2, 1, PARTITION);
  acks.stored(first, 1, 0);
  acks.stored(again, 1, 1);
  assert.deepEqual(flush().out, [
    [1, 0],
    [2, 0],
  ]);
});

test('every stored event is counted, and one message of 128 is timed, from its PUBLISH to its acknowledgement', () => {
  const { acks, flush, told } = given(4);
  acks.stored(UNACKNOWLEDGED, 1, 0);
  for (let n = 0; n < 300; n++) {
    const before = performance.now();
    acks.stored(acks.expect(n + 1, 1, PARTITION), 2, n);
    flush();
    const longest = performance.now() - before;
    assert.equal(told.took.length, Math.floor(n / 128) + 1);
    assert.ok((told.took.at(-1) ?? -1) >= 0 && (n % 128 !== 0 || (told.took.at(-1) ?? 0) <= longest));
  }
  assert.equal(told.stored, 301);
});
