/**
 * One event at a time, looked at without making objects: the envelope's fields as offsets, the device's key, and, for
 * telemetry, the decoded sample. Everything here is a function of the event's bytes and log time alone, never of state, so
 * the fold, recovery and the rebuilding of rows see the same.
 */
import { EventReader } from '../../schemas/gen/lean.ts';
import { readExactText } from '../../schemas/wire.ts';
import { CONTENT_TYPE, KIND } from '../../schemas/envelope.ts';
import { EVENT_ID_BYTES_MAX } from '../kernel/limits.ts';
import { reasonCode } from '../kernel/outcome.ts';
import { parseQuotaAsk, QUOTA_DEVICE, type QuotaAsk } from '../domain/quota-lease.ts';
import { parseRegistryFact, type RegistryFact } from '../domain/registry-fact.ts';
import { JsonTelemetry } from '../domain/telemetry-json.ts';
import { ProtobufTelemetry } from '../domain/telemetry-protobuf.ts';
import { TelemetrySample } from '../domain/telemetry-sample.ts';
import { DeviceKey } from '../domain/twin-store.ts';
import { isIdSpan, NO_REASON, settleEventTime, takeTimeNumber } from '../domain/validation.ts';

const MALFORMED_PAYLOAD = reasonCode('malformed-payload');
const UNKNOWN_KIND = reasonCode('unknown-kind');
const BAD_IDENTITY = reasonCode('bad-identity');
const UNKNOWN_FORMAT = reasonCode('unknown-format');
const NO_METRICS = reasonCode('no-metrics');
const REPEATED_METRIC = reasonCode('repeated-metric');
const TOO_LARGE = reasonCode('too-large');

const QUOTA_DEVICE_BYTES = Uint8Array.from(QUOTA_DEVICE, (char) => char.charCodeAt(0));

/** Kinds that this version of the fold knows; the schema's highest. */
export const KIND_MAX = Math.max(...Object.values(KIND));

/** Where an event stands: message, index, log time. Filled again and again. */
export interface EventPlace {
  seq: number;
  index: number;
  logMs: number;
}

export class EventView {
  readonly event = new EventReader();
  readonly key = new DeviceKey();
  readonly sample = new TelemetrySample();
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Whether it is an `Event`; if not, nothing but its bytes means anything. */
  readable = false;
  readonly #protobuf = new ProtobufTelemetry();
  readonly #json = new JsonTelemetry(this.sample);

  read(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.readable = this.event.read(bytes, start, end);
  }

  isTelemetry(): boolean {
    return this.readable && this.event.kind === KIND.telemetry;
  }

  /** That a device is to be forgotten. Its key is set once `identify` found it sound. */
  isErasure(): boolean {
    const { event } = this;
    return this.readable && event.kind === KIND.erased && event.deviceEnd > event.deviceStart;
  }

  /** What the registry says of a device. Its key is set once `identify` found it sound. */
  isRegistryFact(): boolean {
    const { event } = this;
    return this.readable && event.kind === KIND.registryFact && event.deviceEnd > event.deviceStart;
  }

  /** Undefined where the payload is no fact. Only after `identify` found the event sound. */
  registryFact(): RegistryFact | undefined {
    const text = readExactText(this.bytes, this.event.payloadStart, this.event.payloadEnd);
    return text === undefined ? undefined : parseRegistryFact(text);
  }

  /** About a tenant's quota account, which lives where a device of that name would. */
  isQuotaAsk(): boolean {
    const { bytes, event } = this;
    if (!this.readable || event.kind !== KIND.quotaLease || event.deviceEnd - event.deviceStart !== QUOTA_DEVICE_BYTES.length) return false;
    for (let i = 0; i < QUOTA_DEVICE_BYTES.length; i++) if (bytes[event.deviceStart + i] !== QUOTA_DEVICE_BYTES[i]) return false;
    return true;
  }

  /** What an event about a quota account asks; undefined where its payload is no ask. Only after `identify` found it sound. */
  quotaAsk(): QuotaAsk | undefined {
    const text = readExactText(this.bytes, this.event.payloadStart, this.event.payloadEnd);
    return text === undefined ? undefined : parseQuotaAsk(text);
  }

  /** Sets the key and answers a reason's code: who it is about must be sound, and live in this partition. */
  identify(partition: number, partitions: number): number {
    const { event, bytes, key } = this;
    if (!this.readable) return MALFORMED_PAYLOAD;
    if (event.kind < 1 || event.kind > KIND_MAX) return UNKNOWN_KIND;
    const { tenantStart, tenantEnd, deviceStart, deviceEnd } = event;
    const named = deviceEnd > deviceStart;
    // Ticks and the like concern a partition, not a device.
    if (!named && event.kind !== KIND.telemetry)
      return tenantEnd === tenantStart || isIdSpan(bytes, tenantStart, tenantEnd) ? NO_REASON : BAD_IDENTITY;
    if (!isIdSpan(bytes, tenantStart, tenantEnd)) return BAD_IDENTITY;
    if (!isIdSpan(bytes, deviceStart, deviceEnd) && !this.isQuotaAsk()) return BAD_IDENTITY;
    key.bytes = bytes;
    key.tenantStart = tenantStart;
    key.tenantEnd = tenantEnd;
    key.deviceStart = deviceStart;
    key.deviceEnd = deviceEnd;
    key.setHash();
    return key.partition(partitions) === partition ? NO_REASON : BAD_IDENTITY;
  }

  /** Decodes a telemetry event's payload into the sample, and answers a reason's code. */
  decode(logMs: number): number {
    const { event, sample } = this;
    sample.reset(this.bytes);
    const reason = this.#decodePayload();
    if (reason !== NO_REASON) return reason;
    if (sample.count === 0) return NO_METRICS;
    if (sample.hasRepeatedName()) return REPEATED_METRIC;
    // What the payload says holds; the transport fills in what it doesn't say.
    if (!sample.hasBoot && event.hasBootId) {
      sample.hasBoot = true;
      sample.boot = event.bootId;
    }
    if (!sample.hasSeq && event.hasDeviceSeq) {
      sample.hasSeq = true;
      sample.seq = event.deviceSeq;
    }
    if (sample.idEnd === sample.idStart) {
      if (event.clientEventIdEnd - event.clientEventIdStart > EVENT_ID_BYTES_MAX) return TOO_LARGE;
      sample.idStart = event.clientEventIdStart;
      sample.idEnd = event.clientEventIdEnd;
    }
    if (!sample.hasTs && event.hasEventMs) {
      const taken = takeTimeNumber(sample, event.eventMs);
      if (taken !== NO_REASON) return taken;
    }
    return settleEventTime(sample, logMs);
  }

  #decodePayload(): number {
    const { event } = this;
    switch (event.contentType) {
      case CONTENT_TYPE.protobuf:
        return this.#protobuf.decode(this.sample, event.payloadStart, event.payloadEnd);
      case CONTENT_TYPE.json:
      case CONTENT_TYPE.unspecified:
        return this.#json.decode(event.payloadStart, event.payloadEnd);
      default:
        return UNKNOWN_FORMAT;
    }
  }
}
