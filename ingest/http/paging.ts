/** Pages of lists: how many, and an opaque cursor that says where the next begins. */
import type { FastifyRequest } from 'fastify';
import { type Refusal, refusal } from '../refusal.ts';

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;

export interface Page {
  readonly query: URLSearchParams;
  readonly limit: number;
  /** As `cursorOf` was given it; undefined: from the beginning. */
  readonly cursor: string | undefined;
}

export function pageOf(request: FastifyRequest): Page | Refusal {
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
  const limit = Number(query.get('limit') ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX)
    return refusal('malformed', `limit is a whole number from 1 to ${PAGE_MAX}`, { limit: 'page' });
  const text = query.get('cursor');
  if (text === null) return { query, limit, cursor: undefined };
  const cursor = Buffer.from(text, 'base64url').toString('utf8');
  if (cursorOf(cursor) !== text) return refusal('malformed', 'the cursor is none of ours: take it from nextCursor as it is');
  return { query, limit, cursor };
}

export function cursorOf(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** A page of things that are few enough to be sorted anew. */
export function pageOfSorted<T>(
  all: readonly T[],
  idOf: (one: T) => string,
  page: Page,
): { readonly items: readonly T[]; readonly nextCursor?: string } {
  const { cursor, limit } = page;
  const rest = all.filter((one) => cursor === undefined || idOf(one) > cursor).toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = rest.length > limit ? items.at(-1) : undefined;
  return { items, ...(last === undefined ? {} : { nextCursor: cursorOf(idOf(last)) }) };
}

/** A cursor that is a whole number; undefined: it isn't. */
export function numberCursor(cursor: string | undefined, start: number): number | undefined {
  if (cursor === undefined) return start;
  return /^\d{1,15}$/.test(cursor) ? Number(cursor) : undefined;
}
