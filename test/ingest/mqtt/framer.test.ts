import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { Framer, type FramerResult } from '../../../ingest/mqtt/framer.ts';
import { lengthOf } from './client-codec.ts';

const PACKET_BYTES_MAX = 5_000;

interface Seen {
  readonly first: number;
  readonly body: string;
}

function packetOf(first: number, body: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(first), lengthOf(body.length), body]);
}

const packets = fc.array(fc.record({ first: fc.integer({ min: 0x10, max: 0xff }), body: fc.uint8Array({ maxLength: 400 }) }), {
  minLength: 1,
  maxLength: 12,
});

/** Cuts a stream at the given places, each a fraction of its length. */
function cutAt(stream: Buffer, fractions: readonly number[]): Buffer[] {
  const places = [...new Set(fractions.map((fraction) => Math.floor(fraction * stream.length)))].toSorted((a, b) => a - b);
  return [0, ...places].map((place, i) => Buffer.from(stream.subarray(place, places[i] ?? stream.length)));
}

test('any cuts of the stream give the same packets, also with a handler that blocks at times', () => {
  fc.assert(
    fc.property(packets, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), fc.infiniteStream(fc.boolean()), (list, cuts, blocks) => {
      const seen: Seen[] = [];
      const framer = new Framer(PACKET_BYTES_MAX, (frame) => {
        if (blocks.next().value) return false;
        seen.push({ first: frame.first, body: frame.buffer.toString('hex', frame.start, frame.end) });
        return true;
      });
      const stream = Buffer.concat(list.map((one) => packetOf(one.first, one.body)));
      for (const chunk of cutAt(stream, cuts)) {
        let result: FramerResult = framer.push(chunk);
        // A chunk's buffer belongs to the socket again: what was kept must be a copy.
        chunk.fill(0xee);
        while (result === 'blocked') result = framer.resume();
        assert.equal(result, 'ok');
      }
      assert.deepEqual(
        seen,
        list.map((one) => ({ first: one.first, body: Buffer.from(one.body).toString('hex') })),
      );
      assert.equal(framer.keptCapacity, 0);
    }),
  );
});

test('a held chunk is handled by resume, in order', () => {
  const seen: number[] = [];
  let open = false;
  const framer = new Framer(PACKET_BYTES_MAX, (frame) => open && seen.push(frame.first) > 0);
  assert.equal(framer.push(Buffer.from([0xc0, 0, 0xc1])), 'blocked');
  framer.hold(Buffer.from([0, 0xc2, 0]));
  open = true;
  assert.equal(framer.resume(), 'ok');
  assert.deepEqual(seen, [0xc0, 0xc1, 0xc2]);
});

test('a packet is measured by its fixed header, before its body is kept', () => {
  for (const [bytes, expected] of [
    [[0x30, 0xff, 0xff, 0xff, 0x7f], 'too-large'],
    [[0x30, 0x89, 0x27], 'too-large'],
    [[0x30, 0x85, 0x27], 'ok'],
    [[0x30, 0x80, 0x80, 0x80, 0x80], 'bad-length'],
    [[0x30, 0x80, 0x00], 'bad-length'],
    [[0x00], 'bad-type'],
    [[0x0a, 0xc0], 'bad-type'],
  ] as const) {
    const framer = new Framer(PACKET_BYTES_MAX, () => true);
    assert.equal(framer.push(Buffer.from(bytes)), expected, Buffer.from(bytes).toString('hex'));
  }
  // 4,997 bytes of body and 3 of header are the limit exactly.
  assert.equal(lengthOf(4_997).length + 1 + 4_997, PACKET_BYTES_MAX);
});

test('memory follows what arrived, never what was declared', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 40 }), (chunks) => {
      const framer = new Framer(PACKET_BYTES_MAX, () => true);
      let largest = 0;
      for (const chunk of chunks) {
        largest = Math.max(largest, chunk.length);
        const result = framer.push(Buffer.from(chunk));
        assert.ok(framer.keptCapacity <= 2 * (PACKET_BYTES_MAX + largest), `${framer.keptCapacity} bytes kept`);
        if (result !== 'ok') return;
      }
    }),
    { numRuns: 1_000 },
  );
  const idle = new Framer(PACKET_BYTES_MAX, () => true);
  idle.push(Buffer.from([0x30, 0x85, 0x27, 1, 2, 3]));
  assert.ok(idle.keptCapacity <= 256);
});

test('a handler may clear the framer', () => {
  const framer: Framer = new Framer(PACKET_BYTES_MAX, () => {
    framer.clear();
    return false;
  });
  framer.push(Buffer.from([0xc0]));
  assert.equal(framer.push(Buffer.from([0, 0xc0, 0])), 'blocked');
  framer.clear();
  assert.equal(framer.keptCapacity, 0);
});
