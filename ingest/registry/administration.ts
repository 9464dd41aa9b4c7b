/** Decisions about tenants, keys and groups of devices. */
import type { RegistryLog } from '../../engine/ports/registry.ts';
import type { LimitsDoc } from '../../engine/domain/limits-doc.ts';
import type { PolicyDoc } from '../../engine/domain/policy.ts';
import {
  decided,
  decideGroupPatch,
  decideKeyPatch,
  decideKeyRevocation,
  decideKeyRotation,
  type Expected,
  type GroupPatch,
  saysTheSame,
  type Verdict,
  versionRefusal,
} from './deciders.ts';
import {
  type GroupEntry,
  groupSubject,
  type KeyEntry,
  type KeyKind,
  keySubject,
  type RegistryAction,
  type TenantEntry,
  tenantSubject,
} from './entries.ts';
import { type Decided, refused, type RegistryWriter } from './writer.ts';

/** Keys and groups are objects in every edge; revoked keys are kept, because they say who did what. */
const KEYS_MAX = 10_000;
const GROUPS_MAX = 10_000;
/** Each is tried when a device registers. */
const PROVISIONING_KEYS_A_GROUP_MAX = 4;

export interface KeyDraft {
  readonly kind?: KeyKind;
  readonly scopes: readonly string[];
  readonly group?: string;
  readonly policy?: PolicyDoc;
  readonly limits?: LimitsDoc;
  readonly notAfterMs?: number;
}

export interface MintedKey {
  readonly id: string;
  readonly token: string;
  readonly entry: KeyEntry;
}

export class RegistryAdministration {
  protected readonly writer: RegistryWriter;
  protected readonly actor: string;

  /** For decisions about many things at once. */
  get registryWriter(): RegistryWriter {
    return this.writer;
  }

  /** What was decided before. */
  get history(): Pick<RegistryLog, 'history'> {
    return this.writer.log;
  }

  constructor(writer: RegistryWriter, actor: string) {
    this.writer = writer;
    this.actor = actor;
  }

  async createTenant(tenant: string, more: Pick<TenantEntry, 'name' | 'policy' | 'limits'> = {}): Promise<Decided<TenantEntry>> {
    const stamp = this.writer.stamp(this.actor);
    return this.writer.decide<TenantEntry>(
      tenantSubject(tenant),
      () => this.#knownTenant(tenant),
      (known) =>
        known === undefined
          ? {
              ok: true,
              isChange: true,
              entry: { kind: 'tenant', tenant, createdMs: stamp.at, ...more, ...decided(stamp, 'created') },
            }
          : { ok: false, why: 'already-registered' },
    );
  }

  /** `change` must be pure: it is asked again when somebody else was quicker. */
  async updateTenant(
    tenant: string,
    change: (known: TenantEntry) => TenantEntry,
    how: RegistryAction | { readonly did: RegistryAction; readonly expected: Expected },
  ): Promise<Decided<TenantEntry>> {
    const stamp = this.writer.stamp(this.actor);
    const { did, expected } = typeof how === 'string' ? { did: how, expected: {} } : how;
    return this.writer.decide<TenantEntry>(
      tenantSubject(tenant),
      () => this.#knownTenant(tenant),
      (known) => {
        if (known === undefined) return refused('unknown-tenant');
        const why = versionRefusal(expected, this.writer.cache.tenantSeq(tenant));
        return why === undefined ? verdictOn(known, { ...change(known), ...decided(stamp, did) }) : refused(why);
      },
    );
  }

