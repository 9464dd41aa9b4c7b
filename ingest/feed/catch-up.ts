/**
 * Reading the logs of a partition from an older place on, for one reader alone: finds the control record that covers the
 * place, reads records and messages side by side until the head has the rest, and notices what the log has forgotten.
 */
import { hasCode, messageOf, TwinfoldError } from '../../engine/kernel/errors.ts';
import { decodeControlRecord } from '../../schemas/envelope.ts';
import { LogCursor } from './log-cursor.ts';
import { type FeedSources, type HeadListener, type PartitionHead, type ReadingAudience, RETRY_MS } from './partition-head.ts';
import type { Place } from './place.ts';
import { CoveringRecord, RecordWalk } from './record-walk.ts';
import { Turns } from './turns.ts';

/** Reads at once, over all readers of this process; each has a consumer at either log, and up to this many messages ahead. */
const READS_MAX = 8;
const AHEAD = 8;
/** After so many bytes others get their turn. */
const TURN_BYTES = 256 * 1024;
/** Which messages records end with, remembered of those that searches came by, a partition: a search takes some fifteen. */
const KNOWN_MAX = 4_096;

/** One reader's way through one partition. */
export interface ReadingPart extends ReadingAudience, HeadListener {
  readonly place: Place;
  /** It was handed something that it has no room for. */
  readonly isFull: boolean;
  readonly isClosed: boolean;
  /** A record at or before the place; 0: none is known. */
  recordSeq: number;
  /** What is called when the reader closes. */
  onClose: (() => void) | undefined;
  /** Resolves true when there is room again soon, so that it pays to go on from here; false: not soon, or it is closed. */
  room(): Promise<boolean>;
  /** From now on it listens at the head. */
  joined(): void;
  /** The log forgot what was before the message; the place is there now. */
  skipTo(seq: number, fromMs: number): void;
}

export class CatchUp {
  readonly #sources: FeedSources;
  readonly #turns = new Turns(READS_MAX);
  readonly #known = new Map<number, Map<number, number>>();

  constructor(sources: FeedSources) {
    this.#sources = sources;
  }

  /** Resolves true when the part listens at the head, false when it is full or closed. Never rejects. */
  async run(part: ReadingPart, head: PartitionHead): Promise<boolean> {
    for (;;) {
      await head.place();
      if (part.isClosed) return false;
      if (head.join(part, part.place, part)) {
        part.joined();
        return true;
      }
      if (part.isFull) return false;
      try {
        await this.#turns.run(async () => this.#read(part, head));
      } catch (error) {
        part.recordSeq = 0;
        if (!hasCode(error, 'log-hole'))
          this.#sources.log.warn('feed-reading-failed', { partition: head.partition, error: messageOf(error) });
        await this.#pause();
      }
      if (part.isFull || part.isClosed) return false;
    }
  }

  async #read(part: ReadingPart, head: PartitionHead): Promise<void> {
    const { partition } = head;
    const { input, records } = this.#sources;
    if (part.isClosed) return;
    const { firstSeq, lastSeq } = await records.bounds(partition);
    const start = await this.#start(part, { partition, firstSeq, lastSeq });
    if (start === undefined) {
      // Nothing covers the place yet, so the head will be there, too.
      await this.#pause();
      return;
    }
    const follower = records.follow(partition, start, AHEAD);
    const cursor = new LogCursor(input, partition, AHEAD);
    const walk = new RecordWalk(partition);
    part.onClose = () => {
      follower.stop();
      cursor.stop();
    };
    if (part.isClosed) part.onClose();
    try {
      for await (const entry of follower) {
        part.recordSeq = entry.seq;
        const record = CoveringRecord.read(entry.data);
        if (record !== undefined && !(await this.#cover(record, part, { cursor, walk }))) return;
        if (entry.seq >= lastSeq || head.reaches(part.place.seq)) return;
      }
    } finally {
      part.onClose = undefined;
      follower.stop();
      cursor.stop();
    }
  }

  /** False: the part is full, or closed. */
  async #cover(
    record: CoveringRecord,
    part: ReadingPart,
    { cursor, walk }: { readonly cursor: LogCursor; readonly walk: RecordWalk },
  ): Promise<boolean> {
    let bytes = 0;
    for (let seq = Math.max(record.fromSeq, part.place.seq); seq <= record.toSeq; seq++) {
      const message = await cursor.read(seq);
      if (message === undefined || part.isClosed) return false;
      const entry = { seq, data: message.data, logMs: record.logMsAt(message), record };
      while (!walk.message(entry, part)) if (this.#turns.isWanted || !(await part.room())) return false;
      part.passed(seq + 1);
      bytes += message.data.length;
      if (bytes < TURN_BYTES) continue;
      bytes = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return true;
  }

  /** The record to begin with; undefined: none covers the place yet. Moves a place that the logs have forgotten. */
  async #start(
    part: ReadingPart,
    at: { readonly partition: number; readonly firstSeq: number; readonly lastSeq: number },
  ): Promise<number | undefined> {
    const { firstSeq, lastSeq, partition } = at;
    if (part.recordSeq >= firstSeq && part.recordSeq <= lastSeq) return part.recordSeq;
    if (lastSeq < firstSeq) return undefined;
    const { input } = this.#sources;
    const bounds = await input.bounds(partition);
    const first = await this.#record(partition, firstSeq);
    // The first record may cover what the log forgot, and the log may have what no record covers any more.
    const remembered = Math.max(bounds.firstSeq, firstSeq > 1 ? first.fromSeq : 1);
    if (part.place.seq < remembered) {
      const message = await input.get(partition, remembered);
      part.skipTo(remembered, message?.timeMs ?? this.#sources.clock.now());
    }
    const { seq } = part.place;
    if ((await this.#endOf(partition, lastSeq)) < seq) return undefined;
    let low = firstSeq;
    let high = lastSeq;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.#endOf(partition, middle)) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last message that is covered up to and including the record. */
  async #endOf(partition: number, recordSeq: number): Promise<number> {
    const known = this.#known.get(partition) ?? new Map<number, number>();
    this.#known.set(partition, known);
    const end = known.get(recordSeq);
    if (end !== undefined) return end;
    const { last } = await this.#record(partition, recordSeq);
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(recordSeq, last?.seq ?? 0);
    return last?.seq ?? 0;
  }

  async #record(partition: number, recordSeq: number): Promise<ReturnType<typeof decodeControlRecord>> {
    const entry = await this.#sources.records.get(partition, recordSeq);
    if (entry !== undefined) return decodeControlRecord(entry.data);
    this.#known.delete(partition);
    throw new TwinfoldError('log-hole', `record ${recordSeq} was purged`, { domain: 'external', retryable: true });
  }

  async #pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#sources.retryMs ?? RETRY_MS));
  }
}
