/**
 * Plays a script against one broker. After each step it waits until everything has arrived: without a reference by pings,
 * which a broker of one thread answers after what it had to deliver; with one until it has what the reference had, or a
 * while longer. What comes too late or too much is found in a later step.
 */
import type { Packet } from 'mqtt-packet';
import { sameLines } from './exceptions.ts';
import { answer, linesOf, seenOf, type Copies, type Outcome, type Seen, type StepOutcome } from './outcome.ts';
import { BRIEF_EXPIRY_S, CLIENTS, LONG_EXPIRY_S, MALFORMED, type ScriptFilter, type ScriptProperties, type Step } from './script.ts';
import { WireClient } from './wire-client.ts';

const KEPT_S = 300;
const KEEP_ALIVE_S = 60;
const SHARED_QOS = 1;
const ALIAS = 1;
const LATE_MS_MAX = 2_000;
const POLL_MS = 2;
const REFERENCE_PAUSE_MS = 3;
/** Wills follow the end of a connection, which is noticed at its time. */
const REFERENCE_ROUNDS = 3;
const SURPLUS_MS = 50;
/** What may end a connection, and with it a will begin. */
const ENDINGS: ReadonlySet<Step['do']> = new Set(['connect', 'connect twice', 'drop', 'disconnect', 'malformed']);
/** Wills and QoS 2 are out at once in a broker of one thread, a moment later in others; where nobody is there to see it, time must do. */
const UNSEEN_MS = 150;
/**
 * Mosquitto sends no will where another connection takes the session up, nor after a second CONNECT, against MQTT-3.1.2-8:
 * with a will such a step only drops the connection. After a second CONNECT it forgets a kept session, too.
 */
const MOSQUITTO_FORGETS_WILL: ReadonlySet<Step['do']> = new Set(['connect', 'connect twice']);
/** Mosquitto 2.0 doesn't look at the reserved flags of a PINGREQ, against MQTT-2.2.2-2 (3.1.1) and MQTT-2.1.3-1 (5). */
const MOSQUITTO_TAKES: ReadonlySet<string> = new Set(['PINGREQ with flags']);
const REFUSAL_MS = 250;
/** Mosquitto counts whole seconds. */
const EXPIRED_MS = 1_100;

export interface PlayedBroker {
  readonly host: string;
  readonly port: number;
  readonly copies: Copies;
}

export interface Against {
  readonly reference: Outcome;
  /** What the reference had comes within this, or not at all. */
  readonly lateMs?: number;
}

interface Seat {
  wire: WireClient | undefined;
  isKept: boolean;
  hasWill: boolean;
  aliasMax: number;
  /** That of its first subscription. */
  qos: 0 | 1 | 2 | undefined;
  /** By filter, what it was first subscribed to with: subscribed to anew, mosquitto 2.0 keeps that, against MQTT-3.8.4-3. */
  readonly flags: Map<string, { readonly nl: boolean; readonly rap: boolean }>;
  seen: Seen[];
}

type StepOf<K extends Step['do']> = Step & { readonly do: K };

