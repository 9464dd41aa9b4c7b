/** What an MQTT connection is in the words of the log. */
import type { ConnectedInit } from '../../schemas/gen/lean.ts';
import { PUBLISH_RETAIN } from '../broker/topic-message.ts';
import { sessionPartitionOf } from '../../engine/kernel/partition.ts';
import { sessionName, type SessionName } from '../broker/session-log.ts';
import type { Client } from './admission.ts';
import type { MqttRefusal } from './counters.ts';
import type { Connect } from './decode-connect.ts';
import type { GrantedSession } from './replies.ts';

export function connectedOf(connect: Connect, granted: GrantedSession, address: string | undefined): Omit<ConnectedInit, 'edgeConnection'> {
  const { cleanStart, level, will } = connect;
  const { expiryS, keepAliveS } = granted;
  const connected = { cleanStart, expiryS, keepAliveS, level, address: address ?? '' };
  if (will === undefined) return connected;
  const { delayS, expiryS: willExpiryS, payload, properties, qos, retain, topic } = will;
  const expiry = willExpiryS === undefined ? {} : { expiryS: willExpiryS };
  return { ...connected, will: { topic, payload, flags: qos | (retain ? PUBLISH_RETAIN : 0), properties, delayS, ...expiry } };
}

/** The session that a client is let in to. */
export function sessionOf(client: Client, partitions: number): SessionName {
  const { clientId, device, tenant } = client;
  return { tenant, device, session: sessionName(client), partition: sessionPartitionOf({ tenant, device, clientId }, partitions) };
}

/** Why a connection ended, in the words of the log. */
export function wordFor(why: MqttRefusal): string {
  switch (why) {
    case 'keep-alive':
    case 'taken-over':
    case 'revoked':
    case 'draining':
      return why;
    case 'malformed':
    case 'protocol-error':
    case 'packet-bytes':
    case 'topic-alias':
    case 'in-flight':
      return 'protocol';
    default:
      return 'refused';
  }
}
