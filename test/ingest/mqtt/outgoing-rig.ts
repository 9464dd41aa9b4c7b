/** Messages to one client that knows the protocol, over a log that answers when it is told to. */
import assert from 'node:assert/strict';
import { parser, type Packet } from 'mqtt-packet';
import { TopicMessage } from '../../../ingest/broker/topic-message.ts';
import { Outgoing } from '../../../ingest/mqtt/outgoing.ts';
import type { OutgoingOptions, Unsent } from '../../../ingest/mqtt/outgoing-host.ts';
import type { OutgoingInit } from '../../../schemas/gen/lean.ts';

interface Sent {
  readonly id: number;
  readonly qos: number;
  readonly text: string;
  readonly dup: boolean;
}

export class Rig {
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

  constructor(options: Partial<OutgoingOptions> = {}) {
    const incoming = parser({ protocolVersion: 5 });
    incoming.on('packet', (packet: Packet) => void this.packets.push(packet));
    const limits = { level: 5, packetBytesMax: 10_000, wantsProblemInfo: true } as const;
    this.outgoing = new Outgoing(
      { limits, receiveMaximum: 4, topicAliasMaximum: 0, isKept: true, ...options },
      {
        now: () => this.nowMs,
        send: (bytes) => void incoming.parse(bytes),
        unwritten: () => this.unwritten,
        allows: () => this.isAllowed,
        say: (done) => void this.recording.push(done),
        unsent: (why) => void this.unsent.push(why),
        onRoom: () => void this.rooms++,
      },
    );
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
