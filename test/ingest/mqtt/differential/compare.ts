/** Two brokers, one script: what is different, after the exceptions. */
import fc from 'fast-check';
import { minimise } from './minimise.ts';
import { normalised, sameLines } from './exceptions.ts';
import type { Outcome } from './outcome.ts';
import { Player, type PlayedBroker } from './player.ts';
import { CLIENTS, scripts, scriptText, type Step } from './script.ts';

const MINIMISE_MS_MAX = 60_000;
/** While a script is made smaller, most of what doesn't come never comes. */
const HURRIED_MS = 500;

export interface Brokers {
  readonly reference: PlayedBroker;
  readonly other: PlayedBroker;
}

export interface Difference {
  readonly step: number;
  /** `client 2`, or the members of a shared subscription together. */
  readonly who: string;
  readonly reference: readonly string[];
  readonly other: readonly string[];
}

export function differences(reference: Outcome, other: Outcome): readonly Difference[] {
  return reference.flatMap((clients, step) =>
    clients.flatMap((lines, place) => {
      const got = other[step]?.[place] ?? [];
      const who = place < CLIENTS ? `client ${place}` : 'shared';
      return sameLines(lines, got) ? [] : [{ step, who, reference: lines.map(normalised), other: got.map(normalised) }];
    }),
  );
}

export async function playBoth(
  brokers: Brokers,
  name: string,
  { lateMs, steps }: { readonly steps: readonly Step[]; readonly lateMs?: number },
): Promise<readonly Difference[]> {
  const reference = await new Player(brokers.reference, name).play(steps);
  return differences(
    reference,
    await new Player(brokers.other, name).play(steps, { reference, ...(lateMs === undefined ? {} : { lateMs }) }),
  );
}

export interface SearchWish {
  readonly seed: number;
  readonly scripts: number;
  readonly waits: boolean;
  /** No new script after that. */
  readonly limitMs: number;
}

export interface Found {
  readonly played: number;
  /** The least script that shows a difference, in words; undefined where none did. */
  readonly difference: string | undefined;
}

/** Plays scripts of chance until one shows a difference, then makes that one as small as it can. */
export async function search(brokers: Brokers, wish: SearchWish): Promise<Found> {
  const deadline = performance.now() + wish.limitMs;
  let names = 0;
  const play = (steps: readonly Step[], lateMs?: number): Promise<readonly Difference[]> =>
    playBoth(brokers, `d${wish.seed}n${names++}`, { steps, ...(lateMs === undefined ? {} : { lateMs }) });
  const chosen = fc.sample(scripts(wish), { seed: wish.seed, numRuns: wish.scripts });
  for (const [played, steps] of chosen.entries()) {
    if (performance.now() > deadline) return { played, difference: undefined };
    const first = await play(steps);
    if (first.length === 0) continue;
    const least = await minimise(steps, async (fewer) => (await play(fewer, HURRIED_MS))[0]?.step, MINIMISE_MS_MAX);
    const again = await play(least);
    const text = again.length > 0 ? report(least, again) : `(it didn't show again when it was made smaller)\n${report(steps, first)}`;
    return { played: played + 1, difference: `seed ${wish.seed}, script ${played}\n${text}` };
  }
  return { played: chosen.length, difference: undefined };
}

function report(steps: readonly Step[], found: readonly Difference[]): string {
  const text = (lines: readonly string[]): string => lines.filter((line) => line !== '').join('; ') || '(nothing)';
  const parts = found.map(
    (one) => `step ${one.step}, ${one.who}\n    reference: ${text(one.reference)}\n    other:     ${text(one.other)}`,
  );
  return `${scriptText(steps)}\n${parts.join('\n')}`;
}
