/**
 * Accepts MQTT connections on a TCP port and owns what they share: the decoders, the sweep over deadlines, the sessions by
 * client id, and the flush that turns all settlements of one turn of the event loop into one write a socket.
 */
import { Buffer } from 'node:buffer';
import { createServer, type Server } from 'node:net';
import { DEFAULT_MQTT_LIMITS, type MqttLimits } from '../../engine/config/mqtt-options.ts';
import type { Clock } from '../../engine/kernel/clock.ts';
import { FIRST_PACKET_MS_MAX } from '../../engine/kernel/limits.ts';
import { failpoint } from '../../engine/observability/failpoint.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { Admission } from '../admit.ts';
import type { Broker } from '../broker/broker.ts';
import type { SessionDesk } from '../broker/session-desk.ts';
import type { Begun } from '../broker/session-gossip.ts';
import type { SharedGroups } from '../broker/shared-groups.ts';
import type { LogFeed } from '../feed/log-feed.ts';
import type { Authenticator, Intake } from '../message.ts';
import type { TelemetrySplitter } from '../telemetry/split.ts';
import { secureFactsOf } from '../tls/peer.ts';
import { AckWriter } from './ack-writer.ts';
import { CONNECTIONS_MAX, DRAIN_MS_MAX, SWEEP_MS } from './announced.ts';
import { MqttConnection } from './connection.ts';
import type { ConnectionContext, LiveConnection } from './connection-context.ts';
import { FlappingBook } from './flapping-book.ts';
import { LastConnections } from './gateway-claims.ts';
import type { MqttCounters } from './counters.ts';
import { PublishDecoder } from './decode-publish.ts';
import { PropertySet } from './properties.ts';
import { PacketReader } from './reader.ts';
import type { ByteSocket } from './wire.ts';

export interface MqttListenerOptions {
  readonly host: string;
  /** 0: chosen by the system. `off`: nothing listens here, and connections come by `accept` alone. */
  readonly port: number | 'off';
  readonly authenticator: Authenticator;
  readonly intake: Intake;
  readonly broker: Broker;
  readonly desk: SessionDesk;
  readonly shares: SharedGroups;
  /** Absent: there are no views of the log here. */
  readonly feed?: LogFeed;
  readonly log: Log;
  /** For payloads of several events; answers `via` MQTT. */
  readonly splitter: TelemetrySplitter;
  /** The edge's name: client ids that it assigns begin with it. */
  readonly edge: string;
  readonly clock: Clock;
  readonly counters: MqttCounters;
  /** Clients without credentials become applications of this tenant. For loopback only; the caller sees to that. */
  readonly anonymousTenant?: string | undefined;
  readonly connectionsMax?: number;
  readonly firstPacketMs?: number;
  /** Undefined: nothing is limited. */
  readonly admission?: Admission | undefined;
  /** What clients may ask for, whose own limits say nothing else; absent: the defaults. */
  readonly mqtt?: MqttLimits | undefined;
  /** The listener's name, where limits are concerned; `mqtt` where nothing is said. */
  readonly name?: string;
  /** Sockets are read and written as streams, also where there is a faster way: for tests of that way. */
  readonly wires?: 'stream';
  /** Where clients are sent when this edge ends, host and port: absent, they are told that it ends, and no more. */
  readonly serverReference?: string | undefined;
  /** A session that flaps is refused for so long; absent: it is not. */
  readonly flappingBanMs?: number | undefined;
  /** What is in flight gets this long to settle when the listener drains. */
  readonly drainMs?: number;
}

export interface MqttListener {
  /** 0 where nothing listens. */
  readonly port: number;
  /** Takes a connection that came by another way: a TLS socket after its handshake, a WebSocket as a stream. */
  accept(socket: ByteSocket): void;
  /** Open sockets, also those that have not said CONNECT. */
  connections(): number;
  /** Messages taken and not acknowledged, over all connections. */
  inFlight(): number;
  /** The connection that holds a session here; `session` is as `Event.session`. */
  find(tenant: string, session: string): LiveConnection | undefined;
  /** Those that hold sessions of the device. */
  connectionsOf(tenant: string, device: string): readonly LiveConnection[];
  /** No new connections, or with a server reference each of them is told it; those there are go on. */
  stopAccepting(): void;
  /**
   * Reads no more, acknowledges what is in flight, ends every connection (5: 0x8B, or 0x9C with the server reference). Resolves
   * when all are closed. With a server reference, clients that come meanwhile are told it.
   */
  drain(): Promise<void>;
  /** Destroys what is open. */
  close(): Promise<void>;
}

