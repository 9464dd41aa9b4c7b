import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../engine/cli/twinfold.ts', import.meta.url));

function twinfold(...words: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('the command line', () => {
  it('helps', () => {
    for (const words of [[], ['help'], ['--help'], ['-h']]) assert.match(twinfold(...words).out, /^Usage: twinfold <command>/);
    for (const words of [
      ['help', 'dev'],
      ['dev', '--help'],
      ['dev', '--nonsense', '-h'],
    ]) {
      const { code, out } = twinfold(...words);
      assert.equal(code, 0);
      assert.match(out, /--http-port PORT/);
    }
  });

  it('knows its version', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
    assert.equal(twinfold('version').out.trim(), version);
  });

  it('refuses what it does not know with exit code 2, all at once', () => {
    assert.deepEqual([twinfold('serv').code, /did you mean serve/.test(twinfold('serv').err)], [2, true]);
    const { code, err, out } = twinfold('dev', '--dta', 'x', '--http-port', 'http');
    assert.equal(code, 2);
    assert.match(err, /did you mean --data/);
    assert.match(err, /--http-port must be a port/);
    assert.equal(out, '');
  });

  it('doctor finds what is broken', () => {
    const data = mkdtempSync(join(tmpdir(), 'twinfold-doctor-'));
    try {
      const broken = twinfold('doctor', '--data', data, '--clickhouse-url', 'http://127.0.0.1:1', '--nats-url', 'nats://127.0.0.1:1');
      assert.equal(broken.code, 1);
      assert.match(broken.out, /✗ No NATS server answers at 127\.0\.0\.1:1/);
      assert.match(broken.out, /✗ No ClickHouse answers at http:\/\/127\.0\.0\.1:1/);
      const full = twinfold('doctor', '--data', data, '--log-max-bytes', '1024TiB', '--log-format', 'json');
      assert.equal(full.code, 1);
      const findings = full.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { level: string; what: string; remedy?: string });
      assert(findings.some(({ level, what }) => level === 'problem' && what.includes('GB free')));
      assert(findings.every(({ level, remedy }) => level === 'fine' || remedy !== undefined));
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});
