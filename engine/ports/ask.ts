/**
 * Asking a partition's owner (`q.<pp>`): it answers once a committed control record covers what the asker names, so that
 * whoever has appended something can learn what became of it, and read its own writes.
 */
import type { Outcome, Reason } from '../kernel/outcome.ts';
import type { Position } from '../kernel/position.ts';

/** Why there is no answer: nobody owns the partition now, or no committed record covered the position in time. */
export type AskFailure = 'no-owner' | 'behind';

export type Asked<T> =
  | { readonly ok: true; readonly value: T; readonly epoch: number; readonly checkpoint: number }
  | { readonly ok: false; readonly why: AskFailure };

export interface AskOptions {
  /** The answer reflects this message of the partition's log and everything before it; 0 takes what is committed now. */
  readonly minSeq: number;
  readonly timeoutMs: number;
}

/** An event within its partition. */
export interface AskedEvent {
  readonly seq: number;
  readonly index: number;
}

export interface EventOutcome {
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** Of a duplicate, where it is known. */
  readonly original?: Position;
}

/** Never rejects: that nobody answers is an answer. */
export interface AskClient {
  /** Outcomes in the order of `events`. */
  outcomes(partition: number, events: readonly AskedEvent[], options: AskOptions): Promise<Asked<readonly EventOutcome[]>>;
  /** The twin as JSON; undefined when the fold never heard of the device. */
  twin(
    partition: number,
    device: { readonly tenant: string; readonly device: string },
    options: AskOptions,
  ): Promise<Asked<Uint8Array | undefined>>;
  /** An encoded `SessionState`; undefined when there is no such session. `session` is as `Event.session`. */
  session(
    partition: number,
    session: { readonly tenant: string; readonly session: string },
    options: AskOptions,
  ): Promise<Asked<Uint8Array | undefined>>;
  /** What the owner says of itself and the partition, as a JSON object. */
  status(partition: number, options: AskOptions): Promise<Asked<Uint8Array>>;
}
