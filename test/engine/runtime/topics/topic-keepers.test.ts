import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MetricsRegistry } from '../../../../engine/observability/metrics.ts';
import { TopicKeepers } from '../../../../engine/runtime/topics/topic-keepers.ts';
import type { TopicStore } from '../../../../engine/ports/topic-store.ts';
import { until } from '../../../support/processes.ts';
import { retainedEvent as event, TopicWorld } from '../../../support/topic-world.ts';

function keepersOf(world: TopicWorld, retained: TopicStore = world.retained) {
  const metrics = new MetricsRegistry(world.clock);
  const say = (what: string, facts = {}): void => void world.said.push({ what, facts });
  const keepers = new TopicKeepers({
    partitions: 1,
    instance: 'i',
    log: { info: say, warn: say, error: say },
    topics: world.topics,
    retained,
    index: world.index,
    clock: world.clock,
    serverId: () => world.serverId,
    retentionMs: 1e12,
    retainedMax: 100,
    metrics,
    serveAsks: (partition, handler) => world.asks.serve(partition, handler),
  });
  return { keepers, metrics };
}

test('a keeper that broke is followed by another, and the owner hears nothing of it', async () => {
  const world = new TopicWorld();
  world.send([event('a', '1')]);
  let failures = 3;
  const failing = Object.create(world.retained, {
    lastSeq: {
      value: async (partition: number): Promise<number> => {
        if (failures-- > 0) throw new Error('not now');
        return world.retained.lastSeq(partition);
      },
    },
    append: { value: world.retained.append.bind(world.retained) },
    read: { value: world.retained.read.bind(world.retained) },
  }) as TopicStore;
  const { keepers, metrics } = keepersOf(world, failing);
  const keeper = keepers.keeper(0, () => true);
  const running = keeper.run();
  assert.deepEqual(await world.find('#', 1), ['a=1@1.0']);
  assert.equal(world.times('topic-keeper-failed'), 3);
  const text = metrics.render();
  assert.match(text, /twinfold_topic_retained\{partition="0"\} 1\n/);
  assert.match(text, /twinfold_topic_lag_messages\{partition="0"\} 0\n/);
  keeper.stop();
  await running;
  assert.equal(keepers.statuses().length, 0);
});

test('a lost end is mended by the keeper that follows, and told once', async () => {
  const world = new TopicWorld();
  for (let i = 0; i < 5; i++) world.send([event(`a/${i}`, '1')]);
  const { keepers } = keepersOf(world);
  const keeper = keepers.keeper(0, () => true);
  const running = keeper.run();
  assert.equal((await world.find('#', 5)).length, 5);
  world.topics.cutEnd(0, 3);
  world.serverId = 'server-2';
  keepers.reconnected('server-2');
  await until(async () => (await world.asks.confirmEnd(0, { serverId: 'server-2', ackedSeq: 5 })) === 'confirmed', 'a confirmed end');
  assert.equal((await world.topics.bounds(0)).lastSeq, 5 + 30_000);
  assert.equal((await world.find()).length, 5);
  assert.equal(world.times('topic-log-lost-its-end'), 1);
  keeper.stop();
  await running;
});

test('one that is stopped before it has begun ends', async () => {
  const { keepers } = keepersOf(new TopicWorld());
  const keeper = keepers.keeper(0, () => true);
  const running = keeper.run();
  keeper.stop();
  await running;
  const other = keepers.keeper(0, () => true);
  other.stop();
  await other.run();
});
