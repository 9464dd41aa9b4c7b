/**
 * The live feed as server-sent events, on real processes: while the engine dies and another takes over, while streams break
 * and go on from their last token, and while one reads nothing, whoever listens gets every acknowledged event once.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { type LiveRig, startLiveRig, TENANT } from '../feed/live-rig.ts';
import { SseClient } from './sse-client.ts';

const DEVICES = ['a', 'b', 'c', 'd'];
let rig: LiveRig;

before(async () => {
  rig = await startLiveRig(DEVICES);
});

after(async () => rig.stop());

const bearer = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });

async function open(query: string, headers: Readonly<Record<string, string>> = bearer(rig.key)): Promise<SseClient> {
  return SseClient.open(`${rig.edge.url}/v1/stream${query}`, headers);
}

let sent = 0;

/** One event of a device; answers its position. */
async function send(device: string, json: object = { n: ++sent }): Promise<string> {
  const token = rig.devices.get(device);
  const { body, status } = await rig.call('/telemetry', { json, ...(token === undefined ? {} : { token }) });
  assert.equal(status, 202, JSON.stringify(body));
  return String(body['position']);
}

const positionsOf = (client: SseClient): readonly string[] => client.events.map(({ data }) => String(data['position']));

test('an event is told with its payload as it was sent, its place and its times', async () => {
  const stream = await open('?types=telemetry&device=a');
  const all = await open('?types=telemetry');
  const position = await send('a', { t: 21.5, big: 9_007_199_254_740_991 });
  await send('b');
  // The other device's event has been told too: it is none of this stream, and comes to none that is opened later.
  await all.until(() => all.events.length === 2, 'both events');
  await stream.until(() => stream.events.length > 0, 'the event');
  stream.close();
  all.close();
  const { data } = stream.events[0] ?? assert.fail();
  assert.equal(data['type'], 'telemetry');
  assert.equal(data['device'], 'a');
  assert.equal(data['position'], position);
  assert.deepEqual(data['payload'], { t: 21.5, big: 9_007_199_254_740_991 });
  assert.match(String(data['time']), /^\d{4}-.*Z$/);
  assert.equal(stream.events.length, 1);
});

