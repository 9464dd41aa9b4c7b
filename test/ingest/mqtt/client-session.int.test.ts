/** How far a session says that it has come: never beyond what its client has not acknowledged, and to the head when it has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { must } from '../../../engine/kernel/assert.ts';
import { forEachMessage } from '../../../ingest/broker/topic-feed.ts';
import type { ClientSession } from '../../../ingest/mqtt/client-session.ts';
import { BrokerWorld } from '../../support/memory-broker.ts';

const TOPICS = ['x/1', 'x/2', 'x/3', 'x/4'];

interface Placed {
  readonly partition: number;
  readonly place: number;
  readonly text: string;
}

/** All that the topic streams hold. */
async function placesIn(world: BrokerWorld): Promise<readonly Placed[]> {
  const found: Placed[] = [];
  for (let partition = 0; partition < world.partitions; partition++) {
    const { lastSeq } = await world.topics.bounds(partition);
    for (let seq = 1; seq <= lastSeq; seq++) {
      const batch = must(await world.topics.get(partition, seq), 'batch');
      forEachMessage(partition, batch, {
        each: ({ payload, place }) => void found.push({ partition, place, text: Buffer.from(payload).toString() }),
      });
    }
  }
  return found;
}

function sessionOf(world: BrokerWorld, edge: number): ClientSession {
  return must(world.edge(edge).listener.find('demo', 'a:a')?.session, 'session');
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('publish' as const),
      topic: fc.nat(TOPICS.length - 1),
      qos: fc.constantFrom(1, 2),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('ack' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('move' as const), edge: fc.nat(1) }) },
);

test('a session’s cursors are never ahead of what its client has not acknowledged', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 12, size: 'max' }), async (receiveMaximum, steps) => {
      const world = await BrokerWorld.open({ edges: 2 });
      try {
        const acked = new Set<string>();
        let edge = 0;
        let n = 0;
        const connect = async () =>
          world.peer({ clientId: 'a', clean: false, expiryS: 1_000, acks: 'manual', edge, properties: { receiveMaximum } });
        const b = await world.peer({ clientId: 'b', edge: 1 });
        let a = await connect();
        await a.subscribe('x/#', { qos: 1 });
        const check = async (): Promise<void> => {
          await world.settled();
          const cursors = sessionOf(world, edge).cursors();
          const ahead = (await placesIn(world)).filter(
            ({ partition, place, text }) => !acked.has(text) && place <= (cursors[partition] ?? 0),
          );
          assert.deepEqual(ahead, []);
        };
        for (const one of steps) {
          if (one.op === 'publish') {
            for (let i = 0; i < one.times; i++) await b.publish(TOPICS[one.topic] ?? '', `${++n}`, { qos: one.qos === 1 ? 1 : 2 });
          } else if (one.op === 'ack') {
            const open = a.messages.filter(({ payload }) => !acked.has(payload.toString()));
            const message = open[one.which % Math.max(1, open.length)];
            if (message === undefined) continue;
            acked.add(message.payload.toString());
            a.ack(message);
          } else {
            a.destroy();
            edge = one.edge;
            await world.settled();
            a = await connect();
          }
          await check();
        }
        a.acks = 'auto';
        for (const message of a.messages) a.ack(message);
        await world.settled();
        const cursors = sessionOf(world, edge).cursors();
        const behind = (await placesIn(world)).filter(({ partition, place }) => place > (cursors[partition] ?? 0));
        assert.deepEqual(behind, [], 'at the head when all is acknowledged');
      } finally {
        await world.close();
      }
    }),
    { numRuns: 8 },
  );
});
