/**
 * One edge process's way into one partition: a batch that is filled and at most one that flies. A later batch never
 * overtakes an earlier one, because it leaves only when the earlier one is settled. A batch whose fate is unknown is sent
 * again, the same bytes under the same counter, until the log gives a definite answer; the fold recognises the copies.
 *
 * Bound: two buffers of `BATCH_BYTES_MAX` a lane. What doesn't fit is not taken.
 */
import { failpoint } from '../../engine/observability/failpoint.ts';
import type { AppendResult } from '../../engine/ports/input-log.ts';
import { BatchBuffer } from './batch-buffer.ts';
import { FairTurns } from './fair-turns.ts';
import type { EventDraft, IntakeFailure, Receipt } from '../message.ts';

/** A lane without room for this is full. */
const SMALL_BYTES = 1_024;
/** A full log gets room only by a purge or a larger disk: neither happens within seconds. */
const LOG_FULL_RETRY_MS = 5_000;
const LOG_UNAVAILABLE_RETRY_MS = 1_000;
/** Waits before a batch is sent again: short after a hiccup, bounded in an outage. */
const RESEND_MS_MIN = 50;
const RESEND_MS_MAX = 2_000;

/** What a lane needs of its publisher. */
export interface LaneHost {
  readonly edgeEpoch: number;
  readonly edge: string;
  now(): number;
  monotonic(): number;
  append(partition: number, data: Uint8Array, done: (result: AppendResult) => void): void;
  /** Calls back later; the answer cancels it. */
  after(delayMs: number, callback: () => void): () => void;
  /** The lane has something to send, or has room again. */
  settled(lane: Lane, fact: LaneFact): void;
}

export type LaneFact =
  | { readonly kind: 'stored'; readonly events: number; readonly bytes: number; readonly tookMs: number; readonly receiptsThrew: number }
  | { readonly kind: 'refused'; readonly why: 'full' | 'too-large' | 'no-stream'; readonly events: number; readonly receiptsThrew: number };

export class Lane {
  readonly partition: number;
  /** A closed lane keeps what it has and sends nothing. */
  isOpen: boolean;
  /** Something in the open batch doesn't wait for the tick. */
  urgent = false;
  /** When a batch last left or was settled, monotonic. */
  busyAtMs = Number.NEGATIVE_INFINITY;
  /** Sequence of the last batch stored, 0 before the first. */
  storedSeq = 0;
  resends = 0;
  /** Who waits for room, and whose turn it is. */
  readonly turns: FairTurns;
  /** A run of turns is under way or due. */
  turnsAreDue = false;

  readonly #host: LaneHost;
  #launchedBytes = 0;
  #filling = new BatchBuffer();
  #spare: BatchBuffer | undefined = new BatchBuffer();
  #flying: BatchBuffer | undefined;
  /** The appender has not answered yet. */
  #asked = false;
  #sentAtMs = 0;
  #counter = 0;
  #attempts = 0;
  #cancelResend: (() => void) | undefined;

  constructor(partition: number, isOpen: boolean, host: LaneHost) {
    this.partition = partition;
    this.isOpen = isOpen;
    this.#host = host;
    this.turns = new FairTurns({
      takenBytes: () => this.#launchedBytes + this.#filling.bytes,
      hasRoom: () => this.#filling.hasRoom(SMALL_BYTES),
    });
  }

  get isFlying(): boolean {
    return this.#flying !== undefined;
  }

  get waitingEvents(): number {
    return this.#filling.count;
  }

  get waitingBytes(): number {
    return this.#filling.bytes;
  }

  get flyingBytes(): number {
    return this.#flying?.bytes ?? 0;
  }

  hasRoom(bytes: number): boolean {
    return this.#filling.hasRoom(bytes);
  }

