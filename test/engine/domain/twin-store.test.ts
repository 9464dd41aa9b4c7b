import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Arena, BLOCK_UNITS_MAX, blockUnits, PAGE_UNITS_LOG2, PAGE_UNITS_MASK } from '../../../engine/domain/twin-arena.ts';
import { DeviceKey, TwinStore } from '../../../engine/domain/twin-store.ts';
import { partitionOf } from '../../../engine/kernel/partition.ts';

test('blocks never overlap, never straddle pages, and are used again', () => {
  const action = fc
    .oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3000 }))
    .chain((units) => fc.record({ units: fc.constant(units), release: fc.option(fc.nat(50)) }));
  fc.assert(
    fc.property(fc.array(action, { maxLength: 400, size: 'max' }), (actions) => {
      const arena = new Arena();
      const held: { address: number; units: number; mark: number }[] = [];
      let mark = 1;
      for (const { units, release } of actions) {
        const address = arena.allocate(units);
        assert(address > 0);
        const start = address & PAGE_UNITS_MASK;
        assert(start + blockUnits(units) <= PAGE_UNITS_MASK + 1);
        (arena.doubles[address >>> PAGE_UNITS_LOG2] as Float64Array).fill(mark, start, start + units);
        held.push({ address, units, mark: mark++ });
        if (release !== null) for (const block of held.splice(release, 1)) arena.release(block.address, block.units);
      }
      for (const { address, units, mark: expected } of held) {
        const start = address & PAGE_UNITS_MASK;
        assert(
          (arena.doubles[address >>> PAGE_UNITS_LOG2] as Float64Array).subarray(start, start + units).every((value) => value === expected),
        );
      }
    }),
  );
});

test('a block is at most a quarter larger than asked for, and a class of its own', () => {
  let last = 0;
  for (let units = 1; units <= BLOCK_UNITS_MAX; units++) {
    const size = blockUnits(units);
    assert(size >= units && size <= Math.max(units, units * 1.25) && size >= last && blockUnits(size) === size);
    last = size;
  }
  assert.equal(blockUnits(0), 1);
  assert.throws(() => blockUnits(BLOCK_UNITS_MAX + 1), /a block of/);
  const arena = new Arena();
  const address = arena.allocate(100);
  arena.release(address, 97);
  assert.equal(arena.allocate(112), address);
  assert.equal(arena.bytesHeld, 2 ** 20);
});

test('devices are found by their whole key, and sorted the same however they came', () => {
  const id = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '-', '_'), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(id, id), { maxLength: 300, size: 'max', selector: ([tenant, device]) => `${tenant}/${device}` }),
      (pairs) => {
        const keys = pairs.map(([tenant, device]) => {
          const key = new DeviceKey();
          key.setText(tenant, device);
          assert.equal(key.partition(16), partitionOf(tenant, device, 16));
          // A few hashes only, so that keys share them.
          key.hash &= 0xf0000003;
          return key;
        });
        const order = (store: TwinStore): readonly string[] => Array.from(store.sortedAddresses(), (address) => keyText(store, address));
        const store = new TwinStore();
        const addresses = keys.map((key) => {
          assert.equal(store.find(key), 0);
          return store.create(key);
        });
        for (const [i, key] of keys.entries()) assert.equal(store.find(key), addresses[i]);
        const backwards = new TwinStore();
        for (const key of keys.toReversed()) backwards.create(key);
        assert.deepEqual(order(store), order(backwards));
        assert.equal(new Set(order(store)).size, keys.length);
      },
    ),
  );
});

function keyText(store: TwinStore, address: number): string {
  const bytes = store.bytesAt(address);
  const at = store.keyByte(address);
  const tenantEnd = at + 2 + (bytes[at] ?? 0);
  const decoder = new TextDecoder();
  return `${decoder.decode(bytes.subarray(at + 2, tenantEnd))}/${decoder.decode(bytes.subarray(tenantEnd, tenantEnd + (bytes[at + 1] ?? 0)))}`;
}
