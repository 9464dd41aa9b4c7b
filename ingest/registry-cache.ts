/**
 * Who exists and what proves it, in memory: a fold over the registry's stream that every edge follows. Lookups never wait.
 * Records are changed in place when an entry says so (`alive`, `revoked`), so whoever keeps one needs no second lookup.
 *
 * Bound: one record for each device and key there is, and a number for each that was deleted; registrations are refused
 * beyond `DEVICES_MAX`.
 */
import type { Clock } from '../engine/kernel/clock.ts';
import type { RegistryEntry, RegistryLog } from '../engine/ports/registry.ts';
import { credentialName } from './credentials.ts';
import type { Principal } from './message.ts';
import { type CredentialEntry, decodeEntry, type DeviceEntry, type KeyEntry, type RegistryFact } from './registry-entries.ts';

/** About 700 bytes each: what an edge can hold beside its batches. */
export const DEVICES_MAX = 1_000_000;
/** So long a feed may be silent before nobody new is let in: a credential might have been revoked meanwhile. */
export const FEED_LOST_MS_MAX = 30_000;

export interface CredentialRecord {
  readonly id: string;
  /** The token without its secret. */
  readonly name: string;
  readonly hash: string;
  readonly createdMs: number;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  revoked: boolean;
  readonly principal: Principal;
}

export interface DeviceRecord {
  readonly tenant: string;
  readonly id: string;
  /** False once the device was deleted, or this record replaced by another of a new registration. */
  alive: boolean;
  /** Sequence of the entry that this reflects. */
  seq: number;
  entry: DeviceEntry;
  credentials: readonly CredentialRecord[];
}

export interface KeyRecord {
  seq: number;
  entry: KeyEntry;
  readonly credential: CredentialRecord;
}

interface TenantRecord {
  readonly id: string;
  /** Sequence of its own entry; 0 while only entries of its devices were seen. */
  seq: number;
  readonly devices: Map<string, DeviceRecord>;
  /** Sequence of the last entry of what was deleted: a new registration is fenced by it. */
  readonly deleted: Map<string, number>;
  readonly keys: Map<string, KeyRecord>;
  readonly externals: Map<string, { readonly device: string; readonly seq: number }>;
  /** Device ids in order, made when a list is asked for. */
  sorted: readonly string[] | undefined;
}

export class RegistryCache {
  devices = 0;
  /** Entries that this program doesn't understand; a newer one wrote them. */
  unknownEntries = 0;

  readonly #clock: Clock;
  readonly #tenants = new Map<string, TenantRecord>();
  readonly #revokedCallbacks = new Map<string, Set<() => void>>();
  readonly #deletedCallbacks: ((tenant: string, device: string) => void)[] = [];
  readonly #caughtUp: Promise<void>;
  readonly #feed: { stop(): Promise<void> };
  #isCaughtUp = false;
  #lostAtMs: number | undefined;

