/**
 * Writes the topic index of a partition: a small segment whenever enough keys came together, and one large one in place of
 * sixteen. Each is stored whole or not at all. What is damaged, or missing, is dropped with all the rest and made again from
 * the log, which is a matter of seconds.
 */
import { decodeTopicSegment, encodeTopicSegment } from '../../../schemas/gen/lean.ts';
import { mergeIndexParts, MERGED_SEGMENTS, TopicIndexBuilder, type Segment } from '../../domain/topic-index-builder.ts';
import { TwinfoldError } from '../../kernel/errors.ts';
import { coveredTo, INDEX_PARTS, SEGMENT_SPAN_MAX, type IndexRange } from '../../kernel/topic-index.ts';
import type { Log } from '../../observability/log.ts';
import { INDEX_LEVELS, partName, segmentName, type IndexLevel, type StoreEntry, type TopicStore } from '../../ports/topic-store.ts';

interface WrittenSegment extends IndexRange {
  readonly entries: number;
  /** Of the entry that says what it covers: its parts stand just before. */
  readonly seq: number;
}

export interface IndexWriterParts {
  readonly partition: number;
  readonly store: TopicStore;
  readonly log: Log;
  /** Of a small segment; the product's by default. */
  readonly segmentEntries?: number | undefined;
}

const ALL = '>';

export class IndexWriter {
  readonly #parts: IndexWriterParts;
  readonly #segments: Record<IndexLevel, WrittenSegment[]> = { s: [], m: [] };
  #builder: TopicIndexBuilder;
  #lastSeq = 0;
  /** Segments are closed as the log is read, and looked after by the clock: one at a time. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: IndexWriterParts) {
    this.#parts = parts;
    this.#builder = this.#builderFrom(1);
  }

  /** The first message that no segment covers. */
  get nextSeq(): number {
    return this.#builder.fromSeq;
  }

  get segments(): number {
    return this.#segments.s.length + this.#segments.m.length;
  }

  /** Reads what is there. An index that isn't whole is dropped; it begins at the log's first message then. */
  async open(logFirstSeq: number): Promise<void> {
    const { store, partition, log } = this.#parts;
    this.#lastSeq = await store.lastSeq(partition);
    for (const level of INDEX_LEVELS) {
      this.#segments[level].length = 0;
      for await (const { data, seq } of store.read(partition, { filter: segmentName(level) })) {
        const segment = decodeTopicSegment(data);
        if (segment !== undefined) this.#segments[level].push({ ...segment, seq });
      }
    }
    const all = [...this.#segments.m, ...this.#segments.s];
    const fromSeq = Math.min(logFirstSeq, ...all.map((segment) => segment.fromSeq));
    const toSeq = Math.max(0, ...all.map((segment) => segment.toSeq));
    if (
      all.length > 0 &&
      (coveredTo(fromSeq, all) < toSeq || fromSeq < Math.min(...all.map((one) => one.fromSeq)) || !(await this.isWhole()))
    ) {
      log.error('topic-index-damaged', { partition, segments: all.length });
      await this.drop();
    }
    this.#builder = this.#builderFrom(this.segments === 0 ? logFirstSeq : toSeq + 1);
    await this.#dropMerged();
  }

  /** Small segments that became part of a large one, and were left there. */
  async #dropMerged(): Promise<void> {
    const { s, m } = this.#segments;
    const mergedTo = m.at(-1)?.toSeq ?? 0;
    const last = s.findLast(({ toSeq }) => toSeq <= mergedTo);
    if (last === undefined) return;
    await this.#parts.store.purge(this.#parts.partition, 's.*', last.seq + 1);
    s.splice(0, s.indexOf(last) + 1);
  }

  /** Whether every segment has all its parts. */
  async isWhole(): Promise<boolean> {
    return this.#alone(async () => this.#areWhole());
  }

