/**
 * What a session came to, as its edge says it (`SessionChange` in session.proto). Numbered, because tests name them:
 *
 * C1. A subscription replaces the one to the same filter and keeps its place among the others (MQTT-3.8.4-3).
 * C2. An identifier that was released may be used again by another message.
 * C3. Cursors never go back.
 * C4. A message to the client is known by its place, and by the shared subscription that gave it if one did: what is said of it
 *     later replaces what was said before.
 * C5. A settled message is forgotten when the cursor of its partition has passed it; a retained one when the session waits
 *     for retained messages of no subscription any more; one of a shared subscription at once.
 * C6. What is more than a session may hold is cut and counted; nothing else of the change is lost for it.
 * C7. What is in flight of QoS 1 is known as it was said last, all of it; where it is too much or unsound only the identifier
 *     that was given last is, and the cursors say what is owed.
 * C8. Retained messages of a subscription are due from when it says so until it is said that they were given, or that there is
 *     another subscription to the filter, or none.
 * C9. After a connection that has not said its last word, identifiers are left out as if it had given those to messages.
 */
import { PACKET_IDS_UNSAID_MAX } from '../kernel/limits.ts';
import { outgoingKey } from '../kernel/position.ts';
import { OUTGOING_STATE } from '../../schemas/gen/lean.ts';
import type { InFlight, Outgoing, SessionChange } from '../../schemas/gen/lean.ts';
import type { Session } from './session-state.ts';

/** As promised to applications; devices are held to fewer by their edge. */
export const SUBSCRIPTIONS_MAX = 1_024;
/** Messages of QoS 2 that a client has not settled, or before an older one; an edge keeps to fewer. */
export const OUTGOING_MAX = 1_400;
/** All packet identifiers that there are. */
export const PACKET_ID_MAX = 65_535;

/** How many entries were too many. */
export interface Cut {
  subscriptions: number;
  outgoing: number;
  /** There is no room for the session itself without its connection. */
  session?: true;
}

/** `partitions` is how many there are, of the input log and of topics. */
export function applyChange(session: Session, change: SessionChange, partitions: number): Cut {
  const cut: Cut = { subscriptions: 0, outgoing: 0 };
  for (const filter of change.unsubscribed) session.subscriptions.delete(filter);
  for (const filter of change.retainedGiven) {
    const subscription = session.subscriptions.get(filter);
    if (subscription !== undefined) session.subscriptions.set(filter, { ...subscription, retainedDue: false, retainedSince: [] });
  }
  for (const subscription of change.subscribed) {
    if (subscription.filter === '') continue;
    if (session.subscriptions.size < SUBSCRIPTIONS_MAX || session.subscriptions.has(subscription.filter))
      session.subscriptions.set(subscription.filter, subscription);
    else cut.subscriptions += 1;
  }
  for (const id of change.released) session.received.delete(id);
  session.cursor = moved(session.cursor, change.cursor, partitions);
  session.viewCursor = moved(session.viewCursor, change.viewCursor, partitions);
  if (change.inFlight !== undefined) session.inFlight = soundFlights(change.inFlight, partitions);
  for (const message of change.outgoing) {
    const key = outgoingKey(message);
    if (isPassed(session, message)) session.outgoing.delete(key);
    else if (session.outgoing.size < OUTGOING_MAX || session.outgoing.has(key)) session.outgoing.set(key, message);
    else cut.outgoing += 1;
  }
  const mayPass = change.cursor.length > 0 || change.retainedGiven.length > 0 || change.unsubscribed.length > 0;
  if (mayPass) for (const [key, message] of session.outgoing) if (isPassed(session, message)) session.outgoing.delete(key);
  return cut;
}

/** C7. */
function soundFlights(said: InFlight, partitions: number): InFlight {
  const { lastPacketId, packetId, partition, place, reached } = said;
  const { length } = packetId;
  const isSound = length <= OUTGOING_MAX && partition.length === length && place.length === length && reached.length <= partitions;
  return isSound ? said : { lastPacketId, packetId: [], partition: [], place: [], reached: [] };
}

/** C9. */
export function skipUnsaid(known: InFlight | undefined): InFlight {
  const last = ((known?.lastPacketId ?? 0) + PACKET_IDS_UNSAID_MAX - 1) % PACKET_ID_MAX;
  return { packetId: [], partition: [], place: [], reached: [], ...known, lastPacketId: last + 1 };
}

function moved(from: number[], to: readonly number[], partitions: number): number[] {
  if (to.length === 0) return from;
  const length = Math.min(partitions, Math.max(from.length, to.length));
  return Array.from({ length }, (_, i) => Math.max(from[i] ?? 0, to[i] ?? 0));
}

function isPassed(session: Session, { partition, place, retained, share, state }: Outgoing): boolean {
  if (state !== OUTGOING_STATE.done) return false;
  if (share !== 0) return true;
  return retained ? !isRetainedDue(session) : place <= (session.cursor[partition] ?? 0);
}

function isRetainedDue({ subscriptions }: Session): boolean {
  for (const { retainedDue } of subscriptions.values()) if (retainedDue) return true;
  return false;
}
