/**
 * Who appended to the log, and how far: the last batch of each writer process. A writer that gets no answer sends its
 * batch again unchanged, under the same counter, so what comes again with the last or an earlier counter was folded
 * already. A writer that is known to be gone is forgotten seven days of log time later.
 */
import { DAY_MS } from './civil-time.ts';

/** Longer than any writer keeps an unanswered batch. */
export const GONE_WRITER_MS_MAX = 7 * DAY_MS;

export interface WriterState {
  readonly edgeEpoch: number;
  readonly counter: number;
  readonly seq: number;
  readonly logMs: number;
  readonly goneMs: number;
}

interface Writer {
  counter: number;
  seq: number;
  logMs: number;
  goneMs: number;
}

/** `original`: sequence of the message that this one repeats, 0 when that is not known any more. */
export type BatchVerdict = { readonly resent: false } | { readonly resent: true; readonly original: number };

const FIRST: BatchVerdict = { resent: false };

export class Writers {
  readonly #writers = new Map<number, Writer>();

  /** Notes a batch, in log order, and says whether it was folded before. A batch without a counter never was. */
  note(
    batch: { readonly edgeEpoch: number; readonly counter: number },
    at: { readonly seq: number; readonly logMs: number },
  ): BatchVerdict {
    if (batch.counter === 0) return FIRST;
    const writer = this.#writers.get(batch.edgeEpoch);
    if (writer === undefined) {
      this.#writers.set(batch.edgeEpoch, { counter: batch.counter, seq: at.seq, logMs: at.logMs, goneMs: 0 });
      return FIRST;
    }
    if (batch.counter <= writer.counter) return { resent: true, original: batch.counter === writer.counter ? writer.seq : 0 };
    writer.counter = batch.counter;
    writer.seq = at.seq;
    writer.logMs = at.logMs;
    return FIRST;
  }

  /** An edge process is gone. Also the moment to forget those that went long ago. */
  gone(edgeEpoch: number, logMs: number): void {
    const writer = this.#writers.get(edgeEpoch);
    if (writer !== undefined && writer.goneMs === 0) writer.goneMs = logMs;
    for (const [epoch, known] of this.#writers)
      if (known.goneMs > 0 && known.goneMs + GONE_WRITER_MS_MAX <= logMs) this.#writers.delete(epoch);
  }

  restore(state: WriterState): void {
    const { counter, seq, logMs, goneMs } = state;
    this.#writers.set(state.edgeEpoch, { counter, seq, logMs, goneMs });
  }

  /** By epoch, ascending. */
  states(): readonly WriterState[] {
    return [...this.#writers].map(([edgeEpoch, writer]) => ({ edgeEpoch, ...writer })).toSorted((a, b) => a.edgeEpoch - b.edgeEpoch);
  }
}
