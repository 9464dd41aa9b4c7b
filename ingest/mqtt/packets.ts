/**
 * The closed lists of MQTT: packet types (MQTT 5 §2.1.2), reason codes (§2.4) and the return codes of a 3.1.1 CONNACK
 * (MQTT 3.1.1 §3.2.2.3). All packet types are here, those that this edge refuses too.
 */

/** The upper four bits of a packet's first byte. */
export const PACKET = {
  RESERVED: 0,
  CONNECT: 1,
  CONNACK: 2,
  PUBLISH: 3,
  PUBACK: 4,
  PUBREC: 5,
  PUBREL: 6,
  PUBCOMP: 7,
  SUBSCRIBE: 8,
  SUBACK: 9,
  UNSUBSCRIBE: 10,
  UNSUBACK: 11,
  PINGREQ: 12,
  PINGRESP: 13,
  DISCONNECT: 14,
  AUTH: 15,
} as const;

/** Properties of a will stand in CONNECT but have a set of their own (MQTT 5 §3.1.3.2); no packet type has this number. */
export const WILL = 16;

export type PacketType = (typeof PACKET)[keyof typeof PACKET];
export type PropertyOwner = PacketType | typeof WILL;

/** All of MQTT 5 §2.4. One number may have several meanings; each has its name where it is written. */
export const REASON = {
  /** Normal disconnection and Granted QoS 0, too. */
  SUCCESS: 0x00,
  GRANTED_QOS_1: 0x01,
  GRANTED_QOS_2: 0x02,
  DISCONNECT_WITH_WILL: 0x04,
  NO_MATCHING_SUBSCRIBERS: 0x10,
  NO_SUBSCRIPTION_EXISTED: 0x11,
  CONTINUE_AUTHENTICATION: 0x18,
  RE_AUTHENTICATE: 0x19,
  UNSPECIFIED: 0x80,
  MALFORMED_PACKET: 0x81,
  PROTOCOL_ERROR: 0x82,
  IMPLEMENTATION_SPECIFIC: 0x83,
  UNSUPPORTED_VERSION: 0x84,
  CLIENT_ID_NOT_VALID: 0x85,
  BAD_USER_NAME_OR_PASSWORD: 0x86,
  NOT_AUTHORIZED: 0x87,
  SERVER_UNAVAILABLE: 0x88,
  SERVER_BUSY: 0x89,
  BANNED: 0x8a,
  SERVER_SHUTTING_DOWN: 0x8b,
  BAD_AUTHENTICATION_METHOD: 0x8c,
  KEEP_ALIVE_TIMEOUT: 0x8d,
  SESSION_TAKEN_OVER: 0x8e,
  TOPIC_FILTER_INVALID: 0x8f,
  TOPIC_NAME_INVALID: 0x90,
  PACKET_ID_IN_USE: 0x91,
  PACKET_ID_NOT_FOUND: 0x92,
  RECEIVE_MAXIMUM_EXCEEDED: 0x93,
  TOPIC_ALIAS_INVALID: 0x94,
  PACKET_TOO_LARGE: 0x95,
  MESSAGE_RATE_TOO_HIGH: 0x96,
  QUOTA_EXCEEDED: 0x97,
  ADMINISTRATIVE_ACTION: 0x98,
  PAYLOAD_FORMAT_INVALID: 0x99,
  RETAIN_NOT_SUPPORTED: 0x9a,
  QOS_NOT_SUPPORTED: 0x9b,
  USE_ANOTHER_SERVER: 0x9c,
  SERVER_MOVED: 0x9d,
  SHARED_NOT_SUPPORTED: 0x9e,
  CONNECTION_RATE_EXCEEDED: 0x9f,
  MAXIMUM_CONNECT_TIME: 0xa0,
  SUBSCRIPTION_ID_NOT_SUPPORTED: 0xa1,
  WILDCARD_NOT_SUPPORTED: 0xa2,
} as const;

export type ReasonCode = (typeof REASON)[keyof typeof REASON];

/** What a 3.1.1 CONNACK can say. */
export const RETURN_CODE = {
  ACCEPTED: 0,
  UNACCEPTABLE_VERSION: 1,
  IDENTIFIER_REJECTED: 2,
  SERVER_UNAVAILABLE: 3,
  BAD_USER_NAME_OR_PASSWORD: 4,
  NOT_AUTHORIZED: 5,
} as const;

/** The nearest 3.1.1 return code, or undefined where 3.1.1 asks to close without an answer. */
export function returnCodeOf(reason: ReasonCode): number | undefined {
  switch (reason) {
    case REASON.UNSUPPORTED_VERSION:
      return RETURN_CODE.UNACCEPTABLE_VERSION;
    case REASON.CLIENT_ID_NOT_VALID:
      return RETURN_CODE.IDENTIFIER_REJECTED;
    case REASON.SERVER_UNAVAILABLE:
    case REASON.SERVER_BUSY:
    case REASON.SERVER_SHUTTING_DOWN:
    case REASON.QUOTA_EXCEEDED:
    case REASON.USE_ANOTHER_SERVER:
    case REASON.SERVER_MOVED:
    case REASON.CONNECTION_RATE_EXCEEDED:
      return RETURN_CODE.SERVER_UNAVAILABLE;
    case REASON.BAD_USER_NAME_OR_PASSWORD:
      return RETURN_CODE.BAD_USER_NAME_OR_PASSWORD;
    case REASON.NOT_AUTHORIZED:
    case REASON.BANNED:
    case REASON.TOPIC_NAME_INVALID:
    case REASON.RETAIN_NOT_SUPPORTED:
    case REASON.QOS_NOT_SUPPORTED:
      return RETURN_CODE.NOT_AUTHORIZED;
    default:
      return undefined;
  }
}

/** MQTT 3.1.1 and MQTT 5, by the number in CONNECT. */
export type ProtocolLevel = 4 | 5;

/** The first byte of the packets whose flags are fixed (MQTT 5 §2.1.3); DUP, QoS and Retain are only in PUBLISH. */
export const FIRST_BYTE = {
  CONNACK: PACKET.CONNACK << 4,
  PUBACK: PACKET.PUBACK << 4,
  PUBREC: PACKET.PUBREC << 4,
  PUBREL: (PACKET.PUBREL << 4) | 2,
  PUBCOMP: PACKET.PUBCOMP << 4,
  SUBACK: PACKET.SUBACK << 4,
  UNSUBACK: PACKET.UNSUBACK << 4,
  PINGRESP: PACKET.PINGRESP << 4,
  DISCONNECT: PACKET.DISCONNECT << 4,
} as const;

/** Bits of a PUBLISH's first byte; QoS stands between them, from bit 1. */
export const PUBLISH_BIT = { RETAIN: 1, DUP: 8 } as const;
