/** Publishing over real sockets: what is stored, when an acknowledgement leaves, and when the edge stops reading. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { test } from 'node:test';
import { CLIENT_INFLIGHT_MAX, EVENT_BYTES_MAX } from '../../../engine/kernel/limits.ts';
import { partitionOf } from '../../../engine/kernel/partition.ts';
import { PACKET_BYTES_MAX } from '../../../ingest/mqtt/announced.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND, VIA } from '../../../schemas/envelope.ts';
import { connectPacket, publishPacket, text, type PublishInit } from './client-codec.ts';
import { startEdge, until, type Edge } from './fixtures.ts';
import type { MemoryIntakeOptions } from './memory-intake.ts';
import type { Wire } from './vectors.ts';

const CLOSE_MS_MAX = 5_000;

async function withEdge(run: (edge: Edge) => Promise<void>, intake: Partial<MemoryIntakeOptions> = {}): Promise<void> {
  const edge = await startEdge({}, intake);
  try {
    await run(edge);
  } finally {
    await edge.close();
  }
}

/** Packet identifier and reason code of the next PUBACK. */
async function puback(wire: Wire): Promise<[number, number]> {
  const packet = await wire.packet();
  assert.equal(packet?.[0], 0x40, `expected PUBACK, got ${packet?.toString('hex')}`);
  return [((packet?.[2] ?? 0) << 8) | (packet?.[3] ?? 0), (packet?.length ?? 0) > 4 ? (packet?.[4] ?? 0) : 0];
}

/** Publishes, waits until the intake has it, stores, and returns the prefix it came with. */
async function prefixOf(edge: Edge, wire: Wire, init: PublishInit): Promise<string> {
  wire.send(publishPacket(init));
  await until(() => edge.intake.waiting === 1);
  edge.intake.storeAll();
  assert.equal((await puback(wire))[1], 0);
  return Buffer.from(edge.intake.events.at(-1)?.prefix ?? []).toString('hex');
}

test('an event is offered to its partition with what the session and the packet say, and acked only when stored', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    wire.send(publishPacket({ level: 5, packetId: 258, payload: '{"t":21.5}' }));
    await until(() => edge.intake.waiting === 1);
    // Long enough for an acknowledgement that should not come.
    assert.equal(await wire.packet(50), undefined);
    const [event] = edge.intake.events;
    const partition = partitionOf('demo', 'dev-1', edge.intake.partitions);
    assert.equal(event?.partition, partition);
    assert.equal(event?.payload, '{"t":21.5}');
    edge.intake.storeAll();
    const ack = await wire.packet();
    assert.deepEqual([...(ack?.subarray(0, 5) ?? [])], [0x40, ack?.[1], 1, 2, 0]);
    assert.equal(ack?.subarray(6).toString('latin1'), `&\0\x08position\0\x05${partition}.1.0`);
    assert.deepEqual(edge.refusals, []);
  }),
);

test('the format comes from the topic, else from the content type, else it is JSON', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    const contentType = (name: string): Uint8Array => Buffer.concat([Uint8Array.of(3), text(name)]);
    const table = [
      [{ level: 5 }, CONTENT_TYPE.json],
      [{ level: 5, topic: 'v1/telemetry/cbor' }, CONTENT_TYPE.cbor],
      [{ level: 5, properties: contentType('application/msgpack') }, CONTENT_TYPE.msgpack],
      [{ level: 5, topic: 'v1/telemetry/proto', properties: contentType('application/json') }, CONTENT_TYPE.protobuf],
      [{ level: 5, properties: contentType('') }, CONTENT_TYPE.json],
    ] as const;
    for (const [init, expected] of table) {
      const prefix = encodeEventPrefix({ tenant: 'demo', device: 'dev-1', kind: KIND.telemetry, contentType: expected, via: VIA.mqtt });
      assert.equal(await prefixOf(edge, wire, init), Buffer.from(prefix).toString('hex'));
    }
    wire.send(publishPacket({ level: 5, packetId: 9, properties: contentType('text/plain') }));
    assert.deepEqual(await puback(wire), [9, 0x99]);
  }),
);

