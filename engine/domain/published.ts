/** A message for a topic of the tenant's own tree, as the fold sends it on: the event that a topic partition will hold. */
import { encodeEvent, KIND } from '../../schemas/gen/lean.ts';
import type { EventInit, Will } from '../../schemas/gen/lean.ts';
import { topicPartitionOf } from '../kernel/partition.ts';
import { formatPosition, indexOfPlace, seqOfPlace } from '../kernel/position.ts';
import type { OutboxMessage } from './outbox.ts';
import type { Session } from './session-state.ts';
import { isTopic } from './topic-filter.ts';
import { isUtf8 } from './validation.ts';

/** As MQTT encodes their length (§1.5.4). */
const TOPIC_NAME_BYTES_MAX = 65_535;
const FLAG_QOS = 3;
const UTF8 = new TextEncoder();

/** Whether `bytes[start, end)` names one topic: there is something, it is UTF-8, without wildcards and U+0000 (MQTT-4.7.3-1, -2). */
export function isTopicName(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start <= TOPIC_NAME_BYTES_MAX && isUtf8(bytes, start, end) && isTopic(bytes.subarray(start, end));
}

/** Whether flags of a message name a quality of service that there is. */
export function isPublishFlags(flags: number): boolean {
  return (flags & FLAG_QOS) < 3 && flags < 8;
}

export interface Published extends Pick<EventInit, 'payload' | 'publishFlags' | 'publishProperties' | 'expiresMs' | 'session'> {
  readonly tenant: string;
  readonly topic: string;
  /** Place of the event that caused it. */
  readonly cause: number;
}

export function publishedEvent(message: Published, home: { readonly partition: number; readonly partitions: number }): OutboxMessage {
  const { cause, tenant, topic } = message;
  const position = formatPosition({ partition: home.partition, seq: seqOfPlace(cause), index: indexOfPlace(cause) });
  return {
    target: topicPartitionOf(tenant, UTF8.encode(topic), home.partitions),
    event: encodeEvent({ ...message, kind: KIND.published, cause: position }),
  };
}

/** The message that a will is, sent at this log time. */
export function willMessage(session: Session, will: Will, at: { readonly ms: number; readonly cause: number }): Published {
  return {
    tenant: session.tenant,
    session: session.session,
    topic: will.topic,
    payload: will.payload,
    publishFlags: will.flags,
    publishProperties: will.properties,
    cause: at.cause,
    ...(will.expiryS === undefined ? {} : { expiresMs: at.ms + will.expiryS * 1_000 }),
  };
}