test('the engine is killed while 5,000 events flow; streams break and resume: no gap, no double', { timeout: 90_000 }, async () => {
  const whole = await open('?types=telemetry');
  let broken = await open('?types=telemetry');
  const told: string[] = [];
  const acked: string[] = [];
  let isOver = false;
  let killing: Promise<void> | undefined;
  const cut = (async () => {
    while (!isOver) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      broken.close();
      told.push(...positionsOf(broken));
      // What had arrived counts, and nothing else.
      broken = await open(`?types=telemetry`, { ...bearer(rig.key), 'last-event-id': broken.lastId });
    }
  })();
  const flow = async (device: string): Promise<void> => {
    const token = rig.devices.get(device) ?? assert.fail();
    for (let batch = 0; batch < 50; batch++) {
      const json = Array.from({ length: 25 }, () => ({ n: ++sent }));
      const { body, status } = await rig.call('/telemetry', { json, token });
      assert.equal(status, 202);
      const [partition, seq, first] = String(body['position']).split('.');
      for (let i = 0; i < 25; i++) acked.push(`${partition}.${seq}.${Number(first) + i}`);
      // A fifth is folded by the first engine, at most; the rest comes while there is none, and while another takes over.
      if (acked.length >= 1_000) killing ??= rig.replaceEngine();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await Promise.all(DEVICES.map(flow));
  await killing;
  assert.equal(acked.length, 5_000);
  await whole.until(() => whole.events.length >= acked.length, 'all events', 40_000);
  isOver = true;
  await cut;
  await broken.until(() => told.length + broken.events.length >= acked.length, 'the rest of the broken stream', 20_000);
  told.push(...positionsOf(broken));
  whole.close();
  broken.close();
  const inOrder = (positions: readonly string[]): readonly string[] =>
    positions.toSorted((x, y) => {
      const [a, b] = [x, y].map((text) => text.split('.').map(Number));
      return (a?.[0] ?? 0) - (b?.[0] ?? 0) || (a?.[1] ?? 0) - (b?.[1] ?? 0) || (a?.[2] ?? 0) - (b?.[2] ?? 0);
    });
  const expected = inOrder(acked);
  const byPartition = (positions: readonly string[]): readonly string[] =>
    positions.toSorted((x, y) => Number(x.split('.')[0]) - Number(y.split('.')[0]));
  // Sorting by partition alone keeps each partition's own order as it was told.
  assert.deepEqual(byPartition(positionsOf(whole)), expected);
  assert.deepEqual(byPartition(told), expected);
});

test('a position goes on in the stream of one device, and in no other', async () => {
  const positions = [await send('a'), await send('a'), await send('a')];
  const stream = await open(`?device=a&types=telemetry&from=${positions[0]}`);
  await stream.until(() => stream.events.length >= 2, 'both events');
  stream.close();
  assert.deepEqual(positionsOf(stream), positions.slice(1));
  await assert.rejects(open(`?types=telemetry&from=${positions[0]}`), /400.*a token is needed/);
  await assert.rejects(open('?types=telemetry&from=AQID!'), /400/);
});

test('who reads nothing holds nobody, and gets everything when it reads again', { timeout: 60_000 }, async () => {
  const stuck = connect(Number(new URL(rig.edge.url).port), '127.0.0.1');
  stuck.write(`GET /v1/stream?types=telemetry HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${rig.key}\r\n\r\n`);
  await new Promise((resolve) => stuck.once('data', resolve));
  stuck.pause();
  const quick = await open('?types=telemetry');
  const text = 'x'.repeat(30_000);
  const count = 300;
  for (let i = 0; i < count; i++) await send('b', { n: ++sent, text });
  await quick.until(() => quick.events.length >= count, 'all events at the quick reader');
  quick.close();
  let received = '';
  const all = new Promise<void>((resolve) => {
    stuck.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (received.split('"type":"telemetry"').length > count) resolve();
    });
  });
  stuck.resume();
  await all;
  stuck.destroy();
  const numbers = Array.from(received.matchAll(/"n":(\d+)/g), (match) => Number(match[1]));
  assert.deepEqual(
    numbers,
    Array.from({ length: count }, (_, i) => sent - count + 1 + i),
  );
});

test('a ticket opens one stream; what is not granted is refused; a revoked key ends its streams', async () => {
  const { body, status } = await rig.call('/v1/stream/tickets', { method: 'POST', token: rig.key });
  assert.equal(status, 201);
  const stream = await open(`?types=telemetry&ticket=${String(body['ticket'])}`, {});
  stream.close();
  await assert.rejects(open(`?types=telemetry&ticket=${String(body['ticket'])}`, {}), /401/);
  await assert.rejects(open('', {}), /401/);
  await assert.rejects(open('', bearer(rig.devices.get('a') ?? '')), /403/);
  await assert.rejects(open('?types=nothing'), /400.*there is no type/);
  await assert.rejects(open('?device=nobody'), /404/);
  await assert.rejects(open('?typ=telemetry'), /400.*query parameter/);
  const { id, key } = await rig.makeKey(['telemetry:read']);
  await assert.rejects(open('?types=twin', bearer(key)), /403.*twin:read/);
  const cookie = await open('?types=telemetry', { cookie: `x=1; twinfold_token=${key}` });
  assert.equal((await rig.call(`/v1/keys/${id}`, { method: 'DELETE' })).status, 204);
  await cookie.until(() => cookie.isOver, 'the end of the stream', 5_000);
  const admin = await open('?types=telemetry', { ...bearer(rig.admin), 'twinfold-tenant': TENANT });
  admin.close();
});
