import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from './support/tree.ts';

const HEAD = "const { it } = require('node:test');\n";
const folder = mkdtempSync(join(tmpdir(), 'twinfold-run-'));

interface Ended {
  readonly status: number | null;
  readonly lastLine: string;
}

function runner(...args: readonly string[]): Ended {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const paths = args.map((arg) => (arg.endsWith('.js') ? join(folder, arg) : arg));
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'test/run.ts'), ...paths], { encoding: 'utf8', env, timeout: 60_000 });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' };
}

function write(name: string, body: string): void {
  writeFileSync(join(folder, name), HEAD + body);
}

describe('the test runner', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));
  write('good.test.js', "it('a', () => {});\nit('b', () => {});\n");
  write('bad.test.js', "it('a', () => {});\nit('b', () => { throw new Error('no'); });\n");
  write('left-out.test.js', "it('a', () => {});\nit('b', { skip: 'absent' }, () => {});\n");
  write('broken.test.js', "throw new Error('while loading');\n");
  write(
    'hook.test.js',
    "const { describe, after } = require('node:test');\ndescribe('s', () => { after(() => { throw new Error('no'); }); it('a', () => {}); });\n",
  );
  write('hanging.test.js', "it('a', () => {});\nsetInterval(() => {}, 1_000);\n");
  write('apart.int.test.js', "it('a', () => {});\n");

  it('counts what passed in its last line', () => {
    assert.deepEqual(runner('good.test.js', 'apart.int.test.js'), { status: 0, lastLine: '3 passed, 0 failed' });
  });

  it('fails when a test does', () => {
    assert.deepEqual(runner('bad.test.js', 'good.test.js'), { status: 1, lastLine: '3 passed, 1 failed' });
  });

  it('says what was skipped', () => {
    assert.deepEqual(runner('left-out.test.js'), { status: 0, lastLine: '1 passed, 0 failed, 1 skipped' });
  });

  it('fails when a file cannot be loaded', () => {
    assert.deepEqual(runner('broken.test.js', 'good.test.js'), { status: 1, lastLine: '2 passed, 1 failed' });
  });

  it('fails when only a hook does', () => {
    assert.deepEqual(runner('hook.test.js'), { status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('ends a file that does not end by itself, and counts it as failed', () => {
    assert.deepEqual(runner('--file-ms', '1500', 'hanging.test.js'), { status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('fails when nothing ran', () => {
    assert.deepEqual(runner('no-such.test.js'), { status: 1, lastLine: '0 passed, 0 failed' });
  });
});
