/**
 * Analysts of tenants in a ClickHouse of somebody else's, which takes users by SQL: one user a tenant, with row policies,
 * if the account that the product was given may make them.
 */
import { createHash, createHmac } from 'node:crypto';
import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { ANALYST_TABLES, FILTERED_TABLES } from '../../schemas/tables.ts';
import { messageOf } from '../kernel/errors.ts';
import type { AnalystAnswer, AnalystLogin, AnalystLogins } from '../ports/analyst-logins.ts';
import { connect, run, type ClickHouseTarget } from './client.ts';

const PROFILE = 'twinfold_analyst';
const GIBIBYTE = 1024 ** 3;
/** As in the embedded server; memory by the size of a small server of its own. */
const QUERY_BYTES_MAX = 2 * GIBIBYTE;
const QUERY_S_MAX = 60;
const QUERIES_AT_ONCE = 4;
const RESULT_ROWS_MAX = 1_000_000;
const QUERIES_PER_MINUTE = 600;
const EXECUTION_S_PER_MINUTE = 60;

/** ACCESS_DENIED, and a server that keeps no users. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(['497', '514']);

export class ExternalAnalysts implements AnalystLogins {
  readonly #client: ClickHouseClient;
  readonly #target: ClickHouseTarget;
  readonly #secret: string;
  readonly #made = new Set<string>();

  /** `secret` is the deployment's, so that all its processes log in with the same password. */
  constructor(target: ClickHouseTarget, secret: string) {
    this.#secret = secret;
    this.#client = connect(target);
    this.#target = target;
  }

  async login(tenant: string): Promise<AnalystAnswer<AnalystLogin>> {
    const user = userOf(tenant);
    const password = createHmac('sha256', this.#secret).update(`analyst:${user}`).digest('hex');
    if (this.#made.has(tenant)) return { ok: true, value: { user, password } };
    return attempt(async () => {
      const passwordSha256 = createHash('sha256').update(password).digest('hex');
      for (const statement of giveStatements({ ...this.#target, tenant, passwordSha256 })) await run(this.#client, statement);
      this.#made.add(tenant);
      return { user, password };
    });
  }

  async takeBack(tenant: string): Promise<AnalystAnswer<void>> {
    this.#made.delete(tenant);
    return attempt(async () => {
      for (const statement of takeBackStatements({ ...this.#target, tenant })) await run(this.#client, statement);
    });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

export interface LoginFacts {
  readonly database: string;
  /** The product's own account. */
  readonly user: string;
  readonly tenant: string;
  readonly passwordSha256: string;
}

/**
 * In an order in which a failure leaves a user who sees less, never more: without any grant, then with its filters, then
 * with what it may read. Policies of a table may hide all rows from who has none, so the product's own account
 * is given one first.
 */
export function giveStatements({ database, user, tenant, passwordSha256 }: LoginFacts): readonly string[] {
  const analyst = quoted(userOf(tenant));
  return [
    `CREATE SETTINGS PROFILE IF NOT EXISTS ${PROFILE} SETTINGS readonly = 2 CONST, asterisk_include_alias_columns = 1,
      max_execution_time = ${QUERY_S_MAX} MIN 1 MAX ${QUERY_S_MAX}, max_memory_usage = ${QUERY_BYTES_MAX} MIN 1 MAX ${QUERY_BYTES_MAX},
      max_result_rows = ${RESULT_ROWS_MAX} MIN 1 MAX ${RESULT_ROWS_MAX}, max_concurrent_queries_for_user = ${QUERIES_AT_ONCE} CONST,
      cancel_http_readonly_queries_on_client_close = 1 CONST`,
    ...FILTERED_TABLES.map((table) => `CREATE ROW POLICY IF NOT EXISTS twinfold_own ON ${database}.${table} USING 1 TO ${quoted(user)}`),
    `CREATE USER IF NOT EXISTS ${analyst} IDENTIFIED WITH sha256_hash BY '${passwordSha256}' DEFAULT DATABASE ${database} SETTINGS PROFILE '${PROFILE}'`,
    `CREATE QUOTA OR REPLACE ${analyst} FOR INTERVAL 1 minute MAX queries = ${QUERIES_PER_MINUTE}, execution_time = ${EXECUTION_S_PER_MINUTE} TO ${analyst}`,
    ...FILTERED_TABLES.map(
      (table) => `CREATE ROW POLICY OR REPLACE ${analyst} ON ${database}.${table} USING tenant = '${tenant}' AS PERMISSIVE TO ${analyst}`,
    ),
    ...ANALYST_TABLES.map((table) => `GRANT SELECT ON ${database}.${table} TO ${analyst}`),
  ];
}

export function takeBackStatements({ database, tenant }: Pick<LoginFacts, 'database' | 'tenant'>): readonly string[] {
  const analyst = quoted(userOf(tenant));
  return [
    `DROP USER IF EXISTS ${analyst}`,
    `DROP QUOTA IF EXISTS ${analyst}`,
    ...FILTERED_TABLES.map((table) => `DROP ROW POLICY IF EXISTS ${analyst} ON ${database}.${table}`),
  ];
}

/** Tenants' ids hold nothing that would have to be escaped. */
function userOf(tenant: string): string {
  return `twinfold_analyst_${tenant}`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

async function attempt<T>(what: () => Promise<T>): Promise<AnalystAnswer<T>> {
  try {
    return { ok: true, value: await what() };
  } catch (error) {
    if (!(error instanceof ClickHouseError) || !NOT_ALLOWED.has(error.code))
      return { ok: false, why: 'unavailable', detail: messageOf(error) };
    const detail =
      "the account that Twinfold uses in ClickHouse may not make users; grant it ACCESS MANAGEMENT, or make the tenant's user and row policies by hand";
    return { ok: false, why: 'not-allowed', detail };
  }
}
