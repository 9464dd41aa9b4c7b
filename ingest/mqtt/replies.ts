/** What a client is granted with its CONNECT, and the welcome that says so. */
import type { Buffer } from 'node:buffer';
import { CLIENT_INFLIGHT_MAX, KEEP_ALIVE_S_MAX, SESSION_EXPIRY_S_MAX } from '../../engine/kernel/limits.ts';
import type { Client, Refused } from './admission.ts';
import { CLIENT_TOPIC_ALIAS_MAX, PACKET_BYTES_MAX, QOS_MAX } from './announced.ts';
import type { Connect } from './decode-connect.ts';
import { encodeConnack } from './encode.ts';
import { REASON } from './packets.ts';

export interface GrantedSession {
  readonly keepAliveS: number;
  /** 0: the session ends with the connection. */
  readonly expiryS: number;
}

/** A 3.1.1 session without Clean Session is kept as long as any. */
export function grantSession(connect: Connect): GrantedSession {
  const isOverridden = connect.keepAliveS === 0 || connect.keepAliveS > KEEP_ALIVE_S_MAX;
  const asked = connect.level === 4 && !connect.cleanStart ? SESSION_EXPIRY_S_MAX : connect.sessionExpiryS;
  return { keepAliveS: isOverridden ? KEEP_ALIVE_S_MAX : connect.keepAliveS, expiryS: Math.min(asked, SESSION_EXPIRY_S_MAX) };
}

/** Success, and with it all that a 5 client has to know. */
export function welcome(connect: Connect, client: Client, granted: GrantedSession & { readonly sessionPresent: boolean }): Buffer {
  return encodeConnack(connect.level, {
    sessionPresent: granted.sessionPresent,
    receiveMaximum: CLIENT_INFLIGHT_MAX,
    qosMax: QOS_MAX,
    packetBytesMax: PACKET_BYTES_MAX,
    topicAliasMax: CLIENT_TOPIC_ALIAS_MAX,
    assignedClientId: client.assigned ? client.clientId : undefined,
    serverKeepAliveS: granted.keepAliveS === connect.keepAliveS ? undefined : granted.keepAliveS,
    sessionExpiryS: connect.level === 4 || granted.expiryS === connect.sessionExpiryS ? undefined : granted.expiryS,
  });
}

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
