/**
 * Which partition a device lives in: FNV-1a-32 over the bytes of tenant and device, one after the other, modulo the
 * number of partitions. nats-server's own `partition()` mapping computes the same, so a mapping may replace it.
 */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over ASCII text; ids are ASCII by their grammar. */
export function fnv1a32(text: string, seed: number = FNV_OFFSET): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
}

/** The same over bytes, so that a device named in a buffer needs no string. */
export function fnv1a32Bytes(bytes: Uint8Array, span: { readonly start: number; readonly end: number; readonly seed?: number }): number {
  let hash = span.seed ?? FNV_OFFSET;
  for (let i = span.start; i < span.end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), FNV_PRIME);
  return hash >>> 0;
}

export function partitionOf(tenant: string, device: string, partitions: number): number {
  return fnv1a32(device, fnv1a32(tenant)) % partitions;
}

/** Where a topic of a tenant's own tree lives; `topic` is UTF-8. */
export function topicPartitionOf(tenant: string, topic: Uint8Array, partitions: number): number {
  return fnv1a32Bytes(topic, { start: 0, end: topic.length, seed: fnv1a32(tenant) }) % partitions;
}

/** Where a session lives: a device's sessions with the device, an application's by its client id (over its UTF-16 units). */
export function sessionPartitionOf(
  session: { readonly tenant: string; readonly device: string | undefined; readonly clientId: string },
  partitions: number,
): number {
  return partitionOf(session.tenant, session.device ?? session.clientId, partitions);
}
