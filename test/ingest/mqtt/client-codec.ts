/** Packets as clients send them, and as no client would: nothing is checked here. */
import { Buffer } from 'node:buffer';

export interface ConnectInit {
  readonly level: 4 | 5;
  readonly clientId?: string;
  readonly password?: string;
  readonly cleanStart?: boolean;
  readonly keepAliveS?: number;
  readonly properties?: Uint8Array;
  /** Will flags (0x04 and what goes with it) and its encoded topic and payload, properties included. */
  readonly will?: { readonly flags: number; readonly bytes: Uint8Array };
}

export function connectPacket(init: ConnectInit): Buffer {
  const { level, clientId = '', password, cleanStart = true, keepAliveS = 60, properties = new Uint8Array(0), will } = init;
  const flags = (password === undefined ? 0 : 0xc0) | (cleanStart ? 2 : 0) | (will?.flags ?? 0);
  const head = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, level, flags, keepAliveS >> 8, keepAliveS & 0xff]);
  const body = Buffer.concat([
    head,
    level === 5 ? Buffer.concat([Uint8Array.of(properties.length), properties]) : new Uint8Array(0),
    text(clientId),
    will?.bytes ?? new Uint8Array(0),
    password === undefined ? new Uint8Array(0) : Buffer.concat([text('anybody'), text(password)]),
  ]);
  return Buffer.concat([Uint8Array.of(0x10), lengthOf(body.length), body]);
}

export interface PublishInit {
  readonly level: 4 | 5;
  readonly topic?: string;
  readonly qos?: 0 | 1 | 2;
  readonly packetId?: number;
  readonly payload?: string | Uint8Array;
  readonly dup?: boolean;
  readonly retain?: boolean;
  readonly properties?: Uint8Array;
}

export function publishPacket(init: PublishInit): Buffer {
  const { level, topic = 'v1/telemetry', qos = 1, packetId = 1, payload = '{"t":1}', properties = new Uint8Array(0) } = init;
  const first = 0x30 | (qos << 1) | (init.dup === true ? 8 : 0) | (init.retain === true ? 1 : 0);
  const body = Buffer.concat([
    text(topic),
    qos === 0 ? new Uint8Array(0) : Uint8Array.of(packetId >> 8, packetId & 0xff),
    level === 5 ? Buffer.concat([lengthOf(properties.length), properties]) : new Uint8Array(0),
    typeof payload === 'string' ? Buffer.from(payload) : payload,
  ]);
  return Buffer.concat([Uint8Array.of(first), lengthOf(body.length), body]);
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

export function lengthOf(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
