/** What waits to be folded is bounded in bytes, and so is what one task gets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogMessage } from '../../../engine/ports/input-log.ts';
import { PendingMessages, TASK_BYTES_MAX } from '../../../engine/runtime/pending-messages.ts';

const MEBIBYTE = 1024 * 1024;

function message(seq: number, bytes: number): LogMessage {
  return { seq, timeMs: seq * 10, data: new Uint8Array(bytes) };
}

/** Whether a promise is settled by the time everything that is ready has run. */
async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

test('a reader waits where 16 MiB are pending, until a task takes some', async () => {
  const pending = new PendingMessages();
  for (let seq = 1; seq < 16; seq++) assert.equal(await settled(pending.add(message(seq, MEBIBYTE))), true);
  const full = pending.add(message(16, MEBIBYTE));
  assert.equal(await settled(full), false);
  assert.equal(pending.bytes, 16 * MEBIBYTE);
  assert.equal(pending.oldestMs, 10);
  assert.equal(pending.take().length, TASK_BYTES_MAX / MEBIBYTE);
  assert.equal(await settled(full), true);
  assert.equal(pending.count, 16 - TASK_BYTES_MAX / MEBIBYTE);
});

test('a task gets messages in order, as many as fit, and one that is too large alone', async () => {
  const pending = new PendingMessages();
  await pending.add(message(1, TASK_BYTES_MAX + 1));
  await pending.add(message(2, 10));
  await pending.add(message(3, 20));
  assert.deepEqual(
    pending.take().map(({ seq }) => seq),
    [1],
  );
  assert.deepEqual(
    pending.take().map(({ seq }) => seq),
    [2, 3],
  );
  assert.deepEqual(pending.take(), []);
  assert.equal(pending.bytes, 0);
  assert.equal(pending.oldestMs, undefined);
});

test('what is put back comes first again, and is counted', async () => {
  const pending = new PendingMessages();
  for (const seq of [1, 2, 3]) await pending.add(message(seq, 5));
  const taken = pending.take();
  await pending.add(message(4, 5));
  pending.putBack(taken.slice(1));
  assert.equal(pending.bytes, 15);
  assert.deepEqual(
    pending.take().map(({ seq }) => seq),
    [2, 3, 4],
  );
});

test('clearing lets a waiting reader go', async () => {
  const pending = new PendingMessages();
  const waiting = pending.add(message(1, 17 * MEBIBYTE));
  assert.equal(await settled(waiting), false);
  pending.clear();
  assert.equal(await settled(waiting), true);
  assert.deepEqual([pending.count, pending.bytes], [0, 0]);
});
