/**
 * Which messages of a topic partition go: those that are older than the retention, whoever waits for them; and where the log
 * fills, the oldest. Never one whose retained messages are not written beside the log. It is looked after now and then, and
 * whenever so much was written that the log could fill before long.
 */
import { messageOf } from '../../kernel/errors.ts';
import type { LogBounds } from '../../ports/input-log.ts';
import type { TopicKeeperParts } from './topic-parts.ts';

/** Above this share of its size the log is purged by need, down to the other. */
const NEED_SHARE = 0.6;
const DOWN_TO_SHARE = 0.5;
/** So much of its size may be written between two looks: the rest up to its end is for keepers that read late. */
const LOOK_SHARE = 0.05;
const LOOK_MS = 10_000;

export interface TopicPurgeParts extends Pick<TopicKeeperParts, 'topics' | 'partition' | 'clock' | 'retentionMs' | 'log'> {
  /** How far what stands beside the log reflects it; gets it as far as asked for, if it can. */
  readonly written: (seq: number) => Promise<number>;
}

export class TopicPurge {
  readonly #parts: TopicPurgeParts;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #bytesMax = 0;
  /** Bytes that were read since the last look. */
  #seenBytes = 0;
  #purging: Promise<void> | undefined;
  #byNeed = 0;
  /** Purged by need and not said yet: a log that is full goes on being purged. */
  #unsaid: { readonly fromSeq: number; readonly toSeq: number } | undefined;

  constructor(parts: TopicPurgeParts) {
    this.#parts = parts;
  }

  /** Messages that went by need. */
  get byNeed(): number {
    return this.#byNeed;
  }

  /** A message of so many bytes was read; true: it is time to look. */
  saw(bytes: number): boolean {
    this.#seenBytes += bytes;
    return this.#isFilling();
  }

  /** `now`: so long since the last time, that age is looked at too. */
  due(nowMs: number): 'now' | 'filling' | undefined {
    if (this.#purging !== undefined) return undefined;
    if (nowMs - this.#lookedMs >= LOOK_MS) return 'now';
    return this.#isFilling() ? 'filling' : undefined;
  }

  /** What goes goes while others work; `done` waits for it. */
  async look(due: 'now' | 'filling'): Promise<LogBounds> {
    const { clock, partition, topics } = this.#parts;
    if (due === 'now') {
      this.#lookedMs = clock.monotonic();
      this.#sayByNeed();
    }
    this.#seenBytes = 0;
    const bounds = await topics.bounds(partition);
    const { firstSeq, lastSeq, bytesMax } = bounds;
    this.#bytesMax = bytesMax;
    const needed = neededSeq(bounds);
    const end = Math.min(await this.#parts.written(Math.min(needed - 1, lastSeq)), lastSeq) + 1;
    const aged = due === 'now' ? await firstWithinRetention(this.#parts, firstSeq, end) : firstSeq;
    const seq = Math.min(Math.max(aged, needed), end);
    if (seq > firstSeq) this.#purging = this.#purge({ firstSeq, seq, byNeed: needed > aged }).finally(() => (this.#purging = undefined));
    return bounds;
  }

  async done(): Promise<void> {
    await this.#purging;
  }

  #isFilling(): boolean {
    return this.#bytesMax > 0 && this.#seenBytes >= this.#bytesMax * LOOK_SHARE;
  }

  async #purge({ byNeed, firstSeq, seq }: { readonly firstSeq: number; readonly seq: number; readonly byNeed: boolean }): Promise<void> {
    const { log, partition, topics } = this.#parts;
    try {
      await topics.purge(partition, seq);
    } catch (error) {
      log.warn('topic-housekeeping-failed', { partition, error: messageOf(error) });
      return;
    }
    if (!byNeed) return;
    this.#byNeed += seq - firstSeq;
    const isFirst = this.#unsaid === undefined && this.#byNeed === seq - firstSeq;
    this.#unsaid = { fromSeq: this.#unsaid?.fromSeq ?? firstSeq, toSeq: seq - 1 };
    if (isFirst) this.#sayByNeed();
  }

  #sayByNeed(): void {
    const { log, partition } = this.#parts;
    if (this.#unsaid !== undefined) log.warn('topics-purged-by-need', { partition, ...this.#unsaid });
    this.#unsaid = undefined;
  }
}

/** Messages below it go for want of room; 0: there is room. */
function neededSeq({ bytes, bytesMax, firstSeq, lastSeq }: LogBounds): number {
  if (bytesMax <= 0 || bytes <= bytesMax * NEED_SHARE) return 0;
  return firstSeq + Math.ceil(((bytes - bytesMax * DOWN_TO_SHARE) / bytes) * (lastSeq - firstSeq + 1));
}

/** Binary search by time. */
async function firstWithinRetention(
  { topics, partition, clock, retentionMs }: Pick<TopicKeeperParts, 'topics' | 'partition' | 'clock' | 'retentionMs'>,
  firstSeq: number,
  end: number,
): Promise<number> {
  const oldestMs = clock.now() - retentionMs;
  // Messages are large: most of the time one look is enough.
  const first = end > firstSeq ? await topics.get(partition, firstSeq) : undefined;
  if (first !== undefined && first.timeMs >= oldestMs) return firstSeq;
  let low = firstSeq;
  let high = end;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const message = await topics.get(partition, middle);
    if (message === undefined || message.timeMs < oldestMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
