/** Real engines on real servers, seen by the scrape of an edge: before there is one, with two, and when one hands over. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NatsConnection } from '@nats-io/transport-node';
import { partitionOf } from '../../../engine/kernel/partition.ts';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { NatsAskClient } from '../../../engine/nats/ask-client.ts';
import { NatsBatchAppender } from '../../../engine/nats/batch-appender.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { ensureStreams } from '../../../engine/nats/streams.ts';
import { renderExposition } from '../../../engine/observability/exposition.ts';
import type { AppendResult } from '../../../engine/ports/input-log.ts';
import { EngineMetrics } from '../../../ingest/health/engine-metrics.ts';
import { startEngineNode, type EngineNode } from '../../support/engine-node.ts';
import { readExposition, valueOf, type ReadFamily } from '../../support/exposition-check.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';
import { until } from '../../support/processes.ts';
import { withClickHouse, withNats, type TestClickHouse, type TestNats } from '../../support/servers.ts';

const PARTITIONS = 2;
const clock = { now: () => Date.now(), monotonic: () => performance.now() };

let nats: TestNats;
let clickhouse: TestClickHouse;
let connection: NatsConnection;
let publisher: AckedPublisher;
const nodes: EngineNode[] = [];

before(async () => {
  [nats, clickhouse] = await Promise.all([withNats(), withClickHouse()]);
  connection = await connectNats({ url: nats.url, token: nats.token, name: 'edge' });
  await ensureStreams(connection, { partitions: PARTITIONS, replicas: 1, logBytesMax: 64 * 1024 * 1024 });
  publisher = new AckedPublisher(connection);
});

after(async () => {
  await Promise.all(nodes.map(async (node) => node.stop()));
  publisher.close();
  await connection.close();
  await Promise.all([nats.stop(), clickhouse.stop()]);
});

type Families = ReadonlyMap<string, ReadFamily>;

/** Each time as an edge that was not scraped just now. */
async function scrape(): Promise<Families> {
  const engines = new EngineMetrics({ ask: new NatsAskClient(connection), partitions: PARTITIONS, clock });
  return readExposition(renderExposition(await engines.collect()));
}

async function start(node: string): Promise<EngineNode> {
  const started = await startEngineNode(node, { nats, clickhouse, partitions: PARTITIONS });
  nodes.push(started);
  return started;
}

const owned = (families: Families): number =>
  families.get('twinfold_partition_owned')?.samples.reduce((sum, { value }) => sum + value, 0) ?? 0;
const acceptedBy = (families: Families, node: string): number | undefined =>
  valueOf(families, 'twinfold_events_total', { process: `${node}-engine`, edge: 'fold', outcome: 'accepted' });

let counter = 0;

/** One event for each of so many devices in each partition. */
async function write(devices: number): Promise<void> {
  const appender = new NatsBatchAppender(publisher);
  counter++;
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const names = Array.from({ length: 1_000 }, (_, i) => `d${i}`).filter((name) => partitionOf('t', name, PARTITIONS) === partition);
    const events = names.slice(0, devices).map((name) => jsonEvent(name, { n: counter }));
    const data = batchOf({ edgeEpoch: 1, counter, events });
    const result = await new Promise<AppendResult>((resolve) => appender.append(partition, data, resolve));
    assert.ok(result.ok);
  }
}

async function scraped(what: string, holds: (families: Families) => boolean): Promise<Families> {
  let last: Families = new Map();
  await until(async () => holds((last = await scrape())), what);
  return last;
}

test('one scrape shows every engine process, who is missing, and counts that outlive a handover', { timeout: 90_000 }, async () => {
  const empty = await scrape();
  assert.equal(owned(empty), 0);
  assert.equal(empty.get('twinfold_partition_lag_seconds')?.samples.length, 0);
  assert.equal(empty.has('twinfold_events_total'), false);

  const first = await start('a');
  await scraped('both partitions to be owned', (families) => owned(families) === PARTITIONS);
  await write(10);
  const alone = await scraped('the events to be folded', (families) => acceptedBy(families, 'a') === 10 * PARTITIONS);
  for (const partition of ['0', '1']) {
    assert.equal(valueOf(alone, 'twinfold_partition_devices', { partition }), 10, 'current, long before a snapshot');
    assert.ok((valueOf(alone, 'twinfold_partition_lag_seconds', { partition }) ?? -1) >= 0);
    assert.ok((valueOf(alone, 'twinfold_sink_lag_seconds', { partition }) ?? -1) >= 0);
  }

  await start('b');
  await scraped('each to own one', (families) => acceptedBy(families, 'b') !== undefined && owned(families) === PARTITIONS);
  await write(15);
  const shared = await scraped('the events to be folded', (families) => {
    return (acceptedBy(families, 'a') ?? 0) + (acceptedBy(families, 'b') ?? 0) === 25 * PARTITIONS;
  });
  assert.equal(acceptedBy(shared, 'a'), 10 * PARTITIONS + 15, 'what it had counted stays');
  assert.equal(acceptedBy(shared, 'b'), 15);

  await first.stop();
  const handedOver = await scraped(
    'the other to own both',
    (families) => owned(families) === PARTITIONS && acceptedBy(families, 'a') === undefined,
  );
  assert.equal(acceptedBy(handedOver, 'b'), 15, 'taking over counts nothing again');
  for (const partition of ['0', '1']) assert.equal(valueOf(handedOver, 'twinfold_partition_devices', { partition }), 15);
});
