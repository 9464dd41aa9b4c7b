import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Fate } from '../../engine/memory/memory-appender.ts';
import type { Receipt } from '../../ingest/message.ts';
import { batchOf, draft, rig } from './lanes/lane-rig.ts';

type Step =
  | { readonly do: 'offer'; readonly partition: number; readonly size: number; readonly urgent: boolean }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'disconnect' }
  | { readonly do: 'reconnect'; readonly server: string };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('offer' as const),
      partition: fc.nat(1),
      size: fc.constantFrom(1, 100, 60_000),
      urgent: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 3, 5, 30, 400) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reconnect' as const), server: fc.constantFrom('S1', 'S2') }) },
);
const fateArbitrary: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fate>({ kind: 'store' }) },
  { weight: 2, arbitrary: fc.constant<Fate>({ kind: 'store-silently' }) },
  { weight: 2, arbitrary: fc.constant<Fate>({ kind: 'lose' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Fate>(
      { kind: 'refuse', why: 'full' },
      { kind: 'refuse', why: 'busy' },
      { kind: 'refuse', why: 'no-stream' },
    ),
  },
);

/** What the fold does: a batch counts once, by its counter. */
function folded(log: readonly { readonly data: Uint8Array }[]): string[] {
  let counter = 0;
  const payloads: string[] = [];
  for (const { data } of log) {
    const batch = batchOf(data);
    if (batch.counter <= counter) continue;
    assert.equal(batch.counter, counter + 1, 'counters have no gap');
    counter = batch.counter;
    payloads.push(...batch.payloads);
  }
  return payloads;
}

describe('whatever the log does', () => {
  it('each event taken is settled once, in order, and what was told is true', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepArbitrary, { minLength: 1, maxLength: 60 }),
        fc.array(fateArbitrary, { maxLength: 30 }),
        async (steps, fates) => {
          const { time, appender, publisher, attempts } = rig({ fates });
          const settlements = new Map<number, string>();
          const order: number[][] = [[], []];
          const takenBy: number[][] = [[], []];
          let tag = 0;
          const receiptOf = (partition: number): Receipt => {
            const settle = (id: number, how: string): void => {
              assert.equal(settlements.has(id), false, 'settled twice');
              settlements.set(id, how);
              order[partition]?.push(id);
            };
            return { stored: (id, seq, index) => settle(id, `stored ${seq} ${index}`), failed: (id, failure) => settle(id, failure.code) };
          };
          for (const step of steps) {
            if (step.do === 'offer') {
              const payload = `${tag}:${'x'.repeat(step.size)}`;
              if (publisher.offer(draft(step.partition, payload, step.urgent), receiptOf(step.partition), tag))
                takenBy[step.partition]?.push(tag);
              tag++;
            } else if (step.do === 'advance') time.advance(step.ms);
            else if (step.do === 'disconnect') appender.disconnect();
            else appender.reconnect(step.server);
          }
          appender.reconnect('S1');
          const drained = publisher.drain(3_600_000);
          time.advance(3_600_000);
          await drained;
          for (const partition of [0, 1]) {
            assert.deepEqual(order[partition], takenBy[partition], 'settled in the order of the offers');
            const log = appender.logs[partition] ?? [];
            const kept = folded(log).map((payload) => Number(payload.split(':')[0]));
            const told = (takenBy[partition] ?? []).filter((id) => settlements.get(id)?.startsWith('stored'));
            assert.deepEqual(kept, told, 'exactly what was acknowledged is in the log, in order');
            for (const id of told) {
              const [, seq, index] = (settlements.get(id) ?? '').split(' ').map(Number);
              assert.equal(batchOf(log[(seq ?? 0) - 1]?.data ?? new Uint8Array(0)).payloads[index ?? -1]?.startsWith(`${id}:`), true);
            }
          }
          const unchanged = new Map<string, Buffer>();
          for (const { partition, data } of attempts) {
            if (!appender.logs[partition]?.some((message) => Buffer.compare(message.data, data) === 0)) continue;
            const key = `${partition}.${batchOf(data).counter}`;
            const first = unchanged.get(key);
            if (first === undefined) unchanged.set(key, data);
            else assert.deepEqual(data, first, 'a batch is sent again unchanged');
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
