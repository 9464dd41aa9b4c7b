/** PUBLISH both ways: read as mqtt-packet wrote it, written so that mqtt-packet reads it, and passed on from one to the other. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { PublishDecoder } from '../../../ingest/mqtt/decode-publish.ts';
import { OutgoingMessage, type PublishCopy, type Sending } from '../../../ingest/mqtt/encode-publish.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import { PROPERTY } from '../../../ingest/mqtt/properties.ts';
import { isUtf8Payload } from '../../../ingest/mqtt/utf8.ts';
import { lengthOf, publishPacket, text } from './client-codec.ts';
import {
  binaries,
  compact,
  frameOf,
  framed,
  levels,
  names,
  packetIds,
  parsed,
  qualities,
  u16,
  u32,
  userProperties,
} from './codec-oracle.ts';

const NOTHING = Buffer.alloc(0);
const publishProperties = fc.option(
  fc.record(
    {
      payloadFormatIndicator: fc.boolean(),
      messageExpiryInterval: u32,
      topicAlias: fc.integer({ min: 1, max: 16 }),
      responseTopic: names,
      correlationData: binaries,
      userProperties,
      contentType: names,
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  { nil: undefined },
);

test('PUBLISH is read as mqtt-packet wrote it', () => {
  const inits = fc.record({
    level: levels,
    topic: names,
    qos: qualities,
    dup: fc.boolean(),
    retain: fc.boolean(),
    messageId: packetIds,
    payload: fc.uint8Array({ maxLength: 300 }),
    known: fc.boolean(),
    properties: publishProperties,
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
      assert.equal(decoder.expiryS, properties?.messageExpiryInterval ?? -1);
      assert.equal(decoder.saysText, properties?.payloadFormatIndicator === true);
      const hasType = decoder.properties.has(PROPERTY.CONTENT_TYPE);
      assert.equal(hasType ? decoder.properties.text(PROPERTY.CONTENT_TYPE, frame.buffer) : undefined, properties?.contentType);
      assert.equal(decoder.forwardable(frame).length, decoder.properties.forwardableBytes);
    }),
    { numRuns: 500 },
  );
});

const pairs = fc.tuple(names, names).map(([key, value]) => Buffer.concat([Uint8Array.of(PROPERTY.USER_PROPERTY), text(key), text(value)]));

test("what goes on to subscribers keeps its order and its repetitions, without what is the client's own", () => {
  const going = fc.tuple(
    fc.array(pairs, { maxLength: 6 }),
    fc.subarray([
      Buffer.from([PROPERTY.PAYLOAD_FORMAT, 1]),
      Buffer.concat([Uint8Array.of(PROPERTY.CONTENT_TYPE), text('a/b')]),
      Buffer.concat([Uint8Array.of(PROPERTY.RESPONSE_TOPIC), text('answers')]),
      Buffer.concat([Uint8Array.of(PROPERTY.CORRELATION_DATA), text('\u0000id')]),
    ]),
  );
  const staying = fc.subarray([Buffer.from([PROPERTY.TOPIC_ALIAS, 0, 3]), Buffer.from([PROPERTY.MESSAGE_EXPIRY, 0, 0, 1, 0])]);
  const places = fc.infiniteStream(fc.nat());
  const decoder = new PublishDecoder();
  fc.assert(
    fc.property(going, staying, places, ([users, others], own, at) => {
      const kept: Buffer[] = [...users];
      for (const one of others) kept.splice(at.next().value % (kept.length + 1), 0, one);
      const all = [...kept];
      for (const one of own) all.splice(at.next().value % (all.length + 1), 0, one);
      const frame = framed(publishPacket({ level: 5, topic: 'a', properties: Buffer.concat(all) }));
      assert.equal(decoder.decode(frame, 5, NOTHING), REASON.SUCCESS);
      const copy = decoder.forwardable(frame);
      assert.deepEqual(copy, Buffer.concat(kept));
      assert.equal(decoder.properties.userCount, users.length);
      // The packet's bytes belong to the socket again.
      frame.buffer.fill(0);
      assert.deepEqual(copy, Buffer.concat(kept));
      // And the next message has nothing of this one.
      const bare = framed(publishPacket({ level: 4, topic: 'a' }));
      assert.equal(decoder.decode(bare, 4, NOTHING), REASON.SUCCESS);
      assert.deepEqual([decoder.forwardable(bare).length, decoder.expiryS, decoder.properties.userCount], [0, -1, 0]);
    }),
    { numRuns: 500 },
  );
});

test('a client may neither name its subscriptions nor leave the topic out', () => {
  const decoder = new PublishDecoder();
  const faultOf = (properties: readonly number[], topic = 'a'): number =>
    decoder.decode(framed(publishPacket({ level: 5, topic, properties: Uint8Array.from(properties) })), 5, NOTHING);
  assert.equal(faultOf([PROPERTY.SUBSCRIPTION_ID, 1]), REASON.PROTOCOL_ERROR);
  assert.equal(faultOf([], ''), REASON.PROTOCOL_ERROR);
  assert.equal(faultOf([PROPERTY.TOPIC_ALIAS, 0, 1], ''), REASON.SUCCESS);
  assert.equal(faultOf([PROPERTY.TOPIC_ALIAS, 0, 0]), REASON.TOPIC_ALIAS_INVALID);
  assert.equal(faultOf([PROPERTY.TOPIC_ALIAS, 1, 0]), REASON.TOPIC_ALIAS_INVALID);
  assert.equal(faultOf([PROPERTY.RESPONSE_TOPIC, 0, 1, 0x23]), REASON.PROTOCOL_ERROR);
  assert.equal(decoder.decode(framed(publishPacket({ level: 5, packetId: 0 })), 5, NOTHING), REASON.PROTOCOL_ERROR);
});

const sendings = fc.record({
  qos: qualities,
  retain: fc.boolean(),
  ids: fc.array(fc.integer({ min: 1, max: 268_435_455 }), { maxLength: 4 }),
});
const copies = fc.record({
  packetId: packetIds,
  dup: fc.boolean(),
  alias: fc.option(fc.record({ alias: u16, isKnown: fc.boolean() }), { nil: undefined }),
  nowMs: fc.nat(100_000),
});
const messages = fc.record({
  topic: names,
  payload: fc.oneof(
    binaries,
    fc.constantFrom(100, 127, 128, 4_096, 4_097, 20_000).map((length) => Buffer.alloc(length, 7)),
  ),
  users: fc.array(fc.tuple(names, names), { maxLength: 3 }),
  expiresMs: fc.constantFrom(0, 100_001, 160_000),
});

test('PUBLISH is written so that mqtt-packet reads it, whichever copy of the message it is', () => {
  const deliveries = fc.array(fc.record({ level: levels, sending: sendings, copy: copies }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(messages, deliveries, ({ topic, payload, users, expiresMs }, list) => {
      const properties = Buffer.concat(users.map(([key, value]) => Buffer.concat([Uint8Array.of(0x26), text(key), text(value)])));
      const message = new OutgoingMessage({ topic: Buffer.from(topic), payload, properties, expiresMs });
      for (const { level, sending, copy: init } of list) {
        const copy: PublishCopy = { ...init, dup: init.dup && sending.qos > 0, alias: level === 5 ? init.alias : undefined };
        const bytes = message.bytes(level, sending, copy);
        assert.equal(bytes.length, message.size(level, sending, copy.alias));
        const slab = Buffer.alloc(bytes.length + 7, 0xee);
        assert.equal(message.write(level, sending, { ...copy, target: slab, at: 3 }), 3 + bytes.length);
        assert.deepEqual(slab, Buffer.concat([Buffer.alloc(3, 0xee), bytes, Buffer.alloc(4, 0xee)]));
        const publish = parsed(bytes, level);
        assert.ok(publish.cmd === 'publish');
        assert.deepEqual([publish.qos, publish.retain, publish.dup], [sending.qos, sending.retain, copy.dup]);
        assert.equal(publish.topic, copy.alias?.isKnown === true ? '' : topic);
        if (sending.qos > 0) assert.equal(publish.messageId, copy.packetId);
        assert.deepEqual(publish.payload, payload);
        const got = publish.properties;
        if (level === 4) {
          assert.equal(got, undefined);
          continue;
        }
        const ids = sending.ids.length === 1 ? sending.ids[0] : sending.ids.length === 0 ? undefined : sending.ids;
        assert.deepEqual(got?.subscriptionIdentifier, ids);
        assert.equal(got?.topicAlias, copy.alias?.alias);
        assert.equal(got?.messageExpiryInterval, expiresMs === 0 ? undefined : Math.ceil((expiresMs - copy.nowMs) / 1_000));
        assert.equal(got?.userProperties === undefined, users.length === 0);
      }
    }),
    { numRuns: 500 },
  );
});

test('what a client published is what a subscriber reads, byte for byte of its properties', () => {
  const decoder = new PublishDecoder();
  const properties = fc.array(pairs, { maxLength: 5 }).map((list) => Buffer.concat([Uint8Array.of(PROPERTY.PAYLOAD_FORMAT, 0), ...list]));
  fc.assert(
    fc.property(fc.record({ topic: names, block: properties, payload: binaries, qos: qualities, packetId: packetIds }), (init) => {
      const { topic, block, payload, qos, packetId } = init;
      const frame = framed(publishPacket({ level: 5, topic, properties: block, payload, qos }));
      assert.equal(decoder.decode(frame, 5, NOTHING), REASON.SUCCESS);
      const message = new OutgoingMessage({
        topic: Buffer.from(frame.buffer.subarray(decoder.topicStart, decoder.topicEnd)),
        payload: Buffer.from(frame.buffer.subarray(decoder.payloadStart, decoder.payloadEnd)),
        properties: decoder.forwardable(frame),
        expiresMs: 0,
      });
      const sending: Sending = { qos, retain: false, ids: [] };
      const expected = publishPacket({ level: 5, topic, properties: block, payload, qos, packetId });
      assert.deepEqual(message.bytes(5, sending, { packetId, dup: false, alias: undefined, nowMs: 0 }), expected);
    }),
  );
});

test('copies of QoS 0 are one buffer, and those of higher ones never change each other', () => {
  const message = new OutgoingMessage({ topic: Buffer.from('a/b'), payload: Buffer.from('p'), properties: NOTHING, expiresMs: 10_000 });
  const copy: PublishCopy = { packetId: 1, dup: false, alias: undefined, nowMs: 0 };
  const plain: Sending = { qos: 0, retain: false, ids: [] };
  const first = message.bytes(5, plain, copy);
  assert.equal(message.bytes(5, plain, { ...copy, nowMs: 999 }), first, 'within a second');
  assert.notEqual(message.bytes(5, plain, { ...copy, nowMs: 1_000 }), first);
  assert.equal(message.bytes(4, plain, copy), message.bytes(4, { ...plain, ids: [1] }, { ...copy, nowMs: 5_000 }), '3.1.1 sees neither');
  assert.notEqual(message.bytes(5, { ...plain, retain: true }, copy), message.bytes(5, plain, copy));
  const one = message.bytes(5, { ...plain, qos: 1 }, copy);
  const before = Buffer.from(one);
  message.bytes(5, { ...plain, qos: 2, retain: true }, { ...copy, packetId: 0xffff, dup: true });
  assert.deepEqual(one, before);
});

test('what is left of an expiry is counted in whole seconds of waiting, and is never nothing', () => {
  const left = (expiresMs: number, nowMs: number): number | undefined => {
    const message = new OutgoingMessage({ topic: Buffer.from('a'), payload: NOTHING, properties: NOTHING, expiresMs });
    const publish = parsed(message.bytes(5, { qos: 1, retain: false, ids: [] }, { packetId: 1, dup: true, alias: undefined, nowMs }), 5);
    return publish.cmd === 'publish' ? publish.properties?.messageExpiryInterval : undefined;
  };
  assert.equal(left(1_000, 0), 1);
  assert.equal(left(10_000, 999), 10);
  assert.equal(left(10_000, 1_000), 9);
  assert.equal(left(10_000, 9_999), 1);
  assert.equal(left(10_000, 60_000), 1, 'sent again after its time');
  assert.equal(left(0xffff_ffff * 1_000, 0), 0xffff_ffff);
  assert.equal(left(2 ** 45, 0), 0xffff_ffff);
});

test('lengths are right at every border of their encoding', () => {
  for (const total of [120, 126, 127, 128, 129, 16_380, 16_383, 16_384, 16_385]) {
    const message = new OutgoingMessage({ topic: Buffer.from('t'), payload: Buffer.alloc(total), properties: NOTHING, expiresMs: 0 });
    const bytes = message.bytes(4, { qos: 0, retain: false, ids: [] }, { packetId: 0, dup: false, alias: undefined, nowMs: 0 });
    assert.deepEqual(bytes.subarray(1, 1 + lengthOf(total + 3).length), Buffer.from(lengthOf(total + 3)));
    assert.equal(bytes.length, 1 + lengthOf(total + 3).length + total + 3);
  }
  for (const length of [100, 118, 119, 120, 121, 122, 16_370, 16_376, 16_378, 16_380]) {
    const properties = Buffer.concat([Uint8Array.of(0x26), text('k'), text('v'.repeat(length))]);
    const message = new OutgoingMessage({ topic: Buffer.from('t'), payload: NOTHING, properties, expiresMs: 0 });
    const publish = parsed(
      message.bytes(5, { qos: 0, retain: false, ids: [7] }, { packetId: 0, dup: false, alias: undefined, nowMs: 0 }),
      5,
    );
    assert.ok(publish.cmd === 'publish');
    assert.deepEqual([publish.properties?.subscriptionIdentifier, publish.properties?.userProperties?.['k']?.length], [7, length]);
  }
});

test('a payload that says it is text can be asked whether it is', () => {
  const bytes = Buffer.from('xxä€😀\u0000yy');
  assert.ok(isUtf8Payload(bytes, 2, bytes.length - 2));
  assert.ok(!isUtf8Payload(bytes, 3, bytes.length), 'begins within a character');
  assert.ok(!isUtf8Payload(Buffer.from([0xed, 0xa0, 0x80]), 0, 3));
});
