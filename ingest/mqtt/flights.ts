/**
 * Messages of QoS 1 and 2 that a client was given and has not acknowledged, by packet identifier: those of this connection, and
 * those of the session's connections before, which are to be sent again with the identifiers that they had (MQTT-4.4.0-1). Owns
 * the identifiers: they are given in a circle, so the order of sending can be told from them.
 */
import type { InFlight, InFlightInit, Outgoing } from '../../schemas/gen/lean.ts';
import { OUTGOING_STATE } from '../../schemas/gen/lean.ts';
import type { Ticket } from '../broker/shared-group.ts';

const PACKET_ID_MAX = 65_535;

export interface Flight {
  readonly packetId: number;
  readonly qos: number;
  /**
   * `recording`: waits for the log. `unsent`: not on this connection yet; `parked`: nor found in the log, but it may be among the
   * retained messages. `releasing`: PUBREC came, and waits for the log.
   */
  state: 'recording' | 'unsent' | 'parked' | 'sent' | 'releasing' | 'released';
  readonly partition: number;
  /** 0: it stands in no log. */
  readonly place: number;
  /** Of a shared subscription, or retained: no cursor of this session waits for it. */
  readonly isAside: boolean;
  /** Which shared subscription gave it, as of `Outgoing.share`; 0: none. */
  readonly share: number;
  /** Brought by a new subscription, and known to the log. */
  readonly isRetained: boolean;
  ticket: Ticket | undefined;
}

/** What a session that goes on had in flight. */
export interface FlightsBefore {
  readonly outgoing: readonly Outgoing[];
  readonly inFlight?: InFlight | undefined;
  readonly cursor: readonly number[];
}

const NONE: ReadonlyMap<number, Flight> = new Map();

export class Flights {
  /** Most clients are given nothing of QoS 1 or 2. */
  #flights: Map<number, Flight> | undefined;
  #lastId = 0;
  #unsent = 0;
  #parked = 0;
  /** Of the connections before, and not settled. */
  #restored: Set<Flight> | undefined;

  get size(): number {
    return this.#flights?.size ?? 0;
  }

  /** Of them, those that were sent on this connection: that many of the client's window are used. */
  get sentHere(): number {
    return this.size - this.#unsent - this.#parked;
  }

  /** Whether some of the connections before are still to be sent, before anything else is. */
  get isResending(): boolean {
    return this.#unsent > 0;
  }

  get all(): Iterable<Flight> {
    return this.#flights === undefined ? NONE.values() : this.#flights.values();
  }

  get(packetId: number): Flight | undefined {
    return this.#flights?.get(packetId);
  }

  /** An identifier that nothing in flight has. */
  nextId(): number {
    do this.#lastId = this.#lastId === PACKET_ID_MAX ? 1 : this.#lastId + 1;
    while (this.#flights?.has(this.#lastId) === true);
    return this.#lastId;
  }

  add(flight: Flight): void {
    this.#flights ??= new Map();
    this.#flights.set(flight.packetId, flight);
  }

  delete(flight: Flight): void {
    if (this.#flights?.delete(flight.packetId) !== true) return;
    this.#leave(flight);
    this.#restored?.delete(flight);
  }

  /** It is sent now, or the client shows that it has it. */
  sent(flight: Flight): void {
    this.#leave(flight);
    flight.state = 'sent';
  }

  park(flight: Flight): void {
    this.#leave(flight);
    flight.state = 'parked';
    this.#parked++;
  }

  clear(): void {
    this.#flights = undefined;
    this.#restored = undefined;
    this.#unsent = 0;
    this.#parked = 0;
  }

  /** Takes in what is not settled; before anything is sent. */
  restore({ cursor, inFlight, outgoing }: FlightsBefore): void {
    this.#lastId = inFlight?.lastPacketId ?? 0;
    for (const { packetId, partition, place, retained, share, state } of outgoing) {
      if (state === OUTGOING_STATE.done) continue;
      const isReleased = state === OUTGOING_STATE.released;
      this.#restore({ packetId, qos: 2, partition, place, state: isReleased ? 'released' : 'unsent', isRetained: retained, share });
    }
    for (const [i, packetId] of (inFlight?.packetId ?? []).entries()) {
      const partition = inFlight?.partition[i] ?? 0;
      const place = inFlight?.place[i] ?? 0;
      // Settled since, where the cursor has passed it, or another one has its identifier.
      if (place <= (cursor[partition] ?? 0) || this.get(packetId) !== undefined) continue;
      this.#restore({ packetId, qos: 1, partition, place, state: 'unsent', isRetained: false, share: 0 });
    }
  }

  /** Whether the message at this place is one of the connections before, by the session's own subscriptions. */
  knows(partition: number, place: number): boolean {
    if (this.#restored === undefined || this.#restored.size === 0) return false;
    for (const flight of this.#restored) if (flight.place === place && flight.partition === partition && !flight.isAside) return true;
    return false;
  }

  /** In the order in which they were given their identifiers, which is that of sending. */
  inOrder(): readonly Flight[] {
    const age = ({ packetId }: Flight): number => (packetId - this.#lastId - 1 + PACKET_ID_MAX) % PACKET_ID_MAX;
    return [...this.all].toSorted((a, b) => age(a) - age(b));
  }

  /** The lowest place in the partition that a cursor waits for. */
  lowestIn(partition: number): number | undefined {
    let lowest: number | undefined;
    for (const { isAside, partition: of, place } of this.all) {
      if (of === partition && place !== 0 && !isAside && (lowest === undefined || place < lowest)) lowest = place;
    }
    return lowest;
  }

  /** The retained one of this place, if it is in flight. */
  retained(partition: number, place: number): Flight | undefined {
    for (const flight of this.all) if (flight.isRetained && flight.place === place && flight.partition === partition) return flight;
    return undefined;
  }

  /** The lowest place in the partition of one that the log may not know. */
  lowestUnknownIn(partition: number): number | undefined {
    let lowest: number | undefined;
    for (const { isAside, partition: of, place, state } of this.all) {
      if (state === 'recording' && of === partition && !isAside && (lowest === undefined || place < lowest)) lowest = place;
    }
    return lowest;
  }

  /** What a successor must know of QoS 1, short of how far was read; undefined: nothing was ever given. */
  said(): InFlightInit | undefined {
    if (this.#lastId === 0) return undefined;
    const own = this.inOrder().filter(({ isAside, place, qos }) => qos === 1 && place !== 0 && !isAside);
    return {
      lastPacketId: this.#lastId,
      packetId: own.map(({ packetId }) => packetId),
      partition: own.map(({ partition }) => partition),
      place: own.map(({ place }) => place),
    };
  }

  #leave({ state }: Flight): void {
    if (state === 'unsent') this.#unsent--;
    else if (state === 'parked') this.#parked--;
  }

  #restore(flight: Omit<Flight, 'isAside' | 'ticket'>): void {
    const restored = { ...flight, isAside: flight.isRetained || flight.share !== 0, ticket: undefined };
    if (restored.state === 'unsent') this.#unsent++;
    this.#restored ??= new Set();
    this.#restored.add(restored);
    this.add(restored);
  }
}

export function settleTicket(flight: Flight): void {
  flight.ticket?.settled();
  flight.ticket = undefined;
}

export function lower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}
