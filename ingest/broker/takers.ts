/**
 * Who takes part in a pass, how far each has come, and which messages each of them wants. The filters of all of them are
 * matched together.
 */
import { Nominees } from './nominees.ts';
import { deliveryFor, deliveryOf, innerFilter, type Delivery, type Subscribed, type Subscriber } from './subscriber.ts';
import { SubscriptionTree } from './subscription-tree.ts';
import type { TopicMessage } from './topic-message.ts';

export interface Straggler extends Subscriber {
  readonly tenant: string;
  subscriptions(): Iterable<Subscribed>;
  /** A message of the log; false: there is no room, and `join` will be called again, later, for what comes from it on. */
  takeFromLog(message: TopicMessage, delivery: Delivery): boolean;
  /** It has everything up to the head of this partition: from now on messages come by `take`. */
  caughtUp(partition: number): void;
}

interface Taker {
  readonly straggler: Straggler;
  /** Everything up to this place is settled. */
  readonly after: number;
  readonly wants: Set<Wanted>;
  isOver: boolean;
}

interface Wanted {
  readonly taker: Taker;
  readonly subscribed: Subscribed;
  /** Where nothing else of the session matches. */
  readonly delivery: Delivery;
}

export class Takers {
  readonly #partition: number;
  readonly #takers = new Map<Straggler, Taker>();
  readonly #trees = new Map<string, SubscriptionTree<Wanted, readonly Wanted[]>>();
  /** Who wants the message that is looked at. */
  readonly #found: Wanted[] = [];
  /** Of all who took part since the last `clear`. */
  readonly nominees = new Nominees();

  constructor(partition: number) {
    this.#partition = partition;
  }

  get size(): number {
    return this.#takers.size;
  }

  all(): Iterable<Straggler> {
    return this.#takers.keys();
  }

  /** With the place behind which each wanted messages. */
  *places(): Generator<readonly [Straggler, number]> {
    for (const [straggler, { after }] of this.#takers) yield [straggler, after];
  }

  add(straggler: Straggler, after: number): void {
    const taker = { straggler, after, wants: new Set<Wanted>(), isOver: false };
    this.#takers.set(straggler, taker);
    for (const subscribed of straggler.subscriptions()) this.#want(taker, subscribed);
  }

  remove(straggler: Straggler): void {
    const taker = this.#takers.get(straggler);
    if (taker === undefined) return;
    taker.isOver = true;
    this.#takers.delete(straggler);
    for (const wanted of taker.wants) this.#unwant(wanted);
  }

  clear(): void {
    this.#takers.clear();
    this.#trees.clear();
    this.nominees.clear();
  }

  /** It has another subscription, or one less. */
  changed(straggler: Straggler, subscribed: Subscribed, isNew: boolean): void {
    const taker = this.#takers.get(straggler);
    if (taker === undefined) return;
    if (isNew) this.#want(taker, subscribed);
    else for (const wanted of taker.wants) if (wanted.subscribed === subscribed) this.#unwant(wanted);
  }

  /** Whether anybody wants the topic; who that is, `deliver` knows. */
  readonly wants = (tenant: string, topic: string): boolean => {
    this.#found.length = 0;
    this.#trees.get(tenant)?.find(topic, this.#found);
    return this.#found.length > 0;
  };

  /** The message that `wants` was asked about, in the batch at `seq`. Who has no room is no taker any more. */
  deliver(message: TopicMessage, seq: number): void {
    const found = this.#found;
    const [first] = found;
    if (found.length === 1 && first !== undefined) {
      if (this.#hasBegun(first, seq)) this.#give(message, first.taker, first.delivery);
      return;
    }
    const wanted = found.filter((one) => this.#hasBegun(one, seq));
    for (const [taker, all] of Map.groupBy(wanted, (one) => one.taker)) {
      const subscribed = all.map((one) => one.subscribed);
      this.#give(message, taker, deliveryFor(message, deliveryOf(subscribed, subscribed[0])));
    }
  }

  /** Whether the subscription was there when the message was. */
  #hasBegun({ subscribed }: Wanted, seq: number): boolean {
    return (subscribed.since[this.#partition] ?? 0) < seq;
  }

  #give(message: TopicMessage, { after, isOver, straggler }: Taker, delivery: Delivery): void {
    if (isOver || message.place <= after) return;
    if (!straggler.takeFromLog(message, delivery)) this.remove(straggler);
  }

  #want(taker: Taker, subscribed: Subscribed): void {
    const { tenant } = taker.straggler;
    const filter = innerFilter(subscribed.filter);
    const wanted = { taker, subscribed, delivery: deliveryOf([subscribed], subscribed) };
    taker.wants.add(wanted);
    this.nominees.add(tenant, filter);
    let tree = this.#trees.get(tenant);
    if (tree === undefined) this.#trees.set(tenant, (tree = new SubscriptionTree((matched) => matched)));
    tree.add(filter, wanted);
  }

  #unwant(wanted: Wanted): void {
    const { subscribed, taker } = wanted;
    taker.wants.delete(wanted);
    this.#trees.get(taker.straggler.tenant)?.remove(innerFilter(subscribed.filter), wanted);
  }
}
