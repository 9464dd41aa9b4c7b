/**
 * Generated from the .proto files by `npm run generate`; never edited. A message X has a record `X`, its `decodeX`, the
 * record's loose form `XInit` with `sizeX`, `writeX` and `encodeX`, and for hot paths an `XReader` that allocates nothing.
 */
import {
  NO_NUMBERS,
  NO_OFFSETS,
  copyBytes,
  cursor,
  growNumbers,
  growOffsets,
  int64Exact,
  int64Number,
  readDouble,
  readExactText,
  readFixed32,
  readShortVarint,
  readVarint,
  readZigzag,
  sizeVarints,
  skipField,
  textSize,
  uint64BigInt,
  varintSize,
  writeBytes,
  writeDouble,
  writeFixed64,
  writeText,
  writeVarint,
  writeVarints,
  writeZigzag,
  zigzagSize,
} from '../wire.ts';

export const KIND = {
  unspecified: 0,
  telemetry: 1,
  tick: 2,
  edgeGone: 3,
  connected: 4,
  disconnected: 5,
  session: 6,
  reported: 7,
  desired: 8,
  tags: 9,
  commandRequested: 10,
  commandResponse: 11,
  commandCanceled: 12,
  effectResult: 13,
  firmwareStatus: 14,
  firmwareProceed: 15,
  campaign: 16,
  sagaInput: 17,
  registryFact: 18,
  quotaLease: 19,
  activation: 20,
  erased: 21,
  published: 22,
} as const;

export const CONTENT_TYPE = {
  unspecified: 0,
  json: 1,
  protobuf: 2,
  cbor: 3,
  msgpack: 4,
  senmlJson: 5,
  senmlCbor: 6,
  octets: 7,
} as const;

export const VIA = {
  unspecified: 0,
  mqtt: 1,
  http: 2,
  coap: 3,
  websocket: 4,
  internal: 5,
} as const;

export const RECORD_KIND = {
  fold: 0,
  claim: 1,
  repair: 2,
} as const;

export const ANSWER_CODE = {
  ok: 0,
  notFound: 1,
  notOwner: 2,
  behind: 3,
} as const;

export const OUTGOING_STATE = {
  done: 0,
  sent: 1,
  released: 2,
} as const;

export const DOWNLINK_CODE = {
  ok: 0,
  offline: 1,
  staleOwner: 2,
  tooLate: 3,
  notSubscribed: 4,
  full: 5,
} as const;

export const METRIC_VALUE = { none: 0, number: 2, boolean: 3, text: 4, integer: 5 } as const;

export const LEAF_VALUE = { none: 0, number: 2, boolean: 3, text: 4, integer: 5, digits: 10 } as const;

export const ASK_WHAT = { none: 0, twin: 2, outcomes: 3, status: 4, end: 5, session: 6 } as const;

export const DOWNLINK_WHAT = { none: 0, publish: 7, takeOver: 8, close: 9, reports: 10 } as const;

/** One fact from or about a device. */
export interface Event {
  readonly tenant: string;
  /** Empty where an event concerns no device. */
  readonly device: string;
  readonly kind: number;
  /** As it arrived; decoded by the engine only, so that it can be replayed under a new schema. */
  readonly payload: Uint8Array;
  readonly contentType: number;
  readonly via: number;
  /** The edge's clock, milliseconds since the epoch. For people; the fold knows only log time. */
  readonly receivedMs: number;
  /** The device's own retry identity, where the transport carries it outside the payload. */
  readonly bootId?: number | undefined;
  readonly deviceSeq?: number | undefined;
  /** An id chosen by the client: a repeat is a duplicate. */
  readonly clientEventId: string;
  /** Event time, where the transport carries it outside the payload. */
  readonly eventMs?: number | undefined;
  /** The connection's number: the place of its KIND_CONNECTED event in this partition, sequence * 65536 + index. */
  readonly connection: number;
  /** The quota lease that this event was admitted under. */
  readonly lease: number;
  /** Name and version of the tenant's schema that the sender claims, `name@version`. */
  readonly schema: string;
  readonly model: string;
  readonly correlation: Uint8Array;
  /** Position of the event that caused this one (a re-driven event, an effect's result). */
  readonly cause: string;
  /** W3C trace context. */
  readonly traceparent: string;
  /** The device that spoke for this one. */
  readonly gateway: string;
  /** A named document of the twin; empty is the device's own. */
  readonly document: string;
  /** Who wrote: credential id, or a person. */
  readonly actor: string;
  /** The topic, where it says more than the kind. */
  readonly topic: string;
  /** A backfill keeps event times, skips quotas and alarms, and never touches `latest`. */
  readonly backfill: boolean;
  /** An effect from another partition: (source, version, i); the target folds away what it has seen. */
  readonly effectSource: string;
  readonly effectVersion: number;
  readonly effectIndex: number;
  /** Sections carry the version they were decided on (If-Match). */
  readonly expectedVersion?: number | undefined;
  /** Of a message for a topic: bits 0 and 1 its QoS, bit 2 Retain. */
  readonly publishFlags: number;
  /**
   * MQTT 5 properties that go with a message unchanged and in their order: payload format, content type, response topic,
   * correlation data, user properties; encoded as in PUBLISH.
   */
  readonly publishProperties: Uint8Array;
  /** When a message is over, by the edge's clock, milliseconds since the epoch. */
  readonly expiresMs: number;
  /** The session that it is from: `d:<client id>` of a device, `a:<client id>` of an application. */
  readonly session: string;
  /** Packet identifier of a QoS 2 message, by which its session knows a repeat. */
  readonly packetId: number;
}

export interface EventInit {
  readonly tenant?: string | undefined;
  readonly device?: string | undefined;
  readonly kind?: number | undefined;
  readonly payload?: Uint8Array | undefined;
  readonly contentType?: number | undefined;
  readonly via?: number | undefined;
  readonly receivedMs?: number | undefined;
  readonly bootId?: number | undefined;
  readonly deviceSeq?: number | undefined;
  readonly clientEventId?: string | undefined;
  readonly eventMs?: number | undefined;
  readonly connection?: number | undefined;
  readonly lease?: number | undefined;
  readonly schema?: string | undefined;
  readonly model?: string | undefined;
  readonly correlation?: Uint8Array | undefined;
  readonly cause?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly gateway?: string | undefined;
  readonly document?: string | undefined;
  readonly actor?: string | undefined;
  readonly topic?: string | undefined;
  readonly backfill?: boolean | undefined;
  readonly effectSource?: string | undefined;
  readonly effectVersion?: number | undefined;
  readonly effectIndex?: number | undefined;
  readonly expectedVersion?: number | undefined;
  readonly publishFlags?: number | undefined;
  readonly publishProperties?: Uint8Array | undefined;
  readonly expiresMs?: number | undefined;
  readonly session?: string | undefined;
  readonly packetId?: number | undefined;
}

/** Reads `Event`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class EventReader {
  tenantStart = 0;
  tenantEnd = 0;
  deviceStart = 0;
  deviceEnd = 0;
  kind = 0;
  payloadStart = 0;
  payloadEnd = 0;
  contentType = 0;
  via = 0;
  receivedMs = 0;
  hasBootId = false;
  bootId = 0;
  hasDeviceSeq = false;
  deviceSeq = 0;
  clientEventIdStart = 0;
  clientEventIdEnd = 0;
  hasEventMs = false;
  eventMs = 0;
  connection = 0;
  lease = 0;
  schemaStart = 0;
  schemaEnd = 0;
  modelStart = 0;
  modelEnd = 0;
  correlationStart = 0;
  correlationEnd = 0;
  causeStart = 0;
  causeEnd = 0;
  traceparentStart = 0;
  traceparentEnd = 0;
  gatewayStart = 0;
  gatewayEnd = 0;
  documentStart = 0;
  documentEnd = 0;
  actorStart = 0;
  actorEnd = 0;
  topicStart = 0;
  topicEnd = 0;
  backfill = false;
  effectSourceStart = 0;
  effectSourceEnd = 0;
  effectVersion = 0;
  effectIndex = 0;
  hasExpectedVersion = false;
  expectedVersion = 0;
  publishFlags = 0;
  publishPropertiesStart = 0;
  publishPropertiesEnd = 0;
  expiresMs = 0;
  sessionStart = 0;
  sessionEnd = 0;
  packetId = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.deviceStart = 0;
    this.deviceEnd = 0;
    this.kind = 0;
    this.payloadStart = 0;
    this.payloadEnd = 0;
    this.contentType = 0;
    this.via = 0;
    this.receivedMs = 0;
    this.hasBootId = false;
    this.bootId = 0;
    this.hasDeviceSeq = false;
    this.deviceSeq = 0;
    this.clientEventIdStart = 0;
    this.clientEventIdEnd = 0;
    this.hasEventMs = false;
    this.eventMs = 0;
    this.connection = 0;
    this.lease = 0;
    this.schemaStart = 0;
    this.schemaEnd = 0;
    this.modelStart = 0;
    this.modelEnd = 0;
    this.correlationStart = 0;
    this.correlationEnd = 0;
    this.causeStart = 0;
    this.causeEnd = 0;
    this.traceparentStart = 0;
    this.traceparentEnd = 0;
    this.gatewayStart = 0;
    this.gatewayEnd = 0;
    this.documentStart = 0;
    this.documentEnd = 0;
    this.actorStart = 0;
    this.actorEnd = 0;
    this.topicStart = 0;
    this.topicEnd = 0;
    this.backfill = false;
    this.effectSourceStart = 0;
    this.effectSourceEnd = 0;
    this.effectVersion = 0;
    this.effectIndex = 0;
    this.hasExpectedVersion = false;
    this.expectedVersion = 0;
    this.publishFlags = 0;
    this.publishPropertiesStart = 0;
    this.publishPropertiesEnd = 0;
    this.expiresMs = 0;
    this.sessionStart = 0;
    this.sessionEnd = 0;
    this.packetId = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.deviceStart = at;
          at += length;
          this.deviceEnd = at;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0x7fffffff) return false;
          this.kind = value;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.payloadStart = at;
          at += length;
          this.payloadEnd = at;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0x7fffffff) return false;
          this.contentType = value;
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0x7fffffff) return false;
          this.via = value;
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.receivedMs = value;
          break;
        }
        case 64: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.bootId = value;
          this.hasBootId = true;
          break;
        }
        case 72: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.deviceSeq = value;
          this.hasDeviceSeq = true;
          break;
        }
        case 82: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.clientEventIdStart = at;
          at += length;
          this.clientEventIdEnd = at;
          break;
        }
        case 88: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.eventMs = value;
          this.hasEventMs = true;
          break;
        }
        case 96: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.connection = value;
          break;
        }
        case 104: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.lease = value;
          break;
        }
        case 114: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.schemaStart = at;
          at += length;
          this.schemaEnd = at;
          break;
        }
        case 122: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.modelStart = at;
          at += length;
          this.modelEnd = at;
          break;
        }
        case 130: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.correlationStart = at;
          at += length;
          this.correlationEnd = at;
          break;
        }
        case 138: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.causeStart = at;
          at += length;
          this.causeEnd = at;
          break;
        }
        case 146: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.traceparentStart = at;
          at += length;
          this.traceparentEnd = at;
          break;
        }
        case 154: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.gatewayStart = at;
          at += length;
          this.gatewayEnd = at;
          break;
        }
        case 162: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.documentStart = at;
          at += length;
          this.documentEnd = at;
          break;
        }
        case 170: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.actorStart = at;
          at += length;
          this.actorEnd = at;
          break;
        }
        case 178: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.topicStart = at;
          at += length;
          this.topicEnd = at;
          break;
        }
        case 184: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.backfill = value !== 0;
          break;
        }
        case 194: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.effectSourceStart = at;
          at += length;
          this.effectSourceEnd = at;
          break;
        }
        case 200: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.effectVersion = value;
          break;
        }
        case 208: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.effectIndex = value;
          break;
        }
        case 216: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.expectedVersion = value;
          this.hasExpectedVersion = true;
          break;
        }
        case 224: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.publishFlags = value;
          break;
        }
        case 234: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.publishPropertiesStart = at;
          at += length;
          this.publishPropertiesEnd = at;
          break;
        }
        case 240: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.expiresMs = value;
          break;
        }
        case 250: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sessionStart = at;
          at += length;
          this.sessionEnd = at;
          break;
        }
        case 256: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.packetId = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 32)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const eventReader = new EventReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeEvent(bytes: Uint8Array, start = 0, end: number = bytes.length): Event | undefined {
  const r = eventReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const deviceValue = readExactText(bytes, r.deviceStart, r.deviceEnd);
  if (deviceValue === undefined) return undefined;
  const clientEventIdValue = readExactText(bytes, r.clientEventIdStart, r.clientEventIdEnd);
  if (clientEventIdValue === undefined) return undefined;
  const schemaValue = readExactText(bytes, r.schemaStart, r.schemaEnd);
  if (schemaValue === undefined) return undefined;
  const modelValue = readExactText(bytes, r.modelStart, r.modelEnd);
  if (modelValue === undefined) return undefined;
  const causeValue = readExactText(bytes, r.causeStart, r.causeEnd);
  if (causeValue === undefined) return undefined;
  const traceparentValue = readExactText(bytes, r.traceparentStart, r.traceparentEnd);
  if (traceparentValue === undefined) return undefined;
  const gatewayValue = readExactText(bytes, r.gatewayStart, r.gatewayEnd);
  if (gatewayValue === undefined) return undefined;
  const documentValue = readExactText(bytes, r.documentStart, r.documentEnd);
  if (documentValue === undefined) return undefined;
  const actorValue = readExactText(bytes, r.actorStart, r.actorEnd);
  if (actorValue === undefined) return undefined;
  const topicValue = readExactText(bytes, r.topicStart, r.topicEnd);
  if (topicValue === undefined) return undefined;
  const effectSourceValue = readExactText(bytes, r.effectSourceStart, r.effectSourceEnd);
  if (effectSourceValue === undefined) return undefined;
  const sessionValue = readExactText(bytes, r.sessionStart, r.sessionEnd);
  if (sessionValue === undefined) return undefined;
  return {
    tenant: tenantValue,
    device: deviceValue,
    kind: r.kind,
    payload: copyBytes(bytes, r.payloadStart, r.payloadEnd),
    contentType: r.contentType,
    via: r.via,
    receivedMs: r.receivedMs,
    bootId: r.hasBootId ? r.bootId : undefined,
    deviceSeq: r.hasDeviceSeq ? r.deviceSeq : undefined,
    clientEventId: clientEventIdValue,
    eventMs: r.hasEventMs ? r.eventMs : undefined,
    connection: r.connection,
    lease: r.lease,
    schema: schemaValue,
    model: modelValue,
    correlation: copyBytes(bytes, r.correlationStart, r.correlationEnd),
    cause: causeValue,
    traceparent: traceparentValue,
    gateway: gatewayValue,
    document: documentValue,
    actor: actorValue,
    topic: topicValue,
    backfill: r.backfill,
    effectSource: effectSourceValue,
    effectVersion: r.effectVersion,
    effectIndex: r.effectIndex,
    expectedVersion: r.hasExpectedVersion ? r.expectedVersion : undefined,
    publishFlags: r.publishFlags,
    publishProperties: copyBytes(bytes, r.publishPropertiesStart, r.publishPropertiesEnd),
    expiresMs: r.expiresMs,
    session: sessionValue,
    packetId: r.packetId,
  };
}

/** Bytes that `writeEvent` writes. */
export function sizeEvent(m: EventInit): number {
  let size = 0;
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.device !== undefined && m.device !== '') {
    const length = textSize(m.device);
    size += 1 + varintSize(length) + length;
  }
  if (m.kind !== undefined && m.kind !== 0) {
    size += 1 + varintSize(m.kind);
  }
  if (m.payload !== undefined && m.payload.length > 0) {
    size += 1 + varintSize(m.payload.length) + m.payload.length;
  }
  if (m.contentType !== undefined && m.contentType !== 0) {
    size += 1 + varintSize(m.contentType);
  }
  if (m.via !== undefined && m.via !== 0) {
    size += 1 + varintSize(m.via);
  }
  if (m.receivedMs !== undefined && m.receivedMs !== 0) {
    size += 1 + varintSize(m.receivedMs);
  }
  if (m.bootId !== undefined) {
    size += 1 + varintSize(m.bootId);
  }
  if (m.deviceSeq !== undefined) {
    size += 1 + varintSize(m.deviceSeq);
  }
  if (m.clientEventId !== undefined && m.clientEventId !== '') {
    const length = textSize(m.clientEventId);
    size += 1 + varintSize(length) + length;
  }
  if (m.eventMs !== undefined) {
    size += 1 + varintSize(m.eventMs);
  }
  if (m.connection !== undefined && m.connection !== 0) {
    size += 1 + varintSize(m.connection);
  }
  if (m.lease !== undefined && m.lease !== 0) {
    size += 1 + varintSize(m.lease);
  }
  if (m.schema !== undefined && m.schema !== '') {
    const length = textSize(m.schema);
    size += 1 + varintSize(length) + length;
  }
  if (m.model !== undefined && m.model !== '') {
    const length = textSize(m.model);
    size += 1 + varintSize(length) + length;
  }
  if (m.correlation !== undefined && m.correlation.length > 0) {
    size += 2 + varintSize(m.correlation.length) + m.correlation.length;
  }
  if (m.cause !== undefined && m.cause !== '') {
    const length = textSize(m.cause);
    size += 2 + varintSize(length) + length;
  }
  if (m.traceparent !== undefined && m.traceparent !== '') {
    const length = textSize(m.traceparent);
    size += 2 + varintSize(length) + length;
  }
  if (m.gateway !== undefined && m.gateway !== '') {
    const length = textSize(m.gateway);
    size += 2 + varintSize(length) + length;
  }
  if (m.document !== undefined && m.document !== '') {
    const length = textSize(m.document);
    size += 2 + varintSize(length) + length;
  }
  if (m.actor !== undefined && m.actor !== '') {
    const length = textSize(m.actor);
    size += 2 + varintSize(length) + length;
  }
  if (m.topic !== undefined && m.topic !== '') {
    const length = textSize(m.topic);
    size += 2 + varintSize(length) + length;
  }
  if (m.backfill !== undefined && m.backfill) {
    size += 3;
  }
  if (m.effectSource !== undefined && m.effectSource !== '') {
    const length = textSize(m.effectSource);
    size += 2 + varintSize(length) + length;
  }
  if (m.effectVersion !== undefined && m.effectVersion !== 0) {
    size += 2 + varintSize(m.effectVersion);
  }
  if (m.effectIndex !== undefined && m.effectIndex !== 0) {
    size += 2 + varintSize(m.effectIndex);
  }
  if (m.expectedVersion !== undefined) {
    size += 2 + varintSize(m.expectedVersion);
  }
  if (m.publishFlags !== undefined && m.publishFlags !== 0) {
    size += 2 + varintSize(m.publishFlags);
  }
  if (m.publishProperties !== undefined && m.publishProperties.length > 0) {
    size += 2 + varintSize(m.publishProperties.length) + m.publishProperties.length;
  }
  if (m.expiresMs !== undefined && m.expiresMs !== 0) {
    size += 2 + varintSize(m.expiresMs);
  }
  if (m.session !== undefined && m.session !== '') {
    const length = textSize(m.session);
    size += 2 + varintSize(length) + length;
  }
  if (m.packetId !== undefined && m.packetId !== 0) {
    size += 2 + varintSize(m.packetId);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeEvent(m: EventInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.device !== undefined && m.device !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.device);
  }
  if (m.kind !== undefined && m.kind !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.kind);
  }
  if (m.payload !== undefined && m.payload.length > 0) {
    bytes[at++] = 0x22;
    at = writeBytes(bytes, at, m.payload);
  }
  if (m.contentType !== undefined && m.contentType !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.contentType);
  }
  if (m.via !== undefined && m.via !== 0) {
    bytes[at++] = 0x30;
    at = writeVarint(bytes, at, m.via);
  }
  if (m.receivedMs !== undefined && m.receivedMs !== 0) {
    bytes[at++] = 0x38;
    at = writeVarint(bytes, at, m.receivedMs);
  }
  if (m.bootId !== undefined) {
    bytes[at++] = 0x40;
    at = writeVarint(bytes, at, m.bootId);
  }
  if (m.deviceSeq !== undefined) {
    bytes[at++] = 0x48;
    at = writeVarint(bytes, at, m.deviceSeq);
  }
  if (m.clientEventId !== undefined && m.clientEventId !== '') {
    bytes[at++] = 0x52;
    at = writeText(bytes, at, m.clientEventId);
  }
  if (m.eventMs !== undefined) {
    bytes[at++] = 0x58;
    at = writeVarint(bytes, at, m.eventMs);
  }
  if (m.connection !== undefined && m.connection !== 0) {
    bytes[at++] = 0x60;
    at = writeVarint(bytes, at, m.connection);
  }
  if (m.lease !== undefined && m.lease !== 0) {
    bytes[at++] = 0x68;
    at = writeVarint(bytes, at, m.lease);
  }
  if (m.schema !== undefined && m.schema !== '') {
    bytes[at++] = 0x72;
    at = writeText(bytes, at, m.schema);
  }
  if (m.model !== undefined && m.model !== '') {
    bytes[at++] = 0x7a;
    at = writeText(bytes, at, m.model);
  }
  if (m.correlation !== undefined && m.correlation.length > 0) {
    bytes[at++] = 0x82;
    bytes[at++] = 0x01;
    at = writeBytes(bytes, at, m.correlation);
  }
  if (m.cause !== undefined && m.cause !== '') {
    bytes[at++] = 0x8a;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.cause);
  }
  if (m.traceparent !== undefined && m.traceparent !== '') {
    bytes[at++] = 0x92;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.traceparent);
  }
  if (m.gateway !== undefined && m.gateway !== '') {
    bytes[at++] = 0x9a;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.gateway);
  }
  if (m.document !== undefined && m.document !== '') {
    bytes[at++] = 0xa2;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.document);
  }
  if (m.actor !== undefined && m.actor !== '') {
    bytes[at++] = 0xaa;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.actor);
  }
  if (m.topic !== undefined && m.topic !== '') {
    bytes[at++] = 0xb2;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.topic);
  }
  if (m.backfill !== undefined && m.backfill) {
    bytes[at++] = 0xb8;
    bytes[at++] = 0x01;
    bytes[at++] = m.backfill ? 1 : 0;
  }
  if (m.effectSource !== undefined && m.effectSource !== '') {
    bytes[at++] = 0xc2;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.effectSource);
  }
  if (m.effectVersion !== undefined && m.effectVersion !== 0) {
    bytes[at++] = 0xc8;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.effectVersion);
  }
  if (m.effectIndex !== undefined && m.effectIndex !== 0) {
    bytes[at++] = 0xd0;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.effectIndex);
  }
  if (m.expectedVersion !== undefined) {
    bytes[at++] = 0xd8;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.expectedVersion);
  }
  if (m.publishFlags !== undefined && m.publishFlags !== 0) {
    bytes[at++] = 0xe0;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.publishFlags);
  }
  if (m.publishProperties !== undefined && m.publishProperties.length > 0) {
    bytes[at++] = 0xea;
    bytes[at++] = 0x01;
    at = writeBytes(bytes, at, m.publishProperties);
  }
  if (m.expiresMs !== undefined && m.expiresMs !== 0) {
    bytes[at++] = 0xf0;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.expiresMs);
  }
  if (m.session !== undefined && m.session !== '') {
    bytes[at++] = 0xfa;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.session);
  }
  if (m.packetId !== undefined && m.packetId !== 0) {
    bytes[at++] = 0x80;
    bytes[at++] = 0x02;
    at = writeVarint(bytes, at, m.packetId);
  }
  return at;
}

export function encodeEvent(m: EventInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeEvent(m));
  writeEvent(m, bytes, 0);
  return bytes;
}

/** Events of one partition that one writer appended as one message of the log. */
export interface EventBatch {
  /** The number under which this writer process announced itself; never used by another. */
  readonly edgeEpoch: number;
  /** 1, 2, 3 … in this writer's lane into this partition. A resend carries the same. */
  readonly counter: number;
  /** The writer's name, for people. */
  readonly edge: string;
  /** The writer's clock when the batch was opened, milliseconds since the epoch. */
  readonly openedMs: number;
  readonly events: readonly Event[];
}

export interface EventBatchInit {
  readonly edgeEpoch?: number | undefined;
  readonly counter?: number | undefined;
  readonly edge?: string | undefined;
  readonly openedMs?: number | undefined;
  readonly events?: readonly EventInit[] | undefined;
}

/** Reads `EventBatch`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class EventBatchReader {
  edgeEpoch = 0;
  counter = 0;
  edgeStart = 0;
  edgeEnd = 0;
  openedMs = 0;
  eventsStarts = NO_OFFSETS;
  eventsEnds = NO_OFFSETS;
  eventsCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.edgeEpoch = 0;
    this.counter = 0;
    this.edgeStart = 0;
    this.edgeEnd = 0;
    this.openedMs = 0;
    this.eventsCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeEpoch = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.counter = value;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.edgeStart = at;
          at += length;
          this.edgeEnd = at;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.openedMs = value;
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.eventsCount;
          if (count === this.eventsStarts.length) {
            this.eventsStarts = growOffsets(this.eventsStarts);
            this.eventsEnds = growOffsets(this.eventsEnds);
          }
          this.eventsStarts[count] = at;
          at += length;
          this.eventsEnds[count] = at;
          this.eventsCount = count + 1;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 5)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const eventBatchReader = new EventBatchReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeEventBatch(bytes: Uint8Array, start = 0, end: number = bytes.length): EventBatch | undefined {
  const r = eventBatchReader;
  if (!r.read(bytes, start, end)) return undefined;
  const edgeValue = readExactText(bytes, r.edgeStart, r.edgeEnd);
  if (edgeValue === undefined) return undefined;
  const eventsList: Event[] = [];
  for (let i = 0; i < r.eventsCount; i++) {
    const entry = decodeEvent(bytes, r.eventsStarts[i] as number, r.eventsEnds[i] as number);
    if (entry === undefined) return undefined;
    eventsList.push(entry);
  }
  return {
    edgeEpoch: r.edgeEpoch,
    counter: r.counter,
    edge: edgeValue,
    openedMs: r.openedMs,
    events: eventsList,
  };
}

/** Bytes that `writeEventBatch` writes. */
export function sizeEventBatch(m: EventBatchInit): number {
  let size = 0;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    size += 1 + varintSize(m.edgeEpoch);
  }
  if (m.counter !== undefined && m.counter !== 0) {
    size += 1 + varintSize(m.counter);
  }
  if (m.edge !== undefined && m.edge !== '') {
    const length = textSize(m.edge);
    size += 1 + varintSize(length) + length;
  }
  if (m.openedMs !== undefined && m.openedMs !== 0) {
    size += 1 + varintSize(m.openedMs);
  }
  if (m.events !== undefined && m.events.length > 0) {
    for (const entry of m.events) {
      const length = sizeEvent(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeEventBatch(m: EventBatchInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.edgeEpoch);
  }
  if (m.counter !== undefined && m.counter !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.counter);
  }
  if (m.edge !== undefined && m.edge !== '') {
    bytes[at++] = 0x1a;
    at = writeText(bytes, at, m.edge);
  }
  if (m.openedMs !== undefined && m.openedMs !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.openedMs);
  }
  if (m.events !== undefined && m.events.length > 0) {
    for (const entry of m.events) {
      bytes[at++] = 0x2a;
      at = writeVarint(bytes, at, sizeEvent(entry));
      at = writeEvent(entry, bytes, at);
    }
  }
  return at;
}

export function encodeEventBatch(m: EventBatchInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeEventBatch(m));
  writeEventBatch(m, bytes, 0);
  return bytes;
}

export interface EdgeGone {
  readonly edgeEpoch: number;
  /** The edge says so itself, at its end: its connections end at once, and no will is sent. */
  readonly drained: boolean;
}

export interface EdgeGoneInit {
  readonly edgeEpoch?: number | undefined;
  readonly drained?: boolean | undefined;
}

/** Reads `EdgeGone`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class EdgeGoneReader {
  edgeEpoch = 0;
  drained = false;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.edgeEpoch = 0;
    this.drained = false;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeEpoch = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.drained = value !== 0;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 2)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const edgeGoneReader = new EdgeGoneReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeEdgeGone(bytes: Uint8Array, start = 0, end: number = bytes.length): EdgeGone | undefined {
  const r = edgeGoneReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    edgeEpoch: r.edgeEpoch,
    drained: r.drained,
  };
}

/** Bytes that `writeEdgeGone` writes. */
export function sizeEdgeGone(m: EdgeGoneInit): number {
  let size = 0;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    size += 1 + varintSize(m.edgeEpoch);
  }
  if (m.drained !== undefined && m.drained) {
    size += 2;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeEdgeGone(m: EdgeGoneInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.edgeEpoch);
  }
  if (m.drained !== undefined && m.drained) {
    bytes[at++] = 0x10;
    bytes[at++] = m.drained ? 1 : 0;
  }
  return at;
}

export function encodeEdgeGone(m: EdgeGoneInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeEdgeGone(m));
  writeEdgeGone(m, bytes, 0);
  return bytes;
}

/** One metric or attribute of a sample. */
export interface Metric {
  readonly name: string;
  readonly number?: number | undefined;
  readonly boolean?: boolean | undefined;
  readonly text?: string | undefined;
  readonly integer?: number | bigint | undefined;
}

export interface MetricInit {
  readonly name?: string | undefined;
  readonly number?: number | undefined;
  readonly boolean?: boolean | undefined;
  readonly text?: string | undefined;
  readonly integer?: number | bigint | undefined;
}

/** Reads `Metric`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class MetricReader {
  nameStart = 0;
  nameEnd = 0;
  number = 0;
  boolean = false;
  textStart = 0;
  textEnd = 0;
  integer = 0;
  integerLow = 0;
  integerHigh = 0;
  /** METRIC_VALUE: which member is set. */
  valueCase = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.nameStart = 0;
    this.nameEnd = 0;
    this.valueCase = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.nameStart = at;
          at += length;
          this.nameEnd = at;
          break;
        }
        case 17: {
          if (end - at < 8) return false;
          this.number = readDouble(bytes, at);
          at += 8;
          this.valueCase = 2;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.boolean = value !== 0;
          this.valueCase = 3;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.textStart = at;
          at += length;
          this.textEnd = at;
          this.valueCase = 4;
          break;
        }
        case 40: {
          if (!readZigzag(bytes, at, end)) return false;
          this.integerLow = cursor.low;
          this.integerHigh = cursor.high;
          this.integer = int64Number(cursor.low, cursor.high);
          at = cursor.at;
          this.valueCase = 5;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 5)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const metricReader = new MetricReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeMetric(bytes: Uint8Array, start = 0, end: number = bytes.length): Metric | undefined {
  const r = metricReader;
  if (!r.read(bytes, start, end)) return undefined;
  const nameValue = readExactText(bytes, r.nameStart, r.nameEnd);
  if (nameValue === undefined) return undefined;
  const textValue = r.valueCase === 4 ? readExactText(bytes, r.textStart, r.textEnd) : undefined;
  if (r.valueCase === 4 && textValue === undefined) return undefined;
  return {
    name: nameValue,
    number: r.valueCase === 2 ? r.number : undefined,
    boolean: r.valueCase === 3 ? r.boolean : undefined,
    text: textValue,
    integer: r.valueCase === 5 ? int64Exact(r.integerLow, r.integerHigh) : undefined,
  };
}

