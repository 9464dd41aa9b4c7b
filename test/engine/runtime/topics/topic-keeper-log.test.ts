import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANSWER_CODE } from '../../../../schemas/envelope.ts';
import { decodeAskRetained, encodeAskRetained, type AskRetainedInit } from '../../../../schemas/gen/lean.ts';
import { hasCode } from '../../../../engine/kernel/errors.ts';
import { topicKeyOf } from '../../../../engine/kernel/topic-key.ts';
import { KnownEnds } from '../../../../engine/runtime/log-ends.ts';
import { retainedEvent as event, TopicWorld, type StartedKeeper } from '../../../support/topic-world.ts';
import { until } from '../../../support/processes.ts';

const asked = async (life: StartedKeeper, ask: AskRetainedInit) => {
  const question = decodeAskRetained(encodeAskRetained(ask));
  assert.ok(question !== undefined);
  return life.keeper.ask(question);
};

describe('a topic keeper and the index', () => {
  const key = (topic: string): number => topicKeyOf('t', Buffer.from(topic));
  const scanned = async (
    world: TopicWorld,
    topic: string,
    { from, to }: { readonly from: number; readonly to: number },
  ): Promise<readonly number[]> => {
    const found: number[] = [];
    const { firstSeq } = await world.topics.bounds(0);
    for await (const { data, seq } of world.topics.range(0, Math.max(from, firstSeq), to))
      if (Buffer.from(data).includes(Buffer.from(`${topic}/`))) found.push(seq);
    return found;
  };

  it('nominates what a scan finds, over merges, restarts and crashes', async () => {
    const world = new TopicWorld();
    const topics = Array.from({ length: 40 }, (_, i) => `t${i}/x`);
    let appends = 0;
    let seed = 1;
    const chance = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const turn = () => {
      // The store's answer is lost, or its request, now and then.
      const fails = ++appends % 13 === 0;
      const fail = (): void => {
        if (fails) throw new Error('lost');
      };
      return appends % 2 === 0 ? { before: fail } : { after: fail };
    };
    for (let round = 0; round < 30; round++) {
      for (let i = 0; i < 20; i++)
        world.send(
          Array.from({ length: 1 + chance(4) }, () => event(`${topics[chance(topics.length)]}/${chance(9)}`, '1', { publishFlags: 1 })),
        );
      const life = world.start({ turn: round < 29 ? turn : () => ({}) });
      await life.settled().catch(() => undefined);
      if (round % 3 === 0) await life.crash();
      else {
        life.keeper.stop();
        await life.ended;
      }
    }
    const { lastSeq } = await world.topics.bounds(0);
    const names = (await Array.fromAsync(world.index.read(0, { filter: '*.end' }))).map(({ name }) => name);
    assert.ok(names.includes('m.end') && names.includes('s.end'));
    for (const topic of topics) {
      const from = 1 + chance(100);
      const { indexedTo, seqs } = await world.topics.candidates(0, { keys: [key(topic)], from, to: lastSeq });
      assert.ok(indexedTo > lastSeq - 30, `${indexedTo} of ${lastSeq}`);
      const wanted = (await scanned(world, topic, { from, to: lastSeq })).filter((seq) => seq <= indexedTo);
      assert.deepEqual(seqs, wanted);
    }
  });

  it('drops a damaged index and makes it again from the log', async () => {
    const world = new TopicWorld();
    for (let i = 0; i < 100; i++) world.send([event(`a/${i}/x`, '1', { publishFlags: 1 })]);
    await world.findAfterRestart();
    const wanted = { keys: [key('a/50/x')], from: 1, to: 100 };
    const whole = await world.topics.candidates(0, wanted);
    assert.deepEqual([whole.seqs, whole.indexedTo], [[51], 96]);
    // Bytes of one part: whoever reads it takes what it covered for not indexed.
    world.index.tamper(0, (entry) => (entry.name.endsWith('.end') ? entry : { ...entry, data: entry.data.subarray(1) }));
    assert.deepEqual(await world.topics.candidates(0, wanted), { seqs: [], indexedTo: 0 });
    // A part that is gone: seen when a keeper opens it.
    world.index.tamper(0, (entry) => (entry.name === 's.7' ? undefined : entry));
    await world.findAfterRestart();
    assert.equal(world.times('topic-index-damaged'), 1);
    assert.deepEqual(await world.topics.candidates(0, wanted), whole);
  });

  it('finds the damage of what it merges', async () => {
    const world = new TopicWorld();
    for (let i = 0; i < 100; i++) world.send([event(`a/${i}/x`, '1', { publishFlags: 1 })]);
    await world.findAfterRestart();
    world.index.tamper(0, (entry) => (entry.name === 's.7' ? { ...entry, data: entry.data.subarray(1) } : entry));
    for (let i = 0; i < 100; i++) world.send([event(`a/${i}/x`, '1', { publishFlags: 1 })]);
    const life = world.start();
    assert.ok(hasCode(await life.ended, 'corrupt'));
    await world.findAfterRestart();
    assert.deepEqual((await world.topics.candidates(0, { keys: [key('a/50/x')], from: 1, to: 180 })).seqs, [51, 151]);
  });
});

