import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Folder } from '../../../engine/pipeline/fold.ts';
import { PartitionState } from '../../../engine/pipeline/partition-state.ts';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import { CONTENT_TYPE, decodeControlRecord, KIND, VIA } from '../../../schemas/envelope.ts';
import { encodeEdgeGone, encodeEvent } from '../../../schemas/gen/lean.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import { batchOf, jsonEvent, metricsOf, protoEvent } from '../../support/log-frames.ts';
import type { TestMessage } from '../../support/log-frames.ts';
import { EPOCH, FoldRun, foldTask, runsOf } from '../../support/fold-run.ts';

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
    run.fold([message(1, [jsonEvent('d', { t: 21.5, on: true }), jsonEvent('d', { metrics: { t: 22, big: 1 }, attrs: { fw: 'a"\n😀' } })])]);
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
    assert.deepEqual(run.outcomes([message(1, [jsonEvent('d', { seq: 1, metrics: { a: 1 } }, backfill), jsonEvent('d', { seq: 1, metrics: { a: 1 } }, backfill)])]), ['accepted', 'duplicate: repeated-sequence']);
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
    for (let i = 0; i < 1000; i++) if (run.outcomes([message(i + 1, [jsonEvent('d', { [`name-${i}`]: i })])])[0] === 'accepted') accepted += 1;
    assert(accepted > 200 && accepted < 300, String(accepted));
    assert.equal(run.state.twins.names.count, accepted);
  });

  test('many names of many devices keep apart', () => {
    const run = new FoldRun();
    const values = (i: number): Record<string, number> => Object.fromEntries(Array.from({ length: 50 }, (_, k) => [`metric-${i}-${k}`, i * 100 + k]));
    const counts = run.fold([message(1, Array.from({ length: 20 }, (_, i) => jsonEvent(`d${i}`, values(i))))]).counts;
    assert.equal(counts.accepted, 20);
    run.state = openSnapshot(encodeSnapshot(run.state, 1), { partition: 0, partitions: 1 }).state;
    for (let i = 0; i < 20; i++) {
      const { latest } = run.twin(`d${i}`) as { latest: Record<string, { value: number }> };
      assert.deepEqual(Object.fromEntries(Object.entries(latest).map(([name, leaf]) => [name, leaf.value])), values(i));
    }
    assert.equal(run.state.twins.names.count, 1000);
  });
});

describe('duplicates', () => {
  test('a batch that comes again is a duplicate of the original, event by event', () => {
    const run = new FoldRun();
    const events = [jsonEvent('d', { a: 1 }), jsonEvent('e', { a: 1 }), jsonEvent('d', '{')];
    const data = batchOf({ edgeEpoch: 1, counter: 1, events });
    const next = batchOf({ edgeEpoch: 1, counter: 2, events });
    const at = (seq: number, bytes: Uint8Array): TestMessage => ({ seq, timeMs: LOG_MS, data: bytes });
    assert.deepEqual(runsOf(run.fold([at(1, data)])), ['1.2+1 quarantined malformed-payload']);
    const twin = run.twin('d');
    assert.deepEqual(runsOf(run.fold([at(2, data), at(3, next), at(4, next), at(5, data)])), [
      '2.0+3 duplicate resent-batch of 1.0',
      '3.2+1 quarantined malformed-payload',
      '4.0+3 duplicate resent-batch of 3.0',
      '5.0+3 duplicate resent-batch',
    ]);
    assert.notDeepEqual(run.twin('d'), twin);
    assert.equal((run.twin('d') as { version: string }).version, '0.3.0');
  });

  test('a device that repeats a sequence, or sends one from below the window', () => {
    const run = new FoldRun();
    const event = (boot: number, seq: number): EventInit => protoEvent('d', { boot, seq, metrics: metricsOf({ a: seq }) });
    const events = [event(1, 100), event(1, 100), event(1, 99), event(1, 165), event(1, 101), event(2, 1), event(2, 1), event(1, 165)];
    assert.deepEqual(run.outcomes([message(1, events)]), [
      'accepted',
      'duplicate: repeated-sequence',
      'accepted',
      'accepted',
      'quarantined: below-window',
      'accepted',
      'duplicate: repeated-sequence',
      'duplicate: repeated-sequence',
    ]);
  });

  test('an id that was claimed before, with the event that claimed it', () => {
    const run = new FoldRun();
    const result = run.fold([
      message(1, [jsonEvent('d', { id: 'x', metrics: { a: 1 } }), jsonEvent('e', { id: 'x', metrics: { a: 1 } })]),
      message(2, [jsonEvent('d', { a: 2 }), jsonEvent('d', { a: 2 }, { clientEventId: 'x' }), protoEvent('e', { id: 'x', metrics: metricsOf({ a: 3 }) })]),
    ]);
    assert.deepEqual(runsOf(result), ['2.1+2 duplicate repeated-id of 1.0']);
  });

  test('what was quarantined or a duplicate leaves no trace', () => {
    const run = new FoldRun();
    const events = [jsonEvent('d', { seq: 1, id: 'x', metrics: { a: [] } }), jsonEvent('d', { seq: 1, id: 'x', metrics: { a: 1 } }), jsonEvent('d', { seq: 1, id: 'y', metrics: { a: 1 } }), jsonEvent('d', { seq: 2, id: 'y', metrics: { a: 1 } })];
    assert.deepEqual(run.outcomes([message(1, events)]), ['quarantined: unsupported-value', 'accepted', 'duplicate: repeated-sequence', 'accepted']);
  });

  test('the transport says what the payload does not', () => {
    const run = new FoldRun();
    const transport = { bootId: 4, deviceSeq: 7, eventMs: LOG_MS - 1000 };
    const result = run.fold([message(1, [jsonEvent('d', { a: 1 }, transport), jsonEvent('d', { seq: 8, boot: 5, ts: LOG_MS - 2000, metrics: { a: 1 } }, transport), jsonEvent('d', { a: 1 }, { eventMs: 5 }), jsonEvent('d', { a: 1 }, { clientEventId: 'x'.repeat(65) })])]);
    const rows = run.rows(result).map((row) => [row['outcome'], row['reason'], row['boot_id'], row['device_seq'], row['event_time'], row['time_source']]);
    assert.deepEqual(rows, [
      ['accepted', '', 4, 7, LOG_MS - 1000, 'device'],
      ['accepted', '', 5, 8, LOG_MS - 2000, 'device'],
      ['quarantined', 'timestamp-in-seconds', 0, 0, LOG_MS, 'log'],
      ['quarantined', 'too-large', 0, 0, LOG_MS, 'log'],
    ]);
  });
});