  /** The key's token is in the answer and nowhere else. */
  async createKey(tenant: string, draft: readonly string[] | KeyDraft): Promise<Decided<MintedKey>> {
    const { writer } = this;
    const { cache } = writer;
    if (!cache.hasTenant(tenant)) return refused('unknown-tenant');
    const { group, kind = 'api', limits, notAfterMs, policy, scopes } = 'scopes' in draft ? draft : { scopes: draft };
    const keys = cache.keys(tenant);
    if (keys.length >= KEYS_MAX) return refused('too-many-keys');
    if (group !== undefined && cache.group(tenant, group) === undefined) return refused('unknown-group');
    if (kind === 'provisioning' && group === undefined) return refused('unknown-group');
    if (kind === 'provisioning' && this.#provisioningKeys(tenant, group) >= PROVISIONING_KEYS_A_GROUP_MAX) return refused('too-many-keys');
    const id = writer.mintId();
    const { entry: credential, token } = writer.mint(
      tokenNameOf(tenant, id, { type: kind, group }),
      id,
      notAfterMs === undefined ? {} : { notAfterMs },
    );
    const entry: KeyEntry = {
      kind: 'key',
      tenant,
      id,
      type: kind,
      scopes,
      ...(group === undefined ? {} : { group }),
      ...(policy === undefined ? {} : { policy }),
      ...(limits === undefined ? {} : { limits }),
      credential,
      ...decided(writer.stamp(this.actor), 'created'),
    };
    const done = await writer.append(keySubject(tenant, id), entry, 0);
    return done.ok ? { ok: true, value: { id, token, entry } } : done;
  }

  /** A new secret under the same id; the old one is good for the overlap. */
  async rotateKey(tenant: string, id: string, overlapMs: number): Promise<Decided<MintedKey>> {
    const known = this.writer.cache.key(tenant, id)?.entry;
    if (known === undefined) return refused('not-found');
    const { entry: credential, token } = this.writer.mint(tokenNameOf(tenant, id, known), id, {});
    const done = await this.#decideKey(tenant, id, (entry) =>
      decideKeyRotation(entry, credential, { ...this.writer.stamp(this.actor), overlapMs }),
    );
    return done.ok ? { ok: true, value: { id, token, entry: done.value } } : done;
  }

