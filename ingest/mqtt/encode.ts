/**
 * Writes the packets a server sends, all but PUBLISH (`encode-publish.ts`) and the PUBACK of a stored message, which is
 * written where it is fast (`ack-writer.ts`). Reason strings and user properties are left out where the client asked for
 * none or where they would make the packet larger than it takes (MQTT 5 §3.1.2.11.4, §3.1.2.11.7). What can't be left out
 * may still be too large for a client: whoever sends it compares, and sends nothing then (MQTT-3.1.2-24).
 */
import { Buffer } from 'node:buffer';
import { FIRST_BYTE, PACKET, REASON, returnCodeOf, type PacketType, type ProtocolLevel, type ReasonCode } from './packets.ts';
import { PROPERTY, type PropertyId } from './properties.ts';

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

/** Where the client finds another server (§4.11): host and port, given up after all explanations. */
export interface Redirection {
  readonly serverReference?: string | undefined;
}

export const PINGRESP: Buffer = Buffer.from([FIRST_BYTE.PINGRESP, 0]);

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

function putTextProperty(bytes: Bytes, id: PropertyId, text: string | undefined): void {
  if (text === undefined) return;
  bytes.push(id);
  putText(bytes, text);
}

function packet(first: number, body: Bytes): Buffer {
  const bytes: Bytes = [first];
  putVarint(bytes, body.length);
  return Buffer.from(bytes.concat(body));
}

function userPropertyBytes(explanation: Explanation): Bytes {
  const bytes: Bytes = [];
  for (const [name, value] of explanation.userProperties ?? []) {
    bytes.push(PROPERTY.USER_PROPERTY);
    putText(bytes, name);
    putText(bytes, value);
  }
  return bytes;
}

function textPropertyBytes(id: PropertyId, text: string | undefined): Bytes {
  const bytes: Bytes = [];
  putTextProperty(bytes, id, text);
  return bytes;
}

interface Parts {
  readonly head: Bytes;
  readonly properties: Bytes;
  readonly tail: Bytes;
}

/** With the property length even where there are none, as CONNACK, SUBACK and UNSUBACK want it. */
function withProperties(first: number, parts: Parts, more: Bytes): Buffer {
  const body = [...parts.head];
  putVarint(body, parts.properties.length + more.length);
  return packet(first, body.concat(parts.properties, more, parts.tail));
}

/** As much of the explanation as the client's limits have room for, if any; undefined: nothing of it, or there is none. */
function explained(
  first: number,
  parts: Parts,
  about: Pick<ClientLimits, 'packetBytesMax'> & Explanation & Redirection,
): Buffer | undefined {
  const reference = textPropertyBytes(PROPERTY.SERVER_REFERENCE, about.serverReference);
  const users = userPropertyBytes(about);
  const text = textPropertyBytes(PROPERTY.REASON_STRING, about.reasonString);
  for (const more of [reference.concat(text, users), reference.concat(users), reference]) {
    if (more.length === 0) return undefined;
    const full = withProperties(first, parts, more);
    if (full.length <= about.packetBytesMax) return full;
  }
  return undefined;
}

export interface ConnackFacts {
  /** Absent: false. */
  readonly sessionPresent?: boolean;
  readonly receiveMaximum: number;
  readonly qosMax: number;
  /** What the server takes. */
  readonly packetBytesMax: number;
  readonly topicAliasMax: number;
  readonly assignedClientId: string | undefined;
  /** Undefined: the client's own stands. */
  readonly serverKeepAliveS: number | undefined;
  /** Undefined: what the client asked for is granted. */
  readonly sessionExpiryS: number | undefined;
  /** Each absent: it is available. */
  readonly retainAvailable?: boolean;
  readonly wildcardAvailable?: boolean;
  readonly subscriptionIdAvailable?: boolean;
  readonly sharedAvailable?: boolean;
  /** Where a client that asked for it may have its responses (§3.2.2.3.15). */
  readonly responseInfo?: string;
}

/** To a client that is let in. `about` is what it takes, and what else it is told. */
export function encodeConnack(
  level: ProtocolLevel,
  facts: ConnackFacts,
  about: Pick<ClientLimits, 'packetBytesMax'> & Explanation = { packetBytesMax: 0 },
): Buffer {
  const head = [facts.sessionPresent === true ? 1 : 0, REASON.SUCCESS];
  if (level === 4) return packet(FIRST_BYTE.CONNACK, head);
  const parts = { head, properties: connackProperties(facts), tail: [] };
  return explained(FIRST_BYTE.CONNACK, parts, about) ?? withProperties(FIRST_BYTE.CONNACK, parts, []);
}