  constructor(log: RegistryLog, clock: Clock) {
    this.#clock = clock;
    let caughtUp = (): void => undefined;
    this.#caughtUp = new Promise((resolve) => {
      caughtUp = resolve;
    });
    this.#feed = log.follow(
      (entry) => this.apply(entry),
      () => {
        this.#isCaughtUp = true;
        caughtUp();
      },
    );
  }

  /** Resolves when everything that was there at the start is known. */
  caughtUp(): Promise<void> {
    return this.#caughtUp;
  }

  stop(): Promise<void> {
    return this.#feed.stop();
  }

  /** Told by whoever watches the connection that brings the feed. */
  feedLost(): void {
    this.#lostAtMs ??= this.#clock.monotonic();
  }

  feedRestored(): void {
    this.#lostAtMs = undefined;
  }

  /** Whether a revocation may have gone by unnoticed for longer than is bearable. */
  isBehind(): boolean {
    return !this.#isCaughtUp || (this.#lostAtMs !== undefined && this.#clock.monotonic() - this.#lostAtMs >= FEED_LOST_MS_MAX);
  }

  hasTenant(tenant: string): boolean {
    return (this.#tenants.get(tenant)?.seq ?? 0) > 0;
  }

  /** By its id, or by one of its external ids. */
  device(tenant: string, name: string): DeviceRecord | undefined {
    const record = this.#tenants.get(tenant);
    if (record === undefined) return undefined;
    const device = record.devices.get(name);
    if (device !== undefined) return device;
    const claim = record.externals.get(name);
    const holder = claim === undefined ? undefined : record.devices.get(claim.device);
    return holder?.entry.externalIds.includes(name) === true ? holder : undefined;
  }

  key(tenant: string, id: string): KeyRecord | undefined {
    return this.#tenants.get(tenant)?.keys.get(id);
  }

  /** Sequence that fences the next entry of a device's subject. */
  deviceSeq(tenant: string, id: string): number {
    const record = this.#tenants.get(tenant);
    return record?.devices.get(id)?.seq ?? record?.deleted.get(id) ?? 0;
  }

  externalSeq(tenant: string, name: string): number {
    return this.#tenants.get(tenant)?.externals.get(name)?.seq ?? 0;
  }

  /** Devices in the order of their ids, after `after`. */
  list(tenant: string, after: string, limit: number): readonly DeviceRecord[] {
    const record = this.#tenants.get(tenant);
    if (record === undefined) return [];
    record.sorted ??= [...record.devices.keys()].toSorted();
    const page: DeviceRecord[] = [];
    for (let i = firstAfter(record.sorted, after); i < record.sorted.length && page.length < limit; i++) {
      const device = record.devices.get(record.sorted[i] ?? '');
      if (device !== undefined) page.push(device);
    }
    return page;
  }

  onRevoked(credential: string, callback: () => void): () => void {
    const callbacks = this.#revokedCallbacks.get(credential) ?? new Set();
    this.#revokedCallbacks.set(credential, callbacks.add(callback));
    return () => {
      callbacks.delete(callback);
      if (callbacks.size === 0 && this.#revokedCallbacks.get(credential) === callbacks) this.#revokedCallbacks.delete(credential);
    };
  }

  /** Calls back for every device that is deleted from now on, for as long as the process lives. */
  onDeleted(callback: (tenant: string, device: string) => void): void {
    this.#deletedCallbacks.push(callback);
  }

  /** Takes an entry in; one that is known already changes nothing. */
  apply(entry: RegistryEntry): void {
    const fact = decodeEntry(entry.data);
    if (fact === undefined) {
      this.unknownEntries++;
      return;
    }
    this.#applyToTenant(this.#tenantRecord(fact.tenant), fact, entry.seq);
  }

  #applyToTenant(tenant: TenantRecord, fact: RegistryFact, seq: number): void {
    switch (fact.kind) {
      case 'tenant':
        tenant.seq = Math.max(tenant.seq, seq);
        break;
      case 'external':
        if (seq > (tenant.externals.get(fact.name)?.seq ?? 0)) tenant.externals.set(fact.name, { device: fact.device, seq });
        break;
      case 'key':
        this.#applyKey(tenant, fact, seq);
        break;
      case 'device':
        this.#applyDevice(tenant, fact, seq);
        break;
    }
  }

  #applyKey(tenant: TenantRecord, entry: KeyEntry, seq: number): void {
    const known = tenant.keys.get(entry.id);
    if (known !== undefined && known.seq >= seq) return;
    const name = credentialName({ kind: 'key', tenant: tenant.id, id: entry.id });
    const credential = credentialRecord(entry.credential, name, { kind: 'key', tenant: tenant.id, credential: name, scopes: entry.scopes });
    tenant.keys.set(entry.id, { seq, entry, credential });
    if (known !== undefined) this.#revoke(known.credential, credential);
  }

  #applyDevice(tenant: TenantRecord, entry: DeviceEntry, seq: number): void {
    const known = tenant.devices.get(entry.id);
    if ((known?.seq ?? tenant.deleted.get(entry.id) ?? 0) >= seq) return;
    if (entry.deletedMs !== undefined) {
      tenant.deleted.set(entry.id, seq);
      if (known === undefined) return;
      tenant.devices.delete(entry.id);
      tenant.sorted = undefined;
      this.devices--;
      known.alive = false;
      for (const callback of this.#deletedCallbacks) callback(tenant.id, entry.id);
      for (const credential of known.credentials) this.#revoke(credential, undefined);
      return;
    }
    const credentials = entry.credentials.map((one) => {
      const name = credentialName({ kind: 'device', tenant: tenant.id, device: entry.id, id: one.id });
      return credentialRecord(one, name, { kind: 'device', tenant: tenant.id, device: entry.id, credential: name });
    });
    if (known === undefined) {
      tenant.devices.set(entry.id, { tenant: tenant.id, id: entry.id, alive: true, seq, entry, credentials });
      tenant.deleted.delete(entry.id);
      tenant.sorted = undefined;
      this.devices++;
      return;
    }
    const before = known.credentials;
    known.seq = seq;
    known.entry = entry;
    known.credentials = credentials;
    for (const credential of before)
      this.#revoke(
        credential,
        credentials.find((one) => one.id === credential.id),
      );
  }

  /** The old record of a credential is no longer the truth; if the new one isn't valid, its sessions end. */
  #revoke(before: CredentialRecord, now: CredentialRecord | undefined): void {
    const wasRevoked = before.revoked;
    before.revoked = true;
    if (wasRevoked || (now !== undefined && !now.revoked)) return;
    const callbacks = this.#revokedCallbacks.get(before.name);
    this.#revokedCallbacks.delete(before.name);
    for (const callback of callbacks ?? []) callback();
  }

  #tenantRecord(id: string): TenantRecord {
    const known = this.#tenants.get(id);
    if (known !== undefined) return known;
    const record: TenantRecord = {
      id,
      seq: 0,
      devices: new Map(),
      deleted: new Map(),
      keys: new Map(),
      externals: new Map(),
      sorted: undefined,
    };
    this.#tenants.set(id, record);
    return record;
  }
}

function credentialRecord(entry: CredentialEntry, name: string, principal: Principal): CredentialRecord {
  return {
    id: entry.id,
    name,
    hash: entry.hash,
    createdMs: entry.createdMs,
    notBeforeMs: entry.notBeforeMs ?? 0,
    notAfterMs: entry.notAfterMs ?? Number.POSITIVE_INFINITY,
    revoked: entry.revokedMs !== undefined,
    principal,
  };
}

function firstAfter(sorted: readonly string[], after: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
