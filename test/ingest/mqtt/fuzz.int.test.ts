/** Hostile bytes against a live listener: it must stay up, stay small, and serve everybody else meanwhile. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { PACKET } from '../../../ingest/mqtt/packets.ts';
import { inWorld } from '../../support/memory-broker.ts';
import { connectPacket, lengthOf, publishPacket, text } from './client-codec.ts';
import { startEdge, until } from './fixtures.ts';
import { Wire } from './vectors.ts';

const levels = fc.constantFrom<4 | 5>(4, 5);
/** Most that may stand there, so that streams come far. */
const property = fc.oneof(
  { weight: 8, arbitrary: fc.constant(Buffer.concat([Uint8Array.of(0x26), text('key'), text('value')])) },
  { weight: 8, arbitrary: fc.constant(Uint8Array.of(0x23, 0, 1)) },
  { weight: 8, arbitrary: fc.constant(Buffer.concat([Uint8Array.of(3), text('application/cbor')])) },
  fc.constant(Uint8Array.of(0x21, 0, 9)),
  fc.uint8Array({ maxLength: 5 }),
);

function flagged(level: 4 | 5, first: number, ...body: Uint8Array[]): Uint8Array {
  const [identifier = new Uint8Array(0), ...rest] = body;
  const whole = Buffer.concat([identifier, ...(level === 5 ? [Uint8Array.of(0)] : []), ...rest]);
  return Buffer.concat([Uint8Array.of(first), lengthOf(whole.length), whole]);
}

/** SUBSCRIBE with up to three filters, and UNSUBSCRIBE of one. */
function subscriptionOf(level: 4 | 5): fc.Arbitrary<Uint8Array> {
  const filter = fc.constantFrom('a/b', 'a/#', 'a/+', '#', '$share/g/a/#', 'v1/commands/#', 'v1/errors');
  const options = level === 5 ? fc.nat(0x3f) : fc.nat(2);
  const subscribe = fc
    .array(fc.tuple(filter, options), { minLength: 1, maxLength: 3 })
    .map((asked) => flagged(level, 0x82, Uint8Array.of(0, 9), ...asked.flatMap(([name, bits]) => [text(name), Uint8Array.of(bits)])));
  return fc.oneof(
    { weight: 4, arbitrary: subscribe },
    filter.map((name) => flagged(level, 0xa2, Uint8Array.of(0, 10), text(name))),
  );
}

