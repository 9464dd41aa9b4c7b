/**
 * Writes the packets a server sends, all but the PUBACK of a stored message, which is written where it is fast
 * (`ack-writer.ts`). Reason strings and user properties are left out where the client asked for none or where they would
 * make the packet larger than it takes (MQTT 5 §3.1.2.11.4, §3.1.2.11.7).
 */
import { Buffer } from 'node:buffer';
import { PACKET, REASON, returnCodeOf, type PacketType, type ProtocolLevel, type ReasonCode } from './packets.ts';
import { PROPERTY } from './properties.ts';

/** What may be sent to a client beyond the bare facts. */
export interface ClientLimits {
  readonly level: ProtocolLevel;
  readonly packetBytesMax: number;
  readonly wantsProblemInfo: boolean;
}

/** Explanations, in the order in which they are given up when there is no room. */
export interface Explanation {
  readonly reasonString?: string;
  readonly userProperties?: readonly (readonly [string, string])[];
}

export const PINGRESP: Buffer = Buffer.from([PACKET.PINGRESP << 4, 0]);

/** Bytes of a packet under construction. Cold path: plain numbers do. */
type Bytes = number[];

function putU16(bytes: Bytes, value: number): void {
  bytes.push((value >> 8) & 0xff, value & 0xff);
}

function putU32(bytes: Bytes, value: number): void {
  putU16(bytes, Math.floor(value / 0x10000));
  putU16(bytes, value % 0x10000);
}

function putVarint(bytes: Bytes, value: number): void {
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
}

function putText(bytes: Bytes, text: string): void {
  const encoded = Buffer.from(text, 'utf8');
  putU16(bytes, encoded.length);
  for (const byte of encoded) bytes.push(byte);
}

function packet(first: number, body: Bytes): Buffer {
  const bytes: Bytes = [first];
  putVarint(bytes, body.length);
  return Buffer.from(bytes.concat(body));
}

function explanationBytes(explanation: Explanation): Bytes {
  const bytes: Bytes = [];
  if (explanation.reasonString !== undefined) {
    bytes.push(PROPERTY.REASON_STRING);
    putText(bytes, explanation.reasonString);
  }
  for (const [name, value] of explanation.userProperties ?? []) {
    bytes.push(PROPERTY.USER_PROPERTY);
    putText(bytes, name);
    putText(bytes, value);
  }
  return bytes;
}

/** The properties with the explanation if the client's limits allow it, else without. */
function explained(first: number, parts: { head: Bytes; properties: Bytes; tail: Bytes }, about: ClientLimits & Explanation): Buffer {
  const build = (properties: Bytes): Buffer => {
    const body = [...parts.head];
    putVarint(body, properties.length);
    return packet(first, body.concat(properties, parts.tail));
  };
  const bare = build(parts.properties);
  if (!about.wantsProblemInfo) return bare;
  const full = build(parts.properties.concat(explanationBytes(about)));
  return full.length <= about.packetBytesMax ? full : bare;
}

export interface ConnackFacts {
  readonly receiveMaximum: number;
  readonly qosMax: number;
  readonly packetBytesMax: number;
  readonly topicAliasMax: number;
  readonly assignedClientId: string | undefined;
  /** Undefined: the client's own stands. */
  readonly serverKeepAliveS: number | undefined;
  /** Undefined: what the client asked for is granted. */
  readonly sessionExpiryS: number | undefined;
}

/** A session is never present: none outlives its connection. */
export function encodeConnack(level: ProtocolLevel, facts: ConnackFacts): Buffer {
  if (level === 4) return packet(PACKET.CONNACK << 4, [0, 0]);
  const properties: Bytes = [];
  if (facts.sessionExpiryS !== undefined) {
    properties.push(PROPERTY.SESSION_EXPIRY);
    putU32(properties, facts.sessionExpiryS);
  }
  properties.push(PROPERTY.RECEIVE_MAXIMUM);
  putU16(properties, facts.receiveMaximum);
  properties.push(PROPERTY.MAXIMUM_QOS, facts.qosMax, PROPERTY.RETAIN_AVAILABLE, 0);
  properties.push(PROPERTY.MAXIMUM_PACKET_SIZE);
  putU32(properties, facts.packetBytesMax);
  if (facts.assignedClientId !== undefined) {
    properties.push(PROPERTY.ASSIGNED_CLIENT_ID);
    putText(properties, facts.assignedClientId);
  }
  properties.push(PROPERTY.TOPIC_ALIAS_MAXIMUM);
  putU16(properties, facts.topicAliasMax);
  properties.push(PROPERTY.WILDCARD_AVAILABLE, 0, PROPERTY.SUBSCRIPTION_ID_AVAILABLE, 0, PROPERTY.SHARED_AVAILABLE, 0);
  if (facts.serverKeepAliveS !== undefined) {
    properties.push(PROPERTY.SERVER_KEEP_ALIVE);
    putU16(properties, facts.serverKeepAliveS);
  }
  const body: Bytes = [0, REASON.SUCCESS];
  putVarint(body, properties.length);
  return packet(PACKET.CONNACK << 4, body.concat(properties));
}

/** Undefined where a 3.1.1 server has to close without an answer. */
export function encodeRefusedConnack(reason: ReasonCode, about: ClientLimits & Explanation): Buffer | undefined {
  if (about.level === 4) {
    const returnCode = returnCodeOf(reason);
    return returnCode === undefined ? undefined : packet(PACKET.CONNACK << 4, [0, returnCode]);
  }
  return explained(PACKET.CONNACK << 4, { head: [0, reason], properties: [], tail: [] }, about);
}

/** PUBACK, PUBREL, PUBCOMP. A 3.1.1 client gets the identifier alone: it has no way to hear a refusal. */
export function encodeAck(first: number, ack: { packetId: number; reason: ReasonCode }, about: ClientLimits & Explanation): Buffer {
  const head: Bytes = [];
  putU16(head, ack.packetId);
  if (about.level === 4) return packet(first, head);
  const explains = about.reasonString !== undefined || about.userProperties !== undefined;
  if (!explains || !about.wantsProblemInfo) {
    if (ack.reason !== REASON.SUCCESS) head.push(ack.reason);
    return packet(first, head);
  }
  return explained(first, { head: [...head, ack.reason], properties: [], tail: [] }, about);
}

/** SUBACK or UNSUBACK with a code for each filter; the UNSUBACK of 3.1.1 has none. */
export function encodeFilterAck(type: PacketType, packetId: number, about: ClientLimits & { readonly codes: readonly number[] }): Buffer {
  const head: Bytes = [];
  putU16(head, packetId);
  if (about.level === 5) head.push(0);
  const codes = about.level === 4 && type === PACKET.UNSUBACK ? [] : about.codes;
  return packet(type << 4, head.concat(codes));
}

/** Only MQTT 5 has it (§3.14); an explanation may always be given here, if it fits. */
export function encodeDisconnect(reason: ReasonCode, about: ClientLimits & Explanation): Buffer {
  if (about.reasonString === undefined) return packet(PACKET.DISCONNECT << 4, [reason]);
  const parts = { head: [reason], properties: [], tail: [] };
  return explained(PACKET.DISCONNECT << 4, parts, { ...about, wantsProblemInfo: true });
}
