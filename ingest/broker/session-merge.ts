/** What an edge says last of a session that it lets go, put on top of what the session's owner knows. */
import type { Outgoing, SessionChange, SessionState } from '../../schemas/gen/lean.ts';
import { OUTGOING_STATE } from '../../schemas/gen/lean.ts';

export function mergeChange(state: SessionState, change: SessionChange): SessionState {
  const outgoing = new Map(state.outgoing.map((one) => [keyOf(one), one]));
  for (const one of change.outgoing) outgoing.set(keyOf(one), one);
  const cursor = state.cursor.length === 0 ? change.cursor : state.cursor.map((place, i) => Math.max(place, change.cursor[i] ?? 0));
  const given = new Set(change.retainedGiven);
  const subscriptions = state.subscriptions.map((one) => (given.has(one.filter) ? { ...one, retainedDue: false } : one));
  const isRetainedDue = subscriptions.some(({ retainedDue }) => retainedDue);
  const isOpen = (partition: number, place: number): boolean => place > (cursor[partition] ?? 0);
  const kept = [...outgoing.values()].filter(
    ({ partition, place, retained, state: of }) => of !== OUTGOING_STATE.done || (retained ? isRetainedDue : isOpen(partition, place)),
  );
  const received = state.received.filter((id) => !change.released.includes(id));
  return { ...state, subscriptions, cursor, outgoing: kept, received, inFlight: change.inFlight ?? state.inFlight };
}

function keyOf({ partition, place, retained }: Outgoing): string {
  return `${partition}:${place}:${retained}`;
}
