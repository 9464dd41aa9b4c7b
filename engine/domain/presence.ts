/** The section `presence` of a twin: which clients of the device are connected, since when, and why the others are not. */
import { formatPosition, indexOfPlace, seqOfPlace } from '../kernel/position.ts';
import { formatRfc3339 } from './civil-time.ts';
import { viaName } from './presence-news.ts';
import { isFlapping, phaseOf } from './session.ts';
import { clientIdOf, type Session } from './session-state.ts';

/** `since` is log time and `cause` the event that made it so, as at the leaves of other sections. */
export interface Presence {
  /** Whether any of the clients is. */
  readonly connected: boolean;
  readonly since: string;
  readonly cause: string;
  /** The number of the connection that `since` is of. */
  readonly connection: number;
  readonly clients: readonly ClientPresence[];
  readonly flapping?: true;
}

export interface ClientPresence {
  readonly clientId: string;
  readonly connected: boolean;
  readonly since: string;
  readonly cause: string;
  readonly connection: number;
  readonly edge: string;
  readonly via: string;
  readonly gateway?: string;
  readonly address?: string;
  readonly keepAliveS?: number;
  /** Of a session that goes on without its connection; 4294967295 is for ever. */
  readonly sessionExpiryS?: number;
  /** Of one that is not connected: why not. */
  readonly reason?: number;
  readonly why?: string;
  readonly flapping?: true;
}

/** Undefined of a device that never connected. */
export function presenceOf(sessions: readonly Session[], partition: number): Presence | undefined {
  const connected = sessions.filter((session) => session.connected);
  // The connection that has lasted longest, or the one that ended last.
  const [told] =
    connected.length > 0 ? connected.toSorted((a, b) => sinceMs(a) - sinceMs(b)) : sessions.toSorted((a, b) => sinceMs(b) - sinceMs(a));
  if (told === undefined) return undefined;
  return {
    connected: told.connected,
    since: formatRfc3339(sinceMs(told)),
    cause: positionOf(partition, causeOf(told)),
    connection: told.connection,
    clients: sessions.map((session) => clientOf(session, partition)),
    ...(sessions.some(isFlapping) ? { flapping: true } : {}),
  };
}

function clientOf(session: Session, partition: number): ClientPresence {
  const { address, connected, connection, disconnectReason: reason, disconnectWhy: why, edge, expiryS, gateway, keepAliveS, via } = session;
  return {
    clientId: clientIdOf(session.session),
    connected,
    since: formatRfc3339(sinceMs(session)),
    cause: positionOf(partition, causeOf(session)),
    connection,
    edge,
    via: viaName(via),
    ...(gateway === '' ? {} : { gateway }),
    ...(address === '' ? {} : { address }),
    ...(connected ? { keepAliveS } : {}),
    ...(phaseOf(session) === 'ended' ? {} : { sessionExpiryS: expiryS }),
    ...(connected ? {} : { reason, why }),
    ...(isFlapping(session) ? { flapping: true } : {}),
  };
}

function sinceMs({ connected, connectedMs, disconnectedMs }: Session): number {
  return connected ? connectedMs : disconnectedMs;
}

/** While its edge is only missed it is connected, by the event that said so. */
function causeOf({ cause, connected, connection }: Session): number {
  return connected ? connection : cause;
}

function positionOf(partition: number, place: number): string {
  return formatPosition({ partition, seq: seqOfPlace(place), index: indexOfPlace(place) });
}
