/**
 * The control log as those see it who only read along: what was decided about the input log, record by record. The owner's
 * own port, which appends and purges, is `ControlLog`.
 */
import type { ControlEntry } from './control-log.ts';

export interface RecordLogReader {
  /**
   * Entries from `from` on, in order and without a hole, for ever. Ends when stopped; rejects with `log-hole`. `ahead` is how
   * many entries may be asked for in advance.
   */
  follow(partition: number, from: number, ahead?: number): RecordFollower;
  get(partition: number, seq: number): Promise<ControlEntry | undefined>;
  /** First and last sequence there; an empty log has last = first - 1. */
  bounds(partition: number): Promise<{ readonly firstSeq: number; readonly lastSeq: number }>;
}

export interface RecordFollower extends AsyncIterable<ControlEntry> {
  stop(): void;
}
