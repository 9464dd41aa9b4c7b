/**
 * One thread of the fold: a Piscina pool of one, so a thread that died is replaced in its place, and with `stricterFIFO`,
 * without which Piscina may reorder tasks. When the thread dies, every task that it had rejects with `worker-died`.
 */
import { Piscina } from 'piscina';
import { assert } from '../engine/kernel/assert.ts';
import type { DieOn } from './die-on.ts';
import { workerDied } from './fold-host.ts';
import type { FoldReply } from './fold-host.ts';
import type { FoldRunner } from './fold-runner.ts';
import type { FoldThreadData } from './fold-thread.ts';
import { MARKER_SLOTS } from './protocol.ts';
import type { FoldWorkerTask, Killer } from './protocol.ts';
import { FOLD_WORKER_URL } from './urls.ts';

export interface ThreadOptions {
  /** JavaScript heap of a thread. Twins live outside of it, so this bounds what a task may allocate while it runs. */
  readonly heapMb?: number;
  /** A planted death; see there. */
  readonly dieOn?: DieOn;
}

const HEAP_MB = 512;
/** V8 ends the whole process when a thread's heap is too small to begin with. */
const HEAP_MB_MIN = 16;
/** More than a thread's partitions ever have waiting: nothing waits in Piscina's own queue, where a death would not reach it. */
const TASKS_IN_FLIGHT_MAX = 1024;

export class ThreadRunner implements FoldRunner {
  readonly #pool: Piscina<FoldWorkerTask, FoldReply>;
  readonly #marker: Float64Array;
  readonly #killers = new Map<number, Killer>();
  readonly #waiting = new Set<(error: Error) => void>();
  #ended = false;

  constructor(options: ThreadOptions) {
    const heapMb = options.heapMb ?? HEAP_MB;
    assert(heapMb >= HEAP_MB_MIN, `a heap of ${heapMb} MB is too small for a fold worker`);
    const marker = new SharedArrayBuffer(MARKER_SLOTS * Float64Array.BYTES_PER_ELEMENT);
    this.#marker = new Float64Array(marker);
    this.#marker[0] = -1;
    const data: FoldThreadData = options.dieOn === undefined ? { marker } : { marker, dieOn: options.dieOn };
    this.#pool = new Piscina({
      filename: FOLD_WORKER_URL.href,
      name: 'runFoldTask',
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: TASKS_IN_FLIGHT_MAX,
      stricterFIFO: true,
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
      workerData: data,
    });
    // A thread that dies without a task, and one that can't even start, end up here.
    this.#pool.on('error', (error: unknown) => this.#died(error));
  }

  /** Settles once, whatever happens to the thread. */
  run(task: FoldWorkerTask, views: readonly ArrayBufferView[]): Promise<FoldReply> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error): void => {
        this.#waiting.delete(settle);
        reject(error);
      };
      this.#waiting.add(settle);
      const transferList = [...new Set(views.map((view) => view.buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
      this.#pool.run(task, { transferList }).then(
        (reply) => {
          this.#waiting.delete(settle);
          if (!reply.ok && reply.killer !== undefined) this.#killers.set(task.partition, reply.killer);
          resolve(reply);
        },
        (cause: unknown) => {
          this.#noteKiller();
          settle(workerDied(this.#ended ? 'the pool has ended' : 'a fold worker died', cause));
        },
      );
    });
  }

  takeKiller(partition: number): Killer | undefined {
    const killer = this.#killers.get(partition);
    this.#killers.delete(partition);
    return killer;
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#pool.destroy();
  }

  #died(cause: unknown): void {
    this.#noteKiller();
    for (const settle of this.#waiting) settle(workerDied('a fold worker died', cause));
  }

  /** Reads what the dead thread was looking at, before its successor writes there. */
  #noteKiller(): void {
    const [partition = -1, seq = 0, index = 0] = this.#marker;
    if (partition >= 0) this.#killers.set(partition, { seq, index });
    this.#marker[0] = -1;
  }
}
