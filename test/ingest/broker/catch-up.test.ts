/**
 * Sessions that are behind, against a naive model: whatever is published, joins, has no room, leaves or is purged in between,
 * every session gets each message that it wants behind its place, once and in order, and is at the head then.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { matches } from '../../../engine/domain/topic-filter.ts';
import { placeOf, seqOfPlace } from '../../../engine/kernel/position.ts';
import { MemoryTopicLog, MemoryTopicStore } from '../../../engine/memory/memory-topic-log.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import type { Candidates } from '../../../engine/ports/topic-log.ts';
import { IndexWriter } from '../../../engine/runtime/topics/index-writer.ts';
import { topicKeyOf } from '../../../engine/kernel/topic-key.ts';
import { CatchUp } from '../../../ingest/broker/catch-up.ts';
import type { Straggler } from '../../../ingest/broker/takers.ts';
import type { Delivery, Subscribed } from '../../../ingest/broker/subscriber.ts';
import { TopicFeed } from '../../../ingest/broker/topic-feed.ts';
import type { TopicMessage } from '../../../ingest/broker/topic-message.ts';
import { encodeEventBatch, KIND } from '../../../schemas/gen/lean.ts';

const TOPICS = ['a/1', 'a/2', 'b/1', 'b/2/x'];
const FILTERS = ['a/1', 'a/+', 'b/#', '#', 'b/2/x'];

/** A session as the pass sees it, with as much room as the test gives it. */
class Reader implements Straggler {
  readonly tenant = 't';
  readonly session: string;
  readonly all: Subscribed[] = [];
  readonly got: number[] = [];
  room: number;
  /** Where it goes on when there is room; undefined: a pass has it, or it is at the head. */
  restsAt: number | undefined;
  isLive = false;
  isGone = false;
  readonly #onRest: () => void;

  constructor(name: string, room: number, onRest: () => void) {
    this.session = name;
    this.room = room;
    this.#onRest = onRest;
  }

  subscriptions(): Iterable<Subscribed> {
    return this.all;
  }

  take(message: TopicMessage): void {
    if (!this.isLive) return;
    if (this.#keep(message)) return;
    this.isLive = false;
    this.restsAt = message.place - 1;
    this.#onRest();
  }

  takeFromLog(message: TopicMessage, _delivery: Delivery): boolean {
    assert.ok(!this.isLive && !this.isGone);
    if (this.#keep(message)) return true;
    this.restsAt = message.place - 1;
    this.#onRest();
    return false;
  }

  caughtUp(): void {
    assert.ok(!this.isLive);
    this.isLive = true;
  }

  #keep({ place }: TopicMessage): boolean {
    if (this.room === 0) return false;
    this.room--;
    this.got.push(place);
    return true;
  }
}

interface Sent {
  /** Of the message, and of its copy where its batch was sent again. */
  readonly places: readonly number[];
  readonly topic: string;
}

class World {
  readonly index = new MemoryTopicStore({ keepsLast: false });
  readonly log = new MemoryTopicLog(1, this.index);
  readonly sent: Sent[] = [];
  readonly readers: { readonly reader: Reader; readonly after: number; readonly filters: readonly string[] }[] = [];
  readonly feed: TopicFeed;
  readonly catchUp: CatchUp;
  purgedTo = 0;
  counter = 0;
  /** Questions to the index. */
  asked = 0;
  reads = 0;

  constructor() {
    const { log } = this;
    const reader = {
      partitions: 1,
      follow: (partition: number, from: number) => log.follow(partition, from),
      range: (partition: number, from: number, to: number) => log.range(partition, from, to),
      get: async (partition: number, seq: number) => {
        this.reads++;
        return log.get(partition, seq);
      },
      bounds: async (partition: number) => log.bounds(partition),
      candidates: async (partition: number, wanted: Candidates) => {
        this.asked++;
        return log.candidates(partition, wanted);
      },
    };
    const deliver = (message: TopicMessage): void => {
      for (const one of this.readers) if (one.filters.some((filter) => matches(filter, message.topic))) one.reader.take(message);
    };
    this.feed = new TopicFeed({ reader, deliver, wants: () => true, moved: (partition) => this.catchUp.moved(partition), log: silentLog });
    this.catchUp = new CatchUp({ reader, feed: this.feed, log: silentLog });
  }

