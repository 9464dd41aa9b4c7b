/** Tickets: once, in time, by any edge of the deployment, and by nobody's making but ours. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { TICKET_MS, Tickets } from '../../../ingest/credentials/tickets.ts';

const pepper = randomBytes(32);
const clock = { nowMs: 1_000_000, now: () => clock.nowMs, monotonic: () => clock.nowMs };
const tickets = (key: Uint8Array = pepper): Tickets => new Tickets({ pepper: key, clock, randomBytes });
const HOLDER = { token: 'tfk_t.id.secret', tenant: 't' };

test('a ticket is good once, on any edge of the deployment', () => {
  const edge = tickets();
  const { expiresMs, ticket } = edge.issue(HOLDER);
  assert.equal(expiresMs, clock.nowMs + TICKET_MS);
  assert.ok(!ticket.includes('secret') && !Buffer.from(ticket, 'base64url').includes('secret'));
  const other = tickets();
  assert.deepEqual(other.redeem(ticket), HOLDER);
  assert.equal(other.redeem(ticket), undefined);
});

test('a ticket ends after its time, and what was used is forgotten no sooner', () => {
  const edge = tickets();
  const early = edge.issue(HOLDER).ticket;
  const late = edge.issue(HOLDER).ticket;
  clock.nowMs += TICKET_MS - 1;
  assert.deepEqual(edge.redeem(early), HOLDER);
  assert.equal(edge.redeem(early), undefined);
  clock.nowMs += 1;
  assert.equal(edge.redeem(early), undefined);
  assert.equal(edge.redeem(late), undefined);
});

test('a ticket of another deployment, a changed one and nonsense are none', () => {
  const edge = tickets();
  const { ticket } = edge.issue({ token: HOLDER.token, tenant: undefined });
  assert.equal(tickets(randomBytes(32)).redeem(ticket), undefined);
  const bytes = Buffer.from(ticket, 'base64url');
  for (const at of [0, 20, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(edge.redeem(changed.toString('base64url')), undefined);
  }
  for (const text of ['', 'x', 'a b', 'A'.repeat(2_000)]) assert.equal(edge.redeem(text), undefined);
  assert.deepEqual(edge.redeem(ticket), { token: HOLDER.token, tenant: undefined });
});