/**
 * How long what was missed is collected before it is written, where it isn't all of it: the longer, the more clients there are
 * that wait, so that no more than so many are written to.
 */
const BULK_FLUSH_MS = 10;
const BULK_FLUSH_MS_MAX = 2_000;
const BULK_WRITES_PER_MS = 5;
/** What a socket buffers each way before it is paused: unread input of a blocked client, unsent answers to a slow one. */
const SOCKET_BUFFER_BYTES = 16 * 1024;
const NO_BYTES = Buffer.alloc(0);

/** Rejects when the port can't be had. */
export async function startMqttListener(options: MqttListenerOptions): Promise<MqttListener> {
  const hub = new ConnectionHub(options);
  options.desk.serve(hub);
  const server = createServer({ noDelay: true, highWaterMark: SOCKET_BUFFER_BYTES, pauseOnConnect: true }, (socket) => hub.accept(socket));
  const port = await listen(server, options);
  const timer = setInterval(() => hub.sweep(), SWEEP_MS);
  let stopped: Promise<void> | undefined;
  const stopAccepting = (): Promise<void> => {
    stopped ??= new Promise((resolve) => server.close(() => resolve()));
    return stopped;
  };
  const turnsAway = options.serverReference !== undefined;
  const finish = async (): Promise<void> => {
    await Promise.all([stopAccepting(), hub.emptied()]);
    clearInterval(timer);
  };
  return {
    port,
    connections: () => hub.size,
    accept: (socket) => hub.accept(socket),
    inFlight: () => hub.inFlight(),
    find: (tenant, session) => hub.find(tenant, session),
    connectionsOf: (tenant, device) => hub.connectionsOf(tenant, device),
    stopAccepting: () => {
      if (turnsAway) hub.turnAway();
      else void stopAccepting();
    },
    drain: async () => {
      if (!turnsAway) void stopAccepting();
      hub.drain();
      if (turnsAway) await hub.left();
      hub.leave();
      return finish();
    },
    close: () => {
      void stopAccepting();
      hub.destroy();
      return finish();
    },
  };
}

