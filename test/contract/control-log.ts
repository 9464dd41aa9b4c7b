/** What every control log must do, whatever keeps it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../../engine/kernel/errors.ts';
import type { ControlLog } from '../../engine/ports/control-log.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

export function controlLogContract(name: string, withLog: (use: (log: ControlLog) => Promise<void>) => Promise<void>): void {
  test(`${name}: an empty log ends at 0 and takes its first record there`, async () => {
    await withLog(async (log) => {
      assert.equal(await log.lastSeq(0), 0);
      assert.equal(await log.append(0, bytes('a'), 0), 1);
      assert.equal(await log.lastSeq(0), 1);
      assert.equal(await log.get(0, 2), undefined);
    });
  });

  test(`${name}: of two who expect the same end, one is fenced and nothing of it stays`, async () => {
    await withLog(async (log) => {
      await log.append(0, bytes('a'), 0);
      await log.append(0, bytes('b'), 1);
      await assert.rejects(log.append(0, bytes('stale'), 1), (error) => hasCode(error, 'fenced'));
      assert.equal(await log.lastSeq(0), 2);
      assert.equal(Buffer.from((await log.get(0, 2))?.data ?? []).toString(), 'b');
    });
  });

  test(`${name}: partitions don't share an end`, async () => {
    await withLog(async (log) => {
      await log.append(0, bytes('a'), 0);
      assert.equal(await log.append(1, bytes('b'), 0), 1);
    });
  });

  test(`${name}: a range is read in order, and a purged one is a hole`, async () => {
    await withLog(async (log) => {
      for (let seq = 0; seq < 5; seq++) await log.append(0, bytes(`r${seq + 1}`), seq);
      const read: string[] = [];
      for await (const entry of log.range(0, 2, 4)) read.push(`${entry.seq}:${Buffer.from(entry.data).toString()}`);
      assert.deepEqual(read, ['2:r2', '3:r3', '4:r4']);
      await log.purge(0, 3);
      assert.equal(await log.get(0, 2), undefined);
      assert.equal(await log.append(0, bytes('r6'), 5), 6);
      await assert.rejects(
        async () => {
          for await (const entry of log.range(0, 2, 4)) assert.ok(entry.seq >= 2);
        },
        (error) => hasCode(error, 'log-hole'),
      );
    });
  });

  test(`${name}: a purge below the first record takes nothing`, async () => {
    await withLog(async (log) => {
      await log.append(0, bytes('a'), 0);
      await log.purge(0, 0);
      await log.purge(0, 1);
      assert.equal(Buffer.from((await log.get(0, 1))?.data ?? []).toString(), 'a');
    });
  });
}
