/** Which rows make the next block, and whose rows are given up when memory is short. */
import type { PartitionPlan, SinkBatch, SinkPlan } from '../domain/sink-plan.ts';
import type { SinkBuffer } from './sink-buffer.ts';
import type { SinkLimits } from './sink-limits.ts';

type BufferOf = (partition: number) => SinkBuffer | undefined;

/** Whether enough rows wait, or the oldest have waited for long enough. Partitions that can't write now don't count. */
export function flushIsDue(plan: SinkPlan, bufferOf: BufferOf, when: { readonly now: number; readonly limits: SinkLimits }): boolean {
  let rows = 0;
  let oldestMs = when.now;
  for (const { buffer } of ready(plan, bufferOf)) {
    rows += buffer.rows;
    oldestMs = Math.min(oldestMs, buffer.oldestMs ?? when.now);
  }
  return rows >= when.limits.flushRows || (rows > 0 && when.now - oldestMs >= when.limits.flushMs);
}

/** What each partition's intent will say. Within the limits of a block, but never nothing. */
export function nextBatches(plan: SinkPlan, bufferOf: BufferOf, limits: SinkLimits): readonly SinkBatch[] {
  const batches: SinkBatch[] = [];
  let rowsMax = limits.blockRowsMax;
  let bytesMax = limits.blockBytesMax;
  for (const { p, buffer } of ready(plan, bufferOf)) {
    if (rowsMax <= 0 || bytesMax <= 0) break;
    const batch = buffer.batch(p.partition, p.epoch, { rowsMax, bytesMax });
    if (batch === undefined) continue;
    batches.push(batch);
    rowsMax -= batch.tables.reduce((sum, table) => sum + table.rows, 0);
    bytesMax -= buffer.bytes;
  }
  return batches;
}

/** Partitions that have rows in hand and may write, those with the oldest rows first, so that none is left behind. */
function ready(plan: SinkPlan, bufferOf: BufferOf): readonly { readonly p: PartitionPlan; readonly buffer: SinkBuffer }[] {
  return plan.partitions
    .flatMap((p) => {
      const buffer = p.phase === 'armed' ? bufferOf(p.partition) : undefined;
      return buffer === undefined || buffer.rows === 0 ? [] : [{ p, buffer }];
    })
    .toSorted((a, b) => (a.buffer.oldestMs ?? 0) - (b.buffer.oldestMs ?? 0));
}

/** Makes partitions give up rows that no intent speaks of, the fullest first, until the bound is kept. Answers the bytes left. */
export function shedRows(plan: SinkPlan, bufferOf: BufferOf, bytesMax: number): number {
  const all = plan.partitions.flatMap((p) => {
    const buffer = bufferOf(p.partition);
    return buffer === undefined ? [] : [{ p, buffer }];
  });
  let bytes = all.reduce((sum, { buffer }) => sum + buffer.bytes, 0);
  for (const { p, buffer } of all.toSorted((a, b) => b.buffer.bytes - a.buffer.bytes)) {
    if (bytes <= bytesMax) break;
    bytes -= buffer.bytes;
    buffer.shed(p.intent?.to ?? p.hwm);
    bytes += buffer.bytes;
  }
  return bytes;
}
