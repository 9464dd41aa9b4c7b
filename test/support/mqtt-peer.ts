/** A client for tests of brokers: says what it is told to say, right or wrong, acknowledges or withholds, and remembers all. */
import { connect, type Socket } from 'node:net';
import {
  generate,
  parser,
  type IConnackPacket,
  type IConnectPacket,
  type IPublishPacket,
  type ISubscription,
  type Packet,
  type UserProperties,
} from 'mqtt-packet';
import { connectPacket } from '../ingest/mqtt/client-codec.ts';

export interface PeerOptions {
  readonly level?: 4 | 5;
  readonly clientId?: string;
  /** As the test authenticator knows it; by default an application that may do anything in the tree. */
  readonly password?: string;
  readonly clean?: boolean;
  readonly keepalive?: number;
  readonly expiryS?: number;
  readonly properties?: NonNullable<IConnectPacket['properties']>;
  readonly will?: NonNullable<IConnectPacket['will']>;
  /** Whether it acknowledges what it gets; `manual`: the test does. */
  readonly acks?: 'auto' | 'manual';
  /** Hears each packet as it comes. */
  readonly onPacket?: (packet: Packet, peer: MqttPeer) => void;
}

export interface PublishOptions {
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
  readonly dup?: boolean;
  readonly packetId?: number;
  readonly properties?: NonNullable<IPublishPacket['properties']>;
}

export interface SubscribeOptions {
  readonly qos?: 0 | 1 | 2;
  readonly nl?: boolean;
  readonly rap?: boolean;
  readonly rh?: 0 | 1 | 2;
  readonly id?: number;
}

export const EVERYTHING = 'may:telemetry:write topic:#:pubsub';
const ANSWER_MS_MAX = 5_000;

export class MqttPeer {
  readonly level: 4 | 5;
  readonly clientId: string;
  /** All that came, in order. */
  readonly packets: Packet[] = [];
  connack: IConnackPacket | undefined;
  readonly #onPacket: ((packet: Packet, peer: MqttPeer) => void) | undefined;
  #acks: 'auto' | 'manual';
  readonly #socket: Socket;
  #isEnded = false;
  #wake: (() => void)[] = [];
  #packetId = 0;

