/** Processor time of one MQTT QoS 1 message at our edge against mosquitto's, under the same generator in the same run. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onPath } from '../k6/find-k6.ts';
import { environment } from '../product/options.ts';
import { cpuMsOf } from '../product/process-stat.ts';
import { sleep, waitFor } from '../product/wait.ts';
import type { MqttLoad } from './generator-protocol.ts';
import { Generator } from './generator-process.ts';
import type { Measured } from './rows.ts';
import { TENANT } from './target.ts';
import type { Target } from './target.ts';

const DEVICES = 200;
const WARM_UP_MS = 2_000;
const SETTLE_MS_MAX = 30_000;
/** Each side is measured this often, in turns, and the middle ratio counts: a shared machine is not the same from one moment to the next. */
const ROUNDS = 7;

/** The product is quiet when its processes together take less than this of a second; ClickHouse merges what came before. */
const QUIET_MS_MAX = 100;
const QUIET_WAIT_S_MAX = 60;

interface Broker {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
}

export async function edgeCpu(target: Target, inFlight: number, seconds: number): Promise<Measured> {
  const program = onPath('mosquitto', `${environment()['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`);
  if (program === undefined) return { notMeasured: 'mosquitto is not installed' };
  const devices = (await target.devices('mq', DEVICES)).map(({ id, token }) => ({ name: id, token }));
  await untilQuiet(target);
  const mosquitto = await Mosquitto.start(program);
  const own: number[] = [];
  const theirs: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const edge = { ...target.product.mqtt(), pid: target.product.pidOf('edge') ?? 0 };
      const load = { kind: 'mqtt', tenant: TENANT, devices, inFlight, topic: 'v1/telemetry' } as const;
      own.push(await microsecondsAt(edge, { ...load, boot: target.nextBoot() }, seconds / ROUNDS));
      theirs.push(await microsecondsAt(mosquitto, { ...load, boot: target.nextBoot() }, seconds / ROUNDS));
    }
  } finally {
    mosquitto.stop();
  }
  const ratios = own.map((cost, round) => cost / (theirs[round] ?? Number.NaN)).toSorted((a, b) => a - b);
  const spread = `rounds ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`;
  return {
    value: median(ratios),
    detail: `µs/message: edge ${median(own).toFixed(1)}, mosquitto ${median(theirs).toFixed(1)}; ${spread}; ${DEVICES} connections`,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function untilQuiet({ product }: Target): Promise<void> {
  const cpuMs = (): number =>
    (['edge', 'engine', 'nats', 'clickhouse'] as const).reduce((sum, part) => sum + (cpuMsOf(product.pidOf(part) ?? 0) ?? 0), 0);
  for (let second = 0; second < QUIET_WAIT_S_MAX; second++) {
    const from = cpuMs();
    await sleep(1_000);
    if (cpuMs() - from < QUIET_MS_MAX) return;
  }
}

async function microsecondsAt(broker: Broker, load: Omit<MqttLoad, 'host' | 'port'>, seconds: number): Promise<number> {
  const generator = await Generator.start({ ...load, host: broker.host, port: broker.port });
  try {
    generator.go();
    await sleep(WARM_UP_MS);
    const { acked: from } = await generator.progress();
    const cpuFrom = cpuMsOf(broker.pid) ?? 0;
    await sleep(seconds * 1_000);
    const { acked: to } = await generator.progress();
    const cpuTo = cpuMsOf(broker.pid) ?? 0;
    await generator.settle(SETTLE_MS_MAX);
    return ((cpuTo - cpuFrom) * 1_000) / (to - from);
  } finally {
    generator.stop();
  }
}

class Mosquitto implements Broker {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, port: number, folder: string) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.port = port;
    this.#folder = folder;
  }

  /** No persistence, no log, no limit on what is in flight: at its fastest. */
  static async start(program: string): Promise<Mosquitto> {
    const folder = mkdtempSync(join(tmpdir(), 'twinfold-mosquitto-'));
    const port = await freePort();
    const config = join(folder, 'mosquitto.conf');
    writeFileSync(
      config,
      `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type error\nmax_inflight_messages 0\nset_tcp_nodelay true\n`,
    );
    const child = spawn(program, ['-c', config], { stdio: 'ignore' });
    const mosquitto = new Mosquitto(child, port, folder);
    await waitFor(() => cpuMsOf(mosquitto.pid) !== undefined, { what: 'mosquitto', limitMs: 5_000 });
    await sleep(500);
    return mosquitto;
  }

  stop(): void {
    this.#child.kill('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
