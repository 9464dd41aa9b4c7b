/** What devices are to be told of events that were acknowledged and not accepted: who, what, and how many. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from '../../../engine/kernel/position.ts';
import { REPORTS_MAX, SESSION_REPORTS_MAX } from '../../../engine/pipeline/notices.ts';
import { KIND, VIA } from '../../../schemas/envelope.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import type { FoldResult } from '../../../workers/protocol.ts';
import { FoldRun } from '../../support/fold-run.ts';
import { batchOf, factEvent, jsonEvent } from '../../support/log-frames.ts';
import { APP, connected, DEV, disconnected, edgeGone, message, published, type Who } from '../../support/session-events.ts';

const EDGE = 1;
const OTHER_EDGE = 2;
const MQTT: EventInit = { via: VIA.mqtt };
const BAD = '{"t":[1,2]}';

const good = (more: EventInit = {}): EventInit => jsonEvent('dev', '{"t":1}', { ...MQTT, ...more });
const bad = (more: EventInit = {}): EventInit => jsonEvent('dev', BAD, { ...MQTT, ...more });

/** `session connection@edge: topic code position, …` of each notice. */
function noticesOf({ notices }: FoldResult): readonly string[] {
  return notices.map(({ connection, edgeEpoch, reports, session, tenant }) => {
    assert.equal(tenant, 't');
    const said = reports.map(({ code, position, topic }) => `${topic} ${code} ${position}`);
    return `${session} ${connection}@${edgeEpoch}: ${said.join(', ')}`;
  });
}

/** A partition in which these are connected by edge 1, in message 1. */
function joined(...events: readonly EventInit[]): FoldRun {
  const run = new FoldRun();
  assert.deepEqual(run.fold([message(1, 0, events)]).notices, []);
  return run;
}

test('the device’s connection at the edge that wrote it is told the reason and the position', () => {
  const run = joined(good(), connected(DEV));
  const result = run.fold([message(2, 1, [good(), bad(), good(), bad()]), message(3, 2, [bad()])]);
  const reports = ['0.2.1', '0.2.3', '0.3.0'].map((position) => `v1/telemetry unsupported-value ${position}`);
  assert.deepEqual(noticesOf(result), [`d:dev ${placeOf(1, 1)}@${EDGE}: ${reports.join(', ')}`]);
  assert.deepEqual([result.counts.accepted, result.counts.quarantined, result.untold], [2, 3, 0]);
});

test('of what is accepted, or a duplicate, nobody is told, and a task says nothing of the one before', () => {
  const run = joined(connected(DEV));
  assert.equal(run.fold([message(2, 1, [bad({ clientEventId: 'a' })])]).notices.length, 1);
  const event = good({ clientEventId: 'b' });
  const resent = { ...message(4, 3, []), data: batchOf({ edgeEpoch: EDGE, counter: 2, events: [bad()] }) };
  const result = run.fold([message(3, 2, [event, event]), resent]);
  assert.deepEqual([result.notices, result.counts.accepted, result.counts.duplicate], [[], 1, 2]);
});

test('reasons that came with what was known before are told as well', () => {
  const run = joined(connected(DEV), good({ bootId: 1, deviceSeq: 5_000 }), factEvent('dev', { seq: 1, state: 'registered' }));
  assert.deepEqual(noticesOf(run.fold([message(2, 1, [good({ bootId: 1, deviceSeq: 1 })])])), [
    `d:dev ${placeOf(1, 0)}@1: v1/telemetry below-window 0.2.0`,
  ]);
  run.fold([message(3, 2, [factEvent('dev', { seq: 2, state: 'disabled' })])]);
  const late = run.fold([message(4, 3, [good(), published(DEV, 3, { ...MQTT, connection: placeOf(1, 0) })])]);
  assert.deepEqual(noticesOf(late), [`d:dev ${placeOf(1, 0)}@1: v1/telemetry disabled 0.4.0, plant/a disabled 0.4.1`]);
});

