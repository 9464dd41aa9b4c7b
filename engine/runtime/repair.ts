/**
 * When the input log lost its end: power was lost where nothing was fsynced, or an older copy was restored. What survived
 * is folded and brought into ClickHouse; then the log goes on above every sequence that anybody knows, so that a position
 * never names two events, and the range that is gone is written down.
 *
 * Writers wait meanwhile: a lane opens only when the partition's owner says that the log's end is as it should be. Every
 * step may be cut short by a crash; the next owner finds the same state, or the repair's record, and goes on from there.
 */
import { decodeControlRecord, encodeControlRecord, RECORD_KIND, type CoveredMessage, type Repair } from '../../schemas/envelope.ts';
import type { RowBlock, TaskEffect } from '../../workers/protocol.ts';
import { TwinfoldError, hasCode } from '../kernel/errors.ts';
import type { SinkTable } from '../ports/analytics-sink.ts';
import type { InputLogReader } from '../ports/input-log.ts';
import { claimPartition, coveredMessage, type ControlState } from './claim.ts';
import type { ControlWriter } from './control-writer.ts';
import { packFrames } from './frames.ts';
import { UNKNOWN_MESSAGES_MAX } from './log-ends.ts';
import type { OwnerParts } from './owner-parts.ts';
import { rebuildRows } from './rebuild.ts';
import { recoverUpTo } from './recovery.ts';

/** Of records that fold nothing: any fold reads them. */
const FOLD_VERSION_MIN = 1;
/** A survivor's messages are folded in tasks of this size. */
const CHUNK_MESSAGES = 500;
/** Less than a stop may take: an owner that waits here doesn't hear of one. */
const CLICKHOUSE_WAIT_MS = 3_000;
const CLICKHOUSE_RETRY_MS = 200;
/** About a second's worth, against a control log that lost minutes. */
const CLAIMS_AT_ONCE = 500;
const REBUILD_BYTES_MAX = 16 * 1024 * 1024;
/** Of the repair's record, which must stay below the server's largest message. */
const EFFECTS_BYTES_MAX = 512 * 1024;

/**
 * `keptSeq` is where the log ends now: below what the control log covers, or below what is known otherwise (where the
 * control log lost its end too, its records stop short of what survived). Answers the state after the repair; the worker
 * holds what survived. Rejects when ClickHouse is away: try again.
 */
export async function repairLostEnd(parts: OwnerParts, claimed: ControlState, keptSeq: number): Promise<Repaired> {
  await fencePatiently(parts, claimed);
  try {
    return await repairFenced(parts, claimed, keptSeq);
  } catch (error) {
    if (hasCode(error, 'sink-fenced')) await outgrowFence(parts, claimed);
    throw error;
  }
}

export interface Repaired {
  readonly state: ControlState;
  readonly devices: number;
}

/**
 * ClickHouse refuses rows of this epoch: somebody else has claimed, or the control log lost its latest claims and counts up
 * to them again. In the second case it is made longer, so that one of the next owners has an epoch that ClickHouse takes.
 */
async function outgrowFence(parts: OwnerParts, claimed: ControlState): Promise<void> {
  let { recordSeq } = claimed;
  for (let claims = 0; claims < CLAIMS_AT_ONCE; claims++) ({ recordSeq } = await claimPartition(parts, recordSeq));
}

