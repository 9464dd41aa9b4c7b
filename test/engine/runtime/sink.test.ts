/**
 * The sink service over the memory store, with a real clock and everything set to happen at once: rows arrive once,
 * whatever the store does to inserts, whoever owns the partitions, and however little memory there is.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { silentLog } from '../../../engine/observability/log.ts';
import { MemoryAnalyticsSink } from '../../../engine/memory/memory-analytics-sink.ts';
import { Sink, type SinkOptions } from '../../../engine/runtime/sink.ts';
import { FaultyAnalytics, type InsertFault, keyOf, QUICK, TestLog, TestOwner, turn } from '../../support/sink-harness.ts';

const clock = { now: () => Date.now(), monotonic: () => performance.now() };

interface World {
  readonly store: MemoryAnalyticsSink;
  readonly analytics: FaultyAnalytics;
  readonly logs: readonly TestLog[];
  sink(instance: string, options?: Partial<SinkOptions>): Sink;
}

function world(partitions: number): World {
  const store = new MemoryAnalyticsSink();
  const analytics = new FaultyAnalytics(store);
  return {
    store,
    analytics,
    logs: Array.from({ length: partitions }, (_, p) => new TestLog(p)),
    sink: (instance, options = {}) =>
      new Sink({ analytics, instance, clock, log: silentLog, ...options, limits: { ...QUICK, ...options.limits } }),
  };
}

function own(log: TestLog, sink: Sink, instance: string): TestOwner {
  const owner = new TestOwner(log, sink, instance);
  owner.claim();
  return owner;
}

/** Every row once and no other, and the control logs know it. */
function assertExactlyOnce({ store, logs }: World): void {
  assert.deepEqual(
    store
      .rows('events')
      .map((row) => keyOf(row))
      .toSorted(),
    logs.flatMap((log) => log.expected()).toSorted(),
  );
  for (const log of logs) {
    const lastWithRows = log.records.findLastIndex((record) => record.rows.length > 0) + 1;
    assert.ok((log.last?.sink.hwm ?? 0) >= lastWithRows, `partition ${log.partition}: hwm ${log.last?.sink.hwm} is behind ${lastWithRows}`);
    assert.equal(log.last?.sink.intent, undefined);
  }
}

