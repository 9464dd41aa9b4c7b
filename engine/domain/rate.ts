/**
 * The grammar of rates, `20/s burst 60, 1000/h`: windows separated by commas, each so many in a unit of time, with what may
 * come at once. All windows of a rate hold together. Owns the words and what is wrong with them, not the counting.
 */
import { quoted as quotedInput } from '../kernel/quoted.ts';

/** One window: `count` in `perMs`, and never more than `burst` at once beyond what has accrued. */
export interface RateWindow {
  readonly count: number;
  readonly perMs: number;
  readonly burst: number;
  /** As people read it: `20/s burst 60`. */
  readonly text: string;
}

export interface RateRules {
  /** No smaller burst makes sense, because one thing may cost as much: it would never pass. */
  readonly burstMin: number;
}

export type ParsedRate = { readonly ok: true; readonly windows: readonly RateWindow[] } | { readonly ok: false; readonly problem: string };

/** More windows than this say nothing that fewer could not, and each is looked at for every message. */
export const RATE_WINDOWS_MAX = 4;
/** Beyond it milliseconds have no room for the time that a single one accrues in. */
const COUNT_MAX = 1e12;
const TEXT_CHARS_MAX = 256;

const UNIT_MS = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SCALE = { '': 1, k: 1e3, M: 1e6, G: 1e9 } as const;
const WINDOW = /^(\d{1,13})([kMG]?)\/(\d{0,6})(s|min|m|h|d)(?:\s+burst\s+(\d{1,13})([kMG]?))?$/;

type Unit = keyof typeof UNIT_MS;
type Scale = keyof typeof SCALE;

/** The windows in the order in which they are written, or what is wrong in words that name the place and the remedy. */
export function parseRate(text: string, rules: RateRules): ParsedRate {
  if (text.length > TEXT_CHARS_MAX) return wrong(`a rate has at most ${TEXT_CHARS_MAX} characters`);
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > RATE_WINDOWS_MAX) return wrong(`a rate has at most ${RATE_WINDOWS_MAX} windows, this one has ${parts.length}`);
  const windows: RateWindow[] = [];
  for (const part of parts) {
    const window = windowOf(part, rules);
    if (typeof window === 'string') return wrong(window);
    if (windows.some(({ perMs }) => perMs === window.perMs)) return wrong(`${quoted(part)}: there is another window of the same length`);
    windows.push(window);
  }
  return { ok: true, windows };
}

/** As `parseRate` would read it again. */
export function rateText(windows: readonly RateWindow[]): string {
  return windows.map(({ text }) => text).join(', ');
}

function windowOf(part: string, { burstMin }: RateRules): RateWindow | string {
  const match = WINDOW.exec(part);
  if (match === null) return `${quoted(part)} is no rate: write <count>/<s|min|h|d> [burst <count>], as in 20/s burst 60, 1000/h`;
  const count = scaled(match[1], match[2]);
  const units = match[3] === undefined || match[3] === '' ? 1 : Number(match[3]);
  const perMs = units * UNIT_MS[match[4] as Unit];
  const burst = match[5] === undefined ? Math.max(count, burstMin) : scaled(match[5], match[6]);
  if (count < 1 || count > COUNT_MAX)
    return `${quoted(part)}: the count is between 1 and ${COUNT_MAX}; "disabled" is a state of a device, not a rate`;
  if (perMs < 1 || perMs > 31 * UNIT_MS.d) return `${quoted(part)}: a window has between 1 s and 31 d; for a month there is perMonth`;
  if (burst < burstMin) return `${quoted(part)}: the burst is at least ${burstMin}, which is what one message may cost`;
  if (burst > COUNT_MAX) return `${quoted(part)}: the burst is at most ${COUNT_MAX}`;
  return { count, perMs, burst, text: part.replaceAll(/\s+/g, ' ') };
}

function scaled(digits: string | undefined, scale: string | undefined): number {
  return Number(digits) * SCALE[(scale ?? '') as Scale];
}

function quoted(part: string): string {
  return quotedInput(part);
}

function wrong(problem: string): ParsedRate {
  return { ok: false, problem };
}
