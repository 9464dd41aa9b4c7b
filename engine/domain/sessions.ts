/**
 * The sessions of one partition, and what their events and log time make of them. Owns who is heard: what comes of a
 * connection that no longer holds its session changes nothing, and is no error. A session's own timers fire before anything
 * else is done with it, so it doesn't matter when the others' turn comes.
 */
import type { SessionChange } from '../../schemas/gen/lean.ts';
import { connect, disconnect, dueMsOf, fire, isThere, loseEdge, phaseOf, strip } from './session.ts';
import type { Arrival, Leave, SessionSink } from './session.ts';
import { applyChange, type Cut } from './session-change.ts';
import { decodeSession, EXPIRY_NEVER_S, type Session } from './session-state.ts';
import { SessionTable } from './session-table.ts';
import { Timers } from './timers.ts';

/** Of client ids that a device used once: more than that are forgotten, the ones longest away first. */
export const ENDED_CLIENTS_MAX = 8;
/** Of sessions that a device's clients leave behind; one more ends with its connection. */
export const AWAY_OF_DEVICE_MAX = 16;
/**
 * What sessions of a tenant's applications leave behind in all partitions, in units of some 400 B: each subscription is one, and
 * each session. One that finds no room ends with its connection: a client may choose any id, and a new one each time.
 */
export const AWAY_UNITS_TENANT_MAX = 1_000_000;
/** Packet identifiers in use, and messages in flight, that take as much as a subscription. */
const RECEIVED_A_UNIT = 64;
const OUTGOING_A_UNIT = 16;

/** Who says something about a session. */
export interface Speaker {
  readonly tenant: string;
  readonly session: string;
  /** The number of its connection; 0 where the edge did not know it yet. */
  readonly connection: number;
  /** Of the batch that said it. */
  readonly edgeEpoch: number;
}

export interface SessionSinks {
  /** For what the event at hand says by itself. */
  readonly told: SessionSink;
  /** For what was due before it. */
  readonly timed: SessionSink;
}

export class Sessions {
  readonly #partitions: number;
  readonly #table = new SessionTable();
  readonly #timers = new Timers((a, b) => this.#table.isBefore(a, b));
  /** By slot: the edge that holds a connection of it; 0: none, or one that is gone. */
  readonly #edges: number[] = [];
  /** How many connections each edge holds. */
  readonly #held = new Map<number, number>();
  /** By slot: units of a session that is away; 0 of any other. */
  readonly #units: number[] = [];
  /** Of applications, by tenant. */
  readonly #unitsOfTenants = new Map<string, number>();

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  get count(): number {
    return this.#table.count;
  }

  /** Infinity where none runs. */
  get nextDueMs(): number {
    return this.#timers.nextMs;
  }

