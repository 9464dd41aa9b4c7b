import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../engine/cli/twinfold.ts', import.meta.url));

/** Where the system's own Node.js is, if it has one; else the one that runs this. */
const OTHER_PATH = [
  ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules')),
  dirname(process.execPath),
].join(delimiter);

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

  it('is found by an older Node.js too, with its exit code', () => {
    const launcher = fileURLToPath(new URL('../../../engine/cli/twinfold.mjs', import.meta.url));
    const launched = (words: readonly string[]) => spawnSync('node', [launcher, ...words], { encoding: 'utf8', env: { PATH: OTHER_PATH } });
    assert.equal(launched(['version']).stdout, twinfold('version').out);
    assert.equal(launched(['serv']).status, 2);
  });

  it('refuses what it does not know with exit code 2, all at once', () => {
    assert.deepEqual([twinfold('serv').code, /did you mean serve/.test(twinfold('serv').err)], [2, true]);
    const { code, err, out } = twinfold('dev', '--dta', 'x', '--http-port', 'http');
    assert.equal(code, 2);
    assert.match(err, /did you mean --data/);
    assert.match(err, /--http-port must be a port/);
    assert.equal(out, '');
  });

  it('points to the help of the command that was run, as it was run', () => {
    for (const command of ['dev', 'serve', 'doctor'])
      assert.match(twinfold(command, '--nonsense').err, new RegExp(`"twinfold ${command} --help"`));
    const { stderr } = spawnSync(process.execPath, [CLI, 'dev', '--nonsense'], {
      encoding: 'utf8',
      env: { ...process.env, npm_lifecycle_event: 'start' },
    });
    assert.match(stderr, /"npm start -- --help"/);
  });

  it('takes no administrator token that edges would refuse', () => {
    const { code, err } = twinfold('dev', '--admin-token', 'tfa_short');
    assert.equal(code, 2);
    assert.match(err, /--admin-token must be tfa_/);
    assert.ok(!err.includes('tfa_short'));
  });

  it('doctor looks at a data folder that is not there, and does not make it', () => {
    const above = mkdtempSync(join(tmpdir(), 'twinfold-doctor-'));
    try {
      const { out } = twinfold('doctor', '--data', join(above, 'not', 'there'), '--log-format', 'json');
      assert.match(out, /GB free on the disk of/);
      assert.match(out, /no Twinfold runs on/);
      assert.match(out, /an fsync takes|is in memory/);
      assert.deepEqual(readdirSync(above), []);
    } finally {
      rmSync(above, { recursive: true, force: true });
    }
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
