/**
 * Reads the packets a client sends, all but CONNECT and PUBLISH, which have files of their own. Each decoder reads a whole
 * body; what was wrong is the reader's `fault`. Fixed-header flags are checked for every type in one place.
 */
import type { ProtocolLevel, PropertyOwner, ReasonCode } from './packets.ts';
import { PACKET, REASON } from './packets.ts';
import { PROPERTY, type PropertySet } from './properties.ts';
import type { PacketReader } from './reader.ts';
import { isShared, isTopicFilter, isWholeShare } from './topics.ts';

/**
 * What is wrong with a packet by its first byte, once a connection is open; 0: nothing. What belongs to a connection's
 * opening is a protocol error whatever it holds: a second CONNECT, CONNACK, and AUTH, for no method was agreed (MQTT 5
 * §4.12). Else flags that are not those of the type are malformed (§2.1.3); PUBLISH has flags with a meaning, which its
 * decoder reads. What only a server sends is a protocol error.
 */
export function headerFault(first: number): ReasonCode {
  const type = first >> 4;
  if (type === PACKET.CONNECT || type === PACKET.CONNACK || type === PACKET.AUTH) return REASON.PROTOCOL_ERROR;
  if (!hasRightFlags(first)) return REASON.MALFORMED_PACKET;
  return isUnexpected(type) ? REASON.PROTOCOL_ERROR : REASON.SUCCESS;
}

function hasRightFlags(first: number): boolean {
  const type = first >> 4;
  const flags = first & 0x0f;
  if (type === PACKET.PUBLISH) return true;
  const needed = type === PACKET.PUBREL || type === PACKET.SUBSCRIBE || type === PACKET.UNSUBSCRIBE ? 2 : 0;
  return flags === needed;
}

/** What only a server sends, a second CONNECT, and AUTH. */
function isUnexpected(type: number): boolean {
  switch (type) {
    case PACKET.CONNECT:
    case PACKET.CONNACK:
    case PACKET.SUBACK:
    case PACKET.UNSUBACK:
    case PACKET.PINGRESP:
    case PACKET.AUTH:
      return true;
    default:
      return false;
  }
}

export interface Ack {
  readonly packetId: number;
  readonly reason: number;
}

export type AckType = typeof PACKET.PUBACK | typeof PACKET.PUBREC | typeof PACKET.PUBREL | typeof PACKET.PUBCOMP;

/** §3.4.2.1, §3.5.2.1. */
const RECEIVED_REASONS: ReadonlySet<number> = new Set<ReasonCode>([
  REASON.SUCCESS,
  REASON.NO_MATCHING_SUBSCRIBERS,
  REASON.UNSPECIFIED,
  REASON.IMPLEMENTATION_SPECIFIC,
  REASON.NOT_AUTHORIZED,
  REASON.TOPIC_NAME_INVALID,
  REASON.PACKET_ID_IN_USE,
  REASON.QUOTA_EXCEEDED,
  REASON.PAYLOAD_FORMAT_INVALID,
]);
/** §3.6.2.1, §3.7.2.1. */
const RELEASED_REASONS: ReadonlySet<number> = new Set<ReasonCode>([REASON.SUCCESS, REASON.PACKET_ID_NOT_FOUND]);
/** What a client may give (§3.14.2.1); the others are a server's. */
const LEAVING_REASONS: ReadonlySet<number> = new Set<ReasonCode>([
  REASON.SUCCESS,
  REASON.DISCONNECT_WITH_WILL,
  REASON.UNSPECIFIED,
  REASON.MALFORMED_PACKET,
  REASON.PROTOCOL_ERROR,
  REASON.IMPLEMENTATION_SPECIFIC,
  REASON.TOPIC_NAME_INVALID,
  REASON.RECEIVE_MAXIMUM_EXCEEDED,
  REASON.TOPIC_ALIAS_INVALID,
  REASON.PACKET_TOO_LARGE,
  REASON.MESSAGE_RATE_TOO_HIGH,
  REASON.QUOTA_EXCEEDED,
  REASON.ADMINISTRATIVE_ACTION,
  REASON.PAYLOAD_FORMAT_INVALID,
]);

/** What a body is read with: the reader stands at its start. */
export interface DecodeContext {
  readonly reader: PacketReader;
  readonly properties: PropertySet;
  readonly level: ProtocolLevel;
}

