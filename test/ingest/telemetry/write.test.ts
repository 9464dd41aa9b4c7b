import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { partitionOf } from '../../../engine/kernel/partition.ts';
import { type Fate, MemoryAppender } from '../../../engine/memory/memory-appender.ts';
import { DeviceEntries, partitionIn } from '../../../ingest/registry/device-entries.ts';
import { EventList } from '../../../ingest/telemetry/event-list.ts';
import { LogPublisher } from '../../../ingest/publish.ts';
import { TelemetryWrite } from '../../../ingest/telemetry/write.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND, VIA } from '../../../schemas/envelope.ts';
import { decodeEventBatch } from '../../../schemas/gen/lean.ts';
import { VirtualTime } from '../virtual-time.ts';

const PARTITIONS = 2;

const entries = new DeviceEntries();

function deviceOf(id: string): number {
  const prefix = encodeEventPrefix({ tenant: 't', device: id, kind: KIND.telemetry, contentType: CONTENT_TYPE.json, via: VIA.http });
  return entries.add({ tenant: 0, id, partition: partitionOf('t', id, PARTITIONS), json: prefix, protobuf: prefix });
}

const devices = Array.from({ length: 8 }, (_, i) => deviceOf(`d${i}`));

interface Event {
  readonly device: number;
  readonly size: number;
}

function listOf(events: readonly Event[]): EventList {
  const list = new EventList('json', new Uint8Array(0));
  list.entries = entries.bytes;
  for (const [i, { device, size }] of events.entries()) {
    const payload = Buffer.from(`${i}:${'x'.repeat(size)}`);
    const known = devices[device];
    if (known !== undefined) list.add(known, payload, { start: 0, end: payload.length });
  }
  return list;
}

interface Rig {
  readonly time: VirtualTime;
  readonly appender: MemoryAppender;
  readonly publisher: LogPublisher;
  write(keepPositions?: boolean, isStream?: boolean): TelemetryWrite;
  changes: number;
}

function rig(fate?: () => Fate): Rig {
  const time = new VirtualTime();
  const appender = new MemoryAppender({
    partitions: PARTITIONS,
    later: (callback) => time.after(1, callback),
    now: () => time.now(),
    ...(fate === undefined ? {} : { fate }),
  });
  const publisher = new LogPublisher({
    partitions: PARTITIONS,
    edgeEpoch: 1,
    edge: 'e',
    appender,
    clock: time,
    timers: time,
    serverId: 'S',
  });
  const made: Rig = {
    time,
    appender,
    publisher,
    changes: 0,
    write: (keepPositions = false, isStream = false) =>
      new TelemetryWrite(publisher, { keepPositions, isStream, onChange: () => made.changes++ }),
  };
  return made;
}

/** Of each event (by its number): in which message of which partition it is, and where. */
function found(
  appender: MemoryAppender,
): Map<number, { readonly partition: number; readonly seq: number; readonly index: number; readonly device: string }> {
  const places = new Map<number, { partition: number; seq: number; index: number; device: string }>();
  for (const [partition, log] of appender.logs.entries()) {
    for (const { seq, data } of log) {
      for (const [index, event] of (decodeEventBatch(data)?.events ?? []).entries()) {
        places.set(Number(Buffer.from(event.payload).toString().split(':')[0]), { partition, seq, index, device: event.device });
      }
    }
  }
  return places;
}

const eventsArbitrary = fc.array(
  fc.record({ device: fc.nat(7), size: fc.constantFrom(1, 100, 2_000, 30_000) }, { noNullPrototype: true }),
  { minLength: 1, maxLength: 60 },
);

