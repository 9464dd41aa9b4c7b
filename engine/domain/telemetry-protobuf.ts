/** Decodes the payload `TelemetrySample`: straight from its bytes into the columns of a sample. */
import { METRIC_VALUE, MetricReader, TelemetrySampleReader } from '../../schemas/gen/lean.ts';
import { int64BigInt } from '../../schemas/wire.ts';
import { EVENT_ID_BYTES_MAX, METRICS_MAX } from '../kernel/limits.ts';
import { reasonCode } from '../kernel/outcome.ts';
import { LEAF_BOOLEAN, LEAF_DIGITS, LEAF_NUMBER, LEAF_TEXT, SCRATCH_BASE } from './telemetry-sample.ts';
import type { TelemetrySample } from './telemetry-sample.ts';
import { checkName, isUtf8, NO_REASON, takeTimeNumber } from './validation.ts';

const MALFORMED_PAYLOAD = reasonCode('malformed-payload');
const TOO_MANY_METRICS = reasonCode('too-many-metrics');
const VALUE_NOT_FINITE = reasonCode('value-not-finite');
const UNSUPPORTED_VALUE = reasonCode('unsupported-value');
const TOO_LARGE = reasonCode('too-large');

/** Digits of a 64-bit integer with its sign. */
const DIGITS_MAX = 20;

export class ProtobufTelemetry {
  readonly #sample = new TelemetrySampleReader();
  readonly #metric = new MetricReader();

  /** Adds `sample.source[start, end)` to a sample that was reset; answers a reason's code. */
  decode(sample: TelemetrySample, start: number, end: number): number {
    const reader = this.#sample;
    const bytes = sample.source;
    if (!reader.read(bytes, start, end)) return MALFORMED_PAYLOAD;
    if (reader.hasTs) {
      const reason = takeTimeNumber(sample, reader.ts);
      if (reason !== NO_REASON) return reason;
    }
    sample.hasBoot = reader.hasBoot;
    sample.boot = reader.boot;
    sample.hasSeq = reader.hasSeq;
    sample.seq = reader.seq;
    if (reader.idEnd > reader.idStart) {
      if (reader.idEnd - reader.idStart > EVENT_ID_BYTES_MAX) return TOO_LARGE;
      if (!isUtf8(bytes, reader.idStart, reader.idEnd)) return MALFORMED_PAYLOAD;
      sample.idStart = reader.idStart;
      sample.idEnd = reader.idEnd;
    }
    const count = reader.metricsCount;
    if (count > METRICS_MAX) return TOO_MANY_METRICS;
    for (let i = 0; i < count; i++) {
      const reason = this.#addMetric(sample, reader.metricsStarts[i] as number, reader.metricsEnds[i] as number);
      if (reason !== NO_REASON) return reason;
    }
    return NO_REASON;
  }

  #addMetric(sample: TelemetrySample, start: number, end: number): number {
    const metric = this.#metric;
    const bytes = sample.source;
    if (!metric.read(bytes, start, end)) return MALFORMED_PAYLOAD;
    const hash = checkName(bytes, metric.nameStart, metric.nameEnd);
    if (hash < 0) return -hash;
    sample.name(metric.nameStart, metric.nameEnd, hash);
    switch (metric.valueCase) {
      case METRIC_VALUE.number:
        if (!Number.isFinite(metric.number)) return VALUE_NOT_FINITE;
        sample.addNumber(LEAF_NUMBER, metric.number);
        return NO_REASON;
      case METRIC_VALUE.boolean:
        sample.addNumber(LEAF_BOOLEAN, metric.boolean ? 1 : 0);
        return NO_REASON;
      case METRIC_VALUE.text:
        if (!isUtf8(bytes, metric.textStart, metric.textEnd)) return UNSUPPORTED_VALUE;
        sample.addText(LEAF_TEXT, metric.textStart, metric.textEnd);
        return NO_REASON;
      case METRIC_VALUE.integer:
        if (Number.isSafeInteger(metric.integer)) sample.addNumber(LEAF_NUMBER, metric.integer);
        else addDigits(sample, int64BigInt(metric.integerLow, metric.integerHigh));
        return NO_REASON;
      default:
        return UNSUPPORTED_VALUE;
    }
  }
}

function addDigits(sample: TelemetrySample, value: bigint): void {
  sample.reserveScratch(DIGITS_MAX);
  const from = sample.scratchLength;
  const digits = value.toString();
  for (let i = 0; i < digits.length; i++) sample.scratch[from + i] = digits.charCodeAt(i);
  sample.scratchLength = from + digits.length;
  sample.addText(LEAF_DIGITS, SCRATCH_BASE + from, SCRATCH_BASE + sample.scratchLength);
}
