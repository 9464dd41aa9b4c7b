/** What the registry says of a device, as the fold keeps it, shows it, and judges events by it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERASURE_GRACE_MS } from '../../../engine/domain/erasures.ts';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import { decodeControlRecord, KIND } from '../../../schemas/envelope.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import { FoldRun } from '../../support/fold-run.ts';
import { batchOf, factEvent, jsonEvent, type TestMessage } from '../../support/log-frames.ts';

const LOG_MS = Date.UTC(2026, 8, 4, 12);
const SINCE = '2026-09-04T12:00:02.000Z';

/** One event a second, from message `fromSeq` on. */
function messages(events: readonly EventInit[], fromSeq = 1): readonly TestMessage[] {
  return events.map((event, i) => ({
    seq: fromSeq + i,
    timeMs: LOG_MS + (fromSeq + i) * 1_000,
    data: batchOf({ edgeEpoch: 1, counter: fromSeq + i, events: [event] }),
  }));
}

function said(seq: number): EventInit {
  return jsonEvent('d', { boot: 1, seq, metrics: { t: seq } });
}

function latestOf(twin: unknown): unknown {
  const { latest } = twin as { readonly latest: Readonly<Record<string, { readonly value: unknown }>> };
  return Object.fromEntries(Object.entries(latest).map(([name, { value }]) => [name, value]));
}

test('a device that was decommissioned has an archived twin, and what comes later is refused', () => {
  const run = new FoldRun();
  const result = run.fold(
    messages([said(1), factEvent('d', { seq: 7, state: 'decommissioned' }, { actor: 'tfk_t.ops' }), said(2), said(1), said(3)]),
  );
  const rows = run.rows(result);
  assert.deepEqual(
    rows.map(({ outcome, reason }) => [outcome, reason]),
    [
      ['accepted', ''],
      ['accepted', ''],
      ['rejected', 'decommissioned'],
      ['duplicate', 'repeated-sequence'],
      ['rejected', 'decommissioned'],
    ],
    'what was accepted before is still a duplicate',
  );
  assert.equal(Buffer.from(rows[2]?.['payload'] as Uint8Array).toString(), '{"boot":1,"seq":2,"metrics":{"t":2}}', 'whole');
  const decisions = run
    .decisions(result)
    .map(({ actor, kind, log_seq, new: now, old, section, state, version }) => [
      [kind, section, old, now, state, actor],
      Number(log_seq),
      Number(version),
    ]);
  assert.deepEqual(decisions, [
    [['lifecycle', 'lifecycle', '', 'decommissioned', 'decommissioned', 'tfk_t.ops'], 2, 7],
    [['refused', 'lifecycle', '', '', 'decommissioned', ''], 3, 0],
    [['refused', 'lifecycle', '', '', 'decommissioned', ''], 5, 0],
  ]);
  const twin = run.twin('d') as Record<string, unknown>;
  const { archived, state, stateCause, stateSince, version } = twin;
  assert.deepEqual([state, archived, stateSince, stateCause, version], ['decommissioned', true, SINCE, '0.2.0', '0.1.0']);
  assert.deepEqual(latestOf(twin), { t: 1 });
});

test('what a disabled device sent before its edge heard is quarantined, and taken when it comes again after', () => {
  const run = new FoldRun();
  const disabled = factEvent('d', { seq: 3, state: 'disabled' });
  assert.deepEqual(run.outcomes(messages([said(1), disabled, said(2)])), ['accepted', 'accepted', 'quarantined: disabled']);
  const twin = run.twin('d') as Record<string, unknown>;
  assert.deepEqual([twin['state'], twin['archived'], twin['stateSince']], ['disabled', undefined, SINCE]);
  assert.deepEqual(run.outcomes(messages([factEvent('d', { seq: 4, state: 'active' }), said(2)], 4)), ['accepted', 'accepted']);
  const after = run.twin('d') as Record<string, unknown>;
  assert.deepEqual([after['state'], after['stateSince'], latestOf(after)], ['active', undefined, { t: 2 }]);
});

test('a device that is registered anew goes on, and a deleted one is refused', () => {
  const run = new FoldRun();
  const outcomes = run.outcomes(
    messages([
      said(1),
      factEvent('d', { seq: 3, state: 'decommissioned' }),
      factEvent('d', { seq: 4, state: 'registered' }),
      said(2),
      factEvent('d', { seq: 5, state: 'deleted' }),
      said(3),
    ]),
  );
  assert.deepEqual(outcomes.slice(3), ['accepted', 'accepted', 'rejected: deleted']);
  assert.equal((run.twin('d') as Record<string, unknown>)['archived'], true);
});

