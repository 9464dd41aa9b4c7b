/**
 * A paused owner: the engine stands still until another engine process has taken its partitions, then goes on as if
 * nothing had been. It must not be able to commit, insert or send anything any more.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { environment } from '../product/options.ts';
import { isAlive, signal, treeOf } from '../product/process-stat.ts';
import { readSecret } from '../product/endpoints.ts';
import { sleep, waitFor } from '../product/wait.ts';
import { partitionsOf, readControl } from '../checker/read-log.ts';
import type { FaultRun } from './fault-run.ts';
import type { Scenario } from './scenario.ts';

const CLI = resolve(import.meta.dirname, '../../engine/cli/twinfold.ts');
const WARM_UP_MS = 5_000;
/** Leases last 4 s; the product promises 15 s for moving on. */
const TAKEOVER_MS_MAX = 15_000;
const OVERLAP_MS = 10_000;
const ROUNDS = 3;
const START_MS_MAX = 60_000;

class SecondEngine {
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
  }

  /** An engine of its own on the same log and ClickHouse, with a folder of its own. */
  static start(run: FaultRun): SecondEngine {
    const { clickhouse, nats } = run.product.endpoints();
    const { data } = run.product;
    const log = join(data, 'second-engine.out');
    const out = openSync(log, 'a');
    const args = [CLI, 'serve', '--roles', 'engine', '--host', '127.0.0.1', '--data', join(data, 'second'), '--nats-url', nats.url];
    args.push('--clickhouse-url', clickhouse.url, '--clickhouse-user', 'twinfold', '--durability', run.options.durability);
    const secret = {
      TWINFOLD_CLICKHOUSE_PASSWORD: run.product.clickhouse().password,
      TWINFOLD_NATS_TOKEN: readSecret(join(data, 'nats', 'token')),
    };
    const child = spawn(process.execPath, args, { stdio: ['pipe', out, out], env: environment(secret) });
    closeSync(out);
    return new SecondEngine(child, log);
  }

  alive(): boolean {
    return this.#child.pid !== undefined && isAlive(this.#child.pid);
  }

  output(): string {
    return readFileSync(this.#log, 'utf8').slice(-1_000);
  }

  kill(): void {
    if (this.#child.pid === undefined) return;
    for (const pid of treeOf(this.#child.pid)) signal(pid, 'SIGKILL');
  }
}

/** Claims of all partitions together. */
async function claims(run: FaultRun): Promise<readonly number[]> {
  const nats = await run.product.nats();
  try {
    const counts: number[] = [];
    const partitions = await partitionsOf(nats);
    for (let partition = 0; partition < partitions; partition++) {
      let count = 0;
      for await (const fact of readControl(nats, partition)) if (fact.kind === 'claim') count += 1;
      counts.push(count);
    }
    return counts;
  } finally {
    await nats.close();
  }
}

export const zombie: Scenario = {
  async run(run) {
    await sleep(WARM_UP_MS);
    const second = SecondEngine.start(run);
    const takeoversMs: number[] = [];
    try {
      const atStart = await claims(run);
      await waitFor(
        async () => {
          if (!second.alive()) throw new Error(second.output());
          return (await claims(run)).some((count, partition) => count > (atStart[partition] ?? 0));
        },
        { what: 'a partition for the second engine', limitMs: START_MS_MAX, everyMs: 500 },
      );
      run.say('the second engine has taken its share');
      for (let round = 0; round < ROUNDS; round++) {
        const pid = run.product.pidOf('engine');
        if (pid === undefined) throw new Error('there is no engine');
        const before = (await claims(run)).reduce((sum, count) => sum + count, 0);
        signal(pid, 'SIGSTOP');
        const stoppedMs = performance.now();
        run.say(`the engine (${pid}) stands still`);
        await waitFor(async () => (await claims(run)).reduce((sum, count) => sum + count, 0) > before, {
          what: 'a takeover',
          limitMs: TAKEOVER_MS_MAX,
          everyMs: 200,
        });
        takeoversMs.push(Math.round(performance.now() - stoppedMs));
        await sleep(OVERLAP_MS / 2);
        signal(pid, 'SIGCONT');
        run.say('the engine goes on, and finds its partitions taken');
        await sleep(OVERLAP_MS);
      }
    } finally {
      second.kill();
    }
    run.say('the second engine is killed');
    return {
      statements: [{ says: `partitions move within ${TAKEOVER_MS_MAX / 1_000} s`, holds: takeoversMs.length === ROUNDS }],
      figures: { 'takeovers, ms': takeoversMs.join(' ') },
    };
  },
};
