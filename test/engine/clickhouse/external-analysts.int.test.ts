/**
 * Analysts on a ClickHouse that takes users by SQL. The server that tests have has nowhere to keep such users, so their making
 * is looked at from two sides: an account that may make users runs every statement, and nothing but that missing place ends
 * it; and what the statements say (settings with their bounds, row policies, grants) is given to users by the one way that
 * there is here, and then has to hold.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { connect, run } from '../../../engine/clickhouse/client.ts';
import { ExternalAnalysts, giveStatements, type LoginFacts, takeBackStatements } from '../../../engine/clickhouse/external-analysts.ts';
import { migrate } from '../../../engine/clickhouse/migrate.ts';
import { escapeXml } from '../../../engine/embedded/clickhouse-config.ts';
import { ANALYST_TABLES, FILTERED_TABLES } from '../../../schemas/tables.ts';
import { type ClickHouseOfUsers, withClickHouseOf } from '../../support/clickhouse-of-users.ts';
import { FORBIDDEN, REFUSED } from '../../support/forbidden-sql.ts';
import { queryClickHouse } from '../../support/servers.ts';

const PASSWORD = 'of-everybody-here';
const HASH = createHash('sha256').update(PASSWORD).digest('hex');
const PRODUCT = 'product';
const DATABASE = 'twinfold';
const ROWS = { a: 3, b: 2 } as const;
const TENANTS = ['a', 'b'] as const;

/** ACCESS_STORAGE_FOR_INSERTION_NOT_FOUND, ACCESS_STORAGE_READONLY: everything was found good, and could not be kept. */
const ONLY_STORAGE_IS_MISSING = /Code: (514|495)\./;

const isFiltered = (table: string): boolean => FILTERED_TABLES.some((name) => name === table);

const factsOf = (tenant: string): LoginFacts => ({ database: DATABASE, user: PRODUCT, tenant, passwordSha256: HASH });

