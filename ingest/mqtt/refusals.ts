/** Why a message is not stored, in MQTT's words. */
import type { LimitName } from '../../engine/kernel/limits.ts';
import type { RateLimitName } from '../limits/limit-hit.ts';
import type { Refusal as TelemetryRefusal } from '../refusal.ts';
import type { MqttRefusal } from './counters.ts';
import { REASON, type ReasonCode } from './packets.ts';
import { KNOWN_TOPICS } from './topics.ts';

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

export const EVENT_TOO_LARGE: Refusal = { reason: REASON.QUOTA_EXCEEDED, why: 'event-bytes', limit: 'event-bytes' };
export const PROPERTIES_TOO_LARGE: Refusal = {
  reason: REASON.QUOTA_EXCEEDED,
  why: 'user-properties-bytes',
  limit: 'user-properties-bytes',
};
export const TOPIC_TOO_LONG: Refusal = { reason: REASON.TOPIC_NAME_INVALID, why: 'topic-bytes', limit: 'topic-bytes' };
export const TOPIC_TOO_DEEP: Refusal = { reason: REASON.TOPIC_NAME_INVALID, why: 'topic-levels', limit: 'topic-levels' };
export const UNKNOWN_TOPIC: Refusal = {
  reason: REASON.TOPIC_NAME_INVALID,
  why: 'unknown-topic',
  text: `reserved; there are ${KNOWN_TOPICS}`,
};
export const SYSTEM_TOPIC: Refusal = {
  reason: REASON.NOT_AUTHORIZED,
  why: 'system-topic',
  text: "topics that begin with $ are the server's own",
};
export const NO_EVENT: Refusal = { reason: REASON.PAYLOAD_FORMAT_INVALID, why: 'malformed-payload', text: 'the payload holds no event' };
export const TOGETHER_TOO_LARGE: Refusal = { reason: REASON.QUOTA_EXCEEDED, why: 'together-bytes', limit: 'together-bytes' };
export const NOT_GRANTED: Refusal = {
  reason: REASON.NOT_AUTHORIZED,
  why: 'forbidden',
  text: 'the policy does not grant it; POST /v1/policies:explain says why',
};
export const UNKNOWN_CONTENT_TYPE: Refusal = { reason: REASON.PAYLOAD_FORMAT_INVALID, why: 'unknown-content-type' };

export function refusalOf(refused: TelemetryRefusal): Refusal {
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
