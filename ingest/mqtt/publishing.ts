/**
 * What one connection publishes with: its topic cache, aliases and encoded event prefixes. Turns a decoded PUBLISH into a
 * route and a draft, or into several where the payload holds several events, and offers them; knows nothing of sockets.
 *
 * One JSON object is what devices send, and is passed through unread, but for a look whether it holds a token. A payload that holds several events is split at once,
 * as a body of `POST /telemetry` is: they share a batch, so they are stored all or none, and acknowledged as one.
 */
import { Buffer } from 'node:buffer';
import { assert } from '../../engine/kernel/assert.ts';
import { EVENT_BYTES_MAX, TOGETHER_BYTES_MAX, USER_PROPERTIES_BYTES_MAX, type LimitName } from '../../engine/kernel/limits.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND, VIA } from '../../schemas/envelope.ts';
import { EventList } from '../telemetry/event-list.ts';
import type { RateLimitName } from '../limits/limit-hit.ts';
import type { Broker } from '../broker/broker.ts';
import { PUBLISH_DELIVERED, PUBLISH_RETAIN, TopicMessage } from '../broker/topic-message.ts';
import type { EventDraft, Intake, Receipt } from '../message.ts';
import type { Refusal as TelemetryRefusal } from '../refusal.ts';
import type { TelemetrySplitter } from '../telemetry/split.ts';
import { UNACKNOWLEDGED } from './acknowledgements.ts';
import type { Client } from './admission.ts';
import type { MqttRefusal } from './counters.ts';
import type { PublishDecoder } from './decode-publish.ts';
import type { Frame } from './framer.ts';
import { REASON, type ReasonCode } from './packets.ts';
import { PROPERTY } from './properties.ts';
import { contentTypeOf, KNOWN_TOPICS, routeOf, type ContentType, type DeclaredType, type Route, type RoutingRules } from './topics.ts';

/** A message that is not stored: the connection stays, unless the client can't be told. */
export interface Refusal {
  readonly reason: ReasonCode;
  readonly why: MqttRefusal;
  readonly limit?: LimitName | RateLimitName;
  readonly window?: string;
  readonly retryAfterMs?: number;
  /** For people: the Reason String, where it fits. */
  readonly text?: string;
}

const NO_BYTES = Buffer.alloc(0);
const NOBODY: Receipt = { stored: () => undefined, failed: () => undefined };
const LETTER_K = 0x6b;
const LETTER_N = 0x6e;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const SPACES: readonly (number | undefined)[] = [0x20, 0x0a, 0x0d, 0x09];
/** The tag of `TelemetryBatch.samples`, which a `TelemetrySample` has only where it names its device. */
const SAMPLES_TAG = 0x0a;
const EVENT_TOO_LARGE: Refusal = { reason: REASON.QUOTA_EXCEEDED, why: 'event-bytes', limit: 'event-bytes' };
const PROPERTIES_TOO_LARGE: Refusal = {
  reason: REASON.QUOTA_EXCEEDED,
  why: 'user-properties-bytes',
  limit: 'user-properties-bytes',
};
const TOPIC_TOO_LONG: Refusal = { reason: REASON.TOPIC_NAME_INVALID, why: 'topic-bytes', limit: 'topic-bytes' };
const UNKNOWN_TOPIC: Refusal = { reason: REASON.TOPIC_NAME_INVALID, why: 'unknown-topic', text: `reserved; there are ${KNOWN_TOPICS}` };
const NO_EVENT: Refusal = { reason: REASON.PAYLOAD_FORMAT_INVALID, why: 'malformed-payload', text: 'the payload holds no event' };
const TOGETHER_TOO_LARGE: Refusal = { reason: REASON.QUOTA_EXCEEDED, why: 'together-bytes', limit: 'together-bytes' };
const NOT_GRANTED: Refusal = {
  reason: REASON.NOT_AUTHORIZED,
  why: 'forbidden',
  text: 'the policy does not grant it; POST /v1/policies:explain says why',
};
const UNKNOWN_CONTENT_TYPE: Refusal = { reason: REASON.PAYLOAD_FORMAT_INVALID, why: 'unknown-content-type' };

interface Topic {
  readonly bytes: Buffer;
  readonly route: Route;
  /** Of the tenant's own tree: its partition there, its text, and the event's prefix by flags. */
  readonly partition: number;
  readonly text: string;
  readonly prefixes: (Uint8Array | undefined)[];
}

