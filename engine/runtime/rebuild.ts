/**
 * Rows of records that are committed, built again from the log: for an intent that a former owner left open, and for what
 * was dropped because ClickHouse was away for too long.
 */
import { decodeControlRecord, type ControlRecord } from '../../schemas/envelope.ts';
import type { OutcomeRun, RowBlock } from '../../workers/protocol.ts';
import { assert, must } from '../kernel/assert.ts';
import type { ControlLog } from '../ports/control-log.ts';
import type { FoldPool } from '../ports/fold-pool.ts';
import type { InputLogReader, LogMessage } from '../ports/input-log.ts';
import { packFrames } from './frames.ts';
import { MessageCursor } from './recovery.ts';

export interface RebuildParts {
  readonly partition: number;
  readonly partitions: number;
  readonly control: ControlLog;
  readonly input: InputLogReader;
  readonly pool: FoldPool;
}

export interface RebuildRange {
  readonly fromRecordSeq: number;
  readonly toRecordSeq: number;
  /** Stop early rather than build much more than this at once. Unlimited when undefined: an intent is rebuilt whole. */
  readonly bytesMax?: number;
  readonly epoch: number;
  /** Rows of messages before or after these are left out: they are in ClickHouse already, or another's business. */
  readonly rowsFromSeq?: number;
  readonly rowsToSeq?: number;
}

export interface RebuiltRows {
  readonly events: RowBlock;
  readonly decisions: RowBlock;
  readonly fromLogSeq: number;
  readonly toLogSeq: number;
  /** The first record that was not rebuilt: `toRecordSeq + 1`, or less when the range was cut at a day or at its size. */
  readonly nextRecordSeq: number;
  readonly logDay: number;
}

const DAY_MS = 86_400_000;
const NO_ROWS: RowBlock = { bytes: new Uint8Array(0), rows: 0, digest: 0n };

export async function rebuildRows(parts: RebuildParts, range: RebuildRange): Promise<RebuiltRows> {
  const gathered = await gather(parts, range);
  const { records, recordSeqs, messages, nextRecordSeq } = gathered;
  const first = messages[0];
  const last = messages.at(-1);
  if (first === undefined || last === undefined) {
    const at = gathered.logSeqBefore;
    return { events: NO_ROWS, decisions: NO_ROWS, fromLogSeq: at + 1, toLogSeq: at, nextRecordSeq, logDay: gathered.logDay };
  }
  const rowsFromSeq = Math.max(first.seq, range.rowsFromSeq ?? 0);
  const rowsToSeq = Math.min(last.seq, range.rowsToSeq ?? last.seq);
  const { partition, partitions } = parts;
  const rows = await parts.pool.rows({
    op: 'rows',
    partition,
    partitions,
    epoch: range.epoch,
    records,
    recordSeqs,
    frames: packFrames(messages),
    rowsFromSeq,
    rowsToSeq,
  });
  return {
    events: rows.events,
    decisions: rows.decisions,
    fromLogSeq: rowsFromSeq,
    toLogSeq: rowsToSeq,
    nextRecordSeq,
    logDay: gathered.logDay,
  };
}

interface Gathered {
  readonly records: readonly Uint8Array[];
  readonly recordSeqs: readonly number[];
  readonly messages: readonly LogMessage[];
  readonly nextRecordSeq: number;
  readonly logSeqBefore: number;
  readonly logDay: number;
}

async function gather(parts: RebuildParts, range: RebuildRange): Promise<Gathered> {
  const records: Uint8Array[] = [];
  const recordSeqs: number[] = [];
  const messages: LogMessage[] = [];
  let bytes = 0;
  let next = range.fromRecordSeq;
  let logDay: number | undefined;
  let cursor: MessageCursor | undefined;
  let logSeqBefore = 0;
  try {
    for await (const entry of parts.control.range(parts.partition, range.fromRecordSeq, range.toRecordSeq)) {
      const record = decodeControlRecord(entry.data);
      const day = Math.floor(record.logMs / DAY_MS);
      const covers = record.toSeq >= record.fromSeq;
      if (covers && logDay !== undefined && day !== logDay) break;
      if (covers && bytes > (range.bytesMax ?? Number.POSITIVE_INFINITY)) break;
      cursor ??= new MessageCursor(parts.input, parts.partition, record.fromSeq - 1);
      if (records.length === 0) logSeqBefore = record.fromSeq - 1;
      records.push(entry.data);
      recordSeqs.push(entry.seq);
      next = entry.seq + 1;
      if (!covers) continue;
      logDay = day;
      for (const message of await cursor.take(record.fromSeq, record.toSeq)) {
        messages.push(message);
        bytes += message.data.length;
      }
    }
  } finally {
    await cursor?.close();
  }
  assert(next > range.fromRecordSeq, 'a rebuilt range holds at least one record');
  return { records, recordSeqs, messages, nextRecordSeq: next, logSeqBefore, logDay: logDay ?? 0 };
}

/** The runs of outcomes that a record tells. */
export function exceptionsOf(record: ControlRecord): readonly OutcomeRun[] {
  const runs = record.exceptions;
  if (runs === undefined) return [];
  return Array.from(runs.seqDelta, (delta, i) => ({
    seq: record.fromSeq + delta,
    index: must(runs.index[i], 'index'),
    count: must(runs.count[i], 'count'),
    outcome: must(runs.outcome[i], 'outcome'),
    reason: must(runs.reason[i], 'reason'),
    originalSeq: runs.originalSeq[i] ?? 0,
    originalIndex: runs.originalIndex[i] ?? 0,
  }));
}
