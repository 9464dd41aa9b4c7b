/**
 * A real nats-server as a child: its configuration, start, facts and end. It listens on loopback only, on a port that
 * stays the same over restarts, and asks for a token that is kept beside its data.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { mkdir, readFile, readdir, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TwinfoldError } from '../kernel/errors.ts';
import { keepSecret, writeFileAtomic } from './files.ts';
import { keepProcess, pollUntil, type KeptProcess, type ProcessChange } from './kept-process.ts';
import { openLogFile, sizeOf, tailOf } from './log-file.ts';
import { findNatsBinary, type NatsBinary } from './nats-binary.ts';
import type { Durability } from '../kernel/durability.ts';
import { readNatsFacts, type NatsFacts } from './nats-facts.ts';
import { isPortFree, keepPort } from './ports.ts';
import { spawnTied, tyingTools, type TyingTools } from './tied-spawn.ts';

const HOST = '127.0.0.1';
const PORT_WANTED = 4222;
/** Stores of gigabytes are read at the start; measured 0.1 s for 2.8 GB, 3 s for a million subjects. */
const READY_MS_MAX = 60_000;
const READY_POLL_MS = 5;
/** A clean stop takes 80 ms; one that hangs must not eat the ten seconds a drain may take. */
const END_MS_MAX = 1_500;
const LOCK_WAIT_S = 10;
/** Attempts to find a port that is still free when the server binds it. */
const PORT_ATTEMPTS = 3;
/** Streams reserve their `max_bytes` from this; the rest of the disk belongs to ClickHouse, logs and the system. */
const STORE_SHARE_OF_DISK = 0.8;
const STORE_BYTES_MIN = 16 * 1024 * 1024;

/** `sync_interval` of the server for each promise. The last is the server's own default: it survives our death only. */
const SYNC_INTERVAL: Readonly<Record<Durability, string>> = { disk: 'always', interval: '100ms', process: '2m' };

export interface NatsServerOptions {
  /** Everything it keeps; only one server may use it at a time. */
  readonly dataDir: string;
  readonly durability?: Durability;
  /** The program to start; found or fetched when absent. */
  readonly binary?: string | undefined;
  /** Wanted at the first start (4222); 0 lets the system choose. Later starts keep what was found then. */
  readonly port?: number;
  readonly logFile?: string;
  readonly storeBytesMax?: number;
  readonly lockWaitS?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  say?(line: string): void;
  onChange?(change: ProcessChange): void;
}

export interface NatsServer {
  readonly url: string;
  readonly monitorUrl: string;
  readonly port: number;
  readonly token: string;
  readonly tokenFile: string;
  readonly binary: NatsBinary;
  /** What the server that runs now really does. */
  readonly facts: NatsFacts;
  pid(): number | undefined;
  restarts(): number;
  /** Ends it, cleanly if it lets us. */
  stop(): Promise<void>;
  /** Ends it and keeps it from being restarted, at once. */
  kill(): void;
}

