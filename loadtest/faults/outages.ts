/** Outages of one part, during which the others must keep their promises: ClickHouse away, the log paused, the disk full. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { signal } from '../product/process-stat.ts';
import { sleep, waitFor } from '../product/wait.ts';
import type { FaultRun } from './fault-run.ts';
import { Meter } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const WARM_UP_MS = 5_000;
const AFTERWARDS_MS = 10_000;
const WATCH_MS = 1_000;
const CLICKHOUSE_MINUTES = 5;
const NATS_MINUTES = 0.5;

function pidOf(run: FaultRun, part: string): number {
  const pid = run.product.pidOf(part);
  if (pid === undefined) throw new Error(`${part} is not a process of this product`);
  return pid;
}

/** Over so long the rate of acknowledgements is judged. */
const WINDOW_MS = 10_000;

/** ClickHouse stands still for minutes; devices must not notice, and rows must catch up. */
export const clickhouseDown: Scenario = {
  async run(run) {
    const meter = new Meter(() => run.history.counts.ok);
    await sleep(WARM_UP_MS);
    const before = meter.rate();
    const pid = pidOf(run, 'clickhouse');
    signal(pid, 'SIGSTOP');
    run.say(`ClickHouse (${pid}) is stopped`);
    const rates: number[] = [];
    // By count, not by the clock: a timer that fires a moment early would leave a window of nothing.
    const windows = Math.max(1, Math.round(((run.options.minutes ?? CLICKHOUSE_MINUTES) * 60_000) / WINDOW_MS));
    for (let window = 0; window < windows; window++) {
      await sleep(WINDOW_MS);
      rates.push(meter.rate());
      run.say('ClickHouse is still stopped');
    }
    signal(pid, 'SIGCONT');
    run.say('ClickHouse goes on');
    await sleep(AFTERWARDS_MS);
    const least = Math.min(...rates);
    return {
      statements: [
        { says: 'while ClickHouse stands still, at least 80 % of the events a second are acknowledged', holds: least >= before * 0.8 },
      ],
      figures: { 'acked/s before': before, 'acked/s at least, during': least },
    };
  },
};

/** nats-server stands still; nobody is disconnected for it, and everything goes on afterwards. */
export const natsPaused: Scenario = {
  async run(run) {
    await sleep(WARM_UP_MS);
    const disconnects = run.fleet.mqttCounts().disconnects;
    const pid = pidOf(run, 'nats');
    signal(pid, 'SIGSTOP');
    run.say(`nats-server (${pid}) is paused`);
    await sleep((run.options.minutes ?? NATS_MINUTES) * 60_000);
    const acked = run.history.counts.ok;
    signal(pid, 'SIGCONT');
    const continuedMs = performance.now();
    run.say('nats-server goes on');
    await waitFor(() => run.history.counts.ok > acked, { what: 'the first acknowledgement after the pause', limitMs: 60_000 });
    const firstAckMs = Math.round(performance.now() - continuedMs);
    await sleep(AFTERWARDS_MS);
    const lost = run.fleet.mqttCounts().disconnects - disconnects;
    return {
      statements: [{ says: 'no MQTT device is disconnected by the pause', holds: lost === 0 }],
      figures: { 'MQTT connections lost': lost, 'first ack after the pause, ms': firstAckMs },
    };
  },
};

const DISK_MIB = 256;
const LOG_MIB = 64;
const MIB = 1024 * 1024;
/** What the ballast leaves: a few seconds of load. */
const LEFT_MIB = 4;
const FULL_MS_MAX = 30_000;
const RECOVERED_MS_MAX = 30_000;

/** Events that were refused, or of which the edge could not say what became of them. */
function refusalsOf(run: FaultRun): number {
  return run.fleet.counts().refusals;
}

class FullDisk implements Scenario {
  #data = '';

  /** A small file system for the log alone. Needs the right to mount. */
  prepare(): { readonly args: readonly string[]; readonly data: string } {
    this.#data = mkdtempSync(join(tmpdir(), 'twinfold-full-'));
    mkdirSync(join(this.#data, 'nats'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', join(this.#data, 'nats')], { stdio: 'pipe' });
    } catch (error) {
      rmSync(this.#data, { recursive: true, force: true });
      this.#data = '';
      throw new Error('this scenario mounts a small tmpfs, which is not allowed here', { cause: error });
    }
    return { data: this.#data, args: ['--log-max-bytes', `${LOG_MIB}MiB`] };
  }

  async run(run: FaultRun): ReturnType<Scenario['run']> {
    await sleep(WARM_UP_MS);
    const folder = join(this.#data, 'nats');
    const ballast = join(folder, 'ballast');
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - LEFT_MIB * MIB)));
    run.say(`the log's disk has ${LEFT_MIB} MiB left`);
    const filledMs = performance.now();
    const begun = refusalsOf(run);
    const refused = await waitFor(() => refusalsOf(run) > begun, { what: 'a refusal', limitMs: FULL_MS_MAX }).catch(() => false);
    const refusedAfterMs = refused ? Math.round(performance.now() - filledMs) : -1;
    run.say(refused ? 'devices are refused' : 'devices are NOT refused');
    await sleep(AFTERWARDS_MS);
    const acked = run.history.counts.ok;
    rmSync(ballast);
    const freedMs = performance.now();
    run.say('there is room again');
    let recoveredMs = -1;
    try {
      await waitFor(() => run.history.counts.ok > acked + run.options.eventsPerS, {
        what: 'acknowledgements',
        limitMs: RECOVERED_MS_MAX,
        everyMs: WATCH_MS / 10,
      });
      recoveredMs = Math.round(performance.now() - freedMs);
    } catch {
      run.say('NO acknowledgements although there is room');
    }
    return {
      statements: [
        { says: `devices are told that there is no room within ${FULL_MS_MAX / 1_000} s`, holds: refused },
        { says: `acknowledgements go on within ${RECOVERED_MS_MAX / 1_000} s after there is room`, holds: recoveredMs >= 0 },
      ],
      figures: {
        'first refusal after, ms': refusedAfterMs,
        'acknowledged again after, ms': recoveredMs,
        refusals: run.fleet.counts().refusals,
      },
    };
  }

  release(): void {
    if (this.#data === '') return;
    execFileSync('umount', ['-l', join(this.#data, 'nats')], { stdio: 'pipe' });
    rmSync(this.#data, { recursive: true, force: true });
    this.#data = '';
  }
}

export const diskFull: Scenario = new FullDisk();
