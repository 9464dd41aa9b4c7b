/** When the sink acts, and how much it holds. */

export interface SinkLimits {
  /** A block leaves when this many rows wait … */
  readonly flushRows: number;
  /** … or the oldest have waited for this long. */
  readonly flushMs: number;
  /** A block grows to this while another is under way; beyond it, cost an event falls no further. */
  readonly blockRowsMax: number;
  readonly blockBytesMax: number;
  /** A block waits this long for control logs that are slow to take their intents. */
  readonly departMs: number;
  /** A quiet partition's high-water mark is written after this. */
  readonly closeMs: number;
  /** Rows in memory, over all partitions; what is beyond is given up and built again. */
  readonly bufferBytesMax: number;
  /** Messages of the log that are read at once to build rows again. */
  readonly rebuildBytes: number;
  readonly retryMsMin: number;
  readonly retryMsMax: number;
  readonly tickMs: number;
}

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_LIMITS: SinkLimits = {
  flushRows: 50_000,
  flushMs: 400,
  blockRowsMax: 200_000,
  blockBytesMax: 96 * MEBIBYTE,
  departMs: 250,
  closeMs: 600,
  // One block under way, the next one growing, and as much again before anything is built twice.
  bufferBytesMax: 256 * MEBIBYTE,
  rebuildBytes: 16 * MEBIBYTE,
  retryMsMin: 100,
  retryMsMax: 5_000,
  tickMs: 50,
};
