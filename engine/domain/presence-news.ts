/**
 * What a connection's own event says of it, for a decision of which the record keeps two words only: the row, and what
 * listeners are told, are completed from the event.
 */
import { decodeConnected, decodeDisconnected, KIND, VIA } from '../../schemas/gen/lean.ts';
import type { DecisionInit, EventReader } from '../../schemas/gen/lean.ts';
import { readText } from '../../schemas/wire.ts';
import { placeOf } from '../kernel/position.ts';

/** The section of a twin that it is in. */
export const PRESENCE_SECTION = 'presence';
/** More connects of a session than so many within so long are flapping. */
export const FLAPPING_CONNECTS = 15;
export const FLAPPING_MS = 60_000;
/** MQTT 5 §3.14.2.1: Session taken over. */
export const REASON_TAKEN_OVER = 0x8e;

const UTF8 = new TextEncoder();
const VIA_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(VIA).map(([name, value]) => [value, name]));

export function viaName(via: number): string {
  return VIA_NAMES.get(via) ?? 'unspecified';
}

/** The body of a row, as JSON; the analysts' view `presence` takes it apart. What doesn't apply is left out. */
export interface PresenceBody {
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

export function bodyBytes(body: PresenceBody): Uint8Array {
  return UTF8.encode(JSON.stringify(body));
}

/** The event that made the decision, as it is read. */
export interface NewsEvent {
  readonly bytes: Uint8Array;
  readonly event: EventReader;
  /** Name of the edge that wrote it. */
  readonly edge: string;
  readonly seq: number;
  readonly index: number;
  readonly logMs: number;
}

/** Whether the decision says only what its event doesn't. */
export function isBrief({ kind, tenant }: DecisionInit): boolean {
  return (kind === 'presence' || kind === 'session') && (tenant ?? '') === '';
}

/** The decision whole. */
export function completed(decision: DecisionInit, news: NewsEvent): DecisionInit {
  const { bytes, edge, event, index, logMs, seq } = news;
  const { deviceEnd, deviceStart, gatewayEnd, gatewayStart, sessionEnd, sessionStart, tenantEnd, tenantStart, via } = event;
  const clientId = readText(bytes, sessionStart, sessionEnd).slice(2);
  const own = event.kind === KIND.connected ? placeOf(seq, index) : event.connection;
  const connection = (decision.version ?? 0) === 0 ? own : (decision.version ?? 0);
  const gateway = readText(bytes, gatewayStart, gatewayEnd);
  const head = { clientId, connection, ms: logMs };
  const how = { edge, via: viaName(via), ...(gateway === '' ? {} : { gateway }) };
  return {
    ...decision,
    tenant: readText(bytes, tenantStart, tenantEnd),
    device: readText(bytes, deviceStart, deviceEnd),
    section: PRESENCE_SECTION,
    path: clientId,
    version: connection,
    body: bodyBytes(bodyOf(decision.state ?? '', news, { head, how })),
  };
}

function bodyOf(
  state: string,
  { bytes, event }: NewsEvent,
  { head, how }: { readonly head: PresenceBody; readonly how: Partial<PresenceBody> },
): PresenceBody {
  const { payloadEnd, payloadStart } = event;
  const isArrival = event.kind === KIND.connected;
  switch (state) {
    case 'connected': {
      const said = decodeConnected(bytes, payloadStart, payloadEnd);
      if (said === undefined) return { ...head, ...how };
      const { address, expiryS: sessionExpiryS, keepAliveS, level } = said;
      return { ...head, ...how, ...(address === '' ? {} : { address }), level, keepAliveS, sessionExpiryS };
    }
    case 'disconnected': {
      // Who comes says nothing of the one that goes but that it was taken over.
      if (isArrival) return { ...head, reason: REASON_TAKEN_OVER, why: 'taken-over' };
      const said = decodeDisconnected(bytes, payloadStart, payloadEnd);
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