/** What the statements say of one user, as the server's file of users says it. */
function userOf(tenant: string): string {
  const statements = giveStatements(factsOf(tenant));
  const filters = statements.flatMap((text) => {
    const [, table, using] = /^CREATE ROW POLICY OR REPLACE \S+ ON \w+\.(\w+) USING (.*) AS PERMISSIVE TO/.exec(text) ?? [];
    return table === undefined || using === undefined ? [] : `<${table}><filter>${escapeXml(using)}</filter></${table}>`;
  });
  const grants = statements.flatMap((text) => /^(GRANT .*) TO `/.exec(text)?.[1] ?? []);
  assert.equal(filters.length, FILTERED_TABLES.length);
  assert.equal(grants.length, ANALYST_TABLES.length);
  return user(`twinfold_analyst_${tenant}`, 'twinfold_analyst', {
    grants,
    quota: 'twinfold_analyst',
    more: `<default_database>${DATABASE}</default_database><databases><${DATABASE}>${filters.join('')}</${DATABASE}></databases>`,
  });
}

function user(
  name: string,
  profile: string,
  of: { readonly grants: readonly string[]; readonly more?: string; readonly quota?: string },
): string {
  return `<${name}><password_sha256_hex>${HASH}</password_sha256_hex><networks><ip>127.0.0.1</ip></networks><profile>${profile}</profile>
    <quota>${of.quota ?? 'unlimited'}</quota>${of.more ?? ''}
    ${of.grants.length === 0 ? '' : `<grants>${of.grants.map((grant) => `<query>${grant}</query>`).join('')}</grants>`}</${name}>`;
}

/** The settings of the profile's statement with their bounds. */
function profileOf(): string {
  const [text = ''] = giveStatements(factsOf('a'));
  const settings = (text.split(' SETTINGS ').at(-1) ?? '').split(',').map((one) => {
    const [, name = '', value = '', bounds = ''] = /^\s*(\w+) = (\S+)(.*?)\s*$/s.exec(one) ?? [];
    const [, min = '', max = ''] = /MIN (\S+) MAX (\S+)/.exec(bounds) ?? [];
    const bound = bounds.includes('CONST') ? '<readonly/>' : min === '' ? '' : `<min>${min}</min><max>${max}</max>`;
    return { value: `<${name}>${value}</${name}>`, constraint: bound === '' ? '' : `<${name}>${bound}</${name}>` };
  });
  assert.equal(settings.length, 7);
  return `<twinfold_analyst>${settings.map(({ value }) => value).join('')}
    <constraints>${settings.map(({ constraint }) => constraint).join('')}</constraints></twinfold_analyst>`;
}

function quota(): string {
  const [text = ''] = giveStatements(factsOf('a')).filter((statement) => statement.startsWith('CREATE QUOTA'));
  const [, queries = '', seconds = ''] = /FOR INTERVAL 1 minute MAX queries = (\d+), execution_time = (\d+) TO/.exec(text) ?? [];
  return `<twinfold_analyst><interval><duration>60</duration><queries>${queries}</queries><execution_time>${seconds}</execution_time></interval></twinfold_analyst>`;
}

const USERS = `<clickhouse>
  <profiles><default><implicit_select>0</implicit_select></default>${profileOf()}</profiles>
  <quotas><unlimited></unlimited>${quota()}</quotas>
  <users>
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>unlimited</quota></default>
    ${user(PRODUCT, 'default', { grants: [], more: '<access_management>1</access_management>' })}
    ${user('unprivileged', 'default', { grants: [`GRANT ALL ON ${DATABASE}.*`] })}
    ${TENANTS.map(userOf).join('\n')}
  </users>
</clickhouse>`;

describe('analysts of an external ClickHouse', () => {
  let server: ClickHouseOfUsers;
  const as = (name: string, sql: string): Promise<string> =>
    queryClickHouse(server.url, { user: name, password: PASSWORD }, sql.replaceAll('{port}', String(server.port)));
  const failure = async (name: string, sql: string): Promise<string> => as(name, sql).catch((error: unknown) => String(error));

  before(async () => {
    server = await withClickHouseOf(USERS);
    const product = connect({ url: server.url, user: PRODUCT, password: PASSWORD, database: DATABASE });
    await migrate(product, { database: DATABASE, retentionDays: 90, fsync: false });
    for (const tenant of TENANTS) {
      for (const table of FILTERED_TABLES)
        await run(
          product,
          `INSERT INTO ${DATABASE}.${table} (tenant, device, kind, log_time, partition, log_seq)
           SELECT {tenant:String}, 'dev', 'telemetry', now64(3), 1, number FROM numbers({count:UInt64})`,
          { params: { tenant, count: ROWS[tenant] } },
        );
    }
    await product.close();
  });
  after(async () => server.stop());

  it('are made by statements that an account with ACCESS MANAGEMENT may run, and that want only a place to be kept', async () => {
    for (const tenant of ['new-one', 'a']) {
      for (const statement of giveStatements(factsOf(tenant))) {
        const answer = await failure(PRODUCT, statement);
        // Nothing can be said about who could not be made: UNKNOWN_USER, UNKNOWN_ROLE.
        if (tenant === 'new-one' && statement.includes(' TO `twinfold_analyst_')) assert.match(answer, /Code: (192|511)\./, statement);
        else assert.match(answer, ONLY_STORAGE_IS_MISSING, statement);
      }
    }
    for (const statement of takeBackStatements(factsOf('new-one'))) assert.equal(await failure(PRODUCT, statement), '', statement);
    // That this tells something: the same statements with a mistake in them end by it.
    const [made = ''] = giveStatements(factsOf('a'));
    const other = made.replace('IF NOT EXISTS twinfold_analyst', 'other');
    assert.match(await failure(PRODUCT, other), ONLY_STORAGE_IS_MISSING);
    assert.match(await failure(PRODUCT, other.replace('max_execution_time', 'max_executoin_time')), /Code: 115\./);
    assert.match(await failure(PRODUCT, other.replace('MIN 1 MAX 60', 'MIN 1 MAX x')), /Code: (62|27|72|41)\./);
    for (const start of ['CREATE QUOTA', 'CREATE ROW POLICY OR REPLACE']) {
      const statement = giveStatements(factsOf('a')).find((one) => one.startsWith(start)) ?? '';
      const toNobody = statement.replace(/ TO `.*/, '');
      assert.notEqual(toNobody, statement);
      assert.match(await failure(PRODUCT, toNobody), ONLY_STORAGE_IS_MISSING, toNobody);
    }
  });

  it('are told apart from an account that may not make users', async () => {
    for (const statement of giveStatements(factsOf('c')).filter((one) => /^CREATE (USER|QUOTA|SETTINGS)/.test(one)))
      assert.match(await failure('unprivileged', statement), /Code: 497\./, statement);
    const external = new ExternalAnalysts({ url: server.url, user: 'unprivileged', password: PASSWORD, database: DATABASE }, 'a secret');
    try {
      const given = await external.login('c');
      assert(!given.ok && given.why === 'not-allowed' && given.detail.includes('ACCESS MANAGEMENT'), JSON.stringify(given));
    } finally {
      await external.close();
    }
  });

  for (const tenant of TENANTS) {
    const analyst = `twinfold_analyst_${tenant}`;
    it(`${analyst} sees the tenant's rows and no others`, async () => {
      for (const table of ANALYST_TABLES) {
        const ways = [
          `SELECT count() FROM ${DATABASE}.${table}`,
          `SELECT count() FROM ${table} WHERE tenant = '${tenant}'`,
          `SELECT count() FROM merge('${DATABASE}', '^${table}$')`,
          `WITH x AS (SELECT * FROM ${table}) SELECT count() FROM x`,
        ];
        // Views make rows of their own.
        const expected = await as(PRODUCT, `SELECT count() FROM ${DATABASE}.${table} WHERE tenant = '${tenant}'`);
        if (isFiltered(table)) assert.equal(expected, String(ROWS[tenant]));
        for (const sql of ways) assert.equal(await as(analyst, sql), expected, sql);
        const other = tenant === 'a' ? 'b' : 'a';
        assert.equal(await as(analyst, `SELECT count() FROM ${table} WHERE tenant = '${other}'`), '0');
        if (isFiltered(table)) assert.equal(await as(analyst, `SELECT count() FROM ${table} PREWHERE tenant = '${other}'`), '0');
      }
      assert.equal(await as(PRODUCT, `SELECT count() FROM ${DATABASE}.events`), '5', 'the product sees everything');
    });

    it(`${analyst} gets nowhere else`, async () => {
      const passed: string[] = [];
      for (const sql of FORBIDDEN) {
        const answer = await failure(analyst, sql);
        if (!REFUSED.test(answer)) passed.push(`${sql} -> ${answer.slice(0, 160)}`);
      }
      assert.deepEqual(passed, []);
    });

    it(`${analyst} stays within its limits`, async () => {
      for (const setting of [
        'readonly = 0',
        'readonly = 1',
        'max_execution_time = 0',
        'max_execution_time = 61',
        'max_memory_usage = 0',
        'max_memory_usage = 100000000000',
        'max_result_rows = 0',
        'max_concurrent_queries_for_user = 0',
        'cancel_http_readonly_queries_on_client_close = 0',
      ])
        assert.match(await failure(analyst, `SELECT 1 SETTINGS ${setting}`), /Code: (452|164|472)\./, setting);
      assert.equal(await as(analyst, 'SELECT 1 SETTINGS max_execution_time = 5'), '1');
      assert.match(await failure(analyst, 'SELECT number FROM numbers(2000000)'), /Code: 396\.|terminated/);
      assert.equal(await as(analyst, 'SELECT max_queries, max_execution_time, duration FROM system.quota_usage'), '600\t60\t60');
    });
  }
});
