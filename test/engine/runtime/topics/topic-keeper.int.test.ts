/** Topic keepers on a real nats-server: several that all think the partition theirs, and a log that comes back without its end. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AckedPublisher } from '../../../../engine/nats/acked-publisher.ts';
import { connectNats } from '../../../../engine/nats/connection.ts';
import { NatsInputLog } from '../../../../engine/nats/input-log.ts';
import { ensureStreams } from '../../../../engine/nats/streams.ts';
import { NatsRetained, serveTopicAsks } from '../../../../engine/nats/topic-ask.ts';
import { NatsTopicLog, topicAppender } from '../../../../engine/nats/topic-log.ts';
import { NatsTopicStore } from '../../../../engine/nats/topic-store.ts';
import type { Clock } from '../../../../engine/kernel/clock.ts';
import { MetricsRegistry } from '../../../../engine/observability/metrics.ts';
import type { Log, LogFacts } from '../../../../engine/observability/log.ts';
import type { AppendResult } from '../../../../engine/ports/input-log.ts';
import { TopicKeepers } from '../../../../engine/runtime/topics/topic-keepers.ts';
import { cutEnd } from '../../../../loadtest/faults/lost-ends.ts';
import type { EventInit } from '../../../../schemas/gen/lean.ts';
import { batchOf } from '../../../support/log-frames.ts';
import { withNats, type TestNats } from '../../../support/servers.ts';
import { retainedEvent, textOf } from '../../../support/topic-world.ts';

const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
const ROUNDS = 60;

class Node {
  readonly said: { readonly what: string; readonly facts: LogFacts }[] = [];
  readonly topics: NatsTopicLog;
  readonly keepers: TopicKeepers;
  readonly retained: NatsRetained;
  readonly #publisher: AckedPublisher;
  readonly #close: () => Promise<void>;
  readonly #epoch: number;
  #counter = 0;

  private constructor(parts: {
    readonly connection: Awaited<ReturnType<typeof connectNats>>;
    readonly reader: NatsInputLog;
    readonly instance: string;
  }) {
    const { connection, reader, instance } = parts;
    // A writer's number is never another's.
    this.#epoch = instance.charCodeAt(0);
    const publisher = new AckedPublisher(connection);
    const index = NatsTopicStore.index(connection, publisher);
    const say = (what: string, facts: LogFacts = {}): void => void this.said.push({ what, facts });
    const log: Log = { info: say, warn: say, error: say };
    this.#publisher = publisher;
    this.topics = new NatsTopicLog({ partitions: 1, connection, publisher, reader, index });
    this.retained = new NatsRetained(connection, 1);
    this.keepers = new TopicKeepers({
      partitions: 1,
      instance,
      log,
      topics: this.topics,
      retained: NatsTopicStore.retained(connection, publisher),
      index,
      clock,
      serverId: () => connection.info?.server_id ?? '',
      retentionMs: 1e12,
      retainedMax: 10_000,
      metrics: new MetricsRegistry(clock),
      serveAsks: (partition, handler) => serveTopicAsks(connection, partition, { handler, log }),
    });
    this.#close = async () => {
      publisher.close();
      await connection.close();
    };
  }

  static async on(nats: TestNats, instance: string): Promise<Node> {
    const connection = await connectNats({ url: nats.url, token: nats.token, name: instance });
    await ensureStreams(connection, { partitions: 1, replicas: 1, logBytesMax: 64 * 1024 * 1024 });
    return new Node({ connection, reader: await NatsInputLog.on(connection), instance });
  }

  async send(events: readonly EventInit[]): Promise<number> {
    const data = batchOf({ edgeEpoch: this.#epoch, counter: ++this.#counter, events });
    const result = await new Promise<AppendResult>((resolve) => topicAppender(this.#publisher).append(0, data, resolve));
    assert.ok(result.ok);
    return result.seq;
  }

  async find(minSeq: number): Promise<readonly string[]> {
    const pages = await Array.fromAsync(this.retained.find({ tenant: 't', filter: '#', minSeqs: [minSeq], timeoutMs: 20_000 }));
    return pages
      .flat()
      .map((event) => textOf(event).replace(/@.*/, ''))
      .toSorted();
  }

  close(): Promise<void> {
    return this.#close();
  }
}

