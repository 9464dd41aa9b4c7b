/** One administrator token a deployment, on a real server: whoever starts, however many at once, and wherever they die. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { DeploymentStore } from '../../../engine/nats/deployment.ts';
import {
  elsewhereText,
  settleAdminToken,
  type AdminTokenOptions,
  type SettledAdminToken,
} from '../../../ingest/credentials/admin-token.ts';
import { hashToken, pepperOf, provesToken } from '../../../ingest/credentials/credentials.ts';
import { startChild, type Child } from '../../support/child-process.ts';
import { readExposition, valueOf } from '../../support/exposition-check.ts';
import { withNats, type TestNats } from '../../support/servers.ts';

const PEPPER = pepperOf(randomBytes(32).toString('base64url'));
const GIVEN = 'tfa_named-by-the-operator';
const CLAIMANTS = 4;
const ROUNDS = 15;

let nats: TestNats;
let folders: string;
/** Apart from the others, which are counted. */
let keys: string;
let connections: readonly NatsConnection[];
let stores: readonly DeploymentStore[];

before(async () => {
  nats = await withNats();
  connections = await Promise.all(
    Array.from({ length: CLAIMANTS }, async (_, i) => connectNats({ url: nats.url, token: nats.token, name: `test-${i}` })),
  );
  stores = await Promise.all(connections.map(async (connection) => DeploymentStore.on(connection, 1)));
});

after(async () => {
  await Promise.all(connections.map(async (connection) => connection.close()));
  await nats.stop();
});

/** As if the deployment were new. */
beforeEach(async (t) => {
  const [connection] = connections;
  assert.ok(connection !== undefined);
  await (await new Kvm(connection).open('twinfold')).purge('admin');
  folders = await mkdtemp(join(tmpdir(), 'twinfold-admin-'));
  keys = await mkdtemp(join(tmpdir(), 'twinfold-keys-'));
  if ('after' in t) t.after(async () => Promise.all([folders, keys].map(async (folder) => rm(folder, { recursive: true, force: true }))));
});

const fileOf = (name: string): string => join(folders, `${name}-admin-token`);
const tokenIn = (file: string): string => readFileSync(file, 'utf8').trim();

async function settle(name: string, more: Partial<AdminTokenOptions> & { readonly store?: number } = {}): Promise<SettledAdminToken> {
  const store = stores[more.store ?? 0];
  assert.ok(store !== undefined);
  const origin = { node: name, host: 'here', folder: `/data/${name}`, madeMs: 1_700_000_000_000 };
  return settleAdminToken(store, { file: fileOf(name), pepper: PEPPER, origin, randomBytes, ...more });
}

describe("the administrator's token", () => {
  it('is one, when many start at once; in the clear it is only with who made it', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const names = Array.from({ length: CLAIMANTS }, (_, i) => `round${round}-${i}`);
      const settled = await Promise.all(names.map(async (name, store) => settle(name, { store })));
      assert.equal(new Set(settled.map(({ credential }) => credential.hash)).size, 1);
      const makers = names.filter((_, i) => settled[i]?.isHere);
      assert.deepEqual(
        readdirSync(folders).filter((file) => file.startsWith(`round${round}-`)),
        makers.map((name) => `${name}-admin-token`),
        'one file, and nothing else',
      );
      const [maker = ''] = makers;
      assert.equal(makers.length, 1);
      assert.equal(statSync(fileOf(maker)).mode & 0o777, 0o600);
      assert.ok(provesToken(tokenIn(fileOf(maker)), settled[0]?.credential.hash, PEPPER));
      assert.equal(settled[0]?.credential.node, maker);
      const [connection] = connections;
      assert.ok(connection !== undefined);
      await (await new Kvm(connection).open('twinfold')).purge('admin');
    }
  });

  it('stays, over restarts and for later folders, who are told where it is', async () => {
    const first = await settle('a');
    const token = tokenIn(fileOf('a'));
    assert.match(token, /^tfa_[A-Za-z0-9_-]{43}$/);
    const later = await settle('b', { store: 1 });
    const again = await settle('a', { store: 2 });
    assert.deepEqual([first.isHere, later.isHere, again.isHere], [true, false, true]);
    assert.equal(tokenIn(fileOf('a')), token);
    assert.ok(!existsSync(fileOf('b')));
    const text = elsewhereText(later.credential);
    for (const fact of ['here', '/data/a', '2023-11-14', 'POST /v1/keys', 'registry:admin']) assert.ok(text.includes(fact), text);
    assert.ok(!text.includes(later.credential.hash));
  });

  it('is the one that a folder had before hashes were kept in NATS', async () => {
    await writeFile(fileOf('a'), 'tfa_0123456789abcdef0123456789abcdef\n', { mode: 0o600 });
    assert.equal((await settle('a')).credential.hash, hashToken('tfa_0123456789abcdef0123456789abcdef', PEPPER));
    assert.equal(tokenIn(fileOf('a')), 'tfa_0123456789abcdef0123456789abcdef');
  });

  it('of another deployment, in a folder that moved, is left alone and opens nothing', async () => {
    await settle('a');
    await writeFile(fileOf('b'), 'tfa_0123456789abcdef0123456789abcdef\n');
    assert.equal((await settle('b')).isHere, false);
    assert.equal(tokenIn(fileOf('b')), 'tfa_0123456789abcdef0123456789abcdef');
  });

  it('is not taken from a file that holds something else', async () => {
    await writeFile(fileOf('a'), 'not a token\n');
    await assert.rejects(settle('a'), (error) => hasCode(error, 'corrupt') && error.message.includes(fileOf('a')));
  });

  it('is what the operator names first, and nothing else later', async () => {
    const first = await settle('a', { given: GIVEN });
    assert.equal(tokenIn(fileOf('a')), GIVEN);
    assert.equal(first.credential.hash, hashToken(GIVEN, PEPPER));
    assert.equal((await settle('b', { given: GIVEN })).isHere, false, 'who names it too does not keep it');
    assert.ok(!existsSync(fileOf('b')));
    await assert.rejects(settle('a', { given: 'tfa_another-than-the-first' }), (error) => {
      assert.ok(hasCode(error, 'bad-option'));
      return error.message.includes('/data/a') && !error.message.includes('tfa_another');
    });
    assert.deepEqual(readdirSync(folders), ['a-admin-token']);
    assert.equal(tokenIn(fileOf('a')), GIVEN);
  });
});

