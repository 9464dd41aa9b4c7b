/**
 * The process that a user starts: it holds no data, it starts the others in order, restarts what dies, tells how things
 * are, and ends them in the reverse order. When it is killed, everything it started ends too.
 */
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config/options.ts';
import type { AdminTokenPlace, ProcessConfig, ProcessRole, ReadyMessage } from '../config/process-config.ts';
import type { OptionSource } from '../config/read-options.ts';
import { readPair } from '../config/tls-files.ts';
import { type PortSources, tlsConfigOf } from '../config/tls-settings.ts';
import type { KeptProcess, ProcessChange } from '../embedded/kept-process.ts';
import { rotateLogFiles } from '../embedded/log-file.ts';
import { TwinfoldError, messageOf } from '../kernel/errors.ts';
import { adminTokenFileOf, adminTokenWarnings, readAdminToken } from './admin-token.ts';
import { banner, type PortFacts } from './banner.ts';
import { childConfig } from './child-config.ts';
import { keepDemoCredentials, type DemoCredentials } from './demo-credentials.ts';
import { startDemoFleet } from './demo-fleet.ts';
import { logBytesMax, openDeployment, type Deployment } from './deployment.ts';
import { chooseEdgePorts, type ChosenPorts, EDGE_PORTS, NO_PORTS } from './edge-ports.ts';
import { describeEndpoints, maybe, reachable, removeEndpoints, writeEndpoints, type Endpoints } from './endpoints.ts';
import type { InstanceLock } from './instance-lock.ts';
import { BYTE_MOVER_ARGS, keepNodeChild } from './node-child.ts';
import type { Programs } from './programs.ts';
import { judgeClickHouse, judgeNats, type Finding } from './promises.ts';
import type { Screen } from './screen.ts';
import { openClickHouse, openNats, type RunningClickHouse, type RunningNats } from './servers.ts';

/** The engine flushes to ClickHouse within this. A whole drain has its own limit, below the ten seconds that are promised. */
const END_MS_MAX = { edge: 2_500, engine: 5_000 } as const;
const DRAIN_MS_MAX = 9_500;

export interface SupervisorOptions {
  readonly settings: Settings;
  readonly sources: PortSources & { readonly partitions: OptionSource };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly screen: Screen;
  readonly lock: InstanceLock;
  readonly programs: Programs;
  /** `performance.now()` when the program began. */
  readonly startedAt: number;
}

