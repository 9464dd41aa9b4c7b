/**
 * Times as devices and people write them (RFC 3339) and as the fold keeps them (milliseconds since the epoch, UTC),
 * without the platform's date type: the same bytes give the same number everywhere and always. Proleptic Gregorian
 * calendar; a leap second counts as the second after it.
 */
import { assert } from '../kernel/assert.ts';

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Days from 0000-03-01, where the leap day is a year's last, to 1970-01-01. */
const EPOCH_FROM_MARCH_0000_DAYS = 719_468;
const ERA_DAYS = 146_097;
const ERA_YEARS = 400;
/** Shortest form: `2026-01-31T23:59:59Z`. */
const RFC3339_BYTES_MIN = 20;
/** The last millisecond of year 9999, which is as far as four digits go. */
const FORMAT_MS_MAX = 253_402_300_799_999;

const ZERO = 0x30;

/** The day of a time, counted from the epoch. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** Milliseconds since the epoch of RFC 3339 text in `bytes[start, end)`, or NaN when it isn't that. Finer parts are cut off. */
export function parseRfc3339(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < RFC3339_BYTES_MIN) return NaN;
  const separated = bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d && bytes[start + 13] === 0x3a && bytes[start + 16] === 0x3a;
  // RFC 3339 section 5.6 allows lower case and, as a custom, a blank for the T.
  const letter = bytes[start + 10];
  if (!separated || (letter !== 0x54 && letter !== 0x74 && letter !== 0x20)) return NaN;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  // Comparisons with NaN are false, so each is written to hold for good values only.
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= monthDays(year, month))) return NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return NaN;
  let at = start + 19;
  let fraction = 0;
  if (bytes[at] === 0x2e) {
    at += 1;
    let weight = 100;
    const first = at;
    for (; at < end && isDigit(bytes[at] as number); at++) {
      fraction += Math.floor(weight) * ((bytes[at] as number) - ZERO);
      weight /= 10;
    }
    if (at === first) return NaN;
  }
  const offset = offsetMs(bytes, at, end);
  const ms = civilDays(year, month, day) * DAY_MS + hour * 3_600_000 + minute * MINUTE_MS + second * 1000 + fraction;
  return ms - offset;
}

/** `2026-01-31T23:59:59.123Z`; for times of the years 0 to 9999. */
export function formatRfc3339(ms: number): string {
  assert(Number.isSafeInteger(ms) && ms <= FORMAT_MS_MAX && ms >= -62_167_219_200_000, `no time of the years 0 to 9999: ${ms}`);
  const day = dayOf(ms);
  const inDay = ms - day * DAY_MS;
  const shifted = day + EPOCH_FROM_MARCH_0000_DAYS;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = era * ERA_YEARS + yearOfEra + (month <= 2 ? 1 : 0);
  const time = `${pad(Math.floor(inDay / 3_600_000), 2)}:${pad(Math.floor(inDay / MINUTE_MS) % 60, 2)}:${pad(Math.floor(inDay / 1000) % 60, 2)}`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}T${time}.${pad(inDay % 1000, 3)}Z`;
}

function offsetMs(bytes: Uint8Array, at: number, end: number): number {
  const sign = bytes[at];
  if (end - at === 1) return sign === 0x5a || sign === 0x7a ? 0 : NaN;
  if (end - at !== 6 || (sign !== 0x2b && sign !== 0x2d) || bytes[at + 3] !== 0x3a) return NaN;
  const hour = twoDigits(bytes, at + 1);
  const minute = twoDigits(bytes, at + 4);
  if (!(hour <= 23 && minute <= 59)) return NaN;
  return (sign === 0x2b ? 1 : -1) * (hour * 60 + minute) * MINUTE_MS;
}

/** Howard Hinnant's arithmetic: years start in March, eras have 400 years. */
function civilDays(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / ERA_YEARS);
  const yearOfEra = marchYear - era * ERA_YEARS;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - EPOCH_FROM_MARCH_0000_DAYS;
}

function monthDays(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] as number;
  const ones = bytes[at + 1] as number;
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : NaN;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
