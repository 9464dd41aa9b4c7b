/**
 * Retained messages while the engine and the log's server are killed: whatever was acknowledged last for a topic is what a
 * search finds, from the log and, when that is purged, from beside it.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { AckedPublisher } from '../../engine/nats/acked-publisher.ts';
import type { NatsBatchAppender } from '../../engine/nats/batch-appender.ts';
import { connectNats } from '../../engine/nats/connection.ts';
import { NatsRetained } from '../../engine/nats/topic-ask.ts';
import { topicAppender } from '../../engine/nats/topic-log.ts';
import { NatsTopicStore } from '../../engine/nats/topic-store.ts';
import type { AppendResult } from '../../engine/ports/input-log.ts';
import { CHECKPOINT_NAME } from '../../engine/ports/topic-store.ts';
import { topicPartitionOf } from '../../engine/kernel/partition.ts';
import { decodeTopicCheckpoint, type EventInit } from '../../schemas/gen/lean.ts';
import { startChild, type Child } from '../support/child-process.ts';
import { batchOf } from '../support/log-frames.ts';
import { until } from '../support/processes.ts';
import { withNats, type TestNats } from '../support/servers.ts';
import { retainedEvent, textOf } from '../support/topic-world.ts';

const PARTITIONS = 2;
const TOPICS = 300;
let folder: string;
let nats: TestNats;
let connection: NatsConnection;
let publisher: AckedPublisher;
let engine: Child;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twinfold-topics-'));
  nats = await withNats({ durability: 'disk' });
  engine = await startEngine();
  connection = await connectNats({ url: nats.url, token: nats.token, name: 'test' });
  publisher = new AckedPublisher(connection);
});

after(async () => {
  await engine.kill();
  publisher.close();
  await connection.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startEngine(): Promise<Child> {
  return startChild({ role: 'engine', name: 'n1', folder, nats, config: { partitions: PARTITIONS, partitionsAreChosen: true } });
}

/** One batch in flight, sent again until it is acknowledged; its counter stays. */
class Lane {
  readonly #partition: number;
  readonly #appender: NatsBatchAppender;
  #counter = 0;
  seq = 0;

  constructor(partition: number, appender: NatsBatchAppender) {
    this.#partition = partition;
    this.#appender = appender;
  }

  async send(events: readonly EventInit[]): Promise<void> {
    const data = batchOf({ edgeEpoch: 9, counter: ++this.#counter, events });
    for (;;) {
      const result = await new Promise<AppendResult>((resolve) => this.#appender.append(this.#partition, data, resolve));
      if (result.ok) {
        this.seq = result.seq;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

test('the last acknowledged message of each topic is found, whoever is killed', async () => {
  const lanes = Array.from({ length: PARTITIONS }, (_, partition) => new Lane(partition, topicAppender(publisher)));
  const retained = new NatsRetained(connection, PARTITIONS);
  const last = new Map<string, string>();
  const found = async (): Promise<readonly string[]> => {
    const minSeqs = lanes.map(({ seq }) => seq);
    const pages = await Array.fromAsync(retained.find({ tenant: 't', filter: 'a/+/x', minSeqs, timeoutMs: 30_000 }));
    return pages
      .flat()
      .map((event) => textOf(event).replace(/@.*/, ''))
      .toSorted();
  };
  const expected = (): readonly string[] => [...last].map(([topic, payload]) => `${topic}=${payload}`).toSorted();
  let isOver = false;
  let sent = 0;
  /** Writes on and on, a topic after the other, and takes some away. */
  const writing = async (lane: Lane, partition: number): Promise<void> => {
    const own = Array.from({ length: TOPICS }, (_, i) => `a/${i}/x`).filter(
      (topic) => topicPartitionOf('t', Buffer.from(topic), PARTITIONS) === partition,
    );
    for (let i = 0; !isOver; i++) {
      const topics = [own[(i * 3) % own.length], own[(i * 7 + 1) % own.length]].filter((topic) => topic !== undefined);
      const payload = i % 5 === 4 ? '' : `${i}`;
      await lane.send(topics.map((topic) => retainedEvent(topic, payload)));
      for (const topic of topics)
        if (payload === '') last.delete(topic);
        else last.set(topic, payload);
      sent += topics.length;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  for (const kill of ['engine', 'nats', 'both', 'engine'] as const) {
    isOver = false;
    const goal = sent + 400;
    const writers = lanes.map(async (lane, partition) => writing(lane, partition));
    await until(() => sent >= goal, 'messages to be written');
    if (kill !== 'nats') await engine.kill();
    if (kill !== 'engine') process.kill(nats.pid() ?? 0, 'SIGKILL');
    if (kill !== 'nats') engine = await startEngine();
    await until(() => sent >= goal + 200, 'more messages to be written');
    isOver = true;
    await Promise.all(writers);
    assert.deepEqual(await found(), expected(), `after ${kill}`);
  }
  // Nothing of the log is needed any more, once all is written beside it.
  const manager = await jetstreamManager(connection);
  const store = NatsTopicStore.retained(connection, publisher);
  for (const [partition, { seq }] of lanes.entries()) {
    const isWritten = async (): Promise<boolean> => {
      const [checkpoint] = await Array.fromAsync(store.read(partition, { filter: CHECKPOINT_NAME }));
      return (decodeTopicCheckpoint(checkpoint?.data ?? new Uint8Array())?.seq ?? 0) >= seq;
    };
    await until(isWritten, `a checkpoint of partition ${partition}`);
  }
  await engine.kill();
  for (const [partition, { seq }] of lanes.entries()) await manager.streams.purge(`TT_0${partition}`, { seq: seq + 1 });
  engine = await startEngine();
  assert.ok(last.size > TOPICS / 2);
  assert.deepEqual(await found(), expected(), 'without the log');
});
