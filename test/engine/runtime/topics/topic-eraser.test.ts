/** An erased device in the topic trees: what it retained goes, whoever keeps the partition, and nothing else does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeRetainedMessage } from '../../../../schemas/gen/lean.ts';
import { TopicEraser } from '../../../../engine/runtime/topics/topic-eraser.ts';
import { until } from '../../../support/processes.ts';
import { retainedEvent as event, TopicWorld } from '../../../support/topic-world.ts';

const GONE = { tenant: 't', device: 'd1' };
const LARGE = 'large'.repeat(2_000);

const eraserOf = ({ asks, topics }: TopicWorld): TopicEraser => new TopicEraser({ topics, retained: asks });

async function eventsBeside(world: TopicWorld): Promise<number> {
  const stored = await Array.fromAsync(world.retained.read(0, { filter: '>' }));
  return stored.filter(({ data, name }) => name !== 'checkpoint' && (decodeRetainedMessage(data)?.event.length ?? 0) > 0).length;
}

describe('a device that is erased', () => {
  it('has nothing retained any more, small or large, by its own hand or by its session’s', async () => {
    const world = new TopicWorld();
    world.send([
      event('own', '1', { device: 'd1', session: 'd:d1' }),
      event('big', LARGE, { device: 'd1', session: 'd:d1' }),
      event('will', '2', { session: 'd:d1' }),
      event('suffix', LARGE, { session: 'd:d1:x' }),
      event('other', '3', { device: 'd11', session: 'd:d11' }),
      event('big/other', LARGE, { session: 'd:d11:d1' }),
      event('application', '4', { session: 'a:d1' }),
      event('again', '5', { device: 'd1' }),
      event('elsewhere', '6', { tenant: 'u', device: 'd1' }),
    ]);
    world.send([event('again', '7', { session: 'a:x' })]);
    const life = world.start();
    await life.settled();
    const eraser = eraserOf(world);
    const marks = await eraser.mark(GONE);
    assert.deepEqual(marks, [3]);
    assert.ok(await eraser.isForgotten(GONE, marks ?? []));
    const kept = ['again=7@2.0', 'application=4@1.6', 'big/other=largelargelargelarge@1.5', 'other=3@1.4'];
    assert.deepEqual(await world.find(), kept);
    assert.deepEqual(await world.find('#', 0, 'u'), ['elsewhere=6@1.8']);
    await life.stop();
    assert.equal(await eventsBeside(world), 5);
    assert.deepEqual(await world.findAfterRestart(), kept);
    // And the log is no longer needed for that.
    await world.topics.purge(0, 4);
    assert.deepEqual(await world.findAfterRestart(), kept);
  });

  it('may retain again in another life, which a mark that is read again leaves alone', async () => {
    const world = new TopicWorld();
    world.send([event('a', 'old', { device: 'd1' }), event('b', 'old', { device: 'd1' })]);
    await eraserOf(world).mark(GONE);
    world.send([event('a', 'new', { device: 'd1' })]);
    assert.deepEqual(await world.findAfterRestart(), ['a=new@3.0']);
    // Without a checkpoint everything is read again, over what stands beside the log.
    world.retained.tamper(0, (entry) => (entry.name === 'checkpoint' ? undefined : entry));
    assert.deepEqual(await world.findAfterRestart(), ['a=new@3.0']);
  });

  it('is forgotten once, and as soon as, the keeper has taken in the mark', async () => {
    const world = new TopicWorld();
    world.send([event('a', '1', { device: 'd1' })]);
    const eraser = eraserOf(world);
    const marks = await eraser.mark(GONE);
    assert.ok(marks !== undefined);
    assert.equal(await eraser.isForgotten(GONE, marks), false, 'nobody keeps the partition');
    const life = world.start();
    await until(() => eraser.isForgotten(GONE, marks), 'a keeper that answers');
    assert.deepEqual(await world.find(), []);
    await life.stop();
  });

  it('is not marked where the log doesn’t say that it has the mark', async () => {
    const { asks, topics } = new TopicWorld();
    const silent = { partitions: 1, bounds: (p: number) => topics.bounds(p), appendAll: () => Promise.resolve(false) };
    assert.equal(await new TopicEraser({ topics: silent, retained: asks }).mark(GONE), undefined);
  });

  it('stays forgotten, and others are kept, after any crashes at any append', async () => {
    const devices = fc.constantFrom('d1', 'd2');
    const step = fc.record({
      batch: fc.array(fc.record({ topic: fc.constantFrom('a', 'b', 'c'), device: devices, isLarge: fc.boolean() }), { maxLength: 3 }),
      erased: fc.option(devices, { freq: 3 }),
      die: fc.option(fc.record({ at: fc.nat(3), isStored: fc.boolean() })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const world = new TopicWorld();
        const last = new Map<string, { readonly device: string; readonly text: string }>();
        for (const { batch, die, erased } of steps) {
          let left = die?.at ?? Number.POSITIVE_INFINITY;
          const kill = (): void => {
            if (left-- === 0) throw new Error('killed');
          };
          const life = world.start({ turn: () => (die?.isStored === true ? { after: kill } : { before: kill }) });
          if (batch.length > 0) {
            const seq = world.send(
              batch.map(({ device, isLarge, topic }) => event(topic, isLarge ? LARGE : 's', { session: `d:${device}` })),
            );
            for (const [i, { device, isLarge, topic }] of batch.entries())
              last.set(topic, { device, text: `${topic}=${isLarge ? LARGE.slice(0, 20) : 's'}@${seq}.${i}` });
          }
          if (erased !== null) {
            await eraserOf(world).mark({ tenant: 't', device: erased });
            for (const [topic, { device }] of last) if (device === erased) last.delete(topic);
          }
          const { lastSeq } = await world.topics.bounds(0);
          await Promise.race([life.ended, until(() => life.keeper.status().checkpointSeq >= lastSeq, 'a checkpoint')]);
          await life.crash();
        }
        const expected = Array.from(last.values(), ({ text }) => text).toSorted();
        assert.deepEqual(await world.findAfterRestart(), expected);
        await world.topics.purge(0, (await world.topics.bounds(0)).lastSeq + 1);
        assert.deepEqual(await world.findAfterRestart(), expected);
      }),
      { numRuns: 30 },
    );
  });
});