  async updateKey(
    tenant: string,
    id: string,
    { expected = {}, patch }: { readonly patch: Parameters<typeof decideKeyPatch>[1]; readonly expected?: Expected },
  ): Promise<Decided<KeyEntry>> {
    return this.#decideKey(tenant, id, (entry) => {
      const why = versionRefusal(expected, this.writer.cache.key(tenant, id)?.seq ?? 0);
      return why === undefined ? decideKeyPatch(entry, patch, this.writer.stamp(this.actor)) : refused(why);
    });
  }

  async revokeKey(tenant: string, id: string): Promise<Decided<KeyEntry>> {
    return this.#decideKey(tenant, id, (entry) => decideKeyRevocation(entry, this.writer.stamp(this.actor)));
  }

  async createGroup(tenant: string, id: string, draft: GroupPatch): Promise<Decided<GroupEntry>> {
    const { cache } = this.writer;
    if (!cache.hasTenant(tenant)) return refused('unknown-tenant');
    if (cache.groups(tenant).length >= GROUPS_MAX) return refused('too-many-groups');
    const stamp = this.writer.stamp(this.actor);
    const fresh: GroupEntry = { kind: 'group', tenant, id, createdMs: stamp.at };
    return this.#decideGroup(tenant, id, (known) => {
      if (known !== undefined) return { ok: false, why: 'already-registered' };
      const drafted = decideGroupPatch(fresh, draft, stamp);
      const entry = drafted.ok ? drafted.entry : fresh;
      return { ok: true, isChange: true, entry: { ...entry, ...decided(stamp, 'created') } };
    });
  }

  async updateGroup(
    tenant: string,
    id: string,
    { expected = {}, patch }: { readonly patch: GroupPatch; readonly expected?: Expected },
  ): Promise<Decided<GroupEntry>> {
    return this.#decideGroup(tenant, id, (known) => {
      if (known === undefined) return refused('not-found');
      const why = versionRefusal(expected, this.writer.cache.groupSeq(tenant, id));
      return why === undefined ? decideGroupPatch(known, patch, this.writer.stamp(this.actor)) : refused(why);
    });
  }

  /**
   * Refused while devices name it, or keys or CAs provision into it. One that comes at the same time may be left behind: it has
   * nothing of the group then, and says its name until it is changed.
   */
  async deleteGroup(tenant: string, id: string): Promise<Decided<GroupEntry>> {
    const { cache } = this.writer;
    if (cache.group(tenant, id) === undefined) return refused('not-found');
    const stamp = this.writer.stamp(this.actor);
    const devices = await cache.devicesNaming(tenant, id);
    const keys = this.#provisioningKeys(tenant, id);
    const cas = (cache.tenant(tenant)?.cas ?? []).filter(({ group }) => group === id).length;
    if (devices + keys + cas > 0) return refused('group-in-use', { detail: inUse(id, { devices, keys, cas }) });
    return this.#decideGroup(tenant, id, (known) =>
      known === undefined
        ? { ok: false, why: 'not-found' }
        : {
            ok: true,
            isChange: true,
            entry: { kind: 'group', tenant, id, createdMs: known.createdMs, deletedMs: stamp.at, ...decided(stamp, 'deleted') },
          },
    );
  }

  /** Those that were not revoked. */
  #provisioningKeys(tenant: string, group: string | undefined): number {
    const keys = this.writer.cache.keys(tenant);
    return keys.filter(({ entry }) => entry.type === 'provisioning' && entry.group === group && entry.credential.revokedMs === undefined)
      .length;
  }

  #knownTenant(tenant: string): { readonly seq: number; readonly entry: TenantEntry | undefined } {
    const { cache } = this.writer;
    return { seq: cache.tenantSeq(tenant), entry: cache.tenant(tenant) };
  }

  async #decideKey(tenant: string, id: string, decide: (entry: KeyEntry) => Verdict<KeyEntry>): Promise<Decided<KeyEntry>> {
    const { cache } = this.writer;
    return this.writer.decide<KeyEntry>(
      keySubject(tenant, id),
      () => {
        const known = cache.key(tenant, id);
        return { seq: known?.seq ?? 0, entry: known?.entry };
      },
      (known) => (known === undefined ? { ok: false, why: 'not-found' } : decide(known)),
    );
  }

  async #decideGroup(
    tenant: string,
    id: string,
    decide: (entry: GroupEntry | undefined) => Verdict<GroupEntry>,
  ): Promise<Decided<GroupEntry>> {
    const { cache } = this.writer;
    return this.writer.decide<GroupEntry>(
      groupSubject(tenant, id),
      () => ({ seq: cache.groupSeq(tenant, id), entry: cache.group(tenant, id) }),
      decide,
    );
  }
}

function inUse(group: string, { cas, devices, keys }: { readonly devices: number; readonly keys: number; readonly cas: number }): string {
  const holders = [
    ...(devices === 0 ? [] : [`${devices} ${devices === 1 ? 'device' : 'devices'}`]),
    ...(keys === 0 ? [] : [`${keys} provisioning ${keys === 1 ? 'key' : 'keys'}`]),
    ...(cas === 0 ? [] : [`${cas} ${cas === 1 ? 'CA' : 'CAs'}`]),
  ].join(' and ');
  const remedies = [
    ...(devices === 0 ? [] : [`PATCH the devices (GET /v1/devices?group=${group}) to another group or to null`]),
    ...(keys === 0 ? [] : ['DELETE its keys (GET /v1/keys)']),
    ...(cas === 0 ? [] : ['DELETE its CAs (GET /v1/tenants/{id}/cas)']),
  ].join(', ');
  return `${holders} name the group: first ${remedies}`;
}

function tokenNameOf(
  tenant: string,
  id: string,
  { group, type }: { readonly type?: KeyKind | undefined; readonly group?: string | undefined },
):
  | { readonly kind: 'key'; readonly tenant: string; readonly id: string }
  | { readonly kind: 'provisioning'; readonly tenant: string; readonly group: string } {
  return type === 'provisioning' && group !== undefined ? { kind: 'provisioning', tenant, group } : { kind: 'key', tenant, id };
}

function verdictOn<E extends object>(known: E, entry: E): Verdict<E> {
  return saysTheSame(known, entry) ? { ok: true, entry: known, isChange: false } : { ok: true, entry, isChange: true };
}
