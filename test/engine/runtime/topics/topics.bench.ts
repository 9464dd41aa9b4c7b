/**
 * What the topic partition's keeper costs: retained messages in memory (bytes a message, milliseconds of processor time for a
 * search and for a page's way out), loading them from a real store, and the index, in microseconds a message. Sizes are
 * arguments: `node topics.bench.ts [retained] [indexed]`. Prints one line of JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ANSWER_CODE, KIND } from '../../../../schemas/envelope.ts';
import {
  decodeAskRetained,
  encodeAskRetained,
  encodeEvent,
  encodeEventBatch,
  encodeRetainedAnswer,
  type AskRetainedInit,
} from '../../../../schemas/gen/lean.ts';
import { must } from '../../../../engine/kernel/assert.ts';
import type { Clock } from '../../../../engine/kernel/clock.ts';
import { placeOf } from '../../../../engine/kernel/position.ts';
import { topicKeyOf } from '../../../../engine/kernel/topic-key.ts';
import { AckedPublisher } from '../../../../engine/nats/acked-publisher.ts';
import { connectNats } from '../../../../engine/nats/connection.ts';
import { NatsInputLog } from '../../../../engine/nats/input-log.ts';
import { ensureStreams } from '../../../../engine/nats/streams.ts';
import { NatsTopicLog, topicAppender } from '../../../../engine/nats/topic-log.ts';
import { NatsTopicStore } from '../../../../engine/nats/topic-store.ts';
import { silentLog } from '../../../../engine/observability/log.ts';
import { KnownEnds } from '../../../../engine/runtime/log-ends.ts';
import { RetainedAnswers } from '../../../../engine/runtime/topics/retained-answers.ts';
import { RetainedState } from '../../../../engine/runtime/topics/retained-state.ts';
import { TopicKeeper } from '../../../../engine/runtime/topics/topic-keeper.ts';
import { withNats } from '../../../support/servers.ts';

const [retained = 100_000, indexed = 2_000_000] = process.argv.slice(2).map(Number);
const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
const payload = Buffer.alloc(100, 'x');
const BATCH = 100;

/** One in ten topics ends in `status`. */
const topicOf = (i: number): string => `plant-${i % 10}/device-${i}/${i % 10 === 0 ? 'status' : `metric-${i % 10}`}`;
const eventOf = (topic: string, publishFlags: number) =>
  ({ tenant: 't', topic, kind: KIND.published, payload, publishFlags, session: 'd:device', receivedMs: 1_700_000_000_000 }) as const;

async function cpuOf<T>(work: () => T | Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const started = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(started);
  return { ms: Math.round((user + system) / 100) / 10, value };
}

function ask(init: AskRetainedInit) {
  return must(decodeAskRetained(encodeAskRetained(init)), 'a question');
}

async function inMemory(): Promise<Record<string, number>> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const state = new RetainedState(retained);
  const filled = await cpuOf(() => {
    for (let i = 0; i < retained; i++) {
      const topic = topicOf(i);
      state.apply({ tenant: 't', topic, place: placeOf(1, i % 100), expiresMs: 0, isEmpty: false }, encodeEvent(eventOf(topic, 4)), 0);
      if (i % 1_000 === 999) state.take({ count: 1_000, bytes: 1e9 });
      if (i % 1_000 === 999) state.written();
    }
  });
  globalThis.gc?.();
  const heapBytes = process.memoryUsage().heapUsed - before.heapUsed;
  const answers = new RetainedAnswers(state, () => Promise.resolve(undefined));
  const search = async (filter: string): Promise<{ readonly ms: number; readonly value: number }> =>
    cpuOf(async () => {
      let found = 0;
      let after = '';
      do {
        const now = { wallMs: 1, monotonicMs: 1 };
        const page = await answers.page(ask({ tenant: 't', filter, after, bytesMax: 256 * 1024 }), now);
        if (page.code !== ANSWER_CODE.ok) throw new Error('no page');
        encodeRetainedAnswer(page);
        found += page.messages?.length ?? 0;
        after = page.next ?? '';
      } while (after !== '');
      return found;
    });
  await search('+/+/status');
  const tenth = await search('+/+/status');
  const branch = await search('plant-3/#');
  const one = await search(topicOf(77));
  const all = await search('#');
  return {
    retained,
    fillUs: Math.round((filled.ms / retained) * 1e5) / 100,
    heapBytesEach: Math.round(heapBytes / retained),
    statusMatches: tenth.value,
    statusMs: tenth.ms,
    branchMatches: branch.value,
    branchMs: branch.ms,
    oneMatches: one.value,
    oneMs: one.ms,
    allMs: all.ms,
  };
}

