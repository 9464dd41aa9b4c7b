/**
 * Two edges on one log, and either of them, the engine and the log's server killed in the middle of everything: what was
 * acknowledged comes to every persistent subscriber, QoS 2 once, in order, and every will fires once.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { mqttAddress, readEndpoints, readSecret } from '../product/endpoints.ts';
import type { Address } from '../mqtt/raw-client.ts';
import { environment } from '../product/options.ts';
import { commandOf, isAlive, signal, treeOf } from '../product/process-stat.ts';
import { Hopeless, sleep, TimedOut, waitFor } from '../product/wait.ts';
import { randomOf } from '../simulator/random.ts';
import { BROKER_FINDINGS } from './broker-check.ts';
import { brokerSelfTest, BrokerTraffic } from './broker-load.ts';
import { TENANT } from './fault-run.ts';
import type { FaultRun } from './fault-run.ts';
import { failpointsOfProduct, killAt } from './kills.ts';
import { placesOfTopics } from './schedule.ts';
import type { Scenario, Statement } from './scenario.ts';

const CLI = resolve(import.meta.dirname, '../../engine/cli/twinfold.ts');
const START_MS_MAX = 60_000;
/** A killed part is back within this. */
const BACK_MS_MAX = 60_000;
const WATCH_MS = 20;
const WAIT_MS_MIN = 500;
const WAIT_MS_MAX = 4_000;
/** Reconnects, the grace after an edge's end, wills, and all that was missed. */
const FINISH_MS_MAX = 120_000;
/** Beside the devices, who go on. */
const TELEMETRY_PER_S_MAX = 200;
const MESSAGES_PER_S = 300;

const PRODUCT_VICTIMS = ['edge', 'engine', 'nats'] as const;
const BROKER_VICTIMS = [...PRODUCT_VICTIMS, 'second edge'] as const;

/** An edge of its own on the product's log, with a folder and a port of its own. */
class SecondEdge {
  readonly #child: ChildProcess;
  readonly #data: string;

  private constructor(child: ChildProcess, data: string) {
    this.#child = child;
    this.#data = data;
  }

  static async start(run: FaultRun): Promise<SecondEdge> {
    const { clickhouse, nats } = run.product.endpoints();
    const data = join(run.product.data, 'second-edge');
    mkdirSync(data, { recursive: true });
    const out = openSync(join(data, 'supervisor.out'), 'a');
    const args = [CLI, 'serve', '--roles', 'ingest', '--host', '127.0.0.1', '--data', data, '--nats-url', nats.url];
    args.push('--clickhouse-url', clickhouse.url, '--clickhouse-user', 'twinfold', '--durability', run.options.durability);
    args.push('--http-port', '0', '--mqtt-port', '0');
    const secret = {
      TWINFOLD_CLICKHOUSE_PASSWORD: run.product.clickhouse().password,
      TWINFOLD_NATS_TOKEN: readSecret(join(run.product.data, 'nats', 'token')),
    };
    const child = spawn(process.execPath, args, { stdio: ['pipe', out, out], env: environment(secret) });
    closeSync(out);
    const edge = new SecondEdge(child, data);
    const probe = (): boolean => {
      if (child.exitCode !== null) throw new Hopeless(`the second edge ended: ${edge.output()}`);
      return edge.address() !== undefined;
    };
    try {
      await waitFor(probe, { what: 'the second edge', limitMs: START_MS_MAX });
    } catch (error) {
      edge.stop();
      throw error;
    }
    return edge;
  }

