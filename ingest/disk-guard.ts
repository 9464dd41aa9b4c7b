/**
 * Watches the room on the disk that an embedded log is on. A nats-server that runs into a full disk answers nothing any more
 * and needs a restart; so the edge refuses before that, and says why, and takes events again when there is room.
 */
import { statfs } from 'node:fs/promises';
import type { IntakeFailure } from './message.ts';

/** What is kept free for control records, the registry and the server itself. */
const RESERVE_BYTES = 32 * 1024 * 1024;
/** Twice that must be free before events are taken again, so that the guard doesn't flutter. */
const RESUME_BYTES = 2 * RESERVE_BYTES;
const LOOK_EVERY_MS = 250;
const RETRY_AFTER_MS = 5_000;

const FULL: IntakeFailure = { code: 'log-full', limit: 'log-bytes', retryAfterMs: RETRY_AFTER_MS };

export interface GuardedIntake {
  /** While set, whatever is offered fails so. */
  refuse(failure: IntakeFailure | undefined): void;
}

export class DiskGuard {
  readonly #folder: string;
  readonly #intake: GuardedIntake;
  #timer: NodeJS.Timeout | undefined;
  #freeBytes = Number.POSITIVE_INFINITY;
  #isFull = false;

  /** A folder that isn't there is not watched: the log is on another machine. */
  constructor(folder: string, intake: GuardedIntake) {
    this.#folder = folder;
    this.#intake = intake;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  get freeBytes(): number {
    return this.#freeBytes;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async look(): Promise<void> {
    const disk = await statfs(this.#folder).catch(() => undefined);
    if (disk === undefined) return;
    this.#freeBytes = disk.bavail * disk.bsize;
    const isFull = this.#freeBytes < (this.#isFull ? RESUME_BYTES : RESERVE_BYTES);
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#intake.refuse(isFull ? FULL : undefined);
  }
}
