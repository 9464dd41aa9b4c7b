/** Floods of connections, and what those that are there already notice of them: nothing. Counted, never timed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLimits } from '../../../engine/domain/limits-doc.ts';
import { Admission } from '../../../ingest/admit.ts';
import { LimitsBook } from '../../../ingest/limits/limits-book.ts';
import { connectPacket, publishPacket } from './client-codec.ts';
import { startEdge, systemClock, until } from './fixtures.ts';

const FLOOD = 400;
const HONEST = 60;

test('a flood of CONNECTs from one prefix is cut at its rate, and open sessions go on', { timeout: 30_000 }, async () => {
  const admission = new Admission({
    book: new LimitsBook(() => []),
    clock: systemClock,
    edge: { name: 'edge-1', epoch: 1 },
    desk: { ask: () => Promise.resolve(undefined) },
    prefix: compileLimits({ connectRate: '1/h burst 50' }),
  });
  const edge = await startEdge({ admission });
  const timer = setInterval(() => edge.intake.storeAll(), 2);
  try {
    const honest = await edge.device(5, 'dev-1');
    const flood = Array.from({ length: FLOOD }, async (_, i) => {
      const wire = await edge.connect();
      // Stuffed credentials, some good: whoever comes too fast is not even looked up.
      wire.send(connectPacket({ level: i % 2 === 0 ? 5 : 4, password: i % 3 === 0 ? 'device:dev-2' : 'bad', clientId: '' }));
      return (await wire.packet(10_000))?.[3];
    });
    let acked = 0;
    for (let i = 0; i < HONEST; i++) {
      honest.send(publishPacket({ level: 5, packetId: 1, payload: `{"n":${i}}` }));
      const ack = await honest.packet(10_000);
      if (ack?.[0] === 0x40) acked++;
    }
    assert.equal(acked, HONEST);
    const codes = await Promise.all(flood);
    const cut = edge.refusals.filter((why) => why === 'prefix-connect-rate').length;
    // The honest one was the first of the fifty.
    assert.equal(cut, FLOOD - 49);
    assert.equal(codes.filter((code) => code === 0x9f || code === 3).length, cut);
    assert.equal(edge.refusals.filter((why) => why === 'bad-credential').length <= 49, true);
  } finally {
    clearInterval(timer);
    await edge.close();
  }
});

test('half-open sockets are let go after the time for the first packet, and open sessions go on', { timeout: 30_000 }, async () => {
  const edge = await startEdge({ firstPacketMs: 200 });
  const timer = setInterval(() => edge.intake.storeAll(), 2);
  try {
    const honest = await edge.device(4, 'dev-1');
    const slow = await Promise.all(Array.from({ length: FLOOD }, async () => edge.connect()));
    for (const [i, wire] of slow.entries()) if (i % 2 === 0) wire.send(Uint8Array.of(0x10, 0x20, 0));
    for (let i = 0; i < HONEST; i++) {
      honest.send(publishPacket({ level: 4, packetId: 1, payload: `{"n":${i}}` }));
      assert.deepEqual(await honest.packet(10_000), Buffer.of(0x40, 2, 0, 1));
    }
    await until(() => edge.listener.connections() === 1);
    assert.equal(edge.refusals.filter((why) => why === 'first-packet-time').length, FLOOD);
  } finally {
    clearInterval(timer);
    await edge.close();
  }
});
