/**
 * When the input log lost its end: power was lost where nothing was fsynced, or an older copy was restored. What survived
 * is folded and brought into ClickHouse; then the log goes on above every sequence that anybody knows, so that a position
 * never names two events, and the range that is gone is written down.
 *
 * Writers wait meanwhile: a lane opens only when the partition's owner says that the log's end is as it should be. Every
 * step may be cut short by a crash; the next owner finds the same state, or the repair's record, and goes on from there.
 */
import { encodeControlRecord, RECORD_KIND, readBatchIdentity, type CoveredMessage, type Repair } from '../../schemas/envelope.ts';
import type { RowBlock } from '../../workers/protocol.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import type { SinkTable } from '../ports/analytics-sink.ts';
import type { InputLogReader } from '../ports/input-log.ts';
import type { ControlState } from './claim.ts';
import type { ControlWriter } from './control-writer.ts';
import { packFrames } from './frames.ts';
import type { OwnerParts } from './owner-parts.ts';
import { rebuildRows } from './rebuild.ts';
import { recoverUpTo } from './recovery.ts';

const FOLD_VERSION = 1;
/** A survivor's messages are folded in tasks of this size. */
const CHUNK_MESSAGES = 500;
const REBUILD_BYTES_MAX = 16 * 1024 * 1024;

/** Answers the state after the repair; the worker holds what survived. Rejects when ClickHouse is away: try again. */
export async function repairLostEnd(parts: OwnerParts, claimed: ControlState, keptSeq: number): Promise<ControlState> {
  const { partition, analytics, log } = parts;
  await analytics.fence([{ partition, epoch: claimed.epoch }], claimed.unfenced);
  const { hwmLogSeq, intent } = claimed.sink;
  const writtenSeq = Math.max(hwmLogSeq, await analytics.maxLogSeq(partition, hwmLogSeq));
  const resumedBefore = claimed.repair?.resumedSeq ?? 0;
  const resumedSeq = Math.max(claimed.last.seq + 1, keptSeq + 1, writtenSeq + 1, (intent?.toLogSeq ?? 0) + 1, resumedBefore);
  const recovered = await recoverUpTo(parts, claimed, keptSeq);
  const borders = [hwmLogSeq, intent?.toLogSeq ?? 0, writtenSeq, keptSeq].filter((seq) => seq <= keptSeq).toSorted((a, b) => a - b);
  await writeRecordedRows(parts, claimed, { lastRecordSeq: recovered.lastRecordSeq, borders });
  const logMs = await foldRest(parts, claimed, { from: recovered.lastSeq + 1, to: keptSeq, logMs: recovered.logMs, borders });
  const recordSeq = claimed.recordSeq + 1;
  const snapshot = await parts.pool.snapshot({ op: 'snapshot', partition, recordSeq });
  // Named after the repair's record: without that record, should it never come, the snapshot counts for nothing.
  await parts.snapshots.put({ partition, recordSeq, logSeq: keptSeq }, snapshot.bytes);
  const repair: Repair = { keptSeq, resumedSeq, what: `messages ${keptSeq + 1} to ${claimed.last.seq} are gone` };
  const state = await writeRepair(parts, claimed, { repair, logMs, last: await coveredAt(parts.input, partition, keptSeq) });
  await finishRepair(parts, repair);
  log.error('log-lost-its-end', { partition, keptSeq, lostTo: claimed.last.seq, resumedSeq });
  return state;
}

/** What follows once the repair's record is there; does again whatever a crash left undone. */
export async function finishRepair(parts: Pick<OwnerParts, 'partition' | 'input' | 'snapshots'>, repair: Repair): Promise<void> {
  const { partition, input, snapshots } = parts;
  // They reflect messages that are gone.
  for (const name of await snapshots.list(partition))
    if (name.logSeq > repair.keptSeq && name.logSeq < repair.resumedSeq) await snapshots.remove(name);
  const bounds = await input.bounds(partition);
  if (bounds.firstSeq < repair.resumedSeq) await input.purge(partition, repair.resumedSeq);
}

