/**
 * A world of brokers without servers: edges, each with an MQTT listener on a port of its own and real lanes, over logs in
 * memory that they share, and an engine with the real fold. Edges may be killed, with nothing said and what they had not
 * sent lost, and come back under another number; appends may be delayed or lost; time may pass.
 */
import type { MqttLimits } from '../../engine/config/mqtt-options.ts';
import { MemoryDownlinks } from '../../engine/memory/memory-downlinks.ts';
import { MemoryEdgeGossip } from '../../engine/memory/memory-edge-gossip.ts';
import { MemoryInputLog } from '../../engine/memory/memory-input-log.ts';
import { MemoryQuickMessages, MemoryRetained, MemoryTopicLog, MemoryTopicStore } from '../../engine/memory/memory-topic-log.ts';
import type { Fate } from '../../engine/memory/memory-appender.ts';
import { silentLog } from '../../engine/observability/log.ts';
import type { BatchAppender } from '../../engine/ports/input-log.ts';
import type { Admission } from '../../ingest/admit.ts';
import { openBroker, type BrokerSide } from '../../ingest/broker/open-broker.ts';
import { DownlinkDesk } from '../../ingest/downlink/downlink-desk.ts';
import type { MqttRefusal } from '../../ingest/mqtt/counters.ts';
import { liveSessions } from '../../ingest/mqtt/live-sessions.ts';
import { startMqttListener, type MqttListener } from '../../ingest/mqtt/listener.ts';
import type { Unsent } from '../../ingest/mqtt/outgoing-host.ts';
import { LogPublisher } from '../../ingest/publish.ts';
import type { TelemetrySplitter } from '../../ingest/telemetry/split.ts';
import { testAuthenticator, testSplitter, type TestAuthenticator } from '../ingest/mqtt/fixtures.ts';
import { MemoryEngine } from './memory-engine.ts';
import { MqttPeer, type PeerOptions } from './mqtt-peer.ts';
import { WorldClock } from './world-clock.ts';

export interface WorldOptions {
  readonly edges: number;
  readonly partitions: number;
  /** Entries of a small segment of the topic index; the product's by default. */
  readonly segmentEntries?: number;
  /** What its edges offer; the product's defaults where nothing is said. */
  readonly mqtt?: MqttLimits;
  readonly admission?: Admission;
}

/** Which log an append goes to. */
export type LogName = 'input' | 'topics';

/** What becomes of an edge's appends; `store` is what they do by themselves. */
export type Weather = (append: {
  readonly edge: string;
  readonly log: LogName;
  readonly partition: number;
  readonly data: Uint8Array;
}) => Fate;

const STORE: Fate = { kind: 'store' };
const UNTIL_MS_MAX = 10_000;

export class BrokerWorld {
  readonly clock = new WorldClock();
  readonly authenticator: TestAuthenticator = testAuthenticator();
  readonly input = new MemoryInputLog();
  readonly index = new MemoryTopicStore({ keepsLast: false });
  readonly topics: MemoryTopicLog;
  readonly quick = new MemoryQuickMessages();
  readonly retained: MemoryRetained;
  readonly downlinks = new MemoryDownlinks();
  readonly gossip = new MemoryEdgeGossip();
  readonly engine: MemoryEngine;
  readonly edges: WorldEdge[] = [];
  readonly partitions: number;
  readonly options: WorldOptions;
  weather: Weather = () => STORE;
  readonly #splitter: TelemetrySplitter;
  readonly #peers: MqttPeer[] = [];
  #held: (() => void)[] = [];
  #epoch = 0;

  private constructor(options: WorldOptions, splitter: TelemetrySplitter) {
    const { partitions, segmentEntries } = options;
    this.partitions = partitions;
    this.options = options;
    this.#splitter = splitter;
    this.topics = new MemoryTopicLog(partitions, this.index);
    this.retained = new MemoryRetained(partitions);
    const { clock, downlinks, index, input, retained, topics } = this;
    const segments = segmentEntries === undefined ? {} : { segmentEntries };
    this.engine = new MemoryEngine({ partitions, input, topics, index, retained, downlinks, clock, ...segments });
  }

