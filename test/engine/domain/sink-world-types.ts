/** What the sink's world consists of: a value that can be written down, compared and stepped. */
import type { SinkAction, SinkPlan } from '../../../engine/domain/sink-plan.ts';
import type { SinkState } from '../../../engine/domain/sink-state.ts';

/** Each protection that can be taken away, to show that it is needed. */
export interface Ablation {
  readonly fence?: false;
  /** `previous`: only inserts of the process that held the partition last are waited for. */
  readonly wait?: false | 'previous';
  readonly newEpoch?: false;
  /** ClickHouse isn't asked: an open intent is taken for not written. */
  readonly ask?: false;
  readonly intent?: false;
}

export interface WorldOptions extends Ablation {
  /** Rows of each partition's log, one a control record. */
  readonly rows: readonly number[];
  /** How often partitions may be claimed, anew claims included. */
  readonly claims: number;
  readonly crashes: number;
  /** Inserts whose outcome stays unknown, and appends whose reply is lost. */
  readonly lostReplies: number;
  /** Inserts that certainly didn't happen. */
  readonly refusals: number;
  /** Power losses: all processes and inserts end, and one control log comes back as it once was. None when undefined. */
  readonly losses?: number;
}

export interface ControlLogState extends SinkState {
  readonly seq: number;
  readonly epoch: number;
  readonly instance: string;
}

export interface InsertState {
  readonly instance: string;
  /** It was compared with the fence and let through; what remains is to commit. */
  readonly passed: boolean;
  /** Index of the process that still waits for the answer, or -1. */
  readonly waiter: number;
  readonly parts: readonly { readonly partition: number; readonly epoch: number; readonly from: number; readonly to: number }[];
}

export interface ClickHouseState {
  readonly fence: readonly number[];
  /** How often each row is there, by partition and record. */
  readonly rows: readonly (readonly number[])[];
  readonly inserts: readonly InsertState[];
}

export type Operation = Extract<SinkAction, { kind: 'commit' | 'reclaim' | 'fence' | 'ask' }> & { readonly raised?: true };

export interface ProcessState {
  readonly plan: SinkPlan;
  /** What was started and not finished. */
  readonly operations: readonly Operation[];
  /** Last sequence of the control log of each owned partition, as this process knows it. */
  readonly known: readonly number[];
}

export interface World {
  readonly logs: readonly ControlLogState[];
  readonly clickhouse: ClickHouseState;
  readonly processes: readonly ProcessState[];
  readonly claimsLeft: number;
  readonly crashesLeft: number;
  readonly lostLeft: number;
  readonly refusalsLeft: number;
  readonly lossesLeft: number;
  /** What each control log was, while power loss may bring that back. */
  readonly past: readonly (readonly ControlLogState[])[];
  /** A control log lost its end, so that ClickHouse may rightly be ahead of it. */
  readonly hasLost: boolean;
  /** The planner stopped a partition with an alarm, which nothing in this world justifies. */
  readonly alarm: string;
}

export interface Step {
  readonly label: string;
  readonly next: World;
}
