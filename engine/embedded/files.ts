/** Small files that must be whole or absent: written beside their place, then renamed. Secrets are made here too. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const OWNER_ONLY = 0o600;
const SECRET_BYTES = 24;

/** Replaces a file in one step: a reader sees the old or the new content, never a part. */
export async function writeFileAtomic(path: string, content: string, mode: number = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(beside, content, { mode });
    await rename(beside, path);
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
}

/** The secret kept in a file that only its owner can read; made at the first call. */
export async function keepSecret(path: string, prefix: string): Promise<string> {
  const kept = (await readIfThere(path))?.trim();
  if (kept !== undefined && kept !== '') return kept;
  const secret = prefix + randomBytes(SECRET_BYTES).toString('hex');
  await writeFileAtomic(path, `${secret}\n`, OWNER_ONLY);
  return secret;
}

/** The text of a file, or undefined where there is none. Other errors pass. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
