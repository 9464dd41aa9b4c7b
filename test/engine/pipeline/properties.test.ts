/** What must hold for every history: however it is cut, resent, recovered or rebuilt, it folds to the same bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Folder } from '../../../engine/pipeline/fold.ts';
import { PartitionState } from '../../../engine/pipeline/partition-state.ts';
import { Replay } from '../../../engine/pipeline/replay.ts';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import { DeviceKey } from '../../../engine/domain/twin-store.ts';
import { lifecycleOf } from '../../../engine/domain/twin-lifecycle.ts';
import { latestOf, twinJson } from '../../../engine/domain/twin-reading.ts';
import { must } from '../../../engine/kernel/assert.ts';
import { decodeControlRecord, decodeTwinSnapshot, encodeTwinSnapshot } from '../../../schemas/envelope.ts';
import { decodeEvent } from '../../../schemas/gen/lean.ts';
import { DECISION_COLUMNS, EVENT_COLUMNS } from '../../../schemas/tables.ts';
import { MARKER_SLOTS } from '../../../workers/protocol.ts';
import type { FoldResult } from '../../../workers/protocol.ts';
import { EPOCH, foldTask, RECORD_SEQ } from '../../support/fold-run.ts';
import { framesOf } from '../../support/log-frames.ts';
import type { TestMessage } from '../../support/log-frames.ts';
import { decodeRows } from '../../support/row-binary.ts';
import type { DecodedRow } from '../../support/row-binary.ts';
import { history } from './history.ts';
import type { History } from './history.ts';

const HOME = { partition: 0, partitions: 1 };
const DEVICES = ['d1', 'd2', 'd3'];
const cuts = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 25 });

interface Folded {
  readonly state: PartitionState;
  readonly results: readonly FoldResult[];
  /** The messages of each task. */
  readonly tasks: readonly (readonly TestMessage[])[];
}

/** Folds a history in tasks of these sizes; what a task leaves over comes again. `between` may swap the state. */
function foldAll(
  log: History,
  sizes: readonly number[],
  between: (state: PartitionState, task: number) => PartitionState = (state) => state,
): Folded {
  const folder = new Folder(new Float64Array(MARKER_SLOTS));
  let state = new PartitionState(0, 1);
  const results: FoldResult[] = [];
  const tasks: (readonly TestMessage[])[] = [];
  for (let at = 0; at < log.messages.length;) {
    const messages = log.messages.slice(at, at + (sizes[results.length] ?? 3));
    const result = folder.fold(state, foldTask(messages, log.killers));
    assert(result.consumed > 0);
    at += result.consumed;
    results.push(result);
    tasks.push(messages.slice(0, result.consumed));
    state = between(state, results.length);
  }
  return { state, results, tasks };
}

function twins(state: PartitionState): readonly string[] {
  return DEVICES.map((device) => {
    const key = new DeviceKey();
    key.setText('t', device);
    return new TextDecoder().decode(twinJson(state, key, 0));
  });
}

function rowBytes(results: readonly FoldResult[]): Buffer {
  return Buffer.concat(results.map((result) => result.events.bytes));
}

function decisionBytes(results: readonly FoldResult[]): Buffer {
  return Buffer.concat(results.map((result) => result.decisions.bytes));
}

function sumOf(results: readonly FoldResult[], table: 'events' | 'decisions' = 'events'): bigint {
  return BigInt.asUintN(
    64,
    results.reduce((sum, result) => sum + result[table].digest, 0n),
  );
}

/** What is sent into topic partitions, but for its number within its record. */
function effectsOf(results: readonly FoldResult[]): readonly unknown[] {
  return results.flatMap(({ effects, record }) => {
    const recorded = decodeControlRecord(record).decisions.flatMap((decision) => decision.effects);
    assert.deepEqual(
      effects.map(({ body, kind, target }) => [kind, target, Buffer.from(body)]),
      recorded.map(({ body, kind, target }) => [kind, target, Buffer.from(body)]),
    );
    return effects.map(({ body, index, target }) => {
      const { effectIndex, ...event } = must(decodeEvent(body), 'event');
      assert.deepEqual([effectIndex, event.effectVersion], [index, RECORD_SEQ]);
      return { target, event };
    });
  });
}

test('batch borders change nothing', () => {
  fc.assert(
    fc.property(history, cuts, cuts, (log, one, other) => {
      const a = foldAll(log, one);
      const b = foldAll(log, other);
      assert.deepEqual(rowBytes(a.results), rowBytes(b.results));
      assert.equal(sumOf(a.results), sumOf(b.results));
      assert.deepEqual(decisionBytes(a.results), decisionBytes(b.results));
      assert.equal(sumOf(a.results, 'decisions'), sumOf(b.results, 'decisions'));
      assert.deepEqual(effectsOf(a.results), effectsOf(b.results));
      assert.deepEqual(encodeSnapshot(a.state, 1), encodeSnapshot(b.state, 1));
      assert.deepEqual([a.state.nextDueMs, a.state.sessions.edges], [b.state.nextDueMs, b.state.sessions.edges]);
      assert.deepEqual(twins(a.state), twins(b.state));
    }),
  );
});

