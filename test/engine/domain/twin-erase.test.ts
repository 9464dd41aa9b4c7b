/** The store after devices were erased, against a plain set; and that nothing of them is left in memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eraseTwin } from '../../../engine/domain/twin-erase.ts';
import { DeviceKey, TwinStore } from '../../../engine/domain/twin-store.ts';
import { KIND } from '../../../schemas/envelope.ts';
import { FoldRun } from '../../support/fold-run.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';

function keyOf(device: string): DeviceKey {
  const key = new DeviceKey();
  key.setText('t', device);
  return key;
}

test('who stays is found, whatever was taken out between', () => {
  const step = fc.record({ device: fc.integer({ min: 0, max: 60 }), erase: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const store = new TwinStore();
      const there = new Map<string, number>();
      for (const { device, erase } of steps) {
        const name = `d${device}`;
        if (erase) assert.equal(eraseTwin(store, keyOf(name)), there.delete(name));
        else if (!there.has(name)) there.set(name, store.create(keyOf(name)));
      }
      assert.equal(store.count, there.size);
      for (let device = 0; device <= 60; device++) assert.equal(store.find(keyOf(`d${device}`)), there.get(`d${device}`) ?? 0);
      assert.deepEqual(new Set(store.sortedAddresses()), new Set(there.values()));
    }),
  );
});

test('nothing that an erased device said is left in the memory of its partition', () => {
  const run = new FoldRun();
  const secret = 'a-word-that-only-this-device-said';
  const events = [
    jsonEvent('d1', { boot: 1, seq: 1, id: secret, metrics: { fw: secret, t: 1 } }),
    jsonEvent('d1', { boot: 2, seq: 1, metrics: { fw: `${secret}-again`, more: `${secret}-${'x'.repeat(500)}` } }),
    jsonEvent('d2', { metrics: { fw: 'kept' } }),
  ];
  run.fold([{ seq: 1, timeMs: 1_788_566_000_000, data: batchOf({ edgeEpoch: 1, counter: 1, events }) }]);
  const held = (): boolean => run.state.twins.arena.bytes.some((page) => Buffer.from(page).includes(secret));
  assert.ok(held());
  run.fold([
    {
      seq: 2,
      timeMs: 1_788_566_000_000,
      data: batchOf({ edgeEpoch: 1, counter: 2, events: [{ tenant: 't', device: 'd1', kind: KIND.erased }] }),
    },
  ]);
  assert.equal(held(), false);
  assert.equal(run.twin('d1'), undefined);
  assert.notEqual(run.twin('d2'), undefined);
});
