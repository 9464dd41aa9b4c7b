/**
 * Rules that everything a device sends must meet before it is folded: names, identity, event time. Each check answers a
 * reason's code (0 for none) and knows nothing but its arguments.
 */
import { EVENT_TIME_FUTURE_MS_MAX, EVENT_TIME_MS_MIN, EVENT_TIME_PAST_MS_MAX, METRIC_NAME_BYTES_MAX } from '../kernel/limits.ts';
import { reasonCode } from '../kernel/outcome.ts';
import { TIME_FROM_DEVICE, TIME_FROM_LOG, TIME_OUT_OF_RANGE } from './telemetry-sample.ts';
import type { TelemetrySample } from './telemetry-sample.ts';

export const NO_REASON = 0;
const BAD_METRIC_NAME = reasonCode('bad-metric-name');
const METRIC_NAME_TOO_LONG = reasonCode('metric-name-too-long');
const TIMESTAMP_IN_SECONDS = reasonCode('timestamp-in-seconds');
const BAD_TIMESTAMP = reasonCode('bad-timestamp');

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const NOT_NEGATIVE = 0x7fffffff;

/** The characters of an id, by byte; as `isId` of the kernel. */
const ID_BYTES = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-') ID_BYTES[character.charCodeAt(0)] = 1;
const ID_BYTES_MAX = 64;

/**
 * Checks the name of a metric or attribute: UTF-8 of 1 to 128 bytes without control characters (C0, DEL, C1). Answers a
 * hash of the name, not negative, or the reason's code negated.
 */
export function checkName(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > METRIC_NAME_BYTES_MAX) return -METRIC_NAME_TOO_LONG;
  if (end === start) return -BAD_METRIC_NAME;
  let hash = FNV_OFFSET | 0;
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte < 0x20 || byte === 0x7f) return -BAD_METRIC_NAME;
    if (byte >= 0x80) {
      const length = utf8Length(bytes, at, end);
      if (length === 0) return -BAD_METRIC_NAME;
      if (byte === 0xc2 && (bytes[at + 1] as number) < 0xa0) return -BAD_METRIC_NAME;
      for (let i = 1; i < length; i++) hash = Math.imul(hash ^ (bytes[at + i] as number), FNV_PRIME);
      at += length - 1;
    }
    hash = Math.imul(hash ^ byte, FNV_PRIME);
    at += 1;
  }
  return hash & NOT_NEGATIVE;
}

/** Bytes of the character of more than one byte at `at`, or 0 where there is no well-formed one (RFC 3629 section 4). */
export function utf8Length(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] as number;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + length > end) return 0;
  const second = bytes[at + 1] as number;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  return length;
}

export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    if ((bytes[at] as number) < 0x80) {
      at += 1;
      continue;
    }
    const length = utf8Length(bytes, at, end);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** Whether `bytes[start, end)` is an id of a tenant or device. */
export function isIdSpan(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 1 || length > ID_BYTES_MAX) return false;
  for (let i = start; i < end; i++) if (ID_BYTES[bytes[i] as number] === 0) return false;
  return true;
}

/**
 * Decides the sample's event time. What the device says holds within 30 days before and one day after log time; outside,
 * log time is used and the sample says so. A number that can only be seconds is no time at all.
 */
export function settleEventTime(sample: TelemetrySample, logMs: number): number {
  if (!sample.hasTs) {
    sample.eventMs = logMs;
    sample.timeSource = TIME_FROM_LOG;
    return NO_REASON;
  }
  const { ts } = sample;
  const believed = ts >= logMs - EVENT_TIME_PAST_MS_MAX && ts <= logMs + EVENT_TIME_FUTURE_MS_MAX;
  sample.eventMs = believed ? ts : logMs;
  sample.timeSource = believed ? TIME_FROM_DEVICE : TIME_OUT_OF_RANGE;
  return NO_REASON;
}

/** Takes a number that a device gave as its event time, in milliseconds since the epoch. */
export function takeTimeNumber(sample: TelemetrySample, ms: number): number {
  if (!Number.isFinite(ms)) return BAD_TIMESTAMP;
  if (ms < EVENT_TIME_MS_MIN) return TIMESTAMP_IN_SECONDS;
  sample.hasTs = true;
  sample.ts = Math.floor(ms);
  return NO_REASON;
}