/** Bytes that `writeMetric` writes. */
export function sizeMetric(m: MetricInit): number {
  let size = 0;
  if (m.name !== undefined && m.name !== '') {
    const length = textSize(m.name);
    size += 1 + varintSize(length) + length;
  }
  if (m.number !== undefined) {
    size += 9;
  }
  if (m.boolean !== undefined) {
    size += 2;
  }
  if (m.text !== undefined) {
    const length = textSize(m.text);
    size += 1 + varintSize(length) + length;
  }
  if (m.integer !== undefined) {
    size += 1 + zigzagSize(m.integer);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeMetric(m: MetricInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.name !== undefined && m.name !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.name);
  }
  if (m.number !== undefined) {
    bytes[at++] = 0x11;
    at = writeDouble(bytes, at, m.number);
  }
  if (m.boolean !== undefined) {
    bytes[at++] = 0x18;
    bytes[at++] = m.boolean ? 1 : 0;
  }
  if (m.text !== undefined) {
    bytes[at++] = 0x22;
    at = writeText(bytes, at, m.text);
  }
  if (m.integer !== undefined) {
    bytes[at++] = 0x28;
    at = writeZigzag(bytes, at, m.integer);
  }
  return at;
}

export function encodeMetric(m: MetricInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeMetric(m));
  writeMetric(m, bytes, 0);
  return bytes;
}

/** What a device measured at one time. The payload of a telemetry event with CONTENT_TYPE_PROTOBUF. */
export interface TelemetrySample {
  /** Needed under an API key; under a device's own credential absent or equal to it. */
  readonly device: string;
  /** Milliseconds since the epoch; absent: log time. */
  readonly ts?: number | undefined;
  /** The device's retry identity: an event is known by (boot, seq). */
  readonly boot?: number | undefined;
  readonly seq?: number | undefined;
  /** An id chosen by the client: a repeat is a duplicate. */
  readonly id: string;
  readonly metrics: readonly Metric[];
}

export interface TelemetrySampleInit {
  readonly device?: string | undefined;
  readonly ts?: number | undefined;
  readonly boot?: number | undefined;
  readonly seq?: number | undefined;
  readonly id?: string | undefined;
  readonly metrics?: readonly MetricInit[] | undefined;
}

/** Reads `TelemetrySample`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class TelemetrySampleReader {
  deviceStart = 0;
  deviceEnd = 0;
  hasTs = false;
  ts = 0;
  hasBoot = false;
  boot = 0;
  hasSeq = false;
  seq = 0;
  idStart = 0;
  idEnd = 0;
  metricsStarts = NO_OFFSETS;
  metricsEnds = NO_OFFSETS;
  metricsCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.deviceStart = 0;
    this.deviceEnd = 0;
    this.hasTs = false;
    this.ts = 0;
    this.hasBoot = false;
    this.boot = 0;
    this.hasSeq = false;
    this.seq = 0;
    this.idStart = 0;
    this.idEnd = 0;
    this.metricsCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.deviceStart = at;
          at += length;
          this.deviceEnd = at;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.ts = value;
          this.hasTs = true;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.boot = value;
          this.hasBoot = true;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.seq = value;
          this.hasSeq = true;
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.idStart = at;
          at += length;
          this.idEnd = at;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.metricsCount;
          if (count === this.metricsStarts.length) {
            this.metricsStarts = growOffsets(this.metricsStarts);
            this.metricsEnds = growOffsets(this.metricsEnds);
          }
          this.metricsStarts[count] = at;
          at += length;
          this.metricsEnds[count] = at;
          this.metricsCount = count + 1;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 6)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const telemetrySampleReader = new TelemetrySampleReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeTelemetrySample(bytes: Uint8Array, start = 0, end: number = bytes.length): TelemetrySample | undefined {
  const r = telemetrySampleReader;
  if (!r.read(bytes, start, end)) return undefined;
  const deviceValue = readExactText(bytes, r.deviceStart, r.deviceEnd);
  if (deviceValue === undefined) return undefined;
  const idValue = readExactText(bytes, r.idStart, r.idEnd);
  if (idValue === undefined) return undefined;
  const metricsList: Metric[] = [];
  for (let i = 0; i < r.metricsCount; i++) {
    const entry = decodeMetric(bytes, r.metricsStarts[i] as number, r.metricsEnds[i] as number);
    if (entry === undefined) return undefined;
    metricsList.push(entry);
  }
  return {
    device: deviceValue,
    ts: r.hasTs ? r.ts : undefined,
    boot: r.hasBoot ? r.boot : undefined,
    seq: r.hasSeq ? r.seq : undefined,
    id: idValue,
    metrics: metricsList,
  };
}

/** Bytes that `writeTelemetrySample` writes. */
export function sizeTelemetrySample(m: TelemetrySampleInit): number {
  let size = 0;
  if (m.device !== undefined && m.device !== '') {
    const length = textSize(m.device);
    size += 1 + varintSize(length) + length;
  }
  if (m.ts !== undefined) {
    size += 1 + varintSize(m.ts);
  }
  if (m.boot !== undefined) {
    size += 1 + varintSize(m.boot);
  }
  if (m.seq !== undefined) {
    size += 1 + varintSize(m.seq);
  }
  if (m.id !== undefined && m.id !== '') {
    const length = textSize(m.id);
    size += 1 + varintSize(length) + length;
  }
  if (m.metrics !== undefined && m.metrics.length > 0) {
    for (const entry of m.metrics) {
      const length = sizeMetric(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeTelemetrySample(m: TelemetrySampleInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.device !== undefined && m.device !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.device);
  }
  if (m.ts !== undefined) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.ts);
  }
  if (m.boot !== undefined) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.boot);
  }
  if (m.seq !== undefined) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.seq);
  }
  if (m.id !== undefined && m.id !== '') {
    bytes[at++] = 0x2a;
    at = writeText(bytes, at, m.id);
  }
  if (m.metrics !== undefined && m.metrics.length > 0) {
    for (const entry of m.metrics) {
      bytes[at++] = 0x32;
      at = writeVarint(bytes, at, sizeMetric(entry));
      at = writeMetric(entry, bytes, at);
    }
  }
  return at;
}

export function encodeTelemetrySample(m: TelemetrySampleInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeTelemetrySample(m));
  writeTelemetrySample(m, bytes, 0);
  return bytes;
}

/** The Protobuf body of POST /telemetry. */
export interface TelemetryBatch {
  readonly samples: readonly TelemetrySample[];
}

export interface TelemetryBatchInit {
  readonly samples?: readonly TelemetrySampleInit[] | undefined;
}

/** Reads `TelemetryBatch`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class TelemetryBatchReader {
  samplesStarts = NO_OFFSETS;
  samplesEnds = NO_OFFSETS;
  samplesCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.samplesCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.samplesCount;
          if (count === this.samplesStarts.length) {
            this.samplesStarts = growOffsets(this.samplesStarts);
            this.samplesEnds = growOffsets(this.samplesEnds);
          }
          this.samplesStarts[count] = at;
          at += length;
          this.samplesEnds[count] = at;
          this.samplesCount = count + 1;
          break;
        }
        default: {
          const field = tag >>> 3;
          if (field === 1) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const telemetryBatchReader = new TelemetryBatchReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeTelemetryBatch(bytes: Uint8Array, start = 0, end: number = bytes.length): TelemetryBatch | undefined {
  const r = telemetryBatchReader;
  if (!r.read(bytes, start, end)) return undefined;
  const samplesList: TelemetrySample[] = [];
  for (let i = 0; i < r.samplesCount; i++) {
    const entry = decodeTelemetrySample(bytes, r.samplesStarts[i] as number, r.samplesEnds[i] as number);
    if (entry === undefined) return undefined;
    samplesList.push(entry);
  }
  return {
    samples: samplesList,
  };
}

/** Bytes that `writeTelemetryBatch` writes. */
export function sizeTelemetryBatch(m: TelemetryBatchInit): number {
  let size = 0;
  if (m.samples !== undefined && m.samples.length > 0) {
    for (const entry of m.samples) {
      const length = sizeTelemetrySample(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeTelemetryBatch(m: TelemetryBatchInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.samples !== undefined && m.samples.length > 0) {
    for (const entry of m.samples) {
      bytes[at++] = 0x0a;
      at = writeVarint(bytes, at, sizeTelemetrySample(entry));
      at = writeTelemetrySample(entry, bytes, at);
    }
  }
  return at;
}

export function encodeTelemetryBatch(m: TelemetryBatchInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeTelemetryBatch(m));
  writeTelemetryBatch(m, bytes, 0);
  return bytes;
}

/** A message of the input log, well enough described to know it again. */
export interface CoveredMessage {
  readonly seq: number;
  readonly timestampMs: number;
  readonly edgeEpoch: number;
  readonly counter: number;
}

export interface CoveredMessageInit {
  readonly seq?: number | undefined;
  readonly timestampMs?: number | undefined;
  readonly edgeEpoch?: number | undefined;
  readonly counter?: number | undefined;
}

/** Reads `CoveredMessage`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class CoveredMessageReader {
  seq = 0;
  timestampMs = 0;
  edgeEpoch = 0;
  counter = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.seq = 0;
    this.timestampMs = 0;
    this.edgeEpoch = 0;
    this.counter = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.seq = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.timestampMs = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeEpoch = value;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.counter = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 4)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const coveredMessageReader = new CoveredMessageReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeCoveredMessage(bytes: Uint8Array, start = 0, end: number = bytes.length): CoveredMessage | undefined {
  const r = coveredMessageReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    seq: r.seq,
    timestampMs: r.timestampMs,
    edgeEpoch: r.edgeEpoch,
    counter: r.counter,
  };
}

/** Bytes that `writeCoveredMessage` writes. */
export function sizeCoveredMessage(m: CoveredMessageInit): number {
  let size = 0;
  if (m.seq !== undefined && m.seq !== 0) {
    size += 1 + varintSize(m.seq);
  }
  if (m.timestampMs !== undefined && m.timestampMs !== 0) {
    size += 1 + varintSize(m.timestampMs);
  }
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    size += 1 + varintSize(m.edgeEpoch);
  }
  if (m.counter !== undefined && m.counter !== 0) {
    size += 1 + varintSize(m.counter);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeCoveredMessage(m: CoveredMessageInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.seq !== undefined && m.seq !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.seq);
  }
  if (m.timestampMs !== undefined && m.timestampMs !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.timestampMs);
  }
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.edgeEpoch);
  }
  if (m.counter !== undefined && m.counter !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.counter);
  }
  return at;
}

export function encodeCoveredMessage(m: CoveredMessageInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeCoveredMessage(m));
  writeCoveredMessage(m, bytes, 0);
  return bytes;
}

/**
 * Events whose outcome isn't `accepted`, as runs: entry i says that `count[i]` events from `index[i]` on, in message
 * `from_seq + seq_delta[i]`, have outcome[i] for reason[i]. Parallel arrays of one length, ascending.
 */
export interface OutcomeRuns {
  readonly seqDelta: readonly number[];
  readonly index: readonly number[];
  readonly count: readonly number[];
  readonly outcome: readonly number[];
  readonly reason: readonly number[];
  /** Where outcome is `duplicate`: the message and index of the original of the run's first event; 0 where unknown. */
  readonly originalSeq: readonly number[];
  readonly originalIndex: readonly number[];
}

export interface OutcomeRunsInit {
  readonly seqDelta?: ArrayLike<number> | undefined;
  readonly index?: ArrayLike<number> | undefined;
  readonly count?: ArrayLike<number> | undefined;
  readonly outcome?: ArrayLike<number> | undefined;
  readonly reason?: ArrayLike<number> | undefined;
  readonly originalSeq?: ArrayLike<number> | undefined;
  readonly originalIndex?: ArrayLike<number> | undefined;
}

/** Reads `OutcomeRuns`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class OutcomeRunsReader {
  seqDelta = NO_NUMBERS;
  seqDeltaCount = 0;
  index = NO_NUMBERS;
  indexCount = 0;
  count = NO_NUMBERS;
  countCount = 0;
  outcome = NO_NUMBERS;
  outcomeCount = 0;
  reason = NO_NUMBERS;
  reasonCount = 0;
  originalSeq = NO_NUMBERS;
  originalSeqCount = 0;
  originalIndex = NO_NUMBERS;
  originalIndexCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.seqDeltaCount = 0;
    this.indexCount = 0;
    this.countCount = 0;
    this.outcomeCount = 0;
    this.reasonCount = 0;
    this.originalSeqCount = 0;
    this.originalIndexCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.seqDeltaCount;
          if (count === this.seqDelta.length) this.seqDelta = growNumbers(this.seqDelta);
          this.seqDelta[count] = value;
          this.seqDeltaCount = count + 1;
          break;
        }
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.seqDeltaCount;
            if (count === this.seqDelta.length) this.seqDelta = growNumbers(this.seqDelta);
            this.seqDelta[count] = value;
            this.seqDeltaCount = count + 1;
          }
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.indexCount;
          if (count === this.index.length) this.index = growNumbers(this.index);
          this.index[count] = value;
          this.indexCount = count + 1;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.indexCount;
            if (count === this.index.length) this.index = growNumbers(this.index);
            this.index[count] = value;
            this.indexCount = count + 1;
          }
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.countCount;
          if (count === this.count.length) this.count = growNumbers(this.count);
          this.count[count] = value;
          this.countCount = count + 1;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.countCount;
            if (count === this.count.length) this.count = growNumbers(this.count);
            this.count[count] = value;
            this.countCount = count + 1;
          }
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.outcomeCount;
          if (count === this.outcome.length) this.outcome = growNumbers(this.outcome);
          this.outcome[count] = value;
          this.outcomeCount = count + 1;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.outcomeCount;
            if (count === this.outcome.length) this.outcome = growNumbers(this.outcome);
            this.outcome[count] = value;
            this.outcomeCount = count + 1;
          }
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.reasonCount;
          if (count === this.reason.length) this.reason = growNumbers(this.reason);
          this.reason[count] = value;
          this.reasonCount = count + 1;
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.reasonCount;
            if (count === this.reason.length) this.reason = growNumbers(this.reason);
            this.reason[count] = value;
            this.reasonCount = count + 1;
          }
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.originalSeqCount;
          if (count === this.originalSeq.length) this.originalSeq = growNumbers(this.originalSeq);
          this.originalSeq[count] = value;
          this.originalSeqCount = count + 1;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.originalSeqCount;
            if (count === this.originalSeq.length) this.originalSeq = growNumbers(this.originalSeq);
            this.originalSeq[count] = value;
            this.originalSeqCount = count + 1;
          }
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.originalIndexCount;
          if (count === this.originalIndex.length) this.originalIndex = growNumbers(this.originalIndex);
          this.originalIndex[count] = value;
          this.originalIndexCount = count + 1;
          break;
        }
        case 58: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.originalIndexCount;
            if (count === this.originalIndex.length) this.originalIndex = growNumbers(this.originalIndex);
            this.originalIndex[count] = value;
            this.originalIndexCount = count + 1;
          }
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 7)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const outcomeRunsReader = new OutcomeRunsReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeOutcomeRuns(bytes: Uint8Array, start = 0, end: number = bytes.length): OutcomeRuns | undefined {
  const r = outcomeRunsReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    seqDelta: Array.from(r.seqDelta.subarray(0, r.seqDeltaCount)),
    index: Array.from(r.index.subarray(0, r.indexCount)),
    count: Array.from(r.count.subarray(0, r.countCount)),
    outcome: Array.from(r.outcome.subarray(0, r.outcomeCount)),
    reason: Array.from(r.reason.subarray(0, r.reasonCount)),
    originalSeq: Array.from(r.originalSeq.subarray(0, r.originalSeqCount)),
    originalIndex: Array.from(r.originalIndex.subarray(0, r.originalIndexCount)),
  };
}

/** Bytes that `writeOutcomeRuns` writes. */
export function sizeOutcomeRuns(m: OutcomeRunsInit): number {
  let size = 0;
  if (m.seqDelta !== undefined && m.seqDelta.length > 0) {
    const length = sizeVarints(m.seqDelta);
    size += 1 + varintSize(length) + length;
  }
  if (m.index !== undefined && m.index.length > 0) {
    const length = sizeVarints(m.index);
    size += 1 + varintSize(length) + length;
  }
  if (m.count !== undefined && m.count.length > 0) {
    const length = sizeVarints(m.count);
    size += 1 + varintSize(length) + length;
  }
  if (m.outcome !== undefined && m.outcome.length > 0) {
    const length = sizeVarints(m.outcome);
    size += 1 + varintSize(length) + length;
  }
  if (m.reason !== undefined && m.reason.length > 0) {
    const length = sizeVarints(m.reason);
    size += 1 + varintSize(length) + length;
  }
  if (m.originalSeq !== undefined && m.originalSeq.length > 0) {
    const length = sizeVarints(m.originalSeq);
    size += 1 + varintSize(length) + length;
  }
  if (m.originalIndex !== undefined && m.originalIndex.length > 0) {
    const length = sizeVarints(m.originalIndex);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeOutcomeRuns(m: OutcomeRunsInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.seqDelta !== undefined && m.seqDelta.length > 0) {
    bytes[at++] = 0x0a;
    at = writeVarints(bytes, at, m.seqDelta);
  }
  if (m.index !== undefined && m.index.length > 0) {
    bytes[at++] = 0x12;
    at = writeVarints(bytes, at, m.index);
  }
  if (m.count !== undefined && m.count.length > 0) {
    bytes[at++] = 0x1a;
    at = writeVarints(bytes, at, m.count);
  }
  if (m.outcome !== undefined && m.outcome.length > 0) {
    bytes[at++] = 0x22;
    at = writeVarints(bytes, at, m.outcome);
  }
  if (m.reason !== undefined && m.reason.length > 0) {
    bytes[at++] = 0x2a;
    at = writeVarints(bytes, at, m.reason);
  }
  if (m.originalSeq !== undefined && m.originalSeq.length > 0) {
    bytes[at++] = 0x32;
    at = writeVarints(bytes, at, m.originalSeq);
  }
  if (m.originalIndex !== undefined && m.originalIndex.length > 0) {
    bytes[at++] = 0x3a;
    at = writeVarints(bytes, at, m.originalIndex);
  }
  return at;
}

export function encodeOutcomeRuns(m: OutcomeRunsInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeOutcomeRuns(m));
  writeOutcomeRuns(m, bytes, 0);
  return bytes;
}

export interface Effect {
  readonly kind: string;
  readonly target: string;
  readonly atMostOnce: boolean;
  readonly connection: number;
  readonly deadlineMs: number;
  readonly body: Uint8Array;
}

export interface EffectInit {
  readonly kind?: string | undefined;
  readonly target?: string | undefined;
  readonly atMostOnce?: boolean | undefined;
  readonly connection?: number | undefined;
  readonly deadlineMs?: number | undefined;
  readonly body?: Uint8Array | undefined;
}

/** Reads `Effect`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class EffectReader {
  kindStart = 0;
  kindEnd = 0;
  targetStart = 0;
  targetEnd = 0;
  atMostOnce = false;
  connection = 0;
  deadlineMs = 0;
  bodyStart = 0;
  bodyEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.kindStart = 0;
    this.kindEnd = 0;
    this.targetStart = 0;
    this.targetEnd = 0;
    this.atMostOnce = false;
    this.connection = 0;
    this.deadlineMs = 0;
    this.bodyStart = 0;
    this.bodyEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.kindStart = at;
          at += length;
          this.kindEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.targetStart = at;
          at += length;
          this.targetEnd = at;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.atMostOnce = value !== 0;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.connection = value;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.deadlineMs = value;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.bodyStart = at;
          at += length;
          this.bodyEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 6)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const effectReader = new EffectReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeEffect(bytes: Uint8Array, start = 0, end: number = bytes.length): Effect | undefined {
  const r = effectReader;
  if (!r.read(bytes, start, end)) return undefined;
  const kindValue = readExactText(bytes, r.kindStart, r.kindEnd);
  if (kindValue === undefined) return undefined;
  const targetValue = readExactText(bytes, r.targetStart, r.targetEnd);
  if (targetValue === undefined) return undefined;
  return {
    kind: kindValue,
    target: targetValue,
    atMostOnce: r.atMostOnce,
    connection: r.connection,
    deadlineMs: r.deadlineMs,
    body: copyBytes(bytes, r.bodyStart, r.bodyEnd),
  };
}

/** Bytes that `writeEffect` writes. */
export function sizeEffect(m: EffectInit): number {
  let size = 0;
  if (m.kind !== undefined && m.kind !== '') {
    const length = textSize(m.kind);
    size += 1 + varintSize(length) + length;
  }
  if (m.target !== undefined && m.target !== '') {
    const length = textSize(m.target);
    size += 1 + varintSize(length) + length;
  }
  if (m.atMostOnce !== undefined && m.atMostOnce) {
    size += 2;
  }
  if (m.connection !== undefined && m.connection !== 0) {
    size += 1 + varintSize(m.connection);
  }
  if (m.deadlineMs !== undefined && m.deadlineMs !== 0) {
    size += 1 + varintSize(m.deadlineMs);
  }
  if (m.body !== undefined && m.body.length > 0) {
    size += 1 + varintSize(m.body.length) + m.body.length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeEffect(m: EffectInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.kind !== undefined && m.kind !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.kind);
  }
  if (m.target !== undefined && m.target !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.target);
  }
  if (m.atMostOnce !== undefined && m.atMostOnce) {
    bytes[at++] = 0x18;
    bytes[at++] = m.atMostOnce ? 1 : 0;
  }
  if (m.connection !== undefined && m.connection !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.connection);
  }
  if (m.deadlineMs !== undefined && m.deadlineMs !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.deadlineMs);
  }
  if (m.body !== undefined && m.body.length > 0) {
    bytes[at++] = 0x32;
    at = writeBytes(bytes, at, m.body);
  }
  return at;
}

export function encodeEffect(m: EffectInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeEffect(m));
  writeEffect(m, bytes, 0);
  return bytes;
}

export interface Timer {
  readonly id: string;
  readonly dueMs: number;
}

export interface TimerInit {
  readonly id?: string | undefined;
  readonly dueMs?: number | undefined;
}

/** Reads `Timer`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class TimerReader {
  idStart = 0;
  idEnd = 0;
  dueMs = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.idStart = 0;
    this.idEnd = 0;
    this.dueMs = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.idStart = at;
          at += length;
          this.idEnd = at;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.dueMs = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 2)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const timerReader = new TimerReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeTimer(bytes: Uint8Array, start = 0, end: number = bytes.length): Timer | undefined {
  const r = timerReader;
  if (!r.read(bytes, start, end)) return undefined;
  const idValue = readExactText(bytes, r.idStart, r.idEnd);
  if (idValue === undefined) return undefined;
  return {
    id: idValue,
    dueMs: r.dueMs,
  };
}

/** Bytes that `writeTimer` writes. */
export function sizeTimer(m: TimerInit): number {
  let size = 0;
  if (m.id !== undefined && m.id !== '') {
    const length = textSize(m.id);
    size += 1 + varintSize(length) + length;
  }
  if (m.dueMs !== undefined && m.dueMs !== 0) {
    size += 1 + varintSize(m.dueMs);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeTimer(m: TimerInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.id !== undefined && m.id !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.id);
  }
  if (m.dueMs !== undefined && m.dueMs !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.dueMs);
  }
  return at;
}

export function encodeTimer(m: TimerInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeTimer(m));
  writeTimer(m, bytes, 0);
  return bytes;
}

/** One decision of the fold: a saga's event, a twin's patch, a quota's account, a presence change. A row of `decisions`. */
export interface Decision {
  readonly kind: string;
  readonly tenant: string;
  readonly device: string;
  /** The event that caused it. */
  readonly causeSeq: number;
  readonly causeIndex: number;
  readonly section: string;
  readonly document: string;
  readonly path: string;
  readonly oldValue: string;
  readonly newValue: string;
  readonly version: number;
  readonly saga: string;
  readonly state: string;
  readonly actor: string;
  readonly effects: readonly Effect[];
  readonly timers: readonly Timer[];
  readonly canceledTimers: readonly string[];
  /** Whatever else the aggregate needs to evolve by. */
  readonly body: Uint8Array;
}

export interface DecisionInit {
  readonly kind?: string | undefined;
  readonly tenant?: string | undefined;
  readonly device?: string | undefined;
  readonly causeSeq?: number | undefined;
  readonly causeIndex?: number | undefined;
  readonly section?: string | undefined;
  readonly document?: string | undefined;
  readonly path?: string | undefined;
  readonly oldValue?: string | undefined;
  readonly newValue?: string | undefined;
  readonly version?: number | undefined;
  readonly saga?: string | undefined;
  readonly state?: string | undefined;
  readonly actor?: string | undefined;
  readonly effects?: readonly EffectInit[] | undefined;
  readonly timers?: readonly TimerInit[] | undefined;
  readonly canceledTimers?: readonly string[] | undefined;
  readonly body?: Uint8Array | undefined;
}

/** Reads `Decision`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class DecisionReader {
  kindStart = 0;
  kindEnd = 0;
  tenantStart = 0;
  tenantEnd = 0;
  deviceStart = 0;
  deviceEnd = 0;
  causeSeq = 0;
  causeIndex = 0;
  sectionStart = 0;
  sectionEnd = 0;
  documentStart = 0;
  documentEnd = 0;
  pathStart = 0;
  pathEnd = 0;
  oldValueStart = 0;
  oldValueEnd = 0;
  newValueStart = 0;
  newValueEnd = 0;
  version = 0;
  sagaStart = 0;
  sagaEnd = 0;
  stateStart = 0;
  stateEnd = 0;
  actorStart = 0;
  actorEnd = 0;
  effectsStarts = NO_OFFSETS;
  effectsEnds = NO_OFFSETS;
  effectsCount = 0;
  timersStarts = NO_OFFSETS;
  timersEnds = NO_OFFSETS;
  timersCount = 0;
  canceledTimersStarts = NO_OFFSETS;
  canceledTimersEnds = NO_OFFSETS;
  canceledTimersCount = 0;
  bodyStart = 0;
  bodyEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.kindStart = 0;
    this.kindEnd = 0;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.deviceStart = 0;
    this.deviceEnd = 0;
    this.causeSeq = 0;
    this.causeIndex = 0;
    this.sectionStart = 0;
    this.sectionEnd = 0;
    this.documentStart = 0;
    this.documentEnd = 0;
    this.pathStart = 0;
    this.pathEnd = 0;
    this.oldValueStart = 0;
    this.oldValueEnd = 0;
    this.newValueStart = 0;
    this.newValueEnd = 0;
    this.version = 0;
    this.sagaStart = 0;
    this.sagaEnd = 0;
    this.stateStart = 0;
    this.stateEnd = 0;
    this.actorStart = 0;
    this.actorEnd = 0;
    this.effectsCount = 0;
    this.timersCount = 0;
    this.canceledTimersCount = 0;
    this.bodyStart = 0;
    this.bodyEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.kindStart = at;
          at += length;
          this.kindEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.deviceStart = at;
          at += length;
          this.deviceEnd = at;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.causeSeq = value;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.causeIndex = value;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sectionStart = at;
          at += length;
          this.sectionEnd = at;
          break;
        }
        case 58: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.documentStart = at;
          at += length;
          this.documentEnd = at;
          break;
        }
        case 66: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.pathStart = at;
          at += length;
          this.pathEnd = at;
          break;
        }
        case 74: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.oldValueStart = at;
          at += length;
          this.oldValueEnd = at;
          break;
        }
        case 82: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.newValueStart = at;
          at += length;
          this.newValueEnd = at;
          break;
        }
        case 88: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.version = value;
          break;
        }
        case 98: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sagaStart = at;
          at += length;
          this.sagaEnd = at;
          break;
        }
        case 106: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.stateStart = at;
          at += length;
          this.stateEnd = at;
          break;
        }
        case 114: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.actorStart = at;
          at += length;
          this.actorEnd = at;
          break;
        }
        case 122: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.effectsCount;
          if (count === this.effectsStarts.length) {
            this.effectsStarts = growOffsets(this.effectsStarts);
            this.effectsEnds = growOffsets(this.effectsEnds);
          }
          this.effectsStarts[count] = at;
          at += length;
          this.effectsEnds[count] = at;
          this.effectsCount = count + 1;
          break;
        }
        case 130: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.timersCount;
          if (count === this.timersStarts.length) {
            this.timersStarts = growOffsets(this.timersStarts);
            this.timersEnds = growOffsets(this.timersEnds);
          }
          this.timersStarts[count] = at;
          at += length;
          this.timersEnds[count] = at;
          this.timersCount = count + 1;
          break;
        }
        case 138: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.canceledTimersCount;
          if (count === this.canceledTimersStarts.length) {
            this.canceledTimersStarts = growOffsets(this.canceledTimersStarts);
            this.canceledTimersEnds = growOffsets(this.canceledTimersEnds);
          }
          this.canceledTimersStarts[count] = at;
          at += length;
          this.canceledTimersEnds[count] = at;
          this.canceledTimersCount = count + 1;
          break;
        }
        case 146: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.bodyStart = at;
          at += length;
          this.bodyEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 18)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const decisionReader = new DecisionReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeDecision(bytes: Uint8Array, start = 0, end: number = bytes.length): Decision | undefined {
  const r = decisionReader;
  if (!r.read(bytes, start, end)) return undefined;
  const kindValue = readExactText(bytes, r.kindStart, r.kindEnd);
  if (kindValue === undefined) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const deviceValue = readExactText(bytes, r.deviceStart, r.deviceEnd);
  if (deviceValue === undefined) return undefined;
  const sectionValue = readExactText(bytes, r.sectionStart, r.sectionEnd);
  if (sectionValue === undefined) return undefined;
  const documentValue = readExactText(bytes, r.documentStart, r.documentEnd);
  if (documentValue === undefined) return undefined;
  const pathValue = readExactText(bytes, r.pathStart, r.pathEnd);
  if (pathValue === undefined) return undefined;
  const oldValueValue = readExactText(bytes, r.oldValueStart, r.oldValueEnd);
  if (oldValueValue === undefined) return undefined;
  const newValueValue = readExactText(bytes, r.newValueStart, r.newValueEnd);
  if (newValueValue === undefined) return undefined;
  const sagaValue = readExactText(bytes, r.sagaStart, r.sagaEnd);
  if (sagaValue === undefined) return undefined;
  const stateValue = readExactText(bytes, r.stateStart, r.stateEnd);
  if (stateValue === undefined) return undefined;
  const actorValue = readExactText(bytes, r.actorStart, r.actorEnd);
  if (actorValue === undefined) return undefined;
  const effectsList: Effect[] = [];
  for (let i = 0; i < r.effectsCount; i++) {
    const entry = decodeEffect(bytes, r.effectsStarts[i] as number, r.effectsEnds[i] as number);
    if (entry === undefined) return undefined;
    effectsList.push(entry);
  }
  const timersList: Timer[] = [];
  for (let i = 0; i < r.timersCount; i++) {
    const entry = decodeTimer(bytes, r.timersStarts[i] as number, r.timersEnds[i] as number);
    if (entry === undefined) return undefined;
    timersList.push(entry);
  }
  const canceledTimersList: string[] = [];
  for (let i = 0; i < r.canceledTimersCount; i++) {
    const entry = readExactText(bytes, r.canceledTimersStarts[i] as number, r.canceledTimersEnds[i] as number);
    if (entry === undefined) return undefined;
    canceledTimersList.push(entry);
  }
  return {
    kind: kindValue,
    tenant: tenantValue,
    device: deviceValue,
    causeSeq: r.causeSeq,
    causeIndex: r.causeIndex,
    section: sectionValue,
    document: documentValue,
    path: pathValue,
    oldValue: oldValueValue,
    newValue: newValueValue,
    version: r.version,
    saga: sagaValue,
    state: stateValue,
    actor: actorValue,
    effects: effectsList,
    timers: timersList,
    canceledTimers: canceledTimersList,
    body: copyBytes(bytes, r.bodyStart, r.bodyEnd),
  };
}

/** Bytes that `writeDecision` writes. */
export function sizeDecision(m: DecisionInit): number {
  let size = 0;
  if (m.kind !== undefined && m.kind !== '') {
    const length = textSize(m.kind);
    size += 1 + varintSize(length) + length;
  }
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.device !== undefined && m.device !== '') {
    const length = textSize(m.device);
    size += 1 + varintSize(length) + length;
  }
  if (m.causeSeq !== undefined && m.causeSeq !== 0) {
    size += 1 + varintSize(m.causeSeq);
  }
  if (m.causeIndex !== undefined && m.causeIndex !== 0) {
    size += 1 + varintSize(m.causeIndex);
  }
  if (m.section !== undefined && m.section !== '') {
    const length = textSize(m.section);
    size += 1 + varintSize(length) + length;
  }
  if (m.document !== undefined && m.document !== '') {
    const length = textSize(m.document);
    size += 1 + varintSize(length) + length;
  }
  if (m.path !== undefined && m.path !== '') {
    const length = textSize(m.path);
    size += 1 + varintSize(length) + length;
  }
  if (m.oldValue !== undefined && m.oldValue !== '') {
    const length = textSize(m.oldValue);
    size += 1 + varintSize(length) + length;
  }
  if (m.newValue !== undefined && m.newValue !== '') {
    const length = textSize(m.newValue);
    size += 1 + varintSize(length) + length;
  }
  if (m.version !== undefined && m.version !== 0) {
    size += 1 + varintSize(m.version);
  }
  if (m.saga !== undefined && m.saga !== '') {
    const length = textSize(m.saga);
    size += 1 + varintSize(length) + length;
  }
  if (m.state !== undefined && m.state !== '') {
    const length = textSize(m.state);
    size += 1 + varintSize(length) + length;
  }
  if (m.actor !== undefined && m.actor !== '') {
    const length = textSize(m.actor);
    size += 1 + varintSize(length) + length;
  }
  if (m.effects !== undefined && m.effects.length > 0) {
    for (const entry of m.effects) {
      const length = sizeEffect(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.timers !== undefined && m.timers.length > 0) {
    for (const entry of m.timers) {
      const length = sizeTimer(entry);
      size += 2 + varintSize(length) + length;
    }
  }
  if (m.canceledTimers !== undefined && m.canceledTimers.length > 0) {
    for (const entry of m.canceledTimers) {
      const length = textSize(entry);
      size += 2 + varintSize(length) + length;
    }
  }
  if (m.body !== undefined && m.body.length > 0) {
    size += 2 + varintSize(m.body.length) + m.body.length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeDecision(m: DecisionInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.kind !== undefined && m.kind !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.kind);
  }
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.device !== undefined && m.device !== '') {
    bytes[at++] = 0x1a;
    at = writeText(bytes, at, m.device);
  }
  if (m.causeSeq !== undefined && m.causeSeq !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.causeSeq);
  }
  if (m.causeIndex !== undefined && m.causeIndex !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.causeIndex);
  }
  if (m.section !== undefined && m.section !== '') {
    bytes[at++] = 0x32;
    at = writeText(bytes, at, m.section);
  }
  if (m.document !== undefined && m.document !== '') {
    bytes[at++] = 0x3a;
    at = writeText(bytes, at, m.document);
  }
  if (m.path !== undefined && m.path !== '') {
    bytes[at++] = 0x42;
    at = writeText(bytes, at, m.path);
  }
  if (m.oldValue !== undefined && m.oldValue !== '') {
    bytes[at++] = 0x4a;
    at = writeText(bytes, at, m.oldValue);
  }
  if (m.newValue !== undefined && m.newValue !== '') {
    bytes[at++] = 0x52;
    at = writeText(bytes, at, m.newValue);
  }
  if (m.version !== undefined && m.version !== 0) {
    bytes[at++] = 0x58;
    at = writeVarint(bytes, at, m.version);
  }
  if (m.saga !== undefined && m.saga !== '') {
    bytes[at++] = 0x62;
    at = writeText(bytes, at, m.saga);
  }
  if (m.state !== undefined && m.state !== '') {
    bytes[at++] = 0x6a;
    at = writeText(bytes, at, m.state);
  }
  if (m.actor !== undefined && m.actor !== '') {
    bytes[at++] = 0x72;
    at = writeText(bytes, at, m.actor);
  }
  if (m.effects !== undefined && m.effects.length > 0) {
    for (const entry of m.effects) {
      bytes[at++] = 0x7a;
      at = writeVarint(bytes, at, sizeEffect(entry));
      at = writeEffect(entry, bytes, at);
    }
  }
  if (m.timers !== undefined && m.timers.length > 0) {
    for (const entry of m.timers) {
      bytes[at++] = 0x82;
      bytes[at++] = 0x01;
      at = writeVarint(bytes, at, sizeTimer(entry));
      at = writeTimer(entry, bytes, at);
    }
  }
  if (m.canceledTimers !== undefined && m.canceledTimers.length > 0) {
    for (const entry of m.canceledTimers) {
      bytes[at++] = 0x8a;
      bytes[at++] = 0x01;
      at = writeText(bytes, at, entry);
    }
  }
  if (m.body !== undefined && m.body.length > 0) {
    bytes[at++] = 0x92;
    bytes[at++] = 0x01;
    at = writeBytes(bytes, at, m.body);
  }
  return at;
}

