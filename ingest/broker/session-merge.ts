/** What an edge says last of a session that it lets go, put on top of what the session's owner knows. */
import { outgoingKey } from '../../engine/kernel/position.ts';
import type { Outgoing, SessionChange, SessionState } from '../../schemas/gen/lean.ts';
import { OUTGOING_STATE } from '../../schemas/gen/lean.ts';

export function mergeChange(state: SessionState, change: SessionChange): SessionState {
  const outgoing = new Map(state.outgoing.map((one) => [outgoingKey(one), one]));
  for (const one of change.outgoing) outgoing.set(outgoingKey(one), one);
  const cursor = moved(state.cursor, change.cursor);
  const viewCursor = moved(state.viewCursor, change.viewCursor);
  const given = new Set(change.retainedGiven);
  const subscriptions = state.subscriptions.map((one) => (given.has(one.filter) ? { ...one, retainedDue: false, retainedSince: [] } : one));
  const isRetainedDue = subscriptions.some(({ retainedDue }) => retainedDue);
  const isOpen = ({ partition, place, retained, share }: Outgoing): boolean =>
    share === 0 && (retained ? isRetainedDue : place > (cursor[partition] ?? 0));
  const kept = [...outgoing.values()].filter((one) => one.state !== OUTGOING_STATE.done || isOpen(one));
  const received = state.received.filter((id) => !change.released.includes(id));
  return { ...state, subscriptions, cursor, viewCursor, outgoing: kept, received, inFlight: change.inFlight ?? state.inFlight };
}

function moved(from: readonly number[], to: readonly number[]): readonly number[] {
  return from.length === 0 ? to : from.map((place, i) => Math.max(place, to[i] ?? 0));
}
