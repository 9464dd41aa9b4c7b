/**
 * Taking a partition: read the control log's last record from its leader, append a claim right after it, and make sure
 * that the input log still ends where that record saw it end. The claim's sequence is the owner's epoch.
 */
import {
  decodeControlRecord,
  encodeControlRecord,
  RECORD_KIND,
  readBatchIdentity,
  type ControlRecord,
  type ControlRecordInit,
  type CoveredMessage,
  type Repair,
  type SinkState,
} from '../../schemas/envelope.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import type { ControlLog } from '../ports/control-log.ts';
import type { InputLogReader, LogMessage } from '../ports/input-log.ts';
import type { Member } from '../ports/leases.ts';

/** What every record carries on, so that the last one is all that a taker must read. */
export interface ControlState {
  readonly epoch: number;
  /** Sequence in RS of the last record. */
  readonly recordSeq: number;
  readonly last: CoveredMessage;
  readonly logMs: number;
  readonly sink: SinkState;
  readonly outboxDone: number;
  /** Process instances that may still have inserts running in ClickHouse: to be killed and waited for by the fence. */
  readonly unfenced: readonly string[];
  /** The log lost its end and was, or is to be, moved on; carried by claims until a record of the fold follows. */
  readonly repair?: Repair;
}

export const NOTHING_COVERED: CoveredMessage = { seq: 0, timestampMs: 0, edgeEpoch: 0, counter: 0 };
export function coveredMessage({ data, seq, timeMs }: LogMessage): CoveredMessage {
  return { seq, timestampMs: timeMs, ...readBatchIdentity(data) };
}

const NO_SINK: SinkState = { hwm: 0, hwmLogSeq: 0, intent: undefined };

export interface ClaimParts {
  readonly partition: number;
  readonly member: Member;
  readonly control: ControlLog;
}

/**
 * Rejects with `fenced` when somebody else wrote in between; then start over. An owner that claims anew names the last
 * record that it knows: if another stands there, the partition is somebody else's, and nothing is written.
 */
export async function claimPartition(parts: ClaimParts, ownLastSeq?: number): Promise<ControlState> {
  const { partition, member, control } = parts;
  const lastSeq = await control.lastSeq(partition);
  if (ownLastSeq !== undefined && lastSeq !== ownLastSeq) {
    throw new TwinfoldError('fenced', `partition ${partition}: the control log ends at ${lastSeq}, not at this owner's ${ownLastSeq}`, {
      domain: 'internal',
      retryable: true,
    });
  }
  const before = lastSeq === 0 ? undefined : await readRecord(control, partition, lastSeq);
  const last = before?.last ?? NOTHING_COVERED;
  const logMs = before?.logMs ?? 0;
  const sink = before?.sink ?? NO_SINK;
  const outboxDone = before?.outboxDone ?? 0;
  const unfenced = unfencedInstances(before?.claim);
  const record: ControlRecordInit = {
    kind: RECORD_KIND.claim,
    fromSeq: last.seq + 1,
    toSeq: last.seq,
    last,
    logMsBefore: logMs,
    logMs,
    sink,
    outboxDone,
    claim: { node: member.node, instance: member.instance, previousInstance: unfenced.join(' '), previousEpoch: before?.epoch ?? 0 },
    repair: before?.repair,
  };
  const epoch = await control.append(partition, encodeControlRecord(record), lastSeq);
  return {
    epoch,
    recordSeq: epoch,
    last,
    logMs,
    sink,
    outboxDone,
    unfenced,
    ...(before?.repair === undefined ? {} : { repair: before.repair }),
  };
}

async function readRecord(control: ControlLog, partition: number, seq: number): Promise<ControlRecord> {
  const entry = await control.get(partition, seq);
  if (entry === undefined) {
    throw new TwinfoldError('corrupt', `partition ${partition}: the control log ends at ${seq}, but that record can't be read`, {
      domain: 'external',
      retryable: true,
    });
  }
  return decodeControlRecord(entry.data);
}

function unfencedInstances(claim: ControlRecord['claim']): readonly string[] {
  if (claim === undefined) return [];
  const earlier = claim.previousInstance.split(' ').filter((name) => name !== '');
  return [...new Set([claim.instance, ...earlier])].filter((name) => name !== '');
}

export type EndCheck =
  | { readonly state: 'intact' }
  | { readonly state: 'cut'; readonly keptSeq: number }
  | { readonly state: 'different'; readonly found: CoveredMessage };

/**
 * Is the last message that a record covers still there, and the same? `knownSeq` is the highest message that is known to
 * have been in the log, covered by a record or not.
 */
export async function checkLogEnd(
  input: InputLogReader,
  end: { readonly partition: number; readonly covered: CoveredMessage; readonly knownSeq: number },
): Promise<EndCheck> {
  const { partition, covered, knownSeq } = end;
  if (covered.seq === 0 && knownSeq === 0) return { state: 'intact' };
  const bounds = await input.bounds(partition);
  if (bounds.lastSeq < covered.seq) return { state: 'cut', keptSeq: bounds.lastSeq };
  const cut: EndCheck | undefined = bounds.lastSeq < knownSeq ? { state: 'cut', keptSeq: bounds.lastSeq } : undefined;
  if (covered.seq === 0 || bounds.firstSeq > covered.seq) return cut ?? { state: 'intact' };
  const message = await input.get(partition, covered.seq);
  if (message === undefined) return { state: 'cut', keptSeq: covered.seq - 1 };
  const { edgeEpoch, counter } = readBatchIdentity(message.data);
  // Timestamps reach us rounded in two ways, so a millisecond either side is the same.
  const same = edgeEpoch === covered.edgeEpoch && counter === covered.counter && Math.abs(message.timeMs - covered.timestampMs) <= 1;
  if (!same) return { state: 'different', found: { seq: covered.seq, timestampMs: message.timeMs, edgeEpoch, counter } };
  return cut ?? { state: 'intact' };
}

export function lostEnd(partition: number, seq: number, end: EndCheck): TwinfoldError {
  const what = end.state === 'cut' ? `gone: the log ends at ${end.keptSeq}` : 'another one now';
  return new TwinfoldError('log-lost-its-end', `partition ${partition}: message ${seq}, which was in the log, is ${what}`, {
    domain: 'external',
    retryable: false,
  });
}
