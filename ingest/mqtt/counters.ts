/** What the MQTT edge refuses, closes or drops, by a closed list of reasons: the hook that metrics hang on. */
import type { LimitName } from '../../engine/kernel/limits.ts';

export type MqttRefusal =
  | LimitName
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
  | 'unknown-topic'
  | 'unknown-content-type'
  | 'malformed-payload'
  | 'timestamp-in-seconds'
  | 'packet-bytes'
  | 'packet-id-in-use'
  | 'topic-alias'
  | 'qos'
  | 'retain'
  | 'subscription'
  | 'keep-alive'
  | 'taken-over'
  | 'revoked'
  | 'draining'
  | 'log-full'
  | 'log-unavailable'
  | 'unknown-outcome';

/** Must not throw, and must be cheap: it is called once for each refusal, never for a message that is stored. */
export interface MqttCounters {
  count(why: MqttRefusal): void;
}
