/**
 * Who exists and what proves it, in memory: a fold over the registry's stream that every edge follows, entry by entry in
 * the log's order, so that all edges hold the same. Lookups never wait. Devices are packed, and a record of one is made
 * when it is asked for; it is what was true then, and `isCurrent` says whether it still is.
 *
 * Bound: about 110 bytes a device; registrations are refused beyond `DEVICES_MAX`. Tenants, keys and groups are objects.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import type { RegistryEntry, RegistryLog } from '../../engine/ports/registry.ts';
import { countNaming, searchRows } from './device-search.ts';
import { type DeviceFilter, DeviceTable } from './device-table.ts';
import { deviceOwner, keyOwner, LiveSessions } from './live-sessions.ts';
import { decodeEntry } from './codec.ts';
import type { DeviceEntry, DeviceState, GroupEntry, KeyEntry, RegistryFact, TenantEntry } from './entries.ts';
import {
  barredBy,
  credentialRecord,
  deviceCredentialGoodUntil,
  type DeviceRecord,
  goodUntil,
  hasTags,
  keyCredentialName,
  type KeyRecord,
  recordOf,
} from './records.ts';

/** With tags and an external id about 200 MB: what an edge can hold beside its batches. */
export const DEVICES_MAX = 1_000_000;
/** So long a feed may be silent before nobody new is let in: a credential might have been revoked meanwhile. */
export const FEED_LOST_MS_MAX = 30_000;

/** What is said of something, and the sequence of the entry that says it. */
export interface Kept<E> {
  readonly seq: number;
  readonly entry: E;
}

interface TenantRecord {
  readonly id: string;
  /** Undefined while only entries of what belongs to it were seen. */
  own: Kept<TenantEntry> | undefined;
  readonly devices: DeviceTable;
  readonly keys: Map<string, KeyRecord>;
  readonly groups: Map<string, Kept<GroupEntry>>;
  /** Groups that devices are in by their tags. */
  continuous: readonly Kept<GroupEntry>[];
}

/** What changed that policies or limits of somebody who is there may depend on. */
export interface RegistryChange {
  readonly kind: 'tenant' | 'group' | 'key' | 'device';
  readonly tenant: string;
  readonly id: string;
}

export interface DevicePage {
  readonly items: readonly DeviceRecord[];
  /** Where the next page begins; undefined: this was the last. */
  readonly next: number | undefined;
}

export class RegistryCache {
  devices = 0;
  /** Entries that this program doesn't understand; a newer one wrote them. */
  unknownEntries = 0;
  /** The last entry of the log that this reflects. */
  seq = 0;

  readonly #clock: Clock;
  readonly #tenants = new Map<string, TenantRecord>();
  readonly #sessions = new LiveSessions();
  readonly #keysUsed = new Map<string, number>();
  readonly #deletedCallbacks: ((tenant: string, device: string) => void)[] = [];
  readonly #readmittedCallbacks: ((entry: DeviceEntry, seq: number) => void)[] = [];
  readonly #factCallbacks: ((fact: RegistryFact, seq: number) => void)[] = [];
  readonly #changedCallbacks: ((change: RegistryChange) => void)[] = [];
  readonly #waiting = new Map<number, () => void>();
  readonly #caughtUp: Promise<void>;
  readonly #feed: { stop(): Promise<void> };
  #isCaughtUp = false;
  #lostAtMs: number | undefined;

