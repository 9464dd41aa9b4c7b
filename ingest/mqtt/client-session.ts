/**
 * A client's session while it is connected: its subscriptions, what is on its way to it, and how far it has come in each
 * partition of the topic streams. Of a session that is kept, the log is told what a successor must know.
 */
import type { InFlightInit, SessionChangeInit, SessionState, WillInit } from '../../schemas/gen/lean.ts';
import { placeOf } from '../../engine/kernel/position.ts';
import type { Broker } from '../broker/broker.ts';
import type { Straggler } from '../broker/takers.ts';
import type { Member, Ticket } from '../broker/shared-group.ts';
import type { SharedGroups } from '../broker/shared-groups.ts';
import type { Delivery, Subscribed } from '../broker/subscriber.ts';
import type { LogFeed } from '../feed/log-feed.ts';
import type { TopicMessage } from '../broker/topic-message.ts';
import type { Grants } from '../message.ts';
import type { Subscription } from './decode.ts';
import { LiveTopics } from './live-topics.ts';
import { isShared } from './topics.ts';
import type { Sending } from './encode-publish.ts';
import type { Outgoing } from './outgoing.ts';
import { FilterMap } from './filter-map.ts';
import { placesToGoOn, Resending } from './resending.ts';
import { isView, Views, VIEW_QOS_MAX } from './views.ts';

const NO_CURSORS: readonly number[] = [];

export interface ClientSessionParts {
  readonly tenant: string;
  /** As `Event.session`. */
  readonly session: string;
  readonly grants: Grants;
  readonly broker: Broker;
  readonly shares: SharedGroups;
  /** Undefined: there are no views of the log here. */
  readonly feed: LogFeed | undefined;
  /** Seconds that it outlives its connection. */
  readonly expiryS: number;
  readonly host: SessionHost;
}

/** The connection that it has. */
export interface SessionHost {
  /** Writes what was collected. */
  ready(): void;
  /** A message that the client may not have, or has no room for. */
  unsent(why: 'forbidden' | 'slow-client'): void;
}

export class ClientSession implements Straggler, Member {
  readonly tenant: string;
  readonly session: string;
  readonly isKept: boolean;
  readonly #parts: ClientSessionParts;
  readonly #outgoing: Outgoing;
  readonly #subscriptions = new FilterMap<Subscribed>();
  /** Partitions in which it is behind, and the place up to which everything is settled or on its way. */
  #behind: Map<number, number> | undefined;
  /** Partitions of `behind` that no pass knows of. */
  #resting: Set<number> | undefined;
  /** Filters of shared subscriptions. */
  #shared: Set<string> | undefined;
  #views: Views | undefined;
  #isClosed = false;
  /** Whether it is known what the session was, or that it is a new one: before, nothing may be said of it. */
  #isKnown = false;
  /** While retained messages are fetched. */
  #live: LiveTopics | undefined;
  /** What a session that goes on said last of its cursors. */
  #cursorBefore: readonly number[] = NO_CURSORS;
  /** Filters of which no retained message is due any more, and the log doesn't know. */
  #retainedGiven: string[] | undefined;
  /** While what was in flight is sent again. */
  #resending: Resending | undefined;

  constructor(parts: ClientSessionParts, outgoing: Outgoing) {
    this.#parts = parts;
    this.#outgoing = outgoing;
    this.tenant = parts.tenant;
    this.session = parts.session;
    this.isKept = parts.expiryS > 0;
  }

  /** Seconds that it outlives its connection; 0: it ends with it. */
  get expiryS(): number {
    return this.#parts.expiryS;
  }

  get outgoing(): Outgoing {
    return this.#outgoing;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get subscribed(): number {
    return this.#subscriptions.size;
  }

  has(filter: string): boolean {
    return this.#subscriptions.get(filter) !== undefined;
  }

  of(filter: string): Subscribed | undefined {
    return this.#subscriptions.get(filter);
  }

  /** Those to topics of the tree: shared ones are their groups', and views are of the log. */
  *subscriptions(): Iterable<Subscribed> {
    for (const subscribed of this.#subscriptions.values()) {
      if (!isShared(subscribed.filter) && !isView(subscribed.filter)) yield subscribed;
    }
  }

