/**
 * Who has what: the policies that apply to a device or a key, merged and compiled, and kept true while the registry changes.
 *
 * A device has the built-in default, and what its tenant's, its groups' and its own documents allow; a key has its scopes,
 * and what its own document allows. Denials hold wherever they stand, the tenant's for its keys too; but what a tenant
 * allows its devices says nothing about keys.
 *
 * Whoever holds the grants of a live session asks the same object again: it compares a number, and only when that has
 * changed looks at what its policy was made from. Devices without anything of their own share one compiled policy.
 */
import {
  type CompiledPolicy,
  compilePolicy,
  dependsOnVariables,
  type Explanation,
  firstExcess,
  type PolicyDoc,
  type PolicyQuestion,
  type PolicySource,
} from '../../engine/domain/policy.ts';
import { fnv1a32 } from '../../engine/kernel/partition.ts';
import type { GrantsSource, Principal } from '../message.ts';
import type { RegistryCache, RegistryChange } from '../registry/cache.ts';
import type { DeviceRecord, KeyRecord } from '../registry/records.ts';

/** What a device may do of which nothing more is said: what concerns itself alone. */
export const DEVICE_DEFAULTS: PolicyDoc = {
  allow: ['telemetry:write', 'twin:read', 'twin:write:reported', 'command:respond', 'firmware:receive', 'session:suffix'],
};
/** Compiled policies that devices share: one for each group, some kilobytes; then all are forgotten and made again. */
const SHARED_MAX = 4_096;
/** Numbers that devices and keys share: 256 KB, so that hardly any is looked at for another's sake. A power of two. */
const VERSIONS = 65_536;
const NOTHING = compilePolicy([], { tenant: '' });

/** A compiled policy and what it was made from. */
interface Stamped {
  readonly stamp: string;
  readonly policy: CompiledPolicy;
}

const GONE: Stamped = { stamp: '', policy: NOTHING };

export class RegistryGrants implements GrantsSource {
  readonly #registry: RegistryCache;
  readonly #versions = new Versions();
  readonly #shared = new Map<string, CompiledPolicy>();

