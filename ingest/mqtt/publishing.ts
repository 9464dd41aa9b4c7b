/**
 * What one connection publishes with: its topic cache, aliases and encoded event prefixes. Turns a decoded PUBLISH into a
 * route and a draft, or into several where the payload holds several events, and offers them; knows nothing of sockets.
 *
 * One JSON object is what devices send, and is passed through unread, but for a look whether it holds a token. A payload that holds several events is split at once,
 * as a body of `POST /telemetry` is: they share a batch, so they are stored all or none, and acknowledged as one.
 */
import { Buffer } from 'node:buffer';
import { assert } from '../../engine/kernel/assert.ts';
import { EVENT_BYTES_MAX, TOGETHER_BYTES_MAX, USER_PROPERTIES_BYTES_MAX } from '../../engine/kernel/limits.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND, VIA } from '../../schemas/envelope.ts';
import { EventList } from '../telemetry/event-list.ts';
import type { Gate } from '../limits/gate.ts';
import type { Broker } from '../broker/broker.ts';
import { PUBLISH_DELIVERED, PUBLISH_RETAIN, TopicMessage } from '../broker/topic-message.ts';
import type { EventDraft, Intake, Receipt } from '../message.ts';
import type { Refusal as TelemetryRefusal } from '../refusal.ts';
import type { TelemetrySplitter } from '../telemetry/split.ts';
import { UNACKNOWLEDGED } from './acknowledgements.ts';
import type { Client } from './admission.ts';
import type { PublishDecoder } from './decode-publish.ts';
import type { Frame } from './framer.ts';
import type { Gateway, SubDevice } from './gateway.ts';
import type { ClaimedMessage } from './gateway-claims.ts';
import { REASON, type ReasonCode } from './packets.ts';
import { declaredType, isOneEvent, saysToken } from './payloads.ts';
import {
  EVENT_TOO_LARGE,
  NOT_GRANTED,
  NO_EVENT,
  PROPERTIES_TOO_LARGE,
  TOGETHER_TOO_LARGE,
  TOPIC_TOO_DEEP,
  TOPIC_TOO_LONG,
  UNKNOWN_CONTENT_TYPE,
  UNKNOWN_TOPIC,
  type Refusal,
  refusalOf,
  SYSTEM_TOPIC,
} from './refusals.ts';
import { PROPERTY } from './properties.ts';
import { NOTHING_BESIDE } from './session-gate.ts';
import { routeOf, type ContentType, type DeclaredType, type Route, type RoutingRules } from './topics.ts';

const NO_BYTES = Buffer.alloc(0);
const OPEN_OBJECT = 0x7b;
interface Topic {
  readonly bytes: Buffer;
  readonly route: Route;
  /** Of the tenant's own tree: its partition there, its text, and the event's prefix by flags. Of another device: its partition. */
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
  /** Who speaks for other devices here. */
  readonly gateway: () => Gateway;
}

/** The device that the message at hand is spoken for, and the id by which the fold knows a repeat of it. */
interface SpokenFor {
  readonly device: SubDevice;
  readonly claim: { readonly id: string; readonly message: ClaimedMessage } | undefined;
}

