/**
 * The states of partitions in one thread, and what is done to them: the same in a worker and in the in-process pool. An
 * error is answered as a plain record. Whatever may have left a state half changed drops that state: its owner then has
 * to open the partition again, as it does after the thread died.
 */
import { Folder } from '../engine/pipeline/fold.ts';
import { PartitionState } from '../engine/pipeline/partition-state.ts';
import { Replay } from '../engine/pipeline/replay.ts';
import { openSnapshot } from '../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../engine/pipeline/snapshot-writer.ts';
import { unreachable } from '../engine/kernel/assert.ts';
import { messageOf, TwinfoldError } from '../engine/kernel/errors.ts';
import type { ErrorCode, ErrorDomain } from '../engine/kernel/errors.ts';
import type { FoldWorkerResult, FoldWorkerTask, Killer, OpenResult, OpenTask } from './protocol.ts';

export type FoldReply =
  | { readonly ok: true; readonly result: FoldWorkerResult }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly domain: ErrorDomain;
      readonly retryable: boolean;
      readonly message: string;
      /** The event that was being looked at when the error came unexpectedly. */
      readonly killer?: Killer;
    };

export class FoldHost {
  readonly #states = new Map<number, PartitionState>();
  readonly #marker: Float64Array;
  readonly #folder: Folder;
  readonly #replay = new Replay();

  constructor(marker: Float64Array) {
    this.#marker = marker;
    this.#folder = new Folder(marker);
  }

  run(task: FoldWorkerTask): FoldReply {
    try {
      return { ok: true, result: this.#run(task) };
    } catch (error) {
      return this.#failed(task, error);
    }
  }

  /** Takes a buffer over to make rows in. */
  reuse(buffer: ArrayBufferLike): void {
    if (buffer instanceof ArrayBuffer) this.#folder.reuse(buffer);
  }

  /** Forgets all partitions, as the death of a thread does. */
  clear(): void {
    this.#states.clear();
    this.#marker[0] = -1;
  }

  #run(task: FoldWorkerTask): FoldWorkerResult {
    switch (task.op) {
      case 'open':
        return this.#open(task);
      case 'recover': {
        const state = this.#state(task.partition);
        this.#replay.recover(state, task);
        return openResult(state, 0);
      }
      case 'fold':
        return this.#folder.fold(this.#state(task.partition), task);
      case 'rows':
        return { op: 'rows', ...this.#replay.rows(task) };
      case 'snapshot': {
        const state = this.#state(task.partition);
        return { op: 'snapshot', bytes: encodeSnapshot(state, task.recordSeq), devices: state.twins.count };
      }
      case 'close':
        this.#states.delete(task.partition);
        return { op: 'close' };
      default:
        return unreachable(task, 'task of a fold worker');
    }
  }

  #open(task: OpenTask): OpenResult {
    const { partition, partitions, snapshot } = task;
    // A state that is there already is of an earlier life of the partition.
    this.#states.delete(partition);
    const opened =
      snapshot === undefined
        ? { state: new PartitionState(partition, partitions), recordSeq: 0 }
        : openSnapshot(snapshot, { partition, partitions });
    this.#states.set(partition, opened.state);
    return openResult(opened.state, opened.recordSeq);
  }

  #state(partition: number): PartitionState {
    const state = this.#states.get(partition);
    if (state === undefined) throw workerDied(`partition ${partition} is not open in this worker`);
    return state;
  }

  #failed(task: FoldWorkerTask, error: unknown): FoldReply {
    const changes = task.op === 'fold' || task.op === 'recover' || task.op === 'open';
    if (changes) this.#states.delete(task.partition);
    const inFold = this.#marker[0] === task.partition;
    const killer = inFold ? { seq: this.#marker[1] ?? 0, index: this.#marker[2] ?? 0 } : undefined;
    this.#marker[0] = -1;
    const known = error instanceof TwinfoldError ? error : workerDied(`the fold worker failed: ${messageOf(error)}`);
    const { code, domain, retryable, message } = known;
    return { ok: false, code, domain, retryable, message, ...(killer === undefined ? {} : { killer }) };
  }
}

/** The partition's state is gone, and with it what the task would have answered. */
export function workerDied(message: string, cause?: unknown): TwinfoldError {
  return new TwinfoldError('worker-died', message, { domain: 'internal', retryable: true, cause });
}

function openResult(state: PartitionState, recordSeq: number): OpenResult {
  return { op: 'open', recordSeq, lastSeq: state.last.seq, logMs: state.logMs, devices: state.twins.count };
}
