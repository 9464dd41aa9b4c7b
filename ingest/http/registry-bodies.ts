/** The registry's things as bodies of answers, and its refusals as problems. Nothing of a secret is in either. */
import { limitsProblems } from '../../engine/domain/limits-doc.ts';
import { policyProblems } from '../../engine/domain/policy.ts';
import type { LastUsed } from '../credentials/last-used.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryRefusal } from '../registry/deciders.ts';
import type { CredentialEntry, GroupEntry, KeyEntry, TenantEntry } from '../registry/entries.ts';
import { type DeviceRecord, keyCredentialName } from '../registry/records.ts';

/** UTF-8. */
const EXTERNAL_ID_BYTES_MAX = 128;

export const WHY: Readonly<Record<RegistryRefusal, Refusal>> = {
  'already-registered': refusal('already-registered', 'the id is taken', { pointer: '/id' }),
  'external-id-taken': refusal('external-id-taken', 'an external id belongs to another device of the tenant'),
  'certificate-taken': refusal(
    'certificate-taken',
    'the certificate, or its key, is registered with another device already; give the device one of its own',
  ),
  'not-found': refusal('not-found', 'there is none of that name in this tenant'),
  'unknown-tenant': refusal('unknown-tenant', 'the tenant does not exist; POST /v1/tenants creates it'),
  'unknown-group': refusal('unknown-group', 'the group does not exist; POST /v1/groups creates it', { pointer: '/group' }),
  'group-in-use': refusal('group-in-use', 'devices or provisioning keys name the group'),
  'too-many-credentials': refusal('too-many-credentials', 'two credentials of a type may be valid at once; revoke one', {
    limit: 'credentials',
  }),
  'too-many-devices': refusal('too-many-devices', 'the deployment holds as many devices as it may', { limit: 'devices' }),
  'too-many-keys': refusal('too-many-keys', 'there are as many keys as there may be; revoke some', { limit: 'keys' }),
  'too-many-groups': refusal('too-many-groups', 'the tenant has 10,000 groups', { limit: 'groups' }),
  'too-many-tags': refusal('malformed', 'a device has at most 64 tags, together at most 4,096 bytes', { pointer: '/tags', limit: 'tags' }),
  decommissioned: refusal('decommissioned', 'the device was decommissioned; its id is free again only with "reuse": true'),
  'version-mismatch': refusal('version-mismatch', 'If-Match names another version than the current one'),
  'stale-version': refusal('conflict', '"version" in the body is another than the current one', { pointer: '/version' }),
  conflict: refusal('conflict', 'somebody else changed it at the same time'),
  unavailable: refusal('registry-unavailable', 'the registry did not confirm the change; it may have been made'),
};

type Body = Readonly<Record<string, unknown>>;

export function tenantBody(entry: TenantEntry, version: number): Body {
  return {
    id: entry.tenant,
    ...given('name', entry.name),
    ...given('policy', entry.policy),
    ...given('limits', entry.limits),
    createdAt: timeText(entry.createdMs),
    version,
  };
}

export function keyBody(entry: KeyEntry, { lastUsed, registry }: BodyContext): Body {
  const { credential, group, id, limits, policy, scopes, tenant, type } = entry;
  return {
    id,
    kind: type ?? 'api',
    tenant,
    ...given('group', group),
    scopes,
    ...given('policy', policy),
    ...given('limits', limits),
    ...timesOf(credential),
    ...given('lastUsedAt', timeOf(lastUsed?.of(keyCredentialName(entry)))),
    version: registry.key(tenant, id)?.seq ?? 0,
  };
}

export function groupBody(entry: GroupEntry, version: number): Body {
  const { createdMs, description, id, limits, mode, policy, provisioning, query, tenant } = entry;
  const hook = provisioning?.hook === undefined ? {} : { hook: { url: provisioning.hook.url } };
  return {
    id,
    tenant,
    ...given('description', description),
    ...given('policy', policy),
    ...given('limits', limits),
    mode: mode ?? 'static',
    ...given('query', query),
    ...(provisioning === undefined
      ? {}
      : { provisioning: { reclaim: provisioning.reclaim, ...given('tokenDays', provisioning.tokenDays), ...hook } }),
    createdAt: timeText(createdMs),
    version,
  };
}