/** Of an event: what its id takes beside its prefix. */
const CLAIM_BYTES_MAX = 64;

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
  #spokenFor: SpokenFor | undefined;

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
    this.#spokenFor = undefined;
    if (route.kind === 'refuse') {
      if (route.why === 'topic-bytes') return TOPIC_TOO_LONG;
      if (route.why === 'topic-levels') return TOPIC_TOO_DEEP;
      if (route.why === 'system-topic') return SYSTEM_TOPIC;
      return route.why === 'unknown-topic' ? UNKNOWN_TOPIC : { reason: route.reason, why: route.why, text: 'only devices publish there' };
    }
    if (publish.properties.userBytes > USER_PROPERTIES_BYTES_MAX) return PROPERTIES_TOO_LARGE;
    // With every message: policies change while sessions live.
    const { grants } = this.#publisher.client;
    if (route.kind === 'tree') return grants.allowsPublish(this.#topic.bytes) ? this.#draftTree(frame, publish, draft) : NOT_GRANTED;
    if (!grants.allows('telemetry:write')) return NOT_GRANTED;
    const spokenFor = route.kind === 'gateway' ? this.#speakFor(route.device, frame, publish) : undefined;
    if (spokenFor !== undefined && 'reason' in spokenFor) return spokenFor;
    this.#spokenFor = spokenFor;
    if (publish.payloadEnd - publish.payloadStart > EVENT_BYTES_MAX) return EVENT_TOO_LARGE;
    const declared = route.contentType ?? declaredType(frame, publish);
    if (declared === undefined) return UNKNOWN_CONTENT_TYPE;
    const contentType = declared === 'lines' ? CONTENT_TYPE.json : declared;
    if (spokenFor === undefined) {
      draft.partition = this.#publisher.partition;
      draft.prefix = this.#prefixes[contentType] ?? this.#encodePrefix(contentType);
      draft.extra = publish.qos === 2 && this.#publisher.isKept ? this.#claim(publish.packetId) : NO_BYTES;
    } else {
      const { device } = spokenFor;
      draft.partition = device.partition;
      draft.prefix = this.#publisher.gateway().prefixOf(device, contentType);
      draft.extra = NO_BYTES;
    }
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
    const { kind } = this.#topic.route;
    return kind === 'telemetry' || kind === 'gateway';
  }

  /** Whether the message is for another device. */
  get isForAnother(): boolean {
    return this.#topic.route.kind === 'gateway';
  }

  get topicText(): string {
    return this.#topic.bytes.toString('utf8');
  }

  /** The partition that the message's position names; -1: it has none that is told. */
  get positionedIn(): number {
    if (this.isForAnother) return this.#topic.partition;
    return this.isTelemetry ? this.#publisher.partition : -1;
  }

  /** The limits of who is spoken for, of what `draft` found. */
  get gates(): readonly Gate[] {
    return this.#spokenFor?.device.gates ?? NOTHING_BESIDE;
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
    const claim = this.#spokenFor?.claim;
    const { extra } = draft;
    if (several === undefined) {
      if (claim === undefined) return this.intake.offer(draft, receipt, tag);
      draft.extra = claimField(claim.id, extra);
      if (!this.intake.offer(draft, receipt, tag)) return false;
      this.#publisher.gateway().claims.taken(claim.message);
      return true;
    }
    this.#several = undefined;
    const { intake } = this.#publisher;
    if (!intake.hasRoom(draft.partition, bytesOf(several) + (claim === undefined ? 0 : several.count * CLAIM_BYTES_MAX))) return false;
    if (claim !== undefined) this.#publisher.gateway().claims.taken(claim.message);
    for (const [i, payload] of several.payloads.entries()) {
      if (claim !== undefined) draft.extra = claimField(`${claim.id}.${i}`, extra);
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
    broker.retainQuick(draft);
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
    if (route.kind === 'gateway')
      return { bytes, route, partition: this.#publisher.gateway().partitionOf(route.device), text: '', prefixes: [] };
    if (route.kind !== 'tree') return { bytes, route, partition: 0, text: '', prefixes: [] };
    const { broker, client } = this.#publisher;
    return { bytes, route, partition: broker.partitionOf(client.tenant, bytes), text: bytes.toString('utf8'), prefixes: [] };
  }

  /** As over HTTP with a key that may write for the device. */
  #speakFor(id: string, frame: Frame, publish: PublishDecoder): SpokenFor | Refusal {
    const { client, gateway, isKept, splitter } = this.#publisher;
    const { tenant } = client;
    if (!client.grants.allowsGateway(id) || !splitter.maySend(tenant, id)) {
      gateway().forget(id, 'refused');
      if (!client.grants.allowsGateway(id)) return NOT_GRANTED;
      return { reason: REASON.NOT_AUTHORIZED, why: 'forbidden', text: `no device ${id} is registered in tenant ${tenant}` };
    }
    const { dup, packetId, qos } = publish;
    const payload = frame.buffer.subarray(publish.payloadStart, publish.payloadEnd);
    const message = qos === 2 && isKept ? { packetId, dup, topic: this.#topic.bytes, payload } : undefined;
    const claim = message === undefined ? undefined : { id: gateway().claims.idOf(message), message };
    return { device: gateway().use(id), claim };
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
    const { tenant } = this.#publisher.client;
    const device = this.#spokenFor?.device.id ?? this.#publisher.client.device ?? '';
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

function claimField(clientEventId: string, extra: Uint8Array): Uint8Array {
  return Buffer.concat([encodeEventPrefix({ clientEventId }), extra]);
}

/** All events are one device's, so they have one share. */
function bytesOf(list: EventList): number {
  return list.shares.reduce((sum, bytes) => sum + bytes, 0);
}
