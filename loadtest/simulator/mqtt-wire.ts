/** The client's half of MQTT 3.1.1 and 5, as much as a publishing device needs: CONNECT, PUBLISH QoS 1, PINGREQ, and their answers. */

export type MqttVersion = 4 | 5;

export const CONNACK = 2;
export const PUBACK = 4;
export const PINGRESP = 13;
export const DISCONNECT = 14;

export const PINGREQ_PACKET = Buffer.from([0xc0, 0]);
export const DISCONNECT_PACKET = Buffer.from([0xe0, 0]);

/** Four bytes of length, MQTT 5 §1.5.5. */
const REMAINING_LENGTH_MAX = 268_435_455;

function remainingLength(length: number): number[] {
  const bytes: number[] = [];
  let rest = length;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  const head = Buffer.alloc(2);
  head.writeUInt16BE(bytes.length);
  return Buffer.concat([head, bytes]);
}

export interface ConnectFacts {
  readonly version: MqttVersion;
  readonly clientId: string;
  readonly userName: string;
  readonly password: string;
  readonly keepAliveS: number;
}

/** A clean session with a user name and a password. */
export function connectPacket(facts: ConnectFacts): Buffer {
  const properties = facts.version === 5 ? Buffer.from([0]) : Buffer.alloc(0);
  const keepAlive = Buffer.from([facts.keepAliveS >> 8, facts.keepAliveS & 0xff]);
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([facts.version, 0xc2]),
    keepAlive,
    properties,
    text(facts.clientId),
    text(facts.userName),
    text(facts.password),
  ]);
  return Buffer.concat([Buffer.from([0x10, ...remainingLength(body.length)]), body]);
}

export interface PublishFacts {
  readonly version: MqttVersion;
  readonly topic: string;
  readonly packetId: number;
  readonly again: boolean;
  readonly payload: Uint8Array;
}

export function publishPacket(facts: PublishFacts): Buffer {
  const topic = text(facts.topic);
  const id = Buffer.from([facts.packetId >> 8, facts.packetId & 0xff]);
  const properties = facts.version === 5 ? Buffer.from([0]) : Buffer.alloc(0);
  const length = topic.length + id.length + properties.length + facts.payload.length;
  if (length > REMAINING_LENGTH_MAX) throw new RangeError(`a packet of ${length} bytes`);
  return Buffer.concat([Buffer.from([facts.again ? 0x3a : 0x32, ...remainingLength(length)]), topic, id, properties, facts.payload]);
}

/** Cuts a byte stream into packets. The bytes handed out are valid until the next call of `push`. */
export class PacketCutter {
  #rest: Buffer = Buffer.alloc(0);

  /** Calls back for each whole packet; throws on a length of more than four bytes. */
  push(chunk: Buffer, onPacket: (first: number, body: Buffer) => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      let length = 0;
      let cursor = at + 1;
      let shift = 1;
      let whole = false;
      while (cursor < bytes.length) {
        const byte = bytes[cursor++] ?? 0;
        length += (byte & 0x7f) * shift;
        shift *= 128;
        if (byte < 0x80) {
          whole = true;
          break;
        }
        if (shift > REMAINING_LENGTH_MAX) throw new RangeError('malformed remaining length');
      }
      if (!whole || cursor + length > bytes.length) break;
      onPacket(bytes[at] ?? 0, bytes.subarray(cursor, cursor + length));
      at = cursor + length;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }
}

export interface Ack {
  readonly packetId: number;
  /** 0 and 0x10 are good; from 0x80 on the message was refused. */
  readonly reason: number;
  /** From the user property `position`. */
  readonly position: string | undefined;
  readonly retryAfterMs: number | undefined;
}

const REASON_STRING = 0x1f;
const USER_PROPERTY = 0x26;

function userProperties(body: Buffer, from: number): Map<string, string> {
  const found = new Map<string, string>();
  let at = from;
  const read = (): string => {
    const length = body.readUInt16BE(at);
    at += 2 + length;
    return body.toString('utf8', at - length, at);
  };
  while (at < body.length) {
    const id = body[at++];
    if (id === USER_PROPERTY) found.set(read(), read());
    else if (id === REASON_STRING) read();
    else throw new RangeError(`property ${id} in a PUBACK`);
  }
  return found;
}

/** MQTT 5 §3.4; a body of two bytes is success in both versions. */
export function parsePuback(body: Buffer): Ack {
  const packetId = body.readUInt16BE(0);
  if (body.length < 4) return { packetId, reason: body[2] ?? 0, position: undefined, retryAfterMs: undefined };
  // The properties' length takes one byte up to 127, and an acknowledgement's properties are short.
  const propertiesStart = (body[3] ?? 0) < 0x80 ? 4 : 5;
  const properties = userProperties(body, propertiesStart);
  const retry = properties.get('retry-after-ms');
  return {
    packetId,
    reason: body[2] ?? 0,
    position: properties.get('position'),
    retryAfterMs: retry === undefined ? undefined : Number(retry),
  };
}

/** The return code of a CONNACK; 0 is success in both versions. */
export function connackCode(body: Buffer): number {
  return body[1] ?? 0xff;
}