  constructor(log: Pick<RegistryLog, 'follow'>, clock: Clock) {
    this.#clock = clock;
    let caughtUp = (): void => undefined;
    this.#caughtUp = new Promise((resolve) => {
      caughtUp = resolve;
    });
    this.#feed = log.follow(
      (entry) => this.#apply(entry),
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

  /** Resolves when the entry of that sequence is known here; asked by who appended it, and by who was slower. */
  reached(seq: number): Promise<void> {
    if (this.seq >= seq) return Promise.resolve();
    return new Promise((done) => {
      const before = this.#waiting.get(seq);
      this.#waiting.set(seq, before === undefined ? done : () => [before, done].forEach((each) => each()));
    });
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
    return this.tenant(tenant) !== undefined;
  }

  tenant(tenant: string): TenantEntry | undefined {
    return this.#tenants.get(tenant)?.own?.entry;
  }

  /** In the order in which they were first heard of. */
  tenants(): readonly TenantEntry[] {
    return [...this.#tenants.values()].flatMap(({ own }) => own?.entry ?? []);
  }

  tenantSeq(tenant: string): number {
    return this.#tenants.get(tenant)?.own?.seq ?? 0;
  }

  /** By its id, or by one of its external ids; those that were decommissioned are there too. */
  device(tenant: string, name: string): DeviceRecord | undefined {
    const found = this.#find(tenant, name);
    return found === undefined ? undefined : recordOf(found.table, tenant, found.row);
  }

  /** The device's id, without making a record. */
  deviceId(tenant: string, name: string): string | undefined {
    const found = this.#find(tenant, name);
    return found?.table.idAt(found.row);
  }

  /** The id of a device that may send, without making a record. */
  sendingId(tenant: string, name: string): string | undefined {
    const found = this.#find(tenant, name);
    return found === undefined || barredBy(found.table.stateAt(found.row)) !== undefined ? undefined : found.table.idAt(found.row);
  }

  /** By an external id alone. */
  deviceByExternalId(tenant: string, name: string): DeviceRecord | undefined {
    const table = this.#tenants.get(tenant)?.devices;
    const row = table?.rowOfExternal(name) ?? -1;
    return table === undefined || row < 0 ? undefined : recordOf(table, tenant, row);
  }

  /** Whether the record still is the truth about its device. */
  isCurrent(record: DeviceRecord): boolean {
    return this.deviceSeq(record.tenant, record.id) === record.seq;
  }

  key(tenant: string, id: string): KeyRecord | undefined {
    return this.#tenants.get(tenant)?.keys.get(id);
  }

  keys(tenant: string): readonly KeyRecord[] {
    return [...(this.#tenants.get(tenant)?.keys.values() ?? [])];
  }

  group(tenant: string, id: string): GroupEntry | undefined {
    const entry = this.#tenants.get(tenant)?.groups.get(id)?.entry;
    return entry?.deletedMs === undefined ? entry : undefined;
  }

  groups(tenant: string): readonly GroupEntry[] {
    return [...(this.#tenants.get(tenant)?.groups.values() ?? [])].flatMap(({ entry }) => (entry.deletedMs === undefined ? entry : []));
  }

  groupSeq(tenant: string, id: string): number {
    return this.#tenants.get(tenant)?.groups.get(id)?.seq ?? 0;
  }

  /** The group that the device names, then those that its tags put it in. */
  groupsOf(device: DeviceEntry): readonly GroupEntry[] {
    return this.keptGroupsOf(device).map(({ entry }) => entry);
  }

  keptGroupsOf(device: DeviceEntry): readonly Kept<GroupEntry>[] {
    const record = this.#tenants.get(device.tenant);
    const named = device.group === undefined ? undefined : record?.groups.get(device.group);
    const byTags = (record?.continuous ?? []).filter(({ entry }) => entry.id !== device.group && hasTags(device, entry));
    return named === undefined || named.entry.deletedMs !== undefined ? byTags : [named, ...byTags];
  }

  /** Sequence that fences the next entry of a device's subject. */
  deviceSeq(tenant: string, id: string): number {
    const table = this.#tenants.get(tenant)?.devices;
    const row = table?.rowOf(id) ?? -1;
    return table === undefined || row < 0 ? 0 : table.seqAt(row);
  }

  /** A page of devices in the order of their first registration, from a row on; gives way to others while it searches. */
  async list(tenant: string, filter: DeviceFilter, page: { readonly from: number; readonly limit: number }): Promise<DevicePage> {
    const table = this.#tenants.get(tenant)?.devices;
    if (table === undefined) return { items: [], next: undefined };
    const { next, rows } = await searchRows(table, filter, page);
    const items = rows.flatMap((each) => (table.isDeletedAt(each) ? [] : recordOf(table, tenant, each)));
    return { items, next: next < table.rows ? next : undefined };
  }

  /** How many devices name the group, those that were decommissioned left out. */
  async devicesNaming(tenant: string, group: string): Promise<number> {
    const table = this.#tenants.get(tenant)?.devices;
    return table === undefined ? 0 : countNaming(table, group);
  }

  /** Calls back when the credential is no longer good, so that its session can be ended. */
  onRevoked(credential: string, callback: () => void): () => void {
    return this.#sessions.add(credential, this.#notAfterOf(credential), callback);
  }

  /** Ends sessions whose credential has run out; called about once a second. */
  expireSessions(): void {
    this.#sessions.expire(this.#clock.now());
  }

  /** Calls back for every device that is deleted, disabled or decommissioned from now on, for as long as the process lives. */
  onDeleted(callback: (tenant: string, device: string) => void): void {
    this.#deletedCallbacks.push(callback);
  }

  /** Calls back for every device that was barred or deleted and may come in again, before it is let in here. */
  onReadmitted(callback: (entry: DeviceEntry, seq: number) => void): void {
    this.#readmittedCallbacks.push(callback);
  }

  /** Calls back for every entry that is understood, in the log's order. Whoever asks at once after the making is told all. */
  onFact(callback: (fact: RegistryFact, seq: number) => void): void {
    this.#factCallbacks.push(callback);
  }

  /** Calls back for changes from now on, for as long as the process lives. Must not throw. */
  onChanged(callback: (change: RegistryChange) => void): void {
    this.#changedCallbacks.push(callback);
  }

  stateOf(tenant: string, device: string): DeviceState | undefined {
    const table = this.#tenants.get(tenant)?.devices;
    const row = table?.rowOf(device) ?? -1;
    return table === undefined || row < 0 ? undefined : table.stateAt(row);
  }

  /** When a credential was used last, as far as `noteUsed` was told. */
  usedMs(credential: string): number | undefined {
    const [tenant = '', id = '', own] = partsOf(credential);
    if (own === undefined) return this.#keysUsed.get(credential);
    const table = this.#tenants.get(tenant)?.devices;
    const row = table?.rowOf(id) ?? -1;
    return row < 0 ? undefined : table?.usedMs(row, own);
  }

  noteUsed(credential: string, ms: number): void {
    const [tenant = '', id = '', own] = partsOf(credential);
    const record = this.#tenants.get(tenant);
    if (own === undefined) {
      if (record?.keys.has(id) === true && ms > (this.#keysUsed.get(credential) ?? 0)) this.#keysUsed.set(credential, ms);
      return;
    }
    const row = record?.devices.rowOf(id) ?? -1;
    if (row >= 0) record?.devices.noteUsed(row, own, ms);
  }

  /** Bytes that devices are packed in. */
  deviceBytes(): number {
    let sum = 0;
    for (const { devices } of this.#tenants.values()) sum += devices.bytes;
    return sum;
  }

  #find(tenant: string, name: string): { readonly table: DeviceTable; readonly row: number } | undefined {
    const table = this.#tenants.get(tenant)?.devices;
    if (table === undefined) return undefined;
    const byId = table.rowOf(name);
    if (byId >= 0 && !table.isDeletedAt(byId)) return { table, row: byId };
    const byName = table.rowOfExternal(name);
    return byName < 0 ? undefined : { table, row: byName };
  }

  #apply(entry: RegistryEntry): void {
    if (entry.seq <= this.seq) return;
    this.seq = entry.seq;
    const fact = decodeEntry(entry.data);
    if (fact === undefined) this.unknownEntries++;
    else {
      this.#applyToTenant(this.#tenantRecord(fact.tenant), fact, entry.seq);
      for (const callback of this.#factCallbacks) callback(fact, entry.seq);
    }
    this.#waiting.get(entry.seq)?.();
    this.#waiting.delete(entry.seq);
  }

  #applyToTenant(tenant: TenantRecord, fact: RegistryFact, seq: number): void {
    switch (fact.kind) {
      case 'tenant':
        tenant.own = { seq, entry: fact };
        this.#changed({ kind: 'tenant', tenant: tenant.id, id: tenant.id });
        break;
      case 'external':
        // A claim matters to whoever makes the next; who holds the name, the device's own entry says.
        break;
      case 'group':
        tenant.groups.set(fact.id, { seq, entry: fact });
        tenant.continuous = [...tenant.groups.values()].filter(({ entry }) => entry.mode === 'continuous' && entry.deletedMs === undefined);
        this.#changed({ kind: 'group', tenant: tenant.id, id: fact.id });
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
    const name = keyCredentialName(entry);
    const credentials = [entry.credential, ...(entry.previous === undefined ? [] : [entry.previous])].map((one) =>
      credentialRecord(one, name, undefined),
    );
    tenant.keys.set(entry.id, { seq, entry, credentials });
    const notAfterMs = goodUntil(credentials);
    this.#sessions.changed(keyOwner(tenant.id, entry.id), () => notAfterMs);
    this.#changed({ kind: 'key', tenant: tenant.id, id: entry.id });
  }

  #applyDevice(tenant: TenantRecord, entry: DeviceEntry, seq: number): void {
    const known = tenant.devices.rowOf(entry.id);
    const wasThere = known >= 0 && !tenant.devices.isDeletedAt(known);
    const isThere = entry.deletedMs === undefined;
    const wasOut = known >= 0 && (!wasThere || barredBy(tenant.devices.stateAt(known)) !== undefined);
    tenant.devices.put(entry, seq);
    if (wasOut && isThere && barredBy(entry.state) === undefined) for (const callback of this.#readmittedCallbacks) callback(entry, seq);
    this.devices += Number(isThere) - Number(wasThere);
    if (!wasThere) return;
    if (!isThere || barredBy(entry.state) !== undefined) for (const callback of this.#deletedCallbacks) callback(tenant.id, entry.id);
    const owner = deviceOwner(tenant.id, entry.id);
    if (this.#sessions.has(owner)) this.#sessions.changed(owner, (credential) => deviceCredentialGoodUntil(entry, credential));
    this.#changed({ kind: 'device', tenant: tenant.id, id: entry.id });
  }

  #changed(change: RegistryChange): void {
    for (const callback of this.#changedCallbacks) callback(change);
  }

  #notAfterOf(credential: string): number {
    const [tenant = '', id = '', own] = partsOf(credential);
    if (own === undefined) return goodUntil(this.key(tenant, id)?.credentials ?? []) ?? Number.POSITIVE_INFINITY;
    const entry = this.device(tenant, id)?.entry;
    return (entry === undefined ? undefined : deviceCredentialGoodUntil(entry, credential)) ?? Number.POSITIVE_INFINITY;
  }

  #tenantRecord(id: string): TenantRecord {
    const known = this.#tenants.get(id);
    if (known !== undefined) return known;
    const record: TenantRecord = {
      id,
      own: undefined,
      devices: new DeviceTable(),
      keys: new Map(),
      groups: new Map(),
      continuous: [],
    };
    this.#tenants.set(id, record);
    return record;
  }
}

/** Tenant, then key; or tenant, device and credential. */
function partsOf(credential: string): readonly string[] {
  return credential.slice(credential.indexOf('_') + 1).split('.');
}
