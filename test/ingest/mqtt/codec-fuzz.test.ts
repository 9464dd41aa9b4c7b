/**
 * Hostile bytes against the decoders alone: they never throw, come to an end, and look at nothing but the packet. That is
 * seen by reading each packet twice, with other bytes around it.
 */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeConnect } from '../../../ingest/mqtt/decode-connect.ts';
import { PublishDecoder } from '../../../ingest/mqtt/decode-publish.ts';
import { decodeAck, decodeDisconnect, decodeEmpty, decodeSubscribe, decodeUnsubscribe, headerFault } from '../../../ingest/mqtt/decode.ts';
import { Framer, type Frame, type FramerResult } from '../../../ingest/mqtt/framer.ts';
import { PACKET, REASON, type ProtocolLevel } from '../../../ingest/mqtt/packets.ts';
import { PropertySet } from '../../../ingest/mqtt/properties.ts';
import { connectPacket, lengthOf, publishPacket, text } from './client-codec.ts';
import { levels, names, packetIds, qualities, readerOf } from './codec-oracle.ts';

const PACKET_BYTES_MAX = 5_000;
const NOTHING = Buffer.alloc(0);
const publish = new PublishDecoder();
const properties = new PropertySet();

/** All that a decoder says about one packet. */
function readingOf(frame: Frame, level: ProtocolLevel, isOpen: boolean): unknown {
  const type = frame.first >> 4;
  const reader = readerOf(frame);
  if (!isOpen) {
    const result = decodeConnect(reader, properties);
    return { result, fault: reader.fault, end: reader.at };
  }
  const fault = headerFault(frame.first);
  if (fault !== REASON.SUCCESS) return fault;
  const context = { reader, properties, level };
  switch (type) {
    case PACKET.PUBLISH:
      return readingOfPublish(frame, level);
    case PACKET.PUBACK:
    case PACKET.PUBREC:
    case PACKET.PUBREL:
    case PACKET.PUBCOMP:
      return { ack: decodeAck(context, type), fault: reader.fault };
    case PACKET.SUBSCRIBE:
      return { subscribe: decodeSubscribe(context), fault: reader.fault };
    case PACKET.UNSUBSCRIBE:
      return { unsubscribe: decodeUnsubscribe(context), fault: reader.fault };
    case PACKET.DISCONNECT:
      return { disconnect: decodeDisconnect(context), fault: reader.fault };
    default:
      decodeEmpty(reader);
      return reader.fault;
  }
}

function readingOfPublish(frame: Frame, level: ProtocolLevel): unknown {
  const reason = publish.decode(frame, level, NOTHING);
  if (reason !== REASON.SUCCESS) return reason;
  const { topicStart, topicEnd, payloadStart, payloadEnd } = publish;
  assert.ok(frame.start <= topicStart && topicStart <= topicEnd && topicEnd <= payloadStart && payloadStart <= payloadEnd);
  assert.equal(payloadEnd, frame.end);
  const { qos, dup, retain, packetId, topicAlias, expiryS, saysText } = publish;
  const topic = frame.buffer.toString('hex', topicStart, topicEnd);
  const payload = frame.buffer.toString('hex', payloadStart, payloadEnd);
  const { userBytes, userCount } = publish.properties;
  const forwarded = publish.forwardable(frame).toString('hex');
  return { qos, dup, retain, packetId, topicAlias, expiryS, saysText, topic, payload, userBytes, userCount, forwarded };
}

/** The same packet among other bytes. */
function around(first: number, body: Uint8Array, fill: number): Frame {
  const fence = Buffer.alloc(40, fill);
  const buffer = Buffer.concat([fence, body, fence]);
  return { first, buffer, start: fence.length, end: fence.length + body.length };
}

function readTwice(first: number, body: Uint8Array, about: { level: ProtocolLevel; isOpen: boolean }): void {
  const frames = [0, 0x01, 0x61, 0xff].map((fill) => around(first, body, fill));
  const [one, ...others] = frames.map((frame) => readingOf(frame, about.level, about.isOpen));
  for (const other of others) assert.deepEqual(other, one, 'the bytes around the packet made a difference');
}

const blocks = fc.array(
  fc.oneof(
    fc.constant(Buffer.concat([Uint8Array.of(0x26), text('key'), text('value')])),
    fc.constantFrom(Uint8Array.of(0x23, 0, 1), Uint8Array.of(0x11, 0, 0, 0, 9), Uint8Array.of(0x21, 0, 9), Uint8Array.of(2, 0, 0, 0, 9)),
    fc.constantFrom(Uint8Array.of(0x0b, 0x81, 1), Uint8Array.of(1, 1), Uint8Array.of(0x18, 0, 0, 0, 1), Uint8Array.of(0x17, 0)),
    names.map((name) => Buffer.concat([Uint8Array.of(3), text(name)])),
    names.map((name) => Buffer.concat([Uint8Array.of(0x1f), text(name)])),
  ),
  { maxLength: 4 },
);

function packet(first: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(first), lengthOf(body.length), body]);
}

