/**
 * The keys of the topic index: a hash of the tenant and the first two levels of a topic. Everything that a filter with a key
 * matches has that key; others may have it too, so a key only nominates.
 */
import { fnv1a32, fnv1a32Bytes } from './partition.ts';

const SLASH = 0x2f;
const PLUS = 0x2b;
const HASH = 0x23;
/** No id has this character, so that the tenant's end can't be mistaken. */
const BORDER = '/';

const encoder = new TextEncoder();

/** The key of a topic, in UTF-8, 32 bits. */
export function topicKeyOf(tenant: string, topic: Uint8Array): number {
  return keyOf(tenantSeed(tenant), topic, 0, topic.length);
}

/** The key of all topics that the filter matches; undefined where a wildcard stands in its first two levels. Not for `$share/…`. */
export function filterKeyOf(tenant: string, filter: string): number | undefined {
  const bytes = encoder.encode(filter);
  const end = secondSlash(bytes, 0, bytes.length);
  for (let i = 0; i < end; i++) if (bytes[i] === PLUS || bytes[i] === HASH) return undefined;
  return keyOf(tenantSeed(tenant), bytes, 0, bytes.length);
}

/** What `keyOf` starts from, for whoever has many topics of a tenant. */
export function tenantSeed(tenant: string): number {
  return fnv1a32(BORDER, fnv1a32(tenant));
}

/** The key of the topic in [start, end). Four numbers and no record, because every message is asked for it. */
// oxlint-disable-next-line max-params
export function keyOf(seed: number, bytes: Uint8Array, start: number, end: number): number {
  return mix(fnv1a32Bytes(bytes, { start, end: secondSlash(bytes, start, end), seed }));
}

/** Where the second level ends. */
function secondSlash(bytes: Uint8Array, start: number, end: number): number {
  let slashes = 0;
  for (let i = start; i < end; i++) if (bytes[i] === SLASH && ++slashes === 2) return i;
  return end;
}

/** FNV hardly mixes its last bytes into the upper bits, by which the index is cut. */
function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
