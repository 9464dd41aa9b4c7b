/**
 * From a device's name as bytes in a body to what an event of it needs: its partition and its encoded prefix. A gateway's
 * body names a device in each sample, so a hit makes no string: the bytes are hashed and compared.
 *
 * Bound: a direct-mapped table of `SLOTS` devices; one that was pushed out is looked up in the registry again.
 */
import { fnv1a32, fnv1a32Bytes, partitionOf } from '../engine/kernel/partition.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND } from '../schemas/envelope.ts';
import type { DeviceRecord, RegistryCache } from './registry-cache.ts';

/** About 25 MB when full; a gateway speaks for thousands of devices, not for hundreds of thousands. */
const SLOTS = 65_536;

export type TelemetryFormat = 'json' | 'protobuf';

export interface KnownDevice {
  readonly tenant: string;
  /** The name that was looked up: an id or an external id. */
  readonly name: Uint8Array;
  readonly record: DeviceRecord;
  readonly partition: number;
  readonly prefixes: Readonly<Record<TelemetryFormat, Uint8Array>>;
}

export interface DeviceDirectoryOptions {
  readonly registry: RegistryCache;
  readonly partitions: number;
  /** A value of `VIA`. */
  readonly via: number;
}

export class DeviceDirectory {
  readonly #registry: RegistryCache;
  readonly #partitions: number;
  readonly #via: number;
  readonly #slots: (KnownDevice | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  #lastTenant = '';
  #lastTenantHash = 0;

  constructor(options: DeviceDirectoryOptions) {
    this.#registry = options.registry;
    this.#partitions = options.partitions;
    this.#via = options.via;
  }

  /** The device whose name is `bytes[start, end)`, by its id or an external id; undefined when it isn't registered. */
  find(tenant: string, bytes: Uint8Array, span: { readonly start: number; readonly end: number }): KnownDevice | undefined {
    const { start, end } = span;
    const slot = fnv1a32Bytes(bytes, { start, end, seed: this.#tenantHash(tenant) }) % SLOTS;
    const known = this.#slots[slot];
    if (known !== undefined && known.tenant === tenant && known.record.alive && isSame(known.name, bytes, span)) return known;
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    return this.#lookUp(tenant, name, slot);
  }

  findByName(tenant: string, name: string): KnownDevice | undefined {
    const bytes = Buffer.from(name);
    return this.find(tenant, bytes, { start: 0, end: bytes.length });
  }

  #lookUp(tenant: string, name: string, slot: number): KnownDevice | undefined {
    const record = this.#registry.device(tenant, name);
    if (record === undefined) return undefined;
    const fields = { tenant, device: record.id, kind: KIND.telemetry, via: this.#via };
    const known: KnownDevice = {
      tenant,
      name: Buffer.from(name),
      record,
      partition: partitionOf(tenant, record.id, this.#partitions),
      prefixes: {
        json: encodeEventPrefix({ ...fields, contentType: CONTENT_TYPE.json }),
        protobuf: encodeEventPrefix({ ...fields, contentType: CONTENT_TYPE.protobuf }),
      },
    };
    // An external id may pass to another device while its holder lives on: only ids, which never move, are remembered.
    if (name === record.id) this.#slots[slot] = known;
    return known;
  }

  #tenantHash(tenant: string): number {
    if (tenant !== this.#lastTenant) {
      this.#lastTenant = tenant;
      this.#lastTenantHash = fnv1a32(tenant);
    }
    return this.#lastTenantHash;
  }
}

function isSame(name: Uint8Array, bytes: Uint8Array, span: { readonly start: number; readonly end: number }): boolean {
  if (name.length !== span.end - span.start) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[span.start + i]) return false;
  return true;
}
