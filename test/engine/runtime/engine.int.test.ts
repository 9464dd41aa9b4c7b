/**
 * Two engines on one nats-server and one ClickHouse, while an edge writes: one engine is cut off and the other takes over,
 * nats-server is killed. What was acknowledged is in ClickHouse, once, and in the twins.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NatsConnection } from '@nats-io/transport-node';
import { partitionOf } from '../../../engine/kernel/partition.ts';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { NatsAskClient } from '../../../engine/nats/ask-client.ts';
import { NatsBatchAppender } from '../../../engine/nats/batch-appender.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { ensureStreams } from '../../../engine/nats/streams.ts';
import type { AppendResult } from '../../../engine/ports/input-log.ts';
import { startEngineNode, type EngineNode } from '../../support/engine-node.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';
import { until } from '../../support/processes.ts';
import { withClickHouse, withNats, type TestClickHouse, type TestNats } from '../../support/servers.ts';

const PARTITIONS = 4;
const EVENTS_A_BATCH = 20;
const PAUSE_MS = 5;
/** A lease lives four seconds; fifteen more are what a takeover may take. */
const TAKEOVER_MS_MAX = 19_000;

let nats: TestNats;
let clickhouse: TestClickHouse;
let connection: NatsConnection;
let publisher: AckedPublisher;
let asks: NatsAskClient;

before(async () => {
  [nats, clickhouse] = await Promise.all([withNats(), withClickHouse()]);
  connection = await connectNats({ url: nats.url, token: nats.token, name: 'edge' });
  await ensureStreams(connection, { partitions: PARTITIONS, replicas: 1, logBytesMax: 256 * 1024 * 1024 });
  publisher = new AckedPublisher(connection);
  asks = new NatsAskClient(connection);
});

after(async () => {
  publisher.close();
  await connection.close();
  await Promise.all([nats.stop(), clickhouse.stop()]);
});

function deviceOf(partition: number): string {
  for (let i = 0; ; i++) if (partitionOf('t', `d${i}`, PARTITIONS) === partition) return `d${i}`;
}

/** One lane: a batch in flight, sent again unchanged until it is answered. */
class Lane {
  readonly partition: number;
  readonly device: string;
  events = 0;
  lastSeq = 0;
  #counter = 0;
  #writing = true;
  readonly #done: Promise<void>;

  constructor(partition: number) {
    this.partition = partition;
    this.device = deviceOf(partition);
    this.#done = this.#write(new NatsBatchAppender(publisher));
  }

  async stop(): Promise<void> {
    this.#writing = false;
    await this.#done;
  }

  async #write(appender: NatsBatchAppender): Promise<void> {
    while (this.#writing) {
      const events = Array.from({ length: EVENTS_A_BATCH }, (_, i) => jsonEvent(this.device, { n: this.events + i + 1 }));
      const data = batchOf({ edgeEpoch: 1, counter: ++this.#counter, events });
      let result: AppendResult;
      for (;;) {
        result = await new Promise<AppendResult>((resolve) => appender.append(this.partition, data, resolve));
        if (result.ok) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      this.lastSeq = result.seq;
      this.events += EVENTS_A_BATCH;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function owners(): Promise<readonly string[]> {
  return Promise.all(
    Array.from({ length: PARTITIONS }, async (_, partition) => {
      const asked = await asks.status(partition, { minSeq: 0, timeoutMs: 300 });
      if (!asked.ok) return 'nobody';
      const status = JSON.parse(Buffer.from(asked.value).toString()) as { owner: string; state: string };
      return status.state === 'folding' ? status.owner : 'nobody';
    }),
  );
}

async function covered(lanes: readonly Lane[]): Promise<void> {
  for (const { partition, lastSeq } of lanes) {
    await until(async () => {
      const asked = await asks.status(partition, { minSeq: 0, timeoutMs: 300 });
      return asked.ok && (JSON.parse(Buffer.from(asked.value).toString()) as { checkpoint: number }).checkpoint >= lastSeq;
    }, `message ${lastSeq} of partition ${partition} to be covered`);
  }
}

async function twinOf(lane: Lane): Promise<string> {
  const asked = await asks.twin(lane.partition, { tenant: 't', device: lane.device }, { minSeq: lane.lastSeq, timeoutMs: 10_000 });
  assert.ok(asked.ok && asked.value !== undefined);
  return Buffer.from(asked.value).toString();
}

test('an engine that is cut off is replaced, nats-server is killed, and every acknowledged event is there once', async (t) => {
  const servers = { nats, clickhouse, partitions: PARTITIONS };
  const nodes: EngineNode[] = [];
  const lanes: Lane[] = [];
  t.after(async () => {
    await Promise.all(lanes.map(async (lane) => lane.stop()));
    await Promise.all(nodes.map(async (node) => node.cutOff()));
  });
  const start = async (name: string): Promise<EngineNode> => {
    const node = await startEngineNode(name, servers);
    nodes.push(node);
    return node;
  };
  const a = await start('a');
  const b = await start('b');
  await until(async () => (await owners()).toSorted().join('') === 'aabb', 'both to own half');
  for (let partition = 0; partition < PARTITIONS; partition++) lanes.push(new Lane(partition));
  await new Promise((resolve) => setTimeout(resolve, 1_500));

  const cutMs = performance.now();
  await a.cutOff();
  await until(async () => (await owners()).every((owner) => owner === 'b'), 'the other to own all');
  assert.ok(performance.now() - cutMs < TAKEOVER_MS_MAX);
  await new Promise((resolve) => setTimeout(resolve, 1_000));

  const pid = nats.pid();
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  const again = await start('a');
  await until(async () => (await owners()).toSorted().join('') === 'aabb', 'both to own half again');
  await new Promise((resolve) => setTimeout(resolve, 1_000));

  await Promise.all(lanes.map(async (lane) => lane.stop()));
  await covered(lanes);
  for (const lane of lanes) assert.match(await twinOf(lane), new RegExp(`"value":${lane.events}[,}]`));
  await Promise.all([again.stop(), b.stop()]);

  const sent = lanes.reduce((sum, lane) => sum + lane.events, 0);
  const sum = lanes.reduce((total, lane) => total + (lane.events * (lane.events + 1)) / 2, 0);
  const database = clickhouse.database;
  assert.equal(
    await clickhouse.query(`SELECT count(), toUInt64(sum(metrics['n'])) FROM ${database}.events WHERE outcome = 'accepted'`),
    `${sent}\t${sum}`,
  );
  assert.equal(await clickhouse.query(`SELECT count() - uniqExact(partition, log_seq, batch_index, item) FROM ${database}.events`), '0');
  assert.equal(await clickhouse.query(`SELECT count() FROM ${database}.events WHERE outcome NOT IN ('accepted', 'duplicate')`), '0');
  const alarms = [a, b, again].flatMap(({ said }) =>
    said.filter(({ what }) => ['sink-stopped', 'partition-stopped', 'log-lost-its-end', 'control-log-lost-its-end'].includes(what)),
  );
  assert.deepEqual(alarms, []);
});
