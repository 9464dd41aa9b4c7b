/** `/ws` on real processes: devices send and are acknowledged, applications subscribe and resume, and both are kept to their limits. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { type LiveRig, startLiveRig } from '../feed/live-rig.ts';
import { type Told, WsClient } from './ws-client.ts';

let rig: LiveRig;
let url: string;

before(async () => {
  rig = await startLiveRig(['a', 'b']);
  url = rig.edge.url.replace('http', 'ws');
});

after(async () => rig.stop());

const bearer = (token: string | undefined): { readonly headers: Readonly<Record<string, string>> } => ({
  headers: { authorization: `Bearer ${token}` },
});

async function device(id: string, protocol = 'twinfold.v1.json'): Promise<WsClient> {
  return WsClient.open(`${url}/ws`, { ...bearer(rig.devices.get(id)), protocol });
}

async function application(protocol = 'twinfold.v1.json'): Promise<WsClient> {
  return WsClient.open(`${url}/ws`, { ...bearer(rig.key), protocol });
}

const is =
  (op: string, id: unknown) =>
  (told: Told): boolean =>
    told['op'] === op && told['id'] === id;

test('telemetry is acknowledged with its position once the log has it, in order, and keeps its digits', async () => {
  const client = await device('a');
  client.ws.send('{"op":"telemetry","id":1,"payload":{"big":9007199254740993,"n":1}}');
  for (let n = 2; n <= 60; n++) client.send({ op: 'telemetry', id: n, payload: { n } });
  await client.until(() => client.told.length >= 60);
  const acks = client.told.filter(({ op }) => op === 'ack');
  assert.deepEqual(
    acks.map(({ id }) => id),
    Array.from({ length: 60 }, (_, i) => i + 1),
  );
  const places = acks.map(({ position }) => String(position).split('.').map(Number));
  for (const [i, [, seq = 0, index = 0]] of places.entries()) {
    const [, lastSeq = 0, lastIndex = -1] = places[i - 1] ?? [];
    assert.ok(seq > lastSeq || (seq === lastSeq && index > lastIndex));
  }
  const event = await rig.call(`/v1/events/${String(acks[0]?.['position'])}`, { token: rig.key });
  assert.equal(event.body['via'], 'websocket');
  assert.match(JSON.stringify(event.body['payload']), /900719925474099/);
  client.end();
});

test('what is wrong is refused with a reason, and the connection goes on', async () => {
  const client = await device('a');
  client.send({ op: 'telemetry', id: 'seconds', payload: { ts: 1_700_000_000, metrics: { n: 1 } } });
  client.send({ op: 'telemetry', id: 'nothing' });
  client.send({ op: 'telemetry', id: 'other', payload: { device: 'b', metrics: { n: 1 } } });
  client.send({ op: 'twin.get', id: 'later' });
  client.send({ op: 'sing', id: 'what' });
  client.send({ op: 'subscribe', id: 's', to: 'telemetry' });
  const codeOf = async (id: string): Promise<unknown> => (await client.find(is('nack', id)))['code'];
  assert.equal(await codeOf('seconds'), 'timestamp-in-seconds');
  assert.equal(await codeOf('nothing'), 'malformed');
  assert.equal(await codeOf('other'), 'forbidden');
  assert.equal(await codeOf('later'), 'not-offered');
  assert.equal(await codeOf('what'), 'malformed');
  assert.equal(await codeOf('s'), 'forbidden');
  client.send({ op: 'telemetry', id: 'good', payload: [{ n: 1 }, { n: 2 }] });
  assert.equal((await client.find(is('ack', 'good')))['count'], 2);
  client.end();
});

test('CBOR frames say the same, and a byte string is a TelemetryBatch', async () => {
  const client = await device('b', 'twinfold.v1.cbor');
  const reader = await application('twinfold.v1.cbor');
  reader.send({ op: 'subscribe', id: 's', to: ['telemetry'], filter: { device: 'b' } });
  await reader.find(is('subscribed', 's'));
  client.send({ op: 'telemetry', id: 7, payload: { t: 21.5, on: true } });
  const ack = await client.find(is('ack', 7));
  const event = await reader.find(is('event', 's'));
  assert.equal(event['position'], ack['position']);
  assert.deepEqual(event['payload'], { t: 21.5, on: true });
  client.send({ op: 'telemetry', id: 8, payload: Uint8Array.of(1, 2, 3) });
  assert.equal((await client.find(is('nack', 8)))['code'], 'malformed');
  client.end();
  reader.end();
});

test('a subscription resumes from its token without a gap or a double, and ends when it is told to', async () => {
  const sender = await device('a');
  const first = await application();
  first.send({ op: 'subscribe', id: 's', to: 'telemetry', filter: { device: ['a', 'b'] } });
  await first.find(is('subscribed', 's'));
  const ids: number[] = [];
  const send = (n: number): void => {
    ids.push(n);
    sender.send({ op: 'telemetry', id: n, payload: { resumed: n } });
  };
  for (let n = 0; n < 20; n++) send(n);
  await first.until(() => first.told.filter(is('event', 's')).length >= 10);
  first.end();
  const seen = first.told.filter(is('event', 's'));
  const token = String(seen.at(-1)?.['token']);
  for (let n = 20; n < 40; n++) send(n);
  const second = await application();
  second.send({ op: 'subscribe', id: 't', to: 'telemetry', from: token, filter: { device: ['a', 'b'] } });
  await second.until(() => seen.length + second.told.filter(is('event', 't')).length >= 40);
  const numbers = [...seen, ...second.told.filter(is('event', 't'))].map(
    ({ payload }) => (payload as { readonly resumed: number }).resumed,
  );
  assert.deepEqual(numbers, ids);
  second.send({ op: 'unsubscribe', id: 't' });
  await second.find(is('unsubscribed', 't'));
  second.send({ op: 'unsubscribe', id: 't' });
  assert.equal((await second.find(is('nack', 't')))['code'], 'not-found');
  second.send({ op: 'subscribe', id: 'u', to: 'telemetry', from: 'no token' });
  assert.equal((await second.find(is('nack', 'u')))['code'], 'malformed');
  for (let n = 0; n < 65; n++) second.send({ op: 'subscribe', id: `many-${n}`, to: 'telemetry' });
  assert.equal((await second.find(is('nack', 'many-64')))['limit'], 'subscriptions');
  sender.end();
  second.end();
});

test('more than a hundred frames in flight are refused by name, and none of those taken is lost', async () => {
  const client = await device('a');
  const count = 2_000;
  for (let n = 0; n < count; n++) client.ws.send(`{"op":"telemetry","id":${n},"payload":{"flood":${n}}}`);
  await client.until(() => client.told.length >= count);
  const nacks = client.told.filter(({ op }) => op === 'nack');
  assert.ok(nacks.every(({ code, limit }) => code === 'rate-limited' && limit === 'in-flight'));
  assert.equal(new Set(client.told.map(({ id }) => id)).size, count);
  client.end();
});

test('who it is may be said by a ticket or in the first frame; nobody stays without, and a revoked credential ends it', async () => {
  const { body } = await rig.call('/v1/stream/tickets', { method: 'POST', token: rig.key });
  const ticketed = await WsClient.open(`${url}/ws?ticket=${String(body['ticket'])}`);
  ticketed.send({ op: 'subscribe', id: 's', to: 'telemetry' });
  await ticketed.find(is('subscribed', 's'));
  ticketed.end();
  await assert.rejects(WsClient.open(`${url}/ws?ticket=${String(body['ticket'])}`), /refused: 401/);
  await assert.rejects(WsClient.open(`${url}/ws`, bearer('tfk_t.x.y')), /refused: 401/);
  await assert.rejects(WsClient.open(`${url}/ws`, { protocol: 'something.else' }), /refused: 400/);
  await assert.rejects(WsClient.open(`${url}/elsewhere`), /refused: 404/);

  const { id, key } = await rig.makeKey(['telemetry:read']);
  const said = await WsClient.open(`${url}/ws`);
  said.send({ op: 'auth', token: key });
  await said.find(({ op }) => op === 'authenticated');
  assert.equal((await rig.call(`/v1/keys/${id}`, { method: 'DELETE' })).status, 204);
  await said.until(() => said.closed !== undefined, 5_000);
  assert.equal(said.closed?.code, 4401);

  const wrong = await WsClient.open(`${url}/ws`);
  wrong.send({ op: 'auth', token: key });
  await wrong.until(() => wrong.closed !== undefined);
  assert.equal(wrong.closed?.code, 4401);

  const silent = await WsClient.open(`${url}/ws`);
  await silent.until(() => silent.closed !== undefined, 10_000);
  assert.equal(silent.closed?.code, 4401);
});

test('frames of another kind, no records and too large ones end the connection with their code', async () => {
  const binary = await device('a');
  binary.ws.send(Buffer.from([1, 2, 3]));
  await binary.until(() => binary.closed !== undefined);
  assert.equal(binary.closed?.code, 1003);
  const broken = await device('a');
  broken.ws.send('{"op":');
  await broken.until(() => broken.closed !== undefined);
  assert.equal(broken.closed?.code, 1007);
  const large = await device('a');
  large.send({ op: 'telemetry', id: 1, payload: { text: 'x'.repeat(70_000) } });
  await large.until(() => large.closed !== undefined);
  assert.equal(large.closed?.code, 1009);
});

test('a client that reads nothing holds nobody, and gets everything in order when it reads again', { timeout: 90_000 }, async () => {
  const [slow, quick, sender] = [await application(), await application(), await device('b')];
  for (const client of [slow, quick]) {
    client.send({ op: 'subscribe', id: 's', to: 'telemetry', filter: { device: 'b' } });
    await client.find(is('subscribed', 's'));
  }
  slow.ws.pause();
  const text = 'x'.repeat(30_000);
  const count = 300;
  for (let n = 0; n < count; n++) {
    sender.send({ op: 'telemetry', id: n, payload: { n, text } });
    if (n % 50 === 49) await sender.find(is('ack', n));
  }
  const numbersOf = (client: WsClient): readonly number[] =>
    client.told.filter(is('event', 's')).map(({ payload }) => (payload as { readonly n: number }).n);
  const all = Array.from({ length: count }, (_, n) => n);
  await quick.until(() => quick.told.length > count, 30_000);
  assert.deepEqual(numbersOf(quick), all);
  slow.ws.resume();
  await slow.until(() => slow.told.length > count, 30_000);
  assert.deepEqual(numbersOf(slow), all);
  for (const client of [slow, quick, sender]) client.end();
});

test('over TLS it is the same door', async () => {
  const { ports, tlsCaFile } = rig.edge.ready;
  const ca = await readFile(tlsCaFile ?? assert.fail());
  const client = await WsClient.open(`wss://127.0.0.1:${ports['https']}/ws`, { ...bearer(rig.devices.get('a')), ca });
  client.send({ op: 'telemetry', id: 1, payload: { secure: true } });
  assert.match(String((await client.find(is('ack', 1)))['position']), /^\d+\.\d+\.\d+$/);
  client.end();
});

test('an edge that shuts down answers what is in flight, and closes with 1001', { timeout: 30_000 }, async () => {
  const sender = await device('a');
  const reader = await application();
  reader.send({ op: 'subscribe', id: 's', to: 'telemetry' });
  await reader.find(is('subscribed', 's'));
  for (let n = 0; n < 50; n++) sender.send({ op: 'telemetry', id: n, payload: { last: n } });
  await sender.find(is('ack', 0));
  const ended = rig.edge.end();
  await sender.until(() => sender.closed !== undefined, 10_000);
  await reader.until(() => reader.closed !== undefined, 10_000);
  assert.equal(sender.closed?.code, 1001);
  assert.equal(reader.closed?.code, 1001);
  await ended;
  // Every frame that was read before is answered.
  const answers = sender.told.filter(({ op }) => op === 'ack' || op === 'nack').map(({ id }) => Number(id));
  assert.deepEqual(
    answers.toSorted((a, b) => a - b),
    Array.from({ length: answers.length }, (_, i) => i),
  );
});
