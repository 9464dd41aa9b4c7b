/**
 * The crash suite as CI runs it: sixty kills, each process and each failpoint at least once, and afterwards nothing that
 * was acknowledged is missing, double, out of order or different. Takes some minutes.
 */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

import { placesOfTelemetry, VICTIMS } from '../../../loadtest/faults/schedule.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const KILLS = 60;
/** A seed that repeats: another schedule is a change of this number. */
const SEED = 20;
/** The kills stop after this, and the check follows; the file as a whole may take five minutes. */
const FAULTS_S = 220;
const LIMIT_MS = 290_000;

interface Result {
  readonly kills: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly statements: readonly { readonly says: string; readonly holds: boolean }[];
  readonly [figure: string]: unknown;
}

test(`${KILLS} kills cost nothing that was acknowledged`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinfold-kills-'));
  const json = join(folder, 'result.json');
  try {
    const args = [
      'loadtest/faults/main.ts',
      '--kills',
      String(KILLS),
      '--seed',
      String(SEED),
      '--duration',
      String(FAULTS_S),
      '--json',
      json,
    ];
    const { code, output } = await new Promise<{ code: number | string; output: string }>((done) => {
      execFile(process.execPath, args, { cwd: ROOT, timeout: LIMIT_MS }, (error, stdout, stderr) =>
        done({ code: error?.code ?? 0, output: `${stdout}${stderr}` }),
      );
    });
    assert.equal(code, 0, output);
    const result = JSON.parse(readFileSync(json, 'utf8')) as Result;
    assert.equal(result.kills, KILLS);
    const failpoints = execFileSync(process.execPath, ['engine/cli/twinfold.ts', 'failpoints'], { cwd: ROOT, encoding: 'utf8' })
      .trim()
      .split('\n');
    for (const name of [...VICTIMS, ...placesOfTelemetry(failpoints)])
      assert.ok(Number(result[`  ${name}`]) > 0, `nothing died of ${name}\n${output}`);
    assert.ok((result.findings['acked'] ?? 0) > 10_000, output);
    assert.deepEqual(
      result.statements.filter(({ holds }) => !holds),
      [],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
