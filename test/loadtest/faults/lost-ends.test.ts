/** Cutting a stopped server's stream: the newest block gets shorter, its index goes. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { cutEnd } from '../../../loadtest/faults/lost-ends.ts';

let data = '';
let messages = '';
before(() => {
  data = mkdtempSync(join(tmpdir(), 'twinfold-cut-'));
  messages = join(data, 'nats', 'store', 'jetstream', '$G', 'streams', 'EV_00', 'msgs');
  mkdirSync(messages, { recursive: true });
});
after(() => rmSync(data, { recursive: true, force: true }));

test('only the newest block that holds something is cut', () => {
  writeFileSync(join(messages, '2.blk'), Buffer.alloc(1_000));
  writeFileSync(join(messages, '10.blk'), Buffer.alloc(500));
  writeFileSync(join(messages, '11.blk'), '');
  writeFileSync(join(messages, 'index.db'), 'index');
  assert.equal(cutEnd(data, 'EV_00'), 100);
  assert.deepEqual(
    ['2.blk', '10.blk', '11.blk'].map((name) => statSync(join(messages, name)).size),
    [1_000, 400, 0],
  );
  assert.equal(existsSync(join(messages, 'index.db')), false);
});

test('a stream that is not there is named', () => {
  assert.throws(() => cutEnd(data, 'EV_07'), /EV_07/);
});
