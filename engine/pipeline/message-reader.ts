/**
 * Walks the messages of a task. A message that is no `EventBatch`, which no writer of ours appends, counts as one event
 * that nothing can be read of, so that it is kept and seen instead of passed over.
 */
import { EventBatchReader } from '../../schemas/gen/lean.ts';
import type { MessageFrames } from '../../workers/protocol.ts';

export class MessageReader {
  bytes: Uint8Array = new Uint8Array(0);
  seq = 0;
  timeMs = 0;
  /** Whether it is an `EventBatch`; if not, the fields below are as of an empty one. */
  readable = false;
  edgeEpoch = 0;
  counter = 0;
  edgeStart = 0;
  edgeEnd = 0;
  /** Events in it. */
  count = 0;
  readonly #batch = new EventBatchReader();
  #start = 0;
  #end = 0;

  read(frames: MessageFrames, i: number): void {
    const batch = this.#batch;
    this.bytes = frames.bytes;
    this.seq = frames.seqs[i] as number;
    this.timeMs = frames.timesMs[i] as number;
    this.#start = i === 0 ? 0 : (frames.ends[i - 1] as number);
    this.#end = frames.ends[i] as number;
    this.readable = batch.read(frames.bytes, this.#start, this.#end);
    this.edgeEpoch = this.readable ? batch.edgeEpoch : 0;
    this.counter = this.readable ? batch.counter : 0;
    this.edgeStart = this.readable ? batch.edgeStart : 0;
    this.edgeEnd = this.readable ? batch.edgeEnd : 0;
    this.count = this.readable ? batch.eventsCount : 1;
  }

  eventStart(index: number): number {
    return this.readable ? (this.#batch.eventsStarts[index] as number) : this.#start;
  }

  eventEnd(index: number): number {
    return this.readable ? (this.#batch.eventsEnds[index] as number) : this.#end;
  }
}
