/** Builds what the fold eats: batches of events as writers append them, packed as tasks carry them. */
import { CONTENT_TYPE, KIND } from '../../schemas/envelope.ts';
import { encodeEventBatch, encodeTelemetrySample } from '../../schemas/gen/lean.ts';
import type { EventInit, MetricInit, TelemetrySampleInit } from '../../schemas/gen/lean.ts';
import type { MessageFrames } from '../../workers/protocol.ts';

/** A message of a partition's log. */
export interface TestMessage {
  readonly seq: number;
  readonly timeMs: number;
  readonly data: Uint8Array;
}

export interface TestBatch {
  readonly edgeEpoch?: number;
  readonly counter?: number;
  readonly events: readonly EventInit[];
}

export function batchOf(batch: TestBatch): Uint8Array {
  return encodeEventBatch({
    edgeEpoch: batch.edgeEpoch ?? 0,
    counter: batch.counter ?? 0,
    edge: 'edge-1',
    openedMs: 1,
    events: batch.events,
  });
}

export function framesOf(messages: readonly TestMessage[]): MessageFrames {
  const ends = new Uint32Array(messages.length);
  const bytes = new Uint8Array(messages.reduce((sum, message) => sum + message.data.length, 0));
  let at = 0;
  for (const [i, message] of messages.entries()) {
    bytes.set(message.data, at);
    at += message.data.length;
    ends[i] = at;
  }
  return {
    count: messages.length,
    seqs: Float64Array.from(messages, (m) => m.seq),
    timesMs: Float64Array.from(messages, (m) => m.timeMs),
    ends,
    bytes,
  };
}

const encoder = new TextEncoder();

/** A telemetry event of tenant `t` with a JSON payload; a string is taken as the payload's text. */
export function jsonEvent(device: string, payload: unknown, more: EventInit = {}): EventInit {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { tenant: 't', device, kind: KIND.telemetry, contentType: CONTENT_TYPE.json, payload: encoder.encode(text), ...more };
}

/** The same with a Protobuf payload. */
export function protoEvent(device: string, sample: TelemetrySampleInit, more: EventInit = {}): EventInit {
  return { tenant: 't', device, kind: KIND.telemetry, contentType: CONTENT_TYPE.protobuf, payload: encodeTelemetrySample(sample), ...more };
}

/** What the registry says of a device of tenant `t`. */
export function factEvent(device: string, fact: unknown, more: EventInit = {}): EventInit {
  return jsonEvent(device, fact, { kind: KIND.registryFact, ...more });
}

export function metricsOf(values: Readonly<Record<string, number | boolean | string>>): readonly MetricInit[] {
  return Object.entries(values).map(([name, value]) => {
    if (typeof value === 'number') return { name, number: value };
    return typeof value === 'boolean' ? { name, boolean: value } : { name, text: value };
  });
}