function connackProperties(facts: ConnackFacts): Bytes {
  const properties: Bytes = [];
  if (facts.sessionExpiryS !== undefined) {
    properties.push(PROPERTY.SESSION_EXPIRY);
    putU32(properties, facts.sessionExpiryS);
  }
  properties.push(PROPERTY.RECEIVE_MAXIMUM);
  putU16(properties, facts.receiveMaximum);
  // 2 may not be written (§3.2.2.3.4).
  if (facts.qosMax < 2) properties.push(PROPERTY.MAXIMUM_QOS, facts.qosMax);
  if (facts.retainAvailable === false) properties.push(PROPERTY.RETAIN_AVAILABLE, 0);
  properties.push(PROPERTY.MAXIMUM_PACKET_SIZE);
  putU32(properties, facts.packetBytesMax);
  putTextProperty(properties, PROPERTY.ASSIGNED_CLIENT_ID, facts.assignedClientId);
  properties.push(PROPERTY.TOPIC_ALIAS_MAXIMUM);
  putU16(properties, facts.topicAliasMax);
  if (facts.wildcardAvailable === false) properties.push(PROPERTY.WILDCARD_AVAILABLE, 0);
  if (facts.subscriptionIdAvailable === false) properties.push(PROPERTY.SUBSCRIPTION_ID_AVAILABLE, 0);
  if (facts.sharedAvailable === false) properties.push(PROPERTY.SHARED_AVAILABLE, 0);
  if (facts.serverKeepAliveS !== undefined) {
    properties.push(PROPERTY.SERVER_KEEP_ALIVE);
    putU16(properties, facts.serverKeepAliveS);
  }
  putTextProperty(properties, PROPERTY.RESPONSE_INFO, facts.responseInfo);
  return properties;
}

/** Undefined where a 3.1.1 server has to close without an answer. An explanation may always be given here, if it fits. */
export function encodeRefusedConnack(reason: ReasonCode, about: ClientLimits & Explanation & Redirection): Buffer | undefined {
  if (about.level === 4) {
    const returnCode = returnCodeOf(reason);
    return returnCode === undefined ? undefined : packet(FIRST_BYTE.CONNACK, [0, returnCode]);
  }
  const parts = { head: [0, reason], properties: [], tail: [] };
  return explained(FIRST_BYTE.CONNACK, parts, about) ?? withProperties(FIRST_BYTE.CONNACK, parts, []);
}

/**
 * PUBACK, PUBREC, PUBREL or PUBCOMP, by its first byte. A 3.1.1 client gets the identifier alone: it has no way to hear a
 * refusal.
 */
export function encodeAck(first: number, ack: { packetId: number; reason: ReasonCode }, about: ClientLimits & Explanation): Buffer {
  const head: Bytes = [];
  putU16(head, ack.packetId);
  if (about.level === 4) return packet(first, head);
  const parts = { head: [...head, ack.reason], properties: [], tail: [] };
  const full = about.wantsProblemInfo ? explained(first, parts, about) : undefined;
  return full ?? packet(first, ack.reason === REASON.SUCCESS ? head : parts.head);
}

/**
 * PUBACK, PUBREC, PUBREL or PUBCOMP of a success, which in both versions has four bytes: as the number to write there, most
 * significant byte first. Allocates nothing.
 */
export function shortAck(first: number, packetId: number): number {
  return first * 0x1000000 + 0x20000 + packetId;
}

/**
 * SUBACK or UNSUBACK with a code for each filter. That of 3.1.1 knows one refusal, 0x80, and its UNSUBACK no codes; a
 * SUBACK that is larger than the client takes can't be made smaller.
 */
export function encodeFilterAck(
  type: PacketType,
  packetId: number,
  about: ClientLimits & Explanation & { readonly codes: readonly number[] },
): Buffer {
  const first = type << 4;
  const head: Bytes = [];
  putU16(head, packetId);
  if (about.level === 4) {
    const codes = type === PACKET.UNSUBACK ? [] : about.codes.map((code) => Math.min(code, REASON.UNSPECIFIED));
    return packet(first, head.concat(codes));
  }
  const parts = { head, properties: [], tail: [...about.codes] };
  const full = about.wantsProblemInfo ? explained(first, parts, about) : undefined;
  return full ?? withProperties(first, parts, []);
}

/**
 * Only MQTT 5 has it (§3.14). An explanation may always be given here, if it fits; a session's expiry never, for it is the
 * client's (MQTT-3.14.2-2).
 */
export function encodeDisconnect(reason: ReasonCode, about: ClientLimits & Explanation & Redirection): Buffer {
  const parts = { head: [reason], properties: [], tail: [] };
  return explained(FIRST_BYTE.DISCONNECT, parts, about) ?? packet(FIRST_BYTE.DISCONNECT, parts.head);
}
