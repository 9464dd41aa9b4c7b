import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayClaims, LastConnections, type ClaimedMessage } from '../../../ingest/mqtt/gateway-claims.ts';

const EVENT_ID_BYTES_MAX = 64;

function claimsOf(number: number, before = 0): GatewayClaims {
  return new GatewayClaims('demo/d:gw', { number: () => number, before });
}

function message(packetId: number, payload: string, dup = false): ClaimedMessage {
  return { packetId, dup, topic: Buffer.from('v1/gateway/a/telemetry'), payload: Buffer.from(payload) };
}

test('no two new messages of a connection have the same id, whatever their identifiers and what they say', () => {
  const sent = fc.array(fc.record({ packetId: fc.integer({ min: 1, max: 5 }), payload: fc.constantFrom('a', 'b') }), { maxLength: 60 });
  fc.assert(
    fc.property(sent, (messages) => {
      const claims = claimsOf(7);
      const ids = messages.map(({ packetId, payload }) => {
        const one = message(packetId, payload);
        const id = claims.idOf(one);
        assert.equal(claims.idOf(one), id, 'one that waits for room is drafted again');
        claims.taken(one);
        return id;
      });
      assert.equal(new Set(ids).size, ids.length);
      for (const id of ids) assert.ok(Buffer.byteLength(`${id}.65535`) <= EVENT_ID_BYTES_MAX);
    }),
    { numRuns: 200 },
  );
});

test('what is sent again in the next connection has the id that it had', () => {
  const first = claimsOf(7);
  const ids = [1, 2, 3].map((packetId) => {
    const one = message(packetId, `${packetId}`);
    const id = first.idOf(one);
    first.taken(one);
    return id;
  });
  const next = claimsOf(8, 7);
  // New messages between them make no difference.
  next.taken(message(9, 'new'));
  next.taken(message(4, 'new'));
  assert.deepEqual(
    [1, 2, 3].map((packetId) => next.idOf(message(packetId, `${packetId}`, true))),
    ids,
  );
});

test('another session, connection, identifier, topic or payload is another message', () => {
  const one = message(1, 'x');
  const id = claimsOf(7).idOf(one);
  for (const other of [
    claimsOf(8).idOf(one),
    new GatewayClaims('demo/d:other', { number: () => 7, before: 0 }).idOf(one),
    claimsOf(7).idOf(message(2, 'x')),
    claimsOf(7).idOf(message(1, 'y')),
    claimsOf(7).idOf({ ...one, topic: Buffer.from('v1/gateway/b/telemetry') }),
    claimsOf(7).idOf({ ...one, topic: Buffer.from('v1/gateway/a/telemetr'), payload: Buffer.from('yx') }),
    claimsOf(8, 6).idOf(message(1, 'x', true)),
  ])
    assert.notEqual(other, id);
});

test('a connection that claimed nothing has nothing to be asked for', () => {
  const claims = claimsOf(7);
  claims.idOf(message(1, 'x'));
  assert.equal(claims.isUsed, false);
  claims.taken(message(1, 'x'));
  assert.equal(claims.isUsed, true);
});

test('last connections are remembered by session, and the oldest are forgotten', () => {
  const last = new LastConnections();
  const named = (i: number) => ({ tenant: 'demo', session: `d:${i}` });
  for (let i = 0; i < 4_096; i++) last.put(named(i), i + 1);
  last.put(named(0), 9_999);
  last.put(named(4_096), 4_097);
  assert.deepEqual(
    [0, 1, 2, 4_096].map((i) => last.of(named(i))),
    [9_999, 0, 3, 4_097],
  );
  assert.equal(last.of({ tenant: 'other', session: 'd:0' }), 0);
});