const NO_TOPIC: Topic = { bytes: NO_BYTES, route: { kind: 'tree' }, partition: 0, text: '', prefixes: [] };

export interface Publisher {
  readonly intake: Intake;
  readonly broker: Broker;
  /** As `Event.session`. */
  readonly session: string;
  /** Whether the session outlives the connection: then the fold knows a repeated QoS 2 message. */
  readonly isKept: boolean;
  /** Number of the connection; 0: not known yet. */
  readonly connection: () => number;
  readonly now: () => number;
  readonly splitter: TelemetrySplitter;
  readonly client: Pick<Client, 'tenant' | 'device' | 'grants'>;
  /** What it came with: an event may repeat it, and is stored without. */
  readonly token: string;
  readonly partition: number;
}

export class Publishing {
  readonly #publisher: Publisher;
  readonly #rules: RoutingRules;
  #topic: Topic = NO_TOPIC;
  #aliases: (Topic | undefined)[] | undefined;
  readonly #prefixes: (Uint8Array | undefined)[] = [];
  /** What `draft` found, where it is more than one event; its payloads are valid until `offer`. */
  #several: EventList | undefined;
  /** Whether the message that was drafted goes to the fold, though it is of the tree. */
  #isFolded = false;

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
    this.#rules = { isDevice: publisher.client.device !== undefined };
  }

  /** The bytes to compare the next topic with. */
  get lastTopic(): Buffer {
    return this.#topic.bytes;
  }

  /** Settles topic and alias; the reason to end the connection, or 0. Keeps the alias table even for a refused message. */
  resolve(frame: Frame, publish: PublishDecoder): ReasonCode {
    if (publish.topicEnd > publish.topicStart) {
      if (!publish.sameTopic) {
        this.#topic = this.#topicOf(Buffer.from(frame.buffer.subarray(publish.topicStart, publish.topicEnd)));
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
      if (route.why === 'topic-bytes') return TOPIC_TOO_LONG;
      return route.why === 'unknown-topic' ? UNKNOWN_TOPIC : { reason: route.reason, why: route.why, text: 'only devices publish there' };
    }
    if (publish.properties.userBytes > USER_PROPERTIES_BYTES_MAX) return PROPERTIES_TOO_LARGE;
    // With every message: policies change while sessions live.
    const { grants } = this.#publisher.client;
    if (route.kind === 'tree') return grants.allowsPublish(this.#topic.bytes) ? this.#draftTree(frame, publish, draft) : NOT_GRANTED;
    if (!grants.allows('telemetry:write')) return NOT_GRANTED;
    if (publish.payloadEnd - publish.payloadStart > EVENT_BYTES_MAX) return EVENT_TOO_LARGE;
    const declared = route.contentType ?? declaredType(frame, publish);
    if (declared === undefined) return UNKNOWN_CONTENT_TYPE;
    const contentType = declared === 'lines' ? CONTENT_TYPE.json : declared;
    draft.partition = this.#publisher.partition;
    draft.prefix = this.#prefixes[contentType] ?? this.#encodePrefix(contentType);
    draft.extra = publish.qos === 2 && this.#publisher.isKept ? this.#claim(publish.packetId) : NO_BYTES;
    draft.payload = frame.buffer;
    draft.start = publish.payloadStart;
    draft.end = publish.payloadEnd;
    draft.urgent = false;
    if (declared === CONTENT_TYPE.json && frame.buffer[publish.payloadStart] === OPEN_OBJECT) {
      return saysToken(draft) ? this.#split(declared, draft) : undefined;
    }
    return isOneEvent(declared, frame.buffer, publish) ? undefined : this.#split(declared, draft);
  }

  /** Whether the message is telemetry, and not one of the tenant's own tree. */
  get isTelemetry(): boolean {
    return this.#topic.route.kind === 'telemetry';
  }

  /** The partition that the message's position names; -1: it has none that is told. */
  get positionedIn(): number {
    return this.isTelemetry ? this.#publisher.partition : -1;
  }

  /** How many events `draft` found; 1 where the payload is the event. */
  get drafted(): number {
    return this.#several?.count ?? 1;
  }

  /** What `draft` found will not be offered. */
  drop(): void {
    this.#several = undefined;
  }

  /**
   * Offers what `draft` found. False: the partition's lane has no room, nothing of it was taken, and the message has to be
   * drafted again. The settlement under `tag` is that of all its events, for they lie in one batch.
   */
  offer(draft: EventDraft, receipt: Receipt, tag: number): boolean {
    const several = this.#several;
    if (several === undefined) return this.intake.offer(draft, receipt, tag);
    this.#several = undefined;
    const { intake } = this.#publisher;
    if (!intake.hasRoom(draft.partition, bytesOf(several))) return false;
    for (const [i, payload] of several.payloads.entries()) {
      draft.payload = payload;
      draft.start = several.starts[i] ?? 0;
      draft.end = several.ends[i] ?? 0;
      const taken = intake.offer(draft, receipt, i === 0 ? tag : UNACKNOWLEDGED);
      assert(taken, 'a lane takes what it said it has room for');
    }
    return true;
  }

  /** A message of QoS 0 of the tenant's own tree: to who listens now; only what is retained is stored too. */
  quick(frame: Frame, publish: PublishDecoder, draft: EventDraft): void {
    const { broker, client, session } = this.#publisher;
    const { bytes, text } = this.#topic;
    const message = new TopicMessage({
      tenant: client.tenant,
      topic: text,
      topicBytes: bytes,
      payload: frame.buffer.subarray(publish.payloadStart, publish.payloadEnd),
      properties: publish.properties.forwardable(frame.buffer),
      qos: 0,
      retain: publish.retain,
      expiresMs: this.#expiresMs(publish),
      session,
      at: undefined,
    });
    broker.publishQuick(draft, message);
    if (!publish.retain) return;
    draft.prefix = this.#treePrefix(PUBLISH_RETAIN | PUBLISH_DELIVERED);
    broker.intake.offer(draft, NOBODY, UNACKNOWLEDGED);
  }

  /** Where a message that was drafted goes; one of the tree and of QoS 2 goes to the fold first, if its session is kept. */
  get #isTreeDirect(): boolean {
    return this.#topic.route.kind === 'tree' && !this.#isFolded;
  }

  /** The intake whose lane of `draft.partition` takes the message that was drafted. */
  get intake(): Intake {
    return this.#isTreeDirect ? this.#publisher.broker.intake : this.#publisher.intake;
  }

  #topicOf(bytes: Buffer): Topic {
    const route = routeOf(bytes, this.#rules);
    if (route.kind !== 'tree') return { bytes, route, partition: 0, text: '', prefixes: [] };
    const { broker, client } = this.#publisher;
    return { bytes, route, partition: broker.partitionOf(client.tenant, bytes), text: bytes.toString('utf8'), prefixes: [] };
  }

  #draftTree(frame: Frame, publish: PublishDecoder, draft: EventDraft): Refusal | undefined {
    if (publish.payloadEnd - publish.payloadStart > EVENT_BYTES_MAX) return EVENT_TOO_LARGE;
    this.#isFolded = publish.qos === 2 && this.#publisher.isKept;
    const { properties } = publish;
    draft.partition = this.#isFolded ? this.#publisher.partition : this.#topic.partition;
    draft.prefix = this.#treePrefix(publish.qos | (publish.retain ? PUBLISH_RETAIN : 0));
    draft.extra = NO_BYTES;
    if (properties.forwardableBytes > 0 || properties.has(PROPERTY.MESSAGE_EXPIRY)) {
      draft.extra = encodeEventPrefix({ publishProperties: properties.forwardable(frame.buffer), expiresMs: this.#expiresMs(publish) });
    }
    if (this.#isFolded) draft.extra = Buffer.concat([draft.extra, this.#claim(publish.packetId)]);
    draft.payload = frame.buffer;
    draft.start = publish.payloadStart;
    draft.end = publish.payloadEnd;
    draft.urgent = false;
    return undefined;
  }

  #treePrefix(publishFlags: number): Uint8Array {
    const { client, session } = this.#publisher;
    const { prefixes, text } = this.#topic;
    let prefix = prefixes[publishFlags];
    if (prefix === undefined) {
      const { tenant, device = '' } = client;
      prefix = encodeEventPrefix({ tenant, device, kind: KIND.published, via: VIA.mqtt, topic: text, publishFlags, session });
      prefixes[publishFlags] = prefix;
    }
    return prefix;
  }

  /** By which the fold knows the message when it comes again. */
  #claim(packetId: number): Uint8Array {
    const { connection, session } = this.#publisher;
    return encodeEventPrefix(
      this.#topic.route.kind === 'tree' ? { packetId, connection: connection() } : { packetId, session, connection: connection() },
    );
  }

  #expiresMs({ properties }: PublishDecoder): number {
    if (!properties.has(PROPERTY.MESSAGE_EXPIRY)) return 0;
    return this.#publisher.now() + properties.number(PROPERTY.MESSAGE_EXPIRY, 0) * 1_000;
  }

  #split(declared: DeclaredType, draft: EventDraft): Refusal | undefined {
    const { splitter, token } = this.#publisher;
    const { tenant, device = '' } = this.#publisher.client;
    const payload = draft.payload.subarray(draft.start, draft.end);
    if (declared === CONTENT_TYPE.protobuf && splitter.isSample(payload)) return undefined;
    const list = new EventList(declared === CONTENT_TYPE.protobuf ? 'protobuf' : 'json', NO_BYTES);
    const sender = { principal: { kind: 'device', tenant, device }, token } as const;
    let refused: TelemetryRefusal | undefined;
    if (declared === CONTENT_TYPE.protobuf) refused = splitter.protobuf(payload, sender, list);
    else if (declared === 'lines') ({ refused } = splitter.lines(payload, { start: 0, end: payload.length }, { sender, list, line: 1 }));
    else refused = splitter.json(payload, sender, list);
    if (refused !== undefined) return refusalOf(refused);
    if (list.count === 0) return NO_EVENT;
    if (bytesOf(list) > TOGETHER_BYTES_MAX) return TOGETHER_TOO_LARGE;
    this.#several = list;
    return undefined;
  }

  #encodePrefix(contentType: ContentType): Uint8Array {
    const { tenant, device = '' } = this.#publisher.client;
    const prefix = encodeEventPrefix({ tenant, device, kind: KIND.telemetry, contentType, via: VIA.mqtt });
    this.#prefixes[contentType] = prefix;
    return prefix;
  }
}

