/**
 * Many MQTT 3.1.1 devices on real sockets, QoS 1, a fixed number in flight each. Packets are built once and patched, one
 * write for all that an incoming chunk of acknowledgements made room for.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { connectPacket, publishPacket } from '../simulator/mqtt-wire.ts';
import { FIRST_SEQ, valueOf, writeDigits } from './gateway-bodies.ts';
import type { MqttLoad, Progress } from './generator-protocol.ts';

const KEEP_ALIVE_S = 1_200;
const SEQ_DIGITS = 7;
const VALUE_DIGITS = 4;
const PUBACK_BYTES = 4;
const CONNECT_MS_MAX = 30_000;
/** Connections opened at a time, below any listener's backlog. */
const CONNECT_AT_ONCE = 50;
const LATENCIES_MAX = 200_000;
/** Where they come at a rate. */
const CONNECT_EVERY_S = 0.01;
/** In a closed loop one write in so many is timed. */
const LATENCY_EVERY = 16;

/** One packet's bytes and where its changing fields stand. */
interface PacketPlan {
  readonly bytes: Buffer;
  readonly idAt: number;
  readonly seqEnd: number;
  readonly valueEnd: number;
}

interface Client {
  readonly index: number;
  readonly socket: Socket;
  readonly plan: PacketPlan;
  /** Room for `inFlight` packets, patched before each write. */
  buffer: Buffer;
  /** Reads what the server said. */
  take: (bytes: Buffer, length: number) => void;
  sent: number;
  acked: number;
  /** Bytes of an acknowledgement that came in two pieces. */
  partial: number;
  /** The message whose acknowledgement is being timed, -1 for none. */
  timed: number;
  timedMs: number;
}

function packetPlan(load: MqttLoad, device: number): PacketPlan {
  const head = `{"boot":${load.boot},"seq":`;
  const middle = `${head}${'0'.repeat(SEQ_DIGITS)},"metrics":{"v":`;
  const text = `${middle}${'0'.repeat(VALUE_DIGITS)},"temp":${20.5 + (device % 10)},"hum":${40 + (device % 30)},"volt":3.3,"rssi":${-70 - (device % 20)}}}`;
  const payload = Buffer.from(text, 'latin1');
  const topic = load.topic.replaceAll('{name}', load.devices[device]?.name ?? '');
  const bytes = publishPacket({ version: 4, topic, packetId: 1, again: false, payload });
  const start = bytes.length - payload.length;
  return { bytes, idAt: start - 2, seqEnd: start + head.length + SEQ_DIGITS, valueEnd: start + middle.length + VALUE_DIGITS };
}

/** Every read of every socket lands here, and is looked at before the next: nothing is allocated for a read. */
const READ_BUFFER = Buffer.allocUnsafe(65_536);

function openClient(load: MqttLoad, index: number): Promise<Client> {
  const device = load.devices[index];
  const plan = packetPlan(load, index);
  return new Promise((resolve, reject) => {
    let client: Client | undefined;
    const take = (length: number): boolean => {
      if (client !== undefined) {
        client.take(READ_BUFFER, length);
        return true;
      }
      clearTimeout(limit);
      socket.off('error', reject);
      if (length !== 4 || READ_BUFFER[0] !== 0x20 || READ_BUFFER[3] !== 0) {
        reject(new Error(`CONNACK ${READ_BUFFER.toString('hex', 0, length)}`));
        socket.destroy();
        return true;
      }
      const buffer = Buffer.concat(Array.from({ length: load.inFlight }, () => plan.bytes));
      client = { index, socket, plan, buffer, take: () => undefined, sent: 0, acked: 0, partial: 0, timed: -1, timedMs: 0 };
      resolve(client);
      return true;
    };
    const socket = connect({ host: load.host, port: load.port, noDelay: true, onread: { buffer: READ_BUFFER, callback: take } });
    const limit = setTimeout(() => socket.destroy(new Error('no CONNACK')), CONNECT_MS_MAX);
    socket.once('error', reject);
    socket.once('connect', () => {
      const name = device?.name ?? '';
      const credentials = { userName: `${load.tenant}/${name}`, password: device?.token ?? '' };
      socket.write(connectPacket({ version: 4, clientId: name, ...credentials, keepAliveS: KEEP_ALIVE_S }));
    });
  });
}

export class MqttGenerator {
  readonly #load: MqttLoad;
  readonly #clients: readonly Client[];
  readonly latencies: number[] = [];
  #eventsPerS = 0;
  #running = false;
  #owed = 0;
  #turn = 0;
  #acked = 0;
  #sum = 0;
  #inFlight = 0;
  #writes = 0;

  private constructor(load: MqttLoad, clients: readonly Client[]) {
    this.#load = load;
    this.#clients = clients;
  }

