/**
 * What became of an event. Bad data is a value with a reason from a closed list, never an exception and never lost. The
 * numbers are stored in control records and rows: append to the lists, never renumber.
 */

export const OUTCOMES = ['accepted', 'duplicate', 'quarantined', 'rejected'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const REASONS = [
  'none',
  'resent-batch',
  'repeated-sequence',
  'repeated-id',
  'below-window',
  'malformed-payload',
  'unknown-format',
  'no-metrics',
  'too-many-metrics',
  'metric-name-too-long',
  'bad-metric-name',
  'value-not-finite',
  'unsupported-value',
  'too-deep',
  'too-large',
  'bad-timestamp',
  'timestamp-in-seconds',
  'bad-identity',
  'unknown-kind',
  'twin-too-large',
  'killer',
  'condition-not-met',
  'repeated-metric',
  // Of a device that was erased moments ago.
  'erased',
  'too-many-erasures',
  // Of a device that the registry had barred before: an edge that had not heard of it yet took the event in.
  'disabled',
  'decommissioned',
  'deleted',
  // A QoS 2 message whose packet identifier its session has and did not release.
  'repeated-packet-id',
] as const;
export type Reason = (typeof REASONS)[number];

export const ACCEPTED = 0;
export const DUPLICATE = 1;
export const QUARANTINED = 2;
export const REJECTED = 3;

const reasonCodes: ReadonlyMap<Reason, number> = new Map(REASONS.map((reason, code) => [reason, code]));

export function reasonCode(reason: Reason): number {
  return reasonCodes.get(reason) ?? 0;
}
