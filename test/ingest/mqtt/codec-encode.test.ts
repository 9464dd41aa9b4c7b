/** What we write, all but PUBLISH, read by mqtt-packet. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  encodeAck,
  encodeConnack,
  encodeDisconnect,
  encodeFilterAck,
  encodeRefusedConnack,
  PINGRESP,
  shortAck,
} from '../../../ingest/mqtt/encode.ts';
import type { ClientLimits, ConnackFacts } from '../../../ingest/mqtt/encode.ts';
import { FIRST_BYTE, PACKET, REASON, type ReasonCode } from '../../../ingest/mqtt/packets.ts';
import { compact, levels, names, packetIds, parsed, u16, u32 } from './codec-oracle.ts';

const FIVE: ClientLimits = { level: 5, packetBytesMax: 1_000, wantsProblemInfo: true };
const FOUR: ClientLimits = { level: 4, packetBytesMax: 1_000, wantsProblemInfo: false };
const BARE: ConnackFacts = {
  receiveMaximum: 100,
  qosMax: 2,
  packetBytesMax: 69_632,
  topicAliasMax: 16,
  assignedClientId: undefined,
  serverKeepAliveS: undefined,
  sessionExpiryS: undefined,
};
const refusals = fc.constantFrom<ReasonCode>(...Object.values(REASON).filter((reason) => reason >= REASON.UNSPECIFIED));
const explanations = fc.record(
  { reasonString: names, userProperties: fc.array(fc.tuple(names, names), { minLength: 1, maxLength: 3 }) },
  { requiredKeys: [] },
);

/** As mqtt-packet has them: a name that comes again has a list. */
function asObject(pairs: readonly (readonly [string, string])[] | undefined): Record<string, string | string[]> | undefined {
  if (pairs === undefined) return undefined;
  const object: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const known = object[name];
    object[name] = known === undefined ? value : [...(typeof known === 'string' ? [known] : known), value];
  }
  return object;
}

/** Objects like any other: mqtt-packet's have no prototype. */
function plain({ userProperties, ...rest }: { readonly userProperties?: object } = {}): object {
  return userProperties === undefined ? rest : { ...rest, userProperties: { ...userProperties } };
}

test('CONNACK says all that there is to say, and nothing that goes without saying', () => {
  const flags = fc.option(fc.boolean(), { nil: undefined });
  const inits = fc.record({
    sessionPresent: flags,
    receiveMaximum: u16,
    qosMax: fc.constantFrom(0, 1, 2),
    packetBytesMax: u32,
    topicAliasMax: fc.nat(65_535),
    assignedClientId: fc.option(names, { nil: undefined }),
    serverKeepAliveS: fc.option(u16, { nil: undefined }),
    sessionExpiryS: fc.option(u32, { nil: undefined }),
    retainAvailable: flags,
    wildcardAvailable: flags,
    subscriptionIdAvailable: flags,
    sharedAvailable: flags,
    responseInfo: fc.option(names, { nil: undefined }),
  });
  fc.assert(
    fc.property(inits, explanations, ({ assignedClientId, serverKeepAliveS, sessionExpiryS, ...rest }, explanation) => {
      const facts: ConnackFacts = { ...compact(rest), assignedClientId, serverKeepAliveS, sessionExpiryS };
      const connack = parsed(encodeConnack(5, facts, { packetBytesMax: 5_000, ...explanation }), 5);
      assert.ok(connack.cmd === 'connack');
      assert.deepEqual([connack.reasonCode, connack.sessionPresent], [0, facts.sessionPresent ?? false]);
      const off = (available: boolean | undefined): false | undefined => (available === false ? false : undefined);
      assert.deepEqual(
        plain(connack.properties),
        compact({
          receiveMaximum: facts.receiveMaximum,
          maximumQoS: facts.qosMax === 2 ? undefined : facts.qosMax,
          maximumPacketSize: facts.packetBytesMax,
          topicAliasMaximum: facts.topicAliasMax,
          assignedClientIdentifier: assignedClientId,
          serverKeepAlive: serverKeepAliveS,
          sessionExpiryInterval: sessionExpiryS,
          retainAvailable: off(facts.retainAvailable),
          wildcardSubscriptionAvailable: off(facts.wildcardAvailable),
          subscriptionIdentifiersAvailable: off(facts.subscriptionIdAvailable),
          sharedSubscriptionAvailable: off(facts.sharedAvailable),
          responseInformation: facts.responseInfo,
          reasonString: explanation.reasonString,
          userProperties: asObject(explanation.userProperties),
        }),
      );
      const present = facts.sessionPresent === true ? 1 : 0;
      assert.deepEqual(encodeConnack(4, facts), Buffer.from([0x20, 2, present, 0]));
    }),
    { numRuns: 300 },
  );
  // A client may take as little as this.
  assert.equal(encodeConnack(5, BARE).length, 16);
  assert.deepEqual(encodeConnack(5, BARE, { packetBytesMax: 16, reasonString: 'x' }), encodeConnack(5, BARE));
});

