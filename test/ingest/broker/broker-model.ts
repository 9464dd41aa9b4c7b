/**
 * What clients of a broker may expect, naively, and clients that do as a script says: every publish, subscription and
 * connection is written down with a number that only rises, and compared with what came when all is over.
 */
import type { IPublishPacket, Packet } from 'mqtt-packet';
import { matches } from '../../../engine/domain/topic-filter.ts';
import { must } from '../../../engine/kernel/assert.ts';
import type { BrokerWorld } from '../../support/memory-broker.ts';
import type { MqttPeer } from '../../support/mqtt-peer.ts';

export const WILL_TOPIC = 'w';
/** Longer than any script lasts. */
const EXPIRY_S = 1_000_000;
/** An edge that was taken for dead gets so long to be wrong about it. */
export const GRACE_MS = 10_000;

interface Published {
  readonly text: string;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly sentAt: number;
  readonly packetId: number;
  /** PUBACK, or PUBREC, was heard. */
  isStored: boolean;
  /** PUBACK, or PUBCOMP, was heard, or nothing is waited for any more. */
  isSettled: boolean;
}

interface Subscribed {
  readonly filter: string;
  readonly qos: 0 | 1 | 2;
  readonly sentAt: number;
  /** Number of the answer; Infinity: there was none. */
  fromAt: number;
  /** When its end was asked for, and when that was answered. */
  endAskedAt: number;
  endedAt: number;
}

export interface ModelWill {
  readonly text: string;
  readonly delayMs: number;
  /** `open`: its connection lives. `pending`: due when `dueMs` of world time are over. */
  state: 'open' | 'pending' | 'sent' | 'never' | 'unsure';
  dueMs: number;
  /** Until then its edge may be wrong about having gone: its session counts as held. */
  heldMs: number;
}

/** Of one client in all its connections. */
export class ModelClient {
  readonly name: string;
  readonly isKept: boolean;
  peer: MqttPeer | undefined;
  edge = 0;
  will: ModelWill | undefined;
  readonly wills: ModelWill[] = [];
  readonly published: Published[] = [];
  subscribed: Subscribed[] = [];
  /** What it has got: text, and when; copies of QoS 2 that its identifiers show as such are left out. */
  readonly got: { readonly text: string; readonly at: number; readonly session: number }[] = [];
  /** Counts sessions: a new one knows nothing of the one before. */
  session = 0;
  /** Of the session at hand: when it began. */
  beganAt = 0;
  isWithholding = false;
  /** A clean start is answered before the log has it: until then its edge's death may undo it. */
  isSure = true;
  isUndone = false;
  readonly #model: BrokerModel;
  #received = new Set<number>();
  #withheld: IPublishPacket[] = [];
  #nextId = 0;

  constructor(model: BrokerModel, name: string, isKept: boolean) {
    this.#model = model;
    this.name = name;
    this.isKept = isKept;
  }

  get isConnected(): boolean {
    return this.peer !== undefined && !this.peer.hasEnded;
  }

  async connect(edge: number, options: { readonly clean: boolean; readonly willDelayS: number }): Promise<void> {
    // A clean start is answered at once, so at another edge the log may hear of it after this.
    if (!this.isSure && edge !== this.edge) await this.#model.settled();
    const clean = options.clean || !this.isKept;
    const before = this.peer;
    const wasConnected = this.isConnected;
    const will = this.#model.newWill(this, options.willDelayS);
    this.#withheld = [];
    const { world } = this.#model;
    const peer = await world.peer({
      clientId: this.name,
      edge,
      clean,
      keepalive: 1_200,
      ...(this.isKept ? { expiryS: EXPIRY_S } : {}),
      acks: 'manual',
      will: {
        topic: WILL_TOPIC,
        payload: Buffer.from(will.text),
        qos: 2,
        retain: false,
        properties: { willDelayInterval: options.willDelayS },
      },
      onPacket: (packet, of) => this.#take(packet, of),
    });
    this.#model.tookUp(this, { clean, wasConnected });
    if (before !== undefined) before.destroy();
    this.will = will;
    this.edge = edge;
    this.peer = peer;
    const isExpected = this.isKept && !clean && this.session > 0;
    if (peer.sessionPresent !== isExpected && !(isExpected && this.isUndone))
      throw new Error(`${this.name}: session present ${peer.sessionPresent}`);
    this.isUndone = false;
    if (clean) this.isSure = false;
    if (peer.sessionPresent) this.#resend(peer);
    else this.#beginSession();
  }