export class Player {
  readonly #broker: PlayedBroker;
  readonly #name: string;
  readonly #seats: Seat[] = Array.from({ length: CLIENTS }, () => ({
    wire: undefined,
    isKept: false,
    hasWill: false,
    aliasMax: 0,
    qos: undefined,
    flags: new Map(),
    seen: [],
  }));
  readonly #retained = new Set<string>();
  #pool: Seen[] = [];
  #copies: Copies = 'each';

  /** The name keeps its topics and clients apart from those of other scripts on the same broker. */
  constructor(broker: PlayedBroker, name: string) {
    this.#broker = broker;
    this.#name = name;
  }

  async play(steps: readonly Step[], against?: Against): Promise<Outcome> {
    const outcome: StepOutcome[] = [];
    try {
      for (const [n, step] of steps.entries()) {
        this.#copies = step.do === 'subscribe' ? copiesOf(step.filters) : this.#broker.copies;
        const actor = this.#seats[step.client];
        const wasLive = actor?.wire !== undefined && !actor.wire.isClosed;
        const hadWill = wasLive && actor.hasWill;
        await this.#do(step, n);
        const isLater = (hadWill && ENDINGS.has(step.do)) || (wasLive && step.do === 'publish' && step.qos === 2);
        if (isLater && against !== undefined && !isDelivered(against.reference[n])) await sleep(UNSEEN_MS);
        await this.#settle(against, n, n === steps.length - 1);
        if (step.do === 'publish' && step.isBrief) await sleep(BRIEF_EXPIRY_S * 1_000 + EXPIRED_MS);
        outcome.push(this.#lines());
        for (const seat of this.#seats) seat.seen = [];
        this.#pool = [];
      }
    } finally {
      await this.#finish();
    }
    return outcome;
  }

  #topic(topic: string): string {
    return `${this.#name}/${topic}`;
  }

  #sharedTopic(topic: string): string {
    return `${this.#name}s/${topic}`;
  }

  async #do(step: Step, n: number): Promise<void> {
    const seat = this.#seats[step.client];
    if (seat === undefined) return;
    const { wire } = seat;
    const isLive = wire !== undefined && !wire.isClosed;
    if (step.do === 'connect' && !(isLive && seat.hasWill)) {
      await this.#connect(seat, step, n);
      return;
    }
    if (!isLive) return;
    const forgets = seat.hasWill ? MOSQUITTO_FORGETS_WILL.has(step.do) : seat.isKept && step.do === 'connect twice';
    if (forgets) {
      seat.wire = undefined;
      wire.drop();
      return;
    }
    await this.#onWire(seat, wire, { step, n });
  }

  async #onWire(seat: Seat, wire: WireClient, { n, step }: { readonly step: Step; readonly n: number }): Promise<void> {
    switch (step.do) {
      case 'disconnect':
        wire.send({ cmd: 'disconnect', ...(wire.version === 5 && step.withWill ? { reasonCode: 4 } : {}) });
        seat.wire = undefined;
        await wire.closes();
        break;
      case 'drop':
        seat.wire = undefined;
        wire.drop();
        break;
      case 'subscribe':
      case 'share':
      case 'unsubscribe':
        await this.#subscriptions(seat, wire, step);
        break;
      case 'publish':
        await this.#publish(seat, wire, { step, n });
        break;
      case 'connect twice':
        wire.send({ ...CONNECT, protocolVersion: wire.version, clientId: 'again' });
        await wire.closes(REFUSAL_MS);
        break;
      case 'malformed':
        if (MOSQUITTO_TAKES.has(step.what)) break;
        wire.sendBytes(Buffer.from(MALFORMED[step.what].replaceAll(' ', ''), 'hex'));
        await wire.closes(REFUSAL_MS);
        break;
      default:
        await wire.ping();
    }
  }

  async #connect(seat: Seat, step: StepOf<'connect'>, n: number): Promise<void> {
    const { acks, isKept, version, will } = step;
    const old = seat.wire;
    const label = { text: '' };
    const wire = new WireClient({
      ...this.#broker,
      version,
      acks,
      onPacket: (packet) => this.#saw(seat, packet, label.text),
      onClosed: () => seat.seen.push(answer(`${label.text}closed`)),
    });
    this.#labels.set(wire, label);
    const oldLabel = old === undefined ? undefined : this.#labels.get(old);
    if (oldLabel !== undefined) oldLabel.text = 'old ';
    if (will?.retain === true) this.#retained.add(will.topic);
    const properties = version === 5 ? { properties: isKept ? { sessionExpiryInterval: KEPT_S } : {} } : {};
    const connack = wire.answer((packet) => packet.cmd === 'connack');
    wire.send({
      ...CONNECT,
      protocolVersion: version,
      clientId: this.#clientId(step.client),
      clean: version === 4 ? !isKept : step.cleanStart,
      ...properties,
      ...(will === undefined ? {} : { will: { ...will, topic: this.#topic(will.topic), payload: Buffer.from(`w${n}`) } }),
    });
    const answered = await connack;
    seat.wire = wire;
    seat.isKept = isKept;
    seat.hasWill = will !== undefined;
    seat.aliasMax = answered?.cmd === 'connack' ? (answered.properties?.topicAliasMaximum ?? 0) : 0;
    await old?.closes();
  }

  readonly #labels = new WeakMap<WireClient, { text: string }>();

  #saw(seat: Seat, packet: Packet, label: string): void {
    const seen = seenOf(packet, `${this.#name}/`);
    if (seen === undefined) return;
    if (seen.is === 'answer') seat.seen.push(answer(label + seen.text));
    else if (seen.delivery.topic.startsWith(`${this.#name}s/`))
      this.#pool.push({ ...seen, delivery: { ...seen.delivery, topic: seen.delivery.topic.slice(this.#name.length) } });
    else seat.seen.push(seen);
  }

  async #subscriptions(seat: Seat, wire: WireClient, step: StepOf<'subscribe'> | StepOf<'share'> | StepOf<'unsubscribe'>): Promise<void> {
    const messageId = wire.nextId();
    if (step.do === 'unsubscribe') {
      const done = wire.answer((packet) => packet.cmd === 'unsuback');
      wire.send({ cmd: 'unsubscribe', messageId, unsubscriptions: step.filters.map((filter) => this.#topic(filter)) });
      await done;
      return;
    }
    // Of sessions that are kept it would be open who holds what while they are away.
    if (step.do === 'share' && seat.isKept) return;
    const done = wire.answer((packet) => packet.cmd === 'suback');
    const subscriptions =
      step.do === 'share'
        ? [{ topic: `$share/${step.group}/${this.#sharedTopic(step.filter)}`, qos: SHARED_QOS, nl: false, rap: false, rh: 0 } as const]
        : step.filters.map((one) => ({
            topic: this.#topic(one.filter),
            // Of overlapping subscriptions mosquitto heeds the first it finds, against MQTT-3.3.5-1: a client has one QoS.
            qos: (seat.qos ??= one.qos),
            ...(wire.version === 5 ? { ...flagsOf(seat, one), rh: one.retainHandling } : {}),
          }));
    const id = step.do === 'subscribe' && wire.version === 5 ? step.id : undefined;
    wire.send({ cmd: 'subscribe', messageId, subscriptions, ...(id === undefined ? {} : { properties: { subscriptionIdentifier: id } }) });
    await done;
  }

  async #publish(seat: Seat, wire: WireClient, { n, step }: { readonly step: StepOf<'publish'>; readonly n: number }): Promise<void> {
    const topic = step.isShared ? this.#sharedTopic(step.topic) : this.#topic(step.topic);
    const retain = step.retain && !step.isShared;
    if (retain) this.#retained.add(step.topic);
    const isAliased = step.isAliased && wire.version === 5 && seat.aliasMax >= ALIAS;
    const base = { cmd: 'publish', qos: step.qos, retain, dup: false } as const;
    const properties = wire.version === 5 ? propertiesOf(step.properties, step.isBrief) : {};
    // Two that are equal can't be told from two copies of one.
    const payload = (mark: string): Buffer => Buffer.from(step.isEmpty && mark === '' ? '' : `m${n}${mark}`);
    const alias = isAliased ? { topicAlias: ALIAS } : {};
    const withProperties = wire.version === 5 ? { properties: { ...properties, ...alias } } : {};
    await exchange(wire, { ...base, topic, payload: payload(''), ...withProperties }, step.isRepeated);
    if (isAliased) await exchange(wire, { ...base, topic: '', payload: payload('b'), properties: { ...properties, ...alias } }, false);
  }

  async #settle(against: Against | undefined, n: number, isLast: boolean): Promise<void> {
    const reference = against?.reference[n];
    if (reference === undefined) {
      for (let round = 0; round < REFERENCE_ROUNDS; round++) {
        await this.#pingAll();
        await sleep(REFERENCE_PAUSE_MS);
      }
      return;
    }
    const deadline = performance.now() + (against?.lateMs ?? LATE_MS_MAX);
    while (!this.#has(reference) && performance.now() < deadline) await sleep(POLL_MS);
    await this.#pingAll();
    if (isLast) await sleep(SURPLUS_MS);
  }

  #has(reference: StepOutcome): boolean {
    const own = this.#lines();
    return reference.every((lines, place) => sameLines(lines, own[place] ?? []));
  }

  async #pingAll(): Promise<void> {
    await Promise.all(this.#seats.flatMap(({ wire }) => (wire === undefined ? [] : [wire.ping()])));
  }

  /** Each group of a shared subscription gets a copy of its own. */
  #lines(): StepOutcome {
    return [...this.#seats.map(({ seen }) => linesOf(seen, this.#copies)), linesOf(this.#pool, 'one')];
  }

  #clientId(client: number): string {
    return `${this.#name}-${client}`;
  }

  /** Leaves nothing behind: no session, no retained message. */
  async #finish(): Promise<void> {
    for (const { wire } of this.#seats) wire?.drop();
    const leave = async (client: number): Promise<void> => {
      const wire = new WireClient({ ...this.#broker, version: 4, acks: true, onPacket: () => undefined, onClosed: () => undefined });
      const connack = wire.answer((packet) => packet.cmd === 'connack');
      wire.send({ ...CONNECT, protocolVersion: 4, clientId: this.#clientId(client) });
      await connack;
      if (client === 0)
        for (const topic of this.#retained)
          await exchange(wire, { cmd: 'publish', topic: this.#topic(topic), payload: '', qos: 1, retain: true, dup: false }, false);
      wire.send({ cmd: 'disconnect' });
      await wire.closes();
      wire.drop();
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, client) => leave(client)));
  }
}

/**
 * A retained message comes once for each filter of one SUBSCRIBE, whoever merges other copies. Where a filter
 * stands there twice, mosquitto sends for both; ours for the second, which has replaced the first.
 */
function copiesOf(filters: readonly ScriptFilter[]): Copies {
  return new Set(filters.map(({ filter }) => filter)).size === filters.length ? 'counted' : 'each';
}

function flagsOf(
  { flags }: Seat,
  { filter, noLocal: nl, retainAsPublished: rap }: ScriptFilter,
): { readonly nl: boolean; readonly rap: boolean } {
  const given = flags.get(filter) ?? { nl, rap };
  flags.set(filter, given);
  return given;
}

const CONNECT = { cmd: 'connect', protocolId: 'MQTT', clean: true, keepalive: KEEP_ALIVE_S } as const;

/** A publish with its whole handshake. */
async function exchange(wire: WireClient, packet: Packet & { readonly cmd: 'publish' }, isRepeated: boolean): Promise<void> {
  if (packet.qos === 0) {
    wire.send(packet);
    return;
  }
  const messageId = wire.nextId();
  const first = packet.qos === 1 ? 'puback' : 'pubrec';
  const acked = wire.answer((one) => one.cmd === first && one.messageId === messageId);
  wire.send({ ...packet, messageId });
  const answered = await acked;
  if (packet.qos === 1 || answered === undefined || (answered.cmd === 'pubrec' && (answered.reasonCode ?? 0) >= 0x80)) return;
  if (isRepeated) {
    const again = wire.answer((one) => one.cmd === 'pubrec' && one.messageId === messageId);
    wire.send({ ...packet, messageId, dup: true });
    await again;
  }
  const completed = wire.answer((one) => one.cmd === 'pubcomp' && one.messageId === messageId);
  wire.send({ cmd: 'pubrel', messageId });
  await completed;
}

function propertiesOf(given: ScriptProperties, isBrief: boolean) {
  const user: Record<string, string[]> = {};
  for (const [name, value] of given.user) user[name] = [...(user[name] ?? []), value];
  return {
    ...(given.user.length === 0 ? {} : { userProperties: user }),
    ...(given.contentType === undefined ? {} : { contentType: given.contentType }),
    ...(given.responseTopic === undefined ? {} : { responseTopic: given.responseTopic }),
    ...(given.correlation === undefined ? {} : { correlationData: Buffer.from(given.correlation) }),
    ...(given.isText ? { payloadFormatIndicator: true } : {}),
    ...(isBrief || given.expires ? { messageExpiryInterval: isBrief ? BRIEF_EXPIRY_S : LONG_EXPIRY_S } : {}),
  };
}

function isDelivered(outcome: StepOutcome | undefined): boolean {
  return outcome?.some((lines) => lines.some((line) => line.startsWith('publish '))) ?? false;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