test('restarts from a snapshot change nothing', () => {
  fc.assert(
    fc.property(history, cuts, fc.array(fc.boolean(), { maxLength: 25 }), (log, sizes, restarts) => {
      const live = foldAll(log, sizes);
      const restarted = foldAll(log, sizes, (state, task) =>
        restarts[task] === true ? openSnapshot(encodeSnapshot(state, task), HOME).state : state,
      );
      assert.deepEqual(rowBytes(restarted.results), rowBytes(live.results));
      assert.deepEqual(decisionBytes(restarted.results), decisionBytes(live.results));
      assert.deepEqual(
        restarted.results.map((result) => result.record),
        live.results.map((result) => result.record),
      );
      assert.deepEqual(encodeSnapshot(restarted.state, 1), encodeSnapshot(live.state, 1));
      assert.deepEqual(twins(restarted.state), twins(live.state));
    }),
  );
});

test('recovery by records ends where the live fold ended', () => {
  fc.assert(
    fc.property(history, cuts, fc.tuple(fc.nat(25), fc.nat(25)), (log, sizes, [from, border]) => {
      const start = { state: new PartitionState(0, 1), task: 0 };
      const live = foldAll(log, sizes, (state, task) => {
        if (task === from) Object.assign(start, { state: openSnapshot(encodeSnapshot(state, task), HOME).state, task });
        return state;
      });
      const records = live.results.map((result) => result.record);
      const replay = new Replay();
      const middle = Math.max(start.task, Math.min(border, records.length));
      for (const [a, b] of [
        [start.task, middle],
        [middle, records.length],
      ] as const) {
        replay.recover(start.state, { records: records.slice(a, b), frames: framesOf(live.tasks.slice(a, b).flat()) });
      }
      assert.deepEqual(encodeSnapshot(start.state, 7), encodeSnapshot(live.state, 7));
      assert.deepEqual(twins(start.state), twins(live.state));
      assert.deepEqual([start.state.last, start.state.logMs], [live.state.last, live.state.logMs]);
      assert.deepEqual([start.state.nextDueMs, start.state.sessions.edges], [live.state.nextDueMs, live.state.sessions.edges]);
    }),
  );
});

test('rows that are built again are the rows that were', () => {
  fc.assert(
    fc.property(history, cuts, fc.nat(25), (log, sizes, from) => {
      const live = foldAll(log, sizes);
      const first = Math.min(from, live.results.length - 1);
      const results = live.results.slice(first);
      const rebuilt = new Replay().rows({
        op: 'rows',
        ...HOME,
        epoch: EPOCH,
        records: results.map((result) => result.record),
        recordSeqs: results.map(() => RECORD_SEQ),
        frames: framesOf(live.tasks.slice(first).flat()),
        rowsFromSeq: 0,
        rowsToSeq: Number.MAX_SAFE_INTEGER,
      });
      assert.deepEqual(Buffer.from(rebuilt.events.bytes), rowBytes(results));
      assert.equal(
        rebuilt.events.rows,
        results.reduce((sum, result) => sum + result.events.rows, 0),
      );
      assert.equal(rebuilt.events.digest, sumOf(results));
      assert.deepEqual(Buffer.from(rebuilt.decisions.bytes), decisionBytes(results));
      assert.equal(
        rebuilt.decisions.rows,
        results.reduce((sum, result) => sum + result.decisions.rows, 0),
      );
      assert.equal(rebuilt.decisions.digest, sumOf(results, 'decisions'));
    }),
  );
});

test('a snapshot is what a plain encoder would write, and opens as itself', () => {
  fc.assert(
    fc.property(history, cuts, (log, sizes) => {
      const { state } = foldAll(log, sizes);
      const bytes = encodeSnapshot(state, 12);
      const plain = decodeTwinSnapshot(bytes);
      assert.deepEqual(Buffer.from(bytes), Buffer.from(encodeTwinSnapshot(plain)));
      assert.deepEqual([plain.recordSeq, plain.devices.length, plain.names.toSorted()], [12, state.twins.count, plain.names]);
      const opened = openSnapshot(bytes, HOME);
      assert.equal(opened.recordSeq, 12);
      assert.deepEqual(encodeSnapshot(opened.state, 12), bytes);
    }),
  );
});

test('a twin is what its accepted rows say, folded by hand', () => {
  fc.assert(
    fc.property(history, cuts, (log, sizes) => {
      const { state, results } = foldAll(log, sizes);
      const rows = decodeRows(rowBytes(results), EVENT_COLUMNS);
      for (const device of DEVICES) {
        const key = new DeviceKey();
        key.setText('t', device);
        const address = state.twins.find(key);
        const leaves = address === 0 ? [] : latestOf(state.twins, address);
        const held = leaves.map(({ name, value, ms, seq, index }) => {
          const plain =
            value.kind === 'number'
              ? value.number
              : value.kind === 'boolean'
                ? Number(value.boolean)
                : value.kind === 'text'
                  ? value.text
                  : value.digits;
          return [name, { value: plain, ms, seq, index }] as const;
        });
        assert.deepEqual(new Map(held), foldByHand(rows.filter((row) => row['device'] === device)));
      }
    }),
  );
});

