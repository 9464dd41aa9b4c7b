/** The product as a process of its own: started from the command line, known by its endpoints file, ended by its pids. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';

import { mqttAddress, readEndpoints, readSecret } from './endpoints.ts';
import type { Endpoints } from './endpoints.ts';
import type { ClickHouseAccess } from './clickhouse.ts';
import { environment } from './options.ts';
import { isAlive, signal, treeOf } from './process-stat.ts';
import { Hopeless, waitFor } from './wait.ts';

const CLI = resolve(import.meta.dirname, '../../engine/cli/twinfold.ts');
/** A first start may download its servers. */
const READY_MS_MAX = 180_000;
/** SIGTERM promises 10 s; the rest is for a busy machine. */
const STOP_MS_MAX = 20_000;
const LOG_TAIL_CHARS = 2_000;

export interface LaunchOptions {
  /** The data folder; a temporary one, removed at the end, when absent. */
  readonly data?: string;
  /** A folder to remove at the end, with all that is in it. */
  readonly scratch?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Products that are to be ended when this process is told to. */
const living = new Set<Product>();
const INTERRUPTED = 130;

/** Ctrl-C, or SIGTERM, ends what was started before it ends us. For `main.ts` files. `last` comes after the products' end. */
export function disposeOnSignals(last?: () => void): void {
  const end = (): void => {
    void Promise.allSettled([...living].map((product) => product.dispose()))
      .then(() => last?.())
      .finally(() => process.exit(INTERRUPTED));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

export class Product {
  readonly data: string;
  readonly #scratch: string | undefined;
  readonly #args: readonly string[];
  readonly #logPath: string;
  #child: ChildProcess | undefined;
  #last: Endpoints | undefined;

  constructor(options: LaunchOptions = {}) {
    const temporary = options.data === undefined ? mkdtempSync(join(tmpdir(), 'twinfold-load-')) : undefined;
    this.#scratch = temporary ?? options.scratch;
    this.data = options.data ?? temporary ?? '';
    mkdirSync(this.data, { recursive: true });
    this.#args = options.args ?? [];
    this.#logPath = join(this.data, 'supervisor.out');
    living.add(this);
  }

  /** Starts the supervisor and answers its pid, without waiting for anything. */
  async launch(env: Readonly<Record<string, string>> = {}): Promise<number> {
    const log = openSync(this.#logPath, 'a');
    const args = [CLI, 'dev', '--no-demo', '--data', this.data, '--http-port', '0', '--mqtt-port', '0', ...this.#args];
    const child = spawn(process.execPath, args, { stdio: ['pipe', log, log], env: environment(env) });
    closeSync(log);
    this.#child = child;
    await once(child, 'spawn');
    return child.pid ?? 0;
  }

  /** Starts the supervisor and waits until it says that every part is up. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<Endpoints> {
    await this.launch(env);
    return this.ready();
  }

  /** Waits until the supervisor that was launched last says that every part is up. */
  ready(): Promise<Endpoints> {
    const pid = this.#child?.pid ?? 0;
    return waitFor(
      () => {
        if (!isAlive(pid)) throw new Hopeless(`the supervisor ended: ${this.logTail()}`);
        const endpoints = readEndpoints(this.data);
        return endpoints?.pid === pid ? endpoints : undefined;
      },
      { what: 'start of the product', limitMs: READY_MS_MAX, everyMs: 100 },
    );
  }

  /** As the file says now; while it is absent (a restart), as it said last. */
  endpoints(): Endpoints {
    this.#last = readEndpoints(this.data) ?? this.#last;
    if (this.#last === undefined) throw new Error('the product was never up');
    return this.#last;
  }

  readonly httpUrl = (): string => this.endpoints().http;

  readonly mqtt = (): { readonly host: string; readonly port: number } => mqttAddress(this.endpoints().mqtt);

  /** As an analyst: for what a user of the product would ask. */
  readonly analyst = (): ClickHouseAccess => {
    const { passwordFile, url, user } = this.endpoints().clickhouse;
    return { url, user, password: readSecret(resolve(this.data, passwordFile)) };
  };

  /** As the owner of the embedded server, without an analyst's limits: whole tables are read, and copies made. */
  readonly clickhouse = (): ClickHouseAccess => {
    const { url } = this.endpoints().clickhouse;
    return { url, user: 'twinfold', password: readSecret(join(this.data, 'clickhouse', 'twinfold.password')) };
  };

  /** A connection of our own to the embedded log, for reading. */
  nats(): Promise<NatsConnection> {
    return connect({ servers: this.endpoints().nats.url, token: readSecret(join(this.data, 'nats', 'token')), name: 'loadtest' });
  }

  adminToken(): string {
    return readSecret(resolve(this.data, this.endpoints().adminTokenFile));
  }

  /** The pid of a part by the name that people use for it. */
  pidOf(part: string): number | undefined {
    const endpoints = this.endpoints();
    if (part === 'supervisor') return endpoints.pid;
    if (part === 'nats') return endpoints.nats.pid;
    if (part === 'clickhouse') return endpoints.clickhouse.pid;
    return endpoints.processes[part];
  }

  running(): boolean {
    return this.#child?.pid !== undefined && isAlive(this.#child.pid);
  }

  /** Kills the supervisor alone, and waits until all that it started is gone too. */
  async killSupervisor(): Promise<void> {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    const tree = treeOf(pid);
    signal(pid, 'SIGKILL');
    await waitFor(() => tree.every((member) => !isAlive(member)), { what: 'end of what the supervisor started', limitMs: STOP_MS_MAX });
  }

  /** SIGTERM; answers how long the drain took, in ms. Whatever is left after the limit is killed. */
  async stop(): Promise<number> {
    const pid = this.#child?.pid;
    if (pid === undefined || !isAlive(pid)) return 0;
    const tree = treeOf(pid);
    const begun = performance.now();
    signal(pid, 'SIGTERM');
    try {
      await waitFor(() => tree.every((member) => !isAlive(member)), { what: 'drain', limitMs: STOP_MS_MAX });
    } finally {
      for (const member of tree) if (isAlive(member)) signal(member, 'SIGKILL');
    }
    return performance.now() - begun;
  }

  /** Ends everything, whatever state it is in, and removes the temporary folder. */
  async dispose(keep = false): Promise<void> {
    living.delete(this);
    const pid = this.#child?.pid;
    if (pid !== undefined) {
      const tree = treeOf(pid);
      for (const member of tree) signal(member, 'SIGCONT');
      for (const member of tree) signal(member, 'SIGKILL');
      await waitFor(() => tree.every((member) => !isAlive(member)), { what: 'end of the product', limitMs: STOP_MS_MAX });
    }
    if (this.#scratch !== undefined && !keep) rmSync(this.#scratch, { recursive: true, force: true });
  }

  logTail(): string {
    try {
      return readFileSync(this.#logPath, 'utf8').slice(-LOG_TAIL_CHARS);
    } catch {
      return '';
    }
  }
}
