/** A control log in memory: the reference for what the real one must do. */
import { TwinfoldError } from '../kernel/errors.ts';
import type { ControlEntry, ControlLog } from '../ports/control-log.ts';
import type { RecordFollower, RecordLogReader } from '../ports/record-log.ts';

interface Stream {
  first: number;
  entries: ControlEntry[];
  readonly waiting: Set<() => void>;
}

export class MemoryControlLog implements ControlLog, RecordLogReader {
  readonly #streams = new Map<number, Stream>();
  readonly #now: () => number;
  /** When set, appends land but their answer is lost. */
  loseAnswers = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  async lastSeq(partition: number): Promise<number> {
    const stream = this.#stream(partition);
    return stream.first + stream.entries.length - 1;
  }

  async get(partition: number, seq: number): Promise<ControlEntry | undefined> {
    const stream = this.#stream(partition);
    const entry = stream.entries[seq - stream.first];
    // A copy: readers may hand the bytes on to a worker, which takes them away.
    return entry === undefined ? undefined : { ...entry, data: new Uint8Array(entry.data) };
  }

  async *range(partition: number, from: number, to: number): AsyncIterable<ControlEntry> {
    for (let seq = from; seq <= to; seq++) {
      const entry = await this.get(partition, seq);
      if (entry === undefined) throw new TwinfoldError('log-hole', `record ${seq} is not there`, { domain: 'external', retryable: false });
      yield entry;
    }
  }

  async bounds(partition: number): Promise<{ readonly firstSeq: number; readonly lastSeq: number }> {
    const stream = this.#stream(partition);
    return { firstSeq: stream.first, lastSeq: stream.first + stream.entries.length - 1 };
  }

  follow(partition: number, from: number): RecordFollower {
    const stream = this.#stream(partition);
    const holeAt = (seq: number): TwinfoldError =>
      new TwinfoldError('log-hole', `record ${seq} is gone, the first one is ${stream.first}`, { domain: 'external', retryable: false });
    let stopped = false;
    return {
      stop: () => {
        stopped = true;
        for (const wake of stream.waiting) wake();
      },
      async *[Symbol.asyncIterator]() {
        let next = from;
        while (!stopped) {
          if (next < stream.first) throw holeAt(next);
          const entry = stream.entries[next - stream.first];
          if (entry === undefined) {
            await new Promise<void>((resolve) => stream.waiting.add(resolve));
            continue;
          }
          next++;
          yield { ...entry, data: new Uint8Array(entry.data) };
        }
      },
    };
  }

  async append(partition: number, data: Uint8Array, expectedLastSeq: number): Promise<number> {
    const stream = this.#stream(partition);
    const last = stream.first + stream.entries.length - 1;
    if (last !== expectedLastSeq)
      throw new TwinfoldError('fenced', `the control log ends at ${last}, not at ${expectedLastSeq}`, {
        domain: 'internal',
        retryable: true,
      });
    const seq = last + 1;
    stream.entries.push({ seq, timeMs: this.#now(), data: new Uint8Array(data) });
    for (const wake of stream.waiting) wake();
    stream.waiting.clear();
    if (this.loseAnswers) throw new TwinfoldError('unknown-outcome', 'the answer was lost', { domain: 'external', retryable: true });
    return seq;
  }

  async purge(partition: number, seq: number): Promise<void> {
    const stream = this.#stream(partition);
    const dropped = Math.max(0, Math.min(seq - stream.first, stream.entries.length));
    stream.entries.splice(0, dropped);
    stream.first += dropped;
  }

  /** Cuts the log's end off, as a power loss without fsync would. */
  cutEnd(partition: number, keptSeq: number): void {
    const stream = this.#stream(partition);
    stream.entries.length = Math.max(0, Math.min(stream.entries.length, keptSeq - stream.first + 1));
  }

  #stream(partition: number): Stream {
    const stream = this.#streams.get(partition) ?? { first: 1, entries: [], waiting: new Set() };
    this.#streams.set(partition, stream);
    return stream;
  }
}
