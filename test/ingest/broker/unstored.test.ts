/** Retained messages that nobody acknowledges: who searches waits until the log has them, or refused them. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Unstored } from '../../../ingest/broker/unstored.ts';
import type { EventDraft, Intake } from '../../../ingest/message.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

const intakeThat = (takes: boolean): Intake => ({
  partitions: 2,
  offer: () => takes,
  hasRoom: () => takes,
  whenRoom: () => undefined,
});
const draftOf = (partition: number): EventDraft => ({
  partition,
  urgent: false,
  prefix: Buffer.alloc(0),
  extra: Buffer.alloc(0),
  payload: Buffer.alloc(0),
  start: 0,
  end: 0,
});

async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

test('what was taken before is waited for, in every partition; what comes later is not', async () => {
  const unstored = new Unstored(2);
  assert.ok(await isDone(unstored.settled()));
  unstored.offer(draftOf(0), intakeThat(true));
  unstored.offer(draftOf(1), intakeThat(true));
  const wait = unstored.settled();
  unstored.offer(draftOf(1), intakeThat(true));
  const longer = unstored.settled();
  unstored.stored(1);
  assert.ok(!(await isDone(wait)));
  unstored.failed(0);
  assert.ok(await isDone(wait));
  assert.ok(!(await isDone(longer)));
  unstored.stored(1);
  assert.ok(await isDone(longer));
});

test('what was not taken is not waited for, and an outage only for a while', async () => {
  const unstored = new Unstored(2);
  unstored.offer(draftOf(0), intakeThat(false));
  assert.ok(await isDone(unstored.settled()));
  unstored.offer(draftOf(0), intakeThat(true));
  const wait = unstored.settled();
  mock.timers.tick(1_999);
  assert.ok(!(await isDone(wait)));
  mock.timers.tick(1);
  assert.ok(await isDone(wait));
});
