/** `npm run faults`: hurts a running product in every way it must survive, then proves that nothing came of it. */
import { writeFileSync } from 'node:fs';

import { FORBIDDEN } from '../checker/report.ts';
import { disposeOnSignals } from '../product/launch.ts';
import { broker } from './broker.ts';
import { FaultRun } from './fault-run.ts';
import type { RunEnd } from './fault-run.ts';
import { runKills } from './kills.ts';
import { bothTruncated, controlTruncated, logTruncated } from './lost-ends.ts';
import { BadUsage, faultOptions, USAGE } from './options.ts';
import type { FaultOptions, ScenarioName } from './options.ts';
import { clickhouseDown, diskFull, natsPaused } from './outages.ts';
import type { Scenario, ScenarioEnd, Statement } from './scenario.ts';
import { zombie } from './zombie.ts';

/** What the product promises for its drain. */
const STOP_MS_MAX = 10_000;

const kills: Scenario = {
  async run(run) {
    const done = await runKills(run);
    const sorted = [...done.backMs].toSorted((a, b) => a - b);
    const total = [...done.deaths.values()].reduce((sum, count) => sum + count, 0);
    const figures: Record<string, number | string> = { kills: total };
    for (const [name, count] of [...done.deaths].toSorted(([a], [b]) => a.localeCompare(b))) figures[`  ${name}`] = count;
    figures['process back, median ms'] = Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
    figures['process back, longest ms'] = Math.round(sorted.at(-1) ?? 0);
    return {
      statements: [
        {
          says: `every part came back${done.notBack.length > 0 ? `, but not: ${done.notBack.join('; ')}` : ''}`,
          holds: done.notBack.length === 0,
        },
        {
          says: `every failpoint was reached${done.notReached.length > 0 ? `, but not: ${done.notReached.join(', ')}` : ''}`,
          holds: done.notReached.length === 0,
        },
      ],
      figures,
    };
  },
};

const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  kills,
  'clickhouse-down': clickhouseDown,
  'nats-paused': natsPaused,
  'disk-full': diskFull,
  'log-truncated': logTruncated,
  'rs-truncated': controlTruncated,
  'both-truncated': bothTruncated,
  zombie,
  broker,
};

interface Outcome {
  readonly end: RunEnd;
  readonly scenarioEnd: ScenarioEnd;
  readonly statements: readonly Statement[];
}

async function runScenario(options: FaultOptions): Promise<Outcome> {
  const scenario = scenarios[options.scenario];
  try {
    const run = await FaultRun.start(options, scenario.prepare?.(options) ?? {});
    try {
      run.say(`${options.scenario}, seed ${options.seed}, ${options.eventsPerS} events/s, durability ${options.durability}`);
      const scenarioEnd = await scenario.run(run);
      const { figures } = scenarioEnd;
      const end = await run.finish();
      const statements = [
        ...scenarioEnd.statements,
        ...(scenario.judge?.(end) ?? []),
        { says: 'everything measured was acknowledged in the end', holds: end.drained },
        { says: 'ClickHouse has every event of the log', holds: end.caughtUp },
        ...FORBIDDEN.map((what) => ({ says: `${what} 0`, holds: end.verdict.report.findings[what] === 0 })),
        { says: `SIGTERM ends everything within ${STOP_MS_MAX / 1_000} s`, holds: end.stoppedMs <= STOP_MS_MAX },
        ...planted(end),
      ];
      return { end, scenarioEnd: { ...scenarioEnd, figures: { ...figures, ...fleetFigures(run) } }, statements };
    } finally {
      await run.dispose();
    }
  } finally {
    scenario.release?.();
  }
}

function planted(end: RunEnd): readonly Statement[] {
  return end.selfTests.map(({ bug, caught }) => ({
    says: bug === 'none' ? 'the self-test starts from clean data' : `the checker catches a planted bug: ${bug}`,
    holds: caught,
  }));
}

function fleetFigures(run: FaultRun): Readonly<Record<string, number>> {
  const { connects, disconnects, refusals, unknowns } = run.fleet.counts();
  return { connects, disconnects, refusals, 'unknown outcomes': unknowns, 'measurements skipped': run.fleet.skipped() };
}

function print(options: FaultOptions, outcome: Outcome): void {
  const line = (name: string, value: number | string): string =>
    `  ${name.padEnd(34)} ${typeof value === 'number' ? value.toLocaleString('en') : value}`;
  const { report } = outcome.end.verdict;
  const lines = [
    '',
    `faults: ${options.scenario}, seed ${options.seed}`,
    ...Object.entries(outcome.scenarioEnd.figures).map(([name, value]) => line(name, value)),
    ...outcome.end.verdict.lost.map(({ keptSeq, partition, resumedSeq }) =>
      line('reported as lost', `partition ${partition}, ${keptSeq + 1} to ${resumedSeq - 1}`),
    ),
    ...report.lines().map((text) => `  ${text}`),
    '',
    ...outcome.statements.map(({ holds, says }) => `  ${holds ? 'ok  ' : 'FAIL'} ${says}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const options = faultOptions(process.argv.slice(2), Date.now());
  disposeOnSignals(() => scenarios[options.scenario].release?.());
  const outcome = await runScenario(options);
  print(options, outcome);
  const { findings } = outcome.end.verdict.report;
  if (options.json !== undefined)
    writeFileSync(
      options.json,
      `${JSON.stringify({ options, findings, ...outcome.scenarioEnd.figures, statements: outcome.statements }, null, 2)}\n`,
    );
  return outcome.statements.every(({ holds }) => holds) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof BadUsage ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = error instanceof BadUsage ? 2 : 1;
}
