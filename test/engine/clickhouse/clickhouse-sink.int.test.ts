/**
 * The analytics store on a real ClickHouse: the contract, that a block is one part whatever its size, what each failure is
 * taken for, that a fence waits for inserts that are under way, and what analysts and the API read.
 */
import assert from 'node:assert/strict';
import { type ClientRequest, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { connect } from '../../../engine/clickhouse/client.ts';
import { ClickHouseSink } from '../../../engine/clickhouse/clickhouse-sink.ts';
import { openAnalytics } from '../../../engine/clickhouse/open.ts';
import { ClickHouseReader } from '../../../engine/clickhouse/reader.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { analyticsSinkContract } from '../../contract/analytics-sink.ts';
import { type TestClickHouse, queryClickHouse, withClickHouse } from '../../support/servers.ts';
import { type RowFacts, eventRow } from '../../support/sink-rows.ts';
import { type CuttingProxy, cuttingProxy } from '../../support/cutting-proxy.ts';

const DAY_MS = 86_400_000;

describe('the analytics store on ClickHouse', () => {
  let server: TestClickHouse;
  let sink: ClickHouseSink;
  let reader: ClickHouseReader;

  before(async () => {
    server = await withClickHouse();
    sink = openAnalytics({ access: server, durability: 'disk', retentionDays: 3650 });
    reader = new ClickHouseReader(server);
    await sink.fence([{ partition: 0, epoch: 1 }], []);
  });
  after(async () => {
    await sink.close();
    await reader.close();
    await server.stop();
  });

  const insert = async (rows: readonly RowFacts[], id: string): Promise<void> =>
    sink.insert('events', rows.map(eventRow), `sink:test:${id}`);
  const counted = async (partition: number): Promise<number> =>
    (await sink.count('events', { partition, fromLogSeq: 0, toLogSeq: 2 ** 53 })).rows;

  analyticsSinkContract(() => sink);

  it('writes a large block as one part', async () => {
    const rows = 120_000;
    const bytes = Buffer.concat(
      Array.from<Uint8Array>({ length: rows }).fill(eventRow({ partition: 50, epoch: 1, logSeq: 1, payload: 'x'.repeat(150) })),
    );
    const partsBefore = await server.query("SELECT count() FROM system.parts WHERE table = 'events' AND active AND rows = 120000");
    await sink.insert('events', [bytes], 'sink:test:large');
    const parts = await server.query("SELECT count() FROM system.parts WHERE table = 'events' AND active AND rows >= 120000");
    assert.deepEqual([partsBefore.trim(), parts.trim()], ['0', '1']);
    assert.equal(await counted(50), rows);
  });

  it('refuses a block of two log days whole', async () => {
    const rows = [
      { partition: 51, epoch: 1, logSeq: 1 },
      { partition: 51, epoch: 1, logSeq: 2, logMs: Date.UTC(2026, 10, 24) },
    ];
    await assert.rejects(insert(rows, 'days'), (error) => hasCode(error, 'sink-unavailable'));
    assert.equal(await counted(51), 0);
  });

  it('says of a server that is not there that nothing was written', async () => {
    const nobody = new ClickHouseSink(connect({ ...server, url: 'http://127.0.0.1:1' }), {
      database: server.database,
      retentionDays: 1,
      fsync: false,
    });
    await assert.rejects(nobody.insert('events', [eventRow({ partition: 52, epoch: 1, logSeq: 1 })], 'sink:test:nobody'), (error) =>
      hasCode(error, 'sink-unavailable'),
    );
    await assert.rejects(nobody.fence([{ partition: 52, epoch: 1 }], []), (error) => hasCode(error, 'sink-unavailable'));
    await nobody.close();
  });

  it('says of a block that failed in the server that nothing is known', async () => {
    await assert.rejects(sink.insert('events', [Buffer.from('no row')], 'sink:test:garbage'), (error) => hasCode(error, 'sink-unknown'));
  });

  describe('behind a connection that breaks', () => {
    let proxy: CuttingProxy;
    let behind: ClickHouseSink;
    const block = (partition: number): readonly Uint8Array[] =>
      Array.from({ length: 2_000 }, (_, i) => eventRow({ partition, epoch: 1, logSeq: i + 1 }));
    before(async () => {
      proxy = await cuttingProxy(Number(new URL(server.url).port));
      behind = openAnalytics({ access: { ...server, url: `http://127.0.0.1:${proxy.port}` }, durability: 'process', retentionDays: 3650 });
    });
    after(async () => {
      await behind.close();
      await proxy.close();
    });

    it('is unknown when the request was cut, and the rows are all there or none', async () => {
      for (const [i, bytes] of [100, 2_000, 60_000].entries()) {
        proxy.cutRequestsAfter(bytes);
        await assert.rejects(behind.insert('events', block(60 + i), `sink:test:cut-request-${i}`), (error) =>
          hasCode(error, 'sink-unknown'),
        );
        await sink.fence([{ partition: 60 + i, epoch: 2 }], ['test']);
        assert.equal(await counted(60 + i), 0);
      }
    });

    it('is unknown when only the answer was lost, though the rows are there', async () => {
      proxy.cutAnswersAfter(0);
      await assert.rejects(behind.insert('events', block(65), 'sink:test:cut-answer'), (error) => hasCode(error, 'sink-unknown'));
      await sink.fence([{ partition: 65, epoch: 2 }], ['test']);
      assert.equal(await counted(65), 2_000);
    });

    it('works when nothing breaks', async () => {
      proxy.heal();
      await behind.insert('events', block(66), 'sink:test:healed');
      assert.equal(await counted(66), 2_000);
    });
  });

  it('waits in a fence until an insert that a paused process left open has ended', async () => {
    const paused = openInsert(server, eventRow({ partition: 70, epoch: 1, logSeq: 1 }));
    const running = async (): Promise<string> =>
      (await server.query("SELECT count() FROM system.processes WHERE query_id = 'sink:paused:1'")).trim();
    while ((await running()) === '0') await new Promise((resolve) => setTimeout(resolve, 10));
    await sink.fence([{ partition: 70, epoch: 2 }], ['paused']);
    assert.equal(await running(), '0');
    paused.destroy();
    assert.equal(await counted(70), 0);
  });

  it('finds an event by its position, and every column of it', async () => {
    await insert(
      [
        { partition: 7, epoch: 1, logSeq: 3_000, batchIndex: 4 },
        { partition: 7, epoch: 1, logSeq: 3_000, batchIndex: 4, item: 1 },
        { partition: 7, epoch: 1, logSeq: 3_000, batchIndex: 5 },
      ],
      'position',
    );
    const rows = await reader.eventByPosition({ partition: 7, seq: 3_000, index: 4 });
    assert.deepEqual(
      rows?.map(({ position, item, log_seq: logSeq, outcome, payload }) => ({ position, item, logSeq, outcome, payload })),
      [
        { position: '7.3000.4', item: 0, logSeq: '3000', outcome: 'accepted', payload: '{"t":21.5}' },
        { position: '7.3000.4', item: 1, logSeq: '3000', outcome: 'accepted', payload: '{"t":21.5}' },
      ],
    );
    assert.deepEqual(await reader.eventByPosition({ partition: 7, seq: 3_001, index: 0 }), []);
    const plan = await server.query(
      "EXPLAIN indexes = 1, projections = 1 SELECT * FROM twinfold.events WHERE position = '7.3000.4' SETTINGS min_table_rows_to_use_projection_index = 0",
    );
    assert.match(plan, /by_position/);
  });

  it('answers the API whether ClickHouse is there', async () => {
    assert.equal(await reader.ping(), true);
    assert.match((await reader.serverVersion()) ?? '', /^\d+\.\d+/);
    const nobody = new ClickHouseReader({ ...server, url: 'http://127.0.0.1:1' });
    assert.deepEqual(
      [await nobody.ping(), await nobody.serverVersion(), await nobody.eventByPosition({ partition: 0, seq: 1, index: 0 })],
      [false, undefined, undefined],
    );
    await nobody.close();
  });

  it('shows analysts accepted telemetry, one row a metric', async () => {
    await insert(
      [
        { partition: 8, epoch: 1, logSeq: 1, device: 'view-1', metrics: { t: 21.5, on: 1 } },
        { partition: 8, epoch: 1, logSeq: 2, device: 'view-1', metrics: { t: 99 }, outcome: 2 },
      ],
      'view',
    );
    const seen = await queryClickHouse(
      server.url,
      server.analyst,
      "SELECT tenant, device, metric, value, position FROM twinfold.telemetry WHERE device = 'view-1' ORDER BY metric",
    );
    assert.equal(seen.trim(), 'demo\tview-1\ton\t1\t8.1.0\ndemo\tview-1\tt\t21.5\t8.1.0');
  });

  it('drops rows beyond their retention, and keeps those within', async () => {
    const old = openAnalytics({ access: server, durability: 'process', retentionDays: 30 });
    await old.fence([{ partition: 80, epoch: 1 }], []);
    await old.insert('events', [eventRow({ partition: 80, epoch: 1, logSeq: 1, logMs: Date.now() - 40 * DAY_MS })], 'sink:test:old');
    await old.insert('events', [eventRow({ partition: 80, epoch: 1, logSeq: 2, logMs: Date.now() })], 'sink:test:new');
    await server.query('OPTIMIZE TABLE twinfold.events FINAL');
    assert.equal(await counted(80), 1);
    const made = await server.query("SELECT create_table_query FROM system.tables WHERE database = 'twinfold' AND name = 'events'");
    assert.match(made, /toIntervalDay\(30\)/);
    assert.match(made, /fsync_after_insert = 0/);
    await old.close();
  });
});

/**
 * An insert whose sender stops in the middle and holds its connection open. It sends more than the 256 KiB that the server
 * reads before it looks at a query at all.
 */
function openInsert(server: TestClickHouse, row: Uint8Array): ClientRequest {
  const { hostname, port } = new URL(server.url);
  const query = encodeURIComponent('INSERT INTO twinfold.events FORMAT RowBinary');
  const headers = { 'X-ClickHouse-User': server.user, 'X-ClickHouse-Key': server.password, 'Transfer-Encoding': 'chunked' };
  const sent = request({ hostname, port, method: 'POST', path: `/?query=${query}&query_id=sink:paused:1&async_insert=0`, headers });
  sent.on('error', () => undefined).on('response', (answer) => answer.resume());
  sent.write(Buffer.concat(Array.from<Uint8Array>({ length: 5_000 }).fill(row)));
  return sent;
}
