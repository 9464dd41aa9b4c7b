/**
 * What keeps a partition's history short enough to recover from and small enough to keep: snapshots by the length of the
 * tail, staggered over partitions, and purges of both logs. A purge never passes what the sink has not written, what a
 * kept snapshot needs, records whose effects are not dispatched, nor, while there is room, the log's retention.
 */
import { messageOf } from '../kernel/errors.ts';
import { failpoint } from '../observability/failpoint.ts';
import type { SnapshotName } from '../ports/snapshots.ts';
import type { ControlState } from './claim.ts';
import type { OwnerParts } from './owner-parts.ts';

/** Tail after which a snapshot is due: what a recovery folds again in about half a second. */
const TAIL_BYTES = 48 * 1024 * 1024;
const TAIL_MESSAGES = 20_000;
/** A partition that was just taken may have a long tail behind it; soon after, it has none. */
const FIRST_SNAPSHOT_MS_MAX = 15_000;
/** The newest may be unreadable; the others also show past states. */
const KEPT_SNAPSHOTS = 3;
const PURGE_EVERY_MS = 10_000;
/** Above this share of its size the log is purged by need, not by age. */
const NEED_SHARE = 0.6;

export class Housekeeper {
  readonly #parts: OwnerParts;
  #tailBytes = 0;
  #tailMessages = 0;
  #snapshotBytes = 0;
  #snapshotMs: number;
  #purgeMs: number;
  #purging = false;
  #kept: readonly SnapshotName[] | undefined;
  /** Snapshots that stand before this message are to go. */
  #forgetBeforeSeq = 0;

  constructor(parts: OwnerParts) {
    this.#parts = parts;
    const nowMs = parts.clock.monotonic();
    // Partitions take turns, so that not all of them are copied at once.
    const { snapshotIntervalMs, partition, partitions } = parts;
    const turnMs = (snapshotIntervalMs * partition) / Math.max(1, partitions);
    this.#snapshotMs = nowMs - snapshotIntervalMs + Math.min(FIRST_SNAPSHOT_MS_MAX, snapshotIntervalMs) + turnMs;
    this.#purgeMs = nowMs;
  }

  /** The tail grew, by folding or by recovering what was folded earlier. */
  folded(tail: { readonly messages: number; readonly bytes: number }): void {
    this.#tailMessages += tail.messages;
    this.#tailBytes += tail.bytes;
  }

