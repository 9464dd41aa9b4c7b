/**
 * From a device's name as bytes in a body to what an event of it needs: its partition and its encoded prefix. A gateway's
 * body names a device in each sample, so a hit makes no string: the bytes are hashed and compared.
 *
 * Bound: a table of `SLOTS` devices; one that was pushed out is looked up in the registry again.
 */
import { fnv1a32, fnv1a32Bytes, partitionOf } from '../engine/kernel/partition.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND } from '../schemas/envelope.ts';
import type { DeviceRecord, RegistryCache } from './registry-cache.ts';

/** About 25 MB when full; a gateway speaks for thousands of devices, not for hundreds of thousands. */
const SLOTS = 65_536;
/** A device is in one of so many slots behind its hash's: with one alone, two devices of a gateway would push each other out. */
const WAYS = 4;

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
  #turn = 0;
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
    const home = fnv1a32Bytes(bytes, { start, end, seed: this.#tenantHash(tenant) }) % SLOTS;
    for (let way = 0; way < WAYS; way++) {
      const known = this.#slots[(home + way) % SLOTS];
      if (known === undefined) break;
      if (known.tenant === tenant && known.record.alive && isSame(known.name, bytes, span)) return known;
    }
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    return this.#lookUp(tenant, name, home);
  }

  findByName(tenant: string, name: string): KnownDevice | undefined {
    const bytes = Buffer.from(name);
    return this.find(tenant, bytes, { start: 0, end: bytes.length });
  }

  #lookUp(tenant: string, name: string, home: number): KnownDevice | undefined {
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
    if (name === record.id) this.#remember(known, home);
    return known;
  }

  /** In the first free slot of its ways; else in the next one in turn, so that no two keep pushing each other out. */
  #remember(known: KnownDevice, home: number): void {
    let way = 0;
    while (way < WAYS) {
      const held = this.#slots[(home + way) % SLOTS];
      if (held === undefined || !held.record.alive) break;
      way++;
    }
    if (way === WAYS) way = this.#turn++ % WAYS;
    this.#slots[(home + way) % SLOTS] = known;
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
