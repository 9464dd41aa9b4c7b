/**
 * Who may send how much, as the registry says: compiled limits of tenants, groups, keys and those devices that have their
 * own. A fold over the registry's entries; devices without limits of their own take no room here.
 */
import {
  compileLimits,
  limitsProblems,
  type CompiledLimits,
  type LimitsDoc,
  type SessionLimitsDoc,
} from '../../engine/domain/limits-doc.ts';

/** What of an entry matters here; the registry's entries have this shape. */
export type LimitsFact =
  | { readonly kind: 'tenant'; readonly tenant: string; readonly limits?: LimitsDoc }
  | {
      readonly kind: 'group' | 'device' | 'key';
      readonly tenant: string;
      readonly id: string;
      readonly limits?: LimitsDoc;
      readonly deletedMs?: number;
    }
  | { readonly kind: 'external'; readonly tenant: string };

/** Limits that all edges share, with the sequence of the entry that says so. */
export interface SharedLimits {
  readonly limits: CompiledLimits;
  readonly rev: number;
}

const NO_GROUPS: readonly string[] = [];
const NO_SESSION_LIMITS: SessionLimitsDoc = {};

interface TenantLimits {
  /** Tenants are numbered, for the keys of buckets. */
  readonly number: number;
  shared: SharedLimits | undefined;
  readonly groups: Map<string, SharedLimits>;
  readonly devices: Map<string, CompiledLimits>;
  readonly keys: Map<string, CompiledLimits>;
}

export class LimitsBook {
  /** Raised when anybody's limits change: what was looked up before may be old. */
  generation = 0;
  readonly #tenants = new Map<string, TenantLimits>();
  readonly #groupsOf: (tenant: string, device: string) => readonly string[];

  /** `groupsOf`: the groups that a registered device is in. */
  constructor(groupsOf: (tenant: string, device: string) => readonly string[]) {
    this.#groupsOf = groupsOf;
  }

  /** Entries come in the order of the registry; one that came before changes nothing. */
  apply(fact: LimitsFact, seq: number): void {
    if (fact.kind === 'external') return;
    const compiled = 'deletedMs' in fact && fact.deletedMs !== undefined ? undefined : compiledOf(fact.limits);
    const known = this.#tenants.get(fact.tenant);
    if (compiled === undefined && known === undefined) return;
    const tenant = known ?? this.#add(fact.tenant);
    switch (fact.kind) {
      case 'tenant':
        if (compiled === undefined && tenant.shared === undefined) return;
        tenant.shared = compiled === undefined ? undefined : { limits: compiled, rev: seq };
        break;
      case 'group':
        if (!put(tenant.groups, fact.id, compiled === undefined ? undefined : { limits: compiled, rev: seq })) return;
        break;
      case 'device':
        // It may also have changed its group.
        if (!put(tenant.devices, fact.id, compiled) && tenant.groups.size === 0) return;
        break;
      case 'key':
        if (!put(tenant.keys, fact.id, compiled)) return;
        break;
    }
    this.generation++;
  }

  /** False: nobody of the tenant is limited by anything but the listener and its address. */
  has(tenant: string): boolean {
    return this.#tenants.has(tenant);
  }

  numberOf(tenant: string): number {
    return this.#tenants.get(tenant)?.number ?? 0;
  }

  tenant(tenant: string): SharedLimits | undefined {
    return this.#tenants.get(tenant)?.shared;
  }

  group(tenant: string, group: string): SharedLimits | undefined {
    return this.#tenants.get(tenant)?.groups.get(group);
  }

  /** Tenants whose volumes or rates all edges share. */
  *shared(): Generator<{ readonly tenant: string; readonly group: string | undefined; readonly shared: SharedLimits }> {
    for (const [tenant, { shared, groups }] of this.#tenants) {
      if (shared !== undefined) yield { tenant, group: undefined, shared };
      for (const [group, limits] of groups) yield { tenant, group, shared: limits };
    }
  }

  /** Those of the device's groups that have limits. */
  groupsOf(tenant: string, device: string): readonly string[] {
    const groups = this.#tenants.get(tenant)?.groups;
    return groups === undefined || groups.size === 0 ? NO_GROUPS : this.#groupsOf(tenant, device).filter((group) => groups.has(group));
  }

  /** The device's own, or what one of its groups or else its tenant gives each device. */
  device(tenant: string, device: string, groups: readonly string[]): CompiledLimits | undefined {
    const record = this.#tenants.get(tenant);
    if (record === undefined) return undefined;
    const own = record.devices.get(device);
    if (own !== undefined) return own;
    for (const group of groups) {
      const each = record.groups.get(group)?.limits.eachDevice;
      if (each !== undefined) return each;
    }
    return record.shared?.limits.eachDevice;
  }

  /** Whether single devices of the tenant have to be looked at. */
  hasDevices(tenant: string): boolean {
    const record = this.#tenants.get(tenant);
    if (record === undefined) return false;
    return record.devices.size > 0 || record.groups.size > 0 || record.shared?.limits.eachDevice !== undefined;
  }

  key(tenant: string, key: string): CompiledLimits | undefined {
    return this.#tenants.get(tenant)?.keys.get(key);
  }

  /** Of a session of the device, or else of who has the key; of each number the nearest document that names it counts. */
  session(tenant: string, device: string | undefined, key: string | undefined): SessionLimitsDoc {
    const record = this.#tenants.get(tenant);
    if (record === undefined) return NO_SESSION_LIMITS;
    const groups = device === undefined ? NO_GROUPS : this.groupsOf(tenant, device);
    const ofGroups = groups.map((group) => record.groups.get(group)?.limits);
    const nearest: readonly (CompiledLimits | undefined)[] = [
      device === undefined ? undefined : record.devices.get(device),
      key === undefined ? undefined : record.keys.get(key),
      ...ofGroups.map((limits) => limits?.eachDevice),
      ...ofGroups,
      device === undefined ? undefined : record.shared?.limits.eachDevice,
      record.shared?.limits,
    ];
    const pick = (name: keyof SessionLimitsDoc): SessionLimitsDoc => {
      const value = nearest.find((limits) => limits?.doc[name] !== undefined)?.doc[name];
      return value === undefined ? {} : { [name]: value };
    };
    return { ...pick('sessionExpiryS'), ...pick('subscriptions'), ...pick('inFlight') };
  }

  #add(id: string): TenantLimits {
    const tenant: TenantLimits = {
      number: this.#tenants.size + 1,
      shared: undefined,
      groups: new Map(),
      devices: new Map(),
      keys: new Map(),
    };
    this.#tenants.set(id, tenant);
    return tenant;
  }
}

/** What can't be understood limits nobody: it was refused when it was written, so a newer release wrote it. */
function compiledOf(doc: LimitsDoc | undefined): CompiledLimits | undefined {
  return doc === undefined || Object.keys(doc).length === 0 || limitsProblems(doc).length > 0 ? undefined : compileLimits(doc);
}

/** Whether anything is different now. */
function put<T>(map: Map<string, T>, id: string, value: T | undefined): boolean {
  if (value === undefined) return map.delete(id);
  map.set(id, value);
  return true;
}
