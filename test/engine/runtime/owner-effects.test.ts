/** What an owner's fold says into topic partitions is there once and in order, whoever owned the partition meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { decodeEventBatch, type Event } from '../../../schemas/gen/lean.ts';
import { KnownEnds } from '../../../engine/runtime/log-ends.ts';
import { Gate, type Hook } from '../../support/hooked-port.ts';
import { jsonEvent } from '../../support/log-frames.ts';
import { assertAsFolded } from '../../support/owner-checks.ts';
import { World, type StartedOwner, type StartOptions, type TestEdge } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';
import { scriptedFoldPool } from '../../support/scripted-fold.ts';

/** Each event with a number says it, once into each target; odd ones into the first alone. */
function says(event: Event): readonly { target: number; text: string }[] {
  const n = (JSON.parse(Buffer.from(event.payload).toString() || '{}') as { readonly n?: number }).n;
  if (n === undefined) return [];
  return [{ target: 0, text: `${n}` }, ...(n % 2 === 0 ? [{ target: 1, text: `${n}` }] : [])];
}

const start = (world: World, options: StartOptions = {}): StartedOwner => world.start({ pool: scriptedFoldPool({ says }), ...options });

const send = (edge: TestEdge, ...numbers: readonly number[]): number => edge.send(numbers.map((n) => jsonEvent('d1', { n })));

const said = (world: World, target: number): readonly string[] =>
  world.topicEffects.messages(target).flatMap((data) => (decodeEventBatch(data)?.events ?? []).map((event) => event.topic));

const numbers = (to: number): readonly string[] => Array.from({ length: to }, (_, i) => `${i + 1}`);

async function assertSaid(world: World, to: number): Promise<void> {
  const even = numbers(to).filter((n) => Number(n) % 2 === 0);
  await until(() => said(world, 0).length >= to && said(world, 1).length >= even.length, `what ${to} events say`);
  assert.deepEqual(said(world, 0), numbers(to));
  assert.deepEqual(said(world, 1), even);
}

test('what is decided is said once its record is committed, and a later record says that it was', async () => {
  const world = new World();
  const append = new Gate('control.append');
  const life = start(world, { hook: append.hook });
  await life.state('folding');
  const appending = append.close();
  send(world.edge(), 1, 2, 3);
  await appending;
  assert.deepEqual(said(world, 0), [], 'nothing leaves before');
  append.open();
  await assertSaid(world, 3);
  await life.settled(world);
  const of = (await world.records()).findIndex((record) => record.decisions.length > 0) + 1;
  await until(async () => ((await world.records()).at(-1)?.outboxDone ?? 0) >= of, 'a record that says so');
  await life.stop();
  await assertAsFolded(world, ['d1']);
});

test('an idle partition says how far it came, even while ClickHouse is away', async () => {
  const world = new World();
  const noInserts: Hook = (call) => {
    if (call === 'analytics.insert') throw new Error('ClickHouse is away');
  };
  const life = start(world, { hook: noInserts });
  await life.state('folding');
  send(world.edge(), 1);
  await assertSaid(world, 1);
  const of = (await world.records()).findIndex((record) => record.decisions.length > 0) + 1;
  await until(async () => {
    world.clock.aheadMs += 2_000;
    return ((await world.records()).at(-1)?.outboxDone ?? 0) >= of;
  }, 'a record that says so');
  await life.crash();
  // Where everything was purged since, the record alone tells that nothing is to be said again.
  world.topicEffects.purge(0);
  const next = start(world);
  await next.settled(world);
  await next.stop();
  assert.deepEqual(said(world, 0), []);
});

for (const at of ['topicEffects.append', 'topicEffects.append:done', 'control.append', 'control.append:done', 'pool.fold:done'] as const) {
  test(`an owner that dies at ${at} leaves the rest to the next, which says nothing twice`, async () => {
    const world = new World();
    const edge = world.edge();
    let armed = false;
    let reached = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const life = start(world, {
      hook: async (call) => {
        if (!armed || call !== at || ++reached < 2) return;
        await held;
        throw new Error('killed');
      },
    });
    await life.state('folding');
    armed = true;
    for (let n = 1; n <= 6; n++) {
      send(edge, n);
      await until(() => reached >= 2 || said(world, 0).length >= n, 'the event to be said');
    }
    await until(() => reached >= 2, 'the place where it dies');
    const dying = life.crash();
    const next = start(world);
    send(edge, 7, 8);
    await next.settled(world);
    await assertSaid(world, 8);
    await next.stop();
    release();
    await dying;
  });
}

test('of two owners at once, both with something to say, nothing is said twice or left out', async () => {
  const world = new World();
  const edge = world.edge();
  const saying = new Gate('topicEffects.append');
  const zombie = start(world, { node: 'a', hook: saying.hook });
  await zombie.state('folding');
  const reached = saying.close();
  send(edge, 1, 2);
  await reached;
  const taker = start(world, { node: 'b' });
  await taker.settled(world);
  send(edge, 3, 4);
  await assertSaid(world, 4);
  saying.open();
  assert.ok(hasCode(await zombie.ended, 'fenced'));
  send(edge, 5);
  await assertSaid(world, 5);
  await taker.stop();
});

test('an owner that is stopped says first what it has decided', async () => {
  const world = new World();
  const saying = new Gate('topicEffects.append');
  const life = start(world, { hook: saying.hook });
  await life.state('folding');
  const reached = saying.close();
  send(world.edge(), 1, 2);
  await reached;
  life.owner.stop();
  saying.open();
  assert.equal(await life.ended, undefined);
  assert.deepEqual([said(world, 0), said(world, 1)], [['1', '2'], ['2']]);
});

