/**
 * Who sees what in the embedded ClickHouse: every table and every way around a table, for the deployment's analyst, the
 * analysts of two tenants, and a login that nobody was given yet. A table that isn't in the matrix fails it.
 */
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { connect, rows, run } from '../../../engine/clickhouse/client.ts';
import { EmbeddedAnalysts } from '../../../engine/clickhouse/embedded-analysts.ts';
import { ExternalAnalysts, giveStatements, takeBackStatements } from '../../../engine/clickhouse/external-analysts.ts';
import { migrate } from '../../../engine/clickhouse/migrate.ts';
import { AnalystPool, FREE_LOGINS, keepAnalystPool } from '../../../engine/embedded/analyst-pool.ts';
import { must } from '../../../engine/kernel/assert.ts';
import { ANALYST_TABLES, FILTERED_TABLES } from '../../../schemas/tables.ts';
import { until } from '../../support/processes.ts';
import { queryClickHouse, withClickHouse, type TestClickHouse } from '../../support/servers.ts';
import { FORBIDDEN, REFUSED } from '../../support/forbidden-sql.ts';
import { PRESENCE_BODY, QUOTA_BODY } from './decision-bodies.ts';

interface Login {
  readonly user: string;
  readonly password: string;
}

const ROLES = ['everybody', 'a', 'b', 'nobody'] as const;
type Role = (typeof ROLES)[number];

/** Three rows of tenant `a`, two of `b`, one that belongs to no tenant. */
const ROWS: Readonly<Record<Role, number>> = { everybody: 6, a: 3, b: 2, nobody: 0 };
const TELEMETRY: Readonly<Record<Role, number>> = { ...ROWS, everybody: 5 };
/** Of each event one of a twin, one of a connection and one of an account, and that one has two windows. */
const DECISIONS: Readonly<Record<Role, number>> = { everybody: 18, a: 9, b: 6, nobody: 0 };
const QUOTA_DECISIONS: Readonly<Record<Role, number>> = { everybody: 12, a: 6, b: 4, nobody: 0 };
const VIEWS: ReadonlySet<string> = new Set(['telemetry', 'twin_changes', 'presence', 'quota_decisions']);
const LOGINS: Readonly<Record<Role, number | 'denied'>> = { everybody: 'denied', a: 1, b: 1, nobody: 0 };
const DENIED: Readonly<Record<Role, 'denied'>> = { everybody: 'denied', a: 'denied', b: 'denied', nobody: 'denied' };

/** How many rows of each table a role sees. */
const TABLES: Readonly<Record<string, Readonly<Record<Role, number | 'denied'>>>> = {
  events: ROWS,
  decisions: DECISIONS,
  telemetry: TELEMETRY,
  twin_changes: ROWS,
  presence: ROWS,
  quota_decisions: QUOTA_DECISIONS,
  analyst_logins: LOGINS,
  sink_fence: DENIED,
  sink_epochs: DENIED,
  erased_rows: DENIED,
  erasures: DENIED,
};

/** What a query may not set for itself. */
const FIXED_SETTINGS: readonly string[] = [
  'readonly = 0',
  'readonly = 1',
  'max_memory_usage = 0',
  'max_memory_usage = 100000000000',
  'max_memory_usage_for_user = 0',
  'max_execution_time = 0',
  'max_execution_time = 100000',
  'max_threads = 1000',
  'max_result_rows = 0',
  'max_result_bytes = 0',
  'max_concurrent_queries_for_user = 0',
  'max_concurrent_queries_for_all_users = 1000',
  'log_queries = 0',
  'cancel_http_readonly_queries_on_client_close = 0',
];

/** Tables of the server itself that anybody may read. None has anything of a tenant in it, but for the two that are filtered. */
const SYSTEM_READABLE: ReadonlySet<string> = new Set(
  `aggregate_function_combinators collations columns completions contributors current_roles data_type_families database_engines
   databases dictionary_layouts disk_types enabled_roles formats functions licenses one privileges quota_usage settings
   table_engines table_functions tables time_zones`.split(/\s+/),
);

