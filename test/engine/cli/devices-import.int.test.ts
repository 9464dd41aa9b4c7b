import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { devicesCommand } from '../../../engine/cli/devices-import.ts';
import { type Edge, makeTenant, send, startEdge, type Tenant } from '../../ingest/http/edge.ts';

let edge: Edge;
let tenant: Tenant;
let folder: string;

before(async () => {
  edge = await startEdge();
  tenant = await makeTenant(edge, 'demo', 1);
  folder = await mkdtemp(join(tmpdir(), 'twinfold-import-'));
});
after(async () => {
  await edge.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly lines: readonly { readonly id?: string; readonly outcome: string; readonly token?: string }[];
  readonly err: string;
}

async function run(
  words: readonly string[],
  options: { readonly isTTY?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await devicesCommand(words, {
    env: options.env ?? {},
    readFile: () => `${tenant.key}\n`,
    out: { write: (text) => (out += text) },
    err: { isTTY: options.isTTY ?? false, write: (text) => (err += text) },
  });
  return {
    code,
    err,
    lines: out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Ran['lines'][number]),
  };
}

async function fileOf(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, lines.join('\n'));
  return path;
}

describe('twinfold devices import', () => {
  it('registers a file of devices and says what became of each', async () => {
    const file = await fileOf(
      'some',
      Array.from({ length: 1_200 }, (_, i) => JSON.stringify({ id: `f-${i}`, tags: { i } })),
    );
    const first = await run(['import', file, '--url', edge.url, '--token', tenant.key], { isTTY: true });
    assert.equal(first.code, 0, first.err);
    assert.equal(first.lines.filter(({ outcome }) => outcome === 'created').length, 1_200);
    assert.match(first.err, /█/);
    assert.match(first.err, /1,200 created/);
    const told = first.lines.find(({ id }) => id === 'f-777');
    assert.equal((await send(edge, '/telemetry', { json: { t: 1 }, token: told?.token })).status, 202);
    const again = await run(['import', file], { env: { TWINFOLD_URL: edge.url, TWINFOLD_TOKEN_FILE: 'file' } });
    assert.deepEqual([again.code, again.lines.length], [0, 1_200]);
    assert.equal(again.err.includes('█'), false, 'no bar but on a terminal');
  });

  it('ends with 1 when a line was refused, and says why when nothing could be sent', async () => {
    const file = await fileOf('bad', ['{"id":"ok-1"}', '{"id":"not ok"}']);
    const some = await run(['import', file, '--url', edge.url, '--token', tenant.key]);
    assert.deepEqual([some.code, some.lines.map(({ outcome }) => outcome)], [1, ['created', 'refused']]);
    const unknown = await run(['import', file, '--url', edge.url, '--token', `tfk_demo.x.${'a'.repeat(43)}`]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /401: the token is not known/);
    const nobody = await run(['import', file, '--url', 'http://127.0.0.1:1', '--token', tenant.key]);
    assert.equal(nobody.code, 1);
    assert.match(nobody.err, /nothing listens/);
  });

  it('says what helps when nothing could be sent', async () => {
    const file = await fileOf('helped', ['{"id":"h"}']);
    const said = async (...words: string[]): Promise<string> => (await run(['import', file, ...words])).err;
    assert.match(await said('--url', edge.url, '--token', edge.admin), /--tenant ID/);
    assert.match(await said('--url', edge.url, '--token', 'tfk_x.y.z'), /Look at the token/);
    assert.match(await said('--url', 'http://127.0.0.1:1', '--token', 'x'), /nothing listens at [^]*--url/);
    assert.match(await said('--url', 'ftp://x', '--token', 'x'), /--url begins with http/);
  });

  it('refuses what it cannot do with 2', async () => {
    for (const words of [
      [],
      ['import'],
      ['export', 'x'],
      ['import', join(folder, 'none'), '--token', 'x'],
      ['import', 'x'],
      ['import', 'x', '--odd'],
    ])
      assert.equal((await run(words)).code, 2, words.join(' '));
    assert.equal((await run(['--help'])).code, 0);
  });
});
