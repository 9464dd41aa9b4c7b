/**
 * The events of one request, or of a piece of one, before they are offered: where each payload is and whose it is, in
 * arrays of one length. Nothing is copied; the bodies stay until the intake has taken the events out of them.
 */
import { partitionIn, prefixLengthIn, prefixStartIn, type TelemetryFormat } from '../registry/device-entries.ts';

/** What an event costs in a batch beside prefix, extra and payload, as the intake counts it: 17 at most, and a lease of 10. */
export const EVENT_OVERHEAD_BYTES = 32;

export class EventList {
  readonly format: TelemetryFormat;
  /** Encoded fields that all events of the request share, such as the trace context; the lease comes to it after events were counted. */
  extra: Uint8Array;
  /** When they came, milliseconds since the epoch; 0: when they are offered. */
  receivedMs = 0;
  /** What the numbers of devices point into: `DeviceEntries.bytes`, as it was when the last event was added or later. */
  entries: Uint8Array = new Uint8Array(0);
  /** Bytes that the events take in their partitions' batches, by partition, counted generously. */
  readonly shares: number[] = [];
  /** An entry's number for each event. */
  readonly devices: number[] = [];
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

  add(device: number, payload: Uint8Array, span: { readonly start: number; readonly end: number }): void {
    this.devices.push(device);
    this.payloads.push(payload);
    this.starts.push(span.start);
    this.ends.push(span.end);
    const partition = partitionIn(this.entries, device);
    // No holes: an array with holes is slower to read.
    while (this.shares.length <= partition) this.shares.push(0);
    this.shares[partition] = (this.shares[partition] ?? 0) + this.bytesOf(this.devices.length - 1);
  }

  partitionOf(i: number): number {
    return partitionIn(this.entries, this.devices[i] ?? 0);
  }

  /** Where the prefix of event `i` begins in `entries`. */
  prefixStartOf(i: number): number {
    return prefixStartIn(this.entries, this.devices[i] ?? 0, this.format);
  }

  prefixLengthOf(i: number): number {
    return prefixLengthIn(this.entries, this.devices[i] ?? 0);
  }

  /** Bytes that event `i` takes in a batch, counted generously. */
  bytesOf(i: number): number {
    return this.prefixLengthOf(i) + this.extra.length + (this.ends[i] ?? 0) - (this.starts[i] ?? 0) + EVENT_OVERHEAD_BYTES;
  }
}
