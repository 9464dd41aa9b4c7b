import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { connect as connectClickHouse } from '../../../engine/clickhouse/client.ts';
import { migrate } from '../../../engine/clickhouse/migrate.ts';
import { startClickHouse } from '../../../engine/embedded/clickhouse-server.ts';
import { startNatsServer } from '../../../engine/embedded/nats-server.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { until, untilGone } from '../../support/processes.ts';
import { queryClickHouse, withClickHouse, withNats, type TestClickHouse } from '../../support/servers.ts';

describe('the embedded nats-server', () => {
  for (const durability of ['disk', 'interval', 'process'] as const) {
    it(`really syncs as --durability ${durability} says`, async () => {
      const nats = await withNats({ durability });
      try {
        assert.equal(nats.facts.durability, durability);
        assert(nats.facts.jetstream && nats.facts.payloadBytesMax === 1024 * 1024);
      } finally {
        await nats.stop();
      }
    });
  }

  it('lets nobody in without its token, which only its owner can read', async () => {
    const nats = await withNats();
    try {
      await assert.rejects(connect({ servers: nats.url, reconnect: false }), /Authorization/i);
      assert.equal((await stat(nats.tokenFile)).mode & 0o777, 0o600);
    } finally {
      await nats.stop();
    }
  });

  it('is back on the same port with everything acknowledged after kill -9', async () => {
    const nats = await withNats({ durability: 'disk' });
    try {
      const connection = await connect({ servers: nats.url, token: nats.token });
      const manager = await jetstreamManager(connection);
      await manager.streams.add({ name: 'S', subjects: ['s'] });
      for (let i = 0; i < 20; i++) await jetstream(connection).publish('s', `message ${i}`);
      await connection.close();
      process.kill(nats.pid() ?? 0, 'SIGKILL');
      await until(() => nats.restarts() === 1 && nats.pid() !== undefined, 'the restart');
      // The client retries until the new server listens; the port is the old one.
      const again = await connect({ servers: nats.url, token: nats.token, waitOnFirstConnect: true });
      const info = await (await jetstreamManager(again)).streams.info('S');
      await again.close();
      assert.equal(info.state.last_seq, 20);
    } finally {
      await nats.stop();
    }
  });

  it('shares its folder with nobody', async () => {
    const nats = await withNats();
    try {
      await assert.rejects(startNatsServer({ dataDir: nats.folder, port: 0, lockWaitS: 0 }), (error) => hasCode(error, 'data-locked'));
    } finally {
      await nats.stop();
    }
  });
});

async function prepareFence(clickhouse: TestClickHouse): Promise<void> {
  await clickhouse.query('CREATE DATABASE IF NOT EXISTS twinfold');
  await clickhouse.query('CREATE TABLE twinfold.epochs (k UInt64, epoch UInt64) ENGINE = MergeTree ORDER BY k');
  await clickhouse.query(`CREATE DICTIONARY twinfold.fence (k UInt64, epoch UInt64) PRIMARY KEY k
    SOURCE(CLICKHOUSE(QUERY 'SELECT k, max(epoch) AS epoch FROM twinfold.epochs GROUP BY k')) LIFETIME(0) LAYOUT(FLAT())`);
  await clickhouse.query(`CREATE TABLE twinfold.rows (k UInt64, _epoch UInt64,
    CONSTRAINT fence CHECK _epoch >= dictGet('twinfold.fence', 'epoch', k)) ENGINE = MergeTree ORDER BY k`);
}

