/** The registry on a real log with real edges: what was acknowledged is there, whoever was killed, and both edges know it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { after, before, describe, it } from 'node:test';
import mqtt from 'mqtt';
import { connectNats } from '../../../engine/nats/connection.ts';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { NatsRegistryLog } from '../../../engine/nats/registry-log.ts';
import { decodeEntry } from '../../../ingest/registry/codec.ts';
import { type TestNats, withNats } from '../../support/servers.ts';
import { ADMIN_TOKEN, call, type Called, type EdgeProcess, startEdgeProcess } from '../edge-process.ts';

const LINES = 12_000;
/** Outcomes that are read before the edge dies. */
const KILL_AFTER = 3_000;
const ROTATIONS = 40;

let nats: TestNats;
let folder: string;
let edge: EdgeProcess;
let other: EdgeProcess;

const start = async (name: string): Promise<EdgeProcess> => startEdgeProcess({ nats, folder, name });
const admin = async (path: string, json?: unknown, method?: string): Promise<Called> =>
  call(edge, path, {
    token: ADMIN_TOKEN,
    tenant: 'demo',
    ...(json === undefined ? {} : { json }),
    ...(method === undefined ? {} : { method }),
  });

before(async () => {
  nats = await withNats({ durability: 'disk' });
  folder = await mkdtemp(join(tmpdir(), 'twinfold-registry-'));
  edge = await start('a');
  other = await start('b');
  assert.equal((await admin('/v1/tenants', { id: 'demo' })).status, 201);
});

