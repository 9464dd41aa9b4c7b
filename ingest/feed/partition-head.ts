/**
 * The end of one partition's logs, followed once for everybody who listens, and only while somebody does. It keeps the last
 * messages for those who are almost there: whoever has read up to what it keeps is handed the rest and listens from then on,
 * in one synchronous step, so that nothing falls between. Where the head loses its way, everybody is told and reads on alone.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { messageOf } from '../../engine/kernel/errors.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { InputLogReader } from '../../engine/ports/input-log.ts';
import type { RecordFollower, RecordLogReader } from '../../engine/ports/record-log.ts';
import { decodeControlRecord } from '../../schemas/envelope.ts';
import { type Listener, Listeners } from './listeners.ts';
import { LogCursor } from './log-cursor.ts';
import type { Place } from './place.ts';
import { type Audience, type CoveredEntry, CoveringRecord, RecordWalk } from './record-walk.ts';

export interface FeedSources {
  readonly input: InputLogReader;
  readonly records: RecordLogReader;
  readonly partitions: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Bytes of messages that a head keeps for those who come; `KEPT_BYTES_MAX` where nothing is said. */
  readonly keptBytesMax?: number;
  /** Until what broke is tried again; `RETRY_MS` where nothing is said. */
  readonly retryMs?: number;
}

/** Asked for ahead, of either log: enough to keep up, and little to hold. */
const AHEAD = 8;
/** Messages that are kept for those who come: some seconds' worth, and more than what comes in while somebody reads the rest. */
const KEPT_BYTES_MAX = 1024 * 1024;
/** The share that is left when there are too many: dropping one at a time would move all the others each time. */
const KEPT_SHARE = 0.75;
/** Who reconnects at once finds the head where it was. */
const LINGER_MS = 5_000;
export const RETRY_MS = 200;
/** After so many bytes others get their turn. */
const TURN_BYTES = 256 * 1024;

/** Reads what is kept, and is told of every message that it has read whole. */
export interface ReadingAudience extends Audience {
  passed(nextSeq: number): void;
}

/** A listener that has to know when it hears nothing any more. */
export interface HeadListener extends Listener {
  /** What comes from message `seq` on isn't heard: the head lost its way, and takes it up elsewhere. Must not join at once. */
  lost(partition: number, seq: number): void;
}

export class PartitionHead {
  readonly partition: number;
  readonly #sources: FeedSources;
  readonly #listeners = new Listeners();
  readonly #everybody = new Set<HeadListener>();
  readonly #walk: RecordWalk;
  #kept: CoveredEntry[] = [];
  #keptBytes = 0;
  /** The first message that was not handed out; 0: that isn't known. */
  #nextSeq = 0;
  #users = 0;
  #life: Life | undefined;
  #linger: NodeJS.Timeout | undefined;
  #onPlace: (() => void)[] = [];

  constructor(partition: number, sources: FeedSources) {
    this.partition = partition;
    this.#sources = sources;
    this.#walk = new RecordWalk(partition);
  }

