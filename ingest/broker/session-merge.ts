/** What an edge says last of a session that it lets go, put on top of what the session's owner knows. */
import type { SessionChange, SessionState } from '../../schemas/gen/lean.ts';
import { OUTGOING_STATE } from '../../schemas/gen/lean.ts';

export function mergeChange(state: SessionState, change: SessionChange): SessionState {
  const outgoing = new Map(state.outgoing.map((one) => [`${one.partition}:${one.place}`, one]));
  for (const one of change.outgoing) outgoing.set(`${one.partition}:${one.place}`, one);
  const cursor = state.cursor.length === 0 ? change.cursor : state.cursor.map((place, i) => Math.max(place, change.cursor[i] ?? 0));
  const isOpen = (partition: number, place: number): boolean => place > (cursor[partition] ?? 0);
  const kept = [...outgoing.values()].filter(({ partition, place, state: of }) => of !== OUTGOING_STATE.done || isOpen(partition, place));
  const received = state.received.filter((id) => !change.released.includes(id));
  return { ...state, cursor, outgoing: kept, received };
}