describe('a crash', () => {
  it('after the token was written, before its hash was: the next start offers the same', async () => {
    await writeFile(`${fileOf('a')}.pending`, `${GIVEN}\n`);
    assert.equal((await settle('a')).credential.hash, hashToken(GIVEN, PEPPER));
    assert.deepEqual(readdirSync(folders), ['a-admin-token']);
  });

  it('after the hash was taken, before the token had its name: it gets it', async () => {
    await settle('a');
    const token = tokenIn(fileOf('a'));
    await writeFile(`${fileOf('a')}.pending`, `${token}\n`, { mode: 0o600 });
    await rm(fileOf('a'));
    assert.equal((await settle('a')).isHere, true);
    assert.equal(tokenIn(fileOf('a')), token);
    assert.deepEqual(readdirSync(folders), ['a-admin-token']);
  });

  it('after another was first: what opens nothing does not stay', async () => {
    await settle('a');
    await writeFile(`${fileOf('b')}.pending`, `${GIVEN}\n`);
    assert.equal((await settle('b')).isHere, false);
    assert.deepEqual(readdirSync(folders), ['a-admin-token']);
  });
});

/** A real edge, told what a supervisor would tell it, that makes or finds the token. */
async function startEdge(name: string): Promise<Child> {
  const config = { secretKeyFile: { file: join(keys, name), isGiven: false }, adminTokenFile: fileOf(name) };
  return startChild({ role: 'edge', name, folder: folders, nats, config });
}

async function createTenant(edge: Child, token: string, id: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' };
  const response = await fetch(`${edge.url}/v1/tenants`, { method: 'POST', headers, body: JSON.stringify({ id }) });
  await response.text();
  return response.status;
}

describe('two edges that start at once', () => {
  it('have one token, which both take, and each can be scraped while no engine runs', { timeout: 60_000 }, async () => {
    const started = await Promise.allSettled([startEdge('a'), startEdge('b')]);
    const edges = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    try {
      assert.equal(edges.length, 2);
      const places = edges.map(({ ready }) => ready.adminToken);
      const files = places.flatMap((place) => (place !== undefined && 'file' in place ? [place.file] : []));
      const elsewhere = places.flatMap((place) => (place !== undefined && 'elsewhere' in place ? [place.elsewhere] : []));
      assert.deepEqual([files.length, elsewhere.length], [1, 1]);
      assert.deepEqual(
        readdirSync(folders).map((file) => join(folders, file)),
        files,
      );
      assert.match(elsewhere[0] ?? '', /has its administrator token already: it was made on .* in /);
      const token = tokenIn(files[0] ?? '');
      for (const [i, edge] of edges.entries()) {
        assert.equal(await createTenant(edge, token, `tenant-${i}`), 201);
        assert.equal(await createTenant(edge, `${token.slice(0, -2)}xy`, 'never'), 401);
        const refused = await fetch(`${edge.url}/telemetry`, { method: 'POST', body: '{"t":1}', headers: { connection: 'close' } });
        assert.equal(refused.status, 401);
        await refused.text();
        const families = readExposition(await (await fetch(`${edge.url}/metrics`, { headers: { connection: 'close' } })).text());
        for (const partition of ['0', '1']) assert.equal(valueOf(families, 'twinfold_partition_owned', { partition }), 0);
        const process = i === 0 ? 'a-edge' : 'b-edge';
        assert.ok((valueOf(families, 'process_start_time_seconds', { process }) ?? 0) > 1.7e9);
        assert.equal(valueOf(families, 'twinfold_refusals_total', { process, edge: 'http', limit: 'unauthorized' }), 2);
        const health = (await (await fetch(`${edge.url}/healthz`, { headers: { connection: 'close' } })).json()) as object;
        assert.deepEqual(health, { status: 'ok', version: '0.0.0-test' });
      }
    } finally {
      await Promise.all(edges.map(async (edge) => edge.kill()));
    }
  });
});