export function decodeAck(context: DecodeContext, type: AckType): Ack {
  const { reader, properties } = context;
  const packetId = readPacketId(reader, REASON.PROTOCOL_ERROR);
  properties.clear();
  // A body that ends after the identifier means success; one that ends after the reason code has no properties.
  const short = context.level === 4 || reader.at === reader.end;
  const reason = short ? REASON.SUCCESS : reader.u8();
  const reasons = type === PACKET.PUBACK || type === PACKET.PUBREC ? RECEIVED_REASONS : RELEASED_REASONS;
  if (!reasons.has(reason)) reader.fail(REASON.PROTOCOL_ERROR);
  if (!short && reader.at < reader.end) properties.read(reader, type);
  reader.finish();
  return { packetId, reason };
}

export interface Subscription {
  readonly filter: string;
  readonly qos: number;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: number;
}

export interface Subscribe {
  readonly packetId: number;
  /** 0: none. */
  readonly subscriptionId: number;
  readonly subscriptions: readonly Subscription[];
}

export function decodeSubscribe(context: DecodeContext): Subscribe {
  const { reader } = context;
  const packetId = readPacketId(reader, REASON.MALFORMED_PACKET);
  readProperties(context, PACKET.SUBSCRIBE);
  const subscriptionId = context.properties.number(PROPERTY.SUBSCRIPTION_ID, 0);
  const subscriptions: Subscription[] = [];
  do {
    const filter = readFilter(reader);
    const options = reader.u8();
    const subscription = {
      filter,
      qos: options & 3,
      noLocal: (options & 4) !== 0,
      retainAsPublished: (options & 8) !== 0,
      retainHandling: (options >> 4) & 3,
    };
    const reserved = context.level === 4 ? options & 0xfc : options & 0xc0;
    if (subscription.qos === 3 || subscription.retainHandling === 3 || reserved !== 0) reader.fail(REASON.MALFORMED_PACKET);
    // No Local on a shared subscription is a protocol error (MQTT-3.8.3-4).
    if (subscription.noLocal && isShared(filter)) reader.fail(REASON.PROTOCOL_ERROR);
    subscriptions.push(subscription);
  } while (reader.at < reader.end);
  return { packetId, subscriptionId, subscriptions };
}

export interface Unsubscribe {
  readonly packetId: number;
  readonly filters: readonly string[];
}

export function decodeUnsubscribe(context: DecodeContext): Unsubscribe {
  const { reader } = context;
  const packetId = readPacketId(reader, REASON.MALFORMED_PACKET);
  readProperties(context, PACKET.UNSUBSCRIBE);
  const filters: string[] = [];
  do filters.push(readFilter(reader));
  while (reader.at < reader.end);
  return { packetId, filters };
}

export interface Disconnect {
  readonly reason: number;
  /** Undefined: as CONNECT had it. */
  readonly sessionExpiryS: number | undefined;
}

export function decodeDisconnect(context: DecodeContext): Disconnect {
  const { reader, properties } = context;
  properties.clear();
  const short = context.level === 4 || reader.at === reader.end;
  const reason = short ? REASON.SUCCESS : reader.u8();
  if (!LEAVING_REASONS.has(reason)) reader.fail(REASON.PROTOCOL_ERROR);
  if (!short && reader.at < reader.end) properties.read(reader, PACKET.DISCONNECT);
  reader.finish();
  const expires = properties.has(PROPERTY.SESSION_EXPIRY);
  return { reason, sessionExpiryS: expires ? properties.number(PROPERTY.SESSION_EXPIRY, 0) : undefined };
}

/** PINGREQ has no body. */
export function decodeEmpty(reader: PacketReader): void {
  reader.finish();
}

/** Identifier 0 is forbidden (MQTT-2.2.1-3), but not said to be this fault or that. */
function readPacketId(reader: PacketReader, fault: ReasonCode): number {
  const packetId = reader.u16();
  if (packetId === 0) reader.fail(fault);
  return packetId;
}

function readProperties(context: DecodeContext, owner: PropertyOwner): void {
  if (context.level === 5) context.properties.read(context.reader, owner);
  else context.properties.clear();
}

function readFilter(reader: PacketReader): string {
  reader.binary();
  if (!isTopicFilter(reader.buffer, reader.start, reader.stop)) reader.fail(REASON.MALFORMED_PACKET);
  const filter = reader.string();
  if (isShared(filter) && !isWholeShare(filter)) reader.fail(REASON.MALFORMED_PACKET);
  return filter;
}