test('a refused CONNACK has its reason, and for 3.1.1 a return code or no form at all', () => {
  fc.assert(
    fc.property(refusals, names, fc.boolean(), (reason, text, wantsProblemInfo) => {
      const about = { ...FIVE, wantsProblemInfo, reasonString: text, serverReference: 'b.example:1883' };
      const refused = parsed(encodeRefusedConnack(reason, about) ?? Buffer.alloc(0), 5);
      assert.ok(refused.cmd === 'connack' && refused.reasonCode === reason && !refused.sessionPresent);
      // In CONNACK and DISCONNECT whoever asks for no problem information may have it (§3.1.2.11.7).
      assert.deepEqual(plain(refused.properties), { reasonString: text, serverReference: 'b.example:1883' });
      const old = encodeRefusedConnack(reason, FOUR);
      assert.ok(old === undefined || (old.length === 4 && old[2] === 0 && (old[3] ?? 0) >= 1 && (old[3] ?? 0) <= 5));
    }),
  );
  assert.equal(encodeRefusedConnack(REASON.MALFORMED_PACKET, FOUR), undefined);
});

test('acknowledgements carry what the client wants to hear', () => {
  const types = [
    ['puback', FIRST_BYTE.PUBACK],
    ['pubrec', FIRST_BYTE.PUBREC],
    ['pubrel', FIRST_BYTE.PUBREL],
    ['pubcomp', FIRST_BYTE.PUBCOMP],
  ] as const;
  const reasons = fc.constantFrom<ReasonCode>(REASON.SUCCESS, REASON.PACKET_ID_NOT_FOUND);
  fc.assert(
    fc.property(
      fc.record({ type: fc.constantFrom(...types), level: levels, packetId: packetIds, reason: reasons, wants: fc.boolean() }),
      explanations,
      ({ type: [cmd, first], level, packetId, reason, wants }, said) => {
        const known = cmd === 'puback' || cmd === 'pubrec' ? (reason === REASON.SUCCESS ? reason : REASON.QUOTA_EXCEEDED) : reason;
        const wantsProblemInfo = level === 5 && wants;
        const bytes = encodeAck(first, { packetId, reason: known }, { level, packetBytesMax: 1_000, wantsProblemInfo, ...said });
        const ack = parsed(bytes, level);
        assert.ok(ack.cmd === cmd && ack.messageId === packetId);
        if (level === 4) {
          assert.deepEqual(bytes, Buffer.from([first, 2, packetId >> 8, packetId & 0xff]));
          return;
        }
        assert.equal(ack.reasonCode ?? 0, known);
        const expected = wants ? compact({ reasonString: said.reasonString, userProperties: asObject(said.userProperties) }) : {};
        assert.deepEqual(plain(ack.properties), expected);
        const word = Buffer.alloc(4);
        word.writeUInt32BE(shortAck(first, packetId));
        assert.deepEqual(word, encodeAck(first, { packetId, reason: REASON.SUCCESS }, FIVE));
        assert.deepEqual(word, encodeAck(first, { packetId, reason: REASON.SUCCESS }, FOUR));
      },
    ),
    { numRuns: 500 },
  );
});

