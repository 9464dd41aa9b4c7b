/**
 * Topics: what is a valid name or filter (MQTT 5 §4.7), and what this edge does with a name that a client publishes to.
 */
import type { Buffer } from 'node:buffer';
import { isId } from '../../engine/kernel/ids.ts';
import { TOPIC_BYTES_MAX, TOPIC_LEVELS_MAX, type LimitName } from '../../engine/kernel/limits.ts';
import { CONTENT_TYPE } from '../../schemas/envelope.ts';
import { REASON, type ReasonCode } from './packets.ts';
import { isMqttText } from './utf8.ts';

export type ContentType = (typeof CONTENT_TYPE)[keyof typeof CONTENT_TYPE];
/** `lines`: JSON too, an event a line. */
export type DeclaredType = ContentType | 'lines';

const PLUS = 0x2b;
const HASH = 0x23;
const SLASH = 0x2f;

/** At least one character, no wildcards, no control characters. */
export function isTopicName(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (byte === PLUS || byte === HASH) return false;
  }
  return isMqttText(bytes, { start, end }, true);
}

/** `#` only as the last level, `+` only as a whole one; `$share/<name>/<filter>` with a name free of wildcards (§4.8.2). */
export function isTopicFilter(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || !isMqttText(bytes, { start, end }, true)) return false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (byte !== PLUS && byte !== HASH) continue;
    const opens = i === start || bytes[i - 1] === SLASH;
    const closes = i + 1 === end || bytes[i + 1] === SLASH;
    if (!opens || !closes || (byte === HASH && i + 1 !== end)) return false;
  }
  return true;
}

const SHARE = '$share/';

export function isShared(filter: string): boolean {
  return filter.startsWith(SHARE);
}

