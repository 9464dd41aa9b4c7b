/**
 * What sessions cost the fold, in one thread: CPU per connect, disconnect and QoS 2 message, and bytes per session that is
 * away, a hundred thousand of them, with two subscriptions and cursors of sixteen partitions. Run with --expose-gc.
 */
import { Folder } from '../../../engine/pipeline/fold.ts';
import { PartitionState } from '../../../engine/pipeline/partition-state.ts';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import { KIND } from '../../../schemas/envelope.ts';
import { encodeConnected, encodeDisconnected, encodeSessionChange } from '../../../schemas/gen/lean.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import { MARKER_SLOTS, type FoldTask } from '../../../workers/protocol.ts';
import { batchOf, framesOf } from '../../support/log-frames.ts';

const LOG_MS = 1_790_000_000_000;
const SESSIONS = 100_000;
const PER_BATCH = 250;
const PER_TASK = 2_000;
const HOME = { partition: 0, partitions: 1 };

const CONNECTED = encodeConnected({ expiryS: 86_400, keepAliveS: 60, level: 5, address: '10.11.12.13:45678', edgeConnection: 77 });
const CHANGED = encodeSessionChange({
  subscribed: [
    { filter: 'v1/commands/+/request', qos: 1 },
    { filter: 'plant/line-3/#', qos: 1 },
  ],
  cursor: Array.from({ length: 16 }, (_, i) => (1_000_000 + i) * 65_536),
});
const DISCONNECTED = encodeDisconnected({ reason: 0, why: 'client', edgeConnection: 77 });
const RELEASED = encodeSessionChange({ released: [5] });

type Make = (who: Pick<EventInit, 'tenant' | 'device' | 'session' | 'via'>) => EventInit;

const STEPS: Readonly<Record<string, Make>> = {
  connect: (who) => ({ ...who, kind: KIND.connected, payload: CONNECTED }),
  subscribe: (who) => ({ ...who, kind: KIND.session, payload: CHANGED }),
  'QoS 2 message': (who) => ({
    ...who,
    kind: KIND.published,
    topic: 'plant/line-3/a',
    packetId: 5,
    publishFlags: 2,
    payload: new Uint8Array(50),
  }),
  release: (who) => ({ ...who, kind: KIND.session, payload: RELEASED }),
  disconnect: (who) => ({ ...who, kind: KIND.disconnected, payload: DISCONNECTED }),
};

function taskOf(make: Make, from: number, seq: number): FoldTask {
  const messages = Array.from({ length: PER_TASK / PER_BATCH }, (_, b) => {
    const events = Array.from({ length: PER_BATCH }, (_unused, e) => {
      const device = `device-${String(from + b * PER_BATCH + e).padStart(7, '0')}`;
      return make({ tenant: 'tenant', device, session: `d:${device}`, via: 1 });
    });
    return { seq: seq + b, timeMs: LOG_MS, data: batchOf({ edgeEpoch: 7, counter: seq + b, events }) };
  });
  return { op: 'fold', ...HOME, recordSeq: 1, epoch: 1, frames: framesOf(messages), reads: [], sessionReads: [], killers: [] };
}

function held(): number {
  globalThis.gc?.();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function cpuUs(): number {
  const { system, user } = process.cpuUsage();
  return user + system;
}

const folder = new Folder(new Float64Array(MARKER_SLOTS));
const before = held();
const state = new PartitionState(0, 1);
let seq = 1;
for (const [name, make] of Object.entries(STEPS)) {
  let us = 0;
  for (let from = 0; from < SESSIONS; from += PER_TASK) {
    let task = taskOf(make, from, seq);
    seq += PER_TASK / PER_BATCH;
    const start = cpuUs();
    for (;;) {
      const { consumed } = folder.fold(state, task);
      if (consumed === task.frames.count) break;
      task = { ...task, frames: rest(task.frames, consumed) };
    }
    us += cpuUs() - start;
  }
  console.log(`${name.padEnd(16)} ${(us / SESSIONS).toFixed(2).padStart(8)} µs CPU`);
}
console.log(
  `${'bytes'.padEnd(16)} ${((held() - before) / SESSIONS).toFixed(0).padStart(8)} B a session that is away, of ${state.sessions.count}`,
);
let startUs = cpuUs();
const snapshot = encodeSnapshot(state, 1);
console.log(
  `${'snapshot, write'.padEnd(16)} ${((cpuUs() - startUs) / 1_000).toFixed(0).padStart(8)} ms CPU, ${(snapshot.length / SESSIONS).toFixed(0)} B a session`,
);
startUs = cpuUs();
openSnapshot(snapshot, HOME);
console.log(`${'snapshot, read'.padEnd(16)} ${((cpuUs() - startUs) / 1_000).toFixed(0).padStart(8)} ms CPU`);

function rest(frames: FoldTask['frames'], consumed: number): FoldTask['frames'] {
  const start = frames.ends[consumed - 1] ?? 0;
  return {
    count: frames.count - consumed,
    seqs: frames.seqs.slice(consumed),
    timesMs: frames.timesMs.slice(consumed),
    ends: frames.ends.slice(consumed).map((end) => end - start),
    bytes: frames.bytes.slice(start),
  };
}
