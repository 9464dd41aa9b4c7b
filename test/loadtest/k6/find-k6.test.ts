/** Where k6 is looked for, and what is said when it is nowhere. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { cacheFolder, findK6, onPath } from '../../../loadtest/k6/find-k6.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'twinfold-k6-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const say = (): void => undefined;

function program(path: string, script: string): string {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('one on the PATH is taken before one in the cache', async () => {
  const bin = join(folder, 'bin');
  const cache = join(folder, 'cache');
  mkdirSync(bin);
  mkdirSync(join(cache, 'twinfold'), { recursive: true });
  const cached = program(join(cache, 'twinfold', 'k6'), 'exit 0');
  const env = { PATH: bin, XDG_CACHE_HOME: cache };
  assert.equal(await findK6({ env, say }), cached);
  const installed = program(join(bin, 'k6'), 'exit 0');
  assert.equal(await findK6({ env, say }), installed);
  // One that doesn't run is passed over.
  program(installed, 'exit 3');
  assert.equal(await findK6({ env, say }), cached);
});

test('it is built with Go where Go is, into the cache', async () => {
  const bin = join(folder, 'go-bin');
  const cache = join(folder, 'go-cache');
  mkdirSync(bin);
  program(join(bin, 'go'), 'printf "#!/bin/sh\\nexit 0\\n" > "$GOBIN/k6"; /bin/chmod 755 "$GOBIN/k6"');
  const lines: string[] = [];
  const found = await findK6({ env: { PATH: bin, XDG_CACHE_HOME: cache }, say: (line) => lines.push(line) });
  assert.equal(found, join(cache, 'twinfold', 'k6'));
  assert.match(lines.join(), /building k6/);
});

test('a build that fails says what Go said', async () => {
  const bin = join(folder, 'bad-bin');
  mkdirSync(bin);
  program(join(bin, 'go'), 'echo "no network" >&2; exit 1');
  await assert.rejects(findK6({ env: { PATH: bin, XDG_CACHE_HOME: join(folder, 'bad-cache') }, say }), /no network/);
});

test('the cache is where the system keeps caches', () => {
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/var/cache' }), '/var/cache/twinfold');
  assert.match(cacheFolder({}), /\.cache\/twinfold$/);
  assert.equal(onPath('no-such-program', '/bin:/usr/bin'), undefined);
});
