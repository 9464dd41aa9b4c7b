/**
 * The pool of the fold: tasks of partition p go to runner p modulo runners, so a partition always meets the thread that
 * holds its state, and a slow thread holds up nobody else. When a thread dies, its tasks reject with `worker-died`; so
 * does, until the partition is opened again, every later task of a partition that it held.
 */
import { must } from '../engine/kernel/assert.ts';
import { TwinfoldError } from '../engine/kernel/errors.ts';
import type { FoldPool } from '../engine/ports/fold-pool.ts';
import type { DieOn } from './die-on.ts';
import { workerDied } from './fold-host.ts';
import type { FoldReply } from './fold-host.ts';
import type { FoldRunner } from './fold-runner.ts';
import { LocalRunner } from './local-runner.ts';
import type {
  CloseTask,
  FoldResult,
  FoldTask,
  FoldWorkerResult,
  FoldWorkerTask,
  Killer,
  MessageFrames,
  OpenResult,
  OpenTask,
  RecoverTask,
  RowsResult,
  RowsTask,
  SnapshotResult,
  SnapshotTask,
} from './protocol.ts';
import { ThreadRunner } from './thread-runner.ts';
import type { ThreadOptions } from './thread-runner.ts';

export interface FoldPoolOptions extends ThreadOptions {
  /** Threads. */
  readonly workers: number;
}

/** A pool of worker threads. */
export function startFoldPool(options: FoldPoolOptions): FoldPool {
  return new RunnerPool(Array.from({ length: options.workers }, () => new ThreadRunner(options)));
}

/** A pool that runs everything in the calling thread. */
export function inProcessFoldPool(options: { readonly dieOn?: DieOn } = {}): FoldPool {
  return new RunnerPool([new LocalRunner(options.dieOn)]);
}

class RunnerPool implements FoldPool {
  readonly #runners: readonly FoldRunner[];

  constructor(runners: readonly FoldRunner[]) {
    this.#runners = runners;
  }

  open(task: OpenTask): Promise<OpenResult> {
    const snapshot = task.snapshot === undefined ? undefined : owned(task.snapshot);
    const { op, partition, partitions } = task;
    const sent: OpenTask = snapshot === undefined ? { op, partition, partitions } : { op, partition, partitions, snapshot };
    return this.#run(sent, snapshot === undefined ? [] : [snapshot], 'open');
  }

  recover(task: RecoverTask): Promise<OpenResult> {
    const sent = { ...task, records: task.records.map(owned), frames: ownedFrames(task.frames) };
    return this.#run(sent, [...sent.records, ...viewsOf(sent.frames)], 'open');
  }

  fold(task: FoldTask): Promise<FoldResult> {
    const sent = { ...task, frames: ownedFrames(task.frames) };
    return this.#run(sent, viewsOf(sent.frames), 'fold');
  }

  rows(task: RowsTask): Promise<RowsResult> {
    const sent = { ...task, records: task.records.map(owned), frames: ownedFrames(task.frames) };
    return this.#run(sent, [...sent.records, ...viewsOf(sent.frames)], 'rows');
  }

  snapshot(task: SnapshotTask): Promise<SnapshotResult> {
    return this.#run(task, [], 'snapshot');
  }

  async close(task: CloseTask): Promise<void> {
    await this.#run(task, [], 'close');
  }

  takeKiller(partition: number): Killer | undefined {
    return this.#runner(partition).takeKiller(partition);
  }

  async end(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.end()));
  }

  #runner(partition: number): FoldRunner {
    return must(this.#runners[partition % this.#runners.length], 'the runner of a partition');
  }

  async #run<Op extends FoldWorkerResult['op']>(
    task: FoldWorkerTask,
    views: readonly ArrayBufferView[],
    op: Op,
  ): Promise<Extract<FoldWorkerResult, { readonly op: Op }>> {
    return resultOf(await this.#runner(task.partition).run(task, views), op);
  }
}

/** The result of a reply, which must be of this kind; throws the error that it names instead. */
function resultOf<Op extends FoldWorkerResult['op']>(reply: FoldReply, op: Op): Extract<FoldWorkerResult, { readonly op: Op }> {
  if (!reply.ok) throw new TwinfoldError(reply.code, reply.message, { domain: reply.domain, retryable: reply.retryable });
  const { result } = reply;
  if (!isOf(result, op)) throw workerDied(`the fold worker answered ${result.op} instead of ${op}`);
  return result;
}

function isOf<Op extends FoldWorkerResult['op']>(
  result: FoldWorkerResult,
  op: Op,
): result is Extract<FoldWorkerResult, { readonly op: Op }> {
  return result.op === op;
}

function viewsOf(frames: MessageFrames): readonly ArrayBufferView[] {
  return [frames.seqs, frames.timesMs, frames.ends, frames.bytes];
}

function ownedFrames(frames: MessageFrames): MessageFrames {
  const { count, seqs, timesMs, ends, bytes, handedOver = false } = frames;
  return {
    count,
    seqs: ownsBuffer(seqs) ? seqs : seqs.slice(),
    timesMs: ownsBuffer(timesMs) ? timesMs : timesMs.slice(),
    ends: ownsBuffer(ends) ? ends : ends.slice(),
    bytes: handedOver ? bytes : owned(bytes),
    handedOver,
  };
}

/** Bytes whose buffer holds nothing else: only such may be handed over, and no other is worth copying whole. */
function owned(bytes: Uint8Array): Uint8Array {
  return ownsBuffer(bytes) ? bytes : new Uint8Array(bytes);
}

function ownsBuffer(view: ArrayBufferView): boolean {
  return view.byteLength === view.buffer.byteLength;
}
