/**
 * From a device's name as bytes in a body to what an event of it needs: its partition and its encoded prefix. A gateway's
 * body names a device in each sample, so a hit makes no string and follows no pointer: the bytes are hashed and compared.
 *
 * Bound: `ENTRIES_MAX` devices, and those of one body more; then all are forgotten, and looked up in the registry again.
 */
import { fnv1a32, fnv1a32Bytes, partitionOf } from '../../engine/kernel/partition.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND } from '../../schemas/envelope.ts';
import { DeviceEntries, idIn } from './device-entries.ts';
import type { RegistryCache } from './cache.ts';

/** About 10 MB when full; a gateway speaks for thousands of devices, not for hundreds of thousands. */
const ENTRIES_MAX = 100_000;
/** Slots are a power of two, and twice as many as entries, so that the next free one is near. */
const SLOTS_MIN = 1024;
/** Tenants are numbered in two bytes. */
const TENANTS_MAX = 60_000;
const NONE = 0;

export interface DeviceDirectoryOptions {
  readonly registry: RegistryCache;
  readonly partitions: number;
  /** A value of `VIA`. */
  readonly via: number;
}

interface NameSpan {
  readonly start: number;
  readonly end: number;
}

export class DeviceDirectory {
  readonly #registry: RegistryCache;
  readonly #partitions: number;
  readonly #via: number;
  /** What the numbers that `find` answers point into. */
  entries = new DeviceEntries();
  #slots = new Uint32Array(SLOTS_MIN);
  /** Filled anew for each look. */
  readonly #name: { bytes: Uint8Array; start: number; end: number } = { bytes: new Uint8Array(0), start: 0, end: 0 };
  readonly #tenants = new Map<string, number>();
  readonly #tenantHashes: number[] = [];
  #lastTenant = '';
  #lastTenantHash = 0;
  #lastTenantNumber = -1;

  constructor(options: DeviceDirectoryOptions) {
    this.#registry = options.registry;
    this.#partitions = options.partitions;
    this.#via = options.via;
    options.registry.onDeleted((tenant, id) => this.#deleted(tenant, id));
  }

  /** Called before the first event of a body: only here are entries forgotten, so those of one body lie together. */
  begin(): void {
    if (this.entries.count < ENTRIES_MAX && this.#tenants.size < TENANTS_MAX) return;
    this.entries = new DeviceEntries();
    this.#slots = new Uint32Array(SLOTS_MIN);
    this.#tenants.clear();
    this.#lastTenantNumber = -1;
  }

  /** The entry of the device whose name is `bytes[start, end)`, its id or an external id; 0 when it isn't registered. */
  find(tenant: string, bytes: Uint8Array, span: NameSpan): number {
    if (tenant !== this.#lastTenant || this.#lastTenantNumber < 0) this.#setTenant(tenant);
    const found = this.#look(bytes, span.start, span.end);
    return found === NONE ? this.#lookUp(tenant, Buffer.from(bytes.buffer, bytes.byteOffset + span.start, span.end - span.start)) : found;
  }

  findByName(tenant: string, name: string): number {
    const bytes = Buffer.from(name);
    return this.find(tenant, bytes, { start: 0, end: bytes.length });
  }

  /** Whether a device of this id is registered, and may send. */
  maySend(tenant: string, id: string): boolean {
    return this.#registry.sendingId(tenant, id) === id;
  }

  idOf(entry: number): string {
    return idIn(this.entries.bytes, entry);
  }

  #look(bytes: Uint8Array, start: number, end: number): number {
    const { entries } = this;
    const slots = this.#slots;
    const name = this.#name;
    name.bytes = bytes;
    name.start = start;
    name.end = end;
    const mask = slots.length - 1;
    for (let slot = fnv1a32Bytes(bytes, { start, end, seed: this.#lastTenantHash }) & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot] as number;
      if (entry === NONE || entries.isOf(entry, this.#lastTenantNumber, name)) return entry;
    }
  }

  #lookUp(tenant: string, name: Buffer): number {
    const id = this.#registry.sendingId(tenant, name.toString('utf8'));
    if (id === undefined) return NONE;
    // An external id may pass to another device while its holder lives on: only ids, which never move, are remembered.
    const bytes = Buffer.from(id);
    const known = this.#look(bytes, 0, bytes.length);
    if (known !== NONE) return known;
    const fields = { tenant, device: id, kind: KIND.telemetry, via: this.#via };
    const entry = this.entries.add({
      tenant: this.#lastTenantNumber,
      id,
      partition: partitionOf(tenant, id, this.#partitions),
      json: encodeEventPrefix({ ...fields, contentType: CONTENT_TYPE.json }),
      protobuf: encodeEventPrefix({ ...fields, contentType: CONTENT_TYPE.protobuf }),
    });
    if (this.entries.count * 2 > this.#slots.length) this.#widen();
    else this.#remember(entry);
    return entry;
  }

  #remember(entry: number): void {
    const { entries } = this;
    const slots = this.#slots;
    const mask = slots.length - 1;
    const seed = this.#tenantHashes[entries.tenantOf(entry)] ?? 0;
    let slot = fnv1a32(idIn(entries.bytes, entry), seed) & mask;
    while (slots[slot] !== NONE) slot = (slot + 1) & mask;
    slots[slot] = entry;
  }

  #widen(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (const entry of this.entries.all()) this.#remember(entry);
  }

  #deleted(tenant: string, id: string): void {
    if (!this.#tenants.has(tenant)) return;
    this.#setTenant(tenant);
    const bytes = Buffer.from(id);
    const entry = this.#look(bytes, 0, bytes.length);
    if (entry !== NONE) this.entries.remove(entry);
  }

  #setTenant(tenant: string): void {
    let number = this.#tenants.get(tenant);
    if (number === undefined) {
      number = this.#tenants.size;
      this.#tenants.set(tenant, number);
      this.#tenantHashes[number] = fnv1a32(tenant);
    }
    this.#lastTenant = tenant;
    this.#lastTenantNumber = number;
    this.#lastTenantHash = this.#tenantHashes[number] ?? 0;
  }
}
