/**
 * Subscriptions of a kept session that hold here, and that the log has not taken yet. Where it takes none of them, what it
 * knows of the filter holds again: nothing, or the subscription that was to be replaced.
 */
import type { Subscribed } from '../broker/subscriber.ts';
import type { Subscription } from './decode.ts';

export interface Subscribable {
  /** The subscription of this filter. */
  of(filter: string): Subscribed | undefined;
  subscribe(subscription: Subscription, id: number): Subscribed;
  unsubscribe(filter: string): boolean;
}

export interface Unsaid {
  readonly filter: string;
  /** As the log has it. */
  known: Subscribed | undefined;
  /** How many are on their way. */
  count: number;
}

const RETAINED_NEVER = 2;

export class UnsaidSubscriptions {
  readonly #session: Subscribable;
  #unsaid: Map<string, Unsaid> | undefined;

  constructor(session: Subscribable) {
    this.#session = session;
  }

  /** One is about to hold; what is returned belongs into `said`. */
  expect(filter: string): Unsaid {
    const unsaid = this.#unsaid?.get(filter) ?? { filter, known: this.#session.of(filter), count: 0 };
    unsaid.count++;
    (this.#unsaid ??= new Map()).set(filter, unsaid);
    return unsaid;
  }

  said(unsaid: Unsaid, subscribed: Subscribed, isStored: boolean): void {
    const { filter } = unsaid;
    if (isStored) unsaid.known = subscribed;
    // Unsubscribed from meanwhile: what the log has of it is nothing soon.
    if (--unsaid.count > 0 || this.#unsaid?.get(filter) !== unsaid) return;
    this.forget(filter);
    const { known } = unsaid;
    if (known === this.#session.of(filter)) return;
    if (known === undefined) this.#session.unsubscribe(filter);
    else this.#session.subscribe({ ...known, retainHandling: RETAINED_NEVER }, known.id);
  }

  forget(filter: string): void {
    this.#unsaid?.delete(filter);
    if (this.#unsaid?.size === 0) this.#unsaid = undefined;
  }
}
