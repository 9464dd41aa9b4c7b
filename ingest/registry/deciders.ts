/**
 * What the registry allows: from what is known of one thing and what somebody wants, the entry that makes it so, or why
 * not. Pure. Where nothing would change there is no entry, so that a repeated command is no second decision.
 */
import type { LimitsDoc } from '../../engine/domain/limits-doc.ts';
import type { PolicyDoc } from '../../engine/domain/policy.ts';
import type { CredentialEntry, Decision, DeviceEntry, GroupEntry, KeyEntry, ProvisioningDoc, RegistryAction, Tags } from './entries.ts';

/** Two of a type may be valid at once, so that a device can change its credential without a gap. */
export const CREDENTIALS_MAX = 2;
/** Revoked credentials that a device's entry still names, newest last: so that their holder is told why. */
const REVOKED_KEPT_MAX = 4;
/** What a device's tags may hold, as JSON; a search looks at all of them. */
export const TAGS_BYTES_MAX = 4_096;
export const TAGS_MAX = 64;

export type RegistryRefusal =
  | 'already-registered'
  | 'external-id-taken'
  | 'certificate-taken'
  | 'not-found'
  | 'unknown-tenant'
  | 'unknown-group'
  /** Devices name the group, or keys provision into it. */
  | 'group-in-use'
  | 'too-many-credentials'
  | 'too-many-devices'
  | 'too-many-keys'
  | 'too-many-groups'
  | 'too-many-tags'
  /** It was decommissioned: nothing of it changes any more, and its id is used up. */
  | 'decommissioned'
  /** It isn't what the caller took it for, by the precondition of the call. */
  | 'version-mismatch'
  /** The same, by what the call itself says. */
  | 'stale-version'
  /** Somebody else decided about the same thing at the same time. */
  | 'conflict'
  /** The registry's log doesn't answer. The decision may have been stored. */
  | 'unavailable';

export type Verdict<E> =
  | { readonly ok: true; readonly entry: E; readonly isChange: boolean }
  | { readonly ok: false; readonly why: RegistryRefusal };

/** Which version the caller took something for; undefined: whatever it is. */
export interface Expected {
  /** A precondition of the call. */
  readonly match?: number;
  /** Said in the change itself. */
  readonly version?: number;
}

/** Why the caller is wrong about the version that something has now. */
export function versionRefusal({ match, version }: Expected, current: number): RegistryRefusal | undefined {
  if (match !== undefined && match !== current) return 'version-mismatch';
  return version !== undefined && version !== current ? 'stale-version' : undefined;
}

/** Who decides, and when. */
export interface Stamp {
  readonly at: number;
  readonly actor: string;
}

export interface DeviceDraft {
  readonly id: string;
  readonly externalIds: readonly string[];
  readonly group?: string;
  readonly model?: string;
  readonly tags?: Tags;
  readonly policy?: PolicyDoc;
  readonly limits?: LimitsDoc;
}

/** Null takes a field away; tags are a merge patch. */
export interface DevicePatch {
  readonly externalIds?: readonly string[];
  readonly group?: string | null;
  readonly model?: string | null;
  readonly tags?: Tags | null;
  readonly policy?: PolicyDoc | null;
  readonly limits?: LimitsDoc | null;
}

export interface GroupPatch {
  readonly description?: string | null;
  readonly policy?: PolicyDoc | null;
  readonly limits?: LimitsDoc | null;
  readonly provisioning?: ProvisioningDoc | null;
  readonly mode?: 'static' | 'continuous';
  readonly query?: { readonly tags: Tags } | null;
}

export function decideRegister(
  known: DeviceEntry | undefined,
  draft: DeviceDraft & { readonly tenant: string; readonly credentials: readonly CredentialEntry[] },
  stamp: Stamp & { readonly did: RegistryAction; readonly reuse?: boolean },
): Verdict<DeviceEntry> {
  const isRetired = known?.state === 'decommissioned';
  if (isRetired && known.reuse !== true && stamp.reuse !== true) return no('decommissioned');
  if (known !== undefined && !isRetired) return no('already-registered');
  if (!tagsFit(draft.tags)) return no('too-many-tags');
  const { at, actor, did } = stamp;
  return yes({ kind: 'device', ...draft, state: 'registered', createdMs: at, ...decided({ at, actor }, did) });
}

export function decidePatch(known: DeviceEntry, patch: DevicePatch, stamp: Stamp): Verdict<DeviceEntry> {
  if (known.state === 'decommissioned') return no('decommissioned');
  const tags = patch.tags === null ? undefined : mergeTags(known.tags, patch.tags);
  if (!tagsFit(tags)) return no('too-many-tags');
  const entry: DeviceEntry = {
    ...without(known, ['tags', 'group', 'model', 'policy', 'limits']),
    externalIds: patch.externalIds ?? known.externalIds,
    ...(tags === undefined ? {} : { tags }),
    ...patched('group', known.group, patch.group),
    ...patched('model', known.model, patch.model),
    ...patched('policy', known.policy, patch.policy),
    ...patched('limits', known.limits, patch.limits),
  };
  return changed(known, entry, decided(stamp, 'updated'));
}