  /** The first message that was not handed out; 0 while the head looks for its place. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** From here on the head follows, until as many `release`s have come. Resolves when it knows its place. */
  async hold(): Promise<void> {
    this.#users++;
    clearTimeout(this.#linger);
    this.#life ??= this.#start();
    await this.place();
  }

  release(): void {
    this.#users--;
    if (this.#users > 0) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.stop(), LINGER_MS);
  }

  /** Resolves when the head knows its place, or has ended. */
  async place(): Promise<void> {
    if (this.#nextSeq > 0 || this.#life === undefined) return;
    await new Promise<void>((resolve) => this.#onPlace.push(resolve));
  }

  stop(): void {
    clearTimeout(this.#linger);
    this.#life?.stop();
    this.#life = undefined;
    this.#forget();
    this.#wake();
  }

  /**
   * Hands the audience what is kept from its place on, and then the listener hears what comes. False: the place is before
   * what is kept, or the audience took no more; then nobody listens, and the audience knows how far it came.
   */
  join(listener: HeadListener, place: Place, audience: ReadingAudience): boolean {
    const { seq } = place;
    if (!this.reaches(seq)) return false;
    for (const entry of this.#kept) {
      if (entry.seq < seq) continue;
      if (!this.#walk.message(entry, audience)) return false;
      audience.passed(entry.seq + 1);
    }
    this.listen(listener);
    return true;
  }

  /** Whether the head has the message, and all after it. */
  reaches(seq: number): boolean {
    return this.#nextSeq > 0 && seq >= (this.#kept[0]?.seq ?? this.#nextSeq);
  }

  listen(listener: HeadListener): void {
    this.#listeners.add(listener);
    this.#everybody.add(listener);
  }

  leave(listener: HeadListener): void {
    if (this.#everybody.delete(listener)) this.#listeners.remove(listener);
  }

  #start(): Life {
    const life = new Life();
    void this.#run(life);
    return life;
  }

  async #run(life: Life): Promise<void> {
    while (!life.isStopped) {
      try {
        await this.#follow(life);
      } catch (error) {
        if (life.isStopped) return;
        this.#sources.log.warn('feed-lost-its-place', { partition: this.partition, error: messageOf(error) });
      }
      if (life.isStopped) return;
      this.#forget();
      await new Promise((resolve) => setTimeout(resolve, this.#sources.retryMs ?? RETRY_MS));
    }
  }

  /** From the end of the control log on, for ever. */
  async #follow(life: Life): Promise<void> {
    const { input, records } = this.#sources;
    const { lastSeq } = await records.bounds(this.partition);
    const last = lastSeq === 0 ? undefined : await records.get(this.partition, lastSeq);
    if (life.isStopped) return;
    this.#nextSeq = 1 + (last === undefined ? 0 : (decodeControlRecord(last.data).last?.seq ?? 0));
    this.#wake();
    const follower = records.follow(this.partition, lastSeq + 1, AHEAD);
    const cursor = new LogCursor(input, this.partition, AHEAD);
    life.opened(follower, cursor);
    try {
      for await (const entry of follower) {
        const record = CoveringRecord.read(entry.data);
        if (record === undefined || record.toSeq < this.#nextSeq) continue;
        // After a repair, or where the control log was made again: each finds its own way.
        if (record.fromSeq > this.#nextSeq) throw new Error(`record ${entry.seq} begins at ${record.fromSeq}, not at ${this.#nextSeq}`);
        if (!(await this.#cover(record, cursor, life))) return;
      }
    } finally {
      follower.stop();
      cursor.stop();
    }
  }

  /** False: the head was stopped. */
  async #cover(record: CoveringRecord, cursor: LogCursor, life: Life): Promise<boolean> {
    for (let seq = this.#nextSeq; seq <= record.toSeq; seq++) {
      const message = await cursor.read(seq);
      if (message === undefined || life.isStopped) return false;
      const entry = { seq, data: message.data, logMs: record.logMsAt(message), record };
      this.#keep(entry);
      this.#walk.message(entry, this.#listeners);
      this.#nextSeq = seq + 1;
      if (life.isTurnOver(message.data.length)) await new Promise((resolve) => setImmediate(resolve));
    }
    return true;
  }

  #keep(entry: CoveredEntry): void {
    this.#kept.push(entry);
    this.#keptBytes += entry.data.length;
    const { keptBytesMax = KEPT_BYTES_MAX } = this.#sources;
    if (this.#keptBytes <= keptBytesMax) return;
    let dropped = 0;
    while (this.#keptBytes > keptBytesMax * KEPT_SHARE && dropped < this.#kept.length - 1) {
      this.#keptBytes -= this.#kept[dropped]?.data.length ?? 0;
      dropped++;
    }
    this.#kept.splice(0, dropped);
  }

  #forget(): void {
    // Each leaves as it is told; a set may be walked while it shrinks.
    for (const listener of this.#everybody) {
      this.leave(listener);
      listener.lost(this.partition, this.#nextSeq);
    }
    this.#nextSeq = 0;
    this.#kept = [];
    this.#keptBytes = 0;
  }

  #wake(): void {
    for (const resolve of this.#onPlace.splice(0)) resolve();
  }
}

/** From one start to its stop. */
class Life {
  isStopped = false;
  #follower: RecordFollower | undefined;
  #cursor: LogCursor | undefined;
  #bytes = 0;

  opened(follower: RecordFollower, cursor: LogCursor): void {
    this.#follower = follower;
    this.#cursor = cursor;
  }

  stop(): void {
    this.isStopped = true;
    this.#follower?.stop();
    this.#cursor?.stop();
  }

  isTurnOver(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes < TURN_BYTES) return false;
    this.#bytes = 0;
    return true;
  }
}