describe('the sink', () => {
  it('writes what several partitions release with one insert a table, and says so in each control log', async () => {
    const w = world(3);
    const sink = w.sink('a', { limits: { flushMs: 60_000, departMs: 60_000 } });
    const owners = w.logs.map((log) => own(log, sink, 'a'));
    await sink.drain();
    for (const owner of owners) owner.fold(5, { decisions: 2 });
    await sink.drain();
    assertExactlyOnce(w);
    assert.equal(w.store.rows('decisions').length, 6);
    assert.deepEqual(w.analytics.queries, ['sink:a:1 events', 'sink:a:2 decisions']);
    assert.deepEqual(owners[0]?.status(), { hwm: 2, hwmLogSeq: 1, lagMs: 0, bufferedBytes: 0, state: 'armed' });
  });

  it('writes the intent before the rows', async () => {
    const w = world(1);
    const [log] = w.logs;
    const sink = w.sink('a');
    assert.ok(log !== undefined);
    own(log, sink, 'a').fold(2);
    await sink.drain();
    const states = log.records.map((record) => record.sink);
    const intended = states.findIndex((state) => state.intent !== undefined);
    assert.deepEqual(states[intended], {
      hwm: 0,
      hwmLogSeq: 0,
      intent: {
        to: 2,
        tables: [{ table: 'events', rows: 2, digest: 2n * 1_000_003n + 1_009n, generation: 1 }],
        fromLogSeq: 1,
        toLogSeq: 1,
      },
    });
    assert.deepEqual(states.at(-1), { hwm: 2, hwmLogSeq: 1, intent: undefined });
  });

  for (const fault of ['unavailable', 'lost', 'answer-lost', 'late', 'stale'] as const satisfies readonly InsertFault[]) {
    it(`writes every row once when an insert is ${fault}`, async () => {
      const w = world(2);
      const sink = w.sink('a');
      const owners = w.logs.map((log) => own(log, sink, 'a'));
      w.analytics.faults.push(fault, fault);
      for (const owner of owners) owner.fold(3, { decisions: 1 });
      await turn(2);
      for (const owner of owners) owner.fold(4);
      await sink.drain();
      await w.analytics.settled();
      assertExactlyOnce(w);
      assert.equal(w.store.rows('decisions').length, 2);
    });
  }

  it('sends only the decisions again when only they were lost', async () => {
    const w = world(1);
    const sink = w.sink('a');
    const [owner] = w.logs.map((log) => own(log, sink, 'a'));
    w.analytics.faults.push(undefined, 'lost');
    owner?.fold(3, { decisions: 3 });
    await sink.drain();
    assertExactlyOnce(w);
    assert.deepEqual(w.analytics.queries, ['sink:a:1 events', 'sink:a:2 decisions', 'sink:a:3 decisions']);
  });

  it('goes on where a crashed process stopped, without what that process had in memory', async () => {
    const w = world(2);
    const crashed = w.sink('a');
    w.analytics.faults.push('answer-lost');
    for (const log of w.logs) own(log, crashed, 'a').fold(3);
    await turn(3);
    const sink = w.sink('b');
    const owners = w.logs.map((log) => own(log, sink, 'b'));
    for (const owner of owners) owner.fold(2);
    await sink.drain();
    await turn(5);
    assertExactlyOnce(w);
  });

  it('keeps a paused owner that goes on later from writing anything', async () => {
    const w = world(1);
    const [log] = w.logs;
    assert.ok(log !== undefined);
    const zombie = w.sink('a');
    const before = own(log, zombie, 'a');
    await zombie.drain();
    let go: () => void = () => undefined;
    before.hold = new Promise((resolve) => {
      go = resolve;
    });
    before.fold(3);
    await turn(3);
    const sink = w.sink('b');
    own(log, sink, 'b').fold(2);
    await sink.drain();
    go();
    await turn(5);
    assert.equal(before.stopped?.code, 'fenced');
    assert.equal(before.status().state, 'detached');
    assertExactlyOnce(w);
  });

  it('keeps folding while ClickHouse is away, within its bound, and builds again what it gave up', async () => {
    const w = world(2);
    const sink = w.sink('a', { limits: { bufferBytesMax: 2_000, rebuildBytes: 1_000 } });
    const owners = w.logs.map((log) => own(log, sink, 'a'));
    await sink.drain();
    w.analytics.away = true;
    for (let i = 0; i < 30; i++) {
      for (const owner of owners) owner.fold(2);
      if (i % 10 === 0) await turn();
    }
    assert.ok(owners.reduce((sum, owner) => sum + owner.status().bufferedBytes, 0) <= 3_000);
    assert.ok((owners[0]?.status().lagMs ?? 0) >= 0);
    w.analytics.away = false;
    await sink.drain();
    assertExactlyOnce(w);
    assert.ok(w.logs.every((log) => log.rebuilds > 0));
  });

  it('puts rows of different log days into different inserts', async () => {
    const w = world(2);
    const sink = w.sink('a');
    const owners = w.logs.map((log) => own(log, sink, 'a'));
    await sink.drain();
    owners[0]?.fold(1, { logDay: 1 });
    owners[0]?.fold(1, { logDay: 2 });
    owners[1]?.fold(1, { logDay: 2 });
    await sink.drain();
    assertExactlyOnce(w);
    assert.ok(w.analytics.queries.length >= 2);
  });

  it('builds rows again that an owner forgot to release', async () => {
    const w = world(1);
    const sink = w.sink('a');
    const [owner] = w.logs.map((log) => own(log, sink, 'a'));
    owner?.fold(1);
    owner?.fold(2, { release: false });
    owner?.fold(1);
    await sink.drain();
    assertExactlyOnce(w);
  });

  it('sends a block without a partition whose control log is slow', async () => {
    const w = world(2);
    const sink = w.sink('a');
    const [quick, slow] = w.logs.map((log) => own(log, sink, 'a'));
    assert.ok(quick !== undefined && slow !== undefined);
    await sink.drain();
    let go: () => void = () => undefined;
    slow.hold = new Promise((resolve) => {
      go = resolve;
    });
    quick.fold(1);
    slow.fold(1);
    while (quick.status().hwmLogSeq === 0) await turn();
    assert.equal(slow.status().hwmLogSeq, 0);
    go();
    await sink.drain();
    assertExactlyOnce(w);
  });

  it('stops a partition when ClickHouse has rows that the control log lost', async () => {
    const w = world(2);
    const [lost, other] = w.logs;
    assert.ok(lost !== undefined && other !== undefined);
    const before = w.sink('a');
    const owner = own(lost, before, 'a');
    owner.fold(2);
    owner.fold(2);
    await before.drain();
    lost.records.splice(1);
    const told: (readonly [number, number])[] = [];
    const sink = w.sink('b', { onLostEnd: (partition, maxLogSeq) => told.push([partition, maxLogSeq]) });
    const behind = own(lost, sink, 'b');
    const level = own(other, sink, 'b');
    level.fold(1);
    await sink.drain();
    assert.deepEqual(told, [[0, 2]]);
    assert.deepEqual([behind.agreements, level.agreements], [0, 1], 'only an owner whose log knows all rows may let writers write');
    assert.equal(sink.status(0).state, 'detached');
    const silent = w.sink('c');
    const last = own(lost, silent, 'c');
    await silent.drain();
    assert.equal(last.stopped?.code, 'log-lost-its-end');
  });

  it('stops a partition when what is in ClickHouse is not what was intended', async () => {
    const w = world(1);
    const [log] = w.logs;
    assert.ok(log !== undefined);
    const before = w.sink('a');
    w.analytics.faults.push('answer-lost');
    const owner = own(log, before, 'a');
    owner.fold(2);
    while (log.last?.sink.intent === undefined) await turn();
    before.detach(0);
    await turn(2);
    await w.store.insert('events', [(await owner.rebuild({ fromRecordSeq: 2, toRecordSeq: 2 })).events.bytes], 'sink:somebody:1');
    const sink = w.sink('b');
    const taker = own(log, sink, 'b');
    await sink.drain();
    assert.equal(taker.stopped?.code, 'corrupt');
  });

  it('forgets a partition that is detached, and takes it back as it then is', async () => {
    const w = world(1);
    const [log] = w.logs;
    assert.ok(log !== undefined);
    const sink = w.sink('a');
    own(log, sink, 'a').fold(2);
    sink.detach(0);
    assert.equal(sink.status(0).state, 'detached');
    own(log, sink, 'a').fold(1);
    await sink.drain();
    assertExactlyOnce(w);
  });

  it('writes every row once under any mixture of faults, takeovers and pauses', async () => {
    const fault = fc.constantFrom<InsertFault | undefined>(undefined, 'unavailable', 'lost', 'answer-lost', 'late', 'stale');
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant('fold' as const), partition: fc.nat(2), events: fc.integer({ min: 1, max: 4 }) }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('takeover' as const), partition: fc.nat(2) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 6 }), fc.array(step, { minLength: 5, maxLength: 25 }), async (faults, script) => {
        const w = world(3);
        w.analytics.faults.push(...faults);
        const sinks = [w.sink('a'), w.sink('b')];
        const owners = new Map(w.logs.map((log) => [log.partition, { at: 0, owner: own(log, sinks[0] ?? w.sink('a'), 'a') }]));
        for (const one of script) {
          if (one.kind === 'wait') await turn(one.turns);
          else if (one.kind === 'fold') owners.get(one.partition)?.owner.fold(one.events);
          else takeover(w, sinks, owners, one.partition);
        }
        for (const sink of sinks) await sink.drain();
        await w.analytics.settled();
        assertExactlyOnce(w);
      }),
      { numRuns: 40 },
    );
  });
});

/** The other process claims the partition; the one that had it isn't told. */
// oxlint-disable-next-line max-params
function takeover(
  w: World,
  sinks: readonly Sink[],
  owners: Map<number, { readonly at: number; readonly owner: TestOwner }>,
  partition: number,
): void {
  const at = 1 - (owners.get(partition)?.at ?? 0);
  const sink = sinks[at];
  const log = w.logs[partition];
  if (sink !== undefined && log !== undefined) owners.set(partition, { at, owner: own(log, sink, at === 0 ? 'a' : 'b') });
}
