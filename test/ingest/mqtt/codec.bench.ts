/**
 * What the MQTT codec costs: nanoseconds of CPU, and bytes of heap, a packet read or a copy written, of a message with 100
 * bytes of payload. Run with `node`; prints a line a case, or with `--json` all as JSON.
 */
import { Buffer } from 'node:buffer';
import { parseArgs } from 'node:util';
import { PublishDecoder } from '../../../ingest/mqtt/decode-publish.ts';
import { decodeAck, type DecodeContext } from '../../../ingest/mqtt/decode.ts';
import { OutgoingMessage, type PublishTarget, type Sending } from '../../../ingest/mqtt/encode-publish.ts';
import { shortAck } from '../../../ingest/mqtt/encode.ts';
import { FIRST_BYTE, PACKET, type ProtocolLevel } from '../../../ingest/mqtt/packets.ts';
import { PropertySet } from '../../../ingest/mqtt/properties.ts';
import { PacketReader } from '../../../ingest/mqtt/reader.ts';
import { publishPacket, text } from './client-codec.ts';

const OPERATIONS = 2_000_000;
/** Few enough for the young generation to hold what they allocate. */
const COUNTED = 10_000;
const ROUNDS = 5;
const PAYLOAD = Buffer.alloc(100, 0x61);
const TOPIC = Buffer.from('site/12/machine/7/status');
const EXPIRES_MS = 60_000;
const USER_PROPERTY = Buffer.concat([Uint8Array.of(0x26), text('trace'), text('0af7651916cd43dd')]);

interface Figure {
  readonly ns: number;
  readonly heapBytes: number;
}

/** The best of some rounds. The operation answers a number, so that nothing of it can be left out. */
function measure(operation: (i: number) => number): Figure {
  let ns = Number.POSITIVE_INFINITY;
  let heapBytes = Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < OPERATIONS; i++) sum += operation(i);
    const { user, system } = process.cpuUsage(before);
    ns = Math.min(ns, ((user + system) * 1_000) / OPERATIONS);
    const heap = process.memoryUsage().heapUsed;
    for (let i = 0; i < COUNTED; i++) sum += operation(i);
    const grown = process.memoryUsage().heapUsed - heap;
    // A collection in between would show as less than nothing.
    if (grown >= 0) heapBytes = Math.min(heapBytes, grown / COUNTED);
  }
  if (sum === 0) throw new Error('nothing was done');
  return { ns, heapBytes };
}

function decoding(level: ProtocolLevel, properties: Uint8Array): (i: number) => number {
  const packet = publishPacket({ level, topic: TOPIC.toString(), payload: PAYLOAD, properties });
  const frame = { first: packet[0] ?? 0, buffer: packet, start: 2 + (packet.length > 129 ? 1 : 0), end: packet.length };
  const decoder = new PublishDecoder();
  return () => {
    if (decoder.decode(frame, level, TOPIC) !== 0) throw new Error('the packet was refused');
    return decoder.payloadEnd;
  };
}

function decodingAck(): (i: number) => number {
  const reader = new PacketReader();
  const context: DecodeContext = { reader, properties: new PropertySet(), level: 5 };
  const packet = Buffer.from([0, 7]);
  return () => {
    reader.open(packet, 0, 2);
    return decodeAck(context, PACKET.PUBACK).packetId;
  };
}

/** Copies for many subscribers, one after the other into a slab; or packets of their own. */
function writing(sending: Sending, about: { alias?: number; expires?: true; own?: true } = {}): (i: number) => number {
  const expiresMs = about.expires === true ? EXPIRES_MS : 0;
  const message = new OutgoingMessage({ topic: TOPIC, payload: PAYLOAD, properties: USER_PROPERTY, expiresMs });
  const slab = Buffer.allocUnsafeSlow(64 * 1024);
  const alias = about.alias === undefined ? undefined : { alias: about.alias, isKnown: true };
  const into = { target: slab, at: 0, packetId: 1, dup: false, alias, nowMs: 1 };
  const room = slab.length - message.size(5, sending);
  if (about.own === true) return () => message.bytes(5, sending, into).length;
  return (i) => {
    into.packetId = (i & 0xffff) | 1;
    into.at = message.write(5, sending, into satisfies PublishTarget);
    if (into.at > room) into.at = 0;
    return into.packetId;
  };
}

function writingAck(): (i: number) => number {
  const slab = Buffer.allocUnsafeSlow(64 * 1024);
  return (i) => slab.writeUInt32BE(shortAck(FIRST_BYTE.PUBREL, (i & 0xffff) | 1), (i & 0x3fff) * 4);
}

const QOS_0: Sending = { qos: 0, retain: false, ids: [] };
const QOS_1: Sending = { qos: 1, retain: false, ids: [] };
const CASES: Record<string, () => (i: number) => number> = {
  'read PUBLISH, 3.1.1, known topic': () => decoding(4, new Uint8Array(0)),
  'read PUBLISH, 5, known topic': () => decoding(5, new Uint8Array(0)),
  'read PUBLISH, 5, a user property': () => decoding(5, USER_PROPERTY),
  'read PUBACK': decodingAck,
  'PUBLISH QoS 0, shared': () => writing(QOS_0, { own: true }),
  'PUBLISH QoS 0, copied to a slab': () => writing(QOS_0),
  'PUBLISH QoS 1, copied to a slab': () => writing(QOS_1),
  'PUBLISH QoS 1, with an expiry': () => writing(QOS_1, { expires: true }),
  'PUBLISH QoS 1, a buffer each': () => writing(QOS_1, { own: true }),
  'PUBLISH QoS 1, an alias and two identifiers': () => writing({ qos: 1, retain: false, ids: [1, 300] }, { alias: 3 }),
  'PUBREL, short': writingAck,
};

const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const figures: Record<string, Figure> = {};
for (const [name, make] of Object.entries(CASES)) {
  if (options.only === undefined || name.includes(options.only)) figures[name] = measure(make());
}
if (options.json === true) console.log(JSON.stringify(figures));
else {
  for (const [name, { ns, heapBytes }] of Object.entries(figures)) {
    console.log(`${name.padEnd(46)} ${ns.toFixed(1).padStart(8)} ns ${heapBytes.toFixed(1).padStart(8)} B`);
  }
}
