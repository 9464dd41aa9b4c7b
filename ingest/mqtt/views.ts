/**
 * Subscriptions to `devices/<device>/<telemetry|twin|presence|commands>`: views of the input log, not topics of the tenant's
 * tree. One reader of the live feed serves all of a session's; a session that is kept goes on where it was left.
 */
import { Buffer } from 'node:buffer';
import { matches } from '../../engine/domain/topic-filter.ts';
import { indexOfPlace, placeOf, seqOfPlace } from '../../engine/kernel/position.ts';
import { FEED_KINDS, type FeedItem } from '../feed/feed-item.ts';
import type { FeedReader } from '../feed/feed-reader.ts';
import { itemText } from '../feed/item-json.ts';
import type { LogFeed } from '../feed/log-feed.ts';
import { decodeToken, slotOf, type Place } from '../feed/place.ts';
import type { Ticket } from '../broker/shared-group.ts';
import type { Subscribed } from '../broker/subscriber.ts';
import { TopicMessage } from '../broker/topic-message.ts';
import type { Sending } from './encode-publish.ts';
import { PROPERTY } from './properties.ts';

/** Of QoS 2 nothing is offered here: an event may come twice after an edge was lost. */
export const VIEW_QOS_MAX = 1;
const PREFIX = 'devices/';
const ROOM_LOOK_MS = 20;
const RETRY_MS = 500;
const SLOT_SPAN = 65_536;
/** `application/json`, as a property of the messages. */
const CONTENT_TYPE = 'application/json';
const PROPERTIES = Buffer.from([PROPERTY.CONTENT_TYPE, 0, CONTENT_TYPE.length, ...Buffer.from(CONTENT_TYPE)]);

export function isView(filter: string): boolean {
  return filter.startsWith(PREFIX);
}

export interface ViewsParts {
  readonly tenant: string;
  readonly feed: LogFeed;
  /** False: the client has no room now, or may not have it and is never asked again about it. */
  readonly give: (message: TopicMessage, sending: Sending, ticket: Ticket) => boolean;
}

export class Views {
  readonly #parts: ViewsParts;
  readonly #filters = new Map<string, Subscribed>();
  #reader: Promise<void> | undefined;
  #open: FeedReader | undefined;
  /** By partition: places given to the client and not settled, and how many items of each: an event decides several things. */
  readonly #unsettled = new Map<number, Map<number, number>>();
  #isClosed = false;

  constructor(parts: ViewsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#filters.size;
  }

  add(subscribed: Subscribed): void {
    this.#filters.set(subscribed.filter, subscribed);
  }

  remove(filter: string): void {
    this.#filters.delete(filter);
  }

  /** Resolves when everything that is accepted from then on will be given; `cursors` is where the session was left. */
  async listen(cursors: readonly number[] = []): Promise<void> {
    this.#reader ??= this.#begin(cursors);
    await this.#reader;
  }

  /** By partition of the input log, the place up to which everything is settled; empty where nothing was read. */
  cursors(): readonly number[] {
    const { feed } = this.#parts;
    const places = this.#open === undefined ? undefined : decodeToken(this.#open.token(), feed.partitions);
    if (places === undefined) return [];
    return Array.from({ length: feed.partitions }, (_, partition) => {
      let cursor = before(places.get(partition));
      for (const place of this.#unsettled.get(partition)?.keys() ?? []) cursor = Math.min(cursor, place - 1);
      return cursor;
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#open?.close();
  }

  async #begin(cursors: readonly number[]): Promise<void> {
    const { feed, tenant } = this.#parts;
    const from = new Map<number, Place>();
    for (const [partition, cursor] of cursors.entries()) {
      if (cursor > 0) from.set(partition, { seq: seqOfPlace(cursor + 1), slot: slotOf(indexOfPlace(cursor + 1), 0) });
    }
    const wants = (item: FeedItem): boolean => this.#wants(topicOf(item));
    for (;;) {
      // The log may be away for a moment, and nobody is told meanwhile that the subscription stands.
      const reader = await feed.open({ tenant, kinds: FEED_KINDS, from, wants }).catch(() => undefined);
      if (reader === undefined && !this.#isClosed) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        continue;
      }
      this.#open = reader;
      if (this.#isClosed) reader?.close();
      else if (reader !== undefined) void this.#read(reader);
      return;
    }
  }

  async #read(reader: FeedReader): Promise<void> {
    for await (const { items } of reader) {
      for (const item of items) {
        await this.#give(item);
        if (this.#isClosed) return;
        reader.tokenAfter(item);
      }
    }
  }

  async #give(item: FeedItem): Promise<void> {
    const topic = topicOf(item);
    const matched = [...this.#filters.values()].filter(({ filter }) => matches(filter, topic));
    if (matched.length === 0) return;
    const { give, tenant } = this.#parts;
    const message = new TopicMessage({
      tenant,
      topic,
      topicBytes: Buffer.from(topic),
      payload: Buffer.from(itemText(item)),
      properties: PROPERTIES,
      qos: VIEW_QOS_MAX,
      retain: false,
      expiresMs: 0,
      session: '',
      at: undefined,
    });
    const ids = matched.map(({ id }) => id).filter((id) => id !== 0);
    const qos = Math.min(VIEW_QOS_MAX, Math.max(...matched.map(({ qos: of }) => of)));
    const ticket = this.#ticket(item);
    while (!give(message, { qos, retain: false, ids }, ticket)) {
      if (this.#isClosed) return;
      await new Promise((resolve) => setTimeout(resolve, ROOM_LOOK_MS));
    }
  }

  #ticket({ partition, seq, slot }: FeedItem): Ticket {
    const place = placeOf(seq, Math.floor(slot / SLOT_SPAN));
    let open = this.#unsettled.get(partition);
    if (open === undefined) this.#unsettled.set(partition, (open = new Map<number, number>()));
    const counts = open;
    counts.set(place, (counts.get(place) ?? 0) + 1);
    const settled = (): void => {
      const left = (counts.get(place) ?? 1) - 1;
      if (left === 0) counts.delete(place);
      else counts.set(place, left);
    };
    // What is given back stays unsettled: the session reads it again.
    return { settled, returned: () => undefined };
  }

  #wants(topic: string): boolean {
    for (const filter of this.#filters.keys()) if (matches(filter, topic)) return true;
    return false;
  }
}

function topicOf({ device, kind }: FeedItem): string {
  return `${PREFIX}${device}/${kind}`;
}

/** Everything before a place that is still wanted. */
function before(place: Place | undefined): number {
  return place === undefined ? 0 : placeOf(place.seq, Math.floor(place.slot / SLOT_SPAN)) - 1;
}
