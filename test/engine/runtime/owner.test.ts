/** A partition's owner: what it commits, what it answers, and how it ends when it can't go on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANSWER_CODE } from '../../../schemas/envelope.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { DUPLICATE, ACCEPTED } from '../../../engine/kernel/outcome.ts';
import { Gate } from '../../support/hooked-port.ts';
import { jsonEvent } from '../../support/log-frames.ts';
import { assertAsFolded } from '../../support/owner-checks.ts';
import { DAY_MS, MORNING_MS, World } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';

test('an empty partition is claimed and folded from its first message on', async () => {
  const world = new World();
  const life = world.start();
  await life.state('folding');
  assert.equal(life.owner.status()['epoch'], 1);
  const edge = world.edge();
  edge.send([jsonEvent('d1', { t: 1 })]);
  edge.send([jsonEvent('d1', { t: 2 }), jsonEvent('d2', { t: 3 })]);
  await life.settled(world);
  assert.deepEqual(
    { ...life.owner.status(), sink: undefined, record: undefined, lagMs: undefined, logTimeMs: undefined },
    {
      partition: 0,
      owner: 'n',
      instance: 'i1',
      state: 'folding',
      epoch: 1,
      record: undefined,
      checkpoint: 2,
      logTimeMs: undefined,
      lagMessages: 0,
      lagMs: undefined,
      devices: 2,
      events: 3,
      losses: [],
      sink: undefined,
    },
  );
  await life.stop();
  assert.equal(life.owner.status()['state'], 'stopped');
  await assertAsFolded(world, ['d1', 'd2', 'nobody']);
});

test('a partition with a past is taken over where it was left', async () => {
  const world = new World();
  const edge = world.edge();
  edge.send([jsonEvent('d1', { t: 1 })]);
  await world.settle();
  edge.send([jsonEvent('d1', { h: 2 })]);
  edge.sendAgain();
  await world.settle();
  const kinds = (await world.records()).map((record) => record.kind);
  assert.equal(kinds.filter((kind) => kind === 1).length, 2, 'two claims');
  await assertAsFolded(world, ['d1']);
});

test('of two owners at once only the later one commits; the other ends fenced, and no row is double', async () => {
  const world = new World();
  const edge = world.edge();
  const zombie = world.start({ node: 'a' });
  await zombie.state('folding');
  edge.send([jsonEvent('d1', { t: 1 })]);
  const taker = world.start({ node: 'b' });
  await taker.state('folding');
  edge.send([jsonEvent('d1', { t: 2 })]);
  assert.ok(hasCode(await zombie.ended, 'fenced'));
  edge.send([jsonEvent('d1', { t: 3 })]);
  await taker.settled(world);
  await taker.stop();
  await assertAsFolded(world, ['d1']);
});

test('a zombie that wakes up with a record in its hands is refused, and so is its block', async () => {
  const world = new World();
  const edge = world.edge();
  const append = new Gate('control.append');
  const insert = new Gate('analytics.insert');
  const zombie = world.start({ node: 'a', hook: async (call) => void (await Promise.all([append.hook(call), insert.hook(call)])) });
  await zombie.state('folding');
  const inserting = insert.close();
  edge.send([jsonEvent('d1', { t: 1 })]);
  await inserting;
  const appending = append.close();
  edge.send([jsonEvent('d1', { t: 2 })]);
  await appending;
  const taker = world.start({ node: 'b' });
  await taker.settled(world);
  append.open();
  insert.open();
  assert.ok(hasCode(await zombie.ended, 'fenced'));
  await taker.stop();
  await assertAsFolded(world, ['d1']);
});

test('an append whose answer is lost ends the owner, even an idle one; the next one loses and doubles nothing', async () => {
  const world = new World();
  const edge = world.edge();
  const life = world.start();
  await life.state('folding');
  world.control.loseAnswers = true;
  edge.send([jsonEvent('d1', { t: 1 })]);
  assert.ok(hasCode(await life.ended, 'unknown-outcome'));
  world.control.loseAnswers = false;
  edge.send([jsonEvent('d1', { t: 2 })]);
  await world.settle();
  await assertAsFolded(world, ['d1']);
});

test('while a record is in flight the next batch is folded, and its record follows', async () => {
  const world = new World();
  const edge = world.edge();
  const append = new Gate('control.append');
  let folds = 0;
  const hook = async (call: string): Promise<void> => {
    if (call === 'pool.fold:done') folds++;
    await append.hook(call);
  };
  const life = world.start({ hook });
  await life.state('folding');
  const appending = append.close();
  edge.send([jsonEvent('d1', { t: 1 })]);
  await appending;
  const second = edge.send([jsonEvent('d1', { t: 2 })]);
  await until(() => folds === 2, 'a second fold');
  edge.send([jsonEvent('d1', { t: 3 })]);
  assert.equal(life.owner.status()['checkpoint'], 0, 'nothing is committed yet');
  assert.deepEqual(world.analytics.rows('events'), [], 'and no row is out');
  const asked = life.ask({ minSeq: second, twin: { tenant: 't', device: 'd1' } });
  append.open();
  assert.equal((await asked).code, ANSWER_CODE.ok);
  await life.settled(world);
  await life.stop();
  await assertAsFolded(world, ['d1']);
});

test('a question is answered by a state that reflects its message, once that is committed', async () => {
  const world = new World();
  const edge = world.edge();
  const life = world.start();
  await life.state('folding');
  const early = life.ask({ minSeq: 1, twin: { tenant: 't', device: 'd1' } });
  edge.send([jsonEvent('d1', { t: 41 })]);
  const answer = await early;
  assert.equal(answer.code, ANSWER_CODE.ok);
  assert.equal(answer.checkpoint, 1);
  const twin = JSON.parse(Buffer.from(answer.body).toString()) as { latest: { t: { v: number } } };
  assert.match(JSON.stringify(twin), /41/);
  assert.equal(await life.twin('unheard-of'), undefined);
  await life.stop();
});

test('outcomes are told with the originals of duplicates, also by an owner that only recovered them', async () => {
  const world = new World();
  const edge = world.edge();
  edge.send([jsonEvent('d1', { t: 1 }), jsonEvent('d2', { t: 1 })]);
  edge.sendAgain();
  const first = world.start();
  await first.settled(world);
  const question = { minSeq: 2, outcomes: { seq: [1, 2, 2], index: [1, 0, 1] } };
  const told = await first.ask(question);
  assert.deepEqual(Array.from(told.outcome), [ACCEPTED, DUPLICATE, DUPLICATE]);
  assert.deepEqual(Array.from(told.originalSeq), [0, 1, 1]);
  assert.deepEqual(Array.from(told.originalIndex), [0, 0, 1]);
  assert.equal((await first.ask({ minSeq: 0, outcomes: { seq: [9], index: [0] } })).code, ANSWER_CODE.notFound);
  await first.stop();
  const second = world.start();
  await second.state('folding');
  const again = await second.ask(question);
  assert.deepEqual({ ...again, epoch: 0 }, { ...told, epoch: 0 });
  await second.stop();
});

test('a question for what never comes is told that the owner is behind', async () => {
  const world = new World();
  const life = world.start();
  await life.state('folding');
  const asked = life.ask({ minSeq: 7, twin: { tenant: 't', device: 'd1' } });
  world.clock.aheadMs += 6_000;
  assert.equal((await asked).code, ANSWER_CODE.behind);
  await life.stop();
});

test('nobody is answered without a fresh lease, neither when asking nor when the answer is ready', async () => {
  const world = new World();
  let fresh = true;
  const append = new Gate('control.append');
  const life = world.start({ leaseFresh: () => fresh, hook: append.hook });
  await life.state('folding');
  const appending = append.close();
  world.edge().send([jsonEvent('d1', { t: 1 })]);
  const waiting = life.ask({ minSeq: 1, twin: { tenant: 't', device: 'd1' } });
  await appending;
  fresh = false;
  assert.equal((await life.ask({ minSeq: 0, twin: { tenant: 't', device: 'd1' } })).code, ANSWER_CODE.notOwner);
  assert.equal((await life.ask({ status: {} })).code, ANSWER_CODE.ok, 'its status it tells always');
  append.open();
  assert.equal((await waiting).code, ANSWER_CODE.notOwner);
  await life.stop();
});

test('whoever waits when the owner ends is told so, whatever its question had come to', async () => {
  const world = new World();
  const edge = world.edge();
  const append = new Gate('control.append');
  const fold = new Gate('pool.fold');
  const hook = async (call: string): Promise<void> => {
    await append.hook(call);
    await fold.hook(call);
  };
  const life = world.start({ hook });
  await life.state('folding');
  const twin = { tenant: 't', device: 'd1' };
  const uncovered = life.ask({ minSeq: 99, twin });
  const appending = append.close();
  edge.send([jsonEvent('d1', { t: 1 })]);
  const inFlight = life.ask({ minSeq: 1, twin });
  await appending;
  const folding = fold.close();
  edge.send([jsonEvent('d1', { t: 2 })]);
  const inFold = life.ask({ minSeq: 2, twin });
  await folding;
  const ended = life.crash();
  append.open();
  fold.open();
  await ended;
  for (const asked of [uncovered, inFlight, inFold]) assert.equal((await asked).code, ANSWER_CODE.notOwner);
  assert.equal((await life.ask({ minSeq: 0, twin })).code, ANSWER_CODE.notOwner);
});

test('a task ends at the border of a log day; questions about what lies behind it wait for the next', async () => {
  const world = new World();
  const edge = world.edge();
  edge.send([jsonEvent('d1', { t: 1 })], MORNING_MS);
  edge.send([jsonEvent('d1', { t: 2 })], MORNING_MS + DAY_MS);
  const last = edge.send([jsonEvent('d1', { t: 3 })], MORNING_MS + 3 * DAY_MS);
  const fold = new Gate('pool.fold');
  const folding = fold.close();
  const life = world.start({ hook: fold.hook });
  await folding;
  const asked = life.twin('d1', last);
  fold.open();
  assert.match(JSON.stringify(await asked), new RegExp(`0\\.${last}\\.0`));
  await life.settled(world);
  await life.stop();
  const days = (await world.records())
    .filter((record) => record.toSeq >= record.fromSeq)
    .map((record) => record.toSeq - record.fromSeq + 1);
  assert.deepEqual(days, [1, 1, 1]);
  await assertAsFolded(world, ['d1']);
});

test('an idle partition’s sink gets its word into the control log', async () => {
  const world = new World();
  world.edge().send([jsonEvent('d1', { t: 1 })]);
  const life = world.start();
  await life.settled(world);
  const last = (await world.records()).at(-1);
  assert.equal(last?.sink?.hwmLogSeq, 1);
  assert.equal(last?.sink?.intent, undefined);
  assert.equal(last?.toSeq, 1);
  assert.ok(last.fromSeq > last.toSeq, 'a record that covers nothing');
  await life.stop();
});

test('what is read when an owner is stopped is committed, and nothing is written after it ended', async () => {
  const world = new World();
  const edge = world.edge();
  const append = new Gate('control.append');
  const life = world.start({ hook: append.hook });
  await life.state('folding');
  const appending = append.close();
  edge.send([jsonEvent('d1', { t: 1 })]);
  await appending;
  edge.send([jsonEvent('d1', { t: 2 })]);
  await until(() => life.owner.status()['lagMessages'] === 0, 'both to be taken');
  life.owner.stop();
  append.open();
  assert.equal(await life.ended, undefined);
  const end = (await world.records()).at(-1)?.last?.seq;
  assert.equal(end, 2);
  await world.settle();
  await assertAsFolded(world, ['d1']);
});

test('after an insert whose result is unknown the owner claims anew, and rows are there once', async () => {
  for (const landed of [true, false]) {
    const world = new World();
    const edge = world.edge();
    let failed = false;
    const life = world.start({
      hook: (call) => {
        if (failed || call !== (landed ? 'analytics.insert:done' : 'analytics.insert')) return;
        failed = true;
        throw new Error('no answer');
      },
    });
    await life.state('folding');
    edge.send([jsonEvent('d1', { t: 1 })]);
    await until(() => failed, 'the insert');
    edge.send([jsonEvent('d1', { t: 2 })]);
    await life.settled(world);
    assert.ok(Number(life.owner.status()['epoch']) > 1, 'claimed anew');
    await life.stop();
    await assertAsFolded(world, ['d1']);
  }
});

test('an owner that would claim anew where another one has claimed writes nothing and ends', async () => {
  const world = new World();
  const edge = world.edge();
  const insert = new Gate('analytics.insert');
  const zombie = world.start({
    node: 'a',
    hook: async (call) => {
      await insert.hook(call);
      if (call === 'analytics.insert') throw new Error('no answer');
    },
  });
  await zombie.state('folding');
  const inserting = insert.close();
  edge.send([jsonEvent('d1', { t: 1 })]);
  await inserting;
  const taker = world.start({ node: 'b' });
  await taker.settled(world);
  const before = await world.control.lastSeq(0);
  insert.open();
  assert.ok(hasCode(await zombie.ended, 'fenced'));
  assert.equal(await world.control.lastSeq(0), before);
  await taker.stop();
  await assertAsFolded(world, ['d1']);
});

test('the log’s end is confirmed for the server that it was looked at on', async () => {
  const world = new World();
  const edge = world.edge();
  edge.send([jsonEvent('d1', { t: 1 })]);
  await world.settle();
  // The server restarts while the partition is recovered: nobody tells an owner that isn't there yet.
  const life = world.start({ hook: (call) => void (call === 'pool.open' && (world.serverId = 'server-2')) });
  await life.state('folding');
  await until(async () => (await life.ask({ end: { server: 'server-2' } })).code === ANSWER_CODE.ok, 'the new server to be confirmed');
  assert.equal((await life.ask({ end: { server: 'server-3' } })).code, ANSWER_CODE.behind);
  await life.owner.reconnected('server-3');
  assert.equal((await life.ask({ end: { server: 'server-3' } })).code, ANSWER_CODE.ok);
  await life.stop();
});
