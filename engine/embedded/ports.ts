/**
 * TCP ports of the parts we start: finding a free one, keeping the one a part had before, and naming who holds a busy
 * one. A port that was chosen is remembered in a file, so that clients find the part where it was after a restart.
 */
import { createServer } from 'node:net';
import { readFile, readlink, readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TwinfoldError } from '../kernel/errors.ts';
import { writeFileAtomic } from './files.ts';

/** How many ports above the wanted one are tried before the system is asked for any. */
const NEIGHBOURS_TRIED_MAX = 100;
const PREDECESSOR_POLL_MS = 25;

export interface PortHolder {
  readonly pid: number;
  readonly name: string;
  readonly command: string;
}

/** Whether somebody else could listen there right now. It may be taken a moment later; callers must cope. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  return (await listenOnce(port, host)) !== undefined;
}

/** A port nobody uses, chosen by the system. */
export async function anyFreePort(host: string): Promise<number> {
  const port = await listenOnce(0, host);
  if (port === undefined) {
    throw new TwinfoldError('server-missing', `No TCP port can be opened on ${host}`, { domain: 'external', retryable: true });
  }
  return port;
}

/** The first free port at or above `wanted`. */
export async function nextFreePort(wanted: number, host: string): Promise<number> {
  const last = Math.min(wanted + NEIGHBOURS_TRIED_MAX, 65_535);
  for (let port = wanted; port <= last; port++) {
    if (await isPortFree(port, host)) return port;
  }
  return anyFreePort(host);
}

export interface KeptPort {
  readonly host: string;
  /** Where the number is remembered. */
  readonly file: string;
  /** Wanted at the first start; 0 leaves it to the system. */
  readonly wanted: number;
  /** Text in the command line of a predecessor of ours, which is worth waiting for. */
  readonly predecessor: string;
  /** How long; ClickHouse may take seconds to end. */
  readonly waitMsMax: number;
}

/** The port used before if it is free (or will be, because its holder is our own predecessor), else another one. */
export async function keepPort(options: KeptPort): Promise<number> {
  const remembered = await rememberedPort(options.file);
  if (remembered !== undefined && (await waitForPredecessor(remembered, options))) return remembered;
  const port = options.wanted === 0 ? await anyFreePort(options.host) : await nextFreePort(options.wanted, options.host);
  await writeFileAtomic(options.file, `${port}\n`);
  return port;
}

async function rememberedPort(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const port = Number(text.trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

async function waitForPredecessor(port: number, options: KeptPort): Promise<boolean> {
  const deadline = performance.now() + options.waitMsMax;
  while (!(await isPortFree(port, options.host))) {
    const holder = await portHolder(port);
    const ours = holder?.command.includes(options.predecessor) === true;
    // A socket without a process belongs to one that is just ending.
    if ((holder !== undefined && !ours) || performance.now() > deadline) return false;
    if (holder === undefined && process.platform !== 'linux') return false;
    await sleep(PREDECESSOR_POLL_MS);
  }
  return true;
}

async function listenOnce(port: number, host: string): Promise<number | undefined> {
  const server = createServer();
  try {
    return await new Promise<number | undefined>((resolve) => {
      server.once('error', () => resolve(undefined));
      server.listen({ port, host, exclusive: true }, () => {
        const address = server.address();
        resolve(address !== null && typeof address === 'object' ? address.port : undefined);
      });
    });
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/**
 * The process that listens on a TCP port, where the system lets us see it: on Linux, from /proc. Processes of other
 * users keep their sockets secret, so the answer may be absent.
 */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  if (process.platform !== 'linux') return undefined;
  const inodes = new Set([...(await listeningInodes('/proc/net/tcp', port)), ...(await listeningInodes('/proc/net/tcp6', port))]);
  if (inodes.size === 0) return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (await ownsSocket(pid, inodes)) return describeProcess(Number(pid));
  }
  return undefined;
}

const LISTEN_STATE = '0A';

async function listeningInodes(table: string, port: number): Promise<string[]> {
  const text = await readFile(table, 'utf8').catch(() => '');
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const found: string[] = [];
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[3] === LISTEN_STATE && fields[1]?.endsWith(suffix) === true && fields[9] !== undefined) found.push(fields[9]);
  }
  return found;
}

async function ownsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const fd of fds) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

/** What Node.js calls its first thread, which hides the program's name. */
const NODE_THREAD = 'MainThread';

async function describeProcess(pid: number): Promise<PortHolder> {
  const thread = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '?')).trim();
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const program = basename(words[0] ?? '');
  return { pid, name: thread === NODE_THREAD && program !== '' ? program : thread, command: words.join(' ').trim() };
}