/** Newest event time wins, then position; an erasure leaves nothing; a backfill (which only the extra field tells) never does. */
function foldByHand(rows: readonly DecodedRow[]): ReadonlyMap<string, unknown> {
  const latest = new Map<string, { value: unknown; ms: number; seq: number; index: number }>();
  for (const row of rows) {
    const extra = row['extra'];
    if (row['outcome'] === 'accepted' && row['kind'] === 'erased') latest.clear();
    if (row['outcome'] !== 'accepted' || row['kind'] !== 'telemetry' || !(extra instanceof Uint8Array)) continue;
    if (must(decodeEvent(extra), 'extra').backfill) continue;
    const ms = Number(row['event_time']);
    for (const column of ['metrics', 'attrs']) {
      const cell = row[column];
      if (!(cell instanceof Map)) continue;
      for (const [name, value] of cell as ReadonlyMap<string, unknown>) {
        const known = latest.get(name);
        if (known === undefined || ms >= known.ms)
          latest.set(name, { value, ms, seq: Number(row['log_seq']), index: Number(row['batch_index']) });
      }
    }
  }
  return latest;
}

test('every event has exactly one row, in the order of positions', () => {
  fc.assert(
    fc.property(history, cuts, (log, sizes) => {
      const { results } = foldAll(log, sizes);
      const rows = decodeRows(rowBytes(results), EVENT_COLUMNS);
      const positions = rows.map((row) => Number(row['log_seq']) * 1000 + Number(row['batch_index']));
      assert.deepEqual(
        positions,
        [...new Set(positions)].toSorted((a, b) => a - b),
      );
      const counted = results.map(({ counts }) => counts.accepted + counts.duplicate + counts.quarantined + counts.rejected);
      assert.deepEqual(
        counted,
        results.map((result) => result.events.rows),
      );
    }),
  );
});

test('the state in the registry is that of the highest sequence, in whatever order facts came', () => {
  fc.assert(
    fc.property(history, cuts, (log, sizes) => {
      const { state, results } = foldAll(log, sizes);
      const rows = decodeRows(rowBytes(results), EVENT_COLUMNS).filter((row) => row['outcome'] === 'accepted');
      for (const device of DEVICES) {
        const key = new DeviceKey();
        key.setText('t', device);
        const address = state.twins.find(key);
        const known = address === 0 ? undefined : lifecycleOf(state.twins, address);
        const told = lastTold(rows.filter((row) => row['device'] === device));
        assert.deepEqual(known && { state: known.state, seq: known.registrySeq }, told);
      }
    }),
  );
});

/** After an erasure only a registration is believed, until there is something again. */
function lastTold(rows: readonly DecodedRow[]): { readonly state: unknown; readonly seq: number } | undefined {
  let last: { readonly state: unknown; readonly seq: number } | undefined;
  let isErased = false;
  let isThere = false;
  for (const { kind, payload } of rows) {
    if (kind === 'erased') {
      isErased = true;
      isThere = false;
      last = undefined;
    } else if (kind === 'telemetry') isThere = true;
    else if (kind === 'registry-fact' && payload instanceof Uint8Array) {
      const { seq, state } = JSON.parse(Buffer.from(payload).toString()) as { readonly seq: number; readonly state: string };
      if (!isThere && isErased && state !== 'registered') continue;
      isThere = true;
      if (seq > (last?.seq ?? 0)) last = { state, seq };
    }
  }
  return last;
}

test('every decision is in a record, and has its row beside the row of its event', () => {
  fc.assert(
    fc.property(history, cuts, (log, sizes) => {
      const { results } = foldAll(log, sizes);
      for (const result of results) {
        const rows = decodeRows(result.decisions.bytes, DECISION_COLUMNS);
        const recorded = decodeControlRecord(result.record).decisions;
        const told = rows.filter((row) => row['kind'] !== 'refused').map((row) => [row['kind'], row['new'], Number(row['log_seq'])]);
        assert.deepEqual(
          told,
          recorded.filter(({ kind }) => kind !== 'publish').map(({ causeSeq, kind, newValue }) => [kind, newValue, causeSeq]),
        );
        const places = rows.map((row) => `${Number(row['log_seq'])}.${Number(row['batch_index'])}.${Number(row['item'])}`);
        assert.equal(new Set(places).size, places.length, 'each row has a place of its own');
        const events = decodeRows(result.events.bytes, EVENT_COLUMNS);
        const refusing: readonly unknown[] = ['disabled', 'decommissioned', 'deleted'];
        const refused = events.filter((row) => refusing.includes(row['reason']));
        assert.deepEqual(
          rows.filter((row) => row['kind'] === 'refused').map((row) => [row['device'], row['state'], row['log_seq'], row['batch_index']]),
          refused.map((row) => [row['device'], row['reason'], row['log_seq'], row['batch_index']]),
        );
      }
    }),
  );
});
