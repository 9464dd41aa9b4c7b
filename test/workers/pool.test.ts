import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { hasCode } from '../../engine/kernel/errors.ts';
import type { FoldPool } from '../../engine/ports/fold-pool.ts';
import { must } from '../../engine/kernel/assert.ts';
import { partitionOf } from '../../engine/kernel/partition.ts';
import { placeOf } from '../../engine/kernel/position.ts';
import { KIND } from '../../schemas/envelope.ts';
import { decodeEvent, decodeSessionState, encodeConnected, encodeDisconnected } from '../../schemas/gen/lean.ts';
import { inProcessFoldPool, startFoldPool } from '../../workers/pool.ts';
import type { DieOn } from '../../workers/die-on.ts';
import type { FoldTask } from '../../workers/protocol.ts';
import { batchOf, framesOf, jsonEvent } from '../support/log-frames.ts';

const PARTITIONS = 4;
const LOG_MS = 1_790_000_000_000;

/** A device of the partition. */
function deviceOf(partition: number, n = 0): string {
  for (let i = 0, found = 0; ; i++) if (partitionOf('t', `d${i}`, PARTITIONS) === partition && found++ === n) return `d${i}`;
}

function foldOf(partition: number, seq: number, more: Partial<FoldTask> & { readonly device?: string } = {}): FoldTask {
  const { device = deviceOf(partition), ...rest } = more;
  const data = batchOf({
    edgeEpoch: 1,
    counter: seq,
    events: [jsonEvent(deviceOf(partition, 1), { x: 1 }), jsonEvent(device, { n: seq })],
  });
  return {
    op: 'fold',
    partition,
    recordSeq: seq,
    epoch: 1,
    frames: framesOf([{ seq, timeMs: LOG_MS, data }]),
    reads: [{ id: seq, tenant: 't', device }],
    sessionReads: [],
    killers: [],
    ...rest,
  };
}

/** An application's client of the partition connects, and asks for its session. */
function sessionFold(partition: number, seq: number): FoldTask {
  const session = `a:${deviceOf(partition, 2)}`;
  const event = { tenant: 't', session, kind: KIND.connected, payload: encodeConnected({ expiryS: 60, will: { topic: 'w' } }) };
  const gone = { tenant: 't', session, kind: KIND.disconnected, payload: encodeDisconnected({ sendWill: true }) };
  return {
    ...foldOf(partition, seq),
    frames: framesOf([{ seq, timeMs: LOG_MS, data: batchOf({ edgeEpoch: 1, counter: seq, events: [event, gone] }) }]),
    reads: [],
    sessionReads: [
      { id: 1, tenant: 't', session },
      { id: 2, tenant: 't', session: 'a:nobody' },
    ],
  };
}

async function twinOf(pool: FoldPool, partition: number, seq: number): Promise<unknown> {
  const { replies } = await pool.fold({ ...foldOf(partition, seq), frames: framesOf([]) });
  return JSON.parse(new TextDecoder().decode(replies[0]?.body));
}

const died = (error: unknown): boolean => hasCode(error, 'worker-died');

const kinds: readonly (readonly [name: string, start: (dieOn?: DieOn) => FoldPool])[] = [
  ['threads', (dieOn) => startFoldPool({ workers: 2, heapMb: 32, ...(dieOn === undefined ? {} : { dieOn }) })],
  ['in process', (dieOn) => inProcessFoldPool(dieOn === undefined ? {} : { dieOn })],
];