  constructor(registry: RegistryCache) {
    this.#registry = registry;
    registry.onChanged((change) => this.#versions.changed(change));
  }

  device(tenant: string, device: string): CompiledPolicy {
    return new LiveGrants(this.#versions, placeOf(tenant, device), (known) => this.#ofDevice(tenant, device, known));
  }

  key(tenant: string, key: string): CompiledPolicy {
    return new LiveGrants(this.#versions, placeOf(tenant, key), (known) => this.#ofKey(tenant, key, known));
  }

  /** The documents that apply to a device, the most general first. */
  deviceDocs({ tenant, entry }: DeviceRecord): readonly PolicySource[] {
    return [
      { source: 'default', doc: DEVICE_DEFAULTS },
      ...sourceOf(`tenant ${tenant}`, this.#registry.tenant(tenant)?.policy),
      ...this.#registry.groupsOf(entry).flatMap(({ id, policy }) => sourceOf(`group ${id}`, policy)),
      ...sourceOf(`device ${entry.id}`, entry.policy),
    ];
  }

  keyDocs({ entry }: KeyRecord): readonly PolicySource[] {
    const denied = this.#registry.tenant(entry.tenant)?.policy?.deny;
    return [
      ...sourceOf(`tenant ${entry.tenant}`, denied === undefined ? undefined : { allow: [], deny: denied }),
      { source: `scopes of key ${entry.id}`, doc: { allow: entry.scopes } },
      ...sourceOf(`key ${entry.id}`, entry.policy),
    ];
  }

  #ofDevice(tenant: string, device: string, known: Stamped): Stamped {
    const record = this.#registry.device(tenant, device);
    if (record?.id !== device) return GONE;
    const docs = this.deviceDocs(record);
    const isOwn = record.entry.policy !== undefined || dependsOnVariables(docs);
    const groups = this.#registry.groupsOf(record.entry).map(({ id }) => `${id}:${this.#registry.groupSeq(tenant, id)}`);
    const stamp = [isOwn ? `${device}:${record.seq}` : '', `${tenant}:${this.#registry.tenantSeq(tenant)}`, ...groups].join(' ');
    if (stamp === known.stamp) return known;
    if (isOwn) return { stamp, policy: compilePolicy(docs, { tenant, device, tags: record.entry.tags }) };
    let policy = this.#shared.get(stamp);
    if (policy === undefined) {
      if (this.#shared.size >= SHARED_MAX) this.#shared.clear();
      policy = compilePolicy(docs, { tenant });
      this.#shared.set(stamp, policy);
    }
    return { stamp, policy };
  }

  #ofKey(tenant: string, key: string, known: Stamped): Stamped {
    const record = this.#registry.key(tenant, key);
    if (record === undefined) return GONE;
    const stamp = `${record.seq} ${this.#registry.tenantSeq(tenant)}`;
    return stamp === known.stamp ? known : { stamp, policy: compilePolicy(this.keyDocs(record), { tenant }) };
  }
}

/**
 * The first of the grants that the speaker would give without having it; undefined: there is none. Whoever may administer
 * devices may give them the defaults, too, for those they have anyway.
 */
export function excessGrant(principal: Principal, grants: readonly string[], holder: 'key' | 'device'): string | undefined {
  if (principal.kind === 'admin') return undefined;
  const given = holder === 'key' ? grants : grants.filter((grant) => firstExcess(DEFAULTS, [grant]) >= 0);
  return given[firstExcess(principal.grants, given)];
}

const DEFAULTS = compilePolicy([{ source: 'default', doc: DEVICE_DEFAULTS }], { tenant: '' });

/** Numbers that go up with the registry: one for what may concern anybody, and one for each device and key, which some share. */
class Versions {
  #common = 0;
  readonly #places = new Uint32Array(VERSIONS);

  changed({ kind, tenant, id }: RegistryChange): void {
    if (kind === 'tenant' || kind === 'group') this.#common++;
    else this.#places[placeOf(tenant, id)] = (this.#places[placeOf(tenant, id)] ?? 0) + 1;
  }

  /** Both only grow, so their sum stays as it is only while both do. */
  at(place: number): number {
    return this.#common + (this.#places[place] ?? 0);
  }
}

function placeOf(tenant: string, id: string): number {
  return fnv1a32(id, fnv1a32(tenant)) & (VERSIONS - 1);
}

class LiveGrants implements CompiledPolicy {
  readonly #versions: Versions;
  readonly #place: number;
  readonly #renew: (known: Stamped) => Stamped;
  #version = -1;
  #stamped = GONE;

  constructor(versions: Versions, place: number, renew: (known: Stamped) => Stamped) {
    this.#versions = versions;
    this.#place = place;
    this.#renew = renew;
  }

  get grantsTopics(): boolean {
    return this.#current().grantsTopics;
  }

  get grantsDevices(): boolean {
    return this.#current().grantsDevices;
  }

  allowsGateway(device: string): boolean {
    return this.#current().allowsGateway(device);
  }

  allows(scope: string): boolean {
    return this.#current().allows(scope);
  }

  allowsPart(scope: string): boolean {
    return this.#current().allowsPart(scope);
  }

  allowsPublish(topic: string | Uint8Array): boolean {
    return this.#current().allowsPublish(topic);
  }

  allowsSubscribe(filter: string): boolean {
    return this.#current().allowsSubscribe(filter);
  }

  allowsReceive(topic: string | Uint8Array): boolean {
    return this.#current().allowsReceive(topic);
  }

  explain(question: PolicyQuestion): Explanation {
    return this.#current().explain(question);
  }

  #current(): CompiledPolicy {
    const version = this.#versions.at(this.#place);
    // A first registration is no change of anything: who was not there is looked for again.
    if (this.#version !== version || this.#stamped === GONE) {
      this.#stamped = this.#renew(this.#stamped);
      this.#version = version;
    }
    return this.#stamped.policy;
  }
}

function sourceOf(source: string, doc: PolicyDoc | undefined): readonly PolicySource[] {
  return doc === undefined ? [] : [{ source, doc }];
}
