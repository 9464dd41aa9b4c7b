/** What a connection works with: the parts that all of a listener share, and those that CONNECT brought. */
import type { Admission } from '../admit.ts';
import type { EventDraft, Intake } from '../message.ts';
import type { TelemetrySplitter } from '../telemetry/split.ts';
import type { AckWriter } from './ack-writer.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { AdmissionRules, Client } from './admission.ts';
import type { MqttCounters } from './counters.ts';
import type { PublishDecoder } from './decode-publish.ts';
import type { PropertySet } from './properties.ts';
import type { Publishing } from './publishing.ts';
import type { PacketReader } from './reader.ts';
import type { SessionGate } from './session-gate.ts';

/** `first`: waiting for CONNECT. `ending`: our last packet is out, theirs are discarded. */
export type Phase = 'first' | 'open' | 'ending' | 'closed';

/**
 * Why the socket is not read. `room`: the partition's lane is full. `ring`: a 3.1.1 client has too much in flight. `credit`:
 * a message is held back until the sender's limits have room for it. `socket`: the client doesn't read. `refused`: a 3.1.1
 * client's message was refused, and the connection ends when its turn comes. `draining`: the process stops.
 */
export type Blocked = 'no' | 'room' | 'ring' | 'credit' | 'socket' | 'refused' | 'draining';

/** A connection as its listener sees it. */
export interface LiveConnection {
  /** Messages taken and not acknowledged. */
  readonly inFlight: number;
  /** Writes the acknowledgements that are due, in one go. */
  flush(): void;
  /** Another connection has this client id now (MQTT-3.1.4-3). */
  takeOver(): void;
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
  readonly rules: AdmissionRules;
  readonly counters: MqttCounters;
  /** Undefined: nothing is limited. */
  readonly admission: Admission | undefined;
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
  /** The time of the last sweep, on a clock that never goes back. */
  readonly sweptMs: () => number;
  /** Calls the connection's `flush` once all that is settled in this turn of the event loop has been told. */
  readonly flushSoon: (connection: LiveConnection) => void;
  /** A client was let in: whoever held this client id before has to go. */
  readonly opened: (connection: LiveConnection, client: Client) => void;
  readonly closed: (connection: LiveConnection, client: Client | undefined) => void;
}

/** What a CONNECT brought; its client id and identity hold until the connection ends. */
export interface Session {
  readonly client: Client;
  readonly publishing: Publishing;
  readonly acks: Acknowledgements;
  /** Undefined: nothing is limited. */
  readonly gate: SessionGate | undefined;
  readonly partition: number;
  /** The longest silence, in milliseconds. */
  readonly silenceMsMax: number;
  readonly sessionExpiryS: number;
}
