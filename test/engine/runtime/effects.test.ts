/** What is dispatched into topic partitions is there once and in order, whatever becomes of answers and of dispatchers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { MemoryControlLog } from '../../../engine/memory/memory-control-log.ts';
import { MemoryTopicEffects, type EffectsFate } from '../../../engine/memory/memory-topic-effects.ts';
import { encodeEffects } from '../../../engine/runtime/effect-batch.ts';
import { Effects } from '../../../engine/runtime/effects.ts';
import { decodeEventBatch, encodeEvent } from '../../../schemas/gen/lean.ts';
import type { TaskEffect } from '../../../workers/protocol.ts';
import { topicEffectsContract } from '../../contract/topic-effects.ts';
import { Gate, hooked } from '../../support/hooked-port.ts';
import { until } from '../../support/processes.ts';

topicEffectsContract('effects in memory', async () => new MemoryTopicEffects());

const SOURCE = 3;

class Bench {
  readonly topics: MemoryTopicEffects;
  readonly control = new MemoryControlLog(() => 0);
  readonly gate = new Gate('topics.append');
  readonly broken: Error[] = [];
  readonly said: string[] = [];
  nowMs = 0;
  committedSeq = 1;

  constructor(fate?: () => EffectsFate) {
    this.topics = new MemoryTopicEffects(fate);
  }

  open(epoch = 1): Effects {
    const say = (what: string): void => void this.said.push(what);
    return new Effects(
      {
        partition: SOURCE,
        member: { node: 'n', instance: 'i' },
        control: this.control,
        topicEffects: hooked('topics', this.topics, this.gate.hook),
        clock: { now: () => 1_700_000_000_000, monotonic: () => this.nowMs },
        log: { info: say, warn: say, error: say },
      },
      {
        epoch,
        committedSeq: () => this.committedSeq,
        onProgress: () => undefined,
        onBroken: (error) => void this.broken.push(error),
      },
    );
  }

  /** What each message of the target says, in order. */
  topicsOf(target: number): readonly (readonly string[])[] {
    return this.topics.messages(target).map((data) => (decodeEventBatch(data)?.events ?? []).map((event) => event.topic));
  }
}

const saying = (index: number, target: number, topic: string): TaskEffect => sayingMuch(index, target, { topic, bytes: 0 });

const sayingMuch = (index: number, target: number, { bytes, topic }: { readonly topic: string; readonly bytes: number }): TaskEffect => ({
  index,
  kind: 'publish',
  target: `${target}`,
  // What a body says of its place doesn't count.
  body: encodeEvent({ tenant: 't', topic, payload: new Uint8Array(bytes), effectVersion: 99_999, effectIndex: 7 }),
});

const done = async (effects: Effects, committedSeq: number): Promise<void> =>
  until(() => effects.doneSeq(committedSeq) === committedSeq, 'the effects to be dispatched');

test('one message is in flight a target, and what waits meanwhile goes with the next', async () => {
  const bench = new Bench();
  const effects = bench.open();
  const sending = bench.gate.close();
  effects.add(2, [saying(0, 0, 'a')]);
  await sending;
  effects.add(3, [saying(0, 0, 'b'), saying(1, 0, 'c')]);
  effects.add(5, [saying(0, 0, 'd')]);
  assert.equal(effects.doneSeq(9), 1, 'the record before the first one whose effects wait');
  bench.gate.open();
  await done(effects, 9);
  assert.deepEqual(bench.topicsOf(0), [['a'], ['b', 'c', 'd']]);
  const batch = decodeEventBatch(bench.topics.messages(0)[1] ?? new Uint8Array());
  assert.deepEqual(
    batch?.events.map(({ effectIndex, effectSource, effectVersion, tenant }) => [tenant, effectSource, effectVersion, effectIndex]),
    [
      ['t', '3', 3, 0],
      ['t', '3', 3, 1],
      ['t', '3', 5, 0],
    ],
  );
  assert.equal(batch?.edgeEpoch, 0);
});

test('a target that is slow does not hold up another', async () => {
  const bench = new Bench();
  let held: (() => void) | undefined;
  const slow = new Promise<void>((resolve) => (held = resolve));
  const { append } = bench.topics;
  bench.topics.append = async (one) => {
    if (one.target === 0) await slow;
    return append.call(bench.topics, one);
  };
  const effects = bench.open();
  effects.add(2, [saying(0, 0, 'slow'), saying(1, 1, 'quick')]);
  effects.add(3, [saying(0, 1, 'quick too')]);
  await until(() => bench.topicsOf(1).flat().length === 2, 'the other target');
  assert.equal(effects.doneSeq(3), 1);
  held?.();
  await done(effects, 3);
  assert.deepEqual(bench.topicsOf(0), [['slow']]);
});