  put(draft: EventDraft, settle: { readonly receipt: Receipt; readonly tag: number }): boolean {
    const filling = this.#filling;
    const openedMs = filling.count === 0 ? this.#host.now() : filling.openedMs;
    const { receivedMs = 0 } = draft;
    if (!filling.put(draft, receivedMs === 0 ? this.#host.now() : receivedMs, settle)) return false;
    filling.openedMs = openedMs;
    return true;
  }

  /** Closes the open batch and sends it. The caller has checked that nothing flies and that there is something to send. */
  launch(): void {
    const batch = this.#filling;
    this.#launchedBytes += batch.bytes;
    this.#filling = this.#spare ?? new BatchBuffer();
    this.#spare = undefined;
    this.#flying = batch;
    this.urgent = false;
    this.#attempts = 0;
    this.#sentAtMs = this.busyAtMs = this.#host.monotonic();
    // The counter is consumed when the log has the batch, or may have it; a batch refused at once leaves no gap.
    batch.close({ edgeEpoch: this.#host.edgeEpoch, counter: this.#counter + 1, edge: this.#host.edge, openedMs: batch.openedMs });
    this.#ask(batch);
  }

  /** Sends the flying batch again now, unless an answer is still to come. */
  resend(): void {
    this.#cancelResend?.();
    this.#cancelResend = undefined;
    if (this.#flying === undefined || this.#asked || !this.isOpen) return;
    this.resends++;
    this.#ask(this.#flying);
  }

  /** Settles what is left at the end: what may be stored as `unknown-outcome`, the rest as `draining`. */
  abandon(): void {
    this.#cancelResend?.();
    this.#cancelResend = undefined;
    const flying = this.#flying;
    this.#flying = undefined;
    if (flying !== undefined) {
      const code = this.#asked || flying.maybeStored ? 'unknown-outcome' : 'draining';
      flying.settleFailed({ code, retryAfterMs: LOG_UNAVAILABLE_RETRY_MS });
    }
    const filling = this.#filling;
    this.#filling = new BatchBuffer();
    filling.settleFailed({ code: 'draining', retryAfterMs: LOG_UNAVAILABLE_RETRY_MS });
  }

  #ask(batch: BatchBuffer): void {
    this.#asked = true;
    this.#attempts++;
    let answered = false;
    this.#host.append(this.partition, batch.message, (result) => {
      if (answered || this.#flying !== batch) return;
      answered = true;
      this.#asked = false;
      this.#answered(batch, result);
    });
    failpoint('edge.batch-sent');
  }

  #answered(batch: BatchBuffer, result: AppendResult): void {
    if (result.ok) {
      failpoint('edge.batch-stored');
      this.#counter++;
      this.storedSeq = result.seq;
      this.#land(batch, (events, bytes, tookMs) => ({
        kind: 'stored',
        events,
        bytes,
        tookMs,
        receiptsThrew: batch.settleStored(result.seq),
      }));
      return;
    }
    if (result.why === 'unknown') batch.maybeStored = true;
    if (result.why === 'unknown' || result.why === 'busy' || batch.maybeStored) {
      this.#resendLater();
      return;
    }
    const why = result.why;
    this.#land(batch, (events) => ({ kind: 'refused', why, events, receiptsThrew: batch.settleFailed(failureOf(why)) }));
  }

  #land(batch: BatchBuffer, settle: (events: number, bytes: number, tookMs: number) => LaneFact): void {
    this.#flying = undefined;
    const now = this.#host.monotonic();
    this.busyAtMs = now;
    const fact = settle(batch.count, batch.bytes, now - this.#sentAtMs);
    batch.reset();
    this.#spare = batch;
    this.#host.settled(this, fact);
  }

  #resendLater(): void {
    const delay = Math.min(RESEND_MS_MAX, RESEND_MS_MIN * 2 ** Math.min(this.#attempts - 1, 10));
    this.#cancelResend?.();
    this.#cancelResend = this.#host.after(delay, () => this.resend());
  }
}

function failureOf(why: 'full' | 'too-large' | 'no-stream'): IntakeFailure {
  if (why === 'full') return { code: 'log-full', limit: 'log-bytes', retryAfterMs: LOG_FULL_RETRY_MS };
  return { code: 'log-unavailable', retryAfterMs: LOG_UNAVAILABLE_RETRY_MS };
}
