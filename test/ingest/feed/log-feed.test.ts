/** Whoever listens gets every item from its place on, exactly once and in order, however appends, joins and resumes interleave. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FEED_KINDS, type FeedItem, type FeedKind } from '../../../ingest/feed/feed-item.ts';
import type { FeedReader } from '../../../ingest/feed/feed-reader.ts';
import type { LogFeed } from '../../../ingest/feed/log-feed.ts';
import { decodeToken, isBefore, type Places } from '../../../ingest/feed/place.ts';
import { FeedWorld, type Said, type Told } from './world.ts';

const TENANTS = ['t', 'u'] as const;
const DEVICES = ['a', 'b', 'c', 'd'] as const;

function idOf(item: FeedItem): string {
  return (JSON.parse(Buffer.from(item.payload).toString()) as { readonly id: string }).id;
}

interface Wish {
  readonly tenant: string;
  readonly device: string | undefined;
  readonly kinds: readonly FeedKind[];
  readonly budgetBytes: number;
}

/** A reader with what it has to get: computed from where it says that it begins. */
class Checked {
  readonly wish: Wish;
  readonly reader: FeedReader;
  readonly start: Places;
  readonly got = new Map<number, string[]>();
  /** After some items, where one would go on. */
  readonly tokens: string[] = [];

  constructor(world: FeedWorld, wish: Wish, reader: FeedReader) {
    this.wish = wish;
    this.reader = reader;
    this.start = decodeToken(reader.token(), world.partitions) ?? new Map();
  }

  wanted(world: FeedWorld, partition: number): readonly string[] {
    const place = this.start.get(partition);
    if (place === undefined) return [];
    const isWanted = ({ tenant, device, kind }: Told): boolean =>
      tenant === this.wish.tenant && (this.wish.device === undefined || device === this.wish.device) && this.wish.kinds.includes(kind);
    return (world.told[partition] ?? []).filter((told) => isWanted(told) && isBefore(place, told.seq, told.slot + 1)).map(({ id }) => id);
  }

  take(items: readonly FeedItem[], tellsEach: boolean): void {
    for (const item of items) {
      this.got.set(item.partition, [...(this.got.get(item.partition) ?? []), idOf(item)]);
      if (tellsEach) this.tokens.push(this.reader.tokenAfter(item));
    }
  }

  isDone(world: FeedWorld): boolean {
    return world.told.every((_, p) => (this.got.get(p)?.length ?? 0) >= this.wanted(world, p).length);
  }

  assertExact(world: FeedWorld): void {
    for (const p of world.told.keys()) assert.deepEqual(this.got.get(p) ?? [], this.wanted(world, p));
  }
}

type Step =
  | { readonly do: 'append'; readonly partition: number; readonly said: readonly Omit<Said, 'device'>[] }
  | { readonly do: 'commit'; readonly partition: number; readonly messages: number }
  | { readonly do: 'open'; readonly wish: Wish; readonly awaits: boolean }
  /** From a token that some reader was told, by this edge or by another. */
  | { readonly do: 'resume'; readonly of: number; readonly token: number; readonly elsewhere: boolean }
  | { readonly do: 'read'; readonly of: number; readonly tellsEach: boolean }
  /** The heads lose their place. */
  | { readonly do: 'break' }
  | { readonly do: 'rest'; readonly turns: number };

