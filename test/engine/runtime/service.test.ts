/** A raised flag is never missed, and a wait ends by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Wakeup } from '../../../engine/runtime/service.ts';

test('raised before the wait: it ends at once, and only once', async () => {
  const wakeup = new Wakeup();
  wakeup.raise();
  wakeup.raise();
  await wakeup.wait();
  let woken = false;
  const second = wakeup.wait().then(() => (woken = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(woken, false);
  wakeup.raise();
  await second;
});

test('a wait ends after its time-out, and the flag works on', async () => {
  const wakeup = new Wakeup();
  await wakeup.wait(1);
  const wait = wakeup.wait(60_000);
  wakeup.raise();
  await wait;
});
