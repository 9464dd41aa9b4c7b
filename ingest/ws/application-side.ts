/**
 * Subscriptions of one WebSocket, each a reader of the feed of its own. A page leaves when the one before it has left the
 * socket, so a slow client holds its own readers and nobody else; what the log forgot beneath one is told.
 */
import type { FeedPage, FeedReader } from '../feed/feed-reader.ts';
import { FEED_KINDS } from '../feed/feed-item.ts';
import { openInTime, wishOf } from '../http/stream-route.ts';
import type { StreamCaller } from '../http/stream-caller.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Codec, Fields } from './codec.ts';
import type { WsContext } from './context.ts';

/** Subscriptions of one client. */
export const SUBSCRIPTIONS_MAX = 64;
/** What may wait for each of them; sixty-four make four megabytes. */
const BUDGET_BYTES = 64 * 1024;
const ID_CHARS_MAX = 64;

export interface ApplicationSideParts {
  readonly context: WsContext;
  readonly codec: Codec;
  readonly caller: StreamCaller;
  readonly answer: (fields: Fields) => void;
  readonly nack: (id: unknown, refused: Refusal) => void;
  /** Resolves when the client's side has taken the bytes, or is gone. */
  readonly send: (data: string | Uint8Array) => Promise<void>;
}

export class ApplicationSide {
  readonly #parts: ApplicationSideParts;
  /** Undefined while one is being opened. */
  readonly #readers = new Map<string, FeedReader | undefined>();
  #isClosed = false;

  constructor(parts: ApplicationSideParts) {
    this.#parts = parts;
  }

  async subscribe(fields: Fields): Promise<void> {
    const { answer, caller, context, nack } = this.#parts;
    const { id } = fields;
    if (typeof id !== 'string' || id === '' || id.length > ID_CHARS_MAX) {
      nack(id, refusal('malformed', `a subscription has an id of at most ${ID_CHARS_MAX} characters`, { pointer: '/id' }));
      return;
    }
    if (this.#readers.has(id)) {
      nack(id, refusal('conflict', 'there is a subscription of this id; unsubscribe first'));
      return;
    }
    if (this.#readers.size >= SUBSCRIPTIONS_MAX) {
      context.refused('subscriptions');
      nack(id, refusal('rate-limited', `a connection has at most ${SUBSCRIPTIONS_MAX} subscriptions`, { limit: 'subscriptions' }));
      return;
    }
    const asked = askedBy(fields);
    const wish = 'code' in asked ? asked : wishOf(caller, asked, context);
    if ('code' in wish) {
      nack(id, wish);
      return;
    }
    this.#readers.set(id, undefined);
    const reader = await openInTime(wish, context, BUDGET_BYTES);
    if (this.#isClosed || !this.#readers.has(id)) {
      reader?.close();
      return;
    }
    if (reader === undefined) {
      this.#readers.delete(id);
      nack(id, refusal('log-unavailable', 'the end of the log was not found in time', { retryAfterMs: 1_000 }));
      return;
    }
    this.#readers.set(id, reader);
    answer({ op: 'subscribed', id, token: reader.token() });
    for await (const page of reader) await this.#page(id, reader, page);
  }

  unsubscribe({ id }: Fields): void {
    const { answer, nack } = this.#parts;
    if (typeof id !== 'string' || !this.#readers.has(id)) {
      nack(id, refusal('not-found', 'there is no subscription of this id'));
      return;
    }
    this.#readers.get(id)?.close();
    this.#readers.delete(id);
    answer({ op: 'unsubscribed', id });
  }

  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers.values()) reader?.close();
    this.#readers.clear();
  }

  async #page(id: string, reader: FeedReader, { gap, items }: FeedPage): Promise<void> {
    const { codec, send } = this.#parts;
    if (gap !== undefined) void send(codec.write({ op: 'missed', id, from: new Date(gap.fromMs).toISOString() }));
    let last: Promise<void> | undefined;
    for (const item of items) {
      if (reader.isClosed) return;
      last = send(codec.event(item, { op: 'event', id, token: reader.tokenAfter(item) }));
    }
    await last;
  }
}

/** As a query of `GET /v1/stream` asks it. */
function askedBy({ filter, from, to }: Fields): { readonly query: URLSearchParams; readonly from: string | null } | Refusal {
  const query = new URLSearchParams();
  const kinds: readonly unknown[] = Array.isArray(to) ? to : [to];
  for (const kind of kinds) {
    if (typeof kind !== 'string') return refusal('malformed', `"to" names what is wanted: ${FEED_KINDS.join(', ')}`, { pointer: '/to' });
    query.append('types', kind);
  }
  if (filter !== undefined) {
    if (typeof filter !== 'object' || filter === null || Object.keys(filter).some((name) => name !== 'device'))
      return refusal('malformed', 'a filter is an object with the member "device"', { pointer: '/filter' });
    const named: unknown = 'device' in filter ? filter.device : [];
    const devices: readonly unknown[] = Array.isArray(named) ? named : [named];
    for (const device of devices) {
      if (typeof device !== 'string') return refusal('malformed', '"device" is an id, or a list of them', { pointer: '/filter/device' });
      query.append('device', device);
    }
  }
  if (from !== undefined && typeof from !== 'string') return refusal('malformed', '"from" is a token', { pointer: '/from' });
  return { query, from: from ?? null };
}