/** Resolves when JetStream answers. From then on the server is restarted, on the same port, until `stop()`. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const env = options.env ?? process.env;
  const binary = await findNatsBinary({ named: options.binary, env, say: (line) => options.say?.(line) });
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const tokenFile = join(dataDir, 'token');
  const token = await keepSecret(tokenFile, 'tfn_');
  const storeBytesMax = options.storeBytesMax ?? (await storeBytes(dataDir));
  const lockWaitS = options.lockWaitS ?? LOCK_WAIT_S;
  for (let attempt = 1; ; attempt++) {
    const port = await keepPort({
      host: HOST,
      file: join(dataDir, 'port'),
      wanted: options.port ?? PORT_WANTED,
      predecessor: dataDir,
      waitMsMax: lockWaitS * 1_000,
    });
    const child = new NatsChild({ dataDir, port, token, binary, storeBytesMax, env, options });
    try {
      const kept = await child.start();
      return {
        url: `nats://${HOST}:${port}`,
        get monitorUrl() {
          return child.monitorUrl;
        },
        port,
        token,
        tokenFile,
        binary,
        get facts() {
          return child.facts;
        },
        pid: () => kept.pid(),
        restarts: () => kept.restarts(),
        stop: () => kept.stop(),
        kill: () => kept.kill(),
      };
    } catch (error) {
      // Between our look and the server's bind somebody else may have taken the port.
      if (attempt === PORT_ATTEMPTS || (await isPortFree(port, HOST))) throw error;
    }
  }
}

interface ChildFacts {
  readonly dataDir: string;
  readonly port: number;
  readonly token: string;
  readonly binary: NatsBinary;
  readonly storeBytesMax: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: NatsServerOptions;
}

class NatsChild {
  readonly #at: ChildFacts;
  readonly #runDir: string;
  readonly #logFile: string;
  #facts: NatsFacts | undefined;
  monitorUrl = '';

  constructor(at: ChildFacts) {
    this.#at = at;
    this.#runDir = join(at.dataDir, 'run');
    this.#logFile = at.options.logFile ?? join(at.dataDir, 'nats-server.log');
  }

  get facts(): NatsFacts {
    if (this.#facts === undefined)
      throw new TwinfoldError('server-unfit', 'nats-server has not answered yet', { domain: 'external', retryable: true });
    return this.#facts;
  }

  async start(): Promise<KeptProcess> {
    const { dataDir, options } = this.#at;
    const configFile = join(dataDir, 'nats.conf');
    await writeFileAtomic(configFile, this.#config());
    const tools = await tyingTools();
    const logBytesBefore = await sizeOf(this.#logFile);
    try {
      return await keepProcess({
        name: 'nats-server',
        start: () => {
          const log = openLogFile(this.#logFile);
          // A server that is killed leaves its file.
          rmSync(this.#runDir, { recursive: true, force: true });
          mkdirSync(this.#runDir, { recursive: true });
          try {
            return spawnTied(
              {
                command: this.#at.binary.path,
                args: ['-c', configFile],
                env: { ...this.#at.env, TWINFOLD_NATS_TOKEN: this.#at.token },
                folder: dataDir,
                lockWaitS: options.lockWaitS ?? LOCK_WAIT_S,
                logFd: log.fd,
              },
              tools,
            );
          } finally {
            log.close();
          }
        },
        ready: (child, signal) => this.#untilReady(child, tools, signal),
        end: (child) => child.kill('SIGTERM'),
        readyMsMax: READY_MS_MAX,
        endMsMax: END_MS_MAX,
        ...(options.onChange === undefined ? {} : { onChange: (change: ProcessChange) => options.onChange?.(change) }),
      });
    } catch (error) {
      throw await this.#explain(error, logBytesBefore);
    }
  }

  /** The server names its ports in a file once it listens; JetStream may need longer to read its store. */
  async #untilReady(child: ChildProcess, tools: TyingTools, signal: AbortSignal): Promise<void> {
    await pollUntil(
      async () => {
        const monitorUrl = await this.#announcedMonitor(child, tools);
        if (monitorUrl === undefined || !(await answersOk(`${monitorUrl}/healthz?js-enabled-only=true`, signal))) return false;
        this.monitorUrl = monitorUrl;
        this.#facts = await readNatsFacts({ host: HOST, port: this.#at.port, monitorUrl });
        return true;
      },
      { everyMs: READY_POLL_MS, signal },
    );
  }

  /**
   * The monitoring address in the file that our child wrote, named after its pid. Under the pipe watcher the child is a
   * shell, so its server has another pid.
   */
  async #announcedMonitor(child: ChildProcess, tools: TyingTools): Promise<string | undefined> {
    const names = await readdir(this.#runDir).catch(() => []);
    const name = names.find((file) => (tools.setpriv ? file.endsWith(`_${child.pid}.ports`) : file.endsWith('.ports')));
    if (name === undefined) return undefined;
    const text = await readFile(join(this.#runDir, name), 'utf8').catch(() => '');
    return /"monitoring":\s*\["(http:[^"]+)"/.exec(text)?.[1];
  }

  #config(): string {
    const { dataDir, port, storeBytesMax, options } = this.#at;
    return `# Written at every start; changes are lost.
server_name: twinfold
listen: "${HOST}:${port}"
http: "${HOST}:-1"
ports_file_dir: ${JSON.stringify(this.#runDir)}
max_payload: 1MB
write_deadline: "10s"
authorization { token: $TWINFOLD_NATS_TOKEN }
jetstream {
  store_dir: ${JSON.stringify(join(dataDir, 'store'))}
  max_memory_store: 64MB
  max_file_store: ${storeBytesMax}
  sync_interval: "${SYNC_INTERVAL[options.durability ?? 'disk']}"
}
`;
  }

  async #explain(error: unknown, logBytesBefore: number): Promise<TwinfoldError> {
    const tail = await tailOf(this.#logFile, logBytesBefore);
    const held = /exit code 75/.test(error instanceof Error ? error.message : '');
    if (held) {
      const message = `Another nats-server holds ${this.#at.dataDir}: end the other Twinfold that uses this folder, or give this one its own --data`;
      return new TwinfoldError('data-locked', message, { domain: 'external', retryable: true, cause: error });
    }
    const message = `nats-server did not start (log: ${this.#logFile})${tail === '' ? '' : `:\n${lastLines(tail)}`}`;
    return new TwinfoldError('server-unfit', message, { domain: 'external', retryable: true, cause: error });
  }
}

async function storeBytes(dataDir: string): Promise<number> {
  const disk = await statfs(dataDir);
  return Math.max(Math.floor(disk.blocks * disk.bsize * STORE_SHARE_OF_DISK), STORE_BYTES_MIN);
}

async function answersOk(url: string, signal: AbortSignal): Promise<boolean> {
  return fetch(url, { signal }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

function lastLines(text: string): string {
  return text
    .split('\n')
    .slice(-6)
    .map((line) => `  ${line}`)
    .join('\n');
}