export function decideDisable(known: DeviceEntry, stamp: Stamp): Verdict<DeviceEntry> {
  if (known.state === 'decommissioned') return no('decommissioned');
  return changed(known, { ...known, state: 'disabled' }, decided(stamp, 'disabled'));
}

export function decideEnable(known: DeviceEntry, stamp: Stamp): Verdict<DeviceEntry> {
  if (known.state === 'decommissioned') return no('decommissioned');
  return known.state === 'disabled' ? changed(known, { ...known, state: 'active' }, decided(stamp, 'enabled')) : unchanged(known);
}

/** A device that was registered has been seen. */
export function decideActivate(known: DeviceEntry, stamp: Stamp): Verdict<DeviceEntry> {
  return known.state === 'registered' ? changed(known, { ...known, state: 'active' }, decided(stamp, 'activated')) : unchanged(known);
}

/** For good: its credentials are dead. With `reuse` its names are free again. */
export function decideDecommission(known: DeviceEntry, stamp: Stamp & { readonly reuse: boolean }): Verdict<DeviceEntry> {
  const revoked = known.credentials.map((one) => (one.revokedMs === undefined ? revokedAt(one, stamp.at) : one));
  const entry: DeviceEntry = {
    ...known,
    state: 'decommissioned',
    credentials: revoked,
    ...(stamp.reuse ? { reuse: true, externalIds: [] } : {}),
  };
  return changed(known, entry, decided(stamp, 'decommissioned'));
}

export function decideDelete(known: DeviceEntry, stamp: Stamp): Verdict<DeviceEntry> {
  const { createdMs, id, tenant } = known;
  const entry: DeviceEntry = { kind: 'device', tenant, id, externalIds: [], createdMs, deletedMs: stamp.at, credentials: [] };
  return changed(known, entry, decided(stamp, 'deleted'));
}

export function decideCredential(known: DeviceEntry, credential: CredentialEntry, stamp: Stamp): Verdict<DeviceEntry> {
  if (known.state === 'decommissioned') return no('decommissioned');
  const valid = validCredentials(known, stamp.at);
  if (valid.filter((one) => typeOf(one) === typeOf(credential)).length >= CREDENTIALS_MAX) return no('too-many-credentials');
  return changed(known, { ...known, credentials: [...deadOf(known, valid), ...valid, credential] }, decided(stamp, 'credential-added'));
}

/** The new one in the place of those of its type, of which one stays good for the overlap: `keep`, or else the newest. */
export function decideRotation(
  known: DeviceEntry,
  credential: CredentialEntry,
  stamp: Stamp & { readonly overlapMs: number; readonly keep?: string; readonly did?: RegistryAction },
): Verdict<DeviceEntry> {
  if (known.state === 'decommissioned') return no('decommissioned');
  const { at, did, keep, overlapMs } = stamp;
  const valid = validCredentials(known, at);
  const replaced = valid.filter((one) => typeOf(one) === typeOf(credential));
  const stays = overlapMs > 0 ? (replaced.find(({ id }) => id === keep) ?? replaced.at(-1)) : undefined;
  const after = known.credentials.map((one) => {
    if (!replaced.includes(one)) return one;
    const notAfterMs = Math.min(one.notAfterMs ?? Number.POSITIVE_INFINITY, at + overlapMs);
    return one === stays ? { ...one, notAfterMs } : revokedAt(one, at);
  });
  const kept = after.filter((one, i) => one.revokedMs === undefined && valid.includes(known.credentials[i] ?? one));
  const entry = { ...known, credentials: [...deadOf({ ...known, credentials: after }, kept), ...kept, credential] };
  return changed(known, entry, decided(stamp, did ?? 'credential-rotated'));
}

export function decideRevocation(known: DeviceEntry, id: string, stamp: Stamp): Verdict<DeviceEntry> {
  if (!known.credentials.some((one) => one.id === id && one.revokedMs === undefined)) return no('not-found');
  const credentials = known.credentials.map((one) => (one.id === id ? revokedAt(one, stamp.at) : one));
  return changed(known, { ...known, credentials }, decided(stamp, 'credential-revoked'));
}

export function decideKeyRotation(
  known: KeyEntry,
  credential: CredentialEntry,
  stamp: Stamp & { readonly overlapMs: number },
): Verdict<KeyEntry> {
  if (known.credential.revokedMs !== undefined) return no('not-found');
  const { at, overlapMs } = stamp;
  const notAfterMs = Math.min(known.credential.notAfterMs ?? Number.POSITIVE_INFINITY, at + overlapMs);
  const entry: KeyEntry = {
    ...without(known, ['previous']),
    credential,
    ...(overlapMs > 0 ? { previous: { ...known.credential, notAfterMs } } : {}),
  };
  return changed(known, entry, decided(stamp, 'rotated'));
}