test('SUBACK and UNSUBACK have a code a filter, in the words of the version', () => {
  const codes = fc.array(fc.constantFrom<number>(0, 1, 2, 0x80, 0x87, 0x8f, 0x97, 0x9e, 0xa2), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(packetIds, codes, explanations, (packetId, granted, said) => {
      const suback = parsed(encodeFilterAck(PACKET.SUBACK, packetId, { ...FIVE, ...said, codes: granted }), 5);
      assert.ok(suback.cmd === 'suback' && suback.messageId === packetId);
      assert.deepEqual(suback.granted, granted);
      assert.deepEqual(
        plain(suback.properties),
        compact({ reasonString: said.reasonString, userProperties: asObject(said.userProperties) }),
      );
      const ended = granted.map((code) => (code === 0 ? 0 : code < 0x80 ? 0x11 : 0x87));
      const unsuback = parsed(encodeFilterAck(PACKET.UNSUBACK, packetId, { ...FIVE, codes: ended }), 5);
      assert.ok(unsuback.cmd === 'unsuback' && unsuback.messageId === packetId);
      assert.deepEqual(unsuback.granted, ended);
      const old = parsed(encodeFilterAck(PACKET.SUBACK, packetId, { ...FOUR, codes: granted }), 4);
      assert.ok(old.cmd === 'suback' && old.messageId === packetId);
      assert.deepEqual(
        old.granted,
        granted.map((code) => (code < 0x80 ? code : 0x80)),
      );
      const bare = encodeFilterAck(PACKET.UNSUBACK, packetId, { ...FOUR, codes: granted });
      assert.deepEqual(bare, Buffer.from([0xb0, 2, packetId >> 8, packetId & 0xff]));
    }),
  );
});

/** What a server may give (§3.14.2.1). */
const LEAVING = refusals.filter((reason) => ![0x84, 0x85, 0x86, 0x88, 0x8a, 0x8c, 0x91, 0x92].includes(reason));

test('DISCONNECT says why and where to, and never anything about the session', () => {
  fc.assert(
    fc.property(
      LEAVING,
      explanations,
      fc.record({ serverReference: fc.option(names, { nil: undefined }), wantsProblemInfo: fc.boolean() }),
      (reason, said, { serverReference, wantsProblemInfo }) => {
        const bytes = encodeDisconnect(reason, { ...FIVE, wantsProblemInfo, ...said, ...compact({ serverReference }) });
        const disconnect = parsed(bytes, 5);
        assert.ok(disconnect.cmd === 'disconnect' && disconnect.reasonCode === reason);
        const { reasonString } = said;
        assert.deepEqual(
          plain(disconnect.properties),
          compact({ reasonString, serverReference, userProperties: asObject(said.userProperties) }),
        );
      },
    ),
  );
  assert.deepEqual(encodeDisconnect(REASON.SESSION_TAKEN_OVER, FIVE), Buffer.from([0xe0, 1, 0x8e]));
  assert.deepEqual(PINGRESP, Buffer.from([0xd0, 0]));
});

test('what explains is given up piece by piece when the client has no room for it', () => {
  const said = { reasonString: 'x'.repeat(50), userProperties: [['limit', 'in-flight']] as const, serverReference: 'b.example' };
  const seen = new Set<string>();
  for (let packetBytesMax = 3; packetBytesMax < 120; packetBytesMax++) {
    const bytes = encodeDisconnect(REASON.USE_ANOTHER_SERVER, { ...FIVE, packetBytesMax, ...said });
    assert.ok(bytes.length <= packetBytesMax);
    const disconnect = parsed(bytes, 5);
    assert.ok(disconnect.cmd === 'disconnect');
    seen.add(
      Object.keys(disconnect.properties ?? {})
        .toSorted()
        .join(' '),
    );
  }
  assert.deepEqual([...seen], ['', 'serverReference', 'serverReference userProperties', 'reasonString serverReference userProperties']);
  for (let packetBytesMax = 5; packetBytesMax < 90; packetBytesMax++) {
    const about = { ...FIVE, packetBytesMax, reasonString: said.reasonString, userProperties: said.userProperties };
    assert.ok(encodeAck(FIRST_BYTE.PUBACK, { packetId: 1, reason: REASON.QUOTA_EXCEEDED }, about).length <= packetBytesMax);
    assert.ok(encodeFilterAck(PACKET.SUBACK, 1, { ...about, packetBytesMax: packetBytesMax + 1, codes: [0] }).length <= packetBytesMax + 1);
  }
});