describe('a topic keeper and its log', () => {
  it('purges by age, never what is not written beside the log', async () => {
    const world = new TopicWorld();
    for (let i = 0; i < 20; i++) world.send([event(`a/${i}/x`, '1')]);
    world.clock.aheadMs += 100_000;
    for (let i = 20; i < 30; i++) world.send([event(`a/${i}/x`, '1')]);
    const life = world.start({ retentionMs: 50_000 });
    await life.settled();
    const firstSeq = async (): Promise<number> => (await world.topics.bounds(0)).firstSeq;
    await until(async () => (await firstSeq()) === 21, 'a purge of all that is old');
    assert.equal((await world.find()).length, 30);
    await life.stop();
    assert.equal((await world.findAfterRestart()).length, 30);
    assert.equal((await world.topics.candidates(0, { keys: [topicKeyOf('t', Buffer.from('a/22/x'))], from: 21, to: 30 })).seqs[0], 23);
  });

  it('purges by need', async () => {
    const world = new TopicWorld();
    for (let i = 0; i < 100; i++) world.send([event('a', 'x'.repeat(1_000))]);
    const { bytes } = await world.topics.bounds(0);
    world.topics.bytesMax = bytes / 0.8;
    const life = world.start();
    await life.settled();
    await until(async () => (await world.topics.bounds(0)).firstSeq > 1, 'a purge');
    const share = (await world.topics.bounds(0)).bytes / world.topics.bytesMax;
    assert.ok(share > 0.45 && share <= 0.5, `${share}`);
    assert.ok(life.keeper.status().purgedByNeed > 30 && world.times('topics-purged-by-need') === 1);
    await life.stop();
    assert.deepEqual((await world.findAfterRestart()).length, 1);
  });

  // It looked every ten seconds, and a log that filled within less was full by then: publishers were refused.
  it('never lets a log fill that is written to all the time, however fast, and writes what is retained meanwhile', async () => {
    const world = new TopicWorld();
    world.topics.bytesMax = 200_000;
    let highest = 0;
    const life = world.start();
    await life.settled();
    for (let round = 0; round < 400; round++) {
      // Half a percent of its size a turn: twenty times its size in all, in less time than between two looks.
      world.send([event('a/x', 'x'.repeat(500), { publishFlags: 1 }), event(`r/${round % 50}`, `${round}`)]);
      world.send([event('a/x', 'x'.repeat(9_000), { publishFlags: 1 })]);
      const { bytes } = await world.topics.bounds(0);
      highest = Math.max(highest, bytes);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assert.ok(highest < world.topics.bytesMax, `${highest}`);
    await life.settled();
    assert.equal((await world.find('r/#')).length, 50);
    assert.ok(world.times('topics-purged-by-need') >= 1 && world.times('topics-purged-by-need') <= 2);
    await life.stop();
    assert.equal((await world.findAfterRestart('r/#')).length, 50);
  });

  it('looks no further, and answers and writes, while a purge takes its time', async () => {
    const world = new TopicWorld();
    world.topics.bytesMax = 100_000;
    let purges = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const purge = world.topics.purge.bind(world.topics);
    world.topics.purge = async (partition, seq) => {
      purges++;
      await held;
      await purge(partition, seq);
    };
    const life = world.start();
    await life.settled();
    for (let i = 0; i < 80; i++) world.send([event('a/x', 'x'.repeat(1_000), { publishFlags: 1 })]);
    await until(() => purges === 1, 'a purge');
    for (let i = 0; i < 30; i++) world.send([event(`r/${i}`, `${i}`)]);
    await life.settled();
    assert.equal((await world.find('r/#')).length, 30);
    await until(() => life.keeper.status().written >= 30, 'what is retained is written');
    assert.equal(purges, 1);
    release();
    await until(async () => (await world.topics.bounds(0)).firstSeq > 1, 'the end of the purge');
    await life.stop();
  });

  it('goes on behind all that is known when the log lost its end, and keeps what survived', async () => {
    const world = new TopicWorld();
    for (let i = 1; i <= 10; i++) world.send([event(`a/${i}`, `${i}`)]);
    const before = await world.findAfterRestart();
    world.topics.cutEnd(0, 6);
    const ends = new KnownEnds();
    let life = world.start({ ends });
    await life.settled();
    // What is retained was acknowledged; that its message is gone takes nothing away.
    assert.deepEqual(await world.find(), before);
    const { firstSeq, lastSeq } = await world.topics.bounds(0);
    assert.deepEqual([firstSeq, lastSeq], [1, 10 + 30_000]);
    assert.equal(world.times('topic-log-lost-its-end'), 1);
    const seq = world.send([event('a/1', 'later')]);
    await life.settled();
    assert.equal((await world.find('a/1'))[0], `a/1=later@${seq}.0`);
    await life.stop();
    life = world.start({ ends });
    await life.settled();
    await life.stop();
    assert.equal(world.times('topic-log-lost-its-end'), 1);
  });

  it('hears from writers and readers how far the log went, and lets nobody write before it is mended', async () => {
    const world = new TopicWorld();
    const ends = new KnownEnds();
    for (let i = 1; i <= 10; i++) world.send([event(`a/${i}`, `${i}`)]);
    let life = world.start({ ends });
    await life.settled();
    const confirm = async (ackedSeq: number, serverId = world.serverId) => (await asked(life, { server: serverId, minSeq: ackedSeq })).code;
    assert.equal(await confirm(10), ANSWER_CODE.ok);
    assert.equal(await confirm(10, 'server-2'), ANSWER_CODE.behind);
    world.serverId = 'server-2';
    await life.keeper.reconnected('server-2');
    assert.equal(await confirm(10), ANSWER_CODE.ok);
    // Another server, which has lost what a writer was acknowledged and this keeper never saw.
    assert.equal(await confirm(12), ANSWER_CODE.notOwner);
    assert.ok(hasCode(await life.ended, 'log-lost-its-end'));
    life = world.start({ ends });
    await life.settled();
    assert.equal(await confirm(12), ANSWER_CODE.ok);
    assert.equal((await world.topics.bounds(0)).lastSeq, 12 + 30_000);
    world.topics.cutEnd(0, 100);
    await life.keeper.reconnected('server-3');
    assert.ok(hasCode(await life.ended, 'log-lost-its-end'));
  });

  it('moves on by a purge where too much is lost to be filled', async () => {
    const world = new TopicWorld();
    for (let i = 1; i <= 10; i++) world.send([event(`a/${i}`, `${i}`)]);
    const ends = new KnownEnds();
    ends.know(0, 1_000_000);
    const life = world.start({ ends });
    await life.settled();
    assert.equal((await world.find()).length, 10);
    const seq = world.send([event('a/1', 'later')]);
    assert.ok(seq > 2_000_000);
    await life.settled();
    await life.stop();
    assert.equal((await world.findAfterRestart('a/1'))[0], `a/1=later@${seq}.0`);
  });

  it('takes a log with other messages for another log, and reads it anew', async () => {
    const world = new TopicWorld();
    for (let i = 1; i <= 10; i++) world.send([event(`a/${i}`, `${i}`)]);
    await world.findAfterRestart();
    world.topics.cutEnd(0, 5);
    for (let i = 6; i <= 12; i++) world.send([event(`b/${i}`, `${i}`)]);
    const found = await world.findAfterRestart('b/#');
    assert.equal(found.length, 7);
    assert.equal(world.said.find(({ what }) => what === 'topic-log-lost-its-end')?.facts['found'], 'different');
    assert.ok((await world.topics.bounds(0)).lastSeq >= 12 + 30_000);
  });
});
