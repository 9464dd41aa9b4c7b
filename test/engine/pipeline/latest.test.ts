import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';
import type { TestMessage } from '../../support/log-frames.ts';
import { FoldRun } from '../../support/fold-run.ts';

const DAY_MS = 86_400_000;
const LOG_MS = 20_700 * DAY_MS + 3_600_000;
const TIME = '2026-09-04T01:00:00.000Z';

let counter = 0;

/** A message whose writer numbers its batches on. */
function message(seq: number, events: readonly EventInit[], timeMs: number = LOG_MS): TestMessage {
  counter += 1;
  return { seq, timeMs, data: batchOf({ edgeEpoch: 3, counter, events }) };
}

describe('latest', () => {
  test('keeps of each leaf the newest value, its time and its cause', () => {
    const run = new FoldRun();
    assert.equal(run.twin('d'), undefined);
    run.fold([
      message(1, [jsonEvent('d', { t: 21.5, on: true }), jsonEvent('d', { metrics: { t: 22, big: 1 }, attrs: { fw: 'a"\n😀' } })]),
    ]);
    run.fold([message(2, [jsonEvent('d', '{"big":123456789012345678901}')], LOG_MS + 7)]);
    assert.deepEqual(run.twin('d'), {
      tenant: 't',
      device: 'd',
      version: '0.2.0',
      latest: {
        t: { value: 22, time: TIME, cause: '0.1.1' },
        on: { value: true, time: TIME, cause: '0.1.0' },
        big: { value: 123456789012345680000, time: '2026-09-04T01:00:00.007Z', cause: '0.2.0' },
        fw: { value: 'a"\n😀', time: TIME, cause: '0.1.1' },
      },
    });
  });

  test('an older sample overwrites nothing, but brings what was not there', () => {
    const run = new FoldRun();
    run.fold([message(1, [jsonEvent('d', { ts: LOG_MS, metrics: { a: 1, b: 1 } })])]);
    run.fold([message(2, [jsonEvent('d', { ts: LOG_MS - 5, metrics: { a: 2, b: 2 } })])]);
    run.fold([message(3, [jsonEvent('d', { ts: LOG_MS - 4, metrics: { a: 3, c: 3 } })])]);
    run.fold([message(4, [jsonEvent('d', { ts: LOG_MS - 3, metrics: { c: 4, a: 4 } })])]);
    const leaf = (value: number, time: string, cause: string): unknown => ({ value, time: `2026-09-04T0${time}Z`, cause });
    assert.deepEqual(run.twin('d'), {
      tenant: 't',
      device: 'd',
      version: '0.4.0',
      latest: { a: leaf(1, '1:00:00.000', '0.1.0'), b: leaf(1, '1:00:00.000', '0.1.0'), c: leaf(4, '0:59:59.997', '0.4.0') },
    });
  });

  test('a leaf changes its type, and back', () => {
    const run = new FoldRun();
    const valueOf = (): unknown => (run.twin('d') as { latest: { v: { value: unknown } } }).latest.v.value;
    let seq = 0;
    for (const value of [1, 'text', true, 'longer text that needs another block', 'longer text that needs another BLOCK', '', 2.5, '']) {
      run.fold([message(++seq, [jsonEvent('d', { v: value })])]);
      assert.equal(valueOf(), value);
    }
    // The same beside a leaf with another stamp.
    run.fold([message(++seq, [jsonEvent('d', { w: 1 })])]);
    for (const value of ['x', 3, 'yy', false, 'zzzzzzzzzzzzzzzz']) {
      run.fold([message(++seq, [jsonEvent('d', { v: value })])]);
      assert.equal(valueOf(), value);
    }
  });

  test('a backfill is a row and a trace, and leaves the twin as it is', () => {
    const run = new FoldRun();
    const backfill = { backfill: true };
    assert.deepEqual(
      run.outcomes([
        message(1, [jsonEvent('d', { seq: 1, metrics: { a: 1 } }, backfill), jsonEvent('d', { seq: 1, metrics: { a: 1 } }, backfill)]),
      ]),
      ['accepted', 'duplicate: repeated-sequence'],
    );
    assert.deepEqual(run.twin('d'), { tenant: 't', device: 'd', version: '0.1.0', latest: {} });
  });

  test('a twin that would outgrow its section refuses the event, and stays as it was', () => {
    const run = new FoldRun();
    const chunk = (k: number): Record<string, string> => ({ [`k${k}`]: 'x'.repeat(4000) });
    for (let k = 0; k < 7; k++) assert.deepEqual(run.outcomes([message(k + 1, [jsonEvent('d', chunk(k))])]), ['accepted']);
    const before = run.twin('d');
    assert.deepEqual(run.outcomes([message(10, [jsonEvent('d', { ...chunk(8), small: 1 })])]), ['quarantined: twin-too-large']);
    assert.deepEqual(run.twin('d'), before);
    // Replacing a text by a shorter one makes room.
    assert.deepEqual(run.outcomes([message(11, [jsonEvent('d', { k0: 'short' })])]), ['accepted']);
    assert.deepEqual(run.outcomes([message(12, [jsonEvent('d', chunk(8))])]), ['accepted']);
    assert.deepEqual(run.outcomes([message(13, [jsonEvent('d', { k1: '"'.repeat(4500) })])]), ['quarantined: twin-too-large']);
    const body = JSON.stringify((run.twin('d') as { latest: unknown }).latest);
    assert(new TextEncoder().encode(body).length <= 32 * 1024);
  });

  test('endless new names end at the section limit', () => {
    const run = new FoldRun();
    let accepted = 0;
    for (let i = 0; i < 1000; i++)
      if (run.outcomes([message(i + 1, [jsonEvent('d', { [`name-${i}`]: i })])])[0] === 'accepted') accepted += 1;
    assert(accepted > 200 && accepted < 300, String(accepted));
    assert.equal(run.state.twins.names.count, accepted);
  });

  test('many names of many devices keep apart', () => {
    const run = new FoldRun();
    const values = (i: number): Record<string, number> =>
      Object.fromEntries(Array.from({ length: 50 }, (_, k) => [`metric-${i}-${k}`, i * 100 + k]));
    const counts = run.fold([
      message(
        1,
        Array.from({ length: 20 }, (_, i) => jsonEvent(`d${i}`, values(i))),
      ),
    ]).counts;
    assert.equal(counts.accepted, 20);
    run.state = openSnapshot(encodeSnapshot(run.state, 1), { partition: 0, partitions: 1 }).state;
    for (let i = 0; i < 20; i++) {
      const { latest } = run.twin(`d${i}`) as { latest: Record<string, { value: number }> };
      assert.deepEqual(Object.fromEntries(Object.entries(latest).map(([name, leaf]) => [name, leaf.value])), values(i));
    }
    assert.equal(run.state.twins.names.count, 1000);
  });
});
