/** Messages to a client whose session goes on: what was in flight, what a successor is told, and retained ones that are due. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RetainedTicket } from '../../../ingest/mqtt/retained-ticket.ts';
import { OUTGOING_STATE } from '../../../schemas/gen/lean.ts';
import { Rig } from './outgoing-rig.ts';

describe('outgoing of a session that goes on', () => {
  it('goes on where a session was left: releases again, sends again with DUP in the order of sending, and nothing before that', () => {
    const rig = new Rig({ receiveMaximum: 10 });
    const qos2 = { partition: 0, retained: false, share: 0 };
    rig.outgoing.restore(
      {
        cursor: [5],
        outgoing: [
          { ...qos2, packetId: 1, place: 11, state: OUTGOING_STATE.released },
          { ...qos2, packetId: 2, place: 12, state: OUTGOING_STATE.sent },
          { ...qos2, packetId: 9, place: 10, state: OUTGOING_STATE.done },
          { ...qos2, packetId: 3, place: 13, state: OUTGOING_STATE.sent },
        ],
        // Of QoS 1: one from before the circle of identifiers was closed, one that the cursor has passed, one whose identifier was used again.
        inFlight: { lastPacketId: 4, packetId: [65_535, 4, 3, 7], partition: [0, 0, 0, 0], place: [8, 14, 6, 5], reached: [20] },
      },
      false,
    );
    assert.deepEqual(rig.released, [1]);
    assert.deepEqual(
      rig.outgoing.unsent().map(({ packetId, qos }) => [packetId, qos]),
      [
        [65_535, 1],
        [2, 2],
        [3, 2],
        [4, 1],
      ],
    );
    assert.deepEqual(
      [5, 6, 8, 10, 11, 12, 13, 14, 15].map((place) => rig.outgoing.knows(0, place)),
      [false, false, true, true, true, true, true, true, false],
    );
    assert.equal(rig.outgoing.lowestIn(0), 8);
    const plain = { retain: false, ids: [] };
    rig.put('new', 2);
    rig.put('newer', 1);
    rig.outgoing.resend(65_535, rig.message('first', { qos: 1 }), { ...plain, qos: 1 });
    rig.outgoing.resend(2, rig.message('two'), { ...plain, qos: 2 });
    // The message is gone, and with it what is owed.
    rig.outgoing.resend(3, undefined, { ...plain, qos: 2 });
    rig.record();
    const again = [
      { id: 65_535, qos: 1, text: 'first', dup: true },
      { id: 2, qos: 2, text: 'two', dup: true },
    ];
    assert.deepEqual(rig.sent, again);
    // It shows that it has it: that is not sent again.
    rig.outgoing.acknowledged(4);
    rig.outgoing.resend(4, rig.message('four', { qos: 1 }), { ...plain, qos: 1 });
    assert.deepEqual(rig.sent.slice(0, 2), again);
    rig.outgoing.resend(99, rig.message('unknown', { qos: 1 }), { ...plain, qos: 1 });
    rig.outgoing.written();
    rig.record();
    assert.deepEqual(
      rig.sent.slice(2).map(({ id, text, dup }) => [id, text, dup]),
      [
        [6, 'newer', false],
        [5, 'new', false],
      ],
    );
  });

  it('sends again no more than the window of the new connection holds', () => {
    const rig = new Rig({ receiveMaximum: 2 });
    const ids = [1, 2, 3];
    const inFlight = { lastPacketId: 3, packetId: ids, partition: [0, 0, 0], place: [1, 2, 3], reached: [3] };
    rig.outgoing.restore({ cursor: [], outgoing: [], inFlight }, false);
    rig.put('new', 1);
    for (const id of ids) {
      if (!rig.outgoing.mayResend) break;
      rig.outgoing.resend(id, rig.message(`${id}`, { qos: 1 }), { qos: 1, retain: false, ids: [] });
    }
    assert.deepEqual(
      rig.sent.map(({ id }) => id),
      [1, 2],
    );
    rig.outgoing.acknowledged(1);
    assert.ok(rig.rooms > 0 && rig.outgoing.mayResend);
    rig.outgoing.resend(3, rig.message('3', { qos: 1 }), { qos: 1, retain: false, ids: [] });
    assert.ok(!rig.outgoing.mayResend);
    rig.outgoing.acknowledged(2);
    assert.deepEqual(
      rig.sent.map(({ id, dup }) => [id, dup]),
      [
        [1, true],
        [2, true],
        [3, true],
        [4, false],
      ],
    );
  });

  it('says what is in flight of QoS 1, in the order of sending, and which identifier was the last', () => {
    const rig = new Rig();
    assert.equal(rig.outgoing.inFlightSaid(), undefined);
    for (const [text, qos] of [
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ] as const)
      rig.put(text, qos);
    rig.put('shared', 1, { isShared: true });
    assert.deepEqual(rig.outgoing.inFlightSaid(), { lastPacketId: 4, packetId: [1, 3], partition: [0, 0], place: [1, 3] });
    // The log doesn't know of QoS 2 yet: what was read counts up to there only.
    assert.equal(rig.outgoing.lowestUnsentIn(0, false), 2);
    assert.equal(rig.outgoing.lowestUnsentIn(0, true), undefined);
    rig.record();
    assert.equal(rig.outgoing.lowestUnsentIn(0, false), undefined);
    rig.put('waits', 1);
    assert.equal(rig.outgoing.lowestUnsentIn(0, false), 5);
    assert.equal(rig.outgoing.lowestUnsentIn(0, true), 5);
    rig.outgoing.acknowledged(1);
    rig.outgoing.acknowledged(3);
    assert.deepEqual(rig.outgoing.inFlightSaid(), { lastPacketId: 5, packetId: [5], partition: [0], place: [5] });
  });

  it('remembers retained QoS 2 messages by their place until none is due', () => {
    const rig = new Rig();
    const at = { partition: 1, place: 40 };
    const sending = { qos: 2, retain: true, ids: [] };
    let settled = 0;
    const ticket: RetainedTicket = { retainedAt: at, settled: () => void settled++, returned: () => undefined };
    rig.outgoing.put(rig.message('m'), sending, ticket);
    rig.record();
    assert.deepEqual(rig.recorded, [{ packetId: 1, ...at, state: OUTGOING_STATE.sent, retained: true, share: 0 }]);
    assert.ok(rig.outgoing.hadRetained(rig.message('m'), sending, at));
    // No cursor waits for it, and it is no message of the log.
    assert.ok(rig.outgoing.lowestIn(1) === undefined && !rig.outgoing.knows(1, 40));
    rig.outgoing.received(1, 0);
    assert.equal(settled, 0);
    rig.record();
    assert.deepEqual([settled, rig.released], [1, [1]]);
    rig.outgoing.completed(1);
    assert.deepEqual([settled, rig.outgoing.hadRetained(rig.message('m'), sending, at), rig.sent.length], [1, true, 1]);
    rig.outgoing.passed(1, 100);
    assert.ok(rig.outgoing.hadRetained(rig.message('m'), sending, at));
    rig.outgoing.forgetRetained();
    assert.ok(!rig.outgoing.hadRetained(rig.message('m'), sending, at));
  });

  it('sends a retained QoS 2 message that is in no log when it is fetched again, and settles it when it isn’t there', () => {
    const rig = new Rig();
    const one = { partition: 0, state: OUTGOING_STATE.sent, retained: true, share: 0 };
    rig.outgoing.restore(
      {
        cursor: [90],
        outgoing: [
          { ...one, packetId: 1, place: 40 },
          { ...one, packetId: 2, place: 41 },
        ],
        inFlight: undefined,
      },
      false,
    );
    for (const { packetId } of rig.outgoing.unsent()) rig.outgoing.park(packetId);
    rig.put('new', 1);
    assert.deepEqual(rig.sent.at(-1)?.text, 'new');
    const sending = { qos: 2, retain: true, ids: [] };
    assert.ok(rig.outgoing.hadRetained(rig.message('forty'), sending, { partition: 0, place: 40 }));
    assert.deepEqual(rig.sent.at(-1), { id: 1, qos: 2, text: 'forty', dup: true });
    rig.outgoing.settleParked();
    assert.equal(rig.outgoing.inFlight, 2);
    rig.record();
    assert.deepEqual(rig.recorded, [{ packetId: 2, partition: 0, place: 41, state: OUTGOING_STATE.done, retained: true, share: 0 }]);
  });

  it('keeps a shared QoS 2 message whose identifier its last word tells the log, until that is stored', () => {
    for (const isStored of [true, false]) {
      const rig = new Rig();
      rig.put('told', 2, { isShared: true });
      rig.put('sent', 1, { isShared: true });
      for (let i = 0; i < 4; i++) rig.put('waits', 2, { isShared: true });
      const told = rig.outgoing.close(true);
      assert.deepEqual(rig.tickets, ['open', 'returned', 'open', 'open', 'returned', 'returned']);
      told(isStored);
      assert.equal(rig.tickets[0], isStored ? 'settled' : 'returned');
      assert.ok(!rig.tickets.includes('open'));
    }
    const rig = new Rig();
    rig.put('nobody’s', 2, { isShared: true });
    rig.outgoing.close(false);
    assert.deepEqual(rig.tickets, ['returned'], 'with the session what it was told is over');
  });
});
