import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox, type OutboxMessage } from '../../../engine/domain/outbox.ts';

function messageOf(target: number, length: number): OutboxMessage {
  return { target, event: new Uint8Array(length) };
}

test('so many bytes go at a time, in order, and fewer beside other decisions; a large message goes alone', () => {
  const outbox = new Outbox();
  assert.deepEqual(outbox.release(0), []);
  for (let i = 0; i < 100; i++) outbox.add(messageOf(i, 10_000));
  const first = outbox.release(0);
  assert.deepEqual(
    first.map(({ target }) => target),
    Array.from({ length: 32 }, (_, i) => i),
  );
  assert.equal(outbox.release(160 * 1024).length, 16);
  assert.equal(outbox.release(Number.MAX_SAFE_INTEGER).length, 6);
  assert.deepEqual([outbox.count, outbox.list().length, outbox.list()[0]?.target], [46, 46, 54]);
  outbox.add(messageOf(100, 600_000));
  const rest: number[] = [];
  for (let i = 0; i < 3; i++) rest.push(...outbox.release(0).map(({ target }) => target));
  assert.deepEqual([rest, outbox.count], [Array.from({ length: 47 }, (_, i) => 54 + i), 0]);
});
