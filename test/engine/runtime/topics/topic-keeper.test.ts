import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ANSWER_CODE } from '../../../../schemas/envelope.ts';
import { decodeAskRetained, decodeRetainedMessage, encodeAskRetained, type AskRetainedInit } from '../../../../schemas/gen/lean.ts';
import { hasCode } from '../../../../engine/kernel/errors.ts';
import { retainedEvent as event, TopicWorld, type StartedKeeper } from '../../../support/topic-world.ts';
import { until } from '../../../support/processes.ts';

const asked = async (life: StartedKeeper, ask: AskRetainedInit) => {
  const question = decodeAskRetained(encodeAskRetained(ask));
  assert.ok(question !== undefined);
  return life.keeper.ask(question);
};

/** The last of each topic, as the log says it. */
function expected(sent: readonly { readonly topic: string; readonly payload: string; readonly place: string }[]): readonly string[] {
  const last = new Map<string, string>();
  for (const { topic, payload, place } of sent) {
    if (payload === '') last.delete(topic);
    else last.set(topic, `${topic}=${payload}@${place}`);
  }
  return [...last.values()].toSorted();
}

describe('a topic keeper and what is retained', () => {
  it('answers with the last message of each topic, tenants apart, and knows it after a restart', async () => {
    const world = new TopicWorld();
    world.send([event('a/b', '1'), event('a/b', '2'), event('a/c', '3'), event('a/b', 'x', { tenant: 'u' })]);
    world.send([event('a/c', ''), event('d', '4'), event('plain', 'no', { publishFlags: 1 }), event('not/here', '')]);
    const life = world.start();
    await life.settled();
    const found = ['a/b=2@1.1', 'd=4@2.1'];
    assert.deepEqual(await world.find(), found);
    assert.deepEqual(await world.find('a/+'), ['a/b=2@1.1']);
    assert.deepEqual(await world.find('#', 0, 'u'), ['a/b=x@1.3']);
    assert.deepEqual(await world.find('#', 0, 'v'), []);
    await life.stop();
    assert.deepEqual(await world.findAfterRestart(), found);
    // And it no longer needs the log for that.
    await world.topics.purge(0, 3);
    assert.deepEqual(await world.findAfterRestart(), found);
  });

  it('answers once it has taken in what the asker names, and says so when that is late', async () => {
    const world = new TopicWorld();
    const life = world.start();
    await life.settled();
    const waiting = world.find('#', 2);
    world.send([event('a', '1')]);
    world.send([event('b', '2')]);
    assert.deepEqual(await waiting, ['a=1@1.0', 'b=2@2.0']);
    const late = asked(life, { tenant: 't', filter: '#', minSeq: 99 });
    world.clock.aheadMs += 5_001;
    assert.equal((await late).code, ANSWER_CODE.behind);
    await life.stop();
    assert.equal((await asked(life, { tenant: 't', filter: '#' })).code, ANSWER_CODE.notOwner);
  });

  it('answers nobody without a fresh lease, and not before it has read all that is there', async () => {
    const world = new TopicWorld();
    world.send([event('a', '1')]);
    let isFresh = false;
    const life = world.start({ leaseFresh: () => isFresh });
    assert.equal((await asked(life, { tenant: 't', filter: '#' })).code, ANSWER_CODE.notOwner);
    await life.settled();
    assert.equal((await asked(life, { tenant: 't', filter: '#' })).code, ANSWER_CODE.notOwner);
    isFresh = true;
    assert.equal((await asked(life, { tenant: 't', filter: '#' })).code, ANSWER_CODE.ok);
    await life.stop();
  });

  it('gives pages, each topic once, while topics come and go', async () => {
    const world = new TopicWorld();
    world.send(Array.from({ length: 100 }, (_, i) => event(`a/${i}`, `${i}`)));
    const life = world.start();
    await life.settled();
    const seen = new Set<string>();
    let after = '';
    let pages = 0;
    do {
      const answer = await asked(life, { tenant: 't', filter: 'a/#', after, bytesMax: 300 });
      for (const { seq, index } of answer.messages ?? []) {
        assert.ok(!seen.has(`${seq}.${index}`));
        seen.add(`${seq}.${index}`);
      }
      after = answer.next ?? '';
      pages++;
      if (pages === 2) world.send([event('a/99', ''), event('a/0', ''), event('a/0', 'again')]);
      if (pages === 2) await life.settled();
    } while (after !== '');
    assert.ok(pages > 5 && seen.size >= 98, `${pages} pages, ${seen.size} messages`);
    assert.equal((await asked(life, { tenant: 't', filter: '#', after: 's999' })).code, ANSWER_CODE.notFound);
    const open = await asked(life, { tenant: 't', filter: '#', bytesMax: 300 });
    world.clock.aheadMs += 11_000;
    await until(
      async () => (await asked(life, { tenant: 't', filter: '#', after: open.next })).code === ANSWER_CODE.notFound,
      'a search to be forgotten',
    );
    await life.stop();
  });

  it('fetches large messages from beside the log, and from itself while they are on their way', async () => {
    const world = new TopicWorld();
    const large = 'large'.repeat(2_000);
    world.send([event('big', large), event('small', 's')]);
    const life = world.start();
    await life.settled();
    const found = ['big=largelargelargelarge@1.0', 'small=s@1.1'];
    assert.deepEqual(await world.find(), found);
    await until(() => life.keeper.status().checkpointSeq === 1, 'a checkpoint');
    assert.deepEqual(await world.find(), found);
    await life.stop();
    assert.deepEqual(await world.findAfterRestart('big'), found.slice(0, 1));
  });

  it('forgets what has expired, beside the log too', async () => {
    const world = new TopicWorld();
    const expiresMs = world.clock.now() + 60_000;
    world.send([event('soon', '1', { expiresMs }), event('late', '2', { expiresMs: expiresMs + 3_600_000 }), event('never', '3')]);
    const life = world.start();
    await life.settled();
    assert.equal((await world.find()).length, 3);
    world.clock.aheadMs += 61_000;
    assert.deepEqual(await world.find(), ['late=2@1.1', 'never=3@1.2']);
    await until(() => life.keeper.status().retained === 2, 'the expired one to be dropped');
    await life.stop();
    const stored = await Array.fromAsync(world.retained.read(0, { filter: '>' }));
    const events = stored.filter(({ name }) => name !== 'checkpoint').map(({ data }) => decodeRetainedMessage(data)?.event.length ?? 0);
    assert.equal(events.filter((length) => length > 0).length, 2);
  });

  it('retains no more than a tenant may have; what goes, or expires, makes room', async () => {
    const world = new TopicWorld();
    world.send(['a', 'b', 'c', 'd'].map((topic) => event(topic, '1')));
    world.send([event('x', '1', { tenant: 'u' })]);
    const life = world.start({ retainedMax: 3 });
    await life.settled();
    assert.deepEqual(await world.find(), ['a=1@1.0', 'b=1@1.1', 'c=1@1.2']);
    world.send([event('b', ''), event('a', '2'), event('d', '2'), event('e', '2')]);
    await life.settled();
    assert.deepEqual(await world.find(), ['a=2@3.1', 'c=1@1.2', 'd=2@3.2']);
    assert.deepEqual([life.keeper.status().refused, (await world.find('#', 0, 'u')).length], [2, 1]);
    await life.stop();
  });

  it('takes a batch that was sent again for what it is, after a restart too', async () => {
    const world = new TopicWorld();
    world.send([event('a', 'old')], 7, 1);
    let life = world.start();
    await life.settled();
    world.send([event('a', 'new')], 8, 1);
    world.send([event('a', 'old')], 7, 1);
    await life.settled();
    assert.deepEqual(await world.find(), ['a=new@2.0']);
    await life.stop();
    world.send([event('a', 'new')], 8, 1);
    world.send([event('b', 'will')], 0, 0);
    world.send([event('b', 'other will')], 0, 0);
    life = world.start();
    await life.settled();
    assert.deepEqual(await world.find(), ['a=new@2.0', 'b=other will@6.0']);
    await life.stop();
  });

  it('is not led astray by messages that are none', async () => {
    const world = new TopicWorld();
    world.topics.append(0, Buffer.from('no batch at all'), 1);
    world.topics.append(0, new Uint8Array(), 1);
    world.send([event('telemetry', '1', { kind: 1 })]);
    world.send([event('a', '1')]);
    assert.deepEqual(await world.findAfterRestart(), ['a=1@4.0']);
    world.retained.tamper(0, (entry) => (entry.name === 'checkpoint' ? entry : { ...entry, data: Buffer.from([0xff]) }));
    assert.deepEqual(await world.findAfterRestart(), []);
    assert.equal(world.times('retained-damaged'), 1);
  });

  it('has the last of each topic after any crashes at any append', async () => {
    const message = fc.record({ topic: fc.constantFrom('a', 'b', 'a/b', 'c'), payload: fc.constantFrom('', '1', '2', '3') });
    const step = fc.record({
      batch: fc.array(message, { minLength: 1, maxLength: 3 }),
      die: fc.option(fc.record({ at: fc.nat(3), isStored: fc.boolean() })),
      settle: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const world = new TopicWorld();
        const sent: { topic: string; payload: string; place: string }[] = [];
        for (const { batch, die, settle } of steps) {
          let left = die?.at ?? Number.POSITIVE_INFINITY;
          const life = world.start({
            turn: () => {
              const dies = left-- === 0;
              const kill = (): void => {
                if (dies) throw new Error('killed');
              };
              return die?.isStored === true ? { after: kill } : { before: kill };
            },
          });
          const seq = world.send(batch.map(({ topic, payload }) => event(topic, payload)));
          sent.push(...batch.map(({ topic, payload }, i) => ({ topic, payload, place: `${seq}.${i}` })));
          if (settle) await Promise.race([life.ended, until(() => life.keeper.status().checkpointSeq >= seq, 'a checkpoint')]);
          await life.crash();
        }
        assert.deepEqual(await world.findAfterRestart(), expected(sent));
        await world.topics.purge(0, (await world.topics.bounds(0)).lastSeq + 1);
        assert.deepEqual(await world.findAfterRestart(), expected(sent));
      }),
      { numRuns: 40 },
    );
  });

  it('counts as written only what is: more than one append holds, and a crash in between', async () => {
    const world = new TopicWorld();
    for (let batch = 0; batch < 5; batch++) world.send(Array.from({ length: 500 }, (_, i) => event(`a/b/${batch}/${i}`, '1')));
    let appends = 0;
    const life = world.start({
      turn: () => ({
        after: () => {
          if (++appends === 3) throw new Error('killed');
        },
      }),
    });
    await life.ended;
    const stored = await Array.fromAsync(world.retained.read(0, { filter: '>' }));
    assert.ok(stored.length > 1_000 && stored.length < 2_000, `${stored.length}`);
    assert.equal((await world.findAfterRestart()).length, 2_500);
    await world.topics.purge(0, 6);
    assert.equal((await world.findAfterRestart()).length, 2_500);
  });

  it('two keepers at once never leave an older message as the last one', async () => {
    const world = new TopicWorld();
    let hold: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      hold = resolve;
    });
    let appends = 0;
    world.send([event('a', 'old')]);
    // It has decided to write, and is stopped on the way to the server.
    const zombie = world.start({ instance: 'zombie', turn: () => (++appends === 2 ? { before: () => held } : {}) });
    await until(() => appends >= 2, 'the zombie on its way');
    world.send([event('a', 'new'), event('b', '1')]);
    world.send([event('b', '')]);
    const life = world.start({ instance: 'other' });
    await life.settled();
    await until(() => life.keeper.status().checkpointSeq === 3, 'everything to be written');
    hold?.();
    assert.ok(hasCode(await zombie.ended, 'fenced'));
    assert.deepEqual(await world.find(), ['a=new@2.0']);
    await life.stop();
    await world.topics.purge(0, 4);
    assert.deepEqual(await world.findAfterRestart(), ['a=new@2.0']);
  });
});