const PARTITIONS = 2;
const wish: fc.Arbitrary<Wish> = fc.record({
  tenant: fc.constantFrom(...TENANTS),
  device: fc.option(fc.constantFrom(...DEVICES), { nil: undefined, freq: 1 }),
  kinds: fc.oneof(fc.constant(FEED_KINDS), fc.subarray([...FEED_KINDS], { minLength: 1 })),
  budgetBytes: fc.constantFrom(1, 900, 3_000, 100_000),
});
const said = fc.record({
  tenant: fc.constantFrom(...TENANTS),
  what: fc.constantFrom('telemetry' as const, 'telemetry' as const, 'quarantined' as const, 'other' as const),
  decides: fc.array(fc.constantFrom('presence' as const, 'reported' as const, 'quota' as const), { maxLength: 2 }),
});
const partition = fc.nat({ max: PARTITIONS - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('append' as const), partition, said: fc.array(said, { minLength: 1, maxLength: 5 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('commit' as const), partition, messages: fc.nat({ max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), wish, awaits: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const), of: fc.nat(), token: fc.nat(), elsewhere: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), of: fc.nat(), tellsEach: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('break' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rest' as const), turns: fc.integer({ min: 1, max: 4 }) }) },
);

async function rest(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The device of each that lives in the partition: a message holds one partition's alone. */
function placed(world: FeedWorld, at: number, events: readonly Omit<Said, 'device'>[]): readonly Said[] {
  return events.flatMap((event, i) => {
    const homes = DEVICES.filter((device) => world.partitionOf(event.tenant, device) === at);
    const device = homes[i % Math.max(1, homes.length)];
    return device === undefined ? [] : [{ ...event, device }];
  });
}

async function run(world: FeedWorld, other: LogFeed, steps: readonly Step[]): Promise<readonly Checked[]> {
  const readers: Checked[] = [];
  const opening: Promise<void>[] = [];
  const open = async (wanted: Wish, from: Places | undefined, feed: LogFeed): Promise<void> => {
    const ends = world.told.map((_, p) => world.covered(p));
    const checked = new Checked(world, wanted, await feed.open({ ...wanted, ...(from === undefined ? {} : { from }) }));
    readers.push(checked);
    for (const [p, place] of checked.start) {
      const named = from?.get(p);
      // Everything that is committed from the call on is promised, or everything from the token on.
      assert.ok(
        named === undefined
          ? place.seq <= (ends[p] ?? 0) + 1 || place.seq <= world.covered(p) + 1
          : !isBefore(named, place.seq, place.slot),
      );
    }
  };
  for (const each of steps) {
    switch (each.do) {
      case 'append': {
        const events = placed(world, each.partition, each.said);
        if (events.length > 0) world.append(each.partition, events);
        break;
      }
      case 'commit':
        await world.commit(each.partition, each.messages);
        break;
      case 'open': {
        const opened = open(each.wish, undefined, world.feed);
        if (each.awaits) await opened;
        else opening.push(opened);
        break;
      }
      case 'resume': {
        const before = readers[each.of % Math.max(1, readers.length)];
        const tokens = before === undefined ? [] : [...before.tokens, before.reader.token()];
        const from = decodeToken(tokens[each.token % Math.max(1, tokens.length)] ?? '', world.partitions);
        if (before !== undefined && from !== undefined) opening.push(open(before.wish, from, each.elsewhere ? other : world.feed));
        break;
      }
      case 'read': {
        const checked = readers[each.of % Math.max(1, readers.length)];
        const waiting = checked === undefined || checked.isDone(world) ? undefined : await checked.reader.next();
        if (waiting !== undefined) checked?.take(waiting.items, each.tellsEach);
        break;
      }
      case 'break':
        world.breakFollowers();
        break;
      case 'rest':
        await rest(each.turns);
        break;
    }
  }
  for (let p = 0; p < world.partitions; p++) while (world.waiting(p) > 0) await world.commit(p, 2);
  await Promise.all(opening);
  return readers;
}

/** Reads to the end, and no more. */
async function finish(world: FeedWorld, checked: Checked): Promise<void> {
  while (!checked.isDone(world)) {
    const page = await checked.reader.next();
    assert.ok(page !== undefined);
    assert.equal(page.gap, undefined);
    checked.take(page.items, false);
  }
  await rest(3);
  checked.assertExact(world);
  checked.reader.close();
}

const RUN_MS_MAX = 5_000;

async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('somebody waits in vain')), RUN_MS_MAX);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

test('any interleaving of appends, joins and resumes gives each reader every item from its place on, once and in order', async () => {
  const kept = fc.constantFrom(undefined, 0, 400);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80, size: 'max' }), kept, async (steps, keptBytesMax) => {
      const world = new FeedWorld(PARTITIONS, keptBytesMax);
      const other = world.newFeed();
      try {
        await inTime(run(world, other, steps).then(async (readers) => Promise.all(readers.map(async (each) => finish(world, each)))));
      } finally {
        world.feed.close();
        other.close();
      }
    }),
    { numRuns: 120, endOnFailure: true },
  );
});
