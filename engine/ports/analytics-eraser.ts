/**
 * Making the analytics store forget a device. Positions and outcomes of what was erased stay, and nothing else of it: so
 * whoever compares rows with the log by position goes on finding as many as there were.
 */

export interface ErasedDevice {
  readonly partition: number;
  readonly tenant: string;
  readonly device: string;
  /** Rows of later messages stay: they are of another life of the device. */
  readonly throughLogSeq: number;
}

export interface AnalyticsEraser {
  /**
   * Begins to erase, or goes on; answers whether no row is left, which was looked at just now. Called again until it says
   * so, by any process. All rows up to `throughLogSeq` must have been written before the first call.
   */
  erase(device: ErasedDevice): Promise<boolean>;
  /** Writes down that all is done, everywhere. */
  finish(erasure: {
    readonly partition: number;
    readonly seq: number;
    readonly index: number;
    readonly tenant: string;
    readonly device: string;
  }): Promise<void>;
  /** Erasures of the partition that are done, by the sequence of their events. */
  finished(partition: number): Promise<ReadonlySet<number>>;
}
