/** The client's packets, judged by another implementation of MQTT, and its reading of acknowledgements. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';
import { generate, parser } from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';

import { connackCode, connectPacket, PacketCutter, parsePuback, publishPacket } from '../../../loadtest/simulator/mqtt-wire.ts';

function read(bytes: Buffer, version: 4 | 5): Packet {
  const found: Packet[] = [];
  const reader = parser({ protocolVersion: version });
  reader.on('packet', (packet: Packet) => found.push(packet));
  reader.on('error', (error: Error) => assert.fail(error));
  reader.parse(bytes);
  assert.equal(found.length, 1);
  const [packet] = found;
  assert.ok(packet !== undefined);
  return packet;
}

for (const version of [4, 5] as const) {
  test(`CONNECT of version ${version} says who it is`, () => {
    const packet = read(connectPacket({ version, clientId: 'dev', userName: 't/dev', password: 'secret', keepAliveS: 300 }), version);
    assert.ok(packet.cmd === 'connect');
    assert.equal(packet.protocolVersion, version);
    assert.equal(packet.clean, true);
    assert.deepEqual([packet.clientId, packet.username, packet.password?.toString(), packet.keepalive], ['dev', 't/dev', 'secret', 300]);
  });

  test(`PUBLISH of version ${version} carries any payload`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), fc.integer({ min: 1, max: 65_535 }), fc.boolean(), (bytes, packetId, again) => {
        const packet = read(publishPacket({ version, topic: 'v1/telemetry', packetId, again, payload: bytes }), version);
        assert.ok(packet.cmd === 'publish');
        assert.deepEqual([packet.topic, packet.messageId, packet.qos, packet.dup], ['v1/telemetry', packetId, 1, again]);
        assert.deepEqual(packet.payload, Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });
}

test('an acknowledgement of version 5 names its position', () => {
  const long = 'x'.repeat(150);
  for (const userProperties of [{ position: '3.812.7' }, { position: '3.812.7', note: long }]) {
    const bytes = generate({ cmd: 'puback', messageId: 513, reasonCode: 0, properties: { userProperties } }, { protocolVersion: 5 });
    const ack = parsePuback(bodyOf(bytes));
    assert.deepEqual(ack, { packetId: 513, reason: 0, position: '3.812.7', retryAfterMs: undefined });
  }
});

test('a refusal says why and when to come again', () => {
  const properties = { reasonString: 'the log is full', userProperties: { limit: 'log-bytes', 'retry-after-ms': '1500' } };
  const bytes = generate({ cmd: 'puback', messageId: 1, reasonCode: 0x97, properties }, { protocolVersion: 5 });
  assert.deepEqual(parsePuback(bodyOf(bytes)), { packetId: 1, reason: 0x97, position: undefined, retryAfterMs: 1_500 });
});

test('an acknowledgement without a reason is success', () => {
  assert.deepEqual(parsePuback(Buffer.from([0, 9])), { packetId: 9, reason: 0, position: undefined, retryAfterMs: undefined });
  assert.equal(connackCode(Buffer.from([0, 5])), 5);
});

test('packets are the same however the stream is cut', () => {
  const packets = [
    Buffer.from([0x40, 2, 0, 1]),
    Buffer.from([0xd0, 0]),
    publishPacket({ version: 4, topic: 'a', packetId: 2, again: false, payload: Buffer.alloc(300, 7) }),
  ];
  const stream = Buffer.concat(packets);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 10 }), (cuts) => {
      const cutter = new PacketCutter();
      const found: string[] = [];
      const borders = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      for (const [i, from] of borders.entries()) {
        cutter.push(stream.subarray(from, borders[i + 1] ?? stream.length), (first, body) =>
          found.push(`${first} ${body.toString('hex')}`),
        );
      }
      assert.deepEqual(
        found,
        packets.map((packet) => `${packet[0] ?? 0} ${bodyOf(packet).toString('hex')}`),
      );
    }),
  );
});

test('a length of five bytes is malformed', () => {
  assert.throws(() => new PacketCutter().push(Buffer.from([0x40, 0xff, 0xff, 0xff, 0xff, 1]), () => undefined), RangeError);
});

function bodyOf(packet: Buffer): Buffer {
  let at = 1;
  while ((packet[at] ?? 0) >= 0x80) at += 1;
  return packet.subarray(at + 1);
}