export function encodeDecision(m: DecisionInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeDecision(m));
  writeDecision(m, bytes, 0);
  return bytes;
}

/** What the sink will write, said before it is written. */
export interface TableIntent {
  readonly table: string;
  readonly rows: number;
  /** Sum modulo 2^64 over the rows of seq * 1000003 + index * 1009 + item * 31 + outcome. */
  readonly digest: bigint;
  readonly generation: number;
}

export interface TableIntentInit {
  readonly table?: string | undefined;
  readonly rows?: number | undefined;
  readonly digest?: bigint | undefined;
  readonly generation?: number | undefined;
}

/** Reads `TableIntent`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class TableIntentReader {
  tableStart = 0;
  tableEnd = 0;
  rows = 0;
  digestLow = 0;
  digestHigh = 0;
  generation = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tableStart = 0;
    this.tableEnd = 0;
    this.rows = 0;
    this.digestLow = 0;
    this.digestHigh = 0;
    this.generation = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tableStart = at;
          at += length;
          this.tableEnd = at;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.rows = value;
          break;
        }
        case 25: {
          if (end - at < 8) return false;
          this.digestLow = readFixed32(bytes, at);
          this.digestHigh = readFixed32(bytes, at + 4);
          at += 8;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.generation = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 4)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const tableIntentReader = new TableIntentReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeTableIntent(bytes: Uint8Array, start = 0, end: number = bytes.length): TableIntent | undefined {
  const r = tableIntentReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tableValue = readExactText(bytes, r.tableStart, r.tableEnd);
  if (tableValue === undefined) return undefined;
  return {
    table: tableValue,
    rows: r.rows,
    digest: uint64BigInt(r.digestLow, r.digestHigh),
    generation: r.generation,
  };
}

/** Bytes that `writeTableIntent` writes. */
export function sizeTableIntent(m: TableIntentInit): number {
  let size = 0;
  if (m.table !== undefined && m.table !== '') {
    const length = textSize(m.table);
    size += 1 + varintSize(length) + length;
  }
  if (m.rows !== undefined && m.rows !== 0) {
    size += 1 + varintSize(m.rows);
  }
  if (m.digest !== undefined && m.digest !== 0n) {
    size += 9;
  }
  if (m.generation !== undefined && m.generation !== 0) {
    size += 1 + varintSize(m.generation);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeTableIntent(m: TableIntentInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.table !== undefined && m.table !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.table);
  }
  if (m.rows !== undefined && m.rows !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.rows);
  }
  if (m.digest !== undefined && m.digest !== 0n) {
    bytes[at++] = 0x19;
    at = writeFixed64(bytes, at, m.digest);
  }
  if (m.generation !== undefined && m.generation !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.generation);
  }
  return at;
}

export function encodeTableIntent(m: TableIntentInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeTableIntent(m));
  writeTableIntent(m, bytes, 0);
  return bytes;
}

export interface Intent {
  /** Sequence of the last control record covered; the first is the one after `hwm`. Fixes the range of the input log. */
  readonly to: number;
  readonly tables: readonly TableIntent[];
  /** First and last sequence of the input log that the rows come from. */
  readonly fromLogSeq: number;
  readonly toLogSeq: number;
}

export interface IntentInit {
  readonly to?: number | undefined;
  readonly tables?: readonly TableIntentInit[] | undefined;
  readonly fromLogSeq?: number | undefined;
  readonly toLogSeq?: number | undefined;
}

/** Reads `Intent`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class IntentReader {
  to = 0;
  tablesStarts = NO_OFFSETS;
  tablesEnds = NO_OFFSETS;
  tablesCount = 0;
  fromLogSeq = 0;
  toLogSeq = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.to = 0;
    this.tablesCount = 0;
    this.fromLogSeq = 0;
    this.toLogSeq = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.to = value;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.tablesCount;
          if (count === this.tablesStarts.length) {
            this.tablesStarts = growOffsets(this.tablesStarts);
            this.tablesEnds = growOffsets(this.tablesEnds);
          }
          this.tablesStarts[count] = at;
          at += length;
          this.tablesEnds[count] = at;
          this.tablesCount = count + 1;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.fromLogSeq = value;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.toLogSeq = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 4)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const intentReader = new IntentReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeIntent(bytes: Uint8Array, start = 0, end: number = bytes.length): Intent | undefined {
  const r = intentReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tablesList: TableIntent[] = [];
  for (let i = 0; i < r.tablesCount; i++) {
    const entry = decodeTableIntent(bytes, r.tablesStarts[i] as number, r.tablesEnds[i] as number);
    if (entry === undefined) return undefined;
    tablesList.push(entry);
  }
  return {
    to: r.to,
    tables: tablesList,
    fromLogSeq: r.fromLogSeq,
    toLogSeq: r.toLogSeq,
  };
}

/** Bytes that `writeIntent` writes. */
export function sizeIntent(m: IntentInit): number {
  let size = 0;
  if (m.to !== undefined && m.to !== 0) {
    size += 1 + varintSize(m.to);
  }
  if (m.tables !== undefined && m.tables.length > 0) {
    for (const entry of m.tables) {
      const length = sizeTableIntent(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.fromLogSeq !== undefined && m.fromLogSeq !== 0) {
    size += 1 + varintSize(m.fromLogSeq);
  }
  if (m.toLogSeq !== undefined && m.toLogSeq !== 0) {
    size += 1 + varintSize(m.toLogSeq);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeIntent(m: IntentInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.to !== undefined && m.to !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.to);
  }
  if (m.tables !== undefined && m.tables.length > 0) {
    for (const entry of m.tables) {
      bytes[at++] = 0x12;
      at = writeVarint(bytes, at, sizeTableIntent(entry));
      at = writeTableIntent(entry, bytes, at);
    }
  }
  if (m.fromLogSeq !== undefined && m.fromLogSeq !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.fromLogSeq);
  }
  if (m.toLogSeq !== undefined && m.toLogSeq !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.toLogSeq);
  }
  return at;
}

export function encodeIntent(m: IntentInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeIntent(m));
  writeIntent(m, bytes, 0);
  return bytes;
}

export interface SinkState {
  /** Sequence of the last control record whose rows are all in ClickHouse. */
  readonly hwm: number;
  /** Input-log sequence that goes with it. */
  readonly hwmLogSeq: number;
  readonly intent?: Intent | undefined;
}

export interface SinkStateInit {
  readonly hwm?: number | undefined;
  readonly hwmLogSeq?: number | undefined;
  readonly intent?: IntentInit | undefined;
}

/** Reads `SinkState`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class SinkStateReader {
  hwm = 0;
  hwmLogSeq = 0;
  hasIntent = false;
  intentStart = 0;
  intentEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.hwm = 0;
    this.hwmLogSeq = 0;
    this.hasIntent = false;
    this.intentStart = 0;
    this.intentEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.hwm = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.hwmLogSeq = value;
          break;
        }
        case 26: {
          if (this.hasIntent) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.intentStart = at;
          at += length;
          this.intentEnd = at;
          this.hasIntent = true;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 3)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const sinkStateReader = new SinkStateReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeSinkState(bytes: Uint8Array, start = 0, end: number = bytes.length): SinkState | undefined {
  const r = sinkStateReader;
  if (!r.read(bytes, start, end)) return undefined;
  const intentValue = r.hasIntent ? decodeIntent(bytes, r.intentStart, r.intentEnd) : undefined;
  if (r.hasIntent && intentValue === undefined) return undefined;
  return {
    hwm: r.hwm,
    hwmLogSeq: r.hwmLogSeq,
    intent: intentValue,
  };
}

/** Bytes that `writeSinkState` writes. */
export function sizeSinkState(m: SinkStateInit): number {
  let size = 0;
  if (m.hwm !== undefined && m.hwm !== 0) {
    size += 1 + varintSize(m.hwm);
  }
  if (m.hwmLogSeq !== undefined && m.hwmLogSeq !== 0) {
    size += 1 + varintSize(m.hwmLogSeq);
  }
  if (m.intent !== undefined) {
    const length = sizeIntent(m.intent);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeSinkState(m: SinkStateInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.hwm !== undefined && m.hwm !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.hwm);
  }
  if (m.hwmLogSeq !== undefined && m.hwmLogSeq !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.hwmLogSeq);
  }
  if (m.intent !== undefined) {
    bytes[at++] = 0x1a;
    at = writeVarint(bytes, at, sizeIntent(m.intent));
    at = writeIntent(m.intent, bytes, at);
  }
  return at;
}

export function encodeSinkState(m: SinkStateInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeSinkState(m));
  writeSinkState(m, bytes, 0);
  return bytes;
}

export interface Claim {
  readonly node: string;
  /** The process; names its queries in ClickHouse (`sink:<instance>:<n>`). */
  readonly instance: string;
  readonly previousInstance: string;
  readonly previousEpoch: number;
}

export interface ClaimInit {
  readonly node?: string | undefined;
  readonly instance?: string | undefined;
  readonly previousInstance?: string | undefined;
  readonly previousEpoch?: number | undefined;
}

/** Reads `Claim`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class ClaimReader {
  nodeStart = 0;
  nodeEnd = 0;
  instanceStart = 0;
  instanceEnd = 0;
  previousInstanceStart = 0;
  previousInstanceEnd = 0;
  previousEpoch = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.nodeStart = 0;
    this.nodeEnd = 0;
    this.instanceStart = 0;
    this.instanceEnd = 0;
    this.previousInstanceStart = 0;
    this.previousInstanceEnd = 0;
    this.previousEpoch = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.nodeStart = at;
          at += length;
          this.nodeEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.instanceStart = at;
          at += length;
          this.instanceEnd = at;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.previousInstanceStart = at;
          at += length;
          this.previousInstanceEnd = at;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.previousEpoch = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 4)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const claimReader = new ClaimReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeClaim(bytes: Uint8Array, start = 0, end: number = bytes.length): Claim | undefined {
  const r = claimReader;
  if (!r.read(bytes, start, end)) return undefined;
  const nodeValue = readExactText(bytes, r.nodeStart, r.nodeEnd);
  if (nodeValue === undefined) return undefined;
  const instanceValue = readExactText(bytes, r.instanceStart, r.instanceEnd);
  if (instanceValue === undefined) return undefined;
  const previousInstanceValue = readExactText(bytes, r.previousInstanceStart, r.previousInstanceEnd);
  if (previousInstanceValue === undefined) return undefined;
  return {
    node: nodeValue,
    instance: instanceValue,
    previousInstance: previousInstanceValue,
    previousEpoch: r.previousEpoch,
  };
}

/** Bytes that `writeClaim` writes. */
export function sizeClaim(m: ClaimInit): number {
  let size = 0;
  if (m.node !== undefined && m.node !== '') {
    const length = textSize(m.node);
    size += 1 + varintSize(length) + length;
  }
  if (m.instance !== undefined && m.instance !== '') {
    const length = textSize(m.instance);
    size += 1 + varintSize(length) + length;
  }
  if (m.previousInstance !== undefined && m.previousInstance !== '') {
    const length = textSize(m.previousInstance);
    size += 1 + varintSize(length) + length;
  }
  if (m.previousEpoch !== undefined && m.previousEpoch !== 0) {
    size += 1 + varintSize(m.previousEpoch);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeClaim(m: ClaimInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.node !== undefined && m.node !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.node);
  }
  if (m.instance !== undefined && m.instance !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.instance);
  }
  if (m.previousInstance !== undefined && m.previousInstance !== '') {
    bytes[at++] = 0x1a;
    at = writeText(bytes, at, m.previousInstance);
  }
  if (m.previousEpoch !== undefined && m.previousEpoch !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.previousEpoch);
  }
  return at;
}

export function encodeClaim(m: ClaimInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeClaim(m));
  writeClaim(m, bytes, 0);
  return bytes;
}

/** The log lost its end: messages (kept, resumed) are gone for ever, positions go on at `resumed_seq`. */
export interface Repair {
  readonly keptSeq: number;
  readonly resumedSeq: number;
  readonly what: string;
}

export interface RepairInit {
  readonly keptSeq?: number | undefined;
  readonly resumedSeq?: number | undefined;
  readonly what?: string | undefined;
}

/** Reads `Repair`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class RepairReader {
  keptSeq = 0;
  resumedSeq = 0;
  whatStart = 0;
  whatEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.keptSeq = 0;
    this.resumedSeq = 0;
    this.whatStart = 0;
    this.whatEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.keptSeq = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.resumedSeq = value;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.whatStart = at;
          at += length;
          this.whatEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 3)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const repairReader = new RepairReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeRepair(bytes: Uint8Array, start = 0, end: number = bytes.length): Repair | undefined {
  const r = repairReader;
  if (!r.read(bytes, start, end)) return undefined;
  const whatValue = readExactText(bytes, r.whatStart, r.whatEnd);
  if (whatValue === undefined) return undefined;
  return {
    keptSeq: r.keptSeq,
    resumedSeq: r.resumedSeq,
    what: whatValue,
  };
}

/** Bytes that `writeRepair` writes. */
export function sizeRepair(m: RepairInit): number {
  let size = 0;
  if (m.keptSeq !== undefined && m.keptSeq !== 0) {
    size += 1 + varintSize(m.keptSeq);
  }
  if (m.resumedSeq !== undefined && m.resumedSeq !== 0) {
    size += 1 + varintSize(m.resumedSeq);
  }
  if (m.what !== undefined && m.what !== '') {
    const length = textSize(m.what);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeRepair(m: RepairInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.keptSeq !== undefined && m.keptSeq !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.keptSeq);
  }
  if (m.resumedSeq !== undefined && m.resumedSeq !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.resumedSeq);
  }
  if (m.what !== undefined && m.what !== '') {
    bytes[at++] = 0x1a;
    at = writeText(bytes, at, m.what);
  }
  return at;
}

export function encodeRepair(m: RepairInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeRepair(m));
  writeRepair(m, bytes, 0);
  return bytes;
}

export interface ControlRecord {
  readonly kind: number;
  /** Sequence of the owner's claim; 0 in a claim itself. */
  readonly epoch: number;
  readonly foldVersion: number;
  /** The messages of the input log that this record covers; to_seq = from_seq - 1 covers none. */
  readonly fromSeq: number;
  readonly toSeq: number;
  /** The last message covered up to and including this record. */
  readonly last?: CoveredMessage | undefined;
  /** Log time before from_seq and after to_seq. Rows are a function of the range and the first. */
  readonly logMsBefore: number;
  readonly logMs: number;
  readonly exceptions?: OutcomeRuns | undefined;
  readonly decisions: readonly Decision[];
  /** Effects of records up to this sequence were dispatched. */
  readonly outboxDone: number;
  readonly sink?: SinkState | undefined;
  readonly claim?: Claim | undefined;
  readonly repair?: Repair | undefined;
  /** Events and rows that this record covers. */
  readonly events: number;
  readonly rows: number;
}

export interface ControlRecordInit {
  readonly kind?: number | undefined;
  readonly epoch?: number | undefined;
  readonly foldVersion?: number | undefined;
  readonly fromSeq?: number | undefined;
  readonly toSeq?: number | undefined;
  readonly last?: CoveredMessageInit | undefined;
  readonly logMsBefore?: number | undefined;
  readonly logMs?: number | undefined;
  readonly exceptions?: OutcomeRunsInit | undefined;
  readonly decisions?: readonly DecisionInit[] | undefined;
  readonly outboxDone?: number | undefined;
  readonly sink?: SinkStateInit | undefined;
  readonly claim?: ClaimInit | undefined;
  readonly repair?: RepairInit | undefined;
  readonly events?: number | undefined;
  readonly rows?: number | undefined;
}

/** Reads `ControlRecord`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class ControlRecordReader {
  kind = 0;
  epoch = 0;
  foldVersion = 0;
  fromSeq = 0;
  toSeq = 0;
  hasLast = false;
  lastStart = 0;
  lastEnd = 0;
  logMsBefore = 0;
  logMs = 0;
  hasExceptions = false;
  exceptionsStart = 0;
  exceptionsEnd = 0;
  decisionsStarts = NO_OFFSETS;
  decisionsEnds = NO_OFFSETS;
  decisionsCount = 0;
  outboxDone = 0;
  hasSink = false;
  sinkStart = 0;
  sinkEnd = 0;
  hasClaim = false;
  claimStart = 0;
  claimEnd = 0;
  hasRepair = false;
  repairStart = 0;
  repairEnd = 0;
  events = 0;
  rows = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.kind = 0;
    this.epoch = 0;
    this.foldVersion = 0;
    this.fromSeq = 0;
    this.toSeq = 0;
    this.hasLast = false;
    this.lastStart = 0;
    this.lastEnd = 0;
    this.logMsBefore = 0;
    this.logMs = 0;
    this.hasExceptions = false;
    this.exceptionsStart = 0;
    this.exceptionsEnd = 0;
    this.decisionsCount = 0;
    this.outboxDone = 0;
    this.hasSink = false;
    this.sinkStart = 0;
    this.sinkEnd = 0;
    this.hasClaim = false;
    this.claimStart = 0;
    this.claimEnd = 0;
    this.hasRepair = false;
    this.repairStart = 0;
    this.repairEnd = 0;
    this.events = 0;
    this.rows = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0x7fffffff) return false;
          this.kind = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.epoch = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.foldVersion = value;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.fromSeq = value;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.toSeq = value;
          break;
        }
        case 50: {
          if (this.hasLast) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.lastStart = at;
          at += length;
          this.lastEnd = at;
          this.hasLast = true;
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.logMsBefore = value;
          break;
        }
        case 64: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.logMs = value;
          break;
        }
        case 74: {
          if (this.hasExceptions) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.exceptionsStart = at;
          at += length;
          this.exceptionsEnd = at;
          this.hasExceptions = true;
          break;
        }
        case 82: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.decisionsCount;
          if (count === this.decisionsStarts.length) {
            this.decisionsStarts = growOffsets(this.decisionsStarts);
            this.decisionsEnds = growOffsets(this.decisionsEnds);
          }
          this.decisionsStarts[count] = at;
          at += length;
          this.decisionsEnds[count] = at;
          this.decisionsCount = count + 1;
          break;
        }
        case 88: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.outboxDone = value;
          break;
        }
        case 98: {
          if (this.hasSink) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sinkStart = at;
          at += length;
          this.sinkEnd = at;
          this.hasSink = true;
          break;
        }
        case 106: {
          if (this.hasClaim) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.claimStart = at;
          at += length;
          this.claimEnd = at;
          this.hasClaim = true;
          break;
        }
        case 114: {
          if (this.hasRepair) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.repairStart = at;
          at += length;
          this.repairEnd = at;
          this.hasRepair = true;
          break;
        }
        case 120: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.events = value;
          break;
        }
        case 128: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.rows = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 16)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const controlRecordReader = new ControlRecordReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeControlRecord(bytes: Uint8Array, start = 0, end: number = bytes.length): ControlRecord | undefined {
  const r = controlRecordReader;
  if (!r.read(bytes, start, end)) return undefined;
  const lastValue = r.hasLast ? decodeCoveredMessage(bytes, r.lastStart, r.lastEnd) : undefined;
  if (r.hasLast && lastValue === undefined) return undefined;
  const exceptionsValue = r.hasExceptions ? decodeOutcomeRuns(bytes, r.exceptionsStart, r.exceptionsEnd) : undefined;
  if (r.hasExceptions && exceptionsValue === undefined) return undefined;
  const decisionsList: Decision[] = [];
  for (let i = 0; i < r.decisionsCount; i++) {
    const entry = decodeDecision(bytes, r.decisionsStarts[i] as number, r.decisionsEnds[i] as number);
    if (entry === undefined) return undefined;
    decisionsList.push(entry);
  }
  const sinkValue = r.hasSink ? decodeSinkState(bytes, r.sinkStart, r.sinkEnd) : undefined;
  if (r.hasSink && sinkValue === undefined) return undefined;
  const claimValue = r.hasClaim ? decodeClaim(bytes, r.claimStart, r.claimEnd) : undefined;
  if (r.hasClaim && claimValue === undefined) return undefined;
  const repairValue = r.hasRepair ? decodeRepair(bytes, r.repairStart, r.repairEnd) : undefined;
  if (r.hasRepair && repairValue === undefined) return undefined;
  return {
    kind: r.kind,
    epoch: r.epoch,
    foldVersion: r.foldVersion,
    fromSeq: r.fromSeq,
    toSeq: r.toSeq,
    last: lastValue,
    logMsBefore: r.logMsBefore,
    logMs: r.logMs,
    exceptions: exceptionsValue,
    decisions: decisionsList,
    outboxDone: r.outboxDone,
    sink: sinkValue,
    claim: claimValue,
    repair: repairValue,
    events: r.events,
    rows: r.rows,
  };
}

/** Bytes that `writeControlRecord` writes. */
export function sizeControlRecord(m: ControlRecordInit): number {
  let size = 0;
  if (m.kind !== undefined && m.kind !== 0) {
    size += 1 + varintSize(m.kind);
  }
  if (m.epoch !== undefined && m.epoch !== 0) {
    size += 1 + varintSize(m.epoch);
  }
  if (m.foldVersion !== undefined && m.foldVersion !== 0) {
    size += 1 + varintSize(m.foldVersion);
  }
  if (m.fromSeq !== undefined && m.fromSeq !== 0) {
    size += 1 + varintSize(m.fromSeq);
  }
  if (m.toSeq !== undefined && m.toSeq !== 0) {
    size += 1 + varintSize(m.toSeq);
  }
  if (m.last !== undefined) {
    const length = sizeCoveredMessage(m.last);
    size += 1 + varintSize(length) + length;
  }
  if (m.logMsBefore !== undefined && m.logMsBefore !== 0) {
    size += 1 + varintSize(m.logMsBefore);
  }
  if (m.logMs !== undefined && m.logMs !== 0) {
    size += 1 + varintSize(m.logMs);
  }
  if (m.exceptions !== undefined) {
    const length = sizeOutcomeRuns(m.exceptions);
    size += 1 + varintSize(length) + length;
  }
  if (m.decisions !== undefined && m.decisions.length > 0) {
    for (const entry of m.decisions) {
      const length = sizeDecision(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.outboxDone !== undefined && m.outboxDone !== 0) {
    size += 1 + varintSize(m.outboxDone);
  }
  if (m.sink !== undefined) {
    const length = sizeSinkState(m.sink);
    size += 1 + varintSize(length) + length;
  }
  if (m.claim !== undefined) {
    const length = sizeClaim(m.claim);
    size += 1 + varintSize(length) + length;
  }
  if (m.repair !== undefined) {
    const length = sizeRepair(m.repair);
    size += 1 + varintSize(length) + length;
  }
  if (m.events !== undefined && m.events !== 0) {
    size += 1 + varintSize(m.events);
  }
  if (m.rows !== undefined && m.rows !== 0) {
    size += 2 + varintSize(m.rows);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeControlRecord(m: ControlRecordInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.kind !== undefined && m.kind !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.kind);
  }
  if (m.epoch !== undefined && m.epoch !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.epoch);
  }
  if (m.foldVersion !== undefined && m.foldVersion !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.foldVersion);
  }
  if (m.fromSeq !== undefined && m.fromSeq !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.fromSeq);
  }
  if (m.toSeq !== undefined && m.toSeq !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.toSeq);
  }
  if (m.last !== undefined) {
    bytes[at++] = 0x32;
    at = writeVarint(bytes, at, sizeCoveredMessage(m.last));
    at = writeCoveredMessage(m.last, bytes, at);
  }
  if (m.logMsBefore !== undefined && m.logMsBefore !== 0) {
    bytes[at++] = 0x38;
    at = writeVarint(bytes, at, m.logMsBefore);
  }
  if (m.logMs !== undefined && m.logMs !== 0) {
    bytes[at++] = 0x40;
    at = writeVarint(bytes, at, m.logMs);
  }
  if (m.exceptions !== undefined) {
    bytes[at++] = 0x4a;
    at = writeVarint(bytes, at, sizeOutcomeRuns(m.exceptions));
    at = writeOutcomeRuns(m.exceptions, bytes, at);
  }
  if (m.decisions !== undefined && m.decisions.length > 0) {
    for (const entry of m.decisions) {
      bytes[at++] = 0x52;
      at = writeVarint(bytes, at, sizeDecision(entry));
      at = writeDecision(entry, bytes, at);
    }
  }
  if (m.outboxDone !== undefined && m.outboxDone !== 0) {
    bytes[at++] = 0x58;
    at = writeVarint(bytes, at, m.outboxDone);
  }
  if (m.sink !== undefined) {
    bytes[at++] = 0x62;
    at = writeVarint(bytes, at, sizeSinkState(m.sink));
    at = writeSinkState(m.sink, bytes, at);
  }
  if (m.claim !== undefined) {
    bytes[at++] = 0x6a;
    at = writeVarint(bytes, at, sizeClaim(m.claim));
    at = writeClaim(m.claim, bytes, at);
  }
  if (m.repair !== undefined) {
    bytes[at++] = 0x72;
    at = writeVarint(bytes, at, sizeRepair(m.repair));
    at = writeRepair(m.repair, bytes, at);
  }
  if (m.events !== undefined && m.events !== 0) {
    bytes[at++] = 0x78;
    at = writeVarint(bytes, at, m.events);
  }
  if (m.rows !== undefined && m.rows !== 0) {
    bytes[at++] = 0x80;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.rows);
  }
  return at;
}

export function encodeControlRecord(m: ControlRecordInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeControlRecord(m));
  writeControlRecord(m, bytes, 0);
  return bytes;
}

/** A leaf of `latest`: the value, when it was measured, and the event that brought it. */
export interface Leaf {
  /** Index into TwinSnapshot.names. */
  readonly name: number;
  readonly number?: number | undefined;
  readonly boolean?: boolean | undefined;
  readonly text?: string | undefined;
  readonly integer?: number | bigint | undefined;
  readonly eventMs: number;
  readonly seq: number;
  readonly index: number;
  readonly item: number;
  /** An integer beyond 2^53, in decimal digits. */
  readonly digits?: string | undefined;
}

export interface LeafInit {
  readonly name?: number | undefined;
  readonly number?: number | undefined;
  readonly boolean?: boolean | undefined;
  readonly text?: string | undefined;
  readonly integer?: number | bigint | undefined;
  readonly eventMs?: number | undefined;
  readonly seq?: number | undefined;
  readonly index?: number | undefined;
  readonly item?: number | undefined;
  readonly digits?: string | undefined;
}

