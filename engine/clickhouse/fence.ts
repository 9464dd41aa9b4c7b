/**
 * The fence: after it, no row of an older epoch of the claimed partitions can appear any more. Three steps, in this order:
 * raise the epochs that every insert is compared with; make sure that the server compares with the new ones; wait until
 * every insert that may have been compared with the old ones has ended. It waits for all of them, not only for those of
 * the last owner: an owner before that may have been replaced twice without anybody having waited for it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { TwinfoldError } from '../kernel/errors.ts';
import type { FenceClaim } from '../ports/analytics-sink.ts';
import { rows, run } from './client.ts';
import { FENCE_DICTIONARY, FENCE_TABLE } from './ddl.ts';

/** Every insert of the sink is named so. */
export const QUERY_PREFIX = 'sink:';

/** Inserts of living processes end by themselves in this time; only then are those of former owners killed. */
const GRACE_MS = 1_000;
/** Whatever is left by now is killed, whoever sent it: nobody waits that long for a block. */
const PATIENCE_MS = 7_000;
/**
 * Beyond this the fence has failed and is begun again later. A kill doesn't end an insert that waits for its client; the
 * server gives those up by itself after the `http_receive_timeout` of its default profile, which is 30 s where nobody set it.
 */
const WAIT_MS_MAX = 45_000;
const POLL_MS = 25;

export interface FenceOptions {
  readonly database: string;
  /** Process instances that are gone, or whose result is unknown: their inserts are killed when they don't end soon. */
  readonly instances: readonly string[];
}

/** Rejects when it can't be sure; then nothing may be asked or sent before it has succeeded. */
export async function raiseFence(client: ClickHouseClient, claims: readonly FenceClaim[], options: FenceOptions): Promise<void> {
  const { database } = options;
  const values = claims.map(({ partition, epoch }) => `(${partition}, ${epoch})`).join(', ');
  await run(client, `INSERT INTO ${database}.${FENCE_TABLE} (partition, epoch) VALUES ${values}`, { settings: { async_insert: 0 } });
  await run(client, `SYSTEM RELOAD DICTIONARY ${database}.${FENCE_DICTIONARY}`);
  await assertRaised(client, claims, database);
  await waitForOlder(client, options.instances);
}

async function assertRaised(client: ClickHouseClient, claims: readonly FenceClaim[], database: string): Promise<void> {
  const inForce = await rows<{ partition: number; epoch: string }>(
    client,
    `SELECT p AS partition, dictGet('${database}.${FENCE_DICTIONARY}', 'epoch', toUInt64(p)) AS epoch FROM (SELECT arrayJoin({partitions:Array(UInt16)}) AS p)`,
    { params: { partitions: claims.map((claim) => claim.partition) } },
  );
  for (const { partition, epoch } of claims) {
    const found = inForce.find((row) => row.partition === partition);
    if (found !== undefined && Number(found.epoch) >= epoch) continue;
    throw new TwinfoldError(
      'sink-unavailable',
      `the fence of partition ${partition} stands at ${found?.epoch ?? 'nothing'}, not at ${epoch}`,
      { domain: 'external', retryable: true },
    );
  }
}

async function waitForOlder(client: ClickHouseClient, instances: readonly string[]): Promise<void> {
  const startedMs = performance.now();
  const older = new Set(await running(client));
  while (older.size > 0) {
    const waitedMs = performance.now() - startedMs;
    if (waitedMs > WAIT_MS_MAX)
      throw new TwinfoldError('sink-unavailable', `${older.size} older inserts do not end`, { domain: 'external', retryable: true });
    if (waitedMs > GRACE_MS)
      await kill(
        client,
        [...older].filter((id) => waitedMs > PATIENCE_MS || instances.some((instance) => id.startsWith(`${QUERY_PREFIX}${instance}:`))),
      );
    await pause(POLL_MS);
    const now = new Set(await running(client));
    for (const id of older) if (!now.has(id)) older.delete(id);
  }
}

/** Ids of inserts of any sink, under way now. An id is never used twice. */
async function running(client: ClickHouseClient): Promise<readonly string[]> {
  const found = await rows<{ id: string }>(
    client,
    'SELECT query_id AS id FROM system.processes WHERE startsWith(query_id, {prefix:String})',
    { params: { prefix: QUERY_PREFIX } },
  );
  return found.map(({ id }) => id);
}

/** Asks for their end; whether they have ended is seen by looking. */
async function kill(client: ClickHouseClient, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await run(client, 'KILL QUERY WHERE has({ids:Array(String)}, query_id) ASYNC', { params: { ids } });
}
