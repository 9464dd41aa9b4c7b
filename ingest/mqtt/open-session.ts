/**
 * A connection after its CONNECT: what each packet leads to. A PUBLISH is acknowledged only after the log has it, in the order
 * of the PUBLISHes; what can't be taken now stays unread. There is no promise and no closure a message on this way.
 */
import type { ConnectedInit, SessionState } from '../../schemas/gen/lean.ts';
import type { Buffer } from 'node:buffer';
import type { ConnectionRecord } from '../broker/connection-record.ts';
import type { TopicMessage } from '../broker/topic-message.ts';
import { Acknowledgements, UNACKNOWLEDGED } from './acknowledgements.ts';
import type { Client } from './admission.ts';
import type { ConnectionContext } from './connection-context.ts';
import { ClientSession } from './client-session.ts';
import { faultName } from './counters.ts';
import type { Connect } from './decode-connect.ts';
import { decodeAck, decodeDisconnect, decodeEmpty, decodeSubscribe, decodeUnsubscribe, headerFault } from './decode.ts';
import type { PublishDecoder } from './decode-publish.ts';
import { PINGRESP, type ClientLimits } from './encode.ts';
import type { Frame } from './framer.ts';
import { Outgoing } from './outgoing.ts';
import type { OutgoingHost, Unsent } from './outgoing-host.ts';
import { ErrorReports } from './error-reports.ts';
import { Gateway } from './gateway.ts';
import { GatewayClaims } from './gateway-claims.ts';
import type { Leave, Line } from './line.ts';
import { PACKET, REASON, type ReasonCode } from './packets.ts';
import { Publishing } from './publishing.ts';
import { Receiving } from './receiving.ts';
import type { Refusal } from './refusals.ts';
import type { GrantedSession } from './replies.ts';
import type { SessionGate } from './session-gate.ts';
import { SessionSaying } from './session-saying.ts';
import { Subscribing } from './subscribing.ts';

export interface OpenSessionParts {
  readonly context: ConnectionContext;
  readonly line: Line;
  readonly client: Client;
  readonly connect: Connect;
  readonly granted: GrantedSession;
  readonly gate: SessionGate | undefined;
  readonly record: ConnectionRecord;
  /** What is said of the connection in the log. */
  readonly connected: Omit<ConnectedInit, 'edgeConnection'>;
}

export class OpenSession implements OutgoingHost {
  readonly client: Client;
  readonly gate: SessionGate | undefined;
  readonly record: ConnectionRecord;
  readonly acks: Acknowledgements;
  readonly #context: ConnectionContext;
  readonly #line: Line;
  readonly #limits: ClientLimits;
  readonly #publishing: Publishing;
  readonly #outgoing: Outgoing;
  readonly #session: ClientSession;
  readonly #subscribing: Subscribing;
  readonly #granted: GrantedSession;
  readonly #connected: OpenSessionParts['connected'];
  #gateway: Gateway | undefined;
  #errors: ErrorReports | undefined;
  /** The session's connection before this one; 0: there was none, or it isn't known. */
  #before = 0;
  readonly #receiving: Receiving;
  /** Undefined: the session isn't kept. */
  readonly #saying: SessionSaying | undefined;
  #isEnded = false;