test('no record is purged whose effects are not dispatched', async () => {
  const world = new World();
  let isAway = true;
  const hook: Hook = (call) => {
    if (isAway && call === 'topicEffects.last') throw new Error('away');
  };
  const life = start(world, { hook, logRetentionMs: 0 });
  await life.state('folding');
  const edge = world.edge();
  send(edge, 1);
  const seqs: number[] = [];
  for (let n = 2; n <= 6; n++) {
    seqs.push(send(edge, n));
    await until(() => life.owner.status()['checkpoint'] === seqs.at(-1), 'the message to be covered');
    await until(async () => {
      world.clock.aheadMs += 130_000;
      await life.twin('d1');
      return (await world.snapshots.list(0)).some((name) => name.logSeq === seqs.at(-1));
    }, 'a snapshot');
  }
  await until(async () => {
    world.clock.aheadMs += 11_000;
    await life.twin('d1');
    return (await world.input.bounds(0)).firstSeq > 1;
  }, 'a purge');
  const kept = await world.records();
  const of = (await world.control.lastSeq(0)) - kept.length + 1 + kept.findIndex((record) => record.decisions.length > 0);
  const effects = kept.flatMap((record) => record.decisions.flatMap((decision) => decision.effects));
  assert.equal(effects.length, 9, 'all of them are there');
  await life.crash();
  isAway = false;
  const next = start(world, { logRetentionMs: 0 });
  await next.settled(world);
  await assertSaid(world, 6);
  await until(async () => {
    world.clock.aheadMs += 11_000;
    await next.twin('d1');
    return (await world.control.lastSeq(0)) - (await world.records()).length + 1 > of;
  }, 'a purge of what is said');
  await next.stop();
});

test('while too much waits nothing more is folded, and questions are answered', async () => {
  const world = new World();
  let isAway = true;
  const large = 'x'.repeat(512 * 1024);
  const pool = scriptedFoldPool({ says: (event) => (event.device === 'd1' ? [{ target: 0, text: large }] : []) });
  const life = world.start({
    pool,
    hook: (call) => {
      if (isAway && call === 'topicEffects.last') throw new Error('away');
    },
  });
  await life.state('folding');
  const edge = world.edge();
  for (let n = 0; n < 20; n++) {
    const seq = send(edge, n);
    await until(
      () => life.owner.status()['checkpoint'] === seq || life.owner.status()['lagMessages'] !== 0,
      'the message to be covered, or to wait',
    );
  }
  const { lastSeq } = await world.input.bounds(0);
  assert.ok(Number(life.owner.status()['checkpoint']) < lastSeq, 'some wait');
  assert.notEqual(await life.twin('d1'), undefined);
  isAway = false;
  await life.settled(world);
  await life.stop();
});

test('what survived a lost end is said, whether its record is there or was made again', async () => {
  const world = new World();
  const edge = world.edge();
  const life = start(world, {
    hook: (call) => {
      if (call === 'topicEffects.last') throw new Error('away');
    },
  });
  await life.state('folding');
  for (let n = 1; n <= 4; n++) {
    const seq = send(edge, n);
    await until(() => life.owner.status()['checkpoint'] === seq, 'the message to be covered');
  }
  await life.drained();
  await life.crash();
  world.input.cutEnd(0, 3);
  // The control log keeps its first two records, a claim and the first message's.
  world.control.cutEnd(0, 2);
  const ends = new KnownEnds();
  let next = start(world, { ends });
  for (let lives = 0; world.times('log-lost-its-end') === 0 && lives < 8; lives++) {
    await until(
      async () => world.times('log-lost-its-end') > 0 || next.owner.status()['state'] === 'stopped',
      'a repair, or another owner',
    );
    if (next.owner.status()['state'] === 'stopped') next = start(world, { ends });
  }
  await next.state('folding');
  send(world.edge(2), 5);
  await until(() => said(world, 0).includes('5'), 'what comes after');
  await next.crash();
  assert.deepEqual(said(world, 0), ['1', '2', '3', '5']);
  assert.deepEqual(said(world, 1), ['2']);
});

test('whatever ports do and whoever takes over, everything is said once and in order', async () => {
  const calls = [
    'topicEffects.append',
    'topicEffects.append:done',
    'topicEffects.last',
    'control.append',
    'control.append:done',
    'pool.fold',
  ];
  const life = fc.record({ call: fc.constantFrom(...calls), pass: fc.integer({ min: 1, max: 4 }), events: fc.integer({ min: 1, max: 4 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 3 }), async (lives) => {
      const world = new World();
      const edge = world.edge();
      let n = 0;
      for (const { call, events, pass } of lives) {
        let passes = 0;
        let isOver = false;
        const owner = start(world, {
          hook: (reached) => {
            if (reached === call && ++passes >= pass) throw new Error('as it comes');
          },
        });
        void owner.ended.then(() => (isOver = true));
        for (let i = 0; i < events; i++) {
          const seq = send(edge, ++n);
          await until(() => isOver || Number(owner.owner.status()['checkpoint']) >= seq, 'the event to be covered');
        }
        await owner.crash();
      }
      const last = start(world);
      await last.settled(world);
      await assertSaid(world, n);
      await last.stop();
    }),
    { numRuns: 15 },
  );
});