async function repairFenced(parts: OwnerParts, claimed: ControlState, keptSeq: number): Promise<Repaired> {
  const { partition, analytics } = parts;
  const { hwmLogSeq, intent } = claimed.sink;
  const ahead = await analytics.maxLogSeq(partition, hwmLogSeq);
  const writtenSeq = Math.max(hwmLogSeq, ahead);
  const recovered = await recoverUpTo(parts, claimed, keptSeq);
  const borders = [hwmLogSeq, intent?.toLogSeq ?? 0, writtenSeq, keptSeq].filter((seq) => seq <= keptSeq).toSorted((a, b) => a - b);
  await writeRecordedRows(parts, claimed, { lastRecordSeq: recovered.lastRecordSeq, borders });
  const folded = await foldRest(parts, claimed, { from: await nextToFold(parts, recovered), to: keptSeq, ...recovered, borders });
  const recordSeq = claimed.recordSeq + 1;
  const snapshot = await parts.pool.snapshot({ op: 'snapshot', partition, recordSeq });
  // Named after the repair's record: without that record, should it never come, the snapshot counts for nothing.
  await parts.snapshots.put({ partition, recordSeq, logSeq: folded.lastSeq }, snapshot.bytes);
  const lostTo = Math.max(claimed.last.seq, keptSeq, ahead, intent?.toLogSeq ?? 0, parts.ends.highest(partition));
  const resumedBefore = Math.max(claimed.repair?.resumedSeq ?? 0, hwmLogSeq + 1);
  const repair: Repair = {
    keptSeq: folded.lastSeq,
    resumedSeq: Math.max(lostTo + 1 + UNKNOWN_MESSAGES_MAX, resumedBefore),
    what: `messages ${keptSeq + 1} to ${lostTo} are gone, and any behind them`,
  };
  await assertNobodyWrote(parts, keptSeq);
  const last = await coveredAt(parts.input, partition, folded.lastSeq);
  const state = await writeRepair(parts, claimed, { repair, logMs: folded.logMs, last, effects: folded.effects });
  await finishRepair(parts, repair);
  tellOfRepair(parts, claimed, { keptSeq, lostTo, resumedSeq: repair.resumedSeq, writtenSeq: ahead });
  return { state, devices: snapshot.devices };
}

/** Waiting for ClickHouse here, rather than starting over, lets writers hear that the log's end is being looked at. */
async function fencePatiently(parts: OwnerParts, claimed: ControlState): Promise<void> {
  const { analytics, clock, partition } = parts;
  const giveUpAtMs = clock.monotonic() + CLICKHOUSE_WAIT_MS;
  for (;;) {
    try {
      return await analytics.fence([{ partition, epoch: claimed.epoch }], claimed.unfenced);
    } catch (error) {
      if (!hasCode(error, 'sink-unavailable') || clock.monotonic() > giveUpAtMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, CLICKHOUSE_RETRY_MS));
  }
}

function tellOfRepair(
  parts: OwnerParts,
  claimed: ControlState,
  told: { readonly keptSeq: number; readonly lostTo: number; readonly resumedSeq: number; readonly writtenSeq: number },
): void {
  const { ends, log, partition } = parts;
  const { writtenSeq, ...facts } = told;
  const { hwmLogSeq, intent } = claimed.sink;
  log.error('log-lost-its-end', { partition, ...facts });
  ends.lost({ partition, log: 'input', fromSeq: facts.keptSeq + 1, toSeq: facts.lostTo, resumedSeq: facts.resumedSeq });
  if (writtenSeq <= Math.max(hwmLogSeq, intent?.toLogSeq ?? 0)) return;
  log.error('control-log-lost-its-end', { partition, hwmLogSeq, maxLogSeq: writtenSeq });
  ends.lost({ partition, log: 'control', fromSeq: hwmLogSeq + 1, toSeq: writtenSeq });
}

/** Between what an earlier repair kept and where it moved the log on there is nothing to be folded. */
async function nextToFold(
  parts: Pick<OwnerParts, 'control' | 'partition'>,
  recovered: { readonly lastSeq: number; readonly lastRecordSeq: number },
): Promise<number> {
  const { lastRecordSeq, lastSeq } = recovered;
  const entry = await parts.control.get(parts.partition, lastRecordSeq);
  const repair = entry === undefined ? undefined : decodeControlRecord(entry.data).repair;
  return repair?.keptSeq === lastSeq ? Math.max(lastSeq + 1, repair.resumedSeq) : lastSeq + 1;
}