test('an older fact that comes later changes nothing, nor does one that comes twice', () => {
  const run = new FoldRun();
  run.fold(messages([factEvent('d', { seq: 9, state: 'decommissioned' })]));
  const result = run.fold(
    messages([factEvent('d', { seq: 8, state: 'active' }), factEvent('d', { seq: 9, state: 'decommissioned' }), said(1)], 2),
  );
  assert.equal(run.rows(result)[2]?.['reason'], 'decommissioned');
  assert.deepEqual(decodeControlRecord(result.record).decisions, []);
  assert.equal((run.twin('d') as Record<string, unknown>)['version'], '0.1.0', 'nothing but the fact was heard of it');
});

test('that a device is registered is no twin to show, and no decision', () => {
  const run = new FoldRun();
  const result = run.fold(messages([factEvent('d', { seq: 1, state: 'registered' }), factEvent('d', { seq: 2, state: 'active' })]));
  assert.deepEqual([run.twin('d'), result.decisions.rows, result.devices], [undefined, 0, 1]);
  assert.deepEqual(run.outcomes(messages([said(1)], 3)), ['accepted']);
  assert.equal((run.twin('d') as Record<string, unknown>)['state'], 'active');
});

test('what is no fact is quarantined', () => {
  const run = new FoldRun();
  const bad = ['{', '[]', '{"seq":1}', '{"seq":0,"state":"active"}', '{"seq":1.5,"state":"active"}', '{"seq":1,"state":"odd"}'];
  const outcomes = run.outcomes(messages(bad.map((text) => factEvent('d', text))));
  assert.deepEqual(
    outcomes,
    bad.map(() => 'quarantined: malformed-payload'),
  );
  assert.equal(run.state.twins.count, 0);
});

test('a snapshot keeps state, since when and by what', () => {
  for (const state of ['registered', 'active', 'disabled', 'decommissioned', 'deleted']) {
    const run = new FoldRun();
    run.fold(messages([said(1), factEvent('d', { seq: 5, state })]));
    const twin = run.twin('d');
    run.state = openSnapshot(encodeSnapshot(run.state, 1), { partition: 0, partitions: 1 }).state;
    assert.deepEqual(run.twin('d'), twin);
    run.fold(messages([factEvent('d', { seq: 4, state: 'disabled' })], 3));
    assert.deepEqual(run.twin('d'), twin, 'and of which entry it is');
  }
});

test('facts on their way bring an erased device not back, its registration anew does', () => {
  const run = new FoldRun();
  const erased: EventInit = { tenant: 't', device: 'd', kind: KIND.erased };
  run.fold(messages([said(1), factEvent('d', { seq: 5, state: 'disabled' }), erased, factEvent('d', { seq: 6, state: 'decommissioned' })]));
  assert.deepEqual([run.state.twins.count, run.twin('d')], [0, undefined]);
  const later = 4 + ERASURE_GRACE_MS / 1_000;
  run.fold(messages([factEvent('d', { seq: 7, state: 'deleted' })], later));
  assert.equal(run.state.twins.count, 0);
  const outcomes = run.outcomes(
    messages([factEvent('d', { seq: 8, state: 'registered' }), factEvent('d', { seq: 7, state: 'deleted' }), said(1)], later + 1),
  );
  assert.deepEqual(outcomes, ['accepted', 'accepted', 'accepted']);
});

test('a task ends behind so many decisions, and the next goes on', () => {
  const run = new FoldRun();
  const states = ['disabled', 'active'] as const;
  const batches = messages([]).concat(
    Array.from({ length: 40 }, (_, i) => ({
      seq: i + 1,
      timeMs: LOG_MS,
      data: batchOf({
        edgeEpoch: 1,
        counter: i + 1,
        events: Array.from({ length: 50 }, (__, j) => factEvent('d', { seq: i * 50 + j + 1, state: states[j % 2] })),
      }),
    })),
  );
  const first = run.fold(batches);
  assert.ok(first.consumed > 1 && first.consumed < 40, String(first.consumed));
  assert.ok(first.record.length < 512 * 1024);
  let rows = first.decisions.rows;
  for (let at = first.consumed; at < batches.length;) {
    const next = run.fold(batches.slice(at));
    at += next.consumed;
    rows += next.decisions.rows;
  }
  assert.equal(rows, 2_000);
});
