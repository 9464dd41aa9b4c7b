/** The topic log in JetStream, and what stands beside it, keep the same contracts as in memory; one server for all. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { NatsInputLog } from '../../../engine/nats/input-log.ts';
import { ensureStreams } from '../../../engine/nats/streams.ts';
import { NatsRetained, serveTopicAsks } from '../../../engine/nats/topic-ask.ts';
import { NatsQuickMessages, NatsTopicLog, topicAppender } from '../../../engine/nats/topic-log.ts';
import { NatsTopicStore } from '../../../engine/nats/topic-store.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import type { AppendResult } from '../../../engine/ports/input-log.ts';
import { inputLogContract } from '../../contract/input-log.ts';
import { retainedContract } from '../../contract/retained.ts';
import { quickMessagesContract, topicLogContract } from '../../contract/topic-log.ts';
import { topicStoreContract } from '../../contract/topic-store.ts';
import { withNats } from '../../support/servers.ts';

const SIZES = { partitions: 2, replicas: 1, logBytesMax: 64 * 1024 * 1024, topicBytesMax: 32 * 1024 * 1024 };
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

async function freshLog() {
  await freshStreams();
  const index = NatsTopicStore.index(connection, publisher);
  const log = new NatsTopicLog({ partitions: 2, connection, publisher, reader: await NatsInputLog.on(connection), index });
  return { log, index };
}

topicStoreContract('JetStream topic store', async (keepsLast) => {
  await freshStreams();
  return keepsLast ? NatsTopicStore.retained(connection, publisher) : NatsTopicStore.index(connection, publisher);
});

topicLogContract('JetStream topic log', freshLog);

inputLogContract('JetStream topic log', async (use) => {
  const { log } = await freshLog();
  const appender = topicAppender(publisher);
  await use({
    log,
    append: async (partition, data) => {
      const result = await new Promise<AppendResult>((resolve) => appender.append(partition, data, resolve));
      assert.ok(result.ok);
      return result.seq;
    },
  });
});

quickMessagesContract('quick messages over NATS', () => Promise.resolve(new NatsQuickMessages(connection, publisher)));

retainedContract('retained over NATS', async (use) => {
  const serve = { log: silentLog };
  await use({
    retained: new NatsRetained(connection, 3),
    serve: (partition, handler) => serveTopicAsks(connection, partition, { ...serve, handler }),
  });
});

test('an entry with an end is forgotten by the server, and its sequence is not given away again', async () => {
  await freshStreams();
  const store = NatsTopicStore.retained(connection, publisher);
  await store.append(
    0,
    [
      { name: 'gone', data: Buffer.from('x'), ttlS: 1 },
      { name: 'stays', data: Buffer.from('y') },
    ],
    0,
  );
  const names = async (): Promise<readonly string[]> => (await Array.fromAsync(store.read(0, { filter: '>' }))).map(({ name }) => name);
  for (let i = 0; i < 100 && (await names()).length === 2; i++) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(await names(), ['stays']);
  assert.equal(await store.append(0, [{ name: 'gone', data: Buffer.from('x') }], 2), 3);
});

test('streams of an earlier version are given what they lack; ones of another make are refused', async () => {
  await freshStreams();
  const manager = await jetstreamManager(connection);
  const before0 = (await manager.streams.info('TR_00')).config;
  assert.deepEqual([before0.max_msgs_per_subject, before0.discard, before0.allow_msg_ttl], [1, 'new', true]);
  await manager.streams.delete('TT_00');
  await manager.streams.add({ name: 'TT_00', subjects: ['tt.00', 'tt.00.fx.*'], discard: before0.discard, deny_delete: true });
  await ensureStreams(connection, { ...SIZES, topicBytesMax: 20_000_000 });
  const { config } = await manager.streams.info('TT_00');
  assert.deepEqual([config.allow_direct, config.allow_atomic, config.max_bytes], [true, true, 10_000_000]);
  await manager.streams.delete('TR_01');
  await manager.streams.add({ name: 'TR_01', subjects: ['tr.01.>'], discard: before0.discard });
  await assert.rejects(ensureStreams(connection, SIZES), (error) => hasCode(error, 'server-unfit'));
});

test('a full topic log refuses, a full store too, and both keep what they have', async () => {
  const { log } = await freshLog();
  const manager = await jetstreamManager(connection);
  await manager.streams.update('TT_00', { max_bytes: 50_000 });
  await manager.streams.update('TR_00', { max_bytes: 50_000 });
  const appender = topicAppender(publisher);
  const append = async (): Promise<AppendResult> => new Promise((resolve) => appender.append(0, Buffer.alloc(30_000), resolve));
  assert.deepEqual(await append(), { ok: true, seq: 1 });
  assert.deepEqual(await append(), { ok: false, why: 'full' });
  assert.equal((await log.bounds(0)).lastSeq, 1);
  const store = NatsTopicStore.retained(connection, publisher);
  await store.append(0, [{ name: 'a', data: Buffer.alloc(20_000) }], 0);
  await assert.rejects(
    store.append(
      0,
      [
        { name: 'b', data: Buffer.alloc(20_000) },
        { name: 'c', data: Buffer.alloc(20_000) },
      ],
      1,
    ),
    (error) => hasCode(error, 'log-full'),
  );
  assert.equal((await Array.fromAsync(store.read(0, { filter: '>' }))).length, 1);
});
