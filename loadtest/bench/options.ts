/** The bench's command line. */
import { parseArgs } from 'node:util';

import { ROWS } from './rows.ts';
import type { RowName } from './rows.ts';

export interface BenchOptions {
  readonly only: ReadonlySet<RowName>;
  readonly seconds: number;
  readonly json: string | undefined;
  readonly mqttInFlight: number;
  /** Of the row about offline sessions. */
  readonly sessions: number;
  /** Of them, back at a time. */
  readonly atOnce: number;
  /** Of the row about retained messages; a tenth of them match up to 100,000, then 10,000. */
  readonly retained: number;
}

export const USAGE = `npm run bench -- [options]
  --only NAME[,NAME]  ${ROWS.map(({ name }) => name).join(', ')}; the beginning of a name takes all that begin so
  --seconds S         length of a throughput measurement (60)
  --mqtt-in-flight N  messages in flight of each of the 1,000 MQTT devices of the to-row measurement (1)
  --sessions N        offline sessions (100,000)
  --at-once N         of them, back at a time (15,000)
  --retained N        retained messages, 10,000 of which are asked for, or a tenth where that is less (100,000)
  --json FILE         write {name: {value, unit, floor, target, mark, …}}
Exit code 1 when a measured value is below its floor.`;

export class BadUsage extends Error {
  override readonly name = 'BadUsage';
}

const SECONDS = 60;
/** The product's Receive Maximum. */
const IN_FLIGHT_MAX = 100;

const SESSIONS = 100_000;
const AT_ONCE = 15_000;
const RETAINED = 100_000;
const COUNT_MAX = 1_000_000;
/** Sockets of one process, below the usual limits of a user's open files. */
const AT_ONCE_MAX = 15_000;

type Values = Readonly<Record<string, string | undefined>>;

const NAMES = ['only', 'seconds', 'json', 'mqtt-in-flight', 'sessions', 'at-once', 'retained'] as const;

export function benchOptions(args: readonly string[]): BenchOptions {
  const values = valuesOf(args);
  const wanted = values['only']?.split(',') ?? [''];
  const only = new Set(ROWS.flatMap(({ name }) => (wanted.some((text) => name.startsWith(text)) ? [name] : [])));
  const seconds = Number(values['seconds'] ?? SECONDS);
  if (only.size === 0) throw new BadUsage(`--only ${values['only'] ?? ''} names no row\n\n${USAGE}`);
  if (!(seconds > 0)) throw new BadUsage(`--seconds must be a number above 0\n\n${USAGE}`);
  return {
    only,
    seconds,
    json: values['json'],
    mqttInFlight: whole(values, 'mqtt-in-flight', { usual: 1, most: IN_FLIGHT_MAX }),
    sessions: whole(values, 'sessions', { usual: SESSIONS, most: COUNT_MAX }),
    atOnce: whole(values, 'at-once', { usual: AT_ONCE, most: AT_ONCE_MAX }),
    retained: whole(values, 'retained', { usual: RETAINED, most: COUNT_MAX }),
  };
}

function valuesOf(args: readonly string[]): Values {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(NAMES.map((name) => [name, text])) }).values;
  } catch (error) {
    throw new BadUsage(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, { cause: error });
  }
}

function whole(values: Values, name: (typeof NAMES)[number], { most, usual }: { readonly usual: number; readonly most: number }): number {
  const value = Number(values[name] ?? usual);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new BadUsage(`--${name} must be a whole number from 1 to ${most}\n\n${USAGE}`);
}
