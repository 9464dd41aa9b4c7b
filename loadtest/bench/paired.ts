/** Our edge and mosquitto in turns: both sides meet the same moments of a shared machine, and the middle ratio counts. */
import type { Login } from '../mqtt/packets.ts';
import { Mosquitto, mosquittoProgram } from '../mqtt/mosquitto.ts';
import { cpuMsOf } from '../product/process-stat.ts';
import { sleep } from '../product/wait.ts';
import type { BrokerAccess } from './broker-jobs.ts';
import type { Measured } from './rows.ts';

/** A broker as a bench sees it: where it listens, whom it lets in, and which process answers. */
export interface BrokerSide {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** Absent: everybody may come. */
  readonly login?: Login;
}

export interface BrokerUnderTest {
  /** As it is now: a part that was restarted has another pid. */
  side(): BrokerSide;
  /** Resolves when nothing of what came before keeps its processes busy. */
  quiet(): Promise<void>;
}

export function accessOf(side: BrokerSide): BrokerAccess {
  return { address: { host: side.host, port: side.port }, login: side.login };
}

export interface Pair {
  readonly rounds: number;
  /** What is compared, in `unit`s. */
  readonly unit: string;
  readonly about: string;
  measure(side: BrokerSide): Promise<number>;
}

/** The middle of the rounds' ratios; not measured where there is no mosquitto. */
export async function paired(under: BrokerUnderTest, pair: Pair): Promise<Measured> {
  const program = mosquittoProgram('mosquitto');
  if (program === undefined) return { notMeasured: 'mosquitto is not installed' };
  await under.quiet();
  const mosquitto = await Mosquitto.start(program);
  const own: number[] = [];
  const theirs: number[] = [];
  try {
    for (let round = 0; round < pair.rounds; round++) {
      own.push(await pair.measure(under.side()));
      theirs.push(await pair.measure(mosquitto));
    }
  } finally {
    mosquitto.stop();
  }
  const ratios = own.map((cost, round) => cost / (theirs[round] ?? Number.NaN)).toSorted((a, b) => a - b);
  const spread = `rounds ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`;
  const costs = `${pair.unit}: edge ${median(own).toFixed(1)}, mosquitto ${median(theirs).toFixed(1)}`;
  return { value: median(ratios), detail: [costs, spread, pair.about].filter((text) => text !== '').join('; ') };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** The parts are quiet when together they take less than this of a second. */
const QUIET_MS_MAX = 100;
const QUIET_WAIT_S_MAX = 60;

export async function untilQuiet(pids: () => readonly number[]): Promise<void> {
  const cpuMs = (): number => pids().reduce((sum, pid) => sum + (cpuMsOf(pid) ?? 0), 0);
  for (let second = 0; second < QUIET_WAIT_S_MAX; second++) {
    const from = cpuMs();
    await sleep(1_000);
    if (cpuMs() - from < QUIET_MS_MAX) return;
  }
}
