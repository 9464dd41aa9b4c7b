/** What every implementation of the analytics store promises the sink. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hasCode } from '../../engine/kernel/errors.ts';
import type { AnalyticsSink } from '../../engine/ports/analytics-sink.ts';
import { type RowFacts, decisionRow, digestOf, eventRow } from '../support/sink-rows.ts';

/** Each test works in partitions of its own, so that one store serves them all. */
export function analyticsSinkContract(store: () => AnalyticsSink): void {
  let lastPartition = 100;
  let queries = 0;
  const partitionsOf = (n: number): readonly number[] => Array.from({ length: n }, () => ++lastPartition);
  const insert = async (rows: readonly RowFacts[]): Promise<void> =>
    store().insert('events', rows.map(eventRow), `sink:contract:${++queries}`);
  const rowsOf = (partition: number, epoch: number, seqs: readonly number[]): readonly RowFacts[] =>
    seqs.map((logSeq) => ({ partition, epoch, logSeq, batchIndex: logSeq % 3 }));
  const isFenced = (error: unknown): boolean => hasCode(error, 'sink-fenced');

  it('counts rows of a range of the log, with their digest', async () => {
    const [partition = 0, other = 0] = partitionsOf(2);
    await store().fence([{ partition, epoch: 5 }], []);
    const rows = [...rowsOf(partition, 5, [7, 8, 9]), { partition, epoch: 5, logSeq: 9, batchIndex: 1, item: 2, outcome: 2 }];
    await insert([...rows, ...rowsOf(other, 5, [8])]);
    const digest = rows.reduce((sum, row) => sum + digestOf(row), 0n);
    assert.deepEqual(await store().count('events', { partition, fromLogSeq: 7, toLogSeq: 9 }), { rows: 4, digest });
    assert.deepEqual(await store().count('events', { partition, fromLogSeq: 10, toLogSeq: 99 }), { rows: 0, digest: 0n });
    assert.deepEqual(await store().count('decisions', { partition, fromLogSeq: 1, toLogSeq: 99 }), { rows: 0, digest: 0n });
  });

  it('has a digest that wraps at 64 bits', async () => {
    const [partition = 0] = partitionsOf(1);
    await store().fence([{ partition, epoch: 1 }], []);
    const rows = rowsOf(
      partition,
      1,
      Array.from({ length: 5 }, (_, i) => 2 ** 52 + i),
    );
    await insert(rows);
    const digest = rows.reduce((sum, row) => (sum + digestOf(row)) % (1n << 64n), 0n);
    assert.ok(rows.reduce((sum, row) => sum + digestOf(row), 0n) > 1n << 64n);
    assert.deepEqual(await store().count('events', { partition, fromLogSeq: 2 ** 52, toLogSeq: 2 ** 53 }), { rows: 5, digest });
  });

  it('keeps decisions apart from events', async () => {
    const [partition = 0] = partitionsOf(1);
    await store().fence([{ partition, epoch: 3 }], []);
    await store().insert('decisions', [decisionRow({ partition, epoch: 3, logSeq: 4, item: 1 })], 'sink:contract:decisions');
    assert.deepEqual(await store().count('decisions', { partition, fromLogSeq: 4, toLogSeq: 4 }), {
      rows: 1,
      digest: digestOf({ partition, epoch: 3, logSeq: 4, item: 1 }),
    });
    assert.equal((await store().count('events', { partition, fromLogSeq: 4, toLogSeq: 4 })).rows, 0);
  });

  it('knows the highest log sequence above a given one', async () => {
    const [partition = 0] = partitionsOf(1);
    assert.equal(await store().maxLogSeq(partition, 0), 0);
    await insert(rowsOf(partition, 1, [3, 12, 5]));
    assert.equal(await store().maxLogSeq(partition, 0), 12);
    assert.equal(await store().maxLogSeq(partition, 11), 12);
    assert.equal(await store().maxLogSeq(partition, 12), 0);
  });

  it('refuses a whole block when one of its rows has an epoch that is over', async () => {
    const [stale = 0, valid = 0] = partitionsOf(2);
    await insert(rowsOf(stale, 4, [1]));
    await store().fence(
      [
        { partition: stale, epoch: 9 },
        { partition: valid, epoch: 2 },
      ],
      ['gone-1'],
    );
    await assert.rejects(insert([...rowsOf(valid, 2, [1, 2]), ...rowsOf(stale, 8, [2])]), isFenced);
    assert.equal((await store().count('events', { partition: valid, fromLogSeq: 1, toLogSeq: 2 })).rows, 0);
    assert.equal((await store().count('events', { partition: stale, fromLogSeq: 1, toLogSeq: 9 })).rows, 1);
    await insert([...rowsOf(valid, 2, [1, 2]), ...rowsOf(stale, 9, [2])]);
    assert.equal((await store().count('events', { partition: stale, fromLogSeq: 1, toLogSeq: 9 })).rows, 2);
  });

  it('never lowers a fence', async () => {
    const [partition = 0] = partitionsOf(1);
    await store().fence([{ partition, epoch: 20 }], []);
    await store().fence([{ partition, epoch: 10 }], []);
    await assert.rejects(insert(rowsOf(partition, 15, [1])), isFenced);
    await insert(rowsOf(partition, 21, [1]));
  });

  it('fences many partitions at once', async () => {
    const partitions = partitionsOf(16);
    await store().fence(
      partitions.map((partition, i) => ({ partition, epoch: 10 + i })),
      ['gone-1', 'gone-2'],
    );
    await insert(partitions.flatMap((partition, i) => rowsOf(partition, 10 + i, [1])));
    for (const [i, partition] of partitions.entries()) await assert.rejects(insert(rowsOf(partition, 9 + i, [2])), isFenced);
  });

  it('takes a block as many buffers, cut anywhere', async () => {
    const [partition = 0] = partitionsOf(1);
    const bytes = Buffer.concat(rowsOf(partition, 1, [1, 2, 3, 4]).map(eventRow));
    await store().insert('events', [bytes.subarray(0, 11), bytes.subarray(11, 12), bytes.subarray(12)], 'sink:contract:cut');
    assert.equal((await store().count('events', { partition, fromLogSeq: 1, toLogSeq: 4 })).rows, 4);
  });
}
