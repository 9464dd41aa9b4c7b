/**
 * A real ClickHouse as a child: its configuration, users, start and end. Everybody, we included, talks to it through
 * the ordinary HTTP interface, so nothing else in the product knows that it is embedded.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from '../kernel/assert.ts';
import { TwinfoldError, messageOf } from '../kernel/errors.ts';
import { keepAnalystPool, type PooledLogin } from './analyst-pool.ts';
import { DATABASE, serverConfig, type ClickHouseSizing } from './clickhouse-config.ts';
import { usersConfig } from './clickhouse-users.ts';
import { keepSecret, writeFileAtomic } from './files.ts';
import { keepProcess, pollUntil, type KeptProcess, type ProcessChange } from './kept-process.ts';
import { openLogFile, sizeOf, tailOf } from './log-file.ts';
import { isPortFree, keepPort } from './ports.ts';
import { lockWords, tyingTools } from './tied-spawn.ts';

const HOST = '127.0.0.1';
const PORT_WANTED = 8123;
const APP_USER = 'twinfold';
/** What the operator logs in as at the gate, never here. */
const OPERATOR_USER = 'demo';
/** What the gate then logs in as: whoever asked the server itself could read the machine's files by a function. */
const ANALYST_USER = 'reader';
/** Empty it takes half a second; tables with many parts take longer. */
const READY_MS_MAX = 60_000;
const READY_POLL_MS = 20;
/** With idle keep-alive connections a clean stop takes five seconds; then force is safe, if less tidy. */
const END_MS_MAX = 2_500;
const LOCK_WAIT_S = 15;
const PORT_ATTEMPTS = 3;
const MEMORY_SHARE = 0.4;
const MEMORY_BYTES_MAX = 4 * 1024 ** 3;

export interface ClickHouseOptions {
  /** Everything it keeps; only one server may use it at a time. */
  readonly dataDir: string;
  /** Wanted at the first start (8123); 0 lets the system choose. Later starts keep what was found then. */
  readonly port?: number;
  readonly logFile?: string;
  /** All its memory; by default 40 % of the machine's, at most 4 GiB. */
  readonly memoryBytesMax?: number;
  readonly lockWaitS?: number;
  onChange?(change: ProcessChange): void;
}

export interface ClickHouseLogin {
  readonly user: string;
  readonly password: string;
  readonly passwordFile: string;
}

export interface ClickHouseServer extends ClickHouseLogin {
  readonly url: string;
  readonly port: number;
  /** The product's database. Its user may create it; nobody has yet. */
  readonly database: string;
  /** Of analysts who may see all tenants. Nobody is told it: their statements come through the gate, which logs in for them. */
  readonly analyst: ClickHouseLogin;
  /** What people show at the gate to be such an analyst. The server doesn't know it. */
  readonly operator: ClickHouseLogin;
  /** The logins that may be given to analysts of one tenant (`AnalystPool`). */
  readonly analystPoolFile: string;
  readonly version: string;
  pid(): number | undefined;
  restarts(): number;
  /** Ends it cleanly. Close clients before: idle connections delay the end. */
  stop(): Promise<void>;
  /** Ends it and keeps it from being restarted, at once. */
  kill(): void;
}

