/** What clients send, as mqtt-packet writes it, read by our decoders. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeConnect, type Connect } from '../../../ingest/mqtt/decode-connect.ts';
import { decodeAck, decodeDisconnect, decodeEmpty, decodeSubscribe, decodeUnsubscribe, headerFault } from '../../../ingest/mqtt/decode.ts';
import { PACKET, REASON, returnCodeOf, type ProtocolLevel } from '../../../ingest/mqtt/packets.ts';
import { PropertySet } from '../../../ingest/mqtt/properties.ts';
import { binaries, compact, contextOf, frameOf, framed, levels, names, packetIds, qualities, readerOf } from './codec-oracle.ts';
import { u16, u32, userProperties } from './codec-oracle.ts';
import { connectPacket, text } from './client-codec.ts';

const willProperties = fc.record(
  {
    willDelayInterval: u32,
    payloadFormatIndicator: fc.boolean(),
    messageExpiryInterval: u32,
    contentType: names,
    responseTopic: names,
    correlationData: binaries,
    userProperties,
  },
  { requiredKeys: [], noNullPrototype: true },
);
const wills = fc.record({ topic: names, payload: binaries, qos: qualities, retain: fc.boolean(), properties: willProperties });
const connectProperties = fc.record(
  {
    sessionExpiryInterval: u32,
    receiveMaximum: u16,
    maximumPacketSize: u32,
    topicAliasMaximum: u16,
    requestResponseInformation: fc.boolean(),
    requestProblemInformation: fc.boolean(),
    userProperties,
    authenticationMethod: names,
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Bytes of keys and values. */
function userBytesOf(properties: Readonly<Record<string, string | readonly string[]>> | undefined): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(properties ?? {})) {
    for (const one of typeof value === 'string' ? [value] : value) bytes += Buffer.byteLength(name) + Buffer.byteLength(one);
  }
  return bytes;
}

function connectOf(bytes: Uint8Array): Connect {
  const result = decodeConnect(readerOf(framed(bytes)), new PropertySet());
  assert.ok(result.ok, JSON.stringify(result));
  return result.connect;
}

test('CONNECT is read as mqtt-packet wrote it', () => {
  const inits = fc.record({
    level: levels,
    clean: fc.boolean(),
    keepalive: fc.nat(65_535),
    clientId: names,
    username: fc.option(names, { nil: undefined }),
    password: fc.option(names, { nil: undefined }),
    will: fc.option(wills, { nil: undefined }),
    properties: connectProperties,
  });
  fc.assert(
    fc.property(inits, (init) => {
      const { level, clean, keepalive, clientId, username } = init;
      // mqtt-packet knows no password without a user name, which MQTT 5 allows.
      const password = username === undefined ? undefined : init.password;
      const properties = level === 5 ? init.properties : undefined;
      const will = init.will === undefined ? undefined : { ...init.will, properties: level === 5 ? init.will.properties : undefined };
      const packet = compact({
        cmd: 'connect' as const,
        protocolId: 'MQTT' as const,
        protocolVersion: level,
        clean,
        keepalive,
        clientId,
        username,
        password: password === undefined ? undefined : Buffer.from(password),
        will: will === undefined ? undefined : compact(will),
        properties,
      });
      const result = decodeConnect(readerOf(frameOf(packet, level)), new PropertySet());
      assert.ok(result.ok, JSON.stringify(result));
      const { will: got, ...rest } = result.connect;
      assert.deepEqual(rest, {
        level,
        cleanStart: clean,
        keepAliveS: keepalive,
        clientId,
        userName: username,
        password,
        sessionExpiryS: properties?.sessionExpiryInterval ?? 0,
        packetBytesMax: properties?.maximumPacketSize ?? 268_435_460,
        receiveMaximum: properties?.receiveMaximum ?? 65_535,
        topicAliasMaximum: properties?.topicAliasMaximum ?? 0,
        wantsProblemInfo: level === 5 && properties?.requestProblemInformation !== false,
        wantsResponseInfo: properties?.requestResponseInformation === true,
        authenticationMethod: properties?.authenticationMethod,
        userBytes: userBytesOf(properties?.userProperties),
      });
      assert.equal(got === undefined, will === undefined);
      if (got === undefined || will === undefined) return;
      const { properties: forwarded, ...facts } = got;
      assert.deepEqual(facts, {
        topic: will.topic,
        payload: will.payload,
        qos: will.qos,
        retain: will.retain,
        delayS: will.properties?.willDelayInterval ?? 0,
        expiryS: will.properties?.messageExpiryInterval,
        userBytes: userBytesOf(will.properties?.userProperties),
        saysText: will.properties?.payloadFormatIndicator === true,
      });
      assert.deepEqual(Buffer.from(forwarded), forwardedBy(will.properties));
    }),
    { numRuns: 500 },
  );
});

