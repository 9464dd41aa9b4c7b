/**
 * Reads PUBLISH (MQTT 5 §3.3), the packet that decides what an edge costs: no string, no object and no copy a message. The
 * topic is compared with the connection's last one, and only looked at when it differs.
 */
import type { Buffer } from 'node:buffer';
import { CLIENT_TOPIC_ALIAS_MAX } from '../../engine/kernel/limits.ts';
import { checkResponseTopic } from './decode-connect.ts';
import type { Frame } from './framer.ts';
import { PACKET, REASON, type ProtocolLevel, type ReasonCode } from './packets.ts';
import { PROPERTY, PropertySet } from './properties.ts';
import { PacketReader } from './reader.ts';
import { isTopicName } from './topics.ts';

/** One for all connections: what it holds is valid until the next `decode`. */
export class PublishDecoder {
  qos = 0;
  dup = false;
  retain = false;
  /** Whether the topic's bytes are those given as `lastTopic`; such a topic was checked before. */
  sameTopic = false;
  topicStart = 0;
  topicEnd = 0;
  packetId = 0;
  /** 0: none. */
  topicAlias = 0;
  payloadStart = 0;
  payloadEnd = 0;
  readonly properties = new PropertySet();
  readonly #reader = new PacketReader();
  readonly #topicAliases: number;

  /** `topicAliases`: the highest that a client may set. */
  constructor(topicAliases: number = CLIENT_TOPIC_ALIAS_MAX) {
    this.#topicAliases = topicAliases;
  }

  /** Message Expiry Interval in seconds; -1: none. */
  get expiryS(): number {
    return this.properties.number(PROPERTY.MESSAGE_EXPIRY, -1);
  }

  /** Whether the client says that the payload is UTF-8; `isUtf8Payload` checks it. */
  get saysText(): boolean {
    return this.properties.number(PROPERTY.PAYLOAD_FORMAT, 0) === 1;
  }

  /** Of the frame decoded last: what goes on to subscribers, as in `PropertySet.forwardable`. */
  forwardable(frame: Frame): Buffer {
    return this.properties.forwardable(frame.buffer);
  }

  /** The reason to end the connection, or 0. */
  decode(frame: Frame, level: ProtocolLevel, lastTopic: Uint8Array): ReasonCode {
    const { buffer, first, start, end } = frame;
    this.qos = (first >> 1) & 3;
    this.dup = (first & 8) !== 0;
    this.retain = (first & 1) !== 0;
    // MQTT-3.3.1-4, MQTT-3.3.1-2.
    if (this.qos === 3 || (this.qos === 0 && this.dup)) return REASON.MALFORMED_PACKET;
    if (start + 2 > end) return REASON.MALFORMED_PACKET;
    const topicStart = start + 2;
    const topicEnd = topicStart + (((buffer[start] ?? 0) << 8) | (buffer[start + 1] ?? 0));
    if (topicEnd > end) return REASON.MALFORMED_PACKET;
    this.topicStart = topicStart;
    this.topicEnd = topicEnd;
    this.sameTopic = isSame(frame, topicStart, { end: topicEnd, other: lastTopic });
    const hasTopic = topicEnd > topicStart;
    if (!this.sameTopic && (hasTopic || level === 4) && !isTopicName(buffer, topicStart, topicEnd)) {
      return REASON.MALFORMED_PACKET;
    }
    let at = topicEnd;
    this.packetId = 0;
    if (this.qos > 0) {
      if (at + 2 > end) return REASON.MALFORMED_PACKET;
      this.packetId = ((buffer[at] ?? 0) << 8) | (buffer[at + 1] ?? 0);
      if (this.packetId === 0) return REASON.PROTOCOL_ERROR;
      at += 2;
    }
    this.topicAlias = 0;
    this.payloadEnd = end;
    this.payloadStart = at;
    if (level === 4 || (at < end && buffer[at] === 0 && hasTopic)) {
      if (level === 5) this.payloadStart = at + 1;
      // Those of the last message, which may have been another client's.
      this.properties.clear();
      return REASON.SUCCESS;
    }
    return this.#readProperties(frame, at, hasTopic);
  }

  #readProperties(frame: Frame, at: number, hasTopic: boolean): ReasonCode {
    const reader = this.#reader;
    reader.open(frame.buffer, at, frame.end);
    this.properties.read(reader, PACKET.PUBLISH);
    if (reader.fault === REASON.SUCCESS) checkResponseTopic(reader, this.properties);
    this.payloadStart = reader.at;
    reader.release();
    if (reader.fault !== REASON.SUCCESS) return reader.fault;
    if (this.properties.has(PROPERTY.TOPIC_ALIAS)) {
      this.topicAlias = this.properties.number(PROPERTY.TOPIC_ALIAS, 0);
      const valid = this.topicAlias > 0 && this.topicAlias <= this.#topicAliases;
      return valid ? REASON.SUCCESS : REASON.TOPIC_ALIAS_INVALID;
    }
    // §3.3.2.1: neither a name nor an alias.
    return hasTopic ? REASON.SUCCESS : REASON.PROTOCOL_ERROR;
  }
}

function isSame(frame: Frame, start: number, span: { readonly end: number; readonly other: Uint8Array }): boolean {
  const { end, other } = span;
  const length = end - start;
  if (length !== other.length || length === 0) return false;
  const bytes = frame.buffer;
  // From the end: topics of one client differ there.
  for (let i = length - 1; i >= 0; i--) {
    if (bytes[start + i] !== other[i]) return false;
  }
  return true;
}
