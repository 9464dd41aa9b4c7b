/** What every input log must do for its readers, whatever keeps it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../../engine/kernel/errors.ts';
import type { InputLogKeeper, InputLogReader } from '../../engine/ports/input-log.ts';

export interface InputLogUnderTest {
  readonly log: InputLogReader & InputLogKeeper;
  append(partition: number, data: Uint8Array): Promise<number>;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (data: Uint8Array): string => Buffer.from(data).toString();

export function inputLogContract(name: string, withLog: (use: (under: InputLogUnderTest) => Promise<void>) => Promise<void>): void {
  test(`${name}: a follower gets what is there and what comes, in order`, async () => {
    await withLog(async ({ log, append }) => {
      await append(0, bytes('a'));
      await append(0, bytes('b'));
      const follower = log.follow(0, 1);
      const read: string[] = [];
      for await (const message of follower) {
        read.push(`${message.seq}:${text(message.data)}`);
        if (read.length === 2) await append(0, bytes('c'));
        if (read.length === 3) follower.stop();
      }
      assert.deepEqual(read, ['1:a', '2:b', '3:c']);
    });
  });

  test(`${name}: a range ends by itself`, async () => {
    await withLog(async ({ log, append }) => {
      for (const word of ['a', 'b', 'c', 'd']) await append(0, bytes(word));
      const read: string[] = [];
      for await (const message of log.range(0, 2, 3)) read.push(text(message.data));
      assert.deepEqual(read, ['b', 'c']);
      for await (const message of log.range(0, 3, 2)) assert.fail(`an empty range gave ${message.seq}`);
    });
  });

  test(`${name}: a purge above the end moves the next sequence there`, async () => {
    await withLog(async ({ log, append }) => {
      await append(0, bytes('a'));
      await log.purge(0, 1_000);
      const bounds = await log.bounds(0);
      assert.equal(bounds.firstSeq, 1_000);
      assert.equal(bounds.lastSeq, 999);
      assert.equal(await append(0, bytes('b')), 1_000);
      assert.equal(await log.get(0, 1), undefined);
      assert.equal(text((await log.get(0, 1_000))?.data ?? new Uint8Array()), 'b');
    });
  });

  test(`${name}: what a purge took is a hole for a follower that wanted it`, async () => {
    await withLog(async ({ log, append }) => {
      for (const word of ['a', 'b', 'c']) await append(0, bytes(word));
      await log.purge(0, 3);
      await assert.rejects(
        async () => {
          for await (const message of log.follow(0, 1)) assert.fail(`got ${message.seq}`);
        },
        (error) => hasCode(error, 'log-hole'),
      );
    });
  });

  test(`${name}: a purge below the first message takes nothing`, async () => {
    await withLog(async ({ log, append }) => {
      await append(0, bytes('a'));
      await log.purge(0, 0);
      await log.purge(0, 1);
      assert.equal(text((await log.get(0, 1))?.data ?? new Uint8Array()), 'a');
    });
  });
}
