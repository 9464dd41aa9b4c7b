/**
 * Who may do what in the embedded ClickHouse. Users can't be made by SQL in the embedded form, nor read again while it
 * runs, so all of them are here from its start:
 * - `twinfold`, the product: everything in database `twinfold`.
 * - the analyst of the deployment: reads the tables and views that are made for analysts, of all tenants, nothing else: no
 *   housekeeping of ours, no addresses, no other database. No grant and no setting keeps anybody from the scalar function
 *   `file()`, which reads every file that the server can: so nobody is told this login, nor any below, and what is run under
 *   it has passed the gate (`ingest/http/sql-gate.ts`).
 * - logins for analysts of one tenant, made in advance. Which tenant's rows such a login sees is written in a table of ours
 *   when it is given away, and the filters here look there; until then it sees no row.
 * - `default`, which the engine itself runs as and dictionaries read as. It can't have a password. It may have one
 *   session, and the engine holds that one from before the listener opens, so nobody can log in as it.
 */
import { ANALYST_LOGINS_TABLE, ANALYST_TABLES, FILTERED_TABLES } from '../../schemas/tables.ts';
import { DATABASE, escapeXml, type ClickHouseSizing } from './clickhouse-config.ts';

export interface ClickHouseUser {
  readonly name: string;
  readonly passwordSha256: string;
}

const MEBIBYTE = 1024 * 1024;
/** Shares of the server's memory. All analysts together may take a third, so that inserts always find room. */
const ANALYST_QUERY_SHARE = 0.15;
const ANALYST_USER_SHARE = 0.3;
/** Of one tenant's analyst; so many of them at once, with all others that run, leave room for inserts as well. */
const TENANT_QUERY_SHARE = 0.05;
const TENANT_USER_SHARE = 0.1;
const TENANT_QUERIES_AT_ONCE = 4;
const TENANT_QUERIES_BESIDE_MAX = 12;
/** Within a minute: queries of a dashboard, and the processor time of one of two processors. */
const TENANT_QUERIES_PER_MINUTE = 600;
const TENANT_EXECUTION_S_PER_MINUTE = 60;
const APP_QUERY_SHARE = 0.35;
const APP_USER_SHARE = 0.6;
/** Beyond this share of a query's limit, grouping and sorting go to disk. */
const SPILL_SHARE = 0.5;
const ANALYST_QUERY_S_MAX = 60;
const ANALYST_QUERIES_AT_ONCE = 8;
const APP_QUERY_S_MAX = 600;
const RESULT_ROWS_MAX = 1_000_000;
const RESULT_BYTES_MAX = 256 * MEBIBYTE;
/**
 * A client that stops sending in the middle of an insert loses its connection after this; killing such a query does not
 * end it. The server reads the value from the default profile, whatever the query's own settings say.
 */
const RECEIVE_S_MAX = 5;

export interface UsersOptions {
  readonly app: ClickHouseUser;
  readonly analyst: ClickHouseUser;
  /** Logins for analysts of single tenants. */
  readonly tenantAnalysts: readonly ClickHouseUser[];
  readonly sizing: ClickHouseSizing;
}

export function usersConfig(options: UsersOptions): string {
  const { app, analyst, tenantAnalysts, sizing } = options;
  return `<!-- Written at every start; changes are lost. -->
<clickhouse>
  <profiles>
    <default>
      <implicit_select>0</implicit_select>
      <http_receive_timeout>${RECEIVE_S_MAX}</http_receive_timeout>
    </default>
    <engine>
      <implicit_select>0</implicit_select>
      <max_sessions_for_user>1</max_sessions_for_user>
    </engine>
    <app>
      <implicit_select>0</implicit_select>
      <log_queries>1</log_queries>
      ${limits(sizing, { queryShare: APP_QUERY_SHARE, userShare: APP_USER_SHARE, seconds: APP_QUERY_S_MAX })}
    </app>
    ${analystProfile('analyst', sizing, ALL_TENANTS)}
    ${analystProfile('tenant_analyst', sizing, ONE_TENANT)}
  </profiles>
  <quotas>
    <unlimited></unlimited>
    <tenant_analyst>
      <interval>
        <duration>60</duration>
        <queries>${TENANT_QUERIES_PER_MINUTE}</queries>
        <execution_time>${TENANT_EXECUTION_S_PER_MINUTE}</execution_time>
      </interval>
    </tenant_analyst>
  </quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>engine</profile>
      <quota>unlimited</quota>
      ${grants(['SYSTEM LISTEN ON *.*', 'READ ON FILE', 'CREATE TEMPORARY TABLE ON *.*', `SELECT ON ${DATABASE}.*`])}
    </default>
    <${app.name}>
      <password_sha256_hex>${app.passwordSha256}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>app</profile>
      <quota>unlimited</quota>
      ${grants([
        `ALL ON ${DATABASE}.*`,
        'TABLE ENGINE ON *',
        'SELECT ON system.*',
        'SHOW ON *.*',
        'KILL QUERY ON *.*',
        'SYSTEM RELOAD DICTIONARY ON *.*',
        'SYSTEM FLUSH LOGS ON *.*',
        'CREATE TEMPORARY TABLE ON *.*',
      ])}
    </${app.name}>
    <${analyst.name}>
      <password_sha256_hex>${analyst.passwordSha256}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>analyst</profile>
      <quota>unlimited</quota>
      <default_database>${DATABASE}</default_database>
      ${grants(ANALYST_TABLES.map((table) => `SELECT ON ${DATABASE}.${table}`))}
    </${analyst.name}>
    ${tenantAnalysts.map(tenantUser).join('\n    ')}
  </users>
</clickhouse>
`;
}

