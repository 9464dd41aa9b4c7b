/**
 * `twinfold doctor`: looks at everything a deployment stands on and says what is wrong and what helps. Changes nothing: a
 * scratch file that is timed is removed, and a data folder that isn't there is not made, but judged by the folder that it
 * would be made in.
 */
import { access as allowed, constants, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { findLibrary } from '../embedded/clickhouse-server.ts';
import { findPresentNats } from '../embedded/nats-binary.ts';
import { readNatsFacts } from '../embedded/nats-facts.ts';
import { tyingTools } from '../embedded/tied-spawn.ts';
import { hasCode, messageOf } from '../kernel/errors.ts';
import type { Settings } from '../config/options.ts';
import { tlsConfigOf } from '../config/tls-settings.ts';
import { readIfThere } from '../embedded/files.ts';
import { checkCertificates } from './check-certificates.ts';
import { checkTenantCertificates } from './check-tenant-certificates.ts';
import { askInstance } from './instance-lock.ts';
import { judgeClickHouse, judgeNats, type Finding } from './promises.ts';
import type { Out } from './screen.ts';
import { askClickHouse, clickHouseAccess, natsAddress } from './servers.ts';

const NODE_VERSION_MIN = 24;
const DISK_FREE_BYTES_MIN = 1024 ** 3;
const FSYNC_SAMPLES = 20;
const FSYNC_BYTES = 4_096;
/** No disk answers an fsync faster; what does keeps the data in memory. */
const FSYNC_MS_CREDIBLE = 0.01;
const FSYNC_MS_GOOD = 20;
const CLOCK_DIFFERENCE_MS_MAX = 1_000;
/** `f_type` of file systems that live in memory. */
const MEMORY_FILE_SYSTEMS: readonly number[] = [0x01021994, 0x858458f6];

export interface DoctorOptions {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Out;
}

/** Prints every finding; the exit code is 1 if a promise is broken. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { settings, out } = options;
  const findings: Finding[] = [];
  for (const check of [checkNode, checkData, checkInstance, checkTying, checkNats, checkClickHouse, checkTls, checkTenants]) {
    try {
      findings.push(...(await check(options)));
    } catch (error) {
      const isAbsent = hasCode(error, 'server-missing');
      const remedy = isAbsent ? 'check the address, and that the server runs' : 'see the message';
      findings.push({ level: 'problem', what: messageOf(error), remedy });
    }
  }
  const mark: Readonly<Record<Finding['level'], string>> = { fine: '✓', warning: '!', problem: '✗' };
  for (const finding of findings) {
    if (settings['log-format'] === 'json') out.write(`${JSON.stringify(finding)}\n`);
    else out.write(`${mark[finding.level]} ${finding.what}${finding.remedy === undefined ? '' : `\n    ${finding.remedy}`}\n`);
  }
  return findings.some(({ level }) => level === 'problem') ? 1 : 0;
}

type Check = (options: DoctorOptions) => Promise<readonly Finding[]>;

const checkNode: Check = () => {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major >= NODE_VERSION_MIN) return Promise.resolve([{ level: 'fine', what: `Node.js ${process.versions.node}` }]);
  return Promise.resolve([
    {
      level: 'problem',
      what: `Node.js ${process.versions.node} is too old`,
      remedy: 'start through npm (npm start), which brings its own, or install Node.js 24',
    },
  ]);
};

const checkData: Check = async ({ settings }) => {
  const findings: Finding[] = [];
  const { data, durability } = settings;
  const folder = await nearestFolder(data);
  try {
    await allowed(folder, constants.W_OK);
  } catch {
    const what = (await isThere(data)) ? `${data} can't be written` : `${data} can't be made: ${folder} can't be written`;
    return [{ level: 'problem', what, remedy: 'give this user the folder, or name another one by --data' }];
  }
  const disk = await statfs(folder);
  const free = disk.bavail * disk.bsize;
  const needed = Math.max(DISK_FREE_BYTES_MIN, settings['log-max-bytes'] + settings['topic-max-bytes']);
  if (free < needed)
    findings.push({
      level: 'problem',
      what: `${gigabytes(free)} GB free on the disk of ${data}, ${gigabytes(needed)} are needed`,
      remedy: 'free some, or lower --log-max-bytes',
    });
  else findings.push({ level: 'fine', what: `${gigabytes(free)} GB free on the disk of ${data}` });
  if (process.platform === 'linux' && MEMORY_FILE_SYSTEMS.includes(disk.type)) {
    const level = durability === 'process' ? 'warning' : 'problem';
    findings.push({
      level,
      what: `${data} is in memory: it does not survive a restart of the machine`,
      remedy: 'name a folder on a disk by --data, or say --durability process',
    });
    return findings;
  }
  return [...findings, await judgeFsync(folder, durability)];
};

/** The folder itself, or the first one above it that is there. */
async function nearestFolder(path: string): Promise<string> {
  const folder = resolve(path);
  const above = dirname(folder);
  return (await isThere(folder)) || above === folder ? folder : nearestFolder(above);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function judgeFsync(data: string, durability: Settings['durability']): Promise<Finding> {
  const ms = await medianFsyncMs(data);
  const what = `an fsync takes ${ms.toFixed(2)} ms (median of ${FSYNC_SAMPLES})`;
  if (durability !== 'disk') return { level: 'fine', what };
  if (ms < FSYNC_MS_CREDIBLE)
    return {
      level: 'warning',
      what: `${what}: faster than a disk can be`,
      remedy: 'check that the disk or virtual machine does not ignore flushes',
    };
  if (ms > FSYNC_MS_GOOD)
    return { level: 'warning', what: `${what}: acknowledgements will be slow`, remedy: 'use a faster disk, or --durability interval' };
  return { level: 'fine', what };
}

async function medianFsyncMs(data: string): Promise<number> {
  const path = join(data, `.doctor-${process.pid}`);
  const file = await open(path, 'w');
  try {
    const samples: number[] = [];
    for (let i = 0; i < FSYNC_SAMPLES; i++) {
      await file.write(Buffer.alloc(FSYNC_BYTES, i), 0, FSYNC_BYTES, i * FSYNC_BYTES);
      const started = performance.now();
      await file.sync();
      samples.push(performance.now() - started);
    }
    return samples.toSorted((a, b) => a - b)[FSYNC_SAMPLES / 2] ?? 0;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

const checkInstance: Check = async ({ settings }) => {
  const holder = (await isThere(settings.data)) ? await askInstance(settings.data) : undefined;
  if (typeof holder !== 'object' || holder === null || !('pid' in holder))
    return [{ level: 'fine', what: `no Twinfold runs on ${settings.data}` }];
  const http = textOf(holder, 'http');
  const running: Finding = {
    level: 'fine',
    what: `Twinfold runs on ${settings.data} (pid ${String(holder.pid)}${http === undefined ? '' : `, ${http}`})`,
  };
  if (http === undefined) return [running];
  const answer = await fetch(`${http}/readyz`, { signal: AbortSignal.timeout(5_000), headers: { connection: 'close' } }).catch(
    () => undefined,
  );
  const text = answer === undefined ? 'no answer' : (await answer.text()).slice(0, 500);
  if (answer?.ok === true) return [running, { level: 'fine', what: 'it is ready' }];
  return [running, { level: 'problem', what: `it is not ready: ${text}`, remedy: `see the logs in ${settings.data}/logs` }];
};

const checkTying: Check = async ({ settings }) => {
  if (settings['nats-url'] !== '' || process.platform !== 'linux') return [];
  const { flock, setpriv } = await tyingTools();
  if (flock && setpriv) return [{ level: 'fine', what: 'flock and setpriv tie the servers to us' }];
  const missing = [...(flock ? [] : ['flock']), ...(setpriv ? [] : ['setpriv'])].join(' and ');
  return [{ level: 'warning', what: `${missing} is missing: a weaker way ties the servers to us`, remedy: 'install util-linux' }];
};

const checkNats: Check = async ({ settings, env }) => {
  if (settings['nats-url'] !== '') return judgeNats(await readNatsFacts(natsAddress(settings['nats-url'])), settings.durability);
  const found = await findPresentNats({ named: settings['nats-server'] === '' ? undefined : settings['nats-server'], env });
  if (found !== undefined) return [{ level: 'fine', what: `nats-server ${found.version} at ${found.path}` }];
  return [
    {
      level: 'warning',
      what: 'no nats-server is on this machine',
      remedy: 'the first start fetches it (needs the network and Python with pip, or Go)',
    },
  ];
};

const checkClickHouse: Check = async ({ settings }) => {
  if (settings['clickhouse-url'] === '') return [{ level: 'fine', what: `the embedded ClickHouse is installed (${findLibrary()})` }];
  const access = clickHouseAccess(settings);
  const version = await askClickHouse(access, 'SELECT version()');
  const askedAt = Date.now();
  const theirs = Number(await askClickHouse(access, 'SELECT toUnixTimestamp64Milli(now64(3))'));
  const difference = theirs - (askedAt + Date.now()) / 2;
  if (Math.abs(difference) <= CLOCK_DIFFERENCE_MS_MAX)
    return [judgeClickHouse(version), { level: 'fine', what: 'the clocks here and at ClickHouse agree' }];
  const what = `the clock of ClickHouse differs from ours by ${Math.round(difference)} ms`;
  return [judgeClickHouse(version), { level: 'warning', what, remedy: 'run a time service (NTP) on both machines' }];
};

const checkTls: Check = async ({ settings }) => checkCertificates(settings, Date.now());

/** Of a deployment that runs; without its administrator's token nothing of it can be asked. */
const checkTenants: Check = async ({ settings }) => {
  const holder = (await isThere(settings.data)) ? await askInstance(settings.data) : undefined;
  const url = textOf(holder, 'http') ?? textOf(holder, 'https');
  if (url === undefined) return [];
  const tokenFile = textOf(holder, 'adminTokenFile');
  const adminToken = settings['admin-token'] === '' ? await readIfNamed(tokenFile) : settings['admin-token'];
  const unseen = "the tenants' certificate authorities were not looked at";
  if (adminToken === undefined)
    return [{ level: 'warning', what: `${unseen}: the administrator's token is not known here`, remedy: 'name it by --admin-token' }];
  const files = [...(tlsConfigOf(settings)?.pairs ?? []).map(({ cert }) => cert), textOf(holder, 'tlsCaFile')];
  const trusted = (await Promise.all(files.map(readIfNamed))).filter((pem) => pem !== undefined);
  try {
    return await checkTenantCertificates({ url, adminToken, trusted }, Date.now());
  } catch (error) {
    const remedy =
      'see whether it is ready, that --admin-token is its token, and --tls-cert its certificate where it has no port but HTTPS';
    return [{ level: 'warning', what: `${unseen}: ${messageOf(error)}`, remedy }];
  }
};

async function readIfNamed(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : (await readIfThere(path))?.trim();
}

/** A member of what a running deployment tells of itself. */
function textOf(holder: unknown, name: string): string | undefined {
  const value: unknown =
    typeof holder === 'object' && holder !== null ? Object.entries(holder).find(([key]) => key === name)?.[1] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
