/**
 * Clients that never give up, for runs in which brokers die: a publisher that numbers its messages and sends again what
 * isn't acknowledged, a subscriber with a session, and one whose connections end with a will. Each comes back to another
 * edge than it was at.
 */
import {
  ackBytes,
  GOODBYE,
  PACKET_IDS,
  PUBACK_TYPE,
  publishBytes,
  PUBCOMP_TYPE,
  PUBLISH_TYPE,
  PUBREC_TYPE,
  PUBREL_TYPE,
  subscribeBytes,
} from '../mqtt/packets.ts';
import type { Login, Will } from '../mqtt/packets.ts';
import { RawClient } from '../mqtt/raw-client.ts';
import type { Address, RawHandlers } from '../mqtt/raw-client.ts';
import { sleep } from '../product/wait.ts';
import type { Got, Stream } from './broker-check.ts';

/** Nobody pings here. */
const KEEP_ALIVE_S = 1_200;
/** Between two attempts to connect. */
const AGAIN_MS = 200;
const LEAVE_MS_MAX = 2_000;
const SUBSCRIPTION_ID = PACKET_IDS;

export interface Edges {
  /** Where an edge listens; undefined while it is on its way back. */
  readonly addresses: readonly (() => Address | undefined)[];
  readonly login: Login | undefined;
}

/** The body of a PUBLISH as these runs send it: a topic, and a number as text. */
function gotOf(first: number, bytes: Buffer, body: { readonly start: number; readonly end: number }): Got & { readonly id: number } {
  const length = bytes.readUInt16BE(body.start);
  const topicEnd = body.start + 2 + length;
  const hasId = (first & 0x06) !== 0;
  return {
    topic: bytes.toString('utf8', body.start + 2, topicEnd),
    n: Number(bytes.toString('latin1', topicEnd + (hasId ? 2 : 0), body.end)),
    id: hasId ? bytes.readUInt16BE(topicEnd) : 0,
  };
}

/** A session that is taken up again wherever there is an edge, until it is told to stop. */
abstract class LastingClient {
  readonly name: string;
  readonly #edges: Edges;
  #turn: number;
  #client: RawClient | undefined;
  #onEnd: (() => void) | undefined;
  #isStopped = false;
  #hadSession = false;
  connects = 0;
  sessionsLost = 0;

  constructor(name: string, edges: Edges, turn: number) {
    this.name = name;
    this.#edges = edges;
    this.#turn = turn;
  }

  protected abstract opened(client: RawClient, isResumed: boolean): void;
  protected abstract packet(first: number, bytes: Buffer, body: { readonly start: number; readonly end: number }): void;

  protected send(bytes: Uint8Array): void {
    this.#client?.send(bytes);
  }

  protected get isConnected(): boolean {
    return this.#client !== undefined && !this.#client.isOver;
  }

  /** Resolves when it was stopped. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      const address = this.#edges.addresses[this.#turn++ % this.#edges.addresses.length]?.();
      if (address !== undefined) await this.#connect(address).catch(() => undefined);
      if (!this.#isStopped) await sleep(AGAIN_MS);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.drop();
  }

  /** Without a word; it comes back. */
  drop(): void {
    this.#client?.reset();
    this.#onEnd?.();
  }

