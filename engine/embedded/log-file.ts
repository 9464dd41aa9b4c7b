/**
 * The log file of a child process. Children write to it directly (its descriptor is their stdout and stderr), so what
 * a crashing child said last is kept even when nobody reads. Rotation copies and truncates, because the children hold
 * the descriptor: a line written in between may be lost.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { copyFile, open, rename, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

export const LOG_FILE_BYTES_MAX = 10 * 1024 * 1024;
/** Older files kept beside the current one: `.1` and `.2`. */
const OLDER_FILES = 2;
const ROTATION_CHECK_MS = 10_000;
/** How much of the end of a log is quoted in an error. */
const TAIL_BYTES_MAX = 4_096;

/** A descriptor that appends; the caller closes it once the child has it. */
export function openLogFile(path: string): { readonly fd: number; close(): void } {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, 'a', 0o640);
  return { fd, close: () => closeSync(fd) };
}

/** Moves a file that has grown too large out of the way. Says whether it did. */
export async function rotateLogFile(path: string, bytesMax: number = LOG_FILE_BYTES_MAX): Promise<boolean> {
  const size = await stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
  if (size <= bytesMax) return false;
  for (let age = OLDER_FILES - 1; age >= 1; age--) {
    await rename(`${path}.${age}`, `${path}.${age + 1}`).catch(() => undefined);
  }
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
  return true;
}

/** Rotates a set of files from time to time until stopped. */
export function rotateLogFiles(paths: readonly string[], bytesMax: number = LOG_FILE_BYTES_MAX): { stop(): void } {
  const timer = setInterval(() => {
    // A rotation that fails (a full disk) is tried again at the next check; logs are never worth an outage.
    for (const path of paths) rotateLogFile(path, bytesMax).catch(() => undefined);
  }, ROTATION_CHECK_MS);
  return { stop: () => clearInterval(timer) };
}

/** The last lines of a log from `sinceBytes` on, for an error's text. */
export async function tailOf(path: string, sinceBytes: number = 0): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(sinceBytes, size - TAIL_BYTES_MAX, 0);
    if (start >= size) return '';
    const bytes = new Uint8Array(size - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return new TextDecoder().decode(bytes.subarray(0, bytesRead)).trim();
  } finally {
    await file.close();
  }
}

export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
}