describe('the embedded ClickHouse', () => {
  it('fences inserts by a dictionary that the product reloads, and keeps doing so after kill -9', async () => {
    const clickhouse = await withClickHouse();
    try {
      await prepareFence(clickhouse);
      await clickhouse.query('INSERT INTO twinfold.epochs VALUES (1, 5)');
      await clickhouse.query('SYSTEM RELOAD DICTIONARY twinfold.fence');
      await clickhouse.query('INSERT INTO twinfold.rows VALUES (1, 5)');
      await assert.rejects(clickhouse.query('INSERT INTO twinfold.rows VALUES (1, 5), (1, 4)'), /Code: 469/);
      await clickhouse.query('INSERT INTO twinfold.epochs VALUES (1, 6)');
      await clickhouse.query('SYSTEM RELOAD DICTIONARY twinfold.fence');
      await assert.rejects(clickhouse.query('INSERT INTO twinfold.rows VALUES (1, 5)'), /Code: 469/);
      process.kill(clickhouse.pid() ?? 0, 'SIGKILL');
      await until(async () => (await clickhouse.query('SELECT 1').catch(() => '')) === '1', 'the restart');
      await assert.rejects(clickhouse.query('INSERT INTO twinfold.rows VALUES (1, 5)'), /Code: 469/);
      assert.equal(await clickhouse.query('SELECT count(), max(_epoch) FROM twinfold.rows'), '1\t5');
    } finally {
      await clickhouse.stop();
    }
  });

  it('lets the product see and end what runs', async () => {
    const clickhouse = await withClickHouse();
    try {
      const slow = clickhouse
        .query('SELECT sleepEachRow(0.1) FROM numbers(3000) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0')
        .catch((error: unknown) => String(error));
      await until(
        async () =>
          (await clickhouse.query(
            "SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow%' AND query NOT LIKE '%processes%'",
          )) === '1',
        'the slow query',
      );
      await clickhouse.query("KILL QUERY WHERE query LIKE 'SELECT sleepEachRow%' SYNC");
      assert.match(await slow, /Code: (394|159)/);
    } finally {
      await clickhouse.stop();
    }
  });

  it('lets the analyst read the product and nothing else', async () => {
    const clickhouse = await withClickHouse();
    try {
      const product = connectClickHouse(clickhouse);
      await migrate(product, { database: 'twinfold', retentionDays: 90, fsync: false });
      await product.close();
      await clickhouse.query(
        `INSERT INTO twinfold.events (tenant, device, kind, log_time, partition, log_seq, metrics) VALUES ('t', 'd', 'telemetry', now64(3), 1, 7, map('x', 1.5))`,
      );
      const ask = (sql: string): Promise<string> => queryClickHouse(clickhouse.url, clickhouse.analyst, sql);
      assert.deepEqual((await ask('SHOW TABLES')).split('\n'), [
        'decisions',
        'events',
        'presence',
        'quota_decisions',
        'telemetry',
        'twin_changes',
      ]);
      assert.equal(await ask('SELECT tenant, metric, value, position FROM telemetry'), 't\tx\t1.5\t1.7.0');
      for (const table of ['events', 'telemetry']) {
        const row = JSON.parse(await ask(`SELECT * FROM ${table} FORMAT JSONEachRow`)) as { position: string };
        assert.equal(row.position, '1.7.0', `everything of ${table}, its position too`);
      }
      const denied = [
        'SELECT * FROM twinfold.sink_fence',
        'SELECT * FROM twinfold.sink_epochs',
        "SELECT dictGet('twinfold.sink_epochs', 'epoch', toUInt64(1))",
        'DESCRIBE TABLE twinfold.sink_fence',
        "SELECT * FROM file('/etc/passwd', LineAsString)",
        "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
        "SELECT * FROM remote('127.0.0.1', system.one)",
        'SELECT * FROM system.users',
        'SELECT * FROM system.query_log',
        'SELECT query FROM system.processes',
        "INSERT INTO twinfold.events (tenant) VALUES ('t')",
        'DROP TABLE twinfold.events',
        'CREATE TABLE twinfold.mine (k UInt64) ENGINE = Memory',
        'SYSTEM RELOAD DICTIONARY twinfold.sink_epochs',
        'SYSTEM STOP LISTEN HTTP',
      ];
      for (const sql of denied) await assert.rejects(ask(sql), /Code: (497|164|60)\./, sql);
      for (const setting of [
        'max_memory_usage = 100000000000',
        'max_memory_usage = 0',
        'max_execution_time = 0',
        'readonly = 0',
        'max_threads = 1000',
      ]) {
        await assert.rejects(ask(`SELECT 1 SETTINGS ${setting}`), /Code: (452|164|472)\./, setting);
      }
      await assert.rejects(
        ask(
          'SELECT count() FROM numbers(1e9) AS a GROUP BY number SETTINGS max_memory_usage = 10000000, max_bytes_before_external_group_by = 0, max_bytes_ratio_before_external_group_by = 0',
        ),
        /Code: 241/,
      );
    } finally {
      await clickhouse.stop();
    }
  });

  it('lets nobody in without a password', async () => {
    const clickhouse = await withClickHouse();
    try {
      for (const user of ['default', 'twinfold', 'reader', 'demo', 'nobody']) {
        await assert.rejects(queryClickHouse(clickhouse.url, { user, password: '' }, 'SELECT 1'), /Code: (516|700)\./, user);
      }
      assert.equal((await fetch(`${clickhouse.url}/?query=SELECT+1`)).ok, false);
      const { analyst, operator } = clickhouse;
      await assert.rejects(
        queryClickHouse(clickhouse.url, operator, 'SELECT 1'),
        /Code: 516\./,
        'what is shown at the gate opens nothing here',
      );
      for (const file of [clickhouse.passwordFile, analyst.passwordFile, operator.passwordFile])
        assert.equal((await stat(file)).mode & 0o777, 0o600);
    } finally {
      await clickhouse.stop();
    }
  });

  it('shares its folder with nobody', async () => {
    const clickhouse = await withClickHouse();
    try {
      await assert.rejects(startClickHouse({ dataDir: clickhouse.folder, port: 0, lockWaitS: 0 }), (error) =>
        hasCode(error, 'data-locked'),
      );
      assert.equal(await clickhouse.query('SELECT 1'), '1');
    } finally {
      await clickhouse.stop();
    }
  });
});

describe('both servers', () => {
  it('end when the process that started them is killed, and start again on their ports', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'twinfold-holder-'));
    const hold = async () => {
      const holder = spawn(process.execPath, [fileURLToPath(new URL('holder.ts', import.meta.url)), folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const said = await new Promise<string>((resolve) => {
        holder.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
        holder.once('exit', () => resolve(''));
      });
      return { holder, ...(JSON.parse(said) as { nats: number; clickhouse: number; natsPort: number; clickhousePort: number }) };
    };
    try {
      const first = await hold();
      first.holder.kill('SIGKILL');
      const second = await hold();
      assert.deepEqual([second.natsPort, second.clickhousePort], [first.natsPort, first.clickhousePort]);
      await untilGone(first.nats, first.clickhouse);
      second.holder.kill('SIGKILL');
      await untilGone(second.nats, second.clickhouse);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
