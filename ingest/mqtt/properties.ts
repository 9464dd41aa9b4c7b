/**
 * The properties of MQTT 5 (§2.2.2): one table of type, owners and bounds, and a reader that leaves what it found in a
 * reused set, without allocating. All properties are here, those of packets that only a server sends too.
 */
import { Buffer } from 'node:buffer';
import { PACKET, REASON, WILL, type PropertyOwner, type ReasonCode } from './packets.ts';
import type { PacketReader } from './reader.ts';

export const PROPERTY = {
  PAYLOAD_FORMAT: 0x01,
  MESSAGE_EXPIRY: 0x02,
  CONTENT_TYPE: 0x03,
  RESPONSE_TOPIC: 0x08,
  CORRELATION_DATA: 0x09,
  SUBSCRIPTION_ID: 0x0b,
  SESSION_EXPIRY: 0x11,
  ASSIGNED_CLIENT_ID: 0x12,
  SERVER_KEEP_ALIVE: 0x13,
  AUTHENTICATION_METHOD: 0x15,
  AUTHENTICATION_DATA: 0x16,
  REQUEST_PROBLEM_INFO: 0x17,
  WILL_DELAY: 0x18,
  REQUEST_RESPONSE_INFO: 0x19,
  RESPONSE_INFO: 0x1a,
  SERVER_REFERENCE: 0x1c,
  REASON_STRING: 0x1f,
  RECEIVE_MAXIMUM: 0x21,
  TOPIC_ALIAS_MAXIMUM: 0x22,
  TOPIC_ALIAS: 0x23,
  MAXIMUM_QOS: 0x24,
  RETAIN_AVAILABLE: 0x25,
  USER_PROPERTY: 0x26,
  MAXIMUM_PACKET_SIZE: 0x27,
  WILDCARD_AVAILABLE: 0x28,
  SUBSCRIPTION_ID_AVAILABLE: 0x29,
  SHARED_AVAILABLE: 0x2a,
} as const;

export type PropertyId = (typeof PROPERTY)[keyof typeof PROPERTY];

/** One above the highest id. */
const ID_COUNT = 0x2b;

type Shape = 'flag' | 'u16' | 'u32' | 'varint' | 'text' | 'binary' | 'pair';

interface Definition {
  readonly shape: Shape;
  /** One bit for each owner. */
  readonly owners: number;
  /** Least value, where 0 is a protocol error. */
  readonly min: number;
  /** Whether a message carries it on to its subscribers as it is; the others are the server's to write anew. */
  readonly forwarded: boolean;
}

const ALL_WITH_REASON: readonly PropertyOwner[] = [
  PACKET.CONNACK,
  PACKET.PUBACK,
  PACKET.PUBREC,
  PACKET.PUBREL,
  PACKET.PUBCOMP,
  PACKET.SUBACK,
  PACKET.UNSUBACK,
  PACKET.DISCONNECT,
  PACKET.AUTH,
];
const MESSAGE: readonly PropertyOwner[] = [PACKET.PUBLISH, WILL];
const HANDSHAKE: readonly PropertyOwner[] = [PACKET.CONNECT, PACKET.CONNACK];
const EVERYWHERE: readonly PropertyOwner[] = [...ALL_WITH_REASON, ...MESSAGE, PACKET.CONNECT, PACKET.SUBSCRIBE, PACKET.UNSUBSCRIBE];

function define(shape: Shape, owners: readonly PropertyOwner[], about: { min?: 1; forwarded?: true } = {}): Definition {
  const mask = owners.reduce<number>((bits, owner) => bits | (1 << owner), 0);
  return { shape, owners: mask, min: about.min ?? 0, forwarded: about.forwarded ?? false };
}

