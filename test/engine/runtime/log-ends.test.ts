/**
 * Ends that only others know of: the input log and the control log lost theirs together and ClickHouse is ahead of both,
 * or a writer was acknowledged what is gone. The partition goes on by itself, and no position is given away twice.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ANSWER_CODE, RECORD_KIND } from '../../../schemas/envelope.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import type { LogMessage } from '../../../engine/ports/input-log.ts';
import { KnownEnds, UNKNOWN_MESSAGES_MAX, type LogLoss } from '../../../engine/runtime/log-ends.ts';
import { Gate, type Hook } from '../../support/hooked-port.ts';
import { jsonEvent } from '../../support/log-frames.ts';
import { assertMended, fill } from '../../support/lost-ends.ts';
import { messagesOf } from '../../support/owner-checks.ts';
import { World, type StartedOwner, type StartOptions } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';

const DEVICES = ['d1', 'd2', 'd3', 'd9'];
const LIVES_MAX = 8;
/** More than an owner waits for ClickHouse. */
const PATIENCE_MS = 121_000;
const STEPS_AT_ONCE = 12;
/** Behind the ten messages that there once were. */
const GOES_ON = 11 + UNKNOWN_MESSAGES_MAX;

async function mayWrite(world: World, life: StartedOwner, ackedSeq = 0): Promise<boolean> {
  const answer = await life.ask({ minSeq: ackedSeq, end: { server: world.serverId } });
  return answer.code === ANSWER_CODE.ok;
}

/** Owners of one process come and go until one lets writers write. */
async function open(world: World, options: StartOptions = {}): Promise<StartedOwner> {
  const ends = options.ends ?? new KnownEnds();
  for (let lives = 0; lives < LIVES_MAX; lives++) {
    const life = world.start({ ...options, ends });
    let over = false;
    void life.ended.then(() => (over = true));
    let opened = false;
    await until(async () => over || (opened = await mayWrite(world, life)), 'an owner that lets writers write, or ends');
    if (opened) return life;
  }
  throw new Error('no owner let writers write');
}

interface Losses {
  readonly world: World;
  readonly before: readonly LogMessage[];
}

/** Ten messages, all in ClickHouse; then the logs lose their ends. */
async function loss(kept: { readonly input: number; readonly control: number }): Promise<Losses> {
  const world = new World();
  await fill(world, world.edge(), { batches: [2, 3, 5] });
  const before = await messagesOf(world);
  world.input.cutEnd(0, kept.input);
  world.control.cutEnd(0, kept.control);
  return { world, before };
}

test('both logs without their ends, ClickHouse ahead of both: the partition goes on, and says what is gone', async () => {
  // The second record covers messages 1 and 2.
  const { world, before } = await loss({ input: 6, control: 2 });
  const told: LogLoss[] = [];
  const ends = new KnownEnds((lost) => told.push(lost));
  const life = await open(world, { ends });
  assert.equal(world.edge(2).send([jsonEvent('d1', { n: 100 })]), GOES_ON, 'positions go on behind what ClickHouse knew');
  await life.settled(world);
  const losses = [
    { partition: 0, log: 'input', fromSeq: 7, toSeq: 10, resumedSeq: GOES_ON },
    { partition: 0, log: 'control', fromSeq: 1, toSeq: 10 },
  ];
  assert.deepEqual(told, losses);
  assert.deepEqual(life.owner.status()['losses'], losses);
  const said = world.said.filter(({ what }) => what === 'log-lost-its-end').map(({ facts }) => facts);
  assert.deepEqual(said, [{ partition: 0, keptSeq: 6, lostTo: 10, resumedSeq: GOES_ON }]);
  assert.equal(world.times('control-log-lost-its-end'), 1);
  await life.stop();
  const repairs = (await world.records()).filter((record) => record.kind === RECORD_KIND.repair).map(({ repair }) => repair);
  assert.deepEqual(
    repairs.map((repair) => [repair?.keptSeq, repair?.resumedSeq, repair?.what]),
    [[6, GOES_ON, 'messages 7 to 10 are gone, and any behind them']],
  );
  await assertMended(world, { before, keptSeq: 6, devices: DEVICES });
});