/** Reads `Leaf`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class LeafReader {
  name = 0;
  number = 0;
  boolean = false;
  textStart = 0;
  textEnd = 0;
  integer = 0;
  integerLow = 0;
  integerHigh = 0;
  eventMs = 0;
  seq = 0;
  index = 0;
  item = 0;
  digitsStart = 0;
  digitsEnd = 0;
  /** LEAF_VALUE: which member is set. */
  valueCase = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.name = 0;
    this.eventMs = 0;
    this.seq = 0;
    this.index = 0;
    this.item = 0;
    this.valueCase = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.name = value;
          break;
        }
        case 17: {
          if (end - at < 8) return false;
          this.number = readDouble(bytes, at);
          at += 8;
          this.valueCase = 2;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.boolean = value !== 0;
          this.valueCase = 3;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.textStart = at;
          at += length;
          this.textEnd = at;
          this.valueCase = 4;
          break;
        }
        case 40: {
          if (!readZigzag(bytes, at, end)) return false;
          this.integerLow = cursor.low;
          this.integerHigh = cursor.high;
          this.integer = int64Number(cursor.low, cursor.high);
          at = cursor.at;
          this.valueCase = 5;
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.eventMs = value;
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.seq = value;
          break;
        }
        case 64: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.index = value;
          break;
        }
        case 72: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.item = value;
          break;
        }
        case 82: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.digitsStart = at;
          at += length;
          this.digitsEnd = at;
          this.valueCase = 10;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 10)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const leafReader = new LeafReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeLeaf(bytes: Uint8Array, start = 0, end: number = bytes.length): Leaf | undefined {
  const r = leafReader;
  if (!r.read(bytes, start, end)) return undefined;
  const textValue = r.valueCase === 4 ? readExactText(bytes, r.textStart, r.textEnd) : undefined;
  if (r.valueCase === 4 && textValue === undefined) return undefined;
  const digitsValue = r.valueCase === 10 ? readExactText(bytes, r.digitsStart, r.digitsEnd) : undefined;
  if (r.valueCase === 10 && digitsValue === undefined) return undefined;
  return {
    name: r.name,
    number: r.valueCase === 2 ? r.number : undefined,
    boolean: r.valueCase === 3 ? r.boolean : undefined,
    text: textValue,
    integer: r.valueCase === 5 ? int64Exact(r.integerLow, r.integerHigh) : undefined,
    eventMs: r.eventMs,
    seq: r.seq,
    index: r.index,
    item: r.item,
    digits: digitsValue,
  };
}

/** Bytes that `writeLeaf` writes. */
export function sizeLeaf(m: LeafInit): number {
  let size = 0;
  if (m.name !== undefined && m.name !== 0) {
    size += 1 + varintSize(m.name);
  }
  if (m.number !== undefined) {
    size += 9;
  }
  if (m.boolean !== undefined) {
    size += 2;
  }
  if (m.text !== undefined) {
    const length = textSize(m.text);
    size += 1 + varintSize(length) + length;
  }
  if (m.integer !== undefined) {
    size += 1 + zigzagSize(m.integer);
  }
  if (m.eventMs !== undefined && m.eventMs !== 0) {
    size += 1 + varintSize(m.eventMs);
  }
  if (m.seq !== undefined && m.seq !== 0) {
    size += 1 + varintSize(m.seq);
  }
  if (m.index !== undefined && m.index !== 0) {
    size += 1 + varintSize(m.index);
  }
  if (m.item !== undefined && m.item !== 0) {
    size += 1 + varintSize(m.item);
  }
  if (m.digits !== undefined) {
    const length = textSize(m.digits);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeLeaf(m: LeafInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.name !== undefined && m.name !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.name);
  }
  if (m.number !== undefined) {
    bytes[at++] = 0x11;
    at = writeDouble(bytes, at, m.number);
  }
  if (m.boolean !== undefined) {
    bytes[at++] = 0x18;
    bytes[at++] = m.boolean ? 1 : 0;
  }
  if (m.text !== undefined) {
    bytes[at++] = 0x22;
    at = writeText(bytes, at, m.text);
  }
  if (m.integer !== undefined) {
    bytes[at++] = 0x28;
    at = writeZigzag(bytes, at, m.integer);
  }
  if (m.eventMs !== undefined && m.eventMs !== 0) {
    bytes[at++] = 0x30;
    at = writeVarint(bytes, at, m.eventMs);
  }
  if (m.seq !== undefined && m.seq !== 0) {
    bytes[at++] = 0x38;
    at = writeVarint(bytes, at, m.seq);
  }
  if (m.index !== undefined && m.index !== 0) {
    bytes[at++] = 0x40;
    at = writeVarint(bytes, at, m.index);
  }
  if (m.item !== undefined && m.item !== 0) {
    bytes[at++] = 0x48;
    at = writeVarint(bytes, at, m.item);
  }
  if (m.digits !== undefined) {
    bytes[at++] = 0x52;
    at = writeText(bytes, at, m.digits);
  }
  return at;
}

export function encodeLeaf(m: LeafInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeLeaf(m));
  writeLeaf(m, bytes, 0);
  return bytes;
}

/** Which of a boot's sequences were seen: the highest and the 64 below it. */
export interface BootWindow {
  readonly bootId: number;
  readonly highest: number;
  readonly window: bigint;
}

export interface BootWindowInit {
  readonly bootId?: number | undefined;
  readonly highest?: number | undefined;
  readonly window?: bigint | undefined;
}

/** Reads `BootWindow`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class BootWindowReader {
  bootId = 0;
  highest = 0;
  windowLow = 0;
  windowHigh = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.bootId = 0;
    this.highest = 0;
    this.windowLow = 0;
    this.windowHigh = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.bootId = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.highest = value;
          break;
        }
        case 25: {
          if (end - at < 8) return false;
          this.windowLow = readFixed32(bytes, at);
          this.windowHigh = readFixed32(bytes, at + 4);
          at += 8;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 3)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const bootWindowReader = new BootWindowReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeBootWindow(bytes: Uint8Array, start = 0, end: number = bytes.length): BootWindow | undefined {
  const r = bootWindowReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    bootId: r.bootId,
    highest: r.highest,
    window: uint64BigInt(r.windowLow, r.windowHigh),
  };
}

/** Bytes that `writeBootWindow` writes. */
export function sizeBootWindow(m: BootWindowInit): number {
  let size = 0;
  if (m.bootId !== undefined && m.bootId !== 0) {
    size += 1 + varintSize(m.bootId);
  }
  if (m.highest !== undefined && m.highest !== 0) {
    size += 1 + varintSize(m.highest);
  }
  if (m.window !== undefined && m.window !== 0n) {
    size += 9;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeBootWindow(m: BootWindowInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.bootId !== undefined && m.bootId !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.bootId);
  }
  if (m.highest !== undefined && m.highest !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.highest);
  }
  if (m.window !== undefined && m.window !== 0n) {
    bytes[at++] = 0x19;
    at = writeFixed64(bytes, at, m.window);
  }
  return at;
}

export function encodeBootWindow(m: BootWindowInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBootWindow(m));
  writeBootWindow(m, bytes, 0);
  return bytes;
}

/** A section or named document other than `latest`, in its canonical JSON with a cause at every leaf. */
export interface TwinSection {
  readonly section: string;
  readonly document: string;
  readonly version: number;
  readonly body: Uint8Array;
}

export interface TwinSectionInit {
  readonly section?: string | undefined;
  readonly document?: string | undefined;
  readonly version?: number | undefined;
  readonly body?: Uint8Array | undefined;
}

/** Reads `TwinSection`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class TwinSectionReader {
  sectionStart = 0;
  sectionEnd = 0;
  documentStart = 0;
  documentEnd = 0;
  version = 0;
  bodyStart = 0;
  bodyEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.sectionStart = 0;
    this.sectionEnd = 0;
    this.documentStart = 0;
    this.documentEnd = 0;
    this.version = 0;
    this.bodyStart = 0;
    this.bodyEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sectionStart = at;
          at += length;
          this.sectionEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.documentStart = at;
          at += length;
          this.documentEnd = at;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.version = value;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.bodyStart = at;
          at += length;
          this.bodyEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 4)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const twinSectionReader = new TwinSectionReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeTwinSection(bytes: Uint8Array, start = 0, end: number = bytes.length): TwinSection | undefined {
  const r = twinSectionReader;
  if (!r.read(bytes, start, end)) return undefined;
  const sectionValue = readExactText(bytes, r.sectionStart, r.sectionEnd);
  if (sectionValue === undefined) return undefined;
  const documentValue = readExactText(bytes, r.documentStart, r.documentEnd);
  if (documentValue === undefined) return undefined;
  return {
    section: sectionValue,
    document: documentValue,
    version: r.version,
    body: copyBytes(bytes, r.bodyStart, r.bodyEnd),
  };
}

/** Bytes that `writeTwinSection` writes. */
export function sizeTwinSection(m: TwinSectionInit): number {
  let size = 0;
  if (m.section !== undefined && m.section !== '') {
    const length = textSize(m.section);
    size += 1 + varintSize(length) + length;
  }
  if (m.document !== undefined && m.document !== '') {
    const length = textSize(m.document);
    size += 1 + varintSize(length) + length;
  }
  if (m.version !== undefined && m.version !== 0) {
    size += 1 + varintSize(m.version);
  }
  if (m.body !== undefined && m.body.length > 0) {
    size += 1 + varintSize(m.body.length) + m.body.length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeTwinSection(m: TwinSectionInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.section !== undefined && m.section !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.section);
  }
  if (m.document !== undefined && m.document !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.document);
  }
  if (m.version !== undefined && m.version !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.version);
  }
  if (m.body !== undefined && m.body.length > 0) {
    bytes[at++] = 0x22;
    at = writeBytes(bytes, at, m.body);
  }
  return at;
}

export function encodeTwinSection(m: TwinSectionInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeTwinSection(m));
  writeTwinSection(m, bytes, 0);
  return bytes;
}

export interface ClaimedId {
  readonly id: string;
  readonly seq: number;
  readonly index: number;
}

export interface ClaimedIdInit {
  readonly id?: string | undefined;
  readonly seq?: number | undefined;
  readonly index?: number | undefined;
}

/** Reads `ClaimedId`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class ClaimedIdReader {
  idStart = 0;
  idEnd = 0;
  seq = 0;
  index = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.idStart = 0;
    this.idEnd = 0;
    this.seq = 0;
    this.index = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.idStart = at;
          at += length;
          this.idEnd = at;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.seq = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.index = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 3)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const claimedIdReader = new ClaimedIdReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeClaimedId(bytes: Uint8Array, start = 0, end: number = bytes.length): ClaimedId | undefined {
  const r = claimedIdReader;
  if (!r.read(bytes, start, end)) return undefined;
  const idValue = readExactText(bytes, r.idStart, r.idEnd);
  if (idValue === undefined) return undefined;
  return {
    id: idValue,
    seq: r.seq,
    index: r.index,
  };
}

/** Bytes that `writeClaimedId` writes. */
export function sizeClaimedId(m: ClaimedIdInit): number {
  let size = 0;
  if (m.id !== undefined && m.id !== '') {
    const length = textSize(m.id);
    size += 1 + varintSize(length) + length;
  }
  if (m.seq !== undefined && m.seq !== 0) {
    size += 1 + varintSize(m.seq);
  }
  if (m.index !== undefined && m.index !== 0) {
    size += 1 + varintSize(m.index);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeClaimedId(m: ClaimedIdInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.id !== undefined && m.id !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.id);
  }
  if (m.seq !== undefined && m.seq !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.seq);
  }
  if (m.index !== undefined && m.index !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.index);
  }
  return at;
}

export function encodeClaimedId(m: ClaimedIdInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeClaimedId(m));
  writeClaimedId(m, bytes, 0);
  return bytes;
}

export interface DeviceState {
  readonly tenant: string;
  readonly device: string;
  readonly latest: readonly Leaf[];
  readonly boots: readonly BootWindow[];
  /** Ids that the client chose, with the position of the first event that bore each. */
  readonly claimedIds: readonly ClaimedId[];
  readonly sections: readonly TwinSection[];
  readonly lastSeq: number;
  readonly lastIndex: number;
  readonly firstSeq: number;
  readonly connection: number;
}

export interface DeviceStateInit {
  readonly tenant?: string | undefined;
  readonly device?: string | undefined;
  readonly latest?: readonly LeafInit[] | undefined;
  readonly boots?: readonly BootWindowInit[] | undefined;
  readonly claimedIds?: readonly ClaimedIdInit[] | undefined;
  readonly sections?: readonly TwinSectionInit[] | undefined;
  readonly lastSeq?: number | undefined;
  readonly lastIndex?: number | undefined;
  readonly firstSeq?: number | undefined;
  readonly connection?: number | undefined;
}

/** Reads `DeviceState`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class DeviceStateReader {
  tenantStart = 0;
  tenantEnd = 0;
  deviceStart = 0;
  deviceEnd = 0;
  latestStarts = NO_OFFSETS;
  latestEnds = NO_OFFSETS;
  latestCount = 0;
  bootsStarts = NO_OFFSETS;
  bootsEnds = NO_OFFSETS;
  bootsCount = 0;
  claimedIdsStarts = NO_OFFSETS;
  claimedIdsEnds = NO_OFFSETS;
  claimedIdsCount = 0;
  sectionsStarts = NO_OFFSETS;
  sectionsEnds = NO_OFFSETS;
  sectionsCount = 0;
  lastSeq = 0;
  lastIndex = 0;
  firstSeq = 0;
  connection = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.deviceStart = 0;
    this.deviceEnd = 0;
    this.latestCount = 0;
    this.bootsCount = 0;
    this.claimedIdsCount = 0;
    this.sectionsCount = 0;
    this.lastSeq = 0;
    this.lastIndex = 0;
    this.firstSeq = 0;
    this.connection = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.deviceStart = at;
          at += length;
          this.deviceEnd = at;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.latestCount;
          if (count === this.latestStarts.length) {
            this.latestStarts = growOffsets(this.latestStarts);
            this.latestEnds = growOffsets(this.latestEnds);
          }
          this.latestStarts[count] = at;
          at += length;
          this.latestEnds[count] = at;
          this.latestCount = count + 1;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.bootsCount;
          if (count === this.bootsStarts.length) {
            this.bootsStarts = growOffsets(this.bootsStarts);
            this.bootsEnds = growOffsets(this.bootsEnds);
          }
          this.bootsStarts[count] = at;
          at += length;
          this.bootsEnds[count] = at;
          this.bootsCount = count + 1;
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.claimedIdsCount;
          if (count === this.claimedIdsStarts.length) {
            this.claimedIdsStarts = growOffsets(this.claimedIdsStarts);
            this.claimedIdsEnds = growOffsets(this.claimedIdsEnds);
          }
          this.claimedIdsStarts[count] = at;
          at += length;
          this.claimedIdsEnds[count] = at;
          this.claimedIdsCount = count + 1;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.sectionsCount;
          if (count === this.sectionsStarts.length) {
            this.sectionsStarts = growOffsets(this.sectionsStarts);
            this.sectionsEnds = growOffsets(this.sectionsEnds);
          }
          this.sectionsStarts[count] = at;
          at += length;
          this.sectionsEnds[count] = at;
          this.sectionsCount = count + 1;
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.lastSeq = value;
          break;
        }
        case 64: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.lastIndex = value;
          break;
        }
        case 72: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.firstSeq = value;
          break;
        }
        case 80: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.connection = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 10)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const deviceStateReader = new DeviceStateReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeDeviceState(bytes: Uint8Array, start = 0, end: number = bytes.length): DeviceState | undefined {
  const r = deviceStateReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const deviceValue = readExactText(bytes, r.deviceStart, r.deviceEnd);
  if (deviceValue === undefined) return undefined;
  const latestList: Leaf[] = [];
  for (let i = 0; i < r.latestCount; i++) {
    const entry = decodeLeaf(bytes, r.latestStarts[i] as number, r.latestEnds[i] as number);
    if (entry === undefined) return undefined;
    latestList.push(entry);
  }
  const bootsList: BootWindow[] = [];
  for (let i = 0; i < r.bootsCount; i++) {
    const entry = decodeBootWindow(bytes, r.bootsStarts[i] as number, r.bootsEnds[i] as number);
    if (entry === undefined) return undefined;
    bootsList.push(entry);
  }
  const claimedIdsList: ClaimedId[] = [];
  for (let i = 0; i < r.claimedIdsCount; i++) {
    const entry = decodeClaimedId(bytes, r.claimedIdsStarts[i] as number, r.claimedIdsEnds[i] as number);
    if (entry === undefined) return undefined;
    claimedIdsList.push(entry);
  }
  const sectionsList: TwinSection[] = [];
  for (let i = 0; i < r.sectionsCount; i++) {
    const entry = decodeTwinSection(bytes, r.sectionsStarts[i] as number, r.sectionsEnds[i] as number);
    if (entry === undefined) return undefined;
    sectionsList.push(entry);
  }
  return {
    tenant: tenantValue,
    device: deviceValue,
    latest: latestList,
    boots: bootsList,
    claimedIds: claimedIdsList,
    sections: sectionsList,
    lastSeq: r.lastSeq,
    lastIndex: r.lastIndex,
    firstSeq: r.firstSeq,
    connection: r.connection,
  };
}

/** Bytes that `writeDeviceState` writes. */
export function sizeDeviceState(m: DeviceStateInit): number {
  let size = 0;
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.device !== undefined && m.device !== '') {
    const length = textSize(m.device);
    size += 1 + varintSize(length) + length;
  }
  if (m.latest !== undefined && m.latest.length > 0) {
    for (const entry of m.latest) {
      const length = sizeLeaf(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.boots !== undefined && m.boots.length > 0) {
    for (const entry of m.boots) {
      const length = sizeBootWindow(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.claimedIds !== undefined && m.claimedIds.length > 0) {
    for (const entry of m.claimedIds) {
      const length = sizeClaimedId(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.sections !== undefined && m.sections.length > 0) {
    for (const entry of m.sections) {
      const length = sizeTwinSection(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.lastSeq !== undefined && m.lastSeq !== 0) {
    size += 1 + varintSize(m.lastSeq);
  }
  if (m.lastIndex !== undefined && m.lastIndex !== 0) {
    size += 1 + varintSize(m.lastIndex);
  }
  if (m.firstSeq !== undefined && m.firstSeq !== 0) {
    size += 1 + varintSize(m.firstSeq);
  }
  if (m.connection !== undefined && m.connection !== 0) {
    size += 1 + varintSize(m.connection);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeDeviceState(m: DeviceStateInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.device !== undefined && m.device !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.device);
  }
  if (m.latest !== undefined && m.latest.length > 0) {
    for (const entry of m.latest) {
      bytes[at++] = 0x1a;
      at = writeVarint(bytes, at, sizeLeaf(entry));
      at = writeLeaf(entry, bytes, at);
    }
  }
  if (m.boots !== undefined && m.boots.length > 0) {
    for (const entry of m.boots) {
      bytes[at++] = 0x22;
      at = writeVarint(bytes, at, sizeBootWindow(entry));
      at = writeBootWindow(entry, bytes, at);
    }
  }
  if (m.claimedIds !== undefined && m.claimedIds.length > 0) {
    for (const entry of m.claimedIds) {
      bytes[at++] = 0x2a;
      at = writeVarint(bytes, at, sizeClaimedId(entry));
      at = writeClaimedId(entry, bytes, at);
    }
  }
  if (m.sections !== undefined && m.sections.length > 0) {
    for (const entry of m.sections) {
      bytes[at++] = 0x32;
      at = writeVarint(bytes, at, sizeTwinSection(entry));
      at = writeTwinSection(entry, bytes, at);
    }
  }
  if (m.lastSeq !== undefined && m.lastSeq !== 0) {
    bytes[at++] = 0x38;
    at = writeVarint(bytes, at, m.lastSeq);
  }
  if (m.lastIndex !== undefined && m.lastIndex !== 0) {
    bytes[at++] = 0x40;
    at = writeVarint(bytes, at, m.lastIndex);
  }
  if (m.firstSeq !== undefined && m.firstSeq !== 0) {
    bytes[at++] = 0x48;
    at = writeVarint(bytes, at, m.firstSeq);
  }
  if (m.connection !== undefined && m.connection !== 0) {
    bytes[at++] = 0x50;
    at = writeVarint(bytes, at, m.connection);
  }
  return at;
}

export function encodeDeviceState(m: DeviceStateInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeDeviceState(m));
  writeDeviceState(m, bytes, 0);
  return bytes;
}

/** The last batch of each writer: what comes again with the same or a lower counter was folded already. */
export interface WriterState {
  readonly edgeEpoch: number;
  readonly counter: number;
  readonly seq: number;
  readonly logMs: number;
  readonly goneMs: number;
}

export interface WriterStateInit {
  readonly edgeEpoch?: number | undefined;
  readonly counter?: number | undefined;
  readonly seq?: number | undefined;
  readonly logMs?: number | undefined;
  readonly goneMs?: number | undefined;
}

/** Reads `WriterState`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class WriterStateReader {
  edgeEpoch = 0;
  counter = 0;
  seq = 0;
  logMs = 0;
  goneMs = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.edgeEpoch = 0;
    this.counter = 0;
    this.seq = 0;
    this.logMs = 0;
    this.goneMs = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeEpoch = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.counter = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.seq = value;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.logMs = value;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.goneMs = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 5)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const writerStateReader = new WriterStateReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeWriterState(bytes: Uint8Array, start = 0, end: number = bytes.length): WriterState | undefined {
  const r = writerStateReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    edgeEpoch: r.edgeEpoch,
    counter: r.counter,
    seq: r.seq,
    logMs: r.logMs,
    goneMs: r.goneMs,
  };
}

/** Bytes that `writeWriterState` writes. */
export function sizeWriterState(m: WriterStateInit): number {
  let size = 0;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    size += 1 + varintSize(m.edgeEpoch);
  }
  if (m.counter !== undefined && m.counter !== 0) {
    size += 1 + varintSize(m.counter);
  }
  if (m.seq !== undefined && m.seq !== 0) {
    size += 1 + varintSize(m.seq);
  }
  if (m.logMs !== undefined && m.logMs !== 0) {
    size += 1 + varintSize(m.logMs);
  }
  if (m.goneMs !== undefined && m.goneMs !== 0) {
    size += 1 + varintSize(m.goneMs);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeWriterState(m: WriterStateInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.edgeEpoch);
  }
  if (m.counter !== undefined && m.counter !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.counter);
  }
  if (m.seq !== undefined && m.seq !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.seq);
  }
  if (m.logMs !== undefined && m.logMs !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.logMs);
  }
  if (m.goneMs !== undefined && m.goneMs !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.goneMs);
  }
  return at;
}

export function encodeWriterState(m: WriterStateInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeWriterState(m));
  writeWriterState(m, bytes, 0);
  return bytes;
}

/** Sagas, sessions, quota accounts: whatever has `initialState` and `evolve` beside twins. */
export interface AggregateState {
  readonly kind: string;
  readonly tenant: string;
  readonly id: string;
  readonly version: number;
  readonly body: Uint8Array;
}

export interface AggregateStateInit {
  readonly kind?: string | undefined;
  readonly tenant?: string | undefined;
  readonly id?: string | undefined;
  readonly version?: number | undefined;
  readonly body?: Uint8Array | undefined;
}

/** Reads `AggregateState`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class AggregateStateReader {
  kindStart = 0;
  kindEnd = 0;
  tenantStart = 0;
  tenantEnd = 0;
  idStart = 0;
  idEnd = 0;
  version = 0;
  bodyStart = 0;
  bodyEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.kindStart = 0;
    this.kindEnd = 0;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.idStart = 0;
    this.idEnd = 0;
    this.version = 0;
    this.bodyStart = 0;
    this.bodyEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.kindStart = at;
          at += length;
          this.kindEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.idStart = at;
          at += length;
          this.idEnd = at;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.version = value;
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.bodyStart = at;
          at += length;
          this.bodyEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 5)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const aggregateStateReader = new AggregateStateReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeAggregateState(bytes: Uint8Array, start = 0, end: number = bytes.length): AggregateState | undefined {
  const r = aggregateStateReader;
  if (!r.read(bytes, start, end)) return undefined;
  const kindValue = readExactText(bytes, r.kindStart, r.kindEnd);
  if (kindValue === undefined) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const idValue = readExactText(bytes, r.idStart, r.idEnd);
  if (idValue === undefined) return undefined;
  return {
    kind: kindValue,
    tenant: tenantValue,
    id: idValue,
    version: r.version,
    body: copyBytes(bytes, r.bodyStart, r.bodyEnd),
  };
}

/** Bytes that `writeAggregateState` writes. */
export function sizeAggregateState(m: AggregateStateInit): number {
  let size = 0;
  if (m.kind !== undefined && m.kind !== '') {
    const length = textSize(m.kind);
    size += 1 + varintSize(length) + length;
  }
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.id !== undefined && m.id !== '') {
    const length = textSize(m.id);
    size += 1 + varintSize(length) + length;
  }
  if (m.version !== undefined && m.version !== 0) {
    size += 1 + varintSize(m.version);
  }
  if (m.body !== undefined && m.body.length > 0) {
    size += 1 + varintSize(m.body.length) + m.body.length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeAggregateState(m: AggregateStateInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.kind !== undefined && m.kind !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.kind);
  }
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.id !== undefined && m.id !== '') {
    bytes[at++] = 0x1a;
    at = writeText(bytes, at, m.id);
  }
  if (m.version !== undefined && m.version !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.version);
  }
  if (m.body !== undefined && m.body.length > 0) {
    bytes[at++] = 0x2a;
    at = writeBytes(bytes, at, m.body);
  }
  return at;
}

export function encodeAggregateState(m: AggregateStateInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeAggregateState(m));
  writeAggregateState(m, bytes, 0);
  return bytes;
}

export interface TwinSnapshot {
  readonly partition: number;
  readonly foldVersion: number;
  /** The control record that this covers, and with it the input log up to `last.seq`. */
  readonly recordSeq: number;
  readonly last?: CoveredMessage | undefined;
  readonly logMs: number;
  readonly names: readonly string[];
  readonly writers: readonly WriterState[];
  readonly devices: readonly DeviceState[];
  readonly aggregates: readonly AggregateState[];
}

export interface TwinSnapshotInit {
  readonly partition?: number | undefined;
  readonly foldVersion?: number | undefined;
  readonly recordSeq?: number | undefined;
  readonly last?: CoveredMessageInit | undefined;
  readonly logMs?: number | undefined;
  readonly names?: readonly string[] | undefined;
  readonly writers?: readonly WriterStateInit[] | undefined;
  readonly devices?: readonly DeviceStateInit[] | undefined;
  readonly aggregates?: readonly AggregateStateInit[] | undefined;
}

