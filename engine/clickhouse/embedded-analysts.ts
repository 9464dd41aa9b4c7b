/**
 * Analysts of tenants in the embedded ClickHouse: logins are there from its start, and see what an entry in a table of
 * ours says, so giving one away, or taking it back, is one entry more or less, at once and without a restart.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { ANALYST_LOGINS_TABLE } from '../../schemas/tables.ts';
import { messageOf } from '../kernel/errors.ts';
import type { AnalystAnswer, AnalystLogin, AnalystLogins } from '../ports/analyst-logins.ts';
import { connect, rows, run, type ClickHouseTarget } from './client.ts';
import { analystLoginsStatement } from './ddl.ts';

/** Where logins come from. */
export interface LoginPool {
  /** The tenant's own, or one that nobody has; undefined when none is left. */
  take(tenant: string): Promise<AnalystLogin | undefined>;
  retire(tenant: string): Promise<void>;
}

export interface EmbeddedAnalystsOptions {
  readonly target: ClickHouseTarget;
  readonly pool: LoginPool;
  readonly fsync: boolean;
}

export class EmbeddedAnalysts implements AnalystLogins {
  readonly #client: ClickHouseClient;
  readonly #database: string;
  readonly #table: string;
  readonly #pool: LoginPool;
  readonly #fsync: boolean;
  /** Those that were found bound; only this process binds them. */
  readonly #known = new Map<string, AnalystLogin>();
  /** One change after the other, so that a tenant never has two. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: EmbeddedAnalystsOptions) {
    this.#client = connect(options.target);
    this.#database = options.target.database;
    this.#table = `${options.target.database}.${ANALYST_LOGINS_TABLE}`;
    this.#pool = options.pool;
    this.#fsync = options.fsync;
  }

  async login(tenant: string): Promise<AnalystAnswer<AnalystLogin>> {
    const known = this.#known.get(tenant);
    if (known !== undefined) return { ok: true, value: known };
    const given = await this.#change(async () => this.#give(tenant));
    if (!given.ok) return given;
    if (given.value !== undefined) return { ok: true, value: given.value };
    return { ok: false, why: 'none-left', detail: 'all logins for analysts are given to tenants; a restart makes new ones' };
  }

  async takeBack(tenant: string): Promise<AnalystAnswer<void>> {
    return this.#change(async () => {
      this.#known.delete(tenant);
      await this.#takeBack(await this.#loginsOf(tenant), tenant);
      await this.#pool.retire(tenant);
    });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #give(tenant: string): Promise<AnalystLogin | undefined> {
    const login = await this.#pool.take(tenant);
    const bound = await this.#loginsOf(tenant);
    const others = bound.filter((user) => user !== login?.user);
    if (others.length > 0) await this.#takeBack(others, tenant);
    if (login === undefined) return undefined;
    if (!bound.includes(login.user))
      await run(
        this.#client,
        `INSERT INTO ${this.#table} (login, tenant, created) SELECT {login:String}, {tenant:String}, now64(3, 'UTC')`,
        { params: { login: login.user, tenant }, settings: { async_insert: 0 } },
      );
    this.#known.set(tenant, login);
    return login;
  }

  async #takeBack(logins: readonly string[], tenant: string): Promise<void> {
    if (logins.length === 0) return;
    await run(this.#client, `ALTER TABLE ${this.#table} DELETE WHERE tenant = {tenant:String} AND has({logins:Array(String)}, login)`, {
      params: { tenant, logins },
      settings: { mutations_sync: '2' },
    });
    // What runs has asked already which tenant it may see.
    await run(this.#client, 'KILL QUERY WHERE has({logins:Array(String)}, user) SYNC', { params: { logins } });
  }

  async #loginsOf(tenant: string): Promise<readonly string[]> {
    await run(this.#client, `CREATE DATABASE IF NOT EXISTS ${this.#database}`);
    await run(this.#client, analystLoginsStatement({ database: this.#database, fsync: this.#fsync }));
    const found = await rows<{ user: string }>(this.#client, `SELECT login AS user FROM ${this.#table} WHERE tenant = {tenant:String}`, {
      params: { tenant },
    });
    return found.map(({ user }) => user);
  }

  async #change<T>(change: () => Promise<T>): Promise<AnalystAnswer<T>> {
    const done = this.#last.then(async () => attempt(change));
    this.#last = done;
    return done;
  }
}

async function attempt<T>(what: () => Promise<T>): Promise<AnalystAnswer<T>> {
  try {
    return { ok: true, value: await what() };
  } catch (error) {
    return { ok: false, why: 'unavailable', detail: messageOf(error) };
  }
}