test('wherever both logs are cut, no row is there twice, none of what survived is missing, no position comes again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        batches: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        keptInput: fc.nat(15),
        keptControl: fc.nat(15),
        twice: fc.boolean(),
      }),
      async ({ batches, keptControl, keptInput, twice }) => {
        const world = new World();
        await fill(world, world.edge(), { batches });
        const before = await messagesOf(world);
        const keptSeq = Math.min(keptInput, before.length);
        world.input.cutEnd(0, keptSeq);
        world.control.cutEnd(0, Math.min(keptControl, await world.control.lastSeq(0)));
        if (twice) await (await open(world)).crash();
        const life = await open(world);
        const seq = world.edge(2).send([jsonEvent('d1', { n: 100 })]);
        assert.equal(seq, before.length + 1 + (keptSeq < before.length ? UNKNOWN_MESSAGES_MAX : 0));
        await life.settled(world);
        await life.stop();
        if (keptSeq < before.length) await assertMended(world, { before, keptSeq, devices: DEVICES });
      },
    ),
    { numRuns: 40 },
  );
});

test('a crash at each step of mending both ends comes to the same', async () => {
  for (let step = 0, done = false; !done; step += STEPS_AT_ONCE) {
    assert.ok(step < 300, 'mending ends');
    const whole = await Promise.all(Array.from({ length: STEPS_AT_ONCE }, async (_, i) => crashedAt(step + i)));
    done = whole.some((mended) => mended);
  }
});

/** The process dies at the nth call of a port; another one takes over. Answers whether there was no such call. */
async function crashedAt(step: number): Promise<boolean> {
  const { world, before } = await loss({ input: 6, control: 2 });
  let calls = 0;
  let life: StartedOwner | undefined;
  const hook: Hook = (call) => {
    if (calls++ < step) return;
    life?.owner.breakOff(new Error(`killed at ${call}`));
    throw new Error(`killed at ${call}`);
  };
  const ends = new KnownEnds();
  for (let lives = 0; lives < LIVES_MAX; lives++) {
    life = world.start({ hook, ends });
    const one = life;
    let over = false;
    void one.ended.then(() => (over = true));
    let opened = false;
    await until(async () => over || (opened = await mayWrite(world, one)), 'the end of mending');
    if (opened || calls > step) break;
  }
  const whole = calls <= step;
  await life?.crash();
  const second = await open(world);
  assert.equal(world.edge(2).send([jsonEvent('d1', { n: 100 })]), GOES_ON);
  await second.settled(world);
  await second.stop();
  await assertMended(world, { before, keptSeq: 6, devices: DEVICES });
  return whole;
}

test('both ends lost twice: what came after the first repair is kept, or reported', async () => {
  const { world } = await loss({ input: 6, control: 2 });
  const first = await open(world);
  const edge = world.edge(2);
  for (let n = 0; n < 3; n++) {
    edge.send([jsonEvent('d1', { n: 100 + n })]);
    await first.settled(world);
  }
  await first.crash();
  const repaired = (await world.records()).findIndex((record) => record.kind === RECORD_KIND.repair) + 1;
  world.control.cutEnd(0, repaired);
  world.input.cutEnd(0, GOES_ON);
  const second = await open(world);
  const again = GOES_ON + 3 + UNKNOWN_MESSAGES_MAX;
  assert.equal(world.edge(3).send([jsonEvent('d1', { n: 200 })]), again);
  await second.settled(world);
  assert.deepEqual(second.owner.status()['losses'], [
    { partition: 0, log: 'input', fromSeq: 7, toSeq: 10, resumedSeq: GOES_ON },
    { partition: 0, log: 'input', fromSeq: GOES_ON + 1, toSeq: GOES_ON + 2, resumedSeq: again },
    { partition: 0, log: 'control', fromSeq: GOES_ON, toSeq: GOES_ON + 2 },
  ]);
  await second.stop();
  const rows = world.analytics.rows('events').map(({ batchIndex, logSeq }) => `${logSeq}.${batchIndex}`);
  assert.equal(new Set(rows).size, rows.length);
});

test('an owner that read what is gone now ends, and the next one goes on behind it', async () => {
  const world = new World();
  const edge = world.edge();
  const gate = new Gate('control.append');
  const ends = new KnownEnds();
  const life = world.start({ hook: gate.hook, ends });
  await life.state('folding');
  edge.send([jsonEvent('d1', { n: 1 })]);
  await life.settled(world);
  const held = gate.close();
  for (let n = 2; n < 5; n++) edge.send([jsonEvent('d1', { n })]);
  await held;
  await until(() => Number(life.owner.status()['checkpoint']) === 1, 'nothing more to be covered');
  world.input.cutEnd(0, 1);
  world.serverId = 'server-2';
  await life.owner.reconnected('server-2');
  gate.open();
  assert.ok(hasCode(await life.ended, 'log-lost-its-end'));
  await life.crash();
  const next = await open(world, { ends });
  assert.ok(edge.send([jsonEvent('d1', { n: 9 })]) > 4);
  await next.settled(world);
  await next.stop();
});

