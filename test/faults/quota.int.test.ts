/**
 * A tenant's volume while everything that counts it is killed: two edges share it, the engine that grants and an edge that
 * spends die with leases granted and asks under way. Nothing is reset, nothing is granted twice.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Quotas } from '../../engine/domain/quota.ts';
import { parseQuotaAsk, QUOTA_DEVICE, readQuotaAccounts } from '../../engine/domain/quota-lease.ts';
import { partitionOf } from '../../engine/kernel/partition.ts';
import { NatsAskClient } from '../../engine/nats/ask-client.ts';
import { connectNats } from '../../engine/nats/connection.ts';
import { NatsInputLog } from '../../engine/nats/input-log.ts';
import { KIND } from '../../schemas/envelope.ts';
import { decodeEventBatch } from '../../schemas/gen/lean.ts';
import { type Child, startChild } from '../support/child-process.ts';
import { withClickHouse, withNats } from '../support/servers.ts';

const PARTITIONS = 2;
const QUOTA = 400;
const ADMIN = `tfa_${'quota-test-'.repeat(4)}`;
const TENANT = 'acme';

interface Called {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function call(
  edge: Child,
  path: string,
  init: { readonly method?: string; readonly token?: string; readonly json?: unknown },
): Promise<Called | undefined> {
  try {
    const response = await fetch(edge.url + path, {
      method: init.method ?? (init.json === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${init.token ?? ADMIN}`,
        ...(init.token === undefined ? { 'twinfold-tenant': TENANT } : {}),
        'content-type': 'application/json',
        connection: 'close',
      },
      ...(init.json === undefined ? {} : { body: JSON.stringify(init.json) }),
      signal: AbortSignal.timeout(15_000),
    });
    return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
  } catch {
    return undefined;
  }
}

async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`never: ${what}`);
}

test('a volume survives kill -9 of the engine and of an edge', { timeout: 120_000 }, async () => {
  const nats = await withNats();
  const folder = await mkdtemp(join(tmpdir(), 'twinfold-quota-'));
  const clickhouse = await withClickHouse();
  const common = { folder, nats, clickhouse, config: { partitions: PARTITIONS, adminToken: ADMIN } };
  const alive = new Set<Child>();
  const start = async (role: 'edge' | 'engine', name: string): Promise<Child> => {
    const child = await startChild({ ...common, role, name });
    alive.add(child);
    return child;
  };
  const kill = async (child: Child): Promise<void> => {
    alive.delete(child);
    await child.kill();
  };
  const connection = await connectNats({ url: nats.url, token: nats.token, name: 'test' });
  try {
    let engine = await start('engine', 'engine-1');
    const first = await start('edge', 'edge-1');
    let second = await start('edge', 'edge-2');
    assert.equal((await call(first, '/v1/tenants', { json: { id: TENANT } }))?.status, 201);
    const made = await call(first, '/v1/devices', { json: { id: 'dev-1' } });
    const token = String(made?.body['token']);
    const limits = { perDay: { messages: QUOTA } };
    assert.equal((await call(first, '/v1/quotas', { method: 'PUT', json: limits }))?.status, 200);
    await eventually('the second edge knows the quota', async () => {
      const seen = await call(second, '/v1/quotas', {});
      return JSON.stringify(seen?.body['limits']) === JSON.stringify(limits);
    });

    let stored = 0;
    const dayRefused = [0, 0];
    /** Requests of one event, two edges in turn. */
    const load = async (requests: number): Promise<void> => {
      for (let i = 0; i < requests; i += 8) {
        const calls = Array.from({ length: 8 }, async (_, k) =>
          call((i + k) % 2 === 0 ? first : second, '/telemetry', { token, json: { n: i + k } }),
        );
        for (const [k, called] of (await Promise.all(calls)).entries()) {
          if (called?.status === 202) stored++;
          const isOver = called?.status === 429 && called.body['limit'] === 'tenant-messages-day';
          if (isOver) dayRefused[(i + k) % 2] = (dayRefused[(i + k) % 2] ?? 0) + 1;
        }
      }
    };
    await load(80);
    assert.ok(stored > 0);
    const [, secondEngine] = await Promise.all([kill(engine), start('engine', 'engine-2')]);
    engine = secondEngine;
    await load(80);
    const [, edgeAgain] = await Promise.all([kill(second), start('edge', 'edge-2')]);
    second = edgeAgain;
    await load(80);
    await Promise.all([load(40), kill(engine)]);
    engine = await start('engine', 'engine-3');
    // What one edge has left of its lease may last longer than the other's.
    const bothRefused = (): boolean => dayRefused.every((count) => count >= 8);
    // A volume answers that its account has no owner until the third engine has taken over from the second.
    await eventually('both edges refuse by the day', async () => {
      await load(40);
      return bothRefused();
    });
    assert.ok(bothRefused(), `${dayRefused.join(' and ')} refusals by the day, ${stored} stored`);

    const input = await NatsInputLog.on(connection);
    const home = partitionOf(TENANT, QUOTA_DEVICE, PARTITIONS);
    const again = new Quotas();
    let telemetry = 0;
    let endMs = 0;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const { firstSeq, lastSeq } = await input.bounds(partition);
      if (lastSeq < firstSeq) continue;
      let logMs = 0;
      for await (const { data, timeMs } of input.range(partition, firstSeq, lastSeq)) {
        logMs = Math.max(logMs, timeMs);
        for (const event of decodeEventBatch(data)?.events ?? []) {
          if (event.kind === KIND.telemetry) {
            telemetry++;
            assert.ok(event.lease > 0, 'an event names the lease that it was admitted under');
          }
          if (event.kind !== KIND.quotaLease || partition !== home) continue;
          const ask = parseQuotaAsk(Buffer.from(event.payload).toString());
          assert.ok(ask !== undefined);
          again.apply(event.tenant, ask, logMs);
        }
      }
      if (partition === home) endMs = logMs;
    }
    assert.ok(telemetry >= stored && telemetry <= QUOTA, `${telemetry} in the log, ${stored} acknowledged, ${QUOTA} allowed`);
    // What the killed edge held is lost: no more than a lease and a half of 1 % each, for each life.
    assert.ok(telemetry >= 0.9 * QUOTA, `${telemetry} of ${QUOTA}`);

    const { lastSeq } = await input.bounds(home);
    const asked = await new NatsAskClient(connection).twin(
      home,
      { tenant: TENANT, device: QUOTA_DEVICE },
      { minSeq: lastSeq, timeoutMs: 10_000 },
    );
    assert.ok(asked.ok && asked.value !== undefined);
    const told = readQuotaAccounts(Buffer.from(asked.value).toString());
    const counted = readQuotaAccounts(again.json(TENANT, endMs) ?? '');
    assert.deepEqual(
      told?.[0]?.windows.map(({ used }) => used),
      counted?.[0]?.windows.map(({ used }) => used),
    );
    assert.deepEqual(told?.[0]?.edges, counted?.[0]?.edges);
    const used = told?.[0]?.windows[0]?.used ?? 0;
    assert.ok(used <= QUOTA && used >= telemetry, `${used} used, ${telemetry} in the log`);

    const usage = await call(first, '/v1/quotas/usage', {});
    const day = ((usage?.body['limits'] ?? []) as readonly Readonly<Record<string, unknown>>[]).find(
      ({ limit }) => limit === 'tenant-messages-day',
    );
    assert.deepEqual([day?.['used'], day?.['allowed']], [used, QUOTA]);
    assert.equal(typeof day?.['warned'], 'string');
    // Both edges refused, and any of them can say so.
    const by = (day?.['refusedBy'] ?? []) as readonly Readonly<Record<string, unknown>>[];
    assert.deepEqual(by.map(({ edge }) => String(edge)).toSorted(), ['edge-1-edge', 'edge-2-edge']);
  } finally {
    for (const child of alive) await child.kill();
    await connection.close();
    await nats.stop();
    await clickhouse.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
