/**
 * Messages to one client: which may be sent now, which wait for room in the client's window, and which are not acknowledged
 * (MQTT 5 §4.3, §4.9). What doesn't fit in memory isn't taken: the session reads it from the log later. For a session that
 * outlives its connection, a QoS 2 message is sent only when the log knows its packet identifier, and released only when
 * the log knows that the client has it: so a successor can go on with the same identifier, and nothing comes twice.
 */
import type { InFlightInit, OutgoingInit } from '../../schemas/gen/lean.ts';
import { OUTGOING_STATE } from '../../schemas/gen/lean.ts';
import { CLIENT_INFLIGHT_MAX } from '../../engine/kernel/limits.ts';
import type { Ticket } from '../broker/shared-group.ts';
import type { MessagePlace, TopicMessage } from '../broker/topic-message.ts';
import { encodeAck, type ClientLimits } from './encode.ts';
import type { Sending } from './encode-publish.ts';
import { type Flight, Flights, type FlightsBefore, lower, settleTicket } from './flights.ts';
import type { OutgoingHost, OutgoingOptions, Unsent } from './outgoing-host.ts';
import { FIRST_BYTE, REASON } from './packets.ts';
import { Qos2Book, RETAINED_MAX } from './qos2-book.ts';
import { retainedPlaceOf } from './retained-ticket.ts';
import { TopicAliases } from './topic-aliases.ts';
import { type Waiting, WaitingMessages } from './waiting-messages.ts';

/** A client that doesn't read gets no more than this kept: of QoS 0 what is more is dropped, of QoS 1 and 2 it waits. */
const UNWRITTEN_BYTES_MAX = 64 * 1024;
/** What a topic alias adds to a packet at most, its lengths included. */
const ALIAS_BYTES = 5;

export class Outgoing {
  readonly #host: OutgoingHost;
  readonly #limits: ClientLimits;
  readonly #isKept: boolean;
  readonly #window: number;
  readonly #aliases: TopicAliases;
  readonly #flights = new Flights();
  readonly #queue = new WaitingMessages();
  /** What is put now is a part of much that was missed. */
  isBulk = false;
  /** Messages of QoS 1 and 2 that were given to the client. */
  sent = 0;
  readonly #book = new Qos2Book();
  #isCursorDue = false;

  constructor(options: OutgoingOptions, host: OutgoingHost) {
    this.#host = host;
    this.#limits = options.limits;
    this.#isKept = options.isKept;
    this.#window = Math.min(options.receiveMaximum, CLIENT_INFLIGHT_MAX);
    this.#aliases = new TopicAliases(options.topicAliasMaximum);
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
    return this.#host.unwritten() > UNWRITTEN_BYTES_MAX;
  }

  /** Whether `put` would take another message. */
  get hasRoom(): boolean {
    return this.#queue.hasRoom;
  }

