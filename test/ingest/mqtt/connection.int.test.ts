/** Connections from CONNECT to the end, over real sockets. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { PACKET_BYTES_MAX } from '../../../ingest/mqtt/announced.ts';
import { connectPacket, publishPacket, text, type ConnectInit } from './client-codec.ts';
import { startEdge, until, type Edge } from './fixtures.ts';
import type { Wire } from './vectors.ts';

const CLOSE_MS_MAX = 5_000;
const PINGREQ = Uint8Array.of(0xc0, 0);

async function withEdge(run: (edge: Edge) => Promise<void>, options: Parameters<typeof startEdge>[0] = {}): Promise<void> {
  const edge = await startEdge(options);
  try {
    await run(edge);
  } finally {
    await edge.close();
  }
}

async function answerTo(edge: Edge, init: ConnectInit): Promise<Buffer | undefined> {
  const wire = await edge.connect();
  wire.send(connectPacket(init));
  return wire.packet();
}

async function isAlive(wire: Wire): Promise<boolean> {
  wire.send(PINGREQ);
  return (await wire.packet())?.[0] === 0xd0;
}

/** The reason of a DISCONNECT that is followed by a close. */
async function disconnectReason(wire: Wire): Promise<number | undefined> {
  const packet = await wire.packet(CLOSE_MS_MAX);
  assert.equal(packet?.[0], 0xe0, `expected DISCONNECT, got ${packet?.toString('hex')}`);
  assert.ok(await wire.ends(CLOSE_MS_MAX));
  return packet?.[2];
}

test('CONNACK announces what is limited: QoS 2, retained messages and every kind of subscription there are', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const plain = await answerTo(edge, { level: 4, password: 'device:d1' });
    assert.deepEqual([...(plain ?? [])], [0x20, 2, 0, 0]);
    const properties = Uint8Array.of(0x11, 0, 0, 0x0e, 0x10);
    const full = await answerTo(edge, { level: 5, password: 'device:d2', keepAliveS: 3_600, properties });
    const size = Buffer.alloc(4);
    size.writeUInt32BE(PACKET_BYTES_MAX);
    const expected = Buffer.concat([
      Uint8Array.of(0x21, 0, 100),
      Uint8Array.of(0x27),
      size,
      Uint8Array.of(0x12),
      text('d2'),
      Uint8Array.of(0x22, 0, 16),
      Uint8Array.of(0x13, 0x04, 0xb0),
    ]);
    assert.equal(full?.subarray(5).toString('hex'), expected.toString('hex'));
    // Within the limits, and with a client id: nothing to assign, override or cut short.
    const modest = await answerTo(edge, { level: 5, password: 'device:d3', clientId: 'd3', keepAliveS: 1_200 });
    assert.equal(modest?.length, 5 + 3 + 5 + 3);
  }),
);

test('refusals are told in the form of the version, then the connection ends', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const table = [
      [{ level: 4, password: 'bad' }, [0x20, 2, 0, 4]],
      [{ level: 4 }, [0x20, 2, 0, 5]],
      [{ level: 4, password: 'device:d', clientId: 'e' }, [0x20, 2, 0, 2]],
      [{ level: 4, password: 'device:d', cleanStart: false }, [0x20, 2, 0, 2]],
      [{ level: 4, password: 'behind' }, [0x20, 2, 0, 3]],
      [{ level: 5, password: 'bad' }, [0x20, undefined, 0, 0x86]],
      [{ level: 5, password: 'device:d', clientId: 'e' }, [0x20, undefined, 0, 0x85]],
      [{ level: 5, password: 'device:d', properties: Uint8Array.of(0x15, 0, 1, 0x78) }, [0x20, undefined, 0, 0x8c]],
      [{ level: 5, password: 'device:d', properties: Uint8Array.of(0x21, 0, 0) }, [0x20, undefined, 0, 0x82]],
      [{ level: 5, password: 'device:d', properties: Uint8Array.of(0x21, 0) }, [0x20, undefined, 0, 0x81]],
      [
        { level: 5, password: 'device:d', will: { flags: 0x24, bytes: Buffer.concat([Uint8Array.of(0), text('a'), text('x')]) } },
        [0x20, undefined, 0, 0x87],
      ],
      [{ level: 4, password: 'device:d', will: { flags: 0x04, bytes: Buffer.concat([text('a'), text('x')]) } }, [0x20, 2, 0, 5]],
    ] as const;
    for (const [init, expected] of table) {
      const wire = await edge.connect();
      wire.send(connectPacket(init));
      const connack = await wire.packet();
      for (const [i, byte] of expected.entries()) if (byte !== undefined) assert.equal(connack?.[i], byte, JSON.stringify(init));
      assert.ok(await wire.ends(CLOSE_MS_MAX), JSON.stringify(init));
    }
    await until(() => edge.listener.connections() === 0);
    assert.equal(edge.authenticator.listeners(), 0);
  }),
);

