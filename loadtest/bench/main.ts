/** `npm run bench`: measures the performance table on this machine and says how far each row is from its floor and target. */
import { writeFileSync } from 'node:fs';

import { disposeOnSignals } from '../product/launch.ts';
import { BROKER_STEPS } from './broker-steps.ts';
import { edgeCpu } from './edge-cpu.ts';
import { ackLatency, visibility } from './latency.ts';
import { connectStorm, importRate, limitsOnOff, noisyNeighbour } from './neighbours.ts';
import { BadUsage, benchOptions, USAGE } from './options.ts';
import type { BenchOptions } from './options.ts';
import { killToRecord } from './recovery.ts';
import { jsonOf, markOf, ROWS, tableOf } from './rows.ts';
import type { Measured, RowName } from './rows.ts';
import { figureOf, runMeasurement } from './spawned.ts';
import { Target } from './target.ts';
import { one } from './step.ts';
import type { Durability, Results, Step } from './step.ts';
import { throughput } from './throughput.ts';
import type { Source } from './throughput.ts';

/** Latencies need samples, not endurance. */
const LATENCY_S_MAX = 30;
const EDGE_S_MAX = 20;
/** Of each part of a round. */
const NOISY_S_MAX = 8;
/** Of each half of a pair. */
const PAIR_S_MAX = 4;

function throughputStep(name: RowName, source: Source, durability: Durability): Step {
  return {
    rows: [name],
    durability,
    run: async ({ options, target }) =>
      one(name, await throughput(target(), { source, seconds: options.seconds, mqttInFlight: options.mqttInFlight })),
  };
}

function edgeStep(name: RowName, inFlight: number): Step {
  return {
    rows: [name],
    durability: 'process',
    run: async ({ options, target }) => one(name, await edgeCpu(target(), inFlight, Math.min(EDGE_S_MAX, options.seconds))),
  };
}

function logCostStep(name: RowName, durability: Durability): Step {
  return {
    rows: [name],
    async run({ options }) {
      const figures = await runMeasurement('test/ingest/log-cost.bench.ts', [
        '--durability',
        durability,
        '--seconds',
        String(Math.min(EDGE_S_MAX, options.seconds)),
      ]);
      const detail = `client ${figureOf(figures, 'client').toFixed(2)}, server ${figureOf(figures, 'server').toFixed(2)}, at ${Math.round(figureOf(figures, 'eventsPerS')).toLocaleString('en')} events/s`;
      return one(name, { value: figureOf(figures, 'cost'), detail });
    },
  };
}

/** Half of what this run reached, else half of the floor. */
function halfLoad(results: Results): number {
  const reached = results.get('proto-to-row-disk');
  const row = ROWS.find(({ name }) => name === 'proto-to-row-disk');
  const whole = reached !== undefined && 'value' in reached ? reached.value : (row?.floor ?? 0);
  return Math.round(Math.min(whole, row?.target ?? whole) / 2);
}