/** A packet of any type as a client might send it, and as good as the properties are. */
const packets: fc.Arbitrary<{ readonly level: ProtocolLevel; readonly isOpen: boolean; readonly bytes: Buffer }> = fc
  .record({ level: levels, id: packetIds, name: names, block: blocks.map((list) => Buffer.concat(list)), qos: qualities, which: fc.nat(9) })
  .map(({ level, id, name, block, qos, which }) => {
    const head = Uint8Array.of(id >> 8, id & 0xff);
    const own = level === 5 ? Buffer.concat([lengthOf(block.length), block]) : NOTHING;
    const kinds: readonly (() => Buffer)[] = [
      () => {
        const will = { flags: 0x04 | (qos << 3), bytes: Buffer.concat([own, text(name), text(name)]) };
        return connectPacket({ level, clientId: name, password: name, ...(id % 2 === 0 ? { will } : {}) });
      },
      () => publishPacket({ level, topic: name, qos, packetId: id, payload: name, properties: block }),
      () => packet(0x82, head, own, text(name), Uint8Array.of(qos), text('a/#'), Uint8Array.of(0)),
      () => packet(0xa2, head, own, text(name), text('+/b')),
      ...[0x40, 0x50, 0x62, 0x70].map((first) => () => packet(first, head, ...(level === 5 ? [Uint8Array.of(0), own] : []))),
      () => packet(0xe0, ...(level === 5 ? [Uint8Array.of(4), own] : [])),
      () => packet(0xc0),
    ];
    return { level, isOpen: which > 0, bytes: kinds[which]?.() ?? NOTHING };
  });
const mutations = fc.array(fc.record({ at: fc.nat(), to: fc.nat(255), kind: fc.constantFrom('set', 'flip', 'cut', 'insert', 'end') }), {
  minLength: 1,
  maxLength: 3,
});

function mutated(bytes: Buffer, list: readonly { readonly at: number; readonly to: number; readonly kind: string }[]): Buffer {
  let result = Buffer.from(bytes);
  for (const { at, to, kind } of list) {
    if (result.length === 0) return result;
    const place = at % result.length;
    if (kind === 'set') result[place] = to;
    else if (kind === 'flip') result[place] = (result[place] ?? 0) ^ (1 << (to & 7));
    else if (kind === 'cut') result = Buffer.concat([result.subarray(0, place), result.subarray(place + 1 + (to & 3))]);
    else if (kind === 'insert') result = Buffer.concat([result.subarray(0, place), Uint8Array.of(to), result.subarray(place)]);
    else result = result.subarray(0, place);
  }
  return result;
}

/** Where the body of a packet begins, whatever its length says. */
function bodyOf(bytes: Buffer): Buffer {
  let at = 1;
  while (at < 4 && (bytes[at] ?? 0) > 0x7f) at++;
  return bytes.subarray(Math.min(bytes.length, at + 1));
}

test('packets with bytes changed, cut out and put in are read the same whatever stands around them', () => {
  fc.assert(
    fc.property(packets, mutations, ({ level, isOpen, bytes }, list) => {
      const body = bodyOf(bytes);
      readTwice(bytes[0] ?? 0, body, { level, isOpen });
      readTwice(bytes[0] ?? 0, mutated(body, list), { level, isOpen });
    }),
    { numRuns: 5_000 },
  );
});

test('every packet cut at every place is read without a look beyond its end', () => {
  fc.assert(
    fc.property(packets, ({ level, isOpen, bytes }) => {
      const body = bodyOf(bytes);
      for (let length = 0; length < body.length; length++) readTwice(bytes[0] ?? 0, body.subarray(0, length), { level, isOpen });
    }),
    { numRuns: 100 },
  );
});

test('any bytes at all are read as any packet', () => {
  fc.assert(
    fc.property(levels, fc.uint8Array({ maxLength: 120 }), (level, body) => {
      readTwice(PACKET.CONNECT << 4, body, { level, isOpen: false });
      for (const first of [0x30, 0x32, 0x3d, 0x40, 0x50, 0x62, 0x70, 0x82, 0xa2, 0xc0, 0xe0]) {
        readTwice(first, body, { level, isOpen: true });
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a stream of changed packets comes to an end, and hands out nothing beyond its limits', () => {
  fc.assert(
    fc.property(
      fc.array(packets, { minLength: 1, maxLength: 10 }),
      mutations,
      fc.array(fc.nat(), { maxLength: 5 }),
      (list, changes, cuts) => {
        const stream = mutated(Buffer.concat(list.map(({ bytes }) => bytes)), changes);
        let handled = 0;
        const framer = new Framer(PACKET_BYTES_MAX, (frame) => {
          assert.ok(0 < frame.start && frame.start <= frame.end && frame.end <= frame.buffer.length);
          handled += 2 + frame.end - frame.start;
          readingOf(frame, 5, true);
          return true;
        });
        const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b), stream.length];
        let result: FramerResult = 'ok';
        for (let i = 1; i < places.length && result === 'ok'; i++)
          result = framer.push(Buffer.from(stream.subarray(places[i - 1], places[i])));
        assert.notEqual(result, 'blocked');
        assert.ok(handled <= stream.length);
      },
    ),
    { numRuns: 1_000 },
  );
});