/** What came meanwhile, from a writer that didn't wait for the owner's word, survives the repair as well: start over with it. */
async function assertNobodyWrote(parts: Pick<OwnerParts, 'input' | 'partition'>, keptSeq: number): Promise<void> {
  const { lastSeq } = await parts.input.bounds(parts.partition);
  // A message that can't be read ends the log as far as anybody can use it.
  if (lastSeq <= keptSeq || (await parts.input.get(parts.partition, keptSeq + 1)) === undefined) return;
  throw new TwinfoldError('log-lost-its-end', `partition ${parts.partition}: the log went on to ${lastSeq} while its end was mended`, {
    domain: 'external',
    retryable: true,
  });
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

/** Messages of a record whose last ones are gone, or that is gone itself: its decisions are made again. */
async function foldRest(
  parts: OwnerParts,
  claimed: ControlState,
  rest: {
    readonly from: number;
    readonly to: number;
    readonly lastSeq: number;
    readonly logMs: number;
    readonly borders: readonly number[];
  },
): Promise<{ readonly lastSeq: number; readonly logMs: number; readonly effects: readonly TaskEffect[] }> {
  const { partition, input, pool } = parts;
  let { from, lastSeq, logMs } = rest;
  const effects: TaskEffect[] = [];
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
      sessionReads: [],
      killers: parts.killers(partition),
    });
    if (result.toSeq > claimed.sink.hwmLogSeq) {
      await writeIfMissing(parts, { table: 'events', rows: result.events, from: result.fromSeq, to: result.toSeq });
      await writeIfMissing(parts, { table: 'decisions', rows: result.decisions, from: result.fromSeq, to: result.toSeq });
    }
    for (const effect of result.effects) effects.push(effect);
    lastSeq = result.toSeq;
    from = lastSeq + 1;
    logMs = result.logMs;
  }
  return { lastSeq, logMs, effects: keptEffects(parts, effects) };
}

/** As many as the repair's record has room for. */
function keptEffects({ log, partition }: Pick<OwnerParts, 'log' | 'partition'>, effects: readonly TaskEffect[]): readonly TaskEffect[] {
  let bytes = 0;
  const end = effects.findIndex(({ body }) => (bytes += body.length) > EFFECTS_BYTES_MAX);
  if (end < 0) return effects;
  log.error('effects-lost', { partition, count: effects.length - end });
  return effects.slice(0, end);
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
  done: { readonly repair: Repair; readonly logMs: number; readonly last: CoveredMessage; readonly effects: readonly TaskEffect[] },
): Promise<ControlState> {
  const recordSeq = claimed.recordSeq + 1;
  const outboxDone = claimed.outboxDone === 0 ? claimed.recordSeq : claimed.outboxDone;
  // ClickHouse may have rows of what is gone: they stay, and are known.
  const sink = { hwm: recordSeq, hwmLogSeq: done.repair.resumedSeq - 1, intent: undefined };
  const { node, instance } = parts.member;
  const bytes = encodeControlRecord({
    kind: RECORD_KIND.repair,
    epoch: claimed.epoch,
    foldVersion: FOLD_VERSION_MIN,
    fromSeq: done.repair.keptSeq + 1,
    toSeq: done.repair.keptSeq,
    last: done.last,
    logMsBefore: done.logMs,
    logMs: done.logMs,
    // Where nothing was said of effects there were none, and there may be some now.
    outboxDone,
    sink,
    claim: { node, instance },
    repair: done.repair,
    decisions: done.effects.length === 0 ? [] : [{ kind: 'repair', effects: done.effects }],
  });
  await parts.control.append(parts.partition, bytes, claimed.recordSeq);
  return { ...claimed, recordSeq, last: done.last, logMs: done.logMs, sink, unfenced: [], outboxDone, repair: done.repair };
}

async function coveredAt(input: InputLogReader, partition: number, seq: number): Promise<CoveredMessage> {
  const message = await input.get(partition, seq);
  if (message === undefined) return { seq, timestampMs: 0, edgeEpoch: 0, counter: 0 };
  return coveredMessage(message);
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
  parts.ends.lost({ partition, log: 'control', fromSeq: sink.hwmLogSeq + 1, toSeq: maxLogSeq });
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
