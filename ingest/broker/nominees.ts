/**
 * Which topics are worth reading: a set of the keys of all filters that somebody has (decision 0017). Most messages that a pass
 * comes by concern nobody in it, and are known by their key, without a string or an object made of them.
 */
import { filterKeyOf, keyOf, tenantSeed } from '../../engine/kernel/topic-key.ts';
import { TopicGlanceReader } from '../../schemas/gen/lean.ts';
import { tenantOf } from './topic-message.ts';

interface Nominated {
  readonly seed: number;
  readonly keys: Set<number>;
  /** A filter of the tenant has no key: every topic may be wanted. */
  isAll: boolean;
}

const glance = new TopicGlanceReader();

export class Nominees {
  readonly #tenants = new Map<string, Nominated>();

  /** The filter without its shared group. There is no way to take one back: a key too many costs only reading. */
  add(tenant: string, filter: string): void {
    let nominated = this.#tenants.get(tenant);
    if (nominated === undefined) this.#tenants.set(tenant, (nominated = { seed: tenantSeed(tenant), keys: new Set(), isAll: false }));
    const key = filterKeyOf(tenant, filter);
    if (key === undefined) nominated.isAll = true;
    else nominated.keys.add(key);
  }

  clear(): void {
    this.#tenants.clear();
  }

  /** Whether somebody may want the event in [start, end); true tells only that it's worth reading. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (!glance.read(bytes, start, end)) return false;
    const nominated = this.#tenants.get(tenantOf(bytes, glance.tenantStart, glance.tenantEnd));
    if (nominated === undefined) return false;
    return nominated.isAll || nominated.keys.has(keyOf(nominated.seed, bytes, glance.topicStart, glance.topicEnd));
  }
}
