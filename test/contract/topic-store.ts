/** What every store beside a topic partition's log must do for its one writer and its readers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../../engine/kernel/errors.ts';
import { STORE_APPEND_MAX, type StoreEntry, type StoreRead, type TopicStore } from '../../engine/ports/topic-store.ts';

const entry = (name: string, text: string): StoreEntry => ({ name, data: Buffer.from(text) });

async function textsOf(store: TopicStore, partition: number, wanted: StoreRead): Promise<readonly string[]> {
  const read = await Array.fromAsync(store.read(partition, wanted));
  return read.map(({ seq, name, data }) => `${seq} ${name} ${Buffer.from(data).toString()}`);
}

/** `fresh`: a store that nothing was written to, with two partitions. */
export function topicStoreContract(name: string, fresh: (keepsLast: boolean) => Promise<TopicStore>): void {
  test(`${name}: what is appended together is there together, in order, in its partition`, async () => {
    const store = await fresh(false);
    assert.equal(await store.lastSeq(0), 0);
    assert.deepEqual(await textsOf(store, 0, { filter: '>' }), []);
    assert.equal(await store.append(0, [entry('s.1', 'a'), entry('s.2', 'b'), entry('s.end', 'c')], 0), 3);
    assert.equal(await store.append(0, [entry('m.1', 'd')], 3), 4);
    assert.equal(await store.append(0, [entry('s.1', 'e'), entry('s.2', '')], 4), 6);
    assert.deepEqual([await store.lastSeq(0), await store.lastSeq(1)], [6, 0]);
    assert.deepEqual(await textsOf(store, 0, { filter: '>' }), ['1 s.1 a', '2 s.2 b', '3 s.end c', '4 m.1 d', '5 s.1 e', '6 s.2 ']);
    assert.deepEqual(await textsOf(store, 0, { filter: '*.1' }), ['1 s.1 a', '4 m.1 d', '5 s.1 e']);
    assert.deepEqual(await textsOf(store, 0, { filter: 's.end' }), ['3 s.end c']);
    assert.deepEqual(await textsOf(store, 0, { filter: '>', fromSeq: 2, untilSeq: 4 }), ['2 s.2 b', '3 s.end c', '4 m.1 d']);
    assert.deepEqual(await textsOf(store, 1, { filter: '>' }), []);
    const counts = await store.counts(0, 's.*');
    assert.deepEqual([counts.get('s.1'), counts.get('s.2'), counts.get('s.end'), counts.get('m.1')], [2, 2, 1, undefined]);
  });

  test(`${name}: who doesn't know the last sequence is refused, and stores nothing`, async () => {
    const store = await fresh(false);
    const isFenced = (error: unknown): boolean => hasCode(error, 'fenced');
    await store.append(0, [entry('a', '1'), entry('b', '2')], 0);
    await assert.rejects(store.append(0, [entry('a', 'x')], 0), isFenced);
    await assert.rejects(store.append(0, [entry('a', 'x'), entry('c', 'y')], 1), isFenced);
    await assert.rejects(store.append(0, [entry('a', 'x'), entry('c', 'y')], 3), isFenced);
    assert.deepEqual(await textsOf(store, 0, { filter: '>' }), ['1 a 1', '2 b 2']);
    const both = await Promise.allSettled([
      store.append(0, [entry('a', 'left'), entry('b', 'left')], 2),
      store.append(0, [entry('a', 'right'), entry('b', 'right')], 2),
    ]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal(await store.lastSeq(0), 4);
  });

  test(`${name}: of names that keep their last entry only that is there`, async () => {
    const store = await fresh(true);
    await store.append(0, [entry('a', '1'), entry('b', '2'), entry('checkpoint', 'x')], 0);
    await store.append(0, [entry('a', '3'), entry('checkpoint', 'y')], 3);
    assert.deepEqual(await textsOf(store, 0, { filter: '>', untilSeq: 5 }), ['2 b 2', '4 a 3', '5 checkpoint y']);
    assert.deepEqual(await textsOf(store, 0, { filter: 'a' }), ['4 a 3']);
    await store.append(0, [{ ...entry('a', ''), ttlS: 3_600 }], 5);
    assert.deepEqual(await textsOf(store, 0, { filter: 'a' }), ['6 a ']);
    await assert.rejects(store.append(0, [entry('a', 'x')], 5), (error) => hasCode(error, 'fenced'));
  });

  test(`${name}: a purge takes what the filter fits, below the sequence`, async () => {
    const store = await fresh(false);
    await store.append(0, [entry('s.1', 'a'), entry('m.1', 'b'), entry('s.1', 'c'), entry('s.2', 'd')], 0);
    await store.purge(0, 's.*', 1);
    await store.purge(0, 's.*', 0);
    assert.equal((await textsOf(store, 0, { filter: '>' })).length, 4);
    await store.purge(0, 's.*', 4);
    assert.deepEqual(await textsOf(store, 0, { filter: '>' }), ['2 m.1 b', '4 s.2 d']);
    await store.purge(0, '>', 5);
    assert.deepEqual(await textsOf(store, 0, { filter: '>' }), []);
    assert.equal(await store.append(0, [entry('s.1', 'e')], 4), 5);
  });

  test(`${name}: as much as may be appended at once is, and thousands are read`, async () => {
    const store = await fresh(true);
    let last = 0;
    for (let round = 0; round < 3; round++) {
      const entries = Array.from({ length: STORE_APPEND_MAX }, (_, i) => entry(`${round}x${i}`, 'v'.repeat(600)));
      last = await store.append(0, entries, last);
    }
    const names = (await Array.fromAsync(store.read(0, { filter: '>', untilSeq: last }))).map((read) => read.name);
    assert.deepEqual([names.length, new Set(names).size, names[0], names.at(-1)], [3_000, 3_000, '0x0', '2x999']);
    await assert.rejects(
      store.append(
        0,
        Array.from({ length: STORE_APPEND_MAX + 1 }, (_, i) => entry(`y${i}`, '')),
        last,
      ),
    );
    assert.equal(await store.lastSeq(0), last);
  });
}