  address(): Address | undefined {
    const mqtt = readEndpoints(this.#data)?.mqtt;
    return mqtt === undefined ? undefined : mqttAddress(mqtt);
  }

  /** Of the process that serves, not of its supervisor. */
  pid(): number | undefined {
    return treeOf(this.#child.pid ?? 0).find((pid) => /ingest\/main\.ts/.test(commandOf(pid)));
  }

  output(): string {
    return readFileSync(join(this.#data, 'supervisor.out'), 'utf8').slice(-1_000);
  }

  stop(): void {
    if (this.#child.pid === undefined) return;
    for (const pid of treeOf(this.#child.pid)) signal(pid, 'SIGKILL');
  }
}

/** The engine dies at failpoints, too, at a pass of chance. */
const PLACE_PASS_MAX = 20;

interface Kills {
  /** By what was killed, or the failpoint's name. */
  readonly deaths: ReadonlyMap<string, number>;
  readonly notBack: readonly string[];
  /** Failpoints whose place was never passed. */
  readonly notReached: readonly string[];
}

async function killInTurns(run: FaultRun, second: SecondEdge, traffic: BrokerTraffic): Promise<Kills> {
  const { durationMs, kills, seed } = run.options;
  const random = randomOf(seed);
  const places = placesOfTopics(failpointsOfProduct());
  const victims = [...BROKER_VICTIMS, ...places] as const;
  const deaths = new Map<string, number>(victims.map((victim) => [victim, 0]));
  const notBack: string[] = [];
  const notReached: string[] = [];
  const end = performance.now() + durationMs;
  for (let n = 0; n < kills && performance.now() < end; n++) {
    await sleep(random.between(WAIT_MS_MIN, WAIT_MS_MAX));
    // Each comes at least once where there are kills enough.
    const victim = victims[n] ?? random.pick(victims);
    try {
      traffic.died();
      if (!places.includes(victim)) await killOne(run, second, victim);
      else if (!(await killAt(run, { name: victim, pass: random.between(1, PLACE_PASS_MAX) })).died) notReached.push(victim);
      traffic.died();
      deaths.set(victim, (deaths.get(victim) ?? 0) + 1);
      run.say(`killed ${victim}; ${traffic.acked()} tree messages acked, ${traffic.got()} delivered`);
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      notBack.push(error.message);
      run.say(`NOT BACK: ${error.message}`);
    }
  }
  return { deaths, notBack, notReached };
}

async function killOne(run: FaultRun, second: SecondEdge, victim: string): Promise<void> {
  const pidOf = (): number | undefined => {
    const own = PRODUCT_VICTIMS.find((name) => name === victim);
    return own === undefined ? second.pid() : run.product.pidOf(own);
  };
  const pid = await waitFor(
    () => {
      const found = pidOf();
      return found !== undefined && isAlive(found) && found;
    },
    { what: `a running ${victim}`, limitMs: BACK_MS_MAX, everyMs: WATCH_MS },
  );
  signal(pid, 'SIGKILL');
}

export const broker: Scenario = {
  prepare: (options) => ({ eventsPerS: Math.min(TELEMETRY_PER_S_MAX, options.eventsPerS) }),

  async run(run) {
    const key = await run.api.createKey(['topic:#:pubsub']);
    const second = await SecondEdge.start(run);
    const addressOfFirst = (): Address => run.product.mqtt();
    const traffic = new BrokerTraffic({
      edges: { addresses: [addressOfFirst, () => second.address()], login: { userName: TENANT, password: key } },
      seed: run.options.seed,
      publishers: 6,
      subscribers: 4,
      wills: 8,
      messagesPerS: MESSAGES_PER_S,
      lifeMsMax: 8_000,
    });
    try {
      await traffic.start();
      run.say('two edges, publishers, subscribers and wills');
      const { deaths, notBack, notReached } = await killInTurns(run, second, traffic);
      run.say('no more kills');
      const { drained, history, verdict } = await traffic.finish(FINISH_MS_MAX);
      const isClean = BROKER_FINDINGS.every((what) => verdict.findings[what] === 0);
      const selfTests = isClean ? brokerSelfTest(history) : [];
      for (const example of verdict.examples) run.say(`FOUND ${example}`);
      const statements: Statement[] = [
        { says: `every part came back${notBack.length > 0 ? `, but not: ${notBack.join('; ')}` : ''}`, holds: notBack.length === 0 },
        {
          says: `every failpoint was passed${notReached.length > 0 ? `, but not: ${notReached.join(', ')}` : ''}`,
          holds: notReached.length === 0,
        },
        { says: 'every tree message was acknowledged in the end', holds: drained },
        ...BROKER_FINDINGS.map((what) => ({ says: `tree messages: ${what} 0`, holds: verdict.findings[what] === 0 })),
        ...selfTests.flatMap(({ bug, caught }) =>
          caught === undefined ? [] : [{ says: `the broker's checker catches a planted bug: ${bug}`, holds: caught }],
        ),
      ];
      const figures: Record<string, number> = {
        kills: [...deaths.values()].reduce((sum, count) => sum + count, 0),
        'tree messages acked': traffic.acked(),
        'tree messages delivered': traffic.got(),
        'wills due': history.wills.filter(({ due }) => due === 'once').length,
      };
      for (const [victim, count] of deaths) figures[`  ${victim}`] = count;
      for (const what of BROKER_FINDINGS) figures[`tree messages ${what}`] = verdict.findings[what];
      return { statements, figures };
    } finally {
      await traffic.stop();
      second.stop();
    }
  },
};
