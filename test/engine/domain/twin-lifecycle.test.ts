import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isArchived, isBarred, LIFECYCLE_STATES } from '../../../engine/domain/registry-fact.ts';
import { eraseTwin } from '../../../engine/domain/twin-erase.ts';
import {
  barringState,
  type Lifecycle,
  lifecycleOf,
  lifecycleText,
  parseLifecycle,
  setLifecycle,
} from '../../../engine/domain/twin-lifecycle.ts';
import { DeviceKey, TwinStore } from '../../../engine/domain/twin-store.ts';

const lifecycle: fc.Arbitrary<Lifecycle> = fc
  .record({
    state: fc.constantFrom(...LIFECYCLE_STATES),
    registrySeq: fc.maxSafeNat(),
    ms: fc.maxSafeNat(),
    seq: fc.maxSafeNat(),
    index: fc.nat(2 ** 32 - 1),
  })
  .map(({ state, registrySeq, ...since }) => ({ state, registrySeq, since: isBarred(state) ? since : undefined }));

function keyOf(device: string): DeviceKey {
  const key = new DeviceKey();
  key.setText('t', device);
  return key;
}

test('what was set last is there, of each device its own, and so is what a snapshot says of it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), lifecycle)), (steps) => {
      const store = new TwinStore();
      const model = new Map<string, Lifecycle>();
      for (const [name, one] of steps) {
        const device = store.find(keyOf(name)) || store.create(keyOf(name));
        setLifecycle(store, device, one);
        model.set(name, one);
        for (const [other, expected] of model) {
          const address = store.find(keyOf(other));
          assert.deepEqual(lifecycleOf(store, address), expected);
          assert.equal(barringState(store, address), isBarred(expected.state) ? expected.state : undefined);
          assert.deepEqual(parseLifecycle(lifecycleText(expected), expected.registrySeq), expected);
        }
      }
    }),
  );
});

test('a device that comes and goes, and is erased, takes no more memory than once', () => {
  const store = new TwinStore();
  const since = { ms: 1, seq: 2, index: 3 };
  for (let i = 1; i < 50_000; i++) {
    const device = store.create(keyOf('d'));
    setLifecycle(store, device, { state: 'active', registrySeq: i, since: undefined });
    setLifecycle(store, device, { state: 'disabled', registrySeq: i, since });
    setLifecycle(store, device, { state: i % 2 === 0 ? 'active' : 'decommissioned', registrySeq: i, since });
    assert.ok(eraseTwin(store, keyOf('d')));
  }
  assert.equal(store.arena.doubles.length, 1);
  assert.equal(lifecycleOf(store, store.create(keyOf('d'))), undefined);
});

test('only who is gone for good has an archive', () => {
  assert.deepEqual(
    LIFECYCLE_STATES.map((state) => [state, isBarred(state), isArchived(state)]),
    [
      ['registered', false, false],
      ['active', false, false],
      ['disabled', true, false],
      ['decommissioned', true, true],
      ['deleted', true, true],
    ],
  );
});

test('what is no state of a snapshot is told apart', () => {
  for (const text of ['', '[]', 'null', '{"state":"odd"}', '{"state":"disabled"}', '{"state":"disabled","ms":"1","seq":2,"index":3}'])
    assert.equal(parseLifecycle(text, 1), undefined, text);
});
