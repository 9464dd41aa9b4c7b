/** Messages of the log and the control log in the checker's words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { controlFact, eventsOf } from '../../../loadtest/checker/read-log.ts';
import { envelopeOf, eventOf } from '../../../loadtest/simulator/payload.ts';
import { encodeSample } from '../../../loadtest/simulator/telemetry-proto.ts';
import { CONTENT_TYPE, decodeControlRecord, encodeControlRecord, KIND, RECORD_KIND } from '../../../schemas/envelope.ts';
import { encodeEventBatch } from '../../../schemas/gen/lean.ts';

const plan = { seed: 1, baseMs: 1_790_000_000_000 };
const event = eventOf(plan, 0, 12);

test('a batch gives its events, JSON and Protobuf alike, and others without a sample', () => {
  const json = {
    tenant: 'sim',
    device: 'a',
    kind: KIND.telemetry,
    contentType: CONTENT_TYPE.json,
    payload: Buffer.from(envelopeOf(event)),
  };
  const proto = { ...json, device: 'b', contentType: CONTENT_TYPE.protobuf, payload: encodeSample(event, 'b') };
  const broken = { ...json, payload: Buffer.from('{') };
  const tick = { kind: KIND.tick };
  const data = encodeEventBatch({ edgeEpoch: 1, counter: 1, events: [json, proto, broken, tick] });
  const found = [...eventsOf(3, { seq: 77, data })];
  const sample = { boot: event.boot, n: 12, tsMs: event.tsMs, metrics: event.metrics };
  assert.deepEqual(found, [
    { partition: 3, seq: 77, index: 0, tenant: 'sim', device: 'a', telemetry: true, sample },
    { partition: 3, seq: 77, index: 1, tenant: 'sim', device: 'b', telemetry: true, sample },
    { partition: 3, seq: 77, index: 2, tenant: 'sim', device: 'a', telemetry: true, sample: undefined },
    { partition: 3, seq: 77, index: 3, tenant: '', device: '', telemetry: false, sample: undefined },
  ]);
});

test('a message that is no batch is not passed over', () => {
  assert.throws(() => [...eventsOf(0, { seq: 1, data: Buffer.from([0xff, 0xff]) })], /not an event batch/);
});

test('outcomes of a control record are placed in the log', () => {
  const exceptions = {
    seqDelta: [0, 2],
    index: [1, 0],
    count: [3, 1],
    outcome: [1, 2],
    reason: [1, 5],
    originalSeq: [0, 0],
    originalIndex: [0, 0],
  };
  const record = encodeControlRecord({ kind: RECORD_KIND.fold, epoch: 4, fromSeq: 10, toSeq: 12, exceptions });
  assert.deepEqual(controlFact(9, decodeControlRecord(record)), {
    seq: 9,
    kind: 'fold',
    epoch: 4,
    fromSeq: 10,
    toSeq: 12,
    runs: [
      { seq: 10, index: 1, count: 3, outcome: 'duplicate' },
      { seq: 12, index: 0, count: 1, outcome: 'quarantined' },
    ],
    keptSeq: 0,
    resumedSeq: 0,
  });
});

test('a repair names its range', () => {
  const record = encodeControlRecord({
    kind: RECORD_KIND.repair,
    epoch: 4,
    repair: { keptSeq: 10, resumedSeq: 2_000, what: 'the log lost its end' },
  });
  const { keptSeq, kind, resumedSeq } = controlFact(9, decodeControlRecord(record));
  assert.deepEqual({ keptSeq, kind, resumedSeq }, { keptSeq: 10, kind: 'repair', resumedSeq: 2_000 });
});
