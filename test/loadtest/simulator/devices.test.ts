/** Simulated devices do what a good device does when the edge misbehaves: keep, resend in order, and claim nothing early. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { waitFor } from '../../../loadtest/product/wait.ts';
import type { Ledger } from '../../../loadtest/simulator/device.ts';
import type { AckedAt } from '../../../loadtest/simulator/history.ts';
import { HttpSender } from '../../../loadtest/simulator/http-sender.ts';
import { MqttDevice } from '../../../loadtest/simulator/mqtt-device.ts';
import { eventOf } from '../../../loadtest/simulator/payload.ts';
import type { SimulatedEvent } from '../../../loadtest/simulator/payload.ts';
import { decodeTelemetryBatch } from '../../../schemas/gen/lean.ts';
import { ScriptedHttp, ScriptedMqtt } from './scripted-edge.ts';
import type { Answer } from './scripted-edge.ts';

const plan = { seed: 3, baseMs: 1_790_000_000_000 };
const measure = (device: number, n: number): SimulatedEvent => eventOf(plan, device, n);
const limits = { keptMax: 100, windowMax: 8 };
const EVENTS = 30;
const LIMIT_MS = 15_000;

class Book implements Ledger {
  readonly invoked: string[] = [];
  readonly acked = new Map<string, AckedAt>();
  readonly failed: number[] = [];
  readonly unknown: number[] = [];

  invoke(device: number, n: number): void {
    this.invoked.push(`${device}.${n}`);
  }

  ok(device: number, n: number, at: AckedAt): void {
    assert.ok(!this.acked.has(`${device}.${n}`), 'acknowledged twice');
    this.acked.set(`${device}.${n}`, at);
  }

  fail(_device: number, n: number): void {
    this.failed.push(n);
  }

  info(_device: number, n: number): void {
    this.unknown.push(n);
  }
}

async function runMqtt(
  version: 4 | 5,
  answer: (k: number) => Answer,
): Promise<{ readonly edge: ScriptedMqtt; readonly book: Book; readonly device: MqttDevice }> {
  const book = new Book();
  let k = 0;
  const edge = await ScriptedMqtt.listen(() => answer(++k));
  const facts = { index: 0, name: 'dev', tenant: 't', token: 'secret', measure, ledger: book };
  const device = new MqttDevice({ ...facts, version, address: edge.address, limits });
  try {
    device.start();
    for (let i = 0; i < EVENTS; i++) device.produce();
    await waitFor(() => device.waiting() === 0, { what: 'all acknowledgements', limitMs: LIMIT_MS, everyMs: 5 });
  } finally {
    device.stop();
    await edge.close();
  }
  return { edge, book, device };
}

for (const version of [4, 5] as const) {
  test(`MQTT ${version}: events arrive in order over lost connections, and resends say so`, async () => {
    const { book, device, edge } = await runMqtt(version, (k) =>
      k % 7 === 0 ? 'store-and-drop-connection' : k % 11 === 0 ? 'drop-connection' : 'ack',
    );
    assert.deepEqual([...edge.versions], [version]);
    assert.equal(book.acked.size, EVENTS);
    assert.equal(book.invoked.length, EVENTS);
    assert.ok(device.counts.disconnects > 2 && book.unknown.length > 2);
    const first = [...new Map(edge.heard.toReversed().map((heard) => [heard.n, heard])).values()].toSorted(
      (a, b) => edge.heard.indexOf(a) - edge.heard.indexOf(b),
    );
    assert.deepEqual(
      first.map(({ n }) => n),
      Array.from({ length: EVENTS }, (_, i) => i + 1),
    );
    const seen = new Set<number>();
    for (const { dup, n } of edge.heard) {
      if (seen.has(n)) assert.ok(dup, `n=${n} came again without DUP`);
      seen.add(n);
    }
    const byConnection = Map.groupBy(edge.heard, ({ connection }) => connection);
    for (const heard of byConnection.values()) {
      const own = heard.map(({ n }) => n);
      assert.deepEqual(
        own,
        own.toSorted((a, b) => a - b),
        'a connection goes back',
      );
      assert.equal(new Set(own).size, own.length, 'sent twice on one connection');
    }
  });
}

test('MQTT 5: positions are kept, and a refused event is sent again after the others were answered', async () => {
  const { book, device, edge } = await runMqtt(5, (k) => (k === 4 || k === 5 ? 'refuse' : 'ack'));
  assert.equal(device.counts.disconnects, 0);
  assert.deepEqual(book.failed, [4, 5]);
  assert.equal(book.acked.size, EVENTS);
  assert.ok([...book.acked.values()].every(({ seq }) => seq > 0));
  assert.equal(edge.heard.filter(({ n }) => n === 4).length, 2);
});

test('HTTP: a request is repeated unchanged until its fate is known', async () => {
  const book = new Book();
  const edge = await ScriptedHttp.listen((request) => (request === 1 ? 'hang-up' : request === 3 ? 503 : 202));
  const sender = new HttpSender({
    url: edge.url,
    token: 'x',
    format: 'single',
    members: [{ index: 0, name: 'dev' }],
    measure,
    ledger: book,
    limits,
  });
  try {
    sender.start();
    for (let i = 0; i < 5; i++) sender.produce();
    await waitFor(() => sender.waiting() === 0, { what: 'all acknowledgements', limitMs: LIMIT_MS, everyMs: 5 });
  } finally {
    sender.stop();
    await edge.close();
  }
  const seqs = edge.heard.map(({ body }) => (JSON.parse(body.toString()) as { seq: number }).seq);
  assert.deepEqual(seqs, [1, 2, 2, 3, 3, 4, 5]);
  assert.deepEqual(book.unknown, [2]);
  assert.deepEqual(book.failed, [3]);
  assert.deepEqual(book.acked.get('0.1'), { partition: 1, seq: 5, index: 0 });
});

for (const format of ['ndjson', 'protobuf'] as const) {
  test(`a gateway speaks ${format} for many devices, each in its order`, async () => {
    const book = new Book();
    const edge = await ScriptedHttp.listen((request) => (request === 1 ? 503 : 202));
    const members = [0, 1, 2].map((index) => ({ index, name: `dev-${index}` }));
    const sender = new HttpSender({ url: edge.url, token: 'x', format, members, measure, ledger: book, limits });
    try {
      sender.start();
      for (let i = 0; i < EVENTS; i++) sender.produce();
      await waitFor(() => sender.waiting() === 0, { what: 'all acknowledgements', limitMs: LIMIT_MS, everyMs: 5 });
    } finally {
      sender.stop();
      await edge.close();
    }
    assert.equal(book.acked.size, EVENTS);
    const sent = edge.heard.flatMap(({ body, contentType }) => {
      if (contentType === 'application/x-protobuf')
        return (decodeTelemetryBatch(body)?.samples ?? []).map(({ device, seq }) => ({ device, seq: seq ?? 0 }));
      return body
        .toString()
        .split('\n')
        .map((line) => JSON.parse(line) as { device: string; seq: number });
    });
    for (const { name } of members) {
      const own = [...new Set(sent.filter(({ device }) => device === name).map(({ seq }) => seq))];
      assert.deepEqual(
        own,
        Array.from({ length: EVENTS / 3 }, (_, i) => i + 1),
      );
    }
  });
}
