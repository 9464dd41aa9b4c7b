/**
 * What is published from now on, read from the topic streams: every partition is followed at its end, from the first
 * subscription on. How far it has come in each partition is what sessions measure their cursors by.
 */
import { messageOf } from '../../engine/kernel/errors.ts';
import { placeOf } from '../../engine/kernel/position.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { LogFollower, LogMessage } from '../../engine/ports/input-log.ts';
import type { TopicLogReader } from '../../engine/ports/topic-log.ts';
import { EventBatchReader } from '../../schemas/gen/lean.ts';
import type { Nominees } from './nominees.ts';
import { ResentBatches } from './resent-batches.ts';
import { readTopicMessage, type TopicMessage, type Wants } from './topic-message.ts';

/** Batches that were delivered lately are kept, so that who is a little behind costs no reading. A partition's share. */
const RECENT_BYTES_MAX = 1024 * 1024;
/** What a batch that is kept takes beside its bytes: most are small where little happens. */
const RECENT_BATCH_BYTES = 512;
const RETRY_MS = 500;

export interface TopicFeedParts {
  readonly reader: TopicLogReader;
  readonly deliver: (message: TopicMessage) => void;
  /** Others are not delivered. */
  readonly wants: Wants;
  /** After each batch. */
  readonly moved: (partition: number) => void;
  readonly log: Log;
}

/** More than any index of a batch. */
const LAST_INDEX = 65_535;

export class TopicFeed {
  readonly partitions: number;
  readonly #parts: TopicFeedParts;
  readonly #seqs: number[];
  readonly #recent: LogMessage[][];
  readonly #recentBytes: number[];
  readonly #resent: readonly ResentBatches[];
  readonly #followers = new Set<LogFollower>();
  #started: Promise<void> | undefined;
  #isRunning = false;
  #isStopped = false;

  constructor(parts: TopicFeedParts) {
    this.#parts = parts;
    this.partitions = parts.reader.partitions;
    this.#seqs = Array.from({ length: this.partitions }, () => 0);
    this.#recent = Array.from({ length: this.partitions }, () => []);
    this.#recentBytes = Array.from({ length: this.partitions }, () => 0);
    this.#resent = Array.from({ length: this.partitions }, () => new ResentBatches());
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The last message that was delivered, of each partition. */
  get seqs(): readonly number[] {
    return this.#seqs;
  }

  /** Everything up to this place was delivered. */
  placeIn(partition: number): number {
    return placeOf(this.#seqs[partition] ?? 0, LAST_INDEX);
  }

  /** Resolves when every message that is stored from then on will be delivered. Tried until it works. */
  start(): Promise<void> {
    this.#started ??= this.#begin();
    return this.#started;
  }

  stop(): void {
    this.#isStopped = true;
    for (const follower of this.#followers) follower.stop();
  }

  /** The batch, where it was delivered lately. */
  recent(partition: number, seq: number): LogMessage | undefined {
    const recent = this.#recent[partition] ?? [];
    const first = recent[0];
    return first === undefined ? undefined : recent[seq - first.seq];
  }

  async #begin(): Promise<void> {
    await Promise.all(
      Array.from({ length: this.partitions }, async (_, partition) => {
        this.#seqs[partition] = await this.#endOf(partition);
        void this.#follow(partition);
      }),
    );
    this.#isRunning = true;
  }

  async #endOf(partition: number): Promise<number> {
    for (;;) {
      try {
        return (await this.#parts.reader.bounds(partition)).lastSeq;
      } catch (error) {
        if (this.#isStopped) return 0;
        this.#parts.log.warn('topic-feed-waits', { partition, error: messageOf(error) });
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async #follow(partition: number): Promise<void> {
    while (!this.#isStopped) {
      const follower = this.#parts.reader.follow(partition, (this.#seqs[partition] ?? 0) + 1);
      this.#followers.add(follower);
      try {
        for await (const message of follower) this.#deliver(partition, message);
      } catch (error) {
        // Messages that were purged before they were read: nobody here has seen them, and nobody can any more.
        this.#parts.log.error('topic-feed-broke', { partition, error: messageOf(error) });
        const { firstSeq } = await this.#parts.reader.bounds(partition).catch(() => ({ firstSeq: 0 }));
        this.#seqs[partition] = Math.max(this.#seqs[partition] ?? 0, firstSeq - 1);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      } finally {
        this.#followers.delete(follower);
        follower.stop();
      }
    }
  }

  #deliver(partition: number, message: LogMessage): void {
    const { deliver: each, wants } = this.#parts;
    forEachMessage(partition, message, { each, wants, resent: this.#resent[partition] });
    this.#seqs[partition] = message.seq;
    this.#remember(partition, message);
    this.#parts.moved(partition);
  }

  #remember(partition: number, message: LogMessage): void {
    const recent = this.#recent[partition] ?? [];
    const last = recent.at(-1);
    if (last !== undefined && last.seq + 1 !== message.seq) {
      recent.length = 0;
      this.#recentBytes[partition] = 0;
    }
    recent.push(message);
    let bytes = (this.#recentBytes[partition] ?? 0) + keptBytes(message);
    while (bytes > RECENT_BYTES_MAX && recent.length > 1) {
      const [oldest] = recent;
      if (oldest !== undefined) bytes -= keptBytes(oldest);
      recent.shift();
    }
    this.#recentBytes[partition] = bytes;
  }
}

function keptBytes({ data }: LogMessage): number {
  return data.length + RECENT_BATCH_BYTES;
}

const batch = new EventBatchReader();

export interface MessageReading {
  readonly each: (message: TopicMessage) => boolean | void;
  readonly wants?: Wants | undefined;
  /** Absent: every message is read as far as `wants` needs it. */
  readonly nominees?: Nominees | undefined;
  readonly resent?: ResentBatches | undefined;
}

/**
 * The messages of a batch, in order, but of one that `resent` knows. `each` may answer false to hear no more.
 */
export function forEachMessage(partition: number, { data, seq }: LogMessage, { each, nominees, resent, wants }: MessageReading): void {
  if (!batch.read(data, 0, data.length) || resent?.has(batch) === true) return;
  const { eventsCount, eventsEnds, eventsStarts } = batch;
  const starts = eventsStarts.slice(0, eventsCount);
  const ends = eventsEnds.slice(0, eventsCount);
  for (let index = 0; index < eventsCount; index++) {
    const start = starts[index] ?? 0;
    const end = ends[index] ?? 0;
    if (nominees?.has(data, start, end) === false) continue;
    const message = readTopicMessage(data, { start, end, wants }, { partition, place: placeOf(seq, index) });
    if (message !== undefined && each(message) === false) return;
  }
}