/** Reads `TwinSnapshot`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class TwinSnapshotReader {
  partition = 0;
  foldVersion = 0;
  recordSeq = 0;
  hasLast = false;
  lastStart = 0;
  lastEnd = 0;
  logMs = 0;
  namesStarts = NO_OFFSETS;
  namesEnds = NO_OFFSETS;
  namesCount = 0;
  writersStarts = NO_OFFSETS;
  writersEnds = NO_OFFSETS;
  writersCount = 0;
  devicesStarts = NO_OFFSETS;
  devicesEnds = NO_OFFSETS;
  devicesCount = 0;
  aggregatesStarts = NO_OFFSETS;
  aggregatesEnds = NO_OFFSETS;
  aggregatesCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.partition = 0;
    this.foldVersion = 0;
    this.recordSeq = 0;
    this.hasLast = false;
    this.lastStart = 0;
    this.lastEnd = 0;
    this.logMs = 0;
    this.namesCount = 0;
    this.writersCount = 0;
    this.devicesCount = 0;
    this.aggregatesCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.partition = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.foldVersion = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.recordSeq = value;
          break;
        }
        case 34: {
          if (this.hasLast) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.lastStart = at;
          at += length;
          this.lastEnd = at;
          this.hasLast = true;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.logMs = value;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.namesCount;
          if (count === this.namesStarts.length) {
            this.namesStarts = growOffsets(this.namesStarts);
            this.namesEnds = growOffsets(this.namesEnds);
          }
          this.namesStarts[count] = at;
          at += length;
          this.namesEnds[count] = at;
          this.namesCount = count + 1;
          break;
        }
        case 58: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.writersCount;
          if (count === this.writersStarts.length) {
            this.writersStarts = growOffsets(this.writersStarts);
            this.writersEnds = growOffsets(this.writersEnds);
          }
          this.writersStarts[count] = at;
          at += length;
          this.writersEnds[count] = at;
          this.writersCount = count + 1;
          break;
        }
        case 66: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.devicesCount;
          if (count === this.devicesStarts.length) {
            this.devicesStarts = growOffsets(this.devicesStarts);
            this.devicesEnds = growOffsets(this.devicesEnds);
          }
          this.devicesStarts[count] = at;
          at += length;
          this.devicesEnds[count] = at;
          this.devicesCount = count + 1;
          break;
        }
        case 74: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.aggregatesCount;
          if (count === this.aggregatesStarts.length) {
            this.aggregatesStarts = growOffsets(this.aggregatesStarts);
            this.aggregatesEnds = growOffsets(this.aggregatesEnds);
          }
          this.aggregatesStarts[count] = at;
          at += length;
          this.aggregatesEnds[count] = at;
          this.aggregatesCount = count + 1;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 9)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const twinSnapshotReader = new TwinSnapshotReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeTwinSnapshot(bytes: Uint8Array, start = 0, end: number = bytes.length): TwinSnapshot | undefined {
  const r = twinSnapshotReader;
  if (!r.read(bytes, start, end)) return undefined;
  const lastValue = r.hasLast ? decodeCoveredMessage(bytes, r.lastStart, r.lastEnd) : undefined;
  if (r.hasLast && lastValue === undefined) return undefined;
  const namesList: string[] = [];
  for (let i = 0; i < r.namesCount; i++) {
    const entry = readExactText(bytes, r.namesStarts[i] as number, r.namesEnds[i] as number);
    if (entry === undefined) return undefined;
    namesList.push(entry);
  }
  const writersList: WriterState[] = [];
  for (let i = 0; i < r.writersCount; i++) {
    const entry = decodeWriterState(bytes, r.writersStarts[i] as number, r.writersEnds[i] as number);
    if (entry === undefined) return undefined;
    writersList.push(entry);
  }
  const devicesList: DeviceState[] = [];
  for (let i = 0; i < r.devicesCount; i++) {
    const entry = decodeDeviceState(bytes, r.devicesStarts[i] as number, r.devicesEnds[i] as number);
    if (entry === undefined) return undefined;
    devicesList.push(entry);
  }
  const aggregatesList: AggregateState[] = [];
  for (let i = 0; i < r.aggregatesCount; i++) {
    const entry = decodeAggregateState(bytes, r.aggregatesStarts[i] as number, r.aggregatesEnds[i] as number);
    if (entry === undefined) return undefined;
    aggregatesList.push(entry);
  }
  return {
    partition: r.partition,
    foldVersion: r.foldVersion,
    recordSeq: r.recordSeq,
    last: lastValue,
    logMs: r.logMs,
    names: namesList,
    writers: writersList,
    devices: devicesList,
    aggregates: aggregatesList,
  };
}

/** Bytes that `writeTwinSnapshot` writes. */
export function sizeTwinSnapshot(m: TwinSnapshotInit): number {
  let size = 0;
  if (m.partition !== undefined && m.partition !== 0) {
    size += 1 + varintSize(m.partition);
  }
  if (m.foldVersion !== undefined && m.foldVersion !== 0) {
    size += 1 + varintSize(m.foldVersion);
  }
  if (m.recordSeq !== undefined && m.recordSeq !== 0) {
    size += 1 + varintSize(m.recordSeq);
  }
  if (m.last !== undefined) {
    const length = sizeCoveredMessage(m.last);
    size += 1 + varintSize(length) + length;
  }
  if (m.logMs !== undefined && m.logMs !== 0) {
    size += 1 + varintSize(m.logMs);
  }
  if (m.names !== undefined && m.names.length > 0) {
    for (const entry of m.names) {
      const length = textSize(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.writers !== undefined && m.writers.length > 0) {
    for (const entry of m.writers) {
      const length = sizeWriterState(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.devices !== undefined && m.devices.length > 0) {
    for (const entry of m.devices) {
      const length = sizeDeviceState(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.aggregates !== undefined && m.aggregates.length > 0) {
    for (const entry of m.aggregates) {
      const length = sizeAggregateState(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeTwinSnapshot(m: TwinSnapshotInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.partition !== undefined && m.partition !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.partition);
  }
  if (m.foldVersion !== undefined && m.foldVersion !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.foldVersion);
  }
  if (m.recordSeq !== undefined && m.recordSeq !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.recordSeq);
  }
  if (m.last !== undefined) {
    bytes[at++] = 0x22;
    at = writeVarint(bytes, at, sizeCoveredMessage(m.last));
    at = writeCoveredMessage(m.last, bytes, at);
  }
  if (m.logMs !== undefined && m.logMs !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.logMs);
  }
  if (m.names !== undefined && m.names.length > 0) {
    for (const entry of m.names) {
      bytes[at++] = 0x32;
      at = writeText(bytes, at, entry);
    }
  }
  if (m.writers !== undefined && m.writers.length > 0) {
    for (const entry of m.writers) {
      bytes[at++] = 0x3a;
      at = writeVarint(bytes, at, sizeWriterState(entry));
      at = writeWriterState(entry, bytes, at);
    }
  }
  if (m.devices !== undefined && m.devices.length > 0) {
    for (const entry of m.devices) {
      bytes[at++] = 0x42;
      at = writeVarint(bytes, at, sizeDeviceState(entry));
      at = writeDeviceState(entry, bytes, at);
    }
  }
  if (m.aggregates !== undefined && m.aggregates.length > 0) {
    for (const entry of m.aggregates) {
      bytes[at++] = 0x4a;
      at = writeVarint(bytes, at, sizeAggregateState(entry));
      at = writeAggregateState(entry, bytes, at);
    }
  }
  return at;
}

export function encodeTwinSnapshot(m: TwinSnapshotInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeTwinSnapshot(m));
  writeTwinSnapshot(m, bytes, 0);
  return bytes;
}

export interface AskTwin {
  readonly tenant: string;
  readonly device: string;
}

export interface AskTwinInit {
  readonly tenant?: string | undefined;
  readonly device?: string | undefined;
}

/** Reads `AskTwin`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class AskTwinReader {
  tenantStart = 0;
  tenantEnd = 0;
  deviceStart = 0;
  deviceEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.deviceStart = 0;
    this.deviceEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.deviceStart = at;
          at += length;
          this.deviceEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 2)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const askTwinReader = new AskTwinReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeAskTwin(bytes: Uint8Array, start = 0, end: number = bytes.length): AskTwin | undefined {
  const r = askTwinReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const deviceValue = readExactText(bytes, r.deviceStart, r.deviceEnd);
  if (deviceValue === undefined) return undefined;
  return {
    tenant: tenantValue,
    device: deviceValue,
  };
}

/** Bytes that `writeAskTwin` writes. */
export function sizeAskTwin(m: AskTwinInit): number {
  let size = 0;
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.device !== undefined && m.device !== '') {
    const length = textSize(m.device);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeAskTwin(m: AskTwinInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.device !== undefined && m.device !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.device);
  }
  return at;
}

export function encodeAskTwin(m: AskTwinInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeAskTwin(m));
  writeAskTwin(m, bytes, 0);
  return bytes;
}

/** Outcomes of events, by message and index; parallel arrays. */
export interface AskOutcomes {
  readonly seq: readonly number[];
  readonly index: readonly number[];
}

export interface AskOutcomesInit {
  readonly seq?: ArrayLike<number> | undefined;
  readonly index?: ArrayLike<number> | undefined;
}

/** Reads `AskOutcomes`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class AskOutcomesReader {
  seq = NO_NUMBERS;
  seqCount = 0;
  index = NO_NUMBERS;
  indexCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.seqCount = 0;
    this.indexCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.seqCount;
          if (count === this.seq.length) this.seq = growNumbers(this.seq);
          this.seq[count] = value;
          this.seqCount = count + 1;
          break;
        }
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.seqCount;
            if (count === this.seq.length) this.seq = growNumbers(this.seq);
            this.seq[count] = value;
            this.seqCount = count + 1;
          }
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.indexCount;
          if (count === this.index.length) this.index = growNumbers(this.index);
          this.index[count] = value;
          this.indexCount = count + 1;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.indexCount;
            if (count === this.index.length) this.index = growNumbers(this.index);
            this.index[count] = value;
            this.indexCount = count + 1;
          }
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 2)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const askOutcomesReader = new AskOutcomesReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeAskOutcomes(bytes: Uint8Array, start = 0, end: number = bytes.length): AskOutcomes | undefined {
  const r = askOutcomesReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    seq: Array.from(r.seq.subarray(0, r.seqCount)),
    index: Array.from(r.index.subarray(0, r.indexCount)),
  };
}

/** Bytes that `writeAskOutcomes` writes. */
export function sizeAskOutcomes(m: AskOutcomesInit): number {
  let size = 0;
  if (m.seq !== undefined && m.seq.length > 0) {
    const length = sizeVarints(m.seq);
    size += 1 + varintSize(length) + length;
  }
  if (m.index !== undefined && m.index.length > 0) {
    const length = sizeVarints(m.index);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeAskOutcomes(m: AskOutcomesInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.seq !== undefined && m.seq.length > 0) {
    bytes[at++] = 0x0a;
    at = writeVarints(bytes, at, m.seq);
  }
  if (m.index !== undefined && m.index.length > 0) {
    bytes[at++] = 0x12;
    at = writeVarints(bytes, at, m.index);
  }
  return at;
}

export function encodeAskOutcomes(m: AskOutcomesInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeAskOutcomes(m));
  writeAskOutcomes(m, bytes, 0);
  return bytes;
}

export type AskStatus = Readonly<Record<string, never>>;

export type AskStatusInit = Readonly<Record<string, never>>;

/** Reads `AskStatus`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class AskStatusReader {

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        default: {
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const askStatusReader = new AskStatusReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeAskStatus(bytes: Uint8Array, start = 0, end: number = bytes.length): AskStatus | undefined {
  const r = askStatusReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
  };
}

/** Bytes that `writeAskStatus` writes. */
export function sizeAskStatus(_m: AskStatusInit): number {
  const size = 0;
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeAskStatus(_m: AskStatusInit, _bytes: Uint8Array, at: number): number {
  return at;
}

export function encodeAskStatus(m: AskStatusInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeAskStatus(m));
  writeAskStatus(m, bytes, 0);
  return bytes;
}

/** Has the owner made sure that the log still ends where it last ended? Asked by writers after the server restarted. */
export interface AskEnd {
  readonly server: string;
}

export interface AskEndInit {
  readonly server?: string | undefined;
}

/** Reads `AskEnd`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class AskEndReader {
  serverStart = 0;
  serverEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.serverStart = 0;
    this.serverEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.serverStart = at;
          at += length;
          this.serverEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if (field === 1) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const askEndReader = new AskEndReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeAskEnd(bytes: Uint8Array, start = 0, end: number = bytes.length): AskEnd | undefined {
  const r = askEndReader;
  if (!r.read(bytes, start, end)) return undefined;
  const serverValue = readExactText(bytes, r.serverStart, r.serverEnd);
  if (serverValue === undefined) return undefined;
  return {
    server: serverValue,
  };
}

/** Bytes that `writeAskEnd` writes. */
export function sizeAskEnd(m: AskEndInit): number {
  let size = 0;
  if (m.server !== undefined && m.server !== '') {
    const length = textSize(m.server);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeAskEnd(m: AskEndInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.server !== undefined && m.server !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.server);
  }
  return at;
}

export function encodeAskEnd(m: AskEndInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeAskEnd(m));
  writeAskEnd(m, bytes, 0);
  return bytes;
}

/** Answered with a SessionState. */
export interface AskSession {
  readonly tenant: string;
  /** As Event.session. */
  readonly session: string;
}

export interface AskSessionInit {
  readonly tenant?: string | undefined;
  readonly session?: string | undefined;
}

/** Reads `AskSession`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class AskSessionReader {
  tenantStart = 0;
  tenantEnd = 0;
  sessionStart = 0;
  sessionEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.sessionStart = 0;
    this.sessionEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sessionStart = at;
          at += length;
          this.sessionEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 2)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const askSessionReader = new AskSessionReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeAskSession(bytes: Uint8Array, start = 0, end: number = bytes.length): AskSession | undefined {
  const r = askSessionReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const sessionValue = readExactText(bytes, r.sessionStart, r.sessionEnd);
  if (sessionValue === undefined) return undefined;
  return {
    tenant: tenantValue,
    session: sessionValue,
  };
}

/** Bytes that `writeAskSession` writes. */
export function sizeAskSession(m: AskSessionInit): number {
  let size = 0;
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.session !== undefined && m.session !== '') {
    const length = textSize(m.session);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeAskSession(m: AskSessionInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.session !== undefined && m.session !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.session);
  }
  return at;
}

export function encodeAskSession(m: AskSessionInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeAskSession(m));
  writeAskSession(m, bytes, 0);
  return bytes;
}

export interface Ask {
  /** The answer must reflect this message of the input log, and everything before it; 0 asks for what is committed now. */
  readonly minSeq: number;
  readonly twin?: AskTwin | undefined;
  readonly outcomes?: AskOutcomes | undefined;
  readonly status?: AskStatus | undefined;
  readonly end?: AskEnd | undefined;
  readonly session?: AskSession | undefined;
}

export interface AskInit {
  readonly minSeq?: number | undefined;
  readonly twin?: AskTwinInit | undefined;
  readonly outcomes?: AskOutcomesInit | undefined;
  readonly status?: AskStatusInit | undefined;
  readonly end?: AskEndInit | undefined;
  readonly session?: AskSessionInit | undefined;
}

/** Reads `Ask`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class AskReader {
  minSeq = 0;
  twinStart = 0;
  twinEnd = 0;
  outcomesStart = 0;
  outcomesEnd = 0;
  statusStart = 0;
  statusEnd = 0;
  endStart = 0;
  endEnd = 0;
  sessionStart = 0;
  sessionEnd = 0;
  /** ASK_WHAT: which member is set. */
  whatCase = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.minSeq = 0;
    this.whatCase = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.minSeq = value;
          break;
        }
        case 18: {
          if (this.whatCase === 2) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.twinStart = at;
          at += length;
          this.twinEnd = at;
          this.whatCase = 2;
          break;
        }
        case 26: {
          if (this.whatCase === 3) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.outcomesStart = at;
          at += length;
          this.outcomesEnd = at;
          this.whatCase = 3;
          break;
        }
        case 34: {
          if (this.whatCase === 4) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.statusStart = at;
          at += length;
          this.statusEnd = at;
          this.whatCase = 4;
          break;
        }
        case 42: {
          if (this.whatCase === 5) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.endStart = at;
          at += length;
          this.endEnd = at;
          this.whatCase = 5;
          break;
        }
        case 50: {
          if (this.whatCase === 6) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sessionStart = at;
          at += length;
          this.sessionEnd = at;
          this.whatCase = 6;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 6)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const askReader = new AskReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeAsk(bytes: Uint8Array, start = 0, end: number = bytes.length): Ask | undefined {
  const r = askReader;
  if (!r.read(bytes, start, end)) return undefined;
  const twinValue = r.whatCase === 2 ? decodeAskTwin(bytes, r.twinStart, r.twinEnd) : undefined;
  if (r.whatCase === 2 && twinValue === undefined) return undefined;
  const outcomesValue = r.whatCase === 3 ? decodeAskOutcomes(bytes, r.outcomesStart, r.outcomesEnd) : undefined;
  if (r.whatCase === 3 && outcomesValue === undefined) return undefined;
  const statusValue = r.whatCase === 4 ? decodeAskStatus(bytes, r.statusStart, r.statusEnd) : undefined;
  if (r.whatCase === 4 && statusValue === undefined) return undefined;
  const endValue = r.whatCase === 5 ? decodeAskEnd(bytes, r.endStart, r.endEnd) : undefined;
  if (r.whatCase === 5 && endValue === undefined) return undefined;
  const sessionValue = r.whatCase === 6 ? decodeAskSession(bytes, r.sessionStart, r.sessionEnd) : undefined;
  if (r.whatCase === 6 && sessionValue === undefined) return undefined;
  return {
    minSeq: r.minSeq,
    twin: twinValue,
    outcomes: outcomesValue,
    status: statusValue,
    end: endValue,
    session: sessionValue,
  };
}

/** Bytes that `writeAsk` writes. */
export function sizeAsk(m: AskInit): number {
  let size = 0;
  if (m.minSeq !== undefined && m.minSeq !== 0) {
    size += 1 + varintSize(m.minSeq);
  }
  if (m.twin !== undefined) {
    const length = sizeAskTwin(m.twin);
    size += 1 + varintSize(length) + length;
  }
  if (m.outcomes !== undefined) {
    const length = sizeAskOutcomes(m.outcomes);
    size += 1 + varintSize(length) + length;
  }
  if (m.status !== undefined) {
    const length = sizeAskStatus(m.status);
    size += 1 + varintSize(length) + length;
  }
  if (m.end !== undefined) {
    const length = sizeAskEnd(m.end);
    size += 1 + varintSize(length) + length;
  }
  if (m.session !== undefined) {
    const length = sizeAskSession(m.session);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeAsk(m: AskInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.minSeq !== undefined && m.minSeq !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.minSeq);
  }
  if (m.twin !== undefined) {
    bytes[at++] = 0x12;
    at = writeVarint(bytes, at, sizeAskTwin(m.twin));
    at = writeAskTwin(m.twin, bytes, at);
  }
  if (m.outcomes !== undefined) {
    bytes[at++] = 0x1a;
    at = writeVarint(bytes, at, sizeAskOutcomes(m.outcomes));
    at = writeAskOutcomes(m.outcomes, bytes, at);
  }
  if (m.status !== undefined) {
    bytes[at++] = 0x22;
    at = writeVarint(bytes, at, sizeAskStatus(m.status));
    at = writeAskStatus(m.status, bytes, at);
  }
  if (m.end !== undefined) {
    bytes[at++] = 0x2a;
    at = writeVarint(bytes, at, sizeAskEnd(m.end));
    at = writeAskEnd(m.end, bytes, at);
  }
  if (m.session !== undefined) {
    bytes[at++] = 0x32;
    at = writeVarint(bytes, at, sizeAskSession(m.session));
    at = writeAskSession(m.session, bytes, at);
  }
  return at;
}

export function encodeAsk(m: AskInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeAsk(m));
  writeAsk(m, bytes, 0);
  return bytes;
}

export interface Answer {
  readonly code: number;
  readonly epoch: number;
  /** The last message of the input log that the answer reflects. */
  readonly checkpoint: number;
  /** JSON, for a twin or a status. */
  readonly body: Uint8Array;
  /** For AskOutcomes, in the order asked. */
  readonly outcome: readonly number[];
  readonly reason: readonly number[];
  readonly originalSeq: readonly number[];
  readonly originalIndex: readonly number[];
}

export interface AnswerInit {
  readonly code?: number | undefined;
  readonly epoch?: number | undefined;
  readonly checkpoint?: number | undefined;
  readonly body?: Uint8Array | undefined;
  readonly outcome?: ArrayLike<number> | undefined;
  readonly reason?: ArrayLike<number> | undefined;
  readonly originalSeq?: ArrayLike<number> | undefined;
  readonly originalIndex?: ArrayLike<number> | undefined;
}

/** Reads `Answer`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class AnswerReader {
  code = 0;
  epoch = 0;
  checkpoint = 0;
  bodyStart = 0;
  bodyEnd = 0;
  outcome = NO_NUMBERS;
  outcomeCount = 0;
  reason = NO_NUMBERS;
  reasonCount = 0;
  originalSeq = NO_NUMBERS;
  originalSeqCount = 0;
  originalIndex = NO_NUMBERS;
  originalIndexCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.code = 0;
    this.epoch = 0;
    this.checkpoint = 0;
    this.bodyStart = 0;
    this.bodyEnd = 0;
    this.outcomeCount = 0;
    this.reasonCount = 0;
    this.originalSeqCount = 0;
    this.originalIndexCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0x7fffffff) return false;
          this.code = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.epoch = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.checkpoint = value;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.bodyStart = at;
          at += length;
          this.bodyEnd = at;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.outcomeCount;
          if (count === this.outcome.length) this.outcome = growNumbers(this.outcome);
          this.outcome[count] = value;
          this.outcomeCount = count + 1;
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.outcomeCount;
            if (count === this.outcome.length) this.outcome = growNumbers(this.outcome);
            this.outcome[count] = value;
            this.outcomeCount = count + 1;
          }
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.reasonCount;
          if (count === this.reason.length) this.reason = growNumbers(this.reason);
          this.reason[count] = value;
          this.reasonCount = count + 1;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.reasonCount;
            if (count === this.reason.length) this.reason = growNumbers(this.reason);
            this.reason[count] = value;
            this.reasonCount = count + 1;
          }
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.originalSeqCount;
          if (count === this.originalSeq.length) this.originalSeq = growNumbers(this.originalSeq);
          this.originalSeq[count] = value;
          this.originalSeqCount = count + 1;
          break;
        }
        case 58: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.originalSeqCount;
            if (count === this.originalSeq.length) this.originalSeq = growNumbers(this.originalSeq);
            this.originalSeq[count] = value;
            this.originalSeqCount = count + 1;
          }
          break;
        }
        case 64: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.originalIndexCount;
          if (count === this.originalIndex.length) this.originalIndex = growNumbers(this.originalIndex);
          this.originalIndex[count] = value;
          this.originalIndexCount = count + 1;
          break;
        }
        case 66: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.originalIndexCount;
            if (count === this.originalIndex.length) this.originalIndex = growNumbers(this.originalIndex);
            this.originalIndex[count] = value;
            this.originalIndexCount = count + 1;
          }
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 8)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const answerReader = new AnswerReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeAnswer(bytes: Uint8Array, start = 0, end: number = bytes.length): Answer | undefined {
  const r = answerReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    code: r.code,
    epoch: r.epoch,
    checkpoint: r.checkpoint,
    body: copyBytes(bytes, r.bodyStart, r.bodyEnd),
    outcome: Array.from(r.outcome.subarray(0, r.outcomeCount)),
    reason: Array.from(r.reason.subarray(0, r.reasonCount)),
    originalSeq: Array.from(r.originalSeq.subarray(0, r.originalSeqCount)),
    originalIndex: Array.from(r.originalIndex.subarray(0, r.originalIndexCount)),
  };
}

/** Bytes that `writeAnswer` writes. */
export function sizeAnswer(m: AnswerInit): number {
  let size = 0;
  if (m.code !== undefined && m.code !== 0) {
    size += 1 + varintSize(m.code);
  }
  if (m.epoch !== undefined && m.epoch !== 0) {
    size += 1 + varintSize(m.epoch);
  }
  if (m.checkpoint !== undefined && m.checkpoint !== 0) {
    size += 1 + varintSize(m.checkpoint);
  }
  if (m.body !== undefined && m.body.length > 0) {
    size += 1 + varintSize(m.body.length) + m.body.length;
  }
  if (m.outcome !== undefined && m.outcome.length > 0) {
    const length = sizeVarints(m.outcome);
    size += 1 + varintSize(length) + length;
  }
  if (m.reason !== undefined && m.reason.length > 0) {
    const length = sizeVarints(m.reason);
    size += 1 + varintSize(length) + length;
  }
  if (m.originalSeq !== undefined && m.originalSeq.length > 0) {
    const length = sizeVarints(m.originalSeq);
    size += 1 + varintSize(length) + length;
  }
  if (m.originalIndex !== undefined && m.originalIndex.length > 0) {
    const length = sizeVarints(m.originalIndex);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeAnswer(m: AnswerInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.code !== undefined && m.code !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.code);
  }
  if (m.epoch !== undefined && m.epoch !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.epoch);
  }
  if (m.checkpoint !== undefined && m.checkpoint !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.checkpoint);
  }
  if (m.body !== undefined && m.body.length > 0) {
    bytes[at++] = 0x22;
    at = writeBytes(bytes, at, m.body);
  }
  if (m.outcome !== undefined && m.outcome.length > 0) {
    bytes[at++] = 0x2a;
    at = writeVarints(bytes, at, m.outcome);
  }
  if (m.reason !== undefined && m.reason.length > 0) {
    bytes[at++] = 0x32;
    at = writeVarints(bytes, at, m.reason);
  }
  if (m.originalSeq !== undefined && m.originalSeq.length > 0) {
    bytes[at++] = 0x3a;
    at = writeVarints(bytes, at, m.originalSeq);
  }
  if (m.originalIndex !== undefined && m.originalIndex.length > 0) {
    bytes[at++] = 0x42;
    at = writeVarints(bytes, at, m.originalIndex);
  }
  return at;
}

export function encodeAnswer(m: AnswerInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeAnswer(m));
  writeAnswer(m, bytes, 0);
  return bytes;
}

export interface Will {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** As Event.publish_flags. */
  readonly flags: number;
  /** As Event.publish_properties. */
  readonly properties: Uint8Array;
  readonly delayS: number;
  readonly expiryS?: number | undefined;
}

export interface WillInit {
  readonly topic?: string | undefined;
  readonly payload?: Uint8Array | undefined;
  readonly flags?: number | undefined;
  readonly properties?: Uint8Array | undefined;
  readonly delayS?: number | undefined;
  readonly expiryS?: number | undefined;
}

/** Reads `Will`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class WillReader {
  topicStart = 0;
  topicEnd = 0;
  payloadStart = 0;
  payloadEnd = 0;
  flags = 0;
  propertiesStart = 0;
  propertiesEnd = 0;
  delayS = 0;
  hasExpiryS = false;
  expiryS = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.topicStart = 0;
    this.topicEnd = 0;
    this.payloadStart = 0;
    this.payloadEnd = 0;
    this.flags = 0;
    this.propertiesStart = 0;
    this.propertiesEnd = 0;
    this.delayS = 0;
    this.hasExpiryS = false;
    this.expiryS = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.topicStart = at;
          at += length;
          this.topicEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.payloadStart = at;
          at += length;
          this.payloadEnd = at;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.flags = value;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.propertiesStart = at;
          at += length;
          this.propertiesEnd = at;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.delayS = value;
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.expiryS = value;
          this.hasExpiryS = true;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 6)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const willReader = new WillReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeWill(bytes: Uint8Array, start = 0, end: number = bytes.length): Will | undefined {
  const r = willReader;
  if (!r.read(bytes, start, end)) return undefined;
  const topicValue = readExactText(bytes, r.topicStart, r.topicEnd);
  if (topicValue === undefined) return undefined;
  return {
    topic: topicValue,
    payload: copyBytes(bytes, r.payloadStart, r.payloadEnd),
    flags: r.flags,
    properties: copyBytes(bytes, r.propertiesStart, r.propertiesEnd),
    delayS: r.delayS,
    expiryS: r.hasExpiryS ? r.expiryS : undefined,
  };
}

/** Bytes that `writeWill` writes. */
export function sizeWill(m: WillInit): number {
  let size = 0;
  if (m.topic !== undefined && m.topic !== '') {
    const length = textSize(m.topic);
    size += 1 + varintSize(length) + length;
  }
  if (m.payload !== undefined && m.payload.length > 0) {
    size += 1 + varintSize(m.payload.length) + m.payload.length;
  }
  if (m.flags !== undefined && m.flags !== 0) {
    size += 1 + varintSize(m.flags);
  }
  if (m.properties !== undefined && m.properties.length > 0) {
    size += 1 + varintSize(m.properties.length) + m.properties.length;
  }
  if (m.delayS !== undefined && m.delayS !== 0) {
    size += 1 + varintSize(m.delayS);
  }
  if (m.expiryS !== undefined) {
    size += 1 + varintSize(m.expiryS);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeWill(m: WillInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.topic !== undefined && m.topic !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.topic);
  }
  if (m.payload !== undefined && m.payload.length > 0) {
    bytes[at++] = 0x12;
    at = writeBytes(bytes, at, m.payload);
  }
  if (m.flags !== undefined && m.flags !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.flags);
  }
  if (m.properties !== undefined && m.properties.length > 0) {
    bytes[at++] = 0x22;
    at = writeBytes(bytes, at, m.properties);
  }
  if (m.delayS !== undefined && m.delayS !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.delayS);
  }
  if (m.expiryS !== undefined) {
    bytes[at++] = 0x30;
    at = writeVarint(bytes, at, m.expiryS);
  }
  return at;
}

export function encodeWill(m: WillInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeWill(m));
  writeWill(m, bytes, 0);
  return bytes;
}

/** Payload of KIND_CONNECTED. */
export interface Connected {
  readonly cleanStart: boolean;
  /** As granted: 0 ends with the connection, 4294967295 never. */
  readonly expiryS: number;
  readonly keepAliveS: number;
  /** 4 and 5 are MQTT 3.1.1 and 5; 0 is another protocol. */
  readonly level: number;
  readonly address: string;
  readonly will?: Will | undefined;
  /** The edge's own number for the connection, by which a disconnect names it before its place is known. */
  readonly edgeConnection: number;
}

export interface ConnectedInit {
  readonly cleanStart?: boolean | undefined;
  readonly expiryS?: number | undefined;
  readonly keepAliveS?: number | undefined;
  readonly level?: number | undefined;
  readonly address?: string | undefined;
  readonly will?: WillInit | undefined;
  readonly edgeConnection?: number | undefined;
}

/** Reads `Connected`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class ConnectedReader {
  cleanStart = false;
  expiryS = 0;
  keepAliveS = 0;
  level = 0;
  addressStart = 0;
  addressEnd = 0;
  hasWill = false;
  willStart = 0;
  willEnd = 0;
  edgeConnection = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.cleanStart = false;
    this.expiryS = 0;
    this.keepAliveS = 0;
    this.level = 0;
    this.addressStart = 0;
    this.addressEnd = 0;
    this.hasWill = false;
    this.willStart = 0;
    this.willEnd = 0;
    this.edgeConnection = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.cleanStart = value !== 0;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.expiryS = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.keepAliveS = value;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.level = value;
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.addressStart = at;
          at += length;
          this.addressEnd = at;
          break;
        }
        case 50: {
          if (this.hasWill) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.willStart = at;
          at += length;
          this.willEnd = at;
          this.hasWill = true;
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeConnection = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 7)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const connectedReader = new ConnectedReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeConnected(bytes: Uint8Array, start = 0, end: number = bytes.length): Connected | undefined {
  const r = connectedReader;
  if (!r.read(bytes, start, end)) return undefined;
  const addressValue = readExactText(bytes, r.addressStart, r.addressEnd);
  if (addressValue === undefined) return undefined;
  const willValue = r.hasWill ? decodeWill(bytes, r.willStart, r.willEnd) : undefined;
  if (r.hasWill && willValue === undefined) return undefined;
  return {
    cleanStart: r.cleanStart,
    expiryS: r.expiryS,
    keepAliveS: r.keepAliveS,
    level: r.level,
    address: addressValue,
    will: willValue,
    edgeConnection: r.edgeConnection,
  };
}

/** Bytes that `writeConnected` writes. */
export function sizeConnected(m: ConnectedInit): number {
  let size = 0;
  if (m.cleanStart !== undefined && m.cleanStart) {
    size += 2;
  }
  if (m.expiryS !== undefined && m.expiryS !== 0) {
    size += 1 + varintSize(m.expiryS);
  }
  if (m.keepAliveS !== undefined && m.keepAliveS !== 0) {
    size += 1 + varintSize(m.keepAliveS);
  }
  if (m.level !== undefined && m.level !== 0) {
    size += 1 + varintSize(m.level);
  }
  if (m.address !== undefined && m.address !== '') {
    const length = textSize(m.address);
    size += 1 + varintSize(length) + length;
  }
  if (m.will !== undefined) {
    const length = sizeWill(m.will);
    size += 1 + varintSize(length) + length;
  }
  if (m.edgeConnection !== undefined && m.edgeConnection !== 0) {
    size += 1 + varintSize(m.edgeConnection);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeConnected(m: ConnectedInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.cleanStart !== undefined && m.cleanStart) {
    bytes[at++] = 0x08;
    bytes[at++] = m.cleanStart ? 1 : 0;
  }
  if (m.expiryS !== undefined && m.expiryS !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.expiryS);
  }
  if (m.keepAliveS !== undefined && m.keepAliveS !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.keepAliveS);
  }
  if (m.level !== undefined && m.level !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.level);
  }
  if (m.address !== undefined && m.address !== '') {
    bytes[at++] = 0x2a;
    at = writeText(bytes, at, m.address);
  }
  if (m.will !== undefined) {
    bytes[at++] = 0x32;
    at = writeVarint(bytes, at, sizeWill(m.will));
    at = writeWill(m.will, bytes, at);
  }
  if (m.edgeConnection !== undefined && m.edgeConnection !== 0) {
    bytes[at++] = 0x38;
    at = writeVarint(bytes, at, m.edgeConnection);
  }
  return at;
}

export function encodeConnected(m: ConnectedInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeConnected(m));
  writeConnected(m, bytes, 0);
  return bytes;
}

export interface Subscription {
  readonly filter: string;
  readonly qos: number;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: number;
  /** Subscription identifier; 0: none. */
  readonly id: number;
  /** By topic partition: messages up to this sequence were before it. */
  readonly since: readonly number[];
  /** Retained messages that it brings may not all have been acknowledged yet: who takes the session up sends them again. */
  readonly retainedDue: boolean;
  /** Of these retained messages, as `since`: what is stored behind it comes by itself. Empty: `since` holds. */
  readonly retainedSince: readonly number[];
}

export interface SubscriptionInit {
  readonly filter?: string | undefined;
  readonly qos?: number | undefined;
  readonly noLocal?: boolean | undefined;
  readonly retainAsPublished?: boolean | undefined;
  readonly retainHandling?: number | undefined;
  readonly id?: number | undefined;
  readonly since?: ArrayLike<number> | undefined;
  readonly retainedDue?: boolean | undefined;
  readonly retainedSince?: ArrayLike<number> | undefined;
}