/**
 * Rows of records whose messages all survived, as far as ClickHouse lacks them. Between two borders it has all of them or
 * none: what was written, what an open intent speaks of, and the rest, are looked at apart from each other.
 */
async function writeRecordedRows(
  parts: OwnerParts,
  claimed: ControlState,
  recorded: { readonly lastRecordSeq: number; readonly borders: readonly number[] },
): Promise<void> {
  const { lastRecordSeq, borders } = recorded;
  let rowsFromSeq = claimed.sink.hwmLogSeq + 1;
  for (const rowsToSeq of borders) {
    let next = claimed.sink.hwm + 1;
    while (rowsToSeq >= rowsFromSeq && next <= lastRecordSeq) {
      const rows = await rebuildRows(parts, {
        fromRecordSeq: next,
        toRecordSeq: lastRecordSeq,
        epoch: claimed.epoch,
        bytesMax: REBUILD_BYTES_MAX,
        rowsFromSeq,
        rowsToSeq,
      });
      const range = { from: rows.fromLogSeq, to: rows.toLogSeq };
      await writeIfMissing(parts, { table: 'events', rows: rows.events, ...range });
      await writeIfMissing(parts, { table: 'decisions', rows: rows.decisions, ...range });
      next = rows.nextRecordSeq;
    }
    rowsFromSeq = Math.max(rowsFromSeq, rowsToSeq + 1);
  }
}

/** Messages of a record whose last ones are gone: its decisions can't be applied in part, so they are made again. */
async function foldRest(
  parts: OwnerParts,
  claimed: ControlState,
  rest: { readonly from: number; readonly to: number; readonly logMs: number; readonly borders: readonly number[] },
): Promise<number> {
  const { partition, input, pool } = parts;
  let { from, logMs } = rest;
  while (from <= rest.to) {
    const first = from;
    const to = Math.min(first + CHUNK_MESSAGES - 1, rest.borders.find((border) => border >= first) ?? rest.to);
    const messages = await Array.fromAsync(input.range(partition, first, to));
    const result = await pool.fold({
      op: 'fold',
      partition,
      recordSeq: claimed.recordSeq + 1,
      epoch: claimed.epoch,
      frames: packFrames(messages),
      reads: [],
      killers: parts.killers(partition),
    });
    if (result.toSeq > claimed.sink.hwmLogSeq) {
      await writeIfMissing(parts, { table: 'events', rows: result.events, from: result.fromSeq, to: result.toSeq });
      await writeIfMissing(parts, { table: 'decisions', rows: result.decisions, from: result.fromSeq, to: result.toSeq });
    }
    from = result.toSeq + 1;
    logMs = result.logMs;
  }
  return logMs;
}

interface MissingRows {
  readonly table: SinkTable;
  readonly rows: RowBlock;
  readonly from: number;
  readonly to: number;
}

async function writeIfMissing(parts: OwnerParts, missing: MissingRows): Promise<void> {
  const { table, rows, from, to } = missing;
  if (rows.rows === 0) return;
  const { analytics, partition, member } = parts;
  const there = await analytics.count(table, { partition, fromLogSeq: from, toLogSeq: to });
  if (there.rows === rows.rows && there.digest === rows.digest) return;
  if (there.rows === 0) {
    await analytics.insert(table, [rows.bytes], `sink:${member.instance}:repair-${partition}-${from}`);
    return;
  }
  throw new TwinfoldError(
    'corrupt',
    `partition ${partition}: ClickHouse has ${there.rows} of ${rows.rows} rows of ${table} for messages ${from} to ${to}, and they differ from the log`,
    {
      domain: 'external',
      retryable: false,
    },
  );
}

