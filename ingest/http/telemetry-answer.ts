/** What `POST /telemetry` answers: positions, outcomes, and refusals that tell what was stored all the same. */
import { formatPosition } from '../../engine/kernel/position.ts';
import type { Reason } from '../../engine/kernel/outcome.ts';
import type { EventOutcome } from '../../engine/ports/ask.ts';
import type { IntakeFailure } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { PositionRange, TelemetryWrite } from '../telemetry/write.ts';
import { REASON_TEXTS } from './reason-texts.ts';

/** A problem lists so many events; a body that is wrong throughout is wrong for the same reason. */
const ERRORS_MAX = 100;

const FAILURES: Readonly<Record<IntakeFailure['code'], string>> = {
  'log-full': 'the event log has no room',
  'log-unavailable': 'the event log does not take events now',
  'unknown-outcome': 'no acknowledgement came from the log in time; the events may be stored',
  draining: 'this process is shutting down',
};

export function failureRefusal(failure: IntakeFailure): Refusal {
  return refusal(failure.code, FAILURES[failure.code], {
    retryAfterMs: failure.retryAfterMs,
    ...(failure.limit === undefined ? {} : { limit: failure.limit }),
  });
}

/** `position`, where one batch of one partition has all of it; else `positions`, as ranges. */
export function positionsBody(write: TelemetryWrite): Readonly<Record<string, unknown>> {
  const { ranges } = write;
  const [first] = ranges;
  if (first === undefined) return { count: write.storedCount };
  if (ranges.length === 1 && !write.rangesCut) return { position: positionOf(first, first.first), count: write.storedCount };
  return {
    positions: ranges.map((range) => ({ first: positionOf(range, range.first), last: positionOf(range, range.last) })),
    ...(write.rangesCut ? { positionsCut: true } : {}),
    count: write.storedCount,
  };
}

/** `Twinfold-Position`: a position in each partition that was written to, such that a read which covers it covers all. */
export function positionHeader(write: TelemetryWrite): string {
  const [first] = write.ranges;
  if (first !== undefined && write.ranges.length === 1) return positionOf(first, first.first);
  const last = new Map<number, PositionRange>();
  for (const range of write.ranges) if (range.seq >= (last.get(range.partition)?.seq ?? 0)) last.set(range.partition, range);
  return Array.from(last.values(), (range) => positionOf(range, range.last)).join(', ');
}

/** Each event of the request with what became of it, in the order of the request, and why where it was not accepted. */
export function outcomesBody(
  write: TelemetryWrite,
  outcomes: ReadonlyMap<number, EventOutcome>,
): readonly Readonly<Record<string, unknown>>[] {
  return (write.positions ?? []).map((position, i) => {
    const { outcome, reason, original } = outcomes.get(i) ?? { outcome: 'accepted', reason: 'none' };
    return {
      position: formatPosition(position),
      outcome,
      ...(reason === 'none' ? {} : { reason, detail: REASON_TEXTS[reason] }),
      ...(original === undefined ? {} : { original: formatPosition(original) }),
    };
  });
}

/** What a problem says of one event: where it stands in the request and in the log, and why it was not accepted. */
export interface OutcomeError {
  readonly pointer: string;
  readonly position: string;
  readonly code: Reason;
  readonly detail: string;
}

/** The first events that were not accepted; all of them are among the outcomes. `array`: the pointer to their array. */
export function outcomeErrors(write: TelemetryWrite, outcomes: ReadonlyMap<number, EventOutcome>, array: string): readonly OutcomeError[] {
  return (write.positions ?? []).slice(0, ERRORS_MAX).map((position, i) => {
    const reason = outcomes.get(i)?.reason ?? 'none';
    return { pointer: `${array}/${i}`, position: formatPosition(position), code: reason, detail: REASON_TEXTS[reason] };
  });
}

/** `errors` is not empty. */
export function allFailed(count: number, errors: readonly OutcomeError[]): Refusal {
  const [first] = errors;
  const why = first === undefined ? '' : `; ${count === 1 ? '' : 'the first: '}${first.code}, ${first.detail}`;
  return refusal('all-failed', `${count === 1 ? 'the event was not' : `none of ${count} events was`} accepted${why}`);
}

function positionOf(range: PositionRange, index: number): string {
  return formatPosition({ partition: range.partition, seq: range.seq, index });
}