interface Part {
  readonly name: string;
  stop(): Promise<void>;
  kill(): void;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  /** In the order of their start; ended in the reverse order. */
  readonly #parts: Part[] = [];
  #data = '';
  #deployment: Deployment | undefined;
  #nats: RunningNats | undefined;
  #clickhouse: RunningClickHouse | undefined;
  #children: Partial<Record<'edge' | 'engine' | 'demo', KeptProcess>> = {};
  #chosen: ChosenPorts = NO_PORTS;
  #ports: ReadyMessage['ports'] = {};
  #adminToken: AdminTokenPlace | undefined;
  #tlsCaFile: string | undefined;
  #logRotation: { stop(): void } | undefined;
  #ready = false;
  #stopping: Promise<void> | undefined;
  #endpointsWritten: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves when every part is up and everybody was told. Rejects, with everything ended, when one can't be started. */
  async start(): Promise<void> {
    try {
      await this.#startParts();
    } catch (error) {
      if (this.#stopping === undefined) await this.stop();
      throw error;
    }
  }

  async #startParts(): Promise<void> {
    const { settings, sources } = this.#options;
    await mkdir(settings.data, { recursive: true });
    this.#data = await realpath(settings.data);
    this.#deployment = await openDeployment({ data: this.#data, settings, sources });
    const wantsEdge = settings.roles.includes('ingest') || settings.roles.includes('api');
    if (wantsEdge) {
      for (const pair of tlsConfigOf(settings)?.pairs ?? []) await readPair(pair);
      this.#chosen = await chooseEdgePorts({ settings, sources });
    }
    this.#logRotation = rotateLogFiles(['nats', 'clickhouse', 'edge', 'engine', 'demo'].map((name) => this.#logFile(name)));
    await this.#startServers();
    const warnings = this.#judge();
    const logMaxBytes = await logBytesMax(this.#data, settings);
    const started = await Promise.allSettled([
      ...(wantsEdge ? [this.#startChild('edge', logMaxBytes)] : []),
      ...(settings.roles.includes('engine') ? [this.#startChild('engine', logMaxBytes)] : []),
    ]);
    rethrowFirst(started);
    this.#throwIfStopping();
    await this.#announce([...warnings, ...adminTokenWarnings(this.#adminToken)]);
  }

  async #startServers(): Promise<void> {
    const { settings, env, screen } = this.#options;
    const files = { data: this.#data, natsLog: this.#logFile('nats'), clickhouseLog: this.#logFile('clickhouse') };
    const optionsFor = (name: string) => ({
      settings,
      files,
      env,
      say: (line: string) => screen.say(line, { what: 'progress', detail: line.trim() }),
      onChange: (change: ProcessChange) => this.#onChange(name, change),
    });
    // NATS is ended last, so it comes first in the list, whichever is up first.
    const started = await Promise.allSettled([openNats(optionsFor('nats-server')), openClickHouse(optionsFor('ClickHouse'))]);
    const [nats, clickhouse] = started;
    if (nats.status === 'fulfilled') {
      this.#nats = nats.value;
      this.#parts.push(partOf('nats-server', nats.value));
    }
    if (clickhouse.status === 'fulfilled') {
      this.#clickhouse = clickhouse.value;
      this.#parts.push(partOf('ClickHouse', clickhouse.value));
    }
    rethrowFirst(started);
    this.#throwIfStopping();
  }

  /** Refuses to start on servers that can't keep the promises; returns what must be said all the same. */
  #judge(): readonly string[] {
    const { nats, clickhouse } = this.#servers();
    const findings: readonly Finding[] = [
      ...judgeNats(nats.facts(), this.#options.settings.durability),
      judgeClickHouse(clickhouse.version),
    ];
    const said = (level: Finding['level']): string[] =>
      findings.filter((finding) => finding.level === level).map(({ what, remedy }) => (remedy === undefined ? what : `${what}: ${remedy}`));
    const problems = said('problem');
    if (problems.length > 0) throw new TwinfoldError('server-unfit', problems.join('\n'), { domain: 'external', retryable: false });
    return said('warning');
  }

  async #startChild(role: ProcessRole, logMaxBytes: number): Promise<void> {
    const { env, programs } = this.#options;
    let starts = 0;
    const kept = await keepNodeChild({
      name: role,
      program: programs[role],
      nodeArgs: role === 'engine' ? BYTE_MOVER_ARGS : [],
      logFile: this.#logFile(role),
      env,
      // A failpoint that killed the child must not kill every successor too.
      config: () => this.#configOf(role, { logMaxBytes, first: starts++ === 0 }),
      endMsMax: END_MS_MAX[role],
      onReady: ({ ports, adminToken, tlsCaFile }) => {
        // A port that the system chose is asked for by number from now on.
        if (role === 'edge') [this.#ports, this.#adminToken, this.#tlsCaFile] = [ports, adminToken, tlsCaFile];
      },
      onChange: (change) => this.#onChange(role, change),
    });
    this.#children[role] = kept;
    this.#parts.push(partOf(role, kept));
  }

  #configOf(role: ProcessRole, { logMaxBytes, first }: { readonly logMaxBytes: number; readonly first: boolean }): ProcessConfig {
    const { settings, version } = this.#options;
    const deployment = this.#deploymentOrFail();
    const ports = { chosen: this.#chosen, actual: this.#ports };
    const { nats, clickhouse } = this.#servers();
    return childConfig({ role, settings, version, data: this.#data, deployment, nats, clickhouse, ports, logMaxBytes, isFirst: first });
  }

  async #announce(warnings: readonly string[]): Promise<void> {
    const { settings, screen, startedAt, lock, version } = this.#options;
    const demo = settings.command === 'dev' ? await this.#demoCredentials() : undefined;
    this.#throwIfStopping();
    const { nats, clickhouse } = this.#servers();
    this.#ready = true;
    const endpoints = await this.#publishEndpoints();
    lock.tell({ state: 'running', ...endpoints });
    const readyMs = performance.now() - startedAt;
    const { operator } = clickhouse.access;
    const text = banner({
      version,
      data: settings.data,
      readyMs,
      nats: { version: nats.facts().version, embedded: nats.embedded, durability: nats.facts().durability },
      clickhouse: { version: clickhouse.version, url: clickhouse.access.url },
      ports: this.#portFacts(),
      warnings,
      examples: {
        ...(this.#ports.http === undefined ? {} : { httpAddress: `${reachable(settings.host)}:${this.#ports.http}` }),
        ...(this.#ports.mqtt === undefined ? {} : { mqttPort: this.#ports.mqtt }),
        ...(this.#ports.https === undefined || this.#tlsCaFile === undefined
          ? {}
          : { tls: { address: `${reachable(settings.host)}:${this.#ports.https}`, caFile: this.#tlsCaFile } }),
        ...(demo === undefined ? {} : { device: { ...demo.device, tenant: demo.tenant }, key: demo.key }),
        ...(operator === undefined || settings.command !== 'dev' ? {} : { operator }),
        ...maybe('enginePid', this.#children.engine?.pid()),
      },
    });
    screen.say(text, { what: 'ready', readyMs: Math.round(readyMs), warnings, ...endpoints });
    if (settings.command === 'dev' && !settings['no-demo']) void this.#startDemo();
  }

  async #demoCredentials(): Promise<DemoCredentials | undefined> {
    const { settings, screen } = this.#options;
    if (this.#ports.http === undefined) return undefined;
    try {
      const httpUrl = `http://${reachable(settings.host)}:${this.#ports.http}`;
      const adminToken = await readAdminToken(settings['admin-token'], this.#adminToken);
      return await keepDemoCredentials({ data: this.#data, httpUrl, adminToken });
    } catch (error) {
      this.#throwIfStopping();
      screen.say(`! no credentials for tenant demo: ${messageOf(error)}`, { what: 'demo-credentials-missing', why: messageOf(error) });
      return undefined;
    }
  }

  async #startDemo(): Promise<void> {
    const { settings, screen, env, programs } = this.#options;
    const { http, mqtt } = this.#ports;
    const adminToken = await readAdminToken(settings['admin-token'], this.#adminToken);
    // Without the token it can't make its devices; that it isn't here was said.
    if (http === undefined || mqtt === undefined || adminToken === undefined) return;
    const kept = await startDemoFleet({
      data: this.#data,
      host: reachable(settings.host),
      ports: { http, mqtt },
      adminToken,
      clickhouse: this.#servers().clickhouse.access,
      program: programs.demo,
      logFile: this.#logFile('demo'),
      env,
      screen,
      onChange: (change) => this.#onChange('demo', change),
    });
    if (kept === undefined) return;
    this.#children.demo = kept;
    this.#parts.push(partOf('demo', kept));
    if (this.#stopping === undefined) this.#republish();
    else await kept.stop();
  }

  #onChange(name: string, change: ProcessChange): void {
    const isFirstStart = change.kind === 'up' && change.restarts === 0;
    if (!this.#ready || isFirstStart || this.#stopping !== undefined) return;
    const { screen } = this.#options;
    if (change.kind === 'down')
      screen.say(`! ${name} ended (${change.how}): restarting`, { what: 'process-ended', process: name, how: change.how });
    else if (change.kind === 'failed')
      screen.say(`! ${name} did not restart: ${change.why.split('\n')[0]}; next try in ${change.retryInMs} ms`, {
        what: 'restart-failed',
        process: name,
        why: change.why,
      });
    else
      screen.say(`✓ ${name} is up again, pid ${change.pid}`, {
        what: 'process-restarted',
        process: name,
        pid: change.pid,
        restarts: change.restarts,
      });
    this.#republish();
  }

  #republish(): void {
    void this.#publishEndpoints().then(
      (endpoints) => this.#options.lock.tell({ state: 'running', ...endpoints }),
      (error: unknown) =>
        this.#options.screen.say(`! endpoints.json could not be written: ${messageOf(error)}`, {
          what: 'endpoints-failed',
          why: messageOf(error),
        }),
    );
  }

  /** One write after another, so that the newest facts win. */
  async #publishEndpoints(): Promise<Endpoints> {
    const write = this.#endpointsWritten.then(async () => {
      const endpoints = this.#endpoints();
      if (this.#stopping === undefined) await writeEndpoints(this.#data, endpoints);
      return endpoints;
    });
    this.#endpointsWritten = write.then(
      () => undefined,
      () => undefined,
    );
    return write;
  }

  #endpoints(): Endpoints {
    const { nats, clickhouse } = this.#servers();
    const processes: Record<string, number> = {};
    for (const [name, child] of Object.entries(this.#children)) {
      const pid = child.pid();
      if (pid !== undefined) processes[name] = pid;
    }
    const { settings, version } = this.#options;
    const adminTokenFile = adminTokenFileOf(this.#adminToken);
    return describeEndpoints({
      processes,
      version,
      nats,
      clickhouse,
      adminTokenFile,
      host: reachable(settings.host),
      ports: this.#ports,
      tlsCaFile: this.#tlsCaFile,
    });
  }

  #portFacts(): PortFacts[] {
    const facts: PortFacts[] = [];
    for (const name of EDGE_PORTS) {
      const port = this.#ports[name];
      if (port !== undefined) facts.push({ name, port, ...maybe('insteadOf', this.#chosen[name].insteadOf) });
    }
    return facts;
  }

  /** Ends everything in order, within ten seconds: what is not done by then is ended by force. */
  stop(): Promise<void> {
    this.#stopping ??= this.#drain();
    return this.#stopping;
  }

  async #drain(): Promise<void> {
    this.#logRotation?.stop();
    const timeUp = new AbortController();
    const inOrder = async (): Promise<void> => {
      for (const name of ['demo', 'edge', 'engine', 'ClickHouse', 'nats-server']) {
        for (const part of this.#parts.filter((one) => one.name === name)) await part.stop();
      }
    };
    await Promise.race([inOrder(), sleep(DRAIN_MS_MAX, undefined, { signal: timeUp.signal }).catch(() => undefined)]);
    timeUp.abort();
    this.killAll();
    await this.#endpointsWritten;
    if (this.#data !== '') await removeEndpoints(this.#data);
    await this.#options.lock.release();
  }

  /** Ends every child at once, by force. Safe, as any death is. */
  killAll(): void {
    for (const part of this.#parts) part.kill();
  }

  #logFile(name: string): string {
    return join(this.#data, 'logs', `${name}.log`);
  }

  #servers(): { readonly nats: RunningNats; readonly clickhouse: RunningClickHouse } {
    if (this.#nats === undefined || this.#clickhouse === undefined) throw stopped();
    return { nats: this.#nats, clickhouse: this.#clickhouse };
  }

  #deploymentOrFail(): Deployment {
    if (this.#deployment === undefined) throw stopped();
    return this.#deployment;
  }

  #throwIfStopping(): void {
    if (this.#stopping !== undefined) throw stopped();
  }
}

function stopped(): TwinfoldError {
  return new TwinfoldError('draining', 'Stopped while starting', { domain: 'external', retryable: true });
}

function partOf(name: string, part: { stop(): Promise<void>; kill(): void }): Part {
  return { name, stop: () => part.stop(), kill: () => part.kill() };
}

function rethrowFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