  /** False: there is no room, and it was not taken. A message of QoS 0 is always taken, or dropped and counted. */
  put(message: TopicMessage, sending: Sending, ticket?: Ticket): boolean {
    const host = this.#host;
    const limits = this.#limits;
    if (message.expiresMs !== 0 && message.expiresMs <= host.now()) {
      host.unsent('expired');
      ticket?.settled();
      return true;
    }
    // Dropped as if it had been sent (MQTT-3.1.2-25).
    if (message.encoding.size(limits.level, sending) + ALIAS_BYTES > limits.packetBytesMax && !this.#fits(message, sending)) {
      host.unsent('packet-bytes');
      ticket?.settled();
      return true;
    }
    if (sending.qos === 0) {
      if (this.isHeld) host.unsent('slow-client');
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
    this.#flights.delete(flight);
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
    else if (flight.state !== 'releasing' && flight.state !== 'recording') this.#receivedFirst(flight);
    return true;
  }

  #receivedFirst(flight: Flight): void {
    const { packetId } = flight;
    this.#flights.sent(flight);
    if (!this.#isKept || flight.place === 0) {
      flight.state = 'released';
      this.#release(packetId);
      return;
    }
    flight.state = 'releasing';
    this.#book.note(flight, OUTGOING_STATE.released);
    this.#host.say(() => {
      if (flight.state !== 'releasing') return;
      flight.state = 'released';
      this.#release(packetId);
      settleTicket(flight);
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

  /**
   * What a session that goes on had in flight: `PUBREL`s are due again, messages follow by `resend`, and nothing new before them.
   * `isUnsaid`: the log may not know all of it.
   */
  restore(before: FlightsBefore, isUnsaid: boolean): void {
    this.#book.restore(before.outgoing, isUnsaid);
    this.#flights.restore(before);
    for (const { packetId, state } of this.#flights.inOrder()) if (state === 'released') this.#release(packetId);
  }

  /** Messages that were sent before, and not acknowledged as far as is known, in that order. */
  unsent(): readonly Flight[] {
    return this.#flights.inOrder().filter(({ state }) => state === 'unsent');
  }

  /** Whether the client's window has room for one of them. */
  get mayResend(): boolean {
    return this.#flights.sentHere < this.#window && !this.isHeld;
  }

  /** The message of one of `unsent`; undefined: there is none. */
  resend(packetId: number, message: TopicMessage | undefined, sending: Sending): void {
    const flight = this.#flights.get(packetId);
    if (flight === undefined || (flight.state !== 'unsent' && flight.state !== 'parked')) return;
    if (message === undefined) this.#settle(flight);
    else if (!this.#fits(message, sending)) {
      this.#host.unsent('packet-bytes');
      this.#settle(flight);
    } else {
      this.#flights.sent(flight);
      this.#send(message, sending, packetId, true);
    }
    if (!this.#flights.isResending) this.#goOn();
  }

  /** A retained one of `unsent` isn't in the log: it is sent when retained messages are fetched, or settled when that is over. */
  park(packetId: number): void {
    const flight = this.#flights.get(packetId);
    if (flight?.state === 'unsent') this.#flights.park(flight);
    if (!this.#flights.isResending) this.#goOn();
  }

  /** Retained messages were fetched, and those that are parked were not among them. */
  settleParked(): void {
    for (const flight of this.#flights.all) if (flight.state === 'parked') this.#settle(flight);
  }

  /** A retained QoS 2 message that is fetched again: whether the client has it, or has its identifier. */
  hadRetained(message: TopicMessage, sending: Sending, { partition, place }: MessagePlace): boolean {
    const flight = this.#flights.retained(partition, place);
    if (flight?.state === 'parked') this.resend(flight.packetId, message, sending);
    return flight !== undefined || this.#book.hasRetained({ partition, place });
  }

  /** Whether another retained QoS 2 message can be remembered. */
  get hasRetainedRoom(): boolean {
    return this.#book.retainedHad + this.#flights.size + this.#queue.count < RETAINED_MAX;
  }

  /** No retained message is due to the client any more. */
  forgetRetained(): void {
    this.#book.forgetRetained();
  }

  /** Whether the message at this place is in flight, or settled although the cursor is not there yet. */
  knows(partition: number, place: number): boolean {
    return this.#book.isSettled(partition, place) || this.#flights.knows(partition, place);
  }

  /** The lowest place in the partition that is not settled; undefined: there is none. */
  lowestIn(partition: number): number | undefined {
    return lower(this.#flights.lowestIn(partition), this.#queue.lowestIn(partition));
  }

  /**
   * The lowest place in the partition that was not sent as far as the log can know; undefined: there is none. `isAll`: the log
   * is told of all that is in flight, too.
   */
  lowestUnsentIn(partition: number, isAll: boolean): number | undefined {
    const unknown = isAll ? undefined : this.#flights.lowestUnknownIn(partition);
    return lower(unknown, this.#queue.lowestIn(partition));
  }

  /** What a successor must know of QoS 1, but for how far was read; undefined: nothing was ever sent. */
  inFlightSaid(): InFlightInit | undefined {
    return this.#flights.said();
  }

  /** What the log has to be told of QoS 2; taken once. */
  takeChanges(): readonly OutgoingInit[] {
    return this.#book.takeChanges();
  }

  /** What a successor must know of QoS 2, whatever the log was told. */
  takeAll(): readonly OutgoingInit[] {
    return this.#isKept ? this.#book.takeAll(this.#flights.all) : [];
  }

  get hasChanges(): boolean {
    return this.#book.hasChanges;
  }

  /**
   * The connection is over: what is shared goes to others, but of QoS 2 only what the client was not sent, nor will be by the
   * last word of a session that goes on (MQTT-4.8.2-5). What is returned hears whether the log has that.
   */
  close(goesOn: boolean): (isStored: boolean) => void {
    const own: Flight[] = [];
    const others: (Ticket | undefined)[] = [];
    for (const flight of this.#flights.all) {
      if (goesOn && flight.state === 'recording' && !flight.isRetained) own.push(flight);
      else if (flight.share !== 0 && flight.qos === 2 && flight.state !== 'recording') settleTicket(flight);
      else others.push(flight.ticket);
    }
    for (const { ticket } of this.#queue.clear()) others.push(ticket);
    this.#flights.clear();
    for (const ticket of others) ticket?.returned();
    return (isStored) => {
      for (const flight of own) {
        if (isStored) settleTicket(flight);
        else flight.ticket?.returned();
      }
    };
  }

  #take(message: TopicMessage, sending: Sending, ticket: Ticket | undefined): void {
    const packetId = this.#flights.nextId();
    this.sent++;
    const retainedAt = ticket === undefined ? undefined : retainedPlaceOf(ticket);
    const { partition, place } = retainedAt ?? message;
    const isRecorded = sending.qos === 2 && this.#isKept && place !== 0;
    const flight: Flight = {
      packetId,
      qos: sending.qos,
      state: isRecorded ? 'recording' : 'sent',
      partition,
      place,
      isAside: ticket !== undefined,
      share: ticket?.share ?? 0,
      isRetained: retainedAt !== undefined,
      ticket,
    };
    this.#flights.add(flight);
    if (!isRecorded) {
      this.#send(message, sending, packetId);
      return;
    }
    this.#book.note(flight, OUTGOING_STATE.sent);
    const own = message.owned();
    this.#host.say(() => {
      flight.state = 'sent';
      this.#send(own, sending, packetId);
      // Sent or not, it is this session's now (MQTT-4.8.2-5). One that was retained may be in no log when it must be sent again.
      if (!flight.isRetained) settleTicket(flight);
    });
  }

  // oxlint-disable-next-line max-params
  #send(message: TopicMessage, sending: Sending, packetId: number, dup = false): void {
    const { level } = this.#limits;
    const alias = level === 5 ? this.#aliases.of(message.topic) : undefined;
    const nowMs = message.expiresMs === 0 ? 0 : this.#host.now();
    const bytes = message.encoding.bytes(level, sending, { packetId, dup, alias, nowMs });
    // A client whose window is full waits for what it has to acknowledge.
    this.#host.send(bytes, this.isBulk && this.#flights.sentHere < this.#window);
  }

  /** As it would go out now, with the alias that it would get. */
  #fits(message: TopicMessage, sending: Sending): boolean {
    const { level, packetBytesMax } = this.#limits;
    const alias = level === 5 ? this.#aliases.peek(message.topic) : undefined;
    return message.encoding.size(level, sending, alias) <= packetBytesMax;
  }

  #release(packetId: number): void {
    this.#host.send(encodeAck(FIRST_BYTE.PUBREL, { packetId, reason: REASON.SUCCESS }, this.#limits), false);
  }

  #settle(flight: Flight): void {
    this.#flights.delete(flight);
    settleTicket(flight);
    if (this.#isKept && flight.qos === 2 && flight.place !== 0) this.#book.settled(flight);
    this.#goOn();
  }

  /** The cursors have passed these: nothing has to be remembered of them any more. */
  passed(partition: number, cursor: number): void {
    this.#book.passed(partition, cursor);
  }

  /** The socket has written what waited. */
  written(): void {
    if (this.#queue.count > 0) this.#goOn();
  }

  #goOn(): void {
    if (this.#book.isFull) this.#sayCursor();
    if (this.#queue.count > 0)
      this.#queue.drain(
        () => this.#hasWindow(),
        (waiting) => this.#takeWaiting(waiting),
      );
    if (this.hasRoom) this.#host.onRoom();
  }

  #takeWaiting({ message, sending, ticket }: Waiting): void {
    const why = this.#whyNot(message);
    if (why === undefined) {
      this.#take(message, sending, ticket);
      return;
    }
    this.#host.unsent(why);
    // One of a group is for somebody else then; one that stands in no log was only for this client.
    if (why === 'forbidden' && message.place !== 0) ticket?.returned();
    else ticket?.settled();
  }

  /** Of a message that has waited. */
  #whyNot(message: TopicMessage): Unsent | undefined {
    if (message.expiresMs !== 0 && message.expiresMs <= this.#host.now()) return 'expired';
    return this.#host.allows(message) ? undefined : 'forbidden';
  }

  #hasWindow(): boolean {
    const flights = this.#flights;
    return flights.sentHere < (this.#book.isFull ? 1 : this.#window) && !flights.isResending && !this.isHeld;
  }

  /** Where the cursor can go on, what it passes is forgotten. */
  #sayCursor(): void {
    if (this.#isCursorDue) return;
    this.#isCursorDue = true;
    this.#host.say(() => {
      this.#isCursorDue = false;
      if (!this.#book.isFull) this.#goOn();
    });
  }
}
