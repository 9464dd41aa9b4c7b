/**
 * A device's life on real servers: what two edges admit while it is disabled, enabled and decommissioned, what the fold
 * does with an event of an edge that had not heard, and what analysts see of it; over the death of the engine.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { partitionOf } from '../../engine/kernel/partition.ts';
import { AckedPublisher } from '../../engine/nats/acked-publisher.ts';
import { NatsBatchAppender } from '../../engine/nats/batch-appender.ts';
import { connectNats } from '../../engine/nats/connection.ts';
import { REGISTRY_STREAM } from '../../engine/nats/names.ts';
import { type Child, startChild } from '../support/child-process.ts';
import { batchOf, jsonEvent } from '../support/log-frames.ts';
import { until } from '../support/processes.ts';
import { withClickHouse, withNats } from '../support/servers.ts';

const PARTITIONS = 2;
const ADMIN = `tfa_${'lifecycle-test-'.repeat(4)}`;
/** As `jsonEvent` names it. */
const TENANT = 't';
const ROUNDS = 4;
const PAUSE_MS_MAX = 30_000;

type Body = Readonly<Record<string, unknown>>;

async function call(
  edge: Child,
  path: string,
  sent: {
    readonly method?: string;
    readonly token?: string;
    readonly json?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<{ readonly status: number; readonly body: Body }> {
  const response = await fetch(edge.url + path, {
    method: sent.method ?? (sent.json === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${sent.token ?? ADMIN}`,
      ...(sent.token === undefined ? { 'twinfold-tenant': TENANT } : {}),
      ...(sent.json === undefined ? {} : { 'content-type': 'application/json' }),
      connection: 'close',
      ...sent.headers,
    },
    ...(sent.json === undefined ? {} : { body: JSON.stringify(sent.json) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
}

test('the life of a device, as edges, fold and analysts know it', { timeout: 120_000 }, async () => {
  const nats = await withNats();
  const clickhouse = await withClickHouse();
  const folder = await mkdtemp(join(tmpdir(), 'twinfold-life-'));
  const common = { folder, nats, clickhouse, config: { partitions: PARTITIONS, adminToken: ADMIN } };
  const alive = new Set<Child>();
  const start = async (role: 'edge' | 'engine', name: string): Promise<Child> => {
    const child = await startChild({ ...common, role, name });
    alive.add(child);
    return child;
  };
  const connection = await connectNats({ url: nats.url, token: nats.token, name: 'test' });
  const publisher = new AckedPublisher(connection);
  try {
    const engine = await start('engine', 'engine-1');
    const [first, second] = [await start('edge', 'edge-1'), await start('edge', 'edge-2')] as const;
    const manager = await jetstreamManager(connection);
    assert.equal((await call(first, '/v1/tenants', { json: { id: TENANT } })).status, 201);
    const made = await call(first, '/v1/devices', { json: { id: 'd' } });
    assert.equal(made.status, 201);
    let token = String(made.body['token']);
    const twin = async (edge: Child = first): Promise<Body> => (await call(edge, '/v1/devices/d/twin')).body;
    const isState = (state: string) => async (): Promise<boolean> => (await twin())['state'] === state;
    let sent = 0;
    /** What became of an event, once the edge lets the device in. */
    const outcomeAt = async (edge: Child): Promise<unknown> => {
      const headers = { prefer: 'wait=10' };
      const json = { boot: 1, seq: ++sent, metrics: { n: sent } };
      for (;;) {
        const answer = await call(edge, '/telemetry', { token, json, headers });
        if (answer.status !== 401) return answer.status === 200 ? (answer.body['outcomes'] ?? answer.body) : answer;
      }
    };
    const accepted = /"outcome":"accepted"/;
    assert.match(JSON.stringify(await outcomeAt(second)), accepted);
    await until(isState('active'), 'that it is active');

    for (let i = 0; i < ROUNDS; i++) {
      assert.equal((await call(first, '/v1/devices/d:disable', { method: 'POST' })).status, 200);
      await until(isState('disabled'), 'that it is disabled');
      // Who shares the registry's entries out may be late; an edge that lets the device in says so itself, before anything.
      await manager.consumers.pause(REGISTRY_STREAM, 'facts', new Date(Date.now() + PAUSE_MS_MAX));
      const asked = outcomeAt(second);
      assert.equal((await call(first, '/v1/devices/d:enable', { method: 'POST' })).status, 200);
      assert.match(JSON.stringify(await asked), accepted, `round ${i}`);
      assert.match(JSON.stringify(await outcomeAt(first)), accepted, `round ${i}`);
      await manager.consumers.resume(REGISTRY_STREAM, 'facts');
    }

    assert.equal((await call(second, '/v1/devices/d:decommission', { method: 'POST', json: {} })).status, 200);
    await until(isState('decommissioned'), 'that it is decommissioned');
    const archived = await twin();
    assert.deepEqual([archived['archived'], typeof archived['stateSince']], [true, 'string']);
    assert.match(String(archived['stateCause']), /^\d\.\d+\.\d+$/);

    // An edge that had not heard: its batch comes behind the fact.
    const partition = partitionOf(TENANT, 'd', PARTITIONS);
    const late = batchOf({ edgeEpoch: 1_000_001, counter: 1, events: [jsonEvent('d', { boot: 1, seq: 999, metrics: { n: -1 } })] });
    const appended = await new Promise<{ readonly ok: boolean; readonly seq?: number }>((resolve) =>
      new NatsBatchAppender(publisher).append(partition, late, resolve),
    );
    assert.ok(appended.ok, JSON.stringify(appended));
    const position = `${partition}.${appended.seq}.0`;
    const row = async (sql: string): Promise<readonly string[]> =>
      (await clickhouse.query(sql).catch(() => '')).split('\n').filter((line) => line !== '');
    const outcome = `SELECT outcome, reason FROM twinfold.events WHERE position = '${position}'`;
    await until(async () => (await row(outcome)).length === 1, 'the row of the late event');
    assert.deepEqual(await row(outcome), ['rejected\tdecommissioned']);
    await until(async () => (await row(`SELECT 1 FROM twinfold.decisions WHERE position = '${position}'`)).length === 1, 'its decision');
    assert.deepEqual(await twin(second), archived);

    const changes = await row("SELECT old, new, actor FROM twinfold.twin_changes WHERE device = 'd' ORDER BY version");
    assert.deepEqual(changes, [
      ...Array.from({ length: ROUNDS }, () => ['active\tdisabled\ttfa', 'disabled\tactive\ttfa']).flat(),
      'active\tdecommissioned\ttfa',
    ]);
    const causes = await row(
      `SELECT count() FROM twinfold.twin_changes AS c INNER JOIN twinfold.events AS e ON c.cause = e.position WHERE e.kind = 'registry-fact'`,
    );
    assert.deepEqual(causes, [String(changes.length)]);

    await engine.kill();
    alive.delete(engine);
    await start('engine', 'engine-2');
    await until(async () => JSON.stringify(await twin()) === JSON.stringify(archived), 'the same twin at the next owner');

    const again = await call(first, '/v1/devices', { json: { id: 'd', reuse: true } });
    assert.equal(again.status, 201);
    token = String(again.body['token']);
    assert.match(JSON.stringify(await outcomeAt(second)), accepted, 'its next life goes on');
    assert.equal((await twin())['archived'], undefined);

    const limits = { messages: '100/s burst 200', perDay: { messages: 1_000 } };
    assert.equal((await call(first, '/v1/quotas', { method: 'PUT', json: limits })).status, 200);
    const window = `SELECT granted > 0, used >= granted, allowed, edge FROM twinfold.quota_decisions WHERE tenant = 't' AND window = 'day' LIMIT 1`;
    await until(async () => {
      await outcomeAt(first);
      return (await row(window)).length === 1;
    }, 'what the account decided');
    assert.deepEqual(await row(window), ['1\t1\t1000\tedge-1-edge']);
    const doubled = await row('SELECT 1 FROM twinfold.decisions GROUP BY partition, log_seq, batch_index, item HAVING count() > 1');
    assert.deepEqual(doubled, []);
  } finally {
    for (const child of alive) await child.kill();
    publisher.close();
    await connection.close();
    await nats.stop();
    await clickhouse.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
