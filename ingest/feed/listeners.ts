/**
 * Who listens at the head of a partition, found by tenant and device, so that an item costs those who want it and nobody
 * else. Whoever is taken out while an item is handed around gets nothing more of it.
 */
import { FEED_KINDS, type FeedItem, kindMask, type KindMask } from './feed-item.ts';
import type { Audience, TenantAudience } from './record-walk.ts';

export interface Listener {
  /** Undefined: every tenant. */
  readonly tenant: string | undefined;
  /** Undefined: every device. */
  readonly device: string | undefined;
  readonly kinds: KindMask;
  /** The payload is good until this returns; `item.keep()` makes it last. Must not throw. */
  item(item: FeedItem): void;
}

type Row = readonly Listener[];

const NOBODY: Row = [];

export class Listeners implements Audience {
  /** Of all tenants. */
  #everywhere: Row = NOBODY;
  readonly #tenants = new Map<string, Tenant>();
  readonly #strangers = new Tenant();
  size = 0;

  of(tenant: string): TenantAudience | undefined {
    const known = this.#tenants.get(tenant);
    if (known !== undefined) return known;
    return this.#everywhere.length === 0 ? undefined : this.#strangers;
  }

  add(listener: Listener): void {
    this.size++;
    const { tenant } = listener;
    if (tenant === undefined) {
      this.#everywhere = [...this.#everywhere, listener];
      this.#spread();
      return;
    }
    const place = this.#tenants.get(tenant) ?? new Tenant();
    this.#tenants.set(tenant, place);
    place.add(listener);
    place.common = this.#everywhere;
  }

  remove(listener: Listener): void {
    const { tenant } = listener;
    if (tenant === undefined) {
      const left = this.#everywhere.filter((each) => each !== listener);
      this.size -= this.#everywhere.length - left.length;
      this.#everywhere = left;
      this.#spread();
      return;
    }
    const place = this.#tenants.get(tenant);
    if (place?.remove(listener) !== true) return;
    this.size--;
    if (place.isEmpty) this.#tenants.delete(tenant);
  }

  #spread(): void {
    this.#strangers.common = this.#everywhere;
    for (const place of this.#tenants.values()) place.common = this.#everywhere;
  }
}

class Tenant implements TenantAudience {
  readonly #whole = new Set<Listener>();
  readonly #devices = new Map<string, Set<Listener>>();
  /** How many of the tenant's own want each kind. */
  readonly #wanting: number[] = FEED_KINDS.map(() => 0);
  #own: KindMask = 0;
  #common: Row = NOBODY;
  kinds: KindMask = 0;

  get isEmpty(): boolean {
    return this.#whole.size === 0 && this.#devices.size === 0;
  }

  set common(row: Row) {
    this.#common = row;
    this.#sum();
  }

  add(listener: Listener): void {
    this.#count(listener.kinds, 1);
    if (listener.device === undefined) {
      this.#whole.add(listener);
      return;
    }
    const ofDevice = this.#devices.get(listener.device) ?? new Set();
    this.#devices.set(listener.device, ofDevice);
    ofDevice.add(listener);
  }

  /** Whether it was there. */
  remove(listener: Listener): boolean {
    const { device, kinds } = listener;
    const ofDevice = device === undefined ? this.#whole : this.#devices.get(device);
    if (ofDevice?.delete(listener) !== true) return false;
    if (device !== undefined && ofDevice.size === 0) this.#devices.delete(device);
    this.#count(kinds, -1);
    return true;
  }

  hears(device: string): boolean {
    return this.#common.length > 0 || this.#whole.size > 0 || this.#devices.has(device);
  }

  take(item: FeedItem): true {
    const kind = kindMask(item.kind);
    for (const listener of this.#common) if ((listener.kinds & kind) !== 0) listener.item(item);
    for (const listener of this.#whole) if ((listener.kinds & kind) !== 0) listener.item(item);
    const ofDevice = this.#devices.get(item.device);
    if (ofDevice !== undefined) for (const listener of ofDevice) if ((listener.kinds & kind) !== 0) listener.item(item);
    return true;
  }

  #count(kinds: KindMask, by: number): void {
    this.#own = 0;
    for (let bit = 0; bit < this.#wanting.length; bit++) {
      if ((kinds & (1 << bit)) !== 0) this.#wanting[bit] = (this.#wanting[bit] ?? 0) + by;
      if ((this.#wanting[bit] ?? 0) > 0) this.#own |= 1 << bit;
    }
    this.#sum();
  }

  #sum(): void {
    this.kinds = this.#own;
    for (const { kinds } of this.#common) this.kinds |= kinds;
  }
}
