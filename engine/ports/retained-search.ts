/**
 * A search for retained messages as its asker runs it: partitions side by side, each page by page. An owner that was replaced,
 * or forgot the search, is asked from the start again, and what was given already is left out.
 */
import { ANSWER_CODE, EventReader, type AskRetainedInit, type RetainedAnswer, type RetainedMessage } from '../../schemas/gen/lean.ts';
import { readText } from '../../schemas/wire.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import { topicPartitionOf } from '../kernel/partition.ts';
import type { RetainedAsk, RetainedEvent } from './topic-log.ts';

/** What the asker of a page holds at once, for each partition. */
const PAGE_BYTES_MAX = 256 * 1024;
/** How often a search may have to start again. */
const RESTARTS_MAX = 8;

/** Until an owner answers; undefined: none did in time. */
export type AskPartition = (partition: number, ask: AskRetainedInit, deadlineMs: number) => Promise<RetainedAnswer | undefined>;

export interface SearchParts {
  readonly partitions: number;
  readonly ask: AskPartition;
  readonly nowMs: () => number;
}

export async function* findRetained(ask: RetainedAsk, parts: SearchParts): AsyncIterable<readonly RetainedEvent[]> {
  const { partitions } = parts;
  const searches = /[+#]/.test(ask.filter)
    ? Array.from({ length: partitions }, (_, partition) => partition)
    : [topicPartitionOf(ask.tenant, new TextEncoder().encode(ask.filter), partitions)];
  const running = new Map<number, { readonly pages: AsyncIterator<readonly RetainedEvent[]>; readonly next: Promise<Turn> }>();
  const turn = async (partition: number, pages: AsyncIterator<readonly RetainedEvent[]>): Promise<Turn> => ({
    partition,
    result: await pages.next(),
  });
  for (const partition of searches) {
    const pages = pagesOf(partition, ask, parts)[Symbol.asyncIterator]();
    running.set(partition, { pages, next: turn(partition, pages) });
  }
  try {
    while (running.size > 0) {
      const { partition, result } = await Promise.race(Array.from(running.values(), ({ next }) => next));
      const pages = running.get(partition)?.pages;
      running.delete(partition);
      if (result.done === true || pages === undefined) continue;
      running.set(partition, { pages, next: turn(partition, pages) });
      if (result.value.length > 0) yield result.value;
    }
  } finally {
    // Whoever is still asked when another failed fails into nothing.
    for (const { next } of running.values()) next.catch(() => undefined);
  }
}

interface Turn {
  readonly partition: number;
  readonly result: IteratorResult<readonly RetainedEvent[], unknown>;
}

async function* pagesOf(partition: number, ask: RetainedAsk, parts: SearchParts): AsyncIterable<readonly RetainedEvent[]> {
  const minSeq = ask.minSeqs[partition] ?? 0;
  const given = new Set<string>();
  let after = '';
  let restarts = 0;
  for (;;) {
    const question = { tenant: ask.tenant, filter: ask.filter, minSeq, after, bytesMax: PAGE_BYTES_MAX };
    const answer = await parts.ask(partition, question, parts.nowMs() + ask.timeoutMs);
    if (answer === undefined) throw failure(partition, 'no-owner');
    if (answer.code === ANSWER_CODE.notFound && restarts++ < RESTARTS_MAX) {
      after = '';
      continue;
    }
    if (answer.code !== ANSWER_CODE.ok) throw failure(partition, 'behind');
    yield answer.messages
      .filter((message) => isNew(message, given, answer.next !== ''))
      .map(({ seq, index, event }) => ({ partition, seq, index, event }));
    if (answer.next === '') return;
    after = answer.next;
  }
}

const reader = new EventReader();

/** Topics are remembered only where more pages follow. */
function isNew({ event }: RetainedMessage, given: Set<string>, more: boolean): boolean {
  if (given.size === 0 && !more) return true;
  if (!reader.read(event, 0, event.length)) return false;
  const topic = readText(event, reader.topicStart, reader.topicEnd);
  if (given.has(topic)) return false;
  given.add(topic);
  return true;
}

function failure(partition: number, code: 'no-owner' | 'behind'): TwinfoldError {
  const what = code === 'no-owner' ? 'has no owner that answers' : 'has an owner that is behind';
  return new TwinfoldError(code, `topic partition ${partition} ${what}`, { domain: 'external', retryable: true });
}