test('aliases stand for topics, within one connection', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    const alias = (number: number): Uint8Array => Uint8Array.of(0x23, 0, number);
    const set = await prefixOf(edge, wire, { level: 5, topic: 'v1/telemetry/cbor', properties: alias(16) });
    await prefixOf(edge, wire, { level: 5, topic: 'v1/telemetry' });
    assert.equal(await prefixOf(edge, wire, { level: 5, topic: '', properties: alias(16) }), set);
    assert.equal(await prefixOf(edge, wire, { level: 5, topic: 'v1/telemetry/cbor' }), set);
    for (const [properties, reason] of [
      [alias(3), 0x82],
      [alias(0), 0x94],
      [alias(17), 0x94],
    ] as const) {
      const bad = await edge.device(5, 'dev-2');
      bad.send(publishPacket({ level: 5, topic: '', properties }));
      assert.equal((await bad.packet())?.[2], reason);
    }
  }),
);

test('acks of one device come in order, whatever order its partitions and messages settle in', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wires = await Promise.all(['a', 'b', 'c', 'd'].map((id) => edge.device(4, id)));
    for (let id = 1; id <= 20; id++) for (const wire of wires) wire.send(publishPacket({ level: 4, packetId: id }));
    await until(() => edge.intake.waiting === 80);
    // Nobody's refusal may stand between: a QoS 0 message and a 5 client with refusals are in the same lanes.
    for (const partition of [3, 1, 0, 2]) edge.intake.store(partition);
    for (const wire of wires) for (let id = 1; id <= 20; id++) assert.deepEqual(await puback(wire), [id, 0]);
  }),
);

test('a reserved topic that means nothing is refused with those that there are', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    for (const topic of ['v1/nonsense', 'v1/telemetry/xml', 'devices/dev-1/telemetry']) {
      wire.send(publishPacket({ level: 5, packetId: 1, topic }));
      const answer = await wire.packet();
      assert.ok(answer !== undefined, topic);
      assert.equal(answer[4], 0x90);
      assert.match(
        Buffer.from(answer).toString('latin1'),
        /there are v1\/telemetry and v1\/telemetry\/<json\|cbor\|msgpack\|proto\|senml>$/,
      );
    }
  }),
);

test('refused and stored messages are acknowledged in the order of their PUBLISH', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    const topics = ['v1/telemetry', 'v1/nothing', 'own/tree', 'v1/telemetry/json', 'v1/telemetry/xml'];
    for (const [i, topic] of topics.entries()) wire.send(publishPacket({ level: 5, packetId: i + 1, topic }));
    await until(() => edge.intake.waiting === 2);
    assert.equal(await wire.packet(50), undefined);
    edge.intake.storeAll();
    const codes = [];
    for (const _ of topics) codes.push(await puback(wire));
    assert.deepEqual(codes, [
      [1, 0],
      [2, 0x90],
      [3, 0x87],
      [4, 0],
      [5, 0x90],
    ]);
    assert.deepEqual(edge.refusals, ['unknown-topic', 'forbidden', 'unknown-topic']);
  }),
);

test(
  'a 3.1.1 client is closed on a refused QoS 1 message, after the acks before it; QoS 0 is dropped and counted',
  { timeout: 20_000 },
  () =>
    withEdge(async (edge) => {
      const wire = await edge.device(4, 'dev-1');
      wire.send(publishPacket({ level: 4, qos: 0, topic: 'own/tree' }));
      wire.send(publishPacket({ level: 4, packetId: 1 }));
      wire.send(publishPacket({ level: 4, packetId: 2, topic: 'own/tree' }));
      wire.send(publishPacket({ level: 4, packetId: 3 }));
      await until(() => edge.refusals.length === 2);
      assert.equal(wire.hasEnded, false);
      edge.intake.storeAll();
      assert.deepEqual(await puback(wire), [1, 0]);
      assert.equal(await wire.packet(), undefined);
      assert.ok(wire.hasEnded);
      assert.deepEqual(edge.intake.events.length, 1);
      assert.deepEqual(edge.refusals, ['forbidden', 'forbidden']);
    }),
);

