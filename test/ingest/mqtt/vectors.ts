/**
 * Runs packet sequences in the notation of Mosquitto's broker tests against a listener and judges what comes back.
 * `strict`: every expected packet came, with its type, identifier and reason code, and the connection ended or lived as
 * expected. `loose`: the connection ended or lived as expected, and where it should live every packet came. In both, the
 * properties of CONNACK, DISCONNECT and the acknowledgements of PUBLISH are the server's own, and an MQTT 5 server may say
 * why before it closes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connectPacket, publishPacket } from './client-codec.ts';

interface VectorMessage {
  readonly type: 'send' | 'recv' | 'external_publish';
  readonly payload: string;
  /** Of a message that another client publishes. */
  readonly topic?: string;
  readonly qos?: 0 | 1 | 2;
}

interface VectorTest {
  readonly name: string;
  readonly ver?: number;
  readonly connect?: boolean;
  readonly expect_disconnect?: boolean;
  readonly msgs: readonly VectorMessage[];
}

interface VectorGroup {
  readonly group: string;
  readonly ver?: number;
  readonly connect?: boolean;
  readonly expect_disconnect?: boolean;
  readonly tests: readonly VectorTest[];
}

export interface Verdict {
  readonly file: string;
  readonly group: string;
  readonly name: string;
  readonly strict: boolean;
  readonly loose: boolean;
  /** What came back, for people. */
  readonly got: string;
}

/** Waits for an answer or a close; both take microseconds, so this only ends what will never come. */
const ANSWER_MS_MAX = 1_500;
/** For a sequence that broke off: it rarely ends by itself. */
const BROKEN_OFF_MS_MAX = 100;

export function vectorFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted();
}

/** Runs one file's sequences one after the other: they share client ids. */
export async function runVectorFile(folder: string, file: string, port: number): Promise<Verdict[]> {
  const groups = JSON.parse(readFileSync(join(folder, file), 'utf8')) as VectorGroup[];
  const verdicts: Verdict[] = [];
  for (const group of groups) {
    for (const test of group.tests) {
      const result = await runVector(group, test, port);
      verdicts.push({ file, group: group.group, name: test.name, ...result });
    }
  }
  return verdicts;
}

type Result = Pick<Verdict, 'strict' | 'loose' | 'got'>;

async function runVector(group: VectorGroup, test: VectorTest, port: number): Promise<Result> {
  const level = test.ver ?? group.ver ?? 4;
  const ends = test.expect_disconnect ?? group.expect_disconnect ?? true;
  const wire = await Wire.open(port);
  const got: Uint8Array[] = [];
  let matches = true;
  try {
    if (test.connect ?? group.connect ?? true) {
      wire.send(defaultConnect(level));
      const connack = await wire.packet();
      if (connack === undefined || connack[0] !== 0x20 || connack[3] !== 0) {
        return { strict: false, loose: false, got: `no session: ${hex(connack)}` };
      }
    }
    for (const message of test.msgs) {
      if (message.type === 'send') wire.send(parseNotation(message.payload));
      else if (message.type === 'recv') {
        const packet = await wire.packet();
        if (packet !== undefined) got.push(packet);
        matches = packet !== undefined && isExpected(packet, parseNotation(message.payload), level);
      } else {
        matches = await publishFromOutside(message, port);
      }
      if (!matches) break;
    }
    const lives = await survives(wire, got, { ends, waitMs: matches ? ANSWER_MS_MAX : BROKEN_OFF_MS_MAX });
    const loose = ends ? !lives : lives && matches;
    return { strict: loose && matches, loose, got: `${got.map(hex).join(' ')}${lives ? '' : ' closed'}` };
  } finally {
    wire.destroy();
  }
}

/** Whether another client could publish the message, all of its QoS. */
async function publishFromOutside({ topic = '', qos = 0, payload }: VectorMessage, port: number): Promise<boolean> {
  const wire = await Wire.open(port);
  const acknowledged = async (first: number): Promise<boolean> => (await wire.packet())?.[0] === first;
  try {
    wire.send(connectPacket({ level: 4, clientId: 'outside' }));
    if ((await wire.packet())?.[3] !== 0) return false;
    wire.send(publishPacket({ level: 4, topic, qos, packetId: 1, payload }));
    if (qos === 2) {
      if (!(await acknowledged(0x50))) return false;
      wire.send(Uint8Array.of(0x62, 2, 0, 1));
      return await acknowledged(0x70);
    }
    return qos === 0 || (await acknowledged(0x40));
  } finally {
    wire.destroy();
  }
}

