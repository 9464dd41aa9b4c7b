/**
 * What a session came to, as its edge says it (`SessionChange` in session.proto). Numbered, because tests name them:
 *
 * C1. A subscription replaces the one to the same filter and keeps its place among the others (MQTT-3.8.4-3).
 * C2. An identifier that was released may be used again by another message.
 * C3. Cursors never go back.
 * C4. A message to the client is known by its place: what is said of it later replaces what was said before.
 * C5. A settled message is forgotten when the cursor of its partition has passed it.
 * C6. What is more than a session may hold is cut and counted; nothing else of the change is lost for it.
 */
import { OUTGOING_STATE } from '../../schemas/gen/lean.ts';
import type { Outgoing, SessionChange } from '../../schemas/gen/lean.ts';
import { outgoingKey, type Session } from './session-state.ts';

/** As promised to applications; devices are held to fewer by their edge. */
export const SUBSCRIPTIONS_MAX = 1_024;
/** Messages of QoS 2 that a client has not settled; an edge has far fewer in flight. */
export const OUTGOING_MAX = 1_000;
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
  for (const subscription of change.subscribed) {
    if (subscription.filter === '') continue;
    if (session.subscriptions.size < SUBSCRIPTIONS_MAX || session.subscriptions.has(subscription.filter))
      session.subscriptions.set(subscription.filter, subscription);
    else cut.subscriptions += 1;
  }
  for (const id of change.released) session.received.delete(id);
  session.cursor = moved(session.cursor, change.cursor, partitions);
  session.viewCursor = moved(session.viewCursor, change.viewCursor, partitions);
  for (const message of change.outgoing) {
    const key = outgoingKey(message);
    if (isPassed(session, message)) session.outgoing.delete(key);
    else if (session.outgoing.size < OUTGOING_MAX || session.outgoing.has(key)) session.outgoing.set(key, message);
    else cut.outgoing += 1;
  }
  if (change.cursor.length > 0) for (const [key, message] of session.outgoing) if (isPassed(session, message)) session.outgoing.delete(key);
  return cut;
}

function moved(from: number[], to: readonly number[], partitions: number): number[] {
  if (to.length === 0) return from;
  const length = Math.min(partitions, Math.max(from.length, to.length));
  return Array.from({ length }, (_, i) => Math.max(from[i] ?? 0, to[i] ?? 0));
}

function isPassed(session: Session, { partition, place, state }: Outgoing): boolean {
  return state === OUTGOING_STATE.done && place <= (session.cursor[partition] ?? 0);
}
