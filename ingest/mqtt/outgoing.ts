/**
 * Messages to one client: which may be sent now, which wait for room in the client's window, and which are not acknowledged
 * (MQTT 5 §4.3, §4.9). What doesn't fit in memory isn't taken: the session reads it from the log later. For a session that
 * outlives its connection, a QoS 2 message is sent only when the log knows its packet identifier, and released only when
 * the log knows that the client has it: so a successor can go on with the same identifier, and nothing comes twice.
 */
import type { Buffer } from 'node:buffer';
import type { OutgoingInit } from '../../schemas/gen/lean.ts';
import { OUTGOING_STATE } from '../../schemas/gen/lean.ts';
import { CLIENT_INFLIGHT_MAX } from '../../engine/kernel/limits.ts';
import type { Ticket } from '../broker/shared-group.ts';
import type { TopicMessage } from '../broker/topic-message.ts';
import { encodeAck, type ClientLimits } from './encode.ts';
import type { Sending } from './encode-publish.ts';
import { FIRST_BYTE, REASON } from './packets.ts';
import { placeKey, SettledAhead } from './settled-ahead.ts';
import { TopicAliases } from './topic-aliases.ts';
import { type Waiting, WaitingMessages } from './waiting-messages.ts';

/** Why a message is not sent; the closed list, for counting. */
export type Unsent = 'packet-bytes' | 'expired' | 'slow-client' | 'forbidden';

export interface OutgoingParts {
  readonly limits: ClientLimits;
  /** The client's Receive Maximum. */
  readonly receiveMaximum: number;
  readonly topicAliasMaximum: number;
  /** Whether what is in flight must be in the log. */
  readonly isKept: boolean;
  readonly now: () => number;
  /** Goes out with the next flush. */
  readonly send: (bytes: Buffer, isBulk: boolean) => void;
  /** Bytes that wait for the socket. */
  readonly unwritten: () => number;
  /** Whether the client may still have a message that waited. */
  readonly allows: (message: TopicMessage) => boolean;
  /** Says what changed in the log, and calls back when it is there. */
  readonly record: (done: () => void) => void;
  readonly unsent: (why: Unsent) => void;
  /** Something was acknowledged: there may be room for what was not taken. */
  readonly onRoom: () => void;
}

/** A client that doesn't read gets no more than this kept: of QoS 0 what is more is dropped, of QoS 1 and 2 it waits. */
const UNWRITTEN_BYTES_MAX = 64 * 1024;
const PACKET_ID_MAX = 65_535;
/** What a topic alias adds to a packet at most, its lengths included. */
const ALIAS_BYTES = 5;

interface Flight {
  readonly packetId: number;
  readonly qos: number;
  /** `recording`: waits for the log. `releasing`: PUBREC came, and waits for the log. */
  state: 'recording' | 'sent' | 'releasing' | 'released';
  readonly partition: number;
  /** 0: it stands in no log. */
  readonly place: number;
  /** Of a shared subscription: no cursor of this session waits for it. */
  readonly isShared: boolean;
  ticket: Ticket | undefined;
}