async function listen(server: Server, options: MqttListenerOptions): Promise<number> {
  const { port, host } = options;
  if (port === 'off') return 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

interface Named {
  readonly tenant: string;
  readonly session: string;
}

class ConnectionHub {
  readonly #options: MqttListenerOptions;
  readonly #context: ConnectionContext;
  readonly #secureContext: ConnectionContext;
  readonly #connections = new Set<LiveConnection>();
  /** By tenant and session; tenants have no slash in them. */
  readonly #sessions = new Map<string, LiveConnection>();
  #waiting: LiveConnection[] = [];
  #later = new Set<LiveConnection>();
  /** How many there were the last time. */
  #flushedLate = 0;
  #onEmpty: (() => void)[] = [];
  #sweptMs: number;
  #assigned = 0;
  #drainingSinceMs: number | undefined;
  /** New clients are told of another server. */
  #turnsAway = false;
  /** Nobody is told anything any more. */
  #isOver = false;
  /** Clients that were let in, and are still here while it drains. */
  #leaving: Set<LiveConnection> | undefined;
  #onLeft: (() => void)[] = [];

  constructor(options: MqttListenerOptions) {
    this.#options = options;
    this.#sweptMs = options.clock.monotonic();
    const { mqtt = DEFAULT_MQTT_LIMITS } = options;
    this.#context = {
      intake: options.intake,
      broker: options.broker,
      desk: options.desk,
      shares: options.shares,
      feed: options.feed,
      log: options.log,
      now: () => options.clock.now(),
      splitter: options.splitter,
      rules: {
        authenticator: options.authenticator,
        anonymousTenant: options.anonymousTenant,
        // Nobody else ever gets it, whatever became of this process.
        assignClientId: () => `${options.edge}-${options.desk.edgeEpoch}-${++this.#assigned}`,
      },
      counters: options.counters,
      admission: options.admission,
      listener: options.name ?? 'mqtt',
      mqtt,
      publish: new PublishDecoder(mqtt.topicAliases),
      reader: new PacketReader(),
      properties: new PropertySet(),
      draft: { partition: 0, prefix: NO_BYTES, extra: NO_BYTES, payload: NO_BYTES, start: 0, end: 0, urgent: false },
      acks: new AckWriter(),
      wires: options.wires,
      firstPacketMs: options.firstPacketMs ?? FIRST_PACKET_MS_MAX,
      lastConnections: new LastConnections(),
      flapping: options.flappingBanMs === undefined ? undefined : new FlappingBook(options.flappingBanMs),
      serverReference: options.serverReference,
      isOver: () => this.#isOver,
      isDraining: () => this.#turnsAway || this.#drainingSinceMs !== undefined,
      sweptMs: () => this.#sweptMs,
      flushSoon: (connection) => this.#flushSoon(connection),
      flushLater: (connection) => this.#flushLater(connection),
      opened: (connection, session) => this.#onOpened(connection, session),
      closed: (connection, session) => this.#onClosed(connection, session),
    };
    // One hub, so that a client id has one session; limits of a listener are its own.
    this.#secureContext = { ...this.#context, listener: `${this.#context.listener}s` };
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Resolves once no connection is left. */
  emptied(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push(resolve));
  }

  inFlight(): number {
    let sum = 0;
    for (const connection of this.#connections) sum += connection.inFlight;
    return sum;
  }

  accept(socket: ByteSocket): void {
    if (this.#connections.size >= (this.#options.connectionsMax ?? CONNECTIONS_MAX)) {
      this.#options.counters.count('connections');
      socket.destroy();
      return;
    }
    if (this.#isOver || (this.#drainingSinceMs !== undefined && this.#options.serverReference === undefined)) {
      socket.destroy();
      return;
    }
    const isSecure = secureFactsOf(socket) !== undefined;
    this.#connections.add(new MqttConnection(socket, isSecure ? this.#secureContext : this.#context));
  }

  sweep(): void {
    const nowMs = this.#options.clock.monotonic();
    this.#sweptMs = nowMs;
    const late = this.#drainingSinceMs !== undefined && nowMs - this.#drainingSinceMs > (this.#options.drainMs ?? DRAIN_MS_MAX);
    for (const connection of this.#connections) {
      if (late) connection.stop();
      connection.sweep(nowMs);
    }
  }

  turnAway(): void {
    this.#turnsAway = true;
  }

  /** Resolves when who was let in before `drain` is gone. */
  left(): Promise<void> {
    if (this.#leaving === undefined || this.#leaving.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onLeft.push(resolve));
  }

  /** Who comes now comes too late. */
  leave(): void {
    this.#isOver = true;
    for (const connection of this.#connections) connection.drain();
  }

  drain(): void {
    this.#drainingSinceMs ??= this.#options.clock.monotonic();
    this.#leaving ??= new Set([...this.#connections].filter(({ session }) => session !== undefined));
    for (const connection of this.#connections) connection.drain();
  }

  destroy(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** After the turn's input: by then all batches that were settled in it have told their connections. */
  #flushSoon(connection: LiveConnection): void {
    if (this.#waiting.push(connection) === 1) setImmediate(this.#flush);
  }

  /** Who missed much gets it in a few writes. */
  #flushLater(connection: LiveConnection): void {
    if (this.#later.add(connection).size > 1) return;
    setTimeout(
      () => {
        const later = this.#later;
        this.#later = new Set();
        this.#flushedLate = later.size;
        for (const one of later) one.flush();
      },
      Math.min(BULK_FLUSH_MS_MAX, Math.max(BULK_FLUSH_MS, this.#flushedLate / BULK_WRITES_PER_MS)),
    );
  }

  readonly #flush = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const connection of waiting) connection.flush();
    failpoint('edge.acks-written');
  };

  /** The connection that holds a session here. */
  find(tenant: string, session: string): LiveConnection | undefined {
    return this.#sessions.get(`${tenant}/${session}`);
  }

  *open(): Generator<Begun> {
    for (const [key, { connection, isOpen }] of this.#sessions) {
      if (!isOpen || connection === 0) continue;
      const slash = key.indexOf('/');
      yield { tenant: key.slice(0, slash), session: key.slice(slash + 1), connection };
    }
  }

  /** Looks at all that there are: for who asks now and then. */
  connectionsOf(tenant: string, device: string): readonly LiveConnection[] {
    const own = `${tenant}/d:${device}`;
    return [...this.#sessions].filter(([key]) => key === own || key.startsWith(`${own}:`)).map(([, connection]) => connection);
  }

  #onOpened(connection: LiveConnection, { session, tenant }: Named): void {
    const key = `${tenant}/${session}`;
    const before = this.#sessions.get(key);
    this.#sessions.set(key, connection);
    before?.takeOver();
  }

  #onClosed(connection: LiveConnection, named: Named | undefined): void {
    this.#connections.delete(connection);
    if (this.#leaving?.delete(connection) === true && this.#leaving.size === 0) for (const resolve of this.#onLeft.splice(0)) resolve();
    if (this.#connections.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
    if (named === undefined) return;
    const key = `${named.tenant}/${named.session}`;
    if (this.#sessions.get(key) === connection) this.#sessions.delete(key);
  }
}
