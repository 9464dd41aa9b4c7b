/**
 * The administrator's token: made once per deployment. Its keyed hash stands in NATS, put there by whichever process came
 * first; the token in the clear stands only in that process's data folder. It is on the disk before its hash is offered,
 * under another name, so that a crash at any point neither loses it nor leaves one behind that opens nothing.
 */
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AdminTokenPlace, ProcessConfig } from '../../engine/config/process-config.ts';
import { TwinfoldError } from '../../engine/kernel/errors.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { AdminCredential, AdminOrigin, AdminStore } from '../../engine/ports/admin-store.ts';
import { hashToken, mintToken, parseToken, provesToken, type Pepper, type RandomBytes } from './credentials.ts';

const OWNER_ONLY = 0o600;

export interface AdminTokenOptions {
  readonly file: string;
  /** What the operator said it is to be. */
  readonly given?: string | undefined;
  readonly pepper: Pepper;
  readonly origin: AdminOrigin;
  readonly randomBytes: RandomBytes;
}

export interface SettledAdminToken {
  readonly credential: AdminCredential;
  /** The file holds the token. */
  readonly isHere: boolean;
}

/** Rejects with `bad-option` when the operator named another token than the deployment's, which is never replaced. */
export async function settleAdminToken(store: AdminStore, options: AdminTokenOptions): Promise<SettledAdminToken> {
  const { file, given, pepper } = options;
  const pending = `${file}.pending`;
  const stands = (await store.admin()) ?? (await offer(store, pending, options));
  const opens = (token: string | undefined): boolean => token !== undefined && provesToken(token, stands.hash, pepper);
  // Offered by this folder, now or before a crash, and taken.
  if (opens(await readToken(pending))) await rename(pending, file);
  else await unlink(pending).catch(() => undefined);
  if (given !== undefined && !opens(given)) {
    const message = `--admin-token is not this deployment's administrator token, which ${wasMade(stands)}: leave the option out, or name that one`;
    throw new TwinfoldError('bad-option', message, { domain: 'external', retryable: false });
  }
  return { credential: stands, isHere: opens(await readToken(file)) };
}

/** What an operator reads where the token isn't. */
export function elsewhereText(origin: AdminOrigin): string {
  return `this deployment has its administrator token already: it ${wasMade(origin)}. Copy it from there, or make a key with it: POST /v1/keys with the scopes you need (registry:admin among them)`;
}

function wasMade({ node, host, folder, madeMs }: AdminOrigin): string {
  return `was made on ${host} (node ${node}, ${new Date(madeMs).toISOString()}) in ${folder}`;
}

/** What the supervisor is told. Nothing where the operator named the token: who did needn't be told where it is. */
export function adminTokenPlace(
  config: Pick<ProcessConfig, 'adminToken' | 'adminTokenFile'>,
  admin: SettledAdminToken,
  log: Log,
): { readonly adminToken?: AdminTokenPlace } {
  if (admin.isHere) return { adminToken: { file: config.adminTokenFile } };
  if (config.adminToken !== undefined) return {};
  const elsewhere = elsewhereText(admin.credential);
  log.info('admin-token-elsewhere', { detail: elsewhere });
  return { adminToken: { elsewhere } };
}

async function offer(store: AdminStore, pending: string, options: AdminTokenOptions): Promise<AdminCredential> {
  const { file, given, pepper, origin, randomBytes } = options;
  const token = given ?? (await readToken(file)) ?? (await readToken(pending)) ?? mintToken({ kind: 'admin' }, randomBytes);
  if (parseToken(token)?.kind !== 'admin') {
    throw new TwinfoldError('corrupt', `${file} holds no administrator token (tfa_ and 16 to 128 letters, digits, - or _); remove it`, {
      domain: 'external',
      retryable: false,
    });
  }
  await writeSynced(pending, `${token}\n`);
  return store.claimAdmin({ hash: hashToken(token, pepper), ...origin });
}

/** The hash in NATS outlives a loss of power, so the token must too. */
async function writeSynced(path: string, content: string): Promise<void> {
  await unlink(path).catch(() => undefined);
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readToken(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return text.trim() === '' ? undefined : text.trim();
}
