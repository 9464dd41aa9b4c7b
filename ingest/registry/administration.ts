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
  type GroupPatch,
  saysTheSame,
  type Verdict,
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
  async updateTenant(tenant: string, change: (known: TenantEntry) => TenantEntry, did: RegistryAction): Promise<Decided<TenantEntry>> {
    const stamp = this.writer.stamp(this.actor);
    return this.writer.decide<TenantEntry>(
      tenantSubject(tenant),
      () => this.#knownTenant(tenant),
      (known) =>
        known === undefined ? { ok: false, why: 'unknown-tenant' } : verdictOn(known, { ...change(known), ...decided(stamp, did) }),
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
    const siblings = keys.filter(
      ({ entry }) => entry.type === 'provisioning' && entry.group === group && entry.credential.revokedMs === undefined,
    );
    if (kind === 'provisioning' && siblings.length >= PROVISIONING_KEYS_A_GROUP_MAX) return refused('too-many-keys');
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

  async updateKey(tenant: string, id: string, patch: Parameters<typeof decideKeyPatch>[1]): Promise<Decided<KeyEntry>> {
    return this.#decideKey(tenant, id, (entry) => decideKeyPatch(entry, patch, this.writer.stamp(this.actor)));
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

  async updateGroup(tenant: string, id: string, patch: GroupPatch): Promise<Decided<GroupEntry>> {
    return this.#decideGroup(tenant, id, (known) =>
      known === undefined ? { ok: false, why: 'not-found' } : decideGroupPatch(known, patch, this.writer.stamp(this.actor)),
    );
  }

  /** Devices go on naming it; its policy, limits and provisioning are gone. */
  async deleteGroup(tenant: string, id: string): Promise<Decided<GroupEntry>> {
    const stamp = this.writer.stamp(this.actor);
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
