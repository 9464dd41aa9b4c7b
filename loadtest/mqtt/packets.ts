/** The client's half of MQTT 3.1.1 as the load on a broker needs it: every packet is made once, or patched, never built a message. */

export const CONNACK_TYPE = 2;
export const PUBLISH_TYPE = 3;
export const PUBACK_TYPE = 4;
export const PUBREC_TYPE = 5;
export const PUBREL_TYPE = 6;
export const PUBCOMP_TYPE = 7;
export const SUBACK_TYPE = 9;

export const GOODBYE = Buffer.from([0xe0, 0]);
/** A PUBACK, PUBREC, PUBREL or PUBCOMP: a type, a length of two, an identifier. */
export const ACK_BYTES = 4;
export const PACKET_IDS = 65_535;

export type Qos = 0 | 1 | 2;

export interface Login {
  readonly userName: string;
  readonly password: string;
}

export interface Will {
  readonly topic: string;
  readonly payload: string;
  readonly qos: Qos;
}

export interface ConnectFacts {
  readonly clientId: string;
  /** False: the session is kept. */
  readonly clean: boolean;
  readonly keepAliveS: number;
  /** Absent: anonymous. */
  readonly login?: Login | undefined;
  readonly will?: Will;
}

export function connectBytes(facts: ConnectFacts): Buffer {
  const { clientId, login, will } = facts;
  let flags = facts.clean ? 0x02 : 0;
  const fields = [text(clientId)];
  if (will !== undefined) {
    flags |= 0x04 | (will.qos << 3);
    fields.push(text(will.topic), text(will.payload));
  }
  if (login !== undefined) {
    flags |= 0xc0;
    fields.push(text(login.userName), text(login.password));
  }
  const head = Buffer.from([flags, facts.keepAliveS >> 8, facts.keepAliveS & 0xff]);
  return packet(0x10, [text('MQTT'), Buffer.from([4]), head, ...fields]);
}

export function subscribeBytes(packetId: number, filter: string, qos: Qos): Buffer {
  return packet(0x82, [uint16(packetId), text(filter), Buffer.from([qos])]);
}

export interface PublishFacts {
  readonly topic: string;
  readonly qos: Qos;
  /** Ignored at QoS 0. */
  readonly packetId: number;
  readonly again?: boolean;
  readonly retain?: boolean;
  readonly payload: Uint8Array;
}

export function publishBytes(facts: PublishFacts): Buffer {
  const first = 0x30 | (facts.again === true ? 0x08 : 0) | (facts.qos << 1) | (facts.retain === true ? 1 : 0);
  return packet(first, [text(facts.topic), ...(facts.qos === 0 ? [] : [uint16(facts.packetId)]), facts.payload]);
}

export function ackBytes(type: number, packetId: number): Buffer {
  // PUBREL alone has a flag (MQTT 3.1.1 §3.6.1).
  return Buffer.from([(type << 4) | (type === PUBREL_TYPE ? 2 : 0), 2, packetId >> 8, packetId & 0xff]);
}

function packet(first: number, parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [first];
  let rest = length;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    head.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(head), ...parts]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint16(bytes.length), bytes]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
