/**
 * What the pure pipeline costs, in one thread: CPU per event from the batch's bytes to the row (Protobuf and JSON, five
 * metrics, random devices), bytes per twin of a million twins, snapshots out and in. Prints a table, and with `--json` one
 * line of JSON `{name: {value, unit}}` for the table of `npm run bench`. `--only NAME` chooses.
 */
import { parseArgs } from 'node:util';
import { Folder } from '../../../engine/pipeline/fold.ts';
import { PartitionState } from '../../../engine/pipeline/partition-state.ts';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import { MARKER_SLOTS } from '../../../workers/protocol.ts';
import type { FoldTask } from '../../../workers/protocol.ts';
import { batchOf, framesOf, jsonEvent, metricsOf, protoEvent } from '../../support/log-frames.ts';

const LOG_MS = 1_790_000_000_000;
const EVENTS_PER_BATCH = 250;
const BATCHES_PER_TASK = 8;
const METRICS = ['temperature', 'humidity', 'pressure', 'battery', 'rssi'];

interface Figure {
  readonly value: number;
  readonly unit: string;
}

function valuesOf(n: number): Record<string, number> {
  return Object.fromEntries(METRICS.map((name, i) => [name, ((n * 31 + i * 7) % 1000) / 10]));
}

function taskOf(
  format: 'protobuf' | 'json',
  first: { readonly seq: number; readonly n: number },
  deviceOf: (n: number) => number,
): FoldTask {
  const messages = Array.from({ length: BATCHES_PER_TASK }, (_, b) => {
    const events = Array.from({ length: EVENTS_PER_BATCH }, (_unused, e) => {
      const n = first.n + b * EVENTS_PER_BATCH + e;
      const device = `device-${String(deviceOf(n)).padStart(7, '0')}`;
      const head = { ts: LOG_MS + n, boot: 1_790_000_000, seq: n };
      const more = { via: 1, receivedMs: LOG_MS + n };
      return format === 'protobuf'
        ? protoEvent(device, { ...head, metrics: metricsOf(valuesOf(n)) }, more)
        : jsonEvent(device, { ...head, metrics: valuesOf(n) }, more);
    });
    return { seq: first.seq + b, timeMs: LOG_MS + first.n, data: batchOf({ edgeEpoch: 7, counter: first.seq + b, events }) };
  });
  return { op: 'fold', partition: 0, recordSeq: 1, epoch: 1, frames: framesOf(messages), reads: [], sessionReads: [], killers: [] };
}

const PER_TASK = BATCHES_PER_TASK * EVENTS_PER_BATCH;

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** CPU per event over devices drawn at random from `devices`; the best of rounds, because the machine is shared. */
function measureFold(format: 'protobuf' | 'json', devices: number, tasks: number): Figure {
  const state = new PartitionState(0, 1);
  const folder = new Folder(new Float64Array(MARKER_SLOTS));
  const deviceOf = (n: number): number => Math.imul(n ^ (n >>> 7), 0x9e3779b1) >>> 0;
  let best = Infinity;
  let n = 0;
  let seq = 1;
  for (let round = 0; round < 6; round++) {
    const made = Array.from({ length: tasks }, (_, t) =>
      taskOf(format, { seq: seq + t * BATCHES_PER_TASK, n: n + t * PER_TASK }, (m) => deviceOf(m) % devices),
    );
    n += tasks * PER_TASK;
    seq += tasks * BATCHES_PER_TASK;
    const before = cpuUs();
    for (const task of made) {
      const result = folder.fold(state, task);
      if (result.counts.accepted !== PER_TASK)
        throw new Error(`accepted ${result.counts.accepted}: ${JSON.stringify(result.exceptions[0])}`);
    }
    const spent = cpuUs() - before;
    // The first round compiles.
    if (round > 0) best = Math.min(best, spent / (tasks * PER_TASK));
  }
  return { value: best, unit: 'µs CPU/event' };
}

function measureTwins(count: number): Record<string, Figure> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const state = new PartitionState(0, 1);
  const folder = new Folder(new Float64Array(MARKER_SLOTS));
  let seq = 1;
  let n = 0;
  for (; n < count; n += PER_TASK, seq += BATCHES_PER_TASK)
    folder.fold(
      state,
      taskOf('protobuf', { seq, n }, (m) => m),
    );
  globalThis.gc?.();
  const after = process.memoryUsage();
  const rss = after.rss - before.rss;
  return {
    'twin-bytes': { value: state.twins.bytesHeld / state.twins.count, unit: 'B/twin held' },
    'twin-heap-bytes': {
      value: (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / state.twins.count,
      unit: 'B/twin heap and buffers',
    },
    'twin-rss-bytes': { value: rss / state.twins.count, unit: 'B/twin RSS' },
  };
}

function measureSnapshot(count: number): Record<string, Figure> {
  const state = new PartitionState(0, 1);
  const folder = new Folder(new Float64Array(MARKER_SLOTS));
  for (let n = 0, seq = 1; n < count; n += PER_TASK, seq += BATCHES_PER_TASK)
    folder.fold(
      state,
      taskOf('protobuf', { seq, n }, (m) => m % count),
    );
  let write = Infinity;
  let read = Infinity;
  let bytes = new Uint8Array(0) as Uint8Array;
  for (let round = 0; round < 5; round++) {
    let before = cpuUs();
    bytes = encodeSnapshot(state, 1);
    write = Math.min(write, cpuUs() - before);
    before = cpuUs();
    openSnapshot(bytes, { partition: 0, partitions: 1 });
    read = Math.min(read, cpuUs() - before);
  }
  return {
    'snapshot-write': { value: write / 1000, unit: `ms CPU for ${state.twins.count} twins` },
    'snapshot-read': { value: read / 1000, unit: `ms CPU for ${state.twins.count} twins` },
    'snapshot-bytes': { value: bytes.length / state.twins.count, unit: 'B/twin' },
  };
}

const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const cases: Record<string, () => Record<string, Figure>> = {
  'fold-protobuf': () => ({ 'fold-protobuf-20k': measureFold('protobuf', 20_000, 60) }),
  'fold-json': () => ({ 'fold-json-20k': measureFold('json', 20_000, 40) }),
  snapshot: () => measureSnapshot(25_000),
  twins: () => measureTwins(1_000_000),
};
const figures: Record<string, Figure> = {};
for (const [name, measure] of Object.entries(cases))
  if (options.only === undefined || options.only === name) Object.assign(figures, measure());
if (options.json === true) console.log(JSON.stringify(figures));
else
  for (const [name, { value, unit }] of Object.entries(figures)) console.log(`${name.padEnd(20)} ${value.toFixed(3).padStart(10)} ${unit}`);
