/**
 * The entries of the registry's stream: one JSON document for each thing that exists, whole and with a version, under
 * `reg.<tenant>.<kind>.<id>`. The last entry of a subject is the truth about it; the stream need keep no other.
 */
import { createHash } from 'node:crypto';
import { isId } from '../engine/kernel/ids.ts';

const ENTRY_VERSION = 1;

export interface CredentialEntry {
  readonly id: string;
  /** `hashToken` of its token. */
  readonly hash: string;
  readonly createdMs: number;
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  readonly revokedMs?: number;
}

export interface DeviceEntry {
  readonly kind: 'device';
  readonly tenant: string;
  readonly id: string;
  readonly externalIds: readonly string[];
  readonly group?: string;
  /** As given at the registration; what they are now, the twin knows. */
  readonly tags?: Readonly<Record<string, unknown>>;
  readonly createdMs: number;
  readonly deletedMs?: number;
  readonly credentials: readonly CredentialEntry[];
}

export interface KeyEntry {
  readonly kind: 'key';
  readonly tenant: string;
  readonly id: string;
  readonly scopes: readonly string[];
  readonly credential: CredentialEntry;
}

export interface TenantEntry {
  readonly kind: 'tenant';
  readonly tenant: string;
  readonly createdMs: number;
}

/** Who holds an external id. Valid only while the device's own entry lists the name: so a claim needs no release. */
export interface ExternalIdEntry {
  readonly kind: 'external';
  readonly tenant: string;
  readonly name: string;
  readonly device: string;
}

export type RegistryFact = DeviceEntry | KeyEntry | TenantEntry | ExternalIdEntry;

export function tenantSubject(tenant: string): string {
  return `reg.${tenant}.tenant.${tenant}`;
}

export function deviceSubject(tenant: string, device: string): string {
  return `reg.${tenant}.device.${device}`;
}

export function keySubject(tenant: string, key: string): string {
  return `reg.${tenant}.key.${key}`;
}

export function externalSubject(tenant: string, name: string): string {
  return `reg.${tenant}.external.${createHash('sha256').update(name).digest('base64url')}`;
}

export function encodeEntry(fact: RegistryFact): Uint8Array {
  return Buffer.from(JSON.stringify({ v: ENTRY_VERSION, ...fact }));
}

/** Undefined when the entry is of a kind or a version that this program doesn't know, or damaged. */
export function decodeEntry(data: Uint8Array): RegistryFact | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['v'] !== ENTRY_VERSION) return undefined;
  switch (value['kind']) {
    case 'tenant':
      return isIdValue(value['tenant']) ? { kind: 'tenant', tenant: value['tenant'], createdMs: numberOf(value['createdMs']) } : undefined;
    case 'external':
      return isIdValue(value['tenant']) && isText(value['name']) && isIdValue(value['device'])
        ? { kind: 'external', tenant: value['tenant'], name: value['name'], device: value['device'] }
        : undefined;
    case 'key':
      return keyOf(value);
    case 'device':
      return deviceOf(value);
    default:
      return undefined;
  }
}

function keyOf(value: Readonly<Record<string, unknown>>): KeyEntry | undefined {
  const credential = credentialOf(value['credential']);
  if (!isIdValue(value['tenant']) || !isIdValue(value['id']) || credential === undefined) return undefined;
  return { kind: 'key', tenant: value['tenant'], id: value['id'], scopes: textsOf(value['scopes']), credential };
}

function deviceOf(value: Readonly<Record<string, unknown>>): DeviceEntry | undefined {
  if (!isIdValue(value['tenant']) || !isIdValue(value['id']) || !Array.isArray(value['credentials'])) return undefined;
  const credentials: CredentialEntry[] = [];
  for (const one of value['credentials']) {
    const credential = credentialOf(one);
    if (credential === undefined) return undefined;
    credentials.push(credential);
  }
  return {
    kind: 'device',
    tenant: value['tenant'],
    id: value['id'],
    externalIds: textsOf(value['externalIds']),
    createdMs: numberOf(value['createdMs']),
    credentials,
    ...(isText(value['group']) ? { group: value['group'] } : {}),
    ...(isRecord(value['tags']) ? { tags: value['tags'] } : {}),
    ...(typeof value['deletedMs'] === 'number' ? { deletedMs: value['deletedMs'] } : {}),
  };
}

function credentialOf(value: unknown): CredentialEntry | undefined {
  if (!isRecord(value) || !isIdValue(value['id']) || !isText(value['hash'])) return undefined;
  return {
    id: value['id'],
    hash: value['hash'],
    createdMs: numberOf(value['createdMs']),
    ...(typeof value['notBeforeMs'] === 'number' ? { notBeforeMs: value['notBeforeMs'] } : {}),
    ...(typeof value['notAfterMs'] === 'number' ? { notAfterMs: value['notAfterMs'] } : {}),
    ...(typeof value['revokedMs'] === 'number' ? { revokedMs: value['revokedMs'] } : {}),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isIdValue(value: unknown): value is string {
  return typeof value === 'string' && isId(value);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(isText) : [];
}