  static async open(options: Partial<WorldOptions> = {}): Promise<BrokerWorld> {
    const full = { edges: 1, partitions: 2, ...options };
    const world = new BrokerWorld(full, await testSplitter(full.partitions, ['dev-1', 'dev-2']));
    for (let i = 0; i < full.edges; i++) world.edges.push(await world.#openEdge(`edge-${i + 1}`));
    return world;
  }

  edge(number = 0): WorldEdge {
    const edge = this.edges[number];
    if (edge === undefined) throw new RangeError(`no edge ${number}`);
    return edge;
  }

  /** A client that is let in by an edge. */
  async peer(options: PeerOptions & { readonly edge?: number } = {}): Promise<MqttPeer> {
    const peer = await this.knock(options);
    if (peer.connack?.reasonCode !== 0 && peer.connack?.returnCode !== 0) {
      throw new Error(`${options.clientId}: ${JSON.stringify(peer.connack)}`);
    }
    return peer;
  }

  /** A client, whatever it is answered. */
  async knock(options: PeerOptions & { readonly edge?: number } = {}): Promise<MqttPeer> {
    const peer = await MqttPeer.connect(this.edge(options.edge).listener.port, options);
    this.#peers.push(peer);
    return peer;
  }

  /** Dies with nothing said; what it had not sent is lost. */
  async kill(number = 0): Promise<void> {
    await this.edge(number).die();
  }

  /** The same place under another number. */
  async restart(number = 0): Promise<WorldEdge> {
    const before = this.edge(number);
    await before.die();
    const edge = await this.#openEdge(before.name);
    this.edges[number] = edge;
    return edge;
  }

  /** Log time goes on, and what is due happens; of clients' silence nothing is counted. */
  async pass(ms: number): Promise<void> {
    await this.settled();
    this.clock.passWall(ms);
    await this.settled();
  }

  /** Appends that were held are stored and answered. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const store of held) store();
  }

  /** As soon as nothing is appended, folded or delivered for a while, and no lane waits for an answer that isn't held back. */
  async settled(): Promise<void> {
    const ends = async (): Promise<string> => {
      const all = Array.from({ length: this.partitions }, (_, p) => [this.input.bounds(p), this.topics.bounds(p)]);
      const seqs = (await Promise.all(all.flat())).map(({ lastSeq }) => lastSeq);
      return `${seqs.join()} ${this.#peers.reduce((sum, { packets }) => sum + packets.length, 0)}`;
    };
    let before = '';
    for (let same = 0; same < 3;) {
      await new Promise((resolve) => setTimeout(resolve, 8));
      const now = await ends();
      const isIdle = this.#held.length > 0 || this.edges.every((edge) => edge.isDead || edge.isIdle);
      same = now === before && isIdle ? same + 1 : 0;
      before = now;
    }
  }

  async close(): Promise<void> {
    for (const peer of this.#peers) peer.destroy();
    this.release();
    await Promise.all(this.edges.map(async (edge) => edge.close()));
    await this.engine.stop();
  }

  /** An edge's way into a log. */
  appender(edge: WorldEdge, log: LogName): BatchAppender {
    const target = log === 'input' ? this.input : this.topics;
    return {
      append: (partition, data, done) => {
        if (edge.isDead) return;
        if (edge.isCutOff) {
          setImmediate(() => done({ ok: false, why: 'unknown' }));
          return;
        }
        const copy = Uint8Array.from(data);
        const store = (): number => this.engine.append(target, partition, copy);
        const answer = (result: Parameters<typeof done>[0]): void => void setImmediate(() => edge.isDead || done(result));
        const fate = this.weather({ edge: edge.name, log, partition, data: copy });
        if (fate.kind === 'store') answer({ ok: true, seq: store() });
        else if (fate.kind === 'refuse') answer({ ok: false, why: fate.why });
        else if (fate.kind === 'hold') this.#held.push(() => answer({ ok: true, seq: store() }));
        else {
          if (fate.kind === 'store-silently') store();
          answer({ ok: false, why: 'unknown' });
        }
      },
      connected: () => !edge.isCutOff,
      onReconnect: (callback) => edge.onReconnect(() => callback('memory')),
    };
  }

  async #openEdge(name: string): Promise<WorldEdge> {
    return WorldEdge.open(this, { name, epoch: ++this.#epoch, splitter: this.#splitter });
  }
}

export class WorldEdge {
  readonly name: string;
  readonly epoch: number;
  readonly side: BrokerSide;
  readonly intake: LogPublisher;
  readonly topicIntake: LogPublisher;
  readonly counted: MqttRefusal[] = [];
  readonly unsent: (Unsent | 'forbidden')[] = [];
  isDead = false;
  /** Neither it nor anybody else hears what is said, and its appends are lost; its clients are still there. */
  isCutOff = false;
  #reconnected: (() => void)[] = [];
  #listener: MqttListener | undefined;
  #serving: { stop(): void } | undefined;

  private constructor(world: BrokerWorld, about: { readonly name: string; readonly epoch: number }) {
    this.name = about.name;
    this.epoch = about.epoch;
    const { clock, downlinks, engine, gossip, partitions, quick, retained, topics } = world;
    const lanes = { partitions, edgeEpoch: this.epoch, edge: this.name, clock, serverId: 'memory' };
    this.intake = new LogPublisher({ ...lanes, appender: world.appender(this, 'input') });
    this.topicIntake = new LogPublisher({ ...lanes, appender: world.appender(this, 'topics') });
    this.side = openBroker({
      reader: topics,
      retained,
      // The dead say nothing.
      quick: {
        send: (batch) => this.#isHeard && quick.send(batch),
        receive: (callback) => quick.receive((batch) => this.isCutOff || callback(batch)),
      },
      gossip: {
        send: (kind, data) => this.#isHeard && gossip.send(kind, data),
        receive: (kind, callback) => gossip.receive(kind, (data) => this.isCutOff || callback(data)),
        onReconnect: (callback) => this.onReconnect(callback),
      },
      downlinks: {
        send: async (...args) => (this.isCutOff ? { kind: 'offline' } : downlinks.send(...args)),
      },
      intake: this.intake,
      topicIntake: this.topicIntake,
      ask: engine,
      edge: about,
      clock,
      log: silentLog,
    });
  }

  static async open(
    world: BrokerWorld,
    about: { readonly name: string; readonly epoch: number; readonly splitter: TelemetrySplitter },
  ): Promise<WorldEdge> {
    const edge = new WorldEdge(world, about);
    const { broker, desk, shares } = edge.side;
    edge.#listener = await startMqttListener({
      host: '127.0.0.1',
      port: 0,
      authenticator: world.authenticator,
      intake: edge.intake,
      broker,
      desk,
      shares,
      log: silentLog,
      splitter: about.splitter,
      edge: edge.name,
      clock: world.clock,
      mqtt: world.options.mqtt,
      admission: world.options.admission,
      counters: {
        count: (why) => void edge.counted.push(why),
        stored: () => undefined,
        acknowledged: () => undefined,
        unsent: (why) => void edge.unsent.push(why),
      },
    });
    const live = new DownlinkDesk(liveSessions(edge.#listener, { shares, desk }), world.clock);
    edge.#serving = world.downlinks.serve(edge.epoch, async (downlink) => {
      if (edge.isCutOff) throw new Error('nobody hears it');
      return live.take(downlink);
    });
    return edge;
  }

  get #isHeard(): boolean {
    return !this.isDead && !this.isCutOff;
  }