/** How far the word `token` may begin or end from a place, by the letter that stands there (Horspool's search). */
const TO_TOKEN_END = new Uint8Array(256).fill(5);
for (const [i, letter] of Buffer.from('toke').entries()) TO_TOKEN_END[letter] = 4 - i;

/** Whether the payload may hold a token, which is stripped before anything is stored: a look at every fifth byte of most. */
function saysToken({ payload, start, end }: EventDraft): boolean {
  for (let i = start + 4; i < end; i += TO_TOKEN_END[payload[i] ?? 0] ?? 5) {
    if (payload[i] !== LETTER_N || payload[i - 1] !== 0x65 || payload[i - 2] !== LETTER_K) continue;
    if (payload[i - 3] === 0x6f && payload[i - 4] === 0x74) return true;
  }
  return false;
}

/** By the first byte that says something. What is neither one event nor several is the fold's to judge, as one. */
function isOneEvent(declared: DeclaredType, buffer: Buffer, publish: PublishDecoder): boolean {
  let at = publish.payloadStart;
  switch (declared) {
    case 'lines':
      return false;
    case CONTENT_TYPE.protobuf:
      return buffer[at] !== SAMPLES_TAG || at === publish.payloadEnd;
    case CONTENT_TYPE.json:
      while (at < publish.payloadEnd && SPACES.includes(buffer[at])) at++;
      return buffer[at] !== OPEN_ARRAY || at === publish.payloadEnd;
    default:
      return true;
  }
}

