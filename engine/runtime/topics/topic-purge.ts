/**
 * Which messages of a topic partition may go: those that are older than the retention and that nobody who is known waits for;
 * and where the log fills, the oldest, whoever waits. Never one whose retained messages are not written beside the log.
 */
import type { LogBounds } from '../../ports/input-log.ts';
import type { TopicKeeperParts } from './topic-parts.ts';

/** Above this share of its size the log is purged by need, down to the other. */
const NEED_SHARE = 0.6;
const DOWN_TO_SHARE = 0.5;

export interface Purge {
  /** Messages below this one go. */
  readonly seq: number;
  readonly byNeed: boolean;
}

/** Undefined: nothing goes. `writtenSeq`: what the checkpoint says. */
export async function duePurge(
  parts: Pick<TopicKeeperParts, 'topics' | 'partition' | 'clock' | 'retentionMs' | 'leastCursor'>,
  bounds: LogBounds,
  writtenSeq: number,
): Promise<Purge | undefined> {
  const { partition } = parts;
  const { firstSeq, lastSeq, bytes, bytesMax } = bounds;
  const end = Math.min(writtenSeq, lastSeq) + 1;
  const byNeed = bytesMax > 0 && bytes > bytesMax * NEED_SHARE;
  const aged = Math.min(await firstWithinRetention(parts, firstSeq, end), parts.leastCursor(partition) ?? Number.POSITIVE_INFINITY);
  const needed = byNeed ? firstSeq + Math.ceil(((bytes - bytesMax * DOWN_TO_SHARE) / bytes) * (lastSeq - firstSeq + 1)) : 0;
  const seq = Math.min(Math.max(aged, needed), end);
  return seq > firstSeq ? { seq, byNeed: needed > aged } : undefined;
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
