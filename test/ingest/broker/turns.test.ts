/** So many turns at a time of each tenant. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from '../../../ingest/broker/turns.ts';

test('each tenant has its turns, in the order in which they were asked for, and no more at a time', async () => {
  const turns = new Turns(2);
  const taken: string[] = [];
  const ends = new Map<string, () => void>();
  const take = (tenant: string, name: string): void => {
    void turns.take(tenant).then((over) => {
      taken.push(name);
      ends.set(name, over);
    });
  };
  for (const name of ['a1', 'a2', 'a3', 'a4']) take('a', name);
  take('b', 'b1');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(taken, ['a1', 'a2', 'b1']);
  ends.get('a2')?.();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(taken, ['a1', 'a2', 'b1', 'a3']);
  for (const name of ['a1', 'a3']) ends.get(name)?.();
  await new Promise((resolve) => setImmediate(resolve));
  ends.get('a4')?.();
  take('a', 'a5');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(taken, ['a1', 'a2', 'b1', 'a3', 'a4', 'a5']);
});