test('a client that takes only small packets is told less, or not served', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const narrow = await answerTo(edge, { level: 5, password: 'bad', properties: Uint8Array.of(0x27, 0, 0, 0, 10) });
    assert.deepEqual([...(narrow ?? [])], [0x20, 3, 0, 0x86, 0]);
    // All that has to be said to it has 20 bytes.
    const served = await answerTo(edge, { level: 5, password: 'device:d', properties: Uint8Array.of(0x27, 0, 0, 0, 20) });
    assert.equal(served?.length, 20);
    const wire = await edge.connect();
    wire.send(connectPacket({ level: 5, password: 'device:d', properties: Uint8Array.of(0x27, 0, 0, 0, 19) }));
    assert.equal(await wire.packet(), undefined);
    assert.ok(wire.hasEnded);
  }),
);

test('the first packet is a CONNECT, in time, small, and the only one', { timeout: 20_000 }, () =>
  withEdge(
    async (edge) => {
      const silent = await edge.connect();
      const dribbling = await edge.connect();
      dribbling.send(connectPacket({ level: 4, password: 'device:d' }).subarray(0, 8));
      const other = await edge.connect();
      other.send(PINGREQ);
      const huge = await edge.connect();
      huge.send(Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4));
      const large = await edge.connect();
      large.send(Uint8Array.of(0x10, 0x91, 0x4e));
      for (const wire of [other, huge, large, silent, dribbling]) {
        assert.equal(await wire.packet(CLOSE_MS_MAX), undefined);
        assert.ok(wire.hasEnded);
      }
      assert.deepEqual(edge.refusals.toSorted(), [
        'first-packet-time',
        'first-packet-time',
        'packet-bytes',
        'packet-bytes',
        'protocol-error',
      ]);
      const twice = await edge.device(5, 'd');
      twice.send(connectPacket({ level: 5, password: 'device:d' }));
      assert.equal(await disconnectReason(twice), 0x82);
    },
    { firstPacketMs: 200 },
  ),
);

test('silence beyond one and a half keep-alives ends a connection, and nothing else does', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const init = { keepAliveS: 1 } as const;
    const silent = await edge.connect();
    silent.send(connectPacket({ level: 5, password: 'device:a', ...init }));
    assert.equal((await silent.packet())?.[3], 0);
    const pinging = await edge.connect();
    pinging.send(connectPacket({ level: 4, password: 'device:b', ...init }));
    assert.equal((await pinging.packet())?.[3], 0);
    const waiting = await edge.device(4, 'c');
    const pings = setInterval(() => pinging.send(PINGREQ), 300);
    try {
      assert.equal(await disconnectReason(silent), 0x8d);
      assert.equal(pinging.hasEnded, false);
      assert.equal(waiting.hasEnded, false);
    } finally {
      clearInterval(pings);
    }
    assert.ok(await pinging.ends(CLOSE_MS_MAX));
    assert.deepEqual(edge.refusals, ['keep-alive', 'keep-alive']);
  }),
);

test('a client id belongs to the last that came with it', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const first = await edge.device(5, 'd');
    const older = await edge.device(4, 'e');
    const second = await edge.device(5, 'd');
    assert.equal(await disconnectReason(first), 0x8e);
    assert.ok(await isAlive(second));
    const third = await edge.device(4, 'd');
    assert.equal(await disconnectReason(second), 0x8e);
    assert.ok(await isAlive(third));
    assert.ok(await isAlive(older));
  }),
);