/** The properties that mqtt-packet writes into a PUBLISH for what of these goes on to subscribers. */
function forwardedBy(properties: Readonly<Record<string, unknown>> | undefined): Buffer {
  const kept = Object.entries(properties ?? {}).filter(([name]) => name !== 'willDelayInterval' && name !== 'messageExpiryInterval');
  const forwarded = Object.fromEntries(kept);
  const { buffer, start, end } = frameOf(
    { cmd: 'publish', topic: 't', payload: '', qos: 0, dup: false, retain: false, properties: forwarded },
    5,
  );
  let at = start + 3;
  while ((buffer[at] ?? 0) > 0x7f) at++;
  return Buffer.from(buffer.subarray(at + 1, end));
}

test('a will keeps the order and the repetitions of what goes on to subscribers', () => {
  const pair = (key: string, value: string): Buffer => Buffer.concat([Uint8Array.of(0x26), text(key), text(value)]);
  const going = [pair('b', '1'), pair('a', '2'), Buffer.concat([Uint8Array.of(3), text('x/y')]), pair('b', '1')];
  const [first = Buffer.alloc(0), ...others] = going;
  const block = Buffer.concat([
    first,
    Uint8Array.of(0x18, 0, 0, 0, 9),
    ...others.slice(0, 2),
    Uint8Array.of(2, 0, 0, 0, 7),
    ...others.slice(2),
  ]);
  const bytes = Buffer.concat([Uint8Array.of(block.length), block, text('w/t'), text('gone')]);
  const { will } = connectOf(connectPacket({ level: 5, will: { flags: 0x2c, bytes } }));
  assert.deepEqual(will?.properties, Buffer.concat(going));
  assert.deepEqual([will?.delayS, will?.expiryS, will?.userBytes, will?.qos, will?.retain], [9, 7, 6, 1, true]);
});

test('a client id with control characters is not valid for 5, and malformed for 3.1.1', () => {
  for (const clientId of ['a\u0001', 'a\u001f', '\u007fb', 'a\u009f']) {
    for (const [level, reason] of [
      [4, REASON.MALFORMED_PACKET],
      [5, REASON.CLIENT_ID_NOT_VALID],
    ] as const) {
      const frame = framed(connectPacket({ level, clientId }));
      assert.deepEqual(decodeConnect(readerOf(frame), new PropertySet()), { ok: false, level, reason });
    }
  }
  for (const id of [Buffer.from([0x61, 0]), Buffer.from([0xed, 0xa0, 0x80])]) {
    const bytes = connectPacket({ level: 5, clientId: 'x'.repeat(id.length) });
    id.copy(bytes, bytes.length - id.length);
    const result = decodeConnect(readerOf(framed(bytes)), new PropertySet());
    assert.deepEqual(result, { ok: false, level: 5, reason: REASON.MALFORMED_PACKET });
  }
});

const ACKS = [
  ['puback', PACKET.PUBACK, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]],
  ['pubrec', PACKET.PUBREC, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]],
  ['pubrel', PACKET.PUBREL, [0x00, 0x92]],
  ['pubcomp', PACKET.PUBCOMP, [0x00, 0x92]],
] as const;

const explanations = fc.record({ reasonString: names, userProperties }, { requiredKeys: [], noNullPrototype: true });

test('acknowledgements are read as mqtt-packet wrote them', () => {
  fc.assert(
    fc.property(levels, packetIds, explanations, (level, messageId, properties) => {
      for (const [cmd, type, reasons] of ACKS) {
        for (const reasonCode of level === 5 ? reasons : [0]) {
          const packet = level === 5 ? { cmd, messageId, reasonCode, properties } : { cmd, messageId };
          const context = contextOf(frameOf(packet, level), level);
          assert.deepEqual(decodeAck(context, type), { packetId: messageId, reason: reasonCode });
          assert.equal(context.reader.fault, REASON.SUCCESS);
        }
      }
    }),
  );
});

