/**
 * What became of connections, as decisions: `presence` of a device's clients, `session` of an application's. Where an event
 * says it itself, the record keeps two words, and the row is completed from the event; what was due is recorded whole.
 */
import { decodeConnected, decodeDisconnected, KIND } from '../../schemas/gen/lean.ts';
import type { DecisionInit } from '../../schemas/gen/lean.ts';
import { readText } from '../../schemas/wire.ts';
import { viaName } from '../domain/presence.ts';
import { FLAPPING_CONNECTS, FLAPPING_MS, REASON_TAKEN_OVER, type SessionNews } from '../domain/session.ts';
import { clientIdOf, type Session } from '../domain/session-state.ts';
import { formatPosition, indexOfPlace, placeOf, seqOfPlace } from '../kernel/position.ts';
import type { DecisionPlace, TimedDecision } from './decisions.ts';
import type { EventView } from './event-view.ts';
import type { MessageReader } from './message-reader.ts';

/** The section of a twin that it is in. */
const PRESENCE_SECTION = 'presence';
const UTF8 = new TextEncoder();

/** The body of a row, as JSON; the analysts' view `presence` takes it apart. What doesn't apply is left out. */
interface PresenceBody {
  readonly clientId: string;
  readonly connection: number;
  readonly ms: number;
  readonly edge?: string;
  readonly via?: string;
  readonly gateway?: string;
  readonly address?: string;
  readonly level?: number;
  readonly keepAliveS?: number;
  readonly sessionExpiryS?: number | undefined;
  readonly reason?: number;
  readonly why?: string;
  readonly connects?: number;
  readonly withinMs?: number;
  /** Position of the event that set the timer. */
  readonly cause?: string;
}

export function sessionKind(device: string): 'presence' | 'session' {
  return device === '' ? 'session' : 'presence';
}

/** A decision that nobody's event made: its session's timer was due. */
export function timedDecision(session: Session, news: SessionNews, partition: number): TimedDecision {
  const { address, device, edge, gateway, tenant, via } = session;
  const clientId = clientIdOf(session.session);
  const cause = formatPosition({ partition, seq: seqOfPlace(session.cause), index: indexOfPlace(session.cause) });
  const ended = news.state === 'disconnected' ? { sessionExpiryS: session.expiryS, reason: news.reason, why: news.why } : {};
  const { connection, ms } = news;
  const body: PresenceBody = {
    clientId,
    connection,
    ms,
    edge,
    via: viaName(via),
    ...(gateway === '' ? {} : { gateway }),
    ...(address === '' ? {} : { address }),
    ...ended,
    cause,
  };
  return {
    kind: sessionKind(device),
    tenant,
    device,
    section: PRESENCE_SECTION,
    path: clientId,
    version: connection,
    state: news.state,
    ...(news.state === 'will' ? { newValue: news.topic } : {}),
    body: bodyBytes(body),
  };
}

/** Whether the decision says only what its event doesn't. */
export function isBrief({ kind, tenant }: DecisionInit): boolean {
  return (kind === 'presence' || kind === 'session') && (tenant ?? '') === '';
}

/** The decision as a row has it, from its event, which is in view. */
export function completed(
  decision: DecisionInit,
  event: { readonly view: EventView; readonly message: MessageReader },
  place: DecisionPlace,
): DecisionInit {
  const { message, view } = event;
  const { bytes } = view;
  const { deviceEnd, deviceStart, gatewayEnd, gatewayStart, sessionEnd, sessionStart, tenantEnd, tenantStart, via } = view.event;
  const clientId = clientIdOf(readText(bytes, sessionStart, sessionEnd));
  const own = view.event.kind === KIND.connected ? placeOf(place.seq, place.index) : view.event.connection;
  const connection = (decision.version ?? 0) === 0 ? own : (decision.version ?? 0);
  const gateway = readText(bytes, gatewayStart, gatewayEnd);
  const head = { clientId, connection, ms: place.logMs };
  const how = {
    edge: readText(message.bytes, message.edgeStart, message.edgeEnd),
    via: viaName(via),
    ...(gateway === '' ? {} : { gateway }),
  };
  return {
    ...decision,
    tenant: readText(bytes, tenantStart, tenantEnd),
    device: readText(bytes, deviceStart, deviceEnd),
    section: PRESENCE_SECTION,
    path: clientId,
    version: connection,
    body: bodyBytes(bodyOf(decision.state ?? '', view, { head, how })),
  };
}

function bodyOf(
  state: string,
  view: EventView,
  { head, how }: { readonly head: PresenceBody; readonly how: Partial<PresenceBody> },
): PresenceBody {
  const { payloadEnd, payloadStart } = view.event;
  const isArrival = view.event.kind === KIND.connected;
  switch (state) {
    case 'connected': {
      const said = decodeConnected(view.bytes, payloadStart, payloadEnd);
      if (said === undefined) return { ...head, ...how };
      const { address, expiryS: sessionExpiryS, keepAliveS, level } = said;
      return { ...head, ...how, ...(address === '' ? {} : { address }), level, keepAliveS, sessionExpiryS };
    }
    case 'disconnected': {
      // Who comes says nothing of the one that goes but that it was taken over.
      if (isArrival) return { ...head, reason: REASON_TAKEN_OVER, why: 'taken-over' };
      const said = decodeDisconnected(view.bytes, payloadStart, payloadEnd);
      const { expiryS, reason = 0, why = '' } = said ?? {};
      return { ...head, ...how, reason, why, ...(expiryS === undefined ? {} : { sessionExpiryS: expiryS }) };
    }
    case 'flapping':
      return { ...head, ...how, connects: FLAPPING_CONNECTS + 1, withinMs: FLAPPING_MS };
    case 'will':
      return head;
    default:
      return { ...head, ...how };
  }
}

function bodyBytes(body: PresenceBody): Uint8Array {
  return UTF8.encode(JSON.stringify(body));
}
