/** The last word of an edge, put on top of what the owner knows: the same as if the fold had heard it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { applyChange } from '../../../engine/domain/session-change.ts';
import { decodeSession, encodeSession, newSession } from '../../../engine/domain/session-state.ts';
import { must } from '../../../engine/kernel/assert.ts';
import { mergeChange } from '../../../ingest/broker/session-merge.ts';
import type { Outgoing } from '../../../schemas/gen/lean.ts';
import { decodeSessionChange, decodeSessionState, encodeSessionChange } from '../../../schemas/gen/lean.ts';

const PARTITIONS = 2;
const cursor = fc.oneof(fc.constant([]), fc.array(fc.nat(10), { minLength: PARTITIONS, maxLength: PARTITIONS }));
const outgoing = fc.array(
  fc.record({
    packetId: fc.integer({ min: 1, max: 5 }),
    state: fc.nat(2),
    partition: fc.nat(PARTITIONS - 1),
    place: fc.integer({ min: 1, max: 10 }),
    retained: fc.boolean(),
    share: fc.constantFrom(0, 0, 7),
  }),
  { maxLength: 4 },
);
const FILTERS = ['a', 'b'];
const inFlight = fc.option(
  fc.record({
    lastPacketId: fc.integer({ min: 1, max: 9 }),
    packetId: fc.constant([1, 2]),
    partition: fc.constant([0, 1]),
    place: fc.constant([3, 4]),
    reached: fc.constantFrom([], [5, 5]),
  }),
  { nil: undefined },
);
const retainedGiven = fc.subarray(FILTERS);
const change = fc.record({
  cursor,
  viewCursor: cursor,
  outgoing,
  inFlight,
  retainedGiven,
  released: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
});

describe('session merge', () => {
  it('comes to what the fold comes to', () => {
    fc.assert(
      fc.property(change, fc.uniqueArray(fc.integer({ min: 1, max: 5 })), change, (before, received, last) => {
        const session = newSession({ tenant: 't', session: 'a:x', device: '' });
        for (const id of received) session.received.add(id);
        const subscribed = FILTERS.map((filter) => ({ filter, qos: 2, retainedDue: true, retainedSince: [1, 2] }));
        applyChange(session, must(decodeSessionChange(encodeSessionChange({ subscribed })), 'change'), PARTITIONS);
        applyChange(session, must(decodeSessionChange(encodeSessionChange(before)), 'change'), PARTITIONS);
        const state = must(decodeSessionState(encodeSession(session)), 'state');
        const said = must(decodeSessionChange(encodeSessionChange(last)), 'change');
        const merged = mergeChange(state, said);
        const folded = must(decodeSession(encodeSession(session)), 'session');
        applyChange(folded, said, PARTITIONS);
        assert.deepEqual([...merged.cursor], folded.cursor);
        assert.deepEqual([...merged.viewCursor], folded.viewCursor);
        assert.deepEqual(merged.inFlight, folded.inFlight);
        assert.deepEqual(merged.subscriptions, [...folded.subscriptions.values()]);
        assert.deepEqual([...merged.received], [...folded.received]);
        assert.deepEqual(merged.outgoing.toSorted(byPlace), [...folded.outgoing.values()].toSorted(byPlace));
      }),
      { numRuns: 500 },
    );
  });
});

function byPlace(a: Outgoing, b: Outgoing): number {
  return a.partition - b.partition || a.place - b.place || Number(a.retained) - Number(b.retained) || a.share - b.share;
}
