import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Folder } from '../../../engine/pipeline/fold.ts';
import { decodeControlRecord, KIND, VIA } from '../../../schemas/envelope.ts';
import { encodeEvent } from '../../../schemas/gen/lean.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';
import type { TestMessage } from '../../support/log-frames.ts';
import { EPOCH, FoldRun, foldTask } from '../../support/fold-run.ts';

const DAY_MS = 86_400_000;
const LOG_MS = 20_700 * DAY_MS + 3_600_000;
const TIME = '2026-09-04T01:00:00.000Z';

let counter = 0;

/** A message whose writer numbers its batches on. */
function message(seq: number, events: readonly EventInit[], timeMs: number = LOG_MS): TestMessage {
  counter += 1;
  return { seq, timeMs, data: batchOf({ edgeEpoch: 3, counter, events }) };
}

describe('event time', () => {
  test('is believed from 30 days before to one day after log time', () => {
    const run = new FoldRun();
    const ts = [LOG_MS - 30 * DAY_MS, LOG_MS - 30 * DAY_MS - 1, LOG_MS + DAY_MS, LOG_MS + DAY_MS + 1];
    const rows = run.rows(
      run.fold([
        message(
          1,
          ts.map((ms, i) => jsonEvent(`d${i}`, { ts: ms, metrics: { a: 1 } })),
        ),
      ]),
    );
    assert.deepEqual(
      rows.map((row) => [row['event_time'], row['time_source']]),
      [
        [ts[0], 'device'],
        [LOG_MS, 'log-device-out-of-range'],
        [ts[2], 'device'],
        [LOG_MS, 'log-device-out-of-range'],
      ],
    );
  });

  test('log time never goes back, and a task covers one day of it', () => {
    const run = new FoldRun();
    const tick = { tenant: '', kind: KIND.tick, via: VIA.internal };
    const times = [LOG_MS, LOG_MS - 5000, LOG_MS + DAY_MS, LOG_MS + DAY_MS + 1];
    const messages = times.map((timeMs, i) => message(i + 1, [tick], timeMs));
    const first = run.fold(messages);
    assert.deepEqual([first.consumed, first.toSeq, first.logMs, first.logDay, first.events.rows], [2, 2, LOG_MS, 20_700, 2]);
    const second = run.fold(messages.slice(2));
    assert.deepEqual([second.consumed, second.fromSeq, second.toSeq, second.logDay], [2, 3, 4, 20_701]);
    const none = run.fold([]);
    assert.deepEqual(
      [none.consumed, none.fromSeq, none.toSeq, none.logMs, none.logDay, none.events.rows],
      [0, 5, 4, LOG_MS + DAY_MS + 1, 20_701, 0],
    );
  });
});

test('a row says everything about its event', () => {
  const run = new FoldRun();
  const event = jsonEvent(
    'd',
    '{"ts":"2026-09-04T00:59:59.5Z","seq":2,"metrics":{"t":21.5,"on":true,"n":{"x":-1}},"attrs":{"fw":"1.2","big":12345678901234567890}}',
    {
      via: VIA.mqtt,
      receivedMs: LOG_MS + 3,
      schema: 'thermo@2',
      topic: 'v1/telemetry',
      traceparent: '00-abc',
    },
  );
  const result = run.fold([{ seq: 2 ** 40 + 1, timeMs: LOG_MS, data: batchOf({ edgeEpoch: 2 ** 33, counter: 7, events: [event] }) }]);
  const [row] = run.rows(result);
  assert.deepEqual(row, {
    tenant: 't',
    device: 'd',
    kind: 'telemetry',
    outcome: 'accepted',
    reason: '',
    event_time: LOG_MS - 500,
    log_time: LOG_MS,
    received_time: LOG_MS + 3,
    time_source: 'device',
    partition: 0,
    log_seq: 2 ** 40 + 1,
    batch_index: 0,
    item: 0,
    original_seq: 0,
    original_index: 0,
    edge_epoch: 2 ** 33,
    batch_counter: 7,
    boot_id: 0,
    device_seq: 2,
    schema: 'thermo@2',
    via: 'mqtt',
    edge: 'edge-1',
    metrics: new Map([
      ['t', 21.5],
      ['on', 1],
      ['n.x', -1],
    ]),
    attrs: new Map([
      ['fw', '1.2'],
      ['big', '12345678901234567890'],
    ]),
    content_type: 'json',
    payload: event.payload,
    extra: encodeEvent({ schema: 'thermo@2', topic: 'v1/telemetry', traceparent: '00-abc' }),
    _epoch: EPOCH,
  });
});

test('the record says what the result says', () => {
  const run = new FoldRun();
  run.fold([message(1, [jsonEvent('d', { a: 1 })])]);
  const batch = message(2, [jsonEvent('d', { a: 1 }), jsonEvent('d', '{'), jsonEvent('d', '['), jsonEvent('d', '{}')], LOG_MS + 5);
  const result = run.fold([batch]);
  const record = decodeControlRecord(result.record);
  assert.deepEqual(
    [
      record.kind,
      record.epoch,
      record.fromSeq,
      record.toSeq,
      record.logMsBefore,
      record.logMs,
      record.events,
      record.rows,
      record.sink,
      record.outboxDone,
    ],
    [0, EPOCH, 2, 2, LOG_MS, LOG_MS + 5, 4, 4, undefined, 0],
  );
  assert.deepEqual(record.last, { seq: 2, timestampMs: LOG_MS + 5, edgeEpoch: 3, counter });
  assert.deepEqual(record.exceptions?.count, [2, 1]);
  assert.deepEqual(record.exceptions?.index, [1, 3]);
  assert.equal(decodeControlRecord(run.fold([]).record).toSeq, 2);
});

test('the digest is the sum that the sink is told', () => {
  const run = new FoldRun();
  const events = [jsonEvent('d', { a: 1 }), jsonEvent('d', '{'), jsonEvent('d', { a: 1 })];
  const result = run.fold([message(2 ** 50, events), message(2 ** 50 + 1, events)]);
  const expected = run
    .rows(result)
    .reduce(
      (sum, row) =>
        sum +
        BigInt(Number(row['log_seq'])) * 1_000_003n +
        BigInt(Number(row['batch_index'])) * 1009n +
        (row['outcome'] === 'accepted' ? 0n : 2n),
      0n,
    );
  assert.equal(result.events.digest, BigInt.asUintN(64, expected));
  assert.equal(result.events.rows, 6);
  assert.deepEqual(result.decisions, { bytes: new Uint8Array(0), rows: 0, digest: 0n });
});

test('reads are answered from the state after the messages', () => {
  const run = new FoldRun();
  const folder = new Folder(run.marker);
  const reads = [
    { id: 1, tenant: 't', device: 'd' },
    { id: 2, tenant: 't', device: 'nobody' },
    { id: 3, tenant: 't', device: 'bad id' },
  ];
  const { replies } = folder.fold(run.state, { ...foldTask([message(1, [jsonEvent('d', '{"big":12345678901234567890}')])]), reads });
  const [found, ...others] = replies;
  const body = `{"tenant":"t","device":"d","version":"0.1.0","latest":{"big":{"value":12345678901234567890,"time":"${TIME}","cause":"0.1.0"}}}`;
  assert.equal(new TextDecoder().decode(found?.body), body);
  assert.deepEqual(others, [
    { id: 2, body: undefined },
    { id: 3, body: undefined },
  ]);
});
