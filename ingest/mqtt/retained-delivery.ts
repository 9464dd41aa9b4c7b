/**
 * Retained messages for one client's new subscriptions (MQTT 5 §3.3.1.3), fetched one subscription after the other. Of a session
 * that is kept the log knows which subscriptions' retained messages were not all acknowledged, from SUBSCRIBE on: who takes it up
 * fetches those again. At QoS 1 what was acknowledged may come again; at QoS 2 the log knows each by its place.
 */
import { messageOf } from '../../engine/kernel/errors.ts';
import { seqOfPlace } from '../../engine/kernel/position.ts';
import type { RetainedMessage } from '../broker/broker.ts';
import type { Ticket } from '../broker/shared-group.ts';
import type { Client } from './admission.ts';
import type { ClientSession } from './client-session.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { Line } from './line.ts';
import { REASON } from './packets.ts';
import type { RetainedTicket } from './retained-ticket.ts';

export interface RetainedDeliveryParts {
  readonly context: ConnectionContext;
  readonly line: Line;
  readonly client: Client;
  readonly session: ClientSession;
  /** Nothing is due, and nothing is fetched: this is of no use any more. */
  readonly over: () => void;
}

const ROOM_LOOK_MS = 20;
/** A client that acknowledges nothing for so long, while retained messages wait for it, is sent away. */
const UNTAKEN_MS_MAX = 30_000;

/** What is stored behind these places, by topic partition, comes by itself, or came. */
export interface Due {
  readonly filter: string;
  readonly behind: readonly number[];
}

/** Of one subscription; a ticket of each message that waits for an acknowledgement. */
class Fetch implements Ticket, Due {
  readonly filter: string;
  readonly behind: readonly number[];
  /** An earlier connection began it. */
  readonly isAgain: boolean;
  /** Live messages that came after so many are newer than what is retained. */
  since: number;
  /** Messages that were given out and are not settled. */
  open = 0;
  isOver = false;
  readonly #done: (fetch: Fetch) => void;

  constructor({ behind, filter }: Due, from: { readonly since: number; readonly isAgain: boolean }, done: (fetch: Fetch) => void) {
    this.filter = filter;
    this.behind = behind;
    this.isAgain = from.isAgain;
    this.since = from.since;
    this.#done = done;
  }

  settled(): void {
    this.open--;
    this.look();
  }

  /** It stays due. */
  returned(): void {}

  look(): void {
    if (this.isOver && this.open === 0) this.#done(this);
  }
}

export class RetainedDelivery {
  readonly #parts: RetainedDeliveryParts;
  /** By filter, the newest one that is not done. */
  readonly #fetches = new Map<string, Fetch>();
  #queue: Fetch[] = [];
  #isFetching = false;
  #hasFailed = false;

  constructor(parts: RetainedDeliveryParts) {
    this.#parts = parts;
  }

  /** Those of the filter, if some were not acknowledged yet. */
  due(filter: string): Due | undefined {
    return this.#fetches.get(filter);
  }

  /** It is not subscribed to any more, or anew. */
  forget(filter: string): void {
    this.#fetches.delete(filter);
  }

