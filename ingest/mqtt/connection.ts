/**
 * One MQTT connection: what a packet leads to, when the socket is read, and when an acknowledgement leaves. A PUBACK is
 * written only after the intake said `stored`, in the order of the PUBLISHes; what can't be taken now stays unread, in the
 * framer and the socket. There is no promise and no closure a message on this way.
 */
import type { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { partitionOf } from '../../engine/kernel/partition.ts';
import { Acknowledgements, UNACKNOWLEDGED } from './acknowledgements.ts';
import { admit, type Client, type Refused } from './admission.ts';
import { FIRST_PACKET_BYTES_MAX, KEEP_ALIVE_PATIENCE, LINGER_MS_MAX, PACKET_BYTES_MAX, QOS_MAX, SWEEP_MS } from './announced.ts';
import type { Blocked, ConnectionContext, LiveConnection, Phase, Session } from './connection-context.ts';
import { faultName, type MqttRefusal } from './counters.ts';
import { decodeConnect, type Connect } from './decode-connect.ts';
import { hasRightFlags, isUnexpected } from './decode.ts';
import { encodeDisconnect, encodeRefusedConnack, type ClientLimits } from './encode.ts';
import { Framer, type Frame, type FramerResult } from './framer.ts';
import { PACKET, REASON, type ReasonCode } from './packets.ts';
import { Publishing } from './publishing.ts';
import { answerTo, welcome } from './replies.ts';
import { enterGate, refuseKnock, type SessionGate } from './session-gate.ts';
import { openWire, type Wire, type WireListener } from './wire.ts';

/** Until CONNECT has said otherwise. */
const UNKNOWN_LIMITS: ClientLimits = { level: 4, packetBytesMax: FIRST_PACKET_BYTES_MAX, wantsProblemInfo: false };

export class MqttConnection implements LiveConnection, WireListener {
  readonly #wire: Wire;
  readonly #context: ConnectionContext;
  readonly #framer: Framer;
  #phase: Phase = 'first';
  #blocked: Blocked = 'no';
  #limits: ClientLimits = UNKNOWN_LIMITS;
  #session: Session | undefined;
  #flushQueued = false;
  #seenMs: number;
  #endedMs = 0;
  #unlisten: (() => void) | undefined;

  constructor(socket: Socket, context: ConnectionContext) {
    this.#context = context;
    this.#seenMs = context.sweptMs();
    this.#framer = new Framer(FIRST_PACKET_BYTES_MAX, (frame) => this.#onFrame(frame));
    this.#wire = openWire(socket, this, context.wires);
  }

  get inFlight(): number {
    return this.#session?.acks.inFlight ?? 0;
  }

  flush(): void {
    this.#flushQueued = false;
    const session = this.#session;
    if (this.#phase !== 'open' || session === undefined) return;
    if (!this.#writeAcks(session)) {
      this.#finish(undefined);
      return;
    }
    if (!session.acks.isFull) this.#unblock('ring');
    if (this.#blocked === 'draining' && session.acks.inFlight === 0) this.#endDrained();
  }

  sweep(nowMs: number): void {
    switch (this.#phase) {
      case 'first':
        if (nowMs - this.#seenMs > this.#context.firstPacketMs + SWEEP_MS) this.#drop('first-packet-time');
        return;
      case 'open': {
        // A socket that we don't read can't show that its client is alive.
        const readable = this.#blocked === 'no' || this.#blocked === 'socket';
        const silenceMsMax = this.#session?.silenceMsMax ?? 0;
        if (readable && nowMs - this.#seenMs > silenceMsMax) this.#end(REASON.KEEP_ALIVE_TIMEOUT, 'keep-alive');
        return;
      }
      case 'ending':
        if (nowMs - this.#endedMs > LINGER_MS_MAX) this.#wire.destroy();
        return;
      case 'closed':
        return;
    }
  }

  takeOver(): void {
    if (this.#phase === 'open') this.#end(REASON.SESSION_TAKEN_OVER, 'taken-over');
  }

  drain(): void {
    if (this.#phase === 'first') this.#drop('draining');
    if (this.#phase !== 'open') return;
    this.#block('draining');
    if (this.inFlight === 0) this.#endDrained();
  }

  stop(): void {
    if (this.#phase === 'open') this.#endDrained();
  }

  destroy(): void {
    this.#wire.destroy();
  }

  onData(bytes: Buffer, length: number): void {
    if (this.#phase === 'ending' || this.#phase === 'closed') return;
    // In `first` the time of accepting counts, however much dribbles in.
    if (this.#phase === 'open') this.#seenMs = this.#context.sweptMs();
    if (this.#blocked !== 'no') {
      this.#framer.hold(bytes, length);
      return;
    }
    this.#afterRun(this.#framer.push(bytes, length));
  }

  onDrain(): void {
    this.#unblock('socket');
  }

  onClose(): void {
    this.#phase = 'closed';
    this.#session?.acks.close();
    this.#session?.gate?.leave();
    this.#framer.clear();
    this.#unlisten?.();
    this.#context.closed(this, this.#session?.client);
  }

  #afterRun(result: FramerResult): void {
    if (this.#phase === 'ending' || this.#phase === 'closed') {
      this.#framer.clear();
      return;
    }
    switch (result) {
      case 'ok':
      case 'blocked':
        return;
      case 'too-large':
        this.#end(REASON.PACKET_TOO_LARGE, 'packet-bytes', `a packet may have ${this.#framer.packetBytesMax} bytes`);
        return;
      case 'bad-length':
        this.#end(REASON.MALFORMED_PACKET, 'malformed');
        return;
      case 'bad-type':
        this.#end(REASON.PROTOCOL_ERROR, 'protocol-error');
        return;
    }
  }

  #onFrame(frame: Frame): boolean {
    if (this.#blocked !== 'no' || this.#phase === 'ending') return false;
    const session = this.#session;
    if (session === undefined) return this.#onFirst(frame);
    return frame.first >> 4 === PACKET.PUBLISH ? this.#onPublish(frame, session) : this.#onOther(frame, session);
  }

  #onFirst(frame: Frame): boolean {
    const { reader, properties, rules, counters } = this.#context;
    if (frame.first !== PACKET.CONNECT << 4) {
      this.#drop('protocol-error');
      return false;
    }
    reader.open(frame.buffer, frame.start, frame.end);
    const result = decodeConnect(reader, properties);
    reader.release();
    if (!result.ok) {
      counters.count(result.reason === REASON.UNSUPPORTED_VERSION ? 'unsupported-version' : faultName(result.reason));
      if (result.level === undefined) this.#finish(undefined);
      else this.#finish(encodeRefusedConnack(result.reason, { ...UNKNOWN_LIMITS, level: result.level }));
      return false;
    }
    const { connect } = result;
    this.#limits = {
      level: connect.level,
      packetBytesMax: connect.packetBytesMax,
      wantsProblemInfo: connect.wantsProblemInfo,
    };
    const admission = refuseKnock(this.#context, this.#wire.remoteAddress) ?? admit(connect, rules, this.#wire);
    if (admission.ok) return this.#open(connect, admission.client);
    return this.#refuse(admission);
  }

  #refuse({ reason, text, why }: Refused): false {
    this.#context.counters.count(why);
    this.#finish(encodeRefusedConnack(reason, { ...this.#limits, reasonString: text }), !why.endsWith('-failures'));
    return false;
  }

  #open(connect: Connect, client: Client): boolean {
    const { intake, splitter, rules, counters } = this.#context;
    const { connack, keepAliveS } = welcome(connect, client);
    // Nothing may be left out of a CONNACK, so a client that can't take it can't be served.
    if (connack.length > connect.packetBytesMax) {
      this.#drop('packet-bytes');
      return false;
    }
    const gate = enterGate(this.#context, client, this.#wire.remoteAddress);
    if (gate !== undefined && 'ok' in gate) return this.#refuse(gate);
    const { tenant, device } = client;
    const partition = device === undefined ? 0 : partitionOf(tenant, device, intake.partitions);
    this.#session = {
      client,
      gate,
      partition,
      publishing: new Publishing({
        intake,
        splitter,
        client,
        token: connect.password ?? '',
        partition,
        treeTopics: rules.treeTopics,
      }),
      acks: new Acknowledgements({ limits: this.#limits, partition, counters, onReady: () => this.#onReady() }),
      silenceMsMax: keepAliveS * 1_000 * KEEP_ALIVE_PATIENCE + SWEEP_MS,
      sessionExpiryS: connect.sessionExpiryS,
    };
    this.#phase = 'open';
    this.#seenMs = this.#context.sweptMs();
    this.#framer.packetBytesMax = PACKET_BYTES_MAX;
    if (client.credential !== undefined) {
      const onRevoked = (): void => this.#onRevoked();
      this.#unlisten = rules.authenticator.onRevoked(client.credential, onRevoked);
    }
    this.#context.opened(this, client);
    this.#write(connack);
    return true;
  }

  #onPublish(frame: Frame, session: Session): boolean {
    const { publish, draft, intake } = this.#context;
    const { acks, publishing } = session;
    const fault = publish.decode(frame, this.#limits.level, publishing.lastTopic);
    if (fault !== REASON.SUCCESS) return this.#violation(fault);
    if (publish.qos > QOS_MAX) return this.#end(REASON.QOS_NOT_SUPPORTED, 'qos');
    // A 3.1.1 client doesn't know that Retain is not available: its message is stored and not retained.
    if (publish.retain && this.#limits.level === 5) return this.#end(REASON.RETAIN_NOT_SUPPORTED, 'retain');
    const unresolved = publishing.resolve(frame, publish);
    if (unresolved !== REASON.SUCCESS) return this.#violation(unresolved);
    let tag = UNACKNOWLEDGED;
    if (publish.qos === 1) {
      if (acks.isFull) return this.#onRingFull();
      if (acks.has(publish.packetId)) return this.#onRepeatedId(publish.packetId, publish.dup);
      tag = acks.expect(publish.packetId);
    }
    const refusal = publishing.draft(frame, publish, draft);
    if (refusal !== undefined) {
      acks.settle(tag, refusal);
      if (refusal.why !== undefined) this.#onRefused(refusal.why, tag);
      return true;
    }
    const { gate } = session;
    const over = gate?.over(publishing.drafted, draft);
    if (gate !== undefined && over !== undefined) {
      publishing.drop();
      return this.#onOver(session, gate, tag);
    }
    if (publishing.offer(draft, acks, tag)) {
      gate?.took();
      return true;
    }
    if (tag !== UNACKNOWLEDGED) acks.unexpect();
    this.#block('room');
    intake.whenRoom(session.partition, () => this.#unblock('room'), session.client.tenant);
    return false;
  }

  /** Over a limit: held back where the client has no word for a refusal, or where credit is on its way; else refused. */
  #onOver({ acks }: Session, gate: SessionGate, tag: number): boolean {
    const held = gate.hold(this.#limits.level, tag, () => this.#unblock('credit'));
    if (held === undefined) {
      const refusal = gate.refusal();
      acks.settle(tag, refusal);
      if (refusal.why !== undefined) this.#onRefused(refusal.why, tag);
      return true;
    }
    if (held !== 'waiting') this.#context.counters.count(held);
    if (tag !== UNACKNOWLEDGED) acks.unexpect();
    this.#block('credit');
    return false;
  }

  #onRefused(why: MqttRefusal, tag: number): void {
    this.#context.counters.count(why);
    if (tag !== UNACKNOWLEDGED && this.#limits.level === 4) this.#block('refused');
  }

  #onRingFull(): boolean {
    if (this.#limits.level === 5) return this.#end(REASON.RECEIVE_MAXIMUM_EXCEEDED, 'in-flight');
    this.#block('ring');
    return false;
  }

  /** A 3.1.1 client may repeat a message that it has no answer to: the one in flight is answered, once. */
  #onRepeatedId(packetId: number, dup: boolean): boolean {
    const session = this.#session;
    if (session === undefined) return false;
    if (this.#limits.level === 4) return dup || this.#violation(REASON.PROTOCOL_ERROR);
    this.#context.counters.count('packet-id-in-use');
    session.acks.settle(session.acks.expect(packetId), { reason: REASON.PACKET_ID_IN_USE, why: 'packet-id-in-use' });
    return true;
  }

  #onOther(frame: Frame, session: Session): boolean {
    const type = frame.first >> 4;
    if (isUnexpected(type)) return this.#violation(REASON.PROTOCOL_ERROR);
    if (!hasRightFlags(frame.first)) return this.#violation(REASON.MALFORMED_PACKET);
    const { reader, properties } = this.#context;
    reader.open(frame.buffer, frame.start, frame.end);
    if (type === PACKET.SUBSCRIBE) this.#context.counters.count('subscription');
    const answer = answerTo(type, { reader, properties, level: this.#limits.level }, { limits: this.#limits, session });
    reader.release();
    if (answer === 'bye') this.#finish(undefined);
    else if (reader.fault !== REASON.SUCCESS) return this.#violation(reader.fault);
    else if (answer !== undefined && this.#phase === 'open') this.#write(answer);
    return true;
  }

  #onReady(): void {
    if (this.#flushQueued) return;
    this.#flushQueued = true;
    this.#context.flushSoon(this);
  }

  #onRevoked(): void {
    if (this.#phase === 'open') this.#end(REASON.NOT_AUTHORIZED, 'revoked', 'the credential was revoked');
  }

  /** False: see `Acknowledgements.write`. */
  #writeAcks(session: Session): boolean {
    const writer = this.#context.acks;
    writer.begin();
    const goesOn = session.acks.write(writer);
    if (writer.isEmpty) return goesOn;
    this.#write(writer.take());
    if (this.#wire.isHolding) writer.leave();
    else writer.free();
    return goesOn;
  }

  #write(bytes: Buffer): void {
    if (!this.#wire.write(bytes) && this.#blocked === 'no') this.#block('socket');
  }

  #block(why: Blocked): void {
    this.#blocked = why;
    this.#wire.pause();
  }

  #unblock(why: Blocked): void {
    if (this.#blocked !== why || this.#phase !== 'open') return;
    this.#blocked = 'no';
    this.#seenMs = this.#context.sweptMs();
    this.#afterRun(this.#framer.resume());
    if (this.#isReading()) this.#wire.resume();
  }

  /** Asked after a run, which may have blocked or ended the connection. */
  #isReading(): boolean {
    return this.#blocked === 'no' && this.#phase === 'open';
  }

  #violation(reason: ReasonCode): false {
    return this.#end(reason, reason === REASON.TOPIC_ALIAS_INVALID ? 'topic-alias' : faultName(reason));
  }

  #endDrained(): void {
    this.#end(REASON.SERVER_SHUTTING_DOWN, 'draining');
  }

  /** Says why, where the version can (MQTT 5 §4.13.1), after the acknowledgements that are due. */
  #end(reason: ReasonCode, why: MqttRefusal, text?: string): false {
    this.#context.counters.count(why);
    const session = this.#session;
    if (this.#phase === 'open' && session !== undefined) this.#writeAcks(session);
    const speaks = this.#phase === 'open' && this.#limits.level === 5;
    const explanation = text === undefined ? {} : { reasonString: text };
    this.#finish(speaks ? encodeDisconnect(reason, { ...this.#limits, ...explanation }) : undefined);
    return false;
  }

  #drop(why: MqttRefusal): void {
    this.#context.counters.count(why);
    this.#finish(undefined);
  }

  /**
   * Sends the last packet and closes our side; theirs is read and thrown away until they close too or the linger time is over:
   * closing with unread bytes would reset it and could take our last packet with it. Who is banned gets no such time.
   */
  #finish(last: Buffer | undefined, lingers = true): void {
    if (this.#phase === 'ending' || this.#phase === 'closed') return;
    this.#phase = 'ending';
    this.#endedMs = lingers ? this.#context.sweptMs() : Number.NEGATIVE_INFINITY;
    this.#session?.acks.close();
    this.#framer.clear();
    this.#wire.end(last === undefined || last.length > this.#limits.packetBytesMax ? undefined : last);
    this.#wire.resume();
  }
}
