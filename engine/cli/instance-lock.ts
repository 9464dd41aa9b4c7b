/**
 * One running Twinfold a data folder. The lock is a socket that the system drops when its holder dies, however it dies:
 * on Linux an abstract one, named after the folder; elsewhere a socket file, which counts only while somebody answers.
 * Through the same socket the holder tells where it listens, so that a second start can say so.
 */
import { createHash } from 'node:crypto';
import { realpath, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isErrno } from '../embedded/files.ts';
import { TwinfoldError } from '../kernel/errors.ts';

const HASH_CHARS = 32;
const ANSWER_MS_MAX = 2_000;
const ANSWER_BYTES_MAX = 64 * 1024;
/** Taking over a dead holder's socket file can lose a race against another start; then that one is asked. */
const ATTEMPTS = 3;

export interface InstanceLock {
  /** From now on told to those who ask. */
  tell(facts: object): void;
  release(): Promise<void>;
}

export type LockOutcome = { readonly held: true; readonly lock: InstanceLock } | { readonly held: false; readonly holder: unknown };

/** Takes the lock, or says what its holder tells about itself. */
export async function lockInstance(folder: string): Promise<LockOutcome> {
  const address = await addressOf(folder);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const lock = await listen(address);
    if (lock !== undefined) return { held: true, lock };
    const holder = await ask(address);
    if (holder !== undefined) return { held: false, holder };
    if (!address.startsWith('\0')) await unlink(address).catch(() => undefined);
  }
  throw new TwinfoldError('data-locked', `${folder} is in use by a process that does not answer`, { domain: 'external', retryable: true });
}

/** What the holder of a folder's lock tells, or undefined when nobody holds it. */
export async function askInstance(folder: string): Promise<unknown> {
  return ask(await addressOf(folder));
}

async function addressOf(folder: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, HASH_CHARS);
  return process.platform === 'linux' ? `\0twinfold-${hash}` : join(tmpdir(), `twinfold-${hash}.sock`);
}

async function listen(address: string): Promise<InstanceLock | undefined> {
  let told: object = {};
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(`${JSON.stringify(told)}\n`);
  });
  const listening = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error) => (isErrno(error, 'EADDRINUSE') ? resolve(false) : reject(error)));
    server.listen(address, () => resolve(true));
  });
  if (!listening) return undefined;
  return {
    tell: (facts) => {
      told = facts;
    },
    release: () => close(server),
  };
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

async function ask(address: string): Promise<unknown> {
  const text = await new Promise<string | undefined>((resolve) => {
    const socket = connect(address);
    let received = '';
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy());
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8');
      if (received.length > ANSWER_BYTES_MAX) socket.destroy();
    });
    socket.once('error', () => resolve(undefined));
    socket.once('close', () => resolve(received));
  });
  if (text === undefined || text === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return {};
  }
}
