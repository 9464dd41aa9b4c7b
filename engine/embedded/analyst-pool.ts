/**
 * Logins for analysts of one tenant, made before the embedded ClickHouse starts, because it takes no new ones while it
 * runs. Nobody is ever told a password: queries of analysts come through the gate, which logs in for them. A login is
 * given to one tenant only, once; one that was taken back is gone with the next start, which also makes up the number.
 */
import { randomBytes } from 'node:crypto';
import { TwinfoldError } from '../kernel/errors.ts';
import { readIfThere, writeFileAtomic } from './files.ts';

/** Logins that may be given away between two starts: of new tenants, and by rotation. */
export const FREE_LOGINS = 64;
const OWNER_ONLY = 0o600;
const PASSWORD_BYTES = 24;
const NAME_BYTES = 5;

export interface PooledLogin {
  readonly user: string;
  readonly password: string;
  /** Whose it is, or was. */
  readonly tenant?: string;
  /** Was taken back. */
  readonly retired?: boolean;
}

/** At the server's start: who is in the file afterwards is to be in its configuration. */
export async function keepAnalystPool(file: string): Promise<readonly PooledLogin[]> {
  const kept = (await readPool(file)).filter((login) => login.retired !== true);
  const free = kept.filter((login) => login.tenant === undefined).length;
  const pool = [...kept, ...Array.from({ length: FREE_LOGINS - free }, makeLogin)];
  await writePool(file, pool);
  return pool;
}

export interface PoolLogin {
  readonly user: string;
  readonly password: string;
}

/** The file as the one process sees it that gives logins away. */
export class AnalystPool {
  readonly #file: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** The tenant's login, or one that is its from now on; undefined when none is left until the next start. */
  async take(tenant: string): Promise<PoolLogin | undefined> {
    return this.#change(async (pool) => {
      const held = pool.find((login) => login.tenant === tenant && login.retired !== true);
      const found = held ?? pool.find((login) => login.tenant === undefined && login.retired !== true);
      if (found !== undefined && found !== held)
        await writePool(
          this.#file,
          pool.map((login) => (login === found ? { ...found, tenant } : login)),
        );
      return found === undefined ? undefined : { user: found.user, password: found.password };
    });
  }

  async retire(tenant: string): Promise<void> {
    await this.#change(async (pool) =>
      writePool(
        this.#file,
        pool.map((login) => (login.tenant === tenant ? { ...login, retired: true } : login)),
      ),
    );
  }

  /** One change after the other: each reads what the one before wrote. */
  async #change<T>(change: (pool: readonly PooledLogin[]) => Promise<T>): Promise<T> {
    const done = this.#last.then(async () => change(await readPool(this.#file)));
    this.#last = done.catch(() => undefined);
    return done;
  }
}

function makeLogin(): PooledLogin {
  return { user: `analyst_${randomBytes(NAME_BYTES).toString('hex')}`, password: randomBytes(PASSWORD_BYTES).toString('hex') };
}

async function readPool(file: string): Promise<readonly PooledLogin[]> {
  const text = await readIfThere(file);
  if (text === undefined) return [];
  let pool: unknown;
  try {
    pool = JSON.parse(text);
  } catch {
    pool = undefined;
  }
  if (Array.isArray(pool) && pool.every(isLogin)) return pool;
  throw new TwinfoldError('corrupt', `${file} is damaged: remove it; new ones are made at the next start`, {
    domain: 'external',
    retryable: false,
  });
}

async function writePool(file: string, pool: readonly PooledLogin[]): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(pool, undefined, 1)}\n`, OWNER_ONLY);
}

function isLogin(value: unknown): value is PooledLogin {
  if (typeof value !== 'object' || value === null || !('user' in value) || !('password' in value)) return false;
  // It goes into a configuration file as it is.
  return typeof value.user === 'string' && /^analyst_[0-9a-f]+$/.test(value.user) && typeof value.password === 'string';
}
