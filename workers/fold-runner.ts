/** Where the pool sends tasks: a thread, or this one. Partitions of one runner share its fate. */
import type { FoldReply } from './fold-host.ts';
import type { FoldWorkerTask, Killer } from './protocol.ts';

export interface FoldRunner {
  /** Runs tasks in the order given. `views` may be handed over for good. Rejects with `worker-died`, and with nothing else. */
  run(task: FoldWorkerTask, views: readonly ArrayBufferView[]): Promise<FoldReply>;
  takeKiller(partition: number): Killer | undefined;
  end(): Promise<void>;
}
