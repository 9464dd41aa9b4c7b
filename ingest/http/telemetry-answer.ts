/** What `POST /telemetry` answers: positions, outcomes, and refusals that tell what was stored all the same. */
import { formatPosition } from '../../engine/kernel/position.ts';
import type { EventOutcome } from '../../engine/ports/ask.ts';
import type { IntakeFailure } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { PositionRange, TelemetryWrite } from '../telemetry-write.ts';

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

/** Each event of the request with what became of it, in the order of the request. */
export function outcomesBody(
  write: TelemetryWrite,
  outcomes: ReadonlyMap<number, EventOutcome>,
): readonly Readonly<Record<string, unknown>>[] {
  return (write.positions ?? []).map((position, i) => {
    const { outcome, reason, original } = outcomes.get(i) ?? { outcome: 'accepted', reason: 'none' };
    return {
      position: formatPosition(position),
      outcome,
      ...(reason === 'none' ? {} : { reason }),
      ...(original === undefined ? {} : { original: formatPosition(original) }),
    };
  });
}

function positionOf(range: PositionRange, index: number): string {
  return formatPosition({ partition: range.partition, seq: range.seq, index });
}
