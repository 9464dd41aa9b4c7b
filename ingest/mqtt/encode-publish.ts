/**
 * Writes PUBLISH to subscribers (MQTT 5 §3.3), the packet that fan-out costs. One object stands for a message whoever gets
 * it: copies of QoS 0 are one and the same buffer, copies of QoS 1 and 2 are made from one that differs in the first byte
 * and the packet identifier only. What belongs to one subscriber, its topic aliases and subscription identifiers, is
 * written into its copy directly.
 */
import { Buffer } from 'node:buffer';
import { PACKET, PUBLISH_BIT, type ProtocolLevel } from './packets.ts';
import { PROPERTY } from './properties.ts';
import type { TopicAlias } from './topic-aliases.ts';

export interface OutgoingParts {
  /** A valid topic name, as in the packets to come. */
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
  /** As `PropertySet.forwardable` gave them; 3.1.1 clients get none. */
  readonly properties: Uint8Array;
  /** By the clock of `PublishCopy.nowMs`; 0: never. */
  readonly expiresMs: number;
}

/** How a subscription gets the message. */
export interface Sending {
  /** The lower of the message's and the subscription's. */
  readonly qos: number;
  readonly retain: boolean;
  /** Of all subscriptions of the client that match and have one (MQTT-3.3.4-3); not written for 3.1.1. */
  readonly ids: readonly number[];
}

/** What one packet has of its own. */
export interface PublishCopy {
  /** From 1; without a meaning at QoS 0. */
  readonly packetId: number;
  /** Sent before with this packet identifier; never at QoS 0 (MQTT-3.3.1-2). */
  readonly dup: boolean;
  /** Always undefined for 3.1.1. */
  readonly alias: TopicAlias | undefined;
  /** Only looked at where the message has an expiry. */
  readonly nowMs: number;
}

export interface PublishTarget extends PublishCopy {
  readonly target: Uint8Array;
  readonly at: number;
}

/** A whole packet that is copied for others, or sent as it is. */
interface Template {
  readonly bytes: Buffer;
  readonly packetIdAt: number;
  readonly expiryS: number;
}

/** Larger messages are copied from their parts: a template of theirs would cost memory and save little time. */
const TEMPLATE_BYTES_MAX = 4_096;
/** For each version: without an identifier and without or with Retain, and with an identifier. */
const TEMPLATES_PER_LEVEL = 3;
const WITH_PACKET_ID = 2;
const PUBLISH_FIRST = PACKET.PUBLISH << 4;
const EXPIRY_BYTES = 5;
const ALIAS_BYTES = 3;
const U32_MAX = 0xffff_ffff;

export class OutgoingMessage {
  readonly #topic: Uint8Array;
  readonly #payload: Uint8Array;
  readonly #properties: Uint8Array;
  readonly #expiresMs: number;
  readonly #templates: (Template | undefined)[] = [];

  constructor(parts: OutgoingParts) {
    this.#topic = parts.topic;
    this.#payload = parts.payload;
    this.#properties = parts.properties;
    this.#expiresMs = parts.expiresMs;
  }

  /** Bytes of the packet, to be compared with what the client takes; with an alias as with what is to be sent. */
  size(level: ProtocolLevel, sending: Sending, alias?: TopicAlias): number {
    const body = this.#bodyBytes(level, sending, alias);
    return 1 + varintBytes(body) + body;
  }

  /** The packet, not to be changed: at QoS 0 others have the same buffer. */
  bytes(level: ProtocolLevel, sending: Sending, copy: PublishCopy): Buffer {
    if (sending.qos === 0 && isPlain(level, sending, copy)) return this.#template(level, sending, copy.nowMs).bytes;
    const bytes = Buffer.allocUnsafe(this.size(level, sending, copy.alias));
    this.write(level, sending, { target: bytes, at: 0, packetId: copy.packetId, dup: copy.dup, alias: copy.alias, nowMs: copy.nowMs });
    return bytes;
  }