after(async () => {
  await Promise.all([edge.kill(), other.kill()]);
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly line?: number;
  readonly id?: string;
  readonly outcome?: string;
  readonly token?: string;
  readonly done?: boolean;
}

const fileOf = (prefix: string): readonly string[] =>
  Array.from({ length: LINES }, (_, i) =>
    JSON.stringify({ id: `${prefix}-${i}`, tags: { n: i % 7 }, ...(i % 10 === 0 ? { externalIds: [`mac-${prefix}-${i}`] } : {}) }),
  );

/** Outcomes as far as they came. */
async function importFile(
  lines: readonly string[],
  options: { readonly killAfter?: number; readonly query?: string; readonly isCompressed?: boolean } = {},
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  try {
    const response = await fetch(`${edge.url}/v1/devices:import${options.query ?? ''}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        'twinfold-tenant': 'demo',
        'content-type': 'application/x-ndjson',
        ...(options.isCompressed === true ? { 'content-encoding': 'gzip' } : {}),
      },
      body: bodyOf(lines, options.isCompressed === true) as unknown as NonNullable<RequestInit['body']>,
      duplex: 'half',
      signal: AbortSignal.timeout(30_000),
    });
    assert.equal(response.status, 200);
    let rest = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const texts = (rest + Buffer.from(chunk).toString()).split('\n');
      rest = texts.pop() ?? '';
      outcomes.push(...texts.map((text) => JSON.parse(text) as Outcome));
      if (options.killAfter !== undefined && outcomes.length >= options.killAfter) await edge.kill();
    }
  } catch (error) {
    if (options.killAfter === undefined) throw error;
  }
  return outcomes;
}

function bodyOf(lines: readonly string[], isCompressed: boolean): ReadableStream {
  const source = Readable.from(pieces(lines));
  // An edge that dies ends its requests in the middle: that is no fault of the compression.
  const body = isCompressed ? pipeline(source, createGzip(), () => undefined) : source;
  return Readable.toWeb(body) as ReadableStream;
}

async function* pieces(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < lines.length; at += 400) {
    yield Buffer.from(`${lines.slice(at, at + 400).join('\n')}\n`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function allDevices(at: EdgeProcess, prefix: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const page = await call(at, `/v1/devices?limit=1000&prefix=${prefix}${cursor === '' ? '' : `&cursor=${cursor}`}`, {
      token: ADMIN_TOKEN,
      tenant: 'demo',
    });
    ids.push(...(page.body['items'] as { id: string }[]).map(({ id }) => id));
    cursor = page.body['nextCursor'] as string | undefined;
  }
  return ids;
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail(`never: ${what}`);
}

/** 200, or 401 for who isn't let in: asked of what a device may always ask. */
const statusOf = async (at: EdgeProcess, token: string): Promise<number> => (await call(at, '/v1/me/limits', { token })).status;

describe('an import', () => {
  const cutAndSentAgain = async (prefix: string, isCompressed: boolean): Promise<void> => {
    const file = fileOf(prefix);
    const told = (await importFile(file, { killAfter: KILL_AFTER, isCompressed })).filter(({ outcome }) => outcome === 'created');
    assert.ok(told.length >= KILL_AFTER - 1 && told.length < LINES, `${told.length} told`);
    edge = await start('a');
    for (const one of told.filter((_, i) => i % 500 === 0)) assert.equal(await statusOf(edge, one.token ?? ''), 200, one.id ?? '');
    const again = await importFile(file, { isCompressed });
    assert.equal(again.at(-1)?.done, true);
    const lines = again.slice(0, -1);
    assert.equal(lines.length, LINES);
    assert.deepEqual(new Set(lines.map(({ outcome }) => outcome)), new Set(['created', 'exists']));
    const known = new Set(told.map(({ id }) => id));
    assert.ok(
      lines.every(({ id, outcome }) => outcome === 'exists' || !known.has(id)),
      'what was told is there',
    );
    const created = lines.filter(({ outcome }) => outcome === 'created').length;
    const entries = await entriesOf('reg.demo.device.*');
    const imported = entries.filter((fact) => fact?.kind === 'device' && fact.did === 'imported' && fact.id.startsWith(`${prefix}-`));
    assert.equal(imported.length, LINES, `one decision a device; ${created} of them the second time`);
    for (const at of [edge, other]) {
      const ids = await allDevices(at, `${prefix}-`);
      assert.equal(ids.length, LINES);
      assert.equal(new Set(ids).size, LINES);
    }
    assert.equal((await admin(`/v1/devices/by-external-id/mac-${prefix}-50`)).body['id'], `${prefix}-50`);
  };

  it('that is cut off by kill -9 is sent again: nothing is lost, nothing is double', async () => cutAndSentAgain('imp', false));
  it('that is compressed, too', async () => cutAndSentAgain('zip', true));

  it('says of each line what became of it, and gives tokens anew to those that never used theirs', async () => {
    const outcomes = await importFile(
      [
        '{"id":"new-1"}',
        'no json',
        '{"id":"a.b"}',
        '{"id":"new-1"}',
        '{"id":"imp-1"}',
        '{"id":"new-2","externalIds":["mac-imp-0"]}',
        '{"id":"new-3","odd":1}',
        '',
        '{"id":"new-4","policy":{"allow":["odd::"]}}',
      ],
      { query: '?tokens=reissue' },
    );
    assert.deepEqual(
      outcomes.map(({ line, outcome }) => [line, outcome]),
      [
        [1, 'created'],
        [2, 'refused'],
        [3, 'refused'],
        [4, 'exists'],
        [5, 'reissued'],
        [6, 'refused'],
        [7, 'refused'],
        [9, 'refused'],
        [undefined, undefined],
      ],
    );
    assert.equal(await statusOf(other, outcomes[4]?.token ?? ''), 200);
  });
});

async function entriesOf(filter: string): Promise<readonly ReturnType<typeof decodeEntry>[]> {
  const connection = await connectNats({ url: nats.url, token: nats.token, name: 'test' });
  const publisher = new AckedPublisher(connection);
  try {
    const log = new NatsRegistryLog(connection, publisher);
    const found = await log.history(filter, Number.MAX_SAFE_INTEGER, 100_000);
    const seqs = found.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      seqs.toSorted((a, b) => b - a),
      'newest first',
    );
    return found.map(({ data }) => decodeEntry(data));
  } finally {
    publisher.close();
    await connection.close();
  }
}

describe('a credential', () => {
  it('that was rotated or revoked stays so, whenever the edge is killed', async () => {
    const made = await admin('/v1/devices', { id: 'rotor' });
    let token = String(made.body['token']);
    let acknowledged = 0;
    // The device itself repeats its registration, as fast as it can, until its edge is gone.
    const killed = new Promise<void>((resolve) => setTimeout(resolve, 400)).then(async () => edge.kill());
    try {
      for (; acknowledged < ROTATIONS * 100; acknowledged++) {
        const answer = await call(edge, '/register', { token, json: { id: 'rotor' } });
        assert.equal(answer.status, 200);
        token = String(answer.body['token']);
      }
    } catch (error) {
      assert.ok(!(error instanceof assert.AssertionError), String(error));
    }
    await killed;
    assert.ok(acknowledged > 0);
    edge = await start('a');
    for (const at of [edge, other]) assert.equal(await statusOf(at, token), 200, `after ${acknowledged} rotations`);
    const credentials = ((await admin('/v1/devices/rotor')).body['credentials'] as { id: string; revokedAt?: string }[]).filter(
      ({ revokedAt }) => revokedAt === undefined,
    );
    assert.ok(credentials.length <= 2);
    const id = token.split('.')[2] ?? '';
    const revoking = admin(`/v1/devices/rotor/credentials/${id}`, undefined, 'DELETE').then(
      ({ status }) => status,
      () => undefined,
    );
    const status = await revoking;
    await edge.kill();
    edge = await start('a');
    assert.equal(status, 204);
    assert.equal(await statusOf(edge, token), 401);
  });
});

describe('two edges', () => {
  it('refuse what one of them revoked or disabled, and end its sessions', async () => {
    for (const [how, stop] of [
      ['revoke', async (id: string, credential: string) => admin(`/v1/devices/${id}/credentials/${credential}`, undefined, 'DELETE')],
      ['disable', async (id: string) => admin(`/v1/devices/${id}:disable`, undefined, 'POST')],
      ['decommission', async (id: string) => admin(`/v1/devices/${id}:decommission`, undefined, 'POST')],
    ] as const) {
      const id = `live-${how}`;
      const token = String((await admin('/v1/devices', { id })).body['token']);
      await until('the other edge knows it', async () => (await statusOf(other, token)) === 200);
      const client = mqtt.connect({
        host: '127.0.0.1',
        port: other.mqttPort,
        protocolVersion: 5,
        clientId: id,
        username: `demo/${id}`,
        password: token,
        reconnectPeriod: 0,
      });
      try {
        await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject));
        const closed = new Promise((resolve) => client.once('close', () => resolve(undefined)));
        assert.ok([200, 204].includes((await stop(id, token.split('.')[2] ?? '')).status));
        await until(`refused after ${how}`, async () => (await statusOf(other, token)) === 401);
        await closed;
      } finally {
        client.end(true);
      }
    }
  });

  it('that decide about one device at once both get their way, one after the other', async () => {
    await admin('/v1/devices', { id: 'both' });
    await until(
      'the other edge knows it',
      async () => (await call(other, '/v1/devices/both', { token: ADMIN_TOKEN, tenant: 'demo' })).status === 200,
    );
    const patch = async (at: EdgeProcess, key: string): Promise<number> =>
      (await call(at, '/v1/devices/both', { token: ADMIN_TOKEN, tenant: 'demo', method: 'PATCH', json: { tags: { [key]: 1 } } })).status;
    const statuses = await Promise.all(['a', 'b', 'c'].flatMap((key) => [patch(edge, `e${key}`), patch(other, `o${key}`)]));
    assert.ok(
      statuses.every((status) => status === 200 || status === 409),
      statuses.join(),
    );
    const tags = (await call(edge, '/v1/devices/both', { token: ADMIN_TOKEN, tenant: 'demo' })).body['tags'] as object;
    assert.equal(Object.keys(tags).length, statuses.filter((status) => status === 200).length, 'what was acknowledged is there');
    const claims = await Promise.all(
      ['x1', 'x2', 'x3', 'x4'].map(async (id, i) =>
        call(i % 2 === 0 ? edge : other, '/v1/devices', { token: ADMIN_TOKEN, tenant: 'demo', json: { id, externalIds: ['wanted'] } }),
      ),
    );
    assert.deepEqual(
      claims.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 409, 409, 409],
      'a name is one device’s',
    );
  });
});
