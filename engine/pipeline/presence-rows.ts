/**
 * What became of connections, as decisions: `presence` of a device's clients, `session` of an application's. Where an event
 * says it itself, the record keeps two words, and the row is completed from the event; what was due is recorded whole.
 */
import { bodyBytes, PRESENCE_SECTION, viaName, type NewsEvent, type PresenceBody } from '../domain/presence-news.ts';
import type { SessionNews } from '../domain/session.ts';
import { clientIdOf, type Session } from '../domain/session-state.ts';
import { formatPosition, indexOfPlace, seqOfPlace } from '../kernel/position.ts';
import { readText } from '../../schemas/wire.ts';
import type { DecisionPlace, TimedDecision } from './decisions.ts';
import type { EventView } from './event-view.ts';
import type { MessageReader } from './message-reader.ts';

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

/** The event in view, where its decisions are completed from it. */
export function newsOf({ message, view }: { readonly view: EventView; readonly message: MessageReader }, place: DecisionPlace): NewsEvent {
  const { seq, index, logMs } = place;
  return { bytes: view.bytes, event: view.event, edge: readText(message.bytes, message.edgeStart, message.edgeEnd), seq, index, logMs };
}