  async #areWhole(): Promise<boolean> {
    for (const level of INDEX_LEVELS) {
      const segments = this.#segments[level].length;
      const counts = await this.#parts.store.counts(this.#parts.partition, `${level}.*`);
      for (let part = 0; part < INDEX_PARTS && segments > 0; part++) if ((counts.get(partName(level, part)) ?? 0) < segments) return false;
    }
    return true;
  }

  async drop(): Promise<void> {
    await this.#parts.store.purge(this.#parts.partition, ALL, this.#lastSeq + 1);
    for (const level of INDEX_LEVELS) this.#segments[level].length = 0;
  }

  /** The keys that follow are of this message. A promise: a segment is written first. */
  begin(seq: number): Promise<void> | undefined {
    if (this.#builder.isFull(seq)) return this.#close(seq - 1).then(() => this.#builder.begin(seq));
    this.#builder.begin(seq);
    return undefined;
  }

  add(key: number): void {
    this.#builder.add(key);
  }

  /** Drops segments of messages that the log has no more. */
  async forget(logFirstSeq: number): Promise<void> {
    await this.#alone(async () => this.#forget(logFirstSeq));
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    let end: () => void = () => undefined;
    this.#turn = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    try {
      return await work();
    } finally {
      end();
    }
  }

  async #forget(logFirstSeq: number): Promise<void> {
    for (const level of INDEX_LEVELS) {
      const segments = this.#segments[level];
      const last = segments.findLast(({ toSeq }) => toSeq < logFirstSeq);
      if (last === undefined) continue;
      await this.#parts.store.purge(this.#parts.partition, `${level}.*`, last.seq + 1);
      segments.splice(0, segments.indexOf(last) + 1);
    }
  }

  #builderFrom(seq: number): TopicIndexBuilder {
    return new TopicIndexBuilder(seq, this.#parts.segmentEntries);
  }

  async #close(toSeq: number): Promise<void> {
    await this.#alone(async () => {
      await this.#write('s', this.#builder.close(toSeq));
      if (this.#segments.s.length >= MERGED_SEGMENTS) await this.#merge();
    });
  }

  async #write(level: IndexLevel, segment: Segment): Promise<void> {
    const { entries, fromSeq, toSeq } = segment;
    const stored: StoreEntry[] = segment.parts.map((data, part) => ({ name: partName(level, part), data }));
    stored.push({ name: segmentName(level), data: encodeTopicSegment({ fromSeq, toSeq, entries }) });
    this.#lastSeq = await this.#parts.store.append(this.#parts.partition, stored, this.#lastSeq);
    this.#segments[level].push({ fromSeq, toSeq, entries, seq: this.#lastSeq });
  }

  /** The oldest small segments become one. What is read meanwhile sees them, or it, or both. */
  async #merge(): Promise<void> {
    const { store, partition } = this.#parts;
    const first = this.#segments.s[0];
    if (first === undefined) return;
    const fits = ({ toSeq }: IndexRange): boolean => toSeq - first.fromSeq < SEGMENT_SPAN_MAX;
    // After a jump of the log's sequence a single one may span that much; its entries don't.
    const run = this.#segments.s.slice(0, MERGED_SEGMENTS).filter((segment, i) => i === 0 || fits(segment));
    const last = run.at(-1) ?? first;
    const range = { fromSeq: first.fromSeq, toSeq: last.toSeq };
    const read = new Map<string, Uint8Array[]>();
    for await (const { data, name } of store.read(partition, { filter: 's.*', untilSeq: last.seq })) {
      const before = read.get(name);
      if (before === undefined) read.set(name, [data]);
      else before.push(data);
    }
    const parts: Uint8Array[] = [];
    for (let part = 0; part < INDEX_PARTS; part++) {
      const pieces = read.get(partName('s', part)) ?? [];
      const merged = pieces.length === run.length ? mergeIndexParts(pieces, range) : undefined;
      if (merged === undefined) throw await this.#damaged(part);
      parts.push(merged);
    }
    await this.#write('m', { ...range, entries: run.reduce((sum, { entries }) => sum + entries, 0), parts });
    await store.purge(partition, 's.*', last.seq + 1);
    this.#segments.s.splice(0, run.length);
  }

  async #damaged(part: number): Promise<TwinfoldError> {
    const { log, partition } = this.#parts;
    log.error('topic-index-damaged', { partition, part });
    await this.drop();
    return new TwinfoldError('corrupt', `topic partition ${partition}: its index was damaged, and is made again`, {
      domain: 'external',
      retryable: true,
    });
  }
}
