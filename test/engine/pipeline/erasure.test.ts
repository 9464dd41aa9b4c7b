/** What an erasure does to what comes after it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERASURE_GRACE_MS } from '../../../engine/domain/erasures.ts';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import { KIND } from '../../../schemas/envelope.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import { FoldRun } from '../../support/fold-run.ts';
import { batchOf, jsonEvent, type TestMessage } from '../../support/log-frames.ts';

const LOG_MS = 1_788_566_000_000;
const ERASED: EventInit = { tenant: 't', device: 'd1', kind: KIND.erased };

function messages(events: readonly (readonly [number, EventInit])[], fromSeq = 1): readonly TestMessage[] {
  return events.map(([aheadMs, event], i) => ({
    seq: fromSeq + i,
    timeMs: LOG_MS + aheadMs,
    data: batchOf({ edgeEpoch: 1, counter: fromSeq + i, events: [event] }),
  }));
}

test('what was on its way is rejected, what comes later begins a new life', () => {
  const run = new FoldRun();
  const said = (t: number): EventInit => jsonEvent('d1', { boot: 1, seq: t, metrics: { t } });
  const outcomes = run.outcomes(
    messages([
      [0, said(7)],
      [10, ERASED],
      [20, said(8)],
      [30, jsonEvent('d2', { metrics: { t: 1 } })],
      [10 + ERASURE_GRACE_MS, said(9)],
      [11 + ERASURE_GRACE_MS, said(7)],
    ]),
  );
  assert.deepEqual(outcomes, ['accepted', 'accepted', 'rejected: erased', 'accepted', 'rejected: erased', 'accepted']);
  const twin = run.twin('d1') as { latest: Record<string, { value: unknown }> };
  assert.deepEqual(Object.keys(twin.latest), ['t']);
  assert.equal(twin.latest['t']?.value, 7, 'nor does the first life make a duplicate of the second');
});

test('is remembered by a snapshot', () => {
  const run = new FoldRun();
  run.fold(
    messages([
      [0, jsonEvent('d1', { metrics: { t: 1 } })],
      [5, ERASED],
    ]),
  );
  run.state = openSnapshot(encodeSnapshot(run.state, 1), { partition: 0, partitions: 1 }).state;
  assert.deepEqual(run.outcomes(messages([[6, jsonEvent('d1', { metrics: { t: 2 } })]], 3)), ['rejected: erased']);
  assert.deepEqual(run.state.erasures.list(), [{ tenant: 't', device: 'd1', seq: 2, index: 0, logMs: LOG_MS + 5 }]);
});
