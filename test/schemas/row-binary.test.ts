/** Walking rows by their columns' types, and writing another epoch into them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { epochOf, RowWalker, stampEpoch } from '../../schemas/row-binary.ts';
import { DECISION_COLUMNS, EVENT_COLUMNS } from '../../schemas/tables.ts';
import { decodeRows } from '../support/row-binary.ts';
import { decisionRow, eventRow, type RowFacts } from '../support/sink-rows.ts';

const facts: fc.Arbitrary<RowFacts> = fc.record({
  partition: fc.nat(65_535),
  logSeq: fc.nat(2 ** 40),
  batchIndex: fc.nat(100_000),
  item: fc.nat(60_000),
  outcome: fc.nat(3),
  epoch: fc.nat(2 ** 40),
  device: fc.string({ maxLength: 300 }),
  metrics: fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.double({ noNaN: true }), { maxKeys: 8 }),
  payload: fc.string({ maxLength: 300 }),
});
const rows = fc.array(facts, { maxLength: 6 });

describe('rows as RowBinary', () => {
  it('are walked one by one, each column where it is', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const walker = new RowWalker(Buffer.concat(list.map(eventRow)), EVENT_COLUMNS);
        const column = (name: string): number => EVENT_COLUMNS.findIndex((one) => one.name === name);
        for (const row of list) {
          assert.ok(walker.next());
          const found = ['partition', 'log_seq', 'batch_index', 'item', 'outcome', '_epoch'].map((name) =>
            Number(walker.number(column(name))),
          );
          assert.deepEqual(found, [row.partition, row.logSeq, row.batchIndex, row.item, row.outcome, row.epoch]);
        }
        assert.equal(walker.next(), false);
      }),
    );
  });

  it('get another epoch and change in nothing else', () => {
    for (const [columns, encode] of [
      [EVENT_COLUMNS, eventRow],
      [DECISION_COLUMNS, decisionRow],
    ] as const) {
      fc.assert(
        fc.property(rows, fc.nat(2 ** 48), (list, epoch) => {
          const bytes = Buffer.concat(list.map(encode));
          const expected = decodeRows(bytes, columns).map((row) => ({ ...row, _epoch: epoch }));
          stampEpoch(bytes, columns, epoch);
          assert.deepEqual(decodeRows(bytes, columns), expected);
          assert.equal(epochOf(bytes), list.length === 0 ? undefined : epoch);
        }),
      );
    }
  });

  it('are refused when they are cut off, wherever that is', () => {
    const bytes = eventRow({ partition: 1, logSeq: 2, epoch: 3, payload: 'x'.repeat(200) });
    for (let length = 1; length < bytes.length; length++)
      assert.throws(() => new RowWalker(bytes.subarray(0, length), EVENT_COLUMNS).next(), /cut off/);
  });

  it('are refused when a column has a type that nobody knows, or the epoch is elsewhere', () => {
    assert.throws(() => new RowWalker(new Uint8Array(0), [{ name: 'x', type: 'Array(String)' }]), /no width/);
    assert.throws(() => stampEpoch(new Uint8Array(0), [{ name: 'x', type: 'UInt64' }], 1), /last column/);
  });
});
