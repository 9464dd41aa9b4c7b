/** The pool of workers that hold the partitions' states. */
import type {
  CloseTask,
  FoldResult,
  FoldTask,
  OpenResult,
  OpenTask,
  RecoverTask,
  RowsResult,
  RowsTask,
  SnapshotResult,
  SnapshotTask,
} from '../../workers/protocol.ts';

export interface FoldPool {
  open(task: OpenTask): Promise<OpenResult>;
  recover(task: RecoverTask): Promise<OpenResult>;
  /** Rejects with `worker-died` when the worker crashed or ran out of memory: all partitions of that worker are gone. */
  fold(task: FoldTask): Promise<FoldResult>;
  rows(task: RowsTask): Promise<RowsResult>;
  snapshot(task: SnapshotTask): Promise<SnapshotResult>;
  close(task: CloseTask): Promise<void>;
  /** The event that the partition's worker was looking at when it died, if it died in one; forgets it. */
  takeKiller(partition: number): { readonly seq: number; readonly index: number } | undefined;
  end(): Promise<void>;
}