async function onServer(): Promise<Record<string, number>> {
  const server = await withNats({ durability: 'process' });
  const connection = await connectNats({ url: server.url, token: server.token, name: 'bench' });
  await ensureStreams(connection, { partitions: 1, replicas: 1, logBytesMax: 16 * 1024 * 1024, topicBytesMax: 2 * 1024 ** 3 });
  const publisher = new AckedPublisher(connection);
  const index = NatsTopicStore.index(connection, publisher);
  const topics = new NatsTopicLog({ partitions: 1, connection, publisher, reader: await NatsInputLog.on(connection), index });
  const stored = NatsTopicStore.retained(connection, publisher);
  const appender = topicAppender(publisher);
  const write = async (count: number, publishFlags: number): Promise<void> => {
    for (let i = 0; i < count; i += BATCH * 50) {
      const batches = Array.from({ length: 50 }, (_, b) => i + b * BATCH).filter((from) => from < count);
      await Promise.all(
        batches.map(async (from) => {
          const events = Array.from({ length: BATCH }, (_, e) => eventOf(topicOf(from + e), publishFlags));
          const data = encodeEventBatch({ edgeEpoch: 0, counter: 1, edge: 'bench', openedMs: 1, events });
          await new Promise<void>((resolve) => appender.append(0, data, () => resolve()));
        }),
      );
    }
  };
  const start = async () => {
    const keeper = new TopicKeeper({
      partition: 0,
      instance: 'bench',
      log: silentLog,
      topics,
      retained: stored,
      index,
      clock,
      serverId: () => '',
      leaseFresh: () => true,
      ends: new KnownEnds(),
      retainedMax: retained,
      retentionMs: 1e12,
    });
    const running = keeper.run();
    const { lastSeq } = await topics.bounds(0);
    const started = performance.now();
    const cpu = await cpuOf(async () => {
      while (keeper.status().state !== 'following' || keeper.status().appliedSeq < lastSeq) await sleep(5);
    });
    return { keeper, running, cpuMs: cpu.ms, ms: Math.round(performance.now() - started) };
  };
  await write(retained, 4);
  const first = await start();
  first.keeper.stop();
  await first.running;
  const loaded = await start();
  loaded.keeper.stop();
  await loaded.running;
  await write(indexed, 0);
  const indexing = await start();
  const { segments, indexedTo } = indexing.keeper.status();
  const keys = [topicKeyOf('t', Buffer.from(topicOf(77)))];
  const lookStarted = performance.now();
  const look = await topics.candidates(0, { keys, from: 1, to: indexedTo });
  const lookMs = Math.round((performance.now() - lookStarted) * 10) / 10;
  indexing.keeper.stop();
  await indexing.running;
  publisher.close();
  await connection.close();
  await server.stop();
  return {
    writeRetainedMs: first.ms,
    writeRetainedCpuMs: first.cpuMs,
    loadMs: loaded.ms,
    loadCpuMs: loaded.cpuMs,
    indexed,
    indexCpuUs: Math.round(((indexing.cpuMs - loaded.cpuMs) / indexed) * 1e5) / 100,
    segments,
    lookMs,
    candidates: look.seqs.length,
  };
}

console.log(JSON.stringify({ ...(await inMemory()), ...(await onServer()) }));