describe('a write', () => {
  it('keeps the events of a device together and in order, and knows where each one is', () => {
    fc.assert(
      fc.property(eventsArbitrary, fc.nat(8), (events, busy) => {
        const { time, appender, publisher, write } = rig();
        // Somebody else's events are in the lanes already.
        const others = write();
        assert.equal(others.add(listOf(Array.from({ length: busy }, (_, i) => ({ device: i % 8, size: 25_000 })))), undefined);
        time.advance(1);
        const before = appender.logs.map((log) => log.length);
        const one = write(true);
        const refused = one.add(listOf(events));
        const bytes = new Map<number, number>();
        for (const { device, size } of events) bytes.set(device, (bytes.get(device) ?? 0) + size);
        if (refused !== undefined) {
          assert.equal(refused.limit, 'together-bytes');
          assert.ok(Math.max(...bytes.values()) > 200_000);
          assert.equal(one.isBegun, false, 'nothing is offered of a request that is refused');
          return;
        }
        time.advance(1_000);
        assert.equal(one.isSettled, true);
        assert.equal(one.storedCount, events.length);
        const log = { logs: appender.logs.map((stored, p) => stored.slice(before[p])) };
        assert.ok(log.logs.some((stored) => stored.length > 0));
        const places = found(appender);
        for (const device of new Set(events.map((event) => event.device))) {
          const own = events.flatMap((event, i) => (event.device === device ? [i] : []));
          const at = own.map((i) => one.positions?.[i]);
          assert.equal(new Set(at.map((place) => place?.seq)).size, 1, 'one device, one batch');
          const indexes = at.map((place) => place?.index ?? -1);
          assert.deepEqual(
            indexes,
            indexes.toSorted((a, b) => a - b),
          );
        }
        const told = one.ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
        assert.equal(told, events.length);
        if (busy === 0)
          for (const [i, place] of places) assert.deepEqual({ ...one.positions?.[i], device: `d${events[i]?.device}` }, place);
        void publisher;
      }),
      { numRuns: 200 },
    );
  });

  it('of a stream keeps the order of each device, over as many batches as it takes', () => {
    fc.assert(
      fc.property(eventsArbitrary, fc.nat(8), (events, times) => {
        const { time, appender, write } = rig();
        const all = Array.from({ length: times + 1 }, () => events).flat();
        const one = write(true, true);
        assert.equal(one.add(listOf(all)), undefined);
        time.advance(1_000);
        assert.equal(one.isSettled, true);
        assert.equal(one.storedCount, all.length);
        assert.equal(found(appender).size, all.length);
        for (const device of new Set(all.map((event) => event.device))) {
          const at = all.flatMap((event, i) => (event.device === device ? [one.positions?.[i]] : []));
          const order = at.map((place) => (place?.seq ?? 0) * 1_000_000 + (place?.index ?? 0));
          assert.deepEqual(
            order,
            order.toSorted((a, b) => a - b),
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  it('names one range when all of it is in one batch', () => {
    const { time, write } = rig();
    const one = write();
    one.add(listOf(Array.from({ length: 5 }, () => ({ device: 0, size: 10 }))));
    time.advance(10);
    assert.deepEqual(one.ranges, [{ partition: partitionIn(entries.bytes, devices[0] ?? 0), seq: 1, first: 0, last: 4 }]);
    assert.equal(one.positions, undefined);
  });

  it('forgets the positions of single events, not the ranges', () => {
    const { time, write } = rig();
    const one = write(true);
    one.add(listOf(Array.from({ length: 3 }, () => ({ device: 0, size: 10 }))));
    time.advance(10);
    assert.equal(one.positions?.length, 3);
    one.forgetPositions();
    one.add(listOf(Array.from({ length: 2 }, () => ({ device: 0, size: 10 }))));
    time.advance(10);
    assert.equal(one.positions, undefined);
    assert.deepEqual(
      one.ranges.map(({ first, last }) => [first, last]),
      [
        [0, 2],
        [0, 1],
      ],
    );
  });

  it('waits for room, and goes on when there is', () => {
    const { time, appender, write } = rig(() => ({ kind: 'hold' }));
    const first = write();
    first.add(listOf([{ device: 0, size: 10 }]));
    time.settle();
    const fill = write();
    for (let i = 0; i < 8; i++) fill.add(listOf([{ device: 0, size: 60_000 }]));
    assert.equal(fill.isOffered, true);
    const late = write();
    assert.equal(late.fits(listOf([{ device: 0, size: 60_000 }])), false);
    assert.equal(late.add(listOf([{ device: 0, size: 60_000 }])), undefined);
    assert.deepEqual([late.isOffered, late.isBegun], [false, false]);
    appender.release();
    time.advance(5);
    assert.deepEqual([late.isOffered, late.isSettled], [true, false]);
    appender.release();
    time.advance(20);
    appender.release();
    time.advance(20);
    assert.equal(late.isSettled, true);
  });

  it('that was abandoned offers nothing more', () => {
    const { time, appender, write } = rig(() => ({ kind: 'hold' }));
    write().add(listOf([{ device: 0, size: 10 }]));
    time.settle();
    for (let i = 0; i < 8; i++) write().add(listOf([{ device: 0, size: 60_000 }]));
    const late = write();
    late.add(listOf([{ device: 0, size: 60_000 }]));
    late.abandon();
    for (let i = 0; i < 4; i++) {
      appender.release();
      time.advance(20);
    }
    assert.deepEqual([late.isBegun, late.isSettled, late.storedCount], [false, true, 0]);
  });

  it('tells why the log refused', () => {
    const { time, write } = rig(() => ({ kind: 'refuse', why: 'full' }));
    const one = write();
    one.add(
      listOf([
        { device: 0, size: 1 },
        { device: 1, size: 1 },
      ]),
    );
    time.advance(10);
    assert.equal(one.isSettled, true);
    assert.equal(one.failure?.code, 'log-full');
    assert.deepEqual(one.ranges, []);
  });

  it('fails when the intake takes nothing any more', async () => {
    const { time, publisher, write } = rig();
    const drained = publisher.drain(10);
    const one = write();
    one.add(listOf([{ device: 0, size: 1 }]));
    time.advance(20);
    await drained;
    assert.deepEqual([one.isBegun, one.storedCount], [false, 0]);
  });
});