  fetch(due: readonly Due[]): void {
    this.#add(due, false);
    if (!this.#isFetching) void this.#fetchOn();
  }

  /** What an earlier connection of the session began, as soon as what was in flight is sent again. */
  async fetchAgain(due: readonly Due[], resent: Promise<void>): Promise<void> {
    this.#add(due, true);
    this.#isFetching = true;
    await resent;
    await this.#parts.context.broker.feed.start();
    await this.#fetchOn();
  }

  #add(due: readonly Due[], isAgain: boolean): void {
    if (due.length === 0) return;
    const since = this.#parts.session.watchLive().count;
    for (const one of due) {
      const fetch = new Fetch(one, { since, isAgain }, (done) => this.#done(done));
      this.#fetches.set(one.filter, fetch);
      this.#queue.push(fetch);
    }
  }

  async #fetchOn(): Promise<void> {
    const { session } = this.#parts;
    this.#isFetching = true;
    for (let fetch = this.#queue.shift(); fetch !== undefined; fetch = this.#queue.shift()) {
      if (session.isClosed) return;
      if (this.#isWanted(fetch)) await this.#fetch(fetch);
    }
    this.#isFetching = false;
    session.forgetLive();
    if (!session.isClosed && !this.#hasFailed) session.outgoing.settleParked();
    this.#look();
  }

  #look(): void {
    if (this.#fetches.size === 0 && !this.#isFetching) this.#parts.over();
  }

  async #fetch(fetch: Fetch): Promise<void> {
    const { client, context, session } = this.#parts;
    const live = session.watchLive();
    // What waited for the session meanwhile may be older than what is retained.
    if (fetch.isAgain) fetch.since = live.count;
    const over = await context.broker.searchTurn(client.tenant);
    try {
      if (session.isClosed) return;
      for await (const page of context.broker.retained(client.tenant, fetch.filter)) {
        if (session.isClosed) return;
        for (const retained of page) {
          // What was published meanwhile comes as such.
          if (live.cameAfter(retained.message.topic, fetch.since) || comesByItself(fetch, retained)) continue;
          if (!this.#give(fetch, retained) && !(await this.#waitToGive(fetch, retained))) return;
        }
      }
      fetch.isOver = true;
      fetch.look();
    } catch (error) {
      this.#hasFailed = true;
      context.log.warn('retained-not-fetched', { tenant: client.tenant, error: messageOf(error) });
      context.counters.count('retained-not-fetched');
    } finally {
      over();
    }
  }

  /** Unsubscribed from meanwhile, or fetched anew. */
  #isWanted(fetch: Fetch): boolean {
    return this.#fetches.get(fetch.filter) === fetch;
  }

  /** False: there is no room now. */
  #give(fetch: Fetch, retained: RetainedMessage): boolean {
    const { session } = this.#parts;
    const { message } = retained;
    const subscribed = session.of(fetch.filter);
    if (subscribed === undefined || !this.#isWanted(fetch)) return true;
    if (!session.isKept) return session.takeRetained(message, subscribed, undefined);
    let ticket: Ticket = fetch;
    if (Math.min(message.qos, subscribed.qos) === 2) {
      const ids = subscribed.id === 0 ? [] : [subscribed.id];
      const isKnown = session.outgoing.hadRetained(message, { qos: 2, retain: true, ids }, retained);
      if (isKnown && fetch.isAgain) return true;
      // One that another subscription brings too is known already.
      if (!isKnown && this.#hasRoom(fetch)) ticket = ticketOf(fetch, retained);
    }
    fetch.open++;
    if (session.takeRetained(message, subscribed, ticket)) return true;
    fetch.open--;
    return false;
  }

  /**
   * Whether one more of QoS 2 can be remembered. Where not, what follows comes once or, if the connection ends before, not at
   * all: another time all would come again.
   */
  #hasRoom({ filter }: Fetch): boolean {
    const { session } = this.#parts;
    if (session.outgoing.hasRetainedRoom) return true;
    session.gaveRetained(filter);
    return false;
  }

  /** False: the connection is over, or is ended, because the client takes nothing, and what waits for it is in others' way. */
  async #waitToGive(fetch: Fetch, retained: RetainedMessage): Promise<boolean> {
    const { context, line, session } = this.#parts;
    const sinceMs = context.sweptMs();
    while (!this.#give(fetch, retained)) {
      if (session.isClosed) return false;
      if (context.sweptMs() - sinceMs > UNTAKEN_MS_MAX)
        return line.end(REASON.QUOTA_EXCEEDED, 'retained-not-taken', 'retained messages were not taken in time');
      await new Promise((resolve) => setTimeout(resolve, ROOM_LOOK_MS));
    }
    return true;
  }

  #done(fetch: Fetch): void {
    if (!this.#isWanted(fetch)) return;
    const { session } = this.#parts;
    this.#fetches.delete(fetch.filter);
    this.#look();
    if (session.isClosed || !session.isKept) return;
    if ((session.of(fetch.filter)?.qos ?? 0) > 0) session.gaveRetained(fetch.filter);
    if (this.#fetches.size === 0) session.outgoing.forgetRetained();
  }
}

/** Of QoS 0, who is connected was given it before it was stored, perhaps before the subscription; others get it as retained only. */
function comesByItself({ behind }: Due, { message, partition, place }: RetainedMessage): boolean {
  return message.qos > 0 && seqOfPlace(place) > (behind[partition] ?? Number.POSITIVE_INFINITY);
}

function ticketOf(fetch: Fetch, { partition, place }: RetainedMessage): RetainedTicket {
  return { retainedAt: { partition, place }, settled: () => fetch.settled(), returned: () => undefined };
}
