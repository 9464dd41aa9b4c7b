/** What of a tenant's feed a credential may see, as it is now: by the kind of an item, and of a twin by its section. */
import type { Principal } from '../message.ts';
import { FEED_KINDS, type FeedItem, type FeedKind } from './feed-item.ts';

/** Which scope opens a kind; of a twin a part of it will do for what is in that part. */
export const KIND_SCOPES: Readonly<Record<FeedKind, string>> = {
  telemetry: 'telemetry:read',
  twin: 'twin:read',
  presence: 'twin:read:presence',
  commands: 'command:send',
};

/** Sections that are part of the scope; others are seen by those who may read all of a twin. */
const SECTIONS: ReadonlyMap<string, string> = new Map(['reported', 'desired', 'delta', 'tags'].map((name) => [name, `twin:read:${name}`]));

/** The administrator may see everything; a device reads what is its own in other ways. */
export function maySee(principal: Principal, kind: FeedKind): boolean {
  if (principal.kind !== 'key') return principal.kind === 'admin';
  return kind === 'twin' ? principal.grants.allowsPart(KIND_SCOPES.twin) : principal.grants.allows(KIND_SCOPES[kind]);
}

export function visibleKinds(principal: Principal): readonly FeedKind[] {
  return FEED_KINDS.filter((kind) => maySee(principal, kind));
}

/** Whether an item may be shown; asked for each, because grants change and devices are deleted while a feed is open. */
export function mayShow(principal: Principal, item: FeedItem, registry: { deviceSeq(tenant: string, device: string): number }): boolean {
  // The log forgets a device by age alone; who asks for it is told nothing of it as soon as it is deleted.
  if (registry.deviceSeq(item.tenant, item.device) === 0) return false;
  if (principal.kind === 'admin') return true;
  if (principal.kind !== 'key') return false;
  if (item.kind !== 'twin') return principal.grants.allows(KIND_SCOPES[item.kind]);
  return principal.grants.allows(SECTIONS.get(item.decision?.section ?? '') ?? KIND_SCOPES.twin);
}
