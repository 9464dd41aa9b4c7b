/** Messages to one client, against a client that knows the protocol: whatever it acknowledges, and whenever the log answers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parser, type Packet } from 'mqtt-packet';
import { must } from '../../../engine/kernel/assert.ts';
import { CLIENT_INFLIGHT_MAX } from '../../../engine/kernel/limits.ts';
import { TopicMessage } from '../../../ingest/broker/topic-message.ts';
import { Outgoing, type OutgoingParts, type Unsent } from '../../../ingest/mqtt/outgoing.ts';
import { OUTGOING_STATE, type OutgoingInit } from '../../../schemas/gen/lean.ts';

interface Sent {
  readonly id: number;
  readonly qos: number;
  readonly text: string;
  readonly dup: boolean;
}

class Rig {
  readonly packets: Packet[] = [];
  readonly unsent: Unsent[] = [];
  readonly tickets: ('open' | 'settled' | 'returned')[] = [];
  readonly outgoing: Outgoing;
  nowMs = 1_000_000;
  unwritten = 0;
  rooms = 0;
  isAllowed = true;
  /** What the log was asked to take, and has not yet. */
  recording: (() => void)[] = [];
  recorded: OutgoingInit[] = [];
  #places = 0;

  constructor(options: Partial<OutgoingParts> = {}) {
    const incoming = parser({ protocolVersion: 5 });
    incoming.on('packet', (packet: Packet) => void this.packets.push(packet));
    this.outgoing = new Outgoing({
      limits: { level: 5, packetBytesMax: 10_000, wantsProblemInfo: true },
      receiveMaximum: 4,
      topicAliasMaximum: 0,
      isKept: true,
      now: () => this.nowMs,
      send: (bytes) => void incoming.parse(bytes),
      unwritten: () => this.unwritten,
      allows: () => this.isAllowed,
      record: (done) => void this.recording.push(done),
      unsent: (why) => void this.unsent.push(why),
      onRoom: () => void this.rooms++,
      ...options,
    });
  }

  get sent(): readonly Sent[] {
    return this.packets.flatMap((packet) =>
      packet.cmd === 'publish' ? [{ id: packet.messageId ?? 0, qos: packet.qos, text: packet.payload.toString(), dup: packet.dup }] : [],
    );
  }

  get released(): readonly number[] {
    return this.packets.flatMap((packet) => (packet.cmd === 'pubrel' ? [packet.messageId ?? 0] : []));
  }

  message(text: string, options: { readonly qos?: number; readonly expiresMs?: number; readonly partition?: number } = {}): TopicMessage {
    const { expiresMs = 0, partition = 0, qos = 2 } = options;
    return new TopicMessage({
      tenant: 't',
      topic: 'x',
      topicBytes: Buffer.from('x'),
      payload: Buffer.from(text),
      properties: new Uint8Array(0),
      qos,
      retain: false,
      expiresMs,
      session: '',
      at: { partition, place: ++this.#places },
    });
  }

  put(text: string, qos: number, options: { readonly expiresMs?: number; readonly isShared?: boolean } = {}): boolean {
    const message = this.message(text, { qos, ...options });
    const sending = { qos, retain: false, ids: [] };
    if (options.isShared !== true) return this.outgoing.put(message, sending);
    const number = this.tickets.push('open') - 1;
    const end = (how: 'settled' | 'returned'): void => {
      assert.equal(this.tickets[number], 'open', 'a ticket ends once');
      this.tickets[number] = how;
    };
    const isTaken = this.outgoing.put(message, sending, { settled: () => end('settled'), returned: () => end('returned') });
    if (!isTaken) {
      assert.equal(this.tickets[number], 'open');
      this.tickets.pop();
    }
    return isTaken;
  }

  /** The log answers, in order. */
  record(count = Number.POSITIVE_INFINITY): void {
    this.recorded = [...this.recorded, ...this.outgoing.takeChanges()];
    for (const done of this.recording.splice(0, count)) done();
  }
}

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
    assert.deepEqual(rig.recorded, [{ packetId: sent?.id, partition: 0, place: 1, state: OUTGOING_STATE.sent }]);
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

  it('goes on where a session was left: releases again, sends again with DUP, and doesn’t use those identifiers', () => {
    const rig = new Rig({ receiveMaximum: 10 });
    rig.outgoing.restore([
      { packetId: 1, partition: 0, place: 11, state: OUTGOING_STATE.released },
      { packetId: 2, partition: 0, place: 12, state: OUTGOING_STATE.sent },
      { packetId: 9, partition: 0, place: 10, state: OUTGOING_STATE.done },
      { packetId: 3, partition: 0, place: 13, state: OUTGOING_STATE.sent },
    ]);
    assert.deepEqual(rig.released, [1]);
    assert.deepEqual(
      rig.outgoing.unreceived().map(({ packetId }) => packetId),
      [2, 3],
    );
    assert.deepEqual(
      [10, 11, 12, 13, 14].map((place) => rig.outgoing.knows(0, place)),
      [true, true, true, true, false],
    );
    assert.equal(rig.outgoing.lowestIn(0), 11);
    rig.outgoing.resend(2, rig.message('two'), { qos: 2, retain: false, ids: [] });
    // The message is gone, and with it what is owed.
    rig.outgoing.resend(3, undefined, { qos: 2, retain: false, ids: [] });
    assert.deepEqual(rig.sent, [{ id: 2, qos: 2, text: 'two', dup: true }]);
    rig.put('new', 2);
    rig.put('newer', 1);
    rig.record();
    const ids = rig.sent.slice(1).map(({ id }) => id);
    assert.ok(
      ids.every((id) => id !== 1 && id !== 2),
      ids.join(),
    );
    assert.equal(new Set(ids).size, 2);
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
          outgoing.close();
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
