/** The codec against mqtt-packet: an oracle for well-formed packets, which is all that it is good for. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { AckWriter } from '../../../ingest/mqtt/ack-writer.ts';
import { decodeConnect } from '../../../ingest/mqtt/decode-connect.ts';
import { PublishDecoder } from '../../../ingest/mqtt/decode-publish.ts';
import { decodeAck, decodeDisconnect, decodeSubscribe, decodeUnsubscribe } from '../../../ingest/mqtt/decode.ts';
import { encodeAck, encodeConnack, encodeDisconnect, encodeFilterAck, encodeRefusedConnack } from '../../../ingest/mqtt/encode.ts';
import type { Frame } from '../../../ingest/mqtt/framer.ts';
import { PACKET, REASON, type ProtocolLevel } from '../../../ingest/mqtt/packets.ts';
import { PROPERTY, PropertySet } from '../../../ingest/mqtt/properties.ts';
import { PacketReader } from '../../../ingest/mqtt/reader.ts';

const levels = fc.constantFrom<ProtocolLevel>(4, 5);
const packetIds = fc.integer({ min: 1, max: 65_535 });
/** Printable text of one to four bytes a character. */
const names = fc.string({ unit: fc.constantFrom('a', 'Z', '-', 'ä', '€', '😀', '/'), minLength: 1, maxLength: 20 });
/** Never empty: for an empty object mqtt-packet writes a property without a value. */
const userProperties = fc.dictionary(names, names, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
const u32 = fc.integer({ min: 1, max: 0xffff_ffff });
const u16 = fc.integer({ min: 1, max: 0xffff });

/** What mqtt-packet writes, as a frame that doesn't begin at 0. */
function frameOf(packet: mqttPacket.Packet, level: ProtocolLevel): Frame {
  const bytes = mqttPacket.generate(packet, { protocolVersion: level });
  const buffer = Buffer.concat([Uint8Array.of(9, 9, 9), bytes, Uint8Array.of(9, 9)]);
  let at = 4;
  while ((buffer[at] ?? 0) > 0x7f) at++;
  return { first: buffer[3] ?? 0, buffer, start: at + 1, end: buffer.length - 2 };
}

function readerOf(frame: Frame): PacketReader {
  const reader = new PacketReader();
  reader.open(frame.buffer, frame.start, frame.end);
  return reader;
}

function parsed(bytes: Buffer, level: ProtocolLevel): mqttPacket.Packet {
  const parser = mqttPacket.parser({ protocolVersion: level });
  const packets: mqttPacket.Packet[] = [];
  parser.on('packet', (packet) => packets.push(packet));
  parser.on('error', (error: Error) => assert.fail(error));
  assert.equal(parser.parse(bytes), 0, 'bytes left over');
  const [packet] = packets;
  assert.ok(packet !== undefined && packets.length === 1);
  return packet;
}

/** Without keys that are undefined, as `exactOptionalPropertyTypes` and mqtt-packet both want it. */
function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

test('CONNECT is read as mqtt-packet wrote it', () => {
  const inits = fc.record({
    level: levels,
    clean: fc.boolean(),
    keepalive: fc.nat(65_535),
    clientId: names,
    username: fc.option(names, { nil: undefined }),
    password: fc.option(names, { nil: undefined }),
    will: fc.option(
      fc.record({
        topic: names,
        payload: fc.uint8Array({ maxLength: 50 }),
        qos: fc.constantFrom<0 | 1 | 2>(0, 1, 2),
        retain: fc.boolean(),
      }),
      {
        nil: undefined,
      },
    ),
    sessionExpiryInterval: u32,
    receiveMaximum: u16,
    maximumPacketSize: u32,
    requestProblemInformation: fc.boolean(),
    userProperties,
  });
  fc.assert(
    fc.property(inits, (init) => {
      const { level, clean, keepalive, clientId, username, will } = init;
      // mqtt-packet knows no password without a user name, which MQTT 5 allows.
      const password = username === undefined ? undefined : init.password;
      const { sessionExpiryInterval, receiveMaximum, maximumPacketSize, requestProblemInformation } = init;
      const properties = {
        sessionExpiryInterval,
        receiveMaximum,
        maximumPacketSize,
        requestProblemInformation,
        userProperties: init.userProperties,
      };
      const willOf5 = { properties: { willDelayInterval: 5, contentType: 'a/b', correlationData: Buffer.from('x') } };
      const packet = compact({
        cmd: 'connect' as const,
        protocolId: 'MQTT' as const,
        protocolVersion: level,
        clean,
        keepalive,
        clientId,
        username,
        password: password === undefined ? undefined : Buffer.from(password),
        will: will === undefined ? undefined : { ...will, payload: Buffer.from(will.payload), ...(level === 5 ? willOf5 : {}) },
        properties: level === 5 ? properties : undefined,
      });
      const frame = frameOf(packet, level);
      const result = decodeConnect(readerOf(frame), new PropertySet());
      assert.ok(result.ok, JSON.stringify(result));
      const { connect } = result;
      assert.equal(connect.level, level);
      assert.equal(connect.cleanStart, clean);
      assert.equal(connect.keepAliveS, keepalive);
      assert.equal(connect.clientId, clientId);
      assert.equal(connect.userName, username);
      assert.equal(connect.password, password);
      assert.equal(connect.sessionExpiryS, level === 5 ? sessionExpiryInterval : 0);
      assert.equal(connect.receiveMaximum, level === 5 ? receiveMaximum : 65_535);
      assert.equal(connect.wantsProblemInfo, level === 5 && requestProblemInformation);
      if (level === 5) assert.equal(connect.packetBytesMax, maximumPacketSize);
      assert.deepEqual(
        connect.will === undefined ? undefined : { ...connect.will, payload: Uint8Array.from(connect.will.payload) },
        will === undefined ? undefined : { ...will, payload: Uint8Array.from(will.payload) },
      );
    }),
  );
});

test('PUBLISH is read as mqtt-packet wrote it', () => {
  const inits = fc.record({
    level: levels,
    topic: names,
    qos: fc.constantFrom<0 | 1 | 2>(0, 1, 2),
    dup: fc.boolean(),
    retain: fc.boolean(),
    messageId: packetIds,
    payload: fc.uint8Array({ maxLength: 300 }),
    known: fc.boolean(),
    properties: fc.option(
      fc.record(
        {
          payloadFormatIndicator: fc.boolean(),
          messageExpiryInterval: u32,
          topicAlias: fc.integer({ min: 1, max: 16 }),
          responseTopic: names,
          correlationData: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
          userProperties,
          contentType: names,
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      { nil: undefined },
    ),
  });
  const decoder = new PublishDecoder();
  fc.assert(
    fc.property(inits, (init) => {
      const { level, topic, qos, retain, messageId } = init;
      const dup = qos > 0 && init.dup;
      const payload = Buffer.from(init.payload);
      const properties = level === 5 ? init.properties : undefined;
      const frame = frameOf(compact({ cmd: 'publish' as const, topic, qos, dup, retain, messageId, payload, properties }), level);
      const lastTopic = init.known ? Buffer.from(topic) : Buffer.from('other');
      assert.equal(decoder.decode(frame, level, lastTopic), REASON.SUCCESS);
      assert.equal(decoder.sameTopic, init.known);
      assert.equal(frame.buffer.toString('utf8', decoder.topicStart, decoder.topicEnd), topic);
      assert.deepEqual([decoder.qos, decoder.dup, decoder.retain], [qos, dup, retain]);
      assert.equal(decoder.packetId, qos === 0 ? 0 : messageId);
      assert.deepEqual(frame.buffer.subarray(decoder.payloadStart, decoder.payloadEnd), payload);
      assert.equal(decoder.topicAlias, properties?.topicAlias ?? 0);
      const contentType = decoder.properties.has(PROPERTY.CONTENT_TYPE)
        ? frame.buffer.toString('utf8', decoder.properties.start(PROPERTY.CONTENT_TYPE), decoder.properties.stop(PROPERTY.CONTENT_TYPE))
        : undefined;
      assert.equal(contentType, properties?.contentType);
      assert.equal(decoder.properties.has(PROPERTY.MESSAGE_EXPIRY), properties?.messageExpiryInterval !== undefined);
    }),
    { numRuns: 500 },
  );
});

test('acknowledgements, SUBSCRIBE, UNSUBSCRIBE and DISCONNECT are read as mqtt-packet wrote them', () => {
  const types = [
    ['puback', PACKET.PUBACK, 0x10],
    ['pubrec', PACKET.PUBREC, 0x97],
    ['pubrel', PACKET.PUBREL, 0x92],
    ['pubcomp', PACKET.PUBCOMP, 0x92],
  ] as const;
  fc.assert(
    fc.property(levels, packetIds, names, (level, messageId, filter) => {
      const properties = new PropertySet();
      for (const [cmd, type, reasonCode] of types) {
        const packet = level === 5 ? { cmd, messageId, reasonCode, properties: { reasonString: filter } } : { cmd, messageId };
        const reader = readerOf(frameOf(packet, level));
        const ack = decodeAck({ reader, properties, level }, type);
        assert.deepEqual([ack.packetId, ack.reason, reader.fault], [messageId, level === 5 ? reasonCode : 0, 0]);
      }
      const subscription = { topic: filter, qos: 1 as const, nl: level === 5, rap: level === 5, rh: level === 5 ? 2 : 0 };
      const subscribe = readerOf(
        frameOf(
          { cmd: 'subscribe', messageId, subscriptions: [subscription, { topic: '#', qos: 2, nl: false, rap: false, rh: 0 }] },
          level,
        ),
      );
      const got = decodeSubscribe({ reader: subscribe, properties, level });
      assert.equal(subscribe.fault, REASON.SUCCESS);
      assert.equal(got.packetId, messageId);
      assert.deepEqual(got.subscriptions, [
        { filter, qos: 1, noLocal: level === 5, retainAsPublished: level === 5, retainHandling: level === 5 ? 2 : 0 },
        { filter: '#', qos: 2, noLocal: false, retainAsPublished: false, retainHandling: 0 },
      ]);
      const unsubscribe = readerOf(frameOf({ cmd: 'unsubscribe', messageId, unsubscriptions: [filter, '+/a'] }, level));
      assert.deepEqual(decodeUnsubscribe({ reader: unsubscribe, properties, level }), { packetId: messageId, filters: [filter, '+/a'] });
      assert.equal(unsubscribe.fault, REASON.SUCCESS);
      const bye =
        level === 5
          ? { cmd: 'disconnect' as const, reasonCode: 4, properties: { sessionExpiryInterval: 7 } }
          : { cmd: 'disconnect' as const };
      const disconnect = readerOf(frameOf(bye, level));
      assert.deepEqual(decodeDisconnect({ reader: disconnect, properties, level }), {
        reason: level === 5 ? 4 : 0,
        sessionExpiryS: level === 5 ? 7 : undefined,
      });
    }),
  );
});

test('what we write is read by mqtt-packet', () => {
  const about = { level: 5, packetBytesMax: 1_000, wantsProblemInfo: true } as const;
  fc.assert(
    fc.property(packetIds, names, fc.option(names, { nil: undefined }), (packetId, text, assignedClientId) => {
      const facts = {
        receiveMaximum: 100,
        qosMax: 1,
        packetBytesMax: 69_632,
        topicAliasMax: 16,
        assignedClientId,
        serverKeepAliveS: 1_200,
        sessionExpiryS: 0,
      };
      const connack = parsed(encodeConnack(5, facts), 5);
      assert.ok(connack.cmd === 'connack' && connack.reasonCode === 0 && !connack.sessionPresent);
      assert.equal(connack.properties?.receiveMaximum, 100);
      assert.equal(connack.properties?.maximumQoS, 1);
      assert.equal(connack.properties?.retainAvailable, false);
      assert.equal(connack.properties?.maximumPacketSize, 69_632);
      assert.equal(connack.properties?.topicAliasMaximum, 16);
      assert.equal(connack.properties?.assignedClientIdentifier, assignedClientId);
      assert.equal(connack.properties?.serverKeepAlive, 1_200);
      assert.equal(connack.properties?.sessionExpiryInterval, 0);
      assert.equal(connack.properties?.wildcardSubscriptionAvailable, false);
      assert.equal(connack.properties?.sharedSubscriptionAvailable, false);
      const refused = parsed(encodeRefusedConnack(REASON.CLIENT_ID_NOT_VALID, { ...about, reasonString: text }) ?? Buffer.alloc(0), 5);
      assert.ok(refused.cmd === 'connack' && refused.reasonCode === 0x85 && refused.properties?.reasonString === text);
      const explained = { ...about, userProperties: [['limit', text]] as const };
      const puback = parsed(encodeAck(0x40, { packetId, reason: REASON.QUOTA_EXCEEDED }, explained), 5);
      assert.ok(puback.cmd === 'puback' && puback.messageId === packetId && puback.reasonCode === 0x97);
      assert.equal(puback.properties?.userProperties?.['limit'], text);
      const suback = parsed(encodeFilterAck(PACKET.SUBACK, packetId, { ...about, codes: [0x87, 0x9e] }), 5);
      assert.ok(suback.cmd === 'suback' && suback.messageId === packetId);
      assert.deepEqual(suback.granted, [0x87, 0x9e]);
      const disconnect = parsed(encodeDisconnect(REASON.PACKET_TOO_LARGE, { ...about, reasonString: text }), 5);
      assert.ok(disconnect.cmd === 'disconnect' && disconnect.reasonCode === 0x95 && disconnect.properties?.reasonString === text);
    }),
  );
  assert.deepEqual(
    encodeConnack(4, {
      receiveMaximum: 1,
      qosMax: 1,
      packetBytesMax: 1,
      topicAliasMax: 0,
      assignedClientId: undefined,
      serverKeepAliveS: undefined,
      sessionExpiryS: undefined,
    }),
    Buffer.from([0x20, 2, 0, 0]),
  );
  assert.equal(encodeRefusedConnack(REASON.MALFORMED_PACKET, { ...about, level: 4 }), undefined);
});

test('an explanation is left out when the client wants none or has no room for it', () => {
  const text = 'x'.repeat(50);
  const silent = { level: 5, packetBytesMax: 1_000, wantsProblemInfo: false } as const;
  const narrow = { level: 5, packetBytesMax: 20, wantsProblemInfo: true } as const;
  for (const about of [silent, narrow]) {
    assert.ok(encodeAck(0x40, { packetId: 1, reason: REASON.QUOTA_EXCEEDED }, { ...about, userProperties: [['limit', text]] }).length <= 6);
  }
  assert.equal(encodeDisconnect(REASON.PACKET_TOO_LARGE, { ...narrow, reasonString: text }).length, 4);
});

test('the PUBACK of a stored message carries its position, as long as it fits', () => {
  const writer = new AckWriter();
  const numbers = fc.record({
    partition: fc.nat(65_535),
    seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    index: fc.nat(999_999),
  });
  fc.assert(
    fc.property(packetIds, numbers, fc.integer({ min: 4, max: 80 }), (packetId, position, packetBytesMax) => {
      writer.begin();
      assert.ok(writer.isEmpty);
      writer.positioned(packetId, position, packetBytesMax);
      const bytes = writer.take();
      assert.ok(bytes.length <= packetBytesMax);
      const ack = parsed(bytes, 5);
      assert.ok(ack.cmd === 'puback' && ack.messageId === packetId && (ack.reasonCode ?? 0) === 0);
      const expected = `${position.partition}.${position.seq}.${position.index}`;
      const fits = 19 + expected.length <= packetBytesMax;
      assert.equal(ack.properties?.userProperties?.['position'], fits ? expected : undefined);
    }),
    { numRuns: 2_000 },
  );
});

test('what a socket holds stays as it was while the writer goes on over many slabs', () => {
  const writer = new AckWriter();
  const held: { bytes: Buffer; ids: readonly number[] }[] = [];
  for (let id = 1; id <= 30_000; id++) {
    writer.begin();
    const ids = id % 3 === 0 ? [id, id + 1] : [id];
    for (const one of ids) writer.short(one);
    const bytes = writer.take();
    assert.deepEqual([...bytes], acksOf(ids), 'at once');
    if (id % 5 === 0) {
      held.push({ bytes, ids });
      writer.leave();
    } else {
      writer.free();
    }
  }
  for (const { bytes, ids } of held) assert.deepEqual([...bytes], acksOf(ids));
});

function acksOf(ids: readonly number[]): readonly number[] {
  return ids.flatMap((id) => [0x40, 2, id >> 8, id & 0xff]);
}