describe('event time', () => {
  test('is believed from 30 days before to one day after log time', () => {
    const run = new FoldRun();
    const ts = [LOG_MS - 30 * DAY_MS, LOG_MS - 30 * DAY_MS - 1, LOG_MS + DAY_MS, LOG_MS + DAY_MS + 1];
    const rows = run.rows(run.fold([message(1, ts.map((ms, i) => jsonEvent(`d${i}`, { ts: ms, metrics: { a: 1 } })))]));
    assert.deepEqual(rows.map((row) => [row['event_time'], row['time_source']]), [
      [ts[0], 'device'],
      [LOG_MS, 'log-device-out-of-range'],
      [ts[2], 'device'],
      [LOG_MS, 'log-device-out-of-range'],
    ]);
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
    assert.deepEqual([none.consumed, none.fromSeq, none.toSeq, none.logMs, none.logDay, none.events.rows], [0, 5, 4, LOG_MS + DAY_MS + 1, 20_701, 0]);
  });
});

describe('what cannot be folded', () => {
  test('is a row with a reason, and whole', () => {
    const run = new FoldRun();
    const strangers: readonly EventInit[] = [
      { tenant: 't', device: 'd', kind: 99, payload: Uint8Array.of(1, 2) },
      { tenant: 't', device: 'd', payload: Uint8Array.of(3) },
      { tenant: 't', device: 'd', kind: KIND.telemetry, contentType: CONTENT_TYPE.cbor, payload: Uint8Array.of(4) },
      { tenant: 't', device: 'd', kind: KIND.telemetry, contentType: 77, via: 55, payload: Uint8Array.of(5) },
      { tenant: 't', device: '', kind: KIND.telemetry },
      { tenant: 'a.b', device: 'd', kind: KIND.telemetry },
      { tenant: '*', kind: KIND.tick },
      jsonEvent('d', '{}'),
      jsonEvent('d', '{"a":{"b":1},"a.b":2}'),
    ];
    const rows = run.rows(run.fold([message(1, strangers)]));
    assert.deepEqual(rows.map((row) => row['reason']), ['unknown-kind', 'unknown-kind', 'unknown-format', 'unknown-format', 'bad-identity', 'bad-identity', 'bad-identity', 'no-metrics', 'repeated-metric']);
    assert.deepEqual(rows.map((row) => row['kind']), ['unspecified', 'unspecified', 'telemetry', 'telemetry', 'unspecified', 'unspecified', 'unspecified', 'telemetry', 'telemetry']);
    assert.deepEqual(rows[0]?.['payload'], Uint8Array.of(1, 2));
    // What an enumeration has no word for is kept as it was encoded.
    assert.deepEqual(rows[0]?.['extra'], encodeEvent({ kind: 99 }));
    assert.deepEqual(rows[3]?.['extra'], encodeEvent({ contentType: 77, via: 55 }));
    assert.deepEqual(rows[5]?.['payload'], encodeEvent(strangers[5] ?? {}));
    assert.equal(rows[5]?.['tenant'], '');
    assert.equal(run.state.twins.count, 0);
  });

  test('a message that is no batch, and an event that is none', () => {
    const run = new FoldRun();
    const noBatch = Uint8Array.of(0xff, 0xff);
    const noEvent = Uint8Array.of(0x2a, 0x03, 0x0a, 0x7f, 0x41);
    const rows = run.rows(run.fold([{ seq: 1, timeMs: LOG_MS, data: noBatch }, { seq: 2, timeMs: LOG_MS, data: noEvent }, { seq: 3, timeMs: LOG_MS, data: new Uint8Array(0) }]));
    assert.deepEqual(rows.map((row) => [row['log_seq'], row['reason'], row['payload']]), [
      [1, 'malformed-payload', noBatch],
      [2, 'malformed-payload', Uint8Array.of(0x0a, 0x7f, 0x41)],
    ]);
    assert.equal(run.state.last.seq, 3);
  });

  test('an event of another partition', () => {
    const run = new FoldRun();
    const folder = new Folder(run.marker);
    const state = new PartitionState(1, 4);
    const events = Array.from({ length: 40 }, (_, i) => jsonEvent(`d${i}`, { a: 1 }));
    const result = folder.fold(state, { ...foldTask([message(1, events)]), partition: 1 });
    assert(result.counts.accepted > 0 && result.counts.quarantined > 20);
    assert.equal(state.twins.count, result.counts.accepted);
  });

  test('killers are settled without being looked into', () => {
    const run = new FoldRun();
    const result = run.fold([message(1, [jsonEvent('d', { a: 1 }), jsonEvent('d', { a: 2 }), jsonEvent('d', { a: 3 })])], [{ seq: 1, index: 1 }, { seq: 9, index: 0 }]);
    assert.deepEqual(runsOf(result), ['1.1+1 quarantined killer']);
    assert.deepEqual(result.counts, { accepted: 2, duplicate: 0, quarantined: 1, rejected: 0 });
    assert.deepEqual(Array.from(run.marker), [-1, 1, 2]);
  });

  test('other kinds are rows without effect', () => {
    const run = new FoldRun();
    const gone = (edgeEpoch: number): EventInit => ({ kind: KIND.edgeGone, payload: encodeEdgeGone({ edgeEpoch }) });
    const events = [{ kind: KIND.tick }, { tenant: 't', device: 'd', kind: KIND.connected }, gone(3), { kind: KIND.edgeGone, payload: Uint8Array.of(0xff) }, { tenant: 't', kind: KIND.activation }];
    assert.deepEqual(run.outcomes([message(1, events)]), ['accepted', 'accepted', 'accepted', 'accepted', 'accepted']);
    assert.equal(run.state.twins.count, 0);
    assert.equal(run.state.writers.states()[0]?.goneMs, LOG_MS);
  });
});

test('a row says everything about its event', () => {
  const run = new FoldRun();
  const event = jsonEvent('d', '{"ts":"2026-09-04T00:59:59.5Z","seq":2,"metrics":{"t":21.5,"on":true,"n":{"x":-1}},"attrs":{"fw":"1.2","big":12345678901234567890}}', {
    via: VIA.mqtt,
    receivedMs: LOG_MS + 3,
    schema: 'thermo@2',
    topic: 'v1/telemetry',
    traceparent: '00-abc',
  });
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
    metrics: new Map([['t', 21.5], ['on', 1], ['n.x', -1]]),
    attrs: new Map([['fw', '1.2'], ['big', '12345678901234567890']]),
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
    [record.kind, record.epoch, record.fromSeq, record.toSeq, record.logMsBefore, record.logMs, record.events, record.rows, record.sink, record.outboxDone],
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
  const expected = run.rows(result).reduce((sum, row) => sum + BigInt(Number(row['log_seq'])) * 1_000_003n + BigInt(Number(row['batch_index'])) * 1009n + (row['outcome'] === 'accepted' ? 0n : 2n), 0n);
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
  assert.deepEqual(others, [{ id: 2, body: undefined }, { id: 3, body: undefined }]);
});