test('who isn’t connected, or is elsewhere, or gone, isn’t told', () => {
  const run = joined(connected(DEV), connected(APP));
  assert.deepEqual(run.fold([message(2, 1, [bad()], OTHER_EDGE)]).notices, [], 'of what another edge took in');
  assert.deepEqual(run.fold([message(3, 2, [jsonEvent('dev-2', BAD, MQTT)])]).notices, [], 'of another device');
  assert.deepEqual(run.fold([message(4, 3, [jsonEvent('dev', BAD, { via: VIA.http })])]).notices, [], 'of what came otherwise');
  assert.equal(run.fold([message(5, 4, [bad()])]).notices.length, 1);
  run.fold([message(6, 5, [connected(DEV)], OTHER_EDGE)]);
  assert.deepEqual(run.fold([message(7, 6, [bad()])]).notices, [], 'of what the connection before had said');
  assert.deepEqual(noticesOf(run.fold([message(8, 7, [bad()], OTHER_EDGE)])), [
    `d:dev ${placeOf(6, 0)}@2: v1/telemetry unsupported-value 0.8.0`,
  ]);
  run.fold([message(9, 8, [edgeGone(OTHER_EDGE)])]);
  assert.deepEqual(run.fold([message(10, 9, [bad()], OTHER_EDGE)]).notices, [], 'an edge that is gone');
  run.fold([message(11, 10, [connected(DEV)]), message(12, 11, [disconnected(DEV, placeOf(11, 0))])]);
  assert.deepEqual(run.fold([message(13, 12, [bad()])]).notices, [], 'a session without a connection');
});

test('connections that came otherwise have no such topic', () => {
  const run = joined(connected(DEV, {}, { via: VIA.websocket }));
  assert.deepEqual(run.fold([message(2, 1, [bad()])]).notices, []);
});

test('a session that the event names is told, and none of the device’s others; where it names none, all are', () => {
  const second: Who = { device: 'dev', session: 'd:dev:b' };
  const run = joined(connected(DEV), connected(second));
  const named = { session: 'd:dev:b', connection: placeOf(1, 1), packetId: 9 };
  assert.deepEqual(noticesOf(run.fold([message(2, 1, [bad(named)])])), [
    `d:dev:b ${placeOf(1, 1)}@1: v1/telemetry unsupported-value 0.2.0`,
  ]);
  assert.deepEqual(run.fold([message(3, 2, [bad({ ...named, connection: placeOf(1, 0) })])]).notices, [], 'another connection of it');
  assert.deepEqual(
    run.fold([message(4, 3, [bad()])]).notices.map(({ session }) => session),
    ['d:dev', 'd:dev:b'],
  );
});

test('of what a gateway said for the device the gateway’s connection is told, and of what the device said itself its own', () => {
  const sub: Who = { device: 'dev', session: 'd:dev@gw' };
  const run = joined(connected(sub, {}, { gateway: 'gw' }), connected(DEV));
  const result = run.fold([message(2, 1, [bad({ gateway: 'gw' }), bad(), bad({ gateway: 'gw-2' })])]);
  assert.deepEqual(noticesOf(result), [
    `d:dev@gw ${placeOf(1, 0)}@1: v1/telemetry unsupported-value 0.2.0`,
    `d:dev ${placeOf(1, 1)}@1: v1/telemetry unsupported-value 0.2.1`,
  ]);
});

test('events that say nothing that can be trusted, or that no device has written, are told to nobody', () => {
  const run = joined(connected(DEV));
  const session: EventInit = { tenant: 't', ...DEV, ...MQTT, kind: KIND.session, payload: Uint8Array.of(0xff) };
  const result = run.fold([message(2, 1, [session, bad({ tenant: '' }), bad({ device: '-' }), bad({ kind: 99 })])]);
  assert.deepEqual([result.notices, result.counts.quarantined], [[], 4]);
});

test('an event that killed is not looked into', () => {
  const run = joined(connected(DEV));
  const result = run.fold([message(2, 1, [bad(), bad()])], [{ seq: 2, index: 0 }]);
  assert.deepEqual(noticesOf(result), [`d:dev ${placeOf(1, 0)}@1: v1/telemetry unsupported-value 0.2.1`]);
});

test('one that floods is told so much a task, all together so much, and the rest is counted', () => {
  const devices = Array.from({ length: 7 }, (_, i) => `dev-${i}`);
  const run = joined(...devices.map((device) => connected({ device, session: `d:${device}` })));
  const flood = (device: string, count: number): readonly EventInit[] => Array.from({ length: count }, () => jsonEvent(device, BAD, MQTT));
  const one = run.fold([message(2, 1, [...flood('dev-0', SESSION_REPORTS_MAX + 30), ...flood('dev-1', 1)])]);
  assert.deepEqual(
    one.notices.map(({ reports }) => reports.length),
    [SESSION_REPORTS_MAX, 1],
  );
  assert.equal(one.untold, 30);
  const all = run.fold([
    message(
      3,
      2,
      devices.flatMap((device) => flood(device, SESSION_REPORTS_MAX)),
    ),
  ]);
  assert.equal(
    all.notices.reduce((sum, { reports }) => sum + reports.length, 0),
    REPORTS_MAX,
  );
  assert.equal(all.untold, devices.length * SESSION_REPORTS_MAX - REPORTS_MAX);
  assert.equal(run.fold([message(4, 3, flood('dev-0', 1))]).untold, 0);
});
