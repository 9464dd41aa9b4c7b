/**
 * Writes `TelemetrySample` and `TelemetryBatch` as a gateway's firmware would: straight to bytes. Tests hold it against
 * the project's own decoder.
 */
import type { SimulatedEvent, Value } from './payload.ts';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

/** Appends wire-format fields to a growing buffer. */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  /** A copy of what was written. */
  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at));
  }

  clear(): void {
    this.#at = 0;
  }

  tag(field: number, wire: number): void {
    this.varint(field * 8 + wire);
  }

  /** Any non-negative safe integer. */
  varint(value: number): void {
    this.#room(10);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  double(value: number): void {
    this.#room(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  bytesField(field: number, value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
    this.tag(field, BYTES);
    this.varint(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  varintField(field: number, value: number): void {
    this.tag(field, VARINT);
    this.varint(value);
  }

  doubleField(field: number, value: number): void {
    this.tag(field, FIXED64);
    this.double(value);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function writeMetric(writer: WireWriter, name: string, value: Value): void {
  writer.bytesField(1, name);
  if (typeof value === 'number') writer.doubleField(2, value);
  else if (typeof value === 'boolean') writer.varintField(3, value ? 1 : 0);
  else writer.bytesField(4, value);
}

export function encodeSample(event: SimulatedEvent, device?: string): Buffer {
  const writer = new WireWriter();
  const metric = new WireWriter();
  if (device !== undefined) writer.bytesField(1, device);
  writer.varintField(2, event.tsMs);
  writer.varintField(3, event.boot);
  writer.varintField(4, event.n);
  for (const [name, value] of Object.entries(event.metrics)) {
    metric.clear();
    writeMetric(metric, name, value);
    writer.bytesField(6, metric.finish());
  }
  return writer.finish();
}

export function encodeBatch(samples: readonly Uint8Array[]): Buffer {
  const writer = new WireWriter();
  for (const sample of samples) writer.bytesField(1, sample);
  return writer.finish();
}
