/** What every reader of a control log must do, whatever keeps it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../../engine/kernel/errors.ts';
import type { ControlLog } from '../../engine/ports/control-log.ts';
import type { RecordLogReader } from '../../engine/ports/record-log.ts';

export interface RecordLogPair {
  readonly log: ControlLog;
  readonly reader: RecordLogReader;
}

async function filled(log: ControlLog, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq++) await log.append(0, Buffer.from(`r${seq}`), seq - 1);
}

export function recordLogContract(name: string, withPair: (use: (pair: RecordLogPair) => Promise<void>) => Promise<void>): void {
  test(`${name}: a follower gets what is there and what comes, in order, until it is stopped`, async () => {
    await withPair(async ({ log, reader }) => {
      await filled(log, 1, 3);
      const follower = reader.follow(0, 2, 2);
      const read: string[] = [];
      for await (const entry of follower) {
        read.push(`${entry.seq}:${Buffer.from(entry.data).toString()}`);
        if (entry.seq === 3) await filled(log, 4, 6);
        if (entry.seq === 6) follower.stop();
      }
      assert.deepEqual(read, ['2:r2', '3:r3', '4:r4', '5:r5', '6:r6']);
    });
  });

  test(`${name}: bounds say what is there, and of an empty log where it would begin`, async () => {
    await withPair(async ({ log, reader }) => {
      const empty = await reader.bounds(0);
      assert.equal(empty.lastSeq, empty.firstSeq - 1);
      await filled(log, 1, 5);
      await log.purge(0, 3);
      assert.deepEqual([(await reader.bounds(0)).firstSeq, (await reader.bounds(0)).lastSeq], [3, 5]);
      assert.equal(await reader.get(0, 2), undefined);
      assert.equal(Buffer.from((await reader.get(0, 4))?.data ?? []).toString(), 'r4');
    });
  });

  test(`${name}: what was purged is a hole for a follower that wants it`, async () => {
    await withPair(async ({ log, reader }) => {
      await filled(log, 1, 5);
      await log.purge(0, 3);
      const follow = async (): Promise<void> => {
        for await (const entry of reader.follow(0, 2)) assert.ok(entry.seq < 0);
      };
      await assert.rejects(follow, (error) => hasCode(error, 'log-hole'));
    });
  });
}