  static async connect(load: MqttLoad, onLost: (error: Error) => void): Promise<MqttGenerator> {
    const clients: Client[] = [];
    const begunMs = performance.now();
    const atOnce = load.connectsPerS === undefined ? CONNECT_AT_ONCE : Math.ceil(load.connectsPerS * CONNECT_EVERY_S);
    for (let at = 0; at < load.devices.length; at += atOnce) {
      const dueMs = load.connectsPerS === undefined ? 0 : begunMs + (at * 1_000) / load.connectsPerS;
      if (dueMs > performance.now()) await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
      const count = Math.min(atOnce, load.devices.length - at);
      clients.push(...(await Promise.all(Array.from({ length: count }, (_, place) => openClient(load, at + place)))));
    }
    const generator = new MqttGenerator(load, clients);
    for (const client of clients) {
      client.take = (bytes, length) => generator.#take(client, bytes.subarray(0, length), onLost);
      client.socket.on('error', onLost);
      client.socket.on('close', () => onLost(new Error('the server closed a connection')));
    }
    return generator;
  }

  go(eventsPerS: number): void {
    this.#eventsPerS = eventsPerS;
    this.#running = true;
    this.#owed = 0;
    if (eventsPerS === 0) for (const client of this.#clients) this.#fill(client);
  }

  pause(): void {
    this.#running = false;
  }

  tick(elapsedMs: number): void {
    if (!this.#running || this.#eventsPerS === 0) return;
    this.#owed = Math.min(this.#owed + (elapsedMs * this.#eventsPerS) / 1_000, this.#eventsPerS);
    for (let tried = 0; this.#owed >= 1 && tried < this.#clients.length; tried++) {
      this.#turn = (this.#turn + 1) % this.#clients.length;
      const client = this.#clients[this.#turn];
      if (client === undefined || client.sent > client.acked) continue;
      this.#publish(client, 1);
      this.#owed -= 1;
    }
  }

  progress(cpuMs: number): Progress {
    return { type: 'progress', acked: this.#acked, sum: this.#sum, inFlight: this.#inFlight, refused: 0, firstRefusal: '', cpuMs };
  }

  close(): void {
    for (const { socket } of this.#clients) {
      socket.removeAllListeners('close');
      socket.destroy();
    }
  }

  #fill(client: Client): void {
    const room = this.#load.inFlight - (client.sent - client.acked);
    if (room > 0) this.#publish(client, room);
  }

  #publish(client: Client, count: number): void {
    const { index, plan, socket } = client;
    // A write that the kernel didn't take whole still reads the buffer.
    if (socket.writableLength > 0) client.buffer = Buffer.from(client.buffer);
    const { buffer } = client;
    this.#writes += 1;
    if (client.timed < 0 && (this.#eventsPerS > 0 || this.#writes % LATENCY_EVERY === 0)) {
      client.timed = client.sent;
      client.timedMs = performance.now();
    }
    for (let i = 0; i < count; i++) {
      const at = i * plan.bytes.length;
      const n = client.sent++;
      const id = (n % 65_535) + 1;
      buffer[at + plan.idAt] = id >> 8;
      buffer[at + plan.idAt + 1] = id & 0xff;
      writeDigits(buffer, at + plan.seqEnd, FIRST_SEQ + n);
      writeDigits(buffer, at + plan.valueEnd, valueOf(index, FIRST_SEQ + n));
    }
    this.#inFlight += count;
    socket.write(buffer.subarray(0, count * plan.bytes.length));
  }

  #take(client: Client, chunk: Buffer, onLost: (error: Error) => void): void {
    let at = 0;
    let settled = 0;
    while (at < chunk.length) {
      // Byte by byte only where an acknowledgement is cut; its content is checked when it came whole.
      if (client.partial === 0 && chunk.length - at >= PUBACK_BYTES) {
        const id = (client.acked % 65_535) + 1;
        if (chunk[at] !== 0x40 || chunk[at + 1] !== 2 || chunk[at + 2] !== id >> 8 || chunk[at + 3] !== (id & 0xff)) {
          onLost(new Error(`unexpected answer ${chunk.subarray(at, at + PUBACK_BYTES).toString('hex')}, waiting for ${id}`));
          return;
        }
        at += PUBACK_BYTES;
      } else {
        client.partial = (client.partial + 1) % PUBACK_BYTES;
        at += 1;
        if (client.partial !== 0) continue;
      }
      this.#sum += valueOf(client.index, FIRST_SEQ + client.acked);
      client.acked += 1;
      settled += 1;
    }
    this.#acked += settled;
    this.#inFlight -= settled;
    if (client.timed >= 0 && client.acked > client.timed) {
      client.timed = -1;
      if (this.latencies.length < LATENCIES_MAX) this.latencies.push(performance.now() - client.timedMs);
    }
    if (this.#running && this.#eventsPerS === 0) this.#fill(client);
  }
}
