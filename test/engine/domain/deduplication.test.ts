import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CLAIMED_IDS_MAX, ClaimedIds } from '../../../engine/domain/claimed-ids.ts';
import { bootsOf, checkSequence, markSequence, restoreBoot } from '../../../engine/domain/deduplication.ts';
import type { SequenceVerdict } from '../../../engine/domain/deduplication.ts';
import { DeviceKey, TwinStore } from '../../../engine/domain/twin-store.ts';
import { Writers } from '../../../engine/domain/writers.ts';

function deviceIn(store: TwinStore, name = 'd'): number {
  const key = new DeviceKey();
  key.setText('t', name);
  return store.create(key);
}

/** The same rule said with sets: the last two boots by first appearance, each with all it has seen. */
class Model {
  readonly #boots: { readonly boot: number; readonly seen: Set<number>; highest: number }[] = [];

  check(boot: number, seq: number): SequenceVerdict {
    const known = this.#boots.find((candidate) => candidate.boot === boot);
    if (known === undefined) return 'new';
    if (seq <= known.highest - 64) return 'below-window';
    return known.seen.has(seq) ? 'repeated' : 'new';
  }

  mark(boot: number, seq: number): void {
    const known = this.#boots.find((candidate) => candidate.boot === boot);
    if (known === undefined) {
      this.#boots.push({ boot, seen: new Set([seq]), highest: seq });
      if (this.#boots.length > 2) this.#boots.shift();
      return;
    }
    known.seen.add(seq);
    known.highest = Math.max(known.highest, seq);
  }
}

describe('sequences of a device', () => {
  test('are known as if every one were remembered, within the window of the last two boots', () => {
    const step = fc.record({ boot: fc.nat(3), jump: fc.oneof(fc.integer({ min: -70, max: 4 }), fc.integer({ min: 1, max: 140 })) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const store = new TwinStore();
        const model = new Model();
        let device = deviceIn(store);
        const highest = new Map<number, number>();
        for (const [i, { boot, jump }] of steps.entries()) {
          const seq = Math.max(0, (highest.get(boot) ?? 1000) + jump);
          const verdict = checkSequence(store, device, { boot, seq });
          assert.equal(verdict, model.check(boot, seq));
          if (verdict !== 'new') continue;
          markSequence(store, device, { boot, seq });
          model.mark(boot, seq);
          highest.set(boot, Math.max(highest.get(boot) ?? 0, seq));
          // A snapshot in between makes no difference.
          if (i % 17 !== 16) continue;
          const copy = deviceIn(store, `d${i}`);
          for (const state of bootsOf(store, device)) restoreBoot(store, copy, state);
          assert.deepEqual(bootsOf(store, copy), bootsOf(store, device));
          device = copy;
        }
      }),
    );
  });

  test('a device that was never heard of repeats nothing', () => {
    const store = new TwinStore();
    assert.equal(checkSequence(store, 0, { boot: 1, seq: 1 }), 'new');
    assert.deepEqual(bootsOf(store, deviceIn(store)), []);
  });

  test('boots and sequences may be as large as numbers are exact', () => {
    const store = new TwinStore();
    const device = deviceIn(store);
    const boot = Number.MAX_SAFE_INTEGER;
    markSequence(store, device, { boot, seq: boot - 1 });
    assert.equal(checkSequence(store, device, { boot, seq: boot - 1 }), 'repeated');
    assert.equal(checkSequence(store, device, { boot, seq: boot }), 'new');
    assert.equal(checkSequence(store, device, { boot, seq: boot - 65 }), 'below-window');
    assert.equal(checkSequence(store, device, { boot: boot - 1, seq: 1 }), 'new');
  });
});

describe('claimed ids', () => {
  const encoder = new TextEncoder();
  const spanOf = (id: string): { bytes: Uint8Array; start: number; end: number } => {
    const bytes = encoder.encode(`<${id}>`);
    return { bytes, start: 1, end: bytes.length - 1 };
  };

  test('the newest ids of a device are found, with the event that bore them first', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 16 }), { maxLength: 200, size: 'max' }), (ids) => {
        const store = new TwinStore();
        const claimed = new ClaimedIds(store);
        const device = deviceIn(store);
        const other = deviceIn(store, 'other');
        let model: { id: string; seq: number; index: number }[] = [];
        for (const [i, id] of ids.entries()) {
          const known = model.find((entry) => entry.id === id);
          const found = claimed.find(device, spanOf(id));
          assert.deepEqual(found && { seq: found.seq, index: found.index }, known && { seq: known.seq, index: known.index });
          if (known !== undefined) continue;
          const entry = { id, seq: 2 ** 40 + i, index: i };
          claimed.claim(device, spanOf(id), entry);
          model = [...model, entry].slice(-CLAIMED_IDS_MAX);
          if (i % 3 === 0 && claimed.find(other, spanOf(id)) === undefined) claimed.claim(other, spanOf(id), entry);
        }
        const held = [...claimed.of(device)].map(({ bytes, start, end }) => new TextDecoder().decode(bytes.subarray(start, end)));
        assert.deepEqual(
          held,
          model.map(({ id }) => id),
        );
      }),
    );
  });

  test('nobody claimed anything of a device that is not there', () => {
    const claimed = new ClaimedIds(new TwinStore());
    assert.equal(claimed.find(0, spanOf('x')), undefined);
  });
});

describe('batches of a writer', () => {
  test('the last counter again, or an earlier one, was folded before', () => {
    const writers = new Writers();
    const note = (edgeEpoch: number, counter: number, seq: number): unknown =>
      writers.note({ edgeEpoch, counter }, { seq, logMs: seq * 10 });
    assert.deepEqual(note(1, 1, 10), { resent: false });
    assert.deepEqual(note(2, 1, 11), { resent: false });
    assert.deepEqual(note(1, 2, 12), { resent: false });
    assert.deepEqual(note(1, 2, 13), { resent: true, original: 12 });
    assert.deepEqual(note(1, 1, 14), { resent: true, original: 0 });
    assert.deepEqual(note(2, 1, 15), { resent: true, original: 11 });
    assert.deepEqual(note(1, 5, 16), { resent: false });
    assert.deepEqual(note(3, 0, 17), { resent: false });
    assert.deepEqual(note(3, 0, 18), { resent: false });
    assert.deepEqual(writers.states(), [
      { edgeEpoch: 1, counter: 5, seq: 16, logMs: 160, goneMs: 0 },
      { edgeEpoch: 2, counter: 1, seq: 11, logMs: 110, goneMs: 0 },
    ]);
  });

  test('a writer that went is remembered for seven days of log time', () => {
    const day = 86_400_000;
    const writers = new Writers();
    for (const edgeEpoch of [1, 2, 3]) writers.note({ edgeEpoch, counter: 1 }, { seq: edgeEpoch, logMs: 5 });
    writers.gone(1, day);
    writers.gone(1, 2 * day);
    writers.gone(9, 2 * day);
    writers.gone(2, 8 * day - 1);
    assert.deepEqual(
      writers.states().map((state) => state.edgeEpoch),
      [1, 2, 3],
    );
    writers.gone(3, 8 * day);
    assert.deepEqual(
      writers.states().map((state) => state.edgeEpoch),
      [2, 3],
    );
  });
});