  /** Writes the packet where there is room for `size` bytes, and answers where it ends. Allocates nothing. */
  write(level: ProtocolLevel, sending: Sending, into: PublishTarget): number {
    const { target, at } = into;
    if (!isPlain(level, sending, into) || this.#payload.length > TEMPLATE_BYTES_MAX) return this.#writeParts(level, sending, into);
    const { bytes, packetIdAt } = this.#template(level, sending, into.nowMs);
    target.set(bytes, at);
    target[at] = firstByte(sending, into.dup);
    if (sending.qos > 0) {
      target[at + packetIdAt] = into.packetId >> 8;
      target[at + packetIdAt + 1] = into.packetId & 0xff;
    }
    return at + bytes.length;
  }

  #writeParts(level: ProtocolLevel, sending: Sending, into: PublishTarget): number {
    const { target, alias } = into;
    const topic = this.#topic;
    let at = into.at;
    target[at++] = firstByte(sending, into.dup);
    at = putVarint(target, at, this.#bodyBytes(level, sending, alias));
    const topicBytes = alias?.isKnown === true ? 0 : topic.length;
    target[at++] = topicBytes >> 8;
    target[at++] = topicBytes & 0xff;
    if (topicBytes > 0) target.set(topic, at);
    at += topicBytes;
    if (sending.qos > 0) {
      target[at++] = into.packetId >> 8;
      target[at++] = into.packetId & 0xff;
    }
    if (level === 5) at = this.#writeProperties(sending, into, at);
    target.set(this.#payload, at);
    return at + this.#payload.length;
  }

  #writeProperties(sending: Sending, into: PublishTarget, start: number): number {
    const { target, alias } = into;
    const properties = this.#properties;
    let at = putVarint(target, start, this.#propertyBytes(sending, alias));
    if (this.#expiresMs !== 0) {
      const expiryS = remainingS(this.#expiresMs, into.nowMs);
      target[at++] = PROPERTY.MESSAGE_EXPIRY;
      target[at++] = expiryS >>> 24;
      target[at++] = (expiryS >>> 16) & 0xff;
      target[at++] = (expiryS >>> 8) & 0xff;
      target[at++] = expiryS & 0xff;
    }
    if (alias !== undefined) {
      target[at++] = PROPERTY.TOPIC_ALIAS;
      target[at++] = alias.alias >> 8;
      target[at++] = alias.alias & 0xff;
    }
    for (const id of sending.ids) {
      target[at++] = PROPERTY.SUBSCRIPTION_ID;
      at = putVarint(target, at, id);
    }
    if (properties.length > 0) target.set(properties, at);
    return at + properties.length;
  }

  /** Made again when the seconds left have changed. */
  #template(level: ProtocolLevel, sending: Sending, nowMs: number): Template {
    const kind = sending.qos > 0 ? WITH_PACKET_ID : sending.retain ? 1 : 0;
    const slot = level === 4 ? kind : TEMPLATES_PER_LEVEL + kind;
    const expiryS = level === 4 || this.#expiresMs === 0 ? 0 : remainingS(this.#expiresMs, nowMs);
    const known = this.#templates[slot];
    return known?.expiryS === expiryS ? known : this.#makeTemplate(level, sending, { slot, expiryS, nowMs });
  }

  #makeTemplate(level: ProtocolLevel, sending: Sending, about: { slot: number; expiryS: number; nowMs: number }): Template {
    const body = this.#bodyBytes(level, sending, undefined);
    const head = 1 + varintBytes(body);
    const bytes = Buffer.allocUnsafe(head + body);
    this.#writeParts(level, sending, { target: bytes, at: 0, packetId: 0, dup: false, alias: undefined, nowMs: about.nowMs });
    const made = { bytes, packetIdAt: head + 2 + this.#topic.length, expiryS: about.expiryS };
    this.#templates[about.slot] = made;
    return made;
  }

  #bodyBytes(level: ProtocolLevel, sending: Sending, alias: TopicAlias | undefined): number {
    const topicBytes = alias?.isKnown === true ? 0 : this.#topic.length;
    const bytes = 2 + topicBytes + (sending.qos > 0 ? 2 : 0) + this.#payload.length;
    if (level === 4) return bytes;
    const properties = this.#propertyBytes(sending, alias);
    return bytes + varintBytes(properties) + properties;
  }

  #propertyBytes(sending: Sending, alias: TopicAlias | undefined): number {
    let bytes = this.#properties.length;
    if (this.#expiresMs !== 0) bytes += EXPIRY_BYTES;
    if (alias !== undefined) bytes += ALIAS_BYTES;
    for (const id of sending.ids) bytes += 1 + varintBytes(id);
    return bytes;
  }
}

/** Whether nothing in the packet is the subscriber's own but QoS, flags and packet identifier. */
function isPlain(level: ProtocolLevel, sending: Sending, copy: PublishCopy): boolean {
  return level === 4 || (copy.alias === undefined && sending.ids.length === 0);
}

/**
 * What is left of an expiry (MQTT-3.3.2-6): the interval less whole seconds of waiting. A message that is sent again after
 * its time has the least that is not nothing.
 */
function remainingS(expiresMs: number, nowMs: number): number {
  return Math.min(U32_MAX, Math.max(1, Math.ceil((expiresMs - nowMs) / 1_000)));
}

function firstByte(sending: Sending, dup: boolean): number {
  return PUBLISH_FIRST | (sending.qos << 1) | (dup ? PUBLISH_BIT.DUP : 0) | (sending.retain ? PUBLISH_BIT.RETAIN : 0);
}

function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x20_0000 ? 3 : 4;
}

/** Answers where it ends. */
function putVarint(target: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest > 0x7f) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}
