/** Connections and sessions as the fold decides and shows them: presence, and who is heard. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeSession } from '../../../engine/domain/session-state.ts';
import { must } from '../../../engine/kernel/assert.ts';
import { placeOf } from '../../../engine/kernel/position.ts';
import { Folder } from '../../../engine/pipeline/fold.ts';
import { PartitionState } from '../../../engine/pipeline/partition-state.ts';
import { KIND } from '../../../schemas/envelope.ts';
import { MARKER_SLOTS } from '../../../workers/protocol.ts';
import { FoldRun, foldTask, runsOf } from '../../support/fold-run.ts';
import { jsonEvent } from '../../support/log-frames.ts';
import {
  APP,
  bodyOf,
  changed,
  connected,
  DEV,
  disconnected,
  LOG_MS,
  message,
  published,
  TICK,
  told,
  WILL,
} from '../../support/session-events.ts';

function presence(run: FoldRun): Record<string, unknown> {
  return (run.twin('dev') as { readonly presence: Record<string, unknown> }).presence;
}

describe('presence', () => {
  it('of a device is in its twin, with the event that made it so, and each change is a row', () => {
    const run = new FoldRun();
    const first = run.fold([
      message(1, 0, [TICK, connected(DEV)]),
      message(2, 5_000, [connected({ ...DEV, session: 'd:dev:2' }, { address: '' })]),
    ]);
    assert.deepEqual(presence(run), {
      connected: true,
      since: '2026-09-04T12:00:00.000Z',
      cause: '0.1.1',
      connection: placeOf(1, 1),
      clients: [
        {
          clientId: 'dev',
          connected: true,
          since: '2026-09-04T12:00:00.000Z',
          cause: '0.1.1',
          connection: placeOf(1, 1),
          edge: 'edge-1',
          via: 'mqtt',
          address: '10.1.2.3:4',
          keepAliveS: 60,
          sessionExpiryS: 300,
        },
        {
          clientId: 'dev:2',
          connected: true,
          since: '2026-09-04T12:00:05.000Z',
          cause: '0.2.0',
          connection: placeOf(2, 0),
          edge: 'edge-1',
          via: 'mqtt',
          keepAliveS: 60,
          sessionExpiryS: 300,
        },
      ],
    });
    const [row] = run.decisions(first);
    assert.deepEqual(
      [row?.['tenant'], row?.['device'], row?.['section'], row?.['path'], row?.['state'], Number(row?.['version'])],
      ['t', 'dev', 'presence', 'dev', 'connected', placeOf(1, 1)],
    );
    assert.deepEqual(bodyOf(row), {
      clientId: 'dev',
      connection: placeOf(1, 1),
      ms: LOG_MS,
      edge: 'edge-1',
      via: 'mqtt',
      address: '10.1.2.3:4',
      level: 5,
      keepAliveS: 60,
      sessionExpiryS: 300,
    });
    run.fold([message(3, 6_000, [disconnected(DEV, placeOf(1, 1), { reason: 4, why: 'will', expiryS: 0 })])]);
    assert.deepEqual([presence(run)['connected'], presence(run)['cause']], [true, '0.2.0'], 'a device is while one of its clients is');
    const second = run.fold([
      message(4, 7_000, [disconnected({ ...DEV, session: 'd:dev:2' }, placeOf(2, 0), { reason: 141, why: 'keep-alive' })]),
    ]);
    assert.deepEqual(bodyOf(run.decisions(second)[0]), {
      clientId: 'dev:2',
      connection: placeOf(2, 0),
      ms: LOG_MS + 7_000,
      edge: 'edge-1',
      via: 'mqtt',
      reason: 141,
      why: 'keep-alive',
    });
    const { clients, ...all } = presence(run);
    assert.deepEqual(all, { connected: false, since: '2026-09-04T12:00:07.000Z', cause: '0.4.0', connection: placeOf(2, 0) });
    assert.deepEqual(
      (clients as readonly Record<string, unknown>[]).map(({ clientId, connected: is, reason, sessionExpiryS, why }) => [
        clientId,
        is,
        reason,
        why,
        sessionExpiryS,
      ]),
      [
        ['dev', false, 4, 'will', undefined],
        ['dev:2', false, 141, 'keep-alive', 300],
      ],
    );
  });

  it('says nothing of a device that never connected, and takes nothing from its other sections', () => {
    const run = new FoldRun();
    run.fold([message(1, 0, [jsonEvent('dev', { t: 1 })])]);
    assert.deepEqual(Object.keys(run.twin('dev') as object), ['tenant', 'device', 'version', 'latest']);
    run.fold([message(2, 1, [connected(DEV)])]);
    const twin = run.twin('dev') as Record<string, unknown>;
    assert.deepEqual([twin['version'], Object.keys(twin)], ['0.1.0', ['tenant', 'device', 'version', 'latest', 'presence']]);
  });

  it('is erased with the device, and what was on its way does not bring it back', () => {
    const run = new FoldRun();
    run.fold([message(1, 0, [connected(DEV, { will: WILL }), connected({ ...DEV, session: 'd:dev:2' })])]);
    const result = run.fold([
      message(2, 1, [
        { tenant: 't', device: 'dev', kind: KIND.erased },
        disconnected(DEV, placeOf(1, 0), { sendWill: true }),
        connected(DEV),
        published(DEV, 1),
        changed(DEV, placeOf(1, 0), { subscribed: [{ filter: 'a' }] }),
      ]),
      message(3, 60_000, [TICK]),
    ]);
    assert.deepEqual(runsOf(result), ['2.2+2 rejected erased']);
    assert.deepEqual([run.state.sessions.count, result.effects, result.edges, run.twin('dev')], [0, [], [], undefined]);
  });

  it('keeps clients that a device used once, up to a number', () => {
    const run = new FoldRun();
    for (let i = 1; i <= 20; i++) {
      const who = { ...DEV, session: `d:dev:${i}` };
      run.fold([message(i, i * 1_000, [connected(who, { expiryS: 0 }), disconnected(who, 0, { edgeConnection: 9 })])]);
    }
    const clients = presence(run)['clients'] as readonly { readonly clientId: string }[];
    assert.deepEqual(
      clients.map(({ clientId }) => clientId),
      Array.from({ length: 8 }, (_, i) => `dev:${13 + i}`).toSorted(),
    );
    assert.equal(presence(run)['cause'], '0.20.1');
  });

  it('tells of a device that flaps once, in its twin too, and of an application nothing of that', () => {
    const run = new FoldRun();
    const storm = Array.from({ length: 40 }, () => [connected(DEV, { expiryS: 0 }), connected(APP, { expiryS: 0 })]).flat();
    const rows = run.decisions(run.fold([message(1, 0, storm)])).filter((row) => row['state'] === 'flapping');
    assert.deepEqual(
      rows.map((row) => [row['kind'], Number(row['batch_index']), Number(row['version'])]),
      [['presence', 30, placeOf(1, 30)]],
    );
    assert.equal(presence(run)['flapping'], true);
    const calm = run.decisions(run.fold([message(2, 61_000, [connected(DEV)])]));
    assert.deepEqual(
      calm.map((row) => row['state']),
      ['disconnected', 'connected', 'calm'],
    );
    assert.equal(presence(run)['flapping'], undefined);
  });
});

describe('who is heard', () => {
  it('an older connection changes nothing, and is no error', () => {
    const run = new FoldRun();
    run.fold([message(1, 0, [connected(DEV)]), message(2, 1, [connected(DEV)], 2)]);
    const result = run.fold([
      message(3, 2, [
        changed(DEV, placeOf(1, 0), { subscribed: [{ filter: 'a' }] }),
        disconnected(DEV, placeOf(1, 0), { sendWill: true }),
        disconnected(DEV, 0, { edgeConnection: 9 }),
      ]),
    ]);
    assert.deepEqual([runsOf(result), run.decisions(result)], [[], []]);
    assert.deepEqual([presence(run)['connected'], result.edges], [true, [2]]);
    run.fold([message(4, 3, [changed(DEV, placeOf(2, 0), { subscribed: [{ filter: 'b', qos: 1 }] })], 2)]);
    const state = must(decodeSession(must(run.state.sessions.read('t', 'd:dev', LOG_MS), 'bytes')), 'session');
    assert.deepEqual(
      [[...state.subscriptions.keys()], state.resumed, state.previousConnection, state.previousEdgeEpoch],
      [['b'], true, placeOf(1, 0), 1],
    );
  });

  it('an edge that does not know its number yet is known by its own', () => {
    const run = new FoldRun();
    const result = run.fold([
      message(1, 0, [connected(DEV, { edgeConnection: 4 }), changed(DEV, 0, { subscribed: [{ filter: 'a' }] })]),
      message(2, 1, [disconnected(DEV, 0, { edgeConnection: 5 })]),
      message(3, 2, [disconnected(DEV, 0, { edgeConnection: 4 })], 2),
    ]);
    assert.deepEqual([presence(run)['connected'], result.edges], [true, [1]]);
    const left = run.fold([
      message(4, 3, [disconnected(DEV, 0, { edgeConnection: 4, last: { subscribed: [{ filter: 'b' }], cursor: [5] } })]),
    ]);
    assert.deepEqual(told(run.decisions(left)), [['4.0.0', 'presence', 'disconnected', 'client']]);
    assert.equal(Number(run.decisions(left)[0]?.['version']), placeOf(1, 0), 'the number that it had');
    const state = must(decodeSession(must(run.state.sessions.read('t', 'd:dev', LOG_MS), 'bytes')), 'session');
    assert.deepEqual([[...state.subscriptions.keys()], state.cursor, state.connected], [['a', 'b'], [5], false]);
  });

  it('what is malformed is quarantined, and of another partition too', () => {
    const run = new FoldRun();
    run.state = new PartitionState(0, 2);
    const bad = Uint8Array.of(0xff);
    // Application `b` of this tenant lives in partition 1, device `dev` in 0.
    const events = [
      connected({ ...DEV, session: '' }),
      connected({ ...DEV, session: 'x:dev' }),
      connected({ session: 'd:dev' }),
      connected({ ...DEV, session: 'a:dev' }),
      connected(DEV, { will: { ...WILL, topic: '' } }),
      connected(DEV, { will: { ...WILL, topic: 'a/#' } }),
      connected(DEV, {}, { payload: bad }),
      { ...disconnected(DEV, 1), payload: bad },
      { ...changed(DEV, 1, {}), payload: bad },
      published(DEV, 1, { topic: '' }),
      published(DEV, 1, { topic: 'a/+' }),
      published(DEV, 1, { publishFlags: 3 }),
      published(DEV, 65_536),
      published(DEV, 1, { session: '' }),
      connected({ session: 'a:b' }),
      connected({ session: 'a:é' }),
    ];
    const outcomes = run.outcomes([message(1, 0, events)]);
    const malformed = 'quarantined: malformed-payload';
    const identity = 'quarantined: bad-identity';
    assert.deepEqual(outcomes.slice(0, 14), [malformed, malformed, identity, identity, ...Array.from({ length: 10 }, () => malformed)]);
    assert.deepEqual(outcomes.slice(14).toSorted(), ['accepted', identity]);
    assert.equal(run.state.sessions.count, 1);
  });

  it('cuts what is more than a session may hold, and says so', () => {
    const run = new FoldRun();
    const subscribed = Array.from({ length: 1_030 }, (_, i) => ({ filter: `f${i}` }));
    const result = run.fold([message(1, 0, [connected(APP), changed(APP, placeOf(1, 0), { subscribed })])]);
    const rows = run.decisions(result);
    assert.deepEqual(
      rows.map((row) => [row['kind'], row['state'], row['new'], row['path'], row['device']]),
      [
        ['session', 'connected', '', 'app', ''],
        ['session', 'cut', '{"subscriptions":6,"outgoing":0}', 'app', ''],
      ],
    );
  });
});

describe('questions about a session', () => {
  it('are answered with its state, in the series of the other reads, and with nothing where there is none', () => {
    const run = new FoldRun();
    run.fold([
      message(1, 0, [connected(APP, { expiryS: 5 }), connected(DEV, { expiryS: 0 })]),
      message(2, 10, [disconnected(APP, placeOf(1, 0)), disconnected(DEV, placeOf(1, 1))]),
    ]);
    const folder = new Folder(new Float64Array(MARKER_SLOTS));
    const ask = (seq: number, atMs: number): readonly (readonly [number, boolean])[] => {
      const task = {
        ...foldTask([message(seq, atMs, [TICK])]),
        reads: [{ id: 3, tenant: 't', device: 'dev' }],
        sessionReads: ['a:app', 'd:dev', 'a:other'].map((session, i) => ({ id: 4 + i, tenant: 't', session })),
      };
      return folder.fold(run.state, task).replies.map(({ body, id }) => [id, body !== undefined] as const);
    };
    assert.deepEqual(ask(3, 5_009), [
      [3, true],
      [4, true],
      [5, false],
      [6, false],
    ]);
    assert.deepEqual(ask(4, 5_010)[1], [4, false], 'its expiry is over');
    assert.equal(run.state.sessions.count, 1, 'what a device was is remembered for its twin');
  });
});
