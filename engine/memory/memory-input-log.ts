/** An input log in memory: the reference for readers and the keeper, with a writer beside it. */
import { TwinfoldError } from '../kernel/errors.ts';
import type { InputLogKeeper, InputLogReader, LogBounds, LogFollower, LogMessage } from '../ports/input-log.ts';

interface Stream {
  first: number;
  messages: LogMessage[];
  readonly waiting: Set<() => void>;
}

export class MemoryInputLog implements InputLogReader, InputLogKeeper {
  readonly #streams = new Map<number, Stream>();
  /** What `bounds` says of each partition's room; -1 for no limit. Nothing is refused. */
  bytesMax = -1;

  append(partition: number, data: Uint8Array, timeMs: number): number {
    const stream = this.#stream(partition);
    const seq = stream.first + stream.messages.length;
    stream.messages.push({ seq, timeMs, data: new Uint8Array(data) });
    for (const wake of stream.waiting) wake();
    stream.waiting.clear();
    return seq;
  }

  /** Cuts the log's end off, as a power loss without fsync would. */
  cutEnd(partition: number, keptSeq: number): void {
    const stream = this.#stream(partition);
    stream.messages.length = Math.max(0, keptSeq - stream.first + 1);
  }

  follow(partition: number, from: number): LogFollower {
    const stream = this.#stream(partition);
    let stopped = false;
    return {
      stop: () => {
        stopped = true;
        for (const wake of stream.waiting) wake();
      },
      async *[Symbol.asyncIterator]() {
        let next = from;
        while (!stopped) {
          if (next < stream.first) throw hole(next, stream.first);
          const message = stream.messages[next - stream.first];
          if (message === undefined) {
            await new Promise<void>((resolve) => stream.waiting.add(resolve));
            continue;
          }
          next++;
          yield message;
        }
      },
    };
  }

  async *range(partition: number, from: number, to: number): AsyncIterable<LogMessage> {
    if (from > to) return;
    for await (const message of this.follow(partition, from)) {
      yield message;
      if (message.seq >= to) return;
    }
  }

  async get(partition: number, seq: number): Promise<LogMessage | undefined> {
    const stream = this.#stream(partition);
    return stream.messages[seq - stream.first];
  }

  async bounds(partition: number): Promise<LogBounds> {
    const stream = this.#stream(partition);
    const bytes = stream.messages.reduce((sum, message) => sum + message.data.length, 0);
    return { firstSeq: stream.first, lastSeq: stream.first + stream.messages.length - 1, bytes, bytesMax: this.bytesMax };
  }

  async purge(partition: number, seq: number): Promise<void> {
    const stream = this.#stream(partition);
    stream.messages = stream.messages.filter((message) => message.seq >= seq);
    stream.first = Math.max(stream.first, seq);
  }

  #stream(partition: number): Stream {
    const stream = this.#streams.get(partition) ?? { first: 1, messages: [], waiting: new Set() };
    this.#streams.set(partition, stream);
    return stream;
  }
}

function hole(wanted: number, first: number): TwinfoldError {
  return new TwinfoldError('log-hole', `message ${wanted} is gone, the first one is ${first}`, { domain: 'external', retryable: false });
}