  constructor(parts: OpenSessionParts) {
    const { client, connect, connected, context, gate, granted, line, record } = parts;
    const { broker, counters, feed, intake, shares, splitter } = context;
    const { expiryS, limits } = granted;
    const isKept = expiryS > 0;
    const { session, tenant } = record.name;
    this.client = client;
    this.gate = gate;
    this.record = record;
    this.#context = context;
    this.#line = line;
    this.#limits = line.limits;
    this.#granted = granted;
    this.#connected = connected;
    this.#receiving = new Receiving({ line, record, isKept, most: limits.inFlight });
    this.acks = new Acknowledgements({
      limits: line.limits,
      most: limits.inFlight,
      counters,
      onReady: () => line.ready(),
      onReceived: (packetId) => this.#receiving.received(packetId),
    });
    this.#publishing = new Publishing({
      intake,
      splitter,
      broker,
      client,
      session,
      isKept,
      connection: () => record.number,
      now: context.now,
      token: connect.password ?? '',
      partition: record.name.partition,
      gateway: () => this.#speakForOthers(),
    });
    const { receiveMaximum, topicAliasMaximum } = connect;
    this.#outgoing = new Outgoing({ limits: line.limits, receiveMaximum, topicAliasMaximum, isKept }, this);
    const { grants } = client;
    this.#session = new ClientSession({ tenant, session, grants, broker, shares, feed, expiryS, host: this }, this.#outgoing);
    if (isKept) this.#saying = new SessionSaying({ session: this.#session, record, line, nowMs: context.sweptMs() });
    this.#subscribing = new Subscribing({ context, line, client, session: this.#session, record, most: limits.subscriptions });
  }

  // What goes to the client.

  now(): number {
    return this.#context.now();
  }

  send(bytes: Buffer, isBulk: boolean): void {
    this.#line.send(bytes, isBulk);
  }

  unwritten(): number {
    return this.#line.unwritten();
  }

  ready(): void {
    this.#line.ready();
  }

  allows(message: TopicMessage): boolean {
    return this.#session.mayHaveWaited(message);
  }

  say(done: () => void): void {
    this.#saying?.say(done);
  }

  unsent(why: Unsent): void {
    this.#context.counters.unsent(why);
  }

  onRoom(): void {
    this.#session.onRoom();
  }

  /** Messages taken and not acknowledged. */
  get inFlight(): number {
    return this.acks.inFlight;
  }

  get live(): ClientSession {
    return this.#session;
  }

  /** Undefined: it has not spoken for another device. */
  get gateway(): Gateway | undefined {
    return this.#gateway;
  }

  get errors(): ErrorReports {
    const { counters, sweptMs: nowMs } = this.#context;
    this.#errors ??= new ErrorReports({ session: this.#session, nowMs, unsent: () => counters.unsent('slow-client') });
    return this.#errors;
  }

  /** Goes on where the session was left. */
  resume(state: SessionState): void {
    this.#receiving.restore(state.received);
    if (state.resumed) this.#before = state.previousConnection || this.#context.lastConnections.of(this.record.name);
    this.#subscribing.resume(state.subscriptions, this.#session.resume(state));
  }

  onFrame(frame: Frame): boolean {
    return frame.first >> 4 === PACKET.PUBLISH ? this.#onPublish(frame) : this.#onOther(frame);
  }

  /** The socket has written what waited. */
  written(): void {
    this.#outgoing.written();
  }

  sweep(nowMs: number): void {
    this.#saying?.sweep(nowMs);
  }

  /** The connection is over: says so in the log. What comes from the log and the intake means nothing any more. */
  end(why: string, leave: Leave): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { expiryS, reason } = leave;
    const sendWill = leave.sendsWill && this.#session.maySendWill(this.#connected.will);
    const { isKept } = this.#session;
    const last = isKept ? { last: this.#session.changes('all') } : {};
    const said = this.#session.close(isKept && expiryS !== 0);
    this.#receiving.close();
    this.acks.close();
    this.#gateway?.close(reason, why);
    if (this.#gateway?.claims.isUsed === true) this.#context.lastConnections.put(this.record.name, this.record.number);
    this.record.end({ reason, why, sendWill, ...(expiryS === undefined ? {} : { expiryS }), ...last }, said);
  }

  // Messages from the client.

  #onPublish(frame: Frame): boolean {
    const { publish, draft } = this.#context;
    const publishing = this.#publishing;
    const { acks, gate } = this;
    const fault = publish.decode(frame, this.#limits.level, publishing.lastTopic);
    if (fault !== REASON.SUCCESS) return this.#violation(fault);
    const unresolved = publishing.resolve(frame, publish);
    if (unresolved !== REASON.SUCCESS) return this.#violation(unresolved);
    let tag = UNACKNOWLEDGED;
    if (publish.qos > 0) {
      if (publish.qos === 2 && this.#receiving.has(publish.packetId)) return this.#receiving.again(publish.packetId);
      if (acks.isFull || this.#receiving.isFull(acks.inFlight)) return this.#onRingFull();
      if (acks.has(publish.packetId)) return this.#onRepeatedId(publish);
      if (publish.qos === 2 && publishing.isForAnother && this.#isUnnumbered()) return false;
      tag = acks.expect(publish.packetId, publish.qos, publishing.positionedIn);
    }
    const refusal = publishing.draft(frame, publish, draft);
    if (refusal !== undefined) {
      acks.settle(tag, refusal);
      this.#onRefused(refusal, tag);
      return true;
    }
    if (gate !== undefined) gate.beside = publishing.gates;
    const over = gate?.over(publishing.drafted, draft, publishing.isTelemetry);
    if (gate !== undefined && over !== undefined) {
      publishing.drop();
      return this.#onOver(gate, tag);
    }
    if (publish.qos === 0 && !publishing.isTelemetry) {
      publishing.quick(frame, publish, draft);
      gate?.took();
      return true;
    }
    if (publishing.offer(draft, acks, tag)) {
      gate?.took();
      return true;
    }
    if (tag !== UNACKNOWLEDGED) acks.unexpect();
    this.#line.block('room');
    publishing.intake.whenRoom(draft.partition, () => this.#line.unblock('room'), this.client.tenant);
    return false;
  }

  /** Over a limit: held back where the client has no word for a refusal, or where credit is on its way; else refused. */
  #onOver(gate: SessionGate, tag: number): boolean {
    const { acks } = this;
    const held = gate.hold(this.#limits.level, tag, () => this.#line.unblock('credit'));
    if (held === undefined) {
      const refusal = gate.refusal();
      acks.settle(tag, refusal);
      this.#onRefused(refusal, tag);
      return true;
    }
    if (held !== 'waiting') this.#context.counters.count(held);
    if (tag !== UNACKNOWLEDGED) acks.unexpect();
    this.#line.block('credit');
    return false;
  }

  #onRefused(refusal: Refusal, tag: number): void {
    this.#context.counters.count(refusal.why);
    if (tag !== UNACKNOWLEDGED && this.#limits.level === 5) return;
    this.errors.refused(this.#publishing.topicText, refusal);
    if (tag !== UNACKNOWLEDGED) this.#line.block('refused');
  }

  #speakForOthers(): Gateway {
    const { desk, intake, sweptMs: nowMs } = this.#context;
    const { clientId, device = '', grants, tenant } = this.client;
    this.#gateway ??= new Gateway({
      tenant,
      device,
      clientId,
      grants,
      partitions: intake.partitions,
      desk,
      connected: this.#connected,
      gate: this.gate,
      claims: new GatewayClaims(`${tenant}/${this.record.name.session}`, { number: () => this.record.number, before: this.#before }),
      nowMs,
    });
    return this.#gateway;
  }

  /** The connection has no number yet, by which a repeat of the message would be known: it waits. */
  #isUnnumbered(): boolean {
    const { record } = this;
    if (!this.#session.isKept || !record.isBeginning) return false;
    this.#line.block('session');
    record.whenNumbered(() => this.#line.unblock('session'));
    return true;
  }

  #onRingFull(): boolean {
    if (this.#limits.level === 5 || !this.acks.isFull) return this.#line.end(REASON.RECEIVE_MAXIMUM_EXCEEDED, 'in-flight');
    this.#line.block('ring');
    return false;
  }

  /** A 3.1.1 client may repeat a message that it has no answer to: the one in flight is answered, once. */
  #onRepeatedId({ dup, packetId, qos }: PublishDecoder): boolean {
    if (this.#limits.level === 4) return dup || this.#violation(REASON.PROTOCOL_ERROR);
    this.#context.counters.count('packet-id-in-use');
    this.acks.settle(this.acks.expect(packetId, qos, -1), { reason: REASON.PACKET_ID_IN_USE, why: 'packet-id-in-use' });
    return true;
  }

  // Other packets.

  #onOther(frame: Frame): boolean {
    const type = frame.first >> 4;
    const fault = headerFault(frame.first);
    if (fault !== REASON.SUCCESS) return this.#violation(fault);
    const { properties, reader } = this.#context;
    reader.open(frame.buffer, frame.start, frame.end);
    const act = this.#read(type, { reader, properties, level: this.#limits.level });
    reader.release();
    if (reader.fault !== REASON.SUCCESS) return this.#violation(reader.fault);
    act();
    return true;
  }

  /** Reads the packet; what it leads to is done when it was found to be sound. */
  #read(type: number, decoding: Parameters<typeof decodeAck>[0]): () => void {
    const { reader } = decoding;
    switch (type) {
      case PACKET.PINGREQ:
        decodeEmpty(reader);
        return () => this.#line.send(PINGRESP);
      case PACKET.SUBSCRIBE: {
        const subscribe = decodeSubscribe(decoding);
        return () => this.#subscribing.subscribe(subscribe);
      }
      case PACKET.UNSUBSCRIBE: {
        const unsubscribe = decodeUnsubscribe(decoding);
        return () => this.#subscribing.unsubscribe(unsubscribe);
      }
      case PACKET.PUBACK: {
        const { packetId } = decodeAck(decoding, PACKET.PUBACK);
        return () => this.#judge(this.#outgoing.acknowledged(packetId));
      }
      case PACKET.PUBREC: {
        const { packetId, reason } = decodeAck(decoding, PACKET.PUBREC);
        return () => this.#judge(this.#outgoing.received(packetId, reason));
      }
      case PACKET.PUBREL: {
        const { packetId } = decodeAck(decoding, PACKET.PUBREL);
        return () => this.#receiving.released(packetId);
      }
      case PACKET.PUBCOMP: {
        const { packetId } = decodeAck(decoding, PACKET.PUBCOMP);
        return () => this.#judge(this.#outgoing.completed(packetId));
      }
      case PACKET.DISCONNECT: {
        const { reason, sessionExpiryS } = decodeDisconnect(decoding);
        // A session expiry may not rise from 0 in it (MQTT-3.1.2.11.2).
        if (this.#granted.expiryS === 0 && (sessionExpiryS ?? 0) > 0) reader.fail(REASON.PROTOCOL_ERROR);
        const expiryS = sessionExpiryS === undefined ? undefined : Math.min(sessionExpiryS, this.#granted.limits.expiryS);
        return () => this.#line.leave({ reason, sendsWill: reason !== REASON.SUCCESS, expiryS });
      }
      default:
        reader.fail(REASON.PROTOCOL_ERROR);
        return () => undefined;
    }
  }

  /** An acknowledgement that doesn't fit what its identifier stands for. */
  #judge(fits: boolean): void {
    if (!fits) this.#violation(REASON.PROTOCOL_ERROR);
  }

  #violation(reason: ReasonCode): false {
    return this.#line.end(reason, reason === REASON.TOPIC_ALIAS_INVALID ? 'topic-alias' : faultName(reason));
  }
}
