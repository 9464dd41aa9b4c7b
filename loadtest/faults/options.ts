/** The crash suite's command line. */
import { parseArgs } from 'node:util';

export const SCENARIOS = [
  'kills',
  'clickhouse-down',
  'nats-paused',
  'disk-full',
  'log-truncated',
  'rs-truncated',
  'both-truncated',
  'zombie',
  'broker',
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface FaultOptions {
  readonly scenario: ScenarioName;
  readonly kills: number;
  readonly seed: number;
  /** Kill nothing but this: `engine`, `edge`, `nats`, `clickhouse`, `supervisor`, or a failpoint's name. */
  readonly only: string | undefined;
  /** Longest time the faults may take, in ms; checking comes on top. */
  readonly durationMs: number;
  /** How long an outage lasts, where the scenario is one. */
  readonly minutes: number | undefined;
  readonly eventsPerS: number;
  readonly durability: string;
  readonly json: string | undefined;
  /** Leave the data folder and the history behind. */
  readonly keep: boolean;
}

export const USAGE = `npm run faults -- [options]
  --kills N           processes to kill (30)
  --seed S            repeats a schedule (the clock's)
  --only KIND         engine, edge, nats, clickhouse, supervisor, or a failpoint (twinfold failpoints lists them)
  --scenario NAME     ${SCENARIOS.join(', ')} (kills)
  --minutes M         length of an outage (clickhouse-down 5, nats-paused 0.5)
  --duration S        most seconds for the faults (3600)
  --rate R            events a second of the simulated fleet (1500)
  --durability D      disk, interval or process (disk)
  --json FILE         write the result there too
  --keep              leave data folder and history behind
Exit code 1 when anything acknowledged is missing, double, out of order or different, or a part didn't come back.`;

/** All errors at once. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage';
}

export function faultOptions(args: readonly string[], nowMs: number): FaultOptions {
  const errors: string[] = [];
  let values: Record<string, string | boolean | undefined> = {};
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const options = {
      kills: text,
      seed: text,
      only: text,
      scenario: text,
      minutes: text,
      duration: text,
      rate: text,
      durability: text,
      json: text,
      keep: flag,
    };
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error));
  }
  const number = (name: string, fallback: number, least: number): number => {
    const given = values[name];
    const value = given === undefined ? fallback : Number(given);
    if (!Number.isFinite(value) || value < least) errors.push(`--${name} must be a number from ${least} on`);
    return value;
  };
  const string = (name: string): string | undefined => {
    const given = values[name];
    return typeof given === 'string' ? given : undefined;
  };
  const scenario = SCENARIOS.find((name) => name === (string('scenario') ?? 'kills'));
  if (scenario === undefined) errors.push(`--scenario must be one of ${SCENARIOS.join(', ')}`);
  const durability = string('durability') ?? 'disk';
  if (!['disk', 'interval', 'process'].includes(durability)) errors.push('--durability must be disk, interval or process');
  const options: FaultOptions = {
    scenario: scenario ?? 'kills',
    kills: number('kills', 30, 0),
    seed: number('seed', nowMs % 1_000_000, 0),
    only: string('only'),
    durationMs: number('duration', 3_600, 1) * 1_000,
    minutes: values['minutes'] === undefined ? undefined : number('minutes', 0, 0),
    eventsPerS: number('rate', 1_500, 1),
    durability,
    json: string('json'),
    keep: values['keep'] === true,
  };
  if (errors.length > 0) throw new BadUsage(`${errors.join('\n')}\n\n${USAGE}`);
  return options;
}