export class Outgoing {
  readonly #parts: OutgoingParts;
  readonly #window: number;
  readonly #aliases: TopicAliases;
  readonly #flights = new Map<number, Flight>();
  readonly #queue = new WaitingMessages();
  #lastId = 0;
  /** Messages of the connection before are in flight. */
  #hasRestored = false;
  /** What is put now is a part of much that was missed. */
  isBulk = false;
  /** Messages of QoS 1 and 2 that were given to the client. */
  sent = 0;
  /** QoS 2 messages whose state the log doesn't know yet, or must know until the cursor has passed them. */
  readonly #changed = new Map<string, OutgoingInit>();
  readonly #settledAhead = new SettledAhead();
  #isCursorDue = false;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
    this.#window = Math.min(parts.receiveMaximum, CLIENT_INFLIGHT_MAX);
    this.#aliases = new TopicAliases(parts.topicAliasMaximum);
  }

  /** Sent and not acknowledged. */
  get inFlight(): number {
    return this.#flights.size;
  }

  get waiting(): number {
    return this.#queue.count;
  }

  /** The client doesn't read as fast as it is written to. */
  get isHeld(): boolean {
    return this.#parts.unwritten() > UNWRITTEN_BYTES_MAX;
  }

  /** Whether `put` would take another message. */
  get hasRoom(): boolean {
    return this.#queue.hasRoom;
  }

  /** False: there is no room, and it was not taken. A message of QoS 0 is always taken, or dropped and counted. */
  put(message: TopicMessage, sending: Sending, ticket?: Ticket): boolean {
    const { limits, now, unsent, unwritten } = this.#parts;
    if (message.expiresMs !== 0 && message.expiresMs <= now()) {
      unsent('expired');
      ticket?.settled();
      return true;
    }
    // Dropped as if it had been sent (MQTT-3.1.2-25).
    if (message.encoding.size(limits.level, sending) + ALIAS_BYTES > limits.packetBytesMax && !this.#fits(message, sending)) {
      unsent('packet-bytes');
      ticket?.settled();
      return true;
    }
    if (sending.qos === 0) {
      if (unwritten() > UNWRITTEN_BYTES_MAX) unsent('slow-client');
      else this.#send(message, sending, 0);
      ticket?.settled();
      return true;
    }
    if (this.#queue.count === 0 && this.#hasWindow()) {
      this.#take(message, sending, ticket);
      return true;
    }
    return this.#queue.put(message, sending, ticket);
  }

  /** PUBACK. One that nothing waits for is a late one. False: the identifier is in use for something else. */
  acknowledged(packetId: number): boolean {
    const flight = this.#flights.get(packetId);
    if (flight === undefined) return true;
    if (flight.qos !== 1) return false;
    this.#flights.delete(packetId);
    flight.ticket?.settled();
    this.#goOn();
    return true;
  }

  /** PUBREC; the answer is a PUBREL, now or when the log knows. False: as of `acknowledged`. */
  received(packetId: number, reason: number): boolean {
    const flight = this.#flights.get(packetId);
    if (flight?.qos === 1) return false;
    // Of what is forgotten the client waits for a release too: one that refuses could make it drop what it has.
    if (flight === undefined) {
      if (reason < REASON.UNSPECIFIED) this.#release(packetId);
    } else if (reason >= REASON.UNSPECIFIED) this.#settle(flight);
    else if (flight.state === 'released') this.#release(packetId);
    else if (flight.state === 'sent') this.#receivedFirst(flight);
    return true;
  }

  #receivedFirst(flight: Flight): void {
    const { isKept, record } = this.#parts;
    const { packetId } = flight;
    if (!isKept || flight.place === 0) {
      flight.state = 'released';
      this.#release(packetId);
      return;
    }
    flight.state = 'releasing';
    this.#note(flight, OUTGOING_STATE.released);
    record(() => {
      if (flight.state !== 'releasing') return;
      flight.state = 'released';
      this.#release(packetId);
    });
  }

  /** PUBCOMP. False: there was no PUBREL for what has this identifier. */
  completed(packetId: number): boolean {
    const flight = this.#flights.get(packetId);
    if (flight === undefined) return true;
    if (flight.state !== 'released') return false;
    this.#settle(flight);
    return true;
  }

  /** What a session that goes on had in flight: `PUBREL`s are due again, messages follow by `resend`. */
  restore(
    outgoing: readonly { readonly packetId: number; readonly state: number; readonly partition: number; readonly place: number }[],
  ): void {
    for (const { packetId, partition, place, state } of outgoing) {
      if (state === OUTGOING_STATE.done) {
        this.#settledAhead.add(partition, place);
        continue;
      }
      this.#hasRestored = true;
      const isReleased = state === OUTGOING_STATE.released;
      this.#flights.set(packetId, {
        packetId,
        qos: 2,
        state: isReleased ? 'released' : 'sent',
        partition,
        place,
        isShared: false,
        ticket: undefined,
      });
      if (isReleased) this.#release(packetId);
    }
  }

  /** Messages that were sent before, and not received as far as is known. */
  unreceived(): readonly { readonly packetId: number; readonly partition: number; readonly place: number }[] {
    return [...this.#flights.values()].filter(({ state }) => state === 'sent');
  }

  /** The message of `unreceived`; undefined: it is gone. */
  resend(packetId: number, message: TopicMessage | undefined, sending: Sending): void {
    const flight = this.#flights.get(packetId);
    if (flight?.state !== 'sent') return;
    if (message === undefined) this.#settle(flight);
    else this.#send(message, sending, packetId, true);
  }

  /** Whether the message at this place is in flight, or settled although the cursor is not there yet. */
  knows(partition: number, place: number): boolean {
    if (this.#settledAhead.has(partition, place)) return true;
    // What this connection has sent lies behind the place where the session reads on.
    if (!this.#hasRestored) return false;
    for (const flight of this.#flights.values()) if (flight.place === place && flight.partition === partition) return true;
    return false;
  }

  /** The lowest place in the partition that is not settled; undefined: there is none. */
  lowestIn(partition: number): number | undefined {
    let lowest: number | undefined;
    for (const { isShared, partition: of, place } of this.#flights.values()) {
      if (of === partition && place !== 0 && !isShared && (lowest === undefined || place < lowest)) lowest = place;
    }
    const waiting = this.#queue.lowestIn(partition);
    if (waiting !== undefined && (lowest === undefined || waiting < lowest)) lowest = waiting;
    return lowest;
  }

  /** What the log has to be told of QoS 2; taken once. */
  takeChanges(): readonly OutgoingInit[] {
    const changes = [...this.#changed.values()];
    this.#changed.clear();
    return changes;
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0;
  }

  /** The connection is over: what is shared goes to others. */
  close(): void {
    const tickets = [...this.#flights.values(), ...this.#queue.clear()].map(({ ticket }) => ticket);
    this.#flights.clear();
    for (const ticket of tickets) ticket?.returned();
  }

  #take(message: TopicMessage, sending: Sending, ticket: Ticket | undefined): void {
    const { isKept, record } = this.#parts;
    const packetId = this.#nextId();
    this.sent++;
    const isRecorded = sending.qos === 2 && isKept && message.place !== 0;
    const { partition, place } = message;
    const flight: Flight = {
      packetId,
      qos: sending.qos,
      state: isRecorded ? 'recording' : 'sent',
      partition,
      place,
      isShared: ticket !== undefined,
      ticket,
    };
    this.#flights.set(packetId, flight);
    if (!isRecorded) {
      this.#send(message, sending, packetId);
      return;
    }
    this.#note(flight, OUTGOING_STATE.sent);
    const own = message.owned();
    record(() => {
      flight.state = 'sent';
      this.#send(own, sending, packetId);
      // Sent or not, it is this session's now (MQTT-4.8.2-5).
      ticket?.settled();
      flight.ticket = undefined;
    });
  }

  // oxlint-disable-next-line max-params
  #send(message: TopicMessage, sending: Sending, packetId: number, dup = false): void {
    const { limits, now, send } = this.#parts;
    const alias = limits.level === 5 ? this.#aliases.of(message.topic) : undefined;
    send(message.encoding.bytes(limits.level, sending, { packetId, dup, alias, nowMs: message.expiresMs === 0 ? 0 : now() }), this.isBulk);
  }

  /** As it would go out now, with the alias that it would get. */
  #fits(message: TopicMessage, sending: Sending): boolean {
    const { limits } = this.#parts;
    const alias = limits.level === 5 ? this.#aliases.peek(message.topic) : undefined;
    return message.encoding.size(limits.level, sending, alias) <= limits.packetBytesMax;
  }

  #release(packetId: number): void {
    this.#parts.send(encodeAck(FIRST_BYTE.PUBREL, { packetId, reason: REASON.SUCCESS }, this.#parts.limits), false);
  }

  #settle(flight: Flight): void {
    this.#flights.delete(flight.packetId);
    flight.ticket?.settled();
    if (this.#parts.isKept && flight.qos === 2 && flight.place !== 0) {
      this.#note(flight, OUTGOING_STATE.done);
      const { partition, place } = flight;
      this.#settledAhead.add(partition, place);
    }
    this.#goOn();
  }

  /** The cursors have passed these: nothing has to be remembered of them any more. */
  passed(partition: number, cursor: number): void {
    this.#settledAhead.passed(partition, cursor);
  }

  #note({ packetId, partition, place }: Flight, state: number): void {
    this.#changed.set(placeKey(partition, place), { packetId, partition, place, state });
  }

  /** The socket has written what waited. */
  written(): void {
    if (this.#queue.count > 0) this.#goOn();
  }

  #goOn(): void {
    if (this.#settledAhead.isFull) this.#sayCursor();
    if (this.#queue.count > 0)
      this.#queue.drain(
        () => this.#hasWindow(),
        (waiting) => this.#takeWaiting(waiting),
      );
    if (this.hasRoom) this.#parts.onRoom();
  }

  #takeWaiting({ message, sending, ticket }: Waiting): void {
    const why = this.#whyNot(message);
    if (why === undefined) {
      this.#take(message, sending, ticket);
      return;
    }
    this.#parts.unsent(why);
    // One of a group is for somebody else then; one that stands in no log was only for this client.
    if (why === 'forbidden' && message.place !== 0) ticket?.returned();
    else ticket?.settled();
  }

  /** Of a message that has waited. */
  #whyNot(message: TopicMessage): Unsent | undefined {
    const { allows, now } = this.#parts;
    if (message.expiresMs !== 0 && message.expiresMs <= now()) return 'expired';
    return allows(message) ? undefined : 'forbidden';
  }

  #hasWindow(): boolean {
    return this.#flights.size < (this.#settledAhead.isFull ? 1 : this.#window) && !this.isHeld;
  }

  /** Where the cursor can go on, what it passes is forgotten. */
  #sayCursor(): void {
    if (this.#isCursorDue) return;
    this.#isCursorDue = true;
    this.#parts.record(() => {
      this.#isCursorDue = false;
      if (!this.#settledAhead.isFull) this.#goOn();
    });
  }

  #nextId(): number {
    do this.#lastId = this.#lastId === PACKET_ID_MAX ? 1 : this.#lastId + 1;
    while (this.#flights.has(this.#lastId));
    return this.#lastId;
  }
}
