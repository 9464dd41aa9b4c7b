/**
 * Where a topic partition's log ends, and what is done when it lost its end: a power loss without fsync, or a restored backup,
 * takes messages whose places were given away already. Then the log is moved on above every place that is known: by messages
 * that say nothing, so that all that survived stays; by a purge, where that would be too many.
 */
import { readBatchIdentity } from '../../../schemas/envelope.ts';
import { encodeEventBatch, type TopicCheckpoint } from '../../../schemas/gen/lean.ts';
import { TwinfoldError } from '../../kernel/errors.ts';
import type { LogMessage } from '../../ports/input-log.ts';
import { STORE_APPEND_MAX } from '../../ports/topic-store.ts';
import { UNKNOWN_MESSAGES_MAX } from '../log-ends.ts';
import type { TopicKeeperParts } from './topic-parts.ts';

/**
 * More may have been acknowledged than anybody remembers: so many messages are half a minute of what several edges write,
 * and half a second of appending.
 */
export const UNKNOWN_TOPIC_MESSAGES_MAX = 30_000;
/** More than this is not filled but purged. */
const FILL_MAX = 200_000;
const FILL_ATTEMPTS_MAX = 1_000;

export type TopicEnd =
  | { readonly state: 'intact'; readonly lastSeq: number }
  /** `knownSeq`: the highest place that is known to have been given away. */
  | { readonly state: 'lost'; readonly lastSeq: number; readonly knownSeq: number }
  /** Another message stands where the last one stood that is known. */
  | { readonly state: 'different'; readonly lastSeq: number; readonly knownSeq: number };

/** A message that was read, and by what it is known again; without a time only its place is known. */
export type CoveredTopic = Pick<TopicCheckpoint, 'seq' | 'timestampMs' | 'edgeEpoch' | 'counter'>;

/** Does the log still have the message, and all places up to `knownSeq`, which somebody else says? */
export async function checkTopicEnd(
  parts: Pick<TopicKeeperParts, 'topics' | 'partition' | 'ends'>,
  covered: CoveredTopic,
  knownSeq: number,
): Promise<TopicEnd> {
  const { partition, topics, ends } = parts;
  const known = Math.max(knownSeq, covered.seq, ends.highest(partition));
  const { firstSeq, lastSeq } = await topics.bounds(partition);
  const mayBeThere = covered.seq >= firstSeq && covered.seq <= lastSeq && covered.timestampMs > 0;
  const message = mayBeThere ? await topics.get(partition, covered.seq) : undefined;
  if (message !== undefined && !isSame(message, covered)) return { state: 'different', lastSeq, knownSeq: Math.max(known, lastSeq) };
  return lastSeq < known ? { state: 'lost', lastSeq, knownSeq: known } : { state: 'intact', lastSeq };
}

function isSame(message: LogMessage, covered: CoveredTopic): boolean {
  const { edgeEpoch, counter } = readBatchIdentity(message.data);
  // Timestamps reach us rounded in two ways, so a millisecond either side is the same.
  return edgeEpoch === covered.edgeEpoch && counter === covered.counter && Math.abs(message.timeMs - covered.timestampMs) <= 1;
}

/** Moves the log on behind all that is known. */
export async function moveTopicEnd(
  parts: Pick<TopicKeeperParts, 'log' | 'topics' | 'partition'>,
  end: { readonly lastSeq: number; readonly knownSeq: number },
): Promise<void> {
  const { log, partition, topics } = parts;
  const { knownSeq, lastSeq } = end;
  const target = knownSeq + UNKNOWN_TOPIC_MESSAGES_MAX;
  if (target - lastSeq > FILL_MAX) {
    const resumedSeq = knownSeq + UNKNOWN_MESSAGES_MAX + 1;
    await topics.purge(partition, resumedSeq);
    log.error('topic-log-moved-on', { partition, keptSeq: lastSeq, knownSeq, resumedSeq, backlog: 'dropped' });
    return;
  }
  const nothing = encodeEventBatch({});
  for (let attempt = 0; attempt < FILL_ATTEMPTS_MAX; attempt++) {
    const missing = target - (await topics.bounds(partition)).lastSeq;
    if (missing <= 0) {
      log.error('topic-log-moved-on', { partition, keptSeq: lastSeq, knownSeq, resumedSeq: target + 1, backlog: 'kept' });
      return;
    }
    await topics.appendAll(
      partition,
      Array.from({ length: Math.min(STORE_APPEND_MAX, missing) }, () => nothing),
    );
  }
  throw new TwinfoldError('log-unavailable', `topic partition ${partition}: its log could not be moved on`, {
    domain: 'external',
    retryable: true,
  });
}
