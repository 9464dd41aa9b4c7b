/** Edges that lose their connection to NATS for a while, with their clients still there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { inWorld } from '../../support/memory-broker.ts';

const KEPT = { clean: false, expiryS: 1_000 } as const;

// Told once, and to nobody who could hear it: the session had two connections, for as long as both clients liked.
test(
  'an edge that was cut off when its client began a newer connection elsewhere ends the older one when it is back',
  { timeout: 20_000 },
  inWorld({ edges: 2 }, async (world) => {
    for (const [clientId, options] of [['clean', {}] as const, ['kept', KEPT] as const]) {
      const old = await world.peer({ clientId, ...options });
      await world.settled();
      world.edge(0).isCutOff = true;
      const young = await world.peer({ clientId, ...options, edge: 1 });
      await world.settled();
      assert.ok(!old.hasEnded);
      world.edge(0).reconnect();
      assert.ok(await old.ends());
      assert.equal(old.leaveReason, REASON.SESSION_TAKEN_OVER);
      assert.ok(!young.hasEnded);
    }
  }),
);