test('an API key may connect and may not publish telemetry without a device', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.connect();
    wire.send(connectPacket({ level: 5, password: 'key', clientId: 'app' }));
    assert.equal((await wire.packet())?.[3], 0);
    wire.send(publishPacket({ level: 5, packetId: 5 }));
    assert.deepEqual(await puback(wire), [5, 0x87]);
    assert.equal(edge.intake.offered, 0);
  }),
);

test('what no PUBLISH may be ends a 5 connection with its reason', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const table = [
      [{ level: 5, packetId: 0 }, 0x82],
      [{ level: 5, payload: 'x'.repeat(PACKET_BYTES_MAX) }, 0x95],
    ] as const;
    for (const [init, reason] of table) {
      const wire = await edge.device(5, 'dev-1');
      wire.send(publishPacket(init));
      assert.equal((await wire.packet())?.[2], reason, JSON.stringify({ ...init, payload: undefined }));
      assert.ok(await wire.ends(CLOSE_MS_MAX));
    }
  }),
);

test('limits refuse one message by name, and the connection stays', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    const user = Buffer.concat([Uint8Array.of(0x26), text('k'), text('v'.repeat(2_048))]);
    wire.send(publishPacket({ level: 5, packetId: 1, payload: 'x'.repeat(EVENT_BYTES_MAX + 1) }));
    wire.send(publishPacket({ level: 5, packetId: 2, properties: user }));
    wire.send(publishPacket({ level: 5, packetId: 3, topic: 'x'.repeat(257) }));
    wire.send(publishPacket({ level: 5, packetId: 4, payload: 'x'.repeat(EVENT_BYTES_MAX) }));
    for (const [id, reason, limit] of [
      [1, 0x97, 'event-bytes'],
      [2, 0x97, 'user-properties-bytes'],
      [3, 0x90, 'topic-bytes'],
    ] as const) {
      const ack = await wire.packet();
      assert.deepEqual([ack?.[3], ack?.[4]], [id, reason]);
      assert.match(ack?.toString('latin1') ?? '', new RegExp(`limit..${limit}`, 's'));
    }
    await until(() => edge.intake.waiting === 1);
    edge.intake.storeAll();
    assert.deepEqual(await puback(wire), [4, 0]);
    assert.deepEqual(edge.refusals, ['event-bytes', 'user-properties-bytes', 'topic-bytes']);
  }),
);

test('a repeated identifier in flight is refused in 5, and answered once in 3.1.1', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const five = await edge.device(5, 'dev-1');
    five.send(publishPacket({ level: 5, packetId: 1 }));
    five.send(publishPacket({ level: 5, packetId: 1, dup: true }));
    const four = await edge.device(4, 'dev-2');
    four.send(publishPacket({ level: 4, packetId: 1 }));
    four.send(publishPacket({ level: 4, packetId: 1, dup: true }));
    four.send(publishPacket({ level: 4, packetId: 2 }));
    await until(() => edge.intake.waiting === 3);
    edge.intake.storeAll();
    assert.deepEqual(
      [await puback(five), await puback(five)],
      [
        [1, 0],
        [1, 0x91],
      ],
    );
    assert.deepEqual(
      [await puback(four), await puback(four)],
      [
        [1, 0],
        [2, 0],
      ],
    );
    // Acknowledged identifiers are free again.
    four.send(publishPacket({ level: 4, packetId: 1 }));
    await until(() => edge.intake.waiting === 1);
    four.send(publishPacket({ level: 4, packetId: 1 }));
    assert.ok(await four.ends(CLOSE_MS_MAX));
  }),
);

test('too much in flight ends a 5 connection and pauses a 3.1.1 one', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const burst = (level: 4 | 5, count: number): Buffer =>
      Buffer.concat(Array.from({ length: count }, (_, i) => publishPacket({ level, packetId: i + 1 })));
    const five = await edge.device(5, 'dev-1');
    five.send(burst(5, CLIENT_INFLIGHT_MAX + 1));
    assert.equal((await five.packet())?.[2], 0x93);
    assert.ok(await five.ends(CLOSE_MS_MAX));
    edge.intake.storeAll();
    const four = await edge.device(4, 'dev-2');
    four.send(burst(4, 1_000));
    let acked = 0;
    while (acked < 1_000) {
      await until(() => edge.intake.waiting > 0);
      assert.ok(edge.intake.waiting <= CLIENT_INFLIGHT_MAX);
      const settled = edge.intake.waiting;
      edge.intake.storeAll();
      for (let i = 0; i < settled; i++) assert.deepEqual(await puback(four), [++acked, 0]);
    }
    assert.deepEqual(edge.refusals, ['in-flight']);
  }),
);

