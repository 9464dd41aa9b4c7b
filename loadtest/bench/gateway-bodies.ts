/**
 * Request bodies of gateways, encoded once and patched in place for every request: the same devices again with the next
 * sequence number, the time and one new value each. All fields that change have a fixed width, so a patch is a few bytes
 * and the generator costs the machine next to nothing.
 */
import { WireWriter } from '../simulator/telemetry-proto.ts';

export type BodyFormat = 'protobuf' | 'ndjson';

/** Sequences from here on are four bytes as a varint and seven digits in JSON, for nine million events a device. */
export const FIRST_SEQ = 2_097_152;
export const LAST_SEQ = 9_999_999;

export interface GatewayBody {
  readonly bytes: Buffer;
  readonly samples: number;
  /** Writes sequence, time and values; answers the sum of the values, which the rows must have too. */
  patch(seq: number, tsMs: number): number;
}

/** The value `v` of one sample: four digits, different for every device and sequence. */
export function valueOf(device: number, seq: number): number {
  return 1_000 + ((device * 31 + seq * 17) % 9_000);
}

export function gatewayBody(
  format: BodyFormat,
  devices: readonly { readonly index: number; readonly name: string }[],
  boot: number,
): GatewayBody {
  return format === 'protobuf' ? protobufBody(devices, boot) : ndjsonBody(devices, boot);
}

type Devices = readonly { readonly index: number; readonly name: string }[];

/** Values that stay the same for a device; with `v` a sample has five metrics. */
function constants(device: number): readonly (readonly [string, number])[] {
  return [
    ['temp', 20.5 + (device % 10)],
    ['hum', 40 + (device % 30)],
    ['volt', 3.3],
    ['rssi', -70 - (device % 20)],
  ];
}

function protobufBody(devices: Devices, boot: number): GatewayBody {
  const whole = new WireWriter();
  const seqAt: number[] = [];
  const tsAt: number[] = [];
  const valueAt: number[] = [];
  const sample = new WireWriter();
  const metric = new WireWriter();
  for (const { index, name } of devices) {
    sample.clear();
    sample.bytesField(1, name);
    sample.tag(2, 0);
    const ts = sample.length;
    sample.varint(Date.now());
    sample.varintField(3, boot);
    sample.tag(4, 0);
    const seq = sample.length;
    sample.varint(FIRST_SEQ);
    metric.clear();
    metric.bytesField(1, 'v');
    metric.doubleField(2, 0);
    sample.bytesField(6, metric.finish());
    const value = sample.length - 8;
    for (const [key, constant] of constants(index)) {
      metric.clear();
      metric.bytesField(1, key);
      metric.doubleField(2, constant);
      sample.bytesField(6, metric.finish());
    }
    whole.bytesField(1, sample.finish());
    const start = whole.length - sample.length;
    seqAt.push(start + seq);
    tsAt.push(start + ts);
    valueAt.push(start + value);
  }
  const bytes = whole.finish();
  const varint = new WireWriter();
  const patch = (seq: number, tsMs: number): number => {
    varint.clear();
    varint.varint(seq);
    varint.varint(tsMs);
    const encoded = varint.finish();
    let sum = 0;
    for (let i = 0; i < seqAt.length; i++) {
      const at = seqAt[i] ?? 0;
      const ts = tsAt[i] ?? 0;
      for (let k = 0; k < 4; k++) bytes[at + k] = encoded[k] ?? 0;
      for (let k = 0; k < 6; k++) bytes[ts + k] = encoded[4 + k] ?? 0;
      const value = valueOf(devices[i]?.index ?? 0, seq);
      bytes.writeDoubleLE(value, valueAt[i] ?? 0);
      sum += value;
    }
    return sum;
  };
  return { bytes, samples: devices.length, patch };
}

const SEQ_DIGITS = 7;
const TS_DIGITS = 13;
const VALUE_DIGITS = 4;

function ndjsonBody(devices: Devices, boot: number): GatewayBody {
  const seqAt: number[] = [];
  const tsAt: number[] = [];
  const valueAt: number[] = [];
  let text = '';
  for (const { index, name } of devices) {
    const head = `{"device":"${name}","boot":${boot},"seq":`;
    seqAt.push(text.length + head.length);
    const ts = `${head}${'0'.repeat(SEQ_DIGITS)},"ts":`;
    tsAt.push(text.length + ts.length);
    const value = `${ts}${'0'.repeat(TS_DIGITS)},"metrics":{"v":`;
    valueAt.push(text.length + value.length);
    const rest = constants(index).map(([key, constant]) => `,"${key}":${constant}`);
    text += `${value}${'0'.repeat(VALUE_DIGITS)}${rest.join('')}}}\n`;
  }
  const bytes = Buffer.from(text, 'latin1');
  const patch = (seq: number, tsMs: number): number => {
    let sum = 0;
    for (let i = 0; i < seqAt.length; i++) {
      writeDigits(bytes, (seqAt[i] ?? 0) + SEQ_DIGITS, seq);
      writeDigits(bytes, (tsAt[i] ?? 0) + TS_DIGITS, tsMs);
      const value = valueOf(devices[i]?.index ?? 0, seq);
      writeDigits(bytes, (valueAt[i] ?? 0) + VALUE_DIGITS, value);
      sum += value;
    }
    return sum;
  };
  return { bytes, samples: devices.length, patch };
}

/** A number's digits, ending before `end`; what changes has the same number of digits each time. */
export function writeDigits(bytes: Uint8Array, end: number, value: number): void {
  let at = end;
  for (let rest = value; rest > 0;) {
    const next = Math.floor(rest / 10);
    bytes[--at] = 48 + (rest - next * 10);
    rest = next;
  }
}
