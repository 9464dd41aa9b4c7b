/** The bench's command line. */
import { parseArgs } from 'node:util';

import { ROWS } from './rows.ts';
import type { RowName } from './rows.ts';

export interface BenchOptions {
  readonly only: ReadonlySet<RowName>;
  readonly seconds: number;
  readonly json: string | undefined;
  readonly mqttInFlight: number;
}

export const USAGE = `npm run bench -- [options]
  --only NAME[,NAME]  ${ROWS.map(({ name }) => name).join(', ')}; the beginning of a name takes all that begin so
  --seconds S         length of a throughput measurement (60)
  --mqtt-in-flight N  messages in flight of each of the 1,000 MQTT devices of the to-row measurement (1)
  --json FILE         write {name: {value, unit, floor, target, mark, …}}
Exit code 1 when a measured value is below its floor.`;

export class BadUsage extends Error {
  override readonly name = 'BadUsage';
}

const SECONDS = 60;
/** The product's Receive Maximum. */
const IN_FLIGHT_MAX = 100;

export function benchOptions(args: readonly string[]): BenchOptions {
  let values: { only?: string; seconds?: string; json?: string; 'mqtt-in-flight'?: string };
  try {
    const text = { type: 'string' } as const;
    values = parseArgs({ args: [...args], options: { only: text, seconds: text, json: text, 'mqtt-in-flight': text } }).values;
  } catch (error) {
    throw new BadUsage(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, { cause: error });
  }
  const wanted = values.only?.split(',') ?? [''];
  const only = new Set(ROWS.flatMap(({ name }) => (wanted.some((text) => name.startsWith(text)) ? [name] : [])));
  const seconds = Number(values.seconds ?? SECONDS);
  if (only.size === 0) throw new BadUsage(`--only ${values.only ?? ''} names no row\n\n${USAGE}`);
  if (!(seconds > 0)) throw new BadUsage(`--seconds must be a number above 0\n\n${USAGE}`);
  const mqttInFlight = Number(values['mqtt-in-flight'] ?? 1);
  if (!Number.isInteger(mqttInFlight) || mqttInFlight < 1 || mqttInFlight > IN_FLIGHT_MAX) {
    throw new BadUsage(`--mqtt-in-flight must be a whole number from 1 to ${IN_FLIGHT_MAX}\n\n${USAGE}`);
  }
  return { only, seconds, json: values.json, mqttInFlight };
}
