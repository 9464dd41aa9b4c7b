/**
 * One MQTT connection: its socket, its CONNECT, when it is read and when it ends. What a packet after CONNECT leads to is the
 * session's (`open-session.ts`); what can't be taken now stays unread, in the framer and the socket.
 */
import type { Buffer } from 'node:buffer';
import { admit, type Client, type Refused } from './admission.ts';
import { ENTER_MS_MAX, FIRST_PACKET_BYTES_MAX, KEEP_ALIVE_PATIENCE, LINGER_MS_MAX, PACKET_BYTES_MAX, SWEEP_MS } from './announced.ts';
import type { ClientSession } from './client-session.ts';
import type { Blocked, ConnectionContext, LiveConnection, Phase } from './connection-context.ts';
import { faultName, type MqttRefusal } from './counters.ts';
import { connectedOf, sessionOf, wordFor } from './connection-words.ts';
import { decodeConnect, type Connect } from './decode-connect.ts';
import { encodeDisconnect, encodeRefusedConnack, type ClientLimits } from './encode.ts';
import { Framer, type Frame, type FramerResult } from './framer.ts';
import type { ErrorReports } from './error-reports.ts';
import type { Gateway } from './gateway.ts';
import type { Leave, Line } from './line.ts';
import { OpenSession } from './open-session.ts';
import { Outbox } from './outbox.ts';
import { PACKET, REASON, type ReasonCode } from './packets.ts';
import { grantSession, refusedDraining, refusedFlapping, SESSION_UNAVAILABLE, welcome } from './replies.ts';
import { enterGate, refuseKnock } from './session-gate.ts';
import { type ByteSocket, openWire, type Wire, type WireListener } from './wire.ts';

/** Until CONNECT has said otherwise. */
const UNKNOWN_LIMITS: ClientLimits = { level: 4, packetBytesMax: FIRST_PACKET_BYTES_MAX, wantsProblemInfo: false };
/** Answers to a client that doesn't read: beyond this it isn't read either. */
const UNWRITTEN_BYTES_MAX = 64 * 1024;
/** So much of what was missed is worth a write of its own. */
const BULK_BYTES = 4 * 1024;

export class MqttConnection implements LiveConnection, WireListener, Line {
  readonly #wire: Wire;
  readonly #context: ConnectionContext;
  readonly #framer: Framer;
  #phase: Phase = 'first';
  #blocked: Blocked = 'no';
  #session: OpenSession | undefined;
  #flushQueued = false;
  #seenMs: number;
  #endedMs = 0;
  #silenceMsMax = 0;
  #unlisten: (() => void) | undefined;
  limits: ClientLimits = UNKNOWN_LIMITS;
  readonly #outbox: Outbox;

  constructor(socket: ByteSocket, context: ConnectionContext) {
    this.#context = context;
    this.#seenMs = context.sweptMs();
    this.#framer = new Framer(FIRST_PACKET_BYTES_MAX, (frame) => this.#onFrame(frame));
    this.#wire = openWire(socket, this, context.wires);
    this.#outbox = new Outbox(this.#wire, context.acks);
  }

  // As its listener sees it.

  get inFlight(): number {
    return this.#session?.inFlight ?? 0;
  }

