/** Snapshots of a partition's state, named by the control record that they cover. */

export interface SnapshotName {
  readonly partition: number;
  readonly recordSeq: number;
  /** Last message of the input log that it reflects. */
  readonly logSeq: number;
}

export interface Snapshots {
  put(name: SnapshotName, bytes: Uint8Array): Promise<void>;
  /** Oldest first. */
  list(partition: number): Promise<readonly SnapshotName[]>;
  /** Undefined when it isn't there or doesn't match its digest. */
  get(name: SnapshotName): Promise<Uint8Array | undefined>;
  remove(name: SnapshotName): Promise<void>;
}
