/** MQTT streams that were bent, each on a socket of its own; and how a connection may go on and end. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { PACKET, REASON } from '../../ingest/mqtt/packets.ts';
import { CONNACK, connackCode, DISCONNECT, PacketCutter } from '../../loadtest/simulator/mqtt-wire.ts';
import type { Random } from '../../loadtest/simulator/random.ts';
import { connectPacket, publishPacket, text } from './mqtt/client-codec.ts';
import { mutate } from './mutations.ts';

const CLOSE_MS_MAX = 20_000;
/** After an answer to the ping: acknowledgements of what was published before it may still come. */
const QUIET_MS = 30;
/** Where the ping was swallowed by a packet that lacks its end, nothing will ever come. */
const SILENT_MS = 120;
const PINGREQ = Uint8Array.of(0xc0, 0);
const REASONS: ReadonlySet<number> = new Set(Object.values(REASON));
/** The packets that this edge has to send. */
const ANSWERS: ReadonlySet<number> = new Set([
  PACKET.CONNACK,
  PACKET.PUBLISH,
  PACKET.PUBACK,
  PACKET.PUBREC,
  PACKET.PUBREL,
  PACKET.PUBCOMP,
  PACKET.SUBACK,
  PACKET.UNSUBACK,
  PACKET.PINGRESP,
  PACKET.DISCONNECT,
]);

interface MqttTarget {
  readonly port: number;
  /** Each stream takes the next: two of one device at a time would end each other. */
  readonly tokens: readonly string[];
  /** A key with the tenant's own tree: streams of its applications, whose sessions are kept, are as many as those of devices. */
  readonly key: string;
}

interface Received {
  readonly packets: readonly { readonly first: number; readonly body: Buffer }[];
  /** The server closed before we did. */
  readonly isClosedByServer: boolean;
}

/** Most of a stream's bytes are those of CONNECT and its token; where they are bent, nothing behind them is read. */
const BENT_CONNECT_ONE_IN = 4;

/** Seconds. */
const KEPT_S = 5;

interface Sender {
  readonly token: string;
  /** Empty: a device's own. */
  readonly clientId: string;
}

function streamOf({ clientId, token }: Sender, random: Random): Buffer {
  const level = random.pick<4 | 5>([4, 5]);
  const properties = level === 5 ? Buffer.concat([Uint8Array.of(0x26), text('key'), text('value')]) : new Uint8Array(0);
  const packets = Array.from({ length: random.between(1, 8) }, (_, i) => packetOf(level, { i, properties, random }));
  const isKept = clientId !== '' && random.between(1, 2) === 1;
  const expiry = isKept && level === 5 ? Uint8Array.of(0x11, 0, 0, 0, KEPT_S) : new Uint8Array(0);
  const welcomed = connectPacket({
    level,
    password: token,
    clientId,
    cleanStart: !isKept || level === 4,
    properties: Buffer.concat([properties, expiry]),
  });
  if (random.between(1, BENT_CONNECT_ONE_IN) === 1) return mutate(Buffer.concat([welcomed, ...packets]), random);
  return Buffer.concat([welcomed, mutate(Buffer.concat(packets), random)]);
}

interface About {
  readonly i: number;
  readonly properties: Uint8Array;
  readonly random: Random;
}

function packetOf(level: 4 | 5, { i, properties, random }: About): Uint8Array {
  const init = { level, properties, packetId: i + 1 };
  const own = { ...init, topic: random.pick(['bent/a', 'bent/a/b']), payload: String(i) };
  const filter = random.pick(['bent/#', 'bent/a', 'bent/+/b', '$share/g/bent/#', 'v1/commands/#']);
  return random.pick<Uint8Array>([
    publishPacket({ ...init, payload: `{"t":${i}}` }),
    publishPacket({ ...init, payload: '{"ts":1700000000000,"metrics":{"a":{"b":1}}}' }),
    publishPacket({ ...init, payload: '[{"t":1},{"ts":1700000000000,"metrics":{"t":2}}]' }),
    publishPacket({ ...init, qos: 0 }),
    publishPacket({ ...init, qos: 2 }),
    publishPacket({ ...init, topic: 'v1/telemetry/proto' }),
    publishPacket({ ...own, retain: true }),
    publishPacket({ ...own, qos: random.pick<0 | 1 | 2>([0, 1]) }),
    Buffer.concat([publishPacket({ ...own, qos: 2 }), Uint8Array.of(0x62, 2, 0, i + 1)]),
    filterPacket(0x82, level, [text(filter), Uint8Array.of(random.between(0, 2))]),
    filterPacket(0x82, level, [text(filter), Uint8Array.of(random.between(0, 2))]),
    filterPacket(0xa2, level, [text(filter)]),
    Uint8Array.of(random.pick([0x40, 0x50, 0x62, 0x70]), 2, 0, 1),
    Uint8Array.of(0x50, 2, 0, 1, 0x70, 2, 0, 1),
  ]);
}

/** SUBSCRIBE or UNSUBSCRIBE. */
function filterPacket(first: number, level: 4 | 5, filters: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat([Uint8Array.of(0, 9), level === 5 ? Uint8Array.of(0) : new Uint8Array(0), ...filters]);
  return Buffer.concat([Uint8Array.of(first, body.length), body]);
}

/** Sends bent streams and judges what comes back; counts by how they ended and by the codes of the refusals. */
export class HostileMqtt {
  readonly counts = new Map<string, number>();
  readonly #target: MqttTarget;
  readonly #random: Random;
  #next = 0;