  get connection(): number {
    return this.#session?.record.number ?? 0;
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  get session(): ClientSession | undefined {
    return this.#phase === 'open' ? this.#session?.live : undefined;
  }

  get gateway(): Gateway | undefined {
    return this.#phase === 'open' ? this.#session?.gateway : undefined;
  }

  get errors(): ErrorReports | undefined {
    return this.#phase === 'open' ? this.#session?.errors : undefined;
  }

  flush(): void {
    this.#flushQueued = false;
    const session = this.#session;
    if (this.#phase !== 'open' || session === undefined) return;
    const outbox = this.#outbox;
    if (!outbox.isHeld && !outbox.flush(session.acks)) {
      this.#finish(undefined);
      return;
    }
    if (!outbox.isHeld) session.written();
    if (!session.acks.isFull) this.unblock('ring');
    if (outbox.bytes <= UNWRITTEN_BYTES_MAX) this.unblock('socket');
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
        if (readable && nowMs - this.#seenMs > this.#silenceMsMax) this.end(REASON.KEEP_ALIVE_TIMEOUT, 'keep-alive');
        else this.#session?.sweep(nowMs);
        return;
      }
      case 'ending':
        if (nowMs - this.#endedMs > LINGER_MS_MAX) this.#wire.destroy();
        return;
      case 'entering':
        // While the log is away, clients that have given up can't be told from those that wait: their sockets aren't read.
        if (nowMs - this.#seenMs > ENTER_MS_MAX) this.#refuse(SESSION_UNAVAILABLE);
        return;
      case 'closed':
        return;
    }
  }

  takeOver(): void {
    if (this.#phase === 'open') this.end(REASON.SESSION_TAKEN_OVER, 'taken-over');
    else if (this.#phase === 'entering')
      this.#refuse({ ok: false, reason: REASON.SERVER_UNAVAILABLE, why: 'taken-over', text: 'another connection has the session' });
  }

  dismiss(reason: ReasonCode): void {
    if (this.#phase === 'open') this.end(reason, 'taken-over');
  }

  drain(): void {
    const { isOver, serverReference } = this.#context;
    if (this.#phase === 'entering') this.#refuse(refusedDraining(serverReference));
    // Who is yet to say CONNECT is told then, if there is something to tell.
    if (this.#phase === 'first' && (serverReference === undefined || isOver())) this.#drop('draining');
    if (this.#phase !== 'open') return;
    this.block('draining');
    if (this.inFlight === 0) this.#endDrained();
  }

  stop(): void {
    if (this.#phase === 'open') this.#endDrained();
  }

  destroy(): void {
    this.#wire.destroy();
  }

  // As its wire sees it.

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
    this.#outbox.isHeld = false;
    this.flush();
  }

  onClose(): void {
    const session = this.#session;
    this.#phase = 'closed';
    session?.end('closed', { reason: REASON.UNSPECIFIED, sendsWill: true, expiryS: undefined });
    session?.gate?.leave();
    this.#framer.clear();
    this.#unlisten?.();
    this.#context.closed(this, session?.record.name);
  }

  // As its session sees it.

  send(bytes: Buffer, isBulk = false): void {
    const outbox = this.#outbox;
    outbox.add(bytes);
    if (outbox.isHeld && outbox.bytes > UNWRITTEN_BYTES_MAX && this.#blocked === 'no') this.block('socket');
    if (isBulk && outbox.bytes < BULK_BYTES) this.#context.flushLater(this);
    else this.ready();
  }

  unwritten(): number {
    return this.#outbox.unwritten;
  }

  ready(): void {
    if (this.#flushQueued) return;
    this.#flushQueued = true;
    this.#context.flushSoon(this);
  }

  leave(leave: Leave): void {
    const session = this.#session;
    if (session === undefined || this.#phase !== 'open') return;
    session.end(leave.sendsWill ? 'will' : 'client', leave);
    this.#finish(undefined);
  }

  block(why: Blocked): void {
    this.#blocked = this.#blocked === 'draining' ? 'draining' : why;
    this.#wire.pause();
  }

  unblock(why: Blocked): void {
    if (this.#blocked !== why || this.#phase !== 'open') return;
    this.#blocked = 'no';
    this.#seenMs = this.#context.sweptMs();
    this.#afterRun(this.#framer.resume());
    if (this.#isReading()) this.#wire.resume();
  }

  /** Says why, where the version can (MQTT 5 §4.13.1), after the acknowledgements that are due. */
  end(reason: ReasonCode, why: MqttRefusal, text?: string): false {
    this.#context.counters.count(why);
    const session = this.#session;
    if (this.#phase === 'open' && session !== undefined) {
      if (!this.#outbox.isHeld) this.#outbox.flush(session.acks);
      session.end(wordFor(why), { reason, sendsWill: why !== 'draining', expiryS: undefined });
    }
    const speaks = this.#phase === 'open' && this.limits.level === 5;
    const explanation = text === undefined ? {} : { reasonString: text };
    const serverReference = reason === REASON.USE_ANOTHER_SERVER ? this.#context.serverReference : undefined;
    this.#finish(speaks ? encodeDisconnect(reason, { ...this.limits, ...explanation, serverReference }) : undefined);
    return false;
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
        this.end(REASON.PACKET_TOO_LARGE, 'packet-bytes', `a packet may have ${this.#framer.packetBytesMax} bytes`);
        return;
      case 'bad-length':
        this.end(REASON.MALFORMED_PACKET, 'malformed');
        return;
      case 'bad-type':
        this.end(REASON.PROTOCOL_ERROR, 'protocol-error');
        return;
    }
  }

  #onFrame(frame: Frame): boolean {
    if (this.#blocked !== 'no' || this.#phase === 'ending') return false;
    const session = this.#session;
    return session === undefined ? this.#onFirst(frame) : session.onFrame(frame) || this.#wasEnded();
  }

  /** A packet that ended the connection was taken. */
  #wasEnded(): boolean {
    return this.#phase === 'ending';
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
    this.limits = {
      level: connect.level,
      packetBytesMax: connect.packetBytesMax,
      wantsProblemInfo: connect.wantsProblemInfo,
    };
    if (this.#context.isDraining()) return this.#refuse(refusedDraining(this.#context.serverReference));
    if (this.#context.desk.isCrowded) return this.#refuse(SESSION_UNAVAILABLE);
    const admission = refuseKnock(this.#context, this.#wire.remoteAddress) ?? admit(connect, rules, this.#wire);
    if (admission.ok) return this.#open(connect, admission.client);
    return this.#refuse(admission);
  }

  #refuse({ reason, serverReference, text, why }: Refused): false {
    this.#context.counters.count(why);
    const lingers = !why.endsWith('-failures') && why !== 'flapping';
    this.#finish(encodeRefusedConnack(reason, { ...this.limits, serverReference, reasonString: text }), lingers);
    return false;
  }

  #open(connect: Connect, client: Client): boolean {
    const granted = grantSession(connect, client, this.#context);
    // Nothing may be left out of a CONNACK, so a client that can't take it can't be served.
    if (welcome(connect, client, { ...granted, sessionPresent: false }).length > connect.packetBytesMax) {
      this.#drop('packet-bytes');
      return false;
    }
    const { context, name } = { context: this.#context, name: sessionOf(client, this.#context.intake.partitions) };
    const waitMs = client.assigned ? undefined : context.flapping?.connects(name, context.sweptMs());
    if (waitMs !== undefined) return this.#refuse(refusedFlapping(waitMs));
    const gate = enterGate(context, client, this.#wire.remoteAddress);
    if (gate !== undefined && 'ok' in gate) return this.#refuse(gate);
    // Whoever has it here lets go first, so that the log hears of its end before our beginning.
    context.opened(this, name);
    const record = context.desk.record(name);
    const connected = connectedOf(connect, granted, this.#wire.remoteAddress);
    this.#session = new OpenSession({ context, line: this, client, connect, granted, gate, record, connected });
    this.#silenceMsMax = granted.keepAliveS * 1_000 * KEEP_ALIVE_PATIENCE + SWEEP_MS;
    this.#framer.packetBytesMax = PACKET_BYTES_MAX;
    if (client.credential !== undefined) {
      const onRevoked = (): void => {
        if (this.#phase === 'open') this.end(REASON.NOT_AUTHORIZED, 'revoked', 'the credential was revoked');
        else if (this.#phase === 'entering') this.#drop('revoked');
      };
      this.#unlisten = context.rules.authenticator.onRevoked(client.credential, onRevoked);
    }
    // One that is kept waits for the log: another CONNECT elsewhere must not be overtaken by it.
    if (connect.cleanStart && granted.expiryS === 0) {
      context.desk.begin(record, connected);
      this.#enter(welcome(connect, client, { ...granted, sessionPresent: false }));
      return true;
    }
    this.#phase = 'entering';
    this.#seenMs = this.#context.sweptMs();
    this.block('session');
    void context.desk.enter(record, connected).then((entered) => {
      if (this.#phase !== 'entering') return;
      if (entered.kind === 'unavailable') {
        this.#refuse(SESSION_UNAVAILABLE);
        return;
      }
      const state = entered.kind === 'new' ? undefined : entered.state;
      this.#enter(welcome(connect, client, { ...granted, sessionPresent: state?.resumed === true }));
      if (state !== undefined) this.#session?.resume(state);
      this.unblock('session');
    });
    return true;
  }

  #enter(connack: Buffer): void {
    this.#phase = 'open';
    this.#seenMs = this.#context.sweptMs();
    this.#outbox.write(connack);
  }

  /** Asked after a run, which may have blocked or ended the connection. */
  #isReading(): boolean {
    return this.#blocked === 'no' && this.#phase === 'open';
  }

  #endDrained(): void {
    this.end(this.#context.serverReference === undefined ? REASON.SERVER_SHUTTING_DOWN : REASON.USE_ANOTHER_SERVER, 'draining');
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
    this.#session?.end('refused', { reason: REASON.UNSPECIFIED, sendsWill: true, expiryS: undefined });
    this.#framer.clear();
    this.#wire.end(last === undefined || last.length > this.limits.packetBytesMax ? undefined : last);
    this.#wire.resume();
  }
}
