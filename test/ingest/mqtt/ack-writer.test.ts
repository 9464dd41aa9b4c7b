/** The PUBACKs of stored messages, in the slab that all connections share. */
import assert from 'node:assert/strict';
import type { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { AckWriter } from '../../../ingest/mqtt/ack-writer.ts';
import { packetIds, parsed } from './codec-oracle.ts';

test('the PUBACK of a stored message carries its position, as long as it fits', () => {
  const writer = new AckWriter();
  const numbers = fc.record({
    partition: fc.nat(65_535),
    seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    index: fc.nat(999_999),
  });
  fc.assert(
    fc.property(packetIds, numbers, fc.integer({ min: 4, max: 80 }), (packetId, position, packetBytesMax) => {
      writer.begin();
      assert.ok(writer.isEmpty);
      writer.positioned(packetId, position, packetBytesMax);
      const bytes = writer.take();
      assert.ok(bytes.length <= packetBytesMax);
      const ack = parsed(bytes, 5);
      assert.ok(ack.cmd === 'puback' && ack.messageId === packetId && (ack.reasonCode ?? 0) === 0);
      const expected = `${position.partition}.${position.seq}.${position.index}`;
      const fits = 19 + expected.length <= packetBytesMax;
      assert.equal(ack.properties?.userProperties?.['position'], fits ? expected : undefined);
    }),
    { numRuns: 2_000 },
  );
});

test('what a socket holds stays as it was while the writer goes on over many slabs', () => {
  const writer = new AckWriter();
  const held: { bytes: Buffer; ids: readonly number[] }[] = [];
  for (let id = 1; id <= 30_000; id++) {
    writer.begin();
    const ids = id % 3 === 0 ? [id, id + 1] : [id];
    for (const one of ids) writer.short(one);
    const bytes = writer.take();
    assert.deepEqual([...bytes], acksOf(ids), 'at once');
    if (id % 5 === 0) {
      held.push({ bytes, ids });
      writer.leave();
    } else {
      writer.free();
    }
  }
  for (const { bytes, ids } of held) assert.deepEqual([...bytes], acksOf(ids));
});

function acksOf(ids: readonly number[]): readonly number[] {
  return ids.flatMap((id) => [0x40, 2, id >> 8, id & 0xff]);
}