for (const fate of ['store-silently', 'lose', 'refuse'] as const) {
  test(`an append that comes to "${fate}" is done once`, async () => {
    let tries = 0;
    const bench = new Bench(() => (++tries % 2 === 1 ? fate : 'store'));
    const effects = bench.open();
    for (let record = 2; record < 8; record++) effects.add(record, [saying(0, 0, `${record}`)]);
    await done(effects, 8);
    assert.deepEqual(bench.topicsOf(0).flat(), ['2', '3', '4', '5', '6', '7']);
    assert.ok(bench.said.includes('effects-wait'));
    assert.deepEqual(bench.broken, []);
  });
}

test('whoever takes over goes on behind the last that is there', async () => {
  const bench = new Bench();
  const first = bench.open();
  first.add(2, [saying(0, 0, 'a'), saying(1, 0, 'b')]);
  await done(first, 2);
  first.end();
  const second = bench.open(4);
  second.add(2, [saying(0, 0, 'a'), saying(1, 0, 'b')]);
  second.add(3, [saying(0, 0, 'c'), saying(1, 1, 'd')]);
  await done(second, 3);
  assert.deepEqual([bench.topicsOf(0).flat(), bench.topicsOf(1).flat()], [['a', 'b', 'c'], ['d']]);
});

test('where another one appends in between, the dispatcher ends and appends nothing more', async () => {
  const bench = new Bench();
  const effects = bench.open();
  effects.add(2, [saying(0, 0, 'a')]);
  await done(effects, 2);
  await bench.topics.append({
    target: 0,
    source: SOURCE,
    expectedSeq: 1,
    data: encodeEffects([{ version: 7, index: 0, body: encodeEvent({ topic: 'of another' }) }], { source: SOURCE, edge: 'm', openedMs: 1 }),
  });
  effects.add(3, [saying(0, 0, 'b')]);
  await until(() => bench.broken.length > 0, 'the fence');
  assert.ok(hasCode(bench.broken[0], 'fenced'));
  effects.add(4, [saying(0, 1, 'c')]);
  assert.deepEqual([bench.topicsOf(0).flat(), bench.topicsOf(1)], [['a', 'of another'], []]);
});

test('a zombie that comes to a target first after its successor did ends, too', async () => {
  const bench = new Bench();
  // The successor has claimed at record 5 and dispatched an effect of record 6.
  for (let seq = 0; seq < 6; seq++) await bench.control.append(SOURCE, new Uint8Array(1), seq);
  const successor = bench.open(5);
  successor.add(6, [saying(0, 0, 'new')]);
  await done(successor, 6);
  bench.committedSeq = 4;
  const zombie = bench.open(1);
  zombie.add(4, [saying(0, 0, 'old')]);
  await until(() => bench.broken.length > 0, 'the fence');
  assert.ok(hasCode(bench.broken[0], 'fenced'));
  assert.deepEqual(bench.topicsOf(0), [['new']]);
});

test('where the control log has lost its end, nothing is taken for dispatched that isn’t', async () => {
  const bench = new Bench();
  const before = bench.open();
  before.add(90, [saying(0, 0, 'of a record that is lost')]);
  await done(before, 90);
  for (let seq = 0; seq < 4; seq++) await bench.control.append(SOURCE, new Uint8Array(1), seq);
  bench.committedSeq = 4;
  const after = bench.open(3);
  after.add(4, [saying(0, 0, 'new')]);
  await done(after, 4);
  assert.deepEqual(bench.topicsOf(0).flat(), ['of a record that is lost', 'new']);
  assert.ok(bench.said.includes('effects-may-repeat'));
});

test('messages that were purged meanwhile are no fence', async () => {
  const bench = new Bench();
  const effects = bench.open();
  effects.add(2, [saying(0, 0, 'a')]);
  await done(effects, 2);
  bench.topics.purge(0);
  effects.add(3, [saying(0, 0, 'b')]);
  await done(effects, 3);
  assert.deepEqual(bench.topicsOf(0), [['b']]);
});