test('each acknowledgement has its own reason codes, and short forms that mean success', () => {
  for (const [, type, reasons] of ACKS) {
    for (let reason = 0; reason < 256; reason++) {
      for (const body of [
        [0, 7, reason],
        [0, 7, reason, 0],
      ]) {
        const context = contextOf(framed(Uint8Array.of(type << 4, body.length, ...body)), 5);
        decodeAck(context, type);
        const allowed = (reasons as readonly number[]).includes(reason);
        assert.equal(context.reader.fault, allowed ? REASON.SUCCESS : REASON.PROTOCOL_ERROR, `${type} with ${reason}`);
      }
    }
    for (const level of [4, 5] as const) {
      const short = contextOf(framed(Uint8Array.of(type << 4, 2, 0, 7)), level);
      assert.deepEqual(decodeAck(short, type), { packetId: 7, reason: REASON.SUCCESS });
      assert.equal(short.reader.fault, REASON.SUCCESS);
      const none = contextOf(framed(Uint8Array.of(type << 4, 2, 0, 0)), level);
      decodeAck(none, type);
      assert.equal(none.reader.fault, REASON.PROTOCOL_ERROR);
    }
    const long = contextOf(framed(Uint8Array.of(type << 4, 3, 0, 7, 0)), 4);
    decodeAck(long, type);
    assert.equal(long.reader.fault, REASON.MALFORMED_PACKET, '3.1.1 has no reason code');
  }
});

const options = fc.record({
  qos: qualities,
  nl: fc.boolean(),
  rap: fc.boolean(),
  rh: fc.constantFrom(0, 1, 2),
});

test('SUBSCRIBE and UNSUBSCRIBE are read as mqtt-packet wrote them', () => {
  const filters = fc.oneof(names, fc.constantFrom('#', '+/a', 'a/+/#', '$share/group/a/+'));
  const lists = fc.array(fc.tuple(filters, options), { minLength: 1, maxLength: 5 });
  const ids = fc.option(fc.integer({ min: 1, max: 268_435_455 }), { nil: undefined });
  fc.assert(
    fc.property(fc.record({ level: levels, messageId: packetIds, list: lists, id: ids }), ({ level, messageId, list, id }) => {
      const subscriptions = list.map(([topic, { qos, nl, rap, rh }]) => {
        const five = level === 5;
        return { topic, qos, nl: five && nl && !topic.startsWith('$share/'), rap: five && rap, rh: five ? rh : 0 };
      });
      const properties = level === 5 && id !== undefined ? { properties: { subscriptionIdentifier: id } } : {};
      const subscribe = contextOf(frameOf({ cmd: 'subscribe', messageId, subscriptions, ...properties }, level), level);
      assert.deepEqual(decodeSubscribe(subscribe), {
        packetId: messageId,
        subscriptionId: level === 5 ? (id ?? 0) : 0,
        subscriptions: subscriptions.map(({ topic, qos, nl, rap, rh }) => {
          return { filter: topic, qos, noLocal: nl, retainAsPublished: rap, retainHandling: rh };
        }),
      });
      assert.equal(subscribe.reader.fault, REASON.SUCCESS);
      const unsubscriptions = list.map(([topic]) => topic);
      const unsubscribe = contextOf(frameOf({ cmd: 'unsubscribe', messageId, unsubscriptions }, level), level);
      assert.deepEqual(decodeUnsubscribe(unsubscribe), { packetId: messageId, filters: unsubscriptions });
      assert.equal(unsubscribe.reader.fault, REASON.SUCCESS);
    }),
  );
});

test('every byte of subscription options, and every end of a subscription identifier', () => {
  const subscribe = (level: ProtocolLevel, properties: readonly number[], option: number): number => {
    const filter = level === 5 ? text('$share/g/a') : text('a');
    const body = Buffer.concat([
      Uint8Array.of(0, 1, ...(level === 5 ? [properties.length, ...properties] : [])),
      filter,
      Uint8Array.of(option),
    ]);
    const context = contextOf(framed(Buffer.concat([Uint8Array.of(0x82, body.length), body])), level);
    decodeSubscribe(context);
    return context.reader.fault;
  };
  for (let option = 0; option < 256; option++) {
    assert.equal(subscribe(4, [], option), option < 3 ? REASON.SUCCESS : REASON.MALFORMED_PACKET);
    const malformed = (option & 3) === 3 || (option & 0x30) === 0x30 || option >= 0x40;
    // No Local on a shared subscription (MQTT-3.8.3-4).
    const fault = malformed ? REASON.MALFORMED_PACKET : (option & 4) === 0 ? REASON.SUCCESS : REASON.PROTOCOL_ERROR;
    assert.equal(subscribe(5, [], option), fault, `options ${option}`);
  }
  for (const [id, fault] of [
    [[0x00], REASON.PROTOCOL_ERROR],
    [[0x01], REASON.SUCCESS],
    [[0xff, 0xff, 0xff, 0x7f], REASON.SUCCESS],
    [[0xff, 0xff, 0xff, 0xff, 0x01], REASON.MALFORMED_PACKET],
    [[0x81, 0x00], REASON.MALFORMED_PACKET],
  ] as const) {
    assert.equal(subscribe(5, [0x0b, ...id], 0), fault, `identifier ${id.join(' ')}`);
  }
});

