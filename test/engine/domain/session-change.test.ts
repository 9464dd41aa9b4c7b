/** The rules of `session-change.ts`, by their numbers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange, type Cut, OUTGOING_MAX, skipUnsaid, SUBSCRIPTIONS_MAX } from '../../../engine/domain/session-change.ts';
import { decodeSession, encodeSession, newSession, type Session } from '../../../engine/domain/session-state.ts';
import { must } from '../../../engine/kernel/assert.ts';
import { decodeSessionChange, encodeSessionChange, OUTGOING_STATE, type SessionChangeInit } from '../../../schemas/gen/lean.ts';

function sessionOf(): Session {
  return newSession({ tenant: 't', session: 'a:app', device: '' });
}

function change(session: Session, said: SessionChangeInit): Cut {
  return applyChange(session, must(decodeSessionChange(encodeSessionChange(said)), 'change'), 4);
}

const { done, released, sent } = OUTGOING_STATE;

describe('a session changes as its edge says', () => {
  it('C1: a subscription replaces the one to the same filter, in its place', () => {
    const session = sessionOf();
    change(session, {
      subscribed: [
        { filter: 'a', qos: 0 },
        { filter: 'b/#', qos: 2 },
      ],
    });
    change(session, { subscribed: [{ filter: 'a', qos: 1, noLocal: true, id: 7 }], unsubscribed: ['c'] });
    assert.deepEqual(
      [...session.subscriptions.values()].map(({ filter, id, noLocal, qos }) => [filter, qos, noLocal, id]),
      [
        ['a', 1, true, 7],
        ['b/#', 2, false, 0],
      ],
    );
    change(session, { unsubscribed: ['a'] });
    assert.deepEqual([...session.subscriptions.keys()], ['b/#']);
  });

  it('C2: a released identifier is free', () => {
    const session = sessionOf();
    session.received.add(5).add(6);
    change(session, { released: [5, 9] });
    assert.deepEqual([...session.received], [6]);
  });

  it('C3: cursors never go back, are kept where nothing is said of them, and are no more than partitions', () => {
    const session = sessionOf();
    change(session, { cursor: [5, 0, 7], viewCursor: [1] });
    change(session, { cursor: [3, 9] });
    assert.deepEqual([session.cursor, session.viewCursor], [[5, 9, 7], [1]]);
    change(session, { cursor: [0, 0, 0, 1, 8, 8] });
    assert.deepEqual(session.cursor, [5, 9, 7, 1]);
  });

  it('C4, C5: a message is known by its place, and forgotten when it is settled and the cursor has passed it', () => {
    const session = sessionOf();
    const states = (): unknown => [...session.outgoing.values()].map(({ packetId, place, state }) => [place, packetId, state]);
    change(session, {
      outgoing: [
        { packetId: 1, state: sent, place: 10 },
        { packetId: 2, state: sent, place: 11 },
        { packetId: 3, state: sent, partition: 1, place: 10 },
      ],
    });
    change(session, {
      outgoing: [
        { packetId: 1, state: released, place: 10 },
        { packetId: 2, state: done, place: 11 },
      ],
    });
    assert.deepEqual(states(), [
      [10, 1, released],
      [11, 2, done],
      [10, 3, sent],
    ]);
    change(session, { cursor: [12] });
    assert.deepEqual(states(), [
      [10, 1, released],
      [10, 3, sent],
    ]);
    change(session, { outgoing: [{ packetId: 1, state: done, place: 10 }] });
    assert.deepEqual(states(), [[10, 3, sent]]);
  });

  it('C6: what is too much is cut and counted, and the rest holds', () => {
    const session = sessionOf();
    const subscribed = Array.from({ length: SUBSCRIPTIONS_MAX + 3 }, (_, i) => ({ filter: `f/${i}`, qos: 1 }));
    const outgoing = Array.from({ length: OUTGOING_MAX + 2 }, (_, i) => ({ packetId: i + 1, state: sent, place: i + 1 }));
    assert.deepEqual(change(session, { subscribed, outgoing, cursor: [1] }), { subscriptions: 3, outgoing: 2 });
    assert.deepEqual([session.subscriptions.size, session.outgoing.size, session.cursor], [SUBSCRIPTIONS_MAX, OUTGOING_MAX, [1]]);
    assert.deepEqual(change(session, { subscribed: [{ filter: 'f/0', qos: 2 }], outgoing: [{ packetId: 9, state: released, place: 1 }] }), {
      subscriptions: 0,
      outgoing: 0,
    });
  });

  it('C5: a retained message is remembered, whatever the cursor, until no subscription’s are due', () => {
    const session = sessionOf();
    const places = (): readonly number[] => [...session.outgoing.values()].map(({ place }) => place);
    change(session, {
      subscribed: [
        { filter: 'a', retainedDue: true },
        { filter: 'b', retainedDue: true },
      ],
      cursor: [100],
      outgoing: [
        { packetId: 1, state: done, place: 10, retained: true },
        { packetId: 2, state: sent, place: 11, retained: true },
        { packetId: 3, state: sent, place: 10 },
      ],
    });
    change(session, { retainedGiven: ['a', 'unknown'], cursor: [101] });
    assert.deepEqual(places(), [10, 11, 10]);
    change(session, { unsubscribed: ['b'], outgoing: [{ packetId: 3, state: done, place: 10 }] });
    assert.deepEqual(places(), [11]);
    change(session, { outgoing: [{ packetId: 2, state: done, place: 11, retained: true }] });
    assert.deepEqual(places(), []);
  });

  it('C7: what is in flight is what was said last, and never too much', () => {
    const session = sessionOf();
    const inFlight = { lastPacketId: 9, packetId: [7, 9], partition: [0, 3], place: [5, 6], reached: [6, 0, 0, 6] };
    change(session, { inFlight });
    change(session, { cursor: [1] });
    assert.deepEqual(session.inFlight, inFlight);
    const nothing = { packetId: [], partition: [], place: [], reached: [] };
    for (const unsound of [{ partition: [0] }, { place: [] }, { reached: [1, 2, 3, 4, 5] }]) {
      change(session, { inFlight: { ...inFlight, lastPacketId: 10, ...unsound } });
      assert.deepEqual(session.inFlight, { ...nothing, lastPacketId: 10 });
    }
    const many = Array.from({ length: OUTGOING_MAX + 1 }, () => 1);
    change(session, { inFlight: { lastPacketId: 11, packetId: many, partition: many, place: many } });
    assert.deepEqual(session.inFlight, { ...nothing, lastPacketId: 11 });
  });

  it('C8: retained messages are due until they were given; what is said of them doesn’t concern the subscription that follows', () => {
    const session = sessionOf();
    const due = (): readonly string[] => [...session.subscriptions.values()].filter((one) => one.retainedDue).map(({ filter }) => filter);
    change(session, { subscribed: ['a', 'b', 'c'].map((filter) => ({ filter, qos: 1, retainedDue: true, retainedSince: [3] })) });
    change(session, { subscribed: [{ filter: 'a', qos: 1, retainedDue: true }], retainedGiven: ['a', 'b'] });
    assert.deepEqual(due(), ['a', 'c']);
    change(session, { subscribed: [{ filter: 'c', qos: 1 }] });
    assert.deepEqual(due(), ['a']);
    assert.equal(session.subscriptions.get('b')?.qos, 1);
  });

  it('C9: identifiers are left out in their circle', () => {
    const last = (lastPacketId: number): number =>
      skipUnsaid({ lastPacketId, packetId: [], partition: [], place: [], reached: [] }).lastPacketId;
    assert.deepEqual(
      [skipUnsaid(undefined).lastPacketId, last(1), last(32_767), last(32_768), last(65_535)],
      [32_768, 32_769, 65_535, 1, 32_768],
    );
    const flights = { packetId: [3], partition: [1], place: [9], reached: [9] };
    assert.deepEqual(skipUnsaid({ lastPacketId: 3, ...flights }), { lastPacketId: 32_771, ...flights });
  });

  it('is kept as bytes, whole', () => {
    const session = sessionOf();
    change(session, {
      subscribed: [{ filter: 'é/+', qos: 1, since: [3, 4] }],
      cursor: [1, 2],
      outgoing: [{ packetId: 1, state: sent, place: 9 }],
      inFlight: { lastPacketId: 2, packetId: [2], partition: [1], place: [7], reached: [8, 9] },
    });
    session.parted = true;
    session.received.add(65_535);
    session.will = { topic: 'w', payload: Uint8Array.of(0, 255), flags: 5, properties: Uint8Array.of(1), delayS: 3, expiryS: 0 };
    session.recentConnectsMs = [1, 2];
    assert.deepEqual(decodeSession(encodeSession(session)), session);
    assert.equal(decodeSession(Uint8Array.of(0xff)), undefined);
  });
});
