/** The fold in a worker thread: one host a thread, and its results as transferable values. */
import { isMainThread } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { assert } from '../engine/kernel/assert.ts';
import { dieBefore } from './die-on.ts';
import type { DieOn } from './die-on.ts';
import { FoldHost } from './fold-host.ts';
import type { FoldReply } from './fold-host.ts';
import { MARKER_SLOTS } from './protocol.ts';
import type { FoldWorkerTask } from './protocol.ts';

/** What a thread is started with. */
export interface FoldThreadData {
  readonly marker: SharedArrayBuffer;
  readonly dieOn?: DieOn;
}

let started: { readonly host: FoldHost; readonly marker: Float64Array; readonly dieOn: DieOn | undefined } | undefined;

/** Runs one task; called by Piscina only. */
export function runFoldTask(task: FoldWorkerTask): unknown {
  assert(!isMainThread, 'the fold worker runs in a thread of its own');
  const thread = (started ??= start(workerData as FoldThreadData));
  const { dieOn, marker } = thread;
  if (dieOn !== undefined) dieBefore(task, { device: dieOn.device, marker, die: () => die(dieOn) });
  const reply = thread.host.run(task);
  if (task.op === 'fold' && task.frames.handedOver === true) thread.host.reuse(task.frames.bytes.buffer);
  return movable(reply);
}

function start(data: FoldThreadData): { readonly host: FoldHost; readonly marker: Float64Array; readonly dieOn: DieOn | undefined } {
  const marker = new Float64Array(data.marker, 0, MARKER_SLOTS);
  return { host: new FoldHost(marker), marker, dieOn: data.dieOn };
}

function die(dieOn: DieOn): void {
  if (dieOn.how === 'exit') process.exit(1);
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 100_000 }, (_, i) => i + 0.5));
}

/** The reply with its large buffers handed over instead of copied. */
function movable(reply: FoldReply): unknown {
  const buffers = reply.ok ? buffersOf(reply) : [];
  return move({
    get [transferableSymbol]() {
      return buffers;
    },
    get [valueSymbol]() {
      return reply;
    },
  });
}

/** Empty blocks share one buffer, which must stay. */
function buffersOf(reply: FoldReply & { readonly ok: true }): readonly ArrayBufferLike[] {
  const { result } = reply;
  switch (result.op) {
    case 'fold':
      return distinct([result.record, result.events.bytes, result.decisions.bytes]);
    case 'rows':
      return distinct([result.events.bytes, result.decisions.bytes]);
    case 'snapshot':
      return distinct([result.bytes]);
    case 'open':
    case 'close':
      return [];
  }
}

function distinct(views: readonly Uint8Array[]): readonly ArrayBufferLike[] {
  return [...new Set(views.filter((view) => view.length > 0).map((view) => view.buffer))];
}
