/**
 * Watches how full the log is: the room on the disk that an embedded log is on, and the room in the log's own streams. A
 * nats-server that runs into a full disk answers nothing any more and needs a restart; so the edge refuses before that,
 * and says why, and takes events again when there is room. How fast both fill is measured here, for operators.
 */
import { statfs } from 'node:fs/promises';
import type { Clock } from '../../engine/kernel/clock.ts';
import type { LogBounds } from '../../engine/ports/input-log.ts';
import { FillRate, NEARLY_FULL_SHARE, soonest, UNKNOWN, type TimeToFull } from './fill-rate.ts';
import type { IntakeFailure } from '../message.ts';

/** What is kept free for control records, the registry and the server itself. */
const RESERVE_BYTES = 32 * 1024 * 1024;
/** Twice that must be free before events are taken again, so that the guard doesn't flutter. */
const RESUME_BYTES = 2 * RESERVE_BYTES;
const LOOK_EVERY_MS = 250;
/** Each sample asks the log's server once a partition. */
const SAMPLE_EVERY_MS = 10_000;
const RETRY_AFTER_MS = 5_000;

const FULL: IntakeFailure = { code: 'log-full', limit: 'log-bytes', retryAfterMs: RETRY_AFTER_MS };

export interface GuardedIntake {
  /** While set, whatever is offered fails so. */
  refuse(failure: IntakeFailure | undefined): void;
}

export interface WatchedLog {
  readonly partitions: number;
  readonly clock: Clock;
  bounds(partition: number): Promise<Pick<LogBounds, 'bytes' | 'bytesMax'>>;
}

export interface Fill {
  /** 0 … 1. */
  readonly share: number;
  readonly toFull: TimeToFull;
}

/** A stream of the log as it was last seen. */
export interface StreamFill extends Fill {
  readonly partition: number;
  readonly bytes: number;
  readonly bytesMax: number;
}

interface Stream {
  readonly rate: FillRate;
  bytes: number;
  bytesMax: number;
}

export class DiskGuard {
  readonly #folder: string;
  readonly #intake: GuardedIntake;
  readonly #log: WatchedLog | undefined;
  readonly #streams = new Map<number, Stream>();
  readonly #diskRate = new FillRate();
  #timer: NodeJS.Timeout | undefined;
  #sampledMs = Number.NEGATIVE_INFINITY;
  #sampling = false;
  #freeBytes = Number.POSITIVE_INFINITY;
  #usedBytes: number | undefined;
  #isFull = false;

  /** A folder that isn't there is not watched: the log is on another machine. Without `log` no rate is measured. */
  constructor(folder: string, intake: GuardedIntake, log?: WatchedLog) {
    this.#folder = folder;
    this.#intake = intake;
    this.#log = log;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  get freeBytes(): number {
    return this.#freeBytes;
  }

  start(): void {
    this.#timer = setInterval(() => {
      void this.look();
      void this.sample();
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async look(): Promise<void> {
    const disk = await statfs(this.#folder).catch(() => undefined);
    if (disk === undefined) return;
    this.#freeBytes = disk.bavail * disk.bsize;
    this.#usedBytes = (disk.blocks - disk.bfree) * disk.bsize;
    const isFull = this.#freeBytes < (this.#isFull ? RESUME_BYTES : RESERVE_BYTES);
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#intake.refuse(isFull ? FULL : undefined);
  }

  /** Measures, when it is time; one that waits for its server is not overtaken by the next. */
  async sample(): Promise<void> {
    const log = this.#log;
    if (log === undefined || this.#sampling) return;
    const nowMs = log.clock.monotonic();
    if (nowMs - this.#sampledMs < SAMPLE_EVERY_MS) return;
    this.#sampledMs = nowMs;
    this.#sampling = true;
    try {
      if (this.#usedBytes !== undefined) this.#diskRate.add(nowMs, this.#usedBytes);
      await Promise.all(Array.from({ length: log.partitions }, async (_, partition) => this.#measure(log, partition)));
    } catch {
      // A log that can't be asked is told elsewhere; what was measured stands.
    } finally {
      this.#sampling = false;
    }
  }

  /** What is left of a partition's stream, and how long that lasts as things go. */
  streamToFull(partition: number, freeBytes: number): TimeToFull {
    return this.#streams.get(partition)?.rate.toFull(freeBytes) ?? UNKNOWN;
  }

  streams(): readonly StreamFill[] {
    const inOrder = [...this.#streams].toSorted(([a], [b]) => a - b);
    return inOrder.map(([partition, { bytes, bytesMax, rate }]) => ({
      partition,
      bytes,
      bytesMax,
      share: bytes / bytesMax,
      toFull: rate.toFull(bytesMax - bytes),
    }));
  }

  /** Undefined where no disk is watched. Full means that only the reserve is left. */
  disk(): Fill | undefined {
    if (this.#usedBytes === undefined) return undefined;
    const all = this.#usedBytes + this.#freeBytes;
    return { share: all === 0 ? 1 : this.#usedBytes / all, toFull: this.#diskRate.toFull(this.#freeBytes - RESERVE_BYTES) };
  }

  async #measure(log: WatchedLog, partition: number): Promise<void> {
    const { bytes, bytesMax } = await log.bounds(partition);
    if (bytesMax <= 0) return;
    const stream = this.#streams.get(partition) ?? { rate: new FillRate(), bytes, bytesMax };
    this.#streams.set(partition, stream);
    stream.bytes = bytes;
    stream.bytesMax = bytesMax;
    stream.rate.add(log.clock.monotonic(), bytes);
  }
}

/** Of several streams the fullest, and of those that are nearly full the time of the first to be full. */
export function fullest(streams: readonly Fill[]): Fill | undefined {
  const [most] = streams.toSorted((a, b) => b.share - a.share);
  if (most === undefined || most.share < NEARLY_FULL_SHARE) return most;
  const nearly = streams.filter(({ share }) => share >= NEARLY_FULL_SHARE);
  return { share: most.share, toFull: soonest(nearly.map(({ toFull }) => toFull)) };
}