  constructor(target: MqttTarget, random: Random) {
    this.#target = target;
    this.#random = random;
  }

  /** Rejects when the connection doesn't end, or what came isn't MQTT. Everything random is drawn before the first wait. */
  async attack(): Promise<void> {
    const { key, tokens } = this.#target;
    const number = this.#next++ % (tokens.length * 2);
    const token = tokens[number];
    const sender = token === undefined ? { token: key, clientId: `bent-${number}` } : { token, clientId: '' };
    const sent = streamOf(sender, this.#random);
    const half = this.#random.between(0, sent.length);
    const received = await exchange(this.#target.port, [sent.subarray(0, half), sent.subarray(half), PINGREQ]);
    for (const said of judge(sent, received)) this.counts.set(said, (this.counts.get(said) ?? 0) + 1);
  }
}

const CUT_OFF: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET']);

/** Sends everything, listens until nothing more is to be expected, closes our side, and waits for the end. */
function exchange(port: number, pieces: readonly Uint8Array[]): Promise<Received> {
  return new Promise((resolve, reject) => {
    const packets: { first: number; body: Buffer }[] = [];
    const cutter = new PacketCutter();
    let isClosedByServer = false;
    let isClosing = false;
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const limit = setTimeout(() => socket.destroy(new Error(`open after ${CLOSE_MS_MAX} ms`)), CLOSE_MS_MAX);
    const close = (): void => {
      isClosing = true;
      socket.end();
    };
    let quiet = setTimeout(close, CLOSE_MS_MAX);
    const listenOn = (ms: number): void => {
      clearTimeout(quiet);
      if (!isClosing) quiet = setTimeout(close, ms);
    };
    socket.on('connect', () => {
      for (const piece of pieces) socket.write(piece);
      listenOn(SILENT_MS);
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        cutter.push(chunk, (first, body) => packets.push({ first, body: Buffer.from(body) }));
      } catch (error) {
        socket.destroy(new Error('what came is not MQTT', { cause: error }));
      }
      listenOn(packets.some(({ first }) => first >> 4 === PACKET.PINGRESP) ? QUIET_MS : SILENT_MS);
    });
    socket.on('end', () => {
      isClosedByServer = !isClosing;
      close();
    });
    let failure: NodeJS.ErrnoException | undefined;
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      clearTimeout(limit);
      clearTimeout(quiet);
      const [connack] = packets;
      const isLetIn = connack !== undefined && connackCode(connack.body) === 0;
      if (failure === undefined) resolve({ packets, isClosedByServer });
      // Who fails too often is not waited for: what it goes on to send meets a closed socket.
      else if (!isLetIn && CUT_OFF.has(failure.code ?? '')) resolve({ packets, isClosedByServer: true });
      else reject(failure);
    });
  });
}

function judge(sent: Buffer, { packets, isClosedByServer }: Received): readonly string[] {
  const told = `${sent.toString('base64').slice(0, 2_000)} → ${packets.map(({ first, body }) => `${first.toString(16)}:${body.toString('hex')}`).join(' ')}`;
  const said: string[] = [];
  for (const [i, { first, body }] of packets.entries()) {
    const type = first >> 4;
    assert.ok(ANSWERS.has(type), told);
    assert.equal(type === CONNACK, i === 0, told);
    assert.ok(type !== DISCONNECT || i === packets.length - 1, told);
    const reason = reasonOf(type, body);
    if (type === PACKET.PUBLISH || type === PACKET.SUBACK || type === PACKET.PUBCOMP) said.push(nameOf(type));
    if (reason !== undefined && reason !== 0) said.push(`${nameOf(type)} 0x${reason.toString(16)}`);
    assert.ok(reason === undefined || isKnown(type, body, reason), told);
  }
  const [connack] = packets;
  const isLetIn = connack !== undefined && connackCode(connack.body) === 0;
  if (isClosedByServer && isLetIn) {
    // MQTT 5 can say why, and must (MQTT 5 §4.13), unless the client said goodbye itself. A 3.1.1 CONNACK has two bytes.
    const isSaid = (packets.at(-1)?.first ?? 0) >> 4 === DISCONNECT;
    assert.ok(isSaid || connack.body.length === 2 || hasGoodbye(sent), told);
  }
  said.push(isClosedByServer ? 'closed' : 'stayed');
  return said;
}

/** PUBACK, PUBREC, PUBREL, PUBCOMP. */
function isAck(type: number): boolean {
  return type >= PACKET.PUBACK && type <= PACKET.PUBCOMP;
}

/** CONNACK, DISCONNECT and the acknowledgements of messages carry one; a short acknowledgement means success. */
function reasonOf(type: number, body: Buffer): number | undefined {
  if (type === CONNACK) return connackCode(body);
  if (isAck(type)) return body[2] ?? 0;
  return type === DISCONNECT ? (body[0] ?? 0) : undefined;
}

/** A 3.1.1 CONNACK has return codes of its own, 1 to 5. */
function isKnown(type: number, body: Buffer, reason: number): boolean {
  return REASONS.has(reason) || (type === CONNACK && body.length === 2 && reason <= 5);
}

function nameOf(type: number): string {
  for (const [name, value] of Object.entries(PACKET)) if (value === type) return name;
  return String(type);
}

function hasGoodbye(sent: Buffer): boolean {
  let isFound = false;
  try {
    new PacketCutter().push(Buffer.concat([sent, PINGREQ]), (first) => {
      if (first >> 4 === PACKET.DISCONNECT) isFound = true;
    });
  } catch {
    // Behind a length that isn't one there are no packets.
  }
  return isFound;
}
