/**
 * SUBSCRIBE and UNSUBSCRIBE of one client (MQTT 5 §3.8, §3.10): what is granted, what is said to the log, and the retained
 * messages that a new subscription brings. Of a session that is kept, a subscription is answered when the log has it.
 */
import { TOPIC_BYTES_MAX } from '../../engine/kernel/limits.ts';
import type { SessionChangeInit, Subscription as KnownSubscription, SubscriptionInit } from '../../schemas/gen/lean.ts';
import type { ConnectionRecord } from '../broker/connection-record.ts';
import { innerFilter } from '../broker/subscriber.ts';
import type { Subscribed } from '../broker/subscriber.ts';
import type { Client } from './admission.ts';
import type { ClientSession } from './client-session.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { Subscribe, Subscription, Unsubscribe } from './decode.ts';
import { encodeFilterAck } from './encode.ts';
import type { Line } from './line.ts';
import { PACKET, REASON } from './packets.ts';
import { type Due, RetainedDelivery } from './retained-delivery.ts';
import { maySubscribe } from './subscribable.ts';
import { isShared, isTooDeep } from './topics.ts';
import { UnsaidSubscriptions, type Unsaid } from './unsaid-subscriptions.ts';
import { isView } from './views.ts';

export interface SubscribingParts {
  readonly context: ConnectionContext;
  readonly line: Line;
  readonly client: Client;
  readonly session: ClientSession;
  readonly record: ConnectionRecord;
  /** Subscriptions that it may have. */
  readonly most: number;
}

/** What became of one filter. */
interface Granted {
  readonly code: number;
  readonly subscribed?: Subscribed;
  readonly unsaid?: Unsaid | undefined;
  readonly retainHandling: number;
  readonly isNew: boolean;
}

const RETAINED_ALWAYS = 0;
const RETAINED_IF_NEW = 1;
/** SUBSCRIBEs and UNSUBSCRIBEs of a kept session that wait for the log; a client that starts sends a few. */
const UNSAID_MAX = 16;
/** Of a SUBACK or UNSUBACK without its codes: type, the longest length that can be, identifier and no properties. */
const FILTER_ACK_BYTES = 1 + 3 + 2 + 1;

export class Subscribing {
  readonly #parts: SubscribingParts;
  /** Changes on their way to the log. */
  #unsaid = 0;
  readonly #unsaidSubscriptions: UnsaidSubscriptions;
  /** While retained messages of a subscription are due. */
  #retained: RetainedDelivery | undefined;

  constructor(parts: SubscribingParts) {
    this.#parts = parts;
    this.#unsaidSubscriptions = new UnsaidSubscriptions(parts.session);
  }

  /** The session goes on with these: retained messages that an earlier connection was not rid of come again, after what is `resent`. */
  resume(subscriptions: readonly KnownSubscription[], resent: Promise<void>): void {
    const { session } = this.#parts;
    const due = subscriptions
      .filter(({ retainedDue }) => retainedDue)
      .map(({ filter, retainedSince, since }) => ({ filter, behind: retainedSince.length > 0 ? retainedSince : since }));
    if (due.length > 0) void this.#retaining.fetchAgain(due, resent);
    else void resent.then(() => session.outgoing.settleParked());
  }

