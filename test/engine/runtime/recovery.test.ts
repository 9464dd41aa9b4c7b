/** However often owners end, and whatever they lose, the twins, the rows and the records are as if there had been one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';
import { assertAsFolded } from '../../support/owner-checks.ts';
import { World, type StartedOwner } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';
import { history } from '../pipeline/history.ts';

const DEVICES = ['d1', 'd2', 'd3'];
/** Longer than a quiet partition goes without a snapshot. */
const SNAPSHOT_AGE_MS = 130_000;

const ports = [
  'control.append',
  'control.lastSeq',
  'pool.fold',
  'pool.open',
  'pool.recover',
  'pool.rows',
  'snapshots.put',
  'analytics.insert',
  'analytics.fence',
  'analytics.count',
  'input.bounds',
];
/** What befalls the owner while some messages arrive. */
const fate = fc.oneof(
  fc.record({ kind: fc.constantFrom('go-on', 'stop', 'kill', 'snapshot') }),
  // Every port call may be the last one, before or after it had its effect; or it fails and the owner has to cope.
  fc.record({ kind: fc.constantFrom('die-at', 'fail-at'), call: fc.constantFrom(...ports), done: fc.boolean(), skip: fc.nat(3) }),
);
const chapters = fc.array(fc.record({ messages: fc.nat(4), fate }), { minLength: 1, maxLength: 8 });
type Chapter = typeof chapters extends fc.Arbitrary<readonly (infer C)[]> ? C : never;

/** Keeps an owner alive, as membership does: one that ends is followed by another. */
class Succession {
  readonly #world: World;
  life: StartedOwner;
  #hook: (call: string) => void = () => undefined;

  constructor(world: World) {
    this.#world = world;
    this.life = this.#start();
  }

  #start(): StartedOwner {
    return this.#world.start({ hook: (call) => this.#hook(call) });
  }

  async next(): Promise<void> {
    await this.life.crash();
    this.life = this.#start();
  }

  plan(call: string, skip: number, strike: () => void): void {
    let left = skip;
    this.#hook = (made) => {
      if (made !== call || left-- > 0) return;
      this.#hook = () => undefined;
      strike();
      throw new Error(`${call} failed`);
    };
  }

  /** Starts anew until everything has come to rest. */
  async settled(): Promise<void> {
    for (let lives = 0; lives < 20; lives++) {
      if (await this.life.settledOrOver(this.#world)) return;
      await this.next();
    }
    assert.fail('owners end again and again');
  }
}

async function live(succession: Succession, world: World, chapter: Chapter['fate']): Promise<void> {
  switch (chapter.kind) {
    case 'stop':
      succession.life.owner.stop();
      await succession.life.ended;
      return succession.next();
    case 'kill':
      return succession.next();
    case 'snapshot':
      await succession.settled();
      world.clock.aheadMs += SNAPSHOT_AGE_MS;
      // The owner looks up, and finds that a snapshot is due.
      await succession.life.ask({ minSeq: 0, twin: { tenant: 't', device: 'd1' } });
      return succession.settled();
    default:
      if (!('call' in chapter)) return;
      succession.plan(chapter.done ? `${chapter.call}:done` : chapter.call, chapter.skip, () => {
        if (chapter.kind === 'die-at') succession.life.owner.breakOff(new Error('killed'));
      });
  }
}

test('restarts, failures and snapshots anywhere change neither twins nor rows, and leave the records contiguous', async () => {
  await fc.assert(
    fc.asyncProperty(history, chapters, async ({ messages }, story) => {
      const world = new World();
      const succession = new Succession(world);
      let next = 0;
      const arrive = (count: number): void => {
        for (const { data, timeMs } of messages.slice(next, next + count)) world.input.append(0, data, timeMs);
        next += count;
      };
      for (const { messages: count, fate: befalls } of story) {
        arrive(count);
        await live(succession, world, befalls);
      }
      arrive(messages.length);
      await succession.settled();
      await succession.life.stop();
      await assertAsFolded(world, DEVICES);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

async function withSnapshots(count: number): Promise<World> {
  const world = new World();
  const edge = world.edge();
  const life = world.start();
  for (let i = 1; i <= count; i++) {
    edge.send([jsonEvent('d1', { t: i })]);
    await life.settled(world);
    world.clock.aheadMs += SNAPSHOT_AGE_MS;
    await until(async () => (await world.snapshots.list(0)).at(-1)?.logSeq === i, `snapshot ${i}`);
  }
  await life.stop();
  return world;
}

test('recovery starts from the newest snapshot', async () => {
  const world = await withSnapshots(2);
  const opened: string[] = [];
  world.edge(2).send([jsonEvent('d1', { t: 9 })]);
  const life = world.start({ hook: (call) => void (call.startsWith('snapshots.get:') && opened.push(call)) });
  await life.settled(world);
  assert.equal(opened.length, 1);
  await life.stop();
  await assertAsFolded(world, DEVICES);
});

test('a snapshot that is unreadable, or gone, costs only time', async () => {
  const world = await withSnapshots(2);
  for (const name of (await world.snapshots.list(0)).toReversed()) {
    await world.snapshots.put(name, Buffer.from('no snapshot'));
    await assertAsFolded(world, DEVICES);
  }
});

test('where none of the snapshots that the logs were purged for can be read, the past is gone, and that is said', async () => {
  const world = await withSnapshots(3);
  await until(async () => (await world.control.get(0, 1)) === undefined, 'a purge');
  for (const name of await world.snapshots.list(0)) await world.snapshots.put(name, Buffer.from('no snapshot'));
  const life = world.start();
  assert.ok(hasCode(await life.ended, 'log-hole'));
});

test('a snapshot whose record came to cover something else counts for nothing and goes', async () => {
  const world = await withSnapshots(1);
  const [mine] = await world.snapshots.list(0);
  assert.ok(mine !== undefined);
  const bytes = await world.snapshots.get(mine);
  assert.ok(bytes !== undefined);
  const stale = { partition: 0, recordSeq: mine.recordSeq, logSeq: 77 };
  const ahead = { partition: 0, recordSeq: 1_000, logSeq: 1 };
  await world.snapshots.put(stale, bytes);
  await world.snapshots.put(ahead, bytes);
  world.edge(2).send([jsonEvent('d1', { t: 9 })]);
  await world.settle();
  assert.deepEqual(await world.snapshots.list(0), [mine]);
  await assertAsFolded(world, DEVICES);
});

test('a control log that covers more than can be recovered is an error that says so', async () => {
  const world = new World();
  world.edge().send([jsonEvent('d1', { t: 1 })]);
  await world.settle();
  // Half of what the last record covers is gone from the middle: nothing that a crash could do.
  await world.input.purge(0, 2);
  const life = world.start();
  assert.ok(hasCode(await life.ended, 'log-hole'));
});

test('long tails come in several tasks', async () => {
  const world = new World();
  const payload = 'x'.repeat(400_000);
  for (let i = 0; i < 30; i++)
    world.input.append(0, batchOf({ edgeEpoch: 1, counter: i + 1, events: [jsonEvent('d1', { t: i, payload })] }), world.nextMs++);
  await world.settle();
  let tasks = 0;
  const life = world.start({ hook: (call) => void (call === 'pool.recover' && tasks++) });
  await life.state('folding');
  assert.ok(tasks > 1, `${tasks} tasks`);
  await life.stop();
  await assertAsFolded(world, ['d1']);
});
