/** A publisher over a log in memory, in a time that the test moves. */
import assert from 'node:assert/strict';
import { type Fate, MemoryAppender } from '../../../engine/memory/memory-appender.ts';
import type { EventDraft, IntakeFailure, Receipt } from '../../../ingest/message.ts';
import { LogPublisher, type PublisherOptions } from '../../../ingest/publish.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND, VIA } from '../../../schemas/envelope.ts';
import { decodeEventBatch } from '../../../schemas/gen/lean.ts';
import { VirtualTime } from '../virtual-time.ts';

export const prefix = encodeEventPrefix({
  tenant: 'demo',
  device: 'dev-1',
  kind: KIND.telemetry,
  contentType: CONTENT_TYPE.json,
  via: VIA.http,
});

export function draft(partition: number, payload: string, urgent = false): EventDraft {
  const bytes = Buffer.from(payload);
  return { partition, prefix, extra: new Uint8Array(0), payload: bytes, start: 0, end: bytes.length, urgent };
}

export class Recorder implements Receipt {
  readonly stored_: { tag: number; seq: number; index: number }[] = [];
  readonly failed_: { tag: number; failure: IntakeFailure }[] = [];

  stored(tag: number, seq: number, index: number): void {
    this.stored_.push({ tag, seq, index });
  }

  failed(tag: number, failure: IntakeFailure): void {
    this.failed_.push({ tag, failure });
  }
}

export interface Rig {
  readonly time: VirtualTime;
  readonly appender: MemoryAppender;
  readonly publisher: LogPublisher;
  /** Each attempt as it arrived. */
  readonly attempts: { readonly partition: number; readonly data: Buffer }[];
}

export function rig(
  options: { partitions?: number; fates?: Fate[]; fate?: () => Fate; confirmEnd?: PublisherOptions['confirmEnd'] } = {},
): Rig {
  const time = new VirtualTime();
  const attempts: { partition: number; data: Buffer }[] = [];
  const fates = [...(options.fates ?? [])];
  const appender = new MemoryAppender({
    partitions: options.partitions ?? 2,
    fate: (partition, data) => {
      attempts.push({ partition, data: Buffer.from(data) });
      return options.fate?.() ?? fates.shift() ?? { kind: 'store' };
    },
    later: (callback) => time.after(1, callback),
    now: () => time.now(),
  });
  const publisher = new LogPublisher({
    partitions: options.partitions ?? 2,
    edgeEpoch: 42,
    edge: 'edge-a',
    appender,
    clock: time,
    timers: time,
    serverId: 'S1',
    ...(options.confirmEnd === undefined ? {} : { confirmEnd: options.confirmEnd }),
  });
  return { time, appender, publisher, attempts };
}

export function batchOf(data: Uint8Array): { counter: number; payloads: string[]; edgeEpoch: number; edge: string } {
  const batch = decodeEventBatch(data);
  assert.ok(batch !== undefined);
  return {
    counter: batch.counter,
    edgeEpoch: batch.edgeEpoch,
    edge: batch.edge,
    payloads: batch.events.map((event) => Buffer.from(event.payload).toString()),
  };
}
