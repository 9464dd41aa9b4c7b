/** The load generators as processes: what they say was acknowledged is what a server got. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { test } from 'node:test';

import { generate, parser } from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';

import { Generator } from '../../../loadtest/bench/generator-process.ts';
import { waitFor } from '../../../loadtest/product/wait.ts';
import { decodeTelemetryBatch } from '../../../schemas/gen/lean.ts';

const BOOT = 1_790_000_002;
const SETTLE_MS = 10_000;
const LIMIT_MS = 15_000;

/** Until so many events were acknowledged, however long that takes. */
async function untilAcked(generator: Generator, events: number): Promise<void> {
  await waitFor(async () => (await generator.progress()).acked >= events, { what: `${events} events`, limitMs: LIMIT_MS, everyMs: 10 });
}

interface Sums {
  events: number;
  sum: number;
  readonly seen: Set<string>;
}

const noSums = (): Sums => ({ events: 0, sum: 0, seen: new Set() });

test('gateways: each event once, counted and summed, paced or not, a refused request again', async () => {
  const got = noSums();
  let requests = 0;
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests += 1;
      const refuse = requests === 3;
      const samples = decodeTelemetryBatch(Buffer.concat(chunks))?.samples ?? [];
      for (const { device, metrics, seq } of refuse ? [] : samples) {
        got.events += 1;
        got.sum += metrics.find(({ name }) => name === 'v')?.number ?? 0;
        got.seen.add(`${device}.${seq ?? 0}`);
      }
      const body = refuse ? '{"code":"log-full"}' : '{"count":1}';
      response.writeHead(refuse ? 503 : 202, { 'content-length': body.length });
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const devices = Array.from({ length: 25 }, (_, index) => `gw-${index}`);
  const generator = await Generator.start({
    kind: 'gateway',
    url,
    key: 'k',
    format: 'protobuf',
    devices,
    boot: BOOT,
    connections: 2,
    samplesPerRequest: 10,
  });
  try {
    generator.go();
    await untilAcked(generator, 100);
    const fast = await generator.settle(SETTLE_MS);
    generator.go(1_000);
    await untilAcked(generator, fast.acked + 100);
    const { acked, refused, sum } = await generator.settle(SETTLE_MS);
    assert.deepEqual({ acked, sum }, { acked: got.events, sum: got.sum });
    assert.equal(got.seen.size, got.events);
    assert.equal(refused, 1);
  } finally {
    generator.stop();
    server.closeAllConnections();
    server.close();
  }
});

for (const inFlight of [1, 4]) {
  test(`MQTT devices with ${inFlight} in flight: each message once, in order, counted and summed`, async () => {
    const got = noSums();
    const sockets = new Set<Socket>();
    const last = new Map<string, number>();
    let mostInFlight = 0;
    const server = createServer((socket) => {
      sockets.add(socket);
      const reader = parser({ protocolVersion: 4 });
      let device = '';
      let pending: number[] = [];
      reader.on('packet', (packet: Packet) => {
        if (packet.cmd === 'connect') {
          device = packet.clientId;
          socket.write(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
        } else if (packet.cmd === 'publish') {
          const { metrics, seq } = JSON.parse(packet.payload.toString()) as { seq: number; metrics: { v: number } };
          assert.equal(seq, (last.get(device) ?? seq - 1) + 1);
          last.set(device, seq);
          got.events += 1;
          got.sum += metrics.v;
          got.seen.add(`${device}.${seq}`);
          pending.push(packet.messageId ?? 0);
          mostInFlight = Math.max(mostInFlight, pending.length);
          // Acknowledged together, and in two pieces that cut a packet.
          setImmediate(() => {
            const bytes = Buffer.concat(pending.map((messageId) => generate({ cmd: 'puback', messageId })));
            pending = [];
            socket.write(bytes.subarray(0, 3));
            setImmediate(() => socket.write(bytes.subarray(3)));
          });
        }
      });
      socket.on('data', (chunk) => reader.parse(chunk));
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const devices = Array.from({ length: 5 }, (_, index) => ({ name: `mq-${index}`, token: 'x' }));
    const generator = await Generator.start({
      kind: 'mqtt',
      host: '127.0.0.1',
      port,
      tenant: 't',
      devices,
      boot: BOOT,
      inFlight,
      topic: 'v1/telemetry',
    });
    try {
      generator.go();
      await untilAcked(generator, 50);
      const { acked, sum } = await generator.settle(SETTLE_MS);
      assert.deepEqual({ acked, sum }, { acked: got.events, sum: got.sum });
      assert.equal(got.seen.size, got.events);
      assert.ok(mostInFlight <= inFlight);
    } finally {
      generator.stop();
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
}

test('a generator that can not connect says so', async () => {
  const load = {
    kind: 'mqtt',
    host: '127.0.0.1',
    port: 1,
    tenant: 't',
    devices: [{ name: 'a', token: 'x' }],
    boot: BOOT,
    inFlight: 1,
    topic: 'x',
  } as const;
  await assert.rejects(Generator.start(load), /ECONNREFUSED/);
});