test('a subscription without a filter, with an empty or a wrong one, or with identifier 0 is malformed', () => {
  const lists = [Buffer.alloc(0), text(''), text('a#'), text('$share/g'), text('$share//a'), text('$share/+/a')];
  for (const level of [4, 5] as const) {
    const none = level === 5 ? [0] : [];
    for (const [id, filter] of [...lists.map((one) => [1, one] as const), [0, text('a')] as const]) {
      const head = Uint8Array.of(0, id, ...none);
      const subscribe = contextOf(framed(Buffer.concat([Uint8Array.of(0x82, 0), head, filter, Uint8Array.of(0)])), level);
      decodeSubscribe(subscribe);
      assert.equal(subscribe.reader.fault, REASON.MALFORMED_PACKET, `${id} ${filter.toString()}`);
      const unsubscribe = contextOf(framed(Buffer.concat([Uint8Array.of(0xa2, 0), head, filter])), level);
      decodeUnsubscribe(unsubscribe);
      assert.equal(unsubscribe.reader.fault, REASON.MALFORMED_PACKET, `${id} ${filter.toString()}`);
    }
  }
});

test('DISCONNECT has the reasons of a client, and maybe a session expiry', () => {
  const allowed: readonly number[] = [0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99];
  for (let reason = 0; reason < 256; reason++) {
    const context = contextOf(framed(Uint8Array.of(0xe0, 1, reason)), 5);
    assert.deepEqual(decodeDisconnect(context), { reason, sessionExpiryS: undefined });
    assert.equal(context.reader.fault, allowed.includes(reason) ? REASON.SUCCESS : REASON.PROTOCOL_ERROR, `reason ${reason}`);
  }
  fc.assert(
    fc.property(fc.constantFrom(...allowed), u32, names, (reasonCode, sessionExpiryInterval, reasonString) => {
      const context = contextOf(frameOf({ cmd: 'disconnect', reasonCode, properties: { sessionExpiryInterval, reasonString } }, 5), 5);
      assert.deepEqual(decodeDisconnect(context), { reason: reasonCode, sessionExpiryS: sessionExpiryInterval });
      assert.equal(context.reader.fault, REASON.SUCCESS);
    }),
  );
  for (const level of [4, 5] as const) {
    const bare = contextOf(framed(Uint8Array.of(0xe0, 0)), level);
    assert.deepEqual(decodeDisconnect(bare), { reason: 0, sessionExpiryS: undefined });
    assert.equal(bare.reader.fault, REASON.SUCCESS);
  }
});

test('the first byte says what may not come, and which flags are wrong', () => {
  const needed = new Map<number, number>([
    [PACKET.PUBACK, 0],
    [PACKET.PUBREC, 0],
    [PACKET.PUBREL, 2],
    [PACKET.PUBCOMP, 0],
    [PACKET.SUBSCRIBE, 2],
    [PACKET.UNSUBSCRIBE, 2],
    [PACKET.PINGREQ, 0],
    [PACKET.DISCONNECT, 0],
  ]);
  const opening: readonly number[] = [PACKET.CONNECT, PACKET.CONNACK, PACKET.AUTH];
  for (let first = 0x10; first < 0x100; first++) {
    const type = first >> 4;
    if (type === PACKET.PUBLISH) continue;
    const flags = first & 15;
    const wrong = opening.includes(type) || (!needed.has(type) && flags === 0) ? REASON.PROTOCOL_ERROR : REASON.MALFORMED_PACKET;
    assert.equal(headerFault(first), needed.get(type) === flags ? REASON.SUCCESS : wrong, first.toString(16));
  }
  const ping = readerOf(framed(Uint8Array.of(0xc0, 1, 0)));
  decodeEmpty(ping);
  assert.equal(ping.fault, REASON.MALFORMED_PACKET);
});

test('reason codes are those of MQTT 5 §2.4, and 3.1.1 has a return code from 1 to 5 for some', () => {
  const codes = Object.values(REASON);
  assert.equal(new Set(codes).size, codes.length);
  const low = [0x00, 0x01, 0x02, 0x04, 0x10, 0x11, 0x18, 0x19];
  const high = Array.from({ length: 0xa3 - 0x80 }, (_, i) => 0x80 + i);
  assert.deepEqual(
    codes.toSorted((a, b) => a - b),
    [...low, ...high],
  );
  for (const code of codes) {
    const answer = returnCodeOf(code);
    assert.ok(answer === undefined || (code >= 0x80 && answer >= 1 && answer <= 5), `${code}: ${answer}`);
  }
  assert.equal(returnCodeOf(REASON.USE_ANOTHER_SERVER), 3);
  assert.equal(returnCodeOf(REASON.BANNED), 5);
});
