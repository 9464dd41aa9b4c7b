/** A look into the topic index: of each key the part that it is in, over all segments, whatever keeps them. */
import { coveredTo, partOfKey, searchIndexPart, type IndexRange } from '../kernel/topic-index.ts';
import type { Candidacy, Candidates } from './topic-log.ts';
import type { TopicStore } from './topic-store.ts';

export async function findCandidates(index: TopicStore, partition: number, wanted: Candidates): Promise<Candidacy> {
  const { from, to } = wanted;
  const seqs = new Set<number>();
  let indexedTo = to;
  for (const [part, keys] of Map.groupBy(wanted.keys, partOfKey)) {
    const ranges: IndexRange[] = [];
    for await (const { data } of index.read(partition, { filter: `*.${part}` })) {
      const range = searchIndexPart(data, { keys, from, to }, seqs);
      // A damaged part covers nothing: what it was about is read as it stands.
      if (range !== undefined) ranges.push(range);
    }
    indexedTo = Math.min(indexedTo, coveredTo(from, ranges));
  }
  const found = [...seqs].filter((seq) => seq <= indexedTo);
  return { seqs: found.toSorted((a, b) => a - b), indexedTo };
}