/** All events are one device's, so they have one share. */
function bytesOf(list: EventList): number {
  return list.shares.reduce((sum, bytes) => sum + bytes, 0);
}

function refusalOf(refused: TelemetryRefusal): Refusal {
  const text = refused.detail;
  switch (refused.code) {
    case 'forbidden':
    case 'unknown-device':
      return { reason: REASON.NOT_AUTHORIZED, why: 'forbidden', text };
    case 'too-large':
      return EVENT_TOO_LARGE;
    case 'timestamp-in-seconds':
      return { reason: REASON.PAYLOAD_FORMAT_INVALID, why: 'timestamp-in-seconds', text };
    default:
      return { reason: REASON.PAYLOAD_FORMAT_INVALID, why: 'malformed-payload', text };
  }
}

/** By the Content Type property; JSON where there is none. */
function declaredType(frame: Frame, publish: PublishDecoder): DeclaredType | undefined {
  const { properties } = publish;
  if (!properties.has(PROPERTY.CONTENT_TYPE)) return CONTENT_TYPE.json;
  const mediaType = frame.buffer.toString('latin1', properties.start(PROPERTY.CONTENT_TYPE), properties.stop(PROPERTY.CONTENT_TYPE));
  return mediaType === '' ? CONTENT_TYPE.json : contentTypeOf(mediaType);
}