interface Limits {
  readonly queryShare: number;
  readonly userShare: number;
  readonly seconds: number;
}

function limits(sizing: ClickHouseSizing, of: Limits): string {
  const queryBytes = Math.floor(sizing.memoryBytesMax * of.queryShare);
  const spillBytes = Math.floor(queryBytes * SPILL_SHARE);
  return `<max_memory_usage>${queryBytes}</max_memory_usage>
      <max_memory_usage_for_user>${Math.floor(sizing.memoryBytesMax * of.userShare)}</max_memory_usage_for_user>
      <max_execution_time>${of.seconds}</max_execution_time>
      <max_threads>${sizing.cpus}</max_threads>
      <max_bytes_before_external_group_by>${spillBytes}</max_bytes_before_external_group_by>
      <max_bytes_before_external_sort>${spillBytes}</max_bytes_before_external_sort>`;
}

interface AnalystLimits extends Limits {
  readonly queriesAtOnce: number;
  /** Refused while so many queries of anybody run. */
  readonly queriesBeside?: number;
}

const ALL_TENANTS: AnalystLimits = {
  queryShare: ANALYST_QUERY_SHARE,
  userShare: ANALYST_USER_SHARE,
  seconds: ANALYST_QUERY_S_MAX,
  queriesAtOnce: ANALYST_QUERIES_AT_ONCE,
};
const ONE_TENANT: AnalystLimits = {
  queryShare: TENANT_QUERY_SHARE,
  userShare: TENANT_USER_SHARE,
  seconds: ANALYST_QUERY_S_MAX,
  queriesAtOnce: TENANT_QUERIES_AT_ONCE,
  queriesBeside: TENANT_QUERIES_BESIDE_MAX,
};

function analystProfile(name: string, sizing: ClickHouseSizing, of: AnalystLimits): string {
  const beside =
    of.queriesBeside === undefined
      ? ''
      : `<max_concurrent_queries_for_all_users>${of.queriesBeside}</max_concurrent_queries_for_all_users>`;
  return `<${name}>
      <readonly>2</readonly>
      <implicit_select>0</implicit_select>
      <asterisk_include_alias_columns>1</asterisk_include_alias_columns>
      <log_queries>1</log_queries>
      <cancel_http_readonly_queries_on_client_close>1</cancel_http_readonly_queries_on_client_close>
      <max_concurrent_queries_for_user>${of.queriesAtOnce}</max_concurrent_queries_for_user>
      ${beside}
      <max_result_rows>${RESULT_ROWS_MAX}</max_result_rows>
      <max_result_bytes>${RESULT_BYTES_MAX}</max_result_bytes>
      ${limits(sizing, of)}
      <constraints>
        ${analystConstraints(sizing, of)}
      </constraints>
    </${name}>`;
}

/** `readonly=2` lets a query change its settings; these it may lower but not raise. */
function analystConstraints(sizing: ClickHouseSizing, of: AnalystLimits): string {
  const fixed = [
    'readonly',
    'max_memory_usage_for_user',
    'max_concurrent_queries_for_user',
    'max_concurrent_queries_for_all_users',
    'cancel_http_readonly_queries_on_client_close',
    'log_queries',
  ];
  const capped: readonly (readonly [string, number])[] = [
    ['max_memory_usage', Math.floor(sizing.memoryBytesMax * of.queryShare)],
    ['max_execution_time', of.seconds],
    ['max_threads', sizing.cpus],
    ['max_result_rows', RESULT_ROWS_MAX],
    ['max_result_bytes', RESULT_BYTES_MAX],
  ];
  return [
    ...fixed.map((name) => `<${name}><readonly/></${name}>`),
    // 0 means "no limit" for these, so a floor is as necessary as a ceiling.
    ...capped.map(([name, max]) => `<${name}><min>1</min><max>${max}</max></${name}>`),
  ].join('\n        ');
}

/**
 * A login that sees the rows of the tenant that it was given to, and of its own entry in the table that says so. An entry
 * that is there twice with different tenants, which nothing makes, shows nothing. The list of tables is filtered as well:
 * beside each name stands how many rows the table has, of everybody.
 */
function tenantUser(user: ClickHouseUser): string {
  const logins = `${DATABASE}.${ANALYST_LOGINS_TABLE}`;
  const own = `tenant IN (SELECT any(tenant) FROM ${logins} WHERE login = currentUser() HAVING uniqExact(tenant) = 1 AND any(tenant) != '')`;
  const filter = (table: string, condition: string): string => `<${table}><filter>${escapeXml(condition)}</filter></${table}>`;
  const noSizes = (column: string): string =>
    `database != '${DATABASE}' OR ${column} NOT IN (${[...FILTERED_TABLES, ANALYST_LOGINS_TABLE].map((table) => `'${table}'`).join(', ')})`;
  return `<${user.name}>
      <password_sha256_hex>${user.passwordSha256}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>tenant_analyst</profile>
      <quota>tenant_analyst</quota>
      <default_database>${DATABASE}</default_database>
      ${grants([...ANALYST_TABLES.map((table) => `SELECT ON ${DATABASE}.${table}`), `SELECT(login, tenant) ON ${logins}`])}
      <databases>
        <${DATABASE}>
          ${FILTERED_TABLES.map((table) => filter(table, own)).join('\n          ')}
          ${filter(ANALYST_LOGINS_TABLE, 'login = currentUser()')}
        </${DATABASE}>
        <system>
          ${filter('tables', noSizes('name'))}
          ${filter('columns', noSizes('table'))}
        </system>
      </databases>
    </${user.name}>`;
}

function grants(of: readonly string[]): string {
  return `<grants>${of.map((grant) => `<query>GRANT ${grant}</query>`).join('')}</grants>`;
}
