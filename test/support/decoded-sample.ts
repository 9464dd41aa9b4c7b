/** A decoded telemetry sample as plain values. */
import { JsonTelemetry } from '../../engine/domain/telemetry-json.ts';
import { LEAF_BOOLEAN, LEAF_DIGITS, LEAF_NUMBER, SCRATCH_BASE, TelemetrySample } from '../../engine/domain/telemetry-sample.ts';
import { REASONS } from '../../engine/kernel/outcome.ts';
import type { Reason } from '../../engine/kernel/outcome.ts';

export type PlainLeaf = number | boolean | string | { readonly digits: string };

export interface PlainSample {
  readonly reason: Reason;
  readonly leaves: readonly (readonly [name: string, value: PlainLeaf])[];
  readonly ts?: number;
  readonly boot?: number;
  readonly seq?: number;
  readonly id?: string;
}

export function plainSample(sample: TelemetrySample, reason: number): PlainSample {
  const text = (start: number, end: number): string => {
    const from = start & ~SCRATCH_BASE;
    return new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(sample.bytesOf(start).subarray(from, from + end - start));
  };
  const leaf = (k: number): PlainLeaf => {
    const type = sample.type[k];
    if (type === LEAF_NUMBER) return sample.number[k] ?? NaN;
    if (type === LEAF_BOOLEAN) return sample.number[k] === 1;
    const value = text(sample.textStart[k] ?? 0, sample.textEnd[k] ?? 0);
    return type === LEAF_DIGITS ? { digits: value } : value;
  };
  return {
    reason: REASONS[reason] ?? 'none',
    leaves: Array.from({ length: sample.count }, (_, k) => [text(sample.nameStart[k] ?? 0, sample.nameEnd[k] ?? 0), leaf(k)] as const),
    ...(sample.hasTs ? { ts: sample.ts } : {}),
    ...(sample.hasBoot ? { boot: sample.boot } : {}),
    ...(sample.hasSeq ? { seq: sample.seq } : {}),
    ...(sample.idEnd > sample.idStart ? { id: text(sample.idStart, sample.idEnd) } : {}),
  };
}

const encoder = new TextEncoder();

/** Decodes JSON that stands in the middle of other bytes, as a payload does. */
export function decodeJson(payload: string | Uint8Array): PlainSample {
  const body = typeof payload === 'string' ? encoder.encode(payload) : payload;
  const source = new Uint8Array(body.length + 7).fill(0x22);
  source.set(body, 3);
  const sample = new TelemetrySample();
  sample.reset(source);
  return plainSample(sample, new JsonTelemetry(sample).decode(3, 3 + body.length));
}