/** Whether a filter that begins with `$share/` names a group and a filter. */
export function isWholeShare(filter: string): boolean {
  const slash = filter.indexOf('/', SHARE.length);
  const group = filter.slice(SHARE.length, slash);
  return slash > SHARE.length && slash + 1 < filter.length && !/[+#]/.test(group);
}

/** What becomes of a message, by its topic alone. */
export type Route =
  /** Stored; `contentType` undefined: the packet's own content type, else JSON. */
  | { readonly kind: 'telemetry'; readonly contentType: ContentType | undefined }
  /** Stored as another device's, for whom the client speaks. */
  | { readonly kind: 'gateway'; readonly device: string; readonly contentType: ContentType | undefined }
  /** Of the tenant's own tree: the policy says whether it is granted. */
  | { readonly kind: 'tree' }
  | { readonly kind: 'refuse'; readonly reason: ReasonCode; readonly why: 'forbidden' | 'system-topic' | 'unknown-topic' | LimitName };

const TELEMETRY = 'v1/telemetry';
/** What a gateway writes before the topics of a device, without their own `v1/`. */
export const GATEWAY = 'v1/gateway/';
const FORMATS: ReadonlyMap<string, ContentType> = new Map([
  ['json', CONTENT_TYPE.json],
  ['cbor', CONTENT_TYPE.cbor],
  ['msgpack', CONTENT_TYPE.msgpack],
  ['proto', CONTENT_TYPE.protobuf],
  ['senml', CONTENT_TYPE.senmlJson],
]);
/** For people: the reserved topics that mean something, in less than what a Reason String holds. */
export const KNOWN_TOPICS = `${TELEMETRY} and ${TELEMETRY}/<${[...FORMATS.keys()].join('|')}>`;
const MEDIA_TYPES: ReadonlyMap<string, DeclaredType> = new Map<string, DeclaredType>([
  ['application/json', CONTENT_TYPE.json],
  ['application/x-ndjson', 'lines'],
  ['application/ndjson', 'lines'],
  ['application/jsonl', 'lines'],
  ['application/cbor', CONTENT_TYPE.cbor],
  ['application/msgpack', CONTENT_TYPE.msgpack],
  ['application/vnd.msgpack', CONTENT_TYPE.msgpack],
  ['application/x-msgpack', CONTENT_TYPE.msgpack],
  ['application/protobuf', CONTENT_TYPE.protobuf],
  ['application/x-protobuf', CONTENT_TYPE.protobuf],
  ['application/senml+json', CONTENT_TYPE.senmlJson],
  ['application/senml+cbor', CONTENT_TYPE.senmlCbor],
]);
/** What a server has of its own (MQTT-4.7.2-1): nobody writes there. */
const SYSTEM = '$';
const RESERVED = ['v1/', 'devices/', 'spBv1.0/', SYSTEM];

const FORBIDDEN: Route = { kind: 'refuse', reason: REASON.NOT_AUTHORIZED, why: 'forbidden' };
const UNKNOWN: Route = { kind: 'refuse', reason: REASON.TOPIC_NAME_INVALID, why: 'unknown-topic' };
const OF_THE_SERVER: Route = { kind: 'refuse', reason: REASON.NOT_AUTHORIZED, why: 'system-topic' };
const TOO_LONG: Route = { kind: 'refuse', reason: REASON.TOPIC_NAME_INVALID, why: 'topic-bytes' };
const TOO_DEEP: Route = { kind: 'refuse', reason: REASON.TOPIC_NAME_INVALID, why: 'topic-levels' };
const TREE: Route = { kind: 'tree' };
const AS_DECLARED: Route = { kind: 'telemetry', contentType: undefined };

export interface RoutingRules {
  /** Whether the client is a device; only devices have telemetry of their own. */
  readonly isDevice: boolean;
}

/** Reserved topics that mean nothing are invalid names. */
export function routeOf(topic: Buffer, rules: RoutingRules): Route {
  if (topic.length > TOPIC_BYTES_MAX) return TOO_LONG;
  const name = topic.toString('utf8');
  if (!name.startsWith(GATEWAY)) return ownRouteOf(name, rules);
  const slash = name.indexOf('/', GATEWAY.length);
  const device = name.slice(GATEWAY.length, slash);
  const route = slash > GATEWAY.length && isId(device) ? ownRouteOf(`v1/${name.slice(slash + 1)}`, rules) : UNKNOWN;
  return route.kind === 'telemetry' ? { kind: 'gateway', device, contentType: route.contentType } : route;
}

function ownRouteOf(name: string, rules: RoutingRules): Route {
  if (name === TELEMETRY) return rules.isDevice ? AS_DECLARED : FORBIDDEN;
  if (name.startsWith(`${TELEMETRY}/`)) {
    const contentType = FORMATS.get(name.slice(TELEMETRY.length + 1));
    if (contentType === undefined) return UNKNOWN;
    return rules.isDevice ? { kind: 'telemetry', contentType } : FORBIDDEN;
  }
  if (isSystem(name)) return OF_THE_SERVER;
  if (isReserved(name)) return UNKNOWN;
  return isTooDeep(name) ? TOO_DEEP : TREE;
}

/** Of a topic that a gateway writes for a device, whose it is. */
export function gatewayDeviceOf(topic: string): string | undefined {
  if (!topic.startsWith(GATEWAY)) return undefined;
  const slash = topic.indexOf('/', GATEWAY.length);
  return slash < 0 ? undefined : topic.slice(GATEWAY.length, slash);
}

export function isReserved(topic: string): boolean {
  return RESERVED.some((prefix) => topic.startsWith(prefix));
}

/** Of a topic, or of a filter without its group. */
export function isTooDeep(topic: string): boolean {
  let levels = 1;
  for (let at = topic.indexOf('/'); at >= 0; at = topic.indexOf('/', at + 1)) levels++;
  return levels > TOPIC_LEVELS_MAX;
}

export function isSystem(topic: string): boolean {
  return topic.startsWith(SYSTEM);
}

/** By an MQTT 5 Content Type; parameters after `;` say nothing that we use. Undefined: none that we know. */
export function contentTypeOf(mediaType: string): DeclaredType | undefined {
  const semicolon = mediaType.indexOf(';');
  const essence = semicolon === -1 ? mediaType : mediaType.slice(0, semicolon);
  return MEDIA_TYPES.get(essence.trim().toLowerCase());
}