test('a revoked credential ends its sessions', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'd');
    const other = await edge.device(5, 'e');
    edge.authenticator.revoke('device:d');
    assert.equal(await disconnectReason(wire), 0x87);
    assert.ok(await isAlive(other));
    await until(() => edge.authenticator.listeners() === 1);
  }),
);

test('subscriptions are granted and refused filter by filter, and the connection stays', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const five = await edge.device(5, 'd');
    const filters = Buffer.concat([
      text('v1/commands/x'),
      Uint8Array.of(1),
      text('a/#'),
      Uint8Array.of(0),
      text('$share/g/a'),
      Uint8Array.of(0),
      text('a'),
      Uint8Array.of(0),
      text('v1/telemetry'),
      Uint8Array.of(0),
      text('v1/errors'),
      Uint8Array.of(1),
    ]);
    five.send(Buffer.concat([Uint8Array.of(0x82, filters.length + 3, 0, 9, 0), filters]));
    assert.deepEqual([...((await five.packet()) ?? [])], [0x90, 9, 0, 9, 0, 1, 0x87, 0x87, 0x87, 0x87, 1]);
    five.send(Buffer.concat([Uint8Array.of(0xa2, 6, 0, 10, 0), text('a')]));
    assert.deepEqual([...((await five.packet()) ?? [])], [0xb0, 4, 0, 10, 0, 0x11]);
    const four = await edge.device(4, 'e');
    four.send(Buffer.concat([Uint8Array.of(0x82, 6, 0, 9), text('a'), Uint8Array.of(1)]));
    assert.deepEqual([...((await four.packet()) ?? [])], [0x90, 3, 0, 9, 0x80]);
    assert.ok((await isAlive(five)) && (await isAlive(four)));
  }),
);

test('more connections than allowed are closed at once', { timeout: 20_000 }, () =>
  withEdge(
    async (edge) => {
      const first = await edge.device(4, 'd');
      const second = await edge.connect();
      assert.ok(await second.ends(CLOSE_MS_MAX));
      assert.deepEqual(edge.refusals, ['connections']);
      assert.ok(await isAlive(first));
    },
    { connectionsMax: 1 },
  ),
);

test('draining acknowledges what is in flight, says why, and lets nobody in', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const busy = await edge.device(5, 'busy');
    const idle = await edge.device(5, 'idle');
    const half = await edge.connect();
    busy.send(publishPacket({ level: 5, packetId: 3 }));
    await until(() => edge.intake.waiting === 1);
    const drained = edge.listener.drain();
    assert.equal(await disconnectReason(idle), 0x8b);
    assert.ok(await half.ends(CLOSE_MS_MAX));
    busy.send(publishPacket({ level: 5, packetId: 4 }));
    edge.intake.storeAll();
    const puback = await busy.packet();
    assert.deepEqual([puback?.[0], puback?.[3]], [0x40, 3]);
    assert.equal(await disconnectReason(busy), 0x8b);
    await drained;
    assert.equal(edge.intake.offered, 1);
    assert.equal(edge.listener.connections(), 0);
    await assert.rejects(edge.connect());
  }),
);

test('draining does not wait for ever: what is not settled stays without an ack', { timeout: 20_000 }, () =>
  withEdge(
    async (edge) => {
      const busy = await edge.device(5, 'busy');
      busy.send(publishPacket({ level: 5, packetId: 3 }));
      await until(() => edge.intake.waiting === 1);
      const drained = edge.listener.drain();
      assert.equal(await disconnectReason(busy), 0x8b);
      await drained;
      edge.intake.storeAll();
    },
    { drainMs: 100 },
  ),
);

test('DISCONNECT ends without an answer, but may not begin a session expiry', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const polite = await edge.device(5, 'a');
    polite.send(Uint8Array.of(0xe0, 0));
    assert.equal(await polite.packet(), undefined);
    assert.ok(polite.hasEnded);
    const greedy = await edge.device(5, 'b');
    greedy.send(Uint8Array.of(0xe0, 7, 0, 5, 0x11, 0, 0, 0, 9));
    assert.equal(await disconnectReason(greedy), 0x82);
    await until(() => edge.listener.connections() === 0);
  }),
);
