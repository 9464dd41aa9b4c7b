/** What a connection works with: the parts that all of a listener share. */
import type { MqttLimits } from '../../engine/config/mqtt-options.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { Admission } from '../admit.ts';
import type { Broker } from '../broker/broker.ts';
import type { SessionDesk } from '../broker/session-desk.ts';
import type { SharedGroups } from '../broker/shared-groups.ts';
import type { LogFeed } from '../feed/log-feed.ts';
import type { EventDraft, Intake } from '../message.ts';
import type { TelemetrySplitter } from '../telemetry/split.ts';
import type { AckWriter } from './ack-writer.ts';
import type { AdmissionRules } from './admission.ts';
import type { ClientSession } from './client-session.ts';
import type { MqttCounters } from './counters.ts';
import type { PublishDecoder } from './decode-publish.ts';
import type { FlappingBook } from './flapping-book.ts';
import type { ErrorReports } from './error-reports.ts';
import type { Gateway } from './gateway.ts';
import type { LastConnections } from './gateway-claims.ts';
import type { PropertySet } from './properties.ts';
import type { PacketReader } from './reader.ts';

/**
 * `first`: waiting for CONNECT. `entering`: waiting for what the session was. `ending`: our last packet is out, theirs are
 * discarded.
 */
export type Phase = 'first' | 'entering' | 'open' | 'ending' | 'closed';

/**
 * Why the socket is not read. `session`: what the session was is being asked. `feed`: the edge begins to listen to the topic
 * streams. `log`: it hasn't taken yet what the session has become. `room`: the partition's lane is full. `ring`: a 3.1.1 client
 * has too much in flight. `credit`: a message is held back until the sender's limits have room for it. `socket`: the client
 * doesn't read. `refused`: a 3.1.1 client's message was refused, and the connection ends when its turn comes. `draining`: the
 * process stops.
 */
export type Blocked = 'no' | 'session' | 'feed' | 'log' | 'room' | 'ring' | 'credit' | 'socket' | 'refused' | 'draining';

/** A connection as its listener sees it. */
export interface LiveConnection {
  /** Messages taken and not acknowledged. */
  readonly inFlight: number;
  /** Its number in the log; 0: not known yet. */
  readonly connection: number;
  /** Whether CONNECT was answered, and the connection is not over. */
  readonly isOpen: boolean;
  /** Undefined before CONNECT was answered. */
  readonly session: ClientSession | undefined;
  /** Undefined: it has not spoken for another device. */
  readonly gateway: Gateway | undefined;
  /** Its way to `v1/errors`; undefined before CONNECT was answered. */
  readonly errors: ErrorReports | undefined;
  /** Writes what is due, in one go. */
  flush(): void;
  /** Another connection has this session now (MQTT-3.1.4-3). */
  takeOver(): void;
  /** Ends with this reason. */
  dismiss(reason: number): void;
  /** Looks at the deadlines. */
  sweep(nowMs: number): void;
  /** Reads no more; ends when nothing is in flight. */
  drain(): void;
  /** Ends now, whatever is in flight. */
  stop(): void;
  /** Without a word. */
  destroy(): void;
}

/** What all connections of a listener share; one thread, so one of each decoder will do. */
export interface ConnectionContext {
  readonly intake: Intake;
  readonly splitter: TelemetrySplitter;
  readonly broker: Broker;
  readonly desk: SessionDesk;
  readonly shares: SharedGroups;
  /** Undefined: there are no views of the log here. */
  readonly feed: LogFeed | undefined;
  readonly rules: AdmissionRules;
  readonly counters: MqttCounters;
  readonly log: Log;
  /** Undefined: nothing is limited. */
  readonly admission: Admission | undefined;
  /** What clients may ask for, whose own limits say nothing else. */
  readonly mqtt: MqttLimits;
  /** The listener's name, where limits are concerned. */
  readonly listener: string;
  readonly publish: PublishDecoder;
  readonly reader: PacketReader;
  readonly properties: PropertySet;
  readonly draft: EventDraft;
  readonly acks: AckWriter;
  /** `stream`: sockets are read and written as streams, also where there is a faster way. */
  readonly wires: 'stream' | undefined;
  readonly firstPacketMs: number;
  readonly lastConnections: LastConnections;
  /** Undefined: who connects again and again is let in each time. */
  readonly flapping: FlappingBook | undefined;
  /** Where clients find another server when this one ends: host and port. */
  readonly serverReference: string | undefined;
  /** Whether this edge takes no new client, and whether it waits for none that could be told. */
  readonly isDraining: () => boolean;
  readonly isOver: () => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The time of the last sweep, on a clock that never goes back. */
  readonly sweptMs: () => number;
  /** Calls the connection's `flush` once all that is settled in this turn of the event loop has been told. */
  readonly flushSoon: (connection: LiveConnection) => void;
  /** The same some milliseconds later, for what more is coming to. */
  readonly flushLater: (connection: LiveConnection) => void;
  /** A client was let in: whoever held this session before has to go. */
  readonly opened: (connection: LiveConnection, session: { readonly tenant: string; readonly session: string }) => void;
  readonly closed: (connection: LiveConnection, session: { readonly tenant: string; readonly session: string } | undefined) => void;
}