  /** Resolves when the connection is over; rejects when it never stood. */
  async #connect(address: Address): Promise<void> {
    const over = new Promise<void>((resolve) => (this.#onEnd = resolve));
    const handlers: RawHandlers = {
      opened: (client) => {
        this.#client = client;
        this.connects += 1;
        const isResumed = client.sessionPresent;
        if (this.#hadSession && !isResumed) this.sessionsLost += 1;
        this.#hadSession = true;
        this.opened(client, isResumed);
      },
      packet: (first, bytes, body) => this.packet(first, bytes, body),
      ended: () => this.#onEnd?.(),
    };
    const facts = { clientId: this.name, clean: false, keepAliveS: KEEP_ALIVE_S, login: this.#edges.login };
    await RawClient.open(address, facts, handlers);
    if (this.#isStopped) this.drop();
    await over;
  }
}

interface InFlight {
  readonly stream: OwnStream;
  readonly n: number;
  isReleased: boolean;
}

interface OwnStream {
  readonly topic: string;
  readonly qos: 1 | 2;
  sent: number;
  readonly acked: Set<number>;
}

export class NumberedPublisher extends LastingClient {
  readonly #streams: readonly OwnStream[];
  readonly #inFlightMax: number;
  /** In the order in which they were sent. */
  readonly #inFlight = new Map<number, InFlight>();
  #lastId = 0;
  #turnOf = 0;

  constructor(name: string, edges: Edges, place: { readonly turn: number; readonly topic: string; readonly inFlightMax: number }) {
    super(name, edges, place.turn);
    this.#inFlightMax = place.inFlightMax;
    this.#streams = ([1, 2] as const).map((qos) => ({ topic: `${place.topic}/${qos}`, qos, sent: 0, acked: new Set<number>() }));
  }

  streams(): readonly Stream[] {
    return this.#streams;
  }

  waiting(): number {
    return this.#inFlight.size;
  }

  /** One message, on each of its topics in turn; none where enough are on their way. */
  publish(): void {
    const stream = this.#streams[this.#turnOf++ % this.#streams.length];
    if (stream === undefined || !this.isConnected || this.#inFlight.size >= this.#inFlightMax) return;
    do this.#lastId = (this.#lastId % PACKET_IDS) + 1;
    while (this.#inFlight.has(this.#lastId));
    stream.sent += 1;
    const one = { stream, n: stream.sent, isReleased: false };
    this.#inFlight.set(this.#lastId, one);
    this.send(this.#packetOf(this.#lastId, one, false));
  }

  protected override opened(client: RawClient): void {
    for (const [id, one] of this.#inFlight) client.send(one.isReleased ? ackBytes(PUBREL_TYPE, id) : this.#packetOf(id, one, true));
  }

  protected override packet(first: number, bytes: Buffer, { start }: { readonly start: number }): void {
    const type = first >> 4;
    if (type !== PUBACK_TYPE && type !== PUBREC_TYPE && type !== PUBCOMP_TYPE) return;
    const id = bytes.readUInt16BE(start);
    const one = this.#inFlight.get(id);
    if (one === undefined) return;
    if (type === PUBREC_TYPE) {
      one.stream.acked.add(one.n);
      one.isReleased = true;
      this.send(ackBytes(PUBREL_TYPE, id));
      return;
    }
    one.stream.acked.add(one.n);
    this.#inFlight.delete(id);
  }

  #packetOf(packetId: number, { n, stream }: InFlight, again: boolean): Buffer {
    return publishBytes({ topic: stream.topic, qos: stream.qos, packetId, again, payload: Buffer.from(String(n)) });
  }
}

export class KeptSubscriber extends LastingClient {
  readonly #filters: readonly string[];
  readonly got: Got[] = [];
  /** QoS 2 that came and wasn't released yet: what comes again under its identifier is the same (MQTT 4.3.3). */
  readonly #held = new Set<number>();
  #isSubscribed = false;

  constructor(name: string, edges: Edges, place: { readonly turn: number; readonly filters: readonly string[] }) {
    super(name, edges, place.turn);
    this.#filters = place.filters;
  }

  /** From then on nothing may pass it by. */
  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  protected override opened(client: RawClient, isResumed: boolean): void {
    if (isResumed) {
      if (this.#isSubscribed) return;
    } else this.#held.clear();
    for (const [place, filter] of this.#filters.entries()) client.send(subscribeBytes(SUBSCRIPTION_ID - place, filter, 2));
  }

  protected override packet(first: number, bytes: Buffer, body: { readonly start: number; readonly end: number }): void {
    const type = first >> 4;
    if (type === PUBLISH_TYPE) this.#take(first, gotOf(first, bytes, body));
    else if (type === PUBREL_TYPE) {
      const id = bytes.readUInt16BE(body.start);
      this.#held.delete(id);
      this.send(ackBytes(PUBCOMP_TYPE, id));
    } else if (bytes.readUInt16BE(body.start) === SUBSCRIPTION_ID - this.#filters.length + 1) this.#isSubscribed = true;
  }

  #take(first: number, { id, n, topic }: Got & { readonly id: number }): void {
    const qos = (first >> 1) & 3;
    if (qos !== 2 || !this.#held.has(id)) this.got.push({ topic, n });
    if (qos === 1) this.send(ackBytes(PUBACK_TYPE, id));
    if (qos !== 2) return;
    this.#held.add(id);
    this.send(ackBytes(PUBREC_TYPE, id));
  }
}

export interface WillLife {
  readonly clientId: string;
  readonly isKept: boolean;
  readonly will: Will;
  readonly address: Address;
  readonly login: Login | undefined;
  readonly lifeMs: number;
  readonly saysGoodbye: boolean;
}

/** How one connection with a will went: `refused` where it never stood. */
export type WillEnd = 'refused' | 'dropped' | 'said goodbye';

export async function liveWithWill(life: WillLife): Promise<WillEnd> {
  let end: () => void = () => undefined;
  const ended = new Promise<'ended'>((resolve) => (end = () => resolve('ended')));
  const facts = { clientId: life.clientId, clean: !life.isKept, keepAliveS: KEEP_ALIVE_S, login: life.login, will: life.will };
  const client = await RawClient.open(life.address, facts, { packet: () => undefined, ended: () => end() }).catch(() => undefined);
  if (client === undefined) return 'refused';
  const first = await Promise.race([ended, sleep(life.lifeMs)]);
  if (first === 'ended') return 'dropped';
  if (life.saysGoodbye) {
    await client.leave(GOODBYE, LEAVE_MS_MAX);
    return 'said goodbye';
  }
  client.reset();
  return 'dropped';
}