  publish(topic: string, qos: 0 | 1 | 2): void {
    if (!this.isConnected || this.peer === undefined) return;
    const text = `${this.name} ${topic} ${qos} ${this.published.length}`;
    const packetId = ++this.#nextId;
    const message = { text, topic, qos, sentAt: this.#model.tick(), packetId, isStored: false, isSettled: qos === 0 };
    this.published.push(message);
    this.peer.sendPublish(topic, text, { qos, packetId });
  }

  async subscribe(filter: string, qos: 0 | 1 | 2): Promise<void> {
    if (!this.isConnected || this.peer === undefined) return;
    const model = this.#model;
    const one: Subscribed = {
      filter,
      qos,
      sentAt: model.tick(),
      fromAt: Number.POSITIVE_INFINITY,
      endAskedAt: Number.POSITIVE_INFINITY,
      endedAt: Number.POSITIVE_INFINITY,
    };
    const replaced = this.subscribed.filter((other) => other.filter === filter && other.endedAt === Number.POSITIVE_INFINITY);
    this.subscribed.push(one);
    const codes = await this.peer.subscribe(filter, { qos });
    if (codes === undefined) return;
    if (codes[0] !== qos) throw new Error(`${this.name}: ${filter} was answered with ${codes.join()}`);
    one.fromAt = model.tick();
    this.isSure = true;
    // It goes on in the new one, and may give what it had until now by the old.
    for (const other of replaced) if (other.fromAt < one.fromAt) this.#replace(other, one);
  }

  async unsubscribe(filter: string): Promise<void> {
    if (!this.isConnected || this.peer === undefined) return;
    const ending = this.subscribed.filter((one) => one.filter === filter && one.endedAt === Number.POSITIVE_INFINITY);
    const askedAt = this.#model.tick();
    for (const one of ending) one.endAskedAt = Math.min(one.endAskedAt, askedAt);
    if ((await this.peer.unsubscribe(filter)) === undefined) return;
    const at = this.#model.tick();
    for (const one of ending) one.endedAt = at;
  }

  /** Acknowledges what it has withheld, and all that comes. */
  acknowledge(): void {
    this.isWithholding = false;
    const withheld = this.#withheld;
    this.#withheld = [];
    for (const packet of withheld) this.peer?.ack(packet);
  }

  /** The connection breaks, and its session with it unless that is kept. */
  lost(): void {
    this.#withheld = [];
    if (!this.isKept) for (const one of this.subscribed) one.endAskedAt = Math.min(one.endAskedAt, this.#model.tick());
    if (!this.isKept) for (const message of this.published) message.isSettled = true;
  }

  #replace(old: Subscribed, one: Subscribed): void {
    old.endAskedAt = Math.min(old.endAskedAt, one.sentAt);
    old.endedAt = Number.POSITIVE_INFINITY;
    old.fromAt = Math.min(old.fromAt, one.fromAt);
  }

  #beginSession(): void {
    const at = this.#model.tick();
    this.session++;
    this.beganAt = at;
    this.#received = new Set();
    for (const one of this.subscribed) {
      one.endAskedAt = Math.min(one.endAskedAt, at);
      one.endedAt = Math.min(one.endedAt, at);
    }
    for (const message of this.published) message.isSettled = true;
  }

  /** As a client must when its session goes on (MQTT-4.4.0-1). */
  #resend(peer: MqttPeer): void {
    for (const { isSettled, isStored, packetId, qos, text, topic } of this.published) {
      if (isSettled) continue;
      if (isStored) peer.send({ cmd: 'pubrel', messageId: packetId });
      else peer.sendPublish(topic, text, { qos, packetId, dup: true });
    }
  }

  #take(packet: Packet, peer: MqttPeer): void {
    const id = 'messageId' in packet ? (packet.messageId ?? 0) : 0;
    switch (packet.cmd) {
      case 'publish':
        this.#got(packet, peer);
        return;
      case 'pubrel':
        this.#received.delete(id);
        peer.send({ cmd: 'pubcomp', messageId: id });
        return;
      case 'puback':
      case 'pubrec':
      case 'pubcomp':
        this.#acked(packet.cmd, id, peer);
        return;
      default:
    }
  }

  #got(packet: IPublishPacket, peer: MqttPeer): void {
    const id = packet.messageId ?? 0;
    const isCopy = packet.qos === 2 && this.#received.has(id);
    if (packet.qos === 2) this.#received.add(id);
    if (!isCopy) this.got.push({ text: packet.payload.toString(), at: this.#model.tick(), session: this.session });
    if (this.isWithholding) this.#withheld.push(packet);
    else peer.ack(packet);
  }

  #acked(cmd: 'puback' | 'pubrec' | 'pubcomp', id: number, peer: MqttPeer): void {
    const message = this.published.find((one) => one.packetId === id && !one.isSettled);
    if (message === undefined) return;
    message.isStored = true;
    if (cmd === 'pubrec') peer.send({ cmd: 'pubrel', messageId: id });
    else message.isSettled = true;
  }
}

export class BrokerModel {
  readonly world: BrokerWorld;
  readonly clients: ModelClient[];
  #at = 0;
  #wills = 0;

  constructor(world: BrokerWorld, kinds: readonly ('kept' | 'clean')[]) {
    this.world = world;
    this.clients = kinds.map((kind, i) => new ModelClient(this, `${kind}-${i}`, kind === 'kept'));
  }

  tick(): number {
    return ++this.#at;
  }

  client(number: number): ModelClient {
    return must(this.clients[number % this.clients.length], 'client');
  }

