/** Every property in every packet that may come: allowed, out of place, twice, cut off, and with values out of bounds. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { PACKET, REASON, WILL, type PropertyOwner } from '../../../ingest/mqtt/packets.ts';
import { PROPERTY, PropertySet, type PropertyId } from '../../../ingest/mqtt/properties.ts';
import { lengthOf, text } from './client-codec.ts';
import { readerOf } from './codec-oracle.ts';

const ACKS: readonly PropertyOwner[] = [PACKET.PUBACK, PACKET.PUBREC, PACKET.PUBREL, PACKET.PUBCOMP];
const MESSAGES: readonly PropertyOwner[] = [PACKET.PUBLISH, WILL];
const INCOMING: readonly PropertyOwner[] = [
  PACKET.CONNECT,
  ...MESSAGES,
  ...ACKS,
  PACKET.SUBSCRIBE,
  PACKET.UNSUBSCRIBE,
  PACKET.DISCONNECT,
  PACKET.AUTH,
];

interface Sample {
  readonly value: Uint8Array;
  /** Who of the packets that a client sends may carry it (MQTT 5 table 2-4). */
  readonly owners: readonly PropertyOwner[];
  /** Whole values that are wrong. */
  readonly wrong?: readonly Uint8Array[];
}

const byte = (value: number): Uint8Array => Uint8Array.of(value);
const word = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);
const long = (value: number): Uint8Array => Uint8Array.of(0, 0, value >> 8, value & 0xff);
const BAD_TEXTS = [Buffer.from([0, 1, 0]), Buffer.from([0, 2, 0xc0, 0x80]), Buffer.from([0, 3, 0xed, 0xa0, 0x80])];

const SAMPLES: Readonly<Record<PropertyId, Sample>> = {
  [PROPERTY.PAYLOAD_FORMAT]: { value: byte(1), owners: MESSAGES, wrong: [byte(2), byte(255)] },
  [PROPERTY.MESSAGE_EXPIRY]: { value: long(0), owners: MESSAGES },
  [PROPERTY.CONTENT_TYPE]: { value: text('a/b'), owners: MESSAGES },
  [PROPERTY.RESPONSE_TOPIC]: { value: text('a'), owners: MESSAGES },
  [PROPERTY.CORRELATION_DATA]: { value: text(''), owners: MESSAGES },
  [PROPERTY.SUBSCRIPTION_ID]: { value: byte(1), owners: [PACKET.SUBSCRIBE], wrong: [byte(0)] },
  [PROPERTY.SESSION_EXPIRY]: { value: long(9), owners: [PACKET.CONNECT, PACKET.DISCONNECT] },
  [PROPERTY.ASSIGNED_CLIENT_ID]: { value: text('a'), owners: [] },
  [PROPERTY.SERVER_KEEP_ALIVE]: { value: word(9), owners: [] },
  [PROPERTY.AUTHENTICATION_METHOD]: { value: text('a'), owners: [PACKET.CONNECT, PACKET.AUTH] },
  [PROPERTY.AUTHENTICATION_DATA]: { value: text('a'), owners: [PACKET.CONNECT, PACKET.AUTH] },
  [PROPERTY.REQUEST_PROBLEM_INFO]: { value: byte(0), owners: [PACKET.CONNECT], wrong: [byte(2)] },
  [PROPERTY.WILL_DELAY]: { value: long(9), owners: [WILL] },
  [PROPERTY.REQUEST_RESPONSE_INFO]: { value: byte(0), owners: [PACKET.CONNECT], wrong: [byte(2)] },
  [PROPERTY.RESPONSE_INFO]: { value: text('a'), owners: [] },
  [PROPERTY.SERVER_REFERENCE]: { value: text('a'), owners: [PACKET.DISCONNECT] },
  [PROPERTY.REASON_STRING]: { value: text('a'), owners: [...ACKS, PACKET.DISCONNECT, PACKET.AUTH] },
  [PROPERTY.RECEIVE_MAXIMUM]: { value: word(1), owners: [PACKET.CONNECT], wrong: [word(0)] },
  [PROPERTY.TOPIC_ALIAS_MAXIMUM]: { value: word(0), owners: [PACKET.CONNECT] },
  [PROPERTY.TOPIC_ALIAS]: { value: word(1), owners: [PACKET.PUBLISH] },
  [PROPERTY.MAXIMUM_QOS]: { value: byte(0), owners: [] },
  [PROPERTY.RETAIN_AVAILABLE]: { value: byte(0), owners: [] },
  [PROPERTY.USER_PROPERTY]: { value: Buffer.concat([text(''), text('b')]), owners: INCOMING },
  [PROPERTY.MAXIMUM_PACKET_SIZE]: { value: long(1), owners: [PACKET.CONNECT], wrong: [long(0)] },
  [PROPERTY.WILDCARD_AVAILABLE]: { value: byte(0), owners: [] },
  [PROPERTY.SUBSCRIPTION_ID_AVAILABLE]: { value: byte(0), owners: [] },
  [PROPERTY.SHARED_AVAILABLE]: { value: byte(0), owners: [] },
};
const TEXTS: readonly number[] = [
  PROPERTY.CONTENT_TYPE,
  PROPERTY.RESPONSE_TOPIC,
  PROPERTY.AUTHENTICATION_METHOD,
  PROPERTY.SERVER_REFERENCE,
  PROPERTY.REASON_STRING,
  PROPERTY.USER_PROPERTY,
];

const set = new PropertySet();

