/**
 * Sessions as the fold drives them: events of connections and sessions, identifiers of QoS 2 messages, what falls due as
 * log time goes on, and the messages for topics that come of it. Everything is said in proportions of a message of the log:
 * what is due or to be sent beyond what one record may hold goes with the messages after it.
 */
import { decodeConnected, decodeDisconnected, decodeSessionChange, EdgeGoneReader, KIND } from '../../schemas/gen/lean.ts';
import type { Will } from '../../schemas/gen/lean.ts';
import { readExactText, readText } from '../../schemas/wire.ts';
import { Outbox } from '../domain/outbox.ts';
import { isPublishFlags, isTopicName, publishedEvent, willMessage } from '../domain/published.ts';
import type { SessionNews, SessionSink } from '../domain/session.ts';
import { type Cut, PACKET_ID_MAX } from '../domain/session-change.ts';
import { clientIdOf, type Session } from '../domain/session-state.ts';
import { type SessionSinks, Sessions, type Speaker } from '../domain/sessions.ts';
import { NO_REASON } from '../domain/validation.ts';
import { reasonCode } from '../kernel/outcome.ts';
import { partitionOf } from '../kernel/partition.ts';
import { placeOf } from '../kernel/position.ts';
import type { DecisionSink } from './decisions.ts';
import type { EventPlace, EventView } from './event-view.ts';
import { MessageReader } from './message-reader.ts';
import { sessionKind, timedDecision } from './presence-rows.ts';

const MALFORMED_PAYLOAD = reasonCode('malformed-payload');
const BAD_IDENTITY = reasonCode('bad-identity');

/** About what a decision takes in the record: one that its event tells the rest of, and one that stands for itself. */
const BRIEF_BYTES = 64;
const TIMED_BYTES = 512;
/** What timers may decide before and after one message; what is due beyond that goes with the next ones. */
const TIMED_BYTES_MAX = 128 * 1024;
/** Longer than any edge takes a client id. */
const SESSION_BYTES_MAX = 1_024;

export class SessionFold {
  readonly sessions: Sessions;
  readonly outbox = new Outbox();
  readonly #partition: number;
  readonly #partitions: number;
  readonly #edgeGone = new EdgeGoneReader();
  readonly #sinks: SessionSinks;
  #message = new MessageReader();
  #place = 0;
  #decided: DecisionSink | undefined;
  /** Of the message at hand, by timers and altogether. */
  #timedBytes = 0;
  #decidedBytes = 0;
  /** The QoS 2 message that was seen last: an edge may make several events of it, which stand in one message of the log. */
  #packet = { seq: 0, session: '', id: 0 };

