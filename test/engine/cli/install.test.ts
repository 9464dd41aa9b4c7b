/** `install.mjs` in a clone of its own, with an `npm` that only says what it was asked for. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../../engine/cli/install.mjs', import.meta.url));
const MAKES_NODE = 'mkdir -p node_modules/.bin; touch node_modules/.bin/node';

describe('the installer', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'twinfold-install-'));
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({
        packages: { '': {}, a: { version: '1' }, b: { version: '2', optional: true }, c: { optionalDependencies: { 'c-other': '1' } } },
      }),
    );
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function install(npm: string): { readonly code: number | null; readonly out: string; readonly asked: readonly string[] } {
    const bin = join(root, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\necho "$*" >> "${root}/asked"\n${npm}\n`);
    chmodSync(join(bin, 'npm'), 0o755);
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    const result = spawnSync(process.execPath, [SCRIPT, root], { env, encoding: 'utf8' });
    const asked = existsSync(join(root, 'asked')) ? readFileSync(join(root, 'asked'), 'utf8').trim().split('\n') : [];
    return { code: result.status, out: result.stdout + result.stderr, asked };
  }

  it('installs what is missing, once, and is silent when nothing is', () => {
    const first = install(MAKES_NODE);
    assert.equal(first.code, 0, first.out);
    assert.match(first.out, /installing its packages/);
    const second = install('exit 1');
    assert.deepEqual([second.code, second.out, second.asked], [0, '', first.asked]);
    assert.equal(first.asked.length, 1);
  });

  it('installs again when the lock file has changed', () => {
    install(MAKES_NODE);
    writeFileSync(join(root, 'package-lock.json'), '{"packages":{"d":{"version":"1"}}}');
    assert.equal(install(MAKES_NODE).asked.length, 2);
  });

  it('accepts what somebody else has installed from the same lock file', () => {
    mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
    writeFileSync(join(root, 'node_modules', '.bin', 'node'), '');
    const installed = (version: string) =>
      writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: { a: { version }, c: {} } }));
    installed('1');
    assert.deepEqual(install('exit 1').asked, []);
    rmSync(join(root, 'node_modules', '.twinfold-installed'));
    installed('0.9');
    assert.equal(install(MAKES_NODE).asked.length, 1);
  });

  it('goes on where a registry lacks optional packages, but only these', () => {
    const refuse = (name: string) => `case "$1" in ci) echo "npm error Missing: ${name}@ from lock file"; exit 1;; *) ${MAKES_NODE};; esac`;
    const optional = install(refuse('c-other'));
    assert.equal(optional.code, 0, optional.out);
    assert.match(optional.asked[1] ?? '', /^install --no-save/);
    rmSync(join(root, 'node_modules'), { recursive: true });
    assert.equal(install(refuse('a')).code, 1);
  });

  it('explains what failed', () => {
    for (const [said, explained] of [
      ['npm error code ENOTFOUND', /registry can't be reached/],
      ['npm error code ENOSPC', /disk is full/],
      ['npm error code EACCES', /may not write/],
      ['something else', /something else/],
    ] as const) {
      const { code, out } = install(`echo "${said}" >&2; exit 1`);
      assert.equal(code, 1);
      assert.match(out, explained);
    }
    rmSync(join(root, 'package-lock.json'));
    assert.match(install('exit 0').out, /not a complete copy/);
  });

  it('repairs a missing Node.js, or says how', () => {
    const repaired = install(`case "$1" in rebuild) ${MAKES_NODE};; *) mkdir -p node_modules;; esac`);
    assert.deepEqual([repaired.code, repaired.asked.length], [0, 2]);
    rmSync(join(root, 'node_modules'), { recursive: true });
    const beyond = install('mkdir -p node_modules');
    assert.equal(beyond.code, 1);
    assert.match(beyond.out, /npm rebuild node/);
  });
});