  /** Epochs of the edges that hold connections, ascending. */
  get edges(): readonly number[] {
    return [...this.#held.keys()].toSorted((a, b) => a - b);
  }

  connect(arrival: Arrival, sinks: SessionSinks): void {
    const found = this.#table.find(arrival.tenant, arrival.session);
    const before = found < 0 ? undefined : this.#upToDate(found, arrival.logMs, sinks.timed);
    const session = connect(before, arrival, sinks.told);
    this.#settle(session === before ? found : this.#table.put(session), session);
  }

  /** What was too much of the last word. */
  disconnect(
    speaker: Speaker & { readonly edgeConnection: number; readonly last: SessionChange | undefined },
    leave: Leave,
    sinks: SessionSinks,
  ): Cut | undefined {
    const slot = this.#table.find(speaker.tenant, speaker.session);
    const session = slot < 0 ? undefined : this.#upToDate(slot, leave.logMs, sinks.timed);
    if (session === undefined || !isHeard(session, speaker)) return undefined;
    if (speaker.connection === 0 && speaker.edgeConnection !== session.edgeConnection) return undefined;
    const cut = speaker.last === undefined ? undefined : applyChange(session, speaker.last, this.#partitions);
    if (speaker.last !== undefined) session.parted = true;
    disconnect(session, leave, sinks.told);
    const isOver = this.#settle(slot, session);
    return isOver ? { ...(cut ?? NOTHING_CUT), session: true } : cut;
  }

  /** What was too much of it. */
  change(speaker: Speaker, change: SessionChange, at: { readonly logMs: number; readonly sinks: SessionSinks }): Cut | undefined {
    const slot = this.#table.find(speaker.tenant, speaker.session);
    const session = slot < 0 ? undefined : this.#upToDate(slot, at.logMs, at.sinks.timed);
    if (session === undefined || !isHeard(session, speaker)) return undefined;
    const cut = applyChange(session, change, this.#partitions);
    this.#recount(slot, session);
    return cut;
  }

  /** All that the edge holds loses it. */
  loseEdge(edgeEpoch: number, gone: { readonly drained: boolean; readonly place: number; readonly logMs: number }): void {
    if (!this.#held.has(edgeEpoch)) return;
    for (const [slot, holder] of this.#edges.entries()) {
      if (holder !== edgeEpoch) continue;
      const session = this.#table.take(slot);
      loseEdge(session, gone);
      this.#settle(slot, session);
    }
  }

  /**
   * Whether the session has a message of this packet identifier that was not released. One of an earlier connection, that comes
   * when there is a later one, was never acknowledged and is sent again there: it counts as had, too. Looks only.
   */
  hasReceived(speaker: Speaker, packetId: number, logMs: number): boolean {
    const slot = this.#table.find(speaker.tenant, speaker.session);
    if (slot < 0) return false;
    const session = this.#table.take(slot);
    if (speaker.connection !== 0 && speaker.connection >= session.firstConnection && speaker.connection < session.connection) return true;
    return isThereAt(session, logMs) && mayClaim(session, speaker) && session.received.has(packetId);
  }

  /** Remembers the identifier until it is released. Where the session is another one now, nobody will ask for it again. */
  receive(speaker: Speaker, packetId: number, at: { readonly logMs: number; readonly sinks: SessionSinks }): void {
    const slot = this.#table.find(speaker.tenant, speaker.session);
    const session = slot < 0 ? undefined : this.#upToDate(slot, at.logMs, at.sinks.timed);
    if (session === undefined || !isThere(session) || !mayClaim(session, speaker)) return;
    session.received.add(packetId);
    this.#recount(slot, session);
  }

  /** Does one step of the timer that is due next, if that is not after `logMs`. */
  fireNext(logMs: number, sink: SessionSink): boolean {
    if (this.#timers.nextMs > logMs) return false;
    const slot = this.#timers.next;
    const session = this.#table.take(slot);
    fire(session, sink);
    this.#settle(slot, session);
    return true;
  }

  /** Encoded; undefined where there is no such session at this log time. */
  read(tenant: string, session: string, logMs: number): Uint8Array<ArrayBuffer> | undefined {
    const slot = this.#table.find(tenant, session);
    return slot < 0 || !isThereAt(this.#table.look(slot), logMs) ? undefined : this.#table.bytes(slot);
  }

  /** Of a device, those that are over too; in the order of their names. To be looked at only. */
  ofDevice(tenant: string, device: string): readonly Session[] {
    return this.#table.ofDevice(tenant, device).map((slot) => this.#table.look(slot));
  }

  /** Those of a device whose connection the edge holds; none of edge 0. To be looked at only. */
  heldOf(tenant: string, device: string, edgeEpoch: number): readonly Session[] {
    if (!this.#held.has(edgeEpoch)) return [];
    const slots = this.#table.ofDevice(tenant, device).filter((slot) => this.#edges[slot] === edgeEpoch);
    return slots.map((slot) => this.#table.look(slot));
  }

  eraseDevice(tenant: string, device: string): void {
    for (const slot of this.#table.ofDevice(tenant, device)) this.#remove(slot);
  }

  /** All, encoded, in the order of their names. */
  *states(): Generator<{ readonly tenant: string; readonly id: string; readonly version: number; readonly body: Uint8Array }> {
    for (const slot of this.#table.sorted()) {
      const { connection, session, tenant } = this.#table.look(slot);
      yield { tenant, id: session, version: connection, body: this.#table.bytes(slot) };
    }
  }

  /** Takes in what `states` gave; false where it is none of that, or there twice. */
  restore(body: Uint8Array): boolean {
    const session = decodeSession(body);
    if (session === undefined || this.#table.find(session.tenant, session.session) >= 0) return false;
    const slot = this.#table.restore(session, body);
    this.#note(slot, session);
    return true;
  }

  #upToDate(slot: number, logMs: number, sink: SessionSink): Session | undefined {
    const session = this.#table.take(slot);
    if (this.#timers.dueOf(slot) > logMs) return session;
    while (dueMsOf(session) <= logMs) fire(session, sink);
    this.#settle(slot, session);
    return this.#table.find(session.tenant, session.session) < 0 ? undefined : session;
  }

  /** After every change of a session's phase. Answers whether the session ended for want of room. */
  #settle(slot: number, session: Session): boolean {
    const hasRoom = this.#hasRoom(slot, session);
    // With nothing left of it, a will that waits is due.
    if (!hasRoom) session.expiryS = 0;
    this.#place(slot, session);
    return !hasRoom;
  }

  #place(slot: number, session: Session): void {
    if (phaseOf(session) !== 'ended') {
      this.#note(slot, session);
      return;
    }
    if (session.device === '') {
      this.#remove(slot);
      return;
    }
    strip(session);
    this.#note(slot, session);
    this.#forgetOldest(session);
  }

  /** Of a session that goes away; every other has. */
  #hasRoom(slot: number, session: Session): boolean {
    if (!isAway(session) || session.expiryS === 0 || (this.#units[slot] ?? 0) > 0) return true;
    const { device, tenant } = session;
    if (device === '') return (this.#unitsOfTenants.get(tenant) ?? 0) + unitsOf(session) <= AWAY_UNITS_TENANT_MAX / this.#partitions;
    const slots = this.#table.ofDevice(tenant, device);
    return slots.length <= AWAY_OF_DEVICE_MAX || slots.filter((other) => (this.#units[other] ?? 0) > 0).length < AWAY_OF_DEVICE_MAX;
  }

  #recount(slot: number, session: Session): void {
    this.#count(slot, session, isAway(session) ? unitsOf(session) : 0);
  }

  #count(slot: number, { device, tenant }: Pick<Session, 'device' | 'tenant'>, units: number): void {
    const before = this.#units[slot] ?? 0;
    this.#units[slot] = units;
    if (device !== '' || before === units) return;
    const sum = (this.#unitsOfTenants.get(tenant) ?? 0) + units - before;
    if (sum === 0) this.#unitsOfTenants.delete(tenant);
    else this.#unitsOfTenants.set(tenant, sum);
  }

  #note(slot: number, session: Session): void {
    this.#recount(slot, session);
    this.#timers.set(slot, dueMsOf(session));
    this.#hold(slot, session.connected && !session.orphaned ? session.edgeEpoch : 0);
  }

  #hold(slot: number, edge: number): void {
    const before = this.#edges[slot] ?? 0;
    if (before === edge) return;
    this.#edges[slot] = edge;
    if (edge !== 0) this.#held.set(edge, (this.#held.get(edge) ?? 0) + 1);
    if (before === 0) return;
    const left = (this.#held.get(before) ?? 0) - 1;
    if (left === 0) this.#held.delete(before);
    else this.#held.set(before, left);
  }

  #remove(slot: number): void {
    if ((this.#units[slot] ?? 0) > 0) this.#count(slot, this.#table.look(slot), 0);
    this.#timers.set(slot, Number.POSITIVE_INFINITY);
    this.#hold(slot, 0);
    this.#table.remove(slot);
  }

  #forgetOldest({ device, tenant }: Session): void {
    const slots = this.#table.ofDevice(tenant, device);
    if (slots.length <= ENDED_CLIENTS_MAX) return;
    const ended = slots.filter((slot) => phaseOf(this.#table.look(slot)) === 'ended');
    const byAge = ended.toSorted((a, b) => this.#table.look(a).disconnectedMs - this.#table.look(b).disconnectedMs);
    for (const slot of byAge.slice(0, Math.max(0, ended.length - ENDED_CLIENTS_MAX))) this.#remove(slot);
  }
}

const NOTHING_CUT: Cut = { subscriptions: 0, outgoing: 0 };

/** Kept without a connection. */
function isAway(session: Session): boolean {
  const phase = phaseOf(session);
  return phase === 'offline' || phase === 'will-pending';
}

function unitsOf({ inFlight, outgoing, received, subscriptions }: Session): number {
  const sent = outgoing.size + (inFlight?.packetId.length ?? 0);
  return 1 + subscriptions.size + Math.floor(received.size / RECEIVED_A_UNIT) + Math.floor(sent / OUTGOING_A_UNIT);
}

/** Whether the session is this connection's, or was when it ended. */
function isHeard(session: Session, { connection, edgeEpoch }: Speaker): boolean {
  return isThere(session) && (connection === 0 ? edgeEpoch === session.edgeEpoch : connection === session.connection);
}

/** A message that an earlier connection of the same session took in may still be on its way. */
function mayClaim(session: Session, { connection, edgeEpoch }: Speaker): boolean {
  return connection === 0 ? edgeEpoch === session.edgeEpoch : connection >= session.firstConnection && connection <= session.connection;
}

/** The same as `isThere` once all that is due by then has been done. */
function isThereAt(session: Session, logMs: number): boolean {
  if (session.connected && !session.orphaned) return true;
  const endedMs = session.orphaned ? dueMsOf(session) : session.disconnectedMs;
  if (endedMs > logMs) return true;
  if (session.expiryS === EXPIRY_NEVER_S) return true;
  return endedMs + session.expiryS * 1_000 > logMs;
}