/** Reads `Subscription`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class SubscriptionReader {
  filterStart = 0;
  filterEnd = 0;
  qos = 0;
  noLocal = false;
  retainAsPublished = false;
  retainHandling = 0;
  id = 0;
  since = NO_NUMBERS;
  sinceCount = 0;
  retainedDue = false;
  retainedSince = NO_NUMBERS;
  retainedSinceCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.filterStart = 0;
    this.filterEnd = 0;
    this.qos = 0;
    this.noLocal = false;
    this.retainAsPublished = false;
    this.retainHandling = 0;
    this.id = 0;
    this.sinceCount = 0;
    this.retainedDue = false;
    this.retainedSinceCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.filterStart = at;
          at += length;
          this.filterEnd = at;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.qos = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.noLocal = value !== 0;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.retainAsPublished = value !== 0;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.retainHandling = value;
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.id = value;
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.sinceCount;
          if (count === this.since.length) this.since = growNumbers(this.since);
          this.since[count] = value;
          this.sinceCount = count + 1;
          break;
        }
        case 58: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.sinceCount;
            if (count === this.since.length) this.since = growNumbers(this.since);
            this.since[count] = value;
            this.sinceCount = count + 1;
          }
          break;
        }
        case 64: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.retainedDue = value !== 0;
          break;
        }
        case 72: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.retainedSinceCount;
          if (count === this.retainedSince.length) this.retainedSince = growNumbers(this.retainedSince);
          this.retainedSince[count] = value;
          this.retainedSinceCount = count + 1;
          break;
        }
        case 74: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.retainedSinceCount;
            if (count === this.retainedSince.length) this.retainedSince = growNumbers(this.retainedSince);
            this.retainedSince[count] = value;
            this.retainedSinceCount = count + 1;
          }
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 9)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const subscriptionReader = new SubscriptionReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeSubscription(bytes: Uint8Array, start = 0, end: number = bytes.length): Subscription | undefined {
  const r = subscriptionReader;
  if (!r.read(bytes, start, end)) return undefined;
  const filterValue = readExactText(bytes, r.filterStart, r.filterEnd);
  if (filterValue === undefined) return undefined;
  return {
    filter: filterValue,
    qos: r.qos,
    noLocal: r.noLocal,
    retainAsPublished: r.retainAsPublished,
    retainHandling: r.retainHandling,
    id: r.id,
    since: Array.from(r.since.subarray(0, r.sinceCount)),
    retainedDue: r.retainedDue,
    retainedSince: Array.from(r.retainedSince.subarray(0, r.retainedSinceCount)),
  };
}

/** Bytes that `writeSubscription` writes. */
export function sizeSubscription(m: SubscriptionInit): number {
  let size = 0;
  if (m.filter !== undefined && m.filter !== '') {
    const length = textSize(m.filter);
    size += 1 + varintSize(length) + length;
  }
  if (m.qos !== undefined && m.qos !== 0) {
    size += 1 + varintSize(m.qos);
  }
  if (m.noLocal !== undefined && m.noLocal) {
    size += 2;
  }
  if (m.retainAsPublished !== undefined && m.retainAsPublished) {
    size += 2;
  }
  if (m.retainHandling !== undefined && m.retainHandling !== 0) {
    size += 1 + varintSize(m.retainHandling);
  }
  if (m.id !== undefined && m.id !== 0) {
    size += 1 + varintSize(m.id);
  }
  if (m.since !== undefined && m.since.length > 0) {
    const length = sizeVarints(m.since);
    size += 1 + varintSize(length) + length;
  }
  if (m.retainedDue !== undefined && m.retainedDue) {
    size += 2;
  }
  if (m.retainedSince !== undefined && m.retainedSince.length > 0) {
    const length = sizeVarints(m.retainedSince);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeSubscription(m: SubscriptionInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.filter !== undefined && m.filter !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.filter);
  }
  if (m.qos !== undefined && m.qos !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.qos);
  }
  if (m.noLocal !== undefined && m.noLocal) {
    bytes[at++] = 0x18;
    bytes[at++] = m.noLocal ? 1 : 0;
  }
  if (m.retainAsPublished !== undefined && m.retainAsPublished) {
    bytes[at++] = 0x20;
    bytes[at++] = m.retainAsPublished ? 1 : 0;
  }
  if (m.retainHandling !== undefined && m.retainHandling !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.retainHandling);
  }
  if (m.id !== undefined && m.id !== 0) {
    bytes[at++] = 0x30;
    at = writeVarint(bytes, at, m.id);
  }
  if (m.since !== undefined && m.since.length > 0) {
    bytes[at++] = 0x3a;
    at = writeVarints(bytes, at, m.since);
  }
  if (m.retainedDue !== undefined && m.retainedDue) {
    bytes[at++] = 0x40;
    bytes[at++] = m.retainedDue ? 1 : 0;
  }
  if (m.retainedSince !== undefined && m.retainedSince.length > 0) {
    bytes[at++] = 0x4a;
    at = writeVarints(bytes, at, m.retainedSince);
  }
  return at;
}

export function encodeSubscription(m: SubscriptionInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeSubscription(m));
  writeSubscription(m, bytes, 0);
  return bytes;
}

/** A QoS 2 message to the client. */
export interface Outgoing {
  readonly packetId: number;
  readonly state: number;
  /** Of its place in the topic stream TT_<pp>. */
  readonly partition: number;
  /** sequence * 65536 + index */
  readonly place: number;
  /**
   * Sent because a subscription brought it, whatever the cursor says; a settled one is forgotten when no subscription's
   * retained messages are due any more.
   */
  readonly retained: boolean;
  /** Which shared subscription gave it, so no cursor of the session passes it: FNV-1a of that one's filter; 0: none. */
  readonly share: number;
}

export interface OutgoingInit {
  readonly packetId?: number | undefined;
  readonly state?: number | undefined;
  readonly partition?: number | undefined;
  readonly place?: number | undefined;
  readonly retained?: boolean | undefined;
  readonly share?: number | undefined;
}

/** Reads `Outgoing`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class OutgoingReader {
  packetId = 0;
  state = 0;
  partition = 0;
  place = 0;
  retained = false;
  share = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.packetId = 0;
    this.state = 0;
    this.partition = 0;
    this.place = 0;
    this.retained = false;
    this.share = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.packetId = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0x7fffffff) return false;
          this.state = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.partition = value;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.place = value;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.retained = value !== 0;
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.share = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 6)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const outgoingReader = new OutgoingReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeOutgoing(bytes: Uint8Array, start = 0, end: number = bytes.length): Outgoing | undefined {
  const r = outgoingReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    packetId: r.packetId,
    state: r.state,
    partition: r.partition,
    place: r.place,
    retained: r.retained,
    share: r.share,
  };
}

/** Bytes that `writeOutgoing` writes. */
export function sizeOutgoing(m: OutgoingInit): number {
  let size = 0;
  if (m.packetId !== undefined && m.packetId !== 0) {
    size += 1 + varintSize(m.packetId);
  }
  if (m.state !== undefined && m.state !== 0) {
    size += 1 + varintSize(m.state);
  }
  if (m.partition !== undefined && m.partition !== 0) {
    size += 1 + varintSize(m.partition);
  }
  if (m.place !== undefined && m.place !== 0) {
    size += 1 + varintSize(m.place);
  }
  if (m.retained !== undefined && m.retained) {
    size += 2;
  }
  if (m.share !== undefined && m.share !== 0) {
    size += 1 + varintSize(m.share);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeOutgoing(m: OutgoingInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.packetId !== undefined && m.packetId !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.packetId);
  }
  if (m.state !== undefined && m.state !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.state);
  }
  if (m.partition !== undefined && m.partition !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.partition);
  }
  if (m.place !== undefined && m.place !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.place);
  }
  if (m.retained !== undefined && m.retained) {
    bytes[at++] = 0x28;
    bytes[at++] = m.retained ? 1 : 0;
  }
  if (m.share !== undefined && m.share !== 0) {
    bytes[at++] = 0x30;
    at = writeVarint(bytes, at, m.share);
  }
  return at;
}

export function encodeOutgoing(m: OutgoingInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeOutgoing(m));
  writeOutgoing(m, bytes, 0);
  return bytes;
}

/** What was given to the client and not acknowledged. */
export interface InFlight {
  /** The packet identifier that was given to a message last. */
  readonly lastPacketId: number;
  /** Of QoS 1, in the order of sending; parallel arrays. */
  readonly packetId: readonly number[];
  readonly partition: readonly number[];
  /** sequence * 65536 + index */
  readonly place: readonly number[];
  /**
   * By topic partition: what is owed up to this place was sent, and is settled, in flight here or among `outgoing`. Empty, or
   * less than the cursor: the cursor holds.
   */
  readonly reached: readonly number[];
}

export interface InFlightInit {
  readonly lastPacketId?: number | undefined;
  readonly packetId?: ArrayLike<number> | undefined;
  readonly partition?: ArrayLike<number> | undefined;
  readonly place?: ArrayLike<number> | undefined;
  readonly reached?: ArrayLike<number> | undefined;
}

/** Reads `InFlight`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class InFlightReader {
  lastPacketId = 0;
  packetId = NO_NUMBERS;
  packetIdCount = 0;
  partition = NO_NUMBERS;
  partitionCount = 0;
  place = NO_NUMBERS;
  placeCount = 0;
  reached = NO_NUMBERS;
  reachedCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.lastPacketId = 0;
    this.packetIdCount = 0;
    this.partitionCount = 0;
    this.placeCount = 0;
    this.reachedCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.lastPacketId = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.packetIdCount;
          if (count === this.packetId.length) this.packetId = growNumbers(this.packetId);
          this.packetId[count] = value;
          this.packetIdCount = count + 1;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.packetIdCount;
            if (count === this.packetId.length) this.packetId = growNumbers(this.packetId);
            this.packetId[count] = value;
            this.packetIdCount = count + 1;
          }
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.partitionCount;
          if (count === this.partition.length) this.partition = growNumbers(this.partition);
          this.partition[count] = value;
          this.partitionCount = count + 1;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.partitionCount;
            if (count === this.partition.length) this.partition = growNumbers(this.partition);
            this.partition[count] = value;
            this.partitionCount = count + 1;
          }
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.placeCount;
          if (count === this.place.length) this.place = growNumbers(this.place);
          this.place[count] = value;
          this.placeCount = count + 1;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.placeCount;
            if (count === this.place.length) this.place = growNumbers(this.place);
            this.place[count] = value;
            this.placeCount = count + 1;
          }
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.reachedCount;
          if (count === this.reached.length) this.reached = growNumbers(this.reached);
          this.reached[count] = value;
          this.reachedCount = count + 1;
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.reachedCount;
            if (count === this.reached.length) this.reached = growNumbers(this.reached);
            this.reached[count] = value;
            this.reachedCount = count + 1;
          }
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 5)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const inFlightReader = new InFlightReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeInFlight(bytes: Uint8Array, start = 0, end: number = bytes.length): InFlight | undefined {
  const r = inFlightReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    lastPacketId: r.lastPacketId,
    packetId: Array.from(r.packetId.subarray(0, r.packetIdCount)),
    partition: Array.from(r.partition.subarray(0, r.partitionCount)),
    place: Array.from(r.place.subarray(0, r.placeCount)),
    reached: Array.from(r.reached.subarray(0, r.reachedCount)),
  };
}

/** Bytes that `writeInFlight` writes. */
export function sizeInFlight(m: InFlightInit): number {
  let size = 0;
  if (m.lastPacketId !== undefined && m.lastPacketId !== 0) {
    size += 1 + varintSize(m.lastPacketId);
  }
  if (m.packetId !== undefined && m.packetId.length > 0) {
    const length = sizeVarints(m.packetId);
    size += 1 + varintSize(length) + length;
  }
  if (m.partition !== undefined && m.partition.length > 0) {
    const length = sizeVarints(m.partition);
    size += 1 + varintSize(length) + length;
  }
  if (m.place !== undefined && m.place.length > 0) {
    const length = sizeVarints(m.place);
    size += 1 + varintSize(length) + length;
  }
  if (m.reached !== undefined && m.reached.length > 0) {
    const length = sizeVarints(m.reached);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeInFlight(m: InFlightInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.lastPacketId !== undefined && m.lastPacketId !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.lastPacketId);
  }
  if (m.packetId !== undefined && m.packetId.length > 0) {
    bytes[at++] = 0x12;
    at = writeVarints(bytes, at, m.packetId);
  }
  if (m.partition !== undefined && m.partition.length > 0) {
    bytes[at++] = 0x1a;
    at = writeVarints(bytes, at, m.partition);
  }
  if (m.place !== undefined && m.place.length > 0) {
    bytes[at++] = 0x22;
    at = writeVarints(bytes, at, m.place);
  }
  if (m.reached !== undefined && m.reached.length > 0) {
    bytes[at++] = 0x2a;
    at = writeVarints(bytes, at, m.reached);
  }
  return at;
}

export function encodeInFlight(m: InFlightInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeInFlight(m));
  writeInFlight(m, bytes, 0);
  return bytes;
}

/** Payload of KIND_SESSION: what changed. */
export interface SessionChange {
  readonly subscribed: readonly Subscription[];
  readonly unsubscribed: readonly string[];
  /** QoS 2 towards us: PUBREL came for these packet identifiers. */
  readonly released: readonly number[];
  /** By topic partition: every message up to this place (sequence * 65536 + index) is settled. Empty: as it was. */
  readonly cursor: readonly number[];
  /** Replaces what is known of each place. */
  readonly outgoing: readonly Outgoing[];
  /** As `cursor`, of the partitions of the input log, for subscriptions to views of it. */
  readonly viewCursor: readonly number[];
  /** Replaces what is known. Said now and then, and with the last word. */
  readonly inFlight?: InFlight | undefined;
  /** Filters of which no retained message is due any more. */
  readonly retainedGiven: readonly string[];
}

export interface SessionChangeInit {
  readonly subscribed?: readonly SubscriptionInit[] | undefined;
  readonly unsubscribed?: readonly string[] | undefined;
  readonly released?: ArrayLike<number> | undefined;
  readonly cursor?: ArrayLike<number> | undefined;
  readonly outgoing?: readonly OutgoingInit[] | undefined;
  readonly viewCursor?: ArrayLike<number> | undefined;
  readonly inFlight?: InFlightInit | undefined;
  readonly retainedGiven?: readonly string[] | undefined;
}