const DEFINITIONS: Readonly<Record<PropertyId, Definition>> = {
  [PROPERTY.PAYLOAD_FORMAT]: define('flag', MESSAGE, { forwarded: true }),
  [PROPERTY.MESSAGE_EXPIRY]: define('u32', MESSAGE),
  [PROPERTY.CONTENT_TYPE]: define('text', MESSAGE, { forwarded: true }),
  [PROPERTY.RESPONSE_TOPIC]: define('text', MESSAGE, { forwarded: true }),
  [PROPERTY.CORRELATION_DATA]: define('binary', MESSAGE, { forwarded: true }),
  // A client must not put it into PUBLISH (MQTT-3.3.4-6): readers of that direction leave PUBLISH out.
  [PROPERTY.SUBSCRIPTION_ID]: define('varint', [PACKET.SUBSCRIBE], { min: 1 }),
  [PROPERTY.SESSION_EXPIRY]: define('u32', [...HANDSHAKE, PACKET.DISCONNECT]),
  [PROPERTY.ASSIGNED_CLIENT_ID]: define('text', [PACKET.CONNACK]),
  [PROPERTY.SERVER_KEEP_ALIVE]: define('u16', [PACKET.CONNACK]),
  [PROPERTY.AUTHENTICATION_METHOD]: define('text', [...HANDSHAKE, PACKET.AUTH]),
  [PROPERTY.AUTHENTICATION_DATA]: define('binary', [...HANDSHAKE, PACKET.AUTH]),
  [PROPERTY.REQUEST_PROBLEM_INFO]: define('flag', [PACKET.CONNECT]),
  [PROPERTY.WILL_DELAY]: define('u32', [WILL]),
  [PROPERTY.REQUEST_RESPONSE_INFO]: define('flag', [PACKET.CONNECT]),
  [PROPERTY.RESPONSE_INFO]: define('text', [PACKET.CONNACK]),
  [PROPERTY.SERVER_REFERENCE]: define('text', [PACKET.CONNACK, PACKET.DISCONNECT]),
  [PROPERTY.REASON_STRING]: define('text', ALL_WITH_REASON),
  [PROPERTY.RECEIVE_MAXIMUM]: define('u16', HANDSHAKE, { min: 1 }),
  [PROPERTY.TOPIC_ALIAS_MAXIMUM]: define('u16', HANDSHAKE),
  [PROPERTY.TOPIC_ALIAS]: define('u16', [PACKET.PUBLISH]),
  [PROPERTY.MAXIMUM_QOS]: define('flag', [PACKET.CONNACK]),
  [PROPERTY.RETAIN_AVAILABLE]: define('flag', [PACKET.CONNACK]),
  [PROPERTY.USER_PROPERTY]: define('pair', EVERYWHERE, { forwarded: true }),
  [PROPERTY.MAXIMUM_PACKET_SIZE]: define('u32', HANDSHAKE, { min: 1 }),
  [PROPERTY.WILDCARD_AVAILABLE]: define('flag', [PACKET.CONNACK]),
  [PROPERTY.SUBSCRIPTION_ID_AVAILABLE]: define('flag', [PACKET.CONNACK]),
  [PROPERTY.SHARED_AVAILABLE]: define('flag', [PACKET.CONNACK]),
};

const BY_ID: (Definition | undefined)[] = Array.from({ length: ID_COUNT }, () => undefined);
for (const [id, definition] of Object.entries(DEFINITIONS)) BY_ID[Number(id)] = definition;

const NOTHING = Buffer.alloc(0);
/** Of a message's properties two are not forwarded, each at most once. */
const SKIPS_MAX = 2;

/** What one property block held. Spans point into the packet and die with it. */
export class PropertySet {
  readonly #present = new Uint8Array(ID_COUNT);
  readonly #numbers = new Float64Array(ID_COUNT);
  readonly #starts = new Int32Array(ID_COUNT);
  readonly #stops = new Int32Array(ID_COUNT);
  #any = false;
  /** The block without its length, and what in it is not forwarded: so many pairs of start and stop. */
  #from = 0;
  #to = 0;
  readonly #skips = new Int32Array(SKIPS_MAX * 2);
  #skipCount = 0;
  #skipBytes = 0;
  /** Bytes of all user properties, keys and values together. */
  userBytes = 0;
  userCount = 0;