/** One valid packet of any type that a client may send, and now and then a wrong one. */
function packetOf(level: 4 | 5): fc.Arbitrary<Uint8Array> {
  const publish = fc
    .record({
      qos: fc.constantFrom<0 | 1 | 2>(0, 1, 1, 2, 2),
      packetId: fc.oneof({ weight: 40, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.constant(0)),
      topic: fc.oneof({ weight: 20, arbitrary: fc.constantFrom('v1/telemetry', 'v1/telemetry/cbor', 'a/b', 'a/c') }, fc.constant('')),
      retain: fc.boolean(),
      properties: property,
    })
    .map((init) => publishPacket({ ...init, level }));
  const ack = fc
    .tuple(fc.constantFrom(0x40, 0x50, 0x62, 0x62, 0x70), fc.integer({ min: 1, max: 20 }), fc.constantFrom(0, 0, 0, 0x80, 0x92))
    .map(([first, id, reason]) => (reason === 0 ? Uint8Array.of(first, 2, 0, id) : Uint8Array.of(first, 3, 0, id, reason)));
  return fc.oneof(
    { weight: 12, arbitrary: publish },
    { weight: 6, arbitrary: subscriptionOf(level) },
    { weight: 4, arbitrary: ack },
    fc.constantFrom(Uint8Array.of(0xc0, 0), Uint8Array.of(0xc0, 0), Uint8Array.of(0xe0, 0)),
    fc.uint8Array({ minLength: 1, maxLength: 30 }),
  );
}

const mutation = fc.record({ at: fc.nat(), to: fc.nat(255), kind: fc.constantFrom('set', 'cut', 'insert') });

const streams = levels.chain((level) =>
  fc.record({
    level: fc.constant(level),
    connect: fc.boolean(),
    connectProperties: property,
    /** Kept with its connection, or beyond. */
    expiryS: fc.constantFrom(0, 0, 5),
    packets: fc.array(packetOf(level), { maxLength: 12 }),
    mutations: fc.oneof(fc.constant([]), fc.array(mutation, { maxLength: 4 })),
    half: fc.nat(),
  }),
);

type Stream = typeof streams extends fc.Arbitrary<infer T> ? T : never;

/** Who the attackers are. */
interface Attacker {
  readonly password: string;
  readonly clientId: string;
  readonly cleanStart: boolean;
}

/** In its own tree; what it publishes there reaches nobody else. */
const OWN_TREE = 'may:telemetry:write topic:a/#:pubsub';

function bytesOf(stream: Stream, attacker: Attacker): Buffer {
  const { expiryS, level } = stream;
  const expiry = level === 5 && expiryS > 0 ? Uint8Array.of(0x11, 0, 0, 0, expiryS) : new Uint8Array(0);
  const properties = Buffer.concat([expiry, stream.connect ? new Uint8Array(0) : Uint8Array.from(stream.connectProperties)]);
  const connect = connectPacket({ ...attacker, level, properties });
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

/** Where the ping was swallowed by a packet that lacks its end, nothing will ever come. */
const SILENT_MS = 150;
/** After the ping was answered, for what was published before it. */
const QUIET_MS = 5;

/** What comes back is whole packets or an end; a connection that lives answers the ping. Counts what came, by type. */
async function attack(
  port: number,
  stream: Stream,
  about: { readonly attacker: Attacker; readonly came: Map<number, number> },
): Promise<void> {
  const { attacker, came } = about;
  const wire = await Wire.open(port);
  const bytes = bytesOf(stream, attacker);
  const half = stream.half % bytes.length;
  wire.send(bytes.subarray(0, half));
  wire.send(bytes.subarray(half));
  wire.send(Uint8Array.of(0xc0, 0));
  let waitMs = SILENT_MS;
  for (let i = 0; i < 60; i++) {
    const packet = await wire.packet(waitMs);
    if (packet === undefined) break;
    const type = (packet[0] ?? 0) >> 4;
    came.set(type, (came.get(type) ?? 0) + 1);
    if (type === PACKET.PINGRESP) waitMs = QUIET_MS;
  }
  wire.destroy();
}

/** So that nobody is proud of streams that never got anywhere. */
function assertReached(came: ReadonlyMap<number, number>): void {
  for (const type of [PACKET.PUBLISH, PACKET.PUBACK, PACKET.PUBREC, PACKET.PUBREL, PACKET.PUBCOMP, PACKET.SUBACK, PACKET.UNSUBACK]) {
    assert.ok((came.get(type) ?? 0) >= 5, `type ${type} came ${came.get(type) ?? 0} times`);
  }
}

test('mutated streams never harm the listener or its other clients', { timeout: 60_000 }, async () => {
  const edge = await startEdge();
  const timer = setInterval(() => edge.intake.storeAll(), 2);
  try {
    const canary = await edge.device(4, 'canary');
    let n = 0;
    let canaryId = 0;
    const came = new Map<number, number>();
    const attackOnce = async (stream: Stream): Promise<void> => {
      const number = n++ % 50;
      const attacker =
        number % 2 === 0
          ? { password: `device:d${number}`, clientId: '', cleanStart: true }
          : { password: OWN_TREE, clientId: `a${number}`, cleanStart: true };
      return attack(edge.listener.port, stream, { attacker, came });
    };
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 15; round++) {
      await Promise.all(fc.sample(streams, { numRuns: 100, seed: round }).map(attackOnce));
      canary.send(publishPacket({ level: 4, packetId: ++canaryId }));
      const ack = await canary.packet();
      assert.deepEqual([...(ack ?? [])], [0x40, 2, 0, canaryId], 'the canary was not served');
    }
    assert.equal(n, 1_500);
    assert.ok(edge.refusals.length > 100, 'the streams were too kind');
    assertReached(came);
    assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024);
    await until(() => edge.listener.connections() === 1);
    assert.equal(edge.authenticator.listeners(), 1);
  } finally {
    clearInterval(timer);
    await edge.close();
  }
});

test(
  'mutated streams on sessions that are kept harm neither the sessions of others nor their own next connection',
  { timeout: 60_000 },
  inWorld({}, async (world) => {
    const subscriber = await world.peer({ clientId: 'subscriber', clean: false, expiryS: 1_000 });
    await subscriber.subscribe('canary/#', { qos: 2 });
    const publisher = await world.peer({ clientId: 'publisher' });
    const came = new Map<number, number>();
    const sent: string[] = [];
    const { port } = world.edge().listener;
    for (let round = 0; round < 20; round++) {
      const attackers = Array.from({ length: 25 }, (_, i) => ({ password: OWN_TREE, clientId: `bent-${i}`, cleanStart: false }));
      const sample = fc.sample(streams, { numRuns: attackers.length, seed: 1_000 + round });
      const attacks = attackers.map(async (attacker, i) => {
        const stream = sample[i];
        if (stream !== undefined) await attack(port, { ...stream, expiryS: 5 }, { attacker, came });
      });
      for (let i = 0; i < 4; i++) {
        const payload = `${round}.${i}`;
        sent.push(payload);
        assert.equal(await publisher.publish('canary/x', payload, { qos: 2 }), 0);
      }
      await Promise.all(attacks);
    }
    assert.deepEqual(await subscriber.gets(sent.length), sent);
    assertReached(came);
    await until(() => world.edge().listener.connections() === 2);
    // Whatever was done to a session, its client comes in again.
    for (let i = 0; i < 25; i++) {
      const back = await world.peer({ clientId: `bent-${i}`, password: OWN_TREE, clean: false, expiryS: 5 });
      assert.equal(await back.publish('a/own', 'm', { qos: 2, packetId: 60_000 }), 0);
      await back.leave(0, 0);
    }
    await world.settled();
    assert.deepEqual(subscriber.payloads, sent);
  }),
);

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
