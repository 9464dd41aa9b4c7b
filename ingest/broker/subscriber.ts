/** Who gets messages, and by which subscriptions: the words between the topic tree and the sessions of an edge. */
import { fnv1a32 } from '../../engine/kernel/partition.ts';
import type { TopicMessage } from './topic-message.ts';

/** A subscription of a session. */
export interface Subscribed {
  readonly subscriber: Subscriber;
  /** As the client wrote it. */
  readonly filter: string;
  readonly qos: number;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** Subscription identifier; 0: none. */
  readonly id: number;
  /** By topic partition: messages up to this sequence were before it. Empty: it has none, and no log to read from. */
  readonly since: readonly number[];
}

/** By what a message reaches a session: all its subscriptions that match are one. */
export interface Delivery {
  readonly subscriber: Subscriber;
  readonly qos: number;
  /** Not for the one who published it. */
  readonly noLocal: boolean;
  /** For the one who published it, where some of several don't want that. */
  readonly ofOwn?: Delivery | undefined;
  readonly retainAsPublished: boolean;
  readonly ids: readonly number[];
  /** As of the subscription; of several, where any of them begins. */
  readonly since: readonly number[];
}

export interface Subscriber {
  /** As `Event.session`. */
  readonly session: string;
  /** A message at the head of the feed, or of QoS 0. Never throws. */
  take(message: TopicMessage, delivery: Delivery): void;
}

const NO_IDS: readonly number[] = [];

/** A session's overlapping subscriptions come to one copy, of the highest QoS, with all their identifiers (MQTT-3.3.4-2, -3). */
export function mergeDeliveries(matched: readonly Subscribed[]): readonly Delivery[] {
  if (matched.length === 1) {
    const [only] = matched;
    return only === undefined ? [] : [deliveryOf([only], only)];
  }
  const bySubscriber = new Map<Subscriber, Subscribed[]>();
  for (const subscribed of matched) {
    const others = bySubscriber.get(subscribed.subscriber);
    if (others === undefined) bySubscriber.set(subscribed.subscriber, [subscribed]);
    else others.push(subscribed);
  }
  return Array.from(bySubscriber.values(), (all) => deliveryOf(all, all[0]));
}

export function deliveryOf(all: readonly Subscribed[], first: Subscribed | undefined): Delivery {
  if (first === undefined) throw new RangeError('a delivery rests on a subscription');
  if (all.length === 1) {
    const { subscriber, qos, noLocal, retainAsPublished, id, since } = first;
    return { subscriber, qos, noLocal, retainAsPublished, ids: id === 0 ? NO_IDS : [id], since };
  }
  const forPublisher = all.filter(({ noLocal }) => !noLocal);
  const isMixed = forPublisher.length > 0 && forPublisher.length < all.length;
  return {
    subscriber: first.subscriber,
    ofOwn: isMixed ? deliveryOf(forPublisher, forPublisher[0]) : undefined,
    qos: Math.max(...all.map(({ qos }) => qos)),
    noLocal: all.every(({ noLocal }) => noLocal),
    retainAsPublished: all.some(({ retainAsPublished }) => retainAsPublished),
    ids: all.map(({ id }) => id).filter((id) => id !== 0),
    since: first.since.map((_, partition) => Math.min(...all.map(({ since }) => since[partition] ?? 0))),
  };
}

/** By what this message reaches them: their own don't match subscriptions that don't want these (MQTT-3.8.3-3). */
export function deliveryFor({ session }: TopicMessage, delivery: Delivery): Delivery {
  return delivery.ofOwn !== undefined && session === delivery.subscriber.session ? delivery.ofOwn : delivery;
}

/** By what a message tells which shared subscription gave it, as of `Outgoing.share`. */
export function shareOf(filter: string): number {
  return fnv1a32(filter) || 1;
}

/** The filter of a shared subscription without `$share/<group>/`. */
export function innerFilter(filter: string): string {
  return filter.startsWith('$share/') ? filter.slice(filter.indexOf('/', 7) + 1) : filter;
}
