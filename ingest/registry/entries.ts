/**
 * The entries of the registry's stream: one JSON document for each decision, the whole state of one thing after it, under
 * `reg.<tenant>.<kind>.<id>`. The last entry of a subject is the truth about it; all of them together are who did what,
 * when. Fields are only ever added, and entries that lack the newer ones are read all the same.
 */
import { createHash } from 'node:crypto';
import type { LimitsDoc } from '../../engine/domain/limits-doc.ts';
import type { PolicyDoc } from '../../engine/domain/policy.ts';

/** What a decision did; the closed list behind `did`. */
export const REGISTRY_ACTIONS = [
  'created',
  'updated',
  'imported',
  'registered',
  'activated',
  'disabled',
  'enabled',
  'decommissioned',
  'revived',
  'deleted',
  'erased',
  'credential-added',
  'credential-rotated',
  'credential-revoked',
  'revoked',
  'rotated',
  'claimed',
  'ca-added',
  'ca-removed',
  'signing-ca-made',
] as const;
export type RegistryAction = (typeof REGISTRY_ACTIONS)[number];

/** Who decided what, when. Entries of before these were kept lack them. */
export interface Decision {
  /** Milliseconds since the epoch. */
  readonly at?: number;
  /** A credential's name without its secret, `tfa` for the administrator, or `system:<what>`. */
  readonly actor?: string;
  readonly did?: RegistryAction;
}

export type CredentialType = 'token' | 'x509' | 'psk';

export interface CredentialEntry {
  readonly id: string;
  /** Absent: a token. */
  readonly type?: CredentialType;
  /** `hashToken` of a token. */
  readonly hash?: string;
  /** X.509: SHA-256 of the certificate's DER, lower-case hex; or else of its public key's info, base64. */
  readonly fingerprint?: string;
  readonly spki?: string;
  /** PSK: encrypted under a key that is kept elsewhere. */
  readonly sealed?: string;
  readonly createdMs: number;
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  readonly revokedMs?: number;
}

export const DEVICE_STATES = ['registered', 'active', 'disabled', 'decommissioned'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

export type Tags = Readonly<Record<string, unknown>>;

export interface DeviceEntry extends Decision {
  readonly kind: 'device';
  readonly tenant: string;
  readonly id: string;
  /** Absent: active. */
  readonly state?: DeviceState;
  readonly externalIds: readonly string[];
  readonly group?: string;
  readonly model?: string;
  readonly tags?: Tags;
  readonly policy?: PolicyDoc;
  readonly limits?: LimitsDoc;
  readonly createdMs: number;
  /** It is gone, and its id free. */
  readonly deletedMs?: number;
  /** Of a decommissioned device: its id may be registered again. */
  readonly reuse?: boolean;
  readonly credentials: readonly CredentialEntry[];
}

export type KeyKind = 'api' | 'provisioning';

export interface KeyEntry extends Decision {
  readonly kind: 'key';
  readonly tenant: string;
  readonly id: string;
  /** Absent: an API key. */
  readonly type?: KeyKind;
  /** Whose devices a provisioning key registers; `id` of such a key is the group's too. */
  readonly group?: string;
  readonly scopes: readonly string[];
  readonly policy?: PolicyDoc;
  readonly limits?: LimitsDoc;
  readonly credential: CredentialEntry;
  /** The credential before a rotation, valid until its `notAfterMs`. */
  readonly previous?: CredentialEntry;
}

/** A certificate authority whose devices the tenant trusts. */
export interface CaEntry {
  readonly id: string;
  readonly pem: string;
  readonly fingerprint: string;
  readonly notAfterMs: number;
  /** Its revocation list, PEM. */
  readonly crl?: string;
  /** Devices that register by certificates under it are put there. */
  readonly group?: string;
}

export interface TenantEntry extends Decision {
  readonly kind: 'tenant';
  readonly tenant: string;
  readonly name?: string;
  readonly policy?: PolicyDoc;
  readonly limits?: LimitsDoc;
  readonly cas?: readonly CaEntry[];
  readonly signingCa?: Readonly<Record<string, unknown>>;
  readonly createdMs: number;
}

export interface ProvisioningDoc {
  /** Whether a provisioning key alone may take over a device that is registered already. */
  readonly reclaim: boolean;
  /** How long a device's token is good; absent: for ever. */
  readonly tokenDays?: number;
  /** Asked before a device is registered; it may refuse, or add tags. */
  readonly hook?: { readonly url: string; readonly secret: string };
}

export interface GroupEntry extends Decision {
  readonly kind: 'group';
  readonly tenant: string;
  readonly id: string;
  readonly description?: string;
  readonly policy?: PolicyDoc;
  readonly limits?: LimitsDoc;
  readonly provisioning?: ProvisioningDoc;
  /** Static: devices name their group. Continuous: whoever has these tags is in it, beside those. */
  readonly mode?: 'static' | 'continuous';
  readonly query?: { readonly tags: Tags };
  readonly createdMs: number;
  readonly deletedMs?: number;
}

/** Who holds an external id, or a certificate that registered it. Valid only while the device's own entry lists that: so a claim needs no release. */
export interface ExternalIdEntry extends Decision {
  readonly kind: 'external';
  readonly tenant: string;
  readonly name: string;
  readonly device: string;
}

export type RegistryFact = DeviceEntry | KeyEntry | TenantEntry | GroupEntry | ExternalIdEntry;

export function tenantSubject(tenant: string): string {
  return `reg.${tenant}.tenant.${tenant}`;
}

export function deviceSubject(tenant: string, device: string): string {
  return `reg.${tenant}.device.${device}`;
}

export function keySubject(tenant: string, key: string): string {
  return `reg.${tenant}.key.${key}`;
}

export function groupSubject(tenant: string, group: string): string {
  return `reg.${tenant}.group.${group}`;
}

/** What a device claims like an external id when a certificate registers it; no external id has such a character. */
export function certificateClaim(fingerprint: string): string {
  return `certificate\n${fingerprint}`;
}

export function externalSubject(tenant: string, name: string): string {
  return `reg.${tenant}.external.${createHash('sha256').update(name).digest('base64url')}`;
}