async function writeRepair(
  parts: OwnerParts,
  claimed: ControlState,
  done: { readonly repair: Repair; readonly logMs: number; readonly last: CoveredMessage },
): Promise<ControlState> {
  const recordSeq = claimed.recordSeq + 1;
  // ClickHouse may have rows of what is gone: they stay, and are known.
  const sink = { hwm: recordSeq, hwmLogSeq: done.repair.resumedSeq - 1, intent: undefined };
  const { node, instance } = parts.member;
  const bytes = encodeControlRecord({
    kind: RECORD_KIND.repair,
    epoch: claimed.epoch,
    foldVersion: FOLD_VERSION,
    fromSeq: done.repair.keptSeq + 1,
    toSeq: done.repair.keptSeq,
    last: done.last,
    logMsBefore: done.logMs,
    logMs: done.logMs,
    outboxDone: claimed.outboxDone,
    sink,
    claim: { node, instance },
    repair: done.repair,
  });
  await parts.control.append(parts.partition, bytes, claimed.recordSeq);
  return { ...claimed, recordSeq, last: done.last, logMs: done.logMs, sink, unfenced: [], repair: done.repair };
}

async function coveredAt(input: InputLogReader, partition: number, seq: number): Promise<CoveredMessage> {
  const message = await input.get(partition, seq);
  if (message === undefined) return { seq, timestampMs: 0, edgeEpoch: 0, counter: 0 };
  return { seq, timestampMs: message.timeMs, ...readBatchIdentity(message.data) };
}

/**
 * ClickHouse holds rows that the control log knows nothing of. The fold is deterministic, so folding again gives the same
 * rows: once it has come that far, they are compared, and the sink goes on behind them. Rejects when they differ.
 */
export async function mendControlLog(parts: OwnerParts, writer: ControlWriter, maxLogSeq: number): Promise<void> {
  const { partition } = parts;
  await writer.settle();
  const { sink, recordSeq, epoch } = writer.state;
  const fits = await rowsMatch(parts, {
    fromRecordSeq: sink.hwm + 1,
    toRecordSeq: recordSeq,
    fromSeq: sink.hwmLogSeq + 1,
    toSeq: maxLogSeq,
    epoch,
  });
  if (!fits) {
    throw new TwinfoldError('corrupt', `partition ${partition}: ClickHouse's rows up to message ${maxLogSeq} are not what the log gives`, {
      domain: 'external',
      retryable: false,
    });
  }
  parts.log.error('control-log-lost-its-end', { partition, hwmLogSeq: sink.hwmLogSeq, maxLogSeq });
  // The record that covers the last row may cover more; the sink builds its rows again and leaves out what is there.
  writer.mend({ hwm: sink.hwm, hwmLogSeq: maxLogSeq, intent: undefined });
}

/** Whether ClickHouse has exactly the rows that the control log, folded again, says it should have up to a message. */
async function rowsMatch(
  parts: OwnerParts,
  range: {
    readonly fromRecordSeq: number;
    readonly toRecordSeq: number;
    readonly fromSeq: number;
    readonly toSeq: number;
    readonly epoch: number;
  },
): Promise<boolean> {
  const sums: Record<SinkTable, { rows: number; digest: bigint }> = { events: { rows: 0, digest: 0n }, decisions: { rows: 0, digest: 0n } };
  let next = range.fromRecordSeq;
  while (next <= range.toRecordSeq) {
    const rows = await rebuildRows(parts, {
      fromRecordSeq: next,
      toRecordSeq: range.toRecordSeq,
      epoch: range.epoch,
      bytesMax: REBUILD_BYTES_MAX,
      rowsFromSeq: range.fromSeq,
      rowsToSeq: range.toSeq,
    });
    for (const table of TABLES) {
      sums[table].rows += rows[table].rows;
      sums[table].digest = BigInt.asUintN(64, sums[table].digest + rows[table].digest);
    }
    next = rows.nextRecordSeq;
  }
  const counts = await Promise.all(
    TABLES.map(async (table) =>
      parts.analytics.count(table, { partition: parts.partition, fromLogSeq: range.fromSeq, toLogSeq: range.toSeq }),
    ),
  );
  return TABLES.every((table, i) => counts[i]?.rows === sums[table].rows && counts[i].digest === sums[table].digest);
}

const TABLES = ['events', 'decisions'] as const satisfies readonly SinkTable[];