/** The fault of a block that holds these bytes and is followed by others. */
function faultOf(owner: PropertyOwner, ...parts: readonly Uint8Array[]): number {
  const block = Buffer.concat(parts);
  const buffer = Buffer.concat([lengthOf(block.length), block, Uint8Array.of(0xff, 0xff)]);
  const reader = readerOf({ first: 0, buffer, start: 0, end: buffer.length });
  set.read(reader, owner);
  if (reader.fault === REASON.SUCCESS) assert.equal(reader.at, buffer.length - 2, 'the reader stands behind the block');
  return reader.fault;
}

const samples = Object.entries(SAMPLES).map(([id, sample]) => ({ id: Number(id), ...sample }));
const misplaced = (owner: PropertyOwner): number =>
  owner === PACKET.SUBSCRIBE || owner === PACKET.UNSUBSCRIBE ? REASON.MALFORMED_PACKET : REASON.PROTOCOL_ERROR;

test('each property is taken where it may stand, once, and nowhere else', () => {
  for (const { id, value, owners } of samples) {
    for (const owner of INCOMING) {
      const allowed = owners.includes(owner);
      const where = `property ${id} in ${owner}`;
      const one = Buffer.concat([byte(id), value]);
      assert.equal(faultOf(owner, one), allowed ? REASON.SUCCESS : misplaced(owner), where);
      if (!allowed) continue;
      const several = id === PROPERTY.USER_PROPERTY;
      assert.equal(faultOf(owner, one, one), several ? REASON.SUCCESS : REASON.PROTOCOL_ERROR, `${where}, twice`);
      const between = Buffer.concat([byte(PROPERTY.USER_PROPERTY), text('k'), text('v')]);
      assert.equal(faultOf(owner, one, between, one), several ? REASON.SUCCESS : REASON.PROTOCOL_ERROR, `${where}, twice, apart`);
    }
  }
});

test('a cut-off property is malformed wherever it stands, and so is an unknown one', () => {
  for (const { id, value } of samples) {
    const one = Buffer.concat([byte(id), value]);
    for (const owner of INCOMING) {
      for (let length = 1; length < one.length; length++) {
        // Of text and binary data, a cut leaves less than the length says; of numbers, fewer bytes.
        assert.equal(faultOf(owner, one.subarray(0, length)), REASON.MALFORMED_PACKET, `property ${id} in ${owner}, ${length} bytes`);
      }
    }
  }
  const known = new Set(samples.map(({ id }) => id));
  for (let id = 0; id < 300; id++) {
    if (known.has(id)) continue;
    for (const owner of INCOMING) assert.equal(faultOf(owner, lengthOf(id), byte(1)), REASON.MALFORMED_PACKET, `property ${id}`);
  }
  for (const id of [
    [0x80, 0x00],
    [0x83, 0x00],
    [0xff, 0xff, 0xff, 0xff],
  ]) {
    assert.equal(faultOf(PACKET.PUBLISH, Uint8Array.from(id), text('a')), REASON.MALFORMED_PACKET);
  }
});

test('values out of bounds are protocol errors, ill-formed text is malformed', () => {
  for (const { id, owners, wrong = [] } of samples) {
    for (const owner of owners) {
      for (const value of wrong) assert.equal(faultOf(owner, byte(id), value), REASON.PROTOCOL_ERROR, `property ${id} in ${owner}`);
      if (!TEXTS.includes(id)) continue;
      const more = id === PROPERTY.USER_PROPERTY ? text('v') : Buffer.alloc(0);
      for (const bad of BAD_TEXTS) {
        assert.equal(faultOf(owner, byte(id), bad, more), REASON.MALFORMED_PACKET, `property ${id} in ${owner}`);
        if (more.length > 0) assert.equal(faultOf(owner, byte(id), more, bad), REASON.MALFORMED_PACKET);
      }
    }
  }
});

test('a block is as long as it says, and ends with its last property', () => {
  const reader = readerOf({ first: 0, buffer: Buffer.from([5, 0x23, 0, 1]), start: 0, end: 4 });
  set.read(reader, PACKET.PUBLISH);
  assert.equal(reader.fault, REASON.MALFORMED_PACKET, 'longer than the packet');
  for (const length of [[0x80, 0x80, 0x80, 0x80, 0x01], [0x80, 0x00], [0x83]]) {
    const cut = readerOf({ first: 0, buffer: Buffer.from(length), start: 0, end: length.length });
    set.read(cut, PACKET.PUBLISH);
    assert.equal(cut.fault, REASON.MALFORMED_PACKET);
  }
  const inside = readerOf({ first: 0, buffer: Buffer.from([2, 0x23, 0, 1]), start: 0, end: 4 });
  set.read(inside, PACKET.PUBLISH);
  assert.equal(inside.fault, REASON.MALFORMED_PACKET, 'a property may not reach beyond the block');
});

test('what a block held is gone with the next', () => {
  assert.equal(
    faultOf(PACKET.PUBLISH, byte(PROPERTY.TOPIC_ALIAS), word(7), byte(PROPERTY.USER_PROPERTY), text('k'), text('v')),
    REASON.SUCCESS,
  );
  assert.deepEqual([set.number(PROPERTY.TOPIC_ALIAS, 0), set.userBytes, set.userCount, set.forwardableBytes], [7, 2, 1, 7]);
  assert.equal(faultOf(PACKET.PUBLISH), REASON.SUCCESS);
  assert.deepEqual([set.number(PROPERTY.TOPIC_ALIAS, 0), set.userBytes, set.userCount, set.forwardableBytes], [0, 0, 0, 0]);
  assert.equal(set.has(PROPERTY.USER_PROPERTY), false);
});
