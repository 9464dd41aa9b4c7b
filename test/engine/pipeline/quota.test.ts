import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeQuotaAsk, QUOTA_DEVICE, readQuotaAccounts, type QuotaAsk } from '../../../engine/domain/quota-lease.ts';
import { Folder } from '../../../engine/pipeline/fold.ts';
import { Replay } from '../../../engine/pipeline/replay.ts';
import { PartitionState } from '../../../engine/pipeline/partition-state.ts';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import { CONTENT_TYPE, KIND, VIA } from '../../../schemas/envelope.ts';
import { encodeEventBatch, type EventInit } from '../../../schemas/gen/lean.ts';
import { MARKER_SLOTS } from '../../../workers/protocol.ts';
import { FoldRun, foldTask } from '../../support/fold-run.ts';
import { batchOf, framesOf, jsonEvent, type TestMessage } from '../../support/log-frames.ts';

const LOG_MS = Date.UTC(2026, 8, 4, 12);

function askEvent(ask: Partial<QuotaAsk>, more: EventInit = {}): EventInit {
  const nothing = [0, 0, 0];
  const whole: QuotaAsk = {
    scope: 'tenant',
    edge: 7,
    n: 1,
    rev: 1,
    limits: { messages: '10/s burst 40', perDay: { messages: 100 } },
    want: [30, 0, 0],
    back: nothing,
    backDay: 0,
    spent: nothing,
    refused: 0,
    ...ask,
  };
  const payload = new TextEncoder().encode(encodeQuotaAsk(whole));
  return { tenant: 't', device: QUOTA_DEVICE, kind: KIND.quotaLease, contentType: CONTENT_TYPE.json, via: VIA.internal, payload, ...more };
}

function message(seq: number, events: readonly EventInit[]): TestMessage {
  return { seq, timeMs: LOG_MS + seq * 1_000, data: batchOf({ edgeEpoch: 7, counter: seq, events }) };
}

const HISTORY: readonly TestMessage[] = [
  message(1, [askEvent({}), jsonEvent('d', { a: 1 })]),
  message(2, [askEvent({ n: 2, spent: [25, 0, 0] }), askEvent({ edge: 8, n: 1 })]),
  message(3, [askEvent({ n: 3, scope: 'group/g', limits: { perMonth: { bytes: 1_000 } }, want: [0, 700, 0] })]),
];

test('asks are events: accepted, with rows, and read from the owner as the account', () => {
  const run = new FoldRun();
  assert.deepEqual(run.outcomes(HISTORY), ['accepted', 'accepted', 'accepted', 'accepted', 'accepted']);
  const folder = new Folder(new Float64Array(MARKER_SLOTS));
  const result = folder.fold(run.state, {
    ...foldTask([]),
    reads: [
      { id: 1, tenant: 't', device: QUOTA_DEVICE },
      { id: 2, tenant: 'u', device: QUOTA_DEVICE },
    ],
  });
  const [first, second] = result.replies;
  const accounts = readQuotaAccounts(Buffer.from(first?.body ?? '').toString());
  assert.deepEqual(
    accounts?.map(({ scope }) => scope),
    ['group/g', 'tenant'],
  );
  assert.equal(accounts?.[1]?.windows.find(({ window }) => window === 'day')?.used, 30 + 20 + 0);
  assert.equal(second?.body, undefined);
});

test('what is no ask, or about another device, is quarantined and changes nothing', () => {
  const run = new FoldRun();
  const bad = [
    askEvent({}, { payload: new TextEncoder().encode('{"v":1}') }),
    askEvent({}, { kind: KIND.telemetry }),
    askEvent({}, { device: '$other' }),
    askEvent({}, { tenant: '$t' }),
  ];
  assert.deepEqual(run.outcomes([message(1, bad)]), [
    'quarantined: malformed-payload',
    'quarantined: bad-identity',
    'quarantined: bad-identity',
    'quarantined: bad-identity',
  ]);
  assert.equal(run.state.quotas.count, 0);
});

test('accounts are the same from a snapshot, and from the records', () => {
  const run = new FoldRun();
  const live = new FoldRun();
  const records: Uint8Array[] = [];
  for (const one of HISTORY) {
    records.push(run.fold([one]).record);
    live.state = openSnapshot(encodeSnapshot(live.state, 9), { partition: 0, partitions: 1 }).state;
    live.fold([one]);
  }
  assert.deepEqual(live.state.quotas.states(), run.state.quotas.states());
  const recovered = new PartitionState(0, 1);
  new Replay().recover(recovered, { records, frames: framesOf(HISTORY) });
  assert.deepEqual(recovered.quotas.states(), run.state.quotas.states());
  assert.deepEqual(encodeSnapshot(recovered, 9), encodeSnapshot(run.state, 9));
});

test('an edge that is gone is forgotten, and what it held stays used', () => {
  const run = new FoldRun();
  run.fold([message(1, [askEvent({})])]);
  const gone = { tenant: '', kind: KIND.edgeGone, via: VIA.internal, payload: encodeEdgeGoneOf(7) };
  run.fold([
    { seq: 2, timeMs: LOG_MS + 2_000, data: encodeEventBatch({ edgeEpoch: 1, counter: 1, edge: 'x', openedMs: 1, events: [gone] }) },
  ]);
  const account = readQuotaAccounts(run.state.quotas.json('t', LOG_MS + 2_000) ?? '')?.[0];
  assert.deepEqual(account?.edges, []);
  assert.equal(account?.windows.find(({ window }) => window === 'day')?.used, 30);
});

/** Field 1, a varint below 128. */
function encodeEdgeGoneOf(epoch: number): Uint8Array {
  return Uint8Array.of(8, epoch);
}
