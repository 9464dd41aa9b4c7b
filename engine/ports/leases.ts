/**
 * Who is alive, and who should own which partition. Leases say who should work, never who may write: that is decided by
 * the control log's fence.
 */

export interface Member {
  /** Kept in the data folder: a restarted process is the same node. */
  readonly node: string;
  /** This process. */
  readonly instance: string;
}

export interface Leases {
  /** Makes the member known for another `ttlMs`. */
  beat(member: Member): Promise<void>;
  /** The nodes that are alive, sorted. */
  nodes(): Promise<readonly string[]>;
  /** Takes a partition that is free, or that an earlier process of the same node held. Undefined when another node has it. */
  take(partition: number, member: Member): Promise<LeaseHold | undefined>;
  /** Rejects with `fenced` when the lease is no longer ours. */
  renew(hold: LeaseHold, member: Member): Promise<LeaseHold>;
  release(hold: LeaseHold): Promise<void>;
  leave(member: Member): Promise<void>;
  readonly ttlMs: number;
}

export interface LeaseHold {
  readonly partition: number;
  readonly revision: number;
}