/** Reads `SessionChange`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class SessionChangeReader {
  subscribedStarts = NO_OFFSETS;
  subscribedEnds = NO_OFFSETS;
  subscribedCount = 0;
  unsubscribedStarts = NO_OFFSETS;
  unsubscribedEnds = NO_OFFSETS;
  unsubscribedCount = 0;
  released = NO_NUMBERS;
  releasedCount = 0;
  cursor = NO_NUMBERS;
  cursorCount = 0;
  outgoingStarts = NO_OFFSETS;
  outgoingEnds = NO_OFFSETS;
  outgoingCount = 0;
  viewCursor = NO_NUMBERS;
  viewCursorCount = 0;
  hasInFlight = false;
  inFlightStart = 0;
  inFlightEnd = 0;
  retainedGivenStarts = NO_OFFSETS;
  retainedGivenEnds = NO_OFFSETS;
  retainedGivenCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.subscribedCount = 0;
    this.unsubscribedCount = 0;
    this.releasedCount = 0;
    this.cursorCount = 0;
    this.outgoingCount = 0;
    this.viewCursorCount = 0;
    this.hasInFlight = false;
    this.inFlightStart = 0;
    this.inFlightEnd = 0;
    this.retainedGivenCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.subscribedCount;
          if (count === this.subscribedStarts.length) {
            this.subscribedStarts = growOffsets(this.subscribedStarts);
            this.subscribedEnds = growOffsets(this.subscribedEnds);
          }
          this.subscribedStarts[count] = at;
          at += length;
          this.subscribedEnds[count] = at;
          this.subscribedCount = count + 1;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.unsubscribedCount;
          if (count === this.unsubscribedStarts.length) {
            this.unsubscribedStarts = growOffsets(this.unsubscribedStarts);
            this.unsubscribedEnds = growOffsets(this.unsubscribedEnds);
          }
          this.unsubscribedStarts[count] = at;
          at += length;
          this.unsubscribedEnds[count] = at;
          this.unsubscribedCount = count + 1;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.releasedCount;
          if (count === this.released.length) this.released = growNumbers(this.released);
          this.released[count] = value;
          this.releasedCount = count + 1;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.releasedCount;
            if (count === this.released.length) this.released = growNumbers(this.released);
            this.released[count] = value;
            this.releasedCount = count + 1;
          }
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.cursorCount;
          if (count === this.cursor.length) this.cursor = growNumbers(this.cursor);
          this.cursor[count] = value;
          this.cursorCount = count + 1;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.cursorCount;
            if (count === this.cursor.length) this.cursor = growNumbers(this.cursor);
            this.cursor[count] = value;
            this.cursorCount = count + 1;
          }
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.outgoingCount;
          if (count === this.outgoingStarts.length) {
            this.outgoingStarts = growOffsets(this.outgoingStarts);
            this.outgoingEnds = growOffsets(this.outgoingEnds);
          }
          this.outgoingStarts[count] = at;
          at += length;
          this.outgoingEnds[count] = at;
          this.outgoingCount = count + 1;
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.viewCursorCount;
          if (count === this.viewCursor.length) this.viewCursor = growNumbers(this.viewCursor);
          this.viewCursor[count] = value;
          this.viewCursorCount = count + 1;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.viewCursorCount;
            if (count === this.viewCursor.length) this.viewCursor = growNumbers(this.viewCursor);
            this.viewCursor[count] = value;
            this.viewCursorCount = count + 1;
          }
          break;
        }
        case 58: {
          if (this.hasInFlight) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.inFlightStart = at;
          at += length;
          this.inFlightEnd = at;
          this.hasInFlight = true;
          break;
        }
        case 66: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.retainedGivenCount;
          if (count === this.retainedGivenStarts.length) {
            this.retainedGivenStarts = growOffsets(this.retainedGivenStarts);
            this.retainedGivenEnds = growOffsets(this.retainedGivenEnds);
          }
          this.retainedGivenStarts[count] = at;
          at += length;
          this.retainedGivenEnds[count] = at;
          this.retainedGivenCount = count + 1;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 8)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const sessionChangeReader = new SessionChangeReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeSessionChange(bytes: Uint8Array, start = 0, end: number = bytes.length): SessionChange | undefined {
  const r = sessionChangeReader;
  if (!r.read(bytes, start, end)) return undefined;
  const subscribedList: Subscription[] = [];
  for (let i = 0; i < r.subscribedCount; i++) {
    const entry = decodeSubscription(bytes, r.subscribedStarts[i] as number, r.subscribedEnds[i] as number);
    if (entry === undefined) return undefined;
    subscribedList.push(entry);
  }
  const unsubscribedList: string[] = [];
  for (let i = 0; i < r.unsubscribedCount; i++) {
    const entry = readExactText(bytes, r.unsubscribedStarts[i] as number, r.unsubscribedEnds[i] as number);
    if (entry === undefined) return undefined;
    unsubscribedList.push(entry);
  }
  const outgoingList: Outgoing[] = [];
  for (let i = 0; i < r.outgoingCount; i++) {
    const entry = decodeOutgoing(bytes, r.outgoingStarts[i] as number, r.outgoingEnds[i] as number);
    if (entry === undefined) return undefined;
    outgoingList.push(entry);
  }
  const inFlightValue = r.hasInFlight ? decodeInFlight(bytes, r.inFlightStart, r.inFlightEnd) : undefined;
  if (r.hasInFlight && inFlightValue === undefined) return undefined;
  const retainedGivenList: string[] = [];
  for (let i = 0; i < r.retainedGivenCount; i++) {
    const entry = readExactText(bytes, r.retainedGivenStarts[i] as number, r.retainedGivenEnds[i] as number);
    if (entry === undefined) return undefined;
    retainedGivenList.push(entry);
  }
  return {
    subscribed: subscribedList,
    unsubscribed: unsubscribedList,
    released: Array.from(r.released.subarray(0, r.releasedCount)),
    cursor: Array.from(r.cursor.subarray(0, r.cursorCount)),
    outgoing: outgoingList,
    viewCursor: Array.from(r.viewCursor.subarray(0, r.viewCursorCount)),
    inFlight: inFlightValue,
    retainedGiven: retainedGivenList,
  };
}

/** Bytes that `writeSessionChange` writes. */
export function sizeSessionChange(m: SessionChangeInit): number {
  let size = 0;
  if (m.subscribed !== undefined && m.subscribed.length > 0) {
    for (const entry of m.subscribed) {
      const length = sizeSubscription(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.unsubscribed !== undefined && m.unsubscribed.length > 0) {
    for (const entry of m.unsubscribed) {
      const length = textSize(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.released !== undefined && m.released.length > 0) {
    const length = sizeVarints(m.released);
    size += 1 + varintSize(length) + length;
  }
  if (m.cursor !== undefined && m.cursor.length > 0) {
    const length = sizeVarints(m.cursor);
    size += 1 + varintSize(length) + length;
  }
  if (m.outgoing !== undefined && m.outgoing.length > 0) {
    for (const entry of m.outgoing) {
      const length = sizeOutgoing(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.viewCursor !== undefined && m.viewCursor.length > 0) {
    const length = sizeVarints(m.viewCursor);
    size += 1 + varintSize(length) + length;
  }
  if (m.inFlight !== undefined) {
    const length = sizeInFlight(m.inFlight);
    size += 1 + varintSize(length) + length;
  }
  if (m.retainedGiven !== undefined && m.retainedGiven.length > 0) {
    for (const entry of m.retainedGiven) {
      const length = textSize(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeSessionChange(m: SessionChangeInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.subscribed !== undefined && m.subscribed.length > 0) {
    for (const entry of m.subscribed) {
      bytes[at++] = 0x0a;
      at = writeVarint(bytes, at, sizeSubscription(entry));
      at = writeSubscription(entry, bytes, at);
    }
  }
  if (m.unsubscribed !== undefined && m.unsubscribed.length > 0) {
    for (const entry of m.unsubscribed) {
      bytes[at++] = 0x12;
      at = writeText(bytes, at, entry);
    }
  }
  if (m.released !== undefined && m.released.length > 0) {
    bytes[at++] = 0x1a;
    at = writeVarints(bytes, at, m.released);
  }
  if (m.cursor !== undefined && m.cursor.length > 0) {
    bytes[at++] = 0x22;
    at = writeVarints(bytes, at, m.cursor);
  }
  if (m.outgoing !== undefined && m.outgoing.length > 0) {
    for (const entry of m.outgoing) {
      bytes[at++] = 0x2a;
      at = writeVarint(bytes, at, sizeOutgoing(entry));
      at = writeOutgoing(entry, bytes, at);
    }
  }
  if (m.viewCursor !== undefined && m.viewCursor.length > 0) {
    bytes[at++] = 0x32;
    at = writeVarints(bytes, at, m.viewCursor);
  }
  if (m.inFlight !== undefined) {
    bytes[at++] = 0x3a;
    at = writeVarint(bytes, at, sizeInFlight(m.inFlight));
    at = writeInFlight(m.inFlight, bytes, at);
  }
  if (m.retainedGiven !== undefined && m.retainedGiven.length > 0) {
    for (const entry of m.retainedGiven) {
      bytes[at++] = 0x42;
      at = writeText(bytes, at, entry);
    }
  }
  return at;
}

export function encodeSessionChange(m: SessionChangeInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeSessionChange(m));
  writeSessionChange(m, bytes, 0);
  return bytes;
}

/** Payload of KIND_DISCONNECTED. */
export interface Disconnected {
  /** MQTT reason code; 0 where the client took leave. */
  readonly reason: number;
  /**
   * A word of a closed list, for people and filters: client, will, closed, keep-alive, taken-over,
   * protocol, refused, revoked, draining, edge-gone.
   */
  readonly why: string;
  readonly sendWill: boolean;
  readonly expiryS?: number | undefined;
  readonly edgeConnection: number;
  /** What the session came to, to be folded before the connection ends. */
  readonly last?: SessionChange | undefined;
}

export interface DisconnectedInit {
  readonly reason?: number | undefined;
  readonly why?: string | undefined;
  readonly sendWill?: boolean | undefined;
  readonly expiryS?: number | undefined;
  readonly edgeConnection?: number | undefined;
  readonly last?: SessionChangeInit | undefined;
}

/** Reads `Disconnected`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class DisconnectedReader {
  reason = 0;
  whyStart = 0;
  whyEnd = 0;
  sendWill = false;
  hasExpiryS = false;
  expiryS = 0;
  edgeConnection = 0;
  hasLast = false;
  lastStart = 0;
  lastEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.reason = 0;
    this.whyStart = 0;
    this.whyEnd = 0;
    this.sendWill = false;
    this.hasExpiryS = false;
    this.expiryS = 0;
    this.edgeConnection = 0;
    this.hasLast = false;
    this.lastStart = 0;
    this.lastEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.reason = value;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.whyStart = at;
          at += length;
          this.whyEnd = at;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.sendWill = value !== 0;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.expiryS = value;
          this.hasExpiryS = true;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeConnection = value;
          break;
        }
        case 50: {
          if (this.hasLast) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.lastStart = at;
          at += length;
          this.lastEnd = at;
          this.hasLast = true;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 6)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const disconnectedReader = new DisconnectedReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeDisconnected(bytes: Uint8Array, start = 0, end: number = bytes.length): Disconnected | undefined {
  const r = disconnectedReader;
  if (!r.read(bytes, start, end)) return undefined;
  const whyValue = readExactText(bytes, r.whyStart, r.whyEnd);
  if (whyValue === undefined) return undefined;
  const lastValue = r.hasLast ? decodeSessionChange(bytes, r.lastStart, r.lastEnd) : undefined;
  if (r.hasLast && lastValue === undefined) return undefined;
  return {
    reason: r.reason,
    why: whyValue,
    sendWill: r.sendWill,
    expiryS: r.hasExpiryS ? r.expiryS : undefined,
    edgeConnection: r.edgeConnection,
    last: lastValue,
  };
}

/** Bytes that `writeDisconnected` writes. */
export function sizeDisconnected(m: DisconnectedInit): number {
  let size = 0;
  if (m.reason !== undefined && m.reason !== 0) {
    size += 1 + varintSize(m.reason);
  }
  if (m.why !== undefined && m.why !== '') {
    const length = textSize(m.why);
    size += 1 + varintSize(length) + length;
  }
  if (m.sendWill !== undefined && m.sendWill) {
    size += 2;
  }
  if (m.expiryS !== undefined) {
    size += 1 + varintSize(m.expiryS);
  }
  if (m.edgeConnection !== undefined && m.edgeConnection !== 0) {
    size += 1 + varintSize(m.edgeConnection);
  }
  if (m.last !== undefined) {
    const length = sizeSessionChange(m.last);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeDisconnected(m: DisconnectedInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.reason !== undefined && m.reason !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.reason);
  }
  if (m.why !== undefined && m.why !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.why);
  }
  if (m.sendWill !== undefined && m.sendWill) {
    bytes[at++] = 0x18;
    bytes[at++] = m.sendWill ? 1 : 0;
  }
  if (m.expiryS !== undefined) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.expiryS);
  }
  if (m.edgeConnection !== undefined && m.edgeConnection !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.edgeConnection);
  }
  if (m.last !== undefined) {
    bytes[at++] = 0x32;
    at = writeVarint(bytes, at, sizeSessionChange(m.last));
    at = writeSessionChange(m.last, bytes, at);
  }
  return at;
}

export function encodeDisconnected(m: DisconnectedInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeDisconnected(m));
  writeDisconnected(m, bytes, 0);
  return bytes;
}

/** A session as its owner knows it; answers AskSession and stands in snapshots. */
export interface SessionState {
  readonly tenant: string;
  /** As Event.session. */
  readonly session: string;
  /** The device whose session it is; empty for an application. */
  readonly device: string;
  /** Number of the last connection. */
  readonly connection: number;
  readonly connected: boolean;
  /** Of the edge that holds or held it. */
  readonly edgeEpoch: number;
  readonly edgeConnection: number;
  readonly connectedMs: number;
  readonly disconnectedMs: number;
  readonly expiryS: number;
  readonly keepAliveS: number;
  readonly level: number;
  readonly address: string;
  /** Who speaks for the device. */
  readonly gateway: string;
  readonly will?: Will | undefined;
  readonly subscriptions: readonly Subscription[];
  /** QoS 2 towards us: stored, PUBREL has not come. */
  readonly received: readonly number[];
  readonly cursor: readonly number[];
  readonly outgoing: readonly Outgoing[];
  readonly viewCursor: readonly number[];
  /** Whether the last CONNECT found a session: Session Present. */
  readonly resumed: boolean;
  /** The connection before, and the edge that held it: who takes over asks it for what it has not said yet. */
  readonly previousConnection: number;
  readonly previousEdgeEpoch: number;
  /** Its edge is gone, and the grace before it counts as disconnected runs. */
  readonly orphaned: boolean;
  /** Log times of the last connects, newest last, to tell flapping. */
  readonly recentConnectsMs: readonly number[];
  readonly disconnectReason: number;
  readonly disconnectWhy: string;
  /** With which the session began: what is older is another session's. */
  readonly firstConnection: number;
  /** Place of the event that brought the session to where it is: connected, its edge gone, disconnected. */
  readonly cause: number;
  /** The edge's name, for people. */
  readonly edge: string;
  readonly via: number;
  readonly inFlight?: InFlight | undefined;
  /** The connection has said its last word: `in_flight` is all. */
  readonly parted: boolean;
}

export interface SessionStateInit {
  readonly tenant?: string | undefined;
  readonly session?: string | undefined;
  readonly device?: string | undefined;
  readonly connection?: number | undefined;
  readonly connected?: boolean | undefined;
  readonly edgeEpoch?: number | undefined;
  readonly edgeConnection?: number | undefined;
  readonly connectedMs?: number | undefined;
  readonly disconnectedMs?: number | undefined;
  readonly expiryS?: number | undefined;
  readonly keepAliveS?: number | undefined;
  readonly level?: number | undefined;
  readonly address?: string | undefined;
  readonly gateway?: string | undefined;
  readonly will?: WillInit | undefined;
  readonly subscriptions?: readonly SubscriptionInit[] | undefined;
  readonly received?: ArrayLike<number> | undefined;
  readonly cursor?: ArrayLike<number> | undefined;
  readonly outgoing?: readonly OutgoingInit[] | undefined;
  readonly viewCursor?: ArrayLike<number> | undefined;
  readonly resumed?: boolean | undefined;
  readonly previousConnection?: number | undefined;
  readonly previousEdgeEpoch?: number | undefined;
  readonly orphaned?: boolean | undefined;
  readonly recentConnectsMs?: ArrayLike<number> | undefined;
  readonly disconnectReason?: number | undefined;
  readonly disconnectWhy?: string | undefined;
  readonly firstConnection?: number | undefined;
  readonly cause?: number | undefined;
  readonly edge?: string | undefined;
  readonly via?: number | undefined;
  readonly inFlight?: InFlightInit | undefined;
  readonly parted?: boolean | undefined;
}

/** Reads `SessionState`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class SessionStateReader {
  tenantStart = 0;
  tenantEnd = 0;
  sessionStart = 0;
  sessionEnd = 0;
  deviceStart = 0;
  deviceEnd = 0;
  connection = 0;
  connected = false;
  edgeEpoch = 0;
  edgeConnection = 0;
  connectedMs = 0;
  disconnectedMs = 0;
  expiryS = 0;
  keepAliveS = 0;
  level = 0;
  addressStart = 0;
  addressEnd = 0;
  gatewayStart = 0;
  gatewayEnd = 0;
  hasWill = false;
  willStart = 0;
  willEnd = 0;
  subscriptionsStarts = NO_OFFSETS;
  subscriptionsEnds = NO_OFFSETS;
  subscriptionsCount = 0;
  received = NO_NUMBERS;
  receivedCount = 0;
  cursor = NO_NUMBERS;
  cursorCount = 0;
  outgoingStarts = NO_OFFSETS;
  outgoingEnds = NO_OFFSETS;
  outgoingCount = 0;
  viewCursor = NO_NUMBERS;
  viewCursorCount = 0;
  resumed = false;
  previousConnection = 0;
  previousEdgeEpoch = 0;
  orphaned = false;
  recentConnectsMs = NO_NUMBERS;
  recentConnectsMsCount = 0;
  disconnectReason = 0;
  disconnectWhyStart = 0;
  disconnectWhyEnd = 0;
  firstConnection = 0;
  cause = 0;
  edgeStart = 0;
  edgeEnd = 0;
  via = 0;
  hasInFlight = false;
  inFlightStart = 0;
  inFlightEnd = 0;
  parted = false;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.sessionStart = 0;
    this.sessionEnd = 0;
    this.deviceStart = 0;
    this.deviceEnd = 0;
    this.connection = 0;
    this.connected = false;
    this.edgeEpoch = 0;
    this.edgeConnection = 0;
    this.connectedMs = 0;
    this.disconnectedMs = 0;
    this.expiryS = 0;
    this.keepAliveS = 0;
    this.level = 0;
    this.addressStart = 0;
    this.addressEnd = 0;
    this.gatewayStart = 0;
    this.gatewayEnd = 0;
    this.hasWill = false;
    this.willStart = 0;
    this.willEnd = 0;
    this.subscriptionsCount = 0;
    this.receivedCount = 0;
    this.cursorCount = 0;
    this.outgoingCount = 0;
    this.viewCursorCount = 0;
    this.resumed = false;
    this.previousConnection = 0;
    this.previousEdgeEpoch = 0;
    this.orphaned = false;
    this.recentConnectsMsCount = 0;
    this.disconnectReason = 0;
    this.disconnectWhyStart = 0;
    this.disconnectWhyEnd = 0;
    this.firstConnection = 0;
    this.cause = 0;
    this.edgeStart = 0;
    this.edgeEnd = 0;
    this.via = 0;
    this.hasInFlight = false;
    this.inFlightStart = 0;
    this.inFlightEnd = 0;
    this.parted = false;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sessionStart = at;
          at += length;
          this.sessionEnd = at;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.deviceStart = at;
          at += length;
          this.deviceEnd = at;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.connection = value;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.connected = value !== 0;
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeEpoch = value;
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeConnection = value;
          break;
        }
        case 64: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.connectedMs = value;
          break;
        }
        case 72: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.disconnectedMs = value;
          break;
        }
        case 80: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.expiryS = value;
          break;
        }
        case 88: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.keepAliveS = value;
          break;
        }
        case 96: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.level = value;
          break;
        }
        case 106: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.addressStart = at;
          at += length;
          this.addressEnd = at;
          break;
        }
        case 114: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.gatewayStart = at;
          at += length;
          this.gatewayEnd = at;
          break;
        }
        case 122: {
          if (this.hasWill) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.willStart = at;
          at += length;
          this.willEnd = at;
          this.hasWill = true;
          break;
        }
        case 130: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.subscriptionsCount;
          if (count === this.subscriptionsStarts.length) {
            this.subscriptionsStarts = growOffsets(this.subscriptionsStarts);
            this.subscriptionsEnds = growOffsets(this.subscriptionsEnds);
          }
          this.subscriptionsStarts[count] = at;
          at += length;
          this.subscriptionsEnds[count] = at;
          this.subscriptionsCount = count + 1;
          break;
        }
        case 136: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          const count = this.receivedCount;
          if (count === this.received.length) this.received = growNumbers(this.received);
          this.received[count] = value;
          this.receivedCount = count + 1;
          break;
        }
        case 138: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            if (value > 0xffffffff) return false;
            const count = this.receivedCount;
            if (count === this.received.length) this.received = growNumbers(this.received);
            this.received[count] = value;
            this.receivedCount = count + 1;
          }
          break;
        }
        case 144: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.cursorCount;
          if (count === this.cursor.length) this.cursor = growNumbers(this.cursor);
          this.cursor[count] = value;
          this.cursorCount = count + 1;
          break;
        }
        case 146: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.cursorCount;
            if (count === this.cursor.length) this.cursor = growNumbers(this.cursor);
            this.cursor[count] = value;
            this.cursorCount = count + 1;
          }
          break;
        }
        case 154: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.outgoingCount;
          if (count === this.outgoingStarts.length) {
            this.outgoingStarts = growOffsets(this.outgoingStarts);
            this.outgoingEnds = growOffsets(this.outgoingEnds);
          }
          this.outgoingStarts[count] = at;
          at += length;
          this.outgoingEnds[count] = at;
          this.outgoingCount = count + 1;
          break;
        }
        case 160: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.viewCursorCount;
          if (count === this.viewCursor.length) this.viewCursor = growNumbers(this.viewCursor);
          this.viewCursor[count] = value;
          this.viewCursorCount = count + 1;
          break;
        }
        case 162: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.viewCursorCount;
            if (count === this.viewCursor.length) this.viewCursor = growNumbers(this.viewCursor);
            this.viewCursor[count] = value;
            this.viewCursorCount = count + 1;
          }
          break;
        }
        case 168: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.resumed = value !== 0;
          break;
        }
        case 176: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.previousConnection = value;
          break;
        }
        case 184: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.previousEdgeEpoch = value;
          break;
        }
        case 192: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.orphaned = value !== 0;
          break;
        }
        case 200: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.recentConnectsMsCount;
          if (count === this.recentConnectsMs.length) this.recentConnectsMs = growNumbers(this.recentConnectsMs);
          this.recentConnectsMs[count] = value;
          this.recentConnectsMsCount = count + 1;
          break;
        }
        case 202: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.recentConnectsMsCount;
            if (count === this.recentConnectsMs.length) this.recentConnectsMs = growNumbers(this.recentConnectsMs);
            this.recentConnectsMs[count] = value;
            this.recentConnectsMsCount = count + 1;
          }
          break;
        }
        case 208: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.disconnectReason = value;
          break;
        }
        case 218: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.disconnectWhyStart = at;
          at += length;
          this.disconnectWhyEnd = at;
          break;
        }
        case 224: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.firstConnection = value;
          break;
        }
        case 232: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.cause = value;
          break;
        }
        case 242: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.edgeStart = at;
          at += length;
          this.edgeEnd = at;
          break;
        }
        case 248: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0x7fffffff) return false;
          this.via = value;
          break;
        }
        case 258: {
          if (this.hasInFlight) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.inFlightStart = at;
          at += length;
          this.inFlightEnd = at;
          this.hasInFlight = true;
          break;
        }
        case 264: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.parted = value !== 0;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 33)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const sessionStateReader = new SessionStateReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeSessionState(bytes: Uint8Array, start = 0, end: number = bytes.length): SessionState | undefined {
  const r = sessionStateReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const sessionValue = readExactText(bytes, r.sessionStart, r.sessionEnd);
  if (sessionValue === undefined) return undefined;
  const deviceValue = readExactText(bytes, r.deviceStart, r.deviceEnd);
  if (deviceValue === undefined) return undefined;
  const addressValue = readExactText(bytes, r.addressStart, r.addressEnd);
  if (addressValue === undefined) return undefined;
  const gatewayValue = readExactText(bytes, r.gatewayStart, r.gatewayEnd);
  if (gatewayValue === undefined) return undefined;
  const willValue = r.hasWill ? decodeWill(bytes, r.willStart, r.willEnd) : undefined;
  if (r.hasWill && willValue === undefined) return undefined;
  const subscriptionsList: Subscription[] = [];
  for (let i = 0; i < r.subscriptionsCount; i++) {
    const entry = decodeSubscription(bytes, r.subscriptionsStarts[i] as number, r.subscriptionsEnds[i] as number);
    if (entry === undefined) return undefined;
    subscriptionsList.push(entry);
  }
  const outgoingList: Outgoing[] = [];
  for (let i = 0; i < r.outgoingCount; i++) {
    const entry = decodeOutgoing(bytes, r.outgoingStarts[i] as number, r.outgoingEnds[i] as number);
    if (entry === undefined) return undefined;
    outgoingList.push(entry);
  }
  const disconnectWhyValue = readExactText(bytes, r.disconnectWhyStart, r.disconnectWhyEnd);
  if (disconnectWhyValue === undefined) return undefined;
  const edgeValue = readExactText(bytes, r.edgeStart, r.edgeEnd);
  if (edgeValue === undefined) return undefined;
  const inFlightValue = r.hasInFlight ? decodeInFlight(bytes, r.inFlightStart, r.inFlightEnd) : undefined;
  if (r.hasInFlight && inFlightValue === undefined) return undefined;
  return {
    tenant: tenantValue,
    session: sessionValue,
    device: deviceValue,
    connection: r.connection,
    connected: r.connected,
    edgeEpoch: r.edgeEpoch,
    edgeConnection: r.edgeConnection,
    connectedMs: r.connectedMs,
    disconnectedMs: r.disconnectedMs,
    expiryS: r.expiryS,
    keepAliveS: r.keepAliveS,
    level: r.level,
    address: addressValue,
    gateway: gatewayValue,
    will: willValue,
    subscriptions: subscriptionsList,
    received: Array.from(r.received.subarray(0, r.receivedCount)),
    cursor: Array.from(r.cursor.subarray(0, r.cursorCount)),
    outgoing: outgoingList,
    viewCursor: Array.from(r.viewCursor.subarray(0, r.viewCursorCount)),
    resumed: r.resumed,
    previousConnection: r.previousConnection,
    previousEdgeEpoch: r.previousEdgeEpoch,
    orphaned: r.orphaned,
    recentConnectsMs: Array.from(r.recentConnectsMs.subarray(0, r.recentConnectsMsCount)),
    disconnectReason: r.disconnectReason,
    disconnectWhy: disconnectWhyValue,
    firstConnection: r.firstConnection,
    cause: r.cause,
    edge: edgeValue,
    via: r.via,
    inFlight: inFlightValue,
    parted: r.parted,
  };
}

/** Bytes that `writeSessionState` writes. */
export function sizeSessionState(m: SessionStateInit): number {
  let size = 0;
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.session !== undefined && m.session !== '') {
    const length = textSize(m.session);
    size += 1 + varintSize(length) + length;
  }
  if (m.device !== undefined && m.device !== '') {
    const length = textSize(m.device);
    size += 1 + varintSize(length) + length;
  }
  if (m.connection !== undefined && m.connection !== 0) {
    size += 1 + varintSize(m.connection);
  }
  if (m.connected !== undefined && m.connected) {
    size += 2;
  }
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    size += 1 + varintSize(m.edgeEpoch);
  }
  if (m.edgeConnection !== undefined && m.edgeConnection !== 0) {
    size += 1 + varintSize(m.edgeConnection);
  }
  if (m.connectedMs !== undefined && m.connectedMs !== 0) {
    size += 1 + varintSize(m.connectedMs);
  }
  if (m.disconnectedMs !== undefined && m.disconnectedMs !== 0) {
    size += 1 + varintSize(m.disconnectedMs);
  }
  if (m.expiryS !== undefined && m.expiryS !== 0) {
    size += 1 + varintSize(m.expiryS);
  }
  if (m.keepAliveS !== undefined && m.keepAliveS !== 0) {
    size += 1 + varintSize(m.keepAliveS);
  }
  if (m.level !== undefined && m.level !== 0) {
    size += 1 + varintSize(m.level);
  }
  if (m.address !== undefined && m.address !== '') {
    const length = textSize(m.address);
    size += 1 + varintSize(length) + length;
  }
  if (m.gateway !== undefined && m.gateway !== '') {
    const length = textSize(m.gateway);
    size += 1 + varintSize(length) + length;
  }
  if (m.will !== undefined) {
    const length = sizeWill(m.will);
    size += 1 + varintSize(length) + length;
  }
  if (m.subscriptions !== undefined && m.subscriptions.length > 0) {
    for (const entry of m.subscriptions) {
      const length = sizeSubscription(entry);
      size += 2 + varintSize(length) + length;
    }
  }
  if (m.received !== undefined && m.received.length > 0) {
    const length = sizeVarints(m.received);
    size += 2 + varintSize(length) + length;
  }
  if (m.cursor !== undefined && m.cursor.length > 0) {
    const length = sizeVarints(m.cursor);
    size += 2 + varintSize(length) + length;
  }
  if (m.outgoing !== undefined && m.outgoing.length > 0) {
    for (const entry of m.outgoing) {
      const length = sizeOutgoing(entry);
      size += 2 + varintSize(length) + length;
    }
  }
  if (m.viewCursor !== undefined && m.viewCursor.length > 0) {
    const length = sizeVarints(m.viewCursor);
    size += 2 + varintSize(length) + length;
  }
  if (m.resumed !== undefined && m.resumed) {
    size += 3;
  }
  if (m.previousConnection !== undefined && m.previousConnection !== 0) {
    size += 2 + varintSize(m.previousConnection);
  }
  if (m.previousEdgeEpoch !== undefined && m.previousEdgeEpoch !== 0) {
    size += 2 + varintSize(m.previousEdgeEpoch);
  }
  if (m.orphaned !== undefined && m.orphaned) {
    size += 3;
  }
  if (m.recentConnectsMs !== undefined && m.recentConnectsMs.length > 0) {
    const length = sizeVarints(m.recentConnectsMs);
    size += 2 + varintSize(length) + length;
  }
  if (m.disconnectReason !== undefined && m.disconnectReason !== 0) {
    size += 2 + varintSize(m.disconnectReason);
  }
  if (m.disconnectWhy !== undefined && m.disconnectWhy !== '') {
    const length = textSize(m.disconnectWhy);
    size += 2 + varintSize(length) + length;
  }
  if (m.firstConnection !== undefined && m.firstConnection !== 0) {
    size += 2 + varintSize(m.firstConnection);
  }
  if (m.cause !== undefined && m.cause !== 0) {
    size += 2 + varintSize(m.cause);
  }
  if (m.edge !== undefined && m.edge !== '') {
    const length = textSize(m.edge);
    size += 2 + varintSize(length) + length;
  }
  if (m.via !== undefined && m.via !== 0) {
    size += 2 + varintSize(m.via);
  }
  if (m.inFlight !== undefined) {
    const length = sizeInFlight(m.inFlight);
    size += 2 + varintSize(length) + length;
  }
  if (m.parted !== undefined && m.parted) {
    size += 3;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeSessionState(m: SessionStateInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.session !== undefined && m.session !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.session);
  }
  if (m.device !== undefined && m.device !== '') {
    bytes[at++] = 0x1a;
    at = writeText(bytes, at, m.device);
  }
  if (m.connection !== undefined && m.connection !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.connection);
  }
  if (m.connected !== undefined && m.connected) {
    bytes[at++] = 0x28;
    bytes[at++] = m.connected ? 1 : 0;
  }
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    bytes[at++] = 0x30;
    at = writeVarint(bytes, at, m.edgeEpoch);
  }
  if (m.edgeConnection !== undefined && m.edgeConnection !== 0) {
    bytes[at++] = 0x38;
    at = writeVarint(bytes, at, m.edgeConnection);
  }
  if (m.connectedMs !== undefined && m.connectedMs !== 0) {
    bytes[at++] = 0x40;
    at = writeVarint(bytes, at, m.connectedMs);
  }
  if (m.disconnectedMs !== undefined && m.disconnectedMs !== 0) {
    bytes[at++] = 0x48;
    at = writeVarint(bytes, at, m.disconnectedMs);
  }
  if (m.expiryS !== undefined && m.expiryS !== 0) {
    bytes[at++] = 0x50;
    at = writeVarint(bytes, at, m.expiryS);
  }
  if (m.keepAliveS !== undefined && m.keepAliveS !== 0) {
    bytes[at++] = 0x58;
    at = writeVarint(bytes, at, m.keepAliveS);
  }
  if (m.level !== undefined && m.level !== 0) {
    bytes[at++] = 0x60;
    at = writeVarint(bytes, at, m.level);
  }
  if (m.address !== undefined && m.address !== '') {
    bytes[at++] = 0x6a;
    at = writeText(bytes, at, m.address);
  }
  if (m.gateway !== undefined && m.gateway !== '') {
    bytes[at++] = 0x72;
    at = writeText(bytes, at, m.gateway);
  }
  if (m.will !== undefined) {
    bytes[at++] = 0x7a;
    at = writeVarint(bytes, at, sizeWill(m.will));
    at = writeWill(m.will, bytes, at);
  }
  if (m.subscriptions !== undefined && m.subscriptions.length > 0) {
    for (const entry of m.subscriptions) {
      bytes[at++] = 0x82;
      bytes[at++] = 0x01;
      at = writeVarint(bytes, at, sizeSubscription(entry));
      at = writeSubscription(entry, bytes, at);
    }
  }
  if (m.received !== undefined && m.received.length > 0) {
    bytes[at++] = 0x8a;
    bytes[at++] = 0x01;
    at = writeVarints(bytes, at, m.received);
  }
  if (m.cursor !== undefined && m.cursor.length > 0) {
    bytes[at++] = 0x92;
    bytes[at++] = 0x01;
    at = writeVarints(bytes, at, m.cursor);
  }
  if (m.outgoing !== undefined && m.outgoing.length > 0) {
    for (const entry of m.outgoing) {
      bytes[at++] = 0x9a;
      bytes[at++] = 0x01;
      at = writeVarint(bytes, at, sizeOutgoing(entry));
      at = writeOutgoing(entry, bytes, at);
    }
  }
  if (m.viewCursor !== undefined && m.viewCursor.length > 0) {
    bytes[at++] = 0xa2;
    bytes[at++] = 0x01;
    at = writeVarints(bytes, at, m.viewCursor);
  }
  if (m.resumed !== undefined && m.resumed) {
    bytes[at++] = 0xa8;
    bytes[at++] = 0x01;
    bytes[at++] = m.resumed ? 1 : 0;
  }
  if (m.previousConnection !== undefined && m.previousConnection !== 0) {
    bytes[at++] = 0xb0;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.previousConnection);
  }
  if (m.previousEdgeEpoch !== undefined && m.previousEdgeEpoch !== 0) {
    bytes[at++] = 0xb8;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.previousEdgeEpoch);
  }
  if (m.orphaned !== undefined && m.orphaned) {
    bytes[at++] = 0xc0;
    bytes[at++] = 0x01;
    bytes[at++] = m.orphaned ? 1 : 0;
  }
  if (m.recentConnectsMs !== undefined && m.recentConnectsMs.length > 0) {
    bytes[at++] = 0xca;
    bytes[at++] = 0x01;
    at = writeVarints(bytes, at, m.recentConnectsMs);
  }
  if (m.disconnectReason !== undefined && m.disconnectReason !== 0) {
    bytes[at++] = 0xd0;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.disconnectReason);
  }
  if (m.disconnectWhy !== undefined && m.disconnectWhy !== '') {
    bytes[at++] = 0xda;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.disconnectWhy);
  }
  if (m.firstConnection !== undefined && m.firstConnection !== 0) {
    bytes[at++] = 0xe0;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.firstConnection);
  }
  if (m.cause !== undefined && m.cause !== 0) {
    bytes[at++] = 0xe8;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.cause);
  }
  if (m.edge !== undefined && m.edge !== '') {
    bytes[at++] = 0xf2;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.edge);
  }
  if (m.via !== undefined && m.via !== 0) {
    bytes[at++] = 0xf8;
    bytes[at++] = 0x01;
    at = writeVarint(bytes, at, m.via);
  }
  if (m.inFlight !== undefined) {
    bytes[at++] = 0x82;
    bytes[at++] = 0x02;
    at = writeVarint(bytes, at, sizeInFlight(m.inFlight));
    at = writeInFlight(m.inFlight, bytes, at);
  }
  if (m.parted !== undefined && m.parted) {
    bytes[at++] = 0x88;
    bytes[at++] = 0x02;
    bytes[at++] = m.parted ? 1 : 0;
  }
  return at;
}

export function encodeSessionState(m: SessionStateInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeSessionState(m));
  writeSessionState(m, bytes, 0);
  return bytes;
}

/** Asking a topic partition's owner (`tq.<pp>`) for retained messages that a filter matches. */
export interface AskRetained {
  readonly tenant: string;
  readonly filter: string;
  /** The answer reflects this message of TT_<pp> and everything before it. */
  readonly minSeq: number;
  /** What the answer before this one gave as `next`; empty begins. */
  readonly after: string;
  /** How much the answer may hold; at least one message is in it. */
  readonly bytesMax: number;
  /**
   * Set by a writer after the server restarted: has the owner made sure that TT_<pp> still ends where it last ended, and not
   * below min_seq, on this server process? Nothing is searched then.
   */
  readonly server: string;
}

export interface AskRetainedInit {
  readonly tenant?: string | undefined;
  readonly filter?: string | undefined;
  readonly minSeq?: number | undefined;
  readonly after?: string | undefined;
  readonly bytesMax?: number | undefined;
  readonly server?: string | undefined;
}

/** Reads `AskRetained`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class AskRetainedReader {
  tenantStart = 0;
  tenantEnd = 0;
  filterStart = 0;
  filterEnd = 0;
  minSeq = 0;
  afterStart = 0;
  afterEnd = 0;
  bytesMax = 0;
  serverStart = 0;
  serverEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.filterStart = 0;
    this.filterEnd = 0;
    this.minSeq = 0;
    this.afterStart = 0;
    this.afterEnd = 0;
    this.bytesMax = 0;
    this.serverStart = 0;
    this.serverEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.filterStart = at;
          at += length;
          this.filterEnd = at;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.minSeq = value;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.afterStart = at;
          at += length;
          this.afterEnd = at;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.bytesMax = value;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.serverStart = at;
          at += length;
          this.serverEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 6)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const askRetainedReader = new AskRetainedReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeAskRetained(bytes: Uint8Array, start = 0, end: number = bytes.length): AskRetained | undefined {
  const r = askRetainedReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const filterValue = readExactText(bytes, r.filterStart, r.filterEnd);
  if (filterValue === undefined) return undefined;
  const afterValue = readExactText(bytes, r.afterStart, r.afterEnd);
  if (afterValue === undefined) return undefined;
  const serverValue = readExactText(bytes, r.serverStart, r.serverEnd);
  if (serverValue === undefined) return undefined;
  return {
    tenant: tenantValue,
    filter: filterValue,
    minSeq: r.minSeq,
    after: afterValue,
    bytesMax: r.bytesMax,
    server: serverValue,
  };
}

/** Bytes that `writeAskRetained` writes. */
export function sizeAskRetained(m: AskRetainedInit): number {
  let size = 0;
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.filter !== undefined && m.filter !== '') {
    const length = textSize(m.filter);
    size += 1 + varintSize(length) + length;
  }
  if (m.minSeq !== undefined && m.minSeq !== 0) {
    size += 1 + varintSize(m.minSeq);
  }
  if (m.after !== undefined && m.after !== '') {
    const length = textSize(m.after);
    size += 1 + varintSize(length) + length;
  }
  if (m.bytesMax !== undefined && m.bytesMax !== 0) {
    size += 1 + varintSize(m.bytesMax);
  }
  if (m.server !== undefined && m.server !== '') {
    const length = textSize(m.server);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeAskRetained(m: AskRetainedInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.filter !== undefined && m.filter !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.filter);
  }
  if (m.minSeq !== undefined && m.minSeq !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.minSeq);
  }
  if (m.after !== undefined && m.after !== '') {
    bytes[at++] = 0x22;
    at = writeText(bytes, at, m.after);
  }
  if (m.bytesMax !== undefined && m.bytesMax !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.bytesMax);
  }
  if (m.server !== undefined && m.server !== '') {
    bytes[at++] = 0x32;
    at = writeText(bytes, at, m.server);
  }
  return at;
}

export function encodeAskRetained(m: AskRetainedInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeAskRetained(m));
  writeAskRetained(m, bytes, 0);
  return bytes;
}

/** Also what stands in TR_<pp> under a topic's hash; without an event: the topic has no retained message any more. */
export interface RetainedMessage {
  readonly seq: number;
  readonly index: number;
  /** An encoded Event of KIND_PUBLISHED. */
  readonly event: Uint8Array;
}

export interface RetainedMessageInit {
  readonly seq?: number | undefined;
  readonly index?: number | undefined;
  readonly event?: Uint8Array | undefined;
}

/** Reads `RetainedMessage`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class RetainedMessageReader {
  seq = 0;
  index = 0;
  eventStart = 0;
  eventEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.seq = 0;
    this.index = 0;
    this.eventStart = 0;
    this.eventEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.seq = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.index = value;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.eventStart = at;
          at += length;
          this.eventEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 3)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const retainedMessageReader = new RetainedMessageReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeRetainedMessage(bytes: Uint8Array, start = 0, end: number = bytes.length): RetainedMessage | undefined {
  const r = retainedMessageReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    seq: r.seq,
    index: r.index,
    event: copyBytes(bytes, r.eventStart, r.eventEnd),
  };
}

/** Bytes that `writeRetainedMessage` writes. */
export function sizeRetainedMessage(m: RetainedMessageInit): number {
  let size = 0;
  if (m.seq !== undefined && m.seq !== 0) {
    size += 1 + varintSize(m.seq);
  }
  if (m.index !== undefined && m.index !== 0) {
    size += 1 + varintSize(m.index);
  }
  if (m.event !== undefined && m.event.length > 0) {
    size += 1 + varintSize(m.event.length) + m.event.length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeRetainedMessage(m: RetainedMessageInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.seq !== undefined && m.seq !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.seq);
  }
  if (m.index !== undefined && m.index !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.index);
  }
  if (m.event !== undefined && m.event.length > 0) {
    bytes[at++] = 0x1a;
    at = writeBytes(bytes, at, m.event);
  }
  return at;
}

export function encodeRetainedMessage(m: RetainedMessageInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeRetainedMessage(m));
  writeRetainedMessage(m, bytes, 0);
  return bytes;
}

export interface RetainedAnswer {
  /** As AnswerCode: 0 is good, 1 is a search that is not open any more, 2 is not the owner, 3 is behind. */
  readonly code: number;
  readonly messages: readonly RetainedMessage[];
  /** Where to go on, for a while; empty: that was all. */
  readonly next: string;
  /** Everything up to this message of TT_<pp> is reflected. */
  readonly checkpoint: number;
}

export interface RetainedAnswerInit {
  readonly code?: number | undefined;
  readonly messages?: readonly RetainedMessageInit[] | undefined;
  readonly next?: string | undefined;
  readonly checkpoint?: number | undefined;
}

/** Reads `RetainedAnswer`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class RetainedAnswerReader {
  code = 0;
  messagesStarts = NO_OFFSETS;
  messagesEnds = NO_OFFSETS;
  messagesCount = 0;
  nextStart = 0;
  nextEnd = 0;
  checkpoint = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.code = 0;
    this.messagesCount = 0;
    this.nextStart = 0;
    this.nextEnd = 0;
    this.checkpoint = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.code = value;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.messagesCount;
          if (count === this.messagesStarts.length) {
            this.messagesStarts = growOffsets(this.messagesStarts);
            this.messagesEnds = growOffsets(this.messagesEnds);
          }
          this.messagesStarts[count] = at;
          at += length;
          this.messagesEnds[count] = at;
          this.messagesCount = count + 1;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.nextStart = at;
          at += length;
          this.nextEnd = at;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.checkpoint = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 4)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const retainedAnswerReader = new RetainedAnswerReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeRetainedAnswer(bytes: Uint8Array, start = 0, end: number = bytes.length): RetainedAnswer | undefined {
  const r = retainedAnswerReader;
  if (!r.read(bytes, start, end)) return undefined;
  const messagesList: RetainedMessage[] = [];
  for (let i = 0; i < r.messagesCount; i++) {
    const entry = decodeRetainedMessage(bytes, r.messagesStarts[i] as number, r.messagesEnds[i] as number);
    if (entry === undefined) return undefined;
    messagesList.push(entry);
  }
  const nextValue = readExactText(bytes, r.nextStart, r.nextEnd);
  if (nextValue === undefined) return undefined;
  return {
    code: r.code,
    messages: messagesList,
    next: nextValue,
    checkpoint: r.checkpoint,
  };
}

/** Bytes that `writeRetainedAnswer` writes. */
export function sizeRetainedAnswer(m: RetainedAnswerInit): number {
  let size = 0;
  if (m.code !== undefined && m.code !== 0) {
    size += 1 + varintSize(m.code);
  }
  if (m.messages !== undefined && m.messages.length > 0) {
    for (const entry of m.messages) {
      const length = sizeRetainedMessage(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  if (m.next !== undefined && m.next !== '') {
    const length = textSize(m.next);
    size += 1 + varintSize(length) + length;
  }
  if (m.checkpoint !== undefined && m.checkpoint !== 0) {
    size += 1 + varintSize(m.checkpoint);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeRetainedAnswer(m: RetainedAnswerInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.code !== undefined && m.code !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.code);
  }
  if (m.messages !== undefined && m.messages.length > 0) {
    for (const entry of m.messages) {
      bytes[at++] = 0x12;
      at = writeVarint(bytes, at, sizeRetainedMessage(entry));
      at = writeRetainedMessage(entry, bytes, at);
    }
  }
  if (m.next !== undefined && m.next !== '') {
    bytes[at++] = 0x1a;
    at = writeText(bytes, at, m.next);
  }
  if (m.checkpoint !== undefined && m.checkpoint !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.checkpoint);
  }
  return at;
}

export function encodeRetainedAnswer(m: RetainedAnswerInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeRetainedAnswer(m));
  writeRetainedAnswer(m, bytes, 0);
  return bytes;
}

/** How far TR_<pp> reflects TT_<pp>, written in one batch with what it reflects. */
export interface TopicCheckpoint {
  /** The last message of TT_<pp> that is reflected, and by what it is known again. */
  readonly seq: number;
  readonly timestampMs: number;
  readonly edgeEpoch: number;
  readonly counter: number;
  /** The process that wrote this. */
  readonly instance: string;
  /** The last batch of each edge up to there, so that a resend is known; parallel arrays. */
  readonly writer: readonly number[];
  readonly writerCounter: readonly number[];
}

export interface TopicCheckpointInit {
  readonly seq?: number | undefined;
  readonly timestampMs?: number | undefined;
  readonly edgeEpoch?: number | undefined;
  readonly counter?: number | undefined;
  readonly instance?: string | undefined;
  readonly writer?: ArrayLike<number> | undefined;
  readonly writerCounter?: ArrayLike<number> | undefined;
}

/** Reads `TopicCheckpoint`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class TopicCheckpointReader {
  seq = 0;
  timestampMs = 0;
  edgeEpoch = 0;
  counter = 0;
  instanceStart = 0;
  instanceEnd = 0;
  writer = NO_NUMBERS;
  writerCount = 0;
  writerCounter = NO_NUMBERS;
  writerCounterCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.seq = 0;
    this.timestampMs = 0;
    this.edgeEpoch = 0;
    this.counter = 0;
    this.instanceStart = 0;
    this.instanceEnd = 0;
    this.writerCount = 0;
    this.writerCounterCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.seq = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.timestampMs = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeEpoch = value;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.counter = value;
          break;
        }
        case 42: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.instanceStart = at;
          at += length;
          this.instanceEnd = at;
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.writerCount;
          if (count === this.writer.length) this.writer = growNumbers(this.writer);
          this.writer[count] = value;
          this.writerCount = count + 1;
          break;
        }
        case 50: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.writerCount;
            if (count === this.writer.length) this.writer = growNumbers(this.writer);
            this.writer[count] = value;
            this.writerCount = count + 1;
          }
          break;
        }
        case 56: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          const count = this.writerCounterCount;
          if (count === this.writerCounter.length) this.writerCounter = growNumbers(this.writerCounter);
          this.writerCounter[count] = value;
          this.writerCounterCount = count + 1;
          break;
        }
        case 58: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const runEnd = at + length;
          while (at < runEnd) {
            if (at >= runEnd) return false;
            let value = bytes[at++] as number;
            if (value >= 0x80) {
              value = readVarint(bytes, at - 1, runEnd);
              if (value < 0) return false;
              at = cursor.at;
            }
            const count = this.writerCounterCount;
            if (count === this.writerCounter.length) this.writerCounter = growNumbers(this.writerCounter);
            this.writerCounter[count] = value;
            this.writerCounterCount = count + 1;
          }
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 7)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const topicCheckpointReader = new TopicCheckpointReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeTopicCheckpoint(bytes: Uint8Array, start = 0, end: number = bytes.length): TopicCheckpoint | undefined {
  const r = topicCheckpointReader;
  if (!r.read(bytes, start, end)) return undefined;
  const instanceValue = readExactText(bytes, r.instanceStart, r.instanceEnd);
  if (instanceValue === undefined) return undefined;
  return {
    seq: r.seq,
    timestampMs: r.timestampMs,
    edgeEpoch: r.edgeEpoch,
    counter: r.counter,
    instance: instanceValue,
    writer: Array.from(r.writer.subarray(0, r.writerCount)),
    writerCounter: Array.from(r.writerCounter.subarray(0, r.writerCounterCount)),
  };
}

/** Bytes that `writeTopicCheckpoint` writes. */
export function sizeTopicCheckpoint(m: TopicCheckpointInit): number {
  let size = 0;
  if (m.seq !== undefined && m.seq !== 0) {
    size += 1 + varintSize(m.seq);
  }
  if (m.timestampMs !== undefined && m.timestampMs !== 0) {
    size += 1 + varintSize(m.timestampMs);
  }
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    size += 1 + varintSize(m.edgeEpoch);
  }
  if (m.counter !== undefined && m.counter !== 0) {
    size += 1 + varintSize(m.counter);
  }
  if (m.instance !== undefined && m.instance !== '') {
    const length = textSize(m.instance);
    size += 1 + varintSize(length) + length;
  }
  if (m.writer !== undefined && m.writer.length > 0) {
    const length = sizeVarints(m.writer);
    size += 1 + varintSize(length) + length;
  }
  if (m.writerCounter !== undefined && m.writerCounter.length > 0) {
    const length = sizeVarints(m.writerCounter);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeTopicCheckpoint(m: TopicCheckpointInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.seq !== undefined && m.seq !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.seq);
  }
  if (m.timestampMs !== undefined && m.timestampMs !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.timestampMs);
  }
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.edgeEpoch);
  }
  if (m.counter !== undefined && m.counter !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.counter);
  }
  if (m.instance !== undefined && m.instance !== '') {
    bytes[at++] = 0x2a;
    at = writeText(bytes, at, m.instance);
  }
  if (m.writer !== undefined && m.writer.length > 0) {
    bytes[at++] = 0x32;
    at = writeVarints(bytes, at, m.writer);
  }
  if (m.writerCounter !== undefined && m.writerCounter.length > 0) {
    bytes[at++] = 0x3a;
    at = writeVarints(bytes, at, m.writerCounter);
  }
  return at;
}

