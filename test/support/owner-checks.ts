/** What must hold of a partition's logs and of what was made of them, however many owners there were. */
import assert from 'node:assert/strict';
import { RECORD_KIND } from '../../schemas/envelope.ts';
import type { FoldPool } from '../../engine/ports/fold-pool.ts';
import type { LogMessage } from '../../engine/ports/input-log.ts';
import { OUTCOMES } from '../../engine/kernel/outcome.ts';
import { FoldRun } from './fold-run.ts';
import type { World } from './owner-harness.ts';
import type { CellValue } from './row-binary.ts';

/** The whole log, folded once by itself. */
export class Expected {
  readonly run = new FoldRun();
  readonly rows: string[] = [];

  constructor(messages: readonly LogMessage[]) {
    for (const message of messages) {
      for (const row of this.run.rows(this.run.fold([message]))) {
        const [seq, index, item, outcome] = ['log_seq', 'batch_index', 'item', 'outcome'].map((column) => cellText(row[column]));
        this.rows.push(`${seq}.${index}/${item} ${outcome}`);
      }
    }
  }
}

function cellText(cell: CellValue | undefined): string {
  assert.ok(typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'bigint');
  return `${cell}`;
}

export async function messagesOf(world: World): Promise<readonly LogMessage[]> {
  const { firstSeq, lastSeq } = await world.input.bounds(0);
  return Array.fromAsync(world.input.range(0, firstSeq, lastSeq));
}

/** Rows as they are in the analytics store, one text each. */
export function storedRows(world: World): readonly string[] {
  return world.analytics.rows('events').map((row) => `${row.logSeq}.${row.batchIndex}/${row.item} ${OUTCOMES[row.outcome] ?? row.outcome}`);
}

/** Every row of the log is in the store, once, and no other. */
export function assertRowsOnce(world: World, expected: readonly string[]): void {
  assert.deepEqual([...storedRows(world)].toSorted(), [...expected].toSorted());
}

/** Records cover the log without a hole and without an overlap, and each is of the owner that claimed last. */
export async function assertRecordsContiguous(world: World): Promise<void> {
  const records = await world.records();
  const [first] = records;
  let covered = (first?.fromSeq ?? 1) - 1;
  let epoch = 0;
  const firstSeq = (await world.control.lastSeq(0)) - records.length + 1;
  for (const [i, record] of records.entries()) {
    assert.equal(record.last?.seq ?? 0, record.toSeq, `record ${firstSeq + i}`);
    if (record.kind === RECORD_KIND.repair) covered = record.toSeq;
    else if (record.fromSeq <= record.toSeq && records[i - 1]?.repair !== undefined)
      assert.equal(record.fromSeq, records[i - 1]?.repair?.resumedSeq);
    else assert.equal(record.fromSeq, covered + 1, `record ${firstSeq + i} covers on from ${covered}`);
    covered = record.toSeq;
    if (record.kind === RECORD_KIND.claim) epoch = firstSeq + i;
    else if (epoch !== 0) assert.equal(record.epoch, epoch, `record ${firstSeq + i} is of the last claim`);
  }
}

/** Twins and rows are what one fold of the whole log gives. */
export async function assertAsFolded(world: World, devices: readonly string[], pool?: FoldPool): Promise<void> {
  const expected = new Expected(await messagesOf(world));
  assertRowsOnce(world, expected.rows);
  await assertRecordsContiguous(world);
  const life = world.start(pool === undefined ? {} : { pool });
  await life.state('folding');
  for (const device of devices) assert.deepEqual(await life.twin(device), expected.run.twin(device), device);
  await life.stop();
}
