/** Single readers and subscribers: what a purged log, a token of the future, a stop and a slow neighbour do to them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FEED_KINDS } from '../../../ingest/feed/feed-item.ts';
import { itemText, itemValue } from '../../../ingest/feed/item-json.ts';
import type { FeedReader } from '../../../ingest/feed/feed-reader.ts';
import { decodeToken, encodeToken, placesAfter, slotOf } from '../../../ingest/feed/place.ts';
import { FeedWorld, type Said } from './world.ts';

const HEARD: Said = { tenant: 't', device: 'a', what: 'telemetry', decides: [] };

async function withWorld(use: (world: FeedWorld, partition: number) => Promise<void>, keptBytesMax?: number): Promise<void> {
  const world = new FeedWorld(2, keptBytesMax);
  try {
    await use(world, world.partitionOf('t', 'a'));
  } finally {
    world.feed.close();
  }
}

async function say(world: FeedWorld, partition: number, said: Said = HEARD): Promise<void> {
  world.append(partition, [said]);
  await world.commit(partition, 1);
}

const wish = { tenant: 't', device: 'a', kinds: FEED_KINDS } as const;

async function take(
  reader: FeedReader,
  count: number,
): Promise<{ readonly positions: readonly string[]; readonly gaps: readonly number[] }> {
  const positions: string[] = [];
  const gaps: number[] = [];
  while (positions.length < count) {
    const page = await reader.next();
    assert.ok(page !== undefined);
    positions.push(...page.items.map(({ position }) => position));
    if (page.gap !== undefined) gaps.push(page.gap.fromMs);
  }
  return { positions, gaps };
}

test('what the input log forgot is told once, with the time of the first message that is there', async () => {
  await withWorld(async (world, p) => {
    for (let i = 0; i < 6; i++) await say(world, p);
    await world.input.purge(p, 4);
    const reader = await world.feed.open({ ...wish, from: new Map([[p, { seq: 2, slot: 0 }]]) });
    const first = await world.input.get(p, 4);
    assert.deepEqual(await take(reader, 3), { positions: [`${p}.4.0`, `${p}.5.0`, `${p}.6.0`], gaps: [first?.timeMs] });
    await say(world, p);
    assert.deepEqual(await take(reader, 1), { positions: [`${p}.7.0`], gaps: [] });
  }, 0);
});

test('what no record covers any more is forgotten, too', async () => {
  await withWorld(async (world, p) => {
    for (let i = 0; i < 6; i++) await say(world, p);
    await world.records.purge(p, 5);
    const reader = await world.feed.open({ ...wish, from: new Map([[p, { seq: 2, slot: 0 }]]) });
    const { gaps, positions } = await take(reader, 2);
    assert.deepEqual(positions, [`${p}.5.0`, `${p}.6.0`]);
    assert.equal(gaps.length, 1);
  }, 0);
});

test('a token beyond the end of the log begins at its end, and says that something may be missing', async () => {
  await withWorld(async (world, p) => {
    await say(world, p);
    const reader = await world.feed.open({ ...wish, from: new Map([[p, { seq: 1_000, slot: 0 }]]) });
    await say(world, p);
    assert.deepEqual(await take(reader, 1), { positions: [`${p}.2.0`], gaps: [world.nowMs - 1] });
  });
});

test('whoever reads nothing holds nobody else, keeps within its budget, and misses nothing', async () => {
  await withWorld(async (world, p) => {
    const slow = await world.feed.open({ ...wish, budgetBytes: 2_000 });
    const quick = await world.feed.open(wish);
    for (let i = 0; i < 50; i++) await say(world, p);
    assert.equal((await take(quick, 50)).positions.length, 50);
    const page = await slow.next();
    const bytes = page?.items.reduce((sum, item) => sum + item.bytes, 0) ?? 0;
    assert.ok(bytes > 0 && bytes <= 2_000);
    assert.equal((page?.items.length ?? 0) + (await take(slow, 50 - (page?.items.length ?? 0))).positions.length, 50);
  });
});

test('the token of a reader that wants nothing of what passes goes on with the log', async () => {
  await withWorld(async (world, p) => {
    const idle = await world.feed.open({ ...wish, wants: () => false });
    const busy = await world.feed.open(wish);
    for (let i = 0; i < 3; i++) await say(world, p);
    await take(busy, 3);
    assert.equal(decodeToken(idle.token(), 2)?.get(p)?.seq, 4);
  });
});

test('a decision is told behind its event, with the position of its cause', async () => {
  await withWorld(async (world, p) => {
    await say(world, p, { ...HEARD, decides: ['presence'] });
    const reader = await world.feed.open({ ...wish, kinds: ['presence'], from: new Map([[p, { seq: 1, slot: 0 }]]) });
    const page = await reader.next();
    const [item] = page?.items ?? [];
    assert.equal(item?.position, `${p}.1.0`);
    assert.equal(item?.decision?.state, 'connected');
    assert.deepEqual([item?.seq, item?.slot], [1, slotOf(0, 1)]);
    const value = JSON.parse(itemText(item ?? assert.fail())) as Readonly<Record<string, unknown>>;
    assert.deepEqual({ ...itemValue(item) }, value);
    assert.deepEqual([value['type'], value['section'], value['state']], ['presence', 'presence', 'connected']);
  });
});

test('a subscriber is handed what comes, is told when it missed something, and is heard no more once it stopped', async () => {
  await withWorld(async (world, p) => {
    const heard: string[] = [];
    const missed: number[] = [];
    const subscription = world.feed.subscribe({
      kinds: ['telemetry'],
      item: (item) => heard.push(item.position),
      missed: (partition) => missed.push(partition),
    });
    await subscription.ready;
    const reader = await world.feed.open(wish);
    await say(world, p);
    await take(reader, 1);
    assert.deepEqual(heard, [`${p}.1.0`]);
    world.breakFollowers();
    while (missed.length < 2) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      missed.toSorted((a, b) => a - b),
      [0, 1],
    );
    while (heard.length < 2) {
      await say(world, p);
      await take(reader, 1);
    }
    subscription.stop();
    const before = heard.length;
    await say(world, p);
    await take(reader, 1);
    assert.equal(heard.length, before);
  });
});

test('a reader that is closed answers who waits for it, and a closed feed closes all', async () => {
  await withWorld(async (world) => {
    const reader = await world.feed.open(wish);
    const waiting = reader.next();
    reader.close();
    assert.equal(await waiting, undefined);
    const other = await world.feed.open(wish);
    const last = other.next();
    world.feed.close();
    assert.equal(await last, undefined);
    assert.equal(world.feed.readers, 0);
  });
});

test('tokens hold places by partition; what is none is refused', () => {
  const places = new Map([
    [0, { seq: 1, slot: 0 }],
    [3, { seq: 2 ** 40, slot: slotOf(65_535, 65_535) }],
  ]);
  assert.deepEqual(decodeToken(encodeToken(places), 4), places);
  assert.equal(decodeToken(encodeToken(places), 3), undefined);
  assert.equal(decodeToken(encodeToken([...places, ...places]), 4), undefined);
  assert.equal(decodeToken(encodeToken([[0, { seq: 0, slot: 0 }]]), 4), undefined);
  for (const text of ['', 'A', '!', 'AQ AQ', 'Ag', 'AQH', 'x'.repeat(9_000)])
    assert.equal(decodeToken(text, 4)?.size ?? undefined, undefined, text);
  assert.deepEqual(placesAfter('2.17.3', 4), new Map([[2, { seq: 17, slot: slotOf(4, 0) }]]));
  assert.equal(placesAfter('4.17.3', 4), undefined);
});