  private constructor(socket: Socket, { acks = 'auto', clientId = '', level = 5, onPacket }: PeerOptions) {
    this.#socket = socket;
    this.#onPacket = onPacket;
    this.#acks = acks;
    this.level = level;
    this.clientId = clientId;
    const incoming = parser({ protocolVersion: level });
    socket.on('data', (chunk: Buffer) => void incoming.parse(chunk));
    incoming.on('packet', (packet: Packet) => this.#take(packet));
    incoming.on('error', () => socket.destroy());
    for (const event of ['end', 'close', 'error']) socket.on(event, () => this.#end());
  }

  /** Resolves when the server has answered CONNECT, or closed. */
  static async connect(port: number, options: PeerOptions = {}): Promise<MqttPeer> {
    const { clean = true, clientId = '', expiryS, keepalive = 60, level = 5, password = EVERYTHING, properties, will } = options;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const peer = new MqttPeer(socket, options);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const expiry = expiryS === undefined ? {} : { sessionExpiryInterval: expiryS };
    const all = { ...expiry, ...properties };
    // The library that writes packets for the others doesn't write this one.
    if (clientId === '' && !clean)
      peer.sendBytes(
        connectPacket({ level, password, cleanStart: false, ...(level === 5 ? { properties: expiryProperty(expiryS) } : {}) }),
      );
    else
      peer.send({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: level,
        clientId,
        clean,
        keepalive,
        username: 'anybody',
        password: Buffer.from(password),
        ...(level === 5 ? { properties: all } : {}),
        ...(will === undefined ? {} : { will }),
      });
    const answer = await peer.next((packet) => packet.cmd === 'connack', true);
    peer.connack = answer?.cmd === 'connack' ? answer : undefined;
    return peer;
  }

  get hasEnded(): boolean {
    return this.#isEnded;
  }

  get sessionPresent(): boolean {
    return this.connack?.sessionPresent === true;
  }

  /** Payloads of what was published to it, as text, in order. */
  get payloads(): readonly string[] {
    return this.messages.map(({ payload }) => payload.toString());
  }

  get messages(): readonly IPublishPacket[] {
    return this.packets.filter((packet) => packet.cmd === 'publish');
  }

  /** The reason with which the server took leave. */
  get leaveReason(): number | undefined {
    const last = this.packets.find((packet) => packet.cmd === 'disconnect');
    return last?.cmd === 'disconnect' ? last.reasonCode : undefined;
  }

  set acks(acks: 'auto' | 'manual') {
    this.#acks = acks;
  }

  send(packet: Packet): void {
    this.sendBytes(generate(packet, { protocolVersion: this.level }));
  }

  sendBytes(bytes: Uint8Array): void {
    if (!this.#isEnded && this.#socket.writable) this.#socket.write(bytes);
  }

  nextId(): number {
    return ++this.#packetId;
  }

  /** The first packet that fits among those that come from now on; undefined: the connection ended, or nothing came. */
  async next(fits: (packet: Packet) => boolean, alsoPast = false): Promise<Packet | undefined> {
    const from = alsoPast ? 0 : this.packets.length;
    const deadline = performance.now() + ANSWER_MS_MAX;
    for (;;) {
      const found = this.packets.slice(from).find((packet) => fits(packet));
      if (found !== undefined) return found;
      const leftMs = deadline - performance.now();
      if (this.#isEnded || leftMs <= 0) return undefined;
      await this.#news(leftMs);
    }
  }

  /** Resolves when the server has closed; false: it has not in time. */
  async ends(waitMs = ANSWER_MS_MAX): Promise<boolean> {
    const deadline = performance.now() + waitMs;
    while (!this.#isEnded && performance.now() < deadline) await this.#news(deadline - performance.now());
    return this.#isEnded;
  }

  /** As many messages as are asked for, or fewer where nothing more comes in time. */
  async gets(count: number, waitMs = ANSWER_MS_MAX): Promise<readonly string[]> {
    const deadline = performance.now() + waitMs;
    while (this.messages.length < count && !this.#isEnded && performance.now() < deadline) await this.#news(deadline - performance.now());
    return this.payloads;
  }

  /** The answer's reason code: of PUBACK, or PUBREC if that refuses, else PUBCOMP; 0 at QoS 0; undefined: none came. */
  async publish(topic: string, payload: string | Buffer, options: PublishOptions = {}): Promise<number | undefined> {
    const { qos = 1 } = options;
    const packetId = options.packetId ?? this.nextId();
    this.sendPublish(topic, payload, { ...options, packetId });
    if (qos === 0) return 0;
    const answer = await this.next((packet) => (packet.cmd === 'puback' || packet.cmd === 'pubrec') && packet.messageId === packetId);
    if (answer === undefined) return undefined;
    const reason = reasonOf(answer);
    if (qos === 1 || reason >= 0x80) return reason;
    return this.release(packetId);
  }

  sendPublish(
    topic: string,
    payload: string | Buffer,
    { dup = false, packetId = 0, properties, qos = 1, retain = false }: PublishOptions,
  ): void {
    this.send({
      cmd: 'publish',
      topic,
      payload,
      qos,
      retain,
      dup,
      ...(qos > 0 ? { messageId: packetId } : {}),
      ...(properties === undefined ? {} : { properties }),
    });
  }

  /** PUBREL; the reason code of PUBCOMP. */
  async release(packetId: number): Promise<number | undefined> {
    const completed = this.next((packet) => packet.cmd === 'pubcomp' && packet.messageId === packetId);
    this.send({ cmd: 'pubrel', messageId: packetId });
    const answer = await completed;
    return answer === undefined ? undefined : reasonOf(answer);
  }

  /** Codes of SUBACK. */
  async subscribe(filters: string | readonly string[], options: SubscribeOptions = {}): Promise<readonly number[] | undefined> {
    const { id, nl = false, qos = 1, rap = false, rh = 0 } = options;
    const all = typeof filters === 'string' ? [filters] : filters;
    const own = this.level === 5 ? { nl, rap, rh } : {};
    const subscriptions: ISubscription[] = all.map((topic) => ({ topic, qos, ...own }));
    const messageId = this.nextId();
    const properties = id === undefined ? {} : { properties: { subscriptionIdentifier: id } };
    this.send({ cmd: 'subscribe', messageId, subscriptions, ...properties });
    const answer = await this.next((packet) => packet.cmd === 'suback' && packet.messageId === messageId);
    return answer?.cmd === 'suback' ? answer.granted.map(Number) : undefined;
  }

  /** Codes of UNSUBACK; none in 3.1.1. */
  async unsubscribe(filters: string | readonly string[]): Promise<readonly number[] | undefined> {
    const messageId = this.nextId();
    this.send({ cmd: 'unsubscribe', messageId, unsubscriptions: typeof filters === 'string' ? [filters] : [...filters] });
    const answer = await this.next((packet) => packet.cmd === 'unsuback' && packet.messageId === messageId);
    if (answer?.cmd !== 'unsuback') return undefined;
    return Array.isArray(answer.granted) ? answer.granted.map(Number) : [];
  }

  ack(packet: IPublishPacket): void {
    const messageId = packet.messageId ?? 0;
    if (packet.qos === 1) this.send({ cmd: 'puback', messageId });
    else if (packet.qos === 2) this.send({ cmd: 'pubrec', messageId });
  }

  /** Takes leave; resolves when the server has closed. */
  async leave(reasonCode = 0, expiryS?: number): Promise<void> {
    const properties = expiryS === undefined ? {} : { properties: { sessionExpiryInterval: expiryS } };
    this.send({ cmd: 'disconnect', ...(this.level === 5 ? { reasonCode, ...properties } : {}) });
    await this.ends();
    this.destroy();
  }

  /** As a cable that is pulled. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Reads no more. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #take(packet: Packet): void {
    this.packets.push(packet);
    this.#onPacket?.(packet, this);
    if (this.#acks === 'auto') this.#answer(packet);
    this.#tell();
  }

  #answer(packet: Packet): void {
    if (packet.cmd === 'publish') {
      this.ack(packet);
    } else if (packet.cmd === 'pubrel') {
      this.send({ cmd: 'pubcomp', messageId: packet.messageId ?? 0 });
    }
  }

  #end(): void {
    this.#isEnded = true;
    this.#tell();
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }

  /** Resolves when something has come, or the time is over. */
  #news(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function expiryProperty(expiryS = 0): Uint8Array {
  return Uint8Array.of(0x11, expiryS >>> 24, (expiryS >>> 16) & 0xff, (expiryS >>> 8) & 0xff, expiryS & 0xff);
}

export function reasonOf(packet: Packet): number {
  return 'reasonCode' in packet && typeof packet.reasonCode === 'number' ? packet.reasonCode : 0;
}

/** As they stand in the packet, doubles kept. */
export function userProperties(packet: { readonly properties?: { readonly userProperties?: UserProperties } }): UserProperties | undefined {
  return packet.properties?.userProperties;
}