export function encodeTopicCheckpoint(m: TopicCheckpointInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeTopicCheckpoint(m));
  writeTopicCheckpoint(m, bytes, 0);
  return bytes;
}

/** What a segment of TI_<pp> covers; written in one batch with its parts. */
export interface TopicSegment {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly entries: number;
}

export interface TopicSegmentInit {
  readonly fromSeq?: number | undefined;
  readonly toSeq?: number | undefined;
  readonly entries?: number | undefined;
}

/** Reads `TopicSegment`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class TopicSegmentReader {
  fromSeq = 0;
  toSeq = 0;
  entries = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.fromSeq = 0;
    this.toSeq = 0;
    this.entries = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.fromSeq = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.toSeq = value;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.entries = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 3)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const topicSegmentReader = new TopicSegmentReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeTopicSegment(bytes: Uint8Array, start = 0, end: number = bytes.length): TopicSegment | undefined {
  const r = topicSegmentReader;
  if (!r.read(bytes, start, end)) return undefined;
  return {
    fromSeq: r.fromSeq,
    toSeq: r.toSeq,
    entries: r.entries,
  };
}

/** Bytes that `writeTopicSegment` writes. */
export function sizeTopicSegment(m: TopicSegmentInit): number {
  let size = 0;
  if (m.fromSeq !== undefined && m.fromSeq !== 0) {
    size += 1 + varintSize(m.fromSeq);
  }
  if (m.toSeq !== undefined && m.toSeq !== 0) {
    size += 1 + varintSize(m.toSeq);
  }
  if (m.entries !== undefined && m.entries !== 0) {
    size += 1 + varintSize(m.entries);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeTopicSegment(m: TopicSegmentInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.fromSeq !== undefined && m.fromSeq !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.fromSeq);
  }
  if (m.toSeq !== undefined && m.toSeq !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.toSeq);
  }
  if (m.entries !== undefined && m.entries !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.entries);
  }
  return at;
}

export function encodeTopicSegment(m: TopicSegmentInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeTopicSegment(m));
  writeTopicSegment(m, bytes, 0);
  return bytes;
}

/** Of an Event, what shows whether anybody may want it. */
export interface TopicGlance {
  readonly tenant: string;
  readonly topic: string;
}

export interface TopicGlanceInit {
  readonly tenant?: string | undefined;
  readonly topic?: string | undefined;
}

/** Reads `TopicGlance`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class TopicGlanceReader {
  tenantStart = 0;
  tenantEnd = 0;
  topicStart = 0;
  topicEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.topicStart = 0;
    this.topicEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 178: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.topicStart = at;
          at += length;
          this.topicEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if (field === 1 || field === 22) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const topicGlanceReader = new TopicGlanceReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeTopicGlance(bytes: Uint8Array, start = 0, end: number = bytes.length): TopicGlance | undefined {
  const r = topicGlanceReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const topicValue = readExactText(bytes, r.topicStart, r.topicEnd);
  if (topicValue === undefined) return undefined;
  return {
    tenant: tenantValue,
    topic: topicValue,
  };
}

/** Bytes that `writeTopicGlance` writes. */
export function sizeTopicGlance(m: TopicGlanceInit): number {
  let size = 0;
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.topic !== undefined && m.topic !== '') {
    const length = textSize(m.topic);
    size += 2 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeTopicGlance(m: TopicGlanceInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.topic !== undefined && m.topic !== '') {
    bytes[at++] = 0xb2;
    bytes[at++] = 0x01;
    at = writeText(bytes, at, m.topic);
  }
  return at;
}

export function encodeTopicGlance(m: TopicGlanceInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeTopicGlance(m));
  writeTopicGlance(m, bytes, 0);
  return bytes;
}

export interface DownlinkPublish {
  /** As the client sees it, such as v1/commands/<id>/request. */
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: number;
  readonly contentType: string;
}

export interface DownlinkPublishInit {
  readonly topic?: string | undefined;
  readonly payload?: Uint8Array | undefined;
  readonly qos?: number | undefined;
  readonly contentType?: string | undefined;
}

/** Reads `DownlinkPublish`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class DownlinkPublishReader {
  topicStart = 0;
  topicEnd = 0;
  payloadStart = 0;
  payloadEnd = 0;
  qos = 0;
  contentTypeStart = 0;
  contentTypeEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.topicStart = 0;
    this.topicEnd = 0;
    this.payloadStart = 0;
    this.payloadEnd = 0;
    this.qos = 0;
    this.contentTypeStart = 0;
    this.contentTypeEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.topicStart = at;
          at += length;
          this.topicEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.payloadStart = at;
          at += length;
          this.payloadEnd = at;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.qos = value;
          break;
        }
        case 34: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.contentTypeStart = at;
          at += length;
          this.contentTypeEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 4)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const downlinkPublishReader = new DownlinkPublishReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeDownlinkPublish(bytes: Uint8Array, start = 0, end: number = bytes.length): DownlinkPublish | undefined {
  const r = downlinkPublishReader;
  if (!r.read(bytes, start, end)) return undefined;
  const topicValue = readExactText(bytes, r.topicStart, r.topicEnd);
  if (topicValue === undefined) return undefined;
  const contentTypeValue = readExactText(bytes, r.contentTypeStart, r.contentTypeEnd);
  if (contentTypeValue === undefined) return undefined;
  return {
    topic: topicValue,
    payload: copyBytes(bytes, r.payloadStart, r.payloadEnd),
    qos: r.qos,
    contentType: contentTypeValue,
  };
}

/** Bytes that `writeDownlinkPublish` writes. */
export function sizeDownlinkPublish(m: DownlinkPublishInit): number {
  let size = 0;
  if (m.topic !== undefined && m.topic !== '') {
    const length = textSize(m.topic);
    size += 1 + varintSize(length) + length;
  }
  if (m.payload !== undefined && m.payload.length > 0) {
    size += 1 + varintSize(m.payload.length) + m.payload.length;
  }
  if (m.qos !== undefined && m.qos !== 0) {
    size += 1 + varintSize(m.qos);
  }
  if (m.contentType !== undefined && m.contentType !== '') {
    const length = textSize(m.contentType);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeDownlinkPublish(m: DownlinkPublishInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.topic !== undefined && m.topic !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.topic);
  }
  if (m.payload !== undefined && m.payload.length > 0) {
    bytes[at++] = 0x12;
    at = writeBytes(bytes, at, m.payload);
  }
  if (m.qos !== undefined && m.qos !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.qos);
  }
  if (m.contentType !== undefined && m.contentType !== '') {
    bytes[at++] = 0x22;
    at = writeText(bytes, at, m.contentType);
  }
  return at;
}

export function encodeDownlinkPublish(m: DownlinkPublishInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeDownlinkPublish(m));
  writeDownlinkPublish(m, bytes, 0);
  return bytes;
}

/** An event that was acknowledged to the client, and that the fold did not take. */
export interface DownlinkReport {
  /** As the client published it, but for a format at its end: v1/telemetry. */
  readonly topic: string;
  /** The reason's name, as in the event's row. */
  readonly code: string;
  readonly position: string;
}

export interface DownlinkReportInit {
  readonly topic?: string | undefined;
  readonly code?: string | undefined;
  readonly position?: string | undefined;
}

/** Reads `DownlinkReport`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class DownlinkReportReader {
  topicStart = 0;
  topicEnd = 0;
  codeStart = 0;
  codeEnd = 0;
  positionStart = 0;
  positionEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.topicStart = 0;
    this.topicEnd = 0;
    this.codeStart = 0;
    this.codeEnd = 0;
    this.positionStart = 0;
    this.positionEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.topicStart = at;
          at += length;
          this.topicEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.codeStart = at;
          at += length;
          this.codeEnd = at;
          break;
        }
        case 26: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.positionStart = at;
          at += length;
          this.positionEnd = at;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 3)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const downlinkReportReader = new DownlinkReportReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeDownlinkReport(bytes: Uint8Array, start = 0, end: number = bytes.length): DownlinkReport | undefined {
  const r = downlinkReportReader;
  if (!r.read(bytes, start, end)) return undefined;
  const topicValue = readExactText(bytes, r.topicStart, r.topicEnd);
  if (topicValue === undefined) return undefined;
  const codeValue = readExactText(bytes, r.codeStart, r.codeEnd);
  if (codeValue === undefined) return undefined;
  const positionValue = readExactText(bytes, r.positionStart, r.positionEnd);
  if (positionValue === undefined) return undefined;
  return {
    topic: topicValue,
    code: codeValue,
    position: positionValue,
  };
}

/** Bytes that `writeDownlinkReport` writes. */
export function sizeDownlinkReport(m: DownlinkReportInit): number {
  let size = 0;
  if (m.topic !== undefined && m.topic !== '') {
    const length = textSize(m.topic);
    size += 1 + varintSize(length) + length;
  }
  if (m.code !== undefined && m.code !== '') {
    const length = textSize(m.code);
    size += 1 + varintSize(length) + length;
  }
  if (m.position !== undefined && m.position !== '') {
    const length = textSize(m.position);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeDownlinkReport(m: DownlinkReportInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.topic !== undefined && m.topic !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.topic);
  }
  if (m.code !== undefined && m.code !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.code);
  }
  if (m.position !== undefined && m.position !== '') {
    bytes[at++] = 0x1a;
    at = writeText(bytes, at, m.position);
  }
  return at;
}

export function encodeDownlinkReport(m: DownlinkReportInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeDownlinkReport(m));
  writeDownlinkReport(m, bytes, 0);
  return bytes;
}

export interface DownlinkReports {
  readonly reports: readonly DownlinkReport[];
}

export interface DownlinkReportsInit {
  readonly reports?: readonly DownlinkReportInit[] | undefined;
}

/** Reads `DownlinkReports`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class DownlinkReportsReader {
  reportsStarts = NO_OFFSETS;
  reportsEnds = NO_OFFSETS;
  reportsCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.reportsCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.reportsCount;
          if (count === this.reportsStarts.length) {
            this.reportsStarts = growOffsets(this.reportsStarts);
            this.reportsEnds = growOffsets(this.reportsEnds);
          }
          this.reportsStarts[count] = at;
          at += length;
          this.reportsEnds[count] = at;
          this.reportsCount = count + 1;
          break;
        }
        default: {
          const field = tag >>> 3;
          if (field === 1) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const downlinkReportsReader = new DownlinkReportsReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeDownlinkReports(bytes: Uint8Array, start = 0, end: number = bytes.length): DownlinkReports | undefined {
  const r = downlinkReportsReader;
  if (!r.read(bytes, start, end)) return undefined;
  const reportsList: DownlinkReport[] = [];
  for (let i = 0; i < r.reportsCount; i++) {
    const entry = decodeDownlinkReport(bytes, r.reportsStarts[i] as number, r.reportsEnds[i] as number);
    if (entry === undefined) return undefined;
    reportsList.push(entry);
  }
  return {
    reports: reportsList,
  };
}

/** Bytes that `writeDownlinkReports` writes. */
export function sizeDownlinkReports(m: DownlinkReportsInit): number {
  let size = 0;
  if (m.reports !== undefined && m.reports.length > 0) {
    for (const entry of m.reports) {
      const length = sizeDownlinkReport(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeDownlinkReports(m: DownlinkReportsInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.reports !== undefined && m.reports.length > 0) {
    for (const entry of m.reports) {
      bytes[at++] = 0x0a;
      at = writeVarint(bytes, at, sizeDownlinkReport(entry));
      at = writeDownlinkReport(entry, bytes, at);
    }
  }
  return at;
}

export function encodeDownlinkReports(m: DownlinkReportsInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeDownlinkReports(m));
  writeDownlinkReports(m, bytes, 0);
  return bytes;
}

export interface Downlink {
  readonly tenant: string;
  /** As Event.session. */
  readonly session: string;
  /** The connection meant; another one refuses. */
  readonly connection: number;
  /** Where an owner speaks: its partition and epoch. An edge that has heard of a newer owner refuses. */
  readonly partition: number;
  readonly ownerEpoch: number;
  /** By the edge's clock: later than this nothing is sent. */
  readonly deadlineMs: number;
  readonly publish?: DownlinkPublish | undefined;
  /** The session is another connection's now: end it (0x8E), and answer what the session came to. */
  readonly takeOver?: boolean | undefined;
  /** End the connection with this MQTT reason code. */
  readonly close?: number | undefined;
  /** For v1/errors, where the client listens to that. */
  readonly reports?: DownlinkReports | undefined;
}

export interface DownlinkInit {
  readonly tenant?: string | undefined;
  readonly session?: string | undefined;
  readonly connection?: number | undefined;
  readonly partition?: number | undefined;
  readonly ownerEpoch?: number | undefined;
  readonly deadlineMs?: number | undefined;
  readonly publish?: DownlinkPublishInit | undefined;
  readonly takeOver?: boolean | undefined;
  readonly close?: number | undefined;
  readonly reports?: DownlinkReportsInit | undefined;
}

/** Reads `Downlink`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class DownlinkReader {
  tenantStart = 0;
  tenantEnd = 0;
  sessionStart = 0;
  sessionEnd = 0;
  connection = 0;
  partition = 0;
  ownerEpoch = 0;
  deadlineMs = 0;
  publishStart = 0;
  publishEnd = 0;
  takeOver = false;
  close = 0;
  reportsStart = 0;
  reportsEnd = 0;
  /** DOWNLINK_WHAT: which member is set. */
  whatCase = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.sessionStart = 0;
    this.sessionEnd = 0;
    this.connection = 0;
    this.partition = 0;
    this.ownerEpoch = 0;
    this.deadlineMs = 0;
    this.whatCase = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sessionStart = at;
          at += length;
          this.sessionEnd = at;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.connection = value;
          break;
        }
        case 32: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.partition = value;
          break;
        }
        case 40: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.ownerEpoch = value;
          break;
        }
        case 48: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.deadlineMs = value;
          break;
        }
        case 58: {
          if (this.whatCase === 7) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.publishStart = at;
          at += length;
          this.publishEnd = at;
          this.whatCase = 7;
          break;
        }
        case 64: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.takeOver = value !== 0;
          this.whatCase = 8;
          break;
        }
        case 72: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0xffffffff) return false;
          this.close = value;
          this.whatCase = 9;
          break;
        }
        case 82: {
          if (this.whatCase === 10) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.reportsStart = at;
          at += length;
          this.reportsEnd = at;
          this.whatCase = 10;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 10)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const downlinkReader = new DownlinkReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeDownlink(bytes: Uint8Array, start = 0, end: number = bytes.length): Downlink | undefined {
  const r = downlinkReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const sessionValue = readExactText(bytes, r.sessionStart, r.sessionEnd);
  if (sessionValue === undefined) return undefined;
  const publishValue = r.whatCase === 7 ? decodeDownlinkPublish(bytes, r.publishStart, r.publishEnd) : undefined;
  if (r.whatCase === 7 && publishValue === undefined) return undefined;
  const reportsValue = r.whatCase === 10 ? decodeDownlinkReports(bytes, r.reportsStart, r.reportsEnd) : undefined;
  if (r.whatCase === 10 && reportsValue === undefined) return undefined;
  return {
    tenant: tenantValue,
    session: sessionValue,
    connection: r.connection,
    partition: r.partition,
    ownerEpoch: r.ownerEpoch,
    deadlineMs: r.deadlineMs,
    publish: publishValue,
    takeOver: r.whatCase === 8 ? r.takeOver : undefined,
    close: r.whatCase === 9 ? r.close : undefined,
    reports: reportsValue,
  };
}

/** Bytes that `writeDownlink` writes. */
export function sizeDownlink(m: DownlinkInit): number {
  let size = 0;
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.session !== undefined && m.session !== '') {
    const length = textSize(m.session);
    size += 1 + varintSize(length) + length;
  }
  if (m.connection !== undefined && m.connection !== 0) {
    size += 1 + varintSize(m.connection);
  }
  if (m.partition !== undefined && m.partition !== 0) {
    size += 1 + varintSize(m.partition);
  }
  if (m.ownerEpoch !== undefined && m.ownerEpoch !== 0) {
    size += 1 + varintSize(m.ownerEpoch);
  }
  if (m.deadlineMs !== undefined && m.deadlineMs !== 0) {
    size += 1 + varintSize(m.deadlineMs);
  }
  if (m.publish !== undefined) {
    const length = sizeDownlinkPublish(m.publish);
    size += 1 + varintSize(length) + length;
  }
  if (m.takeOver !== undefined) {
    size += 2;
  }
  if (m.close !== undefined) {
    size += 1 + varintSize(m.close);
  }
  if (m.reports !== undefined) {
    const length = sizeDownlinkReports(m.reports);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeDownlink(m: DownlinkInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.session !== undefined && m.session !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.session);
  }
  if (m.connection !== undefined && m.connection !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.connection);
  }
  if (m.partition !== undefined && m.partition !== 0) {
    bytes[at++] = 0x20;
    at = writeVarint(bytes, at, m.partition);
  }
  if (m.ownerEpoch !== undefined && m.ownerEpoch !== 0) {
    bytes[at++] = 0x28;
    at = writeVarint(bytes, at, m.ownerEpoch);
  }
  if (m.deadlineMs !== undefined && m.deadlineMs !== 0) {
    bytes[at++] = 0x30;
    at = writeVarint(bytes, at, m.deadlineMs);
  }
  if (m.publish !== undefined) {
    bytes[at++] = 0x3a;
    at = writeVarint(bytes, at, sizeDownlinkPublish(m.publish));
    at = writeDownlinkPublish(m.publish, bytes, at);
  }
  if (m.takeOver !== undefined) {
    bytes[at++] = 0x40;
    bytes[at++] = m.takeOver ? 1 : 0;
  }
  if (m.close !== undefined) {
    bytes[at++] = 0x48;
    at = writeVarint(bytes, at, m.close);
  }
  if (m.reports !== undefined) {
    bytes[at++] = 0x52;
    at = writeVarint(bytes, at, sizeDownlinkReports(m.reports));
    at = writeDownlinkReports(m.reports, bytes, at);
  }
  return at;
}

export function encodeDownlink(m: DownlinkInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeDownlink(m));
  writeDownlink(m, bytes, 0);
  return bytes;
}

export interface DownlinkReply {
  readonly code: number;
  readonly connection: number;
  /** Of a connection that was taken over. */
  readonly last?: SessionChange | undefined;
}

export interface DownlinkReplyInit {
  readonly code?: number | undefined;
  readonly connection?: number | undefined;
  readonly last?: SessionChangeInit | undefined;
}

/** Reads `DownlinkReply`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class DownlinkReplyReader {
  code = 0;
  connection = 0;
  hasLast = false;
  lastStart = 0;
  lastEnd = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.code = 0;
    this.connection = 0;
    this.hasLast = false;
    this.lastStart = 0;
    this.lastEnd = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          if (value > 0x7fffffff) return false;
          this.code = value;
          break;
        }
        case 16: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.connection = value;
          break;
        }
        case 26: {
          if (this.hasLast) return false;
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.lastStart = at;
          at += length;
          this.lastEnd = at;
          this.hasLast = true;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 3)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const downlinkReplyReader = new DownlinkReplyReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeDownlinkReply(bytes: Uint8Array, start = 0, end: number = bytes.length): DownlinkReply | undefined {
  const r = downlinkReplyReader;
  if (!r.read(bytes, start, end)) return undefined;
  const lastValue = r.hasLast ? decodeSessionChange(bytes, r.lastStart, r.lastEnd) : undefined;
  if (r.hasLast && lastValue === undefined) return undefined;
  return {
    code: r.code,
    connection: r.connection,
    last: lastValue,
  };
}

/** Bytes that `writeDownlinkReply` writes. */
export function sizeDownlinkReply(m: DownlinkReplyInit): number {
  let size = 0;
  if (m.code !== undefined && m.code !== 0) {
    size += 1 + varintSize(m.code);
  }
  if (m.connection !== undefined && m.connection !== 0) {
    size += 1 + varintSize(m.connection);
  }
  if (m.last !== undefined) {
    const length = sizeSessionChange(m.last);
    size += 1 + varintSize(length) + length;
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeDownlinkReply(m: DownlinkReplyInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.code !== undefined && m.code !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.code);
  }
  if (m.connection !== undefined && m.connection !== 0) {
    bytes[at++] = 0x10;
    at = writeVarint(bytes, at, m.connection);
  }
  if (m.last !== undefined) {
    bytes[at++] = 0x1a;
    at = writeVarint(bytes, at, sizeSessionChange(m.last));
    at = writeSessionChange(m.last, bytes, at);
  }
  return at;
}

export function encodeDownlinkReply(m: DownlinkReplyInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeDownlinkReply(m));
  writeDownlinkReply(m, bytes, 0);
  return bytes;
}

/** Gossip of edges: which shared subscriptions have members at this one, said again every second. */
export interface SharesHere {
  readonly edgeEpoch: number;
  /**
   * Of each, 132 bits of the SHA-256 of <tenant>/$share/<group>/<filter>, in base64url. With + behind it: sessions that are
   * kept are members of it at this edge, or were, and may come back.
   */
  readonly groups: readonly string[];
}

export interface SharesHereInit {
  readonly edgeEpoch?: number | undefined;
  readonly groups?: readonly string[] | undefined;
}

/** Reads `SharesHere`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class SharesHereReader {
  edgeEpoch = 0;
  groupsStarts = NO_OFFSETS;
  groupsEnds = NO_OFFSETS;
  groupsCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.edgeEpoch = 0;
    this.groupsCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeEpoch = value;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.groupsCount;
          if (count === this.groupsStarts.length) {
            this.groupsStarts = growOffsets(this.groupsStarts);
            this.groupsEnds = growOffsets(this.groupsEnds);
          }
          this.groupsStarts[count] = at;
          at += length;
          this.groupsEnds[count] = at;
          this.groupsCount = count + 1;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 2)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const sharesHereReader = new SharesHereReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeSharesHere(bytes: Uint8Array, start = 0, end: number = bytes.length): SharesHere | undefined {
  const r = sharesHereReader;
  if (!r.read(bytes, start, end)) return undefined;
  const groupsList: string[] = [];
  for (let i = 0; i < r.groupsCount; i++) {
    const entry = readExactText(bytes, r.groupsStarts[i] as number, r.groupsEnds[i] as number);
    if (entry === undefined) return undefined;
    groupsList.push(entry);
  }
  return {
    edgeEpoch: r.edgeEpoch,
    groups: groupsList,
  };
}

/** Bytes that `writeSharesHere` writes. */
export function sizeSharesHere(m: SharesHereInit): number {
  let size = 0;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    size += 1 + varintSize(m.edgeEpoch);
  }
  if (m.groups !== undefined && m.groups.length > 0) {
    for (const entry of m.groups) {
      const length = textSize(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeSharesHere(m: SharesHereInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.edgeEpoch);
  }
  if (m.groups !== undefined && m.groups.length > 0) {
    for (const entry of m.groups) {
      bytes[at++] = 0x12;
      at = writeText(bytes, at, entry);
    }
  }
  return at;
}

export function encodeSharesHere(m: SharesHereInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeSharesHere(m));
  writeSharesHere(m, bytes, 0);
  return bytes;
}

export interface SessionHere {
  readonly tenant: string;
  readonly session: string;
  readonly connection: number;
}

export interface SessionHereInit {
  readonly tenant?: string | undefined;
  readonly session?: string | undefined;
  readonly connection?: number | undefined;
}

/** Reads `SessionHere`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class SessionHereReader {
  tenantStart = 0;
  tenantEnd = 0;
  sessionStart = 0;
  sessionEnd = 0;
  connection = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.tenantStart = 0;
    this.tenantEnd = 0;
    this.sessionStart = 0;
    this.sessionEnd = 0;
    this.connection = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 10: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.tenantStart = at;
          at += length;
          this.tenantEnd = at;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          this.sessionStart = at;
          at += length;
          this.sessionEnd = at;
          break;
        }
        case 24: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.connection = value;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 3)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const sessionHereReader = new SessionHereReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeSessionHere(bytes: Uint8Array, start = 0, end: number = bytes.length): SessionHere | undefined {
  const r = sessionHereReader;
  if (!r.read(bytes, start, end)) return undefined;
  const tenantValue = readExactText(bytes, r.tenantStart, r.tenantEnd);
  if (tenantValue === undefined) return undefined;
  const sessionValue = readExactText(bytes, r.sessionStart, r.sessionEnd);
  if (sessionValue === undefined) return undefined;
  return {
    tenant: tenantValue,
    session: sessionValue,
    connection: r.connection,
  };
}

/** Bytes that `writeSessionHere` writes. */
export function sizeSessionHere(m: SessionHereInit): number {
  let size = 0;
  if (m.tenant !== undefined && m.tenant !== '') {
    const length = textSize(m.tenant);
    size += 1 + varintSize(length) + length;
  }
  if (m.session !== undefined && m.session !== '') {
    const length = textSize(m.session);
    size += 1 + varintSize(length) + length;
  }
  if (m.connection !== undefined && m.connection !== 0) {
    size += 1 + varintSize(m.connection);
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeSessionHere(m: SessionHereInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.tenant !== undefined && m.tenant !== '') {
    bytes[at++] = 0x0a;
    at = writeText(bytes, at, m.tenant);
  }
  if (m.session !== undefined && m.session !== '') {
    bytes[at++] = 0x12;
    at = writeText(bytes, at, m.session);
  }
  if (m.connection !== undefined && m.connection !== 0) {
    bytes[at++] = 0x18;
    at = writeVarint(bytes, at, m.connection);
  }
  return at;
}

export function encodeSessionHere(m: SessionHereInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeSessionHere(m));
  writeSessionHere(m, bytes, 0);
  return bytes;
}

/** Gossip of edges: sessions that have a connection at this one now. */
export interface SessionsHere {
  readonly edgeEpoch: number;
  readonly sessions: readonly SessionHere[];
}

export interface SessionsHereInit {
  readonly edgeEpoch?: number | undefined;
  readonly sessions?: readonly SessionHereInit[] | undefined;
}

/** Reads `SessionsHere`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */
export class SessionsHereReader {
  edgeEpoch = 0;
  sessionsStarts = NO_OFFSETS;
  sessionsEnds = NO_OFFSETS;
  sessionsCount = 0;

  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;
    this.edgeEpoch = 0;
    this.sessionsCount = 0;
    let at = start;
    while (at < end) {
      const tagStart = at;
      let tag = bytes[at++] as number;
      if (tag >= 0x80) {
        tag = readShortVarint(bytes, tagStart, end);
        if (tag < 0) return false;
        at = cursor.at;
      }
      switch (tag) {
        case 8: {
          if (at >= end) return false;
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = readVarint(bytes, at - 1, end);
            if (value < 0) return false;
            at = cursor.at;
          }
          this.edgeEpoch = value;
          break;
        }
        case 18: {
          if (at >= end) return false;
          let length = bytes[at++] as number;
          if (length >= 0x80) {
            length = readShortVarint(bytes, at - 1, end);
            if (length < 0) return false;
            at = cursor.at;
          }
          if (length > end - at) return false;
          const count = this.sessionsCount;
          if (count === this.sessionsStarts.length) {
            this.sessionsStarts = growOffsets(this.sessionsStarts);
            this.sessionsEnds = growOffsets(this.sessionsEnds);
          }
          this.sessionsStarts[count] = at;
          at += length;
          this.sessionsEnds[count] = at;
          this.sessionsCount = count + 1;
          break;
        }
        default: {
          const field = tag >>> 3;
          if ((field >= 1 && field <= 2)) return false;
          at = skipField(bytes, tagStart, end);
          if (at < 0) return false;
        }
      }
    }
    return true;
  }
}

const sessionsHereReader = new SessionsHereReader();

/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into `bytes`. */
export function decodeSessionsHere(bytes: Uint8Array, start = 0, end: number = bytes.length): SessionsHere | undefined {
  const r = sessionsHereReader;
  if (!r.read(bytes, start, end)) return undefined;
  const sessionsList: SessionHere[] = [];
  for (let i = 0; i < r.sessionsCount; i++) {
    const entry = decodeSessionHere(bytes, r.sessionsStarts[i] as number, r.sessionsEnds[i] as number);
    if (entry === undefined) return undefined;
    sessionsList.push(entry);
  }
  return {
    edgeEpoch: r.edgeEpoch,
    sessions: sessionsList,
  };
}

/** Bytes that `writeSessionsHere` writes. */
export function sizeSessionsHere(m: SessionsHereInit): number {
  let size = 0;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    size += 1 + varintSize(m.edgeEpoch);
  }
  if (m.sessions !== undefined && m.sessions.length > 0) {
    for (const entry of m.sessions) {
      const length = sizeSessionHere(entry);
      size += 1 + varintSize(length) + length;
    }
  }
  return size;
}

/** Writes the message and returns where it ends; there must be room for its size. */
export function writeSessionsHere(m: SessionsHereInit, bytes: Uint8Array, start: number): number {
  let at = start;
  if (m.edgeEpoch !== undefined && m.edgeEpoch !== 0) {
    bytes[at++] = 0x08;
    at = writeVarint(bytes, at, m.edgeEpoch);
  }
  if (m.sessions !== undefined && m.sessions.length > 0) {
    for (const entry of m.sessions) {
      bytes[at++] = 0x12;
      at = writeVarint(bytes, at, sizeSessionHere(entry));
      at = writeSessionHere(entry, bytes, at);
    }
  }
  return at;
}

export function encodeSessionsHere(m: SessionsHereInit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeSessionsHere(m));
  writeSessionsHere(m, bytes, 0);
  return bytes;
}
