/** How fast something fills, measured over the last minutes, and when it will be full if that goes on. */

/** Long enough to see past single bursts and purges, short enough to notice a change. */
const WINDOW_MS = 5 * 60_000;
const SAMPLES_MAX = 128;
/** What takes longer than this to fill is called flat: the estimate would mean nothing. */
const FLAT_MS = 30 * 86_400_000;

/** From this share on an operator should know, and hear when it will be full. */
export const NEARLY_FULL_SHARE = 0.8;

export type TimeToFull =
  /** Not measured for long enough yet. */
  { readonly kind: 'unknown' } | { readonly kind: 'flat' } | { readonly kind: 'in'; readonly ms: number };

export const UNKNOWN: TimeToFull = { kind: 'unknown' };
const FLAT: TimeToFull = { kind: 'flat' };

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

export class FillRate {
  #samples: readonly Sample[] = [];

  /** `bytes` are used at a moment of the monotonic clock. */
  add(atMs: number, bytes: number): void {
    const recent = this.#samples.filter((sample) => atMs - sample.atMs <= WINDOW_MS);
    this.#samples = [...recent, { atMs, bytes }].slice(-SAMPLES_MAX);
  }

  toFull(freeBytes: number): TimeToFull {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return UNKNOWN;
    const grownBytes = last.bytes - first.bytes;
    if (grownBytes <= 0) return FLAT;
    const ms = (Math.max(0, freeBytes) * (last.atMs - first.atMs)) / grownBytes;
    return ms > FLAT_MS ? FLAT : { kind: 'in', ms };
  }
}

export function soonest(times: readonly TimeToFull[]): TimeToFull {
  const inMs = times.flatMap((time) => (time.kind === 'in' ? [time.ms] : []));
  if (inMs.length > 0) return { kind: 'in', ms: Math.min(...inMs) };
  return times.find((time) => time.kind === 'unknown') ?? times[0] ?? UNKNOWN;
}

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** For people: `full in about 12 min`. */
export function fillingText(time: TimeToFull): string {
  switch (time.kind) {
    case 'unknown':
      return 'how fast it fills is not known yet';
    case 'flat':
      return 'not filling';
    case 'in': {
      // Two of a unit say more than one of the next.
      const [name, unit] = UNITS.find(([, ms]) => time.ms >= 2 * ms) ?? ['s', 1_000];
      return `full in about ${Math.round(time.ms / unit)} ${name}`;
    }
  }
}
