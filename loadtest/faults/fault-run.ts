/** One run of the crash suite: a product in a folder of its own, a fleet that loads it, a history, and the final check. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LostRange } from '../checker/check.ts';
import { caughtUp, checkRun } from '../checker/run.ts';
import type { CheckAccess, Verdict } from '../checker/run.ts';
import { ProductApi } from '../product/api.ts';
import { ClickHouseReader } from '../product/clickhouse.ts';
import { Product } from '../product/launch.ts';
import { Fleet, deviceNames } from '../simulator/fleet.ts';
import type { FleetShape } from '../simulator/fleet.ts';
import { HistoryWriter } from '../simulator/history.ts';
import type { FaultOptions } from './options.ts';
import { selfTest } from './self-test.ts';
import type { SelfTest } from './self-test.ts';

export const TENANT = 'sim';

/** Every way in, and devices enough that all partitions have some. */
/** Snapshots and purges as often as kills, so that recoveries begin at all kinds of them. */
const SNAPSHOT_INTERVAL = '2s';
const SHAPE: FleetShape = { mqtt: 60, http: 8, gateways: 4, perGateway: 40 };
/** After the last fault: reconnects, retries of unknown requests, restarts with backoff. */
const DRAIN_MS_MAX = 120_000;
const ROWS_MS_MAX = 180_000;

export interface RunEnd {
  readonly drained: boolean;
  /** From SIGTERM until all processes were gone. */
  readonly stoppedMs: number;
  readonly caughtUp: boolean;
  readonly verdict: Verdict;
  /** Empty where the run isn't clean enough to plant bugs in. */
  readonly selfTests: readonly SelfTest[];
}

export interface RunWish {
  readonly args?: readonly string[];
  /** A prepared data folder, where a scenario needs one. */
  readonly data?: string;
  readonly eventsPerS?: number;
}

export class FaultRun {
  readonly options: FaultOptions;
  readonly product: Product;
  readonly historyPath: string;
  readonly history: HistoryWriter;
  readonly fleet: Fleet;
  readonly api: ProductApi;
  readonly clickhouse: ClickHouseReader;
  /** Where the log lost its end, as the product told it while it ran. */
  readonly lost: LostRange[] = [];
  readonly #folder: string;

  private constructor(
    options: FaultOptions,
    parts: { product: Product; folder: string; history: HistoryWriter; fleet: Fleet; api: ProductApi },
  ) {
    this.options = options;
    this.product = parts.product;
    this.#folder = parts.folder;
    this.historyPath = join(parts.folder, 'history');
    this.history = parts.history;
    this.fleet = parts.fleet;
    this.api = parts.api;
    this.clickhouse = new ClickHouseReader(parts.product.clickhouse);
  }

  /** Starts the product, registers the fleet, and lets it run. */
  static async start(options: FaultOptions, wish: RunWish = {}): Promise<FaultRun> {
    const folder = mkdtempSync(join(tmpdir(), 'twinfold-faults-'));
    const product = new Product({
      data: wish.data ?? join(folder, 'data'),
      scratch: folder,
      args: ['--durability', options.durability, '--snapshot-interval', SNAPSHOT_INTERVAL, ...(wish.args ?? [])],
    });
    try {
      await product.start();
      const api = new ProductApi(product.httpUrl, product.adminToken(), TENANT);
      await api.ensureTenant(TENANT);
      const devices = deviceNames(SHAPE);
      const [key, credentials] = await Promise.all([api.createKey(['telemetry:write', 'twin:read']), api.ensureDevices(devices)]);
      const plan = { seed: options.seed, baseMs: Date.now() };
      const history = new HistoryWriter(join(folder, 'history'), { plan, tenant: TENANT, devices });
      const tokens = new Map(credentials.map(({ id, token }) => [id, token]));
      const access = { tenant: TENANT, mqtt: product.mqtt, httpUrl: product.httpUrl, key, tokens };
      const fleet = new Fleet({ shape: SHAPE, plan, ledger: history, access, eventsPerS: wish.eventsPerS ?? options.eventsPerS });
      fleet.start();
      return new FaultRun(options, { product, folder, history, fleet, api });
    } catch (error) {
      process.stderr.write(`${product.logTail()}\n`);
      await product.dispose(options.keep);
      throw error;
    }
  }

  say(line: string): void {
    const { info, ok } = this.history.counts;
    process.stdout.write(
      `${(performance.now() / 1_000).toFixed(1).padStart(7)} s  ${line.padEnd(56)} acked ${ok}, unknown ${info}, waiting ${this.fleet.waiting()}\n`,
    );
  }

  /** No more events; waits until all are acknowledged and in ClickHouse, then checks everything. */
  async finish(): Promise<RunEnd> {
    const drained = await this.fleet.drain(DRAIN_MS_MAX);
    this.say(drained ? 'all that was measured is acknowledged' : 'NOT all that was measured was acknowledged in time');
    this.fleet.stop();
    this.history.flush();
    const nats = await this.product.nats();
    try {
      const access: CheckAccess = { nats, clickhouse: this.clickhouse, api: this.api };
      const level = await caughtUp(access, ROWS_MS_MAX);
      this.say(level ? 'ClickHouse has the whole log' : 'ClickHouse did NOT catch up in time');
      const verdict = await checkRun(access, this.historyPath, this.lost);
      const tests = verdict.report.violations() === 0 && verdict.lost.length === 0 ? await selfTest(access, this.historyPath) : [];
      return { drained, caughtUp: level, verdict, selfTests: tests, stoppedMs: await this.product.stop() };
    } finally {
      await nats.close();
    }
  }

  async dispose(): Promise<void> {
    this.fleet.stop();
    this.api.close();
    this.clickhouse.close();
    this.history.close();
    await this.product.dispose(this.options.keep);
    if (this.options.keep) process.stdout.write(`kept in ${this.#folder}\n`);
  }
}
