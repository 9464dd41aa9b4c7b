/**
 * What goes back for the packets that are not about publishing: the welcome, and the refusals of what is not offered,
 * subscriptions and QoS 2. A malformed packet is never answered here: the reader's fault ends the connection.
 */
import type { Buffer } from 'node:buffer';
import { CLIENT_INFLIGHT_MAX, KEEP_ALIVE_S_MAX } from '../../engine/kernel/limits.ts';
import type { Client } from './admission.ts';
import { CLIENT_TOPIC_ALIAS_MAX, PACKET_BYTES_MAX, QOS_MAX } from './announced.ts';
import type { Session } from './connection-context.ts';
import type { Connect } from './decode-connect.ts';
import { decodeAck, decodeDisconnect, decodeEmpty, decodeSubscribe, decodeUnsubscribe } from './decode.ts';
import type { AckType, DecodeContext, Subscribe, Subscription } from './decode.ts';
import { encodeAck, encodeConnack, encodeFilterAck, PINGRESP, type ClientLimits } from './encode.ts';
import { PACKET, REASON } from './packets.ts';
import { maySubscribe } from './subscribable.ts';
import { isShared } from './topics.ts';

/** Success, and with it all that a 5 client has to know; a session always ends with its connection. */
export function welcome(connect: Connect, client: Client): { readonly connack: Buffer; readonly keepAliveS: number } {
  const overridden = connect.keepAliveS === 0 || connect.keepAliveS > KEEP_ALIVE_S_MAX;
  const connack = encodeConnack(connect.level, {
    receiveMaximum: CLIENT_INFLIGHT_MAX,
    qosMax: QOS_MAX,
    packetBytesMax: PACKET_BYTES_MAX,
    topicAliasMax: CLIENT_TOPIC_ALIAS_MAX,
    assignedClientId: client.assigned ? client.clientId : undefined,
    serverKeepAliveS: overridden ? KEEP_ALIVE_S_MAX : undefined,
    sessionExpiryS: connect.sessionExpiryS === 0 ? undefined : 0,
  });
  return { connack, keepAliveS: overridden ? KEEP_ALIVE_S_MAX : connect.keepAliveS };
}

/** Every filter is refused, each with what stands against it: that it isn't granted, or that it isn't offered. */
function answerSubscribe(decoding: DecodeContext, limits: ClientLimits, client: Client): Buffer {
  const subscribe = decodeSubscribe(decoding);
  const codes = subscribe.subscriptions.map((one) => (limits.level === 4 ? REASON.UNSPECIFIED : subscribeReason(subscribe, one, client)));
  return encodeFilterAck(PACKET.SUBACK, subscribe.packetId, { ...limits, codes });
}

function subscribeReason(subscribe: Subscribe, subscription: Subscription, client: Client): number {
  if (subscribe.subscriptionId !== 0) return REASON.SUBSCRIPTION_ID_NOT_SUPPORTED;
  if (isShared(subscription.filter)) return REASON.SHARED_NOT_SUPPORTED;
  if (/[+#]/.test(subscription.filter)) return REASON.WILDCARD_NOT_SUPPORTED;
  return maySubscribe(client, subscription.filter) ? REASON.IMPLEMENTATION_SPECIFIC : REASON.NOT_AUTHORIZED;
}

/** There is never a subscription to end. */
function answerUnsubscribe(decoding: DecodeContext, limits: ClientLimits): Buffer {
  const { packetId, filters } = decodeUnsubscribe(decoding);
  const codes = filters.map(() => REASON.NO_SUBSCRIPTION_EXISTED);
  return encodeFilterAck(PACKET.UNSUBACK, packetId, { ...limits, codes });
}

/**
 * Acknowledgements for messages that were never sent. A PUBACK is tolerated, as a late one after a reconnect would be; the
 * steps of QoS 2 are answered so that the other side can let go of the identifier (MQTT 5 §4.3.3).
 */
function answerQosTwo(decoding: DecodeContext, type: AckType, limits: ClientLimits): Buffer | undefined {
  const { packetId, reason } = decodeAck(decoding, type);
  const answer = { packetId, reason: REASON.PACKET_ID_NOT_FOUND };
  if (type === PACKET.PUBREC && reason < REASON.UNSPECIFIED) return encodeAck((PACKET.PUBREL << 4) | 2, answer, limits);
  if (type === PACKET.PUBREL) return encodeAck(PACKET.PUBCOMP << 4, answer, limits);
  return undefined;
}

/** Whether the packet is one; a session expiry may not rise from 0 in it (MQTT-3.14.2.2.2). */
function readDisconnect(decoding: DecodeContext, sessionExpiryS: number): boolean {
  const disconnect = decodeDisconnect(decoding);
  if (sessionExpiryS === 0 && (disconnect.sessionExpiryS ?? 0) > 0) decoding.reader.fail(REASON.PROTOCOL_ERROR);
  return decoding.reader.fault === REASON.SUCCESS;
}

/** What to send back, or `bye` where the client leaves; on a fault of the reader, nothing is sent and the connection ends. */
export function answerTo(
  type: number,
  decoding: DecodeContext,
  { limits, session }: { readonly limits: ClientLimits; readonly session: Pick<Session, 'client' | 'sessionExpiryS'> },
): Buffer | 'bye' | undefined {
  switch (type) {
    case PACKET.PINGREQ:
      decodeEmpty(decoding.reader);
      return PINGRESP;
    case PACKET.SUBSCRIBE:
      return answerSubscribe(decoding, limits, session.client);
    case PACKET.UNSUBSCRIBE:
      return answerUnsubscribe(decoding, limits);
    case PACKET.PUBACK:
    case PACKET.PUBREC:
    case PACKET.PUBREL:
    case PACKET.PUBCOMP:
      return answerQosTwo(decoding, type, limits);
    case PACKET.DISCONNECT:
      return readDisconnect(decoding, session.sessionExpiryS) ? 'bye' : undefined;
    default:
      decoding.reader.fail(REASON.PROTOCOL_ERROR);
      return undefined;
  }
}