/** Whether the connection still answers; extra packets that refuse are kept, any other counts as silence. */
async function survives(wire: Wire, got: Uint8Array[], about: { ends: boolean; waitMs: number }): Promise<boolean> {
  if (!about.ends) {
    wire.send(Uint8Array.of(0xc0, 0));
    const answer = await wire.packet();
    if (answer !== undefined && answer[0] !== 0xd0) got.push(answer);
    return answer !== undefined && answer[0] === 0xd0;
  }
  for (;;) {
    const packet = await wire.packet(about.waitMs);
    if (packet === undefined) return !wire.hasEnded;
    got.push(packet);
    // Only MQTT 5 has a DISCONNECT from the server, and codes from 0x80 on in CONNACK.
    const refuses = packet[0] === 0xe0 || (packet[0] === 0x20 && (packet[3] ?? 0) >= 0x80);
    if (!refuses) return true;
  }
}

/** Equal, but for properties of the packets in which a server says something of its own. */
function isExpected(packet: Uint8Array, expected: Uint8Array, level: number): boolean {
  if (hex(packet) === hex(expected)) return true;
  if (level !== 5 || packet[0] !== expected[0]) return false;
  const type = (packet[0] ?? 0) >> 4;
  // Byte 1 is the remaining length; these packets have at most 127 bytes.
  if (type === 2) return packet[2] === expected[2] && packet[3] === expected[3];
  if (type === 14) return (packet[2] ?? 0) === (expected[2] ?? 0);
  if (type >= 4 && type <= 7) return packet[2] === expected[2] && packet[3] === expected[3] && (packet[4] ?? 0) === (expected[4] ?? 0);
  return false;
}

function defaultConnect(level: number): Uint8Array {
  const name = level === 3 ? "s6 'MQIsdp' 03" : `s4 'MQTT' 0${level}`;
  const body = parseNotation(`${name} 02 k60 ${level === 5 ? 'v0 ' : ''}s4 'test'`);
  return Buffer.concat([Uint8Array.of(0x10), varint(body.length), body]);
}

const TOKEN = /'([^']*)'|([rsmkvHLi])(\d+)|([0-9A-Fa-f]{2})|\s+/y;

/** Hex bytes, quoted text, and numbers of a kind: r, v variable; s, m, k, H two bytes; L four; i one. All decimal. */
export function parseNotation(text: string): Buffer {
  const parts: Uint8Array[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`can't read the vector ${text}`);
    const [, quoted, kind, digits, byte] = match;
    if (quoted !== undefined) parts.push(Buffer.from(quoted, 'utf8'));
    else if (byte !== undefined) parts.push(Uint8Array.of(Number.parseInt(byte, 16)));
    else if (kind !== undefined && digits !== undefined) parts.push(numberOf(kind, Number(digits)));
  }
  return Buffer.concat(parts);
}

function numberOf(kind: string, value: number): Uint8Array {
  switch (kind) {
    case 'r':
    case 'v':
      return varint(value);
    case 's':
    case 'm':
    case 'k':
    case 'H':
      return Uint8Array.of((value >> 8) & 0xff, value & 0xff);
    case 'L':
      return Uint8Array.of((value >>> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
    case 'i':
      return Uint8Array.of(value);
    default:
      throw new Error(`no such notation: ${kind}${value}`);
  }
}

/** As long as it takes, also beyond the four bytes that MQTT allows. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

function hex(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '-' : Buffer.from(bytes).toString('hex');
}

/** A raw socket that hands out whole packets. */
export class Wire {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake?.();
    });
    const onEnd = (): void => {
      this.#ended = true;
      this.#wake?.();
    };
    socket.on('end', onEnd);
    socket.on('close', onEnd);
    socket.on('error', onEnd);
  }

  static async open(port: number): Promise<Wire> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const wire = new Wire(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return wire;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  send(bytes: Uint8Array): void {
    if (!this.#ended && this.#socket.writable) this.#socket.write(bytes);
  }

  /** The next whole packet, or undefined when the connection ended or nothing came in time. */
  async packet(waitMs: number = ANSWER_MS_MAX): Promise<Buffer | undefined> {
    const deadline = performance.now() + waitMs;
    for (;;) {
      const packet = this.#cut();
      if (packet !== undefined) return packet;
      const left = deadline - performance.now();
      if (this.#ended || left <= 0) return undefined;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Whether the other side closes in time; what it still sends is left for `packet`. */
  async ends(waitMs: number): Promise<boolean> {
    const deadline = performance.now() + waitMs;
    while (!this.#ended && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.#ended;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #cut(): Buffer | undefined {
    const bytes = this.#received;
    let length = 0;
    let at = 1;
    for (let shift = 0; ; shift += 7) {
      if (at >= bytes.length) return undefined;
      const byte = bytes[at++] ?? 0;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (at + length > bytes.length) return undefined;
    this.#received = bytes.subarray(at + length);
    return bytes.subarray(0, at + length);
  }
}
