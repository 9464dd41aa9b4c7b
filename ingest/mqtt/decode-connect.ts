/**
 * Reads CONNECT (MQTT 5 §3.1, MQTT 3.1.1 §3.1). The protocol name and level come first, because they decide in which form
 * a refusal can be written, or whether one can be written at all.
 */
import type { Buffer } from 'node:buffer';
import { PACKET, REASON, WILL, type ProtocolLevel, type ReasonCode } from './packets.ts';
import { PROPERTY, type PropertySet } from './properties.ts';
import type { PacketReader } from './reader.ts';
import { isTopicName } from './topics.ts';
import { isMqttText } from './utf8.ts';

export interface Will {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
  /** From the end of the connection, or of the session if that comes first. */
  readonly delayS: number;
  /** Seconds from when it is published; undefined: for ever. */
  readonly expiryS: number | undefined;
  /** What goes on to subscribers, as in `PropertySet.forwardable`. */
  readonly properties: Uint8Array;
  /** Of its user properties, keys and values together. */
  readonly userBytes: number;
  /** Whether the client says that the payload is UTF-8; nothing has checked it. */
  readonly saysText: boolean;
}

export interface Connect {
  readonly level: ProtocolLevel;
  /** Clean Session in 3.1.1. */
  readonly cleanStart: boolean;
  /** Seconds; 0 is off. */
  readonly keepAliveS: number;
  readonly clientId: string;
  readonly will: Will | undefined;
  readonly userName: string | undefined;
  readonly password: string | undefined;
  /** 0 in 3.1.1, where Clean Session alone says whether the session outlives the connection. */
  readonly sessionExpiryS: number;
  /** What the client takes; packets to it may not be larger. */
  readonly packetBytesMax: number;
  readonly receiveMaximum: number;
  readonly topicAliasMaximum: number;
  /** Whether reason strings and user properties may be sent where nothing failed (§3.1.2.11.7). */
  readonly wantsProblemInfo: boolean;
  /** Whether Response Information may be sent in CONNACK (§3.1.2.11.6). */
  readonly wantsResponseInfo: boolean;
  readonly authenticationMethod: string | undefined;
  /** Of CONNECT's own user properties, keys and values together. */
  readonly userBytes: number;
}

export type ConnectResult =
  | { readonly ok: true; readonly connect: Connect }
  /** `level`: in which form to answer; undefined: close without one. */
  | { readonly ok: false; readonly level: ProtocolLevel | undefined; readonly reason: ReasonCode };

const LEVEL_3_1_1 = 4;
const LEVEL_5 = 5;
/** Receive Maximum and Maximum Packet Size of a client that doesn't say. */
const RECEIVE_MAXIMUM_DEFAULT = 65_535;
const PACKET_BYTES_UNLIMITED = 268_435_460;
const NO_PROPERTIES = new Uint8Array(0);

export function decodeConnect(reader: PacketReader, properties: PropertySet): ConnectResult {
  reader.text(true);
  const name = reader.string();
  const number = reader.u8();
  if (reader.fault !== REASON.SUCCESS || (name !== 'MQTT' && name !== 'MQIsdp')) {
    return { ok: false, level: undefined, reason: REASON.MALFORMED_PACKET };
  }
  // MQTT 3.1 is refused in the form it shares with 3.1.1, what is newer in the newest form we know.
  if (name === 'MQIsdp' || number < LEVEL_3_1_1) return { ok: false, level: 4, reason: REASON.UNSUPPORTED_VERSION };
  if (number > LEVEL_5) return { ok: false, level: 5, reason: REASON.UNSUPPORTED_VERSION };
  const level = number === LEVEL_3_1_1 ? 4 : 5;
  const connect = readRest(reader, properties, level);
  reader.finish();
  if (reader.fault !== REASON.SUCCESS) return { ok: false, level, reason: reader.fault };
  return { ok: true, connect };
}

function readRest(reader: PacketReader, properties: PropertySet, level: ProtocolLevel): Connect {
  const flags = reader.u8();
  checkFlags(reader, flags, level);
  const keepAliveS = reader.u16();
  if (level === 5) properties.read(reader, PACKET.CONNECT);
  else properties.clear();
  const own = readOwnProperties(reader, properties, level);
  const clientId = readClientId(reader, level);
  const will = (flags & 0x04) === 0 ? undefined : readWill(reader, properties, { flags, level });
  const userName = (flags & 0x80) === 0 ? undefined : readUserName(reader);
  const password = (flags & 0x40) === 0 ? undefined : readPassword(reader);
  return { level, cleanStart: (flags & 0x02) !== 0, keepAliveS, clientId, will, userName, password, ...own };
}

