/**
 * A message of a tenant's own topic tree, as it is delivered: read from an event of the topic streams, or just published
 * with QoS 0. What MQTT makes of it is kept with it, so that many subscribers share one encoding.
 */
import { EventReader } from '../../schemas/gen/lean.ts';
import { OutgoingMessage } from '../mqtt/encode-publish.ts';

export const PUBLISH_QOS_MASK = 3;
export const PUBLISH_RETAIN = 4;
/** Who listens has it already: it stands in the log to be retained. */
export const PUBLISH_DELIVERED = 8;

/** Where a message stands in the topic streams; a message of QoS 0 may stand nowhere. */
export interface MessagePlace {
  readonly partition: number;
  /** sequence * 65536 + index */
  readonly place: number;
}

/** Beside a message that is its own: what the event says beside it. */
const SPARE_BYTES_MAX = 1_024;

export interface TopicMessageInit {
  readonly tenant: string;
  readonly topic: string;
  readonly topicBytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly properties: Uint8Array;
  readonly qos: number;
  readonly retain: boolean;
  /** By the edge's clock; 0 never. */
  readonly expiresMs: number;
  /** As `Event.session`; empty where the server itself speaks. */
  readonly session: string;
  readonly at: MessagePlace | undefined;
}

export class TopicMessage {
  readonly tenant: string;
  readonly topic: string;
  readonly topicBytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly qos: number;
  readonly retain: boolean;
  readonly expiresMs: number;
  readonly session: string;
  readonly partition: number;
  /** 0: it stands in no log. */
  readonly place: number;
  readonly #properties: Uint8Array;
  #encoding: OutgoingMessage | undefined;
  #owned: TopicMessage | undefined;

  constructor(init: TopicMessageInit) {
    this.tenant = init.tenant;
    this.topic = init.topic;
    this.topicBytes = init.topicBytes;
    this.payload = init.payload;
    this.qos = init.qos;
    this.retain = init.retain;
    this.expiresMs = init.expiresMs;
    this.session = init.session;
    this.partition = init.at?.partition ?? -1;
    this.place = init.at?.place ?? 0;
    this.#properties = init.properties;
  }

  get encoding(): OutgoingMessage {
    this.#encoding ??= new OutgoingMessage({
      topic: this.topicBytes,
      payload: this.payload,
      properties: this.#properties,
      expiresMs: this.expiresMs,
    });
    return this.#encoding;
  }

  /**
   * The same message in memory of its own. One that was read lies in a batch of half a megabyte, and whoever keeps it would
   * keep all of that.
   */
  owned(): TopicMessage {
    if (this.#owned !== undefined) return this.#owned;
    const { bytes, payload, topicBytes } = this;
    if (payload.buffer.byteLength <= bytes + SPARE_BYTES_MAX) return this;
    const own = Buffer.allocUnsafeSlow(bytes);
    own.set(topicBytes);
    own.set(payload, topicBytes.length);
    own.set(this.#properties, topicBytes.length + payload.length);
    this.#owned = new TopicMessage({
      tenant: this.tenant,
      topic: this.topic,
      topicBytes: own.subarray(0, topicBytes.length),
      payload: own.subarray(topicBytes.length, topicBytes.length + payload.length),
      properties: own.subarray(topicBytes.length + payload.length),
      qos: this.qos,
      retain: this.retain,
      expiresMs: this.expiresMs,
      session: this.session,
      at: this.place === 0 ? undefined : { partition: this.partition, place: this.place },
    });
    return this.#owned;
  }

  /** About what it takes in memory. */
  get bytes(): number {
    return this.topicBytes.length + this.payload.length + this.#properties.length;
  }
}

const event = new EventReader();

/** Whether anybody wants messages of the topic: of others no more is read. */
export type Wants = (tenant: string, topic: string) => boolean;

/** Where a message stands in what was read, and who wants it; absent: whoever reads does. */
export interface MessageSpan {
  readonly start: number;
  readonly end: number;
  readonly wants?: Wants | undefined;
}

/** Undefined where the bytes are no message of a topic, one of the log that was delivered already, or one that nobody wants. */
export function readTopicMessage(bytes: Uint8Array, span: MessageSpan, at: MessagePlace | undefined): TopicMessage | undefined {
  if (!event.read(bytes, span.start, span.end) || event.topicEnd === event.topicStart) return undefined;
  if ((event.publishFlags & PUBLISH_DELIVERED) !== 0 && at !== undefined) return undefined;
  const buffer = bufferOf(bytes);
  const tenant = tenantOf(bytes, event.tenantStart, event.tenantEnd);
  const topic = buffer.toString('utf8', event.topicStart, event.topicEnd);
  if (span.wants?.(tenant, topic) === false) return undefined;
  return new TopicMessage({
    tenant,
    topic,
    topicBytes: bytes.subarray(event.topicStart, event.topicEnd),
    payload: bytes.subarray(event.payloadStart, event.payloadEnd),
    properties: bytes.subarray(event.publishPropertiesStart, event.publishPropertiesEnd),
    qos: event.publishFlags & PUBLISH_QOS_MASK,
    retain: (event.publishFlags & PUBLISH_RETAIN) !== 0,
    expiresMs: event.expiresMs,
    session: buffer.toString('utf8', event.sessionStart, event.sessionEnd),
    at,
  });
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

let tenantBytes: Uint8Array = new Uint8Array(0);
let tenantText = '';

/** Most messages of a batch have the tenant of the one before. */
export function tenantOf(bytes: Uint8Array, start: number, end: number): string {
  const known = tenantBytes;
  let isSame = known.length === end - start;
  for (let i = 0; isSame && i < known.length; i++) isSame = known[i] === bytes[start + i];
  if (isSame) return tenantText;
  tenantBytes = bytes.slice(start, end);
  tenantText = bufferOf(bytes).toString('latin1', start, end);
  return tenantText;
}
