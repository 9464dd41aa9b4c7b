/** The history file: what is written is read again, whatever its size. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { FAIL, HistoryWriter, INFO, INVOKE, NO_POSITION, OK, readHistory, readHistoryHead } from '../../../loadtest/simulator/history.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'twinfold-history-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const head = { plan: { seed: 1, baseMs: 1_790_000_000_000 }, tenant: 'sim', devices: ['a', 'b'] };

test('keeps every step with its position', () => {
  const path = join(folder, 'steps');
  const writer = new HistoryWriter(path, head);
  const at = { partition: 15, seq: 9_007_199_254_740_991, index: 4_000_000_000 };
  writer.invoke(0, 1);
  writer.info(0, 1);
  writer.fail(1, 4_294_967_295);
  writer.ok(0, 1, at);
  writer.close();
  assert.deepEqual(readHistoryHead(path), head);
  assert.deepEqual(
    [...readHistory(path)],
    [
      { step: INVOKE, device: 0, n: 1, at: NO_POSITION },
      { step: INFO, device: 0, n: 1, at: NO_POSITION },
      { step: FAIL, device: 1, n: 4_294_967_295, at: NO_POSITION },
      { step: OK, device: 0, n: 1, at },
    ],
  );
  assert.deepEqual(writer.counts, { invoke: 1, ok: 1, fail: 1, info: 1 });
});

test('more than one buffer is written in order', () => {
  const path = join(folder, 'many');
  const writer = new HistoryWriter(path, head);
  for (let n = 1; n <= 20_000; n++) writer.invoke(0, n);
  writer.flush();
  let next = 1;
  for (const entry of readHistory(path)) assert.equal(entry.n, next++);
  assert.equal(next, 20_001);
  writer.close();
});
