/** Wills and QoS 2 messages: when they are due, that each goes once, and that a record holds what it may. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { must } from '../../../engine/kernel/assert.ts';
import { topicPartitionOf } from '../../../engine/kernel/partition.ts';
import { placeOf } from '../../../engine/kernel/position.ts';
import { Folder } from '../../../engine/pipeline/fold.ts';
import { PartitionState } from '../../../engine/pipeline/partition-state.ts';
import { Replay } from '../../../engine/pipeline/replay.ts';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import { decodeControlRecord, KIND } from '../../../schemas/envelope.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import { DECISION_COLUMNS } from '../../../schemas/tables.ts';
import { MARKER_SLOTS, type FoldResult } from '../../../workers/protocol.ts';
import { EPOCH, FoldRun, foldTask, RECORD_SEQ, runsOf } from '../../support/fold-run.ts';
import { framesOf, jsonEvent, type TestMessage } from '../../support/log-frames.ts';
import { decodeRows } from '../../support/row-binary.ts';
import {
  APP,
  bodyOf,
  changed,
  connected,
  DEV,
  disconnected,
  edgeGone,
  LOG_MS,
  message,
  placeOfRow,
  published,
  sent,
  TICK,
  told,
  WILL,
  type Who,
} from '../../support/session-events.ts';

function presence(run: FoldRun): Record<string, unknown> {
  return (run.twin('dev') as { readonly presence: Record<string, unknown> }).presence;
}

describe('wills', () => {
  it('go out when they are due, before the message that carries log time past them, as effects of that message', () => {
    const run = new FoldRun();
    run.fold([
      message(1, 0, [connected(DEV, { will: { ...WILL, delayS: 3 } })]),
      message(2, 10, [disconnected(DEV, placeOf(1, 0), { why: 'closed', sendWill: true })]),
    ]);
    assert.equal(run.state.nextDueMs, LOG_MS + 3_010);
    assert.deepEqual(run.fold([message(3, 3_009, [TICK])]).effects, []);
    const result = run.fold([message(4, 3_500, [connected(APP), TICK])]);
    const [effect] = result.effects;
    assert.deepEqual([effect?.kind, effect?.target, effect?.index], ['publish', '0', 0]);
    const {
      cause,
      effectIndex,
      effectSource,
      effectVersion,
      expiresMs,
      kind,
      payload,
      publishFlags,
      publishProperties,
      session,
      tenant,
      topic,
    } = must(sent(result)[0], 'will');
    assert.deepEqual(
      {
        cause,
        effectIndex,
        effectSource,
        effectVersion,
        expiresMs,
        kind,
        payload: [...payload],
        publishFlags,
        properties: [...publishProperties],
        session,
        tenant,
        topic,
      },
      {
        cause: '0.2.0',
        effectIndex: 0,
        effectSource: '0',
        effectVersion: RECORD_SEQ,
        expiresMs: LOG_MS + 63_010,
        kind: KIND.published,
        payload: [7],
        publishFlags: 5,
        properties: [1, 1],
        session: 'd:dev',
        tenant: 't',
        topic: 'plant/gone',
      },
    );
    assert.deepEqual(told(run.decisions(result)), [
      ['4.0.0', 'presence', 'will', ''],
      ['4.0.1', 'session', 'connected', ''],
    ]);
    const [row] = run.decisions(result);
    const { cause: armed, ms } = bodyOf(row);
    assert.deepEqual([armed, ms, row?.['new']], ['0.2.0', LOG_MS + 3_010, 'plant/gone'], 'by which event, and when it was due');
    assert.equal(run.state.nextDueMs, LOG_MS + 300_010, 'the end of the session');
  });

  it('go at once where there is no delay, and at a takeover', () => {
    const run = new FoldRun();
    const left = run.fold([message(1, 0, [connected(DEV, { will: WILL }), disconnected(DEV, placeOf(1, 0), { sendWill: true }), TICK])]);
    assert.deepEqual([left.effects.length, left.nextDueMs], [1, LOG_MS + 300_000]);
    assert.deepEqual(told(run.decisions(left)), [
      ['1.0.0', 'presence', 'connected', ''],
      ['1.1.0', 'presence', 'disconnected', 'client'],
      ['1.2.0', 'presence', 'will', ''],
    ]);
    const taken = run.fold([message(2, 5, [connected(APP, { will: WILL }), connected(APP, { cleanStart: true })])]);
    assert.deepEqual(told(run.decisions(taken)), [
      ['2.0.0', 'session', 'connected', ''],
      ['2.1.0', 'session', 'disconnected', 'taken-over'],
      ['2.1.1', 'session', 'will', ''],
      ['2.1.2', 'session', 'connected', ''],
    ]);
    assert.deepEqual(
      sent(taken).map(({ cause, session }) => [cause, session]),
      [['0.2.1', 'a:app']],
    );
  });

  it('of an edge that is gone go after the grace, of one that drained never', () => {
    const run = new FoldRun();
    const first = run.fold([message(1, 0, [connected(DEV, { will: WILL })]), message(2, 0, [connected(APP, { will: WILL })], 2)]);
    assert.deepEqual(first.edges, [1, 2]);
    const gone = run.fold([message(3, 100, [edgeGone(1), edgeGone(2, true)], 3)]);
    assert.deepEqual(told(run.decisions(gone)), [['3.1.0', 'session', 'disconnected', 'draining']]);
    assert.deepEqual([gone.effects, gone.edges, gone.nextDueMs, presence(run)['connected']], [[], [], LOG_MS + 10_100, true]);
    const over = run.fold([message(4, 20_000, [TICK], 3)]);
    assert.deepEqual(told(run.decisions(over)), [
      ['4.0.0', 'presence', 'disconnected', 'edge-gone'],
      ['4.0.1', 'presence', 'will', ''],
    ]);
    assert.deepEqual(
      [presence(run)['connected'], presence(run)['since'], presence(run)['cause']],
      [false, '2026-09-04T12:00:10.100Z', '0.3.0'],
    );
    assert.deepEqual(
      sent(over).map(({ session }) => session),
      ['d:dev'],
    );
  });
});

describe('QoS 2', () => {
  it('a message is taken once until it is released, and not from a connection that is over', () => {
    const run = new FoldRun();
    const first = run.fold([
      message(1, 0, [connected(APP), published(APP, 5, { connection: placeOf(1, 0) })]),
      message(2, 1, [connected(APP)], 2),
    ]);
    assert.deepEqual(
      sent(first).map(({ payload, topic }) => [[...payload], topic]),
      [[[5], 'plant/a']],
    );
    const again = run.fold([
      message(
        3,
        2,
        [
          published(APP, 5, { connection: placeOf(2, 0) }),
          published(APP, 6, { connection: placeOf(1, 0) }),
          TICK,
          published(APP, 6, { connection: placeOf(2, 0) }),
        ],
        2,
      ),
      message(4, 3, [published(APP, 6, { connection: placeOf(2, 0) })], 2),
    ]);
    assert.deepEqual(runsOf(again), [
      // The second comes too late from a connection that is over: its client sends it again.
      '3.0+2 duplicate repeated-packet-id',
      '4.0+1 duplicate repeated-packet-id',
    ]);
    const released = run.fold([
      message(5, 4, [changed(APP, placeOf(2, 0), { released: [5] }), published(APP, 5, { connection: placeOf(2, 0) })], 2),
      message(
        6,
        5,
        [
          connected(APP, { cleanStart: true }),
          published(APP, 6, { connection: placeOf(6, 0) }),
          published(APP, 5, { connection: placeOf(2, 0) }),
        ],
        2,
      ),
    ]);
    assert.deepEqual([runsOf(released), released.effects.length], [[], 3], 'a session that began anew has nothing');
    assert.deepEqual(
      sent(released).map(({ cause, effectIndex }) => [cause, effectIndex]),
      [
        ['0.5.1', 0],
        ['0.6.1', 1],
        ['0.6.2', 2],
      ],
    );
  });

  it('telemetry too, of which one packet may be several events', () => {
    const run = new FoldRun();
    const packet = (value: unknown, id: number): EventInit =>
      jsonEvent('dev', value, { session: 'd:dev', packetId: id, connection: placeOf(1, 0) });
    const events = [packet({ a: 1 }, 7), packet('{', 7), packet({ a: 3 }, 7)];
    assert.deepEqual(run.outcomes([message(1, 0, [connected(DEV)]), message(2, 1, events)]), [
      'accepted',
      'accepted',
      'quarantined: malformed-payload',
      'accepted',
    ]);
    assert.deepEqual(run.outcomes([message(3, 2, events)]), [
      'duplicate: repeated-packet-id',
      'quarantined: malformed-payload',
      'duplicate: repeated-packet-id',
    ]);
    assert.deepEqual(
      run.outcomes([
        message(4, 3, [changed(DEV, placeOf(1, 0), { released: [7] }), packet({ a: 4 }, 7), packet({ a: 5 }, 8), packet({ a: 6 }, 7)]),
      ]),
      ['accepted', 'accepted', 'accepted', 'duplicate: repeated-packet-id'],
    );
  });

  it('where the session is not known every message is taken: of a gateway for a device elsewhere, or after its end', () => {
    const run = new FoldRun();
    const said = jsonEvent('dev', { a: 1 }, { session: 'd:gateway', packetId: 7, connection: placeOf(1, 0), gateway: 'gateway' });
    assert.deepEqual(run.outcomes([message(1, 0, [said]), message(2, 1, [said])]), ['accepted', 'accepted']);
  });

  it('goes to the topic partition of its topic', () => {
    const state = new PartitionState(0, 4);
    const client = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].find((id) => topicPartitionOf('t', new TextEncoder().encode(id), 4) === 0);
    const folder = new Folder(new Float64Array(MARKER_SLOTS));
    const result = folder.fold(state, foldTask([message(1, 0, [published({ session: `a:${client ?? ''}` }, 1, { topic: 'é/x' })])]));
    assert.deepEqual(
      result.effects.map(({ target }) => target),
      [String(topicPartitionOf('t', new TextEncoder().encode('é/x'), 4))],
    );
    assert.equal(sent(result)[0]?.topic, 'é/x');
  });
});

describe('what is more than one record may hold', () => {
  const CLIENTS = 3_000;
  const clients = Array.from({ length: CLIENTS }, (_, i): Who => ({ session: `a:${i}` }));
  /** All on one edge, all with a will, all gone at one time. */
  const arrivals = [
    message(
      1,
      0,
      clients.slice(0, 1_500).map((who) => connected(who, { will: WILL })),
    ),
    message(
      2,
      1,
      clients.slice(1_500).map((who) => connected(who, { will: WILL })),
    ),
    message(3, 2, [edgeGone(1)], 2),
  ];
  const ticks = Array.from({ length: 40 }, (_, i) => message(4 + i, 11_000 + i, [TICK], 2));

  function fold(state: PartitionState, log: readonly TestMessage[], size: number): readonly FoldResult[] {
    const folder = new Folder(new Float64Array(MARKER_SLOTS));
    const results: FoldResult[] = [];
    for (let at = 0; at < log.length; at += must(results.at(-1), 'result').consumed)
      results.push(folder.fold(state, foldTask(log.slice(at, at + size))));
    return results;
  }

  it('goes with the messages after it, in order, each once, whatever the tasks, and after a restart in the middle', () => {
    const live = new PartitionState(0, 1);
    const results = fold(live, [...arrivals, ...ticks], 1);
    const largest = Math.max(...results.map(({ record }) => record.length));
    assert.ok(largest < 1024 * 1024, `a record of ${largest} bytes`);
    const sessions = results.flatMap(sent).map(({ session }) => session);
    assert.deepEqual(sessions, clients.map(({ session }) => session ?? '').toSorted(), 'each will once');
    assert.deepEqual([live.nextDueMs, live.outbox.count], [LOG_MS + 10_002 + 300_000, 0]);
    const waits = results.findIndex(({ nextDueMs, logMs }) => nextDueMs !== 0 && nextDueMs <= logMs);
    assert.ok(waits > 0, 'the owner hears that there is more to do');

    const other = new PartitionState(0, 1);
    const together = fold(other, [...arrivals, ...ticks], 50);
    assert.deepEqual(
      together.flatMap(sent).map(({ session }) => session),
      sessions,
    );
    const rows = (of: readonly FoldResult[]): Buffer => Buffer.concat(of.map(({ decisions }) => decisions.bytes));
    assert.deepEqual(rows(together), rows(results));
    assert.deepEqual(encodeSnapshot(other, 1), encodeSnapshot(live, 1));

    const half = new PartitionState(0, 1);
    fold(half, [...arrivals, ...ticks.slice(0, 5)], 1);
    const restored = openSnapshot(encodeSnapshot(half, 8), { partition: 0, partitions: 1 }).state;
    assert.ok(restored.sessions.count > 0 && restored.nextDueMs <= restored.logMs);
    const rest = fold(restored, ticks.slice(5), 1);
    assert.deepEqual(
      rest.flatMap(sent).map(({ session }) => session),
      results
        .slice(8)
        .flatMap(sent)
        .map(({ session }) => session),
    );
    assert.deepEqual(encodeSnapshot(restored, 1), encodeSnapshot(live, 1));
  });

  it('recovers and is built again from records', () => {
    const live = new PartitionState(0, 1);
    const log = [...arrivals, ...ticks];
    const results = fold(live, log, 7);
    const records = results.map(({ record }) => record);
    const recovered = new PartitionState(0, 1);
    new Replay().recover(recovered, { records, frames: framesOf(log) });
    assert.deepEqual(encodeSnapshot(recovered, 1), encodeSnapshot(live, 1));
    const rebuilt = new Replay().rows({
      op: 'rows',
      partition: 0,
      partitions: 1,
      epoch: EPOCH,
      records,
      recordSeqs: records.map(() => RECORD_SEQ),
      frames: framesOf(log),
      rowsFromSeq: 0,
      rowsToSeq: Number.MAX_SAFE_INTEGER,
    });
    assert.deepEqual(Buffer.from(rebuilt.decisions.bytes), Buffer.concat(results.map(({ decisions }) => decisions.bytes)));
    const places = decodeRows(rebuilt.decisions.bytes, DECISION_COLUMNS).map(placeOfRow);
    assert.equal(new Set(places).size, places.length);
    assert.equal(places.length, CLIENTS * 3, 'connected, disconnected, will');
    assert.equal(records.flatMap((record) => decodeControlRecord(record).decisions).flatMap(({ effects }) => effects).length, CLIENTS);
  });

  it('keeps records small when a whole message is messages for topics, or connects that take over', () => {
    const state = new PartitionState(0, 1);
    const many = Array.from({ length: 9_000 }, (_, i) => published(APP, (i % 65_535) + 1, { connection: placeOf(1, 0), topic: `t/${i}` }));
    const storm = Array.from({ length: 4_000 }, (_, i) => connected({ session: `a:${i % 10}` }, { will: { topic: 'w' } }));
    const results = fold(
      state,
      [
        message(1, 0, [connected(APP)]),
        message(2, 1, many),
        message(3, 2, storm),
        message(4, 3, [TICK]),
        message(5, 4, [TICK]),
        message(6, 5, [TICK]),
      ],
      1,
    );
    const sizes = results.map(({ record }) => record.length);
    assert.ok(Math.max(...sizes) < 1024 * 1024, sizes.join());
    assert.equal(results.flatMap(({ effects }) => effects).length, 9_000 + 4_000 - 10);
    assert.equal(state.outbox.count, 0);
  });
});
