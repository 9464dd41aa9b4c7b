/** Messages to one client, against a client that knows the protocol: whatever it acknowledges, and whenever the log answers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { must } from '../../../engine/kernel/assert.ts';
import { CLIENT_INFLIGHT_MAX } from '../../../engine/kernel/limits.ts';
import { OUTGOING_STATE } from '../../../schemas/gen/lean.ts';
import { Rig } from './outgoing-rig.ts';

describe('outgoing', () => {
  it('sends no more than the client’s Receive Maximum, and never more than the server’s own', () => {
    for (const [receiveMaximum, most] of [
      [3, 3],
      [65_535, CLIENT_INFLIGHT_MAX],
    ] as const) {
      const rig = new Rig({ receiveMaximum, isKept: false });
      for (let i = 0; i < 150; i++) assert.ok(rig.put(`${i}`, 1));
      assert.equal(rig.sent.length, most);
      rig.outgoing.acknowledged(must(rig.sent[0], 'sent').id);
      assert.equal(rig.sent.length, most + 1);
    }
  });

  it('takes no more than fits in memory, and says when there is room again', () => {
    const rig = new Rig({ isKept: false, receiveMaximum: 1, limits: { level: 5, packetBytesMax: 100_000, wantsProblemInfo: true } });
    let taken = 0;
    while (rig.put('x'.repeat(20_000), 1)) taken++;
    assert.ok(taken >= 10 && taken <= 14, `${taken}`);
    assert.ok(!rig.outgoing.hasRoom);
    while (rig.rooms === 0) rig.outgoing.acknowledged(must(rig.sent.at(-1), 'sent').id);
    assert.ok(rig.outgoing.hasRoom);
    assert.ok(rig.sent.length > 4);
    const small = new Rig({ isKept: false, receiveMaximum: 1 });
    let count = 0;
    while (small.put('', 1)) count++;
    assert.ok(count <= 1_001, `${count}`);
  });

  it('drops QoS 0 for a client that doesn’t read, and holds back the rest', () => {
    const rig = new Rig({ isKept: false });
    rig.unwritten = 1024 * 1024;
    assert.ok(rig.put('zero', 0));
    assert.ok(rig.put('one', 1));
    assert.deepEqual([rig.sent, rig.unsent], [[], ['slow-client']]);
  });

  it('of a kept session sends QoS 2 only when the log knows its identifier, and releases only when it knows of PUBREC', () => {
    const rig = new Rig();
    rig.put('m', 2);
    assert.equal(rig.sent.length, 0);
    rig.record();
    const [sent] = rig.sent;
    assert.deepEqual(rig.recorded, [{ packetId: sent?.id, partition: 0, place: 1, state: OUTGOING_STATE.sent, retained: false, share: 0 }]);
    rig.outgoing.received(sent?.id ?? 0, 0);
    assert.deepEqual(rig.released, []);
    // A PUBREC again changes nothing.
    rig.outgoing.received(sent?.id ?? 0, 0);
    rig.record();
    assert.deepEqual(rig.released, [sent?.id]);
    assert.equal(rig.recorded.at(-1)?.state, OUTGOING_STATE.released);
    rig.outgoing.received(sent?.id ?? 0, 0);
    assert.deepEqual(rig.released, [sent?.id, sent?.id]);
    assert.equal(rig.outgoing.lowestIn(0), 1);
    rig.outgoing.completed(sent?.id ?? 0);
    assert.equal(rig.outgoing.lowestIn(0), undefined);
    assert.ok(rig.outgoing.knows(0, 1));
    rig.record();
    assert.equal(rig.recorded.at(-1)?.state, OUTGOING_STATE.done);
    rig.outgoing.passed(0, 1);
    assert.ok(!rig.outgoing.knows(0, 1));
  });

  it('leaves out what is over, and what is too large', () => {
    const rig = new Rig({ isKept: false, receiveMaximum: 1 });
    for (const qos of [0, 1, 2]) assert.ok(rig.put('over', qos, { expiresMs: rig.nowMs }));
    for (const qos of [0, 1, 2]) assert.ok(rig.put('x'.repeat(10_000), qos));
    assert.deepEqual(rig.unsent, ['expired', 'expired', 'expired', 'packet-bytes', 'packet-bytes', 'packet-bytes']);
    rig.put('first', 1);
    rig.put('waits', 1, { expiresMs: rig.nowMs + 10 });
    rig.put('last', 1);
    rig.nowMs += 20;
    rig.outgoing.acknowledged(must(rig.sent[0], 'sent').id);
    assert.deepEqual(
      rig.sent.map(({ text }) => text),
      ['first', 'last'],
    );
  });

  it('keeps its promises to any client', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ op: fc.constant('put' as const), qos: fc.nat(2), isShared: fc.boolean(), expires: fc.nat(5) }) },
      { weight: 4, arbitrary: fc.record({ op: fc.constant('ack' as const), which: fc.nat(5), reason: fc.constantFrom(0, 0, 0, 0x97) }) },
      { weight: 2, arbitrary: fc.record({ op: fc.constant('complete' as const), which: fc.nat(5) }) },
      { weight: 3, arbitrary: fc.record({ op: fc.constant('record' as const), count: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('time' as const) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('nonsense' as const), id: fc.integer({ min: 1, max: 20 }) }) },
    );
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        fc.array(step, { maxLength: 80, size: 'max' }),
        (isKept, receiveMaximum, steps) => {
          const rig = new Rig({ isKept, receiveMaximum });
          const { outgoing } = rig;
          const taken: { readonly text: string; readonly qos: number }[] = [];
          /** As the client knows: identifiers of messages, and of those that it has received. */
          const open = new Map<number, { readonly qos: number; isReceived: boolean }>();
          let seen = 0;
          for (const [number, one] of steps.entries()) {
            const at = (which: number, isReceived: boolean): number | undefined => {
              const fitting = [...open].filter(([, message]) => message.isReceived === isReceived).map(([id]) => id);
              return fitting[which % Math.max(1, fitting.length)];
            };
            if (one.op === 'put') {
              const expiresMs = one.expires === 0 ? rig.nowMs + 5 : 0;
              if (rig.put(`${number}`, one.qos, { isShared: one.isShared, expiresMs }) && one.qos > 0)
                taken.push({ text: `${number}`, qos: one.qos });
            } else if (one.op === 'record') rig.record(one.count);
            else if (one.op === 'time') rig.nowMs += 3;
            else if (one.op === 'nonsense') {
              if (open.has(one.id)) continue;
              outgoing.acknowledged(one.id);
              outgoing.received(one.id, 0);
              rig.packets.splice(
                rig.packets.findLastIndex(({ cmd }) => cmd === 'pubrel'),
                1,
              );
            } else if (one.op === 'ack') {
              const id = at(one.which, false);
              const message = id === undefined ? undefined : open.get(id);
              if (id === undefined || message === undefined) continue;
              if (message.qos === 1) {
                outgoing.acknowledged(id);
                open.delete(id);
              } else {
                outgoing.received(id, one.reason);
                if (one.reason === 0) message.isReceived = true;
                else open.delete(id);
              }
            } else {
              const id = at(one.which, true);
              if (id === undefined || !rig.released.includes(id)) continue;
              outgoing.completed(id);
              open.delete(id);
              rig.packets.splice(
                rig.packets.findIndex((packet) => packet.cmd === 'pubrel' && packet.messageId === id),
                1,
              );
            }
            const { sent } = rig;
            for (const { id, qos } of sent.slice(seen)) {
              if (qos === 0) continue;
              assert.ok(id > 0 && !open.has(id), 'an identifier is used once at a time');
              open.set(id, { qos, isReceived: false });
            }
            seen = sent.length;
            assert.ok(open.size <= receiveMaximum && outgoing.inFlight <= receiveMaximum);
            assert.ok(
              rig.released.every((id) => open.get(id)?.isReceived === true),
              'only what was received is released',
            );
          }
          // Of one QoS in the order in which they were taken; those that expired are left out.
          for (const qos of [1, 2]) {
            const texts = rig.sent.filter((one) => one.qos === qos).map(({ text }) => text);
            const order = taken.filter((one) => one.qos === qos).map(({ text }) => text);
            assert.deepEqual(
              texts,
              order.filter((text) => texts.includes(text)),
            );
          }
          outgoing.close(false);
          assert.ok(
            rig.tickets.every((ticket) => ticket !== 'open'),
            'a ticket ends',
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is never behind with what is not settled', () => {
    const rig = new Rig({ isKept: false, receiveMaximum: 2 });
    for (let i = 1; i <= 6; i++) rig.put(`${i}`, 1);
    for (let lowest = 1; lowest <= 6; lowest++) {
      assert.equal(rig.outgoing.lowestIn(0), lowest);
      assert.equal(rig.outgoing.lowestIn(1), undefined);
      const id = rig.sent.find(({ text }) => text === `${lowest}`)?.id;
      rig.outgoing.acknowledged(id ?? 0);
    }
    assert.equal(rig.outgoing.lowestIn(0), undefined);
  });
});
