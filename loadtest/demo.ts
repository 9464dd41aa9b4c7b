/**
 * The demonstration fleet, a process of its own: forty real clients over MQTT and HTTP that report once a second, keep what
 * isn't acknowledged, and say once a second how many of their acknowledged events have their row. Started by the
 * supervisor, which sends one message `{type: 'start', config}`; ends with it.
 */
import { join } from 'node:path';

import { DemoProof } from './demo/demo-proof.ts';
import { loadDemoState, saveDemoState } from './demo/demo-state.ts';
import type { DemoDevice, DemoState } from './demo/demo-state.ts';
import { Measurements } from './demo/measurements.ts';
import { ProductApi } from './product/api.ts';
import { ClickHouseReader } from './product/clickhouse.ts';
import type { ClickHouseAccess } from './product/clickhouse.ts';
import type { Ledger } from './simulator/device.ts';
import { HttpSender } from './simulator/http-sender.ts';
import { MqttDevice } from './simulator/mqtt-device.ts';

export interface DemoConfig {
  readonly data: string;
  readonly httpUrl: string;
  readonly mqtt: { readonly host: string; readonly port: number };
  /** May register devices of tenant `demo`. */
  readonly token: string;
  /** Named where the token is the deployment's own. */
  readonly tenant?: string;
  readonly clickhouse: ClickHouseAccess;
}

export interface DemoStatus {
  readonly type: 'status';
  readonly devices: number;
  readonly eventsPerS: number;
  readonly acked: number;
  readonly rows: number;
  readonly missing: number;
  readonly double: number;
  readonly lagMs: number;
}

const DEVICES = 40;
/** The rest speaks MQTT, half of it version 5. */
const HTTP_DEVICES = 8;
const EVERY_MS = 1_000;
/** Events of a device kept while the edge is away: some eight minutes. */
const KEPT_MAX = 512;
const WINDOW_MAX = 32;
const RETRY_MS = 1_000;
/** Over which the rate of acknowledged events is told. */
const RATE_S = 10;

type Client = MqttDevice | HttpSender;

/** Registers what isn't known yet; devices registered by an earlier start keep their tokens. */
async function stateOf(config: DemoConfig, path: string): Promise<DemoState> {
  const known = loadDemoState(path);
  if (known !== undefined && known.devices.length === DEVICES) return known;
  const api = new ProductApi(() => config.httpUrl, config.token, config.tenant);
  try {
    const names = Array.from({ length: DEVICES }, (_, index) => `demo-${String(index + 1).padStart(2, '0')}`);
    const credentials = await api.ensureDevices(names);
    const devices = credentials.map(({ id, token }): DemoDevice => ({ name: id, token, next: 1 }));
    const state: DemoState = { boot: Math.floor(Date.now() / 1_000), devices };
    saveDemoState(path, state);
    return state;
  } finally {
    api.close();
  }
}

class DemoFleet {
  readonly #config: DemoConfig;
  readonly #path: string;
  readonly #state: DemoState;
  readonly #measurements: Measurements;
  readonly #clients: readonly Client[];
  readonly #produced: number[];
  readonly #clickhouse: ClickHouseReader;
  readonly #proof: DemoProof;
  readonly #acked: number[] = [];
  #ticks = 0;
  #looking = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(config: DemoConfig, path: string, state: DemoState) {
    this.#config = config;
    this.#path = path;
    this.#state = state;
    this.#measurements = new Measurements(state.boot, DEVICES);
    this.#produced = state.devices.map(({ next }) => next);
    this.#clients = state.devices.map((device, index) => this.#client(device, index));
    this.#clickhouse = new ClickHouseReader(() => config.clickhouse);
    this.#proof = new DemoProof(this.#clickhouse, state.boot);
  }

  start(): void {
    for (const client of this.#clients) client.start();
    // A tenth of the devices every 100 ms, so that the load is even.
    this.#timer = setInterval(() => this.#tick(), EVERY_MS / 10);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#save();
    for (const client of this.#clients) client.stop();
    this.#clickhouse.close();
  }

  #client(device: DemoDevice, index: number): Client {
    const nothing = (): void => undefined;
    const ledger: Ledger = { invoke: nothing, ok: nothing, fail: nothing, info: nothing };
    const { measure } = this.#measurements;
    const limits = { keptMax: KEPT_MAX, windowMax: WINDOW_MAX };
    if (index >= DEVICES - HTTP_DEVICES) {
      const members = [{ index, name: device.name, first: device.next }];
      return new HttpSender({ url: () => this.#config.httpUrl, token: device.token, format: 'single', members, measure, ledger, limits });
    }
    const version = index % 2 === 0 ? 5 : 4;
    const facts = { index, name: device.name, tenant: 'demo', token: device.token, measure, ledger };
    return new MqttDevice({ ...facts, version, address: () => this.#config.mqtt, limits, first: device.next });
  }

  #tick(): void {
    const nowMs = Date.now();
    const phase = this.#ticks++ % 10;
    for (let index = phase; index < this.#clients.length; index += 10) {
      const client = this.#clients[index];
      const n = this.#produced[index] ?? 1;
      this.#measurements.measuredAt(index, n, nowMs);
      const skipped = client?.skipped() ?? 0;
      client?.produce();
      if (client?.skipped() === skipped) this.#produced[index] = n + 1;
    }
    if (phase === 9) void this.#report(nowMs);
  }

  async #report(nowMs: number): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    this.#save();
    const progress = this.#state.devices.map(({ name }, index) => ({
      name,
      ackedBefore: this.#clients[index]?.ackedBefore() ?? 1,
      timeOf: (n: number) => this.#measurements.timeOf(index, n),
    }));
    const acked = progress.reduce((sum, device) => sum + device.ackedBefore - 1, 0);
    const proof = await this.#proof.look(progress, nowMs);
    this.#acked.push(acked);
    if (this.#acked.length > RATE_S + 1) this.#acked.shift();
    const spanS = Math.max(1, this.#acked.length - 1);
    const eventsPerS = Math.round((acked - (this.#acked[0] ?? acked)) / spanS);
    tell({ type: 'status', devices: DEVICES, eventsPerS, acked, ...proof });
    this.#looking = false;
  }

  #save(): void {
    const devices = this.#state.devices.map((device, index) => ({ ...device, next: this.#clients[index]?.ackedBefore() ?? device.next }));
    saveDemoState(this.#path, { boot: this.#state.boot, devices });
  }
}

function tell(message: DemoStatus | { readonly type: 'ready'; readonly ports: object }): void {
  if (process.connected) process.send?.(message);
}

async function run(config: DemoConfig): Promise<void> {
  const path = join(config.data, 'demo-fleet.json');
  for (;;) {
    try {
      const fleet = new DemoFleet(config, path, await stateOf(config, path));
      fleet.start();
      process.once('SIGTERM', () => {
        fleet.stop();
        process.exit(0);
      });
      tell({ type: 'ready', ports: {} });
      return;
    } catch (error) {
      // The edge may be restarting: registering is repeated until it works.
      process.stderr.write(`demo fleet: ${error instanceof Error ? error.message : String(error)}\n`);
      await new Promise((resolve) => {
        setTimeout(resolve, RETRY_MS);
      });
    }
  }
}

process.once('message', (message: { readonly type: string; readonly config: DemoConfig }) => {
  if (message.type === 'start') void run(message.config);
});
// The supervisor holds the other end of both; when it is gone, so is the reason to be here.
process.on('disconnect', () => process.exit(0));
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
