import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Folder } from '../../../engine/pipeline/fold.ts';
import { PartitionState } from '../../../engine/pipeline/partition-state.ts';
import { CONTENT_TYPE, KIND } from '../../../schemas/envelope.ts';
import { encodeEdgeGone, encodeEvent } from '../../../schemas/gen/lean.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import { batchOf, jsonEvent, metricsOf, protoEvent } from '../../support/log-frames.ts';
import type { TestMessage } from '../../support/log-frames.ts';
import { FoldRun, foldTask, runsOf } from '../../support/fold-run.ts';

const DAY_MS = 86_400_000;
const LOG_MS = 20_700 * DAY_MS + 3_600_000;

let counter = 0;

/** A message whose writer numbers its batches on. */
function message(seq: number, events: readonly EventInit[], timeMs: number = LOG_MS): TestMessage {
  counter += 1;
  return { seq, timeMs, data: batchOf({ edgeEpoch: 3, counter, events }) };
}

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
      message(2, [
        jsonEvent('d', { a: 2 }),
        jsonEvent('d', { a: 2 }, { clientEventId: 'x' }),
        protoEvent('e', { id: 'x', metrics: metricsOf({ a: 3 }) }),
      ]),
    ]);
    assert.deepEqual(runsOf(result), ['2.1+2 duplicate repeated-id of 1.0']);
  });

  test('what was quarantined or a duplicate leaves no trace', () => {
    const run = new FoldRun();
    const events = [
      jsonEvent('d', { seq: 1, id: 'x', metrics: { a: [] } }),
      jsonEvent('d', { seq: 1, id: 'x', metrics: { a: 1 } }),
      jsonEvent('d', { seq: 1, id: 'y', metrics: { a: 1 } }),
      jsonEvent('d', { seq: 2, id: 'y', metrics: { a: 1 } }),
    ];
    assert.deepEqual(run.outcomes([message(1, events)]), [
      'quarantined: unsupported-value',
      'accepted',
      'duplicate: repeated-sequence',
      'accepted',
    ]);
  });

  test('the transport says what the payload does not', () => {
    const run = new FoldRun();
    const transport = { bootId: 4, deviceSeq: 7, eventMs: LOG_MS - 1000 };
    const result = run.fold([
      message(1, [
        jsonEvent('d', { a: 1 }, transport),
        jsonEvent('d', { seq: 8, boot: 5, ts: LOG_MS - 2000, metrics: { a: 1 } }, transport),
        jsonEvent('d', { a: 1 }, { eventMs: 5 }),
        jsonEvent('d', { a: 1 }, { clientEventId: 'x'.repeat(65) }),
      ]),
    ]);
    const rows = run
      .rows(result)
      .map((row) => [row['outcome'], row['reason'], row['boot_id'], row['device_seq'], row['event_time'], row['time_source']]);
    assert.deepEqual(rows, [
      ['accepted', '', 4, 7, LOG_MS - 1000, 'device'],
      ['accepted', '', 5, 8, LOG_MS - 2000, 'device'],
      ['quarantined', 'timestamp-in-seconds', 0, 0, LOG_MS, 'log'],
      ['quarantined', 'too-large', 0, 0, LOG_MS, 'log'],
    ]);
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
    assert.deepEqual(
      rows.map((row) => row['reason']),
      [
        'unknown-kind',
        'unknown-kind',
        'unknown-format',
        'unknown-format',
        'bad-identity',
        'bad-identity',
        'bad-identity',
        'no-metrics',
        'repeated-metric',
      ],
    );
    assert.deepEqual(
      rows.map((row) => row['kind']),
      ['unspecified', 'unspecified', 'telemetry', 'telemetry', 'unspecified', 'unspecified', 'unspecified', 'telemetry', 'telemetry'],
    );
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
    const rows = run.rows(
      run.fold([
        { seq: 1, timeMs: LOG_MS, data: noBatch },
        { seq: 2, timeMs: LOG_MS, data: noEvent },
        { seq: 3, timeMs: LOG_MS, data: new Uint8Array(0) },
      ]),
    );
    assert.deepEqual(
      rows.map((row) => [row['log_seq'], row['reason'], row['payload']]),
      [
        [1, 'malformed-payload', noBatch],
        [2, 'malformed-payload', Uint8Array.of(0x0a, 0x7f, 0x41)],
      ],
    );
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
    const result = run.fold(
      [message(1, [jsonEvent('d', { a: 1 }), jsonEvent('d', { a: 2 }), jsonEvent('d', { a: 3 })])],
      [
        { seq: 1, index: 1 },
        { seq: 9, index: 0 },
      ],
    );
    assert.deepEqual(runsOf(result), ['1.1+1 quarantined killer']);
    assert.deepEqual(result.counts, { accepted: 2, duplicate: 0, quarantined: 1, rejected: 0 });
    assert.deepEqual(Array.from(run.marker), [-1, 1, 2]);
  });

  test('other kinds are rows without effect', () => {
    const run = new FoldRun();
    const gone = (edgeEpoch: number): EventInit => ({ kind: KIND.edgeGone, payload: encodeEdgeGone({ edgeEpoch }) });
    const events = [
      { kind: KIND.tick },
      { tenant: 't', device: 'd', kind: KIND.campaign },
      gone(3),
      { kind: KIND.edgeGone, payload: Uint8Array.of(0xff) },
      { tenant: 't', kind: KIND.activation },
    ];
    assert.deepEqual(run.outcomes([message(1, events)]), ['accepted', 'accepted', 'accepted', 'accepted', 'accepted']);
    assert.equal(run.state.twins.count, 0);
    assert.equal(run.state.writers.states()[0]?.goneMs, LOG_MS);
  });
});
