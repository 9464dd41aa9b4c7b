/** The partition of a device: published, so it must never change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isId, isIdBytes } from '../../../engine/kernel/ids.ts';
import { fnv1a32, fnv1a32Bytes, partitionOf } from '../../../engine/kernel/partition.ts';

test('FNV-1a-32 gives its published values', () => {
  assert.equal(fnv1a32(''), 0x811c9dc5);
  assert.equal(fnv1a32('a'), 0xe40c292c);
  assert.equal(fnv1a32('foobar'), 0xbf9cf968);
});

test('tenant and device are hashed one after the other, as text or as bytes', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  fc.assert(
    fc.property(id, id, fc.integer({ min: 1, max: 1_000 }), (tenant, device, partitions) => {
      const bytes = Buffer.from(tenant + device);
      assert.equal(partitionOf(tenant, device, partitions), fnv1a32Bytes(bytes, { start: 0, end: bytes.length }) % partitions);
      const seeded = fnv1a32Bytes(bytes, { start: tenant.length, end: bytes.length, seed: fnv1a32(tenant) });
      assert.equal(seeded, fnv1a32(tenant + device));
    }),
  );
});

test('an id is the same rule over text and over bytes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 70 }), fc.stringMatching(/^[A-Za-z0-9_-]{0,70}$/)), (text) => {
      const bytes = Buffer.from(text);
      assert.equal(isIdBytes(bytes, 0, bytes.length), isId(text));
    }),
  );
  assert.equal(isId('a.b'), false);
  assert.equal(isId('a'.repeat(65)), false);
  assert.equal(isId('Az09_-'), true);
});