/** Where that stands which an entry doesn't say itself. */
export interface BodyContext {
  readonly registry: RegistryCache;
  readonly lastUsed?: LastUsed;
}

export function deviceBody(device: DeviceRecord, { lastUsed, registry }: BodyContext): Body {
  const { entry } = device;
  return {
    id: device.id,
    tenant: device.tenant,
    state: entry.state ?? 'active',
    externalIds: entry.externalIds,
    ...given('group', entry.group),
    groups: registry.groupsOf(entry).map(({ id }) => id),
    ...given('model', entry.model),
    ...given('tags', entry.tags),
    ...given('policy', entry.policy),
    ...given('limits', entry.limits),
    createdAt: timeText(entry.createdMs),
    version: device.seq,
    credentials: device.credentials.map((one) => credentialBody(one.entry, lastUsed?.of(one.name))),
  };
}

export function credentialBody(entry: CredentialEntry, lastUsedMs?: number): Body {
  return {
    id: entry.id,
    type: entry.type ?? 'token',
    ...given('fingerprint', entry.fingerprint),
    ...given('spki', entry.spki),
    ...timesOf(entry),
    ...given('lastUsedAt', timeOf(lastUsedMs)),
  };
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

/** What is wrong with the documents of a body, or undefined. */
export function documentRefusal(
  body: { readonly policy?: unknown; readonly limits?: unknown },
  holder: 'shared' | 'single',
): Refusal | undefined {
  const policy = body.policy === undefined || body.policy === null ? undefined : policyProblems(body.policy)[0];
  if (policy !== undefined) return refusal('malformed', `policy: ${policy.detail}`, { pointer: `/policy${policy.pointer}` });
  const limits = body.limits === undefined || body.limits === null ? undefined : limitsProblems(body.limits, holder)[0];
  return limits === undefined ? undefined : refusal('malformed', `limits: ${limits.detail}`, { pointer: `/limits${limits.pointer}` });
}

export function externalIdRefusal(externalIds: readonly string[] | undefined): Refusal | undefined {
  const bad = externalIds?.findIndex((name) => !isExternalId(name)) ?? -1;
  if (bad < 0) return undefined;
  return refusal('malformed', `an external id has 1 to ${EXTERNAL_ID_BYTES_MAX} bytes and no control characters`, {
    pointer: `/externalIds/${bad}`,
  });
}

/** What is wrong with the times between which a credential is to be good, or undefined. */
export function timesRefusal(
  { notAfter, notBefore }: { readonly notAfter?: string | undefined; readonly notBefore?: string | undefined },
  nowMs: number,
): Refusal | undefined {
  const afterMs = notAfter === undefined ? Number.POSITIVE_INFINITY : Date.parse(notAfter);
  const beforeMs = notBefore === undefined ? Number.NEGATIVE_INFINITY : Date.parse(notBefore);
  // Leap seconds are times of RFC 3339, and none here.
  if (Number.isNaN(beforeMs)) return refusal('malformed', 'notBefore is no time of the calendar', { pointer: '/notBefore' });
  if (Number.isNaN(afterMs)) return refusal('malformed', 'notAfter is no time of the calendar', { pointer: '/notAfter' });
  if (afterMs <= nowMs)
    return refusal('malformed', `notAfter is past: it is ${timeText(nowMs)} now; name a time to come, or leave it out`, {
      pointer: '/notAfter',
    });
  if (afterMs <= beforeMs) return refusal('malformed', 'notAfter is not later than notBefore', { pointer: '/notAfter' });
  return undefined;
}

export function isExternalId(name: string): boolean {
  return name.length > 0 && Buffer.byteLength(name) <= EXTERNAL_ID_BYTES_MAX && !/[\u0000-\u001f\u007f]/.test(name);
}

function timesOf(entry: CredentialEntry): Body {
  return {
    createdAt: timeText(entry.createdMs),
    ...given('notBefore', timeOf(entry.notBeforeMs)),
    ...given('notAfter', timeOf(entry.notAfterMs)),
    ...given('revokedAt', timeOf(entry.revokedMs)),
  };
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : timeText(ms);
}

function given(key: string, value: unknown): Body {
  return value === undefined ? {} : { [key]: value };
}