  newWill(client: ModelClient, delayS: number): ModelWill {
    const delayMs = client.isKept ? delayS * 1_000 : 0;
    const will: ModelWill = { text: `will ${++this.#wills} of ${client.name}`, delayMs, state: 'open', dueMs: 0, heldMs: 0 };
    client.wills.push(will);
    return will;
  }

  /** The session has another connection. */
  tookUp(client: ModelClient, how: { readonly clean: boolean; readonly wasConnected: boolean }): void {
    this.settleWills();
    const { will } = client;
    if (will === undefined || (will.state !== 'open' && will.state !== 'pending')) return;
    const wasHeld = will.state === 'open' || how.wasConnected || will.heldMs > this.world.clock.now();
    if (how.clean || !client.isKept) will.state = 'sent';
    else if (wasHeld && will.delayMs === 0) will.state = 'sent';
    else will.state = 'never';
  }

  /** The connection ended otherwise than by leave; `graceMs`: its edge went with it. */
  broke(client: ModelClient, graceMs: number): void {
    const { will } = client;
    if (will?.state !== 'open') return;
    will.state = 'pending';
    will.heldMs = this.world.clock.now() + graceMs;
    will.dueMs = will.heldMs + will.delayMs;
    client.lost();
  }

  left(client: ModelClient): void {
    if (client.will?.state === 'open') client.will.state = 'never';
    client.lost();
  }

  /** Nothing is on its way any more. */
  async settled(): Promise<void> {
    await this.world.settled();
    for (const client of this.clients) client.isSure = true;
  }

  settleWills(): void {
    for (const { wills } of this.clients)
      for (const will of wills) if (will.state === 'pending' && will.dueMs <= this.world.clock.now()) will.state = 'sent';
  }

  // What must hold when all is over.

  /** Whether the subscription was certainly there when the message was sent, and is still. */
  #isOwed(message: Published, one: Subscribed): boolean {
    return matches(one.filter, message.topic) && one.fromAt < message.sentAt && one.endAskedAt === Number.POSITIVE_INFINITY;
  }

  /** Whether it may have been there at some time after the message was sent. */
  #mayHave(message: Published, client: ModelClient, at: number): boolean {
    return client.subscribed.some((one) => matches(one.filter, message.topic) && one.sentAt < at && one.endedAt > message.sentAt);
  }

  faults(): readonly string[] {
    const all = this.clients.flatMap((client) => client.published);
    return this.clients.flatMap((client) => [...this.#missing(client, all), ...this.#tooMuch(client, all), ...this.#disorder(client)]);
  }

  #missing(client: ModelClient, all: readonly Published[]): readonly string[] {
    if (!client.isConnected) return [];
    const texts = new Set(client.got.map(({ text }) => text));
    return all.flatMap((message) => {
      if (message.qos === 0 || !message.isStored || texts.has(message.text)) return [];
      const owed = client.subscribed.find((one) => one.qos > 0 && this.#isOwed(message, one));
      return owed === undefined ? [] : [`${client.name} never got “${message.text}”, subscribed to ${owed.filter}`];
    });
  }

  #tooMuch(client: ModelClient, all: readonly Published[]): readonly string[] {
    const faults: string[] = [];
    const seen = new Map<string, number>();
    for (const { at, session, text } of client.got) {
      const message = all.find((one) => one.text === text);
      if (message === undefined) {
        if (!text.startsWith('will ')) faults.push(`${client.name} got “${text}”, which nobody sent`);
        continue;
      }
      if (!this.#mayHave(message, client, at)) faults.push(`${client.name} got “${text}” without a subscription`);
      const key = `${session} ${text}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      // Once at QoS 0; exactly once at QoS 2, unless a subscription of QoS 1 brought it.
      const isOnce =
        message.qos === 0 || (message.qos === 2 && client.subscribed.every((one) => one.qos === 2 || !matches(one.filter, message.topic)));
      if (isOnce && (seen.get(key) ?? 0) > 1) faults.push(`${client.name} got “${text}” twice`);
    }
    return faults;
  }

  #disorder(client: ModelClient): readonly string[] {
    const last = new Map<string, number>();
    const seen = new Set<string>();
    return client.got.flatMap(({ session, text }) => {
      const [from, topic, qos, number] = text.split(' ');
      if (from === 'will' || seen.has(`${session} ${text}`)) return [];
      seen.add(`${session} ${text}`);
      const way = `${session} ${from} ${topic} ${qos}`;
      const before = last.get(way) ?? -1;
      last.set(way, Math.max(before, Number(number)));
      return Number(number) < before ? [`${client.name} got “${text}” after ${before}`] : [];
    });
  }

  /** What the watcher, who heard all wills, should not have heard or missed. */
  willFaults(heard: readonly string[]): readonly string[] {
    return this.clients.flatMap(({ wills }) =>
      wills.flatMap(({ state, text }) => {
        const count = heard.filter((one) => one === text).length;
        const isRight = state === 'sent' ? count === 1 : state === 'unsure' ? count <= 1 : count === 0;
        return isRight ? [] : [`“${text}” was ${state}, and heard ${count} times`];
      }),
    );
  }
}