  publish(topics: readonly string[], times = 1): void {
    const events = topics.map((topic) => ({ tenant: 't', kind: KIND.published, topic, publishFlags: 1 }));
    const batch = encodeEventBatch({ edgeEpoch: 1, counter: ++this.counter, edge: 'e', events });
    const seqs = Array.from({ length: times }, () => this.log.append(0, batch, 1));
    for (const [index, topic] of topics.entries()) this.sent.push({ places: seqs.map((seq) => placeOf(seq, index)), topic });
  }

  /** `soon`: whoever has no room gets some after so many microtasks. */
  join(filters: readonly string[], after: number, { room, soon = 0 }: { readonly room: number; readonly soon?: number }): void {
    const onRest = (): void => {
      if (soon > 0) void this.#giveSoon(reader, soon);
    };
    const reader: Reader = new Reader(`r${this.readers.length}`, room, onRest);
    for (const filter of filters) {
      reader.all.push({ subscriber: reader, filter, qos: 1, noLocal: false, retainAsPublished: false, id: 0, since: [] });
    }
    this.readers.push({ reader, after, filters });
    this.catchUp.join(reader, 0, after);
  }

  give(reader: Reader, room: number): void {
    reader.room += room;
    const { restsAt } = reader;
    if (restsAt === undefined || reader.isGone) return;
    reader.restsAt = undefined;
    this.catchUp.join(reader, 0, restsAt);
  }

  async #giveSoon(reader: Reader, soon: number): Promise<void> {
    for (let i = 0; i < soon; i++) await Promise.resolve();
    this.give(reader, 1);
  }

  leave(reader: Reader): void {
    reader.isGone = true;
    reader.isLive = false;
    this.catchUp.leave(reader);
  }

  async purge(seq: number): Promise<void> {
    this.purgedTo = Math.max(this.purgedTo, seq);
    await this.log.purge(0, seq);
  }

  /** All get room, and nothing more is published. */
  async finish(): Promise<void> {
    // A pass may rest for half a second.
    const giveUpMs = performance.now() + 10_000;
    while (performance.now() < giveUpMs) {
      for (const { reader } of this.readers) if (!reader.isGone) this.give(reader, 1_000);
      if (this.readers.every(({ reader }) => reader.isGone || reader.isLive)) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** A copy that stands alone behind where a reader began, or where the log begins, is a message like others. */
  check(): void {
    for (const { after, filters, reader } of this.readers) {
      const wanted = this.sent.filter(({ topic }) => filters.some((filter) => matches(filter, topic)));
      assert.deepEqual(
        reader.got,
        reader.got.toSorted((a, b) => a - b),
        'in order',
      );
      const got = reader.got.map((place) => wanted.findIndex(({ places }) => places.includes(place) && place > after));
      assert.ok(!got.includes(-1), `${reader.session} wants nothing else`);
      const whole = got.filter((one) => seqOfPlace(wanted[one]?.places[0] ?? 0) >= this.purgedTo);
      assert.equal(new Set(whole).size, whole.length, 'each once');
      if (reader.isGone) continue;
      assert.ok(reader.isLive, `${reader.session} is at the head`);
      const owed = wanted.filter(({ places: [place = 0] }) => place > after && seqOfPlace(place) >= this.purgedTo);
      const missing = owed.filter((one) => !got.includes(wanted.indexOf(one)));
      assert.deepEqual(missing, [], `${reader.session} has all that was there`);
    }
  }

  stop(): void {
    this.catchUp.stop();
    this.feed.stop();
  }
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('publish' as const),
      topics: fc.array(fc.constantFrom(...TOPICS), { minLength: 1, maxLength: 4 }),
      times: fc.constantFrom(1, 1, 1, 2),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant('join' as const),
      filters: fc.uniqueArray(fc.constantFrom(...FILTERS), { minLength: 1, maxLength: 2 }),
      back: fc.nat(12),
      index: fc.nat(3),
      room: fc.nat(6),
      soon: fc.nat(6),
    }),
  },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('give' as const), reader: fc.nat(5), room: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('leave' as const), reader: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('purge' as const), back: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('turn' as const), turns: fc.integer({ min: 1, max: 3 }) }) },
);

