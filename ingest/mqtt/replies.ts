/** What a client is granted with its CONNECT, and the welcome that says so. */
import type { Buffer } from 'node:buffer';
import type { Client, Refused } from './admission.ts';
import { PACKET_BYTES_MAX, QOS_MAX } from './announced.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { Connect } from './decode-connect.ts';
import { encodeConnack } from './encode.ts';
import { REASON } from './packets.ts';
import { sessionLimitsOf, type SessionLimits } from './session-limits.ts';

export interface GrantedSession {
  readonly keepAliveS: number;
  /** 0: the session ends with the connection. */
  readonly expiryS: number;
  readonly limits: SessionLimits;
  readonly topicAliases: number;
}

/** A 3.1.1 session without Clean Session is kept as long as any. */
export function grantSession(connect: Connect, client: Client, { admission, mqtt }: ConnectionContext): GrantedSession {
  const limits = sessionLimitsOf(client, { book: admission?.book, mqtt });
  const { keepAliveS: keepAliveMaxS, topicAliases } = mqtt;
  const isOverridden = connect.keepAliveS === 0 || connect.keepAliveS > keepAliveMaxS;
  const asked = connect.level === 4 && !connect.cleanStart ? limits.expiryS : connect.sessionExpiryS;
  return {
    keepAliveS: isOverridden ? keepAliveMaxS : connect.keepAliveS,
    expiryS: Math.min(asked, limits.expiryS),
    limits,
    topicAliases,
  };
}

/** Success, and with it all that a 5 client has to know. */
export function welcome(connect: Connect, client: Client, granted: GrantedSession & { readonly sessionPresent: boolean }): Buffer {
  return encodeConnack(connect.level, {
    sessionPresent: granted.sessionPresent,
    receiveMaximum: granted.limits.inFlight,
    qosMax: QOS_MAX,
    packetBytesMax: PACKET_BYTES_MAX,
    topicAliasMax: granted.topicAliases,
    assignedClientId: client.assigned ? client.clientId : undefined,
    serverKeepAliveS: granted.keepAliveS === connect.keepAliveS ? undefined : granted.keepAliveS,
    sessionExpiryS: connect.level === 4 || granted.expiryS === connect.sessionExpiryS ? undefined : granted.expiryS,
  });
}

/** To who can't be told what its session was, or whose connection can't be written down. */
export const SESSION_UNAVAILABLE: Refused = {
  ok: false,
  reason: REASON.SERVER_UNAVAILABLE,
  why: 'session-unavailable',
  text: 'the session is not known yet, try again',
};

/** To who comes while this edge ends. */
export function refusedDraining(serverReference: string | undefined): Refused {
  const text = 'this server is ending, connect to another one';
  if (serverReference === undefined) return { ok: false, reason: REASON.SERVER_SHUTTING_DOWN, why: 'draining', text };
  return { ok: false, reason: REASON.USE_ANOTHER_SERVER, why: 'draining', text, serverReference };
}

/** To a session that connects again and again. */
export function refusedFlapping(waitMs: number): Refused {
  const text = `the session connects too often; try again in ${Math.ceil(waitMs / 1_000)} s`;
  return { ok: false, reason: REASON.BANNED, why: 'flapping', text };
}