for (const [name, start] of kinds) {
  describe(`a pool (${name})`, () => {
    const pools: FoldPool[] = [];
    const pool = (dieOn?: DieOn): FoldPool => {
      const started = start(dieOn);
      pools.push(started);
      return started;
    };
    after(async () => {
      await Promise.all(pools.map((started) => started.end()));
    });

    test('a partition’s life: open, fold, snapshot, close, open again, recover, rows', async () => {
      const fold = pool();
      assert.deepEqual(await fold.open({ op: 'open', partition: 1, partitions: PARTITIONS }), {
        op: 'open',
        recordSeq: 0,
        lastSeq: 0,
        logMs: 0,
        devices: 0,
      });
      const first = await fold.fold(foldOf(1, 1));
      assert.deepEqual([first.consumed, first.counts.accepted, first.events.rows], [1, 2, 2]);
      const snapshot = await fold.snapshot({ op: 'snapshot', partition: 1, recordSeq: 1 });
      assert.equal(snapshot.devices, 2);
      const second = await fold.fold(foldOf(1, 2));
      const twin = await twinOf(fold, 1, 3);
      await fold.close({ op: 'close', partition: 1 });
      await assert.rejects(fold.fold(foldOf(1, 3)), died);

      const kept = snapshot.bytes.slice();
      assert.deepEqual(await fold.open({ op: 'open', partition: 1, partitions: PARTITIONS, snapshot: snapshot.bytes }), {
        op: 'open',
        recordSeq: 1,
        lastSeq: 1,
        logMs: LOG_MS,
        devices: 2,
      });
      const recovered = await fold.recover({ op: 'recover', partition: 1, records: [second.record.slice()], frames: foldOf(1, 2).frames });
      assert.equal(recovered.lastSeq, 2);
      assert.deepEqual(await twinOf(fold, 1, 3), twin);
      const rows = await fold.rows({
        op: 'rows',
        partition: 1,
        partitions: PARTITIONS,
        epoch: 1,
        records: [second.record],
        recordSeqs: [2],
        rowsFromSeq: 0,
        rowsToSeq: Number.MAX_SAFE_INTEGER,
        frames: foldOf(1, 2).frames,
      });
      assert.deepEqual([Buffer.from(rows.events.bytes), rows.events.digest], [Buffer.from(second.events.bytes), second.events.digest]);
      // A snapshot may lie within larger bytes.
      const within = new Uint8Array(kept.length + 8);
      within.set(kept, 4);
      const again = await fold.open({ op: 'open', partition: 1, partitions: PARTITIONS, snapshot: within.subarray(4, 4 + kept.length) });
      assert.equal(again.devices, 2);
      assert.equal(within.byteLength, kept.length + 8);
    });

    test('sessions are folded, asked for and told of, and what they send comes along', async () => {
      const fold = pool();
      await fold.open({ op: 'open', partition: 2, partitions: PARTITIONS });
      const result = await fold.fold(sessionFold(2, 1));
      assert.deepEqual(
        result.replies.map(({ body, id }) => [id, body === undefined ? undefined : decodeSessionState(body)?.connection]),
        [
          [1, placeOf(1, 0)],
          [2, undefined],
        ],
      );
      assert.deepEqual([result.edges, result.nextDueMs], [[], LOG_MS + 60_000]);
      const [effect] = result.effects;
      assert.deepEqual([result.effects.length, effect?.kind, effect?.index], [1, 'publish', 0]);
      assert.equal(decodeEvent(must(effect, 'effect').body)?.topic, 'w');
    });

    test('tasks of a partition run in the order given, however many are given at once', async () => {
      const fold = pool();
      await Promise.all([0, 1, 2, 3].map((partition) => fold.open({ op: 'open', partition, partitions: PARTITIONS })));
      const results = await Promise.all(Array.from({ length: 400 }, (_, i) => fold.fold(foldOf(i % 4, 1 + Math.floor(i / 4)))));
      assert(results.every((result, i) => result.fromSeq === 1 + Math.floor(i / 4) && result.counts.accepted === 2));
      for (const partition of [0, 1, 2, 3])
        assert.equal(((await twinOf(fold, partition, 500)) as { version: string }).version, `${partition}.100.1`);
    });

    test('damaged bytes are an error of their own, and the partition is gone', async () => {
      const fold = pool();
      await fold.open({ op: 'open', partition: 0, partitions: PARTITIONS });
      const damaged = fold.recover({ op: 'recover', partition: 0, records: [Uint8Array.of(0xff)], frames: framesOf([]) });
      await assert.rejects(damaged, (error) => hasCode(error, 'corrupt') && error.domain === 'internal' && !error.retryable);
      await assert.rejects(fold.snapshot({ op: 'snapshot', partition: 0, recordSeq: 1 }), died);
      assert.equal(fold.takeKiller(0), undefined);
    });

    test('a failure within an event names the event, and costs no other partition', async () => {
      const fold = pool();
      for (const partition of [0, 2]) await fold.open({ op: 'open', partition, partitions: PARTITIONS });
      const task = foldOf(0, 1);
      // Not what the type says: the second event's killers can't be looked at.
      const broken = { ...task, killers: [{ seq: 1, index: 5 }, undefined] } as unknown as FoldTask;
      await assert.rejects(fold.fold(broken), died);
      assert.deepEqual(fold.takeKiller(0), { seq: 1, index: 0 });
      assert.equal(fold.takeKiller(0), undefined);
      await assert.rejects(fold.fold(foldOf(0, 1)), died);
      assert.equal((await fold.fold(foldOf(2, 1))).counts.accepted, 2);
      await fold.open({ op: 'open', partition: 0, partitions: PARTITIONS });
      assert.equal((await fold.fold(foldOf(0, 1))).counts.accepted, 2);
    });

    for (const how of ['exit', 'memory'] as const) {
      test(`a worker that dies (${how}) takes its partitions with it, names the event, and is replaced`, async () => {
        const victim = deviceOf(2, 5);
        const fold = pool({ device: victim, how });
        for (const partition of [0, 1, 2]) await fold.open({ op: 'open', partition, partitions: PARTITIONS });
        await fold.fold(foldOf(2, 1));
        const pending = [fold.fold(foldOf(2, 2, { device: victim })), fold.fold(foldOf(0, 1))];
        await Promise.all(pending.map((task) => assert.rejects(task, died)));
        assert.deepEqual(fold.takeKiller(2), { seq: 2, index: 1 });
        assert.equal(fold.takeKiller(2), undefined);
        assert.equal(fold.takeKiller(0), undefined);
        await assert.rejects(fold.fold(foldOf(0, 1)), died);
        for (const partition of [0, 2]) await fold.open({ op: 'open', partition, partitions: PARTITIONS });
        assert.equal((await fold.fold(foldOf(0, 1))).counts.accepted, 2);
        const settled = await fold.fold(foldOf(2, 2, { device: victim, killers: [{ seq: 2, index: 1 }] }));
        assert.deepEqual([settled.counts.accepted, settled.counts.quarantined], [1, 1]);
      });
    }
  });
}

test('a heap in which no thread can start, which would end the process, is refused', () => {
  assert.throws(() => startFoldPool({ workers: 1, heapMb: 8 }), /heap/);
});

test('what is still waiting when the pool ends is told', async () => {
  const pool = startFoldPool({ workers: 1 });
  const waiting = assert.rejects(pool.open({ op: 'open', partition: 0, partitions: 1 }), died);
  await pool.end();
  await waiting;
});