  constructor(partition: number, partitions: number) {
    this.#partition = partition;
    this.#partitions = partitions;
    this.sessions = new Sessions(partitions);
    const send: SessionSink['send'] = (session, will, at) => this.#send(session, will, at);
    this.#sinks = {
      told: { tell: (session, news) => this.#told(session, news), send },
      timed: { tell: (session, news) => this.#timed(session, news), send },
    };
  }

  /** Log time at which there is something to do without an event; 0 where nothing is. */
  nextDueMs(logMs: number): number {
    if (this.outbox.count > 0) return logMs;
    const { nextDueMs } = this.sessions;
    return nextDueMs === Number.POSITIVE_INFINITY ? 0 : nextDueMs;
  }

  /** Before a message's events: what was due by its log time happens. */
  begin(message: MessageReader, logMs: number, decided: DecisionSink | undefined): void {
    this.#message = message;
    this.#timedBytes = 0;
    this.#decidedBytes = 0;
    if (this.sessions.nextDueMs <= logMs) this.#fire(logMs, decided);
  }

  /** After them: what they made due at once happens, and messages for topics go out. */
  end(logMs: number, decided: DecisionSink | undefined): void {
    if (this.sessions.nextDueMs <= logMs) this.#fire(logMs, decided);
    if (this.outbox.count === 0) return;
    const released = this.outbox.release(this.#decidedBytes);
    decided?.publish(released);
  }

  /** A reason's code, of a sound event about a connection, a session or a message for a topic; changes nothing. */
  decide(view: EventView, kind: number): number {
    const { bytes, event } = view;
    const { payloadEnd, payloadStart } = event;
    if (kind === KIND.published) return this.#decidePublished(view);
    const reason = this.#checkSession(view);
    if (reason !== NO_REASON) return reason;
    this.#packet.seq = 0;
    if (kind === KIND.session) return decodeSessionChange(bytes, payloadStart, payloadEnd) === undefined ? MALFORMED_PAYLOAD : NO_REASON;
    if (kind === KIND.disconnected)
      return decodeDisconnected(bytes, payloadStart, payloadEnd) === undefined ? MALFORMED_PAYLOAD : NO_REASON;
    const connected = decodeConnected(bytes, payloadStart, payloadEnd);
    return connected === undefined || !isWill(connected.will) ? MALFORMED_PAYLOAD : NO_REASON;
  }

  /** Whether the event is a QoS 2 message that its session has already. Only of an event with a packet identifier. */
  isRepeated(view: EventView, logMs: number): boolean {
    const speaker = this.#speaker(view);
    const id = view.event.packetId;
    const session = `${speaker.connection} ${speaker.tenant}/${speaker.session}`;
    const { seq } = this.#message;
    const last = this.#packet;
    if (last.seq === seq && last.id === id && last.session === session) return false;
    if (this.sessions.hasReceived(speaker, id, logMs)) return true;
    this.#packet = { seq, session, id };
    return false;
  }

  /** Folds an accepted event that has a packet identifier, whatever its kind. */
  receive(view: EventView, place: EventPlace, decided: DecisionSink | undefined): void {
    this.#at(place, decided);
    this.sessions.receive(this.#speaker(view), view.event.packetId, { logMs: place.logMs, sinks: this.#sinks });
  }

  connected(view: EventView, place: EventPlace, decided: DecisionSink | undefined): void {
    const { bytes, event } = view;
    const said = decodeConnected(bytes, event.payloadStart, event.payloadEnd);
    if (said === undefined) return;
    this.#at(place, decided);
    const { edgeEpoch, session, tenant } = this.#speaker(view);
    const arrival = {
      tenant,
      session,
      device: readText(bytes, event.deviceStart, event.deviceEnd),
      gateway: readText(bytes, event.gatewayStart, event.gatewayEnd),
      via: event.via,
      said,
      place: this.#place,
      logMs: place.logMs,
      edgeEpoch,
      edge: readText(this.#message.bytes, this.#message.edgeStart, this.#message.edgeEnd),
    };
    this.sessions.connect(arrival, this.#sinks);
  }

  disconnected(view: EventView, place: EventPlace, decided: DecisionSink | undefined): void {
    const { bytes, event } = view;
    const said = decodeDisconnected(bytes, event.payloadStart, event.payloadEnd);
    if (said === undefined) return;
    this.#at(place, decided);
    const speaker = { ...this.#speaker(view), edgeConnection: said.edgeConnection, last: said.last };
    this.#tellCut(view, this.sessions.disconnect(speaker, { said, place: this.#place, logMs: place.logMs }, this.#sinks));
  }

  changed(view: EventView, place: EventPlace, decided: DecisionSink | undefined): void {
    const change = decodeSessionChange(view.bytes, view.event.payloadStart, view.event.payloadEnd);
    if (change === undefined) return;
    this.#at(place, decided);
    this.#tellCut(view, this.sessions.change(this.#speaker(view), change, { logMs: place.logMs, sinks: this.#sinks }));
  }

  published(view: EventView, place: EventPlace): void {
    const { bytes, event } = view;
    const message = {
      tenant: readText(bytes, event.tenantStart, event.tenantEnd),
      session: readText(bytes, event.sessionStart, event.sessionEnd),
      topic: readText(bytes, event.topicStart, event.topicEnd),
      payload: bytes.subarray(event.payloadStart, event.payloadEnd),
      publishFlags: event.publishFlags,
      publishProperties: bytes.subarray(event.publishPropertiesStart, event.publishPropertiesEnd),
      expiresMs: event.expiresMs,
      cause: placeOf(place.seq, place.index),
    };
    this.outbox.add(publishedEvent(message, { partition: this.#partition, partitions: this.#partitions }));
  }

  /** The epoch of the edge that is gone, or 0 where the event names none. */
  edgeIsGone(view: EventView, place: EventPlace): number {
    const reader = this.#edgeGone;
    if (!reader.read(view.bytes, view.event.payloadStart, view.event.payloadEnd)) return 0;
    const gone = { drained: reader.drained, place: placeOf(place.seq, place.index), logMs: place.logMs };
    this.sessions.loseEdge(reader.edgeEpoch, gone);
    return reader.edgeEpoch;
  }

  #decidePublished(view: EventView): number {
    const { bytes, event } = view;
    if (event.tenantEnd === event.tenantStart) return BAD_IDENTITY;
    if (event.sessionEnd > event.sessionStart || event.packetId !== 0) {
      const reason = this.#checkSession(view);
      if (reason !== NO_REASON) return reason;
    }
    const isSound = isTopicName(bytes, event.topicStart, event.topicEnd) && isPublishFlags(event.publishFlags);
    return isSound && event.packetId <= PACKET_ID_MAX ? NO_REASON : MALFORMED_PAYLOAD;
  }

  /** A device's session is named after a client of that device; an application's, or a shared subscription's, stands where its name says. */
  #checkSession(view: EventView): number {
    const { bytes, event } = view;
    const { deviceEnd, deviceStart, sessionEnd, sessionStart, tenantEnd, tenantStart } = event;
    if (tenantEnd === tenantStart) return BAD_IDENTITY;
    const session = sessionEnd - sessionStart > SESSION_BYTES_MAX ? undefined : readExactText(bytes, sessionStart, sessionEnd);
    if (session === undefined || session.length < 3) return MALFORMED_PAYLOAD;
    if (session.startsWith('d:')) return deviceEnd > deviceStart ? NO_REASON : BAD_IDENTITY;
    if (!session.startsWith('a:') && !session.startsWith('s:')) return MALFORMED_PAYLOAD;
    if (deviceEnd > deviceStart) return BAD_IDENTITY;
    const tenant = readText(bytes, tenantStart, tenantEnd);
    return partitionOf(tenant, clientIdOf(session), this.#partitions) === this.#partition ? NO_REASON : BAD_IDENTITY;
  }

  #speaker({ bytes, event }: EventView): Speaker {
    return {
      tenant: readText(bytes, event.tenantStart, event.tenantEnd),
      session: readText(bytes, event.sessionStart, event.sessionEnd),
      connection: event.connection,
      edgeEpoch: this.#message.edgeEpoch,
    };
  }

  #at(place: EventPlace, decided: DecisionSink | undefined): void {
    this.#place = placeOf(place.seq, place.index);
    this.#decided = decided;
  }

  #fire(logMs: number, decided: DecisionSink | undefined): void {
    this.#decided = decided;
    while (this.#timedBytes < TIMED_BYTES_MAX && this.sessions.fireNext(logMs, this.#sinks.timed));
  }

  /** What the event at hand says, short of what it says itself. */
  #told(session: Session, news: SessionNews): void {
    this.#decidedBytes += BRIEF_BYTES;
    const version = news.connection === this.#place ? {} : { version: news.connection };
    const newValue = news.state === 'will' ? { newValue: news.topic } : {};
    this.#decided?.brief({ kind: sessionKind(session.device), state: news.state, ...version, ...newValue });
  }

  #timed(session: Session, news: SessionNews): void {
    this.#timedBytes += TIMED_BYTES;
    this.#decidedBytes += TIMED_BYTES;
    this.#decided?.timed(timedDecision(session, news, this.#partition));
  }

  #send(session: Session, will: Will, at: { readonly ms: number; readonly cause: number }): void {
    this.outbox.add(publishedEvent(willMessage(session, will, at), { partition: this.#partition, partitions: this.#partitions }));
  }

  #tellCut(view: EventView, cut: Cut | undefined): void {
    if (cut === undefined || (cut.subscriptions === 0 && cut.outgoing === 0 && cut.session === undefined)) return;
    this.#decidedBytes += BRIEF_BYTES;
    const { deviceEnd, deviceStart } = view.event;
    this.#decided?.brief({ kind: sessionKind(deviceEnd > deviceStart ? 'd' : ''), state: 'cut', newValue: JSON.stringify(cut) });
  }
}

function isWill(will: Will | undefined): boolean {
  if (will === undefined) return true;
  const topic = UTF8.encode(will.topic);
  return isTopicName(topic, 0, topic.length) && isPublishFlags(will.flags);
}

const UTF8 = new TextEncoder();