describe('catch-up', () => {
  it('gives every straggler all that it wants, once and in order, whatever happens in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const world = new World();
        try {
          for (const one of steps) {
            const { lastSeq } = await world.log.bounds(0);
            if (one.op === 'publish') world.publish(one.topics, one.times);
            else if (one.op === 'join') {
              // As far as anything was stored.
              const after = placeOf(Math.max(1, lastSeq - one.back), one.index) - 1;
              world.join(one.filters, Math.min(after, placeOf(lastSeq + 1, 0) - 1), one);
            } // What the feed has read; who loses more than that is told, and waits for a while.
            else if (one.op === 'purge') await world.purge(Math.max(1, (world.feed.seqs[0] ?? 0) + 1 - one.back));
            else if (one.op === 'turn') for (let i = 0; i < one.turns; i++) await new Promise((resolve) => setImmediate(resolve));
            else {
              const reader = world.readers[one.reader]?.reader;
              if (reader === undefined || reader.isGone) continue;
              if (one.op === 'give') world.give(reader, one.room);
              else world.leave(reader);
            }
          }
          await world.finish();
          world.check();
        } finally {
          world.stop();
        }
      }),
      { numRuns: 200 },
    );
  });

  it('reads what few want by the index, and comes to the same', async () => {
    const world = new World();
    const writer = new IndexWriter({ partition: 0, store: world.index, log: silentLog, segmentEntries: 200 });
    await writer.open(1);
    try {
      for (let i = 0; i < 1_000; i++) {
        const topics = i % 100 === 7 ? ['b/2/x'] : i % 2 === 0 ? ['a/1', 'a/2'] : ['a/2'];
        world.publish(topics);
        await writer.begin(i + 1);
        for (const topic of topics) writer.add(topicKeyOf('t', Buffer.from(topic)));
      }
      const rare = placeOf(20, 0);
      world.join(['b/2/x'], rare, { room: 3 });
      world.join(['b/2/x', 'b/1'], 0, { room: 1_000 });
      await world.finish();
      world.check();
      assert.ok(world.asked > 0);
      assert.ok(world.reads < 500, `${world.reads} messages were read one by one`);
      assert.equal(world.readers[1]?.reader.got.length, 10);
      // Who wants everything reads everything, whatever the index says.
      world.join(['#'], 0, { room: 5_000 });
      world.join(['b/2/x'], 0, { room: 5_000 });
      await world.finish();
      world.check();
    } finally {
      world.stop();
    }
  });

  it('has whoever is at the head already there at once, and an empty log keeps nobody', async () => {
    const world = new World();
    try {
      world.join(['#'], 0, { room: 10 });
      await world.finish();
      assert.equal(world.catchUp.stragglers, 0);
      world.publish(['a/1']);
      await new Promise((resolve) => setImmediate(resolve));
      world.join(['#'], world.feed.placeIn(0), { room: 10 });
      assert.ok(world.readers[1]?.reader.isLive);
      await world.finish();
      world.check();
    } finally {
      world.stop();
    }
  });

  it('counts whoever was away for longer than the log reaches back, each once', async () => {
    const world = new World();
    try {
      world.join(['#'], 0, { room: 100 });
      for (let i = 0; i < 10; i++) world.publish(['a/1']);
      await world.finish();
      assert.equal(world.catchUp.gapped, 0, 'nothing is gone yet');
      await world.purge(5);
      world.join(['#'], placeOf(5, 0) - 1, { room: 100 });
      world.join(['#'], placeOf(9, 0) - 1, { room: 100 });
      await world.finish();
      assert.equal(world.catchUp.gapped, 0, 'nothing that they want is gone');
      world.join(['#'], placeOf(4, 0) - 1, { room: 1 });
      world.join(['b/#'], 0, { room: 100 });
      await world.finish();
      assert.equal(world.catchUp.gapped, 2);
      const slow = world.readers[3]?.reader;
      assert.equal(slow?.got.length, 6);
      // All of it went, and nothing came.
      await world.purge(11);
      world.join(['#'], placeOf(6, 0), { room: 100 });
      await world.finish();
      assert.equal(world.catchUp.gapped, 3);
      world.check();
    } finally {
      world.stop();
    }
  });
});