  clear(): void {
    if (!this.#any) return;
    this.#present.fill(0);
    this.#any = false;
    this.#from = 0;
    this.#to = 0;
    this.#skipCount = 0;
    this.#skipBytes = 0;
    this.userBytes = 0;
    this.userCount = 0;
  }

  has(id: PropertyId): boolean {
    return this.#any && this.#present[id] === 1;
  }

  number(id: PropertyId, otherwise: number): number {
    return this.has(id) ? (this.#numbers[id] ?? otherwise) : otherwise;
  }

  start(id: PropertyId): number {
    return this.#starts[id] ?? 0;
  }

  stop(id: PropertyId): number {
    return this.#stops[id] ?? 0;
  }

  /** The text of a property that is there. */
  text(id: PropertyId, buffer: Buffer): string {
    return buffer.toString('utf8', this.start(id), this.stop(id));
  }

  /** Of a message: how long what goes on to subscribers is. */
  get forwardableBytes(): number {
    return this.#to - this.#from - this.#skipBytes;
  }

  /**
   * Of a message: what goes on to subscribers, as it will stand in their PUBLISH, in its order (MQTT-3.3.2-17 and -18); a
   * copy of its own. `buffer` is what was read from.
   */
  forwardable(buffer: Buffer): Buffer {
    const bytes = this.forwardableBytes;
    if (bytes === 0) return NOTHING;
    const copy = Buffer.allocUnsafe(bytes);
    let at = 0;
    let from = this.#from;
    for (let i = 0; i < this.#skipCount; i++) {
      at += buffer.copy(copy, at, from, this.#skips[i * 2]);
      from = this.#skips[i * 2 + 1] ?? this.#to;
    }
    buffer.copy(copy, at, from, this.#to);
    return copy;
  }

  /**
   * Reads a whole block, its length included. The value is read before it is asked whether the property may stand here:
   * a cut-off value is malformed (0x81) wherever it stands.
   */
  read(reader: PacketReader, owner: PropertyOwner): void {
    this.clear();
    const length = reader.varint();
    if (length === 0) return;
    const packetEnd = reader.end;
    if (reader.at + length > packetEnd) {
      reader.fail(REASON.MALFORMED_PACKET);
      return;
    }
    this.#any = true;
    this.#from = reader.at;
    this.#to = reader.at + length;
    reader.end = this.#to;
    while (reader.at < reader.end && reader.fault === REASON.SUCCESS) this.#readOne(reader, owner);
    if (reader.fault === REASON.SUCCESS) reader.end = packetEnd;
  }

  #readOne(reader: PacketReader, owner: PropertyOwner): void {
    const from = reader.at;
    const id = reader.varint();
    const definition = BY_ID[id];
    if (definition === undefined) {
      reader.fail(REASON.MALFORMED_PACKET);
      return;
    }
    const value = this.#readValue(reader, definition.shape);
    if (reader.fault !== REASON.SUCCESS) return;
    if ((definition.owners & (1 << owner)) === 0) {
      reader.fail(misplacedReason(owner));
      return;
    }
    const repeated = this.#present[id] === 1 && definition.shape !== 'pair';
    if (repeated || value < definition.min || (definition.shape === 'flag' && value > 1)) {
      reader.fail(REASON.PROTOCOL_ERROR);
      return;
    }
    this.#present[id] = 1;
    this.#numbers[id] = value;
    this.#starts[id] = reader.start;
    this.#stops[id] = reader.stop;
    if (!definition.forwarded) this.#skip(from, reader.at);
  }

  /** In blocks that aren't a message's nothing is forwarded, and nobody asks. */
  #skip(from: number, to: number): void {
    if (this.#skipCount === SKIPS_MAX) return;
    this.#skips[this.#skipCount * 2] = from;
    this.#skips[this.#skipCount * 2 + 1] = to;
    this.#skipCount++;
    this.#skipBytes += to - from;
  }

  /** The number, or 1 for what has none. */
  #readValue(reader: PacketReader, shape: Shape): number {
    switch (shape) {
      case 'flag':
        return reader.u8();
      case 'u16':
        return reader.u16();
      case 'u32':
        return reader.u32();
      case 'varint':
        return reader.varint();
      case 'text':
        reader.text(false);
        return 1;
      case 'binary':
        reader.binary();
        return 1;
      case 'pair':
        this.userCount++;
        reader.text(false);
        this.userBytes += reader.stop - reader.start;
        reader.text(false);
        this.userBytes += reader.stop - reader.start;
        return 1;
    }
  }
}

/**
 * A whole property out of place is malformed by §2.2.2.2. Brokers are used to call it a protocol error, but in SUBSCRIBE and
 * UNSUBSCRIBE, and clients' suites expect that; the connection ends either way.
 */
function misplacedReason(owner: PropertyOwner): ReasonCode {
  return owner === PACKET.SUBSCRIBE || owner === PACKET.UNSUBSCRIBE ? REASON.MALFORMED_PACKET : REASON.PROTOCOL_ERROR;
}
