/**
 * How many data points a payload has, without decoding it: for limits only, where the fold's own count would come too late.
 * Counts generously: every scalar member of a JSON object, every field that looks like a metric of a Protobuf sample.
 */
import { TelemetrySampleReader } from '../../schemas/gen/lean.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const SPACE = 0x20;

const sample = new TelemetrySampleReader();

/** At least 1. */
export function countPoints(payload: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (payload[at] as number) <= SPACE) at++;
  if (payload[at] === OPEN_OBJECT || payload[at] === OPEN_ARRAY) return countMembers(payload, at, end);
  return sample.read(payload, start, end) ? Math.max(1, sample.metricsCount) : 1;
}

function countMembers(json: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const c = json[at] as number;
    if (c === QUOTE) {
      for (at++; at < end && json[at] !== QUOTE; at++) if (json[at] === BACKSLASH) at++;
    } else if (c === COLON) {
      let value = at + 1;
      while (value < end && (json[value] as number) <= SPACE) value++;
      if (json[value] !== OPEN_OBJECT) count++;
    }
  }
  return Math.max(1, count);
}
