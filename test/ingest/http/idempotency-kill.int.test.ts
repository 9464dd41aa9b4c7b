/** Idempotency keys and `kill -9`: an edge dies with calls in its hands, and each of them can be sent again, to any edge. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { NatsConnection } from '@nats-io/transport-node';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { NatsKeptAnswers } from '../../../engine/nats/kept-answers.ts';
import { NatsRegistryLog } from '../../../engine/nats/registry-log.ts';
import { type Child, startChild } from '../../support/child-process.ts';
import { type TestNats, withNats } from '../../support/servers.ts';
import { ADMIN_TOKEN } from '../edge-process.ts';

/** Calls that are open at once. */
const OPEN = 24;
const CALLS = 600;
/** The edge dies when it has claimed so many: the last of them is never carried out. */
const KILL_AT = 150;

let nats: TestNats;
let folder: string;
let edge: Child;
let other: Child;
let connection: NatsConnection;
let publisher: AckedPublisher;
let kept: NatsKeptAnswers;

const start = async (name: string, failpoints = ''): Promise<Child> =>
  startChild({
    role: 'edge',
    name,
    folder,
    nats,
    config: { adminToken: ADMIN_TOKEN, secretKeyFile: { file: join(folder, 'secret-key'), isGiven: false }, failpoints },
  });

before(async () => {
  nats = await withNats({ durability: 'disk' });
  folder = await mkdtemp(join(tmpdir(), 'twinfold-idempotency-'));
  edge = await start('a', `edge.call-claimed=kill@${KILL_AT}`);
  other = await start('b');
  connection = await connectNats({ url: nats.url, token: nats.token, name: 'test' });
  publisher = new AckedPublisher(connection);
  kept = await NatsKeptAnswers.on(connection, publisher, 1);
  assert.equal((await post(other, '/v1/tenants', { key: 'tenant', json: { id: 'demo' } })).status, 201);
});

after(async () => {
  await Promise.all([edge.kill(), other.kill()]);
  publisher.close();
  await connection.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Told {
  readonly status: number;
  readonly text: string;
  readonly isReplayed: boolean;
}

/** Rejects when the edge doesn't answer. */
async function post(at: Child, path: string, { json, key }: { readonly key: string; readonly json: unknown }): Promise<Told> {
  const response = await fetch(at.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      'twinfold-tenant': 'demo',
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(json),
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, text: await response.text(), isReplayed: response.headers.get('idempotency-replayed') === 'true' };
}

const device = async (at: Child, id: string): Promise<Told> => post(at, '/v1/devices', { key: `key-${id}`, json: { id } });

/** `claimed` or `answered`; undefined: the call never came so far. */
async function stateOf(id: string): Promise<unknown> {
  const last = await kept.last(hash('sha256', JSON.stringify(['demo', 'tfa', `key-${id}`]), 'base64url'));
  return last === undefined ? undefined : (JSON.parse(Buffer.from(last.data).toString()) as { state: string }).state;
}

/** What was told before the edge died, by device. */
async function callUntilKilled(ids: readonly string[]): Promise<ReadonlyMap<string, Told>> {
  const told = new Map<string, Told>();
  const waiting = [...ids];
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const answer = await device(edge, id).catch(() => undefined);
      if (answer === undefined) return;
      told.set(id, answer);
    }
  };
  await Promise.all(Array.from({ length: OPEN }, worker));
  return told;
}

it('what an edge was told before it died is told again; what it had begun is done once', async () => {
  const all = Array.from({ length: CALLS }, (_, i) => `d-${i}`);
  const told = await callUntilKilled(all);
  assert.ok(told.size >= KILL_AT - OPEN && told.size < KILL_AT, `${told.size} were told`);
  const states = await Promise.all(all.map(async (id) => [id, await stateOf(id)] as const));
  const left = states.flatMap(([id, state]) => (state === 'claimed' ? [id] : []));
  assert.ok(left.length > 0, 'the edge died between a claim and its answer');
  const [first = ''] = left;
  const tooEarly = await device(other, first);
  assert.equal(tooEarly.status, 409, tooEarly.text);
  assert.match(tooEarly.text, /idempotency-in-flight/, 'the other edge can’t know yet');

  edge = await start('a');
  let replayed = 0;
  for (const id of all) {
    const was = told.get(id);
    const again = await device(was !== undefined && replayed % 2 === 0 ? other : edge, id);
    if (was !== undefined) assert.deepEqual([again.status, again.text, again.isReplayed], [was.status, was.text, true], id);
    // Made by the first call, which could no longer say so.
    else if (again.status === 409) assert.match(again.text, /already-registered/, again.text);
    else assert.equal(again.status, 201, again.text);
    replayed += Number(again.isReplayed);
    assert.equal(await stateOf(id), 'answered', id);
  }
  assert.ok(replayed >= told.size);
  const log = new NatsRegistryLog(connection, publisher);
  const entries = await log.history('reg.demo.device.*', Number.MAX_SAFE_INTEGER, 10 * CALLS);
  assert.equal(new Set(entries.map(({ subject }) => subject)).size, all.length);
  assert.equal(entries.length, all.length, 'each was decided once');
});