const STEPS: readonly Step[] = [
  throughputStep('proto-to-row-process', 'protobuf', 'process'),
  throughputStep('ndjson-to-row-process', 'ndjson', 'process'),
  throughputStep('mqtt-to-row-process', 'mqtt', 'process'),
  edgeStep('edge-cpu-vs-mosquitto-1', 1),
  edgeStep('edge-cpu-vs-mosquitto-10', 10),
  ...BROKER_STEPS,
  throughputStep('proto-to-row-disk', 'protobuf', 'disk'),
  throughputStep('ndjson-to-row-disk', 'ndjson', 'disk'),
  throughputStep('mqtt-to-row-disk', 'mqtt', 'disk'),
  {
    rows: ['ack-to-twin-p99', 'ack-to-row-p99'],
    durability: 'disk',
    run: ({ options, results, target }) => visibility(target(), Math.min(LATENCY_S_MAX, options.seconds), halfLoad(results)),
  },
  {
    rows: ['ack-p50-at-100', 'ack-p99-at-100'],
    durability: 'disk',
    run: ({ options, target }) => ackLatency(target(), Math.min(LATENCY_S_MAX, options.seconds)),
  },
  {
    rows: ['limits-on-off'],
    durability: 'disk',
    run: ({ options, target }) => limitsOnOff(target(), Math.min(PAIR_S_MAX, options.seconds)),
  },
  {
    rows: ['noisy-neighbour-admitted', 'noisy-neighbour-p99'],
    durability: 'disk',
    run: ({ options, target }) => noisyNeighbour(target(), Math.min(NOISY_S_MAX, options.seconds)),
  },
  { rows: ['connect-storm'], durability: 'disk', run: ({ options, target }) => connectStorm(target(), options.seconds) },
  { rows: ['import'], durability: 'disk', run: async ({ target }) => one('import', await importRate(target())) },
  { rows: ['kill-to-record'], durability: 'disk', run: async ({ target }) => one('kill-to-record', await killToRecord(target())) },
  logCostStep('log-cost-process', 'process'),
  logCostStep('log-cost-disk', 'disk'),
  {
    rows: ['mtls-handshake'],
    async run() {
      const figures = await runMeasurement('test/ingest/tls/handshake-cost.bench.ts', []);
      const detail = `ms a handshake: edge ${figureOf(figures, 'edgeMs').toFixed(2)}, bare ${figureOf(figures, 'bareMs').toFixed(2)}`;
      return one('mtls-handshake', { value: figureOf(figures, 'ratio'), detail });
    },
  },
  {
    rows: ['admission-mqtt', 'admission-http'],
    async run() {
      const figures = await runMeasurement('test/ingest/admission.bench.ts', []);
      const measured = (kind: 'mqtt' | 'http'): Measured => {
        const [free, device, all] = ['free', 'device', 'all'].map((limited) => figureOf(figures, `${kind}-${limited}`));
        return { value: all ?? Number.NaN, detail: `nothing limited ${free?.toFixed(2)}, a device's own windows ${device?.toFixed(2)}` };
      };
      return new Map([
        ['admission-mqtt', measured('mqtt')],
        ['admission-http', measured('http')],
      ]);
    },
  },
  {
    rows: ['device-memory', 'device-list'],
    async run() {
      const figures = await runMeasurement('test/ingest/registry/device-table.bench.ts', []);
      const page = `p50 ${figureOf(figures, 'page-p50-ms').toFixed(1)}`;
      return new Map([
        ['device-memory', { value: figureOf(figures, 'device-bytes'), detail: 'a token and two tags each' }],
        ['device-list', { value: figureOf(figures, 'page-p99-ms'), detail: page }],
      ]);
    },
  },
  {
    rows: ['twin-memory'],
    async run() {
      const figures = await runMeasurement('test/engine/pipeline/fold.bench.ts', ['--json', '--only', 'twins']);
      const detail = `held in arrays ${figureOf(figures, 'twin-bytes').toFixed(0)}, resident ${figureOf(figures, 'twin-rss-bytes').toFixed(0)}`;
      return one('twin-memory', { value: figureOf(figures, 'twin-heap-bytes'), detail });
    },
  },
];

async function measure(options: BenchOptions): Promise<Results> {
  const results: Results = new Map();
  let running: { readonly target: Target; readonly durability: Durability } | undefined;
  const stop = async (): Promise<void> => {
    await running?.target.dispose();
    running = undefined;
  };
  try {
    for (const step of STEPS) {
      if (!step.rows.some((name) => options.only.has(name))) continue;
      process.stdout.write(`measuring ${step.rows.join(', ')} …\n`);
      try {
        if (running?.durability !== step.durability) await stop();
        if (step.durability !== undefined) running ??= { target: await Target.start(step.durability), durability: step.durability };
        const target = (): Target => {
          if (running === undefined) throw new Error('this step has no product');
          return running.target;
        };
        for (const [name, measured] of await step.run({ options, results, target })) results.set(name, measured);
      } catch (error) {
        for (const name of step.rows) results.set(name, { notMeasured: error instanceof Error ? error.message : String(error) });
        await stop();
      }
      for (const name of step.rows) process.stdout.write(`  ${lineOf(name, results.get(name))}\n`);
    }
  } finally {
    await stop();
  }
  return results;
}

function lineOf(name: RowName, measured: Measured | undefined): string {
  if (measured === undefined) return `${name}: not measured`;
  return 'value' in measured
    ? `${name}: ${measured.value.toFixed(2)} (${measured.detail})`
    : `${name}: not measured: ${measured.notMeasured}`;
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const options = benchOptions(process.argv.slice(2));
  disposeOnSignals();
  const results = await measure(options);
  process.stdout.write(`\n${tableOf(results).join('\n')}\n`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(jsonOf(results), null, 2)}\n`);
  return ROWS.some((row) => markOf(row, results.get(row.name)) === 'below') ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (error instanceof BadUsage ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
  );
  process.exitCode = error instanceof BadUsage ? 2 : 1;
}
