/** Of which document a session's limits are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LimitsDoc } from '../../../engine/domain/limits-doc.ts';
import { LimitsBook } from '../../../ingest/limits/limits-book.ts';

function bookOf(docs: {
  readonly tenant?: LimitsDoc;
  readonly groups?: Readonly<Record<string, LimitsDoc>>;
  readonly device?: LimitsDoc;
  readonly key?: LimitsDoc;
}): LimitsBook {
  const book = new LimitsBook(() => Object.keys(docs.groups ?? {}));
  let seq = 0;
  if (docs.tenant !== undefined) book.apply({ kind: 'tenant', tenant: 't', limits: docs.tenant }, ++seq);
  for (const [id, limits] of Object.entries(docs.groups ?? {})) book.apply({ kind: 'group', tenant: 't', id, limits }, ++seq);
  if (docs.device !== undefined) book.apply({ kind: 'device', tenant: 't', id: 'd', limits: docs.device }, ++seq);
  if (docs.key !== undefined) book.apply({ kind: 'key', tenant: 't', id: 'k', limits: docs.key }, ++seq);
  return book;
}

test('each number is that of the nearest document that names it', () => {
  const book = bookOf({
    tenant: { sessionExpiryS: 1, subscriptions: 1, inFlight: 1, eachDevice: { subscriptions: 2, inFlight: 2 } },
    groups: { g: { inFlight: 3, eachDevice: { messages: '1/s' } } },
    key: { inFlight: 4 },
  });
  assert.deepEqual(book.session('t', 'd', undefined), { sessionExpiryS: 1, subscriptions: 2, inFlight: 3 });
  assert.deepEqual(book.session('t', undefined, 'k'), { sessionExpiryS: 1, subscriptions: 1, inFlight: 4 });
  assert.deepEqual(book.session('t', undefined, undefined), { sessionExpiryS: 1, subscriptions: 1, inFlight: 1 });
  assert.deepEqual(book.session('u', 'd', undefined), {});
});

test('a device’s own comes before its groups’, of which each device’s comes first', () => {
  const groups = { a: { subscriptions: 5 }, b: { subscriptions: 6, eachDevice: { subscriptions: 7 } } };
  assert.deepEqual(bookOf({ groups }).session('t', 'd', undefined), { subscriptions: 7 });
  assert.deepEqual(bookOf({ groups, device: { subscriptions: 8, sessionExpiryS: 0 } }).session('t', 'd', undefined), {
    subscriptions: 8,
    sessionExpiryS: 0,
  });
});

test('limits of sessions alone neither lease nor count anything', () => {
  const book = bookOf({ tenant: { subscriptions: 5 } });
  const shared = book.tenant('t')?.limits;
  assert.deepEqual([shared?.rates, shared?.volumes, shared?.connections, shared?.countsPoints], [[], [], 0, false]);
});
