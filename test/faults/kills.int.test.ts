/**
 * The crash suite in small: sixty deaths, each kind of process and each failpoint at least once, and then everything that
 * was acknowledged is compared with the log, the twins and ClickHouse. The checker proves itself on planted bugs.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const MAIN = resolve(import.meta.dirname, '../../loadtest/faults/main.ts');
const KILLS = 60;
const SEED = 20_261_123;

async function faults(...args: string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((done) => child.on('exit', done));
  return { code, output };
}

test(`${KILLS} kills: nothing acknowledged is missing, double, out of order or different`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinfold-kills-'));
  const file = join(folder, 'result.json');
  try {
    const { code, output } = await faults('--kills', String(KILLS), '--seed', String(SEED), '--rate', '800', '--json', file);
    assert.equal(code, 0, output);
    const result = JSON.parse(readFileSync(file, 'utf8')) as { readonly findings: { readonly acked: number } };
    assert.ok(result.findings.acked > 1_000, 'there was something to lose');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
