/** The logs in JetStream keep the same contracts as the ones in memory; one server, fresh streams for each test. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { NatsBatchAppender } from '../../../engine/nats/batch-appender.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { NatsControlLog } from '../../../engine/nats/control-log.ts';
import { DeploymentStore } from '../../../engine/nats/deployment.ts';
import { NatsInputLog } from '../../../engine/nats/input-log.ts';
import { NatsKeptAnswers } from '../../../engine/nats/kept-answers.ts';
import { NatsLeases } from '../../../engine/nats/leases.ts';
import { NatsRecordLog } from '../../../engine/nats/record-log.ts';
import { NatsRegistryLog } from '../../../engine/nats/registry-log.ts';
import { NatsSnapshots } from '../../../engine/nats/snapshots.ts';
import { ensureStreams } from '../../../engine/nats/streams.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import type { AppendResult } from '../../../engine/ports/input-log.ts';
import { controlLogContract } from '../../contract/control-log.ts';
import { inputLogContract } from '../../contract/input-log.ts';
import { keptAnswersContract } from '../../contract/kept-answers.ts';
import { recordLogContract } from '../../contract/record-log.ts';
import { registryLogContract } from '../../contract/registry-log.ts';
import { withNats } from '../../support/servers.ts';

const SIZES = { partitions: 2, replicas: 1, logBytesMax: 64 * 1024 * 1024 };
let server: Awaited<ReturnType<typeof withNats>>;
let connection: NatsConnection;
let publisher: AckedPublisher;

before(async () => {
  server = await withNats();
  connection = await connectNats({ url: server.url, token: server.token, name: 'test' });
  publisher = new AckedPublisher(connection);
});

after(async () => {
  publisher.close();
  await connection.close();
  await server.stop();
});

async function freshStreams(): Promise<void> {
  const manager = await jetstreamManager(connection);
  for await (const name of manager.streams.names()) await manager.streams.delete(name);
  await ensureStreams(connection, SIZES);
}

const appended = async (appender: NatsBatchAppender, partition: number, data: Uint8Array): Promise<AppendResult> =>
  new Promise((resolve) => appender.append(partition, data, resolve));

registryLogContract('JetStream registry', async () => {
  await freshStreams();
  return new NatsRegistryLog(connection, publisher);
});

keptAnswersContract('JetStream kept answers', async () => {
  await freshStreams();
  return NatsKeptAnswers.on(connection, publisher, 1);
});

controlLogContract('JetStream control log', async (use) => {
  await freshStreams();
  await use(new NatsControlLog(publisher, await NatsInputLog.on(connection)));
});

recordLogContract('JetStream record log', async (use) => {
  await freshStreams();
  const input = await NatsInputLog.on(connection);
  await use({ log: new NatsControlLog(publisher, input), reader: new NatsRecordLog(input) });
});

inputLogContract('JetStream input log', async (use) => {
  await freshStreams();
  const appender = new NatsBatchAppender(publisher);
  await use({
    log: await NatsInputLog.on(connection),
    append: async (partition, data) => {
      const result = await appended(appender, partition, data);
      assert.ok(result.ok);
      return result.seq;
    },
  });
});

test('a full log refuses, by name, and stores nothing of it', async () => {
  await freshStreams();
  const manager = await jetstreamManager(connection);
  await manager.streams.update('EV_00', { max_bytes: 100_000 });
  const appender = new NatsBatchAppender(publisher);
  const results: AppendResult[] = [];
  for (let i = 0; i < 5; i++) results.push(await appended(appender, 0, Buffer.alloc(40_000)));
  assert.deepEqual(
    results.map((result) => (result.ok ? 'stored' : result.why)),
    ['stored', 'stored', 'full', 'full', 'full'],
  );
});

test('what is in flight when the server dies is unknown, and a follower goes on after it is back', async () => {
  await freshStreams();
  const appender = new NatsBatchAppender(publisher);
  const log = await NatsInputLog.on(connection);
  assert.equal((await appended(appender, 0, Buffer.from('a'))).ok, true);
  const follower = log.follow(0, 1);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const message of follower) {
      seen.push(Buffer.from(message.data).toString());
      if (message.seq === 2) follower.stop();
    }
  })();
  const reconnected = new Promise<string>((resolve) => appender.onReconnect(resolve));
  const pid = server.pid();
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  let result: AppendResult;
  do {
    result = await appended(appender, 0, Buffer.from('b'));
    if (!result.ok) {
      assert.equal(result.why, 'unknown');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } while (!result.ok);
  await reconnected;
  await reading;
  assert.deepEqual(seen.slice(0, 2), ['a', 'b']);
});

test('snapshots are listed by their record, oldest first, and read back', async () => {
  await freshStreams();
  const snapshots = await NatsSnapshots.on(connection, 1);
  const bytes = Buffer.alloc(1_500_000, 7);
  await snapshots.put({ partition: 1, recordSeq: 20, logSeq: 9 }, bytes);
  await snapshots.put({ partition: 1, recordSeq: 3, logSeq: 2 }, Buffer.from('old'));
  await snapshots.put({ partition: 0, recordSeq: 5, logSeq: 2 }, Buffer.from('other'));
  assert.deepEqual(await snapshots.list(1), [
    { partition: 1, recordSeq: 3, logSeq: 2 },
    { partition: 1, recordSeq: 20, logSeq: 9 },
  ]);
  assert.ok(bytes.equals((await snapshots.get({ partition: 1, recordSeq: 20, logSeq: 9 })) ?? new Uint8Array()));
  await snapshots.remove({ partition: 1, recordSeq: 3, logSeq: 2 });
  assert.equal((await snapshots.list(1)).length, 1);
  assert.equal(await snapshots.get({ partition: 1, recordSeq: 3, logSeq: 2 }), undefined);
  await snapshots.remove({ partition: 1, recordSeq: 3, logSeq: 2 });
});

test('snapshots come and go without a trace: no consumer, no tombstone, no chunk', async () => {
  await freshStreams();
  const snapshots = await NatsSnapshots.on(connection, 1);
  const manager = await jetstreamManager(connection);
  const stream = 'OBJ_twinfold-snapshots';
  for (let recordSeq = 1; recordSeq <= 20; recordSeq++) {
    const name = { partition: 0, recordSeq, logSeq: recordSeq };
    const bytes = Buffer.alloc(600_000, recordSeq);
    await snapshots.put(name, bytes);
    assert.deepEqual(await snapshots.list(0), [name]);
    assert.ok(bytes.equals((await snapshots.get(name)) ?? new Uint8Array()));
    await snapshots.remove(name);
  }
  const { state } = await manager.streams.info(stream);
  assert.deepEqual([state.messages, state.consumer_count], [0, 0]);
});

test('a snapshot with a changed or a missing chunk is none', async () => {
  await freshStreams();
  const snapshots = await NatsSnapshots.on(connection, 1);
  const manager = await jetstreamManager(connection);
  const stream = 'OBJ_twinfold-snapshots';
  const name = { partition: 0, recordSeq: 1, logSeq: 1 };
  await snapshots.put(name, Buffer.alloc(1_500_000, 1));
  const { state } = await manager.streams.info(stream, { subjects_filter: '$O.twinfold-snapshots.C.>' });
  const [chunks = ''] = Object.keys(state.subjects ?? {});
  await manager.streams.deleteMessage(stream, 2);
  assert.equal(await snapshots.get(name), undefined);
  await new Promise<void>((resolve) => publisher.publish({ subject: chunks, data: Buffer.alloc(1, 9) }, () => resolve()));
  assert.equal(await snapshots.get(name), undefined);
  assert.deepEqual(await snapshots.list(0), [name]);
});

test('a lease is one node’s, comes back to its own node at once, and tells who lost it', async () => {
  await freshStreams();
  const leases = new NatsLeases(connection, 1);
  const a = { node: 'a', instance: 'a1' };
  const b = { node: 'b', instance: 'b1' };
  await leases.beat(a);
  await leases.beat(b);
  assert.deepEqual(await leases.nodes(), ['a', 'b']);
  const hold = await leases.take(0, a);
  assert.ok(hold !== undefined);
  assert.equal(await leases.take(0, b), undefined);
  const renewed = await leases.renew(hold, a);
  const again = await leases.take(0, { node: 'a', instance: 'a2' });
  assert.ok(again !== undefined);
  await assert.rejects(leases.renew(renewed, a), (error) => hasCode(error, 'fenced'));
  await leases.release(again);
  assert.ok((await leases.take(0, b)) !== undefined);
});

test('the registry takes one decision a version, and its followers hear all of them', async () => {
  await freshStreams();
  const registry = new NatsRegistryLog(connection, publisher);
  const first = await registry.append('reg.t.device.d', Buffer.from('one'), 0);
  await assert.rejects(registry.append('reg.t.device.d', Buffer.from('stale'), 0), (error) => hasCode(error, 'conflict'));
  const heard: string[] = [];
  let caughtUp = false;
  const follower = registry.follow(
    (entry) => heard.push(Buffer.from(entry.data).toString()),
    () => {
      caughtUp = true;
    },
  );
  await registry.append('reg.t.device.d', Buffer.from('two'), first);
  for (let i = 0; i < 400 && (heard.length < 2 || !caughtUp); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  await follower.stop();
  assert.deepEqual(heard, ['one', 'two']);
  assert.equal(caughtUp, true);
});

test('a deployment keeps its number of partitions, and no two writers get the same number', async () => {
  await freshStreams();
  const store = await DeploymentStore.on(connection, 1);
  assert.equal((await store.ensure({ partitions: undefined, partitionsDefault: 4 })).partitions, 4);
  assert.equal((await store.ensure({ partitions: undefined, partitionsDefault: 16 })).partitions, 4);
  await assert.rejects(store.ensure({ partitions: 8, partitionsDefault: 4 }), (error) => hasCode(error, 'bad-option'));
  const epochs = await Promise.all(Array.from({ length: 20 }, async () => store.nextWriterEpoch(1_700_000_000_000)));
  assert.equal(new Set(epochs).size, 20);
  assert.ok(epochs.every((epoch) => Number.isSafeInteger(epoch)));
});
