import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLAPPING_CONNECTS, FLAPPING_MS } from '../../../engine/domain/presence-news.ts';
import { FlappingBook } from '../../../ingest/mqtt/flapping-book.ts';

const A = { tenant: 'demo', session: 'd:a' };
const BAN_MS = 30_000;

test('more connects than a session may make in a minute begin a ban, and the ban ends', () => {
  const book = new FlappingBook(BAN_MS);
  for (let i = 0; i < FLAPPING_CONNECTS; i++) assert.equal(book.connects(A, i), undefined);
  assert.equal(book.connects({ ...A, session: 'd:b' }, 20), undefined, 'another session is another matter');
  assert.equal(book.connects({ ...A, tenant: 'other' }, 20), undefined);
  assert.equal(book.connects(A, 20), BAN_MS);
  assert.equal(book.connects(A, 20 + 10_000), BAN_MS - 10_000, 'the wait gets no longer by asking');
  assert.equal(book.connects(A, 20 + BAN_MS), undefined);
  for (let i = 1; i < FLAPPING_CONNECTS; i++) assert.equal(book.connects(A, 21 + BAN_MS), undefined, 'it begins anew');
  assert.equal(book.connects(A, 21 + BAN_MS), BAN_MS);
});

test('who connects as often as allowed, for ever, is let in', () => {
  const book = new FlappingBook(BAN_MS);
  for (let i = 0; i < 100; i++) assert.equal(book.connects(A, i * (FLAPPING_MS / FLAPPING_CONNECTS)), undefined);
});

test('sessions that are remembered have a bound, and who connected last is remembered', () => {
  const book = new FlappingBook(BAN_MS, 10);
  for (let i = 0; i < FLAPPING_CONNECTS; i++) {
    book.connects(A, i);
    for (let other = 0; other < 9; other++) book.connects({ tenant: 'demo', session: `d:${i}-${other}` }, i);
  }
  assert.equal(book.size, 10);
  assert.equal(book.connects(A, 100), BAN_MS);
});
