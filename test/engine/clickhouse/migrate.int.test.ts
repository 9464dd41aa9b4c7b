/** A database that an older version made is brought up to date; starting twice changes nothing; what would lose data is refused. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { ClickHouseClient } from '@clickhouse/client';
import { connect } from '../../../engine/clickhouse/client.ts';
import type { SchemaOptions } from '../../../engine/clickhouse/ddl.ts';
import { migrate } from '../../../engine/clickhouse/migrate.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { EVENT_COLUMNS } from '../../../schemas/tables.ts';
import { type TestClickHouse, withClickHouse } from '../../support/servers.ts';

const OPTIONS: SchemaOptions = { database: 'twinfold', retentionDays: 90, fsync: true };

describe('the schema in ClickHouse', () => {
  let server: TestClickHouse;
  let client: ClickHouseClient;
  const shape = async (): Promise<string> =>
    server.query(
      "SELECT name, metadata_modification_time, replaceAll(create_table_query, '\\n', ' ') FROM system.tables WHERE database = 'twinfold' AND name != 'telemetry' ORDER BY name",
    );
  const made = async (table: string): Promise<string> =>
    server.query(`SELECT create_table_query FROM system.tables WHERE database = 'twinfold' AND name = '${table}'`);

  before(async () => {
    server = await withClickHouse();
    client = connect(server);
  });
  after(async () => {
    await client.close();
    await server.stop();
  });
  beforeEach(async () => {
    await server.query('DROP DATABASE IF EXISTS twinfold SYNC');
  });

  it('is made once, and left alone when it is as it should be', async () => {
    await migrate(client, OPTIONS);
    const first = await shape();
    await migrate(client, OPTIONS);
    assert.equal(await shape(), first);
    const columns = await server.query(
      "SELECT name, type FROM system.columns WHERE database = 'twinfold' AND table = 'events' AND default_kind = ''",
    );
    assert.deepEqual(
      columns
        .trim()
        .split('\n')
        .map((line) => line.replaceAll("\\'", "'").split('\t')),
      EVENT_COLUMNS.map(({ name, type }) => [name, type]),
    );
  });

  it('gets columns and enum values that an older version did not have, where they belong', async () => {
    await migrate(client, OPTIONS);
    await server.query('ALTER TABLE twinfold.events DROP COLUMN extra');
    await server.query("ALTER TABLE twinfold.events MODIFY COLUMN via Enum8('unspecified' = 0, 'mqtt' = 1)");
    await server.query("ALTER TABLE twinfold.events MODIFY COLUMN kind Enum8('unspecified' = 0, 'telemetry' = 1, 'tick' = 2)");
    await migrate(client, OPTIONS);
    const columns = await server.query(
      "SELECT name FROM system.columns WHERE database = 'twinfold' AND table = 'events' AND default_kind = ''",
    );
    assert.deepEqual(
      columns.trim().split('\n'),
      EVENT_COLUMNS.map(({ name }) => name),
    );
    assert.match(await made('events'), /internal\\' = 5/);
    assert.match(await made('events'), /published\\' = 22/);
  });

  it('refuses to change a type', async () => {
    await migrate(client, OPTIONS);
    await server.query('ALTER TABLE twinfold.decisions MODIFY COLUMN actor LowCardinality(String)');
    await assert.rejects(migrate(client, OPTIONS), (error) => hasCode(error, 'server-unfit'));
  });

  it('lets the fence read its table with a login, where the server asks for one', async () => {
    await migrate(client, { ...OPTIONS, dictionaryLogin: { user: server.user, password: server.password } });
    await server.query('INSERT INTO twinfold.sink_fence (partition, epoch) VALUES (3, 17), (3, 12)');
    await server.query('SYSTEM RELOAD DICTIONARY twinfold.sink_epochs');
    assert.equal((await server.query("SELECT dictGet('twinfold.sink_epochs', 'epoch', toUInt64(3))")).trim(), '17');
  });

  it('follows the options for retention and durability', async () => {
    await migrate(client, OPTIONS);
    assert.match(await made('events'), /toIntervalDay\(90\).*fsync_after_insert = 1, fsync_part_directory = 1/s);
    assert.match(await made('sink_fence'), /fsync_after_insert = 1, fsync_part_directory = 1/);
    await migrate(client, { ...OPTIONS, retentionDays: 7, fsync: false });
    for (const table of ['events', 'decisions'])
      assert.match(await made(table), /toIntervalDay\(7\).*fsync_after_insert = 0, fsync_part_directory = 0/s);
  });
});
