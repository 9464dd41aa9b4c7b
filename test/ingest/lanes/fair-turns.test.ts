import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { BATCH_BYTES_MAX } from '../../../engine/kernel/limits.ts';
import { MemoryAppender } from '../../../engine/memory/memory-appender.ts';
import { FairTurns, QUANTUM_BYTES } from '../../../ingest/lanes/fair-turns.ts';
import type { EventDraft, Receipt } from '../../../ingest/message.ts';
import { LogPublisher } from '../../../ingest/publish.ts';
import { VirtualTime } from '../virtual-time.ts';

const NOBODY: Receipt = { stored: () => undefined, failed: () => undefined };

function draftOf(bytes: number): EventDraft {
  const nothing = new Uint8Array(0);
  return { partition: 0, prefix: nothing, extra: nothing, payload: new Uint8Array(bytes), start: 0, end: bytes, urgent: false };
}

function publisherOn(time: VirtualTime): LogPublisher {
  const appender = new MemoryAppender({ partitions: 1, later: (callback) => void time.after(2, callback) });
  return new LogPublisher({ partitions: 1, edgeEpoch: 1, edge: 'e', appender, clock: time, timers: time, serverId: 'S' });
}

/** A connection with more to send than there is ever room for. */
function flood(publisher: LogPublisher, tenant: string, bytes: number): { readonly taken: () => number; readonly start: () => void } {
  let taken = 0;
  const draft = draftOf(bytes);
  const go = (): void => {
    while (publisher.offer(draft, NOBODY, 0)) taken += bytes;
    publisher.whenRoom(0, go, tenant);
  };
  return { taken: () => taken, start: go };
}

describe('turns on a full lane', () => {
  it('give tenants the same bytes, whatever the number of their connections and the size of their messages', () => {
    const time = new VirtualTime();
    const publisher = publisherOn(time);
    const noisy = Array.from({ length: 40 }, () => flood(publisher, 'noisy', 60_000));
    const quiet = flood(publisher, 'quiet', 300);
    const other = flood(publisher, 'other', 5_000);
    for (const one of [...noisy, quiet, other]) one.start();
    time.advance(2_000);
    const byTenant = [noisy.reduce((sum, one) => sum + one.taken(), 0), quiet.taken(), other.taken()];
    const total = byTenant.reduce((sum, bytes) => sum + bytes, 0);
    assert.ok(total > 20 * BATCH_BYTES_MAX, String(total));
    // The first batch went to who came first.
    for (const bytes of byTenant) assert.ok(Math.abs(bytes - total / 3) <= 0.05 * total + BATCH_BYTES_MAX, byTenant.join());
  });

  it('let one tenant fill the lane when nobody else waits', () => {
    const time = new VirtualTime();
    const publisher = publisherOn(time);
    const alone = [flood(publisher, 'alone', 1_000), flood(publisher, 'alone', 1_000)];
    for (const one of alone) one.start();
    time.advance(1_000);
    const taken = alone.map((one) => one.taken());
    // A batch takes 2 ms, or a tick: no turn leaves room unused.
    assert.ok((taken[0] ?? 0) + (taken[1] ?? 0) > 100 * BATCH_BYTES_MAX, taken.join());
    assert.ok(Math.min(...taken) > 0.3 * Math.max(...taken), taken.join());
  });

  it('let nobody overtake who waits, and keep what was promised together', () => {
    const time = new VirtualTime();
    const publisher = publisherOn(time);
    while (publisher.offer(draftOf(60_000), NOBODY, 0));
    const units: number[] = [];
    const unit = (): void => {
      if (!publisher.hasRoom(0, 200_000)) {
        publisher.whenRoom(0, unit, 'a');
        return;
      }
      let count = 0;
      for (let i = 0; i < 3; i++) if (publisher.offer(draftOf(60_000), NOBODY, 0)) count++;
      units.push(count);
    };
    publisher.whenRoom(0, unit, 'a');
    assert.equal(publisher.hasRoom(0, 1), false);
    assert.equal(publisher.offer(draftOf(1), NOBODY, 0), false);
    time.advance(50);
    assert.deepEqual(units, [3]);
    assert.equal(publisher.offer(draftOf(1), NOBODY, 0), true);
  });

  it('end when nobody who waits has room enough, and go on with the next batch', () => {
    const time = new VirtualTime();
    const publisher = publisherOn(time);
    while (publisher.hasRoom(0, 300_000)) publisher.offer(draftOf(60_000), NOBODY, 0);
    let called = 0;
    let isTaken = false;
    const large = (): void => {
      called++;
      if (!publisher.hasRoom(0, 400_000)) publisher.whenRoom(0, large, 'a');
      else isTaken = publisher.offer(draftOf(60_000), NOBODY, 0);
    };
    publisher.whenRoom(0, large, 'a');
    time.advance(50);
    assert.ok(isTaken && called < 10, String(called));
  });

  it('serve everybody who waits, and overdraw by one offer at most', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ tenant: fc.constantFrom('a', 'b', 'c'), sizes: fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 8 }) }),
          {
            maxLength: 20,
          },
        ),
        (waiting) => {
          let takenBytes = 0;
          const turns = new FairTurns({ takenBytes: () => takenBytes, hasRoom: () => true });
          const left = waiting.map(({ sizes }) => [...sizes]);
          for (const [i, { tenant }] of waiting.entries()) {
            const go = (): void => {
              const before = takenBytes;
              for (const sizes = left[i] ?? []; sizes.length > 0;) {
                if (turns.isClosed) {
                  turns.wait(tenant, go);
                  break;
                }
                const largest = Math.max(...(waiting[i]?.sizes ?? []));
                takenBytes += sizes.shift() ?? 0;
                assert.ok(takenBytes - before <= 20 * QUANTUM_BYTES + largest);
              }
            };
            turns.wait(tenant, go);
          }
          for (let i = 0; i < 200 && !turns.isEmpty; i++) turns.run();
          assert.ok(turns.isEmpty);
          assert.deepEqual(left.flat(), []);
        },
      ),
      { numRuns: 200 },
    );
  });
});
