/**
 * The events of one request, or of a piece of one, before they are offered: where each payload is and whose it is, in
 * arrays of one length. Nothing is copied; the bodies stay until the intake has taken the events out of them.
 */
import type { KnownDevice, TelemetryFormat } from './device-directory.ts';

/** What an event costs in a batch beside prefix, extra and payload, as the intake counts it. */
export const EVENT_OVERHEAD_BYTES = 32;

export class EventList {
  readonly format: TelemetryFormat;
  /** Encoded fields that all events of the request share, such as the trace context. */
  readonly extra: Uint8Array;
  /** When they came, milliseconds since the epoch; 0: when they are offered. */
  receivedMs = 0;
  /** Bytes that the events take in their partitions' batches, by partition, counted generously. */
  readonly shares: number[] = [];
  readonly devices: KnownDevice[] = [];
  readonly payloads: Uint8Array[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  constructor(format: TelemetryFormat, extra: Uint8Array) {
    this.format = format;
    this.extra = extra;
  }

  get count(): number {
    return this.devices.length;
  }

  add(device: KnownDevice, payload: Uint8Array, span: { readonly start: number; readonly end: number }): void {
    this.devices.push(device);
    this.payloads.push(payload);
    this.starts.push(span.start);
    this.ends.push(span.end);
    const { partition } = device;
    // No holes: an array with holes is slower to read.
    while (this.shares.length <= partition) this.shares.push(0);
    this.shares[partition] = (this.shares[partition] ?? 0) + this.bytesOf(this.devices.length - 1);
  }

  prefixOf(device: KnownDevice): Uint8Array {
    return this.format === 'json' ? device.prefixes.json : device.prefixes.protobuf;
  }

  /** Bytes that event `i` takes in a batch, counted generously. */
  bytesOf(i: number): number {
    const device = this.devices[i];
    const prefix = device === undefined ? 0 : this.prefixOf(device).length;
    return prefix + this.extra.length + (this.ends[i] ?? 0) - (this.starts[i] ?? 0) + EVENT_OVERHEAD_BYTES;
  }
}