  /** Resolves when the groups of these filters have their messages given out; undefined: they have. */
  whenShared(filters: Iterable<string>): Promise<unknown> | undefined {
    const waits = [...filters].filter(isShared).flatMap((filter) => this.#parts.shares.whenReady(this.tenant, filter) ?? []);
    return waits.length === 0 ? undefined : Promise.all(waits);
  }

  /** Resolves when views of the log can be subscribed to; undefined: they can, or there are none. */
  listen(filters: Iterable<string>): Promise<void> | undefined {
    if (!Iterator.from(filters).some(isView) || this.#parts.feed === undefined || this.#views !== undefined) return undefined;
    return this.#viewsOf(this.#parts.feed).listen();
  }

  /** Replaces the subscription of the same filter (MQTT-3.8.4-3). The feed runs. */
  subscribe(subscription: Subscription, id: number): Subscribed {
    const { broker } = this.#parts;
    const { filter, noLocal, retainAsPublished } = subscription;
    const qos = isView(filter) ? Math.min(subscription.qos, VIEW_QOS_MAX) : subscription.qos;
    // What waits for the one that is replaced waits for this one (MQTT-3.8.4-4); in its group a member stays where it is.
    const since = this.#subscriptions.get(filter)?.since ?? broker.since();
    if (!isShared(filter)) this.unsubscribe(filter);
    const subscribed = { subscriber: this, filter, qos, noLocal, retainAsPublished, id, since };
    this.#add(subscribed);
    return subscribed;
  }

  unsubscribe(filter: string): boolean {
    const subscribed = this.#subscriptions.get(filter);
    if (subscribed === undefined) return false;
    this.#subscriptions.delete(filter);
    if (isShared(filter)) {
      this.#shared?.delete(filter);
      this.#parts.shares.leave({ tenant: this.tenant, filter }, this, 0);
      return true;
    }
    if (isView(filter)) {
      this.#views?.remove(filter);
      return true;
    }
    this.#parts.broker.unsubscribe(this.tenant, subscribed);
    if (this.#behind !== undefined) this.#parts.broker.catchUp.changed(this, subscribed, false);
    return true;
  }

  take(message: TopicMessage, delivery: Delivery): void {
    // It was stored before the subscription began, and only now heard of.
    if (message.place !== 0 && message.place < placeOf((delivery.since[message.partition] ?? -1) + 1, 0)) return;
    if (message.retain) this.#live?.saw(message.topic);
    if (message.place !== 0 && this.#behind?.has(message.partition) === true) {
      if (Math.min(message.qos, delivery.qos) === 0) this.#parts.host.unsent('slow-client');
      return;
    }
    if (this.#give(message, delivery, message.retain && delivery.retainAsPublished)) return;
    this.#behind ??= new Map();
    this.#behind.set(message.partition, message.place - 1);
    (this.#resting ??= new Set()).add(message.partition);
    // The feed has not come behind this message yet.
    if (this.#outgoing.hasRoom) queueMicrotask(() => this.onRoom());
  }

  takeFromLog(message: TopicMessage, delivery: Delivery): boolean {
    const { partition, place } = message;
    // Of QoS 0 nothing waits for anybody.
    if (Math.min(message.qos, delivery.qos) === 0 || this.#outgoing.knows(partition, place)) return true;
    this.#outgoing.isBulk = true;
    const isTaken = this.#give(message, delivery, message.retain && delivery.retainAsPublished);
    this.#outgoing.isBulk = false;
    this.#behind?.set(partition, isTaken ? place : place - 1);
    if (!isTaken) (this.#resting ??= new Set()).add(partition);
    return isTaken;
  }

  caughtUp(partition: number): void {
    this.#behind?.delete(partition);
    if (this.#behind?.size === 0) this.#behind = undefined;
    this.#parts.host.ready();
  }

  mayHave(message: TopicMessage): boolean {
    return this.#parts.grants.allowsReceive(message.topicBytes);
  }

  /** Of one that was to be sent at once when it came: policies change meanwhile. The server's own come in any case. */
  mayHaveWaited(message: TopicMessage): boolean {
    return message.topic.startsWith('v1/') || this.mayHave(message);
  }

  /** Whether its will may be sent, if it has one: that it was granted when the client connected is not enough. */
  maySendWill(will: WillInit | undefined): boolean {
    return will?.topic === undefined || this.#parts.grants.allowsPublish(will.topic);
  }

  /** A message of a shared subscription. */
  offer(message: TopicMessage, sending: Sending, ticket: Ticket): boolean {
    return !this.#isClosed && this.#outgoing.put(message, sending, ticket);
  }

  /** A message of the server itself, for the topics under `v1/`; false: there is no room. */
  push(message: TopicMessage, qos: number): boolean {
    return !this.#isClosed && this.#outgoing.put(message, { qos, retain: false, ids: [] });
  }

  /** A retained message, for a subscription; false: there is no room now. */
  takeRetained(message: TopicMessage, subscribed: Subscribed, ticket: Ticket | undefined): boolean {
    if (this.#isClosed) return false;
    const ids = subscribed.id === 0 ? [] : [subscribed.id];
    return this.#give(message, { ...subscribed, noLocal: false, ids }, true, ticket);
  }

  /** All retained messages of the filter are acknowledged, or it is not to be remembered which are not. */
  gaveRetained(filter: string): void {
    this.#retainedGiven ??= [];
    if (!this.#retainedGiven.includes(filter)) this.#retainedGiven.push(filter);
  }

  /** Whether there is something that the log would have to be told, sooner or later. */
  get isUnsaid(): boolean {
    return this.#retainedGiven !== undefined || this.#outgoing.hasChanges;
  }

  /** Messages that come from now on, until they are forgotten. */
  watchLive(): LiveTopics {
    return (this.#live ??= new LiveTopics());
  }

  forgetLive(): void {
    this.#live = undefined;
  }

  /** What was not taken for want of room is read again. */
  onRoom(): void {
    if (this.#isClosed) return;
    this.#resending?.wake();
    if (this.#shared !== undefined) for (const filter of this.#shared) this.#parts.shares.goOn(this.tenant, filter);
    const resting = this.#resting;
    if (resting === undefined) return;
    const { catchUp } = this.#parts.broker;
    this.#resting = undefined;
    for (const partition of resting) {
      const after = this.#behind?.get(partition);
      if (after !== undefined) catchUp.join(this, partition, after);
    }
  }

  /**
   * Goes on where the session was left: subscriptions, what is in flight, and what came meanwhile. Resolves when what was in
   * flight is sent again.
   */
  async resume(state: SessionState): Promise<void> {
    const { broker } = this.#parts;
    this.#isKnown = true;
    for (const { filter, id, noLocal, qos, retainAsPublished, since } of state.subscriptions) {
      this.#add({ subscriber: this, filter, qos, noLocal, retainAsPublished, id, since });
    }
    void this.#views?.listen(state.viewCursor);
    // What the edge before said to us only, the log doesn't know.
    this.#outgoing.restore(state, state.previousConnection !== 0);
    const behind = placesToGoOn(state, broker.feed.partitions);
    this.#cursorBefore = state.cursor;
    if (behind.size > 0) this.#behind = behind;
    // What was sent before comes before what follows it (MQTT-4.6.0-1, -5).
    await this.#resend();
    if (this.#isClosed) return;
    for (const [partition, after] of behind) broker.catchUp.join(this, partition, after);
  }

  async #resend(): Promise<void> {
    const { broker, host } = this.#parts;
    this.#resending = new Resending({
      broker,
      outgoing: this.#outgoing,
      allows: (message) => {
        const mayHave = this.mayHave(message);
        if (!mayHave) host.unsent('forbidden');
        return mayHave;
      },
      subscriptions: () => this.#subscriptions.values(),
      isClosed: () => this.#isClosed,
    });
    await this.#resending.run();
    this.#resending = undefined;
  }

  /** By partition, the place up to which nothing is owed to the client any more. */
  cursors(): readonly number[] {
    return this.#placesBefore((partition) => this.#outgoing.lowestIn(partition));
  }

  /** By partition, the place that was reached, but before what `lowest` says. */
  #placesBefore(lowest: (partition: number) => number | undefined): readonly number[] {
    const { feed } = this.#parts.broker;
    return Array.from({ length: feed.partitions }, (_, partition) => {
      const behind = this.#behind?.get(partition);
      const head = feed.isRunning ? feed.placeIn(partition) : (this.#cursorBefore[partition] ?? 0);
      const reached = behind ?? head;
      const before = lowest(partition);
      const place = before === undefined ? reached : Math.min(reached, before - 1);
      return Math.max(place, this.#cursorBefore[partition] ?? 0);
    });
  }

  /**
   * What the log has to be told; of a session that nobody has told us of, nothing: what waits for it would be passed over.
   * `withWhat`: what is in flight of QoS 1, too, or all that a successor must know.
   */
  changes(withWhat: 'changes' | 'flights' | 'all' = 'changes'): SessionChangeInit {
    if (!this.#isKnown) return {};
    // Without a subscription there is nothing to owe, and no cursor.
    const cursor = this.#subscriptions.size === 0 && !this.#parts.broker.feed.isRunning ? [] : this.cursors();
    for (const [partition, place] of cursor.entries()) this.#outgoing.passed(partition, place);
    const viewCursor = this.#views === undefined ? [] : this.#views.cursors();
    const inFlight = withWhat === 'changes' ? undefined : this.#inFlight(withWhat === 'all');
    const outgoing = withWhat === 'all' ? this.#outgoing.takeAll() : this.#outgoing.takeChanges();
    const retainedGiven = this.#retainedGiven ?? [];
    this.#retainedGiven = undefined;
    return { cursor, outgoing, viewCursor, inFlight, retainedGiven };
  }

  #inFlight(isAll: boolean): InFlightInit | undefined {
    const said = this.#outgoing.inFlightSaid();
    // Without a message in flight the cursors say as much.
    if (said === undefined || this.#outgoing.inFlight === 0) return said;
    return { ...said, reached: this.#placesBefore((partition) => this.#outgoing.lowestUnsentIn(partition, isAll)) };
  }

  /** What is returned hears whether the log has the session's last word. */
  close(goesOn: boolean): (isStored: boolean) => void {
    this.#isClosed = true;
    const { broker, shares } = this.#parts;
    for (const subscribed of this.subscriptions()) broker.unsubscribe(this.tenant, subscribed);
    for (const filter of this.#shared ?? []) shares.leave({ tenant: this.tenant, filter }, this, goesOn ? this.expiryS : 0);
    if (this.#behind !== undefined) broker.catchUp.leave(this);
    this.#views?.close();
    return this.#outgoing.close(goesOn);
  }

  #add(subscribed: Subscribed): void {
    const { broker, shares } = this.#parts;
    const { filter, id, qos, retainAsPublished } = subscribed;
    this.#subscriptions.set(subscribed);
    this.#isKnown = true;
    if (isView(filter)) {
      if (this.#parts.feed !== undefined) this.#viewsOf(this.#parts.feed).add(subscribed);
      return;
    }
    if (isShared(filter)) {
      (this.#shared ??= new Set()).add(filter);
      shares.join({ tenant: this.tenant, filter, expiryS: this.#parts.expiryS }, this, {
        qos,
        retainAsPublished,
        id,
        since: subscribed.since,
      });
      return;
    }
    broker.subscribe(this.tenant, subscribed);
    if (this.#behind !== undefined) broker.catchUp.changed(this, subscribed, true);
  }

  /** False: there is no room. */
  // oxlint-disable-next-line max-params -- no object for each message
  #give(message: TopicMessage, delivery: Delivery, retain: boolean, ticket?: Ticket): boolean {
    const { grants, host } = this.#parts;
    if (delivery.noLocal && message.session === this.session) return true;
    // For each, because policies change while sessions live.
    if (!grants.allowsReceive(message.topicBytes)) {
      host.unsent('forbidden');
      ticket?.settled();
      return true;
    }
    return this.#outgoing.put(message, { qos: Math.min(message.qos, delivery.qos), retain, ids: delivery.ids }, ticket);
  }

  #viewsOf(feed: LogFeed): Views {
    const give = (message: TopicMessage, sending: Sending, ticket: Ticket): boolean => this.#giveView(message, sending, ticket);
    this.#views ??= new Views({ tenant: this.tenant, feed, give });
    return this.#views;
  }

  #giveView(message: TopicMessage, sending: Sending, ticket: Ticket): boolean {
    if (this.#parts.grants.allowsReceive(message.topicBytes)) return this.#outgoing.put(message, sending, ticket);
    this.#parts.host.unsent('forbidden');
    ticket.settled();
    return true;
  }
}