function checkFlags(reader: PacketReader, flags: number, level: ProtocolLevel): void {
  const hasWill = (flags & 0x04) !== 0;
  const willQos = (flags >> 3) & 3;
  const willRetain = (flags & 0x20) !== 0;
  const hasPassword = (flags & 0x40) !== 0;
  const hasUserName = (flags & 0x80) !== 0;
  const reserved = (flags & 0x01) !== 0;
  const badWill = hasWill ? willQos === 3 : willQos !== 0 || willRetain;
  // MQTT-3.1.2-22 of 3.1.1; MQTT 5 allows a password alone.
  const badPassword = level === 4 && hasPassword && !hasUserName;
  if (reserved || badWill || badPassword) reader.fail(REASON.MALFORMED_PACKET);
}

type OwnProperties = Omit<Connect, 'level' | 'cleanStart' | 'keepAliveS' | 'clientId' | 'will' | 'userName' | 'password'>;

/** Copies what the properties say, before the will's take their place. A 3.1.1 client has none, and no problem information. */
function readOwnProperties(reader: PacketReader, properties: PropertySet, level: ProtocolLevel): OwnProperties {
  const hasMethod = properties.has(PROPERTY.AUTHENTICATION_METHOD);
  // §3.1.2.11.10: data without a method.
  if (properties.has(PROPERTY.AUTHENTICATION_DATA) && !hasMethod) reader.fail(REASON.PROTOCOL_ERROR);
  return {
    sessionExpiryS: properties.number(PROPERTY.SESSION_EXPIRY, 0),
    packetBytesMax: properties.number(PROPERTY.MAXIMUM_PACKET_SIZE, PACKET_BYTES_UNLIMITED),
    receiveMaximum: properties.number(PROPERTY.RECEIVE_MAXIMUM, RECEIVE_MAXIMUM_DEFAULT),
    topicAliasMaximum: properties.number(PROPERTY.TOPIC_ALIAS_MAXIMUM, 0),
    wantsProblemInfo: level === 5 && properties.number(PROPERTY.REQUEST_PROBLEM_INFO, 1) === 1,
    wantsResponseInfo: properties.number(PROPERTY.REQUEST_RESPONSE_INFO, 0) === 1,
    authenticationMethod: hasMethod ? properties.text(PROPERTY.AUTHENTICATION_METHOD, reader.buffer) : undefined,
    userBytes: properties.userBytes,
  };
}

/** A well-formed id with control characters is one that isn't allowed; only MQTT 5 can say so before we know the client. */
function readClientId(reader: PacketReader, level: ProtocolLevel): string {
  reader.text(level === 4);
  const span = { start: reader.start, end: reader.stop };
  if (level === 5 && !isMqttText(reader.buffer, span, true)) reader.fail(REASON.CLIENT_ID_NOT_VALID);
  return reader.string();
}

function readWill(reader: PacketReader, properties: PropertySet, about: { readonly flags: number; readonly level: ProtocolLevel }): Will {
  if (about.level === 5) {
    properties.read(reader, WILL);
    checkResponseTopic(reader, properties);
  } else {
    properties.clear();
  }
  const hasExpiry = properties.has(PROPERTY.MESSAGE_EXPIRY);
  const said = {
    delayS: properties.number(PROPERTY.WILL_DELAY, 0),
    expiryS: hasExpiry ? properties.number(PROPERTY.MESSAGE_EXPIRY, 0) : undefined,
    properties: reader.fault === REASON.SUCCESS ? properties.forwardable(reader.buffer) : NO_PROPERTIES,
    userBytes: properties.userBytes,
    saysText: properties.number(PROPERTY.PAYLOAD_FORMAT, 0) === 1,
  };
  reader.binary();
  if (!isTopicName(reader.buffer, reader.start, reader.stop)) reader.fail(REASON.MALFORMED_PACKET);
  const topic = reader.string();
  reader.binary();
  const payload = reader.bytes();
  return { topic, payload, qos: (about.flags >> 3) & 3, retain: (about.flags & 0x20) !== 0, ...said };
}

/** A Response Topic is a topic name: neither empty nor with wildcards (MQTT-3.3.2-14). */
export function checkResponseTopic(reader: PacketReader, properties: PropertySet): void {
  if (!properties.has(PROPERTY.RESPONSE_TOPIC)) return;
  const start = properties.start(PROPERTY.RESPONSE_TOPIC);
  if (!isTopicName(reader.buffer, start, properties.stop(PROPERTY.RESPONSE_TOPIC))) reader.fail(REASON.PROTOCOL_ERROR);
}

function readUserName(reader: PacketReader): string {
  reader.text(true);
  return reader.string();
}

/** Binary by the specification; a token is ASCII, so what isn't UTF-8 matches none. */
function readPassword(reader: PacketReader): string {
  reader.binary();
  return reader.string();
}