  /**
   * Whether no snapshot is left that stands before the message. If there is one, another is made soon, looked at, and the
   * old ones are removed.
   */
  async forgetSnapshots(beforeSeq: number): Promise<boolean> {
    const names = await this.#parts.snapshots.list(this.#parts.partition);
    if (names.every((name) => name.logSeq >= beforeSeq)) {
      if (this.#forgetBeforeSeq <= beforeSeq) this.#forgetBeforeSeq = 0;
      return true;
    }
    this.#forgetBeforeSeq = Math.max(this.#forgetBeforeSeq, beforeSeq);
    this.#kept = undefined;
    return false;
  }

  due(): boolean {
    return (
      (this.#forgetBeforeSeq > 0 && !this.#purging) ||
      this.snapshotDue() ||
      (!this.#purging && this.#parts.clock.monotonic() - this.#purgeMs > PURGE_EVERY_MS)
    );
  }

  snapshotDue(): boolean {
    if (this.#tailMessages === 0 || this.#purging) return false;
    if (this.#forgetBeforeSeq > 0) return true;
    // A large state is copied less often, so that copying it never costs more than the log itself.
    if (this.#tailBytes > Math.max(TAIL_BYTES, this.#snapshotBytes) || this.#tailMessages > TAIL_MESSAGES) return true;
    return this.#parts.clock.monotonic() - this.#snapshotMs > this.#parts.snapshotIntervalMs;
  }

  /** Copies the state out of the worker if that is due, and has the rest done meanwhile. What the worker holds is committed. */
  async keep(state: ControlState): Promise<void> {
    const sinkLogSeq = state.sink.hwmLogSeq;
    if (!this.snapshotDue()) {
      void this.tidy(state, sinkLogSeq);
      return;
    }
    const { partition, pool } = this.#parts;
    const { bytes } = await pool.snapshot({ op: 'snapshot', partition, recordSeq: state.recordSeq });
    void this.tidy(state, sinkLogSeq, { name: { partition, recordSeq: state.recordSeq, logSeq: state.last.seq }, bytes });
  }

  /** A copy was made: the tail begins anew. Answers what takes that back, if the copy can't be stored. */
  #copied(snapshotBytes: number): () => void {
    const bytes = this.#tailBytes;
    const messages = this.#tailMessages;
    this.#snapshotBytes = snapshotBytes;
    this.#tailBytes = 0;
    this.#tailMessages = 0;
    this.#snapshotMs = this.#parts.clock.monotonic();
    return () => {
      this.#tailBytes += bytes;
      this.#tailMessages += messages;
    };
  }

  /**
   * Stores the snapshot that was copied out of the worker, if there is one, then drops what nothing needs any more; the
   * fold goes on meanwhile. Failures are tried again later.
   */
  async tidy(
    state: ControlState,
    sinkLogSeq: number,
    snapshot?: { readonly name: SnapshotName; readonly bytes: Uint8Array },
  ): Promise<void> {
    if (this.#purging) return;
    this.#purging = true;
    let takeBack = snapshot === undefined ? undefined : this.#copied(snapshot.bytes.length);
    try {
      if (snapshot !== undefined) {
        await this.#parts.snapshots.put(snapshot.name, snapshot.bytes);
        takeBack = undefined;
        this.#kept = undefined;
        failpoint('owner.snapshot-stored');
      }
      await this.#purge(state, sinkLogSeq);
    } catch (error) {
      takeBack?.();
      this.#parts.log.warn('housekeeping-failed', { partition: this.#parts.partition, error: messageOf(error) });
    } finally {
      this.#purging = false;
      this.#purgeMs = this.#parts.clock.monotonic();
    }
  }

  async #purge(state: ControlState, sinkLogSeq: number): Promise<void> {
    const { partition, snapshots, input, control } = this.#parts;
    const names = this.#kept ?? (await snapshots.list(partition));
    const bounds = await input.bounds(partition);
    const full = bounds.bytesMax > 0 && bounds.bytes > bounds.bytesMax * NEED_SHARE;
    const kept = (await this.#withoutForgotten(names)).slice(full ? -1 : -KEPT_SNAPSHOTS);
    for (const name of names) if (!kept.includes(name)) await snapshots.remove(name);
    this.#kept = kept;
    const oldest = kept[0];
    // Until there are several, the beginning of the logs stands in for those that are missing.
    if (oldest === undefined || (!full && kept.length < KEPT_SNAPSHOTS)) return;
    const safe = Math.min(oldest.logSeq, sinkLogSeq) + 1;
    const target = full ? safe : Math.min(safe, await this.#firstWithinRetention(bounds.firstSeq, safe));
    if (target > bounds.firstSeq) await input.purge(partition, target);
    await control.purge(partition, Math.min(oldest.recordSeq, state.sink.hwm + 1, state.outboxDone + 1));
    failpoint('owner.purged');
  }

  /** Those before an erasure are let go only for one after it that can be read. */
  async #withoutForgotten(names: readonly SnapshotName[]): Promise<readonly SnapshotName[]> {
    const beforeSeq = this.#forgetBeforeSeq;
    if (beforeSeq === 0) return names;
    const later = names.filter((name) => name.logSeq >= beforeSeq);
    const newest = later.at(-1);
    if (newest === undefined || (await this.#parts.snapshots.get(newest)) === undefined) return names;
    this.#forgetBeforeSeq = 0;
    return later;
  }

  /** Binary search by time for the first message that retention still keeps. */
  async #firstWithinRetention(firstSeq: number, end: number): Promise<number> {
    const oldestMs = this.#parts.clock.now() - this.#parts.logRetentionMs;
    let low = firstSeq;
    let high = end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const message = await this.#parts.input.get(this.#parts.partition, middle);
      if (message === undefined || message.timeMs < oldestMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