describe('analysts of the embedded ClickHouse', () => {
  let server: TestClickHouse;
  let analysts: EmbeddedAnalysts;
  let pool: AnalystPool;
  const logins = new Map<Role, Login>();
  const as = (role: Role, sql: string): Promise<string> =>
    queryClickHouse(server.url, must(logins.get(role), role), sql.replaceAll('{port}', String(server.port)));
  /** Queries that were not refused, or for another reason, with what came instead. */
  const unrefused = async (role: Role, queries: readonly string[]): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const sql of queries) {
      const answer = await as(role, sql).catch((error: unknown) => String(error));
      if (!REFUSED.test(answer)) found.push(`${sql} -> ${answer.slice(0, 160)}`);
    }
    return found;
  };
  const login = async (tenant: string): Promise<Login> => {
    const given = await analysts.login(tenant);
    assert(given.ok, JSON.stringify(given));
    return given.value;
  };

  before(async () => {
    server = await withClickHouse();
    const product = connect(server);
    await migrate(product, { database: 'twinfold', retentionDays: 90, fsync: false });
    for (const [tenant, count] of [
      ['a', 3],
      ['b', 2],
      ['', 1],
    ] as const) {
      const kind = tenant === '' ? 'tick' : 'telemetry';
      await run(
        product,
        `INSERT INTO twinfold.events (tenant, device, kind, log_time, partition, log_seq, metrics, payload)
         SELECT {tenant:String}, 'dev', '${kind}', now64(3), 1, number + {seq:UInt64}, map('m', number), {secret:String} FROM numbers({count:UInt64})`,
        { params: { tenant, count, seq: (tenant.codePointAt(0) ?? 0) * 100, secret: `of ${tenant}` } },
      );
      await run(
        product,
        `INSERT INTO twinfold.decisions (tenant, device, kind, log_time, partition, log_seq, section, path, new, version, state, body)
         SELECT {tenant:String}, 'dev', kind, now64(3), 1, number + {seq:UInt64}, 'tenant', 'dev:2', 'gone', 655360, 'will',
           if(kind = 'presence', {presence:String}, {body:String})
         FROM numbers({count:UInt64}) ARRAY JOIN ['lifecycle', 'quota', 'presence'] AS kind`,
        { params: { tenant, count, seq: (tenant.codePointAt(0) ?? 0) * 100, body: QUOTA_BODY, presence: PRESENCE_BODY } },
      );
    }
    await product.close();
    pool = new AnalystPool(server.analystPoolFile);
    analysts = new EmbeddedAnalysts({ target: server, pool, fsync: false });
    logins.set('everybody', server.analyst);
    logins.set('a', await login('a'));
    logins.set('b', await login('b'));
    logins.set('nobody', must(await pool.take('nobody'), 'a free login'));
  });
  after(async () => {
    await analysts.close();
    await server.stop();
  });

  it('has a line for every table there is', async () => {
    const there = await server.query("SELECT name FROM system.tables WHERE database = 'twinfold' ORDER BY name");
    assert.deepEqual(there.split('\n'), Object.keys(TABLES).toSorted());
    const physical = await server.query(
      `SELECT name FROM system.tables WHERE database = 'twinfold' AND engine LIKE '%MergeTree' AND name IN (${ANALYST_TABLES.map((name) => `'${name}'`).join(',')}) ORDER BY name`,
    );
    assert.deepEqual(physical.split('\n'), [...FILTERED_TABLES].toSorted(), 'every table that an analyst may read has a filter');
  });

  for (const role of ROLES) {
    for (const [table, visible] of Object.entries(TABLES)) {
      const expected = visible[role];
      it(`${role} in ${table}: ${expected}`, async () => {
        const ways = [`SELECT count() FROM twinfold.${table}`, `SELECT count() FROM (SELECT * FROM twinfold.${table})`];
        if (expected !== 'denied' && table !== 'analyst_logins')
          ways.push(
            `SELECT count() FROM merge('twinfold', '^${table}$')`,
            `SELECT count() FROM twinfold.${table} FINAL`,
            `WITH x AS (SELECT * FROM twinfold.${table}) SELECT count() FROM x`,
            `SELECT sum(n) FROM (SELECT tenant, count() AS n FROM twinfold.${table} GROUP BY tenant)`,
            `SELECT count() FROM (SELECT tenant FROM twinfold.${table} UNION ALL SELECT tenant FROM twinfold.${table} WHERE 0)`,
          );
        for (const sql of ways.map((way) => (VIEWS.has(table) ? way.replace(' FINAL', '') : way))) {
          if (table === 'analyst_logins' && sql.includes('*') && expected !== 'denied') continue;
          if (expected === 'denied') await assert.rejects(as(role, sql), REFUSED, sql);
          else if (!sql.endsWith('FINAL')) assert.equal(await as(role, sql), String(expected), sql);
        }
      });
    }

    it(`${role} gets nowhere else`, async () => {
      assert.deepEqual(await unrefused(role, FORBIDDEN), []);
      assert.equal(await as(role, 'SELECT count() FROM numbers(10)'), '10');
      assert.equal(await as(role, 'SELECT 1'), '1');
    });

    it(`${role} stays within limits`, async () => {
      assert.deepEqual(
        await unrefused(
          role,
          FIXED_SETTINGS.map((setting) => `SELECT 1 SETTINGS ${setting}`),
        ),
        [],
      );
      assert.equal(await as(role, 'SELECT 1 SETTINGS max_threads = 1, max_execution_time = 5'), '1');
      await assert.rejects(
        as(
          role,
          'SELECT number FROM numbers(1e9) GROUP BY number SETTINGS max_memory_usage = 10000000, max_bytes_before_external_group_by = 0, max_bytes_ratio_before_external_group_by = 0',
        ),
        /Code: (241|307)\./,
      );
      await assert.rejects(as(role, 'SELECT number FROM numbers(2000000)'), /Code: 396\.|terminated/, 'rows of a result');
    });

    it(`${role} reads of the server's own tables only what says nothing of a tenant`, async () => {
      const names = (await server.query("SELECT name FROM system.tables WHERE database = 'system' ORDER BY name")).split('\n');
      const unexpected: string[] = [];
      for (const name of names) {
        const answer = await as(role, `SELECT * FROM system.${name} LIMIT 1 FORMAT Null`).catch((error: unknown) => String(error));
        if (SYSTEM_READABLE.has(name) ? answer !== '' : !REFUSED.test(answer)) unexpected.push(`${name}: ${answer.slice(0, 120)}`);
      }
      assert.deepEqual(unexpected, []);
    });
  }

  for (const role of ['a', 'b', 'nobody'] as const) {
    it(`${role} learns of no other tenant by the side`, async () => {
      const other = role === 'a' ? 'b' : 'a';
      const nothing: readonly (readonly [string, string])[] = [
        [`SELECT count() FROM twinfold.events WHERE tenant = '${other}'`, '0'],
        [`SELECT count() FROM twinfold.events PREWHERE tenant = '${other}'`, '0'],
        [`SELECT count() FROM twinfold.events WHERE position = '1.${(other.codePointAt(0) ?? 0) * 100}.0'`, '0'],
        [`SELECT throwIf(tenant = '${other}') FROM twinfold.events FORMAT Null`, ''],
        [`SELECT count() FROM twinfold.events WHERE throwIf(payload = 'of ${other}') = 0`, String(ROWS[role])],
        [`SELECT count() FROM twinfold.events SETTINGS optimize_trivial_count_query = 1, optimize_use_projections = 1`, String(ROWS[role])],
        [
          `SELECT count() FROM twinfold.events SETTINGS optimize_use_implicit_projections = 1, force_optimize_projection = 0`,
          String(ROWS[role]),
        ],
        ["SELECT count() FROM system.tables WHERE database = 'twinfold' AND total_rows IS NOT NULL", '0'],
        ["SELECT count() FROM system.tables WHERE name IN ('events', 'decisions', 'analyst_logins')", '0'],
        ["SELECT count() FROM system.columns WHERE database = 'twinfold' AND data_compressed_bytes > 0", '0'],
        [
          "SELECT groupUniqArray(name) FROM system.databases WHERE name NOT IN ('system', 'default', 'information_schema', 'INFORMATION_SCHEMA')",
          "['twinfold']",
        ],
        ['SHOW TABLES FROM twinfold', 'presence\nquota_decisions\ntelemetry\ntwin_changes'],
        ["SELECT count() FROM system.quota_usage WHERE quota_name != 'tenant_analyst'", '0'],
      ];
      const found: string[] = [];
      for (const [sql, expected] of nothing) {
        const answer = await as(role, sql).catch((error: unknown) => String(error));
        if (answer !== expected) found.push(`${sql} -> ${answer.slice(0, 200)}`);
      }
      assert.deepEqual(found, []);
    });
  }

  it('tells an analyst what accounts decided, window by window', async () => {
    const sql = `SELECT scope, edge, measure, window, granted, used, allowed, refused, position, cause
      FROM quota_decisions WHERE position = '1.9700.0' ORDER BY allowed`;
    const answer = await as('a', sql);
    assert.deepEqual(answer.split('\n'), [
      'tenant\tedge "a"\tmessages\t10/s burst 40\t30\t30\t40\t2\t1.9700.0\t1.9700.0',
      'tenant\tedge "a"\tmessages\tday\t30\t130\t5000000000\t2\t1.9700.0\t1.9700.0',
    ]);
    assert.equal(await as('b', sql), '');
  });

  it('tells an analyst of connections, and by which event', async () => {
    const sql = `SELECT toString(time), state, client_id, connection, reason, why, edge, via, address, gateway, keep_alive_s, session_expiry_s, will_topic,
      position, cause FROM presence WHERE position = '1.9700.0'`;
    const expected =
      '2026-09-04 12:00:00.123\twill\tdev:2\t655360\t141\tkeep-alive\tedge-1\tmqtt\t10.1.2.3:4\t\t60\t0\tgone\t1.9700.0\t1.9600.0';
    assert.equal(await as('a', sql), expected);
    assert.equal(await as('b', sql), '');
  });

  it('names its columns to who asks for a table', async () => {
    assert.match(await as('a', 'DESCRIBE TABLE twinfold.events'), /^tenant\t/);
  });

  it('reads a tenant by the index, not by looking through everybody', async () => {
    const plan = await as('a', 'EXPLAIN indexes = 1 SELECT count() FROM twinfold.events WHERE value_of = 1'.replace('value_of', 'log_seq'));
    assert.match(plan, /PrimaryKey[\s\S]*tenant in 1-element set/);
  });

  it('counts queries and time of a tenant by the minute', async () => {
    const usage = await as('b', 'SELECT max_queries, max_execution_time, duration FROM system.quota_usage');
    assert.equal(usage, '600\t60\t60');
  });

  it('takes a login back: it sees nothing from then on, and is never given again', async () => {
    const first = await login('c');
    assert.deepEqual(await login('c'), first, 'a tenant has one');
    await server.query("INSERT INTO twinfold.events (tenant, device, kind, log_time) VALUES ('c', 'dev', 'telemetry', now64(3))");
    const count = async (of: Login): Promise<string> => queryClickHouse(server.url, of, 'SELECT count() FROM events');
    assert.equal(await count(first), '1');
    assert.deepEqual(await analysts.takeBack('c'), { ok: true, value: undefined });
    assert.equal(await count(first), '0');
    const second = await login('c');
    assert.notEqual(second.user, first.user);
    assert.deepEqual([await count(first), await count(second)], ['0', '1']);
    await analysts.takeBack('c');
  });

  it('finds its logins again in another process', async () => {
    const other = new EmbeddedAnalysts({ target: server, pool: new AnalystPool(server.analystPoolFile), fsync: false });
    try {
      assert.deepEqual(await other.login('a'), { ok: true, value: must(logins.get('a'), 'a') });
      assert.equal(await as('a', 'SELECT count() FROM twinfold.analyst_logins'.replace('count()', 'count(login)')), '1');
    } finally {
      await other.close();
    }
  });

  it('shows nothing to a login that two tenants were given', async () => {
    const both = await login('d');
    await server.query(`INSERT INTO twinfold.analyst_logins SELECT '${both.user}', 'a', now64(3)`);
    assert.equal(await queryClickHouse(server.url, both, 'SELECT count() FROM events'), '0');
    await server.query(`ALTER TABLE twinfold.analyst_logins DELETE WHERE login = '${both.user}' SETTINGS mutations_sync = 2`);
    assert.equal(await queryClickHouse(server.url, both, 'SELECT count() FROM events'), '0');
  });

  it('outlives a restart, and makes up its logins at the next start', async () => {
    const a = must(logins.get('a'), 'a');
    const pooled = JSON.parse(await readFile(server.analystPoolFile, 'utf8')) as readonly { user: string; retired?: boolean }[];
    assert.equal((await stat(server.analystPoolFile)).mode & 0o777, 0o600);
    const retired = pooled.filter((one) => one.retired).map(({ user }) => user);
    assert.ok(retired.length > 0);
    process.kill(must(server.pid(), 'pid'), 'SIGKILL');
    await until(async () => (await server.query('SELECT 1').catch(() => '')) === '1', 'the restart');
    assert.equal(await queryClickHouse(server.url, a, 'SELECT count() FROM events'), '3');
    const again = await keepAnalystPool(server.analystPoolFile);
    assert.equal(again.filter(({ tenant }) => tenant === undefined).length, FREE_LOGINS);
    assert.ok(!again.some(({ user }) => retired.includes(user)));
    assert.ok(
      again.some(({ user }) => user === a.user),
      'who has one keeps it',
    );
  });

  it('says so when no login is left', async () => {
    const none = new EmbeddedAnalysts({
      target: server,
      fsync: false,
      pool: { take: () => Promise.resolve(undefined), retire: () => Promise.resolve() },
    });
    try {
      const answer = await none.login('f');
      assert.equal(answer.ok ? '' : answer.why, 'none-left');
    } finally {
      await none.close();
    }
  });

  it('makes users by SQL elsewhere, in words that the server reads, and says what it lacks where it may not', async () => {
    const facts = { database: 'twinfold', user: 'the product', tenant: 'ten-ant_1', passwordSha256: 'a'.repeat(64) };
    for (const statement of [...giveStatements(facts), ...takeBackStatements(facts)])
      assert.notEqual(await server.query(`EXPLAIN AST ${statement}`), '', statement);
    const external = new ExternalAnalysts(server, 'a secret');
    try {
      const given = await external.login('a');
      assert(!given.ok && given.why === 'not-allowed' && given.detail.includes('ACCESS MANAGEMENT'));
      assert.equal(await server.query('SELECT count() FROM twinfold.events'), '7', 'the product sees what it saw');
    } finally {
      await external.close();
    }
  });

  it('answers, and does not throw, when the server is away', async () => {
    const away = new EmbeddedAnalysts({ target: { ...server, url: 'http://127.0.0.1:1' }, pool, fsync: false });
    try {
      for (const answer of [await away.login('a'), await away.takeBack('a')]) assert.equal(answer.ok ? '' : answer.why, 'unavailable');
    } finally {
      await away.close();
    }
  });

  it('ends what a login runs when it is taken back', async () => {
    const slowLogin = await login('g');
    const client = connect(server);
    try {
      const slow = queryClickHouse(
        server.url,
        slowLogin,
        'SELECT sleepEachRow(0.1) FROM numbers(500) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0',
      ).catch((error: unknown) => String(error));
      const running = async (): Promise<boolean> =>
        (await rows(client, 'SELECT 1 FROM system.processes WHERE user = {user:String}', { params: { user: slowLogin.user } })).length > 0;
      await until(running, 'the slow query');
      await analysts.takeBack('g');
      assert.equal(await running(), false);
      assert.match(await slow, /Code: (394|159)/);
    } finally {
      await client.close();
    }
  });
});
