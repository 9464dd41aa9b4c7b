/** What the MQTT edge refuses, closes or drops, by a closed list of reasons: the hook that metrics hang on. */
import type { CertificateFault } from '../credentials/certificate-faults.ts';
import type { LimitName } from '../../engine/kernel/limits.ts';
import type { BanLimit } from '../limits/ban-book.ts';
import type { RateLimitName } from '../limits/limit-hit.ts';
import type { Unsent } from './outgoing-host.ts';
import { REASON, type ReasonCode } from './packets.ts';

export type MqttRefusal =
  | `certificate-${CertificateFault}`
  | LimitName
  | RateLimitName
  | BanLimit
  | 'malformed'
  | 'protocol-error'
  | 'unsupported-version'
  | 'bad-credential'
  | 'not-authorized'
  | 'registry-behind'
  | 'client-id'
  | 'authentication-method'
  | 'will'
  | 'forbidden'
  | 'system-topic'
  | 'unknown-topic'
  | 'unknown-content-type'
  | 'malformed-payload'
  | 'timestamp-in-seconds'
  | 'packet-bytes'
  | 'packet-id-in-use'
  | 'topic-alias'
  | 'subscription'
  | 'retained-not-fetched'
  | 'retained-not-taken'
  | 'session-unavailable'
  | 'keep-alive'
  | 'taken-over'
  | 'revoked'
  | 'not-yet-valid'
  | 'expired'
  | 'disabled'
  | 'decommissioned'
  | 'draining'
  | 'flapping'
  | 'log-full'
  | 'log-unavailable'
  | 'unknown-outcome';

/** Must not throw, and must be cheap. */
export interface MqttCounters {
  /** Once for each refusal. */
  count(why: MqttRefusal): void;
  /** Once for each message that a subscriber doesn't get: it may not have it, it is too large or too slow, or it is too late. */
  unsent(why: Unsent | 'forbidden'): void;
  /** Once for each event that the log has. */
  stored(): void;
  /** Now and then: how long a message waited for its acknowledgement. */
  acknowledged(tookMs: number): void;
}

/** What a packet that can't be is counted as. */
export function faultName(reason: ReasonCode): MqttRefusal {
  return reason === REASON.MALFORMED_PACKET ? 'malformed' : 'protocol-error';
}
