/** Hostile bytes against a live listener: it must stay up, stay small, and serve everybody else meanwhile. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectPacket, publishPacket, text } from './client-codec.ts';
import { startEdge, until } from './fixtures.ts';
import { Wire } from './vectors.ts';

const levels = fc.constantFrom<4 | 5>(4, 5);
const property = fc.oneof(
  fc.constant(Buffer.concat([Uint8Array.of(0x26), text('key'), text('value')])),
  fc.constant(Uint8Array.of(0x23, 0, 1)),
  fc.constant(Buffer.concat([Uint8Array.of(3), text('application/cbor')])),
  fc.constant(Uint8Array.of(0x21, 0, 9)),
  fc.uint8Array({ maxLength: 5 }),
);

/** One valid packet of any type that a client may send, and now and then a wrong one. */
function packetOf(level: 4 | 5): fc.Arbitrary<Uint8Array> {
  const publish = fc
    .record({
      qos: fc.constantFrom<0 | 1 | 2>(0, 1, 1, 1, 2),
      packetId: fc.nat(20),
      topic: fc.constantFrom('v1/telemetry', 'v1/telemetry/cbor', 'a/b', ''),
      properties: property,
    })
    .map((init) => publishPacket({ ...init, level }));
  const subscribe = Buffer.concat([
    Uint8Array.of(0x82, level === 5 ? 7 : 6, 0, 1),
    ...(level === 5 ? [Uint8Array.of(0)] : []),
    text('a'),
    Uint8Array.of(1),
  ]);
  return fc.oneof(
    { weight: 6, arbitrary: publish },
    fc.constantFrom(Uint8Array.of(0xc0, 0), Uint8Array.of(0x40, 2, 0, 1), Uint8Array.of(0x62, 2, 0, 1), subscribe),
    fc.uint8Array({ minLength: 1, maxLength: 30 }),
  );
}

const streams = levels.chain((level) =>
  fc.record({
    level: fc.constant(level),
    connect: fc.boolean(),
    connectProperties: property,
    packets: fc.array(packetOf(level), { maxLength: 12 }),
    mutations: fc.array(fc.record({ at: fc.nat(), to: fc.nat(255), kind: fc.constantFrom('set', 'cut', 'insert') }), { maxLength: 4 }),
    half: fc.nat(),
  }),
);

type Stream = typeof streams extends fc.Arbitrary<infer T> ? T : never;

function bytesOf(stream: Stream, device: string): Buffer {
  const { level } = stream;
  const properties = Uint8Array.from(stream.connectProperties);
  const connect = connectPacket({ level, password: `device:${device}`, ...(stream.connect ? {} : { properties }) });
  let bytes = Buffer.concat([connect, ...stream.packets]);
  for (const { at, to, kind } of stream.mutations) {
    const place = at % bytes.length;
    if (kind === 'set') bytes[place] = to;
    else if (kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1 + (to % 8))]);
    else bytes = Buffer.concat([bytes.subarray(0, place), Uint8Array.of(to), bytes.subarray(place)]);
    if (bytes.length === 0) return connect;
  }
  return bytes;
}

test('mutated streams never harm the listener or its other clients', { timeout: 60_000 }, async () => {
  const edge = await startEdge();
  const timer = setInterval(() => edge.intake.storeAll(), 2);
  try {
    const canary = await edge.device(4, 'canary');
    let n = 0;
    let canaryId = 0;
    const attack = async (stream: Stream): Promise<void> => {
      const wire = await Wire.open(edge.listener.port);
      const bytes = bytesOf(stream, `d${n++ % 50}`);
      const half = stream.half % bytes.length;
      wire.send(bytes.subarray(0, half));
      wire.send(bytes.subarray(half));
      wire.send(Uint8Array.of(0xc0, 0));
      // Whatever comes back is a packet or an end; a connection that lives answers the ping.
      for (let i = 0; i < 40; i++) {
        const packet = await wire.packet(20);
        if (packet === undefined || packet[0] === 0xd0) break;
      }
      wire.destroy();
    };
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 15; round++) {
      await Promise.all(fc.sample(streams, { numRuns: 100, seed: round }).map(attack));
      canary.send(publishPacket({ level: 4, packetId: ++canaryId }));
      const ack = await canary.packet();
      assert.deepEqual([...(ack ?? [])], [0x40, 2, 0, canaryId], 'the canary was not served');
    }
    assert.equal(n, 1_500);
    assert.ok(edge.refusals.length > 100, 'the streams were too kind');
    assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024);
    await until(() => edge.listener.connections() === 1);
    assert.equal(edge.authenticator.listeners(), 1);
  } finally {
    clearInterval(timer);
    await edge.close();
  }
});

test('declared sizes cost nothing: many connections with giant headers and dribbled bodies', { timeout: 60_000 }, async () => {
  const edge = await startEdge();
  try {
    const canary = await edge.device(4, 'canary');
    const before = process.memoryUsage().rss;
    const wires = await Promise.all(Array.from({ length: 500 }, () => edge.connect()));
    await until(() => edge.listener.connections() === 501);
    // Half declare the most that is allowed and dribble, half declare 256 MB.
    for (const [i, wire] of wires.entries()) {
      wire.send(i % 2 === 0 ? Uint8Array.of(0x10, 0x80, 0x4e, 0, 4, 0x4d) : Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4));
    }
    await until(() => edge.listener.connections() === 251);
    for (let i = 0; i < 5; i++) for (const wire of wires) wire.send(Uint8Array.of(0x51));
    canary.send(Uint8Array.of(0xc0, 0));
    assert.equal((await canary.packet())?.[0], 0xd0);
    assert.equal(edge.listener.connections(), 251);
    assert.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024);
  } finally {
    await edge.close();
  }
});
