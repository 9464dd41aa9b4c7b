/** A device's rows go from ClickHouse, and whoever counts rows by position notices nothing, at any time of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openAnalytics } from '../../../engine/clickhouse/open.ts';
import type { ClickHouseSink } from '../../../engine/clickhouse/clickhouse-sink.ts';
import type { SinkCount, SinkTable } from '../../../engine/ports/analytics-sink.ts';
import { must } from '../../../engine/kernel/assert.ts';
import { until } from '../../support/processes.ts';
import { withClickHouse, type TestClickHouse } from '../../support/servers.ts';

const DEVICE = { partition: 1, tenant: 't', device: 'gone', throughLogSeq: 150 };
const RANGE = { partition: 1, fromLogSeq: 1, toLogSeq: 1_000 };
const TABLES: readonly SinkTable[] = ['events', 'decisions'];

describe('erasing in ClickHouse', () => {
  let server: TestClickHouse;
  let sink: ClickHouseSink;
  const counts = (): Promise<readonly SinkCount[]> => Promise.all(TABLES.map((table) => sink.count(table, RANGE)));
  const left = (table: SinkTable, device: string): Promise<string> =>
    server.query(`SELECT count() FROM twinfold.${table} WHERE tenant = 't' AND device = '${device}'`);

  before(async () => {
    server = await withClickHouse();
    sink = openAnalytics({ access: server, durability: 'process', retentionDays: 30 });
    await sink.fence([{ partition: 1, epoch: 1 }], []);
    await server.query(`INSERT INTO twinfold.events (tenant, device, kind, outcome, log_time, partition, log_seq, batch_index, payload, _epoch)
      SELECT 't', if(number % 2 = 0, 'gone', 'stays'), 'telemetry', if(number % 10 = 0, 'quarantined', 'accepted'),
        now64(3) - toIntervalSecond(number % 3 * 90000), 1, number, number % 4, 'what it said', 1 FROM numbers(1, 200)`);
    await server.query(
      `INSERT INTO twinfold.events (tenant, device, kind, log_time, partition, log_seq, _epoch) VALUES ('t', 'gone', 'erased', now64(3), 1, 141, 1)`,
    );
    await server.query(`INSERT INTO twinfold.decisions (tenant, device, kind, log_time, partition, log_seq, _epoch)
      SELECT 't', if(number % 2 = 0, 'gone', 'stays'), 'x', now64(3), 1, number, 1 FROM numbers(1, 20)`);
  });
  after(async () => {
    await sink.close();
    await server.stop();
  });

  it('takes what was said up to then, and leaves the event that says so, later lives and other devices', async () => {
    const found = await counts();
    const highest = await sink.maxLogSeq(1, 0);
    // The first call copies positions and asks for the mutation: from here on rows and positions are both there, or either.
    assert.equal(await sink.eraser.erase(DEVICE), false);
    assert.deepEqual(await counts(), found);
    // Another process: it must not ask for a second mutation meanwhile, nor lose track.
    const other = openAnalytics({ access: server, durability: 'process', retentionDays: 30 });
    try {
      await until(() => other.eraser.erase(DEVICE), 'the end of the mutation');
    } finally {
      await other.close();
    }
    assert.deepEqual(await counts(), found, 'positions count as the rows did');
    assert.equal(await sink.maxLogSeq(1, 0), highest);
    // 101 of 1..200 are even up to 150: 75; 25 later ones and the proof stay.
    assert.deepEqual([await left('events', 'gone'), await left('decisions', 'gone')], ['26', '0']);
    assert.deepEqual([await left('events', 'stays'), await left('decisions', 'stays')], ['100', '10']);
    assert.equal(
      await server.query("SELECT count() FROM twinfold.events WHERE device = 'gone' AND log_seq <= 150 AND kind = 'erased'"),
      '1',
    );
    assert.ok(Number(await server.query('SELECT count() FROM twinfold.erased_rows')) >= 85);
  });

  it('is finished once, whoever asks again', async () => {
    const found = await counts();
    assert.equal(await sink.eraser.erase(DEVICE), true);
    const erasure = { partition: 1, tenant: 't', device: 'gone', seq: 140, index: 0 };
    await sink.eraser.finish(erasure);
    await sink.eraser.finish(erasure);
    assert.deepEqual([...(await sink.eraser.finished(1))], [140]);
    assert.deepEqual([...(await sink.eraser.finished(2))], []);
    assert.deepEqual(await counts(), found);
  });

  it('counts a position once that was copied before a crash and is still there as a row', async () => {
    const found = await counts();
    await server.query(`INSERT INTO twinfold.erased_rows SELECT 'events', partition, log_seq, batch_index, item, toInt8(outcome), log_time
      FROM twinfold.events WHERE device = 'stays' AND log_seq < 50`);
    assert.deepEqual(await counts(), found);
  });

  it('goes on after the server was killed in the middle', async () => {
    const device = { ...DEVICE, device: 'stays', throughLogSeq: 1_000 };
    const found = await counts();
    assert.equal(await sink.eraser.erase(device), false);
    process.kill(must(server.pid(), 'pid'), 'SIGKILL');
    await until(async () => (await server.query('SELECT 1').catch(() => '')) === '1', 'the restart');
    await until(() => sink.eraser.erase(device), 'the end of the mutation');
    assert.deepEqual([await left('events', 'stays'), await left('decisions', 'stays')], ['0', '0']);
    assert.deepEqual(await counts(), found);
  });
});