/** Resolves when it answers queries. From then on it is restarted, on the same port, until `stop()`. */
export async function startClickHouse(options: ClickHouseOptions): Promise<ClickHouseServer> {
  const library = findLibrary();
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const app = await keepLogin(dataDir, APP_USER);
  const analyst = await keepLogin(dataDir, ANALYST_USER);
  const operator = await keepLogin(dataDir, OPERATOR_USER);
  const analystPoolFile = join(dataDir, 'analysts.json');
  const tenantAnalysts = await keepAnalystPool(analystPoolFile);
  const configFile = await writeConfig(dataDir, { app, analyst, tenantAnalysts, sizing: sizingOf(options) });
  const lockWaitS = options.lockWaitS ?? LOCK_WAIT_S;
  for (let attempt = 1; ; attempt++) {
    const port = await keepPort({
      host: HOST,
      file: join(dataDir, 'port'),
      wanted: options.port ?? PORT_WANTED,
      predecessor: dataDir,
      waitMsMax: lockWaitS * 1_000,
    });
    const url = `http://${HOST}:${port}`;
    try {
      const kept = await startChild({ library, dataDir, configFile, port, app, url, options });
      const version = await queryOnce({ url, app }, 'SELECT version()');
      return {
        ...app,
        url,
        port,
        database: DATABASE,
        analyst,
        operator,
        analystPoolFile,
        version,
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

interface Address {
  readonly url: string;
  readonly app: ClickHouseLogin;
}

interface ChildFacts extends Address {
  readonly library: string;
  readonly dataDir: string;
  readonly configFile: string;
  readonly port: number;
  readonly options: ClickHouseOptions;
}

async function startChild(facts: ChildFacts): Promise<KeptProcess> {
  const { dataDir, options } = facts;
  const logFile = options.logFile ?? join(dataDir, 'clickhouse.log');
  const tools = await tyingTools();
  const lock = lockWords(tools, dataDir, options.lockWaitS ?? LOCK_WAIT_S);
  const logBytesBefore = await sizeOf(logFile);
  try {
    return await keepProcess({
      name: 'ClickHouse',
      start: () => spawnChild(facts, lock, logFile),
      ready: (_child, signal) => untilReady(facts, signal),
      end: (child) => child.stdin?.end(),
      readyMsMax: READY_MS_MAX,
      endMsMax: END_MS_MAX,
      ...(options.onChange === undefined ? {} : { onChange: (change: ProcessChange) => options.onChange?.(change) }),
    });
  } catch (error) {
    const tail = await tailOf(logFile, logBytesBefore);
    throw explain(error, { dataDir, logFile, tail });
  }
}

function spawnChild(facts: ChildFacts, lock: readonly string[], logFile: string): ChildProcess {
  const script = fileURLToPath(new URL('clickhouse-child.ts', import.meta.url));
  const flags = [
    '--library',
    facts.library,
    '--path',
    join(facts.dataDir, 'store'),
    '--config',
    facts.configFile,
    '--host',
    HOST,
    '--port',
    String(facts.port),
  ];
  const [command, ...args] = [...lock, process.execPath, script, ...flags];
  const log = openLogFile(logFile);
  try {
    const child = spawn(must(command, 'command'), args, { stdio: ['pipe', log.fd, log.fd, 'ipc'], detached: true });
    // The pipe breaks when the child dies; that is noticed by its exit.
    child.stdin?.on('error', () => undefined);
    return child;
  } finally {
    log.close();
  }
}

async function untilReady(facts: ChildFacts, signal: AbortSignal): Promise<void> {
  await pollUntil(
    () =>
      queryOnce(facts, 'SELECT 1', signal).then(
        (answer) => answer === '1',
        () => false,
      ),
    { everyMs: READY_POLL_MS, signal },
  );
}

async function queryOnce({ url, app }: Address, sql: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    body: sql,
    headers: { 'X-ClickHouse-User': app.user, 'X-ClickHouse-Key': app.password, connection: 'close' },
    ...(signal === undefined ? {} : { signal }),
  });
  const text = (await response.text()).trim();
  if (!response.ok) throw new TwinfoldError('server-unfit', text, { domain: 'external', retryable: false });
  return text;
}

async function keepLogin(dataDir: string, user: string): Promise<ClickHouseLogin> {
  const passwordFile = join(dataDir, `${user}.password`);
  return { user, passwordFile, password: await keepSecret(passwordFile, '') };
}

function sizingOf(options: ClickHouseOptions): ClickHouseSizing {
  const memoryBytesMax = options.memoryBytesMax ?? Math.min(Math.floor(totalmem() * MEMORY_SHARE), MEMORY_BYTES_MAX);
  return { memoryBytesMax, cpus: availableParallelism() };
}

interface ConfigFacts {
  readonly app: ClickHouseLogin;
  readonly analyst: ClickHouseLogin;
  readonly tenantAnalysts: readonly PooledLogin[];
  readonly sizing: ClickHouseSizing;
}

async function writeConfig(dataDir: string, facts: ConfigFacts): Promise<string> {
  const usersFile = join(dataDir, 'users.xml');
  const configFile = join(dataDir, 'config.xml');
  const hashed = (login: Pick<ClickHouseLogin, 'user' | 'password'>) => ({
    name: login.user,
    passwordSha256: createHash('sha256').update(login.password).digest('hex'),
  });
  const users = usersConfig({
    app: hashed(facts.app),
    analyst: hashed(facts.analyst),
    tenantAnalysts: facts.tenantAnalysts.map(hashed),
    sizing: facts.sizing,
  });
  await writeFileAtomic(usersFile, users, 0o600);
  await writeFileAtomic(configFile, serverConfig({ usersFile, sizing: facts.sizing }), 0o600);
  return configFile;
}

const LIBRARY_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};

/** The engine's library in the npm package made for this machine, or an error that says what to do without one. */
export function findLibrary(): string {
  const name = LIBRARY_PACKAGES[`${process.platform}-${process.arch}`];
  const remedy = 'Point --clickhouse-url at a ClickHouse server instead';
  if (name === undefined) {
    const message = `There is no embedded ClickHouse for ${process.platform} ${process.arch}. ${remedy}.`;
    throw new TwinfoldError('server-missing', message, { domain: 'external', retryable: false });
  }
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'libchdb.so');
  } catch (error) {
    const message = `The embedded ClickHouse (npm package ${name}, optional, needs glibc on Linux) is not installed: run "npm ci". ${remedy}.`;
    throw new TwinfoldError('server-missing', message, { domain: 'external', retryable: false, cause: error });
  }
}

function explain(error: unknown, at: { readonly dataDir: string; readonly logFile: string; readonly tail: string }): TwinfoldError {
  if (/exit code 75/.test(messageOf(error)) || at.tail.includes('Cannot lock file')) {
    const message = `Another ClickHouse holds ${at.dataDir}: end the other Twinfold that uses this folder, or give this one its own --data`;
    return new TwinfoldError('data-locked', message, { domain: 'external', retryable: true, cause: error });
  }
  const tail = at.tail
    .split('\n')
    .filter((line) => !/^\d+\. |^$/.test(line))
    .slice(-6)
    .map((line) => `\n  ${line}`)
    .join('');
  return new TwinfoldError('server-unfit', `ClickHouse did not start (log: ${at.logFile})${tail}`, {
    domain: 'external',
    retryable: true,
    cause: error,
  });
}
