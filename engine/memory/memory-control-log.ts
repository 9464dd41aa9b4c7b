/** A control log in memory: the reference for what the real one must do. */
import { TwinfoldError } from '../kernel/errors.ts';
import type { ControlEntry, ControlLog } from '../ports/control-log.ts';

export class MemoryControlLog implements ControlLog {
  readonly #streams = new Map<number, { first: number; entries: ControlEntry[] }>();
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

  #stream(partition: number): { first: number; entries: ControlEntry[] } {
    const stream = this.#streams.get(partition) ?? { first: 1, entries: [] };
    this.#streams.set(partition, stream);
    return stream;
  }
}
