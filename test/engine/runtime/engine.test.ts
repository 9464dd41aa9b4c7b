/** An engine on ports in memory: owners come, die, are replaced, and move between two engines. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { decodeAsk, encodeAsk, type Answer, type Ask } from '../../../schemas/envelope.ts';
import { encodeConnected, KIND, VIA } from '../../../schemas/gen/lean.ts';
import { MemoryEdgeLife } from '../../../engine/memory/memory-edge-life.ts';
import { MemoryEraser } from '../../../engine/memory/memory-eraser.ts';
import { MemoryLeases } from '../../../engine/memory/memory-leases.ts';
import { MemoryTopicLog, MemoryTopicStore } from '../../../engine/memory/memory-topic-log.ts';
import { readFamilies, renderExposition } from '../../../engine/observability/exposition.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import { MetricsRegistry } from '../../../engine/observability/metrics.ts';
import type { FoldPool } from '../../../engine/ports/fold-pool.ts';
import { SESSION_REPORTS_MAX } from '../../../engine/pipeline/notices.ts';
import { Engine } from '../../../engine/runtime/engine.ts';
import { UNKNOWN_MESSAGES_MAX } from '../../../engine/runtime/log-ends.ts';
import { Sink } from '../../../engine/runtime/sink.ts';
import type { KeeperStatus } from '../../../engine/runtime/topics/topic-keeper.ts';
import { TopicKeepers } from '../../../engine/runtime/topics/topic-keepers.ts';
import { inProcessFoldPool, startFoldPool } from '../../../workers/pool.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';
import { assertRecordsContiguous, storedRows } from '../../support/owner-checks.ts';
import { QUICK_LIMITS, World, type StartOptions } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';
import { retainedEvent } from '../../support/topic-world.ts';

const TTL_MS = 4_000;
const KILLER = { device: 'killer', how: 'exit' } as const;

interface Running {
  readonly engine: Engine;
  readonly metrics: MetricsRegistry;
  readonly asks: ReadonlyMap<number, { ask(ask: Ask): Promise<Answer> }>;
  readonly leases: MemoryLeases;
  stop(): Promise<void>;
}

const pools: FoldPool[] = [];
after(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
});

function runEngine(
  world: World,
  options: StartOptions & {
    readonly leases?: MemoryLeases;
    readonly partitions?: number;
    readonly edgeLives?: MemoryEdgeLife;
    readonly topicKeepers?: TopicKeepers;
  } = {},
): Running {
  const { parts } = world.parts(options);
  const { topicKeepers } = options;
  const leases = options.leases ?? new MemoryLeases(TTL_MS, () => world.clock.monotonic());
  const metrics = new MetricsRegistry(world.clock);
  const asks = new Map<number, { ask(ask: Ask): Promise<Answer> }>();
  const sink: Sink = new Sink({
    analytics: parts.analytics,
    instance: parts.member.instance,
    clock: world.clock,
    log: parts.log,
    limits: QUICK_LIMITS,
    onLostEnd: (partition, seq) => engine.lostControlEnd(partition, seq),
  });
  const engine: Engine = new Engine({
    ...parts,
    eraser: new MemoryEraser(),
    edgeLives: options.edgeLives ?? new MemoryEdgeLife(),
    sink,
    partitions: options.partitions ?? 1,
    leases,
    metrics,
    ...(topicKeepers === undefined
      ? {}
      : {
          topicKeeper: (partition: number, leaseFresh: () => boolean) => topicKeepers.keeper(partition, leaseFresh),
          topicStatus: (partition: number) => topicKeepers.status(partition),
        }),
    serveAsks: (partition, handler) => {
      asks.set(partition, handler);
      return { stop: () => void (asks.get(partition) === handler && asks.delete(partition)) };
    },
  });
  pools.push(parts.pool);
  const running = engine.run();
  const stop = async (): Promise<void> => {
    engine.stop();
    await running;
  };
  return { engine, metrics, asks, leases, stop };
}

async function statusOf(running: Running, partition = 0): Promise<Record<string, unknown>> {
  const answer = await running.asks.get(partition)?.ask(decodeAsk(encodeAsk({ status: {} })));
  return answer === undefined ? {} : (JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>);
}

const covered = async (running: Running, seq: number): Promise<void> =>
  until(async () => (await statusOf(running))['checkpoint'] === seq, `message ${seq} to be covered`);

for (const [name, pool] of [
  ['in process', () => inProcessFoldPool({ dieOn: KILLER })],
  ['a thread', () => startFoldPool({ workers: 1, heapMb: 32, dieOn: KILLER })],
] as const) {
  test(`an event that kills its worker three times (${name}) is quarantined, and the partition goes on`, async () => {
    const world = new World();
    const edge = world.edge();
    const running = runEngine(world, { pool: pool() });
    edge.send([jsonEvent('d1', { t: 1 })]);
    edge.send([jsonEvent('d1', { t: 2 }), jsonEvent('killer', { t: 3 }), jsonEvent('d1', { t: 4 })]);
    edge.send([jsonEvent('d1', { t: 5 })]);
    await covered(running, 3);
    await running.engine.flush();
    assert.equal(world.times('event-killed-worker'), 3);
    assert.deepEqual(
      world.said.filter(({ what }) => what === 'event-killed-worker').map(({ facts }) => [facts['seq'], facts['index'], facts['deaths']]),
      [1, 2, 3].map((deaths) => [2, 1, deaths]),
    );
    await running.stop();
    assert.deepEqual([...storedRows(world)].toSorted(), [
      '1.0/0 accepted',
      '2.0/0 accepted',
      '2.1/0 quarantined',
      '2.2/0 accepted',
      '3.0/0 accepted',
    ]);
    await assertRecordsContiguous(world);
    const text = running.metrics.render();
    assert.match(text, /twinfold_events_total\{[^}]*outcome="accepted"\} 4/);
    assert.match(text, /twinfold_events_total\{[^}]*outcome="quarantined"\} 1/);
  });
}

test('what a worker thread has to say to connections is said, and what is too much is counted', async () => {
  const world = new World();
  const heard: (readonly string[])[] = [];
  world.downlinks.serve(1, async ({ reports }) => {
    heard.push(reports?.reports.map(({ position }) => position) ?? []);
    return {};
  });
  const running = runEngine(world, { pool: startFoldPool({ workers: 1, heapMb: 32 }) });
  const via = VIA.mqtt;
  const connected = { tenant: 't', device: 'd1', session: 'd:d1', kind: KIND.connected, via, payload: encodeConnected({ level: 4 }) };
  const bad = Array.from({ length: SESSION_REPORTS_MAX + 7 }, () => jsonEvent('d1', { t: [1] }, { via }));
  world.edge().send([connected, ...bad]);
  await covered(running, 1);
  await until(() => heard.length > 0, 'the reports');
  await running.stop();
  assert.deepEqual([heard.length, heard[0]?.length, heard[0]?.[0]], [1, SESSION_REPORTS_MAX, '0.1.1']);
  assert.match(running.metrics.render(), /twinfold_reports_untold_total(\{[^}]*\})? 7/);
});

test('what the process counts is told with the status of its first partition, and only there', async () => {
  const world = new World();
  const running = runEngine(world, { partitions: 3 });
  await until(async () => (await statusOf(running, 2))['state'] === 'folding', 'the last owner');
  world.edge().send([jsonEvent('d1', { t: 1 }), jsonEvent('d2', { t: 1 })]);
  await covered(running, 1);
  const [first, ...others] = await Promise.all([0, 1, 2].map(async (partition) => statusOf(running, partition)));
  assert.deepEqual(
    others.map((status) => 'process' in status),
    [false, false],
  );
  assert.equal(first?.['devices'], 2, 'current, long before a snapshot');
  const told = first['process'] as { readonly node: string; readonly startedMs: number; readonly metrics: unknown };
  assert.deepEqual([told.node, typeof told.startedMs], ['n', 'number']);
  assert.equal(renderExposition(readFamilies(told.metrics)), running.metrics.render());
  await running.engine.flush();
  await running.stop();
});

test('the status of a partition tells how far the topic partition of the same number is kept', async () => {
  const world = new World();
  const index = new MemoryTopicStore({ keepsLast: false });
  const topics = new MemoryTopicLog(2, index);
  const topicKeepers = new TopicKeepers({
    instance: 'i',
    log: silentLog,
    metrics: new MetricsRegistry(world.clock),
    partitions: 2,
    topics,
    retained: new MemoryTopicStore({ keepsLast: true }),
    index,
    clock: world.clock,
    serverId: () => 'server-1',
    retentionMs: 3_600_000,
    retainedMax: 100,
    serveAsks: () => ({ stop: () => undefined }),
  });
  topics.append(1, batchOf({ edgeEpoch: 1, counter: 1, events: [retainedEvent('a', '1')] }), world.clock.now());
  const running = runEngine(world, { partitions: 2, topicKeepers });
  const topicsOf = async (partition: number) => (await statusOf(running, partition))['topics'] as KeeperStatus | undefined;
  await until(async () => (await topicsOf(1))?.state === 'following' && (await topicsOf(0))?.state === 'following', 'both keepers');
  const [first, second] = [await topicsOf(0), await topicsOf(1)];
  assert.deepEqual([first?.partition, first?.appliedSeq, first?.retained], [0, 0, 0]);
  assert.deepEqual([second?.partition, second?.appliedSeq, second?.retained, second?.lagMessages], [1, 1, 1, 0]);
  assert.ok('process' in (await statusOf(running, 0)) && !('process' in (await statusOf(running, 1))));
  await running.stop();
  assert.equal(topicKeepers.status(1), undefined);
});

test('a worker that dies of something else costs a restart', async () => {
  const world = new World();
  const pool = inProcessFoldPool();
  const running = runEngine(world, { pool });
  world.edge().send([jsonEvent('d1', { t: 1 })]);
  await covered(running, 1);
  await pool.end();
  world.edge(2).send([jsonEvent('d1', { t: 2 })]);
  await covered(running, 2);
  assert.equal(world.times('event-killed-worker'), 0);
  assert.equal(world.times('owner-failed'), 1);
  await running.engine.flush();
  await running.stop();
  assert.equal(storedRows(world).length, 2);
});

test('ClickHouse ahead of the control log is mended through the engine', async () => {
  const world = new World();
  const edge = world.edge();
  for (let n = 0; n < 3; n++) edge.send([jsonEvent('d1', { n })]);
  await world.settle();
  world.control.cutEnd(0, 1);
  const running = runEngine(world);
  await covered(running, 3);
  await until(() => world.times('control-log-lost-its-end') === 1, 'the mending');
  edge.send([jsonEvent('d1', { n: 9 })]);
  await covered(running, 4);
  await running.engine.flush();
  await running.stop();
  assert.deepEqual([...storedRows(world)].toSorted(), ['1.0/0 accepted', '2.0/0 accepted', '3.0/0 accepted', '4.0/0 accepted']);
  running.engine.lostControlEnd(0, 5);
});

test('after a reconnect every owner looks at its log’s end', async () => {
  const world = new World();
  const edge = world.edge();
  const running = runEngine(world);
  edge.send([jsonEvent('d1', { t: 1 })]);
  edge.send([jsonEvent('d1', { t: 2 })]);
  await covered(running, 2);
  running.engine.reconnected('server-2');
  const confirmed = async (): Promise<boolean> =>
    (await running.asks.get(0)?.ask(decodeAsk(encodeAsk({ end: { server: 'server-2' } }))))?.code === 0;
  await until(confirmed, 'the end to be confirmed');
  await running.engine.flush();
  world.input.cutEnd(0, 1);
  world.serverId = 'server-3';
  running.engine.reconnected('server-3');
  await until(() => world.times('log-lost-its-end') === 1, 'the lost end to be noticed and mended');
  const seq = edge.send([jsonEvent('d1', { t: 3 })]);
  assert.equal(seq, 3 + UNKNOWN_MESSAGES_MAX);
  await covered(running, seq);
  await running.engine.flush();
  await running.stop();
});

test('an engine whose log can’t be looked at after a reconnect starts its owners over', async () => {
  const world = new World();
  let failures = 0;
  const running = runEngine(world, {
    hook: (call) => {
      if (call === 'input.bounds' && failures-- > 0) throw new Error('not ready');
    },
  });
  world.edge().send([jsonEvent('d1', { t: 1 })]);
  await covered(running, 1);
  failures = 1;
  running.engine.reconnected('server-2');
  await until(() => world.times('owner-failed') === 1, 'the owner to start over');
  await until(async () => (await statusOf(running))['state'] === 'folding', 'it to fold');
  await running.stop();
});

test('two engines share the partitions; what one leaves the other takes over', async () => {
  const world = new World();
  const leases = new MemoryLeases(TTL_MS, () => world.clock.monotonic());
  const a = runEngine(world, { node: 'a', leases, partitions: 4 });
  await until(() => a.asks.size === 4, 'a to own all');
  const b = runEngine(world, { node: 'b', leases, partitions: 4 });
  await until(() => a.asks.size === 2 && b.asks.size === 2, 'both to own half');
  assert.equal(new Set([...a.asks.keys(), ...b.asks.keys()]).size, 4);
  await a.stop();
  assert.equal(a.asks.size, 0);
  await until(() => b.asks.size === 4, 'b to own all');
  await b.stop();
  assert.deepEqual(await leases.nodes(), []);
});
