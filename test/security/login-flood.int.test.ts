/**
 * Floods of bad CONNECTs and bad tokens at a real edge on a real log. Counted, never timed: who is connected gets every
 * acknowledgement, who has a good credential behind the same address gets in, everybody else is told to wait, and the
 * operator reads who it was.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ADMIN_TOKEN, call, type EdgeProcess, startEdgeProcess } from '../ingest/edge-process.ts';
import { connectPacket, publishPacket } from '../ingest/mqtt/client-codec.ts';
import { Wire } from '../ingest/mqtt/vectors.ts';
import { type TestNats, withNats } from '../support/servers.ts';

const SECRET = 'A'.repeat(43);
const CONNECTS = 1_500;
const REQUESTS = 1_500;
const AT_ONCE = 16;
const HONEST = 200;
/** As the rules say: the prefix has its ban after so many. */
const PREFIX_FAILURES = 300;
const WAIT_MS = 10_000;
/** Without an engine, an edge waits a while for one before it writes. */
const LANE_OPEN_MS = 30_000;

let nats: TestNats;
let folder: string;
let edge: EdgeProcess;
const tokens: string[] = [];
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

before(async () => {
  nats = await withNats();
  folder = await mkdtemp(join(tmpdir(), 'twinfold-login-flood-'));
  edge = await startEdgeProcess({ nats, folder, name: 'a' });
  const admin = { token: ADMIN_TOKEN, tenant: 't' };
  assert.equal((await call(edge, '/v1/tenants', { ...admin, json: { id: 't' } })).status, 201);
  for (const id of ['connected', 'later', 'http']) {
    const made = await call(edge, '/v1/devices', { ...admin, json: { id } });
    assert.equal(made.status, 201);
    tokens.push(String(made.body['token']));
  }
});
after(async () => {
  agent.destroy();
  await edge.kill();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

/** As many at once as `AT_ONCE`, until all are done. */
async function flood<T>(times: number, one: (i: number) => Promise<T>): Promise<readonly T[]> {
  const done: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < times) done.push(await one(next++));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return done;
}

/** The code of the CONNACK; undefined where none came. */
async function connectWith(level: 4 | 5, password: string): Promise<number | undefined> {
  const wire = await Wire.open(edge.mqttPort);
  try {
    wire.send(connectPacket({ level, password, clientId: '' }));
    return (await wire.packet(WAIT_MS))?.[3];
  } finally {
    wire.destroy();
  }
}

async function statusOf(token: string, path = '/v1/me/limits'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(edge.url + path, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    asked.on('error', reject);
    asked.end();
  });
}

function tally<T>(of: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const one of of) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

test(
  'bad CONNECTs and bad tokens by the thousand: sessions go on, and good credentials get in beside them',
  { timeout: 90_000 },
  async () => {
    const [connected = '', later = '', overHttp = ''] = tokens;
    const honest = await Wire.open(edge.mqttPort);
    honest.send(connectPacket({ level: 5, password: connected }));
    assert.equal((await honest.packet(WAIT_MS))?.[3], 0);
    honest.send(publishPacket({ level: 5, packetId: 999 }));
    assert.equal((await honest.packet(LANE_OPEN_MS))?.[0], 0x40, 'the log takes messages');

    const connacks = flood(CONNECTS, async (i) =>
      connectWith(
        i % 2 === 0 ? 5 : 4,
        i % 3 === 0 ? 'nonsense' : i % 3 === 1 ? `tfd_t.later.AAAAAAAA.${SECRET}` : `tfd_t.x-${i}.AAAAAAAA.${SECRET}`,
      ),
    );
    const statuses = flood(REQUESTS, async (i) => statusOf(i % 2 === 0 ? `tfk_t.${i}.${SECRET}` : `tfd_t.http.AAAAAAAA.${SECRET}`));
    let acknowledged = 0;
    let entered = 0;
    for (let i = 0; i < HONEST; i++) {
      honest.send(publishPacket({ level: 5, packetId: 1 + i, payload: `{"n":${i}}` }));
      const ack = await honest.packet(WAIT_MS);
      if (ack?.[0] === 0x40 && (ack.length === 4 || (ack[4] ?? 0) < 0x80)) acknowledged++;
      // Behind the same address as the flood, from a connection of its own each time.
      if (i % 20 === 0 && (await connectWith(i % 40 === 0 ? 4 : 5, later)) === 0) entered++;
      if (i % 20 === 10 && (await statusOf(overHttp)) === 200) entered++;
    }
    assert.equal(acknowledged, HONEST);
    assert.equal(entered, HONEST / 10);

    const codes = tally(await connacks);
    const answers = tally(await statuses);
    // 3.1.1 knows 4 (bad password) and 3 (unavailable); 5 knows 0x86 and, for the rate, 0x9f. Nobody is left without a word.
    const [bad, banned] = [(codes.get(4) ?? 0) + (codes.get(0x86) ?? 0), (codes.get(3) ?? 0) + (codes.get(0x9f) ?? 0)];
    assert.equal(bad + banned, CONNECTS, JSON.stringify([...codes]));
    assert.equal((answers.get(401) ?? 0) + (answers.get(429) ?? 0), REQUESTS, JSON.stringify([...answers]));
    assert.equal(bad + (answers.get(401) ?? 0) <= PREFIX_FAILURES, true, 'the prefix is told what is wrong no more often than that');
    assert.ok((codes.get(3) ?? 0) > 0 && (codes.get(0x9f) ?? 0) > 0);

    // Still under the ban.
    assert.equal(await connectWith(4, 'nonsense'), 3);
    assert.equal(await connectWith(5, 'nonsense'), 0x9f);
    assert.deepEqual([await statusOf(overHttp), await statusOf('nonsense')], [200, 429]);
    assert.equal(await connectWith(5, later), 0);
    honest.send(publishPacket({ level: 5, packetId: 7, payload: '{"last":1}' }));
    assert.equal((await honest.packet(WAIT_MS))?.[0], 0x40, 'the session is the one it was');
    honest.destroy();

    const bans = (await call(edge, '/v1/bans', { token: ADMIN_TOKEN })).body['items'] as readonly Readonly<Record<string, unknown>>[];
    const names = bans.map(({ name }) => name);
    assert.ok(
      names.includes('127.0.0.0/24') && names.includes('tfd_t.later.AAAAAAAA') && names.includes('tfd_t.http.AAAAAAAA'),
      String(names),
    );
    assert.ok(bans.every(({ edge: of, until }) => of === 'a-edge' && Date.parse(String(until)) > Date.now() - 60_000));
    const metrics = await (await fetch(`${edge.url}/metrics`)).text();
    for (const wanted of [
      /twinfold_refusals_total\{[^}]*edge="mqtt",limit="prefix-failures"[^}]*\} [1-9]/,
      /twinfold_refusals_total\{[^}]*edge="http",limit="prefix-failures"[^}]*\} [1-9]/,
      /twinfold_refusals_total\{[^}]*edge="mqtt",limit="credential-failures"[^}]*\} [1-9]/,
      /twinfold_bans\{[^}]*\} [1-9]/,
    ])
      assert.match(metrics, wanted);
  },
);
