/**
 * One batch while it is filled, flies and is settled: the encoded events, and beside them, in arrays of the same length,
 * who is to be told about each. Nothing is allocated for an event; a buffer grows to what its lane needs and is used again.
 */
import { assert } from '../../engine/kernel/assert.ts';
import { BATCH_BYTES_MAX } from '../../engine/kernel/limits.ts';
import {
  type BatchHeader,
  batchHeaderSize,
  type EventParts,
  eventSize,
  writeBatchHeader,
  writeEventEntry,
} from '../../schemas/envelope.ts';
import { EVENT_OVERHEAD_BYTES } from '../telemetry/event-list.ts';
import type { EventDraft, IntakeFailure, Receipt } from '../message.ts';

/** Room before the first event for the header, whose length is known only when the batch closes. */
const HEADER_BYTES_MAX = 256;
/** What an idle lane holds; a busy one doubles it until it fits. */
const FIRST_BYTES = 16 * 1024;
const NOTHING = new Uint8Array(0);
const BYTES_MAX = HEADER_BYTES_MAX + BATCH_BYTES_MAX;

/** What the envelope is told about an event; one record for all of them, filled anew for each. */
const parts: { -readonly [K in keyof EventParts]: EventParts[K] } = {
  prefix: NOTHING,
  prefixStart: 0,
  prefixEnd: 0,
  extra: NOTHING,
  payload: NOTHING,
  start: 0,
  end: 0,
  receivedMs: 0,
};

const NOBODY: Receipt = { stored: () => undefined, failed: () => undefined };

export class BatchBuffer {
  openedMs = 0;
  count = 0;
  /** An attempt ended without an answer: the log may have the batch, so that only its PubAck can settle it. */
  maybeStored = false;

  #bytes = new Uint8Array(HEADER_BYTES_MAX + FIRST_BYTES);
  #used = HEADER_BYTES_MAX;
  readonly #receipts: Receipt[] = [];
  readonly #tags: number[] = [];
  #closed: Uint8Array | undefined;

  /** Bytes of the events in it. */
  get bytes(): number {
    return this.#used - HEADER_BYTES_MAX;
  }

  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= BYTES_MAX;
  }

  /** Copies the event in; false when it doesn't fit. */
  put(draft: EventDraft, receivedMs: number, settle: { readonly receipt: Receipt; readonly tag: number }): boolean {
    assert(this.#closed === undefined, 'a closed batch takes no event');
    const { prefixStart = 0, prefixEnd = draft.prefix.length } = draft;
    parts.prefix = draft.prefix;
    parts.prefixStart = prefixStart;
    parts.prefixEnd = prefixEnd;
    parts.extra = draft.extra;
    parts.payload = draft.payload;
    parts.start = draft.start;
    parts.end = draft.end;
    parts.receivedMs = receivedMs;
    const roughEnd = this.#used + prefixEnd - prefixStart + draft.extra.length + draft.end - draft.start + EVENT_OVERHEAD_BYTES;
    if (roughEnd > this.#bytes.length) {
      const end = this.#used + eventSize(prefixEnd - prefixStart, draft.extra.length, draft.end - draft.start, receivedMs);
      if (end > BYTES_MAX) return false;
      if (end > this.#bytes.length) this.#grow(end);
    }
    this.#used = writeEventEntry(this.#bytes, this.#used, parts);
    this.#receipts[this.count] = settle.receipt;
    this.#tags[this.count] = settle.tag;
    this.count++;
    return true;
  }

  /** Puts the header before the events and answers the message. From here on the bytes don't change until `reset`. */
  close(header: BatchHeader): Uint8Array {
    const size = batchHeaderSize(header);
    assert(size <= HEADER_BYTES_MAX, 'the header of a batch fits its room');
    const start = HEADER_BYTES_MAX - size;
    writeBatchHeader(this.#bytes, start, header);
    this.#closed = this.#bytes.subarray(start, this.#used);
    return this.#closed;
  }

  /** The message that `close` made. */
  get message(): Uint8Array {
    assert(this.#closed !== undefined, 'a batch is sent after it was closed');
    return this.#closed;
  }

  /** Tells everybody where the events are; answers how many of those told threw. What one throws is its own affair. */
  settleStored(seq: number): number {
    let threw = 0;
    for (let i = 0; i < this.count; i++) {
      try {
        this.#receipts[i]?.stored(this.#tags[i] ?? 0, seq, i, this.maybeStored);
      } catch {
        threw++;
      }
    }
    return threw;
  }

  settleFailed(failure: IntakeFailure): number {
    let threw = 0;
    for (let i = 0; i < this.count; i++) {
      try {
        this.#receipts[i]?.failed(this.#tags[i] ?? 0, failure);
      } catch {
        threw++;
      }
    }
    return threw;
  }

  /** Ready for the next batch; holds no receipt of the last. */
  reset(): void {
    for (let i = 0; i < this.count; i++) this.#receipts[i] = NOBODY;
    this.#closed = undefined;
    this.#used = HEADER_BYTES_MAX;
    this.count = 0;
    this.openedMs = 0;
    this.maybeStored = false;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.min(BYTES_MAX, Math.max(needed, this.#bytes.length * 2)));
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
  }
}
