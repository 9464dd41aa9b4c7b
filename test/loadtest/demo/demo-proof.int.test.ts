/** The demonstration fleet's bookkeeping on a real ClickHouse: what is on its way is lag, a hole is missing, a copy is double. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DemoProof } from '../../../loadtest/demo/demo-proof.ts';
import type { DeviceProgress } from '../../../loadtest/demo/demo-proof.ts';
import { ClickHouseReader } from '../../../loadtest/product/clickhouse.ts';
import { withClickHouse } from '../../support/servers.ts';
import type { TestClickHouse } from '../../support/servers.ts';

const BOOT = 1_790_000_000;
const NOW = 1_790_000_500_000;
let server: TestClickHouse;
let reader: ClickHouseReader;

before(async () => {
  server = await withClickHouse();
  await server.query('CREATE DATABASE IF NOT EXISTS twinfold');
  reader = new ClickHouseReader(() => ({ url: server.url, user: server.user, password: server.password }));
});
after(async () => {
  reader.close();
  await server.stop();
});

async function fill(rows: readonly (readonly [device: string, n: number, outcome?: string])[]): Promise<void> {
  await server.query(
    "CREATE OR REPLACE TABLE twinfold.events (tenant String, device String, boot_id UInt64, device_seq UInt64, outcome String, event_time DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (tenant, device)",
  );
  if (rows.length === 0) return;
  const values = rows.map(
    ([device, n, outcome = 'accepted']) => `('demo', '${device}', ${BOOT}, ${n}, '${outcome}', fromUnixTimestamp64Milli(${NOW + n}))`,
  );
  await server.query(`INSERT INTO twinfold.events VALUES ${values.join(',')}`);
}

const device = (name: string, ackedBefore: number): DeviceProgress => ({ name, ackedBefore, timeOf: (n) => NOW + n });
const range = (name: string, from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => [name, from + i] as const);

test('all there: nothing is missing, double or late', async () => {
  await fill([...range('a', 1, 10), ...range('b', 1, 3)]);
  const proof = await new DemoProof(reader, BOOT).look([device('a', 11), device('b', 4)], NOW + 1_000);
  assert.deepEqual(proof, { rows: 13, missing: 0, double: 0, lagMs: 0 });
});

test('rows on their way are lag, by the oldest that waits', async () => {
  await fill([...range('a', 1, 7), ...range('b', 1, 3)]);
  const proof = await new DemoProof(reader, BOOT).look([device('a', 11), device('b', 4)], NOW + 1_000);
  assert.deepEqual(proof, { rows: 10, missing: 0, double: 0, lagMs: 1_000 - 8 });
});

test('a hole before a row is missing, a copy is double, a quarantined event is no row', async () => {
  await fill([
    ['a', 1],
    ['a', 3],
    ['a', 3],
    ['a', 4, 'quarantined'],
    ['a', 5],
  ]);
  const proof = await new DemoProof(reader, BOOT).look([device('a', 6)], NOW + 1_000);
  assert.deepEqual(proof, { rows: 3, missing: 2, double: 1, lagMs: 0 });
});

test('an event that was not acknowledged owes nothing, and counts for nothing', async () => {
  await fill([
    ['a', 1],
    ['a', 2],
    ['a', 4],
  ]);
  const proof = await new DemoProof(reader, BOOT).look([device('a', 3)], NOW + 1_000);
  assert.deepEqual(proof, { rows: 2, missing: 0, double: 0, lagMs: 0 });
});

test('what was settled stays counted, and later bugs are still found', async () => {
  const proof = new DemoProof(reader, BOOT);
  await fill(range('a', 1, 100));
  await proof.look([device('a', 101)], NOW + 1_000);
  await fill([...range('a', 1, 101), ['a', 103]]);
  assert.deepEqual(await proof.look([device('a', 104)], NOW + 2_000), { rows: 102, missing: 1, double: 0, lagMs: 0 });
  await fill([...range('a', 1, 103), ['a', 103]]);
  assert.deepEqual(await proof.look([device('a', 104)], NOW + 3_000), { rows: 103, missing: 0, double: 1, lagMs: 0 });
  // A double among what was settled is found by the recount.
  await fill([...range('a', 1, 103), ['a', 50]]);
  assert.equal((await proof.look([device('a', 104)], NOW + 400_000)).double, 1);
});

test('while ClickHouse does not answer, figures stand and the lag grows', async () => {
  let away = false;
  const flaky = new ClickHouseReader(() => ({
    url: away ? 'http://127.0.0.1:1' : server.url,
    user: server.user,
    password: server.password,
  }));
  const proof = new DemoProof(flaky, BOOT);
  await fill(range('a', 1, 5));
  await proof.look([device('a', 6)], NOW + 1_000);
  away = true;
  assert.deepEqual(await proof.look([device('a', 9)], NOW + 9_000), { rows: 5, missing: 0, double: 0, lagMs: 9_000 - 6 });
  flaky.close();
});