  onReconnect(callback: () => void): void {
    this.#reconnected.push(callback);
  }

  /** The end of `isCutOff`. */
  reconnect(): void {
    this.isCutOff = false;
    for (const callback of this.#reconnected) callback();
  }

  /** Whether its lanes have nothing to say. */
  get isIdle(): boolean {
    const lanes = [...this.intake.gauges(), ...this.topicIntake.gauges()];
    return lanes.every(({ flyingBytes, waitingEvents }) => flyingBytes === 0 && waitingEvents === 0);
  }

  get listener(): MqttListener {
    if (this.#listener === undefined) throw new Error('the edge is not open');
    return this.#listener;
  }

  async die(): Promise<void> {
    this.isDead = true;
    await this.close();
  }

  async close(): Promise<void> {
    this.#serving?.stop();
    await this.#listener?.close();
    this.side.stop();
  }
}

/** A test in a world of its own. */
export function inWorld(options: Partial<WorldOptions>, body: (world: BrokerWorld) => Promise<void>): () => Promise<void> {
  return async () => {
    const world = await BrokerWorld.open(options);
    try {
      await body(world);
    } finally {
      await world.close();
    }
  };
}

/** Resolves when the condition holds, and gives up loudly. */
export async function until(condition: () => boolean, what = condition.toString()): Promise<void> {
  const deadline = performance.now() + UNTIL_MS_MAX;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