export function decideKeyRevocation(known: KeyEntry, stamp: Stamp): Verdict<KeyEntry> {
  if (known.credential.revokedMs !== undefined) return no('not-found');
  const entry: KeyEntry = { ...without(known, ['previous']), credential: { ...known.credential, revokedMs: stamp.at } };
  return changed(known, entry, decided(stamp, 'revoked'));
}

export function decideKeyPatch(
  known: KeyEntry,
  patch: { readonly scopes?: readonly string[]; readonly policy?: PolicyDoc | null; readonly limits?: LimitsDoc | null },
  stamp: Stamp,
): Verdict<KeyEntry> {
  if (known.credential.revokedMs !== undefined) return no('not-found');
  const entry: KeyEntry = {
    ...without(known, ['policy', 'limits']),
    scopes: patch.scopes ?? known.scopes,
    ...patched('policy', known.policy, patch.policy),
    ...patched('limits', known.limits, patch.limits),
  };
  return changed(known, entry, decided(stamp, 'updated'));
}

export function decideGroupPatch(known: GroupEntry, patch: GroupPatch, stamp: Stamp): Verdict<GroupEntry> {
  const mode = patch.mode ?? known.mode;
  const entry: GroupEntry = {
    ...without(known, ['description', 'policy', 'limits', 'provisioning', 'query', 'mode']),
    ...patched('description', known.description, patch.description),
    ...patched('policy', known.policy, patch.policy),
    ...patched('limits', known.limits, patch.limits),
    ...patched('provisioning', known.provisioning, patch.provisioning),
    ...patched('query', known.query, patch.query),
    ...(mode === undefined ? {} : { mode }),
  };
  return changed(known, entry, decided(stamp, 'updated'));
}

export function validCredentials(entry: DeviceEntry, nowMs: number): readonly CredentialEntry[] {
  return entry.credentials.filter((one) => one.revokedMs === undefined && (one.notAfterMs ?? Number.POSITIVE_INFINITY) > nowMs);
}

export function decided(stamp: Stamp, did: RegistryAction): Required<Decision> {
  return { at: stamp.at, actor: stamp.actor, did };
}

/** Whether two entries say the same, whoever decided them. */
export function saysTheSame(a: Decision, b: Decision): boolean {
  const bare = ({ at: _at, actor: _actor, did: _did, ...rest }: Decision): string => JSON.stringify(sorted(rest));
  return bare(a) === bare(b);
}

export function mergeTags(known: Tags | undefined, patch: Tags | undefined): Tags | undefined {
  if (patch === undefined) return known;
  const merged = Object.entries({ ...known, ...patch }).filter(([, value]) => value !== null);
  return merged.length === 0 ? undefined : Object.fromEntries(merged);
}

function tagsFit(tags: Tags | undefined): boolean {
  if (tags === undefined) return true;
  return Object.keys(tags).length <= TAGS_MAX && JSON.stringify(tags).length <= TAGS_BYTES_MAX;
}

/** What could be had back of it is forgotten with it. */
function revokedAt({ sealed: _sealed, ...credential }: CredentialEntry, atMs: number): CredentialEntry {
  return { ...credential, revokedMs: atMs };
}

function typeOf(credential: CredentialEntry): string {
  return credential.type ?? 'token';
}

function deadOf(entry: DeviceEntry, valid: readonly CredentialEntry[]): readonly CredentialEntry[] {
  return entry.credentials.filter((one) => !valid.includes(one)).slice(-REVOKED_KEPT_MAX);
}

function patched<K extends string, V>(key: K, known: V | undefined, patch: V | null | undefined): { readonly [P in K]?: V } {
  const value = patch === undefined ? known : patch;
  return (value === undefined || value === null ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

function without<E extends object, K extends keyof E>(entry: E, keys: readonly K[]): Omit<E, K> {
  const rest: Partial<E> = { ...entry };
  for (const key of keys) delete rest[key];
  return rest as Omit<E, K>;
}

function changed<E extends Decision>(known: E, entry: E, decision: Required<Decision>): Verdict<E> {
  return saysTheSame(known, entry) ? unchanged(known) : { ok: true, entry: { ...entry, ...decision }, isChange: true };
}

function unchanged<E>(entry: E): Verdict<E> {
  return { ok: true, entry, isChange: false };
}

function yes<E>(entry: E): Verdict<E> {
  return { ok: true, entry, isChange: true };
}

function no(why: RegistryRefusal): { readonly ok: false; readonly why: RegistryRefusal } {
  return { ok: false, why };
}

/** Keys in one order at every depth, so that equal values have equal texts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