  /** What is not granted is refused in SUBACK, filter by filter. */
  subscribe(subscribe: Subscribe): void {
    const { context, line, session } = this.#parts;
    if (!this.#canAnswer(subscribe.subscriptions.length)) return;
    const { feed } = context.broker;
    const listening = session.listen(subscribe.subscriptions.map(({ filter }) => filter));
    if (feed.isRunning && listening === undefined) {
      this.#subscribe(subscribe);
      return;
    }
    // From the answer on nothing may be missed, so what is published must be heard first.
    line.block('feed');
    void Promise.all([feed.start(), listening]).then(() => {
      if (session.isClosed) return;
      this.#subscribe(subscribe);
      line.unblock('feed');
    });
  }

  unsubscribe({ filters, packetId }: Unsubscribe): void {
    const { line, session } = this.#parts;
    if (!this.#canAnswer(filters.length)) return;
    for (const filter of filters) {
      this.#retained?.forget(filter);
      this.#unsaidSubscriptions.forget(filter);
    }
    const codes = filters.map((filter) => (session.unsubscribe(filter) ? REASON.SUCCESS : REASON.NO_SUBSCRIPTION_EXISTED));
    const answer = (): void => line.send(encodeFilterAck(PACKET.UNSUBACK, packetId, { ...line.limits, codes }));
    if (!session.isKept || codes.every((code) => code !== REASON.SUCCESS)) {
      answer();
      return;
    }
    const say = (isStored: boolean): void => {
      if (isStored) answer();
      else line.end(REASON.QUOTA_EXCEEDED, 'log-unavailable');
    };
    this.#say(() => ({ unsubscribed: filters, ...session.changes() }), say);
  }

  /** An acknowledgement with so many codes may be larger than the client takes, and none may be left out (MQTT-3.1.2-24). */
  #canAnswer(codes: number): boolean {
    const { line } = this.#parts;
    const { level, packetBytesMax } = line.limits;
    return level === 4 || FILTER_ACK_BYTES + codes <= packetBytesMax || line.end(REASON.PACKET_TOO_LARGE, 'packet-bytes');
  }

  #subscribe({ packetId, subscriptionId, subscriptions }: Subscribe): void {
    const { context, line, session } = this.#parts;
    const behind = context.broker.since();
    const granted = subscriptions.map((one) => this.#grant(one, subscriptionId));
    const made = granted.flatMap((one) => {
      const { isNew, retainHandling, subscribed } = one;
      if (subscribed === undefined) return [];
      const due = this.#due(one, behind);
      return [subscriptionInit(subscribed, { retainHandling, retainedDue: due !== undefined, retainedSince: isNew ? [] : due?.behind })];
    });
    const send = (codes: readonly number[]): void => {
      if (!session.isClosed) line.send(encodeFilterAck(PACKET.SUBACK, packetId, { ...line.limits, codes }));
    };
    const answer = (codes: readonly number[]): void => {
      const sharing = session.whenShared(made.map(({ filter = '' }) => filter));
      if (sharing === undefined) send(codes);
      else void sharing.then(() => send(codes));
    };
    if (!session.isKept || made.length === 0) {
      answer(granted.map(({ code }) => code));
      this.#fetchAll(granted, behind);
      return;
    }
    const say = (isStored: boolean): void => {
      for (const { subscribed, unsaid } of granted) {
        if (subscribed !== undefined && unsaid !== undefined) this.#unsaidSubscriptions.said(unsaid, subscribed, isStored);
      }
      if (isStored) {
        answer(granted.map(({ code }) => code));
        this.#fetchAll(granted, behind);
        return;
      }
      answer(granted.map(({ code }) => Math.max(code, REASON.QUOTA_EXCEEDED)));
    };
    this.#say(() => ({ subscribed: made, ...session.changes() }), say);
  }

  /** Who changes its session faster than the log takes it is not read meanwhile. */
  #say(change: () => SessionChangeInit, said: (isStored: boolean) => void): void {
    const { line, record } = this.#parts;
    if (++this.#unsaid >= UNSAID_MAX) line.block('log');
    record.change(change, (isStored) => {
      this.#unsaid--;
      said(isStored);
      line.unblock('log');
    });
  }

  #grant(subscription: Subscription, id: number): Granted {
    const { context, session } = this.#parts;
    const { filter, retainHandling } = subscription;
    const isNew = !session.has(filter);
    const code = this.#refusal(subscription, isNew);
    if (code !== undefined) {
      if (code === REASON.QUOTA_EXCEEDED) this.#onTooMany();
      else context.counters.count('subscription');
      return { code, retainHandling, isNew };
    }
    const unsaid = session.isKept ? this.#unsaidSubscriptions.expect(filter) : undefined;
    const subscribed = session.subscribe(subscription, id);
    return { code: subscribed.qos, subscribed, unsaid, retainHandling, isNew };
  }

  /** Undefined: it is granted. */
  #refusal({ filter }: Subscription, isNew: boolean): number | undefined {
    const { client, most, session } = this.#parts;
    if (Buffer.byteLength(filter) > TOPIC_BYTES_MAX || isTooDeep(innerFilter(filter))) return REASON.TOPIC_FILTER_INVALID;
    if (!maySubscribe(client, filter)) return REASON.NOT_AUTHORIZED;
    // Views are each session's own, and there are none without a log to read.
    if (isView(innerFilter(filter)) && (isShared(filter) || this.#parts.context.feed === undefined)) return REASON.SHARED_NOT_SUPPORTED;
    if (isNew && session.subscribed >= most) return REASON.QUOTA_EXCEEDED;
    return isShared(filter) && !this.#parts.context.shares.hasPlace(client.tenant, filter) ? REASON.QUOTA_EXCEEDED : undefined;
  }

  #onTooMany(): void {
    const { admission, counters } = this.#parts.context;
    counters.count('subscriptions');
    admission?.refusals.count(this.#parts.client, { limit: 'subscriptions', window: '' }, 1);
  }

  #fetchAll(granted: readonly Granted[], behind: readonly number[]): void {
    const due = granted.filter(bringsRetained).flatMap(({ subscribed }) => (subscribed === undefined ? [] : [{ ...subscribed, behind }]));
    if (due.length > 0) this.#retaining.fetch(due);
  }

  /** The retained messages that a successor would have to bring; those that an earlier subscription to the filter brought, this one drops. */
  #due(granted: Granted, behind: readonly number[]): Due | undefined {
    const { session } = this.#parts;
    const { subscribed } = granted;
    if (!session.isKept || subscribed === undefined || subscribed.qos === 0) return undefined;
    const { filter } = subscribed;
    if (!bringsRetained(granted)) return this.#retained?.due(filter);
    this.#retained?.forget(filter);
    return { filter, behind };
  }

  get #retaining(): RetainedDelivery {
    this.#retained ??= new RetainedDelivery({ ...this.#parts, over: () => (this.#retained = undefined) });
    return this.#retained;
  }
}

/** A shared subscription brings none (MQTT-4.8.2-6 and §3.3.1.3). */
function bringsRetained({ isNew, retainHandling, subscribed }: Granted): boolean {
  if (subscribed === undefined || isShared(subscribed.filter) || isView(subscribed.filter)) return false;
  return retainHandling === RETAINED_ALWAYS || (retainHandling === RETAINED_IF_NEW && isNew);
}

function subscriptionInit(
  { filter, id, noLocal, qos, retainAsPublished, since }: Subscribed,
  retained: Pick<SubscriptionInit, 'retainHandling' | 'retainedDue' | 'retainedSince'>,
): SubscriptionInit {
  return { filter, qos, noLocal, retainAsPublished, ...retained, id, since };
}
