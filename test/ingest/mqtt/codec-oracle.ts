/** What the codec's tests share: mqtt-packet as an oracle for well-formed packets, which is all that it is good for. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import type { DecodeContext } from '../../../ingest/mqtt/decode.ts';
import type { Frame } from '../../../ingest/mqtt/framer.ts';
import type { ProtocolLevel } from '../../../ingest/mqtt/packets.ts';
import { PropertySet } from '../../../ingest/mqtt/properties.ts';
import { PacketReader } from '../../../ingest/mqtt/reader.ts';

export const levels = fc.constantFrom<ProtocolLevel>(4, 5);
export const qualities = fc.constantFrom<0 | 1 | 2>(0, 1, 2);
export const packetIds = fc.integer({ min: 1, max: 65_535 });
/** Printable text of one to four bytes a character. */
export const names = fc.string({ unit: fc.constantFrom('a', 'Z', '-', 'ä', '€', '😀', '/'), minLength: 1, maxLength: 20 });
export const binaries = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));
/** Never empty: for an empty object mqtt-packet writes a property without a value. A name may come several times. */
export const userProperties = fc.dictionary(names, fc.oneof(names, fc.array(names, { minLength: 2, maxLength: 3 })), {
  minKeys: 1,
  maxKeys: 3,
  noNullPrototype: true,
});
export const u32 = fc.integer({ min: 1, max: 0xffff_ffff });
export const u16 = fc.integer({ min: 1, max: 0xffff });

/** The packet as a frame that doesn't begin at 0, with other bytes on both sides. */
export function framed(bytes: Uint8Array): Frame {
  const buffer = Buffer.concat([Uint8Array.of(9, 9, 9), bytes, Uint8Array.of(9, 9)]);
  let at = 4;
  while ((buffer[at] ?? 0) > 0x7f) at++;
  return { first: buffer[3] ?? 0, buffer, start: at + 1, end: buffer.length - 2 };
}

/** What mqtt-packet writes. */
export function frameOf(packet: mqttPacket.Packet, level: ProtocolLevel): Frame {
  return framed(mqttPacket.generate(packet, { protocolVersion: level }));
}

export function readerOf(frame: Frame): PacketReader {
  const reader = new PacketReader();
  reader.open(frame.buffer, frame.start, frame.end);
  return reader;
}

export function contextOf(frame: Frame, level: ProtocolLevel): DecodeContext {
  return { reader: readerOf(frame), properties: new PropertySet(), level };
}

/** As mqtt-packet reads it: one packet, and nothing left over. */
export function parsed(bytes: Buffer, level: ProtocolLevel): mqttPacket.Packet {
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
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
