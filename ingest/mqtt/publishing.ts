/**
 * What one connection publishes with: its topic cache, aliases and encoded event prefixes. Turns a decoded PUBLISH into a
 * route and a draft; knows nothing of sockets or acknowledgements.
 */
import { Buffer } from 'node:buffer';
import { EVENT_BYTES_MAX, USER_PROPERTIES_BYTES_MAX, type LimitName } from '../../engine/kernel/limits.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND, VIA } from '../../schemas/envelope.ts';
import type { EventDraft } from '../message.ts';
import type { MqttRefusal } from './counters.ts';
import type { PublishDecoder } from './decode-publish.ts';
import type { Frame } from './framer.ts';
import { REASON, type ReasonCode } from './packets.ts';
import { PROPERTY } from './properties.ts';
import { contentTypeOf, routeOf, type ContentType, type Route, type RoutingRules } from './topics.ts';

/** A message that is not stored: the connection stays, unless the client can't be told. */
export interface Refusal {
  readonly reason: ReasonCode;
  /** Undefined: not stored and not refused either, as the vectors' listener does with ordinary topics. */
  readonly why: MqttRefusal | undefined;
  readonly limit?: LimitName;
  readonly retryAfterMs?: number;
}

const NO_BYTES = Buffer.alloc(0);
const EVENT_TOO_LARGE: Refusal = { reason: REASON.QUOTA_EXCEEDED, why: 'event-bytes', limit: 'event-bytes' };
const PROPERTIES_TOO_LARGE: Refusal = {
  reason: REASON.QUOTA_EXCEEDED,
  why: 'user-properties-bytes',
  limit: 'user-properties-bytes',
};
const TOPIC_TOO_LONG: Refusal = { reason: REASON.TOPIC_NAME_INVALID, why: 'topic-bytes', limit: 'topic-bytes' };
const DISCARDED: Refusal = { reason: REASON.NO_MATCHING_SUBSCRIBERS, why: undefined };
const UNKNOWN_CONTENT_TYPE: Refusal = { reason: REASON.PAYLOAD_FORMAT_INVALID, why: 'unknown-content-type' };

interface Topic {
  readonly bytes: Buffer;
  readonly route: Route;
}

const NO_TOPIC: Topic = { bytes: NO_BYTES, route: { kind: 'discard' } };

export interface Publisher {
  readonly tenant: string;
  readonly device: string | undefined;
  readonly partition: number;
  readonly treeTopics: 'refuse' | 'discard';
}

export class Publishing {
  readonly #publisher: Publisher;
  readonly #rules: RoutingRules;
  #topic: Topic = NO_TOPIC;
  #aliases: (Topic | undefined)[] | undefined;
  readonly #prefixes: (Uint8Array | undefined)[] = [];

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
    this.#rules = { isDevice: publisher.device !== undefined, treeTopics: publisher.treeTopics };
  }

  /** The bytes to compare the next topic with. */
  get lastTopic(): Buffer {
    return this.#topic.bytes;
  }

  /** Settles topic and alias; the reason to end the connection, or 0. Keeps the alias table even for a refused message. */
  resolve(frame: Frame, publish: PublishDecoder): ReasonCode {
    if (publish.topicEnd > publish.topicStart) {
      if (!publish.sameTopic) {
        const bytes = Buffer.from(frame.buffer.subarray(publish.topicStart, publish.topicEnd));
        this.#topic = { bytes, route: routeOf(bytes, this.#rules) };
      }
      if (publish.topicAlias > 0) {
        this.#aliases ??= [];
        this.#aliases[publish.topicAlias] = this.#topic;
      }
      return REASON.SUCCESS;
    }
    const topic = this.#aliases?.[publish.topicAlias];
    // §3.3.2.3.4: an alias that was never set.
    if (topic === undefined) return REASON.PROTOCOL_ERROR;
    this.#topic = topic;
    return REASON.SUCCESS;
  }

  /** Fills the draft and answers undefined, or says why the message is not stored. */
  draft(frame: Frame, publish: PublishDecoder, draft: EventDraft): Refusal | undefined {
    const route = this.#topic.route;
    if (route.kind === 'refuse') {
      return route.why === 'topic-bytes' ? TOPIC_TOO_LONG : { reason: route.reason, why: route.why };
    }
    if (publish.properties.userBytes > USER_PROPERTIES_BYTES_MAX) return PROPERTIES_TOO_LARGE;
    if (route.kind === 'discard') return DISCARDED;
    if (publish.payloadEnd - publish.payloadStart > EVENT_BYTES_MAX) return EVENT_TOO_LARGE;
    const contentType = route.contentType ?? declaredType(frame, publish);
    if (contentType === undefined) return UNKNOWN_CONTENT_TYPE;
    draft.partition = this.#publisher.partition;
    draft.prefix = this.#prefixes[contentType] ?? this.#encodePrefix(contentType);
    draft.extra = NO_BYTES;
    draft.payload = frame.buffer;
    draft.start = publish.payloadStart;
    draft.end = publish.payloadEnd;
    draft.urgent = false;
    return undefined;
  }

  #encodePrefix(contentType: ContentType): Uint8Array {
    const { tenant, device = '' } = this.#publisher;
    const prefix = encodeEventPrefix({ tenant, device, kind: KIND.telemetry, contentType, via: VIA.mqtt });
    this.#prefixes[contentType] = prefix;
    return prefix;
  }
}

/** By the Content Type property; JSON where there is none. */
function declaredType(frame: Frame, publish: PublishDecoder): ContentType | undefined {
  const { properties } = publish;
  if (!properties.has(PROPERTY.CONTENT_TYPE)) return CONTENT_TYPE.json;
  const mediaType = frame.buffer.toString('latin1', properties.start(PROPERTY.CONTENT_TYPE), properties.stop(PROPERTY.CONTENT_TYPE));
  return mediaType === '' ? CONTENT_TYPE.json : contentTypeOf(mediaType);
}
