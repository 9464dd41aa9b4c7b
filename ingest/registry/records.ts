/** Devices, keys and their credentials as the rest of the edge sees them: made from entries, true at the time of the look. */
import { credentialName } from '../credentials/credentials.ts';
import type { DeviceTable } from './device-table.ts';
import { credentialIdIn } from './live-sessions.ts';
import type { CredentialEntry, DeviceEntry, DeviceState, GroupEntry, KeyEntry } from './entries.ts';

export interface CredentialRecord {
  readonly entry: CredentialEntry;
  /** The token without its secret. */
  readonly name: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly isRevoked: boolean;
  /** Of the device; undefined: it may be used. */
  readonly barred: 'disabled' | 'decommissioned' | undefined;
}

export interface DeviceRecord {
  readonly tenant: string;
  readonly id: string;
  /** Sequence of the entry that this reflects. */
  readonly seq: number;
  readonly entry: DeviceEntry;
  readonly credentials: readonly CredentialRecord[];
}

export interface KeyRecord {
  readonly seq: number;
  readonly entry: KeyEntry;
  /** The one before a rotation last. */
  readonly credentials: readonly CredentialRecord[];
}

export function keyCredentialName(entry: KeyEntry): string {
  return entry.type === 'provisioning' && entry.group !== undefined
    ? credentialName({ kind: 'provisioning', tenant: entry.tenant, group: entry.group })
    : credentialName({ kind: 'key', tenant: entry.tenant, id: entry.id });
}

/** What the table has in a row, as objects. */
export function recordOf(table: DeviceTable, tenant: string, row: number): DeviceRecord {
  const entry = table.entry(tenant, row);
  const barred = barredBy(entry.state);
  const credentials = entry.credentials.map((one) =>
    credentialRecord(one, credentialName({ kind: 'device', tenant, device: entry.id, id: one.id }), barred),
  );
  return { tenant, id: entry.id, seq: table.seqAt(row), entry, credentials };
}

export function credentialRecord(entry: CredentialEntry, name: string, barred: CredentialRecord['barred']): CredentialRecord {
  return {
    entry,
    name,
    notBeforeMs: entry.notBeforeMs ?? 0,
    notAfterMs: entry.notAfterMs ?? Number.POSITIVE_INFINITY,
    isRevoked: entry.revokedMs !== undefined,
    barred,
  };
}

export function barredBy(state: DeviceState | undefined): CredentialRecord['barred'] {
  return state === 'disabled' || state === 'decommissioned' ? state : undefined;
}

/**
 * Until when sessions of the credential are good. Sessions of a chain of certificates name a credential that the device doesn't list: they end with the
 * device.
 */
export function deviceCredentialGoodUntil(entry: DeviceEntry, credential: string): number | undefined {
  if (entry.deletedMs !== undefined || barredBy(entry.state) !== undefined) return undefined;
  const id = credentialIdIn(credential);
  const listed = entry.credentials.find((one) => one.id === id);
  if (listed === undefined) return credential.startsWith('tfd_') ? undefined : Number.POSITIVE_INFINITY;
  return listed.revokedMs === undefined ? (listed.notAfterMs ?? Number.POSITIVE_INFINITY) : undefined;
}

/** Until when the best of them is good; undefined: none is. */
export function goodUntil(credentials: readonly CredentialRecord[]): number | undefined {
  const good = credentials.filter(({ isRevoked }) => !isRevoked);
  return good.length === 0 ? undefined : Math.max(...good.map(({ notAfterMs }) => notAfterMs));
}

export function hasTags(device: DeviceEntry, group: GroupEntry): boolean {
  const wanted = Object.entries(group.query?.tags ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => JSON.stringify(device.tags?.[key]) === JSON.stringify(value));
}