test('a full lane stops the reading, loses nothing and keeps the order', { timeout: 30_000 }, () =>
  withEdge(
    async (edge) => {
      const wires = await Promise.all(['a', 'b', 'c'].map((id) => edge.device(4, id)));
      const counts = 60;
      for (const [n, wire] of wires.entries()) {
        const packets = Array.from({ length: counts }, (_, i) => publishPacket({ level: 4, packetId: i + 1, payload: `${n}:${i}` }));
        wire.send(Buffer.concat(packets));
      }
      // Also QoS 0 waits for room: it is only lost when the process dies.
      wires[0]?.send(publishPacket({ level: 4, qos: 0, payload: '0:60' }));
      const timer = setInterval(() => edge.intake.storeAll(), 1);
      try {
        for (const wire of wires) for (let id = 1; id <= counts; id++) assert.deepEqual(await puback(wire), [id, 0]);
        await until(() => edge.intake.offered === 3 * counts + 1);
      } finally {
        clearInterval(timer);
      }
      for (const [n, length] of [counts + 1, counts, counts].entries()) {
        const own = edge.intake.events.map((event) => event.payload).filter((payload) => payload.startsWith(`${n}:`));
        assert.deepEqual(
          own,
          Array.from({ length }, (_, i) => `${n}:${i}`),
        );
      }
      assert.ok(edge.intake.refused > 0, 'the lane was never full');
    },
    { partitions: 2, laneEventsMax: 5 },
  ),
);

test('a log that is full is told to 5 clients, and closes 3.1.1 ones without an ack', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const five = await edge.device(5, 'dev-1');
    const four = await edge.device(4, 'dev-2');
    five.send(publishPacket({ level: 5, packetId: 1 }));
    four.send(publishPacket({ level: 4, packetId: 1 }));
    await until(() => edge.intake.waiting === 2);
    edge.intake.failAll({ code: 'log-full', limit: 'log-bytes', retryAfterMs: 250 });
    const ack = await five.packet();
    assert.deepEqual([ack?.[3], ack?.[4]], [1, 0x97]);
    assert.match(ack?.toString('latin1') ?? '', /limit..log-bytes.*retry-after-ms..250/s);
    assert.equal(await four.packet(), undefined);
    assert.ok(four.hasEnded);
    five.send(publishPacket({ level: 5, packetId: 2 }));
    await until(() => edge.intake.waiting === 1);
    edge.intake.storeAll();
    assert.deepEqual(await puback(five), [2, 0]);
  }),
);

test('a client that does not read its answers is not read either, until it does', { timeout: 60_000 }, async () => {
  const edge = await startEdge({}, { keeps: false, laneEventsMax: Infinity });
  const socket = connect({ port: edge.listener.port, host: '127.0.0.1' });
  try {
    socket.write(connectPacket({ level: 4, password: 'device:d', keepAliveS: 600 }));
    // More answers than both kernels buffer (some MB), and now and then an event that shows how far the edge has read.
    const pings = Buffer.alloc(4_000, Uint8Array.of(0xc0, 0));
    const block = Buffer.concat([pings, publishPacket({ level: 4, qos: 0 })]);
    const blocks = 1_500;
    for (let i = 0; i < blocks; i++) socket.write(block);
    const isStuck = async (): Promise<boolean> => {
      const before = edge.intake.offered;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return before > 0 && edge.intake.offered === before;
    };
    let stuck = 0;
    while (stuck < 3 && edge.intake.offered < blocks) stuck = (await isStuck()) ? stuck + 1 : 0;
    assert.ok(edge.intake.offered < blocks, 'the edge read on and on');
    socket.resume();
    await until(() => edge.intake.offered === blocks);
  } finally {
    socket.destroy();
    await edge.close();
  }
});