test('several keepers at once never leave an older message as the last one', async (t) => {
  const nats = await withNats();
  const nodes = await Promise.all(['a', 'b', 'c'].map(async (name) => Node.on(nats, name)));
  t.after(async () => {
    await Promise.all(nodes.map(async (node) => node.close()));
    await nats.stop();
  });
  const [writer] = nodes;
  assert.ok(writer !== undefined);
  // All of them think that it is theirs; each has the partition until another takes it.
  const running = nodes.map((node) => {
    const keeper = node.keepers.keeper(0, () => true);
    return { keeper, done: keeper.run() };
  });
  const last = new Map<string, string>();
  let seq = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const topics = [`a/${round % 7}`, `b/${round % 5}`, `c/${round % 3}`];
    const payload = round % 4 === 3 ? '' : `${round}`;
    seq = await writer.send(topics.map((topic) => retainedEvent(topic, payload)));
    for (const topic of topics)
      if (payload === '') last.delete(topic);
      else last.set(topic, payload);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(nodes.flatMap(({ said }) => said).some(({ what }) => what === 'topic-keeper-fenced'));
  // What no keeper has taken in is not to be purged.
  await writer.find(seq);
  for (const { keeper } of running) keeper.stop();
  await Promise.all(running.map(async ({ done }) => done));
  await writer.topics.purge(0, seq + 1);
  const after = await Node.on(nats, 'after');
  nodes.push(after);
  const keeper = after.keepers.keeper(0, () => true);
  const done = keeper.run();
  const expected = [...last].map(([topic, payload]) => `${topic}=${payload}`).toSorted();
  assert.deepEqual(await after.find(0), expected);
  keeper.stop();
  await done;
});

test('a log that comes back without its end goes on behind what is known, and keeps what survived', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'twinfold-topic-ends-'));
  const dataDir = join(folder, 'nats');
  const closing: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const close of closing.toReversed()) await close();
    await rm(folder, { recursive: true, force: true });
  });
  const first = await withNats({ folder: dataDir });
  closing.push(() => first.stop());
  const a = await Node.on(first, 'a');
  closing.push(() => a.close());
  let keeper = a.keepers.keeper(0, () => true);
  let done = keeper.run();
  let seq = 0;
  for (let i = 0; i < 40; i++) seq = await a.send([retainedEvent(`a/${i % 10}`, `${i} ${'x'.repeat(500)}`)]);
  const before = await a.find(seq);
  assert.equal(before.length, 10);
  keeper.stop();
  await done;
  await a.close();
  await first.stop();
  cutEnd(folder, 'TT_00', { share: 0.4, bytesMax: 1_000_000 });

  const second = await withNats({ folder: dataDir });
  closing.push(() => second.stop());
  const b = await Node.on(second, 'b');
  closing.push(() => b.close());
  const { lastSeq: kept } = await b.topics.bounds(0);
  assert.ok(kept > 0 && kept < seq, `the log ends at ${kept} of ${seq}`);
  keeper = b.keepers.keeper(0, () => true);
  done = keeper.run();
  assert.deepEqual(await b.find(0), before);
  const { firstSeq, lastSeq } = await b.topics.bounds(0);
  assert.deepEqual([firstSeq, lastSeq], [1, seq + 30_000]);
  const told = b.said.filter(({ what }) => what === 'topic-log-lost-its-end').map(({ facts }) => [facts['endsAt'], facts['known']]);
  assert.deepEqual(told, [[kept, seq]]);
  assert.equal(await b.retained.confirmEnd(0, { serverId: 'another', ackedSeq: 0 }), 'behind');
  const later = await b.send([retainedEvent('a/0', 'later')]);
  assert.equal(later, lastSeq + 1);
  assert.ok((await b.find(later)).includes('a/0=later'));
  keeper.stop();
  await done;
});
