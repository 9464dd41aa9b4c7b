/** Where two brokers may differ, each with its reason: a closed table. What isn't in it must be the same. */
import { sameLine } from './outcome.ts';

export interface LineException {
  readonly name: string;
  readonly reason: string;
  /** What the line comes to where the difference doesn't count; undefined where the exception has nothing to say. */
  readonly normal: (line: string) => string | undefined;
}

/** MQTT 5 §2.4: reason codes from here on refuse. */
const FIRST_REFUSAL = 0x80;
const NO_MATCHING_SUBSCRIBERS = 0x10;

export const EXCEPTIONS: readonly LineException[] = [
  {
    name: 'no matching subscribers',
    reason:
      'a server may say 0x10 instead of 0x00, if it knows (MQTT 5 §3.4.2.1); one that stores before it looks for subscribers does not',
    normal: (line) =>
      /^(puback|pubrec) \d+$/.test(line) && codeOf(line) === NO_MATCHING_SUBSCRIBERS ? line.replace(/\d+$/, '0') : undefined,
  },
  {
    name: 'why a connection is closed',
    reason: 'a DISCONNECT before the close is allowed, not required (MQTT 5 §4.13), and several codes fit most malformed packets',
    normal: (line) => (line.startsWith('disconnect ') && codeOf(line) >= FIRST_REFUSAL ? '' : undefined),
  },
  {
    name: 'what the old connection is told in a takeover',
    reason: 'mosquitto closes it without a word where the new session starts clean; 3.1.1 has no DISCONNECT of the server at all',
    normal: (line) => (line.startsWith('old disconnect ') ? '' : undefined),
  },
];

function codeOf(line: string): number {
  return Number(line.split(' ').at(-1));
}

/** A line as it is compared; empty where it isn't. */
export function normalised(line: string): string {
  for (const { normal } of EXCEPTIONS) {
    const found = normal(line);
    if (found !== undefined) return found;
  }
  return line;
}

/** Whether one client saw the same in one step, as far as it counts. */
export function sameLines(reference: readonly string[], other: readonly string[]): boolean {
  const expected = countedLines(reference);
  const got = countedLines(other);
  return expected.length === got.length && expected.every((line, at) => sameLine(line, got[at] ?? ''));
}

/** Answers of one step may come in any order where two connections are concerned. */
function countedLines(lines: readonly string[]): readonly string[] {
  const kept = lines.map(normalised).filter((line) => line !== '');
  const isDelivery = (line: string): boolean => line.startsWith('publish ');
  return [...kept.filter((line) => !isDelivery(line)).toSorted(), ...kept.filter(isDelivery)];
}