test('what can’t be asked is asked again', async () => {
  const bench = new Bench();
  const { last } = bench.topics;
  let fails = 2;
  bench.topics.last = async (target, source) => {
    if (fails-- > 0) throw new Error('away');
    return last.call(bench.topics, target, source);
  };
  const effects = bench.open();
  effects.add(2, [saying(0, 0, 'a')]);
  await done(effects, 2);
  assert.deepEqual(bench.topicsOf(0), [['a']]);
});

test('a message is bounded, and so is what waits', async () => {
  const bench = new Bench();
  const effects = bench.open();
  const sending = bench.gate.close();
  const large = 200 * 1024;
  let record = 2;
  while (!effects.full) effects.add(record++, [sayingMuch(0, 0, { topic: `${record}`, bytes: large })]);
  assert.ok(record > 20 && record < 25, `${record - 2} effects of 200 KB`);
  await sending;
  bench.gate.open();
  await done(effects, record);
  assert.equal(effects.full, false);
  for (const data of bench.topics.messages(0)) assert.ok(data.length < 600 * 1024);
  assert.equal(bench.topicsOf(0).flat().length, record - 2);
});

test('an owner is told when nobody knows yet how far it came, and may wait for what is on its way', async () => {
  const bench = new Bench();
  const effects = bench.open();
  await effects.drain();
  const sending = bench.gate.close();
  effects.add(2, [saying(0, 0, 'a')]);
  effects.add(4, [saying(0, 1, 'b')]);
  await sending;
  let drained = false;
  const draining = effects.drain().then(() => (drained = true));
  bench.nowMs += 10_000;
  assert.equal(effects.unsaid(0), false, 'nothing was dispatched');
  assert.equal(drained, false);
  bench.nowMs -= 10_000;
  bench.gate.open();
  await draining;
  assert.equal(effects.unsaid(0), false, 'traffic may bring a record soon');
  bench.nowMs += 1_001;
  assert.equal(effects.unsaid(3), true);
  assert.equal(effects.unsaid(4), false);
});

test('an owner that waits for a target in vain gives up, and leaves it to the next', async () => {
  const bench = new Bench(() => 'refuse');
  const effects = bench.open();
  effects.add(2, [saying(0, 0, 'a')]);
  const draining = effects.drain();
  await until(() => bench.said.includes('effects-wait'), 'a first attempt');
  effects.end();
  await draining;
  assert.equal(effects.doneSeq(2), 1);
});

test('whatever is lost, refused or taken over, every effect is there once and in order', async () => {
  const fates = fc.array(fc.constantFrom<EffectsFate>('store', 'store', 'store-silently', 'lose', 'refuse'), { maxLength: 12 });
  // Each life: how many effects of each record, and after how many appends the owner is gone.
  const lives = fc.array(fc.record({ records: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }), appends: fc.nat(6) }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(fates, lives, async (script, many) => {
      let at = 0;
      let left = 0;
      let current: Effects | undefined;
      const bench = new Bench(() => {
        if (left-- <= 0) current?.end();
        return script[at++] ?? 'store';
      });
      const committed: { readonly seq: number; readonly effects: readonly TaskEffect[] }[] = [];
      let seq = 0;
      const life = (appends: number): Effects => {
        const epoch = ++seq;
        left = appends;
        const effects = bench.open(epoch);
        current = effects;
        for (const record of committed) effects.add(record.seq, record.effects);
        return effects;
      };
      for (const { appends, records } of many) {
        const effects = life(appends);
        for (const count of records) {
          seq++;
          const made = Array.from({ length: count }, (_, i) => saying(i, i % 2, `${seq}.${i}`));
          committed.push({ seq, effects: made });
          effects.add(seq, made);
          await new Promise((resolve) => setImmediate(resolve));
        }
        effects.end();
        // What a dying owner has sent may land before the next one asks, or it may not have been sent.
        await new Promise((resolve) => setImmediate(resolve));
      }
      const last = life(Number.POSITIVE_INFINITY);
      await until(() => bench.broken.length > 0 || last.doneSeq(seq) === seq, 'the effects to be dispatched');
      assert.deepEqual(bench.broken, []);
      for (const target of [0, 1]) {
        const wanted = committed.flatMap((record) =>
          record.effects.flatMap((effect, i) => (effect.target === `${target}` ? [`${record.seq}.${i}`] : [])),
        );
        assert.deepEqual(bench.topicsOf(target).flat(), wanted);
      }
    }),
    { numRuns: 60 },
  );
});