test('what only a writer knows of is reported, and its positions are not given away again', async () => {
  const { world, before } = await loss({ input: 10, control: 99 });
  const ends = new KnownEnds();
  const life = await open(world, { ends });
  assert.equal(await mayWrite(world, life, before.length), true, 'what is there needs no repair');
  // Another four were acknowledged, and never read by anybody.
  assert.equal(await mayWrite(world, life, 14), false);
  assert.ok(hasCode(await life.ended, 'log-lost-its-end'));
  const next = await open(world, { ends });
  assert.deepEqual(next.owner.status()['losses'], [
    { partition: 0, log: 'input', fromSeq: 11, toSeq: 14, resumedSeq: 15 + UNKNOWN_MESSAGES_MAX },
  ]);
  assert.equal(await mayWrite(world, next, 12), true, 'another writer that knew of less');
  assert.ok(world.edge(2).send([jsonEvent('d1', { n: 100 })]) > 14);
  await next.settled(world);
  await next.stop();
  await assertMended(world, { before, keptSeq: 10, devices: DEVICES });
});

test('a control log that lost its latest claims too outgrows the epochs that ClickHouse has seen', async () => {
  const world = new World();
  const edge = world.edge();
  let asked = 0;
  const away: Hook = (call) => {
    if (call === 'analytics.maxLogSeq:done') asked++;
    if (call === 'analytics.insert') throw new Error('ClickHouse is away');
  };
  await fill(world, edge, { batches: [2, 3], hook: away });
  const records = await world.control.lastSeq(0);
  for (let lives = 0; lives < 20; lives++) {
    const before = asked;
    const life = world.start({ hook: away });
    await until(() => asked > before, 'ClickHouse to be fenced and asked');
    await life.crash();
  }
  const before = await messagesOf(world);
  world.control.cutEnd(0, records);
  world.input.cutEnd(0, 4);
  const life = await open(world);
  assert.equal(world.edge(2).send([jsonEvent('d1', { n: 100 })]), before.length + 1 + UNKNOWN_MESSAGES_MAX);
  await life.settled(world);
  await life.stop();
  await assertMended(world, { before, keptSeq: 4, devices: DEVICES });
});

test('writers wait until ClickHouse was asked, but not for ever', async () => {
  const world = new World();
  const edge = world.edge();
  edge.send([jsonEvent('d1', { n: 1 })]);
  let away = true;
  const life = world.start({
    hook: (call) => {
      if (away && call === 'analytics.fence') throw new Error('ClickHouse is away');
    },
  });
  await life.state('folding');
  await until(() => life.owner.status()['checkpoint'] === 1, 'the fold not to wait');
  assert.equal(await mayWrite(world, life), false);
  world.clock.aheadMs += PATIENCE_MS;
  assert.equal(await mayWrite(world, life), true);
  world.clock.aheadMs -= PATIENCE_MS;
  assert.equal(await mayWrite(world, life), false);
  away = false;
  await until(async () => mayWrite(world, life), 'ClickHouse to be asked');
  await life.stop();
});

test('what an earlier process mended is told once', () => {
  const told: LogLoss[] = [];
  const ends = new KnownEnds((lost) => told.push(lost));
  const repair = { keptSeq: 5, resumedSeq: 9 + UNKNOWN_MESSAGES_MAX, what: '' };
  ends.recall(0, repair);
  ends.recall(0, repair);
  assert.deepEqual(ends.losses(0), [{ partition: 0, log: 'input', fromSeq: 6, toSeq: 8, resumedSeq: repair.resumedSeq }]);
  assert.deepEqual(told, [], 'it was counted then');
  for (let i = 0; i < 20; i++) ends.lost({ partition: 0, log: 'input', fromSeq: 10 + i, toSeq: 10 + i });
  assert.equal(told.length, 20);
  assert.equal(ends.losses(0).length, 8);
  assert.deepEqual(ends.losses(1), []);
});
