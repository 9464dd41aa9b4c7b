/** What a partition's buffer holds, gives up and fills again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { epochOf } from '../../../schemas/row-binary.ts';
import { type ReleasedRows, SinkBuffer } from '../../../engine/runtime/sink-buffer.ts';
import { decisionRow, rowBlock } from '../../support/sink-rows.ts';

const ANY = { rowsMax: 1_000, bytesMax: 1_000_000 };

function released(
  logSeq: number,
  rows = 2,
  facts: { readonly logDay?: number; readonly decisions?: number; readonly epoch?: number } = {},
): ReleasedRows {
  const list = Array.from({ length: rows }, (_, batchIndex) => ({ partition: 1, logSeq, batchIndex, epoch: facts.epoch ?? 5 }));
  return {
    events: rowBlock(list),
    decisions: rowBlock(list.slice(0, facts.decisions ?? 0), decisionRow),
    fromLogSeq: logSeq,
    toLogSeq: logSeq,
    logDay: facts.logDay ?? 0,
  };
}

function fresh(at: { readonly hwm?: number; readonly lastRecordSeq?: number; readonly lastLogSeq?: number } = {}): SinkBuffer {
  return new SinkBuffer({ hwm: 10, lastRecordSeq: 10, lastLogSeq: 100, nowMs: 1_000, ...at });
}

describe('a sink buffer', () => {
  it('is empty when everything released is in ClickHouse', () => {
    const buffer = fresh();
    assert.deepEqual(
      [buffer.empty, buffer.rows, buffer.bytes, buffer.oldestMs, buffer.headGap(), buffer.batch(1, 5, ANY)],
      [true, 0, 0, undefined, undefined, undefined],
    );
  });

  it('begins with a gap where a former owner released more than it wrote', () => {
    const buffer = fresh({ lastRecordSeq: 14 });
    assert.deepEqual(buffer.headGap(), { kind: 'gap', from: 11, to: 14, sinceMs: 1_000 });
    assert.equal(buffer.batch(1, 5, ANY), undefined);
  });

  it('makes one intent of rows of consecutive records, right behind the high-water mark', () => {
    const buffer = fresh();
    buffer.add(12, released(101, 2, { decisions: 1 }), 2_000);
    buffer.add(13, released(102, 3), 3_000);
    const batch = buffer.batch(1, 5, ANY);
    assert.deepEqual(
      { ...batch, tables: batch?.tables.map(({ table, rows }) => `${table} ${rows}`) },
      {
        partition: 1,
        epoch: 5,
        from: 11,
        to: 13,
        tables: ['events 5', 'decisions 1'],
        fromLogSeq: 101,
        toLogSeq: 102,
        logDay: 0,
      },
    );
    assert.equal(buffer.oldestMs, 2_000);
  });

  it('keeps an intent within its limits, within a log day, and never without rows', () => {
    const buffer = fresh();
    buffer.add(11, released(101, 4), 0);
    buffer.add(12, released(102, 4), 0);
    buffer.add(13, released(103, 1, { logDay: 1 }), 0);
    assert.equal(buffer.batch(1, 5, ANY)?.to, 12);
    assert.equal(buffer.batch(1, 5, { ...ANY, rowsMax: 7 })?.to, 11);
    assert.equal(buffer.batch(1, 5, { ...ANY, rowsMax: 1 })?.to, 11);
    assert.equal(buffer.batch(1, 5, { ...ANY, bytesMax: 1 })?.to, 11);
  });

  it('remembers nothing of records without rows', () => {
    const buffer = fresh();
    buffer.add(11, released(101, 0), 0);
    assert.ok(buffer.empty);
    buffer.add(12, released(102), 0);
    buffer.add(13, released(103, 0), 0);
    assert.deepEqual([buffer.batch(1, 5, ANY)?.from, buffer.batch(1, 5, ANY)?.to], [11, 12]);
    assert.equal(buffer.take(12, 'events', 5)?.length, 1);
  });

  it('forgets what is in ClickHouse, and the part of a gap that is', () => {
    const buffer = fresh({ lastRecordSeq: 12 });
    buffer.settle(11);
    assert.equal(buffer.headGap()?.from, 12);
    buffer.settle(9);
    buffer.settle(12);
    assert.ok(buffer.empty);
    buffer.add(13, released(101), 0);
    buffer.settle(13);
    assert.deepEqual([buffer.empty, buffer.rows, buffer.bytes], [true, 0, 0]);
  });

  it('fills a gap piece by piece, and ignores what fills none', () => {
    const buffer = fresh({ lastRecordSeq: 14, lastLogSeq: 104 });
    buffer.add(15, released(105), 2_000);
    buffer.fill(11, 12, released(101));
    assert.equal(buffer.headGap(), undefined);
    assert.equal(buffer.batch(1, 5, ANY)?.to, 12);
    assert.equal(buffer.take(15, 'events', 5), undefined);
    buffer.fill(11, 12, released(101));
    buffer.fill(13, 99, released(103));
    buffer.fill(13, 14, released(103, 0));
    assert.equal(buffer.batch(1, 5, ANY)?.to, 15);
    assert.equal(buffer.oldestMs, 1_000);
  });

  it('has a gap where a release was missed', () => {
    const buffer = fresh();
    buffer.add(11, released(101), 0);
    buffer.add(14, released(104), 0);
    buffer.add(15, released(105), 0);
    assert.equal(buffer.batch(1, 5, ANY)?.to, 11);
    buffer.settle(11);
    assert.deepEqual(buffer.headGap(), { kind: 'gap', from: 12, to: 14, sinceMs: 0 });
  });

  it('gives up rows that no intent speaks of, and keeps the others', () => {
    const buffer = fresh();
    for (let i = 1; i <= 4; i++) buffer.add(10 + i, released(100 + i), i);
    const bytes = buffer.bytes;
    buffer.shed(12);
    assert.equal(buffer.bytes, bytes / 2);
    assert.equal(buffer.batch(1, 5, ANY)?.to, 12);
    buffer.add(15, released(105), 9);
    buffer.settle(12);
    assert.deepEqual(buffer.headGap(), { kind: 'gap', from: 13, to: 14, sinceMs: 3 });
    buffer.shed(12);
    assert.deepEqual([buffer.bytes, buffer.headGap()?.to], [0, 15]);
    buffer.shed(99);
    assert.equal(buffer.headGap()?.to, 15);
  });

  it('says of rows in hand what an intent would say', () => {
    const buffer = fresh();
    buffer.add(11, released(101), 0);
    assert.deepEqual(buffer.tables(11), buffer.batch(1, 5, ANY)?.tables);
    assert.deepEqual(
      buffer.tables(11)?.map((table) => table.digest),
      [2n * 101n * 1_000_003n + 1_009n],
    );
    buffer.shed(10);
    assert.equal(buffer.tables(11), undefined);
  });

  it('gives every row the epoch that it is sent under, without touching bytes that were handed out before', () => {
    const buffer = fresh();
    buffer.add(11, released(101, 3, { epoch: 5, decisions: 1 }), 0);
    const [before] = buffer.take(11, 'events', 5) ?? [];
    const [after] = buffer.take(11, 'events', 8) ?? [];
    assert.ok(before !== undefined && after !== undefined);
    assert.deepEqual([epochOf(before), epochOf(after)], [5, 8]);
    assert.equal(buffer.take(11, 'events', 8)?.[0], after);
    assert.deepEqual(buffer.take(11, 'decisions', 8)?.map(epochOf), [8]);
  });

  it('refuses a record that was released before', () => {
    const buffer = fresh();
    buffer.add(11, released(101), 0);
    assert.throws(() => buffer.add(11, released(102), 0), /released after/);
  });
});
