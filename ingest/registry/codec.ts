/** Entries of the registry as bytes, and back: what is unknown, of another version or damaged is no entry. */
import type { LimitsDoc } from '../../engine/domain/limits-doc.ts';
import type { PolicyDoc } from '../../engine/domain/policy.ts';
import { isId } from '../../engine/kernel/ids.ts';
import {
  type CaEntry,
  type CredentialEntry,
  type Decision,
  DEVICE_STATES,
  type DeviceEntry,
  type ExternalIdEntry,
  type GroupEntry,
  type KeyEntry,
  type ProvisioningDoc,
  REGISTRY_ACTIONS,
  type RegistryFact,
  type TenantEntry,
} from './entries.ts';

const ENTRY_VERSION = 1;

type Json = Readonly<Record<string, unknown>>;

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
  if (!isRecord(value) || value['v'] !== ENTRY_VERSION || !isIdValue(value['tenant'])) return undefined;
  const tenant = value['tenant'];
  switch (value['kind']) {
    case 'tenant':
      return tenantOf(value, tenant);
    case 'external':
      return externalOf(value, tenant);
    case 'group':
      return groupOf(value, tenant);
    case 'key':
      return keyOf(value, tenant);
    case 'device':
      return deviceOf(value, tenant);
    default:
      return undefined;
  }
}

function tenantOf(value: Json, tenant: string): TenantEntry {
  const cas = Array.isArray(value['cas']) ? value['cas'].flatMap((one) => caOf(one) ?? []) : undefined;
  return {
    kind: 'tenant',
    tenant,
    createdMs: numberOf(value['createdMs']),
    ...textField(value, 'name'),
    ...documentsOf(value),
    ...(cas === undefined ? {} : { cas }),
    ...(isRecord(value['signingCa']) ? { signingCa: value['signingCa'] } : {}),
    ...decisionOf(value),
  };
}

function caOf(value: unknown): CaEntry | undefined {
  if (!isRecord(value) || !isText(value['id']) || !isText(value['pem']) || !isText(value['fingerprint'])) return undefined;
  return {
    id: value['id'],
    pem: value['pem'],
    fingerprint: value['fingerprint'],
    notAfterMs: numberOf(value['notAfterMs']),
    ...textField(value, 'crl'),
    ...textField(value, 'group'),
  };
}

function externalOf(value: Json, tenant: string): ExternalIdEntry | undefined {
  if (!isText(value['name']) || !isIdValue(value['device'])) return undefined;
  return { kind: 'external', tenant, name: value['name'], device: value['device'], ...decisionOf(value) };
}

function groupOf(value: Json, tenant: string): GroupEntry | undefined {
  if (!isIdValue(value['id'])) return undefined;
  const provisioning = provisioningOf(value['provisioning']);
  const query = value['query'];
  const mode = value['mode'];
  return {
    kind: 'group',
    tenant,
    id: value['id'],
    createdMs: numberOf(value['createdMs']),
    ...textField(value, 'description'),
    ...documentsOf(value),
    ...(provisioning === undefined ? {} : { provisioning }),
    ...(mode === 'static' || mode === 'continuous' ? { mode } : {}),
    ...(isRecord(query) && isRecord(query['tags']) ? { query: { tags: query['tags'] } } : {}),
    ...numberField(value, 'deletedMs'),
    ...decisionOf(value),
  };
}

function provisioningOf(value: unknown): ProvisioningDoc | undefined {
  if (!isRecord(value)) return undefined;
  const hook = value['hook'];
  return {
    reclaim: value['reclaim'] === true,
    ...numberField(value, 'tokenDays'),
    ...(isRecord(hook) && isText(hook['url']) && isText(hook['secret']) ? { hook: { url: hook['url'], secret: hook['secret'] } } : {}),
  };
}

function keyOf(value: Json, tenant: string): KeyEntry | undefined {
  const credential = credentialOf(value['credential']);
  if (!isIdValue(value['id']) || credential === undefined) return undefined;
  const previous = credentialOf(value['previous']);
  return {
    kind: 'key',
    tenant,
    id: value['id'],
    scopes: textsOf(value['scopes']),
    credential,
    ...(value['type'] === 'api' || value['type'] === 'provisioning' ? { type: value['type'] } : {}),
    ...textField(value, 'group'),
    ...documentsOf(value),
    ...(previous === undefined ? {} : { previous }),
    ...decisionOf(value),
  };
}

function deviceOf(value: Json, tenant: string): DeviceEntry | undefined {
  if (!isIdValue(value['id']) || !Array.isArray(value['credentials'])) return undefined;
  const credentials: CredentialEntry[] = [];
  for (const one of value['credentials']) {
    const credential = credentialOf(one);
    if (credential === undefined) return undefined;
    credentials.push(credential);
  }
  const state = DEVICE_STATES.find((one) => one === value['state']);
  return {
    kind: 'device',
    tenant,
    id: value['id'],
    externalIds: textsOf(value['externalIds']),
    createdMs: numberOf(value['createdMs']),
    credentials,
    ...(state === undefined ? {} : { state }),
    ...textField(value, 'group'),
    ...textField(value, 'model'),
    ...(isRecord(value['tags']) ? { tags: value['tags'] } : {}),
    ...documentsOf(value),
    ...numberField(value, 'deletedMs'),
    ...(value['reuse'] === true ? { reuse: true } : {}),
    ...decisionOf(value),
  };
}

function credentialOf(value: unknown): CredentialEntry | undefined {
  if (!isRecord(value) || !isIdValue(value['id'])) return undefined;
  const type = value['type'];
  // A kind of credential that this program doesn't know proves nothing here.
  if (type !== undefined && type !== 'token' && type !== 'x509' && type !== 'psk') return { id: value['id'], createdMs: 0, revokedMs: 0 };
  if ((type === undefined || type === 'token') && !isText(value['hash'])) return undefined;
  return {
    id: value['id'],
    createdMs: numberOf(value['createdMs']),
    ...(type === undefined ? {} : { type }),
    ...textField(value, 'hash'),
    ...textField(value, 'fingerprint'),
    ...textField(value, 'spki'),
    ...textField(value, 'sealed'),
    ...numberField(value, 'notBeforeMs'),
    ...numberField(value, 'notAfterMs'),
    ...numberField(value, 'revokedMs'),
  };
}

function decisionOf(value: Json): Decision {
  const did = REGISTRY_ACTIONS.find((action) => action === value['did']);
  return { ...numberField(value, 'at'), ...textField(value, 'actor'), ...(did === undefined ? {} : { did }) };
}

/** Policies and limits are checked where they are taken in and where they are used. */
function documentsOf(value: Json): { readonly policy?: PolicyDoc; readonly limits?: LimitsDoc } {
  const policy = value['policy'];
  const limits = value['limits'];
  return {
    ...(isRecord(policy)
      ? { policy: { allow: textsOf(policy['allow']), ...(Array.isArray(policy['deny']) ? { deny: textsOf(policy['deny']) } : {}) } }
      : {}),
    ...(isRecord(limits) ? { limits } : {}),
  };
}

function isRecord(value: unknown): value is Json {
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

function textField<K extends string>(value: Json, key: K): { readonly [P in K]?: string } {
  const found = value[key];
  return (isText(found) ? { [key]: found } : {}) as { readonly [P in K]?: string };
}

function numberField<K extends string>(value: Json, key: K): { readonly [P in K]?: number } {
  const found = value[key];
  return (typeof found === 'number' ? { [key]: found } : {}) as { readonly [P in K]?: number };
}
